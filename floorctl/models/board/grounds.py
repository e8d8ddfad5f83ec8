"""Withhold the figures of a lane that have nothing to rest on at an instant: outages, nobody at work, silent sources. Pure.

A lane has no wait where its waiting services stand still by a recorded outage, where nobody is at work, where its
source is silent (contract 6), or where its calls do not tell which terminal is busy. Numbers that later ones have overtaken stand in no figure but the number waiting, and
services that stand still in no queue that is run forward. Every forecast, effect, alert and line of the board asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from floorctl.common.clock import JST, iso, seconds_between
from floorctl.common.frozen import frozen
from floorctl.common.words import hm
from floorctl.models.board.assignable import barred_lanes
from floorctl.models.board.lane_cover import at_work_in, lanes_alone
from floorctl.models.board.passed_over import overtaken, passed_over
from floorctl.models.board.reception_hours import lane_hours, lane_receiving, receiving
from floorctl.models.board.same_digits import look_alikes
from floorctl.models.board.told import arrivals_untold, terminals_untold
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.fields import BY_HAND
from floorctl.models.register.outages import planned_to_stop, standing_spans, stopped_services, stopped_terminals
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

# So many arrivals by hand after the last record of a feed: the hall has gone over to paper and hand.
_TAKEN_OVER = 3
_SEVERAL = 3  # so many who wait are no calls that were lost
# A lane where somebody waits stands still for less than this: kept by hand, or with nobody called; then its figures are past.
_STILL_S = 5400
# Who comes so shortly before a planned outage is not served before it.
_SOON = timedelta(minutes=10)


@frozen
class Withheld:
    """Why a lane has no wait: ``code`` is ``outage``, ``nobody``, ``silent`` or ``untold``.

    ``word`` for a line with little room, ``clause`` said of the lane; ``since``: of the outage, or of the last record.
    """

    code: str
    word: str
    clause: str
    since: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Return whether the lane stands still by an outage that has begun."""
        return self.code == "outage" and self.since is not None and self.since <= now

    def to_json(self) -> dict[str, Any]:
        """Return the shape in ``status --json`` and in the basis of ``advise --json`` (docs/additions.md)."""
        return {"code": self.code, "text": self.clause, "since": iso(self.since) if self.since else None}


@dataclass(frozen=True)
class Grounds:
    """``withheld``: by lane; ``services`` and ``terminals`` that stand still by a recorded outage.

    ``uncalled``: by lane, numbers that nobody seems to hold; ``passed``: by lane, numbers that many later ones have
    passed, and how many.
    ``barred``: by terminal, the lanes that whoever stands there has not learnt.
    """

    withheld: dict[str, Withheld] = field(default_factory=dict)
    services: frozenset[str] = frozenset()
    terminals: frozenset[str] = frozenset()
    uncalled: dict[str, frozenset[str]] = field(default_factory=dict)
    barred: dict[str, frozenset[str]] = field(default_factory=dict)
    passed: dict[str, dict[str, int]] = field(default_factory=dict)

    def never_called(self, lane: str) -> frozenset[str]:
        """Return the waiting numbers of a lane that nobody seems to hold."""
        return self.uncalled.get(lane, frozenset())

    def held(self, floor: Floor, lane: str) -> list[Ticket]:
        """Return the waiting tickets that somebody holds, those of a standing service among them."""
        lost = self.never_called(lane)
        return [t for t in floor.lanes[lane].tickets.values() if t.number not in lost]

    def present(self, floor: Floor, lane: str) -> int:
        """Return how many wait in person: those of ``held``, and those known by a head count alone."""
        return len(self.held(floor, lane)) + floor.lanes[lane].uncounted

    def queue(self, floor: Floor, lane: str) -> list[Ticket]:
        """Return the waiting tickets that will be called: held, and of a service that does not stand still."""
        out = self.services
        return [t for t in self.held(floor, lane) if t.service not in out]

    def waiting(self, floor: Floor, lane: str) -> int:
        """Return how many will be called: those of ``queue``, and those known by a head count alone."""
        return len(self.queue(floor, lane)) + floor.lanes[lane].uncounted

    def sentences(self, site: Site, lanes: Iterable[str]) -> list[str]:
        """Return why these lanes have no wait, one sentence a reason: 交付・電子証明書 10:29 から記録がありません."""
        said: dict[str, list[str]] = {}
        for lane in lanes:
            if lane in self.withheld:
                said.setdefault(self.withheld[lane].clause, []).append(site.lane_by_code[lane].name)
        every = len(site.lanes)
        return [clause if len(names) == every else f"{'・'.join(names)} {clause}" for clause, names in said.items()]

    def silent_since(self) -> dict[str, datetime]:
        """Return the last record of each lane whose source is silent: what came since is unknown, and so is what comes."""
        return {
            lane: said.since for lane, said in self.withheld.items() if said.code == "silent" and said.since is not None
        }

    def desks(self, floor: Floor, lane: str) -> int:
        """Return the terminals of a lane that are at work and that no outage holds up."""
        return sum(at_work_in(floor, code, lane) and code not in self.terminals for code in floor.terminals)


NONE = Grounds()
# Its calls leave out which terminal is busy, or until when.
_UNTOLD = Withheld("untold", "端末の記録なし", "呼び出した端末か終わりの記録がなく、見込みを出せません")
# Nobody tells who waits: a wait of none would be a guess.
_UNSEEN = Withheld("untold", "待ちの記録なし", "待ち人数の記録がなく、見込みを出せません")
_ALIKE = 3  # calls of numbers that were issued with another letter: from so many on it is no coincidence [J]
_NOBODY = Withheld("nobody", "受けられません", "受けられません（動いている端末なし）")


def grounds(floor: Floor, register: Register, now: datetime) -> Grounds:
    """Return what the figures of each lane rest on at ``now``."""
    services, terminals = stopped_services(register, now), stopped_terminals(register, now)
    standing = standing_spans(register)
    passed = overtaken(floor, standing)
    alike = {x.held for x in found} if len(found := look_alikes(floor)) >= _ALIKE else set()
    uncalled = {
        lane: numbers
        for lane, q in floor.lanes.items()
        if (numbers := frozenset(t.number for t in passed.get(lane, ())) | alike & q.tickets.keys())
    }
    planned = planned_to_stop(register, now, now + _SOON)
    g = Grounds(
        {},
        frozenset(services),
        frozenset(terminals),
        uncalled,
        barred_lanes(floor, register),
        passed_over(floor, standing),
    )
    if floor.is_open and not floor.preparing:
        alone = lanes_alone(floor, now)
        for lane in floor.lanes:
            used = lane_receiving(floor, lane, now) or g.present(floor, lane) > 0
            said = _outage(floor, g, lane, services | terminals, planned, now) if used else None
            said = said or (_NOBODY if used and lane in alone else None) or _silent(floor, g, lane, now)
            said = said or (_UNSEEN if used and arrivals_untold(floor.lanes[lane], now) else None)
            said = said or (_UNTOLD if used and terminals_untold(floor.lanes[lane], now) else None)
            if said is not None:
                g.withheld[lane] = said
    return g


def _outage(
    floor: Floor, g: Grounds, lane: str, since: Mapping[str, datetime], planned: Mapping[str, datetime], now: datetime
) -> Withheld | None:
    """Say that every service that somebody waits for stands still, or every terminal at work in the lane.

    ``planned``: the services of planned outages, also of those that begin shortly.
    """
    asked = {t.service for t in g.held(floor, lane) if t.service is not None}
    if not asked or floor.lanes[lane].uncounted:  # for what, nobody said
        asked |= {s.code for s in floor.site.services if s.lane == lane}
    at_work = {t.code for t in floor.terminals.values() if at_work_in(floor, t.code, lane)}
    down = asked if asked <= g.services else at_work if at_work <= g.terminals else set()
    if asked and asked <= planned.keys():
        at = max(planned[x] for x in asked)
        if at > now:
            return Withheld("outage", f"{hm(at)}から停止", f"{hm(at)} から計画停止", at)
        return Withheld("outage", "停止中", f"停止中（{hm(at)} から）", at)
    if not down:
        return None
    at = min(since[x] for x in down)
    return Withheld("outage", "障害中", f"障害中（{hm(at)} から）", at)


def _silent(floor: Floor, g: Grounds, lane: str, now: datetime) -> Withheld | None:
    """Say that the source of a lane's arrivals, or of its calls while somebody waits, has fallen silent."""
    begins, ends = lane_hours(floor, lane)
    limit = floor.site.thresholds.stale_feed_s
    until = min(now, ends)
    if until <= begins:
        return None
    found = [*_silent_arrivals(floor, g, lane, begins, until, limit, now)]
    called = floor.lanes[lane].called_by
    waited = [t.issued_at for t in g.queue(floor, lane) if t.issued_at is not None]
    if called and BY_HAND not in called and waited:
        last = max([*_counted(floor, lane), *(_last_of(floor, s, now) for s in called)])
        if seconds_between(max(last, begins, min(waited)), until) > limit:
            found.append(last)
    uncalled = _uncalled_since(floor, g, lane, until)
    if (
        uncalled is not None
        and not found
        and seconds_between(max([uncalled, *_counted(floor, lane)]), until) > _STILL_S
    ):
        found.append(uncalled)
    if not found:
        return None
    at = min(found)
    return Withheld("silent", f"{hm(at)}から記録なし", f"{hm(at)} から記録がありません", at)


def _counted(floor: Floor, lane: str) -> list[datetime]:
    """Return the last head count of a lane, if there is one: it stands for what the source should have told until then."""
    at = floor.lanes[lane].counted_at
    return [at] if at is not None else []


def _uncalled_since(floor: Floor, g: Grounds, lane: str, until: datetime) -> datetime | None:
    """Return the last call of a lane that is called by hand, if it is too long ago for several who wait since to be there still.

    Whoever told of the calls does not any more: they are called by voice. One number alone may be a call that was lost.
    """
    q = floor.lanes[lane]
    waited = sorted(t.issued_at for t in g.queue(floor, lane) if t.issued_at is not None)
    if BY_HAND not in q.called_by or q.called_at is None or len(waited) < _SEVERAL or not g.desks(floor, lane):
        return None
    if any(floor.sources[s] >= q.called_at for s in q.called_by if s != BY_HAND):
        return None  # a feed that is alive tells of calls
    return q.called_at if seconds_between(max(q.called_at, waited[_SEVERAL - 1]), until) > _STILL_S else None


def _last_of(floor: Floor, source: str, now: datetime) -> datetime:
    """Return the last record of a source; of one that tells of times to come, of a clock that jumped, the last before them."""
    at = floor.sources[source]
    if seconds_between(now, at) <= floor.site.thresholds.stale_feed_s:
        return at
    told = (e.fact.at for e in floor.entries if e.source == source and e.fact.at <= now)
    return max(told, default=datetime.combine(floor.day, time(), JST))


def _silent_arrivals(
    floor: Floor, g: Grounds, lane: str, begins: datetime, until: datetime, limit: int, now: datetime
) -> Iterable[datetime]:
    """Yield the last record of each source of a lane's arrivals that has fallen silent."""
    sources = [(max([at, *_counted(floor, lane)]), since) for at, since in _arrival_sources(floor, lane, now)]
    yield from (at for at, since in sources if seconds_between(max(at, since), until) > limit)
    by_hand = None if sources else _last_by_hand(floor, g, lane)
    if by_hand is not None and seconds_between(max(by_hand, begins), until) > _STILL_S:
        yield by_hand


def calls_untold_since(floor: Floor, g: Grounds, lane: str, now: datetime) -> datetime | None:
    """Return since when calls of a lane may be missing, because the source that tells of them is silent; None: they are told.

    A head count tells of no call. Where nobody waits and the arrivals are told, no call is missing.
    """
    begins, ends = lane_hours(floor, lane)
    q, limit, until = floor.lanes[lane], floor.site.thresholds.stale_feed_s, min(now, ends)
    if until <= begins:
        return None
    uncalled = _uncalled_since(floor, g, lane, until)
    if uncalled is not None:
        return uncalled
    arrivals = [*_silent_arrivals(floor, g, lane, begins, until, limit, now)]
    feeds = [_last_of(floor, s, now) for s in q.called_by if s != BY_HAND]
    if not feeds:  # nobody has called yet, or somebody calls by hand: then only the silence of that hand tells
        by_hand = bool(q.called_by) and any(_arrival_sources(floor, lane, now))
        return min(arrivals, default=None) if not by_hand else None
    last = max(feeds)
    if BY_HAND in q.called_by and q.called_at is not None and q.called_at > last:
        return None  # called by hand since
    waited = [t.issued_at for t in g.queue(floor, lane) if t.issued_at is not None] + [h.since for h in q.heads]
    if arrivals:
        return last if seconds_between(max(last, begins), until) > limit else None
    return last if waited and seconds_between(max(last, begins, min(waited)), now) > limit else None


def _arrival_sources(floor: Floor, lane: str, now: datetime) -> Iterable[tuple[datetime, datetime]]:
    """Yield the time of the last record of each feed that a lane's arrivals come from, and since when it had to write.

    That is the beginning of the first reception that it serves. Where nobody has come to the lane yet, the feeds of the
    other lanes; where nobody has come at all, whichever feed has written last. A feed is left out once the arrivals after
    its last record come by hand, or from another feed that has only begun since.
    """
    own = floor.lanes[lane].came_by
    came = own or {s: times for q in floor.lanes.values() for s, times in q.came_by.items()}
    if not came:
        feeds = [_last_of(floor, source, now) for source in floor.sources if source != BY_HAND]
        if feeds:
            yield max(feeds), min(lane_hours(floor, x)[0] for x in floor.site.worked_lanes)
    for source in came:
        last = _last_of(floor, source, now)
        if source != BY_HAND and not any(
            _took_over(times, last, by_hand=other == BY_HAND) for other, times in came.items() if other != source
        ):
            yield last, min(lane_hours(floor, x)[0] for x, q in floor.lanes.items() if x == lane or source in q.came_by)


def _last_by_hand(floor: Floor, g: Grounds, lane: str) -> datetime | None:
    """Return the last time that a lane changed, was counted or had a visitor served, whose arrivals are known by hand.

    Where nobody waits, the last time that anything was written by hand: the lane may only be quiet.
    """
    q = floor.lanes[lane]
    if not g.present(floor, lane):
        return floor.sources.get(BY_HAND)
    if BY_HAND not in q.came_by:
        return None
    changed = (at for at, _ in q.history[-1:])
    ended = (t.ended_at for t in floor.tickets.values() if t.lane_at_end == lane)
    return max(x for x in (q.counted_at, q.called_at, *changed, *ended) if x is not None)


def _took_over(times: list[datetime], last: datetime, *, by_hand: bool) -> bool:
    """Return whether the arrivals of another source have taken the place of one that ended at ``last``."""
    since = sum(at > last for at in times[-_TAKEN_OVER:])
    return since >= _TAKEN_OVER and (by_hand or times[0] > last)


def silent_feeds(floor: Floor, now: datetime) -> list[tuple[str, int]]:
    """Return the feeds silent for longer than the site allows while visitors are received: (source, s)."""
    if not receiving(floor, now):
        return []
    limit = floor.site.thresholds.stale_feed_s
    ages = [(s, seconds_between(_last_of(floor, s, now), now)) for s in floor.sources if s != BY_HAND]
    return [(source, s) for source, s in ages if s > limit]
