"""Followed sources of the console: feeds and described files, their intake, and what is said of their lines."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from floorctl.console.messages import FeedState

if TYPE_CHECKING:
    from floorctl.intake.feed import Intake
    from floorctl.intake.sources.found import Trouble
    from floorctl.models.site.site import Site
    from floorctl.models.site.source import Source
    from floorctl.usecases.session import Session

# Seconds between two looks at the files of a described source.
LOOK_S = 0.04
# Batches that a source may be ahead of the intake.
_AHEAD = 2
# So many refused rows without one that is taken: the source no longer fits its description.
_ALL_REFUSED = 5
# Seconds for which the end waits for a source whose files are being read.
_PATIENCE_S = 0.2


class Following(Protocol):
    """Source of lines or rows that grows.

    ``path``: the file in hand, or the one that is waited for. ``missing``: it is not there. ``irregular``: it is no file.
    ``trouble``: why it cannot be read as described.
    """

    @property
    def path(self) -> Path: ...

    @property
    def missing(self) -> bool: ...

    @property
    def irregular(self) -> bool: ...

    @property
    def trouble(self) -> Trouble | None: ...

    def poll(self) -> list[Any]:
        """Return what is new since the last call."""

    def close(self) -> None: ...


class Remarks:
    """Remarks on a source's lines, refusals and doubts, since they were last taken: the first, and the number of them."""

    def __init__(self, name: str) -> None:
        self.name, self._first, self._count = name, "", 0

    def __call__(self, number: int, why: str) -> None:
        self._first = self._first or f"{self.name} {number}行目: {why}"
        self._count += 1

    def taken(self) -> str:
        """Return the first remark and how many more there are; "" where there is none. The next ones count anew."""
        first, more = self._first, self._count - 1
        self._first, self._count = "", 0
        return f"{first}（ほか{more}件）" if more > 0 else first


class Behind:
    """Follower that looks in a thread of its own: a share that does not answer must not hold up the console."""

    def __init__(self, source: Source, site: Site, today: Callable[[], date]) -> None:
        from floorctl.intake.sources.follow import SourceFollower

        self._today, self._day = today, today()
        self._follower = SourceFollower(source, site, lambda: self._day)
        self._found: queue.Queue[list[Any] | Exception] = queue.Queue(_AHEAD)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"floorctl-{source.name}", daemon=True)
        self._thread.start()

    @property
    def path(self) -> Path:
        return self._follower.path

    @property
    def missing(self) -> bool:
        return self._follower.missing

    @property
    def irregular(self) -> bool:
        return self._follower.irregular

    @property
    def trouble(self) -> Trouble | None:
        return self._follower.trouble

    def poll(self) -> list[Any]:
        """Return rows that were read meanwhile. Raise what the thread could not foresee; it goes on."""
        self._day = self._today()  # asked here: the clock is corrected by what stands in the file
        try:
            found = self._found.get_nowait()
        except queue.Empty:
            return []
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        self._ended.set()
        self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        while not self._ended.is_set():
            found: list[Any] | Exception
            try:
                found = self._follower.poll()
            except Exception as error:
                found = error
            while found and not self._ended.is_set():
                with suppress(queue.Full):
                    self._found.put(found, timeout=LOOK_S)
                    break
            if not found or isinstance(found, Exception):
                self._ended.wait(LOOK_S)


@dataclass
class Followed:
    """A source, its intake, and lines that could not be written yet.

    ``described``: the name of a described source, "" for a feed.
    """

    following: Following
    intake: Intake
    remarks: Remarks
    described: str = ""
    backlog: list[Any] = field(default_factory=list)
    _refused_on: int = 0  # rows refused since the last one that was taken
    _told: Trouble | None = None  # trouble that was said

    def take(self) -> None:
        """Ingest new lines; where the file cannot be written they wait, and a feed that nobody can follow is refused.

        Lines that went in before the failure are duplicates the next time.
        """
        totals = self.intake.totals
        refused, taken = totals.refused, totals.accepted + totals.duplicate
        if not self.backlog:  # the lines that wait are enough: a feed goes on being written meanwhile
            self.backlog.extend(self.following.poll())
        if self.backlog:
            try:
                self.intake.take(self.backlog)
            except Exception:
                totals.refused = refused
                raise
            self.backlog.clear()
            self._refused_on = (
                0 if totals.accepted + totals.duplicate > taken else self._refused_on + totals.refused - refused
            )
        if self.following.irregular:
            from floorctl.intake.feed import no_regular_file

            raise no_regular_file(self.following.path)

    def state(self) -> FeedState:
        """Return what the board shows of the source."""
        f = self.following
        there, refused = not f.missing, self.intake.totals.refused
        return FeedState(self.intake.source, f.path.name, there, refused, self.described, self._trouble())

    def remark(self) -> str:
        """Return what is said once: why the source does not fit its description, then of its rows; "" for nothing."""
        trouble, rows = self._trouble(), self.remarks.taken()
        new, self._told = trouble is not None and self._told is None, trouble
        return f"{trouble.sentence} {rows}".strip() if trouble is not None and new else rows

    def _trouble(self) -> Trouble | None:
        trouble = self.following.trouble
        if trouble is None and self.described and self._refused_on >= _ALL_REFUSED:
            from floorctl.intake.sources.follow import unfit

            trouble = unfit(f"{self.described} の新しい行をどれも受け付けられません。")
        return trouble


def followed(session: Session, feeds: Iterable[Path]) -> list[Followed]:
    """Return the feeds that are named, else those of the site, and the described sources of the site that have files."""
    wanted = [(path, "feed") for path in feeds]
    if not wanted:
        wanted = [(Path(f.path), f.source) for f in session.site.feeds]
    described = [x for x in session.site.sources if x.files]
    if not wanted and not described:
        return []
    from floorctl.intake.feed import Intake, Tail

    found = []
    for path, source in wanted:
        remarks = Remarks(path.name)
        intake = Intake(session.store, session.site, source, session.clock, remarks)
        found.append(Followed(Tail(path), intake, remarks))
    for x in described:
        remarks = Remarks(x.name)
        intake = Intake(session.store, session.site, x.name, session.clock, remarks)
        found.append(Followed(Behind(x, session.site, lambda: session.today), intake, remarks, x.name))
    return found
