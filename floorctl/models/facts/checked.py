"""Check facts that come in, with pydantic adapters built from the declarations at first use."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import core_schema as core

from floorctl.common.clock import JST
from floorctl.common.schemas import Schemas, adapter
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.kinds import KINDS

__all__ = ["ValidationError", "checked_fact", "parse_fact"]

_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)


def _instant(value: object) -> datetime:
    """Return an aware instant in Asia/Tokyo from ISO 8601 text with an offset. Raise ValueError; numbers and naive times are refused, too."""
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


_SCHEMAS = Schemas(
    {datetime: core.no_info_plain_validator_function(_instant), date: core.no_info_plain_validator_function(_day)}
)


def _fact_schema(kind: str) -> core.CoreSchema:
    """Return the schema of a kind. ``kind`` is a field of the line, not of the fact."""
    tag = core.with_default_schema(core.literal_schema([kind]), default=kind)
    return _SCHEMAS.of_class(KINDS[kind], core.dataclass_field("kind", tag, kw_only=True, init_only=True))


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return adapter(_fact_schema(kind))


@cache
def _adapter_of_any() -> TypeAdapter[Any]:
    return adapter(core.tagged_union_schema({k: _fact_schema(k) for k in KINDS}, "kind"))


def checked_fact(kind: str, fields: Mapping[str, Any]) -> Fact:
    """Return a checked fact of a kind. Raise ValidationError."""
    return cast(Fact, _adapter(kind).validate_python(fields))


def parse_fact(raw: bytes | str) -> Fact:
    """Return a checked fact from one JSON object. Raise ValidationError."""
    return cast(Fact, _adapter_of_any().validate_json(raw))
