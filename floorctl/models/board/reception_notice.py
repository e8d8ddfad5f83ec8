"""Sentences on the reception for the people in the hall: where it has ended, and how many more can be taken. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from floorctl.common.words import DECIDERS, hm
from floorctl.models.board.foreseen import NOTHING, Foreseen
from floorctl.models.board.reception_hours import in_window
from floorctl.models.day.floor import Floor, Stopped

HOLDERS_ARE_CALLED = "番号札をお持ちの方は、順にお呼びします。"


class Notice(NamedTuple):
    """Notice to the public on a service; ``service`` "": on its whole lane. ``text_short``: for a line with little room.

    ``ended_at``: when its reception was stopped; None while numbers are still given: ``more`` of them, up to ``until``.
    """

    service: str
    lane: str
    text_full: str
    text_short: str
    ended_at: datetime | None = None
    more: int | None = None
    until: datetime | None = None


def notices(floor: Floor, ahead: Mapping[str, Foreseen], now: datetime) -> tuple[Notice, ...]:
    """Return the notices of the moment in the site's order: receptions stopped, and lanes that can take few more.

    A stop that has been decided, and within the reception hours alone; how many can still be taken as it is foreseen.
    """
    found: list[Notice] = []
    for lane in floor.site.lanes:
        open_now = [s.code for s in floor.site.services if s.lane == lane.code and in_window(floor, s.code, now)]
        stopped = [x for x in open_now if x in floor.stopped]
        if stopped and stopped == open_now:
            at = max(floor.stopped[x].at for x in stopped)
            found.append(_ended("", lane.code, lane.name, at))
            continue
        names = floor.site.service_by_code
        found += [_ended(x, lane.code, names[x].short, floor.stopped[x].at) for x in stopped]
        few = _few("", lane.code, lane.name, ahead.get(lane.code, NOTHING)) if open_now else None
        found += [few] if few is not None else []
    return tuple(found)


def _ended(service: str, lane: str, name: str, at: datetime) -> Notice:
    text = f"{name}の受付は、本日 {hm(at)} で終了しました。{HOLDERS_ARE_CALLED}"
    return Notice(service, lane, text, f"{name} {hm(at)}で終了", at)


def _few(service: str, lane: str, name: str, seen: Foreseen) -> Notice | None:
    """Return how many more people a lane can take, where not all who are expected can be served; None else."""
    if not seen.short or not seen.may_give:
        return None
    until = f"（{hm(seen.stop_at)} まで）" if seen.stop_at is not None else ""
    text = f"{name}の受付は、本日あと{seen.may_give}人{until}で終了する見込みです。"
    return Notice(service, lane, text, f"{name} あと{seen.may_give}人まで", None, seen.may_give, seen.stop_at)


def to_stop(floor: Floor, ahead: Mapping[str, Foreseen], now: datetime) -> list[tuple[str, tuple[str, ...]]]:
    """Return the lanes where not all who are expected can be served, each with its services that still give numbers.

    The lane that can take the fewest first.
    """
    found = []
    for lane in floor.site.lanes:
        seen = ahead.get(lane.code, NOTHING)
        given = tuple(
            s.code
            for s in floor.site.services
            if s.lane == lane.code and s.code not in floor.stopped and in_window(floor, s.code, now)
        )
        if given and seen.short and seen.may_give is not None:
            found.append((seen.may_give, lane.code, given))
    return [(lane, given) for _, lane, given in sorted(found, key=lambda x: x[0])]


def stopped_word(name: str, stop: Stopped) -> str:
    """Return since when a reception is stopped, why, and who decided it: 更新 15:40から（理由 …・決定 監督員）."""
    more = [f"理由 {stop.reason}"] if stop.reason else []
    more += [f"決定 {DECIDERS[stop.decided_by]}"] if stop.decided_by else []
    return f"{name} {hm(stop.at)}から" + (f"（{'・'.join(more)}）" if more else "")
