"""F9: the end of the day in one screen; every answer is a fact at once, and nothing is 特になし by itself."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from floorctl.screens.closing.view import ClosingView
from floorctl.usecases import closing as closing_module
from floorctl.usecases.session import Session
from floorctl.usecases.unclosed_days import unclosed_days
from tests.screens import halls
from tests.screens.days import DAYS
from tests.screens.harness import Console, console
from tests.screens.team import silent_keys
from tests.story import MONDAY, HandClock, Story, instant, kumagaya

SIZES = [(60, 20), (80, 24), (120, 36), (160, 45)]
STEPS = ["left", "ties", "inquiries", "problems", "remarks", "review"]
QUIET = halls.quiet()


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


# ---- 残り


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


# ---- words


# ---- 確認, the close


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


async def test_a_console_that_comes_later_shows_the_closed_day_too(tmp_path: Path) -> None:
    async with console(tmp_path, QUIET, at="17:10") as c:
        await c.press("f9", "z", "2")
    async with console(tmp_path, at="17:30") as c:
        await c.press("f9")
        c.sees("締めました  17:10", "p で書き出すと", "提出期限は 9/15（火）", "未記入")
        await c.press("p")
        c.sees(f"日次報告書_{MONDAY}.xlsx", "控え")
        assert c.kinds() == ["day.closed"]


# ---- the screen itself


@pytest.mark.parametrize("code", STEPS)
async def test_every_key_on_this_screen_acts_or_says_why(tmp_path: Path, code: str) -> None:
    async with console(tmp_path, halls.trouble(), at="17:10", size=(80, 24)) as c:
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
