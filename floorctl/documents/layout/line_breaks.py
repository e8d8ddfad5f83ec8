"""Break text into the lines that a cell can show, by the width of a fixed-pitch Japanese font. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from floorctl.documents.layout.plain import cells

HANGING = "、。，．）」』:"  # never begin a line
OPENING = "（「『("  # never end one
SENTENCE = ("。", "、", ": ")  # a text with one of them is no name
_NAME_LINES = 4  # a longer text is no name
_RUNS = re.compile("[一-龠々]+|[ァ-ヶー]+|[ぁ-ん]+|[0-9A-Za-z.,:/+-]+|.", re.DOTALL)
_TOKEN = re.compile(  # a sign, a number and its unit are one
    r"(?:-{1,2}|[+±])?[0-9A-Za-z][0-9A-Za-z.,:/+-]*(?:％|(?<=[0-9])[分人件枚台回日秒])?|.", re.DOTALL
)


def is_name(text: str, width: float) -> bool:
    """Return whether a text wider than the cell is a name, of few lines, and no sentence."""
    room = max(2, int(width))
    return room < cells(text) <= _NAME_LINES * room and not text.isascii() and not any(c in text for c in SENTENCE)


def broken(text: str, width: float) -> Iterator[str]:
    """Yield a text in pieces at most ``width`` half-width cells wide (one piece at least).

    A number with its unit, or a Latin word, stays whole if a line can hold it; no line ends with an opening bracket. A name is broken
    between its words where they can be told.
    """
    room, piece, used = max(2, int(width)), "", 0
    if is_name(text, room):
        yield from _named(text, room)
        return
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


def _named(text: str, room: int) -> Iterator[str]:
    """Yield a name in lines, each broken at the last place between words, else where it is full."""
    starts = set(_words(text))
    begin = 0
    while cells(text[begin:]) > room:
        end = begin + 1
        while end < len(text) and (cells(text[begin : end + 1]) <= room or text[end] in HANGING):
            end += 1
        cut = next((n for n in range(end, begin, -1) if n in starts), end)
        yield text[begin:cut].rstrip(" 　")
        begin = cut
    yield text[begin:]


def _words(text: str) -> Iterator[int]:
    """Yield where words of a name begin.

    After a space or ・, where the script changes (but for endings in kana and figures), and after every second character
    of a compound (電子証明書).
    """
    at, before = 0, ""
    runs = _RUNS.findall(text)
    for run, following in zip(runs, [*runs[1:], ""], strict=True):
        if at and run[0] not in f"{HANGING}・ 　" and before[-1] not in OPENING:
            figures = run[0].isascii() or before[-1].isascii()
            ending = "ぁ" <= run[0] <= "ん" and len(run) < 3
            if before[-1] in "・ 　" or not (figures or ending):
                yield at
        if "一" <= run[0] <= "龠":
            ending = "ぁ" <= following[:1] <= "ん"
            yield from range(at + 2, at + len(run) - (not ending), 2)
        at, before = at + len(run), run


def balanced(text: str, width: float) -> str:
    """Return a heading in as few lines as possible and of similar length; a bracket begins a line if it can."""
    if cells(text) <= int(width):
        return text
    before, bracket, rest = text.partition("（")
    if before and bracket and max(cells(before), cells(bracket + rest)) <= int(width):
        return f"{before}\n{bracket}{rest}"
    fewest = len(list(broken(text, width)))
    room = next(r for r in range(2, max(2, int(width)) + 1) if len(list(broken(text, r))) <= fewest)
    lines = list(broken(text, room))
    return "\n".join(lines)
