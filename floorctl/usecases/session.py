"""One open file with its site and clock: decisions on a fresh Floor, the Floor of each day, what others record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from floorctl.commands.context import Context, Wish
from floorctl.commands.fold import DayFold, fold_register
from floorctl.common.clock import Clock, business_day, frozen_clock, system_clock
from floorctl.common.errors import StoreError
from floorctl.database.site_of_file import claim, need_same_site
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry, Head
from floorctl.models.facts.fields import BY_HAND
from floorctl.models.facts.own_numbers import Numbers
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar, DayInfo
from floorctl.models.site.site import Site
from floorctl.usecases.carried_numbers import numbers_before
from floorctl.usecases.memos_before import memos_before
from floorctl.usecases.reissued_days import reissued_days

if TYPE_CHECKING:
    from floorctl.database.file_lock import Hold

    Decision = Callable[[Context], list[Wish]]

SOURCE = BY_HAND
# Lists that are made ready before the first day: with them alone nobody has begun to record days.
_SET_UP = ("staff.registered", "training.recorded", "device.permitted", "demand.imported", "clock.set")
# What checks wishes (the guard against personal data) is imported inside functions: reading does without it.


class Session:
    """``frozen``: everything is read as it was at that instant, and commands write with it (contract 1, --now).

    ``hold``: no restore replaces the file while it is open; for a console or an ingest. ``read_only``: nothing is written,
    neither to the file nor beside it.
    """

    def __init__(
        self,
        site: Site,
        path: Path,
        *,
        clock: Clock = system_clock,
        frozen: datetime | None = None,
        actor: str = "cli",
        create: bool = False,
        make_folder: bool = False,
        hold: bool = False,
        read_only: bool = False,
    ) -> None:
        self.site, self.path, self.actor, self.frozen = site, path, actor, frozen
        self._pc_clock = clock
        self.clock = frozen_clock(frozen) if frozen else self._right_time
        # Seconds are whole: acts at one frozen second are told apart, and ordered, by their milliseconds.
        self._until = frozen + timedelta(milliseconds=999) if frozen and not frozen.microsecond else frozen
        self.store = Store(path, create=create, make_folder=make_folder, read_only=read_only)
        try:
            need_same_site(self.store, site)
        except StoreError:
            self.store.close()
            raise
        self._hold = self._take_hold(create) if hold else None
        self.warnings: list[str] = []
        self.recorded = 0  # how many facts this session has written
        self._folds: dict[date, DayFold] = {}
        self._seen: dict[date, int] = {}
        self._register: Register | None = None
        self._register_entries: list[Entry] | None = None  # None until they are first asked for

    @property
    def calendar(self) -> Calendar:
        """Calendar with what has been agreed so far; with a frozen clock, as it was known then."""
        return self.register().calendar(self.site)

    def _right_time(self) -> datetime:
        """Return the PC's clock with the manager's correction (F12)."""
        ahead = self.register().clock_ahead_s
        return self._pc_clock() + timedelta(seconds=ahead) if ahead else self._pc_clock()

    def began(self) -> date | None:
        """Return the first day on which a fact was recorded by hand; facts of feeds and lists set up before do not count."""
        return self.store.first_day(SOURCE, _SET_UP)

    @property
    def today(self) -> date:
        return business_day(self.clock())

    def info(self, day: date) -> DayInfo:
        return self.calendar.day_info(day)

    def _take_hold(self, create: bool) -> Hold | None:
        """Lock the file against a restore; open it again if one has replaced it since."""
        from floorctl.database.file_lock import shared

        try:
            hold = shared(self.path)
        except StoreError:
            self.store.close()
            raise
        if self.store.gone():
            self.store.close()
            self.store = Store(self.path, create=create)
        return hold

    def close(self) -> None:
        self.store.close()
        if self._hold is not None:
            self._hold.close()

    # ---- reading -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read what has been recorded since, by any process, into the folded days and the register."""
        for day, fold in self._folds.items():
            came = self.store.day_facts(day, self._seen[day])
            if came:
                self._seen[day] = came[-1].seq
                fold.add(came)
                self._carry(fold)
        if self._register_entries is not None:
            last = self._register_entries[-1].seq if self._register_entries else 0
            came = self.store.register_facts(last)
            if came:
                self._register_entries.extend(came)
                self._register = None

    def _fold(self, day: date) -> DayFold:
        if day not in self._folds:
            entries = self.store.day_facts(day)
            self._folds[day] = DayFold(self.site, day, entries)
            self._carry(self._folds[day])
            self._seen[day] = entries[-1].seq if entries else 0
        return self._folds[day]

    def _carry(self, fold: DayFold) -> None:
        """Tell a day what the one before knows of numbers that it names and never issued."""
        if fold.unmet:
            fold.carry(numbers_before(self.store, self.site, fold.day))

    def floor(self, day: date | None = None) -> Floor:
        """Return the Floor of a day, by default today; with a frozen clock, as it was then."""
        fold = self._fold(day or self.today)
        return fold.until(self._until) if self._until else fold.floor

    def floor_at(self, day: date, at: datetime) -> Floor:
        """Return the Floor of a day after the facts up to ``at``: one of its own, which nothing changes."""
        fold = self._fold(day)
        return fold.first(fold.count_until(at))

    def late(self, day: date) -> bool:
        """Return whether facts of a day have come late, so that the next one who asks for its Floor waits."""
        return day in self._folds and self._folds[day].late

    def catch_up(self, day: date) -> None:
        """Fold a day again if facts have come late, so that the next one who asks for its Floor does not wait."""
        if self.late(day):
            self.floor(day)

    def ticket_numbers(self, day: date) -> Numbers:
        """Return every ticket number that a fact of a day names; with a frozen clock those on the Floor of then."""
        numbers = self._fold(day).ticket_numbers()
        if self._until is None:
            return numbers
        seen = frozenset(t.number for t in self.floor(day).tickets.values())
        return Numbers(seen, numbers.given & seen)

    def register(self) -> Register:
        """Return the register of all days; with a frozen clock, as it was then."""
        if self._register is None:
            self._register = fold_register(self.register_facts())
            self._register.reissued = partial(reissued_days, self.store, self._until)
        return self._register

    def register_facts(self) -> list[Entry]:
        if self._register_entries is None:
            self._register_entries = self.store.register_facts()
        return self.seen(self._register_entries)

    def seen(self, entries: list[Entry]) -> list[Entry]:
        """Return those of ``entries`` that had happened by the frozen clock; all without one."""
        return entries if self._until is None else [e for e in entries if e.fact.at <= self._until]

    def sees_whole(self, day: date) -> bool:
        """Return False if a frozen clock hides a fact that belongs in the report of a day."""
        if self._until is None:
            return True
        self._fold(day)
        self.register_facts()
        told = [*self._folds[day].floor.entries, *(self._register_entries or ())]
        return all(e.fact.at <= self._until or business_day(e.fact.at) > day for e in told)

    def forget(self, day: date) -> None:
        """Drop the fold of a day other than today: a long period would keep them all in memory."""
        if day != self.today:
            self._folds.pop(day, None)
            self._seen.pop(day, None)

    def head(self, day: date | None = None) -> Head:
        return self.store.head(day)

    # ---- deciding ------------------------------------------------------------------------------------------------

    def act(self, kind: str, fields: dict[str, Any], *, day: date | None = None) -> list[Entry]:
        """Record one act by its kind and fields, by the rules of the console; ``day`` as in ``run``. Raise Refused."""
        from floorctl.commands.decide import decide

        return self.run(lambda c: decide(c, kind, fields), day=day)

    def undo(self) -> list[Entry]:
        """Retract this actor's last act of today. Raise Refused."""
        from floorctl.commands.undo import undo

        return self.run(undo)

    def run(
        self,
        decision: Decision,
        also: Callable[[Writer], None] | None = None,
        *,
        day: date | None = None,
        between: bool = False,
    ) -> list[Entry]:
        """Decide on the Floor as it is inside the write transaction; write and return the facts, all or none.

        ``also`` writes surnames or derived tables in the same transaction, after the facts. ``day``: date the act to
        the end of that day (its close). ``between``: facts may precede later ones of their subjects, since the decision
        has checked them against the whole day. ``warnings`` is set. Raise Refused; then nothing is written.
        """
        from floorctl.commands.instants import dated_facts, end_of_day
        from floorctl.commands.last_desk import alone_before, need_lanes_kept, said_alone
        from floorctl.commands.skills import need_skilled

        recorded_at = now = self.clock()
        with self._writing() as pen:
            self.refresh()
            if day is None:
                day = business_day(now)
            else:
                now = end_of_day(self.floor(day), now)
            context = Context(
                self.floor(day),
                self.register(),
                self.info(day),
                now,
                self.actor,
                escalation_numbers=self.store.escalation_numbers,
                incident_numbers=self.store.incident_numbers,
                began=self.began,
                memos_before=lambda: memos_before(self.store, self.site, day),
                tickets=self._fold(day).ticket_numbers(),
            )
            wishes = need_lanes_kept(context, need_skilled(context, decision(context)))
            alone = alone_before(wishes, context.floor, now)
            facts = dated_facts(context, wishes, f"c-{pen.head.seq + 1:08d}", between=between)
            written = pen.append_all(facts, SOURCE, self.actor, recorded_at)
            if also is not None:
                self.refresh()
                also(pen)
            self.warnings = context.warnings
        self.recorded += len(written)
        self.refresh()
        if alone is not None:
            self.warnings += said_alone(self.floor(day), now, alone)
        return written

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        """Open a write transaction; where it fails, drop what was folded inside it."""
        try:
            with self.store.write() as pen:
                claim(self.store, pen, self.site)
                yield pen
        except BaseException:
            self._folds.clear()
            self._seen.clear()
            self._register = self._register_entries = None
            raise
