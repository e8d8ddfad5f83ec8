"""Facts of what is planned for a day: shifts, absences known ahead, hours of the city's staff (仕様書 7(2), 10 シフト表)."""

from typing import Annotated

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import Record, record
from floorctl.common.words import hm, month_day
from floorctl.models.facts.fact import Fact, Names, fact, with_more
from floorctl.models.facts.fields import Day, HourMinute, PersonCode, Present, Reason


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


@fact("absence.planned", "欠勤の予定", lasts=True)
class AbsencePlanned(Fact):
    """Whole day on which a person will be away, known ahead; it stands whatever shifts are imported.

    ``absent`` false: the person comes after all.
    """

    staff: PersonCode
    date: Day
    absent: bool = True
    reason: Reason = ""

    def sentence(self, site: Names) -> str:
        back = "" if self.absent else " 取りやめ"
        return with_more(f"{self.word}{back} {month_day(self.date)}", self.reason)


@record
class OfficialsStep(Record):
    """Number of the city's staff that is planned from a time of day on."""

    starts: HourMinute
    present: Present


@fact("officials.planned", "市職員の予定", lasts=True)
class OfficialsPlanned(Fact):
    """Planned numbers of the city's staff in the hall on a day (仕様書 7(2)), each until the next; none: as the site has them."""

    date: Day
    steps: Annotated[tuple[OfficialsStep, ...], Between(most=48)] = ()

    def sentence(self, site: Names) -> str:
        steps = " ".join(f"{hm(x.starts)} {x.present}名" for x in self.steps)
        return with_more(f"{self.word} {month_day(self.date)}", steps or "ふだんの予定")
