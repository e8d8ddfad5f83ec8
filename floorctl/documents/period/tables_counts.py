"""Data tables of the longer documents: tickets by service, work items and ties, waits, terminals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from floorctl.common.clock import day_seconds
from floorctl.common.lengths import mean_s, whole_minutes
from floorctl.common.words import FATE_WORDS
from floorctl.documents.day.counts import UNKNOWN
from floorctl.documents.day.ticket_lines import FATES
from floorctl.documents.layout.material import Row, Tables
from floorctl.documents.layout.names import name_of
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.tables_time import minutes
from floorctl.models.site.site import Site

COUNT_TABLES: Tables[PeriodRecord] = Tables()
MONDAY = 0


@COUNT_TABLES.table(
    "services",
    service="用件のコード",
    name="用件",
    lane="窓口のコード",
    **FATE_WORDS,
    open="終わりの記録なし",
)
def _services(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for code, fates in record.fates.items() if not record.counts_only else ():
        service = site.service_by_code.get(code) if code else None
        yield {
            "service": code or "",
            "name": service.name if service else code or UNKNOWN,
            "lane": service.lane if service else "",
            "issued": sum(fates.values()),
            **{fate: fates.get(fate, 0) for fate in FATES},
        }


@COUNT_TABLES.table(
    "work",
    item="区分のコード",
    name="区分",
    lane="窓口のコード",
    tickets="番号札による件数",
    by_hand="手集計",
    together="合計",
    ledger="照合する台帳・端末",
    tied="照合した日数",
    difference="台帳 − 記録（照合した日の計）",
    differing="差のあった日数",
)
def _work(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for code, w in record.work.items() if record.days else ():
        item = site.work_item_by_code.get(code)
        yield {
            "item": code,
            "name": item.name if item else code,
            "lane": item.lane if item else "",
            "tickets": w.total - w.by_hand,
            "by_hand": w.by_hand,
            "together": w.total,
            "ledger": (item.ledger if item else "") or "-",
            "tied": w.tied,
            "difference": w.read - w.recorded if w.tied else None,
            "differing": len(w.differing),
        }


@COUNT_TABLES.table(
    "waits",
    lane="窓口のコード",
    name="窓口",
    n="呼び出した人数",
    mean="平均（秒）",
    p90="90％値（秒）",
    max="最大（秒）",
    target="目標（秒）",
    service="平均応対時間（秒）",
)
def _waits(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for code, w in record.waits.items() if not record.counts_only else ():
        n, seconds = record.services.get(code, (0, 0))
        yield {
            "lane": code,
            "name": name_of(site.lane_by_code, code, "title"),
            # People were served of whose waits nobody told: their number is not 0.
            "n": None if not w.n and any(d.served.get(code) for d in record.days) else w.n,
            "mean": w.mean_s,
            "p90": w.p90_s,
            "max": w.max_s,
            "target": site.wait_target_s(code),
            "service": mean_s(seconds, n),
        }


@COUNT_TABLES.table(
    "terminals",
    terminal="端末",
    name="端末の名",
    lanes="窓口別の呼出し",
    days="使用日数",
    called="呼出し",
    served="完了",
    hours="応対時間（時間）",
    service="平均応対時間（秒）",
    service_min="平均応対時間（分、小数）",
    load="稼働率（応対時間 ÷ 使用日の受付時間）",
    failed="故障の回数",
    failed_minutes="故障の時間（分）",
)
def _terminals(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield every terminal of the site, used or not, with all its lanes together; nothing where no recorded day tells who came."""
    if record.counts_only:
        return
    failed = {s.code: (s.n, s.seconds) for s in record.stops if s.sort == "terminal"}
    used = [t.terminal for t in record.terminals]
    for code in dict.fromkeys([*site.terminal_by_code, *used]):
        own = [t for t in record.terminals if t.terminal == code]
        terminal = site.terminal_by_code.get(code)
        busy, measured = sum(t.busy_s for t in own), sum(t.measured for t in own)
        served = sum(t.served for t in own)
        days = record.terminal_days.get(code, 0)
        times, seconds = failed.get(code, (0, 0))
        hours = _reception_s(site, terminal.lanes if terminal else tuple(t.lane for t in own))
        yield {
            "terminal": code,
            "name": terminal.name if terminal else code,
            "lanes": "・".join(f"{name_of(site.lane_by_code, t.lane)}{t.called}" for t in own) or "-",
            "days": days,
            "called": sum(t.called for t in own),
            "served": served,
            "hours": busy / 3600,
            "service": mean_s(busy, measured),
            "service_min": minutes(mean_s(busy, measured)),
            "load": busy / (days * hours) if days and hours else None,
            "failed": times,
            "failed_minutes": whole_minutes(seconds),
        }


def _reception_s(site: Site, lanes: Iterable[str]) -> int:
    """Return for how long a terminal of these lanes can receive on a Monday, in seconds."""
    opens, closes = site.reception_of(set(lanes), MONDAY)
    return day_seconds(closes) - day_seconds(opens)
