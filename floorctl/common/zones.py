"""Time zones by the names that people write: ``Asia/Tokyo``, ``Europe/Berlin``, ``+09:00``."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from floorctl.common.clock import JST

_OFFSET = re.compile(r"([+-])([01]\d):([0-5]\d)")
_NAME = re.compile(r"UTC|[A-Za-z]+(/[A-Za-z0-9_+-]+){1,2}")


@cache
def zone(name: str) -> tzinfo | None:
    """Return the zone with an IANA name or an offset of less than 20 hours; None if there is none.

    Windows has no zone files; there those of the package tzdata, which comes with dateutil, are read.
    """
    if name == "Asia/Tokyo":
        return JST
    if offset := _OFFSET.fullmatch(name):
        length = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(length if offset[1] == "+" else -length)
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None
