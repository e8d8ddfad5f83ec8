"""j 手受付: the reception by hand when the ticket machine is down. One key a service gives the next number, one key a
terminal ends its case and calls the next; what was given or called last stands in large figures.

The keys are those of the printed sheets: whoever knows the paper knows the screen.
"""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len

from floorctl.common.words import SERVICE_STATES, TERMINAL_STATES, hm
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.reception_hours import service_state
from floorctl.models.day.paper_keys import desk_keys, service_keys
from floorctl.models.facts.entry import Entry
from floorctl.models.site.hall import Service
from floorctl.screens.asking import Ask, first_fact, send
from floorctl.screens.drawing.canvas import Canvas, fit, pad
from floorctl.screens.drawing.digits import ROWS, big_text
from floorctl.screens.frame import View
from floorctl.screens.tickets.calling import call_next

_LARGE = ROWS + 2  # rows of the large figures with their words


class ByHandView(View):
    heading = "手受付"
    groups: ClassVar[frozenset[str]] = frozenset({"手受付"})
    foot: ClassVar[tuple[str, ...]] = ("paper", "reception", "count", "queue")

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        c.fill(0, 1, c.width, c.height - 3, "panel")
        end = c.put(1, 2, self.heading, "strong")
        c.put(
            end + 2,
            2,
            fit("数字で番号を出す   英字で端末の応対を終えて次を呼ぶ   u 取消   Esc 盤面へ", c.width - end - 3),
            "dim",
        )
        services = state.day.floor.site.services
        roomy = c.height >= 4 + 2 * len(services) + _LARGE + 6
        y = self._draw_services(c, state, 4, 2 if roomy else 1)
        y = self._draw_terminals(c, state, y + 1)
        if c.height - 3 - y >= _LARGE:
            self._draw_last(c, state, y + (c.height - 3 - y - _LARGE) // 2)

    def _draw_services(self, c: Canvas, state: ConsoleState, y: int, gap: int) -> int:
        """A line a service: its key, what waits, the last number. Returns the row below."""
        floor, site = state.day.floor, state.day.floor.site
        keys = {s.code: key for key, s in service_keys(site).items()}
        narrow = c.width < 76
        for n, s in enumerate(site.services):
            shown = service_state(floor, state.day.info, s.code, state.day.now)
            c.target(0, y, c.width, 1, f"service:{n}")
            end = c.put(1, y, f" {keys.get(s.code, ' ')} ", "key")
            end = c.put(end + 1, y, f" {site.lane_by_code[s.lane].letter} ", f"{lane_role(site, s.lane)}_badge")
            end = c.put(
                end + 1, y, pad(s.short, 12) if narrow else pad(s.name, 34), "strong" if shown == "open" else "dim"
            )
            issued = [t for t in floor.tickets.values() if t.service == s.code and t.issued_at]
            waiting = sum(t.service == s.code for t in floor.lanes[s.lane].tickets.values())
            role = {"open": "ok", "stopped": "bad"}.get(shown, "warn")
            closes = site.hours(s.code, floor.day.weekday())[1]
            groups = [
                [(SERVICE_STATES[shown], role), (f" 〜{hm(closes)}", "dim")],
                [("待ち ", "dim"), (f"{waiting}人", "strong" if waiting else "dim")],
                [("発券 ", "dim"), (f"{len(issued)}", "text")],
            ]
            latest = max(issued, key=lambda t: (t.issued_at, t.number), default=None)
            if latest is not None and latest.issued_at is not None:
                groups.append([("最後 ", "dim"), (latest.number, "strong"), (f" {hm(latest.issued_at)}", "dim")])
            c.groups(end + 1, y, groups, c.width - end - 2, 3)
            y += gap
        return y

    def _draw_terminals(self, c: Canvas, state: ConsoleState, y: int) -> int:
        """The terminals as on the keyboard, each with its state or its number. Returns the row below."""
        floor, site = state.day.floor, state.day.floor.site
        keys = {code: key for key, code in desk_keys(site).items()}
        movable = [t.code for t in site.terminals if len(t.lanes) > 1 and t.code in keys]
        others = [code for code in keys if code not in movable]
        in_row = 8 if c.width >= 130 else 4
        width = (c.width - 2) // in_row
        y -= 1
        for n, code in (*enumerate(movable), *enumerate(others)):
            key = keys[code]
            y += n % in_row == 0
            x = 1 + n % in_row * width
            t = floor.terminals[code]
            c.target(x, y, width - 1, 1, f"terminal:{code}")
            end = c.put(x, y, f" {key} ", "key")
            end = c.put(end + 1, y, code, lane_role(site, t.lane))
            said = t.ticket or TERMINAL_STATES[floor.state(code)]
            c.put(end + 1, y, fit(said, x + width - end - 2), "strong" if t.ticket else "dim")
        return y + 1

    def _draw_last(self, c: Canvas, state: ConsoleState, y: int) -> None:
        """What was given or called last, to be read from across the desk."""
        entry = next(
            (
                e
                for e in reversed(state.day.floor.entries)
                if e.kind in ("ticket.issued", "ticket.called") and e.key not in state.day.floor.retracted
            ),
            None,
        )
        if entry is None:
            c.put(2, y + 1, "まだ番号を出していません。業務の数字を押すと、ここに大きく出ます", "dim", c.width - 4)
            return
        number, what = _said(entry)
        rows = big_text(number)
        c.put(2, y, f"{hm(entry.fact.at)} {what}", "dim", c.width - 4)
        if not rows:
            c.put(2, y + 2, number, "strong")
            return
        for n, row in enumerate(rows):
            c.put(4, y + 1 + n, row, "strong")
        x = 4 + max(map(cell_len, rows)) + 4
        c.put(x, y + 2, number, "strong")
        ticket = state.day.floor.tickets.get(number)
        if ticket is not None and ticket.service is not None:
            c.put(x, y + 3, state.day.floor.site.service_by_code[ticket.service].name, "text", c.width - x - 1)

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
        self.app.start(call_next(Ask(self.app), terminal))

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "service":
            self._issue(self.state.day.floor.site.services[int(rest)])
        elif kind == "terminal":
            self._call(rest)


def _said(entry: Entry) -> tuple[str, str]:
    """A number that was issued or called, and which of the two in words."""
    fields = entry.fact.fields()
    if entry.kind == "ticket.called":
        return fields["ticket"], f"{fields['terminal']} に呼びました"
    return fields["ticket"], "番号を出しました"
