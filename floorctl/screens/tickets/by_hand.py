"""j 手受付: the reception by hand when the ticket machine is down.

One key a service issues the next number, one key a terminal ends its case and calls the next; the last number is shown
in large figures. The keys are those of the printed sheets: whoever knows the paper knows the screen.
"""

from __future__ import annotations

from typing import ClassVar

from floorctl.common.action_keys import keyed
from floorctl.common.words import SERVICE_STATES, hm
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.reception_hours import service_state
from floorctl.models.board.told import arrivals_untold, heads_alone, state_word
from floorctl.models.day.paper_keys import desk_keys, service_keys
from floorctl.models.facts.entry import Entry
from floorctl.models.site.hall import Service
from floorctl.screens.asking import Ask, first_fact, may_write, send
from floorctl.screens.drawing.canvas import Canvas, Span, pad, tail
from floorctl.screens.drawing.digits import ROWS, big_text
from floorctl.screens.drawing.panel import From, Line, Piece, hints, lay_line
from floorctl.screens.drawing.rows import apart, lay_lines
from floorctl.screens.frame import View
from floorctl.screens.tickets.calling import call_next

_LARGE = ROWS + 2  # rows of the large figures with their words
_STATE_ROLES = {"open": "ok", "stopped": "bad"}
_KEYS = "数字で番号を出す  英字で端末の応対を終えて次を呼ぶ  {undo} 取消  Esc 盤面へ"


class ByHandView(View):
    """Services with their waits, terminals with their numbers, the last number in large figures."""

    heading = "手受付"
    groups: ClassVar[frozenset[str]] = frozenset({"手受付"})
    foot: ClassVar[tuple[str, ...]] = ("paper", "reception", "count", "queue")

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        site = state.day.floor.site
        c.fill(0, 1, c.width, c.height - 3, "panel")
        lay_line(c, Line([(self.heading, "strong"), 2, *hints(keyed(_KEYS))]), 1, 2, c.width - 1)
        in_row = self._in_row(c)
        desks = sum(-(-len(codes) // in_row) for codes in self._desks(state))
        y, gap = 4, 2 if c.height >= 4 + 2 * len(site.services) + desks + _LARGE + 3 else 1
        for n, s in enumerate(site.services):
            c.target(0, y, c.width, 1, f"service:{n}")
            lay_line(c, self._service(state, s), 1, y, c.width - 1, c.width)
            y += gap
        y = self._lay_terminals(c, state, y + 1)
        if c.height - 3 - y >= _LARGE:
            lay_lines(c, self._last(state), 2, y + (c.height - 3 - y - _LARGE) // 2, c.width - 3)

    @staticmethod
    def _service(state: ConsoleState, s: Service) -> Line:
        """Return the line of a service: its key, what waits, the last number."""
        floor, site = state.day.floor, state.day.floor.site
        key = next((key for key, x in service_keys(site).items() if x.code == s.code), " ")
        shown = service_state(floor, state.day.info, s.code, state.day.now)
        name_role = "strong" if shown == "open" else "dim"
        issued = [t for t in floor.tickets.values() if t.service == s.code and t.issued_at]
        q = floor.lanes[s.lane]
        waiting = sum(t.service == s.code for t in q.tickets.values())
        # Of people who were only counted nobody tells for which service they came.
        unseen = arrivals_untold(q, state.day.now) or heads_alone(q)
        waits = "-" if not waiting and (unseen or q.uncounted) else f"{waiting}人"
        numbers = "-" if unseen and not issued else str(len(issued))
        closes = site.hours(s.code, floor.day.weekday())[1]
        pieces = [
            Piece([(SERVICE_STATES[shown], _STATE_ROLES.get(shown, "warn")), (f" 〜{hm(closes)}", "dim")]),
            Piece([("待ち ", "dim"), (waits.ljust(3), "strong" if waiting else "dim")]),
            Piece([("発券 ", "dim"), (numbers.ljust(3), "text")]),
        ]
        latest = max(issued, key=lambda t: (t.issued_at, t.number), default=None)
        if latest is not None and latest.issued_at is not None:
            pieces.append(
                Piece([("最後 ", "dim"), (tail(latest.number, 10), "strong"), (f" {hm(latest.issued_at)}", "dim")])
            )
        lane: Span = (f" {site.lane_by_code[s.lane].letter} ", f"{lane_role(site, s.lane)}_badge")
        name = From(76, [(pad(s.name, 32), name_role)], [(pad(s.short, 12), name_role)])
        return Line([*apart([(f" {key} ", "key"), lane]), (" ", "text"), name, *pieces], gap=3)

    @staticmethod
    def _in_row(c: Canvas) -> int:
        return 8 if c.width >= 130 else 4 if c.width >= 68 else 3

    @staticmethod
    def _desks(state: ConsoleState) -> tuple[list[str], list[str]]:
        """Return the terminals that move between lanes, and the others."""
        found = state.day.floor.site.terminals
        return [t.code for t in found if len(t.lanes) > 1], [t.code for t in found if len(t.lanes) <= 1]

    def _lay_terminals(self, c: Canvas, state: ConsoleState, y: int) -> int:
        """Draw the terminals as on the keyboard, each with its state or its number; return the row below.

        Where there are more terminals than letters, the last ones stand without one, to be clicked.
        """
        floor, site = state.day.floor, state.day.floor.site
        keys = {code: key for key, code in desk_keys(site).items()}
        in_row = self._in_row(c)
        width = (c.width - 2) // in_row
        for codes in self._desks(state):
            for n, code in enumerate(codes):
                t, x, row = floor.terminals[code], 1 + n % in_row * width, y + n // in_row
                number = tail(t.ticket or "", width - len(code) - 6)
                word = state_word(floor, code, state.day.now)
                said: Span = (number, "strong") if t.ticket else (word, "dim")
                c.target(x, row, width - 1, 1, f"terminal:{code}")
                key: Span = (f" {keys[code]} ", "key") if code in keys else ("   ", "text")
                cells = apart([key, (code, lane_role(site, t.lane)), said])
                lay_line(c, Line(cells), x, row, x + width - 1)
            y -= -len(codes) // in_row
        return y

    @staticmethod
    def _last(state: ConsoleState) -> list[list[Span]]:
        """Return what was issued or called last, to be read from across the desk."""
        floor = state.day.floor
        calls = (e for e in reversed(floor.entries) if e.kind in ("ticket.issued", "ticket.called"))
        entry = next((e for e in calls if e.key not in floor.retracted), None)
        if entry is None:
            return [[], [("まだ番号を出していません（業務の数字を押すと出ます）", "dim")]]
        number, what = _said(entry)
        ticket = floor.tickets.get(number)
        service = floor.site.service_by_code[ticket.service].name if ticket is not None and ticket.service else ""
        head: list[Span] = [(f"{hm(entry.fact.at)} {what}", "dim")]
        rows = big_text(number)
        if not rows:
            return [head, [], [(number, "strong")]]
        beside: list[Span] = [("", "text"), (number, "strong"), (service, "text")]
        return [
            head,
            *([("  ", "text"), (row, "strong"), ("    ", "text"), b] for row, b in zip(rows, beside, strict=True)),
        ]

    def takes(self, key: str) -> bool:
        if not self.state.ready:
            return False
        site = self.state.day.floor.site
        services, desks = service_keys(site), desk_keys(site)
        if key in services:
            self._issue(services[key])
        elif key in desks:
            self._call(desks[key])
        elif key == "escape" and not self.state.looking_back:
            self.app.perform("board")
        else:
            return False
        return True

    def _issue(self, s: Service) -> None:
        send(self.app, lambda es: f"{first_fact(es).ticket} {s.short}", "ticket.issued", {"service": s.code})

    def _call(self, terminal: str) -> None:
        if may_write(self.app):
            self.app.start(call_next(Ask(self.app), terminal))

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "service":
            self._issue(self.state.day.floor.site.services[int(rest)])
        elif kind == "terminal":
            self._call(rest)


def _said(entry: Entry) -> tuple[str, str]:
    """Return the number that an entry issues or calls, and a word for which of the two."""
    fields = entry.fact.fields()
    if entry.kind == "ticket.called":
        where = fields["terminal"]
        return fields["ticket"], f"{where} に呼びました" if where else "呼びました（端末不明）"
    return fields["ticket"], "番号を出しました"
