"""Facts of terminals: their lane, who stands there, pauses and failures (contract 2)."""

from typing import Annotated

from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact, with_more
from floorctl.models.facts.fields import FreeText, LaneCode, OnlyIfSet, PersonCode, Reason, TerminalCode, Text

Fault = Annotated[Text, FreeText("故障の内容")]


@fact("terminal.assigned", "配分変更", by=FEED_OR_COMMAND, place=2, clause="15(4)")
class TerminalAssigned(Fact):
    """Move of a terminal to a lane; takes effect when its present ticket is finished."""

    terminal: TerminalCode
    lane: LaneCode
    reason: Reason = ""

    def sentence(self, site: Names) -> str:
        return with_more(f"{site.lane_by_code[self.lane].name}へ", self.reason)


@fact("terminal.staffed", "担当", by=FEED_OR_COMMAND, place=1, clause="7(2)")
class TerminalStaffed(Fact):
    """Person who stands at a terminal; null: nobody."""

    terminal: TerminalCode
    staff: PersonCode | None
    # Why somebody without the authority stands there (7(2)).
    reason: Annotated[Reason, OnlyIfSet()] = ""

    def sentence(self, site: Names) -> str:
        return with_more(f"{self.word} {self.staff}", self.reason) if self.staff else "担当なし"


@fact("terminal.paused", "休止", by=FEED_OR_COMMAND)
class TerminalPaused(Fact):
    """A terminal calls nobody for a while."""

    terminal: TerminalCode
    reason: Reason = ""


@fact("terminal.resumed", "再開", by=FEED_OR_COMMAND)
class TerminalResumed(Fact):
    """A paused terminal calls again."""

    terminal: TerminalCode
    reason: Reason = ""


@fact("terminal.failed", "故障", by=FEED_OR_COMMAND)
class TerminalFailed(Fact):
    """A terminal is out of order."""

    terminal: TerminalCode
    fault: Fault = ""

    def sentence(self, site: Names) -> str:
        return with_more(self.word, self.fault)


@fact("terminal.repaired", "復旧", by=FEED_OR_COMMAND)
class TerminalRepaired(Fact):
    """A terminal works again."""

    terminal: TerminalCode
    fault: Fault = ""

    def sentence(self, site: Names) -> str:
        return with_more(self.word, self.fault)
