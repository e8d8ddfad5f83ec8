"""Ids of facts out of rows: the same row gives the same ids, however often it is read; different facts give others.

An id has the day, the row's own number or the cells that tell the fact from others of its kind, and the kind; no codes,
so that a corrected code table makes no second fact. A text that is not fit for an id is replaced by a hash of all of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime

from floorctl.common.privacy import find

# Fields that tell facts of a kind apart which happen at the same time.
PARTS = {
    "escalation.raised": ("escalation",),
    "escalation.settled": ("escalation",),
    "escalation.taken": ("escalation",),
    "inquiry.counted": ("topic", "count"),
    "queue.counted": ("lane",),
    "reception.resumed": ("service",),
    "reception.stopped": ("service",),
    "staff.changed": ("staff", "status"),
    "terminal.assigned": ("terminal", "lane"),
    "terminal.failed": ("terminal",),
    "terminal.lent": ("terminal", "lane"),
    "terminal.paused": ("terminal",),
    "terminal.repaired": ("terminal",),
    "terminal.resumed": ("terminal",),
    "terminal.returned": ("terminal",),
    "terminal.staffed": ("terminal", "staff"),
    "ticket.called": ("ticket", "terminal"),
    "ticket.finished": ("ticket", "terminal"),
    "ticket.issued": ("ticket",),
    "ticket.left": ("ticket",),
    "ticket.no_show": ("ticket",),
    "ticket.recalled": ("ticket", "terminal"),
    "ticket.requeued": ("ticket",),
    "ticket.transferred": ("ticket", "service"),
    "work.counted": ("item", "count"),
}
# Kinds whose facts add up: two equal rows are two facts.
ADDING = frozenset({"inquiry.counted", "work.counted"})
# The last word of these is also that of another kind.
_WHOLE = (
    "inquiry.counted",
    "officials.changed",
    "reception.resumed",
    "staff.changed",
    "visitors.counted",
    "work.counted",
)
_FIT = re.compile(r"[A-Za-z0-9._:-]+")
_MOST, _MOST_DIGITS = 64, 9  # digits of a number that is nobody's: a telephone, a resident, a card have more
_SERIAL = re.compile(f"[A-Za-z]?[-_]?[0-9]{{1,{_MOST_DIGITS}}}", re.ASCII)
# UUID, with dashes or without, and ULID: drawn by lot, so that runs of digits in them mean nothing. Letters are among them.
_DRAWN = re.compile("(?i)[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\\1){3}[0-9a-f]{12}|[0-7][0-9a-hjkmnp-tv-z]{25}", re.ASCII)
_LEAST_LETTERS = 3


def kind_in_id(kind: str) -> str:
    """Return the last word of a kind, or all of it where that is not enough."""
    return kind.replace(".", ":") if kind in _WHOLE else kind.rpartition(".")[2]


def natural_id(kind: str, at: datetime, parts: list[str]) -> str:
    """Return the id of a fact from its time and the cells that tell it apart."""
    time = f"{at.hour:02d}{at.minute:02d}{at.second:02d}"
    return _fit(f"{at.year}{at.month:02d}{at.day:02d}", [*parts, kind_in_id(kind), time], "")


def numbered_id(kind: str, at: datetime, number: str, parts: list[str] | None) -> str:
    """Return the id of a fact of a row that has a number of its own; ``parts``: of a kind that a row tells several times."""
    if parts is None:
        return _fit(f"{at:%Y%m%d}", [number, kind_in_id(kind)], "number")
    return _fit(f"{at:%Y%m%d}", [number, *parts, kind_in_id(kind), f"{at:%H%M%S}"], "number")


def _fit(day: str, parts: list[str], made_of: str) -> str:
    found = ".".join((day, *parts))
    if len(found) <= _MOST and _FIT.fullmatch(found) and found.count(".") == len(parts):
        return found
    sealed = hashlib.sha256(json.dumps([made_of, *parts], ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return f"{day}:{sealed.hexdigest()[:40]}"


def nth_id(fact_id: str, nth: int) -> str:
    """Return the id of the nth equal row."""
    found = f"{fact_id}.{nth}"
    return found if len(found) <= _MOST else f"{fact_id[:8]}:{hashlib.sha256(found.encode()).hexdigest()[:40]}"


def personal_in_id(text: str, day: str) -> str | None:
    """Return the kind of personal data in a cell that is to stand in an id, or None. A day or a year in it is no one's number."""
    if len(text) <= 6 and text.isalnum():
        return None
    if _SERIAL.fullmatch(text) or (_DRAWN.fullmatch(text) and sum(map(str.isalpha, text)) >= _LEAST_LETTERS):
        return None
    rest = next((text.replace(x, "", 1) for x in (day, day[2:], f"{day[:4]}-") if x in text), text)
    found = find(rest)
    few = sum(map(str.isdigit, rest)) <= _MOST_DIGITS
    return None if found in ("digits", "number") and few else found
