"""The advice in one line of the board: a move with its effect on both lanes, what a move or a choice by hand would do,
else one other proposal, else that everything may stay as it is; and the keys that answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.common.words import KEEP
from floorctl.console.state import ConsoleState
from floorctl.models.board.alerts import Alert
from floorctl.models.board.flow import reception_span
from floorctl.screens.drawing.canvas import Canvas, Span

if TYPE_CHECKING:
    from floorctl.advice.advise import Verdict
    from floorctl.advice.proposal import Proposal
    from floorctl.advice.staffing import LaneChoice

_WIDE = 110


def after_reception(state: ConsoleState) -> bool:
    """The last reception window has ended: 残務 (仕様書 7(4)※)."""
    floor = state.day.floor
    return floor.is_open and state.day.now > reception_span(floor)[1]


def worth_the_line(state: ConsoleState, found: list[Alert]) -> bool:
    """Whether the advice has something to say that the one line of a small screen is for."""
    advice = state.forecasts.advice()
    if advice is None:
        return False
    calm = not found
    by_hand = (
        state.forecasts.of_move(state.chosen.terminal) is not None
        or state.forecasts.lane_choice(state.chosen.terminal) is not None
    )
    said = not advice.keep or by_hand or state.forecasts.proposal() is not None
    return said or (calm and not after_reception(state))


def draw_advice(c: Canvas, state: ConsoleState, y: int) -> bool:
    """Draws the line. False where there is no advice yet: then it is not touched."""
    advice, move = state.forecasts.advice(), state.forecasts.of_move(state.chosen.terminal)
    if advice is None:
        return False
    c.fill(0, y, c.width, 1, "bar")
    choice, proposal = state.forecasts.lane_choice(state.chosen.terminal), state.forecasts.proposal()
    if move is not None:
        _move_by_hand(c, state, y, move)
    elif choice is not None:
        _lane_by_hand(c, state, y, choice)
    elif proposal is not None:
        _proposal(c, state, y, proposal)
    else:
        _advice(c, state, y, advice)
    return True


def _advice(c: Canvas, state: ConsoleState, y: int, said: Verdict) -> None:
    end = c.put(0, y, " 提案 ", "free_badge" if said.keep else "warn_badge")
    keys = [("0", "根拠")] if said.keep else [("a", "適用"), ("x", "見送り"), *_why(c)]
    _verdict(c, state, y, said, end, _keys(c, y, keys))


def _why(c: Canvas) -> list[tuple[str, str]]:
    return [("0", "根拠")] if c.width >= _WIDE else []


def _keys(c: Canvas, y: int, keys: list[tuple[str, str]]) -> int:
    """The keys at the right end; returns where they begin."""
    start = c.width
    for key, word in reversed(keys):
        start = c.right(start - 1, y, f" {word}", "text")
        start = c.right(start, y, f" {key} ", "key")
    return start


def _move_by_hand(c: Canvas, state: ConsoleState, y: int, said: Verdict) -> None:
    """What it would do to move the chosen terminal."""
    end = c.put(0, y, " 予測 ", "free_badge")
    order, o = state.day.floor.site.movable_lanes, said.option
    left = o is not None and order.index(o.to) < order.index(o.origin)
    start = c.right(c.width - 1, y, "左矢印で移す" if left else "右矢印で移す", "dim")
    _verdict(c, state, y, said, end, start)


def _verdict(c: Canvas, state: ConsoleState, y: int, said: Verdict, end: int, start: int) -> None:
    site, wide = state.day.floor.site, c.width >= _WIDE
    name = {lane.code: lane.name for lane in site.lanes}
    lanes = list(said.effect)
    if said.option is not None:
        o = said.option
        origin = f"{name[o.origin]}から" if wide else ""
        groups: list[list[Span]] = [[(f"{'・'.join(o.moves)} {origin}{name[o.to]}へ", "strong")]]
        lanes = [o.to, o.origin]
    else:
        groups = [[(KEEP, "text")]]
    for n, lane in enumerate(lanes):
        e = said.effect[lane]
        head = f"{name[lane]}の最大待ち" if wide and (n == 0 or said.keep) else name[lane]
        before, after = round(e.before_s / 60), round(e.after_s / 60)
        if said.option is None:
            groups.append([(f"{head} ", "dim"), (f"{before}分", "text")])
        else:
            groups.append(_figures(head, before, after, "分", wide=wide))
    c.groups(end + 1, y, groups, start - end - 2, 3 if wide else 2)


def _figures(head: str, before: int, after: int, unit: str, *, wide: bool, up: bool = False) -> list[Span]:
    """電子証明書 42分から27分; where there is little room 42＞27分. ``up``: more is better."""
    better = "text" if after == before else "ok" if (after > before) == up else "warn"
    first = f"{before}{unit}から" if wide else f"{before}＞"
    return [(f"{head} ", "dim"), (first, "text"), (f"{after}{unit}", better)]


def _lane_by_hand(c: Canvas, state: ConsoleState, y: int, choice: LaneChoice) -> None:
    """For which lane the chosen, empty terminal is best opened, and what either would do."""
    site, wide = state.day.floor.site, c.width >= _WIDE
    end = c.put(0, y, " 予測 ", "free_badge")
    start = _keys(c, y, [("p", "担当")])
    what = f"{choice.terminal} に担当を置くなら{site.lane_by_code[choice.lane].name}で"
    groups: list[list[Span]] = [
        [(what if wide else f"{choice.terminal} は{site.lane_by_code[choice.lane].name}で", "strong")]
    ]
    for n, lane in enumerate(sorted(choice.effects, key=lambda x: x != choice.lane)):
        e, name = choice.effects[lane], site.lane_by_code[lane].name
        head = name if n == 0 else f"{name}なら"
        if wide and n == 0:
            head = f"{name}の最大待ち"
        groups.append(_figures(head, round(e.before_s / 60), round(e.after_s / 60), "分", wide=wide))
    c.groups(end + 1, y, groups, start - end - 2, 3 if wide else 2)


def _proposal(c: Canvas, state: ConsoleState, y: int, p: Proposal) -> None:
    """One other proposal, calm: no colour but that of its effect."""
    wide = c.width >= _WIDE
    end = c.put(0, y, " 提案 ", "free_badge")
    start = _keys(c, y, [*([("a", "適用")] if p.takes else []), ("x", "見送り"), *_why(c)])
    what, note = p.parts(state.day.who)
    before, after, unit = p.change.figures
    head = p.change.head if wide else p.change.short
    groups: list[list[Span]] = [
        [(what, "strong")],
        _figures(head, before, after, unit, wide=wide, up=p.change.grows),
        *([[(note, "dim")]] if note else []),
    ]
    c.groups(end + 1, y, groups, start - end - 2, 3 if wide else 2)
