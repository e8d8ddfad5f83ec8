"""Facts of a day that a layout may print in its sentences, and the texts written under the heads of the report."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from floorctl.common.lengths import mean_s, span
from floorctl.common.words import BLANK, NOTHING, hm, wareki
from floorctl.documents.day.counts import allocated, appointment_slots
from floorctl.documents.day.people import DEPUTY, is_deputy
from floorctl.documents.day.record import DayRecord
from floorctl.documents.layout.letterhead import LETTERHEAD_FACTS, letterhead_facts
from floorctl.documents.layout.material import Fact, Row, Tables, meanings, values
from floorctl.documents.layout.plain import NOTHING_RECORDED, recorded_span, when
from floorctl.models.board.target_kept import by_lane, share_sentence
from floorctl.models.site.site import Site

WRITTEN: Tables[DayRecord] = Tables()


def _separate(site: Site) -> bool:
    """Return whether the site has a lane with a count sheet of its own (仕様書 7(3)ア to ウ)."""
    return bool(site.lanes_like("issuance", "certificate", "application"))


def _waits_s(record: DayRecord) -> list[int]:
    return [t.wait_s for t in record.tickets if t.called_at and t.wait_s is not None]


def _managers(record: DayRecord) -> Iterator[str]:
    """Yield who held the charge, in the order of taking it; anybody but a 現場責任者 is marked as a deputy."""
    roles = {s.staff: s.role for s in record.staff_days}
    for code in dict.fromkeys(h.staff for h in record.handovers if h.staff):
        yield f"{code}（{DEPUTY}）" if is_deputy(roles.get(code)) else code


def _acting(record: DayRecord) -> Iterator[str]:
    """Yield who took the charge of 統括責任者, and when, with the mark of acting (仕様書 5(1))."""
    for a in record.acting:
        yield f"{when(a.at, record.day)}から {a.staff or '代理なし'}{'（代理）' if a.deputy else ''}"


def _allocation(record: DayRecord, site: Site) -> Iterator[str]:
    for lane, terminals in allocated(record, site).items():
        yield f"{site.lane_by_code[lane].name} {len(terminals)}台（{'、'.join(terminals) or 'なし'}）"


def _visitors(record: DayRecord) -> str:
    """Return the visitors with a number, those with an appointment and those without; 記録なし where nobody recorded it.

    Numbers that were given by hand have no appointment: without one on the day, and without its slots, none is known.
    """
    tickets = record.tickets
    if not tickets and any(record.tallied.values()):
        return f"{NOTHING_RECORDED}（件数だけの記録）"
    came = sum(t.appointment is not None for t in tickets)
    told = f"番号札 {len(tickets)}人（うち完了 {sum(t.fate == 'done' for t in tickets)}人）　予約あり "
    if tickets and not came and not record.slots and not record.from_machine:
        return f"{told}{NOTHING_RECORDED}"
    return f"{told}{came}人　予約なし {len(tickets) - came}人"


def _assisted(record: DayRecord) -> str:
    """Return how many asked for an accommodation; 記録なし where no number was given by the ticket machine."""
    n = sum(t.assist for t in record.tickets)
    if n == 0 and not record.from_machine and (record.tickets or any(record.tallied.values())):
        return NOTHING_RECORDED
    return f"希望 {n}人"


def _card_stock(record: DayRecord) -> str:
    c = record.card_stock
    return f"受領 {c.received:,}枚　交付 {c.issued:,}枚　返却 {c.returned:,}枚　残 {c.left:,}枚" if c else ""


def _counted(by_word: dict[str, int]) -> str:
    return "、".join(f"{word} {n}件" for word, n in by_word.items() if n)


def _referrals(record: DayRecord, site: Site) -> str:
    """Return the referrals by desk, and how many have no word of it: those counted as pieces of work alone."""
    all_of_them = sum(record.work.get(item, 0) for item in site.items_like("other_desk_referral"))
    return _counted({**record.referrals, "行き先の記録なし": max(0, all_of_them - sum(record.referrals.values()))})


def _custody(record: DayRecord) -> str:
    taken, returned = record.custody
    return f"障害の間に預かったカード {taken}枚　返却 {returned}枚" if taken or returned else ""


def crew(record: DayRecord) -> str:
    """Return the people at work, absent, late and short of breaks; 記録なし where nobody recorded any."""
    days = record.staff_days
    if not days and not record.attended:
        return NOTHING_RECORDED
    absent, late = sum(s.absent for s in days), sum(s.late for s in days)
    short = sum(s.break_short_s > 0 for s in days)
    return f"{len(record.attended)}人（欠勤 {absent}人、遅刻 {late}人、休憩の記録の不足 {short}人）"


def city_staff(record: DayRecord) -> str:
    """Return the most of the city's staff and for how long nobody was there; 記録なし where nobody recorded any.

    Numbers planned for the day stand behind.
    """
    planned = officials_planned(record)
    plan = f"（予定 {planned}）" if planned else ""
    if record.officials_absent_s is None:
        return f"{NOTHING_RECORDED}{plan}"
    return f"最多 {record.officials_max}人、受付時間中の不在 {recorded_span(record.officials_absent_s)}{plan}"


def officials_planned(record: DayRecord) -> str:
    """Return the planned numbers of the city's staff by time (8:30 2人、12:00 1人); "" without a plan."""
    return "、".join(f"{hm(x.starts)} {x.present}人" for x in record.officials_plan)


# Meaning and value of each fact; those of the letterhead stand between the two parts.
_HEAD: dict[str, Fact[DayRecord]] = {
    "day": ("報告対象日", lambda r, _: wareki(r.day)),
    "revision": ("版", lambda r, _: r.revision),
    "unfinished": ("閉場前の途中集計（閉場後は空）", lambda r, _: "" if r.closed_at else "閉場前の途中集計"),
}
_BODY: dict[str, Fact[DayRecord]] = {
    "attached": (
        "件数報告の別紙（会場にその窓口がなければ空）",
        lambda _, site: "別紙（仕様書7(3)ア〜ウ）" if _separate(site) else "",
    ),
    "other_counts": ("別紙にない件数の見出し", lambda _, site: "その他の件数" if _separate(site) else "件数"),
    "detail": ("件数の明細のあるところ", lambda _, site: "別紙" if _separate(site) else "上記"),
    "opened": ("開場時刻", lambda r, _: when(r.opened_at, r.day)),
    "closed": ("閉場時刻", lambda r, _: when(r.closed_at, r.day)),
    "manager": ("現場責任者の職務に就いた者（代行者は代行と付く）", lambda r, _: "、".join(_managers(r)) or BLANK),
    "acting": ("統括責任者の職務に就いた者（記録があれば）", lambda r, _: "、".join(_acting(r))),
    "weather": ("天候", lambda r, _: "、".join(_lines(r, "weather"))),
    "issued": ("番号札の発行数", lambda r, _: len(r.tickets)),
    "called": ("呼び出した番号札", lambda r, _: sum(t.called_at is not None for t in r.tickets)),
    "done": ("完了した番号札", lambda r, _: sum(t.fate == "done" for t in r.tickets)),
    "cards": ("完了した番号札の枚数", lambda r, _: sum(t.cards for t in r.tickets if t.fate == "done")),
    "booked": ("予約の枠（人）", lambda r, _: sum(x.count for x in r.slots) if r.slots else ""),
    "booked_cards": ("予約の枠（枚）", lambda r, _: sum(x.count * x.cards for x in r.slots) if r.slots else ""),
    "came": ("予約のある来庁者", lambda r, _: sum(t.appointment is not None for t in r.tickets)),
    "not_come": (
        "予約の未来庁（枠を取り込んだ日）",
        lambda r, _: sum(x.missing for x in appointment_slots(r)) if r.slots else "",
    ),
    "walk_in": ("予約のない来庁者", lambda r, _: sum(t.appointment is None for t in r.tickets)),
    "assist": ("合理的配慮の希望", lambda r, _: sum(t.assist for t in r.tickets)),
    "visitors": ("来庁者（番号札、完了、予約の有無。記録がなければ記録なし）", lambda r, _: _visitors(r)),
    "assisted": ("合理的配慮の希望（人数。記録がなければ記録なし）", lambda r, _: _assisted(r)),
    "marks": ("番号に付けた印の種類別の件数（なければ空）", lambda r, _: _counted(r.marks) if r.marks else ""),
    "accommodations": ("合理的配慮の手段別の件数", lambda r, _: _counted(r.accommodations)),
    "referrals": ("他窓口案内の行き先別の件数", _referrals),
    "custody": ("障害の間に預かったカードと返却（なければ空）", lambda r, _: _custody(r)),
    "wait_mean": ("待ち時間の平均（全体）", lambda r, _: span(mean_s(sum(w), len(w))) if (w := _waits_s(r)) else ""),
    "wait_max": ("待ち時間の最大（全体）", lambda r, _: span(max(w)) if (w := _waits_s(r)) else ""),
    "target": (
        "待ち時間の目標以内の割合（文。数える人がなければ空）",
        lambda r, site: share_sentence(site, by_lane(r.kept)),
    ),
    "attended": ("従事者数", lambda r, _: len(r.attended)),
    "absent": ("欠勤", lambda r, _: sum(s.absent for s in r.staff_days)),
    "late": ("遅刻", lambda r, _: sum(s.late for s in r.staff_days)),
    "break_short": ("休憩の記録の不足の人数", lambda r, _: sum(s.break_short_s > 0 for s in r.staff_days)),
    "crew": ("従事者（人数と欠勤・遅刻・休憩の記録の不足、記録がなければ記録なし）", lambda r, _: crew(r)),
    "officials": ("市職員の最多人数", lambda r, _: r.officials_max),
    "officials_planned": ("市職員の予定の人数（時刻ごと、なければ空）", lambda r, _: officials_planned(r)),
    "city_staff": ("市職員（最多人数と不在、記録がなければ記録なし、予定があれば付く）", lambda r, _: city_staff(r)),
    "officials_absent": ("市職員の不在（受付時間中）", lambda r, _: recorded_span(r.officials_absent_s)),
    "charge_vacant": ("現場責任者の不在（受付時間中）", lambda r, _: recorded_span(r.charge_vacant_s)),
    "moves": ("配分変更の回数", lambda r, _: len(r.moves)),
    "allocation": ("開場時の配分", lambda r, site: "　".join(_allocation(r, site))),
    "card_stock": ("カード在庫の照合（照合していなければ空）", lambda r, _: _card_stock(r)),
    "ties": ("台帳・端末と照合する項目の数", lambda r, _: len(r.ties)),
    "ties_equal": ("うち一致", lambda r, _: sum(t.difference == 0 for t in r.ties)),
    "ties_differ": ("うち差異", lambda r, _: sum(t.difference not in (0, None) for t in r.ties)),
    "ties_unread": ("うち未照合", lambda r, _: sum(t.difference is None for t in r.ties)),
    "seq": ("最終記録の通し番号", lambda r, _: r.seq or "-"),
    "hash": ("ハッシュ値", lambda r, _: r.hash if r.seq else "-"),
}
DAY_FACTS = meanings(_HEAD) | LETTERHEAD_FACTS | meanings(_BODY)


def day_facts(record: DayRecord, site: Site) -> dict[str, str | int]:
    """Return the value of every fact of ``DAY_FACTS``; "" if there is nothing to report."""
    found = letterhead_facts(site, record.day) | values(_HEAD | _BODY, record, site)
    return {key: found[key] for key in DAY_FACTS}


# ---- texts of the report (仕様書 10)


def _lines(record: DayRecord, head: str) -> tuple[str, ...]:
    written = record.report.get(head)
    return tuple(written.lines) if written else ()


@WRITTEN.table("inquiries", topic="内容", count="件数")
def _inquiries(record: DayRecord, site: Site) -> Iterator[Row]:
    return ({"topic": topic, "count": n} for topic, n in record.inquiries.items() if n)


def _written(head: str, record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the lines under a head; else 特になし if that was chosen, 未記入 if nothing was written."""
    written, lines = record.report.get(head), _lines(record, head)
    for line in lines:
        yield {"text": f"・{line}" if len(lines) > 1 else line, "written": line}
    if not lines:
        yield {"text": NOTHING if written and written.none else BLANK, "written": ""}


for _table, _head in (("inquiry_texts", "inquiries"), ("problems", "problems"), ("remarks", "remarks")):
    _keys = {"text": "記載（特になし・未記入を含む）", "written": "記載"}
    WRITTEN.table(_table, _keys)(partial(_written, _head))


@WRITTEN.table("doubts", text="記録から確かめる点")
def _doubts(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the doubts that are not written under 問題点 anyway."""
    written = {line for head in record.report for line in _lines(record, head)}
    return ({"text": f"・{doubt}"} for doubt in record.doubts if doubt not in written)
