"""F6 見込み: arrivals by half hour, predicted and actual; and the last call: can all be served before the close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

from floorctl.common.action_keys import keyed
from floorctl.common.clock import half_hour_of
from floorctl.common.words import hm
from floorctl.console.forecasts import SLOT_CUTS
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.told import heads_alone
from floorctl.screens.asking import ask_file
from floorctl.screens.drawing.canvas import HATCHED, SOLID, Canvas, Span, wrap
from floorctl.screens.drawing.panel import Line, Piece
from floorctl.screens.drawing.rows import Words, lay_lines
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.table import Column, Row, TableView

if TYPE_CHECKING:
    from floorctl.advice.arrivals import HalfHour
    from floorctl.advice.last_call import Closing
    from floorctl.usecases.session import Session

_LEAST_OTHERS = 3  # so many proposals are shown where there is little room
_PLOT = 9  # least rows of the plots under the table
_WIDE = 110  # cells of a table that has room for the whole half hour
_BAR = 18  # cells of the longest bar, drawn where there is room for all of it


def _slot_cuts(session: Session) -> object:
    from floorctl.usecases.period_reports import slot_cuts

    return slot_cuts(session)


def _closed(state: ConsoleState) -> bool:
    """Return True on a closed day that nothing has opened: no arrivals are expected."""
    return not state.day.info.open and state.day.floor.opened_at is None


class ForecastView(TableView):
    """Arrivals by half hour and lane; the cursor begins at the half hour under way."""

    heading = "来庁の見込み"
    unit = ""
    hint = "上下の矢印 送る"
    opening_looks = True
    side_cells, side_from = 44, 118

    @property
    def empty(self) -> str:  # type: ignore[override]
        if _closed(self.state):
            return keyed(
                "今日は開場日ではないので、来庁の見込みはありません。次に開く日は {calendar} 暦、月ごとの見込みは {results} 実績で見ます"
            )
        return "今日の記録を読み終えると見込みが出ます（数秒です）"

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        if self.state.ready:
            if SLOT_CUTS not in self.state.questions.answers:
                ask_file(app, SLOT_CUTS, _slot_cuts)
            now = self.state.day.now
            self.begin(hm(half_hour_of(now)))

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """Return by lane arrivals so far and predicted, windows needed and staffed; of lanes without needs where there is room."""
        site, table = self.state.site, self.app.size.width - self.side(self.app.size.width)
        first = 12 if table >= _WIDE else 6
        found, used = [Column("時間帯", first)], first + 2
        for n, (code, name) in enumerate(self._lanes()):
            most = site is not None and sum(code in t.lanes for t in site.terminals) > 9
            widths = (max(4, cell_len(name)), 9) if n < 2 else (max(6, cell_len(name)), 8)
            used += sum(widths) + 2
            least = 0 if n < 2 else used + 1
            found += [
                Column(name, widths[0], right=True, least=least),
                Column("見込み", widths[1], least=least, cut=_number_alone),
            ]
            if n < 2:
                widths = (8, 8) if most else (6, 7)
                used += sum(widths) + 2
                found += [Column("必要", widths[0], least=used), Column("窓口", widths[1], least=used)]
        return (*found, Column(f"{SOLID} 来庁  {HATCHED} 見込み", 0, least=used + _BAR + 2))

    def _lanes(self) -> list[tuple[str, str]]:
        """Return (code, name) of the lanes, those between which terminals move first."""
        site = self.state.site
        if site is None:
            return []
        moved = site.movable_lanes
        ordered = sorted(site.lanes, key=lambda x: x.code not in moved)
        return [(x.code, x.name) for x in ordered]

    def rows(self, state: ConsoleState) -> list[Row]:
        return state.day.once("forecast rows", lambda: self._rows_of(state), every_s=10)

    def _rows_of(self, state: ConsoleState) -> list[Row]:
        demand = None if _closed(state) else state.forecasts.demand()
        if demand is None:
            return []
        lanes = [(code, {h.start: h for h in demand.lanes[code].halves}) for code, _ in self._lanes()]
        starts = sorted({at for _, halves in lanes for at in halves})
        most = max((sum(own[at].total for _, own in lanes if at in own) for at in starts), default=0.0) or 1.0
        silent = state.day.grounds().silent_since()
        windows = _Windows(state)
        return [
            self._row(state, demand.now, [(code, own.get(at)) for code, own in lanes], most, silent, windows)
            for at in starts
        ]

    def _row(
        self,
        state: ConsoleState,
        now: datetime,
        lanes: list[tuple[str, HalfHour | None]],
        most: float,
        silent: dict[str, datetime],
        windows: _Windows,
    ) -> Row:
        halves = [h for _, h in lanes if h is not None]
        at, end = halves[0].start, halves[0].end
        under_way, over = at <= now < end, end <= now
        when = f"{hm(at):>5}〜{hm(end)}" if self.columns[0].width > 6 else f"{hm(at):>5}"
        cells: list[Span] = [(when, "strong" if under_way else "dim" if over else "text")]
        for n, (code, h) in enumerate(lanes):
            if h is None:
                cells += [("", "dim")] * (4 if n < 2 else 2)
                continue
            # Nothing is recorded of it, or heads alone: that is not nobody.
            counted = heads_alone(state.day.floor.lanes[code])
            unknown = code in silent and h.end > silent[code]
            came = (
                str(h.came)
                if h.came or (not unknown and not counted and (over or under_way))
                else "-"
                if over or under_way or unknown
                else ""
            )
            cells.append((came, lane_role(state.day.floor.site, code) if h.came else "dim"))
            expected = " -" if unknown and not over else _expected(h, over=over)
            cells.append((expected, "dim" if over else "text"))
            if n < 2:
                cells += windows.cells(code, at, over=over)
        # Each lane's own is in its columns: the bar is of the whole hall, so that the hours are compared at a glance.
        came_all = sum(h.came for h in halves)
        scale = _BAR / most
        came_cells = round(came_all * scale)
        known = sum(h.expected for code, h in lanes if h is not None and code not in silent)
        more = round((came_all + known) * scale) - came_cells
        return Row(hm(at), *cells, (SOLID * came_cells + HATCHED * more, "dim" if over else "text"))

    def summary(self, state: ConsoleState) -> list[Span]:
        demand = None if _closed(state) else state.forecasts.demand()
        if demand is None:
            return []
        found: list[Span] = []
        g = state.day.grounds()
        for code, name in self._lanes()[:2]:
            if code in g.silent_since():
                found.append((f"{name} {g.withheld[code].word}", "warn"))
                continue
            d = demand.lanes[code]
            text = f"{name} あと{round(d.rest)}人（{d.rest_low}〜{d.rest_high}）"
            found.append((text, lane_role(state.day.floor.site, code) if d.rest >= 0.5 else "dim"))
        if (lacking := _Windows(state).lacking()) is not None:
            found.append(lacking)
        return found

    def under(self, height: int) -> int:
        room = height - 9 - len(self._rows)
        return min(height // 3, room) if room >= _PLOT else 0

    def draw_detail(self, c: Canvas, state: ConsoleState, y: int, width: int, rows: int) -> None:
        """Draw the half hours of the lanes between which terminals move, side by side."""
        from floorctl.screens.drawing.plots import Plot, Series, draw_plot

        demand = None if _closed(state) else state.forecasts.demand()
        if demand is None:
            return
        lanes = self._lanes()[:2]
        each = (width - 2) // max(1, len(lanes))
        for n, (code, name) in enumerate(lanes):
            halves, role = demand.lanes[code].halves, lane_role(state.day.floor.site, code)
            counted = heads_alone(state.day.floor.lanes[code])
            came = [float(h.came) if h.start <= demand.now and not counted else None for h in halves]
            expected = [h.prior if h.end <= demand.now else h.total for h in halves]
            series = [Series("来庁", came, role, figures=False), Series("見込み", expected, form="line", figures=False)]
            x = 1 + n * each
            lay_lines(c, [[(f"{name} 30分ごとの来庁（人）", "strong")]], x, y, each - 2)
            draw_plot(c, x, y + 1, each - 2, rows - 1, Plot([f"{hm(h.start)}" for h in halves], series, "人"))

    def opened(self, key: str) -> None:
        self.state.line.say(keyed("見込みは見るだけの画面です（受付を打ち切るのは {reception}）"))

    # ---- the last call

    def below(self, height: int) -> int:
        if self.app.size.width >= self.side_from:
            return 0
        # Proposals take the place of lanes that no terminal moves to, and at most two rows of the table.
        more = min(_LEAST_OTHERS, len(_others(self.state))) if self.state.ready else 0
        return min(6, max(4, height // 5)) + max(0, more - 1)

    def draw_side(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        found = state.forecasts.closings()
        lines: list[Words] = [[("閉庁までに間に合うか", "strong")], []]
        others = [line for parts in _others(state) for line in _hung(parts, width - 2)]
        gap = 2 if rows >= 5 * len(found) + 2 else 1
        for closing in found:
            if len(lines) + 3 > rows:  # one that is not seen whole is left out
                others = []
                break
            hours = f"受付 {hm(closing.ends)} まで  閉庁 {hm(closing.closes)}"
            lines += [
                [_lane(state, closing), ("  ", "text"), (hours, "dim")],
                [(_people(state, closing), "text")],
                _verdict(closing),
                *[[]] * gap,
            ]
        withheld = state.day.grounds().withheld
        lines += [[(text, "warn")] for text in state.day.grounds().sentences(state.day.site, withheld)]
        if not found and not withheld:
            lines.append([("開場している間の見込みです", "dim")])
        elif others and len(lines) + 2 <= rows:
            lines += [[("ほかの提案", "strong")], *others]
        lay_lines(c, lines, x + 1, y, width - 2, rows)

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        found, others = state.forecasts.closings(), _others(state)[:_LEAST_OTHERS]
        g = state.day.grounds()
        unsure = g.sentences(state.day.site, g.withheld)
        head = "閉庁までに間に合うか" if found or unsure else "閉庁までに間に合うか  開場している間の見込みです"
        # What has no forecast is told first: the lanes after it may find no room.
        closings = [Line([(x, "warn")]) for x in unsure] + [self._closing_line(state, closing) for closing in found]
        closings = closings[: rows - 1 - len(others)]
        lay_lines(c, [[(head, "strong")], *closings], 1, y, c.width - 2)
        proposals = [
            Line([Piece(words) for words in ([("提案", "dim")], [(what, "text")], [(change, "text")], [(note, "dim")])])
            for what, change, note in others
        ]
        lay_lines(c, proposals, 1, y + rows - len(others), c.width - 2)

    @staticmethod
    def _closing_line(state: ConsoleState, closing: Closing) -> Line:
        name, role = _lane(state, closing)
        blank = " " * (12 - cell_len(name))
        return Line(
            [(name, role), (blank, "text"), Piece(_verdict(closing)), Piece([(_people(state, closing), "dim")])]
        )


class _Windows:
    """Windows needed and staffed, by lane and half hour."""

    def __init__(self, state: ConsoleState) -> None:
        self._needed, self._lanes = state.forecasts.needed(), state.day.site.worked_lanes
        self._terminals = sum(bool(set(t.lanes) & set(self._lanes)) for t in state.day.site.terminals)
        self._there = {lane: {start: n for start, _, n in halves} for lane, halves in state.forecasts.windows().items()}

    def lacking(self) -> Span | None:
        """Return the half hour in which all lanes together need most terminals beyond those that there are; None: none does."""
        most: dict[datetime, int] = {}
        for need in self._needed.values():
            for h in need.halves:
                most[h.start] = most.get(h.start, 0) + h.needed
        if not most:
            return None
        at = max(most, key=lambda start: most[start])
        lacks = most[at] - self._terminals
        return (f"端末 {lacks}台不足（{hm(at)}）", "bad") if lacks > 0 else None

    def cells(self, lane: str, at: datetime, *, over: bool) -> list[Span]:
        """Return the windows needed with their interval, and those that were there or are planned, with what they lack."""
        there = self._there.get(lane, {}).get(at)
        staffed = "-" if there is None else str(there)
        if over:
            return [("", "dim"), (staffed, "dim")]
        whole = self._needed.get(lane)
        need = whole.at(at) if whole is not None else None
        if whole is None or need is None:
            return [("-", "dim"), (staffed, "text")] if lane in self._lanes else [("", "dim")] * 2
        low, high = whole.span(need)
        span = "" if low == high else f" {low}〜{high}"
        needed = f"{need.needed}超" if need.short else f"{need.needed}{span}"
        lacks = need.needed - there if there is not None else 0
        role = "bad" if need.short else "warn" if lacks > 0 else "text"
        return [(needed, role), (f"{staffed} 不足{lacks}" if lacks > 0 else staffed, role)]


def _lane(state: ConsoleState, closing: Closing) -> Span:
    site = state.day.floor.site
    return site.lane_by_code[closing.lane].name, lane_role(site, closing.lane)


Parts = tuple[str, str, str]  # change, effect, note


def _others(state: ConsoleState) -> list[Parts]:
    """Return every other proposal, and the lane for which an empty terminal is best opened."""
    found: list[Parts] = []
    advice, shown = state.forecasts.advice(), state.forecasts.proposal()
    if advice is not None and not advice.keep and shown is not None:
        found.append((advice.text, "", ""))
    for p in state.forecasts.others():
        what, note = p.parts(state.day.who)
        effect = f"{p.change.text}  {p.cost.plain}" if p.cost is not None else p.change.text
        found.append((what, effect, note))
    site = state.day.floor.site
    choices = [choice for t in state.day.floor.terminals if (choice := state.forecasts.lane_choice(t)) is not None]
    for choice in [c for c in choices if c.helps][:1]:  # what holds for one empty terminal holds for all of them
        what = f"{choice.terminal} に担当を置くなら{site.lane_by_code[choice.lane].name}で"
        rest = "、".join(f"{choice.effect_text(site, x)}" for x in choice.effects if x != choice.lane)
        found.append((what, choice.effect_text(site, choice.lane), f"ほかの列なら {rest}" if rest else ""))
    return found


def _hung(parts: Parts, width: int) -> list[Words]:
    """Return a proposal over as many lines as it takes, the change first; the further ones are indented."""
    what, *more = parts
    lines: list[Words] = [[(line, "text")] for line in wrap(what, width)]
    return lines + [[(f"  {line}", "dim")] for text in more if text for line in wrap(text, width - 2)]


def _expected(h: HalfHour, *, over: bool) -> str:
    """Return the arrivals that were predicted for a past half hour; else the predicted total with its 80 % interval."""
    if over:
        return f"{round(h.prior):>2}" if h.prior else ""
    low, high = h.came + h.low, h.came + h.high
    return f"{round(h.total):>2} {low}〜{high}" if high else " 0"


def _number_alone(text: str, width: int) -> str:
    """Return a figure without its interval where both find no room."""
    return text if cell_len(text) <= width else text.lstrip().partition(" ")[0]


def _people(state: ConsoleState, closing: Closing) -> str:
    waiting = state.day.floor.lanes[closing.lane].waiting  # as on the board; the forecast may be some seconds old
    return f"待ち {waiting}人  これから約{round(closing.coming)}人（{closing.low}〜{closing.high}）"


def _verdict(closing: Closing) -> list[Span]:
    """Return the verdict: all can be served, or the number who cannot and the last call that serves the rest."""
    if not closing.short and not closing.short_at_most:
        return [("ほかの列の端末を回せば間に合う", "warn")] if closing.help else [("間に合う", "ok")]
    if not closing.desks:
        return [("担当のいる端末がありません", "warn")]
    if not closing.short:
        return [(f"間に合う見込み（多ければ {closing.short_at_most}人 残る）", "warn")]
    found: list[Span] = [(f"約{closing.short}人 間に合わない", "bad")]
    if closing.stop_at is not None:
        found.append((f"  打切りの目安 {hm(closing.stop_at)}", "warn"))
    return found
