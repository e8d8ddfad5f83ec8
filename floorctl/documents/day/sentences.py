"""Facts of a day that stand in its sentences, and what was written under the heads of the report."""

from __future__ import annotations

from collections.abc import Iterator

from floorctl.common.words import BLANK, NOTHING, wareki
from floorctl.documents.day.counts import appointment_slots
from floorctl.documents.day.people import DEPUTY, is_deputy
from floorctl.documents.day.record import DayRecord
from floorctl.documents.layout.letterhead import LETTERHEAD_FACTS, letterhead_facts
from floorctl.documents.layout.material import Table
from floorctl.documents.layout.plain import span, when
from floorctl.models.site.site import Site

# The lanes that have a count sheet of their own (仕様書 7(3)ア to ウ).
_APART = ("issuance", "certificate", "application")
DAY_FACTS = {
    "day": "報告対象日",
    "revision": "版",
    "unfinished": "閉場前の途中集計（閉場後は空）",
    **LETTERHEAD_FACTS,
    "attached": "件数報告の別紙（会場にその窓口が無ければ空）",
    "other_counts": "別紙に無い件数の見出し",
    "detail": "件数の明細のあるところ",
    "opened": "開場時刻",
    "closed": "閉場時刻",
    "manager": "現場責任者の職務に就いた者（代行者は代行と付く）",
    "weather": "天候",
    "issued": "番号札の発行数",
    "called": "呼び出した番号札",
    "done": "完了した番号札",
    "cards": "完了した番号札の枚数",
    "booked": "予約の枠（人）",
    "booked_cards": "予約の枠（枚）",
    "came": "予約のある来庁者",
    "not_come": "予約の未来庁（枠を取り込んだ日）",
    "walk_in": "予約のない来庁者",
    "assist": "合理的配慮の希望",
    "accommodations": "合理的配慮の手段別の件数",
    "wait_mean": "待ち時間の平均（全体）",
    "wait_max": "待ち時間の最大（全体）",
    "attended": "従事者数",
    "absent": "欠勤",
    "late": "遅刻",
    "break_short": "休憩不足の人数",
    "officials": "市職員の最多人数",
    "officials_absent": "市職員の不在（受付時間中）",
    "charge_vacant": "現場責任者の不在（受付時間中）",
    "moves": "配分変更の回数",
    "allocation": "開場時の配分",
    "ties": "台帳・端末と照合する項目の数",
    "ties_equal": "うち一致",
    "ties_differ": "うち差異",
    "ties_unread": "うち未照合",
    "seq": "最終記録の通番",
    "hash": "ハッシュ値",
}


def day_facts(record: DayRecord, site: Site) -> dict[str, str | int]:
    """Every fact of ``DAY_FACTS``; "" where there is nothing to be said."""
    lines = record.tickets
    booked = sum(s.count for s in record.slots)
    came = sum(t.appointment is not None for t in lines)
    waited = [t.wait_s for t in lines if t.called_at and t.wait_s is not None]
    days = record.staff_days
    return {
        "day": wareki(record.day),
        "revision": record.revision,
        "unfinished": "" if record.closed_at else "閉場前の途中集計",
        **letterhead_facts(site, record.day),
        "attached": "別紙（仕様書7(3)ア〜ウ）" if (apart := site.lanes_like(*_APART)) else "",
        "other_counts": "その他の件数" if apart else "件数",
        "detail": "別紙" if apart else "上記",
        "opened": when(record.opened_at, record.day),
        "closed": when(record.closed_at, record.day),
        "manager": "、".join(_managers(record)) or BLANK,
        "weather": "、".join(_lines(record, "weather")),
        "issued": len(lines),
        "called": sum(t.called_at is not None for t in lines),
        "done": sum(t.fate == "done" for t in lines),
        "cards": sum(t.cards for t in lines if t.fate == "done"),
        "booked": booked if record.slots else "",
        "booked_cards": sum(s.count * s.cards for s in record.slots) if record.slots else "",
        "came": came,
        "not_come": sum(s.missing for s in appointment_slots(record)) if record.slots else "",
        "walk_in": len(lines) - came,
        "assist": sum(t.assist for t in lines),
        "accommodations": "、".join(f"{word} {n}件" for word, n in record.accommodations.items() if n),
        "wait_mean": span(sum(waited) // len(waited)) if waited else "",
        "wait_max": span(max(waited)) if waited else "",
        "attended": len(record.attended),
        "absent": sum(s.absent for s in days),
        "late": sum(s.late for s in days),
        "break_short": sum(s.break_short_s > 0 for s in days),
        "officials": record.officials_max,
        "officials_absent": _recorded(record.officials_absent_s),
        "charge_vacant": _recorded(record.charge_vacant_s),
        "moves": len(record.moves),
        "allocation": "　".join(_allocation(record, site)),
        "ties": len(record.ties),
        "ties_equal": sum(t.difference == 0 for t in record.ties),
        "ties_differ": sum(t.difference not in (0, None) for t in record.ties),
        "ties_unread": sum(t.difference is None for t in record.ties),
        "seq": record.seq or "-",
        "hash": record.hash if record.seq else "-",
    }


def _managers(record: DayRecord) -> Iterator[str]:
    """Who held the charge, in the order in which they took it; who is no 現場責任者 did so as a deputy."""
    roles = {s.staff: s.role for s in record.staff_days}
    for code in dict.fromkeys(h.staff for h in record.handovers if h.staff):
        yield f"{code}（{DEPUTY}）" if is_deputy(roles.get(code)) else code


def _recorded(seconds: int | None) -> str:
    return "記録なし" if seconds is None else "なし" if seconds == 0 else span(seconds)


def _allocation(record: DayRecord, site: Site) -> Iterator[str]:
    for lane in site.movable_lanes:
        found = [t for t, first in record.allocation.items() if first == lane]
        yield f"{site.lane_by_code[lane].name} {len(found)}台（{'、'.join(found) or 'なし'}）"


# ---- texts of the report (仕様書 10)


def _lines(record: DayRecord, head: str) -> tuple[str, ...]:
    written = record.report.get(head)
    return tuple(written.lines) if written else ()


def problems(record: DayRecord, site: Site) -> Table:
    return _written(record, "problems")


def remarks(record: DayRecord, site: Site) -> Table:
    return _written(record, "remarks")


def inquiry_texts(record: DayRecord, site: Site) -> Table:
    return _written(record, "inquiries")


def _written(record: DayRecord, head: str) -> Table:
    """What was written under a head: 特になし where that was chosen, 未記入 where nothing was."""
    written = record.report.get(head)
    lines = _lines(record, head)
    if not lines:
        return Table([{"text": NOTHING if written and written.none else BLANK, "written": ""}])
    return Table([{"text": f"・{line}" if len(lines) > 1 else line, "written": line} for line in lines])


def doubts(record: DayRecord, site: Site) -> Table:
    """What in the records should be looked at before the report is handed in."""
    return Table([{"text": f"・{doubt}"} for doubt in record.doubts])


def inquiries(record: DayRecord, site: Site) -> Table:
    return Table([{"topic": topic, "count": n} for topic, n in record.inquiries.items() if n])
