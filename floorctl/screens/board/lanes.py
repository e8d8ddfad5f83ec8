"""The lanes of the board: how many wait, for how long, and the terminals that serve them."""

from __future__ import annotations

from rich.cells import cell_len

from floorctl.common.lengths import length_word, minutes_word
from floorctl.common.words import AFTER_CLOSING, LAST_PERSON, SERVICE_STATES, hm, most_word, wait_word
from floorctl.console.forecasts import LaneForecast
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.flow import LaneFlow, waiting_series
from floorctl.models.board.longest import longest_known
from floorctl.models.board.outlook import LastCall, all_stopped, last_call, newcomer_word, waiting_ahead
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.board.status import LaneCounts
from floorctl.models.board.told import arrivals_untold, heads_alone
from floorctl.screens.board.loans import desk_words
from floorctl.screens.drawing.canvas import Span, fit, spark, tail
from floorctl.screens.drawing.panel import Either, Fits, From, Line, Piece, Sized, cells

WIDE = 110  # cells from which a line over the whole screen says all
_NUMBER_WIDTH = 10  # of a ticket number beside figures
_WITHHELD_ROLES = {"outage": "bad", "nobody": "bad", "silent": "warn", "untold": "dim"}
_SAID_ELSEWHERE = ("silent", "untold")  # by an alert; by the states of the terminals


class LaneFacts:
    """Facts of a lane, computed once a redraw."""

    def __init__(self, state: ConsoleState, code: str, counts: LaneCounts, flow: LaneFlow) -> None:
        floor, site, now, g = state.day.floor, state.day.floor.site, state.day.now, state.day.grounds()
        held, longest = floor.lanes[code], longest_known(floor, code, now, g)
        self.withheld, self.never_called = g.withheld.get(code), len(g.never_called(code))
        self.lane, self.role, self.counts, self.flow = site.lane_by_code[code], lane_role(site, code), counts, flow
        self.badge, self.terminals, self.waiting = f"{self.role}_badge", floor.terminals_of(code), held.waiting
        self.desks = desk_words(floor, code, self.role)  # wordings, the longest first
        # People went away from the lane, as its head counts tell, and no call of it was ever recorded.
        self.uncalled_for = (bool(counts.counted_out) or heads_alone(held)) and not held.called_by
        # Nobody tells who came, or nobody tells which terminal is busy.
        self.heads_alone, self.arrivals_untold = heads_alone(held), arrivals_untold(held, now)
        self.waiting_word = "-" if self.arrivals_untold else str(held.waiting)
        self.waiting_said = "-" if self.arrivals_untold else f"{held.waiting}人"
        self.longest: tuple[str, int] | None = None
        if longest is not None:
            whose = tail(longest.number, _NUMBER_WIDTH) if longest.number else longest.whose
            self.longest = (whose, longest.seconds)
        self.longest_word = longest.word if longest else minutes_word(None)
        self.target_s = site.wait_target_s(code)
        self.over = longest is not None and longest.seconds > self.target_s
        self.alarm = "bad" if self.over else "strong"  # role of the figures that are over with the longest wait
        # By whole minutes: the curve moves on once a minute, not whenever a second crosses one of its points.
        minute = now.replace(second=0, microsecond=0)
        past = state.day.once(f"series {code}", lambda: waiting_series(held, minute, 60, 30), every_s=60)
        self.series = [*past[:-1], held.waiting]
        self.ahead, seen = waiting_ahead(floor, code, flow, now, g), state.forecasts.foreseen().get(code)
        self.call = last_call(floor, code, flow, now, seen.servable if seen is not None else None, g)
        due = (t.appointment for t in held.tickets.values() if t.appointment and t.due_at and t.due_at > now)
        self.next_due = min(due, default="")
        self.told = state.forecasts.of_lane(code)
        # Why no more numbers are given: the reception is over or stopped.
        self.shut = "after" if now >= lane_hours(floor, code)[1] else "stopped" if all_stopped(floor, code) else ""


def short_name(state: ConsoleState, code: str, width: int) -> str:
    """Return the surname of a person cut to ``width`` cells; a code, whose end tells it apart, at its front."""
    name = state.day.who(code)
    return tail(name, width) if name == code else fit(name, width)


def title(facts: LaneFacts) -> Line:
    """Return a lane's name, its terminals, and at the right what it has served and issued."""
    served = _served(facts)
    issued = "発券 -" if facts.heads_alone or facts.arrivals_untold else f"発券 {facts.counts.issued}枚"
    more = f"{served}  {issued}"
    return Line(
        [(f" {facts.lane.title} ", facts.badge), 2, Fits(facts.desks)],
        aside=[([(more, "dim")], 2), ([(served, "dim")], 1)],
    )


def _served(facts: LaneFacts) -> str:
    """Return who was served today; a hall that only counts heads records nobody."""
    counted = (facts.counts.counted_out or facts.heads_alone) and not facts.counts.served
    return "完了 -" if counted else f"完了 {facts.counts.served}人"


def figures(facts: LaneFacts) -> list[Line]:
    """Return the four lines beside the large number: predicted wait, longest wait, flow or last call, curve."""
    return [
        _predicted(facts),
        _longest(facts),
        Line(_flow(facts)) if facts.call is None else _last_call(facts.call),
        Line([Sized(lambda room: _trend(facts, room))]),
    ]


def _predicted(facts: LaneFacts) -> Line:
    """Return the predicted wait of the person now last in the lane, its 90th percentile and how it has grown.

    Where nobody waits: the predicted wait of who arrives now, of either kind. Where the figures are withheld: why.
    """
    told = facts.told
    if facts.withheld is not None:
        said = facts.withheld
        return Line([Either([said.clause, said.word], _WITHHELD_ROLES[said.code])])
    if told is None:
        return Line(())
    if told.last is None:
        return Line([Fits(_coming(facts, told))])
    p90, trend = told.last[1], told.trend_min
    pieces = [
        _last_person(facts, told.last[0]),
        Piece([("9割 ", "dim"), (most_word(p90), "bad" if p90 is None else "text")]),
    ]
    if trend:
        moved: Span = (f"{length_word(abs(trend))}{'長い' if trend > 0 else '短い'}", "warn" if trend > 0 else "ok")
        pieces.append(Piece([(" 15分前より ", "dim"), moved]))
    return Line(pieces, gap=1)


def _last_person(facts: LaneFacts, wait_s: int, blank: str = " ") -> Piece:
    wait = wait_word(wait_s, near=bool(blank))
    return Piece([(f"{LAST_PERSON}{blank}", "dim"), (wait, "bad" if wait_s > facts.target_s else "strong")])


def _coming(facts: LaneFacts, told: LaneForecast) -> list[list[Span]]:
    """Return wordings, longest first, of the wait of who arrives now: of either kind where both come, else of the longer."""
    if told.late:
        return [[(f"{LAST_PERSON} ", "dim"), (AFTER_CLOSING, "bad")]]
    if facts.waiting:
        return []
    if facts.shut:
        return [[(SERVICE_STATES[facts.shut], "dim")]]  # who arrives now gets no number
    kinds = [(whose, brief or whose, s) for whose, brief, s in told.coming.kinds()]
    said = [(whose, brief, AFTER_CLOSING if s is None else newcomer_word(s)) for whose, brief, s in kinds]
    full = [[(f"{whose} ", "dim"), (wait, "text")] for whose, _, wait in said]
    short: list[list[Span]] = [[(f"{brief} ", "dim"), (wait, "text")] for _, brief, wait in said]
    return [[span for kind in words for span in ((" ", "text"), *kind)][1:] for words in (full, short)] + [
        full[-1],
        short[-1],
    ]


def _longest(facts: LaneFacts) -> Line:
    """Return the longest wait against the target; with little room the excess comes before the ticket."""
    longest = _longest_words(facts)
    target: list[Span] = [("目標 ", "dim"), (f"{facts.target_s // 60}分", "dim")]
    lost = uncalled(facts)
    if facts.longest is None:
        return Line([Piece(longest), Piece(target), *lost])
    beyond = facts.longest[1] - facts.target_s
    number, over = (
        (facts.longest[0] or "", "dim"),
        (f" {minutes_word(beyond) if beyond >= 60 else ''}超過 ", "bad_badge"),
    )
    if not facts.over:
        return Line([Piece(longest), Piece([number]), Piece(target), *lost])
    needed = cells([*longest, number, *target, over]) + 2 * 5
    all_of_it = [Piece(longest), Piece([number]), Piece(target), Piece([over]), *lost]
    return Line([From(needed, all_of_it, [Piece(longest), Piece([over]), *lost, Piece([number]), Piece(target)])])


def _longest_words(facts: LaneFacts) -> list[Span]:
    """Return the longest wait; of a silent source with the time of its last record."""
    found: list[Span] = [("最長 ", "dim"), (facts.longest_word, facts.alarm)]
    said = facts.withheld
    if facts.longest is not None and said is not None and said.code == "silent" and said.since is not None:
        found.append((f"（{hm(said.since)} の記録）", "dim"))
    return found


def uncalled(facts: LaneFacts, *, tight: bool = False) -> list[Piece]:
    """Return the number of those that nobody seems to hold, if there are any."""
    head = "呼ばれない番号" if tight else "呼ばれない番号 "
    return [Piece([(head, "dim"), (str(facts.never_called), "warn")])] if facts.never_called else []


def _last_call(call: LastCall) -> Line:
    """Return the number waiting and the number that can still be served, shortly before reception ends."""
    left = f"受付あと{length_word(-(-call.left_s // 60))}" if call.left_s else "受付終了"
    pieces = [Piece([(left, "warn")]), _servable(call)]
    return Line([*pieces, Piece([(f"{call.too_many}人 間に合わない", "bad")])] if call.too_many else pieces)


def _servable(call: LastCall) -> Piece:
    return Piece([("閉庁までに ", "dim"), (f"約{call.servable}人", "bad" if call.too_many else "ok")])


def _flow(facts: LaneFacts) -> list[Piece]:
    """Return how many came and how many were served in the last hour, and the next appointment."""
    if facts.withheld is not None and facts.withheld.code == "silent":
        return [Piece([("来庁 -", "dim")]), Piece([("完了 -", "dim")])]  # of the last hour nothing is known
    flow = facts.flow
    if facts.heads_alone:
        return [Piece([("来庁 -", "dim")]), Piece([("完了 -", "dim")])]
    behind = flow.issued_hour > flow.finished_hour and facts.waiting
    pieces = [
        Piece([("来庁 ", "dim"), (f"{flow.issued_hour}", "warn" if behind else "text"), ("人/時", "dim")]),
        # A hall that only counts heads records no finish: that is not nobody.
        Piece([("完了 -", "dim")])
        if facts.counts.counted_out and not flow.finished_hour
        else Piece([("完了 ", "dim"), (f"{flow.finished_hour}", "text"), ("人/時", "dim")]),
    ]
    return [*pieces, Piece([("次の予約 ", "dim"), (hm(facts.next_due), "text")])] if facts.next_due else pieces


def _trend(facts: LaneFacts, room: int) -> list[Span]:
    """Return the last 60 minutes as a curve, the next 30 after it in grey, on one scale, as long as the room allows.

    Where there is little the curve gives way: what is expected is said before what was; where it is withheld, nothing.
    """
    if facts.arrivals_untold:
        return []
    change = facts.ahead - facts.waiting if facts.ahead is not None else 0
    word, role = _expected(facts)
    expected: Span = (f"30分後 {word}", role)
    coming = [round(facts.waiting + change / 15 * (n + 1)) for n in range(16)]
    top = max(*facts.series, *coming, 1)
    past = min(len(facts.series) // 2, max(5, room - 7 - cell_len(expected[0]))) // 5 * 5
    if past < 5:
        return []
    said: list[Span] = [(f"{past * 4}分 ", "dim"), (spark(facts.series[-2 * past :], top), facts.role)]
    if facts.ahead is None:
        return said
    for more in ([(spark(coming, top), "dim"), ("  ", "text"), expected], [("  ", "text"), expected]):
        if cells(said) + cells(more) <= room:
            return said + more
    return said


def in_brief(facts: LaneFacts, *, tight: bool = False) -> list[Piece]:
    """Return the figures of a lane for little room, the most needed first; ``tight``: without blanks in them.

    The predicted wait, the longest one, then who can still be served or is expected, the flow of the hour and the curve.
    """
    blank = "" if tight else " "
    longest = Piece([(f"最長{blank}", "dim"), (facts.longest_word, facts.alarm)])
    return [_predicted_in_brief(facts, blank), longest, *_further(facts)]


def head_in_brief(facts: LaneFacts) -> Line:
    """Return the head of a lane for little room: name, terminals, who waits, who was served."""
    name = f" {facts.lane.name} "
    waiting = cell_len(facts.waiting_said) + 8

    def named(room: int) -> list[Span]:
        """Return name and terminals: the name is cut where not even their shortest wording leaves it room."""
        left = room - waiting
        desks = next((x for x in facts.desks if cell_len(name) + cells(x) <= left), facts.desks[-1])
        return [(fit(name, left - cells(desks)), facts.badge), (" ", "text"), *desks]

    served = Piece([(_served(facts), "dim")])
    return Line([Sized(named), 2, ("待ち ", "dim"), (facts.waiting_said, facts.alarm), 2, served])


def _predicted_in_brief(facts: LaneFacts, blank: str) -> Piece:
    told, said = facts.told, facts.withheld
    if said is not None:
        return Piece([(said.word, _WITHHELD_ROLES[said.code])])
    if told is not None and told.last is not None:
        return _last_person(facts, told.last[0], blank)
    coming = _coming(facts, told)[: 2 if blank else None] if told is not None else []
    return Piece(coming[-1] if coming else [(f"{LAST_PERSON} -", "dim")])


def _further(facts: LaneFacts) -> list[Piece]:
    if facts.withheld is not None:
        return []
    if (call := facts.call) is not None:
        return [_servable(call)]
    ahead = [Piece([("30分後 ", "dim"), _expected(facts)])] if facts.ahead is not None else []
    return [*ahead, *_flow(facts)[:2], Piece([(spark(facts.series[::4] + facts.series[-1:]), facts.role)])]


def _expected(facts: LaneFacts) -> Span:
    change = facts.ahead - facts.waiting if facts.ahead is not None else 0
    return f"約{facts.ahead}人", "warn" if change > 0 else "ok" if change < 0 else "dim"


def in_a_word(facts: LaneFacts, *, wide: bool) -> list[Span]:
    """Return the head of a lane whose terminals never move."""
    said, found = facts.withheld, [(f" {facts.lane.name} ", facts.badge), (" ", "text")]
    if wide:
        found.append(("待ち ", "dim"))
    found.append((facts.waiting_said, facts.alarm))
    if wide and facts.longest:
        found.append((f" {facts.longest_word}", "bad" if facts.over else "text"))
    if said is not None and (wide or said.code not in _SAID_ELSEWHERE):
        found.append((f" {said.word}", _WITHHELD_ROLES[said.code]))
    return found
