"""F5 事案: incidents of all days with the clock of their report; Enter shows one whole, with its history."""

from __future__ import annotations

from datetime import datetime
from math import inf
from typing import ClassVar

from rich.cells import cell_len

from floorctl.common.words import INCIDENT_CATEGORIES, INCIDENT_SHORT, INCIDENT_STATES, OUTAGE_CAUSES, md_hm, month_day
from floorctl.console.cursor import turned
from floorctl.console.keys import BY_ID
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState
from floorctl.models.board.incident_history import Said, history
from floorctl.models.register.incident import Incident
from floorctl.models.register.incident_deadline import report_clock
from floorctl.screens.asking import Ask
from floorctl.screens.drawing.canvas import Canvas, Span, pad, tail, wrap
from floorctl.screens.drawing.panel import Line, Piece, column, lay_line
from floorctl.screens.drawing.rows import Words, cut, lay_lines
from floorctl.screens.frame import ScreenConsole, View
from floorctl.screens.incidents import lost_time as lost
from floorctl.screens.incidents.acts import FIELDS
from floorctl.screens.table import Column, Row, TableView, holds

FILTERS = {"": "全部", **INCIDENT_STATES}
_STATE_ROLES = {"open": "warn", "reported": "text", "handed_over": "text", "closed": "dim"}
_LONG = ("1", "h", "4", "5", "6")  # fields of a line each


def due_span(state: ConsoleState, i: Incident) -> Span:
    """Return the time left until the report, or the time since it was due; "" where none is owed."""
    clock = report_clock(i, state.day.floor.site, state.day.register.calendar(state.day.floor.site))
    if clock is None:
        return ("", "dim")
    urgent = i.policy.critical or clock.due - state.day.now < (clock.due - i.found_at) / 3
    role = "bad" if clock.late(state.day.now) else "warn" if urgent else "text"
    return (f"{'再 ' if clock.again else ''}{clock.left(state.day.now)}", role)


class IncidentView(TableView):
    """Incidents of all days, filtered by state, category and words, with the deadline of their report."""

    heading = "事案"
    keeps = "incident"
    detailed = opening_looks = True
    hint = "Enter 開く  Tab 状態  左右 分類  {find} 探す"
    groups: ClassVar[frozenset[str]] = frozenset({"事案"})
    foot: ClassVar[tuple[str, ...]] = ("incident", "incident_report", "incident_close", "find", "equipment")
    columns = (
        Column("番号", 6, cut=tail), Column("状態", 6), Column("分類", 12), Column("発生", 11, least=76),
        Column("報告期限", 16), Column("市へ報告", 11, least=90), Column("概要", 0),
    )  # fmt: skip
    empty = (
        "事案の記録はありません。{incident} で記録します（分類を数字で、1行）。市への報告の期限は、分類から自動で出ます"
    )

    # The filters outlive the view: from one incident the list comes back as it was.
    def __init__(self, app: ScreenConsole, state_filter: str = "", category: str = "", words: str = "") -> None:
        super().__init__(app)
        self.filter, self.category, self.words = state_filter, category, words

    def rows(self, state: ConsoleState) -> list[Row]:
        register = state.day.register
        name = f"incidents {self.filter} {self.category} {self.words}"
        return state.day.once(
            name, lambda: [self._row(state, i) for i in self._found(list(register.incidents.values()))]
        )

    def _found(self, incidents: list[Incident]) -> list[Incident]:
        found = [
            i
            for i in incidents
            if (not self.filter or i.stage == self.filter)
            and (not self.category or i.category == self.category)
            and self._matches(i)
        ]
        return sorted(found, key=self._turn)

    def _turn(self, i: Incident) -> tuple[bool, float, float]:
        """Return the key of the order: what is due next, then what owes no report, then what is closed; newest first."""
        site, register = self.state.day.floor.site, self.state.day.register
        clock = report_clock(i, site, register.calendar(site))
        due = clock.due.timestamp() if clock is not None else inf
        return (i.closed_at is not None and clock is None, due, -i.found_at.timestamp())

    def gone(self, state: ConsoleState, key: str) -> Row | None:
        i = state.day.register.incidents.get(key)
        return self._row(state, i) if i is not None else None

    def _matches(self, i: Incident) -> bool:
        texts = [i.code, INCIDENT_CATEGORIES[i.category], i.summary, i.measures, i.prevention, i.reported_to]
        return holds(" ".join([*texts, *i.terminals, *(text for _, text in i.notes)]), self.words)

    @staticmethod
    def _row(state: ConsoleState, i: Incident) -> Row:
        mark = "重大 " if i.serious else ""
        return Row(
            i.code,
            (i.code, "strong" if i.closed_at is None else "dim"),
            (INCIDENT_STATES[i.stage], _STATE_ROLES[i.stage]),
            (INCIDENT_SHORT[i.category], "text" if i.closed_at is None else "dim"),
            (md_hm(i.occurred_at), "dim"),
            due_span(state, i),
            (md_hm(i.reported_at) if i.reported_at else "-", "dim"),
            (mark + i.summary, "text" if i.closed_at is None else "dim"),
        )

    def summary(self, state: ConsoleState) -> list[Span]:
        open_ones = state.day.register.open_incidents()
        untold = sum(i.untold for i in open_ones)
        found: list[Span] = [
            (f"未報告 {untold}件", "warn" if untold else "dim"),
            (f"未終結 {len(open_ones)}件", "text" if open_ones else "dim"),
        ]
        chosen = [FILTERS[self.filter]] if self.filter else []
        chosen += [INCIDENT_SHORT[self.category]] if self.category else []
        chosen += [f"「{self.words}」"] if self.words else []
        return [(f"{'・'.join(chosen)}だけ（Esc で全部）", "warn"), *found] if chosen else found

    def detail(self, state: ConsoleState, width: int) -> list[Line | Words]:
        i = state.day.register.incidents.get(self.key)
        if i is None:
            return []
        shown = IncidentDetailView(self.app, self)
        fields = {key: (word, said) for key, word, said in shown.fields(state, i)}
        pairs = [[Piece([(f"{fields[k][0]} ", "dim"), fields[k][1]]) for k in keys] for keys in ("1h", "238", "45")]
        return [
            shown.head(state, i, "Enter 開く"),
            *([(part, "text")] for part in wrap(i.summary, width)[:2]),
            *(Line(pair, gap=4) for pair in pairs),
            [],
            [("経過", "strong"), (f"  {len(shown.said(state))}件", "dim")],
            *reversed(shown.history(state, width - 15)),
        ]

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        """Draw the table; before there is any incident, the categories with the report that each asks for."""
        super().draw_body(c, state)
        if state.day.register.incidents:
            return
        rules = state.day.floor.site.incident_reports
        named = [(name, rules[x].word if x in rules else "-") for x, name in INCIDENT_CATEGORIES.items()]
        wide = max(cell_len(name) for name, _ in named) + 2
        lines: list[Words] = [[(pad(name, wide), "text"), (word, "dim")] for name, word in named]
        y = 6 + len(wrap(offered(state, self.empty), c.width - 2))
        head: Words = [(pad("分類", wide), "strong"), ("市への報告", "dim")]
        below = self.below(c.height)
        room = c.height - 3 - self.under(c.height) - (below + 1 if below else 0) - y
        lay_lines(c, cut([head, *lines], room), 1, y, c.width - 2)

    def below(self, height: int) -> int:
        """Return the rows for what has stood still today: a third of the lines at most."""
        return lost.rows(lost.lost_time(self.state), max(3, height // 5)) if self.state.ready else 0

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        for n, line in enumerate(lost.lines(state, rows)):
            lay_line(c, line, 1, y + n, c.width - 1)

    def opened(self, key: str) -> None:
        self.state.chosen.incident = key
        self.app.frame.show(IncidentDetailView(self.app, self))

    def find(self) -> bool:
        """Ask for the words that an incident must hold."""
        self.app.start(self._look_for(Ask(self.app)))
        return True

    async def _look_for(self, ask: Ask) -> None:
        self.words = await ask.text("事案を探す", "概要・処置・追記・番号の言葉", finds=True)
        self.begin(self.key)

    def takes(self, key: str) -> bool:
        if key in ("tab", "shift+tab"):
            self.filter = turned([*FILTERS], self.filter, 1 if key == "tab" else -1)
            self.state.line.say(f"{FILTERS[self.filter]}   Tab で切り替え")
        elif key in ("left", "right"):
            self.category = turned(["", *INCIDENT_CATEGORIES], self.category, 1 if key == "right" else -1)
            self.state.line.say(f"{INCIDENT_SHORT.get(self.category, 'すべての分類')}   左右の矢印で切り替え")
        elif key == "escape" and (self.filter or self.category or self.words) and not self.state.looking_back:
            self.filter = self.category = self.words = ""
        else:
            return super().takes(key)
        self.narrow()
        return True


class IncidentDetailView(View):
    """Incident with every field, the key that completes it, and its whole history."""

    heading = "事案"
    groups: ClassVar[frozenset[str]] = frozenset({"事案"})
    foot: ClassVar[tuple[str, ...]] = (
        "incident_report", "incident_measures", "incident_prevention", "incident_note", "incident_close",
    )  # fmt: skip

    def __init__(self, app: ScreenConsole, table: IncidentView | None = None) -> None:
        super().__init__(app)
        self.table = table
        self.code = table.key if table is not None else self.state.chosen.incident
        self._top = 0  # the first line of the history that is shown
        self._most = 0

    def incident(self, state: ConsoleState) -> Incident | None:
        return state.day.register.incidents.get(self.code)

    def fields(self, state: ConsoleState, i: Incident) -> list[tuple[str, str, Span]]:
        """Return the fields as (key, name, value)."""
        site = state.day.floor.site

        def at(when: datetime | None) -> Span:
            return (md_hm(when), "text") if when else ("-", "dim")

        def text(words: str, missing: str = "-") -> Span:
            return (words, "text") if words else (missing, "dim" if missing == "-" else "warn")

        told: Span = ("まだ", "warn")
        if i.reported_at is not None:
            told = (f"{md_hm(i.reported_at)} {i.reported_to}".rstrip(), "text")
            if i.followed_up_at is not None:
                told = (f"{told[0]}  応急処置後 {md_hm(i.followed_up_at)}", "text")
        if i.untold and i.closed_at is not None:
            told = (f"報告せず終結 {i.untold_because}".rstrip(), "warn")
        handed: Span = ("-", "dim")
        if i.handed_over_at is not None:
            handed = (f"{md_hm(i.handed_over_at)} {i.handed_over_to}".rstrip(), "text")
        names = "・".join(site.service_by_code[x].short for x in i.services if x in site.service_by_code)
        police = "まだ" if i.policy.police else "-"
        found: list[tuple[str, str, Span]] = [
            ("1", "市へ報告", told),
            ("h", "市へ引継ぎ", handed),
            ("2", "発生", at(i.occurred_at)),
            ("3", "発見", at(i.found_at)),
            ("4", "応急処置", text(i.measures)),
            ("5", "再発防止", text(i.prevention)),
            ("6", "業務", text(names, "未記入" if i.policy.asks_services else "-")),
            ("7", "端末", text(" ".join(i.terminals))),
            ("8", "警察", at(i.police_at) if i.police_at else text("", police)),
            ("9", "復旧", at(i.restored_at)),
            ("f", "原因", text(OUTAGE_CAUSES[i.cause] if i.cause else "")),
            ("d", "被害", ("あり", "bad") if i.damage else ("なし", "dim")),
            ("s", "重大", ("重大", "bad") if i.serious else ("-", "dim")),
        ]
        held = self._meeting(state)
        if i.serious or held:
            found.append(("p", "緊急会議", text(held, "まだ")))
        return found

    def _meeting(self, state: ConsoleState) -> str:
        met = [m for m in state.day.register.meetings.values() if m.incident == self.code and m.form == "emergency"]
        return "  ".join(f"{m.meeting} {month_day(m.held_on)}" for m in met)

    def said(self, state: ConsoleState) -> list[Said]:
        """Return the whole history, the oldest entry first."""
        site = state.day.floor.site
        facts = state.day.register_facts()
        return state.day.once(f"history {self.code}", lambda: history(facts, self.code, site), by_time=False)

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        bottom, gap, width = c.height - 3, 1 if c.height >= 30 else 0, c.width - 2
        c.fill(0, 1, c.width, bottom, "panel")
        i = self.incident(state)
        if i is None:
            text = f"{self.code} はありません（取り消されました）   Esc 一覧へ"
            lay_lines(c, [[(text, "dim")]], 1, 2, width)
            return
        summary = [[(part, "text")] for part in wrap(i.summary, width)[:2]]
        y = lay_lines(c, [self.head(state, i, "Esc 一覧へ  Enter 操作"), *summary], 1, 2, width)
        y = self._lay_fields(c, self.fields(state, i), y + gap) + gap
        lines, room = self.history(state, c.width - 15), max(1, bottom - y)
        self._most = max(0, len(lines) - room)
        self._top = max(0, min(self._top, self._most))
        shown = (
            f"  上下の矢印 {self._top + 1}〜{min(len(lines), self._top + room)}／{len(lines)}行" if self._most else ""
        )
        head: Words = [("経過", "strong"), (" ", "text"), (f"{len(self.said(state))}件{shown}", "dim")]
        lay_lines(c, [head, *lines[self._top : self._top + room]], 1, y, width)

    @staticmethod
    def head(state: ConsoleState, i: Incident, keys: str) -> Line:
        due, site = due_span(state, i), state.day.floor.site
        pieces = [
            Piece([(INCIDENT_CATEGORIES[i.category], "strong")]),
            Piece([(INCIDENT_STATES[i.stage], _STATE_ROLES[i.stage])]),
        ]
        if due[0] and (clock := report_clock(i, site, state.day.register.calendar(site))) is not None:
            pieces.append(Piece([(f"市へ{clock.word} ", "dim"), due]))
        pieces.append(Piece([(keys, "dim")]))
        return Line([(i.code, "strong"), (" ", "text"), *pieces], gap=3)

    @staticmethod
    def _lay_fields(c: Canvas, fields: list[tuple[str, str, Span]], y: int) -> int:
        """Draw the long fields over the whole width, the others three or two in a row; return the row after them."""
        in_row = 3 if c.width >= 66 else 2
        long, third = [f for f in fields if f[0] in _LONG], (c.width - 2) // in_row
        places = [(1, y + n, c.width - 1) for n in range(len(long))]
        short = [f for f in fields if f[0] not in _LONG]
        places += [(1 + n % in_row * third, y + len(long) + n // in_row, third) for n in range(len(short))]
        for (key, word, said), (x, row, width) in zip([*long, *short], places, strict=True):
            lay_line(
                c,
                Line([(f" {BY_ID[FIELDS[key]].cap} ", "key"), (" ", "text"), (f"{word} ", "dim"), said]),
                x,
                row,
                x + width - 1,
            )
            c.target(x if width == third else 0, row, width + (width != third), 1, f"field:{key}")
        return y + len(long) - (-len(short) // in_row)

    def history(self, state: ConsoleState, width: int) -> list[Words]:
        """Return the lines of the history, the oldest entry first, each behind its time."""
        lines: list[Words] = []
        for s in self.said(state):
            role = "dim" if s.gone or s.kind == "retracted" else "text"
            for n, part in enumerate(wrap(f"{s.text}{'（取消済）' if s.gone else ''}", width)):
                lines.append([*column("" if n else md_hm(s.recorded_at), "dim", 13), (part, role)])
        return lines

    def takes(self, key: str) -> bool:
        step = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -10_000, "end": 10_000}.get(key)
        if step is not None and not (self.state.looking_back and abs(step) > 1):
            self._top = max(0, min(self._top + step, self._most))
        elif key == "escape" and not self.state.looking_back:
            self.back()
        else:
            return False
        return True

    def back(self) -> None:
        self.app.frame.show(self.table or IncidentView(self.app))

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "field":
            self.app.perform(FIELDS[rest])
