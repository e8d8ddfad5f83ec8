"""Read TOML with Japanese errors, and find the line of every key: neither tomllib nor tomlkit gives it."""

from __future__ import annotations

import bisect
import re
import tomllib
from pathlib import Path
from typing import Any

from floorctl.common.errors import UsageError
from floorctl.intake.written_text import Kind, shown
from floorctl.models.site.part import Place


def parsed(text: str, path: Path, kind: Kind) -> dict[str, Any]:
    """Return the tables of the text of ``path``. Raise UsageError with line and column where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column = _syntax_place(error, text)
        raise _unreadable(path, kind, line, column, _syntax_reason(error)) from error
    except RecursionError as error:
        deep = _first_line(r"[\[{]([^\[{\n]*[\[{]){30}", text)
        raise _unreadable(path, kind, deep, None, "[ ] や { } の入れ子が深すぎます") from error
    except ValueError as error:  # tomllib lets a number of thousands of digits through to int()
        raise _unreadable(path, kind, _first_line(r"[\d_]{4000}", text), None, "数が長すぎます") from error


def _unreadable(path: Path, kind: Kind, line: int | None, column: int | None, why: str) -> UsageError:
    where = f" の{line}行目" + (f"{column}文字目" if column else "") if line else ""
    what = f"{kind.word} {shown(path.name)}{where}に誤りがあります"
    return UsageError(what, why, "その行を直して、もう一度実行してください")


# ---- errors of TOML

_SYNTAX = (
    ("Cannot (overwrite|mutate|declare|redefine)|Duplicate|already", "同じ項目または表が2度書かれています"),
    (
        "Illegal character|Unescaped|Unterminated|Expected \"'|Found invalid character",
        "文字列の引用符が閉じていないか、使えない文字があります",
    ),
    ("Invalid value \\(at end", "かっこが閉じていないか、値がありません"),
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
        # No row of the list where one was due: the list begins at the last "=" above.
        return next((n for n in range(line - 1, 0, -1) if "=" in rows[n - 1]), line), None
    return line, column


def _is_open(text: str) -> bool:
    """Return whether a text ends inside a string, a list or a table."""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return str(error).endswith("(at end of document)")
    return False


def _line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, max(offset, 0)) + 1


def _first_line(pattern: str, text: str) -> int | None:
    found = re.search(pattern, text)
    return _line_at(text, found.start()) if found else None


def _syntax_reason(error: tomllib.TOMLDecodeError) -> str:
    return next((ja for pattern, ja in _SYNTAX if re.search(pattern, str(error))), "TOML の書き方になっていません")


# ---- lines of the keys

_TOKEN = re.compile(
    r"""
      (?P<gap> [ \t]+ | \#[^\n]* )
    | (?P<end> \n )
    | (?P<quoted> \"\"\"(?:\\.|[^\\])*?\"{3,5} | '''.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*' )
    | (?P<mark> [\[\]{}=.,] )
    | (?P<bare> [^\s\[\]{}=.,\#"']+ )
    """,
    re.S | re.X,
)


def line_index(text: str) -> dict[Place, int]:
    """Return the line (from 1) of every table, key and list item of ``text``, valid TOML; () is line 1."""
    return _LineIndex(text).lines


class _LineIndex:
    """Line numbers from one walk over the tokens of a text that tomllib has parsed already."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {(): 1}
        self._sizes: dict[Place, int] = {}  # of the lists of tables, [[…]]
        self._tokens: list[tuple[str, str, int]] = []
        line = 1
        for found in _TOKEN.finditer(text):
            if found.lastgroup != "gap":
                self._tokens.append((str(found.lastgroup), found[0], line))
            line += found[0].count("\n")
        self._tokens.append(("end", "", line))
        self._at = 0
        table: Place = ()
        while self._skip_ends():
            if self._now == "[":
                table = self._header()
            else:
                self._pair(table)

    @property
    def _now(self) -> str:
        kind, token, _ = self._tokens[self._at]
        return token if kind == "mark" else kind

    def _take(self, mark: str) -> bool:
        taken = self._now == mark
        self._at += taken
        return taken

    def _skip_ends(self) -> bool:
        """Go to the next token that is no line end; return False if there is none."""
        while self._now == "end":
            self._at += 1
            if self._at == len(self._tokens):
                return False
        return True

    def _key(self) -> tuple[list[str], int]:
        """Return the parts of a dotted key, and its line."""
        parts, line = [], self._tokens[self._at][2]
        while True:
            kind, token, _ = self._tokens[self._at]
            parts.append(str(tomllib.loads(f"k = {token}")["k"]) if kind == "quoted" else token)
            self._at += 1
            if not self._take("."):
                return parts, line

    def _header(self) -> Place:
        """Return the place of the table that ``[a.b]`` or ``[[a.b]]`` begins."""
        self._take("[")
        is_list = self._take("[")
        parts, line = self._key()
        self._take("]")
        if is_list:
            self._take("]")
        place: Place = ()
        for n, part in enumerate(parts, 1):
            place += (part,)
            if place in self._sizes and not (is_list and n == len(parts)):
                place += (self._sizes[place] - 1,)
            self.lines.setdefault(place, line)
        if is_list:
            size = self._sizes.get(place, 0)
            self._sizes[place] = size + 1
            place += (size,)
        self.lines[place] = line
        return place

    def _pair(self, table: Place) -> None:
        parts, line = self._key()
        for part in parts:
            table += (part,)
            self.lines.setdefault(table, line)
        self._take("=")
        self._value(table)

    def _value(self, place: Place) -> None:
        if self._take("["):
            n = 0
            while self._skip_ends() and not self._take("]"):
                self.lines[(*place, n)] = self._tokens[self._at][2]
                self._value((*place, n))
                n += 1
                self._skip_ends()
                self._take(",")
        elif self._take("{"):
            while self._skip_ends() and not self._take("}"):
                self._pair(place)
                self._skip_ends()
                self._take(",")
        else:
            while self._now not in ("end", ",", "]", "}"):
                self._at += 1
