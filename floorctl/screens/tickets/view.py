"""b 番号: every number of the day with its state, found by typing it, and the appointments against the arrivals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from rich.cells import cell_len

from floorctl.common.clock import seconds_between
from floorctl.common.lengths import length_word, minutes_word
from floorctl.common.words import CALLED, LAST_PERSON, TICKET_STATES, hm
from floorctl.console.action import Action
from floorctl.console.cursor import turned
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board import appointments as appointments
from floorctl.models.board.remarks import remark_words
from floorctl.models.board.ticket_search import found_by
from floorctl.models.board.told import busy_untold
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.own_numbers import folded
from floorctl.screens.asking import Ask
from floorctl.screens.chosen import about, recorded, titled
from floorctl.screens.drawing.canvas import Canvas, Span, fit, tail, whole
from floorctl.screens.drawing.panel import Line, Part, Piece, column
from floorctl.screens.drawing.rows import Words, lay_lines, lay_rows
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.table import Column, Row, TableView

FILTERS = {"": "全部", "waiting": "待ち", "serving": "応対中", "ended": "終わり"}
_SERVICE_WIDTH = 12  # cells of a service with its number of cards
_PANEL_FROM = 44  # rows of a screen on which the chosen number stands in full under the list
_FEW = 4  # so many numbers that may be meant are named
_LAST_FROM = 124  # from this width of the screen on the last person of a lane is marked
_FORGET = timedelta(seconds=10)  # digits typed later than this after the ones before begin a new number
_STATE_ROLES = {
    "waiting": "warn",
    "serving": "ok",
    "no_show": "bad",
    "left": "dim",
    "counted_out": "dim",
    "finished": "dim",
}


def wait_s(t: Ticket, state: ConsoleState) -> int | None:
    """Return the wait in seconds from issue (or appointment) to the first call, or to now; None where it is unknown."""
    if t.wait_from is None:
        return None
    end = state.day.now if t.state == "waiting" else t.called_at or t.ended_at
    return seconds_between(t.wait_from, end) if end else None


def minutes_cell(seconds: int) -> str:
    """Return the rest of a predicted wait in whole minutes, rounded up: 35分後, 2時間15分後."""
    return f"{length_word(max(1, -(-seconds // 60)))}後"


def _fitted(service: str, cards: int) -> str:
    """Return a service with its number of cards, as on the board; with little room the number stays whole."""
    many = f" {cards}枚" if cards > 1 else ""
    return f"{fit(service, _SERVICE_WIDTH - cell_len(many))}{many}"


class QueueView(TableView):
    """Numbers of the day by state, with a search by digits and a filter by state."""

    heading = "番号"
    unit = "枚"
    keeps = "ticket"
    hint = "数字で探す  Tab 絞る  {enter} 操作"
    groups: ClassVar[frozenset[str]] = frozenset({"番号"})
    foot: ClassVar[tuple[str, ...]] = (
        "ticket_menu", "ticket_call", "ticket_transfer", "ticket_no_show", "ticket_left", "ticket_requeue", "by_hand",
    )  # fmt: skip
    detailed = True
    side_cells, side_from, below_rows = 31, 120, 4
    columns = (
        Column("番号", 6, cut=tail),
        Column("順", 3, right=True),
        Column("状態", 10),
        Column("待ち", 9, right=True),
        Column("用件", _SERVICE_WIDTH),
        Column("予約", 5),
        Column("端末", 4),
        Column("発券", 5, right=True, least=84),
        Column("呼出", 11, right=True, least=78),
        Column("9割・終了", 9, right=True, least=88),
        Column("", 0, least=80, cut=whole),
    )

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self.filter, self.typed = "", ""
        self._typed_at: datetime | None = None
        self._was = ""  # what was chosen last while digits were typed
        self._hits: list[str] = []  # numbers that what was typed may mean

    @property
    def empty(self) -> str:  # type: ignore[override]
        if self.filter:
            return f"{FILTERS[self.filter]}の番号はありません（Tab で切り替え、Esc で全部）"
        return "番号がまだありません。{issue}（発券）か {by_hand}（手受付）で出すか、発券機の記録を待ちます（floorctl console --feed FILE）"

    def rows(self, state: ConsoleState) -> list[Row]:
        return self._listed(state, self.filter)

    def gone(self, state: ConsoleState, key: str) -> Row | None:
        t = state.day.floor.tickets.get(key)
        return self._row(state, t) if t is not None else None

    def _listed(self, state: ConsoleState, part: str) -> list[Row]:
        return state.day.once(f"queue {part}", lambda: [self._row(state, t) for t in self._tickets(state, part)])

    def _tickets(self, state: ConsoleState, part: str) -> list[Ticket]:
        """Return the queue in the order of calling, lane by lane; those being served; the rest, the latest first."""
        floor, now = state.day.floor, state.day.now
        waiting = [
            t for q in floor.lanes.values() for t in sorted(q.tickets.values(), key=lambda t: floor.turn(t, now))
        ]
        serving = sorted((t for t in floor.tickets.values() if t.state == "serving"), key=lambda t: t.terminal or "")
        ended = [t for t in floor.tickets.values() if t.state not in ("waiting", "serving")]
        ended.sort(key=lambda t: (t.ended_at or now, t.number), reverse=True)
        return {"": [*waiting, *serving, *ended], "waiting": waiting, "serving": serving, "ended": ended}[part]

    def _row(self, state: ConsoleState, t: Ticket) -> Row:
        floor = state.day.floor
        turn, wait = state.day.calling_turns().get(t.number), wait_s(t, state)
        lane = floor.site.lane_by_code[floor.lane_of(t)]
        target = floor.site.wait_target_s(lane.code)
        over = t.state == "waiting" and wait is not None and wait > target
        ahead = t.state == "waiting" and t.due_at is not None and t.due_at > state.day.now
        word = (
            state.day.floor.site.outcome_word(t.outcome)
            if t.state == "finished" and t.outcome
            else TICKET_STATES[t.state]
        )
        if t.state == "serving" and t.terminal and busy_untold(floor, floor.terminals[t.terminal], state.day.now):
            word = CALLED
        lost = t.state == "waiting" and t.number in state.day.grounds().never_called(lane.code)
        # A mark takes the place of the word: the minutes and the appointment beside it say that it waits.
        marks = self._marks(state, t) if t.state == "waiting" and not lost else []
        service = floor.site.service_by_code[t.service].short if t.service else "不明"
        return Row(
            floor.key_of(t),
            (t.number, "strong"),
            ("" if turn is None else str(turn), "strong" if turn == 1 else "text"),
            (
                marks[0] if marks else "予約前" if ahead else "未呼出" if lost else word,
                "warn" if marks else "dim" if ahead else "bad" if lost else _STATE_ROLES[t.state],
            ),
            ("-" if ahead else minutes_word(wait), "bad" if over else "strong" if t.state == "waiting" else "dim"),
            (
                _fitted(service, t.cards),
                lane_role(floor.site, lane.code) if t.state in ("waiting", "serving") else "dim",
            ),
            (hm(t.appointment or ""), "text"),
            (t.terminal or "", "text" if t.state == "serving" else "dim"),
            (hm(t.issued_at) if t.issued_at else "-", "dim"),
            *self._call(state, t, lane.code),
            (self._note(state, t), "warn"),
        )

    @staticmethod
    def _call(state: ConsoleState, t: Ticket, lane: str) -> tuple[Span, Span]:
        """Return the times of the call and of the end; for a waiting number the median and the 90th percentile of its wait."""
        told = state.forecasts.waits().get(lane)
        wait = told.each.get(t.number) if told is not None and t.state == "waiting" else None
        if wait is not None:
            return (
                (minutes_cell(wait.p50_s), "strong"),
                ("--" if wait.p90_s is None else minutes_cell(wait.p90_s).removesuffix("後"), "text"),
            )
        told_end = t.ended_at is not None and not (t.by_rule and t.untimed)  # else nobody tells when
        return (hm(t.called_at) if t.called_at else "-", "dim"), (
            hm(t.ended_at) if told_end and t.ended_at else "",
            "dim",
        )

    @staticmethod
    def _marks(state: ConsoleState, t: Ticket) -> list[str]:
        """Return what is to be minded of a number: that many later ones were called, then its remarks."""
        floor = state.day.floor
        passed = state.day.grounds().passed.get(floor.lane_of(t), {}).get(t.number)
        return [*([f"{passed}人先に"] if passed else []), *remark_words(floor.site, t)]

    def _note(self, state: ConsoleState, t: Ticket) -> str:
        floor = state.day.floor
        notes = []
        if t.state == "waiting" and t.service in state.day.grounds().services:
            notes.append("障害中")
        notes += self._marks(state, t)
        if t.carried_from is not None:
            notes.append("前日から")
        if t.recalls:
            notes.append("再呼出")
        if t.state == "serving" and t.terminal and floor.at_city(t.terminal) is not None:
            notes.append("引継ぎ")
        grace = floor.site.thresholds.appointment_late_s
        if t.due_at and t.issued_at and (t.issued_at - t.due_at).total_seconds() > grace:
            notes.append("遅れ")
        told = state.forecasts.waits().get(floor.lane_of(t))
        last = told is not None and told.last_ticket == t.number and t.state == "waiting"
        if last and self.app.size.width >= _LAST_FROM:
            notes.append(LAST_PERSON)
        return " ".join(notes)

    def summary(self, state: ConsoleState) -> list[Span]:
        floor = state.day.floor
        found: list[Span] = []
        if self.filter:
            found.append((FILTERS[self.filter], "warn"))
        for lane in floor.site.lanes:
            n = floor.lanes[lane.code].waiting
            if n or lane.code in floor.site.movable_lanes:
                found.append((f"{lane.name} {n}", lane_role(floor.site, lane.code) if n else "dim"))
        g = state.day.grounds()
        found += [(text, "warn") for text in g.sentences(floor.site, g.withheld)]
        uncalled = sum(len(numbers) for numbers in g.uncalled.values())
        if uncalled:
            found.append((f"呼ばれない番号 {uncalled}", "warn"))
        heads = [h for q in floor.lanes.values() for h in q.heads]
        if heads:
            since = min(h.since for h in heads)
            found.append((f"番号なし {sum(h.n for h in heads)}人 {hm(since)}から", "warn"))
        self._forget()
        if self.typed:
            found.insert(0, (f"探す {self.typed}_", "warn"))
        return found

    def under(self, height: int) -> int:
        """Return the rows of the panel of the chosen number: the list comes first, and needs a tall screen whole."""
        return height // 6 if height >= _PANEL_FROM else 0

    def detail(self, state: ConsoleState, width: int) -> list[Words]:
        floor = state.day.floor
        t = floor.tickets.get(self.key)
        if t is None:
            return []
        case = {e.code for e in floor.escalations.values() if e.ticket == t.number}

        def holds(entry: Entry) -> bool:
            fact = entry.fact
            return getattr(fact, "ticket", None) == t.number or getattr(fact, "escalation", None) in case

        entries = about(state, f"number {t.number}", holds)
        service = floor.site.service_by_code[t.service].name if t.service else "用件不明"
        return [titled(t.number, service, f"この番号の今日の記録 {len(entries)}件"), *recorded(state, entries)]

    def opened(self, key: str) -> None:
        self.app.perform("ticket_menu")

    def foot_actions(self) -> list[Action]:
        found = super().foot_actions()
        if self.state.ready and self.state.day.grounds().uncalled:
            found.insert(1, BY_ID["ticket_never_called"])
        return found

    def takes(self, key: str) -> bool:
        self._forget()
        if key.isascii() and key.isdigit():
            self._search((self.typed + key)[-6:])
        elif key == "backspace" and self.typed:
            self._search(self.typed[:-1])
        elif key == "escape" and self.typed:
            self._search("")
        elif key == "escape" and self.filter and not self.state.looking_back:
            self._show_only("")
        elif key in ("tab", "shift+tab"):
            self._show_only(turned([*FILTERS], self.filter, 1 if key == "tab" else -1))
        elif key in ("up", "down") and self.typed and len(self._hits) > 1:
            at = self._hits.index(self.key) if self.key in self._hits else -1
            self.choose(self._hits[(at + (1 if key == "down" else -1)) % len(self._hits)])
            self._typed_at = self.state.settings.clock()
        else:
            self.typed = ""
            return super().takes(key)
        return True

    def _show_only(self, name: str) -> None:
        """Show one part of the list; the cursor stays on its number where that is still shown."""
        self.filter = name
        self.narrow()
        self.state.line.say(f"{FILTERS[name]}   Tab で切り替え")

    def _forget(self) -> None:
        """Drop digits that were typed a while ago: they are no part of the next number."""
        if self._typed_at is not None and self.state.settings.clock() - self._typed_at > _FORGET:
            self.typed, self._typed_at = "", None

    def find(self) -> bool:
        """Ask for a number with its letter."""
        self.app.start(self._ask_number(Ask(self.app)))
        return True

    async def _ask_number(self, ask: Ask) -> None:
        wanted = folded(await ask.text("番号を探す", "B041 のように", finds=True))
        self._search(wanted)
        self.typed = ""
        if not self._hits:
            self.state.line.say(f"{wanted} の番号はありません", "warn")

    def go_to(self, key: str) -> None:
        """Put the cursor on a number; show all numbers where it is not among those shown."""
        self.typed, self._typed_at = "", None
        if self.filter and key not in [r.key for r in self._listed(self.state, self.filter)]:
            self.filter = ""
            self.narrow()
        self.choose(key)

    def _search(self, typed: str) -> None:
        """Move the cursor to the first hit; show all numbers where it is not among those shown.

        While what was typed names no number none is chosen; with it taken back, what was chosen before is again.
        """
        self._was = self.key or (self._was if self.typed else "")
        self.typed, self._typed_at = typed, self.state.settings.clock()
        self.state.line.say("")
        self._hits = found_by(typed, [r.key for r in self._listed(self.state, self.filter)])
        more = ""
        if not self._hits and self.filter:
            self._hits = found_by(typed, [r.key for r in self._listed(self.state, "")])
            if self._hits:
                more, self.filter = "  絞り込みを外しました", ""
        if not self._hits:
            self.choose("" if typed else self.key or self._was)
        if not typed.strip("0") and not self._hits:
            self.state.pending.refused = bool(typed)  # noughts alone may be the beginning of a number
            return
        if not self._hits:
            self.state.refuse(f"{typed} の番号はありません")
            return
        self.choose(self._hits[0])
        if 1 < len(self._hits) <= _FEW:
            more = f"  ほか {' '.join(self._hits[1:])}（下の矢印で次）{more}"
        self.state.line.say(f"{self._hits[0]}{more}" if more else "")

    # ---- appointments

    def draw_side(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        states = self._slots(state)
        coming = next((i for i, s in enumerate(states) if s.at >= state.day.now), len(states))
        head = Line([("時刻  予約  枚 来庁 待ち", "dim")])
        lay_lines(c, [*self._totals(state), *([head] if states else [])], x + 1, y, width - 2)
        lay_rows(c, len(states), coming, self._slot_line(state), x + 1, y + 4, width - 2, rows - 6, name="")

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        lay_lines(c, self._totals(state, named=True), 1, y, c.width - 2)

    @staticmethod
    def _slots(state: ConsoleState) -> list[appointments.SlotState]:
        floor, register = state.day.floor, state.day.register
        return state.day.once("slots", lambda: appointments.slot_states(floor, register))

    def _slot_line(self, state: ConsoleState) -> Callable[[int], Line]:
        """Return the line of each time: booked, arrived, waiting; due and late ones are emphasised."""
        states, now = self._slots(state), state.day.now
        late = {s.at for s in appointments.late(state.day.floor, states, now)}
        due = {s.at for s in appointments.due_within(states, now)}

        def line(n: int) -> Line:
            s = states[n]
            role = "warn" if s.at in late else "strong" if s.at in due else "dim"
            text = f"{hm(s.at):>5} {s.booked or '-':>4} {s.cards or '-':>3} {s.came:4d} {s.waiting:4d}"
            return Line([(text, role)], right=[("遅れ", "warn")] if s.at in late else [])

        return line

    def _totals(self, state: ConsoleState, *, named: bool = False) -> list[Line]:
        """Return the appointments of the day, of the next half hour, and the late ones; ``named`` adds their times."""
        floor, now, states = state.day.floor, state.day.now, self._slots(state)
        head: list[Part] = [("予約", "strong"), ("  ", "text")]
        if not states:
            told = "floorctl appointments import で取り込めます"
            more = (told,) if named else ("floorctl appointments", "import で取り込めます")
            return [Line([*head, ("なし", "dim")]), *(Line([(text, "dim")]) for text in more)]
        due, late = appointments.due_within(states, now), appointments.late(floor, states, now)
        minutes = appointments.booked_minutes(floor, state.day.register, due)
        missing = sum(s.missing for s in late)
        soon = column(f"30分以内 {sum(s.booked for s in due)}件 {length_word(minutes)}", "strong" if due else "dim", 28)
        lacking = column(f"まだ来ない {missing}件", "warn" if missing else "dim", 28)
        who = [Piece([(f"{hm(s.at)} {s.booked}件 来庁{s.came}", "text")]) for s in due] if named else []
        whom = [Piece([(f"{hm(s.at)} {s.missing}件", "warn")]) for s in late[-4:]] if named else []
        booked = f"{sum(s.booked for s in states)}件  来庁 {sum(s.came for s in states)}件"
        return [Line([*head, (booked, "dim")]), Line([*soon, *who]), Line([*lacking, *whom])]
