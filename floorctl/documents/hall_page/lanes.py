"""The half of the hall's page with the lanes: how long who comes now may wait, until when is received, what is stopped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from floorctl.documents.hall_page.notices import shown_at_once
from floorctl.documents.hall_page.texts import Pick, both, ems, first, fitted, head, html, lang, named, turns, widest
from floorctl.models.board.hall_page import HallPage, ShownWait
from floorctl.models.board.hall_words import WordedLane, WordedPage, WordedWait

OfLane = Callable[[WordedPage], WordedLane]
OfWait = Callable[[WordedPage], WordedWait]
# How wide texts may be, in ems of their own type (page.css): figures and words of a wait beside for whom it is, and
# alone; names of a lane in the first language, and in two lines in the others.
_BESIDE, _ALONE, _OF_FEW, _OF_FEW_OPEN = 4.09, 5.2, 3.1, 1.75
_WORDS_BESIDE, _WORDS_ALONE, _WORDS_OF_FEW = 11.5, 12.5, 10.7
_NAME, _TWO_LINES, _OTHER_NAME = 8.3, 15, 22
# How high rows may be together, what a notice takes of it, how high a row is and one with two waits; in hundredths of
# the page's width, of a page of 16:9 and of an upright one.
_HEIGHT, _NOTICE, _ROW, _DOUBLE = 43.5, 4.4, 7.9, 11.2
_HIGH, _HIGH_NOTICE, _HIGH_ROW, _HIGH_DOUBLE = 85, 10.5, 13.5, 27
_FEW_ROW, _FEW_DOUBLE, _HIGH_FEW_ROW, _HIGH_FEW_DOUBLE = 13, 24, 14, 33
_GAP, _HIGH_GAP = 0.5, 0.8
_ROOM = 60  # of this half; an upright page has as much, since its small type is larger
_FEW = 2  # so many lanes are shown in larger type
_SHUT = ("stopped", "ended", "not_today", "outage", "nobody")  # why nobody is served who comes now
_TO_LAST_FIGURE = re.compile(r".*\d")
_WORD = re.compile(r"[\u3400-\u9fff]+(\{[^{}]*\})?")  # with its reading


def lanes_half(page: HallPage, words: Sequence[WordedPage]) -> str:
    """Return the lanes, a row each: with their waits, or only with their hours where nobody is received yet or nobody knows."""
    hours = page.state in ("before", "unsure")
    over: Pick = (lambda w: w.reception_head) if hours else (lambda w: w.waits_head)
    rows = "".join(_row(page, words, n, hours=hours) for n in range(len(page.lanes)))
    return (
        f'<section class="half">{head(words, over, _ROOM)}'
        f'<ol class="{_sort(page, words, hours=hours)}">{rows}</ol></section>'
    )


def _sort(page: HallPage, words: Sequence[WordedPage], *, hours: bool) -> str:
    """Return the class of the list by its room: larger type for few lanes, smaller for more than fit."""
    doubles = 0 if hours else sum(len(x.waits) > 1 for x in page.lanes)
    singles, notices, gaps = len(page.lanes) - doubles, shown_at_once(words), len(page.lanes) - 1
    few = _few(page)
    row, double = (_FEW_ROW, _FEW_DOUBLE) if few else (_ROW, _DOUBLE)
    sort = fitted("lanes", double * doubles + row * singles, _HEIGHT - _NOTICE * notices - _GAP * gaps, "row")
    row, double = (_HIGH_FEW_ROW, _HIGH_FEW_DOUBLE) if few else (_HIGH_ROW, _HIGH_DOUBLE)
    room = _HIGH - _HIGH_NOTICE * notices - _HIGH_GAP * gaps
    sort = fitted(sort, double * doubles + row * singles, room, "high")
    return f"{sort} few" if few else sort


def _few(page: HallPage) -> bool:
    return len(page.lanes) <= _FEW


def _row(page: HallPage, words: Sequence[WordedPage], n: int, *, hours: bool) -> str:
    lane = page.lanes[n]
    letter = f'<div class="{fitted("letter", ems(lane.letter), 0.9)}">{html(lane.letter)}</div>'
    row: OfLane = lambda w: w.lanes[n]  # noqa: E731
    told = [i for i, x in enumerate(lane.waits) if not hours or x.why in _SHUT]
    waits = "".join(_wait(page, lane.waits[i], words, lambda w, i=i: row(w).waits[i]) for i in told)  # type: ignore[misc]
    if not waits:
        waits = f'<div class="words">{_hours(words, row)}</div>'
    double = " double" if len(told) > 1 else ""
    name = _name(words, row, hours="" if not told else _hours(words, row))
    return f'<li class="lane{n % 4}{double}">{letter}{name}<div class="waits">{waits}</div></li>'


def _hours(words: Sequence[WordedPage], lane: OfLane) -> str:
    lines = lane(words[0]).reception
    several = " several" if len(lines) > 1 else ""
    told = "".join(f"<span>{html(line)}</span>" for line in lines)
    return f'<div class="hours{several}"{lang(words[0].lang)}>{told}</div>' if lines else ""


def _name(words: Sequence[WordedPage], lane: OfLane, *, hours: str) -> str:
    here = lane(words[0])
    # A name that a language has not is told in another one: it stands there already.
    others: Pick = lambda w: lane(w).name if lane(w).name_lang == w.lang else ""  # noqa: E731
    size = fitted("", ems(here.name), _NAME, least=8)
    if ems(here.name) > _NAME / 0.8:
        size = fitted("", ems(here.name), min(_TWO_LINES, 0.8 * ems(here.name)))
    return (
        f'<div class="name"><h3{named(size)}{lang(here.name_lang)}>{html(here.name)}</h3>{hours}'
        f"{turns(words, others, fitted('', widest(words, others), _OTHER_NAME, least=6))}</div>"
    )


def _wait(page: HallPage, shown: ShownWait, words: Sequence[WordedPage], wait: OfWait) -> str:
    here = wait(words[0])
    who = f'<div class="who">{both(words, lambda w: wait(w).who)}</div>' if here.who else ""
    if shown.minutes is None:
        shut = " shut" if shown.why in _SHUT else ""
        room = _WORDS_OF_FEW if _few(page) else _WORDS_BESIDE if here.who else _WORDS_ALONE
        size = fitted("words", ems(here.wait), room, least=6)
        return f'<div class="wait{shut}">{who}<div class="{size}">{both(words, lambda w: wait(w).wait)}</div></div>'
    low, high = shown.minutes
    # A range is told by its figures; whatever else a language says of it, with its figures.
    said: Pick = lambda w: wait(w).wait if high is None else _unit(wait(w).wait)  # noqa: E731
    # From afar 60 would be sixty minutes: of an open end the figures say so, too.
    digits = str(low) if high == low else f"{low}<i>〜</i>{high or ''}"
    wide = ems(digits.replace("<i>〜</i>", "")) + 0.6 * ("〜" in digits)
    few = _OF_FEW if high is not None else _OF_FEW_OPEN
    size = fitted("digits", wide, few if _few(page) else _BESIDE if here.who else _ALONE)
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
