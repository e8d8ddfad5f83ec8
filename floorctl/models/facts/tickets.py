"""Facts of tickets: from the issue to the end (contract 2)."""

from dataclasses import field
from typing import Annotated

from floorctl.common.constraints import Between
from floorctl.common.words import hm
from floorctl.models.facts.fact import FEED_OR_COMMAND, WITH_ANOTHER, Fact, Names, fact
from floorctl.models.facts.fields import (
    Count,
    HourMinute,
    Instant,
    OnlyIfSet,
    Outcome,
    ServiceCode,
    TerminalCode,
    TicketNumber,
    WorkItemCode,
)


@fact("ticket.issued", "発券", by=FEED_OR_COMMAND, place=3)
class TicketIssued(Fact):
    """Ticket issued to a visitor for a service.

    ``wraps``: the source's numbers begin again within the day. ``no_arrival``: the source tells no issue, this one has the
    time of the call, and no wait is known.
    """

    ticket: TicketNumber
    service: ServiceCode
    cards: Annotated[int, Between(1, 999)] = 1
    appointment: HourMinute | None = None
    assist: bool = False
    wraps: Annotated[bool, OnlyIfSet()] = False
    no_arrival: Annotated[bool, OnlyIfSet()] = False

    def sentence(self, site: Names) -> str:
        more = f" {self.cards}枚" if self.cards > 1 else ""
        due = f" 予約{hm(self.appointment)}" if self.appointment else ""
        word = "受付（呼出しの時刻）" if self.no_arrival else self.word
        return f"{word} {site.service_by_code[self.service].short}{more}{due}"


@fact("ticket.finished", "終了", by=FEED_OR_COMMAND, place=8)
class TicketFinished(Fact):
    """End of a ticket's service: its outcome, and the pieces of each work item; ``terminal`` None: nobody tells which."""

    ticket: TicketNumber
    terminal: TerminalCode | None = None
    outcome: Outcome = "done"
    work: dict[WorkItemCode, Count] = field(default_factory=dict)

    def sentence(self, site: Names) -> str:
        return f"{self.ticket} {site.outcome_word(self.outcome)}"


@fact("ticket.no_show", "不在", by=FEED_OR_COMMAND, place=6)
class TicketNoShow(Fact):
    """Called ticket whose visitor did not come."""

    ticket: TicketNumber


@fact("ticket.left", "帰宅", by=FEED_OR_COMMAND, place=5)
class TicketLeft(Fact):
    """Ticket whose visitor left before being served; ``mistaken``: it was issued by mistake, nobody ever held it."""

    ticket: TicketNumber
    mistaken: Annotated[bool, OnlyIfSet()] = False

    def sentence(self, site: Names) -> str:
        return "誤発券" if self.mistaken else self.word


@fact("ticket.requeued", "待ちに戻す", by=FEED_OR_COMMAND, place=7)
class TicketRequeued(Fact):
    """Return of a ticket to the queue."""

    ticket: TicketNumber


@fact("ticket.transferred", "用件変更", by=FEED_OR_COMMAND, place=4)
class TicketTransferred(Fact):
    """Change of a ticket to another service."""

    ticket: TicketNumber
    service: ServiceCode

    def sentence(self, site: Names) -> str:
        return f"{self.word} {site.service_by_code[self.service].short}"


@fact("paper.entered", "紙からの入力", by=WITH_ANOTHER)
class PaperEntered(Fact):
    """Entry from paper (手書き): numbers of tickets, moves and work counts in its act, and the span that they cover."""

    tickets: Count = 0
    moves: Count = 0
    counts: Count = 0
    from_at: Instant
    until_at: Instant

    def sentence(self, site: Names) -> str:
        parts = ((self.tickets, "人"), (self.moves, "回の配分変更"), (self.counts, "件"))
        typed = " ".join(f"{n}{unit}" for n, unit in parts if n)
        return f"{self.word} {hm(self.from_at)}〜{hm(self.until_at)} {typed}"
