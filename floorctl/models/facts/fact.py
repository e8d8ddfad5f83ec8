"""A fact and the declaration of its kind: a frozen dataclass with slots and class attributes.

A declaration has the writers of the kind, its place among facts of one instant, its word and its sentence of the journal;
its fields carry their constraints and marks (free text, code of the site). The tables of all kinds
are derived from the declarations (``kinds.py``). Facts are checked once, when they come in (``checked.py``), not here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import date
from functools import cache
from json import JSONEncoder
from typing import Any, ClassVar, Protocol, TypeVar, dataclass_transform

from floorctl.common.constraints import Shape, shapes
from floorctl.common.frozen import Record, record
from floorctl.models.facts.fields import CodeOf, FactId, FreeText, Instant, OnlyIfSet

F = TypeVar("F", bound="Fact")

# Who may write a kind. A feed's line of any other kind is refused (contract 2).
COMMAND = frozenset({"command"})  # the console and the command line
FEED_OR_COMMAND = frozenset({"feed", "command"})
WITH_ANOTHER = frozenset[str]()  # written only by an act beside its other facts, never by request

# Places among facts of one instant (contract 2): the first kinds by number, then the others by their names, then the close.
OTHERS, LAST = 10, 11

DECLARED: dict[str, type["Fact"]] = {}  # every declared kind


class Named(Protocol):
    """A part of the site with a name."""

    @property
    def name(self) -> str: ...


class Short(Protocol):
    """A part of the site with a short name."""

    @property
    def short(self) -> str: ...


class Question(Protocol):
    """A question of the contract whose readings have names."""

    def reading_name(self, code: str) -> str: ...


class Names(Protocol):
    """Part of the site that sentences need: the words for its codes."""

    @property
    def service_by_code(self) -> Mapping[str, Short]: ...
    @property
    def lane_by_code(self) -> Mapping[str, Named]: ...
    @property
    def matter_by_code(self) -> Mapping[str, Short]: ...
    @property
    def work_item_by_code(self) -> Mapping[str, Short]: ...
    @property
    def post_by_code(self) -> Mapping[str, Named]: ...
    @property
    def remark_by_code(self) -> Mapping[str, Named]: ...
    @property
    def skill_by_code(self) -> Mapping[str, Named]: ...
    @property
    def checklist_by_code(self) -> Mapping[str, Named]: ...
    @property
    def equipment_by_code(self) -> Mapping[str, Named]: ...
    @property
    def question_by_code(self) -> Mapping[str, Question]: ...
    def outcome_word(self, outcome: str) -> str: ...
    def decision_word(self, outcome: str) -> str: ...


def _in_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value.everything()


# Byte for byte as pydantic writes JSON: the hash chain seals these bytes.
_JSON = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_in_json)


# ---- the base of all facts -------------------------------------------------------------------------------------------


@record
class Fact(Record):
    """Fact: its id, unique within its source, and the instant at which it happened (Asia/Tokyo)."""

    kind: ClassVar[str]
    word: ClassVar[str]
    written_by: ClassVar[frozenset[str]]
    place: ClassVar[tuple[int, str]]
    lasts: ClassVar[bool]
    prepares: ClassVar[bool]
    closes: ClassVar[bool]
    final: ClassVar[bool]

    id: FactId
    at: Instant

    def sentence(self, site: Names) -> str:
        """Return the fact as one line of Japanese, without its subject."""
        return with_more(self.word, getattr(self, "reason", ""))

    def fields(self) -> dict[str, Any]:
        """Return the kind's own fields by name, without empty ``OnlyIfSet`` ones."""
        return {name: value for name, if_set in own(self.kind) if (value := getattr(self, name)) or not if_set}

    def payload(self) -> str:
        """Return the kind's own fields as JSON, as they are stored."""
        return _JSON.encode(self.fields())

    def named_codes(self) -> Iterator[tuple[str, str, str]]:
        """Yield every code of the site that the fact names, as (field, table of ``models.site.Site``, code)."""
        for name, (first, *second) in coded(self.kind):
            value = getattr(self, name)
            if isinstance(value, str):
                yield name, first, value
            elif isinstance(value, dict):
                for key, held in value.items():
                    yield name, first, key
                    for table in second:
                        yield name, table, held
            else:
                for code in value or ():
                    yield name, first, code


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def fact(
    kind: str,
    word: str,
    *,
    by: frozenset[str] = COMMAND,
    place: int = OTHERS,
    lasts: bool = False,
    prepares: bool = False,
    closes: bool = False,
    final: bool = False,
) -> Callable[[type[F]], type[F]]:
    """Declare a kind of fact.

    ``word``: its name in Japanese. ``by``: who may write it. ``place``: order among facts of one instant (contract 2).
    ``lasts``: outlives its day and folds into the Register. ``prepares``: may be dated before
    opening and does not open the day. ``closes``: of the end of the day; still counts after a feed has closed reception,
    until the report is closed. ``final``: no key undoes it (it was reported to the city, or the day is over).
    """

    def declared(cls: type[F]) -> type[F]:
        made = record(cls)
        made.kind, made.word, made.written_by = kind, word, by
        made.place = (place, kind if place == OTHERS else "")
        made.lasts, made.prepares, made.closes, made.final = lasts, prepares, closes, final
        DECLARED[kind] = made
        return made

    return declared


# ---- what the declarations say, by kind ------------------------------------------------------------------------------


@cache
def own(kind: str) -> tuple[tuple[str, bool], ...]:
    """Return the names of a kind's own fields, each with whether it is left out if empty."""
    return tuple((n, s.mark(OnlyIfSet) is not None) for n, s in shapes(DECLARED[kind]).items() if n not in ("id", "at"))


@cache
def free_texts(kind: str) -> dict[str, str]:
    """Return the free texts, which the guard against personal data reads, with their words in Japanese."""
    return {n: mark.word for n, s in shapes(DECLARED[kind]).items() if (mark := s.mark(FreeText))}


# Order in which unknown codes are reported: single ones before lists, then by table.
_REPORTED = ("service_by_code", "lane_by_code", "terminal_by_code")


@cache
def coded(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the fields that hold codes of the site, with their tables (of a dictionary: of its keys, of its values)."""
    found: list[tuple[bool, int, int, str, tuple[str, ...]]] = []
    for name, s in shapes(DECLARED[kind]).items():
        tables = tuple(mark.table for x in (s, *s.inner) if isinstance(x, Shape) and (mark := x.mark(CodeOf)))
        if tables:
            rank = _REPORTED.index(tables[0]) if tables[0] in _REPORTED else len(_REPORTED)
            found.append((bool(s.inner), rank, len(found), name, tables))
    return tuple((name, tables) for *_, name, tables in sorted(found))


def with_more(text: str, more: str) -> str:
    """Return ``text`` followed by ``more``, if any."""
    return f"{text} {more}" if more else text
