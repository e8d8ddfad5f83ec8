"""Calls of tickets to terminals, and further calls of the same number."""

from __future__ import annotations

from dataclasses import replace

from floorctl.commands.context import CHECK_NUMBER, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.head_counts import debit
from floorctl.commands.loan_steps import settle
from floorctl.commands.ticket_steps import act_key, count_persons, end, free, held_after_all, known, leave_lane, met
from floorctl.commands.tickets import ticket_in
from floorctl.commands.untold import end_by_next_call, end_by_rule, take_back
from floorctl.common.errors import Refused, UsageError, by_door
from floorctl.common.words import TERMINAL_STATES
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.day.ticket import ENDED, Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry


@decides(ev.TicketCalled)
def decide_called(c: Context, f: ev.TicketCalled) -> list[Wish]:
    """Call a waiting ticket to a free, staffed terminal of its lane; an absent visitor is returned to the queue first.

    A call of the ticket that the terminal serves is a recall (contract 6). Only a feed may leave the terminal out.
    """
    if f.terminal is None:
        raise UsageError(f"{f.ticket} は呼べません", "端末がありません", "端末を指定してください（terminal=T3 など）")
    terminal = c.floor.terminals[f.terminal]
    if terminal.ticket == f.ticket:
        c.need_open()
        return as_wished(f)  # a recall
    t = ticket_in(c, f.ticket, ("waiting", "no_show", "counted_out"), "は呼べません")
    need_ready(c, terminal)
    if c.floor.lane_of(t) not in terminal.lanes:
        name = c.site.lane_by_code[c.floor.lane_of(t)].name
        raise Refused(
            f"{f.ticket} は {f.terminal} では呼べません",
            f"{name}の番号です",
            f"{name}の端末で呼ぶか、配分を変えてください",
        )
    back: list[Wish] = [("ticket.requeued", {"ticket": f.ticket})] if t.state == "no_show" else []
    return [*back, *as_wished(f)]


def need_ready(c: Context, t: TerminalState) -> None:
    """Raise Refused if the terminal cannot take a visitor now."""
    state = c.floor.state(t.code)
    if state == "serving":
        raise Refused(
            f"{t.code} では呼べません",
            f"{t.ticket} を応対中です",
            f"先に終了してください（{by_door('{next} で終了して次を呼びます', 'ticket.finished')}）",
        )
    if state != "free":
        keys, kind, word = {
            "failed": ("{fail}", "terminal.repaired", "復旧して"),
            "paused": ("{pause}", "terminal.resumed", "再開して"),
            "unstaffed": ("{staff}", "terminal.staffed", "担当を決めて"),
        }[state]
        do = f"{by_door(keys, kind)} で{word}"
        raise Refused(f"{t.code} では呼べません", f"{TERMINAL_STATES[state]}の端末です", f"先に {do}ください")


@evolves(ev.TicketCalled)
def evolve_called(floor: Floor, entry: Entry, f: ev.TicketCalled) -> None:
    held_after_all(floor, f.ticket)
    t = met(floor, f.ticket, f.at)
    terminal = floor.terminals[f.terminal] if f.terminal is not None else None
    _note_call(floor, entry, t, terminal, f.ends)
    if t is not None and _is_recall(t, f):
        _recall(floor, t)
        return
    _call(floor, entry, f.ticket, t, terminal, f.ends)


def _note_call(floor: Floor, entry: Entry, t: Ticket | None, terminal: TerminalState | None, ends: str) -> None:
    """Note by whom a lane's calls are known, and whether they tell which terminal is busy."""
    if terminal is not None:
        known = floor.lane_of(t) if t is not None and t.service is not None else None
        lane = known if known in terminal.lanes else terminal.lane
    elif t is not None:
        lane = floor.lane_of(t)
    else:
        return
    q = floor.lanes[lane]
    q.called_at = entry.fact.at
    q.called_by.add(entry.source)
    if terminal is None or ends == "call":
        q.untold_at = entry.fact.at
    else:
        q.told_at = entry.fact.at


def _call(
    floor: Floor,
    entry: Entry,
    number: str,
    t: Ticket | None,
    terminal: TerminalState | None,
    ends: str,
    *,
    again: bool = False,
) -> None:
    """Call a number, ``t`` if it is known; ``terminal`` None: nobody tells which. ``again``: told as a further call."""
    at = entry.fact.at
    if t is not None and t.state == "finished" and t.called_at is None and t.ended_at == at:
        _call_finished(floor, entry, t)
        return
    problem: str | None = None
    # Called and absent in the same minute: the absence sorts first, and ends this call.
    absent = t is not None and t.absent_at == at and t.state in ("no_show", "waiting")
    gone_at, absence = floor.absences.get(number, (None, None))
    gone = not absent and gone_at == at and (t is None or t.state in ENDED)
    if terminal is not None and terminal.ticket is not None:
        before = floor.tickets[terminal.ticket]
        if before.serving_since != at or not (absent or gone):  # else called once nobody had come
            if terminal.to_be_lent and t is not None and t.service is not None:
                before.lane_at_end = floor.lane_of(before)
                settle(floor, terminal, floor.lane_of(t), at)
            if before.ends or ends:
                end_by_next_call(floor, before, at, t)
            else:
                problem = "busy_terminal"
                before.assumed_end, before.lane_at_end = True, floor.lane_of(before)
                end(floor, before, "finished", at, "incomplete")
    lanes = terminal.lanes if terminal is not None else ()
    if terminal is not None:
        problem = problem or _not_ready(floor, terminal)
        # A time of whole minutes may be that of a later second: somebody may get the terminal ready in that minute.
        terminal.hasty = (at, entry.key, problem) if problem in ("impossible", "unstaffed") and not at.second else None
    if t is None:
        t = floor.tickets[number] = Ticket(number, None, "serving", first_seen_at=at)
        t.pending.append((entry.key, problem, lanes))
        if lanes:
            debit(floor, lanes[0], t, at)
        problem = "unknown_ticket"
    elif absent:
        t.absent_at = None
    elif t.state == "waiting" and t.issued_at is None:
        debit(floor, lanes[0] if lanes else floor.lane_of(t), t, at)
        problem = "impossible" if again and t.carried_from is None else problem
    elif t.state == "waiting":
        leave_lane(floor, t)
        t.unmeasured = t.issue_act == act_key(entry) and t.issued_at == at
        problem = "impossible" if again else problem
    elif t.state == "serving":
        if t.terminal:
            problem = problem if t.ends else "impossible"  # a source that tells no end: it was over there
            free(floor, floor.terminals[t.terminal], at)
    elif t.state == "counted_out":
        # The head count took this one for gone; somebody else is, so the number waiting still falls by one.
        count_persons(floor, +1)
        debit(floor, floor.lane_of(t), t, at)
        t.debited_lane = None
    else:
        fits = t.by_rule or (again and t.state == "no_show")
        if t.issued_at is not None:
            t.before, t.called_again_at = replace(t, work=dict(t.work)), at
            t.pending = [] if fits else [(entry.key, problem, lanes)]
        problem = problem if fits else "impossible"
        if t.by_rule:
            take_back(floor, t, "serving")
        else:
            count_persons(floor, +1)
    if problem is None and t.service is not None and lanes and floor.lane_of(t) not in lanes:
        problem = "other_lane"
    if problem is not None:
        floor.odd(entry, problem)
    t.called_at = t.called_at or at
    if absent and t.state == "waiting":
        return  # back in the queue since
    t.terminal, t.serving_since = terminal.code if terminal is not None else None, at
    if absent:
        return
    t.assumed_end, t.ends, t.doubted_end = False, ends, None
    if gone and absence is not None:
        del floor.absences[number]
        floor.anomalies.pop(absence, None)
        count_persons(floor, -1)
        t.state, t.ended_at, t.lane_at_end = "no_show", at, floor.lane_of(t)
        return
    t.state, t.ended_at = "serving", None
    if ends == "call":
        end_by_rule(floor, t, at)
    elif terminal is not None:
        terminal.ticket = t.number
        if not terminal.failed:
            terminal.since = at  # of this ticket; a failure goes on from its own beginning


def _call_finished(floor: Floor, entry: Entry, t: Ticket) -> None:
    """Call a number that finished in the same instant: the finish sorts first."""
    t.called_at = t.serving_since = entry.fact.at
    # An act that calls and finishes at one instant what it issued itself comes from paper, which has no such times.
    t.untimed = t.issue_act == act_key(entry)
    t.unmeasured = t.unmeasured or t.untimed
    for key, _, _ in t.pending:
        if floor.anomalies.get(key) == "impossible":
            del floor.anomalies[key]
    t.pending = [(key, None, lanes) for key, other, lanes in t.pending if other == "impossible"]


def _not_ready(floor: Floor, terminal: TerminalState) -> str | None:
    """Return the anomaly of a call to a terminal that takes nobody: it stands still, or nobody is there; None if it is ready."""
    if terminal.failed or terminal.paused:
        return "impossible"
    return "unstaffed" if floor.staffing_known and terminal.staff is None else None


def _recall(floor: Floor, t: Ticket) -> None:
    """Count a further call; absent, called again and finished in one instant fits."""
    t.recalls += 1
    if t.doubted_end is not None and floor.anomalies.get(t.doubted_end) == "impossible":
        del floor.anomalies[t.doubted_end]
    t.doubted_end = None


def _is_recall(t: Ticket, f: ev.TicketCalled) -> bool:
    """Return whether a call repeats that of the terminal that serves the ticket, or ended it in this instant (contract 6).

    So does one that names no terminal, and any of a ticket that counts as done by its call.
    """
    if t.by_rule and t.ends == "call":
        return True
    ended_now = t.state in ENDED and t.ended_at == f.at and t.called_at is not None
    return f.terminal in (None, t.terminal) and (t.state == "serving" or ended_now)


@decides(ev.TicketRecalled)
def decide_recalled(c: Context, f: ev.TicketRecalled) -> list[Wish]:
    """Call the number that is being served once more; an absent one is called (``ticket.called``)."""
    t = ticket_in(c, f.ticket, ("serving",), "の再呼出しはできません")
    if f.terminal not in (None, t.terminal):
        raise Refused(
            f"{f.ticket} は {f.terminal} では呼べません",
            f"{t.terminal} で応対中です" if t.terminal else "呼出し済みで、端末の記録がありません",
            CHECK_NUMBER,
        )
    return as_wished(f)


@evolves(ev.TicketRecalled)
def evolve_recalled(floor: Floor, entry: Entry, f: ev.TicketRecalled) -> None:
    """Count a further call of who is served or has just gone; call who is absent, and who waits (its call was lost)."""
    held_after_all(floor, f.ticket)
    t = known(floor, entry, f.ticket)
    if t is None:
        return
    ended_now = t.state in ENDED and t.ended_at == f.at and t.called_at is not None
    if t.state == "serving" or t.by_rule or ended_now:
        _recall(floor, t)
        return
    if t.state == "finished":
        floor.odd(entry, "impossible")
        return
    code = f.terminal
    if code is None and t.terminal is not None and floor.terminals[t.terminal].ticket is None:
        code = t.terminal
    terminal = floor.terminals[code] if code is not None else None
    _note_call(floor, entry, t, terminal, t.ends)
    t.recalls += t.called_at is not None
    _call(floor, entry, f.ticket, t, terminal, t.ends, again=True)
