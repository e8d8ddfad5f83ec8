"""[ and ]: the whole console steps through the facts of the day. Nothing is written there, and the way back is one key."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from floorctl.console.keys import ACTIONS
from floorctl.console.possible import LOOKING_BACK
from floorctl.screens.acts import VIEWS
from floorctl.usecases.retraction import retract
from tests.screens.halls import morning
from tests.screens.harness import Console, console, ingest, joined, open_day
from tests.story import Story

DAY = open_day()
STAYS_OUT = {"quit"}  # it ends the console


def shown(c: Console) -> str:
    """Return the rows between the head and the foot."""
    return "\n".join(c.picture().splitlines()[1:-2])


def foot(c: Console) -> str:
    """The line that says what is shown, and what a key has answered."""
    return c.rows()[-2]


# ---- nothing is written


def seen(c: Console) -> tuple[object, ...]:
    """Return all that a key may change in the past."""
    s = c.state
    return (
        c.frame.view,
        shown(c),
        s.day.past,
        s.chosen.panel,
        s.chosen.terminal,
        c.app.palette_name,
        len(c.app.screen_stack),
    )


async def press_fast(c: Console, keys: list[str]) -> list[str]:
    """Presses each key in the past, without waiting between them; returns those that said and changed nothing."""
    silent, view = [], c.frame.view
    c.app.perform("past")
    before = seen(c)
    for key in keys:
        c.state.line.text = ""
        c.frame.on_key(events.Key(key, key if len(key) == 1 else None))
        assert c.state.pending.choice is None, f"{key} asks something in the past"
        assert c.state.pending.typing_backdate is None and not c.state.pending.backdate_min, key
        if seen(c) == before:
            silent += [] if c.state.line.text else [key]
        else:
            await close_dialogs(c)
            c.frame.view = view
            if not c.state.looking_back:
                c.app.perform("past")
            before = seen(c)
    return silent


async def close_dialogs(c: Console) -> None:
    while len(c.app.screen_stack) > 1:
        await c.press("escape")


KEYS = [k for a in ACTIONS if a.id not in STAYS_OUT for k in a.keys if k not in ("f1", "?", "/")]
KEYS += ["9", "0", "backspace", "delete", "home", "end", "insert"]
OPEN_KEYS = {name: next(a.keys[0] for a in ACTIONS if a.id == name) for name in VIEWS}


@pytest.mark.parametrize("screen", ["board", "by_hand", *VIEWS])
async def test_no_key_writes_anything_on_any_screen(tmp_path: Path, screen: str) -> None:
    async with console(tmp_path, morning(), at="10:00", size=(80, 24)) as c:
        await c.press("3")
        c.app.perform(screen)
        await c.settle()
        before = [e.key for e in c.facts()]
        view = c.frame.view
        silent = await press_fast(c, KEYS)
        await c.settle()
        assert [e.key for e in c.facts()] == before
        assert c.frame.view is view
        # At the edge of a list the cursor stays where it is.
        assert set(silent) <= {"up", "down", "left", "right", "backspace", "escape", "f2", OPEN_KEYS.get(screen, "")}


async def test_no_action_of_the_list_writes_anything(tmp_path: Path) -> None:
    async with console(tmp_path, morning(), at="10:00") as c:
        await c.press("3", "b", "2", "escape", "[")
        before = [e.key for e in c.facts()]
        for action in ACTIONS:
            if action.id in STAYS_OUT:
                continue
            c.state.day.look_at(15)
            c.state.line.text = ""
            c.app.perform(action.id)
            await c.settle()
            assert c.state.pending.choice is None, action.id
            if not action.looks:
                assert LOOKING_BACK in c.message and c.state.looking_back, action.id
                assert len(c.app.screen_stack) == 1, action.id
            await close_dialogs(c)
        assert [e.key for e in c.facts()] == before
        await c.press("[", "f1")
        await c.type("発券")
        c.sees(f"いまはできません: {LOOKING_BACK}")
        await c.press("enter")
        assert "発券: 過去の表示です" in foot(c)
        assert [e.key for e in c.facts()] == before


async def test_no_click_writes_anything(tmp_path: Path) -> None:
    async with console(tmp_path, morning(), at="10:00") as c:
        before = [e.key for e in c.facts()]
        await c.press("b", "[")
        await c.click_on("B003")
        assert c.state.chosen.ticket == "B003"
        await c.click_on("B003")
        assert LOOKING_BACK in foot(c) and c.state.pending.choice is None
        for words in ("用件変更", "手受付"):
            await c.click_on(words)
            assert LOOKING_BACK in foot(c), words
        await c.press("escape", "j", "[")
        await c.click_on("電子証明書更新")
        assert LOOKING_BACK in foot(c)
        await c.press("escape", "f2", "[")
        for target in sorted({meaning for _, meaning in c.frame.picture.targets}):
            c.frame.view.clicked(*target.split(":", 1))
            c.app.redraw()
        await c.settle()
        assert c.state.pending.choice is None and c.state.looking_back
        assert [e.key for e in c.facts()] == before


async def test_a_question_that_comes_late_brings_the_present_back(tmp_path: Path) -> None:
    """The reason for a move is asked after the manager has begun to look back: it is about now."""
    async with console(tmp_path, morning(), at="10:00") as c:
        await c.press("5")
        asked = c.answers.asked
        c.frame.on_key(events.Key("left", None))
        c.frame.on_key(events.Key("[", "["))
        assert c.state.looking_back and c.answers.asked == asked + 1
        await c.settle()
        c.sees("理由", "電子証明書が4台になります")
        assert not c.state.looking_back
        await c.enters("予約が重なる")
        assert c.kinds() == ["terminal.assigned"]


# ---- others go on


async def elsewhere(c: Console, story: Story) -> None:
    """Facts that another process takes in while the past is shown."""
    ingest(c.path, c.site, story.lines, c.clock)
    keys = {("feed", line["id"]) for line in story.lines}
    await c.until(lambda: keys <= {e.key for e in c.state.day.fold.floor.entries}, "the facts of the feed")
    await c.settle()


async def test_new_facts_do_not_disturb_what_is_seen_and_are_there_on_return(tmp_path: Path) -> None:
    async with console(tmp_path, morning(), at="10:00", size=(80, 24)) as c:
        total = len(c.facts())
        await c.press("b", "[", "[")
        before, now = shown(c), c.state.day.now
        other = c.beside()
        other.act("ticket.left", {"ticket": "A001"})
        other.close()
        await elsewhere(c, Story(prefix="y").issues("B005", at="09:59").issues("A000", "card_issuance", "09:01"))
        await c.until(lambda: len(c.state.day.fold) == total + 3, "the facts")
        await c.at("10:02")
        assert (shown(c), c.state.day.now) == (before, now)
        # The late one of 9:01 stands before: two steps back were two from the end, now it is the third from the end.
        c.sees(f"記録 {total - 1}／{total + 3}件")
        await c.press("[")
        assert f"{c.state.day.now:%H:%M}" == "09:21" and "A000" in c.floor.tickets
        await c.press("]", "]")
        assert f"{c.state.day.now:%H:%M}" == "09:40"
        await c.press("escape")
        assert set(c.floor.tickets) >= {"B005", "A000"} and c.floor.tickets["A001"].state == "left"
        c.sees("B005", "10:02:00")


async def test_a_retraction_by_somebody_else_waits_for_the_return(tmp_path: Path) -> None:
    async with console(tmp_path, morning(), at="10:00") as c:
        await c.press("b", "[")
        issue = next(e for e in c.floor.entries if getattr(e.fact, "ticket", "") == "B003")
        before = shown(c)
        other = c.beside()
        retract(other, {"target": issue.fact.id, "target_source": issue.source, "reason": "二重発券"})
        other.close()
        await c.until(lambda: "B003" not in c.state.day.fold.floor.tickets, "the retraction")
        await c.settle()
        assert shown(c) == before and "B003" in c.floor.tickets
        await c.press("[", "]")
        assert "B003" in c.floor.tickets, "then nobody knew"
        await c.press("escape")
        assert "B003" not in c.floor.tickets


async def test_what_becomes_urgent_now_is_heard_and_what_was_is_not(tmp_path: Path) -> None:
    crowd = (
        Story(prefix="v").tells("visitors.counted", "09:45", persons=60).tells("visitors.counted", "09:50", persons=9)
    )
    async with console(tmp_path, joined(morning(), crowd), at="09:31") as c:
        await c.at("10:00")
        urgent = c.app._urgent
        assert ("seats_over", "") not in urgent
        await c.press("[")
        assert "椅子" in c.text() and c.floor.persons == 60
        await c.at("10:00:01")
        assert c.app._urgent == urgent, "the crowd of 9:45 is no news"
        await elsewhere(c, Story(prefix="w").tells("visitors.counted", "10:00", persons=70))
        await c.at("10:00:02")
        assert ("seats_over", 0) in c.app._urgent and "至急" in c.app.title
        assert c.state.looking_back


# ---- where one was
