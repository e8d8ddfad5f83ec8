"""Answers to the advice: taken, which moves the terminal, or declined with a reason."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.terminals import decide_assigned
from floorctl.common.errors import Refused
from floorctl.models.day.advice_answers import Answer
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry


@decides(ev.AdviceTaken)
def decide_taken(c: Context, f: ev.AdviceTaken) -> list[Wish]:
    """Move the terminal; the advice is the reason by which it may leave the usual split (仕様書 15(4)※)."""
    reason = f.text or "提案"
    move = decide_assigned(c, c.fact(ev.TerminalAssigned, terminal=f.terminal, lane=f.lane, reason=reason, at=f.at))
    if not move:
        name = c.site.lane_by_code[f.lane].name
        raise Refused("提案は適用できません", f"{f.terminal} はもう {name} です", "いまの提案を見てください")
    return [*move, *as_wished(f, text=reason)]


@evolves(ev.AdviceTaken)
def evolve_taken(floor: Floor, entry: Entry, f: ev.AdviceTaken) -> None:
    # The move of an advice that was taken stands before it: it came from where that began.
    t = floor.terminals[f.terminal]
    origin = next((m.origin for m in reversed(floor.moves) if m.terminal == f.terminal), t.lane)
    floor.answers.append(Answer(f.at, True, f.terminal, origin, f.lane, f.gain_s, "", ""))


@decides(ev.AdviceDeclined)
def decide_declined(c: Context, f: ev.AdviceDeclined) -> list[Wish]:
    """Record a declined advice with its reason, for the next shift and for the study of the advice."""
    c.need_not_closed()
    return as_wished(f)


@evolves(ev.AdviceDeclined)
def evolve_declined(floor: Floor, entry: Entry, f: ev.AdviceDeclined) -> None:
    origin = f.lane
    if f.terminal is not None:
        t = floor.terminals[f.terminal]
        origin = t.next_lane or t.lane
    floor.answers.append(Answer(f.at, False, f.terminal or "", origin, f.lane, f.gain_s, f.reason, f.about))
