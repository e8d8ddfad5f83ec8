"""The messages of the console's worker thread to the screen: each says what has come, was done, or failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.common.errors import FloorctlError

if TYPE_CHECKING:
    from floorctl.advice.forecast import Forecaster
    from floorctl.models.facts.day_facts import Entry
    from floorctl.models.site.calendar import DayInfo
    from floorctl.models.site.site import Site

# What is said when an act is done: words, or a function of the facts that it came to.
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
    began: date | None = None  # the first day on which somebody recorded something by hand


class Taught(NamedTuple):
    """What forecasts the day in hand, with the day watched so far; from here on it is the screen's alone."""

    day: date
    forecaster: Forecaster


class Arrived(NamedTuple):
    """New facts of the day in hand, and of the Register."""

    entries: list[Entry]
    register_entries: list[Entry]
    names: dict[str, str] | None = None  # where they may have changed


class Done(NamedTuple):
    """A command was carried out; ``entries`` may be empty where it changed nothing."""

    label: Label
    entries: list[Entry]
    warnings: list[str]
    arrived: Arrived | None = None  # what is new in the file, told together so that the screen redraws once
    reply: Reply | None = None  # the act that waits for the entries


class Answered(NamedTuple):
    """What was asked of the file beside the facts in hand (closing a day, a month's figures); ``what`` names it."""

    what: str
    value: Any
    arrived: Arrived | None = None  # facts that came of it


class Failed(NamedTuple):
    """A command was refused, or the file or a feed cannot be used. ``reply``: the act that waits for the result.

    ``what`` names the question that has no answer, if it was one. ``acted``: something that was to be recorded is not;
    ``Engine.hear`` notes that the manager has been shown it.
    """

    error: FloorctlError
    reply: Reply | None = None
    fatal: bool = False
    what: str = ""
    acted: bool = False


class Unclosed(NamedTuple):
    """Earlier days that had visitors and whose report was never closed, the oldest first."""

    days: tuple[date, ...]


class FeedsSeen(NamedTuple):
    """State of the followed feeds: (source, name of the file, whether it is there, refused lines so far)."""

    feeds: tuple[tuple[str, str, bool, int], ...]


class FileTrouble(NamedTuple):
    """The open file was deleted or replaced; '' when it is itself again."""

    why: str
