"""Keeps the console from standing still once its window (tty) has been closed and nothing can be written any more.

Textual hands its output to a thread through a queue of 30 places. Where the window has been closed the thread dies of
the first write, the queue fills, and the console would stand still for ever: a process that nobody sees, that holds
the file open and goes on taking in feeds.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO


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


def tolerant(driver_class: type[Any], gone: Callable[[], None]) -> type[Any]:
    """The driver, with an output that outlives its terminal; ``gone`` is called in the driver's thread."""

    class Tolerant(driver_class):  # type: ignore[misc]
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            driver: Any = self
            driver._file = Output(driver._file, gone)

    return Tolerant
