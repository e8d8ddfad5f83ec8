"""A fact and the declaration of its kind: a frozen dataclass with slots, with all that is particular to the kind.

A declaration says who may write the kind, its place among facts of one instant, its word and its sentence of the journal;
its fields say their constraints, which of them are free text and which name a code of the site. The tables of all kinds
are derived from the declarations (``kinds.py``). Nothing is checked here: that is done once, at the doors (``checked.py``).
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
WITH_ANOTHER = frozenset[str]()  # an act writes it beside its other facts: nobody may wish for it

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
    """What a sentence needs of the site: the words for its codes."""

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
    def checklist_by_code(self) -> Mapping[str, Named]: ...
    @property
    def equipment_by_code(self) -> Mapping[str, Named]: ...
    @property
    def question_by_code(self) -> Mapping[str, Question]: ...
    def outcome_word(self, outcome: str) -> str: ...
    def decision_word(self, outcome: str) -> str: ...


def _in_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value.everything()


# As pydantic writes JSON: the file has been sealed over these bytes.
_JSON = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_in_json)


# ---- the base of all facts -------------------------------------------------------------------------------------------


@record
class Fact(Record):
    """Something that happened: an id unique within its source, and the instant at which it happened (Asia/Tokyo)."""

    kind: ClassVar[str]
    word: ClassVar[str]
    written_by: ClassVar[frozenset[str]]
    place: ClassVar[tuple[int, str]]
    clause: ClassVar[str]
    lasts: ClassVar[bool]
    prepares: ClassVar[bool]
    closes: ClassVar[bool]
    final: ClassVar[bool]

    id: FactId
    at: Instant

    def sentence(self, site: Names) -> str:
        """Return what happened in a line of Japanese, without its subject."""
        return with_more(self.word, getattr(self, "reason", ""))

    def fields(self) -> dict[str, Any]:
        """Return the kind's own fields by name, without those that are left out where they are empty."""
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
    clause: str = "",
    lasts: bool = False,
    prepares: bool = False,
    closes: bool = False,
    final: bool = False,
) -> Callable[[type[F]], type[F]]:
    """Declare a kind of fact.

    ``word``: its name in Japanese. ``by``: who may write it. ``place``: among facts of one instant (contract 2). ``clause``
    of the 仕様書. ``lasts``: outlives its day, and folds into the Register. ``prepares``: of the contractor's own order, may
    come before the day begins and does not begin it. ``closes``: of the end of the day, counts also where a feed has ended
    the reception before the report is closed. ``final``: cannot be made undone by a key (the city has been told, or the
    day is over).
    """

    def declared(cls: type[F]) -> type[F]:
        made = record(cls)
        made.kind, made.word, made.written_by, made.clause = kind, word, by, clause
        made.place = (place, kind if place == OTHERS else "")
        made.lasts, made.prepares, made.closes, made.final = lasts, prepares, closes, final
        DECLARED[kind] = made
        return made

    return declared


# ---- what the declarations say, by kind ------------------------------------------------------------------------------


@cache
def own(kind: str) -> tuple[tuple[str, bool], ...]:
    """Return the fields that a kind has beside those of all facts, with: is it left out where it is empty?"""
    return tuple((n, s.mark(OnlyIfSet) is not None) for n, s in shapes(DECLARED[kind]).items() if n not in ("id", "at"))


@cache
def free_texts(kind: str) -> dict[str, str]:
    """Return the fields that the guard against personal data reads, with their words."""
    return {n: mark.word for n, s in shapes(DECLARED[kind]).items() if (mark := s.mark(FreeText))}


# In which order unknown codes are told: those that stand alone, then lists; what is not named comes with the first.
_TOLD = ("service_by_code", "lane_by_code", "terminal_by_code")


@cache
def coded(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the fields that name codes of the site, with their tables (of a dictionary: of its keys and its values)."""
    found: list[tuple[bool, int, int, str, tuple[str, ...]]] = []
    for name, s in shapes(DECLARED[kind]).items():
        tables = tuple(mark.table for x in (s, *s.inner) if isinstance(x, Shape) and (mark := x.mark(CodeOf)))
        if tables:
            rank = _TOLD.index(tables[0]) if tables[0] in _TOLD else len(_TOLD)
            found.append((bool(s.inner), rank, len(found), name, tables))
    return tuple((name, tables) for *_, name, tables in sorted(found))


def with_more(text: str, more: str) -> str:
    """Return ``text`` with ``more`` behind it, if there is any."""
    return f"{text} {more}" if more else text
