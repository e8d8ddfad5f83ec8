"""The console's worker thread: it alone holds the file. It takes in feeds, runs commands, and tells what has come.

It never touches a widget: everything goes out through ``post`` as one of the messages of messages.py; the screen keeps a Floor
of its own and applies the facts that it is told, so that no state is shared between threads.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.common.errors import Busy, FloorctlError, Refused
from floorctl.console.messages import (
    Answered,
    Arrived,
    Done,
    Failed,
    FeedsSeen,
    FileTrouble,
    Label,
    Loaded,
    Taught,
    Unclosed,
)
from floorctl.usecases.unclosed_days import unclosed_days

if TYPE_CHECKING:
    from floorctl.commands.paper import Paper
    from floorctl.intake.feed import Intake, Line, Tail
    from floorctl.models.facts.day_facts import Entry
    from floorctl.usecases.session import Decision, Session

POLL_S = 0.04
FOLLOW_S = 0.1
# How long whoever leaves goes on trying to record what was pressed (s): as long as a write itself waits for a busy file.
PATIENCE_S = 10.0
# How long they wait where nothing is owed, such as for a feed that is being taken in (s).
_IDLE_PATIENCE_S = 5.0
# What has failed behind the board (forecasts, earlier days) is tried again after so many seconds.
_AGAIN_S = 1.0


class _Job(NamedTuple):
    """``what``: a question, whose answer is whatever ``run`` returns; else an act, which returns its facts.

    ``records``: the file is to hold it afterwards.
    """

    label: Label
    run: Callable[[Session], Any]
    retry: Callable[[str], None] | None = None
    then: Callable[[], None] | None = None
    what: str = ""
    records: bool = True


@dataclass
class Engine:
    """Start it with ``start``; give it work with ``decide``, ``act``, ``undo``; end it with ``stop``."""

    open_session: Callable[[], Session]
    feeds: tuple[Path, ...]
    post: Callable[[object], None]
    on_facts: Callable[[list[Entry]], None] | None = None  # the demo listens to what the manager does
    painted: threading.Event = field(default_factory=threading.Event)  # the screen shows the first day
    ended: FloorctlError | None = None  # why the thread has ended, where nobody has told it to
    unheard: list[FloorctlError] = field(default_factory=list)  # of failed acts that the manager has not been shown
    last_failure: FloorctlError | None = None
    _jobs: queue.SimpleQueue[_Job | None] = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None
    _given: int = 0  # acts that were to be recorded
    _answered: int = 0  # of them those that are recorded, or have failed
    _leave_by: float | None = None
    _trouble: str = ""
    _complaints: dict[str, str] = field(default_factory=dict)  # what has been said of each part that works unasked
    _written: object = None  # the sheets of paper that were written last
    _unclosed: tuple[date, ...] = ()
    _followed: list[_Followed] = field(default_factory=list)
    _feeds_seen: tuple[tuple[str, str, bool, int], ...] = ()
    _unsaid: list[Done | Answered] = field(default_factory=list)  # done, while what is new could not be read
    _later: list[Callable[[], None]] = field(default_factory=list)  # what can wait until the board is on the screen
    _later_at: float = 0.0

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="floorctl-engine", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the work that it has been given; waits as long as its writes would.

        What is not recorded by then is in ``unrecorded``. May be called again, and from any thread.
        """
        if self._leave_by is None:
            self._leave_by = time.monotonic() + PATIENCE_S
        self._jobs.put(None)
        thread, idle = self._thread, time.monotonic() + _IDLE_PATIENCE_S
        if thread is None:
            return
        # An act that was begun in time is given the time that its own transaction takes to give up.
        while thread.is_alive() and time.monotonic() < (self._leave_by + 2 * PATIENCE_S if self.owed else idle):
            thread.join(0.05)

    @property
    def owed(self) -> int:
        """How many acts have neither been recorded nor failed."""
        return self._given - self._answered

    @property
    def unrecorded(self) -> int:
        """How many acts are not in the file without that the manager has been told."""
        return self.owed + len(self.unheard)

    def hear(self, error: FloorctlError) -> None:
        """Notes that the manager has been shown why an act failed."""
        with suppress(ValueError):
            self.unheard.remove(error)

    def decide(self, label: Label, decision: Decision, then: Callable[[], None] | None = None) -> None:
        self._give(_Job(label, lambda s: s.run(decision), None, then))

    def act(
        self,
        label: Label,
        kind: str,
        fields: dict[str, Any],
        retry: Callable[[str], None] | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:
        self._give(_Job(label, lambda s: s.act(kind, fields), retry, then))

    def enter_paper(self, label: Label, paper: Paper, sheets: object, then: Callable[[], None]) -> None:
        """``sheets``: what the paper was typed on; it is written once, however fast the key is pressed again."""

        def enter(session: Session) -> list[Entry]:
            if sheets is self._written:
                raise Refused(
                    "もう一度は記録しません", "この紙の行は記録したところです", "取り消すには u を押してください"
                )
            found = session.enter_paper(paper)
            self._written = sheets
            return found

        self._give(_Job(label, enter, None, then))

    def retract(self, label: str, fields: dict[str, Any]) -> None:
        self._give(_Job(label, lambda s: s.retract(fields)))

    def undo(self, label: Label) -> None:
        self._give(_Job(label, lambda s: s.undo()))

    def ask(self, what: str, run: Callable[[Session], Any], *, records: bool = False) -> None:
        """Has something worked out, or done, with the file; the answer comes as ``Answered`` under this name."""
        self._give(_Job("", run, what=what, records=records))

    def export(self, label: str) -> None:
        """Writes the documents of the day beside the data file."""
        self._give(_Job(label, _export))

    def _give(self, job: _Job) -> None:
        self._given += job.records
        self._jobs.put(job)
        if self.ended is not None:
            self._refuse_all()

    # ---- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            session = self.open_session()
        except Exception as e:  # an unforeseen fault must reach the screen, not die with the thread
            self._end(_told(e))
            return
        try:
            self._loop(session)
        except Exception as e:
            self._end(_told(e))
        finally:
            with suppress(Exception):
                session.close()

    def _end(self, error: FloorctlError) -> None:
        """Says that nothing is recorded any more; every act is refused from now on."""
        self.ended = error
        self.post(Failed(error, fatal=True))
        self._refuse_all()

    def _refuse_all(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                self._fail(job, STOPPED)

    def _loop(self, session: Session) -> None:
        self._session = session
        if not self._load_first():
            return
        # The rest can wait until the board is on the screen: two threads share one interpreter.
        self.painted.wait(timeout=2)
        self._later.insert(0, self._open_feeds)
        self._catch_up()
        looked = time.monotonic()
        while True:
            wait = POLL_S if self._followed else FOLLOW_S
            try:
                job = self._jobs.get(timeout=wait)
            except queue.Empty:
                job = _NOTHING
            if job is None:
                return
            if job is not _NOTHING:
                self._work(job)
            if self._leave_by is not None:
                continue  # whoever leaves waits for nothing but what was pressed
            self._poll_feeds(self._followed)
            if time.monotonic() - looked >= FOLLOW_S or job is not _NOTHING:
                looked = time.monotonic()
                self._look()

    def _load_first(self) -> bool:
        """Hands over the first day, however long the file is busy; False where the console is left before."""
        while True:
            try:
                # Before reading: what comes meanwhile must not be missed.
                self._version = self._session.store.data_version()
                self._load()
                return True
            except Busy as e:
                self._complain("file", e)
            with suppress(queue.Empty):
                job = self._jobs.get(timeout=FOLLOW_S)
                if job is None:
                    return False
                self._fail(job, STOPPED)

    def _look(self) -> None:
        """Looks what has changed. A trouble of the moment must not end this thread: what is pressed next would be lost
        unsaid; what could not be read is read at the next look."""
        try:
            self._follow()
        except Exception as e:
            self._complain("file", _told(e))
        else:
            self._complaints.pop("file", None)
            if self._later and time.monotonic() >= self._later_at:
                self._catch_up()

    def _follow(self) -> None:
        """Looks whether the day or the file has changed; raises where it cannot be read."""
        session = self._session
        self._answer()
        if session.today != self._day and session.frozen is None:
            self._load()
        trouble = session.store.gone()
        if trouble != self._trouble:
            self._trouble = trouble
            self.post(FileTrouble(f"{session.path.name} が{trouble}" if trouble else ""))
        now = session.store.data_version()
        if now != self._version:
            self._tell()
            if self._unclosed and self._tell_unclosed not in self._later:
                self._later.append(self._tell_unclosed)  # one of them may have been closed from the command line
            self._version = now

    def _catch_up(self) -> None:
        """Does what could wait; what fails is said once and tried again later, and stops nothing else."""
        failed = []
        for step in self._later:
            try:
                step()
                self._complaints.pop(step.__name__, None)
            except Exception as e:
                self._complain(step.__name__, _told(e))
                failed.append(step)
        self._later, self._later_at = failed, time.monotonic() + _AGAIN_S

    def _complain(self, part: str, error: FloorctlError) -> None:
        """Says a trouble that nobody has asked for, once until it changes or the ``part`` of the work is well again."""
        if self._complaints.get(part) != error.sentence:
            self._complaints[part] = error.sentence
            self.post(Failed(error))

    def _load(self) -> None:
        """Hands the day over as facts: the screen folds them; this side folds when it must decide.

        Nothing changes here where the file cannot be read: the day that stands on the screen goes on.
        """
        s = self._session
        day = s.today
        entries, register, names = s.store.day_facts(day), s.store.register_facts(), s.store.surnames()
        loaded = Loaded(s.site, day, s.info(day), s.seen(entries), s.seen(register), names, s.began())
        self._day, self._names = day, names
        self._told = max((e.seq for e in entries), default=0)
        self._told_register = max((e.seq for e in register), default=0)
        self._later = [self._fold, self._tell_unclosed, self._teach]
        self._later_at = 0.0
        self.post(loaded)

    def _fold(self) -> None:
        """Folds the day, so that the first key does not wait for it."""
        self._session.floor(self._day)

    def _tell_unclosed(self) -> None:
        """Says which earlier days were not closed, where that has changed."""
        days = tuple(unclosed_days(self._session))
        if days != self._unclosed:
            self._unclosed = days
            self.post(Unclosed(days))

    def _teach(self) -> None:
        """Hands over what forecasts the day. To watch a whole day takes a moment: it is done here, behind the board."""
        s = self._session
        forecaster = s.take_forecaster(self._day)
        forecaster.waits(s.floor(self._day), s.register(), s.clock())
        forecaster.prepare()
        self.post(Taught(self._day, forecaster))

    def _tell(self) -> None:
        arrived = self._news()
        if arrived is not None:
            self.post(arrived)

    def _news(self) -> Arrived | None:
        s = self._session
        s.refresh()
        entries = s.store.day_facts(self._day, self._told)
        register = s.store.register_facts(self._told_register)
        names = s.store.surnames()
        changed = names != self._names
        # Everything has been read: only now it counts as told.
        self._told = max((e.seq for e in entries), default=self._told)
        self._told_register = max((e.seq for e in register), default=self._told_register)
        self._names = names
        entries, register = s.seen(entries), s.seen(register)
        if not entries and not register and not changed:
            return None
        if self.on_facts is not None:
            try:
                self.on_facts(entries)
            except Exception as e:
                self._complain("simulated", _told(e))
        return Arrived(entries, register, names if changed else None)

    def _work(self, job: _Job) -> None:
        s = self._session
        if self._leave_by is not None and time.monotonic() > self._leave_by:
            self._fail(job, self.last_failure or NO_TIME)
            return
        try:
            s.warnings = []
            found = job.run(s)
        except Exception as e:
            self._fail(job, _told(e))
            return
        self._answered += job.records
        done = Done(job.label, found, s.warnings, None, job.then) if not job.what else Answered(job.what, found)
        self._unsaid.append(done)
        try:
            self._answer()
        except Exception as e:  # it is recorded; what it came to is told once the file can be read again
            self._complain("file", _told(e))

    def _answer(self) -> None:
        """Tells what has been done, with all that is new in the file; raises where that cannot be read."""
        if not self._unsaid:
            return
        arrived = self._news()
        unsaid, self._unsaid = self._unsaid, []
        for said in unsaid:
            self.post(said._replace(arrived=arrived))
            arrived = None

    def _fail(self, job: _Job, error: FloorctlError) -> None:
        self._answered += job.records
        if job.records:
            self.unheard.append(error)
            self.last_failure = error
        self.post(Failed(error, job.retry, what=job.what, acted=job.records))

    # ---- feeds

    def _open_feeds(self) -> None:
        from floorctl.intake.feed import Intake, Tail

        session = self._session
        wanted = [(path, "feed") for path in self.feeds]
        if not wanted:
            wanted = [(Path(f.path), f.source) for f in session.site.feeds]
        self._followed = [
            _Followed(Tail(path), Intake(session.store, session.site, source, session.clock, lambda n, why: None), [])
            for path, source in wanted
        ]

    def _poll_feeds(self, followed: list[_Followed]) -> None:
        for n, feed in enumerate(followed):
            refused = feed.intake.totals.refused
            try:
                if not feed.backlog:  # lines that wait for the file are enough: a feed goes on being written meanwhile
                    feed.backlog.extend(feed.tail.poll())
                if feed.backlog:
                    feed.intake.take(feed.backlog)
            except Exception as e:
                # The lines wait until the file can be written again; those that went in are duplicates then.
                feed.intake.totals.refused = refused
                self._complain(f"feed {n}", _told(e))
                continue
            if feed.backlog:
                feed.backlog.clear()
                self._complaints.pop(f"feed {n}", None)
            if feed.tail.irregular:
                from floorctl.intake.feed import no_regular_file

                self._complain(f"feed {n}", no_regular_file(feed.tail.path))
        seen = tuple((f.intake.source, f.tail.path.name, not f.tail.missing, f.intake.totals.refused) for f in followed)
        if seen != self._feeds_seen:
            self._feeds_seen = seen
            self.post(FeedsSeen(seen))


class _Followed(NamedTuple):
    """A feed, what takes it in, and lines that could not be written yet."""

    tail: Tail
    intake: Intake
    backlog: list[Line]


def _export(session: Session) -> list[Entry]:
    from floorctl.usecases.closing import export, reports_folder

    result = export(session, session.today, reports_folder(session))
    session.warnings = [f"{result.paths[0].parent} に書き出しました", *result.notes]
    return []


_NOTHING = _Job("", lambda s: [])
STOPPED = FloorctlError(
    "記録できません", "ファイルを扱う部分が止まっています", "floorctl を終了（Ctrl+Q）し、開き直してください"
)
NO_TIME = FloorctlError("記録できません", "終了までに書き込みが間に合いませんでした", "もう一度入れてください")


def _told(error: Exception) -> FloorctlError:
    return error if isinstance(error, FloorctlError) else _unforeseen(error)


def _unforeseen(error: Exception) -> FloorctlError:
    return FloorctlError(
        "思いがけない不具合です", type(error).__name__, "記録はファイルに残っています。floorctl を開き直してください"
    )
