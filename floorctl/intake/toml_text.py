"""Read TOML with Japanese errors, also around rows that are none."""

from __future__ import annotations

import bisect
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from floorctl.common.errors import UsageError
from floorctl.common.frozen import frozen
from floorctl.intake.written_text import Kind, shown


def parsed(text: str, path: Path, kind: Kind) -> dict[str, Any]:
    """Return the tables of the text of ``path``. Raise UsageError with line and column where it is no TOML."""
    need_shallow(text, path, kind)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column = _syntax_place(error, text)
        raise unreadable(path, kind, line, column, _syntax_reason(error)) from error
    except RecursionError as error:
        deep = _first_line(r"[\[{]([^\[{\n]*[\[{]){30}", text)
        raise unreadable(path, kind, deep, None, _DEEP) from error
    except ValueError as error:  # tomllib lets a number of thousands of digits through to int()
        raise unreadable(path, kind, _first_line(r"[\d_]{4000}", text), None, "数が長すぎます") from error


_DEEP = "[ ] や { } の入れ子が深すぎます"
_MOST_DOTS = 100  # of a row outside of its quotes; a key of no description has five


def need_shallow(text: str, path: Path, kind: Kind) -> None:
    """Raise UsageError for a key of so many parts that reading it would take minutes, and its tables no end."""
    if text.count(".") <= _MOST_DOTS:
        return
    for line, row in enumerate(text.split("\n"), 1):
        if row.count(".") > _MOST_DOTS and _QUOTED.sub("", row).partition("#")[0].count(".") > _MOST_DOTS:
            raise unreadable(path, kind, line, None, _DEEP)


UNREAD = "\ufdd0"  # stands for a value that could not be read; no character of any text
_MOST = 30  # faults told of one file, and bad rows read around


@frozen
class BadRow:
    """A row that is no TOML: the key where it has one, the reason, the column of the error.

    ``twice``: its key is there already; the reason is "" where the row above says it for both.
    """

    key: str
    why: str
    column: int | None
    twice: bool = False


def parsed_around(text: str, path: Path, kind: Kind) -> tuple[dict[str, Any], str, dict[int, BadRow]]:
    """Return the tables of a text, the text that was read, and its bad rows by line: their values are ``UNREAD``.

    Raise UsageError where nothing below a bad row can be told from what belongs to it.
    """
    need_shallow(text, path, kind)
    rows, bad = text.split("\n"), dict[int, BadRow]()
    while True:
        readable = "\n".join(rows)
        try:
            found = tomllib.loads(readable)
            return {key: x for key, x in found.items() if not key.startswith(UNREAD)}, readable, bad
        except tomllib.TOMLDecodeError as error:
            line, column = _syntax_place(error, readable)
            row = rows[line - 1]
            head = _header_meant(rows, line)
            why = _HEADER.format(head[1]) if head else _syntax_reason(error, row)
            around = head[1] if head else _without_value(error, rows, line)
            at = head[0] if head else line
            if at in bad or len(bad) == _MOST or around is None:
                if bad and line not in bad:
                    rows_told = [(n, x.key, x.why, "") for n, x in bad.items() if x.why]
                    raise several(path, kind, [*rows_told, (line, "", why, _REST)]) from error
                raise unreadable(path, kind, line, column, why, f"。{_REST}") from error
            first = _first_of_twice(bad, line) if not around else 0
            if first:
                bad[first] = replace(bad[first], why=_NO_HEAD)
            bad[at] = BadRow("" if head else _pair(row)[0], "" if first else why, column, twice=not around)
            rows[at - 1 : at - 1 + around.count("\n") + 1] = around.split("\n")
        except (RecursionError, ValueError):
            parsed(readable, path, kind)


def one_line(line: int, label: str, why: str, do: str) -> str:
    """Return a fault as a line of its own."""
    return f"{line}行目 {label}：{why}。{do}。".replace("目 ：", "目：").replace("。。", "。")


def several(path: Path, kind: Kind, placed: Sequence[tuple[int, str, str, str]]) -> UsageError:
    """Return the error for faults (line, key, reason, remedy): a line each in their order, the first as the sentence."""
    placed = sorted(placed)
    name = f"{kind.word} {shown(path.name)}"
    line, label, why, do = placed[0]
    more = f"。ほかに{len(placed) - 1}件" if len(placed) > 1 else ""
    each = [one_line(*x) for x in placed[:_MOST]]
    if len(placed) > len(each):
        each.append(f"ほかに{len(placed) - len(each)}件あります。上から直して、もう一度実行してください。")
    head = f"{name} に誤りが{len(placed)}件あります。すべて直して、もう一度実行してください{kind.more}。"
    again = "もう一度実行してください"
    return UsageError(
        f"{name} の{line}行目に誤りがあります",
        f"{label}：{why}{more}".removeprefix("："),
        (f"{do}。直したら、{again}" if do else f"その行を直して、{again}") + kind.more,
        lines=(head, *each) if len(placed) > 1 else (),
    )


_WORD = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_PAIR = re.compile(rf"\s*({_WORD}(?:\s*\.\s*{_WORD})*)\s*=")
_NO_EQUALS = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*(?:[＝:：\#]|$)")
_UNQUOTED = re.compile(r"""\s*([^\s"'=\[\]{}#.,]+)\s*=""")  # a key in Japanese
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_WIDE = re.compile("[　＝［］｛｝，、]")
_BEGINS = re.compile(rf"\s*(?:$|\#|\[|{_WORD}\s*=)(?!.*,\s*$)")  # a row that continues no list above


_REST = "ほかの誤りは、その行を直すと分かります"
_HEADER = "表の始まりのかっこが違います。半角で {} とだけ書きます"
_NO_HEAD = "同じ項目が続けて2度書かれています。表の始まりの行（[[ ]]）が抜けていないか確かめてください"


def _first_of_twice(bad: dict[int, BadRow], line: int) -> int:
    """Return the first of the rows right above that are there already, too; 0 where there is none."""
    first = line
    while (above := bad.get(first - 1)) is not None and above.twice:
        first -= 1
    return first if first < line else 0


_HEAD = re.compile(r"\s*(?P<opens>[\[［ ]*)(?P<name>[A-Za-z_][A-Za-z0-9_.]*)(?P<closes>[\]］ ]*)(?:\s*\#.*)?")


def _header_meant(rows: list[str], line: int) -> tuple[int, str] | None:
    """Return the row that has to be mended and the header that is meant by it, where a row is a header written wrongly.

    A table that is a list on any row is one on all.
    """
    found = _HEAD.fullmatch(rows[line - 1])
    if not found or not re.search(r"[\[\]［］]", found["opens"] + found["closes"]):
        return None
    name = re.escape(found["name"])
    as_list, as_one = (
        [n for n, row in enumerate(rows, 1) if re.match(rf"\s*{x}", row)]
        for x in (rf"\[\[\s*{name}\s*\]\]", rf"\[\s*{name}\s*\]")
    )
    marks = max(len(re.findall(r"[\[［]", found["opens"])), len(re.findall(r"[\]］]", found["closes"])))
    meant = f"[[{found['name']}]]" if as_list or marks > 1 else f"[{found['name']}]"
    if as_list and as_one and line in (*as_list, *as_one):
        return as_one[0], meant
    return None if rows[line - 1].partition("#")[0].strip() == meant else (line, meant)


def _pair(row: str) -> tuple[str, str]:
    """Return key and value of a row as they are written; "" for what it has not."""
    found = _PAIR.match(row)
    return (found[1], row[found.end() :].strip()) if found else ("", "")


def _without_value(error: tomllib.TOMLDecodeError, rows: list[str], line: int) -> str | None:
    """Return a bad row with ``UNREAD`` as its value, or "" for a key that is there already; None if it cannot be told.

    A list that goes on below is replaced as far as it goes, by as many rows.
    """
    if "Cannot declare" in str(error):  # a table again: what stands in the second is not looked at
        return f'["{UNREAD}{line}"]'
    row, rest = rows[line - 1], rows[line:]
    found = _PAIR.match(row) or _NO_EQUALS.match(row) or _UNQUOTED.match(row)
    if not found:
        return None
    key = f"'{found[1]}'" if found.re is _UNQUOTED else found[1]
    value = row[found.end() :]
    if any(mark in value and any(mark in x for x in rest) for mark in ('"""', "'''")):
        return None  # a text of several rows that could be closed on one below
    if re.search("Cannot (overwrite|mutate)", str(error)) and "inline" not in str(error):
        return ""
    plain, below = _QUOTED.sub("", value), 0
    if sum(map(plain.count, "[{")) > sum(map(plain.count, "]}")):
        below = next((n for n, x in enumerate(rest) if _BEGINS.match(x)), len(rest))
    return f'{key} = "{UNREAD}"' + below * "\n"


def unreadable(path: Path, kind: Kind, line: int | None, column: int | None, why: str, more: str = "") -> UsageError:
    """Return the error for a file whose text cannot be read at a place; ``more``: what is said after it."""
    where = f" の{line}行目" + (f"{column}文字目" if column else "") if line else ""
    what = f"{kind.word} {shown(path.name)}{where}に誤りがあります"
    return UsageError(what, why, f"その行を直して、もう一度実行してください{more}{kind.more}")


# ---- errors of TOML

_SYNTAX = (
    ("Cannot (overwrite|mutate|declare|redefine)|Duplicate|already", "同じ項目または表が2度書かれています"),
    (r"Unescaped '\\'|Invalid hex value", '" " の中に \\ があります。\\ は / か \\\\ と書きます'),
    (
        "Illegal character|Unescaped|Unterminated|Expected \"'|Found invalid character",
        "文字列の引用符が閉じていないか、使えない文字があります",
    ),
    ("Invalid value \\(at end", "かっこが閉じていないか、値がありません"),
    (r"\) \d{1,2}:", "ありえない時刻か、秒がありません。時刻は 08:30:00 のように書きます"),
    (r"\) \d{4}[-/.]\d", "ありえない日か、書き方が違います。日付は 2026-07-01 のように書きます"),
    (r"\) [-+]?[\d０-９]", "数は半角の数字だけで書きます（先頭の 0 や単位は付けません）"),
    (r"\) (?i:true|false|yes|no|on|off)$", "true か false を小文字で書きます"),
    ("Invalid date", "日付または時刻がありえない値です"),
    ("Unclosed|Expected .*[\\]}]", "かっこが閉じていません"),
    ("Expected '='", "「項目 = 値」の形になっていません"),
    (
        "Invalid value|after a statement",
        "値の書き方が違います。文字は半角の引用符で囲み、時刻は 08:30:00 のように秒まで書きます",
    ),
    ("key|Invalid statement", "項目名の書き方が違います。半角の英数字と _ で書きます"),
)


def _syntax_place(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, int | None]:
    """Return line and column to mend; tomllib reports where it gave up, maybe far below an unclosed bracket or quote."""
    rows = text.split("\n")
    found = re.search(r"\(at line (\d+), column (\d+)\)$", str(error))
    if not found:
        # "At end of document": the shortest prefix of the file that ends open shows what was left open.
        return bisect.bisect_left(range(1, len(rows)), True, key=lambda n: _is_open("\n".join(rows[:n]))) + 1, None
    line, column = int(found[1]), int(found[2])
    if "Unclosed array" in str(error) and not rows[line - 1][: column - 1].strip():
        # No row of the list where one was due: the list begins at the last key above.
        return next((n for n in range(line - 1, 0, -1) if _PAIR.match(rows[n - 1])), line), None
    return line, column


def _is_open(text: str) -> bool:
    """Return whether a text ends inside a string, a list or a table."""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return str(error).endswith("(at end of document)")
    return False


def _first_line(pattern: str, text: str) -> int | None:
    found = re.search(pattern, text)
    return text.count("\n", 0, found.start()) + 1 if found else None


_KEY_IN_WORDS = re.compile(r"(?:^|[{,])\s*[^\x00-\x7f][^=,{}]*=")  # outside of quotes


def _syntax_reason(error: tomllib.TOMLDecodeError, row: str = "") -> str:
    if _WIDE.search(_QUOTED.sub("", row.partition("#")[0])):
        return "全角の空白か記号があります。言葉の外の空白と記号は半角で書きます"
    said = str(error)
    if _KEY_IN_WORDS.search(_QUOTED.sub("", row.partition("#")[0])) and re.search("statement|key", said):
        return '日本語などの項目名は "発券時刻" のように半角の引用符で囲みます'
    if re.search("statement|Invalid (value|date)", said):
        said += f" {_pair(row)[1]}"
    return next((ja for pattern, ja in _SYNTAX if re.search(pattern, said)), "TOML の書き方になっていません")
