"""Facts of terminals: lane, assigned person, pauses and failures (contract 2)."""

from typing import Annotated

from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact, with_more
from floorctl.models.facts.fields import FreeText, LaneCode, OnlyIfSet, PersonCode, Reason, TerminalCode, Text

Fault = Annotated[Text, FreeText("故障の内容")]


@fact("terminal.assigned", "配分変更", by=FEED_OR_COMMAND, place=2)
class TerminalAssigned(Fact):
    """Move of a terminal to a lane; takes effect when its present ticket is finished."""

    terminal: TerminalCode
    lane: LaneCode
    reason: Reason = ""

    def sentence(self, site: Names) -> str:
        return with_more(f"{site.lane_by_code[self.lane].name}へ", self.reason)


@fact("terminal.staffed", "担当", by=FEED_OR_COMMAND, place=1)
class TerminalStaffed(Fact):
    """Person assigned to a terminal; null: nobody."""

    terminal: TerminalCode
    staff: PersonCode | None
    # Reason to assign a person without the authority (7(2)).
    reason: Annotated[Reason, OnlyIfSet()] = ""

    def sentence(self, site: Names) -> str:
        return with_more(f"{self.word} {self.staff}", self.reason) if self.staff else "担当なし"


@fact("terminal.paused", "休止", by=FEED_OR_COMMAND)
class TerminalPaused(Fact):
    """Pause of a terminal: it calls nobody."""

    terminal: TerminalCode
    reason: Reason = ""


@fact("terminal.resumed", "再開", by=FEED_OR_COMMAND)
class TerminalResumed(Fact):
    """End of a terminal's pause."""

    terminal: TerminalCode
    reason: Reason = ""


@fact("terminal.failed", "故障", by=FEED_OR_COMMAND)
class TerminalFailed(Fact):
    """Failure of a terminal."""

    terminal: TerminalCode
    fault: Fault = ""

    def sentence(self, site: Names) -> str:
        return with_more(self.word, self.fault)


@fact("terminal.repaired", "復旧", by=FEED_OR_COMMAND)
class TerminalRepaired(Fact):
    """End of a terminal's failure."""

    terminal: TerminalCode
    fault: Fault = ""

    def sentence(self, site: Names) -> str:
        return with_more(self.word, self.fault)
