"""The board of today as one document: what ``floorctl status`` prints."""

from __future__ import annotations

from typing import Any

from floorctl.common.clock import business_day
from floorctl.models.board.status import status
from floorctl.usecases.session import Session


def status_now(session: Session) -> dict[str, Any]:
    """Return the document of the contract (3) as the file stands; waits are predicted only where somebody waits."""
    now = session.clock()
    day = business_day(now)
    floor = session.floor(day)
    predicted, ahead = None, None
    if floor.waiting:
        from floorctl.usecases.forecasting import outlook

        predicted, ahead = outlook(session, floor, now)
    head, began = session.head(), session.began()
    return status(floor, session.register(), session.info(day), now, head, began, predicted, ahead)
