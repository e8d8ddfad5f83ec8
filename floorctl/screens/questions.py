"""Questions that follow an answer of the engine: one after the other, and never while the manager is typing.

An act may need a reason, and its answer comes a moment after its key. Keys that are pressed in that moment are meant
for what was on the screen when they were pressed; in the new box they would become a wrong reason in the record.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from textual._time import get_time  # the clock that events carry

# How long the hand has rested (s) before a box opens that no key has asked for: who types goes on typing.
QUIET_S = 0.25
# Nobody has seen a box and answered it within so many seconds of its painting.
UNSEEN_S = 0.25
# A box whose painting nobody has told of is taken to be seen after so many seconds: no key must be dropped for ever.
_PAINTS_S = 2.0
TOO_EARLY = "箱が開く前に押されたキーは、答えとして取りませんでした"
WAITS = "前の操作に答えが要ります（いまの入力を終えると尋ねます）"


class Questions:
    """Queue of questions. ``free`` returns whether nothing is asked; ``later`` calls a function after some seconds."""

    def __init__(
        self,
        free: Callable[[], bool],
        later: Callable[[float, Callable[[], None]], object],
        clock: Callable[[], float] = get_time,
    ) -> None:
        self._free, self._later, self._clock = free, later, clock
        self._waiting: deque[Callable[[], object]] = deque()
        self._pressed = self._opened = self._seen = 0.0
        self._planned = False

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def unseen(self) -> bool:
        """Return whether a box is open that has not been painted yet."""
        return self._seen == float("inf")

    def put(self, question: Callable[[], object]) -> None:
        self._waiting.append(question)
        self.look()

    def look(self) -> None:
        """Open the next question if the time for it has come; else look again when the hand may have rested."""
        if not self._waiting or self._planned or not self._free():
            return
        rest = self._pressed + QUIET_S - self._clock()
        if rest > 0:
            self._planned = True
            self._later(rest, self._again)
            return
        self._opened, self._seen = self._clock(), float("inf")
        self._waiting.popleft()()

    def _again(self) -> None:
        self._planned = False
        self.look()

    def painted(self) -> None:
        """Note that the box that was opened last is on the screen."""
        if self._seen == float("inf"):
            self._seen = self._clock()

    def closed(self) -> None:
        """Note that the box is closed, and look for the next one."""
        self._seen = 0.0
        self.look()

    def early(self, pressed: float) -> bool:
        """Note a key pressed at ``pressed``; return whether that was before anybody could see the open box."""
        self._pressed = max(self._pressed, pressed)
        seen = min(self._seen, self._opened + _PAINTS_S)
        if seen and pressed < seen + UNSEEN_S:
            if self._seen != float("inf"):
                self._seen = max(self._seen, pressed)  # the rest of what is being typed is not for the box either
            return True
        self._seen = 0.0
        return False
