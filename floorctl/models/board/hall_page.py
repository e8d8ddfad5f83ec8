"""Gather what the waiting hall's page shows visitors at an instant: codes and numbers, no text that anybody typed. Pure.

What is not sure is left out and its place says so: ``why`` codes take the place of numbers and waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Literal

from floorctl.common.clock import JST, business_day
from floorctl.common.frozen import frozen
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.grounds import Grounds, calls_untold_since
from floorctl.models.board.outlook import AT_ONCE_S, Coming, told_minutes
from floorctl.models.board.reception_notice import notices
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.calendar import CalendarOutage
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import act_of
from floorctl.models.register.outages import stopped_services
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar, DayInfo

MOST_CALLS = 6
# A number as a machine or a hand gives it; whatever else was typed as one may be a name, and is not shown.
_NUMBER = re.compile(r"(?:[A-Z]{0,3}|[\u3041-\u3096\u30a1-\u30fa])[-.:#/]?[0-9]{1,6}(?:-[0-9]{1,3})?", re.IGNORECASE)
_SHOWN_STATES = ("serving", "finished")  # who is absent, has left or waits again is told to go nowhere
# So long after the hall's closing somebody may still be called; a day that nobody closed is over then.
_LATE = timedelta(minutes=30)
# So far apart the ends of a wait tell nobody how long it may be: only the nearer one is shown.
_FAR_MIN = 60
# So long after the first number somebody has been called, if calls are told at all.
_FIRST_CALL = timedelta(minutes=20)

# open: visitors are received, or holders of numbers still called; before: not yet today; after: no more today;
# closed_day: not at all today; unsure: the records do not tell, only the hours of the calendar are shown.
PageState = Literal["open", "before", "after", "closed_day", "unsure"]
CallsWhy = Literal["", "silent", "no_numbers", "none_yet"]
WaitKind = Literal["minutes", "soon", "beyond_closing", "not_known", "not_received"]
Who = Literal["all", "with_appointment", "without"]
# ended: the hours are over; stopped: the reception was stopped; before: its hours have not begun; not_today: it has none;
# outage: it stands still by a recorded outage; nobody: no terminal works; silent, untold: nothing to rest on.
WaitWhy = Literal["", "ended", "stopped", "before", "not_today", "outage", "nobody", "silent", "untold"]
# calls_unsure: numbers of the lane may be called that the page does not show.
NoticeCode = Literal["reception_ended", "few_more", "outage", "planned_outage", "calls_unsure"]
_WITHHELD: dict[str, WaitWhy] = {"outage": "outage", "nobody": "nobody", "silent": "silent", "untold": "untold"}


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
    """Wait of who arrives now. ``minutes``: from, to in steps of five; to None: beyond the closing, or too far off to be of use.

    ``begins``: of a lane that is received only later (``before``), when.
    """

    who: Who
    kind: WaitKind
    minutes: tuple[int, int | None] | None = None
    why: WaitWhy = ""
    begins: time | None = None


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
    """Notice to the people in the hall on a lane; ``services``: on these alone, () : on all of the lane.

    ``since``, ``until``: of a stop or an outage; ``more``: how many more can be taken.
    """

    code: NoticeCode
    lane: str
    services: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    more: int | None = None


@frozen
class HallPage:
    """Page of the hall at ``at``. ``opens``: the first reception, of ``before`` today's, of ``after`` and ``closed_day`` the next one.

    ``why``: of ``closed_day`` the kind of the day (``DayInfo.kind``); of ``unsure``: past, silent, no_records. Calls may
    stand beside every state but ``unsure``: who holds a number is called to the end.
    """

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
    venue = floor.site.venue_on(floor.day).short
    if past or business_day(now) != floor.day:
        return HallPage(now, floor.day, venue, "unsure", "past")
    day = _Day(floor, register, info, g, coming, ahead, now)
    state, why = day.state()
    if state == "closed_day" and not day.calls:
        return HallPage(now, floor.day, venue, state, why, _next_opening(calendar, floor.day))
    opens = day.first if state == "before" else None
    if state in ("after", "closed_day"):
        opens = _next_opening(calendar, floor.day)
    lanes = tuple(day.lane(lane.code, state) for lane in floor.site.lanes if day.services[lane.code])
    calls = () if state == "unsure" else day.calls
    told = () if state in ("before", "after", "closed_day") and not calls else tuple(day.notices(state))
    return HallPage(now, floor.day, venue, state, why, opens, calls, "" if calls else day.calls_why(), lanes, told)


def _next_opening(calendar: Calendar, day: date) -> datetime | None:
    """Return when the first reception of the next open day begins; None if the contract has none left."""
    following = calendar.next_open_day(day)
    if following is None:
        return None
    hours = [a for a, b in calendar.day_info(following).services.values() if a < b]
    return datetime.combine(following, min(hours), JST) if hours else None


class _Day:
    """Facts, register, grounds and forecasts of one instant, of which the parts of the page are made."""

    def __init__(
        self,
        floor: Floor,
        register: Register,
        info: DayInfo,
        g: Grounds,
        coming: Mapping[str, Coming],
        ahead: Mapping[str, Foreseen],
        now: datetime,
    ) -> None:
        self.floor, self.register, self.info, self.g = floor, register, info, g
        self.coming, self.ahead, self.now = coming, ahead, now
        self.works = floor.is_open and not floor.preparing
        # A day that was opened follows the hours, even if the calendar has it closed; an emergency closure is told.
        self.received = info.kind != "closed_emergency" and (info.open or self.works)
        weekday = floor.day.weekday()
        self.services: dict[str, list[ServiceForVisitors]] = {lane.code: [] for lane in floor.site.lanes}
        for s in floor.site.services:
            begins, ends = floor.site.hours(s.code, weekday)
            stopped = floor.stopped.get(s.code)
            hours = (begins, ends) if self.received and begins < ends else None
            self.services[s.lane].append(ServiceForVisitors(s.code, hours, stopped.at if stopped else None))
        every = [x.receives for held in self.services.values() for x in held if x.receives is not None]
        self.first = self._at(min(a for a, _ in every)) if every else None
        self.last = self._at(max(b for _, b in every)) if every else None
        self.closes = self._at(floor.site.hall.closes)
        self.unsure = {
            lane
            for lane, held in self.services.items()
            if held and self.works and calls_untold_since(floor, g, lane, now) is not None
        }
        self.unnamed: set[str] = set()  # lanes with a call of something that is no number
        self.calls = tuple(islice(self._calls(), MOST_CALLS)) if self.works else ()

    def _at(self, wall: time) -> datetime:
        return datetime.combine(self.floor.day, wall, JST)

    # ---- the state of the whole page

    def state(self) -> tuple[PageState, str]:
        """Return the state of the page and why."""
        floor, now = self.floor, self.now
        if self.first is None or self.last is None:
            return "closed_day", self.info.kind
        busy = self.works and any(t.state in ("waiting", "serving") for t in floor.tickets.values())
        ends = max(self.last, self.closes + _LATE) if busy else self.last
        if floor.closed_at is not None or now.replace(microsecond=0) > ends:
            return "after", ""
        if now < self.first and not self.calls:
            return "before", ""
        if not self.works:
            return "unsure", "no_records"
        used = [lane for lane, held in self.services.items() if any(x.receives for x in held)]
        if all(lane in self.unsure for lane in used):
            return "unsure", "silent"
        return "open", ""

    # ---- the numbers called

    def _calls(self) -> Iterator[CalledNumber]:
        """Yield the numbers called last, newest first, each once: of who goes, or went, where it was called to."""
        floor, seen = self.floor, set[str]()
        for e in reversed(floor.entries):
            f = e.fact
            if not isinstance(f, ev.TicketCalled | ev.TicketRecalled) or e.key in floor.retracted or f.ticket in seen:
                continue
            seen.add(f.ticket)
            t = floor.tickets.get(f.ticket)
            if t is None or not self._goes(t, e) or (lane := floor.counted_lane(t)) in self.unsure:
                continue
            if not _NUMBER.fullmatch(t.number):
                self.unnamed.add(lane)
                continue
            again = t.recalls > 0 or (t.called_at is not None and t.called_at < f.at)
            yield CalledNumber(t.number, lane, self._place(t.terminal or f.terminal), f.at, again)

    def _goes(self, t: Ticket, call: Entry) -> bool:
        """Return whether a call still says where its visitor is: not one who was sent on to the city's desk.

        Nor one that was typed from paper afterwards, unless it is served now; nor a number that its visitor does not hold,
        given to somebody known by a head count as they were called.
        """
        if t.state not in _SHOWN_STATES or t.called_at is None or t.outcome == "desk3":
            return False
        if any(
            x.nth == t.nth and x.settled_at >= call.fact.at for x in self._sent_on(t.number) if x.settled_at is not None
        ):
            return False
        if t.unmeasured and not t.no_arrival:
            return False
        return t.state == "serving" or (call.source, act_of(call.fact.id)) not in self.floor.paper_acts

    def _sent_on(self, number: str) -> Iterator[Escalation]:
        """Yield the cases by which a visitor was sent on to the city's desk; their terminal may be finished later, or never."""
        cases = self.floor.escalations.values()
        return (x for x in cases if x.outcome == "desk3" and number in (x.customer, x.ticket))

    def _place(self, terminal: str | None) -> str:
        return self.floor.site.terminal_by_code[terminal].sign if terminal is not None else ""

    def calls_why(self) -> CallsWhy:
        """Return why no number is shown."""
        floor = self.floor
        if not self.works:
            return ""
        if self.unsure or self.unnamed:
            return "silent"
        tickets = floor.tickets.values()
        if any(t.called_at or t.issued_at is None or self.now - t.issued_at > _FIRST_CALL for t in tickets):
            return "no_numbers"  # nobody tells of calls, nobody holds a number, or all who were called have gone
        counted = not floor.tickets and any(q.counted_at for q in floor.lanes.values())
        return "no_numbers" if counted else "none_yet"

    # ---- the lanes

    def lane(self, code: str, state: PageState) -> LaneForVisitors:
        """Return a lane with its waits and hours."""
        held = tuple(self.services[code])
        hours = [x.receives for x in held if x.receives is not None]
        span = (min(a for a, _ in hours), max(b for _, b in hours)) if hours else None
        waits = tuple(self._waits(code, state))
        letter = self.floor.site.lane_by_code[code].letter
        return LaneForVisitors(code, letter, waits, span, held, code not in self.unsure)

    def _waits(self, code: str, state: PageState) -> Iterator[ShownWait]:
        """Yield the waits of who arrives now, of either kind where both come, or why there is none."""
        kind, why = self._no_wait(code, state)
        told = self.coming.get(code)
        if kind or told is None:
            later = [x.receives[0] for x in self.services[code] if x.receives and x.receives[0] > self.now.time()]
            yield ShownWait("all", kind or "not_known", None, why, min(later) if why == "before" else None)
            return
        if told.both:
            yield _wait("with_appointment", told.booked_s, told.booked_most_s)
        yield _wait("without" if told.both else "all", told.walk_in_s, told.walk_in_most_s)

    def _no_wait(self, code: str, state: PageState) -> tuple[WaitKind | Literal[""], WaitWhy]:
        """Return kind and reason of what takes the place of a lane's waits; "" where they are shown."""
        received = [x for x in self.services[code] if x.receives is not None]
        if not received or state == "closed_day":
            return "not_received", "not_today"
        if state == "after":
            return "not_received", "ended"
        there = [x for x in received if self._within(x)]
        if not there:
            later = any(x.receives[0] > self.now.time() for x in received if x.receives)
            return "not_received", "before" if later else "ended"
        if all(x.stopped_at is not None for x in there):
            return "not_received", "stopped"
        if state != "open":
            return "not_known", "silent" if code in self.unsure else ""
        said = self.g.withheld.get(code)
        if said is not None:
            return "not_known", _WITHHELD[said.code]
        if self.now >= self.closes:  # of a reception that goes on after the hall's closing nothing is foretold
            return "not_known", ""
        return ("", "") if self.g.desks(self.floor, code) else ("not_known", "nobody")

    def _within(self, service: ServiceForVisitors) -> bool:
        wall = self.now.time().replace(microsecond=0)  # who comes at the closing time to the second is received
        return service.receives is not None and service.receives[0] <= wall <= service.receives[1]

    # ---- the notices

    def notices(self, state: PageState) -> Iterator[HallNotice]:
        """Yield what is told of the lanes, in the site's order: receptions that ended, outages, calls that may be missing."""
        told = notices(self.floor, self.ahead, self.now) if self.received else ()
        for lane in self.services:
            for x in told:
                services = (x.service,) if x.service else ()
                if x.lane == lane and x.ended_at is not None:
                    yield HallNotice("reception_ended", lane, services, since=x.ended_at)
                elif x.lane == lane and lane not in self.g.withheld and state == "open":
                    yield HallNotice("few_more", lane, services, until=x.until, more=x.more)
            yield from self._outages(lane)
            if self.calls and (lane in self.unsure or lane in self.unnamed):
                yield HallNotice("calls_unsure", lane)

    def _outages(self, lane: str) -> Iterator[HallNotice]:
        """Yield what stands still in a lane, and what is planned to on this day; services of the same span together."""
        wall = self.now.time()
        asked = [x for x in self.services[lane] if x.receives is not None and x.receives[1] >= wall]
        spans: dict[tuple[NoticeCode, datetime, datetime | None], list[str]] = {}
        standing = stopped_services(self.register, self.now)
        for x in asked:
            planned = [o for o in self.register.outages if x.code in o.services and self._today(x, o)]
            for o in planned:
                until = o.until_at if business_day(o.until_at) == self.floor.day else None
                spans.setdefault(("planned_outage", o.from_at, until), []).append(x.code)
            if x.code in standing and not any(o.from_at <= self.now for o in planned):
                spans.setdefault(("outage", standing[x.code], None), []).append(x.code)
        said = self.g.withheld.get(lane)
        if not spans and said is not None and said.code == "outage" and said.since is not None:
            spans["outage", said.since, None] = [x.code for x in asked]  # every terminal at work stands still
        every = [x.code for x in self.services[lane]]
        for (code, since, until), services in spans.items():
            yield HallNotice(code, lane, () if services == every else tuple(services), since, until)

    def _today(self, service: ServiceForVisitors, o: CalendarOutage) -> bool:
        """Return whether a planned outage that is not over takes something of a service's reception today."""
        if service.receives is None or o.until_at <= self.now:
            return False
        return o.from_at < self._at(service.receives[1]) and o.until_at > self._at(service.receives[0])


def _wait(who: Who, seconds: int | None, most_s: int | None) -> ShownWait:
    """Return a predicted wait as visitors are told it: rounded up, none as soon, from its median to what nine of ten wait."""
    if seconds is None:
        return ShownWait(who, "beyond_closing")
    if seconds <= AT_ONCE_S:
        return ShownWait(who, "soon")
    low = told_minutes(seconds)
    high = max(low, told_minutes(most_s)) if most_s is not None else None
    return ShownWait(who, "minutes", (low, high if high is not None and high - low <= _FAR_MIN else None))
