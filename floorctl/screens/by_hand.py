"""j 手受付: the reception by hand when the ticket machine is down: one key a service gives the next number."""

from __future__ import annotations

from typing import ClassVar

from floorctl.models.hours import service_state
from floorctl.screens.asking import first_fact, send
from floorctl.screens.base import View
from floorctl.state import ConsoleState, lane_role
from floorctl.widgets.canvas import Canvas, pad
from floorctl.words import SERVICE_STATES, hm

KEYS = "123456789abcdefg"


class ByHandView(View):
    heading = "手受付"
    foot: ClassVar[tuple[str, ...]] = ("reception", "count", "queue", "seats")

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        floor, site = state.floor, state.floor.site
        assert state.info is not None
        c.fill(0, 1, c.width, c.height - 3, "panel")
        end = c.put(1, 2, self.heading, "strong")
        c.put(end + 2, 2, "数字を押すと番号を出します   u 取消   Esc 盤面へ", "dim", c.width - end - 3)
        gap, narrow = 2 if c.height >= 30 else 1, c.width < 76
        for n, s in enumerate(site.services[: len(KEYS)]):
            y = 4 + n * gap
            shown = service_state(floor, state.info, s.code, state.now)
            c.target(0, y, c.width, 1, f"service:{n}")
            end = c.put(1, y, f" {KEYS[n]} ", "key")
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

    def takes(self, key: str) -> bool:
        if not self.state.ready:
            return False
        services = self.state.floor.site.services
        if len(key) == 1 and key in KEYS[: len(services)]:
            self._issue(KEYS.index(key))
        elif key == "escape" and self.state.past is None:
            self.app.perform("board")
        else:
            return False
        return True

    def _issue(self, n: int) -> None:
        s = self.state.floor.site.services[n]
        label = lambda es: f"{first_fact(es).ticket} {s.short}"  # noqa: E731 - what it says depends on the number given
        send(self.app, label, "ticket.issued", {"service": s.code})

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "service":
            self._issue(int(rest))
