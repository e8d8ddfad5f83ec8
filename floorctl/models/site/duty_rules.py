"""Rules of the duties to the city: deadlines of incident reports, periods, open questions (仕様書 5, 8 to 11, 16(7))."""

from collections.abc import Iterator
from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Code, Fault, Part, Words, known, one_of, repeated


@record
class ReportWithin(Part):
    """Deadline of the report of an incident category: the word of the contract and its minutes (A15).

    ``within`` counts if ``minutes`` is None; without both, 速やかに is the next open day and any other word the same day.
    ``damage_word`` and ``damage_minutes`` replace them where there is damage. ``after_measures``: a second report, of the
    first measures, is owed.
    """

    word: Words
    minutes: Annotated[int, Between(0, 44_640)] | None = None
    within: Literal["same_day", "next_open_day"] | None = None
    damage_word: Words = "直ちに"
    damage_minutes: Annotated[int, Between(0, 44_640)] | None = None
    after_measures: bool = False

    def check(self) -> Iterator[Fault]:
        if self.minutes is not None and self.within is not None:
            why = "minutes があるので、この項目は使われません"
            yield Fault(("within",), why, "minutes か within のどちらかにしてください")
        if self.minutes is not None and self.damage_minutes is not None and self.damage_minutes > self.minutes:
            why = f"被害があるときの期限が、ふだん（{self.minutes}分）より遅くなります"
            yield Fault(("damage_minutes",), why, "minutes 以下にしてください")

    @property
    def scope(self) -> str:
        """Return ``same_day`` or ``next_open_day``."""
        return self.within or ("next_open_day" if self.word == "速やかに" else "same_day")


# Readings that move due dates (models/register/duties.py); the readings of other questions are only words.
DATED_READINGS: dict[str, frozenset[str]] = {
    "A1": frozenset({"venue_day", "weekday"}),
    "A2": frozenset({"venue_days", "hall_days", "weekdays"}),
    "A3": frozenset({"earliest", "sun_sat", "mon_sun", "by_14th", "second_full_week"}),
    "A4": frozenset({"contract_start", "first_counter_day"}),
    "A5": frozenset({"previous_city_day", "as_is"}),
    "A6": frozenset({"contract_end", "fiscal_year_end"}),
}


@record
class Reading(Part):
    """One reading of an open question."""

    code: Code
    name: Words


@record
class Question(Part):
    """協議事項: words of the contract with several readings (仕様書 16(7)); ``default`` holds until a ruling.

    ``setting``: key of the site file to change where a ruling by itself moves no due date.
    """

    code: Annotated[str, Chars(r"^A([1-9]|1[0-5])$")]
    name: Words
    clause: Words
    default: Code
    readings: Annotated[tuple[Reading, ...], Between(1)]
    setting: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=80)] = ""

    def check(self) -> Iterator[Fault]:
        codes = [r.code for r in self.readings]
        allowed = DATED_READINGS.get(self.code)
        yield from repeated("readings", codes)
        for n, code in enumerate(codes):
            if code is not None and allowed and code not in allowed:
                why = f"{self.code} に {code} という扱いはありません"
                yield Fault(("readings", n), why, f"{one_of(sorted(allowed))}にしてください")
        if known(self.default, *codes) and self.default not in codes:
            yield Fault(
                ("default",), f"{self.default} が readings にありません", "readings の code の1つにしてください"
            )

    def reading_name(self, code: str) -> str:
        """Return the words of a reading, or the code itself if the question has no such reading."""
        return next((r.name for r in self.readings if r.code == code), code)


@record
class DutyRules(Part):
    """Periods of the duties to the city (仕様書 5(4), 8, 9, 10, 11), and the heads of the monthly meeting.

    ``handover_notice_days``: days before the 業務引継書 is due from which the board announces it.
    """

    weeks_before_start: Annotated[int, Between(0, 52)] = 2
    minutes_days: Annotated[int, Between(1, 60)] = 3
    staff_change_months: Annotated[int, Between(0, 12)] = 1
    handover_months: Annotated[int, Between(0, 12)] = 2
    training_every_months: Annotated[int, Between(1, 24)] = 6
    shift_table_months: Annotated[int, Between(1, 24)] = 1
    handover_notice_days: Annotated[int, Between(0, 366)] = 60
    meeting_heads: tuple[Words, ...] = ()
