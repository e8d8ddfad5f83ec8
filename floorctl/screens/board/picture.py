"""Layout of the board at any size from 80x24. The reading order is the order of decisions.

From top to bottom: reception windows, the band and the advice, the lanes with their terminals, then the panels. A wide
screen draws a lane with large figures and a card a terminal, and from 150 columns a third column; a narrow one draws lanes
as lists and shares one line between band and advice.
"""

from __future__ import annotations

from floorctl.console.state import ConsoleState
from floorctl.screens.board import lanes, panels, strips
from floorctl.screens.board.advice_line import advice, worth_the_line
from floorctl.screens.board.lanes import WIDE, LaneFacts, Terminal
from floorctl.screens.drawing.canvas import Canvas
from floorctl.screens.drawing.digits import WIDTH, big
from floorctl.screens.drawing.panel import cells, lay, lay_line

_FULL, _COMPACT = 38, 25  # the least width of a lane, in cells
_FULL_ROWS, _CARD_ROWS = 13, 6
_WAITING = "人待ち"


def draw_board(c: Canvas, state: ConsoleState) -> None:
    """Draw everything but the two lines at the foot, which belong to the frame."""
    day = state.day
    counts, flow = day.counts(), day.flows()
    facts = {lane: LaneFacts(state, lane, counts[lane], flow[lane]) for lane in day.floor.lanes}
    movable = [facts[x] for x in day.floor.site.movable_lanes] or list(facts.values())[:2]
    wide = c.width >= WIDE and c.height >= 34
    # As many lanes with room for their terminals as fit beside each other; those beyond stand in the line of the others.
    movable = movable[: max(1, (c.width + 1) // ((_FULL if wide else _COMPACT) + 1))]
    fixed = [f for f in facts.values() if f not in movable]
    _lay_services(c, state, 1)
    (_lay_wide if wide else _lay_narrow)(c, state, movable, fixed)


def _lay_wide(c: Canvas, state: ConsoleState, movable: list[LaneFacts], fixed: list[LaneFacts]) -> None:
    preparing, high = state.day.floor.preparing, c.height >= 40
    _lay_band(c, state, 2 if _lay_advice(c, state, 3) else 3)
    x, y = 0, 5
    for facts, width in zip(movable, _widths(movable, c.width, 1, _FULL), strict=True):
        _lay_lane(c, state, facts, x, y, width)
        x += width + 1
    y += _FULL_ROWS
    if fixed:
        _lay_fixed(c, state, y + 1 if high else y, fixed)
        y += 2 if high else 1
    y += 1
    last = c.height - 2  # message and keys
    side = c.width * 30 // 100 if c.width >= 150 else 0
    main = c.width - side - (1 if side else 0)
    left = main * 47 // 100
    right = main - left - 1
    room = last - y
    # Before the doors open every item of the checklist is seen.
    least = 1 + sum(x.list == "opening" for x in state.day.floor.site.checklist) if preparing else 5
    upper = max(5, min(9 if high else least, room // 2))
    lower = y + upper + 1
    lay(c, panels.opening(state) if preparing else panels.cases(state), 0, y, left, upper)
    lay(c, panels.alerts(state), left + 1, y, right, upper)
    lay(c, panels.staff(state), 0, lower, left, last - lower)
    lay(c, panels.journal(state), left + 1, lower, right, last - lower)
    if side:
        hours = min(room - 7, 14 if room < 28 else 24)
        lay(c, panels.hours(state), main + 1, y, side, hours)
        lay(c, panels.incidents(state), main + 1, y + hours + 1, side, last - y - hours - 1)


def _lay_narrow(c: Canvas, state: ConsoleState, movable: list[LaneFacts], fixed: list[LaneFacts]) -> None:
    preparing, found = state.day.floor.preparing, state.alerts()
    # One line for both, unless each has something that must be seen.
    y, worth = 3, worth_the_line(state)
    if worth and found:
        y += _lay_advice(c, state, 3)
    if not worth or found or not _lay_advice(c, state, 2):
        _lay_band(c, state, 2)
    rows = min(2 + max([5, *(len(f.terminals) for f in movable)]), c.height - 12)
    x = 0
    for i, facts in enumerate(movable):
        width = c.width // len(movable) - 1 if i < len(movable) - 1 else c.width - x
        _lay_lane_list(c, state, facts, x, y, width, rows)
        x += width + 1
    y += rows
    if fixed:
        _lay_fixed(c, state, y, fixed)
        y += 1
    left, last = c.width // 2, c.height - 2
    listed = len(state.day.floor.site.checklist) // 2 if preparing else len(state.day.cases())
    upper = max(3, min((last - y) // 2, 2 + max(len(found), listed)))
    lower = y + upper
    lay(c, panels.opening(state) if preparing else panels.cases(state), 0, y, left - 1, upper)
    lay(c, panels.alerts(state), left, y, c.width - left, upper)
    lay(c, panels.staff(state), 0, lower, left - 1, last - lower)
    lay(c, panels.journal(state), left, lower, c.width - left, last - lower)


# ---- lines over the whole screen


def _lay_services(c: Canvas, state: ConsoleState, y: int) -> None:
    c.fill(0, y, c.width, 1, "bar")
    x = 0
    for name, line in strips.services(state):
        if c.width - x < min(cells([(name, "")]), 8) + 12:
            c.right(c.width, y, " ほか", "warn")  # what does not fit is said to be there
            return
        x = lay_line(c, line, x, y, c.width, c.width) + (3 if c.width >= WIDE else 2)
    due = strips.next_deadline(state)
    if due is not None and c.width - x > 10:
        lay_line(c, due, x, y, c.width)


def _lay_band(c: Canvas, state: ConsoleState, y: int) -> None:
    band = strips.band(state)
    c.fill(0, y, c.width, 1, band.ground)
    lay_line(c, band.line, 0, y, c.width - 1, c.width)
    if band.meaning:
        c.target(0, y, c.width, 1, band.meaning)


def _lay_advice(c: Canvas, state: ConsoleState, y: int) -> bool:
    """Draw the advice; return False, and leave the line alone, where there is none yet."""
    line = advice(state)
    if line is not None:
        c.fill(0, y, c.width, 1, "bar")
        lay_line(c, line._replace(gap=3 if c.width >= WIDE else 2), 0, y, c.width - 1, c.width)
    return line is not None


def _lay_fixed(c: Canvas, state: ConsoleState, y: int, fixed: list[LaneFacts]) -> None:
    """Draw the lanes whose terminals never move, on one line."""
    c.fill(0, y, c.width, 1, "panel")
    x, wide = 0, c.width >= WIDE
    for facts in fixed:
        x = lay_line(c, lanes.in_a_word(facts), x, y, c.width, c.width)
        for t in facts.terminals:
            start = x + (2 if wide else 1)
            x = lay_line(c, Terminal(state, facts, t).in_a_word(), start, y, c.width, c.width)
            c.target(start, y, x - start, 1, f"terminal:{t.code}")
        x += 3 if wide else 1


# ---- lanes


def _widths(movable: list[LaneFacts], total: int, gap: int, least: int) -> list[int]:
    """Return the widths of the lane panels: by their number of terminals, so that a move is seen to move."""
    room = total - gap * (len(movable) - 1)
    terminals = sum(max(1, len(x.terminals)) for x in movable)
    shares = [max(least, round(room * max(1, len(x.terminals)) / terminals)) for x in movable]
    shares[shares.index(max(shares))] -= sum(shares) - room
    return shares


def _lay_lane(c: Canvas, state: ConsoleState, facts: LaneFacts, x: int, y: int, width: int) -> None:
    """Draw a lane with its large number, the figures beside it, and one card a terminal."""
    c.fill(x, y, width, _FULL_ROWS, "panel")
    lay_line(c, lanes.title(facts), x + 1, y, x + width - 2)
    for n, row in enumerate(big(facts.waiting)):
        c.put(x + 2, y + 2 + n, row, facts.alarm)
    left = c.put(x + 2 + WIDTH * len(str(facts.waiting)), y + 4, _WAITING, "dim") + 2
    for n, line in enumerate(lanes.figures(facts)):
        lay_line(c, line, left, y + 1 + n, x + width - 1)
    number = max(1, len(facts.terminals))
    each, spare = divmod(width - 2 - (number - 1), number)
    x += 1
    for i, t in enumerate(facts.terminals):
        _lay_card(c, Terminal(state, facts, t), x, y + _FULL_ROWS - 7, each + (i < spare))
        x += each + (i < spare) + 1


def _lay_card(c: Canvas, terminal: Terminal, x: int, y: int, width: int) -> None:
    c.fill(x, y, width, _CARD_ROWS, "card_on" if terminal.chosen else "card")
    c.target(x, y, width, _CARD_ROWS, f"terminal:{terminal.code}")
    head, *rest = terminal.card()
    lay_line(c, head, x, y, x + width - 1, width)
    for n, line in enumerate(rest, 1):
        lay_line(c, line, x + 1, y + n, x + width)
    if (done := terminal.progress()) is not None:
        c.line(x + 1, y + 5, width - 2, *done)


def _lay_lane_list(c: Canvas, state: ConsoleState, facts: LaneFacts, x: int, y: int, width: int, rows: int) -> None:
    """Draw a lane in two lines, and a line a terminal."""
    c.fill(x, y, width, rows, "panel")
    head, figures = lanes.in_brief(facts)
    lay_line(c, head, x, y, x + width - 1)
    lay_line(c, figures, x + 1, y + 1, x + width - 1)
    for row, t in enumerate(facts.terminals[: max(0, rows - 2)], y + 2):
        terminal = Terminal(state, facts, t)
        c.fill(x, row, width, 1, "card_on" if terminal.chosen else "card")
        c.target(x, row, width, 1, f"terminal:{t.code}")
        lay_line(c, terminal.line(), x, row, x + width - 1, width)
