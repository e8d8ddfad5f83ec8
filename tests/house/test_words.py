"""One word for one thing: words that a municipal office does not write, and second names of a thing, and what stands instead.

All that a user can read: texts of the program, data files, documentation. Add a line where a word is decided.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.test_layers import ROOT, tree

# What is not written (a regular expression) → what is written instead.
INSTEAD = {
    # words that no office uses
    "ひとりでに": "自動で",
    "指紋": "照合値",
    "溢れ": "満席",
    "健康診断|の証明(?!書|用)": "記録の検査",
    "思いがけない": "予期しない",
    "覚え書き": "一覧",
    "鎖(?!骨)": "つながり",
    "フィード(?!バック)": "発券機の記録",
    "サイト(設定|ファイル)": "会場設定（のファイル）",
    "出どころ": "入力元",
    "箱の中|箱が開": "質問",
    "輪になって": "循環して",
    "読む相手": "受け取るプログラム",
    "つながる機械": "インターネットにつながるPC",
    # a second name of a thing
    "市待ち|市職員待ち": "決定待ち",
    "(?<![の務録])開始前": "受付前（業務）、開場前（会場）",
    "T[0-9] 受付中": "応対中（端末・番号）。受付中は業務だけ",
    "通番": "通し番号",
    "来場": "来庁",
    "(?<!書き)出し直": "再提出",
    "協議.{0,4}読み|の読みを": "扱い",
    "(?<![a-z_])姓は": "氏",
    "先頭の(覚え|値)": "照合値",
    # one spelling
    "フォルダ(?!ー)": "フォルダー",
    "プリンター": "プリンタ",
    "下さい": "ください",
    "出来[るなたまて]": "でき…",
    "行な(?=[いうわっ])": "行",
    "呼び出し(?=なし|の間合い|と比べ|を取り消)": "呼出し",
    "取り消し(?=は|が|の)": "取消し",
    "(?<![ぁ-ん])だれ(?=[かもがにでの])": "誰",
    "まちがえ": "間違え",
    "たしかめ": "確かめ",
    "くわしく": "詳しく",
    "こわれ": "壊れ",
    "(?<=[ぁ-んァ-ヶ一-龠])無(?=い(?!た)|ければ|くて)": "な…（ない、なければ）",
    "交代": "交替",
    "二度": "2度",
    "[０-９]": "半角の数字",
    "90%": "90％",
    "わけ(?=を並|を言)|そのわけ": "理由",
}
_NOT = re.compile("|".join(f"(?P<w{n}>{word})" for n, word in enumerate(INSTEAD)))
_JAPANESE = re.compile("[぀-ヿ一-鿿]")
# Patterns and spellings that are read, not said.
_READ = {
    "personal_numbers",
    "personal_words",
    "illness_words",
    "trade_numbers",
    "privacy",
    "csv_cells",
    "csv_columns",
    "clean_text",
}


def literals(source: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each string of a module that has Japanese; its docstrings of English are left out."""
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _JAPANESE.search(node.value):
            first = node.value.lstrip()[:1]
            if not (first.isascii() and first.isalpha() and "\n" in node.value):
                yield node.lineno, node.value


def texts() -> Iterator[tuple[str, str]]:
    """Yield (place, text) of all that a user can read."""
    for source in sorted((ROOT / "floorctl").rglob("*.py")):
        if source.stem not in _READ:
            yield from ((f"{source.relative_to(ROOT)}:{line}", text) for line, text in literals(source))
    pages = [*(ROOT / "data").rglob("*.toml"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.py")]
    for page in sorted(pages):
        lines = page.read_text(encoding="utf-8").splitlines()
        yield from ((f"{page.relative_to(ROOT)}:{n}", line) for n, line in enumerate(lines, 1))


def test_each_thing_has_one_word() -> None:
    words = list(INSTEAD)
    found = [
        f"{place}: {met[0]} → {INSTEAD[words[int((met.lastgroup or 'w0')[1:])]]}"
        for place, text in texts()
        for met in _NOT.finditer(text)
    ]
    assert not found, "\n".join(found)


def test_a_rule_tells_its_remedy_in_the_terms_of_either_door() -> None:
    """An option or a command in a refusal is one side of ``by_door``; where only a command helps it says コマンド."""
    option = re.compile(r"--reason|floorctl (do [a-z]+\.|incident|log|duties|status|calendar)")
    for source in sorted((ROOT / "floorctl" / "commands").glob("*.py")):
        parsed = tree(source)
        calls = [x for x in ast.walk(parsed) if isinstance(x, ast.Call) and getattr(x.func, "id", "") == "by_door"]
        sided = {id(part) for call in calls for part in ast.walk(call)}
        for node in ast.walk(parsed):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in sided:
                told = option.search(node.value) and _JAPANESE.search(node.value) and "コマンド" not in node.value
                assert not told, f"{source.name}:{node.lineno}: {node.value}"
