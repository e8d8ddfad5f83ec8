"""Who cannot stand somewhere is marked before they are chosen, and an alert about people is answered by one key."""

from __future__ import annotations

from pathlib import Path

from floorctl.usecases.session import Session
from tests.screens.harness import console
from tests.screens.team import at_work, line, person, write_team
from tests.story import HandClock, a_day, instant, kumagaya


def teach(folder: Path, **people: dict[str, object]) -> None:
    """What somebody can do, in the file that the console of ``folder`` opens."""
    session = Session(kumagaya(), folder / "floor.db", clock=HandClock(instant("07:01")), actor="cli", create=True)
    for code, fields in people.items():
        session.act("staff.registered", line(code, **fields))
    session.close()


async def test_who_can_stand_there_comes_first_and_the_others_say_why_not(tmp_path: Path) -> None:
    write_team(tmp_path)
    teach(tmp_path, S11={"skills": ("certificate",)}, S12={"skills": ("issuance",)})
    story = (
        at_work()
        .staffs("T1", None, "09:00")
        .tells("staff.changed", "09:01", staff="S01", status="on_break", until="09:40")
    )
    async with console(tmp_path, story, at="09:30") as c:
        await c.press("1", "p")
        options = [words for _, words in c.state.pending.choice.options]
        assert options[:2] == ["S00 田島", "S12 松本"]
        assert "S02 鈴木  いま T2" in options[2]
        assert options.index("S01 佐藤  休憩 9:40まで") > options.index("S08 小林  いま T8")
        assert "S11 斎藤  交付の技能なし" in options
        await c.press("escape")
        await person(c, "S11")
        await c.press("p")
        listed = [words for _, words in c.state.pending.choice.options]
        assert listed[0].startswith("T3 電子証明書")
        assert any(words.startswith("T1 交付") and words.endswith("交付の技能なし") for words in listed)


async def test_a_terminal_opens_for_the_lane_that_its_person_has_learnt(tmp_path: Path) -> None:
    write_team(tmp_path)
    teach(tmp_path, S11={"skills": ("certificate",)})
    async with console(tmp_path, at_work().staffs("T1", None, "09:00"), at="09:30") as c:
        lane = c.floor.terminals["T1"].lane
        assert lane == "issuance"
        await c.press("1", "p")
        at = [x for x, _ in c.state.pending.choice.options].index("S11")
        await c.press(*["down"] * at, "enter")
        c.sees("T1 をどの列で開けますか", "電子証明書で開ける", "斎藤 は交付の技能なし")
        await c.press("1")
        t = c.floor.terminals["T1"]
        assert (t.staff, t.lane) == ("S11", "certificate")


async def test_enter_takes_back_who_has_overstayed_a_break_and_asks_of_the_others(tmp_path: Path) -> None:
    write_team(tmp_path)
    story = at_work().tells("staff.changed", "09:00", staff="S03", status="on_break", until="09:45")
    async with console(tmp_path, story, at="09:50") as c:
        session = c.beside("console")
        session.act("charge.taken", {"staff": "S00"})
        session.close()
        await c.until(lambda: c.floor.holder() == "S00", "the charge")
        await c.settle()
        c.sees("高橋 休憩 9:45まで 5分超過")
        await c.press("tab", "tab")
        while c.state.alerts()[c.state.row("alerts") or 0].code != "break_over":
            await c.press("down")
        await c.press("enter")
        assert c.floor.staff["S03"].status == "present"
        assert not [a for a in c.state.alerts() if a.code == "break_over"]


async def test_the_row_of_a_person_tells_plan_and_actual(tmp_path: Path) -> None:
    write_team(tmp_path)
    teach(tmp_path, S08={"skills": ("certificate", "guidance"), "newcomer": True})
    async with console(tmp_path, at_work(), at="10:00") as c:
        await person(c, "S08")
        c.sees("予定 8:15〜17:15", "出勤 8:20（予定の5分後）", "できる業務 電子証明書・案内（新人）")


async def test_of_a_terminal_that_is_not_to_move_the_line_says_why(tmp_path: Path) -> None:
    write_team(tmp_path)
    teach(tmp_path, S08={"skills": ("certificate",)})
    async with console(tmp_path, at_work(), at="10:00") as c:
        await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
        await c.press("8")
        c.sees("予測  T8 小林 は交付の技能なし（移すのも応援も理由が要ります）")
        await c.press("left")
        c.sees("技能がありません")
        await c.enters("ほかに人がいないため")
        assert c.floor.terminals["T8"].own_lane == "issuance"
        assert any(a.code == "unskilled" for a in c.state.alerts())


async def test_who_is_off_today_is_marked_and_comes_last_where_a_deputy_is_chosen(tmp_path: Path) -> None:
    write_team(tmp_path)
    session = Session(kumagaya(), tmp_path / "floor.db", clock=HandClock(instant("07:02")), actor="cli", create=True)
    session.act("absence.planned", {"staff": "S00", "date": "2026-09-14"})
    session.close()
    async with console(tmp_path, a_day().opens("08:30"), at="08:40") as c:
        await c.press("h")
        options = [words for x, words in c.state.pending.choice.options if x.startswith("site_manager")]
        assert len(options) > 1 and options[-1] == "S00 田島  休み"
