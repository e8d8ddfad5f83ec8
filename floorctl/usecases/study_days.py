"""Days of feeds and of the data file, prepared for replays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from floorctl.common.clock import business_day
from floorctl.intake.feed import BadLine, lines, open_feed, parse_line
from floorctl.models.facts.entry import Entry
from floorctl.models.site.site import Site
from floorctl.simulation.recorded_day import RecordedDay, record


def days_of_feed(site: Site, path: Path, refused: Callable[[str], None]) -> list[RecordedDay]:
    """Return the business days of a feed that have tickets. ``refused`` gets each refused line. Raise FloorctlError."""
    found: dict[date, list[Entry]] = {}
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
                found.setdefault(business_day(fact.at), []).append(Entry(number, "feed", fact.at, "feed", fact))
    return ready(site, found.items())


def ready(site: Site, days: Iterable[tuple[date, list[Entry]]]) -> list[RecordedDay]:
    """Return days in order, without those that have no ticket."""
    recorded = (record(site, day, entries) for day, entries in sorted(days, key=lambda d: d[0]))
    return [day for day in recorded if day.jobs]
