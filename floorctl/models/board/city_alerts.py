"""Alerts about the city: cases that wait for it, and its staff in the hall against what is planned. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from floorctl.common.clock import JST, seconds_between
from floorctl.common.lengths import minutes_word
from floorctl.common.words import AT_CITY, hm
from floorctl.models.board.alert import Alert
from floorctl.models.board.officials_plan import back_word, next_change, planned_at, planned_officials
from floorctl.models.board.reception_hours import receiving
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import DayInfo

BEFORE, AFTER = timedelta(minutes=15), timedelta(minutes=30)  # a planned change is told so long before and after


def city_alerts(floor: Floor, register: Register, info: DayInfo, now: datetime) -> Iterator[Alert]:
    """Yield cases that wait for the city, and city staff who are away or fewer than planned."""
    th, cases = floor.site.thresholds, floor.open_escalations()
    for e in cases:
        assert e.raised_at is not None
        age = seconds_between(e.raised_at, now)
        text = f"{e.terminal or e.code} {AT_CITY} {minutes_word(age)}"
        if e.taken_at is not None:  # the standard is for the beginning
            if age >= th.escalation_red_s:
                text = f"{e.terminal or e.code} 対応中 {minutes_word(seconds_between(e.taken_at, now))}"
                yield Alert("escalation_waiting", "info", "市職員", text, "F3", e.terminal, "city")
        elif age >= th.escalation_red_s:
            text += f"（基準 {th.escalation_red_s // 60}分）"
            yield Alert("escalation_overdue", "critical", "超過", text, "F3", e.terminal, "city")
        elif age >= th.escalation_amber_s:
            yield Alert("escalation_waiting", "warning", "引継ぎ", text, "F3", e.terminal, "city")
    if floor.officials_history and floor.officials == 0:
        place = floor.site.other_desk
        desk = f"{place.name}へ" if info.hall_open else f"本庁舎は閉庁（{place.short}なし）"
        back = back_word(planned_officials(floor.site, register, floor.day), now.time())
        text = f"不在{f' {back}' if back else ''} 決定待ち {len(cases)}件 {desk}"
        if cases:
            yield Alert("no_officials", "critical", "市職員", text, "g", None, "desk3")
        else:
            yield Alert("no_officials", "warning", "市職員", text, "o", None, "officials")
    yield from _planned(floor, register, now)


def _planned(floor: Floor, register: Register, now: datetime) -> Iterator[Alert]:
    """Yield that fewer of the city's staff are there than planned, and a planned change a while before and after it."""
    plan, wall = planned_officials(floor.site, register, floor.day), now.time()
    planned = planned_at(plan, wall)
    if planned is None or not floor.officials_history or not receiving(floor, now):
        return
    present = floor.officials
    since = max(x.starts for x in plan if x.starts <= wall)
    fresh = now - datetime.combine(floor.day, since, JST) <= AFTER
    if 0 < present < planned:
        text = f"市職員 {present}名 予定は {hm(since)}から{planned}名"
        yield Alert(
            "officials_below", "info", "市職員", text, "o", None, "officials", short=f"予定より少ない {present}名"
        )
    elif present > planned and fresh:
        text = f"{hm(since)}から{planned}名の予定 記録は{present}名"
        yield Alert("officials_change", "info", "市職員", text, "o", None, "officials", short=f"予定は{planned}名")
    following = next_change(plan, wall)
    if following is not None and datetime.combine(floor.day, following.starts, JST) - now <= BEFORE:
        text = f"{hm(following.starts)}から{following.present}名になる予定"
        yield Alert("officials_change", "info", "市職員", text, "F3", None, "city", short=text)
