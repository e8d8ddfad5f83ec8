"""The places of a day's morning: who stood where, half an hour after the doors opened and before any break. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from floorctl.common.frozen import frozen
from floorctl.models.board.flow import reception_span
from floorctl.models.board.posts_plan import places_now
from floorctl.models.day.floor import Floor

_SETTLED = timedelta(minutes=30)  # after the opening everybody has come to their place


@frozen
class Morning:
    """Places of a day at an instant: person to terminal or post, and each terminal's own lane."""

    day: date
    at: datetime
    places: dict[str, str]
    lanes: dict[str, str]


def morning_at(floor: Floor) -> datetime:
    """Return the instant of a day's morning: half an hour after opening and reception, but before the first break."""
    first = reception_span(floor)[0]
    opened = floor.opened_at if floor.opened_by_fact and floor.opened_at is not None else first
    settled = max(first, opened) + _SETTLED
    breaks = [c.at for c in floor.staff_changes if c.status == "on_break" and c.at > max(first, opened)]
    return min([settled, *(at - timedelta(milliseconds=1) for at in breaks)])


def morning_of(floor: Floor, at: datetime) -> Morning:
    """Return the places on a Floor as it was at ``at``."""
    return Morning(floor.day, at, places_now(floor), {t.code: t.own_lane for t in floor.terminals.values()})
