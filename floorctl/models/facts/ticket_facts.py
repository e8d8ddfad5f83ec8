"""Facts of tickets and of head counts: from the issue to the end (contract 2)."""

from typing import Annotated, Literal

from pydantic import Field

from floorctl.models.facts.fields import Code, Count, Fact, HourMinute, Number, Outcome


class TicketIssued(Fact):
    kind: Literal["ticket.issued"] = "ticket.issued"
    ticket: Number
    service: Code
    cards: Annotated[int, Field(ge=1, le=999)] = 1
    appointment: HourMinute | None = None
    assist: bool = False


class TicketCalled(Fact):
    kind: Literal["ticket.called"] = "ticket.called"
    ticket: Number
    terminal: Code


class TicketFinished(Fact):
    kind: Literal["ticket.finished"] = "ticket.finished"
    ticket: Number
    terminal: Code
    outcome: Outcome = "done"
    work: dict[Code, Count] = Field(default_factory=dict)


class TicketNoShow(Fact):
    kind: Literal["ticket.no_show"] = "ticket.no_show"
    ticket: Number


class TicketLeft(Fact):
    kind: Literal["ticket.left"] = "ticket.left"
    ticket: Number


class TicketRequeued(Fact):
    kind: Literal["ticket.requeued"] = "ticket.requeued"
    ticket: Number


class TicketTransferred(Fact):
    kind: Literal["ticket.transferred"] = "ticket.transferred"
    ticket: Number
    service: Code


class QueueCounted(Fact):
    kind: Literal["queue.counted"] = "queue.counted"
    lane: Code
    waiting: Count
