"""Read one cell of a shift table: an abbreviation of the site or of the table's own legend, hours written out, or both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from unicodedata import normalize

from floorctl.common.frozen import frozen
from floorctl.common.words import shift_word
from floorctl.intake.csv_cells import MOST_BREAK, Bad, content, in_order, time_range
from floorctl.intake.csv_times import TIME_OF_DAY, time_in
from floorctl.models.site.hall import ShiftCode
from floorctl.models.site.site import Site

# What surrounds an abbreviation and is none of it: ◎早, 早※, 早(責).
_MARKS = re.compile(r"^[◎●○★☆▲△■□◆◇]+|[※*★☆]+$|\([^()]*\)$")
_DASH = "(?:[-\u2010-\u2015\u2212ー~\u301c]|から)"
# 早:8:15~17:15, 早番=8時から17時, 早 8:15-17:15, 中(10時~16時)
_WORD = r"[^\s0-9:=.,、・/;()\[\]【】<>→※~-]"
_IS = r"\s*(?:\.{2,}|[:=→(\[])"
_LEGEND_HOURS = re.compile(
    rf"({_WORD}{{1,8}})(?:{_IS})?\s*({TIME_OF_DAY})\s*{_DASH}\s*({TIME_OF_DAY})"
    r"(?:[\s(,、・/]*休憩?[\s:=]*([0-9]{1,3})\s*分)?"
)
_LEGEND_OFF = re.compile(rf"(?:^|[\s,、・/;※】\]])({_WORD}{{1,4}}){_IS}\s*({_WORD}*休{_WORD}*)")
# 早 8:15-17:15, and as a weekly table has them in two lines of a cell.
_BOTH = re.compile(rf"([^\s0-9:(]{{1,8}}|\S{{1,8}}(?=\s))[\s:(]*({TIME_OF_DAY}\s*{_DASH}.*?)\)?")
_FEW = re.compile(rf"([0-9]{{1,2}}(?::[0-9]{{2}})?)\s*{_DASH}\s*([0-9]{{1,2}}(?::[0-9]{{2}})?)")
_TWO_LINES = re.compile(r"([0-9]{1,2}:[0-9]{2})\s+([0-9]{1,2}:[0-9]{2})")
_DASHES = re.compile("[-\u2010-\u2015\u2212\u2500ー]+")
_BREAK = re.compile(r"\(休憩?\s*([0-9]{1,3})\s*分?\)$")
_HALF = ("半", "午前", "午後", "時間", "憩")  # 半休, 時間休, 休憩: the person comes, or it is no shift


@frozen
class Known:
    """Abbreviations that a table may use, folded: the site's, and what the table's legend has beside or instead of them.

    ``told``: abbreviations whose hours are those of the legend, with both, in words.
    """

    codes: Mapping[str, ShiftCode]
    legend: Mapping[str, dict[str, Any]]
    told: tuple[str, ...] = ()

    def fields(self, text: str) -> dict[str, Any]:
        """Return the fields of an abbreviation, of hours written out, or of both (早 8:15-17:15: the hours count).

        Raise Bad for any other word.
        """
        both = _BOTH.fullmatch(text)
        if both is not None and (held := self._known(both[1])) is not None:
            hours = {k: x for k, x in _hours(both[2]).items() if k != "code" and x is not None}
            if held["starts"] is None:
                raise Bad("休みの記号と時刻が1つの欄にあります", "どちらかを消してください")
            return held | hours
        bare = _bare(text)
        for word in (text, bare, bare.removesuffix("番").removesuffix("勤")):
            if (found := self._known(word)) is not None:
                return found
        return _hours(text)

    def reads(self, text: str) -> bool:
        """Return whether a cell is an abbreviation or hours, or looks like hours."""
        try:
            self.fields(text)
        except Bad as bad:
            return not bad.word
        return True

    def _known(self, word: str) -> dict[str, Any] | None:
        site = self.codes.get(folded(word))
        own = self.legend.get(folded(site.code if site is not None else word))
        if site is None:
            return None if own is None else {"code": "", "break_minutes": None, **own}
        starts, ends = _times(site)
        length = None if site.off else site.break_minutes
        return {"code": site.code, "starts": starts, "ends": ends, "break_minutes": length} | (own or {})


def folded(text: str) -> str:
    """Return an abbreviation without differences of width, case and dashes, and without spaces."""
    word = "".join(normalize("NFKC", text).split()).casefold()
    return "-" if _DASHES.fullmatch(word) else word


def known_codes(site: Site, outside: Iterable[Sequence[str]] = ()) -> Known:
    """Return the abbreviations of a table; ``outside``: its lines that are no person's, in which a legend may stand."""
    # Of two with one name the first; a code goes before another word for it, and that before a name.
    codes = {folded(x.name): x for x in reversed(site.shift_codes)}
    codes |= {folded(word): x for x in site.shift_codes for word in x.also}
    codes |= {folded(x.code): x for x in site.shift_codes}
    lines = [_joined(line) for line in outside]
    legend: dict[str, dict[str, Any]] = {}
    told: list[str] = []
    for word, spans in _legend_hours(lines, codes).items():
        held, (first, *others) = codes.get(word), spans
        length = spans[first]
        same = held is not None and first == _whole(held) and length in (None, held.break_minutes)
        if held is not None and (held.off or same) and not others:
            continue
        if others:  # 土曜は早 8:30〜12:30: which of them holds on a day cannot be read
            usual = shift_word("", _whole(held)) if held is not None else ""
            told += (
                [f"{held.code} は凡例に時刻が{len(spans)}通りあるので会場設定の {usual}"] if held is not None else []
            )
            continue
        legend[word] = {"starts": first[0], "ends": first[1]} | ({} if length is None else {"break_minutes": length})
        if held is not None:
            own = _break_word(held.break_minutes) if length is not None else ""
            usual = f"{shift_word('', _whole(held))}{own}"
            told.append(f"{held.code} {shift_word('', first)}{_break_word(length)}（会場設定は {usual}）")
    for word, meaning in (x for line in lines for x in _LEGEND_OFF.findall(line)):
        if codes.get(folded(word)) is None and not any(x in meaning for x in _HALF):
            legend.setdefault(folded(word), {"starts": None, "ends": None})
    return Known(codes, legend, tuple(told))


def _legend_hours(lines: Iterable[str], codes: Mapping[str, ShiftCode]) -> dict[str, dict[tuple[str, str], int | None]]:
    """Return the different hours that a legend gives each abbreviation, by the folded code of the site or the word itself.

    With each its break in minutes, if the legend tells one (休憩60分).

    A word that only ends with an abbreviation (土曜は早) gives it none, but shows that its hours are not the same on all days.
    """
    found: dict[str, dict[tuple[str, str], int | None]] = {}
    at_the_end: list[tuple[str, tuple[str, str]]] = []
    for word, first, last, length in (x for line in lines for x in _LEGEND_HOURS.findall(line)):
        starts, ends = time_in(first), time_in(last)
        if starts is None or ends is None or ends <= starts:
            continue
        minutes = int(length) if length and int(length) <= MOST_BREAK else None
        stems = (word, word.removesuffix("は"), word.removesuffix("番").removesuffix("勤"))
        held = next((codes[folded(x)] for x in stems if folded(x) in codes), None)
        if held is None:
            at_the_end += [(code, (starts, ends)) for code in codes if folded(stems[2]).endswith(code)]
        found.setdefault(folded(held.code if held is not None else stems[1]), {}).setdefault((starts, ends), minutes)
    for code, span in at_the_end:
        if code in found:
            found[code].setdefault(span, None)
    return found


def _break_word(minutes: int | None) -> str:
    return "" if minutes is None else f" 休憩{minutes}分"


def _times(code: ShiftCode) -> tuple[str | None, str | None]:
    hours = _whole(code)
    return hours or (None, None)


def _whole(code: ShiftCode) -> tuple[str, str] | None:
    return (f"{code.starts:%H:%M}", f"{code.ends:%H:%M}") if code.starts and code.ends else None


def _joined(cells: Sequence[str]) -> str:
    words = []
    for cell in cells:
        with suppress(Bad):
            words.append(content(cell))
    return " ".join(" ".join(words).split())[:1_000]


def _bare(text: str) -> str:
    """Return a cell without the marks around it and what stands in brackets after it."""
    return _MARKS.sub("", _MARKS.sub("", text)).strip()


def _hours(text: str) -> dict[str, Any]:
    """Return the fields of hours written out."""
    bare = _bare(text)
    span = time_range(bare) or _in_few_digits(bare)
    if span is None and re.match(rf"{TIME_OF_DAY}\s*{_DASH}", bare):
        raise Bad("勤務時間として読めません", "8:15-17:15 のように、その日のうちの時刻で書いてください")
    if span is None:
        do = "会場設定に記号（code）と時刻（starts、ends）か off = true を書き足すか、記号を直してください"
        raise Bad("会場設定の shift_codes にない勤務の記号です", do, folded(text))
    if span[1] <= span[0]:
        do = "翌日にかかる勤務は取り込めません。その日のうちの時刻か、記号で書いてください"
        raise Bad("勤務の終わりが始まりより前です", do)
    starts, ends = in_order(*span)
    length = _BREAK.search(text)
    minutes = int(length[1]) if length is not None else None
    if minutes is not None and minutes > MOST_BREAK:
        raise Bad(f"休憩が{MOST_BREAK}分を超えています", "休憩を 60分 のように書いてください")
    return {"code": "", "starts": starts, "ends": ends, "break_minutes": minutes}


def _in_few_digits(text: str) -> tuple[str, str] | None:
    """Return the two times of 8-17 or 9-12:30, or of two times with a line break between; None if it is no such thing."""
    found = _FEW.fullmatch(text) or _TWO_LINES.fullmatch(text)
    if found is None:
        return None
    starts, ends = (time_in(x if ":" in x else f"{x}:00") for x in found.groups())
    return (starts, ends) if starts and ends else None
