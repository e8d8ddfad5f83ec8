"""Questions without answers, questions that come late, and a worker that has ended: nothing ends, nothing is unsaid."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual import events

from floorctl.common.errors import FloorctlError
from floorctl.console.messages import Failed
from floorctl.screens.app import FloorApp
from floorctl.screens.dialogs import Dialog
from floorctl.screens.questions import WAITS
from floorctl.usecases.session import Session
from tests.screens.harness import console, open_day

DAY = open_day()


@pytest.mark.parametrize("day", ["closed", "sunday"])
async def test_a_terminal_with_nothing_to_do_says_why(tmp_path: Path, day: str) -> None:
    where: dict[str, Any] = {"day": date(2026, 9, 13)} if day == "sunday" else {"lines": DAY, "at": "09:05"}
    async with console(tmp_path, **where) as c:
        if day == "closed":
            other = c.beside()
            other.act("day.closed", {})
            other.close()
            await c.until(lambda: c.floor.closed_at is not None, "the close")
        for keys in (("enter",), ("down",), ("up", "enter"), ("escape",)):
            await c.press("escape", "1", "enter")
            assert c.state.pending.choice is None
            assert ("閉場しています" if day == "closed" else "開場日ではありません") in c.message
            await c.press(*keys)


async def test_a_choice_of_nothing_asks_nothing_and_a_cursor_beyond_the_end_stands_on_the_last(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        c.asks(lambda ask: ask.choice("題", [], at=3))
        assert c.state.pending.choice is None and c.message == "題: 選べるものがありません"
        c.asks(lambda ask: ask.choice("題", [("a", "A"), ("b", "B")], at=9))
        assert c.state.pending.choice.key("enter") == "b"


async def test_a_reason_is_asked_after_what_is_being_typed_which_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two moves that need a reason are answered while a memo is being written."""
    async with console(tmp_path, DAY, at="09:05") as c:
        go, whole = threading.Event(), Session.act

        def slow(self: Session, kind: str, fields: dict[str, Any], **more: Any) -> Any:
            go.wait(5)
            return whole(self, kind, fields, **more)

        await c.press("1", "right")  # from here on every move to that lane leaves too few in the other
        monkeypatch.setattr(Session, "act", slow)
        before = len(c.facts())
        for key in ("2", "right", "4", "right"):
            c.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await c.until(lambda: c.answers.asked == 3, "the acts")
        c.app.post_message(events.Key("m", "m"))
        await c.until(lambda: isinstance(c.app.screen, Dialog), "the memo")
        go.set()
        await c.settle()
        assert len(c.app.questions) == 2 and len(c.facts()) == before
        assert c.message == WAITS
        await c.enters("visitor fell")
        for why in ("一", "二"):
            c.sees("理由が要ります")
            await c.enters(why)
        told = [(kind, fields.get("terminal"), fields.get("text") or fields["reason"]) for kind, fields in c.wrote(3)]
        assert told == [
            ("memo.written", None, "visitor fell"),
            ("terminal.assigned", "T2", "一"),
            ("terminal.assigned", "T4", "二"),
        ]
        assert not c.app.questions and not isinstance(c.app.screen, Dialog)


async def test_a_worker_that_has_ended_is_said_for_good_and_acts_are_refused(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        error = FloorctlError("floor.db は使えません", "ためし")
        c.app._from_engine(Failed(error, fatal=True))
        await c.settle()
        before = len(c.facts())
        await c.press("1", "s")
        assert error.sentence in c.message
        await c.press("escape", "m")
        assert not isinstance(c.app.screen, Dialog)
        await c.press("f4", "f2", "escape")
        c.sees("ためし")
        assert len(c.facts()) == before and c.app.fatal is error


async def test_what_was_not_recorded_when_it_is_left_is_said_by_count_with_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: FloorApp
    async with console(tmp_path, DAY, at="09:05") as c:
        app, go = c.app, threading.Event()

        def never(self: Session, kind: str, fields: dict[str, Any], **more: Any) -> Any:
            go.wait(5)
            raise FloorctlError("floor.db に記録できません", "使用中")

        monkeypatch.setattr(Session, "act", never)
        for _ in range(2):
            app.engine.act("メモ", "memo.written", {"text": "x"})
        app.leave()
        assert "2件を書き込んでいます" in c.message
        app.leave()  # once is enough
        go.set()
        await c.until(lambda: app._exit, "the end")
    assert app.fatal is not None and app.return_code == 1
    assert "2件を記録できませんでした（使用中）" in app.fatal.sentence
    assert "残っています" not in app.fatal.sentence
