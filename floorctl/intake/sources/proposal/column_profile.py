"""A column with what its cells have in common: their values, and the form of its times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from floorctl.common.personal_words import words_in
from floorctl.common.privacy import find
from floorctl.intake.sources.proposal import column_words
from floorctl.intake.sources.proposal.cell_shapes import Moment, digits_time, moment, two_times
from floorctl.intake.sources.proposal.sample import SampleColumn

NEARLY = 0.9
_MOST_GUARDED = 400  # different cells of a column that the guard looks at
_MOST_CHARS = 1_000  # of a cell, for the guard


@dataclass
class Profile:
    """Column with what its cells have in common. ``clock``: form of its times (both day time digits two, or "")."""

    column: SampleColumn
    filled: int = 0
    values: Counter[str] = field(default_factory=Counter)
    clock: str = ""
    moments: list[Moment] = field(default_factory=list)  # by row
    part: int = 0  # of a cell with two times
    mark: str = ""

    @property
    def place(self) -> int | str:
        return self.column.place

    def says(self, role: str) -> bool:
        """Return whether the heading has a word of a role."""
        return column_words.says(self.column.heading, role)

    def share(self, test: Callable[[str], object]) -> float:
        """Return the share of filled cells that pass a test."""
        return sum(n for value, n in self.values.items() if test(value)) / self.filled if self.filled else 0.0


def profile(column: SampleColumn) -> Profile:
    """Return a column with counts of its values and the form of its times; of cells no=B041 the second part counts."""
    found = Profile(column)
    if pair := _named_inside(column):
        found.column = SampleColumn(column.place, pair[0], tuple(_second(x, *pair) for x in column.cells))
        found.part, found.mark = 2, pair[1]
        column = found.column
    found.values = Counter(x for x in column.cells if x)
    found.filled = sum(found.values.values())
    if not found.filled:
        return found
    values = list(found.values)
    known = [moment(x) for x in values]
    n = len(values)
    both = sum(x.day is not None and x.second is not None for x in known)
    days = sum(x.day is not None and x.second is None for x in known)
    times = sum(x.day is None and x.second is not None for x in known)
    if both >= n * NEARLY:
        found.clock = "both"
    elif days >= n * NEARLY:
        found.clock = "day"
    elif times + both >= n * 0.6 and times:
        found.clock = "time"
    elif sum(two_times(x) is not None for x in values) >= n * 0.6:
        found.clock = "two"
    elif _times_in_digits(values, column.cells):
        found.clock = "digits"
    if found.clock == "digits":
        found.moments = [Moment(None, digits_time(x)) for x in column.cells]
    elif found.clock:
        found.moments = [moment(x) for x in column.cells]
    return found


def _times_in_digits(values: Sequence[str], cells: Sequence[str]) -> bool:
    """Return whether digits alone are times: office hours in all of them, more in step with the rows than not."""
    seconds = [digits_time(x) for x in values]
    if any(s is None for s in seconds):
        return False
    sizes = {len(x) for x in values}
    if not (sizes <= {5, 6} or sizes <= {3, 4}):
        return False
    good = sum(5 * 3600 <= (s or 0) <= 22 * 3600 for s in seconds) >= len(seconds) * 0.95
    if sizes <= {5, 6}:
        return good
    rows = [s for x in cells if x and (s := digits_time(x)) is not None]
    rising = sum(b >= a for a, b in pairwise(rows))
    # A number on a ticket rises, too; but not one of sixty in a hundred is no minute.
    wide = any(int(x[-2:]) > 30 for x in values) and len({int(x) // 100 for x in values}) > 2
    padded = len(rows) >= 10 and all(len(x) == 4 for x in values) and any(x[0] == "0" for x in values)
    return (
        good
        and len(values) >= 4
        and ((wide and rising >= len(rows) * 0.5) or (padded and rising >= len(rows) - 1))
        and all(len(x) == 4 or x[0] != "0" for x in values)
    )


def _second(cell: str, key: str, mark: str) -> str:
    return cell.removeprefix(key + mark) if cell.startswith(key + mark) else ""


def _named_inside(column: SampleColumn) -> tuple[str, str] | None:
    """Return key and mark of a column most of whose cells name themselves: no=B041; None for any other."""
    filled = [x for x in column.cells if x]
    keys = Counter(found.groups() for x in filled if (found := _PAIR.match(x)))
    if column.heading or not keys:
        return None
    (key, mark), n = keys.most_common(1)[0]
    return (key, mark) if n >= len(filled) * 0.6 else None


_PAIR = re.compile(r"([A-Za-z_]{1,20})([=:])")
_BYTES = re.compile(r"\d+-\d+")  # a piece of a row in fixed width may be several columns


def is_personal(x: Profile, named: bool = True) -> bool:
    """Return whether a column holds something about a person: by its heading or by what the guard finds."""
    if named and x.says("personal"):
        return True
    if x.clock:
        return False
    piece = isinstance(x.place, str) and _BYTES.fullmatch(x.place) and not x.column.heading
    for cell in list(x.values)[:_MOST_GUARDED]:
        value = cell[:_MOST_CHARS]
        found = find(value)
        if (found and not (piece and found == "digits")) or (not value.isascii() and words_in(value) is not None):
            return True
    return False


def counts_up(x: Profile) -> bool:
    """Return whether a column numbers the rows."""
    cells = [int(v) for v in x.column.cells if v.isdecimal()]
    return len(cells) == len(x.column.cells) > 3 and all(b - a == 1 for a, b in pairwise(cells))


def instants(x: Profile) -> list[float | None]:
    """Return the times of a column as seconds, by row; without a day they count from midnight."""
    return [None if m.second is None else (m.day or 0) * 86_400 + m.second for m in x.moments]
