"""The half of the hall's page with the numbers that were called: the newest large, the ones before in a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from floorctl.documents.hall_page.texts import HALF, WHOLE, Pick, both, ems, first, fitted, head, html, told, turns
from floorctl.models.board.hall_page import HallPage
from floorctl.models.board.hall_words import WordedPage

# How wide texts may be, in ems of their own type (page.css): of a wider one the type is smaller.
_NUMBER, _PLACE = 3.05, 2.1
_NUMBER_BEFORE, _PLACE_BEFORE = 3.4, 2.7
_ROOM = 33  # of this half
_FRESH = timedelta(seconds=20)  # for which a new number is marked
_ARROW = '<svg class="arrow" viewBox="0 0 10 10" aria-hidden="true"><path d="M0 3.6h5V.6L10 5 5 9.4v-3H0z"/></svg>'


def calls_half(page: HallPage, words: Sequence[WordedPage], *, alone: bool) -> str:
    """Return the numbers that were called, or in their place why there are none; of a page that is not open its state.

    ``alone``: no lanes stand beside.
    """
    if not page.calls:
        why: Pick = lambda w: w.state or w.calls_note  # noqa: E731
        top = "" if words[0].state else _head(words)
        return f'<section class="half">{top}{told(words, why, WHOLE if alone else HALF)}</section>'
    more = f'<div class="aside">{both(words, lambda w: w.state, "strong")}</div>' if words[0].state else ""
    return f'<section class="half">{_head(words)}{_newest(page, words)}{_before(page, words)}{more}</section>'


def _head(words: Sequence[WordedPage]) -> str:
    return head(words, lambda w: w.calls_head, _ROOM)


def _newest(page: HallPage, words: Sequence[WordedPage]) -> str:
    call = page.calls[0]
    fresh = " fresh" if timedelta(0) <= page.at - call.at < _FRESH else ""
    lane: Pick = lambda w: w.calls[0].lane  # noqa: E731
    twice: Pick = lambda w: w.calls[0].again  # noqa: E731
    said = f'<div class="said">{first(words, lane, "span")}<time>{escape(words[0].calls[0].at)}</time></div>{turns(words, lane)}'
    if twice(words[0]):
        said = f'<div class="again">{both(words, twice)}</div>'
    where: Pick = lambda w: _without(w.calls[0].go, call.place)  # noqa: E731
    place = f'<div class="{fitted("place", ems(call.place), _PLACE)}">{html(call.place)}</div>' if call.place else ""
    untold = "" if call.place else " untold"
    return (
        f'<div class="newest{fresh}"><div class="{fitted("number", ems(call.number), _NUMBER)}">{html(call.number)}</div>'
        f'<div class="go">{_ARROW}<div class="where{untold}">{both(words, where)}</div>{place}</div>{said}</div>'
    )


def _before(page: HallPage, words: Sequence[WordedPage]) -> str:
    rows = []
    for call, said in zip(page.calls[1:], words[0].calls[1:], strict=True):
        place = f'{_ARROW}<span class="{fitted("place", ems(call.place), _PLACE_BEFORE)}">{html(call.place)}</span>'
        rows.append(
            f'<li class="{_lane(page, call.lane)}">'
            f'<span class="{fitted("number", ems(call.number), _NUMBER_BEFORE)}">{html(call.number)}</span>'
            f"{place if call.place else '<span></span><span></span>'}<time>{escape(said.at)}</time></li>"
        )
    return f'<ol class="before">{"".join(rows)}</ol>' if rows else ""


def _without(go: str, place: str) -> str:
    """Return where to go without the sign of the desk, which stands beside in large type."""
    return " ".join(go.replace(place, " ", 1).split()) if place else go


def _lane(page: HallPage, code: str) -> str:
    """Return the class of a lane's colour; its letter is in the number."""
    codes = [lane.code for lane in page.lanes]
    return f"lane{codes.index(code) % 4}" if code in codes else "lane"
