"""What is written of the keys, made from ``floorctl/console/keys.py``: the table of all keys and the card to print (one A4 page).

``python -m tests.keycard`` writes ``docs/manual/keys.md``, ``keycard.md`` and ``keycard.html``; a test compares.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from floorctl.console.action import Action
from floorctl.console.keys import ACTIONS, EVERYWHERE, SCREEN_OF_GROUP
from floorctl.models.day.paper_keys import desk_keys, service_keys
from tests.story import kumagaya

MANUAL = Path(__file__).parent.parent / "docs" / "manual"
# What stands on the card is what a hand needs in the hall: without the keys that only move a cursor.
_CURSOR = frozenset({"panel", "panel_back", "up", "down", "leave_choice", "close_next", "close_back"})
# The parts of the card in the order of a day: title, and the groups of the registry whose keys work there.
_PARTS = (
    ("画面を開く（どこでも）", ("画面",)),
    ("一日の始めと終わり", ("一日",)),
    ("盤面（F2）", ("盤面",)),
    ("端末を選んでから", ("端末",)),
    ("受付と待ち（どこでも）", ("待ち",)),
    ("市職員（どこでも）", ("市職員",)),
    ("記録する（どこでも）", ("記録",)),
    ("番号の画面（b）", ("番号",)),
    ("職員の画面（F4）", ("職員",)),
    ("今日の計画の画面（\\）", ("計画",)),
    ("事案の画面（F5）", ("事案",)),
    ("期限の画面（F8）", ("期限",)),
    ("締めの画面（F9）", ("締め",)),
    ("手受付（j）", ("手受付",)),
    ("紙の入力（j p）", ("紙",)),
    ("機器の画面（,）", ("機器",)),
    ("暦の画面（.）", ("暦",)),
)
Part = tuple[str, list[tuple[str, str]]]


def where(action: Action) -> str:
    """The screen to which a key belongs; '' where it works everywhere."""
    return "" if action.id in EVERYWHERE else SCREEN_OF_GROUP.get(action.group, "")


def key_table() -> str:
    """Every action of the registry."""
    rows = [f"| `{a.cap}` | {where(a)} | {a.label} | {a.help} |" for a in ACTIONS]
    return "\n".join(["| キー | 画面 | 操作 | |", "|---|---|---|---|", *rows])


def parts() -> list[Part]:
    """The card's parts, each a title with (key, label)."""
    site = kumagaya()
    found = [
        (title, [(a.cap, a.at(kumagaya()).label) for a in ACTIONS if a.group in groups and a.id not in _CURSOR])
        for title, groups in _PARTS
    ]
    services = [(key, s.short) for key, s in service_keys(site).items()]
    desks = [(key, code) for key, code in desk_keys(site).items()]
    return [*found, ("業務（j・t・紙）", services), ("手受付（j）の端末", desks)]


def _page(title: str, body: str) -> str:
    return f"# {title}\n\n<!-- python -m tests.keycard が floorctl/console/keys.py から作ります -->\n\n{body}\n"


def keys_page() -> str:
    return _page("すべてのキー", f"[目次](README.md)　印刷する1枚は [キーカード](keycard.md)\n\n{key_table()}")


def card_page() -> str:
    said = ["A4 1枚に印刷するときは [keycard.html](keycard.html) をブラウザで開いて印刷します。　[目次](README.md)"]
    for title, keys in parts():
        said += ["", f"**{title}**　" + "　".join(f"`{key}` {label}" for key, label in keys)]
    return _page("キーカード", "\n".join(said))


_STYLE = """
@page { size: A4; margin: 8mm }
body { font: 10.2pt/1.36 "BIZ UDGothic", "Yu Gothic", "Meiryo", "Noto Sans CJK JP", sans-serif; color: #000; margin: 0 }
h1 { font-size: 12pt; margin: 0 0 2mm } h1 small { font-weight: normal; font-size: 8.5pt; margin-left: 1em }
main { columns: 4; column-gap: 4mm }
section { break-inside: avoid; margin-bottom: 2.5mm }
h2 { font-size: 10.2pt; margin: 0; border-bottom: .4mm solid #000 }
dl { margin: .5mm 0 0; display: grid; grid-template-columns: auto 1fr; column-gap: 1.5mm }
dt { font-weight: bold; white-space: nowrap } dd { margin: 0 }
"""


def card_html() -> str:
    """The card for a printer: nothing is fetched, any browser prints it on one page."""
    sections = "\n".join(
        f"<section><h2>{escape(title)}</h2><dl>"
        + "".join(f"<dt>{escape(key)}</dt><dd>{escape(label)}</dd>" for key, label in keys)
        + "</dl></section>"
        for title, keys in parts()
    )
    return (
        '<!doctype html>\n<html lang="ja"><meta charset="utf-8"><title>floorctl キーカード</title>\n'
        f"<style>{_STYLE}</style>\n"
        "<h1>floorctl キーカード<small>間違えたら u（取消）　迷ったら F1（操作一覧）　"
        "10分前のことは - 1 0 のあとに操作</small></h1>\n"
        f"<main>\n{sections}\n</main></html>\n"
    )


FILES = {"keys.md": keys_page, "keycard.md": card_page, "keycard.html": card_html}


def main() -> None:
    MANUAL.mkdir(parents=True, exist_ok=True)
    for name, made in FILES.items():
        (MANUAL / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
