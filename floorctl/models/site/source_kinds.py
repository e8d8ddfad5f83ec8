"""Kinds of facts that a feed may write, with their fields in words: for descriptions of files, ``source kinds`` and its page.

Type, bounds and default of a field are those of its declaration; only its name in Japanese stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING
from functools import cache
from typing import Any, Literal, NamedTuple, Union

from floorctl.common.constraints import Between, Chars, Shape, shapes
from floorctl.common.frozen import slots
from floorctl.common.words import DECIDERS, DECISIONS, OUTCOMES, STAFF_STATUSES
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.fields import CodeOf, FreeText
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.source import FactRule

# Names of the fields in Japanese.
_WORDS = {
    "allocation": "端末ごとの窓口",
    "appointment": "予約の時刻",
    "assist": "合理的配慮の希望",
    "cards": "カードの枚数",
    "count": "件数",
    "decided_by": "決めた人",
    "ends": "終わりの決まり",
    "escalation": "案件番号",
    "fault": "故障の内容",
    "item": "業務項目",
    "lane": "窓口",
    "matter": "引継ぎ事項",
    "mistaken": "誤発券か",
    "no_arrival": "発券の時刻が分からないか",
    "note": "メモ",
    "official": "市職員のコード",
    "officials": "市職員の人数",
    "outcome": "結果",
    "persons": "会場の人数",
    "present": "市職員の人数",
    "reason": "理由",
    "service": "業務",
    "staff": "職員コード",
    "status": "状況",
    "terminal": "端末",
    "terminals": "端末の並び",
    "ticket": "番号",
    "topic": "問い合わせの種類",
    "unasked": "自動でしたか",
    "until": "戻る時刻",
    "waiting": "待ち人数",
    "work": "業務項目ごとの件数",
    "wraps": "番号が一巡するか",
}
# Fields of facts that a source gives as a whole, by its own keys of these names; ``arrivals`` gives ``no_arrival``.
BY_SOURCE = {"ends": "ends", "wraps": "wraps", "no_arrival": "arrivals"}
# Tables of the site file, by the look-up of ``Site`` that a field's mark names.
TABLES = {
    "lane_by_code": "lanes",
    "matter_by_code": "matters",
    "service_by_code": "services",
    "terminal_by_code": "terminals",
    "work_item_by_code": "work_items",
}
# Fields of an arrival that the call tells which stands for it (``arrivals = "call"``).
TOLD_BY_CALL = ("service", "cards", "appointment", "assist")
# Fields by which a fact without a number of its own is told apart from others of its kind, the first that it has.
SUBJECTS = ("ticket", "escalation", "lane", "terminal", "staff", "service", "topic", "item")
_CHOICES: dict[tuple[str, str], Mapping[str, str]] = {
    ("escalation.settled", "outcome"): DECISIONS,
    ("reception.resumed", "decided_by"): DECIDERS,
    ("reception.stopped", "decided_by"): DECIDERS,
    ("ticket.finished", "outcome"): OUTCOMES,
    ("staff.changed", "status"): STAFF_STATUSES,
    ("ticket.called", "ends"): {"next_call": "次の呼出しで終わり", "call": "呼出しで終わり"},
}


# Order of the subjects in lists of kinds: those that most machines tell come first.
_SUBJECTS = (
    "ticket", "queue", "visitors", "terminal", "staff", "escalation", "officials", "reception", "inquiry", "work", "lending", "day",
)  # fmt: skip


class FeedField(NamedTuple):
    """Field of a kind.

    ``form``: what is written, in Japanese. ``default``: None if the field is needed, else its value as JSON.
    ``choices``: the only values, each with its word. ``table``: of the site file, whose codes it takes, or "".
    ``given``: ``column`` (by a description, too), ``source`` (by a key of the source), ``feed`` (in JSON Lines alone).
    """

    name: str
    word: str
    form: str
    needed: bool
    default: Any
    choices: Mapping[str, str]
    table: str
    given: Literal["column", "source", "feed"]


@cache
def feed_kinds() -> tuple[str, ...]:
    """Return the kinds that a feed may write, those of tickets first."""
    found = [kind for kind, declared in KINDS.items() if "feed" in declared.written_by]
    return tuple(sorted(found, key=lambda kind: (_SUBJECTS.index(kind.partition(".")[0]), kind != "ticket.issued")))


@cache
def feed_fields(kind: str) -> tuple[FeedField, ...]:
    """Return the fields of a kind beside ``id`` and ``at``, in the order of the declaration."""
    declared, found = KINDS[kind], shapes(KINDS[kind])
    return tuple(_field(kind, slot, found[slot.name]) for slot in slots(declared) if slot.name not in ("id", "at"))


def kind_word(kind: str) -> str:
    """Return the name of a kind in Japanese."""
    declared: type[Fact] = KINDS[kind]
    return declared.word


def _field(kind: str, slot: Any, shape: Shape) -> FeedField:
    needed = slot.default is MISSING and slot.make is MISSING
    default = None if needed else slot.make() if slot.default is MISSING else slot.default
    given: Literal["column", "source", "feed"] = "feed"
    if slot.name in BY_SOURCE:
        given = "source"
    elif slot.name in shapes(FactRule):
        given = "column"
    mark = next((m for x in (shape, *shape.inner) if isinstance(x, Shape) and (m := x.mark(CodeOf))), None)
    table = TABLES[mark.table] if mark else ""
    choices = _CHOICES.get((kind, slot.name), {})
    return FeedField(slot.name, _WORDS[slot.name], _form(shape, table), needed, default, choices, table, given)


def _form(shape: Shape, table: str) -> str:
    """Return what is written in a field: its type and bounds."""
    if shape.base is Union:  # a text, or the empty one
        shape = next(x for x in shape.inner if x.base is str)
    if shape.base is dict:
        return f"{table} のコードごとの値"
    if table:
        return f"{table} のコード" + ("の並び" if shape.base is tuple else "")
    if shape.base is bool:
        return "はい・いいえ"
    if shape.base is int:
        between = shape.mark(Between) or Between()
        return f"整数 {between.least}〜{between.most}"
    if shape.base is Literal:
        return "決まった言葉"
    return _text(shape, shape.mark(Chars) or Chars())


def _text(shape: Shape, chars: Chars) -> str:
    """Return the form of a text."""
    forms = {
        r"^[\w.:#/-]{1,24}$": "空白のない文字と . : # / - _（24字まで）",
        r"^[A-Za-z0-9._-]{1,16}$": "英数字と . _ -（16字まで）",
        r"^([01]\d|2[0-3]):[0-5]\d$": "時刻 10:30",
    }
    if chars.pattern in forms:
        return forms[chars.pattern]
    free = "。氏名などは断る" if shape.mark(FreeText) else ""
    return f"文字（{chars.most}字まで{free}）"
