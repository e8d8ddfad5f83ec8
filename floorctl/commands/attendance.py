"""Coming and staying away as whole acts: a status together with the vacancy and the charge that hang on it."""

from __future__ import annotations

from datetime import datetime

from floorctl.commands.context import Context, Wish
from floorctl.commands.staff import absence, change_staff, leave_with_deputy
from floorctl.models.facts import day_facts as ev


def comes(c: Context, staff: str, at: datetime | None = None) -> list[Wish]:
    """Somebody is there (``at``: since when): the vacancy that waited for them is over."""
    c.need_a_day_of_visitors()
    began = at or c.now
    fact = ev.StaffChanged.model_construct(staff=staff, status="present", reason="", until=None, at=began, id="wish")
    wishes = change_staff(c, fact)
    vacancy = c.floor.open_vacancy(staff)
    if vacancy is not None and vacancy.opened_at <= began:
        wishes.append(("vacancy.filled", {"staff": staff, "substitute": None}))
    return wishes


def stays_away(c: Context, staff: str, reason: str, deputy: str = "") -> list[Wish]:
    """An absence and the vacancy that it opens; who held the charge of 現場責任者 hands it to ``deputy`` first."""
    if not deputy:
        return absence(c, staff, reason)
    wishes = leave_with_deputy(c, {"staff": staff, "status": "absent", "reason": reason}, deputy)
    if c.floor.open_vacancy(staff) is None:
        wishes.append(("vacancy.opened", {"staff": staff, "reason": reason}))
    return wishes
