"""What the file knows from the day before of numbers that are first met on a later day (contract 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from floorctl.commands.fold import carried_over, fold, names_unissued
from floorctl.database.store import Store
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Carried
from floorctl.models.facts.entry import Entry
from floorctl.models.site.site import Site


def numbers_before(store: Store, site: Site, day: date, built_to: int | None = None) -> Mapping[str, Carried]:
    """Return the numbers that the last day with issues before ``day`` did not finish, by facts up to ``built_to``."""
    before = store.day_of_issues_before(day)
    return carried_over(fold(site, before, _facts(store, before, built_to))) if before is not None else {}


def stored_floor(store: Store, site: Site, day: date, built_to: int | None = None) -> Floor:
    """Return the Floor of a day from its facts in the file, by default from all of them."""
    facts = _facts(store, day, built_to)
    return fold(site, day, facts, numbers_before(store, site, day, built_to) if names_unissued(facts, {}) else None)


def _facts(store: Store, day: date, built_to: int | None) -> list[Entry]:
    facts = store.day_facts(day)
    return facts if built_to is None else [e for e in facts if e.seq <= built_to]
