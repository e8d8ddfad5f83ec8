"""Facts of the answers to an advice."""

from typing import Literal

from floorctl.models.facts.fact import Fact, Names, fact, with_more
from floorctl.models.facts.fields import Body, Delta, LaneCode, Reason, TerminalCode


@fact("advice.taken", "提案を適用")
class AdviceTaken(Fact):
    """Advice followed by the manager; the move is a fact of its own.

    ``gain_s``: predicted saving, in seconds of waiting, summed over all visitors.
    """

    terminal: TerminalCode
    lane: LaneCode
    text: Body = ""
    gain_s: Delta = 0

    def sentence(self, site: Names) -> str:
        return f"{self.word} {site.lane_by_code[self.lane].name}へ"


@fact("advice.declined", "提案を見送り")
class AdviceDeclined(Fact):
    """Advice declined by the manager, with the reason.

    ``about``: "" a move, else the other proposal. ``terminal`` None: the proposal names none (an early end of reception).
    ``gain_s``: predicted saving, in seconds of waiting, summed over all visitors.
    """

    terminal: TerminalCode | None = None
    lane: LaneCode
    about: Literal["", "resume", "recall", "open", "lend", "back", "stop", "staff"] = ""
    reason: Reason = ""
    text: Body = ""
    gain_s: Delta = 0

    def sentence(self, site: Names) -> str:
        name = site.lane_by_code[self.lane].name
        return with_more(
            f"{self.word} {name}へ" if self.terminal or self.about == "staff" else f"{self.word} {name}の打切り",
            self.reason,
        )
