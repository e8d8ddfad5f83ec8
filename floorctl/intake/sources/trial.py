"""Try a description on a file, writing nothing: the facts that come of it, what was not understood, what does not agree.

Memory is bounded: counts are kept, and of rows the first few. What stands in a cell is kept only where the guard against
personal data finds nothing in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from floorctl.common import patience
from floorctl.common.clean_text import clean
from floorctl.common.clock import business_day
from floorctl.intake.sources.columns import Columns, plain
from floorctl.intake.sources.field_values import CodeTable, code_table, translated
from floorctl.intake.sources.found import BadRow
from floorctl.intake.sources.proposal.cell_shapes import personal
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.rows import read_rows
from floorctl.intake.sources.sqlite_rows import sqlite_table
from floorctl.intake.sources.table import Place, Table
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site
from floorctl.models.site.source import Cell, Source

MOST_GROUPS = 200  # reasons by column
MOST_CODES = 40  # missing codes that are told, of each table
_MOST_REFUSED = 20_000  # numbers of refused rows that are kept, to find the codes in them
_MOST_KEYS = 2_000_000  # ids and numbers of a file that are told apart
_EXAMPLES = 3
_GUARDED_ROWS = 1_000  # in which a column that must be hidden is looked for, beside the refused rows
_FEW = 20  # rows among which a kind may be missing by chance
CELL = 20  # columns of a terminal in which a cell is shown
HIDDEN = "＊＊＊"  # in the place of a cell in which the guard finds something
_SITE_CODES = {"service": "service_by_code", "terminal": "terminal_by_code", "lane": "lane_by_code"}


@dataclass
class Refusal:
    """Refused rows with one reason: how many, the numbers of the first, and what stands in the cell of the first."""

    column: str
    why: str
    count: int = 0
    rows: list[int] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)


@dataclass
class ShownRow:
    """Row beside what comes of it."""

    number: int
    cells: list[str]
    found: list[Fact | BadRow] = field(default_factory=list)


@dataclass
class Numbers:
    """Numbers of tickets that do not add up, each counted once a day; some of them to show."""

    twice_issued: int = 0
    twice_called: int = 0
    never_issued: int = 0
    never_called: int = 0
    not_called: int = 0  # finished without a call
    other_letters: int = 0  # called but never issued, while the same digits behind other letters wait
    shown: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Trial:
    """Result of a trial: counts of rows, facts and refusals, and what does not agree."""

    places: tuple[Place, ...] = ()
    heading: tuple[str, ...] = ()
    encoding: str = ""
    rows: int = 0
    left_out: int = 0
    facts: int = 0
    refused: int = 0
    duplicates: int = 0
    differing: int = 0
    rows_refused: int = 0
    first_rows: list[ShownRow] = field(default_factory=list)
    refusals: dict[tuple[str, str], Refusal] = field(default_factory=dict)
    missing_codes: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    endless: int = 0  # calls without a rule for their end
    services: Counter[str] = field(default_factory=Counter)
    lanes: Counter[str] = field(default_factory=Counter)
    terminals: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    late: int = 0
    latest_s: int = 0
    numbers: Numbers = field(default_factory=Numbers)
    wraps: bool = False
    added: frozenset[int] = frozenset()  # rows whose head counts were added to another one's
    untold: int = 0  # rows that are no facts, though none of them is left out or refused
    silent_kinds: list[str] = field(default_factory=list)  # kinds of the description of which no fact came
    unused: list[str] = field(default_factory=list)  # headings of columns that the description does not name


def _in_order(places: tuple[Place, ...], heading: tuple[str, ...] = ()) -> tuple[Place, ...]:
    """Return the places of columns in the order of the file, as far as it is known."""
    names = list(map(plain, heading))

    def order(place: Place) -> tuple[int, int]:
        text = str(place)
        if plain(text) in names:
            return 0, names.index(plain(text)) + 1
        number = text.partition("-")[0]
        return (0, int(number)) if number.isdecimal() else (1, 0)

    return tuple(sorted(places, key=order))


def safe(text: str) -> str:
    """Return a cell as it may be shown: on one line, short, nothing in which the guard finds personal data."""
    # What a terminal would obey is seen to be there, and does nothing.
    told = "".join(c if c.isprintable() else "\ufffd" for c in text)
    if not (harmless(told) and harmless(clean(text))):
        return HIDDEN
    if cell_len(told) <= CELL:
        return told
    end = next(n for n in range(CELL, 0, -1) if cell_len(told[:n]) < CELL)
    return f"{told[:end]}…"


def harmless(text: str) -> bool:
    """Return whether the guard against personal data finds nothing in a cell; the digits of a time are no number."""
    return text != HIDDEN and not personal(text)


def try_source(source: Source, path: Path, site: Site, today: date, show: int) -> Trial:
    """Return the trial of a described file; ``show``: rows to be shown. Raise OSError, FloorctlError if it does not fit."""
    reader = SourceReader(source, site)
    trial = Trial(places=_in_order(Columns(source).places), wraps=source.wraps)
    count = _Count(trial)
    refused: set[int] = set()
    wanted: dict[int, ShownRow] = {}
    for number, one in reader.read(path, today):
        if len(wanted) < show or number in wanted:
            wanted.setdefault(number, ShownRow(number, [])).found.append(one)
        if isinstance(one, BadRow):
            count.refuse(number, one)
            if len(refused) < _MOST_REFUSED:
                refused.add(number)
        else:
            count.take(number, one)
    count.end()
    trial.added = reader.added
    trial.rows, trial.left_out, trial.rows_refused = reader.rows, reader.left_out, count.rows_refused
    trial.untold = max(0, trial.rows - trial.left_out - count.rows_told - len(reader.added))
    told = {x.kind for x in source.facts}
    trial.silent_kinds = sorted(told - trial.kinds.keys()) if trial.rows >= _FEW else []
    trial.first_rows = list(wanted.values())
    if source.form != "floorctl":
        _look_again(trial, source, site, path, show, refused)
    return trial


class _Count:
    """Counts of the facts as they come."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.rows_refused = self.rows_told = 0
        self._refused_row = self._row = self._told = 0
        self._latest: dict[date, datetime] = {}
        self._ids: dict[int, int] = {}
        self._lives: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def refuse(self, number: int, bad: BadRow) -> None:
        """Count a refusal."""
        trial = self.trial
        self._tell(number)
        trial.refused += 1
        if number != self._refused_row:
            self.rows_refused += 1
            self._refused_row = number
        key = (bad.column, bad.why)
        if key not in trial.refusals and len(trial.refusals) >= MOST_GROUPS:
            key = ("", "ほかの理由")
        group = trial.refusals.setdefault(key, Refusal(*key))
        group.count += 1
        if len(group.rows) < _EXAMPLES and number not in group.rows:
            group.rows.append(number)

    def _tell(self, number: int) -> None:
        self.rows_told += number != self._told
        self._told = number

    def take(self, number: int, fact: Fact) -> None:
        """Count a fact, and whether it comes late, or its id again."""
        trial = self.trial
        self._tell(number)
        if len(self._ids) < _MOST_KEYS:
            seal = hash((fact.at, fact.kind, fact.payload()))
            known = self._ids.setdefault(hash(fact.id), seal)
            if known is not seal:
                trial.duplicates += 1
                trial.differing += known != seal
                return
        trial.facts += 1
        trial.kinds[fact.kind] += 1
        trial.endless += fact.kind == "ticket.called" and not getattr(fact, "ends", "")
        trial.days[business_day(fact.at)] += 1
        for name, counts in (("service", trial.services), ("lane", trial.lanes), ("terminal", trial.terminals)):
            if (value := getattr(fact, name, None)) and fact.kind != "ticket.finished":
                counts[value] += 1
        trial.first = fact.at if trial.first is None or fact.at < trial.first else trial.first
        trial.last = fact.at if trial.last is None or fact.at > trial.last else trial.last
        if number != self._row:  # the first time of a row: its others are later by nature
            self._row = number
            day = business_day(fact.at)
            latest = self._latest.get(day)
            if latest is not None and fact.at < latest:
                trial.late += 1
                trial.latest_s = max(trial.latest_s, int((latest - fact.at).total_seconds()))
            else:
                self._latest[day] = fact.at
        self._live(fact)

    def _live(self, fact: Fact) -> None:
        place = _LIFE.get(fact.kind)
        ticket = getattr(fact, "ticket", None)
        if place is not None and ticket and len(self._lives) < _MOST_KEYS:
            self._lives[business_day(fact.at), ticket][place] += 1

    def end(self) -> None:
        """Find the numbers that do not add up."""
        numbers, shown = self.trial.numbers, self.trial.numbers.shown
        waiting: dict[tuple[date, str], str] = {}
        called_alone: list[tuple[date, str]] = []
        for (day, ticket), (issued, called, finished, gone) in self._lives.items():
            for holds, name in (
                (issued > 1, "twice_issued"),
                (called > max(1, issued), "twice_called"),
                (called and not issued, "never_issued"),
                (issued and not called and not finished and not gone, "never_called"),
                (finished and not called, "not_called"),
            ):
                if holds:
                    setattr(numbers, name, getattr(numbers, name) + 1)
                    some = shown.setdefault(name, [])
                    if len(some) < _EXAMPLES:
                        some.append(safe(ticket))
            if issued and not called:
                waiting[day, _digits(ticket)] = ticket
            elif called and not issued and len(called_alone) < _MOST_REFUSED:
                called_alone.append((day, ticket))
        for day, ticket in called_alone:
            other = waiting.get((day, _digits(ticket)), "")
            if other and _digits(ticket):
                numbers.other_letters += 1
                some = shown.setdefault("other_letters", [])
                if len(some) < _EXAMPLES:
                    some.append(f"{safe(other)} と {safe(ticket)}")


def _digits(ticket: str) -> str:
    """Return the digits at the end of a number, without zeros before them."""
    return ticket[len(ticket.rstrip("0123456789")) :].lstrip("0")


_LIFE = {"ticket.issued": 0, "ticket.called": 1, "ticket.finished": 2, "ticket.no_show": 3, "ticket.left": 3}


def _table(source: Source, path: Path, places: tuple[Place, ...]) -> Table:
    if source.form == "sqlite":
        return sqlite_table(source, path, places)
    return read_rows(source, patience.read_bytes(path), places)


def _look_again(trial: Trial, source: Source, site: Site, path: Path, show: int, refused: set[int]) -> None:
    """Read the cells of the rows that are shown, of the first refused ones, and the codes that no table has."""
    columns = Columns(source)
    table = _table(source, path, columns.places)
    trial.heading, trial.encoding = table.heading, table.encoding
    named = {plain(str(x)) for x in (*columns.places, *source.personal)}
    for n, head in enumerate(map(plain, trial.heading), 1):
        if head and head not in named and str(n) not in named:
            trial.unused.append(safe(head))
    trial.places = _in_order(columns.places, trial.heading)
    order = [columns.places.index(x) for x in trial.places]
    coded = list(_coded(source, site, columns))
    examples: dict[int, list[Refusal]] = defaultdict(list)
    for refusal in trial.refusals.values():
        for number in refusal.rows:
            examples[number].append(refusal)
    found = {x.number: x.found for x in trial.first_rows}
    trial.first_rows = []
    last = max([*refused, _GUARDED_ROWS])
    labels = {columns.value(x).label: columns.value(x).at for x in source.columns}
    guard = _Guard()
    shown: list[tuple[int, list[str]]] = []
    told: list[tuple[Refusal, int, str]] = []
    missing: dict[str, tuple[int, Counter[str]]] = {}
    for row in table.rows:
        if row.number > last and len(shown) >= show:
            break
        if row.why or (row.number > _GUARDED_ROWS and len(shown) >= show and row.number not in refused):
            continue
        values = columns.values(table.pick(row.cells))
        guard.look(values)
        if len(shown) < show and any(values[: len(order)]):
            shown.append((row.number, values))
        for refusal in examples.get(row.number, ()):
            if (at := labels.get(refusal.column)) is not None and values[at]:
                told.append((refusal, at, values[at]))
        if row.number in refused:
            for word, at, codes, known in coded:
                cell = values[at]
                code = translated(cell, codes)
                if cell and code and code not in known:
                    counts = missing.setdefault(word, (at, Counter()))[1]
                    if cell in counts or len(counts) < MOST_CODES:
                        counts[cell] += 1
    for number, values in shown:
        trial.first_rows.append(ShownRow(number, [guard.safe(n, values[n]) for n in order], found.get(number, [])))
    for refusal, at, cell in told:
        refusal.examples.append(guard.safe(at, cell))
    for word, (at, counts) in missing.items():
        trial.missing_codes[word] = Counter({HIDDEN: counts.total()}) if at in guard.hidden else counts


class _Guard:
    """Guard of the cells that are shown: a column in which several values look personal is hidden whole."""

    def __init__(self) -> None:
        self.hidden: set[int] = set()
        self._seen: set[tuple[int, str]] = set()
        self._found: Counter[int] = Counter()

    def look(self, values: list[str]) -> None:
        """Look at the values of a row, each once."""
        for at, value in enumerate(values):
            key = (at, value)
            if value and at not in self.hidden and len(self._seen) < _MOST_REFUSED and key not in self._seen:
                self._seen.add(key)
                if not harmless(clean(value)):
                    self._found[at] += 1
                    if self._found[at] > 1:
                        self.hidden.add(at)

    def safe(self, at: int, value: str) -> str:
        """Return a cell as it may be shown."""
        return HIDDEN if value and at in self.hidden else safe(value)


def _coded(source: Source, site: Site, columns: Columns) -> Iterator[tuple[str, int, CodeTable | None, Any]]:
    """Yield (word, place of its value, code table, known codes) of the columns that hold codes of the site."""
    for word, table in _SITE_CODES.items():
        names = {word: word} if word in source.columns else {}
        for rule in source.facts:
            written = getattr(rule, word, None)
            if isinstance(written, str) and written in source.columns:
                names[written] = word
        for name in names:
            placed = source.columns[name]
            if isinstance(placed, Cell) and placed.column is None:
                continue
            yield name, columns.value(name).at, code_table(source.codes, name, word), getattr(site, table)
