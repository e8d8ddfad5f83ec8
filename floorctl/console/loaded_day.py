"""The loaded day: its facts, the register, a past view, and the lists that screens show of them.

Imported with the first day, not before the first paint: the models come with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date as Day
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from floorctl.commands.fold import DayFold, fold_register
from floorctl.commands.undo import stays
from floorctl.console.file_alerts import file_alerts
from floorctl.console.messages import Arrived, Loaded
from floorctl.console.state_parts import FileState, Settings
from floorctl.console.surname_marks import codes_for_marks, marks
from floorctl.models.board.alert import Alert, said_once
from floorctl.models.board.alerts import alerts
from floorctl.models.board.breaks import BreakState, break_states
from floorctl.models.board.calling_order import calling_turns
from floorctl.models.board.flow import LaneFlow, clock_skews, flows
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.grounds import Grounds, grounds
from floorctl.models.board.memo_alerts import left_alerts
from floorctl.models.board.presence import Presence, presence
from floorctl.models.board.status import LaneCounts, lane_counts
from floorctl.models.board.told import arrivals_untold
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.day.last_act import last_act, moves_back
from floorctl.models.day.memo import Memo
from floorctl.models.facts.entry import Entry, order
from floorctl.models.facts.own_numbers import Numbers
from floorctl.models.register.contract_end import ContractEnd, contract_end
from floorctl.models.register.duties import duties
from floorctl.models.register.duty import Duty
from floorctl.models.register.pressing_duties import Pressing, pressing
from floorctl.models.register.register import Register, ReportChange
from floorctl.models.site.calendar import Calendar

T = TypeVar("T")
# Facts of these kinds change what is advised: it is computed anew at once.
_UNPACED = ("terminal.", "lending.", "advice.", "day.", "incident.", "calendar.")
# So do these, and whatever the manager records but a ticket, at once: what stands on the line of advice.
_DECIDING = (*_UNPACED, "staff.", "reception.")


def _decides(e: Entry) -> bool:
    return e.kind.startswith(_DECIDING) or (e.source == "console" and not e.kind.startswith("ticket."))


class Past(NamedTuple):
    """The hall after the first ``facts`` facts of the day, at ``now``."""

    facts: int
    floor: Floor
    register: Register
    now: datetime


class LoadedDay:
    """One business day with all its facts; every field is set from the beginning."""

    def __init__(self, loaded: Loaded, settings: Settings) -> None:
        self.settings = settings
        self.site, self.info, self.names = loaded.site, loaded.info, loaded.names
        self.permits_before = loaded.permits_before  # given on the last day with tickets
        self.memos_before = loaded.memos_before  # open ones
        self.began = loaded.began  # the first day on which a fact was recorded by hand
        self.fold = DayFold(loaded.site, loaded.day, loaded.entries, loaded.carried)
        self.register_entries = list(loaded.register_entries)
        self._reissued: Mapping[Day, ReportChange] = {}
        self.present_register = self._folded(self.register_entries)
        self.past: Past | None = None
        self._changes = self._decided = 0
        self.deciding = 0  # batches of facts with one on which forecasts rest beside tickets
        self._withheld: dict[str, str] = {}
        self._memo: dict[str, tuple[object, Any]] = {}
        self._made: dict[str, float] = {}  # when each paced value was computed
        self._owed: dict[str, tuple[object, Any]] = {}

    @property
    def floor(self) -> Floor:
        """The Floor that is shown: of the present, or of the past view."""
        return self.past.floor if self.past else self.fold.floor

    @property
    def register(self) -> Register:
        return self.past.register if self.past else self.present_register

    @property
    def now(self) -> datetime:
        return self.past.now if self.past else self.present

    @property
    def present(self) -> datetime:
        """The PC's clock with the manager's correction (F12)."""
        ahead = 0 if self.settings.frozen else self.present_register.clock_ahead_s
        return self.settings.clock() + timedelta(seconds=ahead) if ahead else self.settings.clock()

    def numbers(self) -> Numbers:
        """Return every ticket number that a fact of the day names, retracted or not, and those given by hand."""
        return self.fold.ticket_numbers()

    def take(self, arrived: Arrived) -> None:
        """Add new facts, in any order. A past view is left as it is."""
        self._changes += 1
        self.fold.add(arrived.entries)
        if arrived.carried is not None:
            self.fold.carry(arrived.carried)
        if any(e.kind.startswith(_UNPACED) for e in arrived.entries):
            self._made.clear()
        deciding = any(_decides(e) for e in (*arrived.entries, *arrived.register_entries))
        self._decided, self.deciding = self._decided + deciding, self.deciding + deciding
        if self.began is None and any(e.source == "console" for e in arrived.entries):
            self.began = self.fold.day
        if arrived.names is not None:
            self.names = arrived.names
        if arrived.register_entries:
            self.register_entries.extend(arrived.register_entries)
            self.present_register = self._folded(self.register_entries)
            # A calendar agreement for today, or its retraction, may be among them.
            self.info = self.present_register.calendar(self.site).day_info(self.fold.day)

    def _folded(self, entries: Iterable[Entry]) -> Register:
        register = fold_register(entries)
        register.reissued = lambda: self._reissued
        return register

    def see_reissued(self, days: Mapping[Day, ReportChange]) -> None:
        """Take over which daily reports were issued again."""
        self._reissued = days
        self._owed.clear()

    # ---- past view

    def register_facts(self) -> list[Entry]:
        """Return the register's facts of all days; in a past view those up to its instant."""
        if self.past is None:
            return self.register_entries
        return [e for e in self.register_entries if e.fact.at <= self.now]

    def look(self, step: int) -> bool:
        """Step through the facts of the day, past the last one to the present; return False if there is none."""
        return self.look_at(self.place() + step)

    def place(self) -> int:
        """Return how many facts of the day precede what is shown, its last one and late arrivals included."""
        return self.fold.place(self.past.floor.entries[-1]) if self.past else len(self.fold)

    def look_at(self, count: int, at: datetime | None = None) -> bool:
        """Show the hall after the first ``count`` facts of the day, at the last of them or at ``at``.

        All of them without ``at`` is the present. Return False if there are no facts to show.
        """
        if count < 1 or not len(self.fold):
            return False
        if count >= len(self.fold) and at is None:
            self.look_now()
            return True
        floor = self.fold.first(count)
        last = floor.entries[-1]
        if at is None:
            seen = self._folded(e for e in self.register_entries if order(e) <= order(last))
        else:
            seen = self._folded(e for e in self.register_entries if e.fact.at <= at)
        self.past = Past(len(floor.entries), floor, seen, at or last.fact.at)
        self.changed()
        return True

    def look_by_time(self, minutes: int) -> bool:
        """Step by the clock, whether anything happened meanwhile or not; return False if nothing is earlier."""
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
        """Show the present again."""
        self.past = None
        self.changed()

    # ---- computed once for each second and change

    def changed(self) -> None:
        """Recompute every list and forecast: something beside new facts has changed."""
        self._changes += 1
        self._decided += 1
        self._made.clear()

    def once(self, name: str, compute: Callable[[], T], *, by_time: bool = True, every_s: int = 1) -> T:
        """Return ``compute()``, kept until facts change or, with ``by_time``, the next multiple of ``every_s`` seconds."""
        second = int(self.now.timestamp()) // every_s if by_time else None
        return self._kept(self._memo, name, (self._changes, second, self.past.facts if self.past else -1), compute)

    def paced(self, name: str, compute: Callable[[], T], every_s: int) -> T:
        """As ``once``, but return the last value within ``pace_s`` seconds of its making; a later tick renews it."""
        held, made = self._memo.get(name), self._made.get(name)
        soon = made is not None and monotonic() - made < self.settings.pace_s
        if held is not None and soon and self.past is None:
            kept: T = held[1]
            return kept
        found = self.once(name, compute, every_s=every_s)
        if self._memo[name] is not held:
            self._made[name] = monotonic()
        return found

    def calm(self, name: str, compute: Callable[[], T], every_s: int) -> T:
        """Return ``compute()``, kept until the next multiple of ``every_s`` seconds or a fact that decides, not a ticket."""
        turn = int(self.now.timestamp()) // every_s
        return self._kept(self._memo, name, (self._decided, turn, self.past.facts if self.past else -1), compute)

    def _once_owed(self, name: str, compute: Callable[[], T]) -> T:
        """Return ``compute()``, kept until the register or the day changes: tickets do not touch it."""
        return self._kept(self._owed, name, (self.register, self.floor.day, self.began), compute)

    @staticmethod
    def _kept(memo: dict[str, tuple[object, Any]], name: str, key: object, compute: Callable[[], T]) -> T:
        held = memo.get(name)
        if held is None or held[0] != key:
            held = memo[name] = (key, compute())
        found: T = held[1]
        return found

    def grounds(self) -> Grounds:
        """Return what the figures of each lane may rest on."""
        found = self.once("grounds", lambda: grounds(self.floor, self.register, self.now))
        codes = {lane: said.code for lane, said in found.withheld.items()}
        if codes != self._withheld:  # no forecast or advice outlives what it rested on
            self._withheld = codes
            self.changed()
        return found

    # ---- lists in the order in which the screens show them

    def alerts(self, file: FileState, ahead: Callable[[], Mapping[str, Foreseen]] = dict) -> list[Alert]:
        """Return what needs attention, worst first: from the facts, the file, the feeds and what is foreseen."""
        return self.once("alerts", lambda: self._alerts(file, ahead()))

    def alerts_now(self, file: FileState) -> list[Alert]:
        """Return the alerts of the present also in a past view: what becomes urgent meanwhile must be heard.

        Without forecasts, none of which is critical.
        """
        past, self.past = self.past, None
        try:
            return self.alerts(file)
        finally:
            self.past = past

    def _alerts(self, file: FileState, ahead: Mapping[str, Foreseen]) -> list[Alert]:
        found = alerts(
            self.floor,
            self.register,
            self.info,
            self.now,
            flow=self.flows(),
            g=self.grounds(),
            skews=self.skews(),
            who=self.who,
            owed=self.pressing(),
            ending=self.ending(),
            unclosed=file.unclosed,
            ahead=ahead,
            more=[*file_alerts(file, hall_open=self.info.open), *left_alerts(self.floor, self.memos_left())],
        )
        return said_once(found)

    def flows(self) -> dict[str, LaneFlow]:
        # To the end of the minute: the flow moves on once a minute, not whenever a ticket turns an hour old.
        end = self.now.replace(second=59, microsecond=999_999)
        return self.once("flows", lambda: flows(self.floor, end), every_s=60)

    def calling_turns(self) -> dict[str, int]:
        """Return the place of each waiting number in the order of calling of its lane."""
        return self.once("calling turns", lambda: calling_turns(self.floor, self.now, self.grounds()))

    def memos_left(self) -> list[Memo]:
        """Return the open memos of the days before that have not been settled on this one."""
        return [m for key, m in self.memos_before.items() if key not in self.floor.settled_before]

    def counts(self) -> dict[str, LaneCounts]:
        """Return the day's totals by lane."""
        return self.once("counts", lambda: lane_counts(self.floor), by_time=False)

    def duties(self) -> list[Duty]:
        """Return everything owed to the city over the whole contract, by due date."""
        site, register, today = self.site, self.register, self.floor.day
        return self._once_owed("duties", lambda: duties(site, register, self._calendar(), today))

    def pressing(self) -> Pressing:
        """Return what is overdue, and what is due today or tomorrow."""
        site, register, today = self.site, self.register, self.floor.day
        return self._once_owed("pressing", lambda: pressing(site, register, self._calendar(), today, self.began))

    def ending(self) -> ContractEnd:
        """Return the end of the contract as seen from the day that is shown."""
        return self._once_owed("ending", lambda: contract_end(self.site, self.register, self.floor.day))

    def next_open_day(self) -> Day | None:
        """Return the next day on which the venue opens, as agreed so far."""
        return self._once_owed("next open day", lambda: self._calendar().next_open_day(self.floor.day))

    def _calendar(self) -> Calendar:
        """Return the calendar as agreed; the present one serves the past too while no agreement has been added."""
        same = self.register.overrides == self.present_register.overrides
        return (self.present_register if same else self.register).calendar(self.site)

    def cases(self) -> list[Escalation]:
        return self.once("cases", lambda: self.floor.open_escalations(), by_time=False)

    def breaks(self) -> dict[str, BreakState]:
        """Return the break state of everybody present, by code."""
        return self.once("breaks", lambda: break_states(self.floor, self.register, self.now))

    def skews(self) -> dict[str, int]:
        return self.once("skews", lambda: clock_skews(self.floor), by_time=False)

    def journal(self) -> list[Entry]:
        """Return the facts of the day, the latest first."""
        return self.floor.entries[::-1]

    def persons_word(self) -> str:
        """Return how many are in the hall; "-" where nobody tells who waits and nobody has counted them."""
        persons = self.floor.persons
        untold = any(arrivals_untold(q, self.now) for q in self.floor.lanes.values())
        return "-" if untold and not persons and self.floor.visitors is None else str(persons)

    def presence(self) -> Presence:
        """Return the team and everybody named in a fact of today, by code, with their presence."""
        return self.once("presence", lambda: presence(self.floor, self.register, self.now))

    def staff_codes(self) -> list[str]:
        """Return the codes of ``presence``."""
        return [s.code for s in self.presence().people]

    def named(self, code: str) -> str:
        """Return a person's code, with the surname where it is known."""
        return f"{code} {self.names[code]}" if code in self.names else code

    def who(self, code: str) -> str:
        """Return the surname of a person where it is known, else the code."""
        return self.names.get(code, code)

    @contextmanager
    def without_surnames(self) -> Iterator[Callable[[str], str]]:
        """Have lists and ``who`` give marks as wide as the surnames; yield the function that turns them into codes.

        Forecasts, which name nobody, are not computed anew.
        """
        names, memo = self.names, self._memo
        self.names = marks(names)
        self._memo = {name: kept for name, kept in memo.items() if name in self._made}
        try:
            yield partial(codes_for_marks, codes=list(names))
        finally:
            self.names, self._memo = names, memo

    def last_act(self) -> list[Entry]:
        """Return the facts that the undo key would retract; [] if there are none."""
        return self.once("last_act", lambda: last_act(self.floor, "console"), by_time=False)

    def moves_back(self, act: list[Entry]) -> bool:
        """Return whether an act is the undo of a move by the opposite one."""
        return moves_back(act)

    def act_stays(self) -> str:
        """Return why the undo key would be refused; '' where it would not."""

        def compute() -> str:
            act = self.last_act()
            refused = stays(self.floor, self.register, act) if act else None
            return refused.on_screen if refused is not None else ""

        return self.once("act_stays", compute, by_time=False)
