"""Return the lent terminals that are due, and lend those that may be lent (応援), without a key.

Everything is decided from the facts, once more inside the write transaction: a console that starts again, and a second
one on the same file, do nothing twice. What the manager has ordered or taken back holds (`models/board/own_loans`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.advice.hall_view import View, view
from floorctl.advice.lending import HOME_ALONE, Return
from floorctl.advice.loans import lend_reason, loan_now, return_reason, returns_due
from floorctl.commands.decide import decide
from floorctl.commands.last_desk import need_lanes_kept
from floorctl.commands.skills import need_skilled
from floorctl.common.errors import Refused
from floorctl.console.messages import Done
from floorctl.models.board.grounds import grounds
from floorctl.models.board.loan_limits import APPOINTMENT, BEGINS, LoanLimits
from floorctl.models.board.own_loans import (
    acted_just_now,
    kept_by_hand,
    lent_by_hand,
    loans_to_watch,
    return_taken_back,
)
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.board.told import calls_untold
from floorctl.usecases.forecasting import new_forecaster

if TYPE_CHECKING:
    from floorctl.advice.arrivals import Demand
    from floorctl.advice.forecast import Forecaster
    from floorctl.advice.service_times import ServiceTimes
    from floorctl.commands.context import Context, Wish
    from floorctl.models.day.floor import Floor
    from floorctl.models.register.register import Register
    from floorctl.usecases.session import Session

# Seconds after which it is looked at again though nothing has been recorded: appointments and receptions come by the clock.
LOOK_S = 5
# Arrivals and lengths of cases, which loans hardly depend on, are estimated anew after this.
_FRESH = timedelta(minutes=30)


class Act(NamedTuple):
    """Loan or return to record: its kind and fields, and the line that tells it."""

    kind: str
    fields: dict[str, Any]
    label: str


class OwnLoans:
    """Loans and returns of one day, made without a key."""

    def __init__(self, session: Session, day: date) -> None:
        self.day, self._session = day, session
        self._forecaster: Forecaster | None = None
        self._learned: tuple[datetime, ServiceTimes, Demand] | None = None
        self._looked: tuple[object, int] | None = None

    def look(self, seen: object) -> Done | None:
        """Record the first act that is due, if any; ``seen`` changes with the facts of the file. Raise if it cannot be written."""
        s, now = self._session, self._session.clock()
        key = (seen, int(now.timestamp()) // LOOK_S)
        if key == self._looked:
            return None
        self._looked = key
        if next(self._due(s.floor(self.day), s.register(), now), None) is None:
            return None
        label = ""

        def again(c: Context) -> list[Wish]:
            """Decide on the facts inside the transaction: another console may have acted."""
            nonlocal label
            for act in self._due(c.floor, c.register, c.now):
                c.warnings.clear()
                with suppress(Refused):  # that one is left to the manager, and keeps no other from being done
                    wishes = need_lanes_kept(c, need_skilled(c, decide(c, act.kind, act.fields)))
                    label = act.label
                    return wishes
            return []

        try:
            s.warnings = []
            found = s.run(again)
        except Refused:
            return None  # looked at again with the next fact
        return Done(label, found, s.warnings) if found else None

    def _due(self, floor: Floor, register: Register, now: datetime) -> Iterator[Act]:
        """Yield what a console is to record: returns first."""
        if floor.preparing or not loans_to_watch(floor):
            return
        v, limits = self._view(floor, register, now), LoanLimits(floor, register, now)
        names = {x.code: x.name for x in floor.site.lanes}
        for r in returns_due(v, limits):
            if not _left_to_the_manager(r, limits):
                reason, t = return_reason(r, v, limits), floor.terminals[r.terminal]
                how = "が応援から戻りました" if t.ticket is None else f"は {t.ticket} のあと応援から戻ります"
                if t.ticket is None and calls_untold(floor.lanes[r.helped]):
                    how = "は、応対中ならそのあと、応援から戻ります"
                if t.to_be_lent:
                    how = "の応援を取りやめました"
                fields = {"terminal": r.terminal, "reason": reason, "unasked": True}
                yield Act("terminal.returned", fields, f"{r.terminal} {how}（{reason}）")
        lend = loan_now(v, limits, {x for x in floor.lend_permit if _may_go(floor, x, now)})
        if lend is not None:
            reason = lend_reason(lend, v, floor)
            fields = {"terminal": lend.terminal, "lane": lend.to, "reason": reason, "unasked": True}
            label = f"許可により {lend.terminal} を{names[lend.to]}の応援に出しました（{reason}）"
            yield Act("terminal.lent", fields, label)

    def _view(self, floor: Floor, register: Register, now: datetime) -> View:
        if self._learned is None or not timedelta() <= now - self._learned[0] < _FRESH:
            if self._forecaster is None:
                self._forecaster = new_forecaster(self._session, self.day)
            times, demand = self._forecaster.times(floor, now), self._forecaster.demand(floor, register, now)
            self._learned = (now, times, demand)
        _, times, demand = self._learned
        return view(floor, demand, times, now, grounds(floor, register, now))


def _may_go(floor: Floor, terminal: str, now: datetime) -> bool:
    return not kept_by_hand(floor, terminal, now) and not acted_just_now(floor, terminal, now)


def _left_to_the_manager(r: Return, limits: LoanLimits) -> bool:
    """Return whether a return is left to the manager, who has just taken one back, or lent the terminal knowing why it is due."""
    floor, now = limits.floor, limits.now
    if return_taken_back(floor, r.terminal, now) or acted_just_now(floor, r.terminal, now):
        return True
    since = lent_by_hand(floor, r.terminal, now)
    if since is None:
        return False
    t = floor.terminals[r.terminal]
    if r.why == HOME_ALONE:
        return not floor.lanes[r.home].waiting
    if r.why in (BEGINS, APPOINTMENT):
        needed = lane_hours(floor, r.home)[0] if r.why == BEGINS else limits.unmet(t, r.helped)
        return needed is not None and needed <= limits.round_trip(r.helped, since)
    return False
