"""Act of calling the next visitor to a terminal: by its key on the board, and at the reception by hand."""

from __future__ import annotations

from floorctl.commands.calling import next_visitor
from floorctl.common.words import OUTCOMES
from floorctl.models.board.lane_cover import lane_after
from floorctl.models.facts.entry import Entry
from floorctl.screens.asking import Ask
from floorctl.screens.cases.acts import decided
from floorctl.screens.records.acts import furigana_asked


async def call_next(ask: Ask, terminal: str) -> None:
    """End the case at a terminal, if there is one, and call the next of its lane, if anybody waits."""
    ticket = ask.state.day.floor.terminals[terminal].ticket
    outcome = "done"
    if ticket is not None and await decided(ask, ticket, terminal) and ask.state.day.floor.refused(ticket):
        words = ask.state.day.floor.site.outcome_word
        options = [(k, words(k)) for k in OUTCOMES if k != "desk3"]
        outcome = await ask.choice(f"{terminal} {ticket} の終わり方", options)
    # Where ``decided`` has ended that visitor, the next one is called all the same.
    floor = ask.state.day.floor
    t = floor.terminals[terminal]
    lane = lane_after(floor, t)
    services = [s for s in floor.site.services if s.lane == lane]
    service = None
    if floor.head_is_next(lane, ask.state.day.now) and len(services) > 1 and floor.works(terminal):
        # Nobody knows what a counted person came for: it is asked, not guessed.
        service = await ask.choice(f"{terminal} 次の人の用件", [(s.code, s.name) for s in services])
    await ask.record_all(
        lambda es: _called(es, terminal) + furigana_asked(ask.app, es),
        lambda c: next_visitor(c, terminal, service, outcome),
    )


def _called(entries: list[Entry], terminal: str) -> str:
    """Return the outcome of the recorded facts in words: another console may have called the number first."""
    facts = {e.kind: e.fact for e in entries}
    parts = []
    if (done := facts.get("ticket.finished")) is not None:
        parts.append(f"{done.ticket} {OUTCOMES[done.outcome]}")  # type: ignore[attr-defined]
    called = facts.get("ticket.called")
    parts.append(f"{called.ticket} を呼びました" if called is not None else "待っている人はいません")  # type: ignore[attr-defined]
    return f"{terminal} {'  '.join(parts)}"
