"""Extrapolate waits, the next half hour and the last call from today's figures by plain rules. Pure.

Expected wait: number waiting times mean service time, divided by the terminals at work. Used for alerts, and until the
simulated waits of `advice.waits` are there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from statistics import fmean
from typing import NamedTuple

from floorctl.common.clock import JST, seconds_between
from floorctl.common.frozen import frozen
from floorctl.common.lengths import length_word
from floorctl.common.words import AFTER_CLOSING, BOOKED, NEWCOMER, NOT_SERVED, WALK_IN, hm, wait_word
from floorctl.models.board.flow import LaneFlow
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.grounds import NONE, Grounds
from floorctl.models.board.lane_cover import at_work_in
from floorctl.models.board.reception_hours import lane_hours, lane_receiving
from floorctl.models.board.reception_notice import Notice, notices
from floorctl.models.board.told import arrivals_untold, heads_alone
from floorctl.models.day.floor import Floor

# Today's mean counts as much as this many cases of the site's typical time: one odd case moves nothing.
_PRIOR_CASES = 5
_NEXT = timedelta(minutes=30)
# A wait of less than a minute counts as none.
AT_ONCE_S = 60
_STEP_MIN = 5  # of waits told to visitors: rounded up, an early call does no harm


@frozen
class LastCall:
    """Last call of a lane before its reception ends: number waiting, and number that can be served until the hall closes.

    ``left_s`` until the reception ends; 0 after.
    """

    lane: str
    ends: time
    left_s: int
    waiting: int
    servable: int

    @property
    def too_many(self) -> int:
        return max(0, self.waiting - self.servable)


def service_s(floor: Floor, lane: str, flow: LaneFlow, g: Grounds = NONE) -> float:
    """Return the expected service time, in seconds: today's mean, weighed with the site's typical one."""
    services = floor.site.service_by_code
    asked = [services[t.service].typical_minutes for t in g.queue(floor, lane) if t.service]
    prior = 60 * fmean(asked or [s.typical_minutes for s in floor.site.services if s.lane == lane] or [12])
    if flow.mean_service_s is None:
        return prior
    return (flow.mean_service_s * flow.finished + prior * _PRIOR_CASES) / (flow.finished + _PRIOR_CASES)


def expected_wait_s(floor: Floor, lane: str, flow: LaneFlow, g: Grounds = NONE) -> int | None:
    """Return the expected wait of an arrival now, in seconds; None if nobody works in the lane."""
    n, waiting = g.desks(floor, lane), g.waiting(floor, lane)
    if not n:
        return None
    free = sum(floor.state(t.code) == "free" for t in floor.terminals_of(lane))
    if waiting < free:
        return 0
    # The present customer, or the one being called, takes half a service time more on average.
    return round((waiting - free + 0.5) * service_s(floor, lane, flow, g) / n)


def waiting_ahead(floor: Floor, lane: str, flow: LaneFlow, now: datetime, g: Grounds = NONE) -> int | None:
    """Return the expected number waiting in 30 minutes, if arrivals go on as in the last hour; None where withheld, and once the hall has closed."""
    if lane in g.withheld or now.time() >= floor.site.hall.closes:
        return None
    if heads_alone(floor.lanes[lane]) or arrivals_untold(floor.lanes[lane], now):
        return None  # nobody tells how many came in the last hour
    arrivals = 0.0
    ends = lane_hours(floor, lane)[1]
    if lane_receiving(floor, lane, now) and not all_stopped(floor, lane):
        open_s = min(_NEXT.total_seconds(), seconds_between(now, ends))
        arrivals = flow.issued_hour * open_s / 3600
    capacity = g.desks(floor, lane) * _NEXT.total_seconds() / service_s(floor, lane, flow, g)
    called = g.waiting(floor, lane)
    return floor.lanes[lane].waiting - called + max(0, round(called + arrivals - capacity))


def all_stopped(floor: Floor, lane: str) -> bool:
    """Return whether the reception of every service of a lane is stopped."""
    return all(s.code in floor.stopped for s in floor.site.services if s.lane == lane)


def last_call(
    floor: Floor, lane: str, flow: LaneFlow, now: datetime, servable: int | None = None, g: Grounds = NONE
) -> LastCall | None:
    """Return the lane's last call, or None outside its span, and where the lane's figures are withheld.

    ``servable``: as forecast, else by the plain rule.

    It lasts from the site's ``last_call_s`` before the end of reception until nobody waits or the hall closes.
    """
    ends = lane_hours(floor, lane)[1]
    if not floor.is_open or now < ends - timedelta(seconds=floor.site.thresholds.last_call_s) or lane in g.withheld:
        return None
    waiting = g.waiting(floor, lane)
    closing = datetime.combine(floor.day, floor.site.hall.closes, JST)
    if now >= closing or (now > ends and not waiting):
        return None
    if servable is None:
        servable = _servable(floor, lane, flow, seconds_between(now, closing), g)
    return LastCall(lane, ends.time(), seconds_between(now, ends), waiting, servable)


def _servable(floor: Floor, lane: str, flow: LaneFlow, left_s: int, g: Grounds) -> int:
    """Return how many people the terminals at work serve in ``left_s`` seconds."""
    each, found = service_s(floor, lane, flow, g), 0
    for t in floor.terminals_of(lane):
        state = floor.state(t.code)
        if at_work_in(floor, t.code, lane) and t.code not in g.terminals:
            # The present customer takes half a service time more on average.
            found += max(0, math.floor((left_s - (each / 2 if state == "serving" else 0)) / each))
    return found


def idle_terminals(floor: Floor, now: datetime, g: Grounds = NONE) -> list[str]:
    """Return the free terminals of a lane outside its hours that may be lent: another of their lanes receives and is served.

    仕様書 7(4): issuance is received 9:00 to 16:30, certificates 8:30 to 17:00 (SPEC finding 4).
    """
    found = []
    for t in floor.terminals.values():
        others = [x for x in floor.site.terminal_by_code[t.code].lanes if x != t.lane and x not in g.withheld]
        free = floor.state(t.code) == "free" and t.next_lane is None and t.home is None
        idle = free and not floor.lanes[t.lane].waiting
        if idle and not lane_receiving(floor, t.lane, now) and any(lane_receiving(floor, x, now) for x in others):
            found.append(t.code)
    return found


class Coming(NamedTuple):
    """Predicted wait of who arrives now, in seconds; None: beyond the hall's closing.

    ``booked_s``: with an appointment that is due; of a lane to which only one kind comes (``both`` False) it is None.
    ``…_most_s``: what nine of ten wait at most.
    """

    walk_in_s: int | None
    booked_s: int | None = None
    both: bool = False
    walk_in_most_s: int | None = None
    booked_most_s: int | None = None

    def kinds(self) -> list[tuple[str, str, int | None]]:
        """Return whose wait, the same with little room, and the wait: of both kinds where both come."""
        if not self.both:
            return [(NEWCOMER, "", self.walk_in_s)]
        return [(BOOKED, "予約あり", self.booked_s), (WALK_IN, "予約なし", self.walk_in_s)]


def entrance_lines(
    floor: Floor,
    flows: dict[str, LaneFlow],
    now: datetime,
    predicted: Mapping[str, Coming] | None = None,
    g: Grounds = NONE,
    ahead: Mapping[str, Foreseen] | None = None,
) -> list[str]:
    """Return the line to read aloud at the entrance, in full, with little room and with the least; [] outside reception.

    いま来た人の待ち  交付 予約のある人 約10分 予約のない人 約55分  電子証明書 約40分. ``predicted``: by lane; else the plain rule
    is used. Where the lane's figures are withheld the reason takes the place of the wait. Behind it stands what is to be
    told of the reception (``reception_notice``), but for the least room: services that have ended, and how many more can be taken.
    """
    found: list[tuple[str, str]] = []
    behind: list[str] = []  # what is told of the reception of each of them
    told: dict[str, list[Notice]] = {}
    for notice in notices(floor, ahead or {}, now):
        told.setdefault(notice.lane, []).append(notice)
    for lane in floor.site.movable_lanes or [x.code for x in floor.site.lanes][:2]:
        if not lane_receiving(floor, lane, now):
            continue
        name = floor.site.lane_by_code[lane].name
        ended = next((x.ended_at for x in told.get(lane, ()) if not x.service), None)
        if ended is not None:
            found.append((f"{name} {hm(ended)}で受付終了", f"{name} {hm(ended)}で終了"))
        elif all_stopped(floor, lane):
            found.append((f"{name} 受付を終了",) * 2)
        elif lane in g.withheld:
            found.append((f"{name} {g.withheld[lane].word}",) * 2)
        elif predicted is not None and lane in predicted:
            found.append(_said_at_the_entrance(name, predicted[lane]))
        elif (plainly := expected_wait_s(floor, lane, flows[lane], g)) is not None:
            found.append(_said_at_the_entrance(name, Coming(plainly)))
        else:
            found.append((f"{name} {NOT_SERVED}",) * 2)
        more = "・".join(x.text_short.removeprefix(f"{name} ") for x in told.get(lane, ()) if ended is None)
        behind.append(f"（{more}）" if more else "")
    if not found:
        return []
    briefly = "  ".join([NEWCOMER, *(short for _, short in found)])
    full, short = ("  ".join(x[n] + more for x, more in zip(found, behind, strict=True)) for n in (0, 1))
    return list(dict.fromkeys([f"ただいまの待ち（{NEWCOMER}）  {full}", f"{NEWCOMER}  {short}", briefly]))


def newcomer_word(seconds: int) -> str:
    """Return the wait of who arrives now for the board: as at the entrance, 待ちなし where there is none."""
    return wait_word(seconds) if seconds > AT_ONCE_S else "待ちなし"


def told_minutes(seconds: int) -> int:
    """Return a wait as visitors are told it, in minutes: rounded up to five."""
    return math.ceil(seconds / (60 * _STEP_MIN)) * _STEP_MIN


def _said_at_the_entrance(name: str, coming: Coming) -> tuple[str, str]:
    """Return a lane's waits in full and with little room."""
    full, short = [name], [name]
    for whose, briefly, wait in coming.kinds():
        minutes = told_minutes(wait) if wait is not None and wait > AT_ONCE_S else 0
        said = AFTER_CLOSING if wait is None else f"約{length_word(minutes)}" if minutes else "待ちなし"
        full += [whose, said] if coming.both else [said]
        short.append(f"{briefly}{said}")
    return " ".join(full), " ".join(short)


def last_call_text(call: LastCall) -> str:
    """Return a last call in words: 受付終了まで 12分 待ち 8人 閉庁までに約6人."""
    when = (
        f"受付終了 {hm(call.ends)} まで {length_word(-(-call.left_s // 60))}"
        if call.left_s
        else f"受付終了（{hm(call.ends)}）"
    )
    return f"{when} 待ち {call.waiting}人 閉庁までに約{call.servable}人"
