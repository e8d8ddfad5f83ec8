"""Keep the console from hanging once its window (tty) has been closed and every write fails.

Textual hands its output to a thread through a queue of 30 places. After the window has been closed the thread dies at
the first write, the queue fills, and the console would hang for ever: an invisible process that holds the file open
and goes on taking in feeds.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

# Longest end (s) once everything is recorded: repaint, restore the terminal, print the reason.
END_S = 3.0
# A terminal that has accepted nothing for so long is blocked (s).
_STANDS_STILL_S = 0.2


class Output:
    """Text file that calls ``gone`` at its first failed write and ignores all later failures."""

    def __init__(self, file: TextIO, gone: Callable[[], None]) -> None:
        self._file, self._gone, self._there = file, gone, True

    def write(self, text: str) -> int:
        if self._there:
            try:
                return self._file.write(text)
            except (OSError, ValueError):
                self._lose()
        return len(text)

    def flush(self) -> None:
        if self._there:
            try:
                self._file.flush()
            except (OSError, ValueError):
                self._lose()

    def _lose(self) -> None:
        self._there = False
        with suppress(RuntimeError):  # the loop has ended already
            self._gone()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def tolerant(driver_class: type[Any], gone: Callable[[], None], ending: Callable[[], bool]) -> type[Any]:
    """Return the driver class with an output that survives its terminal; ``gone`` is called in the driver's thread.

    While the system is ``ending`` the console, a blocked terminal is not waited for: the keys pressed before still have
    to be worked off.
    """

    class Tolerant(driver_class):  # type: ignore[misc]
        _stands_still = False

        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            driver: Any = self
            driver._file = Output(driver._file, gone)

        def write(self, data: str) -> None:
            thread = self._writer_thread
            assert thread is not None
            while True:
                try:
                    # Once found blocked, it is not waited for again with each picture still queued.
                    thread._queue.put(data, timeout=0 if self._stands_still and ending() else _STANDS_STILL_S)
                    self._stands_still = False
                    return
                except queue.Full:
                    self._stands_still = True
                    if ending():
                        return

        def close(self) -> None:
            thread = self._writer_thread
            if thread is None or not ending():
                super().close()
                return
            with suppress(queue.Full):
                thread._queue.put(None, timeout=_STANDS_STILL_S)
                thread.join(timeout=END_S / 2)

    return Tolerant


def end_anyway(record: Callable[[], None], status: int, within_s: float = END_S) -> None:
    """Call ``record``, then end the process if it has not ended by itself after ``within_s`` seconds.

    A write to a blocked terminal (a frozen window, a hanging line) never returns: neither in the thread that paints, nor
    in one that joins it, nor on stderr.
    """

    def end() -> None:
        record()
        time.sleep(within_s)
        os._exit(status)

    threading.Thread(target=end, name="floorctl-end", daemon=True).start()
