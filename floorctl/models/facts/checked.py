"""Checks facts at the doors, by pydantic's validators: made of the declarations, each when it is first needed."""

import re
from collections.abc import Mapping
from dataclasses import MISSING
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, Union, cast

from pydantic_core import CoreConfig, SchemaValidator, ValidationError
from pydantic_core import core_schema as core

from floorctl.common.clock import JST
from floorctl.models.facts.fact import Fact, Record, Shape, shapes
from floorctl.models.facts.fields import Between, Chars
from floorctl.models.facts.kinds import KINDS

__all__ = ["ValidationError", "checked_fact", "parse_fact"]

_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)
_STRICT = CoreConfig(strict=True, extra_fields_behavior="forbid")


def _instant(value: object) -> datetime:
    """Return an aware instant in Asia/Tokyo from ISO 8601 text with an offset. Numbers and naive times are no instants."""
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


def _field_schema(shape: Shape) -> core.CoreSchema:
    found = _plain_schema(shape)
    return core.nullable_schema(found) if shape.nullable else found


def _plain_schema(shape: Shape) -> core.CoreSchema:
    chars, between = shape.mark(Chars) or Chars(), shape.mark(Between) or Between()
    base = shape.base
    if base is str:
        return core.str_schema(pattern=chars.pattern, min_length=chars.least, max_length=chars.most)
    if base is int:
        return core.int_schema(ge=between.least, le=between.most)
    if base is bool:
        return core.bool_schema()
    if base is datetime:
        return core.no_info_plain_validator_function(_instant)
    if base is date:
        return core.no_info_plain_validator_function(_day)
    if base is Literal:
        return core.literal_schema(list(shape.inner))
    if base is Union:
        return core.union_schema([_field_schema(x) for x in shape.inner])
    if base is tuple:
        member = _field_schema(shape.inner[0])
        return core.tuple_variable_schema(member, strict=False, min_length=between.least, max_length=between.most)
    if base is dict:
        keys, values = map(_field_schema, shape.inner)
        return core.dict_schema(keys, values)
    return _record_schema(base)


def _record_schema(kind: type[Record], *tag: core.DataclassField) -> core.CoreSchema:
    defaults = {name: default for name, _, default in kind.layout}
    given = [*tag]
    for name, shape in shapes(kind).items():
        schema, default = _field_schema(shape), defaults[name]
        if default is dict:
            schema = core.with_default_schema(schema, default_factory=dict)
        elif default is not MISSING:
            schema = core.with_default_schema(schema, default=default)
        given.append(core.dataclass_field(name, schema, kw_only=True))
    arguments = core.dataclass_args_schema(kind.__name__, given, collect_init_only=bool(tag))
    return core.dataclass_schema(kind, arguments, list(defaults), slots=True, strict=False, config=_STRICT)


def _fact_schema(kind: str) -> core.CoreSchema:
    """Return what a fact of a kind must be. Its kind is a field of a line, and none of the fact."""
    tag = core.with_default_schema(core.literal_schema([kind]), default=kind)
    return _record_schema(KINDS[kind], core.dataclass_field("kind", tag, kw_only=True, init_only=True))


@cache
def _validator(kind: str) -> SchemaValidator:
    return SchemaValidator(_fact_schema(kind))


@cache
def _any_validator() -> SchemaValidator:
    return SchemaValidator(core.tagged_union_schema({k: _fact_schema(k) for k in KINDS}, "kind"))


def checked_fact(kind: str, fields: Mapping[str, Any]) -> Fact:
    """Return a checked fact of a kind. Raise ValidationError."""
    return cast(Fact, _validator(kind).validate_python(fields))


def parse_fact(raw: bytes | str) -> Fact:
    """Return a checked fact from one JSON object. Raise ValidationError."""
    return cast(Fact, _any_validator().validate_json(raw))
