"""Upper bounds of head counts: a larger one is a typing slip and is refused everywhere (contract 6). Pure."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.common.errors import Refused, by_door
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site

SETTING = "会場設定の seats.most_in_lane"


class Beyond(NamedTuple):
    """Head count above its bound: its field, its subject and the bound, both in Japanese."""

    field: str
    what: str
    most: str


def beyond(fact: Fact, site: Site) -> Beyond | None:
    """Return the bound that a fact's head count exceeds, or None. The words never repeat the count."""
    if isinstance(fact, ev.QueueCounted) and fact.waiting > site.seats.most_in_lane:
        name = site.lane_by_code[fact.lane].name
        return Beyond("waiting", f"{name}の待ち人数", f"1つの窓口に{site.seats.most_in_lane}人まで")
    if isinstance(fact, ev.VisitorsCounted) and fact.persons > site.most_in_hall:
        return Beyond("persons", "会場の人数", f"会場に{site.most_in_hall}人まで")
    return None


def need_believable(fact: Fact, site: Site) -> None:
    """Raise Refused for a head count above its bound."""
    found = beyond(fact, site)
    if found is not None:
        raise Refused(
            f"{found.what}を記録できません",
            f"{found.most}です",
            "人数を確かめて入れ直してください" + by_door("", f"（上限は{SETTING}）"),
        )
