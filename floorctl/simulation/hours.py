"""Derive the hours of a simulated day from the site's first and last reception."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from floorctl.common.clock import day_seconds
from floorctl.models.site.site import Site

HOUR = 3600
MINUTE = 60
MIDNIGHT = 24 * HOUR


def clock_text(at: int) -> str:
    """Return seconds since midnight as "HH:MM", without the seconds."""
    return f"{at // HOUR % 24:02d}:{at // MINUTE % 60:02d}"


def seconds_of(text: object) -> int | None:
    """Return the seconds since midnight of "HH:MM"; None of anything else."""
    if not isinstance(text, str) or len(text) != 5:
        return None
    return int(text[:2]) * HOUR + int(text[3:]) * MINUTE


def window(site: Site, service: str, day: date) -> tuple[int, int]:
    """Return the reception hours of a service on ``day`` as [from, to) in seconds (仕様書 7(4))."""
    opens, closes = site.hours(service, day.weekday())
    return day_seconds(opens), day_seconds(closes)


class Hours(NamedTuple):
    """First and last reception of a day in seconds since midnight; the derived times are start values [J]."""

    opens: int
    closes: int

    @property
    def opening(self) -> int:
        """Return when the doors open: five minutes before the first reception."""
        return max(0, self.opens - 5 * MINUTE)

    @property
    def closing(self) -> int:
        """Return the earliest closing of the day."""
        return self.within(self.closes + 15 * MINUTE)

    @property
    def latest(self) -> int:
        """Return when everybody still waiting is sent home."""
        return self.within(self.closes + 2 * HOUR)

    def after_opening(self, wait_s: int) -> int:
        """Return the second ``wait_s`` after the start of the first reception, within the day."""
        return self.within(self.opens + wait_s)

    def before_closing(self, wait_s: int) -> int:
        """Return the second ``wait_s`` before the end of the last reception, not before the first begins."""
        return max(self.opens, self.closes - wait_s)

    @staticmethod
    def within(at: int) -> int:
        """Limit a second to ten minutes before midnight: a simulation covers one day."""
        return min(at, MIDNIGHT - 10 * MINUTE)


def hours_of(site: Site, day: date) -> Hours:
    """Return the hours of a site on a day."""
    windows = [window(site, s.code, day) for s in site.services]
    return Hours(min(a for a, _ in windows), max(b for _, b in windows))
