"""The calendar: opening days of the venue, reasons of closed days, hours of each service (仕様書 6, 7(4), 8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any, Literal, get_args

from floorctl.common.clock import business_day, iso
from floorctl.common.errors import by_door
from floorctl.common.frozen import frozen
from floorctl.common.words import WEEKDAYS, wareki
from floorctl.models.facts.calendar import CalendarOutage
from floorctl.models.site.calendar_rules import Override
from floorctl.models.site.site import Site

DayKind = Literal[
    "outside_contract",
    "closed_emergency",
    "extra",
    "training_closure",
    "sunday",
    "holiday",
    "year_end",
    "saturday_peak",
    "saturday",
    "saturday_closed",
    "weekday",
]
DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind)
OPEN_KINDS: frozenset[DayKind] = frozenset({"extra", "saturday_peak", "saturday", "weekday"})
_SATURDAY, _SUNDAY = 5, 6


@frozen
class DayInfo:
    """One day of the calendar.

    ``open``: the venue receives visitors. ``hall_open``: the main building is open, independently of the venue.
    ``reason`` is Japanese, "" on a plain weekday. ``services``: code → (from, to) in the site's order, {} when closed.
    ``outages``: planned ones that touch the day, earliest first.
    """

    date: date
    weekday: str
    open: bool
    hall_open: bool
    kind: DayKind
    reason: str
    services: dict[str, tuple[time, time]]
    outages: tuple[CalendarOutage, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the day as ``floorctl calendar --json`` prints it."""
        return {
            "date": self.date.isoformat(),
            "weekday": self.weekday,
            "open": self.open,
            "hall_open": self.hall_open,
            "kind": self.kind,
            "reason": self.reason,
            "services": {code: [f"{a:%H:%M}", f"{b:%H:%M}"] for code, (a, b) in self.services.items()},
            "outages": [
                {"services": list(o.services), "from": iso(o.from_at), "to": iso(o.until_at), "reason": o.reason}
                for o in self.outages
            ],
        }

    @property
    def way_to_open(self) -> str:
        """Return how to open the venue on this day, in Japanese; "" on an open day (仕様書 6※, A14)."""
        if self.open:
            return ""
        if self.kind == "outside_contract":
            return "契約期間の中の日を指定してください"
        if self.kind == "closed_emergency":
            return "開場するには、監督員と協議のうえ臨時休止の登録を取り消してください" + by_door(
                "（{calendar} 暦 のその日で Enter）", "（floorctl do retracted seq=通し番号 --reason 理由）"
            )
        return (
            "開場するには、監督員と事前に協議し、追加就業日として登録してください（仕様書 6※。"
            + by_door(
                "{calendar} 暦 の {agree_extra}",
                f"floorctl do calendar.extra date={self.date} reason=理由 agreed_on=協議した日",
            )
            + "）"
        )


@frozen
class _Saturdays:
    """Saturdays of one year by rule: of the venue outside the peak, all of the peak, of the main building."""

    venue: frozenset[date]
    peak: frozenset[date]
    hall: frozenset[date]


class Calendar:
    """Days of a site, by its rules and its overrides. ``overrides`` are added to those of the site file.

    Of two overrides of one kind on one day the later one counts. ``outages`` close no day.
    """

    def __init__(self, site: Site, overrides: Iterable[Override] = (), outages: Iterable[CalendarOutage] = ()) -> None:
        self.site = site
        self._outages = sorted(outages, key=lambda o: (o.from_at, o.until_at, o.services))
        self._overrides = {(o.date, o.kind): o for o in (*site.calendar.overrides, *overrides)}
        self._saturdays: dict[int, _Saturdays] = {}

    def day_info(self, day: date) -> DayInfo:
        """Return the calendar's entry for any date, inside the contract or not."""
        kind, reason = self._kind(day)
        is_open = kind in OPEN_KINDS
        weekday = day.weekday()
        services = {s.code: self.site.hours(s.code, weekday) for s in self.site.services} if is_open else {}
        touching = (o for o in self._outages if business_day(o.from_at) <= day <= _last_day(o))
        return DayInfo(day, WEEKDAYS[weekday], is_open, self.hall_open(day), kind, reason, services, tuple(touching))

    def between(self, start: date, end: date) -> list[DayInfo]:
        """Return the days from ``start`` to ``end``, both included; [] if ``end`` is before ``start``."""
        return [self.day_info(date.fromordinal(n)) for n in range(start.toordinal(), end.toordinal() + 1)]

    def is_open(self, day: date) -> bool:
        """Return whether the venue receives visitors on ``day``."""
        return self._kind(day)[0] in OPEN_KINDS

    def next_open_day(self, day: date) -> date | None:
        """Return the first open day after ``day``; None if the contract has none left."""
        contract = self.site.contract
        first = max(day.toordinal() + 1, contract.start.toordinal())
        days = (date.fromordinal(n) for n in range(first, contract.end.toordinal() + 1))
        return next((d for d in days if self.is_open(d)), None)

    def after_break(self, day: date) -> bool:
        """Return whether the three days before ``day`` were all closed (SPEC 2.4)."""
        return not any(self.day_info(day - timedelta(days=n)).open for n in (1, 2, 3))

    def hall_open(self, day: date) -> bool:
        """Return whether the main building is open, by its own rules, inside the contract or not (仕様書 6)."""
        weekday = day.weekday()
        if weekday == _SUNDAY or self._in_year_end(day):
            return False
        if weekday == _SATURDAY:
            saturdays = self._saturdays_of(day.year)
            return day in saturdays.hall or day in saturdays.peak
        return not holiday_name(day)

    def _kind(self, day: date) -> tuple[DayKind, str]:
        """Return the first kind that fits, in the contract's order, and its reason."""
        contract, rules = self.site.contract, self.site.calendar
        if not contract.start <= day <= contract.end:
            start, end = wareki(contract.start, weekday=False), wareki(contract.end, weekday=False)
            return "outside_contract", f"契約期間は{start}から{end}まで"
        if closure := self._overrides.get((day, "closed_emergency")):
            return "closed_emergency", closure.reason
        if extra := self._overrides.get((day, "extra")):
            return "extra", extra.reason
        for training in rules.training:
            if training.start <= day <= training.end:
                return "training_closure", training.reason
        weekday = day.weekday()
        if weekday == _SUNDAY:
            return "sunday", "日曜日"
        # A holiday closes Monday to Friday alone: a Saturday of the rule is open even on a holiday (仕様書 6).
        if weekday < _SATURDAY and (name := holiday_name(day)):
            return "holiday", name
        if self._in_year_end(day):
            return "year_end", f"年末年始 {_month_day(rules.year_end_from)}から{_month_day(rules.year_end_to)}まで"
        if weekday < _SATURDAY:
            return "weekday", ""
        return self._saturday_kind(day)

    def _saturday_kind(self, day: date) -> tuple[DayKind, str]:
        saturdays = self._saturdays_of(day.year)
        notes = [f"第{_nth(day)}土曜日"]
        if day in saturdays.peak:
            kind: DayKind = "saturday_peak"
            notes = [f"{day.month}月は毎週土曜日に開場"]
        elif day in saturdays.venue:
            kind = "saturday"
            if day not in saturdays.hall:
                notes.append("会場のみ開場、本庁舎は閉庁")
        else:
            return "saturday_closed", f"{notes[0]}は休み"
        if name := holiday_name(day):
            notes.append(f"祝日 {name}")
        return kind, "、".join(notes)

    def _saturdays_of(self, year: int) -> _Saturdays:
        found = self._saturdays.get(year)
        if found is None:
            rules, all_of_them = self.site.calendar, _saturdays(year)
            found = self._saturdays[year] = _Saturdays(
                venue=frozenset(d for d in all_of_them if _nth(d) in rules.saturdays_nth),
                peak=frozenset(d for d in all_of_them if d.month in rules.saturday_peak_months),
                hall=frozenset(d for d in all_of_them if _nth(d) in rules.hall_saturdays_nth),
            )
        return found

    def _in_year_end(self, day: date) -> bool:
        start, end, today = self.site.calendar.year_end_from, self.site.calendar.year_end_to, f"{day:%m-%d}"
        return start <= today <= end if start <= end else today >= start or today <= end


def _last_day(outage: CalendarOutage) -> date:
    """Return the last day that an outage touches; one that ends at midnight does not touch the next day."""
    return business_day(outage.until_at - timedelta(microseconds=1))


@lru_cache(maxsize=4096)
def holiday_name(day: date) -> str:
    """Return the name of a national holiday in Japan, substitutes included, Saturdays too; "" on other days."""
    import jpholiday  # takes 20 ms; many commands need no calendar

    try:
        return jpholiday.is_holiday_name(day) or ""
    except OverflowError:  # the library looks one day ahead of 9999-12-31
        return ""


def _saturdays(year: int) -> list[date]:
    """Return the Saturdays of a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    begins = first.toordinal() + (_SATURDAY - first.weekday()) % 7
    return [date.fromordinal(n) for n in range(begins, last.toordinal() + 1, 7)]


def _nth(day: date) -> int:
    """Return the place of a day among those of its weekday in its month, counted from 1."""
    return (day.day - 1) // 7 + 1


def _month_day(text: str) -> str:
    month, day = text.split("-")
    return f"{int(month)}月{int(day)}日"
