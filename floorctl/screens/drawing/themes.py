"""The three themes (F10) as Textual knows them: its own colours and a variable for each role, all from palette.py."""

from __future__ import annotations

from textual.color import Color
from textual.style import Style
from textual.theme import Theme

from floorctl.screens.drawing.palette import THEMES as ROLES

THEME_NAMES = ("dark", "light", "mono")


def variables(name: str) -> dict[str, str]:
    """Return the roles of a theme as variables: ``$floor-ROLE`` its ink, ``$floor-ROLE-ground`` its background.

    Without colours that is white on black, or black on white where the role is reversed.
    """
    found: dict[str, str] = {}
    for role, ink in ROLES["dark"].items():
        own, word = ROLES[name][role], _word(role)
        fg, bg = own.fg, own.bg
        if name == "mono":
            one, other = ("#000000", "#ffffff") if own.reverse and ink.bg else ("#ffffff", "#000000")
            fg, bg = ink.fg and one, ink.bg and other
        found |= {key: colour for key, colour in ((word, fg), (f"{word}-ground", bg)) if colour is not None}
    return found


def _word(role: str) -> str:
    return f"floor-{role.replace('_', '-')}"


def style_of(name: str, role: str) -> Style:
    """Return a role's ink in a theme as the style of a widget's text."""
    ink = ROLES[name][role]
    return Style(
        foreground=Color.parse(ink.fg) if ink.fg is not None else None,
        bold=ink.bold or None,
        dim=ink.dim or None,
        reverse=ink.reverse or None,
        underline=ink.underline or None,
    )


def _theme(name: str) -> Theme:
    own = variables(name)
    return Theme(
        f"floor-{name}",
        primary=own["floor-lane0"],
        background=own["floor-screen-ground"],
        surface=own["floor-panel-ground"],
        panel=own["floor-card-ground"],
        dark=name != "light",
        variables=own,
    )


THEMES = tuple(map(_theme, THEME_NAMES))
