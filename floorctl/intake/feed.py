"""Read feeds of JSON Lines, whole or as they grow: check each line and append its fact, in small transactions.

Rows of described files (``sources``) come as facts and are appended the same way.

A bad line never stops the rest; a fact already in the file changes nothing; memory stays flat.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from floorctl.commands.fact_checks import doubts, explain
from floorctl.commands.fold import fold_register
from floorctl.common import patience
from floorctl.common.clock import Clock
from floorctl.common.errors import FloorctlError
from floorctl.database.site_of_file import claim
from floorctl.database.store import Store
from floorctl.intake.accepted_fact import BadFact, accepted_fact, need_city_official
from floorctl.intake.shared_open import open_shared
from floorctl.intake.sources.found import BadRow
from floorctl.models.facts.checked import ValidationError, parse_fact
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.stored_fact import stored_fact
from floorctl.models.site.site import Site

MAX_LINE = 65_536
# A commit waits some 10 ms for the disk; a console that wants to write waits for a batch.
BATCH_FACTS = 1500
BATCH_S = 0.05
BOM = b"\xef\xbb\xbf"
_CHUNK = 65_536
# Bytes read at a time from a followed file: the follower has other work, and a line may have no end.
_AT_ONCE = 32 * _CHUNK


class BadLine(ValueError):
    """Refused line; the text is the reason in Japanese, without any of the line's values."""


@dataclass
class Totals:
    """Counts of a feed's lines by result."""

    accepted: int = 0
    duplicate: int = 0
    refused: int = 0


Line = tuple[int, bytes | None]  # number from 1, and the bytes without their end; None where the line is too long
Found = tuple[int, bytes | None] | tuple[int, Fact | BadRow]  # a line, or the fact of a row of a described file


def parse_line(raw: bytes, site: Site, contractor: Callable[[], Iterable[str]] = tuple) -> Fact:
    """Return the checked and guarded fact of a line; ``contractor``: codes of the roster. Raise BadLine."""
    try:
        return accepted_fact(parse_fact(raw), site, contractor)
    except ValidationError as e:
        raise BadLine(explain(e)) from None
    except BadFact as e:
        raise BadLine(str(e)) from None


class Splitter:
    """Splitter of bytes into numbered lines, in bounded memory: of a line over ``MAX_LINE`` only the number is kept."""

    def __init__(self) -> None:
        self.number, self._held, self._too_long, self._first = 0, b"", False, True

    def feed(self, chunk: bytes) -> list[Line]:
        """Return the lines that ``chunk`` completes."""
        data = self._held + chunk
        if self._first:
            if len(data) < len(BOM) and BOM.startswith(data):
                self._held = data  # too short to tell
                return []
            data, self._first = data.removeprefix(BOM), False
        *whole, rest = data.split(b"\n")
        found: list[Line] = []
        for piece in whole:
            self.number += 1
            found.append((self.number, None if self._too_long or len(piece) > MAX_LINE else piece))
            self._too_long = False
        if len(rest) > MAX_LINE:
            rest, self._too_long = b"", True
        self._held = rest
        return found

    def end(self) -> list[Line]:
        """Return the last line, which counts without a newline."""
        held = self._held.removeprefix(BOM) if self._first else self._held
        if not held.strip() and not self._too_long:
            return []
        return [(self.number + 1, None if self._too_long else held)]


def lines(stream: BufferedReader) -> Iterator[list[Line]]:
    """Yield the lines of a stream to its end, as they come."""
    splitter = Splitter()
    while chunk := stream.read1(4 * _CHUNK):  # nearly a batch
        yield splitter.feed(chunk)
    yield splitter.end()


class Intake:
    """Intake of lines into the file. ``say(line number, sentence)`` is called with each refusal and each doubt."""

    def __init__(
        self, store: Store, site: Site, source: str, clock: Clock, say: Callable[[int, str], None], actor: str = "feed"
    ) -> None:
        self.store, self.site, self.source, self.clock, self.say, self.actor = store, site, source, clock, say, actor
        self.totals = Totals()
        self._roster: frozenset[str] | None = None  # codes of the contractor's people, read where a line needs them

    def take(self, feed: Iterable[Found]) -> Totals:
        """Append the facts of lines and rows, in transactions of at most ``BATCH_FACTS`` facts or ``BATCH_S`` seconds."""
        batch: list[tuple[int, Fact]] = []
        began = time.monotonic()
        self._roster = None
        for number, found in feed:
            fact = self._check(number, found)
            if fact is not None:
                if not batch:
                    began = time.monotonic()
                batch.append((number, fact))
            if len(batch) >= BATCH_FACTS or (batch and time.monotonic() - began > BATCH_S):
                self._write(batch)
                batch = []
        if batch:
            self._write(batch)
        return self.totals

    def _check(self, number: int, found: bytes | Fact | BadRow | None) -> Fact | None:
        if isinstance(found, bytes) and not found.strip():
            return None
        try:
            if found is None:
                raise BadLine("行が長すぎます")
            if isinstance(found, BadRow):
                raise BadLine(found.sentence)
            if isinstance(found, Fact):
                # Checked as its row was read, all but the roster, which stands in the data file.
                need_city_official(found, self.site, self._contractor)
                return found
            return parse_line(found, self.site, self._contractor)
        except (BadLine, BadFact) as e:
            self.totals.refused += 1
            self.say(number, str(e))
            return None

    def _contractor(self) -> frozenset[str]:
        if self._roster is None:
            self._roster = frozenset(fold_register(self.store.register_facts()).people)
        return self._roster

    def _write(self, batch: list[tuple[int, Fact]]) -> None:
        """Append the facts of a batch that are not in the file yet; then count them and report doubts."""
        new: dict[str, Fact] = {}
        said: list[tuple[int, str]] = []
        recorded_at = self.clock()
        with self.store.write() as pen:
            claim(self.store, pen, self.site)
            known = pen.known(self.source, (fact.id for _, fact in batch))
            for number, fact in batch:
                if fact.id not in known and fact.id not in new:
                    new[fact.id] = fact
                    said += [(number, doubt) for doubt in doubts(fact)]
                elif _differs(known.get(fact.id) or _row(new[fact.id]), fact):
                    said.append((number, "同じ id の記録がすでにあり、内容が違います。先の記録を残しました"))
            pen.append_all(new.values(), self.source, self.actor, recorded_at)
        self.totals.accepted += len(new)
        self.totals.duplicate += len(batch) - len(new)
        for number, sentence in said:
            self.say(number, sentence)


def _row(fact: Fact) -> tuple[str, ...]:
    return fact.at.isoformat(), fact.kind, fact.payload()


def _differs(stored: tuple[str, ...], fact: Fact) -> bool:
    """Return whether a stored (at, kind, data) says something else than a fact; it may spell a number otherwise."""
    return stored != _row(fact) and _row(stored_fact(fact.id, *stored)) != _row(fact)


class Tail:
    """Follower of a growing file like ``tail -F``: waits for it, survives rotation and truncation.

    ``irregular``: the path is no regular file (a named pipe, a folder), which could only be followed by blocking.
    """

    trouble = None  # its lines are checked one by one, so that no file is wrong as a whole

    def __init__(self, path: Path) -> None:
        self.path, self.missing, self.irregular = path, False, False
        self._stream: BufferedReader | None = None
        self._splitter = Splitter()
        self._identity = (0, 0)
        self._more = False  # whether the last look ended before the file did

    def poll(self) -> list[Line]:
        """Return the whole lines added since the last call; [] if there are none, or no file yet."""
        try:
            there = self.path.stat()
        except OSError:
            self.missing, self.irregular = True, False
            return self._read()
        self.missing = self.irregular = not stat.S_ISREG(there.st_mode)
        if self.irregular:
            return self._read()
        identity, found = (there.st_dev, there.st_ino), list[Line]()
        if self._stream is not None and (identity != self._identity or there.st_size < self._stream.tell()):
            found = self._read()
            if found or self._more:
                return found  # rotated or cut, but the old file has more
            # The old file has ended: its last line counts without a newline.
            found = self._splitter.end()
            self.close()
        if self._stream is None:
            try:
                self._stream = self._open()
            except OSError:
                self.missing = True
                return found
            self._identity, self._splitter = identity, Splitter()
        return found + self._read()

    def _open(self) -> BufferedReader:
        """Open the file without blocking, even if a pipe has replaced it since the last look."""
        handle = open_shared(self.path)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError
        return os.fdopen(handle, "rb")

    def _read(self) -> list[Line]:
        found: list[Line] = []
        left, self._more = _AT_ONCE, False
        try:
            while self._stream is not None and (chunk := self._stream.read1(_CHUNK)):
                found += self._splitter.feed(chunk)
                left -= len(chunk)
                if left <= 0 or len(found) >= BATCH_FACTS:
                    self._more = True
                    break
        except OSError:  # a share that has gone away; the file is opened anew once it is back
            self.missing = True
            self.close()
        return found

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def open_feed(path: Path) -> BufferedReader:
    """Return a feed file opened for reading. Raise FloorctlError if there is none."""
    try:
        return patience.open_to_read(path)
    except OSError as e:
        why = "ファイルがありません" if isinstance(e, FileNotFoundError) else "ファイルを開けません"
        do = "ほかのプログラムで開いていれば閉じ、" if patience.is_held(e) else ""
        raise FloorctlError(
            f"発券機の記録 {path.name} を読めません", why, f"{do}パスと権限を確かめてください"
        ) from None


def no_regular_file(path: Path) -> FloorctlError:
    """Return the sentence for a followed feed that is a pipe, a device or a folder."""
    return FloorctlError(
        f"発券機の記録 {path.name} は取り込めません",
        "通常のファイルではありません（名前付きパイプなど）",
        "ファイルに書き出し、そのファイルを指定してください",
    )
