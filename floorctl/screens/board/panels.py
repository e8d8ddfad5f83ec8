"""The panels under the lanes: cases at the city, what needs attention, presence, journal, arrivals by the hour."""

from __future__ import annotations

from rich.cells import cell_len

from floorctl.common.clock import seconds_between
from floorctl.common.words import (
    ESCALATION_STATES,
    INCIDENT_SHORT,
    STAFF_STATUSES,
    WEEKDAYS,
    age,
    hm,
    minutes_word,
    source_word,
)
from floorctl.console.state import ConsoleState, case_role, lane_role
from floorctl.models.board.checklist import checklist
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.board.flow import arrivals_by_hour
from floorctl.models.board.grounds import silent_feeds
from floorctl.screens.drawing.canvas import Span, fit, pad
from floorctl.screens.drawing.panel import Either, From, Line, Panel, Piece, Sized, column

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


def _with_cursor(state: ConsoleState, name: str, said: Panel) -> Panel:
    focused, at = state.chosen.panel == name, state.row(name)
    if at is None:  # what was chosen is gone
        return said._replace(name=name, focused=focused, at=state.chosen.cursor[name], chosen=False)
    return said._replace(name=name, focused=focused, at=at if focused or name == "cases" else 0)


def cases(state: ConsoleState) -> Panel:
    """List cases handed to city staff, oldest first, each with its age and a bar that is full at the limit."""
    floor, site = state.day.floor, state.day.floor.site
    found, now = state.day.cases(), floor.moment(state.day.now)
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
                1,
                Either([f"{name} {e.ticket or ''}" for name in names], rest=f" {e.note}".rstrip()),
            ],
            right=[(word, "dim" if e.state == "taken" else role)],
            keep=3,
            bar=(seconds / max(1, th.escalation_red_s), role) if e.raised_at else None,
        )

    late = any(case_role(state, e.raised_at, now) == "bad" for e in found)
    officials = f"市職員 {floor.officials}名" if floor.officials_history else "市職員 未入力"
    limits = f"{th.escalation_amber_s // 60}分で注意 {th.escalation_red_s // 60}分で超過"
    away = f"g で{site.other_desk.short}へ案内" if state.day.info.hall_open else "g 要確認（本庁舎は閉庁）"
    answer: Span = (away, "warn") if unstaffed else ("Tab と Enter で対応・決定", "dim")
    said = Panel(
        [
            ("決定待ち ", "strong"),
            (f"{len(found)}件", "bad" if late else "strong"),
            ("   ", "dim"),
            (officials, "warn" if unstaffed else "dim"),
        ],
        "e  o",
        total=len(found),
        row=row,
        empty=[
            Line(
                [Either(["決定待ちはありません  e で端末から引き継ぎます", "決定待ちはありません  e で引継ぎ"], "dim")]
            )
        ],
        foot=Line([Piece([(limits, "dim")]), Piece([answer])], gap=3) if found else None,
        spread=1,
    )
    return _with_cursor(state, "cases", said)


def opening(state: ConsoleState) -> Panel:
    """List the checklist before the doors open, in place of the cases; on a day off, what can be done all the same."""
    if not state.day.info.open:
        following = state.day.next_open_day()
        day = f"{following.month}/{following.day}（{WEEKDAYS[following.weekday()]}）" if following else ""
        title: list[Span] = [("休みの日にできること", "strong")]
        lines = [
            Line([(f"次の開場日は {day}" if day else "契約期間の中に次の開場日はありません", "text")]),
            Line([("F8 市への提出物・会議の期限", "dim")]),
            Line([("i 事案   m メモ   . 暦（追加就業日）", "dim")]),
            Line([("前の日の文書は floorctl export --date 日付", "dim")]),
        ]
    else:
        items = checklist(state.day.floor, state.day.register, "opening", state.day.now)
        done = sum(i.done for i in items)
        title = [("開場前の点検 ", "strong"), (f"{done}／{len(items)}", "ok" if done == len(items) else "warn")]
        lines = []
        for i in items:
            mark, role = (("済", "ok"), "dim") if i.done else (("未", "warn"), "text")
            lines.append(Line([mark, 1, (i.item.name, role), 2, Piece([(i.note, "dim")])]))
    focused, keys = state.chosen.panel == "cases", "c" if state.day.info.open else ""
    return Panel(title, keys, name="cases", total=len(lines), row=lines.__getitem__, focused=focused)


def alerts(state: ConsoleState) -> Panel:
    """List what needs attention, worst first, each with the key that answers it."""
    found = state.alerts()

    def row(n: int) -> Line:
        a = found[n]
        head = column(a.word, "bad" if a.red else _SEVERITY_ROLES[a.severity], 7, cut=6)
        return Line([*head, Either(a.wordings(), "text")], right=[(a.key, "dim")])

    worst = _SEVERITY_ROLES.get(found[0].severity if found else "", "dim")
    said = Panel(
        [("注意 ", "strong"), (f"{len(found)}件", worst)],
        total=len(found),
        row=row,
        empty=[Line([("いまのところありません", "dim")])],
        more="件",
    )
    return _with_cursor(state, "alerts", said)


def staff(state: ConsoleState) -> Panel:
    """List the people with their place or status."""
    floor, site, holder = state.day.floor, state.day.floor.site, state.day.floor.holder()
    here = state.day.presence()
    people, present = here.people, here.present
    at = {t.staff: t.code for t in floor.terminals.values() if t.staff}

    def row(n: int) -> Line:
        s = people[n]
        post = floor.posts.get(s.code, "")
        where = at.get(s.code, "") or (site.post_by_code[post].name if post in site.post_by_code else "")
        placed: Span = (where, "strong")
        if not where or not s.at_work:
            placed = (f"{STAFF_STATUSES[s.status]}{f'〜{hm(s.until)}' if s.until else ''}", STAFF_ROLES[s.status])
        mark: Span = ("責任者", "warn") if holder == s.code else (s.reason, "dim")
        # A surname of three characters fills its place: the gap after it stays.
        name = fit(state.day.who(s.code), 6)
        return Line([(name, "text"), max(1, 6 - cell_len(name)), Piece([placed]), Piece([mark])], gap=1)

    words: list[Span | Piece] = [("在席 ", "strong"), (f"{len(present)}名", "strong"), ("   ", "dim")]
    words.append((f"端末 {sum(code in at for code in present)}", "ok"))
    for status, n in here.elsewhere().items():
        words.append(Piece([("  ", "dim"), (f"{STAFF_STATUSES[status]} {n}", STAFF_ROLES[status])]))
    said = Panel(
        words,
        "p  F4",
        total=len(people),
        row=row,
        empty=[
            Line([Either(["まだ誰もいません  端末を選び p で入れます", "まだ誰もいません  p で入れます"], "dim")]),
            Line([Either(["名簿は floorctl roster import FILE.csv", "名簿は floorctl roster import"], "dim")]),
        ],
        more="名",
        cell=18,
    )
    return _with_cursor(state, "staff", said)


def journal(state: ConsoleState) -> Panel:
    """List the facts of the day, the latest first; what does not fit or was retracted is marked."""
    floor, site, total = state.day.floor, state.day.floor.site, len(state.day.floor.entries)

    def row(n: int) -> Line:
        e = floor.entries[total - 1 - n]
        about = subject(e.fact, site)
        mark = "取消済" if e.key in floor.retracted else "?" if e.key in floor.anomalies else ""
        return Line(
            [
                (f"{hm(e.fact.at):>5} ", "dim"),
                From(50, [(pad(about, 9), "strong")], [(pad(about, 7), "strong")]),
                1,
                (line(e, floor), "text" if e.source == "console" else "dim"),
            ],
            right=[(mark, "warn")],
        )

    sources = [Piece([(" ", "dim"), (f"{source} {said}", role)]) for source, said, role in _sources(state)]
    said = Panel(
        [("記録 ", "strong"), (f"{total}件", "dim"), *sources],
        "m  l",
        total=total,
        row=row,
        empty=[Line([("今日の記録はまだありません", "dim")])],
    )
    return _with_cursor(state, "journal", said)


def _sources(state: ConsoleState) -> list[tuple[str, str, str]]:
    """Return (source, words, role), feeds first: the age of its last fact and the skew of its clock."""
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
        found.append((source_word(source), words, role))
    return found


def incidents(state: ConsoleState) -> Panel:
    """List open incidents, for wide screens."""
    found = state.day.register.open_incidents()

    def row(n: int) -> Line:
        i = found[n]
        word = pad("報告済" if i.reported_at else "未報告", 7)
        text = f"{INCIDENT_SHORT[i.category]} {hm(i.occurred_at)} {i.summary}"
        return Line([(pad(i.code, 6), "strong"), (word, "dim" if i.reported_at else "warn"), (text, "text")])

    count: Span = (f"{len(found)}件", "warn" if found else "dim")
    empty = [Line([("未終結の事案はありません", "dim")])]
    return Panel([("事案 ", "strong"), count], "i  F5", total=len(found), row=row, empty=empty)


def hours(state: ConsoleState) -> Panel:
    """List tickets issued by the hour, a bar of background colour for each lane that shares terminals."""
    site, now, by_hour = state.day.floor.site, state.day.now, list(arrivals_by_hour(state.day.floor).items())
    lanes = {lane: f"{lane_role(site, lane)}_badge" for lane in site.movable_lanes}
    top = max((sum(h[lane] for lane in lanes) for _, h in by_hour), default=0)

    def row(n: int) -> Line:
        hour, came = by_hour[n]
        text = "／".join(str(came[lane]) for lane in lanes) if any(came.values()) or hour <= now.hour else "-"
        return Line(
            [
                *column(f"{hour:2d}時", "strong" if hour == now.hour else "dim", 6),
                Sized(
                    lambda room: [(" " * round(room * came[lane] / (top or 1)), role) for lane, role in lanes.items()]
                ),
            ],
            right=[(text, "dim" if text == "-" else "text")],
            keep=8 - cell_len(text),
        )

    names: list[Span] = []
    for lane, role in lanes.items():
        names += [(" ", "text"), (f" {site.lane_by_code[lane].name} ", role)]
    totals = {lane: c.issued for lane, c in state.day.counts().items()}
    foot = [f"本日計 {sum(totals.values())}人", *(f"{site.lane_by_code[x].name} {totals[x]}" for x in lanes)]
    others = [f"{site.lane_by_code[x].name} {n}" for x, n in totals.items() if x not in lanes]
    rest = [f"ほか {sum(n for x, n in totals.items() if x not in lanes)}"] if others else []
    return Panel(
        [("発券 ", "strong"), ("時間帯別", "dim")],
        names[1:],
        total=len(by_hour),
        row=row,
        foot=Line([Either(["  ".join([*foot, *others]), "  ".join([*foot, *rest])], "dim")]),
        foot_kept=True,
        spread=2,
    )
