"""The advice in one line of the board, and the keys that answer it.

It is a move with its effect on both lanes, what a move or a choice by hand would do, else one other proposal, else that
everything may stay as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from floorctl.common.action_keys import key_of
from floorctl.common.lengths import length_word, whole_minutes
from floorctl.common.words import LONGEST_WAIT, NOT_SERVED
from floorctl.console.state import ConsoleState
from floorctl.models.board.flow import reception_span
from floorctl.screens.drawing.canvas import Span
from floorctl.screens.drawing.panel import Line, Piece, fits, key_hints

if TYPE_CHECKING:
    from floorctl.advice.advise import Effect, Verdict
    from floorctl.advice.proposal import Proposal
    from floorctl.advice.staffing import LaneChoice


def after_reception(state: ConsoleState) -> bool:
    """Return whether the last reception window has ended: 残務 (仕様書 7(4)※)."""
    floor = state.day.floor
    return floor.is_open and state.day.now > reception_span(floor)[1]


class Said(NamedTuple):
    """Length of the line: with long ``words``; with the words beside its ``keys``, all of them if ``full``."""

    words: bool = False
    keys: bool = True
    full: bool = False
    gap: int = 1
    bare: bool = False  # without its badge, and with no word for the longest wait


_FULLEST_FIRST = (
    Said(words=True, full=True, gap=3),
    Said(words=True, full=True, gap=2),
    Said(words=True, gap=2),
    Said(full=True, gap=2),
    Said(gap=2),
    Said(),
    Said(keys=False),
)
_BARE = Said(keys=False, bare=True)


def advice(state: ConsoleState, room: int) -> Line | None:
    """Return the line of the advice, as fully as ``room`` cells allow; None before there is any, and after the close.

    A shorter wording keeps every figure: what a move gains, and what it costs the other lane.
    """
    if state.forecasts.advice() is None or state.day.now.time() >= state.day.site.hall.closes:
        return None
    told = _told(state)
    for how in _FULLEST_FIRST:
        line = _line(state, told, how)._replace(gap=how.gap)
        if fits(line, room):
            return line
    bare = _line(state, told, _BARE)
    return bare._replace(parts=bare.parts[1:], gap=1, right=())


class _Told(NamedTuple):
    """Forecasts and proposals at this draw; ``more``: the number of other proposals."""

    advice: Verdict | None
    move: Verdict | None
    choice: LaneChoice | None
    proposal: Proposal | None
    more: int
    loan: tuple[str, Mapping[str, Effect]] | None


def _told(state: ConsoleState) -> _Told:
    f, chosen = state.forecasts, state.chosen.terminal
    return _Told(f.advice(), f.of_move(chosen), f.lane_choice(chosen), f.proposal(), f.further(), f.of_loan(chosen))


def _line(state: ConsoleState, told: _Told, how: Said) -> Line:
    said = told.advice
    if told.move is not None:
        return _move_by_hand(state, told.move, told.loan, how)
    if told.choice is not None:
        return _lane_by_hand(state, told.choice, how)
    if not_learnt := _not_learnt(state, how):
        return Line([(" 予測 ", "free_badge"), Piece([(not_learnt, "warn")])])
    if told.proposal is not None:
        return _proposal(state, told.proposal, told.more, how)
    assert said is not None
    if said.keep and said.unsure:
        kept = _verdict(state, said, how)[said.declined_until is None :]
        why = [Piece([(text, "warn")]) for text in said.unsure]
        return Line([_badge(told.more, how), *why, *kept, *_others_key(told.more, how)], right=_keys(told.more, how))
    looks = said.keep or state.read_only  # there is nothing to answer, or nobody here who may
    hints = () if looks else ((key_of("advice_take"), "適用"), (key_of("advice_decline"), "見送り"))
    badge = _badge(told.more, how, "free_badge" if said.keep else "warn_badge")
    return Line([badge, *_verdict(state, said, how), *_others_key(told.more, how)], right=_keys(told.more, how, *hints))


def _badge(more: int, how: Said, role: str = "free_badge") -> Span:
    """Return the head of the line; where there is little room with the number of other proposals."""
    return (f" 提案+{more} " if more and not how.full else " 提案 ", role)


def _others_key(more: int, how: Said) -> list[Piece]:
    """Return the key that shows the other proposals, for little room: where there is more it stands at the right."""
    return [Piece([(f" {key_of('forecast')} ", "key")])] if more and not how.full else []


def _keys(more: int, how: Said, *hints: tuple[str, str]) -> list[Span]:
    """Return keys with what they do; where there is room also the one that shows the other proposals, and why."""
    if not how.keys:
        return [(f" {key} ", "key") for key, _ in hints]
    why = ("0", "根拠")
    further = [why, (key_of("forecast"), f"ほか{more}件")] if more and how.full else [why]
    return key_hints(*hints, *(further if how.full or not hints else ()))


def _move_by_hand(state: ConsoleState, said: Verdict, loan: tuple[str, Mapping[str, Effect]] | None, how: Said) -> Line:
    """Return the effect of a move of the chosen terminal, and of lending it; of a lent one that of its way home."""
    order, o = state.day.floor.site.movable_lanes, said.option
    t = state.day.floor.terminals[state.chosen.terminal]
    left = o is not None and order.index(o.to) < order.index(o.origin)
    if t.home is not None:
        hints = key_hints((key_of("lend"), "戻す"))
    else:
        arrow = "左矢印で移す" if left else "右矢印で移す"
        hints = [(arrow, "dim"), *([(" ", "text"), *key_hints((key_of("lend"), "応援"))] if loan is not None else ())]
    lent = (
        [_loan_by_hand(state, t.own_lane, *loan, known=o.to if o is not None else "", brief=not how.keys)]
        if loan is not None
        else []
    )
    shown = how.keys and not state.read_only
    return Line([(" 予測 ", "free_badge"), *_verdict(state, said, how), *lent], right=hints if shown else ())


def _not_learnt(state: ConsoleState, how: Said) -> str:
    """Return the lanes to which the chosen terminal is not to go, as its person has not learnt them; "" if there are none."""
    site, t = state.day.floor.site, state.day.floor.terminals.get(state.chosen.terminal)
    barred = state.day.grounds().barred.get(t.code, ()) if t is not None else ()
    lanes = "・".join(x.name for x in site.lanes if x.code in barred and t is not None and x.code != t.own_lane)
    if t is None or not lanes:
        return ""
    return f"{t.code} {state.day.who(t.staff or '')} は{lanes}の技能なし{'（移すのも応援も理由が要ります）' if how.keys else ''}"


def _loan_by_hand(
    state: ConsoleState, home: str, to: str, effect: Mapping[str, Effect], *, known: str, brief: bool
) -> Piece:
    """Return the longest waits after a loan: 応援なら 40分 交付 6分; what they are now stands before.

    ``known``: the lane that the words before have named.
    """
    name = {x.code: x.name for x in state.day.floor.site.lanes}
    spans: list[Span] = [("応援 " if brief else "応援なら ", "dim")]
    for lane, head in ((to, "" if to == known else f"{name[to]} "), (home, f" {name[home]} ")):
        if lane in effect:
            before, after = whole_minutes(effect[lane].before_s), whole_minutes(effect[lane].after_s)
            role = "text" if after == before else "ok" if after < before else "warn"
            spans += [(head, "dim"), (length_word(after), role)]
    return Piece(spans)


def _verdict(state: ConsoleState, said: Verdict, how: Said) -> list[Piece]:
    name = {lane.code: lane.name for lane in state.day.floor.site.lanes}
    lanes, o = list(said.effect), said.option
    pieces = [Piece([(said.kept, "text")])]
    if o is not None:
        origin = f"{name[o.origin]}から" if how.words else ""
        pieces = [Piece([(f"{'・'.join(o.moves)} {origin}{name[o.to]}へ", "strong")])]
        lanes = [o.to, o.origin]
    for n, lane in enumerate(lanes):
        e = said.effect[lane]
        # A move has just named the lane that it helps: so there is room for its effect on the other one.
        head = _longest(name[lane] if said.keep else "", how) if n == 0 or said.keep else (f"{name[lane]} ", "dim")
        before, after = whole_minutes(e.before_s), whole_minutes(e.after_s)
        if e.nobody:
            pieces.append(Piece([head, (f"{length_word(before)}から", "text"), (NOT_SERVED, "bad")]))
            continue
        pieces.append(
            Piece([head, (length_word(before), "text")]) if o is None else _figures(head, before, after, "分")
        )
        if n == 0 and said.gain:
            pieces.append(Piece([(said.gain, "text")]))
    if o is not None and o.because and how.keys:  # it undoes a move of the last hour: the manager asks at once why
        pieces.append(Piece([(f"（{o.because}）", "dim")]))
    return pieces


def _longest(name: str, how: Said) -> Span:
    """Return the head of the longest wait of a lane; without its name where the words before it have said it."""
    if how.words:
        return (f"{name}の{LONGEST_WAIT} " if name else f"{LONGEST_WAIT} ", "dim")
    if how.bare:
        return (f"{name} " if name else "", "dim")
    return (f"{name} 最大 " if name else "最大 ", "dim")


def _figures(head: Span, before: int, after: int, unit: str, *, up: bool = False) -> Piece:
    """Return 電子証明書 42分から27分. ``up``: more is better."""
    better = "text" if after == before else "ok" if (after > before) == up else "warn"
    first, then = (length_word(n) if unit == "分" else f"{n}{unit}" for n in (before, after))
    return Piece([head, (f"{first}から", "text"), (then, better)])


def _lane_by_hand(state: ConsoleState, choice: LaneChoice, how: Said) -> Line:
    """Return the best lane for the chosen, empty terminal, and the effect of each lane."""
    name = {lane.code: lane.name for lane in state.day.floor.site.lanes}
    best, t = name[choice.lane], choice.terminal
    pieces = [Piece([(f"{t} に担当を置くなら{best}で" if how.words else f"{t} は{best}で", "strong")])]
    for lane in sorted(choice.effects, key=lambda x: x != choice.lane):
        e = choice.effects[lane]
        head = _longest("", how) if len(pieces) == 1 else (f"{name[lane]}なら ", "dim")
        pieces.append(_figures(head, whole_minutes(e.before_s), whole_minutes(e.after_s), "分"))
    shown = how.keys and not state.read_only
    return Line([(" 予測 ", "free_badge"), *pieces], right=key_hints((key_of("staff"), "担当")) if shown else ())


def _loan_in_brief(state: ConsoleState, p: Proposal) -> str:
    """Return a proposed loan in few words; that it goes only if nobody waits at home is what a loan is."""
    after = "（この方のあと）" if state.day.floor.terminals[p.terminal].ticket is not None else ""
    return f"{p.terminal} を{state.day.floor.site.lane_by_code[p.lane].name}の応援に{after}"


def _proposal(state: ConsoleState, p: Proposal, more: int, how: Said) -> Line:
    """Return one other proposal, without colour except for its effect; its note only where there is room for all.

    A loan, which changes a lane as a move does, has the badge of one.
    """
    what, note = p.parts(state.day.who)
    # Where not even the keys have their words the lane alone says whose figures they are.
    head = (f"{p.change.head if how.words else p.change.short if how.keys else p.change.name} ", "dim")
    if p.kind == "lend":  # its words name the lane
        what = what if how.words else _loan_in_brief(state, p)
        head = _longest("", how) if how.keys else ("", "dim")
    pieces = [Piece([(what, "strong")]), _figures(head, *p.change.figures, up=p.change.grows)]
    if p.cost is not None and how.keys:
        pieces.append(_figures((f"{p.cost.name} ", "dim"), *p.cost.figures))
    pieces += _others_key(more, how)
    if note and how.gap > 2 and not state.read_only:
        pieces.append(Piece([(note, "dim")]))
    take, decline = (key_of("advice_take"), "適用"), (key_of("advice_decline"), "見送り")
    hints = [] if state.read_only else [take, decline] if p.takes else [decline]
    badge = _badge(more, how, "warn_badge" if p.kind == "lend" else "free_badge")
    return Line([badge, *pieces], right=_keys(more, how, *hints))
