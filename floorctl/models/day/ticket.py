"""A ticket of the queue: from its issue to its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

ENDED = ("finished", "no_show", "left", "counted_out")


class Carried(NamedTuple):
    """Service and issue of a number that did not finish on the day before."""

    service: str
    issued_at: datetime


@dataclass(slots=True, eq=False, repr=False)
class Ticket:
    """State of a visitor's ticket. ``state``: ``waiting serving finished no_show left counted_out``.

    ``counted_out``: taken off by a head count that found fewer people, its end is unknown. A ticket called or finished
    without ever being issued has no ``issued_at`` and maybe no ``service``.
    """

    number: str
    service: str | None
    state: str
    issued_at: datetime | None = None
    cards: int = 1
    appointment: str | None = None
    due_at: datetime | None = None  # the appointment as an instant
    assist: bool = False
    remarks: dict[str, str | None] = field(default_factory=dict)  # code of a remark: its time ("HH:MM"), if it has one
    first_seen_at: datetime | None = None  # first call or finish of a ticket that is not issued yet
    called_at: datetime | None = None  # the first call: what a wait is measured to
    serving_since: datetime | None = None
    terminal: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    lane_at_end: str | None = None
    work: dict[str, int] = field(default_factory=dict)
    assumed_end: bool = False  # ended by the next call at its terminal, no finish was seen
    nth: int = 1  # which ticket of its number today: a number is issued again once its ticket has ended
    carried_from: datetime | None = None  # its issue on the day before, where it is first met on this one
    recalls: int = 0  # further calls to the terminal that serves it
    absent_at: datetime | None = None  # of an absence before any call: one of the same instant came before it
    # The finish of the instant of an absence: it fits if a further call of that instant is told.
    doubted_end: tuple[str, str] | None = None
    back_at: datetime | None = (
        None  # when it joined a queue in which others had been called before: numbers called since overtake it
    )
    called_again_at: datetime | None = None  # the call that came after its end, which ``before`` had
    before: Ticket | None = None  # as it was then: the number may be issued again right after (another clock)
    debited_lane: str | None = None  # its call, while unknown, took one from this lane's head count
    debited_since: datetime | None = None  # since when that person was known
    # Wait unknown: known by a head count until its call, or entered from paper without times.
    unmeasured: bool = False
    untimed: bool = False  # from paper without times: service time unknown, too
    ends: str = ""  # rule of its source for its end, where no end is told (``EndsBy``)
    by_rule: bool = False  # ended as done by that rule: no end was told
    at_most: bool = False  # ended by the next call, for which nobody is known to have waited: its length is a bound
    no_arrival: bool = False  # issued as it was called, since its source tells no issue
    issue_act: str = ""
    pending: list[tuple[tuple[str, str], str | None, tuple[str, ...]]] = field(default_factory=list)
    # ^ facts that named it before its issue: (key, other anomaly, lane of the terminal)

    @property
    def key(self) -> str:
        """Return the number, from its second ticket of the day on with its place behind a space."""
        return self.number if self.nth == 1 else f"{self.number} {self.nth}"

    def may_be(self, states: tuple[str, ...]) -> bool:
        """Return whether it is in one of ``states``; of one that only its rule has ended a person may know better."""
        return self.state in states or (self.by_rule and "serving" in states)

    @property
    def came_at(self) -> datetime | None:
        """Return when the visitor was first known: at the issue; where nobody tells of one, at the call."""
        return self.first_seen_at if self.no_arrival else self.issued_at

    @property
    def wait_from(self) -> datetime | None:
        """Return when the wait begins: at the issue, or at the appointment if later; None if unknown (contract 3)."""
        if self.issued_at is None or self.unmeasured or self.carried_from is not None:
            return None
        return max(self.issued_at, self.due_at) if self.due_at else self.issued_at
