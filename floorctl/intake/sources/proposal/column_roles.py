"""Roles of the columns of a file, as words of a description."""

from __future__ import annotations

from dataclasses import dataclass, field

from floorctl.intake.sources.proposal.column_profile import Profile
from floorctl.intake.sources.proposal.sample import SampleColumn


@dataclass
class Roles:
    """Role of the columns: words of the description, and those that stand for nothing."""

    style: str = ""  # events visits counts issues
    words: dict[str, Profile] = field(default_factory=dict)
    personal: list[Profile] = field(default_factory=list)
    unused: list[Profile] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)  # event: kind
    lanes: dict[str, str] = field(default_factory=dict)  # words of columns of counts, each of one lane
    at: SampleColumn | None = None  # time of the document
    totals: list[tuple[int | str, str]] = field(default_factory=list)  # columns and words of rows of totals
