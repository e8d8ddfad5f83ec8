"""Read the layout of the documents and check its names against the data; a fault is one sentence with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from floorctl.documents.layout.material import Catalogue
from floorctl.documents.layout.template import FACT, Document, Page, Section, Signing, Template
from floorctl.intake.site_file import data_dir
from floorctl.intake.toml_model import load_toml
from floorctl.intake.written_text import Kind
from floorctl.models.site.part import Fault, Place
from floorctl.models.site.site import Site

Which = Literal["day", "month", "year", "contract", "shifts", "week"]
SHIPPED = "documents.toml"
FILE = Kind("様式ファイル", "会場設定の [documents] の template に書いた名前")
_TABLE = re.compile(r"\[+(\w+)")
OWN_FACTS = frozenset({"sheet", "title"})  # the name and the title of the sheet


def load_template(
    path: Path | None, known: Mapping[Which, Catalogue], only: Callable[[str], str] | None = None
) -> Template:
    """Return the layout in ``path`` (None: as shipped). Raise UsageError naming file and line.

    ``known``: the data of the documents to check; names of other documents are not checked. ``only`` selects the part
    of the text that is read.
    """

    def check(template: Template) -> Iterator[Fault]:
        for which, data in known.items():
            document: Document | None = getattr(template, which)
            if document is not None:
                yield from _faults(document, data, (which,))

    return load_toml(path or data_dir() / SHIPPED, FILE, Template, (check,), only)


def own_part(text: str, which: Which) -> str:
    """Return a layout's text with the tables of other documents blanked out (two thirds of the shipped file).

    Line numbers stay the same.
    """
    others = {*get_args(Which)} - {which}
    parts = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    foreign = ((named := _TABLE.match(part)) is not None and named[1] in others for part in parts)
    return "".join("\n" * part.count("\n") if away else part for part, away in zip(parts, foreign, strict=True))


def layout_of(site: Site, which: Which, data: Catalogue) -> tuple[Document, Page, Signing]:
    """Return the layout of a site's document: from its own file, or as shipped if that leaves the document out."""
    template = _shipped(which, data)
    document = getattr(template, which)
    if site.documents.template:
        template = load_template(Path(site.documents.template), {which: data})
        document = getattr(template, which) or document
    if document is None:
        raise LookupError(f"the shipped layout has no {which}")
    return document, template.page, template.signing


@lru_cache(maxsize=8)
def _shipped_of(which: Which, tables: tuple[tuple[str, frozenset[str]], ...], facts: frozenset[str]) -> Template:
    return load_template(None, {which: Catalogue(dict(tables), facts)}, lambda text: own_part(text, which))


def _shipped(which: Which, data: Catalogue) -> Template:
    """Return the shipped layout, read once per process."""
    return _shipped_of(which, tuple(data.tables.items()), data.facts)


# ---- what a document names and the data do not have


def _faults(document: Document, data: Catalogue, at: Place) -> Iterator[Fault]:
    """Yield the names in a document that its data do not have."""
    facts = data.facts | OWN_FACTS
    head = document.letterhead
    for key in ("title", "running", "footer"):
        yield from _in_text(getattr(document, key), facts, (*at, key))
    for key in ("right", "left", "sender"):
        for n, text in enumerate(getattr(head, key)):
            yield from _in_text(text, facts, (*at, "letterhead", key, n))
    for n, pair in enumerate(head.pairs):
        yield from _in_text(pair.text, facts, (*at, "letterhead", "pairs", n, "text"))
    for n, sheet in enumerate(document.sheets):
        here = (*at, "sheets", n)
        for key in ("title", "sentence"):
            yield from _in_text(getattr(sheet, key), facts, (*here, key))
        for m, section in enumerate(sheet.sections):
            yield from _in_section(section, data, facts, (*here, "sections", m))


def _in_section(section: Section, data: Catalogue, facts: frozenset[str], at: Place) -> Iterator[Fault]:
    for key in ("heading", "empty"):
        yield from _in_text(getattr(section, key), facts, (*at, key))
    for n, pair in enumerate(section.pairs):
        yield from _in_text(pair.text, facts, (*at, "pairs", n, "text"))
    for n, note in enumerate(section.notes):
        yield from _in_text(note, facts, (*at, "notes", n))
    for n, column in enumerate(section.columns):
        yield from _in_text(column.heading, facts | {"name"}, (*at, "columns", n, "heading"))
    if not section.table:
        return
    keys = data.tables.get(section.table)
    if keys is None:
        do = f"{_listed(data.tables)} のどれかにしてください"
        yield Fault((*at, "table"), f"{section.table} という表はありません", do)
        return
    named: list[tuple[str, Place]] = [(c.key, (*at, "columns", n, "key")) for n, c in enumerate(section.columns)]
    named += [(key, (*at, word, key)) for word in ("only", "without") for key in getattr(section, word)]
    named.append((section.lines_of, (*at, "lines_of")))
    for key, place in named:
        if key and key not in keys and f"{key.partition('.')[0]}.*" not in keys:
            why = f"表 {section.table} に {key} という項目はありません"
            yield Fault(place, why, f"{_listed(keys)} のどれかにしてください")


def _in_text(text: str, facts: frozenset[str], at: Place) -> Iterator[Fault]:
    for name in FACT.findall(text):
        if name not in facts:
            yield Fault(at, f"{{{name}}} という項目はありません", f"{_listed(facts)} のどれかにしてください")


def _listed(words: Iterable[str]) -> str:
    return "、".join(sorted(words))
