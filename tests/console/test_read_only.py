"""A console that only looks: its worker follows the writer's, refuses every act, and does nothing of itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.commands.paper import Paper
from floorctl.console import engine as module
from floorctl.console.engine import Engine
from floorctl.console.keys import ACTIONS
from floorctl.console.messages import Answered, Arrived, Failed, FeedsSeen, FileTrouble, Loaded, Taught
from floorctl.console.possible import READ_ONLY
from floorctl.console.state import ConsoleState
from floorctl.models.site.settings import FeedSource
from floorctl.usecases.session import Session
from tests.console.test_own_loans import Console as Hall
from tests.console.test_own_loans import hall, home_waits, lent  # noqa: F401 - fixtures
from tests.story import Desk, kumagaya

SENTENCE = (
    "この画面は見るだけです（--read-only で開いています）。記録は、記録する盤面（floorctl console）でしてください。"
)


class Looker:
    """An engine that only looks, over a file that a desk writes; ``posts`` is all that it has said."""

    def __init__(self, desk: Desk) -> None:
        self.posts = list[Any]()
        self.engine = Engine(
            lambda: Session(desk.site, desk.path, clock=desk.clock, actor="console", read_only=True),
            (),
            self.posts.append,
            read_only=True,
        )
        self.engine.painted.set()

    def until(self, holds: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < end, f"never came: {what}: {self.posts}"
            time.sleep(0.002)

    def said(self, kind: type) -> list[Any]:
        return [p for p in self.posts if isinstance(p, kind)]

    def looks_again(self) -> None:
        """Wait until the file has been looked at some times more."""
        asked = len(self.said(Answered))
        for n in range(3):
            self.engine.ask("look", lambda session: None)
            self.until(lambda n=n: len(self.said(Answered)) > asked + n, "an answer")


@contextmanager
def looking(desk: Desk) -> Iterator[Looker]:
    looker = Looker(desk)
    looker.engine.start()
    try:
        looker.until(lambda: looker.said(Taught), "the day")
        yield looker
    finally:
        looker.engine.stop()


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FOLLOW_S", 0.01)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "floor.db", kumagaya(), "09:30")
    desk.opens()
    yield desk
    desk.close()


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: f"{a.group} {a.id}")
def test_every_action_looks_or_says_why_not(action: Any) -> None:
    assert READ_ONLY == SENTENCE
    state = ConsoleState(read_only=True)
    assert action.looks or action.why_not(state) == SENTENCE
    assert action.why_not(ConsoleState()) != SENTENCE


def test_every_act_is_refused_and_none_is_owed(desk: Desk) -> None:
    head = desk.session.head()
    with looking(desk) as c:
        refused = list[Any]()
        for act in (
            lambda: c.engine.act("x", "memo.written", {"text": "x"}, refused.append),
            lambda: c.engine.decide("x", lambda context: [("memo.written", {"text": "x"})], refused.append),
            lambda: c.engine.retract("x", {"target": "c-00000001"}, refused.append),
            lambda: c.engine.enter_paper("x", Paper(), object(), refused.append),
            lambda: c.engine.undo("x"),
            lambda: c.engine.export("x"),
            lambda: c.engine.ask("closed", lambda session: session.undo(), records=True),
        ):
            act()
        failed = c.said(Failed)
        assert [f.error.sentence for f in failed] == [SENTENCE] * 7
        assert [f.what for f in failed] == [""] * 6 + ["closed"]
        assert not c.engine.owed and not c.engine.unrecorded
    assert desk.session.head() == head
    assert sorted(p.name for p in desk.path.parent.iterdir()) == ["floor.db", "floor.db-journal"]


def test_it_follows_the_writer_through_midnight(desk: Desk) -> None:
    with looking(desk) as c:
        (memo,) = desk.does("memo.written", text="鍵")
        c.until(lambda: c.said(Arrived), "the memo")
        assert [e.key for p in c.said(Arrived) for e in p.entries] == [memo.key]
        day = desk.day
        desk.at("08:30", day + timedelta(days=1))
        c.until(lambda: len(c.said(Loaded)) == 2, "the new day")
        assert [x.day for x in c.said(Loaded)] == [day, day + timedelta(days=1)]
        desk.opens()
        c.until(lambda: len(c.said(Arrived)) == 2, "its opening")
        assert not c.said(Failed)
        desk.path.rename(desk.path.with_name("away.db"))
        c.until(lambda: c.said(FileTrouble), "the trouble")
        assert c.said(FileTrouble)[0].why == "floor.db が削除または移動されました"


def test_no_terminal_comes_home_by_itself(lent: Hall) -> None:  # noqa: F811
    """The console that records returns it; this one, which sees the same, does not."""
    home_waits(lent)
    head = lent.session.head()
    with looking(lent) as c:
        c.looks_again()
        lent.clock.at += timedelta(seconds=30)
        c.looks_again()
        assert lent.session.head() == head and not c.said(Failed)
    assert lent.looked() == ["T2 が応援から戻りました（交付の列に14人）"]


def test_no_feed_of_the_site_is_followed(desk: Desk) -> None:
    feed = desk.path.with_name("machine.jsonl")
    feed.write_text('{"id": "f1", "at": "2026-09-14T09:00:00+09:00", "kind": "memo.written", "text": "x"}\n')
    desk.site = replace(desk.site, feeds=(FeedSource(path=str(feed), source="machine"),))
    head = desk.session.head()
    with looking(desk) as c:
        c.looks_again()
        assert desk.session.head() == head and not c.said(FeedsSeen)
