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
