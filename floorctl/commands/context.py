"""What a command looks at, and what it answers with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from floorctl.common.errors import Refused
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.day import ReceptionResumed, ReceptionStopped
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.own_numbers import MOST_OF_FILE, MOST_TICKETS, HandNumbers, Numbers, next_of
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import DayInfo
from floorctl.models.site.site import Site

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
    escalation_numbers: Callable[[], Numbers] = Numbers
    incident_numbers: Callable[[], Numbers] = Numbers
    tickets: Numbers = field(default_factory=Numbers)  # of the day
    own: set[str] = field(default_factory=set)  # numbers that were given for this act
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
        used = Numbers(self.tickets.used | self.floor.tickets.keys(), self.tickets.given)
        hand = HandNumbers(used, found.letter)
        n = hand.after()
        if n is None:
            raise Refused(
                f"{found.name}の番号を出せません",
                f"今日は {hand.text(1)} から {hand.text(MOST_TICKETS)} まで、すべて使われています",
                f"番号を決めて出してください（floorctl do ticket.issued service=業務 ticket={found.letter}-1 など）",
            )
        self.own.add(hand.text(n))
        return hand.text(n)

    def next_escalation(self) -> str:
        """The next case of the file, ``E-n``. Raises Refused when all are used."""
        return self._next("E-", self.escalation_numbers(), "引継ぎ", "案件番号", "escalation")

    def next_incident(self) -> str:
        """The next incident of the file, ``I-n``. Raises Refused when all are used."""
        return self._next("I-", self.incident_numbers(), "事案", "事案番号", "incident")

    def next_meeting(self) -> str:
        """The next meeting of the file, ``M-n``. Raises Refused when all are used."""
        known = frozenset(self.register.meetings)
        return self._next("M-", Numbers(known, known), "会議", "会議番号", "meeting")

    def _next(self, prefix: str, numbers: Numbers, thing: str, word: str, field_name: str) -> str:
        found = next_of(numbers, prefix)
        if found is None:
            raise Refused(
                f"{thing}を記録できません",
                f"{word}は {prefix}1 から {prefix}{MOST_OF_FILE} まで、すべて使われています",
                f"番号を決めて floorctl do で記録してください（{field_name}=番号）",
            )
        self.own.add(found)
        return found

    def stands(self, number: str) -> bool:
        """Whether a number of a ticket, a case, an incident or a meeting was given by floorctl, in this act or before, or
        stands in the file already."""
        return (
            number in self.own
            or number in self.tickets.used
            or number in self.floor.tickets
            or number in self.floor.escalations
            or number in self.register.incidents
            or number in self.register.meetings
        )


SUBJECT_FIELDS = ("ticket", "terminal", "escalation", "incident")


def subjects(fact: Fact) -> set[tuple[str, str]]:
    """What a fact is about: its ticket, terminal, escalation, incident; the reception of a service, the day."""
    found = {(f, v) for f in SUBJECT_FIELDS if (v := getattr(fact, f, None)) is not None}
    if isinstance(fact, ReceptionStopped | ReceptionResumed):
        found.add(("reception", fact.service))
    elif fact.kind in ("day.closed", "day.reopened"):
        found.add(("day", ""))
    return found


def last_about(floor: Floor, about: Iterable[tuple[str, str]]) -> Entry | None:
    """The last fact of the day, in order, on any of these subjects that has not been taken back."""
    wanted = set(about)
    for e in reversed(floor.entries) if wanted else ():
        if e.key not in floor.retracted and wanted & subjects(e.fact):
            return e
    return None
