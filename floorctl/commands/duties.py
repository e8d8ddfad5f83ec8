"""Duties to the city: submissions, meetings, and the registers of training and device permits (仕様書 8, 9, 10, 12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from floorctl.commands.context import CHECK_DATE, Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import BEFORE_RECORDS, BEFORE_RECORDS_NAME, DUTIES
from floorctl.models.board.reception_hours import under_way
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.register.duties import duties
from floorctl.models.register.duty import Duty
from floorctl.models.register.pressing_duties import before_records
from floorctl.models.register.register import Register

_WHERE = by_door("期限の画面（{duties}）", "floorctl duties ")
_LOOK = f"{_WHERE}で確かめてください"


@decides(ev.DutySubmitted)
def decide_submitted(c: Context, f: ev.DutySubmitted) -> list[Wish]:
    """Record that a duty was handed in (by default on the day of the fact), handed in anew, or approved after that.

    ``key`` is what ``floorctl duties`` has under ``for``. Each submission is kept; the last one counts.
    """
    if f.duty == BEFORE_RECORDS:
        return _clear_before_records(c, f)
    today, name = c.floor.day, DUTIES.get(f.duty, "")
    what = f"{name or '提出'}を記録できません"
    if not name:
        raise Refused(what, f"duty は {'・'.join(DUTIES)} のどれかです", _LOOK)
    duty = next((d for d in _all_of(c, f.duty) if d.key == f.key), None)
    if duty is None:
        raise Refused(what, f"{name}にその対象（key）はありません", _keys_of(c, f.duty))
    approved = f.approved_on or today
    need(approved <= today, what, "承認された日がまだ来ていない日です", "承認された日を確かめてください")
    last = duty.versions[-1] if duty.versions else None
    on = f.submitted_on
    if on is None and f.approved_on is not None:  # an approval alone leaves the submission as it was
        give = by_door(
            "（{duty_submit} 今日  {duty_on} ほかの日）", "（submitted_on で提出した日も一緒に指定できます）"
        )
        do = f"先に{duty.next_submission}を記録してください{give}"
        need(not duty.not_approvable, f"{name}の承認を記録できません", f"{duty.about}: {duty.not_approvable}", do)
        on = duty.submitted_on
    on = on or today
    by = f.by or (last.by if last is not None and last.submitted_on == on else "") or c.floor.holder() or ""
    need(on <= today, what, "提出した日がまだ来ていない日です", "提出した日を確かめてください")
    _need_ended(c, duty, on, f.at, what)
    need(on <= approved, what, "承認された日が提出した日より前です", CHECK_DATE)
    known_from = duty.due - timedelta(days=c.site.duties.handover_notice_days)
    if f.duty == "handover_document" and on < known_from:
        c.warnings.append(
            f"契約終了（{c.site.contract.end}）よりずっと前の{name}です。{known_from}から引継ぎの知らせが出ます。"
            "新しい版を提出したら、また記録してください"
        )
    wishes = as_wished(f, submitted_on=on, by=by)
    same = last is not None and as_wished(last) == wishes
    return [] if same and not duty.outdated else wishes  # a new edition may be handed in on the day of the old one


def _clear_before_records(c: Context, f: ev.DutySubmitted) -> list[Wish]:
    """Record that what was due before the first recorded day was handed in, for a reason; on which day nobody says."""
    today, what = c.floor.day, f"{BEFORE_RECORDS_NAME}を提出済にできません"
    began = c.began() or today
    do = f"key={began} と指定してください"
    need(f.key == began.isoformat(), what, f"key は手入力の記録を始めた日 {began} です", do)
    dated = f.submitted_on is not None or f.approved_on is not None
    need(not dated, what, "いつ提出したかは1件ずつ記録します", "日付を付けずに記録してください")
    give = by_door("理由を入力してください", "理由を添えてください（note）")
    need(bool(f.note or c.reason), what, "理由がありません", give)
    found = duties(c.site, c.register, c.register.calendar(c.site), today)
    need(bool(before_records(found, began, today)), what, "未提出のものがありません", _LOOK)
    return as_wished(f, note=f.note or c.reason, by=f.by or c.floor.holder() or "")


def _need_ended(c: Context, duty: Duty, on: date, at: datetime, what: str) -> None:
    """Raise Refused for a report of a period that has not ended, with the day from which it can be handed in.

    On the last open day of its period that is from the close on, at the latest from the closing of the hall.
    """
    if duty.too_early(on, under_way=on == c.floor.day and under_way(c.floor, at)):
        why = f"{duty.about}を提出できるのは {duty.earliest_text}です"
        raise Refused(what, why, "その後に提出してください。違うときは対象と日付を確かめてください")


def _all_of(c: Context, duty: str) -> list[Duty]:
    calendar = c.register.calendar(c.site)
    return duties(c.site, c.register, calendar, c.floor.day, lambda code, _, __: code == duty)


def _keys_of(c: Context, duty: str) -> str:
    """Return the keys that the duty has, as what to do next."""
    keys = [d.key for d in _all_of(c, duty)]
    if not keys:
        first = {"minutes": "先に会議（meeting.held）を記録してください", "staff_change": "先に名簿を変えてください"}
        return first.get(duty, _LOOK)
    if duty == "daily_report":
        return f"開場日を YYYY-MM-DD で指定してください（{_WHERE}で確かめられます）"
    return f"key は {'・'.join(keys[:4])}{' など' if len(keys) > 4 else ''} です（{_WHERE}で確かめられます）"


@evolves(ev.DutySubmitted)
def evolve_submitted(register: Register, entry: Entry, f: ev.DutySubmitted) -> None:
    if f.duty == BEFORE_RECORDS:
        register.before_records.append(f)
        return
    register.submitted.setdefault((f.duty, f.key), []).append(f)
    register.submitted_seq[f.duty, f.key] = entry.seq


@decides(ev.MeetingHeld, numbers="meeting")
def decide_meeting(c: Context, f: ev.MeetingHeld, *, numbered: bool = True) -> list[Wish]:
    """Record a meeting; its minutes are owed from then on (仕様書 9)."""
    what = "会議を記録できません"
    number = f.meeting if numbered else c.next_meeting()
    if number in c.register.meetings:
        raise Refused(f"{number} は使えません", "すでに使われた会議番号です", "番号を省いてください")
    need(f.held_on <= c.floor.day, what, "まだ来ていない日です", "開催した日を確かめてください")
    need(f.held_on >= c.site.contract.start, what, "契約期間の前の日です", "開催した日を確かめてください")
    known = f.incident is None or f.incident in c.register.incidents
    need(known, what, f"{f.incident} という事案はありません", "事案の番号を確かめてください")
    if f.form == "operations":
        if not f.supervisors:
            c.warnings.append("業務運営会議には監督員1名以上の出席が要ります（仕様書 9）。人数を確かめてください。")
        missing = [head for head in c.site.duties.meeting_heads if head not in f.heads]
        if f.heads and missing:
            c.warnings.append(f"取り上げていない項目があります: {'・'.join(missing)}（仕様書 9）。")
    return as_wished(f, meeting=number)


@evolves(ev.MeetingHeld)
def evolve_meeting(register: Register, entry: Entry, f: ev.MeetingHeld) -> None:
    if f.meeting in register.meetings:
        register.odd(entry, "impossible")
    else:
        register.meetings[f.meeting] = f


@decides(ev.TrainingRecorded)
def decide_training(c: Context, f: ev.TrainingRecorded) -> list[Wish]:
    """Record that a person has had a part of the training, once for each day (仕様書 8)."""
    need(f.done_on <= c.floor.day, "研修を記録できません", "まだ来ていない日です", "実施した日を確かめてください")
    return [] if f.done_on in c.register.training.get((f.staff, f.item), ()) else as_wished(f)


@evolves(ev.TrainingRecorded)
def evolve_training(register: Register, entry: Entry, f: ev.TrainingRecorded) -> None:
    register.training.setdefault((f.staff, f.item), []).append(f.done_on)


@decides(ev.DevicePermitted)
def decide_device(c: Context, f: ev.DevicePermitted) -> list[Wish]:
    """Record a device that the city has permitted to bring (仕様書 12(4)); an unchanged permit is no fact."""
    ends = f.ends_on or f.permitted_on
    need(ends >= f.permitted_on, "持込み許可を記録できません", "期限が許可の日より前です", CHECK_DATE)
    held = c.register.devices.get(f.device)
    return [] if held is not None and held.fields() == f.fields() else as_wished(f)


@evolves(ev.DevicePermitted)
def evolve_device(register: Register, entry: Entry, f: ev.DevicePermitted) -> None:
    register.devices[f.device] = f
