"""Compare the planned breaks with what happens, and with what a new plan would change. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from floorctl.common.words import hm
from floorctl.models.board.alert import people_words
from floorctl.models.board.break_alerts import stage
from floorctl.models.board.break_plan import BreakPlan
from floorctl.models.board.break_search import EMPTY, PEAK, POST, SHORT, of_level
from floorctl.models.board.breaks import BreakState, has_taken
from floorctl.models.day.floor import Floor
from floorctl.models.facts.breaks import PlannedBreak

Who = Callable[[str], str]
_SAVED = (
    (EMPTY, "窓口が空く時間が"),
    (POST, "案内か交替の人が足りない時間が"),
    (PEAK, "混む時間の休憩が"),
    (SHORT, ""),
)


class Change(NamedTuple):
    """Change of a person's break by a new plan: the break held and the new one, None where there is none."""

    staff: str
    old: PlannedBreak | None
    new: PlannedBreak | None

    def words(self) -> str:
        """Return the change without the person: 12:30 → 13:15 60分."""
        if self.new is None:
            return f"{hm(self.old.start)} → 外す" if self.old is not None else ""
        if self.old is None:
            return f"{hm(self.new.start)} {self.new.minutes}分"
        return f"{hm(self.old.start)} → {hm(self.new.start)} {self.new.minutes}分"


def verdict(standing: BreakPlan, new: BreakPlan) -> str:
    """Return the sentence on the plan that stands: what a proof says holds for the breaks that may still move."""
    if len(new.grave) < len(standing.grave):
        return f"この計画には守れない点が{len(standing.grave)}件あります（作り直すと {len(new.grave)}）"
    return new.sentence if standing.grave else standing.sentence


def saving(standing: BreakPlan, new: BreakPlan) -> str:
    """Return what a new plan saves of the gravest thing in which the two differ: 窓口不足が合わせて60分; "" for nothing."""
    for level, words in _SAVED:
        saved = of_level(standing.cost, level) - of_level(new.cost, level)
        if saved and level == SHORT:
            return _less_short(standing, new) if saved > 0 else ""
        if saved:
            return f"{words}合わせて{saved}分" if saved > 0 else ""
    return ""


def _less_short(standing: BreakPlan, new: BreakPlan) -> str:
    """Return by how many window minutes less are missing, else how many fewer at once: a plan may spread what it cannot save."""
    before, after = (
        (sum(int((x.end - x.start).total_seconds()) // 60 * x.windows for x in plan.shortages), _most_short(plan))
        for plan in (standing, new)
    )
    if before[0] > after[0]:
        return f"窓口不足が合わせて{before[0] - after[0]}分"
    return f"同じ時間の窓口不足が{before[1]}台から{after[1]}台に" if before[1] > after[1] else ""


def _most_short(plan: BreakPlan) -> int:
    """Return the most windows of a lane that breaks leave missing at once."""
    return max((x.windows for x in plan.shortages), default=0)


def changes(floor: Floor, new: BreakPlan) -> list[Change]:
    """Return what a new plan changes of those recorded, by the new start; what is fixed never changes."""
    held = floor.planned_breaks
    found = []
    for t in new.turns:
        if t.fixed:
            continue
        minutes = max(5, t.minutes)
        planned = PlannedBreak(staff=t.staff, start=f"{t.start:%H:%M}", minutes=minutes)
        old = held.get(t.staff)
        if old is None or (old.start, old.minutes) != (planned.start, minutes):
            found.append(Change(t.staff, old, planned))
    due = {t.staff for t in new.turns}
    for code, old in held.items():
        here = floor.staff.get(code)
        left = here is not None and here.status in ("absent", "gone")
        if code not in due and left and not has_taken(floor, None, old):
            found.append(Change(code, old, None))
    return found


def departures(
    floor: Floor, states: dict[str, BreakState], standing: BreakPlan, new: BreakPlan, now: datetime, who: Who
) -> list[str]:
    """Return why the plan ought to be made anew: what has gone otherwise, and what a new plan saves; [] if nothing."""
    held = floor.planned_breaks
    if not held:
        return []
    found = []
    gone = [
        code for code in sorted(held) if (s := floor.staff.get(code)) is not None and s.status in ("absent", "gone")
    ]
    gone = [code for code in gone if not has_taken(floor, states.get(code), held[code])]
    if gone:
        found.append(f"{people_words(gone, who)} がいません")
    # Also of somebody who has not come yet: the plan has a break for them, and it has not begun.
    late = [x for x, p in held.items() if x not in gone and stage(floor, states.get(x), p, now) == "late"]
    if late:
        found.append(f"{people_words(sorted(late), who)} が計画の時刻に入っていません")
    without = [t.staff for t in standing.turns if not t.planned and t.staff not in late]
    if without:
        found.append(f"{people_words(sorted(without), who)} の休憩が計画にありません")
    if not found and (less := saving(standing, new)):
        found.append(f"{less}減らせます")
    return found
