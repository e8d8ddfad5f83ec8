"""Tickets: issue, call, finish, no-show, return to the queue, change of service."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta

from floorctl.commands.cases import need_decided, note_undecided
from floorctl.commands.context import CHECK_NUMBER, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
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
from floorctl.commands.untold import gone_before, same_visitor, take_back
from floorctl.common.clock import JST
from floorctl.common.errors import Refused
from floorctl.common.words import TICKET_STATES, hm
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import ENDED, Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import BY_HAND, act_of

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
    t, nth, waits = floor.tickets.get(f.ticket), 1, False
    if t is not None and (t.issued_at is not None or t.no_arrival):
        if f.no_arrival and same_visitor(t, f):
            return  # its call tells the rest
        apart = t.called_again_at is None or f.at - t.called_again_at > CLOCK_TOLERANCE
        if f.wraps and t.state not in ENDED and apart and f.at > (t.issued_at or t.first_seen_at or f.at):
            gone_before(floor, t, f.at)
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
    elif (
        t is not None
        and not (t.issued_at or t.no_arrival)
        and t.ended_at is not None
        and f.at - t.ended_at > CLOCK_TOLERANCE
    ):
        nth = t.nth + 1  # another visitor's, whose issue is lost
        floor.set_aside(t)
        t = None
    if t is not None and (t.issued_at is not None or t.no_arrival):
        floor.odd(entry, "wrapped" if f.wraps else "repeated_ticket")
        nth += t.nth
        since = t.issued_at or f.at
        if t.before is not None and t.called_again_at is not None and f.at - t.called_again_at <= CLOCK_TOLERANCE:
            waits = t.state == "waiting"  # returned to its queue since that call: its issue may be for another lane
            if waits:
                leave_lane(floor, t)
            _part(floor, t, t.before)
        elif t.state in ENDED:
            floor.set_aside(t)
            t = None
        else:
            if f.at > since:
                floor.reissues[f.ticket] = entry
            return
    floor.taken_out.pop(f.ticket, None)
    q = floor.lanes[floor.site.service_by_code[f.service].lane]
    if f.no_arrival:
        q.unarrived_at = f.at
    else:
        q.issued, q.issued_at = q.issued + 1, f.at
        q.issued_by.add(entry.source)
        came_by(q, entry)
    if t is None:
        while f"{f.ticket} {nth}" in floor.tickets:
            nth += 1  # the one after it was a mistake
        t = floor.tickets[f.ticket] = Ticket(f.ticket, f.service, "waiting", nth=nth)
        _describe(floor, t, f)
        t.issue_act = act_key(entry)
        if f.no_arrival:
            return  # in no queue: it is called at once, and nobody knows since when it waited
        wait_in_lane(floor, t)
        count_persons(floor, +1)
        return
    # Named before its issue. Whatever the clocks say, it has been called: it never waits (for ever).
    _describe(floor, t, f)
    t.service = f.service
    lane = floor.lane_of(t)
    in_time = t.first_seen_at is not None and f.at - t.first_seen_at <= CLOCK_TOLERANCE
    for key, other, terminal_lanes in t.pending:
        if in_time and floor.anomalies.get(key) == ("unknown_ticket" if t.nth == 1 else "impossible"):
            del floor.anomalies[key]
            code = other or ("other_lane" if terminal_lanes and lane not in terminal_lanes else None)
            if code:
                floor.anomalies[key] = code
    t.pending.clear()
    if t.state in ENDED:
        t.lane_at_end = lane
    elif not f.no_arrival:
        count_persons(floor, +1)
    if t.debited_lane is not None and not f.no_arrival:
        # Its call was taken from the head count, its issue adds to it: count + issues - calls (contract 2).
        floor.lanes[t.debited_lane].return_head(t.debited_since or f.at)
        t.debited_lane = None
    if waits and t.issued_at is not None:
        wait_in_lane(floor, t)


def _note_ended(floor: Floor, entry: Entry, t: Ticket) -> None:
    """Let no length be known of visits that a person ended together, in one act: when each was over it does not tell."""
    act, at = act_key(entry), entry.fact.at
    if t.issue_act == act:
        return  # entered from paper
    if floor.last_ended is not None and floor.last_ended[:2] == (act, at):
        t.untimed = floor.last_ended[2].untimed = True
    floor.last_ended = (act, at, t)


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
    if f.no_arrival:
        t.issued_at, t.first_seen_at, t.no_arrival, t.unmeasured = None, t.first_seen_at or f.at, True, True
    if f.appointment is not None:
        t.due_at = datetime.combine(floor.day, time.fromisoformat(f.appointment), JST)


def ticket_in(c: Context, number: str, states: tuple[str, ...], what: str, do: str = CHECK_NUMBER) -> Ticket:
    """Return today's ticket, in one of ``states`` (``Ticket.may_be``); raise Refused otherwise, ``what`` after its number."""
    c.need_open()
    t = c.ticket(number)
    if not t.may_be(states):
        raise Refused(f"{number} {what}", f"{TICKET_STATES[t.state]}の番号です", do)
    return t


@decides(ev.TicketFinished)
def decide_finished(c: Context, f: ev.TicketFinished) -> list[Wish]:
    """Finish the ticket that a terminal serves."""
    t = ticket_in(c, f.ticket, ("serving",), "は終了できません")
    if t.terminal is not None and f.terminal not in (None, t.terminal):
        raise Refused(
            f"{f.ticket} は {f.terminal} では終了できません",
            f"{t.terminal} で応対中です",
            f"{t.terminal} で終了してください",
        )
    if f.outcome == "desk3":
        c.warn_of_closed_desk()
    if f.outcome == "done":
        need_decided(c, f.ticket)
    return as_wished(f, terminal=f.terminal or t.terminal)


@evolves(ev.TicketFinished)
def evolve_finished(floor: Floor, entry: Entry, f: ev.TicketFinished) -> None:
    held_after_all(floor, f.ticket)
    t, kept = met(floor, f.ticket, f.at), None
    if t is None:
        t = floor.tickets[f.ticket] = Ticket(f.ticket, None, "serving", first_seen_at=f.at)
        t.terminal = f.terminal
        t.pending.append((entry.key, "impossible", floor.terminals[f.terminal].lanes if f.terminal else ()))
        floor.odd(entry, "unknown_ticket")
    elif t.by_rule:
        # The end is told after all: by the source, when; by a person, what it came to.
        kept = (t.ended_at, t.untimed, t.at_most) if entry.source == BY_HAND else None
        take_back(floor, t, "serving")
    elif t.state == "finished" and not t.assumed_end:
        floor.odd(entry, "impossible")
        return
    elif t.state != "serving" or (t.terminal and f.terminal not in (None, t.terminal)):
        floor.odd(entry, "impossible")
        t.doubted_end = entry.key if t.state == "no_show" and t.ended_at == f.at else None
        if t.state == "waiting" or t.absent_at == f.at:
            t.pending.append((entry.key, None, ()))  # called in this instant, perhaps
    note_undecided(floor, entry, f)
    t.lane_at_end = floor.lane_of(t)
    t.assumed_end = False
    for item, n in f.work.items():
        t.work[item] = t.work.get(item, 0) + n
    end(floor, t, "finished", f.at, f.outcome)
    if kept is not None:
        t.ended_at, t.untimed, t.at_most = kept
    t.terminal = t.terminal or f.terminal
    _note_ended(floor, entry, t)
    if t.called_at is not None:
        _issue_again(floor, t)


@decides(ev.TicketNoShow)
def decide_no_show(c: Context, f: ev.TicketNoShow) -> list[Wish]:
    """Mark a visitor who was called as absent."""
    ticket_in(c, f.ticket, ("serving", "waiting"), "を不在にできません")
    return as_wished(f)


@evolves(ev.TicketNoShow)
def evolve_no_show(floor: Floor, entry: Entry, f: ev.TicketNoShow) -> None:
    t = floor.tickets.get(f.ticket)
    if t is not None and t.by_rule:
        take_back(floor, t, "no_show")
        t.ended_at = f.at
        return
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
    if t.by_rule:
        take_back(floor, t, "left")
        t.ended_at = f.at
        return
    if t.state in ENDED:
        floor.odd(entry, "impossible")
        return
    if t.state == "serving" and t.terminal:
        floor.odd(entry, "impossible")
    elif f.mistaken and t.state == "waiting":  # no visitor: it stands in the journal, and in no count
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
    if t.state == "finished" and not t.by_rule:
        floor.odd(entry, "impossible")
    if t.service is None:
        return
    if t.by_rule:
        take_back(floor, t, "serving")
    served_at = floor.terminals[t.terminal] if t.state == "serving" and t.terminal else None
    if t.state in ENDED:
        count_persons(floor, +1)
    t.ended_at = t.lane_at_end = t.terminal = None
    t.issued_at = t.issued_at or t.first_seen_at
    t.outcome = t.outcome if t.outcome == "done" else None
    t.back_at = f.at
    wait_in_lane(floor, t)
    if served_at is not None and served_at.ticket == t.number:
        free(floor, served_at, f.at)  # after it waits: a loan that has not begun asks who waits at home


@decides(ev.TicketTransferred)
def decide_transferred(c: Context, f: ev.TicketTransferred) -> list[Wish]:
    """Change the service of a ticket; the wait goes on."""
    t = ticket_in(c, f.ticket, ("waiting", "serving"), "の用件を変えられません")
    return [] if t.service == f.service else as_wished(f)


@evolves(ev.TicketTransferred)
def evolve_transferred(floor: Floor, entry: Entry, f: ev.TicketTransferred) -> None:
    t = floor.tickets.get(f.ticket)
    if t is not None and t.by_rule:
        t.service = f.service
        t.lane_at_end = floor.lane_of(t)
        return
    t = going(floor, entry, f.ticket)
    if t is None:
        return
    if t.state == "waiting" and t.no_arrival and t.issued_at is None:
        t.service = f.service
    elif t.state == "waiting":
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
