"""F4, as the site manager with a full hall uses it: roll call, late and absent, the charge, places, breaks, vacancies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from floorctl.screens.people.handover_brief import BriefView
from floorctl.screens.people.view import PeopleView
from tests.screens.harness import Console, Lines, console, joined, open_day
from tests.screens.team import CODES, NAMES, at_work, person, write_team
from tests.story import Story, instant


def status(c: Console, code: str) -> str:
    """A person's status as the file tells it."""
    held = c.told()[0].staff.get(code)
    return held.status if held else "-"


def row(c: Console, code: str) -> str:
    """The row of a person on the screen."""
    return next(r for r in c.rows() if r.startswith(f" {code} "))


async def take_charge(c: Console, code: str = "S00") -> None:
    """Somebody has the charge of 現場責任者, recorded beside."""
    session = c.beside("console")
    session.act("charge.taken", {"staff": code})
    session.close()
    await c.until(lambda: c.floor.holder() == code, "the charge")
    await c.settle()


@asynccontextmanager
async def pointed_at(
    folder: Path, code: str, lines: Story | Lines = (), *, at: str, in_charge: bool = False
) -> AsyncIterator[Console]:
    """A console with the whole team, on whose F4 the cursor stands on this person (who has the charge)."""
    write_team(folder)
    async with console(folder, lines, at=at) as c:
        if in_charge:
            await take_charge(c, code)
        await person(c, code)
        yield c


# ---- roll call


@pytest.mark.parametrize("absent", ["S00", "S06", "S12"])
async def test_a_roll_call_of_thirteen_with_one_absent_takes_six_keys_at_most(tmp_path: Path, absent: str) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at="08:10") as c:
        await c.press("f4", "a")
        c.sees("いない人はいますか", "未点呼 13名", "残りの全員がいる")
        await c.press("123456789abcd"[CODES.index(absent)], "1", "1", "enter")
        assert c.pressed <= 6
        floor, _ = c.told()
        assert {s.code for s in floor.staff.values() if s.status == "present"} == {*CODES} - {absent}
        assert (floor.staff[absent].status, floor.staff[absent].reason) == ("absent", "本人から連絡")
        assert [v.staff for v in floor.vacancies] == [absent]
        # 現場責任者 takes the charge; where it is they who are missing, somebody has to be chosen.
        assert floor.holder() == (None if absent == "S00" else "S00")
        c.sees("在席 12", "欠勤 1")
        # The roll call is one act, the absence another.
        await c.press("u")
        assert [s.code for s in c.told()[0].staff.values()] == [absent]
        await c.press("u")
        assert not c.told()[0].staff and not c.told()[0].vacancies


async def test_who_comes_late_is_named_in_the_roll_call_with_the_time(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at="08:20") as c:
        await c.press("f4", "-", "1", "5", "enter", "a", "3", "2")
        c.sees("鈴木 は何時に来ますか", "10分後（08:30）")
        await c.press("5")
        await c.enters("９３０")
        # The fact's own time is that of the notice.
        late = c.last().fact
        assert late.at.replace(microsecond=0) == instant("08:05")
        assert c.wrote() == [("staff.changed", {"staff": "S02", "status": "late", "reason": "", "until": "09:30"})]
        c.sees("いない人はいますか", "未点呼 12名")
        await c.press("enter")
        assert (status(c, "S02"), status(c, "S03")) == ("late", "present")
        assert "遅刻 8:05  09:30" in row(c, "S02")
        await c.at("09:31")
        await person(c, "S02")
        await c.press("1")
        assert c.told()[0].staff["S02"].at_work
        assert "在席 9:31" in row(c, "S02")


async def test_no_time_is_no_answer(tmp_path: Path) -> None:
    async with pointed_at(tmp_path, "S02", at="08:20") as c:
        await c.press("2", "5")
        await c.enters("25:70")
        c.sees("時刻を 9:05 か 0905 のように入れてください")
        assert c.kinds() == ["staff.registered"] * 13
        await c.press("escape")
        c.sees("S02 鈴木")
        assert isinstance(c.frame.view, PeopleView)


async def test_without_a_roster_the_roll_call_says_why(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:10") as c:
        await c.press("f4", "a")
        assert "名簿がありません" in c.message
        c.sees("まだ誰も記録されていません")


# ---- absence and vacancy


async def test_an_absence_opens_a_vacancy_and_a_substitute_ends_it(tmp_path: Path) -> None:
    write_team(tmp_path)
    lines = at_work(stands={"T1": "S01", "T2": "S02"}).lines
    lines = [x for x in lines if x.get("staff") != "S04"]
    async with console(tmp_path, lines, at="08:40") as c:
        await person(c, "S04")
        await c.press("-", "1", "0", "0", "3")
        c.sees("渡辺 の欠勤", "連絡の時刻は -N で遡れます")
        await c.press("1")
        assert [k for k, _ in c.wrote(2)] == ["staff.changed", "vacancy.opened"]
        assert {e.fact.at.replace(microsecond=0) for e in c.facts()[-2:]} == {instant("07:00")}
        # What counts is that nobody stood in while visitors were received: since 8:30, not since the call at seven.
        c.sees("渡辺 7:00〜 10分")
        await c.at("09:31")
        await c.press("z")
        c.sees("渡辺 の欠員に誰が入りますか", "本人が来た", "S11 斎藤")
        assert "S04" not in [code for code, _ in c.state.pending.choice.options]
        await c.press(c.state.pending.choice.keys[[code for code, _ in c.state.pending.choice.options].index("S11")])
        assert c.wrote() == [("vacancy.filled", {"staff": "S04", "substitute": "S11"})]
        c.sees("渡辺 7:00〜9:31 斎藤 1時間01分")
        await c.press("u")
        assert c.told()[0].vacancies[0].closed_at is None


async def test_who_was_absent_and_comes_ends_the_vacancy(tmp_path: Path) -> None:
    async with pointed_at(tmp_path, "S04", at="08:10") as c:
        await c.press("3", "2")
        await c.at("10:00")
        await c.press("1")
        assert [k for k, _ in c.wrote(2)] == ["staff.changed", "vacancy.filled"]
        assert c.message.startswith("渡辺 在席（欠員は終わり）")
        c.sees("渡辺 8:10〜10:00 本人")
        await c.press("u")
        assert status(c, "S04") == "absent" and c.told()[0].open_vacancy("S04") is not None
        await c.press("z", "1")  # the other way to say so
        assert status(c, "S04") == "present" and c.told()[0].open_vacancy("S04") is None


async def test_an_absence_before_a_record_of_presence_is_refused_with_the_reason(tmp_path: Path) -> None:
    """Else 在席 of the roll call would go on to hold, and nobody would see it."""
    write_team(tmp_path)
    async with console(tmp_path, at="08:10") as c:
        await c.press("f4", "a", "enter")
        await c.at("08:40")
        n = len(c.facts())
        await person(c, "S04")
        await c.press("-", "9", "0", "enter", "3")
        assert "渡辺 には後に 8:10 在席 の記録があります" in c.message
        assert c.state.pending.choice is None and c.state.pending.backdate_min == 0 and len(c.facts()) == n
        # A notice of coming late is another thing: they came at 8:10, and had said so.
        await c.press("-", "4", "0", "enter", "2", "1")
        assert "8:10 からの在席は変わりません" in c.message
        assert status(c, "S04") == "present"


# ---- the charge of 現場責任者


async def test_the_manager_goes_to_lunch_and_comes_back(tmp_path: Path) -> None:
    write_team(tmp_path)
    lines = joined(at_work(), Story(prefix="e").tells("escalation.raised", "11:58", escalation="E-1", matter="fee"))
    async with console(tmp_path, lines, at="11:00") as c:
        await take_charge(c)
        await c.press("m")
        await c.enters("記載台の鉛筆を補充")
        await c.at("12:00")
        await person(c, "S00")
        await c.press("4")
        c.sees("田島 の休憩", "あと 60分")
        await c.press("1")
        c.sees("現場責任者の職務を誰に引き継ぎますか", "S01 佐藤  T1", "S05 伊藤  T5")
        assert [code for code, _ in c.state.pending.choice.options] == [
            "S01",
            "S05",
        ]  # only who is eligible, and somebody
        await c.press("2")
        assert c.wrote(2) == [
            ("charge.taken", {"charge": "site_manager", "staff": "S05", "reason": ""}),
            ("staff.changed", {"staff": "S00", "status": "on_break", "reason": "", "until": "13:00"}),
        ]
        # The deputy sees the whole day: they have not held the charge before.
        assert isinstance(c.frame.view, BriefView)
        c.sees(
            "申し送り", "現場責任者の職務 伊藤", "記載台の鉛筆を補充", "E-1", "手数料", "休憩", "12:00から 13:00まで"
        )
        assert c.message.startswith("田島 休憩 〜13:00  責任者は 伊藤 へ")

        await c.at("12:30")
        await c.press("m")
        await c.enters("車いすの方が来庁予定")
        session = c.beside()
        session.act("incident.opened", {"category": "complaint", "summary": "順番への苦情"})
        session.act("terminal.assigned", {"terminal": "T3", "lane": "issuance", "reason": "更新が少ない"})
        session.close()
        await c.at("13:01")
        await person(c, "S00")
        await c.press("1")
        assert c.message.startswith("田島 在席  責任者は 伊藤（h で受け取る）")
        assert "60／60分" in row(c, "S00")
        await c.press("h", "enter")  # the cursor stands on who held it before
        assert c.wrote() == [("charge.taken", {"charge": "site_manager", "staff": "S00", "reason": ""})]
        c.sees(
            "現場責任者の職務 田島", "12:00 から後のこと", "車いすの方が来庁予定", "順番への苦情", "T3", "更新が少ない"
        )
        assert "記載台の鉛筆を補充" not in c.text()
        held = [(h.at.strftime("%H:%M"), h.staff) for h in c.told()[0].handovers]
        assert held == [("11:00", "S00"), ("12:00", "S05"), ("13:01", "S00")]
        await c.press("f4")
        c.sees("11:00 田島", "12:00 伊藤", "13:01 田島")
        assert "受付中の不在 2時間30分" in c.text()  # from 8:30 to 11:00 nobody held it


async def test_the_brief_reaches_back_and_forth_by_half_hours(tmp_path: Path) -> None:
    write_team(tmp_path)
    story = joined(at_work(), Story(prefix="o").tells("officials.changed", "09:40", present=1))
    async with console(tmp_path, story, at="11:00") as c:
        await take_charge(c)
        await c.press(";")
        c.sees("7:00 から後のこと", "市職員の人数", "1名")
        await c.press("left")
        assert c.message == "これより前の記録はありません"
        await c.press(*["right"] * 6)
        c.sees("10:00 から後のこと")
        assert "市職員の人数" not in c.text()
        await c.press(*["right"] * 9)
        c.sees("11:00 から後のこと", "待ち 0人")
        await c.press("left")
        c.sees("10:30 から後のこと")
        await c.press("enter")
        assert "見るだけの画面です" in c.message


async def test_leaving_the_charge_to_nobody_needs_a_reason_that_is_asked(tmp_path: Path) -> None:
    async with pointed_at(tmp_path, "S00", at_work(), at="10:00", in_charge=True) as c:
        await c.press("3", "1", "3")
        c.sees("代行者を置けない理由")
        await c.press("escape")
        assert status(c, "S00") == "present"
        await c.press("3", "1", "3")
        await c.enters("代行者2名が急病の対応中")
        reason = "本人から連絡、代行者2名が急病の対応中"
        assert c.wrote(2) == [
            ("staff.changed", {"staff": "S00", "status": "absent", "reason": reason, "until": None}),
            ("vacancy.opened", {"staff": "S00", "reason": reason}),
        ]
        assert "代行者を選任してください" in c.message
        assert c.told()[0].holder() is None
        await c.press("f2")
        c.sees("責任者", "不在")


async def test_the_manager_at_a_terminal_is_marked(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="12:00") as c:
        await take_charge(c)
        await person(c, "S00")
        await c.press("p", "3")
        assert c.wrote() == [("terminal.staffed", {"terminal": "T3", "staff": "S00"})]
        assert "責任者" in row(c, "S00") and "T3 兼務" in row(c, "S00")


# ---- places


async def test_nobody_without_authority_at_a_terminal_but_for_a_reason(tmp_path: Path) -> None:
    async with pointed_at(tmp_path, "S09", at_work(), at="10:00") as c:
        assert "権限・静脈なし" in row(c, "S09")
        await c.press("p", "3")
        c.sees("S09 を T3 に置けません", "操作者権限・静脈登録がありません")
        n = len(c.facts())
        await c.press("escape")
        assert len(c.facts()) == n and c.told()[0].terminals["T3"].staff == "S03"
        await c.press("p", "3")
        await c.enters("応援が着くまで")
        assert c.wrote(2) == [
            ("terminal.staffed", {"terminal": "A1", "staff": None}),
            ("terminal.staffed", {"terminal": "T3", "staff": "S09", "reason": "応援が着くまで"}),
        ]
        assert "理由とともに記録しました" in c.message
        assert c.told()[0].terminals["T3"].staff == "S09"


async def test_guidance_takes_a_person_from_the_terminal(tmp_path: Path) -> None:
    async with pointed_at(tmp_path, "S04", at_work(), at="10:00") as c:
        await c.press("n", "1")
        assert [k for k, _ in c.wrote(2)] == ["terminal.staffed", "staff.posted"]
        assert "受付案内" in row(c, "S04")
        await c.press("p", "4")
        assert "T4" in row(c, "S04") and "S04" not in c.told()[0].posts


# ---- breaks


async def test_a_break_that_would_empty_a_lane_is_refused_until_somebody_stands_in(tmp_path: Path) -> None:
    lines = at_work(stands={"T1": "S01", "T2": "S02", "T3": "S03"})
    async with pointed_at(tmp_path, "S03", lines, at="11:00") as c:
        await c.press("4", "1")
        assert "S03 を休憩にできません" in c.message and "電子証明書の窓口に誰もいなくなります" in c.message
        assert status(c, "S03") == "present" and c.told()[0].terminals["T3"].staff == "S03"
        c.sees("休憩の案", "高橋 60分 T3 交替要")
        await person(c, "S08")
        await c.press("p", "5")
        await person(c, "S03")
        await c.press("4", "1")
        assert [k for k, _ in c.wrote(2)] == ["staff.changed", "terminal.staffed"]
        assert "休憩 11:00 12:00" in row(c, "S03")


async def test_who_is_due_a_break_stands_in_red_with_the_time_without(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="08:40") as c:
        await c.press("f4")
        assert "0／60分" in row(c, "S04")
        await c.at("13:30")
        view = c.frame.view
        assert isinstance(view, PeopleView)
        broke = {r.key: r.cells[6] for r in view.rows(c.state)}
        assert broke["S04"] == ("未 5時間10分", "bad")
        c.sees("13:30 田島 60分")
        await person(c, "S04")
        await c.press("4", "1")
        await c.at("14:32")
        assert {r.key: r.cells[4] for r in view.rows(c.state)}["S04"] == ("14:30", "warn")  # should be back
        await c.press("1")
        assert "61／60分" in row(c, "S04")


# ---- names


async def test_without_a_roster_people_are_codes_of_the_facts(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="10:00") as c:
        await person(c, "S03")
        assert "T3" in row(c, "S03") and "名簿なし" not in c.text()
        await c.press("5", "1")
        assert c.wrote(2)[0] == ("staff.changed", {"staff": "S03", "status": "away", "reason": "", "until": "10:05"})
        await c.press("h")
        assert "site_manager S01" in [x for x, _ in c.state.pending.choice.options]  # anybody who is here
        await c.press("1")
        assert c.told()[0].holder() == "S01"


async def test_names_are_shown_where_kept_and_gone_when_erased_beside(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="10:00") as c:
        await take_charge(c)
        await c.press("f4")
        c.sees(*(f"{code} {name}" for code, name in NAMES.items()), "現場責任者 田島")
        session = c.beside()
        assert session.store.erase_surnames() == 13
        session.close()
        await c.until(lambda: not c.state.day.names, "the erasure")
        await c.settle()
        c.sees(*CODES, "現場責任者 S00")
        for view in ("f4", "f2", ";", "f3"):
            await c.press(view)
            assert not [name for name in NAMES.values() if name in c.text()], view
        # No name is in any fact.
        assert not [n for n in NAMES.values() if any(n in e.fact.payload() for e in c.facts())]


# ---- the screen itself


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_at_every_size_everything_has_its_place(tmp_path: Path, size: tuple[int, int]) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="10:00", size=size) as c:
        await take_charge(c)
        await person(c, "S10")
        c.clean()
        c.sees("13名", "役割", "状況", "から", "場所", "休憩", "S10 吉田", "現場責任者", "欠員", "休憩の案")
        shown = row(c, "S10")
        assert "P1" in shown and "0／60分" in shown and ("権限・静脈なし" in shown) == (size[0] >= 80)
        if size[0] < 120:
            c.sees("ほか")  # more breaks are proposed than find room
        await c.press("4")
        c.clean()
        await c.press("escape", "a")
        c.clean()
        await c.press("end", "3", "1")
        c.clean()


async def test_the_first_click_chooses_the_second_opens(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="10:00") as c:
        await c.press("f4")
        await c.click_on("S07 中村")
        assert c.state.chosen.person == "S07" and c.state.pending.choice is None
        await c.click_on("S07 中村")
        c.sees("中村 の状況", "いま 在席")
        await c.click_on("離席", skip=sum("離席" in r for r in c.rows()[:10]))
        c.sees("中村 の離席")
        await c.press("escape")
        assert status(c, "S07") == "present"
