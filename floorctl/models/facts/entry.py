"""A fact as it stands in the file, and the order in which facts count (contract 2)."""

from datetime import datetime
from typing import NamedTuple

from floorctl.models.facts.fact import Fact


class Entry(NamedTuple):
    """A fact as it stands in the file: with its source, its place and who recorded it when."""

    seq: int
    source: str
    recorded_at: datetime
    actor: str
    fact: Fact

    @property
    def kind(self) -> str:
        """Kind of the fact."""
        return self.fact.kind

    @property
    def key(self) -> tuple[str, str]:
        """(source, id): what makes a fact the same fact."""
        return (self.source, self.fact.id)


class Head(NamedTuple):
    """The place and the seal of a fact in the chain; seq 0 and zeros where there is none."""

    seq: int
    hash: str


Order = tuple[datetime, tuple[int, str], str, str]


def order(entry: Entry) -> Order:
    """Return the order in which facts count: instant, place of the kind, source, id."""
    fact = entry.fact
    return (fact.at, fact.place, entry.source, fact.id)
