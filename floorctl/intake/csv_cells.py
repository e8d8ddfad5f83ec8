"""Parse the cells of a table: one function for each kind of cell; it raises ``Bad`` without quoting the cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from floorctl.common.spreadsheet_text import is_risky
from floorctl.common.typed import HOUR_MINUTE, YEAR, year_of

MAX_SURNAME = 10


class Bad(ValueError):
    """Fault of a cell or a line: the reason and what to do, never the cell."""

    def __init__(self, why: str, do: str) -> None:
        self.why, self.do = why, do
        super().__init__(why)


# Hyphens, dashes and wave dashes that separate two times.
_DASH = "[-\u2010-\u2015\u2212ー~\u301c]"
_TIME = f"{HOUR_MINUTE}(?::00)?"
_CODE = re.compile(r"[A-Za-z0-9._-]{1,16}")
_DATES = (
    re.compile(YEAR + r"([-/.])([0-9]{1,2})\2([0-9]{1,2})"),
    re.compile(YEAR + "(年)([0-9]{1,2})月([0-9]{1,2})日"),
)
_YES = frozenset({"1", "true", "yes", "y", "○", "〇", "◯", "可", "はい"})
_NO = frozenset({"", "0", "false", "no", "n", "×", "不可", "いいえ"})
_NOTHING = frozenset({"なし", "無し", "無", "-"})  # a date or a time that is to be erased
_ROLES = {
    "": "worker",
    "generalmanager": "general_manager",
    "sitemanager": "site_manager",
    "worker": "worker",
    "統括責任者": "general_manager",
    "現場責任者": "site_manager",
    "業務従事者": "worker",
    "従事者": "worker",
}


def plain(text: str) -> str:
    """Return a heading or word without differences of case, width, spaces, underscores and hyphens."""
    return re.sub(r"[\s_-]", "", unicodedata.normalize("NFKC", text).casefold())


def code(text: str) -> str:
    """Return a staff code."""
    if not text:
        raise Bad("空です", "職員コード（S01 など）を書いてください")
    if not _CODE.fullmatch(text):
        raise Bad("職員コードの形が違います", "英数字と . _ - の16字までで書いてください")
    return text


def surname(text: str) -> str:
    """Return a surname alone, as displayed beside the code: letters, kanji and kana."""
    # Few terminals draw variation selectors, and their widths differ.
    text = re.sub("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", text)
    if any(c.isspace() for c in text):
        raise Bad("空白が入っています", "氏だけにしてください（名は要りません）")
    if len(text) > MAX_SURNAME:
        raise Bad(f"{MAX_SURNAME}字を超えています", "氏だけにしてください（名は要りません）")
    if not all(c.isalpha() for c in text):
        raise Bad("文字でないものが入っています", "氏だけを漢字・かな・英字で書いてください")
    return text


def role(text: str) -> str:
    """Return the code of a role from its code or Japanese word; ``worker`` for an empty cell, or one with 「なし」."""
    if text in _NOTHING:
        return "worker"
    try:
        return _ROLES[plain(text)]
    except KeyError:
        do = "統括責任者（general_manager）・現場責任者（site_manager）・業務従事者（worker）のどれかにしてください"
        raise Bad("決められた役割のどれでもありません", do) from None


def flag(text: str) -> bool:
    """Return whether a cell means yes (○ 1 はい …) or no (× 0 いいえ なし …, empty)."""
    word = text.casefold()
    if word not in _YES | _NO | _NOTHING:
        raise Bad("はい・いいえのどちらでもありません", "○ か ×（または 1 か 0）で書いてください")
    return word in _YES


def known_flag(text: str) -> bool | None:
    """Return as ``flag``, but None (unknown) for an empty cell."""
    return flag(text) if text else None


def day(text: str) -> date | None:
    """Return a date, also from the Japanese era; None for an empty cell, or where there is none by the word."""
    if not text or text in _NOTHING:
        return None
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            try:
                read = date(year_of(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                raise Bad("暦にない日付です", "2026-07-01 の形で書いてください") from None
            if read.year < 2100:
                return read
    raise Bad("日付ではありません", "2026-07-01、2026/7/1、R8.7.1 のどれかの形で書いてください")


def need_day(text: str) -> date:
    """Return a date; an empty cell is an error."""
    found = day(text)
    if found is None:
        raise Bad("空です", "2026-09-14 の形で日付を書いてください")
    return found


def time(text: str) -> str | None:
    """Return a time of day as ``HH:MM``; None for an empty cell, or where there is none by the word."""
    if not text or text in _NOTHING:
        return None
    found = re.fullmatch(_TIME, text)
    if found is None:
        raise Bad("時刻ではありません", "09:30 の形で書いてください")
    return f"{int(found[1]):02d}:{found[2]}"


def need_time(text: str) -> str:
    """Return a time of day as ``HH:MM``; an empty cell is an error."""
    at = time(text)
    if at is None:
        raise Bad("空です", "09:30 の形で時刻を書いてください")
    return at


def shift(text: str) -> tuple[str | None, str | None]:
    """Return the two times of a shift, written with a dash between; None twice for an empty cell or by the word."""
    if not text or text in _NOTHING:
        return None, None
    found = re.fullmatch(f"{_TIME} ?{_DASH} ?{_TIME}", text)
    if found is None:
        raise Bad("勤務時間ではありません", "08:15-17:15 の形で書いてください")
    start, end = f"{int(found[1]):02d}:{found[2]}", f"{int(found[3]):02d}:{found[4]}"
    return in_order(start, end)


def in_order(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    """Return both times unchanged; raise Bad if only one is given or the end is not after the start."""
    if (start is None) != (end is None):
        raise Bad("勤務の始まりと終わりの片方だけがあります", "両方を書くか、両方を空けてください")
    if start is not None and end is not None and end <= start:
        raise Bad("勤務の終わりが始まりより前です", "時刻を確かめてください")
    return start, end


def number(low: int, high: int, default: int | None = None) -> Callable[[str], int]:
    """Return a parser of whole numbers from ``low`` to ``high``; ``default`` is for an empty cell."""

    def parse(text: str) -> int:
        if not text and default is not None:
            return default
        if not re.fullmatch("[0-9]{1,3}", text) or not low <= int(text) <= high:
            raise Bad(f"{low} から {high} までの整数ではありません", "数字だけを書いてください")
        return int(text)

    return parse


def count(text: str) -> int:
    """Return a total, written with or without thousands separators."""
    if not text:
        raise Bad("空です", "件数を書いてください（無ければ 0）")
    if not re.fullmatch("[0-9]{1,5}|[0-9]{1,2},[0-9]{3}", text):
        raise Bad("0 から 99999 までの整数ではありません", "件数だけを書いてください")
    return int(text.replace(",", ""))


# A month as people and spreadsheets write it; Excel turns it into its first day.
_MONTH = re.compile(YEAR + "[-/.年]([0-9]{1,2})(?:月|[-/.]0?1|月1日)?")


def month(text: str) -> str:
    """Return a month as ``YYYY-MM``, also from the Japanese era."""
    if found := _MONTH.fullmatch(text):
        year, nth = year_of(found[1]), int(found[2])
        if 1 <= nth <= 12 and year < 2100:
            return f"{year}-{nth:02d}"
    raise Bad("月ではありません", "2026-09、2026年9月、R8.9 のどれかの形で書いてください")


def cell(text: str) -> str:
    """Return a word, without the apostrophe with which an export guards it against being read as a formula."""
    word = text[1:] if text[:1] == "'" and is_risky(text) else text
    if not word:
        raise Bad("空です", "何か書いてください")
    return word


def device(text: str) -> str:
    """Return the name of a device."""
    word = cell(text)
    if not re.fullmatch(r"[\w.:-]{1,32}", word):
        raise Bad(
            "機器の名の形が違います", "空白を入れず、文字・数字と . _ : - の32字までで書いてください（PC-1 など）"
        )
    return word


def purpose(text: str) -> str:
    """Return the purpose of a device."""
    word = cell(text)
    if len(word) > 400:
        raise Bad("400字を超えています", "短くしてください")
    return word


def is_date_of(parse: Callable[[str], object], text: str) -> bool:
    """Return whether a cell of a column of dates is written as a date, in the calendar or not."""
    return parse in (day, need_day) and any(pattern.fullmatch(text) for pattern in _DATES)
