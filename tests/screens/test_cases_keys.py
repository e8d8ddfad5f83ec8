"""Keys for what goes to city staff: handed over, taken, settled, and who of the city is there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from floorctl.usecases.retraction import retract
from tests.screens.harness import console, joined, open_day
from tests.story import Story, kumagaya

DAY = open_day(officials=2)
NOBODY = open_day(officials=0)


def at_t6() -> Story:
    return Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01")


def case(matter: str = "proxy", number: str = "E-7", at: str = "09:02") -> Story:
    return Story(prefix="e").tells("escalation.raised", at, escalation=number, matter=matter, terminal="T6")


async def test_a_case_is_handed_over_by_terminal_and_digit(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, at_t6()), at="09:05") as c:
        await c.press("6")
        for n, matter in enumerate(kumagaya().matters, 1):
            await c.press("e", str(n))
            expected = {"escalation": f"E-{n}", "matter": matter.code, "terminal": "T6", "ticket": "B041", "note": ""}
            assert c.wrote() == [("escalation.raised", expected)]
            assert c.message == f"T6 B041 市職員へ引継ぎ {matter.short}   u 取消"
            c.sees(f"市職員待ち {n}件", "市待ち", "未対応")


async def test_a_case_of_the_hall_needs_no_terminal(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("e", "5")
        assert c.wrote()[0][1] == {"escalation": "E-1", "matter": "fee", "terminal": None, "ticket": None, "note": ""}
        c.sees("手数料の徴収決定", "--")


async def test_without_city_staff_in_the_hall_desk_3_is_named(tmp_path: Path) -> None:
    async with console(tmp_path, joined(NOBODY, at_t6()), at="09:05") as c:
        await c.press("6", "e", "4")
        assert c.kinds() == ["escalation.raised"]
        assert "会場に市職員がいません" in c.message and "3番窓口" in c.message
        c.sees("不在 引継ぎ待ち 1件")


async def test_taken_then_settled_by_the_official_who_took_it(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, at_t6(), case()), at="09:05") as c:
        await c.press("tab", "enter")
        c.sees("E-7 代理人来庁時の対応", "市職員が対応を始めた", "決定 可")
        await c.press("1")
        c.sees("どの市職員ですか", "市職員 C1", "市職員 C2")
        await c.press("2")
        assert c.wrote() == [("escalation.taken", {"escalation": "E-7", "official": "C2"})]
        c.sees("対応中 C2")
        await c.press("enter")
        assert "市職員が対応を始めた" not in c.text()
        await c.press("1")
        # An empty official stands for the one who took it.
        assert c.wrote() == [("escalation.settled", {"escalation": "E-7", "outcome": "approved", "official": "C2"})]
        c.sees("市職員待ち 0件", "E-7 可")


@pytest.mark.parametrize(
    ("digit", "outcome", "asks"),
    [("2", "approved", True), ("3", "declined", True), ("4", "desk3", False), ("5", "withdrawn", False)],
)
async def test_only_the_city_decides(tmp_path: Path, digit: str, outcome: str, asks: bool) -> None:
    async with console(tmp_path, joined(DAY, at_t6(), case()), at="09:05") as c:
        await c.press("tab", "enter", digit)
        if asks:
            assert c.kinds() == []
            c.sees("どの市職員ですか")
            await c.press("1")
        fields = {"escalation": "E-7", "outcome": outcome, "official": "C1" if asks else ""}
        assert ("escalation.settled", fields) in c.wrote(2)
        assert c.told()[0].escalations["E-7"].state == "settled"
        # To desk 3 the customer goes too; whatever else was decided, they stay at the terminal.
        assert c.told()[0].terminals["T6"].ticket == (None if outcome == "desk3" else "B041")


async def test_an_official_by_another_code(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, at_t6(), case()), at="09:05") as c:
        await c.press("tab", "enter", "1", "3")
        await c.enters("K12")
        assert c.wrote() == [("escalation.taken", {"escalation": "E-7", "official": "K12"})]


@pytest.mark.parametrize("gone", ["taken back", "its day is over"])
async def test_a_case_that_is_gone_while_its_box_is_open_is_said(tmp_path: Path, gone: str) -> None:
    async with console(tmp_path, joined(DAY, at_t6(), case()), at="09:05") as c:
        await c.press("tab", "enter")
        c.sees("E-7 代理人来庁時の対応", "3番窓口へ案内")
        if gone == "taken back":
            other = c.beside()
            raised = next(e for e in c.floor.entries if e.kind == "escalation.raised")
            retract(other, {"target": raised.fact.id, "target_source": raised.source, "reason": "入力の誤り"})
            other.close()
        else:
            await c.at("08:20", date(2026, 9, 15))
        await c.until(lambda: "E-7" not in c.floor.escalations, "the end of the case")
        await c.press("4")
        assert "E-7" in c.message and "escalation.settled" not in c.kinds()


async def test_cases_from_the_list_of_the_day(tmp_path: Path) -> None:
    lines = joined(
        DAY, at_t6(), case(), Story(prefix="f").tells("escalation.raised", "09:01", escalation="E-8", matter="fee")
    )
    async with console(tmp_path, lines, at="09:05") as c:
        await c.press("f3")
        c.sees("市職員への引継ぎ", "2件", "E-7", "E-8", "代理人", "手数料")
        await c.press("down", "enter", "1", "1")
        assert c.wrote() == [("escalation.taken", {"escalation": "E-7", "official": "C1"})]
        await c.press("up", "enter", "5")
        assert c.wrote() == [("escalation.settled", {"escalation": "E-8", "outcome": "withdrawn", "official": ""})]
        await c.press("down", "enter")
        assert c.message == "E-8 は 取下げ で決定しています（直すときは l の記録から取り消します）"
        await c.press("escape")
        c.sees("在席 12名")


async def test_officials_in_the_hall(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("o")
        c.sees("会場にいる市職員の人数", "いま 2名")
        await c.press("1", "enter")
        assert c.wrote() == [("officials.changed", {"present": 1})]
        c.sees("市職員 1名")
        await c.press("o", "1", "enter")
        assert len(c.kinds()) == 1
        assert "変わりはありません" in c.message
        await c.press("o", "0", "enter")
        c.sees("市職員 0名", "不在 引継ぎ待ち 0件")


async def test_presence_of_staff_by_the_panel_and_by_the_list(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("tab", "tab", "tab", "down", "enter")
        c.sees("S02 の状況", "いま 在席")
        await c.press("4")  # 休憩
        c.sees("S02 の休憩", "60分（10:05 まで）", "45分（09:50 まで）")
        assert c.kinds() == []
        await c.press("2")
        assert c.wrote(2) == [
            ("staff.changed", {"staff": "S02", "status": "on_break", "reason": "", "until": "09:50"}),
            ("terminal.staffed", {"terminal": "T2", "staff": None}),
        ]
        c.sees("在席 11名", "休憩 1", "担当なし")
        await c.press("f4")
        c.sees("役割", "状況", "S02", "休憩", "09:50")
        await c.press("down", "enter", "1")
        assert c.wrote() == [("staff.changed", {"staff": "S02", "status": "present", "reason": "", "until": None})]
