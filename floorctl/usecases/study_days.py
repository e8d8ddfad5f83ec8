"""Days of feeds and of the data file, prepared for replays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from floorctl.commands.fold import fold
from floorctl.common.clock import business_day
from floorctl.intake.feed import BadLine, lines, open_feed, parse_line
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry
from floorctl.models.site.site import Site
from floorctl.simulation.recorded_day import RecordedDay, of_floor

Lengths = Callable[[RecordedDay, Floor], RecordedDay]


def as_recorded(day: RecordedDay, floor: Floor) -> RecordedDay:
    """Return a day with the service times of its facts."""
    return day


def days_of_feed(
    site: Site, path: Path, refused: Callable[[str], None], lengths: Lengths = as_recorded
) -> list[RecordedDay]:
    """Return the business days of a feed that have tickets. ``refused`` gets each refused line. Raise FloorctlError.

    ``lengths``: gives each day its service times.
    """
    found: dict[date, list[Entry]] = {}
    ids: set[str] = set()
    with open_feed(path) as stream:
        for batch in lines(stream):
            for number, raw in batch:
                if raw is not None and not raw.strip():
                    continue
                try:
                    if raw is None:
                        raise BadLine("行が長すぎます")
                    fact = parse_line(raw, site)
                except BadLine as e:
                    refused(f"{path.name} {number}行目: {e}")
                    continue
                if fact.id not in ids:  # a line told twice changes nothing, as when it is taken in
                    ids.add(fact.id)
                    found.setdefault(business_day(fact.at), []).append(Entry(number, "feed", fact.at, "feed", fact))
    return ready(site, found.items(), lengths)


def ready(site: Site, days: Iterable[tuple[date, list[Entry]]], lengths: Lengths = as_recorded) -> list[RecordedDay]:
    """Return days in order, without those that have no ticket."""
    floors = (fold(site, day, entries) for day, entries in sorted(days, key=lambda d: d[0]))
    recorded = ((of_floor(floor), floor) for floor in floors)
    return [lengths(day, floor) for day, floor in recorded if day.jobs]
