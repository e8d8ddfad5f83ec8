"""Data tables of the longer documents: share of people whose wait kept the target, by lane, hour and weekday.

Counted as on the board (`models/board/target_kept.py`), in the hour in which the wait began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from floorctl.common.words import WEEKDAYS
from floorctl.documents.layout.material import Row, Tables
from floorctl.documents.layout.names import name_of
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.sums import KeptCell
from floorctl.documents.period.tables_time import lanes_of, spread
from floorctl.models.board.target_kept import NOBODY, Kept, share_of, share_sentence, together
from floorctl.models.site.site import Site

TARGET_TABLES: Tables[PeriodRecord] = Tables()


@TARGET_TABLES.table(
    "targets",
    lane="窓口のコード（全体は空）",
    name="窓口（最後の行は全体）",
    target="目標（秒。窓口によって違えば全体は空）",
    of="数えた人数",
    within="目標以内の人数",
    share="目標以内の割合（0〜1。10人に満たなければ空）",
    before="前の期間の割合",
    difference="前の期間との差（ポイント）",
    unknown="待ち時間の分からない人数",
)
def _targets(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield each lane in which somebody counts, then all together."""
    found = _summed(record.kept, lambda c: c.lane)
    earlier = _summed(record.kept_before or (), lambda c: c.lane)
    shown = [lane.code for lane in site.lanes if lane.code in found]
    for lane in shown:
        row = _row(found[lane], earlier.get(lane, NOBODY))
        yield {
            "lane": lane,
            "name": name_of(site.lane_by_code, lane, "title"),
            "target": site.wait_target_s(lane),
            **row,
        }
    if len(shown) > 1:
        targets = {site.wait_target_s(lane) for lane in shown}
        row = _row(together(found.values()), together(earlier.values()))
        yield {"lane": "", "name": "全体", "target": targets.pop() if len(targets) == 1 else None, **row}


def _row(kept: Kept, before: Kept) -> Row:
    share, earlier = share_of(kept), share_of(before)
    known = kept.of or not kept.unknown
    return {
        "of": kept.of if known else None,
        "within": kept.within if known else None,
        "share": share,
        "before": earlier,
        "difference": 100 * (share - earlier) if share is not None and earlier is not None else None,
        "unknown": kept.unknown,
    }


_SHARES = {
    "of": "数えた人数",
    "share": "目標以内の割合（全体。10人に満たなければ空）",
    "before": "前の期間の割合（全体）",
    "of.*": "窓口別の数えた人数",
    "share.*": "窓口別の割合",
}


@TARGET_TABLES.table("target_hours", {"hour": "待ち始めた時間帯", **_SHARES}, lanes_of)
def _hours(record: PeriodRecord, site: Site) -> Iterator[Row]:
    yield from _by(record, site, "hour", lambda c: c.hour, lambda hour: f"{hour}時台")


@TARGET_TABLES.table("target_weekdays", {"weekday": "曜日", **_SHARES}, lanes_of)
def _weekdays(record: PeriodRecord, site: Site) -> Iterator[Row]:
    yield from _by(record, site, "weekday", lambda c: c.day.weekday(), lambda n: WEEKDAYS[n])


def _by(
    record: PeriodRecord, site: Site, name: str, part: Callable[[KeptCell], int], word: Callable[[int], str]
) -> Iterator[Row]:
    """Yield the shares of each hour or weekday in which somebody counts."""
    earlier = _summed(record.kept_before or (), lambda c: str(part(c)))
    for n in sorted({part(c) for c in record.kept if c.kept.of}):
        own = [c for c in record.kept if part(c) == n]
        lanes, every = _summed(own, lambda c: c.lane), together(c.kept for c in own)
        yield {
            name: word(n),
            "of": every.of,
            "share": share_of(every),
            "before": share_of(earlier.get(str(n), NOBODY)),
            **spread("of", {lane: lanes.get(lane, NOBODY).of for lane in lanes_of(site)}),
            **spread("share", {lane: share_of(lanes.get(lane, NOBODY)) for lane in lanes_of(site)}),
        }


def _summed(cells: Iterable[KeptCell], part: Callable[[KeptCell], str]) -> dict[str, Kept]:
    found: dict[str, Kept] = {}
    for c in cells:
        found[part(c)] = found.get(part(c), NOBODY) + c.kept
    return found


def target_sentence(record: PeriodRecord, site: Site) -> str:
    """Return the share of the period in a sentence, as `share_sentence`."""
    return share_sentence(site, _summed(record.kept, lambda c: c.lane))
