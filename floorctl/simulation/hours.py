"""The hours of a simulated day: everything that the staff do hangs on the site's first and last reception."""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple

from floorctl.models.site.site import Site

HOUR = 3600
MINUTE = 60
MIDNIGHT = 24 * HOUR


def seconds(at: time) -> int:
    """A time of day as seconds since midnight."""
    return at.hour * HOUR + at.minute * MINUTE + at.second


def window(site: Site, service: str, day: date) -> tuple[int, int]:
    """Reception window of a service on ``day``: [from, to) (仕様書 7(4))."""
    opens, closes = site.hours(service, day.weekday())
    return seconds(opens), seconds(closes)


class Hours(NamedTuple):
    """The first and the last reception of a day, in seconds since midnight; what follows from them are start values [J]."""

    opens: int
    closes: int

    @property
    def opening(self) -> int:
        """The doors open five minutes before the first reception."""
        return max(0, self.opens - 5 * MINUTE)

    @property
    def closing(self) -> int:
        """The earliest that the day is closed."""
        return self.within(self.closes + 15 * MINUTE)

    @property
    def latest(self) -> int:
        """Who still waits then is sent home."""
        return self.within(self.closes + 2 * HOUR)

    def after_opening(self, wait_s: int) -> int:
        """So long after the first reception began, within the day."""
        return self.within(self.opens + wait_s)

    def before_closing(self, wait_s: int) -> int:
        """So long before the last reception ends; never before the first one."""
        return max(self.opens, self.closes - wait_s)

    @staticmethod
    def within(at: int) -> int:
        """Not past midnight: what is simulated is one day."""
        return min(at, MIDNIGHT - 10 * MINUTE)


def hours_of(site: Site, day: date) -> Hours:
    """The hours of a site on a day."""
    windows = [window(site, s.code, day) for s in site.services]
    return Hours(min(a for a, _ in windows), max(b for _, b in windows))
