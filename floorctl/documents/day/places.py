"""Data table of the day's plan of places: where it was not followed."""

from __future__ import annotations

from collections.abc import Iterator

from floorctl.common.words import hm
from floorctl.documents.day.record import DayRecord
from floorctl.documents.layout.material import Row, Tables
from floorctl.models.board.posts_plan import place_name
from floorctl.models.site.site import Site

PLACES: Tables[DayRecord] = Tables()
_DOING = {"free": "持ち場なし", "break": "休憩", "away": "離席", "off": "会場にいない"}


@PLACES.table(
    "places",
    starts="予定の時刻",
    staff="従事者の符号",
    planned="予定の場所",
    actual="実際（その間に最も長い）",
    came="予定の場所に就いた時刻",
)
def places(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the planned places that were taken more than 15 minutes late, or never."""
    for x in record.places_missed:
        yield {
            "starts": hm(x.starts),
            "staff": x.staff,
            "planned": place_name(site, x.place),
            "actual": _DOING.get(x.doing) or place_name(site, x.actual),
            "came": x.came,
        }
