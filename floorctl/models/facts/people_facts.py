"""Facts of the contractor's people on a day: presence, posts, charges, vacancies (仕様書 5)."""

from typing import Literal

from floorctl.models.facts.fields import Charge, Code, Fact, HourMinute, PersonCode, StaffStatus, Text


class StaffChanged(Fact):
    kind: Literal["staff.changed"] = "staff.changed"
    staff: PersonCode
    status: StaffStatus
    reason: Text = ""
    until: HourMinute | None = None


class StaffPosted(Fact):
    """Who guides visitors (会場案内), away from the terminals (仕様書 7(1)ア)."""

    kind: Literal["staff.posted"] = "staff.posted"
    staff: PersonCode
    post: Code | None


class ChargeTaken(Fact):
    """Who holds the charge of 現場責任者, or acts as 統括責任者, from now on; null: nobody (仕様書 5(1))."""

    kind: Literal["charge.taken"] = "charge.taken"
    charge: Charge = "site_manager"
    staff: PersonCode | None
    reason: Text = ""


class VacancyOpened(Fact):
    """A sudden vacancy: who is missing (仕様書 5(4)②)."""

    kind: Literal["vacancy.opened"] = "vacancy.opened"
    staff: PersonCode
    reason: Text = ""


class VacancyFilled(Fact):
    """The end of a vacancy: who stands in, or null where the person came after all."""

    kind: Literal["vacancy.filled"] = "vacancy.filled"
    staff: PersonCode
    substitute: PersonCode | None = None
