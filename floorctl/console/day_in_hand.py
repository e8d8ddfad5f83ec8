"""The day in hand: its facts as they have come, the Register, and the hall as it was while looking back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from floorctl.common.clock import Clock, system_clock

if TYPE_CHECKING:
    from floorctl.commands.fold import DayFold
    from floorctl.console.messages import Arrived, Loaded
    from floorctl.models.board.flow import LaneFlow
    from floorctl.models.day.floor import Floor
    from floorctl.models.facts.day_facts import Entry
    from floorctl.models.facts.own_numbers import Numbers
    from floorctl.models.register.register import Register
    from floorctl.models.site.calendar import DayInfo
    from floorctl.models.site.site import Site

T = TypeVar("T")


class Past(NamedTuple):
    """The hall as it was after the first ``facts`` facts of the day, at ``now``."""

    facts: int
    floor: Floor
    register: Register
    now: datetime


@dataclass
class DayInHand:
    """Before the file has been read ``site`` is None and there is no Floor."""

    clock: Clock = system_clock
    site: Site | None = None
    info: DayInfo | None = None
    fold: DayFold | None = None
    present_register: Register | None = None
    register_entries: list[Entry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # surnames by code; may be empty
    began: Day | None = None  # the first day on which somebody recorded something by hand
    frozen: bool = False  # the clock stands still: what was set right then is right
    past: Past | None = None
    _memo: dict[str, tuple[object, Any]] = field(default_factory=dict)
    _changes: int = 0

    @property
    def ready(self) -> bool:
        return self.fold is not None

    @property
    def floor(self) -> Floor:
        """The Floor that is shown: the present one, or a past one while looking back."""
        assert self.fold is not None
        return self.past.floor if self.past else self.fold.floor

    @property
    def register(self) -> Register | None:
        return self.past.register if self.past else self.present_register

    @property
    def now(self) -> datetime:
        return self.past.now if self.past else self.present

    @property
    def present(self) -> datetime:
        """The time of day by the PC's clock, as the manager has set it right."""
        told = self.present_register is not None and not self.frozen
        ahead = self.present_register.clock_ahead_s if self.present_register is not None and told else 0
        return self.clock() + timedelta(seconds=ahead) if ahead else self.clock()

    def load(self, loaded: Loaded) -> None:
        """Takes a day from its beginning."""
        from floorctl.commands.fold import DayFold, fold_register

        self.site, self.info, self.names = loaded.site, loaded.info, loaded.names
        self.began = loaded.began
        self.fold = DayFold(loaded.site, loaded.day, loaded.entries)
        self.register_entries = list(loaded.register_entries)
        self.present_register = fold_register(self.register_entries)
        self.past = None
        self.changed()

    def numbers(self) -> Numbers:
        """Every ticket number that a fact of the day has named, taken back or not, and those that were given by hand."""
        assert self.fold is not None
        return self.fold.ticket_numbers()

    def take(self, arrived: Arrived) -> None:
        """New facts, in any order. Who looks back goes on seeing what they see."""
        if self.fold is None:
            return
        self._changes += 1
        self.fold.add(arrived.entries)
        if self.began is None and any(e.source == "console" for e in arrived.entries):
            self.began = self.fold.day
        if arrived.names is not None:
            self.names = arrived.names
        if arrived.register_entries:
            from floorctl.commands.fold import fold_register

            self.register_entries.extend(arrived.register_entries)
            self.present_register = fold_register(self.register_entries)
            if self.site is not None:  # an agreement, or its withdrawal, may have come for today
                self.info = self.present_register.calendar(self.site).day_info(self.fold.day)

    # ---- looking back

    def register_facts(self) -> list[Entry]:
        """Facts of the Register over all days; while looking back those that had happened by then."""
        if self.past is None:
            return self.register_entries
        return [e for e in self.register_entries if e.fact.at <= self.now]

    def look(self, step: int) -> bool:
        """Steps through the facts of the day; beyond the last one it is now again. False where there is no earlier."""
        assert self.fold is not None
        return self.look_at(self.place() + step)

    def place(self) -> int:
        """How many facts of the day stand up to the last one that is shown, late ones that have come since included."""
        assert self.fold is not None
        return self.fold.place(self.past.floor.entries[-1]) if self.past else len(self.fold)

    def look_at(self, count: int, at: datetime | None = None) -> bool:
        """Shows the hall after the first ``count`` facts of the day, at the last of them or at ``at``.

        All of them without ``at`` is now. False where there are no facts to show.
        """
        assert self.fold is not None
        if count < 1 or not len(self.fold):
            return False
        if count >= len(self.fold) and at is None:
            self.look_now()
            return True
        from floorctl.commands.fold import fold_register
        from floorctl.models.facts.day_facts import order

        floor = self.fold.first(count)
        last = floor.entries[-1]
        if at is None:
            seen = fold_register(e for e in self.register_entries if order(e) <= order(last))
        else:
            seen = fold_register(e for e in self.register_entries if e.fact.at <= at)
        self.past = Past(len(floor.entries), floor, seen, at or last.fact.at)
        self.changed()
        return True

    def look_by_time(self, minutes: int) -> bool:
        """Steps by the clock, whether anything happened meanwhile or not. False where there is nothing earlier."""
        assert self.fold is not None
        if not len(self.fold):
            return False
        until = self.now.replace(microsecond=0) + timedelta(minutes=minutes)
        if minutes > 0 and until >= self.present.replace(microsecond=0):
            self.look_now()
            return True
        first = self.fold.floor.entries[0].fact.at
        if self.past is not None and self.past.now <= first and minutes < 0:
            return False
        until = max(until, first)
        return self.look_at(self.fold.count_until(until), until)

    def look_now(self) -> None:
        """The present is shown again."""
        self.past = None
        self.changed()

    # ---- computed once for each second and change

    def once(self, name: str, compute: Callable[[], T], *, by_time: bool = True, every_s: int = 1) -> T:
        """``compute`` once until the facts change (or, by default, the second does, or ``every_s`` seconds have passed)."""
        second = int(self.now.timestamp()) // every_s if by_time else None
        key = (self._changes, second, self.past.facts if self.past else -1)
        held = self._memo.get(name)
        if held is None or held[0] != key:
            held = self._memo[name] = (key, compute())
        found: T = held[1]
        return found

    def changed(self) -> None:
        """Something beside new facts has changed that lists and forecasts are made of."""
        self._changes += 1

    def flows(self) -> dict[str, LaneFlow]:
        from floorctl.models.board.flow import flows

        # To the end of the minute: the flow moves on once a minute, not whenever a ticket turns an hour old.
        return self.once("flows", lambda: flows(self.floor, self.now.replace(second=59, microsecond=999_999)))
