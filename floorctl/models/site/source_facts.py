"""Rules of the facts that a description tells: their kinds and fields, their times, their codes, what stands in for a rule. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, Union

from floorctl.common.constraints import Between, Chars, Shape, shapes
from floorctl.common.did_you_mean import nearest
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.part import Fault, if_meant, instead, twice
from floorctl.models.site.site import Site
from floorctl.models.site.source import Cell, FactRule, Source
from floorctl.models.site.source_kinds import SUBJECTS, TOLD_BY_CALL, FeedField, feed_kinds, kind_word
from floorctl.models.site.source_names import fields_of, same, uses

_LIST = "floorctl source kinds"
_OWN = ("kind", "at", "when", "unless")  # keys of a fact that are no fields of its kind


def _facts(source: Source) -> Iterator[tuple[int, FactRule]]:
    """Yield the facts with a kind that a feed may write, with their places in the list."""
    for n, fact in enumerate(source.facts):
        if fact is not None and fact.kind in feed_kinds():
            yield n, fact


def _kinds(source: Source, _: Site) -> Iterator[Fault]:
    for n, fact in enumerate(source.facts):
        if fact is None or fact.kind is None or fact.kind in feed_kinds():
            continue
        why = "発券機の記録では書けない種類です" if fact.kind in KINDS else "このような記録の種類はありません"
        near = nearest(fact.kind, feed_kinds()) or _kind_meant(fact.kind)
        yield Fault(("facts", n, "kind"), why, if_meant(near) if near else f"書ける種類は {_LIST} で見られます")


def _kind_meant(word: str) -> str:
    """Return the one kind whose last word, or whose name in Japanese, stands in the place of a kind; "" if there is none."""
    found = [x for x in feed_kinds() if word in (x.rpartition(".")[2], kind_word(x))]
    return found[0] if len(found) == 1 else ""


def _foreign_fields(source: Source, _: Site) -> Iterator[Fault]:
    """Yield fields that are none of the kind's."""
    for n, fact in _facts(source):
        own = [x.name for x in fields_of(source, fact)]
        for key in shapes(FactRule):
            if key in _OWN or key in own or getattr(fact, key) is None:
                continue
            if fact.kind == "ticket.called" and key in TOLD_BY_CALL:
                do = '呼出しを発券の代わりにするなら、入力元に arrivals = "call" と書いてください'
            else:
                do = (
                    f"{fact.kind} の項目は {'、'.join(own)} です"
                    if own
                    else f"{fact.kind} に項目はありません。消してください"
                )
            yield Fault(("facts", n, key), f"{fact.kind} にこの項目はありません", do)


def _needed_fields(source: Source, _: Site) -> Iterator[Fault]:
    for n, fact in _facts(source):
        for field in fields_of(source, fact):
            if not field.needed or getattr(fact, field.name) is not None or field.name in source.columns:
                continue
            if field.name == "terminal" and source.ends == "next_call" and fact.kind == "ticket.called":
                continue  # told by ``_ends``, with what the rule needs
            unused = [x for x in source.columns if x not in {y.name for y in uses(source)}]
            near = nearest(field.name, unused)
            if near:
                do = f"columns の {near} のことであれば、{field.name} に直してください"
            else:
                do = f'columns に {field.name} = 列、またはここに {field.name} = "列の言葉" と書き足してください'
            yield Fault(("facts", n, field.name), f"{fact.kind} には {field.name}（{field.word}）が要ります", do)


_READ = ("id", "prefix", "day", "time", "at")  # words of columns that are read of themselves


def _misnamed_columns(source: Source, _: Site) -> Iterator[Fault]:
    """Yield columns that no fact reads and whose word is nearly that of a field, and ids that tell no row apart."""
    fields = {x.name: x for _, fact in _facts(source) for x in fields_of(source, fact)}
    free = [name for name, x in fields.items() if name not in source.columns and not x.needed]
    used = {x.name for x in uses(source)} | fields.keys() | {*_READ}
    for word in source.columns:
        if word not in used and (near := nearest(word, free)):
            do = f"{near}（{fields[near].word}）のことであれば、直してください。使わない列なら、消してください"
            yield Fault(("columns", word), "どの記録も使わない列です", do)
    row = source.columns.get("id")
    if isinstance(row, Cell) and row.value is not None:
        yield Fault(
            ("columns", "id", "value"), "どの行も同じ id になります", "行ごとに違う列にするか、id を消してください"
        )


def _times(source: Source, _: Site) -> Iterator[Fault]:
    if source.form == "floorctl" or {"at", "time"} & source.columns.keys():
        return
    near = nearest("time", source.columns)
    do = f"columns の {near} のことであれば、time に直してください" if near else _NO_TIME
    for n in [n for n, fact in _facts(source) if fact.at == ""][:1]:
        yield Fault(("facts", n, "at"), "記録の時刻の列がありません", do)


_NO_TIME = 'columns に at（日付と時刻）か time（時刻）を書くか、ここに at = "列の言葉" と書き足してください'


def _cases(source: Source, _: Site) -> Iterator[Fault]:
    """Yield conditions that hold for every row, or for none."""
    for n, cases in enumerate(source.leave_out):
        if cases == {}:
            yield Fault(("leave_out", n), "条件がないので、すべての行を除きます", "条件を書くか、消してください")
        yield from (f._replace(place=("leave_out", n, *f.place)) for f in _no_values(cases))
    for n, fact in enumerate(source.facts):
        for key in ("when", "unless"):
            yield from (f._replace(place=("facts", n, key, *f.place)) for f in _no_values(getattr(fact, key)))


def _no_values(cases: dict[str, Any] | None) -> Iterator[Fault]:
    for name, values in (cases or {}).items():
        if values == ():
            yield Fault((name,), "値が1つもありません", "値を書くか、この条件を消してください")


def _twice(source: Source, _: Site) -> Iterator[Fault]:
    """Yield facts of a row that would have one id."""
    for n, first in twice(_key(source, x) if x is not None else None for x in source.facts):
        why = f"{first + 1}番目と同じ種類・時刻・条件です"
        yield Fault(("facts", n), why, "1つにするか、when で分けてください")


def _key(source: Source, fact: FactRule) -> str | None:
    if not fact.kind:
        return None
    subject = next((x.name for s in SUBJECTS for x in fields_of(source, fact) if x.name == s), None)
    # Head counts of several columns are parts of a lane.
    about = [getattr(fact, x) for x in (subject, "waiting" if fact.kind == "queue.counted" else None) if x]
    return f"{fact.kind} {fact.at} {fact.when} {fact.unless} {about}"


def _stand_ins(source: Source, _: Site) -> Iterator[Fault]:
    """Yield rules for what a source cannot say, where it says it or lacks what the rule needs."""
    kinds = {fact.kind for _, fact in _facts(source)}
    if source.form == "floorctl":
        return
    if source.ends and "ticket.finished" in kinds:
        yield Fault(
            ("ends",), "終わり（ticket.finished）も記録しています", "ends か ticket.finished のどちらかを消してください"
        )
    if source.ends and "ticket.called" not in kinds:
        yield Fault(
            ("ends",),
            "呼出し（ticket.called）の記録がありません",
            "facts に ticket.called を書くか、ends を消してください",
        )
    if source.arrivals and "ticket.issued" in kinds:
        do = "arrivals か ticket.issued のどちらかを消してください"
        yield Fault(("arrivals",), "発券（ticket.issued）も記録しています", do)
    if source.arrivals and "ticket.called" not in kinds:
        do = "facts に ticket.called を書くか、arrivals を消してください"
        yield Fault(("arrivals",), "呼出し（ticket.called）の記録がありません", do)
    if source.wraps and not source.arrivals and "ticket.issued" not in kinds:
        yield Fault(("wraps",), "発券（ticket.issued）の記録がありません", "wraps を消してください")
    for n, fact in _facts(source):
        if source.ends == "next_call" and fact.kind == "ticket.called" and not _has(source, fact, "terminal"):
            why = "次の呼出しで終わりとするには、端末（terminal）が要ります"
            yield Fault(
                ("facts", n, "terminal"), why, 'columns に terminal = 列 と書くか、ends = "call" にしてください'
            )


def _has(source: Source, fact: FactRule, field: str) -> bool:
    return getattr(fact, field) is not None or field in source.columns


# ---- values and codes


def _values(source: Source, site: Site) -> Iterator[Fault]:
    """Yield values that stand in every row and fit no fact."""
    for n, fact in _facts(source):
        for field in fields_of(source, fact):
            cell = getattr(fact, field.name)
            if isinstance(cell, Cell) and cell.value is not None:
                if fault := _unfit(cell.value, fact.kind, field, site):
                    yield Fault(("facts", n, field.name, "value"), *fault)
                continue
            word = cell if isinstance(cell, str) else field.name
            held = source.columns.get(word)
            if (
                isinstance(held, Cell)
                and held.value is not None
                and (fault := _unfit(held.value, fact.kind, field, site))
            ):
                yield Fault(("columns", word, "value"), *fault)


def _codes(source: Source, site: Site) -> Iterator[Fault]:
    read = _read_by(source)
    for word, table in source.codes.items():
        if table is None:
            continue
        if word not in read and word not in source.columns and word not in {x.name for x in uses(source)}:
            near = nearest(word, {*source.columns, *read})
            do = if_meant(near) if near else "列の言葉（columns の左側）にするか、消してください"
            yield Fault(("codes", word), "この言葉の列を、どの記録も使いません", do)
            continue
        for m, first in twice(same(x) for x in table):
            cell, before = [*table][m], [*table][first]
            yield Fault(("codes", word, cell), f"{before} と同じ値です", "1つにしてください")
        for cell, code in table.items():
            faults = [_unfit(code, kind, field, site) for kind, field in read.get(word, ()) if code]
            if faults and (fault := faults[0]) and None not in faults:  # a column may mean a desk here, a service there
                yield Fault(("codes", word, cell), *fault)


def _read_by(source: Source) -> dict[str, list[tuple[str, FeedField]]]:
    """Return the fields that a code table is for, by its word: that of the column, or that of the field."""
    found: dict[str, list[tuple[str, FeedField]]] = {}
    for _, fact in _facts(source):
        for field in fields_of(source, fact):
            cell = getattr(fact, field.name)
            for word in {cell if isinstance(cell, str) else field.name, field.name}:
                if word != field.name or word not in source.columns or not isinstance(cell, str):
                    found.setdefault(word, []).append((fact.kind, field))
    if "ticket" in found and "prefix" in source.columns:
        found.setdefault("prefix", [])
    return found


def _unfit(value: str | int | bool, kind: str, field: FeedField, site: Site) -> tuple[str, str] | None:
    """Return why a value is none of a field, and what to write; None where it fits."""
    if field.table:
        parts: Sequence[Any] = getattr(site, field.table)
        codes = [x.code for x in parts]
        if not isinstance(value, str) or value in codes:
            return None if value in codes else (f"会場設定の {field.table} のコードではありません", instead("", codes))
        meant = next((x.code for x in parts if value in (x.name, getattr(x, "short", ""))), "")
        do = if_meant(meant) if meant else instead(value, codes)
        return f"会場設定の {field.table} にないコードです", do
    if field.choices:
        if value in field.choices:
            return None
        meant = next((x for x, word in field.choices.items() if word == value), "")
        return f"{field.word}の言葉ではありません", if_meant(meant) if meant else instead(str(value), field.choices)
    declared = KINDS[kind if field.name not in TOLD_BY_CALL or kind != "ticket.called" else "ticket.issued"]
    return (
        None
        if _fits(value, shapes(declared)[field.name])
        else (f"{field.form}ではありません", f"{field.word}の値にしてください")
    )


_FLAGS = {"true", "false", "1", "0", "yes", "no", "はい", "いいえ", "○", "×", "有", "無"}


def _fits(value: str | int | bool, shape: Shape) -> bool:
    """Return whether a value can be that of a field, written as in a cell."""
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if shape.base is Union:
        return any(_fits(value, x) for x in shape.inner)
    if shape.base is Literal:
        return text in shape.inner
    if shape.base is bool:
        return isinstance(value, bool) or text.lower() in _FLAGS
    if shape.base is int:
        between = shape.mark(Between) or Between()
        if isinstance(value, bool) or not re.fullmatch("-?[0-9]{1,9}", text):
            return False
        return (between.least is None or between.least <= int(text)) and (
            between.most is None or int(text) <= between.most
        )
    chars = shape.mark(Chars) or Chars()
    if (chars.least or 0) > len(text) or (chars.most is not None and chars.most < len(text)):
        return False
    return chars.pattern is None or re.search(chars.pattern, text) is not None


def _lengths(source: Source, _: Site) -> Iterator[Fault]:
    """Yield columns that are moved by a length and are no times."""
    moved = {x for x, held in source.columns.items() if isinstance(held, Cell) and held.length is not None}
    for n, fact in _facts(source):
        for field in fields_of(source, fact):
            named = getattr(fact, field.name)
            if isinstance(named, Cell):
                if named.length is not None:
                    yield Fault(("facts", n, field.name), _NO_TIME_HERE, "時刻の列（at）にしてください")
            elif (named or field.name) in moved:
                yield Fault(("columns", named or field.name), _NO_TIME_HERE, "時刻の列だけに書いてください")


_NO_TIME_HERE = "plus と minus は、記録の時刻（at）だけに使えます"


FACT_RULES: tuple[Callable[[Source, Site], Iterator[Fault]], ...] = (
    _kinds, _foreign_fields, _needed_fields, _misnamed_columns, _times, _cases, _twice, _stand_ins, _values, _codes, _lengths,
)  # fmt: skip
