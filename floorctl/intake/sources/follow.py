"""Follow the files of a described source: find those of the day, and read what is new in them, at little cost.

Yesterday's file is read to its end when today's has begun. What is momentarily locked or away is looked at again; what
stays so, or does not fit its description, is said in one sentence and never stops.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from floorctl.common.errors import FloorctlError
from floorctl.common.pages import SOURCES
from floorctl.intake.sources.file_names import matching, on_day
from floorctl.intake.sources.found import FromRow, Trouble
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.watched_file import IrregularFileError, Reads, WatchedFile
from floorctl.models.site.site import Site
from floorctl.models.site.source import Source

# Share of the time that looking may take, beside the reading of what is new.
SHARE = 0.05
# Seconds after which a fault that has not passed is said: half-written files and locks pass.
PATIENCE_S = 10.0
# Seconds after which a file that is away is said: one that is replaced is away for a moment.
_AWAY_S = 2.0
# Seconds for which a file is still looked at once another has taken its place.
_GRACE_S = 60.0
_MOST_FILES = 500
# Longest pause between two looks in seconds, however long the last one took.
_LONGEST_REST_S = 10.0
# As above, where the last look found a file that cannot be read: one that takes long would keep the PC at work all day.
_LONGEST_WITH_FAULT_S = 60.0
_CLOSED = "読めません"
# Rows that are returned at a time, and seconds that their reading may take: the caller has other work.
_MOST_ROWS, _AT_ONCE_S = 1500, 0.05


class SourceFollower:
    """Follower of a source's files, or of ``path`` alone.

    ``today``: the present business day; ``monotonic``, ``busy``: s, of the clock and of this thread's work. ``missing``:
    there is no file; ``irregular``: its name is that of a folder or a pipe; ``path``: the file in hand, or the name that is
    waited for.
    """

    def __init__(
        self,
        source: Source,
        site: Site,
        today: Callable[[], date],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        busy: Callable[[], float] = time.thread_time,
        make_reader: Callable[[], Reads] | None = None,
        path: Path | None = None,
    ) -> None:
        self.source, self._today, self._monotonic, self._only = source, today, monotonic, path
        self._busy = busy
        self._make_reader = make_reader or (lambda: SourceReader(source, site))
        self.missing = self.irregular = False
        self.path = self._waited_for()
        self._watched: dict[tuple[Path, date | None], WatchedFile] = {}
        self._chosen: dict[tuple[Path, date | None], float] = {}  # when it was chosen last
        self._faults: dict[Path, tuple[float, Trouble]] = {}  # since when
        self._away_since: float | None = None
        self._seen = False  # whether there has been a file
        self._left_out = 0  # by files that are no longer watched
        self._round: Iterator[FromRow] | None = None
        self._spent, self._given = 0.0, 0  # by this round: s, rows
        self._rest_until: float | None = None  # after the first round

    @property
    def left_out(self) -> int:
        """Rows that the description has left out so far."""
        return self._left_out + sum(x.left_out for x in self._watched.values())

    @property
    def trouble(self) -> Trouble | None:
        """Return why a file of the source cannot be read as it is described; None where it can, or for a moment only."""
        now = self._monotonic()
        return next((found for since, found in [*self._faults.values()] if now - since >= PATIENCE_S), None)

    def poll(self) -> list[FromRow]:
        """Return rows that are new since the last call, at most a batch; [] if there are none, or no file yet."""
        began, worked = self._monotonic(), self._busy()
        if self._round is None:
            if self._rest_until is not None and began < self._rest_until:
                return []
            self._round, self._spent, self._given = self._look(), 0.0, 0
        found: list[FromRow] = []
        ended = True
        for row in self._round:
            found.append(row)
            if len(found) >= _MOST_ROWS or self._monotonic() - began > _AT_ONCE_S:
                ended = False
                break
        self._spent += self._busy() - worked
        self._given += len(found)
        if ended:
            self._round = None
            # What is new must be read in any case; looking for it may take its share only. The first look loads its parts.
            new = self._given >= _MOST_ROWS or self._rest_until is None
            longest = _LONGEST_WITH_FAULT_S if self._faults else _LONGEST_REST_S
            self._rest_until = self._monotonic() + (0.0 if new else min(self._spent * (1 / SHARE - 1), longest))
        return found

    def _look(self) -> Iterator[FromRow]:
        now = self._monotonic()
        self._choose(now)
        for key, file in list(self._watched.items()):
            chosen = self._chosen[key] == now
            if not chosen and now - self._chosen[key] > _GRACE_S:
                self._left_out += file.left_out
                self._faults.pop(file.path, None)
                del self._watched[key], self._chosen[key]
                continue
            try:
                yield from file.look(now) or ()
            except FileNotFoundError:
                self._faults.pop(file.path, None)  # that it is away is said otherwise
            except OSError as error:
                if chosen:
                    self._fault(file.path, now, _closed(file.path, error))
            except FloorctlError as error:
                if chosen:
                    self._fault(file.path, now, unfit(error.on_screen))
            else:
                self._faults.pop(file.path, None)

    def _fault(self, path: Path, now: float, trouble: Trouble) -> None:
        since, _ = self._faults.get(path, (now, trouble))
        self._faults[path] = (since, trouble)

    def _choose(self, now: float) -> None:
        """Find the files of the present day; those that were chosen before stay for a while."""
        day = self._today()
        found = [self._only] if self._only is not None else matching(self.source.files, day)
        there = _regular(found)
        for path in _chosen(there, self.source):
            self.path = path
            key = (path, day if self.source.days == "today" else None)
            file = self._watched.get(key)
            if file is None:
                file = self._watched[key] = WatchedFile(path, day, self.source, self._make_reader)
            file.day = day
            self._chosen[key] = now
        self.irregular = not there and any(path.exists() for path in found[:_MOST_FILES])
        if there:
            self._away_since, self.missing, self._seen = None, False, True
            return
        if self._away_since is None:
            self._away_since = now
        if not self._seen or now - self._away_since >= _AWAY_S:
            self.missing, self.path = True, self._waited_for()

    def _waited_for(self) -> Path:
        return self._only or Path(on_day(self.source.files, self._today()))


def files_of(source: Source, day: date) -> list[Path]:
    """Return the files of a source that are read on a business day, the oldest first."""
    return _chosen(_regular(matching(source.files, day)), source)


def _regular(paths: Iterable[Path]) -> list[tuple[int, str, Path]]:
    """Return the files among the paths with the times of their last changes, the oldest first."""
    found: list[tuple[int, str, Path]] = []
    for path in paths:
        with suppress(OSError):
            there = path.stat()
            if stat.S_ISREG(there.st_mode):
                found.append((there.st_mtime_ns, path.name, path))
    return sorted(found)


def _chosen(there: list[tuple[int, str, Path]], source: Source) -> list[Path]:
    return [path for _, _, path in (there[-1:] if source.which == "newest" else there[-_MOST_FILES:])]


def _closed(path: Path, error: OSError) -> Trouble:
    """Return what is said of a file that is there and cannot be opened."""
    if isinstance(error, IrregularFileError):
        return Trouble(_CLOSED, FloorctlError(f"{path.name} を読めません", "ファイルではないものです").on_screen)
    why = "ほかのプログラムが使っているか、読む権限がありません" if isinstance(error, PermissionError) else "開けません"
    said = FloorctlError(f"{path.name} を読めません", why, "読めるようになれば、続きから読みます")
    return Trouble(_CLOSED, said.on_screen)


def unfit(said: str) -> Trouble:
    """Return what is said of a file that is not as its description says."""
    help_ = "" if SOURCES in said else f"{SOURCES} を見て、floorctl source try で説明と比べてください。"
    return Trouble("説明に合いません", f"{said}{help_}")
