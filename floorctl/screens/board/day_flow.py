"""Panel of the day by half hours (今日の流れ): who came, who waited, who is expected."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.action_keys import keyed
from floorctl.common.words import (
    hm,
)
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.flow import half_hours
from floorctl.models.board.told import heads_alone, never_seen
from floorctl.screens.drawing.canvas import Span, fit, pad
from floorctl.screens.drawing.panel import Either, Line, Panel, Part, Sized, column


def hours(state: ConsoleState) -> Panel:
    """List the half hours: who has come and who waited at its end, who is expected; a bar for each lane that shares terminals."""
    site, floor, now = state.day.floor.site, state.day.floor, state.day.now
    lanes = {lane: f"{lane_role(site, lane)}_badge" for lane in (site.movable_lanes or site.worked_lanes)[:3]}
    ahead = _expected(state)
    silent = state.day.grounds().silent_since()
    found = state.day.once("half hours", lambda: half_hours(floor), by_time=False)
    top = max((sum(h.came[lane] for lane in lanes) for h in found), default=0)

    def row(n: int) -> Line:
        h = found[n]
        parts: list[Part] = [*column(f"{hm(h.start):>5}", "strong" if h.start <= now < h.end else "dim", 7)]
        for lane in lanes:
            came, wait = str(h.came[lane]), str(h.waiting[lane])
            if h.start > now:
                came, wait = f"約{ahead[lane, h.start]}" if (lane, h.start) in ahead else "", ""
            elif lane in silent and silent[lane] < h.end:  # as on F6: of its end nothing is known
                came, wait = came if h.came[lane] else "-", "-"
            else:
                q = floor.lanes[lane]
                came, wait = "-" if heads_alone(q) and not h.came[lane] else came, "-" if never_seen(q) else wait
            role = "text" if h.start <= now and h.came[lane] else "dim"
            parts += [(pad(came, 6, right=True), role), (pad(wait, 6, right=True), role), 1]
        bars = [(h.came[lane], role) for lane, role in lanes.items()]
        return Line([*parts, 1, Sized(lambda room: _bar(bars, top, room))])

    heads: list[Part] = [7]
    for lane, role in lanes.items():
        heads += [(pad(f" {fit(site.lane_by_code[lane].name, 10)}", 12), role), 1]
    totals = {lane: c.issued for lane, c in state.day.counts().items()}
    foot = [f"本日計 {sum(totals.values())}人", *(f"{site.lane_by_code[x].name} {totals[x]}" for x in lanes)]
    others = [f"{site.lane_by_code[x].name} {n}" for x, n in totals.items() if x not in lanes]
    rest = [f"ほか {sum(n for x, n in totals.items() if x not in lanes)}"] if others else []
    lines = [Line(heads), Line([7, *((text, "dim") for _ in lanes for text in ("  来庁", "  待ち", " "))])]
    return Panel(
        [("今日の流れ ", "strong"), ("30分ごと（約は見込み）", "dim")],
        keyed("{forecast}  {results}"),
        total=len(found) + len(lines),
        row=lambda n: lines[n] if n < len(lines) else row(n - len(lines)),
        foot=Line([Either(["  ".join([*foot, *others]), "  ".join([*foot, *rest]), foot[0]], "dim")]),
        foot_kept=True,
    )


def _expected(state: ConsoleState) -> dict[tuple[str, datetime], int]:
    """Return who is still expected by lane and half hour; nothing of a lane whose source is silent."""
    demand = state.forecasts.demand() if state.day.info.open and state.day.floor.closed_at is None else None
    silent = state.day.grounds().silent_since()
    lanes = demand.lanes.items() if demand is not None else ()
    return {(lane, h.start): round(h.expected) for lane, d in lanes if lane not in silent for h in d.halves}


def _bar(bars: list[tuple[int, str]], top: int, room: int) -> list[Span]:
    return [(" " * round(room * n / (top or 1)), role) for n, role in bars] if room > 0 else []
