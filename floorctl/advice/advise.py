"""The advice of a moment in one document: what to do, what it will do to both lanes, and why (contract 4). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from floorctl.advice import explain
from floorctl.advice.best_move import RULES, SOON, Option, Rules, borne_out, options
from floorctl.advice.demand import Demand
from floorctl.advice.futures import FUTURES, SOON_S, Futures
from floorctl.advice.hall_view import View, view
from floorctl.advice.service_times import ServiceTimes
from floorctl.common.clock import iso
from floorctl.models.day.advice_answers import quiet
from floorctl.models.day.floor import Floor

HELPS_S = 300.0  # of the longest wait: less is no help that is worth saying


@dataclass(frozen=True, slots=True)
class Effect:
    """The longest wait of a lane, as expected over the next hour: as it is, and after the move. Seconds."""

    before_s: int
    after_s: int


@dataclass(frozen=True)
class Verdict:
    """What is advised at ``now``. ``option`` None: to leave everything as it is. ``reasons``: five of them, in words."""

    now: datetime
    option: Option | None
    effect: dict[str, Effect]
    text: str
    reasons: tuple[tuple[str, str], ...]
    basis: dict[str, Any] = field(default_factory=dict)

    @property
    def keep(self) -> bool:
        return self.option is None

    def to_json(self, took_ms: float) -> dict[str, Any]:
        """The document of the contract; ``took_ms`` is the caller's to measure."""
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
            "took_ms": round(took_ms, 1),
        }


class Adviser:
    """What is known of the day, for advice and for the forecast of a move by hand. Made anew whenever the facts change."""

    def __init__(
        self,
        floor: Floor,
        times: ServiceTimes,
        demand: Demand,
        now: datetime,
        rules: Rules = RULES,
    ) -> None:
        self.floor, self.now, self.rules = floor, now, rules
        self.times, self.demand = times, demand
        self.view: View = view(floor, demand, times, now)
        self._played: Futures | None = None

    def verdict(self) -> Verdict:
        """The advice of the moment. Nothing is advised that was declined a while ago and has not become more pressing."""
        if not self.floor.is_open:
            return self._verdict(None)
        # What is not worth a move at once may be worth one when the terminal is free: that is announced.
        return self._verdict(self._first(self.rules) or self._first(SOON))

    def _first(self, rules: Rules) -> Option | None:
        futures = self.futures
        if futures is None:
            return None
        for o in options(self.view, rules):
            if not quiet(self.floor.answers, o.origin, o.to, o.gain, self.now) and borne_out(o, futures):
                return o
        return None

    @property
    def futures(self) -> Futures | None:
        """What may come, played once for all that is asked of this moment; None where no lanes share terminals."""
        if self._played is None and len(self.view.lanes) > 1:
            self._played = Futures(self.view)
        return self._played

    def of_move(self, terminal: str, to: str) -> Verdict | None:
        """The forecast for a move by hand; None where the terminal is not at work or cannot go there."""
        station = next((s for s in self.view.stations if s.code == terminal), None)
        if station is None or to not in station.lanes or station.lane == to:
            return None
        if not {station.lane, to} <= set(self.view.lanes):  # nobody ever waits there
            return None
        return self._verdict(Option((terminal,), station.lane, to, 0.0, 0.0))

    def _verdict(self, option: Option | None) -> Verdict:
        effect = self.effect(option)
        site = self.floor.site
        return Verdict(
            self.now,
            option,
            effect,
            explain.line(site, option, {k: (e.before_s, e.after_s) for k, e in effect.items()}),
            explain.reasons(self.floor, self.view, self.demand, option, self._better(option)),
            self.basis(),
        )

    def effect(self, option: Option | None) -> dict[str, Effect]:
        """The longest wait of each lane before and after: the mean over the futures, nothing moved afterwards."""
        futures = self.futures
        if futures is None:
            return {}
        before = futures.longest((), "", SOON_S)
        after = before if option is None else futures.longest(option.moves, option.to, SOON_S)
        return {lane: Effect(int(before[lane]), int(after[lane])) for lane in futures.v.lanes}

    def _better(self, option: Option | None) -> int:
        """In how many of the futures everybody together waits less within the hour after it."""
        futures = self.futures
        return 0 if option is None or futures is None else futures.better(option.moves, option.to, SOON_S)

    def basis(self) -> dict[str, Any]:
        """The figures that the advice stands on."""
        v = self.view
        return {
            "waiting": {lane: v.count[lane] for lane in v.lanes},
            "terminals": {lane: [s.code for s in v.of(lane) if s.at_work] for lane in v.lanes},
            "expected_60min": {lane: round(explain.coming_within(v, lane, SOON_S), 1) for lane in v.lanes},
            "service_s": {lane: int(v.pace[lane]) for lane in v.lanes},
            "moves_today": len(v.moved),
            "switch_s": v.switch_s,
            "horizon_s": self.rules.horizon_s,
            "futures": FUTURES,
        }
