"""The panels under the lanes: cases at the city, what needs attention, presence, journal, incidents."""

from __future__ import annotations

from rich.cells import cell_len

from floorctl.common.action_keys import keyed
from floorctl.common.clock import seconds_between
from floorctl.common.lengths import minutes_word, signed
from floorctl.common.words import (
    AT_CITY,
    ESCALATION_STATES,
    INCIDENT_SHORT,
    STAFF_STATUSES,
    file_word,
    hm,
    short_day,
    source_word,
)
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState, case_limits, case_role
from floorctl.models.board.checklist import checklist
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.board.grounds import silent_feeds
from floorctl.models.board.target_kept import by_lane, hall_words, kept_by_hour
from floorctl.models.day.floor import Floor
from floorctl.models.facts.day import ReceptionResumed, ReceptionStopped
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.fields import BY_HAND
from floorctl.models.site.site import Site
from floorctl.screens.board import strips
from floorctl.screens.board.lanes import short_name
from floorctl.screens.board.loans import permit_pieces
from floorctl.screens.drawing.canvas import Span, pad, tail, whole
from floorctl.screens.drawing.panel import Either, Fits, From, Line, Panel, Piece, Sized, column

STAFF_ROLES = {
    "present": "ok",
    "on_break": "warn",
    "late": "warn",
    "away": "warn",
    "absent": "bad",
    "gone": "dim",
    "expected": "dim",
}
_NUMBER, _AFTER = 10, 6  # cells of a ticket number in a sentence; most lines at the lower end of a panel
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
    unstaffed = bool(floor.officials_history) and floor.officials == 0

    def row(n: int) -> Line:
        e = found[n]
        role = case_role(state, e.raised_at, now)
        seconds = seconds_between(e.raised_at, now) if e.raised_at else 0
        clock = minutes_word(seconds) if e.raised_at else "-"
        matter = site.matter_by_code.get(e.matter or "")
        names = [
            f"{name} {tail(e.ticket or '', _NUMBER)}".rstrip()
            for name in ((matter.name, matter.short) if matter else "-")
        ]
        noted = [f"{name} {e.note}" for name in names] if e.note else []
        bare = matter.short if matter else "-"
        word = ESCALATION_STATES[e.state] + (f" {e.official}" if e.official else "")
        return Line(
            [
                (pad(e.terminal or "--", 3) + pad(clock, 9, right=True), role),
                1,
                Sized(lambda room: [(next((x for x in (*noted, *names) if cell_len(x) <= room), bare), "text")]),
            ],
            right=[(word, "dim" if e.state == "taken" else role)],
        )

    late = any(case_role(state, e.raised_at, now) == "bad" for e in found)
    officials = f"市職員 {floor.officials}名" if floor.officials_history else "市職員 未入力"
    away = (
        f"{{desk3}} で{site.other_desk.short}へ案内" if state.day.info.hall_open else "{desk3} 要確認（本庁舎は閉庁）"
    )
    answer: Span = (
        (offered(state, away), "warn") if unstaffed else (offered(state, "{?enter}Tab と Enter で対応・決定"), "dim")
    )
    said = Panel(
        [
            (f"{AT_CITY} ", "strong"),
            (f"{len(found)}件", "bad" if late else "strong"),
            Piece([("   ", "dim"), (officials, "warn" if unstaffed else "dim")]),
        ],
        offered(state, "{escalate}  {officials}"),
        total=len(found),
        row=row,
        empty=[
            Line(
                [
                    Either(
                        [
                            offered(state, "決定待ちはありません  {escalate} で端末から引き継ぎます"),
                            offered(state, "決定待ちはありません  {escalate} で引継ぎ"),
                            "決定待ちはありません",
                        ],
                        "dim",
                    )
                ]
            )
        ],
        after=lambda: _settled(state),
        foot=Line([Piece([(case_limits(state), "dim")]), *([Piece([answer])] if answer[0] else [])], gap=3)
        if found
        else None,
        more="件",
    )
    return _with_cursor(state, "cases", said)


def _settled(state: ConsoleState) -> list[Line]:
    """Return the cases that are settled, the latest first."""
    floor, site = state.day.floor, state.day.floor.site
    done = sorted((e for e in floor.escalations.values() if e.settled_at), key=lambda e: e.settled_at or state.day.now)
    lines = []
    for e in done[: -_AFTER - 1 : -1]:
        matter = site.matter_by_code.get(e.matter or "")
        assert e.settled_at is not None
        said = (
            f"{hm(e.settled_at):>5}",
            e.terminal or "",
            matter.short if matter else "",
            site.decision_word(e.outcome or ""),
        )
        lines.append(Line([Piece([(word, "dim")]) for word in said if word], gap=1))
    return [Line([("決定したもの", "dim")]), *lines] if lines else []


def opening(state: ConsoleState) -> Panel:
    """List the checklist before the doors open, in place of the cases; on a day off, what can be done all the same."""
    if not state.day.info.open:
        following = state.day.next_open_day()
        day = short_day(following) if following else ""
        title: list[Span] = [("休みの日にできること", "strong")]
        lines = [
            Line([(f"次の開場日は {day}" if day else "契約期間の中に次の開場日はありません", "text")]),
            Line([(keyed("{duties} 市への提出物・会議の期限"), "dim")]),
            Line([(offered(state, "{incident} 事案   {memo} メモ   {calendar} 暦（追加就業日）"), "dim")]),
            Line([Either(["前の日の文書は floorctl export --date 日付", "前の日の文書は floorctl export"], "dim")]),
        ]
    else:
        items = checklist(state.day.floor, state.day.register, "opening", state.day.now)
        done = sum(i.done for i in items)
        title = [("開場前の点検 ", "strong"), (f"{done}／{len(items)}", "ok" if done == len(items) else "warn")]
        if not items:
            title = [("開場前の点検 ", "strong"), ("項目なし", "dim")]
        lines = []
        for i in items:
            mark, role = (("済", "ok"), "dim") if i.done else (("未", "warn"), "text")
            lines.append(Line([mark, 1, (i.item.name, role), 2, Piece([(i.note, "dim")])]))
    focused, keys = state.chosen.panel == "cases", offered(state, "{check}") if state.day.info.open else ""
    return Panel(title, keys, name="cases", total=len(lines), row=lines.__getitem__, focused=focused, more="件")


def alerts(state: ConsoleState) -> Panel:
    """List what needs attention, worst first, each with the key that answers it."""
    found = state.alerts()

    def row(n: int) -> Line:
        a = found[n]
        head = column(a.word, "bad" if a.red else _SEVERITY_ROLES[a.severity], 7, cut=6)
        return Line([*head, Either(a.wordings(), "text")], right=[(strips.answering_key(state, a), "dim")])

    worst, permit = _SEVERITY_ROLES.get(found[0].severity if found else "", "dim"), permit_pieces(state)
    said = Panel(
        [("注意 ", "strong"), (f"{len(found)}件", worst), *permit, *_kept(state)],
        offered(state, "{lend_permit}") if permit else "",
        total=len(found),
        row=row,
        empty=[Line([("いまのところありません", "dim")])],
        after=lambda: _coming(state),
        more="件",
    )
    return _with_cursor(state, "alerts", said)


def _kept(state: ConsoleState) -> list[Piece]:
    """Return the share of today's visitors whose wait kept the target: one figure, where a title leaves it room."""
    day, g = state.day, state.day.grounds()
    kept = day.once("kept", lambda: by_lane(kept_by_hour(day.floor, day.now, g)), every_s=60)
    said = hall_words(day.site, kept, g)
    return [Piece([(f"  {said[0]} ", "dim"), (said[1], "text")])] if said is not None else []


def _coming(state: ConsoleState) -> list[Line]:
    """Return what the clock will bring, the next first."""
    lines = [
        Line([(f"{hm(at):>5} ", "dim"), Fits([[(text, "dim")] for text in said])])
        for at, said in strips.coming(state)[:_AFTER]
    ]
    return [Line([("これから", "dim")]), *lines] if lines else []


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
        placed: list[list[Span]] = [[(where, "strong")]]
        if not where or not s.at_work:
            word, role = STAFF_STATUSES[s.status], STAFF_ROLES[s.status]
            placed = [[(f"{word}〜{hm(s.until)}" if s.until else word, role)], [(word, role)]]
        mark: Span = ("責任者", "warn") if holder == s.code else (s.reason, "dim")
        # A surname of three characters fills its place: the gap after it stays.
        name = short_name(state, s.code, 6)
        return Line([(name, "text"), max(1, 6 - cell_len(name)), Fits(placed), Piece([mark])], gap=1)

    # Who works without a record of it is there all the same.
    nobody = "まだ誰もいません" if floor.preparing else "在席の記録なし"
    words: list[Span | Piece] = [("在席 ", "strong"), (f"{len(present)}名", "strong"), ("   ", "dim")]
    words.append((f"端末 {sum(code in at for code in present)}", "ok"))
    for status, n in here.elsewhere().items():
        words.append(Piece([("  ", "dim"), (f"{STAFF_STATUSES[status]} {n}", STAFF_ROLES[status])]))
    said = Panel(
        words,
        offered(state, "{staff}  {people}"),
        total=len(people),
        row=row,
        empty=[
            Line(
                [
                    Either(
                        [
                            offered(state, f"{nobody}  端末を選び {{staff}} で入れます"),
                            offered(state, f"{nobody}  {{staff}} で入れます"),
                        ],
                        "dim",
                    )
                ]
            ),
            Line([Either(["名簿は floorctl roster import FILE.csv", "名簿は floorctl roster import"], "dim")]),
        ],
        more="名",
        cell=18,
        after=(lambda: _turns(state)) if people else None,
    )
    return _with_cursor(state, "staff", said)


def _turns(state: ConsoleState) -> list[Line]:
    """Return who should go for a break next, as F4 proposes it; nobody until what the plan rests on is forecast."""
    floor = state.day.floor
    if floor.closed_at is not None or floor.preparing or state.forecasts.forecaster is None:
        return []
    turns = state.forecasts.break_plan().turns
    at = {t.staff: t.code for t in floor.terminals.values() if t.staff}
    lines = []
    for t in turns[:_AFTER]:
        who: list[Span] = [(f"{hm(t.start):>5} ", "dim"), (state.day.who(t.staff), "dim")]
        said = [
            (text, role)
            for text, role in (
                (f"{t.minutes}分", "dim"),
                (at.get(t.staff, ""), "dim"),
                ("交替要" * (t.alone and not t.relief), "warn"),
            )
            if text
        ]
        lines.append(Line([*who, 1, *(Piece([x]) for x in said)], gap=1))
    return [Line([("休憩の計画" if turns[0].planned else "休憩の案", "dim")]), *lines] if lines else []


def journal(state: ConsoleState) -> Panel:
    """List the facts of the day, the latest first; what does not fit or was retracted is marked.

    Head counts that a feed tells all day would fill it: then they are on the page of the journal alone.
    """
    floor, site, total = state.day.floor, state.day.floor.site, len(state.day.floor.entries)
    shown = state.day.once("journal of the board", lambda: _without_counts(floor), by_time=False)

    def row(n: int) -> Line:
        e = shown[len(shown) - 1 - n]
        mark = "取消済" if e.key in floor.retracted else "?" if e.key in floor.anomalies else ""
        role = "text" if e.source == BY_HAND else "dim"
        return Line(
            [
                (f"{hm(e.fact.at):>5} ", "dim"),
                From(50, [(_about(e.fact, site, 9), "strong")], [(_about(e.fact, site, 8), "strong")]),
                1,
                Sized(lambda room: [(_sentence(e, floor, room), role)]),
            ],
            right=[(mark, "warn")],
        )

    sources = [Piece([(" ", "dim"), (f"{source} {said}", role)]) for source, said, role in _sources(state)]
    said = Panel(
        [("記録 ", "strong"), (f"{total}件", "dim"), *sources],
        offered(state, "{memo}  {journal}"),
        total=len(shown),
        row=row,
        empty=[
            Line(
                [(keyed("待ち人数の記録だけです（{journal} 一覧）") if total else "今日の記録はまだありません", "dim")]
            )
        ],
    )
    return _with_cursor(state, "journal", said)


def _without_counts(floor: Floor) -> list[Entry]:
    """Return the facts of the day; without the head counts of feeds, where most of them are such counts."""
    rest = [e for e in floor.entries if e.kind != "queue.counted" or e.source == BY_HAND]
    return floor.entries if 2 * len(rest) >= len(floor.entries) else rest


def _about(fact: Fact, site: Site, width: int) -> str:
    """Return the subject of a fact in a column; the name of a service, which is no code, takes what it needs."""
    about = subject(fact, site)
    return pad(
        about if isinstance(fact, ReceptionStopped | ReceptionResumed) else tail(about, width),
        max(width, cell_len(about)) if about in {s.short for s in site.services} else width,
    )


def _sentence(e: Entry, floor: Floor, room: int) -> str:
    """Return the sentence of an entry in whole words; a long number in it is cut at its front."""
    said, number = line(e, floor), getattr(e.fact, "ticket", None) or ""
    return whole(said if cell_len(said) <= room else said.replace(number, tail(number, _NUMBER)), room)


def _sources(state: ConsoleState) -> list[tuple[str, str, str]]:
    """Return (source, words, role): the age of its last fact and the skew of its clock. Feeds come first, skewed ones before."""
    floor, now = state.day.floor, state.day.now
    silent = {source for source, _ in silent_feeds(floor, now)}
    skews = state.day.skews()
    limit = floor.site.thresholds.clock_skew_s
    found = []
    skewed = {source for source, skew in skews.items() if abs(skew) >= _SKEW_SHOWN_S}
    for source, at in sorted(floor.sources.items(), key=lambda x: (x[0] not in skewed, x[0] == BY_HAND, x[0])):
        ago = seconds_between(at, now)
        words = f"{minutes_word(ago)}前" if ago >= 60 else "1分以内"
        skew = skews.get(source, 0)
        if source in skewed:
            words += f" 時計{signed(skew)}"
        role = "warn" if source in silent or abs(skew) >= limit else "dim"
        found.append((file_word(source_word(source)), words, role))
    return found


def incidents(state: ConsoleState) -> Panel:
    """List open incidents, for wide screens."""
    found = state.day.register.open_incidents()

    def row(n: int) -> Line:
        i = found[n]
        word = pad("報告済" if i.reported_at else "未報告", 7)
        head = f"{INCIDENT_SHORT[i.category]} {hm(i.occurred_at)}"
        said = [
            (tail(i.code, 6), "strong"),
            (" " * max(1, 6 - cell_len(i.code)), "text"),
            (word, "dim" if i.reported_at else "warn"),
        ]
        return Line([*said, Piece([(f"{head} ", "text")]), (i.summary, "text")])

    count: Span = (f"{len(found)}件", "warn" if found else "dim")
    empty = [Line([("未終結の事案はありません", "dim")])]
    return Panel(
        [("事案 ", "strong"), count],
        offered(state, "{incident}  {incidents}"),
        total=len(found),
        row=row,
        empty=empty,
        more="件",
    )
