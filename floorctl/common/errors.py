"""The one family of errors a user may meet: what happened, why, and what to do now."""

from __future__ import annotations


class FloorctlError(Exception):
    """A failure told in one plain Japanese sentence; ``exit_status`` is the one of the contract."""

    exit_status = 1

    def __init__(self, what: str, why: str = "", do: str = "") -> None:
        self.what, self.why, self.do = what, why, do
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """All three parts on one line, ready for stderr or the console's message line."""
        why = f"（{self.why}）" if self.why else ""
        do = f"。{self.do}" if self.do else ""
        return f"{self.what}{why}{do}。".replace("。。", "。").replace("\n", " ")


class Refused(FloorctlError):
    """A rule says no to a wish; nothing was written. Exit status 1."""


class NeedsReason(Refused):
    """The wish is allowed, but only with a reason (仕様書 15(4)※)."""


class UsageError(FloorctlError):
    """The command line or the site file is written wrongly. Exit status 2."""

    exit_status = 2


class StoreError(FloorctlError):
    """The database file cannot be used. Exit status 3."""

    exit_status = 3


class Busy(StoreError):
    """Another program has kept the file locked for longer than anybody waits; the same may work a moment later."""


class ToldToEnd(BaseException):
    """The system wants the process to end (a closed window, a cut line, a shutdown); unwinds it as Ctrl-C would."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__()


def not_loaded(error: BaseException) -> FloorctlError:
    """The sentence for a part of the program, or a library, that cannot be loaded: missing, damaged or of another version."""
    name = (getattr(error, "name", None) or "").partition(".")[0]
    return FloorctlError(
        "floorctl を動かせません",
        f"部品{f' {name} ' if name.isidentifier() else ''}を読み込めません：{type(error).__name__}",
        "記録には触れていません。docs/install.md のとおりに入れ直してください",
    )
