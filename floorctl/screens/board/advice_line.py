"""The advice in one line of the board, and the keys that answer it.

It is a move with its effect on both lanes, what a move or a choice by hand would do, else one other proposal, else that
everything may stay as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.common.words import LONGEST_WAIT, NOT_SERVED
from floorctl.console.state import ConsoleState
from floorctl.models.board.flow import reception_span
from floorctl.screens.board.lanes import WIDE
from floorctl.screens.drawing.canvas import Span
from floorctl.screens.drawing.panel import From, Line, Piece, key_hints

if TYPE_CHECKING:
    from floorctl.advice.advise import Verdict
    from floorctl.advice.proposal import Proposal
    from floorctl.advice.staffing import LaneChoice


def after_reception(state: ConsoleState) -> bool:
    """Return whether the last reception window has ended: 残務 (仕様書 7(4)※)."""
    floor = state.day.floor
    return floor.is_open and state.day.now > reception_span(floor)[1]


def worth_the_line(state: ConsoleState) -> bool:
    """Return whether the advice takes the only line of a small screen."""
    said = state.forecasts.advice()
    if said is None or state.day.now.time() >= state.day.site.hall.closes:
        return False
    by_hand = (
        state.forecasts.of_move(state.chosen.terminal) is not None
        or state.forecasts.lane_choice(state.chosen.terminal) is not None
    )
    proposes = not said.keep or by_hand or bool(said.unsure) or state.forecasts.proposal() is not None
    return proposes or (not state.alerts() and not after_reception(state))


def advice(state: ConsoleState) -> Line | None:
    """Return the line of the advice; None where there is no advice yet."""
    said, move = state.forecasts.advice(), state.forecasts.of_move(state.chosen.terminal)
    if said is None:
        return None
    choice, proposal = state.forecasts.lane_choice(state.chosen.terminal), state.forecasts.proposal()
    if move is not None:
        return _move_by_hand(state, move)
    if choice is not None:
        return _lane_by_hand(state, choice)
    if proposal is not None:
        return _proposal(state, proposal)
    if said.keep and said.unsure:
        return Line(
            [
                _badge(state),
                *(Piece([(text, "warn")]) for text in said.unsure),
                *_verdict(state, said)[said.declined_until is None :],
            ],
            right=_keys(state),
        )
    if said.keep:
        return Line([_badge(state), *_verdict(state, said), *_others_key(state)], right=_keys(state))
    return Line(
        [_badge(state, "warn_badge"), *_verdict(state, said), *_others_key(state)],
        right=_keys(state, ("a", "適用"), ("x", "見送り")),
    )


def _badge(state: ConsoleState, role: str = "free_badge") -> Span | From:
    """Return the head of the line; where there is little room with the number of other proposals."""
    more = state.forecasts.further()
    return From(WIDE, [(" 提案 ", role)], [(f" 提案+{more} ", role)]) if more else (" 提案 ", role)


def _others_key(state: ConsoleState) -> list[From]:
    """Return the key that shows the other proposals, for little room: where there is more it stands at the right."""
    return [From(WIDE, [], [Piece([(" F6 ", "key")])])] if state.forecasts.further() else []


def _keys(state: ConsoleState, *hints: tuple[str, str]) -> list[Span | From]:
    """Return keys with what they do; where there is room also the one that shows the other proposals, and why."""
    more, why = state.forecasts.further(), ("0", "根拠")
    further = [why, ("F6", f"ほか{more}件")] if more else [why]
    if not hints:
        return [From(WIDE, key_hints(*further), key_hints(why))]
    return [*key_hints(*hints), From(WIDE, [(" ", "text"), *key_hints(*further)])]


def _move_by_hand(state: ConsoleState, said: Verdict) -> Line:
    """Return the effect of a move of the chosen terminal."""
    order, o = state.day.floor.site.movable_lanes, said.option
    left = o is not None and order.index(o.to) < order.index(o.origin)
    arrow = "左矢印で移す" if left else "右矢印で移す"
    return Line([(" 予測 ", "free_badge"), *_verdict(state, said)], right=[(arrow, "dim")])


def _verdict(state: ConsoleState, said: Verdict) -> list[Piece]:
    name = {lane.code: lane.name for lane in state.day.floor.site.lanes}
    lanes, o = list(said.effect), said.option
    pieces = [Piece([(said.kept, "text")])]
    if o is not None:
        origin = From(WIDE, [(f"{name[o.origin]}から", "strong")])
        pieces = [Piece([(f"{'・'.join(o.moves)} ", "strong"), origin, (f"{name[o.to]}へ", "strong")])]
        lanes = [o.to, o.origin]
    for n, lane in enumerate(lanes):
        e = said.effect[lane]
        # A move has just named the lane that it helps: so there is room for its effect on the other one.
        head = _longest(name[lane] if said.keep else "") if n == 0 or said.keep else (f"{name[lane]} ", "dim")
        before, after = round(e.before_s / 60), round(e.after_s / 60)
        if e.nobody:
            pieces.append(Piece([head, (f"{before}分から", "text"), (NOT_SERVED, "bad")]))
            continue
        pieces.append(Piece([head, (f"{before}分", "text")]) if o is None else _figures(head, before, after, "分"))
        if n == 0 and said.gain:
            pieces.append(Piece([(said.gain, "text")]))
    return pieces


def _longest(name: str) -> From:
    """Return the head of the longest wait of a lane; without its name where the words before it have said it."""
    if not name:
        return From(WIDE, [(f"{LONGEST_WAIT} ", "dim")], [("最大 ", "dim")])
    return From(WIDE, [(f"{name}の{LONGEST_WAIT} ", "dim")], [(f"{name} 最大 ", "dim")])


def _figures(head: Span | From, before: int, after: int, unit: str, *, up: bool = False) -> Piece:
    """Return 電子証明書 42分から27分; where there is little room 42＞27分. ``up``: more is better."""
    better = "text" if after == before else "ok" if (after > before) == up else "warn"
    first = From(WIDE, [(f"{before}{unit}から", "text")], [(f"{before}＞", "text")])
    return Piece([head, first, (f"{after}{unit}", better)])


def _lane_by_hand(state: ConsoleState, choice: LaneChoice) -> Line:
    """Return the best lane for the chosen, empty terminal, and the effect of each lane."""
    name = {lane.code: lane.name for lane in state.day.floor.site.lanes}
    best, t = name[choice.lane], choice.terminal
    what = From(WIDE, [(f"{t} に担当を置くなら{best}で", "strong")], [(f"{t} は{best}で", "strong")])
    pieces = [Piece([what])]
    for lane in sorted(choice.effects, key=lambda x: x != choice.lane):
        e = choice.effects[lane]
        head = _longest(best) if len(pieces) == 1 else (f"{name[lane]}なら ", "dim")
        pieces.append(_figures(head, round(e.before_s / 60), round(e.after_s / 60), "分"))
    return Line([(" 予測 ", "free_badge"), *pieces], right=key_hints(("p", "担当")))


def _proposal(state: ConsoleState, p: Proposal) -> Line:
    """Return one other proposal, without colour except for its effect."""
    what, note = p.parts(state.day.who)
    head = From(WIDE, [(f"{p.change.head} ", "dim")], [(f"{p.change.short} ", "dim")])
    pieces: list[Piece | From] = [Piece([(what, "strong")]), _figures(head, *p.change.figures, up=p.change.grows)]
    pieces += _others_key(state)  # before the note, which may find no room
    if note:
        pieces.append(Piece([(note, "dim")]))
    hints = [("a", "適用"), ("x", "見送り")] if p.takes else [("x", "見送り")]
    return Line([_badge(state), *pieces], right=_keys(state, *hints))
