"""Editions of a day or a period: each daily report that was issued again, why, and which figures it changed. Pure.

Each edition of a day makes the next edition of every period that has the day. Figures add up over days, so that those of
an earlier edition are those of now less what the later editions of its days changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from floorctl.common.frozen import frozen
from floorctl.common.lengths import span
from floorctl.common.words import FATE_WORDS, INCIDENT_SHORT
from floorctl.documents.day.record import DayRecord, waits_of
from floorctl.documents.layout.material import Row
from floorctl.documents.layout.names import name_of
from floorctl.documents.layout.plain import short_date
from floorctl.models.site.site import Site

# A figure: its sort and codes, as ``words`` names it.
Figure = tuple[str | int | None, ...]
REVISIONS = {
    "edition": "版",
    "report": "改めた日次報告書とその版",
    "on": "改めた日",
    "why": "理由",
    "changed": "この文書の数のうち変わったもの（前→後）",
}


@frozen
class Changed:
    """Figure of a document before and after an edition, in words."""

    name: str
    before: str
    after: str


@frozen
class Reissue:
    """Edition of a day after its first one: when it was recorded, why, and by how much it changed the day's figures.

    ``beside``: what it changed of figures that do not add up over days (card stock, custody).
    """

    day: date
    revision: int
    on: date
    why: str
    changed: Counter[Figure]
    beside: tuple[Changed, ...] = ()


@frozen
class Edition:
    """Edition of a document: its number, the day that was issued again, and the figures that it changed."""

    number: int
    reissue: Reissue
    changed: tuple[Changed, ...]


def editions(reissues: Sequence[Reissue], now: Counter[Figure], site: Site) -> tuple[Edition, ...]:
    """Return the editions of a document after the first, the oldest first. ``now``: its present figures."""
    after, found = now, []
    for n, r in reversed(list(enumerate(reissues, 2))):
        before = after.copy()
        before.subtract(r.changed)
        found.append(Edition(n, r, (*_changes(before, after, site), *r.beside)))
        after = before
    return tuple(reversed(found))


def rows(found: Sequence[Edition]) -> Iterator[Row]:
    """Yield the editions as rows of a table."""
    for e in found:
        changed = "　".join(f"{c.name} {c.before}→{c.after}" for c in e.changed)
        yield {
            "edition": f"第{e.number}版",
            "report": f"{short_date(e.reissue.day)} 第{e.reissue.revision}版",
            "on": e.reissue.on,
            "why": e.reissue.why,
            "changed": changed or "数に変わりはありません",
        }


def stock_changes(before: DayRecord, after: DayRecord) -> Iterator[Changed]:
    """Yield what changed of the card stock and of the cards in custody, which the daily report prints."""
    for name, word in (("received", "受領"), ("issued", "交付"), ("returned", "返却"), ("left", "残")):
        was, is_now = (f"{getattr(r.card_stock, name):,}枚" if r.card_stock else "照合なし" for r in (before, after))
        if was != is_now:
            yield Changed(f"カード在庫の{word}", was, is_now)
    for word, was_n, now_n in zip(
        ("預かったカード", "預かったカードの返却"), before.custody, after.custody, strict=True
    ):
        if was_n != now_n:
            yield Changed(word, f"{was_n:,}枚", f"{now_n:,}枚")


def difference(before: Counter[Figure], after: Counter[Figure]) -> Counter[Figure]:
    """Return what has to be added to ``before`` to get ``after``, without zeros."""
    return Counter({key: n for key in {*before, *after} if (n := after[key] - before[key])})


def _changes(before: Counter[Figure], after: Counter[Figure], site: Site) -> Iterator[Changed]:
    keys = [key for key in {*before, *after} if before[key] != after[key]]
    for key in sorted((k for k in keys if k[0] != "wait"), key=lambda k: _place(k, site)):
        name, unit = words(key, site)
        yield Changed(name, _shown(before[key], unit), _shown(after[key], unit))
    for lane in site.lanes:
        if any(k[:2] == ("wait", lane.code) for k in keys):
            was, is_now = (_waits(figures, lane.code) for figures in (before, after))
            names = ("呼出し", "平均", "90％値", "最大")
            yield from (
                Changed(f"{lane.name}の待ち時間 {name}" if n else f"{lane.name}の{name}", a, b)
                for n, (name, a, b) in enumerate(zip(names, was, is_now, strict=True))
                if a != b
            )


def _waits(figures: Counter[Figure], lane: str) -> tuple[str, str, str, str]:
    w = waits_of(Counter({int(k[2] or 0): n for k, n in figures.items() if k[:2] == ("wait", lane)}).elements())
    return (f"{w.n}人", span(w.mean_s), span(w.p90_s), span(w.max_s))


def _shown(n: int, unit: str) -> str:
    return span(n) if unit == "秒" else f"{n:,}{unit}"


_FATES = FATE_WORDS | {"open": "未終了"}
_PLAIN = {
    "issued": ("番号札の発行", "枚"),
    "cards": ("完了した番号札のカード", "枚"),
    "moves": ("配分変更", "回"),
    "vacancies": ("急な欠員", "件"),
    "attended": ("従事者の延べ人日", "人日"),
    "absent": ("欠勤", "件"),
    "late": ("遅刻", "件"),
    "break_short_s": ("休憩の記録の不足", "秒"),
    "officials_absent_s": ("市職員の不在", "秒"),
    "charge_vacant_s": ("現場責任者の不在", "秒"),
}
_ORDER = (
    "issued",
    "fate",
    "cards",
    "work",
    "read",
    "moves",
    "matter",
    "inquiry",
    "stop",
    "incident",
    "outage",
    *_PLAIN,
)


def _place(key: Figure, site: Site) -> tuple[int, list[str]]:
    return _ORDER.index(str(key[0])), [str(part) for part in key]


def words(key: Figure, site: Site) -> tuple[str, str]:
    """Return the name of a figure and its unit."""
    sort, *codes = key
    first = str(codes[0]) if codes and codes[0] is not None else ""
    match sort:
        case "fate":
            service = name_of(site.service_by_code, first) if first else "用件不明"
            fate = str(codes[1])
            return f"{service} {site.outcome_word(fate) or _FATES[fate]}", "人"
        case "work":
            return name_of(site.work_item_by_code, first), "件"
        case "read":
            return f"{name_of(site.work_item_by_code, first)} 台帳の数", "件"
        case "matter":
            matter = name_of(site.matter_by_code, first) if first else "事項不明"
            return f"引継ぎ {matter} {site.decision_word(str(codes[1])) if codes[1] else '未決'}", "件"
        case "inquiry":
            return f"問い合わせ {first}", "件"
        case "incident":
            return f"事案 {INCIDENT_SHORT.get(first, first)}", "件"
        case "outage":
            return f"障害による停止（日次報告書の計） {name_of(site.service_by_code, first)}", "分"
        case "stop":
            word = "受付打切り" if first == "reception" else "端末の故障"
            return f"{word} {name_of(site.terminal_by_code | site.service_by_code, str(codes[1]))}", "秒"
    return _PLAIN[str(sort)]
