"""Constants of the advice that a site sets in place of the shipped ones (``floorctl fit``)."""

from dataclasses import field
from typing import Annotated, Any

from floorctl.common.constraints import Between
from floorctl.common.frozen import record
from floorctl.models.site.part import Part, Seconds, SomeSeconds

Times = Annotated[float, Between(0, 99)]  # a factor
Heads = Annotated[int, Between(1, 99)]
HeadsMore = Annotated[float, Between(0, 99)]


class _Given(Part):
    """Part whose keys may all be left out."""

    __slots__ = ()

    @property
    def given(self) -> dict[str, Any]:
        """Return the values that the file gives, by key."""
        return {key: value for key in self.__dataclass_fields__ if (value := getattr(self, key)) is not None}


@record
class LendingConstants(_Given):
    """Constants of loans; what they mean stands at ``advice/lending.LendRules``. None: as shipped."""

    relief_s: SomeSeconds | None = None
    alone_s: SomeSeconds | None = None
    heads: Heads | None = None
    rest_s: Seconds | None = None
    times: Times | None = None
    heads_more: HeadsMore | None = None
    per_day: Annotated[int, Between(1, 99)] | None = None


@record
class MoveConstants(_Given):
    """Constants of moves; what they mean stands at ``advice/best_move.Rules``. None: as shipped."""

    heads_more: HeadsMore | None = None
    lasts_s: Seconds | None = None


@record
class AdviceConstants(Part):
    """Constants with which this site's loans and moves are advised."""

    lending: LendingConstants = field(default_factory=LendingConstants)
    moves: MoveConstants = field(default_factory=MoveConstants)

    @property
    def own(self) -> bool:
        """Return whether any constant is the site's own."""
        return bool(self.lending.given or self.moves.given)
