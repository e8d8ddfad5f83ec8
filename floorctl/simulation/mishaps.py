"""What goes wrong on a day of a rehearsal: services that stop, terminals that fail, absent officials, no power. Pure.

Whoever comes, and what they need, stays as it was: a mishap changes only what the hall can do for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from floorctl.simulation.crew import Crew
from floorctl.simulation.hall import Hall
from floorctl.simulation.officials import Officials

MishapKind = Literal["outage", "slow", "failure", "officials", "power"]
RESTART_S = 120  # a terminal after a power cut [J]


@dataclass(frozen=True, slots=True)
class Mishap:
    """Times are seconds since midnight; ``until`` is when it is over.

    ``outage`` stops ``services``; ``slow`` makes each of their cases ``seconds`` longer; ``failure`` fails
    ``terminals``; ``officials`` leaves at most ``present`` of the city's staff; ``power`` stops everything.
    """

    kind: MishapKind
    at: int
    until: int
    services: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()
    seconds: int = 0
    present: int = 0
    fault: str = ""

    @property
    def halts(self) -> bool:
        """Whether nobody can be served meanwhile, with its services or, without power, at all."""
        return self.kind in ("outage", "power")

    @property
    def lengthens_s(self) -> int:
        """By how much longer it makes what is in hand at a terminal as it begins."""
        return self.until - self.at + RESTART_S if self.kind == "power" else 0


class Mishaps:
    """Lets the mishaps of a day happen in a hall."""

    def __init__(self, hall: Hall, crew: Crew, officials: Officials) -> None:
        self.hall, self.crew, self.officials = hall, crew, officials

    def plan(self, mishaps: Iterable[Mishap]) -> None:
        """Plans begin and end of each."""
        for m in mishaps:
            begin, end = self._acts(m)
            self.hall.plan(m.at, begin)
            self.hall.plan(m.until, end)

    def _acts(self, m: Mishap) -> tuple[Callable[[], None], Callable[[], None]]:
        if m.kind == "outage":
            return partial(self._halt, m.services), partial(self._resume, m.services)
        if m.kind == "slow":
            return partial(self._slow, m), partial(self._at_pace, m)
        if m.kind == "failure":
            return partial(self._fail, m), partial(self._repair, m)
        if m.kind == "officials":
            return partial(self._limit, m.present), partial(self._limit, None)
        return self._lose_power, self._regain_power

    # --- services

    def _halt(self, services: Iterable[str]) -> None:
        """Who is at a desk goes unfinished, the others wait."""
        hall = self.hall
        hall.halted |= set(services)
        for desk in hall.desks.values():
            person = desk.person
            if person is not None and person.service in hall.halted and person.ends_at is not None:
                hall.give_back(person, desk)
        self._wake()

    def _resume(self, services: Iterable[str]) -> None:
        self.hall.halted -= set(services)
        self._wake()

    def _slow(self, m: Mishap) -> None:
        for service in m.services:
            self.hall.slower[service] = self.hall.slower.get(service, 0) + m.seconds

    def _at_pace(self, m: Mishap) -> None:
        for service in m.services:
            self.hall.slower[service] -= m.seconds

    def _wake(self) -> None:
        for lane in self.hall.queues:
            self.hall.wake(lane)

    # --- terminals, the city's staff

    def _fail(self, m: Mishap) -> None:
        for code in m.terminals:
            desk = self.hall.desks[code]

            def fail(code: str = code) -> None:
                self.hall.emit("terminal.failed", terminal=code, fault=m.fault)
                self.hall.desks[code].failed = True

            if not desk.failed:
                self.crew.when_empty(desk, fail, lambda desk=desk: not desk.failed and self.hall.now < m.until)  # type: ignore[misc]

    def _repair(self, m: Mishap) -> None:
        for code in m.terminals:
            self.crew.do_repair(self.hall.desks[code])

    def _limit(self, most: int | None) -> None:
        self.officials.limit = most
        before = len(self.officials.present)
        self.officials.change(self.officials.scheduled)
        if len(self.officials.present) != before:
            self.hall.emit("officials.changed", present=len(self.officials.present))

    # --- power

    def _lose_power(self) -> None:
        """No number is drawn, nobody is called, what is in hand waits; nothing of it reaches the feed."""
        hall = self.hall
        hall.dark = True
        for desk in hall.desks.values():
            person = desk.person
            if person is not None and person.ends_at is not None:
                hall.hold_service(person)
                hall.held.append((person, desk, person.turn, person.left_s + RESTART_S))

    def _regain_power(self) -> None:
        """What was in hand goes on, the machine sends what it had kept, and whoever has no number yet draws one."""
        hall = self.hall
        hall.dark = False
        hall.out += hall.withheld
        hall.withheld = []
        held, hall.held = hall.held, []
        for person, desk, turn, seconds in held:
            if person.turn == turn and desk.person is person:
                hall.continue_service(person, desk, seconds)
        while hall.unticketed:
            came, visitor = hall.unticketed.pop(0)
            if hall.accepting(visitor.service):
                hall.do_draw(visitor, came)
            else:
                hall.turned_away.append((hall.now, visitor.service))
        self._wake()
