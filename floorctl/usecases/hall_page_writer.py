"""Keep the file of the hall's page fresh: written whole by one rename at each change, seldom enough, and often enough.

The browser takes a page that is not written for a while for one that has stopped (documents/hall_page/page.js).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from floorctl.common import patience
from floorctl.common.clock import Clock, system_clock
from floorctl.common.errors import FloorctlError, UsageError
from floorctl.common.output_file import clear_left, rewrite_file
from floorctl.documents.hall_page.page import last_page_html, page_html
from floorctl.intake.hall_words import hall_languages
from floorctl.models.board.hall_page import HallPage
from floorctl.models.board.hall_words import WordedPage, worded
from floorctl.models.site.languages import HallLanguage
from floorctl.models.site.site import Site

# Seconds between two pages at the least, and at the most where nothing changes.
SOONEST_S, LATEST_S = 2.0, 15.0
_LAST_S = 2.0  # for the last page: the console's end waits for it
_CLEAR_S = 60.0  # between two looks for what killed writers have left


class HallPageWriter:
    """Writes pages of one site to one file. Belongs to one thread, but for ``due`` and ``trouble``.

    ``timer``: a clock that only goes on; ``clock``: of the PC, for the stamp by which a browser tells a newer page.
    """

    def __init__(
        self,
        target: Path,
        reserved: Iterable[Path] = (),
        *,
        timer: Callable[[], float] = time.monotonic,
        clock: Clock = system_clock,
    ) -> None:
        self.target, self.trouble = target, ""  # why the page cannot be written at present, as a sentence
        self._reserved = list(reserved)
        self._timer, self._clock = timer, clock
        self._tried = self._written = self._cleared = float("-inf")
        self._shown: object = None  # what the file says
        self._site: Site | None = None
        self._languages: tuple[HallLanguage, ...] = ()
        self._last: tuple[HallPage, list[WordedPage]] | None = None

    def due(self) -> bool:
        """Return whether a change may be written by now."""
        return self._timer() - self._tried >= SOONEST_S

    def show(self, page: HallPage, site: Site) -> bool:
        """Write a page if it says something new, or the file is old; return whether it was written.

        What keeps it from being written is ``trouble`` until it is.
        """
        if not self.due():
            return False
        if _said(page) == self._shown and self._timer() - self._written < LATEST_S:
            return False
        self._tried = self._timer()
        try:
            self.write(page, site, patience.BRIEF_S)  # it is tried again soon
        except FloorctlError as e:
            self._shown = None
            # While a browser or a virus scanner reads it: not before the file is old.
            if not patience.is_held(e.__cause__) or self._timer() - self._written >= LATEST_S + patience.SECONDS:
                self.trouble = e.as_note
            return False
        return True

    def write(self, page: HallPage, site: Site, seconds: float = patience.SECONDS) -> None:
        """Write a page now. Raise FloorctlError if it cannot be written in ``seconds``."""
        words = self._worded(page, site)
        self._last = page, words
        self._put(page_html(page, words, self._clock()), seconds)
        self._shown = _said(page)

    def end(self) -> None:
        """Write that the page is not kept any more, without a number or a wait; once nothing is received, that."""
        if self._last is not None:
            with suppress(FloorctlError):
                self._put(last_page_html(*self._last, self._clock()), _LAST_S)

    def _put(self, data: bytes, seconds: float) -> None:
        now = self._timer()
        if now - self._cleared >= _CLEAR_S:
            self._cleared = now
            with suppress(OSError):
                clear_left(self.target.parent)
        rewrite_file(self.target, data, self._reserved, seconds)
        self._tried = self._written = self._timer()
        self.trouble = ""

    def _worded(self, page: HallPage, site: Site) -> list[WordedPage]:
        if site is not self._site:
            self._site, self._languages = site, hall_languages(site)
        return [worded(page, site, language) for language in self._languages]


def need_page(target: Path) -> None:
    """Raise UsageError if a browser would not show a file of this name as a page."""
    if target.suffix.lower() not in (".html", ".htm"):
        what = "会場のページのファイルの名前が正しくありません"
        raise UsageError(what, "ブラウザーで開くページです", ".html で終わる名前にしてください")


def _said(page: HallPage) -> HallPage:
    """Return what a page says: its time to the minute."""
    return replace(page, at=page.at.replace(second=0, microsecond=0))
