"""Find persons' numbers, mail addresses and PINs in a line of clean text (仕様書 12), by shape and by word.

The rule is about shape, not check digits: one random 12-digit string in ten would pass for a My Number, and no counter
needs any of them. Text is folded (NFKC, every kind of digit to 0-9, every kind of dash to a hyphen, O and l among
digits to 0 and 1, digits read out in kana or English, Roman numerals). Then, in this order:

1. mail addresses, also written around (``(at)``, アットマーク), accounts (LINE ID), telephones behind a plus sign, residence cards, passports;
2. dates, times and time spans are removed;
3. a word for a PIN or a certificate with four digits or a password, a word for a number of persons (口座, 被保険者番号)
   with five digits or more, the last digits of one (下4桁), a pair of 記号 and 番号;
4. harmless numbers (``trade_numbers``) are removed: codes behind a letter (E-1234567), hexadecimal, versions and addresses of
   computers, sizes, money and counts with their unit, numbers of documents, lists of extensions and rooms, ranges;
5. *nothing but a letter ends a number*: digits with only spaces, dashes, dots, brackets, の or other marks between them
   are one run, and a run of 7 digits or more is refused unless it is

   - a count in groups of three, 1,234,567, of 9 digits at most (621,498,320,257 is a My Number out of a spreadsheet),
     or several of those with list marks between;
   - a list: three numbers or more, a list mark (、・, / + = % arrows; not a space, dash or dot) between any two, which
     are counts (at most one of 4 digits, none longer, no leading zero, not all equally long as the pieces of a chopped
     number are, unless of two or three digits and under 10 in all) or go up in small steps as tickets do (041、042);
   - zeros only: 〇〇〇〇〇〇〇 is a blank to be filled in.

So 12 34 56 78 and 1234-5678 are refused; 交付 12 更新 34, 12、34、5、678, 1130-1300 and 9:00-16:30 are not. A date with
separators passes from 1900 on (``personal_words`` warns of those on which a person may be born), 20260914 from 2020 to
2039. A postal code alone is 7 digits and refused, and so is the telephone of an office; an extension (内線) is not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

from floorctl.common.trade_numbers import APART, MACHINES, MOST_IN_RANGE, RANGE, TRADE, UNIT, close_together

# --- fold ------------------------------------------------------------------------------------------------------------

_KANJI_DIGITS = "零一二三四五六七八九壱弐参壹弌幺貮貳贰弍兩參叁叄弎仨肆亖伍陸陆漆柒捌玖廾"
# Rare ones, beyond the common block. Both lists are fixed: Unicode 15.1 (Python 3.13) counts 洞, 拐 and 両's kin as digits.
_RARE_DIGITS = "㐅㒃㠪㭍𠀁𠁤𠃢𠄡𠤪𠫪𠫽𠬙𢎐𢦘𣬛𦉭"


def _unordinary() -> re.Pattern[str]:
    """Return a pattern of all characters that may be part of a find: all but those that never fold to digits.

    p, パ, ピ and 暗 count too, because words for a PIN begin with them.
    """
    kanji = "".join(sorted(_KANJI_DIGITS + "暗")) + "\ua000"
    others = "".join(f"{chr(ord(a) + 1)}-{chr(ord(b) - 1)}" for a, b in pairwise(kanji) if ord(b) - ord(a) > 1)
    return re.compile(f"[^ -/:-?A-OQ-oq-~　-。「-】〜ぁ-ゖァ-バヒビフ-ヺ・ー（）：！？，．{others}]")


_UNORDINARY = _unordinary()
# Words for a sign or a digit: the only finds that consist of ordinary letters alone.
_SPELLED = re.compile(
    "(?i)アット|あっと|[^a-z]at[^a-z]|ゼロ|ぜろ|レイ|れい|イチ|いち|ハチ|はち|キュ|きゅ|ヨン|よん|サン|さん|one|two|まる|マル"
    r"|line|インスタ|[(<\[{]a[)>\]}]|[a-z][*&][a-z]"
)


class _Fold(dict[int, str]):
    """Map a code point of NFKC text to a digit, a letter, or one of the marks ``-| .:/,@¥×%``."""

    def __missing__(self, point: int) -> str:
        char, category = chr(point), unicodedata.category(chr(point))
        value = unicodedata.numeric(char, -1)
        if value in range(10) and (category != "Lo" or char in _KANJI_DIGITS or char in _RARE_DIGITS):
            out = str(int(value))
        elif category == "Pd" or char in "ー−~_⁃➖─━":
            out = "-"
        elif category in ("Zs", "Zl", "Zp", "Cc", "Ps", "Pe", "Pi", "Pf") or char in "'\"`\u115f\u1160\u3164":
            out = " "
        elif category in ("Cf", "Cs", "Mn", "Me"):
            out = ""
        else:
            out = char if category[0] in "LN" or char in ".:/,@○◯¥×%" else "|"
        self[point] = out
        return out


_FOLD = _Fold()


@cache
def _re(pattern: str) -> re.Pattern[str]:
    """Compile a pattern on first use, so that the program's start need not."""
    return re.compile(pattern)


# Substitutes for a digit or a dash between digits: O and l, と, ハイフン, digits read out in kana.
_LOOKALIKES = "[0-9OoОоΟοlI](?:[-. ]?[0-9OoОоΟοlI])++"
_AS_DIGITS = str.maketrans("OoОоΟοlI", "00000011")
_WEAK = str.maketrans("¥×%", "|||")
_SPELLED_DASH = "(?<=[0-9])[ |]?(?:ハイフン|マイナス|ダッシュ)[ |]?(?=[0-9])"
_PLACES = "(?<=[0-9])[ ]?(?:けた|ケタ)"
_SPACED_WORD = "(?<=[記番暗])[ ]{1,2}(?=[号証])"
_AND = "(?<=[0-9])[ ]?と[ ]?(?=[0-9])"
# Read out: the spellings of 0 to 9, four or more in a row.
_SPELLINGS = (
    "ゼロ|ぜろ|れい|レイ|まる|マル|zero", "いち|イチ|one", "に-?|ニ-?|two", "さん|サン|three", "よん|ヨン|し|シ|four", "ご-?|ゴ-?|five",
    "ろく|ロク|six", "なな|ナナ|しち|シチ|seven", "はち|ハチ|eight", "きゅう|キュウ|きゅ-|キュ-|く|ク|nine",
)  # fmt: skip
_READ_OUT = rf"(?i)(?:(?:{'|'.join(_SPELLINGS[7:] + _SPELLINGS[:7])})[ |の-]?+){{4,}}+"


def _read(found: re.Match[str]) -> str:
    """Return the digits that are read out in a row."""
    spoken = _re("|".join(f"({spelling})" for spelling in _SPELLINGS[7:] + _SPELLINGS[:7])).finditer(found[0].lower())
    return "".join(str((7 + (one.lastindex or 1) - 1) % 10) for one in spoken)


# Roman numerals in a row, and digits with a full stop in one character, are digits.
_ROMAN = "(?:[Ⅰ-Ⅸⅰ-ⅸ0-9][ -]?){4}"
_NUMERALS = {base + n: str(n + 1) for base in (0x2160, 0x2170, 0x2488) for n in range(9)}
_SIGNS = dict.fromkeys(map(ord, "☎☏📞📱"), "電話")
# Words for a number, written without kanji.
_READINGS = {
    **dict.fromkeys(("バンゴウ", "ばんごう"), "番号"), **dict.fromkeys(("キゴウ", "きごう"), "記号"), "ホケンショウ": "保険証",
    **dict.fromkeys(("アンショウ", "あんしょう"), "暗証"), "コウザ": "口座", "デンワ": "電話", "ケイタイ": "携帯",
}  # fmt: skip
# ①32 ②28 ③35: circled numbers that count the items of a list, each before a number of at most three digits.
_LABELLED = r"①(?:[ 　]?[0-9０-９]{1,3}(?![0-9０-９])[^0-9０-９①-⑳]{1,3}[②-⑳])+[ 　]?[0-9０-９]{1,3}(?![0-9０-９])"


def _unlabelled(found: re.Match[str]) -> str:
    """Replace circled numbers by letters if they ascend by one and the numbers behind them are counts of a list."""
    labels, counts = re.findall("[①-⑳]", found[0]), re.findall("[0-9０-９]+", found[0])
    in_order = all(ord(b) - ord(a) == 1 for a, b in pairwise(labels))
    is_list = not any(count[0] in "0０" for count in counts) and min(map(len, counts)) < 3
    return "".join("項" if char in labels else char for char in found[0]) if in_order and is_list else found[0]


def _as_digits(found: re.Match[str]) -> str:
    """Replace O and l by digits if most of the token is digits and it is no part of a word or code (I-2026-012)."""
    token, end = found[0], found.end()
    letters = sum(map(str.isalpha, token))
    real = sum(map(str.isdigit, token))
    beside = found.string[found.start() - 1 : found.start()] + found.string[end : end + 1]
    is_code = token[0].isalpha() and not token[1].isalnum()
    if not letters or real < 3 or letters > real or is_code or (beside.isascii() and any(map(str.isalpha, beside))):
        return token
    return token.translate(_AS_DIGITS)


# --- mail, cards -----------------------------------------------------------------------------------------------------

_AT = r"[ |]{0,2}(?:(?:@|(?i:at)) ?マ-ク|アット(?:マ-ク)?|あっと(?:ま-く)?)[ |]{0,2}|(?i:(?<=[a-z0-9-])[ |]{1,2}at[ |]{1,2}(?=[a-z0-9-]))"
_DOT = r"(?<=[A-Za-z0-9])[ |]{0,2}(?:ドット|どっと|(?<=[ |])(?i:dot)(?=[ |]))[ |]{0,2}(?=[A-Za-z])"
_STAR = r"(?i)[a-z0-9_.-](?:[★☆◎●◆■♪*&]|[(<\[{]a[)>\]}])[a-z0-9-]++(?:\.[a-z0-9-]++)*?\.(?:jp|com|net|org|info)"
_EMAIL = (
    r"(?i)[\w-] ?@ ?[\w-]++(?: ?\. ?[\w-]++)*? ?\. ?[a-z]{2}"
    r"|[a-z0-9_.-]{3}@[a-z][a-z0-9-]{2}"
    r"|(?:[a-z0-9._-] ){3}@ [a-z0-9](?![a-z0-9])"
    r"|[a-z0-9_.-] ?@ ?(?:ドコモ|ソフトバンク|ジ-メ-ル|ヤフ-|アイクラウド|アウトルック|[gy]?mail|yahoo|icloud|me|outlook|hotmail|live|msn|docomo|ezweb|au|softbank|ymobile|rakuten)(?![a-z])"
)
_ACCOUNT = (
    r"(?i)(?:(?<![a-z])(?:line|instagram|twitter|facebook|wechat|whatsapp|kakao|skype|tiktok|x(?=の?(?:id|アカウント)))|ライン|インスタ(?:グラム)?|ツイッタ-|フェイスブック|カカオ(?:ト-ク)?)"
    r"[ |の]{0,2}(?:(?:id|アカウント)[ |:はが]{0,4}@?|[ |:は]{0,3}@)(?=[0-9_.-]{0,20}[a-z])[0-9a-z][0-9a-z_.-]{3,}"
)
_ABROAD = r"(?<![0-9])\+ ?[1-9](?:[ ().-]{0,3}[0-9]){8,14}(?![0-9])"  # a telephone behind a plus sign
_RESIDENCE_CARD = r"(?i)(?<![0-9a-z])[a-z]{2} ?[0-9]{8} ?[a-z]{2}(?![0-9a-z])"
_PASSPORT = r"(?i)(?<![0-9a-z])(?!kb|wo|po|rq|sr)[a-z]{2}[ -]?[0-9]{7}(?![0-9])"

# --- dates and times -------------------------------------------------------------------------------------------------

_M, _D, _HOUR = "(?:1[0-2]|0?[1-9])", "(?:3[01]|[12][0-9]|0?[1-9])", "(?:2[0-4]|[01]?[0-9])"
_HHMM = "([01][0-9]|2[0-4])([0-5][0-9])"
# No person's number unless adjacent to digits: dates (2026-09-14, 2026/9, 20260914 if that day exists, R8.9.14, 9/14),
# times (10:05:30), terminals and staff (T3, S01), documents by year and number (第2026-0123号, INC-2026-012).
_WHEN = rf"""(?x)
         (?<![0-9])(?: (?:19|20)[0-9]{{2}}([-./])[ ]?{_M}\1[ ]?{_D}
                 | 20[23][0-9](?:[-/]{_M}|(?<=[ ]20[0-9]{{2}})\.(?:0[1-9]|1[0-2]))(?![-./]?[0-9])
                 | 20[23][0-9](?: (?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])
                                | (?:0[469]|11)(?:0[1-9]|[12][0-9]|30) | 02(?:0[1-9]|1[0-9]|2[0-8]) )
                 | 20(?:2[048]|3[26])0229 )(?![0-9])
       | (?<![0-9])20[23][0-9]-(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[0-9]{{1,3}}(?![0-9]|[ ]?[-./][ ]?[0-9])
       | (?:令和?|平成?|昭和?|[RHSrhs])[ ]?[0-9]{{1,2}}([-./]){_M}\2{_D}(?![0-9])
       | (?<![0-9:]){_HOUR}:[0-5][0-9](?: :[0-5][0-9](?:\.[0-9]{{1,6}})? )?(?![0-9:])
       | (?<![0-9/.:]){_M}/{_D}(?![0-9/])
       | (?<![0-9A-Za-z])(?!TEL|FAX|PIN|PW|NO|MN|ID)[A-Z]{{1,4}}[0-9]{{1,2}}(?=[ |])
       | (?:第|(?<![0-9A-Za-z])(?!TEL|FAX|PIN)(?:[A-Z]{{1,5}}-?|No\.?))[ ]?20[23][0-9](?:-?(?:0[1-9]|1[0-2]))?-[0-9]{{1,4}}
         (?![0-9]|[ ]?[-./][ ]?[0-9])"""
# Date and time in a file name: log_20260914103015.txt
_STAMP = (
    r"(?i)(?<![0-9])20[23][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[-|T]?(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"
    r"(?=[-a-z|]{0,20}(?:[0-9]{1,4}[-a-z|]{0,10})?\.(?:txt|log|csv|tsv|pdf|xlsx?|docx?|pptx?|jpe?g|png|gif|tiff?|bmp|zip|7z|gz|evtx|e?ml|dmp|bak|db|json|xml|html?|mp4)(?![a-z]))"
)
_CLAUSE = r"(?<![0-9])(?<![0-9][-./,、])[0-9]{1,2}\([0-9]{1,2}\)(?![0-9]|[-.][0-9])"  # 仕様書 9, 12(4), 12(9)
_BRACKET = r"(?<![0-9#./-])(?<![0-9] )#[0-9]{1,7}(?![0-9]|[ ]?[-./#][0-9])|(?<=[0-9])\((?=[0-9]{1,2}[年月日時分件人枚台回])"  # #1234567, 44,640(31日)
# URL, up to a number that is longer than page numbers are, or a telephone number.
_PAGE = r"(?i:https?)://(?:[^\W\d_]|(?!0[0-9]{8})[0-9]{1,10}(?![0-9]|[-.|][0-9])|[-./|:])++"
_ENDS = r"(?![0-9]|[ ]?[-./][ ]?[0-9])"
_SPAN = rf"{_HHMM}[ ]?(?:-|から)[ ]?{_HHMM}"
_SPANS = rf"{APART}{_SPAN}(?:[ ]?[|,/ ][ ]?{_SPAN})*+{_ENDS}"
_YEARS = rf"{APART}20[23][0-9](?:[./]?(?:0[1-9]|1[0-2]))?[ ]?[-/][ ]?20[23][0-9](?:[./]?(?:0[1-9]|1[0-2]))?{_ENDS}"
_TIMES = rf"{APART}{_HHMM}(?:[ ]?[|,/ ][ ]?{_HHMM}){{2,}}+{_ENDS}"


def _times(found: re.Match[str]) -> str:
    """Remove three or more times of day that ascend through a working day: 0900/0930/1000, 1120 1135 1210."""
    times = [int(time) for time in re.findall("[0-9]{4}", found[0])]
    return "時" if times[0] >= 700 and times[-1] <= 2100 and all(a < b for a, b in pairwise(times)) else found[0]


def _spans(found: re.Match[str]) -> str:
    """Remove pairs of times without a colon: 1130-1300, 0900-1200/1300-1715, and 2200-0600 of a night."""
    times = [int(time) for time in re.findall("[0-9]{4}", found[0])]
    for start, end in zip(times[::2], times[1::2], strict=True):
        night = start >= 1700 and end <= 900 and start % 5 == end % 5 == 0
        if not (500 <= start < end <= 2400 or night):
            return found[0]
    return "時"


# --- PINs and numbers by their name ------------------------------------------------------------------------------------

_NO_UNIT = rf"(?![0-9]|[ ]?{UNIT})"
# The word, some connection, 4 digits or letters; but no ticket (暗証 B041), count (1200件) or code (PIN reset).
_PIN = rf"""(?ix)
    (?: 暗[証唱] | パス(?:ワ|コ)-ド | (?<![ァ-ヺ])(?:ピン(?:コ-ド)?|パス)(?![ァ-ヺ-]) | (?<![a-z])(?:pin[12]?|pass(?:word|code)?|pwd?)(?![a-z]) )
    (?: 番号 | コ-ド )? (?: [ |]{{0,2}} [0-9-]{{1,5}} (?:桁|文字|種類?|つ) )?
    (?: [ ]is[ ]{{1,2}} (?=[a-z]*+[0-9]) [0-9a-z]{{4}}
      | [ |:,.はがをもの-]{{0,8}}
        (?: [0-9](?: (?:[ .-]*+[0-9]){{3,}}+ | (?:[|,][0-9]){{3}} (?![|,]) ) {_NO_UNIT}
          | (?!kb[0-9] | [a-z][0-9]{{3}}(?![0-9a-z])
               | (?:reset|change|entry|error|lock|unlock|input|policy|pad|code|screen|retry)(?:ed)?(?![a-z]))
            (?: (?=[0-9]*+[a-z]) [0-9a-z]{{4}} | [a-z]{{2,8}}-[0-9]{{2}} ) )
      | [はが:|][ ]? [^\W\d_]{{1,16}} [0-9]{{2,8}} {_NO_UNIT}
      | [^0-9|,]{{0,18}} (?<![0-9a-z-]) [0-9]{{4}} {_NO_UNIT} )
  | 暗[証唱]番号 [はが:]? [0-9]{{4}}番
  | (?<![0-9-]) [0-9]{{4}} [ ]?[をがのと][^0-9|]{{0,4}} (?: 暗[証唱] | パスワ-ド )
  | (?<![0-9a-z]) (?!kb[0-9]) (?=[a-z]*+[0-9]) (?=[0-9]*+[a-z]) [0-9a-z]{{6,16}} [ ]?[をが][^0-9|]{{0,6}} (?: 署名用 | 暗[証唱] | パスワ-ド )"""
# Certificates that name the four PINs, and 番号 alone (not 整理番号 or お呼び出しの番号).
_OF_CERTIFICATE = rf"""(?ix)
    (?: 署名用? | 利用者(?:証明用?|用) | 券面(?:事項)?(?:入力)?(?:補助)?(?:用|ap)? | 入力補助用 | (?:住基|住民基本台帳)(?:ネット|カ-ド)?用? )
    (?: 電子証明書 )? (?: の?(?:英数字|数字|番号|暗証) )? (?: [ |]? [0-9] (?:-[0-9]{{1,2}})? (?:桁|文字) )? [ |:はがをもと-]{{0,4}}
    (?: (?<![0-9-]) [0-9]{{4}} (?![-/:.][0-9]) {_NO_UNIT}
      | (?!kb[0-9]) (?=[a-z]*+[0-9]) (?=[0-9]*+[a-z]) [0-9a-z]{{6,16}} (?![0-9a-z]) )
  | (?: (?<![一-鿿々ァ-ヺ0-9]) (?<![次後初][の]) (?<![し札券ちた][の]) 番号 (?=[ ]?[はがを:|]|[ ]?4桁) | (?:ロック|キ-|設定|解除|秘密|認証|新|旧|仮)番号
      | (?:番号|数字)[ ]?4桁 | (?<![一-鿿]) 数字(?=[はが]) | (?<![0-9下尾])4桁(?:の(?:番号|数字))? )
    [ ]? (?: [はがを:|] | [ ](?=[0-9]) | (?=[0-9]) ) [ |]{{0,2}} (?: [0-9]{{4}} | [0-9](?:[ |,]{{1,2}}[0-9]){{3}} (?![ |,]{{1,2}}[0-9]) ) (?![-/:.][0-9]) (?![ ]?から|-) {_NO_UNIT}
  | (?: 新しい | 古い | 以前の ) 番号 [はが:]? [0-9]{{4}} {_NO_UNIT}
  | (?: とも | 同じ | (?:全|すべ)て )[ |]? [0-9]{{4}} [ ]? [にで](?:統1|設定|登録)"""
_IN_BRACKETS = (
    r"(?<![0-9-])[0-9]{4}[(「『](?:署名|利用者|券面|暗[証唱]|PIN)|(?<![一-鿿々ァ-ヺ0-9])番号は?[「『][0-9]{4}[」』]"
)
_PERSONS_NUMBER = (
    "(?:マイナンバ-|個人番号|口座(?:番号)?|普通(?:預金)?|当座|通帳|被保険者(?:証)?(?:番号|記号)?|保険証(?:番号)?|免許証?(?:の?番号)?"
    "|旅券(?:番号)?|パスポ-ト(?:番号)?|(?<![A-Za-z])(?i:passport|licen[cs]e)(?: ?(?i:no))?|在留カ-ド(?:番号)?|(?:住民票|住基)コ-ド|年金(?:手帳|証書)?(?:の?記号)?番号|手帳"
    "|(?:会員|学籍|学生証?|社員証?|身分証|患者|診察券)(?:番号)?|携帯(?:電話)?|電話(?:番号)?|連絡先|(?<![A-Za-z])(?i:tel|fax))"
)
_NAMED = (
    rf"{_PERSONS_NUMBER}[ |:.はがのnNoO第-]{{0,6}}(?:[A-Za-z]{{1,2}}[ -]?)?[0-9](?:[ の-]?[0-9]){{4,}}+{_NO_UNIT}"
    rf"|{_PERSONS_NUMBER}[^0-9|,]{{0,12}}?(?<![A-Za-z-])(?:[0-9]{{0,3}}[A-Za-z]{{1,3}}-?)?[0-9](?:[ -]?[0-9]){{5,}}+{_NO_UNIT}"
    r"|(?i:カ-ドの?(?:製造|シリアル)番号[ |:はが]{0,4}[0-9a-z]{8}|(?:カ-ド|製造番号)[^0-9a-z]{0,12}[0-9a-z]{16}(?![0-9a-z]))"
    r"|(?i:(?:証明書?|証明用|署名用)の?[ |:]?(?:シリアル|発行)(?:番号|no)?[ |:はが]{0,4}(?:0x)?(?=[a-f]{0,40}[0-9])[0-9a-f]{6,40}(?![0-9g-z]))"
    rf"|(?:マイナンバ-|個人番号)(?!カ-ド)[^0-9]{{0,8}}[0-9]{{4}}(?:[^0-9年件枚人円]{{1,8}}[0-9]{{4}}){{2}}{_NO_UNIT}"
    r"|(?:自宅|実家|勤務先|職場)[ |:はのが]{0,3}[0-9]{2,4}-[0-9]{4}(?![0-9])|(?<![0-9線-])(?<!線 )[0-9]{2,3}-[0-9]{4} ?[へに] ?(?:電話|架電|連絡|折)"
    rf"|(?:{_PERSONS_NUMBER}|番号|申請書(?i:id))[^0-9]{{0,6}}(?:下|末尾|最後の?)[ ]?[0-9]桁[^0-9]{{0,6}}[0-9]{{3,6}}{_NO_UNIT}"
    rf"|{_PERSONS_NUMBER}の?(?:末尾|下)[ :はが]{{0,2}}[0-9]{{3,4}}{_NO_UNIT}"
    rf"|(?:保険証|資格確認書|被保険者証?)[ |:はの]{{0,4}}[0-9]{{2,8}}[ |-]{{1,2}}[0-9]{{2,8}}{_NO_UNIT}"
)
_SYMBOL = rf"記号[^0-9]{{0,12}}番号[ |:はがの]{{0,4}}[0-9]{{2,11}}{_NO_UNIT}|記号[ |:はがの]{{0,4}}(?:番号)?(?:等)?[ |:はがの]{{0,4}}[^\W\d_]{{0,4}}[ -]?[0-9]{{1,11}}{_NO_UNIT}"
_WITH_SYMBOL = "番号|保険|国保|社保|健保|ゆうちょ|貯金"

# --- find ------------------------------------------------------------------------------------------------------------

_MARKS = " -.:|,/のノ○◯"
_CHUNK = rf"[0-9][0-9{re.escape(_MARKS)}]*"
_CIRCLES = r"(?<=[0-9])[○◯]+"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+"
_COUNTS = r"[1-9][0-9]{0,2},[0-9]{3}(?: ?[|/] ?(?:[1-9][0-9]{0,2},[0-9]{3}|[0-9]{1,3}))+"
_TENTHS = r"(?<![0-9.])([0-9]{1,3})\.[0-9](?![0-9.])"


def kind_in(text: str) -> str | None:
    """Return the first kind of personal data (a key of ``privacy.FOUND``) in clean ``text``, or None.

    Never raise; linear time.
    """
    spelled = _SPELLED.search(text) is not None
    if not spelled and _UNORDINARY.search(text) is None:
        return None
    text = text.translate(_NUMERALS) if _re(_ROMAN).search(text) or _re("[⒈-⒐]").search(text) else text
    plain = unicodedata.normalize("NFKC", _re(_LABELLED).sub(_unlabelled, text.translate(_SIGNS)))
    plain = _re("|".join(_READINGS)).sub(lambda reading: _READINGS[reading[0]], plain)
    folded = _re(_CLAUSE).sub("条", _re(_BRACKET).sub("条", plain)).translate(_FOLD)
    mail = _re(_DOT).sub(".", _re(_AT).sub("@", folded)) if spelled else folded
    if ("@" in mail and _re(_EMAIL).search(mail)) or _re(_STAR).search(plain):
        return "email"
    if _re(_ACCOUNT).search(plain):
        return "account"
    if "+" in plain and _re(_ABROAD).search(plain):
        return "digits"
    folded = _re(_READ_OUT).sub(_read, folded) if spelled else folded
    if _re(_RESIDENCE_CARD).search(folded):
        return "residence_card"
    folded = _re(_SPACED_WORD).sub("", folded)
    folded = _re(_SPELLED_DASH).sub("-", _re(_PLACES).sub("桁", folded))
    folded = _re(_AND).sub("|", _re(_LOOKALIKES).sub(_as_digits, folded))
    folded = _re(_PAGE).sub("頁", folded) if "://" in folded else folded
    folded = _re(_STAMP).sub("日", folded) if "." in folded else folded
    folded = _re(_YEARS).sub("年", _re(_TIMES).sub(_times, _re(_SPANS).sub(_spans, _re(_WHEN).sub("日", folded))))
    if _re(_PIN).search(folded) or _re(_OF_CERTIFICATE).search(folded) or _re(_IN_BRACKETS).search(plain):
        return "pin"
    if _re(_NAMED).search(folded) or (_re(_SYMBOL).search(folded) and _re(_WITH_SYMBOL).search(folded)):
        return "passport" if _re(_PASSPORT).search(folded) else "digits" if _longest_number(folded) else "number"
    longest = _longest_number(folded)
    if not longest and not _re(_PASSPORT).search(folded):
        return None
    if longest > MOST_CHARS:
        return "digits"
    for pattern in MACHINES:
        folded = _re(pattern).sub("号", folded)
    if _re(_PASSPORT).search(folded):
        return "passport"
    for pattern in TRADE:
        folded = _re(pattern).sub("号", folded)
    return "digits" if _longest_number(_re(RANGE).sub(close_together, folded)) else None


MOST_CHARS = 400  # longest run examined for lists: longer ones are refused


def _longest_number(folded: str) -> int:
    """Return the length of the longest run of digits and marks that is a person's number; 0 without one."""
    return max(map(len, filter(_is_number_of_a_person, _re(_CHUNK).findall(folded.translate(_WEAK)))), default=0)


def lettered(text: str) -> bool:
    """Return whether a text contains anything but digits and marks between digits: a number ends there."""
    return any(map(str.isalpha, text.translate(_FOLD)))


def _is_number_of_a_person(chunk: str) -> bool:
    """Return whether a run of digits and marks has 7 digits or more and is no count, list or blank."""
    if len(chunk) < 7:
        return False
    chunk = _re(_CIRCLES).sub(lambda circles: "0" * len(circles[0]), chunk).strip(_MARKS)
    digits = "".join(re.findall("[0-9]+", chunk))
    if len(digits) < 7 or not digits.strip("0"):
        return False
    if _re(_GROUPED).fullmatch(chunk):
        return len(digits) > 9
    if _re(_COUNTS).fullmatch(chunk):
        return False
    chunk = _re(_TENTHS).sub(r"\1", chunk)
    numbers, gaps = re.findall("[0-9]+", chunk), re.findall("[^0-9]+", chunk)
    widths = sorted(map(len, numbers))
    if len(numbers) < 3 or widths[-1] > 4 or not all(re.search("[|,/]", gap) for gap in gaps):
        return True
    if all(0 < int(b) - int(a) <= 10 for a, b in pairwise(numbers)):
        return False
    if widths[0] == widths[-1] == 4 and int(max(numbers)) - int(min(numbers)) <= MOST_IN_RANGE:
        return str(min(numbers)).startswith("0")
    if any(number[0] == "0" != number for number in numbers) or widths[-2] == 4:
        return True
    return widths[0] == widths[-1] and (widths[0] == 1 or sum(widths) >= 10)
