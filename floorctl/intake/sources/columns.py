"""Columns of a description: where each stands in a file, and which values of a row its facts need; no others are read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from floorctl.common.typed import NO, YES
from floorctl.intake.sources.lengths import Unit
from floorctl.intake.sources.table import Place, label
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.source import Cell, Source
from floorctl.models.site.source_kinds import TOLD_BY_CALL

NO_TEXT = "\udcfe"  # in the place of a value that is no single one: bytes, a list, a mapping
_MOST_NUMBER = 10**18
Name = str | Cell
Values = list[str]
Test = Callable[[Values], bool]


def plain(value: Any) -> str:
    """Return a cell as it is compared: in NFKC, trimmed, without the formula around a spreadsheet's text."""
    if type(value) is not str:
        value = _text(value)
    text: str = value.strip() if value.isascii() else unicodedata.normalize("NFKC", value).strip()
    if text[:2] == '="' and text[-1:] == '"' and len(text) > 2:
        text = text[2:-1].replace('""', '"').strip()
    return text.strip("\0 ") if "\0" in text else text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_NUMBER:
        value = int(value)
    if isinstance(value, int):
        return str(value) if abs(value) < _MOST_NUMBER else NO_TEXT
    return str(value) if isinstance(value, float | str) else NO_TEXT


class Moved(NamedTuple):
    """Length by which a time is later (``sign`` 1) or earlier (-1): the place of its value, its column in a sentence."""

    at: int
    label: str
    sign: int
    unit: Unit


class Value(NamedTuple):
    """Value of a row: its place in the list of the row's values; ``label``: its column in a sentence.

    ``word``: of its code table; "" for a constant, which no table changes. ``moved``: of a time.
    """

    at: int
    label: str
    word: str
    constant: str | None = None
    moved: Moved | None = None


class Columns:
    """Columns that a description names: their ``places`` in the file, and what is made of their cells.

    A row's values stand in one list: the cells at ``places``, then parts of split cells and constants.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.places: tuple[Place, ...] = tuple(dict.fromkeys(_places(source)))
        self._more: list[Callable[[Values], str]] = []
        self._file = {"name": "", "folder": ""}

    def of_file(self, path: Path) -> None:
        """Take the values that the name of a file tells."""
        self._file = {"name": plain(path.stem), "folder": plain(path.parent.name)}

    def value(self, name: Name) -> Value:
        """Return the value behind a word of ``columns``, else behind a number, a heading or a cell itself."""
        if isinstance(name, Cell):
            return self._cell(name, "")
        place = self.source.columns.get(name, name)
        if isinstance(place, Cell):
            return self._cell(place, name)
        return Value(self.places.index(place), label(place), name)

    def _cell(self, cell: Cell, word: str) -> Value:
        if cell.value is not None:
            text = plain(cell.value)
            return Value(self.also(lambda values: text), word, "", text, self._moved(cell))
        moved = self._moved(cell)
        if cell.columns:
            return Value(self._joined(cell), "・".join(map(label, cell.columns)), word, moved=moved)
        if cell.file:
            name, told = cell.file, "ファイルの名" if cell.file == "name" else "フォルダーの名"
            at = self.also(lambda values: self._file[name])
        else:
            assert cell.column is not None
            at, told = self.places.index(cell.column), label(cell.column)
        if not cell.split:
            return Value(at, told, word, moved=moved)
        separator, part = unicodedata.normalize("NFKC", cell.split), cell.part - 1

        def piece(values: Values) -> str:
            pieces = values[at].split(separator if separator.strip() else None)
            return pieces[part].strip() if part < len(pieces) else ""

        return Value(self.also(piece), told, word, moved=moved)

    def _moved(self, cell: Cell) -> Moved | None:
        if cell.length is None:
            return None
        sign = 1 if cell.plus is not None else -1
        return Moved(self.places.index(cell.length), label(cell.length), sign, cell.unit)

    def _joined(self, cell: Cell) -> int:
        """Return the place of cells together, without the empty ones; between ``:`` minutes have two digits."""
        places, join = [self.places.index(x) for x in cell.columns], unicodedata.normalize("NFKC", cell.join)
        width = 2 if join == ":" else 0

        def joined(values: Values) -> str:
            return join.join(values[at].zfill(width) for at in places if values[at])

        return self.also(joined)

    def also(self, made: Callable[[Values], str]) -> int:
        """Add a value that is made of a row's others; return its place."""
        self._more.append(made)
        return len(self.places) + len(self._more) - 1

    def test(self, cases: Mapping[str, Any]) -> Test:
        """Return the test whether all cases hold for a row.

        ``""`` is an empty cell, ``"*"`` one that is not, ``"A*"`` one that begins so.
        """
        asked = []
        for name, values in cases.items():
            among = accepted(values)
            begins = tuple(value[:-1] for value in among if value.endswith("*"))
            asked.append((self.value(name).at, among, begins))
        if len(asked) == 1 and not asked[0][2]:
            ((only, single, _),) = asked
            return lambda row: row[only] in single

        def holds(row: Values) -> bool:
            for at, among, begins in asked:
                cell = row[at]
                if cell not in among and not (begins and cell and cell.startswith(begins)):
                    return False
            return True

        return holds

    def values(self, cells: Sequence[Any]) -> Values:
        """Return a row's values from the cells at ``places``."""
        found = [plain(cell) for cell in cells]
        for made in self._more:
            found.append(made(found))
        return found


def accepted(values: Any) -> frozenset[str]:
    """Return the cells that a case accepts; true and false stand for all words of yes and no."""
    found: set[str] = set()
    for value in values if isinstance(values, tuple | list) else (values,):
        if isinstance(value, bool):
            found |= {form for word in (YES if value else NO) for form in (word, word.upper(), word.capitalize())}
        else:
            found.add(plain(value))
    return frozenset(found)


def _places(source: Source) -> Iterator[Place]:
    """Yield the place of every column that a description names."""
    for written in _names(source):
        place = source.columns.get(written, written) if isinstance(written, str) else written
        if not isinstance(place, Cell):
            yield place
        else:
            yield from (column for _, column in place.named())


def _names(source: Source) -> Iterator[Place | Cell]:
    yield from source.columns.values()
    for cases in source.leave_out:
        yield from cases
    for rule in source.facts:
        yield from (*rule.when, *rule.unless)
        if rule.at and rule.at != AT_FILE:
            yield rule.at
        for field in KINDS[rule.kind].names() if rule.kind in KINDS else ():
            if field not in ("id", "at") and (name := getattr(rule, field, None)) is not None:
                yield name
        if rule.kind == "ticket.called" and source.arrivals == "call":
            yield from (name for field in TOLD_BY_CALL if (name := getattr(rule, field)) is not None)


AT_FILE = "file"  # as the column of a time: the instant at which the file was last changed
