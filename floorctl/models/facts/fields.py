"""The fields of facts: what an instant, a code, a number and a text may be (contract 2). Without pydantic.

A constraint is a small mark in ``Annotated``. The doors read the marks (``checked.py``), who reads a stored fact does not.
"""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.incident_policies import INCIDENT_POLICIES


class FreeText:
    """A text that the guard against personal data reads, by the word under which the manager knows it (仕様書 12(4))."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word


class CodeOf:
    """A code of the site, by the table of ``models.site.Site`` that has it."""

    __slots__ = ("table",)

    def __init__(self, table: str) -> None:
        self.table = table


class OnlyIfSet:
    """A field that is written only where it is not empty: facts from before it had it stay as they are."""

    __slots__ = ()


Instant = datetime  # aware, in Asia/Tokyo
Day = date

# Of facts and of their sources.
SOURCE_PATTERN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
FactId = Annotated[str, Chars(f"^{SOURCE_PATTERN.pattern}$")]
# Codes of people are codes, never names (仕様書 12(4), SPEC 3.4).
PERSON_CODE = re.compile(r"[A-Za-z0-9._-]{1,16}")
PersonCode = Annotated[str, Chars(f"^{PERSON_CODE.pattern}$")]
Code = Annotated[str, Chars(r"^[A-Za-z0-9_]{1,64}$")]
ServiceCode = Annotated[Code, CodeOf("service_by_code")]
LaneCode = Annotated[Code, CodeOf("lane_by_code")]
TerminalCode = Annotated[Code, CodeOf("terminal_by_code")]
WorkItemCode = Annotated[Code, CodeOf("work_item_by_code")]

# What a ticket machine prints, in whatever script; no spaces, so that it stays one word on the board.
Number = Annotated[str, Chars(r"^[\w.:#/-]{1,24}$")]
TicketNumber = Annotated[Number, FreeText("番号")]
CaseNumber = Annotated[Number, FreeText("案件番号")]
IncidentNumber = Annotated[Number, FreeText("事案番号")]
MeetingNumber = Annotated[Number, FreeText("会議番号")]
# What a duty is for (a date, a month, a person's code, a meeting's number), or what a device is called: no spaces.
DutyKey = Annotated[str, Chars(r"^[\w.:-]{1,32}$")]

Text = Annotated[str, Chars(most=1000)]
ShortText = Annotated[str, Chars(least=1, most=400)]
Reason = Annotated[Text, FreeText("理由")]
NeededReason = Annotated[ShortText, FreeText("理由")]
Note = Annotated[Text, FreeText("メモ")]
Body = Annotated[Text, FreeText("本文")]
NeededBody = Annotated[ShortText, FreeText("本文")]
Lines = Annotated[tuple[ShortText, ...], Between(most=30), FreeText("本文")]

HourMinute = Annotated[str, Chars(r"^([01]\d|2[0-3]):[0-5]\d$")]
MOST = 99_999
Count = Annotated[int, Between(0, MOST)]
# Of those who are there in person: city staff, who attends a meeting. Three digits, as for everything typed at a counter.
Present = Annotated[int, Between(0, 999)]
Delta = Annotated[int, Between(-MOST, MOST)]

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
CITY_DECISIONS = ("approved", "declined")


def act_of(fact_id: str) -> str:
    """Return the act that a console fact belongs to: ids of one act share what stands before the last dot."""
    return fact_id.rsplit(".", 1)[0]
