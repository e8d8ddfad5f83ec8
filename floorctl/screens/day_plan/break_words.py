"""Words of the breaks on 今日の計画: each person's, what stands against them, and what the plan proves and costs."""

from __future__ import annotations

from floorctl.common.words import hm
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState
from floorctl.models.board.break_alerts import stage
from floorctl.models.board.break_faults import between
from floorctl.models.board.break_plan import BreakPlan
from floorctl.models.board.break_progress import departures, verdict
from floorctl.models.board.break_turn import Turn
from floorctl.models.board.breaks import has_taken
from floorctl.screens.day_plan.timeline import LEGEND
from floorctl.screens.drawing.canvas import Span
from floorctl.screens.drawing.rows import Words

_SHORT_FAULTS = {
    "shift": "もうとれない",
    "late": "6時間を超える",
    "minutes": "休憩が短い",
    "lane": "窓口が空く",
    "charge": "責任者がいない",
    "post": "案内が空く",
    "peak": "混む時間",
}
_MOST_SHORT = 4  # shortages that are named


def _plan(state: ConsoleState) -> BreakPlan:
    return state.forecasts.break_plan()


def _turn(state: ConsoleState, code: str) -> Turn | None:
    return next((t for t in _plan(state).turns if t.staff == code), None)


def break_cell(state: ConsoleState, code: str) -> Span:
    """Return the break of a person: planned, fixed, proposed, under way, taken, or its time is over."""
    day = state.day
    b, planned, held = day.breaks().get(code), day.floor.planned_breaks.get(code), day.floor.staff.get(code)
    if held is not None and held.status == "on_break":
        return (f"休憩中{f' {hm(held.until)}まで' if held.until else ''}", "ok")
    if b is not None and b.lawful:
        return (f"済 {max(b.taken_s, b.owed_s) // 60}分", "ok")
    if held is not None and held.status in ("absent", "gone"):
        return ("-", "dim")
    if planned is not None:
        when = f"{hm(planned.start):>5} {planned.minutes}分"
        match stage(day.floor, b, planned, day.now):
            case "taken":
                return (f"済 {b.taken_s // 60 if b is not None else planned.minutes}分", "ok")
            case "late":
                return (f"過ぎた {hm(planned.start)}", "bad")
            case "soon":
                return (f"まもなく {hm(planned.start)}", "warn")
        return (f"{when} 固定", "strong") if planned.fixed else (when, "text")
    turn = _turn(state, code)
    return (f"{hm(turn.start):>5} {turn.minutes}分 案", "dim") if turn is not None else ("-", "dim")


def note_cell(state: ConsoleState, code: str) -> Span:
    """Return what stands against the break of a person, else who stands in."""
    plan, turn = _plan(state), _turn(state, code)
    for f in plan.faults:
        if f.staff == code:
            return (_SHORT_FAULTS[f.code], "bad" if f.grave else "warn")
    if turn is not None and turn.relief:
        return (f"交替 {state.day.who(turn.relief)}", "text")
    return ("交替要", "warn") if turn is not None and turn.alone else ("", "dim")


def summary(state: ConsoleState) -> list[Span]:
    """Return how many breaks are taken, under way, planned and only proposed.

    Of each person one, but two of who rests early on a short one and has the planned one to come.
    """
    floor, turns = state.day.floor, _plan(state).turns
    resting = sum(s.status == "on_break" for s in floor.staff.values())
    held = floor.planned_breaks
    taken = sum(
        not b.on_break and (b.lawful or (code in held and has_taken(floor, b, held[code])))
        for code, b in state.day.breaks().items()
    )
    planned, proposed = sum(t.planned for t in turns), sum(not t.planned for t in turns)
    counts = (("済", taken, "ok"), ("休憩中", resting, "ok"), ("計画", planned, "text"), ("案", proposed, "dim"))
    return [(f"{word} {n}", role) for word, n, role in counts if n]


def foot_lines(state: ConsoleState, rows: int) -> list[Words]:
    """Return what the plan proves, what has gone otherwise, what it costs, what stands against it, and the legend."""
    day, plan = state.day, _plan(state)
    if day.floor.closed_at is not None:
        return [[("閉場しました", "dim")]]
    if not day.staff_codes():
        return []
    new = state.forecasts.break_plan(anew=True) if day.floor.planned_breaks else plan
    proof: Words = [(verdict(plan, new), "bad" if plan.grave else "ok")]
    if plan.turns and not day.floor.planned_breaks:
        proof.append((offered(state, "   まだ案です（{plan_breaks} で計画にする）"), "text"))
    lines = [proof]
    otherwise = departures(day.floor, day.breaks(), plan, new, day.now, day.who)
    if otherwise:
        lines.append(
            [
                (f"計画と違っています: {'、'.join(otherwise)}", "warn"),
                (offered(state, "   {plan_breaks} で作り直す"), "text"),
            ]
        )
    faults: list[Words] = [
        [(f"{day.who(f.staff)} ", "strong"), (f.text, "bad" if f.grave else "warn")] for f in plan.faults
    ]
    costs = _costs(state, plan)
    legend: Words = [(f"案 まだ計画でない  固定 動かさない  {LEGEND}", "dim")]
    room = rows - len(lines) - 1 - len(costs)
    if len(faults) > room:
        faults = [*faults[: max(0, room - 1)], [(f"ほか{len(faults) - max(0, room - 1)}件（注意の欄）", "dim")]]
    return [*lines, *faults[: max(0, room)], *costs, legend]


def _unknown_needs(state: ConsoleState) -> str:
    """Return the lanes whose windows needed nobody can say now: what they lack is unknown, not nothing."""
    site, withheld = state.day.site, state.day.grounds().withheld
    lanes = [x for x in site.worked_lanes if x in withheld and withheld[x].code != "nobody"]
    return f"（{'・'.join(site.lane_by_code[x].name for x in lanes)}は分かりません）" if lanes else ""


def _costs(state: ConsoleState, plan: BreakPlan) -> list[Words]:
    """Return the windows that the breaks leave short, and the busy hour that they keep free."""
    site = state.day.site
    said: Words = []
    if plan.peak is not None and plan.peak[1] > state.day.now:
        said.append((f"混む時間 {between(plan.peak)}  ", "dim"))
    if plan.shortages:
        named = [
            f"{site.lane_by_code[s.lane].name} {between((s.start, s.end))} {s.windows}台"
            for s in plan.shortages[:_MOST_SHORT]
        ]
        more = f" ほか{len(plan.shortages) - _MOST_SHORT}" if len(plan.shortages) > _MOST_SHORT else ""
        sure = "" if plan.least_short else "（未確認）"
        said.append((f"休憩による窓口不足 {'、'.join(named)}{more}{sure}{_unknown_needs(state)}", "warn"))
    elif plan.turns and state.forecasts.needed():
        said.append((f"休憩による窓口不足はありません{_unknown_needs(state)}", "dim"))
    return [said] if said else []
