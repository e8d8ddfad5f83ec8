"""The card stock as counts: what is expected, what differs, what is said (SPEC 2.3)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from floorctl.common.privacy import check
from floorctl.models.board.card_stock import cards_issued, difference, expected
from floorctl.models.board.checklist import checklist
from tests.story import MONDAY, Desk, Story, a_day, instant, kumagaya

FRIDAY = date(2026, 9, 11)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The day after a Friday that left 20 cards."""
    found = Desk(tmp_path / "f.db", kumagaya(), at="08:30", day=FRIDAY).opens()
    found.at("17:10", FRIDAY).does("cards.counted", received=30, issued=0, returned=10, left=20)
    return found.at("08:30", MONDAY).opens()


def served(story: Story, n: int, cards: int = 1, **more: object) -> Story:
    for i in range(n):
        number = f"A9{len(story.lines):02d}{i}"
        story.issues(number, "card_issuance", f"9:{i:02d}", cards=cards).calls(number, "T1", f"10:{i * 2:02d}")
        story.finishes(number, "T1", f"10:{i * 2 + 1:02d}", **more)
    return story


def hears(desk: Desk, story: Story) -> None:
    desk.at("17:10").hears(story)


def counted(desk: Desk, received: int, issued: int, returned: int, left: int) -> list[str]:
    desk.does("cards.counted", received=received, issued=issued, returned=returned, left=left)
    return list(desk.session.warnings)


def test_the_stock_goes_from_day_to_day(desk: Desk) -> None:
    due = expected(desk.floor, desk.session.register())
    assert due == (20, FRIDAY, 0)
    hears(desk, served(a_day(), 2, cards=2))
    assert expected(desk.floor, desk.session.register()).issued == 4
    assert counted(desk, 5, 4, 1, 20) == []
    assert desk.session.register().cards[MONDAY].left == 20


def test_a_missing_card_is_said_with_its_figures(desk: Desk) -> None:
    hears(desk, served(a_day(), 2))
    (said,) = counted(desk, 10, 2, 0, 27)
    assert "残 27枚、計算上は 28枚（1枚不足）" in said and "--category personal_info" in said
    found = difference(desk.floor, desk.session.register(), desk.session.register().cards[MONDAY])
    assert found is not None and (found.missing, found.issued, found.category) == (1, 0, "personal_info")
    assert check(found.text, "概要") == found.text, "the draft passes the guard"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((10, 2, 0, 29), "1枚多い"), ((10, 3, 0, 27), "交付 3枚、記録は 2枚（1枚多い）"), ((10, 1, 0, 29), "1枚少ない")],
)
def test_a_mere_difference_is_another_matter(desk: Desk, numbers: tuple[int, int, int, int], words: str) -> None:
    hears(desk, served(a_day(), 2))
    (said,) = counted(desk, *numbers)
    assert words in said and "--category other" in said


def test_the_first_count_has_nothing_before_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "f.db", kumagaya()).opens().at("17:10")
    assert expected(desk.floor, desk.session.register()).left_before is None
    assert counted(desk, 50, 0, 0, 50) == []


def test_hand_tallies_count_for_what_had_no_ticket() -> None:
    story = served(a_day().opens("08:30"), 3, work={"issuance_new": 1})
    assert cards_issued(story.floor()) == 3
    story.tells("work.counted", "11:00", item="issuance_renewal", count=2)
    assert cards_issued(story.floor()) == 5


def test_tallies_of_the_same_cards_are_not_added() -> None:
    """No ticket says its work, and the day's tally reaches the tickets: it is the count of these cards."""
    story = served(a_day().opens("08:30"), 3)
    story.tells("work.counted", "11:00", item="issuance_renewal", count=2)
    assert cards_issued(story.floor()) == 5
    story.tells("work.counted", "11:01", item="issuance_new", count=2)
    assert cards_issued(story.floor()) == 4


def test_what_was_not_done_hands_over_nothing() -> None:
    story = served(a_day().opens("08:30"), 2, outcome="desk3")
    story.issues("B001", "cert_renewal", "9:30").calls("B001", "T3", "9:31").finishes("B001", "T3", "9:40")
    assert cards_issued(story.floor()) == 0


def test_a_recount_and_a_withdrawal(desk: Desk) -> None:
    desk.at("17:10")
    counted(desk, 0, 0, 0, 19)
    (entry,) = desk.does("cards.counted", received=0, issued=0, returned=0, left=20)
    assert desk.session.warnings == []
    assert desk.session.register().cards[MONDAY].left == 20
    desk.takes_back(entry)
    assert desk.session.register().cards[MONDAY].left == 19
    # Late, for the day that it was counted on; and for the next day it is what was left before.
    desk.at("08:00", date(2026, 9, 15))
    desk.does("cards.counted", received=0, issued=0, returned=0, left=20, at=instant("17:12", MONDAY))
    assert expected(desk.floor, desk.session.register())[:2] == (20, MONDAY)


def test_the_count_opens_no_day(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "f.db", kumagaya(), at="08:00")
    desk.does("cards.counted", received=1, issued=0, returned=0, left=1)
    assert desk.floor.opened_at is None
    desk.at("08:00", date(2026, 9, 20)).refuses("cards.counted", "開場日では", received=1, issued=0, returned=0, left=1)


def test_the_closing_checklist_shows_it(desk: Desk) -> None:
    def item() -> tuple[bool, str]:
        found = checklist(desk.floor, desk.session.register(), "closing", desk.clock())
        x = next(x for x in found if x.item.code == "card_stock")
        return x.done, x.note

    assert item() == (False, "F9 で入れる")
    desk.at("17:10")
    counted(desk, 0, 0, 0, 20)
    assert item() == (True, "残 20枚")
    counted(desk, 0, 0, 0, 18)
    assert item() == (True, "残 18枚、計算上は 20枚（2枚不足）")
