"""Rules of descriptions of sources: what is named exists, and a fact can be told from its row. Pure.

Each rule is asked by itself, also of a source with wrong values, which are None; it ends where it needs one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING
from itertools import islice

from floorctl.common.did_you_mean import nearest
from floorctl.common.frozen import slots
from floorctl.common.zones import zone
from floorctl.models.facts.fields import BY_HAND
from floorctl.models.site.part import Fault, asked, if_meant, instead, twice
from floorctl.models.site.site import Site
from floorctl.models.site.source import MARKS, MOST_COLUMNS, Source, SourceFile
from floorctl.models.site.source_facts import FACT_RULES
from floorctl.models.site.source_names import columns_of, is_known, misplaced, mistyped, overlap, same, uses

_MOST_NAMED = 4000  # names of columns in facts and conditions
_MOST_TOLD = 40  # faults of one rule


def rules_on(site: Site) -> tuple[Callable[[SourceFile], Iterator[Fault]], ...]:
    """Return the rules of a file of descriptions for a site."""
    return (lambda file: source_faults(file.sources, site),)


def source_faults(sources: Sequence[Source], site: Site) -> Iterator[Fault]:
    """Yield the faults of descriptions, places from ``sources`` on."""
    for n, source in enumerate(sources):
        for rule in _RULES:
            # To look for what is meant takes time: of a table that is wrong as a whole no more is told than can be read.
            for fault in islice(asked(rule(source, site)), _MOST_TOLD):
                yield fault._replace(place=("sources", n, *fault.place))
    yield from asked(_names(sources))
    yield from asked(_same_files(sources))


# ---- sources beside each other and beside the feeds


def _names(sources: Sequence[Source]) -> Iterator[Fault]:
    for n, first in twice(x and x.name for x in sources):
        why = f"{sources[n].name} は{first + 1}番目にもあります"
        yield Fault(("sources", n, "name"), why, "別の名にしてください")


def _same_files(sources: Sequence[Source]) -> Iterator[Fault]:
    for n, first in twice((x and x.files) or None for x in sources):
        yield Fault(("sources", n, "files"), f"{first + 1}番目と同じファイルです", "1つの入力元にまとめてください")


def _name(source: Source, site: Site) -> Iterator[Fault]:
    if source.name == BY_HAND:
        yield Fault(("name",), "console は手で入れた記録の入力元です", "別の名にしてください")
    for n, feed in enumerate(site.feeds or ()):
        if source.name == feed.source:
            yield Fault(("name",), f"feeds の{n + 1}番目と同じ名です", "別の名にしてください")
        if source.files and source.files == feed.path:
            yield Fault(("files",), f"feeds の{n + 1}番目と同じファイルです", "どちらか1つにしてください")


# ---- the file and its form


def _files(source: Source, _: Site) -> Iterator[Fault]:
    files = source.files
    for mark in re.findall(r"\{([^{}]*)\}", files):
        if mark not in MARKS:
            do = if_meant(f"{{{mark.upper()}}}") if mark.upper() in MARKS else _MARKS
            yield Fault(("files",), f"{{{mark}}} は日付の印ではありません", do)
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", files)):
        yield Fault(("files",), "{ } がそろっていません", _MARKS)
    if "**" in files:
        yield Fault(
            ("files",),
            "** は使えません",
            "* と ? だけが使えます。下のフォルダーは out/*/log.csv のように書いてください",
        )
    if files and re.split(r"[/\\]", files)[-1] in ("", ".", ".."):
        yield Fault(
            ("files",),
            "フォルダーまでで、ファイルの名がありません",
            "log_*.csv のように、ファイルの名まで書いてください",
        )


_MARKS = "日付の印は {YYYY} {YY} {MM} {M} {DD} {D} です"
# Keys that belong to some forms alone.
_FORMS = {
    "separator": ("csv",),
    "heading": ("csv", "tsv"),
    "skip_lines": ("csv", "tsv", "fixed", "jsonl"),
    "encoding": ("csv", "tsv", "fixed", "jsonl", "json"),
    "rows": ("json", "jsonl"),
    "table": ("sqlite",),
}
_NOT_OWN = ("zone", "dates", "personal", "leave_out", "columns", "codes", "facts")  # floorctl's own lines say it all
_DEFAULTS = {x.name: x.make() if x.default is MISSING else x.default for x in slots(Source)[1:]}


def _form(source: Source, _: Site) -> Iterator[Fault]:
    """Yield keys that say nothing in this form, and what the form needs."""
    for key, forms in _FORMS.items():
        value = getattr(source, key)
        if source.form is not None and value is not None and value != _DEFAULTS[key] and source.form not in forms:
            at = "・".join(forms)
            yield Fault(
                (key,), f'form = "{source.form}" では使いません（{at} のもの）', "消すか、form を直してください"
            )
    if source.form == "sqlite" and source.table == "":
        yield Fault(("table",), "SQLite の表の名がありません", 'table = "表の名" と書き足してください')
    if source.form == "floorctl":
        for key in _NOT_OWN:
            if getattr(source, key) not in (None, _DEFAULTS[key]):
                yield Fault((key,), 'form = "floorctl"（1行1件の JSON）では使いません', "消すか、form を直してください")
    elif source.facts is not None and not source.facts:
        do = '[[sources.facts]] の下に kind = "ticket.issued" のように書き足してください'
        yield Fault(("facts",), "どの行を何の記録とするか（facts）がありません", do)


def _zone(source: Source, _: Site) -> Iterator[Fault]:
    if source.zone is not None and zone(source.zone) is None:
        do = instead(source.zone, ("Asia/Tokyo", "Asia/Seoul", "UTC", "+09:00"))
        yield Fault(("zone",), "このような時間帯はありません", do)


# ---- columns


def _columns(source: Source, _: Site) -> Iterator[Fault]:
    used = {x.name for x in uses(source)}
    if len(source.columns.keys() | used) > MOST_COLUMNS:
        yield Fault(("columns",), f"列は{MOST_COLUMNS}までです", "使う列だけを書いてください")
    for word in source.columns:
        if word in _KEYS and word not in used:
            yield Fault(("columns", word), "入力元の項目です", "columns の外、その表の始まりの行より上に書いてください")


_KEYS = frozenset(x.name for x in slots(Source))


def _named(source: Source, _: Site) -> Iterator[Fault]:
    """Yield names of columns that are none."""
    named = [*uses(source)]
    if len(named) > _MOST_NAMED:
        return  # told by ``_columns``, or the same few in every fact
    for place, name in named:
        if is_known(source, name):
            continue
        near = mistyped(source, name) or nearest(name, source.columns)
        do = (
            f"列の言葉は {'、'.join([*source.columns][:12])} です" if source.columns else "columns に書き足してください"
        )
        if near:
            do = f"{if_meant(near)}。ほかの列であれば、columns に書き足してください"
        yield Fault(place, "このような列は columns にありません", do)


def _places(source: Source, _: Site) -> Iterator[Fault]:
    for place, column in columns_of(source):
        if place[0] != "columns" and place[-1] not in ("column", "columns", "plus", "minus"):
            continue  # a name used directly: told by ``_named``
        why, do = misplaced(source, column)
        if why:
            yield Fault(place, why, do)


# 個人番号カード交付 is a service.
_OF_PERSONS = re.compile("氏名|生年月日|電話番号|個人番号(?!カード)|メールアドレス|^お?名前$|^ご?住所$")


def _personal(source: Source, _: Site) -> Iterator[Fault]:
    """Yield personal columns that are read all the same."""
    hidden = [x for x in source.personal if x is not None]
    for n, _first in twice(x if x is None else same(x) for x in source.personal):
        yield Fault(("personal", n), "2度あります", "1つにしてください")
    for n, column in enumerate(source.personal):
        if column is not None and (said := misplaced(source, column))[0]:
            yield Fault(("personal", n), *said)
    for place, column in columns_of(source):
        if any(overlap(source, column, x) for x in hidden):
            yield Fault(place, "personal に挙げた、読まない列です", "ここから消すか、personal から消してください")
        elif _OF_PERSONS.search(same(column)):
            yield Fault(place, "個人情報の列の名です", "personal に移し、ほかでは使わないでください")


_RULES: tuple[Callable[[Source, Site], Iterator[Fault]], ...] = (
    _name, _files, _form, _zone, _columns, _named, _places, _personal, *FACT_RULES,
)  # fmt: skip
