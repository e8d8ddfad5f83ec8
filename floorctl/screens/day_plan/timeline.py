"""Half hours of the day as columns of the plan: where each person was, and will be by the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from floorctl.common.clock import HALF_HOUR
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.flow import reception_half_hours
from floorctl.models.board.posts_timeline import Cell, timeline
from floorctl.screens.drawing.canvas import Span
from floorctl.screens.table import Column

CELLS = 4  # of a column
LEGEND = "案内 会場案内  在席 持ち場なし  ! 予定と違う"
_WORDS = {"free": "在席", "break": "休憩", "away": "離席", "off": "-"}


def shown_halves(state: ConsoleState, room: int) -> list[datetime]:
    """Return the half hours that find room (in cells): all of the day, else those from now on, the last ones late in the day."""
    starts = reception_half_hours(state.day.floor)
    n = min(len(starts), max(0, room // (CELLS + 1)))
    under_way = next((i for i, at in enumerate(starts) if state.day.now < at + HALF_HOUR), len(starts))
    first = min(under_way, len(starts) - n)
    return starts[first : first + n]


def half_columns(starts: Sequence[datetime]) -> list[Column]:
    """Return a column for each half hour: 9時, :30; one that begins the table names its hour."""
    return [
        Column(f"{at.hour}時" if at.minute == 0 else ":30" if n else f"{at.hour}半", CELLS)
        for n, at in enumerate(starts)
    ]


def half_cells(state: ConsoleState, code: str, starts: Sequence[datetime]) -> list[Span]:
    """Return the cells of a person for these half hours."""
    day = state.day
    codes = day.staff_codes()
    turns = [t for t in state.forecasts.break_plan().turns if t.planned]  # a proposal moves nobody
    lines = day.once("timeline", lambda: timeline(day.floor, day.register, day.now, codes, turns), every_s=60)
    every = reception_half_hours(day.floor)
    return [_cell(state, code, lines[code][every.index(at)], at) for at in starts]


def _cell(state: ConsoleState, code: str, cell: Cell, at: datetime) -> Span:
    floor = state.day.floor
    if cell.doing is None:
        return ("", "dim")
    terminal = cell.place in floor.terminals
    word = _WORDS.get(cell.doing) or (cell.place if terminal else "案内")
    if cell.doing == "off" and state.day.register.shift(code, floor.day).off:
        word = "休"
    if cell.differs:
        return (f"{word if terminal else word[:1]}!", "dim" if cell.past else "warn")
    if cell.past or cell.doing == "off":
        return (word, "dim")
    if at <= state.day.now < at + HALF_HOUR:
        return (word, "strong")
    if cell.doing == "break":
        return (word, "ok")
    return (word, lane_role(floor.site, floor.terminals[cell.place].own_lane) if terminal else "text")
