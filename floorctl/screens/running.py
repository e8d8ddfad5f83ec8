"""Run the acts: coroutines that wait for an answer of the manager or for their record in the file.

How an act is written (``floorctl.screens.asking`` has the questions):

    @act("plan_outage")
    async def _outage(ask: Ask) -> None:
        day = await ask.day("計画停止の日付", "9/20 のように")
        start = await ask.time("何時から")
        reason = await ask.text("理由", "国の保守など")
        entries = await ask.record("計画停止", "calendar.outage", {...})

- It reads from top to bottom. An answer may be used at once, and a question may be asked in a branch or a loop.
- Esc raises ``Dismissed`` at the question and so ends the act; catch it only where Esc means something else.
- ``ask.record`` returns the entries that were written. A refusal is raised there: ``except NeedsReason`` asks for the
  reason and records again (``ask.record_with_reason`` is that). What is not caught is shown in the message line.
- Where a refused record holds a free text that was typed, ``ask.record`` itself asks for it again and keeps what was typed.
- ``ask.state`` and ``ask.app`` are the console. After an ``await`` read them anew: the day may have gone on.
- A function that asks is ``async def`` with ``ask`` as its first parameter and is awaited by another. A view starts it:
  ``self.app.start(correct(Ask(self.app), entry))``. What asks nothing stays a plain function of the console, with
  ``send(app, ...)`` for a record that nobody waits for.
- No event loop takes part: the answer goes on with the act within the key that gave it, so that the next question is
  open before the next key is handled, however fast the keys were typed. A question that follows a record waits until
  the hand rests (``Questions``).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any, Protocol

from floorctl.common.errors import FloorctlError

Act = Coroutine[Any, Any, None]
Answer = Callable[[Any], None]


class Dismissed(Exception):
    """Esc at a question: the act ends."""


class Host(Protocol):
    """The part of the console that runs acts."""

    running: set[Running]

    def pose(self, question: Callable[[], object], /) -> None: ...

    def shown(self, error: FloorctlError) -> None:
        """Note that the manager sees why an act failed."""

    def say_refused(self, error: FloorctlError) -> None:
        """Show why an act failed."""


class Question:
    """Question to the manager. ``show`` opens it and is given what takes the answer; the answer None is Esc."""

    def __init__(self, show: Callable[[Answer], object]) -> None:
        self.show = show

    def __await__(self) -> Generator[Question, Any, Any]:
        return (yield self)


class Job:
    """Work for the engine. ``give`` hands it over with what takes its result: a value, or the error."""

    def __init__(self, give: Callable[[Answer], object]) -> None:
        self.give = give

    def __await__(self) -> Generator[Job, Any, Any]:
        return (yield self)


class Running:
    """An act between its first step and its end."""

    def __init__(self, host: Host, act: Act) -> None:
        self._host, self._act = host, act
        self._refused: FloorctlError | None = None  # raised in the act and not shown to the manager yet

    def start(self) -> None:
        """Run the act up to its first question or record."""
        self._host.running.add(self)
        self._go_on(partial(self._act.send, None))

    def close(self) -> None:
        """Abandon the act where it waits."""
        self._host.running.discard(self)
        self._act.close()

    def _go_on(self, step: Callable[[], Question | Job]) -> None:
        """Take one step. An error of the act itself is raised, as that of a key's handler."""
        try:
            wanted = step()
        except (StopIteration, Dismissed):
            self._over()
        except FloorctlError as error:
            refused, self._refused = self._refused, None
            self._over()
            if error is not refused:
                raise
            self._host.say_refused(error)
        except BaseException:
            self._over()
            raise
        else:
            if isinstance(wanted, Question):
                self._host.pose(partial(self._show, wanted))
            else:
                wanted.give(self._recorded)

    def _over(self) -> None:
        self._host.running.discard(self)
        self._settle()

    def _settle(self) -> None:
        """Note that the manager knows of a refusal: the act asks about it, or has gone on without it."""
        if self._refused is not None:
            self._host.shown(self._refused)
            self._refused = None

    def _show(self, question: Question) -> None:
        if self in self._host.running:
            self._settle()
            question.show(self._answered)

    def _answered(self, answer: Any) -> None:
        if self in self._host.running:
            self._go_on(partial(self._act.throw, Dismissed()) if answer is None else partial(self._act.send, answer))

    def _recorded(self, result: Any) -> None:
        if self not in self._host.running:
            return
        if isinstance(result, FloorctlError):
            self._refused = result
            self._go_on(partial(self._act.throw, result))
        else:
            self._go_on(partial(self._act.send, result))
