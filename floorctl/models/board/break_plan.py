"""Plan the breaks of the day: the law first, then lanes, charge and guidance, then the peak and the windows needed. Pure.

労働基準法34条; 仕様書 7(4)※: windows do not close for breaks. Instants are rounded to five minutes on the safe side (a coming
up, an end of a shift down, a length up), as a person says them; what `break_search` proves holds for that problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import reduce
from math import gcd

from floorctl.common.clock import JST
from floorctl.common.frozen import frozen
from floorctl.models.board import break_search as cost
from floorctl.models.board.break_faults import Fault, Shortage, faults_of, shortages, too_late
from floorctl.models.board.break_search import BreakToPlace, Cover, Found, search, weight
from floorctl.models.board.break_team import Member, may_hold_charge, members, places
from floorctl.models.board.break_turn import DaySpans, Turn
from floorctl.models.board.breaks import break_states, to_come
from floorctl.models.board.needed import Needed
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.board.relief import lanes_and_people, reliefs, spares
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

_ALONE = "alone"  # row of those who stand alone in their lane: one stand-in is enough for all of them
STEP = 5  # minutes, of every instant that the plan names
_MOST_AT_ONCE = 2
_CASE = 15  # minutes before six hours in which no break is planned where that can be helped: a case may go on
_LATEST = 180  # minutes in which a break is placed that finds no lawful place

Span = tuple[int, int]  # minutes of the day
Peak = tuple[datetime, datetime]


@frozen
class BreakPlan:
    """Breaks by start, and what they cost. ``proven``: no order leaves lanes, charge and posts without anybody for less time.

    ``least_short``: nor fewer minutes in the peak and below the windows needed. ``cost``: as in `break_search`. ``peak``: the
    busiest hour, which the plan keeps free where it can; None where it is not known.
    """

    turns: tuple[Turn, ...]
    faults: tuple[Fault, ...]
    shortages: tuple[Shortage, ...]
    proven: bool
    least_short: bool
    cost: int
    nodes: int
    peak: Peak | None

    @property
    def grave(self) -> tuple[Fault, ...]:
        """Return the faults of law, lanes, charge and posts, without those of the peak and of windows."""
        return tuple(f for f in self.faults if f.grave)

    @property
    def sentence(self) -> str:
        """Return in one line whether everybody has the lawful break, and how sure that is."""
        if not self.turns and not self.grave:
            return "とる休憩は残っていません"
        if not self.grave:
            return "全員、法定の休憩をとれます（確かめ済み）"
        if self.proven and any(t.fixed for t in self.turns):
            return f"守れない点が{len(self.grave)}件あります（固定した休憩を動かさない限り減りません。確かめ済み）"
        if self.proven:
            return f"守れない点が{len(self.grave)}件あります（どの順でも、合わせた時間は減りません。確かめ済み）"
        return f"守れない点が{len(self.grave)}件あります（未確認。もっとよい順があるかもしれません）"


def usual(people: int, most: int = _MOST_AT_ONCE) -> int:
    """Return how many of a row may be away at once if nothing presses: a third, at least one, at most ``most``."""
    return max(1, min(most, people // 3))


def plan_breaks(
    floor: Floor,
    register: Register,
    now: datetime,
    needed: Needed | None = None,
    peak: Peak | None = None,
    *,
    keep: bool = False,
) -> BreakPlan:
    """Plan the rest of the day's breaks. Breaks that run or are fixed stand; ``keep``: every planned one does."""
    return _Plan(floor, register, now, needed or {}, peak, keep).made()


def made_of(floor: Floor, now: datetime) -> object:
    """Return what a plan is made of beside register, needs and peak: two that are equal have the same plan for five minutes."""
    return (
        int(now.timestamp()) // (60 * STEP),
        tuple((t.staff, t.own_lane, floor.works(t.code)) for t in floor.terminals.values()),
        tuple((s.code, s.status, s.since, s.until) for s in floor.staff.values()),
        dict(floor.planned_breaks),
        dict(floor.posts),
        dict(floor.charges),
        {starts: dict(step) for starts, step in floor.posts_plan.items()},
        floor.closed_at,
    )


class _Plan:
    def __init__(
        self, floor: Floor, register: Register, now: datetime, needed: Needed, peak: Peak | None, keep: bool
    ) -> None:
        self.floor, self.register, self.needed, self.peak = floor, register, needed, peak
        self.team = members(floor, register, now)
        self.places = places(floor, register, self.team, now)
        self.first = _up(self.minute(now))
        self.running = {m.staff: (self.first, _up(self.minute(m.back_at))) for m in self.team.values() if m.back_at}
        states = break_states(floor, register, now)
        self.standing = {x: b for x, b in floor.planned_breaks.items() if to_come(floor, states.get(x), b, now)}
        self.kept: dict[str, Span] = {}
        self.due: list[Member] = []
        self.over: list[Member] = []  # who is owed a break that can no longer begin
        for m in self.team.values():
            planned = self.standing.get(m.staff)
            start = self.of_wall(planned.start) if planned is not None else 0
            if planned is not None and m.back_at is not None:
                # Another break runs, and this one stands: it is settled once the person is back.
                start = max(start, self.running[m.staff][1])
                self.kept[m.staff] = (start, start + planned.minutes)
                self.due.append(m)
                continue
            if not m.free or not (m.owed or planned is not None):
                continue
            if planned is not None and start + STEP > self.minute_over(now) and (keep or planned.fixed):
                # Its time has come, and it is not late yet: it begins at once.
                start = max(start, self.first)
                self.kept[m.staff] = (start, start + planned.minutes)
            if m.staff in self.kept or (m.owed and self.first < self._end(m)):
                self.due.append(m)
            elif m.owed:
                self.over.append(m)

    # ---- minutes of the day

    def minute(self, at: datetime) -> int:
        return -int(-(at - datetime.combine(self.floor.day, datetime.min.time(), JST)).total_seconds() // 60)

    def minute_over(self, at: datetime) -> int:
        """Return the last whole minute of the day up to an instant."""
        return int((at - datetime.combine(self.floor.day, datetime.min.time(), JST)).total_seconds() // 60)

    @staticmethod
    def of_wall(at: str) -> int:
        return int(at[:2]) * 60 + int(at[3:])

    def instant(self, minute: int) -> datetime:
        return datetime.combine(self.floor.day, datetime.min.time(), JST) + timedelta(minutes=minute)

    # ---- the plan

    def made(self) -> BreakPlan:
        rank = {m.staff: n for n, m in enumerate(sorted(self.due, key=self._order))}
        self.due.sort(key=lambda m: rank[m.staff])
        shifts = {m.staff: self._shift(m) for m in self.team.values()}
        covers = list(self._covers(shifts))
        lengths = {m.staff: self._length(m) for m in self.due}
        choices = {m.staff: self._window(m, lengths[m.staff]) for m in self.due}
        ends = [b for _, b in shifts.values()] + [hi + lengths[who] for who, (_, hi, _) in choices.items()]
        last = max([self.first + STEP, *ends])
        points = [x - self.first for c in covers for steps in (c.needed, c.there) for a, b, _ in steps for x in (a, b)]
        points += [x - self.first for lo, hi, _ in choices.values() for x in (lo, hi)]
        points += [_up(self.minute(x)) - self.first for m in self.due for x in (m.wish, m.settled)]
        points += [_down(self.minute(m.limit)) - _CASE - self.first for m in self.due]
        points += [*lengths.values(), last - self.first]
        if self.peak is not None:
            points += [_down(self.minute(x)) - self.first for x in self.peak]
        cell = max(STEP, reduce(gcd, (x for x in points if 0 <= x <= last - self.first), 0))
        breaks = [
            BreakToPlace(
                m.staff, lengths[m.staff], self._starts(m, lengths[m.staff], *choices[m.staff], cell, rank[m.staff])
            )
            for m in self.due
        ]
        return self._result(search(breaks, covers, self.first, last, cell), shifts)

    @staticmethod
    def _order(m: Member) -> tuple[object, ...]:
        """Return the place of a person in the order of going: whose break must come first, then who came first."""
        return min(m.limit, m.ends_at - timedelta(minutes=m.owed)), m.wish, m.staff

    def _shift(self, m: Member) -> Span:
        return max(self.first, _up(self.minute(m.came_at))), _down(self.minute(m.ends_at))

    def _end(self, m: Member) -> int:
        """Return from when on no break of a person can begin: the end of the shift or of the hall's day."""
        return min(_down(self.minute(m.ends_at)), _down(self.of_wall(f"{self.floor.site.hall.closes:%H:%M}")))

    def _length(self, m: Member) -> int:
        start, end = self.kept.get(m.staff, (0, m.owed))
        return _up(end) - _down(start)

    def _window(self, m: Member, length: int) -> tuple[int, int, bool]:
        """Return the first and last start that the law allows, and whether it does; else those that come next.

        The break lies within the shift, not at its ends, and begins before six hours without one.
        """
        if m.staff in self.kept:
            start = _down(self.kept[m.staff][0])
            return start, start, True
        begins, ends = self._shift(m)
        lo = max(self.first, begins + STEP) if self.minute(m.came_at) >= self.first else self.first
        last = max(lo, self._end(m) - STEP)
        within, limit = ends - STEP - length, _down(self.minute(m.limit))
        if within >= lo and limit >= lo:
            return lo, min(within, limit, last), True
        if within >= lo:
            return lo, min(within, last), False  # the six hours are over: as soon as the lanes allow
        if ends - length >= lo:
            return lo, min(ends - length, last), False
        return lo, min(lo + _LATEST, last), False

    def _starts(self, m: Member, length: int, lo: int, hi: int, lawful: bool, cell: int, rank: int) -> dict[int, int]:
        """Return what each start costs for itself."""
        wish, limit = _up(self.minute(m.wish)), _down(self.minute(m.limit))
        settled = _up(self.minute(m.settled))
        planned = self.standing.get(m.staff)
        held = self.of_wall(planned.start) if planned is not None else None
        found = {}
        lo += (self.first - lo) % cell
        for s in range(lo, max(hi, lo) + 1, cell):
            own = weight(cost.ORDER) * (s - self.first) * (len(self.due) - rank)
            own += weight(cost.SOON) * max(0, min(settled, s + length) - s)
            own += weight(cost.WISH) * max(0, min(wish, s + length) - s)
            own += weight(cost.MOVED) * (held is not None and s != held)
            own += weight(cost.LATE) * max(0, s - max(limit - _CASE if lawful else limit, lo))
            if self.peak is not None:
                a, b = (self.minute(x) for x in self.peak)
                own += weight(cost.PEAK) * max(0, min(b, s + length) - max(a, s))
            found[s] = own
        return found

    # ---- who must not be away together

    def _covers(self, shifts: Mapping[str, Span]) -> Iterable[Cover]:
        floor, team = self.floor, self.team
        hours = {lane: self._hours(lane) for lane in floor.lanes}
        reception = (min(a for a, _ in hours.values()), max(b for _, b in hours.values()))
        for lane, keepers in self.places.keepers.items():
            for people in {keepers, self.places.stands(lane)}:
                if len(people) > 1:
                    yield self._cover(people, cost.EMPTY, [(*hours[lane], 1)], shifts)
            steps = [(_down(self.minute(a)), _down(self.minute(b)), n) for a, b, n in self.needed.get(lane, ())]
            if keepers and steps:
                yield Cover(keepers, cost.SHORT, steps, self._there(keepers, shifts), steep=True)
        guides = frozenset(code for code in floor.posts if code in team)
        for lanes, people in lanes_and_people(floor, self.register, team, self.places).items():
            steps = [(*hours[lane], 1) for lane in sorted(lanes)]
            if len(guides) > 1 and people & guides:
                steps.append((*reception, 1))
            yield self._cover(people, cost.EMPTY, steps, shifts)
        able = may_hold_charge(floor, self.register, team)
        if len(able) > 1:
            yield self._cover(able, cost.EMPTY, [(*reception, 1)], shifts)
        rows = self._rows()
        for post in (*sorted({floor.posts[x] for x in guides}), ""):
            people = frozenset(x for x in guides if not post or floor.posts[x] == post)
            if len(people) > 1:
                yield self._cover(people, cost.POST, [(*reception, 1)], shifts)
        if len(guides) == 1:
            (only,) = guides
            instead = guides | spares(floor, self.register, team, self.places, floor.posts[only])
            if len(instead) > 1:
                a, b = shifts[only]
                yield self._cover(instead, cost.POST, [(max(a, reception[0]), min(b, reception[1]), 1)], shifts)
        # Who stands alone in a lane is relieved by who has no terminal: first so that guidance goes on, else at all.
        alone, spare = rows.get(_ALONE, frozenset()), frozenset(x for x in team if x not in self.places.lanes)
        spare -= {floor.holder() or ""}
        several = len(guides) > 1 or bool(guides and spare - guides)
        for guiding in range(1 + several) if alone and spare else ():
            steps = [(*shifts[code], 1) for code in alone] + [(*reception, guiding)] * several
            yield self._cover(alone | spare, cost.POST, steps, shifts)
        for row, people in rows.items():
            if len(people) < 2:
                continue
            if row == _ALONE:
                yield self._at_most(people, 1, cost.POST, shifts)
                continue
            at_once = usual(len(people)) if row else usual(len(people), len(people))
            for more in range(min(3, len(people) - at_once)):  # the more at once, the worse
                yield self._at_most(people, at_once + more, cost.CROWD, shifts)

    def _rows(self) -> dict[str, frozenset[str]]:
        """Return the people whose breaks follow one another: of a lane, of none, and who need the one stand-in."""
        waiting, rows = {m.staff for m in self.due}, dict[str, set[str]]()
        for code in self.team:
            stands = self.places.lanes.get(code, [])
            lonely = code in waiting and any(self.places.keepers[lane] <= {code} for lane in stands)
            rows.setdefault(_ALONE if lonely else self.places.lane(code), set()).add(code)
        return {row: frozenset(people) for row, people in rows.items()}

    def _hours(self, lane: str) -> Span:
        opens, closes = lane_hours(self.floor, lane)
        return _down(self.minute(opens)), _up(self.minute(closes))

    def _there(self, people: Iterable[str], shifts: Mapping[str, Span]) -> list[tuple[int, int, int]]:
        found = []
        for code in people:
            a, b = shifts[code]
            gone = self.running.get(code)
            spans = [(a, b)] if gone is None else [(a, min(b, _down(gone[0]))), (max(a, _up(gone[1])), b)]
            found += [(x, y, 1) for x, y in spans if x < y]
        return found

    def _cover(
        self, people: frozenset[str], level: int, needed: list[tuple[int, int, int]], shifts: Mapping[str, Span]
    ) -> Cover:
        return Cover(people, level, needed, self._there(people, shifts))

    def _at_most(self, people: frozenset[str], most: int, level: int, shifts: Mapping[str, Span]) -> Cover:
        """Return the cover of which ``most`` may be away at once while they are on shift."""
        spans = [(*shifts[code], 1) for code in people if shifts[code][0] < shifts[code][1]]
        begins, ends = min((a for a, _, _ in spans), default=0), max((b for _, b, _ in spans), default=0)
        return self._cover(people, level, [*spans, (begins, ends, -most)], shifts)

    # ---- what was found

    def _result(self, found: Found, shifts: Mapping[str, Span]) -> BreakPlan:
        minutes = {m.staff: m.owed for m in self.due}
        plan = {who: self.kept.get(who, (s, s + minutes[who])) for who, s in found.starts.items()}
        spans = DaySpans(
            {code: (self.instant(a), self.instant(b)) for code, (a, b) in shifts.items()},
            {
                code: [
                    (self.instant(a), self.instant(b)) for a, b in (x[code] for x in (self.running, plan) if code in x)
                ]
                for code in self.running | plan
            },
        )
        turns = sorted((self._turn(code, span, spans) for code, span in plan.items()), key=lambda t: (t.start, t.staff))
        stand_in = reliefs(self.floor, self.register, self.team, self.places, spans, turns)
        turns = [t.replace(relief=stand_in.get(t.staff, "")) for t in turns]
        able = may_hold_charge(self.floor, self.register, self.team)
        faults = (
            *(too_late(m) for m in self.over),
            *faults_of(self.floor, self.team, self.places, able, spans, turns, self.peak),
        )
        return BreakPlan(
            tuple(turns),
            faults,
            tuple(shortages(self.places, spans, self.needed)),
            found.proven >= cost.POST and _counted(faults, found.cost),
            found.proven >= cost.SHORT,
            found.cost,
            found.nodes,
            self.peak,
        )

    def _turn(self, code: str, span: Span, spans: DaySpans) -> Turn:
        """Return a break of the plan; alone where nobody else of the lane is there, before the end of the shift."""
        start, end = self.instant(span[0]), self.instant(span[1])
        until = min(end, spans.shifts[code][1])
        alone = any(
            spans.without(self.places.keepers[lane] - {code}, start, until) for lane in self.places.lanes.get(code, ())
        )
        p = self.standing.get(code)
        same = p is not None and (
            code in self.kept or (self.of_wall(p.start), p.minutes) == (span[0], span[1] - span[0])
        )
        fixed = same and p is not None and p.fixed
        return Turn(code, start, span[1] - span[0], self.places.lane(code), alone, "", same, fixed)


def _counted(faults: Iterable[Fault], total: int) -> bool:
    """Return whether the search has counted every fault that it could avoid: who stands in is found only afterwards."""
    levels = {"lane": cost.EMPTY, "charge": cost.EMPTY, "post": cost.POST}
    return all(cost.of_level(total, levels[f.code]) for f in faults if f.grave and f.code in levels)


def _up(minute: int) -> int:
    return -(-minute // STEP) * STEP


def _down(minute: int) -> int:
    return minute // STEP * STEP
