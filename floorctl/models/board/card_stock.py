"""The card stock as counts: the expected number against the counted one (SPEC 2.3). No card has a number here."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from floorctl.common.incident_policies import CARD_DIFFERENCE, MISSING_CARD
from floorctl.models.day.floor import Floor
from floorctl.models.facts.counts import CardsCounted
from floorctl.models.register.register import Register


class Expected(NamedTuple):
    """Stock by the records. ``left_before`` is None if it was never counted."""

    left_before: int | None
    counted_on: date | None  # the earlier day of that count
    issued: int

    def left(self, f: CardsCounted) -> int | None:
        """Return the cards left after this day's movements, or None."""
        return None if self.left_before is None else self.left_before + f.received - f.issued - f.returned


class Difference(NamedTuple):
    """Difference of a count from the records, in cards.

    ``missing``: expected but not counted (negative: surplus). ``issued``: handed over beyond the records.
    """

    missing: int
    issued: int
    counted: CardsCounted
    expected: Expected

    @property
    def category(self) -> str:
        """Return the category of its incident: a missing card may be lost (個人情報の紛失)."""
        return MISSING_CARD if self.missing > 0 else CARD_DIFFERENCE

    @property
    def text(self) -> str:
        """Return the difference with its figures: the draft of an incident's summary."""
        f, parts = self.counted, []
        if self.missing:
            word = "不足" if self.missing > 0 else "多い"
            parts.append(f"残 {f.left}枚、計算上は {self.expected.left(f)}枚（{abs(self.missing)}枚{word}）")
        if self.issued:
            word = "多い" if self.issued > 0 else "少ない"
            parts.append(f"交付 {f.issued}枚、記録は {self.expected.issued}枚（{abs(self.issued)}枚{word}）")
        return f"カード在庫の照合: {'。'.join(parts)}"


def expected(floor: Floor, register: Register) -> Expected:
    """Return the stock by the records of the day and the last count of an earlier day."""
    before = max((d for d in register.cards if d < floor.day), default=None)
    return Expected(register.cards[before].left if before else None, before, cards_issued(floor))


def cards_issued(floor: Floor) -> int:
    """Return the cards handed over today: of finished tickets, and of hand tallies without a ticket.

    Tallies that reach the tickets' cards, where no ticket gives its own work, count the same cards: they are not added.
    """
    tickets = [t for t in floor.tickets.values() if t.outcome == "done" and floor.lane_of(t) in floor.site.card_lanes]
    items = [w.code for w in floor.site.work_items if w.lane in floor.site.card_lanes]
    by_ticket, by_hand = sum(t.cards for t in tickets), sum(floor.work[code] for code in items)
    told = any(t.work.get(code) for t in tickets for code in items)
    return by_hand if by_hand >= by_ticket and not told else by_ticket + by_hand


def difference(floor: Floor, register: Register, counted: CardsCounted) -> Difference | None:
    """Return the difference of a count of the day from what is expected, or None."""
    due = expected(floor, register)
    left = due.left(counted)
    found = Difference(0 if left is None else left - counted.left, counted.issued - due.issued, counted, due)
    return found if found.missing or found.issued else None
