"""A rehearsal: a scenario played into a temporary file while the trainee acts, and at its end the review (仕様書 8)."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING

from floorctl.common.clock import JST
from floorctl.console.state import Notice
from floorctl.database.store import Store
from floorctl.intake.demand_table import demand_table
from floorctl.intake.feed import parse_line
from floorctl.intake.site_file import load_site
from floorctl.models.board.alerts import alerts
from floorctl.models.facts.entry import Entry
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.scenario import WAITING, Scenario
from floorctl.models.site.site import Site
from floorctl.rehearsal.demo import SOURCE, STEP_S, Demo
from floorctl.rehearsal.scenario_files import mishaps_of
from floorctl.simulation.demand import MonthDemand
from floorctl.simulation.hall import Line
from floorctl.simulation.hours import seconds
from floorctl.simulation.live import LiveHall
from floorctl.simulation.recorded_day import record
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.advice.review import Course, Review

MORNING = time_of_day(8, 10)  # when the file of the day begins
PRELUDE_STEP_S = 30  # how long after it happened a fact before the play is recorded, at most
HAND_STEP_S = 20  # of a play without a console
LAST_S = 300  # so long before the end it is said that the end is near
AT_THE_DOOR_S = 180  # how often those without a number are told of again
MEMO_CHARS = 400


class Drill(Demo):
    """``starts`` to ``ends`` is played by hand, what comes before by nobody, as fast as it can be.

    ``tell`` is called with a Notice for everything that somebody says to the trainee. Times are of the scenario's day.
    """

    def __init__(
        self,
        path: Path,
        site_file: Path | None,
        name: str,
        scenario: Scenario,
        *,
        speed: float | None = None,
        seed: int | None = None,
        starts: time_of_day | None = None,
        ends: time_of_day | None = None,
    ) -> None:
        super().__init__(
            path,
            site_file,
            speed=speed or scenario.speed,
            volume=scenario.volume,
            seed=scenario.seed if seed is None else seed,
        )
        self.name, self.scenario = name, scenario
        self.site: Site = load_site(site_file)
        self.table: Sequence[MonthDemand] = demand_table(self.site)
        self.starts = datetime.combine(scenario.day, starts or scenario.starts, JST)
        self.ends = datetime.combine(scenario.day, ends or scenario.ends, JST)
        self.tell: Callable[[Notice], None] = lambda notice: None
        self._day = scenario.day
        self._day_start = self.starts
        morning = datetime.combine(scenario.day, MORNING, JST)
        self._hand: datetime | None = min(morning, self.starts)  # the clock while nobody plays
        self._hall = self._new_hall()
        self._due = sorted(scenario.messages, key=lambda m: m.at)
        self._at_the_door = (0, self.starts)
        self._own: Session | None = None
        self._last_seq: int | None = None  # the last fact that counts
        self._near = self.ends - self.starts < timedelta(seconds=3 * LAST_S)  # too short to be told of
        self._over = False

    def _new_hall(self) -> LiveHall:
        return LiveHall(
            self.site,
            self.scenario.day,
            self.seed,
            self.volume,
            self.table,
            after_break=Calendar(self.site).after_break(self.scenario.day),
            manager_moves=True,
            mishaps=mishaps_of(self.scenario),
        )

    def clock(self) -> datetime:
        """The simulated time; it stands still before the play and after it."""
        return self._hand or min(super().clock(), self.ends)

    # ---- the play

    def prepare(self) -> None:
        """The file as the trainee finds it: the morning's preparations, and what has happened by ``starts``."""
        Session(self.site, self.path, clock=self.clock, actor=SOURCE, create=True).close()
        self._prepare(self.site, self._hall.bookings)
        self._run(self.starts, PRELUDE_STEP_S, None)

    def play_out(self, act: Callable[[datetime], None] | None = None) -> None:
        """The play without a console, as fast as it can be. ``act`` is called every few simulated seconds: a trainee's
        hand, which tells what it wrote by ``react``; without it nobody acts."""
        self._run(self.ends, HAND_STEP_S, act)
        self._end()

    def _run(self, until: datetime, step_s: int, act: Callable[[datetime], None] | None) -> None:
        """Lets the hall run to ``until`` in steps of the clock."""
        store = Store(self.path)
        tell = self._teller(store, self.site)
        try:
            at = self.clock()
            while at < until:
                at = min(until, at + timedelta(seconds=step_s))
                self._hand = at
                self._step(tell, quiet=act is None and at <= self.starts)
                if act is not None:
                    act(at)
        finally:
            store.close()
            self._close_own()

    def open_session(self) -> Session:
        """The trainee's session; from here on the clock runs."""
        self._hand, self._began = None, time.monotonic()
        return Session(self.site, self.path, clock=self.clock, actor="console")

    def start(self) -> None:
        s = self.scenario
        self.tell(Notice(f"演習: {s.title}", (s.purpose, *(f"{n}. {t}" for n, t in enumerate(s.tasks, 1)))))
        super().start()

    def _play(self) -> None:
        store = Store(self.path)
        tell = self._teller(store, self.site)
        try:
            while not self._stopping.wait(STEP_S):
                self._step(tell)
                if self.clock() >= self.ends:
                    self._end()
                    self.tell(Notice("時間です", ("演習はここまでです。Ctrl+Q で終えると、見直しが出ます。",)))
                    return
        finally:
            store.close()
            self._close_own()

    def stop(self) -> None:
        """The trainee has left: the play ends where it is."""
        super().stop()
        self._end()

    def _end(self) -> None:
        """What is recorded from now on does not count any more."""
        if self._over:
            return
        self._over = True
        self._hand = self.ends = self.clock()
        self._obey(self._hall)
        store = Store(self.path)
        self._last_seq = store.head().seq
        store.close()

    def _step(self, tell: Callable[[Sequence[Line]], None], *, quiet: bool = False) -> None:
        self._obey(self._hall)
        now = self.clock()
        tell(self._hall.advance(now))
        while self._due and datetime.combine(self.scenario.day, self._due[0].at, JST) <= now:
            message = self._due.pop(0)
            text = message.text.replace(WAITING, self._waiting())
            self._session().act("memo.written", {"text": f"{message.who}: {text}"[:MEMO_CHARS]})
            if not quiet:
                self.tell(Notice(message.who, (text,)))
        self._tell_of_the_door(now)
        if not quiet and not self._near and now >= self.ends - timedelta(seconds=LAST_S):
            self._near = True
            self.tell(Notice("演習", (f"{self.ends:%H:%M} で終わります。残っていることを片付けてください。",)))

    def _waiting(self) -> str:
        """How many stand in each lane, as somebody who counts them sees it."""
        waiting = self._hall.snapshot()["waiting"]
        return "・".join(f"{x.name} {waiting[x.code]}人" for x in self.site.lanes)

    def _tell_of_the_door(self, now: datetime) -> None:
        """Whoever stands at a dead ticket machine is a fact that no feed tells."""
        stands = self._hall.without_number
        count, told_at = self._at_the_door
        if len(stands) == count and (not stands or now < told_at + timedelta(seconds=AT_THE_DOOR_S)):
            return
        self._at_the_door = (len(stands), now)
        if not stands:
            self.tell(Notice("受付案内", ("番号札を待つ人はいなくなりました。",)))
            return
        each = Counter(service for _, service in stands)
        words = "・".join(f"{s.short} {each[s.code]}人" for s in self.site.services if each[s.code])
        self.tell(Notice("受付案内", (f"番号札を待つ人が{len(stands)}人います（{words}）。j で番号を。",)))

    def _session(self) -> Session:
        """The hall's own session, for what people say."""
        if self._own is None:
            self._own = Session(self.site, self.path, clock=self.clock, actor=SOURCE)
        return self._own

    def _close_own(self) -> None:
        if self._own is not None:
            self._own.close()
            self._own = None

    # ---- the review

    def review(self, staff: str, done_on: date) -> Review:
        """What it came to. The rest of the day goes by first, as the trainee has left the hall, so that waits are whole."""
        from floorctl.advice import review as r

        session = Session(self.site, self.path, clock=self.clock, actor=SOURCE)
        floor, register = session.floor(self.scenario.day), session.register()
        gone = floor.retracted.keys() | register.gone
        acts = [e for e in self._acts(session) if e.key not in gone]
        since, until = seconds(self.starts.time()), seconds(self.ends.time())
        met = r.judge(self.scenario.expectations, acts, floor, register, self.starts, self.ends)
        limit = self.site.thresholds.escalation_red_s
        asked = alerts(floor, register, session.info(self.scenario.day), self.ends)
        left_open = [f"{a.word} {a.text}" for a in asked if a.severity == "critical"]
        cases = r.hand_offs(floor, self.starts, self.ends, limit)
        moves = [m for m in floor.moves if m.at >= self.starts and any(e.fact.at == m.at for e in acts)]
        reports = r.late_reports(register, self.site, self.starts, self.ends)
        session.close()
        self._hall.advance(self._midnight())
        played = r.course(self.site, self._hall.visits(), self._hall.turned_away, since, until)
        return r.Review(
            self.name,
            self.scenario,
            staff,
            done_on,
            self.seed,
            self.starts,
            self.ends,
            {"played": played, **self._otherwise(since, until)},
            cases,
            met,
            reports,
            moves,
            dict(Counter(e.kind for e in acts if e.kind != "retracted")),
            left_open,
        )

    def _acts(self, session: Session) -> list[Entry]:
        """What the trainee has recorded while the play went on."""
        day = session.store.day_facts(self.scenario.day)
        last = self._last_seq if self._last_seq is not None else session.store.head().seq
        return [e for e in day if e.source == "console" and e.actor == "console" and e.seq <= last]

    def _midnight(self) -> datetime:
        return datetime.combine(self.scenario.day, time_of_day(), JST) + timedelta(days=1)

    def _otherwise(self, since: int, until: int) -> dict[str, Course]:
        """The same day with nobody acting, and the two bounds on it."""
        from floorctl.advice import review as r

        hall = self._new_hall()
        lines = hall.advance(self._midnight())
        facts = [parse_line(_bytes(line), self.site) for line in lines]
        entries = [Entry(n, SOURCE, fact.at, SOURCE, fact) for n, fact in enumerate(facts, 1)]
        visits = hall.visits()
        day = r.replayable(record(self.site, self.scenario.day, entries), self.site, visits, mishaps_of(self.scenario))
        numbers = {v.ticket for v in r.waiting_within(visits, since, until)}
        none = r.course(self.site, visits, hall.turned_away, since, until)
        return {"no_action": none, **r.bounds(self.site, day, self.table, numbers, since, until)}


def _bytes(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode()
