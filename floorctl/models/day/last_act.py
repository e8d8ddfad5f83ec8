"""What belongs together as one act of a person: its facts share an instant, and what stands before the last dot of
their ids. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.models.facts.day_facts import Entry

if TYPE_CHECKING:
    from floorctl.models.day.floor import Floor


def act_of(fact_id: str) -> str:
    """The act that a console fact belongs to: ids of one act share what stands before the last dot."""
    return fact_id.rsplit(".", 1)[0]


def last_act(floor: Floor, actor: str) -> list[Entry]:
    """The facts of this actor's last act of the day that has not been taken back; [] where there is none."""
    mine = [
        e
        for e in floor.entries
        if e.source == "console" and e.actor == actor and e.kind != "retracted" and e.key not in floor.retracted
    ]
    if not mine:
        return []
    last = max(mine, key=lambda e: e.seq)
    return sorted((e for e in mine if act_of(e.fact.id) == act_of(last.fact.id)), key=lambda e: e.seq)
