"""Types of the options' values: instants, dates, months, times of day, words of a list, files. Each error says the form."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import click

from floorctl.common.clock import parse_time
from floorctl.common.typed import hour_minute

T = TypeVar("T")


class Written(click.ParamType[T]):
    """Option type for a value written in one form.

    ``read`` parses it or raises ValueError or OverflowError; the error is ``form``, which never repeats the value.
    """

    made: type[Any]
    form: str

    def read(self, text: str) -> T:
        raise NotImplementedError

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        if isinstance(value, self.made):
            return value  # type: ignore[no-any-return]
        try:
            return self.read(value)
        except (ValueError, OverflowError):
            self.fail(self.form, param, ctx)


def _need(pattern: str, text: str) -> str:
    """Return ``text`` if all of it matches ``pattern``. Raise ValueError otherwise."""
    if re.fullmatch(pattern, text) is None:
        raise ValueError(pattern)
    return text


class Instant(Written[datetime]):
    """An instant, ISO 8601; without an offset in Asia/Tokyo."""

    name, made = "TIME", datetime
    form = "時刻は 2026-09-14T10:05 または 2026-09-14T10:05:30+09:00 の形で書いてください"

    def read(self, text: str) -> datetime:
        return parse_time(text)


class Day(Written[date]):
    """A date, YYYY-MM-DD."""

    name, made, form = "DATE", date, "日付は 2026-09-14 の形で書いてください"

    def read(self, text: str) -> date:
        return date.fromisoformat(_need(".{10}", text))


class Month(Written[date]):
    """A month, YYYY-MM, returned as its first day."""

    name, made, form = "YYYY-MM", date, "月は 2026-09 の形で書いてください"

    def read(self, text: str) -> date:
        return date.fromisoformat(f"{_need('2[01][0-9]{2}-(0[1-9]|1[0-2])', text)}-01")


class FiscalYear(Written[int]):
    """A fiscal year, by the year in whose April it begins."""

    name, made, form = "YYYY", int, "年度は、4月の西暦年を 2026 の形で書いてください"

    def read(self, text: str) -> int:
        return int(_need("2[01][0-9]{2}", text))


class Seed(Written[int]):
    """A random seed: an integer of at most nine digits, since the ids of a simulated day contain it."""

    name, made, form = "N", int, "9桁までの整数で書いてください"

    def read(self, text: str) -> int:
        return int(_need("-?[0-9]{1,9}", text))


class TimeOfDay(Written[time]):
    """A time of day, HH:MM."""

    name, made, form = "HH:MM", time, "時刻は 10:15 の形で書いてください"

    def read(self, text: str) -> time:
        return time.fromisoformat(hour_minute(text) or "")


class OneOf(click.Choice[str]):
    """Option type for one of a few words; a mistyped one is answered by the nearest."""

    @property
    def form(self) -> str:
        return f"{'、'.join(self.choices)} のどれかにしてください"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from floorctl.common.did_you_mean import perhaps

        if value not in self.choices:
            near = perhaps(str(value), self.choices)
            self.fail(f"{self.form}{near}", param, ctx)
        return str(value)


class FilePath(click.Path):
    """Option type for a file or a folder; an empty name, as of a variable that is not set, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("名前が空です", param, ctx)
        return super().convert(value, param, ctx)


PATH = FilePath(path_type=Path)
VOLUMES = OneOf(["low", "normal", "surge"])
