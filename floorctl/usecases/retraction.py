"""Retraction of a named fact, which may be of an earlier day and is therefore looked up in the file."""

from __future__ import annotations

from typing import Any, cast

from floorctl.commands.context import Context, Wish
from floorctl.commands.fact_checks import make_fact
from floorctl.commands.undo import retract as decide_retraction
from floorctl.models.facts.day import Retracted
from floorctl.models.facts.entry import Entry
from floorctl.usecases.session import Session


def retract(session: Session, fields: dict[str, Any]) -> list[Entry]:
    """Retract a fact, named by ``seq`` or by ``target`` with ``target_source``, for a ``reason``. Raise Refused."""
    store = session.store

    def decision(c: Context) -> list[Wish]:
        given = dict(fields)
        seq = given.pop("seq", None)
        if seq is not None:
            found = store.by_seq(seq)
            given |= {"target": found.fact.id, "target_source": found.source} if found else {"target": "-"}
        fact = cast(Retracted, make_fact("retracted", given, "wish", c.now, c.site))
        return decide_retraction(c, fact, store.find(fact.target_source, fact.target))

    return session.run(decision)
