"""The fields of facts: instants, codes, numbers and texts as the contract 2 has them, and what every fact has."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, StringConstraints

from floorctl.common.clock import JST
from floorctl.common.incident_policies import INCIDENT_POLICIES

_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
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
# What a duty is for (a date, a month, a person's code, a meeting's number), or what a device is called: no spaces.
DutyKey = Annotated[str, StringConstraints(pattern=r"^[\w.:-]{1,32}$")]
Text = Annotated[str, StringConstraints(max_length=1000)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=400)]


def _day(value: object) -> date:
    """A date from ISO 8601 text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("day")
    return date.fromisoformat(value)


Day = Annotated[
    date, PlainValidator(_day), PlainSerializer(lambda day: day.isoformat(), return_type=str, when_used="json")
]
HourMinute = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
MOST = 99_999
Count = Annotated[int, Field(ge=0, le=MOST)]
# Of those who are there in person: city staff, who attends a meeting. Three digits, as for everything typed at a counter.
Present = Annotated[int, Field(ge=0, le=999)]
Delta = Annotated[int, Field(ge=-MOST, le=MOST)]

Outcome = Literal["done", "incomplete", "desk3"]
Decision = Literal["approved", "declined", "desk3", "withdrawn"]
StaffStatus = Literal["expected", "present", "late", "absent", "on_break", "away", "gone"]
if TYPE_CHECKING:
    IncidentCategory = str
else:
    IncidentCategory = Literal[tuple(INCIDENT_POLICIES)]
Role = Literal["general_manager", "site_manager", "worker"]
Charge = Literal["general_manager", "site_manager"]
OutageCause = Literal["national", "power", "disaster", "equipment", "other"]
EquipmentState = Literal["ok", "failed", "stopped"]
MeetingForm = Literal["operations", "daily", "emergency"]
# What the daily report says in words (仕様書 10): inquiries, problems, remarks and hand-over, and the weather.
ReportHead = Literal["weather", "inquiries", "problems", "remarks"]
Lines = Annotated[tuple[ShortText, ...], Field(max_length=30, strict=False)]
CITY_DECISIONS = ("approved", "declined")
# What cannot be made undone by a key: the city has been told, or the day is over.
FINAL_KINDS = ("retracted", "day.closed", "day.reopened", "incident.reported")


class Fact(BaseModel):
    """What all facts have: an id unique within its source, and the instant at which it happened (Asia/Tokyo)."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    id: FactId
    at: Instant


def act_of(fact_id: str) -> str:
    """The act that a console fact belongs to: ids of one act share what stands before the last dot."""
    return fact_id.rsplit(".", 1)[0]


def is_empty(text: str) -> bool:
    return not text
