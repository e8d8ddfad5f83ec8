"""The panels under the lanes: cases at the city, what needs attention, presence, journal, arrivals by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from floorctl.common.clock import seconds_between
from floorctl.common.words import ESCALATION_STATES, INCIDENT_SHORT, STAFF_STATUSES, WEEKDAYS, age, hm, minutes_word
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.alerts import Alert, silent_feeds
from floorctl.models.board.checklist import checklist
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.board.flow import arrivals_by_hour
from floorctl.models.day.staff import StaffState
from floorctl.screens.drawing.canvas import Canvas, Span, fit, pad, window
from floorctl.screens.drawing.panel import Either, From, Line, Panel, Piece

STAFF_ROLES = {
    "present": "ok",
    "on_break": "warn",
    "late": "warn",
    "away": "warn",
    "absent": "bad",
    "gone": "dim",
    "expected": "dim",
}
_SKEW_SHOWN_S = 15  # less is how long a line takes to come
_SEVERITY_ROLES = {"critical": "bad", "warning": "warn", "info": "dim"}


def cases(state: ConsoleState, now: datetime) -> Panel:
    """Cases handed to city staff, oldest first, each with its age and a bar that is full at the limit."""
    floor, site, found = state.day.floor, state.day.floor.site, state.day.cases()
    th, unstaffed = site.thresholds, bool(floor.officials_history) and floor.officials == 0

    def row(n: int) -> Line:
        e = found[n]
        role = case_role(state, e.raised_at, now)
        seconds = seconds_between(e.raised_at, now) if e.raised_at else 0
        clock = age(seconds) if e.raised_at else "-"
        matter = site.matter_by_code.get(e.matter or "")
        names = (matter.name, matter.short) if matter else ("-",)
        word = ESCALATION_STATES[e.state] + (f" {e.official}" if e.official else "")
        return Line(
            [
                (pad(e.terminal or "--", 3) + pad(clock, 7, right=True), role),
                (" ", "text"),
                Either([f"{name} {e.ticket or ''}" for name in names], rest=f" {e.note}".rstrip()),
            ],
            right=[(word, "dim" if e.state == "taken" else role)],
            keep=3,
            bar=(seconds / max(1, th.escalation_red_s), role) if e.raised_at else None,
        )

    late = any(case_role(state, e.raised_at, now) == "bad" for e in found)
    officials = f"市職員 {floor.officials}名" if floor.officials_history else "市職員 未入力"
    limits = f"{th.escalation_amber_s // 60}分で注意 {th.escalation_red_s // 60}分で超過"
    answer: Span = (f"g で{site.other_desk.short}へ案内", "warn") if unstaffed else ("Tab と Enter で対応・決定", "dim")
    return Panel(
        [
            ("市職員待ち ", "strong"),
            (f"{len(found)}件", "bad" if late else "strong"),
            ("   ", "dim"),
            (officials, "warn" if unstaffed else "dim"),
        ],
        "e  o",
        name="cases",
        total=len(found),
        row=row,
        at=state.row("cases"),
        focused=state.chosen.panel == "cases",
        empty=[
            Line(
                [
                    ("決定待ちはありません  e で", "dim"),
                    From(50, [("端末から", "dim")]),
                    ("引き継ぎます", "dim"),
                ]
            )
        ],
        foot=Line([Piece([(limits, "dim")]), Piece([answer])], gap=3) if found else None,
        spread=1,
    )


def title(c: Canvas, state: ConsoleState, panel: str, x: int, y: int, width: int, words: list[Span], key: str) -> None:
    """The first line of a panel; the panel that has the cursor is marked by a word-like sign, not by colour alone."""
    chosen = state.chosen.panel == panel
    c.spans(x + 1, y, [("> ", "strong"), *words] if chosen else words, width - 8)
    if key:
        c.right(x + width - 1, y, key, "dim")
    c.target(x, y, width, 1, f"panel:{panel}")


def draw_checklist(c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
    """Before the doors open: what has been seen to, and what has not."""
    c.fill(x, y, width, rows, "panel")
    if not state.day.info.open:
        _draw_closed_day(c, state, x, y, width, rows)
        return
    items = checklist(state.day.floor, state.day.register, "opening")
    done = sum(i.done for i in items)
    words: list[Span] = [("開場前の点検 ", "strong"), (f"{done}／{len(items)}", "ok" if done == len(items) else "warn")]
    title(c, state, "cases", x, y, width, words, "c")
    for n, i in enumerate(items[: rows - 1]):
        end = c.put(x + 1, y + 1 + n, "済" if i.done else "未", "ok" if i.done else "warn")
        end = c.put(end + 1, y + 1 + n, i.item.name, "dim" if i.done else "text", x + width - end - 2)
        c.groups(end + 2, y + 1 + n, [[(i.note, "dim")]], x + width - end - 3)  # whole or not at all


def _draw_closed_day(c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
    """When it opens next, and what can be done today all the same."""
    title(c, state, "cases", x, y, width, [("休みの日にできること", "strong")], "")
    following = state.day.next_open_day()
    when = (
        f"次の開場日は {following.month}/{following.day}（{WEEKDAYS[following.weekday()]}）"
        if following
        else "契約期間の中に次の開場日はありません"
    )
    lines = [
        when,
        "F8 市への提出物・会議の期限",
        "i 事案   m メモ   . 暦（追加就業日）",
        "前の日の文書は floorctl export --date 日付",
    ]
    for n, text in enumerate(lines[: rows - 1]):
        c.put(x + 1, y + 1 + n, text, "text" if n == 0 else "dim", width - 2)


def case_role(state: ConsoleState, raised_at: datetime | None, now: datetime) -> str:
    seconds, th = seconds_between(raised_at, now) if raised_at else 0, state.day.floor.site.thresholds
    return "bad" if seconds >= th.escalation_red_s else "warn" if seconds >= th.escalation_amber_s else "strong"


def draw_alerts(c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int, found: Sequence[Alert]) -> None:
    """What needs attention, worst first, each with the key that answers it."""
    c.fill(x, y, width, rows, "panel")
    worst = found[0].severity if found else ""
    title(
        c,
        state,
        "alerts",
        x,
        y,
        width,
        [("注意 ", "strong"), (f"{len(found)}件", _SEVERITY_ROLES.get(worst, "dim"))],
        "",
    )
    if not found:
        c.put(x + 1, y + 1, "いまのところありません", "dim", width - 2)
        return
    room = rows - 1
    chosen = state.row("alerts")
    first = window(len(found), room, chosen) if state.chosen.panel == "alerts" else 0
    for i, a in enumerate(found[first : first + room]):
        row = y + 1 + i
        if state.chosen.panel == "alerts" and first + i == chosen:
            c.fill(x, row, width, 1, "card_on")
        c.target(x, row, width, 1, f"alerts:{first + i}")
        c.put(x + 1, row, a.word, "bad" if a.red else _SEVERITY_ROLES[a.severity], 6)
        end = x + 8
        rest = len(found) - first - room
        more = f" ほか{rest}件" if i == room - 1 and rest > 0 else ""
        c.put(end, row, a.text, "text", width - 10 - cell_len(a.key) - cell_len(more))
        c.right(x + width - 1, row, more or a.key, "dim")


def draw_staff(c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
    """Who is there, and where: two or more columns as the width allows."""
    floor, site, holder = state.day.floor, state.day.floor.site, state.day.floor.holder()
    c.fill(x, y, width, rows, "panel")
    codes = state.day.staff_codes()
    people = [floor.staff.get(code) or StaffState(code, "expected", state.day.now) for code in codes]
    there = sum(s.at_work for s in people)
    standing = {t.staff for t in floor.terminals.values() if t.staff}
    working = sum(s.at_work and s.code in standing for s in people)
    words: list[Span] = [("在席 ", "strong"), (f"{there}名", "strong"), ("   ", "dim"), (f"端末 {working}", "ok")]
    for status in ("on_break", "absent", "late", "away"):
        n = sum(s.status == status for s in people)
        more: list[Span] = [("  ", "dim"), (f"{STAFF_STATUSES[status]} {n}", STAFF_ROLES[status])]
        if n and sum(cell_len(text) for text, _ in [*words, *more]) <= width - 11:
            words += more
    title(c, state, "staff", x, y, width, words, "p  F4")
    if not people:
        c.put(x + 1, y + 1, "まだ誰もいません  端末を選び p で入れます", "dim", width - 2)
        if rows > 2:
            c.put(x + 1, y + 2, "名簿は floorctl roster import FILE.csv", "dim", width - 2)
        return
    at = {t.staff: t.code for t in floor.terminals.values() if t.staff}
    columns = max(1, (width - 2) // 18)
    each = (width - 2) // columns
    room = rows - 1
    chosen = state.row("staff")
    first = 0
    if len(people) > room * columns and state.chosen.panel == "staff":
        first = max(0, min(chosen - room * columns + 1, len(people) - room * columns))
    shown = room * columns
    if len(people) - first > shown:
        shown -= 1  # the last place says how many more there are
    for i, s in enumerate(people[first : first + shown]):
        cx, cy = x + 1 + each * (i % columns), y + 1 + i // columns
        if state.chosen.panel == "staff" and first + i == chosen:
            c.fill(cx - 1, cy, each, 1, "card_on")
        c.target(cx, cy, each, 1, f"staff:{first + i}")
        # A surname of three characters fills its place: the gap after it stays.
        end = max(cx + 6, c.put(cx, cy, fit(state.day.who(s.code), 6), "text") + 1)
        until = f"〜{s.until}" if s.until else ""
        post = floor.posts.get(s.code, "")
        where = at.get(s.code, "") or (site.post_by_code[post].name if post in site.post_by_code else "")
        word = where if where and s.at_work else f"{STAFF_STATUSES[s.status]}{until}"
        role = "strong" if where and s.at_work else STAFF_ROLES[s.status]
        mark: Span = ("責任者", "warn") if holder == s.code else (s.reason, "dim")
        c.groups(end, cy, [[(word, role)], [mark]], cx + each - 1 - end, 1)
    rest = len(people) - first - shown
    if rest > 0:
        c.put(x + 1 + each * (columns - 1), y + rows - 1, f"ほか{rest}名", "dim")


def draw_journal(c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
    """The last facts of the day, the latest first; what does not fit or was taken back says so."""
    floor, site = state.day.floor, state.day.floor.site
    c.fill(x, y, width, rows, "panel")
    total = len(floor.entries)
    words: list[Span] = [("記録 ", "strong"), (f"{total}件", "dim")]
    for source, said, role in _sources(state):
        more: list[Span] = [("  ", "dim"), (f"{source} {said}", role)]
        if sum(cell_len(text) for text, _ in [*words, *more]) <= width - 11:
            words += more
    title(c, state, "journal", x, y, width, words, "m  l")
    if not total:
        c.put(x + 1, y + 1, "今日の記録はまだありません", "dim", width - 2)
        return
    room = rows - 1
    chosen = state.row("journal")
    first = window(total, room, chosen) if state.chosen.panel == "journal" else 0
    for i in range(min(room, total - first)):
        e = floor.entries[total - 1 - first - i]
        row = y + 1 + i
        if state.chosen.panel == "journal" and first + i == chosen:
            c.fill(x, row, width, 1, "card_on")
        c.target(x, row, width, 1, f"journal:{first + i}")
        end = c.put(x + 1, row, f"{e.fact.at:%H:%M} ", "dim")
        end = c.put(end, row, pad(subject(e.fact, site), 9 if width >= 50 else 7), "strong")
        mark = "取消済" if e.key in floor.retracted else "?" if e.key in floor.anomalies else ""
        mine = e.source == "console"
        c.put(end + 1, row, line(e, floor), "text" if mine else "dim", x + width - end - 3 - cell_len(mark))
        if mark:
            c.right(x + width - 1, row, mark, "warn")


def _sources(state: ConsoleState) -> list[tuple[str, str, str]]:
    """How long ago each source told its last fact, feeds first, and how far its clock is off: (source, words, role)."""
    floor, now = state.day.floor, state.day.now
    silent = {source for source, _ in silent_feeds(floor, now)}
    skews = state.day.skews()
    limit = floor.site.thresholds.clock_skew_s
    found = []
    for source, at in sorted(floor.sources.items(), key=lambda x: (x[0] == "console", x[0])):
        ago = seconds_between(at, now)
        words = f"{minutes_word(ago)}前" if ago >= 60 else "1分以内"
        skew = skews.get(source, 0)
        if abs(skew) >= _SKEW_SHOWN_S:
            words += f" 時計{skew:+d}秒"
        role = "warn" if source in silent or abs(skew) >= limit else "dim"
        found.append(("手入力" if source == "console" else source, words, role))
    return found


def draw_incidents(c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
    """Open incidents, for wide screens."""
    c.fill(x, y, width, rows, "panel")
    found = state.day.register.open_incidents()
    c.spans(x + 1, y, [("事案 ", "strong"), (f"{len(found)}件", "warn" if found else "dim")], width - 6)
    c.right(x + width - 1, y, "i  F5", "dim")
    for i, incident in enumerate(found[: rows - 1]):
        word = "報告済" if incident.reported_at else "未報告"
        end = c.put(x + 1, y + 1 + i, pad(incident.code, 6), "strong")
        end = c.put(end, y + 1 + i, pad(word, 7), "dim" if incident.reported_at else "warn")
        text = f"{INCIDENT_SHORT[incident.category]} {hm(incident.occurred_at)} {incident.summary}"
        c.put(end, y + 1 + i, text, "text", x + width - end - 1)
    if not found:
        c.put(x + 1, y + 1, "未終結の事案はありません", "dim", width - 2)


def draw_hours(c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int, now: datetime) -> None:
    """Tickets issued by the hour, a bar of background colour for each lane that shares terminals."""
    site = state.day.floor.site
    c.fill(x, y, width, rows, "panel")
    hours = arrivals_by_hour(state.day.floor)
    lanes = site.movable_lanes
    c.spans(x + 1, y, [("発券 ", "strong"), ("時間帯別", "dim")], width - 2)
    end = x + width - 1
    for lane in reversed(lanes):
        word = f" {site.lane_by_code[lane].name} "
        end = c.right(end, y, word, f"{lane_role(site, lane)}_badge") - 1
    top = max((sum(h[lane] for lane in lanes) for h in hours.values()), default=0)
    step = 2 if rows - 3 >= 2 * len(hours) else 1
    for i, (hour, by_lane) in enumerate(hours.items()):
        row = y + 2 + i * step if step == 2 else y + 1 + i
        if row >= y + rows - 1:
            break
        c.put(x + 1, row, f"{hour:2d}時", "strong" if hour == now.hour else "dim")
        left, room = x + 7, width - 16
        for lane in lanes:
            n = round(room * by_lane[lane] / top) if top else 0
            c.put(left, row, " " * n, f"{lane_role(site, lane)}_badge")
            left += n
        came = any(by_lane.values()) or hour <= now.hour
        c.right(
            x + width - 1,
            row,
            "／".join(str(by_lane[lane]) for lane in lanes) if came else "-",
            "text" if came else "dim",
        )
    totals = [sum(h[lane] for h in hours.values()) for lane in lanes]
    text = "  ".join(f"{site.lane_by_code[lane].name} {n}" for lane, n in zip(lanes, totals, strict=True))
    c.put(x + 1, y + rows - 1, f"本日計 {sum(totals)}人  {text}", "dim", width - 2)
