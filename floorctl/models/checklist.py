"""The opening and closing checklists as the facts leave them (仕様書 5(3)③⑧, 6). Pure."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.models.floor import Floor
from floorctl.models.register import Register
from floorctl.models.site import ChecklistItem


class ItemState(NamedTuple):
    """``by_hand``: the manager ticks it; else the facts tell. ``note`` says what is missing."""

    item: ChecklistItem
    done: bool
    by_hand: bool
    note: str = ""


def checklist(floor: Floor, register: Register, which: str) -> list[ItemState]:
    """The items of one list (``opening closing``), in the site's order."""
    return [_state(floor, register, item) for item in floor.site.checklist if item.list == which]


def _state(floor: Floor, register: Register, item: ChecklistItem) -> ItemState:
    ticked = item.code in floor.checked
    match item.shown_by:
        case "terminals":
            failed = [t.code for t in floor.terminals.values() if t.failed]
            return ItemState(item, ticked and not failed, True, f"故障 {' '.join(failed)}" if failed else "")
        case "officials":
            known = bool(floor.officials_history)
            return ItemState(item, known, False, f"{floor.officials}名" if known else "o で人数")
        case "roll_call":
            team = register.team(floor.day)
            if not team:
                return ItemState(item, ticked, True, "名簿なし")
            missing = [p.code for p in team if (s := floor.staff.get(p.code)) is None or s.status == "expected"]
            return ItemState(item, not missing, False, f"あと{len(missing)}名 F4" if missing else f"{len(team)}名")
        case "queue":
            return ItemState(item, not floor.waiting, False, f"待ち {floor.waiting}人" if floor.waiting else "")
        case "cases":
            n = len(floor.open_escalations())
            return ItemState(item, not n, False, f"{n}件 F3" if n else "")
        case "incidents":
            n = sum(i.reported_at is None for i in register.open_incidents())
            return ItemState(item, not n, False, f"{n}件 F5" if n else "")
        case _:
            return ItemState(item, ticked, True)
