"""Panels: the words of a part of a screen, independent of their place.

A panel is written as a function of the state that returns what is said, without a coordinate and without a width:

    def notes(state: ConsoleState) -> Panel:
        found = state.day.floor.notes

        def row(n: int) -> Line:
            return Line(
                [(f"{found[n].at:%H:%M} ", "dim"), (found[n].text, "text"), Piece([(found[n].author, "dim")])],
                right=[("済", "ok")],
            )

        return Panel(
            [("メモ ", "strong"), (f"{len(found)}件", "dim")],
            "m",
            name="notes",
            total=len(found),
            row=row,
            at=state.row("notes"),
            focused=state.chosen.panel == "notes",
            empty=[Line([("まだありません", "dim")])],
        )

One place a screen says where it stands: ``lay(c, notes(state), x, y, width, rows)``. A line outside a panel (a strip over
the whole width, a line of a card) is laid by ``lay_line``.

The parts of a line, from left to right:

- ``(text, role)``: words, cut where the room ends; a number: so many cells that stay free;
- ``*column(text, role, width)``: two such parts that together take exactly so many cells;
- ``Piece``: words that stand there whole or not at all, the more important first;
- ``Either``: wordings of one thing by the room that is left;
- ``Fits``: the same in spans, the last of them left out where not even it fits;
- ``Sized``: spans that take the room that is left: a curve, a bar;
- ``From``: what a line says from a width on, and what it says below. It may stand inside a piece.

A figure belongs into a Piece together with the words that say what it is: so it is never cut, nor parted from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

from rich.cells import cell_len

from floorctl.screens.drawing.canvas import Canvas, Span, fit, window

_LEAST_AFTER = 2  # lines: their heading alone says nothing


class Piece(NamedTuple):
    """Words that are drawn whole or not at all; in a line the pieces after one that finds no room are left out too."""

    words: Sequence[Span | From]


class From(NamedTuple):
    """Parts of a line that is at least ``least`` cells wide; a narrower one has ``short``. In a piece: spans only."""

    least: int
    parts: Sequence[Span | int | Piece]
    short: Sequence[Span | int | Piece] = ()


class Either(NamedTuple):
    """Wordings of one thing, longest first: the first that fits, else the last one, cut."""

    wordings: Sequence[str]
    role: str = "text"


class Fits(NamedTuple):
    """Wordings of one thing, longest first: the first that fits whole, else nothing. It stands apart as a piece does."""

    wordings: Sequence[Sequence[Span]]


class Sized(NamedTuple):
    """Spans that take the room that is left: ``spans`` is called with its cells."""

    spans: Callable[[int], Sequence[Span]]


Part = Span | int | Piece | Either | Fits | From | Sized


class Line(NamedTuple):
    """Parts of one line, and the part at its right end.

    ``right`` ends at its right end and is always drawn, ``keep`` cells stay free before it. Of ``aside`` the first wording
    that fits is drawn there, each with the cells that must stay free before it. ``gap`` cells are between two pieces.
    """

    parts: Sequence[Part]
    right: Sequence[Span | From] = ()
    keep: int = 1
    aside: Sequence[tuple[Sequence[Span], int]] = ()
    gap: int = 2


class Panel(NamedTuple):
    """Words of a panel. Its ``total`` lines are made by ``row`` when they are in view."""

    title: Sequence[Span | Piece]  # of the pieces each is left out that finds no room
    keys: str | Sequence[Span] = ""  # at the right end of the title
    name: str = ""  # meaning of a click: panel:NAME on the title, NAME:N on line N; "" has none
    total: int = 0
    row: Callable[[int], Line] = lambda _: Line(())
    at: int = -1  # the line that is kept in view; -1: no line can be chosen or clicked
    focused: bool = False  # the cursor is here
    chosen: bool = True  # it stands on the line ``at``
    empty: Sequence[Line] = ()
    # A heading and lines at the lower end, as many as stand a row apart from those above; asked where they find room.
    after: Callable[[], Sequence[Line]] | None = None
    foot: Line | None = None  # on the last row, where the lines leave it free
    foot_kept: bool = False  # the last row is never a line's
    more: str = ""  # the unit of the lines, where the last one says how many more there are
    cell: int = 0  # least cells of a line where lines stand beside each other


def column(text: str, role: str, width: int, *, cut: int = 0) -> list[Span]:
    """Return ``text`` and blanks, ``width`` cells together; ``cut``: the text takes at most so many."""
    text = fit(text, cut or width)
    return [(text, role), (" " * (width - cell_len(text)), "text")]


def hints(text: str, role: str = "dim") -> list[Piece]:
    """Return the parts of a text that stand two blanks or more apart, each to be shown whole or not at all."""
    return [Piece([(part, role)]) for part in re.split(r" {2,}", text)]


def key_hints(*hints: tuple[str, str]) -> list[Span]:
    """Return keys, each followed by what it does: (key, word)."""
    said: list[Span] = []
    for key, word in hints:
        said += [(" ", "text"), (f" {key} ", "key"), (f" {word}", "text")]
    return said[1:]


def cells(spans: Sequence[Span]) -> int:
    """Return the cells that spans take."""
    taken = 0
    for text, _ in spans:
        taken += cell_len(text)
    return taken


def words(parts: Sequence[Span | From], width: int) -> Sequence[Span]:
    """Return the spans of a line of ``width`` cells."""
    said: list[Span] = []
    for part in parts:
        if isinstance(part, From):
            said += [x for x in (part.parts if width >= part.least else part.short) if not isinstance(x, (int, Piece))]
        else:
            said.append(part)
    return said


def lay_line(c: Canvas, line: Line, x: int, y: int, end: int, width: int | None = None) -> int:
    """Draw a line from ``x`` to before ``end``; return the x after its left part.

    ``width``: cells that the line counts as for ``From`` (those of its panel), where they are not those it may fill.
    """
    width, limit = end - x if width is None else width, end
    if line.right:
        right = words(line.right, width)
        limit -= cells(right)
        c.spans(limit, y, right)
        limit -= line.keep
    x = _lay_parts(c, line.parts, x, y, limit, width, line.gap)
    for spans, free in line.aside:
        start = end - cells(spans)
        if start - free >= x:
            c.spans(start, y, spans)
            break
    return x


def _lay_parts(c: Canvas, parts: Sequence[Part], x: int, y: int, limit: int, width: int, gap: int) -> int:
    before = 0  # cells before the next piece
    for part in parts:
        if type(part) is tuple:
            if x < limit:
                text, role = cast(Span, part)
                x = c.put(x, y, text, role, limit - x)
        elif isinstance(part, int):
            x, before = x + part, 0
            continue
        elif isinstance(part, Piece):
            said = words(part.words, width)
            if x + before + cells(said) > limit:
                break
            x += before
            for text, role in said:
                x = c.put(x, y, text, role)
            before = gap
            continue
        elif isinstance(part, Fits):
            found = next((w for w in part.wordings if x + before + cells(w) <= limit), None)
            if found is not None:
                x = c.spans(x + before, y, found)
                before = gap
            continue
        elif isinstance(part, From):
            x = _lay_parts(c, part.parts if width >= part.least else part.short, x, y, limit, width, gap)
        elif isinstance(part, Either):
            said_whole = next((t for t in part.wordings if x + cell_len(t) <= limit), part.wordings[-1])
            x = c.put(x, y, said_whole, part.role, limit - x)
        elif isinstance(part, Sized):
            x = c.spans(x, y, part.spans(limit - x), limit - x)
        before = 1
    return x


def fits(line: Line, room: int) -> bool:
    """Return whether every part of a line of spans and pieces finds room in ``room`` cells, its first wordings all."""
    used, gap = cells(words(line.right, room)) + (line.keep if line.right else 0), 0
    for part in line.parts:
        if isinstance(part, int):
            used, gap = used + part, 0
        elif isinstance(part, Piece):
            used, gap = used + gap + cells(words(part.words, room)), line.gap
        elif type(part) is tuple:
            used, gap = used + cells([cast(Span, part)]), 1
    return used <= room


def lay(c: Canvas, panel: Panel, x: int, y: int, width: int, rows: int) -> None:
    """Draw a panel into a rectangle: its title, the lines around the cursor, its foot, and what a click on them means."""
    c.fill(x, y, width, rows, "panel")
    _lay_title(c, panel, x, y, width)
    room = rows - 1 - panel.foot_kept
    foot = panel.foot if panel.foot_kept or panel.total < room else None
    if foot is not None:
        lay_line(c, foot, x + 1, y + rows - 1, x + width - 1, width)
    if not panel.total:
        for n, line in enumerate(panel.empty[: max(1, room)]):
            lay_line(c, line, x + 1, y + 1 + n, x + width - 1, width)
    elif panel.cell:
        _lay_grid(c, panel, x, y + 1, width, room)
    else:
        _lay_list(c, panel, x, y + 1, width, room)
    if panel.after is not None:
        _lay_after(
            c, panel, panel.after, x, y, width, rows - (foot is not None and not panel.foot_kept) - panel.foot_kept
        )


def _lay_after(
    c: Canvas, panel: Panel, after: Callable[[], Sequence[Line]], x: int, y: int, width: int, rows: int
) -> None:
    columns = max(1, (width - 2) // panel.cell) if panel.cell else 1
    used = -(-panel.total // columns) if panel.total else len(panel.empty)
    room = rows - 1 - used - 1
    said = after()[:room] if room >= _LEAST_AFTER else ()
    if len(said) < _LEAST_AFTER:
        return
    for n, line in enumerate(said):
        lay_line(c, line, x + 1, y + rows - len(said) + n, x + width - 1, width)


def _lay_title(c: Canvas, panel: Panel, x: int, y: int, width: int) -> None:
    """Draw the title. The panel that has the cursor is marked by a word-like sign, not by colour alone."""
    said: list[Span] = [("> ", "strong")] if panel.focused else []
    room = width - 11  # for pieces: those are the same with and without the sign
    for part in panel.title:
        whole = words(part.words, width) if isinstance(part, Piece) else [part]
        taken = cells(whole)
        if taken <= room or not isinstance(part, Piece):
            said += whole
            room -= taken
    c.spans(x + 1, y, said, width - 8)
    keys = [(panel.keys, "dim")] if isinstance(panel.keys, str) else list(panel.keys)
    c.spans(x + width - 1 - cells(keys), y, keys)
    if panel.name:
        c.target(x, y, width, 1, f"panel:{panel.name}")


def _lay_list(c: Canvas, panel: Panel, x: int, y: int, width: int, room: int) -> None:
    first = window(panel.total, room, max(0, panel.at))
    for i in range(first, min(first + room, panel.total)):
        row, line = y + i - first, panel.row(i)
        _lay_ground(c, panel, i, x, row, width)
        rest = panel.total - first - room
        if panel.more and rest > 0 and i == first + room - 1:
            more: Span = (f" ほか{rest}{panel.more}", "dim")
            line = line._replace(right=[more], keep=line.keep + cells(words(line.right, width)))
        lay_line(c, line, x + 1, row, x + width - 1, width)


def _lay_grid(c: Canvas, panel: Panel, x: int, y: int, width: int, room: int) -> None:
    columns = max(1, (width - 2) // panel.cell)
    each = (width - 2) // columns
    places = room * columns
    first = max(0, min(panel.at - places + 1, panel.total - places)) if panel.focused else 0
    shown = places - 1 if panel.total - first > places else places  # the last place says how many more there are
    for n, i in enumerate(range(first, min(first + shown, panel.total))):
        left, row = x + each * (n % columns), y + n // columns
        _lay_ground(c, panel, i, left, row, each, 1)
        lay_line(c, panel.row(i), left + 1, row, left + each, each)
    rest = panel.total - first - shown
    if rest > 0:
        c.put(x + 1 + each * (columns - 1), y + room - 1, f"ほか{rest}{panel.more}", "dim")


def _lay_ground(c: Canvas, panel: Panel, i: int, x: int, y: int, width: int, after: int = 0) -> None:
    if panel.at < 0:
        return
    if panel.focused and panel.chosen and i == panel.at:
        c.fill(x, y, width, 1, "card_on")
    c.target(x + after, y, width, 1, f"{panel.name}:{i}")
