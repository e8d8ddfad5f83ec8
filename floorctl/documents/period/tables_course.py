"""Data tables of the longer documents: moves, hand-overs, troubles, what people asked, people and who is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from floorctl.common.words import DECISIONS, INCIDENT_CATEGORIES, INCIDENT_STATES, NOTHING, REPORT_HEADS, WEEKDAYS
from floorctl.documents.layout.material import TOTAL, Row, Table, TableSpec
from floorctl.documents.layout.plain import span
from floorctl.documents.period.drafts import lane_loads, operators
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.tables_time import lanes_of, mean
from floorctl.models.register.outages import PLANNED
from floorctl.models.site.site import Site

Make = Callable[[PeriodRecord, Site], Table]

# ---- moves and hand-overs

_MOVES = {
    "from": "変更前の窓口",
    "to": "変更後の窓口",
    "n": "回数",
    "from_before": "変更前の窓口の待ち人数、変更時（平均）",
    "from_after": "同、30分後（平均）",
    "to_before": "変更後の窓口の待ち人数、変更時（平均）",
    "to_after": "同、30分後（平均）",
}


def _moves(record: PeriodRecord, site: Site) -> Table:
    names = lanes_of(site)
    rows: list[Row] = []
    for m in record.moves:
        sums = (m.origin_before, m.origin_after, m.to_before, m.to_after)
        means = [x / m.measured if m.measured else None for x in sums]
        rows.append(
            {
                "from": names.get(m.origin, m.origin),
                "to": names.get(m.to, m.to),
                "n": m.n,
                **dict(zip(("from_before", "from_after", "to_before", "to_after"), means, strict=True)),
            }
        )
    return Table(rows)


_MATTERS = {
    "matter": "事項",
    "n": "件数",
    **DECISIONS,
    "undecided": "未決",
    "taken": "対応開始まで（平均、秒）",
    "taken_max": "対応開始まで（最大、秒）",
    "settled": "決定まで（平均、秒）",
    "settled_max": "決定まで（最大、秒）",
    "over": "対応開始が目安を超えた件数",
}


def _matters(record: PeriodRecord, site: Site) -> Table:
    """The reserved matters with their sum (仕様書 7(2)), then what is counted apart (5(3)①)."""
    red = site.thresholds.escalation_red_s
    reserved = [m for m in record.matters if (found := site.matter_by_code.get(m.matter or "")) and found.reserved]
    apart = [m for m in record.matters if m not in reserved]

    def row(name: str, cases: Iterable[int]) -> Row:
        own = [record.matters[n] for n in cases]
        taken = [s for m in own for s in m.taken_s]
        settled = [s for m in own for s in m.settled_s]
        decided = {code: sum(m.outcomes.get(code, 0) for m in own) for code in DECISIONS}
        n = sum(m.n for m in own)
        return {
            "matter": name,
            "n": n,
            **decided,
            "undecided": n - sum(decided.values()),
            "taken": mean(sum(taken), len(taken)),
            "taken_max": max(taken, default=None),
            "settled": mean(sum(settled), len(settled)),
            "settled_max": max(settled, default=None),
            "over": sum(s > red for s in taken),
        }

    def name(code: str | None) -> str:
        matter = site.matter_by_code.get(code or "")
        return matter.name if matter else code or "事項不明"

    rows = [row(name(m.matter), [record.matters.index(m)]) for m in reserved]
    rows.append(row("計（公権力の行使）", [record.matters.index(m) for m in reserved]) | {TOTAL: 1})  # type: ignore[operator]
    rows += [row(f"{name(m.matter)}（別掲）", [record.matters.index(m)]) for m in apart]
    return Table(rows)


# ---- incidents and outages

_INCIDENTS = {
    "code": "番号",
    "category": "種別",
    "summary": "概要・対応・再発防止",
    "occurred": "発生",
    "found": "発見",
    "reported": "市へ報告",
    "closed": "終結",
    "state": "状態",
    "open": "終結していなければ 1",
}


def _incidents(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = []
    for i in sorted(record.incidents, key=lambda i: (i.occurred_at, i.code)):
        about = [site.service_by_code[s].short for s in i.services if s in site.service_by_code] + list(i.terminals)
        parts = [i.summary, f"対象: {'、'.join(about)}" if about else ""]
        parts += [f"応急処置: {i.measures}" if i.measures else "", f"再発防止: {i.prevention}" if i.prevention else ""]
        rows.append(
            {
                "code": i.code,
                "category": INCIDENT_CATEGORIES[i.category],
                "summary": "　".join(p for p in parts if p),
                "occurred": i.occurred_at,
                "found": i.found_at,
                "reported": i.reported_at,
                "closed": i.closed_at,
                "state": INCIDENT_STATES[i.state],
                "open": int(i.state != "closed"),
            }
        )
    return Table(rows)


_OUTAGES = {"service": "業務", "cause": "原因", "incident": "事案の番号", "times": "回数", "minutes": "分"}


def _outages(record: PeriodRecord, site: Site) -> Table:
    """Minutes by service and cause (仕様書 12(9)③イ)."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for o in record.outages:
        found.setdefault((o.service, o.cause), []).append((o.incident or PLANNED, o.minutes))
    rows: list[Row] = [
        {
            "service": site.service_by_code[service].name if service in site.service_by_code else service,
            "cause": cause,
            "incident": "、".join(dict.fromkeys(code for code, _ in own)),
            "times": len(own),
            "minutes": sum(n for _, n in own),
        }
        for (service, cause), own in found.items()
    ]
    return Table(rows)


_STOPS = {"name": "業務・端末", "sort": "区分", "times": "回数", "minutes": "分"}


def _stops(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = []
    for sort, code, n, seconds in record.stops:
        service, terminal = site.service_by_code.get(code), site.terminal_by_code.get(code)
        named = service.name if service else terminal.name if terminal else code
        word = "受付打切り" if sort == "reception" else "端末の故障"
        rows.append({"name": named, "sort": word, "times": n, "minutes": seconds // 60})
    return Table(rows)


# ---- what people asked and what the days said

_INQUIRIES = {"topic": "内容", "n": "件数", "per_day": "1日平均"}
_LINES = {"text": "内容", "n": "日数", "dates": "日"}


def _inquiries(record: PeriodRecord, site: Site) -> Table:
    days = len(record.days)
    rows: list[Row] = [
        {"topic": topic, "n": n, "per_day": n / days if days else None} for topic, n in record.inquiries.items()
    ]
    return Table(rows)


def _lines(head: str) -> Make:
    """What the daily reports say under a head, each text once with its days; a day of 特になし says nothing here."""

    def make(record: PeriodRecord, site: Site) -> Table:
        found: dict[str, list[date]] = {}
        for day, text in record.texts[head]:
            if text != NOTHING:
                found.setdefault(text, []).append(day)
        rows: list[Row] = [
            {"text": text, "n": len(days), "dates": _dates(days)}
            for text, days in sorted(found.items(), key=lambda x: (-len(x[1]), x[1][0], x[0]))
        ]
        return Table(rows)

    return make


def _dates(days: list[date], most: int = 5) -> str:
    more = f" ほか{len(days) - most}日" if len(days) > most else ""
    return "、".join(f"{d.month}/{d.day}" for d in days[:most]) + more


# ---- people

_STAFF = {"date": "日", "staff": "従事者（符号）", "what": "区分", "detail": "内容"}


def _staff(record: PeriodRecord, site: Site) -> Table:
    s = record.staffing
    rows: list[tuple[date, int, Row]] = []
    for word, found in (("欠勤", s.absences), ("遅刻", s.lates)):
        rows += [
            (day, len(rows), {"date": day, "staff": code, "what": word, "detail": why or "-"})
            for day, code, why in found
        ]
    rows += [
        (day, len(rows), {"date": day, "staff": code, "what": "休憩の不足", "detail": f"{span(n)}（労働基準法第34条）"})
        for day, code, n in s.short
    ]
    for day, code, substitute, why, n in s.vacancies:
        stood_in = f"代替 {substitute}" if substitute else "代替なし"
        detail = "　".join(p for p in (why, stood_in, f"不在 {span(n)}") if p)
        rows.append((day, len(rows), {"date": day, "staff": code, "what": "急な欠員", "detail": detail}))
    return Table([row for _, _, row in sorted(rows, key=lambda x: x[:2])])


_NEEDS = {
    "weekday": "曜日",
    "am_persons": "午前の来庁者（見込み、1日平均）",
    "am_operators": "午前の操作者",
    "pm_persons": "午後の来庁者（見込み、1日平均）",
    "pm_operators": "午後の操作者",
    "posts": "会場案内の持ち場",
}
_LOADS = {
    "lane": "窓口",
    "persons": "見込み人数",
    "service": "平均応対時間（秒）",
    "hours": "要する時間",
    "basis": "時間の根拠",
}


def _needs(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = [
        {
            "weekday": WEEKDAYS[n.weekday],
            "am_persons": n.persons[0],
            "am_operators": n.operators[0],
            "pm_persons": n.persons[1],
            "pm_operators": n.operators[1],
            "posts": len(site.posts),
        }
        for n in operators(record, site)
    ]
    return Table(rows)


def _loads(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = [
        {
            "lane": site.lane_by_code[x.lane].title,
            "persons": x.persons,
            "service": x.service_s,
            "hours": x.hours,
            "basis": "期間中の実績" if x.measured else "サイト設定の目安",
        }
        for x in lane_loads(record, site)
    ]
    return Table(rows)


BESIDE_TABLES: dict[str, TableSpec[PeriodRecord]] = {
    "moves": TableSpec(_MOVES, _moves),
    "matters": TableSpec(_MATTERS, _matters),
    "incidents": TableSpec(_INCIDENTS, _incidents),
    "outages": TableSpec(_OUTAGES, _outages),
    "stops": TableSpec(_STOPS, _stops),
    "inquiries": TableSpec(_INQUIRIES, _inquiries),
    **{f"daily_{head}": TableSpec(_LINES, _lines(head)) for head in REPORT_HEADS if head != "weather"},
    "staff": TableSpec(_STAFF, _staff),
    "needs": TableSpec(_NEEDS, _needs),
    "loads": TableSpec(_LOADS, _loads),
}
