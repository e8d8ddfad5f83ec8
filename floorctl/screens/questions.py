"""Queue the questions that follow an answer of the engine: one at a time, never while the manager is typing.

An act may need a reason, which the engine reports a moment after the key. Keys pressed in that moment belong to the
screen as it was; in the new box they would become a wrong reason in the record.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from textual._time import get_time  # the clock that events carry

# Pause in typing (s) before a box opens that no key has called for.
QUIET_S = 0.25
# Shortest time (s) from the painting of a box to a key that can be its answer.
UNSEEN_S = 0.25
# A box whose painting is not reported counts as seen after so many seconds: keys must not be dropped for ever.
_PAINTS_S = 2.0
TOO_EARLY = "質問が出る前に押されたキーは、答えとして受け付けませんでした"
WAITS = "前の操作に答えが要ります（いまの入力を終えると尋ねます）"


class Questions:
    """Queue of questions. ``free`` returns whether no question is open; ``later`` calls a function after some seconds."""

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
                self._seen = max(self._seen, pressed)  # later keys of the same burst are not for the box either
            return True
        self._seen = 0.0
        return False
