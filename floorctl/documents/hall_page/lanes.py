"""The half of the hall's page with the lanes: how long who comes now may wait, until when is received, what is stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from floorctl.documents.hall_page.texts import Pick, ems, figures, first, fitted, html, turns
from floorctl.models.board.hall_page import HallPage
from floorctl.models.board.hall_words import WordedLane, WordedPage, WordedWait

# How wide the figures of a wait may be, in ems of their own type (page.css), beside for whom they are and alone.
_BESIDE, _ALONE = 4.25, 5.4
_WORDS_BESIDE, _WORDS_ALONE = 8.8, 11.6
_NAME = 6.8
# How high the rows may be together on the lower of the two pages (16:9), in hundredths of its width.
_HEIGHT, _NOTICE = 43.5, 3.1
_ROW, _DOUBLE = 7.7, 10.9
_UNIT = 2.6  # in ems: a longer one is set in smaller type


def lanes_half(page: HallPage, words: Sequence[WordedPage]) -> str:
    """Return the lanes, a row each."""
    head: Pick = lambda w: w.waits_head if any(x.waits for x in w.lanes) else w.reception_head  # noqa: E731
    rows = "".join(_row(words, n) for n in range(len(page.lanes)))
    doubles = sum(len(x.waits) > 1 for x in words[0].lanes)
    need = _DOUBLE * doubles + _ROW * (len(page.lanes) - doubles)
    room = _HEIGHT - _NOTICE * len(words[0].notices)
    return (
        f'<section class="half"><div class="head">{first(words, head, "h2")}{turns(words, head)}</div>'
        f'<ol class="{fitted("lanes", need, room, "row")}">{rows}</ol></section>'
    )


def _row(words: Sequence[WordedPage], n: int) -> str:
    lane = words[0].lanes[n]
    letter = f'<div class="{fitted("letter", ems(lane.letter), 1.0)}">{html(lane.letter)}</div>'
    waits = "".join(_wait(words, lambda w, i=i: w.lanes[n].waits[i]) for i in range(len(lane.waits)))  # type: ignore[misc]
    double = " double" if len(lane.waits) > 1 else ""
    return f'<li class="lane{n % 4}{double}">{letter}{_name(words, lambda w: w.lanes[n])}<div class="waits">{waits}</div></li>'


def _name(words: Sequence[WordedPage], lane: Callable[[WordedPage], WordedLane]) -> str:
    # A name that a language has not is told in another one: it stands there already.
    others: Pick = lambda w: "" if lane(w).name_lang not in ("", w.lang) else lane(w).name  # noqa: E731
    hours = "".join(f"<span>{html(line)}</span>" for line in lane(words[0]).reception)
    many = " several" if len(lane(words[0]).reception) > 1 else ""
    return (
        f'<div class="name">{first(words, lambda w: lane(w).name, "h3", kind=fitted("", max(6, ems(lane(words[0]).name)), _NAME, least=8))}{turns(words, others)}'
        f'<div class="hours{many}" lang="{words[0].lang}">{hours}</div></div>'
    )


def _wait(words: Sequence[WordedPage], wait: Callable[[WordedPage], WordedWait]) -> str:
    here = wait(words[0])
    who = (
        f'<div class="who">{first(words, lambda w: wait(w).who, "span")}{turns(words, lambda w: wait(w).who)}</div>'
        if here.who
        else ""
    )
    told = figures(here.wait) if here.kind in ("minutes", "beyond_closing") else None
    if told is None:
        room = _WORDS_BESIDE if here.who else _WORDS_ALONE
        shut = " shut" if here.kind == "not_received" else ""
        text = first(words, lambda w: wait(w).wait, "span") + turns(words, lambda w: wait(w).wait)
        return f'<div class="wait{shut}">{who}<div class="{fitted("words", ems(here.wait), room, least=7)}">{text}</div></div>'

    def unit(w: WordedPage) -> str:
        found = figures(wait(w).wait)
        return wait(w).wait if found is None else found.unit

    long = " long" if ems(unit(words[0])) > _UNIT else ""
    room = _BESIDE if here.who else _ALONE
    return (
        f'<div class="wait">{who}<b class="{fitted("digits", ems(told.digits) - 0.4, room)}">{_ranged(told.digits)}</b>'
        f'<div class="unit{long}">{first(words, unit, "span")}{turns(words, unit)}</div></div>'
    )


def _ranged(digits: str) -> str:
    """Return figures with a smaller mark between them: it is as wide as two digits else."""
    return "".join(html(c) if c.isdigit() else f"<i>{html(c)}</i>" for c in digits if not c.isspace())
