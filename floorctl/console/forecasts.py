"""What is forecast and advised for the day in hand: waits, arrivals, last calls, moves, other proposals.

Nothing is computed oftener than figures on a screen should change, however fast facts come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.console.day_in_hand import DayInHand, T

if TYPE_CHECKING:
    from floorctl.advice.advise import Adviser, Verdict
    from floorctl.advice.arrivals import Demand
    from floorctl.advice.forecast import Forecaster
    from floorctl.advice.last_call import Closing
    from floorctl.advice.proposal import Proposal
    from floorctl.advice.staffing import LaneChoice
    from floorctl.advice.waits import LaneWaits
    from floorctl.console.messages import Arrived, Loaded, Taught

# A forecast is made anew when facts come, and else so often: more would only make figures flicker.
_FORECAST_S = 10
# However fast facts come, forecasts are made anew at most so often: they must not keep the board from being drawn.
PACE_S = 0.5
_ADVICE_S = 60
SLOT_CUTS = "slot cuts"  # a question to the engine: slots of the last days that could be fewer


class Told(NamedTuple):
    """Predicted waits of a lane in seconds: ``last``, p50 and p90 of what the person now last has still to wait (None:
    nobody waits); ``coming_s``, the median of somebody who comes now (None: no desk works). ``trend_min``: by how many
    minutes the former has grown in a quarter of an hour (None: the day is too young)."""

    last: tuple[int, int] | None
    coming_s: int | None
    trend_min: int | None


@dataclass
class Forecasts(DayInHand):
    """Until the day has been watched ``forecaster`` is None and there is nothing to say."""

    terminal: str = ""  # the chosen terminal
    answers: dict[str, Any] = field(default_factory=dict)  # by question; a sentence in ``failed`` where there is none
    forecaster: Forecaster | None = None  # None until the day has been watched
    pace_s: float = PACE_S
    _made: dict[str, float] = field(default_factory=dict)  # when each forecast was made

    def load(self, loaded: Loaded) -> None:
        """Takes a day from its beginning; what forecasts another day goes."""
        super().load(loaded)
        if self.forecaster is not None and self.forecaster.day != loaded.day:
            self.forecaster = None

    def learn(self, taught: Taught) -> None:
        """The day has been watched: from now on waits and arrivals are forecast."""
        if self.fold is not None and self.fold.day == taught.day:
            self.forecaster = taught.forecaster
            self.changed()

    def take(self, arrived: Arrived) -> None:
        """Takes in new facts; where terminals or the day have changed, what was advised is computed anew."""
        super().take(arrived)
        if any(e.kind.startswith(("terminal.", "advice.", "day.")) for e in arrived.entries):
            self._made.clear()  # what was advised is done, or cannot be any more

    def changed(self) -> None:
        """Something beside new facts has changed that lists and forecasts are made of."""
        super().changed()
        self._made.clear()

    def _paced(self, name: str, compute: Callable[[], T], every_s: int) -> T:
        """As ``once``, but within ``pace_s`` of the last time what was computed then; the next tick shows it anew."""
        held, made = self._memo.get(name), self._made.get(name)
        if held is not None and made is not None and self.past is None and monotonic() - made < self.pace_s:
            kept: T = held[1]
            return kept
        found = self.once(name, compute, every_s=every_s)
        if self._memo[name] is not held:
            self._made[name] = monotonic()
        return found

    def waits(self) -> dict[str, LaneWaits]:
        """Predicted waits by lane; {} until the day has been watched, and on a day that is not open."""
        return self._paced("waits", self._waits, _FORECAST_S)

    def _waits(self) -> dict[str, LaneWaits]:
        if self.forecaster is None or self.register is None or not self.floor.is_open or self.floor.preparing:
            return {}
        return self.forecaster.waits(self.floor, self.register, self.now)

    def told(self, lane: str) -> Told | None:
        """What is said of the waits of a lane; None until it is computed."""
        waits = self.waits().get(lane)
        if waits is None or self.forecaster is None:
            return None
        last, before = waits.last, self.forecaster.before_s(lane, self.now)
        return Told(
            (last.p50_s, last.p90_s) if last else None,
            waits.coming.p50_s if waits.coming else None,
            round((last.p50_s - before) / 60) if last and before is not None else None,
        )

    def demand(self) -> Demand | None:
        """Expected arrivals by lane and half hour; None until the day has been watched."""
        return self._paced("demand", self._demand, _FORECAST_S)

    def _demand(self) -> Demand | None:
        if self.forecaster is None or self.register is None:
            return None
        return self.forecaster.demand(self.floor, self.register, self.now)

    def closings(self) -> list[Closing]:
        """The last call of each lane; [] until the day has been watched."""
        return self._paced("closings", self._closings, _FORECAST_S)

    def _closings(self) -> list[Closing]:
        if self.forecaster is None or self.register is None:
            return []
        return self.forecaster.closings(self.floor, self.register, self.now)

    def advice(self) -> Verdict | None:
        """The advice of the moment, made anew when facts come and every minute; None until the day has been watched, on
        a day that is not open, and while the past is shown: what was advised then is in the journal."""
        adviser = self._paced("adviser", self._adviser, _ADVICE_S)
        return None if adviser is None else self._paced("advice", adviser.verdict, _ADVICE_S)

    def forecast_of_move(self) -> Verdict | None:
        """What it would do to move the chosen terminal to the lane beside its own, of two the one where more people wait;
        None where none is chosen that can go."""
        adviser = self._paced("adviser", self._adviser, _ADVICE_S)
        if adviser is None or not self.terminal or self.site is None:
            return None
        t = self.floor.terminals[self.terminal]
        beside = self.site.lanes_beside(t.code, t.next_lane or t.lane)
        if not any(beside):
            return None
        to = max((x for x in beside if x), key=lambda x: self.floor.lanes[x].waiting)
        return self._paced(f"move {t.code} {to}", lambda: adviser.of_move(t.code, to), _ADVICE_S)

    def others(self) -> list[Proposal]:
        """Everything else that is worth doing, the most pressing first; [] where there is no advice."""
        adviser = self._paced("adviser", self._adviser, _ADVICE_S)
        if adviser is None or self.register is None:
            return []
        from floorctl.advice.other_proposals import others

        register, cuts, advice = self.register, tuple(self.answers.get(SLOT_CUTS) or ()), self.advice()
        advised = advice.option if advice is not None else None
        return self._paced("others", lambda: others(adviser, register, self.closings(), cuts, advised), _ADVICE_S)

    def proposal(self) -> Proposal | None:
        """What the board says beside: the first that is clear, and only where no terminal is to be moved."""
        advice = self.advice()
        if advice is None or not advice.keep:
            return None
        return next((p for p in self.others() if p.clear), None)

    def lane_choice(self, terminal: str = "") -> LaneChoice | None:
        """Which lane an empty terminal (by default the chosen one) is best opened for; None where it has no choice."""
        adviser = self._paced("adviser", self._adviser, _ADVICE_S)
        code = terminal or self.terminal
        if adviser is None or not code:
            return None
        from floorctl.advice.staffing import Staffing

        found = self._paced("staffing", lambda: {c.terminal: c for c in Staffing(adviser).choices()}, _ADVICE_S)
        return found.get(code)

    def _adviser(self) -> Adviser | None:
        if self.forecaster is None or self.register is None or self.past is not None:
            return None
        if not self.floor.is_open or self.floor.preparing:
            return None
        from floorctl.advice.advise import Adviser

        demand = self.demand()
        return (
            None
            if demand is None
            else Adviser(self.floor, self.forecaster.times(self.floor, self.now), demand, self.now)
        )
