"""Propose anything but a move: one more terminal, an early end of reception, fewer appointment slots. Pure.

Each proposal states its effect and has evidence: one more terminal only if the longest wait exceeds its target and
falls by five minutes; nobody is recalled from a break owed by law (労基法34, 仕様書 7(4)※); reception is stopped only
if even the lower bound of the expected arrivals cannot be served before closing; fewer slots need 14 open days.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from floorctl.advice.advise import HELPS_S, Adviser
from floorctl.advice.best_move import Option
from floorctl.advice.first_staffing import first_staffing
from floorctl.advice.futures import SOON_S, Futures
from floorctl.advice.known_ahead import back_at
from floorctl.advice.last_call import FEWEST, SEEN, Closing
from floorctl.advice.loans import contradict
from floorctl.advice.proposal import A_DAY, AT_WORK, FIRST, LEFT, STAYS, WAIT, Change, Key, Proposal, Step
from floorctl.advice.staffing import empty_terminals, lane_choices
from floorctl.advice.unattended import REASON_CHARS, free_people, unattended
from floorctl.common.frozen import frozen
from floorctl.common.lengths import length, minutes_word, whole_minutes
from floorctl.common.words import hm
from floorctl.models.board.assignable import unqualified
from floorctl.models.board.breaks import BreakState, break_states
from floorctl.models.board.outlook import all_stopped
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.advice_answers import left_alone
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

EVIDENCE_DAYS = 14  # open days required before fewer slots are proposed (仕様書 7(4)※)
CASES = 5.0  # observed service times of a lane required before its reception is stopped
AHEAD = timedelta(hours=2)  # a stop further ahead is not proposed
LEAD = timedelta(minutes=30)  # the board shows a stop this long before
_BREAK_WORDS = ("休憩", "昼")  # in the reason of a pause
_SOON_BACK = timedelta(minutes=5)  # a person back by then is not recalled


# The effect of one more terminal, by which one.
Effects = Callable[[str], Change]


@frozen
class SlotCut:
    """Slots of ``lane`` that keep its terminals free while people wait in ``other``: means over ``days`` open days.

    ``idle_s``: terminal-seconds free meanwhile; ``more``: people whom ``other`` could serve in them; ``served``: people
    whom it serves now; ``p90_s`` and ``target_s``: 90th percentile of its waits and their target.
    """

    lane: str
    other: str
    days: int
    slots: int
    slot_minutes: int
    idle_s: float
    served: float
    more: float | None
    p90_s: int
    target_s: int


def others(
    adviser: Adviser,
    register: Register,
    closings: Sequence[Closing],
    cuts: Sequence[SlotCut] = (),
    advised: Option | None = None,
    stood: Collection[Key] = (),
    loan: Proposal | None = None,
) -> list[Proposal]:
    """Return all other proposals: those that cost nothing, then the most pressing first.

    ``closings``: last calls at the same instant; ``cuts``: slots of the last days, if known; ``advised``: the advised
    move, which no proposal repeats or undoes; ``stood``: what was proposed a minute ago, which stays while it is worth
    half as much as was needed for it to appear; ``loan``: the one to propose (`loans`).
    """
    floor, v = adviser.floor, adviser.view
    found = unattended(floor, register, adviser.grounds, adviser.now)
    futures = adviser.futures
    if floor.is_open and v.closes_s > 0 and futures is not None:
        if loan is not None and (advised is None or not contradict(loan, advised)):
            found.append(loan)
        found += stops(adviser, closings, stood)
        found += more_terminals(adviser, register, futures, stood, advised)
    place = first_staffing(floor, register, adviser.now, {x for p in found if p.urgent for x in (p.staff, p.terminal)})
    if place is not None:  # who is free is named once
        found = [place, *(p for p in found if p.urgent or p.kind != "open")]
    # A lane with nobody at it before all, and of two such lanes the one that somebody can take at once; a loan then.
    found.sort(key=lambda p: (not p.urgent, p.urgent and not p.takes, FIRST.index(p.kind) if p.free else len(FIRST)))
    return found + [fewer_slots(floor.site, cut) for cut in cuts if cut.days >= EVIDENCE_DAYS and cut.more]


# ---- one more terminal


def more_terminals(
    adviser: Adviser, register: Register, futures: Futures, stood: Collection[Key] = (), advised: Option | None = None
) -> Iterator[Proposal]:
    """Propose one more terminal for each lane whose longest wait exceeds its target.

    At most one of each: a paused terminal to resume, a person to recall from a break, a person at no terminal. Nothing
    where the longest wait would fall by less than HELPS_S; half of it is enough where a terminal of another lane would
    be moved in (``advised``).
    """
    floor, now = adviser.floor, adviser.now
    before = futures.longest((), "", SOON_S)
    for lane in futures.v.lanes:
        target = floor.site.wait_target_s(lane) * (STAYS if any(key[1] == lane for key in stood) else 1.0)
        if lane in adviser.grounds.withheld or before[lane] <= target:
            continue
        states = break_states(floor, register, now)

        def change(terminal: str, lane: str = lane) -> Change:
            after = futures.longest((), "", SOON_S, more=lane, opened=terminal)[lane]
            return Change(WAIT, floor.site.lane_by_code[lane].name, int(before[lane]), int(after))

        for found in (
            _resume(floor, states, lane, change),
            _recall(floor, register, states, lane, change, now),
            _open(adviser, register, states, lane, change),
        ):
            if found is None:
                continue
            before_a_move = found.free and advised is not None and advised.to == lane
            if found.gain_s < HELPS_S * (STAYS if found.key in stood or before_a_move else 1.0):
                continue
            if not left_alone(floor.answers, found.kind, found.terminal, lane, found.gain_s, now):
                # A lane with nobody at it has no wait that the first terminal could shorten.
                first = Change(AT_WORK, floor.site.lane_by_code[lane].name, 0, 1)
                yield found if adviser.grounds.desks(floor, lane) else replace(found, change=first)


def _resume(floor: Floor, states: dict[str, BreakState], lane: str, change: Effects) -> Proposal | None:
    """Propose a terminal that is paused though its person is at work and the pause is not their break."""
    for t in floor.terminals.values():
        held = floor.staff.get(t.staff) if t.staff else None
        idle = floor.state(t.code) == "paused" and (t.next_lane or t.lane) == lane and (held is None or held.at_work)
        if idle and not _may_be_a_break(t, states):
            note = f"休止の理由 {t.reason[:REASON_CHARS]}" if t.reason else ""
            step = Step("terminal.resumed", {"terminal": t.code})
            what = f"休止中の {t.code} を再開"
            return Proposal("resume", lane, what, change(t.code), note, t.code, takes=(step,), clear=True)
    return None


def _may_be_a_break(t: TerminalState, states: dict[str, BreakState]) -> bool:
    """Return whether a pause may be the break of the terminal's person.

    It may if the reason names a break or is empty, and a break is still owed by law (or that is unknown).
    """
    if t.reason and not any(word in t.reason for word in _BREAK_WORDS):
        return False
    b = states.get(t.staff) if t.staff else None
    return b is None or bool(b.short_s)


def _recall(
    floor: Floor, register: Register, states: dict[str, BreakState], lane: str, change: Effects, now: datetime
) -> Proposal | None:
    """Propose to recall a person who has taken all breaks owed by law; a person has to fetch them, no key does."""
    desks = {t.staff: t for t in floor.terminals.values() if t.staff}
    empty = [code for code in empty_terminals(floor) if floor.terminals[code].lane == lane]
    for code, b in sorted(states.items()):
        if not b.on_break or b.short_s or _back_soon(floor, code, now):
            continue
        if unqualified(floor, register, code, lane=lane):
            continue
        t = desks.get(code)
        if t is not None and (t.failed or (t.next_lane or t.lane) != lane):
            continue
        if t is None and (floor.last_lane.get(code) not in floor.site.movable_lanes or not empty):
            continue
        terminal = t.code if t is not None else empty[0]
        taken = f"休憩 {b.taken_s // 60}分" + (f"、法定の{b.owed_s // 60}分は済み" if b.owed_s else "")
        what = f"休憩中の {{who}} を {terminal} へ呼び戻す"
        return Proposal("recall", lane, what, change(terminal), taken, terminal, staff=code, clear=True)
    return None


def _back_soon(floor: Floor, staff: str, now: datetime) -> bool:
    """Return whether a person's break ends within five minutes."""
    back = back_at(floor, staff)
    return back is not None and now <= back <= now + _SOON_BACK


def _open(
    adviser: Adviser, register: Register, states: dict[str, BreakState], lane: str, change: Effects
) -> Proposal | None:
    """Propose to staff an empty terminal with a present person who is at no terminal or post."""
    floor = adviser.floor
    best = [c.terminal for c in lane_choices(adviser) if c.lane == lane]
    empty = sorted(best, key=lambda code: floor.terminals[code].lane != lane)
    due = floor.site.thresholds.break_due_s
    for code in free_people(floor, register, lane):
        b = states.get(code)
        if not empty or b is None or (b.short_s and b.without_s >= due):
            continue
        t = floor.terminals[empty[0]]
        name = floor.site.lane_by_code[lane].name
        what, effect = f"手の空いた {{who}} を {t.code} へ", change(t.code)
        steps = [Step("terminal.staffed", {"terminal": t.code, "staff": code})]
        if (t.next_lane or t.lane) != lane:
            reason = f"{t.code} に担当を置き{name}へ  {effect.text}"
            steps.append(Step("terminal.assigned", {"terminal": t.code, "lane": lane, "reason": reason}))
        note = f"{t.code} は{name}で開ける"
        return Proposal("open", lane, what, effect, note, t.code, staff=code, takes=tuple(steps), clear=True)
    return None


# ---- early end of reception


def stops(adviser: Adviser, closings: Sequence[Closing], stood: Collection[Key] = ()) -> Iterator[Proposal]:
    """Propose to end the reception of lanes whose expected arrivals cannot be served before the hall closes.

    Even the lower bound of the arrivals must exceed the capacity, spare time of other lanes' terminals included. The
    proposal names the instant and the number of people left over.
    """
    floor, now, site = adviser.floor, adviser.now, adviser.floor.site
    for c in closings:
        begins = lane_hours(floor, c.lane)[0]
        if not begins + SEEN <= now <= c.ends or all_stopped(floor, c.lane):
            continue
        if not c.desks or adviser.times.cases.get(c.lane, 0.0) < CASES:
            continue
        if c.left_over(begins, now) < FEWEST * (STAYS if ("stop", c.lane, "") in stood else 1.0):
            continue
        expected, servable = adviser.demand.lanes[c.lane], c.servable + c.help
        at = max(now, c.stop_at or now)
        left = round(c.waiting + c.coming) - servable
        still = max(0, round(c.waiting + expected.between(now, at)) - servable)
        name = site.lane_by_code[c.lane].name
        change = Change(LEFT, name, left, still)
        if at - now > AHEAD or left_alone(floor.answers, "stop", "", c.lane, 0, now):
            continue
        in_time = at - now >= timedelta(minutes=5)
        what = f"{name}の受付を {hm(at)} に打ち切る" if in_time else f"{name}の受付を打ち切る"
        note = f"待ち {c.waiting}人・これから {c.low}〜{c.high}人、閉庁 {hm(c.closes)} まで約{servable}人"
        reason = f"閉庁までに応対できない見込み 約{left}人"
        services = [s.code for s in site.services if s.lane == c.lane and s.code not in floor.stopped]
        steps = [Step("reception.stopped", {"service": s, "reason": reason}) for s in services]
        yield Proposal(
            kind="stop",
            lane=c.lane,
            what=what,
            change=change,
            note=note,
            takes=() if in_time else tuple(steps),
            clear=at - now <= LEAD,
        )


# ---- appointments


def fewer_slots(site: Site, cut: SlotCut) -> Proposal:
    """Propose fewer slots of a lane whose terminals stay free while others wait (仕様書 7(4)※); the city decides."""
    name, theirs = site.lane_by_code[cut.lane].name, site.lane_by_code[cut.other].name
    served = round(cut.served)
    note = (
        f"直近の開場{cut.days}日 {name}の空き 1日{whole_minutes(cut.idle_s)}分、{theirs}の待ち 9割の人が"
        f"{length(cut.p90_s)}以内（目標 {minutes_word(cut.target_s)}）"
    )
    change = Change(A_DAY, theirs, served, served + round(cut.more or 0))
    what = f"{name}の予約枠を1日{cut.slots}枠減らすよう市に提案"
    return Proposal("slots", cut.lane, what, change, note, origin=cut.other)
