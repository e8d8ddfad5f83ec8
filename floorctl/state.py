"""What the screens look at: the day in hand, the Register, and what the manager has chosen. No widget, no file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from floorctl.clock import Clock, system_clock

if TYPE_CHECKING:
    from floorctl.engine import Arrived, Loaded
    from floorctl.models.alerts import Alert
    from floorctl.models.calendar import DayInfo
    from floorctl.models.escalation import Escalation
    from floorctl.models.events import Entry
    from floorctl.models.floor import Floor
    from floorctl.models.fold import DayFold
    from floorctl.models.register import Register
    from floorctl.models.site import Site

PANELS = ("lanes", "cases", "alerts", "staff", "journal")


@dataclass
class ConsoleState:
    """Before the file has been read ``site`` is None and only the frame can be drawn."""

    clock: Clock = system_clock
    site: Site | None = None
    info: DayInfo | None = None
    fold: DayFold | None = None
    register: Register | None = None
    register_entries: list[Entry] = field(default_factory=list)
    feeds: tuple[tuple[str, str, bool, int], ...] = ()
    terminal: str = ""  # the chosen terminal
    panel: str = "lanes"
    cursor: dict[str, int] = field(default_factory=dict)  # the chosen row of each list
    backdate_min: int = 0
    typing_backdate: str | None = None
    message: str = ""
    message_role: str = "dim"
    fatal: str = ""
    trouble: str = ""  # why the file must not be written any more
    feeds_seen: set[str] = field(default_factory=set)  # feeds that have been there
    choice: Any = None  # a question that the next key answers
    banner: str = ""  # stands in the head line: the demo's speed, a frozen clock

    @property
    def ready(self) -> bool:
        return self.fold is not None

    @property
    def floor(self) -> Floor:
        assert self.fold is not None
        return self.fold.floor

    @property
    def now(self) -> datetime:
        return self.clock()

    def load(self, loaded: Loaded) -> None:
        """A day from its beginning; the choice of terminal stays."""
        from floorctl.models.fold import DayFold
        from floorctl.models.register import fold_register

        self.site, self.info = loaded.site, loaded.info
        self.fold = DayFold(loaded.site, loaded.day, loaded.entries)
        self.register_entries = list(loaded.register_entries)
        self.register = fold_register(self.register_entries)
        if self.terminal not in self.floor.terminals:
            self.terminal = ""

    def take(self, arrived: Arrived) -> None:
        """New facts, in any order."""
        if self.fold is None:
            return
        self.fold.add(arrived.entries)
        if arrived.register_entries:
            from floorctl.models.register import fold_register

            self.register_entries.extend(arrived.register_entries)
            self.register = fold_register(self.register_entries)

    # ---- lists in the order in which the screen shows them

    def alerts(self) -> list[Alert]:
        """What needs attention, worst first: from the facts, and from the file and the feeds themselves."""
        from floorctl.models.alerts import SEVERITIES, Alert, alerts

        assert self.register is not None and self.info is not None
        found = alerts(self.floor, self.register, self.info, self.now)
        if self.trouble:
            found.append(Alert("file_trouble", "critical", "ファイル", self.trouble))
        for _, name, there, refused in self.feeds:
            if not there:
                gone = "なくなりました" if name in self.feeds_seen else "まだありません"
                found.append(Alert("feed_missing", "warning", "フィード", f"{name} が{gone}（現れるのを待っています）"))
            if refused:
                text = f"{name} で受け付けなかった行 {refused}件（floorctl ingest で理由が出ます）"
                found.append(Alert("feed_refused", "info", "フィード", text))
        return sorted(found, key=lambda a: SEVERITIES.index(a.severity))

    def cases(self) -> list[Escalation]:
        return self.floor.open_escalations()

    def journal(self) -> list[Entry]:
        """Facts of the day, the latest first."""
        return self.floor.entries[::-1]

    def staff_codes(self) -> list[str]:
        return sorted(self.floor.staff)

    def length(self, panel: str) -> int:
        """How many rows a panel's list has."""
        if not self.ready:
            return 0
        return {
            "lanes": lambda: len(self.floor.terminals),
            "cases": lambda: len(self.cases()),
            "alerts": lambda: len(self.alerts()),
            "staff": lambda: len(self.floor.staff),
            "journal": lambda: len(self.floor.entries),
        }[panel]()

    def row(self, panel: str) -> int:
        """The chosen row of a list, kept within it."""
        return max(0, min(self.cursor.get(panel, 0), self.length(panel) - 1))

    def say(self, text: str, role: str = "dim") -> None:
        self.message, self.message_role = text, role


def lane_role(site: Site, lane: str) -> str:
    """The palette's role of a lane: lane0 to lane3 in the site's order."""
    codes = [x.code for x in site.lanes]
    return f"lane{codes.index(lane) % 4}"
