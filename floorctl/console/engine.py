"""Worker thread of the console: the only part that holds the file; it ingests feeds, runs commands, posts what is new.

It never touches a widget: everything goes out through ``post`` as one of the messages of messages.py. The screen folds
the posted facts onto a Floor of its own, so that no state is shared between threads.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.common.action_keys import keyed
from floorctl.common.errors import Busy, FloorctlError, Refused
from floorctl.console.day_reader import DayReader
from floorctl.console.messages import (
    Answered,
    Arrived,
    Done,
    Failed,
    FeedsSeen,
    FeedState,
    FileTrouble,
    Label,
    Mended,
    Reply,
    Taught,
    Unclosed,
)
from floorctl.console.possible import LOOKS_ONLY
from floorctl.usecases.unclosed_days import Known, unclosed_days

if TYPE_CHECKING:
    from floorctl.commands.paper import Paper
    from floorctl.console.followed import Followed
    from floorctl.console.lending import OwnLoans
    from floorctl.models.facts.entry import Entry
    from floorctl.models.register.register import ReportChange
    from floorctl.usecases.session import Decision, Session

POLL_S = 0.04
FOLLOW_S = 0.05
# Seconds in which pressed acts are still recorded while the console ends: as long as a write waits for a busy file.
PATIENCE_S = 10.0
# Seconds waited at the end where no act is owed, such as for a feed that is being ingested.
_IDLE_PATIENCE_S = 5.0
# Seconds after which a failed step behind the board (forecasts, earlier days) is tried again.
_AGAIN_S = 1.0


class _Job(NamedTuple):
    """A question ``what``, answered by the result of ``run``; else an act, whose result is its facts.

    ``records``: it writes to the file.
    """

    label: Label
    run: Callable[[Session], Any]
    reply: Reply | None = None
    what: str = ""
    records: bool = True


@dataclass(eq=False, repr=False)
class Engine:
    """Start it with ``start``; give it work with ``decide``, ``act``, ``undo``; end it with ``stop``."""

    open_session: Callable[[], Session]
    feeds: tuple[Path, ...]
    post: Callable[[object], None]
    on_facts: Callable[[list[Entry]], None] | None = None  # the demo reacts to the manager's acts
    read_only: bool = False  # everything that would write is refused; no feed is followed, no terminal lent or returned
    painted: threading.Event = field(default_factory=threading.Event)  # the screen shows the first day
    ended: FloorctlError | None = None  # why the thread has ended without ``stop``
    unheard: list[FloorctlError] = field(default_factory=list)  # of failed acts, not shown to the manager yet
    last_failure: FloorctlError | None = None
    _jobs: queue.SimpleQueue[_Job | None] = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None
    _given: int = 0  # acts that were to be recorded
    _answered: int = 0  # of them those that are recorded, or have failed
    _leave_by: float | None = None
    _trouble: str = ""
    _complaints: dict[str, FloorctlError] = field(default_factory=dict)  # last posted failure of each step
    _written: object = None  # sheets of paper that were written last
    _unclosed: tuple[date, ...] = ()
    _known_days: Known = field(
        default_factory=dict
    )  # what was found of earlier days: they are folded again where they change
    _reissued: Mapping[date, ReportChange] = field(default_factory=dict)
    _followed: list[Followed] = field(default_factory=list)
    _feeds_seen: tuple[FeedState, ...] = ()
    _unposted: list[Done | Answered] = field(default_factory=list)  # done while the file could not be read
    _later: list[Callable[[], None]] = field(default_factory=list)  # steps that wait until the board is painted
    _later_at: float = 0.0
    _fold_at: float = 0.0
    _loans: OwnLoans | None = None
    _parking: bool = False
    _parked: list[_Job] = field(default_factory=list)  # acts of a key that may turn out to be none

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="floorctl-engine", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the work that it was given; wait as long as its writes would.

        ``unrecorded`` counts the acts that are lost then. May be called again, and from any thread.
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
        """Number of acts that have neither been recorded nor failed."""
        return self._given - self._answered

    @property
    def unrecorded(self) -> int:
        """Number of acts that are not in the file and whose failure the manager has not been shown."""
        return self.owed + len(self.unheard)

    def hear(self, error: FloorctlError) -> None:
        """Note that the manager has been shown why an act failed."""
        with suppress(ValueError):
            self.unheard.remove(error)

    def decide(self, label: Label, decision: Decision, reply: Reply | None = None) -> None:
        self._give(_Job(label, lambda s: s.run(decision), reply))

    def act(self, label: Label, kind: str, fields: dict[str, Any], reply: Reply | None = None) -> None:
        self._give(_Job(label, lambda s: s.act(kind, fields), reply))

    def enter_paper(self, label: Label, paper: Paper, sheets: object, reply: Reply | None = None) -> None:
        """Record what was typed on ``sheets``, once however fast the key is pressed again."""

        def enter(session: Session) -> list[Entry]:
            from floorctl.commands.paper import enter as enter_facts

            if sheets is self._written:
                raise Refused(
                    "もう一度は記録しません",
                    "この紙の行は記録したところです",
                    keyed("取り消すには {undo} を押してください"),
                )
            found = session.run(lambda c: enter_facts(c, paper), between=True)
            self._written = sheets
            return found

        self._give(_Job(label, enter, reply))

    def retract(self, label: str, fields: dict[str, Any], reply: Reply | None = None) -> None:
        self._give(_Job(label, lambda s: _retract(s, fields), reply))

    def undo(self, label: Label) -> None:
        self._give(_Job(label, lambda s: s.undo()))

    def ask(
        self, what: str, run: Callable[[Session], Any], *, records: bool = False, reply: Reply | None = None
    ) -> None:
        """Run a question on the session; the result is posted as ``Answered`` under the name ``what``."""
        self._give(_Job("", run, reply, what=what, records=records))

    def export(self, label: str) -> None:
        """Write the documents of the day beside the data file."""
        self._give(_Job(label, _export))

    @contextmanager
    def parking(self) -> Iterator[None]:
        """Keep what is to be recorded meanwhile until ``release``, or until ``drop`` forgets it; questions go on."""
        self._parking = True
        try:
            yield
        finally:
            self._parking = False

    def release(self) -> None:
        """Record what was kept."""
        parked, self._parked = self._parked, []
        for job in parked:
            self._put(job)

    def drop(self) -> list[str]:
        """Forget what was kept; return the name of each, "" for an act."""
        dropped, self._parked = self._parked, []
        self._given -= len(dropped)
        return [job.what for job in dropped]

    def _give(self, job: _Job) -> None:
        if self.read_only and job.records:
            self.post(Failed(LOOKS_ONLY, job.reply, what=job.what))
            return
        self._given += job.records
        if self._parking and job.records:
            self._parked.append(job)
        else:
            self._put(job)

    def _put(self, job: _Job) -> None:
        self._jobs.put(job)
        if self.ended is not None:
            self._refuse_all()

    # ---- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            session = self.open_session()
        except Exception as e:  # an unforeseen fault must reach the screen, not die with the thread
            self._end(_error(e))
            return
        try:
            self._loop(session)
        except Exception as e:
            self._end(_error(e))
        finally:
            for one in self._followed:
                with suppress(Exception):
                    one.following.close()
            with suppress(Exception):
                session.close()

    def _end(self, error: FloorctlError) -> None:
        """Post that nothing is recorded any more, and refuse every act from now on."""
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
        self._session, self._reader = session, DayReader(session)
        if not self._load_first():
            return
        # The rest can wait until the board is on the screen: two threads share one interpreter.
        self.painted.wait(timeout=2)
        self._later.insert(0, self._open_feeds)
        self._do_later()
        looked = time.monotonic()
        while True:
            try:
                job = self._jobs.get(timeout=POLL_S if self._followed else FOLLOW_S)
            except queue.Empty:
                worked = False
            else:
                if job is None:
                    return
                self._work(job)
                worked = True
            if self._leave_by is not None:
                continue  # while the console ends only acts are worked off
            self._poll_feeds(self._followed)
            if worked or time.monotonic() - looked >= FOLLOW_S:
                looked = time.monotonic()
                self._look()

    def _load_first(self) -> bool:
        """Post the first day, however long the file is busy; return False if the console is left before."""
        while True:
            try:
                # Read before the facts: what is written meanwhile must not be missed.
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

    def _attempt(self, step: str, run: Callable[[], object]) -> bool:
        """Run a step that no key started. Post its failure, once until it changes or the step succeeds, and then its end.

        No passing trouble may end this thread: acts pressed afterwards would be lost without a word.
        """
        try:
            run()
        except Exception as e:
            self._complain(step, _error(e))
            return False
        mended = self._complaints.pop(step, None)
        if mended is not None:
            self.post(Mended(mended))
        return True

    def _complain(self, step: str, error: FloorctlError) -> None:
        said = self._complaints.get(step)
        if said is None or said.sentence != error.sentence:
            self._complaints[step] = error
            self.post(Failed(error))

    def _look(self) -> None:
        """Post what has changed; what cannot be read now is read at the next look."""
        if not self._attempt("file", self._follow):
            return
        if self._later and time.monotonic() >= self._later_at:
            self._do_later()
        self._attempt("loans", self._lend_and_return)

    def _follow(self) -> None:
        """Post what has changed of the day or the file. Raise if it cannot be read."""
        session = self._session
        self._answer()
        if session.today != self._reader.day and session.frozen is None:
            self._load()
        trouble = session.store.gone()
        if trouble != self._trouble:
            self._trouble = trouble
            self.post(FileTrouble(f"{session.path.name} が{trouble}" if trouble else ""))
        now = session.store.data_version()
        if now != self._version:
            arrived = self._news()
            if arrived is not None:
                self.post(arrived)
            if self._unclosed and self._find_unclosed not in self._later:
                self._later.append(self._find_unclosed)  # one of them may have been closed from the command line
            self._find_reissued()
            self._version = now
        elif session.frozen is None and time.monotonic() >= self._fold_at:
            self._fold_late()

    def _lend_and_return(self) -> None:
        """Return the lent terminals that are due, lend those that may be lent without asking, and tell it (`lending`)."""
        day = self._reader.day
        if self.read_only or self._session.frozen is not None or self._session.today != day or self._session.late(day):
            return  # ``_fold_late`` folds it in time
        from floorctl.models.board.own_loans import loans_to_watch

        if not loans_to_watch(self._session.floor(day)):
            return
        from floorctl.console.lending import OwnLoans

        if self._loans is None or self._loans.day != day:
            self._loans = OwnLoans(self._session, day)
        done = self._loans.look(self._reader.seen)
        if done is not None:
            self._unposted.append(done)
            self._answer()

    def _do_later(self) -> None:
        """Run the steps that could wait; those that fail are tried again after ``_AGAIN_S``."""
        self._later = [step for step in self._later if not self._attempt(step.__name__, step)]
        self._later_at = time.monotonic() + _AGAIN_S

    def _load(self) -> None:
        """Post the day as facts: the screen folds them; this side folds when it must decide.

        Where the file cannot be read nothing changes here: the day on the screen goes on.
        """
        loaded = self._reader.load()
        self._reissued = {}
        self._later = [self._fold, self._find_unclosed, self._find_reissued, self._teach]
        self._later_at = 0.0
        self.post(loaded)

    def _fold(self) -> None:
        """Fold the day, so that the first key does not wait for it."""
        self._session.floor(self._reader.day)

    def _fold_late(self) -> None:
        """Fold the day again where facts have come late, so that no act waits for it; it takes a tenth of the time at most."""
        began = time.monotonic()
        self._session.catch_up(self._reader.day)
        self._fold_at = time.monotonic() + 9 * (time.monotonic() - began)

    def _find_unclosed(self) -> None:
        """Post the earlier days without a close, if they have changed."""
        days = tuple(unclosed_days(self._session, known=self._known_days))
        if days != self._unclosed:
            self._unclosed = days
            self.post(Unclosed(days, self._reissued))

    def _find_reissued(self) -> None:
        """Post the days whose report was issued again, if they have changed."""
        from floorctl.usecases.reissued_days import reissued_days

        days = reissued_days(self._session.store)
        if days != self._reissued:
            self._reissued = days
            self.post(Unclosed(self._unclosed, days))

    def _teach(self) -> None:
        """Calibrate the forecaster on today's facts (slow), then post it."""
        from floorctl.usecases.forecasting import new_forecaster

        s, day = self._session, self._reader.day
        forecaster = new_forecaster(s, day)
        forecaster.waits(s.floor(day), s.register(), s.clock())
        forecaster.prepare()
        self.post(Taught(day, forecaster))

    def _news(self) -> Arrived | None:
        arrived, on_facts = self._reader.news(), self.on_facts
        if arrived is not None and on_facts is not None:
            self._attempt("simulated", lambda: on_facts(arrived.entries))
        return arrived

    def _work(self, job: _Job) -> None:
        s = self._session
        if self._leave_by is not None and time.monotonic() > self._leave_by:
            self._fail(job, self.last_failure or NO_TIME)
            return
        try:
            s.warnings = []
            found = job.run(s)
        except Exception as e:
            self._fail(job, _error(e))
            return
        self._answered += job.records
        done = (
            Done(job.label, found, s.warnings, None, job.reply)
            if not job.what
            else Answered(job.what, found, None, job.reply)
        )
        self._unposted.append(done)
        self._attempt("file", self._answer)  # where it fails the act is recorded; ``_follow`` posts it later

    def _answer(self) -> None:
        """Post what was done, with all that is new in the file. Raise if that cannot be read."""
        if self._unposted:
            arrived = self._news()
            done, self._unposted = self._unposted, []
            for one in done:
                self.post(one._replace(arrived=arrived))
                arrived = None
            self._find_reissued()

    def _fail(self, job: _Job, error: FloorctlError) -> None:
        self._answered += job.records
        if job.records:
            self.unheard.append(error)
            self.last_failure = error
        self.post(Failed(error, job.reply, what=job.what, acted=job.records))

    # ---- feeds and described sources

    def _open_feeds(self) -> None:
        if self.read_only:
            return
        from floorctl.console.followed import followed

        self._followed = followed(self._session, self.feeds)

    def _poll_feeds(self, followed: list[Followed]) -> None:
        for n, feed in enumerate(followed):
            self._attempt(f"feed {n}", feed.take)
        seen = tuple(f.state() for f in followed)
        remark = "  ".join(words for f in followed if (words := f.remark()))
        if seen != self._feeds_seen or remark:
            self._feeds_seen = seen
            self.post(FeedsSeen(seen, remark))


def _retract(session: Session, fields: dict[str, Any]) -> list[Entry]:
    from floorctl.usecases.retraction import retract

    return retract(session, fields)


def _export(session: Session) -> list[Entry]:
    from floorctl.usecases.closing import export, reports_folder

    result = export(session, session.today, reports_folder(session))
    session.warnings = [f"{result.paths[0].parent} に書き出しました", *result.notes]
    return []


STOPPED = FloorctlError(
    "記録できません", "ファイルを扱う部分が止まっています", "floorctl を終了（Ctrl+Q）し、開き直してください"
)
NO_TIME = FloorctlError("記録できません", "終了までに書き込みが間に合いませんでした", "もう一度入れてください")


def _error(error: Exception) -> FloorctlError:
    if isinstance(error, FloorctlError):
        return error
    return FloorctlError(
        "予期しない不具合です", type(error).__name__, "記録はファイルに残っています。floorctl を開き直してください"
    )
