"""What is written of the keys, made from ``floorctl/console/keys.py``: the table of all keys and the card to print (one A4 page).

``python -m tests.keycard`` writes ``docs/manual/keys.md``, ``keycard.md`` and ``keycard.html``; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from floorctl.console import key_card
from floorctl.console.keys import ACTIONS, where
from tests.story import kumagaya

MANUAL = Path(__file__).parent.parent / "docs" / "manual"


def key_table() -> str:
    """Every action of the registry."""
    rows = [f"| `{a.cap}` | {where(a)} | {a.label} | {a.help} |" for a in ACTIONS]
    return "\n".join(["| キー | 画面 | 操作 | |", "|---|---|---|---|", *rows])


def parts() -> list[key_card.Part]:
    """The card's parts on the shipped site."""
    return key_card.parts(kumagaya())


def _page(title: str, body: str) -> str:
    return f"# {title}\n\n<!-- python -m tests.keycard が floorctl/console/keys.py から作ります -->\n\n{body}\n"


def keys_page() -> str:
    return _page("すべてのキー", f"[目次](README.md)　印刷する1枚は [キーカード](keycard.md)\n\n{key_table()}")


def card_page() -> str:
    said = ["A4 1枚に印刷するときは [keycard.html](keycard.html) をブラウザで開いて印刷します。　[目次](README.md)"]
    for title, keys in parts():
        said += ["", f"**{title}**　" + "　".join(f"`{key}` {label}" for key, label in keys)]
    return _page("キーカード", "\n".join(said))


def card_html() -> str:
    """The card for a printer."""
    return key_card.card_html(kumagaya())


FILES = {"keys.md": keys_page, "keycard.md": card_page, "keycard.html": card_html}


def main() -> None:
    MANUAL.mkdir(parents=True, exist_ok=True)
    for name, made in FILES.items():
        (MANUAL / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
