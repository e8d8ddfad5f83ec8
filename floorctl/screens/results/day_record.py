"""Record of the day as its report shows it, for the screens that draw figures of the whole day (F7, F9)."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.console.state import ConsoleState
from floorctl.documents.day.problems_draft import draft_problems
from floorctl.documents.day.record import DayRecord, day_record


class EndOfDay(NamedTuple):
    """Record of the day as its report shows it now, and the draft of its 問題点."""

    record: DayRecord
    draft: list[str]


def end_of_day(state: ConsoleState) -> EndOfDay:
    """Return the record, computed once for each change of the facts and each minute (3 ms on a full day)."""
    return state.day.once("end of day", lambda: _end_of_day(state), every_s=60)


def _end_of_day(state: ConsoleState) -> EndOfDay:
    floor, register = state.day.floor, state.day.register
    record = day_record(floor, register, None, revision=floor.revision, now=state.day.now)
    return EndOfDay(record, draft_problems(record, floor, register))
