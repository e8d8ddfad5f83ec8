"""Loans of terminals on the board at every width: lent, with its own lane, in words; and the permission of the day before."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from floorctl.console.state import ConsoleState
from floorctl.intake.site_file import load_site
from floorctl.screens.results.view import ResultView
from tests.halls import opened, queue
from tests.other_sites import DAY, path_of, site_of
from tests.screens.harness import console, joined, open_day
from tests.screens.steps import told
from tests.screens.test_board_words import SMALL, USUAL, WIDTHS, cuts, drawn, hall, height, tiles
from tests.screens.test_other_sites import five_lanes
from tests.story import MONDAY, Story

TUESDAY = MONDAY + timedelta(days=1)
LENT, GOES, COMES, BACK = "応援中", "応援へ", "戻り", "本来は"


@cache
def loans() -> ConsoleState:
    """Return a hall with a free terminal that is lent (T2), one that goes (T3), one that serves (T4) and one on its way home (T5)."""
    story = queue(opened(issuance=3, certificate=5), "B", 20, "09:40")
    for n, terminal in enumerate(("T6", "T7", "T8"), 1):
        story.calls(f"B{n:03d}", terminal, "10:02")
    for n in range(1, 4):
        story.issues(f"A{n:03d}", "card_issuance", "09:50")
    story.calls("A001", "T3", "10:00").lends("T2", "certificate", "10:07").lends("T3", "certificate", "10:07")
    story.lends("T4", "issuance", "10:08").calls("A002", "T4", "10:09")
    story.lends("T5", "issuance", "10:08").calls("A003", "T5", "10:09").returns("T5", "10:10")
    story.tells("lending.permitted", "08:40", terminals=["T1", "T8"])
    return hall(story.entries(), "10:20")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_lent_terminal_is_seen_as_lent_at_every_width(width: int) -> None:
    said = tiles(drawn(loans(), width, height(width)))
    assert {code: words for code, words in said.items() if any(x in words for x in (LENT, GOES, COMES, BACK))}.keys() == {
        "T2", "T3", "T4", "T5",
    }  # fmt: skip
    assert BACK in said["T2"] or LENT in said["T2"]
    assert "応援へ" in said["T3"] and COMES in said["T5"]
    assert "空き" in said["T2"] and all("応対中" in said[x] for x in ("T3", "T4", "T5"))


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_its_own_lane_is_named_where_there_is_room(width: int) -> None:
    said = {code: "".join(words.split()) for code, words in tiles(drawn(loans(), width, height(width))).items()}
    assert "本来は交付" in said["T2"]


@pytest.mark.parametrize("width", WIDTHS[2:])
def test_nothing_is_cut_where_terminals_are_lent(width: int) -> None:
    assert cuts(drawn(loans(), width, height(width))) == []


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=str)
def test_both_lanes_say_who_helps_and_who_is_away(size: tuple[int, int]) -> None:
    shown = drawn(loans(), *size).text()
    assert "4台（うち応援2台・T2 は応援に）" in shown or "（応援2・応援へ1）" in shown, shown
    assert "4台（うち応援1台・T4・T5 は応援に）" in shown or "4台（応援1）" in shown, shown


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=str)
def test_the_permission_of_the_day_stands_on_the_board(size: tuple[int, int]) -> None:
    shown = drawn(loans(), *size).text()
    assert "応援の許可 T1・T8" in shown
    assert "応援可" in tiles(drawn(loans(), *size))["T1"]


def test_a_number_is_never_cut_inside_beside_a_loan() -> None:
    story = Story(prefix="l").opens("08:30", **{f"T{n}": "certificate" for n in range(3, 9)})
    story.lends("T3", "issuance", "08:40").issues("20260914-交付-005", "card_issuance", "08:41")
    story.calls("20260914-交付-005", "T3", "08:50")
    state = hall(story.entries(), "09:00")
    for width in WIDTHS:
        assert "-005" in tiles(drawn(state, width, height(width)))["T3"], width


async def test_of_several_lanes_one_is_asked_for_with_who_waits_there(tmp_path: Path) -> None:
    site = five_lanes(tmp_path)
    lines = [
        {
            "id": f"o{n}",
            "at": f"{DAY}T08:3{n}:00+09:00",
            "kind": "terminal.staffed",
            "terminal": f"W{n}",
            "staff": f"S{n}",
        }
        for n in range(1, 7)
    ]
    opening = {"id": "o0", "at": f"{DAY}T08:30:00+09:00", "kind": "day.opened", "officials": 1, "allocation": {}}
    waits = {"id": "o9", "at": f"{DAY}T09:00:00+09:00", "kind": "ticket.issued", "ticket": "Z001", "service": "s_gamma"}
    async with console(tmp_path, [opening, *lines, waits], at="10:00", day=DAY, site=site, size=(80, 24)) as c:
        await c.press("2", ":")
        c.sees("W2 をどこの応援に出しますか", "とちり  待ち 1人", "本来はにほへ")
        c.clean()
        choice = c.state.pending.choice
        assert [x for x, _ in choice.options] == ["alpha", "gamma", "delta", "eps"] and choice.at == 1
        await c.press("enter")
        assert c.wrote() == [("terminal.lent", {"terminal": "W2", "lane": "gamma", "reason": ""})]


async def test_more_terminals_than_keys_are_permitted_with_the_arrows(tmp_path: Path) -> None:
    """Forty terminals, of which each may help: the first ones have a key, the last ones the cursor."""
    added = "".join(
        f'\n[[terminals]]\ncode = "W{n:02d}"\nname = "端末{n}"\nlanes = ["handout", "renew"]\nlane = "renew"\n'
        for n in range(10, 50)
    )
    path = tmp_path / "site.toml"
    path.write_text(path_of("minami").read_text(encoding="utf-8") + added, encoding="utf-8")
    async with console(tmp_path, at="10:00", day=DAY, site=load_site(path), size=(80, 24)) as c:
        await c.press(":")
        c.sees("応援の許可")
        c.clean()
        await c.press("up", " ")
        c.sees("[許可]  W49")
        await c.press("enter")
        assert c.wrote() == [("lending.permitted", {"terminals": ("W49",)})]


async def test_a_site_without_moving_terminals_says_so(tmp_path: Path) -> None:
    async with console(tmp_path, at="10:00", day=DAY, site=site_of("hitotsu"), size=(80, 24)) as c:
        await c.press(":")
        assert "列を移る端末がありません" in c.message


def before() -> list[dict[str, object]]:
    """Return a Monday on which T2 and T5 were permitted."""
    story = Story(prefix="b").opens("08:30").issues("B001", at="09:00")
    story.tells("lending.permitted", "08:40", terminals=["T2", "T5"])
    return story.lines


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=str)
async def test_the_permission_of_the_day_before_is_proposed_and_not_given_by_itself(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with console(tmp_path, before(), at="08:20", day=TUESDAY, size=size) as c:
        assert not c.floor.lend_permit
        await c.press("enter")
        assert "応援の許可はまだ（前回 T2・T5、: で決める）" in c.state.pending.choice.prompt
        c.clean()
        await c.press("escape", ":")
        c.sees("[許可]  T2", "[    ]  T3", "[許可]  T5", "Enter でこのまま許可")
        c.clean()
        await c.press("escape")
        assert c.kinds() == []
        await c.press(":", "enter")
        assert c.wrote() == [("lending.permitted", {"terminals": ("T2", "T5")})]
        await c.press(":", "0", "enter", ":")
        c.sees("[    ]  T2")  # what was said today holds, and nobody is asked about the day before


async def test_a_permission_that_was_taken_back_is_not_proposed(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="10:00") as c:
        await c.press(":", "2", "enter", "u", "t", "2")
        assert c.kinds()[-1] == "ticket.issued"
        await c.at("08:20", TUESDAY)
        await c.until(lambda: c.floor.day == TUESDAY, "the next day")
        await c.press(":")
        c.sees("[    ]  T2")


async def test_the_loans_of_the_day_are_counted(tmp_path: Path) -> None:
    story = Story(prefix="l").lends("T1", "certificate", "09:00").returns("T1", "09:20")
    story.lends("T1", "certificate", "09:30")
    async with console(tmp_path, joined(open_day(), story), at="10:00") as c:
        await c.press("f7")
        c.sees("応援 2回  計50分")
        view = c.frame.view
        assert isinstance(view, ResultView)
        await c.press("tab", "tab", "tab")
        assert next(r.cells for r in view.rows(c.state) if r.key == "loans")[1][0] == "2"
        await c.press(";")
        c.sees("今日の応援", "2回", "計50分")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_the_loans_of_the_day_are_seen_where_a_card_has_no_room_for_all_its_lines(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    story = Story(prefix="l").lends("T1", "certificate", "09:00").returns("T1", "09:20")
    async with console(tmp_path, joined(open_day(), story), at="10:00", size=size) as c:
        await c.press("f7")
        c.sees("応援 1回  計20分")


async def test_a_loan_by_somebody_else_is_seen_at_once(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="10:00") as c:
        await told(c, "terminal.lent", terminal="T1", lane="certificate")
        c.sees("うち応援1台", "本来は交付")
        await told(c, "terminal.returned", terminal="T1", reason="交付で1人が待っています")
        assert "うち応援1台" not in c.text()
        c.sees("応援から戻る")
