"""What the screens look at: the day with its forecasts, lists, and what the manager has chosen. No widget, no file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.console.day_in_hand import T
from floorctl.console.forecasts import Forecasts

if TYPE_CHECKING:
    from floorctl.console.messages import Loaded
    from floorctl.models.board.alerts import Alert
    from floorctl.models.board.breaks import BreakState
    from floorctl.models.day.escalation import Escalation
    from floorctl.models.facts.entry import Entry
    from floorctl.models.register.duties import Duty, Pressing
    from floorctl.models.register.register import Register
    from floorctl.models.site.calendar import Calendar
    from floorctl.models.site.site import Site

PANELS = ("lanes", "cases", "alerts", "staff", "journal")
# How long a message stands before the line is calm again.
MESSAGE_S = 20
# How long what somebody has said stands in its box, in seconds of the trainee's own time.
NOTICE_S = 45


class Notice(NamedTuple):
    """Somebody tells the trainee of a rehearsal something: who, and what, a paragraph a line."""

    title: str
    lines: tuple[str, ...]


@dataclass
class ConsoleState(Forecasts):
    """Before the file has been read ``site`` is None and only the frame can be drawn."""

    feeds: tuple[tuple[str, str, bool, int], ...] = ()
    ticket: str = ""  # the chosen number of the queue
    person: str = ""  # the chosen person
    date: str = ""  # the chosen day of the calendar
    incident: str = ""  # the chosen incident
    duty: str = ""  # what is chosen of the things owed: the key of its row on F8
    unit: str = ""  # the chosen piece of equipment
    paper: Any = None  # what has been typed from paper and is not written yet (screens/tickets/paper_sheets.py)
    closing: str = ""  # the step of the closing in hand: who comes back to F9 goes on there
    unclosed: tuple[Day, ...] = ()  # earlier days whose report was never closed
    asked: set[str] = field(default_factory=set)  # questions to the file that wait for their answer
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
    notice: Notice | None = None  # what somebody tells the trainee
    notice_left: int = 0  # seconds for which it still stands
    banner: str = ""  # stands in the head line: the demo's speed, a frozen clock
    _held: dict[str, tuple[int, object]] = field(
        default_factory=dict
    )  # chosen row of the panel in hand: what it is about
    _owed: dict[str, tuple[object, Any]] = field(default_factory=dict)

    def load(self, loaded: Loaded) -> None:
        """Takes a day from its beginning; the choice of terminal stays."""
        super().load(loaded)
        self.closing, self.answers, self.failed, self.paper = "", {}, {}, None
        if self.terminal not in self.floor.terminals:
            self.terminal = ""

    def look_at(self, count: int, at: datetime | None = None) -> bool:
        """Shows the hall after the first ``count`` facts; minutes typed for the next act are not kept for one after the return."""
        looked = super().look_at(count, at)
        if self.past is not None:
            self.backdate_min, self.typing_backdate = 0, None
        return looked

    # ---- lists in the order in which the screen shows them, computed once for each second and change

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

    def breaks(self) -> dict[str, BreakState]:
        """Breaks of everybody who is here, by code."""
        from floorctl.models.board.breaks import break_states

        return self.once("breaks", lambda: break_states(self.floor, self._register(), self.now))

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
