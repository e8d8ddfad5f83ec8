"""Data tables of a day: people, by code. Attendance, breaks, the charge of 現場責任者, vacancies."""

from __future__ import annotations

from floorctl.common.words import ROLES, STAFF_STATUSES
from floorctl.documents.day.attendance import StaffDay
from floorctl.documents.day.record import DayRecord
from floorctl.documents.layout.material import Row, Table
from floorctl.documents.layout.plain import span
from floorctl.models.site.site import Site

NOBODY = "不在"
DEPUTY = "代行"


def is_deputy(role: str | None) -> bool:
    """Whether who holds the charge does so as 代行者; of somebody who is not on the roster that cannot be said."""
    return role is not None and role != "site_manager"


def staff(record: DayRecord, site: Site) -> Table:
    """Everybody of whom the day speaks: coming and going, breaks against the law, the charge; lengths in seconds."""
    held = {h.staff for h in record.handovers}
    return Table([_person(s, s.staff in held) for s in record.staff_days])


def notable(record: DayRecord, site: Site) -> Table:
    """Those of whom something must be said: absent, late, or with too short a break."""
    return Table([row for row in staff(record, site).rows if row["remark"]])


def _person(s: StaffDay, held: bool) -> Row:
    remarks = [word for word, holds in (("欠勤", s.absent), ("遅刻", s.late and not s.absent)) if holds]
    if s.break_short_s:
        remarks.append(f"休憩不足 {span(s.break_short_s)}")
    return {
        "staff": s.staff,
        "role": ROLES[s.role] if s.role else "",
        "deputy": DEPUTY if held and is_deputy(s.role) else "",
        "status": STAFF_STATUSES[s.status],
        "came_at": s.came_at,
        "gone_at": s.gone_at,
        "break": s.break_s if s.came_at else None,
        "break_short": s.break_short_s,
        "charge": s.charge_s or None,
        "remark": "、".join(remarks),
        "reason": s.reason,
    }


def staff_changes(record: DayRecord, site: Site) -> Table:
    """The attendance as it was recorded, line by line."""
    return Table(
        [
            {
                "at": c.at,
                "staff": c.staff,
                "status": STAFF_STATUSES[c.status],
                "until": c.until or "",
                "reason": c.reason,
            }
            for c in record.staff
        ]
    )


def handovers(record: DayRecord, site: Site) -> Table:
    """Who held the charge of 現場責任者 from when; a deputy is marked (仕様書 5(1))."""
    roles = {s.staff: s.role for s in record.staff_days}
    return Table(
        [
            {
                "at": h.at,
                "staff": h.staff or NOBODY,
                "role": ROLES.get(roles.get(h.staff or "") or "", ""),
                "deputy": DEPUTY if h.staff and is_deputy(roles.get(h.staff)) else "",
                "reason": h.reason,
            }
            for h in record.handovers
        ]
    )


def vacancies(record: DayRecord, site: Site) -> Table:
    """Sudden vacancies and for how long nobody stood in (仕様書 5(4)②); seconds of the reception."""
    return Table(
        [
            {
                "staff": v.staff,
                "opened_at": v.opened_at,
                "closed_at": v.closed_at,
                "substitute": v.substitute or "なし",
                "reason": v.reason,
                "uncovered": v.uncovered_s,
            }
            for v in record.vacancies
        ]
    )
