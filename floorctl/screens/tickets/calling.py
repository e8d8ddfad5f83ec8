"""Calling the next visitor to a terminal: by its key on the board, and at the reception by hand."""

from __future__ import annotations

from floorctl.commands.tickets import next_visitor
from floorctl.console.port import Console
from floorctl.models.facts.day_facts import Entry
from floorctl.screens.asking import choose, send_many


def call_next(app: Console, terminal: str) -> None:
    """Ends the case at a terminal, if there is one, and calls the next of its lane, if anybody waits."""
    floor = app.state.floor
    t = floor.terminals[terminal]
    lane = t.next_lane or t.lane

    def said(entries: list[Entry]) -> str:
        """What really happened: somebody may have been called first by another console."""
        facts = {e.kind: e.fact for e in entries}
        parts = []
        if (done := facts.get("ticket.finished")) is not None:
            parts.append(f"{done.ticket} 完了")  # type: ignore[attr-defined]
        called = facts.get("ticket.called")
        parts.append(f"{called.ticket} を呼びました" if called is not None else "待っている人はいません")  # type: ignore[attr-defined]
        return f"{terminal} {'  '.join(parts)}"

    def go(service: str | None) -> None:
        send_many(app, said, lambda c: next_visitor(c, terminal, service))

    services = [s for s in floor.site.services if s.lane == lane]
    counted_only = floor.next_ticket(lane, app.state.now) is None and floor.lanes[lane].uncounted
    if counted_only and len(services) > 1 and floor.state(terminal) in ("free", "serving"):
        # Nobody knows what a counted person came for: it is asked, not guessed.
        choose(app, f"{terminal} 次の人の用件", [(s.code, s.name) for s in services], go)
    else:
        go(None)
