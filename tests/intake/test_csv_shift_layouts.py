"""One month of known shifts, written in every layout together: what is read is what was planned, wherever it stands."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.common.words import WEEKDAYS
from floorctl.intake.csv_shifts import read_shifts
from tests.story import kumagaya

SITE = kumagaya()
Hours = tuple[str, str] | None
# A cell, and the hours that it means; None: not in the hall.
CELLS: dict[str, Hours] = {
    "早": ("08:15", "17:15"),
    "◎遅(責)": ("08:30", "17:30"),
    "短※": ("10:00", "16:00"),
    "公休": None,
    "有休": None,
    "－": None,
    "午前休": ("12:15", "17:15"),
    "早 8:15-16:15": ("08:15", "16:15"),
    "９：００～１５：００": ("09:00", "15:00"),
    "8-17": ("08:00", "17:00"),
}
TITLES = ("{y}年{m}月 シフト表", "令和{r}年{m}月度 勤務表", "R{r}.{m}", "{y}/{m} 勤務割", "令和 {r} 年 {m} 月")
DAYS = ("{d}", "{d}日", "{m}/{d}")
Lines = list[list[str]]


class Month:
    """A month of shifts: the cell of each person and day, and the number of the city's staff."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.year, self.month = draw(st.sampled_from([(2026, 9), (2026, 10), (2027, 2), (2026, 12)]))
        self.last = monthrange(self.year, self.month)[1]
        self.people = [f"S{n:02d}" for n in range(draw(st.integers(1, 5)))]
        words = draw(st.lists(st.sampled_from(["", *CELLS]), min_size=7, max_size=7))
        self.cells = {
            (p, d): words[(n * 3 + d) % 7] for n, p in enumerate(self.people) for d in range(1, self.last + 1)
        }
        self.city = {d: d % 3 for d in range(1, self.last + 1)} if draw(st.booleans()) else {}
        self.day, self.title = draw(st.sampled_from(DAYS)), draw(st.sampled_from(TITLES))
        self.head = draw(st.sampled_from(["コード", "番号", "社員NO", "符号"]))
        self.names, self.weekdays = draw(st.booleans()), draw(st.sampled_from(["in", "below", ""]))

    def weekday(self, day: int) -> str:
        return WEEKDAYS[date(self.year, self.month, day).weekday()]

    def heads(self, days: Iterable[int]) -> list[str]:
        bracket = "({w})" if self.weekdays == "in" else ""
        return [(self.day + bracket).format(m=self.month, d=d, w=self.weekday(d)) for d in days]

    def block(self, days: range, people: list[str]) -> Lines:
        """A heading, a line a person, the city and a sum, of some days."""
        name = ["氏名"] if self.names else []
        lines = [[self.head, *name, *self.heads(days)]]
        if self.weekdays == "below":
            lines.append(["", *[""] * len(name), *map(self.weekday, days)])
        lines += [[p, *("田島" for _ in name), *(self.cells[p, d] for d in days)] for p in people]
        if self.city:
            lines.append(["市職員", *[""] * len(name), *(str(self.city[d]) for d in days)])
        return [*lines, ["計", *[""] * len(name), *("3" for _ in days)]]

    def turned(self) -> Lines:
        """A line a day and a column a person."""
        lines = [["日", "曜", *self.people, *(["市職員"] if self.city else [])]]
        for d, head in zip(range(1, self.last + 1), self.heads(range(1, self.last + 1)), strict=True):
            city = [str(self.city[d])] if self.city else []
            lines.append([head, self.weekday(d), *(self.cells[p, d] for p in self.people), *city])
        return lines


@st.composite
def tables(draw: st.DrawFn) -> tuple[Month, str]:
    month = Month(draw)
    first, second = range(1, 16), range(16, month.last + 1)
    layout = draw(st.sampled_from(["whole", "below", "beside", "turned"]))
    if layout == "whole":
        lines = month.block(range(1, month.last + 1), month.people)
    elif layout == "turned":
        lines = month.turned()
    else:
        left, right = month.block(first, month.people), month.block(second, month.people[::-1])
        lines = [*left, [""], *right] if layout == "below" else [a + b for a, b in zip(left, right, strict=True)]
    title = month.title.format(y=month.year, m=month.month, r=month.year - 2018)
    lines = [[title], *lines, ["※早 8:15〜17:15"], ["備考 9/21は祝日"]]
    return month, "\r\n".join(",".join(x) for x in lines)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_what_is_read_is_what_was_planned(table: tuple[Month, str]) -> None:
    month, text = table
    planned = {
        (p, date(month.year, month.month, d)): CELLS[word] for (p, d), word in month.cells.items() if word in CELLS
    }
    if not planned:
        return
    read = read_shifts(text.encode("cp932"), SITE)
    found = {(x.fields["staff"], x.day): x.fields for x in read.lines}
    assert {k: (x["starts"], x["ends"]) if x["starts"] else None for k, x in found.items()} == planned
    assert {day.day: steps[0]["present"] for day, steps in read.officials.items()} == month.city
