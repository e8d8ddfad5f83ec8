"""The day in the names of a source's files: ``log_{YYYY}{MM}{DD}*.csv``, and the files that such a pattern matches."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

from floorctl.intake.sources.missing_year import nearest_year
from floorctl.models.site.source import MARKS

_MARK = re.compile(r"\{(" + "|".join(MARKS) + r")\}")
_PIECE = re.compile(r"\{(?:" + "|".join(MARKS) + r")\}|[*?]")


def on_day(files: str, day: date) -> str:
    """Return the pattern with the day's digits in the place of its marks."""
    digits = {
        "YYYY": f"{day.year:04d}", "YY": f"{day.year % 100:02d}",
        "MM": f"{day.month:02d}", "DD": f"{day.day:02d}", "M": str(day.month), "D": str(day.day),
    }  # fmt: skip
    return _MARK.sub(lambda mark: digits[mark[1]], files)


def day_in_name(files: str, path: Path, near: date) -> date | None:
    """Return the day that a file's path tells by the pattern, whose folders count where the day stands in them; else None.

    A file that lies elsewhere is compared by its name alone: a copy keeps its day. A pattern without a year, as of a
    machine that keeps its files for less than one, means the day nearest to ``near``, as a cell without a year does.
    """
    for pattern, text in ((files, str(path)), (_last(files), path.name)):
        found = _matcher(pattern).fullmatch(text.replace("\\", "/"))
        if found is None:
            continue
        said = found.groupdict()
        try:
            month, number = int(said.get("MM") or said["M"]), int(said.get("DD") or said["D"])
            year = said.get("YYYY") or (f"20{said['YY']}" if "YY" in said else "")
            if year or "{YY" not in files:
                return date(int(year), month, number) if year else nearest_year(month, number, near)
        except (KeyError, ValueError):
            continue  # a part of the day is missing, or the digits are no day of the calendar
    return None


def fits(files: str, path: Path) -> bool:
    """Return whether the name of a file is one of the pattern, wherever the file lies."""
    return _matcher(_last(files)).fullmatch(path.name) is not None


def matching(files: str, day: date) -> list[Path]:
    """Return what the pattern matches on a day, in any order; [] where its folder is missing or away."""
    path = Path(on_day(files, day))
    at = next((n for n, part in enumerate(path.parts) if "*" in part or "?" in part), None)
    if at is None:
        return [path]
    # Only * and ? are wildcards of a description: a bracket stands for itself.
    return list(Path(*path.parts[:at]).glob("/".join(path.parts[at:]).replace("[", "[[]")))


def _last(files: str) -> str:
    return files.replace("\\", "/").rpartition("/")[2]


@cache
def _matcher(files: str) -> re.Pattern[str]:
    """Return the pattern as an expression; a part of the day that stands twice counts where it stands first."""
    seen: set[str] = set()

    def expression(piece: str) -> str:
        if piece in "*?":
            return "[^/]*" if piece == "*" else "[^/]"
        mark = piece[1:-1]
        named = f"(?P<{mark}>{MARKS[mark]})" if mark not in seen else MARKS[mark]
        seen.add(mark)
        return named

    pattern, done = "", 0
    files = files.replace("\\", "/")
    for found in _PIECE.finditer(files):
        pattern += re.escape(files[done : found.start()]) + expression(found[0])
        done = found.end()
    return re.compile(pattern + re.escape(files[done:]), re.IGNORECASE)
