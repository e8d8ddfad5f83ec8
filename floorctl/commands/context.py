"""The state that a rule decides on, the wishes that it answers with, and the refusals that several rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from floorctl.common.errors import Refused, by_door
from floorctl.models.day.floor import Floor
from floorctl.models.day.memo import Memo, MemoKey
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.day import ReceptionResumed, ReceptionStopped
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.lending import LendingPermitted
from floorctl.models.facts.own_numbers import MOST_OF_FILE, MOST_TICKETS, HandNumbers, Numbers, next_of
from floorctl.models.facts.posts import PostsPlanned
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import DayInfo
from floorctl.models.site.site import Site

# A fact to be written: its kind and fields; ``at`` may be among them, else it happens now.
Wish = tuple[str, dict[str, Any]]
F = TypeVar("F", bound=Fact)

# What to do about a refusal, where a slip is the likeliest.
CHECK_TIME = "時刻を確かめてください"
CHECK_DATE = "日付を確かめてください"
CHECK_NUMBER = "番号を確かめてください"
GIVE_REASON = by_door("理由を入力してください", "理由を添えてください（--reason）")
OPEN_FIRST = f"先に開場してください（{by_door('盤面で Enter', 'floorctl do day.opened')}）"
CHECK_COUNT = "件数を確かめてください"


@dataclass(eq=False, repr=False)
class Context:
    """State inside the write transaction. ``now`` is aware; ``warnings`` are shown beside what is recorded."""

    floor: Floor
    register: Register
    info: DayInfo
    now: datetime
    actor: str = "console"
    reason: str = ""  # of the act as a whole, for those of its facts that have none
    # Of the whole file, what was taken back included; asked only where one is numbered, since it reads them all.
    escalation_numbers: Callable[[], Numbers] = Numbers
    incident_numbers: Callable[[], Numbers] = Numbers
    began: Callable[[], date | None] = lambda: None  # the first day on which a fact was recorded by hand
    memos_before: Callable[[], Mapping[MemoKey, Memo]] = dict  # open ones of the days before
    tickets: Numbers = field(default_factory=Numbers)  # of the day
    own: set[str] = field(default_factory=set)  # numbers that were given for this act
    warnings: list[str] = field(default_factory=list)

    @property
    def site(self) -> Site:
        return self.floor.site

    def fact(self, model: type[F], **fields: Any) -> F:
        """Return an unchecked fact, as one rule hands it to another: it happens now unless ``at`` is given."""
        given: dict[str, Any] = {"id": "wish", "at": self.now} | fields
        return model(**given)

    def need_not_closed(self) -> None:
        """Raise Refused after the close, when a fact would be kept but count for nothing."""
        if self.floor.closed_at is not None:
            raise Refused("記録できません", "この日はもう閉場しています", "直すときは再開してください")

    def warn_of_closed_desk(self, desk: str = "") -> None:
        """Warn whoever sends a visitor to a desk of the main building, by default the city's own, while it is closed.

        (仕様書 6※, 7(4).)
        """
        if not self.info.hall_open:
            desk = desk or self.site.other_desk.name
            self.warnings.append(f"本庁舎は閉庁日です。{desk}は開いていないおそれがあります。市に確かめてください。")

    def counting(self) -> dict[str, Any]:
        """Return the fields that date a count of the day; raise Refused once the report is closed.

        After a feed has closed reception a count is dated to that close, since later facts count for nothing.
        """
        self.need_report_open()
        closed_at = self.floor.closed_at
        return {} if closed_at is None else {"at": closed_at}

    def need_report_open(self) -> None:
        """Raise Refused once the report is closed; a reception that a feed has closed is no obstacle."""
        if self.floor.report_closed_at is not None:
            self.need_not_closed()

    def need_a_day_of_visitors(self) -> None:
        """Raise Refused on a closed day that nothing has opened: its first fact would open it."""
        if not self.info.open and self.floor.opened_at is None:
            why = "今日は開場日ではありません"
            raise Refused(
                "記録できません",
                f"{why}（{self.info.reason}）" if self.info.reason else why,
                f"事案とメモは記録できます。{self.info.way_to_open}",
            )

    def need_open(self) -> None:
        """Raise Refused unless the day is open."""
        self.need_not_closed()
        if self.floor.opened_at is None:
            raise Refused(
                "記録できません",
                "まだ開場していません",
                OPEN_FIRST,
            )

    def ticket(self, number: str) -> Ticket:
        """Return today's ticket of that number; raise Refused if there is none."""
        t = self.floor.tickets.get(number)
        if t is None:
            raise Refused(f"{number} はありません", "今日この時刻までに発券されていない番号です", CHECK_NUMBER)
        return t

    def next_number(self, lane: str) -> str:
        """Return the next number given by hand: the lane's letter and 3 digits, unused today over all sources.

        Raise Refused when all are used; so do the other ``next_`` methods.
        """
        found = self.site.lane_by_code[lane]
        used = Numbers(self.tickets.used | {t.number for t in self.floor.tickets.values()}, self.tickets.given)
        hand = HandNumbers(used, found.letter)
        n = hand.after()
        if n is None:
            raise Refused(
                f"{found.name}の番号を出せません",
                f"今日は {hand.text(1)} から {hand.text(MOST_TICKETS)} まで、すべて使われています",
                by_door(
                    "番号のない人として数えてください（{count} 待ち人数）",
                    f"番号を決めて出してください（do ticket.issued service=業務 ticket={found.letter}-1 など）",
                ),
            )
        self.own.add(hand.text(n))
        return hand.text(n)

    def next_escalation(self) -> str:
        """Return the next case of the file, ``E-n``."""
        return self._next("E-", self.escalation_numbers(), "引継ぎ", "案件番号", "escalation")

    def next_incident(self) -> str:
        """Return the next incident of the file, ``I-n``."""
        return self._next("I-", self.incident_numbers(), "事案", "事案番号", "incident")

    def next_meeting(self) -> str:
        """Return the next meeting of the file, ``M-n``."""
        known = frozenset(self.register.meetings)
        return self._next("M-", Numbers(known, known), "会議", "会議番号", "meeting")

    def _next(self, prefix: str, numbers: Numbers, thing: str, word: str, field_name: str) -> str:
        found = next_of(numbers, prefix)
        if found is None:
            raise Refused(
                f"{thing}を記録できません",
                f"{word}は {prefix}1 から {prefix}{MOST_OF_FILE} まで、すべて使われています",
                by_door(
                    "いまはメモ（{memo}）に残し、floorctl を扱う担当に知らせてください",
                    f"番号を決めて記録してください（{field_name}=番号）",
                ),
            )
        self.own.add(found)
        return found

    def stands(self, number: str) -> bool:
        """Return whether floorctl has given this number (of a ticket, case, incident, meeting) or the file has it."""
        return (
            number in self.own
            or number in self.tickets.used
            or number in self.floor.tickets
            or number in self.floor.escalations
            or number in self.register.incidents
            or number in self.register.meetings
        )


def need(holds: bool, what: str, why: str, do: str) -> None:
    """Raise Refused unless the condition holds."""
    if not holds:
        raise Refused(what, why, do)


def as_wished(f: Fact, **changed: Any) -> list[Wish]:
    """Return the fact itself as the one wish, with some of its fields changed."""
    return [(f.kind, f.fields() | changed)]


SUBJECT_FIELDS = ("ticket", "terminal", "escalation", "incident")


def subjects(fact: Fact) -> set[tuple[str, str]]:
    """Return the subjects of a fact: its ticket, terminal, case, incident; the reception of a service, the permission to lend, a step of the plan, the day."""
    found = {(f, v) for f in SUBJECT_FIELDS if (v := getattr(fact, f, None)) is not None}
    if isinstance(fact, ReceptionStopped | ReceptionResumed):
        found.add(("reception", fact.service))
    elif isinstance(fact, LendingPermitted):
        found.add(("permission", ""))
    elif isinstance(fact, PostsPlanned):
        found.add(("plan of places", fact.starts))
    elif fact.kind in ("day.closed", "day.reopened"):
        found.add(("day", ""))
    return found


def last_about(floor: Floor, about: Iterable[tuple[str, str]]) -> Entry | None:
    """Return the last fact of the day, in order, on any of these subjects that has not been taken back, or None."""
    wanted = set(about)
    for e in reversed(floor.entries) if wanted else ():
        if e.key not in floor.retracted and wanted & subjects(e.fact):
            return e
    return None
