"""Read a described file into facts: whole, or as it grows or is rewritten, when rows given before are skipped."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from floorctl.common.clock import JST
from floorctl.intake.sources.columns import plain
from floorctl.intake.sources.count_sums import CountSums
from floorctl.intake.sources.description import Context, Description, LeftOut
from floorctl.intake.sources.file_names import day_in_name
from floorctl.intake.sources.found import BadRow, FromRow
from floorctl.intake.sources.ids import ADDING, nth_id
from floorctl.intake.sources.json_rows import NotYet
from floorctl.intake.sources.lines import Resume
from floorctl.intake.sources.own_lines import own_fact
from floorctl.intake.sources.rows import need_size, read_rows
from floorctl.intake.sources.sqlite_rows import sqlite_table
from floorctl.intake.sources.table import Row, Table
from floorctl.intake.sources.times import day_in
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site
from floorctl.models.site.source import LINE_FORMS, Source

_MOST_SEEN = 2_000_000  # rows remembered; beyond that they are given again, and their ids make them duplicates


@dataclass(frozen=True)
class _Beginning:
    """Beginning of a file that was read before: its bytes up to the end of a row, by length and hash."""

    size: int
    seal: bytes
    days: tuple[date | None, date | None]  # of its name, and the one whose rows alone count
    resume: Resume


class SourceReader:
    """Reader of one described source. A row gives the same facts however often it is read.

    ``left_out``: rows that the description leaves out so far; ``rows``: rows read. ``waits``: the last look ended in the
    midst of a row or a document: a further look may find more even if the file does not change. ``added``: numbers of
    the rows whose head counts were added to another one's.
    """

    def __init__(self, source: Source, site: Site, contractor: Callable[[], Iterable[str]] = tuple) -> None:
        self.source, self.site = source, site
        self.description = Description(source, site, contractor)
        self.left_out = self.rows = 0
        self.added: frozenset[int] = frozenset()
        self.waits = False
        self._seen: set[int] = set()
        self._nth: Counter[str] = Counter()  # facts that add up, by their id
        self._equal: Counter[int] = Counter()
        self._beginning: _Beginning | None = None
        self._key = os.urandom(16)  # of hashes of the file: they tell nothing outside this process

    def read(self, path: Path, today: date, *, growing: bool = False, still: bool = False) -> Iterator[FromRow]:
        """Yield the facts of a file, which is read and closed before the first one.

        ``growing``: rows given before by this reader are skipped, and the last row is withheld while its end may be
        missing, unless the file is ``still``. Raise OSError, and DoesNotFit for a file that is not as described.
        """
        if self.source.form == "sqlite":
            modified = datetime.fromtimestamp(path.stat().st_mtime, JST)
            table = sqlite_table(self.source, path, self.description.columns.places)
            yield from self._given(table, path, modified, today, growing)
            return
        with path.open("rb") as file:
            there = os.fstat(file.fileno())
            need_size(self.source, there.st_size)
            data = file.read()
        modified = datetime.fromtimestamp(there.st_mtime, JST)
        yield from self.read_data(data, path, modified, today, growing=growing, still=still)

    def read_data(
        self, data: bytes, path: Path, modified: datetime, today: date, *, growing: bool = False, still: bool = False
    ) -> Iterator[FromRow]:
        """Yield the facts of a file's bytes; ``path``: for the day in its name; ``modified``: its last change."""
        self.waits = False
        beginning = self._beginning if growing else None
        days = (self._day_of(path, modified), self._only(today))
        if beginning is not None and not self._goes_on(beginning, data, days):
            beginning = None
        resume = beginning.resume if beginning is not None else None
        rest = data[beginning.size :] if beginning is not None else data
        withhold = growing and not still
        try:
            table = read_rows(self.source, rest, self.description.columns.places, growing=withhold, resume=resume)
        except NotYet:
            if not withhold:
                raise
            self.waits = True
            return
        yield from self._given(table, path, modified, today, growing, resume is not None, withhold=withhold)
        self.waits = table.waits or self.waits
        if growing:
            self._beginning = self._begun(data, table, days, still)

    def _goes_on(self, beginning: _Beginning, data: bytes, days: tuple[date | None, date | None]) -> bool:
        return (
            len(data) >= beginning.size
            and beginning.days == days
            and self._seal(memoryview(data)[: beginning.size]) == beginning.seal
        )

    def _seal(self, data: Any) -> bytes:
        return hashlib.blake2b(data, digest_size=16, key=self._key).digest()

    def _begun(
        self, data: bytes, table: Table, days: tuple[date | None, date | None], still: bool
    ) -> _Beginning | None:
        """Return what need not be read again next time; None where lines do not end as bytes, or a row has no end yet."""
        size = data.rfind(b"\n") + 1
        if (
            self.source.form not in LINE_FORMS
            or self.description.at_file
            or self.description.counts_parts  # the rows of one instant must come together
            or table.encoding.startswith("utf-16")
            or not size
            or table.open
        ):
            return None
        if self.source.heading and self.source.form in ("csv", "tsv") and not table.heading:
            return None
        if data.count(b"\r") != data.count(b"\r\n"):
            return None
        lines = table.lines - (1 if still and size < len(data) else 0)
        resume = Resume(lines, table.heading, table.above, table.encoding)
        return _Beginning(size, self._seal(memoryview(data)[:size]), days, resume)

    def _only(self, today: date) -> date | None:
        """Return the one day whose rows count; None if all do."""
        return today if self.source.days == "today" else None

    def _day_of(self, path: Path, modified: datetime) -> date | None:
        """Return the day that the name of a file tells; without a year, the one nearest to its last change."""
        named = day_in_name(self.source.files, path, modified.date()) if self.source.files else None
        return named or day_in(path.name, modified.date())

    def _given(
        self,
        table: Table,
        path: Path,
        modified: datetime,
        today: date,
        growing: bool,
        resumed: bool = False,
        *,
        withhold: bool = False,
    ) -> Iterator[FromRow]:
        day = self._day_of(path, modified) or (day_in(table.above, modified.date()) if table.above else None)
        modified = modified.replace(microsecond=0)
        only = self._only(today)
        context = Context(day, modified, only)
        self.description.columns.of_file(path)
        beside = self.description.of_state
        apart = (day, only, modified if self.description.at_file and beside is None else None)
        if self.source.form == "floorctl":
            yield from self._own(table.rows, context, growing)
            return
        if self.description.counts_parts:
            yield from self._added_up(table, context, growing, withhold)
            return
        pick, values, facts = table.pick, self.description.columns.values, self.description.facts
        # Values of JSON may be lists and mappings, which have no hash.
        as_written, adds = self.source.form not in ("json", "jsonl"), self.description.adds
        nth = Counter(self._nth) if resumed else Counter[str]()
        equal = Counter(self._equal) if resumed else Counter[int]()
        for row in table.rows:
            self.rows += 1
            if row.why:
                yield from self._bad(row, growing)
                continue
            picked = pick(row.cells)
            seen = 0
            if growing:
                told = [x for n, x in enumerate(picked) if n not in beside] if beside else picked
                seen = hash((*(told if as_written else map(plain, told)), apart))
                if adds:
                    equal[seen] += 1
                    seen = hash((seen, equal[seen]))
                if seen in self._seen:
                    if adds:
                        self._count_adding(facts, values(picked), context, nth)
                    continue
            cells = values(picked)
            if not any(cells):
                continue
            try:
                found = facts(cells, context)
            except LeftOut:
                self.left_out += 1
                found = []
            for one in found:
                if isinstance(one, Fact) and one.kind in ADDING and adds:
                    nth[one.id] += 1
                    one = one.replace(id=nth_id(one.id, nth[one.id]))
                yield FromRow(row.number, one)
            if growing:
                self._remember(seen)
        self._nth, self._equal = nth, equal

    def _added_up(self, table: Table, context: Context, growing: bool, withhold: bool) -> Iterator[FromRow]:
        """Yield the facts of a source whose head counts are of parts of a lane: first the others, then the totals."""
        whole = self.source.form in ("json", "sqlite")
        sums = CountSums(self.site, whole=whole)
        for row in table.rows:
            self.rows += 1
            if row.why:
                yield from self._bad(row, growing)
                continue
            cells = self.description.columns.values(table.pick(row.cells))
            parts: list[Hashable] = []
            try:
                found = self.description.facts(cells, context, parts) if any(cells) else []
            except LeftOut:
                self.left_out += 1
                continue
            for one, part in zip(found, parts, strict=True):
                if isinstance(one, ev.QueueCounted):
                    sums.add(row.number, part, one)
                else:
                    yield from self._once(FromRow(row.number, one), growing)
        held = withhold and not whole
        for total in sums.totals(without_last=held):
            yield from self._once(total, growing)
        self.added = sums.rows
        self.waits = held

    def _once(self, one: FromRow, growing: bool) -> Iterator[FromRow]:
        found = one.found
        seen = hash((found.id, found.at, found.payload()) if isinstance(found, Fact) else (one.number, found))
        if growing and seen in self._seen:
            return
        yield one
        if growing:
            self._remember(seen)

    def _count_adding(self, facts: Any, cells: list[str], context: Context, nth: Counter[str]) -> None:
        """Count a row that was given before, so that the next equal one has its number."""
        try:
            found = facts(cells, context)
        except LeftOut:
            return
        for one in found:
            if isinstance(one, Fact) and one.kind in ADDING:
                nth[one.id] += 1

    def _remember(self, seen: int) -> None:
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(seen)

    def _bad(self, row: Row, growing: bool) -> Iterator[FromRow]:
        seen = hash((row.number, row.why))
        if growing and seen in self._seen:
            return
        yield FromRow(row.number, BadRow("", row.why))
        if growing:
            self._remember(seen)

    def _own(self, rows: Iterator[Row], context: Context, growing: bool) -> Iterator[FromRow]:
        """Yield the facts of own JSON Lines."""
        contractor = self.description.contractor
        for row in rows:
            self.rows += 1
            seen = hash((row.number, row.why) if row.why else (row.cells, context.only))
            if growing and seen in self._seen:
                continue
            found = BadRow("", row.why) if row.why else own_fact(row.cells, self.source, self.site, context, contractor)
            if found is None:
                self.left_out += 1
            else:
                yield FromRow(row.number, found)
            if growing:
                self._remember(seen)
