"""Parse FIELD=VALUE of the command line into the typed fields of a fact."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from floorctl.common.clock import parse_time
from floorctl.common.constraints import Shape, shapes
from floorctl.common.did_you_mean import perhaps
from floorctl.common.errors import UsageError
from floorctl.models.facts.kinds import KINDS

_BOOLS = {"true": True, "false": False}


def kinds_by_hand() -> list[str]:
    """Return the kinds of facts that ``floorctl do`` takes, in the order of their declaration."""
    return [kind for kind, model in KINDS.items() if "command" in model.written_by]


def parse_fields(kind: str, pairs: Iterable[str], reason: str | None = None) -> dict[str, Any]:
    """Return the fields of a fact of ``kind`` from FIELD=VALUE pairs. Raise UsageError, which never repeats a value.

    ``null`` is None; dictionaries are JSON; lists are JSON or separated by commas; ``at`` backdates the act;
    ``retracted`` also takes ``seq``.
    """
    model = KINDS.get(kind)
    if model is None:
        near = perhaps(kind, kinds_by_hand())
        raise UsageError(f"知らない種類です{near}", "", "floorctl help facts で種類を確かめてください")
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
        elif name == "id" or name not in model.names():
            allowed = [f for f in model.names() if f != "id"]
            what = f"{kind} にない項目があります{perhaps(name, allowed)}"
            raise UsageError(what, "", f"使える項目は {'、'.join(allowed)} です")
        else:
            fields[name] = _typed(name, value, shapes(model)[name])
    return fields


def _typed(name: str, value: str, shape: Shape) -> Any:
    """Return a value converted to the type of its field. Raise UsageError naming the field."""
    if shape.nullable and value in ("null", ""):
        return None
    if shape.base is bool:
        if value.lower() not in _BOOLS:
            raise UsageError(f"{name} は true か false で書いてください")
        return _BOOLS[value.lower()]
    if shape.base is int:
        return _whole(name, value)
    if shape.base is datetime:
        return _instant(name, value)
    if shape.base is dict:
        return _json(name, value, dict)
    if shape.base is tuple:
        return _json(name, value, list) if value.startswith("[") else [x for x in value.split(",") if x]
    return value


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
