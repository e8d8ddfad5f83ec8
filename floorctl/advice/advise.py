"""Make the advice at one instant: the move, its effect on the longest wait of each lane, the reasons (contract 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from floorctl.advice import explain
from floorctl.advice.arrivals import Demand
from floorctl.advice.best_move import Option, Rules, however_late, move_rules, options
from floorctl.advice.futures import FUTURES, SOON_S, Futures
from floorctl.advice.hall_view import View, view
from floorctl.advice.loans import contradict
from floorctl.advice.proposal import SEEN_MIN, Proposal
from floorctl.advice.service_times import ServiceTimes
from floorctl.advice.standing import Standing
from floorctl.common.clock import iso
from floorctl.common.frozen import frozen
from floorctl.common.lengths import whole_minutes
from floorctl.common.words import KEEP, NONE_TO_MOVE, hm
from floorctl.models.board.grounds import Grounds, grounds
from floorctl.models.day.advice_answers import held_until, quiet, quiet_until
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

NEAR_S, NEAR = 300.0, 0.2  # difference of two forecasts of one advice that is not worth a change of the line
HELPS_S = 300.0  # reduction of the longest wait below which nothing is proposed


@frozen
class Effect:
    """Longest wait of a lane over the next hour in seconds, before and after a move: mean over the drawn futures.

    Both are followed until the hall closes. ``nobody``: after it no terminal stands in the lane: it serves nobody.
    """

    before_s: int
    after_s: int
    nobody: bool = False

    @property
    def shorter_s(self) -> int:
        """Return by how many seconds the longest wait falls; negative where it grows."""
        return self.before_s - self.after_s

    @property
    def seen(self) -> bool:
        """Return whether the figures, in whole minutes, tell of a shorter wait."""
        return whole_minutes(self.before_s) - whole_minutes(self.after_s) >= SEEN_MIN

    def near(self, other: Effect) -> bool:
        """Return whether both tell nearly the same: within NEAR_S seconds or the share NEAR."""
        pairs = ((self.before_s, other.before_s), (self.after_s, other.after_s))
        return self.nobody == other.nobody and all(abs(a - b) <= max(NEAR_S, NEAR * max(a, b)) for a, b in pairs)


@dataclass(frozen=True)
class Verdict:
    """Advice at ``now``. ``option`` None: move nothing. ``reasons``: five pairs of heading and text.

    ``declined_until``: nothing is moved because it was declined, and not before this time; ``unsure``: why lanes have no
    wait, as sentences; ``stuck``: why nothing is moved although a target is exceeded; ``gain``: of the advised
    move in words, where its effect on the longest wait is none that is seen.
    """

    now: datetime
    option: Option | None
    effect: dict[str, Effect]
    text: str
    reasons: tuple[tuple[str, str], ...]
    basis: dict[str, Any] = field(default_factory=dict)
    declined_until: datetime | None = None
    unsure: tuple[str, ...] = ()
    stuck: str = ""
    gain: str = ""

    @property
    def keep(self) -> bool:
        """Return whether no move is advised."""
        return self.option is None

    @property
    def kept(self) -> str:
        """Return why nothing is moved, without figures: このままで良い, or 見送り中（10:17まで）."""
        return explain.kept(self.declined_until, self.stuck)

    def as_shown(self, shown: Verdict) -> Verdict:
        """Return it with the figures of an earlier ``shown``, where it advises the same and they have hardly changed."""
        told, before = (
            (v.option and (v.option.moves, v.option.to), v.declined_until, v.unsure, v.stuck, bool(v.gain), [*v.effect])
            for v in (self, shown)
        )
        if told != before or not all(e.near(shown.effect[lane]) for lane, e in self.effect.items()):
            return self
        return replace(self, effect=shown.effect, text=shown.text, gain=shown.gain)

    def to_json(self, took_ms: float) -> dict[str, Any]:
        """Return the document of contract 4. ``took_ms``: duration of the calculation, measured by the caller."""
        o = self.option
        return {
            "now": iso(self.now),
            "basis": self.basis,
            "keep": o is None,
            "moves": [] if o is None else [{"terminal": m, "from": o.origin, "to": o.to} for m in o.moves],
            "effect": {
                lane: {"before_s": max(0, e.before_s), "after_s": max(0, e.after_s)} for lane, e in self.effect.items()
            },
            "text": self.text,
            "declined_until": iso(self.declined_until) if self.declined_until is not None else None,
            "took_ms": round(took_ms, 1),
        }


class Adviser:
    """Planner's input at one instant, shared by the advice, the forecast of a manual move and all proposals.

    Make a new one whenever the facts change. ``known``: what the lanes' figures may rest on, outages among them.
    """

    def __init__(
        self,
        floor: Floor,
        times: ServiceTimes,
        demand: Demand,
        now: datetime,
        rules: Rules | None = None,
        *,
        known: Grounds | None = None,
    ) -> None:
        self.floor, self.now = floor, now
        self.rules = move_rules(floor.site) if rules is None else rules
        self.times, self.demand = times, demand
        self.grounds = grounds(floor, Register(), now) if known is None else known
        self.view: View = view(floor, demand, times, now, self.grounds)
        self._played: Futures | None = None

    def standing(self, stands: Standing | None, loan: Proposal | None = None) -> Verdict:
        """Return the advice that stands (`advice.standing`) with the figures of now, by what may still move.

        ``loan``: the one that is proposed; one that can begin soon takes the place of a move that contradicts it.
        """
        may = stands is not None and self._goes_on and not self._just_moved
        option = stands.option(self.view, self.rules) if stands is not None and may else None
        if option is not None and quiet(self.floor.answers, option.origin, option.to, option.gain, self.now):
            option = None
        if option is not None and loan is not None and loan.soon and contradict(loan, option):
            option = None
        if option is not None and self._saved(option) < 60 and not self.effect(option)[option.to].seen:
            option = None
        return self._verdict(option)

    @property
    def _goes_on(self) -> bool:
        """Return whether the day is open and the hall has not closed."""
        return self.floor.is_open and self.view.closes_s > 0

    @property
    def _just_moved(self) -> bool:
        """Return whether a terminal was moved or lent so lately that no further move is advised yet."""
        moved = any(ago < self.rules.rest_s for ago, _, _, _ in self.view.moved)
        return moved or any(ago < self.rules.lasts_s for ago, _ in self.view.lent)

    def verdict(self) -> Verdict:
        """Return the advice of this instant alone: the best move that pays now, else the best one to announce.

        None into or out of a lane whose figures are withheld (contract 6). A move that was declined a short while ago is
        left out (`quiet`).
        """
        if not self._goes_on:
            return self._verdict(None)
        # A move that does not pay now may pay once its terminal is free: announce it.
        return self._verdict(self._first(self.rules) or self._first(however_late(self.rules)))

    def _first(self, rules: Rules) -> Option | None:
        for o in options(self.view, rules):
            if not quiet(self.floor.answers, o.origin, o.to, o.gain, self.now):
                return o
        return None

    @property
    def futures(self) -> Futures | None:
        """Draw the futures on first use; None where fewer than two lanes share terminals."""
        if self._played is None and len(self.view.lanes) > 1:
            self._played = Futures(self.view)
        return self._played

    def of_move(self, terminal: str, to: str) -> Verdict | None:
        """Return the forecast of a manual move; None if the terminal is not at work or cannot serve that lane."""
        station = next((s for s in self.view.stations if s.code == terminal), None)
        if not self._goes_on or station is None or to not in station.lanes or station.lane == to:
            return None
        if not {station.lane, to} <= set(self.view.lanes) - self.grounds.withheld.keys():  # no queue there, or no wait
            return None
        return self._verdict(Option((terminal,), station.lane, to, 0.0))

    def _verdict(self, option: Option | None) -> Verdict:
        effect = self.effect(option)
        site, unsure = self.floor.site, self.unsure()
        declined = None if option is not None else self._declined()
        saved = self._saved(option)
        told = option is not None and option.gain > 0 and not effect[option.to].seen
        gain = explain.gain(saved) if told else ""
        stuck = "" if option is not None or declined is not None else self._stuck(effect)
        return Verdict(
            self.now,
            option,
            effect,
            explain.line(
                site,
                option,
                {k: (e.before_s, None if e.nobody else e.after_s) for k, e in effect.items()},
                declined,
                unsure,
                stuck,
                gain,
            ),
            explain.reasons(self.floor, self.view, self.demand, option, self._better(option), saved),
            self.basis(),
            declined,
            unsure,
            stuck,
            gain,
        )

    def _stuck(self, effect: Mapping[str, Effect]) -> str:
        """Return that no terminal is to move, where a longest wait exceeds its target by what a proposal must save."""
        over = (e.before_s >= self.floor.site.wait_target_s(lane) + HELPS_S for lane, e in effect.items())
        return NONE_TO_MOVE if any(over) else ""

    def _declined(self) -> datetime | None:
        """Return until when a move is held back because it was declined; None if none is."""
        held = held_until(self.floor.answers, self.now)
        if held is not None or not self.floor.answers:
            return held
        found = (
            quiet_until(self.floor.answers, o.origin, o.to, self.now)
            for o in options(self.view, however_late(self.rules))
        )
        return next((at for at in found if at is not None), None)

    def unsure(self) -> tuple[str, ...]:
        """Return why lanes have no wait, as sentences, and what the terminals of an outage may do meanwhile.

        A silent source is said of lanes that share terminals.
        """
        g, shared = self.grounds, self.view.lanes
        if not self._goes_on:
            ended = f"{hm(self.floor.site.hall.closes)} に閉庁しました"
            return (ended if self.floor.is_open else f"{KEEP}（開場していません）",)
        lanes = [x for x, said in g.withheld.items() if x in shared or said.code != "silent"]
        found = g.sentences(self.floor.site, lanes)
        names = {x.code: x.name for x in self.floor.site.lanes}
        standing = {x for x in shared if x in g.withheld and g.withheld[x].stands(self.now)}
        v = self.view
        helped = [names[x] for x in shared if x not in g.withheld and (v.count[x] or v.coming[x].spells)]
        if standing and helped:
            found.append(f"端末は{'・'.join(helped)}の応援に出せます")
        return tuple(found)

    def effect(self, option: Option | None) -> dict[str, Effect]:
        """Return the longest wait of each lane within the hour, without and with the move: mean over the futures.

        Lanes whose figures are withheld have none, and none once the hall has closed.
        """
        futures = self.futures
        if futures is None or not self._goes_on:
            return {}
        before = futures.longest((), "", SOON_S)
        after = before if option is None else futures.longest(option.moves, option.to, SOON_S)
        gone = option.moves if option is not None else ()
        return {
            lane: Effect(
                int(before[lane]),
                int(after[lane]),
                option is not None and option.origin == lane and all(s.code in gone for s in self.view.of(lane)),
            )
            for lane in futures.v.lanes
            if lane not in self.grounds.withheld
        }

    def loan_effect(self, loan: Proposal) -> dict[str, Effect]:
        """Return as ``effect`` what a proposed loan changes."""
        return self._of_loan(loan.terminal, loan.lane)

    def of_loan(self, terminal: str, to: str) -> dict[str, Effect]:
        """Return as ``effect`` what a loan by hand would change, for this hour; {} where the terminal cannot be lent so."""
        station = next((s for s in self.view.stations if s.code == terminal), None)
        shared = set(self.view.lanes) - self.grounds.withheld.keys()
        if not self._goes_on or station is None or station.home or not {station.lane, to} <= shared:
            return {}
        return self._of_loan(terminal, to) if to in station.lanes and to != station.lane else {}

    def _of_loan(self, terminal: str, to: str) -> dict[str, Effect]:
        futures = self.futures
        if futures is None:
            return {}
        before, after = futures.longest((), "", SOON_S), futures.loan(terminal, to)
        return {
            lane: Effect(int(before[lane]), int(after[lane]))
            for lane in futures.v.lanes
            if lane not in self.grounds.withheld
        }

    def _better(self, option: Option | None) -> int:
        """Return in how many futures the total wait within the hour is lower with the move."""
        futures = self.futures
        return 0 if option is None or futures is None else futures.better(option.moves, option.to, SOON_S)

    def _saved(self, option: Option | None) -> float:
        """Return by how many person-seconds the move lowers the total wait of those who wait or come within the hour."""
        futures = self.futures
        return 0.0 if option is None or futures is None else futures.saved(option.moves, option.to, SOON_S)

    def basis(self) -> dict[str, Any]:
        """Return the input figures that contract 4 prints with the advice."""
        v = self.view
        return {
            "waiting": {lane: v.count[lane] for lane in v.lanes},
            "terminals": {lane: [s.code for s in v.of(lane) if s.at_work] for lane in v.lanes},
            "expected_60min": {lane: round(v.coming_within(lane, SOON_S), 1) for lane in v.lanes},
            "service_s": {lane: int(v.pace[lane]) for lane in v.lanes},
            "moves_today": len(v.moved),
            "switch_s": v.switch_s,
            "horizon_s": self.rules.horizon_s,
            "futures": FUTURES,
            "constants": "site" if self.floor.site.advice.own else "shipped",
            "withheld": {lane: said.to_json() for lane, said in self.grounds.withheld.items()},
            "unskilled": {code: sorted(lanes) for code, lanes in sorted(self.grounds.barred.items())},
            "never_called": {lane: len(numbers) for lane, numbers in self.grounds.uncalled.items()},
        }
