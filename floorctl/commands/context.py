"""What a command looks at, and what it answers with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from floorctl.errors import Refused
from floorctl.models.calendar import DayInfo
from floorctl.models.events import Entry
from floorctl.models.fields import Fact
from floorctl.models.floor import Floor
from floorctl.models.register import Register
from floorctl.models.site import Site
from floorctl.models.ticket import Ticket
from floorctl.models.written import next_number

# A fact to be written: its kind and fields; ``at`` may be among them, else it happens now.
Wish = tuple[str, dict[str, Any]]


@dataclass
class Context:
    """The fresh state inside the write transaction. ``now`` is aware; ``warnings`` are said, not refused."""

    floor: Floor
    register: Register
    info: DayInfo
    now: datetime
    actor: str = "console"
    # Of the whole file, what was taken back included; asked only where one is numbered, since it reads them all.
    highest_escalation: Callable[[], int] = lambda: 0
    highest_incident: Callable[[], int] = lambda: 0
    used_tickets: frozenset[str] = frozenset()
    warnings: list[str] = field(default_factory=list)

    @property
    def site(self) -> Site:
        return self.floor.site

    def need_not_closed(self) -> None:
        """Refuses after the closing, when a fact would be kept but count for nothing."""
        if self.floor.closed_at is not None:
            raise Refused("記録できません", "この日はもう閉場しています", "直すときは再開してください")

    def counting(self) -> dict[str, Any]:
        """Fields of a count of the day, which may still be made when a feed has ended the reception: its instant is then
        that end, since later facts count for nothing. Refuses once the report is closed."""
        self.need_report_open()
        closed_at = self.floor.closed_at
        return {} if closed_at is None else {"at": closed_at}

    def need_report_open(self) -> None:
        """Refuses once the report is closed; that a feed has ended the reception does not stand in the way."""
        if self.floor.report_closed_at is not None:
            self.need_not_closed()

    def need_a_day_of_visitors(self) -> None:
        """Refuses on a closed day that nothing has opened: by its first fact a day would be open."""
        if not self.info.open and self.floor.opened_at is None:
            why = "今日は開場日ではありません"
            raise Refused(
                "記録できません",
                f"{why}（{self.info.reason}）" if self.info.reason else why,
                f"事案とメモは記録できます。{self.info.way_to_open}",
            )

    def need_open(self) -> None:
        """Refuses where the day is not open."""
        self.need_not_closed()
        if self.floor.opened_at is None:
            raise Refused(
                "記録できません",
                "まだ開場していません",
                "先に開場してください（盤面で Enter、または floorctl do day.opened）",
            )

    def ticket(self, number: str) -> Ticket:
        """The ticket of that number, today. Raises Refused."""
        t = self.floor.tickets.get(number)
        if t is None:
            raise Refused(
                f"{number} はありません", "今日この時刻までに発券されていない番号です", "番号を確かめてください"
            )
        return t

    def next_number(self, lane: str) -> str:
        """The next number given by hand: the lane's letter and 3 digits, unused today over all sources."""
        found = self.site.lane_by_code[lane]
        return f"{found.letter}{next_number(self.used_tickets | self.floor.tickets.keys(), found):03d}"


SUBJECT_FIELDS = ("ticket", "terminal", "escalation", "incident")


def subjects(fact: Fact) -> set[tuple[str, str]]:
    """What a fact is about: its ticket, terminal, escalation, incident; the reception of a service, the day."""
    # A field that a model does not have costs pydantic's getattr 2 us, too much for every fact of a day.
    fields = fact.__dict__
    found = {(f, v) for f in SUBJECT_FIELDS if (v := fields.get(f)) is not None}
    kind: str = fact.kind  # type: ignore[attr-defined]
    if kind.startswith("reception."):
        found.add(("reception", fields["service"]))
    elif kind in ("day.closed", "day.reopened"):
        found.add(("day", ""))
    return found


def last_about(floor: Floor, about: Iterable[tuple[str, str]]) -> Entry | None:
    """The last fact of the day, in order, on any of these subjects that has not been taken back."""
    wanted = set(about)
    for e in reversed(floor.entries) if wanted else ():
        if e.key not in floor.retracted and wanted & subjects(e.fact):
            return e
    return None
