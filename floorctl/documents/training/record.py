"""Training record of a rehearsal (仕様書 8): ``研修記録_….xlsx`` to sign, and the same as JSON.

Staff are named by code alone. Equal reviews give equal bytes.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from floorctl.advice.played_waits import Course
from floorctl.advice.review import Review
from floorctl.common.clock import iso
from floorctl.common.words import BLANK, COURSES, clock_ja, wareki
from floorctl.documents.layout.letterhead import letterhead_facts
from floorctl.documents.layout.pages import Slot
from floorctl.documents.layout.sheet import Book
from floorctl.documents.training.words import (
    acts_text,
    duties,
    hand_offs_text,
    met_rows,
    met_word,
    no_record,
    verdict,
    waits_rows,
)
from floorctl.models.site.site import Site

_WIDTHS = (9, 8, 13, 7, 13, 13, 13, 13)
_WAITS = (
    Slot(0, 3, "項目", "text"),
    *(Slot(n, n, word, "word") for n, word in enumerate(COURSES.values(), 4)),
)
_MET = (
    Slot(0, 0, "結果", "word"),
    Slot(1, 1, "始まり", "word"),
    Slot(2, 2, "経過", "word"),
    Slot(3, 3, "期限", "word"),
    Slot(4, 6, "すること", "text"),
    Slot(7, 7, "仕様書", "word"),
)
_BOXES = ("受講者", "講師", "現場責任者")
REMARKS = 5


def record_files(review: Review, site: Site, at: datetime) -> dict[str, bytes]:
    """Return both files by name; ``at``, when the rehearsal was done, makes the name unique."""
    staff = f"_{review.staff}" if review.staff else ""
    stem = f"研修記録_{at:%Y-%m-%d_%H%M}_{review.name}{staff}"
    return {f"{stem}.xlsx": record_xlsx(review, site), f"{stem}.json": record_json(review)}


# ---- JSON


def record_json(review: Review) -> bytes:
    """Return the review as JSON: whole seconds, floored; null if nobody was called."""
    return (json.dumps(document(review), ensure_ascii=False, indent=1) + "\n").encode()


def document(review: Review) -> dict[str, Any]:
    """Return the review as plain data (docs/additions.md)."""
    s = review.scenario
    return {
        "scenario": review.name,
        "title": s.title,
        "training": s.training,
        "staff": review.staff or None,
        "done_on": review.done_on.isoformat(),
        "day": s.day.isoformat(),
        "seed": review.seed,
        "from": iso(review.since),
        "until": iso(review.until),
        "waits": {name: _course(c) for name, c in review.courses.items()},
        "hand_offs": [
            {
                "escalation": h.escalation,
                "matter": h.matter,
                "raised_at": iso(h.raised_at),
                "taken_at": iso(h.taken_at) if h.taken_at else None,
                "seconds": h.seconds,
                "late": h.late,
                "outcome": h.outcome or None,
            }
            for h in review.hand_offs
        ],
        "expectations": [
            {
                "text": m.expectation.text,
                "clause": m.expectation.clause,
                "state": m.state,
                "from": iso(m.since),
                "within_min": m.expectation.within,
                "done_at": iso(m.done_at) if m.done_at else None,
                "seconds": m.seconds,
            }
            for m in review.met
        ],
        "late_reports": [
            {
                "incident": x.incident,
                "category": x.category,
                "due": iso(x.due),
                "reported_at": iso(x.reported_at) if x.reported_at else None,
            }
            for x in review.late_reports
        ],
        "incidents": [
            {
                "incident": x.incident,
                "category": x.category,
                "due": iso(x.due),
                "reported_at": iso(x.reported_at) if x.reported_at else None,
                "late": x.late,
            }
            for x in review.reports
        ],
        "left_open": review.left_open,
        "moves": [{"at": iso(m.at), "terminal": m.terminal, "from": m.origin, "to": m.to} for m in review.moves],
        "acts": dict(sorted(review.acts.items())),
        "by_hand": review.by_hand,
        "no_record": no_record(review) or None,
    }


def _course(c: Course) -> dict[str, Any]:
    return {
        **c.all.to_json(),
        "called": c.called,
        "left": c.left,
        "turned_away": c.turned_away,
        "unheld": c.unheld,
        "sent_off": c.sent_off,
        "lanes": {lane: f.to_json() for lane, f in c.lanes.items()},
    }


# ---- a sheet to sign


def _trainee(review: Review) -> str:
    if not review.by_hand:
        return "なし（盤面を開かず、誰も操作していない一日の見直し）"
    return f"職員コード {review.staff}" if review.staff else BLANK


def record_xlsx(review: Review, site: Site) -> bytes:
    """Return the workbook: one A4 sheet with room for the trainer's comments and boxes to sign."""
    s, head = review.scenario, letterhead_facts(site, review.done_on)
    book = Book(
        title=f"研修実施記録 {wareki(review.done_on)}",
        subject=site.contract.title,
        author=site.contract.contractor,
        made=review.done_on,
    )
    running = f"研修実施記録（演習）　{wareki(review.done_on)}"
    sheet = book.sheet("研修記録", _WIDTHS, running_title=running, footer=running, one_page=True)
    sheet.right(wareki(review.done_on))
    sheet.title("研修実施記録（演習）")
    sheet.boxes(_BOXES, 1, 34.0, "", ())
    sheet.gap()
    minutes = int((review.until - review.since).total_seconds()) // 60
    sheet.pairs(
        (
            ("件名", str(head["contract_title"])),
            ("受託者", str(head["contractor"])),
            ("研修の項目", f"{site.training_name(s.training)}（仕様書 8）"),
            ("受講者", _trainee(review)),
            ("想定", f"{s.title}: {s.summary}"),
            ("ねらい", s.purpose),
            (
                "演習の時間",
                f"{wareki(s.day)} {clock_ja(review.since)}から{clock_ja(review.until)}まで（{minutes}分）の想定",
            ),
            ("来庁者", f"番号 {review.seed}（同じ番号なら同じ来庁者）"),
        ),
        2,
    )
    sheet.heading("1　待ち時間")
    sheet.frame([verdict(review, site)])
    sheet.gap(4)
    sheet.grid(_WAITS, waits_rows(review, site))
    sheet.note(
        "この時間に待ち、この演習でも何もしなくても呼ばれた同じ人の、来てから呼ばれるまで。"
        "「何もしない」は同じ来庁者で誰も操作しなかったとき、「提案どおり」は提案をすべてすぐ適用したとき、"
        "「全台共用」はどの端末も、受け持てるどの窓口の人にも来た順に応対するとしたとき。"
        "「提案どおり」と「全台共用」は計算で、1割ほど違うことがあります。「--」は数えていません。"
    )
    sheet.heading("2　市職員への引継ぎ（対応の開始まで）")
    sheet.frame(hand_offs_text(review.hand_offs, site).split("\n"))
    sheet.heading(f"3　期待されたこと（{met_word(review.met)}）")
    sheet.grid(_MET, met_rows(review.met))
    sheet.heading("4　市への報告、終わりに残っていた注意")
    sheet.frame(duties(review))
    sheet.heading("5　した操作")
    sheet.frame(acts_text(review, site).split("\n"))
    sheet.heading("6　講評（講師が記入）")
    sheet.box("", REMARKS)
    sheet.finish()
    return book.close()
