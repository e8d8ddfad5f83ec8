"""Writes ``日次報告書_D.xlsx``: the daily report with the three count sheets of 仕様書 7(3)ア〜ウ and the day's log.

No formulas and no merged cells: every figure is a value and ties with ``records_D.json``. What only a person can say
(問題点, 特記) is marked 未記入 (仕様書 10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from floorctl.clock import seconds_between
from floorctl.documents.day import FATES, DayRecord, TicketLine
from floorctl.documents.plain import span, when
from floorctl.documents.sheet import Book, Sheet, Value
from floorctl.models.escalation import Escalation
from floorctl.models.site import Site
from floorctl.words import DECISIONS, INCIDENT_CATEGORIES, INCIDENT_SHORT, INCIDENT_STATES, STAFF_STATUSES, wareki

BLANK = "未記入"
SIGNERS = ("現場責任者（個人情報管理責任者）", "統括責任者", "監督員")
FATE_WORDS = ("完了", "未了", "3番窓口", "不在", "帰宅", "未終了")  # in the order of FATES
WIDTHS = (40, 8.2, 8.2, 8.2, 8.2, 8.2, 9.6, 9.6, 9.6)
LOG_WIDTHS = (16, 10, 18, 18, 49)


@dataclass(frozen=True)
class CountSheet:
    """One of the three documents of 7(3): the work items and tickets of a lane."""

    sheet: str
    title: str
    clause: str
    lane: str
    unit: str
    total: bool  # whether its items add up to a figure that means something


COUNT_SHEETS = (
    CountSheet(
        "交付件数",
        "個人番号カード交付件数報告（日次）",
        "仕様書7(3)ア",
        "issuance",
        "単位は枚（交付した個人番号カードの数）。",
        True,
    ),
    CountSheet(
        "電子証明書件数",
        "電子証明書発行・更新等件数集計報告（日次）",
        "仕様書7(3)イ",
        "certificate",
        "単位は件。署名用と利用者証明用は別に数えます（一人が両方を更新すると2件）。人数は「2 受付の状況」によります。",
        False,
    ),
    CountSheet(
        "申請サポート件数",
        "個人番号カード申請サポート完了報告（日次）",
        "仕様書7(3)ウ",
        "application",
        "単位は件。",
        False,
    ),
)


def day_xlsx(record: DayRecord, site: Site) -> bytes:
    """The workbook; the same record and site give the same bytes."""
    book = Book(
        title=f"日次報告書 {wareki(record.day)}",
        subject=site.contract.title,
        author=site.contract.contractor,
        made=record.day,
    )
    _report(book, record, site)
    for layout in COUNT_SHEETS:
        if layout.lane in site.lane_by_code:
            _counts(book, record, site, layout)
    _log(book, record, site)
    return book.close()


# ---- what all sheets have


def _sheet(
    book: Book, record: DayRecord, name: str, title: str, widths: tuple[float, ...] = WIDTHS, *, one_page: bool = False
) -> Sheet:
    head = f"{title}　{wareki(record.day)}"
    state = "" if record.closed_at else "　閉場前の途中集計"
    running = f"{head}　第{record.revision}版{state}"
    return book.sheet(name, widths, running_title=running, footer=head, one_page=one_page)


def _letterhead(sheet: Sheet, record: DayRecord, site: Site, title: str, sentence: str) -> None:
    """Date at the right, addressee at the left, sender at the right, title (SPEC 5)."""
    contract = site.contract
    venue = site.venue_on(record.day)
    hours = f"開場 {when(record.opened_at, record.day)}　閉場 {when(record.closed_at, record.day)}"
    # The site file as shipped knows no name yet: the placeholder is no sender.
    contractor = contract.contractor if contract.contractor != "受託者" else BLANK
    sheet.right(wareki(record.day))
    sheet.line(f"{contract.client}　様（{contract.department}）")
    sheet.right(f"受託者　{contractor}")
    sheet.title(title)
    sheet.line(sentence)
    sheet.gap()
    sheet.pairs(
        [
            ("件名", contract.title),
            ("契約期間", f"{wareki(contract.start)}から{wareki(contract.end)}まで"),
            ("履行場所", f"{venue.building}　{venue.name}"),
            ("所在地", venue.address),
            ("報告対象日", f"{wareki(record.day)}　{hours}"),
        ]
    )


def _signatures(sheet: Sheet) -> None:
    sheet.heading("確認欄")
    sheet.pairs([(who, "氏名　　　　　　　　　　　　確認日　令和　　年　　月　　日") for who in SIGNERS])


def _reception(sheet: Sheet, record: DayRecord, site: Site, services: Iterable[str]) -> None:
    """Tickets by service and by how they ended; each row and column adds up."""
    rows: list[list[Value]] = []
    codes: list[str | None] = list(services)
    whole_site = len(codes) == len(site.services)
    if whole_site and any(t.service is None for t in record.tickets):
        codes.append(None)
    for code in codes:
        name = site.service_by_code[code].name if code else "用件不明（発券の記録なし）"
        rows.append([name, *_fates([t for t in record.tickets if t.service == code])])
    columns = range(1, len(FATES) + 2)
    rows.append(["計", *[sum(int(row[n] or 0) for row in rows) for n in columns]])
    sheet.table(("用件", "受付", *FATE_WORDS), rows, ("text", *["number"] * (len(FATES) + 1)), total=True)


def _fates(lines: list[TicketLine]) -> list[Value]:
    return [len(lines), *[sum(t.fate == fate for t in lines) for fate in FATES]]


def _waits(sheet: Sheet, record: DayRecord, site: Site, lanes: Iterable[str]) -> None:
    rows: list[list[Value]] = []
    for lane in lanes:
        w, peak = record.waits[lane], record.peaks[lane]
        persons, at = peak if peak else (0, None)
        times = [span(w.mean_s), span(w.p90_s), span(w.max_s)]
        rows.append([site.lane_by_code[lane].title, w.n, *times, persons, when(at, record.day)])
    head = ("窓口", "人数", "平均", "90％値", "最大", "最多人数", "その時刻")
    sheet.table(head, rows, ("text", "number", "word", "word", "word", "number", "word"))
    sheet.note(
        "人数は呼び出した番号札の数。待ち時間は、番号札の発行（予約の時刻がそれより遅いときは予約の時刻）から呼出しまで。"
    )
    sheet.note("90％値は、9割の人の待ち時間がそれ以下となる値。最多人数は、同時に待っていた人の最大。")


def _work(sheet: Sheet, record: DayRecord, items: Iterable[tuple[str, str]], *, total: bool = False) -> None:
    """Work items (code, name): from tickets, by hand, together."""
    rows: list[list[Value]] = []
    for code, name in items:
        together, by_hand = record.work[code], record.tallied[code]
        rows.append([name, together - by_hand, by_hand, together])
    if total:
        rows.append(["計", *[sum(int(row[n] or 0) for row in rows) for n in (1, 2, 3)]])
    sheet.table(("区分", "番号札", "手集計", "合計"), rows, ("text", "number", "number", "number"), total=total)


# ---- 日次報告書


def _report(book: Book, record: DayRecord, site: Site) -> None:
    sheet = _sheet(book, record, "日次報告書", "日次報告書")
    _letterhead(sheet, record, site, "日　次　報　告　書", "本日の業務について、次のとおり報告します。")
    numbers = count(1)

    def section(text: str) -> None:
        sheet.heading(f"{next(numbers)}　{text}")

    section("処理件数（番号札・人）")
    _reception(sheet, record, site, [s.code for s in site.services])
    sheet.note("交付枚数、電子証明書の件数、申請サポートの件数は別紙（仕様書7(3)ア〜ウ）のとおりです。")

    on_sheets = {layout.lane for layout in COUNT_SHEETS}
    listed = {w.code for w in site.work_items}
    others = [(w.code, w.name) for w in site.work_items if w.lane not in on_sheets]
    others += [(code, code) for code in record.work if code not in listed]
    if others:
        section("その他の件数（件）")
        _work(sheet, record, others)

    section("待ち時間")
    _waits(sheet, record, site, [lane.code for lane in site.lanes])

    section("体制")
    _staffing(sheet, record, site)

    section("市職員への引継ぎ")
    _escalations(sheet, record, site)
    sheet.note("「対応まで」「決定まで」は、引継ぎから市職員の対応開始・決定までの平均です。")

    section("問い合わせ内容")
    inquiries: list[list[Value]] = [[topic, n] for topic, n in record.inquiries.items() if n]
    sheet.table(("内容", "件数"), inquiries, ("text", "number"))

    section("事案（事故・障害・苦情等）")
    _incidents(sheet, record)

    section("問題点")
    sheet.box(BLANK, 3)
    if record.doubts:
        sheet.note("記録から確かめる点:")
        for doubt in record.doubts:
            sheet.note(f"・{doubt}")

    section("特記事項・翌日への引継ぎ")
    sheet.box(BLANK, 3)

    _signatures(sheet)

    sheet.heading("記録の照合")
    sheet.pairs(
        [
            ("最終記録の通番", f"{record.seq:,}" if record.seq else "-"),
            ("ハッシュ値", record.hash if record.seq else "-"),
        ]
    )
    sheet.finish()


def _escalations(sheet: Sheet, record: DayRecord, site: Site) -> None:
    """By matter: how many, what the city decided, and how long it took; the reserved matters have a subtotal."""
    decisions = [word.removesuffix("へ案内") for word in DECISIONS.values()]
    head = ("事項", "件数", *decisions, "未決", "対応まで", "決定まで")
    styles = ("text", *["number"] * (len(DECISIONS) + 2), "word", "word")

    def row(name: str, cases: list[Escalation]) -> list[Value]:
        decided = [sum(e.outcome == code for e in cases) for code in DECISIONS]
        times = [span(_mean([(e.raised_at, end) for e in cases if (end := at(e))])) for at in (_taken, _settled)]
        return [name, len(cases), *decided, len(cases) - sum(decided), *times]

    cases = {m.code: [e for e in record.escalations if e.matter == m.code] for m in site.matters}
    reserved = [m for m in site.matters if m.reserved]
    rows = [row(m.name, cases[m.code]) for m in reserved]
    rows.append(row("計（公権力の行使・仕様書7(2)）", [e for m in reserved for e in cases[m.code]]))
    sheet.table(head, rows, styles, total=True)
    for m in site.matters:
        if not m.reserved:
            sheet.rows([row(f"{m.name}（別掲）", cases[m.code])], styles)


def _taken(e: Escalation) -> datetime | None:
    return e.taken_at


def _settled(e: Escalation) -> datetime | None:
    return e.settled_at


def _mean(spans: list[tuple[datetime | None, datetime]]) -> int | None:
    seconds = [seconds_between(start, end) for start, end in spans if start]
    return sum(seconds) // len(seconds) if seconds else None


def _staffing(sheet: Sheet, record: DayRecord, site: Site) -> None:
    statuses = {status: len({s.staff for s in record.staff if s.status == status}) for status in ("absent", "late")}
    absence = "記録なし" if record.officials_absent_s is None else span(record.officials_absent_s)
    sheet.pairs(
        [
            ("従事者", f"{len(record.attended)}人（欠勤 {statuses['absent']}人、遅刻 {statuses['late']}人）"),
            ("市職員", f"最多 {record.officials_max}人、受付時間中の不在 {absence}"),
            ("配分変更", f"{len(record.moves)}回（明細は「経過記録」）"),
            ("開場時の配分", "　".join(_allocation(record, site))),
        ]
    )


def _allocation(record: DayRecord, site: Site) -> Iterable[str]:
    """The terminals of each lane that shares them with another, as the day began."""
    for lane in site.movable_lanes:
        terminals = [t for t, first in record.allocation.items() if first == lane]
        yield f"{site.lane_by_code[lane].name} {len(terminals)}台（{'、'.join(terminals) or 'なし'}）"


def _incidents(sheet: Sheet, record: DayRecord) -> None:
    rows: list[list[Value]] = [
        [
            f"{INCIDENT_SHORT[i.category]}（{i.code}）",
            *[when(at, record.day, short=True) for at in (i.occurred_at, i.found_at, i.reported_at)],
            INCIDENT_STATES[i.state],
        ]
        for i in record.incidents
    ]
    sheet.table(("種別（番号）", "発生", "発見", "市へ報告", "状態"), rows, ("text", *["word"] * 4))
    if rows:
        sheet.note("概要と対象は「経過記録」のとおりです。")


# ---- 7(3)ア〜ウ


def _counts(book: Book, record: DayRecord, site: Site, layout: CountSheet) -> None:
    sheet = _sheet(book, record, layout.sheet, layout.title, one_page=True)
    _letterhead(sheet, record, site, layout.title, f"{layout.clause}により、次のとおり報告します。")

    sheet.heading("1　件数")
    _work(sheet, record, [(w.code, w.name) for w in site.work_items if w.lane == layout.lane], total=layout.total)
    sheet.note(f"{layout.unit}「手集計」は番号札によらない件数で、訂正を含みます。")

    sheet.heading("2　受付の状況（番号札・人）")
    services = [s for s in site.services if s.lane == layout.lane]
    _reception(sheet, record, site, [s.code for s in services])
    codes = {s.code for s in services}
    lines = [t for t in record.tickets if t.service in codes]
    texts = [("合理的配慮の希望", f"{sum(t.assist for t in lines):,}人")]
    if any(s.appointment for s in services):
        booked = sum(t.appointment is not None for t in lines)
        texts.insert(0, ("予約", f"予約あり {booked:,}人　　予約なし {len(lines) - booked:,}人"))
        texts.insert(1, ("完了した番号札の枚数", f"{sum(t.cards for t in lines if t.fate == 'done'):,}枚"))
    sheet.gap(6)
    sheet.pairs(texts)

    sheet.heading("3　待ち時間")
    _waits(sheet, record, site, [layout.lane])

    sheet.heading("4　備考")
    sheet.box(BLANK, 3)
    _signatures(sheet)
    sheet.finish()


# ---- 経過記録


def _log(book: Book, record: DayRecord, site: Site) -> None:
    """The day's lists one below the other: allocation, presence, hand-overs, stops and failures, incidents."""
    day = record.day
    sheet = _sheet(book, record, "経過記録", "経過記録（日次報告書 別紙）", LOG_WIDTHS)
    lanes, terminals = site.lane_by_code, site.terminal_by_code
    styles = ("word", "word", "text", "text", "text")

    sheet.heading("1　配分変更")
    sheet.table(
        ("時刻", "端末", "変更前", "変更後", "理由"),
        [[when(m.at, day), m.terminal, lanes[m.origin].name, lanes[m.to].name, m.reason] for m in record.moves],
        styles,
    )

    sheet.heading("2　従事者の出退勤等（従事者は符号で表します）")
    sheet.table(
        ("時刻", "従事者", "状況", "まで", "理由"),
        [[when(s.at, day), s.staff, STAFF_STATUSES[s.status], s.until or "", s.reason] for s in record.staff],
        styles,
    )

    sheet.heading("3　市職員への引継ぎ")
    rows: list[list[Value]] = []
    for e in record.escalations:
        matter = site.matter_by_code[e.matter].short if e.matter in site.matter_by_code else e.matter or ""
        taken = f"対応 {when(e.taken_at, day)}" if e.taken_at else "対応の記録なし"
        settled = f"決定 {when(e.settled_at, day)}" if e.settled_at else "未決"
        place = "　".join(p for p in (e.terminal, e.ticket) if p) or "-"
        decision = DECISIONS[e.outcome] if e.outcome else "未決"
        rows.append([when(e.raised_at, day), e.code, place, decision, f"{matter}　{taken}　{settled}"])
    sheet.table(("引継ぎ", "番号", "端末・番号札", "決定", "事項・経過"), rows, styles)

    sheet.heading("4　受付の打切り・端末の故障")
    events: list[list[Value]] = []
    for event in record.events:
        service = site.service_by_code.get(event.code)
        name, sort = (service.short, "受付") if service else (terminals[event.code].name, "端末")
        events.append([when(event.at, day), event.word, name, sort, event.text])
    sheet.table(("時刻", "出来事", "対象", "分類", "理由・内容"), events, styles)

    sheet.heading("5　事案")
    incidents: list[list[Value]] = []
    for i in record.incidents:
        names = [site.service_by_code[c].short for c in i.services] + list(i.terminals)
        about = f"　対象: {'、'.join(names)}" if names else ""
        told = f"報告 {when(i.reported_at, day)}" if i.reported_at else INCIDENT_STATES["open"]
        found = f"　発見: {when(i.found_at, day)}" if i.found_at != i.occurred_at else ""
        text = f"{i.summary}{about}{found}"
        incidents.append([when(i.occurred_at, day), i.code, INCIDENT_CATEGORIES[i.category], told, text])
    sheet.table(("発生", "番号", "種別", "市への報告", "概要"), incidents, styles)
    sheet.finish()
