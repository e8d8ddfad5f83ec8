"""The lanes of the board: how many wait, for how long, and the terminals that serve them."""

from __future__ import annotations

from rich.cells import cell_len

from floorctl.common.clock import seconds_between
from floorctl.common.words import AFTER_CLOSING, LAST_PERSON, TERMINAL_STATES, hm, minutes_word, most_word, wait_word
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.flow import LaneFlow, waiting_series
from floorctl.models.board.longest import longest_known
from floorctl.models.board.outlook import LastCall, last_call, newcomer_word, waiting_ahead
from floorctl.models.board.status import LaneCounts
from floorctl.models.day.terminal import TerminalState
from floorctl.screens.drawing.canvas import Span, fit, pad, spark
from floorctl.screens.drawing.panel import Either, From, Line, Piece, Sized, cells

WIDE = 110  # cells from which a line over the whole screen says all
_NEVER = 10_000  # no line is so wide
_STATE_BADGES = {"free": "free_badge", "failed": "bad_badge", "paused": "off_badge", "unstaffed": "off_badge"}
_WITHHELD_ROLES = {"outage": "bad", "nobody": "bad", "silent": "warn"}
_STATE_ROLES = {"free": "ok", "failed": "bad", "paused": "dim", "unstaffed": "dim"}


class LaneFacts:
    """Facts of a lane, computed once a redraw."""

    def __init__(self, state: ConsoleState, code: str, counts: LaneCounts, flow: LaneFlow) -> None:
        floor, site, now, g = state.day.floor, state.day.floor.site, state.day.now, state.day.grounds()
        held, longest = floor.lanes[code], longest_known(floor, code, now, g)
        self.withheld, self.never_called = g.withheld.get(code), len(g.never_called(code))
        self.lane, self.role, self.counts, self.flow = site.lane_by_code[code], lane_role(site, code), counts, flow
        self.badge, self.terminals, self.waiting = f"{self.role}_badge", floor.terminals_of(code), held.waiting
        self.longest = (longest.whose, longest.seconds) if longest else None
        self.longest_word = longest.word if longest else minutes_word(None)
        self.target_s = site.wait_target_s(code)
        self.over = longest is not None and longest.seconds > self.target_s
        self.alarm = "bad" if self.over else "strong"  # role of the figures that are over with the longest wait
        # By whole minutes: the curve moves on once a minute, not whenever a second crosses one of its points.
        self.series = [*waiting_series(held, now.replace(second=0, microsecond=0), 60, 30)[:-1], held.waiting]
        self.ahead, seen = waiting_ahead(floor, code, flow, now, g), state.forecasts.foreseen().get(code)
        self.call = last_call(floor, code, flow, now, seen.servable if seen is not None else None, g)
        due = (t.appointment for t in held.tickets.values() if t.appointment and t.due_at and t.due_at > now)
        self.next_due = min(due, default="")
        self.told = state.forecasts.of_lane(code)


def title(facts: LaneFacts) -> Line:
    """Return a lane's name, its terminals, and at the right what it has served and issued."""
    served = f"完了 {facts.counts.served}件"
    more = f"{served}  発券 {facts.counts.issued}件"
    return Line(
        [(f" {facts.lane.title} ", facts.badge), 2, (f"{len(facts.terminals)}台", facts.role)],
        aside=[([(more, "dim")], 2), ([(served, "dim")], 1)],
    )


def figures(facts: LaneFacts) -> list[Line]:
    """Return the four lines beside the large number: predicted wait, longest wait, flow or last call, curve."""
    return [
        _predicted(facts),
        _longest(facts),
        _flow(facts) if facts.call is None else _last_call(facts.call),
        Line([Sized(lambda room: _trend(facts, room))]),
    ]


def _predicted(facts: LaneFacts) -> Line:
    """Return the predicted wait of the person now last in the lane, its 90th percentile and its trend.

    Where nobody waits: the predicted wait of who arrives now, of either kind. Where the figures are withheld: why.
    """
    told = facts.told
    if facts.withheld is not None:
        said = facts.withheld
        return Line([Either([said.clause, said.word], _WITHHELD_ROLES[said.code])])
    if told is None:
        return Line(())
    if told.last is None:
        if told.late:
            return Line([Piece([(f"{LAST_PERSON} ", "dim"), (AFTER_CLOSING, "bad")])])
        if facts.waiting:
            return Line(())
        return Line(
            [
                Piece([(f"{whose} ", "dim"), (AFTER_CLOSING if s is None else newcomer_word(s), "text")])
                for whose, _, s in told.coming.kinds()
            ],
            gap=1,
        )
    p50, p90 = told.last
    pieces = [
        Piece([(f"{LAST_PERSON} ", "dim"), (wait_word(p50), "bad" if p50 > facts.target_s else "strong")]),
        Piece([("9割 ", "dim"), (most_word(p90), "bad" if p90 is None else "text")]),
    ]
    if told.trend_min:
        pieces.append(Piece([(f"{told.trend_min:+d}分", "warn" if told.trend_min > 0 else "ok"), ("／15分", "dim")]))
    return Line(pieces, gap=1)


def _longest(facts: LaneFacts) -> Line:
    """Return the longest wait against the target; with little room the excess comes before the ticket."""
    longest = _longest_words(facts)
    target: list[Span] = [("目標 ", "dim"), (f"{facts.target_s // 60}分", "dim")]
    uncalled = _uncalled(facts)
    if facts.longest is None:
        return Line([Piece(longest), Piece(target), *uncalled])
    beyond = facts.longest[1] - facts.target_s
    number, over = (facts.longest[0], "dim"), (f" {minutes_word(beyond) if beyond >= 60 else ''}超過 ", "bad_badge")
    if not facts.over:
        return Line([Piece(longest), Piece([number]), Piece(target), *uncalled])
    needed = cells([*longest, number, *target, over]) + 2 * 5
    all_of_it = [Piece(longest), Piece([number]), Piece(target), Piece([over]), *uncalled]
    return Line([From(needed, all_of_it, [Piece(longest), Piece([over]), *uncalled, Piece([number]), Piece(target)])])


def _longest_words(facts: LaneFacts) -> list[Span]:
    """Return the longest wait; of a silent source with the time of its last record."""
    found: list[Span] = [("最長 ", "dim"), (facts.longest_word, facts.alarm)]
    said = facts.withheld
    if facts.longest is not None and said is not None and said.code == "silent" and said.since is not None:
        found.append((f"（{hm(said.since)} の記録）", "dim"))
    return found


def _uncalled(facts: LaneFacts) -> list[Piece]:
    """Return the number of those that nobody seems to hold, if there are any."""
    return [Piece([("呼ばれない番号 ", "dim"), (str(facts.never_called), "warn")])] if facts.never_called else []


def _last_call(call: LastCall) -> Line:
    """Return the number waiting and the number that can still be served, shortly before reception ends."""
    left = f"受付あと{-(-call.left_s // 60)}分" if call.left_s else "受付終了"
    pieces = [
        Piece([(left, "warn")]),
        Piece([("閉庁までに ", "dim"), (f"約{call.servable}人", "bad" if call.too_many else "ok")]),
    ]
    return Line([*pieces, Piece([(f"{call.too_many}人 間に合わない", "bad")])] if call.too_many else pieces)


def _flow(facts: LaneFacts) -> Line:
    if facts.withheld is not None and facts.withheld.code == "silent":
        return Line([Piece([("来庁 -", "dim")]), Piece([("完了 -", "dim")])])  # of the last hour nothing is known
    flow = facts.flow
    behind = flow.issued_hour > flow.finished_hour and facts.waiting
    pieces = [
        Piece([("来庁 ", "dim"), (f"{flow.issued_hour}", "warn" if behind else "text"), ("人/時", "dim")]),
        # A hall that only counts heads records no finish: that is not nobody.
        Piece([("完了 -", "dim")])
        if facts.counts.counted_out and not flow.finished_hour
        else Piece([("完了 ", "dim"), (f"{flow.finished_hour}", "text"), ("人/時", "dim")]),
    ]
    return Line([*pieces, Piece([("次の予約 ", "dim"), (hm(facts.next_due), "text")])] if facts.next_due else pieces)


def _trend(facts: LaneFacts, room: int) -> list[Span]:
    """Return the last 60 minutes as a curve, the next 30 after it in grey, on one scale, as long as the room allows.

    Where there is little the curve gives way: what is expected is said before what was; where it is withheld, nothing.
    """
    change = facts.ahead - facts.waiting if facts.ahead is not None else 0
    expected: Span = (f"30分後 約{facts.ahead}人", "warn" if change > 0 else "ok" if change < 0 else "dim")
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


def in_brief(facts: LaneFacts) -> list[Line]:
    """Return a lane in two lines: for 80 columns, where detail goes but no fact does."""
    head = Line(
        [
            (f" {facts.lane.name} ", facts.badge),
            1,
            (f"{len(facts.terminals)}台", facts.role),
            2,
            ("待ち ", "dim"),
            (f"{facts.waiting}人", facts.alarm),
            2,
            Piece([(f"完了 {facts.counts.served}", "dim")]),
        ]
    )
    longest: list[Span] = [("最長 ", "dim"), (facts.longest_word, facts.alarm)]
    uncalled = [Piece([(f"呼ばれない番号{facts.never_called}", "warn")])] if facts.never_called else []
    if facts.withheld is not None:
        why = Piece([(facts.withheld.word, _WITHHELD_ROLES[facts.withheld.code])])
        return [head, Line([*longest, why, *uncalled], gap=1)]
    if (call := facts.call) is not None:
        left = f"あと{-(-call.left_s // 60)}分" if call.left_s else "受付終了"
        can = Piece([(f"閉庁まで約{call.servable}人", "bad" if call.too_many else "ok")])
        return [head, Line([*longest, Piece([(left, "warn")]), can], gap=1)]
    ahead = facts.ahead or 0
    pieces = [
        Piece([(f"30分後{ahead}", "warn" if ahead > facts.waiting else "dim")]),
        Piece([(f"来{facts.flow.issued_hour}完{facts.flow.finished_hour}/時", "dim")]),
    ]
    if facts.told is not None and facts.told.last is not None:
        p50, trend = facts.told.last[0], facts.told.trend_min
        moved: list[Span] = [(f"{trend:+d}", "warn" if trend > 0 else "ok")] if trend else []
        predicted = (f"{LAST_PERSON}{wait_word(p50, near=False)}", "bad" if p50 > facts.target_s else "text")
        pieces.insert(0, Piece([predicted, *moved]))
    if uncalled:
        return [head, Line([*longest, *pieces[:1], *uncalled, *pieces[1:]], gap=1)]
    curve = Piece([(spark(facts.series[::4] + facts.series[-1:]), facts.role)])
    return [head, Line([*longest, *pieces, curve], gap=1)]


def in_a_word(facts: LaneFacts) -> Line:
    """Return the head of a lane whose terminals never move."""
    said = facts.withheld
    withheld: list[Span | int | Piece] = [1, (said.word, _WITHHELD_ROLES[said.code])] if said else []
    return Line(
        [
            (f" {facts.lane.name} ", facts.badge),
            1,
            From(WIDE, [("待ち ", "dim")]),
            (f"{facts.waiting}人", facts.alarm),
            From(WIDE, [1, (facts.longest_word, "bad" if facts.over else "text")] if facts.longest else []),
            From(WIDE if said is not None and said.code == "silent" else 0, withheld),  # a silent source is said above
        ]
    )


class Terminal:
    """Words of a terminal, for a card, for a line of a lane and for the line of the fixed lanes."""

    def __init__(self, state: ConsoleState, facts: LaneFacts, t: TerminalState) -> None:
        floor, now = state.day.floor, state.day.now
        site, shown = floor.site, floor.state(t.code)
        self.facts, self.t, self.code, self.case = facts, t, t.code, floor.at_city(t.code)
        self.chosen, self.failed = state.chosen.terminal == t.code, shown == "failed"
        at_city = self.case is not None and not self.failed  # a failure is shown first: nobody can be called there
        self.badge = "warn_badge" if at_city else _STATE_BADGES.get(shown, facts.badge)
        self.word = ("決定待ち", "warn") if at_city else (TERMINAL_STATES[shown], _STATE_ROLES.get(shown, facts.role))
        self.who = state.day.who(t.staff) if t.staff else ""
        self.staffed = floor.staffing_known
        if not self.who and floor.staffing_known and shown != "unstaffed":
            self.who = "（担当なし）"
        # On a card of 12 cells 1分未満 would leave no room for the number.
        since = minutes_word(seconds_between(t.since, now)).replace("1分未満", "1分内") if t.since else ""
        self.since = "" if shown == "unstaffed" else since
        ticket = floor.tickets.get(t.ticket) if t.ticket else None
        self.number = ticket.number if ticket else ""
        self.what = t.reason if not ticket and shown in ("failed", "paused") else ""
        self.note = ""
        if ticket is not None:
            service = site.service_by_code[ticket.service].short if ticket.service else "用件不明"
            self.what = f"{service} {ticket.cards}枚" if ticket.cards > 1 else service
            if self.case is not None:
                self.note = site.matter_by_code[self.case.matter].short if self.case.matter else self.case.code
            elif ticket.appointment:
                self.note = f"予約 {hm(ticket.appointment)}"
            elif ticket.assist:
                self.note = "要配慮"
        if not self.note and t.staff and floor.holder() == t.staff:
            self.note = "責任者 兼務"  # attention is split (仕様書 5(1))
        if t.next_lane:
            self.note = f"次 {site.lane_by_code[t.next_lane].name}へ"
        if self.failed and ticket is not None:
            self.note = t.reason or self.note
        serving_since = ticket.serving_since if ticket else None
        self.elapsed = seconds_between(serving_since, now) if serving_since else 0
        self.long = self.elapsed > site.thresholds.long_service_s

    def card(self) -> list[Line]:
        """Return five lines: code and state, person, service, since when and the number, remarks."""
        t, number = self.t, self.number
        mark: list[Span] = [("<", "strong")] if self.chosen else []
        role = "bad" if self.failed or self.long else "warn" if self.case else "strong"
        return [
            Line([(f" {t.code} ", self.badge), From(12, mark)], aside=[([self.word], 0)]),
            Line([(self.who, "strong" if t.staff else "dim")]),
            Line([(self.what, "text" if t.ticket else "dim")]),
            Line([(self.since, role), Sized(lambda room: at_right(number, room))]),
            Line([(self.note, "warn" if t.next_lane or self.case else "dim")]),
        ]

    def progress(self) -> tuple[float, str] | None:
        """Return the share of twice the mean service time that the person at the terminal has taken, and its role."""
        if not (self.t.ticket and self.facts.flow.mean_service_s):
            return None
        part = self.elapsed / self.facts.flow.mean_service_s / 2
        return part, "warn" if part >= 1 or self.case else self.facts.role

    def line(self) -> Line:
        """Return its line in a lane that is a list: where three lanes share a narrow screen the number comes before the person."""
        text = f"{self.number} {self.note or self.what}" if self.number else self.what
        return Line(
            [
                (f" {self.t.code}{'<' if self.chosen else ' '}", self.badge),
                1,
                (pad(self.word[0], 9), self.word[1]),
                From(31 if self.staffed else _NEVER, [(pad(fit(self.who, 5) if self.t.staff else "", 5), "dim")]),
                (text, "warn" if self.note and (self.case or self.t.next_lane) else "text"),
            ],
            right=[(self.since, "bad" if self.failed else "strong")],
        )

    def in_a_word(self) -> Line:
        """Return its words behind the name of a lane whose terminals never move."""
        number: list[Span | int] = [1, (self.t.ticket, "dim")] if self.t.ticket else []
        code: Span = (self.t.code, "cursor" if self.chosen else "strong")
        return Line([code, 1, self.word, From(WIDE, number)])


def at_right(number: str, room: int) -> list[Span]:
    """Return a number that ends one cell before the end of ``room`` cells; nothing where it finds no room."""
    free = room - cell_len(number)
    return [(" " * max(1, free - 1), "dim"), (number if free > 0 else "", "text")] if number else []
