"""Find the line of every key of a TOML text: neither tomllib nor tomlkit gives it."""

from __future__ import annotations

import re
import tomllib

from floorctl.models.site.part import Place

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
