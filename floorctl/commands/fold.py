"""The fold: facts to the Floor of a day, whole or kept up to date at the least cost, and to the Register. Pure."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from floorctl.commands import by_subject  # noqa: F401 - fills EVOLVE
from floorctl.commands.deciders import EVOLVE
from floorctl.common.clock import business_day
from floorctl.common.errors import StoreError
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Carried
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry, order
from floorctl.models.facts.fields import BY_HAND
from floorctl.models.facts.own_numbers import Numbers
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

# Recorded while the hall is made ready.
_BEFORE_THE_DOORS = ("staff.changed", "officials.changed", "terminal.staffed")


def apply(floor: Floor, entry: Entry) -> None:
    """Evolve the Floor by one fact; facts must come in their order (``entry.order``), without retracted ones."""
    floor.entries.append(entry)
    at = entry.fact.at
    floor.last_fact_at = at if floor.last_fact_at is None else max(floor.last_fact_at, at)
    if entry.source not in floor.sources or at > floor.sources[entry.source]:
        floor.sources[entry.source] = at
    if entry.kind in ev.REGISTER_KINDS or entry.kind == "retracted":
        return
    if floor.closed_at is not None and not _stands_after_close(floor, entry):
        floor.after_close.append(entry)
        return
    _evolve(floor, entry)


def _stands_after_close(floor: Floor, entry: Entry) -> bool:
    """Return whether a fact after the close still counts.

    A feed closes the reception only: facts of the report, its close, and the console's facts of people, who leave after
    the reception has ended, still count.
    """
    if entry.kind == "day.reopened":
        return True
    by_hand = entry.source == BY_HAND and entry.kind in ("day.closed", "staff.changed")
    return (by_hand or entry.kind in ev.CLOSING_KINDS) and floor.report_closed_at is None


def _evolve(floor: Floor, entry: Entry) -> None:
    at = entry.fact.at
    if floor.opened_at is None and entry.kind != "day.closed" and entry.kind not in ev.PREPARING_KINDS:
        floor.opened_at = at
        floor.mark_terminals(at)
    EVOLVE[entry.kind](floor, entry, entry.fact)
    if entry.kind == "day.reopened":
        _count_again(floor)
    floor.prepared = floor.prepared and (entry.kind in ev.PREPARING_KINDS or entry.kind in _BEFORE_THE_DOORS)
    if entry.kind.startswith(("ticket.", "terminal.")):
        floor.mark_terminals(at)
    waiting = 0
    for q in floor.lanes.values():
        n = q.waiting
        waiting += n
        if not q.history or q.history[-1][1] != n:
            q.history.append((at, n))
    persons = waiting if floor.visitors is None else max(0, floor.visitors)
    if persons != (floor.crowd[-1][1] if floor.crowd else 0):
        floor.crowd.append((at, persons))


def _count_again(floor: Floor) -> None:
    """Evolve the Floor by what happened while the day was closed by mistake, as if it had never been closed."""
    held, floor.after_close = floor.after_close, []
    for e in held:
        if e.kind == "day.closed":
            continue  # closed twice, reopened once: open
        _evolve(floor, e) if floor.closed_at is None else floor.after_close.append(e)


class DayFold:
    """Facts of one day and the Floor that they fold into, kept up to date at the least cost.

    Facts that come in order are applied in place. A late fact or a retraction costs one refold of the day, when the Floor
    is next asked for: of a file of which much is read at once, one for all.
    """

    def __init__(
        self, site: Site, day: date, entries: Iterable[Entry] = (), carried: Mapping[str, Carried] | None = None
    ) -> None:
        self.site, self.day, self._carried = site, day, carried
        self._entries: list[Entry] = []
        self._keys: set[tuple[str, str]] = set()
        self._numbers: set[str] = set()
        self._issued: dict[str, datetime] = {}
        self.unmet = False  # whether a number is named before any issue, and nobody has said what the day before knows
        self._given: set[str] = set()
        self._targets: set[tuple[str, str]] = set()  # of all retractions, whether their fact has come or not
        self._floor = Floor(site, day, carried)
        self.late = False  # whether the next one who asks for the Floor waits for a refold
        self.add(entries)

    @property
    def floor(self) -> Floor:
        """Return the Floor of all facts."""
        if self.late:
            self._fold_again()
        return self._floor

    def _fold_again(self) -> None:
        self._floor = fold(self.site, self.day, self._entries, self._carried)
        self.late = False

    def carry(self, carried: Mapping[str, Carried]) -> None:
        """Fold the day again with what the day before knows of its numbers."""
        self._carried, self.unmet, self.late = carried, False, True

    def add(self, entries: Iterable[Entry]) -> None:
        """Add facts of this day, in any order; a known fact changes nothing."""
        fresh = {e.key: e for e in entries if e.key not in self._keys}
        if not fresh:
            return
        new = sorted(fresh.values(), key=order)
        self._keys.update(fresh)
        named = [(e, n) for e in new if (n := getattr(e.fact, "ticket", None)) is not None]
        self._numbers.update(n for _, n in named)
        self.unmet = self.unmet or (self._carried is None and names_unissued(fresh.values(), self._issued))
        self._given.update(n for e, n in named if e.source == BY_HAND and e.kind == "ticket.issued")
        backs = [e.fact for e in new if e.kind == "retracted"]
        self._targets.update((f.target_source, f.target) for f in backs if isinstance(f, ev.Retracted))
        in_order = not self._entries or order(self._entries[-1]) < order(new[0])
        if in_order and self._targets.isdisjoint(fresh) and not backs:
            self._entries.extend(new)
            if not self.late:
                for e in new:
                    self._apply(self._floor, e)
                return
        elif len(new) > 64:
            self._entries = sorted([*self._entries, *new], key=order)
        else:
            for e in new:
                insort(self._entries, e, key=order)
        self.late = True
        if any(code not in getattr(self.site, table) for e in new for _, table, code in e.fact.named_codes()):
            self._fold_again()  # who adds a fact that cannot be folded hears of it

    @staticmethod
    def _apply(floor: Floor, e: Entry) -> None:
        if e.key in floor.retracted:
            floor.entries.append(e)
            return
        try:
            apply(floor, e)
        except KeyError:
            raise StoreError(
                f"通し番号 {e.seq} の記録を読めません",
                "会場設定にないコードがあります",
                "--site を確かめ、floorctl doctor で調べてください",
            ) from None

    def until(self, at: datetime) -> Floor:
        """Return the Floor at ``at``: of facts with at <= ``at``, whenever recorded."""
        return fold(self.site, self.day, [e for e in self._entries if e.fact.at <= at], self._carried)

    def first(self, n: int) -> Floor:
        """Return the Floor after the first ``n`` facts of the day, in their order."""
        return fold(self.site, self.day, self._entries[:n], self._carried)

    def place(self, entry: Entry) -> int:
        """Return how many facts of the day come up to and with ``entry``, in their order; a late one before it adds one."""
        return bisect_right(self._entries, order(entry), key=order)

    def count_until(self, at: datetime) -> int:
        """Return how many facts of the day had happened at ``at``."""
        return bisect_right(self._entries, at, key=lambda e: e.fact.at)

    def ticket_numbers(self) -> Numbers:
        """Return every ticket number that a fact of the day names, taken back or not, and those given by hand."""
        return Numbers(frozenset(self._numbers), frozenset(self._given))

    def __len__(self) -> int:
        return len(self._entries)


class Walk:
    """Walk through a day in the order of its facts, with other facts in between: the hall as it was, and as it would be.

    ``floor`` is the Floor of the day (whole); it is not changed.
    """

    def __init__(self, floor: Floor) -> None:
        self.floor = Floor(floor.site, floor.day, floor.carried)
        self.floor.retracted, self.floor.taken_back = dict(floor.retracted), dict(floor.taken_back)
        self._rest = deque(floor.entries)

    def until(self, entry: Entry | None = None) -> Floor:
        """Return the Floor just before ``entry``, or at the end of the day."""
        while self._rest and (entry is None or order(self._rest[0]) < order(entry)):
            DayFold._apply(self.floor, self._rest.popleft())
        return self.floor

    def tell(self, entry: Entry) -> None:
        """Evolve the Floor by one more fact, at the present place of the walk."""
        apply(self.floor, entry)


def fold(site: Site, day: date, entries: Iterable[Entry], carried: Mapping[str, Carried] | None = None) -> Floor:
    """Fold the Floor of a day from its facts in any order; the same facts always give the same Floor.

    ``carried``: what the day before knows of its numbers (``carried_over``).
    """
    ordered = sorted(entries, key=order)
    floor = Floor(site, day, carried)
    present = {e.key: e for e in ordered}
    for e in ordered:
        if e.kind == "retracted" and isinstance(e.fact, ev.Retracted):
            key = (e.fact.target_source, e.fact.target)
            if key not in present:
                continue  # an incident of another day: the Register's to take back
            if isinstance(present[key].fact, ev.Retracted) or key in floor.retracted:
                floor.anomalies[e.key] = "not_retractable"
            else:
                floor.retracted[key], floor.taken_back[e.key] = e, present[key]
    for e in ordered:
        DayFold._apply(floor, e)
    return floor


def names_unissued(entries: Iterable[Entry], issued: dict[str, datetime]) -> bool:
    """Return whether facts of a day name a number before its first issue, or without one; ``issued`` learns the issues."""
    named: list[tuple[str, datetime]] = []
    for e in entries:
        number, at = getattr(e.fact, "ticket", None), e.fact.at
        if number is None:
            continue
        if e.kind == "ticket.issued":
            issued[number] = min(at, issued.get(number, at))
        else:
            named.append((number, at))
    return any(number not in issued or at < issued[number] for number, at in named)


def carried_over(floor: Floor) -> dict[str, Carried]:
    """Return the numbers of a day that may be met on the next one: those that were not finished, with their service."""
    found = {}
    for number, t in floor.tickets.items():
        since = t.carried_from or t.issued_at or t.first_seen_at
        if t.service is not None and since is not None and t.state != "finished" and number == t.number:
            found[number] = Carried(t.service, since)
    return found


def fold_register(entries: Iterable[Entry]) -> Register:
    """Fold the Register from its facts and the retractions of the file, in any order."""
    ordered = sorted(entries, key=order)
    backs = [e.fact for e in ordered if e.kind == "retracted"]
    gone = {(f.target_source, f.target) for f in backs if isinstance(f, ev.Retracted)}
    register = Register()
    register.gone = gone
    for e in ordered:
        if e.kind in ev.REGISTER_KINDS and e.key not in gone:
            EVOLVE[e.kind](register, e, e.fact)
    return register


def register_entries(entries: Iterable[Entry], day: date) -> list[Entry]:
    """Return the entries that the report of a day sees: facts of later days belong to later reports."""
    return [e for e in entries if e.kind == "retracted" or business_day(e.fact.at) <= day]
