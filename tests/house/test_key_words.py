"""A sentence names a key by its action (``key_of``, ``keyed``): a key that somebody has remapped is told as it is pressed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from floorctl.cli.text_review import briefing_text
from floorctl.common import action_keys
from floorctl.console.action import remap
from floorctl.console.keys import BY_ID
from floorctl.rehearsal.scenario_files import shipped
from tests.house.test_layers import FILES, name_of, room, tree, where
from tests.story import kumagaya

_JAPANESE = re.compile("[぀-ヿ一-鿿]")
# A letter, a function key or a key with Ctrl that stands alone in a Japanese sentence; signs where they open or close a part.
_KEY = re.compile(r"(?<![A-Za-z0-9_.%/=\"'-])([a-z]|F(?:[2-9]|1[0-2])|Ctrl\+[A-PR-Z]|-N)(?![A-Za-z0-9_=./\"'-])")
_SIGN = re.compile(r"(?:^(?!: )|[\s（、。])([\[\];:.,@/\\+=])(?= [ぁ-ヿ一-鿿]|）)")
_PLACE = re.compile(r"\{([a-z_0-9]+)\}")
# Rooms whose sentences no console says: the command line, the readers of files, the site's own rules; and patterns.
_ELSEWHERE = {"cli", "intake", "common", "documents"}
_OTHERWISE = {
    "floorctl.models.board.memo_line": "patterns of what is typed",
    "floorctl.models.board.same_digits": "a sentence of the report: documents tell the program's keys",
    "floorctl.models.site": "rules of files",
    "floorctl.rehearsal.scenario_rules": "rules of files",
    "floorctl.console.own_keys": "says how keys are written",
    "floorctl.console.own_settings": "says how keys are written",
    "floorctl.screens.records.inquiries": "+ and - are that table's own keys, no actions",
}
_LOWER = {"common", "models", "commands", "database", "advice", "simulation", "intake", "documents", "usecases"}


def _literals(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a file but its docstrings."""
    docs = {
        id(n.body[0].value)
        for n in ast.walk(tree(path))
        if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and n.body
        and isinstance(n.body[0], ast.Expr)
    }
    for n in ast.walk(tree(path)):
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs:
            yield n.lineno, n.value


def _named(text: str) -> list[str]:
    """The keys that a Japanese sentence names by themselves."""
    plain = _PLACE.sub("", text)
    return [*_KEY.findall(plain), *_SIGN.findall(plain)] if _JAPANESE.search(plain) else []


def _sentences() -> Iterator[tuple[Path, int, str]]:
    for path in FILES:
        name = name_of(path)
        if room(name) not in _ELSEWHERE and not any(name.startswith(x) for x in _OTHERWISE):
            for line, text in _literals(path):
                yield path, line, text


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("取り消すには u を押してください", ["u"]),
        ("（F8 で記録）", ["F8"]),
        ("。市と協議した日は . 暦 で登録", ["."]),
        ("記録の画面（l）", ["l"]),
        ("時刻は -N で遡れます", ["-N"]),
        ("Ctrl+Y でコピー、終えるには Ctrl+Q", ["Ctrl+Y"]),
        ("取り消すには {undo} を押してください", []),
        ("1-8 で選び、Enter で開く。F1 で操作一覧、Esc で戻る", []),
        ("8:30 から", []),
    ],
)
def test_the_reader_sees_a_key(text: str, keys: list[str]) -> None:
    """The test of the test."""
    assert _named(text) == keys


def test_no_sentence_names_a_key_by_itself() -> None:
    found = [
        f"{where(path, line)}: {keys} in {text[:40]!r}" for path, line, text in _sentences() if (keys := _named(text))
    ]
    assert found == [], "write {id of the action} and keyed(…), or key_of(…)"


def test_no_scenario_names_a_key_by_itself() -> None:
    """What the trainee reads during the play; what was expected is read after it, on paper, too."""
    found, unfit = shipped(kumagaya())
    said = [text for s in found.values() for text in (s.purpose, *s.tasks, *(m.text for m in s.messages))]
    assert not unfit and sum("{" in text for text in said) > 20
    assert [text for text in said if _named(text)] == []
    remap({"incident": ("f11",)})
    assert "F11 で事案（個人情報）に" in briefing_text(found["lost-card"])
    remap({})


def test_no_hint_shows_a_key_by_itself() -> None:
    """A key in the role of one, or beside its word: ``(" F6 ", "key")``, ``("p", "担当")``."""
    caps = {a.declared[0] for a in BY_ID.values() if len(a.declared[0]) == 1 and not a.declared[0].isdigit()}
    caps |= {f"F{n}" for n in range(2, 13)}
    fields = "floorctl.screens.incidents.view"  # keys of its table FIELDS, shown as their actions' caps
    alone = re.compile(r"(?:[a-z,.;:=/]  )+[a-z,.;:=/]|(?:[a-z]  )?F\d+(?:  F\d+)*")  # of a panel: "m  l", "F6  F7"
    found = [
        where(p, line) for p in FILES if room(name_of(p)) == "screens" for line, x in _literals(p) if alone.fullmatch(x)
    ]
    found += [
        where(path, n.lineno)
        for path in FILES
        if room(name_of(path)) == "screens" and name_of(path) != fields
        for n in ast.walk(tree(path))
        if isinstance(n, ast.Tuple) and len(n.elts) == 2 and all(isinstance(x, ast.Constant) for x in n.elts)
        for key, word in [[x.value for x in n.elts if isinstance(x, ast.Constant)]]
        if isinstance(key, str) and isinstance(word, str) and key.strip() in caps and (word in ("key", "dim") or _JAPANESE.search(word))
        if key not in ("+", "-")  # «another one» in a list of answers; nothing
    ]  # fmt: skip
    assert found == []


def _asked(path: Path) -> Iterator[tuple[int, str]]:
    """The actions whose keys a file asks for: the arguments of ``key_of``, the places of texts."""
    for n in ast.walk(tree(path)):
        if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "key_of":
            for x in n.args:
                yield from ([(n.lineno, x.value)] if isinstance(x, ast.Constant) and isinstance(x.value, str) else [])
        elif isinstance(n, ast.Call) and getattr(n.func, "id", "") in ("keyed", "by_door"):
            for x in ast.walk(n):
                if isinstance(x, ast.Constant) and isinstance(x.value, str):
                    yield from ((n.lineno, action) for action in _PLACE.findall(x.value))


def test_every_key_that_is_asked_for_is_an_actions() -> None:
    asked = [(path, line, action) for path in FILES for line, action in _asked(path)]
    assert len(asked) > 150
    assert [f"{where(path, line)}: {x}" for path, line, x in asked if x not in BY_ID] == []


def test_the_lower_rooms_find_their_keys_without_the_console() -> None:
    """A command asks, too, and does not load the console's table; what ``by_door`` says of keys is for the console alone."""
    source = Path(action_keys.__file__).read_text(encoding="utf-8")
    own = ast.literal_eval(source[source.index("_NAMED = ") + 9 : source.index("_own")])
    asked = {
        action
        for path in FILES
        if room(name_of(path)) in _LOWER
        for n in ast.walk(tree(path))
        if isinstance(n, ast.Call) and getattr(n.func, "id", "") in ("key_of", "keyed")
        for x in ast.walk(n)
        if isinstance(x, ast.Constant) and isinstance(x.value, str)
        for action in (_PLACE.findall(x.value) if getattr(n.func, "id", "") == "keyed" else [x.value])
    }
    assert asked == set(own)


def test_a_key_is_asked_for_when_it_is_said() -> None:
    """At the top of a module, or of a class, it would be the program's for ever."""

    def early(node: ast.AST) -> Iterator[int]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and getattr(child.func, "id", "") in ("key_of", "keyed"):
                yield child.lineno
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                yield from early(child)

    assert [where(path, line) for path in FILES for line in early(tree(path))] == []
