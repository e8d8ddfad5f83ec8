"""What is owed to the city: submissions, meetings, and the registers of training and device permits (仕様書 8, 9, 10, 12)."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish
from floorctl.common.errors import Refused
from floorctl.common.words import DUTIES
from floorctl.models.facts import kinds as ev
from floorctl.models.register.duties import Duty, duties


def submit(c: Context, f: ev.DutySubmitted) -> list[Wish]:
    """Something owed was handed in (on the day of the fact unless said otherwise), handed in anew, or approved.

    ``key`` is what ``floorctl duties`` has under ``for``. Each submission is kept; the last one counts.
    """
    today, name = c.floor.day, DUTIES.get(f.duty, "")
    what = f"{name or '提出'}を記録できません"
    if not name:
        raise Refused(what, f"duty は {'・'.join(DUTIES)} のどれかです", "floorctl duties で確かめてください")
    duty = next((d for d in _all_of(c, f.duty) if d.key == f.key), None)
    if duty is None:
        raise Refused(what, f"{name}にその対象（key）はありません", _keys_of(c, f.duty))
    if f.approved_on is not None and f.approved_on > today:
        raise Refused(what, "承認された日がまだ来ていない日です", "承認された日を確かめてください")
    last = duty.versions[-1] if duty.versions else None
    on = f.submitted_on
    if on is None:  # an approval alone leaves the submission as it was
        on = last.submitted_on if last is not None and f.approved_on is not None else None
        on = on or f.approved_on or today
    by = f.by or (last.by if last is not None and last.submitted_on == on else "") or c.floor.holder() or ""
    if on > today:
        raise Refused(what, "提出した日がまだ来ていない日です", "提出した日を確かめてください")
    if duty.begins is not None and on < duty.begins:
        begins = f"{duty.begins.month}月{duty.begins.day}日"
        raise Refused(what, f"{duty.about}は{begins}より前には提出できません", "日付か対象を確かめてください")
    if f.approved_on is not None and f.approved_on < on:
        raise Refused(what, "承認された日が提出した日より前です", "日付を確かめてください")
    fields = f.fields() | {"submitted_on": on, "by": by}
    if last is not None and last.fields() == fields:
        return []
    return [("duty.submitted", fields)]


def _all_of(c: Context, duty: str) -> list[Duty]:
    calendar = c.register.calendar(c.site)
    return duties(c.site, c.register, calendar, c.floor.day, lambda code, _, __: code == duty)


def _keys_of(c: Context, duty: str) -> str:
    """Which keys the duty has, as what to do next."""
    keys = [d.key for d in _all_of(c, duty)]
    if not keys:
        first = {"minutes": "先に会議（meeting.held）を記録してください", "staff_change": "先に名簿を変えてください"}
        return first.get(duty, "floorctl duties で確かめてください")
    if duty == "daily_report":
        return "開場日を YYYY-MM-DD で指定してください（floorctl duties で確かめられます）"
    return f"key は {'・'.join(keys[:4])}{' など' if len(keys) > 4 else ''} です（floorctl duties で確かめられます）"


def hold_meeting(c: Context, f: ev.MeetingHeld, *, numbered: bool = True) -> list[Wish]:
    """A meeting was held; its minutes are owed from then on (仕様書 9)."""
    what, known = "会議を記録できません", c.register.meetings
    number = f.meeting if numbered else c.next_meeting()
    if number in known:
        raise Refused(f"{number} は使えません", "すでに使われた会議番号です", "番号を省いてください")
    if f.held_on > c.floor.day:
        raise Refused(what, "まだ来ていない日です", "開催した日を確かめてください")
    if f.held_on < c.site.contract.start:
        raise Refused(what, "契約期間の前の日です", "開催した日を確かめてください")
    if f.incident is not None and f.incident not in c.register.incidents:
        raise Refused(what, f"{f.incident} という事案はありません", "事案の番号を確かめてください")
    if f.form == "operations":
        if not f.supervisors:
            c.warnings.append("業務運営会議には監督員1名以上の出席が要ります（仕様書 9）。人数を確かめてください。")
        missing = [head for head in c.site.duties.meeting_heads if head not in f.heads]
        if f.heads and missing:
            c.warnings.append(f"取り上げていない項目があります: {'・'.join(missing)}（仕様書 9）。")
    return [("meeting.held", f.fields() | {"meeting": number})]


def record_training(c: Context, f: ev.TrainingRecorded) -> list[Wish]:
    """A person has had a part of the training; once for each day."""
    if f.done_on > c.floor.day:
        raise Refused("研修を記録できません", "まだ来ていない日です", "実施した日を確かめてください")
    if f.done_on in c.register.training.get((f.staff, f.item), ()):
        return []
    return [("training.recorded", f.fields())]


def permit_device(c: Context, f: ev.DevicePermitted) -> list[Wish]:
    """A device that the city has permitted to bring (仕様書 12(4))."""
    if f.ends_on is not None and f.ends_on < f.permitted_on:
        raise Refused("持込み許可を記録できません", "期限が許可の日より前です", "日付を確かめてください")
    fields = f.fields()
    held = c.register.devices.get(f.device)
    if held is not None and held.fields() == fields:
        return []
    return [("device.permitted", fields)]
