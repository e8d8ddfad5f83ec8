"""Keep to the plan (勤務の予定と実際): what was planned of each person beside what was recorded, and who has to be asked. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from floorctl.common.clock import seconds_between
from floorctl.common.lengths import minutes_word
from floorctl.common.words import hm
from floorctl.models.board.breaks import BreakState
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import Person
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

NEWCOMER = "新人"
EVERYTHING = "全業務"
_WORDS = 7  # so many characters of skills stand in a column; more are abbreviated


def skills_word(site: Site, person: Person | None, *, brief: bool = False) -> str:
    """Return what a person can do: 交付・案内, of many skills or if ``brief`` 交・案; 全業務 with every one, "" where it is not recorded."""
    if person is None or person.skills is None:
        return ""
    if set(site.skill_by_code) <= set(person.skills):
        return EVERYTHING
    words = site.skill_words(person.skills)
    return (
        words
        if len(words) <= _WORDS and not brief
        else "・".join(x.mark for x in site.skills if x.code in person.skills)
    )


def skills_line(site: Site, person: Person | None) -> str:
    """Return what a person can do in full, in one line; "" where nothing is recorded."""
    if person is None or (person.skills is None and not person.newcomer):
        return ""
    skills = "記録なし" if person.skills is None else site.skill_words(person.skills)
    return f"できる業務 {skills}{f'（{NEWCOMER}）' if person.newcomer else ''}"


def plan_and_actual(floor: Floor, register: Register, b: BreakState | None, code: str) -> str:
    """Return the plan of a person beside what was recorded, in one line; "" where nothing is known.

    予定 8:15〜17:15  出勤 8:27（予定の12分後）  休憩 計画 12:00から60分 実際 0／60分; ``b``: their breaks of today.
    """
    shift, found = register.shift(code, floor.day), []
    if shift.hours:
        found.append(f"予定 {hm(shift.hours[0])}〜{hm(shift.hours[1])}")
    elif shift.off:
        found.append("予定 休み")
    if b is not None:
        found.append(f"出勤 {hm(b.came_at)}{_beside(shift.begins_on(floor.day), b.came_at)}")
    states = floor.presence.get(code, [])
    if states and states[-1].status == "gone":
        found.append(f"退勤 {hm(states[-1].since)}{_beside(shift.ends_on(floor.day), states[-1].since)}")
    planned = floor.planned_breaks.get(code)
    if b is not None and b.owed_s:
        plan = f" 計画 {hm(planned.start)}から{planned.minutes}分" if planned is not None else ""
        found.append(f"休憩{plan} 実際 {b.taken_s // 60}／{b.owed_s // 60}分")
    return "  ".join(found)


def _beside(planned: datetime | None, actual: datetime) -> str:
    """Return the difference from the plan in words, from one minute on: （予定の12分後）."""
    if planned is None or abs(actual - planned) < timedelta(minutes=1):
        return ""
    first, last = sorted((planned, actual))
    return f"（予定の{minutes_word(seconds_between(first, last))}{'後' if actual > planned else '前'}）"
