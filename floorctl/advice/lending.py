"""Choose the terminal to lend to another lane (応援), and those that go home. Pure.

A terminal with nobody waiting at home helps where people wait, and comes home by itself. What decides is known at the
counter at once: who waits, how many terminals work, how long a case holds one. Lengths of queues are compared by
persons a terminal: what serves most heads an hour waits least in all (the c-mu rule; van Mieghem, Annals of Applied Probability 5
(1995) 809-33), and a change of lane costs its switch. Constants and figures: docs/advice.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from math import exp

from floorctl.advice.hall_view import Station, View
from floorctl.common.frozen import frozen
from floorctl.models.board.grounds import Grounds
from floorctl.models.board.loan_limits import LoanLimits
from floorctl.models.site.site import Site

# Why a lent terminal goes home, beside what `loan_limits` says of it.
HOME_ALONE, HOME_WAITS, HELPED_EMPTY = "home_alone", "home_waits", "helped_empty"


@frozen
class LendRules:
    """Parameters of lending. Times in seconds."""

    soon_s: float = 300.0  # who waits: whose wait begins within this time
    others: int = 2  # terminals at work at home, its own included
    heads: int = 2  # people waiting in the helped lane
    relief_s: float = 200.0  # least wait in the helped lane, if another terminal stands free at home
    alone_s: float = 400.0  # the same if none does
    scarce: float = 0.1  # relative rise of both with each order of the day ahead of an even spread of per_day
    per_day: int = 6
    rest_s: float = 180.0  # between two loans
    calling: int = 0  # people who may wait at home while the terminal is busy: another one may be about to call them
    comes: float = 0.3  # people expected at home until a busy terminal is free: with more, the loan is likely to lapse
    between: int = 0  # terminals of the helped lane that may stand free: they may be between two cases
    times: float = 2.0  # as many people a terminal wait at home as where it helps …
    heads_more: float = 0.35  # … and so many more: then it goes home though both lanes have people waiting


LEND_RULES = LendRules()


def lend_rules(site: Site) -> LendRules:
    """Return the parameters for a site: those of its file, else the shipped ones."""
    return replace(LEND_RULES, **site.advice.lending.given)


@frozen
class Lend:
    """Loan to advise. ``after_present``: its terminal serves somebody, and goes then if nobody waits at home.

    ``relief_s``: wait of the helped lane, people waiting times pace by terminals.
    """

    terminal: str
    home: str
    to: str
    after_present: bool
    relief_s: float

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what it is about, as the key of its proposal: kind, helped lane, terminal."""
        return "lend", self.to, self.terminal


@frozen
class Return:
    """Lent terminal that goes home from lane ``helped``; ``why``: HOME_ALONE, HOME_WAITS, HELPED_EMPTY, or as of `loan_limits`."""

    terminal: str
    home: str
    helped: str
    why: str


@frozen
class _Lane:
    """Lane as the rules of lending see it: people there, terminals at work that serve it or will, mean length of a case."""

    waiting: float
    terminals: int
    pace_s: float

    @property
    def wait_s(self) -> float:
        return self.waiting * self.pace_s / max(1, self.terminals)

    @property
    def heads(self) -> float:
        return self.waiting / max(1, self.terminals)


def _lane(v: View, lane: str, rules: LendRules) -> _Lane:
    there = sum(w.since <= rules.soon_s for w in v.waiting[lane]) * v.each(lane)
    return _Lane(there, sum(s.at_work for s in v.of(lane)), v.pace[lane])


def _dearer(v: View, rules: LendRules) -> float:
    """Return the factor of what a loan must be worth: more, the earlier the day's orders are used up."""
    whole = v.left_s + v.gone_s
    spread = rules.per_day * (v.gone_s / whole if whole > 0 else 1.0)
    return exp(rules.scarce * max(0.0, len(v.lent) + len(v.moved) - spread))


def _stands_free(v: View, s: Station) -> bool:
    """Return whether a terminal could call at once."""
    return s.at_work and s.case is None and v.free_in(s) <= 0


def offer(
    v: View,
    rules: LendRules = LEND_RULES,
    *,
    ahead: bool = False,
    limits: LoanLimits | None = None,
    among: Collection[str] | None = None,
) -> Lend | None:
    """Return the loan to make now, or with ``ahead`` also one after a present customer; None to lend nothing.

    A terminal that is free goes before one that will be, the one that is free soonest before others. None from or to a lane whose figures are withheld, unless it
    stands still by an outage and lends. ``limits``: what hours, appointments and breaks allow; ``among``: these alone.
    """
    if v.lent and min(ago for ago, _ in v.lent) < rules.rest_s:
        return None
    lanes = {lane: _lane(v, lane, rules) for lane in v.lanes}
    able = sorted((s for s in v.stations if among is None or s.code in among), key=v.free_in)
    found = [x for s in able if (x := _loan(v, s, lanes, rules, ahead=ahead, limits=limits)) is not None]
    return min(found, key=lambda x: (x.after_present, -x.relief_s), default=None)


def _loan(
    v: View,
    s: Station,
    lanes: Mapping[str, _Lane],
    rules: LendRules,
    *,
    ahead: bool,
    limits: LoanLimits | None,
) -> Lend | None:
    free = _stands_free(v, s)
    leaving = s.serves not in ("", s.lane)  # it was told to change its lane
    said = v.grounds.withheld.get(s.lane)
    known = said is None or said.stands(v.now)
    if not s.at_work or s.home or leaving or not known or not (free or (ahead and s.case is not None)):
        return None
    home = lanes[s.lane]
    idle = limits is not None and limits.idle(s.lane)
    if max(v.count[s.lane], home.waiting) > (0 if free else rules.calling) or (
        home.terminals < rules.others and not idle
    ):
        return None
    if not free and v.coming_within(s.lane, v.free_in(s)) > rules.comes:
        return None
    another = any(x is not s and _stands_free(v, x) for x in v.of(s.lane))
    if another and not free:
        return None  # that one goes, if any
    least = (rules.relief_s if another or idle else rules.alone_s) * _dearer(v, rules)
    best = None
    for to in s.lanes:
        if to == s.lane or to not in lanes or to in v.grounds.withheld:
            continue
        helped = lanes[to]
        if helped.waiting < rules.heads or helped.wait_s < least:
            continue
        if sum(_stands_free(v, x) for x in v.of(to)) > rules.between:
            continue
        if limits is not None and limits.bars(s.code, to):
            continue
        if best is None or helped.wait_s > best.relief_s:
            best = Lend(s.code, s.lane, to, not free, helped.wait_s)
    return best


def unsure(g: Grounds, *lanes: str) -> bool:
    """Return whether nobody tells who waits in one of these lanes, or which of its terminals is busy."""
    return any(g.withheld[x].code in ("silent", "untold") for x in lanes if x in g.withheld)


def due_returns(v: View, rules: LendRules = LEND_RULES, limits: LoanLimits | None = None) -> Iterator[Return]:
    """Yield the lent terminals that go home now; one that serves somebody is asked again when it is free.

    With ``limits`` a lane that needs none of its terminals is not alone, and no lane that receives is left alone.
    """
    lanes = {lane: _lane(v, lane, rules) for lane in v.lanes}
    for s in v.stations:
        if not s.home or s.home == s.lane or s.home not in lanes or unsure(v.grounds, s.home, s.lane):
            continue
        home, helped = lanes[s.home], lanes[s.lane]
        why = ""
        if not s.at_work or (limits is not None and limits.last_of(s.code, s.lane)):
            continue
        if home.terminals == 0 and not (limits is not None and limits.idle(s.home)):
            why = HOME_ALONE
        elif s.case is not None or not home.waiting:
            continue
        elif not helped.waiting:
            why = HELPED_EMPTY
        elif home.heads > rules.times * helped.heads + rules.heads_more:
            why = HOME_WAITS
        if why:
            yield Return(s.code, s.home, s.lane, why)
            return
