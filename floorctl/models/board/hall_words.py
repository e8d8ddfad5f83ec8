"""Say the waiting hall's page in one language, line by line: whoever draws it only lays out. Pure.

Of やさしい日本語 a word may carry its reading behind it: ``受付{うけつけ}`` is 受付 with the ruby うけつけ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.common.frozen import frozen

if TYPE_CHECKING:
    from floorctl.models.board.hall_page import HallPage
    from floorctl.models.site.languages import HallLanguage
    from floorctl.models.site.site import Site


@frozen
class WordedCall:
    """Call in words. ``go``: where to go (窓口 T3, Counter T3); ``again``: "" or that it was called before."""

    number: str
    go: str
    lane: str
    at: str
    again: str


@frozen
class WordedWait:
    """Wait in words. ``who``: "" where there is one kind of visitor; ``kind``: as of ``ShownWait``, for the looks."""

    who: str
    wait: str
    kind: str


@frozen
class WordedLane:
    """Lane in words. ``reception``: its hours, a line each where its services differ. ``name_lang``: where no name is in this language."""

    code: str
    letter: str
    name: str
    name_lang: str
    waits: tuple[WordedWait, ...]
    reception: tuple[str, ...]


@frozen
class WordedPage:
    """Page in words. ``calls_note``: what stands in the place of the numbers, ``state``: of the whole page, "" while open.

    ``stopped``: what the browser says once the page's time has stopped; ``clock``: before the time of the page.
    """

    lang: str
    language: str
    title: str
    venue: str
    day: str
    state: str
    calls_head: str
    calls: tuple[WordedCall, ...]
    calls_note: str
    waits_head: str
    reception_head: str
    lanes: tuple[WordedLane, ...]
    notices_head: str
    notices: tuple[str, ...]
    clock: str
    stopped: str


def worded(page: HallPage, site: Site, language: HallLanguage) -> WordedPage:
    """Return the page in one language."""
    raise NotImplementedError
