"""Rules of the calendar as data: Saturdays, the year's end, training, agreed exceptions (仕様書 6, 8)."""

import datetime as dt
from datetime import date
from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Part, SiteError, Words

MonthDay = Annotated[str, Chars(r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


@record
class Override(Part):
    """Agreed exception of the calendar (仕様書 6※): an extra day or an emergency closure."""

    date: dt.date
    kind: Literal["extra", "closed_emergency"]
    reason: Words
    agreed_on: dt.date
    agreed_with: Words = "監督員"

    def check(self) -> None:
        if self.kind == "extra" and self.agreed_on > self.date:
            raise SiteError("agreed_on は date 以前の日にしてください", "agreed_on")


@record
class Closure(Part):
    """Period without visitors that overrides the calendar (training, 仕様書 8)."""

    start: date
    end: date
    reason: Words


@record
class CalendarRules(Part):
    """Rules of 仕様書 6. ``nth``: Saturdays of a month, counted from 1."""

    saturdays_nth: tuple[Annotated[int, Between(1, 5)], ...]
    hall_saturdays_nth: tuple[Annotated[int, Between(1, 5)], ...]
    saturday_peak_months: tuple[Annotated[int, Between(1, 12)], ...]
    year_end_from: MonthDay
    year_end_to: MonthDay
    training: tuple[Closure, ...] = ()
    overrides: tuple[Override, ...] = ()
