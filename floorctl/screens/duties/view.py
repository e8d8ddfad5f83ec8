"""F8 期限: documents due to the city, the open questions behind the dates, and the meetings (仕様書 5(4), 8 to 11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from floorctl.common.action_keys import keyed
from floorctl.common.words import BEFORE_RECORDS_NAME, DUTY_STATES, MEETING_FORMS, REISSUE
from floorctl.console.cursor import turned
from floorctl.console.possible import BEFORE_ROW
from floorctl.console.state import ConsoleState
from floorctl.models.facts.duties import MeetingHeld
from floorctl.models.register.contract_end import days_left_text
from floorctl.models.register.duties import reading, ruling
from floorctl.models.register.duty import Duty
from floorctl.models.register.meetings import ToHold, meetings_to_hold
from floorctl.models.register.pressing_duties import counts
from floorctl.models.site.duty_rules import Question
from floorctl.screens.asking import Ask
from floorctl.screens.drawing.canvas import Canvas, Span, clause
from floorctl.screens.drawing.rows import lay_lines
from floorctl.screens.duties.acts import clear_before_records, open_row
from floorctl.screens.duties.detail import before_began, detail, on
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.table import Column, Row, TableView

TABS = {
    "soon": "7日以内",
    "open": "未提出",
    "submitted": "提出済",
    "all": "全部",
    "questions": "協議事項",
    "meetings": "会議",
}
_OWN_LISTS = ("questions", "meetings")  # tabs that list other things than duties
SOON_DAYS = 7
_DUTY_COLUMNS = (
    Column("状態", 8),
    Column("期限", 12),
    Column("残り", 9),
    Column("提出物", 18),
    Column("対象", 18),
    Column("提出", 16, least=110),
    Column("期限の数え方", 0, least=150),  # where it is narrower, the panel has it whole
)
_MEETING_COLUMNS = (
    Column("会議", 6),
    Column("種類", 14),
    Column("開催", 12),
    Column("議事録", 12),
    Column("期限", 12),
    Column("内容", 0),
)


def left(due: date, today: date) -> str:
    """Return the days until a due date, or since, in words."""
    n = (due - today).days
    return "今日まで" if n == 0 else f"あと{n}日" if n > 0 else f"{-n}日超過"


class DutiesView(TableView):
    """Duties, questions and meetings by tab, with the chosen one in full at the foot."""

    heading = "期限"
    groups: ClassVar[frozenset[str]] = frozenset({"期限"})
    foot: ClassVar[tuple[str, ...]] = ("duty_submit", "duty_on", "duty_approve", "duty_meeting", "duty_ruling")
    keeps = "duty"
    hint = "Tab 切り替え  {duty_menu} 操作"

    def __init__(self, app: ScreenConsole, tab: str = "soon") -> None:
        super().__init__(app)
        self.tab, self.unfolded = tab, False  # the duties from before the records each on a line of its own

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        if self.tab == "questions":
            wide = self.app.size.width >= 110
            names = ("番号", 4), ("協議事項", 54 if wide else 30), ("いつから", 10), ("いまの扱い", 0)
            return [Column(title, width, cut=clause) for title, width in names]
        return _MEETING_COLUMNS if self.tab == "meetings" else _DUTY_COLUMNS

    @property
    def empty(self) -> str:  # type: ignore[override]
        return {
            "soon": "期限切れと7日以内のものはありません（Tab で全部）",
            "questions": "会場設定に協議事項（questions）がありません",
            "meetings": "会議の記録はありません。{duty_meeting} で記録します",
            "submitted": "提出したものはまだありません",
        }.get(self.tab, "ありません")

    # ---- rows

    def rows(self, state: ConsoleState) -> list[Row]:
        rows = {"questions": self._questions, "meetings": self._meetings}.get(self.tab, self._duties)
        return state.day.once(f"duties {self.tab} {self.unfolded}", lambda: rows(state), by_time=False)

    def _duties(self, state: ConsoleState) -> list[Row]:
        today, found = state.day.floor.day, state.day.duties()
        # Reports of days that have not come are nothing to be done yet.
        begun = [d for d in found if d.duty != "daily_report" or d.base <= today]
        again = [d for d in found if d.outdated]
        before = before_began(state)
        old = {(d.duty, d.key) for d in before}
        one = [self._before_row(len(before))] if before and not self.unfolded else []
        overdue = [d for d in begun if d.state == "overdue" and (d.duty, d.key) not in old]
        if self.tab == "soon":
            due = [d for d in begun if d.state == "open" and (d.due - today).days <= SOON_DAYS]
            hold = self._to_hold(state)
            urgent = [h for h in hold if h.form == "emergency"]
            monthly = [h for h in hold if h.form != "emergency"]
            return [
                *(self._hold_row(h) for h in urgent),
                *(self._row(state, d) for d in [*again, *overdue, *due]),
                *(self._hold_row(h) for h in monthly),
                *one,
            ]
        if self.tab == "open":
            rest = [d for d in begun if d.state == "open"]
            unfolded = before if self.unfolded else []
            return [*(self._row(state, d) for d in [*again, *overdue, *rest, *unfolded]), *one]
        if self.tab == "submitted":
            done = [d for d in found if d.state == "submitted"]
            return [self._row(state, d) for d in sorted(done, key=lambda d: (d.submitted_on or d.due, d.key))[::-1]]
        return [*one, *(self._row(state, d) for d in found if self.unfolded or (d.duty, d.key) not in old)]

    @staticmethod
    def _before_row(n: int) -> Row:
        """Return the one line of these duties, or of those that were cleared just now."""
        word, key = (
            ("記録前", keyed("{duty_submit} まとめて提出済にする")) if n else ("提出済", keyed("{undo} で取り消せます"))
        )
        cells = ((word, "dim"), ("-", "dim"), ("", "dim"), (BEFORE_RECORDS_NAME, "text"))
        return Row(BEFORE_ROW, *cells, (f"{n}件" if n else "", "text"), ("-", "dim"), (key, "dim"))

    def gone(self, state: ConsoleState, key: str) -> Row | None:
        """Return the row of a duty that was just handed in, or of another that has left its tab."""
        if key == BEFORE_ROW:
            return self._before_row(0) if not before_began(state) and self.tab not in _OWN_LISTS else None
        duty = next((d for d in state.day.duties() if f"d {d.duty} {d.key}" == key), None)
        return self._row(state, duty) if duty is not None and self.tab not in _OWN_LISTS else None

    def _row(self, state: ConsoleState, d: Duty) -> Row:
        today, days = state.day.floor.day, (d.due - state.day.floor.day).days
        word, role = DUTY_STATES[d.state], "text"
        rest: Span = (left(d.due, today), "text")
        if d.state == "overdue":
            known = counts(d, state.day.began or today)
            role = "bad" if known else "dim"
            word = word if known else "記録前"
            rest = (rest[0], role)
        elif d.state == "open":
            role = "warn" if days <= 1 else "text" if days <= SOON_DAYS else "dim"
            rest = (rest[0], role)
        else:
            word = "承認待ち" if d.awaits_approval else "承認済" if d.approved_on else word
            role = "warn" if d.awaits_approval or d.late else "ok"
            late = (d.submitted_on - d.due).days if d.submitted_on and d.late else 0
            rest = (f"{late}日遅れ", "warn") if late else ("", "dim")
            if d.outdated:
                word, role, rest = REISSUE, "bad", ("数が古い", "bad")
        handed = "記録前" if d.cleared else f"{on(d.submitted_on)} {d.by}".rstrip() if d.versions else "-"
        return Row(
            f"d {d.duty} {d.key}",
            (word, role),
            (on(d.due), role if d.state != "submitted" else "dim"),
            rest,
            (d.name, "strong"),
            (d.about, "text"),
            (handed, "dim"),
            (d.rule, "dim"),
        )

    def _to_hold(self, state: ConsoleState) -> list[ToHold]:
        return meetings_to_hold(state.day.floor.site, state.day.register, state.day.floor.day)

    @staticmethod
    def _hold_row(h: ToHold) -> Row:
        role = "bad" if h.form == "emergency" else "warn"
        when = "随時" if h.form == "emergency" else "今月中"
        words = "インシデント・重大クレーム発生時（仕様書 9）" if h.form == "emergency" else "月次（仕様書 9）"
        cells = (("未開催", role), (when, role), ("", "dim"), (MEETING_FORMS[h.form], "strong"), (h.about, "text"))
        return Row(f"h {h.form} {h.key}", *cells, ("-", "dim"), (words, "dim"))

    def _questions(self, state: ConsoleState) -> list[Row]:
        return [self._question_row(state, q) for q in state.day.floor.site.questions]

    @staticmethod
    def _question_row(state: ConsoleState, q: Question) -> Row:
        site, register, today = state.day.floor.site, state.day.register, state.day.floor.day
        held = ruling(site, register, q.code, today)
        words = q.reading_name(reading(site, register, q.code, today))
        since: Span = (on(held.from_on), "ok") if held else ("既定", "dim")
        return Row(
            f"q {q.code}",
            (q.code, "strong"),
            (q.name, "text"),
            since,
            (words, "strong" if held else "text"),
        )

    def _meetings(self, state: ConsoleState) -> list[Row]:
        minutes = {d.key: d for d in state.day.duties() if d.duty == "minutes"}
        held = sorted(state.day.register.meetings.values(), key=lambda m: (m.held_on, m.at), reverse=True)
        return [
            *(self._to_hold_meeting_row(h) for h in self._to_hold(state)),
            *(self._meeting_row(m, minutes.get(m.meeting)) for m in held),
        ]

    @staticmethod
    def _to_hold_meeting_row(h: ToHold) -> Row:
        role = "bad" if h.form == "emergency" else "warn"
        cells = (("-", "dim"), (MEETING_FORMS[h.form], "strong"), ("未開催", role), ("-", "dim"), ("-", "dim"))
        return Row(f"h {h.form} {h.key}", *cells, (h.about, "text"))

    @staticmethod
    def _meeting_row(m: MeetingHeld, d: Duty | None) -> Row:
        people = f"監督員{m.supervisors} 市{m.officials} 受託者{m.contractors}"
        about = f"{m.incident} " if m.incident else ""
        state_role = "bad" if d and d.state == "overdue" else "warn" if d and d.state == "open" else "ok"
        word = ("承認待ち" if d.awaits_approval else DUTY_STATES[d.state]) if d else "-"
        return Row(
            f"m {m.meeting}",
            (m.meeting, "strong"),
            (MEETING_FORMS[m.form], "text"),
            (on(m.held_on), "text"),
            (word, state_role),
            (on(d.due) if d else "-", "dim"),
            (f"{about}{people}  {m.note}".rstrip(), "text"),
        )

    def summary(self, state: ConsoleState) -> list[Span]:
        tabs = [(f"[{w}]" if t == self.tab else w, "strong" if t == self.tab else "dim") for t, w in TABS.items()]
        overdue = len(state.day.pressing().overdue)
        ends: Span = (days_left_text(state.day.ending().days_left), "dim")
        return [*tabs, *([(f"期限切れ {overdue}件", "bad")] if overdue else []), *([ends] if ends[0] else [])]

    # ---- the panel at the foot

    def below(self, height: int) -> int:
        return 7 if height >= 24 else 0

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        lay_lines(c, detail(state, self.key, c.width - 2), 1, y, c.width - 2, rows)

    # ---- keys

    def opened(self, key: str) -> None:
        if key == BEFORE_ROW:
            self.app.start(self._open_before(Ask(self.app)))
        else:
            self.app.start(open_row(Ask(self.app), key))

    async def _open_before(self, ask: Ask) -> None:
        n = len(before_began(self.state))
        options = [("clear", f"{n}件をまとめて提出済にする（理由を書く）"), ("each", "1件ずつ見る")]
        if await ask.choice(BEFORE_RECORDS_NAME, options, "未提出のものがあれば、先に1件ずつ記録します") == "clear":
            await clear_before_records(ask)
        else:
            self.unfolded, self.tab = True, "all"
            self.begin()

    def takes(self, key: str) -> bool:
        if key in ("tab", "shift+tab"):
            self._turn_to(turned([*TABS], self.tab, 1 if key == "tab" else -1))
            return True
        return super().takes(key)

    def _turn_to(self, tab: str) -> None:
        """Show another tab: of the duties another part, in which what is chosen stays so; else a list of its own."""
        before, self.tab = self.tab, tab
        if before in _OWN_LISTS or tab in _OWN_LISTS or (tab == "all" and not self.key):
            self.begin()
        else:
            self.narrow()
        if tab == "all" and not self.key and self.state.ready:  # the whole contract: begin at today
            ahead = (d for d in self.state.day.duties() if d.due >= self.state.day.floor.day)
            self.begin(next((f"d {d.duty} {d.key}" for d in ahead), ""))
