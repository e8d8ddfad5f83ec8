"""Forecasts and advice for the loaded day: waits, arrivals, last calls, moves, other proposals.

Each is computed no oftener than figures on a screen should change, however fast facts come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from floorctl.console.loaded_day import LoadedDay
from floorctl.console.state_parts import Questions

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from floorctl.advice.advise import Adviser, Effect, Verdict
    from floorctl.advice.arrivals import Demand
    from floorctl.advice.calibration import Watch
    from floorctl.advice.forecast import Forecaster
    from floorctl.advice.last_call import Closing
    from floorctl.advice.lending import Lend
    from floorctl.advice.proposal import Key, Proposal
    from floorctl.advice.staffing import LaneChoice
    from floorctl.advice.target_expected import Expected
    from floorctl.advice.waits import LaneWaits
    from floorctl.advice.windows_needed import LaneNeed
    from floorctl.models.board.break_plan import BreakPlan
    from floorctl.models.board.foreseen import Foreseen
    from floorctl.models.board.loan_limits import LoanLimits
    from floorctl.models.board.needed import Needed
    from floorctl.models.board.outlook import Coming
    from floorctl.usecases.session import Session
    from floorctl.usecases.share_ahead import DayShare, ShareAhead

# Seconds after which a forecast is renewed without new facts: sooner would only make figures flicker.
_FORECAST_S = 10
_ADVICE_S = 60
_NEEDED_S = 60  # a plan for half hours
# Seconds after which the figures of an advice that stands are renewed.
_FIGURES_S = 300
TARGET = "target"  # a question to the engine: share of the day expected to wait at most the target
CALIBRATION = "calibration"  # a question to the engine: the day learned anew
SLOT_CUTS = "slot cuts"  # a question to the engine: slots of the last days that could be fewer


class LaneForecast(NamedTuple):
    """Predicted waits of a lane."""

    # p50 and p90 in seconds of the person now last in the queue, p90 None beyond the hall's closing; None: nobody waits,
    # or ``late``: not even p50 is before it.
    last: tuple[int, int | None] | None
    coming: Coming  # of somebody who arrives now
    trend_min: int | None  # growth of the former in 15 minutes, in minutes; None: the day is too young
    late: bool  # the last person may not be called before the hall closes


@dataclass(eq=False, repr=False)
class Forecasts:
    """Without a forecaster every forecast is empty."""

    day: LoadedDay
    questions: Questions
    forecaster: Forecaster | None = None  # None until the engine has calibrated one
    _stood: frozenset[Key] = frozenset()  # proposals of the minute before
    _lent: Key | None = None  # the loan that was found before
    _asked: Key | None = None  # the loan that was proposed before
    _shown: Verdict | None = None  # the advice on the board
    _shares: ShareAhead | None = None  # used by the engine alone
    _target_asked: tuple[object, ...] = ()  # for what the share of the day was asked last
    _calibration_asked: tuple[int, ...] = ()  # for which facts the day was to be learned anew last
    _breaks: dict[bool, tuple[object, BreakPlan]] = field(default_factory=dict)
    _needs: tuple[object, tuple[Needed, tuple[datetime, datetime] | None]] | None = None  # for the plan of breaks
    _told: set[tuple[str, str]] = field(default_factory=set)  # what was foreseen a moment ago

    def waits(self) -> dict[str, LaneWaits]:
        """Return the predicted waits by lane; {} without a forecaster and on a day that is not open."""
        return self.day.paced("waits", self._waits, _FORECAST_S)

    def _waits(self) -> dict[str, LaneWaits]:
        floor = self.day.floor
        forecaster = self._calibrated()
        if forecaster is None or not floor.is_open or floor.preparing:
            return {}
        return forecaster.waits(floor, self.day.register, self.day.now)

    def _calibrated(self) -> Forecaster | None:
        """Return the forecaster as the engine calibrated it last; what came late since is left to ``ask_calibration``.

        In a past view, where nobody asks, it begins again by itself.
        """
        if self.forecaster is not None:
            answered: Watch | None = self.questions.answers.pop(CALIBRATION, None)
            if answered is not None and answered.day == self.day.floor.day:
                self.forecaster.watch = answered
            self.forecaster.watch.deferred = self.day.past is None
        return self.forecaster

    def ask_calibration(self) -> Callable[[Session], object] | None:
        """Return the question for the engine, where facts of steps that were judged have come late or gone; else None.

        The day learned anew takes a tenth of a second, of 5,000 tickets one or two: no key waits for it.
        """
        forecaster, day = self.forecaster, self.day
        if forecaster is None or day.past is not None or CALIBRATION in self.questions.asked:
            return None
        floor, now = day.floor, day.now
        key = (floor.day.toordinal(), len(floor.entries), len(floor.retracted))
        if key == self._calibration_asked or not forecaster.watch.overtaken(floor):
            return None
        self._calibration_asked = key

        def learned(session: Session) -> Watch:
            from floorctl.advice.calibration import Watch

            watch = Watch(session.site, floor.day)
            watch.trust(session.floor(floor.day), session.register(), now)
            return watch

        return learned

    def of_lane(self, lane: str) -> LaneForecast | None:
        """Return the predicted waits of a lane for the board; None until they are computed."""
        waits = self.waits().get(lane)
        if waits is None or self.forecaster is None:
            return None
        last, before = waits.last, self.forecaster.before_s(lane, self.day.now)
        return LaneForecast(
            (last.p50_s, last.p90_s) if last else None,
            waits.arrivals,
            round((last.p50_s - before) / 60) if last and before is not None else None,
            waits.late,
        )

    def demand(self) -> Demand | None:
        """Return expected arrivals by lane and half hour; None without a forecaster."""
        return self.day.paced("demand", self._demand, _FORECAST_S)

    def _demand(self) -> Demand | None:
        if self.forecaster is None:
            return None
        return self.forecaster.demand(self.day.floor, self.day.register, self.day.now)

    def needed(self) -> dict[str, LaneNeed]:
        """Return the windows needed by half hour and lane; {} without a forecaster and where no reception is to come."""
        return self.day.calm("needed", self._needed, _NEEDED_S)

    def _needed(self) -> dict[str, LaneNeed]:
        demand, floor = self.demand(), self.day.floor
        open_day = self.day.info.open or floor.opened_at is not None
        forecaster = self._calibrated()
        if forecaster is None or demand is None or not open_day or floor.closed_at is not None:
            return {}
        return forecaster.needed(floor, self.day.register, self.day.now, demand)

    def needed_plainly(self) -> Needed:
        """Return ``needed`` as plain data for the plans of breaks and places, which know no forecasts."""
        return {lane: need.plain() for lane, need in self.needed().items()}

    def _peak(self) -> tuple[datetime, datetime] | None:
        """Return the busiest hour of the day by the arrivals of F6; None without a forecaster."""
        demand = self.demand()
        if demand is None:
            return None
        from floorctl.advice.peak_hour import peak_hour

        return peak_hour(demand)

    def break_plan(self, *, anew: bool = False) -> BreakPlan:
        """Return the breaks that are planned, with proposals for who has none; ``anew``: a new plan around the fixed ones.

        Made again every five minutes, the marks on which breaks begin, and when what it is made of has changed.
        """
        from floorctl.models.board.break_plan import made_of, plan_breaks

        day, (needed, peak) = self.day, self._for_breaks()
        of = (made_of(day.floor, day.now), day.register, {k: tuple(v) for k, v in needed.items()}, peak)
        held = self._breaks.get(anew)
        if held is None or held[0] != of:
            held = self._breaks[anew] = of, plan_breaks(day.floor, day.register, day.now, needed, peak, keep=not anew)
        return held[1]

    def _for_breaks(self) -> tuple[Needed, tuple[datetime, datetime] | None]:
        """Return needs and peak as they were at the last mark of five minutes: no key of the board waits for new ones."""
        day = self.day
        key = (int(day.now.timestamp()) // _FIGURES_S, self.forecaster is None, day.past is None)
        if self._needs is None or self._needs[0] != key:
            self._needs = key, (self.needed_plainly(), self._peak())
        return self._needs[1]

    def windows(self) -> Needed:
        """Return the windows of each worked lane by half hour: those that were there, from now on those that the plan staffs."""
        return self.day.calm("windows", self._windows, _NEEDED_S)

    def _windows(self) -> Needed:
        from floorctl.advice.windows_there import windows_there
        from floorctl.models.board.planned_windows import planned_windows

        floor, now = self.day.floor, self.day.now
        there, planned = windows_there(floor, now), planned_windows(floor, self.day.register, now)
        return {lane: (*(x for x in there.get(lane, ()) if x[1] <= now), *rest) for lane, rest in planned.items()}

    def ask_target(self) -> Callable[[Session], object] | None:
        """Return the question of the day's share for the engine, every five minutes and after a fact that decides; else None.

        It takes up to a quarter of a second: no key of the screen waits for it.
        """
        day, key = self.day, self._target_key()
        if self.forecaster is None or self._target_asked == key or TARGET in self.questions.asked:
            return None
        self._target_asked = key
        if self._shares is None or self._shares.day != day.floor.day:
            from floorctl.usecases.share_ahead import ShareAhead

            self._shares = ShareAhead(day.floor.day)
        shares, now, past = self._shares, day.now, day.past is not None
        return lambda session: (key, shares.at(session, now, past=past))

    def _target_key(self) -> tuple[object, ...]:
        day = self.day
        return (day.floor.day, day.past.facts if day.past else -1, int(day.now.timestamp()) // _FIGURES_S, day.deciding)

    def _target(self) -> DayShare | None:
        key, found = self.questions.answers.get(TARGET) or ((), None)
        return found if key[:2] == self._target_key()[:2] else None  # of this day and view

    def target_known(self) -> bool:
        """Return whether the engine has answered for the day that is shown."""
        return self._target() is not None

    def target(self) -> Expected | None:
        """Return the share of the day expected to wait at most the target; None until it is known, or where withheld."""
        found, withheld = self._target(), self.day.grounds().withheld
        if found is None or any(lane in withheld for lane in self.day.site.worked_lanes):
            return None
        return found.now

    def target_at_opening(self) -> Expected | None:
        """Return the same as it was expected when the day's reception began; None before, and until it is known."""
        found = self._target()
        return found.opening if found is not None else None

    def closings(self) -> list[Closing]:
        """Return the last call of each lane; [] without a forecaster."""
        return self.day.paced("closings", self._closings, _FORECAST_S)

    def _closings(self) -> list[Closing]:
        if self.forecaster is None:
            return []
        return self.forecaster.closings(self.day.floor, self.day.register, self.day.now, self.demand())

    def foreseen(self) -> dict[str, Foreseen]:
        """Return what the forecasts mean for the board, by lane; {} without a forecaster and before the doors open."""
        return self.day.paced("foreseen", self._foreseen, _FORECAST_S)

    def _foreseen(self) -> dict[str, Foreseen]:
        waits = self.waits()
        if not waits:
            return {}
        from floorctl.advice.foresight import foresee

        found = foresee(self.day.floor, waits, self.closings(), self.day.now, self._told)
        if self.day.past is None:
            self._told = {(lane, name) for lane, f in found.items() for name in ("over", "short") if getattr(f, name)}
        return found

    def advice(self) -> Verdict | None:
        """Return the advice that stands, renewed every minute; its figures stay for five, and while they hardly change.

        None without a forecaster, on a day that is not open, and in a past view: the journal has the advice of then.
        """
        return self.day.calm(f"advice beside {self._loan_key()}", self._advice, _ADVICE_S)

    def _advice(self) -> Verdict | None:
        adviser, forecaster = self._adviser(), self.forecaster
        if adviser is None or forecaster is None:
            return None
        found = adviser.standing(forecaster.standing(self.day.floor, self.day.register, self.day.now), self.loan())
        o = found.option
        about = (o.moves, o.origin, o.to) if o is not None else found.declined_until
        found = self.day.calm(f"advice {about}", lambda: found, _FIGURES_S)
        if self._shown is not None and self._shown.now.date() == found.now.date():
            found = found.as_shown(self._shown)
        self._shown = found
        return found

    def of_move(self, terminal: str) -> Verdict | None:
        """Return the effect of moving a terminal to the neighbour lane with more people waiting; None: it cannot move."""
        adviser = self._adviser()
        if adviser is None or not terminal:
            return None
        floor = self.day.floor
        t = floor.terminals[terminal]
        beside = [x for x in self.day.site.lanes_beside(t.code, t.next_lane or t.lane) if x]
        if not beside:
            return None
        to = max(beside, key=lambda x: floor.lanes[x].waiting)
        return self.day.calm(f"move {t.code} {to}", lambda: adviser.of_move(t.code, to), _ADVICE_S)

    def of_loan(self, terminal: str) -> tuple[str, dict[str, Effect]] | None:
        """Return the lane with most people waiting that a terminal could help, and the effect of lending it; None: no loan of it can begin."""
        adviser = self._adviser()
        if adviser is None or not terminal:
            return None
        floor = self.day.floor
        t = floor.terminals[terminal]
        lanes = [x for x in self.day.site.terminal_by_code[terminal].lanes if x != t.own_lane]
        if t.home is not None or not lanes or floor.lanes[t.own_lane].waiting:
            return None  # while somebody waits at home no loan begins
        to = max(lanes, key=lambda x: floor.lanes[x].waiting)
        found = self.day.calm(f"loan of {t.code} {to}", lambda: adviser.of_loan(t.code, to), _ADVICE_S)
        return (to, found) if found else None

    def others(self) -> list[Proposal]:
        """Return the proposals beside moves, the most pressing first; [] if there is no advice."""
        adviser = self._adviser()
        if adviser is None:
            return []
        return self.day.calm(f"others beside {self._loan_key()}", lambda: self._others(adviser), _ADVICE_S)

    def _others(self, adviser: Adviser) -> list[Proposal]:
        from floorctl.advice.other_proposals import others

        cuts, advice = tuple(self.questions.answers.get(SLOT_CUTS) or ()), self.advice()
        advised = advice.option if advice is not None else None
        found = others(adviser, self.day.register, self.closings(), cuts, advised, self._stood, self.loan())
        self._stood = frozenset(p.key for p in found)
        return [self._with_figures(p) for p in found]

    def loan(self) -> Proposal | None:
        """Return the loan to propose, looked for with each fact: it is worth most at once. Its figures are kept as others'."""
        lend = self.day.paced("loan", self._wanted_loan, _FORECAST_S)
        if lend is None:
            self._asked = None
            return None
        return self.day.calm(f"loan {lend.key} {lend.after_present}", lambda: self._loan(lend), _ADVICE_S)

    def _loan_key(self) -> Key | None:
        loan = self.loan()
        return loan.key if loan is not None else None

    def _wanted_loan(self) -> Lend | None:
        adviser = self._new_adviser()
        if adviser is None:
            return None
        from floorctl.advice.loans import loan_to_ask

        lend = loan_to_ask(adviser.view, self._limits(), [self._lent] if self._lent is not None else [])
        self._lent = lend.key if lend is not None else None
        return lend

    def _loan(self, lend: Lend) -> Proposal | None:
        adviser = self._new_adviser()
        if adviser is None or adviser.futures is None:
            return None
        from floorctl.advice.loans import loan_proposal

        found = loan_proposal(lend, self._limits(), adviser.futures, [self._asked] if self._asked is not None else [])
        self._asked = found.key if found is not None else None
        return found

    def _limits(self) -> LoanLimits:
        from floorctl.models.board.loan_limits import LoanLimits

        return LoanLimits(self.day.floor, self.day.register, self.day.now)

    def _with_figures(self, p: Proposal) -> Proposal:
        """Return a proposal with the figures that it had a few minutes ago."""
        return self.day.calm(f"other {p.key}", lambda: p, _FIGURES_S)

    def proposal(self) -> Proposal | None:
        """Return the proposal that comes first, for the board; None where that is to move a terminal, or nothing."""
        advice = self.advice()
        if advice is None:
            return None
        from floorctl.advice.proposal import first

        return first(self.others(), moves=not advice.keep)

    def further(self) -> int:
        """Return how many proposals there are beside the one on the board, all of them on F6."""
        advice = self.advice()
        if advice is None:
            return 0
        there = len(self.others()) + (not advice.keep)
        return there - (not advice.keep or self.proposal() is not None)

    def lane_choice(self, terminal: str) -> LaneChoice | None:
        """Return the best lane to open an empty terminal for; None if it has no choice."""
        adviser = self._adviser()
        if adviser is None or not terminal:
            return None
        from floorctl.advice.staffing import lane_choices

        found = self.day.calm("staffing", lambda: {c.terminal: c for c in lane_choices(adviser)}, _ADVICE_S)
        return found.get(terminal)

    def _adviser(self) -> Adviser | None:
        return self.day.calm("adviser", self._new_adviser, _ADVICE_S)

    def _new_adviser(self) -> Adviser | None:
        day = self.day
        if self.forecaster is None or day.past is not None or not day.floor.is_open or day.floor.preparing:
            return None
        from floorctl.advice.advise import Adviser

        demand = self.demand()
        times = self.forecaster.times(day.floor, day.now)
        return None if demand is None else Adviser(day.floor, times, demand, day.now, known=day.grounds())
