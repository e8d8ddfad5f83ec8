"""The contractor's people, by code: roster, presence, the charge of 現場責任者, vacancies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from floorctl.common.clock import on_day
from floorctl.common.frozen import frozen
from floorctl.models.site.site import Site

PLEDGE = "誓約書"
# What a person may lack (``Person.lacks``), where there is room for two characters.
LACKS_BRIEF = {PLEDGE: "誓約", "操作者権限": "権限", "静脈登録": "静脈"}
_DATES = ("authority_on", "vein_on", "pledge_on", "left_on")


@frozen
class Person:
    """Line of the roster (仕様書 5). ``role``: ``general_manager site_manager worker``; times are "HH:MM" or None."""

    code: str
    role: str
    deputy: bool
    authority_on: date | None
    vein_on: date | None
    pledge_on: date | None
    shift_from: str | None
    shift_to: str | None
    left_on: date | None
    direct_employee: bool | None
    experience: bool | None
    skills: tuple[str, ...] | None = None  # None: not recorded, everything is allowed
    newcomer: bool = False

    def here_on(self, day: date) -> bool:
        """Return whether the person belongs to the team on ``day``."""
        return self.left_on is None or day <= self.left_on

    def may_hold(self, charge: str) -> bool:
        """Return whether the person may hold a charge: 代行者 if eligible; 現場責任者 may act for 統括責任者 (仕様書 5(1))."""
        if charge == "general_manager":
            return self.role in ("general_manager", "site_manager")
        return self.role == "site_manager" or self.deputy

    def lacks(self, day: date) -> list[str]:
        """Return what a person at an integrated terminal lacks on ``day``: 誓約書, 操作者権限, 静脈登録."""
        needs = ((PLEDGE, self.pledge_on), ("操作者権限", self.authority_on), ("静脈登録", self.vein_on))
        return [word for word, since in needs if since is None or since > day]

    def can_serve(self, site: Site, lane: str) -> bool:
        """Return whether the person has a skill of a lane; True where none is asked, or the skills are not recorded."""
        return self._has(site.skills_of_lane(lane))

    def can_guide(self, site: Site) -> bool:
        """Return as ``can_serve`` for the posts of 会場案内."""
        return self._has(site.skills_of_posts)

    def _has(self, asked: tuple[str, ...]) -> bool:
        return self.skills is None or not asked or not set(asked).isdisjoint(self.skills)

    def to_json(self) -> dict[str, Any]:
        """Return the person as ``floorctl roster list --json`` prints one: field names of ``staff.registered``."""
        dates = {k: day.isoformat() if (day := getattr(self, k)) else None for k in _DATES}
        return {
            "staff": self.code,
            "role": self.role,
            "deputy": self.deputy,
            **dates,
            "shift_from": self.shift_from,
            "shift_to": self.shift_to,
            "direct_employee": self.direct_employee,
            "experience": self.experience,
            "skills": None if self.skills is None else list(self.skills),
            "newcomer": self.newcomer,
        }


@frozen
class Shift:
    """Shift of a person on a day; times are "HH:MM", or None where nothing is known, or the person is ``off``.

    ``code``: the abbreviation of a planned one; "" of the roster's. ``absent``: off by an absence known ahead.
    """

    starts: str | None = None
    ends: str | None = None
    off: bool = False
    code: str = ""
    absent: bool = False

    @property
    def hours(self) -> tuple[str, str] | None:
        """Return begin and end, or None."""
        return (self.starts, self.ends) if self.starts and self.ends else None

    def begins_on(self, day: date) -> datetime | None:
        """Return the instant at which it begins on a day; None where it is not known."""
        return on_day(day, self.starts) if self.starts and self.hours else None

    def ends_on(self, day: date) -> datetime | None:
        """Return the instant at which it ends on a day; None where it is not known."""
        return on_day(day, self.ends) if self.ends and self.hours else None


@dataclass(slots=True, eq=False, repr=False)
class StaffState:
    """Presence of a person since an instant. ``until`` is "HH:MM" or None."""

    code: str
    status: str
    since: datetime
    reason: str = ""
    until: str | None = None

    @property
    def at_work(self) -> bool:
        """Return whether the person is in the hall: present, or come late.

        A late person with ``until`` has only announced it; a break is spent outside the building (仕様書 16(4)).
        """
        return self.status == "present" or (self.status == "late" and self.until is None)

    @property
    def out(self) -> bool:
        """Return whether the person has a break or an errand, and will be back."""
        return self.status in ("on_break", "away")


@frozen
class StaffChange:
    """Line of the day's attendance record."""

    staff: str
    status: str
    at: datetime
    reason: str
    until: str | None


@frozen
class Handover:
    """Change of a charge: ``staff`` holds it from ``at`` on; None: nobody does."""

    at: datetime
    charge: str
    staff: str | None
    reason: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Vacancy:
    """Sudden vacancy (仕様書 5(4)②) of ``staff``, until a substitute came or the person."""

    staff: str
    opened_at: datetime
    reason: str = ""
    closed_at: datetime | None = None
    substitute: str | None = None
