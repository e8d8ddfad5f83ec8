"""Write ``紙の運用票_D.xlsx``: sheets to continue by hand when the PC or the power fails (仕様書 12(13)).

The queue as it was, the plan of the day where there is one, a sheet a lane for tickets, the tally in the order of the console's grid, cases for city staff,
incidents. Waits are those at the last fact of the day; no time of export is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from floorctl.common.clock import seconds_between
from floorctl.common.lengths import minutes_word
from floorctl.common.words import (
    DECISIONS,
    ESCALATION_STATES,
    INCIDENT_CATEGORIES,
    OUTCOMES,
    TERMINAL_STATES,
    clock_ja_short,
    wareki,
)
from floorctl.documents.day.paper_plan import WIDTHS, draw_plan, has_plan
from floorctl.documents.layout.pages import Slot, Value
from floorctl.documents.layout.plain import when
from floorctl.documents.layout.sheet import Book, Sheet
from floorctl.models.day.floor import Floor
from floorctl.models.day.paper_keys import DIGITS, open_tickets, paper_hours, service_keys, terminal_keys
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.own_numbers import HandNumbers, Numbers
from floorctl.models.site.hall import Lane
from floorctl.models.site.site import Site

LINES = 30  # of tickets on a page
WRITE_PT = 24.0  # a row to be written in by hand
CASES, INCIDENTS, MOVES = 20, 3, 20
BY_HAND = "手書きの後は、j p（紙の入力）で書いたとおりに入力します（記録に「手書き」と印が付きます）。氏名・番号などの個人情報は書きません。"


def fallback_xlsx(floor: Floor, used: Numbers) -> bytes:
    """Return the workbook; equal facts and site give equal bytes. ``used``: the day's ticket numbers, all sources."""
    site = floor.site
    book = Book(
        title=f"紙の運用票 {wareki(floor.day)}",
        subject=site.contract.title,
        author=site.contract.contractor,
        made=floor.day,
    )
    _queue(book, floor)
    if has_plan(floor):
        draw_plan(_sheet(book, floor, "今日の計画", "今日の計画", WIDTHS, one_page=True), floor)
    for lane in site.lanes:
        _tickets(book, floor, lane, used)
    _tally(book, floor)
    _moves(book, floor)
    _cases(book, floor)
    _incidents(book, floor)
    return book.close()


def _sheet(
    book: Book, floor: Floor, name: str, title: str, widths: tuple[float, ...], *, one_page: bool = False
) -> Sheet:
    head = f"紙の運用票　{title}　{wareki(floor.day)}"
    return book.sheet(name, widths, running_title=head, footer=head, one_page=one_page)


def _legend(words: Iterable[str]) -> str:
    """Return words numbered from 1, as they are typed on paper."""
    return "　".join(f"{n} {word}" for n, word in enumerate(words, 1))


# ---- the hall as it stood


def _queue(book: Book, floor: Floor) -> None:
    """Draw who waits, in the order of calling, what each terminal does, and the open cases."""
    site, at = floor.site, floor.last_fact_at
    sheet = _sheet(book, floor, "待ちの状況", "待ちの状況", (6, 12, 34, 12, 12, 14, 16))
    sheet.title("待ちの状況")
    sheet.line(f"最後の記録 {when(at, floor.day)} のときの姿です。" if at else "今日の記録はまだありません。")
    sheet.note(BY_HAND)
    for lane in site.lanes:
        queue = floor.lanes[lane.code]
        sheet.heading(f"{lane.title}　待ち {queue.waiting}人（呼ぶ順）")
        tickets = sorted(queue.tickets.values(), key=lambda t: floor.turn(t, at)) if at else []
        rows: list[list[Value]] = [
            [
                n,
                t.number,
                _service(site, t),
                when(t.issued_at, floor.day),
                clock_ja_short(t.appointment) if t.appointment else "",
                _wait(t, at),
                "",
            ]
            for n, t in enumerate(tickets, 1)
        ]
        if queue.uncounted:
            rows.append(["", "番号なし", f"番号札のない人 {queue.uncounted}人", "", "", "", ""])
        head = ("順", "番号", "業務", "発券", "予約", "待ち", "呼んだ時刻")
        sheet.table(head, rows, ("number", "word", "text", "word", "word", "word", "word"))
    sheet.heading("端末")
    rows = []
    for t in floor.terminals.values():
        ticket = floor.tickets.get(t.ticket) if t.ticket else None
        rows.append(
            [
                t.code,
                f"{site.lane_by_code[t.lane].name}　{TERMINAL_STATES[floor.state(t.code)]}",
                t.ticket or "-",
                when(ticket.called_at, floor.day) if ticket else "-",
                _service(site, ticket) if ticket else "-",
                t.staff or "-",
            ]
        )
    sheet.grid(_slots("端末", "列・状態", "番号", "呼出し", "業務", "担当"), rows)
    sheet.heading("市職員へ引き継いだ案件（決定待ち）")
    cases: list[list[Value]] = [
        [e.code, site.matter_by_code[e.matter].name if e.matter else "-", e.terminal or "-", e.ticket or "-",
         when(e.raised_at, floor.day), ESCALATION_STATES[e.state]]
        for e in floor.open_escalations()
    ]  # fmt: skip
    sheet.grid(_slots("案件", "事項", "端末", "番号", "引継ぎ", "状態"), cases)
    sheet.finish()


def _slots(code: str, text: str, *words: str) -> list[Slot]:
    """Return the columns of a table whose codes take the first two columns of the sheet."""
    others = [Slot(n, n, word, "word") for n, word in enumerate(words, 3)]
    return [Slot(0, 1, code, "word"), Slot(2, 2, text, "text"), *others]


def _service(site: Site, t: Ticket) -> str:
    return site.service_by_code[t.service].short if t.service else "用件不明"


def _wait(t: Ticket, at: datetime | None) -> str:
    """Return how long a ticket has waited at an instant."""
    start = t.wait_from
    return minutes_word(seconds_between(start, at)) if start is not None and at is not None else "-"


# ---- to be written in


def _tickets(book: Book, floor: Floor, lane: Lane, used: Numbers) -> None:
    """Draw the tickets to be filled in: those open now, then numbers that follow the lane's last one.

    Pages have ``LINES`` rows; the last page, without numbers, is for copying.
    """
    site = floor.site
    services = "　".join(f"{k} {s.short}" for k, s in service_keys(site).items() if s.lane == lane.code)
    terminals = "　".join(f"{k} {t}" if k != t[1:] else t for k, t in terminal_keys(site, lane.code).items())
    sheet = _sheet(book, floor, f"番号札 {lane.name}", f"番号札　{lane.title}", (10, 8, 8, 11, 11, 11, 9, 8, 28))
    hand = HandNumbers(used, lane.letter)
    head = ("番号", "業務", "端末", "受付", "呼出し", "終了", "結果", "枚数", "備考")
    rows: list[list[Value]] = [_begun(floor, t) for t in open_tickets(floor, lane.code)]
    fresh = LINES - len(rows) % LINES  # to the end of a page, and never less than half of one
    fresh += LINES if fresh < LINES // 2 else 0
    numbers: list[list[Value]] = [[hand.text(n)] for n in hand.following(fresh)]
    rows += [*numbers, *([] for _ in range(fresh - len(numbers)))]
    rows += [[] for _ in range(LINES)]  # the last page has no numbers, to be copied
    for start in range(0, len(rows), LINES):
        last = start + LINES == len(rows)
        more = "（続きの番号を書く。足りなければ複写する）" if last else ""
        sheet.heading(f"{lane.title}　{start // LINES + 1}枚目{more}")
        sheet.note(f"業務 {services}　　端末 {terminals}")
        sheet.note(f"結果 {_legend([*map(site.outcome_word, OUTCOMES), '不在', '帰宅'])}　　時刻は 10:05 のように")
        sheet.stay()
        sheet.form(head, rows[start : start + LINES], WRITE_PT)
    sheet.finish()


def _begun(floor: Floor, t: Ticket) -> list[Value]:
    """Return what is known of an open ticket, to be printed in its row."""
    key = next((k for k, s in service_keys(floor.site).items() if s.code == t.service), "")
    called = when(t.called_at, floor.day) if t.state == "serving" and t.called_at else ""
    return [t.number, key, t.terminal or "", when(t.issued_at, floor.day), called]


def _tally(book: Book, floor: Floor) -> None:
    """Draw the work items by lane in the order of the console's grid, to be tallied (正) by the hour."""
    site, done = floor.site, floor.work_done()
    hours = paper_hours(site)
    sheet = _sheet(book, floor, "件数", "件数", (32, *[6.4] * len(hours), 7, 8.8), one_page=True)
    sheet.title("件数")
    sheet.note(
        "1件ごとに「正」の字で数えます。「ここまで」は最後の記録までに入力済みの件数です。入力するのは紙で数えた分（紙の計）だけです。"
    )
    for lane in site.lanes:
        items = [w for w in site.work_items if w.lane == lane.code]
        if items:
            sheet.heading(lane.name)
            head = ("項目", *[f"{h}時" for h in hours], "紙の計", "ここまで")
            blank = [""] * (len(hours) + 1)
            sheet.form(head, [[w.name, *blank, done[w.code]] for w in items], ROW_PT)
    sheet.finish()


ROW_PT = 21.0


def _moves(book: Book, floor: Floor) -> None:
    """Draw a table for moves of terminals."""
    site = floor.site
    movable = [t.code for t in site.terminals if len(t.lanes) > 1]
    terminals = "　".join(f"{k} {t}" if k != t[1:] else t for k, t in zip(DIGITS, movable, strict=False))
    lanes = "　".join(f"{n} {x.name}" for n, x in enumerate(site.lanes, 1) if x.code in site.movable_lanes)
    sheet = _sheet(book, floor, "配分変更", "配分変更", (9, 9, 11, 62), one_page=True)
    sheet.title("配分変更")
    sheet.note(f"端末 {terminals}　　移す先 {lanes}　　時刻は 10:05 のように")
    sheet.form(("端末", "移す先", "時刻", "理由・備考"), [[] for _ in range(MOVES)], WRITE_PT)
    sheet.finish()


def _cases(book: Book, floor: Floor) -> None:
    """Draw the open cases and rows for new ones."""
    site = floor.site
    sheet = _sheet(book, floor, "市職員へ", "市職員への引継ぎ", (10, 8, 9, 11, 12, 12, 12, 9, 22), one_page=True)
    sheet.title("市職員への引継ぎ")
    sheet.note(f"事項 {_legend(m.short for m in site.matters)}")
    sheet.note(
        f"結果 {_legend(map(site.decision_word, DECISIONS))}　　可・否は市職員が決めます。職員コードを書きます。"
    )
    digit = {m.code: n for n, m in enumerate(site.matters, 1)}
    rows: list[list[Value]] = [
        [e.code, digit.get(e.matter or "", ""), e.terminal or "", e.ticket or "", when(e.raised_at, floor.day),
         when(e.taken_at, floor.day) if e.taken_at else ""]
        for e in floor.open_escalations()
    ]  # fmt: skip
    rows += [[] for _ in range(max(5, CASES - len(rows)))]
    head = ("案件", "事項", "端末", "番号", "引継ぎ", "対応開始", "決定", "結果", "市職員・備考")
    sheet.form(head, rows, WRITE_PT)
    sheet.finish()


def _incidents(book: Book, floor: Floor) -> None:
    """Draw the forms for incidents."""
    site = floor.site
    sheet = _sheet(book, floor, "事案", "事案", (18, 26, 18, 26), one_page=True)
    sheet.title("事案（事故・障害・苦情等）")
    words = []
    for code, name in INCIDENT_CATEGORIES.items():
        rule = site.incident_reports.get(code)
        words.append(f"{name}（{rule.word}）" if rule else name)
    sheet.note(f"分類 {_legend(words)}")
    for n in range(INCIDENTS):
        sheet.heading(f"事案 {n + 1}")
        sheet.form(
            (),
            [["分類", "", "端末・業務", ""], ["発生 時刻", "", "発見 時刻", ""], ["市へ報告 時刻", "", "報告先", ""]],
            WRITE_PT,
        )
        sheet.box("概要", 3)
    sheet.finish()
