"""The exact search of breaks: what it finds and proves against every plan there is, and against finer marks."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.models.board.break_search import (
    EMPTY,
    ORDER,
    POST,
    SHORT,
    WISH,
    BreakToPlace,
    Cover,
    of_level,
    search,
    weight,
)

FIRST, LAST, CELL = 600, 720, 15  # 10:00 to 12:00, in quarters of an hour
Steps = tuple[tuple[int, int, int], ...]


def cost_of(breaks: list[BreakToPlace], covers: list[Cover], starts: dict[str, int]) -> int:
    """The cost of a plan, reckoned quarter by quarter."""
    total = sum(a.starts[starts[a.who]] for a in breaks)
    for c in covers:
        for at in range(FIRST, LAST, CELL):
            there = sum(n for since, until, n in c.there if since <= at < until)
            needed = sum(n for since, until, n in c.needed if since <= at < until)
            away = sum(a.who in c.people and starts[a.who] <= at < starts[a.who] + a.length for a in breaks)
            missing = (max(0, needed - there + away), max(0, needed - there))
            more = [n * (n + 1) // 2 if c.steep else n for n in missing]
            total += CELL * weight(c.level) * (more[0] - more[1])
    return total


def least(breaks: list[BreakToPlace], covers: list[Cover]) -> int:
    """The least cost of all plans there are."""
    every = product(*([(a.who, s) for s in a.starts] for a in breaks))
    return min(cost_of(breaks, covers, dict(plan)) for plan in every)


def choices(length: int, own: int, cell: int = CELL) -> dict[int, int]:
    """Every start on the marks, each dearer than the one before."""
    return {s: weight(ORDER) * own * (s - FIRST) for s in range(FIRST, LAST - length + 1, cell)}


@st.composite
def teams(draw: st.DrawFn) -> tuple[list[BreakToPlace], list[Cover]]:
    who = [f"S{n}" for n in range(draw(st.integers(1, 3)))]
    breaks = []
    for n, code in enumerate(who):
        length = draw(st.sampled_from([30, 45, 60]))
        wish = draw(st.sampled_from([600, 630, 660]))
        own = {s: x + weight(WISH) * max(0, wish - s) for s, x in choices(length, len(who) - n).items()}
        few = draw(st.sampled_from([1, 2, len(own)]))  # of few starts, some quarters are in every one of them
        begin = draw(st.integers(0, len(own) - few))
        own = dict(list(own.items())[begin : begin + few])
        breaks.append(BreakToPlace(code, length, own))
    covers = []
    for level in draw(st.lists(st.sampled_from([EMPTY, POST, SHORT]), min_size=1, max_size=4)):
        people = frozenset(draw(st.lists(st.sampled_from(who), min_size=1, max_size=4)))
        marks = sorted(draw(st.lists(st.sampled_from(range(FIRST, LAST + 1, CELL)), min_size=2, max_size=2)))
        needed = ((marks[0], marks[1], draw(st.integers(1, 3))), (FIRST, LAST, draw(st.integers(0, 1))))
        covers.append(Cover(people, level, needed, tuple((FIRST, LAST, 1) for _ in people), draw(st.booleans())))
    return breaks, covers


@given(teams())
@settings(max_examples=50, deadline=None)
def test_it_finds_the_best_of_all_plans(team: tuple[list[BreakToPlace], list[Cover]]) -> None:
    breaks, covers = team
    found = search(breaks, covers, FIRST, LAST, CELL, (10**6, 10**6, 10**6))
    assert found.proven == ORDER
    assert found.cost == cost_of(breaks, covers, dict(found.starts)) == least(breaks, covers)


@given(teams())
@settings(max_examples=30, deadline=None)
def test_what_it_proves_with_few_nodes_is_true(team: tuple[list[BreakToPlace], list[Cover]]) -> None:
    breaks, covers = team
    found, best = search(breaks, covers, FIRST, LAST, CELL, (4, 4, 4)), least(breaks, covers)
    assert found.cost == cost_of(breaks, covers, dict(found.starts)) >= best
    for level in (POST, SHORT, ORDER):
        upper = [[of_level(cost, x) for x in range(level + 1)] for cost in (found.cost, best)]
        assert found.proven < level or upper[0] == upper[1]


def test_finer_marks_than_those_of_the_day_find_nothing_better() -> None:
    """All steps and lengths are quarters of an hour, so that every fifth minute adds nothing."""
    crew = frozenset({"S0", "S1", "S2"})
    needed = ((FIRST, 645, 3), (645, LAST, 2))
    there = tuple((FIRST, LAST, 1) for _ in crew)
    covers = [Cover(crew, EMPTY, ((FIRST, LAST, 1),), there), Cover(crew, SHORT, needed, there)]
    costs = [
        search([BreakToPlace(f"S{n}", 45, choices(45, 0, cell)) for n in range(3)], covers, FIRST, LAST, cell).cost
        for cell in (15, 5)
    ]
    assert costs[0] == costs[1] > 0


def test_of_equal_sums_the_one_with_fewer_missing_at_once_is_taken() -> None:
    """Both are needed all the time: one after the other they are missed for as long, but never both; the wish is lighter."""
    breaks = [BreakToPlace(who, 60, {s: weight(WISH) * (s > FIRST) for s in (600, 660)}) for who in ("S1", "S2")]
    all_day = Cover(frozenset({"S1", "S2"}), SHORT, ((FIRST, LAST, 2),), ((FIRST, LAST, 2),))
    flat, steep = (
        search(breaks, [Cover(all_day.people, SHORT, all_day.needed, all_day.there, x)], FIRST, LAST, 60)
        for x in (False, True)
    )
    assert list(flat.starts.values()) == [600, 600]
    assert sorted(steep.starts.values()) == [600, 660]


def test_who_must_be_away_together_whatever_they_choose_is_proven_by_few_nodes() -> None:
    """In each lane two must begin within half an hour and one may go until 14:00: one too many from 10:30 to 11:00 at least."""
    crews = [frozenset(f"{row}{n}" for n in range(3)) for row in "abcd"]
    day = ((FIRST, 900, 2),)
    covers = [Cover(x, EMPTY, day, tuple((FIRST, 900, 1) for _ in x)) for x in crews]
    covers.append(Cover(frozenset().union(*crews), POST, ((FIRST, 900, 9),), ((FIRST, 900, 12),)))
    breaks = [
        BreakToPlace(who, 60, {s: weight(ORDER) * (s - FIRST) for s in range(FIRST, 841 if who[1] == "2" else 631, 5)})
        for who in sorted(x for crew in crews for x in crew)
    ]
    found = search(breaks, covers, FIRST, 900, 5)
    assert of_level(found.cost, EMPTY) == 4 * 30
    assert found.proven >= POST
    assert found.nodes < 700, "the first proof took all of its 4,000 nodes without it"


def test_the_first_plan_is_made_better_before_anything_is_tried() -> None:
    """Who has the fewest good places chooses first, and left 60 minutes without anybody; two moved at once leave 30."""
    breaks = [BreakToPlace(f"S{n}", length, choices(length, 3 - n)) for n, length in enumerate((45, 45, 60))]
    both, all_three = frozenset({"S0", "S1"}), frozenset({"S0", "S1", "S2"})
    covers = [
        Cover(both, EMPTY, ((FIRST, 645, 1), (660, LAST, 1)), ((FIRST, LAST, 2),)),
        Cover(all_three, EMPTY, ((FIRST, 660, 2), (660, LAST, 2)), ((FIRST, LAST, 3),)),
    ]
    found = search(breaks, covers, FIRST, LAST, CELL, (1, 1, 1))
    assert of_level(found.cost, EMPTY) == of_level(least(breaks, covers), EMPTY) == 30
    assert found.cost == cost_of(breaks, covers, dict(found.starts))


def test_people_alike_go_in_their_order() -> None:
    crew = frozenset(f"S{n}" for n in range(4))
    cover = Cover(crew, EMPTY, ((FIRST, LAST, 3),), tuple((FIRST, LAST, 1) for _ in crew))
    found = search([BreakToPlace(f"S{n}", 30, choices(30, 4 - n)) for n in range(4)], [cover], FIRST, LAST, CELL)
    assert dict(found.starts) == {"S0": 600, "S1": 630, "S2": 660, "S3": 690}
    assert (found.cost >> (24 * 3), found.proven) == (0, ORDER)
