"""Data tables of the longer documents: moves, hand-overs, incidents, inquiries, staff and operators needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from floorctl.common.lengths import mean_s, minutes_span, span, whole_minutes
from floorctl.common.words import (
    DECISIONS,
    INCIDENT_CATEGORIES,
    INCIDENT_STATES,
    NOTHING,
    REPORT_HEADS,
    WEEKDAYS,
    month_day,
    more_word,
)
from floorctl.documents.day.incident_account import account
from floorctl.documents.day.problem_kinds import name_of_kind
from floorctl.documents.layout.material import TOTAL, Row, Tables
from floorctl.documents.layout.names import name_of
from floorctl.documents.layout.plain import when_dated
from floorctl.documents.period.drafts import lane_loads
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.staff_needs import operators, week_ahead
from floorctl.documents.period.sums import MatterSum
from floorctl.documents.period.tables_time import lanes_of
from floorctl.models.register.outages import PLANNED
from floorctl.models.site.site import Site

BESIDE_TABLES: Tables[PeriodRecord] = Tables()

# ---- moves and hand-overs


@BESIDE_TABLES.table(
    "moves",
    {
        "from": "変更前の窓口",
        "to": "変更後の窓口",
        "n": "回数",
        "from_before": "変更前の窓口の待ち人数、変更時（平均）",
        "from_after": "同、30分後（平均）",
        "to_before": "変更後の窓口の待ち人数、変更時（平均）",
        "to_after": "同、30分後（平均）",
    },
)
def _moves(record: PeriodRecord, site: Site) -> Iterator[Row]:
    names = lanes_of(site)
    for m in record.moves:
        sums = (m.origin_before, m.origin_after, m.to_before, m.to_after)
        means = [x / m.measured if m.measured else None for x in sums]
        yield {
            "from": names.get(m.origin, m.origin),
            "to": names.get(m.to, m.to),
            "n": m.n,
            **dict(zip(("from_before", "from_after", "to_before", "to_after"), means, strict=True)),
        }


@BESIDE_TABLES.table(
    "matters",
    matter="事項",
    n="件数",
    **DECISIONS,
    undecided="未決",
    taken="対応開始まで（平均、秒）",
    taken_max="対応開始まで（最大、秒）",
    settled="決定まで（平均、秒）",
    settled_max="決定まで（最大、秒）",
    over="対応開始が目安を超えた件数",
)
def _matters(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield the reserved matters with their sum (仕様書 7(2)), then those counted apart (5(3)①)."""
    red = site.thresholds.escalation_red_s
    reserved = [m for m in record.matters if (found := site.matter_by_code.get(m.matter or "")) and found.reserved]

    def row(name: str, *own: MatterSum) -> Row:
        taken = [s for m in own for s in m.taken_s]
        settled = [s for m in own for s in m.settled_s]
        decided = {code: sum(m.outcomes.get(code, 0) for m in own) for code in DECISIONS}
        n = sum(m.n for m in own)
        return {
            "matter": name,
            "n": n,
            **decided,
            "undecided": n - sum(decided.values()),
            "taken": mean_s(sum(taken), len(taken)),
            "taken_max": max(taken, default=None),
            "settled": mean_s(sum(settled), len(settled)),
            "settled_max": max(settled, default=None),
            "over": sum(s > red for s in taken),
        }

    def name(code: str | None) -> str:
        return name_of(site.matter_by_code, code) if code else "事項不明"

    for m in reserved:
        yield row(name(m.matter), m)
    yield {**row("計（公権力の行使）", *reserved), TOTAL: 1}
    for m in record.matters:
        if m not in reserved:
            yield row(f"{name(m.matter)}（別掲）", m)


# ---- incidents and outages


@BESIDE_TABLES.table(
    "incidents",
    code="番号",
    category="種別",
    summary="概要と、ほかの欄にない記録のすべて（対象・応急処置・再発防止・引継ぎ・追記など）",
    occurred="発生",
    found="発見",
    reported="市へ報告",
    closed="終結",
    state="状態",
    open="終結していなければ 1",
)
def _incidents(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for i in sorted(record.incidents, key=lambda i: (i.occurred_at, i.code)):
        yield {
            "code": i.code,
            "category": INCIDENT_CATEGORIES[i.category],
            "summary": account(i, site, when_dated),
            "occurred": i.occurred_at,
            "found": i.found_at,
            "reported": i.reported_at,
            "closed": i.closed_at,
            "state": INCIDENT_STATES[i.stage],
            "open": int(i.state != "closed"),
        }


@BESIDE_TABLES.table("outages", service="業務", cause="原因", incident="事案の番号", times="回数", minutes="分")
def _outages(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield minutes lost by service and cause (仕様書 12(9)③イ)."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for o in record.outages:
        found.setdefault((o.service, o.cause), []).append((o.incident or PLANNED, o.minutes))
    for (service, cause), own in found.items():
        yield {
            "service": name_of(site.service_by_code, service),
            "cause": cause,
            "incident": "、".join(dict.fromkeys(code for code, _ in own)),
            "times": len(own),
            "minutes": sum(n for _, n in own),
        }


@BESIDE_TABLES.table("stops", name="業務・端末", sort="区分", times="回数", minutes="分")
def _stops(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for s in record.stops:
        named = name_of(site.service_by_code, s.code)
        word = "受付打切り" if s.sort == "reception" else "端末の故障"
        yield {"name": named, "sort": word, "times": s.n, "minutes": whole_minutes(s.seconds)}


# ---- inquiries and daily reports


@BESIDE_TABLES.table("inquiries", topic="内容", n="件数", per_day="1日平均")
def _inquiries(record: PeriodRecord, site: Site) -> Iterator[Row]:
    days = len(record.days)
    for topic, n in record.inquiries.items():
        yield {"topic": topic, "n": n, "per_day": n / days if days else None}


def _lines(head: str, record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield each text that the daily reports have under a head once, with its days; 特になし is left out.

    Drafted lines of one kind are one row: their figures are in the tables of the period and in each daily report.
    """
    kinds: dict[str, list[tuple[date, str]]] = {}
    for day, text in record.texts[head]:
        if text != NOTHING:
            kinds.setdefault((name_of_kind(text) if head == "problems" else None) or text, []).append((day, text))
    found: dict[str, list[date]] = {}
    for name, lines in kinds.items():
        one = len({text for _, text in lines}) == 1
        found[lines[0][1] if one else f"{name}（記載 {len(lines):,}回）"] = sorted({day for day, _ in lines})
    for text, days in sorted(found.items(), key=lambda x: (-len(x[1]), x[1][0], x[0])):
        yield {"text": text, "n": len(days), "dates": _dates(days)}


for _head in REPORT_HEADS:
    if _head != "weather":
        BESIDE_TABLES.table(f"daily_{_head}", {"text": "内容", "n": "日数", "dates": "日"})(partial(_lines, _head))


def _dates(days: list[date], most: int = 5) -> str:
    more = more_word(len(days) - most, "日")
    return "、".join(map(month_day, days[:most])) + more


# ---- people


@BESIDE_TABLES.table("staff", date="日", staff="従事者（符号）", what="区分", detail="内容")
def _staff(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield absences, lateness, short breaks and vacancies by day."""
    s = record.staffing
    found = [(day, code, "欠勤", why or "-") for day, code, why in s.absences]
    found += [(day, code, "遅刻", why or "-") for day, code, why in s.lates]
    found += [(day, code, "休憩の記録の不足", f"{minutes_span(n)}（労働基準法第34条）") for day, code, n in s.short]
    for day, code, substitute, why, n in s.vacancies:
        stood_in = f"代替 {substitute}" if substitute else "代替なし"
        found.append((day, code, "急な欠員", "　".join(p for p in (why, stood_in, f"不在 {span(n)}") if p)))
    for day, code, what, detail in sorted(found, key=lambda x: x[0]):
        yield {"date": day, "staff": code, "what": what, "detail": detail}


@BESIDE_TABLES.table(
    "needs",
    weekday="曜日",
    am_persons="午前の来庁者（見込み、1日平均）",
    am_operators="午前の操作者",
    am_range="午前の操作者の幅（10日のうち8日）",
    pm_persons="午後の来庁者（見込み、1日平均）",
    pm_operators="午後の操作者",
    pm_range="午後の操作者の幅（10日のうち8日）",
    posts="会場案内の持ち場",
)
def _needs(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield the operators of each half day: the most that any half hour of it needs, with few and with many visitors."""
    for n in operators(record, site):
        yield {
            "weekday": WEEKDAYS[n.weekday],
            "am_persons": n.persons[0],
            "am_operators": n.operators[0],
            "pm_persons": n.persons[1],
            "pm_operators": n.operators[1],
            "am_range": _range(n.low[0], n.high[0]),
            "pm_range": _range(n.low[1], n.high[1]),
            "posts": len(site.posts),
        }


def _range(least: int, most: int) -> str:
    return f"{least}〜{most}" if least < most else "-"


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@BESIDE_TABLES.table(
    "needs_hours",
    {
        "hour": "時間帯",
        "lane": "窓口",
        **{key: f"{word}曜日（窓口の数）" for key, word in zip(_DAYS, WEEKDAYS, strict=True)},
    },
)
def _needs_hours(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield the windows needed by hour and lane, and weekday: the most of both half hours."""
    days = week_ahead(record, site).days
    hours = sorted({h.start_s // 3600 for day in days.values() for x in day.lanes for h in x.halves})
    for hour in hours:
        for lane in site.worked_lanes:
            cells: dict[str, int] = {}
            for weekday, day in days.items():
                own = day.of(lane)
                windows = [h.needed for h in own.halves if h.start_s // 3600 == hour] if own is not None else []
                if windows:
                    cells[_DAYS[weekday]] = max(windows)
            if cells:
                yield {"hour": f"{hour}時台", "lane": site.lane_by_code[lane].name, **cells}


@BESIDE_TABLES.table(
    "needs_lanes",
    weekday="曜日",
    lane="窓口",
    persons="来庁者（見込み）",
    windows="最も多い窓口の数",
    range="その幅（10日のうち8日）",
    kept="目標以内の割合（％）",
    p90="9割の人の待ち（秒）",
    more_kept="窓口が1つ多いとき、目標以内の割合（％）",
    more_p90="窓口が1つ多いとき、9割の人の待ち（秒）",
    less_kept="窓口が1つ少ないとき、目標以内の割合（％）",
    less_p90="窓口が1つ少ないとき、9割の人の待ち（秒）",
    people="その曜日に要る人数（会場案内と休憩の交替を含む）",
    people_range="その幅（10日のうち8日）",
)
def _needs_lanes(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield what each weekday and lane comes to with the windows needed, and with one more and one less all day."""
    for weekday, day in week_ahead(record, site).days.items():
        for n, lane in enumerate(x for x in day.lanes if x.lane in site.worked_lanes):
            less, (most, low, high) = lane.with_less, lane.peak()
            yield {
                "weekday": WEEKDAYS[weekday],
                "lane": site.lane_by_code[lane.lane].name,
                "persons": lane.persons,
                "windows": most,
                "range": _range(low, high),
                "kept": lane.with_needed.percent,
                "p90": round(lane.with_needed.p90_s),
                "more_kept": lane.with_more.percent,
                "more_p90": round(lane.with_more.p90_s),
                "less_kept": less.percent if less is not None else None,
                "less_p90": round(less.p90_s) if less is not None else None,
                "people": day.people if not n else None,
                "people_range": _range(day.low, day.high) if not n else None,
            }


@BESIDE_TABLES.table(
    "loads",
    lane="窓口",
    persons="見込み人数",
    service="平均応対時間（秒）",
    hours="要する時間",
    basis="時間の根拠",
)
def _loads(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for x in lane_loads(record, site):
        yield {
            "lane": site.lane_by_code[x.lane].title,
            "persons": x.persons,
            "service": x.service_s,
            "hours": x.hours,
            "basis": "期間中の実績" if x.measured else "会場設定の目安",
        }
