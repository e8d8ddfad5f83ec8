"""The steps of a page of the manual, as a newcomer plays them: keys at the left of an arrow, what stands on the screen then.

A numbered line ``1. `4` → 下の行に「T4 交付」`` is a step: each `key` is pressed (a text that is no key's name is typed, as an
IME commits it), and each 「words」 must stand on the screen. Other lines, also numbered ones without an arrow, are prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.screens.harness import Console

MANUAL = Path(__file__).parents[2] / "docs/manual"
_KEYS = {
    "右矢印": "right",
    "左矢印": "left",
    "上矢印": "up",
    "下矢印": "down",
    "Esc": "escape",
    "Enter": "enter",
    "Tab": "tab",
    "PageUp": "pageup",
    **{f"F{n}": f"f{n}" for n in range(1, 11)},
}


class Step(NamedTuple):
    """One numbered line of a page, under its heading."""

    heading: str
    keys: tuple[str, ...]
    words: tuple[str, ...]
    line: str

    async def play(self, c: Console) -> None:
        """Press the keys and look for the words."""
        for key in self.keys:
            if key in _KEYS or len(key) == 1:
                await c.press(_KEYS.get(key, key))
            else:
                await c.scan(key, end="")
        shown = " ".join(c.text().split())
        for word in self.words:
            assert " ".join(word.split()) in shown, (
                f"{self.heading}: {self.line}\n「{word}」 is not on the screen\n{c.text()}"
            )


def steps_of(page: str) -> Iterator[Step]:
    """Return the steps of a page of the manual in their order."""
    heading = ""
    for line in (MANUAL / page).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
        left, arrow, right = line.partition(" → ")
        if arrow and re.match(r"\d+\. `", left):
            yield Step(heading, tuple(re.findall(r"`([^`]+)`", left)), tuple(re.findall(r"「([^」]+)」", right)), line)
