"""Tickets: issue, call, finish, no-show, return to the queue, change of service."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta

from floorctl.commands.cases import need_decided, note_undecided
from floorctl.commands.context import CHECK_NUMBER, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.head_counts import debit
from floorctl.commands.ticket_steps import (
    act_key,
    came_by,
    count_persons,
    end,
    free,
    going,
    held_after_all,
    known,
    leave_lane,
    met,
    wait_in_lane,
)
from floorctl.common.clock import JST
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import TERMINAL_STATES, TICKET_STATES, hm
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.day.ticket import ENDED, Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import act_of

# Clocks differ: a call or finish up to this long before its issue fits (contract 2).
CLOCK_TOLERANCE = timedelta(minutes=5)


@decides(ev.TicketIssued, numbers="ticket")
def decide_issued(c: Context, f: ev.TicketIssued, *, numbered: bool = True) -> list[Wish]:
    """Issue a ticket; without a number the next one of the lane is given."""
    c.need_open()
    service = c.site.service_by_code[f.service]
    if f.service in c.floor.stopped:
        raise Refused(
            f"{service.name} の番号は出せません", "受付を打ち切っています", "再開するか、別の日を案内してください"
        )
    _, closes = c.site.hours(f.service, c.floor.day.weekday())
    need_begun(c, f.service, f.at)
    if f.at.time().replace(second=0, microsecond=0) > closes:
        c.warnings.append(f"{service.name} の受付は {hm(closes)} で終わっています（仕様書 7(4)）。")
    number = f.ticket if numbered else c.next_number(service.lane)
    if number in c.floor.tickets or number in c.tickets.used:
        raise Refused(f"{number} は出せません", "今日すでに使われた番号です", "別の番号にしてください")
    return as_wished(f, ticket=number)


def need_begun(c: Context, service: str, at: datetime) -> None:
    """Raise Refused before a service's reception begins (仕様書 7(4))."""
    opens, _ = c.site.hours(service, c.floor.day.weekday())
    if at.time() < opens:
        raise Refused(
            f"{c.site.service_by_code[service].name} の番号は出せません",
            f"受付は {hm(opens)} からです",
            "時刻になってから出してください",
        )


@evolves(ev.TicketIssued)
def evolve_issued(floor: Floor, entry: Entry, f: ev.TicketIssued) -> None:
    t, nth = floor.tickets.get(f.ticket), 1
    if t is not None and t.carried_from is not None and t.issued_at is None:
        if t.first_seen_at is not None and f.at - t.first_seen_at <= CLOCK_TOLERANCE:
            t.carried_from = None  # not that of the day before: called just before this issue (another clock)
            count_persons(floor, -1)
        elif t.state in ENDED:
            nth = t.nth + 1
            floor.set_aside(t)
            t = None
        else:
            floor.odd(entry, "repeated_ticket")
            return
    elif t is not None and t.issued_at is None and t.ended_at is not None and f.at - t.ended_at > CLOCK_TOLERANCE:
        nth = t.nth + 1  # another visitor's, whose issue is lost
        floor.set_aside(t)
        t = None
    if t is not None and t.issued_at is not None:
        floor.odd(entry, "repeated_ticket")
        nth += t.nth
        since = t.issued_at
        if t.before is not None and t.called_again_at is not None and f.at - t.called_again_at <= CLOCK_TOLERANCE:
            _part(floor, t, t.before)
        elif t.state in ENDED:
            floor.set_aside(t)
            t = None
        else:
            if f.at > since:
                floor.reissues[f.ticket] = entry
            return
    floor.taken_out.pop(f.ticket, None)
    came_by(floor.lanes[floor.site.service_by_code[f.service].lane], entry)
    if t is None:
        while f"{f.ticket} {nth}" in floor.tickets:
            nth += 1  # the one after it was a mistake
        t = floor.tickets[f.ticket] = Ticket(f.ticket, f.service, "waiting", nth=nth)
        _describe(floor, t, f)
        t.issue_act = act_key(entry)
        wait_in_lane(floor, t)
        count_persons(floor, +1)
        return
    # Named before its issue. Whatever the clocks say, it has been called: it never waits (for ever).
    _describe(floor, t, f)
    t.service = f.service
    lane = floor.lane_of(t)
    in_time = t.first_seen_at is not None and f.at - t.first_seen_at <= CLOCK_TOLERANCE
    for key, other, terminal_lane in t.pending:
        if in_time and floor.anomalies.get(key) == ("unknown_ticket" if t.nth == 1 else "impossible"):
            del floor.anomalies[key]
            code = other or ("other_lane" if terminal_lane != lane else None)
            if code:
                floor.anomalies[key] = code
    t.pending.clear()
    if t.state in ENDED:
        t.lane_at_end = lane
    else:
        count_persons(floor, +1)
    if t.debited_lane is not None:
        # Its call was taken from the head count, its issue adds to it: count + issues - calls (contract 2).
        floor.lanes[t.debited_lane].return_head(t.debited_since or f.at)
        t.debited_lane = None


def _issue_again(floor: Floor, t: Ticket) -> None:
    """Issue a number again that ended in the instant of that issue: the issue sorts first."""
    again = floor.reissues.get(t.number)
    if again is not None and again.fact.at == t.ended_at and isinstance(again.fact, ev.TicketIssued):
        del floor.reissues[t.number]
        evolve_issued(floor, again, again.fact)


def _part(floor: Floor, t: Ticket, before: Ticket) -> None:
    """Part a ticket from the one that had its number before: the call after its end was the first of the new one."""
    floor.set_aside(before)
    if t.state not in ENDED:
        count_persons(floor, -1)  # its issue adds it
    t.nth, t.before, t.recalls, t.back_at = before.nth + 1, None, 0, None
    t.issued_at = t.due_at = t.lane_at_end = None
    t.first_seen_at = t.called_at = t.called_again_at
    t.work = dict(Counter(t.work) - Counter(before.work))
    t.outcome = t.outcome if t.state == "finished" else None


def _describe(floor: Floor, t: Ticket, f: ev.TicketIssued) -> None:
    t.issued_at, t.cards, t.assist, t.appointment = f.at, f.cards, f.assist, f.appointment
    if f.appointment is not None:
        t.due_at = datetime.combine(floor.day, time.fromisoformat(f.appointment), JST)


@decides(ev.TicketCalled)
def decide_called(c: Context, f: ev.TicketCalled) -> list[Wish]:
    """Call a waiting ticket to a free, staffed terminal of its lane; an absent visitor is returned to the queue first.

    A call of the ticket that the terminal serves is a recall (contract 6).
    """
    terminal = c.floor.terminals[f.terminal]
    if terminal.ticket == f.ticket:
        c.need_open()
        return as_wished(f)  # a recall
    t = ticket_in(c, f.ticket, ("waiting", "no_show", "counted_out"), "は呼べません")
    need_ready(c, terminal)
    if c.floor.lane_of(t) != terminal.lane:
        name = c.site.lane_by_code[c.floor.lane_of(t)].name
        raise Refused(
            f"{f.ticket} は {f.terminal} では呼べません",
            f"{name}の番号です",
            f"{name}の端末で呼ぶか、配分を変えてください",
        )
    back: list[Wish] = [("ticket.requeued", {"ticket": f.ticket})] if t.state == "no_show" else []
    return [*back, *as_wished(f)]


def ticket_in(c: Context, number: str, states: tuple[str, ...], what: str, do: str = CHECK_NUMBER) -> Ticket:
    """Return today's ticket, in one of ``states``; raise Refused otherwise, ``what`` after its number."""
    c.need_open()
    t = c.ticket(number)
    if t.state not in states:
        raise Refused(f"{number} {what}", f"{TICKET_STATES[t.state]}の番号です", do)
    return t


def need_ready(c: Context, t: TerminalState) -> None:
    """Raise Refused if the terminal cannot take a visitor now."""
    state = c.floor.state(t.code)
    if state == "serving":
        raise Refused(
            f"{t.code} では呼べません",
            f"{t.ticket} を応対中です",
            f"先に終了してください（{by_door('n で終了して次を呼びます', 'ticket.finished')}）",
        )
    if state != "free":
        keys, kind, word = {
            "failed": ("f", "terminal.repaired", "復旧して"),
            "paused": ("s", "terminal.resumed", "再開して"),
            "unstaffed": ("p", "terminal.staffed", "担当を決めて"),
        }[state]
        do = f"{by_door(keys, kind)} で{word}"
        raise Refused(f"{t.code} では呼べません", f"{TERMINAL_STATES[state]}の端末です", f"先に {do}ください")


@evolves(ev.TicketCalled)
def evolve_called(floor: Floor, entry: Entry, f: ev.TicketCalled) -> None:
    terminal = floor.terminals[f.terminal]
    floor.lanes[terminal.lane].called_at = f.at
    floor.lanes[terminal.lane].called_by.add(entry.source)
    held_after_all(floor, f.ticket)
    t = met(floor, f.ticket, f.at)
    if t is not None and _is_recall(t, f):
        t.recalls += 1
        return
    if t is not None and t.state == "finished" and t.called_at is None and t.ended_at == f.at:
        # Called and finished in the same instant: the finish sorts first.
        t.called_at = t.serving_since = f.at
        # An act that calls and finishes at one instant what it issued itself comes from paper, which has no such times.
        t.untimed = t.issue_act == act_key(entry)
        t.unmeasured = t.unmeasured or t.untimed
        for key, _, _ in t.pending:
            if floor.anomalies.get(key) == "impossible":
                del floor.anomalies[key]
        t.pending = [(key, None, lane) for key, other, lane in t.pending if other == "impossible"]
        return
    problem: str | None = None
    # Called and absent in the same minute: the absence sorts first, and ends this call.
    absent = t is not None and t.absent_at == f.at and t.state in ("no_show", "waiting")
    gone_at, absence = floor.absences.get(f.ticket, (None, None))
    gone = not absent and gone_at == f.at and (t is None or t.state in ENDED)
    if terminal.ticket is not None:
        before = floor.tickets[terminal.ticket]
        if before.serving_since != f.at or not (absent or gone):  # else called once nobody had come
            problem = "busy_terminal"
            before.assumed_end, before.lane_at_end = True, floor.lane_of(before)
            end(floor, before, "finished", f.at, "incomplete")
    if terminal.failed or terminal.paused:
        problem = problem or "impossible"
    elif floor.staffing_known and terminal.staff is None:
        problem = problem or "unstaffed"
    if t is None:
        t = floor.tickets[f.ticket] = Ticket(f.ticket, None, "serving", first_seen_at=f.at)
        t.pending.append((entry.key, problem, terminal.lane))
        debit(floor, terminal.lane, t, f.at)
        problem = "unknown_ticket"
    elif absent:
        t.absent_at = None
    elif t.state == "waiting" and t.issued_at is None:
        debit(floor, terminal.lane, t, f.at)
    elif t.state == "waiting":
        leave_lane(floor, t)
        t.unmeasured = t.issue_act == act_key(entry) and t.issued_at == f.at
    elif t.state == "serving":
        problem = "impossible"
        if t.terminal:
            free(floor.terminals[t.terminal], f.at)
    elif t.state == "counted_out":
        # The head count took this one for gone; somebody else is, so the number waiting still falls by one.
        count_persons(floor, +1)
        debit(floor, floor.lane_of(t), t, f.at)
        t.debited_lane = None
    else:
        if t.issued_at is not None:
            t.before, t.called_again_at = replace(t, work=dict(t.work)), f.at
            t.pending = [(entry.key, problem, terminal.lane)]
        problem = "impossible"
        count_persons(floor, +1)
    if problem is None and t.service is not None and floor.lane_of(t) != terminal.lane:
        problem = "other_lane"
    if problem is not None:
        floor.odd(entry, problem)
    t.called_at = t.called_at or f.at
    if absent and t.state == "waiting":
        return  # back in the queue since
    t.terminal, t.serving_since = f.terminal, f.at
    if absent:
        return
    t.assumed_end = False
    if gone and absence is not None:
        del floor.absences[f.ticket]
        floor.anomalies.pop(absence, None)
        count_persons(floor, -1)
        t.state, t.ended_at, t.lane_at_end = "no_show", f.at, floor.lane_of(t)
        return
    t.state, t.ended_at = "serving", None
    terminal.ticket = t.number
    if not terminal.failed:
        terminal.since = f.at  # of this ticket; a failure goes on from its own beginning


def _is_recall(t: Ticket, f: ev.TicketCalled) -> bool:
    """Return whether a call repeats that of the terminal that serves the ticket, or ended it in this instant (contract 6)."""
    ended_now = t.state in ENDED and t.ended_at == f.at and t.called_at is not None
    return t.terminal == f.terminal and (t.state == "serving" or ended_now)


@decides(ev.TicketFinished)
def decide_finished(c: Context, f: ev.TicketFinished) -> list[Wish]:
    """Finish the ticket that a terminal serves."""
    t = ticket_in(c, f.ticket, ("serving",), "は終了できません")
    if t.terminal != f.terminal:
        raise Refused(
            f"{f.ticket} は {f.terminal} では終了できません",
            f"{t.terminal} で応対中です",
            f"{t.terminal} で終了してください",
        )
    if f.outcome == "desk3":
        c.warn_of_closed_desk()
    if f.outcome == "done":
        need_decided(c, f.ticket)
    return as_wished(f)


@evolves(ev.TicketFinished)
def evolve_finished(floor: Floor, entry: Entry, f: ev.TicketFinished) -> None:
    held_after_all(floor, f.ticket)
    t = met(floor, f.ticket, f.at)
    if t is None:
        t = floor.tickets[f.ticket] = Ticket(f.ticket, None, "serving", first_seen_at=f.at)
        t.terminal = f.terminal
        t.pending.append((entry.key, "impossible", floor.terminals[f.terminal].lane))
        floor.odd(entry, "unknown_ticket")
    elif t.state == "finished" and not t.assumed_end:
        floor.odd(entry, "impossible")
        return
    elif t.state != "serving" or t.terminal != f.terminal:
        floor.odd(entry, "impossible")
        if t.state == "waiting":
            t.pending.append((entry.key, None, ""))
    note_undecided(floor, entry, f)
    t.lane_at_end = floor.lane_of(t)
    t.assumed_end = False
    for item, n in f.work.items():
        t.work[item] = t.work.get(item, 0) + n
    end(floor, t, "finished", f.at, f.outcome)
    t.terminal = t.terminal or f.terminal
    if t.called_at is not None:
        _issue_again(floor, t)


@decides(ev.TicketNoShow)
def decide_no_show(c: Context, f: ev.TicketNoShow) -> list[Wish]:
    """Mark a visitor who was called as absent."""
    ticket_in(c, f.ticket, ("serving", "waiting"), "を不在にできません")
    return as_wished(f)


@evolves(ev.TicketNoShow)
def evolve_no_show(floor: Floor, entry: Entry, f: ev.TicketNoShow) -> None:
    t = going(floor, entry, f.ticket)
    if t is None or t.state != "waiting":
        floor.absences[f.ticket] = (f.at, entry.key)
    if t is None:
        return
    t.lane_at_end = floor.lane_of(t)
    t.absent_at = f.at if t.state == "waiting" else None
    end(floor, t, "no_show", f.at)
    if t.called_at is not None and t.absent_at is None:
        _issue_again(floor, t)


@decides(ev.TicketLeft)
def decide_left(c: Context, f: ev.TicketLeft) -> list[Wish]:
    """Record that a visitor left without service."""
    ticket_in(c, f.ticket, ("waiting",), "を帰宅にできません", "応対中なら終了してください")
    return as_wished(f)


@evolves(ev.TicketLeft)
def evolve_left(floor: Floor, entry: Entry, f: ev.TicketLeft) -> None:
    t = known(floor, entry, f.ticket)
    if t is None:
        return
    if t.state == "counted_out":
        t.state = "left"  # seen by the count, said by this
        return
    if t.state in ENDED:
        floor.odd(entry, "impossible")
        return
    if t.state == "serving":
        floor.odd(entry, "impossible")
    elif f.mistaken:  # no visitor: it stands in the journal, and in no count
        end(floor, t, "left", f.at)
        del floor.tickets[t.number]
        floor.mistaken.append(t.number)
        floor.taken_out[t.number] = t
        return
    t.lane_at_end = floor.lane_of(t)
    end(floor, t, "left", f.at)
    _issue_again(floor, t)


@decides(ev.TicketRequeued)
def decide_requeued(c: Context, f: ev.TicketRequeued) -> list[Wish]:
    """Return a ticket to the queue: after a no-show, or from a terminal."""
    ticket_in(c, f.ticket, ("no_show", "serving", "left", "counted_out"), "を待ちに戻せません")
    return as_wished(f)


@evolves(ev.TicketRequeued)
def evolve_requeued(floor: Floor, entry: Entry, f: ev.TicketRequeued) -> None:
    held_after_all(floor, f.ticket)
    t = known(floor, entry, f.ticket)
    if t is None:
        return
    if t.state == "waiting" and t.issued_at is not None:
        floor.odd(entry, "impossible")
        return
    if t.state == "finished":
        floor.odd(entry, "impossible")
    if t.service is None:
        return
    if t.state == "serving":
        if t.terminal:
            free(floor.terminals[t.terminal], f.at)
    elif t.state in ENDED:
        count_persons(floor, +1)
    t.ended_at = t.lane_at_end = t.terminal = None
    t.issued_at = t.issued_at or t.first_seen_at
    t.outcome = t.outcome if t.outcome == "done" else None
    t.back_at = f.at
    wait_in_lane(floor, t)


@decides(ev.TicketTransferred)
def decide_transferred(c: Context, f: ev.TicketTransferred) -> list[Wish]:
    """Change the service of a ticket; the wait goes on."""
    t = ticket_in(c, f.ticket, ("waiting", "serving"), "の用件を変えられません")
    return [] if t.service == f.service else as_wished(f)


@evolves(ev.TicketTransferred)
def evolve_transferred(floor: Floor, entry: Entry, f: ev.TicketTransferred) -> None:
    t = going(floor, entry, f.ticket)
    if t is None:
        return
    if t.state == "waiting":
        leave_lane(floor, t)
        lane = floor.lane_of(t)
        t.service, t.issued_at = f.service, t.issued_at or t.first_seen_at
        if floor.lane_of(t) != lane:
            t.back_at = f.at
        wait_in_lane(floor, t)
    else:
        t.service = f.service


@evolves(ev.PaperEntered)
def evolve_paper(floor: Floor, entry: Entry, f: ev.PaperEntered) -> None:
    floor.paper_acts.add((entry.source, act_of(f.id)))
