"""One file of a described source as it changes: appended to, rewritten, replaced, rotated, cut, copied over slowly.

A change is seen by size, times and number of the file, and by a digest of its content where these cannot tell. What is
left of a file that was rotated away, or copied and cut, is looked for beside it. Nothing is held open between two looks:
on Windows a machine could not rename its file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from floorctl.common.clock import JST
from floorctl.common.errors import FloorctlError
from floorctl.intake.sources.found import FromRow
from floorctl.intake.sources.rows import need_size
from floorctl.intake.sources.separated_rows import HEADING_WITHIN
from floorctl.intake.sources.table import MOST_BYTES
from floorctl.models.site.source import LINE_FORMS, Source

# Seconds without a change after which the last row counts though its end may be missing. Longer than the two seconds in
# which a memory stick's file system (FAT) gives two changes the same time.
STILL_S = 3.0
# Seconds after which the content is compared though neither size nor time have changed.
RECHECK_S = 30.0
# Seconds after which a file that could not be read is read again though it has not changed.
_AGAIN_S = 1.0
# Seconds for which a document may be half written, however often it is.
_HALF_S = 10.0
_BEGIN = 4096
_TAIL = 65_536  # most bytes of a half row that are kept
_MOST_BESIDE = 50  # files beside one that was rotated away, the newest first


class Reads(Protocol):
    """Reader of the rows of a source (``SourceReader``)."""

    left_out: int
    waits: bool  # the last look ended in the midst of a row or a document

    def read(self, path: Path, today: date, *, growing: bool = False, still: bool = False) -> Iterator[FromRow]: ...

    def read_data(
        self, data: bytes, path: Path, modified: datetime, today: date, *, growing: bool = False, still: bool = False
    ) -> Iterator[FromRow]: ...


class IrregularFileError(OSError):
    """Path of a folder, a pipe or a device."""


class WatchedFile:
    """A file and its reader; ``day``: the business day for which it is read; ``make_reader``: for a new file of its name."""

    def __init__(self, path: Path, day: date, source: Source, make_reader: Callable[[], Reads]) -> None:
        self.path, self.day, self.source = path, day, source
        self._make_reader, self._left_out = make_reader, 0
        self._reader = make_reader()
        self._lines = source.form in LINE_FORMS
        self._by_time = any(rule.at == "file" for rule in source.facts)
        self._stamp: tuple[float, ...] | None = None  # of the last look
        self._since = 0.0  # when this stamp was first seen
        self._due = 0.0  # when the content is to be looked at though the stamp is the same
        self._looked = 0.0
        self._waits_since: float | None = None  # a document that is not whole
        self._error: FloorctlError | None = None  # of the last reading
        self._length, self._read, self._ended = 0, _digest(), False
        self._begin = self._head = self._tail = b""

    @property
    def left_out(self) -> int:
        """Rows that the description has left out so far."""
        return self._left_out + self._reader.left_out

    def look(self, now: float) -> Iterator[FromRow] | None:
        """Return what is new in the file, None if nothing can be; ``now``: s, monotonic. Raise OSError, FloorctlError."""
        try:
            stamp, modified = self._look_at()
        except FileNotFoundError:
            return self._rest()  # rotated away, and the new one is not there yet
        same = stamp == self._stamp
        if same and now < self._due:
            if self._error is not None:
                raise self._error.with_traceback(None)
            return None
        if not same:
            self._since = now
        self._looked = now
        waited = self._waits_since is not None and now - self._waits_since >= _HALF_S
        still = waited or now - self._since >= STILL_S
        if self.source.form == "sqlite":
            rows: Iterator[FromRow] | None = self._reader.read(self.path, self.day, growing=True)
        else:
            rows = self._compare(_bytes(self.path), modified, still=still, again=not same and self._by_time)
        self._stamp, self._due = stamp, now + RECHECK_S if still else self._since + STILL_S
        return None if rows is None else self._safely(rows)

    def _look_at(self) -> tuple[tuple[float, ...], datetime]:
        """Return what tells a change of the file, and the time of its last one."""
        there = self.path.stat()
        if not stat.S_ISREG(there.st_mode):
            raise IrregularFileError(str(self.path))
        if self.source.form != "sqlite":
            need_size(self.source, there.st_size)
        stamp: tuple[float, ...] = (there.st_size, there.st_mtime_ns, there.st_ino, there.st_dev)
        if self.source.form == "sqlite":  # what was written last stands in the log beside it
            try:
                log = self.path.with_name(f"{self.path.name}-wal").stat()
                stamp += (log.st_size, log.st_mtime_ns)
            except OSError:
                pass
        return stamp, _time_of(there)

    def _safely(self, rows: Iterator[FromRow]) -> Iterator[FromRow]:
        """Yield the rows; where they cannot be read, the whole file is read again."""
        self._error = None
        try:
            yield from rows
        except Exception as error:
            self._error = error if isinstance(error, FloorctlError) else None
            self._due = self._looked + _AGAIN_S
            self._forget()
            raise
        if not self._reader.waits:
            self._waits_since = None
        elif self._waits_since is None:
            self._waits_since = self._looked

    def _compare(self, data: bytes, modified: datetime, *, still: bool, again: bool) -> Iterator[FromRow] | None:
        if not data:
            return None  # cut, and not written anew yet
        if not self._length or self._goes_on(data):
            return self._news(data, modified, still=still, again=again)
        # Another file, or another text in it: first the rest of the old one.
        rest = self._rest(ended=True) if self._lines else None
        if rest is None and self._tail and self._tail not in data:  # half a row that does not come again
            rows = self._head + self._tail
            rest = self._reader.read_data(rows, self.path, modified, self.day, growing=True, still=True)
        elif rest is not None:
            self._left_out += self._reader.left_out
            self._reader = self._make_reader()
        self._forget()
        news = self._news(data, modified, still=still, again=again)
        return news if rest is None else _chained(rest, news)

    def _news(self, data: bytes, modified: datetime, *, still: bool, again: bool) -> Iterator[FromRow] | None:
        """Return what is new in a text that goes on from the one that was read before."""
        ended = self._ended and not self._reader.waits  # rows that are whole may wait for others of their time
        if len(data) == self._length and not again and (ended or not still):
            return None
        self._remember(data, still=still)
        return self._reader.read_data(data, self.path, modified, self.day, growing=True, still=still)

    def _goes_on(self, data: bytes) -> bool:
        """Return whether a text begins with the one that was read before."""
        read = _digest(memoryview(data)[: self._length])
        return len(data) >= self._length and read.digest() == self._read.digest()

    def _remember(self, data: bytes, *, still: bool) -> None:
        self._read.update(memoryview(data)[self._length :])
        self._length, self._begin = len(data), data[:_BEGIN]
        cut = data.rfind(b"\n") + 1
        self._ended = still or (self._lines and cut == len(data))
        self._tail = b"" if self._ended or len(data) - cut > _TAIL else data[cut:]
        end = 0
        for _ in range(self.source.skip_lines + HEADING_WITHIN + 1 if self._tail else 0):
            end = data.find(b"\n", end, cut) + 1 or cut
        self._head = data[:end]

    def _forget(self) -> None:
        self._length, self._read, self._ended = 0, _digest(), False
        self._begin = self._head = self._tail = b""

    def _rest(self, *, ended: bool = False) -> Iterator[FromRow] | None:
        """Return what was added to the text that was read before, if it stands in another file now; ``ended``: to its end.

        Raise FileNotFoundError where it is nowhere, and nothing has taken its place.
        """
        for path, there in _beside(self.path) if self._lines and self._length else ():
            try:
                if there.st_size < self._length or not _begins(path, self._begin):
                    continue
                data = _bytes(path)
            except OSError:
                continue
            if self._goes_on(data):
                rows = self._news(data, _time_of(there), still=ended, again=False)
                return iter(()) if rows is None else rows
        if ended:
            return None
        raise FileNotFoundError(str(self.path))


def _chained(first: Iterator[FromRow], then: Iterator[FromRow] | None) -> Iterator[FromRow]:
    yield from first
    if then is not None:
        yield from then


def _digest(data: bytes | memoryview = b"") -> blake2b:
    return blake2b(data, digest_size=16)


def _bytes(path: Path) -> bytes:
    """Return what a file holds, without the zeros of a copy that is not done or of a power cut. Raise OSError."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES)
    return data.rstrip(b"\0") if data.endswith(b"\0" * 8) else data


def _begins(path: Path, begin: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(begin)) == begin


def _beside(path: Path) -> list[tuple[Path, os.stat_result]]:
    """Return the files whose names begin as that of ``path``, the newest first."""
    found: list[tuple[Path, os.stat_result]] = []
    try:
        with os.scandir(path.parent) as entries:
            for entry in entries:
                if entry.name.startswith(path.stem) and entry.name != path.name and entry.is_file():
                    found.append((Path(entry.path), entry.stat()))
    except OSError:
        return []
    return sorted(found, key=lambda x: x[1].st_mtime_ns, reverse=True)[:_MOST_BESIDE]


def _time_of(there: os.stat_result) -> datetime:
    """Return the time of a file's last change; one that no calendar has counts as the first of all."""
    try:
        return datetime.fromtimestamp(there.st_mtime, JST)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, JST)
