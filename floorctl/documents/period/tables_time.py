"""Data tables of the longer documents: visitors and waits by day, month, hour and weekday.

Native values by key; layout and wording of columns are the template's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from floorctl.common.lengths import mean_s, tenths
from floorctl.common.words import DAY_KINDS, WEEKDAYS, month_day
from floorctl.documents.layout.material import Cell, Row, Tables
from floorctl.documents.layout.plain import month_ja, month_short
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.sums import Cell as Flow
from floorctl.models.site.site import Site


def minutes(seconds: int | None) -> float | None:
    """Return seconds as minutes with one decimal, for a chart."""
    return None if seconds is None else tenths(seconds)


def lanes_of(site: Site) -> dict[str, str]:
    """Return the name of each lane by code."""
    return {x.code: x.name for x in site.lanes}


def spread(stem: str, values: dict[str, int] | dict[str, float | None] | dict[str, int | None]) -> Row:
    """Return one key each code: ``served.issuance`` and so on."""
    return {f"{stem}.{code}": value for code, value in values.items()}


# ---- days and months


FLOW_TABLES: Tables[PeriodRecord] = Tables()
_WAITS = {
    "wait_mean.*": "窓口別の平均待ち（秒）",
    "wait_max.*": "窓口別の最大待ち（秒）",
    "wait_min.*": "窓口別の平均待ち（分、小数）",
    "longest_min.*": "窓口別の最大待ち（分、小数）",
}


@FLOW_TABLES.table(
    "days",
    {
        "label": "月/日と曜日",
        "date": "日付",
        "kind": "開場の区分（平日・土曜開場・追加就業日など）",
        "state": "記録の状態（記録なし、未締め、第2版など。問題がなければ空）",
        "issued": "受付（番号札）",
        "served": "完了",
        "other_ends": "未了・市の窓口・不在・帰宅・終わりの記録なしの計",
        "served.*": "窓口別の完了",
        "called.*": "窓口別の呼出し（待ちを測れたもの）",
        **_WAITS,
        "waiting_max": "同時に待った最多人数（1つの窓口で）",
        "moves": "配分変更の回数",
        "escalations": "市職員への引継ぎ",
        "attended": "従事者の人数",
        "absent": "欠勤",
    },
    lanes_of,
)
def _days(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield every past day that is open by the calendar or had visitors."""
    kinds = {d.date: d.kind for d in record.calendar}
    by_day = {d.day: d for d in record.days}
    for day in sorted({*by_day, *record.missing}):
        row: Row = {
            "label": f"{month_day(day)} {WEEKDAYS[day.weekday()]}",
            "date": day,
            "kind": DAY_KINDS[kinds[day]],
        }
        found = by_day.get(day)
        if found is None:
            yield {**row, "state": "記録なし"}
            continue
        edition = f"第{found.revision}版" if found.revision > 1 else ""
        state = edition if found.reported else "未締め"
        state = "閉場日の記録" if day in record.unplanned else state
        if found.counts_only:
            people = {"attended": found.attended or None, "absent": found.absent or None}
            yield {**row, "state": "・".join(filter(None, (state, "件数のみ"))), **people}
            continue
        yield {
            **row,
            "state": state,
            "issued": found.issued,
            "served": found.done,
            "other_ends": sum(found.fates[1:]),
            "waiting_max": found.waiting_max if found.queue_seen else None,
            "moves": found.moves,
            "escalations": found.escalations,
            "attended": found.attended,
            "absent": found.absent,
            **spread("served", found.served),
            **spread("called", {lane: w.n for lane, w in found.waits.items() if w.n or not found.served.get(lane)}),
            **_waits({lane: (w.mean_s, w.max_s) for lane, w in found.waits.items()}),
        }


def _waits(by_lane: Mapping[str, tuple[int | None, int | None]]) -> Row:
    """Return mean and longest wait of each lane, in seconds and in minutes with one decimal."""
    found: dict[str, Cell] = {}
    for lane, (usual_s, longest_s) in by_lane.items():
        found[f"wait_mean.{lane}"], found[f"wait_max.{lane}"] = usual_s, longest_s
        found[f"wait_min.{lane}"], found[f"longest_min.{lane}"] = minutes(usual_s), minutes(longest_s)
    return found


@FLOW_TABLES.table(
    "months",
    {
        "month": "年月",
        "label": "年月（短く、R8.9）",
        "open_days": "開場日（暦。これからの日を除く）",
        "days": "記録のある日",
        "issued": "受付",
        "served": "完了",
        "per_day": "1日平均の受付",
        "served.*": "窓口別の完了",
        **_WAITS,
        "moves": "配分変更の回数",
        "escalations": "市職員への引継ぎ",
        "person_days": "延べ人日",
        "absent": "欠勤",
    },
    lanes_of,
)
def _months(record: PeriodRecord, site: Site) -> Iterator[Row]:
    open_days = Counter(f"{d.date:%Y-%m}" for d in record.past_days)
    for month in sorted({f"{d.day:%Y-%m}" for d in record.days} | {f"{d:%Y-%m}" for d in record.missing}):
        own = [d for d in record.days if f"{d.day:%Y-%m}" == month]
        flows = _by_lane([c for c in record.cells if f"{c.day:%Y-%m}" == month], site)
        row: Row = {
            "month": month_ja(month),
            "label": month_short(month),
            "open_days": open_days[month],
            "days": len(own),
        }
        people = {"person_days": sum(d.attended for d in own), "absent": sum(d.absent for d in own)}
        if all(d.counts_only for d in own):  # how many came is not known: no 0
            yield {**row, **{key: n for key, n in people.items() if n}}
            continue
        visited = sum(d.issued > 0 for d in own)
        yield {
            **row,
            "issued": sum(d.issued for d in own),
            "served": sum(d.done for d in own),
            "per_day": sum(d.issued for d in own) / visited if visited else None,
            "moves": sum(d.moves for d in own),
            "escalations": sum(d.escalations for d in own),
            **people,
            **spread("served", {lane: sum(d.served.get(lane, 0) for d in own) for lane in lanes_of(site)}),
            **_flow_waits(flows),
        }


# ---- hours and weekdays


def _by_lane(cells: Iterable[Flow], site: Site) -> dict[str, list[Flow]]:
    """Group hours by lane; every lane of the site has a list."""
    found: dict[str, list[Flow]] = {lane: [] for lane in lanes_of(site)}
    for c in cells:
        found.setdefault(c.lane, []).append(c)
    return found


def _flow_waits(flows: dict[str, list[Flow]]) -> Row:
    found: dict[str, tuple[int | None, int | None]] = {}
    for lane, own in flows.items():
        waited = sum(c.waited for c in own)
        longest = max(c.wait_max_s for c in own) if waited else None
        found[lane] = (mean_s(sum(c.wait_s for c in own), waited), longest)
    return _waits(found)


_FLOW = {
    "issued": "受付",
    "called": "呼出し",
    "served": "完了",
    "issued.*": "窓口別の受付",
    "called.*": "窓口別の呼出し",
    "served.*": "窓口別の完了",
    "issued_per_day.*": "窓口別の受付、1日平均",
    **_WAITS,
}


def _flow(cells: list[Flow], days: int, site: Site) -> Row:
    """Return counts and waits of some hours over ``days`` days, in all and by lane."""
    flows = _by_lane(cells, site)
    sums = {name: {lane: sum(getattr(c, name) for c in own) for lane, own in flows.items()} for name in _COUNTED}
    return {
        **{name: sum(by_lane.values()) for name, by_lane in sums.items()},
        **{key: value for name, by_lane in sums.items() for key, value in spread(name, by_lane).items()},
        **spread("issued_per_day", {lane: n / days if days else None for lane, n in sums["issued"].items()}),
        **_flow_waits(flows),
    }


_COUNTED = ("issued", "called", "served")


@FLOW_TABLES.table("hours", {"hour": "時間帯", **_FLOW}, lanes_of)
def _hours(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield each hour of the reception, and any other in which something happened."""
    weekday = record.first.weekday()
    windows = [site.hours(s.code, weekday) for s in site.services]
    usual = range(min(o.hour for o, _ in windows), max(c.hour + (c.minute > 0) for _, c in windows))
    for h in sorted({*usual, *(c.hour for c in record.cells)}) if record.cells else ():
        yield {"hour": f"{h}時台", **_flow([c for c in record.cells if c.hour == h], len(record.visited), site)}


@FLOW_TABLES.table(
    "weekdays", {"weekday": "曜日", "days": "番号札のある日数", "per_day": "1日平均の受付", **_FLOW}, lanes_of
)
def _weekdays(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for n, name in enumerate(WEEKDAYS):
        days = [d for d in record.visited if d.day.weekday() == n]
        if days:
            own = [c for c in record.cells if c.day.weekday() == n]
            issued = sum(d.issued for d in days)
            yield {"weekday": name, "days": len(days), "per_day": issued / len(days), **_flow(own, len(days), site)}
