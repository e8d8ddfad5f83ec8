"""Stand in for the demo's manager where the plan of the day says what to do: places at their time, the break of the charge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from floorctl.commands.posts import take_places
from floorctl.common.clock import on_day
from floorctl.common.errors import Refused
from floorctl.models.board.places_proposal import propose_places
from floorctl.models.board.posts_alerts import changes_due
from floorctl.models.day.floor import Floor
from floorctl.usecases.session import Session

_AN_HOUR = timedelta(hours=1)
_WAITS = timedelta(minutes=3)  # so long the console's own manager has the first word


class DemoManager:
    """Follows the plan of places and takes the planned break of the holder of the charge, who hands it to a deputy meanwhile."""

    def __init__(self, session: Session, manager: str) -> None:
        self.session, self.manager = session, manager
        self._lent_to: str | None = None  # the deputy who has the charge meanwhile
        self._due_since: dict[tuple[str, str | None], datetime] = {}

    def look(self) -> None:
        """Do what has been due by the plan for some minutes; what is refused is left to the console's manager."""
        self.session.refresh()
        floor, now = self.session.floor(), self.session.clock()
        if not floor.opened_by_fact or floor.closed_at is not None:
            return
        self._take_places(floor, now)
        self._rest(floor, now)

    def _take_places(self, floor: Floor, now: datetime) -> None:
        doors = self._doors(floor)
        due = {staff: p.place for staff, p in changes_due(floor, max(now, doors)).items()}
        if (
            now < doors
        ):  # the terminals are taken as visitors are received; who guides is there before the first of them
            due = {staff: place for staff, place in due.items() if place in floor.site.post_by_code}
        self._due_since = {x: self._due_since.get(x, now) for x in due.items()}
        if now >= doors and not any(now - since >= _WAITS for since in self._due_since.values()):
            return
        found = propose_places(floor, self.session.register(), now, due, {})
        places = {x.staff: x.place for x in found.lines if x.staff is not None and x.staff == x.wanted}
        if places := followed(floor, places):
            self._do(lambda: self.session.run(lambda c: take_places(c, places, {})))

    def _doors(self, floor: Floor) -> datetime:
        """Return the time of the plan's first step, at which everybody has a place."""
        first = min(floor.posts_plan, default="")
        return on_day(floor.day, first) if first else floor.opened_at or self.session.clock()

    def _rest(self, floor: Floor, now: datetime) -> None:
        planned, held = floor.planned_breaks.get(self.manager), floor.staff.get(self.manager)
        if planned is None:
            return
        rested = any(s.status == "on_break" for s in floor.presence.get(self.manager, ()))
        if held is not None and held.status == "on_break":
            if held.until is not None and now >= on_day(floor.day, held.until):
                self._do(lambda: self.session.act("staff.changed", {"staff": self.manager, "status": "present"}))
        elif rested and self._lent_to is not None and floor.holder() in (self._lent_to, None):
            self._do(lambda: self.session.act("charge.taken", {"staff": self.manager}))
            self._lent_to = None
        elif not rested and now >= on_day(floor.day, planned.start) + _WAITS:
            if floor.holder() == self.manager and (deputy := self._deputy(floor)) is not None:
                self._do(lambda: self.session.act("charge.taken", {"staff": deputy}))
                self._lent_to = deputy
            until = f"{now + timedelta(minutes=planned.minutes):%H:%M}"
            fields = {"staff": self.manager, "status": "on_break", "until": until}
            self._do(lambda: self.session.act("staff.changed", fields))

    def _deputy(self, floor: Floor) -> str | None:
        """Return a deputy who is at work; first one whose own break does not fall into the next hour."""
        people, now = self.session.register().people, self.session.clock()
        able = [p.code for p in people.values() if p.may_hold("site_manager") and p.code != self.manager]
        here = [x for x in sorted(able) if (s := floor.staff.get(x)) is not None and s.at_work]

        def rests_soon(code: str) -> bool:
            planned = floor.planned_breaks.get(code)
            return planned is not None and now <= on_day(floor.day, planned.start) < now + _AN_HOUR

        return min(here, key=rests_soon, default=None)

    def _do(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Refused:
            return


def followed(floor: Floor, places: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the ``places`` (by person) without those of whoever would leave a post at which nobody follows."""
    after = {x: post for x, post in floor.posts.items() if floor.staff[x].at_work} | dict(places)
    kept = set(after.values())
    return {x: place for x, place in places.items() if x not in floor.posts or floor.posts[x] in kept}
