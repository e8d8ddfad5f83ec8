"""Description of a file that a ticket machine or an office writes: where it lies, its form, and the facts in its rows.

A row gives the same facts wherever and however often it is read: nothing here remembers other rows. What a machine cannot
tell (no desk, no end, no arrival) is said once for the source and carried by its facts.
"""

from collections.abc import Iterator
from dataclasses import field
from typing import Annotated, ClassVar, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Fault, Part

Form = Literal["csv", "tsv", "fixed", "jsonl", "json", "sqlite", "floorctl"]
# Forms that grow line by line; of any other the whole file is read.
LINE_FORMS: tuple[Form, ...] = ("csv", "tsv", "fixed", "jsonl", "floorctl")
Encoding = Literal["auto", "utf-8", "cp932", "utf-16", "euc-jp"]
# What stands for a part of the day in ``files``, and the digits that it may be.
MARKS = {"YYYY": r"\d{4}", "YY": r"\d{2}", "MM": r"\d{2}", "DD": r"\d{2}", "M": r"\d{1,2}", "D": r"\d{1,2}"}
MOST_SOURCES, MOST_FACTS, MOST_COLUMNS = 20, 40, 200

_Word = Annotated[str, Chars(r"^[^\x00-\x1f\x7f]+$", least=1, most=80)]
_Value = Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=200)]
_Place = Annotated[int, Between(1, 1000)]  # number of a column, from 1
_Heading = Annotated[str, Chars(r"^[^\x00-\x1f\x7f]+$", least=1, most=200)]
_Cases = dict[_Word, _Value | int | bool | tuple[_Value | int | bool, ...]]  # column: value, or any of several values


@record
class Cell(Part):
    """Value that is made of a row: part of a cell, cells together, a time moved by a length; or one that no row tells.

    ``column``: number from 1, heading, path or bytes; ``columns``: several, with ``join`` between them. ``file``: the name
    of the file without its ending, or of its folder. ``split``, ``part``: of several values in one cell, the ``part``-th
    from 1. ``plus``, ``minus``: column of the length by which a time is later or earlier; ``unit`` of its bare numbers.
    ``value``: the same in every row.
    """

    unknown: ClassVar[str] = '消すか、点のある名であれば "a.b" のように引用符で囲んでください'

    column: _Place | _Heading | None = None
    columns: Annotated[tuple[_Place | _Heading, ...], Between(most=10)] = ()
    join: Annotated[str, Chars(most=10)] = ""
    file: Literal["", "name", "folder"] = ""
    split: Annotated[str, Chars(least=1, most=10)] = ""
    part: Annotated[int, Between(1, 20)] = 1
    plus: _Place | _Heading | None = None
    minus: _Place | _Heading | None = None
    unit: Literal["s", "m"] = "s"
    value: _Value | int | bool | None = None

    def check(self) -> Iterator[Fault]:
        origins = [x for x in ("column", "columns", "file", "value") if getattr(self, x) not in (None, (), "")]
        if not origins and self.value is None:
            yield Fault(
                (), "column も value もありません", "column = 列、または value = どの行でも同じ値、と書いてください"
            )
        if len(origins) > 1:
            yield Fault(
                (origins[-1],),
                f"{origins[0]} もあります",
                "列から読むなら column だけ、どの行でも同じなら value だけにしてください",
            )
        for key, owners in _BESIDE.items():
            if getattr(self, key) not in (None, "", 1) and origins and origins[0] not in owners:
                do = "column" if "column" in owners else "columns = [列, 列]"
                yield Fault((key,), f"{origins[0]} には使えません", f"消すか、{do} にしてください")
        if self.part != 1 and self.split == "" and origins and origins[0] in _BESIDE["part"]:
            yield Fault(("part",), "split（区切りの文字）がありません", "split を書き足してください")
        if self.plus is not None and self.minus is not None:
            yield Fault(("minus",), "plus もあります", "どちらか1つにしてください")
        if self.unit != "s" and self.plus is None and self.minus is None:
            yield Fault(("unit",), "plus も minus もありません", "消すか、長さの列を書き足してください")

    @property
    def length(self) -> int | str | None:
        """Column of the length by which a time is moved."""
        return self.plus if self.plus is not None else self.minus

    def named(self) -> Iterator[tuple[str, int | str]]:
        """Yield the columns of the file that are named, each with its key."""
        for key in ("column", "plus", "minus"):
            if (column := getattr(self, key)) is not None:
                yield key, column
        for column in self.columns or ():
            if column is not None:
                yield "columns", column


# Keys that go with some origins of a value alone.
_BESIDE = {
    "join": ("columns",),
    "split": ("column", "file"),
    "part": ("column", "file"),
    "plus": ("column", "columns", "value"),
    "minus": ("column", "columns", "value"),
}


@record
class FactRule(Part):
    """Fact that a row tells: its kind, the column of its time, the cases in which it is told, the columns of its fields.

    A field that is left out is read from the column with its name.
    """

    kind: _Word
    at: _Word = ""
    when: _Cases = field(default_factory=dict)
    unless: _Cases = field(default_factory=dict)
    # The fields of the kinds that a feed may write, as far as a cell can hold them.
    ticket: _Word | Cell | None = None
    service: _Word | Cell | None = None
    cards: _Word | Cell | None = None
    appointment: _Word | Cell | None = None
    assist: _Word | Cell | None = None
    terminal: _Word | Cell | None = None
    outcome: _Word | Cell | None = None
    lane: _Word | Cell | None = None
    waiting: _Word | Cell | None = None
    persons: _Word | Cell | None = None
    present: _Word | Cell | None = None
    staff: _Word | Cell | None = None
    status: _Word | Cell | None = None
    until: _Word | Cell | None = None
    escalation: _Word | Cell | None = None
    matter: _Word | Cell | None = None
    official: _Word | Cell | None = None
    topic: _Word | Cell | None = None
    item: _Word | Cell | None = None
    count: _Word | Cell | None = None
    fault: _Word | Cell | None = None
    reason: _Word | Cell | None = None
    note: _Word | Cell | None = None


@record
class Source(Part):
    """Described source of facts; the page docs/sources.md explains each key with examples."""

    name: Annotated[str, Chars(r"^[A-Za-z0-9._:-]{1,64}$")]
    files: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=4096)] = ""
    which: Literal["newest", "all"] = "newest"
    days: Literal["all", "today"] = "all"
    form: Form = "csv"
    encoding: Encoding = "auto"
    separator: Annotated[str, Chars(r"^[^\x00-\x08\x0a-\x1f\x7f\"]$")] = ","
    heading: bool = True
    skip_lines: Annotated[int, Between(0, 1000)] = 0
    rows: _Value = ""
    table: _Value = ""
    zone: _Word = "Asia/Tokyo"
    dates: Literal["ymd", "mdy", "dmy"] = "ymd"
    wraps: bool = False
    ends: Literal["", "next_call", "call"] = ""
    arrivals: Literal["", "call"] = ""
    personal: Annotated[tuple[_Place | _Heading, ...], Between(most=MOST_COLUMNS)] = ()
    leave_out: Annotated[tuple[_Cases, ...], Between(most=MOST_FACTS)] = ()
    columns: dict[_Word, _Place | _Heading | Cell] = field(default_factory=dict)
    codes: dict[_Word, dict[_Value, _Value]] = field(default_factory=dict)
    facts: Annotated[tuple[FactRule, ...], Between(most=MOST_FACTS)] = ()


@record
class SourceFile(Part):
    """File that holds descriptions of sources alone (``--source-file``)."""

    sources: Annotated[tuple[Source, ...], Between(1, MOST_SOURCES)]
