"""The rule of the skills: nobody stands before a lane or at a post that they have not learnt, without a word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from floorctl.commands.context import GIVE_REASON, Context, Wish
from floorctl.common.errors import NeedsReason
from floorctl.models.board.assignable import unskilled

_MOVES = ("terminal.assigned", "terminal.lent")


class _Place(NamedTuple):
    """Person before a lane (or at a post, ``lane`` "") once an act is done; ``told``: the act gives a reason."""

    staff: str
    lane: str
    what: str
    told: bool


def need_skilled(c: Context, wishes: Sequence[Wish]) -> list[Wish]:
    """Return the wishes of an act; raise NeedsReason where it puts somebody before a lane that they cannot serve.

    Of a person and a lane that are chosen together only where they stand in the end counts. With a reason it is recorded,
    with a warning. A feed is believed: it is not asked.
    """
    for place in _places(c, wishes):
        person = c.register.people.get(place.staff)
        why = unskilled(c.site, person, lane=place.lane, post=not place.lane)
        if not why:
            continue
        if not (place.told or c.reason):
            do = f"別の人にするか、やむを得ないときは{GIVE_REASON}"
            raise NeedsReason(place.what, f"{place.staff} には{why}", do)
        c.warnings.append(f"{place.staff} には{why}。理由とともに記録しました。")
    c.warnings += _opened_unskilled(c, wishes)
    return list(wishes)


def _opened_unskilled(c: Context, wishes: Sequence[Wish]) -> list[str]:
    """Return who stands at the opening before a lane that they lack the skill of: the doors open all the same."""
    lanes = {
        code: lane for kind, f in wishes if kind == "day.opened" for code, lane in (f.get("allocation") or {}).items()
    }
    found = []
    for code, lane in lanes.items():
        t = c.floor.terminals.get(code)
        if t is not None and t.staff and (why := unskilled(c.site, c.register.people.get(t.staff), lane=lane)):
            found.append(f"{t.staff} {code} {why}。")
    return found


def _places(c: Context, wishes: Sequence[Wish]) -> list[_Place]:
    """Return who stands newly where after these wishes, of people at terminals and posts."""
    staff: dict[str, tuple[str | None, bool]] = {}
    lanes: dict[str, tuple[str, bool]] = {}
    found = []
    for kind, fields in wishes:
        told = bool(fields.get("reason")) and not fields.get("unasked")
        if kind == "terminal.staffed":
            staff[fields["terminal"]] = fields["staff"], told
        elif kind in _MOVES:
            lanes[fields["terminal"]] = fields["lane"], told
        elif kind == "staff.posted" and fields["post"] is not None:
            found.append(_Place(fields["staff"], "", f"{fields['staff']} を持ち場に置けません", told))
    for code in dict.fromkeys([*staff, *lanes]):
        t = c.floor.terminals[code]
        who = staff[code][0] if code in staff else t.staff
        lane = lanes[code][0] if code in lanes else t.own_lane
        if who is None or (who, lane) == (t.staff, t.own_lane):
            continue
        what = (
            f"{who} を {code} に置けません"
            if code in staff
            else f"{code} を{c.site.lane_by_code[lane].name}へ移せません"
        )
        if code not in lanes:
            lane = next((x for x in t.lanes_worked if unskilled(c.site, c.register.people.get(who), lane=x)), lane)
        # The reason of a lane that is chosen with the person is that of the lane alone.
        found.append(_Place(who, lane, what, (staff[code] if code in staff else lanes[code])[1]))
    return found
