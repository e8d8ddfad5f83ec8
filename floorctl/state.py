"""What the screens look at: the day in hand, the Register, and what the manager has chosen. No widget, no file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from floorctl.clock import Clock, system_clock

if TYPE_CHECKING:
    from floorctl.engine import Arrived, Loaded
    from floorctl.models.alerts import Alert
    from floorctl.models.calendar import DayInfo
    from floorctl.models.escalation import Escalation
    from floorctl.models.events import Entry
    from floorctl.models.floor import Floor
    from floorctl.models.fold import DayFold
    from floorctl.models.metrics import LaneFlow
    from floorctl.models.register import Register
    from floorctl.models.site import Site

T = TypeVar("T")
PANELS = ("lanes", "cases", "alerts", "staff", "journal")
# How long a message stands before the line is calm again.
MESSAGE_S = 20


class Past(NamedTuple):
    """The hall as it was after the first ``facts`` facts of the day."""

    facts: int
    floor: Floor
    register: Register
    now: datetime


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
    banner: str = ""  # stands in the head line: the demo's speed, a frozen clock
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
        """A day from its beginning; the choice of terminal stays."""
        from floorctl.models.fold import DayFold
        from floorctl.models.register import fold_register

        self.site, self.info, self.names = loaded.site, loaded.info, loaded.names
        self.fold = DayFold(loaded.site, loaded.day, loaded.entries)
        self.register_entries = list(loaded.register_entries)
        self.present_register = fold_register(self.register_entries)
        self.past = None
        self._changes += 1
        if self.terminal not in self.floor.terminals:
            self.terminal = ""

    def take(self, arrived: Arrived) -> None:
        """New facts, in any order. Who looks back goes on seeing what they see."""
        if self.fold is None:
            return
        self._changes += 1
        self.fold.add(arrived.entries)
        if arrived.names is not None:
            self.names = arrived.names
        if arrived.register_entries:
            from floorctl.models.register import fold_register

            self.register_entries.extend(arrived.register_entries)
            self.present_register = fold_register(self.register_entries)

    # ---- looking back

    def look(self, step: int) -> bool:
        """Steps through the facts of the day; beyond the last one it is now again. False where there is no earlier."""
        assert self.fold is not None
        total = len(self.fold)
        return self.look_at((self.past.facts if self.past else total) + step)

    def look_at(self, count: int) -> bool:
        """Shows the hall after the first ``count`` facts of the day; all of them is now."""
        assert self.fold is not None
        if count >= len(self.fold):
            self.past = None
            return True
        if count < 1:
            return False
        from floorctl.models.register import fold_register

        floor = self.fold.first(count)
        at = floor.entries[-1].fact.at
        seen = fold_register(e for e in self.register_entries if e.fact.at <= at)
        self.past = Past(count, floor, seen, at)
        self._changes += 1
        return True

    def look_by_time(self, minutes: int) -> bool:
        """Steps by the clock instead of by facts."""
        assert self.fold is not None
        entries = self.fold.floor.entries
        until = self.now + timedelta(minutes=minutes)
        count = sum(e.fact.at <= until for e in entries)
        if minutes < 0 and self.past and count >= self.past.facts:
            count = self.past.facts - 1
        return self.look_at(max(1, count) if entries else 0)

    # ---- lists in the order in which the screen shows them, computed once for each second and change

    def once(self, name: str, compute: Callable[[], T], *, by_time: bool = True) -> T:
        """``compute`` once until the facts change (or, by default, the second does)."""
        second = self.now.replace(microsecond=0) if by_time else None
        key = (self._changes, second, self.past.facts if self.past else -1)
        held = self._memo.get(name)
        if held is None or held[0] != key:
            held = self._memo[name] = (key, compute())
        found: T = held[1]
        return found

    def changed(self) -> None:
        """Something beside the facts has changed that lists are made of."""
        self._changes += 1

    def alerts(self) -> list[Alert]:
        """What needs attention, worst first: from the facts, and from the file and the feeds themselves."""
        return self.once("alerts", self._alerts)

    def _alerts(self) -> list[Alert]:
        from floorctl.models.alerts import SEVERITIES, Alert, alerts

        assert self.register is not None and self.info is not None
        found = alerts(
            self.floor, self.register, self.info, self.now, flow=self.flows(), skews=self.skews(), who=self.who
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

    def cases(self) -> list[Escalation]:
        return self.once("cases", lambda: self.floor.open_escalations(), by_time=False)

    def flows(self) -> dict[str, LaneFlow]:
        from floorctl.models.metrics import flows

        # To the end of the minute: the flow moves on once a minute, not whenever a ticket turns an hour old.
        return self.once("flows", lambda: flows(self.floor, self.now.replace(second=59, microsecond=999_999)))

    def skews(self) -> dict[str, int]:
        from floorctl.models.metrics import clock_skews

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
        from floorctl.models.act import last_act

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
        """The chosen row of a list, kept within it."""
        return max(0, min(self.cursor.get(panel, 0), self.length(panel) - 1))

    def say(self, text: str, role: str = "dim") -> None:
        self.message, self.message_role, self.said_at = text, role, self.clock()

    def fade(self) -> None:
        """A message that has stood long enough goes; a refusal stays until the next key."""
        old = self.said_at is not None and abs((self.clock() - self.said_at).total_seconds()) >= MESSAGE_S
        if old and self.message_role in ("dim", "ok"):
            self.message, self.said_at = "", None


def lane_role(site: Site, lane: str) -> str:
    """The palette's role of a lane: lane0 to lane3 in the site's order."""
    codes = [x.code for x in site.lanes]
    return f"lane{codes.index(lane) % 4}"
