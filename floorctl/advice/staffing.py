"""Choose the lane of a terminal that is being staffed: the model of a move, with one more terminal. Pure.

A terminal that is being staffed needs no switch and counts as no move: it is the cheapest moment to change its lane.
"""

from __future__ import annotations

from typing import Any

from floorctl.advice.advise import HELPS_S, Adviser, Effect
from floorctl.advice.best_move import lane_for
from floorctl.advice.explain import minutes
from floorctl.advice.futures import SOON_S, Futures
from floorctl.common.frozen import frozen
from floorctl.common.words import LONGEST_WAIT
from floorctl.models.day.floor import Floor
from floorctl.models.site.site import Site

# Where its own lane gains nothing that is seen, a terminal goes to a lane whose longest wait falls by so much.
FAR_S = 1800


@frozen
class LaneChoice:
    """Advised ``lane`` for an empty terminal assigned to ``present``.

    ``effects``: for each possible lane, its longest wait within the hour without and with the terminal. ``urgent``: why
    the advised lane needs it at once; "" if it does not.
    """

    terminal: str
    lane: str
    present: str
    effects: dict[str, Effect]
    urgent: str = ""

    @property
    def changes(self) -> bool:
        """Return whether another lane than the present one is advised."""
        return self.lane != self.present

    @property
    def helps(self) -> bool:
        """Return whether staffing it shortens the longest wait by HELPS_S, or another lane is advised."""
        e = self.effects[self.lane]
        return bool(self.urgent) or self.changes or e.shorter_s >= HELPS_S

    def text(self, site: Site) -> str:
        """Return one line: T8 は電子証明書で  電子証明書の最大待ち 42分から31分（交付なら 9分から6分）."""
        text = f"{self.terminal} は{site.lane_by_code[self.lane].name}で  {self.effect_text(site, self.lane)}"
        if self.urgent:
            return text
        others = [
            f"{site.lane_by_code[x].name}なら {minutes(e.before_s)}から{minutes(e.after_s)}"
            for x, e in self.effects.items()
            if x != self.lane
        ]
        return f"{text}（{'、'.join(others)}）" if others else text

    def effect_text(self, site: Site, lane: str) -> str:
        """Return the effect in one lane: 電子証明書の最大待ち 42分から31分."""
        e = self.effects[lane]
        if self.urgent and lane == self.lane:
            return f"{site.lane_by_code[lane].name}は{self.urgent}"
        return f"{site.lane_by_code[lane].name}の{LONGEST_WAIT} {minutes(e.before_s)}から{minutes(e.after_s)}"

    def to_json(self, site: Site) -> dict[str, Any]:
        """Return the entry of ``advise --json`` (docs/additions.md)."""
        return {
            "terminal": self.terminal,
            "lane": self.lane,
            "present": self.present,
            "effect": {lane: {"before_s": e.before_s, "after_s": e.after_s} for lane, e in self.effects.items()},
            "text": self.text(site),
        }


def empty_terminals(floor: Floor) -> list[str]:
    """Return the working terminals without a person that can serve more than one shared lane."""
    movable = set(floor.site.movable_lanes)
    return [
        t.code
        for t in floor.terminals.values()
        if floor.state(t.code) == "unstaffed" and len(movable & set(floor.site.terminal_by_code[t.code].lanes)) > 1
    ]


def lane_choices(adviser: Adviser) -> list[LaneChoice]:
    """Return the choice for each empty terminal in the site's order; [] on a day that is not open."""
    floor, v, g = adviser.floor, adviser.view, adviser.grounds
    codes = empty_terminals(floor) if floor.is_open else []
    futures = adviser.futures if codes else None
    if futures is None:
        return []
    # Where an outage or a silent source hides the wait nobody can say what one terminal more does.
    unsure = {lane for lane, said in g.withheld.items() if said.code != "nobody"}
    found = []
    for code in codes:
        t = floor.terminals[code]
        present = t.next_lane or t.lane
        lanes = [x for x in v.lanes if x in floor.site.terminal_by_code[code].lanes and x not in unsure]
        if not lanes:
            continue
        best = lane_for(v, code, present, lanes, adviser.rules)
        effects = {lane: _effect(futures, lane) for lane in lanes}
        most = max(lanes, key=lambda x: effects[x].shorter_s)
        if best == present and effects[present].shorter_s < HELPS_S and effects[most].shorter_s >= FAR_S:
            best = most
        alone = [x for x in lanes if x in g.withheld and g.withheld[x].code == "nobody"]
        if alone:
            best = present if present in alone else alone[0]
        found.append(LaneChoice(code, best, present, effects, g.withheld[best].clause if alone else ""))
    return found


def _effect(futures: Futures, lane: str) -> Effect:
    before, after = futures.longest((), "", SOON_S)[lane], futures.longest((), "", SOON_S, more=lane)[lane]
    return Effect(int(before), int(after))
