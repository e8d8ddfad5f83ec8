"""Windows and people that each open day of a month needs, beside the shifts planned for it: from an open file."""

from __future__ import annotations

from datetime import date, time, timedelta

from floorctl.advice.day_needs import DayNeed, LaneDay, clock, day_need
from floorctl.common.clock import day_seconds, month_end
from floorctl.common.errors import Refused
from floorctl.common.frozen import frozen
from floorctl.documents.layout.plain import month_ja
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.staff_needs import windows_of
from floorctl.documents.period.visitors_ahead import LaneBasis, basis
from floorctl.models.register.demand_forecast import MonthForecast
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.usecases.last_day import last_known
from floorctl.usecases.period_reports import Span, forecast_of, record_of
from floorctl.usecases.session import Session

_RECORDED = timedelta(days=62)  # of the record before that gives weekdays, hours and lengths


@frozen
class PlannedStaff:
    """Shifts planned for a day: ``people`` who come, without who has the charge; half hours in which fewer are on shift than windows and posts need."""

    people: int
    lacking: int
    short_at: tuple[str, ...]


@frozen
class StaffDay:
    """An open day: what it needs; ``planned`` None where no shifts are planned for it."""

    day: date
    after_break: bool
    need: DayNeed
    planned: PlannedStaff | None


@frozen
class StaffMonth:
    """The open days of a month. ``forecast`` None: nothing is forecast of it, and as many come as came.

    ``recorded``: days with visitors on which weekdays, hours and lengths rest, from the first to the last; None: none.
    """

    month: str
    forecast: MonthForecast | None
    lanes: tuple[LaneBasis, ...]
    recorded: tuple[int, date, date] | None
    days: tuple[StaffDay, ...]
    weekdays: dict[int, DayNeed]


def staffing_month(session: Session, first: date) -> StaffMonth:
    """Return what a month needs. Raise Refused if neither a forecast nor a record tells who comes, or no day is open."""
    site, register, month = session.site, session.register(), f"{first:%Y-%m}"
    open_days = [d.date for d in session.calendar.between(first, month_end(first)) if d.open]
    what = f"{month_ja(month)}の要員を計算できません"
    if not open_days:
        raise Refused(what, "開場日がありません", "契約期間の中の月にしてください")
    known = forecast_of(session, last_known(session) or first).of(month)
    record = _record(session)
    lanes = basis(site, record, (known,) if known is not None else (), open_days)
    if not lanes:
        raise Refused(
            what,
            "この月の件数の見込みも、これまでの来庁の記録もありません",
            "市から示された件数を floorctl forecast import で取り込んでください",
        )
    needs: dict[tuple[int, bool], DayNeed] = {}
    same: dict[object, LaneDay] = {}
    days = []
    for day in open_days:
        key = (day.weekday(), session.calendar.after_break(day))
        if key not in needs:
            needs[key] = day_need(site, key[0], [x.on(site, key[0], after_break=key[1]) for x in lanes], same)
        days.append(StaffDay(day, key[1], needs[key], _planned(site, register, day, needs[key])))
    return StaffMonth(
        month,
        known,
        tuple(lanes),
        (len(record.visited), record.visited[0].day, record.visited[-1].day) if record and record.visited else None,
        tuple(days),
        {weekday: need for (weekday, after), need in sorted(needs.items()) if not after},
    )


def _record(session: Session) -> PeriodRecord | None:
    """Return the record of the last two months with facts; None without any.

    A day that goes on is left out: its afternoon would look empty.
    """
    last = last_known(session)
    if last is None:
        return None
    if last == session.today and session.floor(last).is_open:
        last -= timedelta(days=1)
    first = max(session.site.contract.start, last - _RECORDED)
    found = record_of(session, Span(f"{last:%Y-%m}", min(first, last), last))
    return found if found.visited else None


def _planned(site: Site, register: Register, day: date, need: DayNeed) -> PlannedStaff | None:
    """Return the shifts of a day beside what it needs; None if none are planned for it."""
    if not register.shifts.get(day):
        return None
    team = [p for p in register.team(day) if not register.shift(p.code, day).off]
    workers = [p for p in team if p.role == "worker"]
    deputy = next((p for p in workers if p.deputy), None)
    if deputy is not None and not any(p.role == "site_manager" for p in team):
        workers.remove(deputy)  # has the charge, and no window
    coming = [register.shift(p.code, day) for p in workers]
    hours = [tuple(map(_seconds, s.hours)) for s in coming if s.hours is not None]
    windows = windows_of(need, site, lanes=[x.lane for x in need.lanes])
    short = [
        f"{clock(at):%H:%M}"
        for at, n in sorted(windows.items())
        if len(hours) == len(coming) and n + len(site.posts) > sum(a <= at and at + 1800 <= b for a, b in hours)
    ]
    return PlannedStaff(len(coming), max(0, need.people - len(coming)), tuple(short))


def _seconds(text: str) -> int:
    return day_seconds(time.fromisoformat(text))
