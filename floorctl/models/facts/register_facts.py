"""Facts that outlive their day: incidents, roster, appointments, calendar, rulings, duties, registers (the Register's)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from floorctl.models.facts.fields import (
    Code,
    Count,
    Day,
    DutyKey,
    EquipmentState,
    Fact,
    HourMinute,
    IncidentCategory,
    Instant,
    Lines,
    MeetingForm,
    Number,
    OutageCause,
    PersonCode,
    Present,
    Role,
    ShortText,
    Text,
)


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


class IncidentAmended(Fact):
    """What is completed or put right later; null leaves a field as it is. What was said before stays in the history."""

    kind: Literal["incident.amended"] = "incident.amended"
    incident: Number
    category: IncidentCategory | None = None
    summary: ShortText | None = None
    occurred_at: Instant | None = None
    found_at: Instant | None = None
    services: tuple[Code, ...] | None = Field(default=None, strict=False)
    terminals: tuple[Code, ...] | None = Field(default=None, strict=False)
    measures: Text | None = None  # first measures (応急処置)
    prevention: Text | None = None  # against recurrence (再発防止)
    police_at: Instant | None = None  # told to the police (不当介入, 仕様書 12(8))
    damage: bool | None = None  # 被害あり: 不当介入 is then told 直ちに (仕様書 12(8)ウ)
    serious: bool | None = None  # 重大: offers the emergency meeting (仕様書 9)
    cause: OutageCause | None = None


class IncidentRestored(Fact):
    """The services of an outage work again: the end of its minutes (仕様書 12(9)③イ)."""

    kind: Literal["incident.restored"] = "incident.restored"
    incident: Number
    restored_at: Instant | None = None


class StaffRegistered(Fact):
    """A line of the roster by code: role, eligibility, authority, shift. The name stands elsewhere, or nowhere."""

    kind: Literal["staff.registered"] = "staff.registered"
    staff: PersonCode
    role: Role = "worker"
    deputy: bool = False
    authority_on: Day | None = None
    vein_on: Day | None = None
    pledge_on: Day | None = None
    shift_from: HourMinute | None = None
    shift_to: HourMinute | None = None
    left_on: Day | None = None
    direct_employee: bool | None = None
    experience: bool | None = None


class Slot(BaseModel):
    """Appointments of one time: how many people with how many cards each."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    time: HourMinute
    cards: Annotated[int, Field(ge=1, le=99)] = 1
    count: Annotated[int, Field(ge=0, le=999)]


class AppointmentsImported(Fact):
    """All appointments of a day, as counts (仕様書 7(4)※); a later import of the day replaces them."""

    kind: Literal["appointments.imported"] = "appointments.imported"
    date: Day
    slots: tuple[Slot, ...] = Field(default=(), strict=False, max_length=999)


class ClockSet(Fact):
    """How far the right time is ahead of this PC's clock, in seconds (negative: the PC is ahead)."""

    kind: Literal["clock.set"] = "clock.set"
    ahead_s: Annotated[int, Field(ge=-86_400, le=86_400)]


class EquipmentChanged(Fact):
    """One piece of the equipment that the city provides (仕様書 15(4)): works, has failed, or is out of use."""

    kind: Literal["equipment.changed"] = "equipment.changed"
    equipment: Code
    unit: Annotated[int, Field(ge=1, le=99)] = 1
    state: EquipmentState
    reason: Text = ""


class CalendarExtra(Fact):
    """An extra day, agreed with the city beforehand (仕様書 6※)."""

    kind: Literal["calendar.extra"] = "calendar.extra"
    date: Day
    reason: ShortText
    agreed_on: Day
    agreed_with: ShortText = "監督員"


class CalendarClosed(Fact):
    """An emergency closure of a day (臨時休止, A14)."""

    kind: Literal["calendar.closed"] = "calendar.closed"
    date: Day
    reason: ShortText
    agreed_on: Day
    agreed_with: ShortText = "監督員"


class CalendarOutage(Fact):
    """A planned outage of services, known ahead (national maintenance)."""

    kind: Literal["calendar.outage"] = "calendar.outage"
    services: tuple[Code, ...] = Field(strict=False, min_length=1)
    from_at: Instant
    until_at: Instant
    reason: ShortText


class RulingMade(Fact):
    """協議事項: which reading of an ambiguity (A1 to A15) holds from a day on (仕様書 16(7))."""

    kind: Literal["ruling.made"] = "ruling.made"
    question: Annotated[str, StringConstraints(pattern=r"^A([1-9]|1[0-5])$")]
    reading: Code
    from_on: Day
    agreed_with: ShortText = "監督員"
    note: Text = ""


class DutySubmitted(Fact):
    """Something owed was handed in (or a meeting held): ``duty`` and ``key`` as ``floorctl duties`` names them."""

    kind: Literal["duty.submitted"] = "duty.submitted"
    duty: Code
    key: DutyKey
    submitted_on: Day | None = None
    by: PersonCode | Literal[""] = ""
    approved_on: Day | None = None
    note: Text = ""


class MeetingHeld(Fact):
    """A meeting of clause 9, whose minutes are then owed. Attendance as numbers of each role, no names."""

    kind: Literal["meeting.held"] = "meeting.held"
    meeting: Number
    form: MeetingForm
    held_on: Day
    supervisors: Present = 0
    officials: Present = 0
    contractors: Present = 0
    heads: tuple[ShortText, ...] = Field(default=(), strict=False)
    incident: Number | None = None
    note: Text = ""


class TrainingRecorded(Fact):
    """A person has had a part of the training (仕様書 8): a code and a date, no document."""

    kind: Literal["training.recorded"] = "training.recorded"
    staff: PersonCode
    item: Code
    done_on: Day


class DevicePermitted(Fact):
    """A device that the city has permitted to bring (仕様書 5(3)⑧, 12(4)); ``ends_on``: until when, if at all."""

    kind: Literal["device.permitted"] = "device.permitted"
    device: DutyKey
    purpose: ShortText
    permitted_on: Day
    ends_on: Day | None = None


class CardsCounted(Fact):
    """The card stock at the end of the day: counts alone (SPEC 2.3). received + left before = issued + returned + left."""

    kind: Literal["cards.counted"] = "cards.counted"
    received: Count
    issued: Count
    returned: Count
    left: Count


class DemandMonth(BaseModel):
    """What is expected of one month ("YYYY-MM"): certificates renewed, cards renewed, cards new or reissued (totals)."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    month: Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
    cert_renewals: Count
    card_renewals: Count
    new_and_reissued: Count


class DemandImported(Fact):
    """A forecast by month, as the city gave it or as it was agreed; months that it does not name stay (仕様書 15)."""

    kind: Literal["demand.imported"] = "demand.imported"
    months: tuple[DemandMonth, ...] = Field(strict=False, min_length=1, max_length=600)


class PeriodWritten(Fact):
    """What a monthly or annual report or the hand-over document says under a head, in the contractor's own words.

    ``of``: "2026-09", "FY2026" or "contract"; ``head``: a head of that document's template. The last one counts.
    """

    kind: Literal["period.written"] = "period.written"
    of: DutyKey
    head: Code
    lines: Lines = ()
    none: bool = False
