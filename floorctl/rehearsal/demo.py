"""The demo: a simulated hall that plays into a temporary file at ``speed`` and reacts to the manager's acts."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from floorctl.common.clock import JST, system_clock
from floorctl.database.store import Store
from floorctl.intake.site_file import load_site
from floorctl.models.facts.entry import Entry
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.simulation.hours import clock_text, hours_of
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.simulation.hall import Line
    from floorctl.simulation.live import LiveHall
    from floorctl.simulation.monthly_demand import Volume
    from floorctl.simulation.rota import Rota

STEP_S = 0.2
SOURCE = "demo"
_LOOK = timedelta(minutes=1)  # of the day, between two looks of the stand-in manager
_HAND_S = 45  # of the person at the keys: so long the city leaves each step of a case that they have raised to them
_MOST_CITY_WAITS_S = 3600  # of the day
BEGINS_MIN = 10  # minutes before the first reception at which the demo's day begins


class Demo:
    """Clock and thread of a simulated hall. ``react`` is called with every new fact."""

    def __init__(
        self,
        path: Path,
        site_file: Path | None,
        *,
        speed: float,
        volume: Volume,
        seed: int,
        start: datetime | None = None,
    ) -> None:
        self.path, self.site_file, self.speed, self.volume, self.seed = path, site_file, speed, volume, seed
        self._start = self._day_start = start
        self._began = time.monotonic()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._pending: list[dict[str, Any]] = []
        self._by_id: dict[str, dict[str, Any]] = {}
        self._thread: threading.Thread | None = None
        self._day: date | None = None

    def clock(self) -> datetime:
        """Return the simulated time, which runs at ``speed`` from the start of the demo's day."""
        if self._day_start is None:
            return system_clock()
        return self._day_start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def open_session(self) -> Session:
        """Choose the day (today, or the next open one), open the temporary file and start the clock."""
        site = load_site(self.site_file)
        calendar = Calendar(site)
        wanted = (self._start or system_clock()).astimezone(JST).date()
        day = wanted if calendar.is_open(wanted) else (calendar.next_open_day(wanted) or site.contract.start)
        if not calendar.is_open(day):
            day = calendar.next_open_day(site.contract.start) or day
        self._day = day
        if self._start is None or self._start.date() != day:
            minutes = max(0, hours_of(site, day).opens // 60 - BEGINS_MIN)
            self._day_start = datetime.combine(day, clock_time(*divmod(minutes, 60)), JST)
        self._began = time.monotonic()
        return Session(site, self.path, clock=self.clock, actor="console", create=True)

    def start(self) -> None:
        """Start the thread of the hall. Called once the board is drawn."""
        self._thread = threading.Thread(target=self._play, name="floorctl-demo", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread of the hall, waiting at most 5 s."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def react(self, entries: Sequence[Entry]) -> None:
        """Queue new facts for the hall, except its own; a retraction carries the fact it undoes."""
        found = []
        for e in entries:
            if e.source == SOURCE:
                continue
            fact = {"id": e.fact.id, "at": e.fact.at.isoformat(), "kind": e.kind, **json.loads(e.fact.payload())}
            if e.kind == "retracted":
                fact = {"kind": "retracted", "undone": self._by_id.get(fact["target"], {})}
            else:
                self._by_id[e.fact.id] = fact
            found.append(fact)
        with self._lock:
            self._pending += found

    def _prepare(self, site: Site, bookings: Sequence[tuple[int, int]], rota: Rota) -> str:
        """Record what a morning finds in the file: roster, appointments, shifts and plan; return the holder of the charge."""
        from floorctl.rehearsal.demo_breaks import demo_breaks
        from floorctl.rehearsal.demo_places import demo_places
        from floorctl.rehearsal.demo_roster import demo_team
        from floorctl.rehearsal.demo_shifts import demo_officials, demo_shifts
        from floorctl.usecases.imports import import_appointments, import_roster, import_shifts

        assert self._day is not None
        with closing(Session(site, self.path, clock=self.clock, actor=SOURCE)) as session:
            people = demo_team(site, self._day, rota)
            import_roster(session, [p.fields for p in people], {p.fields["staff"]: p.surname or "" for p in people})
            slots = [
                {"time": clock_text(at), "cards": cards, "count": n}
                for (at, cards), n in sorted(Counter(bookings).items())
            ]
            import_appointments(session, {self._day: slots})
            staff = [p.fields["staff"] for p in people]
            shifts = demo_shifts(site, session.calendar, self._day, staff, {rota.short_time})
            import_shifts(session, shifts, officials={self._day: demo_officials(site, self._day)})
            manager: str = next(p.fields["staff"] for p in people if p.fields["role"] == "site_manager")
            session.act("charge.taken", {"staff": manager})
            for step in demo_places(site, self._day, session.register().people, rota):
                session.act("posts.planned", step)
            session.act("breaks.planned", demo_breaks(rota, hours_of(site, self._day), manager, staff))
            return manager

    def hall(self, site: Site) -> LiveHall:
        """Return the hall of the demo's day."""
        from floorctl.intake.demand_table import demand_table
        from floorctl.rehearsal.demo_rota import demo_rota
        from floorctl.simulation.live import LiveHall

        assert self._day is not None
        return LiveHall(
            site,
            self._day,
            self.seed,
            self.volume,
            demand_table(site),
            manager_moves=True,
            rota=demo_rota(site, self._day, self.seed),
            city_waits_s=min(_MOST_CITY_WAITS_S, round(_HAND_S * self.speed)),
        )

    def _play(self) -> None:
        from floorctl.rehearsal.demo_manager import DemoManager

        site = load_site(self.site_file)
        hall = self.hall(site)
        who = self._prepare(site, hall.bookings, hall.rota)
        with (
            closing(Store(self.path)) as store,
            closing(Session(site, self.path, clock=self.clock, actor=SOURCE)) as session,
        ):
            ingest, manager = self._ingester(store, site), DemoManager(session, who)
            pause_s, looked = 0.0, self.clock()
            while not self._stopping.wait(pause_s):
                pause_s = STEP_S
                self._apply_acts(hall)
                ingest(hall.advance(self.clock()))
                if self.clock() - looked >= _LOOK:
                    looked = self.clock()
                    manager.look()

    def _apply_acts(self, hall: LiveHall) -> None:
        """Apply the manager's acts since the last call to the hall."""
        with self._lock:
            acts, self._pending = self._pending, []
        for fact in acts:
            hall.react(fact)

    def _ingester(self, store: Store, site: Site) -> Callable[[Sequence[Line]], None]:
        """Return a function that ingests lines of the hall as the feed of a ticket machine."""
        from floorctl.intake.feed import Intake

        intake = Intake(store, site, SOURCE, self.clock, lambda n, why: None, actor=SOURCE)

        def ingest(lines: Sequence[Line]) -> None:
            if lines:
                intake.take([(n, line_bytes(line)) for n, line in enumerate(lines, 1)])

        return ingest


def line_bytes(line: Line) -> bytes:
    """Return a line of the hall as one line of a feed: UTF-8 JSON, without a newline."""
    return json.dumps(line, ensure_ascii=False).encode()
