"""Lines of a feed, one function for each kind that most days need."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

from contract_cli import at

Fact = dict[str, Any]

# The fields that a fact of each kind must have, in the order of the contract.
LEAST: dict[str, Fact] = {
    "day.opened": {},
    "terminal.staffed": {"terminal": "T3", "staff": "S01"}, "terminal.assigned": {"terminal": "T3", "lane": "issuance"},
    "ticket.issued": {"ticket": "B001", "service": "cert_renewal"},
    "ticket.transferred": {"ticket": "B001", "service": "pin_reset"},
    "ticket.left": {"ticket": "B001"}, "ticket.no_show": {"ticket": "B001"}, "ticket.requeued": {"ticket": "B001"},
    "ticket.finished": {"ticket": "B001"}, "ticket.called": {"ticket": "B001"},
    "escalation.raised": {"escalation": "X1", "matter": "identity"},
    "escalation.settled": {"escalation": "X1", "outcome": "withdrawn"}, "escalation.taken": {"escalation": "X1"},
    "inquiry.counted": {"topic": "駐車場"}, "lending.permitted": {"terminals": ["T3"]}, "officials.changed": {"present": 1},
    "queue.counted": {"lane": "certificate", "waiting": 3},
    "reception.resumed": {"service": "cert_issue"}, "reception.stopped": {"service": "cert_issue"},
    "staff.changed": {"staff": "S01", "status": "late"},
    "terminal.failed": {"terminal": "T3"}, "terminal.lent": {"terminal": "T3", "lane": "issuance"}, "terminal.paused": {"terminal": "T3"},
    "terminal.repaired": {"terminal": "T3"}, "terminal.resumed": {"terminal": "T3"}, "terminal.returned": {"terminal": "T3"},
    "ticket.recalled": {"ticket": "B001"},
    "visitors.counted": {"persons": 12}, "work.counted": {"item": "photo"},
    "day.closed": {},
}  # fmt: skip

_ids = itertools.count(1)


def fact(clock: str, kind: str, **fields: Any) -> Fact:
    """A line of a feed; ids count up over the run unless one is given."""
    return {"id": fields.pop("id", f"f-{next(_ids):06}"), "at": at(clock), "kind": kind, **fields}


IN_THE_BAND = {f"T{n}": "issuance" if n <= 2 else "certificate" for n in range(1, 9)}  # 2 and 6


def opened(clock: str = "08:20", **fields: Any) -> Fact:
    return fact(clock, "day.opened", **{"allocation": IN_THE_BAND, "officials": 2, **fields})


def issued(clock: str, ticket: str, service: str = "cert_renewal", **fields: Any) -> Fact:
    return fact(clock, "ticket.issued", ticket=ticket, service=service, **fields)


def called(clock: str, ticket: str, terminal: str = "T3", **fields: Any) -> Fact:
    return fact(clock, "ticket.called", ticket=ticket, terminal=terminal, **fields)


def finished(clock: str, ticket: str, terminal: str = "T3", **fields: Any) -> Fact:
    return fact(clock, "ticket.finished", ticket=ticket, terminal=terminal, **fields)


def no_show(clock: str, ticket: str) -> Fact:
    return fact(clock, "ticket.no_show", ticket=ticket)


def requeued(clock: str, ticket: str) -> Fact:
    return fact(clock, "ticket.requeued", ticket=ticket)


def left(clock: str, ticket: str) -> Fact:
    return fact(clock, "ticket.left", ticket=ticket)


def transferred(clock: str, ticket: str, service: str) -> Fact:
    return fact(clock, "ticket.transferred", ticket=ticket, service=service)


def jsonl(*facts: Fact) -> bytes:
    return "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in facts).encode()


def value(text: str) -> Any:
    """Return the JSON value of a text, or the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def told(text: str) -> Fact:
    """``09:05 called B001 T4`` or ``09:05 terminal.paused terminal=T3``, as the functions above make it."""
    clock, word, *more = text.split()
    ways = {"opened": opened, "issued": issued, "called": called, "finished": finished, "no_show": no_show,
            "requeued": requeued, "left": left, "transferred": transferred}  # fmt: skip
    pairs = {name: value(v) for name, _, v in (x.partition("=") for x in more if "=" in x)}
    if word in ways:
        return ways[word](clock, *(x for x in more if "=" not in x), **pairs)
    return opened(clock, **pairs) if word == "day.opened" else fact(clock, word, **pairs)


def _lines(table: str) -> list[tuple[str, str]]:
    """``name: text`` a line, which goes on in a line that stands further in."""
    lines = re.sub(r"\n {8,}", " ", table).strip().splitlines()
    return [(name, text) for name, _, text in (line.strip().partition(": ") for line in lines)]


def cases(table: str) -> dict[str, list[Fact]]:
    """``name: fact; fact`` a line."""
    return {name: [told(x) for x in facts.split("; ")] for name, facts in _lines(table)}


def rows(table: str) -> dict[str, list[Fact]]:
    """``name: field=value field=value`` a line, each field alone."""
    pairs = {name: [x.partition("=") for x in fields.split()] for name, fields in _lines(table)}
    return {name: [{field: value(v)} for field, _, v in each] for name, each in pairs.items()}
