"""Names of keys on the screen, and the ASCII key for full-width text that an IME has committed."""

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

IME_IS_ON = "IMEを切ってください（半角/全角キー）"


def key_name(key: str) -> str:
    """Return the name of a key on the screen."""
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return _NAMES.get(key, key.upper() if len(key) > 1 and key[0] == "f" else key)


def ascii_key(key: str, character: str | None) -> str:
    """Return the ASCII key for a full-width character that an IME has committed, and of ¥; other keys by their names."""
    if character == "\u3000":
        return " "  # the space bar while an IME is on
    if character is None or not character.isprintable() or character == " ":
        return key
    folded = unicodedata.normalize("NFKC", character)
    folded = {"ー": "-", "−": "-", "〜": "-", "「": "[", "」": "]", "、": ",", "。": ".", "・": "/", "¥": "\\"}.get(
        folded, folded
    )
    return folded.lower() if len(folded) == 1 else folded


def is_kana(key: str) -> bool:
    """Return whether a key is Japanese text, so that the IME is on."""
    return len(key) >= 1 and all("぀" <= c <= "ヿ" or "一" <= c <= "鿿" for c in key)
