"""Stops of the day: receptions that were stopped and terminals that failed, with their seconds of reception. Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.frozen import frozen
from floorctl.models.board.flow import reception_span, spans_s
from floorctl.models.day.floor import Floor

# Kinds that begin (True) or end a stop.
_STOPS = {
    "reception.stopped": ("reception", True),
    "reception.resumed": ("reception", False),
    "terminal.failed": ("terminal", True),
    "terminal.repaired": ("terminal", False),
}


@frozen
class Stop:
    """Time in which a service's reception or a terminal was stopped, with its seconds within the reception hours.

    ``sort`` is ``reception`` or ``terminal``; ``until`` None: to the end of the day's records.
    """

    sort: str
    code: str
    since: datetime
    until: datetime | None
    seconds: int
    text: str
    decided_by: str = ""  # who stopped a reception


def stops(floor: Floor, until: datetime | None) -> tuple[Stop, ...]:
    """Return stopped receptions and failed terminals; what goes on ends with ``until``.

    By the facts that count: neither retracted nor later than the close.
    """
    begun: dict[tuple[str, str], tuple[datetime, str, str]] = {}
    found: list[Stop] = []

    def end(sort: str, code: str, at: datetime | None) -> None:
        since, text, decided_by = begun.pop((sort, code))
        last = at or until or since
        seconds = spans_s([(since, True)], last, reception_span(floor))
        found.append(Stop(sort, code, since, at, seconds, text, decided_by))

    closed = floor.closed_at
    for e in floor.entries:
        if e.kind not in _STOPS or e.key in floor.retracted or (closed is not None and e.fact.at > closed):
            continue
        sort, begins = _STOPS[e.kind]
        data = e.fact.fields()
        code = data.get("service") or data["terminal"]
        if not begins and (sort, code) in begun:
            end(sort, code, e.fact.at)
        elif begins and (sort, code) not in begun:
            why = data.get("reason") or data.get("fault") or ""
            begun[sort, code] = (e.fact.at, why, data.get("decided_by") or "")
    for sort, code in list(begun):
        end(sort, code, None)
    return tuple(sorted(found, key=lambda s: (s.since, s.sort, s.code)))
