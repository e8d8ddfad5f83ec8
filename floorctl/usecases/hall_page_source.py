"""Contents of the hall's page from the data file alone, beside whoever records in it: nothing is written, nothing is held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from floorctl.common.clock import business_day
from floorctl.models.board.grounds import grounds
from floorctl.models.board.hall_page import HallPage, hall_page
from floorctl.models.site.site import Site
from floorctl.usecases.forecasting import new_forecaster
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.advice.forecast import Forecaster


class HallPageSource:
    """Follows a data file, also one that is not there yet, or is replaced. ``open_session`` opens it for reading."""

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open_session = open_session
        self._session = open_session()
        self._forecaster: Forecaster | None = None

    @property
    def site(self) -> Site:
        return self._session.site

    def page(self) -> HallPage:
        """Return the page of the moment. Raise StoreError if the file cannot be read."""
        session = self._followed()
        session.refresh()
        now = session.clock()
        day = business_day(now)
        floor, register = session.floor(day), session.register()
        coming, ahead = {}, {}
        if floor.is_open and not floor.preparing:
            from floorctl.advice.foresight import foresee

            forecaster = self._forecaster_of(session, now)
            waits = forecaster.waits(floor, register, now)
            coming = {lane: w.arrivals for lane, w in waits.items()}
            ahead = foresee(floor, waits, forecaster.closings(floor, register, now), now)
        g = grounds(floor, register, now)
        return hall_page(floor, register, session.info(day), session.calendar, g, coming, ahead, now)

    def close(self) -> None:
        self._session.close()

    def _followed(self) -> Session:
        """Return the open file; a new one where it was replaced, or has come."""
        store = self._session.store
        if store.gone() or (not store.exists and store.path.exists()):
            session = self._open_session()
            self._session.close()
            self._session, self._forecaster = session, None
        return self._session

    def _forecaster_of(self, session: Session, now: datetime) -> Forecaster:
        """Return the forecaster of the day: it is calibrated once."""
        day = business_day(now)
        if self._forecaster is None or self._forecaster.day != day:
            self._forecaster = new_forecaster(session, day)
        return self._forecaster
