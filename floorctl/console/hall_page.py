"""The hall's page, kept by the console: with the figures of the board, written on a thread of its own.

The screen's thread gathers what the page shows (a millisecond, from figures that the board has computed); words, bytes
and the disk are the thread's, so that no key waits for them.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from floorctl.common.clock import Clock, system_clock
from floorctl.common.errors import on_console

if TYPE_CHECKING:
    from floorctl.console.state import ConsoleState
    from floorctl.models.board.hall_page import HallPage
    from floorctl.models.site.site import Site
    from floorctl.usecases.hall_page_writer import HallPageWriter

_PATIENCE_S = 3.0  # for the last page, when the console ends


class _Given(NamedTuple):
    """Contents to show from now on; without a page, the word that it is not kept any more."""

    page: HallPage | None = None
    site: Site | None = None


class HallPageKeeper:
    """``reserved``: files of this run that the page may not replace; ``clock``: of its stamps, a frozen one stops the page."""

    def __init__(self, target: Path, reserved: Sequence[Path] = (), clock: Clock = system_clock) -> None:
        self.target = target
        self._reserved, self._clock = reserved, clock
        self._writer: HallPageWriter | None = None  # None until its parts are loaded
        self._fault = ""
        self._began = self._stopped = False
        self._given = SimpleQueue[_Given | None]()
        self._busy = threading.Event()
        self._thread = threading.Thread(target=self._run, name="floorctl-hall-page", daemon=True)

    def look(self, state: ConsoleState) -> None:
        """Hand over what the page shows now, as often as it may be written; to be called once a second."""
        self._tell(state)
        if not self._began:  # not before the board stands: its start is not slowed
            self._began = True
            self._thread.start()
        if self._writer is None or self._busy.is_set() or not self._writer.due() or not state.ready:
            return
        if state.file.fatal or state.file.trouble:  # nothing new reaches the board: what it shows is of the past
            if not self._stopped:
                self._stopped = True
                self._give(_Given())
            return
        self._stopped = False
        self._give(_Given(page_now(state), state.site))

    def stop(self) -> None:
        """Write that the page is not kept any more, and end the thread."""
        if self._began:
            self._given.put(None)
            self._thread.join(_PATIENCE_S)

    def _give(self, given: _Given) -> None:
        self._busy.set()
        self._given.put(given)

    def _tell(self, state: ConsoleState) -> None:
        """Tell the board that the page is being written, or why it is not."""
        trouble = on_console(self._fault or (self._writer.trouble if self._writer is not None else ""))
        state.file.hall_page = self.target.name
        if trouble != state.file.hall_page_trouble:
            state.file.hall_page_trouble = trouble
            state.changed()

    # ---- the thread

    def _run(self) -> None:
        try:
            from floorctl.usecases.hall_page_writer import HallPageWriter

            self._writer = writer = HallPageWriter(self.target, self._reserved, clock=self._clock)
            while (given := self._given.get()) is not None:
                if given.page is None or given.site is None:
                    writer.end()
                else:
                    writer.show(given.page, given.site)
                self._busy.clear()
            writer.end()
        except Exception as error:  # no fault of the page may end the console; it is not written any more
            self._fault = f"予期しない不具合です（{type(error).__name__}）。盤面を開き直してください。"


def page_now(state: ConsoleState) -> HallPage:
    """Return what the page shows at present, also while the board shows the past."""
    from floorctl.models.board.hall_page import hall_page

    day, forecasts = state.day, state.forecasts
    past, day.past = day.past, None
    try:
        coming = {lane: w.arrivals for lane, w in forecasts.waits().items()}
        calendar = day.register.calendar(day.site)
        return hall_page(
            day.floor, day.register, day.info, calendar, day.grounds(), coming, forecasts.foreseen(), day.now
        )
    finally:
        day.past = past
