"""Page of the daily report in the terminal, as the city will read it: head, figures, 問い合わせ, 問題点, 特記 (仕様書 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len

from floorctl.common.lengths import span
from floorctl.common.words import BLANK, INCIDENT_SHORT, INCIDENT_STATES, NOTHING, wareki
from floorctl.console.state import ConsoleState
from floorctl.documents.day.incident_account import account
from floorctl.documents.day.record import DayRecord, no_waits_word
from floorctl.documents.day.sentences import city_staff, crew
from floorctl.documents.layout.plain import NONE_RECORDED, NOTHING_RECORDED, when
from floorctl.models.site.site import Site
from floorctl.screens.closing.steps import Step
from floorctl.screens.drawing.canvas import Canvas, Span, pad, wrap
from floorctl.screens.drawing.rows import hung, lay_lines
from floorctl.screens.results.day_record import end_of_day, other_ends
from floorctl.usecases.closing import unanswered

_MISSING = 2  # rows for what is not written yet: the page keeps its place when one of it is
MOST_WIDTH = 76  # of a page: wider lines are not read
Line = list[Span]


@dataclass(frozen=True)
class _Page:
    """Layout of lines of at most ``width`` cells."""

    width: int

    def centre(self, text: str, role: str = "strong") -> Line:
        return [(" " * max(0, (self.width - cell_len(text)) // 2), "text"), (text, role)]

    def right(self, text: str) -> Line:
        return [(" " * max(0, self.width - cell_len(text)), "text"), (text, "text")]

    def pair(self, name: str, text: str, role: str = "text") -> Iterator[Line]:
        """Yield a name and its text, which goes on under itself."""
        for n, part in enumerate(wrap(text, max(10, self.width - 14))):
            yield [(pad("" if n else name, 12), "dim"), ("  ", "text"), (part, role)]

    def bullet(self, text: str, role: str = "text") -> Iterator[Line]:
        for n, part in enumerate(wrap(text, max(10, self.width - 3))):
            yield [("   " if n else " ・", "dim"), (part, role)]

    def figures(self, rows: list[tuple[str, str]]) -> Iterator[Line]:
        """Yield names with figures, side by side where there is room; a long name takes two places."""
        columns = max(1, min(3, self.width // 34))
        w, line, used = self.width // columns, list[Span](), 0
        for name, figure in rows:
            places = min(columns, 1 if cell_len(name) <= w - 9 else 2)
            if used + places > columns:
                yield line
                line, used = [], 0
            line += [(pad(name, places * w - 9), "text"), (pad(figure, 7, right=True), "strong"), ("  ", "text")]
            used += places
        if line:
            yield line


def report_lines(record: DayRecord, site: Site, width: int) -> list[Line]:
    """Return the lines of the page, none wider than ``width`` cells."""
    page = _Page(width)
    sections = [
        ("処理件数（番号札）", _counts(page, record, site)),
        *((title, _items(page, record, site, lane)) for lane, title in _items_titles(site)),
        ("待ち時間", _waits(page, record, site)),
        ("体制", _people(page, record)),
        ("事案", _incidents(page, record, site)),
        ("台帳との照合", _ties(page, record, site)),
        ("問い合わせ内容", _inquiries(page, record)),
        ("問題点", _written(page, record, "problems")),
        ("特記事項・翌日への引継ぎ", _written(page, record, "remarks")),
    ]
    lines = [*_head(page, record, site)]
    for n, (title, body) in enumerate(sections, 1):
        lines += [[], [(f"{n}  {title}", "strong")], *body]
    return lines


# The lanes whose work items have a sheet of their own (仕様書 7(3)ア to ウ), and the rest.
_ITEMS = {
    "issuance": "個人番号カード交付件数",
    "certificate": "電子証明書発行・更新等件数",
    "application": "申請サポート完了件数",
    "registration": "その他の件数",
}


def _items_titles(site: Site) -> list[tuple[str, str]]:
    """Return the lanes that have work items, with the title of their figures."""
    counted = {w.lane for w in site.work_items}
    return [
        (x.code, _ITEMS.get(site.lane_meanings[x.code], f"{x.title}の件数")) for x in site.lanes if x.code in counted
    ]


def _head(page: _Page, record: DayRecord, site: Site) -> Iterator[Line]:
    contract, venue = site.contract, site.venue_on(record.day)
    weather = record.report.get("weather")
    yield page.right(wareki(record.day))
    yield [(f"{contract.client} 様（{contract.department}）", "text")]
    yield []
    yield page.centre("日 次 報 告 書")
    if record.report_closed_at is None:
        yield page.centre("（締める前の内容です）", "dim")
    elif record.revision > 1:
        yield page.centre(f"第{record.revision}版", "text")
    yield []
    yield from page.pair("件名", contract.title)
    yield from page.pair("履行場所", f"{venue.building} {venue.name}")
    hours = f"開場 {when(record.opened_at, record.day)}  閉場 {when(record.closed_at, record.day)}"
    yield from page.pair("報告対象日", f"{wareki(record.day)}  {hours}")
    yield from page.pair(
        "天候", weather.lines[0] if weather and weather.lines else BLANK, "text" if weather else "warn"
    )


def _counts(page: _Page, record: DayRecord, site: Site) -> Iterator[Line]:
    rows = [(s.name, f"{record.counts[s.code]:,}人") for s in site.services]
    yield from page.figures([*rows, ("計", f"{sum(record.counts.values()):,}人")])
    found = other_ends(record, site, {"open": "終わりの記録なし"})
    if found:
        yield [(f"ほかに {'  '.join(found)}", "dim")]


def _items(page: _Page, record: DayRecord, site: Site, lane: str) -> Iterator[Line]:
    rows = [(w.name, f"{record.work[w.code]:,}") for w in site.work_items if w.lane == lane]
    yield from page.figures(rows)


def _waits(page: _Page, record: DayRecord, site: Site) -> Iterator[Line]:
    for lane in site.lanes:
        w, peak = record.waits[lane.code], record.peaks[lane.code]
        if not w.n:
            yield from page.pair(lane.name, no_waits_word(record, lane.code), "dim")
            continue
        most = f"  最多 {peak[0]}人（{when(peak[1], record.day)}）" if peak else ""
        text = f"{w.n}人  平均 {span(w.mean_s)}  9割の人が {span(w.p90_s)} 以内  最大 {span(w.max_s)}{most}"
        yield from page.pair(lane.name, text)


def _people(page: _Page, record: DayRecord) -> Iterator[Line]:
    yield from page.pair("従事者", crew(record))
    holders = dict.fromkeys(h.staff for h in record.handovers if h.staff)
    yield from page.pair("現場責任者", "、".join(holders) or NOTHING_RECORDED)
    yield from page.pair("市職員", city_staff(record))
    yield from page.pair("引継ぎ", f"{len(record.escalations)}件   配分変更 {len(record.moves)}回")


def _incidents(page: _Page, record: DayRecord, site: Site) -> Iterator[Line]:
    if not record.incidents:
        yield [(NONE_RECORDED, "text")]
    for i in record.incidents:
        told = account(i, site, lambda at: when(at, record.day))
        yield from page.bullet(f"{i.code} {INCIDENT_SHORT[i.category]} {INCIDENT_STATES[i.stage]} {told}")


def _ties(page: _Page, record: DayRecord, site: Site) -> Iterator[Line]:
    unread = sum(t.read is None for t in record.ties)
    same = sum(t.difference == 0 for t in record.ties)
    yield [(f"一致 {same}区分", "text"), *([(f"  {BLANK} {unread}区分", "warn")] if unread else [])]
    for t in record.ties:
        if t.difference:
            item = site.work_item_by_code[t.item].name
            why = t.note or "説明なし"
            yield from page.bullet(f"{item} 記録 {t.recorded}件、{t.ledger} {t.read}件（{t.difference:+d}件） {why}")


def _inquiries(page: _Page, record: DayRecord) -> Iterator[Line]:
    counted = [(topic, f"{n}件") for topic, n in record.inquiries.items() if n]
    yield from page.figures(counted)
    yield from _written(page, record, "inquiries")


def _written(page: _Page, record: DayRecord, head: str) -> Iterator[Line]:
    held = record.report.get(head)
    if held is None:
        yield [(BLANK, "warn")]
    elif held.none:
        yield [(NOTHING, "text")]
    for text in held.lines if held else ():
        yield from page.bullet(text)


class PageStep(Step):
    """Step that shows the report as a page, to be read by the arrows and page keys."""

    most = 0  # the last line that the page can begin with
    counted = True  # how far one has read stands over the page

    def lay_page(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        """Draw the part of the page in view on its own ground, ``rows`` rows of it."""
        site, record = state.day.floor.site, end_of_day(state).record
        sheet = min(width, MOST_WIDTH)
        what, make = f"report page {sheet - 4}", lambda: report_lines(record, site, sheet - 4)
        page = state.day.once(what, make, by_time=False)
        self.most = max(0, len(page) - rows)
        self.at = min(self.at, self.most)
        c.fill(x, y, sheet, rows, "card")
        lay_lines(c, page[self.at :], x + 2, y, sheet - 3, rows)
        if self.most and self.counted:
            end = min(len(page), self.at + rows)
            c.right(x + sheet, y - 1, f"{self.at + 1}-{end}／{len(page)}行", "dim")

    def takes(self, key: str) -> bool:
        return self.move(key, self.most + 1)


class ReviewStep(PageStep):
    """Last step: the report is read, then the day is closed."""

    code, name, least = "review", "確認", 108
    hint = "市が読む内容です（上下・PageUp・PageDown で送る）。よければ {close_enter} で締めます"
    foot = ("close_day", "close_export")
    labels: ClassVar[dict[str, str]] = {"close_export": "途中の文書"}

    def word(self, state: ConsoleState) -> Span:
        n = len(unanswered(end_of_day(state).record))
        return (f"{BLANK} {n}", "warn") if n else ("締める", "ok")

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        missing = unanswered(end_of_day(state).record)
        open_ones = hung(f"{BLANK} {len(missing)}か所  ", "warn", "、".join(missing), width)
        lay_lines(c, open_ones if missing else [[("すべて記入済みです", "ok")]], x, y, width, _MISSING)
        self.lay_page(c, state, x, y + _MISSING + 1, width, rows - _MISSING - 1)

    def enter(self) -> bool:
        self.app.perform("close_day")
        return False
