"""Simulate the city's staff: they come to a terminal, decide a case and go on to the next.

No more cases are taken at once than officials are present; one who leaves finishes the case in progress.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Literal

from floorctl.simulation.cases import Decision, Trouble
from floorctl.simulation.hall import Desk, Hall, Person


@dataclass(eq=False)
class CityCase:
    """Case for the city's decision."""

    code: str
    trouble: Trouble
    person: Person | None = None
    desk: Desk | None = None
    state: Literal["raised", "taken", "settled"] = "raised"
    turn: int = 0
    official: str | None = None
    kept: bool = False  # left to the manager for now: no official comes by himself


class Officials:
    """Cases and the officials who take them. ``prefix`` begins the codes of the cases."""

    def __init__(self, hall: Hall, prefix: str) -> None:
        self.hall, self._prefix, self._count = hall, prefix, 0
        self.present: tuple[str, ...] = ()
        self.scheduled: tuple[str, ...] = ()  # present without a mishap
        self.limit: int | None = None  # upper limit during a mishap
        self.cases: dict[str, CityCase] = {}
        hall.on_service = self._expect

    def change(self, present: tuple[str, ...]) -> None:
        """Set who is present from now on."""
        self.present = present[: self.limit]
        self._next()

    def do_change(self, present: tuple[str, ...]) -> None:
        """Set who is present and emit their number if it has changed."""
        before = len(self.present)
        self.change(present)
        if len(self.present) != before:
            self.hall.emit("officials.changed", present=len(self.present))

    def open_cases(self) -> int:
        return sum(c.state != "settled" for c in self.cases.values())

    def _expect(self, person: Person, desk: Desk) -> None:
        trouble = person.case.trouble
        if trouble is None or person.open_cases:
            self.hall.continue_service(person, desk, person.case.service_s)
            return
        at = self.hall.now + max(20, round(trouble.fraction * person.case.service_s))
        self.hall.plan_for(person, at, partial(self._do_raise, person, desk, trouble))

    def _do_raise(self, person: Person, desk: Desk, trouble: Trouble) -> None:
        if desk.person is not person:
            return
        self._count += 1
        code = f"{self._prefix}-{self._count:02d}"
        more = {"note": trouble.note} if trouble.note else {}
        self.hall.emit(
            "escalation.raised",
            escalation=code,
            matter=trouble.matter,
            terminal=desk.code,
            ticket=person.ticket,
            **more,
        )
        person.left_s = round((1 - trouble.fraction) * person.case.service_s)
        self.add(CityCase(code, trouble, person, desk))

    def add(self, case: CityCase, first_s: int = 0) -> None:
        """Add a case for the city; the service at its desk is suspended. ``first_s``: so long the manager has the first word."""
        self.cases[case.code] = case
        case.kept = first_s > 0
        if case.kept:
            self.hall.plan(self.hall.now + first_s, partial(self._free, case))
        if case.person is not None:
            case.person.open_cases += 1
            self.hall.hold_service(case.person)
        self._next()

    def _free(self, case: CityCase) -> None:
        case.kept = False
        self._next()

    def _next(self) -> None:
        """Send free officials to waiting cases, the oldest first."""
        busy = {c.official for c in self.cases.values() if c.state != "settled" and c.official is not None}
        free = [o for o in self.present if o not in busy]
        waiting = [c for c in self.cases.values() if c.state == "raised" and c.official is None and not c.kept]
        for official, case in zip(free, waiting, strict=False):
            case.official = official
            self._later(case, case.trouble.fetch_s, self._do_take)

    def _later(self, case: CityCase, seconds: int, act: Callable[[CityCase], None]) -> None:
        case.turn += 1
        turn = case.turn

        def due() -> None:
            if case.turn == turn:
                act(case)

        self.hall.plan(self.hall.now + seconds, due)

    def _do_take(self, case: CityCase) -> None:
        self.hall.emit("escalation.taken", escalation=case.code, official=case.official)
        self.take(case, case.official)

    def take(self, case: CityCase, official: str | None) -> None:
        """Start handling a case."""
        case.state, case.official = "taken", official
        self._later(case, case.trouble.handle_s, self._do_settle)

    def _do_settle(self, case: CityCase) -> None:
        decision = case.trouble.decision
        by = (
            {"official": case.official or self.hall.site.city_codes.first(1)[0]}
            if decision in ("approved", "declined")
            else {}
        )
        self.hall.emit("escalation.settled", escalation=case.code, outcome=decision, **by)
        self.settle(case, decision)

    def settle(self, case: CityCase, decision: Decision) -> None:
        """Decide a case: the service resumes, or ends soon."""
        case.state, case.official = "settled", None
        case.turn += 1
        person, desk = case.person, case.desk
        if person is not None and desk is not None and desk.person is person:
            person.open_cases = max(0, person.open_cases - 1)
            if decision == "desk3":
                person.outcome = "desk3"
            elif decision != "approved":
                person.outcome = "incomplete"
            if not person.open_cases:
                rest = person.left_s if decision == "approved" else min(person.left_s, 90)
                self.hall.continue_service(person, desk, max(15, rest))
        self._next()

    def drop(self, case: CityCase) -> None:
        """Remove a case whose raising the manager retracted."""
        if case.state != "settled":
            outcome = case.person.outcome if case.person is not None else "done"
            self.settle(case, "approved")
            if case.person is not None:
                case.person.outcome = outcome
        self.cases.pop(case.code, None)

    def reopen(self, case: CityCase, *, taken: bool) -> None:
        """Undo the last step of a case: handled again if ``taken``, else waiting again."""
        person, desk = case.person, case.desk
        if case.state == "settled" and person is not None and desk is not None and desk.person is person:
            person.open_cases += 1
            self.hall.hold_service(person)
        if taken:
            self.take(case, case.official)
        else:
            case.state, case.official = "raised", None
            case.turn += 1
            self._next()


def unforeseen(rng: Random, matter: str) -> Trouble:
    """Draw the times of a case raised by the manager, which the city will approve."""
    return Trouble(matter, 0.0, rng.randint(60, 180), rng.randint(150, 480), "approved")
