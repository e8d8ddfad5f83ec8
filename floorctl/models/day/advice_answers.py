"""Answers of the manager to the day's advice, and when a declined one is not repeated. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from floorctl.common.frozen import frozen

# A declined move is not advised again for so long, unless it would save half as much again as then.
QUIET = timedelta(minutes=30)
MORE = 1.5


@frozen
class Answer:
    """Answer to one advice. ``gain_s``: its predicted gain, in seconds of waiting summed over all visitors.

    ``terminal``: "" if it named none; then ``origin`` is ``to``. ``about``: "" for a move, else the other proposal.
    """

    at: datetime
    taken: bool
    terminal: str
    origin: str
    to: str
    gain_s: int
    reason: str
    about: str = ""


def quiet(answers: Iterable[Answer], origin: str, to: str, gain_s: float, now: datetime) -> bool:
    """Return whether a move in this direction was declined lately for a gain of the same size."""
    return any(
        not a.taken and a.origin == origin and a.to == to and now - a.at < QUIET and gain_s < MORE * a.gain_s
        for a in answers
    )
