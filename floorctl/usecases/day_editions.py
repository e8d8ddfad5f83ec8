"""Daily reports that were issued again: each edition of a day after its first, why, and what it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from floorctl.commands.fold import fold, fold_register, register_entries
from floorctl.common.clock import business_day
from floorctl.documents.day.record import DayRecord, day_record
from floorctl.documents.day.revisions import Edition, Figure, Reissue, difference, editions, stock_changes
from floorctl.documents.period.queries import Period
from floorctl.models.day.editions import DayEdition, shown_to_the_end
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.day import given_reason
from floorctl.models.facts.entry import Entry
from floorctl.usecases.day_tables import Derived, rows_of
from floorctl.usecases.session import Session


def reissues(session: Session, derived: Derived, days: Iterable[date]) -> tuple[Reissue, ...]:
    """Return the editions after the first of these days, in the order in which they were recorded."""
    found: list[tuple[int, Reissue]] = []
    for day in days:
        floor = session.floor(day)
        made = floor.editions()
        if len(made) < 2:
            continue
        was, before = _as_of(session, derived, floor, made[0].end)
        for n, (first, then) in enumerate(pairwise(made), 2):
            record, after = _as_of(session, derived, floor, then.end)
            came = sorted((e for e in floor.entries if first.end < e.seq <= then.end), key=lambda e: e.seq)
            on = business_day(came[-1].recorded_at)
            beside = tuple(stock_changes(was, record))
            found.append((then.end, Reissue(day, n, on, _why(came, then), difference(before, after), beside)))
            was, before = record, after
        session.forget(day)
    return tuple(r for _, r in sorted(found, key=lambda x: x[0]))


def editions_of(session: Session, day: date) -> tuple[Edition, ...]:
    """Return the editions of a day's report after the first, with what each changed."""
    if session.floor(day).revision == 1:
        return ()
    derived = Derived(session, day, day)
    again = reissues(session, derived, [day])
    return editions(again, Period(derived.query, day, day).figures(), session.site)


def _as_of(session: Session, derived: Derived, floor: Floor, end: int) -> tuple[DayRecord, Counter[Figure]]:
    """Return the record of a day by its facts up to number ``end``, and its figures."""
    was = fold(session.site, floor.day, [e for e in floor.entries if e.seq <= end], floor.carried)
    seen = [e for e in register_entries(session.register_facts(), floor.day) if e.seq <= end]
    record = day_record(was, fold_register(seen), None, revision=1)
    derived.as_was(floor.day, rows_of(record, 0, 0))
    found = Period(derived.query, floor.day, floor.day).figures()
    derived.as_was(floor.day, None)
    return record, found


def _why(came: list[Entry], edition: DayEdition) -> str:
    """Return why a day was issued again: the reasons of the reopening and of what was taken back, else what came late."""
    given = (given_reason(e.fact) for e in came if isinstance(e.fact, ev.DayReopened | ev.Retracted))
    if reasons := dict.fromkeys(filter(None, given)):
        return "。".join(reason.rstrip("。") for reason in reasons)
    sorts = Counter(_sort(e) for e in came if e.seq in edition.late and e.kind != "retracted")
    return "、".join(f"{word} {n}件" for word, n in sorts.items()) or "理由の記録なし"


def _sort(e: Entry) -> str:
    if not shown_to_the_end(e.kind):
        return "締めた後に届いた記録"
    return "締めた後の事案の記録" if e.kind.startswith("incident.") else "締めた後のカード在庫の照合"
