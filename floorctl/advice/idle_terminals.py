"""Propose to lend a terminal whose lane has no reception to another lane, and to return it in time. Pure.

仕様書 7(4): cards are issued from 9:00 to 16:30, certificates from 8:30 to 17:00 (SPEC finding 4). A lane whose
reception is about to begin, or that has an appointment, gets its terminals back before (仕様書 7(1): both lanes come
first).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from floorctl.advice.best_move import gain
from floorctl.advice.futures import SOON_S, Futures
from floorctl.advice.hall_view import Station, View
from floorctl.advice.proposal import STAYS, WAIT, Change, Key, Proposal, Step
from floorctl.common.words import hm
from floorctl.models.board.appointments import slot_states
from floorctl.models.board.outlook import all_stopped
from floorctl.models.board.reception_hours import lane_hours, lane_receiving
from floorctl.models.day.advice_answers import left_alone, quiet
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

HELPS_S = 120  # reduction of the longest wait: an idle terminal costs less than one with a queue
SHORTEST = timedelta(minutes=8)  # shortest loan, without the switch
MARGIN = timedelta(minutes=2)
# After this time from the start of its reception a lane's lent terminals are no longer proposed for return.
REMIND = timedelta(hours=1)


class Hall(NamedTuple):
    """Input of the lending rules."""

    floor: Floor
    register: Register
    view: View
    futures: Futures
    now: datetime
    stood: Collection[Key] = ()


def lending(hall: Hall) -> list[Proposal]:
    """Return the proposals to lend a terminal now and to return a lent one; returns come first."""
    v = hall.view
    if not hall.floor.is_open or len(v.lanes) < 2:
        return []
    found = []
    withheld = v.grounds.withheld
    sure = [lane for lane in v.lanes if lane not in withheld]
    for lane in v.lanes:
        stands = lane in withheld and withheld[lane].stands(hall.now)
        if lane in withheld and not stands:
            continue
        found += [] if stands else [p for p in _back(hall, lane) if p.origin in sure]
        lend = _lend_standing if stands else _lend
        lent = [p for other in sure if other != lane for p in lend(hall, lane, other)]
        # The lane that it helps most gets the terminal.
        found += sorted(lent, key=lambda p: -p.gain_s)[:1]
    return sorted(found, key=lambda p: (p.kind != "back", -p.gain_s))


def _lead(v: View, other: str) -> timedelta:
    """Return how long before it is needed a terminal is recalled: a case of lane ``other``, the switch, a margin."""
    return timedelta(seconds=v.switch_s + v.pace[other]) + MARGIN


def _needed_at(hall: Hall, lane: str) -> datetime | None:
    """Return when a lane without reception next needs its terminals; None if it does not.

    The start of its reception, or an appointment that is due or, within the grace period, late.
    """
    begins = lane_hours(hall.floor, lane)[0]
    found = [begins] if hall.now < begins else []
    if any(s.appointment for s in hall.floor.site.services if s.lane == lane):
        grace = timedelta(seconds=hall.floor.site.thresholds.appointment_late_s)
        found += [s.at for s in slot_states(hall.floor, hall.register) if s.missing and s.at + grace > hall.now]
    return min(found, default=None)


def _receives(floor: Floor, lane: str, now: datetime) -> bool:
    """Return whether a lane is within its reception hours and at least one of its services is not stopped."""
    return lane_receiving(floor, lane, now) and not all_stopped(floor, lane)


def _lend(hall: Hall, lane: str, other: str) -> list[Proposal]:
    """Propose one free terminal of a lane without reception, if the other lane's longest wait falls by HELPS_S."""
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
    stays = ("lend", other, station.code) in hall.stood
    if shorter < HELPS_S * (STAYS if stays else 1.0) or quiet(floor.answers, lane, other, shorter, now):
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


def _lend_standing(hall: Hall, lane: str, other: str) -> list[Proposal]:
    """Propose a terminal of a lane whose waiting services stand still, if the other lane's longest wait falls by HELPS_S.

    One terminal stays for those who come (仕様書 7(1)).
    """
    floor, v = hall.floor, hall.view
    at_work = [s for s in v.of(lane) if s.at_work]
    able = [s for s in at_work if other in s.lanes]
    if len(at_work) < 2 or not able:
        return []
    station = min(able, key=lambda s: v.free_in(s))
    change = _change(hall, station, other, SOON_S)
    shorter = change.before - change.after
    stays = ("lend", other, station.code) in hall.stood
    if shorter < HELPS_S * (STAYS if stays else 1.0) or quiet(floor.answers, lane, other, shorter, hall.now):
        return []
    name, theirs = floor.site.lane_by_code[lane].name, floor.site.lane_by_code[other].name
    note = f"{name}は{v.grounds.withheld[lane].clause}"
    return [_move("lend", station, lane, other, f"{station.code} を{theirs}へ", change, note, None)]


def _back(hall: Hall, lane: str) -> list[Proposal]:
    """Propose to return the terminals that were lent before their lane's reception began, once it is time."""
    floor, now = hall.floor, hall.now
    begins = lane_hours(floor, lane)[0]
    last = {m.terminal: m for m in floor.moves}
    found = []
    for station in hall.view.stations:
        m = last.get(station.code)
        if m is None or m.origin != lane or m.at >= begins or station.lane == lane:
            continue
        early = begins - _lead(hall.view, station.lane)
        if not early <= now < begins + REMIND or left_alone(floor.answers, "back", station.code, lane, 0, now):
            continue
        if not _needed(hall, station, lane):
            continue
        change = _change(hall, station, lane, SOON_S)
        name = floor.site.lane_by_code[lane].name
        note = f"{name}の受付は {hm(begins)} {'から' if now < begins else 'に始まりました'}"
        found.append(_move("back", station, station.lane, lane, f"{station.code} を{name}へ戻す", change, note, None))
    return found


def _needed(hall: Hall, station: Station, lane: str) -> bool:
    """Return whether a lent terminal is needed back: its lane is below its usual split, or the total wait falls."""
    low = hall.view.bands.get(lane, (1, 0))[0]
    if sum(s.at_work for s in hall.view.of(lane)) < low:
        return True
    return gain(hall.view, station.code, lane) > 0


def _change(hall: Hall, station: Station, to: str, soon_s: float) -> Change:
    """Return the longest wait of lane ``to`` within ``soon_s``, before and after the terminal moves there."""
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
