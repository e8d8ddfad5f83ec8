"""Facts of the shifts planned for a day (仕様書 10 シフト表)."""

from typing import Annotated

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import Record, record
from floorctl.common.words import month_day
from floorctl.models.facts.fact import Fact, Names, fact
from floorctl.models.facts.fields import Day, HourMinute, PersonCode


@record
class PlannedShift(Record):
    """Shift of a person on a day, with the hours that it had when it was imported; without hours: not in the hall (休み, 研修).

    ``code``: of the site's ``shift_codes``, or "" where the hours were written out.
    """

    staff: PersonCode
    code: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=16)] = ""
    starts: HourMinute | None = None
    ends: HourMinute | None = None
    break_minutes: Annotated[int, Between(0, 240)] | None = None


@fact("shifts.planned", "勤務予定の取込み", lasts=True)
class ShiftsPlanned(Fact):
    """All planned shifts of a day; a later import replaces them. Who has none works by the roster."""

    date: Day
    shifts: Annotated[tuple[PlannedShift, ...], Between(most=999)] = ()

    def sentence(self, site: Names) -> str:
        return f"{self.word} {month_day(self.date)} {len(self.shifts)}名"
