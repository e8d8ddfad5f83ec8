"""Review a rehearsal: waits against the same day under other policies, hand-offs, expectations. Pure.

The played day and the day without action are the same simulated hall with the same visitors and differ only by the
manager's acts; compared are the waits of the same people, from their arrival. The two bounds are replays of the day without action, in which a terminal takes as long from the end of
a case to its next call as in the hall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from floorctl.advice.obedient_manager import Advice
from floorctl.advice.policies import AsWas, Pooled, Within
from floorctl.common.clock import seconds_between
from floorctl.common.words import hm
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import Move
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import CITY_DECISIONS
from floorctl.models.register.incident_deadline import word_and_due
from floorctl.models.register.register import Register
from floorctl.models.site.scenario import HAND_OFF, TARGETS, Expectation, Scenario
from floorctl.models.site.site import Site
from floorctl.simulation.live import Visit
from floorctl.simulation.mishaps import Mishap
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import Halt, RecordedDay
from floorctl.simulation.replay import LATEST_S, Figures, Policy, ReplayHall, figures

State = Literal["met", "late", "missed", "open", "none"]
REPORTED = "incident.reported"


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


class Met(NamedTuple):
    """Outcome of an expectation: ``met`` in time, ``late``, ``missed``, ``open`` if the play ended before, or ``none``.

    ``none``: there was nothing to judge (no case, or no act at all). ``seconds``: from ``since`` to the act, or the longest hand-off; None if there was none.
    """

    expectation: Expectation
    state: State
    since: datetime
    done_at: datetime | None = None
    seconds: int | None = None
    note: str = ""


class HandOff(NamedTuple):
    """Case for the city's staff, from the hand-over to the start of its handling (or its end, or that of the play).

    ``outcome``: how it ended without having been handled here (sent on, withdrawn), else ''.
    """

    escalation: str
    matter: str | None
    raised_at: datetime
    taken_at: datetime | None
    seconds: int  # until it was taken or ended, or until the end of the play
    late: bool
    outcome: str = ""


class Report(NamedTuple):
    """Report to the city owed for a recorded incident; ``late``: after its due time, or missing at the end though due."""

    incident: str
    category: str
    word: str
    due: datetime
    reported_at: datetime | None
    late: bool


@dataclass(frozen=True)
class Review:
    """Outcome of a rehearsal played from ``since`` to ``until``.

    ``courses``: ``played no_action advice pooled``; ``acts``: facts that the trainee recorded, by kind; ``left_open``:
    open items of the board at the end; ``staff``: a code, or ''. ``by_hand``: somebody could act at a console.
    """

    name: str
    scenario: Scenario
    staff: str
    done_on: date
    seed: int
    since: datetime
    until: datetime
    courses: dict[str, Course]
    hand_offs: list[HandOff]
    met: list[Met]
    reports: list[Report]
    moves: list[Move]
    acts: dict[str, int]
    left_open: list[str]
    by_hand: bool = True

    @property
    def late_reports(self) -> list[Report]:
        return [x for x in self.reports if x.late]

    @property
    def reports_wanted(self) -> list[str]:
        """Return the categories of the incidents that the play expects to be reported to the city."""
        wanted = [m.expectation.where.get("category", "") for m in self.met if REPORTED in m.expectation.kinds]
        return list(dict.fromkeys(c for w in wanted for c in ((w,) if isinstance(w, str) else w)))

    @property
    def outside(self) -> tuple[int, int]:
        """Return how many messages and expectations lay before the play, and how many after it or undecided at its end."""
        before, after = outside(self.scenario, self.since.time(), self.until.time())
        return before, after + sum(_decidable(m.expectation, self.scenario) for m in self.met if m.state == "open")

    @property
    def against_none_s(self) -> int | None:
        """Return the mean wait minus that of the day without action, in whole seconds (negative: shorter)."""
        played, none = self.courses["played"].all.mean_s, self.courses["no_action"].all.mean_s
        return None if played is None or none is None else round(played - none)

    @property
    def to_advice_s(self) -> int | None:
        """Return the mean wait minus that under the advice, in whole seconds; None if it did not call the same people."""
        played, best = self.courses["played"].all, self.courses["advice"].all
        if played.mean_s is None or best.mean_s is None or played.n != best.n:
            return None
        return round(played.mean_s - best.mean_s)


def outside(s: Scenario, since: time, until: time) -> tuple[int, int]:
    """Return how many messages and expectations of a scenario lie before a play from ``since``, and after ``until``.

    A message of the last moment is still told; what is expected from then on is not seen.
    """
    told, expected = [m.at for m in s.messages], [e.at for e in s.expectations]
    after = sum(at > until for at in told) + sum(at >= until for at in expected)
    return sum(at < since for at in told + expected), after


def _decidable(e: Expectation, s: Scenario) -> bool:
    """Return whether an expectation is decided by the end of the whole scenario."""
    return datetime.combine(s.day, e.at) + timedelta(minutes=e.within) <= datetime.combine(s.day, s.ends)


# ---- waits


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


# ---- the city's staff


def hand_offs(floor: Floor, since: datetime, until: datetime, limit_s: int) -> list[HandOff]:
    """Return the cases raised from ``since`` to before ``until``; ``late`` beyond ``limit_s`` (仕様書 7(2))."""
    found = []
    for e in floor.escalations.values():
        if e.raised_at is None or not since <= e.raised_at < until:
            continue
        sent = e.outcome or "" if e.taken_at is None and e.outcome not in CITY_DECISIONS else ""
        end = e.taken_at or e.settled_at
        seconds = seconds_between(e.raised_at, min(end, until) if end is not None else until)
        taken = None if sent else end
        found.append(HandOff(e.code, e.matter, e.raised_at, taken, seconds, seconds > limit_s, sent))
    return sorted(found, key=lambda h: h.raised_at)


# ---- expectations


def judge(
    expectations: Iterable[Expectation],
    acts: Sequence[Entry],
    floor: Floor,
    register: Register,
    since: datetime,
    until: datetime,
) -> list[Met]:
    """Judge each expectation that began within the play. ``acts``: the trainee's facts, without retracted ones."""
    found = []
    for e in expectations:
        start = datetime.combine(floor.day, e.at, since.tzinfo)
        if not since <= start < until:
            continue
        due = start + timedelta(minutes=e.within)
        if HAND_OFF in e.kinds:
            met = _judge_hand_offs(e, floor, start, until)
            if met.state == "met" and not any(a.kind.startswith("escalation.") or a.kind in _STAFFING for a in acts):
                met = met._replace(state="none", note=f"引継ぎの操作なし、{met.note}")
        else:
            met = _judge_acts(e, acts, register, start, due, until)
        if not acts and met.state == "met":  # who recorded nothing has shown nothing
            met = met._replace(state="none", note=f"操作なし、{met.note}")
        found.append(met)
    return found


_STAFFING = ("officials.changed",)


def _judge_acts(
    e: Expectation, acts: Sequence[Entry], register: Register, start: datetime, due: datetime, until: datetime
) -> Met:
    """Judge an expectation by the trainee's facts."""
    seen: set[str] = set()
    done, begun, early = None, not e.after, None
    for act in sorted(acts, key=lambda a: (_at(a), a.seq)):
        begun = begun or act.kind in e.after
        if begun and (act.kind in e.kinds or _corrects(e, act)) and _fits(e, act, register):
            if _at(act) < start:
                early = _at(act)
                continue
            seen.add(_target(act))
            if len(seen) == e.count:
                done = _at(act)
                break
    if e.never:
        if done is not None and done <= due:
            return Met(e, "missed", start, done, None, "した")
        return Met(e, "met" if until >= due else "open", start, note="記録 0件")
    if done is None:
        note = f"{len(seen)}／{e.count}" if e.count > 1 else f"{hm(early)} に記録" if early else ""
        return Met(e, "missed" if until >= due else "open", start, note=note)
    return Met(e, "met" if done <= due else "late", start, done, seconds_between(start, done))


def _at(act: Entry) -> datetime:
    """Return when an act happened: a report's time of reporting, else the fact's instant."""
    reported: datetime | None = getattr(act.fact, "reported_at", None)
    return reported or act.fact.at


def _corrects(e: Expectation, act: Entry) -> bool:
    """Return whether an act gives a recorded incident its category, where one of a category is to be recorded."""
    asked = "incident.opened" in e.kinds and "category" in e.where
    return asked and act.kind == "incident.amended" and getattr(act.fact, "category", None) is not None


def _fits(e: Expectation, act: Entry, register: Register) -> bool:
    """Return whether a fact satisfies the field conditions of an expectation."""
    for name in e.where:
        value = getattr(act.fact, name, None)
        if name == "category" and act.kind.startswith("incident."):
            incident = register.incidents.get(getattr(act.fact, "incident", ""))
            now = incident.category if incident is not None else None
            if act.kind != "incident.opened" or (now is not None and not e.takes(name, now)):
                value = now
        if isinstance(value, tuple):
            if not any(e.takes(name, v) for v in value):
                return False
        elif value is None or not e.takes(name, value):
            return False
    return True


def _target(act: Entry) -> str:
    """Return what a fact is about, so that a repetition counts once; by default the fact's own id."""
    for name in TARGETS:
        if (about := getattr(act.fact, name, None)) is not None:
            return f"{act.kind} {about} {getattr(act.fact, 'unit', '')}"
    return act.fact.id


def _judge_hand_offs(e: Expectation, floor: Floor, start: datetime, until: datetime) -> Met:
    """Judge an expectation on hand-offs by the cases raised."""
    cases = hand_offs(floor, start, until, e.within * 60)
    if not cases:
        return Met(e, "none", start, note="引継ぎ 0件")
    decided = [c for c in cases if c.taken_at is not None or c.late or c.outcome]
    if not decided:
        return Met(e, "open", start, note=f"{len(cases)}件とも対応待ち")
    longest, late = max(c.seconds for c in decided), sum(c.late for c in decided)
    never = any(c.late and c.taken_at is None and not c.outcome for c in decided)
    state: State = "missed" if never else "late" if late else "met"
    note = f"{len(decided)}件のうち{len(decided) - late}件"
    waiting = len(cases) - len(decided)
    return Met(e, state, start, None, longest, note + (f"（ほか対応待ち {waiting}件）" if waiting else ""))


# ---- duties


def reports(register: Register, site: Site, until: datetime) -> list[Report]:
    """Return the reports owed for the incidents recorded, seen at ``until`` (仕様書 12(8) to (11))."""
    found = []
    calendar = register.calendar(site)
    for i in register.incidents.values():
        word, due = word_and_due(i, site, calendar)
        found.append(Report(i.code, i.category, word, due, i.reported_at, (i.reported_at or until) > due))
    return found
