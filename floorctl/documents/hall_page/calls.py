"""The half of the hall's page with the numbers that were called: the newest large, the ones before in a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from floorctl.documents.hall_page.texts import Pick, ems, every, first, fitted, html, turns
from floorctl.models.board.hall_page import HallPage
from floorctl.models.board.hall_words import WordedPage

# How wide texts may be, in ems of their own type (page.css): of a larger one the type is smaller.
_NUMBER, _PLACE = 3.0, 2.2
_NUMBER_BEFORE, _PLACE_BEFORE = 3.9, 3.2
_FRESH = timedelta(seconds=20)  # for which a new number is marked
_ARROW = '<svg class="arrow" viewBox="0 0 10 10" aria-hidden="true"><path d="M0 3.6h5V.6L10 5 5 9.4v-3H0z"/></svg>'


def calls_half(page: HallPage, words: Sequence[WordedPage]) -> str:
    """Return the numbers that were called, or in their place why there are none; of a page that is not open its state."""
    main = words[0]
    if main.state:
        return f'<section class="half"><div class="tell">{every(words, lambda w: w.state)}</div></section>'
    head = f'<div class="head">{first(words, lambda w: w.calls_head, "h2")}{turns(words, lambda w: w.calls_head)}</div>'
    if not page.calls:
        told = f'<div class="tell">{every(words, lambda w: w.calls_note)}</div>'
    else:
        note = f'<div class="aside">{first(words, lambda w: w.calls_note, "strong")}{turns(words, lambda w: w.calls_note)}</div>'
        told = _newest(page, words) + _before(page, words) + (note if main.calls_note else "")
    return f'<section class="half">{head}{told}</section>'


def _newest(page: HallPage, words: Sequence[WordedPage]) -> str:
    call = page.calls[0]
    fresh = " fresh" if timedelta(0) <= page.at - call.at < _FRESH else ""
    twice: Pick = lambda w: w.calls[0].again  # noqa: E731
    again = f'<div class="again">{first(words, twice, "span")}{turns(words, twice)}</div>' if twice(words[0]) else ""
    where: Pick = lambda w: _without(w.calls[0].go, call.place)  # noqa: E731
    place = f'<span class="{fitted("place", ems(call.place), _PLACE)}">{html(call.place)}</span>' if call.place else ""
    there = f'<div class="where">{first(words, where, "span")}{turns(words, where)}</div>'
    go = f'<div class="go">{_ARROW}{there}{place}</div>' if place or words[0].calls[0].go else ""
    lane = first(words, lambda w: w.calls[0].lane, "span") + turns(words, lambda w: w.calls[0].lane)
    return (
        f'<div class="newest {_lane(page, call.lane)}{fresh}">'
        f'<div class="{fitted("number", ems(call.number), _NUMBER)}">{html(call.number)}</div>{go}'
        f'<div class="said">{lane}<time>{escape(words[0].calls[0].at)}</time></div>{again}</div>'
    )


def _before(page: HallPage, words: Sequence[WordedPage]) -> str:
    rows = []
    for call, said in zip(page.calls[1:], words[0].calls[1:], strict=True):
        place = call.place or said.go
        rows.append(
            f'<li class="{_lane(page, call.lane)}">'
            f'<span class="{fitted("number", ems(call.number), _NUMBER_BEFORE)}">{html(call.number)}</span>'
            f"{_ARROW if place else '<span></span>'}"
            f'<span class="{fitted("place", ems(place), _PLACE_BEFORE)}">{html(place)}</span>'
            f"<time>{escape(said.at)}</time></li>"
        )
    return f'<ol class="before">{"".join(rows)}</ol>' if rows else ""


def _without(go: str, place: str) -> str:
    """Return where to go without the sign of the desk, which stands beside in large type."""
    return " ".join(go.replace(place, " ", 1).split()) if place else go


def _lane(page: HallPage, code: str) -> str:
    """Return the class of a lane's colour; its letter is in the number."""
    codes = [lane.code for lane in page.lanes]
    return f"lane{codes.index(code) % 4}" if code in codes else "lane"
