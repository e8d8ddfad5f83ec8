"""Appointments of the day against who has come: counts only, no names (仕様書 7(4)※). Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from floorctl.common.clock import JST
from floorctl.common.frozen import frozen
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.hall import Service

MISSED_SHARE = 0.08  # of those with an appointment: never come, draw no ticket
EARLY = timedelta(minutes=6)  # of those who come, before their time on average


@frozen
class SlotState:
    """Appointments of one time: ``booked`` people (0 without an import) with ``cards`` cards.

    ``came`` of them have taken a number, ``waiting`` of these were not called.
    """

    at: datetime
    booked: int
    cards: int
    came: int
    waiting: int

    @property
    def missing(self) -> int:
        return max(0, self.booked - self.came)


def slot_states(floor: Floor, register: Register) -> list[SlotState]:
    """Return every time of the day with an appointment, imported or on a ticket, in order."""
    booked: dict[str, int] = {}
    cards: dict[str, int] = {}
    for slot in register.slots(floor.day):
        booked[slot.time] = booked.get(slot.time, 0) + slot.count
        cards[slot.time] = cards.get(slot.time, 0) + slot.count * slot.cards
    tickets = [t for t in floor.tickets.values() if t.appointment]
    times = sorted(booked.keys() | {t.appointment for t in tickets if t.appointment})
    return [
        SlotState(
            datetime.combine(floor.day, time.fromisoformat(at), JST),
            booked.get(at, 0),
            cards.get(at, 0),
            sum(t.appointment == at for t in tickets),
            sum(t.appointment == at and t.state == "waiting" for t in tickets),
        )
        for at in times
    ]


def due_within(states: list[SlotState], now: datetime, minutes: int = 30) -> list[SlotState]:
    """Return the times from now to ``minutes`` ahead."""
    return [s for s in states if now <= s.at <= now + timedelta(minutes=minutes)]


def late(floor: Floor, states: list[SlotState], now: datetime) -> list[SlotState]:
    """Return the times with somebody missing for longer than the site waits (walk-ins then go first)."""
    grace = timedelta(seconds=floor.site.thresholds.appointment_late_s)
    return [s for s in states if s.missing and now > s.at + grace]


def slot_minutes(service: Service, cards: int) -> int:
    """Return the length of an appointment: 10 minutes and 5 for each further card (仕様書 7(4)※)."""
    return service.first_minutes + service.further_card_minutes * (max(1, cards) - 1)


def booked_minutes(floor: Floor, register: Register, states: list[SlotState]) -> int:
    """Return the minutes of work that the times have booked."""
    service = next((s for s in floor.site.services if s.appointment), floor.site.services[0])
    wanted = {f"{s.at:%H:%M}" for s in states}
    return sum(
        slot.count * slot_minutes(service, slot.cards) for slot in register.slots(floor.day) if slot.time in wanted
    )
