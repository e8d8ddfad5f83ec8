"""F3 市職員: cases handed to the resident officials with their three instants, and the officials in the hall.

The city decides a case; nothing here lets it direct a worker of the contractor (SPEC finding 1).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len

from floorctl.common.action_keys import key_of
from floorctl.common.clock import seconds_between
from floorctl.common.lengths import minutes_word
from floorctl.common.words import ESCALATION_STATES, hm, hms
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState, case_limits, case_role
from floorctl.models.board.flow import officials_absent_s
from floorctl.models.board.officials_plan import next_change, planned_at, planned_officials
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry
from floorctl.screens.asking import Ask
from floorctl.screens.cases.acts import open_case
from floorctl.screens.chosen import about, recorded, titled
from floorctl.screens.drawing.canvas import Canvas, Span, fit, tail, wrap
from floorctl.screens.drawing.panel import Line, Piece
from floorctl.screens.drawing.rows import Words, cut, lay_lines
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.table import NOT_CHOSEN, Column, Row, TableView

_NOTE, _LEAST_NOTE = "  ", 12  # between a decision and its note; cells under which a note that is cut says nothing


def _with_note(text: str, width: int) -> str:
    """Return a decision with as much of its note as says something; the panel has all of it."""
    decision, _, note = text.partition(_NOTE)
    room = width - cell_len(decision) - len(_NOTE)
    if note and (cell_len(note) <= room or room >= _LEAST_NOTE):
        return f"{decision}{_NOTE}{fit(note, room)}"
    return fit(decision, width)


class CityView(TableView):
    """Cases with their three instants and both intervals; beside them the officials in the hall."""

    heading = "市職員への引継ぎ"
    hint = "{enter} 対応・決定"
    foot: ClassVar[tuple[str, ...]] = ("escalate", "desk3", "officials")
    side_cells, side_from, below_rows = 34, 110, 5
    detailed = True
    columns = (
        Column("案件", 8, cut=tail), Column("端末", 4), Column("番号", 6, least=85, cut=tail), Column("事項", 10),
        Column("引継", 5, right=True), Column("対応", 5, right=True, least=72), Column("決定", 5, right=True, least=72), Column("待ち", 9, right=True),
        Column("対応に", 9, right=True, least=64), Column("状態", 0, cut=_with_note),
    )  # fmt: skip

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        case = self.state.day.floor.escalations.get(self.state.chosen.raised) if self.state.ready else None
        if case is not None and case.state == "raised":
            self.begin(case.code)

    @property
    def empty(self) -> str:  # type: ignore[override]
        digits = self.state.site.terminal_digits if self.state.site is not None else ""
        return (
            f"今日の引継ぎはありません。盤面（{{board}}）で端末を {digits} で選び、{{escalate}} と事項の数字で引き継ぎます。"
            "何分待っているかは、ここと盤面に出ます"
        )

    def rows(self, state: ConsoleState) -> list[Row]:
        open_ones = state.day.cases()
        settled = [e for e in state.day.floor.escalations.values() if e not in open_ones]
        latest = sorted(settled, key=lambda e: (e.settled_at or e.raised_at or state.day.now, e.code), reverse=True)
        return [self._row(state, e) for e in [*open_ones, *latest]]

    def _row(self, state: ConsoleState, e: Escalation) -> Row:
        site, now = state.day.floor.site, state.day.floor.moment(state.day.now)
        matter = site.matter_by_code.get(e.matter or "")
        is_open = e.state != "settled"
        waited = seconds_between(e.raised_at, e.taken_at or e.settled_at or now) if e.raised_at else None
        worked = seconds_between(e.taken_at, e.settled_at or now) if e.taken_at else None
        role = case_role(state, e.raised_at, now) if is_open else "text"
        word = site.decision_word(e.outcome) if e.outcome else ESCALATION_STATES[e.state]
        if is_open and not state.day.floor.officials and state.day.floor.officials_history:
            # With nobody of the city in the hall the way out stands first (仕様書 7(4)).
            word = f"{key_of('desk3')} {site.other_desk.short if state.day.info.hall_open else '要確認'} {word}"
        return Row(
            e.code,
            (e.code, "strong"),
            (e.terminal or "--", "text"),
            (e.ticket or "-", "dim"),
            (matter.short if matter else "-", "text"),
            (hm(e.raised_at) if e.raised_at else "-", "dim"),
            (hm(e.taken_at) if e.taken_at else "-", "dim"),
            (hm(e.settled_at) if e.settled_at else "-", "dim"),
            (minutes_word(waited), role if e.taken_at is None else "dim"),
            (minutes_word(worked), role if is_open else "dim"),
            (f"{word} {e.official}{_NOTE}{e.note}".rstrip(), role if is_open else "dim"),
        )

    def summary(self, state: ConsoleState) -> list[Span]:
        n = len(state.day.cases())
        return [(f"決定待ち {n}件", "warn" if n else "dim")]

    def case(self) -> str | None:
        return self.key

    def opened(self, key: str) -> None:
        e = self.state.day.floor.escalations.get(key)
        if e is None:
            self.state.line.say(NOT_CHOSEN, "warn")
        elif e.state == "settled":
            word = self.state.day.floor.site.decision_word(e.outcome or "")
            self.state.line.say(
                f"{key} は {word} {e.end_word}（直すときは {key_of('journal')} の記録から取り消します）"
            )
        else:
            self.app.start(open_case(Ask(self.app), key))

    def detail(self, state: ConsoleState, width: int) -> list[Words]:
        e = state.day.floor.escalations.get(self.key)
        if e is None:
            return []
        tickets = {e.ticket} - {None}

        def holds(entry: Entry) -> bool:
            return getattr(entry.fact, "escalation", None) == e.code or getattr(entry.fact, "ticket", None) in tickets

        entries = about(state, f"case {e.code}", holds)
        matter = state.day.floor.site.matter_by_code.get(e.matter or "")
        head = titled(e.code, matter.name if matter else "", f"この案件と番号の今日の記録 {len(entries)}件")
        return [head, *recorded(state, entries)]

    def draw_side(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        standing, changes = self._standing(state), self._changes(state)
        lines = [*standing, *self._chosen(state, width - 2), [], *cut(changes, rows - 12)]
        if rows < 8:  # the latest before the standing words
            lines = [standing[0], standing[2], *standing[3:], *changes[1:2], standing[1]]
        lay_lines(c, [self._present(state), *lines], x + 1, y, width - 2, rows)

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        if c.width <= 60:
            self.draw_side(c, state, 0, y, c.width, rows)
            return
        changes, each = self._changes(state), max(1, (c.width - 2) // 16)
        beside = [self._standing(state), *(changes[n * each : (n + 1) * each] for n in range(rows - 2))]
        lines = [Line([Piece(words) for words in line], gap=4) for line in beside]
        lay_lines(c, [self._present(state), *lines], 1, y, c.width - 2, rows)

    @staticmethod
    def _present(state: ConsoleState) -> Line:
        """Return the number of officials in the hall, and since when."""
        floor, history = state.day.floor, state.day.floor.officials_history
        role = "bad" if history and not floor.officials else "strong"
        count: Span = (f"{floor.officials}名" if history else "未入力", role)
        since = f"  {hm(history[-1][0])} から" if history else ""
        return Line(
            [("会場の市職員 ", "strong"), count, (since, "dim")], right=[(offered(state, "{officials}"), "dim")], keep=3
        )

    @staticmethod
    def _standing(state: ConsoleState) -> list[Words]:
        """Return today's fallback, the limits of a case in minutes, and the time without an official."""
        desk = state.day.floor.site.other_desk.short
        office = (
            (f"本庁舎は開庁日 {desk}あり", "dim") if state.day.info.hall_open else (f"本庁舎は閉庁 {desk}なし", "warn")
        )
        planned = _planned(state)
        lines: list[Words] = [[office], [(case_limits(state), "dim")], [_absent(state.day.floor, state.day.now)]]
        return [*lines, *([planned] if planned else [])]

    @staticmethod
    def _changes(state: ConsoleState) -> list[Words]:
        """Return the numbers of officials with the times from which they held, the latest first."""
        history = reversed(state.day.floor.officials_history)
        return [[(f"{hm(at)} から {n}名", "text" if n else "bad")] for at, n in history]

    def _chosen(self, state: ConsoleState, width: int) -> list[Words]:
        """Return the chosen case in full: the table has no room for it."""
        e = state.day.floor.escalations.get(self.key)
        if e is None:
            return []
        site = state.day.floor.site
        matter = site.matter_by_code.get(e.matter or "")
        when = [(f"{word} {hms(at)}") for word, at in (("引継", e.raised_at), ("対応", e.taken_at)) if at]
        done = (
            f"{site.decision_word(e.outcome or '')} {hms(e.settled_at)}" if e.settled_at else ESCALATION_STATES[e.state]
        )
        return [
            [],
            [(e.code, "strong"), (f"  {e.terminal or '端末なし'} {e.ticket or ''}".rstrip(), "text")],
            *([(part, "text")] for part in wrap(matter.name if matter else "-", width)),
            [("  ".join(when), "dim")],
            [(f"{done} {e.official}".rstrip(), "text")],
            *([[(part, "text")] for part in wrap(e.note, width)[:2]] if e.note else []),
        ]


def _planned(state: ConsoleState) -> Words:
    """Return the planned number of officials now and its next change: 予定 2名  12:00 から 1名; [] without a plan."""
    floor, register = state.day.floor, state.day.register
    plan = planned_officials(floor.site, register, floor.day) if register is not None else ()
    now = state.day.now.time()
    present, following = planned_at(plan, now), next_change(plan, now)
    words = [f"予定 {present}名"] if present is not None else []
    if following is not None:
        words.append(f"{'' if words else '予定 '}{hm(following.starts)} から {following.present}名")
    below = present is not None and bool(floor.officials_history) and floor.officials < present
    return [("  ".join(words), "warn" if below else "dim")] if words else []


def _absent(floor: Floor, now: datetime) -> Span:
    """Return the time of the reception hours without an official in the hall (仕様書 7(2))."""
    seconds = officials_absent_s(floor, now)
    if seconds is None:
        return ("受付中の不在 記録なし", "dim")
    return (f"受付中の不在 {minutes_word(seconds)}", "warn") if seconds else ("受付中の不在 なし", "dim")
