"""Find the day and the times of a file: one time of an event, or those of a visit in their order."""

from __future__ import annotations

from collections import Counter
from statistics import median

from floorctl.intake.sources.proposal.cell_shapes import moment, two_times
from floorctl.intake.sources.proposal.column_profile import Profile, instants
from floorctl.intake.sources.proposal.column_roles import Roles
from floorctl.intake.sources.proposal.column_words import event_kind, heading_words


def take_times(roles: Roles, left: list[Profile]) -> None:
    """Take the day and the times: one time, or several in ascending order in nearly all rows."""
    clocks = [x for x in left if x.clock in ("both", "time", "digits", "two")]
    # A time with a colon, other than one of a booking or a length: then digits alone are numbers.
    if any(x.clock in ("both", "time") and not x.says("wait") for x in clocks):
        clocks = [x for x in clocks if x.clock != "digits" or (x.says("time") and not x.says("ticket"))]
    clocks = [x for x in clocks if x.clock != "digits" or not (x.says("id") or x.says("ticket"))]
    days = [x for x in left if x.clock == "day"]
    two = [x for x in clocks if x.clock == "two"]
    if two:
        _take_two(roles, left, two[0])
    else:
        seldom = [x for x in clocks if x.filled < 0.3 * len(x.column.cells)]
        gone = [x for x in seldom if event_kind(heading_words(x.column.heading)) in _GONE]
        times = [x for x in clocks if not _is_length(x, clocks) and x not in gone]
        times = [x for x in times if not x.says("wait")] or times
        times = _one_of_each(times)
        ordered = _ascending(times)
        if len(ordered) > 1:
            _take_visit(roles, left, ordered)
            for x in gone:
                word = event_kind(heading_words(x.column.heading)).removeprefix("ticket.")
                if word not in roles.words:
                    roles.words[word] = x
                    left.remove(x)
        elif times:
            best = max(times, key=lambda x: (x.filled, x.says("time") or x.says("issued")))
            roles.words["at" if best.clock == "both" else "time"] = best
            left.remove(best)
    with_day = any(x.clock == "both" for word, x in roles.words.items() if word not in ("day",))
    if days and not with_day:
        best = max(days, key=lambda x: (x.says("day"), x.filled))
        roles.words["day"] = best
        left.remove(best)


def _one_of_each(times: list[Profile]) -> list[Profile]:
    """Return times without those that say the same in every row as one before."""
    found: list[Profile] = []
    for x in times:
        if not any([m.second for m in x.moments] == [m.second for m in y.moments] for y in found):
            found.append(x)
    return found


def _is_length(x: Profile, others: list[Profile]) -> bool:
    """Return whether times are lengths of time: early in the night, while others are by day."""
    seconds = [m.second for m in x.moments if m.second is not None]
    by_day = any(
        median(m.second for m in y.moments if m.second is not None) >= 6 * 3600
        for y in others
        if y is not x and any(m.second is not None for m in y.moments)
    )
    return bool(seconds) and by_day and median(seconds) < 3 * 3600


def _ascending(times: list[Profile]) -> list[Profile]:
    """Return the times that follow each other in nearly all rows, the earliest first."""
    if len(times) < 2:
        return []
    at = {id(x): instants(x) for x in times}

    def before(a: Profile, b: Profile, even: float) -> float:
        pairs = [(p, q) for p, q in zip(at[id(a)], at[id(b)], strict=True) if p is not None and q is not None]
        if not pairs:
            return 0.5
        return sum((q > p) + even * (q == p) for p, q in pairs) / len(pairs)

    ranked = sorted(times, key=lambda x: -sum(before(x, y, 0.5) for y in times if y is not x))
    chain = [ranked[0]]
    for x in ranked[1:]:
        if all(before(y, x, 1) >= 0.85 and before(y, x, 0.5) > 0.5 for y in chain):
            chain.append(x)
    return chain


_GONE = ("ticket.no_show", "ticket.left")
_VISIT = ("issued", "called", "finished")


def _take_visit(roles: Roles, left: list[Profile], times: list[Profile]) -> None:
    """Take the times of a visit: by order, and by the words of their headings where there are not three."""
    roles.style = "visits"
    named: dict[str, Profile] = {}
    for word in _VISIT:
        said = [x for x in times if x.says(word) and x not in named.values()]
        # 対応開始 comes after 呼出: the call is the first of several.
        if word == "finished":  # 退店 comes after 終了: the end is that of the service
            said = [x for x in said if not x.says("gone")] or said
        if said:
            named[word] = said[-1] if word == "finished" else said[0]
    if len(times) == 3:
        found = dict(zip(_VISIT, times, strict=True))
    elif len(times) == 2 and not {"issued"} & named.keys() and {"called", "finished"} <= named.keys():
        found = {"called": times[0], "finished": times[1]}
    elif len(times) == 2 and "called" not in named and {"issued", "finished"} <= named.keys():
        found = {"issued": times[0], "finished": times[1]}
    elif len(times) == 2:
        found = dict(zip(_VISIT[:2], times, strict=True))
        if "called" not in named:
            roles.unsure.add("called")
    else:
        found = {
            "issued": times[0],
            "finished": named.get("finished", times[-1]),
            "called": named.get("called", times[1]),
        }
        if "called" not in named or found["called"] in (times[0], times[-1]):
            found["called"] = times[1]
        if times.index(found["finished"]) <= times.index(found["called"]):
            found["finished"] = times[-1]
    order = [word for word in _VISIT if word in found]
    if any(named.get(word) not in (None, found[word]) for word in order):
        roles.unsure.update(order)
    for word in order:
        roles.words[word] = found[word]
        left.remove(found[word])


def _take_two(roles: Roles, left: list[Profile], x: Profile) -> None:
    """Take a column of two times in a cell."""
    roles.style = "visits"
    marks = Counter(found[1] for value in x.values if (found := two_times(value)))
    words = heading_words(x.column.heading)
    names = ("called", "finished") if "発券" not in words and "終" in words else ("issued", "called")
    for part, word in enumerate(names, 1):
        cells = tuple(found[2 * (part - 1)] if (found := two_times(cell)) else "" for cell in x.column.cells)
        one = Profile(x.column, x.filled, Counter(cells), "time", [moment(cell) for cell in cells])
        one.part, one.mark = part, marks.most_common(1)[0][0]
        roles.words[word] = one
    left.remove(x)
