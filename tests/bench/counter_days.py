"""Days of a counter of any character, written down as a ticket machine does or as a census each five minutes does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from math import exp, log
from random import Random
from typing import Any

from floorctl.common.clock import JST
from floorctl.models.facts.entry import Entry, order
from tests.story import MONDAY, fact

OPENS, ENDS, CLOSES = 8 * 3600, 17 * 3600, 18 * 3600 + 1800
STEP_S, LIMIT_S = 300, 1200
SERVICE = {"issuance": "card_issuance", "certificate": "cert_renewal"}


@dataclass
class Counter:
    """One lane of a made day, in seconds of the day.

    ``desks``: how many are open from when on; ``minutes``, ``sigma``: a case; ``elsewhere``: share of cases that are another
    queue's; ``away``: chance after a case that the desk stays away for ten to thirty minutes; ``patience_s``: mean beyond
    half an hour; ``passed``: chance that another than the first is called; ``slow``: part of the day in which all takes
    longer, as (from, to, factor).
    """

    arrivals: list[float]
    desks: list[tuple[float, int]]
    minutes: float = 12.0
    sigma: float = 0.5
    elsewhere: float = 0.0
    away: float = 0.0
    patience_s: float = 7200.0
    passed: float = 0.0
    slow: tuple[float, float, float] = (0.0, 0.0, 1.0)

    def open_at(self, at: float) -> int:
        """Return how many desks are open at an instant."""
        return next((n for since, n in reversed(self.desks) if since <= at), 0)


@dataclass
class Visit:
    """Somebody's day: when they came, were called (None: they left), by which desk, and were done."""

    came: float
    called: float | None = None
    desk: int = 0
    ends: float = 0.0


def served(counter: Counter, rng: Random) -> list[Visit]:
    """Run a lane through its day: each desk takes the next as soon as it is free."""
    people = [Visit(at) for at in sorted(counter.arrivals)]
    queue: list[Visit] = []
    leaves = {id(v): v.came + 1800 + rng.expovariate(1 / counter.patience_s) for v in people}
    events: list[tuple[float, int, int]] = [(v.came, 0, n) for n, v in enumerate(people)]
    events += [(since, 1, -1) for since, _ in counter.desks]
    events.sort()
    busy: dict[int, float] = {}

    def length(at: float) -> float:
        begin, end, factor = counter.slow
        usual = log(60 * counter.minutes) - counter.sigma**2 / 2
        return max(60.0, exp(rng.gauss(usual, counter.sigma)) * (factor if begin <= at < end else 1.0))

    while events:
        at, kind, n = heappop(events)
        if at > CLOSES:
            break
        if kind == 0:
            queue.append(people[n])
        elif kind == 2:
            if rng.random() < counter.away:
                busy[n] = at + rng.uniform(600, 1800)
            elif rng.random() < counter.elsewhere:
                busy[n] = at + length(at)
            else:
                del busy[n]
            if n in busy:
                heappush(events, (busy[n], 2, n))
        for desk in range(counter.open_at(at)):
            for v in [v for v in queue if leaves[id(v)] < at]:
                queue.remove(v)
                v.ends = leaves[id(v)]
            if desk in busy or not queue:
                continue
            v = queue.pop(rng.randrange(min(4, len(queue))) if rng.random() < counter.passed else 0)
            v.called, v.desk, v.ends = at, desk, at + length(at)
            busy[desk] = v.ends
            heappush(events, (v.ends, 2, desk))
    return people


# ---- how a day is written down


Lines = list[dict[str, Any]]


def _at(second: float) -> str:
    return (datetime.combine(MONDAY, time(), JST) + timedelta(seconds=int(second))).isoformat()


class Book:
    """A day written as feed lines; ``terminals``: those of each lane, in the order in which they open."""

    def __init__(self, desks: dict[str, int]) -> None:
        self.lines: list[tuple[float, dict[str, Any]]] = []
        self.terminals: dict[str, list[str]] = {}
        codes = [f"T{n}" for n in range(1, 9)]
        for lane in ("issuance", "certificate"):
            self.terminals[lane] = [codes.pop(0) for _ in range(desks.get(lane, 0))]
        allocation = {t: lane for lane, found in self.terminals.items() for t in found}
        self.write(OPENS - 600, "day.opened", allocation=allocation, officials=2)

    def write(self, second: float, kind: str, **fields: Any) -> None:
        self.lines.append((second, {"kind": kind, **fields}))

    def staff(self, second: float, lane: str, n: int) -> None:
        code = self.terminals[lane][n]
        self.write(second, "terminal.staffed", terminal=code, staff=f"S{code[1:]}")

    def entries(self) -> list[Entry]:
        self.lines.sort(key=lambda x: x[0])
        found = []
        for n, (second, x) in enumerate(self.lines, 1):
            said = fact({"id": f"w-{n:05d}", "at": _at(second), **x})
            found.append(Entry(n, "feed", said.at, "feed", said))
        return sorted(found, key=order)


def as_written(lanes: dict[str, Counter], rng: Random, *, by_next: bool = False) -> list[Entry]:
    """Write a day as a ticket machine does; ``by_next``: an end is told by the next call only, or after twenty minutes."""
    book = Book({lane: max(n for _, n in c.desks) for lane, c in lanes.items()})
    for lane, c in lanes.items():
        open_now = 0
        for since, n in c.desks:
            for desk in range(open_now, n):
                book.staff(since - 60, lane, desk)
            for desk in range(n, open_now):
                book.write(since, "terminal.staffed", terminal=book.terminals[lane][desk], staff=None)
            open_now = n
        visits = served(c, rng)
        for number, v in enumerate(visits, 1):
            ticket = f"{lane[0].upper()}{number:03d}"
            book.write(v.came, "ticket.issued", ticket=ticket, service=SERVICE[lane])
            if v.called is not None:
                code = book.terminals[lane][v.desk]
                following = min(
                    (x.called for x in visits if x.called and x.desk == v.desk and x.called > v.called), default=None
                )
                told = v.ends if not by_next else min(v.called + LIMIT_S, following - 2 if following else CLOSES)
                book.write(v.called, "ticket.called", ticket=ticket, terminal=code)
                book.write(min(told, CLOSES), "ticket.finished", ticket=ticket, terminal=code)
            elif v.ends:
                book.write(v.ends, "ticket.left", ticket=ticket)
    return book.entries()


def _spread(start: float, end: float, n: int) -> list[float]:
    """Return ``n`` instants spread evenly over a step."""
    return [start + (k + 0.5) / n * (end - start) for k in range(n)]


def as_census(lanes: dict[str, Counter], rng: Random) -> list[Entry]:
    """Write a day as a census does: how many waited, were called and desks were open, spread evenly over each step.

    Calls go to the desks in turn; a case ends when its desk calls again, after twenty minutes at the latest; a desk that
    closes is not told.
    """
    book = Book({lane: max(n for _, n in c.desks) for lane, c in lanes.items()})
    for lane, c in lanes.items():
        visits, begin = served(c, rng), float(OPENS - 360)
        looks = [begin]
        while looks[-1] < CLOSES:
            looks.append(looks[-1] + STEP_S + rng.choice((0, 0, 0, -60, 60)))
        queue: list[str] = []
        came: dict[str, float] = {}
        rota: list[tuple[float, int]] = []
        last: dict[int, tuple[str, float]] = {}
        seen = number = 0
        for start, end in pairwise(looks):
            for desk in range(seen, c.open_at(start)):
                book.staff(start, lane, desk)
                rota.append((0.0, desk))
            seen = max(seen, c.open_at(start))
            for at in _spread(start, end, sum(start < v.came <= end for v in visits)):
                number += 1
                ticket = f"{lane[0].upper()}{number:03d}"
                came[ticket] = at
                queue.append(ticket)
                book.write(at, "ticket.issued", ticket=ticket, service=SERVICE[lane])
            for at in _spread(start, end, sum(v.called is not None and start < v.called <= end for v in visits)):
                if not rota:
                    book.staff(start, lane, 0)
                    rota.append((0.0, 0))
                    seen = 1
                rota.sort()
                _, desk = rota.pop(0)
                ticket, code = queue.pop(0), book.terminals[lane][desk]
                at = max(at, came[ticket] + 5)
                rota.append((at, desk))
                if desk in last:
                    earlier, called = last[desk]
                    book.write(min(called + LIMIT_S, at - 2), "ticket.finished", ticket=earlier, terminal=code)
                book.write(at, "ticket.called", ticket=ticket, terminal=code)
                last[desk] = ticket, at
            for at in _spread(start, end, sum(v.called is None and start < v.ends <= end for v in visits)):
                gone = queue.pop(rng.randrange(len(queue)))
                book.write(max(at, came[gone] + 5), "ticket.left", ticket=gone)
        for desk, (ticket, called) in last.items():
            book.write(called + LIMIT_S, "ticket.finished", ticket=ticket, terminal=book.terminals[lane][desk])
    return book.entries()
