"""Compare the waits of a rehearsal with the same day under other policies. Pure.

The played day and the day without action are the same simulated hall with the same visitors and differ only by the
manager's acts; compared are the waits of the same people, from their arrival. The two bounds are replays of the day without
action, in which a terminal takes as long from the end of a case to its next call as in the hall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from floorctl.advice.obedient_manager import Advice
from floorctl.advice.policies import AsWas, Pooled, Within
from floorctl.models.site.site import Site
from floorctl.simulation.live import Visit
from floorctl.simulation.mishaps import Mishap
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import Halt, RecordedDay
from floorctl.simulation.replay import LATEST_S, Figures, Policy, ReplayHall, figures


@dataclass(frozen=True)
class Course:
    """Waits of the people compared, and of all who waited how many were called, left uncalled or were turned away.

    ``unheld``: numbers given to nobody. ``sent_off``: people whose case was ended at a terminal without power, so
    undone; ``sent_off_uncalled``: those of them who had only just been called there.
    """

    all: Figures
    lanes: dict[str, Figures]
    called: int
    left: int
    turned_away: int | None = None  # None: a replay turns nobody away
    unheld: int = 0
    sent_off: int = 0
    sent_off_uncalled: int = 0


def compared(played: Iterable[Visit], none: Iterable[Visit], since: int, until: int) -> dict[int, str]:
    """Return the visitors whose waits are compared, with the lane that counts them.

    They waited at some moment of the play, and were called in the end, with the manager's acts and without.
    """
    both = {v.who for v in waiting_within(played, since, until) if v.called is not None}
    there = waiting_within(none, since, until)
    return {v.who: v.lane for v in there if v.called is not None and v.who is not None and v.who in both}


def course(
    site: Site,
    visits: Sequence[Visit],
    turned_away: Iterable[tuple[int, str]],
    since: int,
    until: int,
    people: Mapping[int, str],
    mishaps: Iterable[Mishap] = (),
) -> Course:
    """Summarise the visitors who were waiting at some moment from ``since`` to before ``until``.

    The waits are those of ``people`` (with the lane that counts them), whole where they end after ``until``.
    """
    numbers = waiting_within(visits, since, until)
    there = {v.who: v for v in numbers if v.who is not None}
    called = sum(v.called is not None for v in there.values())
    left = sum(v.called is None and v.state == "left" for v in there.values())
    turned = sum(since <= at < until for at, _ in turned_away)
    waits = [(people[who], v.wait_s) for who, v in there.items() if who in people and v.wait_s is not None]
    found = _course(site, waits, called, left, turned, len(numbers) - len(there))
    dark = [m for m in mishaps if m.kind == "power"]
    sent = [v for v in visits if v.state == "finished" and v.ended and any(m.at < v.ended < m.until for m in dark)]
    sent = [v for v in sent if v.who is not None and since <= (v.ended or 0) < until]
    return replace(found, sent_off=len(sent), sent_off_uncalled=sum(v.called is None for v in sent))


def _course(
    site: Site,
    waits: Sequence[tuple[str, int]],
    called: int,
    left: int,
    turned_away: int | None = None,
    unheld: int = 0,
) -> Course:
    lanes = {x.code: figures(s for lane, s in waits if lane == x.code) for x in site.lanes}
    return Course(figures(s for _, s in waits), lanes, called, left, turned_away, unheld)


def waiting_within(visits: Iterable[Visit], since: int, until: int) -> list[Visit]:
    """Return the visitors who came before ``until`` and were not called (and had not left) before ``since``."""

    def ends(v: Visit) -> int:
        end = v.called if v.called is not None else v.ended
        return until if end is None else end

    return [v for v in visits if v.came < until and ends(v) >= since]


def replayable(day: RecordedDay, site: Site, visits: Iterable[Visit], mishaps: Iterable[Mishap]) -> RecordedDay:
    """Return the recorded day completed by what its facts lack.

    The start of each wait, the time from a case to the next call, and the halts. The time by which a power cut
    lengthened a case is taken out.
    """
    known = {v.ticket: v for v in visits}
    halts = [
        Halt(m.at, m.until, frozenset(m.services or site.service_by_code), m.lengthens_s) for m in mishaps if m.halts
    ]
    jobs = []
    for job in day.jobs:
        v = known.get(job.number)
        if v is None:
            continue
        cut = sum(h.longer_s for h in halts if v.called and v.ended and v.called < h.at < v.ended)
        stays = ((v.came, job.stays[0][1]), *job.stays[1:])
        seconds = max(30, job.service_s - cut) + v.between_s
        jobs.append(replace(job, issued=v.came, start=v.start, stays=stays, service_s=seconds))
    return replace(day, jobs=tuple(sorted(jobs, key=lambda j: (j.issued, j.start, j.number))), halts=tuple(halts))


def bounds(
    site: Site,
    day: RecordedDay,
    table: Sequence[MonthDemand],
    numbers: Mapping[str, Visit],
    people: Mapping[int, str],
    since: int,
    until: int,
) -> dict[str, Course]:
    """Replay ``since`` to ``until`` with the advice and with pooled terminals; return the waits of ``people``.

    ``numbers``: the number of each visitor who waited in the play. What a replay of the day as it was misses of the
    hall's own waits is taken out of both. Pooled terminals stay so to the end of the day: each left with the lane that it
    called last, a queue could have no terminal, and who waits there would be missing from the people compared.
    """
    as_was = ReplayHall(day, AsWas()).run().called
    made = {
        "advice": Within(Advice(site, day, table), since, until),
        "pooled": Within(Pooled(), since, LATEST_S),
    }
    return {name: replayed(site, day, policy, numbers, people, as_was) for name, policy in made.items()}


def replayed(
    site: Site,
    day: RecordedDay,
    policy: Policy,
    numbers: Mapping[str, Visit],
    people: Mapping[int, str],
    as_was: Mapping[str, int] | None = None,
) -> Course:
    """Replay the day under a policy; return the waits of ``people``.

    With ``as_was``, the calls of the day replayed as it was: the hall's own waits, changed by as much as the policy
    changes the call.
    """
    called = ReplayHall(day, policy).run().called
    jobs = [(j, numbers[j.number]) for j in day.jobs if j.number in numbers]
    waits = []
    for j, v in jobs:
        if v.who is None or v.who not in people or j.number not in called:
            continue
        wait = called[j.number] - j.start
        if as_was is not None and v.wait_s is not None and j.number in as_was:
            wait = v.wait_s + called[j.number] - as_was[j.number]
        waits.append((people[v.who], max(0, wait)))
    left = sum(j.leaves is not None and j.number not in called for j, _ in jobs)
    return _course(site, waits, sum(j.number in called for j, _ in jobs), left)
