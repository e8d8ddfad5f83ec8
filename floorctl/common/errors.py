"""Errors that a user may meet: what happened, why, and what to do now."""

from __future__ import annotations

import re

from floorctl.common.action_keys import keyed

_BY_DOOR = re.compile("\x02([^\x02-\x04]*)\x03([^\x02-\x04]*)\x04")


def by_door(keys: str, command: str) -> str:
    """Return words that read ``keys`` on the console and ``command`` at the command line (``on_console``, ``at_command``).

    A remedy is told in the terms of the door that the wish came through. ``keys`` names a key by its action: ``{undo}``.
    """
    return f"\x02{keys}\x03{command}\x04"


def on_console(text: str) -> str:
    """Return a text as the console says it."""
    return _BY_DOOR.sub(lambda found: keyed(found[1]), text)


def at_command(text: str) -> str:
    """Return a text as the command line says it."""
    return _BY_DOOR.sub(r"\2", text)


class FloorctlError(Exception):
    """Failure described in one plain Japanese sentence; ``exit_status`` is that of the contract.

    ``lines``: several faults of one file, a line each below a first one, for where there is room; else the sentence.
    """

    exit_status = 1

    def __init__(self, what: str, why: str = "", do: str = "", lines: tuple[str, ...] = ()) -> None:
        self.what, self.why, self.do = what, why, do
        super().__init__(self.sentence)
        self.lines = lines or (self.sentence,)

    @property
    def sentence(self) -> str:
        """Return the three parts as one line, for stderr."""
        return at_command(self.as_note)

    @property
    def on_screen(self) -> str:
        """Return the three parts as one line, for the console."""
        return on_console(self.as_note)

    @property
    def as_note(self) -> str:
        """Return the three parts as one line, with the words of both doors (``by_door``), for notes."""
        why = f"（{self.why}）" if self.why else ""
        do = f"。{self.do}" if self.do else ""
        return f"{self.what}{why}{do}。".replace("。。", "。").replace("\n", " ")


class Refused(FloorctlError):
    """Wish refused by a rule; nothing was written. Exit status 1."""


class NeedsReason(Refused):
    """Wish allowed only with a reason (仕様書 15(4)※)."""


class Contradiction(Refused):
    """Wish refused since two times of one thing contradict each other; given together, both may be right."""


class UsageError(FloorctlError):
    """Malformed command line or site file. Exit status 2."""

    exit_status = 2


class StoreError(FloorctlError):
    """Unusable database file. Exit status 3."""

    exit_status = 3


class Busy(StoreError):
    """File locked by another program beyond the timeout; a retry may succeed."""


class ToldToEnd(BaseException):
    """Request of the system to end the process (closed window, lost line, shutdown); unwinds it like Ctrl-C."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__()


class Orders:
    """Orders to end (Ctrl-C, closed window, shutdown) that this process was given while a command ran.

    A library may swallow the exception of an order, or make another of it, and go on with a wrong answer: pydantic takes
    a pattern that it could not read for one that nothing matches, Python 3.11 makes a RuntimeError of what is raised while
    a class is made. So an error after an order means nothing, whatever it is.
    """

    # Exit status of the last order; 0: none.
    status = 0


def not_loaded(error: BaseException) -> FloorctlError:
    """Return the error for a module or library that cannot be loaded: missing, damaged or of another version."""
    name = (getattr(error, "name", None) or "").partition(".")[0]
    return FloorctlError(
        "floorctl を動かせません",
        f"部品{f' {name} ' if name.isidentifier() else ''}を読み込めません：{type(error).__name__}",
        "記録には触れていません。docs/install.md のとおりに入れ直してください",
    )
