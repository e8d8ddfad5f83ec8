"""Drafts of 課題 and 未完了案件: what is not finished, and what exceeded its limit, by kind with its figures. Pure.

A kind is told once, with its days, its number and its minutes, from the records; daily reports are quoted only for what
no record counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from floorctl.common.clock import business_day
from floorctl.common.lengths import length, minutes_length
from floorctl.common.words import INCIDENT_SHORT, INCIDENT_STATES, NOTHING, more_word
from floorctl.documents.day.problem_kinds import COUNTED, kind_of
from floorctl.documents.layout.names import name_of, services_word
from floorctl.documents.layout.plain import listed, short_date
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.sums import WorkSum
from floorctl.models.site.site import Site

_DAYS = 4  # so many days are named
_QUOTED = 3  # so many texts of one kind are quoted


def _days(days: Iterable[date], record: PeriodRecord) -> str:
    """Return the first days of several; in a document of two years with their years."""
    return listed(days, _DAYS, years=record.sort == "contract")


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
    if differing := [w for w in record.work.values() if w.differing]:
        parts = "、".join(f"{name_of(site.work_item_by_code, w.item)} {_difference(w)}" for w in differing)
        days = {day for w in differing for day, _, _ in w.differing}
        yield f"台帳・端末の件数と記録に差のある日が{len(days)}日（{_days(days, record)}）。差の内訳（台帳・端末 − 記録）: {parts}。"
    if record.missing:
        yield f"開場日のうち記録のない日が{len(record.missing)}日（{_days(record.missing, record)}）。"
    if unclosed := [d.day for d in record.days if not d.reported]:
        yield f"日次報告書を締めていない日が{len(unclosed)}日（{_days(unclosed, record)}）。"


def _difference(w: WorkSum) -> str:
    """Return the differences of an item: -1件, and both signs where there are both (+1件 -2件, 3日)."""
    more, less = (sum(n for _, n, _ in w.differing if n * sign > 0) for sign in (1, -1))
    figures = " ".join(f"{n:+,}件" for n in (more, less) if n)
    return f"{figures}（{len(w.differing)}日）" if len(w.differing) > 1 else figures


def _late(record: PeriodRecord) -> Iterator[str]:
    """Yield the duties submitted late and those overdue."""
    late = Counter(d.name for d in record.duties if d.came_late)
    overdue = Counter(d.name for d in record.duties if d.state == "overdue")
    if late:
        yield f"期限後の提出: {'、'.join(f'{name} {n}件' for name, n in late.items())}。"
    if overdue:
        yield f"提出の記録がなく期限を過ぎたもの: {'、'.join(f'{name} {n}件' for name, n in overdue.items())}。"


def troubles(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield what exceeded its target or stood still, a kind each: waits, outages, stops, hand-overs, people, records."""
    for lane, w in record.waits.items():
        target, (people, days) = site.wait_target_s(lane), record.over.get(lane, (0, 0))
        if w.p90_s is not None and w.p90_s > target:
            name = name_of(site.lane_by_code, lane, "title")
            yield (
                f"{name}の待ち時間の90％値が{length(w.p90_s)}で、目標の{length(target)}を超えた（最大{length(w.max_s)}）。"
                f"目標を超えて待った人は{w.n:,}人のうち{people:,}人（{days}日）。"
            )
    if lost := {s: n for s, n in record.lost.items() if n}:
        services = "、".join(f"{name_of(site.service_by_code, s)} {minutes_length(60 * n)}" for s, n in lost.items())
        yield f"障害・計画停止により受付のできなかった時間: {services}（原因の内訳は別表。仕様書12(9)③イ）。{outage_doubt(record)}"
    yield from _stops(record, site)
    yield from _hand_overs(record, site)
    yield from _people(record)
    if odd := [d for d in record.days if d.anomalies]:
        days_with = _days((d.day for d in odd), record)
        yield f"前後の合わない記録が{sum(d.anomalies for d in odd):,}件（{len(odd)}日: {days_with}）。"
    yield from _from_reports(record)


def outage_doubt(record: PeriodRecord) -> str:
    """Return what speaks against the hours of the outages: tickets done meanwhile, days that nobody recorded."""
    served, days = record.served_in_outage
    spans = [(business_day(o.since), business_day(o.until) if o.until else record.as_of) for o in record.outages]
    blank = sum(any(since < day < until for since, until in spans) for day in record.missing)
    told = f"停止の記録の間に完了した番号札が{served:,}枚（{days}日）{'あり' if blank else 'ある'}" if served else ""
    told += f"{'、' if served else ''}記録のない開場日{blank}日を含む" if blank else ""
    return f"ただし、{told}ため、停止の時刻を確かめる必要がある。" if told else ""


def _stops(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield receptions stopped, services together that stopped together, then the failures of all terminals."""
    together: dict[tuple[int, int, tuple[date, ...]], list[str]] = {}
    for s in record.stops:
        if s.sort == "reception":
            together.setdefault((s.n, s.seconds, s.days), []).append(s.code)
    for (n, seconds, days), codes in together.items():
        names = services_word(codes, site) or "、".join(codes)
        yield f"{names}の受付の打切りが{n}回、{len(days)}日（{_days(days, record)}）、受付時間のうち計{minutes_length(seconds)}。"
    failed = sorted((s for s in record.stops if s.sort == "terminal"), key=lambda s: -s.seconds)
    if failed:
        days = tuple({day for s in failed for day in s.days})
        each = "、".join(f"{s.code} {s.n}回 {minutes_length(s.seconds)}" for s in failed)
        yield f"端末の故障が{sum(s.n for s in failed)}回、{len(days)}日（{_days(days, record)}）。端末ごとの回数と受付時間中の長さ: {each}。"


def _hand_overs(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield hand-overs to city staff that were begun later than the red limit (仕様書 7(2))."""
    limit = site.thresholds.escalation_red_s
    if over := [s for s in record.taken_s if s > limit]:
        n = sum(m.n for m in record.matters)
        yield f"市職員への引継ぎ{n:,}件のうち、対応の開始まで{length(limit)}を超えたものが{len(over)}件（最長{length(max(over))}）。"


def _people(record: PeriodRecord) -> Iterator[str]:
    """Yield gaps in the charge, of city staff and of workers; absences where no plan of people tells them (月次)."""
    s = record.staffing
    if record.sort != "month" and (s.absences or s.lates or s.short):
        short = (
            f"、休憩の記録の不足{len(s.short)}件（計{minutes_length(sum(x for *_, x in s.short))}）" if s.short else ""
        )
        yield f"従事者の欠勤{len(s.absences)}件、遅刻{len(s.lates)}件{short}。"
    if s.charge_vacant_s:
        yield f"受付時間中に現場責任者の職務を担う人の記録がない時間が合わせて{length(s.charge_vacant_s)}。"
    if s.officials_absent_s:
        yield f"受付時間中に市職員の在席がない時間が合わせて{length(s.officials_absent_s)}（仕様書7(2)）。"
    if uncovered := sum(x for *_, x in s.vacancies):
        yield f"急な欠員の間、代わりの人のいない時間が合わせて{length(uncovered)}（仕様書5(4)②）。"


def _from_reports(record: PeriodRecord) -> Iterator[str]:
    """Yield what several daily reports have under 問題点 and no record counts: a kind once, own words as written."""
    kinds: dict[str, list[date]] = {}
    own: dict[str, list[tuple[date, str]]] = {}
    for day, text in record.texts["problems"]:
        kind = kind_of(text)
        if kind:
            kinds.setdefault(kind, []).append(day)
        elif kind != COUNTED and text != NOTHING:
            own.setdefault("".join(c for c in text if not c.isdigit()), []).append((day, text))
    for kind, days in sorted(kinds.items(), key=lambda x: (-len(set(x[1])), x[1])):
        if len(set(days)) > 1:
            yield f"日次報告書の問題点によれば、{kind}日が{len(set(days))}日（{_days(days, record)}）。"
    for lines in sorted(own.values(), key=lambda x: (-len(x), x)):
        days = [day for day, _ in lines]
        if len(set(days)) > 1:
            yield f"日次報告書の問題点に{len(set(days))}日繰り返した事項: {_quoted(lines, record)}。"


def _quoted(lines: list[tuple[date, str]], record: PeriodRecord) -> str:
    """Return each text with its own days."""
    by_text: dict[str, list[date]] = {}
    for day, text in lines:
        by_text.setdefault(text.rstrip("。"), []).append(day)
    found = [f"{text}（{_days(days, record)}）" for text, days in by_text.items()]
    more = more_word(len(found) - _QUOTED)
    return "、".join(found[:_QUOTED]) + more
