"""Stored facts, and the order in which facts count (contract 2)."""

from datetime import datetime
from typing import NamedTuple

from floorctl.common.words import OF_ITSELF, source_word
from floorctl.models.facts.fact import Fact


class Entry(NamedTuple):
    """Stored fact with its sequence number, source, time of recording and actor."""

    seq: int
    source: str
    recorded_at: datetime
    actor: str
    fact: Fact

    @property
    def kind(self) -> str:
        """Return the kind of the fact."""
        return self.fact.kind

    @property
    def key(self) -> tuple[str, str]:
        """Return (source, id), the identity of a fact."""
        return (self.source, self.fact.id)

    @property
    def told_by(self) -> str:
        """Return where it comes from, in words: 自動 if a console recorded it of itself."""
        return OF_ITSELF if getattr(self.fact, "unasked", False) else source_word(self.source)


class Head(NamedTuple):
    """Sequence number and hash of a fact in the chain; seq 0 and zeros where there is none."""

    seq: int
    hash: str


Order = tuple[datetime, tuple[int, str], str, str]


def order(entry: Entry) -> Order:
    """Return the order in which facts count: instant, place of the kind, source, id."""
    fact = entry.fact
    return (fact.at, fact.place, entry.source, fact.id)
