"""Record of the day as its report shows it, for the screens that draw figures of the whole day (F7, F9)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from floorctl.common.words import FATE_WORDS
from floorctl.console.state import ConsoleState
from floorctl.documents.day.problems_draft import draft_problems
from floorctl.documents.day.record import DayRecord, day_record
from floorctl.models.site.site import Site


class EndOfDay(NamedTuple):
    """Record of the day as its report shows it now, and the draft of its 問題点."""

    record: DayRecord
    draft: list[str]


def end_of_day(state: ConsoleState) -> EndOfDay:
    """Return the record, computed once for each change of the facts and each minute (3 ms on a full day)."""
    return state.day.once("end of day", lambda: _end_of_day(state), every_s=60)


def other_ends(record: DayRecord, site: Site, more: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Return how many tickets ended otherwise than as done, each end in words; ``more``: words of further ends."""
    words = {k: word for k, word in FATE_WORDS.items() if k not in ("issued", "done")}
    words |= {"desk3": site.outcome_word("desk3"), **more}
    return [f"{word} {n}" for fate, word in words.items() if (n := sum(t.fate == fate for t in record.tickets))]


def _end_of_day(state: ConsoleState) -> EndOfDay:
    floor, register = state.day.floor, state.day.register
    record = day_record(floor, register, None, revision=floor.revision, now=state.day.now)
    return EndOfDay(record, draft_problems(record, floor, register))
