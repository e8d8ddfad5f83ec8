"""Simulate the fixed points of a day: opening, officials' hours, head counts, inquiries, closing."""

from __future__ import annotations

from functools import partial
from random import Random

from floorctl.simulation.crew import Crew
from floorctl.simulation.draws import poisson
from floorctl.simulation.hall import Hall
from floorctl.simulation.hours import HOUR, hours_of
from floorctl.simulation.officials import Officials

# One official is at lunch from 12 to 13 at Kumagaya, one leaves at 15 [J]. Seconds after the first reception.
OFFICIALS = (0, 1)  # who of the city's codes
LATER_OFFICIALS = ((12600, (1,)), (16200, (0, 1)), (23400, (0,)))
TOPICS = ("持ち物", "予約の取り方", "有効期限", "暗証番号", "手数料", "他課の案内")
QUESTIONS = 14.0  # per day [J]
# Work without a ticket, per day [J].
ODD_JOBS = (("other_desk_referral", 3.0), ("pickup_guidance", 2.0))


class Routine:
    """Schedules the fixed points and closes the day when the last visitor has left."""

    def __init__(self, hall: Hall, crew: Crew, officials: Officials, rng: Random) -> None:
        self.hall, self.crew, self.officials, self.rng = hall, crew, officials, rng
        self._closings = 0
        self.hours = hours_of(hall.site, hall.day)

    def begin(self) -> None:
        hall, rng, hours = self.hall, self.rng, self.hours
        opening, closes = hours.opening, hours.closing
        hall.plan(opening, self._do_open)
        for after_s, who in LATER_OFFICIALS:
            at = hours.after_opening(after_s) + rng.randint(0, 90)
            hall.plan(at, partial(self._do_change_officials, self._officials(who)))
        for hour in range(-(-hours.opens // HOUR), closes // HOUR):
            hall.plan(hour * HOUR + 1800 + rng.randint(-240, 240), self._do_count_visitors)
        topics = hall.site.inquiry_topics or TOPICS
        for _ in range(poisson(rng, QUESTIONS)):
            at, topic = rng.randint(opening + 400, closes - 900), rng.choice(topics)
            hall.plan(at, partial(hall.emit, "inquiry.counted", topic=topic), missable=True)
        for meaning, mean in ODD_JOBS:
            item = hall.site.item_by_meaning.get(meaning)
            if item is not None:
                for _ in range(poisson(rng, mean)):
                    at = rng.randint(opening + 400, closes - 900)
                    hall.plan(at, partial(hall.emit, "work.counted", item=item), missable=True)
        self._close_from(closes + rng.randint(0, 120))

    def opened(self) -> None:
        """Open the day, by whomever, and staff the terminals."""
        self.hall.opened = True
        self.crew.take_posts()

    def _do_open(self) -> None:
        if self.hall.opened:
            return
        allocation = {d.code: d.lane for d in self.hall.desks.values()}
        self.officials.scheduled = self._officials(OFFICIALS)
        self.officials.change(self.officials.scheduled)
        self.hall.emit("day.opened", allocation=allocation, officials=len(self.officials.present))
        self.opened()

    def _officials(self, who: tuple[int, ...]) -> tuple[str, ...]:
        codes = self.hall.site.city_codes.first(len(OFFICIALS))
        return tuple(codes[n] for n in who if n < len(codes))

    def _do_change_officials(self, present: tuple[str, ...]) -> None:
        self.officials.scheduled = present
        self.officials.do_change(present)

    def _do_count_visitors(self) -> None:
        self.hall.emit("visitors.counted", persons=self.hall.in_hall())

    def go_on(self) -> None:
        """Resume a reopened day; what fell due meanwhile is dropped."""
        self.hall.closed = False
        self._close_from(max(self.hall.now + 60, self.hours.closing))

    def _close_from(self, at: int) -> None:
        self._closings += 1
        self.hall.plan(at, partial(self._closing, self._closings))

    def _closing(self, turn: int) -> None:
        """Close once everybody is served; check again every minute."""
        hall = self.hall
        if turn != self._closings:
            return
        if hall.now >= self.hours.latest:
            for person in [p for q in hall.queues.values() for _, p in q]:
                hall.emit("ticket.left", ticket=person.ticket)
                hall.release(person, "left")
        if self._busy():
            hall.plan(hall.now + 60, partial(self._closing, turn))
        else:
            hall.plan(hall.now + 90, partial(self._do_close, turn))

    def _busy(self) -> bool:
        return bool(any(self.hall.queues.values()) or self.hall.serving() or self.officials.open_cases())

    def _do_close(self, turn: int) -> None:
        if self._busy():
            self._closing(turn)
        elif turn == self._closings:
            self.hall.emit("day.closed")
            self.hall.closed = True
