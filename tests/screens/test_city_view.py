"""F3: cases handed to the resident officials, from the first second to the city's answer; and who of the city is there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from floorctl.models.site.site import Site
from floorctl.screens.cases.view import CityView
from tests.screens.harness import Console, console, joined, open_day
from tests.story import Story, a_day

FIFTH_SATURDAY = date(2026, 8, 29)  # the venue is open, the main building is not


def customers() -> Story:
    """B041 is served at T6, A001 at T1."""
    story = Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01")
    return story.issues("A001", "card_issuance", at="09:02").calls("A001", "T1", "09:03")


def case(code: str, matter: str, at: str, **more: Any) -> Story:
    return Story(prefix=code).tells("escalation.raised", at, escalation=code, matter=matter, **more)


def two_cases() -> list[dict[str, Any]]:
    """E-1 of T6 is open since 9:04; E-2 of T1 since 9:05, taken by C2 at 9:06."""
    taken = Story(prefix="x").tells("escalation.taken", "09:06", escalation="E-2", official="C2")
    first = case("E-1", "pin_entry", "09:04", terminal="T6", ticket="B041", note="委任状の写しあり")
    second = case("E-2", "cert_decision", "09:05", terminal="T1", ticket="A001")
    return joined(open_day(2), customers(), first, second, taken)


def shown(c: Console, code: str) -> dict[str, tuple[str, str]]:
    """A row of the table by the titles of its columns: (words, role)."""
    view = c.frame.view
    assert isinstance(view, CityView)
    cells = next(r.cells for r in view.rows(c.state) if r.key == code)
    return {col.title: cell for col, cell in zip(view.columns, cells, strict=True)}


def cards(c: Console) -> str:
    """The line of the terminals with their states on the board."""
    return next(r for r in c.rows() if "T1 " in r and "T8 " in r)


# ---- three instants, two intervals, an age from the first second


async def test_the_age_runs_from_the_first_second_with_amber_and_red_of_the_site(tmp_path: Path, site: Site) -> None:
    async with console(tmp_path, joined(open_day(), customers()), at="09:04") as c:
        await c.press("6", "e", "3", "f3")
        assert shown(c, "E-1")["待ち"] == ("0:00", "strong")
        th = site.thresholds
        assert (th.escalation_amber_s, th.escalation_red_s) == (180, 300)
        for at, words, role in (
            ("09:04:01", "0:00", "strong"),  # the hand took a few milliseconds
            ("09:04:08", "0:07", "strong"),
            ("09:07:00", "2:59", "strong"),
            ("09:07:01", "3:00", "warn"),
            ("09:09:00", "4:59", "warn"),
            ("09:09:01", "5:00", "bad"),
            ("10:09:01", "1:05:00", "bad"),
        ):
            await c.at(at)
            assert shown(c, "E-1")["待ち"] == (words, role), at
            c.sees(words)
        c.sees("3分で注意 5分で超過")


async def test_three_instants_and_both_intervals(tmp_path: Path) -> None:
    async with console(tmp_path, two_cases(), at="09:08") as c:
        await c.press("f3")
        found = shown(c, "E-2")
        assert [found[x][0] for x in ("引継", "対応", "決定")] == ["09:05", "09:06", "-"]
        assert (found["待ち"][0], found["対応に"][0]) == ("1:00", "2:00")
        await c.press("down", "enter", "1")
        await c.at("09:30")
        found = shown(c, "E-2")
        assert [found[x][0] for x in ("引継", "対応", "決定")] == ["09:05", "09:06", "09:08"]
        assert (found["待ち"][0], found["対応に"][0]) == ("1:00", "2:00")
        assert found["状態"][0] == "可 C2"
        c.sees("電子証明書発行・更新の可否判断", "引継 09:05:00  対応 09:06:00", "可 09:08:00 C2")
        e = c.told()[0].escalations["E-2"]
        assert None not in (e.raised_at, e.taken_at, e.settled_at)
        await c.press("enter")
        assert "E-2 は 可 で決定しています" in c.message


async def test_the_terminal_waits_for_the_city_and_keeps_its_customer(tmp_path: Path) -> None:
    async with console(tmp_path, two_cases(), at="09:08") as c:
        assert cards(c).count("市待ち") == 2
        await c.press("f3", "enter", "2", "1")
        assert c.wrote() == [("escalation.settled", {"escalation": "E-1", "outcome": "approved", "official": "C1"})]
        await c.press("f2")
        assert cards(c).count("市待ち") == 1
        floor = c.told()[0]
        assert (floor.terminals["T6"].ticket, floor.tickets["B041"].state) == ("B041", "serving")


async def test_five_kinds_by_digit_and_the_asking_apart(tmp_path: Path, site: Site) -> None:
    async with console(tmp_path, open_day(), at="09:04") as c:
        await c.press("f3")
        for n in range(1, 7):
            await c.press("e", str(n))
        floor = c.told()[0]
        matters = [e.matter for e in floor.escalations.values()]
        assert matters == ["identity", "cert_decision", "pin_entry", "proxy", "fee", "inquiry"]
        c.sees("決定待ち 6件", *(m.short for m in site.matters))


# ---- only the city decides, and nothing else


@pytest.mark.parametrize(("digit", "outcome"), [("2", "approved"), ("3", "declined")])
async def test_the_official_who_decided_is_asked_where_several_are_there(
    tmp_path: Path, digit: str, outcome: str
) -> None:
    async with console(tmp_path, two_cases(), at="09:08") as c:
        await c.press("f3", "enter", digit)
        c.sees("どの市職員ですか", "いま会場に 2名", "市職員 C1", "市職員 C2")
        assert c.kinds() == []
        await c.press("2")
        assert c.wrote() == [("escalation.settled", {"escalation": "E-1", "outcome": outcome, "official": "C2"})]


async def test_another_official_by_a_typed_code(tmp_path: Path) -> None:
    async with console(tmp_path, two_cases(), at="09:08") as c:
        await c.press("f3", "enter", "1", "3")
        await c.type("ｋ１２")  # the IME is on
        await c.press("enter")
        assert c.wrote() == [("escalation.taken", {"escalation": "E-1", "official": "K12"})]
        await c.press("home", "down", "enter", "1")  # taken by C2, decided by C2: nobody is asked
        assert c.wrote()[0][1]["official"] == "C2"
        await c.press("e", "1", "end", "home", "down", "enter", "2")
        assert [x for x, _ in c.state.pending.choice.options] == ["C1", "C2", "K12", "+"]


async def test_nothing_that_the_city_could_press_moves_a_worker(tmp_path: Path) -> None:
    """A case ends by the city's answer, by desk 3 or by withdrawal; no answer writes a fact about staff or terminals."""
    answers = {"taken", "approved", "declined", "desk3", "withdrawn"}
    async with console(tmp_path, two_cases(), at="09:08") as c:
        await c.press("f3", "enter")
        assert {x for x, _ in c.state.pending.choice.options} == answers
        await c.press("escape", "down", "enter")
        assert {x for x, _ in c.state.pending.choice.options} == answers - {"taken"}
        await c.press("escape")
        foot = {m.partition(":")[2] for _, m in c.frame.picture.targets if m.startswith("action:")}
        assert foot == {"escalate", "desk3", "officials", "board", "undo", "help"}
        await c.press("home", "enter", "5")
        assert c.message.startswith("E-1 取下げ")
        assert c.kinds() == ["escalation.settled"]
        # The customer of a withdrawn case is still there.
        assert c.told()[0].terminals["T6"].ticket == "B041"


# ---- officials come and go


async def test_an_official_leaves_with_two_cases_open(tmp_path: Path) -> None:
    async with console(tmp_path, two_cases(), at="09:08") as c:
        await c.press("f3", "o", "1", "enter")
        c.sees("会場の市職員 1名  9:08 から", "9:08 から 1名", "8:30 から 2名")
        # C2, who had taken E-2, may be the one who left: it is asked, the cursor on C2.
        await c.press("down", "enter", "1")
        c.sees("どの市職員ですか", "いま会場に 1名", "市職員 C2 対応していた")
        await c.press("1")
        assert c.wrote() == [("escalation.settled", {"escalation": "E-2", "outcome": "approved", "official": "C1"})]
        await c.press("u")
        # The last one leaves too: every open case proposes desk 3 by one key.
        await c.press("o", "0", "enter")
        assert all("g 3番窓口" in shown(c, code)["状態"][0] for code in ("E-1", "E-2"))
        await c.at("09:13:01")
        c.sees("会場の市職員 0名", "受付中の不在 5分")
        await c.press("enter")
        c.sees("3番窓口へ案内")
        assert c.state.pending.choice.options[c.state.pending.choice.at][0] == "desk3"


async def test_whether_anybody_was_there_at_all(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:10") as c:
        await c.press("f3")
        c.sees("会場の市職員 未入力", "受付中の不在 記録なし", "今日の引継ぎはありません")
        await c.press("o", "2", "enter")
        c.sees("会場の市職員 2名  8:10 から", "受付中の不在 なし")
        await c.press("o", "2", "enter")
        assert "変わりはありません" in c.message


async def test_nobody_since_the_opening_is_not_none_missing(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(0), at="09:08") as c:
        await c.press("f3")
        c.sees("会場の市職員 0名", "受付中の不在 記録なし")


# ---- 市民課3番窓口


async def test_desk_3_by_one_key_takes_the_customer_along_and_one_undo_brings_both_back(tmp_path: Path) -> None:
    gone = Story(prefix="z").tells("officials.changed", "09:07", present=0)
    async with console(tmp_path, joined(two_cases(), gone), at="09:08") as c:
        await c.press("f3", "down", "g")
        assert c.wrote(2) == [
            ("escalation.settled", {"escalation": "E-2", "outcome": "desk3", "official": ""}),
            ("ticket.finished", {"ticket": "A001", "terminal": "T1", "outcome": "desk3", "work": {}}),
        ]
        assert c.message.startswith("E-2 T1 A001 市民課3番窓口へ案内")
        floor = c.told()[0]
        assert (floor.terminals["T1"].ticket, floor.tickets["A001"].outcome) == (None, "desk3")
        await c.press("u")
        floor = c.told()[0]
        assert (floor.terminals["T1"].ticket, floor.tickets["A001"].state) == ("A001", "serving")
        assert floor.escalations["E-2"].state == "taken"
        # The list's own answer is the same act.
        await c.press("enter", "3")
        assert [k for k, _ in c.wrote(2)] == ["escalation.settled", "ticket.finished"]
        # On the board the oldest goes.
        await c.press("f2", "g")
        assert c.told()[0].tickets["B041"].outcome == "desk3"
        await c.press("g")
        assert c.message == "3番窓口へ: 決定待ちの案件がありません"


async def test_a_case_that_names_no_ticket_is_of_who_was_at_the_terminal(tmp_path: Path) -> None:
    lines = joined(open_day(0), customers(), case("E-1", "proxy", "09:04", terminal="T6"))
    async with console(tmp_path, lines, at="09:08") as c:
        await c.press("f3", "g")
        assert c.wrote()[0] == ("ticket.finished", {"ticket": "B041", "terminal": "T6", "outcome": "desk3", "work": {}})


async def test_who_was_called_after_the_hand_over_stays(tmp_path: Path) -> None:
    later = Story(prefix="l").finishes("B041", "T6", "09:05").issues("B042", at="09:05").calls("B042", "T6", "09:06")
    lines = joined(open_day(0), customers(), case("E-1", "proxy", "09:04", terminal="T6"), later)
    async with console(tmp_path, lines, at="09:08") as c:
        await c.press("f3", "g")
        assert c.kinds() == ["escalation.settled"]
        assert c.told()[0].terminals["T6"].ticket == "B042"


async def test_two_cases_of_one_customer_go_together(tmp_path: Path) -> None:
    proxy = case("E-1", "proxy", "09:04", terminal="T6", ticket="B041")
    fee = case("E-2", "fee", "09:05", terminal="T6", ticket="B041")
    other = case("E-3", "fee", "09:05", terminal="T1", ticket="A001")
    async with console(tmp_path, joined(open_day(0), customers(), proxy, fee, other), at="09:08") as c:
        await c.press("f3", "g")
        assert c.message.startswith("E-1・E-2 T6 B041 市民課3番窓口へ案内")
        assert [e.code for e in c.told()[0].open_escalations()] == ["E-3"]
        await c.press("u")
        assert len(c.told()[0].open_escalations()) == 3
        assert c.told()[0].terminals["T6"].ticket == "B041"


async def test_when_the_main_building_is_closed_desk_3_is_asked_with_the_cursor_on_no(tmp_path: Path) -> None:
    story = a_day(FIFTH_SATURDAY, prefix="o").opens("08:30", 1).issues("B041", at="09:00").calls("B041", "T6", "09:01")
    story.tells("escalation.raised", "09:02", escalation="E-1", matter="proxy", terminal="T6", ticket="B041")
    async with console(tmp_path, story, at="09:05", day=FIFTH_SATURDAY) as c:
        await c.press("f3", "o", "0", "enter")
        c.sees("本庁舎は閉庁 3番窓口なし", "g 要確認")
        n = len(c.facts())
        await c.press("g", "enter")
        assert c.state.pending.choice is None and len(c.facts()) == n
        await c.press("g")
        c.sees("本庁舎は閉庁日", "いいえ", "案内する（市に確かめた）")
        await c.press("g")  # the key that began is not the one that confirms
        assert c.state.pending.choice is not None and len(c.facts()) == n
        await c.press("2")
        assert [k for k, _ in c.wrote(2)] == ["escalation.settled", "ticket.finished"]
        assert "本庁舎は閉庁日です" in c.message


# ---- the screen itself


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_at_every_size_everything_has_its_place(tmp_path: Path, size: tuple[int, int]) -> None:
    async with console(tmp_path, two_cases(), at="09:08", size=size) as c:
        await c.press("f3")
        c.clean()
        c.sees(
            "決定待ち 2件", "待ち", "対応に", "状態", "E-1", "依頼書入力", "4:00", "未対応", "1:00", "2:00", "対応中"
        )
        await c.press("o", "0", "enter")
        c.clean()
        c.sees("会場の市職員 0名", "本庁舎は開庁日", "8:30 から 2名", "受付中の不在", "g 3番窓口")
        if size[0] == 120:
            c.sees("暗証番号設定依頼書による暗証番", "委任状の写しあり")
        await c.press("enter")
        c.clean()
        c.sees("E-1 暗証番号設定依頼書による暗証番号入力", "取下げ")


async def test_the_first_click_chooses_the_second_opens(tmp_path: Path) -> None:
    async with console(tmp_path, two_cases(), at="09:08") as c:
        await c.press("f3")
        await c.click_on("E-2")
        assert c.frame.view.case() == "E-2" and c.state.pending.choice is None
        await c.click_on("発行可否")
        c.sees("E-2 電子証明書発行・更新の可否判断")
        await c.click_on("市の決定 否")
        assert c.wrote() == [("escalation.settled", {"escalation": "E-2", "outcome": "declined", "official": "C2"})]
