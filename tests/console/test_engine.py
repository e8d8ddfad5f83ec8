"""The worker behind the console outlives every trouble of the moment, and what is not recorded is never unsaid."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.errors import Busy, FloorctlError
from floorctl.console import engine as module
from floorctl.console.engine import Engine
from floorctl.console.messages import Arrived, Done, Failed, Loaded, Mended, Taught
from floorctl.database.file import BUSY_S
from floorctl.database.store import Store
from floorctl.usecases.session import Session
from tests.story import HandClock, instant, kumagaya

BUSY = Busy("floor.db に記録できません", "ほかのプログラムがファイルを使い続けています")


class Console:
    """An engine over a new file; ``posts`` is all that it has said."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.posts = HandClock(instant("09:30")), list[Any]()
        path = folder / "floor.db"
        self.engine = Engine(
            lambda: Session(kumagaya(), path, clock=self.clock, actor="console", create=True), (), self.posts.append
        )
        self.engine.painted.set()

    def until(self, holds: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < end, f"never came: {what}: {self.posts}"
            time.sleep(0.002)

    def said(self, kind: type) -> list[Any]:
        return [p for p in self.posts if isinstance(p, kind)]

    def memo(self, text: str = "x") -> None:
        self.engine.act("メモ", "memo.written", {"text": text})

    def alive(self) -> bool:
        thread = self.engine._thread
        return thread is not None and thread.is_alive()


@contextmanager
def running(folder: Path) -> Iterator[Console]:
    c = Console(folder)
    c.engine.start()
    try:
        c.until(lambda: c.said(Taught), "the day")
        yield c
    finally:
        c.engine.stop()


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FOLLOW_S", 0.01)
    monkeypatch.setattr(module, "_AGAIN_S", 0.01)


def fails(monkeypatch: pytest.MonkeyPatch, name: str, times: int, error: Exception = BUSY) -> Callable[[], bool]:
    """The next ``times`` calls of a method of the store raise; returns whether all of them have."""
    left, whole = [times], getattr(Store, name)

    def broken(self: Store, *args: Any, **more: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise error
        return whole(self, *args, **more)

    monkeypatch.setattr(Store, name, broken)
    return lambda: left[0] == 0


@pytest.mark.parametrize("error", [BUSY, ValueError("x")], ids=["busy", "unforeseen"])
@pytest.mark.parametrize("name", ["data_version", "day_facts", "register_facts", "surnames", "gone"])
def test_a_passing_trouble_ends_no_thread_and_loses_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: Exception
) -> None:
    with running(tmp_path) as c:
        over = fails(monkeypatch, name, 3, error)
        for n in range(5):
            c.memo(str(n))
        c.until(lambda: over() and not c.engine.owed, "the end of the trouble")
        failed = sum(f.acted for f in c.said(Failed))
        c.until(lambda: len(c.said(Done)) + failed == 5, "every act's answer")
        told = {e.key for p in c.posts if getattr(p, "arrived", None) for e in p.arrived.entries}
        told |= {e.key for p in c.said(Arrived) for e in p.entries}
        assert {e.key for d in c.said(Done) for e in d.entries} <= told, "the screen has every fact"
        assert c.alive() and not any(f.fatal for f in c.said(Failed))


def test_a_day_that_changes_while_the_file_is_busy_is_loaded_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as c:
        first = c.engine._reader.day
        over = fails(monkeypatch, "surnames", 3)
        c.clock.at += timedelta(days=1)
        c.until(lambda: len(c.said(Loaded)) == 2, "the new day")
        assert over()
        assert [x.day for x in c.said(Loaded)] == [first, first + timedelta(days=1)]
        c.until(lambda: [t.day for t in c.said(Taught)] == [first, first + timedelta(days=1)], "its forecasts")


@pytest.mark.parametrize("part", ["_fold", "_teach", "_find_unclosed"])
def test_what_fails_behind_the_board_is_done_later_and_stops_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    tried, whole = list[int](), getattr(Engine, part)

    def broken(self: Engine) -> None:
        tried.append(1)
        if len(tried) < 3:
            raise BUSY
        whole(self)

    broken.__name__ = part
    monkeypatch.setattr(Engine, part, broken)
    with running(tmp_path) as c:
        c.until(lambda: len(tried) == 3, "the third try")
        c.memo()
        c.until(lambda: c.said(Done), "an act meanwhile")
        assert [f.error for f in c.said(Failed)] == [BUSY], "said once"
        assert [f.error for f in c.said(Mended)] == [BUSY], "and that it is over"


def test_a_file_that_is_busy_at_the_first_look_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    over = fails(monkeypatch, "day_facts", 2)
    with running(tmp_path) as c:
        assert over() and len(c.said(Loaded)) == 1
        assert [f.fatal for f in c.said(Failed)] == [False]


def test_where_the_thread_has_ended_every_act_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as c:
        monkeypatch.setattr(Engine, "_look", lambda self: 1 / 0)
        c.until(lambda: not c.alive(), "the end")
        c.memo()
        c.memo()
        fatal, *refused = c.said(Failed)
        assert fatal.fatal and c.engine.ended is fatal.error
        assert [f.error for f in refused] == [module.STOPPED] * 2
        assert c.engine.unrecorded == 2, "until they have been shown"
        for f in refused:
            c.engine.hear(f.error)
        assert c.engine.unrecorded == 0


def test_whoever_leaves_waits_for_the_write_and_is_told_what_was_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act that was begun is waited for; what would begin too late is not tried, and counted."""
    assert module.PATIENCE_S >= 2 * BUSY_S, "as long as the write itself"
    monkeypatch.setattr(module, "PATIENCE_S", 0.7)
    with running(tmp_path) as c:
        begun, go, whole = threading.Event(), threading.Event(), Session.act

        def slow(self: Session, kind: str, fields: dict[str, Any], **more: Any) -> Any:
            begun.set()
            go.wait(5)
            return whole(self, kind, fields, **more)

        monkeypatch.setattr(Session, "act", slow)
        c.memo("begun in time")
        c.memo("too late")
        begun.wait(5)
        threading.Timer(0.9, go.set).start()
        c.engine.stop()
        assert not c.alive()
        assert [d.entries[0].fact.text for d in c.said(Done)] == ["begun in time"]
        assert c.engine.unrecorded == 1 and c.engine.owed == 0
        assert isinstance(c.engine.last_failure, FloorctlError)
