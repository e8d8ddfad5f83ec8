"""Answers of the manager to the day's advice, and when a declined one is not repeated. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from floorctl.common.frozen import frozen

# What was declined is not advised again within HOLD, whatever it would save, nor by another terminal; and not within
# QUIET unless it would save half as much again as then.
HOLD = timedelta(minutes=10)
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
    """Return whether a move in this direction was declined within HOLD, or within QUIET for a gain of the same size."""
    return any(not a.taken and (a.origin, a.to) == (origin, to) and _holds(a, gain_s, now) for a in answers)


def left_alone(answers: Iterable[Answer], kind: str, terminal: str, lane: str, gain_s: float, now: datetime) -> bool:
    """As ``quiet``, of the proposal of a ``kind`` for a lane; after HOLD only by the same terminal."""
    return any(
        not a.taken
        and (a.about, a.to) == (kind, lane)
        and (a.terminal == terminal or now - a.at < HOLD)
        and _holds(a, gain_s, now)
        for a in answers
    )


def _holds(a: Answer, gain_s: float, now: datetime) -> bool:
    ago = now - a.at
    return timedelta() <= ago < HOLD or (timedelta() <= ago < QUIET and gain_s <= MORE * a.gain_s)


def held_until(answers: Iterable[Answer], now: datetime) -> datetime | None:
    """Return until when what was declined last is held back whatever it would save; None if nothing is."""
    found = [a.at + HOLD for a in answers if not a.taken and timedelta() <= now - a.at < HOLD]
    return max(found, default=None)


def quiet_until(answers: Iterable[Answer], origin: str, to: str, now: datetime) -> datetime | None:
    """Return until when a move in this direction is not repeated for the same gain; None if it is not held back."""
    found = [a.at + QUIET for a in answers if not a.taken and (a.origin, a.to) == (origin, to)]
    return max((at for at in found if now < at), default=None)
