"""Parse the cells of a table: one function for each kind of cell; it raises ``Bad`` without quoting the cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from floorctl.common.clean_text import clean
from floorctl.common.spreadsheet_text import is_risky
from floorctl.common.typed import BETWEEN_WORDS, NO, NOTHING, YES
from floorctl.intake.csv_times import NotInCalendar, When, is_written, lacks_year, month_in, time_in
from floorctl.intake.csv_times import when as _when

MAX_SURNAME = 10


class Bad(ValueError):
    """Fault of a cell or a line: the reason and what to do, never the cell.

    ``word``: what is not known, so that the same word is told once; it is never shown.
    """

    def __init__(self, why: str, do: str, word: str = "") -> None:
        self.why, self.do, self.word = why, do, word
        super().__init__(why)


# Hyphens, dashes and wave dashes that separate two times.
_DASH = "[-\u2010-\u2015\u2212ー~\u301c]"
_CODE = re.compile(r"[A-Za-z0-9._-]{1,16}")
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


# S01 田島, S02（佐藤）
_CODE_AND_NAME = re.compile(r"([A-Za-z][A-Za-z._-]*[0-9][A-Za-z0-9._-]*)(?:\s+|\()[^\x00-\x7f].*")


def code_alone(text: str) -> str:
    """Return the staff code of a cell that has a name after it (S01 田島), without the name; any other text unchanged."""
    found = _CODE_AND_NAME.fullmatch(text)
    return found[1] if found is not None else text


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
    if text in NOTHING:
        return "worker"
    try:
        return _ROLES[plain(text)]
    except KeyError:
        do = "統括責任者（general_manager）・現場責任者（site_manager）・業務従事者（worker）のどれかにしてください"
        raise Bad("決められた役割のどれでもありません", do) from None


def flag(text: str) -> bool:
    """Return whether a cell means yes (○ 1 はい …) or no (× 0 いいえ なし …, empty)."""
    word = text.casefold()
    if word and word not in YES | NO | NOTHING:
        raise Bad("はい・いいえのどちらでもありません", "○ か ×（または 1 か 0）で書いてください")
    return word in YES


def is_marked(text: str) -> bool:
    """Return whether a mark stands in a column of marks (削除, 取消): yes, a date, any word but no and 「なし」."""
    return bool(text) and text.casefold() not in NO | NOTHING


def skills(text: str) -> tuple[str, ...]:
    """Return the words of a list of skills (交付・電子証明書, 交付/案内); () by the word 「なし」, which erases it."""
    if text in NOTHING:
        return ()
    words = tuple(word for part in BETWEEN_WORDS.split(text) if (word := part.strip()))
    if not words and text:
        raise Bad("言葉がありません", "技能を ・ で区切って書くか、決めていない人は「なし」と書いてください")
    return words


def known_flag(text: str) -> bool | None:
    """Return as ``flag``, but None (unknown) for an empty cell."""
    return flag(text) if text else None


def day(text: str) -> date | None:
    """Return a date, also from the Japanese era; None for an empty cell, or where there is none by the word.

    A time of day beside it says nothing.
    """
    if not text or text in NOTHING:
        return None
    read = when(text)
    if read.day is None:
        raise Bad("日付ではありません", _DATE_FORMS)
    return read.day


_DATE_FORMS = "2026-07-01、2026/7/1、R8.7.1 のどれかの形で書いてください"


def when(text: str) -> When:
    """Return the date and the time of day of a cell, of which one may be None; an empty cell is an error."""
    if not text:
        raise Bad("空です", "2026-09-14 9:00 の形で書いてください")
    try:
        read = _when(text)
    except NotInCalendar as e:
        raise Bad(str(e), "2026-07-01 の形で書いてください") from None
    if read is None:
        raise Bad("日付に年がありません" if lacks_year(text) else "日付ではありません", _DATE_FORMS)
    return read


def need_day(text: str) -> date:
    """Return a date; an empty cell is an error."""
    found = day(text)
    if found is None:
        raise Bad("空です", "2026-09-14 の形で日付を書いてください")
    return found


def time(text: str) -> str | None:
    """Return a time of day as ``HH:MM``; None for an empty cell, or where there is none by the word."""
    if not text or text in NOTHING:
        return None
    try:
        read = _when(text)
    except NotInCalendar:
        read = None
    if read is None or read.time is None:
        raise Bad("時刻ではありません", "09:30 の形で書いてください")
    return read.time


def dated(text: str) -> When:
    """Return a date, with the time of day that may stand beside it; an empty cell is an error."""
    if not text:
        raise Bad("空です", "2026-09-14 の形で日付を書いてください")
    read = when(text)
    if read.day is None:
        raise Bad("日付ではありません", _DATE_FORMS)
    return read


def booked(text: str) -> When:
    """Return date and time of day, of which one may be None, or those of the begin of 2026/9/14 9:00-9:10."""
    return when(_begin(text))


_SPAN = re.compile(rf"(.*\S)\s*(?:{_DASH}|から)\s*(.*?)(?:まで)?")


def _begin(text: str) -> str:
    """Return the begin of a span of time, or the text as it is."""
    found = _SPAN.fullmatch(text)
    return found[1] if found and (not found[2] or time_in(found[2])) else text


def timed(text: str) -> When:
    """Return a time of day, or the begin of 9:00-9:10, with the date that may stand beside it; an empty cell is an error."""
    if not text:
        raise Bad("空です", "09:30 の形で時刻を書いてください")
    try:
        read = _when(_begin(text))
    except NotInCalendar:
        read = None
    if read is None or read.time is None:
        raise Bad("時刻ではありません", "09:30 の形で書いてください")
    return read


def shift_code(text: str) -> str:
    """Return the code of a shift (早, 遅, 休), as it stands in the site file."""
    if len(text) > 16:
        raise Bad("16字を超えています", "勤務の記号だけを書いてください")
    return text


def shift(text: str) -> tuple[str | None, str | None]:
    """Return the two times of a shift, written with a dash between; None twice for an empty cell or by the word."""
    if not text or text in NOTHING:
        return None, None
    found = time_range(text)
    if found is None:
        raise Bad("勤務時間ではありません", "08:15-17:15 の形で書いてください")
    return in_order(*found)


def time_range(text: str) -> tuple[str, str] | None:
    """Return the two times of day of 8:15-17:15 or 8時15分から17時15分まで; None if it is no such thing."""
    first, *rest = (part.strip() for part in re.split(f"{_DASH}|から", text.removesuffix("まで")))
    start, end = time_in(first), time_in(rest[0]) if len(rest) == 1 else None
    return (start, end) if start and end else None


def in_order(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    """Return both times unchanged; raise Bad if only one is given or the end is not after the start."""
    if (start is None) != (end is None):
        raise Bad("勤務の始まりと終わりの片方だけがあります", "両方を書くか、両方を空けてください")
    if start is not None and end is not None and end <= start:
        raise Bad("勤務の終わりが始まりより前です", "時刻を確かめてください")
    return start, end


_UNIT = "(?:件|枚|人|名|台|回)?"  # that a total may carry


def number(low: int, high: int, default: int | None = None) -> Callable[[str], int]:
    """Return a parser of whole numbers from ``low`` to ``high``; ``default`` is for an empty cell."""

    def parse(text: str) -> int:
        if not text and default is not None:
            return default
        found = re.fullmatch(f"([0-9]{{1,3}}) ?{_UNIT}", text)
        if found is None or not low <= int(found[1]) <= high:
            raise Bad(f"{low} から {high} までの整数ではありません", "数字だけを書いてください")
        return int(found[1])

    return parse


def count(text: str) -> int:
    """Return a total, written with or without thousands separators."""
    if not text:
        raise Bad("空です", "件数を書いてください（無ければ 0）")
    found = re.fullmatch(f"([0-9]{{1,5}}|[0-9]{{1,2}},[0-9]{{3}}) ?{_UNIT}", text)
    if found is None:
        raise Bad("0 から 99999 までの整数ではありません", "件数だけを書いてください")
    return int(found[1].replace(",", ""))


def month(text: str) -> str:
    """Return a month as ``YYYY-MM``, also from the Japanese era."""
    found = month_in(text)
    if found is None:
        raise Bad("月ではありません", "2026-09、2026年9月、R8.9 のどれかの形で書いてください")
    return f"{found[0]}-{found[1]:02d}"


def minutes(text: str) -> int | None:
    """Return the length of a break in minutes, from 60, 60分, 1:00 or 1時間; None for an empty cell."""
    if not text or text in NOTHING:
        return None
    found = re.fullmatch("([0-9]{1,3}) ?分?", text)
    hours = re.fullmatch("([0-9]{1,2}) ?時間 ?(?:([0-9]{1,2}) ?分|(半))?", text)
    if found is not None:
        length = int(found[1])
    elif hours is not None:
        length = int(hours[1]) * 60 + (30 if hours[3] else int(hours[2] or 0))
    elif at := time_in(text):
        length = int(at[:2]) * 60 + int(at[3:])
    else:
        length = -1
    if not 0 <= length <= MOST_BREAK:
        raise Bad(f"0 から {MOST_BREAK} までの分ではありません", "休憩を 60 のように分で書いてください")
    return length


MOST_BREAK = 240


def cell(text: str) -> str:
    """Return a word; an empty cell is an error."""
    word = text
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


_WITH_DATES: frozenset[Callable[[str], object]] = frozenset(
    {day, need_day, when, booked, dated, timed, time, month, minutes},
)


def is_date_of(parse: Callable[[str], object], text: str) -> bool:
    """Return whether a cell of a column of dates or times is written as one, in the calendar or not."""
    return parse in _WITH_DATES and is_written(text)


# ---- what a spreadsheet puts around a cell


_FORMULA = re.compile(r'=\s*"((?:[^"]|"")*)"')
# A formula that could not be reckoned, or a column too narrow for its numbers.
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|BUSY!|UNKNOWN!)|#{3,}")


def content(text: str, *, is_text: bool = False) -> str:
    """Return the content of a cell in NFKC on one line, without what keeps a spreadsheet from reading it as a number.

    That is ``="S01"``, and an apostrophe before it; of a text (``is_text``) only the one with which an export guards it.
    Raise Bad for an error of a spreadsheet (``#N/A``).
    """
    word = unicodedata.normalize("NFKC", clean(text)).strip()
    if found := _FORMULA.fullmatch(word):
        word = found[1].replace('""', '"').strip()
    if word[:1] in ("'", "’") and (not is_text or is_risky(word)):
        word = word[1:].strip()
    if _ERROR.fullmatch(word):
        raise Bad("Excel の計算の誤り（#N/A など）が入っています", "元の表の式を直すか、その欄を空けてください")
    return word


_TOTAL = re.compile(
    r"(?:(?:20[0-9]{2}|(?:r|令和)[0-9]{1,2})年?度?)?(?:[0-9]{1,2}(?:月|日|週目?))?(?:分|の)?"
    r"(?:合計|小計|総計|総合計|累計|中計|通計|計|月計|年計|総数|total|subtotal|grandtotal)"
    r"(?:[:]?[0-9,]*(?:件|枚|人|名|行)?)?"
)


def is_total(text: str) -> bool:
    """Return whether a cell says that its line is a sum of others (合計, 小計, 9月計 …)."""
    return _TOTAL.fullmatch(re.sub(r"[()\[\]【】<>《》*※・]", "", plain(text))) is not None
