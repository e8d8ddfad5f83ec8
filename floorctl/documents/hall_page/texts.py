"""Texts of the hall's page as HTML: escaped, with their readings as ruby, the languages beside each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from floorctl.common.clean_text import clean
from floorctl.models.board.hall_words import WordedPage

Pick = Callable[[WordedPage], str]
# A word and its reading: 受付{うけつけ} (models/board/hall_words.py).
_READING = re.compile(r"([\u3400-\u9fff々〆ヶ]+)\{([^{}]*)\}")
_FIGURES = re.compile(r"\d+(?:\s?[〜～~–—-]\s?\d+)?")  # noqa: RUF001 - as the languages write a range


class Figures(NamedTuple):
    """A text around its first figures: 約 20〜35 分."""

    before: str
    digits: str
    after: str

    @property
    def unit(self) -> str:
        return f"{self.before.strip()} {self.after.strip()}".strip()


def html(text: str) -> str:
    """Return a text as HTML: no character of it is markup, a reading stands over its word."""
    return _READING.sub(r"<ruby>\1<rt>\2</rt></ruby>", escape(clean(text)))


def plain(text: str) -> str:
    """Return a text without its readings."""
    return _READING.sub(r"\1", text)


def figures(text: str) -> Figures | None:
    """Return a text taken apart at its first figures; None where it has none."""
    found = _FIGURES.search(text)
    return Figures(text[: found.start()], found[0], text[found.end() :]) if found else None


def ems(text: str) -> float:
    """Return how wide a text may be in bold type, in ems: the widest of the usual fonts, with a margin."""
    return sum(_em(c) for c in plain(text))


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF" or char in "〜…":
        return 1.0
    if char.isdigit():
        return 0.6
    return 0.86 if char.isupper() else 0.66


def first(words: Sequence[WordedPage], pick: Pick, tag: str, *, kind: str = "") -> str:
    """Return a text in the first language, which is always shown; "" where it has none."""
    said = pick(words[0])
    named = f' class="{kind}"' if kind else ""
    return f'<{tag}{named} lang="{escape(words[0].lang)}">{html(said)}</{tag}>' if said else ""


def turns(words: Sequence[WordedPage], pick: Pick, tag: str = "span") -> str:
    """Return a text in the other languages, which take turns in one place; "" where none has it."""
    said = [
        f'<{tag} class="n{n}" lang="{escape(w.lang)}">{html(text)}</{tag}>'
        for n, w in enumerate(words[1:])
        if (text := pick(w))
    ]
    return f'<{_around(tag)} class="turns">{"".join(said)}</{_around(tag)}>' if said else ""


def every(words: Sequence[WordedPage], pick: Pick) -> str:
    """Return a text in all languages at once, a paragraph each, the first language foremost."""
    return "".join(
        f'<p{" class=" + chr(34) + "first" + chr(34) if n == 0 else ""} lang="{escape(w.lang)}">{html(text)}</p>'
        for n, w in enumerate(words)
        if (text := pick(w))
    )


def _around(tag: str) -> str:
    return "span" if tag in ("span", "i") else "div"


def fitted(kind: str, wide: float, room: float, sort: str = "fit", least: int = 2) -> str:
    """Return a class, with a second one for smaller type (page.css) where a text is wider than its room.

    ``least``: the smallest type, in tenths; what is wider still is wrapped.
    """
    tenths = 10 if wide <= room else max(int(10 * room / wide), least)
    return kind if tenths >= 10 else f"{kind} {sort}{tenths}".strip()
