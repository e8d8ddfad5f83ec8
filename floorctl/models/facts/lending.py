"""Facts of loans of terminals to another lane (応援), and of the permission to lend without asking."""

from typing import Annotated

from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact, with_more
from floorctl.models.facts.fields import LaneCode, OnlyIfSet, Reason, TerminalCode


@fact("terminal.lent", "応援", by=FEED_OR_COMMAND)
class TerminalLent(Fact):
    """Loan of a terminal to another lane, the helped one; a busy one goes after its ticket if nobody waits at home then.

    ``unasked``: made by a console of itself, by the day's permission.
    """

    terminal: TerminalCode
    lane: LaneCode
    reason: Reason = ""
    unasked: Annotated[bool, OnlyIfSet()] = False

    def sentence(self, site: Names) -> str:
        said = f"{self.word} {site.lane_by_code[self.lane].name}へ"
        return with_more(f"許可により{said}" if self.unasked else said, self.reason)


@fact("terminal.returned", "応援から戻る", by=FEED_OR_COMMAND)
class TerminalReturned(Fact):
    """Return of a lent terminal to its own lane; a busy one follows after its present ticket.

    ``unasked``: made by a console of itself, when it was due.
    """

    terminal: TerminalCode
    reason: Reason = ""
    unasked: Annotated[bool, OnlyIfSet()] = False

    def sentence(self, site: Names) -> str:
        return with_more("応援から自動で戻る" if self.unasked else self.word, self.reason)


@fact("lending.permitted", "応援の許可", by=FEED_OR_COMMAND, prepares=True)
class LendingPermitted(Fact):
    """Terminals that may be lent on this day without asking; replaces the earlier list, empty: none."""

    terminals: tuple[TerminalCode, ...]

    def sentence(self, site: Names) -> str:
        return f"{self.word} {'・'.join(dict.fromkeys(self.terminals)) or 'なし'}"
