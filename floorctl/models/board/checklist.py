"""The opening and closing checklists after the day's facts (仕様書 5(3)③⑧, 6). Pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from floorctl.common.action_keys import key_of, keyed
from floorctl.models.board.card_stock import difference
from floorctl.models.board.presence import presence
from floorctl.models.day.floor import Floor
from floorctl.models.register.eligibility import permit_holds
from floorctl.models.register.register import Register
from floorctl.models.site.hall import ChecklistItem


class ItemState(NamedTuple):
    """State of a checklist item. ``by_hand``: ticked by the manager, else derived. ``note``: what is missing, in Japanese."""

    item: ChecklistItem
    done: bool
    by_hand: bool
    note: str = ""


def checklist(floor: Floor, register: Register, which: str, now: datetime) -> list[ItemState]:
    """Return the items of a list (``opening closing``), in the site's order."""
    ticks = floor.checked
    return [_state(floor, register, x, now, ticked=x.code in ticks) for x in floor.site.checklist if x.list == which]


def against(floor: Floor, register: Register, item: ChecklistItem, now: datetime) -> str:
    """Return what the facts say against a tick of an item, in Japanese; "" if nothing."""
    if _state(floor, register, item, now, ticked=True).done:
        return ""
    return _state(floor, register, item, now, ticked=False).note or "記録では済んでいません"


def _state(floor: Floor, register: Register, item: ChecklistItem, now: datetime, *, ticked: bool) -> ItemState:
    match item.shown_by:
        case "terminals":
            failed = [t.code for t in floor.terminals.values() if t.failed]
            return ItemState(item, ticked and not failed, True, f"故障 {' '.join(failed)}" if failed else "")
        case "officials":
            known = bool(floor.officials_history)
            return ItemState(item, known, False, f"{floor.officials}名" if known else keyed("{officials} で人数"))
        case "roll_call":
            team = register.team(floor.day)
            if not team:
                return ItemState(item, ticked, True, "名簿なし")
            here = presence(floor, register, now)
            missing = [p.code for p in team if p.code in here.unseen]
            later = f"（あとから {len(here.later)}名）" if here.later else ""
            taken = len(team) - len(here.later) - len(here.off)
            said = f"あと{len(missing)}名 {key_of('people')}" if missing else f"{taken}名{later}"
            return ItemState(item, not missing, False, said)
        case "permits":
            return _permits(floor, register, item, ticked)
        case "cards":
            return _cards(floor, register, item)
        case "queue":
            return ItemState(item, not floor.waiting, False, f"待ち {floor.waiting}人" if floor.waiting else "")
        case "cases":
            n = len(floor.open_escalations())
            return ItemState(item, not n, False, f"{n}件 {key_of('city')}" if n else "")
        case "incidents":
            n = sum(i.untold for i in register.open_incidents())
            return ItemState(item, not n, False, f"{n}件 {key_of('incidents')}" if n else "")
        case _:
            return ItemState(item, ticked, True)


def _permits(floor: Floor, register: Register, item: ChecklistItem, ticked: bool) -> ItemState:
    """Return the item of the devices: it stays open without a permit in the register (仕様書 5(3)⑧, 12(4))."""
    valid = [d for d in register.devices.values() if permit_holds(d, floor.day)]
    if valid:
        return ItemState(item, ticked, True, f"許可 {len(valid)}件")
    why = "許可の期限切れ" if register.devices else "許可の登録なし"
    seen = "確認済。" if ticked else ""
    return ItemState(item, False, True, f"{seen}{why}（floorctl register import devices）")


def _cards(floor: Floor, register: Register, item: ChecklistItem) -> ItemState:
    counted = register.cards.get(floor.day)
    if counted is None:
        return ItemState(item, False, False, keyed("{close} で入れる"))
    found = difference(floor, register, counted)
    return ItemState(item, True, False, found.text.partition(": ")[2] if found else f"残 {counted.left}枚")
