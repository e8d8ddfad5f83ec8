"""The day in half hours, a line a person: past as it was by the facts, from now on as it is planned (仕様書 10). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from floorctl.common.clock import HALF_HOUR
from floorctl.models.board.break_turn import Turn
from floorctl.models.board.flow import reception_half_hours
from floorctl.models.board.posts_ahead import Doing, Stretch, stretches_ahead
from floorctl.models.board.posts_plan import planned_places
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.register.register import Register

_NOTED = timedelta(minutes=10)  # so much of a break in a half hour is shown, though more of it was work


class Cell(NamedTuple):
    """Half hour of a person: what takes most of it, a break first. ``past``: it is over.

    ``differs``: at work and by then not where the plan has them.
    """

    doing: Doing | None  # None: nothing is known
    place: str = ""
    past: bool = False
    differs: bool = False


def timeline(
    floor: Floor, register: Register, now: datetime, codes: Sequence[str], turns: Sequence[Turn] = ()
) -> dict[str, list[Cell]]:
    """Return the half hours (``reception_half_hours``) of each person, by code; ``turns`` as in ``stretches_ahead``."""
    starts, before = reception_half_hours(floor), stretches_past(floor, now)
    later = stretches_ahead(floor, register, now, list(codes), turns)
    moment = floor.moment(now)
    plans = {
        at: planned_places(floor, f"{min(at + HALF_HOUR, now) - timedelta(minutes=1):%H:%M}", register)
        for at in starts
        if at < now
    }
    found = {}
    for code in codes:
        stretches = [*before.get(code, ()), *later.get(code, ())]
        cells = []
        for at in starts:
            past = at + HALF_HOUR <= moment
            doing, place = _most(stretches, at, at + HALF_HOUR)
            if at <= now < at + HALF_HOUR:  # what is now, not what is to come in the rest of it
                doing, place = _at(stretches, moment)
            planned = plans[at].get(code, place) if at in plans else place
            differs = doing in ("place", "free") and (planned or "") != place
            cells.append(Cell(doing, place, past, differs))
        found[code] = cells
    return found


def _most(stretches: Sequence[Stretch], start: datetime, end: datetime) -> tuple[Doing | None, str]:
    """Return what takes most of the time from ``start`` to ``end``; a break that takes some of it goes first."""
    lengths: dict[tuple[Doing, str], timedelta] = {}
    for s in stretches:
        length = min(end, s.end) - max(start, s.start)
        if length > timedelta(0):
            key = (s.doing, s.place)
            lengths[key] = lengths.get(key, timedelta(0)) + length
    if not lengths:
        return None, ""
    rest = next((key for key, length in lengths.items() if key[0] == "break" and length >= _NOTED), None)
    return rest or max(lengths, key=lambda key: lengths[key])


def _at(stretches: Sequence[Stretch], moment: datetime) -> tuple[Doing | None, str]:
    """Return what is under way at an instant; by the facts where they reach it."""
    return next(((s.doing, s.place) for s in stretches if s.start < moment <= s.end or s.start == moment), (None, ""))


# ---- as it was


def stretches_past(floor: Floor, now: datetime) -> dict[str, list[Stretch]]:
    """Return where each person was up to now (or the close), by the facts of the day."""
    places, end = _places(floor), floor.moment(now)
    found = {}
    for code, states in floor.presence.items():
        changes: list[tuple[datetime, Doing | None, str | None]] = []
        for s in states:
            doing: Doing = (
                "free" if s.at_work else "break" if s.status == "on_break" else "away" if s.status == "away" else "off"
            )
            changes.append((s.since, doing, None))
        changes += [(at, None, place) for at, place in places.get(code, ())]
        found[code] = list(_stretches(sorted(changes, key=lambda x: x[0]), end))
    return found


def _stretches(changes: Sequence[tuple[datetime, Doing | None, str | None]], end: datetime) -> Iterator[Stretch]:
    """Yield the stretches between changes of presence and of place."""
    doing: Doing = "off"
    place = ""
    for n, (at, status, to) in enumerate(changes):
        doing, place = status or doing, place if to is None else to
        until = min(end, changes[n + 1][0] if n + 1 < len(changes) else end)
        if at < until:
            yield Stretch(at, until, "place", place) if doing == "free" and place else Stretch(at, until, doing)


def _places(floor: Floor) -> Mapping[str, list[tuple[datetime, str]]]:
    """Return each change of a person's place; "" for none."""
    at_terminal: dict[str, str] = {}
    found: dict[str, list[tuple[datetime, str]]] = {}

    def put(staff: str, at: datetime, place: str) -> None:
        found.setdefault(staff, []).append((at, place))

    for e in floor.entries:
        if e.key in floor.retracted:
            continue
        f = e.fact
        if isinstance(f, ev.TerminalStaffed):
            left = at_terminal.pop(f.terminal, None)
            if left is not None and left != f.staff:
                put(left, f.at, next((t for t, x in at_terminal.items() if x == left), ""))
            if f.staff is not None:
                at_terminal[f.terminal] = f.staff
                put(f.staff, f.at, f.terminal)
        elif isinstance(f, ev.StaffPosted):
            put(f.staff, f.at, f.post or next((t for t, x in at_terminal.items() if x == f.staff), ""))
    return found
