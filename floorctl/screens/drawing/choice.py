"""The box of a choice by its key, drawn over the picture: a screen of its own would repaint every cell for one digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len

from floorctl.screens.drawing.canvas import Canvas, frame, wrap

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


@dataclass
class Choice:
    """Open choice. ``options`` are (answer, words); ``answer`` gets the answer, or None at Esc; ``at`` is the cursor's row.

    ``refused``: the last key named no option. No row is chosen then, and Enter answers nothing, until an arrow moves.
    """

    foot: ClassVar[str] = "数字か上下の矢印と Enter   Esc やめる"

    title: str
    options: Sequence[tuple[str, str]]
    prompt: str = ""
    at: int = 0
    keys: str = KEYS
    answer: Callable[[str | None], None] = lambda _: None
    refused: bool = False

    def key(self, key: str) -> str | None:
        """Return the answer that a key gives, if any; arrows move the cursor."""
        if not self.options:
            return None
        if key in ("up", "down"):
            self.at = (self.at + (1 if key == "down" else -1)) % len(self.options)
            self.refused = False
        elif key == "enter" and not self.refused:
            return self.options[self.at][0]
        elif self._names(key):
            return self.options[self.keys.index(key)][0]
        else:
            self.refused = True
        return None

    def clicked(self, n: int) -> str | None:
        """Return the answer that a click on an option gives, if any."""
        return self.options[n][0]

    def _names(self, key: str) -> bool:
        return len(key) == 1 and key in self.keys[: len(self.options)]

    def point(self, key: str) -> None:
        """Put the cursor on the option of a key, if it names one."""
        if self._names(key):
            self.at, self.refused = self.keys.index(key), False

    def draw(self, c: Canvas) -> None:
        """Draw the box in the middle of the canvas: words that are too long go on in the next line while all find room.

        Else it is cut to the canvas' height around the cursor.
        """
        wanted = max(
            [
                cell_len(self.title),
                cell_len(self.prompt),
                cell_len(self.foot),
                44,
                *(cell_len(w) + 6 for _, w in self.options),
            ]
        )
        width = min(c.width - 4, wanted + 4)
        head = [(line, "strong") for line in wrap(self.title, width - 4)]
        head += [(line, "dim") for line in wrap(self.prompt, width - 4)] if self.prompt else []
        lines = [wrap(words, width - 8) for _, words in self.options]
        if sum(map(len, lines)) + len(head) + 4 > c.height - 2:
            head = [(self.title, "strong"), *([(self.prompt, "dim")] if self.prompt else [])]
            lines = [[words] for _, words in self.options]
        room = min(len(lines), max(1, c.height - 8))
        if any(len(said) > 1 for said in lines):
            room = len(lines)  # all of it has found room
        first = max(0, min(self.at - room // 2, len(lines) - room))
        shown = lines[first : first + room]
        x, height = (c.width - width) // 2, sum(map(len, shown)) + len(head) + 4
        y = max(1, (c.height - height) // 2)
        frame(c, x, y, width, height)
        for n, (text, role) in enumerate(head):
            c.put(x + 2, y + 1 + n, text, role, width - 4)
        row = y + 1 + len(head)
        for i, said in enumerate(shown, first):
            chosen = i == self.at and not self.refused
            if chosen:
                c.fill(x + 1, row, width - 2, len(said), "card_on")
            key = self.keys[i] if i < len(self.keys) else " "
            c.put(x + 2, row, f" {key} ", "key")
            for n, text in enumerate(said):
                c.put(x + 6, row + n, text, "strong" if chosen else "text", width - 8)
            c.target(x, row, width, len(said), f"choice:{i}")
            row += len(said)
        c.put(x + 2, y + height - 2, self.foot, "dim", width - 4)
