"""Simulate the faults of a rehearsal: halted or slow services, failed terminals, absent officials, power cuts.

Visitors and their needs stay the same: a mishap changes only what the hall can do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Literal

from floorctl.common.frozen import frozen
from floorctl.simulation.crew import Crew
from floorctl.simulation.hall import Hall
from floorctl.simulation.officials import Officials

MishapKind = Literal["outage", "slow", "failure", "officials", "power"]
RESTART_S = 120  # restart of a terminal after a power cut [J]


@frozen
class Mishap:
    """Fault from ``at`` until ``until``, in seconds since midnight.

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
        """Return whether its services (without power all of them) cannot be provided meanwhile."""
        return self.kind in ("outage", "power")

    @property
    def lengthens_s(self) -> int:
        """Return the seconds by which it extends the cases in progress when it begins."""
        return self.until - self.at + RESTART_S if self.kind == "power" else 0


class Mishaps:
    """Schedules the mishaps of a day in a hall."""

    def __init__(self, hall: Hall, crew: Crew, officials: Officials) -> None:
        self.hall, self.crew, self.officials = hall, crew, officials

    def plan(self, mishaps: Iterable[Mishap]) -> None:
        """Schedule the beginning and end of each."""
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
        """Halt services: cases in progress end incomplete, the others wait."""
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
        self.officials.do_change(self.officials.scheduled)

    # --- power

    def _lose_power(self) -> None:
        """Cut the power: no tickets, no calls, cases in progress suspended, no feed lines."""
        hall = self.hall
        hall.dark = True
        for desk in hall.desks.values():
            person = desk.person
            if person is not None and person.ends_at is not None:
                hall.hold_service(person)
                hall.held.append((person, desk, person.turn, person.left_s + RESTART_S))

    def _regain_power(self) -> None:
        """Restore the power: resume the cases, send the withheld lines, issue tickets to those without one."""
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
