"""Days told in facts: ``a_day().opens("08:30").issues("B001", "cert_renewal").calls("B001", "T3").floor()``.

A ``Story`` gives feed lines, entries or a Floor; a ``Desk`` is a manager with a file and a clock that is moved by hand.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self

from floorctl.commands.fold import fold
from floorctl.common.clock import JST, iso
from floorctl.common.errors import FloorctlError
from floorctl.common.frozen import Record
from floorctl.intake.feed import Intake, Totals
from floorctl.intake.site_file import load_site
from floorctl.models.board.passed_over import overtaken
from floorctl.models.day.floor import Floor
from floorctl.models.facts.checked import parse_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site
from floorctl.usecases.retraction import retract
from floorctl.usecases.session import Session

MONDAY = date(2026, 9, 14)  # an open day of the contract, the main building open too
COLUMNS = ("id", "at", "kind")


@cache
def kumagaya() -> Site:
    """The shipped site, read once."""
    return load_site()


def instant(text: str, day: date = MONDAY) -> datetime:
    """``"9:05"``, ``"09:05:30"`` or ``"09:05:30.250"`` of a day in Asia/Tokyo."""
    hour, *rest = text.split(":")
    return datetime.combine(day, time.fromisoformat(":".join([hour.zfill(2), *rest])), JST)


def fact(line: dict[str, Any]) -> Fact:
    """A checked fact from the fields of a feed line (or of a command's fact)."""
    return parse_fact(json.dumps(line))


class Story:
    """Facts of one day as they are told. Without ``at`` a fact happens one minute after the one told before."""

    def __init__(self, day: date = MONDAY, source: str = "feed", prefix: str = "f") -> None:
        self.day, self.source, self.prefix = day, source, prefix
        self.lines: list[dict[str, Any]] = []
        self.sources: list[str] = []
        self._now = instant("08:00", day)

    # ---- telling

    def tells(self, kind: str, at: str | datetime | None = None, source: str | None = None, **fields: Any) -> Self:
        """Any fact by its kind."""
        if at is None:
            self._now += timedelta(minutes=1)
        else:
            self._now = at if isinstance(at, datetime) else instant(at, self.day)
        number = f"{self.prefix}-{len(self.lines) + 1:05d}"
        self.lines.append({"id": number, "at": self._now.isoformat(), "kind": kind, **fields})
        self.sources.append(source or self.source)
        return self

    def opens(self, at: str | None = None, officials: int = 2, **allocation: str) -> Self:
        return self.tells("day.opened", at, allocation=allocation, officials=officials)

    def closes(self, at: str | None = None) -> Self:
        return self.tells("day.closed", at)

    def reopens(self, at: str | None = None, reason: str = "閉め忘れ") -> Self:
        return self.tells("day.reopened", at, "console", reason=reason)

    def issues(self, ticket: str, service: str = "cert_renewal", at: str | None = None, **more: Any) -> Self:
        return self.tells("ticket.issued", at, ticket=ticket, service=service, **more)

    def calls(self, ticket: str, terminal: str = "T3", at: str | None = None) -> Self:
        return self.tells("ticket.called", at, ticket=ticket, terminal=terminal)

    def finishes(self, ticket: str, terminal: str = "T3", at: str | None = None, **more: Any) -> Self:
        return self.tells("ticket.finished", at, ticket=ticket, terminal=terminal, **more)

    def misses(self, ticket: str, at: str | None = None) -> Self:
        """Called, and nobody came."""
        return self.tells("ticket.no_show", at, ticket=ticket)

    def leaves(self, ticket: str, at: str | None = None) -> Self:
        return self.tells("ticket.left", at, ticket=ticket)

    def requeues(self, ticket: str, at: str | None = None) -> Self:
        return self.tells("ticket.requeued", at, ticket=ticket)

    def transfers(self, ticket: str, service: str, at: str | None = None) -> Self:
        return self.tells("ticket.transferred", at, ticket=ticket, service=service)

    def counts(self, lane: str, waiting: int, at: str | None = None) -> Self:
        return self.tells("queue.counted", at, lane=lane, waiting=waiting)

    def moves(self, terminal: str, lane: str, at: str | None = None, reason: str = "") -> Self:
        return self.tells("terminal.assigned", at, terminal=terminal, lane=lane, reason=reason)

    def lends(self, terminal: str, lane: str, at: str | None = None, reason: str = "") -> Self:
        return self.tells("terminal.lent", at, terminal=terminal, lane=lane, reason=reason)

    def returns(self, terminal: str, at: str | None = None, reason: str = "") -> Self:
        return self.tells("terminal.returned", at, terminal=terminal, reason=reason)

    def staffs(self, terminal: str, staff: str | None, at: str | None = None) -> Self:
        return self.tells("terminal.staffed", at, terminal=terminal, staff=staff)

    def takes_back(self, target: str, at: str | None = None, source: str = "feed") -> Self:
        """Retracts the fact with this id."""
        return self.tells("retracted", at, "console", target=target, target_source=source, reason="入力の誤り")

    # ---- what was told

    @property
    def last_id(self) -> str:
        return str(self.lines[-1]["id"])

    def entries(self) -> list[Entry]:
        """The facts as they stand in a file, recorded in the order in which they were told."""
        return [
            Entry(n, source, instant("23:00", self.day), source, fact(line))
            for n, (line, source) in enumerate(zip(self.lines, self.sources, strict=True), 1)
        ]

    def floor(self, until: str | None = None) -> Floor:
        """The Floor of the whole day, or as it was at ``until``."""
        end = instant(until, self.day) if until else datetime.max.replace(tzinfo=JST)
        return fold(kumagaya(), self.day, [e for e in self.entries() if e.fact.at <= end])

    def feed(self) -> bytes:
        """The story as a feed."""
        return feed_of(self.lines)

    def anomalies(self) -> dict[str, str]:
        """Anomalies of the day by the id of their fact."""
        return {fact_id: code for (_, fact_id), code in self.floor().anomalies.items()}


def a_day(day: date = MONDAY, source: str = "feed", prefix: str = "f") -> Story:
    """The beginning of a story."""
    return Story(day, source, prefix)


def feed_of(lines: Iterable[dict[str, Any]]) -> bytes:
    """JSON Lines."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def numbered(feed: bytes) -> list[tuple[int, bytes | None]]:
    """The lines of a feed as ``Intake.take`` wants them."""
    return list(enumerate(feed.split(b"\n"), 1))


# ---- a day of a busy counter


def busy_day(seed: int = 1, day: date = MONDAY, tickets: int = 260) -> list[dict[str, Any]]:
    """Feed lines of a plain day in time order: two lanes, first come first served, some who leave, a few transfers."""
    chance = random.Random(seed)
    start = instant("08:30", day)
    events: list[tuple[datetime, dict[str, Any]]] = []

    def tell(at: datetime, kind: str, **fields: Any) -> None:
        events.append((at, {"kind": kind, **fields}))

    lanes = {"issuance": ["T1", "T2"], "certificate": ["T3", "T4", "T5", "T6", "T7"]}
    service = {"issuance": "card_issuance", "certificate": "cert_renewal"}
    tell(start, "day.opened", allocation={t: lane for lane, ts in lanes.items() for t in ts}, officials=2)
    for n, terminal in enumerate(t for ts in lanes.values() for t in ts):
        tell(start + timedelta(minutes=1), "terminal.staffed", terminal=terminal, staff=f"S{n + 1}")
    for lane, letter, share, mean_s in (("issuance", "A", 0.26, 480), ("certificate", "B", 0.74, 400)):
        queue: list[tuple[datetime, str, datetime]] = []  # (issued, number, gives up)
        minutes = sorted(chance.triangular(0, 470, 130) for _ in range(int(tickets * share)))
        for n, minute in enumerate(minutes, 1):
            issued = start + timedelta(seconds=int(minute * 60))
            patience = chance.choice([*[7200] * 19, 600])
            queue.append((issued, f"{letter}{n:03d}", issued + timedelta(seconds=patience)))
            tell(issued, "ticket.issued", ticket=queue[-1][1], service=service[lane])
        free = dict.fromkeys(lanes[lane], start + timedelta(minutes=2))
        for issued, number, gives_up in queue:
            terminal = min(free, key=lambda t: (free[t], t))
            called = max(free[terminal] + timedelta(seconds=chance.randint(5, 30)), issued + timedelta(seconds=15))
            if called > gives_up:
                tell(gives_up, "ticket.left", ticket=number)
                continue
            finished = called + timedelta(seconds=int(chance.triangular(90, 3 * mean_s - 90, mean_s * 0.7)))
            tell(called, "ticket.called", ticket=number, terminal=terminal)
            tell(finished, "ticket.finished", ticket=number, terminal=terminal)
            free[terminal] = finished
    events.sort(key=lambda e: e[0])
    return [{"id": f"busy-{n:05d}", "at": iso(at), **line} for n, (at, line) in enumerate(events, 1)]


def entries_of(lines: Iterable[dict[str, Any]], source: str = "feed") -> list[Entry]:
    """Entries recorded in the order of the lines."""
    found = [fact(line) for line in lines]
    return [Entry(n, source, f.at, source, f) for n, f in enumerate(found, 1)]


# ---- a Floor as plain data


def plain(value: Any) -> Any:
    """Everything public of a Floor (or of a part of it) as plain data, order of dictionaries included."""
    if isinstance(value, Floor):
        shown = {k: plain(v) for k, v in vars(value).items() if k != "site" and not k.startswith("_")}
        derived = {
            "is_open": value.is_open,
            "waiting": value.waiting,
            "persons": value.persons,
            "revision": value.revision,
            "states": {t: value.state(t) for t in value.terminals},
            "open_escalations": [e.code for e in value.open_escalations()],
            "overtaken": {lane: [t.number for t in found] for lane, found in overtaken(value).items()},
            "work_done": plain(value.work_done()),
            "next": {
                lane: found.number if (found := value.next_ticket(lane, instant("12:00", value.day))) else None
                for lane in value.lanes
            },
        }
        return {"shown": shown, "derived": derived}
    if isinstance(value, Entry):
        return (value.seq, value.source, value.recorded_at, value.actor, plain(value.fact))
    if isinstance(value, Record):
        return value.everything()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields_of(value)}
    if isinstance(value, Counter):
        return sorted(value.items())
    if isinstance(value, dict):
        return [(plain(k), plain(v)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


# ---- the manager at the console


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Desk:
    """A session with a clock that is moved by hand. Every act happens one second after the one before."""

    def __init__(
        self, path: Path, site: Site, at: str = "08:30", day: date = MONDAY, actor: str = "console", **more: Any
    ) -> None:
        self.path, self.site, self.day = path, site, day
        self.clock = HandClock(instant(at, day))
        self.session = Session(site, path, clock=self.clock, actor=actor, create=True, **more)

    def close(self) -> None:
        self.session.close()

    def at(self, text: str, day: date | None = None) -> Self:
        """Moves the clock."""
        self.day = day or self.day
        self.clock.at = instant(text, self.day)
        return self

    def beside(self, actor: str = "cli") -> Desk:
        """Somebody else on the same file, with the same clock."""
        other = Desk.__new__(Desk)
        other.path, other.site, other.day, other.clock = self.path, self.site, self.day, self.clock
        other.session = Session(self.site, self.path, clock=self.clock, actor=actor, create=True)
        return other

    def opens(self, **fields: Any) -> Self:
        self.does("day.opened", **{"officials": 2, **fields})
        return self

    def does(self, kind: str, **fields: Any) -> list[Entry]:
        """One act by its kind and fields; ``at`` may be "9:05" (back-dated)."""
        if isinstance(fields.get("at"), str):
            fields["at"] = instant(fields["at"], self.day)
        self.clock.at += timedelta(seconds=1)
        return self.session.act(kind, fields)

    def runs(self, decision: Callable[..., Any], *args: Any, **more: Any) -> list[Entry]:
        """A command that is more than a kind: ``runs(next_visitor, "T3")``."""
        self.clock.at += timedelta(seconds=1)
        return self.session.run(lambda c: decision(c, *args, **more))

    def undoes(self) -> list[Entry]:
        self.clock.at += timedelta(seconds=1)
        return self.session.undo()

    def takes_back(self, entry: Entry, reason: str = "入力の誤り") -> list[Entry]:
        self.clock.at += timedelta(seconds=1)
        given = {"target": entry.fact.id, "target_source": entry.source, "reason": reason}
        return retract(self.session, given)

    def refused(self, act: Callable[[], Any], *words: str) -> FloorctlError:
        """The refusal of an act, whose sentence holds these words; nothing was written."""
        before = self.session.head()
        try:
            written = act()
        except FloorctlError as e:
            assert self.session.head() == before, "a refused act has written"
            for word in words:
                assert word in f"{e.sentence} {e.on_screen}", e.sentence
            return e
        raise AssertionError(f"not refused: {[e.kind for e in written]}")

    def refuses(self, kind: str, *words: str, **fields: Any) -> FloorctlError:
        return self.refused(lambda: self.does(kind, **fields), *words)

    def hears(self, *stories: Story) -> Totals:
        """Takes in stories as feeds, each under its own source."""
        total = Totals()
        for story in stories:
            said: list[tuple[int, str]] = []
            intake = Intake(
                self.session.store, self.site, story.source, self.clock, lambda n, why, said=said: said.append((n, why))
            )
            found = intake.take(numbered(story.feed()))
            assert not said, said
            total.accepted += found.accepted
            total.duplicate += found.duplicate
        self.session.refresh()
        return total

    @property
    def floor(self) -> Floor:
        self.session.refresh()
        return self.session.floor()

    def facts(self) -> Iterator[Entry]:
        """All facts of the file as they were recorded."""
        return iter(self.session.store.facts_after(0, 1_000_000))
