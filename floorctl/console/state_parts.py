"""Parts of the console's state that no file is needed for: settings, choices, pending input, questions, messages, file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from typing import Any, NamedTuple

from floorctl.common.clock import Clock, system_clock
from floorctl.console.cursor import Cursor
from floorctl.console.messages import FeedState
from floorctl.console.own_sizes import Sizes

# Seconds of the reader's own time for which a message is shown before the line is calm again.
MESSAGE_S = 20
# Seconds of the trainee's own time for which a notice is shown.
NOTICE_S = 45
# Least time between two forecasts in seconds: however fast facts come, the board must be drawn.
PACE_S = 0.5


@dataclass(eq=False, repr=False)
class Settings:
    """Options that the console was started with."""

    clock: Clock = system_clock  # the PC's clock, or a simulated one
    frozen: bool = False  # the clock stands still: no correction of the PC's clock is added
    banner: str = ""  # a word in the head line: the demo's speed, a frozen clock
    pace_s: float = PACE_S
    speed: float = 1.0  # seconds of the clock in one of the reader's
    sizes: Sizes = field(default_factory=Sizes)  # of the board, as the user wants them


@dataclass(eq=False, repr=False)
class Chosen:
    """The manager's choices by screen; '' if nothing is chosen."""

    panel: str = "lanes"
    cursor: dict[str, int] = field(default_factory=dict)  # row of each panel's list
    held: dict[str, Cursor[object]] = field(default_factory=dict)  # cursor of the panel in hand
    terminal: str = ""
    ticket: str = ""
    raised: str = ""  # the case that was handed over last, at which F3 begins until somebody takes it
    person: str = ""
    date: str = ""  # day of the calendar
    incident: str = ""
    duty: str = ""  # key of a row on F8
    unit: str = ""  # piece of equipment
    closing: str = ""  # step of the closing to which F9 returns


@dataclass(eq=False, repr=False)
class Pending:
    """Input that is not finished: an open question, minutes typed for the next act, sheets typed from paper."""

    choice: Any = None  # takes the next key (screens/drawing/choice.py)
    backdate_min: int = 0  # minutes by which the next act is backdated
    typing_backdate: str | None = None  # digits typed so far; None while none are typed
    paper: Any = None  # screens/tickets/paper_sheets.py
    refused: bool = False  # the last key was a digit that names nothing here: the Enter after it takes no other line


@dataclass(eq=False, repr=False)
class Questions:
    """Questions to the file by name: waiting for an answer, failed (with a sentence), answered."""

    asked: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class FileState:
    """State of the file and of the followed feeds, as the engine posts it."""

    feeds: tuple[FeedState, ...] = ()
    feeds_seen: set[str] = field(default_factory=set)  # names of feeds that have existed
    unclosed: tuple[Day, ...] = ()  # earlier days whose report was never closed
    trouble: str = ""  # why the file must not be written any more
    fatal: str = ""  # why the engine has stopped
    hall_page: str = ""  # name of the file of the hall's page, while this console keeps it
    hall_page_trouble: str = ""  # why it cannot be written at present


class Notice(NamedTuple):
    """Words of a person of the rehearsal to the trainee, a paragraph a line."""

    title: str
    lines: tuple[str, ...]


@dataclass(eq=False, repr=False)
class MessageLine:
    """Message at the foot and notice box, each shown for a limited time."""

    settings: Settings
    text: str = ""
    role: str = "dim"
    since: datetime | None = None
    figures: bool = False
    anew: Callable[[], str] | None = None
    notice: Notice | None = None
    notice_left: int = 0  # seconds

    def say(
        self, text: str, role: str = "dim", *, figures: bool = False, anew: Callable[[], str] | None = None
    ) -> None:
        """Show a message; with ``figures`` until the next fact at most: they would be those of the past.

        ``anew`` returns what the message is after a fact, "" to remove it: for words that somebody is still reading.
        """
        self.text, self.role, self.since, self.figures = text, role, self.settings.clock(), figures
        self.anew = anew

    def outdate(self) -> None:
        """Remove a message with figures, or say it anew: something has happened since."""
        if self.text and self.anew is not None:
            self.text = self.anew()
        elif self.figures:
            self.text, self.since, self.figures = "", None, False

    def let_fade(self, text: str) -> None:
        """Let a refusal that holds no more fade like any other message; nobody may be there to press a key."""
        if self.text == text:
            self.role, self.since = "dim", self.settings.clock()

    def notify(self, notice: Notice) -> None:
        """Show a notice beside whatever is shown; it takes no key but Esc."""
        self.notice, self.notice_left = notice, NOTICE_S

    def fade(self) -> None:
        """Remove what was shown long enough; call once a second. A refusal remains until the next key."""
        if self.notice is not None:
            self.notice_left -= 1
            if self.notice_left <= 0:
                self.notice = None
        shown_s = abs((self.settings.clock() - self.since).total_seconds()) if self.since is not None else 0.0
        old = shown_s >= MESSAGE_S * self.settings.speed
        if old and self.role in ("dim", "ok"):
            self.text, self.since = "", None
