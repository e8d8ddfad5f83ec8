"""Say which fact each event of a log is: by its name, else by its place in the life of a number."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

from floorctl.intake.sources.proposal.column_profile import Profile
from floorctl.intake.sources.proposal.column_words import event_kind


def event_kinds(x: Profile, ticket: Profile | None) -> tuple[dict[str, str], bool]:
    """Return the kind of fact of each event ("": none), and whether all are known by their names."""
    named = {v: event_kind(v) for v in x.values}
    if len(set(named.values()) - {""}) < 2 and "ticket.issued" not in named.values():
        return _by_order(x, ticket), False
    missing = {"ticket.issued", "ticket.called"} - set(named.values())
    if not missing or all(named.values()):
        return named, True
    ordered = _by_order(x, ticket)
    found = {v: kind or (ordered[v] if ordered[v] in missing else "") for v, kind in named.items()}
    return found, found == named


def _by_order(x: Profile, ticket: Profile | None) -> dict[str, str]:
    """Return what events without names mean: a number is issued first, then called; the rest ends it, or is absence."""
    if ticket is None:
        return dict.fromkeys(x.values, "")
    lives: dict[str, list[str]] = defaultdict(list)
    first: Counter[str] = Counter()
    for number, event in zip(ticket.column.cells, x.column.cells, strict=True):
        if number and event:
            lives[number].append(event)
    for events in lives.values():
        if len(events) > 1:
            first[events[0]] += 1
    order = sorted(x.values)
    issued = max(order, key=lambda v: (first[v], x.values[v]))
    found = dict.fromkeys(order, "")
    found[issued] = "ticket.issued"
    after: Counter[str] = Counter(b for v in lives.values() for a, b in pairwise(v) if a == issued and b != issued)
    rest = [v for v in order if v != issued]
    if not rest:
        return found
    called = max(rest, key=lambda v: (after[v], x.values[v]))
    found[called] = "ticket.called"
    ends = sorted((v for v in rest if v != called), key=lambda v: -x.values[v])
    calls = x.values[called]
    for v in ends:
        often = x.values[v] > calls * 0.5
        kind = "ticket.finished" if often and "ticket.finished" not in found.values() else "ticket.no_show"
        if kind not in found.values():
            found[v] = kind
    return found
