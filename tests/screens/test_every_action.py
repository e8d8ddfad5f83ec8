"""Every action of the registry, at every moment of a day: it acts, or it says why not; it never fails, never is silent."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import OptionList

from floorctl.console.action import Action
from floorctl.console.key_names import key_name
from floorctl.console.keys import ACTIONS, BY_ID, actions_for, screen_of
from floorctl.models.day.paper_keys import desk_keys
from floorctl.screens.app import FloorApp
from floorctl.screens.board.view import BoardView
from floorctl.screens.help import HelpDialog, search
from floorctl.usecases.session import Session
from tests.screens.harness import VIEW_KEYS, Answers, Console, console, joined, open_day
from tests.story import HandClock, Story, instant, kumagaya

WORK = joined(
    open_day(),
    Story(prefix="t").issues("B041", at="09:00").calls("B041", "T3", "09:01").issues("B042", at="09:02"),
    Story(prefix="e").tells("escalation.raised", "09:03", escalation="E-7", matter="fee", terminal="T3"),
)
SMALL = (80, 24)  # the keys are the same at any size
MOMENTS: dict[str, tuple[list[dict[str, Any]], str, str]] = {  # facts, time, chosen terminal
    "before the opening": ([], "08:20", ""),
    "at work": (WORK, "09:05", ""),
    "serving terminal chosen": (WORK, "09:05", "T3"),
    "fixed terminal chosen": (WORK, "09:05", "A1"),
    "closed": (joined(WORK, Story(prefix="z").closes("17:15")), "17:20", "T4"),
}


def heading(c: Console) -> tuple[type, str]:
    """Which view is shown."""
    return type(c.frame.view), c.frame.view.heading


def seen(c: Console) -> tuple[object, ...]:
    """Return all that can change when a key acts."""
    s = c.state
    cursor = tuple(sorted(s.chosen.cursor.items()))
    parts = [c.frame.view, *getattr(c.frame.view, "steps", ())]
    return (
        len(c.floor.entries),
        len(c.state.day.register_entries),
        s.pending.choice is not None,
        tuple(type(x).__name__ for x in c.app.screen_stack),
        heading(c),
        s.chosen.panel,
        s.chosen.terminal,
        cursor,
        s.pending.backdate_min,
        s.pending.typing_backdate,
        c.app.palette_name,
        s.day.past.facts if s.day.past else None,
        [{k: v for k, v in vars(part).items() if isinstance(v, str | int | datetime)} for part in parts],
    )


async def leave(c: Console, terminal: str) -> None:
    """Back to the board, whatever is open, with ``terminal`` chosen."""
    while (
        c.state.pending.choice is not None or len(c.app.screen_stack) > 1 or c.state.pending.typing_backdate is not None
    ):
        await c.press("escape")
    if not isinstance(c.frame.view, BoardView):
        await c.press("f2")
    s = c.state
    present(c)
    s.chosen.terminal, s.chosen.panel, s.line.text, s.pending.backdate_min = terminal, "lanes", "", 0


def present(c: Console) -> None:
    """Leave the past; nothing is worked out anew where that was not looked at."""
    if c.state.day.past is not None:
        c.state.day.past = None
        c.state.changed()


def pressable(others: bool = True) -> list[tuple[Action, str]]:
    """Every action with its first key, or with the ``others`` too; not what ends the console or answers a question."""
    acts = [a for a in ACTIONS if a.id != "quit"]
    return [(a, k) for a in acts for k in (a.keys if others else a.keys[:1]) if k not in ("escape", *"234567")]


def elsewhere(key: str) -> list[str]:
    """Return the message for a key that means something on other screens alone."""
    screens = [(screen_of(a.group), a.label) for a in actions_for(key)]
    return [f"{key_name(key)} は{screen}の操作です（{label}）" for screen, label in screens]


@pytest.mark.parametrize("moment", list(MOMENTS))
async def test_every_key_acts_or_says_why(tmp_path: Path, moment: str) -> None:
    lines, at, terminal = MOMENTS[moment]
    async with console(tmp_path, lines, at=at, size=SMALL) as c:
        silent = []
        for action, key in pressable(others=moment == "at work"):  # the same action, whatever the moment
            await leave(c, terminal)
            here = [a for a in actions_for(key) if c.frame.view.owns(a, key)]
            whys = [a.why_not(c.state) for a in here] or elsewhere(key)
            before = seen(c)
            await c.press(key)
            if seen(c) == before and not c.message:
                silent.append((action.id, key))
            if all(whys):
                assert any(why in c.message for why in whys), (key, c.message, whys)
                assert seen(c) == before, (key, "acted though it said that it cannot")
        assert silent == []


@pytest.mark.parametrize("moment", ["before the opening", "serving terminal chosen"])
async def test_every_action_of_the_list_acts_or_says_why(tmp_path: Path, moment: str) -> None:
    """F1 offers all of them whatever is chosen; Enter there runs them."""
    lines, at, terminal = MOMENTS[moment]
    async with console(tmp_path, lines, at=at, size=SMALL) as c:
        for action in ACTIONS:
            if action.id == "quit":
                continue
            await leave(c, terminal)
            before = seen(c)
            c.app.call_later(c.app.perform, action.id)
            await c.settle()
            assert c.message or seen(c) != before or action.id == "leave_choice", action.id


# They move a cursor or leave a choice: where there is none they have nothing to say.
MOVES = ("up", "down", "left", "right", "escape")


@pytest.mark.parametrize("screen", VIEW_KEYS)
async def test_every_key_on_every_other_screen(tmp_path: Path, screen: str) -> None:
    async with console(tmp_path, WORK, at="09:05", size=SMALL) as c:
        await c.press(screen)
        view = c.frame.view
        assert not isinstance(view, BoardView)
        for key in dict.fromkeys(key for action in ACTIONS for key in action.keys if action.id != "quit"):
            if c.frame.view is not view:
                c.frame.show(view)
            c.state.chosen.terminal, c.state.line.text = "T4", ""
            own_acts = [a for a in actions_for(key) if c.frame.view.owns(a, key)]
            assert len(own_acts) <= 1, (key, [a.id for a in own_acts], "one key, two meanings on one screen")
            whys = [a.why_not(c.state) for a in own_acts] or elsewhere(key)
            before = seen(c)
            await c.press(key)
            assert c.message or seen(c) != before or key in MOVES, (key, "is silent")
            own = desk_keys(c.site) if screen == "j" else ()  # a terminal's key, whatever it means elsewhere
            if (
                seen(c) == before and all(whys) and key not in (*MOVES, "enter", *"0123456789", *own)
            ):  # say it their way
                assert any(why in c.message for why in whys), (key, c.message, whys)
            while (
                c.state.pending.choice is not None
                or c.state.pending.typing_backdate is not None
                or len(c.app.screen_stack) > 1
            ):
                await c.press("escape")
            present(c)
            c.state.pending.backdate_min = 0


async def test_a_key_without_an_action_says_so(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        for key in ("f11", "home", "ctrl+g", "~", "^"):
            c.state.line.text = ""
            await c.press(key)
            assert c.message == f"{key_name(key)} には操作がありません（F1 で操作一覧）"


async def test_a_key_of_another_screen_says_which(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await c.press("f7", "x")
        assert c.message.startswith("x は") and c.message.endswith("の操作です（見送り）"), c.message
        await c.press("f7", "n")
        assert c.message == "n は盤面（F2）の操作です（次へ）"


async def test_keys_before_the_file_has_been_read(tmp_path: Path) -> None:
    """The frame is up while the file is opened behind it: keys say that it is being read."""
    ready = threading.Event()
    clock = HandClock(instant("08:20"))

    def slowly() -> Session:
        ready.wait(10)
        return Session(kumagaya(), tmp_path / "floor.db", clock=clock, actor="console", create=True)

    app = FloorApp(slowly, clock=clock, theme_name="dark", bell=False)
    c = Console(app, tmp_path / "floor.db", clock, kumagaya())
    c.answers = Answers(app.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        c.pilot = pilot
        for action in ACTIONS:
            if action.id == "quit":
                continue
            for key in action.keys:
                c.state.line.text = ""
                await c.press(key)
                if action.why_not(c.state):
                    assert "まだファイルを読んでいます" in c.message, key
                while len(app.screen_stack) > 1:
                    await c.press("escape")
        c.sees("ファイルを読んでいます", "令和8年9月14日（月）")
        ready.set()
        await c.until(lambda: c.state.ready, "the file")
        await c.settle()
        c.sees("開場前")
        assert app._exception is None


async def test_quit(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await c.press("4", "right", "ctrl+q")
        assert c.app._exit
        assert c.kinds() == ["terminal.assigned"]


# ---- F1


async def test_help_lists_every_action_with_its_keys(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05", size=(120, len(ACTIONS) + 40)) as c:
        await c.press("f1")
        for action in ACTIONS:
            c.sees(action.cap, action.at(c.site).label)


async def test_help_says_why_an_action_is_not_possible(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:20") as c:
        await c.press("f1")
        await c.type("次へ")
        c.sees("いまはできません: まだ開場していません")


async def test_help_is_searched_in_japanese(tmp_path: Path) -> None:
    searches = {
        "休止 再開": "pause",
        "故障 復旧": "fail",
        "待ち 数えた": "count",
        "件数 表": "tally",
        "Ｆ９": "close",
        "受付 打ち切る": "reception",
    }
    async with console(tmp_path, WORK, at="09:05") as c:
        for words, found in searches.items():
            await c.press("f1")
            await c.type(words)
            assert [a.id for a in search(words)] == [found]
            c.sees(BY_ID[found].cap, BY_ID[found].at(c.site).label)
            await c.press("escape")
        # As it is read, by whom does not convert; what is neither written nor read so is not found.
        assert [a.id for a in search("きゅうし さいかい")] == ["pause"]
        await c.press("f1")
        await c.type("ちょうしょく")
        c.sees("あてはまる操作がありません")


async def test_the_cursor_of_help_is_always_seen(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05", size=(80, 24)) as c:
        await c.press("f1", "up")
        for keys, at in (
            (("down",), 1),
            (("pagedown",), 11),
            (("pageup",) * 3, 0),
            (("pagedown",) * 20, len(ACTIONS) - 1),
        ):
            await c.press(*keys)
            assert c.app.screen.query_one(OptionList).highlighted == at
            c.sees(ACTIONS[at].cap, ACTIONS[at].at(c.site).label, "Enter 実行")
        await c.pilot.resize_terminal(120, 36)
        await c.settle()
        c.clean()
        assert c.app.screen.query_one(OptionList).highlighted == len(ACTIONS) - 1
        c.sees(ACTIONS[-1].help, "Enter 実行")
        await c.type("市職員へ")
        assert c.app.screen.query_one(OptionList).highlighted == 0
        c.clean()


async def test_help_shows_text_as_text(tmp_path: Path) -> None:
    wild = "[red]x[/] $floor-ok [link=y]z[/link]"
    async with console(tmp_path, WORK, at="09:05") as c:
        dialog = HelpDialog(c.state)
        dialog._found = [BY_ID["memo"]._replace(label="[b]太[/b]", told=wild)]
        c.app.push_screen(dialog)
        await c.settle()
        c.sees("[b]太[/b]", wild)


async def test_enter_in_help_runs_the_action(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await c.press("5", "f1")
        await c.enters("休止")
        assert [(k, f["terminal"]) for k, f in c.wrote()] == [("terminal.paused", "T5")]
        await c.press("?")
        await c.type("事案")
        shown = [a.id for a in ACTIONS if "事案" in f"{a.label} {a.help} {a.group}"]
        assert shown.index("incident") > 0
        await c.press(*["down"] * shown.index("incident"), "enter")
        c.sees("事案の分類")
        await c.press("escape", "f1", "f1")
        assert len(c.app.screen_stack) == 1
