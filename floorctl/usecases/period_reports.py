"""Documents of a month, a fiscal year and the whole contract (contract 5): from an open file to a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from floorctl.advice.other_proposals import EVIDENCE_DAYS, SlotCut
from floorctl.common.clock import fiscal_year, month_end
from floorctl.common.frozen import frozen
from floorctl.common.written_files import WrittenFiles
from floorctl.documents.period import proposals as period_proposals
from floorctl.documents.period.evidence import evidence
from floorctl.documents.period.from_tables import compared, period_record
from floorctl.documents.period.queries import Period
from floorctl.documents.period.record import PeriodRecord
from floorctl.intake.demand_table import demand_table
from floorctl.models.board.target_kept import Kept
from floorctl.models.register.demand_forecast import Compared, Forecast, Month, forecast
from floorctl.models.site.site import Site
from floorctl.usecases import kept_studies as studies
from floorctl.usecases.day_editions import reissues
from floorctl.usecases.day_tables import Derived, behind
from floorctl.usecases.last_day import last_known
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.common.output_file import Exported

_WITHIN_DAYS = 45  # EVIDENCE_DAYS open days lie within so many days, whatever the holidays


@frozen
class Span:
    """Period of a document, both days included; ``key`` is "2026-09", "FY2026" or "contract".

    ``next_last``: last day of the plan ahead; None: the end of the contract.
    """

    key: str
    first: date
    last: date
    next_last: date | None = None

    @property
    def before(self) -> tuple[date, date] | None:
        """Return the days of the week or month before; None for a longer period."""
        if self.key.startswith("FY") or self.key == "contract":
            return None
        last = self.first - timedelta(days=1)
        return (
            last.replace(day=1)
            if self.first.day == 1 and self.last == month_end(self.first)
            else self.first - timedelta(days=7)
        ), last


def month_of(day: date) -> Span:
    """Return the month of a day."""
    last = month_end(day)
    return Span(f"{day:%Y-%m}", day.replace(day=1), last, month_end(last + timedelta(days=1)))


def fiscal_year_of(year: int) -> Span:
    """Return the fiscal year that begins in April of ``year``."""
    return Span(f"FY{year}", date(year, 4, 1), date(year + 1, 3, 31), date(year + 2, 3, 31))


def contract_of(site: Site) -> Span:
    """Return the whole contract."""
    return Span("contract", site.contract.start, site.contract.end)


def compared_since(site: Site, span: Span) -> date:
    """Return where the comparison with the forecast begins: the fiscal year, or the contract in its first year."""
    return min(span.first, max(date(fiscal_year(span.first), 4, 1), site.contract.start))


def shipped_forecast(site: Site) -> Sequence[Month]:
    """Return the months of the site's annual totals; none if the contract states no totals."""
    return demand_table(site) if site.demand else ()


def forecast_of(session: Session, day: date) -> Forecast:
    """Return the forecast for ``day``, by what is known now (with a frozen clock: then)."""
    return forecast(shipped_forecast(session.site), session.site, session.register(), day)


def record_of(session: Session, span: Span) -> PeriodRecord:
    """Return the record of a period, which may be a week."""
    site, register = session.site, session.register()
    since = compared_since(site, span)
    before = span.before if span.before is not None and span.before[1] >= site.contract.start else None
    derived = Derived(session, min([since, *(before or ())]), span.last)
    as_of = last_known(session) or span.first - timedelta(days=1)
    again = derived.query(
        "SELECT day FROM days WHERE revision > 1 AND day BETWEEN ? AND ? ORDER BY day", str(span.first), str(span.last)
    )
    return period_record(
        derived.query,
        site,
        register,
        register.calendar(site),
        span.first,
        span.last,
        forecast_of(session, min(max(as_of, span.first), span.last)),
        key=span.key,
        as_of=as_of,
        began=session.began(),
        since=since,
        next_last=span.next_last,
        before=before,
        reissues=reissues(session, derived, [date.fromisoformat(day) for (day,) in again]),
    )


def kept_on(session: Session, day: date) -> dict[str, dict[int, Kept]]:
    """Return by lane and hour how many people kept the target on a day; {} where nothing is recorded of it."""
    lanes = {x.code: session.site.wait_target_s(x.code) for x in session.site.lanes}
    found: dict[str, dict[int, Kept]] = {}
    for c in Period(Derived(session, day, day).query, day, day).kept(lanes):
        found.setdefault(c.lane, {})[c.hour] = c.kept
    return found


def slot_cuts(session: Session) -> tuple[SlotCut, ...]:
    """Return appointment slots that could be fewer, by the last open days with visitors before today (``evidence``).

    () if these are fewer than a proposal needs, or if their derived rows are out of date: advice does not wait for a
    rebuild (closed days have their rows).
    """
    last = session.today - timedelta(days=1)
    first = last - timedelta(days=_WITHIN_DAYS)
    if not session.store.exists or behind(session, first, last):
        return ()
    query = Derived(session, first, last).query
    days = [d.day for d in Period(query, first, last).days([x.code for x in session.site.lanes]) if d.issued]
    found = evidence(query, session.site, days)
    return tuple(period_proposals.slot_cuts(found, session.site)) if found.n >= EVIDENCE_DAYS else ()


def compare(session: Session) -> tuple[Forecast, tuple[Compared, ...], dict[str, int]]:
    """Return the forecast over the contract, its comparison with actual counts, and the open days of each month."""
    contract = session.site.contract
    found = forecast_of(session, max(contract.start, min(last_known(session) or contract.start, contract.end)))
    derived = Derived(session, contract.start, contract.end)
    as_of = last_known(session) or contract.start - timedelta(days=1)
    open_days = Counter(f"{d.date:%Y-%m}" for d in session.calendar.between(contract.start, contract.end) if d.open)
    months = compared(derived.query, found, contract.start, contract.end, session.site, session.calendar, as_of)
    return found, months, dict(open_days)


def studied(session: Session, record: PeriodRecord, progress: studies.Progress = studies.no_progress) -> PeriodRecord:
    """Return a month's record with the replays of its past days; takes seconds for each day that is not cached."""
    over = [d.day for d in record.days if d.reported or d.day < session.today]
    return replace(record, study=studies.of_days(session, over, progress))


def export_period(
    session: Session, span: Span, out: Path, progress: studies.Progress = studies.no_progress
) -> Exported:
    """Write the documents of a period below ``out``. Raise FloorctlError."""
    from floorctl.documents.period.export import export_period as write

    record = record_of(session, span)
    if record.sort == "month":
        record = studied(session, record, progress)
    files = _shift_files(session, span) if record.sort == "month" else {}
    return write(record, session.site, out, WrittenFiles(session.path), files)


def _shift_files(session: Session, span: Span) -> dict[str, bytes]:
    """Return シフト表 of the month itself, none if no shift was planned for it.

    The month's own, not the next one's: it is whole by then, absences included; the next one's is handed in by itself.
    """
    from floorctl.usecases.shift_tables import shift_files, table_of_month

    table = table_of_month(session, span.first)
    return shift_files(session, table) if table.planned_days else {}
