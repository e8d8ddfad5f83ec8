"""Make the record of a period from the derived tables and the Register. Pure, given ``query`` over the tables.

Incidents, duties, calendar, rulings, forecasts and the contractor's own words come from the Register as it is when the
document is made: a report submitted in the next month shows how the month's troubles ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from floorctl.common.clock import JST, business_day, month_end
from floorctl.documents.day.record import incident_copy
from floorctl.documents.day.revisions import Reissue, editions
from floorctl.documents.period.evidence import evidence
from floorctl.documents.period.next_month import ahead_of
from floorctl.documents.period.queries import Period
from floorctl.documents.period.record import RENEWAL, Appointments, PeriodRecord, Settled, Staffing
from floorctl.documents.period.sums import (
    DaySum,
    MatterSum,
    Query,
    TerminalSum,
    WorkSum,
)
from floorctl.models.register.demand_forecast import Compared, Forecast
from floorctl.models.register.duties import duties, reading, ruling
from floorctl.models.register.duty import Duty
from floorctl.models.register.eligibility import missing as lacking
from floorctl.models.register.eligibility import permit_holds
from floorctl.models.register.incident import Incident
from floorctl.models.register.outages import lost_minutes, outage_minutes
from floorctl.models.register.pressing_duties import counts
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.calendar_rules import Override
from floorctl.models.site.site import Site

# Work items compared with each forecast of cards (仕様書 15(2), 15(3)), by the meanings of models/site/hall.py.
_CARD_ITEMS = {
    "card_renewals": ("issuance_renewal",),
    "new_and_reissued": ("issuance_new", "issuance_reissue"),
}


def period_record(
    query: Query,
    site: Site,
    register: Register,
    calendar: Calendar,
    first: date,
    last: date,
    forecast: Forecast,
    *,
    key: str,
    as_of: date,
    began: date | None,
    since: date | None = None,
    next_last: date | None = None,
    before: tuple[date, date] | None = None,
    reissues: Sequence[Reissue] = (),
) -> PeriodRecord:
    """Return the record of ``first`` to ``last``, both included.

    ``query`` must know the days from ``since`` (default ``first``) on, where the comparison with the forecast begins.
    ``began``: first day recorded by hand; earlier duties are not judged. ``next_last``: last day of the plan ahead;
    None for the rest of the contract after ``as_of``. ``before``: first and last day of the period to compare with, which ``query`` must know too. ``reissues``: daily reports of the period issued again.
    """
    period = Period(query, first, last)
    lanes = [x.code for x in site.lanes]
    targets = {lane: site.wait_target_s(lane) for lane in lanes}
    everyday = period.days(lanes)
    days = tuple(d for d in everyday if d.worked)
    info = tuple(calendar.between(first, last))
    with_facts = {d.day for d in days}
    fates = period.fates()
    seq, digest = period.head()
    work = {w.item: w for w in period.work()}
    end = datetime.combine(min(last, as_of) + timedelta(days=1), time(), JST)
    following = (last if next_last else min(last, as_of)) + timedelta(days=1)
    outages = tuple(outage_minutes(register, site, calendar, first, last, end))
    return PeriodRecord(
        key=key,
        first=first,
        last=last,
        as_of=as_of,
        seq=seq,
        hash=digest,
        calendar=info,
        days=days,
        missing=tuple(d.date for d in info if d.open and d.date <= as_of and d.date not in with_facts),
        unplanned=tuple(d.date for d in info if not d.open and d.date in with_facts),
        fates={s: fates.get(s, {}) for s in _ordered([x.code for x in site.services], fates)},
        work={
            code: work.get(code, WorkSum(code, 0, 0, 0, 0, 0, ()))
            for code in [*site.work_item_by_code, *sorted(work.keys() - site.work_item_by_code.keys())]
        },
        waits=period.waits(lanes),
        cells=tuple(period.cells()),
        services=period.services(),
        terminals=_terminals(site, period),
        terminal_days=period.terminal_days(),
        moves=tuple(period.moves()),
        matters=_matters(site, period),
        incidents=tuple(incident_copy(i) for i in _incidents(register, first, last)),
        outages=outages,
        served_in_outage=period.served_in((o.service, o.since, o.until) for o in outages),
        lost=lost_minutes(register, site, calendar, first, last, end),
        stops=tuple(period.stops()),
        over=period.over(targets),
        kept=tuple(period.kept(targets)),
        kept_before=tuple(Period(query, *before).kept(targets)) if before is not None else None,
        inquiries=period.inquiries(),
        texts={head: period.lines(head) for head in ("inquiries", "problems", "remarks")},
        staffing=_staffing(period, everyday),
        appointments=_appointments(site, register, period, fates, {d.day for d in days}),
        duties=_duties(site, register, calendar, first, last, key, as_of, began),
        meetings=tuple(m for m in register.meetings.values() if first <= m.held_on <= last),
        rulings=tuple(r for r in register.rulings if first <= business_day(r.at) <= last),
        agreed=tuple(o for o in _overrides(site, register) if first <= o.date <= last),
        planned=tuple(o for o in register.outages if business_day(o.from_at) <= last and business_day(o.until_at) >= first),
        cards=max(((d, c) for d, c in register.cards.items() if d <= last), default=None, key=lambda x: x[0]),
        devices=tuple(d for _, d in sorted(register.devices.items()) if permit_holds(d, min(last, as_of))),
        lacks=tuple(lacking(register, site, min(last, as_of))),
        on_roster=len(register.team(min(last, as_of))),
        questions=tuple(
            Settled(q, reading(site, register, q.code, last), ruling(site, register, q.code, last))
            for q in site.questions
        ),
        forecast=forecast,
        compared=compared(query, forecast, since or first, last, site, calendar, as_of),
        card_lanes=site.card_lanes,
        renewal_services=tuple(site.services_like(RENEWAL)),
        evidence=evidence(query, site, [d.day for d in days if d.issued]),
        ahead=ahead_of(site, register, calendar, forecast, following, next_last or site.contract.end, as_of),
        written={head: w for (of, head), w in register.written.items() if of == key},
        editions=editions(reissues, period.figures(), site) if reissues else (),
    )  # fmt: skip


def _ordered(codes: list[str], found: Iterable[str | None]) -> list[str | None]:
    """Return the site's codes, then those that it no longer has, then None if something is unknown."""
    found = set(found)
    more = sorted(c for c in found if c is not None and c not in codes)
    return [*codes, *more, *([None] if None in found else [])]


def _terminals(site: Site, period: Period) -> tuple[TerminalSum, ...]:
    order = {t.code: n for n, t in enumerate(site.terminals)}
    return tuple(sorted(period.terminals(), key=lambda t: (order.get(t.terminal, len(order)), t.terminal, t.lane)))


def _matters(site: Site, period: Period) -> tuple[MatterSum, ...]:
    """Return every matter of the site, then those without a known one."""
    found = {m.matter: m for m in period.matters()}
    more = [m for m in found if m not in site.matter_by_code]
    nothing: tuple[int, ...] = ()
    return tuple(
        found.get(code, MatterSum(code, 0, {}, nothing, nothing))
        for code in [*site.matter_by_code, *sorted(more, key=str)]
    )


def _incidents(register: Register, first: date, last: date) -> list[Incident]:
    """Return incidents that began before the end of the period and were not closed before it began."""
    return [
        i
        for i in register.incidents.values()
        if business_day(min(i.occurred_at, i.found_at)) <= last
        and (i.closed_at is None or business_day(i.closed_at) >= first)
    ]


def _staffing(period: Period, days: Iterable[DaySum]) -> Staffing:
    days = list(days)
    people = period.staff()
    charge = [d.charge_vacant_s for d in days if d.charge_vacant_s is not None]
    officials = [d.officials_absent_s for d in days if d.officials_absent_s is not None]
    return Staffing(
        sum(d.attended for d in days),
        tuple((day, code, why) for day, code, absent, _, why, _ in people if absent),
        tuple((day, code, why) for day, code, _, late, why, _ in people if late),
        tuple((day, code, short) for day, code, _, _, _, short in people if short),
        tuple(period.vacancies()),
        sum(charge) if charge else None,
        sum(officials) if officials else None,
        len(charge),
        len(officials),
    )


def _appointments(
    site: Site, register: Register, period: Period, fates: dict[str | None, dict[str, int]], worked: Collection[date]
) -> Appointments:
    came = period.appointments()
    imported = {day: slots for day, slots in register.appointments.items() if day in worked}
    all_booked, done, no_show = (sum(n[k] for n in came.values()) for k in range(3))
    bookable = [s.code for s in site.services if s.appointment]
    all_came = sum(sum(fates.get(s, {}).values()) for s in bookable)
    return Appointments(
        len(imported),
        sum(s.count for slots in imported.values() for s in slots),
        sum(came[day][0] for day in imported if day in came),
        all_booked,
        done,
        no_show,
        max(0, all_came - all_booked),
    )


def _duties(
    site: Site,
    register: Register,
    calendar: Calendar,
    first: date,
    last: date,
    key: str,
    as_of: date,
    began: date | None,
) -> tuple[Duty, ...]:
    """Return the duties of the period, by the day that they concern, from ``began`` on and without this document."""
    if began is None:
        return ()
    before = first - timedelta(days=1)  # the last month's report is due in this one

    def wanted(duty: str, own: str, base: date) -> bool:
        begins = first if duty in ("daily_report", "minutes") else before
        return own != key and begins <= base <= last

    return tuple(d for d in duties(site, register, calendar, as_of, wanted) if counts(d, began))


def _overrides(site: Site, register: Register) -> list[Override]:
    """Return the agreed exceptions of the calendar by day; the later of two for a day counts."""
    found = {(o.date, o.kind): o for o in (*site.calendar.overrides, *register.overrides)}
    return [found[k] for k in sorted(found)]


def compared(
    query: Query, forecast: Forecast, since: date, last: date, site: Site, calendar: Calendar, as_of: date
) -> tuple[Compared, ...]:
    """Return forecast and actual counts of each month from ``since`` to ``last``; ``cards``: all cards by ticket.

    Days after ``as_of`` are still to come, those after ``last`` are left out.
    """
    renewals = site.services_like(RENEWAL)
    items = {name: site.items_like(*meanings) for name, meanings in _CARD_ITEMS.items()}
    counted = [item for codes in items.values() for item in codes]
    period = Period(query, since, last)
    actual, recorded = period.actual(renewals, counted, site.card_lanes), period.worked_days()
    opened = [d.date for d in calendar.between(since, month_end(last)) if d.open]
    open_days = Counter(f"{d:%Y-%m}" for d in opened)
    past = Counter(f"{d:%Y-%m}" for d in opened if d <= min(as_of, last))
    expected = {m.month: m for m in forecast.between(since, last)}
    found = []
    for month in sorted(actual.keys() | expected.keys()):
        own = actual.get(month)
        came = None
        if own is not None:
            came = {name: sum(own.get(i, 0) for i in codes) for name, codes in items.items()}
            came = {"cert_renewals": sum(own.get(s, 0) for s in renewals), **came, "cards": own.get("cards", 0)}
        days = (open_days[month], past[month], *recorded.get(month, (0, 0)))
        found.append(Compared(month, expected.get(month), came, *days))
    return tuple(found)
