"""Somebody comes to a terminal: with the lane that the advice names, taken by one key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from floorctl.models.board.assignable import unskilled
from floorctl.models.board.reception_hours import lane_receives
from floorctl.screens.asking import Ask, by_rule

if TYPE_CHECKING:
    from floorctl.advice.staffing import LaneChoice


async def put_at(ask: Ask, terminal: str, staff: str, label: str) -> None:
    """Assign a person (``""``: nobody) to a terminal.

    Where it was empty and another lane would serve better, ask for the lane, the advised one first; where the present
    lane is best, the message says so. Nothing is asked before both receive: the others have not been staffed yet.
    """
    fields = {"terminal": terminal, "staff": staff or None}
    day = ask.state.day
    choice = ask.state.forecasts.lane_choice(terminal) if staff else None
    if staff and (able := _lanes_instead(ask, terminal, staff)):
        await _in_another_lane(ask, terminal, staff, label, able)
        return
    if choice is not None and not _can_serve(ask, staff, choice.lane):
        choice = None
    if choice is not None and all(lane_receives(day.floor, x, day.now) for x in (choice.lane, choice.present)):
        site = ask.state.day.floor.site
        lane = await _lane(ask, choice)
        if lane != choice.present:
            await _put_with_lane(ask, choice, staff, f"{label}  {site.lane_by_code[lane].name}で開けました")
            return
        label = f"{label}  {site.lane_by_code[lane].name}のまま"
    await ask.record_with_reason(label, "terminal.staffed", fields)


def _can_serve(ask: Ask, staff: str, lane: str) -> bool:
    day = ask.state.day
    return not unskilled(day.floor.site, day.register.people.get(staff), lane=lane)


def _lanes_instead(ask: Ask, terminal: str, staff: str) -> list[str]:
    """Return the other lanes of a terminal that a person can serve, where they cannot serve its own one."""
    floor = ask.state.day.floor
    own = floor.terminals[terminal].own_lane
    if _can_serve(ask, staff, own):
        return []
    return [x for x in floor.site.terminal_by_code[terminal].lanes if x != own and _can_serve(ask, staff, x)]


async def _in_another_lane(ask: Ask, terminal: str, staff: str, label: str, able: Sequence[str]) -> None:
    """Open a terminal for a lane that its person can serve, or leave it in its own one with a reason."""
    day = ask.state.day
    names = {x.code: x.name for x in day.floor.site.lanes}
    own = day.floor.terminals[terminal].own_lane
    lacks = f"{names[own]}の技能なし"
    options = [*((x, f"{names[x]}で開ける") for x in able), (own, f"{names[own]}のまま（{lacks}・理由を書く）")]
    lane = await ask.choice(f"{terminal} をどの列で開けますか", options, f"{day.who(staff)} は{lacks}")
    if lane == own:
        await ask.record_with_reason(label, "terminal.staffed", {"terminal": terminal, "staff": staff})
        return
    person = {"terminal": terminal, "staff": staff}
    moved = {"terminal": terminal, "lane": lane, "reason": f"{staff} は{lacks}"}
    wishes = by_rule([("terminal.staffed", person), ("terminal.assigned", moved)])
    await ask.record_all(f"{label}  {names[lane]}で開けました", wishes)


async def _lane(ask: Ask, choice: LaneChoice) -> str:
    """Return the lane that a terminal opens for."""
    if not choice.changes:
        return choice.present
    site = ask.state.day.floor.site
    ways = ((choice.lane, "で開ける（提案）"), (choice.present, "のまま"))
    options = [(x, f"{site.lane_by_code[x].name}{words}  {choice.effect_text(site, x)}") for x, words in ways]
    prompt = "担当を置くときの列の選び直しに、切替の時間はかかりません"
    return await ask.choice(f"{choice.terminal} をどちらの列で開けますか", options, prompt)


async def _put_with_lane(ask: Ask, choice: LaneChoice, staff: str, label: str) -> None:
    """Record person and lane as one act."""
    state = ask.state
    person = {"terminal": choice.terminal, "staff": staff}
    lane = {"terminal": choice.terminal, "lane": choice.lane, "reason": choice.text(state.day.floor.site)}
    await ask.record_all(label, by_rule([("terminal.staffed", person), ("terminal.assigned", lane)]))
