"""Terminals that stand idle because their lane does not receive: lent to another lane, and back in time. Pure.

仕様書 7(4): cards are handed over from 9:00 to 16:30, certificates are done from 8:30 to 17:00 (SPEC finding 4). A lane
whose reception is about to begin, or that has an appointment, gets its terminals back before (仕様書 7(1): both first).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from floorctl.advice.best_move import gain
from floorctl.advice.futures import SOON_S, Futures
from floorctl.advice.hall_view import Station, View
from floorctl.advice.proposal import WAIT, Change, Proposal, Step, left_alone
from floorctl.common.words import hm
from floorctl.models.board.appointments import slot_states
from floorctl.models.board.outlook import all_stopped, lane_hours
from floorctl.models.board.reception_hours import lane_receiving
from floorctl.models.day.advice_answers import quiet
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

HELPS_S = 120  # of the longest wait: an idle terminal costs less than one that has people of its own
SHORTEST = timedelta(minutes=8)  # so long it must be able to help, the switch apart
MARGIN = timedelta(minutes=2)
# So long after the beginning of its reception a lane is told of its lent terminals; then they have found their place.
REMIND = timedelta(hours=1)


class Hall(NamedTuple):
    """What the rules of lending look at."""

    floor: Floor
    register: Register
    view: View
    futures: Futures
    now: datetime


def lending(hall: Hall) -> list[Proposal]:
    """Terminals to be lent to another lane now, and lent ones to be called back; those that go back first."""
    v = hall.view
    if not hall.floor.is_open or len(v.lanes) < 2:
        return []
    found = []
    for lane in v.lanes:
        found += _back(hall, lane)
        lent = [p for other in v.lanes if other != lane for p in _lend(hall, lane, other)]
        # Of several lanes the one that it helps most gets the terminal.
        found += sorted(lent, key=lambda p: -p.gain_s)[:1]
    return sorted(found, key=lambda p: (p.kind != "back", -p.gain_s))


def _lead(v: View, other: str) -> timedelta:
    """How long before it is needed a lent terminal is told: its present customer is finished first, then the switch."""
    return timedelta(seconds=v.switch_s + v.pace[other]) + MARGIN


def _needed_at(hall: Hall, lane: str) -> datetime | None:
    """When a lane that does not receive next needs its terminals: its reception begins, or an appointment is due (or
    late, and still awaited). None: neither."""
    begins = lane_hours(hall.floor, lane)[0]
    found = [begins] if hall.now < begins else []
    if any(s.appointment for s in hall.floor.site.services if s.lane == lane):
        grace = timedelta(seconds=hall.floor.site.thresholds.appointment_late_s)
        found += [s.at for s in slot_states(hall.floor, hall.register) if s.missing and s.at + grace > hall.now]
    return min(found, default=None)


def _receives(floor: Floor, lane: str, now: datetime) -> bool:
    return lane_receiving(floor, lane, now) and not all_stopped(floor, lane)


def _lend(hall: Hall, lane: str, other: str) -> list[Proposal]:
    """One terminal of a lane that does not receive, that stands free and would clearly help the other."""
    floor, v, now = hall.floor, hall.view, hall.now
    if _receives(floor, lane, now) or floor.lanes[lane].waiting:
        return []
    if not (_receives(floor, other, now) or floor.lanes[other].waiting):
        return []
    station = next((s for s in v.of(lane) if s.at_work and s.case is None and other in s.lanes), None)
    needed = _needed_at(hall, lane)
    until = needed - _lead(v, other) if needed is not None else None
    if station is None or (until is not None and until - now < SHORTEST + timedelta(seconds=v.switch_s)):
        return []
    change = _change(hall, station, other, SOON_S if until is None else (until - now).total_seconds())
    shorter = change.before - change.after
    if shorter < HELPS_S or quiet(floor.answers, lane, other, shorter, now):
        return []
    name, theirs = floor.site.lane_by_code[lane].name, floor.site.lane_by_code[other].name
    begins, ends = lane_hours(floor, lane)
    if now < begins:
        note = f"{name}の受付は {hm(begins)} から"
    else:
        note = f"{name}の受付は打切り" if now <= ends else f"{name}の受付は {hm(ends)} で終わり"
    when = f" {hm(until)} まで" if until is not None else ""
    what = f"{station.code} を{when}{theirs}へ"
    return [_move("lend", station, lane, other, what, change, note, until)]


def _back(hall: Hall, lane: str) -> list[Proposal]:
    """Terminals that were lent before the reception of their lane began, once it is time."""
    floor, now = hall.floor, hall.now
    begins = lane_hours(floor, lane)[0]
    last = {m.terminal: m for m in floor.moves}
    found = []
    for station in hall.view.stations:
        m = last.get(station.code)
        if m is None or m.origin != lane or m.at >= begins or station.lane == lane:
            continue
        early = begins - _lead(hall.view, station.lane)
        if not early <= now < begins + REMIND or left_alone(floor, "back", station.code, lane, 0, now):
            continue
        if not _needed(hall, station, lane):
            continue
        change = _change(hall, station, lane, SOON_S)
        name = floor.site.lane_by_code[lane].name
        note = f"{name}の受付は {hm(begins)} {'から' if now < begins else 'に始まりました'}"
        found.append(_move("back", station, station.lane, lane, f"{station.code} を{name}へ戻す", change, note, None))
    return found


def _needed(hall: Hall, station: Station, lane: str) -> bool:
    """Whether a lent terminal is wanted back: the lane has fewer than its usual split says, or all together wait less."""
    low = hall.view.bands.get(lane, (1, 0))[0]
    if sum(s.at_work for s in hall.view.of(lane)) < low:
        return True
    return gain(hall.view, station.code, lane) > 0


def _change(hall: Hall, station: Station, to: str, soon_s: float) -> Change:
    """The longest wait of the lane that a terminal goes ``to``, of who waits or comes within ``soon_s``."""
    before = hall.futures.longest((), "", soon_s)[to]
    after = hall.futures.longest((station.code,), to, soon_s)[to]
    return Change(WAIT, hall.floor.site.lane_by_code[to].name, int(before), int(after))


def _move(
    kind: str, station: Station, origin: str, to: str, what: str, change: Change, note: str, until: datetime | None
) -> Proposal:
    text = f"{what}  {change.text}（{note}）"
    fields = {"terminal": station.code, "lane": to, "text": text, "gain_s": max(0, change.before - change.after)}
    return Proposal(
        kind=kind,
        lane=to,
        what=what,
        change=change,
        note=note,
        terminal=station.code,
        origin=origin,
        until=until,
        takes=(Step("advice.taken", fields),),
        clear=True,
    )
