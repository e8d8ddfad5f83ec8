"""Duties to the city: each deliverable, set of minutes and notice with its due date, rule and state. Pure.

(仕様書 5(3)④, 5(4), 8, 9, 10, 11.) Where the contract's words have several readings, a ruling (協議事項 A1 to A6) chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from floorctl.common.clock import fiscal_year, month_end
from floorctl.common.words import DUTIES, MEETING_FORMS, month_day, short_day
from floorctl.models.facts.calendar import RulingMade
from floorctl.models.register.duty import REPORTS, Duty
from floorctl.models.register.register import Register, ReportChange
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.duty_rules import DATED_READINGS
from floorctl.models.site.site import Site

DUTY_CODES = tuple(DUTIES)
# Default reading if the site file has no such question, and its name in a rule.
_DEFAULTS = {
    "A1": ("venue_day", "次の開場日"),
    "A2": ("venue_days", "会場の開場日で数える"),
    "A3": ("earliest", "日曜始まりと月曜始まりの早いほうの最後の平日"),
    "A4": ("contract_start", "契約開始日"),
    "A5": ("previous_city_day", "直前の平日"),
    "A6": ("contract_end", "契約終了日"),
}
_DAY = timedelta(days=1)


class _Owed(NamedTuple):
    """Duty before its due date is computed: ``rule`` returns the date and the words."""

    duty: str
    key: str
    about: str
    base: date
    rule: Callable[[], tuple[date, str]]
    question: str = ""
    period: tuple[date, date] | None = None  # what it covers, both days included, and must have ended
    figures: tuple[date, date] | None = None  # whose figures it has, if that is no ``period``


# ---- the open questions


def ruling(site: Site, register: Register, question: str, day: date) -> RulingMade | None:
    """Return the ruling that holds on ``day``: the one that begins last, of several the last recorded; or None."""
    known = site.question_by_code.get(question)
    readings = DATED_READINGS.get(question, frozenset())
    if known is not None:
        readings = frozenset(r.code for r in known.readings)
    held = [r for r in register.rulings if r.question == question and r.from_on <= day and r.reading in readings]
    return max(enumerate(held), key=lambda x: (x[1].from_on, x[0]))[1] if held else None


def reading(site: Site, register: Register, question: str, day: date) -> str:
    """Return the code of the reading that holds on ``day``."""
    held = ruling(site, register, question, day)
    if held is not None:
        return held.reading
    known = site.question_by_code.get(question)
    return known.default if known is not None else _DEFAULTS[question][0]


class _Rules:
    """Due dates by the readings that hold."""

    def __init__(self, site: Site, register: Register, calendar: Calendar) -> None:
        self.site, self.register, self.calendar = site, register, calendar
        self.start, self.end = site.contract.start, site.contract.end

    def read(self, question: str, day: date) -> tuple[str, str]:
        """Return the reading that holds on ``day``, and its words in a rule."""
        code = reading(self.site, self.register, question, day)
        known = self.site.question_by_code.get(question)
        return code, f"{known.reading_name(code)}（{question}）" if known else _DEFAULTS[question][1]

    # ---- days

    def weekday(self, day: date) -> bool:
        """Return whether it is Monday to Friday, the main building open."""
        return day.weekday() < 5 and self.calendar.hall_open(day)

    def venue(self, day: date) -> bool:
        """Return whether the venue is open; after the contract, when it never is, whether it is a weekday."""
        return self.calendar.is_open(day) if day <= self.end else self.weekday(day)

    def after(self, day: date, fits: Callable[[date], bool], n: int = 1) -> date:
        """Return the ``n``-th day after ``day`` that fits."""
        while n:
            day += _DAY
            n -= fits(day)
        return day

    def last_open_day(self, first: date, last: date) -> date:
        """Return the last day of a span on which the venue is open; the last of all where it never is."""
        return next((d for d in _back(first, last) if self.calendar.is_open(d)), last)

    def up_to(self, day: date) -> date:
        """Return the last weekday up to ``day``."""
        while not self.weekday(day):
            day -= _DAY
        return day

    def ended(self, due: date) -> str:
        """Return what a rule adds if its date lies after the contract."""
        question = "（A6）" if "A6" in self.site.question_by_code else ""
        return f"。契約終了後のため市と協議{question}" if due > self.end else ""

    # ---- rules

    def daily_report(self, day: date) -> tuple[date, str]:
        code, words = self.read("A1", day)
        due = self.after(day, self.venue if code == "venue_day" else self.weekday)
        return due, f"翌営業日＝{words}{self.ended(due)}"

    def minutes(self, day: date) -> tuple[date, str]:
        code, words = self.read("A2", day)
        fits = {"venue_days": self.venue, "hall_days": self.calendar.hall_open, "weekdays": self.weekday}[code]
        n = self.site.duties.minutes_days
        due = self.after(day, fits, n)
        return due, f"開催後{n}開庁日以内＝{words}{self.ended(due)}"

    def monthly_report(self, month_end: date) -> tuple[date, str]:
        code, words = self.read("A3", month_end)
        first = month_end + _DAY
        saturday = first + timedelta(days=(5 - first.weekday()) % 7)  # ends the first week of Sunday to Saturday
        sunday = first + timedelta(days=(6 - first.weekday()) % 7)  # ends the first week of Monday to Sunday
        week = timedelta(days=7)
        last = {
            "sun_sat": saturday + week,
            "mon_sun": sunday + week,
            "earliest": min(saturday, sunday) + week,
            "by_14th": first.replace(day=14),
            "second_full_week": sunday + 2 * week - _DAY,
        }[code]
        due = self.up_to(last)
        if code == "earliest":
            due = min(self.up_to(saturday + week), self.up_to(sunday + week))
        return due, f"翌月第2週まで＝{words}{self.ended(due)}"

    def annual_report(self, year_end: date) -> tuple[date, str]:
        if year_end <= self.end:
            return year_end, "各年度末＝3月31日"
        code, words = self.read("A6", self.end)
        due = self.end if code == "contract_end" else year_end
        return due, f"年度末＝{words}"

    def handover_document(self) -> tuple[date, str]:
        nominal = self.handover_nominal()
        code, words = self.read("A5", nominal)
        what = f"契約終了{self.site.duties.handover_months}か月前"
        if code == "as_is" or self.weekday(nominal):
            return nominal, f"{what}＝{words if code == 'as_is' else 'その日'}"
        return self.up_to(nominal), f"{what}（{short_day(nominal)}）が閉庁日＝{words}"

    def handover_nominal(self) -> date:
        return self.end - relativedelta(months=self.site.duties.handover_months)

    def begin(self) -> tuple[date, str]:
        """Return 業務開始 (A4), and its words in a rule."""
        code, words = self.read("A4", self.start)
        first = self.start if code == "contract_start" else self.calendar.next_open_day(self.start - _DAY)
        first = first or self.start
        return first, f"{short_day(first)}から、{words}"

    def before_start(self) -> tuple[date, str]:
        first, words = self.begin()
        weeks = self.site.duties.weeks_before_start
        return first - timedelta(weeks=weeks), f"業務開始（{words}）の{weeks}週間前"

    def just_before_start(self) -> tuple[date, str]:
        first, words = self.begin()
        return self.up_to(first - _DAY), f"業務開始（{words}）の前"

    def shift_table(self, first: date) -> tuple[date, str]:
        months = self.site.duties.shift_table_months
        return self.up_to(first - _DAY), f"{months}か月分ごと（会場設定、頻度は市と協議）、期間の初日より前の平日"

    def training_record(self, last: date) -> tuple[date, str]:
        months = self.site.duties.training_every_months
        return self.up_to(last), f"業務開始後{months}か月ごと（会場設定）の期間の末日、閉庁日は直前の平日"

    def staff_change(self, effective: date) -> tuple[date, str]:
        months = self.site.duties.staff_change_months
        return effective - relativedelta(months=months), f"変更の{months}か月前までに書面で届出（仕様書 5(4)①）"

    # ---- what there is

    def all(self, reports_of: tuple[date, date] | None = None) -> Iterator[_Owed]:
        """Yield what is owed over the contract; ``reports_of``: the daily reports of these days alone, both included."""
        yield from self._before_the_start()
        yield from self._daily(*(reports_of or (self.start, self.end)))
        yield from self._minutes()
        yield from self._monthly()
        yield from self._annual()
        yield from self._training()
        yield from self._shift_tables()
        yield from self._staff()
        yield self.handover()

    def handover(self) -> _Owed:
        """Return the document of the handing over."""
        nominal, end = self.handover_nominal(), self.end
        whole = (self.start, end)
        return _Owed(
            "handover_document", end.isoformat(), "契約終了の引継ぎ", nominal, self.handover_document, "A5", None, whole
        )

    def _before_the_start(self) -> Iterator[_Owed]:
        start, key = self.start, self.start.isoformat()
        for duty in ("plan", "manual", "training_plan"):
            yield _Owed(duty, key, "業務開始前", start, self.before_start, "A4")
        for duty in ("pledges", "bcp"):
            yield _Owed(duty, key, "業務開始前", start, self.just_before_start, "A4")

    def _daily(self, first: date, last: date) -> Iterator[_Owed]:
        for n in range(max(first, self.start).toordinal(), min(last, self.end).toordinal() + 1):
            day = date.fromordinal(n)
            about, due = f"{short_day(day)}分", _of(self.daily_report, day)
            yield _Owed("daily_report", day.isoformat(), about, day, due, "A1", (day, day))

    def _minutes(self) -> Iterator[_Owed]:
        for m in self.register.meetings.values():
            about = f"{MEETING_FORMS[m.form]} {month_day(m.held_on)}"
            yield _Owed(
                "minutes", m.meeting, about, m.held_on, _of(self.minutes, m.held_on), "A2", (m.held_on, m.held_on)
            )

    def _monthly(self) -> Iterator[_Owed]:
        for first in months(self.site):
            last = month_end(first)
            about = f"{first.year}年{first.month}月分"
            rule = _of(self.monthly_report, last)
            yield _Owed("monthly_report", f"{first:%Y-%m}", about, last, rule, "A3", (first, last))

    def _annual(self) -> Iterator[_Owed]:
        year = fiscal_year(self.start)
        while date(year, 4, 1) <= self.end:
            last = date(year + 1, 3, 31)
            question, base = ("A6", self.end) if last > self.end else ("", last)
            about, rule = f"令和{year - 2018}年度", _of(self.annual_report, last)
            yield _Owed("annual_report", f"FY{year}", about, base, rule, question, (date(year, 4, 1), base))
            year += 1

    def _every(self, every: int) -> Iterator[tuple[date, date]]:
        """Yield the spans of ``every`` months from the start of the contract, both days included."""
        begins, n = self.start, 0
        while begins <= self.end:
            n += 1
            following = self.start + relativedelta(months=every * n)
            yield begins, min(following - _DAY, self.end)
            begins = following

    def _shift_tables(self) -> Iterator[_Owed]:
        for first, last in self._every(self.site.duties.shift_table_months):
            until = "" if (first.year, first.month) == (last.year, last.month) else f"から{last.month}月"
            about = f"{first.year}年{first.month}月{until}分"
            yield _Owed("shift_table", f"{first:%Y-%m}", about, first, _of(self.shift_table, first))

    def _training(self) -> Iterator[_Owed]:
        for begins, last in self._every(self.site.duties.training_every_months):
            about = f"{begins.year}年{begins.month}月から{last.month}月"
            rule = _of(self.training_record, last)
            yield _Owed("training_record", f"{last:%Y-%m}", about, last, rule, "", (begins, last))

    def _staff(self) -> Iterator[_Owed]:
        """Yield the duties of people who join or leave after the start; the first roster was there already.

        Joining takes effect with the pledge, without which nobody is on duty (仕様書 10), else with the registration.
        """
        people, registered = self.register.people, self.register.first_registered
        first = min(registered.values(), default=self.start)
        for code, person in sorted(people.items()):
            joined = person.pledge_on or registered[code]
            if joined > self.start and max(joined, registered[code]) > first:
                yield self._change(code, joined, "着任")
            left = person.left_on
            if left is not None and self.start < left < self.end and left != joined:
                yield self._change(code, left, "離任")

    def _change(self, code: str, day: date, word: str) -> _Owed:
        return _Owed(
            "staff_change",
            f"{code}:{day.isoformat()}",
            f"{code} {short_day(day)} {word}",
            day,
            _of(self.staff_change, day),
        )


def _of(rule: Callable[[date], tuple[date, str]], day: date) -> Callable[[], tuple[date, str]]:
    return lambda: rule(day)


def _back(first: date, last: date) -> Iterator[date]:
    """Yield the days of a span from the last to the first."""
    return (date.fromordinal(n) for n in range(last.toordinal(), first.toordinal() - 1, -1))


def months(site: Site) -> Iterator[date]:
    """Yield the first day of each month of the contract."""
    first = site.contract.start.replace(day=1)
    while first <= site.contract.end:
        yield first
        first += relativedelta(months=1)


# ---- the list


def duties(
    site: Site,
    register: Register,
    calendar: Calendar,
    today: date,
    wanted: Callable[[str, str, date], bool] | None = None,
    reports_of: tuple[date, date] | None = None,
) -> list[Duty]:
    """Return all duties of the contract by due date; those due before ``today`` are ``overdue``.

    ``calendar`` has the agreed exceptions. ``wanted`` (duty, key, base) leaves out duties before they are computed;
    ``reports_of``: the daily reports of these days alone, both included.
    """
    rules, again = _Rules(site, register, calendar), register.reissued()
    found: dict[tuple[str, str], Duty] = {}
    for o in rules.all(reports_of):
        if wanted is not None and not wanted(o.duty, o.key, o.base):
            continue
        # Computed last: open days of the calendar are the costly part.
        if o.duty == "daily_report" and not calendar.is_open(o.base):
            continue
        found[o.duty, o.key] = _duty(rules, again, today, o)
    return sorted(found.values(), key=lambda d: (d.due, DUTY_CODES.index(d.duty), d.key))


def handover_document(site: Site, register: Register, today: date) -> Duty:
    """Return the document of the handing over alone: nothing else of the contract is computed for it."""
    rules = _Rules(site, register, register.calendar(site))
    return _duty(rules, register.reissued(), today, rules.handover())


def _duty(rules: _Rules, again: Mapping[date, ReportChange], today: date, o: _Owed) -> Duty:
    """Return what is owed as it stands on ``today``."""
    register = rules.register
    due, words = o.rule()
    versions = tuple(register.submitted.get((o.duty, o.key), ()))
    if not versions and due < today:
        versions = register.cleared(judged(o.duty, o.base, due))
    state = "submitted" if versions else "overdue" if due < today else "open"
    earliest = None if o.period is None else min(due, rules.last_open_day(*o.period))
    outdated = _outdated(register, again, o) if (o.duty, o.key) in register.submitted else ()
    return Duty(o.duty, o.key, o.about, o.base, due, words, state, o.question, earliest, versions, outdated)


def _outdated(register: Register, again: Mapping[date, ReportChange], o: _Owed) -> tuple[date, ...]:
    """Return the days of a report whose own reports were issued again after it was handed in last."""
    span = o.figures or (o.period if o.duty in REPORTS else None)
    if span is None:
        return ()
    seq, on = register.submitted_seq[o.duty, o.key], register.submitted[o.duty, o.key][-1].submitted_on
    return tuple(
        day
        for day, change in again.items()
        if span[0] <= day <= span[1] and (change.seq > seq or (on is not None and on < change.on))
    )


def judged(duty: str, base: date, due: date) -> date:
    """Return the day by which records can show that a duty was missed: of a daily report its own, else the due date."""
    return base if duty == "daily_report" else due
