"""Plan the staff of a day: posts and lunch breaks.

Breaks of one hour, from two and a half hours after the first reception (11:00 to 14:30 or little later at Kumagaya;
労基法34). Codes only: S01 on, in the site's order of terminals; then a guide who relieves (all day) and a short-time
relief worker (10:00 to 15:00 there). No lane is left empty (仕様書 7(4)※): a lane's only worker is relieved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from floorctl.models.site.site import Site
from floorctl.simulation.hours import HOUR, hours_of

# Seconds after the first reception; as late as possible, because the queue is longest before noon.
FIRST_BREAK, LAST_BREAK_ENDS = 9000, 21_000
BREAK_S = HOUR
NEXT_IN_CHAIN_S = BREAK_S + 240  # interval between breaks of one chain
SHORT_SHIFT = (5400, 23_400)
LATE_BY = 600  # earliest arrival of a late person
LATE_SHARE, ABSENT_SHARE = 0.12, 0.06  # shares of days [J]


@dataclass(frozen=True)
class BreakPlan:
    """Lunch break of one worker, not before ``start``; ``relief`` replaces them, else the terminal pauses."""

    staff: str
    start: int
    relief: str | None = None
    length_s: int = BREAK_S


@dataclass(frozen=True)
class Rota:
    """Staff plan of a day. Times are seconds since midnight."""

    posts: tuple[tuple[str, str], ...]  # (terminal, staff)
    guide: str
    short_time: str
    breaks: tuple[BreakPlan, ...]
    late: tuple[str, int] | None  # (staff, arrival)
    absent: str | None
    short_shift: tuple[int, int]

    @property
    def all_day(self) -> tuple[str, ...]:
        """Return the workers of the posts and the guide."""
        return (*(s for _, s in self.posts), self.guide)


def _posts(site: Site) -> tuple[tuple[str, str], ...]:
    """Assign a worker to every movable terminal, and one to each lane that has only terminals of its own.

    If no terminal is movable, assign one to every terminal.
    """
    taken, terminals = set(), []
    for t in site.terminals:
        if len(t.lanes) > 1 or t.lane not in taken or not site.movable_lanes:
            terminals.append(t.code)
        if len(t.lanes) == 1:
            taken.add(t.lane)
    return tuple((code, f"S{n:02d}") for n, code in enumerate(terminals, 1))


def _chain(staff: list[str], first: int, relief: str | None = None) -> list[BreakPlan]:
    """Plan breaks one after another."""
    return [BreakPlan(s, first + n * NEXT_IN_CHAIN_S, relief) for n, s in enumerate(staff)]


def plan_rota(site: Site, day: date, rng: Random) -> Rota:
    """Plan a day: single posts and part of the largest lane are relieved, the others pause one after another."""
    posts = _posts(site)
    hours = hours_of(site, day)
    first_break, last_break_ends = hours.after_opening(FIRST_BREAK), hours.after_opening(LAST_BREAK_ENDS)
    guide, short_time = f"S{len(posts) + 1:02d}", f"S{len(posts) + 2:02d}"
    lanes: dict[str, list[str]] = {}
    for code, staff in posts:
        lanes.setdefault(site.terminal_by_code[code].lane, []).append(staff)
    for members in lanes.values():
        rng.shuffle(members)
    alone = [m[0] for m in lanes.values() if len(m) == 1]
    several = [m for m in lanes.values() if len(m) > 1]
    late = absent = None
    u, index = rng.random(), rng.randrange(1_000_000)
    candidates = [s for _, s in posts if s not in alone]
    if candidates and u < ABSENT_SHARE:
        absent = candidates[index % len(candidates)]
    elif candidates and u < ABSENT_SHARE + LATE_SHARE:
        late = (candidates[index % len(candidates)], hours.after_opening(LATE_BY) + (index % 1500))

    # A guide who replaces an absent person relieves nobody.
    guided: list[str] = []
    short: list[str] = list(alone)
    for members in sorted(several, key=len, reverse=True)[:1]:
        while len(members) > 2 and absent is None and len(guided) < 2:
            guided.append(members.pop())
        while len(members) > 2 and len(short) < 3:
            short.append(members.pop())
    breaks = _chain(guided, first_break, guide)
    breaks += _chain(short, first_break + 60, short_time)
    for members in several:
        going = [guide if s == absent else s for s in members]
        for part in range(0, len(going), 3):
            chain = going[part : part + 3]
            breaks += _chain(chain, max(first_break + 120, last_break_ends - len(chain) * NEXT_IN_CHAIN_S))
    if absent is None:
        breaks.append(BreakPlan(guide, first_break + len(guided) * NEXT_IN_CHAIN_S))
    shift = (hours.after_opening(SHORT_SHIFT[0]), hours.after_opening(SHORT_SHIFT[1]))
    kept = tuple(b for b in breaks if b.staff != absent and b.start + b.length_s <= hours.closes)
    return Rota(posts, guide, short_time, kept, late, absent, shift)
