"""Keep an advice that stands: it is dropped or replaced only where it has been clearly worse for some minutes. Pure.

Looked at every two minutes of the day, from the facts up to then (max-weight with hysteresis: Tassiulas & Ephremides, IEEE TAC 37
(1992) 1936-48). Nothing is remembered beside the facts, so that a console that has run all day and a command that looks
once find the same advice: what looks for the first time begins at half an hour before the full hour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from floorctl.advice import service_times
from floorctl.advice.arrivals import Demand
from floorctl.advice.best_move import (
    RULES,
    Option,
    Rules,
    because,
    gain,
    however_late,
    movable,
    move_rules,
    options,
    uneven,
)
from floorctl.advice.hall_view import View, view
from floorctl.advice.service_times import ServiceTimes
from floorctl.commands.fold import apply
from floorctl.common.frozen import frozen
from floorctl.models.board.assignable import barred_lanes
from floorctl.models.board.grounds import Grounds, grounds
from floorctl.models.day.advice_answers import quiet
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

# Expected arrivals of a Floor from an instant on.
Expect = Callable[[Floor, datetime], Demand]
STEP = timedelta(minutes=2)
EARLIER = timedelta(minutes=30)  # before the full hour: where a first look begins
FRESH = timedelta(minutes=30)  # service times and expected arrivals are learned anew after this
GROUNDS_MIN = 4  # what the lanes' figures may rest on is asked in these minutes; `Adviser.standing` asks at once
# An advised move is dropped once the queues are not even so uneven any more at so many looks in turn; at once where it saves no waiting.
WORSE = 4


@frozen
class Standing:
    """Advised move: the terminal that is named, and the lanes."""

    terminal: str
    origin: str
    to: str

    def option(self, v: View, rules: Rules = RULES) -> Option | None:
        """Return it with its gain in ``v``, by another terminal where its own cannot go; None if none can."""
        codes = movable(v, self.origin, self.to, rules)
        if not codes:
            return None
        code = self.terminal if self.terminal in codes else codes[0]
        why = because(v, self.origin, self.to, rules) or ""
        return Option((code,), self.origin, self.to, gain(v, code, self.to, rules), why)


class Steady:
    """The advice of one day that stands, look by look."""

    def __init__(self, site: Site, day: date) -> None:
        self.site, self.day = site, day
        self.rules = move_rules(site)
        self.soon = however_late(self.rules)
        # As uneven the queues must be for a move to stay, and the looks in turn at which it was worth it before it is advised.
        self.even = replace(self.rules, heads_more=self.rules.heads_more / 2, heads=2)
        self.looks = int(self.rules.lasts_s // STEP.total_seconds())
        self.stands: Standing | None = None
        self._floor = Floor(site, day)
        self._taken: list[Entry] = []
        self._gone: frozenset[tuple[str, str]] = frozenset()
        self._at: datetime | None = None  # last look
        self._orders = self._worse = 0
        self._paid: dict[tuple[str, str], int] = {}  # looks in turn at which a move was worth it, by its lanes
        self._learned: tuple[datetime, ServiceTimes, Demand] | None = None
        self._grounds: Grounds | None = None

    def at(self, floor: Floor, register: Register, now: datetime, expect: Expect) -> Standing | None:
        """Return the advice that stands at ``now``. ``floor``: the day's facts up to then."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        first, last = hour - EARLIER, hour + (now - hour) // STEP * STEP
        if self._at is None or self._at < first or self._at > last:
            self._at, self.stands, self._worse, self._paid = first - STEP, None, 0, {}
        if self._at < last:
            self._follow(floor)
        while self._at < last:
            self._at += STEP
            self._take(floor.entries, self._at)
            if self._floor.is_open:
                self._look(register, self._at, expect)
            else:
                self.stands = None
        return self.stands

    def _follow(self, floor: Floor) -> None:
        """Fold the day anew where a fact came late or was taken back; the looks that were taken stay as they were."""
        taken, gone = len(self._taken), frozenset(floor.retracted)
        if floor.entries[:taken] != self._taken or gone != self._gone:
            self._floor, self._taken, self._gone = Floor(self.site, self.day), [], gone

    def _take(self, entries: list[Entry], until: datetime) -> None:
        n = len(self._taken)
        while n < len(entries) and entries[n].fact.at <= until:
            if entries[n].key not in self._gone:
                apply(self._floor, entries[n])
            self._taken.append(entries[n])
            n += 1

    def _look(self, register: Register, at: datetime, expect: Expect) -> None:
        """Judge the standing advice, or look for one, at one look."""
        floor = self._floor
        if self._learned is None or at - self._learned[0] >= FRESH or at < self._learned[0]:
            self._learned = (at, service_times.learn(floor, at), expect(floor, at))
        if self._grounds is None or not at.minute % GROUNDS_MIN:
            self._grounds = grounds(floor, register, at)
        known = replace(self._grounds, barred=barred_lanes(floor, register))  # who stands where changes at once
        v = view(floor, self._learned[2], self._learned[1], at, known)
        orders = len(floor.moves) + len(floor.loans)
        if orders != self._orders:
            self._orders, self.stands, self._paid = orders, None, {}
        if self.stands is not None:
            self.stands = self._kept(v, self.stands)
        if self.stands is None:
            self.stands = self._found(v)

    def _kept(self, v: View, stands: Standing) -> Standing | None:
        o = stands.option(v, self.rules)
        if o is None or o.gain <= 0 or quiet(self._floor.answers, o.origin, o.to, o.gain, v.now):
            return None
        self._worse = 0 if uneven(v, o.origin, o.to, self.even) else self._worse + 1
        return Standing(o.moves[0], o.origin, o.to) if self._worse < WORSE else None

    def _found(self, v: View) -> Standing | None:
        answers = self._floor.answers
        soon = options(v, self.soon)  # those free now among them
        now = options(v, self.rules) if soon else []
        found = [o for o in now + soon if not quiet(answers, o.origin, o.to, o.gain, v.now)]
        self._paid = {(o.origin, o.to): self._paid.get((o.origin, o.to), 0) + 1 for o in soon}
        o = next((o for o in found if self._paid[o.origin, o.to] > self.looks), None)
        if o is None:
            return None
        self._paid, self._worse = {}, 0
        return Standing(o.moves[0], o.origin, o.to)
