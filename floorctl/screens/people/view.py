"""F4 職員: the roster with presence, places, breaks, the charge of 現場責任者, vacancies (仕様書 5, 7(2), 7(4)※)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len

from floorctl.common.action_keys import keyed
from floorctl.common.lengths import minutes_word
from floorctl.common.words import STAFF_STATUSES, hm
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState
from floorctl.models.board.adherence import NEWCOMER, plan_and_actual, skills_line, skills_word
from floorctl.models.board.flow import uncovered_s
from floorctl.models.board.presence import charge_vacant_word
from floorctl.models.board.week_shifts import week_line
from floorctl.models.day.staff import LACKS_BRIEF, Person, Shift, StaffState
from floorctl.screens.asking import Ask
from floorctl.screens.board.panels import STAFF_ROLES
from floorctl.screens.chosen import about, fact_of, recorded, titled
from floorctl.screens.drawing.canvas import Canvas, Span, clause, wrap
from floorctl.screens.drawing.panel import Line, Piece
from floorctl.screens.drawing.rows import Words, cut, lay_lines
from floorctl.screens.people.acts import change_person
from floorctl.screens.table import Column, Row, TableView

_ROLES = {"general_manager": "統括", "site_manager": "現場", "worker": "従事"}
_OFF = {False: "休み", True: "欠勤"}  # by whether it is an absence known ahead
_WILL_COME = ("late", "on_break", "away")


_BREAK_CELLS = 14  # of the column 休憩
# Rows that each section beside the table keeps, where there are so many of them together.
_SECTIONS, _APART = (7, 6, 99), 30


class PeopleView(TableView):
    """Roster with presence, place and break of each person; beside it charge, vacancies and the order of breaks."""

    heading = "職員"
    unit = "名"
    keeps, resumes = "person", False
    detailed = True
    hint = "{?is_present}1-6 状況"
    groups: ClassVar[frozenset[str]] = frozenset({"職員"})
    foot: ClassVar[tuple[str, ...]] = ("is_present", "is_late", "is_absent", "is_on_break", "is_away", "is_gone",
        "stand", "post", "hand_over", "vacancy", "plan_absence", "roll_call", "places")  # fmt: skip
    side_cells, side_from, below_rows = 36, 118, 6
    columns = (
        Column("職員", 12),
        Column("役割", 9),
        Column("状況", 4),
        Column("から", 5, right=True),
        Column("まで", 5, right=True, least=66),
        Column("場所", 8),
        Column("休憩", _BREAK_CELLS),
        Column("資格・理由", 0, least=80),
    )
    empty = "まだ誰も記録されていません。名簿は floorctl roster import FILE.csv で入れます（職員コードだけでも）。名簿がなくても、盤面で端末を選び {staff} で担当を入れれば始められます"

    def rows(self, state: ConsoleState) -> list[Row]:
        return state.day.once("people", lambda: [self._row(state, code) for code in state.day.staff_codes()])

    def _row(self, state: ConsoleState, code: str) -> Row:
        floor, register = state.day.floor, state.day.register
        held, person = floor.staff.get(code), register.people.get(code)
        status = held.status if held else "expected"
        shift = register.shift(code, floor.day)
        begins, ends = shift.hours or (None, None)
        since: datetime | str | None = held.since if held else begins
        until = ends if held is None else held.until or (ends if held.at_work else None)  # the end stays in sight
        awaited = status in _WILL_COME or (held is not None and held.at_work)
        overdue = awaited and until is not None and until < f"{state.day.now:%H:%M}"
        return Row(
            code,
            (state.day.named(code), "strong"),
            self._role(state, code, person),
            (_OFF[shift.absent] if shift.off and held is None else STAFF_STATUSES[status], STAFF_ROLES[status]),
            (hm(since) if since else "-", "dim"),
            (hm(until or "-"), "warn" if overdue else "dim"),
            self._place(state, code),
            self._break(state, code),
            self._note(state, person, held, shift),
        )

    @staticmethod
    def _place(state: ConsoleState, code: str) -> Span:
        """Return the terminal or the post of guidance; mark who holds the charge and serves as well (仕様書 5(1))."""
        floor = state.day.floor
        at = next((t.code for t in floor.terminals.values() if t.staff == code), "")
        if at:
            return (f"{at} 兼務", "warn") if floor.holder() == code else (at, "text")
        post = floor.posts.get(code)
        return (floor.site.post_by_code[post].name, "text") if post in floor.site.post_by_code else ("-", "dim")

    @staticmethod
    def _role(state: ConsoleState, code: str, person: Person | None) -> Span:
        if state.day.floor.holder() == code:
            return ("責任者", "warn")  # who holds the charge now, whatever their role
        if person is None:
            return ("-", "dim")
        return (f"{_ROLES[person.role]}{' 代行' if person.deputy and person.role == 'worker' else ''}", "dim")

    @staticmethod
    def _break(state: ConsoleState, code: str) -> Span:
        b = state.day.breaks().get(code)
        if b is None or not b.owed_s:
            return ("-", "dim")
        if not b.on_break and b.short_s and b.without_s >= state.day.floor.site.thresholds.break_due_s:
            without = minutes_word(b.without_s)
            return (f"なし {without}" if cell_len(without) < _BREAK_CELLS - 4 else f"なし{without}", "bad")
        done = not b.short_s
        taken = max(b.taken_s, b.owed_s) if done else b.taken_s  # seconds that are missing are no minute
        return (f"{taken // 60}／{b.owed_s // 60}分", "ok" if done else "warn" if b.on_break else "dim")

    @staticmethod
    def _note(state: ConsoleState, person: Person | None, held: StaffState | None, shift: Shift) -> Span:
        """Return the qualifications missing for an integrated terminal, the name of a planned shift, and the reason."""
        missing, role = "可", "dim"
        if person is not None and (lacks := person.lacks(state.day.floor.day)):
            missing, role = f"{'・'.join(LACKS_BRIEF[m] for m in lacks)}なし", "warn"
        elif person is None:
            missing = "名簿なし" if state.day.register and state.day.register.people else ""
        planned = state.day.floor.site.shift_by_code.get(shift.code)
        words = (
            NEWCOMER if person and person.newcomer else "",
            "欠勤の予定" if shift.absent else planned.name if planned and shift.off else shift.code,
            held.reason if held else "",
        )
        reason = " ".join(x for x in words if x)
        if role == "warn":
            return f"{missing} {reason}".strip(), role
        skills = skills_word(state.day.floor.site, person, brief=bool(reason))
        return (" ".join(x for x in (reason, skills) if x), "text") if reason or skills else (missing, role)

    def summary(self, state: ConsoleState) -> list[Span]:
        here = state.day.presence()
        found: list[Span] = [(f"在席 {len(here.present)}", "ok")]
        found += [(f"{STAFF_STATUSES[status]} {n}", STAFF_ROLES[status]) for status, n in here.elsewhere().items()]
        found += [(f"予定 {len(here.later)}", "dim")] if here.later else []
        found += [(f"休み {len(here.off)}", "dim")] if here.off else []
        return [*found, (f"未点呼 {len(here.unseen)}", "warn")] if here.unseen else found

    def opened(self, key: str) -> None:
        self.app.start(change_person(Ask(self.app), key))

    def detail(self, state: ConsoleState, width: int) -> list[Words]:
        entries = about(state, f"person {self.key}", fact_of("staff", self.key))
        kept = plan_and_actual(state.day.floor, state.day.register, state.day.breaks().get(self.key), self.key)
        skills = skills_line(state.day.site, state.day.register.people.get(self.key))
        week = week_line(state.day.site, state.day.register, self.key, state.day.floor.day)
        plan: list[Words] = [[(said, "text")] for said in (kept, skills) if said]
        plan += [[(part, "dim")] for part in wrap(f"この先7日 {week}", width)] if week else []
        return [titled(state.day.who(self.key), f"今日の記録 {len(entries)}件"), *plan, *recorded(state, entries)]

    # ---- charge, vacancies, breaks

    def draw_side(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        end = y + rows
        # On a tall screen each section keeps its place, however many lines the ones before it have.
        for (title, lines), kept in zip(self._sections(state), _SECTIONS, strict=True):
            own = min(kept, end - y) if rows >= _APART else end - y
            if own > 1:
                below = lay_lines(c, [[(title, "strong")], *cut(lines, own - 1)], x + 1, y, width - 2)
                y = 1 + (y + own if rows >= _APART else below)

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        each = c.width // 3
        for n, (title, lines) in enumerate(self._sections(state)):
            lay_lines(c, [[(clause(title, each - 2), "strong")], *cut(lines, rows - 1)], 1 + n * each, y, each - 2)

    def _sections(self, state: ConsoleState) -> list[tuple[str, Sequence[Line | Words]]]:
        return [
            ("現場責任者", self._charge(state)),
            ("欠員（受付中の時間）", self._vacancies(state)),
            (
                keyed("休憩の計画（{people_plan}）" if state.day.floor.planned_breaks else "休憩の案（{people_plan}）"),
                self._order(state),
            ),
        ]

    @staticmethod
    def _charge(state: ConsoleState) -> list[Words]:
        floor = state.day.floor
        log = floor.charge_log()
        lines: list[Words] = [
            [
                (f"{hm(h.at)} ", "dim"),
                (state.day.who(h.staff) if h.staff else "不在", "text" if h.staff else "bad"),
                (f" {h.reason}" if h.reason else "", "dim"),
            ]
            for h in log[-5:]
        ]
        if vacant := charge_vacant_word(floor, state.day.now):
            lines.append([(vacant, "warn")])
        acting = floor.holder("general_manager")
        if acting:
            lines.append([(f"統括責任者の代理 {state.day.who(acting)}", "text")])
        return lines or [[(offered(state, "{hand_over} で責任者を記録"), "dim")]]

    @staticmethod
    def _vacancies(state: ConsoleState) -> Sequence[Line | Words]:
        lines: list[Line | Words] = []
        for v in state.day.floor.vacancies:
            end = hm(v.closed_at) if v.closed_at else ""
            seconds = uncovered_s(state.day.floor, v, state.day.now)
            by = f" {state.day.who(v.substitute)}" if v.substitute else " 本人" if v.closed_at else ""
            role = "dim" if v.closed_at else "bad"
            minutes = Piece([(minutes_word(seconds), role)]) if seconds else ("", role)
            lines.append(Line([(f"{state.day.who(v.staff)} {hm(v.opened_at)}〜{end}{by}", role), minutes], gap=1))
        return lines[::-1] or [[("ありません", "dim")]]

    @staticmethod
    def _order(state: ConsoleState) -> Sequence[Line | Words]:
        """Return the breaks of the plan and those proposed, in their order."""
        floor = state.day.floor
        if floor.closed_at is not None:
            return [[("閉場しました", "dim")]]
        if not state.day.breaks():
            return [[("点呼の後に出ます", "dim")]]
        turns = state.forecasts.break_plan().turns
        at, planned = {t.staff: t.code for t in floor.terminals.values() if t.staff}, bool(floor.planned_breaks)
        lines: list[Line | Words] = [
            Line(
                [
                    (f"{hm(t.start):>5} ", "text"),
                    (f"{state.day.who(t.staff)} ", "strong"),
                    (f"{t.minutes}分", "text"),
                    *([Piece([(at[t.staff], "dim")])] if t.staff in at else []),
                    *(
                        [Piece([("固定" if t.fixed else "案", "dim")])]
                        if t.fixed or (planned and not t.planned)
                        else []
                    ),
                    *([Piece([(f"交替 {state.day.who(t.relief)}", "text")])] if t.relief else []),
                    *([Piece([("交替要", "warn")])] if t.alone and not t.relief else []),
                ],
                gap=1,
            )
            for t in turns
        ]
        return lines or [[("全員とり終えています", "dim")]]
