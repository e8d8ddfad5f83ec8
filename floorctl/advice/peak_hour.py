"""Find the busiest hour of the day by the forecast of arrivals that F6 shows (仕様書 7(4)). Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise

from floorctl.advice.arrivals import Demand


def peak_hour(demand: Demand) -> tuple[datetime, datetime] | None:
    """Return the two half hours in a row with the most arrivals of all lanes, come and expected; None without any.

    A half hour that is over and of which no arrival is recorded counts as expected before the day: else the peak would
    move on with the time on a day whose tickets are not recorded.
    """
    total: Counter[tuple[datetime, datetime]] = Counter()
    for lane in demand.lanes.values():
        for h in lane.halves:
            total[h.start, h.end] += h.total or h.prior  # type: ignore[assignment]
    pairs = [(total[a] + total[b], a, b) for a, b in pairwise(sorted(total)) if a[1] == b[0]]
    most = max(pairs, key=lambda x: (x[0], -x[1][0].timestamp()), default=None)
    return (most[1][0], most[2][1]) if most is not None and most[0] > 0 else None
