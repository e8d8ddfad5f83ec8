"""F9: the end of the day in one screen; every answer is a fact at once, and nothing is 特になし by itself."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.words import NOTHING
from floorctl.models.site.site import Site
from floorctl.screens.board.view import BoardView
from floorctl.screens.cases.view import CityView
from floorctl.screens.closing.view import ClosingView
from floorctl.screens.incidents.view import IncidentView
from floorctl.usecases import closing as closing_module
from floorctl.usecases.session import Session
from floorctl.usecases.unclosed_days import unclosed_days
from tests.screens.days import DAYS
from tests.screens.harness import Console, console, joined, open_day
from tests.screens.team import at_work, silent_keys, write_team
from tests.story import MONDAY, HandClock, Story, instant, kumagaya

SIZES = [(60, 20), (80, 24), (120, 36), (160, 45)]
STEPS = ["left", "ties", "inquiries", "problems", "remarks", "review"]
QUIET = open_day()[:1]  # nobody is named: no break is missing
LEDGERS = [w for w in kumagaya().work_items if w.ledger]


def view(c: Console) -> ClosingView:
    found = c.frame.view
    assert isinstance(found, ClosingView)
    return found


async def step(c: Console, code: str) -> None:
    """To a step, whatever is shown."""
    if not isinstance(c.frame.view, ClosingView):
        await c.press("f9")
    for _ in STEPS:
        if view(c).step.code != code:
            await c.press("tab" if STEPS.index(view(c).step.code) < STEPS.index(code) else "shift+tab")
    assert view(c).step.code == code, c.text()


async def settle(c: Console, name: str) -> None:
    """The row of 残り with this name, by its digit."""
    names = [row.name for row in view(c).steps[0].rows(c.state)]  # type: ignore[attr-defined]
    found = next(n for n, row in enumerate(names, 1) if name in row)
    await c.press(str(found))


async def answer(c: Console, text: str) -> None:
    await c.enters(text)


def words(c: Console) -> dict[str, str]:
    """The state of each step, as the list says it."""
    return {s.code: s.word(c.state)[0] for s in view(c).steps}


def written(c: Console, head: str) -> tuple[tuple[str, ...], bool] | None:
    held = c.told()[0].report.get(head)
    return (held.lines, held.none) if held else None


# ---- 残り


def evening() -> list[dict[str, Any]]:
    """B041 and B042 wait, B043 is served, a case is open."""
    story = Story(prefix="t").issues("B041", at="16:50").issues("B042", at="16:51").issues("B043", at="16:52")
    story.calls("B043", "T3", "16:53")
    return joined(QUIET, story, Story(prefix="e").tells("escalation.raised", "16:54", escalation="E-1", matter="fee"))


async def test_what_is_open_is_settled_by_enter_one_after_the_other(tmp_path: Path) -> None:
    async with console(tmp_path, evening(), at="17:10") as c:
        await c.press("f9")
        c.sees("未 待っている番号", "2枚  B041・B042", "未 応対中の番号", "1枚  T3 B043", "1件  E-1")
        await c.press("enter", "1")
        assert [(k, f["ticket"]) for k, f in c.wrote(2)] == [("ticket.left", "B041"), ("ticket.left", "B042")]
        assert c.message.startswith("残りは") or "u 取消" in c.message
        await c.press("enter", "2")  # the cursor has gone to the next thing that is open
        assert c.wrote()[0][1] == {"ticket": "B043", "terminal": "T3", "outcome": "incomplete", "work": {}}
        await c.press("enter")
        assert isinstance(c.frame.view, CityView)
        await c.press("f9")
        assert view(c).step.code == "left"
        c.sees("済 待っている番号", "未 市職員の決定待ち")


async def test_all_waiting_are_one_act_and_one_undo(tmp_path: Path) -> None:
    async with console(tmp_path, evening(), at="17:10") as c:
        await c.press("f9", "1", "2")
        assert c.floor.waiting == 0 and {t.state for t in c.floor.tickets.values()} == {"no_show", "serving"}
        await c.press("u")
        assert c.floor.waiting == 2
        c.sees("未 待っている番号")


async def test_everybody_but_who_holds_the_charge_goes_with_one_key(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="17:10") as c:
        other = c.beside()
        other.act("charge.taken", {"staff": "S00"})
        other.close()
        await c.until(lambda: c.floor.holder() == "S00", "the charge")
        await c.press("f9")
        await settle(c, "退勤していない職員")
        c.sees("責任者（田島）のほか12名を退勤にする", "13名すべてを退勤にする")
        await c.press("1")
        floor = c.told()[0]
        assert {s.code for s in floor.staff.values() if s.status != "gone"} == {"S00"}
        assert all(t.staff is None for t in floor.terminals.values())
        c.sees("済 退勤していない職員", "残るのは責任者（田島）だけ")
        assert not floor.anomalies


async def test_persons_that_only_a_count_knows_and_an_unreported_incident(tmp_path: Path) -> None:
    async with console(tmp_path, joined(QUIET, Story(prefix="w").counts("certificate", 3, "16:50")), at="17:10") as c:
        other = c.beside()
        other.act("incident.opened", {"category": "complaint", "summary": "待ち時間への苦情"})
        other.close()
        await c.until(lambda: c.state.day.register.open_incidents(), "the incident")  # type: ignore[union-attr]
        await c.press("f9")
        c.sees("未 番号のない待ち", "電子証明書 3人", "未 市に報告していない事案", "1件  I-1")
        await settle(c, "番号のない待ち")
        await c.press("1")
        assert c.wrote() == [("queue.counted", {"lane": "certificate", "waiting": 0})]
        assert "未 番号のない待ち" not in c.text()
        await c.click_on("市に報告していない事案")  # the cursor has gone there: a click on it opens it
        assert isinstance(c.frame.view, IncidentView)


async def test_when_nothing_is_open_enter_goes_on(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await c.press("f9")
        for row in view(c).steps[0].rows(c.state):  # type: ignore[attr-defined]
            if not row.done and "カード" not in row.name:
                await settle(c, row.name)
        await settle(c, "カード在庫の照合")
        for number in "0005":
            await answer(c, number)
        assert words(c)["left"] == "済"
        await c.press("enter")
        assert view(c).step.code == "ties"
        await c.press("shift+tab", "9")
        assert c.message == "9 の項目はありません"


async def test_a_feed_that_has_ended_the_reception_leaves_people_and_checks_to_be_settled(tmp_path: Path) -> None:
    """Who leaves after the last visitor is no anomaly, and needs no reopening; numbers are as the feed has them."""
    story = Story(prefix="z").tells("staff.changed", "08:20", staff="S01", status="present").closes("17:05")
    async with console(tmp_path, joined(evening(), story), at="17:40") as c:
        await c.press("f9")
        c.sees("受付は 17:05 に終わりました")
        await settle(c, "退勤していない職員")
        await c.press("1")
        await settle(c, "申請書・書類の引渡し")
        floor = c.told()[0]
        assert floor.staff["S01"].status == "gone" and "papers" in floor.checked and floor.revision == 1
        await settle(c, "待っている番号")
        await c.press("1")
        assert "もう閉場しています" in c.message


# ---- 照合


async def test_totals_are_typed_into_the_rows(tmp_path: Path) -> None:
    tally = [{"item": LEDGERS[0].code, "count": 12}, {"item": LEDGERS[1].code, "count": 30}]
    story = Story(prefix="w")
    for fields in tally:
        story.tells("work.counted", "16:00", **fields)
    async with console(tmp_path, joined(QUIET, story), at="17:10") as c:
        await step(c, "ties")
        assert words(c)["ties"] == f"未 {len(LEDGERS)}"
        await c.press("1", "２", "enter")  # full-width digits too
        assert c.wrote() == [("total.read", {"item": LEDGERS[0].code, "count": 12, "note": ""})]
        assert "一致" in c.message
        await c.press("3", "1", "backspace", "3", "enter")
        assert c.wrote()[0][1]["count"] == 33
        c.sees("+3")
        assert "差 +3件" in c.message and view(c).step.at == 1, "the cursor stays on a difference"
        await c.press("x")
        await answer(c, "手書きの3件")
        assert c.wrote() == [("total.read", {"item": LEDGERS[1].code, "count": 33, "note": "手書きの3件"})]
        assert view(c).step.at == 2
        c.sees("手書きの3件")
        await c.press("u")
        assert c.told()[0].totals[LEDGERS[1].code].note == ""


async def test_a_difference_is_adopted_with_one_key_and_taken_back_with_another(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await step(c, "ties")
        await c.press("5", "enter", "s")
        assert c.wrote() == [("work.counted", {"item": LEDGERS[0].code, "count": 5})]
        c.sees("一致")
        await c.press("s")
        assert "一致しています" in c.message
        await c.press("u")
        c.sees("+5")
        await c.press("d")
        assert c.wrote() == [("total.read", {"item": LEDGERS[0].code, "count": None, "note": ""})]
        await c.press("x")
        assert "まだ件数を入れていません" in c.message


async def test_what_stays_unexplained_becomes_a_problem_that_cannot_be_dropped(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await step(c, "ties")
        await c.press("5", "enter")
        await step(c, "problems")
        c.sees("一致しません（記録 0件", "差 +5件）")
        for key in ("d", "n"):
            await c.press(key)
            assert "理由を書くまで問題点に入ります" in c.message
        assert written(c, "problems") is None


async def test_digits_that_were_not_entered_are_said(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await step(c, "ties")
        await c.press("4", "down")
        assert c.message == "4 は入れていません（数字のあと Enter で入ります）" and c.kinds() == []
        await c.press("enter")
        assert c.kinds() == [], "Enter alone records nothing"


async def test_after_the_last_row_the_first_unread_comes_then_the_next_step(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10", size=(80, 24)) as c:
        await step(c, "ties")
        await c.press("down", *["0", "enter"] * (len(LEDGERS) - 1))
        assert view(c).step.code == "ties" and view(c).step.at == 0
        await c.press("0", "enter", *["enter"] * (len(LEDGERS) - 1))
        assert view(c).step.code == "inquiries"
        assert words(c)["ties"] == "済"


# ---- words


async def test_inquiries_are_counted_by_digit_and_told_in_up_to_five_lines(tmp_path: Path, site: Site) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await step(c, "inquiries")
        await c.press("2", "2", "-", "2")
        assert [f["count"] for _, f in c.wrote(3)] == [1, 1, -1]
        assert c.floor.inquiries[site.inquiry_topics[1]] == 1
        await c.press("-", "escape")
        assert isinstance(c.frame.view, ClosingView), "Esc leaves the minus, not the screen"
        await c.click_on(site.inquiry_topics[0])
        assert c.floor.inquiries[site.inquiry_topics[0]] == 1
        await c.press("enter")
        assert view(c).step.code == "inquiries" and "未記入" in c.message
        for n in range(6):
            await c.press("a")
            await answer(c, f"更新に要る物を聞かれた {n}")
        assert "5件までです" in c.message
        lines = written(c, "inquiries")
        assert lines is not None and len(lines[0]) == 5
        await c.press("down", "x")
        await answer(c, "更新の持ち物")
        assert written(c, "inquiries") == ((lines[0][0], "更新の持ち物", *lines[0][2:]), False)
        await c.press("d")
        assert len(written(c, "inquiries")[0]) == 4  # type: ignore[index]
        await c.press("enter")
        assert view(c).step.code == "problems"


def trouble() -> list[dict[str, Any]]:
    """A late opening, a terminal that failed."""
    story = Story(prefix="o").opens("08:34").tells("terminal.failed", "13:19", terminal="T7", fault="応答なし")
    return story.tells("terminal.repaired", "14:00", terminal="T7").lines


async def test_the_draft_comes_ticked_in_and_enter_takes_it(tmp_path: Path) -> None:
    async with console(tmp_path, trouble(), at="17:10") as c:
        await step(c, "problems")
        assert words(c)["problems"] == "下書き 2" and written(c, "problems") is None
        c.sees("入  開場が午前8時34分となり、4分遅れました", "入  端末 T7 が午後1時19分から午後2時まで故障しました")
        await c.press("enter")
        lines, none = written(c, "problems")  # type: ignore[misc]
        assert len(lines) == 2 and not none and lines[0].startswith("開場が午前8時34分")
        assert view(c).step.code == "remarks" and words(c)["problems"] == "2行"


async def test_lines_are_dropped_taken_in_edited_and_added(tmp_path: Path) -> None:
    async with console(tmp_path, trouble(), at="17:10") as c:
        await step(c, "problems")
        await c.press("d")
        assert len(written(c, "problems")[0]) == 1  # type: ignore[index]
        c.sees("外  開場が午前8時34分")
        await c.press("d")
        assert "最後の1行です" in c.message
        await c.press("a")
        await answer(c, "駐車場が満車の時間があった")
        await c.press("end", "d")  # the one that was left out stands last
        lines, _ = written(c, "problems")  # type: ignore[misc]
        assert [x[:2] for x in lines] == ["端末", "駐車", "開場"]
        await c.press("home", "x")
        await answer(c, "端末 T7 の故障は配線")
        lines, _ = written(c, "problems")  # type: ignore[misc]
        assert lines[0] == "端末 T7 の故障は配線" and len(lines) == 3
        assert "午後1時19分から" not in c.text(), "a line that was put in other words is not offered again"
        await c.press("u")
        c.sees("午後1時19分から")


async def test_nothing_to_say_is_chosen_and_warned_of_where_the_draft_says_otherwise(tmp_path: Path) -> None:
    async with console(tmp_path, trouble(), at="17:10") as c:
        await step(c, "problems")
        await c.press("n")
        c.sees(f"下書きが2行あります。それでも「{NOTHING}」としますか")
        assert c.state.pending.choice.options[c.state.pending.choice.at][0] == "no"
        await c.press("enter")
        assert written(c, "problems") is None
        await c.press("n", "2")
        assert written(c, "problems") == ((), True) and words(c)["problems"] == NOTHING
        c.sees("下書きに、入れていないもの2行")
        await c.press("n")
        assert "になっています" in c.message


async def test_without_a_draft_enter_alone_writes_nothing(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await step(c, "problems")
        await c.press("enter")
        assert written(c, "problems") is None and view(c).step.code == "problems"
        assert "n 特になし" in c.message
        await c.press("n")
        assert written(c, "problems") == ((), True)


async def test_weather_by_digit_and_the_memos_of_the_day_are_offered(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await c.press("m")
        await answer(c, "翌日10時に点検業者")
        await step(c, "remarks")
        assert words(c)["remarks"] == "未"
        await c.press("3")
        assert written(c, "weather") == (("雨",), False)
        await c.press("5")
        await answer(c, "曇のち雨")
        assert written(c, "weather") == (("曇のち雨",), False)
        await c.press("6")
        assert c.message == "6 の天候はありません"
        c.sees("外  翌日10時に点検業者")
        await c.press(" ")
        assert written(c, "remarks") == (("翌日10時に点検業者",), False)
        assert words(c)["remarks"] == "1行"
        await c.press("enter")
        assert view(c).step.code == "review"


# ---- 確認, the close


async def all_answered(c: Console) -> None:
    await step(c, "ties")
    await c.press(*["0", "enter"] * len(LEDGERS))
    await step(c, "inquiries")
    await c.press("n")
    await step(c, "problems")
    await c.press("n")
    await step(c, "remarks")
    await c.press("1", "n")
    await step(c, "review")


async def test_the_report_is_read_before_it_is_closed(tmp_path: Path, site: Site) -> None:
    async with console(tmp_path, QUIET, at="17:10", size=(120, 60)) as c:
        await step(c, "review")
        c.sees("未記入 4か所", "台帳との照合")
        c.sees(
            "日 次 報 告 書",
            site.contract.title,
            "令和8年9月14日（月）",
            "処理件数（番号札）",
            "（締める前の内容です）",
        )
        await all_answered(c)
        c.sees("すべて記入済みです")
        await c.press("end")
        c.sees("問題点", NOTHING)


async def test_closing_is_asked_once_with_the_cursor_on_no(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await step(c, "review")
        await c.press("enter")
        c.sees("今日を締めますか", "未記入 4か所", "残り")
        await c.press("enter")
        assert c.kinds() == [] and c.state.pending.choice is None
        await c.press("z", "z")
        assert c.kinds() == [], "the key that asks does not answer"
        await c.press("2")
        assert c.kinds() == ["day.closed"]


async def test_the_closed_day_says_what_was_written_where_and_what_is_due(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await all_answered(c)
        await c.press("enter", "2")
        folder = tmp_path / "reports" / str(MONDAY)
        assert (folder / f"日次報告書_{MONDAY}.xlsx").is_file() and (folder / f"records_{MONDAY}.json").is_file()
        c.sees(
            "締めました  17:10  第1版",
            f"日次報告書_{MONDAY}.xlsx",
            "控え",
            "日次報告書（9/14（月）分）の提出期限は 9月15日（火）",
        )
        assert "未記入" not in c.text()
        assert "文書を書き出しました" in c.message
        floor, _ = c.told()
        assert floor.report_closed_at is not None
        await c.press("a")
        assert "もう締めています" in c.message
        await c.press("tab")
        assert "締める前だけ" in c.message


async def test_while_it_closes_keys_go_on_and_it_is_not_closed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, real = threading.Event(), closing_module.close
    calls: list[date] = []

    def slowly(session: Session, day: date) -> object:
        calls.append(day)
        gate.wait(10)
        return real(session, day)

    monkeypatch.setattr(closing_module, "close", slowly)
    async with console(tmp_path, QUIET, at="17:10") as c:
        await step(c, "review")
        await c.press("z")
        choice, c.state.pending.choice = c.state.pending.choice, None
        choice.answer("yes")
        c.app.perform("close_day")
        await c._drain()
        assert "締めています" in c.message and c.state.pending.choice is None
        gate.set()
        await c.settle()
        assert calls == [MONDAY] and c.kinds() == ["day.closed"]
        c.sees("締めました")


async def test_trouble_after_the_close_is_said_and_a_second_run_does_the_rest(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file where the folder should be", encoding="utf-8")
    async with console(tmp_path, QUIET, at="17:10") as c:
        await c.press("f9", "z", "2")
        assert c.kinds() == ["day.closed"]
        c.sees("締めました", "不具合", "締めは済んでいます")
        assert "書き出せませんでした" in c.message
        (tmp_path / "reports").unlink()
        await c.press("p")
        c.sees(f"日次報告書_{MONDAY}.xlsx")
        assert "不具合" not in c.text() and c.kinds() == ["day.closed"]


async def test_a_closed_day_is_reopened_with_a_reason_and_the_edition_goes_up(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await c.press("f9", "z", "2", "f")
        await c.press("enter")
        assert c.kinds()[-1] == "day.closed", "without a reason nothing is reopened"
        await answer(c, "写真の件数の訂正")
        assert c.wrote() == [("day.reopened", {"reason": "写真の件数の訂正"})]
        await step(c, "remarks")
        await c.press("1")
        assert written(c, "weather") == (("晴",), False)
        await c.press("z", "2")
        c.sees("第2版")


async def test_a_console_that_comes_later_shows_the_closed_day_too(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await c.press("f9", "z", "2")
    async with console(tmp_path, at="17:30") as c:
        await c.press("f9")
        c.sees("締めました  17:10", "p で書き出すと", "提出期限は 9/15（火）", "未記入")
        await c.press("p")
        c.sees(f"日次報告書_{MONDAY}.xlsx", "控え")
        assert c.kinds() == ["day.closed"]


async def test_before_the_close_documents_are_written_as_they_stand(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="15:00") as c:
        await c.press("f9", "p")
        assert (tmp_path / "reports" / str(MONDAY) / f"日次報告書_{MONDAY}.xlsx").is_file()
        assert c.kinds() == []


# ---- the screen itself


async def test_a_day_that_was_not_opened_has_nothing_to_close(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:20") as c:
        await c.press("f9")
        c.sees("9月14日は開場していません")
        for key in ("a", "z", "p", "enter"):
            await c.press(key)
            assert "まだ開場していません" in c.message, key
        await c.press("escape")
        assert isinstance(c.frame.view, BoardView)


async def test_who_comes_back_goes_on_where_they_were(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await step(c, "remarks")
        await c.press("escape", "m")
        await answer(c, "あとで")
        await c.press("f9")
        assert view(c).step.code == "remarks"
        await c.click_on("照合")
        assert view(c).step.code == "ties"
        await c.press("right", "left", "left", "left")
        assert view(c).step.code == "left" and c.message == "最初の手順です"


async def test_while_looking_back_it_is_shown_and_nothing_is_written(tmp_path: Path) -> None:
    async with console(tmp_path, evening(), at="17:10") as c:
        await step(c, "ties")
        await c.press("[")
        before = len(c.facts())
        for key in ("4", "enter", "x", "s", "d", "z", "p", "f"):
            await c.press(key)
            assert "過去の表示です" in c.message, key
        await c.press("tab", "1", "tab", " ", "tab", "1")
        assert len(c.facts()) == before and c.state.looking_back
        await c.press("escape")
        assert not c.state.looking_back


@pytest.mark.parametrize("code", STEPS)
async def test_every_key_on_this_screen_acts_or_says_why(tmp_path: Path, code: str) -> None:
    async with console(tmp_path, trouble(), at="17:10", size=(80, 24)) as c:
        await step(c, code)

        # What is typed and where the cursor goes is seen in the rows.
        assert set(await silent_keys(c, "f9")) <= {"enter", "-", *"0123456789"}


@pytest.mark.parametrize(("day", "size"), [*(("surge", size) for size in SIZES), ("whole", (80, 24))], ids=str)
async def test_at_every_size_every_step_has_its_place(tmp_path: Path, day: str, size: tuple[int, int]) -> None:
    clock = DAYS[day]().write(tmp_path / "floor.db")
    async with console(tmp_path, at=f"{clock():%H:%M}", size=size) as c:
        await c.press("f9")
        for code in STEPS:
            await step(c, code)
            c.clean()
            c.sees(view(c).step.name)
            for _ in range(4):
                await c.press("down")
                c.clean()
        await c.press("z", "2")
        c.clean()
        c.sees("締めました")


# ---- an earlier day


async def test_an_earlier_day_that_was_not_closed_is_said_until_it_is(tmp_path: Path) -> None:
    friday = MONDAY - timedelta(days=3)
    session = Session(
        kumagaya(), tmp_path / "floor.db", clock=HandClock(instant("08:30", friday)), actor="console", create=True
    )
    session.act("day.opened", {"officials": 2})
    session.close()
    async with console(tmp_path, at="09:00") as c:
        await c.until(lambda: c.state.file.unclosed == (friday,), "the day")
        await c.settle()
        found = [a for a in c.state.alerts() if a.code == "day_not_closed"]
        assert [(a.severity, a.text) for a in found] == [
            ("warning", f"9/11（金）が締められていません（floorctl close --date {friday}）")
        ]
        other = c.beside()
        closing_module.close(other, friday)
        other.close()
        await c.until(lambda: c.state.file.unclosed == (), "the close")
        assert not [a for a in c.state.alerts() if a.code == "day_not_closed"]


async def test_days_that_feeds_alone_have_told_owe_no_close(tmp_path: Path) -> None:
    friday = MONDAY - timedelta(days=3)
    session = Session(
        kumagaya(), tmp_path / "floor.db", clock=HandClock(instant("09:00")), actor="console", create=True
    )
    from floorctl.intake.feed import Intake
    from tests.story import feed_of, numbered

    lines = Story(friday, prefix="y").opens("08:30").issues("B001").lines
    Intake(session.store, session.site, "feed", session.clock, lambda n, why: None).take(numbered(feed_of(lines)))
    assert unclosed_days(session) == []
    session.act("memo.written", {"text": "今日から手で"})
    assert unclosed_days(session) == []
    session.close()
