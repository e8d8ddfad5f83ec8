"""Parse what people type or write in tables: whole numbers, times of day, dates of either era, instants. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from floorctl.common.clock import JST, business_day


def whole(text: str) -> int | None:
    """Return a whole number of at most five digits, full-width ones included; None if it is none."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return int(folded) if folded.isascii() and folded.isdigit() and len(folded) <= 5 else None


# A time of day as tables and options have it: the hour with one digit or two, the minute with two.
HOUR_MINUTE = "([01]?[0-9]|2[0-3]):([0-5][0-9])"
# A year of the common era, or of Reiwa.
YEAR = "(20[0-9]{2}|(?:R|r|令和) ?(?:[0-9]{1,2}|元))"
# Months in English, of which the first three letters tell which it is: Sep, Sept., September.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ENGLISH_MONTH = f"(?:{'|'.join(MONTHS)})[a-z]*"

# Words and marks for yes and no in the cells of tables and machines' files, in small letters.
YES = frozenset(
    {"1", "true", "yes", "y", "○", "〇", "◯", "◎", "●", "可", "はい", "有", "あり", "済", "✓", "✔", "☑", "レ"}
)
NO = frozenset({"0", "false", "no", "n", "×", "✕", "不可", "いいえ", "無", "無し", "なし", "未"})

# Words of a cell by which a date, a time or a list is erased.
NOTHING = frozenset({"なし", "無し", "無", "-"})
# What stands between the words of a list in a cell.
BETWEEN_WORDS = re.compile(r"[・･/／,，、;+＋\n]|\s{2,}| ")


def hour_minute(text: str) -> str | None:
    """Return "HH:MM" from 9:05 or 09:05; None if it is anything else."""
    found = re.fullmatch(HOUR_MINUTE, text)
    return f"{int(found[1]):02d}:{found[2]}" if found else None


def year_of(text: str) -> int:
    """Return the year of the common era from 2026, R8, 令和 8 or 令和元."""
    if text.isdigit():
        return int(text)
    digits = re.sub(r"\D", "", text)
    return 2018 + (int(digits) if digits else 1)


def month_of(word: str) -> int:
    """Return the number of a month from its name in English, which may be shortened to three letters."""
    return MONTHS.index(word[:3].casefold()) + 1


def time_of_day(text: str) -> str | None:
    """Return "HH:MM" from 9:05, 905 or 0905, full-width too; None if it is no time."""
    folded = unicodedata.normalize("NFKC", text).strip().replace("時", ":").removesuffix("分").rstrip(":")
    hour, colon, minute = folded.partition(":")
    if not colon and folded.isascii() and folded.isdigit() and len(folded) in (3, 4):
        hour, minute = folded[:-2], folded[-2:]
    elif not colon:
        minute = "00"
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        return None
    return f"{int(hour):02d}:{int(minute):02d}" if int(hour) < 24 and int(minute) < 60 else None


_DAY = re.compile(r"(?:(20\d\d|[Rr令]和?\d{1,2})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


def day_typed(text: str, today: date, *, past: bool = False) -> date | None:
    """Return a date from 2026-09-20, R8.9.20, 9/20 or 9月20日, full-width too; None if it is none.

    Without a year it is the next such day, or with ``past`` the last one; today counts as both.
    """
    found = _DAY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None:
        return None
    year, month, day = found[1], int(found[2]), int(found[3])
    years = [year_of(year)] if year else [today.year, today.year + (-1 if past else 1)]
    for n in years:
        try:
            on = date(n, month, day)
        except ValueError:
            continue
        if year or (on <= today if past else on >= today):
            return on
    return None


_DATED = re.compile(r"(?:(\d{1,2})[/-](\d{1,2})\s+)?(\d{1,2}):?(\d{2})")


def instant_of(text: str, now: datetime, day: date) -> datetime | None:
    """Return the instant that was typed: 9:40, 0940, -10 (minutes ago), 今, 9/13 15:20; times without a date are of ``day``."""
    folded = unicodedata.normalize("NFKC", text).strip().replace("ー", "-").replace("−", "-").replace("時", ":")
    folded = folded.removesuffix("分").removesuffix("まで")
    if folded in ("今", "いま", "0", "-0"):
        return now
    if folded.startswith("-") and folded[1:].isascii() and folded[1:].isdigit() and len(folded) <= 5:
        return now - timedelta(minutes=int(folded[1:]))
    found = _DATED.fullmatch(folded)
    if found is None or not folded.isascii():
        return None
    month, of_month, hour, minute = found.groups()
    try:
        if month is not None:
            day = day.replace(month=int(month), day=int(of_month))
            # In January 12/28 is that of the year before.
            if day > business_day(now):
                day = day.replace(year=day.year - 1)
        return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=JST)
    except ValueError:
        return None


def whom_and_when(text: str, now: datetime) -> tuple[str, datetime | None]:
    """Return whom and when: 監督員 9:40 is (監督員, 9:40 of today); without a time at its end the time is None: now."""
    words = unicodedata.normalize("NFKC", text).split()
    for last in (2, 1):
        if len(words) > last:
            at = instant_of(" ".join(words[-last:]), now, business_day(now))
            if at is not None:
                return " ".join(words[:-last]), at
    return text.strip(), None
