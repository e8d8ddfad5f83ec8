"""Counts that the hall cannot hold: each is a slip of the finger, and is refused at every door (contract 6). Pure."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.common.errors import Refused
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site

SETTING = "サイト設定の seats.most_in_lane"


class Beyond(NamedTuple):
    """A head count that is too large: its field, what was counted, and what can be there at most, both in words."""

    field: str
    what: str
    most: str


def beyond(fact: Fact, site: Site) -> Beyond | None:
    """Whether a fact counts more heads than the site can hold; never with the count itself."""
    if isinstance(fact, ev.QueueCounted) and fact.waiting > site.seats.most_in_lane:
        name = site.lane_by_code[fact.lane].name
        return Beyond("waiting", f"{name}の待ち人数", f"1つの窓口に{site.seats.most_in_lane}人まで")
    if isinstance(fact, ev.VisitorsCounted) and fact.persons > site.most_in_hall:
        return Beyond("persons", "会場の人数", f"会場に{site.most_in_hall}人まで")
    return None


def need_believable(fact: Fact, site: Site) -> None:
    """Refuses a head count that the site cannot hold."""
    found = beyond(fact, site)
    if found is not None:
        raise Refused(
            f"{found.what}を記録できません",
            f"{found.most}です",
            f"人数を確かめて入れ直してください（上限は{SETTING}）",
        )
