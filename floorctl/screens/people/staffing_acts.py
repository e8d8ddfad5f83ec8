"""Somebody comes to a terminal: with the lane that the advice names, taken by one key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from floorctl.console.port import Console
from floorctl.screens.asking import by_rule, choose, send, send_many

if TYPE_CHECKING:
    from floorctl.advice.staffing import LaneChoice


def put_at(app: Console, terminal: str, staff: str, label: str) -> None:
    """Puts somebody (``""``: nobody) at a terminal. Where it was empty and another lane would serve better, the lane is
    asked, the advised one first; where it stands right, the message says so."""
    state = app.state
    fields = {"terminal": terminal, "staff": staff or None}
    choice = state.forecasts.lane_choice(terminal) if staff else None
    if choice is None:
        send(app, label, "terminal.staffed", fields, needs_reason=True)
        return
    site, found = state.day.floor.site, choice
    here = f"{label}  {site.lane_by_code[found.present].name}のまま"

    def chosen(lane: str) -> None:
        if lane == found.present:
            send(app, here, "terminal.staffed", fields, needs_reason=True)
        else:
            _with_lane(app, found, staff, f"{label}  {site.lane_by_code[lane].name}で開けました")

    if not found.changes:
        chosen(found.present)
        return
    options = [
        (found.lane, f"{site.lane_by_code[found.lane].name}で開ける（提案）  {found.effect_text(site, found.lane)}"),
        (found.present, f"{site.lane_by_code[found.present].name}のまま  {found.effect_text(site, found.present)}"),
    ]
    choose(
        app,
        f"{terminal} をどちらの列で開けますか",
        options,
        chosen,
        "担当を置くときの列の選び直しに、切替の時間はかかりません",
    )


def _with_lane(app: Console, choice: LaneChoice, staff: str, label: str) -> None:
    """Person and lane as one act; whose authority has to be overridden with a reason is put there first."""
    state = app.state
    person = {"terminal": choice.terminal, "staff": staff}
    lane = {"terminal": choice.terminal, "lane": choice.lane, "reason": choice.text(state.day.floor.site)}
    known = state.day.register.people
    held = known.get(staff)
    if known and (held is None or held.lacks(state.day.floor.day)):
        after = partial(send, app, label, "terminal.assigned", lane)
        send(app, label, "terminal.staffed", person, needs_reason=True, then=after)
        return

    send_many(app, label, by_rule([("terminal.staffed", person), ("terminal.assigned", lane)]))
