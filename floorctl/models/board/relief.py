"""Find who can stand in at a terminal whose person has a break alone (仕様書 7(4)※). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from floorctl.models.board.assignable import unqualified
from floorctl.models.board.break_team import Member, Places
from floorctl.models.board.break_turn import DaySpans, Turn
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register


def reliefs(
    floor: Floor, register: Register, team: Mapping[str, Member], at: Places, spans: DaySpans, turns: Sequence[Turn]
) -> dict[str, str]:
    """Return who stands in for each person who is away alone, by that person; who finds nobody is left out.

    So for the only guide, by who has no place. First who has no place, then who guides beside another, then who serves in a lane with others; never who holds the
    charge, and nobody in two places at once.
    """
    found: dict[str, str] = {}
    taken: list[tuple[str, Turn]] = []
    at_terminal = {t.staff: t.code for t in floor.terminals.values() if t.staff}
    for turn in turns:
        if set(floor.posts) & set(team) == {turn.staff} and (
            spare := _guides_instead(floor, register, at, spans, turn)
        ):
            free = [x for x in spare if not any(x == y and _meet(other, turn) for y, other in taken)]
            if free:
                found[turn.staff] = free[0]
                taken.append((free[0], turn))
        if not turn.alone or not turn.lane:
            continue
        busy = {code for code, other in taken if _meet(other, turn)}
        able = [
            (rank, code)
            for code in team
            if code not in busy
            and code not in (turn.staff, floor.holder())
            and spans.through(code, turn.start, turn.end)
            and _may_serve(floor, register, code, at_terminal.get(turn.staff), turn.lane)
            and (rank := _rank(floor, at, spans, code, turn, busy)) is not None
        ]
        if able:
            found[turn.staff] = min(able)[1]
            taken.append((found[turn.staff], turn))
    return found


def _meet(a: Turn, b: Turn) -> bool:
    return a.start < b.end and b.start < a.end


def _guides_instead(floor: Floor, register: Register, at: Places, spans: DaySpans, turn: Turn) -> list[str]:
    """Return who has no place and can guide while the only guide has a break, by code."""
    return [
        code
        for code in sorted(spares(floor, register, spans.shifts, at, floor.posts[turn.staff]) - {turn.staff})
        if spans.through(code, turn.start, turn.end)
    ]


def spares(floor: Floor, register: Register, team: Iterable[str], at: Places, post: str) -> frozenset[str]:
    """Return who has no terminal and can stand at a post, without the holder of the charge."""
    free = {x for x in team if x not in at.lanes and x != floor.holder()}
    return frozenset(x for x in free if not any(o.blocks for o in unqualified(floor, register, x, post=post)))


def lanes_and_people(
    floor: Floor, register: Register, team: Iterable[str], at: Places
) -> dict[frozenset[str], frozenset[str]]:
    """Return sets of lanes with everybody who can serve one of them: as many as there are lanes must be there at any time.

    Of the lanes in which one person stands alone: each of them, each with another lane, and all lanes; a set of people has the
    most lanes that need it. Where it fails, no relief helps (the marriage theorem of Hall); nobody but a guide beside others
    leaves a post.
    """
    staffed = {lane: people for lane, people in at.keepers.items() if people}
    alone = [lane for lane, people in staffed.items() if len(people) == 1]
    guides = set(floor.posts) & set(team)
    free = {x for x in team if x != floor.holder() and (x not in guides or len(guides) > 1)}
    terminals = {t.staff: t.code for t in floor.terminals.values() if t.staff}

    def able(lane: str) -> frozenset[str]:
        terminal = terminals.get(min(staffed[lane])) if lane in alone else None
        return staffed[lane] | {x for x in free if _may_serve(floor, register, x, terminal, lane)}

    can = {lane: able(lane) for lane in staffed} if alone else {}
    sets = [frozenset({x, y}) for x in alone for y in staffed]  # with itself: the lane alone
    most: dict[frozenset[str], frozenset[str]] = {}
    for lanes in (*sets, frozenset(staffed)) if alone else ():
        people = frozenset().union(*(can[x] for x in lanes))
        most[people] = max(most.get(people, frozenset()), lanes, key=len)
    return {lanes: people for people, lanes in most.items()}


def _may_serve(floor: Floor, register: Register, code: str, terminal: str | None, lane: str) -> bool:
    return not any(x.blocks for x in unqualified(floor, register, code, terminal=terminal or "", lane=lane))


def _rank(floor: Floor, at: Places, spans: DaySpans, code: str, turn: Turn, busy: set[str]) -> int | None:
    """Return how gladly a person is taken from the own place, 0 first; None where that would be left alone."""
    lane = at.lane(code)
    if lane:
        others = at.keepers[lane] - {code} - busy
        if lane == turn.lane or (code not in at.keepers[lane] and at.keepers[lane]):
            return 0
        return None if spans.without(others, turn.start, turn.end) else 20 - min(9, len(others))
    if code not in floor.posts:
        return 1
    guides = {x for x in floor.posts if x != code and x in spans.shifts} - busy
    return None if spans.without(guides, turn.start, turn.end) else 2
