"""The rule of the last working terminal: no act leaves a lane that receives without anybody (仕様書 7(4)※, contract 6)."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any

from floorctl.commands.context import GIVE_REASON, Context, Wish
from floorctl.common.errors import NeedsReason
from floorctl.common.words import STAFF_STATUSES
from floorctl.models.board.lane_cover import is_there, lanes_alone, worked_lanes
from floorctl.models.board.reception_hours import lane_receives
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import StaffState
from floorctl.models.day.terminal import TerminalState

# Kinds that may take somebody from a lane, the one that the act is about first. A failure is nobody's choice: it is
# recorded, and an alert stands.
_TAKES = (
    "staff.changed",
    "staff.posted",
    "terminal.staffed",
    "terminal.paused",
    "terminal.assigned",
    "terminal.lent",
    "terminal.returned",
)
_LOANS = ("terminal.lent", "terminal.returned")


def need_lanes_kept(c: Context, wishes: Sequence[Wish]) -> list[Wish]:
    """Return the wishes of an act, with the reason of the act among them where they leave a lane alone.

    A terminal of that lane that is lent comes home in the same act. Raise NeedsReason where there is no reason; of what is
    done with one there is a warning.
    """
    found = list(wishes)
    if not any(kind in _TAKES for kind, _ in found):
        return found
    emptied = lanes_emptied(c.floor, found, c.now)
    back: list[Wish] = []
    if emptied and not any(kind in _LOANS for kind, _ in found):
        back, emptied = _brought_home(c, found, emptied)
    if not emptied:
        return [*found, *back]
    names = "・".join(c.site.lane_by_code[x].name for x in emptied)
    why = f"{names}の窓口に誰もいなくなります 仕様書 7(4)"
    if not any(_answers(c.floor, wish, emptied) for wish in found):
        if not c.reason:
            do = f"先に交替の人を置くか、やむを得ないときは{GIVE_REASON}"
            raise NeedsReason(_what(found[_about(found)]), why, do)
        n = _about(found)
        found[n] = (found[n][0], found[n][1] | {"reason": c.reason})
    said = f"{names}の窓口に誰もいなくなります。理由とともに記録しました。"
    if said not in c.warnings:
        c.warnings.append(said)
    return [*found, *back]


def _brought_home(c: Context, wishes: Sequence[Wish], emptied: list[str]) -> tuple[list[Wish], list[str]]:
    """Return the returns of lent terminals by which fewer lanes are emptied, one each, and the lanes that still are."""
    back: list[Wish] = []
    for lane in emptied:
        lent = [t for t in c.floor.terminals.values() if t.home == lane and not t.coming_home]
        for t in sorted(lent, key=lambda t: t.ticket is not None):
            name = c.site.lane_by_code[lane].name
            wish = ("terminal.returned", {"terminal": t.code, "reason": f"{name}に人がいなくなるため"})
            still = lanes_emptied(c.floor, [*wishes, *back, wish], c.now)
            if len(still) < len(emptied):
                back, emptied = [*back, wish], still
                c.warnings.append(f"{t.code} が応援から戻ります（{name}に人がいなくなるため）。")
                break
    return back, emptied


def alone_before(wishes: Sequence[Wish], floor: Floor, now: datetime) -> list[str] | None:
    """Return the lanes that are alone before an act that retracts something, for ``said_alone``; None for another act."""
    return lanes_alone(floor, now) if any(kind == "retracted" for kind, _ in wishes) else None


def said_alone(floor: Floor, now: datetime, before: Sequence[str]) -> list[str]:
    """Return the warning of a retraction, which nothing refuses, where it left lanes alone that were not ``before``."""
    names = "・".join(floor.site.lane_by_code[x].name for x in lanes_alone(floor, now) if x not in before)
    return [f"{names}の窓口に誰もいなくなりました（仕様書 7(4)）。交替の人を置いてください。"] if names else []


def _answers(floor: Floor, wish: Wish, emptied: Sequence[str]) -> bool:
    """Return whether a wish carries the reason; the one of a move is not that of a lane which another act empties.

    What a console does of itself says why, and has asked nobody.
    """
    kind, fields = wish
    if kind not in _TAKES or not fields.get("reason") or fields.get("unasked"):
        return False
    if kind not in ("terminal.assigned", *_LOANS):
        return True
    t = floor.terminals[fields["terminal"]]
    return bool({t.lane, t.next_lane or t.lane, t.own_lane} & set(emptied))


def _about(wishes: Sequence[Wish]) -> int:
    """Return the place of the wish that the act is about; the others follow from it."""

    def rank(n: int) -> tuple[int, bool]:
        kind, fields = wishes[n]
        return _TAKES.index(kind), kind == "terminal.staffed" and not fields["staff"]

    return min((n for n, (kind, _) in enumerate(wishes) if kind in _TAKES), key=rank)


def _what(wish: Wish) -> str:
    """Return what is refused."""
    kind, fields = wish
    staff = fields.get("staff")
    match kind:
        case "staff.changed":
            return f"{staff} を{STAFF_STATUSES[fields['status']]}にできません"
        case "staff.posted":
            return f"{staff} を持ち場に置けません"
        case "terminal.staffed":
            return (
                f"{staff} を {fields['terminal']} に置けません" if staff else f"{fields['terminal']} を空けられません"
            )
        case "terminal.paused":
            return f"{fields['terminal']} を休止できません"
        case "terminal.lent":
            return f"{fields['terminal']} を応援に出せません"
        case "terminal.returned":
            return f"{fields['terminal']} を応援から戻せません"
        case _:
            return f"{fields['terminal']} を移せません"


def lanes_emptied(floor: Floor, wishes: Sequence[Wish], at: datetime) -> list[str]:
    """Return the lanes that receive at ``at`` and where these wishes leave nobody at work.

    At once, or when the moves that wait for the end of a ticket take effect.
    """
    terminals = {t.code: copy(t) for t in floor.terminals.values()}
    there: dict[str, bool] = {}
    known = floor.staffing_known
    for kind, fields in wishes:
        if kind == "staff.changed":
            state = StaffState(fields["staff"], fields["status"], at, until=fields.get("until"))
            there[state.code] = state.at_work
        elif kind in _TAKES and fields.get("terminal") in terminals:
            known = known or bool(fields.get("staff"))
            _change(terminals[fields["terminal"]], kind, fields)

    def is_still(staff: str) -> bool:
        return there[staff] if staff in there else is_there(floor, staff)

    # The first person who is put at a terminal makes staffing known, and empties nothing by that.
    before = worked_lanes(floor.terminals.values(), known, lambda staff: is_there(floor, staff))
    known = known or any(kind == "terminal.staffed" for kind, _ in wishes)
    after = worked_lanes(terminals.values(), known, is_still)
    lost = (before[0] - after[0]) | (before[1] - after[1])
    return [lane for lane in floor.lanes if lane in lost and lane_receives(floor, lane, at)]


def _change(t: TerminalState, kind: str, fields: dict[str, Any]) -> None:
    """Change a copy of a terminal as the step of the fact will."""
    if kind == "terminal.staffed":
        t.staff = fields["staff"]
        if t.staff is None and t.home is not None:
            t.lane, t.next_lane, t.home = t.home, None, None
    elif kind == "terminal.paused":
        t.paused = True
    elif kind == "terminal.returned":
        home = t.own_lane
        if t.ticket is None or t.to_be_lent:
            t.lane, t.next_lane, t.home = home, None, None
        else:
            t.next_lane = home
    elif t.ticket is None:
        t.lane, t.next_lane, t.home = fields["lane"], None, None
    else:
        t.next_lane, t.home = fields["lane"], None
