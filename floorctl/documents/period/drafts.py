"""Drafts of the texts in the longer documents (plan, staffing, troubles, progress) from the records. Pure.

Drafts are printed below the contractor's own words and marked as drafts. They state only what the records show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from floorctl.common.lengths import span
from floorctl.common.words import DAY_KINDS, INCIDENT_SHORT, INCIDENT_STATES, NOTHING, WEEKDAYS, clock_ja, minutes_word
from floorctl.documents.layout.names import name_of, short_names
from floorctl.documents.layout.plain import era, month_ja, short_date
from floorctl.documents.period.next_month import TARGET_LOAD, LaneLoad, Need, available_hours, loads, needs
from floorctl.documents.period.proposals import basis, proposals
from floorctl.documents.period.record import PeriodRecord
from floorctl.models.site.site import Site

BY_CONTRACTOR, BY_RECORDS = "受託者", "記録からの下書き"
# Share of the terminals' hours from which on the plan reports a shortage [J].
FULL = TARGET_LOAD


class Sentence(NamedTuple):
    """Sentence under a head, by ``BY_CONTRACTOR`` or ``BY_RECORDS``."""

    text: str
    by: str


Draft = Callable[[PeriodRecord, Site], Iterable[str]]


def sentences(record: PeriodRecord, site: Site, head: str) -> list[Sentence]:
    """Return the contractor's own words, then the drafts; 特になし alone if that was chosen."""
    own = record.written.get(head)
    if own is not None and own.none:
        return [Sentence(NOTHING, BY_CONTRACTOR)]
    draft = DRAFTS[record.sort].get(head, _nothing)
    return [
        *(Sentence(line, BY_CONTRACTOR) for line in (own.lines if own else ())),
        *(Sentence(line, BY_RECORDS) for line in draft(record, site)),
    ]


def md(day: date) -> str:
    """Return a day for running text: 9月24日（木）."""
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def listed(days: Iterable[date], most: int = 8) -> str:
    """Return days in a row; those beyond ``most`` are counted."""
    days = list(days)
    more = f" ほか{len(days) - most}日" if len(days) > most else ""
    return "、".join(map(md, days[:most])) + more


# ---- 進捗, 実績


def progress(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield tickets issued and served, cases against the forecast, days without records, agreed days."""
    n = len(record.days)
    planned = len(record.open_days)
    per_day = f"（1日平均 受付{record.issued / n:.1f}人、完了{record.served / n:.1f}人）" if n else ""
    yield f"開場{planned}日のうち記録のある日は{n}日。受付{record.issued:,}人、完了{record.served:,}人{per_day}。"
    came = [(c.forecast, c.actual) for c in record.compared if c.actual is not None and c.forecast is not None]
    for name, word in (("cert_renewals", "電子証明書更新"), ("card_renewals", "交付（更新）")):
        expected, actual = sum(getattr(f, name) for f, _ in came), sum(a[name] for _, a in came if a)
        if expected:
            first, last = came[0][0].month, came[-1][0].month
            yield (
                f"{word}は{month_ja(first)}から{month_ja(last)}までの実績{actual:,}件、見込み{expected:,}件に対し{100 * actual / expected:.1f}％。"
                if first != last
                else f"{word}は実績{actual:,}件、見込み{expected:,}件に対し{100 * actual / expected:.1f}％。"
            )
    if record.missing:
        yield f"開場日のうち記録のない日: {listed(record.missing)}。"
    for o in record.agreed:
        yield f"{DAY_KINDS[o.kind]} {md(o.date)}: {o.reason}（{md(o.agreed_on)}に{o.agreed_with}と協議）。"


# ---- 翌月計画


def plan(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield the plan of the period ahead: open days, forecast, terminal hours, crowded days, outages, duties."""
    ahead = record.ahead
    if ahead is None:
        yield "契約期間の終了後のため、計画の対象となる期間はありません。"
        return
    days = ahead.open_days
    saturdays = sum(d.date.weekday() == 5 for d in days)
    extra = [d.date for d in days if d.kind == "extra"]
    yield (f"開場は{len(days)}日（うち土曜{saturdays}日" + (f"、追加就業日 {listed(extra)}" if extra else "") + "）。")
    lanes = lane_loads(record, site)
    if ahead.months and days:
        certs, cards = sum(m.cert_renewals for m in ahead.months), sum(m.cards for m in ahead.months)
        factor = (
            record.growth(site.service_by_code[record.renewal_services[0]].lane) if record.renewal_services else 1.0
        )
        growth = f"、今期の実績の{factor:.2f}倍" if factor != 1.0 else ""
        yield (
            f"見込みは電子証明書更新{certs:,}件（1日{certs / len(days):.1f}件{growth}）、"
            f"個人番号カード交付{cards:,}枚（1日{cards / len(days):.1f}枚）。"
        )
    if lanes and days:
        needed, there = sum(x.hours for x in lanes), available_hours(site, days)
        parts = "、".join(f"{site.lane_by_code[x.lane].name}{x.hours:,.0f}時間" for x in lanes)
        verdict = ""
        if needed > there:
            verdict = "。全台でも足りない見込みのため、受付の平準化と追加就業日を協議したい"
        elif needed > FULL * there:
            verdict = "。余裕がないため、配分の変更と開場時からの全台稼働を前提とする"
        yield (
            f"統合端末の応対に要する時間は{needed:,.0f}時間（{parts}）で、全台の受付時間{there:,.0f}時間の"
            f"{100 * needed / there:.0f}％{verdict}。"
        )
    if ahead.after_break:
        crowded = "、".join(f"{md(day)}（{n}日間の休みの後）" for day, n in ahead.after_break[:8])
        yield f"混雑が見込まれる日: {crowded}。開場時から統合端末を全台稼働し、会場案内を手厚くする。"
    if ahead.venue_only:
        venue = site.venue_on(ahead.first).short
        yield f"{venue}のみ開場する日: {listed(ahead.venue_only)}。本庁舎は閉庁のため、{site.other_desk.name}への案内はできない。"
    for o in ahead.outages:
        names = "・".join(short_names(site, o.services))
        yield f"計画停止: {md(o.from_at.date())}{clock_ja(o.from_at)}から{md(o.until_at.date())}{clock_ja(o.until_at)}まで {names}（{o.reason}）。"
    if ahead.duties:
        due = "、".join(f"{d.name}（{era(d.about)}）{d.due.month}月{d.due.day}日" for d in ahead.duties[:6])
        more = f" ほか{len(ahead.duties) - 6}件" if len(ahead.duties) > 6 else ""
        yield f"期間中に期限の来る提出物: {due}{more}。"


def lane_loads(record: PeriodRecord, site: Site) -> list[LaneLoad]:
    """Return what the forecast asks of the lanes that share terminals, as persons and hours."""
    if record.ahead is None:
        return []
    handed = record.card_tickets
    return loads(
        site,
        record.ahead,
        record.services,
        record.issued_by_lane,
        record.renewals,
        record.cards_handed / handed if handed else 1.0,
    )


# ---- 要員計画


def operators(record: PeriodRecord, site: Site) -> list[Need]:
    """Return the operators needed at the shared terminals by weekday and half day."""
    return needs(site, record.cells, [d.day for d in record.days], record.services, record.growth)


def staffing(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield the operators needed ahead, person-days worked, absences, and changes of staff that are due."""
    found = operators(record, site)
    if found:
        most = max(found, key=lambda x: max(x.operators))
        half = "午前" if most.operators[0] >= most.operators[1] else "午後"
        n = max(most.operators)
        terminals = sum(len(t.lanes) > 1 for t in site.terminals)
        short = (
            f"。統合端末{terminals}台では{n - terminals}台分不足する見込みのため、受付の平準化と追加就業日を協議したい"
            if n > terminals
            else ""
        )
        yield (
            f"統合端末の操作者は、{WEEKDAYS[most.weekday]}曜日の{half}が最も多く{n}人を要する見込み{short}。"
            f"これに会場案内{len(site.posts)}の持ち場と休憩の交替要員を加える。"
        )
    s, n = record.staffing, len(record.days)
    if s.person_days and n:
        share = 100 * len(s.absences) / (s.person_days + len(s.absences))
        yield (
            f"配置の実績は延べ{s.person_days:,}人日（1日平均{s.person_days / n:.1f}人）。欠勤{len(s.absences)}件（{share:.1f}％）、"
            f"遅刻{len(s.lates)}件、休憩の不足{len(s.short)}件、急な欠員{len(s.vacancies)}件。"
        )
    if s.short:
        total = sum(x for _, _, x in s.short)
        yield f"休憩の不足が合わせて{minutes_word(total)}あるため、休憩の交替表を見直す（労働基準法第34条）。"
    moves = [d for d in record.ahead.duties if d.duty == "staff_change"] if record.ahead else []
    for d in moves:
        yield f"従事者の変更: {d.about}（届出期限 {d.due.month}月{d.due.day}日）。"


# ---- 課題, 未完了案件


def issues(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield what is not finished, then what exceeded its target."""
    yield from open_cases(record, site)
    yield from troubles(record, site)


def open_cases(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield what is not finished: incidents, duties, unsettled ledger differences, days without a report."""
    for i in record.incidents:
        if i.state != "closed":
            yield f"{i.code} {INCIDENT_SHORT[i.category]}: {i.summary}（発生 {short_date(i.occurred_at.date())}、{INCIDENT_STATES[i.stage]}、終結していない）。"
    yield from _late(record)
    for work in record.work.values():
        if work.differing:
            name = name_of(site.work_item_by_code, work.item)
            yield f"台帳との照合で{name}に差のある日が{len(work.differing)}日（合わせて{sum(n for _, n, _ in work.differing):+,}件）。"
    if record.missing:
        yield f"開場日のうち記録のない日が{len(record.missing)}日。"
    if unclosed := [d.day for d in record.days if not d.reported]:
        yield f"日次報告書を締めていない日が{len(unclosed)}日（{listed(unclosed, 4)}）。"


def troubles(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield what exceeded its target, with figures: waits, outages, recurring problems, vacancies."""
    for lane, w in record.waits.items():
        target = site.wait_target_s(lane)
        if w.p90_s is not None and w.p90_s > target:
            name = name_of(site.lane_by_code, lane, "title")
            yield f"{name}の待ち時間の90％値が{minutes_word(w.p90_s)}で、目標の{minutes_word(target)}を超えた（最大{minutes_word(w.max_s)}）。"
    if lost := {s: n for s, n in record.lost.items() if n}:
        services = "、".join(f"{site.service_by_code[s].short}{n:,}分" for s, n in lost.items())
        yield f"障害・計画停止により受付のできなかった時間: {services}（原因の内訳は別表。仕様書12(9)③イ）。"
    yield from _recurring(record)
    s = record.staffing
    if s.charge_vacant_s:
        yield f"受付時間中に現場責任者の職務を担う人の記録がない時間が合わせて{span(s.charge_vacant_s)}。"
    if s.officials_absent_s:
        yield f"受付時間中に市職員の在席がない時間が合わせて{span(s.officials_absent_s)}（仕様書7(2)）。"
    if uncovered := sum(x for *_, x in s.vacancies):
        yield f"急な欠員の間、代わりの人のいない時間が合わせて{span(uncovered)}（仕様書5(4)②）。"


def _recurring(record: PeriodRecord) -> Iterator[str]:
    """Yield 問題点 that several daily reports repeat, ignoring the figures in them."""
    found: dict[str, list[date]] = {}
    for day, text in record.texts["problems"]:
        if text != NOTHING:
            found.setdefault("".join(c for c in text if not c.isdigit()), []).append(day)
    texts = {"".join(c for c in text if not c.isdigit()): text for _, text in record.texts["problems"]}
    for key, days in sorted(found.items(), key=lambda x: (-len(x[1]), x[1])):
        if len(days) > 1:
            yield f"日次報告書の問題点で{len(days)}日繰り返した事項: {texts[key]}（{listed(days, 4)}）"


def _late(record: PeriodRecord) -> Iterator[str]:
    """Yield the duties submitted late and those overdue."""
    late = Counter(d.name for d in record.duties if d.late)
    overdue = Counter(d.name for d in record.duties if d.state == "overdue")
    if late:
        yield f"期限後の提出: {'、'.join(f'{name} {n}件' for name, n in late.items())}。"
    if overdue:
        yield f"提出の記録がなく期限を過ぎたもの: {'、'.join(f'{name} {n}件' for name, n in overdue.items())}。"


def improvements(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield the days that the proposals rest on, then the proposals; nothing without a proposal."""
    found = list(proposals(record, site))
    if found:
        yield basis(record)
        yield from found


def hand_over(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield what the successor must know: troubles, how to hand over the file and verify its chain (仕様書 11)."""
    yield from troubles(record, site)
    if record.seq:
        yield (
            f"記録は1つの SQLite ファイルにあり、追記だけで変更されない。この文書の時点の最終記録は通番{record.seq:,}、"
            f"ハッシュ値は末尾の「記録の照合」のとおり。"
        )
        yield (
            "引渡しは floorctl backup で作った写しにより、受け取った側は floorctl doctor --full --head 通番:ハッシュ値 で"
            "改変のないことを確かめる。"
        )
    yield "記録に個人番号・氏名などの個人情報は含まない。従事者は符号で表し、氏は記録の外の表にあり、引渡しの前に消去できる（floorctl roster erase-names）。"
    if record.cards is not None:
        day, count = record.cards
        yield f"カード在庫は{md(day)}の照合で残{count.left:,}枚。引渡しの日に数を改めて照合する。"


def _nothing(record: PeriodRecord, site: Site) -> Iterable[str]:
    """Draft nothing: this head has tables."""
    return ()


# Heads of each document in their order (仕様書 9, 10, 11), as in ``period.written``, and the draft of each.
DRAFTS: dict[str, dict[str, Draft]] = {
    "month": {
        "progress": progress,
        "results": _nothing,
        "next_month": plan,
        "staffing": staffing,
        "improvements": improvements,
        "issues": issues,
    },
    "year": {"results": progress, "issues": issues, "improvements": improvements},
    "contract": {"status": progress, "open_cases": open_cases, "remarks": hand_over},
}
