"""Rules of the calendar as data: Saturdays, the year's end, training, agreed exceptions (仕様書 6, 8)."""

import datetime as dt
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Fault, Part, Words, known, repeated

MonthDay = Annotated[str, Chars(r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


@record
class Override(Part):
    """Agreed exception of the calendar (仕様書 6※): an extra day or an emergency closure."""

    date: dt.date
    kind: Literal["extra", "closed_emergency"]
    reason: Words
    agreed_on: dt.date
    agreed_with: Words = "監督員"

    def check(self) -> Iterator[Fault]:
        if known(self.kind, self.agreed_on, self.date) and self.kind == "extra" and self.agreed_on > self.date:
            yield Fault(("agreed_on",), "協議した日が追加就業日（date）より後です", "date 以前の日にしてください")


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

    def check(self) -> Iterator[Fault]:
        for key in ("saturdays_nth", "hall_saturdays_nth", "saturday_peak_months"):
            yield from repeated(key, getattr(self, key))
        days = {key: _in_leap_year(getattr(self, key)) for key in ("year_end_from", "year_end_to")}
        for key, day in days.items():
            if day is None and getattr(self, key) is not None:
                yield Fault((key,), "暦にない日です", "12-29 のように月と日を書いてください")
        start, end = days.values()
        if start is not None and end is not None:
            length = (end - start).days % 366 + 1
            if length > LONGEST_YEAR_END:
                why = f"年末年始の休みが{length}日になります"
                yield Fault(("year_end_to",), why, "year_end_from と year_end_to が逆でないか確かめてください")


LONGEST_YEAR_END = 60  # days; more is a period turned round


def _in_leap_year(month_day: str | None) -> dt.date | None:
    """Return a month and day as a date of a leap year, or None if no year has it."""
    try:
        return dt.date.fromisoformat(f"2000-{month_day}")
    except ValueError:
        return None
