"""Data tables of a day's people, by code: attendance, breaks, the charge of 現場責任者, vacancies."""

from __future__ import annotations

from collections.abc import Iterator

from floorctl.common.lengths import minutes_span
from floorctl.common.words import ROLES, STAFF_STATUSES, clock_ja_short, shift_word
from floorctl.documents.day.attendance import StaffDay
from floorctl.documents.day.record import DayRecord
from floorctl.documents.layout.material import Row, Tables
from floorctl.models.day.staff import Shift
from floorctl.models.site.site import Site

PEOPLE: Tables[DayRecord] = Tables()
NOBODY = "不在"
DEPUTY = "代行"
NEWCOMER = "新人"


def is_deputy(role: str | None) -> bool:
    """Return whether somebody of this role holds the charge as 代行者; False for a role of None (not on the roster)."""
    return role is not None and role != "site_manager"


_STAFF = {
    "staff": "従事者の符号",
    "role": "役割",
    "deputy": "代行",
    "planned": "勤務の予定",
    "status": "最後の状況",
    "came_at": "出勤",
    "gone_at": "退勤",
    "break": "休憩",
    "break_short": "休憩の記録の不足",
    "charge": "現場責任者の職務に就いた時間",
    "remark": "欠勤・遅刻・休憩の記録の不足",
    "reason": "理由",
}


@PEOPLE.table("staff", _STAFF)
def staff(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield everybody named in a fact of the day: coming and going, breaks, charge; lengths in seconds."""
    held = {h.staff for h in record.handovers}
    for s in record.staff_days:
        yield _person(s, s.staff in held)


@PEOPLE.table("notable", _STAFF)
def notable(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield those who were absent, late, or had too short a break."""
    return (row for row in staff(record, site) if row["remark"])


def _person(s: StaffDay, held: bool) -> Row:
    ahead = s.planned is not None and s.planned.absent
    absence = "欠勤（予定）" if ahead else "欠勤"
    remarks = [word for word, holds in ((absence, s.absent), ("遅刻", s.late and not s.absent)) if holds]
    if s.break_short_s:
        remarks.append(f"休憩の記録の不足 {minutes_span(s.break_short_s)}")
    return {
        "staff": s.staff,
        "role": ROLES[s.role] if s.role else "",
        "deputy": DEPUTY if held and is_deputy(s.role) else "",
        "planned": _planned(s.planned),
        "status": STAFF_STATUSES[s.status],
        "came_at": s.came_at,
        "gone_at": s.gone_at,
        "break": s.break_s or None,  # nobody recorded one: no 0
        "break_short": s.break_short_s,
        "charge": s.charge_s or None,
        "remark": "、".join(remarks),
        "reason": s.reason,
    }


def _planned(shift: Shift | None) -> str:
    if shift is None:
        return ""
    return "欠勤" if shift.absent else shift_word(shift.code, shift.hours)


@PEOPLE.table(
    "adherence",
    staff="従事者の符号",
    skills="できる業務",
    hours="勤務の予定",
    came_at="出勤",
    gone_at="退勤",
    came_late="出勤と予定の差（分、後なら＋）",
    gone_late="退勤と予定の差（分、後なら＋）",
    break_taken="休憩",
    break_short="休憩の記録の不足",
)
def adherence(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the plan of each person beside what was recorded: those whose hours or skills are known; lengths in seconds."""
    for s in record.staff_days:
        skills = "・".join(x for x in (site.skill_words(s.skills), NEWCOMER if s.newcomer else "") if x)
        if s.hours is not None or skills:
            yield {
                "staff": s.staff,
                "skills": skills,
                "hours": shift_word("", s.hours) if s.hours else "",
                "came_at": s.came_at,
                "gone_at": s.gone_at,
                "came_late": signed(s.came_late_s),
                "gone_late": signed(s.gone_late_s),
                "break_taken": s.break_s or None,
                "break_short": s.break_short_s or None,
            }


def signed(seconds: int | None) -> str:
    """Return whole minutes with their sign: +12, -5, 0; "" where they are not known."""
    if seconds is None:
        return ""
    minutes = int(seconds / 60)
    return f"{minutes:+d}" if minutes else "0"


@PEOPLE.table("staff_changes", at="時刻", staff="従事者の符号", status="状況", until="まで", reason="理由")
def staff_changes(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the attendance as it was recorded."""
    for c in record.staff:
        yield {
            "at": c.at,
            "staff": c.staff,
            "status": STAFF_STATUSES[c.status],
            "until": clock_ja_short(c.until) if c.until else "",
            "reason": c.reason,
        }


@PEOPLE.table("handovers", at="時刻", staff="従事者の符号", role="役割", deputy="代行", reason="理由")
def handovers(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the holders of the charge of 現場責任者, deputies marked (仕様書 5(1))."""
    roles = {s.staff: s.role for s in record.staff_days}
    for h in record.handovers:
        yield {
            "at": h.at,
            "staff": h.staff or NOBODY,
            "role": ROLES.get(roles.get(h.staff or "") or "", ""),
            "deputy": DEPUTY if h.staff and is_deputy(roles.get(h.staff)) else "",
            "reason": h.reason,
        }


@PEOPLE.table(
    "vacancies",
    staff="従事者の符号",
    opened_at="欠員の始まり",
    closed_at="補充",
    substitute="補充した者",
    reason="理由",
    uncovered="受付時間中の欠員",
)
def vacancies(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield sudden vacancies with the seconds of reception uncovered (仕様書 5(4)②)."""
    for v in record.vacancies:
        yield {
            "staff": v.staff,
            "opened_at": v.opened_at,
            "closed_at": v.closed_at,
            "substitute": v.substitute or "なし",
            "reason": v.reason,
            "uncovered": v.uncovered_s,
        }
