"""Figures of a forecast that alerts need, passed in by whoever has a forecaster: models import none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from floorctl.common.words import hm
from floorctl.models.board.alert import Alert
from floorctl.models.day.floor import Floor


class Foreseen(NamedTuple):
    """Forecasts of a lane.

    ``over``: waiting people who will exceed the target of the lane and have not yet, ``over_at``: when the first of them
    does. ``servable``: people whom the lane's terminals can serve before the hall closes; None without a forecast.
    ``short``: of all who wait or are expected, cannot be served, not even at free terminals of other lanes;
    ``may_give``: numbers that may still be given until ``stop_at``, None once no more are given. ``late``: the last person
    may wait beyond the closing. ``help``: people whom free terminals of other lanes can serve beside. ``calls``: by number with a time of its own
    (a remark), when it is called in nine of ten cases; None: not before the hall closes.
    """

    over: int = 0
    over_at: datetime | None = None
    servable: int | None = None
    short: int = 0
    may_give: int | None = None
    stop_at: datetime | None = None
    late: bool = False
    help: int = 0
    calls: Mapping[str, datetime | None] = {}


NOTHING = Foreseen()


def foreseen_alerts(floor: Floor, ahead: Mapping[str, Foreseen], now: datetime) -> Iterator[Alert]:
    """Yield what is going to happen: waits beyond the target before anybody has waited so long, people left over."""
    for lane in floor.site.lanes:
        seen = ahead.get(lane.code, NOTHING)
        if seen.over and seen.over_at is not None:
            target = floor.site.wait_target_s(lane.code) // 60
            text = f"{lane.name} {seen.over}人が{hm(seen.over_at)}から目標 {target}分超過の見込み"
            brief = f"{lane.name} 目標超過 {hm(seen.over_at)}から"
            yield Alert("wait_forecast", "warning", "見込み", text, "b", None, "queue", short=brief)
        if seen.short:
            text = f"{lane.name} 約{seen.short}人 閉庁に間に合わない見込み{still_to_give(seen)}"
            brief = f"{lane.name} 約{seen.short}人 残る見込み"
            yield Alert("not_all_served", "warning", "閉庁", text, "r", None, "reception", short=brief, about=lane.code)
        elif seen.late and now.time() < floor.site.hall.closes:
            text = f"{lane.name} 最後の人は閉庁 {hm(floor.site.hall.closes)} に間に合わないおそれ"
            brief = f"{lane.name} 最後の人が閉庁後"
            yield Alert("past_closing", "warning", "閉庁", text, "r", None, "reception", short=brief)


def still_to_give(seen: Foreseen) -> str:
    """Return how many numbers may still be given, and until when, behind a blank; "" once no more are given.

    Where other lanes help and nobody is left over: how many they can serve.
    """
    if not seen.short and seen.help:
        return f" ほかの列で約{seen.help}人"
    if not seen.short or seen.may_give is None:
        return ""
    if not seen.may_give:
        return " 発券を止める時です"
    until = f" {hm(seen.stop_at)}まで" if seen.stop_at is not None else ""
    return f" 発券はあと{seen.may_give}枚{until}"
