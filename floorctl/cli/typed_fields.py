"""Parse FIELD=VALUE of the command line into the typed fields of a fact."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from types import NoneType
from typing import Any, get_args, get_origin

from floorctl.common.clock import parse_time
from floorctl.common.errors import UsageError
from floorctl.models.facts.day_facts import MODELS

_BOOLS = {"true": True, "false": False}


def parse_fields(kind: str, pairs: Iterable[str], reason: str | None = None) -> dict[str, Any]:
    """Return the fields of a fact of ``kind`` from FIELD=VALUE pairs. Raise UsageError, which never repeats a value.

    ``null`` is None; dictionaries are JSON; lists are JSON or separated by commas; ``at`` backdates the act;
    ``retracted`` also takes ``seq``.
    """
    model = MODELS.get(kind)
    if model is None:
        raise UsageError("知らない種類です", "", "floorctl do --help で種類を確かめてください")
    given = [pair.partition("=") for pair in pairs]
    if reason is not None:
        given.append(("reason", "=", reason))
    fields: dict[str, Any] = {}
    for name, equals, value in given:
        if not equals:
            raise UsageError("FIELD=VALUE の形ではありません", "", "例: floorctl do terminal.paused terminal=T3")
        if name == "seq" and kind == "retracted":
            fields[name] = _whole(name, value)
        elif name == "at":
            fields[name] = _instant(name, value)
        elif name in ("id", "kind") or name not in model.model_fields:
            allowed = "、".join(f for f in model.model_fields if f not in ("id", "kind"))
            raise UsageError(f"{kind} に無い項目があります", "", f"使える項目は {allowed} です")
        else:
            fields[name] = _typed(name, value, model.model_fields[name].annotation)
    return fields


def _typed(name: str, value: str, annotation: Any) -> Any:
    """Return a value converted to the type of its field. Raise UsageError naming the field."""
    options = _flat(annotation)
    if NoneType in options and value in ("null", ""):
        return None
    if bool in options:
        if value.lower() not in _BOOLS:
            raise UsageError(f"{name} は true か false で書いてください")
        return _BOOLS[value.lower()]
    if int in options:
        return _whole(name, value)
    if datetime in options:
        return _instant(name, value)
    if dict in options:
        return _json(name, value, dict)
    if tuple in options:
        return _json(name, value, list) if value.startswith("[") else [x for x in value.split(",") if x]
    return value


def _flat(annotation: Any) -> set[Any]:
    """Return the plain types of an annotation: Annotated and unions are opened, generics give their origin."""
    origin, args = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _flat(annotation.__origin__)
    if origin in (dict, tuple):
        return {origin}
    if args and origin is not None and "Literal" not in str(origin):
        return set().union(*(_flat(a) for a in args))
    return {annotation}


def _whole(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise UsageError(f"{name} は整数で書いてください") from None


def _instant(name: str, value: str) -> datetime:
    try:
        return parse_time(value)
    except (ValueError, OverflowError):
        raise UsageError(f"{name} は 2026-09-14T10:05 の形で書いてください") from None


def _json(name: str, value: str, kind: type) -> Any:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, kind):
        raise UsageError(f"{name} は JSON で書いてください") from None
    return found
