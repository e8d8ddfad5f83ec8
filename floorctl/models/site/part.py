"""Base of the parts of a site file, a scenario and a layout (frozen dataclasses), and the types of their fields."""

from __future__ import annotations

from dataclasses import Field
from typing import Annotated, Any, ClassVar

from floorctl.common.constraints import Between, Chars

Code = Annotated[str, Chars(r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
Words = Annotated[str, Chars(r"^[^\x00-\x1f\x7f]+$", least=1, most=80)]
Seconds = Annotated[int, Between(0, 86_400)]
# Of a hall: terminals in a lane, pieces of equipment (each has a line of its own on the screen). Of a city: people, cases.
Pieces = Annotated[int, Between(0, 99)]
# Of a fiscal year: a simulated day draws each of its visitors, so that the work of `simulate` grows with it.
Cases = Annotated[int, Between(0, 999_999)]
People = Annotated[int, Between(0, 99_999_999)]
# Bounds for speed: folding a fact looks at every lane and terminal.
MOST_LANES, MOST_TERMINALS, MOST_PARTS = 26, 99, 200
_RANGES = (("start", "end"), ("opens", "closes"), ("low", "high"))


class SiteError(ValueError):
    """Broken rule between keys; ``place``: path of the key at fault, from the part that checks it."""

    def __init__(self, text: str, *place: str | int) -> None:
        super().__init__(text)
        self.place = place


class Part:
    """Part of a file that people write. The check at reading refuses unknown keys and values of another type."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def check(self) -> None:
        """Raise SiteError if fields contradict each other."""


def checked_part(made: Part) -> Part:
    """Return the part. Raise SiteError if its fields contradict each other."""
    for first, last in _RANGES:
        if {first, last} <= made.__dataclass_fields__.keys() and getattr(made, last) < getattr(made, first):
            raise SiteError(f"{last} が {first} より前（または小さい値）です", last)
    made.check()
    return made
