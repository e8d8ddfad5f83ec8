"""Large numbers in braille dots (always one cell wide, in every terminal): seven segments, 3 cells by 3 rows."""

from __future__ import annotations

from functools import cache

# top, upper left, upper right, middle, lower left, lower right, bottom
_SEGMENTS = {
    "0": "1110111",
    "1": "0010010",
    "2": "1011101",
    "3": "1011011",
    "4": "0111010",
    "5": "1101011",
    "6": "1101111",
    "7": "1010010",
    "8": "1111111",
    "9": "1111011",
    "-": "0001000",
    # The letters of lanes, as far as seven strokes go.
    "A": "1111110",
    "B": "0101111",
    "C": "1100101",
    "D": "0011111",
    "E": "1101101",
    "F": "1101100",
}
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
WIDTH, ROWS = 4, 3  # a digit with its gap


def _pixels(digit: str) -> set[tuple[int, int]]:
    """Return the dots of a digit in a field of 6 x 11: strokes of two dots, so that it reads from across the room."""
    top, ul, ur, mid, ll, lr, bottom = (c == "1" for c in _SEGMENTS[digit])
    dots: set[tuple[int, int]] = set()
    for on, y in ((top, 0), (mid, 5), (bottom, 10)):
        if on:
            dots |= {(x, y) for x in range(6)}
    for on, x, ys in ((ul, 0, range(6)), (ur, 5, range(6)), (ll, 0, range(5, 11)), (lr, 5, range(5, 11))):
        if on:
            dots |= {(x + (1 if x == 0 else -1) * k, y) for y in ys for k in (0, 1)}
    return dots


def big(number: int | None) -> list[str]:
    """Return three lines of braille that show ``number``, a dash for None."""
    return big_text("-" if number is None else str(max(0, number)))


def big_text(text: str) -> list[str]:
    """Return three lines of braille that show digits and the letters of lanes; [] where a character has no strokes."""
    if any(char not in _SEGMENTS for char in text):
        return []
    rows = [""] * ROWS
    for digit in text:
        rows = [row + cells for row, cells in zip(rows, _rows(digit), strict=True)]
    return [r.rstrip(" ") for r in rows]


@cache
def _rows(digit: str) -> list[str]:
    """Return the three lines of one character, each with its gap."""
    dots = _pixels(digit)
    return [
        "".join(
            chr(0x2800 + sum(_DOTS[dy][dx] for dy in range(4) for dx in range(2) if (2 * c + dx, 4 * r + dy) in dots))
            for c in range(3)
        )
        + " "
        for r in range(ROWS)
    ]
