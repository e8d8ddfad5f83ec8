"""F7 実績: today, this week, this month as plots with their figures, and every count of today as a list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from rich.cells import cell_len

from floorctl.common.action_keys import keyed
from floorctl.common.clock import month_end
from floorctl.common.lengths import about
from floorctl.common.words import month_day
from floorctl.console.cursor import turned
from floorctl.console.forecasts import TARGET
from floorctl.console.state import ConsoleState
from floorctl.documents.day.record import no_waits_word
from floorctl.models.board.loans import helped_words
from floorctl.models.board.told import heads_alone
from floorctl.screens.asking import ask_file
from floorctl.screens.drawing.canvas import Canvas, Span
from floorctl.screens.drawing.rows import lay_lines
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.results.day_record import end_of_day
from floorctl.screens.table import Column, Row, TableView, figures

if TYPE_CHECKING:
    from floorctl.documents.period.record import PeriodRecord
    from floorctl.screens.results.card import Card
    from floorctl.usecases.period_reports import Span as Period
    from floorctl.usecases.session import Session

TABS = {"today": "今日", "week": "今週", "month": "今月", "list": "件数の一覧"}
_CARD_ROWS = 12  # a card wants so many rows
_TWO = 110  # from this width on two stand side by side
FORECAST = "forecast"  # a question to the engine

_HEADS_ALONE = "待ち人数だけの記録です（受付・完了・待ち時間は記録がありません）"
_NOTHING_YET = "今日は0件です（番号 {issue} 発券・{by_hand} 手受付・発券機、件数 {tally}）"


class ResultView(TableView):
    """Plots of today, the week and the month by tab, and the counts of today as a list."""

    heading = "実績"
    unit = ""
    hint = "Tab 切り替え  上下の矢印 送る"
    opening_looks = True
    columns = (Column("項目", 34), Column("件数", 8, right=True), Column("", 0, cut=figures))

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self.tab, self.first, self._most = "today", 0, 0
        if self.state.ready:
            self._ask()

    # ---- what is drawn

    def summary(self, state: ConsoleState) -> list[Span]:
        return [(f"[{w}]" if t == self.tab else w, "strong" if t == self.tab else "dim") for t, w in TABS.items()]

    def rows(self, state: ConsoleState) -> list[Row]:
        return state.day.once("results", lambda: self._rows_of(state), every_s=60)

    def _rows_of(self, state: ConsoleState) -> list[Row]:
        site, record = state.day.floor.site, end_of_day(state).record
        rows: list[Row] = []
        for service in site.services:
            n = record.counts[service.code]
            role = "text" if n else "dim"
            rows.append(Row(service.code, (service.name, "strong"), (str(n), role), ("完了", "dim")))
        for lane in site.lanes:
            w = record.waits[lane.code]
            text = (
                f"平均 {about(w.mean_s)}  最大 {about(w.max_s)}  9割の人が {about(w.p90_s)} 以内"
                if w.n
                else no_waits_word(record, lane.code)
            )
            name = f"待ち時間 {lane.name}"
            rows.append(Row(f"lane {lane.code}", (name, "strong"), (str(w.n), "text"), (text, "text")))
        number, length = helped_words(state.day.floor, state.day.now)
        if number:
            rows.append(Row("loans", ("応援", "strong"), (number.removesuffix("回"), "text"), (length, "text")))
        for item in site.work_items:
            n = record.work[item.code]
            figure = (str(n), "strong" if n else "dim")
            rows.append(Row(f"work {item.code}", (item.name, "text"), figure, ("", "dim")))
        return rows

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        if self.tab == "list":
            super().draw_body(c, state)
            self._draw_tabs(c, state)
            return
        c.fill(0, 1, c.width, c.height - 3, "panel")
        c.put(1, 2, self.heading, "strong")
        x = self._draw_tabs(c, state)
        cards, said = self._cards(state)
        c.groups(x + 1, 2, [[(said or self.hint, "dim")]], c.width - x - 2)
        if cards:
            nothing = self.tab == "today" and not state.day.floor.tickets and not state.day.floor.work
            counted = any(heads_alone(q) for q in state.day.floor.lanes.values())
            text = _HEADS_ALONE if counted else keyed(_NOTHING_YET)
            lay_lines(c, [[(text if nothing else "", "dim")]], 1, 3, c.width - 2)
            self._draw_cards(c, cards)
        else:
            lay_lines(c, [[(said, "dim")]], 1, 5, c.width - 2)

    def _draw_tabs(self, c: Canvas, state: ConsoleState) -> int:
        """Draw the tabs beside the heading, each a click; return the x after them."""
        x = 3 + cell_len(self.heading)
        for tab, (text, role) in zip(TABS, self.summary(state), strict=True):
            c.target(x, 2, cell_len(text), 1, f"tab:{tab}")
            x = c.put(x, 2, text, role) + 2
        return x

    def _cards(self, state: ConsoleState) -> tuple[list[Card], str]:
        """Return the cards of the tab, and their source in words, or why there are none."""
        from floorctl.screens.results.cards import period_cards, today_cards
        from floorctl.screens.results.target_card import foreseen, today_card

        if self.tab == "today":
            share = state.forecasts.ask_target()
            if share is not None:
                ask_file(self.app, TARGET, share)
            forecast = state.questions.answers.get(FORECAST)
            record, now, days = end_of_day(state).record, state.day.now, self._open_days(state)
            before = self._week_before(state)
            kept = state.questions.answers.get(f"kept {before}")

            def made() -> list[Card]:
                target = today_card(
                    state.day.site,
                    record,
                    (before, kept),
                    now,
                    foreseen(state),
                    state.forecasts.target_at_opening(),
                )
                return today_cards(state.day.floor, record, now, forecast, days, target)

            cards = state.day.once("results today", made)
            return cards, state.questions.failed.get(FORECAST, "")
        period = self._period(state)
        what, site = f"period {period.key}", state.day.floor.site
        found: PeriodRecord | None = state.questions.answers.get(what)
        span = f"{month_day(period.first)}〜{month_day(period.last)}"
        if found is None:
            return [], state.questions.failed.get(what) or f"{span} 読んでいます"
        waiting = "  読み直しています" if what in state.questions.asked else ""
        return state.day.once(f"cards {what}", lambda: period_cards(found, site), by_time=False), f"{span}{waiting}"

    @staticmethod
    def _open_days(state: ConsoleState) -> int:
        """Return the number of open days of this month."""
        first = state.day.floor.day.replace(day=1)
        last = month_end(first)
        calendar, site = state.day.register.calendar(state.day.floor.site), state.day.floor.site
        days = [d for d in calendar.between(first, last) if d.open] if site.contract.start <= last else []
        return len(days)

    def _draw_cards(self, c: Canvas, cards: list[Card]) -> None:
        columns = 2 if c.width >= _TWO else 1
        top, room = 4, c.height - 6
        rows = max(1, room // _CARD_ROWS)
        height, width = room // rows, (c.width - 1) // columns
        self._most = max(0, -(-len(cards) // columns) - rows)
        self.first = max(0, min(self.first, self._most))
        for n, card in enumerate(cards[self.first * columns : (self.first + rows) * columns]):
            x, y = 1 + n % columns * width, top + n // columns * height
            self._draw_card(c, card, x, y, width - 2, height - 1)
        if self._most:
            shown = min(len(cards), (self.first + rows) * columns)
            first = self.first * columns + 1
            which = f"{first}" if first == shown else f"{first}-{shown}"
            c.right(c.width - 1, c.height - 3, f"{which}／{len(cards)} 上下の矢印で送る", "dim")

    @staticmethod
    def _draw_card(c: Canvas, card: Card, x: int, y: int, width: int, rows: int) -> None:
        from floorctl.screens.drawing.plots import draw_bars, draw_plot

        words = card.words[: max(1, rows - 9)] if card.plot is not None else card.words
        room = rows - 1 - len(words)
        lay_lines(c, [[(card.title, "strong")]], x, y, width)
        if card.plot is not None:
            draw_plot(c, x, y + 1, width, room, card.plot)
        else:
            draw_bars(c, x, y + 1, width, room, card.bars, card.unit, 12)
            room = min(room, len(card.bars))
        lay_lines(c, words, x, y + 1 + room, width)

    # ---- what is asked of the file

    def _period(self, state: ConsoleState) -> Period:
        from floorctl.usecases.period_reports import Span as Period
        from floorctl.usecases.period_reports import month_of

        day = state.day.floor.day
        if self.tab == "month":
            return month_of(day)
        monday = day - timedelta(days=day.weekday())
        sunday = monday + timedelta(days=6)
        return Period(f"week {monday}", monday, sunday, sunday + timedelta(days=7))

    @staticmethod
    def _week_before(state: ConsoleState) -> date:
        """Return the same weekday of the week before."""
        return state.day.floor.day - timedelta(days=7)

    def _ask(self) -> None:
        """Have the engine read the data of the tab; it is read anew whenever the tab is opened."""
        state = self.state
        if self.tab == "today":
            if FORECAST not in state.questions.answers:
                ask_file(self.app, FORECAST, _forecast)
            before = self._week_before(state)
            if f"kept {before}" not in state.questions.answers:
                ask_file(self.app, f"kept {before}", lambda session: _kept(session, before))
        elif self.tab != "list":
            period = self._period(state)

            def read(session: Session) -> PeriodRecord:
                from floorctl.usecases.period_reports import record_of

                return record_of(session, period)

            ask_file(self.app, f"period {period.key}", read)

    # ---- keys and mouse

    def takes(self, key: str) -> bool:
        if not self.state.ready:
            return super().takes(key)
        if key in ("tab", "right", "shift+tab", "left"):
            self._turn_to(turned([*TABS], self.tab, 1 if key in ("tab", "right") else -1))
            return True
        if self.tab == "list":
            return super().takes(key)
        step = {"up": -1, "down": 1, "pageup": -1, "pagedown": 1, "home": -99, "end": 99}.get(key)
        if step is not None and (not self.state.looking_back or key in ("up", "down")):
            self.first = max(0, min(self.first + step, self._most))
        elif key == "escape" and not self.state.looking_back:
            self.app.perform("board")
        elif key == "enter":
            self.state.line.say("実績は見るだけの画面です（Tab で件数の一覧）")
        else:
            return False
        return True

    def _turn_to(self, tab: str) -> None:
        self.tab, self.first = tab, 0
        self._ask()
        past = self.state.looking_back and tab in ("week", "month")
        self.state.line.say("週と月は今の記録です（過去の表示は今日だけ）" if past else f"{TABS[tab]}   Tab で切り替え")

    def opened(self, key: str) -> None:
        self.state.line.say(keyed("実績は見るだけの画面です（件数は {tally}、直すときは {journal} の記録）"))

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "tab":
            self._turn_to(rest)
        else:
            super().clicked(kind, rest)


def _kept(session: Session, day: date) -> object:
    from floorctl.usecases.period_reports import kept_on

    return kept_on(session, day)


def _forecast(session: Session) -> object:
    from floorctl.usecases.period_reports import forecast_of

    return forecast_of(session, session.today)
