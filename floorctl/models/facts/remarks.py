"""Facts of the remarks on a ticket."""

from typing import Annotated

from floorctl.common.words import hm
from floorctl.models.facts.fact import Fact, Names, fact
from floorctl.models.facts.fields import HourMinute, OnlyIfSet, RemarkCode, TicketNumber


@fact("ticket.remarked", "印")
class TicketRemarked(Fact):
    """Remark of the site on a ticket by its code alone; ``until``: the visitor has time up to then; ``removed``: no longer."""

    ticket: TicketNumber
    remark: RemarkCode
    until: Annotated[HourMinute | None, OnlyIfSet()] = None
    removed: Annotated[bool, OnlyIfSet()] = False

    def sentence(self, site: Names) -> str:
        until = f" {hm(self.until)}まで" if self.until else ""
        return f"{self.word} {site.remark_by_code[self.remark].name}{until}{'を外す' if self.removed else ''}"
