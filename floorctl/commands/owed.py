"""What is owed to the city: submissions, meetings, and the registers of training and device permits (仕様書 8, 9, 10, 12)."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish
from floorctl.errors import Refused
from floorctl.models import events as ev


def submit(c: Context, f: ev.DutySubmitted) -> list[Wish]:
    """Something owed was handed in, on the day of the fact unless said otherwise."""
    on = f.submitted_on or c.floor.day
    if on > c.floor.day:
        raise Refused("提出を記録できません", "まだ来ていない日です", "提出した日を確かめてください")
    return [("duty.submitted", f.model_dump(exclude={"id", "at", "kind"}) | {"submitted_on": on})]


def hold_meeting(c: Context, f: ev.MeetingHeld, *, numbered: bool = True) -> list[Wish]:
    """A meeting was held; its minutes are owed from then on (仕様書 9)."""
    number = f.meeting if numbered else f"M-{len(c.register.meetings) + 1}"
    if number in c.register.meetings:
        raise Refused(f"{number} は使えません", "すでに使われた会議番号です", "番号を省いてください")
    if f.held_on > c.floor.day:
        raise Refused("会議を記録できません", "まだ来ていない日です", "開催した日を確かめてください")
    return [("meeting.held", f.model_dump(exclude={"id", "at", "kind"}) | {"meeting": number})]


def record_training(c: Context, f: ev.TrainingRecorded) -> list[Wish]:
    """A person has had a part of the training; once for each day."""
    if f.done_on > c.floor.day:
        raise Refused("研修を記録できません", "まだ来ていない日です", "実施した日を確かめてください")
    if f.done_on in c.register.training.get((f.staff, f.item), ()):
        return []
    return [("training.recorded", f.model_dump(exclude={"id", "at", "kind"}))]


def permit_device(c: Context, f: ev.DevicePermitted) -> list[Wish]:
    """A device that the city has permitted to bring (仕様書 12(4))."""
    if f.ends_on is not None and f.ends_on < f.permitted_on:
        raise Refused("持込み許可を記録できません", "期限が許可の日より前です", "日付を確かめてください")
    fields = f.model_dump(exclude={"id", "at", "kind"})
    held = c.register.devices.get(f.device)
    if held is not None and held.model_dump(exclude={"id", "at", "kind"}) == fields:
        return []
    return [("device.permitted", fields)]
