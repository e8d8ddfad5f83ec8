"""A fact as it stands in the file: read back without a second check, at the least cost."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from floorctl.common.clock import JST
from floorctl.models.facts.day_facts import MODELS
from floorctl.models.facts.fields import MOST, Count, Fact
from floorctl.models.facts.register_facts import DemandMonth, Slot

_OWN = {k: m.model_fields.keys() - {"id", "at", "kind"} for k, m in MODELS.items()}
_REQUIRED = {k: {f for f in _OWN[k] if m.model_fields[f].is_required()} for k, m in MODELS.items()}
_TIMES = {k: tuple(f for f in m.model_fields if f.endswith("_at")) for k, m in MODELS.items()}
_DAYS = {k: tuple(f for f in m.model_fields if f.endswith("_on") or f == "date") for k, m in MODELS.items()}
_TUPLES = {
    k: tuple(f for f in m.model_fields if f in ("services", "terminals", "heads", "lines")) for k, m in MODELS.items()
}
# All fields in their order with what they are where nothing is said, and those whose default is made anew each time.
_BLANK: dict[str, dict[str, Any]] = {
    k: {name: None if f.is_required() or f.default_factory else f.default for name, f in m.model_fields.items()}
    for k, m in MODELS.items()
}
_MADE: dict[str, list[tuple[str, Any]]] = {
    k: [(name, f.default_factory) for name, f in m.model_fields.items() if f.default_factory] for k, m in MODELS.items()
}
# Fields that are a whole number or nothing.
_INTS = {
    k: tuple(n for n, f in m.model_fields.items() if f.annotation in (int, int | None, Count | None))
    for k, m in MODELS.items()
}
_put = object.__setattr__


def stored_number(value: Any) -> int:
    """A number as it is read from the file, where an older version or another tool may have left any: one that no field
    has ever taken is read as the largest that any has, so that every sum of them is a number for SQLite and for a clock.

    Raises ValueError where it is no whole number.
    """
    if type(value) is not int:
        raise ValueError("number")
    return value if -MOST <= value <= MOST else max(-MOST, min(MOST, value))


@lru_cache(maxsize=4096)
def _slot(time: str, cards: int, count: int) -> Slot:
    """A slot as it stands in the file. The same few come every day, and the Register reads those of all days."""
    return Slot.model_construct(time=time, cards=cards, count=count)


def stored_fact(fact_id: str, at: str, kind: str, data: str) -> Fact:
    """A fact as it stands in the file: checked when it came in and sealed since, so it is not checked again.

    Raises ValueError or KeyError where the row is no fact of ours.
    """
    fields = json.loads(data)
    if not isinstance(fields, dict) or fields.keys() - _OWN[kind] or _REQUIRED[kind] - fields.keys():
        raise ValueError(kind)
    for name in _INTS[kind]:
        if fields.get(name) is not None:
            fields[name] = stored_number(fields[name])
    if fields.get("work"):
        fields["work"] = {item: stored_number(n) for item, n in fields["work"].items()}
    for name in _TIMES[kind]:
        if fields.get(name) is not None:
            fields[name] = datetime.fromisoformat(fields[name]).astimezone(JST)
    for name in _DAYS[kind]:
        if fields.get(name) is not None:
            fields[name] = date.fromisoformat(fields[name])
    if "slots" in fields:
        fields["slots"] = tuple(
            _slot(s["time"], stored_number(s["cards"]), stored_number(s["count"])) for s in fields["slots"]
        )
    if "months" in fields:
        fields["months"] = tuple(
            DemandMonth.model_construct(
                month=m["month"],
                cert_renewals=stored_number(m["cert_renewals"]),
                card_renewals=stored_number(m["card_renewals"]),
                new_and_reissued=stored_number(m["new_and_reissued"]),
            )
            for m in fields["months"]
        )
    for name in _TUPLES[kind]:
        if name in fields and fields[name] is None:
            continue
        fields[name] = tuple(fields.get(name, ()))
    fields |= {"id": fact_id, "at": datetime.fromisoformat(at).astimezone(JST), "kind": kind}
    for name, make in _MADE[kind]:
        if name not in fields:
            fields[name] = make()
    # What model_construct does, at a third of its cost: every fact of the Register is read at each start, of all years.
    model = MODELS[kind]
    fact = model.__new__(model)
    _put(fact, "__dict__", _BLANK[kind] | fields)
    _put(fact, "__pydantic_fields_set__", set(fields))
    _put(fact, "__pydantic_extra__", None)
    _put(fact, "__pydantic_private__", None)
    return fact
