"""Types of the fields of facts: instants, codes, numbers and texts with their constraints (contract 2).

A constraint is a mark in ``Annotated``; ``checked.py`` reads it when a fact comes in. Nothing here needs pydantic.
"""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from floorctl.common.constraints import Between, Chars, Form
from floorctl.common.incident_policies import INCIDENT_POLICIES
from floorctl.models.facts.own_numbers import folded


class FreeText:
    """Mark of a free text, which the guard against personal data reads (仕様書 12(4)); ``word``: its name in Japanese."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word


class CodeOf:
    """Mark of a code of the site; ``table``: attribute of ``models.site.Site`` that has it."""

    __slots__ = ("table",)

    def __init__(self, table: str) -> None:
        self.table = table


class OnlyIfSet:
    """Mark of a field that is stored only if not empty: older facts, stored without it, keep their bytes."""

    __slots__ = ()


Instant = datetime  # aware, in Asia/Tokyo
Day = date

# Of facts and of their sources.
BY_HAND = "console"  # the source of what people enter
SOURCE_PATTERN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
FactId = Annotated[str, Chars(f"^{SOURCE_PATTERN.pattern}$")]
# Codes of people are codes, never names (仕様書 12(4), SPEC 3.4).
PERSON_CODE = re.compile(r"[A-Za-z0-9._-]{1,16}")
PersonCode = Annotated[str, Chars(f"^{PERSON_CODE.pattern}$")]
Code = Annotated[str, Chars(r"^[A-Za-z0-9_]{1,64}$")]
ServiceCode = Annotated[Code, CodeOf("service_by_code")]
LaneCode = Annotated[Code, CodeOf("lane_by_code")]
TerminalCode = Annotated[Code, CodeOf("terminal_by_code")]
SkillCode = Annotated[Code, CodeOf("skill_by_code")]
WorkItemCode = Annotated[Code, CodeOf("work_item_by_code")]
RemarkCode = Annotated[Code, CodeOf("remark_by_code")]

# As a ticket machine prints it, in any script; no spaces, so that it is one word on the board.
Number = Annotated[str, Chars(r"^[\w.:#/-]{1,24}$")]
TicketNumber = Annotated[Number, FreeText("番号"), Form(folded)]
CaseNumber = Annotated[Number, FreeText("案件番号")]
IncidentNumber = Annotated[Number, FreeText("事案番号")]
MeetingNumber = Annotated[Number, FreeText("会議番号")]
# Subject of a duty (a date, a month, a person's code, a meeting's number) or name of a device: no spaces.
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
# Persons present: city staff, attendance of a meeting. Three digits, like all counts typed at a counter.
Present = Annotated[int, Between(0, 999)]
Delta = Annotated[int, Between(-MOST, MOST)]

# Rule of a source that tells no end: the next call at the terminal ends the last one as done; or the call itself does.
EndsBy = Literal["", "next_call", "call"]
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
# Texts of the daily report (仕様書 10): weather, inquiries, problems, remarks and hand-over.
ReportHead = Literal["weather", "inquiries", "problems", "remarks"]
# Who decides that the reception of a service is stopped or resumed.
DecidedBy = Literal["", "supervisor", "site_manager", "city"]
CITY_DECISIONS = ("approved", "declined")


def act_of(fact_id: str) -> str:
    """Return the act that a console fact belongs to: the part of its id before the last dot."""
    return fact_id.rsplit(".", 1)[0]
