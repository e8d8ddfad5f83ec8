"""The three themes (F10) as Textual knows them, for its dialogs; the pictures take their colours from palette.py."""

from __future__ import annotations

from textual.theme import Theme

THEME_NAMES = ("dark", "light", "mono")
THEMES = (
    Theme("floor-dark", primary="#6cb2ff", background="#0d1117", surface="#161d27", panel="#1d2835", dark=True),
    Theme("floor-light", primary="#0b57b0", background="#eef1f5", surface="#ffffff", panel="#edf1f6", dark=False),
    Theme("floor-mono", primary="#ffffff", background="#000000", surface="#000000", panel="#000000", dark=True),
)
