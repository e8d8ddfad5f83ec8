"""Answering the advice: following it moves the terminal and says so; leaving it is recorded with its reason."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish
from floorctl.commands.terminals import rebalance
from floorctl.common.errors import Refused
from floorctl.models.facts import kinds as ev


def take(c: Context, f: ev.AdviceTaken) -> list[Wish]:
    """Moves the terminal with the advice as its reason, so that it may leave the usual band (仕様書 15(4)※)."""
    text = f.text or "提案"
    move = ev.TerminalAssigned(id=f.id, at=f.at, terminal=f.terminal, lane=f.lane, reason=text)
    wishes = rebalance(c, move)
    if not wishes:
        name = c.site.lane_by_code[f.lane].name
        raise Refused("提案は適用できません", f"{f.terminal} はもう {name} です", "いまの提案を見てください")
    return [*wishes, ("advice.taken", {"terminal": f.terminal, "lane": f.lane, "text": text, "gain_s": f.gain_s})]


def decline(c: Context, f: ev.AdviceDeclined) -> list[Wish]:
    """What is left is left with a reason: the next shift, and the study of the advice, learn from it."""
    c.need_not_closed()
    return [("advice.declined", f.fields())]
