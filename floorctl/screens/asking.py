"""Questions and records of acts, and the table of acts by the ids of ``keys.ACTIONS``.

``floorctl.screens.running`` explains how to write an act.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar

from floorctl.commands.context import Context, Wish
from floorctl.commands.decide import decide
from floorctl.common.errors import Contradiction, NeedsReason, Refused
from floorctl.console.messages import Label
from floorctl.console.port import Console
from floorctl.console.possible import LOOKING_BACK, READ_ONLY
from floorctl.console.state import ConsoleState
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import free_texts
from floorctl.screens.dialogs import DateDialog, Dialog, TextDialog, TimeDialog
from floorctl.screens.drawing.choice import KEYS, Choice
from floorctl.screens.drawing.ticks import Ticks
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.running import Answer, Dismissed, Job, Question

if TYPE_CHECKING:
    from floorctl.usecases.session import Decision, Session

Done = TypeVar("Done", Coroutine[Any, Any, None], None)
ACTS: dict[str, Callable[[ScreenConsole], None]] = {}


def act(name: str) -> Callable[[Callable[[Any], Done]], Callable[[Any], Done]]:
    """Register an act under an action's id: a coroutine gets an ``Ask``, a plain function the console."""

    def register(function: Callable[[Any], Done]) -> Callable[[Any], Done]:
        ACTS[name] = partial(_start, function) if iscoroutinefunction(function) else function  # type: ignore[assignment]
        return function

    return register


def _start(function: Callable[[Ask], Coroutine[Any, Any, None]], app: ScreenConsole) -> None:
    app.start(function(Ask(app)))


@dataclass
class Ask:
    """Questions and records of an act. Esc at any question raises ``Dismissed``.

    Typed text is not lost to a refusal: its question is asked again, and holds it (``_put_right``).
    """

    app: ScreenConsole
    typed: str = ""  # the last line of text
    _asked: str = ""  # title of its question

    @property
    def state(self) -> ConsoleState:
        return self.app.state

    # ---- questions

    async def choice(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        prompt: str = "",
        *,
        keys: str = KEYS,
        at: int = 0,
        nothing: str = "選べるものがありません",
    ) -> str:
        """Return the answer of one of ``options`` (answer, words); the cursor begins on the option ``at``.

        Where there is nothing to choose from, say so with ``nothing`` as the reason and end the act.
        """
        if not options:
            self.state.line.say(f"{title}: {nothing}", "warn")
            raise Dismissed
        choice = Choice(title, options, prompt, max(0, min(at, len(options) - 1)), keys)
        answer: str = await Question(partial(self._open_choice, choice))
        return answer

    async def ticks(
        self,
        title: str,
        things: Sequence[tuple[str, str]],
        ticked: Collection[str],
        prompt: str,
        *,
        mark: str,
        keys: str,
    ) -> list[str]:
        """Return the codes of ``things`` (code, words) that are ticked at Enter; ``ticked`` are at the beginning."""
        codes: str = await Question(
            partial(self._open_choice, Ticks(title, things, ticked, prompt, mark=mark, keys=keys))
        )
        return codes.split()

    def _open_choice(self, choice: Choice, answer: Answer) -> None:
        choice.answer = answer
        before, self.state.pending.choice = self.state.pending.choice, choice
        if before is not None:
            before.answer(None)

    async def text(self, title: str, prompt: str = "", *, value: str = "", finds: bool = False) -> str:
        """Return a line of text, to be looked for or kept; it is never empty, and holds no personal data."""
        text: str = await self.dialog(TextDialog(title, prompt, value=value, finds=finds))
        self._asked, self.typed = title, text
        return text

    async def typed_into(self, dialog: TextDialog) -> str:
        """Return a line of text that was typed into a dialog of its own, as ``text`` does."""
        text: str = await self.dialog(dialog)
        self._asked, self.typed = dialog.question, text
        return text

    async def digits(self, title: str, prompt: str = "") -> int:
        """Return a whole number of up to five digits."""
        return int(await self.dialog(TextDialog(title, prompt, digits=True)))

    async def time(self, title: str) -> str:
        """Return a time of day, HH:MM."""
        at: str = await self.dialog(TimeDialog(title))
        return at

    async def day(self, title: str, prompt: str, *, past: bool = False, value: str = "") -> str:
        """Return a date as ISO text. ``past``: without a year the last such day is meant."""
        day: str = await self.dialog(DateDialog(title, prompt, self.state.day.floor.day, past=past, value=value))
        return day

    async def dialog(self, dialog: Dialog) -> Any:
        """Return the answer of a dialog."""
        return await Question(partial(self._open_dialog, dialog))

    def _open_dialog(self, dialog: Dialog, answer: Answer) -> None:
        dialog.answer = partial(self._answer_dialog, answer)
        self.app.push_screen(dialog)

    def _answer_dialog(self, answer: Answer, value: Any) -> None:
        answer(value)
        self.app.redraw()

    # ---- records

    async def record(self, label: Label, kind: str, fields: dict[str, Any]) -> list[Entry]:
        """Record one fact and what its rule adds; return the entries, [] if nothing changes.

        The minutes that were typed before (-N) date it back. Raise ``Refused`` or ``NeedsReason``; while the past is
        shown the act ends here.
        """
        return await self._record(*self._dated(label, kind, fields))

    async def record_with_reason(self, label: Label, kind: str, fields: dict[str, Any]) -> list[Entry]:
        """Record like ``record``; where the rule needs a reason ask for it and record again."""
        dated = self._dated(label, kind, fields)
        try:
            return await self._record(*dated)
        except NeedsReason as refused:
            label, kind, fields = dated
            reason = await self._reason(refused)
            return await self._record(label, kind, {**fields, "reason": reason})

    async def _reason(self, refused: NeedsReason) -> str:
        """Ask for the reason that a rule needs; its refusal says why."""
        return await self.text("理由", refused.on_screen)

    async def record_now(self, label: Label, kind: str, fields: dict[str, Any]) -> list[Entry]:
        """Record like ``record``, also while the past is shown, and never dated back."""
        return await self._record(label, kind, fields)

    async def record_all(self, label: Label, wishes: Callable[[Context], list[Wish]]) -> list[Entry]:
        """Record several facts as one act: all or nothing, and one undo; where a rule needs a reason ask for it."""
        if not may_write(self.app):
            raise Dismissed
        label, decision = _all_dated(self.app, label, wishes)
        entries: list[Entry]
        try:
            entries = await self.job(partial(self.app.engine.decide, label, decision))
        except NeedsReason as refused:
            reason = await self._reason(refused)
            entries = await self.job(partial(self.app.engine.decide, label, partial(_given, decision, reason)))
        return entries

    async def retract(self, label: str, entry: Entry, reason: str) -> list[Entry]:
        """Take an entry back."""
        target = {"target": entry.fact.id, "target_source": entry.source, "reason": reason}
        entries: list[Entry] = await self.job(partial(self.app.engine.retract, label, target))
        return entries

    async def of_file(self, what: str, run: Callable[[Session], Any]) -> Any:
        """Return what the engine works out under a name, once a day; other keys go on meanwhile."""
        answers = self.state.questions.answers
        if what in answers:
            return answers[what]
        return await self.job(lambda answer: self.app.engine.ask(what, run, reply=answer))

    async def job(self, give: Callable[[Answer], None]) -> Any:
        """Have the engine do something; return its result, or raise its refusal."""
        return await Job(give)

    async def _record(self, label: Label, kind: str, fields: dict[str, Any]) -> list[Entry]:
        while True:
            try:
                entries: list[Entry] = await self.job(partial(self.app.engine.act, label, kind, fields))
            except (NeedsReason, Contradiction):
                raise
            except Refused as refused:
                label, fields = await self._put_right(refused, label, kind, fields)
            else:
                return entries

    async def _put_right(
        self, refused: Refused, label: Label, kind: str, fields: dict[str, Any]
    ) -> tuple[Label, dict[str, Any]]:
        """Ask again for the text that a refused record holds; return its label and fields with the new text, as of now.

        Raise ``refused`` where no free text of the record was typed; a code is soon typed again.
        """
        typed, free = self.typed, {name: fields[name] for name in free_texts(kind) if name in fields}
        if _reworded(free, typed, "") == free:
            raise refused
        how = "Enter でいまの時刻で記録" if "at" in fields else "直して Enter か、Esc でやめる"
        text = await self.text(self._asked, f"{refused.on_screen}   書いたものは残っています。{how}", value=typed)
        now = {name: value for name, value in {**fields, **_reworded(free, typed, text)}.items() if name != "at"}
        return label.replace(typed, text) if isinstance(label, str) else label, now

    def _dated(self, label: Label, kind: str, fields: dict[str, Any]) -> tuple[Label, str, dict[str, Any]]:
        if not may_write(self.app):
            raise Dismissed
        at, label = dated_back(self.app, label)
        return label, kind, fields if at is None else {**fields, "at": at}


def _reworded(fields: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return fields with ``new`` wherever the text ``old`` is a value, or one of several."""

    def put(value: Any) -> Any:
        return tuple(map(put, value)) if isinstance(value, tuple) else new if value == old else value

    return {name: put(value) for name, value in fields.items()}


# ---- records that nobody waits for


def may_write(app: Console) -> bool:
    """Return whether the console records, and shows the present; else nothing is written, and a message is shown."""
    why = READ_ONLY if app.state.read_only else LOOKING_BACK if app.state.looking_back else ""
    if why:
        app.state.line.say(why, "warn")
    return not why


def send(app: Console, label: Label, kind: str, fields: dict[str, Any]) -> None:
    """Record one fact, dated back by the minutes that were typed before it."""
    if may_write(app):
        at, label = dated_back(app, label)
        app.engine.act(label, kind, fields if at is None else {**fields, "at": at})


def send_many(app: Console, label: Label, wishes: Callable[[Context], list[Wish]]) -> None:
    """Record several facts as one act: all or nothing, and one undo."""
    if may_write(app):
        app.engine.decide(*_all_dated(app, label, wishes))


def _all_dated(app: Console, label: Label, wishes: Callable[[Context], list[Wish]]) -> tuple[Label, Decision]:
    at, label = dated_back(app, label)
    return label, lambda c: [(kind, {**fields, "at": at} if at else fields) for kind, fields in wishes(c)]


def _given(decision: Decision, reason: str, c: Context) -> list[Wish]:
    """Decide an act for which the manager has given a reason."""
    c.reason = reason
    return decision(c)


def by_rule(wishes: Sequence[Wish]) -> Callable[[Context], list[Wish]]:
    """Return several acts as one, each by its rule."""
    return lambda c: [wish for kind, fields in wishes for wish in decide(c, kind, fields)]


def ask_file(app: Console, what: str, run: Callable[[Session], Any], *, records: bool = False) -> None:
    """Have the engine work something out under a name, once until the answer has come: no key waits for it.

    ``records``: it writes to the file, and leaving the console waits for it.
    """
    if what not in app.state.questions.asked:
        app.state.questions.asked.add(what)
        app.state.questions.failed.pop(what, None)
        app.engine.ask(what, run, records=records)


def dated_back(app: Console, label: Label) -> tuple[datetime | None, Label]:
    """Return the instant that the minutes typed before an act mean (None: none were typed) and the label with them."""
    minutes, app.state.pending.backdate_min = app.state.pending.backdate_min, 0
    if not minutes:
        return None, label
    before = f"（{minutes}分前）"
    at = app.state.day.now - timedelta(minutes=minutes)
    return at, f"{label}{before}" if isinstance(label, str) else (lambda entries: label(entries) + before)


def own_keys(able: Iterable[str], listed: Sequence[str]) -> str:
    """Return the keys of the options that are possible now: each keeps its own among all that are ``listed``."""
    return "".join(KEYS[listed.index(x)] for x in able)


def one_letter_each(keys: Iterable[Sequence[str]]) -> str:
    """Return the keys of options that are actions: the one-letter key of each, where it has none the next free letter."""
    own = [next((key for key in each if len(key) == 1), "") for each in keys]
    free = iter([x for x in KEYS if x not in own])
    return "".join(key or next(free) for key in own)


def first_fact(entries: list[Entry]) -> Any:
    """Return the first fact of an act, whose own fields the label names."""
    return entries[0].fact
