"""A drill (仕様書 8): a scenario played into a temporary file while the trainee acts, and the review at its end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING

from floorctl.commands.fold import fold, fold_register
from floorctl.common.action_keys import key_of, keyed
from floorctl.common.clock import JST, day_seconds
from floorctl.common.words import hm
from floorctl.console.state_parts import Notice
from floorctl.database.store import Store
from floorctl.intake.demand_table import demand_table
from floorctl.intake.feed import parse_line
from floorctl.intake.site_file import load_site
from floorctl.models.board.alerts import alerts
from floorctl.models.facts.entry import Entry
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.scenario import WAITING, Scenario
from floorctl.models.site.site import Site
from floorctl.rehearsal.demo import SOURCE, STEP_S, Demo, line_bytes
from floorctl.rehearsal.scenario_files import mishaps_of
from floorctl.simulation.hall import Line
from floorctl.simulation.live import LiveHall
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import record
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.advice.played_waits import Course
    from floorctl.advice.review import Review

MORNING = time_of_day(8, 10)  # begin of the day's file
PRELUDE_STEP_S = 30  # step of the clock before the play, so the longest delay until a fact is recorded
HAND_STEP_S = 20  # step of the clock in a play without a console
LAST_S = 300  # time before the end at which a notice announces it
AT_THE_DOOR_S = 180  # interval at which the notice of people without a number is repeated
MEMO_CHARS = 400


class Drill(Demo):
    """One scenario: until ``starts`` nobody acts, from there to ``ends`` the trainee does.

    ``tell`` is called with a Notice for each oral message to the trainee. Times are of the scenario's day.
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
        seed = scenario.seed if seed is None else seed
        super().__init__(path, site_file, speed=speed or scenario.speed, volume=scenario.volume, seed=seed)
        self.name, self.scenario = name, scenario
        self.site: Site = load_site(site_file)
        self.table: Sequence[MonthDemand] = demand_table(self.site)
        self.starts, self.ends = self._at(starts or scenario.starts), self._at(ends or scenario.ends)
        self.tell: Callable[[Notice], None] = lambda notice: None
        self._day = scenario.day
        self._day_start = self.starts
        self._hand: datetime | None = min(self._at(MORNING), self.starts)  # the clock while it is stepped by hand
        self._hall = self._new_hall()
        self._due = sorted(scenario.messages, key=lambda m: m.at)
        self._at_the_door = (0, self.starts)
        self._own: Session | None = None
        self._last_seq: int | None = None  # last fact that counts for the review
        self._near = self.ends - self.starts < timedelta(seconds=3 * LAST_S)  # announced, or too short for that
        self._over = False

    def _at(self, at: time_of_day) -> datetime:
        return datetime.combine(self.scenario.day, at, JST)

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
            nobody_invented=True,
        )

    def clock(self) -> datetime:
        """Return the simulated time, which does not advance before and after the play."""
        return self._hand or min(super().clock(), self.ends)

    # ---- the play

    def prepare(self) -> None:
        """Write the trainee's file: the morning's preparations and everything simulated up to ``starts``."""
        self._open(create=True).close()
        self._prepare(self.site, self._hall.bookings, self._hall.rota)
        self._run(self.starts, PRELUDE_STEP_S, None)

    def play_out(self, act: Callable[[datetime], None] | None = None) -> None:
        """Play without a console, as fast as possible.

        ``act`` is called every ``HAND_STEP_S`` simulated seconds in place of a trainee; it passes its facts to
        ``react``.
        """
        self._run(self.ends, HAND_STEP_S, act)
        self._end()

    def _run(self, until: datetime, step_s: int, act: Callable[[datetime], None] | None) -> None:
        """Let the hall run to ``until`` in steps of the clock; before ``starts`` without notices to the trainee."""
        with self._ingesting() as ingest:
            at = self.clock()
            while at < until:
                at = min(until, at + timedelta(seconds=step_s))
                self._hand = at
                self._step(ingest, quiet=act is None and at <= self.starts)
                if act is not None:
                    act(at)

    @contextmanager
    def _ingesting(self) -> Iterator[Callable[[Sequence[Line]], None]]:
        """Give a function that ingests lines of the hall; close the file and the hall's own session afterwards."""
        with closing(Store(self.path)) as store:
            try:
                yield self._ingester(store, self.site)
            finally:
                if self._own is not None:
                    self._own.close()
                    self._own = None

    def open_session(self) -> Session:
        """Open the trainee's session and start the clock."""
        self._hand, self._began = None, time.monotonic()
        return Session(self.site, self.path, clock=self.clock, actor="console")

    def start(self) -> None:
        """Show the purpose and tasks to the trainee, then start the thread of the hall."""
        s = self.scenario
        self.tell(Notice(f"演習: {s.title}", (s.purpose, *(f"{n}. {keyed(t)}" for n, t in enumerate(s.tasks, 1)))))
        super().start()

    def _play(self) -> None:
        with self._ingesting() as ingest:
            while not self._stopping.wait(STEP_S):
                self._step(ingest)
                if self.clock() >= self.ends:
                    self._end()
                    self.tell(Notice("時間です", ("演習はここまでです。Ctrl+Q で終えると、見直しが出ます。",)))
                    return

    def stop(self) -> None:
        """End the play at the present time; the trainee has left the console."""
        super().stop()
        self._end()

    def _end(self) -> None:
        """Stop the clock and note the last fact that counts for the review."""
        if self._over:
            return
        self._over = True
        self._hand = self.ends = self.clock()
        self._apply_acts(self._hall)
        with closing(Store(self.path)) as store:
            self._last_seq = store.head().seq

    def _step(self, ingest: Callable[[Sequence[Line]], None], *, quiet: bool = False) -> None:
        """Advance the hall to the clock, record what it does and what people say; ``quiet`` shows no notice of it."""
        self._apply_acts(self._hall)
        now = self.clock()
        ingest(self._hall.advance(now))
        while self._due and self._at(self._due[0].at) <= now:
            message = self._due.pop(0)
            text = keyed(message.text.replace(WAITING, self._waiting()))
            self._session().act("memo.written", {"text": f"{message.who}: {text}"[:MEMO_CHARS]})
            if not quiet:
                self.tell(Notice(message.who, (text,)))
        self._notice_unnumbered(now)
        if not quiet and not self._near and now >= self.ends - timedelta(seconds=LAST_S):
            self._near = True
            self.tell(Notice("演習", (f"{hm(self.ends)} で終わります。残っていることを片付けてください。",)))

    def _waiting(self) -> str:
        """Return the people waiting in each lane as a person in the hall counts them: 交付 3人・…."""
        waiting = self._hall.snapshot()["waiting"]
        return "・".join(f"{x.name} {waiting[x.code]}人" for x in self.site.lanes)

    def _notice_unnumbered(self, now: datetime) -> None:
        """Show how many people wait at a dead ticket machine, which no feed reports, when their number changes.

        The notice is repeated every ``AT_THE_DOOR_S`` seconds.
        """
        waiting = self._hall.without_number
        count, noticed_at = self._at_the_door
        if len(waiting) == count and (not waiting or now < noticed_at + timedelta(seconds=AT_THE_DOOR_S)):
            return
        self._at_the_door = (len(waiting), now)
        each = Counter(service for _, service in waiting)
        words = "・".join(f"{s.short} {each[s.code]}人" for s in self.site.services if each[s.code])
        text = f"番号札を待つ人が{len(waiting)}人います（{words}）。{key_of('by_hand')} で番号を。"
        self.tell(Notice("受付案内", (text if waiting else "番号札を待つ人はいなくなりました。",)))

    def _session(self) -> Session:
        """Return the hall's own session, in which what people say is recorded as memos; opened when first needed."""
        if self._own is None:
            self._own = self._open()
        return self._own

    def _open(self, *, create: bool = False) -> Session:
        return Session(self.site, self.path, clock=self.clock, actor=SOURCE, create=create)

    # ---- the review

    def review(self, staff: str, done_on: date, *, by_hand: bool = True) -> Review:
        """Return the review of the play: waits against three courses, hand-offs, expectations, reports, acts.

        Facts recorded after its end do not count. The rest of the day is simulated first without further acts, so that
        every wait has its end. ``by_hand``: there was a console.
        """
        from floorctl.advice.expectations import hand_offs, judge
        from floorctl.advice.review import Review, reports

        day, span = self.scenario.day, (self.starts, self.ends)
        with closing(self._open()) as session:
            facts = self._counting(session.store.day_facts(day))
            register = fold_register(self._counting(session.register_facts()))
            info = session.info(day)
        floor = fold(self.site, day, facts)
        gone = floor.retracted.keys() | register.gone
        acts = [e for e in facts if e.source == "console" and e.actor == "console" and e.key not in gone]
        open_alerts = alerts(floor, register, info, self.ends)
        return Review(
            self.name,
            self.scenario,
            staff,
            done_on,
            self.seed,
            *span,
            courses=self._courses(),
            hand_offs=hand_offs(floor, *span, self.site.thresholds.escalation_red_s),
            met=judge(self.scenario.expectations, acts, floor, register, *span),
            reports=reports(register, self.site, self.ends),
            moves=[m for m in floor.moves if m.at >= self.starts and any(e.fact.at == m.at for e in acts)],
            acts=dict(Counter(e.kind for e in acts)),
            left_open=[f"{a.word} {a.text}" for a in open_alerts if a.severity == "critical"],
            by_hand=by_hand,
        )

    def _counting(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the facts recorded up to the end of the play."""
        return [e for e in entries if self._last_seq is None or e.seq <= self._last_seq]

    def _midnight(self) -> datetime:
        return self._at(time_of_day()) + timedelta(days=1)

    def _courses(self) -> dict[str, Course]:
        """Return the waits as played, with nobody acting, and in two bounds (advice followed at once, lanes pooled)."""
        from floorctl.advice.played_waits import bounds, compared, course, replayable, waiting_within

        since, until = (day_seconds(at.time()) for at in (self.starts, self.ends))
        self._hall.advance(self._midnight())
        hall = self._new_hall()
        lines = hall.advance(self._midnight())
        facts = [parse_line(line_bytes(line), self.site) for line in lines]
        entries = [Entry(n, SOURCE, fact.at, SOURCE, fact) for n, fact in enumerate(facts, 1)]
        visits = hall.visits()
        day = replayable(record(self.site, self.scenario.day, entries), self.site, visits, mishaps_of(self.scenario))
        people = compared(self._hall.visits(), visits, since, until)
        numbers = {v.ticket: v for v in waiting_within(visits, since, until)}
        return {
            "played": course(
                self.site,
                self._hall.visits(),
                self._hall.turned_away,
                since,
                until,
                people,
                mishaps_of(self.scenario),
            ),
            "no_action": course(self.site, visits, hall.turned_away, since, until, people),
            **bounds(self.site, day, self.table, numbers, people, since, until),
        }
