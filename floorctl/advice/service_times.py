"""Estimate service times: the site file's typical minutes, updated by today's finished cases. Pure.

Lognormal, as found for counters and call centres (Brown et al., JASA 100 (2005) 36-50). The mean log ratio to the site
file is shrunk in two stages, lane towards the site file and service towards its lane (normal-normal empirical Bayes),
so that three odd cases move little and forty move all. A ticket left open over lunch is winsorised to the longest
plausible time; a case in progress is right-censored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import pairwise
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

from floorctl.common.frozen import frozen
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.site.hall import Service
from floorctl.models.site.site import Site

_UNIT = NormalDist()
# The same few probabilities recur (levels of the runs).
_inverse = lru_cache(maxsize=4096)(_UNIT.inv_cdf)
# Prior sd of the log: mean 12, sd 5 minutes gives 0.40; PIN, furigana and the city's part widen it (SPEC 2.2).
_SIGMA, _SIGMA_CASES = 0.5, 12.0
_SIGMA_LOW, _SIGMA_HIGH = 0.25, 0.9
# Prior sd of a lane's log ratio to the site file, and of a service's to its lane.
_LANE_SD, _SERVICE_SD = 0.35, 0.2
# Observations are winsorised to this many sd from the mean.
_FAR = 2.0
# Weight of a case from an earlier day.
_BEFORE = 0.15
# A case beyond this multiple of its mean counts as forgotten.
_FORGOTTEN = 4.0
_SHORTEST_S = 20.0
# An end within this of the next call was caused by it; a call within the other of the arrival means no wait.
_AT_ONCE_S = 5.0
NO_WAIT_S = 60.0
# A machine's limit recurs at least so often, and exceeds the usual length by this factor if most cases share it.
_SAME, _LIMIT = 3, 1.25
# A turn is longer than its case if its terminal was free for so long while the person whom it called next waited, by this
# at most (a break that nobody recorded); the weight of a turn halves in this time, since desks come and go unannounced.
_TURN_S, _TURN_MOST_S, _TURN_HALF_S = 60.0, 2400.0, 5400.0
# The last cases of a lane that are learnt from: more would not move an estimate, and a day is learnt from dozens of times.
MOST_CASES = 500
# Prior seconds from the end of a case to the next call, and its weight in cases.
BETWEEN_S, _BETWEEN_CASES = 20.0, 10.0
# Weight of an upper bound; together they weigh no more than the exact lengths and this prior weight.
_BOUND, _BELIEF = 0.75, 10.0


@frozen
class Spread:
    """Lognormal service time in seconds: ``mu`` and ``sigma`` of its natural logarithm."""

    mu: float
    sigma: float

    @property
    def mean_s(self) -> float:
        """Return the mean in seconds."""
        return exp(self.mu + self.sigma**2 / 2)

    def left_quantile_s(self, elapsed_s: float, p: float) -> float:
        """Return the ``p`` quantile of the residual service time after ``elapsed_s``, in seconds.

        A lognormal's residual grows with the elapsed time: true of hard cases, not of a forgotten ticket. It never
        exceeds the ``p`` quantile of a new case.
        """
        return self.left_quantiles_s(elapsed_s, (p,))[0]

    def left_quantiles_s(self, elapsed_s: float, each: Sequence[float]) -> list[float]:
        """Return ``left_quantile_s`` for each of many ``p``."""
        mu, sigma, inverse, inv_cdf = self.mu, self.sigma, _inverse, _UNIT.inv_cdf
        fresh = [exp(mu + sigma * inverse(p)) for p in each]
        if elapsed_s <= _SHORTEST_S:
            return [max(0.0, whole - elapsed_s) for whole in fresh]
        elapsed = min(elapsed_s, _FORGOTTEN * self.mean_s)
        passed = _UNIT.cdf((log(elapsed) - mu) / sigma)
        found = []
        for p, whole in zip(each, fresh, strict=True):
            at = passed + p * (1 - passed)
            rest = exp(mu + sigma * inv_cdf(at if at < 1 - 1e-9 else 1 - 1e-9)) - elapsed
            found.append(whole if rest > whole else rest if rest > 0.0 else 0.0)
        return found

    def left_mean_s(self, elapsed_s: float) -> float:
        """Return the mean residual service time after ``elapsed_s``, at most the mean of a new case."""
        if elapsed_s <= _SHORTEST_S:
            return max(0.0, self.mean_s - elapsed_s)
        elapsed_s = min(elapsed_s, _FORGOTTEN * self.mean_s)
        z = (log(elapsed_s) - self.mu) / self.sigma
        alive = 1 - _UNIT.cdf(z)
        if alive < 1e-9:
            return self.mean_s
        rest = self.mean_s * (1 - _UNIT.cdf(z - self.sigma)) / alive - elapsed_s
        return min(self.mean_s, max(0.0, rest))


@frozen
class Observation:
    """Service time of a case: ``exact``, right-censored (``at_least``) or left-censored (``at_most``); its weight.

    ``ticket``: its key among the day's tickets.
    """

    service: str
    cards: int
    seconds: float
    how: Literal["exact", "at_least", "at_most"] = "exact"
    weight: float = 1.0
    ticket: str = ""


def expected_minutes(service: Service, cards: int) -> float:
    """Return the site file's ``typical_minutes`` plus ``further_card_minutes`` for each card after the first."""
    return service.typical_minutes + service.further_card_minutes * (max(1, cards) - 1)


def observations(floor: Floor, now: datetime, *, turns: bool = False) -> list[Observation]:
    """Return the day's cases as known at ``now``, without those of unknown services.

    At many counters a ticket is ended by the next call, or by the machine after a fixed time. If nobody was waiting,
    such an end bounds the service time from above: it counts as ``at_most``. ``turns``: as the queue meets them, that is
    up to the next call if somebody waited for it: a desk may serve another queue between two of this one.
    """
    found, after = _cases(floor, now)
    return [_turn(o, *a) for o, a in zip(found, after, strict=True)] if turns else found


def _cases(floor: Floor, now: datetime) -> tuple[list[Observation], list[tuple[float, float]]]:
    """Return the cases, and by case how long the next person waited beside the free terminal and how long ago it ended."""
    at_desk: dict[str, list[Ticket]] = {}
    for t in floor.tickets.values():
        known = t.serving_since is not None and t.terminal is not None and not t.untimed
        if known and t.serving_since is not None and t.serving_since <= now and t.terminal is not None:
            at_desk.setdefault(t.terminal, []).append(t)
    found: list[Observation] = []
    after: list[tuple[float, float]] = []
    known_from = _last_cases(floor.site, at_desk.values())
    for tickets in at_desk.values():
        tickets.sort(key=lambda t: (t.serving_since, t.number))
        for t, following in zip(tickets, [*tickets[1:], None], strict=True):
            if t.service is None or t.serving_since is None:
                continue
            if t.serving_since < known_from.get(floor.site.service_by_code[t.service].lane, t.serving_since):
                continue  # the lane has MOST_CASES later ones
            if t.ends and (t.ended_at is None or t.ended_at > now):
                continue  # it may have ended long ago: only the next call will tell
            if t.ended_at is None or t.ended_at > now:
                lasted = (now - t.serving_since).total_seconds()
                found.append(Observation(t.service, t.cards, lasted, "at_least", ticket=t.key))
                after.append((0.0, 0.0))
            elif t.state == "finished":
                seconds = (t.ended_at - t.serving_since).total_seconds()
                how: Literal["exact", "at_most"] = "at_most" if t.at_most or _by_the_next(t, following) else "exact"
                found.append(Observation(t.service, t.cards, seconds, how, ticket=t.key))
                after.append((beside_the_next(floor, t, following), (now - t.ended_at).total_seconds()))
    return _machine_ended(floor.site, found), after


def _last_cases(site: Site, at_desk: Iterable[list[Ticket]]) -> dict[str, datetime]:
    """Return by lane the beginning of the earliest of its last ``MOST_CASES``; a lane with fewer has none."""
    began: dict[str, list[datetime]] = {}
    for tickets in at_desk:
        for t in tickets:
            if t.service is not None and t.serving_since is not None:
                began.setdefault(site.service_by_code[t.service].lane, []).append(t.serving_since)
    return {lane: sorted(found)[-MOST_CASES] for lane, found in began.items() if len(found) > MOST_CASES}


def between_s(floor: Floor, lane: str, now: datetime) -> float:
    """Return the mean seconds from the end of a case to the next call of somebody who waits, today's and a prior's [J].

    Up to a minute: what is more makes a turn longer (``observations``).
    """
    at_desk: dict[str, list[Ticket]] = {}
    for t in floor.tickets.values():
        if t.serving_since is not None and t.terminal is not None and not t.untimed and t.serving_since <= now:
            at_desk.setdefault(t.terminal, []).append(t)
    n, total = _BETWEEN_CASES, _BETWEEN_CASES * BETWEEN_S
    for tickets in at_desk.values():
        tickets.sort(key=lambda t: (t.serving_since, t.number))
        for t, following in pairwise(tickets):
            if t.state == "finished" and floor.lane_of(t) == lane and not t.by_rule:
                beside = beside_the_next(floor, t, following)
                if beside > 0:
                    n, total = n + 1, total + min(_TURN_S, beside)
    return total / n


def beside_the_next(floor: Floor, t: Ticket, following: Ticket | None) -> float:
    """Return for how many seconds a terminal was free while the person of its lane waited whom it called next."""
    if following is None or following.wait_from is None or following.serving_since is None or t.ended_at is None:
        return 0.0
    if floor.lane_of(following) != floor.lane_of(t):
        return 0.0  # it came to that lane: no time that this one's person was kept waiting
    return (following.serving_since - max(t.ended_at, following.wait_from)).total_seconds()


def _turn(case: Observation, beside_s: float, age_s: float) -> Observation:
    """Return a case as a turn of its terminal: with the time in which it did not call although somebody waited."""
    weight = case.weight * 0.5 ** (age_s / _TURN_HALF_S)
    if beside_s <= _TURN_S:
        return replace(case, weight=weight)
    return replace(case, seconds=case.seconds + min(beside_s, _TURN_MOST_S), how="exact", weight=weight)


def _by_the_next(t: Ticket, following: Ticket | None) -> bool:
    """Return whether a case was ended by calling somebody who had not waited for it."""
    if following is None or following.serving_since is None or t.ended_at is None:
        return False
    by_call = t.assumed_end or (following.serving_since - t.ended_at).total_seconds() <= _AT_ONCE_S
    began = following.wait_from
    return by_call and began is not None and (following.serving_since - began).total_seconds() <= NO_WAIT_S


def _machine_ended(site: Site, found: list[Observation]) -> list[Observation]:
    """Mark cases as ``at_most`` whose end is the ticket machine's time limit.

    It is the longest service time, if several cases share it to the second; not if most cases share it and it is no
    longer than usual, for then they are simply alike.
    """
    lengths = Counter(round(o.seconds) for o in found if o.how == "exact")
    if not lengths or lengths[limit := max(lengths)] < _SAME:
        return found
    few = lengths[limit] <= lengths.total() / 2

    def ended(o: Observation) -> bool:
        usual = 60 * expected_minutes(site.service_by_code[o.service], o.cards)
        return o.how == "exact" and round(o.seconds) == limit and (few or limit > _LIMIT * usual)

    return [replace(o, how="at_most") if ended(o) else o for o in found]


@dataclass(frozen=True)
class ServiceTimes:
    """Service times by service and number of cards.

    ``shift``: by service, the mean log ratio of today to the site file; ``sigma``: by lane, the sd of the log;
    ``cases``: by lane, the total weight observed (today's finished cases, and a part of earlier ones).
    """

    site: Site
    shift: dict[str, float]
    sigma: dict[str, float]
    cases: dict[str, float]

    @cached_property
    def _spreads(self) -> dict[tuple[str, int], Spread]:
        return {}

    def of(self, service: str, cards: int = 1) -> Spread:
        """Return the service time of ``service`` with ``cards`` cards."""
        found = self._spreads.get((service, cards))
        if found is None:
            s = self.site.service_by_code[service]
            sigma = self.sigma[s.lane]
            mu = log(60 * expected_minutes(s, cards)) - sigma**2 / 2 + self.shift[service]
            found = self._spreads[service, cards] = Spread(mu, sigma)
        return found

    def unknown(self, lane: str) -> Spread:
        """Return the service time of an unknown case of a lane."""
        services = self.site.services
        return self.of(next((s.code for s in services if s.lane == lane), services[0].code))

    def longer(self, by: float) -> ServiceTimes:
        """Return service times that are longer by ``by``, a difference of logarithms."""
        return replace(self, shift={code: x + by for code, x in self.shift.items()}) if by else self

    def factor(self, service: str) -> float:
        """Return the ratio of today's service time to the site file's; 1.0 without observations."""
        return exp(self.shift[service])


def learn(floor: Floor, now: datetime, before: Iterable[Observation] = ()) -> ServiceTimes:
    """Estimate the service times at ``now`` from the day so far and ``before``, cases of earlier days."""
    return from_observations(floor.site, observations(floor, now), before)


def learn_with_turns(floor: Floor, now: datetime) -> tuple[ServiceTimes, ServiceTimes]:
    """Estimate the service times, and how long a terminal takes for each person of a queue rather than the case alone."""
    found, after = _cases(floor, now)
    turns = [_turn(o, *a) for o, a in zip(found, after, strict=True)]
    return from_observations(floor.site, found), from_observations(floor.site, turns)


def from_observations(site: Site, today: Sequence[Observation], before: Iterable[Observation] = ()) -> ServiceTimes:
    """Estimate the service times from observations."""
    seen = [*today, *(replace(o, weight=o.weight * _BEFORE) for o in before)]
    by_lane: dict[str, list[tuple[Observation, float]]] = {lane.code: [] for lane in site.lanes}
    known = site.service_by_code
    for o in seen:
        s = known.get(o.service)
        if s is not None and (o.how != "exact" or o.seconds > 0):
            x = log(max(_SHORTEST_S, o.seconds)) - log(60 * expected_minutes(s, o.cards))
            by_lane[s.lane].append((o, x))
    shift: dict[str, float] = {s.code: 0.0 for s in site.services}
    sigma: dict[str, float] = {}
    cases: dict[str, float] = {}
    for lane, found in by_lane.items():
        mine, sigma[lane], cases[lane] = _learn_lane(found)
        shift.update({s.code: mine.get(s.code, mine[""]) for s in site.services if s.lane == lane})
    return ServiceTimes(site, shift, sigma, cases)


def _learn_lane(found: list[tuple[Observation, float]]) -> tuple[dict[str, float], float, float]:
    """Return a lane's shift by service ("" for an unobserved one), its sigma, and the total weight observed."""
    sigma, lane = _SIGMA, 0.0
    service: dict[str, float] = {}
    used: list[tuple[str, float, float]] = []
    exact = sum(o.weight for o, _ in found if o.how == "exact")
    bounds = sum(o.weight for o, _ in found if o.how == "at_most")
    # Bounds alone would draw the estimate down without limit, so their total weight is capped.
    bound = _BOUND * min(1.0, (exact + _BELIEF) / bounds) if bounds else 0.0
    for _ in range(3):  # winsorising and censoring depend on the estimate: three iterations converge
        used = []
        for o, x in found:
            centre = service.get(o.service, lane) - sigma**2 / 2
            if o.how == "exact":
                used.append((o.service, min(max(x, centre - _FAR * sigma), centre + _FAR * sigma), o.weight))
            elif o.how == "at_most":
                if x > centre - _FAR * sigma:
                    z = min((x - centre) / sigma, _FAR)
                    used.append((o.service, centre - sigma * _UNIT.pdf(z) / _UNIT.cdf(z), o.weight * bound))
            elif x > centre:
                # Right-censored: the mean of a normal truncated at the elapsed time, at most plausible.
                z = min((x - centre) / sigma, _FAR)
                hazard = _UNIT.pdf(z) / (1 - _UNIT.cdf(z))
                used.append((o.service, centre + min(hazard, _FAR) * sigma, o.weight))
        total = sum(w for _, _, w in used)
        spread = _SIGMA**2 * _SIGMA_CASES
        for s, x, w in used:
            spread += w * (x - (service.get(s, lane) - sigma**2 / 2)) ** 2
        sigma = min(_SIGMA_HIGH, max(_SIGMA_LOW, sqrt(spread / (_SIGMA_CASES + total))))
        lane = _shrunk([(x + sigma**2 / 2, w) for _, x, w in used], sigma, 0.0, _LANE_SD)
        service = {
            s: _shrunk([(x + sigma**2 / 2, w) for c, x, w in used if c == s], sigma, lane, _SERVICE_SD)
            for s in {s for s, _, _ in used}
        }
    return service | {"": lane}, sigma, sum(w for _, _, w in used)


def _shrunk(seen: list[tuple[float, float]], sigma: float, towards: float, sd: float) -> float:
    """Return the posterior mean of (value, weight) pairs under a normal prior with mean ``towards`` and ``sd``."""
    belief, weight = sigma**2 / sd**2, sum(w for _, w in seen)
    return (belief * towards + sum(w * x for x, w in seen)) / (belief + weight)
