"""Windows that were at work in the past half hours of the day, by lane. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from floorctl.commands.fold import apply
from floorctl.models.board.lane_cover import is_there
from floorctl.models.board.needed import Needed
from floorctl.models.board.planned_windows import Span, halves_of
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor

# Facts that change whether a terminal works, and for which lane.
_CHANGES = ("terminal.", "staff.", "day.", "fact.")


def windows_there(floor: Floor, now: datetime) -> Needed:
    """Return the windows of each worked lane in the half hours of its reception up to ``now``, by whole windows of their time.

    Nothing where no fact of the day tells who stands where.
    """
    if not floor.staffing_known:
        return {}
    spans: dict[str, list[Span]] = {lane: [] for lane in floor.site.worked_lanes}
    for lane, span in _at_work(floor, now):
        if lane in spans:
            spans[lane].append(span)
    found = {}
    for lane, own in spans.items():
        opens, closes = lane_hours(floor, lane)
        found[lane] = tuple(halves_of(own, opens, min(closes, now)))
    return found


def _at_work(whole: Floor, now: datetime) -> Iterator[tuple[str, Span]]:
    """Yield (lane, span) of each terminal at work: the day's facts again, those alone that change it."""
    floor = Floor(whole.site, whole.day)
    since: dict[str, tuple[datetime, str]] = {}
    for e in whole.entries:
        if e.key in whole.retracted or not e.kind.startswith(_CHANGES) or e.fact.at > now:
            continue
        apply(floor, e)
        for t in floor.terminals.values():
            works = t.staff is not None and not t.paused and not t.failed and is_there(floor, t.staff)
            held = since.get(t.code)
            if held is not None and (not works or held[1] != t.lane):
                yield held[1], (held[0], e.fact.at)
                del since[t.code]
            if works and t.code not in since:
                since[t.code] = e.fact.at, t.lane
    for began, lane in since.values():
        yield lane, (began, now)
