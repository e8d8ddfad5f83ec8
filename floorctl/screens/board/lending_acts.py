"""Acts of lending (応援): lend the chosen terminal, bring it home, permit loans for the day."""

from __future__ import annotations

from rich.cells import cell_len

from floorctl.common.words import short_day
from floorctl.console.state import ConsoleState
from floorctl.models.board.loans import lanes_to_help, lendable, permit_before, permit_given, permitted
from floorctl.models.day.terminal import TerminalState
from floorctl.screens.asking import Ask, act
from floorctl.screens.drawing.canvas import pad
from floorctl.screens.drawing.choice import KEYS


@act("lend")
async def _lend(ask: Ask) -> None:
    """Lend the chosen terminal to another lane; if it is lent, bring it home."""
    t = ask.state.day.floor.terminals[ask.state.chosen.terminal]
    if t.home is not None:
        await bring_home(ask, t)
        return
    to = await _lane(ask, t)
    name = {x.code: x.name for x in ask.state.day.floor.site.lanes}
    label = f"{t.code} を {name[to]} の応援に出しました（本来は{name[t.own_lane]}）"
    if t.ticket and t.lane != to:
        label = f"{t.code} は {t.ticket} が終わったとき、{name[t.own_lane]}に待つ人がいなければ {name[to]} の応援へ"
    await ask.record_with_reason(label, "terminal.lent", {"terminal": t.code, "lane": to})


async def _lane(ask: Ask, t: TerminalState) -> str:
    """Return the lane to help: of several the manager names one, the cursor stands on the one with most people waiting."""
    others = lanes_to_help(ask.state.day.site, t)
    if len(others) == 1:
        return others[0]
    floor = ask.state.day.floor
    name = {x.code: x.name for x in floor.site.lanes}
    options = [(x, f"{name[x]}  待ち {floor.lanes[x].waiting}人") for x in others]
    most = max(others, key=lambda x: floor.lanes[x].waiting)
    return await ask.choice(
        f"{t.code} をどこの応援に出しますか", options, f"本来は{name[t.own_lane]}", at=others.index(most)
    )


async def bring_home(ask: Ask, t: TerminalState) -> None:
    """Return a lent terminal to its own lane; a loan that has not begun comes to nothing."""
    home = ask.state.day.site.lane_by_code[t.own_lane].name
    label = f"{t.code} が応援から戻りました（{home}）"
    if t.to_be_lent:
        label = f"{t.code} の応援を取りやめました（{home}のまま）"
    elif t.ticket:
        label = f"{t.code} は {t.ticket} が終わりしだい {home} へ戻ります"
    await ask.record_with_reason(label, "terminal.returned", {"terminal": t.code})


# ---- the permission of the day


@act("lend_permit")
async def _permit(ask: Ask) -> None:
    """Permit loans of terminals for the day, all in one list; that of the day before is proposed where there is none."""
    state = ask.state
    floor, site = state.day.floor, state.day.site
    ticked, prompt = permitted(floor), "手が空き、本来の窓口に待つ人がいないとき応援に出し、また戻します"
    given = permit_before(state.day.permits_before, state.day.register_entries, site)
    if given is not None and not permit_given(floor):
        ticked = list(given[1])
        prompt = f"前の開場日 {short_day(given[0])} は {'・'.join(ticked)}   Enter でこのまま許可"
    digit = {code: key for key, code in site.terminal_by_digit.items()}
    rest = iter(KEYS[9:])
    keys = "".join(digit.get(x) or next(rest, " ") for x in lendable(site))  # of very many the last have none
    wide = max(cell_len(x.name) for x in site.lanes)
    things = [(x, _terminal_words(state, x, wide)) for x in lendable(site)]
    codes = await ask.ticks(
        "応援の許可  今日、確かめずに応援に出してよい端末", things, ticked, prompt, mark="許可", keys=keys
    )
    label = f"応援の許可 {'・'.join(codes)}" if codes else "応援の許可をなくしました"
    await ask.record(label, "lending.permitted", {"terminals": codes})


def _terminal_words(state: ConsoleState, code: str, wide: int) -> str:
    """Return a terminal with its own lane, in ``wide`` cells, and its person."""
    t = state.day.floor.terminals[code]
    who = state.day.who(t.staff) if t.staff else ""
    return f"{code}  {pad(state.day.site.lane_by_code[t.own_lane].name, wide)}  {who}".rstrip()
