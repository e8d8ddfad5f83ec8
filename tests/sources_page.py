"""Writes what the program makes of the examples on docs/sources.md, and its tables, anew: ``python -m tests.sources_page``.

A block of code is a file if its first row names one (its language, its name, its encoding). A block in TOML is the
description of the file above it, one of JSON Lines without a name the facts that are read; of a console each command has
its output below it. Tables are those of the declarations.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import chdir, closing
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from floorctl.common.clock import JST
from floorctl.common.constraints import shapes
from floorctl.intake.site_file import load_site
from floorctl.intake.sources.found import BadRow
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.source_file import load_sources
from floorctl.models.facts.fact import Fact
from floorctl.models.site.source import Cell, FactRule, Source
from floorctl.models.site.source_kinds import BY_SOURCE, feed_fields, feed_kinds, kind_word
from tests.contract.contract_cli import run
from tests.keys_page import default_of, form_of

PAGE = Path(__file__).parent.parent / "docs" / "sources.md"
DAY = date(2026, 9, 14)
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?(?: ([\w-]+))?\n(.*?)^```$", re.M | re.S)
_KINDS, _KEYS = "## 記録の種類と項目\n", "## すべての項目\n"


class Block(NamedTuple):
    """Block of code: language, name of the file ("" for none), encoding, text."""

    language: str
    name: str
    encoding: str
    text: str


@dataclass
class Example:
    """Files, the description of them, and the facts that the page prints."""

    files: list[Block] = field(default_factory=list)
    description: str = ""


def blocks(page: str) -> Iterator[tuple[re.Match[str], Block]]:
    """Yield the blocks of code of a page with their places."""
    for found in _BLOCK.finditer(page):
        yield found, Block(found[1], found[2] or "", found[3] or "utf-8", found[4])


def write(folder: Path, block: Block) -> Path:
    """Write the file of a block, last changed at 09:30 of the day."""
    path = folder / block.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if block.language == "sql":
        with closing(sqlite3.connect(path)) as made:
            made.executescript(block.text)
    else:
        path.write_bytes(block.text.encode(block.encoding))
    changed = datetime(DAY.year, DAY.month, DAY.day, 9, 30, tzinfo=JST).timestamp()
    os.utime(path, (changed, changed))
    return path


def facts_of(folder: Path, files: list[Block], description: str) -> str:
    """Return what the program reads of files by a description: a fact a line. Raise AssertionError for a refused row."""
    site, told = load_site(), folder / "description.toml"
    told.write_text(description, encoding="utf-8")
    (source,) = load_sources(told, site)
    rows = []
    for block in files:
        for number, found in SourceReader(source, site).read(write(folder, block), DAY):
            assert not isinstance(found, BadRow), f"{block.name} {number}行目 {found}"
            rows.append(line(found))
    return "".join(rows)


def line(fact: Fact) -> str:
    """Return a fact as a line of the feed, without fields that have their defaults."""
    told: dict[str, Any] = {"id": fact.id, "at": fact.at.isoformat(), "kind": fact.kind}
    defaults = {x.name: x.default for x in feed_fields(fact.kind) if not x.needed}
    told |= {name: value for name, value in fact.fields().items() if name not in defaults or value != defaults[name]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def outputs(folder: Path, commands: str) -> str:
    """Return commands with what they print, as on a terminal."""
    shown = ""
    for typed in re.findall(r"^\$ floorctl (.*)$", commands, re.M):
        with chdir(folder):
            told = run(*shlex.split(typed))
        shown += f"$ floorctl {typed}\n{told.out}{told.err}"
    return shown


def renewed(page: str) -> str:
    """Return the page with the outputs, facts and tables that the program makes today."""
    page = f"{page.partition(_KINDS)[0]}{_KINDS}\n{_kinds()}{_codes()}\n{_KEYS}\n{_keys()}"
    made, done, files, description = "", 0, list[Block](), ""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for found, block in blocks(page):
            text = block.text
            if block.language == "console":
                text = outputs(folder, text)
            elif block.language == "toml":
                if block.name:
                    write(folder, block)
                description = text
            elif block.name:
                write(folder, block)
                files = [block]
            elif block.language == "jsonl":
                text = facts_of(folder, files, description)
            made += page[done : found.start(4)] + text
            done = found.end(4)
    return made + page[done:]


# ---- tables


def _kinds() -> str:
    return _KINDS_NOTE + "".join(f"\n### `{kind}` {kind_word(kind)}\n\n{_fields(kind)}" for kind in feed_kinds())


def _codes() -> str:
    site = load_site()
    tables = (
        ("業務 `services`", [(x.code, x.name) for x in site.services]),
        ("窓口 `lanes`", [(x.code, x.name) for x in site.lanes]),
        ("端末 `terminals`", [(x.code, x.name) for x in site.terminals]),
        ("引継ぎ事項 `matters`", [(x.code, x.name) for x in site.matters]),
        ("業務項目 `work_items`", [(x.code, x.name) for x in site.work_items]),
    )
    rows = (f"| {table} | {'、'.join(f'`{code}` {name}' for code, name in parts)} |\n" for table, parts in tables)
    return f"\n### 会場のコード\n\n熊谷市の会場設定のものです。\n\n| 表 | コード |\n|---|---|\n{''.join(rows)}"


_KINDS_NOTE = """この表は、記録の種類の宣言から作ったものです（`floorctl source kinds` と同じ）。どの種類にも `id` と `at`（時刻）があります。
「コード」は会場設定の表のコード、「省くと」が「必須」の項目は、列か値がなければ説明を断ります。
"""
_TOLD = {
    "column": "",
    "source": "（入力元の `{}` で決まる）",
    "feed": "（1行1件の JSON だけで書ける）",
}


def _fields(kind: str) -> str:
    rows = []
    for x in feed_fields(kind):
        default = "必須" if x.needed else _words_of(x.default)
        choices = "、".join(f"`{value}` {word}" for value, word in x.choices.items())
        told = _TOLD[x.given].format(BY_SOURCE.get(x.name, ""))
        rows.append(f"| `{x.name}` | {x.word} | {choices or x.form}{told} | {default} |\n")
    if not rows:
        return "項目はありません。\n"
    return "| 項目 | 何か | 書くもの | 省くと |\n|---|---|---|---|\n" + "".join(rows)


def _words_of(default: Any) -> str:
    if isinstance(default, bool):
        return "はい" if default else "いいえ"
    return "なし" if default in (None, "", {}) else f"`{default}`"


SOURCE = {
    "name": "入力元の名。記録の入力元として残る。`console` と、ほかの入力元の名は使えない",
    "files": "ファイル。説明を書いたファイルから見た場所。`*` `?` と、今日の日付の印",
    "which": "合うファイルのうち、いちばん新しいものか、すべてか",
    "days": "`today`: 今日の行だけ",
    "form": "ファイルの形",
    "encoding": "文字コード。`auto`: BOM、UTF-8、Shift_JIS の順に試す",
    "separator": "区切りの1字。csv だけ",
    "heading": "見出しがあるか。csv と tsv だけ",
    "skip_lines": "初めの飛ばす行の数。csv・tsv・fixed・jsonl だけ",
    "rows": "行の並びの場所。json と jsonl だけ。空ならファイルそのもの",
    "table": "表か VIEW の名。sqlite では必須",
    "zone": "時差の書いてない時刻の時間帯。`Europe/Berlin` のような名か `+09:00`",
    "dates": "年が終わりにある日付の並び",
    "wraps": "番号がその日に一巡するか",
    "ends": "終わりが分からないときの決まり",
    "arrivals": "発券が分からないときの決まり",
    "personal": "読まない列",
    "leave_out": "読まない行の条件。どれか1つに合えば読まない",
    "columns": "言葉 = 列",
    "codes": "言葉ごとに、ファイルの値 = コード",
    "facts": "1行から読む記録。floorctl のほかでは必須",
}
CELL = {
    "column": "列。見出し・番号・項目の名・桁",
    "columns": "いくつかの列をつなげて1つの値とする",
    "join": "つなぐときに間に入れる文字。`:` なら1桁の数に 0 を補う",
    "file": "`name`: ファイルの名（.csv などを除く）、`folder`: フォルダーの名",
    "split": "欄の中の区切り",
    "part": "区切ったうちの何番目か",
    "plus": "時刻に足す、時間の長さの列",
    "minus": "時刻から引く、時間の長さの列",
    "unit": "長さが数だけのときの単位。`s` 秒、`m` 分",
    "value": "どの行でも同じ値。column とは一緒に書かない",
}
RULE = {
    "kind": "記録の種類",
    "at": "時刻の列の言葉。`file`: ファイルが書かれた時刻。省くと `at`、なければ `time` の列",
    "when": "この条件の行だけ。列の言葉 = 値",
    "unless": "この条件の行を除く",
}
_FORMS = {
    "files": "文字",
    "personal": "[ ] で並べる: 見出しか番号",
    "leave_out": "[ ] で並べる: { 列の言葉 = 値 }",
    "columns": "表 `[sources.columns]`: 列、または下の { }",
    "codes": "表 `[sources.codes.言葉]`: 文字 = 文字",
    "facts": "表 `[[sources.facts]]`",
    "when": "{ 列の言葉 = 値、または [値, …] }",
    "unless": "同じ",
    "column": "番号（1〜1,000）か文字",
    "plus": "番号（1〜1,000）か文字",
    "minus": "番号（1〜1,000）か文字",
    "value": "文字、整数、true、false",
    "kind": "種類",
    "at": "文字",
}


def _keys() -> str:
    named = [x.name for x in fields(FactRule) if x.name not in RULE]
    others = f"| {' '.join(f'`{x}`' for x in named)} | 列の言葉、または {{ }} | 同じ言葉の列 | 記録の項目 |\n"
    return "\n".join(
        (
            "この表は、説明の検査から作ったものです。\n\n### `[[sources]]` 入力元（20まで）\n",
            _table(Source, SOURCE),
            "### 列の { }\n",
            _table(Cell, CELL),
            "### `[[sources.facts]]` 1行から読む記録（40まで）\n",
            _table(FactRule, RULE) + others,
        )
    )


def _table(model: type[Source | Cell | FactRule], words: dict[str, str]) -> str:
    """Return the table of the keys of a part; a key without words is an error."""
    rows = []
    for x in fields(model):
        if x.name in words:
            rows.append(f"| `{x.name}` | {_form(model, x.name)} | {default_of(x)} | {words[x.name]} |\n")
        elif model is not FactRule:
            raise KeyError(x.name)
    return "| 項目 | 書くもの | 省くと | 何に使うか・決まり |\n|---|---|---|---|\n" + "".join(rows)


def _form(model: type[Source | Cell | FactRule], name: str) -> str:
    shape = shapes(model)[name]
    if model is Cell and name == "columns":
        return "[ ] で並べる: 見出しか番号（10まで）"
    return _FORMS.get(name) if name in _FORMS and shape.base is not Literal else form_of(shape, name)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
