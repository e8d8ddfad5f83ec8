"""Proposals other than a move: one proposal, its effect, and the facts that carry it out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from floorctl.common.action_keys import keyed
from floorctl.common.frozen import frozen
from floorctl.common.lengths import whole_minutes
from floorctl.common.words import LONGEST_WAIT

# Measures of an effect: longest wait in seconds, persons left over at closing, persons served per day, terminals at work,
# people who are here without a place.
WAIT, LEFT, A_DAY, AT_WORK, UNPLACED = "longest_wait_s", "left_over", "served_a_day", "terminals", "unplaced"
# Kinds that cost nobody anything and so come before a move: a lane with nobody at it first.
FIRST = ("staff", "resume", "open")
# Least fall of the longest wait in minutes that is seen: a loan needs it to be worth a key; a move that brings less tells
# its gain in the waits of all.
SEEN_MIN = 2
# Share of what a proposal must be worth to appear that is enough for one that stands.
STAYS = 0.5
# Kind, lane and terminal of a proposal.
Key = tuple[str, str, str]


@frozen
class Change:
    """Effect of a proposal. ``of``: WAIT, LEFT, A_DAY, AT_WORK or UNPLACED; ``name``: the lane's name on the screen."""

    of: str
    name: str
    before: int
    after: int

    @property
    def head(self) -> str:
        """Return the heading: 電子証明書の最大待ち; else what is counted."""
        return f"{self.name}{_HEADS[self.of]}"

    @property
    def figures(self) -> tuple[int, int, str]:
        """Return before, after and their unit, as displayed: waits in whole minutes."""
        if self.of == WAIT:
            return whole_minutes(self.before), whole_minutes(self.after), "分"
        return self.before, self.after, {AT_WORK: "台", UNPLACED: "名"}.get(self.of, "人")

    @property
    def short(self) -> str:
        """Return a short heading: 電子証明書 最大, the lane's name, or what is counted."""
        return _SHORT.get(self.of, f"{self.name} 最大" if self.of == WAIT else self.name)

    @property
    def grows(self) -> bool:
        """Return whether a larger figure is better (people served, terminals at work)."""
        return self.of in (A_DAY, AT_WORK)

    @property
    def plain(self) -> str:
        """Return the lane's name and the figures: 交付 9分から14分."""
        before, after, unit = self.figures
        return f"{self.name} {before}{unit}から{after}{unit}"

    @property
    def text(self) -> str:
        """Return heading and figures: 電子証明書の最大待ち 42分から27分."""
        before, after, unit = self.figures
        return f"{self.head} {before}{unit}から{after}{unit}"


_HEADS = {
    WAIT: f"の{LONGEST_WAIT}",
    LEFT: " 閉庁までに応対できない人",
    A_DAY: " 1日の応対",
    AT_WORK: "で動く端末",
    UNPLACED: "場所のない人",
}
_SHORT = {LEFT: "応対できない人", A_DAY: "1日の応対", UNPLACED: "場所なし"}


@frozen
class Step:
    """Wish of the act that carries out a proposal: a kind of fact and its fields."""

    kind: str
    fields: Mapping[str, Any]


@frozen
class Proposal:
    """Proposal of a ``kind``, for the lane that it helps or stops.

    ``kind``: ``staff`` (somebody for a lane with nobody at it, or a place for who has none), ``resume`` ``recall`` ``open`` (one more terminal), ``lend`` (a terminal to another lane for a while), ``stop`` (of a
    reception), ``slots``. ``what`` and ``note`` may hold ``{who}`` for the person: facts know codes alone, a screen may
    print the surname. ``takes``: facts that one key writes; () if a person has to act. ``clear``: worth a line on the
    board; ``urgent``: before any move, for a lane with nobody at it. ``soon``: a loan whose terminal is free, or will be in minutes.
    """

    kind: str
    lane: str
    what: str
    change: Change
    note: str = ""
    terminal: str = ""
    origin: str = ""
    staff: str = ""
    takes: tuple[Step, ...] = ()
    cost: Change | None = None  # of the lane that lends
    clear: bool = False
    urgent: bool = False
    soon: bool = False

    @property
    def free(self) -> bool:
        """Return whether it costs nobody anything: a terminal more, by somebody who is there."""
        return self.urgent or self.kind in FIRST

    @property
    def before_moves(self) -> bool:
        """Return whether it comes before a move: it costs nothing, or the loan can begin at once."""
        return self.free or self.soon

    @property
    def key(self) -> Key:
        """Return what it is about, whatever its figures: kind, lane, terminal."""
        return self.kind, self.lane, self.terminal

    @property
    def gain_s(self) -> int:
        """Return the seconds that the longest wait falls; 0 if the effect is another one."""
        return max(0, self.change.before - self.change.after) if self.change.of == WAIT else 0

    @property
    def by_hand(self) -> str:
        """Return what a person has to do; "" if one key does it."""
        if self.takes:
            return ""
        return {
            "stop": keyed("その時刻に {advice_take} で打ち切れます"),
            "slots": "市と協議することです",
            "staff": keyed("人を決めて {staff} で担当に入れてください"),
        }.get(self.kind, keyed("戻ったら {people} で在席にし、端末に立ててください"))

    def parts(self, who: Callable[[str], str] = str) -> tuple[str, str]:
        """Return the proposal and its note, with the person named by ``who``."""
        name = who(self.staff) if self.staff else ""
        return self.what.replace("{who}", name), self.note.replace("{who}", name)

    def text(self, who: Callable[[str], str] = str) -> str:
        """Return one line: T8 を再開  電子証明書の最大待ち 82分から58分（休憩60分は済み）."""
        what, note = self.parts(who)
        cost = f"  {self.cost.plain}" if self.cost is not None else ""
        return f"{what}  {self.change.text}{cost}" + (f"（{note}）" if note else "")

    def to_json(self) -> dict[str, Any]:
        """Return the entry of ``advise --json`` (docs/additions.md)."""
        return {
            "kind": self.kind,
            "lane": self.lane,
            "terminal": self.terminal or None,
            "staff": self.staff or None,
            "text": self.text(),
            "effect": {"of": self.change.of, "before": self.change.before, "after": self.change.after},
            "clear": self.clear,
            "urgent": self.urgent,
            "acts": [{"kind": step.kind, **step.fields} for step in self.takes],
        }


def first(found: Sequence[Proposal], *, moves: bool) -> Proposal | None:
    """Return the proposal that comes first on the board: one that costs nothing, a loan at once, else (``moves``) an advised move."""
    clear = [p for p in found if p.clear]
    free = next((p for p in clear if p.before_moves), None)
    return free if free is not None or moves else next(iter(clear), None)
