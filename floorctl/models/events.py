"""Facts: everything that can happen in the hall, one frozen model a kind, and the order in which they count.

A fact is what a feed line or a command says happened; it is never changed. Field names are those of the contract §2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, StringConstraints, TypeAdapter

from floorctl.clock import JST

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)


def _instant(value: object) -> datetime:
    """An aware instant in Asia/Tokyo from ISO 8601 text with an offset. Numbers and naive times are no instants."""
    if isinstance(value, datetime):
        at = value
    else:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise ValueError("instant")
        at = datetime.fromisoformat(value.upper().replace(" ", "T"))
    if at.tzinfo is None:
        raise ValueError("instant")
    try:
        at = at.astimezone(JST)
    except OverflowError:
        raise ValueError("instant") from None
    if not 2000 <= at.year < 2200:
        raise ValueError("instant")
    return at


Instant = Annotated[
    datetime, PlainValidator(_instant), PlainSerializer(lambda at: at.isoformat(), return_type=str, when_used="json")
]
FactId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
SOURCE_PATTERN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
# What a ticket machine prints, in whatever script; no spaces, so that it stays one word on the board.
Number = Annotated[str, StringConstraints(pattern=r"^[\w.:#/-]{1,24}$")]
# Codes of people are codes, never names (仕様書 12(4), SPEC 3.4).
PersonCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,16}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,64}$")]
Text = Annotated[str, StringConstraints(max_length=1000)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=400)]
HourMinute = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Count = Annotated[int, Field(ge=0, le=99_999)]
Delta = Annotated[int, Field(ge=-99_999, le=99_999)]

Outcome = Literal["done", "incomplete", "desk3"]
Decision = Literal["approved", "declined", "desk3", "withdrawn"]
StaffStatus = Literal["expected", "present", "late", "absent", "on_break", "away", "gone"]
IncidentCategory = Literal[
    "personal_info",
    "complaint",
    "system_outage",
    "equipment",
    "disaster",
    "injury",
    "labour_accident",
    "undue_intervention",
    "other",
]
CITY_DECISIONS = ("approved", "declined")


class Fact(BaseModel):
    """What all facts have: an id unique within its source, and the instant at which it happened (Asia/Tokyo)."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    id: FactId
    at: Instant


class DayOpened(Fact):
    kind: Literal["day.opened"] = "day.opened"
    allocation: dict[Code, Code] = {}
    officials: Count = 0


class DayClosed(Fact):
    kind: Literal["day.closed"] = "day.closed"


class DayReopened(Fact):
    kind: Literal["day.reopened"] = "day.reopened"
    reason: Text = ""


class TicketIssued(Fact):
    kind: Literal["ticket.issued"] = "ticket.issued"
    ticket: Number
    service: Code
    cards: Annotated[int, Field(ge=1, le=999)] = 1
    appointment: HourMinute | None = None
    assist: bool = False


class TicketCalled(Fact):
    kind: Literal["ticket.called"] = "ticket.called"
    ticket: Number
    terminal: Code


class TicketFinished(Fact):
    kind: Literal["ticket.finished"] = "ticket.finished"
    ticket: Number
    terminal: Code
    outcome: Outcome = "done"
    work: dict[Code, Count] = {}


class TicketNoShow(Fact):
    kind: Literal["ticket.no_show"] = "ticket.no_show"
    ticket: Number


class TicketLeft(Fact):
    kind: Literal["ticket.left"] = "ticket.left"
    ticket: Number


class TicketRequeued(Fact):
    kind: Literal["ticket.requeued"] = "ticket.requeued"
    ticket: Number


class TicketTransferred(Fact):
    kind: Literal["ticket.transferred"] = "ticket.transferred"
    ticket: Number
    service: Code


class QueueCounted(Fact):
    kind: Literal["queue.counted"] = "queue.counted"
    lane: Code
    waiting: Count


class TerminalAssigned(Fact):
    kind: Literal["terminal.assigned"] = "terminal.assigned"
    terminal: Code
    lane: Code
    reason: Text = ""


class TerminalStaffed(Fact):
    kind: Literal["terminal.staffed"] = "terminal.staffed"
    terminal: Code
    staff: PersonCode | None


class TerminalPaused(Fact):
    kind: Literal["terminal.paused"] = "terminal.paused"
    terminal: Code
    reason: Text = ""


class TerminalResumed(Fact):
    kind: Literal["terminal.resumed"] = "terminal.resumed"
    terminal: Code
    reason: Text = ""


class TerminalFailed(Fact):
    kind: Literal["terminal.failed"] = "terminal.failed"
    terminal: Code
    fault: Text = ""


class TerminalRepaired(Fact):
    kind: Literal["terminal.repaired"] = "terminal.repaired"
    terminal: Code
    fault: Text = ""


class EscalationRaised(Fact):
    kind: Literal["escalation.raised"] = "escalation.raised"
    escalation: Number
    matter: Code
    terminal: Code | None = None
    ticket: Number | None = None
    note: Text = ""


class EscalationTaken(Fact):
    kind: Literal["escalation.taken"] = "escalation.taken"
    escalation: Number
    official: PersonCode | Literal[""] = ""


class EscalationSettled(Fact):
    kind: Literal["escalation.settled"] = "escalation.settled"
    escalation: Number
    outcome: Decision
    official: PersonCode | Literal[""] = ""


class ReceptionStopped(Fact):
    kind: Literal["reception.stopped"] = "reception.stopped"
    service: Code
    reason: Text = ""


class ReceptionResumed(Fact):
    kind: Literal["reception.resumed"] = "reception.resumed"
    service: Code
    reason: Text = ""


class OfficialsChanged(Fact):
    kind: Literal["officials.changed"] = "officials.changed"
    present: Count


class StaffChanged(Fact):
    kind: Literal["staff.changed"] = "staff.changed"
    staff: PersonCode
    status: StaffStatus
    reason: Text = ""
    until: HourMinute | None = None


class InquiryCounted(Fact):
    kind: Literal["inquiry.counted"] = "inquiry.counted"
    topic: ShortText
    count: Delta = 1


class WorkCounted(Fact):
    kind: Literal["work.counted"] = "work.counted"
    item: Code
    count: Delta = 1


class VisitorsCounted(Fact):
    kind: Literal["visitors.counted"] = "visitors.counted"
    persons: Count


class IncidentOpened(Fact):
    kind: Literal["incident.opened"] = "incident.opened"
    incident: Number
    category: IncidentCategory
    summary: ShortText
    occurred_at: Instant | None = None
    found_at: Instant | None = None
    services: tuple[Code, ...] = Field(default=(), strict=False)
    terminals: tuple[Code, ...] = Field(default=(), strict=False)


class IncidentReported(Fact):
    kind: Literal["incident.reported"] = "incident.reported"
    incident: Number
    reported_at: Instant | None = None
    to: Text = ""


class IncidentNoted(Fact):
    kind: Literal["incident.noted"] = "incident.noted"
    incident: Number
    text: ShortText


class IncidentClosed(Fact):
    kind: Literal["incident.closed"] = "incident.closed"
    incident: Number
    text: Text = ""


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
        InquiryCounted,
        WorkCounted,
        VisitorsCounted,
        IncidentOpened,
        IncidentReported,
        IncidentNoted,
        IncidentClosed,
        MemoWritten,
        Retracted,
    ],
    Field(discriminator="kind"),
]
MODELS: dict[str, type[Fact]] = {m.model_fields["kind"].default: m for m in get_args(get_args(AnyFact)[0])}


@cache
def fact_adapter() -> TypeAdapter[Any]:
    """The union of all facts, built when it is first needed: reading a file does without it."""
    return TypeAdapter(AnyFact)


def parse_fact(raw: bytes | str) -> Fact:
    """A checked fact from one JSON object. Raises pydantic.ValidationError."""
    fact: Fact = fact_adapter().validate_json(raw)
    return fact


_OWN = {k: m.model_fields.keys() - {"id", "at", "kind"} for k, m in MODELS.items()}
_REQUIRED = {k: {f for f in _OWN[k] if m.model_fields[f].is_required()} for k, m in MODELS.items()}
_TIMES = {k: tuple(f for f in m.model_fields if f.endswith("_at")) for k, m in MODELS.items()}
_TUPLES = {k: tuple(f for f in m.model_fields if f in ("services", "terminals")) for k, m in MODELS.items()}


def stored_fact(fact_id: str, at: str, kind: str, data: str) -> Fact:
    """A fact as it stands in the file: checked when it came in and sealed since, so it is not checked again.

    Raises ValueError or KeyError where the row is no fact of ours.
    """
    fields = json.loads(data)
    if not isinstance(fields, dict) or fields.keys() - _OWN[kind] or _REQUIRED[kind] - fields.keys():
        raise ValueError(kind)
    for name in _TIMES[kind]:
        if fields.get(name) is not None:
            fields[name] = datetime.fromisoformat(fields[name]).astimezone(JST)
    for name in _TUPLES[kind]:
        fields[name] = tuple(fields.get(name, ()))
    fields |= {"id": fact_id, "at": datetime.fromisoformat(at).astimezone(JST), "kind": kind}
    return MODELS[kind].model_construct(**fields)


# Kinds that only the console and the command line may write; a feed line with one of them is refused (contract §2).
COMMAND_KINDS = frozenset(
    {"day.reopened", "memo.written", "retracted", *(k for k in MODELS if k.startswith("incident."))}
)
# Kinds that outlive their day: they fold into the Register, over all days.
REGISTER_KINDS = frozenset(k for k in MODELS if k.startswith("incident."))

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
    """The order in which facts count (contract §2): instant, kind, source, id."""
    return (entry.fact.at, _RANK[entry.kind], entry.source, entry.fact.id)


# Which fields name a code of the site, and of which table.
_CODES = {
    "service": "service_by_code",
    "lane": "lane_by_code",
    "terminal": "terminal_by_code",
    "matter": "matter_by_code",
    "item": "work_item_by_code",
}


def codes(fact: Fact) -> Iterator[tuple[str, str, str]]:
    """Every code of the site that a fact names, as (field, table of models.site.Site, code)."""
    for field, table in _CODES.items():
        code = getattr(fact, field, None)
        if code is not None:
            yield field, table, code
    if isinstance(fact, DayOpened):
        for terminal, lane in fact.allocation.items():
            yield "allocation", "terminal_by_code", terminal
            yield "allocation", "lane_by_code", lane
    elif isinstance(fact, TicketFinished):
        for item in fact.work:
            yield "work", "work_item_by_code", item
    elif isinstance(fact, IncidentOpened):
        for code in fact.services:
            yield "services", "service_by_code", code
        for code in fact.terminals:
            yield "terminals", "terminal_by_code", code


# Free text by field, as the manager knows it: what the guard against personal data reads (仕様書 12(4)).
TEXT_FIELDS = {
    "reason": "理由",
    "fault": "故障の内容",
    "note": "メモ",
    "summary": "概要",
    "text": "本文",
    "topic": "問い合わせの種類",
    "to": "報告先",
    "ticket": "番号",
    "escalation": "案件番号",
    "incident": "事案番号",
}
TEXTS: dict[str, tuple[str, ...]] = {k: tuple(f for f in m.model_fields if f in TEXT_FIELDS) for k, m in MODELS.items()}
