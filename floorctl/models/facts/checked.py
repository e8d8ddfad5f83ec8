"""Check facts that come in, with pydantic adapters built from the declarations at first use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pydantic_core import ValidationError

from floorctl.common.clock import JST
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.kinds import KINDS

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import CoreSchema

    from floorctl.common.schemas import Schemas

__all__ = ["ValidationError", "checked_fact", "parse_fact"]

_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)


def _instant(value: object) -> datetime:
    """Return an aware instant in Asia/Tokyo from ISO 8601 text with an offset. Raise ValueError for anything else."""
    if isinstance(value, datetime):
        at = value
    else:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise ValueError("instant")
        at = datetime.fromisoformat(value.upper().replace(" ", "T"))
    if at.tzinfo is None:
        raise ValueError("instant")
    try:
        at = at.astimezone(JST)
    except OverflowError:
        raise ValueError("instant") from None
    if not 2000 <= at.year < 2200:
        raise ValueError("instant")
    return at


def _day(value: object) -> date:
    """Return a date from ISO 8601 text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("day")
    return date.fromisoformat(value)


@cache
def _schemas() -> Schemas:
    from pydantic_core.core_schema import no_info_plain_validator_function

    from floorctl.common.schemas import Schemas

    return Schemas({datetime: no_info_plain_validator_function(_instant), date: no_info_plain_validator_function(_day)})


def _schema(kind: str) -> CoreSchema:
    """Return the schema of a kind. ``kind`` is a field of the line, not of the fact."""
    from pydantic_core.core_schema import dataclass_field, literal_schema, with_default_schema

    tag = with_default_schema(literal_schema([kind]), default=kind)
    return _schemas().of_class(KINDS[kind], dataclass_field("kind", tag, kw_only=True, init_only=True))


@cache
def _adapter(kind: str = "") -> TypeAdapter[Any]:
    """Return what checks facts of a kind; "": of any, by the field ``kind``."""
    from pydantic_core.core_schema import tagged_union_schema

    from floorctl.common.schemas import adapter

    return adapter(_schema(kind) if kind else tagged_union_schema({k: _schema(k) for k in KINDS}, "kind"))


def checked_fact(kind: str, fields: Mapping[str, Any]) -> Fact:
    """Return a checked fact of a kind. Raise ValidationError."""
    return cast(Fact, _adapter(kind).validate_python(fields))


def parse_fact(raw: bytes | str) -> Fact:
    """Return a checked fact from one JSON object. Raise ValidationError."""
    return cast(Fact, _adapter().validate_json(raw))
