"""Facts: everything that can happen in the hall, one frozen model a kind, and the order in which they count.

A fact is what a feed line or a command says happened; it is never changed. Field names are those of the contract 2.
Those of tickets, terminals, cases, people and of the Register stand in files of their own; the union of all stands here.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args

from pydantic import Field, StringConstraints, TypeAdapter

from floorctl.models.facts import register_facts as lasting
from floorctl.models.facts.case_facts import EscalationRaised, EscalationSettled, EscalationTaken, OfficialsChanged
from floorctl.models.facts.fields import (
    Code,
    Count,
    Delta,
    Fact,
    FactId,
    Instant,
    Lines,
    Present,
    ReportHead,
    ShortText,
    Text,
    is_empty,
)
from floorctl.models.facts.people_facts import ChargeTaken, StaffChanged, StaffPosted, VacancyFilled, VacancyOpened
from floorctl.models.facts.register_facts import (
    AppointmentsImported,
    CalendarClosed,
    CalendarExtra,
    CalendarOutage,
    CardsCounted,
    ClockSet,
    DemandImported,
    DemandMonth,
    DevicePermitted,
    DutySubmitted,
    EquipmentChanged,
    IncidentAmended,
    IncidentClosed,
    IncidentNoted,
    IncidentOpened,
    IncidentReported,
    IncidentRestored,
    MeetingHeld,
    PeriodWritten,
    RulingMade,
    Slot,
    StaffRegistered,
    TrainingRecorded,
)
from floorctl.models.facts.terminal_facts import (
    TerminalAssigned,
    TerminalFailed,
    TerminalPaused,
    TerminalRepaired,
    TerminalResumed,
    TerminalStaffed,
)
from floorctl.models.facts.ticket_facts import (
    QueueCounted,
    TicketCalled,
    TicketFinished,
    TicketIssued,
    TicketLeft,
    TicketNoShow,
    TicketRequeued,
    TicketTransferred,
)


class DayOpened(Fact):
    kind: Literal["day.opened"] = "day.opened"
    allocation: dict[Code, Code] = Field(default_factory=dict)
    officials: Present = 0
    # Why the split lies outside the usual band (仕様書 15(4)※); not written where there is nothing to say.
    reason: Text = Field(default="", exclude_if=is_empty)


class DayClosed(Fact):
    kind: Literal["day.closed"] = "day.closed"


class DayReopened(Fact):
    kind: Literal["day.reopened"] = "day.reopened"
    reason: Text = ""


class ReceptionStopped(Fact):
    kind: Literal["reception.stopped"] = "reception.stopped"
    service: Code
    reason: Text = ""


class ReceptionResumed(Fact):
    kind: Literal["reception.resumed"] = "reception.resumed"
    service: Code
    reason: Text = ""


class ChecklistChecked(Fact):
    """An item of the opening or closing checklist, done or not (仕様書 5(3)③, 6)."""

    kind: Literal["checklist.checked"] = "checklist.checked"
    item: Code
    done: bool = True


class AccommodationGiven(Fact):
    """合理的配慮 by its means, without any word on the person (仕様書 12(6))."""

    kind: Literal["accommodation.given"] = "accommodation.given"
    means: ShortText
    count: Delta = 1


class InquiryCounted(Fact):
    kind: Literal["inquiry.counted"] = "inquiry.counted"
    topic: ShortText
    count: Delta = 1


class WorkCounted(Fact):
    kind: Literal["work.counted"] = "work.counted"
    item: Code
    count: Delta = 1


class PaperEntered(Fact):
    """The act that it belongs to was typed from paper (手書き): tickets, moves and counts of work, and of when."""

    kind: Literal["paper.entered"] = "paper.entered"
    tickets: Count = 0
    moves: Count = 0
    counts: Count = 0
    from_at: Instant
    until_at: Instant


class VisitorsCounted(Fact):
    kind: Literal["visitors.counted"] = "visitors.counted"
    persons: Count


class TotalRead(Fact):
    """What a terminal or a register says of a work item's total of the day; null takes the reading back.

    ``note`` explains why it differs from the records.
    """

    kind: Literal["total.read"] = "total.read"
    item: Code
    count: Count | None
    note: Text = ""


class ReportWritten(Fact):
    """What the daily report says under a head (仕様書 10); the last one counts.

    ``none``: 特になし, by choice. Neither lines nor ``none``: not filled in any more.
    """

    kind: Literal["report.written"] = "report.written"
    head: ReportHead
    lines: Lines = ()
    none: bool = False


class AdviceTaken(Fact):
    """The manager followed an advice: the move itself is a fact of its own. ``gain_s``: what it was said to save, in
    seconds of waiting of all together."""

    kind: Literal["advice.taken"] = "advice.taken"
    terminal: Code
    lane: Code
    text: Text = ""
    gain_s: Delta = 0


class AdviceDeclined(Fact):
    """The manager left an advice, and why. ``about``: "" a move, else which other proposal it was; ``terminal`` None: it
    was about no terminal (a reception to be stopped)."""

    kind: Literal["advice.declined"] = "advice.declined"
    terminal: Code | None = None
    lane: Code
    about: Literal["", "resume", "recall", "open", "lend", "back", "stop"] = ""
    reason: Text = ""
    text: Text = ""
    gain_s: Delta = 0


class MemoWritten(Fact):
    kind: Literal["memo.written"] = "memo.written"
    text: ShortText


class Retracted(Fact):
    """Takes back another fact: undo, or a correction of an older entry, with a reason."""

    kind: Literal["retracted"] = "retracted"
    target: FactId
    target_source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")] = "console"
    reason: Text = ""


AnyFact = Annotated[
    Union[  # noqa: UP007 - a plain Union keeps the list readable
        DayOpened,
        DayClosed,
        DayReopened,
        TicketIssued,
        TicketCalled,
        TicketFinished,
        TicketNoShow,
        TicketLeft,
        TicketRequeued,
        TicketTransferred,
        QueueCounted,
        TerminalAssigned,
        TerminalStaffed,
        TerminalPaused,
        TerminalResumed,
        TerminalFailed,
        TerminalRepaired,
        EscalationRaised,
        EscalationTaken,
        EscalationSettled,
        ReceptionStopped,
        ReceptionResumed,
        OfficialsChanged,
        StaffChanged,
        StaffPosted,
        ChargeTaken,
        VacancyOpened,
        VacancyFilled,
        ChecklistChecked,
        AccommodationGiven,
        InquiryCounted,
        WorkCounted,
        VisitorsCounted,
        IncidentOpened,
        IncidentReported,
        IncidentNoted,
        IncidentClosed,
        StaffRegistered,
        AppointmentsImported,
        ClockSet,
        CardsCounted,
        IncidentAmended,
        IncidentRestored,
        EquipmentChanged,
        CalendarExtra,
        CalendarClosed,
        CalendarOutage,
        RulingMade,
        DutySubmitted,
        MeetingHeld,
        TrainingRecorded,
        DevicePermitted,
        DemandImported,
        PeriodWritten,
        TotalRead,
        ReportWritten,
        AdviceTaken,
        AdviceDeclined,
        PaperEntered,
        MemoWritten,
        Retracted,
    ],
    Field(discriminator="kind"),
]
MODELS: dict[str, type[Fact]] = {m.model_fields["kind"].default: m for m in get_args(get_args(AnyFact)[0])}


__all__ = [
    "AppointmentsImported",
    "CalendarClosed",
    "CalendarExtra",
    "CalendarOutage",
    "CardsCounted",
    "ChargeTaken",
    "ClockSet",
    "DemandImported",
    "DemandMonth",
    "DevicePermitted",
    "DutySubmitted",
    "EquipmentChanged",
    "EscalationRaised",
    "EscalationSettled",
    "EscalationTaken",
    "IncidentAmended",
    "IncidentClosed",
    "IncidentNoted",
    "IncidentOpened",
    "IncidentReported",
    "IncidentRestored",
    "MeetingHeld",
    "OfficialsChanged",
    "PeriodWritten",
    "QueueCounted",
    "RulingMade",
    "Slot",
    "StaffChanged",
    "StaffPosted",
    "StaffRegistered",
    "TerminalAssigned",
    "TerminalFailed",
    "TerminalPaused",
    "TerminalRepaired",
    "TerminalResumed",
    "TerminalStaffed",
    "TicketCalled",
    "TicketFinished",
    "TicketIssued",
    "TicketLeft",
    "TicketNoShow",
    "TicketRequeued",
    "TicketTransferred",
    "TrainingRecorded",
    "VacancyFilled",
    "VacancyOpened",
]


@cache
def fact_adapter() -> TypeAdapter[Any]:
    """The union of all facts, built when it is first needed: reading a file does without it."""
    return TypeAdapter(AnyFact)


def parse_fact(raw: bytes | str) -> Fact:
    """A checked fact from one JSON object. Raises pydantic.ValidationError."""
    fact: Fact = fact_adapter().validate_json(raw)
    return fact


# Kinds that outlive their day: they fold into the Register, over all days.
REGISTER_KINDS = frozenset(k for k, m in MODELS.items() if m.__module__ == lasting.__name__)
# Kinds of the contractor's own order, which may come before the day begins and do not begin it.
PREPARING_KINDS = frozenset(
    {"memo.written", "charge.taken", "staff.posted", "vacancy.opened", "vacancy.filled", "checklist.checked"}
)
# Kinds of the end of the day, which stand also where a feed has ended the reception before the report is closed.
CLOSING_KINDS = frozenset({"total.read", "report.written", "checklist.checked"})
# Kinds that only the console and the command line may write; a feed line with one of them is refused (contract 2).
COMMAND_KINDS = (
    REGISTER_KINDS
    | PREPARING_KINDS
    | CLOSING_KINDS
    | {"day.reopened", "retracted", "accommodation.given", "advice.taken", "advice.declined", "paper.entered"}
)

_FIRST = (
    "day.opened",
    "terminal.staffed",
    "terminal.assigned",
    "ticket.issued",
    "ticket.transferred",
    "ticket.left",
    "ticket.no_show",
    "ticket.requeued",
    "ticket.finished",
    "ticket.called",
)
_RANK = {kind: (n, "") for n, kind in enumerate(_FIRST)}
_RANK |= {kind: (len(_FIRST), kind) for kind in MODELS if kind not in _RANK}
_RANK["day.closed"] = (len(_FIRST) + 1, "")


class Entry(NamedTuple):
    """A fact as it stands in the file: with its source, its place and who recorded it when."""

    seq: int
    source: str
    recorded_at: datetime
    actor: str
    fact: Fact

    @property
    def kind(self) -> str:
        return self.fact.kind  # type: ignore[attr-defined,no-any-return]

    @property
    def key(self) -> tuple[str, str]:
        """(source, id): what makes a fact the same fact."""
        return (self.source, self.fact.id)


class Head(NamedTuple):
    """The place and the seal of a fact in the chain; seq 0 and zeros where there is none."""

    seq: int
    hash: str


Order = tuple[datetime, tuple[int, str], str, str]


def order(entry: Entry) -> Order:
    """The order in which facts count (contract 2): instant, kind, source, id."""
    return (entry.fact.at, _RANK[entry.kind], entry.source, entry.fact.id)


# Which fields name a code of the site, and of which table.
_CODES = {
    "service": "service_by_code",
    "lane": "lane_by_code",
    "terminal": "terminal_by_code",
    "matter": "matter_by_code",
    "item": "work_item_by_code",
    "equipment": "equipment_by_code",
}


# Items that are not work items.
_ITEMS: dict[type[Fact], str] = {ChecklistChecked: "checklist_by_code", TrainingRecorded: "training_by_code"}


def codes(fact: Fact) -> Iterator[tuple[str, str, str]]:
    """Every code of the site that a fact names, as (field, table of models.site.Site, code)."""
    for field, table in _CODES.items():
        code = getattr(fact, field, None)
        if code is not None:
            yield field, _ITEMS.get(type(fact), table) if field == "item" else table, code
    if isinstance(fact, DayOpened):
        for terminal, lane in fact.allocation.items():
            yield "allocation", "terminal_by_code", terminal
            yield "allocation", "lane_by_code", lane
    elif isinstance(fact, TicketFinished):
        for item in fact.work:
            yield "work", "work_item_by_code", item
    for code in fact.__dict__.get("services") or ():
        yield "services", "service_by_code", code
    for code in fact.__dict__.get("terminals") or ():
        yield "terminals", "terminal_by_code", code


# Free text by field, as the manager knows it: what the guard against personal data reads (仕様書 12(4)).
TEXT_FIELDS = {
    "reason": "理由",
    "fault": "故障の内容",
    "note": "メモ",
    "summary": "概要",
    "text": "本文",
    "lines": "本文",
    "heads": "取り上げた項目",
    "of": "対象の期間",
    "topic": "問い合わせの種類",
    "measures": "応急処置",
    "prevention": "再発防止",
    "purpose": "用途",
    "device": "機器",
    "agreed_with": "協議の相手",
    "meeting": "会議番号",
    "key": "対象",
    "means": "手段",
    "to": "報告先",
    "ticket": "番号",
    "escalation": "案件番号",
    "incident": "事案番号",
}
TEXTS: dict[str, tuple[str, ...]] = {k: tuple(f for f in m.model_fields if f in TEXT_FIELDS) for k, m in MODELS.items()}
