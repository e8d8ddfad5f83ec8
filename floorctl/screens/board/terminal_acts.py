"""What the actions on a chosen terminal do: move, call, finish, pause, fail."""

from __future__ import annotations

from floorctl.console.keys import BY_ID
from floorctl.console.port import Console
from floorctl.screens.asking import ACTS, act, choose, send
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.tickets.acts import finish
from floorctl.screens.tickets.calling import call_next

# ---- terminals -------------------------------------------------------------------------------------------------------


def _move(app: Console, step: int) -> None:
    state = app.state
    site, t = state.day.floor.site, state.day.floor.terminals[state.chosen.terminal]
    lane = t.next_lane or t.lane
    beside = site.lanes_beside(t.code, lane)[0 if step < 0 else 1]
    if not beside:
        state.line.say(f"{t.code} はすでに {site.lane_by_code[lane].name} です", "dim")
        return
    to = site.lane_by_code[beside].name
    label = f"{t.code} を {to} へ移しました"
    if t.ticket and beside != t.lane:
        label = f"{t.code} は {t.ticket} が終わりしだい {to} へ移ります"
    send(app, label, "terminal.assigned", {"terminal": t.code, "lane": beside}, needs_reason=True)


ACTS["left"] = lambda app: _move(app, -1)
ACTS["right"] = lambda app: _move(app, +1)


_MENU = ("next", "finish", "escalate", "no_show", "pause", "fail", "staff", "left", "right")


def terminal_menu(app: ScreenConsole) -> None:
    """Everything that can be done with the chosen terminal, and what its customer's number allows."""
    state = app.state
    t = state.day.floor.terminals[state.chosen.terminal]
    state.chosen.ticket = t.ticket or state.chosen.ticket
    ids = [*_MENU, *(("ticket_finish", "ticket_transfer", "ticket_requeue", "ticket_uncall") if t.ticket else ())]
    able = [BY_ID[x] for x in ids if not BY_ID[x].why_not(state)]
    options = [(a.id, f"{app.frame.view.label(a)}  {a.help}") for a in able]
    nothing = BY_ID["pause"].why_not(state) or "できる操作がありません"
    choose(app, f"{t.code} の操作", options, app.perform, f"{t.ticket or ''} {t.staff or ''}".strip(), nothing=nothing)


@act("next")
def _next(app: Console) -> None:
    call_next(app, app.state.chosen.terminal)


@act("finish")
def _finish(app: Console) -> None:
    floor, terminal = app.state.day.floor, app.state.chosen.terminal
    ticket = floor.terminals[terminal].ticket or ""
    ends = {"declined", "desk3"}
    if any(e.ticket == ticket and e.outcome in ends for e in floor.escalations.values()):
        finish(app, ticket, terminal)  # after 否 or the city's own desk nobody should count it as done by habit
        return
    send(app, f"{terminal} {ticket} 完了", "ticket.finished", {"ticket": ticket, "terminal": terminal})


@act("no_show")
def _no_show(app: Console) -> None:
    ticket = app.state.day.floor.terminals[app.state.chosen.terminal].ticket
    send(app, f"{ticket} 不在", "ticket.no_show", {"ticket": ticket})


@act("pause")
def _pause(app: Console) -> None:
    t = app.state.day.floor.terminals[app.state.chosen.terminal]
    kind, word = ("terminal.resumed", "再開") if t.paused else ("terminal.paused", "休止")
    send(app, f"{t.code} {word}", kind, {"terminal": t.code})


@act("fail")
def _fail(app: Console) -> None:
    t = app.state.day.floor.terminals[app.state.chosen.terminal]
    kind, word = ("terminal.repaired", "復旧") if t.failed else ("terminal.failed", "故障")
    send(app, f"{t.code} {word}", kind, {"terminal": t.code})
