"""Schemas for pydantic of dataclasses, made of their annotations (``constraints.py``), and the adapter a door checks by.

pydantic takes 60 ms to import, so only modules that check values import this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, time
from typing import Annotated, Any, Literal, Union

from pydantic import TypeAdapter
from pydantic_core import CoreConfig, core_schema
from pydantic_core.core_schema import CoreSchema, DataclassField

from floorctl.common.constraints import Between, Chars, Form, Shape, shapes

_STRICT = CoreConfig(strict=True, extra_fields_behavior="forbid")


class _Given:
    """Mark that hands pydantic a ready schema."""

    def __init__(self, schema: CoreSchema) -> None:
        self._schema = schema

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return self._schema


def _text_in(form: Form) -> Callable[[Any], Any]:
    """Return the function that puts a text into its form; a value of another type stays, to be refused."""
    return lambda value: form.of(value) if isinstance(value, str) else value


def adapter(schema: CoreSchema) -> TypeAdapter[Any]:
    """Return the adapter that checks values by a schema."""
    return TypeAdapter(Annotated[Any, _Given(schema)])


class Schemas:
    """Strict schemas: no unknown field, no value of another type.

    ``leaves``: schemas of types that a source writes in a way of its own. ``after`` is called with each dataclass that
    has been made, and returns it or raises ValueError.
    """

    def __init__(
        self, leaves: Mapping[type[Any], CoreSchema] | None = None, after: Callable[[Any], Any] | None = None
    ) -> None:
        self._leaves: dict[Any, CoreSchema] = {
            bool: core_schema.bool_schema(),
            date: core_schema.date_schema(),
            time: core_schema.time_schema(),
        } | dict(leaves or {})
        self._after = after

    def of_class(self, cls: type[Any], *tag: DataclassField) -> CoreSchema:
        """Return the schema of a dataclass that takes its fields by name; ``tag``: a field that is read and not kept."""
        found, given = shapes(cls), [*tag]
        for declared in fields(cls):
            schema = self._of(found[declared.name])
            if declared.default is not MISSING:
                schema = core_schema.with_default_schema(schema, default=declared.default)
            elif declared.default_factory is not MISSING:
                schema = core_schema.with_default_schema(schema, default_factory=declared.default_factory)
            given.append(core_schema.dataclass_field(declared.name, schema, kw_only=True))
        arguments = core_schema.dataclass_args_schema(cls.__name__, given, collect_init_only=bool(tag))
        made = core_schema.dataclass_schema(cls, arguments, [*found], slots=True, strict=False, config=_STRICT)
        return core_schema.no_info_after_validator_function(self._after, made) if self._after else made

    def _of(self, shape: Shape) -> CoreSchema:
        found = self._plain(shape)
        return core_schema.nullable_schema(found) if shape.nullable else found

    def _plain(self, shape: Shape) -> CoreSchema:
        chars, between = shape.mark(Chars) or Chars(), shape.mark(Between) or Between()
        base, inner = shape.base, shape.inner
        if base in self._leaves:
            return self._leaves[base]
        if base is str:
            found = core_schema.str_schema(pattern=chars.pattern, min_length=chars.least, max_length=chars.most)
            form = shape.mark(Form)
            return found if form is None else core_schema.no_info_before_validator_function(_text_in(form), found)
        if base is int:
            return core_schema.int_schema(ge=between.least, le=between.most)
        if base is float:
            return core_schema.float_schema(ge=between.least, le=between.most)
        if base is Literal:
            return core_schema.literal_schema([*inner])
        if base is Union:
            return self._either(shape) or core_schema.union_schema([*map(self._of, inner)])
        if base is tuple and len(inner) > 1:
            return core_schema.tuple_positional_schema([*map(self._of, inner)], strict=False)
        if base is tuple:
            member = self._of(inner[0])
            return core_schema.tuple_variable_schema(
                member, strict=False, min_length=between.least, max_length=between.most
            )
        if base is dict:
            return core_schema.dict_schema(*map(self._of, inner))
        return self.of_class(base)

    def _either(self, shape: Shape) -> CoreSchema | None:
        """Return the schema of a union whose members are of different types, so that a fault is one of the type that stands there.

        None where a type does not tell the member. The place of a fault has ``MEMBER`` and the type in it.
        """
        members = {type_name: x for x in shape.inner if (type_name := _TYPES.get(x.base, "dict"))}
        if len(members) < len(shape.inner) or any(x.base is Literal for x in shape.inner):
            return None
        return core_schema.tagged_union_schema(
            {f"{MEMBER}{name}": self._of(x) for name, x in members.items()},
            lambda value: f"{MEMBER}{type(value).__name__}",
            custom_error_type="no_member",
            custom_error_message="no member of the union",
            custom_error_context={"members": ",".join(members)},
        )


MEMBER = "\0"  # begins the name of a member of a union in the place of a fault; no key of a file has it
_TYPES: Mapping[Any, str] = {str: "str", int: "int", bool: "bool", tuple: "tuple"}  # a dataclass is written as a table
