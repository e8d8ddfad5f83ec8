"""Layout of the board at any size from 80x24. The reading order is the order of decisions.

From top to bottom: reception windows, the band and the advice, the lanes with their terminals, then the panels. A wide
screen draws a lane with large figures and a card a terminal, and from 150 columns a third column; a narrow one draws lanes
as lists. A row stays where it is, whatever is said on it.
"""

from __future__ import annotations

from floorctl.console.state import ConsoleState
from floorctl.screens.board import day_flow, lanes, panels, strips
from floorctl.screens.board.advice_line import advice
from floorctl.screens.board.lanes import WIDE, LaneFacts
from floorctl.screens.board.tiles import TILE_ROWS, Terminal, shape
from floorctl.screens.drawing.canvas import Canvas, Span
from floorctl.screens.drawing.digits import WIDTH, big
from floorctl.screens.drawing.panel import Line, Piece, cells, fits, lay, lay_line

_FULL, _COMPACT = 38, 25  # the least width of a lane, in cells
_FULL_ROWS, _NO_INSET, _INCIDENT_ROWS = 13, 12, 3
_WAITING = "人待ち"
# How the board shares its room where the user's own settings do not say: width of the third column's screen, per cent of
# the left panels; and the rows that every panel keeps.
_THIRD_FROM, _LEFT_WIDE, _LEFT_NARROW, _LEAST_ROWS = 150, 47, 50, 5
_WIDE_PANELS, _NARROW_PANELS = 2 * _LEAST_ROWS, 4  # rows that many lanes leave to the panels below them


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
    _lay_band(c, state, 2)
    _lay_advice(c, state, 3)
    (_lay_wide if wide else _lay_narrow)(c, state, movable, fixed)


def _lay_wide(c: Canvas, state: ConsoleState, movable: list[LaneFacts], fixed: list[LaneFacts]) -> None:
    preparing, high = state.day.floor.preparing, c.height >= 40
    x, y = 0, 5
    for facts, width in zip(movable, _widths(movable, c.width, 1), strict=True):
        _lay_lane(c, state, facts, x, y, width)
        x += width + 1
    y += _FULL_ROWS
    if fixed:
        y = _lay_fixed(c, state, y + high, fixed, c.height - 2 - y - high - 1 - _WIDE_PANELS)
    y += 1
    last = c.height - 2  # message and keys
    sizes = state.settings.sizes
    third = _THIRD_FROM if sizes.third_column_from is None else sizes.third_column_from
    side = c.width * 30 // 100 if third and c.width >= third else 0
    main = c.width - side - (1 if side else 0)
    left = main * (sizes.left_percent or _LEFT_WIDE) // 100
    right = main - left - 1
    # Before the doors open every item of the checklist is seen; nothing moves when they do.
    least = max(5, 1 + sum(x.list == "opening" for x in state.day.floor.site.checklist))
    upper = max(5, min(10 if high else least, (last - y) // 2))
    under = _INCIDENT_ROWS + 1 if side and not preparing else 0
    if sizes.upper_rows is not None:
        upper = max(_LEAST_ROWS + under, min(sizes.upper_rows, last - y - 1 - _LEAST_ROWS))
    lower = y + upper + 1
    lay(c, panels.opening(state) if preparing else panels.cases(state), 0, y, left, upper - under)
    if under:
        lay(c, panels.incidents(state), 0, lower - under, left, _INCIDENT_ROWS)
    lay(c, panels.alerts(state), left + 1, y, right, upper)
    lay(c, panels.staff(state), 0, lower, left, last - lower)
    lay(c, panels.journal(state), left + 1, lower, right, last - lower)
    if side:
        lay(c, day_flow.hours(state), main + 1, y, side, last - y)


def _lay_narrow(c: Canvas, state: ConsoleState, movable: list[LaneFacts], fixed: list[LaneFacts]) -> None:
    """Every row has its place, whatever happens: what has nothing to say stays empty."""
    preparing, floor, y = state.day.floor.preparing, state.day.floor, 4
    # As many rows as terminals, if all stood in one lane, and as leave room for the panels.
    moved = {t.code for t in floor.site.terminals if set(t.lanes) & {f.lane.code for f in movable}}
    rows = 2 + max(1, min(len(moved), (c.height - 9) * 2 // 5))
    widths = _even(c.width, len(movable))
    x = 0
    for facts, pieces, width in zip(movable, _alike(movable, widths), widths, strict=True):
        c.fill(x, y, width, rows, "panel")
        lay_line(c, lanes.head_in_brief(facts), x, y, x + width - 1)
        lay_line(c, Line(pieces, gap=1), x + 1, y + 1, x + width - 1)
        _lay_tiles(c, state, facts, x, y + 2, width, rows - 2)
        x += width + 1
    y += rows
    if fixed:
        y = _lay_fixed(c, state, y, fixed, c.height - 2 - y - _NARROW_PANELS)
    left, last = c.width * (state.settings.sizes.left_percent or _LEFT_NARROW) // 100, c.height - 2
    upper = (last - y + 1) // 2
    lower = y + upper
    lay(c, panels.opening(state) if preparing else panels.cases(state), 0, y, left - 1, upper)
    lay(c, panels.alerts(state), left, y, c.width - left, upper)
    lay(c, panels.staff(state), 0, lower, left - 1, last - lower)
    lay(c, panels.journal(state), left, lower, c.width - left, last - lower)


# ---- lines over the whole screen


def _lay_services(c: Canvas, state: ConsoleState, y: int) -> None:
    c.fill(0, y, c.width, 1, "bar")
    x, found = 0, strips.services(state)
    for n, (name, line) in enumerate(found, 1):
        if c.width - x < min(cells([(name, "")]), 8) + 12:
            c.right(c.width, y, " ほか", "warn")  # what does not fit is said to be there
            return
        end = c.width if n == len(found) else c.width - cells([(" ほか", "")])
        x = lay_line(c, line, x, y, end, c.width) + (3 if c.width >= WIDE else 2)
    due = strips.next_deadline(state)
    if due is not None and c.width - x > 10:
        lay_line(c, due, x, y, c.width)


def _lay_band(c: Canvas, state: ConsoleState, y: int) -> None:
    band = strips.band(state)
    c.fill(0, y, c.width, 1, band.ground)
    lay_line(c, band.line, 0, y, c.width - 1, c.width)
    if band.meaning:
        c.target(0, y, c.width, 1, band.meaning)


def _lay_advice(c: Canvas, state: ConsoleState, y: int) -> None:
    """Draw the advice in the fullest wording that finds room; before there is any its line is empty."""
    line = advice(state, c.width - 1)
    if line is not None:
        c.fill(0, y, c.width, 1, "bar")
        lay_line(c, line, 0, y, c.width - 1, c.width)


Words = list[tuple[Terminal | None, list[Span]]]
Placed = list[tuple[int, int, list[Span], Terminal | None]]  # row, cell, what stands there, and of which terminal it is


def _lay_fixed(c: Canvas, state: ConsoleState, y: int, fixed: list[LaneFacts], most: int) -> int:
    """Draw the lanes whose terminals never move, on one line, or on more where they need it; return the row after.

    Where even the shortest words of the terminals need more than ``most`` rows, their number stands for them; lanes
    that find no room then are counted at the end.
    """
    wide, most = c.width >= WIDE, max(1, most)
    gap = 2 if wide else 1
    found = [(lanes.in_a_word(f, wide=wide), [Terminal(state, f, t) for t in f.terminals]) for f in fixed]
    ways = ("numbers", "words", "together") if wide else ("words", "together")
    wordings = [[(head, _words(ts, gap, how)) for head, ts in found] for how in ways]
    said = next((x for x in wordings if _taken(x, gap + wide) <= c.width), wordings[-1])
    placed = _placed(said, gap + wide, c.width)
    if placed[-1][0] >= most:
        counted: Words = []
        placed = _placed([([*head, (f" {len(ts)}台", "text")], counted) for head, ts in found], gap + wide, c.width)
    if placed[-1][0] >= most:
        shown = [x for x in placed if x[0] < most]
        more = [(f"ほか{len(placed) - len(shown) + 1}窓口", "warn")]
        placed = [*shown[:-1], (*shown[-1][:2], more, None)]
    rows = placed[-1][0] + 1
    c.fill(0, y, c.width, rows, "panel")
    for row, x, spans, t in placed:
        end = c.spans(x, y + row, spans)
        if t is not None:
            c.target(x, y + row, end - x, 1, f"terminal:{t.code}")
    return y + rows


def _placed(said: list[tuple[list[Span], Words]], between: int, width: int) -> Placed:
    """Return where each word stands that is laid from the left, on a new row where it finds no room."""
    found: Placed = []
    x = row = 0
    for head, words in said:
        parts: Words = [(None, head), *words]
        for n, (t, spans) in enumerate(parts):
            # A terminal and the state that follows it stay together.
            state_of = parts[n + 1][1] if n and t is not None and n + 1 < len(parts) and parts[n + 1][0] is None else []
            if x and x + cells(spans) + cells(state_of) > width:
                x, row = 0, row + 1
            found.append((row, x, spans, t))
            x += cells(spans)
        x += between
    return found


def _words(terminals: list[Terminal], gap: int, how: str) -> Words:
    """Return the words of terminals, ``together`` those that stand alike with their state said once."""
    if how != "together":
        return [(t, [(" " * gap, "text"), *t.in_a_word(numbered=how == "numbers")]) for t in terminals]
    found: Words = []
    for n, t in enumerate(terminals):
        said = [t.word, *t.lent]
        joined = n > 0 and [terminals[n - 1].word, *terminals[n - 1].lent] == said
        found.append((t, [("・" if joined else " " * gap, "text"), t.name]))
        if n + 1 == len(terminals) or [terminals[n + 1].word, *terminals[n + 1].lent] != said:
            found.append((None, [(" ", "text"), *said]))
    return found


def _taken(said: list[tuple[list[Span], Words]], between: int) -> int:
    """Return the cells that the line of the fixed lanes takes."""
    each = (cells(head) + sum(cells(spans) for _, spans in words) for head, words in said)
    return sum(each) + between * (len(said) - 1)


# ---- lanes


def _widths(movable: list[LaneFacts], total: int, gap: int) -> list[int]:
    """Return the widths of the lane panels: by their number of terminals, so that a move is seen to move.

    None has less than three quarters of its even share, so that most moves leave every figure in its place.
    """
    room = total - gap * (len(movable) - 1)
    least = max(_FULL, room * 3 // (4 * len(movable)))
    terminals = sum(max(1, len(x.terminals)) for x in movable)
    shares = [max(least, round(room * max(1, len(x.terminals)) / terminals)) for x in movable]
    shares[shares.index(max(shares))] -= sum(shares) - room
    return shares


def _even(total: int, number: int) -> list[int]:
    """Return the widths of so many lanes with a cell between two; the last one takes what is left over."""
    each = total // number - 1
    return [each] * (number - 1) + [total - (each + 1) * (number - 1)]


def _alike(movable: list[LaneFacts], widths: list[int]) -> list[list[Piece]]:
    """Return the figures of each lane, the same in all of them: as many as find room everywhere; then its uncalled numbers."""
    for tight in (False, True):
        said = [(lanes.in_brief(f, tight=tight), lanes.uncalled(f, tight=tight)) for f in movable]
        shown = min(_pieces_in(pieces, width - 2) for (pieces, _), width in zip(said, widths, strict=True))
        least = [Line([*pieces[:2], *more], gap=1) for pieces, more in said]
        if all(fits(line, width - 2) for line, width in zip(least, widths, strict=True)):
            break
    return [[*pieces[: 2 if more else shown], *more] for pieces, more in said]


def _pieces_in(pieces: list[Piece], room: int) -> int:
    """Return how many pieces, one cell apart, find room."""
    return next((n for n in range(len(pieces), 0, -1) if fits(Line(pieces[:n], gap=1), room)), 1)


def _lay_lane(c: Canvas, state: ConsoleState, facts: LaneFacts, x: int, y: int, width: int) -> None:
    """Draw a lane with its large number, the figures beside it, and one tile a terminal."""
    c.fill(x, y, width, _FULL_ROWS, "panel")
    lay_line(c, lanes.title(facts), x + 1, y, x + width - 2)
    number = f"{facts.waiting_word:>2}"
    for n, row in enumerate(big(None if facts.arrivals_untold else facts.waiting)):
        c.put(x + 2 + WIDTH * (len(number) - len(facts.waiting_word)), y + 1 + n, row, facts.alarm)
    left = x + 2 + WIDTH * len(number)
    c.right(left, y + 4, _WAITING, "dim")
    for n, line in enumerate(lanes.figures(facts)):
        lay_line(c, line, left + 1, y + 1 + n, x + width - 1)
    _lay_tiles(c, state, facts, x + 1, y + _FULL_ROWS - 7, width - 2, TILE_ROWS, cards=True)


def _lay_tiles(
    c: Canvas, state: ConsoleState, facts: LaneFacts, x: int, y: int, width: int, rows: int, *, cards: bool = False
) -> None:
    """Draw the terminals of a lane; those that find no room are counted on the last place, the chosen one never."""
    form, total = shape(len(facts.terminals), width, rows, cards=cards), len(facts.terminals)
    shown, beyond = facts.terminals[: form.shown], facts.terminals[form.shown :]
    chosen = [t for t in beyond if t.code == state.chosen.terminal]
    shown = [*shown[: form.shown - len(chosen)], *chosen]
    each, spare = divmod(width + 1, form.columns)
    down = rows // form.rows
    for n, t in enumerate(shown):
        # Lines read downwards, cards from left to right.
        column, row = divmod(n, down) if form.rows == 1 else (n % form.columns, n // form.columns)
        start = x + column * each + min(column, spare)
        size = each - 1 + (column < spare)
        _lay_tile(c, Terminal(state, facts, t), start, y + row * form.rows, size, form.rows, each - 1)
    if form.shown < total:
        c.put(
            x + (form.columns - 1) * each + min(form.columns - 1, spare) + 1,  # under the codes
            y + rows - 1,
            f"ほか{total - form.shown}台",
            "warn",
        )


def _lay_tile(c: Canvas, t: Terminal, x: int, y: int, width: int, rows: int, room: int) -> None:
    """Draw a tile. ``room``: cells of the narrowest tile of the lane; all say as much as that one."""
    c.fill(x, y, width, rows, "card_on" if t.chosen else "card")
    c.target(x, y, width, rows, f"terminal:{t.code}")
    if rows == 1:
        c.spans(x, y, t.line(room - 1), width)
        return
    inset = room > _NO_INSET  # a narrow card needs all its cells for the words
    for n, line in enumerate(t.card(rows, room - inset)):
        lay_line(c, line, x + (inset if n else 0), y + n, x + width)
    if rows == TILE_ROWS and (done := t.progress()) is not None:
        c.line(x + inset, y + rows - 1, width - 2 * inset, *done)
