"""The half of the hall's page with the lanes: how long who comes now may wait, until when is received, what is stopped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from floorctl.documents.hall_page.notices import shown_at_once
from floorctl.documents.hall_page.texts import Pick, both, ems, first, fitted, html, lang, named, turns
from floorctl.models.board.hall_page import HallPage, ShownWait
from floorctl.models.board.hall_words import WordedLane, WordedPage, WordedWait

# How wide texts may be, in ems of their own type (page.css): figures and words of a wait beside for whom it is, and
# alone; names of a lane in the first language, and in two lines in the others.
_BESIDE, _ALONE = 4.2, 5.3
_WORDS_BESIDE, _WORDS_ALONE = 11.5, 12.5
_NAME, _OTHER_NAME = 8.3, 22
# How high rows may be together, what a notice takes of it, how high a row is and one with two waits; in hundredths of
# the page's width, of a page of 16:9 and of an upright one.
_HEIGHT, _NOTICE, _ROW, _DOUBLE = 43.5, 4.4, 7.9, 11.2
_HIGH, _HIGH_NOTICE, _HIGH_ROW, _HIGH_DOUBLE = 85, 11, 13.5, 25
_SHUT = ("stopped", "ended", "not_today", "outage", "nobody")  # why nobody is served who comes now
_TO_LAST_FIGURE = re.compile(r".*\d")
_WORD = re.compile(r"[\u3400-\u9fff]+(\{[^{}]*\})?")  # with its reading


def lanes_half(page: HallPage, words: Sequence[WordedPage]) -> str:
    """Return the lanes, a row each."""
    rows = "".join(_row(page, words, n) for n in range(len(page.lanes)))
    doubles, notices = sum(len(x.waits) > 1 for x in page.lanes), shown_at_once(words)
    singles = len(page.lanes) - doubles
    sort = fitted("lanes", _DOUBLE * doubles + _ROW * singles, _HEIGHT - _NOTICE * notices, "row")
    sort = fitted(sort, _HIGH_DOUBLE * doubles + _HIGH_ROW * singles, _HIGH - _HIGH_NOTICE * notices, "high")
    return (
        f'<section class="half"><div class="head">{both(words, lambda w: w.waits_head, "h2")}</div>'
        f'<ol class="{sort}">{rows}</ol></section>'
    )


def _row(page: HallPage, words: Sequence[WordedPage], n: int) -> str:
    lane = page.lanes[n]
    letter = f'<div class="{fitted("letter", ems(lane.letter), 0.9)}">{html(lane.letter)}</div>'
    waits = "".join(
        _wait(shown, words, lambda w, i=i: w.lanes[n].waits[i])  # type: ignore[misc]
        for i, shown in enumerate(lane.waits)
    )
    double = " double" if len(lane.waits) > 1 else ""
    return f'<li class="lane{n % 4}{double}">{letter}{_name(words, lambda w: w.lanes[n])}<div class="waits">{waits}</div></li>'


def _name(words: Sequence[WordedPage], lane: Callable[[WordedPage], WordedLane]) -> str:
    here = lane(words[0])
    # A name that a language has not is told in another one: it stands there already.
    others: Pick = lambda w: lane(w).name if lane(w).name_lang == w.lang else ""  # noqa: E731
    size = fitted("", ems(here.name), _NAME, least=8)
    widest = max((ems(others(w)) for w in words[1:]), default=0)
    hours = "".join(f"<span>{html(line)}</span>" for line in here.reception)
    several = " several" if len(here.reception) > 1 else ""
    return (
        f'<div class="name"><h3{named(size)}{lang(here.name_lang)}>{html(here.name)}</h3>'
        f'<div class="hours{several}"{lang(words[0].lang)}>{hours}</div>'
        f"{turns(words, others, fitted('', widest, _OTHER_NAME, least=7))}</div>"
    )


def _wait(shown: ShownWait, words: Sequence[WordedPage], wait: Callable[[WordedPage], WordedWait]) -> str:
    here = wait(words[0])
    who = f'<div class="who">{both(words, lambda w: wait(w).who)}</div>' if here.who else ""
    if shown.minutes is None:
        shut = " shut" if shown.why in _SHUT else ""
        size = fitted("words", ems(here.wait), _WORDS_BESIDE if here.who else _WORDS_ALONE, least=6)
        return f'<div class="wait{shut}">{who}<div class="{size}">{both(words, lambda w: wait(w).wait)}</div></div>'
    low, high = shown.minutes
    # A range is told by its figures; whatever else a language says of it, with its figures.
    said: Pick = lambda w: wait(w).wait if high is None else _unit(wait(w).wait)  # noqa: E731
    digits = str(low) if high is None or high == low else f"{low}<i>〜</i>{high}"
    wide = ems(digits.replace("<i>〜</i>", "")) + 0.6 * ("〜" in digits)
    size = fitted("digits", wide, _BESIDE if here.who else _ALONE)
    return (
        f'<div class="wait">{who}<b class="{size}">{digits}</b>'
        f'<div class="unit">{_first_unit(words[0], _unit(here.wait))}{turns(words, said)}</div></div>'
    )


def _unit(text: str) -> str:
    """Return what stands behind the last figure of a wait: 分くらい."""
    return _TO_LAST_FIGURE.sub("", text, count=1).strip() or text


def _first_unit(words: WordedPage, unit: str) -> str:
    """Return the unit in the first language: its word large, and below it what remains of the sentence."""
    found = _WORD.match(unit)
    if found is None:
        return first([words], lambda _: unit, "span")
    rest = unit[found.end() :].strip()
    return f"<span{lang(words.lang)}>{html(found[0])}{f'<small>{html(rest)}</small>' if rest else ''}</span>"
