"""Texts of the hall's page as HTML: escaped, with their readings as ruby, the languages in one place."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from html import escape
from math import ceil, sqrt
from typing import NamedTuple

from floorctl.common.clean_text import clean
from floorctl.models.board.hall_words import WordedPage, without_readings
from floorctl.models.site.languages import READING

Pick = Callable[[WordedPage], str]


def html(text: str) -> str:
    """Return a text as HTML: no character of it is markup, a reading stands over its word."""
    return READING.sub(r"<ruby>\1<rt>\2</rt></ruby>", escape(clean(text)))


def first(words: Sequence[WordedPage], pick: Pick, tag: str, kind: str = "") -> str:
    """Return a text in the first language, which is always shown; "" where it has none."""
    said = pick(words[0])
    return f"<{tag}{named(kind)}{lang(words[0].lang)}>{html(said)}</{tag}>" if said else ""


def turns(words: Sequence[WordedPage], pick: Pick, kind: str = "") -> str:
    """Return a text in the other languages, which take turns in one place; "" where none has it."""
    said = [
        f'<span class="n{n}"{lang(w.lang)}>{html(text)}</span>' for n, w in enumerate(words[1:]) if (text := pick(w))
    ]
    return f'<div class="{f"turns {kind}".strip()}">{"".join(said)}</div>' if said else ""


def both(words: Sequence[WordedPage], pick: Pick, tag: str = "span") -> str:
    """Return a text in the first language, and beside it in the others by turns."""
    return first(words, pick, tag) + turns(words, pick)


def head(words: Sequence[WordedPage], pick: Pick, room: float) -> str:
    """Return a heading in the first language with the others beside it, in one line; ``room``: in hundredths of the width."""
    wide = 1.08 * (2 * ems(pick(words[0])) + 1.2 + 1.6 * widest(words, pick))
    return f'<div class="{fitted("head", wide, room)}">{both(words, pick, "h2")}</div>'


def widest(words: Sequence[WordedPage], pick: Pick) -> float:
    """Return how wide the widest of the other languages is, in ems."""
    return max((ems(pick(w)) for w in words[1:]), default=0)


def every(words: Sequence[WordedPage], pick: Pick) -> str:
    """Return a text in all languages at once, a paragraph each, the first language foremost."""
    said = [(w, text) for w in words if (text := pick(w))]
    return "".join(f"<p{named('first' if w is words[0] else '')}{lang(w.lang)}>{html(text)}</p>" for w, text in said)


class Panel(NamedTuple):
    """Room for sentences in all languages, in hundredths of the page's width: large type of the first, small of the others."""

    wide: float
    high: float
    large: float
    small: float

    def sort(self, kind: str, words: Sequence[WordedPage], pick: Pick) -> str:
        """Return the class of a text in all languages, with one for smaller type where it is higher than its room."""
        high = sum(self._high(ems(pick(w)), self.small if n else self.large) for n, w in enumerate(words) if pick(w))
        return fitted(kind, sqrt(high), sqrt(self.high))  # smaller type has longer lines, too

    def _high(self, wide: float, size: float) -> float:
        return (ceil(1.1 * wide * size / self.wide) * 1.25 + 0.9) * size


HALF, WHOLE = Panel(28, 40, 2.6, 1.7), Panel(85, 40, 4.4, 2.6)


def told(words: Sequence[WordedPage], pick: Pick, panel: Panel) -> str:
    """Return a text in all languages at once as a panel."""
    return f'<div class="{panel.sort("tell", words, pick)}">{every(words, pick)}</div>'


def named(kind: str) -> str:
    """Return a class as an attribute; "" without one."""
    return f' class="{kind}"' if kind else ""


def lang(code: str) -> str:
    """Return a language as an attribute."""
    return f' lang="{escape(code)}"'


def ems(text: str) -> float:
    """Return how wide a text may be in bold type, in ems: in the wider of the usual fonts."""
    return sum(_em(c) for c in without_readings(text))


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF" or char in "〜…":
        return 1.0
    if char.isdigit():
        return 0.58
    return 0.72 if char.isupper() else 0.3 if char in " .,:;'|!il" else 0.56


def fitted(kind: str, wide: float, room: float, sort: str = "fit", least: int = 2) -> str:
    """Return a class, with a second one for smaller type (page.css) where a text is wider than its room.

    ``least``: the smallest type, in tenths; what is wider still is wrapped.
    """
    tenths = 10 if wide <= room else max(int(10 * room / wide), least)
    return kind if tenths >= 10 else f"{kind} {sort}{tenths}".strip()
