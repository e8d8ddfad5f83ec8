"""How many keys an hour on paper takes to enter: ``python -m tests.bench.paper``.

The hour from 10 to 11 of a busy day is written on the printed sheets, line by line, and typed on the screen of j p: who is
at the desks and who waits at 10, who comes and is served till 11. Two ways of writing: with all times, and with marks
alone for whoever comes in the hour. Printed: lines, keys, keys a line, and the seconds at a speed of typing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from floorctl.commands.fold import fold
from floorctl.models.day.floor import Floor
from floorctl.models.day.paper_keys import open_tickets, service_keys, terminal_keys
from tests.story import MONDAY, busy_day, entries_of, instant, kumagaya

KEYS_A_SECOND = 2.5  # on the number pad; a trained hand does three
FROM, UNTIL = "10:00", "11:00"


@dataclass(frozen=True)
class Written:
    """A line of paper: times as HH:MM, None where nothing was written. ``before``: it was there when the paper began."""

    ticket: str
    service: str
    lane: str
    terminal: str | None
    issued: str | None
    called: str | None
    finished: str | None
    left: bool = False
    before: str = ""


def hour_on_paper(seed: int = 3) -> tuple[list[dict[str, Any]], list[Written]]:
    """Feed lines up to 10:00, and what stands on paper at 11:00."""
    start, end = instant(FROM), instant(UNTIL)
    told = [x for x in busy_day(seed) if datetime.fromisoformat(x["at"]) < end]
    before = [x for x in told if datetime.fromisoformat(x["at"]) < start]
    hall, later = (fold(kumagaya(), MONDAY, entries_of(lines)) for lines in (before, told))
    return before, _lines(hall, later)


def _lines(hall: Floor, later: Floor) -> list[Written]:
    found = []
    for lane in hall.site.lanes:
        there = {t.number: t.state for t in open_tickets(hall, lane.code)}
        came = [n for n, t in later.tickets.items() if n not in hall.tickets and later.lane_of(t) == lane.code]
        for number in [*there, *sorted(came)]:
            t = later.tickets[number]
            times = [f"{at:%H:%M}" if at else None for at in (t.issued_at, t.called_at, t.ended_at)]
            left = t.state == "left"
            found.append(
                Written(number, t.service or "", lane.code, t.terminal, *times, left, there.get(number, ""))
            )  # fmt: skip
    return found


def keys_of(paper: Sequence[Written], *, times: bool = True) -> list[str]:
    """The keys that enter it, sheet by sheet, and Enter on the empty line at the end."""
    site, keys = kumagaya(), []
    for n, lane in enumerate(site.lanes):
        keys += ["tab"] if n else []
        for line in (x for x in paper if x.lane == lane.code):
            keys += _line(line, lane.code, times=times)
    return [*keys, "enter"]


def _line(x: Written, lane: str, *, times: bool) -> list[str]:
    site = kumagaya()
    digit = next(k for k, s in service_keys(site).items() if s.code == x.service)
    desk = next((k for k, t in terminal_keys(site, lane).items() if t == x.terminal), "")
    alone = sum(s.lane == lane for s in site.services) == 1
    minutes = [(at or "")[3:] for at in (x.issued, x.called, x.finished)]
    if x.before == "serving":
        return [*minutes[2]] or ["down"]
    if x.before and not x.called:
        return ["right", "right", "right", *minutes[2], "left", "5"] if x.left else ["down"]
    start = [] if x.before or alone else [digit]
    if not times and not x.before and x.finished and not x.left:
        return [*start, desk, "enter"]
    came = [] if x.before else [*minutes[0]]
    if x.left:
        return [*start, "right", *came, "right", *minutes[2], "left", "5"]
    if not x.called:
        return [*start, "right", *came, "enter"]
    return [*start, desk, *came, *minutes[1], *(minutes[2] or ["enter"])]


def main() -> None:
    speed = float(sys.argv[1]) if len(sys.argv) > 1 else KEYS_A_SECOND
    print(f"An hour on paper ({FROM} to {UNTIL} of a busy day), typed at {speed:g} keys a second")
    print(f"{'':24}{'lines':>7}{'keys':>7}{'a line':>8}{'seconds':>9}")
    for name, seed in (("busy", 3), ("busier", 7)):
        _, paper = hour_on_paper(seed)
        for words, times in (("all times", True), ("marks for who came", False)):
            keys = len(keys_of(paper, times=times))
            typed = sum(bool(x.finished or x.called or not x.before) for x in paper)
            print(f"{name + ', ' + words:24}{typed:>7}{keys:>7}{keys / typed:>8.1f}{keys / speed:>9.0f}")


if __name__ == "__main__":
    main()
