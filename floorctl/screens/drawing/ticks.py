"""The box of a list with ticks, drawn like that of a choice: digits and the space bar tick, Enter decides for all of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.cells import cell_len

from floorctl.screens.drawing.choice import KEYS, Choice

_NONE = "0"


class Ticks(Choice):
    """Open list with ticks. Its answer is the codes that are ticked, in the list's order with a blank between.

    ``things`` are (code, words); ``mark`` is the word of a tick.
    """

    foot = "数字かスペースで付ける・外す   0 すべて外す   Enter 決める   Esc やめる"

    def __init__(
        self,
        title: str,
        things: Sequence[tuple[str, str]],
        ticked: Collection[str],
        prompt: str = "",
        *,
        mark: str,
        keys: str = KEYS,
    ) -> None:
        super().__init__(title, [], prompt, keys=keys)
        self._things, self._ticked, self._mark = things, set(ticked), mark
        self._tell()

    def _tell(self) -> None:
        """Write the options anew, each with its tick."""
        empty = " " * cell_len(self._mark)
        self.options = [(x, f"[{self._mark if x in self._ticked else empty}]  {said}") for x, said in self._things]

    def _turn(self, n: int) -> None:
        self.at, self.refused = n, False
        self._ticked ^= {self._things[n][0]}
        self._tell()

    def key(self, key: str) -> str | None:
        """Return the answer at Enter; other keys tick or move the cursor."""
        if key in ("up", "down"):
            return super().key(key)
        if key == "enter":
            return None if self.refused else " ".join(x for x, _ in self._things if x in self._ticked)
        if key == " ":
            self._turn(self.at)
        elif key == _NONE:
            self._ticked, self.refused = set(), False
            self._tell()
        elif self._names(key):
            self._turn(self.keys.index(key))
        else:
            self.refused = True
        return None

    def clicked(self, n: int) -> str | None:
        """Turn a tick by the mouse; Enter decides."""
        self._turn(n)
        return None
