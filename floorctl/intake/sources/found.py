"""Results of reading a described file: facts, and rows that were not understood."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.models.facts.fact import Fact


class BadRow(NamedTuple):
    """Row, or fact of a row, that is refused: the reason in Japanese without any value; ``column``: as described, or ""."""

    column: str
    why: str

    @property
    def sentence(self) -> str:
        """Return the column and the reason as one phrase."""
        return f"{self.column}：{self.why}" if self.column else self.why


class FromRow(NamedTuple):
    """Fact of a row, or the reason why there is none; ``number``: line or row of the file, from 1."""

    number: int
    found: Fact | BadRow


class Trouble(NamedTuple):
    """Why a followed source cannot be read as it is described: in two words, and in a sentence with what to do."""

    brief: str
    sentence: str
