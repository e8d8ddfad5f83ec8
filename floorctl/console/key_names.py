"""Keys as they are written, and as they were meant: committed full-width text counts as its ASCII key."""

from __future__ import annotations

import unicodedata

_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "left": "左",
    "right": "右",
    "up": "上",
    "down": "下",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "backspace": "Backspace",
    "delete": "Delete",
    "home": "Home",
    "end": "End",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    " ": "スペース",
    "space": "スペース",
}


def key_name(key: str) -> str:
    """How a key is written on the screen."""
    return _NAMES.get(key, key.upper() if len(key) > 1 and key[0] == "f" else key)


def ascii_key(key: str, character: str | None) -> str:
    """The key that was meant: what an IME committed full-width counts as its ASCII key; other keys as they are named."""
    if character is None or not character.isprintable() or character == " ":
        return key
    folded = unicodedata.normalize("NFKC", character)
    folded = {"ー": "-", "−": "-", "〜": "-", "「": "[", "」": "]", "、": ",", "。": ".", "・": "/"}.get(folded, folded)
    return folded.lower() if len(folded) == 1 else folded


def is_kana(key: str) -> bool:
    """Whether a key is Japanese writing: the IME is on and means to write text."""
    return len(key) >= 1 and all("぀" <= c <= "ヿ" or "一" <= c <= "鿿" for c in key)
