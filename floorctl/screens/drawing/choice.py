"""The box of a choice by its key, drawn over the picture: a screen of its own would repaint every cell for one digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from floorctl.screens.drawing.canvas import Canvas, pad

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


@dataclass
class Choice:
    """Open choice. ``options`` are (answer, words); ``answer`` gets the answer, or None at Esc; ``at`` is the cursor's row."""

    title: str
    options: Sequence[tuple[str, str]]
    prompt: str = ""
    at: int = 0
    keys: str = KEYS
    answer: Callable[[str | None], None] = lambda _: None

    def key(self, key: str) -> str | None:
        """Return the answer that a key gives, if any; arrows move the cursor."""
        if not self.options:
            return None
        if key in ("up", "down"):
            self.at = (self.at + (1 if key == "down" else -1)) % len(self.options)
        elif key == "enter":
            return self.options[self.at][0]
        elif len(key) == 1 and key in self.keys[: len(self.options)]:
            return self.options[self.keys.index(key)][0]
        return None

    def draw(self, c: Canvas) -> None:
        """Draw the box in the middle of the canvas, cut to its height around the cursor."""
        wanted = max([cell_len(self.title), cell_len(self.prompt), 44, *(cell_len(w) + 6 for _, w in self.options)])
        width = min(c.width - 4, wanted + 4)
        room = min(len(self.options), c.height - 8)
        head = 3 if self.prompt else 2
        x, height = (c.width - width) // 2, room + head + 3
        y = max(1, (c.height - height) // 2)
        c.fill(x, y, width, height, "box")
        for row in range(y, y + height):
            c.put(x, row, pad("", width))
        c.put(x + 2, y + 1, self.title, "strong", width - 4)
        if self.prompt:
            c.put(x + 2, y + 2, self.prompt, "dim", width - 4)
        first = max(0, min(self.at - room // 2, len(self.options) - room))
        for n in range(room):
            i, row = first + n, y + head + n
            if i == self.at:
                c.fill(x + 1, row, width - 2, 1, "card_on")
            key = self.keys[i] if i < len(self.keys) else " "
            end = c.put(x + 2, row, f" {key} ", "key")
            c.put(end + 1, row, self.options[i][1], "strong" if i == self.at else "text", width - 8)
            c.target(x, row, width, 1, f"choice:{i}")
        c.put(x + 2, y + height - 2, "数字か 上下の矢印 と Enter   Esc やめる", "dim", width - 4)
