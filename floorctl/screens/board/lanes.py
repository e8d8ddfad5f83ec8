"""The lanes of the board: how many wait, for how long, and the terminals that serve them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len

from floorctl.common.clock import seconds_between
from floorctl.common.words import TERMINAL_STATES, minutes_word, wait_word
from floorctl.console.forecasts import LaneForecast
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.flow import LaneFlow, waiting_series
from floorctl.models.board.outlook import LastCall, last_call, waiting_ahead
from floorctl.models.board.status import LaneCounts, longest_wait
from floorctl.models.day.terminal import TerminalState
from floorctl.models.site.hall import Lane
from floorctl.screens.drawing.canvas import Canvas, Span, fit, pad, spark
from floorctl.screens.drawing.digits import WIDTH, big

CARD_ROWS = 6
PANEL_ROWS = 13  # of a lane drawn in full
_STATE_BADGES = {"free": "free_badge", "failed": "bad_badge", "paused": "off_badge", "unstaffed": "off_badge"}
_STATE_ROLES = {"free": "ok", "failed": "bad", "paused": "dim", "unstaffed": "dim"}


class LaneFacts(NamedTuple):
    """What a lane's panel says, computed once a redraw."""

    lane: Lane
    role: str
    terminals: list[TerminalState]
    waiting: int
    longest: tuple[str, int] | None
    counts: LaneCounts
    flow: LaneFlow
    series: list[int]
    ahead: int
    call: LastCall | None
    next_due: str
    target_s: int
    over: bool
    told: LaneForecast | None


def lane_facts(
    state: ConsoleState, lane: str, counts: dict[str, LaneCounts], flow: dict[str, LaneFlow], now: datetime
) -> LaneFacts:
    floor, site = state.day.floor, state.day.floor.site
    item = site.lane_by_code[lane]
    longest = longest_wait(floor, lane, now)
    target = site.wait_target_s(item.code)
    due = [t.appointment for t in floor.lanes[lane].tickets.values() if t.appointment and t.due_at and t.due_at > now]
    return LaneFacts(
        lane=item,
        role=lane_role(site, lane),
        terminals=floor.terminals_of(lane),
        waiting=floor.lanes[lane].waiting,
        longest=(longest[0].number, longest[1]) if longest else None,
        counts=counts[lane],
        flow=flow[lane],
        # By whole minutes: the curve moves on once a minute, not whenever a second crosses one of its points.
        series=[
            *waiting_series(floor.lanes[lane], now.replace(second=0, microsecond=0), 60, 30)[:-1],
            floor.lanes[lane].waiting,
        ],
        ahead=waiting_ahead(floor, lane, flow[lane], now),
        call=last_call(floor, lane, flow[lane], now),
        next_due=min(due, default=""),
        target_s=target,
        over=longest is not None and longest[1] > target,
        told=state.forecasts.of_lane(lane),
    )


def widths(lanes: list[LaneFacts], total: int, gap: int, least: int) -> list[int]:
    """Widths of the lane panels: by their number of terminals, so that a move is seen to move."""
    room = total - gap * (len(lanes) - 1)
    terminals = sum(max(1, len(x.terminals)) for x in lanes)
    shares = [max(least, round(room * max(1, len(x.terminals)) / terminals)) for x in lanes]
    over = sum(shares) - room
    shares[shares.index(max(shares))] -= over
    return shares


def draw_full(c: Canvas, state: ConsoleState, x: int, y: int, width: int, facts: LaneFacts, now: datetime) -> None:
    """A lane with its figures and one card a terminal."""
    c.fill(x, y, width, PANEL_ROWS, "panel")
    end = c.put(x + 1, y, f" {facts.lane.title} ", f"{facts.role}_badge")
    end = c.put(end + 2, y, f"{len(facts.terminals)}台", facts.role)
    served = f"完了 {facts.counts.served}件"
    more = f"{served}  発券 {facts.flow.issued_today}件"
    text = more if x + width - end > cell_len(more) + 3 else served
    if x + width - end > cell_len(text) + 2:
        c.right(x + width - 2, y, text, "dim")
    number_role = "bad" if facts.over else "strong"
    digits = big(facts.waiting)
    for n, row in enumerate(digits):
        c.put(x + 2, y + 2 + n, row, number_role)
    left = x + 2 + WIDTH * len(str(facts.waiting))
    c.groups(left + cell_len("人待ち") + 2, y + 1, _predicted(facts), x + width - 1 - left - cell_len("人待ち") - 2)
    left = c.put(left, y + 4, "人待ち", "dim") + 2
    right = x + width - 1
    wait_role = "bad" if facts.over else "strong"
    longest = minutes_word(facts.longest[1] if facts.longest else None)
    first: list[list[Span]] = [[("最長 ", "dim"), (longest, wait_role)]]
    if facts.longest:
        first.append([(facts.longest[0], "dim")])
    first.append([("目標 ", "dim"), (f"{facts.target_s // 60}分", "dim")])
    if facts.over and facts.longest:
        badge: Span = (f" {minutes_word(facts.longest[1] - facts.target_s)}超過 ", "bad_badge")
        needed = sum(cell_len(text) + 2 for group in first for text, _ in group) + cell_len(badge[0])
        # Where not all finds room, what is over the target comes before whose wait it is.
        first.insert(len(first) if needed <= right - left else 1, [badge])
    c.groups(left, y + 2, first, right - left)
    if facts.call is not None:
        c.groups(left, y + 3, _last_call(facts.call), right - left)
    else:
        _draw_flow(c, left, y + 3, right - left, facts)
    _draw_trend(c, left, y + 4, right - left, facts)
    _draw_cards(c, state, x + 1, y + 6, width - 2, facts, now)


def _predicted(facts: LaneFacts) -> list[list[Span]]:
    """What the person now last in the lane has still to wait, how sure, and where it is going; where nobody waits, what
    somebody who comes now would wait."""
    told = facts.told
    if told is None:
        return []
    if told.last is None:
        if told.coming_s is None or facts.waiting:
            return []
        return [[("今来た人 ", "dim"), (wait_word(told.coming_s), "text")]]
    p50, p90 = told.last
    groups: list[list[Span]] = [
        [("見込み ", "dim"), (wait_word(p50), "bad" if p50 > facts.target_s else "strong")],
        [("9割 ", "dim"), (wait_word(p90, near=False), "text")],
    ]
    if told.trend_min:
        groups.append([(f"{told.trend_min:+d}分", "warn" if told.trend_min > 0 else "ok"), ("／15分", "dim")])
    return groups


def _last_call(call: LastCall) -> list[list[Span]]:
    """Who waits against who can still be served, once the reception is about to end."""
    left = f"受付あと{-(-call.left_s // 60)}分" if call.left_s else "受付終了"
    return [
        [(left, "warn")],
        [("閉庁までに ", "dim"), (f"約{call.servable}人", "bad" if call.too_many else "ok")],
        [(f"{call.too_many}人 間に合わない", "bad")] if call.too_many else [("", "dim")],
    ]


def _draw_flow(c: Canvas, x: int, y: int, width: int, facts: LaneFacts) -> None:
    flow = facts.flow
    behind = flow.issued_hour > flow.finished_hour and facts.waiting
    second: list[list[Span]] = [
        [("来庁 ", "dim"), (f"{flow.issued_hour}", "warn" if behind else "text"), ("人/時", "dim")],
        [("完了 ", "dim"), (f"{flow.finished_hour}", "text"), ("人/時", "dim")],
    ]
    if facts.next_due:
        second.append([("次の予約 ", "dim"), (facts.next_due, "text")])
    c.groups(x, y, second, width)


def _draw_trend(c: Canvas, x: int, y: int, width: int, facts: LaneFacts) -> None:
    """The last 60 minutes as a curve, the next 30 after it in grey, on one scale; cut to the room that there is."""
    change = facts.ahead - facts.waiting
    words = f"30分後 約{facts.ahead}人"
    role = "warn" if change > 0 else "ok" if change < 0 else "dim"
    past = facts.series
    step = (facts.ahead - facts.waiting) / 15
    coming = [round(facts.waiting + step * (n + 1)) for n in range(16)]
    top = max(*past, *coming, 1)
    # Where it is narrow the curve gives way: what is expected is said before what was.
    room = max(5, width - 5 - 2 - cell_len(words))
    cells = min(len(past) // 2, room) // 5 * 5
    if cells < 5:
        return
    end = c.put(x, y, f"{cells * 4}分 ", "dim")
    end = c.put(end, y, spark(past[-2 * cells :], top), facts.role)
    if end + 8 + 2 + cell_len(words) <= x + width:
        end = c.put(end, y, spark(coming, top), "dim")
    if end + 2 + cell_len(words) <= x + width:
        c.put(end + 2, y, words, role)


def _draw_cards(c: Canvas, state: ConsoleState, x: int, y: int, width: int, facts: LaneFacts, now: datetime) -> None:
    n = max(1, len(facts.terminals))
    gap = 1
    each = (width - gap * (n - 1)) // n
    spare = width - gap * (n - 1) - each * n
    left = x
    for i, terminal in enumerate(facts.terminals):
        w = each + (1 if i < spare else 0)
        draw_card(c, state, left, y, w, facts, terminal, now)
        left += w + gap


def card_words(state: ConsoleState, t: TerminalState, now: datetime) -> tuple[str, str, str, str, str]:
    """What a terminal's card says: state code, who, what, since when, and what is to be known beside it."""
    floor = state.day.floor
    site = floor.site
    shown = floor.state(t.code)
    who = state.day.who(t.staff) if t.staff else ""
    if not who and floor.staffing_known and shown != "unstaffed":
        who = "（担当なし）"
    # On a card of 12 cells 1分未満 would leave no room for the number.
    since = minutes_word(seconds_between(t.since, now)).replace("1分未満", "1分内") if t.since else ""
    since = "" if shown == "unstaffed" else since
    what = note = ""
    ticket = floor.tickets.get(t.ticket) if t.ticket else None
    if ticket is not None:
        service = site.service_by_code[ticket.service].short if ticket.service else "用件不明"
        cards = f" {ticket.cards}枚" if ticket.cards > 1 else ""
        what = f"{ticket.number} {service}{cards}"
        case = floor.at_city(t.code)
        if case is not None:
            note = site.matter_by_code[case.matter].short if case.matter else case.code
        elif ticket.appointment:
            note = f"予約 {ticket.appointment}"
        elif ticket.assist:
            note = "要配慮"
    elif shown in ("failed", "paused"):
        what = t.reason
    if not note and t.staff and floor.holder() == t.staff:
        note = "責任者 兼務"  # attention is split (仕様書 5(1))
    if t.next_lane:
        note = f"次 {site.lane_by_code[t.next_lane].name}へ"
    if shown == "failed" and ticket is not None:
        note = t.reason or note
    return shown, who, what, since, note


def draw_card(
    c: Canvas, state: ConsoleState, x: int, y: int, w: int, facts: LaneFacts, t: TerminalState, now: datetime
) -> None:
    floor = state.day.floor
    chosen = state.chosen.terminal == t.code
    c.fill(x, y, w, CARD_ROWS, "card_on" if chosen else "card")
    c.target(x, y, w, CARD_ROWS, f"terminal:{t.code}")
    shown, who, what, since, note = card_words(state, t, now)
    case = floor.at_city(t.code)
    badge = "warn_badge" if case else _STATE_BADGES.get(shown, f"{facts.role}_badge")
    end = c.put(x, y, f" {t.code} ", badge)
    if chosen and w >= 12:
        end = c.put(end, y, "<", "strong")
    word = TERMINAL_STATES[shown]
    role = _STATE_ROLES.get(shown, facts.role)
    if case is not None:
        word, role = "市待ち", "warn"
    if cell_len(word) + end < x + w:
        c.right(x + w - 1, y, word, role)
    inner = w - 1
    c.put(x + 1, y + 1, who, "strong" if t.staff else "dim", inner)
    number, _, service = what.partition(" ") if t.ticket else ("", "", what)
    c.put(x + 1, y + 2, service if t.ticket else what, "text" if t.ticket else "dim", inner)
    waited = floor.tickets[t.ticket].serving_since if t.ticket else None
    elapsed = seconds_between(waited, now) if waited else 0
    long = elapsed > floor.site.thresholds.long_service_s
    line: list[Span] = [(since, "bad" if shown == "failed" or long else "warn" if case else "strong")] if since else []
    if number:
        line += [(" " * max(1, inner - cell_len(since) - cell_len(number) - 1), "dim"), (number, "text")]
    c.spans(x + 1, y + 3, line, inner)
    c.put(x + 1, y + 4, note, "warn" if t.next_lane or case else "dim", inner)
    if t.ticket and facts.flow.mean_service_s:
        part = elapsed / facts.flow.mean_service_s / 2
        c.line(x + 1, y + 5, w - 2, part, "warn" if part >= 1 or case else facts.role)


_NO_STAFF = 30


def draw_compact(
    c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int, facts: LaneFacts, now: datetime
) -> None:
    """A lane as a list: for 80 columns, where detail goes but no fact does."""
    c.fill(x, y, width, rows, "panel")
    end = c.put(x, y, f" {facts.lane.name} ", f"{facts.role}_badge")
    end = c.put(end + 1, y, f"{len(facts.terminals)}台", facts.role)
    end = c.put(end + 2, y, "待ち ", "dim")
    end = c.put(end, y, f"{facts.waiting}人", "bad" if facts.over else "strong")
    c.put(end + 2, y, f"完了 {facts.counts.served}", "dim", x + width - end - 3)
    end = c.put(x + 1, y + 1, "最長 ", "dim")
    end = c.put(
        end, y + 1, minutes_word(facts.longest[1] if facts.longest else None), "bad" if facts.over else "strong"
    )
    flow = facts.flow
    if facts.call is not None:
        call = facts.call
        left = f"あと{-(-call.left_s // 60)}分" if call.left_s else "受付終了"
        can: Span = (f"閉庁まで約{call.servable}人", "bad" if call.too_many else "ok")
        c.groups(end + 1, y + 1, [[(left, "warn")], [can]], x + width - end - 2, 1)
    else:
        end = c.put(end + 1, y + 1, spark(facts.series[::4] + facts.series[-1:]), facts.role)
        role = "warn" if facts.ahead > facts.waiting else "dim"
        groups: list[list[Span]] = [
            [(f"30分後{facts.ahead}", role)],
            [(f"来{flow.issued_hour}完{flow.finished_hour}/時", "dim")],
        ]
        if facts.told is not None and facts.told.last is not None:
            p50, trend = facts.told.last[0], facts.told.trend_min
            moved: list[Span] = [(f"{trend:+d}", "warn" if trend > 0 else "ok")] if trend else []
            groups.insert(
                0, [(f"見込み{wait_word(p50, near=False)}", "bad" if p50 > facts.target_s else "text"), *moved]
            )
        c.groups(end + 1, y + 1, groups, x + width - end - 2, 1)
    for i, t in enumerate(facts.terminals):
        row = y + 2 + i
        if i >= rows - 2:
            break
        _draw_line(c, state, x, row, width, facts, t, now)


def _draw_line(
    c: Canvas, state: ConsoleState, x: int, y: int, width: int, facts: LaneFacts, t: TerminalState, now: datetime
) -> None:
    floor = state.day.floor
    shown, who, what, since, note = card_words(state, t, now)
    case = floor.at_city(t.code)
    chosen = state.chosen.terminal == t.code
    c.fill(x, y, width, 1, "card_on" if chosen else "card")
    c.target(x, y, width, 1, f"terminal:{t.code}")
    badge = "warn_badge" if case else _STATE_BADGES.get(shown, f"{facts.role}_badge")
    end = c.put(x, y, f" {t.code}{'<' if chosen else ' '}", badge)
    word, role = ("市待ち", "warn") if case else (TERMINAL_STATES[shown], _STATE_ROLES.get(shown, facts.role))
    end = c.put(end + 1, y, pad(word, 8), role)
    if width > _NO_STAFF:  # where three lanes share a narrow screen the number comes before the person
        end = c.put(end, y, pad(fit(who, 5) if t.staff else "", 5), "dim")
    room = x + width - end - 1
    tail = cell_len(since) + 1
    text = f"{what.split(' ')[0]} {note}" if t.ticket and note else what
    c.put(end, y, text, "warn" if note and (case or t.next_lane) else "text", room - tail)
    c.right(x + width - 1, y, since, "bad" if shown == "failed" else "strong")


def draw_small(c: Canvas, state: ConsoleState, x: int, y: int, width: int, lanes: list[LaneFacts]) -> None:
    """The lanes whose terminals never move, on one line."""
    c.fill(x, y, width, 1, "panel")
    end = x
    for facts in lanes:
        end = c.put(end, y, f" {facts.lane.name} ", f"{facts.role}_badge")
        end = c.put(end + 1, y, "待ち " if width >= 110 else "", "dim")
        end = c.put(end, y, f"{facts.waiting}人", "bad" if facts.over else "strong")
        if facts.longest and width >= 110:
            end = c.put(end + 1, y, minutes_word(facts.longest[1]), "bad" if facts.over else "text")
        for t in facts.terminals:
            shown = state.day.floor.state(t.code)
            start = end + (2 if width >= 110 else 1)
            end = c.put(start, y, t.code, "cursor" if state.chosen.terminal == t.code else "strong")
            case = state.day.floor.at_city(t.code)
            word = "市待ち" if case else TERMINAL_STATES[shown]
            end = c.put(end + 1, y, word, "warn" if case else _STATE_ROLES.get(shown, facts.role))
            if t.ticket and width >= 110:
                end = c.put(end + 1, y, t.ticket, "dim")
            c.target(start, y, end - start, 1, f"terminal:{t.code}")
        end += 3 if width >= 110 else 1
