"""What else the manager could do than move a terminal: one proposal, its effect, and the act that takes it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from floorctl.models.day.advice_answers import MORE, QUIET
from floorctl.models.day.floor import Floor

# What a gain is measured in: seconds of the longest wait, persons left at the closing of the hall, persons a day.
WAIT, LEFT, A_DAY = "longest_wait_s", "left_over", "served_a_day"


@dataclass(frozen=True, slots=True)
class Change:
    """What a proposal changes: ``of`` is one of WAIT, LEFT, A_DAY; ``name`` the lane as the screen names it."""

    of: str
    name: str
    before: int
    after: int

    @property
    def head(self) -> str:
        """電子証明書の最大待ち; of LEFT and A_DAY what is counted."""
        return f"{self.name}{_HEADS[self.of]}"

    @property
    def figures(self) -> tuple[int, int, str]:
        """Before, after and the unit, as they are shown: waits in whole minutes."""
        if self.of == WAIT:
            return round(self.before / 60), round(self.after / 60), "分"
        return self.before, self.after, "人"

    @property
    def short(self) -> str:
        """The same in few cells."""
        return self.name if self.of == WAIT else _SHORT[self.of]

    @property
    def grows(self) -> bool:
        """Whether more is better: people served."""
        return self.of == A_DAY

    @property
    def text(self) -> str:
        """電子証明書の最大待ち 42分から27分."""
        before, after, unit = self.figures
        return f"{self.head} {before}{unit}から{after}{unit}"


_HEADS = {WAIT: "の最大待ち", LEFT: " 閉庁までに応対できない人", A_DAY: " 1日の応対"}
_SHORT = {LEFT: "応対できない人", A_DAY: "1日の応対"}


@dataclass(frozen=True, slots=True)
class Step:
    """One wish of the act that takes a proposal: a kind that a person may write, and its fields."""

    kind: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """``kind``: ``resume`` ``recall`` ``open`` (a terminal more), ``lend`` ``back`` (an idle terminal), ``stop`` (of a
    reception), ``slots``. ``lane`` is the one that it helps, or that stops.

    ``what`` and ``note`` may hold ``{who}``, for whom it names: the facts know codes alone, a screen may say the surname.
    ``takes``: what one key writes; () where a person has to do it. ``clear``: worth the line of the board. ``until``: when
    a terminal that is lent goes back.
    """

    kind: str
    lane: str
    what: str
    change: Change
    note: str = ""
    terminal: str = ""
    origin: str = ""
    staff: str = ""
    until: datetime | None = None
    takes: tuple[Step, ...] = ()
    clear: bool = False

    @property
    def gain_s(self) -> int:
        """Seconds of the longest wait that it saves; 0 where it is about something else."""
        return max(0, self.change.before - self.change.after) if self.change.of == WAIT else 0

    @property
    def by_hand(self) -> str:
        """What has to be done where no key does it; "" where one does."""
        if self.takes:
            return ""
        return {"stop": "その時刻に a で打ち切れます", "slots": "市と協議することです"}.get(
            self.kind, "戻ったら F4 で在席にし、端末に立ててください"
        )

    def parts(self, who: Callable[[str], str] = str) -> tuple[str, str]:
        """What to do and its note, with the person named as ``who`` says."""
        name = who(self.staff) if self.staff else ""
        return self.what.replace("{who}", name), self.note.replace("{who}", name)

    def text(self, who: Callable[[str], str] = str) -> str:
        """One line: T8 を再開  電子証明書の最大待ち 82分から58分（休憩60分は済み）."""
        what, note = self.parts(who)
        return f"{what}  {self.change.text}" + (f"（{note}）" if note else "")

    def to_json(self) -> dict[str, Any]:
        """As ``advise --json`` has it (docs/additions.md)."""
        return {
            "kind": self.kind,
            "lane": self.lane,
            "terminal": self.terminal or None,
            "staff": self.staff or None,
            "text": self.text(),
            "effect": {"of": self.change.of, "before": self.change.before, "after": self.change.after},
            "clear": self.clear,
            "acts": [{"kind": step.kind, **step.fields} for step in self.takes],
        }


def left_alone(floor: Floor, kind: str, terminal: str, lane: str, gain_s: float, now: datetime) -> bool:
    """Whether this was declined half an hour ago at most, and would not save half as much again as then."""
    return any(
        not a.taken
        and (a.about, a.terminal, a.to) == (kind, terminal, lane)
        and timedelta() <= now - a.at < QUIET
        and gain_s <= MORE * a.gain_s
        for a in floor.answers
    )
