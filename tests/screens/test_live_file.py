"""The console beside others: a second console, a feed that grows, a file that goes away, a day that ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.errors import StoreError
from floorctl.console.engine import Engine
from floorctl.console.messages import Loaded
from floorctl.database.store import Store
from floorctl.models.site.settings import FeedSource
from floorctl.usecases.session import Session
from tests.screens.harness import Console, console, new_app, open_day
from tests.story import MONDAY, HandClock, Story, feed_of, instant, kumagaya

DAY = open_day()


# ---- somebody else writes


async def test_two_consoles_see_each_others_acts(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(console(tmp_path, DAY, at="09:05"))
        two = await stack.enter_async_context(console(tmp_path, at="09:06"))
        await one.press("4", "right")
        await two.until(lambda: two.floor.terminals["T4"].lane == "certificate", "the move of the other")
        two.sees("電子証明書   6台")
        await two.press("t", "3")
        await one.until(lambda: one.floor.waiting == 1, "the ticket of the other")
        await one.press("3", "n")
        await two.until(lambda: two.floor.terminals["T3"].ticket == "B001", "the call of the other")
        assert one.kinds() == ["terminal.assigned", "ticket.issued", "ticket.called"]


async def test_of_two_managers_who_do_the_same_at_once_one_is_told(tmp_path: Path) -> None:
    """Neither screen knows of the other's key: one fact comes of it, and the other manager reads why not two."""
    waiting = [*DAY, *Story(prefix="w").issues("B041", at="09:00").lines]
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(console(tmp_path, waiting, at="09:05"))
        two = await stack.enter_async_context(console(tmp_path, at="09:06"))
        for keys, written, said in (
            (("4", "right"), "terminal.assigned", "すでにその状態です"),
            (("escape", "5", "n"), "ticket.called", "B041"),
        ):
            for c in (one, two):
                await c.press(*keys[:-1])
            two.state.take = lambda arrived: None  # type: ignore[method-assign]  # the news is still on its way
            await one.press(keys[-1])
            await two.press(keys[-1])
            assert one.kinds().count(written) == 1, one.kinds()
            assert said in two.message or "ません" in two.message, two.message
            del two.state.take
            two.state.load(await reloaded(two))


async def reloaded(c: Console) -> Any:
    """Return the day as the console would load it if it began now."""
    session = c.beside("console")
    try:
        entries, register = session.store.day_facts(MONDAY), session.store.register_facts()
        return Loaded(session.site, MONDAY, session.info(MONDAY), entries, register, session.store.surnames(), MONDAY)
    finally:
        session.close()


async def test_what_comes_while_the_console_starts_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading the day and following the file somebody else writes."""
    begin = Engine._open_feeds

    def meanwhile(engine: Engine) -> None:
        other = Session(kumagaya(), tmp_path / "floor.db", clock=HandClock(instant("09:05")))
        other.act("terminal.paused", {"terminal": "T5"})
        other.close()
        begin(engine)

    monkeypatch.setattr(Engine, "_open_feeds", meanwhile)
    async with console(tmp_path, DAY, at="09:05") as c:
        assert c.told()[0].state("T5") == "paused"
        await c.until(lambda: c.floor.state("T5") == "paused", "what came meanwhile")


# ---- feeds


async def test_lines_appended_to_a_followed_feed_appear(tmp_path: Path) -> None:
    feed = tmp_path / "machine.jsonl"
    feed.write_bytes(feed_of(DAY))
    async with console(tmp_path, at="09:05", feeds=[feed]) as c:
        await c.until(lambda: len(c.floor.entries) == len(DAY), "the lines that were there")
        with feed.open("ab") as out:
            out.write(feed_of(Story(prefix="x").issues("B041", at="09:04").lines))
            out.flush()
            await c.until(lambda: c.floor.waiting == 1, "the line that was appended")
            c.sees("最長 1分  B041")
            half = feed_of(Story(prefix="y").issues("B042", at="09:04").lines)
            out.write(half[:20])
            out.flush()
            turns = c.answers.turns
            await c.until(lambda: c.answers.turns > turns + 5, "some turns of the engine")
            assert c.floor.waiting == 1
            out.write(half[20:])
            out.flush()
            await c.until(lambda: c.floor.waiting == 2, "the line once it is whole")
        assert {e.source for e in c.facts()} == {"feed"}


async def test_a_feed_that_is_not_there_yet_is_said_and_then_read(tmp_path: Path) -> None:
    feed = tmp_path / "machine.jsonl"
    async with console(tmp_path, open_day(), at="08:31", feeds=[feed]) as c:
        await c.until(lambda: "machine.jsonl がまだありません" in c.text(), "the missing feed")
        feed.write_bytes(feed_of(Story(prefix="x").issues("B041", at="08:31").lines))
        await c.until(lambda: c.floor.waiting == 1, "the feed")
        assert "がまだありません" not in c.text()


async def test_refused_lines_are_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    feed = tmp_path / "machine.jsonl"
    good = feed_of(Story(prefix="x").issues("B041", at="08:31").lines)
    feed.write_bytes(b"{nonsense\n" + good + b'{"kind":"ticket.issued"}\n')
    async with console(tmp_path, open_day(), at="08:32", feeds=[feed]) as c:
        await c.until(lambda: c.floor.waiting == 1, "the good line")
        await c.until(lambda: "受け付けなかった行 2件" in c.text(), "the count of refused lines")
        assert "machine.jsonl 1行目: JSON として読めません（ほか1件）" in c.text()
        with feed.open("ab") as out:  # taken in, and said of it what every other door says
            out.write(
                feed_of(Story(prefix="n").tells("terminal.failed", "08:31", terminal="T3", fault="大槻様の指摘").lines)
            )
        await c.until(lambda: "machine.jsonl 4行目: 故障の内容に氏名らしい語があります" in c.text(), "the doubt")


# ---- the file itself


async def test_a_file_deleted_under_the_console_is_said_and_nothing_is_written_elsewhere(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        c.path.unlink()
        await c.press("4", "right")
        assert "記録できません" in c.message and "削除または移動されました" in c.message
        assert not c.path.exists()
        assert written(tmp_path) == []
        assert c.floor.terminals["T4"].lane == "issuance"
        await c.press("5", "s", "m")
        await c.enters("もう一度")
        assert "削除または移動されました" in c.message
        assert written(tmp_path) == []


def written(folder: Path) -> list[str]:
    """Files that hold anything (SQLite leaves an empty journal beside a file that was open)."""
    return [p.name for p in folder.iterdir() if p.stat().st_size]


async def test_a_file_replaced_under_the_console_is_not_written_to(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        c.path.unlink()
        Store(c.path, create=True).close()
        await c.press("5", "s")
        assert "別のファイルに置き換えられました" in c.message
        store = Store(c.path)
        assert store.count() == 0
        store.close()


@asynccontextmanager
async def bereft(folder: Path) -> AsyncIterator[Console]:
    """A console that follows a feed and has said that its file went away."""
    feed = folder / "machine.jsonl"
    feed.write_bytes(feed_of(DAY))
    async with console(folder, at="09:05", feeds=[feed]) as c:
        await c.until(lambda: len(c.floor.entries) == len(DAY), "the feed")
        c.path.unlink()
        with feed.open("ab") as out:
            out.write(feed_of(Story(prefix="x").issues("B041", at="09:04").lines))
        await c.until(lambda: "削除または移動されました" in c.message, "the sentence")
        yield c


async def test_what_is_pressed_after_the_file_went_away_is_said_to_be_lost(tmp_path: Path) -> None:
    async with bereft(tmp_path) as c:
        await c.press("5", "s")
        assert "記録できません" in c.text()


async def test_trouble_while_following_the_file_is_not_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program holds the file for too long once; the next act is recorded all the same, or said to be lost."""
    look = Store.data_version

    def busy(store: Store) -> tuple[int, int]:
        monkeypatch.setattr(Store, "data_version", look)
        raise StoreError("floor.db に記録できません", "ほかのプログラムがファイルを使い続けています")

    async with console(tmp_path, DAY, at="09:05") as c:
        monkeypatch.setattr(Store, "data_version", busy)
        await c.until(lambda: "使い続けています" in c.message, "the sentence")
        await c.until(lambda: c.state.line.role == "dim", "its end, from which on the sentence fades")
        await c.press("5", "s")
        assert c.kinds() == ["terminal.paused"] or "記録できません" in c.message


async def test_a_foreign_file_ends_the_console_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "floor.db"
    path.write_bytes(b"not a database, but long enough to look at" * 50)
    before = path.read_bytes()
    app = new_app(path, HandClock(instant("09:05")))
    async with app.run_test(size=(120, 36)):
        end = time.monotonic() + 10
        while not app._exit and time.monotonic() < end:
            await asyncio.sleep(0.005)
    assert app.fatal is not None and "floor.db は使えません" in app.fatal.sentence
    assert app.fatal.exit_status == 3
    assert path.read_bytes() == before


async def test_a_fault_of_ours_keeps_the_facts_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(session: Session, kind: str, fields: dict[str, Any]) -> list[Any]:
        raise ZeroDivisionError("secret")

    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("4", "right")
        monkeypatch.setattr(Session, "act", broken)
        await c.press("5", "s")
        assert "予期しない不具合です" in c.message and "secret" not in c.message
        monkeypatch.undo()
        await c.press("s")
        assert c.kinds() == ["terminal.assigned", "terminal.paused"]


# ---- the day


async def test_the_next_day_begins_by_itself(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="23:59") as c:
        await c.press("4")
        tomorrow = MONDAY + timedelta(days=1)
        await c.at("00:00", tomorrow)
        await c.until(lambda: c.floor.day == tomorrow, "the new day")
        await c.settle()
        c.sees("9月15日（火）", "開場前", "記録はまだありません")
        assert c.state.chosen.terminal == "T4"
        await c.at("08:25", tomorrow)
        await c.press("enter", "1")
        assert c.last().kind == "day.opened" and c.last().fact.at.date() == tomorrow


async def test_the_sites_own_feeds_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a site file names a path of 80 characters at most
    feed = tmp_path / "machine.jsonl"
    feed.write_bytes(feed_of(Story(prefix="x").issues("B041", at="09:00").lines))
    site = replace(kumagaya(), feeds=(FeedSource(path=feed.name, source="machine"),))
    async with console(tmp_path, at="09:05", site=site) as c:
        await c.until(lambda: c.floor.waiting == 1, "the site's feed")
        assert {e.source for e in c.facts()} == {"machine"}


async def test_what_was_on_paper_is_marked_as_entered_later(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="11:00") as c:
        await c.hears(Story(prefix="p").issues("B701", at="10:05"), source="paper")
        await c.press("l")
        line = next(row for row in c.rows() if "B701" in row)
        assert "10:05:00" in line
        assert "後入力" in line
