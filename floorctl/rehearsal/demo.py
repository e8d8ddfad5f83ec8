"""The demo: a simulated hall that plays into a temporary file at speed and follows what the manager does."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from floorctl.common.clock import JST, system_clock
from floorctl.database.store import Store
from floorctl.intake.site_file import data_dir, load_site
from floorctl.models.facts.entry import Entry
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.simulation.hours import hours_of
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.simulation.demand import Volume
    from floorctl.simulation.hall import Line
    from floorctl.simulation.live import LiveHall

STEP_S = 0.2
SOURCE = "demo"
BEGINS_MIN = 10  # the demo's day begins on the board so long before the first reception


class Demo:
    """Owns the demo's clock and the thread that lets the hall run; ``react`` is told every new fact."""

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
        self._start = start
        self._day_start: datetime | None = start
        self._began = time.monotonic()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._pending: list[dict[str, Any]] = []
        self._by_id: dict[str, dict[str, Any]] = {}
        self._thread: threading.Thread | None = None
        self._day: date | None = None

    def clock(self) -> datetime:
        """The simulated time: it runs at ``speed`` from the opening of the demo's day."""
        if self._day_start is None:
            return system_clock()
        return self._day_start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def open_session(self) -> Session:
        """Chooses the day (today, or the next open one) and opens the temporary file."""
        site = load_site(self.site_file)
        calendar = Calendar(site)
        wanted = (self._start or system_clock()).astimezone(JST).date()
        day = wanted if calendar.is_open(wanted) else (calendar.next_open_day(wanted) or site.contract.start)
        if not calendar.is_open(day):
            day = calendar.next_open_day(site.contract.start) or day
        self._day = day
        minutes = hours_of(site, day).opens // 60 - BEGINS_MIN
        hour, minute = divmod(max(0, minutes), 60)
        self._day_start = (
            self._start
            if self._start and self._start.date() == day
            else datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST)
        )
        self._began = time.monotonic()
        return Session(site, self.path, clock=self.clock, actor="console", create=True)

    def start(self) -> None:
        """Begins to play; called once the board stands."""
        self._thread = threading.Thread(target=self._play, name="floorctl-demo", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def react(self, entries: Sequence[Entry]) -> None:
        """Facts that came into the file; those that the manager made change the hall."""
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

    def _prepare(self, site: Site, bookings: Sequence[tuple[int, int]]) -> None:
        """What a real morning finds in the file: the roster with its names, today's appointments, who is in charge."""
        from floorctl.intake.csv_reading import read_bytes
        from floorctl.intake.csv_registers import read_roster

        assert self._day is not None
        session = Session(site, self.path, clock=self.clock, actor=SOURCE)
        try:
            people = read_roster(read_bytes(data_dir() / "demo_roster.csv"))
            session.import_roster([p.fields for p in people], {p.fields["staff"]: p.surname or "" for p in people})
            slots = [
                {"time": f"{at // 3600:02d}:{at % 3600 // 60:02d}", "cards": cards, "count": n}
                for (at, cards), n in sorted(Counter(bookings).items())
            ]
            session.import_appointments({self._day: slots})
            manager = next(p.fields["staff"] for p in people if p.fields["role"] == "site_manager")
            session.act("charge.taken", {"staff": manager})
        finally:
            session.close()

    def _play(self) -> None:
        from floorctl.intake.demand_table import demand_table
        from floorctl.simulation.live import LiveHall

        site = load_site(self.site_file)
        assert self._day is not None
        hall = LiveHall(site, self._day, self.seed, self.volume, demand_table(site), manager_moves=True)
        self._prepare(site, hall.bookings)
        store = Store(self.path)
        tell = self._teller(store, site)
        began = False
        try:
            while not self._stopping.wait(STEP_S if began else 0):
                began = True
                self._obey(hall)
                tell(hall.advance(self.clock()))
        finally:
            store.close()

    def _obey(self, hall: LiveHall) -> None:
        """The hall does what the manager has said since the last time."""
        with self._lock:
            acts, self._pending = self._pending, []
        for fact in acts:
            hall.react(fact)

    def _teller(self, store: Store, site: Site) -> Callable[[Sequence[Line]], None]:
        """Takes lines of the hall into the file, as the feed of a ticket machine would."""
        from floorctl.intake.feed import Intake

        intake = Intake(store, site, SOURCE, self.clock, lambda n, why: None, actor=SOURCE)

        def tell(lines: Sequence[Line]) -> None:
            if lines:
                intake.take([(n, json.dumps(line, ensure_ascii=False).encode()) for n, line in enumerate(lines, 1)])

        return tell
