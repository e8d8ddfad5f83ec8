"""Messages of the console's worker thread to the screen: what is new, what was done, what failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.common.errors import FloorctlError

if TYPE_CHECKING:
    from floorctl.advice.forecast import Forecaster
    from floorctl.intake.sources.found import Trouble
    from floorctl.models.day.memo import Memo, MemoKey
    from floorctl.models.day.ticket import Carried
    from floorctl.models.facts.entry import Entry
    from floorctl.models.register.register import ReportChange
    from floorctl.models.site.calendar import DayInfo
    from floorctl.models.site.site import Site

# Message line of an act that is done: words, or a function of its facts.
Label = str | Callable[[list["Entry"]], str]
# Takes the entries of an act that is done, or the error that refuses it.
Reply = Callable[[Any], None]


class Loaded(NamedTuple):
    """A business day with all its facts, when the console starts and when the day changes."""

    site: Site
    day: date
    info: DayInfo
    entries: list[Entry]
    register_entries: list[Entry]
    names: dict[str, str]  # surnames by code, outside the facts
    began: date | None = None  # the first day on which a fact was recorded by hand
    carried: Mapping[str, Carried] | None = None  # what the day before knows of its numbers, where one was not issued
    permits_before: Sequence[Entry] = ()  # permissions to lend terminals that were given on the day before
    memos_before: Mapping[MemoKey, Memo] = {}  # memos of the days before that are not done


class Taught(NamedTuple):
    """Forecaster calibrated on the loaded day; from here on only the screen uses it."""

    day: date
    forecaster: Forecaster


class Arrived(NamedTuple):
    """New facts of the loaded day, and of the register."""

    entries: list[Entry]
    register_entries: list[Entry]
    names: dict[str, str] | None = None  # where they have changed
    carried: Mapping[str, Carried] | None = None  # once the first number is met that was not issued


class Done(NamedTuple):
    """A command that was carried out; ``entries`` is empty where it changed nothing."""

    label: Label
    entries: list[Entry]
    warnings: list[str]
    arrived: Arrived | None = None  # what is new in the file, in the same message so that the screen redraws once
    reply: Reply | None = None  # the act that waits for the entries


class Answered(NamedTuple):
    """Answer to the question ``what`` to the file (closing a day, a month's figures)."""

    what: str
    value: Any
    arrived: Arrived | None = None  # facts that were recorded for it
    reply: Reply | None = None  # the act that waits for the answer


class Failed(NamedTuple):
    """A command that was refused, or a file or feed that cannot be used."""

    error: FloorctlError
    reply: Reply | None = None  # the act that waits for the result
    fatal: bool = False
    what: str = ""  # the question that has no answer
    acted: bool = False  # an act is not recorded; ``Engine.hear`` notes that the manager has been shown it


class Mended(NamedTuple):
    """Recovery of a failure behind the board that had been said."""

    error: FloorctlError


class Unclosed(NamedTuple):
    """Earlier days that had visitors and whose report was never closed, the oldest first; and those issued again."""

    days: tuple[date, ...]
    reissued: Mapping[date, ReportChange]


class FeedState(NamedTuple):
    """State of a followed feed or described source.

    ``file``: name of the file in hand, or of the one that is waited for. ``refused``: lines so far. ``described``: name of
    a described source, "" for a feed. ``trouble``: why it does not fit its description.
    """

    source: str
    file: str
    there: bool
    refused: int
    described: str = ""
    trouble: Trouble | None = None

    @property
    def name(self) -> str:
        """The name that stays: a described source may have another file every day."""
        return self.described or self.file


class FeedsSeen(NamedTuple):
    """State of the followed feeds and described sources."""

    feeds: tuple[FeedState, ...]
    remark: str = ""  # on lines that have just come: the first refusal or doubt, and how many more


class FileTrouble(NamedTuple):
    """The open file was deleted or replaced; '' when it is itself again."""

    why: str
