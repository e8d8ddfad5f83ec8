"""The demo's day: its people are planned whole at any site, and the stand-in manager follows the plan."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from floorctl.common.clock import on_day
from floorctl.database.store import Store
from floorctl.intake.site_file import load_site
from floorctl.models.board.posts_alerts import changes_due, posts_alerts
from floorctl.models.day.floor import Floor
from floorctl.models.facts.breaks import PlannedBreak
from floorctl.rehearsal.demo import Demo
from floorctl.rehearsal.demo_manager import DemoManager, followed
from floorctl.usecases.session import Session
from tests.other_sites import OTHERS, path_of
from tests.story import HandClock, a_day, instant

DAY = date(2026, 12, 1)


class DemoDay:
    """A demo whose clock is moved by hand, with its hall, its stand-in manager and what was planned."""

    def __init__(self, folder: Path, site_file: Path | None = None) -> None:
        self.clock, site = HandClock(instant("08:20", DAY)), load_site(site_file)
        self.demo = Demo(folder / "demo.db", site_file, speed=60, volume="surge", seed=1, start=self.clock())
        self.demo.clock = self.clock  # type: ignore[method-assign]
        self.demo.open_session().close()
        self.hall = self.demo.hall(site)
        self.manager = self.demo._prepare(site, self.hall.bookings, self.hall.rota)

    def session(self) -> Session:
        return Session(load_site(self.demo.site_file), self.demo.path, clock=self.clock, actor="demo")


@pytest.mark.parametrize("name", [None, *OTHERS])
def test_the_people_of_the_demo_have_shifts_and_the_breaks_that_they_take_are_planned(
    tmp_path: Path, name: str | None
) -> None:
    day = DemoDay(tmp_path, path_of(name) if name else None)
    with closing(day.session()) as session:
        floor, register = session.floor(), session.register()
    assert set(register.people) == {*day.hall.rota.all_day, day.hall.rota.short_time, day.manager}
    assert set(floor.planned_breaks) == {day.manager, *(b.staff for b in day.hall.rota.breaks)}
    assert name or set(floor.planned_breaks) == set(register.people) - {day.hall.rota.short_time}
    assert floor.posts_plan


def is_late(floor: Floor, staff: str, planned: PlannedBreak, now: datetime) -> bool:
    """Whether the planned break of a person began as long ago as one visitor takes, and the person has had none."""
    begun = any(s.status == "on_break" for s in floor.presence.get(staff, ()))
    return not begun and now - on_day(floor.day, planned.start) > timedelta(minutes=25)


def test_what_the_plan_says_is_done_some_minutes_later_if_nobody_else_does_it(tmp_path: Path) -> None:
    day = DemoDay(tmp_path)
    with closing(Store(day.demo.path)) as store, closing(day.session()) as session:
        ingest, stand_in = day.demo._ingester(store, session.site), DemoManager(session, day.manager)
        waited: dict[str, int] = {}
        unguided, unrested = [], []
        charges = set()
        while day.clock.at < instant("17:00", DAY):
            day.clock.at += timedelta(minutes=1)
            ingest(day.hall.advance(day.clock()))
            stand_in.look()
            for entry in session.floor().entries[-8:]:
                if entry.actor == "demo" and entry.source == "console":
                    day.hall.react({"id": entry.fact.id, "kind": entry.kind, **entry.fact.fields()})
            floor, register = session.floor(), session.register()
            due = changes_due(floor, day.clock()) if floor.opened_by_fact else {}
            waited = {code: waited.get(code, 0) + 1 for code in due}
            assert max(waited.values(), default=0) <= 15
            charges.add(floor.holder())
            guides = [x for x in floor.posts if floor.staff[x].at_work]
            if day.clock.at >= instant("08:30", DAY) and not guides:
                unguided.append(f"{day.clock():%H:%M}")
            late = [x for x, b in floor.planned_breaks.items() if is_late(floor, x, b, day.clock())]
            unrested += [f"{day.clock():%H:%M} {x}" for x in late]
    assert not unguided, "somebody guides the visitors in each minute of the reception"
    assert not unrested, "everybody has the break once the visitor of the planned time has gone"
    assert (floor.posts["S08"], floor.terminals["T8"].staff) == ("reception", "S11")
    assert not list(posts_alerts(floor, register, day.clock(), str))
    assert {s.status for s in floor.presence[day.manager]} == {"on_break", "present"}
    assert floor.holder() == day.manager
    assert len(charges) == 2, "a deputy had the charge meanwhile"


def test_who_guides_stays_until_somebody_follows() -> None:
    """The next guide has the break later than planned: the change of places waits, and only that one."""
    story = a_day().opens("08:25").staffs("T8", "S08", "08:30").staffs("T7", "S07")
    story.tells("staff.posted", staff="S11", post="reception")
    floor = story.floor()
    assert followed(floor, {"S11": "T8", "S07": "P1"}) == {"S07": "P1"}
    change = {"S11": "T8", "S08": "reception"}
    assert followed(floor, change) == change
    floor = story.tells("staff.posted", staff="S12", post="reception").floor()
    assert followed(floor, {"S11": "T8"}) == {"S11": "T8"}
    floor = story.tells("staff.changed", staff="S12", status="on_break").floor()
    assert followed(floor, {"S11": "T8"}) == {}
