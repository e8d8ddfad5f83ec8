"""The console's worker thread: it alone holds the file. It takes in feeds, runs commands, and tells what has come.

It never touches a widget: everything goes out through ``post`` as one of the messages below; the screen keeps a Floor
of its own and applies the facts that it is told, so that no state is shared between threads.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.common.errors import FloorctlError, Refused

if TYPE_CHECKING:
    from floorctl.advice.forecast import Forecaster
    from floorctl.commands.paper import Paper
    from floorctl.intake.feed import Intake, Line, Tail
    from floorctl.models.facts.day_facts import Entry
    from floorctl.models.site.calendar import DayInfo
    from floorctl.models.site.site import Site
    from floorctl.usecases.session import Decision, Session

# What is said when an act is done: words, or a function of the facts that it came to.
Label = str | Callable[[list["Entry"]], str]

POLL_S = 0.04
FOLLOW_S = 0.1


class Loaded(NamedTuple):
    """A business day with all its facts, when the console starts and when the day changes."""

    site: Site
    day: date
    info: DayInfo
    entries: list[Entry]
    register_entries: list[Entry]
    names: dict[str, str]  # surnames by code, outside the facts
    began: date | None = None  # the first day on which somebody recorded something by hand


class Taught(NamedTuple):
    """What forecasts the day in hand, with the day watched so far; from here on it is the screen's alone."""

    day: date
    forecaster: Forecaster


class Arrived(NamedTuple):
    """New facts of the day in hand, and of the Register."""

    entries: list[Entry]
    register_entries: list[Entry]
    names: dict[str, str] | None = None  # where they may have changed


class Done(NamedTuple):
    """A command was carried out; ``entries`` may be empty where it changed nothing."""

    label: Label
    entries: list[Entry]
    warnings: list[str]
    arrived: Arrived | None = None  # what is new in the file, told together so that the screen redraws once
    then: Callable[[], None] | None = None  # what the screen wanted to do next


class Answered(NamedTuple):
    """What was asked of the file beside the facts in hand (closing a day, a month's figures); ``what`` names it."""

    what: str
    value: Any
    arrived: Arrived | None = None  # facts that came of it


class Failed(NamedTuple):
    """A command was refused, or the file or a feed cannot be used. ``retry`` is called with a reason that is needed.

    ``what`` names the question that has no answer, if it was one.
    """

    error: FloorctlError
    retry: Callable[[str], None] | None = None
    fatal: bool = False
    what: str = ""


class Unclosed(NamedTuple):
    """Earlier days that had visitors and whose report was never closed, the oldest first."""

    days: tuple[date, ...]


class FeedsSeen(NamedTuple):
    """State of the followed feeds: (source, name of the file, whether it is there, refused lines so far)."""

    feeds: tuple[tuple[str, str, bool, int], ...]


class FileTrouble(NamedTuple):
    """The open file was deleted or replaced; '' when it is itself again."""

    why: str


class _Job(NamedTuple):
    """``what``: a question, whose answer is whatever ``run`` returns; else an act, which returns its facts."""

    label: Label
    run: Callable[[Session], Any]
    retry: Callable[[str], None] | None = None
    then: Callable[[], None] | None = None
    what: str = ""


@dataclass
class Engine:
    """Start it with ``start``; give it work with ``decide``, ``act``, ``undo``; end it with ``stop``."""

    open_session: Callable[[], Session]
    feeds: tuple[Path, ...]
    post: Callable[[object], None]
    on_facts: Callable[[list[Entry]], None] | None = None  # the demo listens to what the manager does
    painted: threading.Event = field(default_factory=threading.Event)  # the screen shows the first day
    _jobs: queue.SimpleQueue[_Job | None] = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None
    _trouble: str = ""
    _complaint: str = ""
    _written: object = None  # the sheets of paper that were written last
    _unclosed: tuple[date, ...] = ()
    _feeds_seen: tuple[tuple[str, str, bool, int], ...] = ()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="floorctl-engine", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the work that it has been given."""
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(timeout=5)

    def decide(self, label: Label, decision: Decision, then: Callable[[], None] | None = None) -> None:
        self._jobs.put(_Job(label, lambda s: s.run(decision), None, then))

    def act(
        self,
        label: Label,
        kind: str,
        fields: dict[str, Any],
        retry: Callable[[str], None] | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:
        self._jobs.put(_Job(label, lambda s: s.act(kind, fields), retry, then))

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

        self._jobs.put(_Job(label, enter, None, then))

    def retract(self, label: str, fields: dict[str, Any]) -> None:
        self._jobs.put(_Job(label, lambda s: s.retract(fields)))

    def undo(self, label: Label) -> None:
        self._jobs.put(_Job(label, lambda s: s.undo()))

    def ask(self, what: str, run: Callable[[Session], Any]) -> None:
        """Has something worked out, or done, with the file; the answer comes as ``Answered`` under this name."""
        self._jobs.put(_Job("", run, what=what))

    def export(self, label: str) -> None:
        """Writes the documents of the day beside the data file."""
        self._jobs.put(_Job(label, _export))

    # ---- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            session = self.open_session()
        except FloorctlError as e:
            self.post(Failed(e, fatal=True))
            return
        except Exception as e:  # an unforeseen fault must reach the screen, not die with the thread
            self.post(Failed(_unforeseen(e), fatal=True))
            return
        try:
            self._loop(session)
        except FloorctlError as e:
            self.post(Failed(e, fatal=True))
        except Exception as e:
            self.post(Failed(_unforeseen(e), fatal=True))
        finally:
            session.close()

    def _loop(self, session: Session) -> None:
        self._session = session
        version = session.store.data_version()  # before reading: what comes meanwhile must not be missed
        self._load()
        # The rest can wait until the board is on the screen: two threads share one interpreter.
        self.painted.wait(timeout=2)
        tails = self._open_feeds(session)
        session.floor(self._day)  # so that the first key does not wait for a fold
        self._tell_unclosed()
        self._teach()
        looked = time.monotonic()
        while True:
            wait = POLL_S if tails else FOLLOW_S
            try:
                job = self._jobs.get(timeout=wait)
            except queue.Empty:
                job = _NOTHING
            if job is None:
                return
            if job is not _NOTHING:
                self._work(job)
            self._poll_feeds(tails)
            if time.monotonic() - looked >= FOLLOW_S or job is not _NOTHING:
                looked = time.monotonic()
                try:
                    version = self._follow(session, version)
                except FloorctlError as e:
                    # A trouble of the moment must not end this thread: what is pressed next would be lost unsaid.
                    self._complain(e)

    def _follow(self, session: Session, version: tuple[int, int]) -> tuple[int, int]:
        """Looks whether the day or the file has changed; returns the version of the file that has been told."""
        if session.today != self._day and session.frozen is None:
            self._load()
            self._tell_unclosed()
            self._teach()
        trouble = session.store.gone()
        if trouble != self._trouble:
            self._trouble = trouble
            self.post(FileTrouble(f"{session.path.name} が{trouble}" if trouble else ""))
        now = session.store.data_version()
        if now != version:
            self._tell()
            if self._unclosed:
                self._tell_unclosed()  # one of them may have been closed from the command line
        return now

    def _complain(self, error: FloorctlError) -> None:
        """Says a trouble that nobody has asked for, once until it changes."""
        if error.sentence != self._complaint:
            self._complaint = error.sentence
            self.post(Failed(error))

    def _load(self) -> None:
        """Hands the day over as facts: the screen folds them; this side folds when it must decide."""
        s = self._session
        self._day = s.today
        entries, register = s.store.day_facts(self._day), s.store.register_facts()
        self._told = max((e.seq for e in entries), default=0)
        self._told_register = max((e.seq for e in register), default=0)
        names = self._names = s.store.surnames()
        info, began = s.info(self._day), s.began()
        self.post(Loaded(s.site, self._day, info, s.seen(entries), s.seen(register), names, began))

    def _tell_unclosed(self) -> None:
        """Says which earlier days were not closed, where that has changed."""
        from floorctl.usecases.closing import unclosed_days

        try:
            days = tuple(unclosed_days(self._session))
        except FloorctlError as e:
            self._complain(e)
            return
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
        self._told = max((e.seq for e in entries), default=self._told)
        self._told_register = max((e.seq for e in register), default=self._told_register)
        entries, register, names = s.seen(entries), s.seen(register), s.store.surnames()
        if not entries and not register and names == self._names:
            return None
        changed, self._names = names != self._names, names
        if self.on_facts is not None:
            self.on_facts(entries)
        return Arrived(entries, register, names if changed else None)

    def _work(self, job: _Job) -> None:
        s = self._session
        try:
            s.warnings = []
            found = job.run(s)
        except FloorctlError as e:
            self.post(Failed(e, job.retry, what=job.what))
            return
        except Exception as e:
            self.post(Failed(_unforeseen(e), what=job.what))
            return
        if job.what:
            self.post(Answered(job.what, found, self._news()))
        else:
            self.post(Done(job.label, found, s.warnings, self._news(), job.then))

    # ---- feeds

    def _open_feeds(self, session: Session) -> list[_Followed]:
        from floorctl.intake.feed import Intake, Tail

        wanted = [(path, "feed") for path in self.feeds]
        if not wanted:
            wanted = [(Path(f.path), f.source) for f in session.site.feeds]
        return [
            _Followed(Tail(path), Intake(session.store, session.site, source, session.clock, lambda n, why: None), [])
            for path, source in wanted
        ]

    def _poll_feeds(self, followed: list[_Followed]) -> None:
        for tail, intake, backlog in followed:
            if not backlog:  # lines that wait for the file are enough: a feed goes on being written meanwhile
                backlog += tail.poll()
            if not backlog:
                continue
            refused = intake.totals.refused
            try:
                intake.take(backlog)
            except FloorctlError as e:
                # The lines wait until the file can be written again; those that went in are duplicates then.
                intake.totals.refused = refused
                self._complain(e)
                continue
            backlog.clear()
            self._complaint = ""
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


def _unforeseen(error: Exception) -> FloorctlError:
    return FloorctlError(
        "思いがけない不具合です", type(error).__name__, "記録はファイルに残っています。floorctl を開き直してください"
    )
