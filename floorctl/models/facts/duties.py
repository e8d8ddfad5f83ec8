"""Facts of the duties to the city: submissions, meetings, trainings, permitted devices (仕様書 5, 8, 9, 10)."""

from typing import Annotated, Literal

from floorctl.common.words import BEFORE_RECORDS, BEFORE_RECORDS_NAME, DUTIES, MEETING_FORMS
from floorctl.models.facts.fact import Fact, Names, fact, with_more
from floorctl.models.facts.fields import (
    Code,
    CodeOf,
    Day,
    DutyKey,
    FreeText,
    IncidentNumber,
    MeetingForm,
    MeetingNumber,
    Note,
    PersonCode,
    Present,
    ShortText,
)


@fact("duty.submitted", "提出", lasts=True)
class DutySubmitted(Fact):
    """Submission of a duty (or a meeting held): ``duty`` and ``key`` as ``floorctl duties`` names them.

    ``before_records`` with the first recorded day as ``key``: everything due before was handed in, on days not recorded.
    """

    duty: Code
    key: Annotated[DutyKey, FreeText("対象")]
    submitted_on: Day | None = None
    by: PersonCode | Literal[""] = ""
    approved_on: Day | None = None
    note: Note = ""

    def sentence(self, site: Names) -> str:
        if self.duty == BEFORE_RECORDS:
            return with_more(f"{self.word}済 {BEFORE_RECORDS_NAME}（{self.key} より前）", self.note)
        done = "承認" if self.approved_on else self.word
        return with_more(f"{done} {DUTIES.get(self.duty, self.duty)} {self.key}", self.note)


@fact("meeting.held", "会議", lasts=True)
class MeetingHeld(Fact):
    """Meeting, whose minutes are then owed. Attendance as numbers by role, no names."""

    meeting: MeetingNumber
    form: MeetingForm
    held_on: Day
    supervisors: Present = 0
    officials: Present = 0
    contractors: Present = 0
    heads: Annotated[tuple[ShortText, ...], FreeText("取り上げた項目")] = ()
    incident: IncidentNumber | None = None
    note: Note = ""

    def sentence(self, site: Names) -> str:
        return with_more(f"{MEETING_FORMS[self.form]} {self.held_on}", self.note)


@fact("training.recorded", "研修", lasts=True)
class TrainingRecorded(Fact):
    """Part of the training that a person completed: a code and a date, no document."""

    staff: PersonCode
    item: Annotated[Code, CodeOf("training_by_code")]
    done_on: Day

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.item} {self.done_on}"


@fact("device.permitted", "持込み許可", lasts=True)
class DevicePermitted(Fact):
    """Device that the city permits to bring in (仕様書 12(4), too); ``ends_on``: last day, None: no end."""

    device: Annotated[DutyKey, FreeText("機器")]
    purpose: Annotated[ShortText, FreeText("用途")]
    permitted_on: Day
    ends_on: Day | None = None

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.device} {self.purpose}"
