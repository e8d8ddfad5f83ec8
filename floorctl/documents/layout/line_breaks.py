"""Break text into the lines that a cell can show, by the width of a fixed-pitch Japanese font. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from floorctl.documents.layout.plain import cells

HANGING = "、。，．）」』"  # never begin a line
OPENING = "（「『("  # never end one
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:/+-]*％?|.", re.DOTALL)


def broken(text: str, width: float) -> Iterator[str]:
    """Yield a text in pieces at most ``width`` half-width cells wide (one piece at least).

    A number or Latin word stays whole if a line can hold it; no line ends with an opening bracket.
    """
    room, piece, used = max(2, int(width)), "", 0
    for token in _TOKEN.findall(text):
        parts = [token] if cells(token) <= room else list(token)
        for part in parts:
            w = cells(part)
            if used + w > room and part not in HANGING:
                kept = piece.rstrip(OPENING) or piece
                yield kept
                piece = piece[len(kept) :]
                used = cells(piece)
            piece, used = piece + part, used + w
    yield piece


def balanced(text: str, width: float) -> str:
    """Return a heading in as few lines as possible and of similar length; a bracket begins a line if it can."""
    if cells(text) <= int(width):
        return text
    before, bracket, rest = text.partition("（")
    if before and bracket and max(cells(before), cells(bracket + rest)) <= int(width):
        return f"{before}\n{bracket}{rest}"
    fewest = len(list(broken(text, width)))
    room = next(r for r in range(2, int(width) + 1) if len(list(broken(text, r))) <= fewest)
    lines = list(broken(text, room))
    if len(lines) == 2 and "ぁ" <= lines[1][0] <= "ん":
        # A word ends in kana (合わせ): it goes to the second line whole, if that can hold it.
        word = re.search("[一-龠][ぁ-ん]*$", lines[0])
        moved = word[0] + lines[1] if word and word.start() else ""
        if moved and cells(moved) <= int(width):
            lines = [text.removesuffix(moved), moved]
    return "\n".join(lines)
