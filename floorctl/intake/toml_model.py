"""Read a TOML file that people write (site, layout of the documents) into a model; a fault is a sentence with its line."""

from __future__ import annotations

import bisect
import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from floorctl.common.errors import UsageError
from floorctl.common.schemas import Schemas, adapter
from floorctl.intake.written_text import Kind, read_text, shown
from floorctl.models.site.part import Part, SiteError, checked_part

Place = tuple[str | int, ...]  # a key of the file as pydantic names it: ("services", 3, "opens")
Fault = tuple[Place, str]  # its place and its reason, in Japanese
Model = TypeVar("Model", bound=Part)
_SCHEMAS = Schemas(after=checked_part)
_door: Callable[[Any], TypeAdapter[Any]] = cache(lambda model: adapter(_SCHEMAS.of_class(model)))


def load_toml(
    path: Path,
    kind: Kind,
    model: type[Model],
    check: Callable[[Model], Iterable[Fault]] | None = None,
    only: Callable[[str], str] | None = None,
) -> Model:
    """Return the checked model of ``path``. Raise UsageError with the line.

    ``check`` finds faults that the model alone cannot; ``only`` drops keys that need no check.
    """
    text = read_text(path, kind)
    return read_model(only(text) if only else text, path, kind, model, check)


def checked(model: type[Model], values: dict[str, Any]) -> Model:
    """Return the model of ``values``. Raise pydantic's ValidationError."""
    found: Model = _door(model).validate_python(values)
    return found


def read_model(
    text: str,
    path: Path,
    kind: Kind,
    model: type[Model],
    check: Callable[[Model], Iterable[Fault]] | None = None,
) -> Model:
    """Return the checked model of the text of ``path``, as ``load_toml``."""
    try:
        # A strict model takes a tuple only as a tuple, and TOML knows only lists.
        found = checked(model, _with_tuples(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, kind, _syntax_line(error, text), _syntax_reason(error)) from error
    except ValidationError as error:
        raise _wrong(path, kind, *_first(_faults_of(error), text)) from error
    except RecursionError as error:
        raise _wrong(
            path, kind, _first_line(r"[\[{]([^\[{\n]*[\[{]){30}", text), "[ ] や { } の入れ子が深すぎます"
        ) from error
    except ValueError as error:  # tomllib lets a number of thousands of digits through to int()
        raise _wrong(path, kind, _first_line(r"[\d_]{4000}", text), "数が長すぎます") from error
    if faults := [(False, *fault) for fault in check(found)] if check else []:
        raise _wrong(path, kind, *_first(faults, text))
    return found


def _wrong(path: Path, kind: Kind, line: int | None, why: str) -> UsageError:
    where, part = (f" の{line}行目", "その行") if line else ("", "内容")
    what = f"{kind.word} {shown(path.name)}{where}に誤りがあります"
    return UsageError(what, why, f"{part}を直して、もう一度実行してください")


def _with_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(v) for key, v in value.items()}
    return tuple([_with_tuples(v) for v in value]) if isinstance(value, list) else value


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


def _syntax_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """Return the line to mend; tomllib reports where it gave up, maybe far below an unclosed bracket or quote."""
    rows = text.split("\n")
    found = re.search(r"\(at line (\d+), column (\d+)\)$", str(error))
    if not found:
        # "At end of document": the shortest prefix of the file that ends open shows what was left open.
        return bisect.bisect_left(range(1, len(rows)), True, key=lambda n: _is_open("\n".join(rows[:n]))) + 1
    line, column = int(found[1]), int(found[2])
    if "Unclosed array" in str(error) and not rows[line - 1][: column - 1].strip():
        # No row of the list where one was due: the list begins at the last "=" above.
        return next((n for n in range(line - 1, 0, -1) if "=" in rows[n - 1]), line)
    return line


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


# ---- errors of the model

_REASONS = {
    "missing": "{key} がありません",
    "unexpected_keyword_argument": "{key} という項目はありません",
    "string_type": '{key} は "文字" のように引用符で囲んで書きます',
    "string_too_short": "{key} が空です",
    "string_too_long": "{key} は{max_length}字までです",
    "int_type": "{key} は整数で書きます",
    "int_from_float": "{key} は整数で書きます",
    "bool_type": "{key} は true か false で書きます",
    "date_type": "{key} は日付を引用符なしで 2026-07-01 のように書きます",
    "time_type": "{key} は時刻を引用符なしで 08:30:00 のように書きます",
    "tuple_type": "{key} は [ ] で囲んだ並びか、[[ ]] で始まる表で書きます",
    "dataclass_type": "{key} は [ ] で始まる表で書きます",
    "dict_type": "{key} は [ ] で始まる表で書きます",
    "too_short": "{key} は{min_length}つ以上要ります",
    "too_long": "{key} は{max_length}つまでです",
    "greater_than_equal": "{key} は{ge}以上にします",
    "less_than_equal": "{key} は{le}以下にします",
    "literal_error": "{key} は {choices} のどれかにします",
}
_PATTERNS = {
    "letter": "は英大文字1字にします",
    "source": "は英数字と . _ : - で64字までにします",
    "year_end_from": "は月と日を 12-29 のように書きます",
    "year_end_to": "は月と日を 01-03 のように書きます",
    "key": "は英小文字で始まる英数字と _ で書き、窓口ごとの列は issued.* のように書きます",
    "code": "は英字で始まる英数字と _ で32字までにします",
    "lane": "は英字で始まる英数字と _ で32字までにします",
    "lanes": "は英字で始まる英数字と _ で32字までにします",
}


def _faults_of(error: ValidationError) -> list[tuple[bool, Place, str]]:
    """Yield (is something missing, place, reason) of each fault that pydantic found."""
    faults = []
    found = error.errors(include_url=False, include_input=False)
    for fault in found:
        depth = len(fault["loc"])
        if fault["type"] == "too_short" and any(f["loc"][:depth] == fault["loc"] for f in found if f is not fault):
            continue  # the list is not short: pydantic counts only the items that are right
        faults.append((fault["type"] == "missing", *_explain(dict(fault))))
    return faults


def _first(faults: list[tuple[bool, Place, str]], text: str) -> tuple[int, str]:
    """Return (line, reason) of the fault to mend first; the reason includes the number of the others."""
    lines = line_index(text)
    placed = []
    for missing, place, reason in faults:
        known = place
        while known not in lines:
            known = known[:-1]
        # A misspelt key is also a missing one: the line to mend is that of the misspelt key.
        placed.append((missing, lines[known], reason))
    placed.sort()
    _, line, reason = placed[0]
    return line, reason + (f"、ほかに{len(placed) - 1}件" if len(placed) > 1 else "")


def _explain(fault: dict[str, Any]) -> tuple[Place, str]:
    """Return the place of a pydantic fault in the file, and the fault in Japanese, without the value."""
    place: Place = fault["loc"]
    if (
        place[-1:] == ("[key]",) and fault["type"] != "unexpected_keyword_argument"
    ):  # so pydantic says that a key itself is wrong
        place = place[:-1]
    context: dict[str, Any] = fault.get("ctx", {})
    if isinstance(context.get("error"), SiteError):
        broken: SiteError = context["error"]
        return place + broken.place, f"{_label(place)} の {broken}" if place else str(broken)
    if fault["type"] == "string_pattern_mismatch":
        name = next((part for part in reversed(place) if isinstance(part, str)), "")
        return place, _label(place) + " " + _PATTERNS.get(name, "に改行などの使えない文字があります")
    context["choices"] = "、".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    return place, _REASONS.get(fault["type"], "{key} の値が正しくありません").format(key=_label(place), **context)


def _label(place: Place) -> str:
    """Return a place in words: ``services 4番目 の opens``."""
    words: list[str] = []
    for part in place:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}番目"
        else:
            words.append(shown(part, 40))
    return " の ".join(words) or "ファイル"


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
