"""Compare a period's days as recorded with the same days under the advice, by replay. Pure.

All are replays of the same people, cases and terminals (contract 4): only their lanes differ. A day whose arrivals are
not recorded well enough is left out with a reason, never filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from floorctl.advice.net_lengths import Lengths
from floorctl.advice.person_minutes import Measured, a_day, days_worse, gap_closed, measured, total, worst_day_min
from floorctl.advice.study import ADVICE, AS_WAS, POOLED, policies
from floorctl.common.clock import seconds_between
from floorctl.common.frozen import frozen
from floorctl.common.lengths import mean_s
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.site.site import Site
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import ReplayHall

COMPARED = (AS_WAS, ADVICE, POOLED)
FEW = 20  # calls below which a day says nothing about splitting terminals [J]
KNOWN = 0.9  # smallest share of calls with a known arrival [J]
# Reasons for leaving out a day.
REASONS = {
    "no_arrivals": "来庁の時刻の記録がない（件数だけの記録など）",
    "few_arrivals": "来庁の時刻のない人が多い",
    "few": f"呼び出した人が{FEW}人に満たない",
    "no_lengths": f"応対の長さが分かる人が{FEW}人に満たない（終わりの記録がない）",
    "no_terminals": "列を移れる端末の稼働の記録がない",
    "unproved": "再現の検算が合わない",
    "unlike": "実際の配分での再現が、記録の待ち時間と大きく異なる",
}
UNLIKE = 0.5  # largest difference of the means of the replay as it was and of the record, in parts of the latter [J]
UNLIKE_S = 120  # smaller differences are the time between two calls [J]


class Waited(NamedTuple):
    """People called: their number, the sum of their waits and the longest, in seconds."""

    n: int = 0
    total_s: int = 0
    max_s: int = 0

    @property
    def mean_s(self) -> int | None:
        """Return the mean wait in whole seconds, rounded down; None of nobody."""
        return mean_s(self.total_s, self.n)

    def __add__(self, other: Waited) -> Waited:  # type: ignore[override]
        return Waited(self.n + other.n, self.total_s + other.total_s, max(self.max_s, other.max_s))


class Way(NamedTuple):
    """One or several days under one policy: waits by lane, and the measure of each day."""

    lanes: Mapping[str, Waited]
    by_day: tuple[Measured, ...]

    @property
    def all(self) -> Waited:
        """Return the waits of all lanes together."""
        return together(self.lanes.values())

    @property
    def total(self) -> Measured:
        """Return the measure of all days together."""
        return total(self.by_day)


def together(parts: Iterable[Waited]) -> Waited:
    """Return the sum of several groups of people."""
    found = Waited()
    for part in parts:
        found = found + part
    return found


@frozen
class DayStudy:
    """One day under the policies COMPARED. ``why``: the key of REASONS for leaving it out; ``ways`` is empty then.

    ``cases``: with a known length; ``idle``: those whose length evidently holds idle time.
    """

    day: date
    why: str
    ways: Mapping[str, Way]
    cases: int = 0
    idle: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the document that is kept between two runs."""
        ways = {
            k: {"lanes": {x: list(w) for x, w in way.lanes.items()}, "measure": list(way.total)}
            for k, way in self.ways.items()
        }
        return {"why": self.why, "ways": ways, "cases": self.cases, "idle": self.idle}

    @classmethod
    def from_json(cls, day: date, kept: Mapping[str, Any]) -> DayStudy:
        """Read a kept day; raise KeyError, TypeError, ValueError or AttributeError if it is malformed."""
        ways = {}
        for name, way in kept["ways"].items():
            lanes = {str(lane): Waited(*map(_whole, w)) for lane, w in way["lanes"].items()}
            ways[str(name)] = Way(lanes, (Measured(*map(_whole, way["measure"])),))
        why = kept["why"]
        if (set(ways) != set(COMPARED)) if not why else (why not in REASONS or ways):
            raise ValueError(why)
        return cls(day, why, ways, _whole(kept["cases"]), _whole(kept["idle"]))


def _whole(value: object) -> int:
    """Return a non-negative integer, or raise ValueError."""
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def study_day(
    site: Site, floor: Floor, recorded_day: Callable[[], RecordedDay], table: Sequence[MonthDemand]
) -> DayStudy:
    """Replay a day under each of COMPARED (seconds for a busy day).

    ``recorded_day``: returns the replay's input for the day of ``floor``; called only if the day has enough people.
    """
    why = too_little(floor)
    recorded = None if why else recorded_day()
    why = why or (too_vague(floor, recorded) if recorded is not None else "")
    if recorded is None or why:
        return DayStudy(floor.day, why, {})
    lengths = Lengths()
    lengths.of(recorded, floor)
    made = policies(site, table)
    ways = {}
    for name in COMPARED:
        try:
            outcome = ReplayHall(recorded, made[name](recorded)).run()
        except ArithmeticError:  # Little's law failed: no figure without proof
            return DayStudy(recorded.day, "unproved", {})
        if name == AS_WAS and unlike(floor, outcome.all_waits):
            return DayStudy(recorded.day, "unlike", {})
        lanes = {x.code: outcome.waits.get(x.code, []) for x in site.lanes}
        waited = {code: Waited(len(waits), sum(waits), max(waits, default=0)) for code, waits in lanes.items()}
        ways[name] = Way(waited, (measured(outcome),))
    return DayStudy(recorded.day, "", ways, lengths.cases, lengths.idle)


def _called(floor: Floor) -> list[Ticket]:
    return [t for t in floor.tickets.values() if t.called_at is not None]


def too_little(floor: Floor) -> str:
    """Return the reason of REASONS for which a day has too few people to compare; "" if it has enough."""
    if not any(t.issued_at is not None for t in floor.tickets.values()):
        return "no_arrivals"
    if len(_called(floor)) < FEW:
        return "few"
    return "no_lengths" if sum(map(_timed, _called(floor))) < FEW else ""


def _timed(t: Ticket) -> bool:
    """Return whether it was told how long a visit took: else the replay would play the minutes that the site file assumes."""
    return t.ended_at is not None and not (t.untimed or t.at_most or t.assumed_end)


def too_vague(floor: Floor, recorded: RecordedDay) -> str:
    """Return the reason of REASONS for which a day cannot be replayed faithfully; "" if it can."""
    called, known = _called(floor), {j.number for j in recorded.jobs}
    if sum(t.key in known for t in called) < KNOWN * len(called):
        return "few_arrivals"
    movable = set(recorded.movable)
    if not any(p.spans and len(movable & set(p.lanes)) > 1 for p in recorded.posts):
        return "no_terminals"
    return ""


def unlike(floor: Floor, replayed: Sequence[int]) -> bool:
    """Return whether the waits of a day, replayed as it was, are far from those of its record.

    Then something ruled the day that the replay does not know: an outage never ended, terminals worked unrecorded.
    """
    waits = [
        max(0, seconds_between(t.wait_from, t.called_at)) for t in floor.tickets.values() if t.wait_from and t.called_at
    ]
    recorded, found = mean_s(sum(waits), len(waits)), mean_s(sum(replayed), len(replayed))
    if recorded is None or found is None:
        return recorded != found
    return abs(found - recorded) > max(UNLIKE_S, UNLIKE * recorded)


@dataclass(frozen=True)
class MonthStudy:
    """Days that count, days left out with their reason, and each of COMPARED over all days that count.

    ``idle_share``: of their cases, those whose length evidently holds idle time.
    """

    days: tuple[date, ...]
    left_out: tuple[tuple[date, str], ...]
    ways: Mapping[str, Way]
    idle_share: float = 0.0

    def gap_closed(self, name: str) -> float | None:
        """Return the share of the gap that a policy closes over all days; None where the gap means nothing."""
        return gap_closed(*(self.ways[x].by_day for x in (AS_WAS, name, POOLED)))

    def days_worse(self, name: str) -> int:
        """Return the number of days that a policy makes worse than they were."""
        return days_worse(self.ways[AS_WAS].by_day, self.ways[name].by_day)

    def worst_day_min(self, name: str) -> int:
        """Return the person-minutes that a policy loses on its worst day."""
        return worst_day_min(self.ways[AS_WAS].by_day, self.ways[name].by_day)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of a month's ``records_….json`` (docs/additions.md): whole seconds, rounded down."""
        return {
            "days": [d.isoformat() for d in self.days],
            "left_out": [{"day": d.isoformat(), "reason": why} for d, why in self.left_out],
            "policies": {
                name: {
                    **_figures(way.all),
                    "moves_per_day": a_day(way.total.moves, len(self.days)),
                    "person_min": way.total.person_min,
                    "gap_closed": self.gap_closed(name),
                    "orders_per_day": a_day(way.total.orders, len(self.days)),
                    "lane_changes_per_day": a_day(way.total.lane_changes, len(self.days)),
                    "days_worse": self.days_worse(name),
                    "worst_day_min": self.worst_day_min(name),
                    "lanes": {lane: _figures(w) for lane, w in way.lanes.items()},
                }
                for name, way in self.ways.items()
                if self.days
            },
        }


def _figures(w: Waited) -> dict[str, int | None]:
    return {"n": w.n, "mean_s": w.mean_s, "max_s": w.max_s if w.n else None}


def month_study(site: Site, days: Sequence[DayStudy]) -> MonthStudy:
    """Combine days: every person counts the same."""
    counted = [d for d in days if not d.why]
    ways = {}
    for name in COMPARED:
        own = [d.ways[name] for d in counted]
        lanes = {x.code: together(way.lanes.get(x.code, Waited()) for way in own) for x in site.lanes}
        ways[name] = Way(lanes, tuple(m for way in own for m in way.by_day))
    cases = sum(d.cases for d in counted)
    idle_share = sum(d.idle for d in counted) / cases if cases else 0.0
    left_out = tuple((d.day, d.why) for d in days if d.why)
    return MonthStudy(tuple(d.day for d in counted), left_out, ways, idle_share)
