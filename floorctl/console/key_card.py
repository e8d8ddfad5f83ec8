"""Print the keys in force: the table of all keys, and the card of one A4 page as HTML. Pure."""

from __future__ import annotations

from html import escape

from floorctl.common.action_keys import key_of, keyed
from floorctl.console.keys import ACTIONS
from floorctl.models.day.paper_keys import desk_keys, service_keys
from floorctl.models.site.site import Site

# What stands on the card is what a hand needs in the hall: without the keys that only move a cursor.
CURSOR = frozenset({"panel", "panel_back", "up", "down", "leave_choice", "close_next", "close_back"})
# The parts of the card in the order of a day: title, and the groups of the registry whose keys work there.
_PARTS = (
    ("画面を開く（どこでも）", ("画面",)),
    ("一日の始めと終わり", ("一日",)),
    ("盤面（{board}）", ("盤面",)),
    ("端末を選んでから", ("端末",)),
    ("受付と待ち（どこでも）", ("待ち",)),
    ("市職員（どこでも）", ("市職員",)),
    ("記録する（どこでも）", ("記録",)),
    ("番号の画面（{queue}）", ("番号",)),
    ("職員の画面（{people}）", ("職員",)),
    ("今日の計画の画面（{day_plan}）", ("計画",)),
    ("事案の画面（{incidents}）", ("事案",)),
    ("期限の画面（{duties}）", ("期限",)),
    ("締めの画面（{close}）", ("締め",)),
    ("手受付（{by_hand}）", ("手受付",)),
    ("紙の入力（{by_hand} {paper}）", ("紙",)),
    ("機器の画面（{equipment}）", ("機器",)),
    ("暦の画面（{calendar}）", ("暦",)),
)
Part = tuple[str, list[tuple[str, str]]]


def parts(site: Site) -> list[Part]:
    """Return the card's parts, each a title with (key, label)."""
    found = [
        (
            keyed(title),
            [(a.at(site).cap, a.at(site).label) for a in ACTIONS if a.group in groups and a.id not in CURSOR],
        )
        for title, groups in _PARTS
    ]
    services = [(key, s.short) for key, s in service_keys(site).items()]
    desks = [(key, code) for key, code in desk_keys(site).items()]
    by_hand = key_of("by_hand")
    return [*found, (f"業務（{by_hand}・{key_of('issue')}・紙）", services), (f"手受付（{by_hand}）の端末", desks)]


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
_HEAD = "間違えたら {undo}（取消）　迷ったら F1（操作一覧）　10分前のことは {backdate} 1 0 のあとに操作"


def card_html(site: Site) -> str:
    """Return the card for a printer: nothing is fetched, any browser prints it on one page."""
    sections = "\n".join(
        f"<section><h2>{escape(title)}</h2><dl>"
        + "".join(f"<dt>{escape(key)}</dt><dd>{escape(label)}</dd>" for key, label in keys)
        + "</dl></section>"
        for title, keys in parts(site)
    )
    return (
        '<!doctype html>\n<html lang="ja"><meta charset="utf-8"><title>floorctl キーカード</title>\n'
        f"<style>{_STYLE}</style>\n"
        f"<h1>floorctl キーカード<small>{escape(keyed(_HEAD))}</small></h1>\n"
        f"<main>\n{sections}\n</main></html>\n"
    )
