"""The screens of numbers (b), records (l) and the reception by hand (j): what a full hall needs within three keys."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import set_cell_size

from floorctl.screens.records.journal import JournalView
from floorctl.screens.tickets.by_hand import ByHandView
from floorctl.screens.tickets.view import QueueView, found_by
from floorctl.usecases.imports import import_appointments
from floorctl.usecases.retraction import retract
from tests.screens.harness import Console, console, joined, open_day
from tests.story import MONDAY, Story

DAY = open_day()


def hall() -> list[dict[str, Any]]:
    """Two walk-ins and two appointments for a card; certificates that wait, are served, done, missed and gone."""
    story = Story(prefix="q")
    story.issues("A001", "card_issuance", "09:40", appointment="09:50", cards=3)
    story.issues("A002", "card_issuance", "09:35", appointment="10:40")
    story.issues("A003", "card_issuance", "09:05").issues("A004", "card_issuance", "09:45")
    for n, minute in ((1, 0), (2, 2), (3, 4), (4, 6), (5, 8), (41, 10)):
        story.issues(f"B{n:03d}", "cert_renewal", f"09:{minute:02d}")
    story.calls("B001", "T3", "09:10").calls("B002", "T5", "09:11").finishes("B002", "T5", "09:21")
    story.misses("B003", "09:30").leaves("B004", "09:31")
    return joined(DAY, story)


HALL = hall()
SOON = r"(約\d\d?分|\d{3}分) \d+分"  # when it will be called: probably, and by when at nine of ten


def view(c: Console) -> QueueView:
    found = c.frame.view
    assert isinstance(found, QueueView)
    return found


def listed(c: Console) -> list[str]:
    """The numbers as they stand on the screen, from the top."""
    rows = [row[1:7].strip() for row in c.rows()]
    return [number for number in rows if number in c.floor.tickets]


def line_of(c: Console, number: str) -> str:
    """A number's row, without the panel at the right."""
    [row] = [row for row in c.rows() if row[1:7].strip() == number]
    return " ".join(set_cell_size(row, 84).split())


async def appointments(c: Console, *slots: tuple[str, int, int]) -> None:
    """The city's list of the day is taken in by somebody else: (time, cards, count)."""
    session = c.beside()
    import_appointments(session, {MONDAY: [{"time": t, "cards": n, "count": k} for t, n, k in slots]})
    session.close()
    await c.until(lambda: c.state.day.register.slots(MONDAY), "the appointments")
    await c.settle()


# ---- what is seen


async def test_every_number_with_service_wait_appointment_and_state(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b")
        # Who is due first, then as they came, who is early last; lane by lane; then the served, then the ended.
        assert listed(c) == ["A001", "A003", "A004", "A002", "B005", "B041", "B001", "B004", "B003", "B002"]
        assert re.fullmatch(rf"A001 待ち 10分 交付 09:50 3 9:40 {SOON} -", line_of(c, "A001"))
        assert re.fullmatch(rf"A003 待ち 55分 交付 9:05 {SOON} -", line_of(c, "A003"))
        assert re.fullmatch(rf"A002 予約前 - 交付 10:40 9:35 {SOON} -", line_of(c, "A002"))
        assert line_of(c, "B001") == "B001 応対中 10分 証明書更新 T3 9:00 9:10 -"
        assert line_of(c, "B002") == "B002 完了 9分 証明書更新 T5 9:02 9:11 9:21"
        assert line_of(c, "B003") == "B003 不在 26分 証明書更新 9:04 - 9:30"
        assert line_of(c, "B004") == "B004 帰宅 25分 証明書更新 9:06 - 9:31"
        c.sees("番号", "10枚", "交付 4", "電子証明書 2")
        await c.at("10:10")
        assert line_of(c, "A003").startswith("A003 待ち 1時間05分")


async def test_what_is_odd_about_a_number_stands_beside_it(tmp_path: Path) -> None:
    story = Story(prefix="x").issues("B100", at="09:00", assist=True).issues("B101", at="09:01").calls("B101", "T3")
    story.issues("A100", "card_issuance", "09:20", appointment="09:10")
    story.tells("escalation.raised", "09:30", escalation="E-1", matter="proxy", terminal="T3")
    story.issues("D001", "registration_support", "09:31").issues("D002", "registration_support", "09:32")
    story.counts("registration", 1, "09:40").counts("certificate", 3, "09:41")
    async with console(tmp_path, joined(DAY, story), at="10:00", size=(80, 24)) as c:
        await c.press("b")
        c.sees("要配慮", "市待ち", "遅れ", "登録支援 1", "番号なし 2人")
        assert "申請サポート 0" not in c.text()
        c.clean()


async def test_an_empty_day_says_what_to_do(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:20") as c:
        await c.press("b")
        c.sees("番号がまだありません", "0枚", "予約", "なし")
        for key in ("enter", "x", "n", "z", "a", "s", "7", "tab", "f"):
            c.state.line.text = ""
            await c.press(key)
            assert c.message, key
        await c.press("escape", "escape", "l", "enter")
        assert c.message == "この画面には開くものがありません"
        c.sees("今日の記録はまだありません")
        await c.press("j")
        assert "まだ開場していません" in c.message
        assert c.facts() == []


async def test_three_hundred_numbers(tmp_path: Path) -> None:
    story = Story(prefix="m")
    for n in range(1, 301):
        story.issues(f"B{n:03d}", "cert_renewal", f"{9 + n // 60:02d}:{n % 60:02d}")
    async with console(tmp_path, joined(DAY, story), at="14:30", size=(80, 24)) as c:
        await c.press("b", "2", "9", "9")
        assert c.state.chosen.ticket == "B299"
        c.sees("B299", "299／300")
        await c.press("end")
        assert c.state.chosen.ticket == "B300"
        await c.press("home", "pagedown", "pagedown", "down")
        assert c.state.chosen.ticket == "B022"
        await c.hears(Story(prefix="n").calls("B001", "T3", "14:29"))
        assert c.state.chosen.ticket == "B022"
        c.sees("B022", "21／300")
        c.clean()


# ---- finding


def test_what_a_person_says_is_the_number_that_is_meant() -> None:
    numbers = ["A041", "B004", "B041", "B141", "C-7", "b12"]
    for said in ("41", "041", "0041"):
        assert found_by(said, numbers) == ["A041", "B041"]
    for said in ("B041", "b041", "B41", "b 41", "B-41"):
        assert found_by(said, numbers) == ["B041"]
    assert found_by("4", numbers) == ["B004"]
    assert found_by("14", numbers) == ["B141"], "as far as it has been typed"
    assert found_by("C7", numbers) == found_by("7", numbers) == ["C-7"]
    assert found_by("12", numbers) == ["b12"]
    assert found_by("9", numbers) == found_by("Z41", numbers) == []


async def test_digits_find_a_number(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "4", "1")
        assert c.state.chosen.ticket == view(c).key == "B041"
        c.sees("探す 41_")
        await c.press("escape")
        assert "探す 4" not in c.text() and c.state.chosen.ticket == "B041"
        await c.press("０", "０", "５")  # an IME is on
        assert c.state.chosen.ticket == "B005"
        await c.press("9")
        assert c.message == "0059 の番号はありません" and c.state.chosen.ticket == "B005"
        await c.press("backspace", "backspace", "backspace", "backspace", "backspace")
        assert view(c).typed == "" and c.state.chosen.ticket == "B005"


async def test_the_same_digits_with_another_letter_are_the_next(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "1")
        assert (c.state.chosen.ticket, c.message) == ("A001", "A001  ほか B001（下の矢印で次）")
        await c.press("down")
        assert c.state.chosen.ticket == "B001"
        await c.press("down")
        assert c.state.chosen.ticket == "A001"
        await c.press("up", "escape", "down")
        assert c.state.chosen.ticket == "B004", "the search is over: the row below"


async def test_digits_of_a_while_ago_are_forgotten(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "4")
        c.clock.at += timedelta(seconds=8)
        await c.press("1")
        assert c.state.chosen.ticket == "B041"
        c.clock.at += timedelta(seconds=11)
        await c.press("5")
        assert c.state.chosen.ticket == "B005"


async def test_a_number_is_found_with_its_letter_from_anywhere(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "/")
        await c.enters("ｂ１")
        assert c.state.chosen.ticket == "B001"
        await c.press("・")  # the same key while the IME is on
        c.sees("番号を探す")
        await c.enters("B999")
        assert c.message == "B999 の番号はありません" and c.state.chosen.ticket == "B001"


async def test_a_part_of_the_list_and_back(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "tab")
        c.sees("待ち", "6枚")
        await c.press("tab")
        assert listed(c) == ["B001"] and c.state.chosen.ticket == "B001"
        await c.press("tab")
        assert listed(c) == ["B004", "B003", "B002"] and c.state.chosen.ticket == "B004"
        await c.press("4", "1")
        assert c.state.chosen.ticket == "B041" and view(c).filter == ""
        assert "絞り込みを外しました" in c.message
        await c.press("shift+tab", "shift+tab", "d")
        c.sees("B001 の終わり方")
        await c.press("1")
        assert c.told()[0].tickets["B001"].outcome == "done"
        # Esc: the digits, the part of the list, the screen; one after the other.
        await c.press("tab", "tab", "tab", "4", "1")
        assert (view(c).typed, view(c).filter) == ("41", "waiting")
        await c.press("escape")
        assert (view(c).typed, view(c).filter) == ("", "waiting")
        await c.press("escape")
        assert view(c).filter == ""
        await c.press("escape")
        assert not isinstance(c.frame.view, QueueView)


async def test_where_a_part_of_the_list_is_empty_no_number_is_chosen(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, Story(prefix="w").issues("B001", at="09:00")), at="10:00") as c:
        await c.press("b", "tab", "tab")
        c.sees("応対中の番号はありません")
        await c.press("f")
        assert c.kinds() == [] and "番号が選ばれていません" in c.message


# ---- the cursor stays


async def test_the_cursor_stays_on_its_number_whatever_comes_and_goes(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "4", "1")
        await c.hears(Story(prefix="y").issues("A005", "card_issuance", "09:02").calls("A001", "T1", "09:58"))
        assert c.state.chosen.ticket == view(c).key == "B041"
        await c.hears(Story(prefix="z").calls("B041", "T6", "09:59"))
        assert c.state.chosen.ticket == "B041", "it is served now, further down, and still the chosen one"
        assert listed(c)[view(c)._at] == "B041"
        await c.press("f")
        assert c.kinds() == [] and c.message == "帰宅: B041 は応対中の番号です"


async def test_a_number_that_leaves_the_part_in_sight_stays_until_the_cursor_goes(tmp_path: Path) -> None:
    """Else the key that was meant for it would fall on the number after it."""
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "tab", "home", "down")
        assert c.state.chosen.ticket == "A003"
        await c.hears(Story(prefix="y").calls("A003", "T1", "09:59"))
        assert c.state.chosen.ticket == "A003" and listed(c)[:3] == ["A001", "A003", "A004"]
        await c.press("f")
        assert c.kinds() == [] and "A003 は応対中" in c.message
        await c.press("down")
        assert c.state.chosen.ticket == "A004" and listed(c)[:3] == ["A001", "A004", "A002"]


async def test_the_menu_acts_on_the_number_in_its_title(tmp_path: Path) -> None:
    """Somebody takes the issue back while the menu is open: the cursor moves on, the answer does not."""
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "4", "1", "enter")
        c.sees("B041 の操作")
        other = c.beside()
        issue = next(e for e in c.floor.entries if e.kind == "ticket.issued" and e.fact.ticket == "B041")  # type: ignore[attr-defined]
        retract(other, {"target": issue.fact.id, "target_source": issue.source, "reason": "二重発券"})
        other.close()
        await c.until(lambda: "B041" not in c.floor.tickets, "the retraction")
        await c.settle()
        options = [code for code, _ in c.state.pending.choice.options]
        await c.press("123456789"[options.index("ticket_left")])
        assert "番号が選ばれていません" in c.message
        assert [e.kind for e in c.facts() if e.source == "console"] == ["retracted"]


async def test_the_lists_of_the_board_keep_their_row_too(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("shift+tab", "down", "down")
        assert c.state.chosen.panel == "journal"
        chosen = c.state.day.journal()[c.state.row("journal")]
        await c.hears(Story(prefix="y").issues("B050", at="09:50").issues("B051", at="09:51"))
        assert c.state.day.journal()[c.state.row("journal")].key == chosen.key
        await c.press("up")
        assert c.state.row("journal") == c.state.day.journal().index(chosen) - 1


# ---- acts on a number


async def test_another_service_keeps_the_wait_and_binds_to_no_desk(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "5", "x")
        c.sees("B005 の新しい用件", "待ち時間は続きます")
        assert "電子証明書更新" not in [words for _, words in c.state.pending.choice.options]
        await c.press("1")
        assert c.wrote() == [("ticket.transferred", {"ticket": "B005", "service": "card_issuance"})]
        assert c.state.chosen.ticket == "B005"
        assert re.fullmatch(rf"B005 待ち 52分 交付 9:08 {SOON} -", line_of(c, "B005"))
        waiting = [t for q in c.told()[0].lanes.values() for t in q.tickets.values()]
        assert {t.terminal for t in waiting} == {None}


async def test_who_is_not_there_who_left_and_who_comes_back(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "5", "z")
        assert c.wrote() == [("ticket.no_show", {"ticket": "B005"})] and c.message.startswith("B005 不在")
        await c.press("a")
        assert c.wrote() == [("ticket.requeued", {"ticket": "B005"})] and c.state.chosen.ticket == "B005"
        await c.press("f")
        assert c.wrote() == [("ticket.left", {"ticket": "B005"})]
        await c.press("a")
        assert c.told()[0].tickets["B005"].state == "waiting"
        assert line_of(c, "B005").startswith("B005 待ち 52分"), "the wait was never over"
        await c.press("1", "down", "a")  # B001 from its terminal
        floor, _ = c.told()
        assert (floor.tickets["B001"].state, floor.tickets["B001"].terminal) == ("waiting", None)
        assert floor.terminals["T3"].ticket is None


async def test_a_number_is_called_out_of_turn(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "4", "1", "n")
        c.sees("B041 を呼ぶ端末", "T5", "T8", "S08")
        await c.press("2")
        assert c.wrote() == [("ticket.called", {"ticket": "B041", "terminal": "T6"})]
        await c.press("3", "n", "1")  # A003 at T1
        assert c.wrote()[0][1] == {"ticket": "A003", "terminal": "T1"}
        await c.press("/")
        await c.type("B3")
        await c.press("enter", "n", "1")  # who was not there is there after all
        assert [k for k, _ in c.wrote(2)] == ["ticket.requeued", "ticket.called"]
        assert c.told()[0].anomalies == {}


async def test_where_no_terminal_is_free_the_call_says_so(tmp_path: Path) -> None:
    busy = Story(prefix="y")
    for n, terminal in enumerate(("T1", "T2", "T4"), 11):
        busy.issues(f"A{n:03d}", "card_issuance", "09:00").calls(f"A{n:03d}", terminal, "09:30")
    async with console(tmp_path, joined(HALL, busy), at="10:00") as c:
        await c.press("b", "3", "n")
        assert c.message == "A003 は呼べません（交付に空いている端末がありません）"
        assert c.kinds() == []
        await c.hears(Story(prefix="z").finishes("A011", "T1", "09:59"))
        await c.press("n")
        assert c.wrote() == [("ticket.called", {"ticket": "A003", "terminal": "T1"})]


async def test_a_case_ends_as_what_it_came_to(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "1", "down", "d")
        c.sees("T3 B001 の終わり方", "完了", "未了", "3番窓口")
        await c.press("3")
        assert c.wrote()[0][1] == {"ticket": "B001", "terminal": "T3", "outcome": "desk3", "work": {}}
        assert line_of(c, "B001").startswith("B001 3番窓口")
        await c.press("enter")
        assert "終わった番号です（直すときは l の記録から" in c.message


REFUSED = {
    ("5", "d"): "終了: B005 は待ちの番号です",
    ("5", "s"): "呼び間違い: B005 は待ちの番号です",
    ("5", "a"): "待ちに戻す: B005 は待ちの番号です",
    ("2 down", "x"): "用件変更: B002 は終了の番号です",
    ("2 down", "n"): "呼ぶ: B002 は終了の番号です",
    ("2 down", "z"): "不在: B002 は終了の番号です",
    ("1 down", "n"): "呼ぶ: B001 は応対中の番号です",
    ("1 down", "f"): "帰宅: B001 は応対中の番号です",
}


async def test_every_key_acts_or_says_why(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        for (finding, key), why in REFUSED.items():
            await c.press("b", *finding.split(), "escape" if " " not in finding else "left", key)
            assert c.message == why
        assert c.kinds() == []
        await c.press("enter", "q")
        assert "q の答えはありません" in c.message, "not even within a question is a key silent"


# ---- a mistaken call


async def test_a_mistaken_call_is_taken_back(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "1", "down", "s")
        assert c.message == "B001 の呼出しを取り消しました"
        floor, _ = c.told()
        b001 = floor.tickets["B001"]
        assert (b001.state, b001.called_at, b001.terminal) == ("waiting", None, None)
        assert floor.terminals["T3"].ticket is None and floor.anomalies == {}
        assert re.fullmatch(rf"B001 待ち 1時間00分 証明書更新 9:00 {SOON} -", line_of(c, "B001"))
        assert c.wrote()[0][1]["reason"] == "呼び間違い"
        await c.press("s")
        assert "B001 は待ちの番号です" in c.message


async def test_the_case_before_a_mistaken_call_stays_finished(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("3", "n", "b")  # T3: B001 done, the next is called
        assert c.told()[0].terminals["T3"].ticket == "B005"
        await c.press("5", "s")
        floor, _ = c.told()
        assert floor.tickets["B005"].state == "waiting" and floor.tickets["B001"].outcome == "done"
        assert c.kinds() == ["ticket.finished", "ticket.called", "retracted"]


async def test_who_was_away_is_away_again_after_a_mistaken_call(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "3", "down", "n", "1", "s")
        floor, _ = c.told()
        assert floor.tickets["B003"].state == "no_show"
        assert f"{floor.tickets['B003'].ended_at:%H:%M}" == "09:30"
        assert c.kinds() == ["ticket.requeued", "ticket.called", "retracted", "retracted"]


async def test_a_counted_person_who_was_called_by_mistake_is_a_counted_person_again(tmp_path: Path) -> None:
    counted = joined(DAY, Story(prefix="y").counts("certificate", 7, "09:00"))
    async with console(tmp_path, counted, at="10:00") as c:
        await c.press("3", "n", "2")
        assert c.told()[0].lanes["certificate"].waiting == 6
        await c.press("b", "1", "s")
        floor, _ = c.told()
        assert (floor.lanes["certificate"].waiting, floor.lanes["certificate"].uncounted) == (7, 7)
        assert floor.terminals["T3"].ticket is None and "B001" not in floor.tickets
        await c.press("f2", "n", "2")
        assert "B002" in c.message, "a number that was given is never given again"


async def test_a_call_that_somebody_has_ended_meanwhile_is_not_taken_back(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "1", "down")
        other = c.beside()
        other.act("ticket.finished", {"ticket": "B001", "terminal": "T3"})
        other.close()
        c.app.perform("ticket_uncall")  # before this console has seen it
        await c.settle()
        assert "B001" in c.message and "終了の番号です" in c.message
        assert c.kinds() == ["ticket.finished"]


# ---- undo says what it will take back


@pytest.mark.parametrize(
    ("size", "words"),
    [((120, 36), "取消 B005 用件変更 交付"), ((80, 24), "取消 B005 用件変更 交付"), ((60, 20), "取消 B005 用件")],
)
async def test_undo_shows_what_it_will_take_back(tmp_path: Path, size: tuple[int, int], words: str) -> None:
    async with console(tmp_path, HALL, at="10:00", size=size) as c:
        await c.press("b")
        before = c.rows()[-1]
        await c.press("5", "x", "1")
        assert words not in before and words in c.rows()[-1]
        await c.press("u")
        assert c.told()[0].tickets["B005"].service == "cert_renewal"
        assert "B005" in c.message and words not in c.rows()[-1]


# ---- appointments


async def test_what_is_due_and_who_is_late_at_the_right(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await appointments(c, ("09:50", 3, 2), ("09:56", 1, 1), ("10:10", 2, 3), ("10:31", 1, 1), ("10:40", 1, 2))
        await c.press("b")
        c.sees("9件  来場 2件", "30分以内 3件 45分", "まだ来ない 1件")
        c.sees(" 9:50    2    6     1     1 遅れ", "10:10    3    6     0     0\n", "9:56    1    1     0     0\n")
        await c.at("10:01:01")
        c.sees("30分以内 4件 55分", "まだ来ない 2件")  # 10:31 is due, 9:56 is late
        await c.hears(Story(prefix="y").issues("A009", "card_issuance", "10:01", appointment="09:50"))
        c.sees("来場 3件", "まだ来ない 1件")


async def test_what_is_due_and_who_is_late_at_the_foot(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00", size=(80, 24)) as c:
        await appointments(c, ("09:50", 3, 2), ("10:10", 2, 3))
        await c.press("b")
        c.sees("予約", "5件  来場 2件", "30分以内 3件 45分", "10:10 3件 来場0", "まだ来ない 1件", "9:50 1件")


# ---- the mouse


async def test_a_click_chooses_a_row_and_a_second_opens_it(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b")
        await c.click_on("B041")
        assert c.state.chosen.ticket == "B041" and c.state.pending.choice is None
        await c.click_on("B041")
        c.sees("B041 の操作")
        await c.click_on("帰宅  選んだ")
        assert c.wrote() == [("ticket.left", {"ticket": "B041"})]
        await c.press("l")
        await c.click_on("09:31:00")
        assert "理由を付けて取り消す" in c.text() and len(c.app.screen_stack) == 1
        await c.click_on("09:31:00")
        c.sees("この記録を取り消す理由", "09:31 B004 帰宅")


# ---- the reception by hand


async def test_one_key_a_service_gives_the_next_number(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("j", "1", "３", "3", "7")
        assert [(f["ticket"], f["service"]) for _, f in c.wrote(4)] == [
            ("A005", "card_issuance"),
            ("B042", "cert_renewal"),
            ("B043", "cert_renewal"),
            ("D001", "registration_support"),
        ]
        assert c.message == "D001 登録支援   u 取消"
        c.sees("最後 B043 10:00", "待ち 4人", "発券 8")
        await c.press("u", "9")
        assert c.message.startswith("9 ") and "D001" not in c.told()[0].tickets
        await c.press("-", "1", "0", "enter", "8")
        assert f"{c.last().fact.at:%H:%M}" == "09:50" and "（10分前）" in c.message
        await c.click_on("申請サポート")
        assert c.wrote()[0][1]["ticket"] == "C001"
        await c.press("escape")
        assert not isinstance(c.frame.view, ByHandView)


async def test_by_hand_what_is_not_received_says_so(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="08:45") as c:
        await c.press("j")
        c.sees("開始前")
        await c.press("1")
        assert "9:00 からです" in c.message
        await c.press("r", "3")
        await c.enters("システム停止")
        c.sees("打切り")
        await c.press("3")
        assert "受付を打ち切っています" in c.message
        assert c.kinds() == ["reception.stopped"]


# ---- the reception of one service


async def test_the_reception_of_one_service_stops_and_resumes(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="16:00") as c:
        await c.press("b", "-", "5", "enter", "r")
        c.sees("電子証明書更新  受付中  待ち 2人")
        await c.press("5")
        c.sees("申請書再発行 の受付を打ち切る理由", "15:55から、この業務だけ")
        await c.enters("本日分終了")
        assert c.wrote() == [("reception.stopped", {"service": "reissue_application", "reason": "本日分終了"})]
        assert f"{c.last().fact.at:%H:%M}" == "15:55"
        assert set(c.told()[0].stopped) == {"reissue_application"}
        await c.press("r")
        c.sees("申請書再発行受付  打切り中 15:55から 本日分終了（再開する）")
        await c.press("5")
        assert c.wrote()[0][0] == "reception.resumed" and c.told()[0].stopped == {}
        await c.press("r", "5", "enter")
        c.sees("空です")
        await c.press("escape")
        assert c.kinds() == ["reception.stopped", "reception.resumed"]


# ---- the journal


async def test_an_older_entry_is_taken_back_with_a_reason(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("l", "/")
        await c.enters("Ｂ００４ 帰宅")
        c.sees("「B004 帰宅」を含むもの", "1件")
        await c.press("enter")
        c.sees("この記録を取り消す理由", "09:31 B004 帰宅")
        await c.press("enter")
        c.sees("空です")
        await c.enters("まだ会場にいた")
        assert c.told()[0].tickets["B004"].state == "waiting"
        assert c.wrote()[0][1]["reason"] == "まだ会場にいた"
        c.sees("取消し B004 帰宅 （まだ会場にいた）", "取消済")
        await c.press("down", "enter")
        assert c.message == "もう取り消されています"
        await c.press("home", "enter")
        assert "取消しは取り消せません" in c.message
        # Esc: the search, then the screen.
        await c.press("escape")
        assert isinstance(c.frame.view, JournalView) and c.frame.view.words == ""
        await c.press("escape")
        assert not isinstance(c.frame.view, JournalView)


async def test_what_cannot_be_taken_back_says_so_before_a_reason_is_typed(tmp_path: Path) -> None:
    async with console(tmp_path, joined(HALL, Story(prefix="z").closes("17:00")), at="17:05") as c:
        await c.press("l", "enter")
        assert c.message.startswith("閉場 は取り消せません")
        await c.press("/")
        await c.enters("どこにもない")
        c.sees("「どこにもない」を含む記録はありません")
        await c.press("enter")
        assert c.message == "この画面には開くものがありません"


async def test_the_journal_keeps_its_row_while_facts_come_in(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00", size=(80, 24)) as c:
        await c.press("l", "down", "down", "down")
        chosen = c.frame.view.key  # type: ignore[attr-defined]
        await c.hears(Story(prefix="y").issues("B050", at="09:59").issues("B051", at="09:03"))
        assert c.frame.view.key == chosen  # type: ignore[attr-defined]
        await c.press("enter")
        c.sees("09:31 B004 帰宅")


# ---- Esc


async def test_esc_takes_back_the_minutes_that_were_typed_and_nothing_else(tmp_path: Path) -> None:
    async with console(tmp_path, HALL, at="10:00") as c:
        await c.press("b", "5", "-", "1", "0", "enter", "x", "escape")
        assert c.state.pending.choice is None and c.state.pending.backdate_min == 10
        c.sees("10分前として記録")
        await c.press("escape")
        assert c.state.pending.backdate_min == 0 and view(c).typed == "", "x had ended the search"
        assert c.message == "次の操作は今のこととして記録します"
        await c.press("f")
        assert f"{c.last().fact.at:%H:%M}" == "10:00"
        await c.press("-", "1", "5")
        await c.click_on("用件変更")  # a click ends the typing as the next key does
        assert c.state.pending.typing_backdate is None
