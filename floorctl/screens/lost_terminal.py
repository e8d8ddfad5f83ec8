"""Keeps the console from standing still once its window (tty) has been closed and nothing can be written any more.

Textual hands its output to a thread through a queue of 30 places. Where the window has been closed the thread dies of
the first write, the queue fills, and the console would stand still for ever: a process that nobody sees, that holds
the file open and goes on taking in feeds.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

# How long an end may take (s) once everything is recorded: to repaint, to give the terminal back, to say why.
END_S = 3.0
# A terminal that has taken nothing for so long stands still (s).
_STANDS_STILL_S = 0.2


class Output:
    """A text file whose failures are told once, to ``gone``, and are otherwise as if they had been written."""

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
    """The driver, with an output that outlives its terminal; ``gone`` is called in the driver's thread.

    While the console is ``ending`` for the system, nobody waits for a terminal that stands still: the keys that were
    pressed before have to be worked off.
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
                    # Found once to stand still, it is not waited for with each of the pictures that are still to come.
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
    """Ends the process when it has not ended by itself ``within_s`` seconds after ``record``, which is called first.

    Whoever writes to a terminal that stands still (a frozen window, a line that hangs) waits for ever: the thread that
    paints, whoever joins it, and the last words on stderr.
    """

    def end() -> None:
        record()
        time.sleep(within_s)
        os._exit(status)

    threading.Thread(target=end, name="floorctl-end", daemon=True).start()
