"""Loans of terminals (応援) in the words of the board: on tiles, in the heads of lanes, the day's permission."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.console.state import ConsoleState
from floorctl.models.board.loans import away_from, helped_lane, helps, permitted
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.screens.drawing.canvas import Span
from floorctl.screens.drawing.panel import Piece


class LoanWords(NamedTuple):
    """Remark on a tile of a lent terminal, longest wording first: those that name the other lane, and those that do not."""

    named: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def all(self) -> list[str]:
        return [*self.named, *self.short]


def loan_words(floor: Floor, t: TerminalState) -> LoanWords | None:
    """Return the remark on a terminal that is lent, goes or comes back after its present ticket; None if it is not lent."""
    to, name = helped_lane(floor, t), {x.code: x.name for x in floor.site.lanes}
    if t.home is None or to is None:
        return None
    home, helped = name[t.home], name[to]
    if t.coming_home:
        return LoanWords(
            (f"戻り {home}へ（この方のあと）", f"次 {home}へ戻り", f"{home}へ戻り"),
            ("戻り（この方のあと）", "次 戻り"),
        )
    if helps(t):
        return LoanWords((f"応援中・本来は{home}", f"応援・本来は{home}", f"本来は{home}"), ("応援中",))
    return LoanWords(
        (f"応援へ {helped}（この方のあと）", f"次 {helped}の応援へ", f"{helped}の応援へ"),
        ("応援へ（この方のあと）", "次 応援へ", "応援へ"),
    )


def desk_words(floor: Floor, lane: str, role: str) -> list[list[Span]]:
    """Return the number of terminals in a lane, longest wording first: with those that help here and those that are away."""
    here = floor.terminals_of(lane)
    helping, away = sum(helps(t) for t in here), away_from(floor, lane)
    gone = f"{'・'.join(away)} は応援に" if away else ""
    wordings = [
        (f"うち応援{helping}台" if helping else "", gone),
        (f"うち応援{helping}台" if helping else "", f"ほか{len(away)}台は応援に" if away else ""),
        (f"応援{helping}" if helping else "", f"応援へ{len(away)}" if away else ""),
        (f"応援{helping}" if helping else "", ""),
        ("", ""),
    ]
    said = dict.fromkeys("・".join(x for x in words if x) for words in wordings)
    return [[(f"{len(here)}台", role), *([(f"（{words}）", "text")] if words else [])] for words in said]


def permit_pieces(state: ConsoleState) -> list[Piece]:
    """Return which terminals may be lent today without asking, for the title of a panel; nothing if none may."""
    codes = permitted(state.day.floor)
    return [Piece([("   応援の許可 ", "dim"), ("・".join(codes), "text")])] if codes else []


def lend_label(state: ConsoleState, code: str) -> str:
    """Return the words beside the key of lending."""
    t = state.day.floor.terminals[code]
    return "応援へ" if t.home is None else "応援を取りやめる" if t.to_be_lent else "応援から戻す"


def lane_keys(state: ConsoleState, code: str) -> tuple[str, ...]:
    """Return the ids of the keys that change the lane of a terminal, the most wanted first; no arrow that changes nothing."""
    t = state.day.floor.terminals[code]
    beside = dict(zip(("left", "right"), state.day.site.lanes_beside(code, t.next_lane or t.lane), strict=True))
    if t.home is None or t.coming_home:
        return (*(x for x, lane in beside.items() if lane), *(("lend",) if any(beside.values()) else ()))
    # One arrow means the same as the key of lending: the way home.
    return ("lend", *(x for x, lane in beside.items() if lane != t.home))
