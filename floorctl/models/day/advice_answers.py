"""What the manager did with the advice of the day: taken or declined, and when to be silent about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from floorctl.common.frozen import frozen

# A declined move is not advised again for so long, unless it would save half as much again as then.
QUIET = timedelta(minutes=30)
MORE = 1.5


@frozen
class Answer:
    """The manager's answer to one advice. ``gain_s``: what it was said to save, in seconds of waiting of all together.
    ``terminal``: "" where it was about none; then, and where none was to be moved, ``origin`` is ``to``. ``about``: "" a
    move, else which other proposal."""

    at: datetime
    taken: bool
    terminal: str
    origin: str
    to: str
    gain_s: int
    reason: str
    about: str = ""


def quiet(answers: Iterable[Answer], origin: str, to: str, gain_s: float, now: datetime) -> bool:
    """Whether a move in this direction was declined and nothing has changed much since."""
    return any(
        not a.taken and a.origin == origin and a.to == to and now - a.at < QUIET and gain_s < MORE * a.gain_s
        for a in answers
    )
