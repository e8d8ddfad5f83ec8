"""Presence of the contractor's staff."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish
from floorctl.models import events as ev


def change_staff(c: Context, f: ev.StaffChanged) -> list[Wish]:
    """Records a status; who is no longer there leaves the terminal."""
    c.need_not_closed()
    held = c.floor.staff.get(f.staff)
    if held is not None and (held.status, held.reason, held.until) == (f.status, f.reason, f.until):
        return []
    wishes: list[Wish] = [("staff.changed", f.model_dump(exclude={"id", "at", "kind"}))]
    if f.status in ("absent", "gone", "on_break", "away"):
        for t in c.floor.terminals.values():
            if t.staff == f.staff:
                wishes.append(("terminal.staffed", {"terminal": t.code, "staff": None}))
    return wishes
