"""Facts of the breaks planned for the day (労働基準法34条, 仕様書 7(4)※)."""

from typing import Annotated

from floorctl.common.constraints import Between
from floorctl.common.frozen import Record, record
from floorctl.common.words import hm
from floorctl.models.facts.fact import Fact, Names, fact
from floorctl.models.facts.fields import HourMinute, PersonCode


@record
class PlannedBreak(Record):
    """Break that a person is to take today, in minutes from ``start``; ``fixed``: no new plan moves it."""

    staff: PersonCode
    start: HourMinute
    minutes: Annotated[int, Between(5, 240)]
    fixed: bool = False


@fact("breaks.planned", "休憩の計画", prepares=True)
class BreaksPlanned(Fact):
    """Planned breaks of the people named, and who has none any more; those of other people stay."""

    breaks: Annotated[tuple[PlannedBreak, ...], Between(most=999)] = ()
    removed: Annotated[tuple[PersonCode, ...], Between(most=999)] = ()

    def sentence(self, site: Names) -> str:
        if len(self.breaks) == 1 and not self.removed:
            b = self.breaks[0]
            return f"{self.word} {b.staff} {hm(b.start)}から{b.minutes}分{' 固定' if b.fixed else ''}"
        parts = [f"{len(self.breaks)}名"] if self.breaks else []
        parts += [f"外す {'・'.join(self.removed)}"] if self.removed else []
        return f"{self.word} {' '.join(parts)}".rstrip()
