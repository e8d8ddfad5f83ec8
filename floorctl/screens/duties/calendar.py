""". 暦: the coming days, open or closed and why, agreements with the city, planned outages (仕様書 6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from floorctl.common.action_keys import keyed
from floorctl.common.words import DAY_KINDS, hm, month_day, short_day
from floorctl.console.state import ConsoleState
from floorctl.models.facts import kinds as ev
from floorctl.models.register.duty import Duty
from floorctl.models.site.calendar import DayInfo
from floorctl.models.site.site import Site
from floorctl.screens.asking import Ask
from floorctl.screens.chosen import titled
from floorctl.screens.drawing.canvas import Canvas, Span
from floorctl.screens.drawing.panel import Line, Piece, column
from floorctl.screens.drawing.rows import Words, cut, lay_lines
from floorctl.screens.duties.calendar_acts import agreed_on_day, open_day_line
from floorctl.screens.table import Column, Row, TableView

DAYS = 60
_SOON = timedelta(days=14)


class CalendarView(TableView):
    """Coming days with their kind, the city hall, and the reason."""

    heading = "暦"
    unit = "日"
    keeps, resumes = "date", False
    hint = "{enter} 入れる・取り消す"
    groups: ClassVar[frozenset[str]] = frozenset({"暦"})
    side_cells, side_from = 56, 144
    foot: ClassVar[tuple[str, ...]] = ("agree_extra", "agree_closure", "plan_outage")
    columns = (Column("日", 11), Column("", 4), Column("種類", 14), Column("本庁舎", 6, least=70), Column("理由", 0))

    def rows(self, state: ConsoleState) -> list[Row]:
        return state.day.once("calendar", lambda: self._all(state), by_time=False)

    def _days(self, state: ConsoleState) -> list[DayInfo]:
        today = state.day.floor.day
        return state.day.register.calendar(state.day.floor.site).between(today, today + timedelta(days=DAYS - 1))

    def _all(self, state: ConsoleState) -> list[Row]:
        return [self._row(state, info) for info in self._days(state)]

    def _row(self, state: ConsoleState, info: DayInfo) -> Row:
        day = info.date
        agreed = info.kind in ("extra", "closed_emergency")
        return Row(
            day.isoformat(),
            (f"{day.month:2d}/{day.day:2d}（{info.weekday}）", "strong" if day == state.day.floor.day else "text"),
            ("開場" if info.open else "休み", "ok" if info.open else "dim"),
            (DAY_KINDS[info.kind], "warn" if agreed else "dim"),
            ("開庁" if info.hall_open else "閉庁", "warn" if info.open and not info.hall_open else "dim"),
            ("  ".join(self._words(state, info)), "warn" if agreed or info.outages else "dim"),
        )

    def _words(self, state: ConsoleState, info: DayInfo) -> list[str]:
        site, found = state.day.floor.site, [info.reason] if info.reason else []
        for e in agreed_on_day(state, info.date):
            if isinstance(e.fact, ev.CalendarExtra | ev.CalendarClosed):
                on = e.fact.agreed_on
                found.append(f"（{month_day(on)} {e.fact.agreed_with}と協議）")
        for o in info.outages:
            which = _names(site, set(o.services))
            found.append(f"停止 {hm(o.from_at)}〜{hm(o.until_at)} {which} {o.reason}")
        return found

    def summary(self, state: ConsoleState) -> list[Span]:
        kinds = [info.kind for info in self._days(state) if info.open or info.kind == "closed_emergency"]
        extra, closed = kinds.count("extra"), kinds.count("closed_emergency")
        found: list[Span] = [(f"開場 {len(kinds) - closed}日", "ok")]
        if extra:
            found.append((f"追加 {extra}日", "warn"))
        if closed:
            found.append((f"臨時休止 {closed}日", "warn"))
        return found

    def draw_side(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        """Draw what is owed on the chosen day, and what falls due within two weeks."""
        today, chosen = state.day.floor.day, date.fromisoformat(self.key) if self.key else state.day.floor.day
        owed = [d for d in state.day.duties() if d.state != "submitted"]
        of_day = [d for d in owed if d.due == chosen]
        soon = [d for d in owed if today <= d.due <= today + _SOON]
        lines: list[Line | Words] = [
            titled(f"{short_day(chosen)} が期限のもの"),
            *(map(self._owed, of_day) if of_day else [[("ありません", "dim")]]),
            [],
            titled("この先2週間の期限", keyed("提出は {duties} で記録")),
        ]
        lay_lines(c, cut([*lines, *map(self._owed, soon)], rows), x + 1, y, width - 2)

    @staticmethod
    def _owed(d: Duty) -> Line:
        return Line([*column(short_day(d.due), "dim", 12), *column(d.name, "text", 20), 1, Piece([(d.about, "dim")])])

    def opened(self, key: str) -> None:
        self.app.start(open_day_line(Ask(self.app), date.fromisoformat(key)))


def _names(site: Site, services: set[str]) -> str:
    """Return the short names of services; a whole lane by its name."""
    if services >= site.service_by_code.keys():
        return "全業務"
    found = []
    for lane in site.lanes:
        own = [s for s in site.services if s.lane == lane.code]
        named = [s.short for s in own if s.code in services]
        found += [lane.name] if len(own) > 1 and len(named) == len(own) else named
    return "・".join(found)
