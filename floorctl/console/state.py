"""What the screens look at: the day in hand, the Register, and what the manager has chosen. No widget, no file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from floorctl.common.clock import Clock, system_clock

if TYPE_CHECKING:
    from floorctl.advice.advise import Adviser, Verdict
    from floorctl.advice.demand import Demand
    from floorctl.advice.forecast import Forecaster
    from floorctl.advice.last_call import Closing
    from floorctl.advice.proposal import Proposal
    from floorctl.advice.staffing import LaneChoice
    from floorctl.advice.waits import LaneWaits
    from floorctl.console.engine import Arrived, Loaded, Taught
    from floorctl.models.board.alerts import Alert
    from floorctl.models.board.flow import LaneFlow
    from floorctl.models.day.escalation import Escalation
    from floorctl.models.day.floor import Floor
    from floorctl.models.day.fold import DayFold
    from floorctl.models.facts.day_facts import Entry
    from floorctl.models.facts.own_numbers import Numbers
    from floorctl.models.register.duties import Duty, Pressing
    from floorctl.models.register.register import Register
    from floorctl.models.site.calendar import Calendar, DayInfo
    from floorctl.models.site.site import Site

T = TypeVar("T")
PANELS = ("lanes", "cases", "alerts", "staff", "journal")
# How long a message stands before the line is calm again.
MESSAGE_S = 20
# How long what somebody has said stands in its box, in seconds of the trainee's own time.
NOTICE_S = 45
# A forecast is made anew when facts come, and else so often: more would only make figures flicker.
_FORECAST_S = 10
# However fast facts come, forecasts are made anew at most so often: they must not keep the board from being drawn.
PACE_S = 0.5
_ADVICE_S = 60
SLOT_CUTS = "slot cuts"  # a question to the engine: slots of the last days that could be fewer


class Past(NamedTuple):
    """The hall as it was after the first ``facts`` facts of the day, at ``now``."""

    facts: int
    floor: Floor
    register: Register
    now: datetime


class Told(NamedTuple):
    """Predicted waits of a lane in seconds: ``last``, p50 and p90 of what the person now last has still to wait (None:
    nobody waits); ``coming_s``, the median of somebody who comes now (None: no desk works). ``trend_min``: by how many
    minutes the former has grown in a quarter of an hour (None: the day is too young)."""

    last: tuple[int, int] | None
    coming_s: int | None
    trend_min: int | None


class Notice(NamedTuple):
    """Somebody tells the trainee of a rehearsal something: who, and what, a paragraph a line."""

    title: str
    lines: tuple[str, ...]


@dataclass
class ConsoleState:
    """Before the file has been read ``site`` is None and only the frame can be drawn."""

    clock: Clock = system_clock
    site: Site | None = None
    info: DayInfo | None = None
    fold: DayFold | None = None
    present_register: Register | None = None
    register_entries: list[Entry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # surnames by code; may be empty
    feeds: tuple[tuple[str, str, bool, int], ...] = ()
    terminal: str = ""  # the chosen terminal
    ticket: str = ""  # the chosen number of the queue
    person: str = ""  # the chosen person
    date: str = ""  # the chosen day of the calendar
    incident: str = ""  # the chosen incident
    duty: str = ""  # what is chosen of the things owed: the key of its row on F8
    began: Day | None = None  # the first day on which somebody recorded something by hand
    unit: str = ""  # the chosen piece of equipment
    paper: Any = None  # what has been typed from paper and is not written yet (screens/tickets/paper_sheets.py)
    closing: str = ""  # the step of the closing in hand: who comes back to F9 goes on there
    unclosed: tuple[Day, ...] = ()  # earlier days whose report was never closed
    asked: set[str] = field(default_factory=set)  # questions to the file that wait for their answer
    answers: dict[str, Any] = field(default_factory=dict)  # by question; a sentence in ``failed`` where there is none
    failed: dict[str, str] = field(default_factory=dict)
    panel: str = "lanes"
    cursor: dict[str, int] = field(default_factory=dict)  # the chosen row of each list
    backdate_min: int = 0
    typing_backdate: str | None = None
    message: str = ""
    message_role: str = "dim"
    said_at: datetime | None = None
    fatal: str = ""
    trouble: str = ""  # why the file must not be written any more
    feeds_seen: set[str] = field(default_factory=set)  # feeds that have been there
    choice: Any = None  # a question that the next key answers
    frozen: bool = False  # the clock stands still: what was set right then is right
    notice: Notice | None = None  # what somebody tells the trainee
    notice_left: int = 0  # seconds for which it still stands
    banner: str = ""  # stands in the head line: the demo's speed, a frozen clock
    past: Past | None = None
    forecaster: Forecaster | None = None  # None until the day has been watched
    pace_s: float = PACE_S
    _memo: dict[str, tuple[object, Any]] = field(default_factory=dict)
    _made: dict[str, float] = field(default_factory=dict)  # when each forecast was made
    _held: dict[str, tuple[int, object]] = field(
        default_factory=dict
    )  # chosen row of the panel in hand: what it is about
    _changes: int = 0
    _owed: dict[str, tuple[object, Any]] = field(default_factory=dict)

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
        """A day from its beginning; the choice of terminal stays."""
        from floorctl.models.day.fold import DayFold
        from floorctl.models.register.register import fold_register

        self.site, self.info, self.names = loaded.site, loaded.info, loaded.names
        self.began = loaded.began
        self.fold = DayFold(loaded.site, loaded.day, loaded.entries)
        self.register_entries = list(loaded.register_entries)
        self.present_register = fold_register(self.register_entries)
        self.past = None
        self.closing, self.answers, self.failed, self.paper = "", {}, {}, None
        if self.forecaster is not None and self.forecaster.day != loaded.day:
            self.forecaster = None
        self.changed()
        if self.terminal not in self.floor.terminals:
            self.terminal = ""

    def numbers(self) -> Numbers:
        """Every ticket number that a fact of the day has named, taken back or not, and those that were given by hand."""
        assert self.fold is not None
        return self.fold.ticket_numbers()

    def learn(self, taught: Taught) -> None:
        """The day has been watched: from now on waits and arrivals are forecast."""
        if self.fold is not None and self.fold.day == taught.day:
            self.forecaster = taught.forecaster
            self.changed()

    def take(self, arrived: Arrived) -> None:
        """New facts, in any order. Who looks back goes on seeing what they see."""
        if self.fold is None:
            return
        self._changes += 1
        if any(e.kind.startswith(("terminal.", "advice.", "day.")) for e in arrived.entries):
            self._made.clear()  # what was advised is done, or cannot be any more
        self.fold.add(arrived.entries)
        if self.began is None and any(e.source == "console" for e in arrived.entries):
            self.began = self.fold.day
        if arrived.names is not None:
            self.names = arrived.names
        if arrived.register_entries:
            from floorctl.models.register.register import fold_register

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
        from floorctl.models.facts.day_facts import order
        from floorctl.models.register.register import fold_register

        floor = self.fold.first(count)
        last = floor.entries[-1]
        if at is None:
            seen = fold_register(e for e in self.register_entries if order(e) <= order(last))
        else:
            seen = fold_register(e for e in self.register_entries if e.fact.at <= at)
        self.past = Past(len(floor.entries), floor, seen, at or last.fact.at)
        # Minutes that were typed for the next act are not kept for one after the return.
        self.backdate_min, self.typing_backdate = 0, None
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

    # ---- lists in the order in which the screen shows them, computed once for each second and change

    def once(self, name: str, compute: Callable[[], T], *, by_time: bool = True, every_s: int = 1) -> T:
        """``compute`` once until the facts change (or, by default, the second does, or ``every_s`` seconds have passed)."""
        second = int(self.now.timestamp()) // every_s if by_time else None
        key = (self._changes, second, self.past.facts if self.past else -1)
        held = self._memo.get(name)
        if held is None or held[0] != key:
            held = self._memo[name] = (key, compute())
        found: T = held[1]
        return found

    def _paced(self, name: str, compute: Callable[[], T], every_s: int) -> T:
        """As ``once``, but within ``pace_s`` of the last time what was computed then; the next tick shows it anew."""
        held, made = self._memo.get(name), self._made.get(name)
        if held is not None and made is not None and self.past is None and monotonic() - made < self.pace_s:
            kept: T = held[1]
            return kept
        found = self.once(name, compute, every_s=every_s)
        if self._memo[name] is not held:
            self._made[name] = monotonic()
        return found

    def changed(self) -> None:
        """Something beside new facts has changed that lists and forecasts are made of."""
        self._changes += 1
        self._made.clear()

    def alerts(self) -> list[Alert]:
        """What needs attention, worst first: from the facts, and from the file and the feeds themselves."""
        return self.once("alerts", self._alerts)

    def alerts_now(self) -> list[Alert]:
        """Alerts of the present, also while the past is shown: what becomes urgent meanwhile must be heard."""
        past, self.past = self.past, None
        try:
            return self.alerts()
        finally:
            self.past = past

    def _alerts(self) -> list[Alert]:
        from floorctl.models.board.alerts import SEVERITIES, Alert, alerts

        assert self.register is not None and self.info is not None
        found = alerts(
            self.floor,
            self.register,
            self.info,
            self.now,
            flow=self.flows(),
            skews=self.skews(),
            who=self.who,
            owed=self.pressing(),
            unclosed=self.unclosed,
        )
        if self.trouble:
            found.append(Alert("file_trouble", "critical", "ファイル", self.trouble))
        if self.fatal:
            found.append(Alert("stopped", "critical", "停止", self.fatal))
        for _, name, there, refused in self.feeds:
            if not there:
                gone = "なくなりました" if name in self.feeds_seen else "まだありません"
                found.append(Alert("feed_missing", "warning", "フィード", f"{name} が{gone}（現れるのを待っています）"))
            if refused:
                text = f"{name} で受け付けなかった行 {refused}件（floorctl ingest で理由が出ます）"
                found.append(Alert("feed_refused", "info", "フィード", text))
        return sorted(found, key=lambda a: SEVERITIES.index(a.severity))

    def duties(self) -> list[Duty]:
        """Everything owed to the city over the whole contract, by due date."""
        from floorctl.models.register.duties import duties

        site, register, today = self.floor.site, self._register(), self.floor.day
        return self._once_owed("duties", lambda: duties(site, register, self._calendar(), today))

    def pressing(self) -> Pressing:
        """What is overdue, and what is due today or tomorrow."""
        from floorctl.models.register.duties import pressing

        site, register, today = self.floor.site, self._register(), self.floor.day
        return self._once_owed("pressing", lambda: pressing(site, register, self._calendar(), today, self.began))

    def next_open_day(self) -> Day | None:
        """The first day after the one in hand on which the venue opens, as agreed so far."""
        return self._once_owed("next open day", lambda: self._calendar().next_open_day(self.floor.day))

    def _register(self) -> Register:
        assert self.register is not None
        return self.register

    def _calendar(self) -> Calendar:
        """The calendar as agreed; the present one serves the past too while nothing has been agreed since."""
        register, present = self._register(), self.present_register
        assert present is not None
        same = register.overrides == present.overrides
        return (present if same else register).calendar(self.floor.site)

    def _once_owed(self, name: str, compute: Callable[[], T]) -> T:
        """``compute`` once until the Register or the day changes: tickets come and go without it."""
        held = self._owed.get(name)
        key = (self._register(), self.floor.day, self.began)
        if held is None or held[0] != key:
            held = self._owed[name] = (key, compute())
        found: T = held[1]
        return found

    def cases(self) -> list[Escalation]:
        return self.once("cases", lambda: self.floor.open_escalations(), by_time=False)

    def flows(self) -> dict[str, LaneFlow]:
        from floorctl.models.board.flow import flows

        # To the end of the minute: the flow moves on once a minute, not whenever a ticket turns an hour old.
        return self.once("flows", lambda: flows(self.floor, self.now.replace(second=59, microsecond=999_999)))

    def waits(self) -> dict[str, LaneWaits]:
        """Predicted waits by lane; {} until the day has been watched, and on a day that is not open."""
        return self._paced("waits", self._waits, _FORECAST_S)

    def _waits(self) -> dict[str, LaneWaits]:
        if self.forecaster is None or self.register is None or not self.floor.is_open or self.floor.preparing:
            return {}
        return self.forecaster.waits(self.floor, self.register, self.now)

    def told(self, lane: str) -> Told | None:
        """What is said of the waits of a lane; None until it is computed."""
        waits = self.waits().get(lane)
        if waits is None or self.forecaster is None:
            return None
        last, before = waits.last, self.forecaster.before_s(lane, self.now)
        return Told(
            (last.p50_s, last.p90_s) if last else None,
            waits.coming.p50_s if waits.coming else None,
            round((last.p50_s - before) / 60) if last and before is not None else None,
        )

    def demand(self) -> Demand | None:
        """Expected arrivals by lane and half hour; None until the day has been watched."""
        return self._paced("demand", self._demand, _FORECAST_S)

    def _demand(self) -> Demand | None:
        if self.forecaster is None or self.register is None:
            return None
        return self.forecaster.demand(self.floor, self.register, self.now)

    def closings(self) -> list[Closing]:
        """The last call of each lane; [] until the day has been watched."""
        return self._paced("closings", self._closings, _FORECAST_S)

    def _closings(self) -> list[Closing]:
        if self.forecaster is None or self.register is None:
            return []
        return self.forecaster.closings(self.floor, self.register, self.now)

    def advice(self) -> Verdict | None:
        """The advice of the moment, made anew when facts come and every minute; None until the day has been watched, on
        a day that is not open, and while the past is shown: what was advised then is in the journal."""
        adviser = self._paced("adviser", self._adviser, _ADVICE_S)
        return None if adviser is None else self._paced("advice", adviser.verdict, _ADVICE_S)

    def forecast_of_move(self) -> Verdict | None:
        """What it would do to move the chosen terminal to the lane beside its own, of two the one where more people wait;
        None where none is chosen that can go."""
        adviser = self._paced("adviser", self._adviser, _ADVICE_S)
        if adviser is None or not self.terminal or self.site is None:
            return None
        t = self.floor.terminals[self.terminal]
        beside = self.site.lanes_beside(t.code, t.next_lane or t.lane)
        if not any(beside):
            return None
        to = max((x for x in beside if x), key=lambda x: self.floor.lanes[x].waiting)
        return self._paced(f"move {t.code} {to}", lambda: adviser.of_move(t.code, to), _ADVICE_S)

    def others(self) -> list[Proposal]:
        """Everything else that is worth doing, the most pressing first; [] where there is no advice."""
        adviser = self._paced("adviser", self._adviser, _ADVICE_S)
        if adviser is None or self.register is None:
            return []
        from floorctl.advice.other_proposals import others

        register, cuts, advice = self.register, tuple(self.answers.get(SLOT_CUTS) or ()), self.advice()
        advised = advice.option if advice is not None else None
        return self._paced("others", lambda: others(adviser, register, self.closings(), cuts, advised), _ADVICE_S)

    def proposal(self) -> Proposal | None:
        """What the board says beside: the first that is clear, and only where no terminal is to be moved."""
        advice = self.advice()
        if advice is None or not advice.keep:
            return None
        return next((p for p in self.others() if p.clear), None)

    def lane_choice(self, terminal: str = "") -> LaneChoice | None:
        """Which lane an empty terminal (by default the chosen one) is best opened for; None where it has no choice."""
        adviser = self._paced("adviser", self._adviser, _ADVICE_S)
        code = terminal or self.terminal
        if adviser is None or not code:
            return None
        from floorctl.advice.staffing import Staffing

        found = self._paced("staffing", lambda: {c.terminal: c for c in Staffing(adviser).choices()}, _ADVICE_S)
        return found.get(code)

    def _adviser(self) -> Adviser | None:
        if self.forecaster is None or self.register is None or self.past is not None:
            return None
        if not self.floor.is_open or self.floor.preparing:
            return None
        from floorctl.advice.advise import Adviser

        demand = self.demand()
        return (
            None
            if demand is None
            else Adviser(self.floor, self.forecaster.times(self.floor, self.now), demand, self.now)
        )

    def skews(self) -> dict[str, int]:
        from floorctl.models.board.flow import clock_skews

        return self.once("skews", lambda: clock_skews(self.floor), by_time=False)

    def journal(self) -> list[Entry]:
        """Facts of the day, the latest first."""
        return self.floor.entries[::-1]

    def staff_codes(self) -> list[str]:
        """Everybody of the roster and everybody whom a fact has named today, by code."""
        return self.once("staff", self._staff_codes, by_time=False)

    def _staff_codes(self) -> list[str]:
        assert self.register is not None
        team = (p.code for p in self.register.team(self.floor.day))
        return sorted({*team, *self.floor.staff})

    def who(self, code: str) -> str:
        """A person as the screen names them: the surname where there is one, else the code."""
        return self.names.get(code, code)

    def last_act(self) -> list[Entry]:
        """The facts that the undo key would take back; [] where there is none."""
        return self.once("last_act", self._last_act, by_time=False)

    def _last_act(self) -> list[Entry]:
        from floorctl.models.day.floor import last_act

        return last_act(self.floor, "console")

    def length(self, panel: str) -> int:
        """How many rows a panel's list has."""
        if not self.ready:
            return 0
        return {
            "lanes": lambda: len(self.floor.terminals),
            "cases": lambda: len(self.cases()),
            "alerts": lambda: len(self.alerts()),
            "staff": lambda: len(self.staff_codes()),
            "journal": lambda: len(self.floor.entries),
        }[panel]()

    def row(self, panel: str) -> int:
        """The chosen row of a list, kept within it; in the panel in hand it stays with what it is about."""
        wanted = self.cursor.get(panel, 0)
        at = max(0, min(wanted, self.length(panel) - 1))
        if self.past is not None:
            return at
        if panel != self.panel or panel == "lanes" or not self.ready:
            self._held.pop(panel, None)
            return at
        subjects = self._subjects(panel)
        before, subject = self._held.get(panel, (-1, None))
        if before == wanted and subject in subjects:
            at = subjects.index(subject)
        if subjects:
            self._held[panel] = (at, subjects[at])
        if at != wanted:
            self.cursor[panel] = at
        return at

    def _subjects(self, panel: str) -> list[object]:
        """What each row of a panel's list is about."""
        if panel == "cases":
            return [e.code for e in self.cases()]
        if panel == "staff":
            return list(self.staff_codes())
        if panel == "journal":
            return [e.key for e in self.journal()]
        found: list[object] = []
        for a in self.alerts():
            same = sum(x[:2] == (a.code, a.terminal) for x in found if isinstance(x, tuple))
            found.append((a.code, a.terminal, same))
        return found

    def tell(self, notice: Notice) -> None:
        """Somebody says something; it stands beside whatever is shown, and takes no key but Esc."""
        self.notice, self.notice_left = notice, NOTICE_S

    def say(self, text: str, role: str = "dim") -> None:
        self.message, self.message_role, self.said_at = text, role, self.clock()

    def fade(self) -> None:
        """Once a second: a message that has stood long enough goes; a refusal stays until the next key."""
        if self.notice is not None:
            self.notice_left -= 1
            if self.notice_left <= 0:
                self.notice = None
        old = self.said_at is not None and abs((self.clock() - self.said_at).total_seconds()) >= MESSAGE_S
        if old and self.message_role in ("dim", "ok"):
            self.message, self.said_at = "", None


def lane_role(site: Site, lane: str) -> str:
    """The palette's role of a lane: lane0 to lane3 in the site's order."""
    codes = [x.code for x in site.lanes]
    return f"lane{codes.index(lane) % 4}"
