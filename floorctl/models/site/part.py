"""What every part of a site file is: frozen, strict, with its codes and words."""

from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Seconds = Annotated[int, Field(ge=0, le=86_400)]
# Of a hall: terminals in a lane, pieces of equipment (each has a line of its own on the screen). Of a city: people, cases.
Pieces = Annotated[int, Field(ge=0, le=99)]
# Of a fiscal year: a simulated day draws each of its visitors, so that the work of `simulate` grows with it.
Cases = Annotated[int, Field(ge=0, le=999_999)]
People = Annotated[int, Field(ge=0, le=99_999_999)]
# A hall of so many parts is still drawn and folded at once: every fact looks at every lane and terminal.
MOST_LANES, MOST_TERMINALS, MOST_PARTS = 26, 99, 200


class SiteError(ValueError):
    """A rule between keys is broken; ``place`` is the key at fault, as a path from the part that checks it."""

    def __init__(self, text: str, *place: str | int) -> None:
        super().__init__(text)
        self.place = place


class Part(BaseModel):
    """Base of all parts of a site: frozen, strict, no unknown keys, no range that ends before it starts."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True, ignored_types=(cached_property,)
    )

    @model_validator(mode="after")
    def _ranges_in_order(self) -> Self:
        held = (
            self.__dict__
        )  # hasattr would ask pydantic for what it does not have: a dozen times the cost, a thousand times
        for first, last in (("start", "end"), ("opens", "closes"), ("low", "high")):
            if first in held and last in held and held[last] < held[first]:
                raise SiteError(f"{last} が {first} より前（または小さい値）です", last)
        return self
