"""The console's state in parts, each with a life of its own. No widget, no file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from floorctl.common.clock import seconds_between
from floorctl.console.cursor import Cursor
from floorctl.console.state_parts import Chosen, FileState, MessageLine, Pending, Questions, Settings

if TYPE_CHECKING:
    from datetime import datetime

    from floorctl.console.forecasts import Forecasts
    from floorctl.console.loaded_day import LoadedDay
    from floorctl.console.messages import Answered, Arrived, FeedsSeen, Loaded, Taught, Unclosed
    from floorctl.models.board.alert import Alert
    from floorctl.models.site.site import Site

PANELS = ("lanes", "cases", "alerts", "staff", "journal")


@dataclass(eq=False, repr=False)
class ConsoleState:
    """Until a day is loaded only the frame can be drawn: ``ready`` is False, ``day`` and ``forecasts`` raise."""

    settings: Settings = field(default_factory=Settings)
    chosen: Chosen = field(default_factory=Chosen)
    pending: Pending = field(default_factory=Pending)
    questions: Questions = field(default_factory=Questions)
    file: FileState = field(default_factory=FileState)
    read_only: bool = False  # the console was opened to look: nothing is recorded
    _day: LoadedDay | None = None
    _forecasts: Forecasts | None = None

    def __post_init__(self) -> None:
        self.line = MessageLine(self.settings)

    @property
    def ready(self) -> bool:
        return self._day is not None

    @property
    def day(self) -> LoadedDay:
        """The loaded day. Raise RuntimeError before the first one."""
        if self._day is None:
            raise RuntimeError("no day is loaded")
        return self._day

    @property
    def forecasts(self) -> Forecasts:
        """Forecasts of the loaded day. Raise RuntimeError before the first one."""
        if self._forecasts is None:
            raise RuntimeError("no day is loaded")
        return self._forecasts

    @property
    def site(self) -> Site | None:
        return self._day.site if self._day is not None else None

    @property
    def looking_back(self) -> bool:
        return self._day is not None and self._day.past is not None

    # ---- messages of the engine

    def load(self, loaded: Loaded) -> None:
        """Begin a day; the chosen terminal is kept where the day has it, the rest of the last day goes."""
        from floorctl.console.forecasts import Forecasts
        from floorctl.console.loaded_day import LoadedDay

        self._day = LoadedDay(loaded, self.settings)
        self.questions.answers, self.questions.failed = {}, {}
        self._forecasts = Forecasts(self._day, self.questions)
        self.chosen.closing, self.pending.paper = "", None
        if self.chosen.terminal not in self._day.floor.terminals:
            self.chosen.terminal = ""

    def learn(self, taught: Taught) -> None:
        """Forecast waits and arrivals from now on, unless the forecaster is of another day."""
        if self.ready and self.day.fold.day == taught.day:
            self.forecasts.forecaster = taught.forecaster
            self.changed()

    def take(self, arrived: Arrived | None) -> None:
        """Add new facts to the loaded day."""
        if arrived is not None and self.ready:
            self.day.take(arrived)
            self.line.outdate()

    def answer(self, answered: Answered) -> None:
        self.take(answered.arrived)
        self.questions.asked.discard(answered.what)
        self.questions.answers[answered.what] = answered.value
        self.changed()

    def see_feeds(self, seen: FeedsSeen) -> None:
        over = {x.trouble for x in self.file.feeds if x.trouble} - {x.trouble for x in seen.feeds}
        if any(self.line.text.startswith(x.sentence) for x in over):
            self.line.say("")
        self.file.feeds = seen.feeds
        self.file.feeds_seen |= {x.name for x in seen.feeds if x.there}
        if seen.remark:
            self.line.say(seen.remark, "warn")
        self.changed()

    def see_unclosed(self, unclosed: Unclosed) -> None:
        self.file.unclosed = unclosed.days
        if self._day is not None:
            self._day.see_reissued(unclosed.reissued)
        self.changed()

    def changed(self) -> None:
        """Recompute lists and forecasts: something beside new facts has changed."""
        if self._day is not None:
            self._day.changed()

    def refuse(self, text: str) -> None:
        """Show that what was typed names nothing here; the Enter after it chooses nothing."""
        self.pending.refused = True
        self.line.say(text, "warn")

    # ---- past view

    def look(self, step: int) -> bool:
        """As ``LoadedDay.look``; minutes typed for the next act go with the present."""
        return self._looked(self.day.look(step))

    def look_by_time(self, minutes: int) -> bool:
        """As ``LoadedDay.look_by_time``; minutes typed for the next act go with the present."""
        return self._looked(self.day.look_by_time(minutes))

    def _looked(self, found: bool) -> bool:
        if self.looking_back:
            self.pending.backdate_min, self.pending.typing_backdate = 0, None
        return found

    # ---- what needs attention, and the panels' lists

    def alerts(self) -> list[Alert]:
        """As ``LoadedDay.alerts``."""
        return self.day.alerts(self.file, self.forecasts.foreseen)

    def alerts_now(self) -> list[Alert]:
        """As ``alerts``; in a past view as ``LoadedDay.alerts_now``."""
        return self.day.alerts_now(self.file) if self.looking_back else self.alerts()

    def length(self, panel: str) -> int:
        """Return the number of rows of a panel's list."""
        if not self.ready:
            return 0
        if panel == "lanes":
            return len(self.day.floor.terminals)
        return len(self.day.floor.entries) if panel == "journal" else len(self._subjects(panel))

    def row(self, panel: str) -> int | None:
        """Return the chosen row of a list; in the panel in hand it follows its subject, None where that is gone."""
        chosen, total = self.chosen, self.length(panel)
        if self.looking_back or panel != chosen.panel or panel == "lanes" or not self.ready:
            if not self.looking_back:
                chosen.held.pop(panel, None)
            return max(0, min(chosen.cursor.get(panel, 0), total - 1))
        here = self._held(panel).find(self._subjects(panel))
        chosen.cursor[panel] = self._held(panel).at
        return chosen.cursor[panel] if here else None

    def _held(self, panel: str) -> Cursor[object]:
        """Return the cursor of the panel in hand."""
        return self.chosen.held.setdefault(panel, Cursor(at=self.chosen.cursor.get(panel, 0)))

    def step(self, panel: str, by: int) -> None:
        """Move the cursor of the panel in hand."""
        if self.looking_back:
            self.chosen.cursor[panel] = max(0, min((self.row(panel) or 0) + by, self.length(panel) - 1))
        elif self.ready:
            self._held(panel).step(by, self._subjects(panel))
            self.chosen.cursor[panel] = self._held(panel).at

    def put(self, panel: str, at: int) -> None:
        """Take a panel in hand, its cursor on a row."""
        self.chosen.panel, self.chosen.cursor[panel] = panel, at
        self.chosen.held.pop(panel, None)

    def _subjects(self, panel: str) -> list[object]:
        """Return the subject of each row of a panel's list."""
        if panel == "cases":
            return [e.code for e in self.day.cases()]
        if panel == "staff":
            return list(self.day.staff_codes())
        if panel == "journal":
            return [e.key for e in self.day.journal()]
        found: list[object] = []
        for a in self.alerts():
            same = sum(x[:2] == (a.code, a.terminal) for x in found if isinstance(x, tuple))
            found.append((a.code, a.terminal, same))
        return found


def lane_role(site: Site, lane: str) -> str:
    """Return the palette's role of a lane: lane0 to lane3 in the site's order."""
    codes = [x.code for x in site.lanes]
    return f"lane{codes.index(lane) % 4}"


def case_limits(state: ConsoleState) -> str:
    """Return from which age on a case is shown in another role, in words."""
    th = state.day.floor.site.thresholds
    return f"{th.escalation_amber_s // 60}分で注意 {th.escalation_red_s // 60}分で超過"


def case_role(state: ConsoleState, raised_at: datetime | None, now: datetime) -> str:
    """Return the role in which a case's age is shown."""
    seconds, th = seconds_between(raised_at, now) if raised_at else 0, state.day.floor.site.thresholds
    return "bad" if seconds >= th.escalation_red_s else "warn" if seconds >= th.escalation_amber_s else "strong"
