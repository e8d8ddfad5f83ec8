"""Halls larger than the specification's, and days of theirs: as many lanes, terminals, tickets and years as are asked for.

The site is Kumagaya's with lanes, services and terminals of its own making and a contract of ten years; a day is a plain
queue (a terminal takes the first of its lane), drawn with a seed, so that equal arguments give equal bytes. The length
of a case follows from the number of tickets: every hall is nine tenths busy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from floorctl.common.clock import JST
from floorctl.intake.site_file import data_dir
from floorctl.models.site.site import Site

BEGIN, LAST = "contract", "end = 2036-06-30"  # the part of Kumagaya's file and its end here: ten years
_NAMES = ("証明", "相談", "届出", "保険", "税務", "福祉", "子育て", "住まい")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OPENS, _CLOSES = 9 * 3600, 16 * 3600
_BUSY, _SHARED = 0.9, 0.1  # of the terminals' time; of the desks that stand in a lane of their own


@dataclass(frozen=True)
class Size:
    """Numbers of a hall: lanes (at least the four of Kumagaya), terminals and tickets a day."""

    lanes: int = 4
    terminals: int = 12
    tickets: int = 300

    @property
    def name(self) -> str:
        return f"{self.lanes}-{self.terminals}-{self.tickets}"


def site_text(size: Size) -> str:
    """Return Kumagaya's site file with a hall of this size and a contract until 2036."""
    text = (data_dir() / "kumagaya.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^end = 2028-06-30", LAST, text, count=1)
    if (size.lanes, size.terminals) == (4, 12):
        return text
    more = [
        (f"more{n}", _NAMES[n % len(_NAMES)] + ("" if n < len(_NAMES) else str(n)), _LETTERS[n + 4])
        for n in range(size.lanes - 4)
    ]
    lanes = "".join(
        f'[[lanes]]\ncode = "{code}"\nname = "{name}"\ntitle = "{name}窓口"\nletter = "{letter}"\n\n'
        for code, name, letter in more
    )
    services = "".join(
        f'[[services]]\ncode = "s_{code}"\nname = "{name}の受付"\nshort = "{name}"\nlane = "{code}"\n'
        "opens = 08:30:00\ncloses = 17:00:00\n\n"
        for code, name, _ in more
    )
    items = "".join(
        f'[[work_items]]\ncode = "w_{code}"\nname = "{name} 受付"\nshort = "{name}"\nlane = "{code}"\nledger = "受付簿"\n\n'
        for code, name, _ in more
    )
    head, _, rest = text.partition("[[terminals]]")
    own, _, rest = rest.partition("[[bands]]")
    tail = f"[[bands]]{rest}" if rest else own[own.rindex("[[matters]]") :]
    head = head.replace("[[services]]", f"{lanes}[[services]]", 1)
    codes = ["issuance", "certificate", *(code for code, _, _ in more)]
    alone = ["application", "registration"]
    desks = []
    for n in range(size.terminals):
        shared = n < size.terminals - 4
        lane = codes[n % len(codes)] if shared else alone[n % 2]
        served = ", ".join(f'"{x}"' for x in (codes if shared else [lane]))
        desks.append(f'[[terminals]]\ncode = "T{n + 1}"\nname = "端末{n + 1}"\nlanes = [{served}]\nlane = "{lane}"\n\n')
    tail = tail.replace("[[posts]]", f"{items}[[posts]]", 1)
    return f"{head}{services}{''.join(desks)}{tail}"


def _at(day: date, second: int) -> datetime:
    return datetime.combine(day, datetime.min.time(), JST) + timedelta(seconds=second)


def feed(site: Site, size: Size, day: date, seed: int = 1) -> list[dict[str, Any]]:
    """Return the lines of a day in time order: people at the terminals, tickets issued, called and finished with their work."""
    rng = Random(f"{size.name} {seed}")
    found: list[tuple[int, int, dict[str, Any]]] = []

    def say(second: int, kind: str, **fields: Any) -> None:
        n = len(found)
        line = {"id": f"b{day:%y%m%d}-{n}", "at": _at(day, second).isoformat(), "kind": kind, **fields}
        found.append((second, n, line))

    say(_OPENS - 2400, "day.opened", officials=2)
    for n, t in enumerate(site.terminals, 1):
        say(_OPENS - 2100 + n, "terminal.staffed", terminal=t.code, staff=f"S{n:02d}")
    desks: dict[str, list[tuple[int, int, str]]] = {x.code: [] for x in site.lanes}
    for n, t in enumerate(site.terminals):
        heappush(desks[t.lane], (_OPENS, n, t.code))
    lanes = [x.code for x in site.lanes if desks[x.code]]
    number = dict.fromkeys(lanes, 0)
    weights = [len(desks[x]) for x in lanes]
    usual = {x: int(_BUSY * (_CLOSES - _OPENS) * sum(weights) / size.tickets) for x in lanes}
    services = {x: [s.code for s in site.services if s.lane == x] for x in lanes}
    items = {x: [w.code for w in site.work_items if w.lane == x] for x in lanes}
    letter = {x.code: x.letter for x in site.lanes}
    for second in sorted(rng.randint(_OPENS - 600, _CLOSES - 1200) for _ in range(size.tickets)):
        lane = rng.choices(lanes, weights)[0]
        number[lane] += 1
        ticket = f"{letter[lane]}{number[lane]:03d}"
        say(second, "ticket.issued", ticket=ticket, service=rng.choice(services[lane]))
        free, n, code = heappop(desks[lane])
        called = max(free, second + 5)
        ends = called + max(20, int(usual[lane] * rng.uniform(0.5, 1.5)))
        heappush(desks[lane], (ends + 10, n, code))
        say(called, "ticket.called", ticket=ticket, terminal=code)
        work = {rng.choice(items[lane]): 1} if items[lane] else {}
        say(ends, "ticket.finished", ticket=ticket, terminal=code, work=work)
    for minute in range(8 * 60 + 40, 17 * 60, 10):
        say(minute * 60, "visitors.counted", persons=rng.randint(0, 35))
    return [line for _, _, line in sorted(found, key=lambda x: x[:2])]


def as_bytes(lines: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> list[bytes]:
    """Return lines as a machine writes them, without their ends."""
    return [json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() for line in lines]
