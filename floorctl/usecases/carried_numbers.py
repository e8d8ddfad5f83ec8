"""Read from the days before what is known of numbers that are first met on a later day (contract 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from floorctl.commands.fold import carried_over, fold, names_unissued
from floorctl.database.store import REACH, Store
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Carried
from floorctl.models.facts.entry import Entry
from floorctl.models.site.site import Site


def numbers_before(
    store: Store, site: Site, day: date, built_to: int | None = None, since: date | None = None
) -> Mapping[str, Carried]:
    """Return the numbers that the last day with issues before ``day`` did not finish, by facts up to ``built_to``.

    Those that it carried over itself are among them, as far back as ``since`` (by default as far as from ``day``).
    """
    before, since = store.day_of_issues_before(day), since or earliest(day)
    return carried_over(stored_floor(store, site, before, built_to, since)) if before and before >= since else {}


def earliest(day: date) -> date:
    """Return the first day from which a number may be carried over to ``day``."""
    return day - REACH if day - date.min > REACH else date.min


def stored_floor(store: Store, site: Site, day: date, built_to: int | None = None, since: date | None = None) -> Floor:
    """Return the Floor of a day from its facts in the file, by default from all of them."""
    facts = _facts(store, day, built_to)
    unissued = names_unissued(facts, {})
    return fold(site, day, facts, numbers_before(store, site, day, built_to, since) if unissued else None)


def _facts(store: Store, day: date, built_to: int | None) -> list[Entry]:
    facts = store.day_facts(day)
    return facts if built_to is None else [e for e in facts if e.seq <= built_to]
