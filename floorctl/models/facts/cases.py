"""Facts of cases handed over to city staff, and of the number of city staff present (仕様書 7(2))."""

from typing import Annotated, Literal

from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact, with_more
from floorctl.models.facts.fields import (
    CITY_DECISIONS,
    CaseNumber,
    Code,
    CodeOf,
    Decision,
    Note,
    PersonCode,
    Present,
    TerminalCode,
    TicketNumber,
)


@fact("escalation.raised", "市職員へ引継ぎ", by=FEED_OR_COMMAND)
class EscalationRaised(Fact):
    """Case handed over to city staff."""

    escalation: CaseNumber
    matter: Annotated[Code, CodeOf("matter_by_code")]
    terminal: TerminalCode | None = None
    ticket: TicketNumber | None = None
    note: Note = ""

    def sentence(self, site: Names) -> str:
        return with_more(f"{self.word} {site.matter_by_code[self.matter].short}", self.note)


@fact("escalation.taken", "市職員 対応開始", by=FEED_OR_COMMAND)
class EscalationTaken(Fact):
    """City staff begin a case."""

    escalation: CaseNumber
    official: PersonCode | Literal[""] = ""

    def sentence(self, site: Names) -> str:
        return with_more(self.word, self.official)


@fact("escalation.settled", "市職員 決定", by=FEED_OR_COMMAND)
class EscalationSettled(Fact):
    """City staff decide a case."""

    escalation: CaseNumber
    outcome: Decision
    official: PersonCode | Literal[""] = ""

    def sentence(self, site: Names) -> str:
        """Return the city's decision; where it decided nothing (sent on, withdrawn), what became of the case."""
        word = site.decision_word(self.outcome)
        return with_more(f"{self.word} {word}" if self.outcome in CITY_DECISIONS else f"引継ぎ {word}", self.official)


@fact("officials.changed", "市職員の人数", by=FEED_OR_COMMAND)
class OfficialsChanged(Fact):
    """Number of city staff present."""

    present: Present

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.present}名"
