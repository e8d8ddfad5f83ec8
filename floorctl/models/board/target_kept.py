"""Share of people whose wait kept the lane's target: today so far, by lane and by the hour in which the wait began. Pure.

Service level with abandonment: of those who were called, and of those who waited beyond the target without a call. Who
went away within the target counts nowhere, nor who still waits within it: nothing is decided about them yet. The wait
runs from the issue, or from the appointment if that is later (contract 3). docs/decisions.md has the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from floorctl.common.clock import seconds_between
from floorctl.common.frozen import frozen
from floorctl.common.words import hm
from floorctl.models.board.grounds import NONE, Grounds
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.site.site import Site

FEW = 10  # a share of fewer people than this is given as their number, not in per cent
UNKNOWN = "不明"
# Ends of a person whom nobody called. Of one that a head count took off the end is not known.
_WENT = ("left", "no_show")


@frozen
class Kept:
    """``within``: people who waited at most the target, ``of``: people of whom it is decided.

    ``unknown``: people who were called and of whose wait nobody tells; they are in neither number.
    """

    within: int = 0
    of: int = 0
    unknown: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.within + other.within, self.of + other.of, self.unknown + other.unknown)

    @property
    def share(self) -> float | None:
        """Return the share from 0.0 to 1.0; None of nobody."""
        return self.within / self.of if self.of else None

    def to_json(self, target_s: int) -> dict[str, int]:
        """Return the shape in ``status --json`` and the records (docs/additions.md)."""
        return {"target_s": target_s, **self.counts()}

    def counts(self) -> dict[str, int]:
        """Return the numbers alone."""
        return {"within": self.within, "of": self.of, "unknown": self.unknown}


NOBODY = Kept()
_WITHIN, _BEYOND, _UNTOLD = Kept(1, 1), Kept(0, 1), Kept(0, 0, 1)


def together(found: Iterable[Kept]) -> Kept:
    """Return the sum of several counts."""
    total = NOBODY
    for k in found:
        total += k
    return total


def percent(within: int, of: int) -> int | None:
    """Return a share in whole per cent, rounded down so that 100 means everybody; None of nobody."""
    return 100 * within // of if of else None


def share_of(kept: Kept) -> float | None:
    """Return a share from 0.0 to 1.0 for a table; None of so few people that a share would tell more than is known."""
    return kept.share if kept.of >= FEW else None


def share_word(kept: Kept) -> str:
    """Return a share in words: 87％; of few people 7人のうち6人; 不明 where waits are unknown; - of nobody."""
    if not kept.of:
        return UNKNOWN if kept.unknown else "-"
    if kept.of < FEW:
        return f"{kept.of}人のうち{kept.within}人"
    return f"{percent(kept.within, kept.of)}％"


def target_word(site: Site, lanes: Iterable[str]) -> str:
    """Return what is kept: 目標20分以内; 目標以内 where the lanes have different targets."""
    targets = {site.wait_target_s(lane) for lane in lanes}
    return f"目標{targets.pop() // 60}分以内" if len(targets) == 1 else "目標以内"


def share_sentence(site: Site, lanes: Mapping[str, Kept]) -> str:
    """Return the share of these lanes for a document, rounded down: 目標20分以内 87.2％（4,210人のうち3,675人）.

    "" where nobody counts; where nobody tells how long people waited, that it is not known.
    """
    kept = together(lanes.values())
    if not kept.of:
        return f"{UNKNOWN}（待ち時間の記録なし）" if kept.unknown else ""
    people = f"{kept.of:,}人のうち{kept.within:,}人"
    tenths = 1000 * kept.within // kept.of
    said = people if share_of(kept) is None else f"{tenths // 10}.{tenths % 10}％（{people}）"
    more = f"　ほかに待ち時間の分からない人 {kept.unknown:,}人" if kept.unknown else ""
    return f"{target_word(site, [x for x, k in lanes.items() if k.of])} {said}{more}"


def unserved_s(t: Ticket, until: datetime) -> int | None:
    """Return for how long a person waited whom nobody called, in seconds: until they went, else until ``until``.

    None if they were called, or if it is not known.
    """
    start = t.wait_from
    if t.called_at is not None or start is None:
        return None
    end = t.ended_at if t.state in _WENT else until if t.state == "waiting" else None
    return seconds_between(start, end) if end is not None else None


def waited_unserved(floor: Floor, now: datetime | None, g: Grounds = NONE) -> dict[str, int]:
    """Return by ticket key the seconds that people waited whom nobody called.

    Those still in the queue until ``now``, or the close; in a lane whose source is silent, or was when the hall closed,
    until its last record. Numbers that nobody seems to hold are left out.
    """
    until = _until(floor, now, g)
    lost = {n for lane in floor.lanes for n in g.never_called(lane)}
    found = {}
    for t in floor.tickets.values():
        if t.called_at is None and not (t.state == "waiting" and t.number in lost):
            end = until.get(floor.counted_lane(t))
            waited = unserved_s(t, end) if end is not None else None
            if waited is not None:
                found[t.key] = waited
    return found


def _until(floor: Floor, now: datetime | None, g: Grounds) -> dict[str, datetime]:
    """Return by lane the instant up to which it is known who was not called."""
    silent, found = g.silent_since(), {}
    for lane, q in floor.lanes.items():
        known = [floor.sources[s] for s in {*q.came_by, *q.called_by} if s in floor.sources]
        end = now if floor.closed_at is None else min([floor.closed_at, max(known)] if known else [floor.closed_at])
        if end is not None:
            found[lane] = min(end, silent.get(lane, end))
    return found


def judged(called: bool, wait_s: int | None, unserved_wait_s: int | None, carried: bool, target_s: int) -> Kept:
    """Return what one person counts for."""
    if called and wait_s is not None:
        return _WITHIN if wait_s <= target_s else _BEYOND
    if called:
        return NOBODY if carried else _UNTOLD
    return _BEYOND if unserved_wait_s is not None and unserved_wait_s > target_s else NOBODY


def kept_by_hour(
    floor: Floor, now: datetime | None, g: Grounds = NONE, unserved: Mapping[str, int] | None = None
) -> dict[str, dict[int, Kept]]:
    """Return by lane the counts of each hour (local) in which waits began; people of unknown wait by their call.

    ``unserved``: as `waited_unserved` gives it, where the caller has it.
    """
    if unserved is None:
        unserved = waited_unserved(floor, now, g)
    found: dict[str, dict[int, Kept]] = {lane: {} for lane in floor.lanes}
    for t in floor.tickets.values():
        start = t.wait_from or t.called_at
        if start is None:
            continue
        lane = floor.counted_lane(t)
        called = t.called_at is not None
        wait = seconds_between(t.wait_from, t.called_at) if t.called_at is not None and t.wait_from else None
        carried = t.carried_from is not None
        one = judged(called, wait, unserved.get(t.key), carried, floor.site.wait_target_s(lane))
        if one is not NOBODY:
            found[lane][start.hour] = found[lane].get(start.hour, NOBODY) + one
    return found


def by_lane(hours: Mapping[str, Mapping[int, Kept]]) -> dict[str, Kept]:
    """Return the counts of each lane over its hours."""
    return {lane: together(own.values()) for lane, own in hours.items()}


def hall_words(site: Site, lanes: Mapping[str, Kept], g: Grounds = NONE) -> tuple[str, str] | None:
    """Return what is kept and its share over these lanes: 目標20分以内, 87％; None before anything is decided.

    Lanes of whose waits nobody tells are left out, which is said; where a source is silent, the share says until when it
    is known.
    """
    seen = [x.code for x in site.lanes if x.code in lanes and lanes[x.code].of]
    blind = [x.code for x in site.lanes if x.code in lanes and lanes[x.code].unknown and not lanes[x.code].of]
    if not seen:
        return (target_word(site, blind), UNKNOWN) if blind else None
    silent = [at for lane, at in g.silent_since().items() if lane in seen]
    said = [f"{hm(min(silent))}まで"] if silent else []
    said += [f"{site.lane_by_code[seen[0]].name}だけ" if len(seen) == 1 else "一部の列"] if blind else []
    share = share_word(together(lanes[x] for x in seen))
    return target_word(site, seen), share + (f"（{'・'.join(said)}）" if said else "")
