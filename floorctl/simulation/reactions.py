"""Apply the manager's facts to the simulated hall: one method per kind, each returning its undo.

A reaction emits no feed line, because the fact is already stored. What does not fit the hall is ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from floorctl.simulation.hall import Desk, Hall, Person
from floorctl.simulation.hours import MINUTE, seconds_of
from floorctl.simulation.officials import CityCase, Officials, unforeseen
from floorctl.simulation.routine import Routine
from floorctl.simulation.visitors import draw_visitor

Fact = Mapping[str, Any]
Undo = Callable[[], None] | None


class Reactions:
    """Applies the manager's facts and their retractions."""

    def __init__(
        self,
        hall: Hall,
        officials: Officials,
        routine: Routine,
        rng: Random,
        *,
        nobody_invented: bool = False,
        city_waits_s: int = 0,
    ) -> None:
        """``nobody_invented``: a number given by hand is held by a visitor of the day, or by nobody; a count moves nobody.

        ``city_waits_s``: so long the city leaves each step of a case that the manager has raised to the manager.
        """
        self.hall, self.officials, self.routine, self.rng = hall, officials, routine, rng
        self.nobody_invented, self.city_waits_s = nobody_invented, city_waits_s
        self._undo: dict[str, Callable[[], None]] = {}
        self._by_kind: dict[str, Callable[[Fact], Undo]] = {
            "day.opened": self._opened,
            "day.closed": self._closed,
            "day.reopened": self._reopened,
            "terminal.assigned": self._assigned,
            "terminal.lent": self._lent,
            "terminal.returned": self._returned,
            "terminal.staffed": self._staffed,
            "terminal.paused": lambda f: self._put(f, "paused", True),
            "terminal.resumed": lambda f: self._put(f, "paused", False),
            "terminal.failed": lambda f: self._put(f, "failed", True),
            "terminal.repaired": lambda f: self._put(f, "failed", False),
            "ticket.issued": self._issued,
            "ticket.called": self._called,
            "ticket.finished": lambda f: self._gone(f, "finished"),
            "ticket.no_show": lambda f: self._gone(f, "no_show"),
            "ticket.left": lambda f: self._gone(f, "left"),
            "ticket.requeued": self._requeued,
            "ticket.transferred": self._transferred,
            "queue.counted": self._counted,
            "escalation.raised": self._raised,
            "escalation.taken": self._taken,
            "escalation.settled": self._settled,
            "officials.changed": self._officials_changed,
            "staff.changed": self._person_changed,
            "breaks.planned": self._breaks_planned,
            "reception.stopped": lambda f: self._reception(f, stopped=True),
            "reception.resumed": lambda f: self._reception(f, stopped=False),
        }

    def react(self, fact: Fact) -> None:
        """Apply ``fact``; a ``retracted`` undoes the fact under its key ``undone``."""
        if fact.get("kind") == "retracted":
            undone = fact.get("undone")
            if isinstance(undone, Mapping):
                self._retract(undone)
            return
        handler = self._by_kind.get(str(fact.get("kind")))
        undo = handler(fact) if handler is not None else None
        if undo is not None:
            self._undo[_name(fact)] = undo

    def _retract(self, fact: Fact) -> None:
        undo = self._undo.pop(_name(fact), None)
        if undo is not None:
            undo()
            return
        # A fact of the feed: only kinds with an opposite can be undone.
        opposite = {
            "terminal.paused": "terminal.resumed",
            "terminal.resumed": "terminal.paused",
            "terminal.failed": "terminal.repaired",
            "terminal.repaired": "terminal.failed",
            "reception.stopped": "reception.resumed",
            "reception.resumed": "reception.stopped",
            "day.closed": "day.reopened",
        }.get(str(fact.get("kind")))
        if opposite is not None:
            self._by_kind[opposite](fact)

    def _desk(self, fact: Fact) -> Desk | None:
        return self.hall.desks.get(str(fact.get("terminal")))

    def _person(self, fact: Fact) -> Person | None:
        return self.hall.people.get(str(fact.get("ticket")))

    # --- the day

    def _opened(self, fact: Fact) -> Undo:
        if self.hall.opened:
            return None
        allocation = fact.get("allocation")
        for code, lane in allocation.items() if isinstance(allocation, Mapping) else ():
            desk = self.hall.desks.get(code)
            if desk is not None and lane in desk.lanes:
                desk.lane = lane
        self._officials_changed({"present": fact.get("officials", 0)})
        self.officials.scheduled = self.officials.present
        self.routine.opened()
        return None

    def _closed(self, fact: Fact) -> Undo:
        self.hall.closed = True
        return self.routine.go_on

    def _reopened(self, fact: Fact) -> Undo:
        self.routine.go_on()
        return None

    def _officials_changed(self, fact: Fact) -> Undo:
        present = fact.get("present")
        if not isinstance(present, int):
            return None
        before = self.officials.present
        self.officials.change(tuple(self.hall.site.city_codes.first(present)))
        return lambda: self.officials.change(before)

    def _reception(self, fact: Fact, *, stopped: bool) -> Undo:
        service = str(fact.get("service"))
        (self.hall.stopped.add if stopped else self.hall.stopped.discard)(service)
        return lambda: (self.hall.stopped.discard if stopped else self.hall.stopped.add)(service)

    # --- people

    def _person_changed(self, fact: Fact) -> Undo:
        staff, status = fact.get("staff"), fact.get("status")
        if not isinstance(staff, str) or not isinstance(status, str):
            return None
        return self.routine.crew.person_changed(staff, status, seconds_of(fact.get("until")))

    def _breaks_planned(self, fact: Fact) -> Undo:
        planned = {
            str(b["staff"]): (start, int(b["minutes"]) * MINUTE)
            for b in fact.get("breaks") or ()
            if (start := seconds_of(b.get("start"))) is not None
        }
        return self.routine.crew.plan_breaks(planned, fact.get("removed") or ())

    # --- terminals

    def _assigned(self, fact: Fact) -> Undo:
        desk, lane = self._desk(fact), fact.get("lane")
        if desk is None or lane not in desk.lanes:
            return None
        return self._sent(desk, str(lane), None)

    def _lent(self, fact: Fact) -> Undo:
        desk, lane = self._desk(fact), fact.get("lane")
        if desk is None or lane not in desk.lanes or desk.lent_from is not None or lane == desk.next_lane:
            return None
        own = desk.next_lane or desk.lane
        return None if lane == own else self._sent(desk, str(lane), own)

    def _returned(self, fact: Fact) -> Undo:
        desk = self._desk(fact)
        return None if desk is None or desk.lent_from is None else self._sent(desk, desk.lent_from, None)

    def _staffed(self, fact: Fact) -> Undo:
        """Set the person of a desk; a lent one without anybody is at home."""
        desk, staff = self._desk(fact), fact.get("staff")
        if desk is None:
            return None
        there, before = desk, desk.staff
        self.hall.put(there, None if staff is None else str(staff))

        def put() -> None:
            self.hall.put(there, before)

        if desk.lent_from is None or staff is not None:
            return put
        back = self._sent(desk, desk.lent_from, None)

        def undo() -> None:
            back()
            put()

        return undo

    def _sent(self, desk: Desk, lane: str, lent_from: str | None) -> Callable[[], None]:
        """Let a desk serve ``lane``, lent from another one or for good; return its undo."""
        before, was_lent_from = desk.next_lane or desk.lane, desk.lent_from
        desk.lent_from = lent_from
        self.hall.assign(desk, lane)

        def undo() -> None:
            desk.lent_from = was_lent_from
            self.hall.assign(desk, before)

        return undo

    def _put(self, fact: Fact, name: str, value: object) -> Undo:
        """Set a field of the fact's desk."""
        desk = self._desk(fact)
        if desk is None:
            return None
        before = getattr(desk, name)

        def put(new: object) -> None:
            setattr(desk, name, new)
            self.hall.wake(desk.lane)

        put(value)
        return lambda: put(before)

    # --- tickets

    def _issued(self, fact: Fact) -> Undo:
        ticket, service = str(fact.get("ticket")), str(fact.get("service"))
        if ticket in self.hall.people or service not in self.hall.site.service_by_code:
            return None
        hall, cards = self.hall, fact.get("cards", 1)
        given = draw_visitor(hall.site, hall.day, self.rng, hall.now, service, cards if isinstance(cards, int) else 1)
        if self.nobody_invented or hall.unticketed:
            given = replace(given, not_there=True, back_after_s=None, patience_s=None, wants=None)
        person = hall.admit(given, ticket)
        if given.not_there:
            hall.unclaimed.append(person)
            hall.hand_out()

        def undo() -> None:
            hall.release(person, "left")
            hall.people.pop(ticket, None)
            if person in hall.unclaimed:
                hall.unclaimed.remove(person)
            elif person.visitor is not given:
                hall.unticketed.insert(0, (person.issued, person.visitor))

        return undo

    def _called(self, fact: Fact) -> Undo:
        desk, person = self._desk(fact), self._person(fact)
        if desk is None or person is None or person.state != "waiting":
            return None
        if desk.person is not None:
            self.hall.release(desk.person, "finished")
        first = person.called is None
        self.hall.seat(person, desk)

        def undo() -> None:
            if first:
                person.called = None
            if desk.person is person:
                self.hall.release(person, "no_show")
                self.hall.requeue(person)

        return undo

    def _gone(self, fact: Fact, state: Any) -> Undo:
        person = self._person(fact)
        if person is None or person.state not in ("waiting", "serving"):
            return None
        before = person.state
        desk = next((d for d in self.hall.desks.values() if d.person is person), None)
        calls = desk.calls if desk is not None else 0
        self.hall.release(person, state)

        def undo() -> None:
            if person.state != state:
                return
            if before == "waiting":
                self.hall.requeue(person)
            elif desk is None or desk.calls != calls:
                person.state = "finished"  # the desk has called another person since
            else:
                person.state, person.expected, desk.person = "serving", True, person
                self.hall.continue_service(person, desk, 120)

        return undo

    def _requeued(self, fact: Fact) -> Undo:
        person = self._person(fact)
        if person is None or person.state != "no_show":
            return None
        self.hall.requeue(person)

        def undo() -> None:
            if person.state == "waiting":
                self.hall.release(person, "no_show")

        return undo

    def _transferred(self, fact: Fact) -> Undo:
        person, service = self._person(fact), str(fact.get("service"))
        if person is None or service not in self.hall.site.service_by_code:
            return None
        before = person.service
        self.hall.transfer(person, service)
        return lambda: self.hall.transfer(person, before)

    def _counted(self, fact: Fact) -> Undo:
        """Release the tickets beyond a head count, the oldest first (contract 2).

        Not with ``nobody_invented``: who stands there goes on standing there, however the manager counts.
        """
        if self.nobody_invented:
            return None
        queue, waiting = self.hall.queues.get(str(fact.get("lane"))), fact.get("waiting")
        if queue is None or not isinstance(waiting, int):
            return None
        oldest = sorted((p for _, p in queue), key=lambda p: (p.issued, p.key))
        gone = oldest[: max(0, len(oldest) - waiting)]
        for person in gone:
            self.hall.release(person, "left")

        def undo() -> None:
            for person in gone:
                if person.state == "left":
                    self.hall.requeue(person)

        return undo

    # --- the city

    def _case(self, fact: Fact) -> CityCase | None:
        return self.officials.cases.get(str(fact.get("escalation")))

    def _raised(self, fact: Fact) -> Undo:
        code = str(fact.get("escalation"))
        if code in self.officials.cases:
            return None
        desk, person = self._desk(fact), self._person(fact)
        if desk is None and person is not None:
            desk = next((d for d in self.hall.desks.values() if d.person is person), None)
        served = desk.person if desk is not None else None
        trouble = unforeseen(self.rng, str(fact.get("matter")))
        trouble = replace(trouble, handle_s=trouble.handle_s + self.city_waits_s)
        case = CityCase(code, trouble, served, desk if served else None)
        self.officials.add(case, self.city_waits_s)
        return lambda: self.officials.drop(case)

    def _taken(self, fact: Fact) -> Undo:
        case = self._case(fact)
        if case is None or case.state != "raised":
            return None
        self.officials.take(case, str(fact.get("official") or "") or case.official)
        return lambda: self.officials.reopen(case, taken=False)

    def _settled(self, fact: Fact) -> Undo:
        case, outcome = self._case(fact), fact.get("outcome")
        if case is None or case.state == "settled" or outcome not in ("approved", "declined", "desk3", "withdrawn"):
            return None
        was_taken = case.state == "taken"
        self.officials.settle(case, outcome)
        return lambda: self.officials.reopen(case, taken=was_taken)


def _name(fact: Fact) -> str:
    """Return the key under which a fact's undo is kept: its id, else its kind and subject."""
    if fact.get("id"):
        return str(fact["id"])
    return "|".join(str(fact.get(k)) for k in ("kind", "terminal", "ticket", "escalation", "service", "lane"))
