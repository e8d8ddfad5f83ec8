"""Read planned numbers of the city's staff: a list by day and time, or the city's lines of a matrix of shifts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, time
from typing import Any

from floorctl.intake import csv_cells as cells
from floorctl.intake.csv_cells import Bad
from floorctl.intake.csv_columns import CITY_HOURS
from floorctl.intake.csv_reading import Faults, read
from floorctl.intake.csv_times import TIME_OF_DAY, time_in

Steps = dict[str, int]  # number by the time ("HH:MM") from which it holds

_LABEL = re.compile(
    r"(?:常駐|本)?(?:[^\s0-9(]{0,5}市役所)?(?:[^\s0-9(]{0,4}市職員|市の職員|常駐職員|市(?=$|役所|[\s(\[0-9:午]))"
    r"(?:の?(?:人数|予定|配置))?\s*[(\[:]?(.*?)[)\]]?"
)
_STEP = re.compile(
    rf"({TIME_OF_DAY}|午前|午後|AM|PM)\s*(?:から|以降|~|-|〜)?\s*([0-9]{{1,3}})\s*[名人]?[\s、,・/]*", re.IGNORECASE
)
_NUMBER = re.compile(r"([0-9]{1,2})\s*[名人]?")
_NOON = "12:00"
_ALL_DAY = ("", "終日", "全日", "人数", "名", "人", "予定", "配置", "常駐", "市職員")


def city_label(text: str) -> str | None:
    """Return the hours that the label of a city's line has (市職員（12時以降）: 12時以降), "" of a whole day; None: no such label."""
    found = _LABEL.fullmatch(text)
    return None if found is None else found[1].strip()


def city_label_below(text: str) -> str | None:
    """Return the hours of a label that stands alone below a city's line (午後, 12:00から); None if it is no such label."""
    if not text or _NUMBER.fullmatch(text):
        return None
    with suppress(Bad):
        city_hours(text, time())
        return text
    return None


def city_hours(label: str, opens: time) -> tuple[str, str | None]:
    """Return begin and end ("HH:MM"; None: open) of a city's line from the hours of its label. Raise Bad."""
    if label in _ALL_DAY:
        return f"{opens:%H:%M}", None
    word = label.casefold()
    if word in ("午前", "am"):
        return f"{opens:%H:%M}", _NOON
    if word in ("午後", "pm"):
        return _NOON, None
    if span := cells.time_range(label):
        return span
    at = time_in(re.sub(r"(?:から|以降|~|-|〜)$", "", label).strip())
    if at is None:
        raise Bad(
            "市職員の行の時間を読めません", "市職員、市職員（12:00から）、市職員（8:30-12:00）のように書いてください"
        )
    return at, None


def city_steps(cell: str, starts: str, opens: time) -> Steps:
    """Return the numbers of one cell: 2, 2名, or 8:30 2名 12:00 1名; ``starts``: where a number stands alone. Raise Bad."""
    if found := _NUMBER.fullmatch(cell):
        return {starts: int(found[1])}
    steps: Steps = {}
    rest = cell
    while found := _STEP.match(rest):
        word = found[1].casefold()
        at = f"{opens:%H:%M}" if word in ("午前", "am") else _NOON if word in ("午後", "pm") else time_in(found[1])
        if at is None or at in steps:
            break
        steps[at] = int(found[2])
        rest = rest[found.end() :]
    if rest or not steps:
        raise Bad("市職員の人数を読めません", "2 か 8:30 2名 12:00 1名 のように書いてください")
    return steps


class CityPlan:
    """Planned numbers by day, gathered from the city's lines of a matrix."""

    def __init__(self) -> None:
        self._steps: dict[date, Steps] = {}
        self._ends: dict[date, set[str]] = {}

    def add(self, day: date, steps: Steps, end: str | None) -> None:
        """Add the numbers of one cell; ``end``: nobody from then on, unless another line begins there. Raise Bad."""
        held = self._steps.setdefault(day, {})
        if twice := [at for at, n in steps.items() if held.get(at, n) != n]:
            raise Bad(f"市職員の {min(twice)} からの人数が2つあります", "時刻ごとに1つにしてください")
        held |= steps
        self._ends.setdefault(day, set()).update([end] if end is not None else [])

    def days(self) -> dict[date, tuple[dict[str, Any], ...]]:
        """Return the steps of ``officials.planned`` by day."""
        return {day: as_steps(dict.fromkeys(self._ends[day], 0) | steps) for day, steps in sorted(self._steps.items())}


def read_city_hours(raw: bytes, notes: list[str] | None = None) -> dict[date, tuple[dict[str, Any], ...]]:
    """Return the steps of ``officials.planned`` by day from a list: date, time, number. Raise Refused with the wrong lines."""
    faults = Faults()
    table = read(raw, CITY_HOURS, ("date", "starts", "present"), faults, more=True)
    days: dict[date, Steps] = {}
    for line, values in table.rows:
        try:
            day, at = values["date"].day, values["starts"]
            if at is None:
                raise Bad("時刻がありません", "8:30 のように書いてください")
            if at in days.setdefault(day, {}):
                raise Bad("同じ日の同じ時刻の行があります", "時刻ごとに1行にしてください")
            days[day][at] = values["present"]
        except Bad as bad:
            faults.add(line, "", bad)
    faults.refuse_if_any()
    table.tell(notes)
    return {day: as_steps(steps) for day, steps in days.items()}


def as_steps(steps: Mapping[str, int]) -> tuple[dict[str, Any], ...]:
    """Return numbers by time as the steps of a fact."""
    return tuple({"starts": at, "present": n} for at, n in sorted(steps.items()))


def texts_before(raw: Sequence[str], column: int) -> list[str]:
    """Return the filled cells left of a column, their contents; one that a spreadsheet could not reckon is left out."""
    found = []
    for cell in raw[:column]:
        with suppress(Bad):
            found += [word] if (word := cells.content(cell)) else []
    return found
