"""Errors that a user may meet: what happened, why, and what to do now."""

from __future__ import annotations


class FloorctlError(Exception):
    """Failure described in one plain Japanese sentence; ``exit_status`` is that of the contract."""

    exit_status = 1

    def __init__(self, what: str, why: str = "", do: str = "") -> None:
        self.what, self.why, self.do = what, why, do
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """Return the three parts as one line, for stderr or the console's message line."""
        why = f"（{self.why}）" if self.why else ""
        do = f"。{self.do}" if self.do else ""
        return f"{self.what}{why}{do}。".replace("。。", "。").replace("\n", " ")


class Refused(FloorctlError):
    """Wish refused by a rule; nothing was written. Exit status 1."""


class NeedsReason(Refused):
    """Wish allowed only with a reason (仕様書 15(4)※)."""


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
    """Orders to end that this process was given: ``status`` is the exit status of the last one, 0 if there was none.

    A library may swallow the exception of an order and go on with a wrong answer (pydantic takes it for a value that does
    not fit), so that what it complains of afterwards means nothing.
    """

    status = 0


def order_behind(error: BaseException) -> BaseException | None:
    """Return the order to end (ToldToEnd, Ctrl-C) from which an exception was made, or None.

    Python 3.11 turns whatever is raised while a class is made into a RuntimeError, and libraries make classes at import.
    """
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ToldToEnd | KeyboardInterrupt):
        cause = cause.__cause__ or cause.__context__
    return cause


def not_loaded(error: BaseException) -> FloorctlError:
    """Return the error for a module or library that cannot be loaded: missing, damaged or of another version."""
    name = (getattr(error, "name", None) or "").partition(".")[0]
    return FloorctlError(
        "floorctl を動かせません",
        f"部品{f' {name} ' if name.isidentifier() else ''}を読み込めません：{type(error).__name__}",
        "記録には触れていません。docs/install.md のとおりに入れ直してください",
    )
