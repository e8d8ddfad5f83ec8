"""Make the values of a fact's fields out of the cells of a row: codes, whole numbers, flags, times of day, texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union

from floorctl.common.constraints import Chars, Shape
from floorctl.common.typed import NO, YES
from floorctl.intake.sources.columns import NO_TEXT, plain
from floorctl.intake.sources.decoding import BAD
from floorctl.intake.sources.table import NO_CHARACTER
from floorctl.intake.sources.times import BadTime, Dates, parse_time
from floorctl.models.facts.fields import CodeOf, HourMinute
from floorctl.models.site.site import Site

NO_PREFIX = "\udcfd"  # in the place of letters that no code table gives
Read = Callable[[str], Any]

_UNITS = "人件枚名番分組"
_WHOLE = re.compile(rf"([+-]?)(\d{{1,9}}|\d{{1,3}}(?:,\d{{3}}){{1,2}})(?:\.0{{1,6}})?\s?[{_UNITS}]?", re.A)
_NUMBER_UNIT = re.compile(r"(?<=\d)\s?[番号]号?$", re.A)
_HOUR_MINUTE = HourMinute.__metadata__[0].pattern  # type: ignore[attr-defined]


class BadValue(ValueError):
    """Cell that is no value of its field; the reason in Japanese, without the cell."""


def whole(text: str) -> int:
    """Return a whole number, which may carry a unit and separators of thousands. Raise BadValue."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise BadValue("整数として読めません")
    return int(found[1] + found[2].replace(",", ""))


def flag(text: str) -> bool:
    """Return whether a cell means yes. Raise BadValue."""
    word = text.casefold()
    if word not in YES | NO:
        raise BadValue("はい・いいえのどちらでもありません")
    return word in YES


def ticket_number(text: str) -> str:
    """Return a number without spaces and without 番 behind its digits."""
    return "".join(_NUMBER_UNIT.sub("", text).split())


def _hour_minute(dates: Dates, zone: str) -> Read:
    def read(text: str) -> str:
        try:
            return f"{parse_time(text, zone, dates):%H:%M}"
        except BadTime as e:
            raise BadValue(str(e)) from None

    return read


def _text(text: str) -> str:
    return text


def _choice(words: tuple[Any, ...], field: str) -> Read:
    def read(text: str) -> str:
        if text not in words:
            raise BadValue(f"決められた値（{' '.join(w for w in words if w)}）のどれでもありません（codes.{field}）")
        return text

    return read


def _code(site: Site, table: str, word: str) -> Read:
    known: Mapping[str, Any] = getattr(site, table)
    why = f"コード表（codes.{word}）にも会場設定にもない値です" if word else "会場設定にないコードです"

    def read(text: str) -> str:
        if text not in known:
            raise BadValue(why)
        return text

    return read


def _of_shape(shape: Shape, field: str, site: Site, word: str, dates: Dates, zone: str) -> Read:
    if shape.base is Union:
        texts = tuple(w for x in shape.inner if x.base is Literal for w in x.inner)
        other = next(x for x in shape.inner if x.base is not Literal)
        read_other = _of_shape(other, field, site, word, dates, zone)
        return lambda text: text if text in texts else read_other(text)
    if mark := shape.mark(CodeOf):
        return _code(site, mark.table, word)
    if shape.base is int:
        return whole
    if shape.base is bool:
        return flag
    if shape.base is Literal:
        return _choice(shape.inner, word or field)
    chars = shape.mark(Chars)
    if chars is not None and chars.pattern == _HOUR_MINUTE:
        return _hour_minute(dates, zone)
    return ticket_number if field == "ticket" else _text


class CodeTable:
    """Codes by cell; ``"A*"`` stands for cells that begin so, the longest beginning first, ``"*"`` for all that are filled."""

    def __init__(self, written: Mapping[str, str]) -> None:
        self.cells = {plain(cell): code for cell, code in written.items()}
        begins = [(cell[:-1], code) for cell, code in self.cells.items() if cell.endswith("*")]
        self._begins = sorted(begins, key=lambda x: -len(x[0]))

    def code(self, cell: str) -> str | None:
        """Return the code of a cell; None if the table has none for it."""
        code = self.cells.get(cell)
        if code is None and cell:
            return next((code for begin, code in self._begins if cell.startswith(begin)), None)
        return code

    @property
    def joins(self) -> bool:
        """Return whether several cells have one code."""
        codes = [code for code in self.cells.values() if code]
        return len({*codes}) < len(codes) or any(cell.endswith("*") and code for cell, code in self.cells.items())

    @property
    def leaves_out(self) -> bool:
        """Return whether an empty code leaves rows out."""
        return "" in self.cells.values()


def code_table(codes: Mapping[str, Mapping[str, str]], word: str, field: str) -> CodeTable | None:
    """Return the code table of a column's word, else of a field; None without one."""
    found = codes.get(word) if word in codes else codes.get(field)
    return None if found is None else CodeTable(found)


def translated(cell: str, table: CodeTable | None) -> str:
    """Return the code of a cell; the cell itself without an entry."""
    code = table.code(cell) if table is not None else None
    return cell if code is None else code


def value_reader(
    field: str, shape: Shape, site: Site, table: CodeTable | None, word: str, dates: Dates, zone: str
) -> Read:
    """Return the function from a cell to the value of a field, through its code table. It raises BadValue."""
    read = _of_shape(shape, field, site, word, dates, zone)
    kept: dict[str, Any] = {}  # of codes there are few

    def value(text: str) -> Any:
        if NO_PREFIX in text:
            raise BadValue("コード表（codes.prefix）にない値です")
        if BAD in text or NO_TEXT in text:
            raise BadValue(NO_CHARACTER if BAD in text else "1つの値ではありません")
        return read(translated(text, table))

    def known(text: str) -> Any:
        found = kept.get(text)
        if found is None:
            found = value(text)
            if len(kept) < 1000:
                kept[text] = found
        return found

    return known if shape.mark(CodeOf) else value
