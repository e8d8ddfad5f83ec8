"""Line of keys: each is handled once the one before it has had its whole effect, by the view or dialog open then.

Keys that are typed ahead of a question wait here until it is open, so that typing fast is the same as typing slowly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable


class KeyLine:
    """Waiting keys. ``top`` returns the open dialog or frame; a key that it still works on holds the others back."""

    def __init__(self, top: Callable[[], object]) -> None:
        self._top = top
        self._waiting: deque[Callable[[], object]] = deque()
        self._holder: object = None

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, take: Callable[[], object]) -> None:
        """Add a key. ``take`` handles it; it returns who goes on working on it, else None."""
        self._waiting.append(take)
        self.go_on()

    def idle(self) -> bool:
        """Return whether a key that is put now is handled at once."""
        return not self._waiting and (self._holder is None or self._holder is not self._top())

    def first(self, takes: Iterable[Callable[[], object]]) -> None:
        """Put keys before all that wait: they are what the one in hand consists of."""
        self._waiting.extendleft(reversed([*takes]))

    def go_on(self) -> None:
        """Take the keys in their order, up to one that is still being worked on."""
        while self._waiting and (self._holder is None or self._holder is not self._top()):
            self._holder = self._waiting.popleft()()

    def done(self, holder: object) -> None:
        """Note that ``holder`` has finished its key; ``go_on`` takes the next one."""
        if self._holder is holder:
            self._holder = None
