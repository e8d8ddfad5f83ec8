"""Lines of a feed, one function for each kind that most days need."""

from __future__ import annotations

import itertools
import json
from typing import Any

from contract_cli import at

Fact = dict[str, Any]

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


def jsonl(*facts: Fact) -> bytes:
    return "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in facts).encode()
