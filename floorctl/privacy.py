"""Keeps personal data out of free text (仕様書 12): text is cleaned, then refused if it holds a number of a person.

The rule is about shape, not check digits: one random 12-digit string in ten would pass for a My Number, and no counter
needs any of them. Text is folded (NFKC, every kind of digit to 0-9, every kind of dash to a hyphen); dates, times and
terminals (T3) are taken out; then *nothing but a letter ends a number*: digits with only spaces, dashes, dots,
brackets, の or other marks between them are one run, and a run of 7 digits or more is refused unless it is

- a count in groups of three, 1,234,567, of 9 digits at most (621,498,320,257 is a My Number out of a spreadsheet);
- a list: three numbers or more, a list mark (、・, / + = % arrows; not a space, dash or dot) between any two, which are
  counts (at most one of 4 digits, none longer, no leading zero, not all equally long as the pieces of a chopped
  number are, unless of two or three digits and under 10 in all) or go up in small steps as tickets do (041、042、045);
- zeros only: 〇〇〇〇〇〇〇 is a blank to be filled in.

So 12 34 56 78 and 0900-1630 are refused; 交付 12 更新 34, 12、34、5、678 and 9:00-16:30 are not. A date with
separators passes from 1900 on (``warn`` speaks of those on which a person may be born), 20260914 from 2020 to 2039.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from floorctl.errors import Refused

FOUND = {
    "email": "メールアドレスらしい文字列",
    "residence_card": "在留カード番号らしい番号",
    "passport": "旅券番号らしい番号",
    "pin": "暗証番号・パスワードらしい文字列",
    "digits": "7桁以上の番号",
}
WARNINGS = {
    "name": "氏名らしい語があります。氏名は書かないでください。",
    "address": "住所らしい語があります。住所は書かないでください。",
    "birth": "生年月日らしい語があります。生年月日は書かないでください。",
}


class PersonalData(Refused):
    """Free text that may not be kept: knows the field's label and the kind found (a key of ``FOUND``), not the text."""

    def __init__(self, field: str, found: str) -> None:
        self.field, self.found = field, found
        super().__init__(
            f"{field}に{FOUND[found]}が含まれています",
            "個人情報は記録できません 仕様書 12",
            "番号などを除いて書き直してください",
        )


def check(text: str, field: str) -> str:
    """``text`` cleaned, ready to be kept; ``field`` is the Japanese label that a refusal names.

    Raises PersonalData, which holds nothing of the text, and neither does this function's frame in its traceback.
    """
    cleaned = clean(text)
    found = find(cleaned)
    if found is None:
        return cleaned
    del text, cleaned  # a crash dump with local variables must not show them
    raise PersonalData(field, found)


def check_all(texts: Sequence[str], field: str) -> tuple[str, ...]:
    """The lines of one text, each as ``check`` leaves it; a number that goes on in the next line is refused, too.

    Lines are read on into each other where one of the two has no letter: a sentence ends, a number does not.
    """
    lines = tuple(check(text, field) for text in texts)
    bare = [not any(map(str.isalpha, line.translate(_FOLD))) for line in lines]
    joined = "".join(
        f"{line}{' ' if here or there else '、'}"
        for line, here, there in zip(lines, bare, [*bare[1:], False], strict=True)
    )
    found = find(joined) if any(bare) and len(lines) > 1 else None
    if found is None:
        return lines
    del texts, lines, joined
    raise PersonalData(field, found)


# --- clean -----------------------------------------------------------------------------------------------------------

# Whole CSI sequences; OSC, DCS, SOS, PM and APC with their payload up to the terminator. No class spans a next starter.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*+(?:\x07|\x1b\\|\x9c)"
)
_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]+")


class _Visible(dict[int, str]):
    """Code point to itself, or to nothing: control, format (bidi, zero width, tags), surrogate, noncharacter."""

    def __missing__(self, point: int) -> str:
        gone = unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs") or point & 0xFFFE == 0xFFFE
        self[point] = out = "" if gone else chr(point)
        return out


_VISIBLE = _Visible()


def clean(text: str) -> str:
    """``text`` in NFC, on one line, with nothing in it that a terminal would obey; idempotent.

    Escape sequences go whole; control, bidi, zero-width and surrogate characters alone; line breaks become one space.
    """
    if not text.isprintable():
        text = _BREAKS.sub(" ", _ESCAPES.sub("", text)).translate(_VISIBLE)
    return unicodedata.normalize("NFC", text).strip()


# --- find ------------------------------------------------------------------------------------------------------------

_KANJI_DIGITS = "零一二三四五六七八九壱弐参壹弌幺貮貳贰弍兩參叁叄弎仨肆亖伍陸陆漆柒捌玖廾"


def _unordinary() -> re.Pattern[str]:
    """Any character that may be part of a find: all but the letters and marks that no folding makes a digit of.

    p, パ, ピ and 暗 count too, as the words for a PIN begin with them.
    """
    kanji = "".join(sorted(_KANJI_DIGITS + "暗")) + "\ua000"
    others = "".join(f"{chr(ord(a) + 1)}-{chr(ord(b) - 1)}" for a, b in pairwise(kanji) if ord(b) - ord(a) > 1)
    return re.compile(f"[^ -/:-?A-OQ-oq-~　-。「-】〜ぁ-ゖァ-バヒビフ-ヺ・ー（）：！？，．{others}]")


_UNORDINARY = _unordinary()


class _Fold(dict[int, str]):
    """Code point of NFKC text to what it is beside a digit: a digit, a letter, or one of the marks ``-| .:/,@``."""

    def __missing__(self, point: int) -> str:
        char, category = chr(point), unicodedata.category(chr(point))
        value = unicodedata.numeric(char, -1)
        if value in range(10):
            out = str(int(value))
        elif category == "Pd" or char in "ー−~_⁃➖─━":
            out = "-"
        elif category in ("Zs", "Zl", "Zp", "Cc", "Ps", "Pe", "Pi", "Pf") or char in "'\"`\u115f\u1160\u3164":
            out = " "
        elif category in ("Cf", "Cs", "Mn", "Me"):
            out = ""
        else:
            out = char if category[0] in "LN" or char in ".:/,@○◯" else "|"
        self[point] = out
        return out


_FOLD = _Fold()


@cache
def _re(pattern: str) -> re.Pattern[str]:
    """Compiled at the first use: a start of the program waits for none of them."""
    return re.compile(pattern)


_EMAIL = r"(?i)[\w-] ?@ ?[\w-]++(?:\.[\w-]++)*?\.[a-z]{2}"
_RESIDENCE_CARD = r"(?i)(?<![0-9a-z])[a-z]{2}[0-9]{8}[a-z]{2}(?![0-9a-z])"
_PASSPORT = r"(?i)(?<![0-9a-z])[a-z]{2}[ -]?[0-9]{7}(?![0-9])"
# The word, some connection, 4 digits or letters; but no ticket (暗証 B041), count (1200件) or code (PIN reset).
_PIN = r"""(?ix)
    (?: 暗[証唱] | パス(?:ワ|コ)-ド | (?<![ァ-ヺ-])ピン(?![ァ-ヺ]) | (?<![a-z])(?:pin|pass(?:word|code)|pwd?)(?![a-z]) )
    (?: 番号 | コ-ド )? (?: [ |]{0,2} [0-9-]{1,5} (?:桁|文字) )?
    (?: [ |:,.はがをもの-]{0,8}
        (?: [0-9](?:[ .-]*+[0-9]){3,}+ (?![ ]?[年件人名枚分円])
          | (?![a-z][0-9]{3}(?![0-9a-z]) | (?:reset|change|entry)(?![a-z])) (?=[0-9]*+[a-z]) [0-9a-z]{4} )
      | [^0-9|,]{0,8} (?<![0-9a-z-]) [0-9]{4} (?![0-9]|[ ]?[年件人名枚分円]) )"""
_M, _D, _HOUR = "(?:1[0-2]|0?[1-9])", "(?:3[01]|[12][0-9]|0?[1-9])", "(?:2[0-4]|[01]?[0-9])"
# No person's number if not glued to digits: dates (2026-09-14, 2026/9, 20260914 if that day exists, R8.9.14, 9/14),
# times (10:05:30), terminals and staff (T3, S01), documents by year and number (第2026-0123号, INC-2026-012).
_KNOWN = rf"""(?x)
         (?<![0-9])(?: (?:19|20)[0-9]{{2}}([-./])[ ]?{_M}\1[ ]?{_D}
                 | 20[23][0-9][-/]{_M}(?![-./]?[0-9])
                 | 20[23][0-9](?: (?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])
                                | (?:0[469]|11)(?:0[1-9]|[12][0-9]|30) | 02(?:0[1-9]|1[0-9]|2[0-8]) )
                 | 20(?:2[048]|3[26])0229 )(?![0-9])
       | (?:令和?|平成?|昭和?|[RHSrhs])[ ]?[0-9]{{1,2}}([-./]){_M}\2{_D}(?![0-9])
       | (?<![0-9:]){_HOUR}:[0-5][0-9](?: :[0-5][0-9](?:\.[0-9]{{1,6}})? )?(?![0-9:])
       | (?<![0-9/.:]){_M}/{_D}(?![0-9/])
       | (?<![0-9A-Za-z])[A-Z][0-9]{{1,2}}(?=[ |])
       | (?:第|(?<![0-9A-Za-z])(?!TEL|FAX|PIN)(?:[A-Z]{{1,5}}-|No\.?))[ ]?20[23][0-9](?:0[1-9]|1[0-2])?-[0-9]{{1,4}}
         (?![0-9]|[ ]?[-./][ ]?[0-9])"""
_MARKS = " -.:|,/のノ○◯"
_CHUNK = rf"[0-9][0-9{re.escape(_MARKS)}]*"
_CIRCLES = r"(?<=[0-9])[○◯]+"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+"
# What stands for a digit or a dash between digits: the letter o for 0 and l for 1, と, ハイフン.
_O, _L = "(?<=[0-9-])[OoОоΟο]+(?=[0-9-])", "(?<=[0-9])[lI](?=[0-9])"
_SPELLED_DASH = "(?<=[0-9])[ |]?(?:ハイフン|マイナス|ダッシュ)[ |]?(?=[0-9])"
_AND = "(?<=[0-9])[ ]?と[ ]?(?=[0-9])"
_TENTHS = r"(?<![0-9.])([0-9]{1,3})\.[0-9](?![0-9.])"


def find(text: str) -> str | None:
    """The code (a key of ``FOUND``) of the first kind of personal data in ``text``, or None. Never raises; linear.

    Judges what ``clean`` leaves, which alone may be kept: the payload of an escape sequence is gone by then.
    """
    if _UNORDINARY.search(text) is None:
        return None
    folded = unicodedata.normalize("NFKC", clean(text)).translate(_FOLD)
    if "@" in folded and _re(_EMAIL).search(folded):
        return "email"
    if _re(_RESIDENCE_CARD).search(folded):
        return "residence_card"
    if _re(_PASSPORT).search(folded):
        return "passport"
    folded = _re(_SPELLED_DASH).sub("-", folded)
    folded = _re(_AND).sub("|", _re(_L).sub("1", _re(_O).sub(lambda o: "0" * len(o[0]), folded)))
    folded = _re(_KNOWN).sub("日", folded)
    if _re(_PIN).search(folded):
        return "pin"
    return "digits" if any(map(_is_number_of_a_person, _re(_CHUNK).findall(folded))) else None


def _is_number_of_a_person(chunk: str) -> bool:
    """Whether folded digits and the marks between them are 7 digits or more, and no count, list or blank."""
    if len(chunk) < 7:
        return False
    chunk = _re(_CIRCLES).sub(lambda circles: "0" * len(circles[0]), chunk).strip(_MARKS)
    digits = "".join(re.findall("[0-9]+", chunk))
    if len(digits) < 7 or not digits.strip("0"):
        return False
    if _re(_GROUPED).fullmatch(chunk):
        return len(digits) > 9
    chunk = _re(_TENTHS).sub(r"\1", chunk)
    numbers, gaps = re.findall("[0-9]+", chunk), re.findall("[^0-9]+", chunk)
    widths = sorted(map(len, numbers))
    if len(numbers) < 3 or widths[-1] > 4 or not all(re.search("[|,/]", gap) for gap in gaps):
        return True
    if widths[-1] < 4 and all(0 < int(b) - int(a) <= 10 for a, b in pairwise(numbers)):
        return False
    if any(number[0] == "0" != number for number in numbers) or widths[-2] == 4:
        return True
    return widths[0] == widths[-1] and (widths[0] == 1 or sum(widths) >= 10)


# --- warn ------------------------------------------------------------------------------------------------------------

_NAME = (
    "[々㐀-鿿𠀀-𲎯]{2,4} ?"
    "(?:(?<![仕同多模異客皆者長員])様(?![式子々相態])|(?<![客者長員達])さん|(?<![摂華同両各])氏(?![名神]))"
)
_BIRTH = (
    r"生年月日|(?:明治|大正|昭和|平成|(?<![0-9A-Za-z])[SHsh]) ?(?:[0-9十]{1,3}|元)[年./-] ?[0-9十]{1,3}[月./-] ?[0-9十]"
    r"|(?<![0-9])(?:19[0-9]{2}|200[0-9]|201[0-8])[年./-] ?[0-9十]{1,3}[月./-] ?[0-9十]"
)


def warn(text: str) -> str | None:
    """A Japanese sentence on what looks like a name, an address or a birthday in ``text``, or None; never a refusal."""
    plain = unicodedata.normalize("NFKC", clean(text))
    if _re(_NAME).search(plain):
        return WARNINGS["name"]
    if "丁目" in plain or "番地" in plain:
        return WARNINGS["address"]
    return WARNINGS["birth"] if _re(_BIRTH).search(plain.translate(_FOLD)) else None
