"""Colours by role, for the dark, light and colourless theme. State is always a word; colour only stands beside it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rich.style import Style


class Ink(NamedTuple):
    """A role as it is drawn: colours as #rrggbb, or None where the theme has none and attributes speak."""

    fg: str | None = None
    bg: str | None = None
    bold: bool = False
    dim: bool = False
    reverse: bool = False
    underline: bool = False


_DARK = {
    "screen": Ink("#dfe5ee", "#0d1117"),
    "bar": Ink(bg="#18222e"),
    "alarm": Ink(bg="#571a16"),
    "panel": Ink(bg="#161d27"),
    "card": Ink(bg="#1d2835"),
    "box": Ink(bg="#243242"),
    "card_on": Ink(bg="#34465a"),
    "text": Ink("#dfe5ee"),
    "strong": Ink("#ffffff", bold=True),
    "dim": Ink("#8693a4"),
    "faint": Ink("#3a4757"),
    "ok": Ink("#7ee081", bold=True),
    "warn": Ink("#ffc34d", bold=True),
    "bad": Ink("#ff7468", bold=True),
    "place": Ink("#08211b", "#84d8bf", bold=True),
    "clock": Ink("#ffffff", "#2c3a4a", bold=True),
    "lane0": Ink("#6cb2ff", bold=True),
    "lane1": Ink("#cfa3ff", bold=True),
    "lane2": Ink("#7fd6d0", bold=True),
    "lane3": Ink("#e0b58a", bold=True),
    "lane0_badge": Ink("#06182b", "#6cb2ff", bold=True),
    "lane1_badge": Ink("#1c0a33", "#cfa3ff", bold=True),
    "lane2_badge": Ink("#04211f", "#7fd6d0", bold=True),
    "lane3_badge": Ink("#251503", "#e0b58a", bold=True),
    "ok_badge": Ink("#06210a", "#7ee081", bold=True),
    "warn_badge": Ink("#2a1c00", "#ffc34d", bold=True),
    "bad_badge": Ink("#310703", "#ff7468", bold=True),
    "free_badge": Ink("#10161e", "#e9eef5", bold=True),
    "off_badge": Ink("#1a222c", "#5a6878", bold=True),
    "key": Ink("#ffffff", "#2c3a4a", bold=True),
    "cursor": Ink("#ffffff", "#34465a", bold=True),
    "past": Ink("#310703", "#ffc34d", bold=True),
}
_LIGHT = {
    "screen": Ink("#1b2430", "#eef1f5"),
    "bar": Ink(bg="#dfe5ec"),
    "alarm": Ink(bg="#f9d2ce"),
    "panel": Ink(bg="#ffffff"),
    "card": Ink(bg="#edf1f6"),
    "box": Ink(bg="#dbe4ef"),
    "card_on": Ink(bg="#cfdcec"),
    "text": Ink("#1b2430"),
    "strong": Ink("#000000", bold=True),
    "dim": Ink("#5c6878"),
    "faint": Ink("#bcc6d2"),
    "ok": Ink("#1a7430", bold=True),
    "warn": Ink("#8a5a00", bold=True),
    "bad": Ink("#b3261e", bold=True),
    "place": Ink("#ffffff", "#1f6f5c", bold=True),
    "clock": Ink("#000000", "#cbd5e0", bold=True),
    "lane0": Ink("#0b57b0", bold=True),
    "lane1": Ink("#6a2fb5", bold=True),
    "lane2": Ink("#0b6a66", bold=True),
    "lane3": Ink("#7a4a14", bold=True),
    "lane0_badge": Ink("#ffffff", "#0b57b0", bold=True),
    "lane1_badge": Ink("#ffffff", "#6a2fb5", bold=True),
    "lane2_badge": Ink("#ffffff", "#0b6a66", bold=True),
    "lane3_badge": Ink("#ffffff", "#7a4a14", bold=True),
    "ok_badge": Ink("#ffffff", "#1a7430", bold=True),
    "warn_badge": Ink("#2a1c00", "#ffc34d", bold=True),
    "bad_badge": Ink("#ffffff", "#b3261e", bold=True),
    "free_badge": Ink("#ffffff", "#3a4757", bold=True),
    "off_badge": Ink("#ffffff", "#8693a4", bold=True),
    "key": Ink("#000000", "#cbd5e0", bold=True),
    "cursor": Ink("#000000", "#cfdcec", bold=True),
    "past": Ink("#2a1c00", "#ffc34d", bold=True),
}
_MONO = {
    role: Ink(
        bold=ink.bold,
        dim=role in ("dim", "faint"),
        reverse=(role.endswith("_badge") and role != "off_badge") or role in ("place", "cursor", "past", "key", "bad"),
        underline=role == "warn",
    )
    for role, ink in _DARK.items()
}
# A badge that only names a lane or a calm state stays quiet; urgency alone is reversed.
for _role in ("lane0_badge", "lane1_badge", "lane2_badge", "lane3_badge", "free_badge", "ok_badge", "key"):
    _MONO[_role] = Ink(bold=True, underline=True)

# What a question's cursor stands on must show without colour.
_MONO["card_on"] = Ink(reverse=True)

THEMES: dict[str, dict[str, Ink]] = {"dark": _DARK, "light": _LIGHT, "mono": _MONO}


class Palette:
    """The styles of one theme: ``style(role, ground)`` is a role's ink on a ground's background."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._inks = THEMES[name]

    @lru_cache(maxsize=512)  # noqa: B019 - three palettes live as long as the program
    def style(self, role: str, ground: str, underline: bool = False) -> Style:
        ink, base = self._inks[role], self._inks[ground]
        screen = self._inks["screen"]
        return Style(
            color=ink.fg or base.fg or screen.fg,
            bgcolor=ink.bg or base.bg or screen.bg,
            bold=ink.bold or None,
            dim=ink.dim or None,
            reverse=(ink.reverse or base.reverse) or None,
            underline=(ink.underline or underline) or None,
        )
