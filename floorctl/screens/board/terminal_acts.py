"""Acts on a chosen terminal: move, call, finish, pause, fail."""

from __future__ import annotations

from functools import partial

from floorctl.console.keys import BY_ID
from floorctl.console.port import Console
from floorctl.screens.asking import Ask, act, own_keys, send
from floorctl.screens.board.lending_acts import bring_home
from floorctl.screens.cases.acts import decided
from floorctl.screens.records.acts import furigana_asked
from floorctl.screens.tickets.acts import finish
from floorctl.screens.tickets.calling import call_next

# ---- terminals -------------------------------------------------------------------------------------------------------


async def _move(ask: Ask, *, step: int) -> None:
    state = ask.state
    site, t = state.day.floor.site, state.day.floor.terminals[state.chosen.terminal]
    lane = t.next_lane or t.lane
    beside = site.lanes_beside(t.code, lane)[0 if step < 0 else 1]
    if beside and beside == t.home:
        await bring_home(ask, t)
        return
    if not beside and t.home not in (None, lane):
        beside = lane  # it stays where it helps
    if not beside:
        state.line.say(f"{t.code} はすでに {site.lane_by_code[lane].name} です", "dim")
        return
    to = site.lane_by_code[beside].name
    label = f"{t.code} を {to} へ移しました"
    if t.ticket and beside != t.lane:
        label = f"{t.code} は {t.ticket} が終わりしだい {to} へ移ります"
    await ask.record_with_reason(label, "terminal.assigned", {"terminal": t.code, "lane": beside})


act("left")(partial(_move, step=-1))
act("right")(partial(_move, step=+1))


_MENU = ("next", "finish", "escalate", "no_show", "pause", "fail", "staff", "left", "right", "lend")
_OF_TICKET = ("ticket_finish", "ticket_transfer", "ticket_requeue", "ticket_uncall")


async def terminal_menu(ask: Ask) -> None:
    """Offer everything that can be done with the chosen terminal, and what its customer's number allows."""
    state = ask.state
    t = state.day.floor.terminals[state.chosen.terminal]
    state.chosen.ticket = t.ticket or state.chosen.ticket
    ids = [*_MENU, *(_OF_TICKET if t.ticket else ())]
    able = [BY_ID[x] for x in ids if not BY_ID[x].why_not(state)]
    options = [(a.id, f"{ask.app.frame.view.label(a)}  {a.help}") for a in able]
    nothing = BY_ID["pause"].why_not(state) or "できる操作がありません"
    prompt = f"{t.ticket or ''} {t.staff or ''}".strip()
    keys = own_keys((a.id for a in able), ids)
    ask.app.perform(await ask.choice(f"{t.code} の操作", options, prompt, keys=keys, nothing=nothing))


@act("next")
async def _next(ask: Ask) -> None:
    await call_next(ask, ask.state.chosen.terminal)


@act("finish")
async def _finish(ask: Ask) -> None:
    terminal = ask.state.chosen.terminal
    ticket = ask.state.day.floor.terminals[terminal].ticket or ""
    if not await decided(ask, ticket, terminal):
        return
    if ask.state.day.floor.refused(ticket):
        await finish(ask, ticket, terminal)  # after 否 or the city's own desk nobody should count it as done by habit
        return
    said, fields = f"{terminal} {ticket} 完了", {"ticket": ticket, "terminal": terminal}
    await ask.record(lambda es: said + furigana_asked(ask.app, es), "ticket.finished", fields)


@act("no_show")
def _no_show(app: Console) -> None:
    ticket = app.state.day.floor.terminals[app.state.chosen.terminal].ticket
    send(app, f"{ticket} 不在", "ticket.no_show", {"ticket": ticket})


@act("pause")
async def _pause(ask: Ask) -> None:
    t = ask.state.day.floor.terminals[ask.state.chosen.terminal]
    kind, word = ("terminal.resumed", "再開") if t.paused else ("terminal.paused", "休止")
    await ask.record_with_reason(f"{t.code} {word}", kind, {"terminal": t.code})


@act("fail")
def _fail(app: Console) -> None:
    t = app.state.day.floor.terminals[app.state.chosen.terminal]
    kind, word = ("terminal.repaired", "復旧") if t.failed else ("terminal.failed", "故障")
    send(app, f"{t.code} {word}", kind, {"terminal": t.code})
