"""Alerts of the plan of places: a change that is due, and a planned place that nobody will take by itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from floorctl.common.clock import on_day
from floorctl.common.words import STAFF_STATUSES, hm
from floorctl.models.board.alert import Alert
from floorctl.models.board.posts_plan import PlaceByPlan, place_name, place_order, places_now, plan_at, step_at
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

_SOON = timedelta(minutes=5)  # so long before its time a change is told
_LATE = timedelta(minutes=10)  # so long after it the change is urgent
_GONE = ("absent", "late", "gone")
_NAMED = 2  # so many changes are said in one line, the others counted


def changes_due(floor: Floor, now: datetime) -> dict[str, PlaceByPlan]:
    """Return who is here and not at the planned place, by code: only those who were put nowhere since the plan's time."""
    stands, found = places_now(floor), {}
    for code, p in plan_at(floor, f"{now:%H:%M}").items():
        held, put = floor.staff.get(code), floor.placed.get(code)
        by_hand = code in stands and put is not None and put[0] >= on_day(floor.day, p.starts)
        if held is not None and held.at_work and p.named and not by_hand and stands.get(code) != p.place:
            found[code] = p
    return found


def posts_alerts(floor: Floor, register: Register, now: datetime, who: Callable[[str], str]) -> Iterator[Alert]:
    """Yield the changes of place that are due or come soon, then the planned places whose people are not here."""
    due = changes_due(floor, now)
    if due:
        severity = "warning" if now - min(_since(floor, x, p) for x, p in due.items()) >= _LATE else "info"
        # Who was on a break or stood in for somebody at the time of the plan has the place only since then.
        of_plan = [p.starts for x, p in due.items() if _since(floor, x, p) == on_day(floor.day, p.starts)]
        when = f"{hm(min(of_plan))}から " if of_plan else ""
        text = f"{when}{_moves(floor, due, who)}"
        short = f"配置 {when}{len(due)}名"
        yield Alert("post_change", severity, "配置", text, "=", None, "places", short=short)
    for starts in sorted(x for x in floor.posts_plan if now < on_day(floor.day, x) <= now + _SOON):
        stands = places_now(floor)
        moves = {
            code: PlaceByPlan(starts, place)
            for code, place in step_at(floor, starts, register).items()
            if stands.get(code) != place and not _later_than(floor, code, starts)
        }
        if moves:
            text = f"まもなく {hm(starts)} {_moves(floor, moves, who)}"
            yield Alert(
                "post_change", "info", "配置", text, "\\", None, "day_plan", short=f"まもなく {hm(starts)} 配置"
            )
    yield from _uncovered(floor, register, now, who)


def _later_than(floor: Floor, code: str, starts: str) -> bool:
    """Return whether a person has told that they come only after a time of the plan: they are asked for then."""
    held = floor.staff.get(code)
    return held is not None and held.status == "late" and held.until is not None and held.until > starts


def _since(floor: Floor, code: str, p: PlaceByPlan) -> datetime:
    """Return since when a person who is here could have taken the planned place: its time, or when they came or left another one."""
    left = floor.left_place.get(code)
    return max(on_day(floor.day, p.starts), floor.staff[code].since, *([left] if left is not None else []))


def _moves(floor: Floor, moves: dict[str, PlaceByPlan], who: Callable[[str], str]) -> str:
    """Return changes of place in words: 鈴木 T4へ・佐藤 受付案内へ ほか1名."""
    ordered = sorted(moves.items(), key=lambda x: (place_order(floor.site, x[1].place), x[0]))
    said = [
        f"{who(code)} {f'{place_name(floor.site, p.place)}へ' if p.place else '持ち場を離れる'}" for code, p in ordered
    ]
    return "・".join(said[:_NAMED]) + (f" ほか{len(said) - _NAMED}名" if len(said) > _NAMED else "")


def _uncovered(floor: Floor, register: Register, now: datetime, who: Callable[[str], str]) -> Iterator[Alert]:
    """Yield the places whose planned people are off, absent, late or gone, and where nobody stands."""
    taken = set(places_now(floor).values())
    for code, p in sorted(plan_at(floor, f"{now:%H:%M}").items(), key=lambda x: place_order(floor.site, x[1].place)):
        held = floor.staff.get(code)
        if held is None or held.status == "expected":
            why = "休み" if register.shift(code, floor.day).off else ""
        else:
            why = STAFF_STATUSES[held.status] if held.status in _GONE and not held.at_work else ""
        if not why or floor.open_vacancy(code) is not None:
            continue  # a vacancy has its own alert
        if p.place is not None and p.place not in taken:
            taken.add(p.place)
            name = place_name(floor.site, p.place)
            text = f"{name} 予定の{who(code)}が{why} 誰もいません"
            yield Alert("post_uncovered", "warning", "配置", text, "=", None, "places", short=f"{name} 誰もいません")
