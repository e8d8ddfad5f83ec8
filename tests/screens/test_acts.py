"""Acts as coroutines: Esc, refusals and leaving end them where they wait; keys that are typed ahead keep their order."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events

import floorctl.screens
from floorctl.common.errors import FloorctlError, NeedsReason, Refused
from floorctl.screens.app import FloorApp
from floorctl.screens.asking import Ask
from floorctl.screens.dialogs import Dialog
from floorctl.screens.key_line import KeyLine
from floorctl.screens.running import Act, Answer, Dismissed, Job, Question, Running
from floorctl.usecases.session import Session
from tests.screens.harness import Console, console, open_day

DAY = open_day()
REFUSED = Refused("できません", "ためし")


class Host:
    """A console without a screen: what is asked and given to the engine is answered by the test."""

    def __init__(self) -> None:
        self.running: set[Running] = set()
        self.asked, self.given, self.said = list[Answer](), list[Answer](), list[str]()
        self.posed = list[Callable[[], object]]()

    def pose(self, question: Callable[[], object], /) -> None:
        self.posed.append(question)

    def shown(self, error: FloorctlError) -> None:
        self.said.append(f"shown {error.what}")

    def say_refused(self, error: FloorctlError) -> None:
        self.said.append(f"refused {error.what}")

    def run(self, act: Callable[[Host], Act]) -> Host:
        Running(self, act(self)).start()
        return self

    def open(self) -> Answer:
        self.posed.pop(0)()
        return self.asked.pop(0)

    async def question(self) -> Any:
        return await Question(self.asked.append)

    async def record(self) -> Any:
        return await Job(self.given.append)


def test_an_act_goes_on_with_each_answer_at_once_and_is_gone_at_its_end() -> None:
    got: list[object] = []

    async def act(host: Host) -> None:
        got.append(await host.question())
        got.append(await host.record())
        got.append(await host.question())

    host = Host().run(act)
    host.open()("一")
    assert got == ["一"]
    host.given.pop()(["fact"])
    host.open()("")
    assert got == ["一", ["fact"], ""] and not host.running


def test_escape_ends_an_act_unless_it_goes_on() -> None:
    got: list[str] = []

    async def act(host: Host) -> None:
        try:
            await host.question()
        except Dismissed:
            got.append("goes on")
        await host.question()
        got.append("not reached")

    host = Host().run(act)
    host.open()(None)
    answer = host.open()
    answer(None)
    assert got == ["goes on"] and not host.running
    answer("too late")


def test_a_refusal_that_nobody_catches_is_said_and_one_that_is_asked_about_is_known_when_the_question_opens() -> None:
    async def careless(host: Host) -> None:
        await host.record()

    async def careful(host: Host) -> None:
        try:
            await host.record()
        except Refused:
            await host.question()

    async def indifferent(host: Host) -> None:
        try:
            await host.record()
        except Refused:
            return

    host = Host().run(careless)
    host.given.pop()(REFUSED)
    assert host.said == ["refused できません"] and not host.running
    host = Host().run(careful)
    host.given.pop()(REFUSED)
    assert host.said == []
    host.open()
    assert host.said == ["shown できません"]
    host = Host().run(indifferent)
    host.given.pop()(REFUSED)
    assert host.said == ["shown できません"] and not host.running


@pytest.mark.parametrize("error", [ValueError("x"), FloorctlError("会場設定と合いません", "ためし")])
def test_an_error_of_the_act_itself_is_raised_in_the_key_that_led_to_it(error: Exception) -> None:
    async def act(host: Host) -> None:
        await host.question()
        raise error

    host = Host().run(act)
    answer = host.open()
    with pytest.raises(type(error)):
        answer("x")
    assert not host.running and host.said == []


def test_an_act_that_is_abandoned_hears_no_answer_and_asks_nothing() -> None:
    ended: list[str] = []

    async def act(host: Host) -> None:
        try:
            await host.question()
        finally:
            ended.append("ended")

    host = Host().run(act)
    show = host.posed.pop(0)
    for act_ in tuple(host.running):
        act_.close()
    show()
    assert ended == ["ended"] and not host.asked and not host.running


def test_a_key_waits_for_who_works_on_the_one_before_but_not_for_who_has_gone() -> None:
    taken: list[str] = []
    top = "dialog"
    line = KeyLine(lambda: top)

    def takes(key: str, holder: object) -> Callable[[], object]:
        return lambda: taken.append(key) or holder

    for key, holder in (("a", "dialog"), ("b", "dialog"), ("c", None), ("d", None)):
        line.put(takes(key, holder))
    assert (taken, len(line)) == (["a"], 3)
    line.done("another")
    line.go_on()
    assert taken == ["a"]
    line.done("dialog")
    line.go_on()
    assert taken == ["a", "b"]
    top = "board"
    line.go_on()
    assert taken == ["a", "b", "c", "d"] and not line


# ---- on the screen


def at_once(c: Console, *keys: str) -> None:
    for key in keys:
        c.app.post_message(
            events.Paste(key[6:]) if key.startswith("paste ") else events.Key(key, key if len(key) == 1 else None)
        )


FAST = {
    "an outage": (".", "s", "1", *"9/24", "enter", *"0900", "enter", *"1030", "enter", *"power", "enter", "f2", "3"),
    "Esc and again": (".", "s", "1", "escape", "s", "2", *"9/24", "enter", "escape", "f2", "4"),
    "a paste": (".", "a", *"9/20", "enter", "paste 更新の混雑", "enter", *"9/1", "enter", "f2"),
    "a wrong time": (".", "s", "1", *"9/24", "enter", *"99", "enter", *["backspace"] * 2, *"0900", "enter", "escape"),
    "help and on": ("?", *"機器", "enter", "2", "2", "n"),
    "a meeting": ("f8", "p", "1", "2", *"9/10", "enter", "3", "1", "f2", "1"),
    "a memo and a move": ("m", *"memo", "enter", "1", "n"),
}


@pytest.mark.parametrize("name", FAST)
async def test_typing_fast_is_the_same_as_typing_slowly(tmp_path: Path, name: str) -> None:
    told = []
    for fast in (True, False):
        async with console(tmp_path, DAY, at="09:30", name=f"{fast}.db") as c:
            if fast:
                at_once(c, *FAST[name])
                await c.settle()
            else:
                for key in FAST[name]:
                    at_once(c, key)
                    await c.settle()
            told.append((c.wrote(9), type(c.frame.view).__name__, c.state.chosen.terminal, c.app.screen is c.frame))
            assert not c.app.running or c.state.pending.choice is not None or c.app.screen is not c.frame
    assert told[0] == told[1]


async def test_a_refusal_in_the_middle_of_an_act_asks_for_the_reason_and_the_act_goes_on(tmp_path: Path) -> None:
    got: list[Any] = []

    async def act(ask: Ask) -> None:
        fields = {"terminal": "T2", "lane": ask.state.day.floor.site.lanes[1].code}
        try:
            await ask.record("移動", "terminal.assigned", fields)
        except NeedsReason as refused:
            fields["reason"] = await ask.text("理由", refused.sentence)
            got.append(await ask.record("移動", "terminal.assigned", fields))
        got.append(await ask.text("メモ"))

    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("1", "right")  # from here on every move to that lane leaves too few in the other
        c.app.start(act(Ask(c.app)))
        await c.settle()
        c.sees("理由が要ります")
        await c.enters("混雑")
        c.sees("メモ")
        await c.enters("次")
        assert [e.kind for e in got[0]] == ["terminal.assigned"] and got[1] == "次"
        kind, fields = c.wrote()[0]
        assert (kind, fields["terminal"], fields["reason"]) == ("terminal.assigned", "T2", "混雑")
        assert not c.app.running


@pytest.mark.parametrize("keys", [("c", "o"), ("m",), (".", "s", "1")], ids=" ".join)
async def test_leaving_ends_an_act_that_waits_for_its_answer(
    tmp_path: Path, keys: tuple[str, ...], recwarn: pytest.WarningsRecorder
) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        app = c.app
        await c.press(*keys)
        await c.press("ctrl+q")
        await c.until(lambda: app._exit, "the end")
    assert not app.running and app.fatal is None and not app.return_code
    assert not [w for w in recwarn if issubclass(w.category, RuntimeWarning)]


async def test_leaving_before_the_reason_could_be_asked_says_so_with_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: FloorApp
    async with console(tmp_path, DAY, at="09:05") as c:
        app, go, whole = c.app, threading.Event(), Session.act

        def slow(self: Session, kind: str, fields: dict[str, Any], **more: Any) -> Any:
            go.wait(5)
            return whole(self, kind, fields, **more)

        await c.press("1", "right")
        monkeypatch.setattr(Session, "act", slow)
        at_once(c, "2", "right", "m")
        await c.until(lambda: isinstance(app.screen, Dialog), "the memo")
        go.set()
        await c.settle()
        assert len(app.questions) == 1 and len(app.running) == 2
        at_once(c, "ctrl+q")
        await c.until(lambda: app._exit, "the end")
    assert app.fatal is not None and app.return_code == 1 and not app.running
    assert "1件を記録できませんでした" in app.fatal.sentence


# ---- how they are written


def functions(tree: ast.AST, depth: int = 0) -> list[tuple[int, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function with the number of functions around it."""
    found: list[tuple[int, ast.FunctionDef | ast.AsyncFunctionDef]] = []
    for node in ast.iter_child_nodes(tree):
        own = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append((depth, node))
        found += functions(node, depth + own)
    return found


def test_no_act_is_nested_and_nothing_waits_by_a_callback() -> None:
    for path in Path(floorctl.screens.__file__).parent.rglob("*.py"):
        for depth, f in functions(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.name}:{f.lineno} {f.name}"
            names = {a.arg for a in (*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs)}
            assert depth <= 1, f"{where} is nested deeper than one function"
            assert not (depth and names & {"ask", "answer"}), f"{where} is an act within a function"
            assert "then" not in names, f"{where} takes what comes after it as a callback"
