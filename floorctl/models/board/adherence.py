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


def skills_word(site: Site, person: Person | None) -> str:
    """Return what a person can do: 交付・案内; 全業務 with every skill of the site, "" where it is not recorded."""
    if person is None or person.skills is None:
        return ""
    return EVERYTHING if set(site.skill_by_code) <= set(person.skills) else site.skill_words(person.skills)


def plan_and_actual(floor: Floor, register: Register, b: BreakState | None, code: str) -> str:
    """Return the plan of a person beside what was recorded in one line; "" where nothing was planned.

    予定 8:15〜17:15  出勤 8:27（12分遅れ）  休憩 45／60分  できる業務 交付・案内（新人）; ``b``: their breaks of today.
    """
    shift, person = register.shift(code, floor.day), register.people.get(code)
    found = []
    if shift.hours:
        found.append(f"予定 {hm(shift.hours[0])}〜{hm(shift.hours[1])}")
    elif shift.off:
        found.append("予定 休み")
    came = b.came_at if b is not None else None
    if came is not None:
        found.append(f"出勤 {hm(came)}{_beside(shift.begins_on(floor.day), came, '遅れ', '早く')}")
    states = floor.presence.get(code, [])
    if states and states[-1].status == "gone":
        found.append(
            f"退勤 {hm(states[-1].since)}{_beside(shift.ends_on(floor.day), states[-1].since, '過ぎ', '早く')}"
        )
    if b is not None and b.owed_s:
        found.append(f"休憩 {b.taken_s // 60}／{b.owed_s // 60}分")
    skills = skills_word(floor.site, person)
    new = NEWCOMER if person is not None and person.newcomer else ""
    if skills or new:
        found.append(f"できる業務 {skills or '記録なし'}{f'（{new}）' if new else ''}")
    return "  ".join(found)


def _beside(planned: datetime | None, actual: datetime, after: str, before: str) -> str:
    """Return the difference from the plan in words, from one minute on: （12分遅れ）."""
    if planned is None or abs(actual - planned) < timedelta(minutes=1):
        return ""
    first, last = sorted((planned, actual))
    return f"（{minutes_word(seconds_between(first, last))}{after if actual > planned else before}）"
