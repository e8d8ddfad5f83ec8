"""Facts of the day as a whole: opening, close, reception by service, retractions (contract 2)."""

from dataclasses import field
from typing import Annotated

from floorctl.common.words import DECIDERS
from floorctl.models.facts.fact import FEED_OR_COMMAND, LAST, WITH_ANOTHER, Fact, Names, fact, with_more
from floorctl.models.facts.fields import (
    DecidedBy,
    FactId,
    LaneCode,
    OnlyIfSet,
    Present,
    Reason,
    ServiceCode,
    TerminalCode,
)


@fact("day.opened", "開場", by=FEED_OR_COMMAND, place=0)
class DayOpened(Fact):
    """Opening of the day: the lane of each terminal, and the number of city staff present."""

    allocation: dict[TerminalCode, LaneCode] = field(default_factory=dict)
    officials: Present = 0
    # Why the split lies outside the usual band (15(4)※).
    reason: Annotated[Reason, OnlyIfSet()] = ""

    def sentence(self, site: Names) -> str:
        return with_more(f"{self.word} 市職員{self.officials}名", self.reason)


@fact("day.closed", "閉場", by=FEED_OR_COMMAND, place=LAST, final=True)
class DayClosed(Fact):
    """Close of the day."""


@fact("day.reopened", "再開", final=True)
class DayReopened(Fact):
    """Reopening: the close of the day no longer counts."""

    reason: Reason = ""


def decided_word(decided_by: str) -> str:
    """Return who decided, in brackets; "" where nobody is named."""
    return f"（決定 {DECIDERS[decided_by]}）" if decided_by else ""


@fact("reception.stopped", "受付打切り", by=FEED_OR_COMMAND)
class ReceptionStopped(Fact):
    """Stop of a service's reception for today; ``decided_by``: who decided it."""

    service: ServiceCode
    reason: Reason = ""
    decided_by: Annotated[DecidedBy, OnlyIfSet()] = ""

    def sentence(self, site: Names) -> str:
        return f"{with_more(self.word, self.reason)}{decided_word(self.decided_by)}"


@fact("reception.resumed", "受付再開", by=FEED_OR_COMMAND)
class ReceptionResumed(Fact):
    """Resumption of a service's reception; ``decided_by``: who decided it."""

    service: ServiceCode
    reason: Reason = ""
    decided_by: Annotated[DecidedBy, OnlyIfSet()] = ""

    def sentence(self, site: Names) -> str:
        return f"{with_more(self.word, self.reason)}{decided_word(self.decided_by)}"


UNDONE = "取消し"  # the reason that the key u records: it says no more than the kind


def given_reason(fact: Fact) -> str:
    """Return the reason that somebody gave for a fact; "" where there is none, or that of the key u."""
    reason: str = getattr(fact, "reason", "")
    return "" if reason == UNDONE else reason


@fact("retracted", "取消し", by=WITH_ANOTHER, final=True)
class Retracted(Fact):
    """Retraction of another fact: undo, or correction of an older entry with a reason."""

    target: FactId
    target_source: FactId = "console"
    reason: Reason = ""

    def sentence(self, site: Names) -> str:
        return with_more(f"{self.word} {self.target}", self.reason)
