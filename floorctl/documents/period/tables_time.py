"""Data tables of the longer documents: what came to the counters by day, month, hour and weekday.

Native values by key; layout and wording of columns stand in the template. ``period_xlsx`` gathers all tables.
"""

from __future__ import annotations

from collections.abc import Iterable

from floorctl.common.words import DAY_KINDS, WEEKDAYS
from floorctl.documents.day.record import Waits
from floorctl.documents.layout.material import Row, Table, TableSpec
from floorctl.documents.layout.plain import month_ja, month_short
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.sums import Cell as Flow
from floorctl.models.site.site import Site


def minutes(seconds: int | None) -> float | None:
    """Seconds as minutes with one decimal, floored: what a chart can draw."""
    return None if seconds is None else seconds * 10 // 60 / 10


def mean(total: int, n: int) -> int | None:
    """A mean floored; None of nothing."""
    return total // n if n else None


def lanes_of(site: Site) -> dict[str, str]:
    return {x.code: x.name for x in site.lanes}


def spread(stem: str, values: dict[str, int] | dict[str, float | None] | dict[str, int | None]) -> Row:
    """A key for each code: ``served.issuance`` and so on."""
    return {f"{stem}.{code}": value for code, value in values.items()}


# ---- days and months

_DAYS = {
    "label": "月/日と曜日",
    "date": "日付",
    "kind": "開場の区分（平日・土曜開場・追加就業日など）",
    "state": "記録の状態（記録なし、未締めなど。問題がなければ空）",
    "issued": "受付（番号札）",
    "served": "完了",
    "other_ends": "未了・市の窓口・不在・帰宅・終わりの記録なしの計",
    "served.*": "窓口別の完了",
    "called.*": "窓口別の呼出し（待ちを測れたもの）",
    "wait_mean.*": "窓口別の平均待ち（秒）",
    "wait_max.*": "窓口別の最大待ち（秒）",
    "wait_min.*": "窓口別の平均待ち（分、小数）",
    "longest_min.*": "窓口別の最大待ち（分、小数）",
    "waiting_max": "同時に待った最多人数（1つの窓口で）",
    "moves": "配分変更の回数",
    "escalations": "市職員への引継ぎ",
    "attended": "従事者の人数",
    "absent": "欠勤",
}


def _days(record: PeriodRecord, site: Site) -> Table:
    """Every day that is open by the calendar or that had visitors; what is to come is not there."""
    kinds = {d.date: d.kind for d in record.calendar}
    by_day = {d.day: d for d in record.days}
    shown = sorted({*by_day, *record.missing})
    rows: list[Row] = []
    for day in shown:
        row: dict[str, object] = {
            "label": f"{day.month}/{day.day} {WEEKDAYS[day.weekday()]}",
            "date": day,
            "kind": DAY_KINDS[kinds[day]],
        }
        found = by_day.get(day)
        if found is None:
            rows.append({**row, "state": "記録なし"})  # type: ignore[dict-item]
            continue
        state = "" if found.reported else "未締め"
        more = {
            "state": "閉場日の記録" if day in record.unplanned else state,
            "issued": found.issued,
            "served": found.done,
            "other_ends": sum(found.fates[1:]),
            "waiting_max": found.waiting_max,
            "moves": found.moves,
            "escalations": found.escalations,
            "attended": found.attended,
            "absent": found.absent,
            **spread("served", found.served),
            **spread("called", {lane: w.n for lane, w in found.waits.items()}),
            **_waits_by_lane(found.waits),
        }
        rows.append(row | more)  # type: ignore[arg-type]
    return Table(rows, lanes_of(site))


def _waits_by_lane(waits: dict[str, Waits]) -> Row:
    return {
        **spread("wait_mean", {lane: w.mean_s for lane, w in waits.items()}),
        **spread("wait_max", {lane: w.max_s for lane, w in waits.items()}),
        **spread("wait_min", {lane: minutes(w.mean_s) for lane, w in waits.items()}),
        **spread("longest_min", {lane: minutes(w.max_s) for lane, w in waits.items()}),
    }


_MONTHS = {
    "month": "年月",
    "label": "年月（短く、R8.9）",
    "open_days": "開場日（暦）",
    "days": "記録のある日",
    "issued": "受付",
    "served": "完了",
    "per_day": "1日平均の受付",
    "served.*": "窓口別の完了",
    "wait_mean.*": "窓口別の平均待ち（秒）",
    "wait_max.*": "窓口別の最大待ち（秒）",
    "wait_min.*": "窓口別の平均待ち（分、小数）",
    "longest_min.*": "窓口別の最大待ち（分、小数）",
    "moves": "配分変更の回数",
    "escalations": "市職員への引継ぎ",
    "person_days": "延べ人日",
    "absent": "欠勤",
}


def _months(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = []
    open_days: dict[str, int] = {}
    for d in record.open_days:
        open_days[f"{d.date:%Y-%m}"] = open_days.get(f"{d.date:%Y-%m}", 0) + 1
    for month in sorted({f"{d.day:%Y-%m}" for d in record.days} | {f"{d:%Y-%m}" for d in record.missing}):
        own = [d for d in record.days if f"{d.day:%Y-%m}" == month]
        flows = _by_lane([c for c in record.cells if f"{c.day:%Y-%m}" == month], site)
        rows.append(
            {
                "month": month_ja(month),
                "label": month_short(month),
                "open_days": open_days.get(month, 0),
                "days": len(own),
                "issued": sum(d.issued for d in own),
                "served": sum(d.done for d in own),
                "per_day": sum(d.issued for d in own) / len(own) if own else None,
                "moves": sum(d.moves for d in own),
                "escalations": sum(d.escalations for d in own),
                "person_days": sum(d.attended for d in own),
                "absent": sum(d.absent for d in own),
                **spread("served", {lane: sum(d.served.get(lane, 0) for d in own) for lane in lanes_of(site)}),
                **_flow_waits(flows),
            }
        )
    return Table(rows, lanes_of(site))


# ---- hours and weekdays


def _by_lane(cells: Iterable[Flow], site: Site) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {lane: [] for lane in lanes_of(site)}
    for c in cells:
        found.setdefault(c.lane, []).append(c)
    return found


def _flow_waits(flows: dict[str, list[Flow]]) -> Row:
    means = {lane: mean(sum(c.wait_s for c in own), sum(c.waited for c in own)) for lane, own in flows.items()}
    longest = {
        lane: max((c.wait_max_s for c in own), default=None) if any(c.waited for c in own) else None
        for lane, own in flows.items()
    }
    return {
        **spread("wait_mean", means),
        **spread("wait_max", longest),
        **spread("wait_min", {lane: minutes(s) for lane, s in means.items()}),
        **spread("longest_min", {lane: minutes(s) for lane, s in longest.items()}),
    }


_FLOW = {
    "issued": "受付",
    "called": "呼出し",
    "served": "完了",
    "issued.*": "窓口別の受付",
    "called.*": "窓口別の呼出し",
    "served.*": "窓口別の完了",
    "issued_per_day.*": "窓口別の受付、1日平均",
    "wait_mean.*": "窓口別の平均待ち（秒）",
    "wait_max.*": "窓口別の最大待ち（秒）",
    "wait_min.*": "窓口別の平均待ち（分、小数）",
    "longest_min.*": "窓口別の最大待ち（分、小数）",
}
_HOURS = {"hour": "時間帯", **_FLOW}
_WEEKDAYS = {"weekday": "曜日", "days": "日数", "per_day": "1日平均の受付", **_FLOW}


def _flow(cells: list[Flow], days: int, site: Site) -> Row:
    flows = _by_lane(cells, site)
    sums = {name: {lane: sum(getattr(c, name) for c in own) for lane, own in flows.items()} for name in _COUNTED}
    return {
        **{name: sum(by_lane.values()) for name, by_lane in sums.items()},
        **{key: value for name, by_lane in sums.items() for key, value in spread(name, by_lane).items()},
        **spread("issued_per_day", {lane: n / days if days else None for lane, n in sums["issued"].items()}),
        **_flow_waits(flows),
    }


_COUNTED = ("issued", "called", "served")


def _hours(record: PeriodRecord, site: Site) -> Table:
    """Each hour of the reception, and any other in which something happened."""
    weekday = record.first.weekday()
    windows = [site.hours(s.code, weekday) for s in site.services]
    usual = range(min(o.hour for o, _ in windows), max(c.hour + (c.minute > 0) for _, c in windows))
    hours = sorted({*usual, *(c.hour for c in record.cells)}) if record.cells else []
    rows: list[Row] = [
        {"hour": f"{h}時台", **_flow([c for c in record.cells if c.hour == h], len(record.days), site)} for h in hours
    ]
    return Table(rows, lanes_of(site))


def _weekdays(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = []
    for n, name in enumerate(WEEKDAYS):
        days = [d for d in record.days if d.day.weekday() == n]
        if days:
            own = [c for c in record.cells if c.day.weekday() == n]
            issued = sum(d.issued for d in days)
            rows.append(
                {"weekday": name, "days": len(days), "per_day": issued / len(days), **_flow(own, len(days), site)}
            )
    return Table(rows, lanes_of(site))


FLOW_TABLES: dict[str, TableSpec[PeriodRecord]] = {
    "days": TableSpec(_DAYS, _days),
    "months": TableSpec(_MONTHS, _months),
    "hours": TableSpec(_HOURS, _hours),
    "weekdays": TableSpec(_WEEKDAYS, _weekdays),
}
