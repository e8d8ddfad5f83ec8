"""Gather what the waiting hall's page shows visitors at an instant: codes and numbers, no text that anybody typed. Pure.

What is not sure is left out and its place says so: ``why`` codes take the place of numbers and waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Literal

from floorctl.common.frozen import frozen
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.grounds import Grounds
from floorctl.models.board.outlook import Coming
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar, DayInfo

MOST_CALLS = 6

# open: visitors are received, or holders of numbers are still called; before: not yet today; after: no more today;
# closed_day: not at all today; unsure: the records do not tell, only the hours of the calendar are shown.
PageState = Literal["open", "before", "after", "closed_day", "unsure"]
# Of ``closed_day`` the kind of the day (``DayInfo.kind``); of ``unsure`` past, silent, no_records; else "".
CallsWhy = Literal["", "silent", "no_numbers", "none_yet"]
WaitKind = Literal["minutes", "soon", "beyond_closing", "not_known", "not_received"]
Who = Literal["all", "with_appointment", "without"]
# ended: the hours are over; stopped: the reception was stopped; before: its hours have not begun; outage: stands still by
# a recorded outage; nobody: no terminal works; silent, untold: nothing to rest on.
WaitWhy = Literal["", "ended", "stopped", "before", "outage", "nobody", "silent", "untold"]
NoticeCode = Literal[
    "reception_ended",
    "few_more",
    "outage",
    "planned_outage",
    "terminals_out",
    "calls_unsure",
]


@frozen
class CalledNumber:
    """Number that was called. ``place``: the sign at its desk, "" where nobody told; ``again``: it was called before."""

    number: str
    lane: str
    place: str
    at: datetime
    again: bool


@frozen
class ShownWait:
    """Wait of who arrives now. ``minutes``: from, to in steps of five; to None: maybe beyond the closing."""

    who: Who
    kind: WaitKind
    minutes: tuple[int, int | None] | None = None
    why: WaitWhy = ""


@frozen
class ServiceForVisitors:
    """Service of a lane on the day. ``receives`` None: not on this day; ``stopped_at``: its reception was stopped."""

    code: str
    receives: tuple[time, time] | None
    stopped_at: datetime | None = None


@frozen
class LaneForVisitors:
    """Lane of the page. ``receives``: first opening and last closing of its services, None: not on this day.

    ``calls_sure``: its calls are told; else no number of it is shown.
    """

    code: str
    letter: str
    waits: tuple[ShownWait, ...]
    receives: tuple[time, time] | None
    services: tuple[ServiceForVisitors, ...]
    calls_sure: bool = True


@frozen
class HallNotice:
    """Notice to the people in the hall on a lane, or on services of it ("" and (): on the whole hall).

    ``since``, ``until``: of a stop or an outage; ``more``: how many more can be taken.
    """

    code: NoticeCode
    lane: str = ""
    services: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    more: int | None = None


@frozen
class HallPage:
    """Page of the hall at ``at``. ``opens``: the first reception, of ``before`` today's, of ``after`` and ``closed_day`` the next one."""

    at: datetime
    business_date: date
    venue: str
    state: PageState
    why: str = ""
    opens: datetime | None = None
    calls: tuple[CalledNumber, ...] = ()
    calls_why: CallsWhy = ""
    lanes: tuple[LaneForVisitors, ...] = ()
    notices: tuple[HallNotice, ...] = ()


def hall_page(
    floor: Floor,
    register: Register,
    info: DayInfo,
    calendar: Calendar,
    g: Grounds,
    coming: Mapping[str, Coming],
    ahead: Mapping[str, Foreseen],
    now: datetime,
    *,
    past: bool = False,
) -> HallPage:
    """Return what the page shows at ``now``.

    ``coming``: predicted waits of who arrives now, by lane (``LaneWaits.arrivals``); ``ahead``: what is foreseen by lane;
    ``past``: a moment that is looked back at, of which visitors are told nothing.
    """
    return HallPage(now, floor.day, floor.site.venue_on(floor.day).short, "unsure", "no_records")
