"""Facts of calls: a ticket called to a terminal, and called once more (contract 2)."""

from typing import Annotated

from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact
from floorctl.models.facts.fields import EndsBy, OnlyIfSet, TerminalCode, TicketNumber


@fact("ticket.called", "呼出し", by=FEED_OR_COMMAND, place=9)
class TicketCalled(Fact):
    """Call of a ticket to a terminal; None: the source does not tell which.

    ``ends``: the rule of a source that tells no end (``EndsBy``).
    """

    ticket: TicketNumber
    terminal: TerminalCode | None = None
    ends: Annotated[EndsBy, OnlyIfSet()] = ""

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.ticket}{'' if self.terminal else ' 端末不明'}"


@fact("ticket.recalled", "再呼出し", by=FEED_OR_COMMAND)
class TicketRecalled(Fact):
    """Further call of a ticket whose visitor was called already; ``terminal`` None: where it was called before."""

    ticket: TicketNumber
    terminal: TerminalCode | None = None

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.ticket}"
