"""Colours by role in the dark, light and colourless theme; a state is always a word as well."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rich.style import Style


class Ink(NamedTuple):
    """Colours (#rrggbb) and attributes of a role; a colour is None where the theme has none."""

    fg: str | None = None
    bg: str | None = None
    bold: bool = False
    dim: bool = False
    reverse: bool = False
    underline: bool = False


# By role: ink and ground of the dark theme, of the light theme, and whether the role is bold.
_ROLES: dict[str, tuple[tuple[str | None, str | None], tuple[str | None, str | None], bool]] = {
    "screen": (("#dfe5ee", "#0d1117"), ("#1b2430", "#eef1f5"), False),
    "bar": ((None, "#18222e"), (None, "#dfe5ec"), False),
    "alarm": ((None, "#571a16"), (None, "#f9d2ce"), False),
    "panel": ((None, "#161d27"), (None, "#ffffff"), False),
    "card": ((None, "#1d2835"), (None, "#edf1f6"), False),
    "box": ((None, "#243242"), (None, "#dbe4ef"), False),
    "card_on": ((None, "#34465a"), (None, "#cfdcec"), False),
    "text": (("#dfe5ee", None), ("#1b2430", None), False),
    "strong": (("#ffffff", None), ("#000000", None), True),
    "dim": (("#8693a4", None), ("#5c6878", None), False),
    "faint": (("#3a4757", None), ("#bcc6d2", None), False),
    "ok": (("#7ee081", None), ("#1a7430", None), True),
    "warn": (("#ffc34d", None), ("#8a5a00", None), True),
    "bad": (("#ff7468", None), ("#b3261e", None), True),
    "place": (("#08211b", "#84d8bf"), ("#ffffff", "#1f6f5c"), True),
    "clock": (("#ffffff", "#2c3a4a"), ("#000000", "#cbd5e0"), True),
    "lane0": (("#6cb2ff", None), ("#0b57b0", None), True),
    "lane1": (("#cfa3ff", None), ("#6a2fb5", None), True),
    "lane2": (("#7fd6d0", None), ("#0b6a66", None), True),
    "lane3": (("#e0b58a", None), ("#7a4a14", None), True),
    "lane0_badge": (("#06182b", "#6cb2ff"), ("#ffffff", "#0b57b0"), True),
    "lane1_badge": (("#1c0a33", "#cfa3ff"), ("#ffffff", "#6a2fb5"), True),
    "lane2_badge": (("#04211f", "#7fd6d0"), ("#ffffff", "#0b6a66"), True),
    "lane3_badge": (("#251503", "#e0b58a"), ("#ffffff", "#7a4a14"), True),
    "ok_badge": (("#06210a", "#7ee081"), ("#ffffff", "#1a7430"), True),
    "warn_badge": (("#2a1c00", "#ffc34d"), ("#2a1c00", "#ffc34d"), True),
    "bad_badge": (("#310703", "#ff7468"), ("#ffffff", "#b3261e"), True),
    "free_badge": (("#10161e", "#e9eef5"), ("#ffffff", "#3a4757"), True),
    "off_badge": (("#1a222c", "#5a6878"), ("#ffffff", "#8693a4"), True),
    "key": (("#ffffff", "#2c3a4a"), ("#000000", "#cbd5e0"), True),
    "cursor": (("#ffffff", "#34465a"), ("#000000", "#cfdcec"), True),
    "selected": (("#ffffff", "#2456a6"), ("#000000", "#a9c9f5"), False),
    "scroll": ((None, "#243242"), (None, "#dbe4ef"), False),
    "scroll_at": ((None, "#8693a4"), (None, "#8693a4"), False),
    "past": (("#310703", "#ffc34d"), ("#2a1c00", "#ffc34d"), True),
}
_DARK = {role: Ink(*dark, bold=bold) for role, (dark, _, bold) in _ROLES.items()}
_LIGHT = {role: Ink(*light, bold=bold) for role, (_, light, bold) in _ROLES.items()}
_MONO = {
    role: Ink(
        bold=ink.bold,
        dim=role in ("dim", "faint"),
        reverse=(role.endswith("_badge") and role != "off_badge")
        or role in ("place", "cursor", "past", "key", "bad", "selected", "scroll_at"),
        underline=role == "warn",
    )
    for role, ink in _DARK.items()
}
# A badge that only names a lane or a calm state stays quiet; urgency alone is reversed.
for _role in ("lane0_badge", "lane1_badge", "lane2_badge", "lane3_badge", "free_badge", "ok_badge", "key"):
    _MONO[_role] = Ink(bold=True, underline=True)

# The chosen row must show without colour.
_MONO["card_on"] = Ink(reverse=True)

THEMES: dict[str, dict[str, Ink]] = {"dark": _DARK, "light": _LIGHT, "mono": _MONO}


class Palette:
    """Styles of one theme."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._inks = THEMES[name]

    @lru_cache(maxsize=512)  # noqa: B019 - three palettes live as long as the program
    def style(self, role: str, ground: str, underline: bool = False) -> Style:
        """Return a role's ink on its own background, or on that of ``ground`` where it has none."""
        ink, base = self._inks[role], self._inks[ground]
        screen = self._inks["screen"]
        return Style(
            color=ink.fg or base.fg or screen.fg,
            bgcolor=ink.bg or base.bg or screen.bg,
            bold=ink.bold or None,
            dim=(ink.dim and not base.reverse) or None,  # grey on a reversed line is not read
            reverse=(ink.reverse or base.reverse) or None,
            underline=(ink.underline or underline) or None,
        )
