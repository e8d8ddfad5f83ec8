"""シフト表 of a month or a week as data: who is planned when, who is in charge, how many are there by the hour (仕様書 10). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time

from floorctl.common.frozen import frozen
from floorctl.common.words import hm
from floorctl.models.board.officials_plan import PlannedNumber, planned_at, planned_officials
from floorctl.models.day.staff import Person, Shift
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site

ABSENT, BY_ROSTER = "欠", "・"  # marks of an absence known ahead, and of the roster's usual hours
_LETTERS = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"  # for hours without an abbreviation
_HALF_PAST = time(0, 30)


@frozen
class PlannedDay:
    """Shift of a person on a day of the table. ``mark``: what stands in the cell; ``source``: plan, roster or absence."""

    day: date
    shift: Shift
    mark: str
    source: str

    @property
    def hours(self) -> tuple[str, str] | None:
        """Return begin and end, or None where the person does not come or the hours are not known."""
        return self.shift.hours


@frozen
class ShiftPerson:
    """Line of a person: every day of the table on which anything is planned for them."""

    person: Person
    days: dict[date, PlannedDay]
    lacks: tuple[str, ...]  # 誓約書, 操作者権限, 静脈登録 on the first day at work

    @property
    def at_work(self) -> list[date]:
        """Return the days on which the person comes."""
        return [day for day, x in self.days.items() if not x.shift.off]

    def in_hall(self, day: date, at: str) -> bool:
        """Return whether the person is planned to be in the hall at a time of day ("HH:MM"); breaks are not left out."""
        planned = self.days.get(day)
        hours = planned.hours if planned is not None else None
        return hours is not None and hours[0] <= at < hours[1]


@frozen
class ShiftTable:
    """Shifts of the days from ``first`` to ``last``. ``letters``: marks of hours that have no abbreviation, or not its usual ones."""

    key: str
    first: date
    last: date
    made: date
    days: tuple[date, ...]
    open_days: frozenset[date]
    people: tuple[ShiftPerson, ...]
    letters: dict[str, tuple[str, str]]
    officials: dict[date, tuple[PlannedNumber, ...]]

    @property
    def planned_days(self) -> frozenset[date]:
        """Return the days for which shifts were planned."""
        return frozenset(day for p in self.people for day, x in p.days.items() if x.source == "plan")

    def at(self, day: date, wall: str) -> list[ShiftPerson]:
        """Return who is planned to be in the hall at a time of day."""
        return [p for p in self.people if p.in_hall(day, wall)]

    def able(self, day: date, wall: str) -> int:
        """Return how many of them may work at an integrated terminal on that day."""
        return sum(p.person.role != "general_manager" and not p.person.lacks(day) for p in self.at(day, wall))

    def in_charge(self, day: date, charge: str) -> list[str]:
        """Return the codes of the 現場責任者 (``manager``) or 代行者 (``deputy``) who come on a day."""
        wanted = [p for p in self.people if day in p.days and not p.days[day].shift.off]
        if charge == "manager":
            return [p.person.code for p in wanted if p.person.role == "site_manager"]
        return [p.person.code for p in wanted if p.person.deputy and p.person.role != "site_manager"]

    def charge_known(self, day: date) -> bool:
        """Return whether it is known who is in charge of a day: it is planned, or the roster has hours of one who may be."""
        may = (p for p in self.people if p.person.role == "site_manager" or p.person.deputy)
        return day in self.planned_days or any(day in p.days for p in may)


def shift_table(
    site: Site, register: Register, calendar: Calendar, first: date, last: date, *, key: str, as_of: date
) -> ShiftTable:
    """Return the table of the days from ``first`` to ``last``; ``as_of``: the last day with facts, which dates it."""
    days = tuple(date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
    open_days = frozenset(day for day in days if calendar.is_open(day))
    planned = {code for day in days for code in register.shifts.get(day, {})}
    people = [p for p in register.people.values() if p.code in planned or p.here_on(first)]
    usual = _usual(register, days)
    letters = _letters(register, days, usual)
    lines = []
    for person in sorted(people, key=lambda p: p.code):
        own = {
            x.day: x
            for day in days
            if (x := _planned(register, person, day, day in open_days, letters, usual)) is not None
        }
        came = next((day for day, x in own.items() if not x.shift.off), None)
        lacks = tuple(person.lacks(came)) if came is not None and person.role != "general_manager" else ()
        if own:
            lines.append(ShiftPerson(person, own, lacks))
    return ShiftTable(
        key,
        first,
        last,
        max(site.contract.start, min(as_of, last)),
        days,
        open_days,
        tuple(lines),
        letters,
        {day: plan for day in sorted(open_days) if (plan := planned_officials(site, register, day))},
    )


def _spans(register: Register, days: Sequence[date]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the abbreviation ("" if the hours were written out) and the hours of each planned shift."""
    for day in days:
        for x in register.shifts.get(day, {}).values():
            if x.starts is not None and x.ends is not None:
                yield x.code, (x.starts, x.ends)


def _usual(register: Register, days: Sequence[date]) -> dict[str, tuple[str, str]]:
    """Return the hours that each abbreviation has most often in the table; a mark stands for these alone."""
    counts = Counter((code, span) for code, span in _spans(register, days) if code)
    return {code: span for (code, span), _ in sorted(counts.items(), key=lambda x: (x[1], x[0]))}


def _letters(
    register: Register, days: Sequence[date], usual: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    spans = {span for code, span in _spans(register, days) if usual.get(code) != span}
    marks = (_LETTERS[n] if n < len(_LETTERS) else f"時{n}" for n in range(len(spans)))
    return dict(zip(marks, sorted(spans), strict=False))


def _planned(
    register: Register,
    person: Person,
    day: date,
    is_open: bool,
    letters: Mapping[str, tuple[str, str]],
    usual: Mapping[str, tuple[str, str]],
) -> PlannedDay | None:
    """Return what is planned for a person on a day: by a plan, an absence, on an open day the roster; None: nothing."""
    shift = register.shift(person.code, day)
    if shift.absent:
        return PlannedDay(day, shift, ABSENT, "absence")
    if person.code in register.shifts.get(day, {}):
        by_hours = {hours: mark for mark, hours in letters.items()}
        own = shift.hours is not None and usual.get(shift.code) != shift.hours
        mark = by_hours[shift.hours] if own and shift.hours is not None else shift.code or "休"
        return PlannedDay(day, shift, mark, "plan")
    if is_open and person.here_on(day) and shift.hours is not None:
        return PlannedDay(day, shift, BY_ROSTER, "roster")
    return None


def hours_of_hall(site: Site) -> list[int]:
    """Return the hours of the day in which the hall is open: 8 of 8:30 to 17:15 up to 17."""
    opens, closes = site.hall.opens, site.hall.closes
    return list(range(opens.hour, closes.hour + (closes.minute > 0)))


def middle(site: Site, hour: int) -> str:
    """Return the time of day by which an hour is counted: its half, or the middle of its open part."""
    opens, closes = site.hall.opens, site.hall.closes
    start = max(hour * 60, opens.hour * 60 + opens.minute)
    end = min(hour * 60 + 60, closes.hour * 60 + closes.minute)
    at = (start + max(start, end)) // 2
    return f"{at // 60:02d}:{at % 60:02d}"


def fewest(table: ShiftTable, site: Site, day: date, half: str) -> tuple[int, int]:
    """Return the fewest persons in any hour of a half of the day, and how many of them may work at a terminal."""
    noon = 12
    hours = [h for h in hours_of_hall(site) if (h < noon) == (half == "morning")]
    counts = [(len(table.at(day, middle(site, h))), table.able(day, middle(site, h))) for h in hours]
    return min(n for n, _ in counts), min(a for _, a in counts)


def official_times(table: ShiftTable) -> list[time]:
    """Return the times of day at which a planned number of the city's staff begins on any day of the table."""
    return sorted({x.starts for plan in table.officials.values() for x in plan})


def officials_at(table: ShiftTable, day: date, at: time) -> int | None:
    """Return the planned number of the city's staff; None if none is known."""
    return planned_at(table.officials.get(day, ()), at)


def to_check(table: ShiftTable) -> Iterator[str]:
    """Yield what has to be looked at before the table is handed in, as sentences."""
    planned = table.planned_days
    unplanned = [day for day in table.days if day in table.open_days and day not in planned]
    if unplanned:
        yield f"勤務表のない開場日が{len(unplanned)}日あります（名簿の勤務時間で示しました）。{_days(unplanned)}"
    by_plan = [p for p in table.people if any(x.source == "plan" for x in p.days.values())]
    partly = [
        d
        for d in table.days
        if d in planned & table.open_days and any(_source(p, d) in ("", "roster") for p in by_plan)
    ]
    if partly:
        yield f"一部の人の勤務が勤務表にない開場日が{len(partly)}日あります（名簿の勤務時間か、空欄）。{_days(partly)}"
    without = [d for d in table.days if d in table.open_days and not table.in_charge(d, "manager")]
    nobody = [d for d in without if not table.in_charge(d, "deputy") and table.charge_known(d)]
    if nobody:
        yield f"現場責任者も代行者も来ない開場日が{len(nobody)}日あります（仕様書 5(1)）。{_days(nobody)}"
    deputies = [d for d in without if table.in_charge(d, "deputy")]
    if deputies:
        yield f"現場責任者が休みで代行者が務める日が{len(deputies)}日あります。{_days(deputies)}"
    lacking = [f"{p.person.code}（{'・'.join(p.lacks)}）" for p in table.people if p.lacks]
    if lacking:
        yield f"勤務の初日にそろっていないものがある従事者が{len(lacking)}人います。{'、'.join(lacking)}"
    closed = [d for d in table.days if d not in table.open_days and any(d in p.at_work for p in table.people)]
    if closed:
        yield f"開場日でない日の勤務が{len(closed)}日あります。{_days(closed)}"
    unknown = sorted(
        p.person.code for p in table.people if any(x.hours is None and not x.shift.off for x in p.days.values())
    )
    if unknown:
        yield f"勤務時間の分からない従事者は人数に入っていません。{'、'.join(unknown)}"


def _source(person: ShiftPerson, day: date) -> str:
    planned = person.days.get(day)
    return planned.source if planned is not None else ""


def _days(days: Sequence[date], most: int = 10) -> str:
    words = "、".join(f"{d.month}/{d.day}" for d in days[:most])
    return f"{words}{f' ほか{len(days) - most}日' if len(days) > most else ''}"


def hours_word(hours: tuple[str, str] | None) -> str:
    """Return hours as the table writes them: 8:15〜17:15; "" for none."""
    return f"{hm(hours[0])}〜{hm(hours[1])}" if hours else ""
