"""How long a case takes: what the site calls typical, corrected by the cases finished so far. Pure.

Lognormal, as service times of counters and call centres are found to be (Brown et al., JASA 100 (2005) 36-50). The log
of a case's length against the site's expectation is shrunk in two steps, lane towards the site file and service towards
its lane (normal-normal empirical Bayes), so that three odd cases move little and forty move all. A ticket left open over
lunch counts as the longest that is believable (winsorised); one still open counts as "longer than so far" (censored).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.site.hall import Service
from floorctl.models.site.site import Site

_UNIT = NormalDist()
# The same few shares are asked for again and again (levels of the runs).
_inverse = lru_cache(maxsize=4096)(_UNIT.inv_cdf)
# Spread of the log within a service: mean 12, sd 5 minutes gives 0.40; PIN, furigana and the city's part widen it (SPEC 2.2).
_SIGMA, _SIGMA_CASES = 0.5, 12.0
_SIGMA_LOW, _SIGMA_HIGH = 0.25, 0.9
# How far a day's lane lies from the site file, and a service from its lane, in units of the log (one sd).
_LANE_SD, _SERVICE_SD = 0.35, 0.2
# Nothing counts as further from what is expected than this many spreads; a shorter tail downwards: a mistaken call.
_FAR = 2.0
# A case from before today tells as much as this part of one of today.
_BEFORE = 0.15
# A terminal that nobody finished counts as forgotten after this many times the expected length.
_FORGOTTEN = 4.0
_SHORTEST_S = 20.0
# A finish within so much of the next call was made by that call; somebody called within so much of coming did not wait.
_AT_ONCE_S, _NO_WAIT_S = 5.0, 60.0
# A machine's limit is met several times, and lies so much above what is usual that cases all alike are not taken for it.
_SAME, _LIMIT = 3, 1.25
# An upper bound tells less than a length; all of them weigh no more than the lengths and so many cases of belief.
_BOUND, _BELIEF = 0.75, 10.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Length of a case in seconds as a lognormal: ``mu`` and ``sigma`` of its natural logarithm."""

    mu: float
    sigma: float

    @property
    def mean_s(self) -> float:
        return exp(self.mu + self.sigma**2 / 2)

    def left_quantile_s(self, elapsed_s: float, p: float) -> float:
        """What a case that has lasted ``elapsed_s`` still takes at most with probability ``p``.

        A lognormal's rest grows with what has passed: true of hard cases, not of a ticket that nobody finished. Beyond
        four times the expected length the rest is that of a new case.
        """
        return self.left_quantiles_s(elapsed_s, (p,))[0]

    def left_quantiles_s(self, elapsed_s: float, each: Sequence[float]) -> list[float]:
        """``left_quantile_s`` of one case for each of many ``p``."""
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
        """Expected rest of a case that has lasted ``elapsed_s``; never more than a whole new one."""
        if elapsed_s <= _SHORTEST_S:
            return max(0.0, self.mean_s - elapsed_s)
        elapsed_s = min(elapsed_s, _FORGOTTEN * self.mean_s)
        z = (log(elapsed_s) - self.mu) / self.sigma
        alive = 1 - _UNIT.cdf(z)
        if alive < 1e-9:
            return self.mean_s
        rest = self.mean_s * (1 - _UNIT.cdf(z - self.sigma)) / alive - elapsed_s
        return min(self.mean_s, max(0.0, rest))


@dataclass(frozen=True, slots=True)
class Observation:
    """One case: how long it took (``exact``), has taken so far (``at_least``), or took at the longest (``at_most``)."""

    service: str
    cards: int
    seconds: float
    how: Literal["exact", "at_least", "at_most"] = "exact"
    weight: float = 1.0


def expected_minutes(service: Service, cards: int) -> float:
    """What the site file says of a case: ``typical_minutes`` and ``further_card_minutes`` for each card after the first."""
    return service.typical_minutes + service.further_card_minutes * (max(1, cards) - 1)


def observations(floor: Floor, now: datetime) -> list[Observation]:
    """The cases of a day as they were known at ``now``; unknown services are left out.

    At many counters a ticket is ended by calling the next one, or by the machine after a fixed time. Where nobody was
    waiting, such an end says when the desk was free at the latest, not how long the case took: it counts as ``at_most``.
    """
    at_desk: dict[str, list[Ticket]] = {}
    for t in floor.tickets.values():
        known = t.serving_since is not None and t.terminal is not None and not t.untimed
        if known and t.serving_since is not None and t.serving_since <= now and t.terminal is not None:
            at_desk.setdefault(t.terminal, []).append(t)
    found: list[Observation] = []
    for tickets in at_desk.values():
        tickets.sort(key=lambda t: (t.serving_since, t.number))
        for t, following in zip(tickets, [*tickets[1:], None], strict=True):
            if t.service is None or t.serving_since is None:
                continue
            if t.ended_at is None or t.ended_at > now:
                found.append(Observation(t.service, t.cards, (now - t.serving_since).total_seconds(), "at_least"))
            elif t.state == "finished":
                seconds = (t.ended_at - t.serving_since).total_seconds()
                how: Literal["exact", "at_most"] = "at_most" if _by_the_next(t, following) else "exact"
                found.append(Observation(t.service, t.cards, seconds, how))
    return _machine_ended(floor.site, found)


def _by_the_next(t: Ticket, following: Ticket | None) -> bool:
    """Whether a case was ended by the call of somebody who had not waited for it."""
    if following is None or following.serving_since is None or t.ended_at is None:
        return False
    by_call = t.assumed_end or (following.serving_since - t.ended_at).total_seconds() <= _AT_ONCE_S
    began = following.wait_from
    return by_call and began is not None and (following.serving_since - began).total_seconds() <= _NO_WAIT_S


def _machine_ended(site: Site, found: list[Observation]) -> list[Observation]:
    """The longest length, where several cases share it to the second, is the machine's limit and no case's length; but
    where most cases take the same, and no longer than usual, it is that they are all alike."""
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
    """Lengths of cases by service and number of cards.

    ``shift``: by service, the log of today against the site file; ``sigma``: by lane, the spread of the log;
    ``cases``: by lane, how much has been seen (finished cases of today, and a part of those before).
    """

    site: Site
    shift: dict[str, float]
    sigma: dict[str, float]
    cases: dict[str, float]

    @cached_property
    def _spreads(self) -> dict[tuple[str, int], Spread]:
        return {}

    def of(self, service: str, cards: int = 1) -> Spread:
        """The length of a case of ``service`` with ``cards`` cards."""
        found = self._spreads.get((service, cards))
        if found is None:
            s = self.site.service_by_code[service]
            sigma = self.sigma[s.lane]
            mu = log(60 * expected_minutes(s, cards)) - sigma**2 / 2 + self.shift[service]
            found = self._spreads[service, cards] = Spread(mu, sigma)
        return found

    def factor(self, service: str) -> float:
        """How long cases of ``service`` take today against the site file; 1.0 where nothing is known."""
        return exp(self.shift[service])


def learn(floor: Floor, now: datetime, before: Iterable[Observation] = ()) -> ServiceTimes:
    """Lengths of cases as known at ``now``: the site file, ``before`` (cases of earlier days), the day so far."""
    return from_observations(floor.site, observations(floor, now), before)


def from_observations(site: Site, today: Sequence[Observation], before: Iterable[Observation] = ()) -> ServiceTimes:
    """As ``learn``, from cases themselves."""
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
    """Shift of the log by service ("" for one not seen), the spread, and how much was seen."""
    sigma, lane = _SIGMA, 0.0
    service: dict[str, float] = {}
    used: list[tuple[str, float, float]] = []
    told = sum(o.weight for o, _ in found if o.how == "exact")
    bounds = sum(o.weight for o, _ in found if o.how == "at_most")
    # Bounds alone would draw the estimate down for ever: together they weigh no more than the lengths and the belief.
    bound = _BOUND * min(1.0, (told + _BELIEF) / bounds) if bounds else 0.0
    for _ in range(3):  # what is winsorised or censored depends on the estimate: three rounds settle it
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
                # Still open beyond the usual: it will be as long as those that got this far, and at most believable.
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
    """The mean of what was seen, drawn ``towards`` what was believed (sd of the belief)."""
    belief, weight = sigma**2 / sd**2, sum(w for _, w in seen)
    return (belief * towards + sum(w * x for x, w in seen)) / (belief + weight)
