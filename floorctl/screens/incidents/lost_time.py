"""Minutes of reception that outages and failures have cost today, by service, by outage and by terminal (F5)."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.clock import business_day
from floorctl.common.lengths import length_word
from floorctl.common.words import hm, md_hm
from floorctl.console.state import ConsoleState
from floorctl.models.board.lost_time import LostTime, lost_today
from floorctl.models.register.outages import PLANNED, OutageMinutes
from floorctl.models.site.site import Site
from floorctl.screens.drawing.canvas import Span
from floorctl.screens.drawing.panel import Line, Piece, column

_LASTS: Span = ("続いています", "bad")


def lost_time(state: ConsoleState) -> LostTime:
    """Return what today's reception has lost, by whole minutes of the clock."""
    day = state.day
    return day.once("lost time", lambda: lost_today(day.floor, day.register, day.now), every_s=60)


def rows(lost: LostTime, most: int) -> int:
    """Return the rows of the panel: its head and a line each outage and for the terminals; 0 where nothing was lost."""
    return min(most, 1 + len(_outages(lost)) + bool(lost.terminals)) if lost else 0


def lines(state: ConsoleState, room: int) -> list[Line]:
    """Return the head with the total of each service, then each outage, then the terminals; what finds no row is counted."""
    lost, site = lost_time(state), state.day.site
    found = [_outage(state, group) for group in _outages(lost)]
    if lost.terminals:
        found.append(_terminals(state, lost))
    if 1 + len(found) > room:
        rest = len(found) - room + 2
        found = [*found[: room - 2], Line([(f"ほか{rest}件", "dim")])] if room > 1 else []
    return [_head(lost, site), *found]


def _head(lost: LostTime, site: Site) -> Line:
    totals = [Piece([(f"{_services(codes, site)} ", "dim"), (length_word(n), "strong")]) for codes, n in lost.alike()]
    return Line([("今日 止まった受付時間", "strong"), 2, *totals])


def _services(codes: list[str], site: Site) -> str:
    """Return services by their short names; all of the site, or of one lane, by one word."""
    if len(codes) == len(site.services):
        return "全業務"
    said: list[str] = []
    for lane in site.lanes:
        own = [s for s in site.services if s.lane == lane.code]
        stopped = [s.short for s in own if s.code in codes]
        said += [lane.name] if len(own) == len(stopped) > 1 else stopped
    return "・".join(said)


def _outages(lost: LostTime) -> list[list[OutageMinutes]]:
    """Return the outages with all their services together, the running ones first."""
    found: dict[tuple[str, datetime, str], list[OutageMinutes]] = {}
    for o in lost.outages:
        found.setdefault((o.incident, o.since, o.cause), []).append(o)
    return sorted(found.values(), key=lambda group: (group[0].until is not None, group[0].since))


def _outage(state: ConsoleState, group: list[OutageMinutes]) -> Line:
    first, now = group[0], state.day.now
    lasts = first.until is None or first.until > now
    name = first.incident or PLANNED
    cause = first.cause if first.incident else first.cause.removeprefix(PLANNED).strip()
    counted = {o.minutes for o in group}
    minutes = (
        length_word(max(counted)) if len(counted) == 1 else f"{length_word(min(counted))}〜{length_word(max(counted))}"
    )
    pieces = [
        Piece([(_span(state, first.since, None if lasts else first.until), "text")]),
        Piece([(minutes, "bad" if lasts else "strong")]),
        Piece([(_services([o.service for o in group], state.day.site), "text")]),
        *([Piece([_LASTS])] if lasts else []),
        *([Piece([(cause, "dim")])] if cause else []),
    ]
    return Line([*column(name, "text", 9), *pieces])


def _span(state: ConsoleState, since: datetime, until: datetime | None) -> str:
    """Return a span as times of today, with the day where it is another."""
    today = state.day.floor.day

    def at(x: datetime) -> str:
        return hm(x) if business_day(x) == today else md_hm(x)

    return f"{at(since)}〜{at(until) if until else ''}"


def _terminals(state: ConsoleState, lost: LostTime) -> Line:
    pieces = [
        Piece(
            [
                (f"{t.terminal} ", "dim"),
                (length_word(t.minutes), "text"),
                *([(" ", "text"), _LASTS] * (t.until is None)),
            ]
        )
        for t in lost.terminals
    ]
    return Line([*column("端末", "text", 9), *pieces])
