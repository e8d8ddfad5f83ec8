"""Share of a day's people expected to wait at most the target, from an open file: as expected now, and as the hall had opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from floorctl.commands.fold import fold_register
from floorctl.models.board.flow import reception_span
from floorctl.models.day.floor import Floor
from floorctl.usecases.forecasting import new_forecaster
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.advice.forecast import Forecaster
    from floorctl.advice.target_expected import Expected

# So long after the reception has begun the hall stands as it was meant to: who is at which terminal has been recorded.
_SETTLED = timedelta(minutes=15)


class DayShare(NamedTuple):
    """``now`` None where a lane that is worked is withheld; ``opening`` None until the hall has settled."""

    now: Expected | None
    opening: Expected | None


class ShareAhead:
    """Expected shares of one day, for one thread: the day is calibrated once, the opening's share worked out once."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._forecaster: Forecaster | None = None
        self._opening: tuple[datetime, Expected | None] | None = None

    def at(self, session: Session, now: datetime, *, past: bool = False) -> DayShare:
        """Return the shares at ``now``; ``past``: from the facts up to then, though more are known."""
        if self._forecaster is None:
            self._forecaster = new_forecaster(session, self.day)
        if past:
            floor, forecaster = session.floor_at(self.day, now), self._forecaster.anew()
            register = fold_register(e for e in session.register_facts() if e.fact.at <= now)
        else:
            floor, forecaster, register = session.floor(self.day), self._forecaster, session.register()
        found = forecaster.target(floor, register, now) if floor.is_open else None
        return DayShare(found, self._at_opening(session, floor, now))

    def _at_opening(self, session: Session, floor: Floor, now: datetime) -> Expected | None:
        """Return what was expected when the hall had settled; what the day has taught since is not used."""
        opening = reception_span(floor)[0] + _SETTLED
        if floor.opened_at is None or now < opening or self._forecaster is None:
            return None
        if self._opening is None or self._opening[0] != opening:
            then = session.floor_at(self.day, opening)
            fresh = self._forecaster.anew()
            self._opening = opening, fresh.target(then, session.register(), opening) if then.is_open else None
        return self._opening[1]
