"""How an act asks and acts: the table of acts by the ids of keys.ACTIONS, a choice, a wish to the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from floorctl.commands.context import Context, Wish
from floorctl.commands.decide import decide
from floorctl.console.messages import Label
from floorctl.console.port import Console
from floorctl.console.possible import LOOKING_BACK
from floorctl.models.facts.entry import Entry
from floorctl.screens.dialogs import DateDialog
from floorctl.screens.drawing.choice import KEYS, Choice
from floorctl.screens.frame import ScreenConsole

if TYPE_CHECKING:
    from floorctl.usecases.session import Session

Act = Callable[[ScreenConsole], None]
ACTS: dict[str, Act] = {}


def act(name: str) -> Callable[[Act], Act]:
    def register(function: Act) -> Act:
        ACTS[name] = function
        return function

    return register


def may_write(app: Console) -> bool:
    """Whether the present is shown; says why not while the past is: then nothing is written, whatever asks for it."""
    if not app.state.looking_back:
        return True
    app.state.line.say(LOOKING_BACK, "warn")
    return False


def send(
    app: Console,
    label: Label,
    kind: str,
    fields: dict[str, Any],
    *,
    needs_reason: bool = False,
    then: Callable[[], None] | None = None,
) -> None:
    """One act, dated back by the minutes that were typed before it. A reason that turns out to be needed is asked.

    ``then`` is done when the act has been.
    """
    if not may_write(app):
        return
    at, label = dated_back(app, label)
    if at is not None:
        fields = {**fields, "at": at}
    retry = (lambda why: app.engine.act(label, kind, {**fields, "reason": why}, None, then)) if needs_reason else None
    app.engine.act(label, kind, fields, retry, then)


def send_many(
    app: Console,
    label: Label,
    wishes: Callable[[Context], list[Wish]],
    *,
    then: Callable[[], None] | None = None,
) -> None:
    """Several facts as one act: all or nothing, and one undo. ``then`` is done when the act has been."""
    if not may_write(app):
        return
    at, label = dated_back(app, label)

    def decision(c: Context) -> list[Wish]:
        return [(kind, {**fields, "at": at} if at else fields) for kind, fields in wishes(c)]

    app.engine.decide(label, decision, then)


def by_rule(wishes: Sequence[Wish]) -> Callable[[Context], list[Wish]]:
    """Several acts as one, each by its rule."""

    def decision(c: Context) -> list[Wish]:
        return [wish for kind, fields in wishes for wish in decide(c, kind, fields)]

    return decision


def ask_file(app: Console, what: str, run: Callable[[Session], Any], *, records: bool = False) -> None:
    """Has the engine work something out under a name, once until the answer has come: no key waits for it.

    ``records``: it writes to the file, and whoever leaves waits for it.
    """
    if what not in app.state.questions.asked:
        app.state.questions.asked.add(what)
        app.state.questions.failed.pop(what, None)
        app.engine.ask(what, run, records=records)


def dated_back(app: Console, label: Label) -> tuple[datetime | None, Label]:
    """The instant that the minutes typed before an act mean, None where none were, and the label that says so."""
    minutes, app.state.pending.backdate_min = app.state.pending.backdate_min, 0
    if not minutes:
        return None, label
    before = f"（{minutes}分前）"
    at = app.state.day.now - timedelta(minutes=minutes)
    return at, f"{label}{before}" if isinstance(label, str) else (lambda entries: label(entries) + before)


def ask_day(
    app: ScreenConsole, title: str, prompt: str, then: Callable[[str], None], *, past: bool = False, value: str = ""
) -> None:
    """Asks for a date, as ISO text; Esc asks nothing further. ``past``: without a year the last such day is meant."""

    def answered(text: str | None) -> None:
        if text:
            then(text)

    dialog = DateDialog(title, prompt, app.state.day.floor.day, past=past, value=value)
    app.pose(lambda: app.push_screen(dialog, answered))


def first_fact(entries: list[Entry]) -> Any:
    """The first fact of an act, whose own fields the label names."""
    return entries[0].fact


def choose(
    app: Console,
    title: str,
    options: list[tuple[str, str]],
    then: Callable[[str], None],
    prompt: str = "",
    keys: str = KEYS,
    *,
    at: int = 0,
    nothing: str = "選べるものがありません",
) -> None:
    """Asks for one of several; the next key answers. The cursor stands on the option ``at``.

    Where there is nothing to choose from this is said, with ``nothing`` as the reason, and nothing is asked.
    """

    def show() -> None:
        app.state.pending.choice = Choice(title, options, then, prompt, at=max(0, min(at, len(options) - 1)), keys=keys)

    if options:
        app.pose(show)
    else:
        app.state.line.say(f"{title}: {nothing}", "warn")
