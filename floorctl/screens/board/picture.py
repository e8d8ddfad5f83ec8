"""The board as a picture at any size from 80x24: the reading order is the order of decisions."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len

from floorctl.common.clock import seconds_between
from floorctl.common.words import SERVICE_STATES, hm, minutes_word
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.alerts import Alert
from floorctl.models.board.checklist import checklist
from floorctl.models.board.reception_hours import service_state
from floorctl.models.board.status import lane_counts
from floorctl.models.register.outages import stopped_services
from floorctl.screens.board import lanes as lane_panels
from floorctl.screens.board import panels as panels
from floorctl.screens.board.advice_line import after_reception, draw_advice, worth_the_line
from floorctl.screens.drawing.canvas import Canvas, Span
from floorctl.screens.drawing.panel import lay

_FULL, _COMPACT = 38, 25  # the least width of a lane, in cells
_BAND_ROLES = {"critical": "bad_badge", "warning": "warn_badge", "info": "free_badge"}


def draw_board(c: Canvas, state: ConsoleState) -> None:
    """Everything but the two lines at the foot, which belong to the frame."""
    now = state.day.now
    counts, flow = state.day.once("counts", lambda: lane_counts(state.day.floor), by_time=False), state.day.flows()
    facts = {lane: lane_panels.lane_facts(state, lane, counts, flow, now) for lane in state.day.floor.lanes}
    found = state.alerts()
    movable = [facts[x] for x in state.day.floor.site.movable_lanes] or list(facts.values())[:2]
    wide = c.width >= 110 and c.height >= 34
    # As many lanes with room for their terminals as fit beside each other; those beyond stand in the line of the others.
    movable = movable[: max(1, (c.width + 1) // ((_FULL if wide else _COMPACT) + 1))]
    fixed = [f for f in facts.values() if f not in movable]
    if wide:
        _draw_wide(c, state, _Hall(now, movable, fixed, found))
    else:
        _draw_narrow(c, state, _Hall(now, movable, fixed, found))


class _Hall(NamedTuple):
    """What both sizes of the board draw: lanes with their terminals, lanes of one line, alerts."""

    now: datetime
    movable: list[lane_panels.LaneFacts]
    fixed: list[lane_panels.LaneFacts]
    found: list[Alert]


def _draw_wide(c: Canvas, state: ConsoleState, hall: _Hall) -> None:
    now, movable, fixed, found = hall
    draw_services(c, state, 1, now)
    if draw_advice(c, state, 3):
        draw_band(c, state, 2, found, now)
    else:
        draw_band(c, state, 3, found, now)
    x, top = 0, 5
    for facts, width in zip(movable, lane_panels.widths(movable, c.width, 1, _FULL), strict=True):
        lane_panels.draw_full(c, state, x, top, width, facts, now)
        x += width + 1
    y = top + lane_panels.PANEL_ROWS
    if fixed:
        lane_panels.draw_small(c, state, 0, y + 1 if c.height >= 40 else y, c.width, fixed)
        y += 2 if c.height >= 40 else 1
    y += 1
    last = c.height - 2  # message and keys
    third = c.width >= 150
    side = c.width * 30 // 100 if third else 0
    main = c.width - side - (1 if third else 0)
    left = main * 47 // 100
    right = main - left - 1
    room = last - y
    # Before the doors open every item of the checklist is seen.
    least = 1 + sum(x.list == "opening" for x in state.day.floor.site.checklist) if state.day.floor.preparing else 5
    upper = max(5, min(9 if c.height >= 40 else least, room // 2))
    first = panels.opening(state) if state.day.floor.preparing else panels.cases(state, now)
    lay(c, first, 0, y, left, upper)
    lay(c, panels.alerts(state, found), left + 1, y, right, upper)
    lower = y + upper + 1
    lay(c, panels.staff(state), 0, lower, left, last - lower)
    lay(c, panels.journal(state), left + 1, lower, right, last - lower)
    if third:
        hours = min(room - 7, 14 if room < 28 else 24)
        lay(c, panels.hours(state, now), main + 1, y, side, hours)
        lay(c, panels.incidents(state), main + 1, y + hours + 1, side, last - y - hours - 1)


def _draw_narrow(c: Canvas, state: ConsoleState, hall: _Hall) -> None:
    now, movable, fixed, found = hall
    draw_services(c, state, 1, now)
    # One line for both, unless each has something that must be seen.
    top = 3
    if not worth_the_line(state, found):
        draw_band(c, state, 2, found, now)
    elif found and draw_advice(c, state, 3):
        draw_band(c, state, 2, found, now)
        top = 4
    elif not draw_advice(c, state, 2):
        draw_band(c, state, 2, found, now)
    half = c.width // 2
    rows = 2 + max([5, *(len(f.terminals) for f in movable)])
    rows = min(rows, c.height - 12)
    x = 0
    for i, facts in enumerate(movable):
        width = c.width // len(movable) - 1 if i < len(movable) - 1 else c.width - x
        lane_panels.draw_compact(c, state, x, top, width, rows, facts, now)
        x += width + 1
    y = top + rows
    if fixed:
        lane_panels.draw_small(c, state, 0, y, c.width, fixed)
        y += 1
    last = c.height - 2
    room = last - y
    listed = len(state.day.floor.site.checklist) // 2 if state.day.floor.preparing else len(state.day.cases())
    upper = max(3, min(room // 2, 2 + max(len(found), listed)))
    first = panels.opening(state) if state.day.floor.preparing else panels.cases(state, now)
    lay(c, first, 0, y, half - 1, upper)
    lay(c, panels.alerts(state, found), half, y, c.width - half, upper)
    y += upper
    lay(c, panels.staff(state), 0, y, half - 1, last - y)
    lay(c, panels.journal(state), half, y, c.width - half, last - y)


def draw_services(c: Canvas, state: ConsoleState, y: int, now: datetime) -> None:
    """Reception windows, one word a group of services that share lane kind and window, and the next deadline."""
    floor = state.day.floor
    site = floor.site
    c.fill(0, y, c.width, 1, "bar")
    groups: dict[tuple[str, str], list[str]] = {}
    out = stopped_services(state.day.register, now)
    for s in site.services:
        if s.lane in (site.movable_lanes or [s.lane]):
            shown = service_state(floor, state.day.info, s.code, now)
            shown = "outage" if s.code in out and shown == "open" else shown
            groups.setdefault((s.lane, shown), []).append(s.code)
    wide = c.width >= 110
    end = 0
    for (lane, shown), codes in groups.items():
        name = site.lane_by_code[lane].name
        named = [g for g in groups if g[0] == lane]
        if len(named) > 1 and shown in ("stopped", "outage"):
            name = "・".join(site.service_by_code[x].short for x in codes)
        if c.width - end < min(cell_len(name), 8) + 12:
            c.right(c.width, y, " ほか", "warn")  # what does not fit is said to be there
            return
        end = c.put(end, y, f" {name} ", f"{lane_role(site, lane)}_badge", c.width - end - 10)
        role = {"open": "ok", "stopped": "bad", "outage": "bad", "before": "warn"}.get(shown, "dim")
        word = "障害" if shown == "outage" else SERVICE_STATES[shown]
        if shown == "closed" and floor.opened_at is None:
            word, role = ("開場前", "warn") if state.day.info.open else ("休み", "dim")
        opens, closes = site.hours(codes[0], floor.day.weekday())
        hours = f"{hm(opens)}〜{hm(closes)}" if wide else f"〜{hm(closes)}"
        said: list[list[Span]] = [[(word, role)], [(hours, "dim")]]
        if shown == "open":
            left = max(0, (closes.hour - now.hour) * 60 + closes.minute - now.minute)
            said.append([("あと", "dim"), (f"{left // 60}:{left % 60:02d}", "warn" if left <= 20 else "strong")])
        end = c.groups(end + 1, y, said, c.width - end - 1, 1) + (3 if wide else 2)
    due = next_deadline(state, now, c.width - end - 10)
    if due and c.width - end > 10:
        at, what = due
        end = c.put(end, y, "次 ", "dim")
        end = c.put(end, y, at, "warn")
        c.put(end + 1, y, what, "text", c.width - end - 1)


def next_deadline(state: ConsoleState, now: datetime, room: int = 99) -> tuple[str, str] | None:
    """In at most ``room`` cells, the next thing that the clock will bring: a window that opens or closes, a person who is due back."""
    floor = state.day.floor
    site = floor.site
    wall = f"{now:%H:%M}"
    coming: list[tuple[str, str]] = []
    for s in site.services:
        opens, closes = site.hours(s.code, floor.day.weekday())
        lane = site.lane_by_code[s.lane].name
        coming += [(f"{opens:%H:%M}", f"受付開始 {lane}"), (f"{closes:%H:%M}", f"受付終了 {lane}")]
    coming += [(s.until, f"戻り {state.day.who(s.code)}") for s in floor.staff.values() if s.until]
    coming.append((f"{site.hall.closes:%H:%M}", "閉庁 本庁舎"))
    ahead = sorted(x for x in set(coming) if x[0] > wall)
    if not ahead or not (floor.is_open or (state.day.info and state.day.info.open)) or floor.closed_at is not None:
        return None
    at = ahead[0][0]
    # 受付終了 交付・申請サポート: what happens is said once, then to whom.
    by_word: dict[str, list[str]] = {}
    for _, what in (x for x in ahead if x[0] == at):
        word, _, who = what.partition(" ")
        by_word.setdefault(word, []).append(who)
    whole = "  ".join(f"{word} {'・'.join(dict.fromkeys(who))}" for word, who in by_word.items())
    if cell_len(whole) <= room:
        return at, whole
    return at, "  ".join(
        f"{word} {who[0]}{f'ほか{n}' if (n := len(set(who)) - 1) else ''}" for word, who in by_word.items()
    )


def draw_band(c: Canvas, state: ConsoleState, y: int, found: list[Alert], now: datetime) -> None:
    """One line for the one thing that matters most: a critical alert, a silent or doubtful feed, or what to do next."""
    c.fill(0, y, c.width, 1, "bar")
    floor = state.day.floor
    top = found[0] if found else None
    if floor.preparing and not (top is not None and top.severity == "critical"):
        _draw_first_step(c, state, y)
        return
    if top is None and floor.closed_at is not None:
        end = c.put(0, y, " 閉場 ", "free_badge")
        c.put(end + 1, y, "閉場しました。F9 で今日の文書を書き出します。", "text", c.width - end - 2)
        return
    if (top is None or top.severity == "info") and after_reception(state):
        end = c.put(0, y, " 残務 ", "free_badge")
        start = c.right(c.width - 1, y, " 締め", "text")
        start = c.right(start, y, " F9 ", "key")
        left = f"受付は終わりました。待ち {floor.waiting}人  応対中 {sum(bool(t.ticket) for t in floor.terminals.values())}件"
        c.put(end + 1, y, f"{left}  市職員待ち {len(state.day.cases())}件", "text", start - end - 2)
        return
    if top is None:
        spans: list[Span] = [("いまの記録に目立つ異常はありません", "dim")]
        if floor.last_fact_at is not None:
            ago = seconds_between(floor.last_fact_at, now)
            spans.append((f"   最後の記録 {minutes_word(ago)}前" if ago >= 60 else "   最後の記録 1分以内", "dim"))
        end = c.put(0, y, " 平常 ", "ok_badge")
        c.spans(end + 1, y, spans, c.width - end - 2)
        return
    if top.severity == "critical":
        c.fill(0, y, c.width, 1, "alarm")
    end = c.put(0, y, f" {top.word} ", "bad_badge" if top.red else _BAND_ROLES[top.severity])
    room = c.width - end - 2
    if top.key:
        hint = BY_ID[top.answer].at(state.day.site).label if top.answer else "開く"
        start = c.right(c.width - 1, y, f" {hint}", "text")
        start = c.right(start, y, f" {top.key} ", "key")
        room = start - end - 2
    more = sum(a.severity == top.severity for a in found) - 1
    tail = f"  ほか{more}件" if more and top.severity == "critical" else ""
    x = c.put(end + 1, y, top.text, "strong" if top.severity == "critical" else "text", room - cell_len(tail))
    c.put(x, y, tail, "text")
    c.target(0, y, c.width, 1, "alert:0")


def _draw_first_step(c: Canvas, state: ConsoleState, y: int) -> None:
    site = state.day.floor.site
    if not state.day.info.open:
        end = c.put(0, y, " 休み ", "off_badge")
        c.put(
            end + 1,
            y,
            f"今日は開場日ではありません（{state.day.info.reason or '暦'}）。事案とメモは記録できます。市と協議して開くときは . 暦",
            "text",
            c.width - end - 2,
        )
        return
    items = checklist(state.day.floor, state.day.register, "opening")
    done = sum(x.done for x in items)
    split = "  ".join(
        f"{site.lane_by_code[lane].name} {' '.join(t.code for t in state.day.floor.terminals_of(lane))}"
        for lane in site.movable_lanes
    )
    end = c.put(0, y, " 開場前 ", "warn_badge")
    start = c.right(c.width - 1, y, " 開場する", "text")
    start = c.right(start, y, " Enter ", "key")
    end = c.put(end + 1, y, f"点検 {done}／{len(items)}", "ok" if done == len(items) else "warn")
    c.put(end + 2, y, f"配分 {split}", "text", start - end - 3)
