"""The user's own settings: a small TOML file beside no data, read once when a console starts.

What is wrong in it is told and left out; what is right counts. A settings file never keeps anybody from the console.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from floorctl.common import patience
from floorctl.common.errors import FloorctlError
from floorctl.common.frozen import frozen
from floorctl.console.own_sizes import SIZES, Sizes

VARIABLE = "FLOORCTL_CONFIG"
NAME = "settings.toml"
MOST_BYTES, _MOST_DOTS = 100_000, 1000
THEMES = {"dark": "暗い", "light": "明るい", "mono": "色なし"}
BELLS = {"off": "鳴らさない", "urgent": "至急の注意が増えたとき", "all": "至急と警告の注意が増えたとき"}


@frozen
class OwnSettings:
    """Settings in force; None is the site's or the program's own. ``faults``: sentences on what was left out."""

    path: Path | None = None
    theme: str | None = None
    bell: str | None = None
    mouse: bool | None = None
    hall_page: Path | None = None  # written by whoever runs the console, as with --hall-page
    sizes: Sizes = field(default_factory=Sizes)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    there: bool = False  # the file exists

    @property
    def warning(self) -> str:
        """Return one sentence on the faults for the console's message line; "" without any."""
        if not self.faults:
            return ""
        more = f"ほかに{len(self.faults) - 1}件。" if len(self.faults) > 1 else ""
        return f"自分の設定: {self.faults[0]}{more}そこは使わずに始めました（floorctl settings check）"


def settings_path() -> Path:
    """Return the file of the user's own settings, which need not exist."""
    if named := os.environ.get(VARIABLE):
        return _from_home(named)
    from platformdirs import user_config_path

    return user_config_path("floorctl", appauthor=False) / NAME


def own_settings(path: Path | None = None) -> OwnSettings:
    """Read the user's own settings; without a file nothing is set. Never raises."""
    try:
        path = path or settings_path()
        data = file_bytes(path)
    except (OSError, ValueError, RuntimeError):
        why = "ファイルを読めません。場所と権限を確かめてください。"
        return OwnSettings(path, faults=(why,), there=True)
    if data is None:
        return OwnSettings(path)
    found = read_settings(data, path) if data.strip() else OwnSettings(path)
    return replace(found, there=True)


def file_bytes(path: Path) -> bytes | None:
    """Return the bytes of a settings file, of one that is too large one more than may be; None without a file.

    Raise OSError for what cannot be read, and for what is no file: a pipe could block for ever.
    """
    if not path.exists():
        return None
    if not path.is_file():
        raise OSError(errno.EISDIR if path.is_dir() else errno.ENXIO, "no file", str(path))
    with patience.open_to_read(path) as file:
        return file.read(MOST_BYTES + 1)


def read_settings(data: bytes, path: Path) -> OwnSettings:
    """Return the settings of the bytes of a file, with every fault as a sentence with its line."""
    import tomllib

    if len(data) > MOST_BYTES:
        return OwnSettings(
            path, faults=(f"大きすぎます（{MOST_BYTES // 1000} kB まで）。別のファイルではありませんか。",)
        )
    text = ""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        if text.count(".") > _MOST_DOTS:  # reading a key of so many parts would take minutes
            return _with_bad_rows(text, path)
        values = tomllib.loads(text)
    except UnicodeDecodeError:
        from floorctl.intake.written_text import SAVE_AS_UTF8

        return OwnSettings(path, faults=(f"UTF-8 の文字ではありません。{SAVE_AS_UTF8}。",))
    except (ValueError, RecursionError):
        return _with_bad_rows(text, path)
    found, faults = _checked(values, path)
    return found if not faults else _told(found, faults, text)


# A fault: the place in the file, the reason, what to do.
Fault = tuple[tuple[str | int, ...], str, str]


def _with_bad_rows(text: str, path: Path) -> OwnSettings:
    """Return what is right around rows that are no TOML; nothing where that cannot be told."""
    try:
        values, readable, bad = _around(text, path)
    except FloorctlError as error:
        return OwnSettings(path, faults=error.lines[1:] if len(error.lines) > 1 else (error.sentence,))
    from floorctl.intake.toml_text import UNREAD, one_line

    found, faults = _checked(_without(values, UNREAD), path)
    rows = {n: one_line(n, row.key, row.why, "その行を直してください") for n, row in bad.items() if row.why}
    return _told(found, faults, readable, rows)


def _around(text: str, path: Path) -> tuple[dict[str, Any], str, dict[int, Any]]:
    from floorctl.intake.toml_text import parsed_around
    from floorctl.intake.written_text import Kind

    return parsed_around(text, path, Kind("自分の設定", "場所"))


def _without(value: Any, unread: str) -> Any:
    """Return tables without the values that could not be read."""
    if not isinstance(value, dict):
        return value
    return {key: _without(v, unread) for key, v in value.items() if v != unread}


def _told(found: OwnSettings, faults: list[Fault], text: str, rows: Mapping[int, str] | None = None) -> OwnSettings:
    """Return the settings with a sentence for each fault, in the order of the lines."""
    from floorctl.intake.toml_lines import line_index
    from floorctl.intake.toml_text import one_line

    lines = line_index(text)
    said = [(n, sentence) for n, sentence in (rows or {}).items()]
    for place, why, do in faults:
        at = place
        while at not in lines:
            at = at[:-1]
        label = ".".join(_printable(x) for x in place if isinstance(x, str))
        said.append((lines[at], one_line(lines[at], label, why, do)))
    return replace(found, faults=tuple(sentence for _, sentence in sorted(said, key=lambda x: x[0])))


def _printable(text: str) -> str:
    from floorctl.intake.written_text import shown

    return shown(text, 40)


def _checked(values: dict[str, Any], path: Path) -> tuple[OwnSettings, list[Fault]]:
    """Return what is right of the values of a file, and what is not."""
    faults: list[Fault] = []
    known = ("theme", "bell", "mouse", "hall_page", "sizes", "keys")
    faults += [((key,), *_unknown(key, known)) for key in values if key not in known]
    theme = _one_of(values, "theme", (*THEMES, "site"), faults)
    page = values.get("hall_page")
    if page is not None and (
        not isinstance(page, str)
        or not page.lower().endswith((".html", ".htm"))  # as a browser shows it
        or any(c < " " for c in page)
    ):
        faults.append(
            (
                ("hall_page",),
                "会場のページのファイルの名ではありません",
                '"C:/floor/hall.html" のように引用符で囲み、.html で終わる名前にしてください',
            )
        )
        page = None
    mouse = values.get("mouse")
    if mouse is not None and not isinstance(mouse, bool):
        faults.append((("mouse",), "true でも false でもありません", "引用符なしで true か false と書いてください"))
        mouse = None
    found = OwnSettings(
        path,
        None if theme == "site" else theme,
        _one_of(values, "bell", tuple(BELLS), faults),
        mouse,
        _place(page, path) if page else None,
        Sizes(**dict(_sizes(_table(values, "sizes", faults), faults))),
        _keys(_table(values, "keys", faults), faults),
    )
    return found, faults


def _place(page: str, path: Path) -> Path:
    """Return a file that the settings file ``path`` names, from the folder of that file on."""
    return path.parent / _from_home(page)


def _from_home(name: str) -> Path:
    """Return a path in which ``~`` is the user's folder; no shell reads what stands in a file or a variable."""
    with suppress(RuntimeError):  # ~ of nobody is the name of a file
        return Path(name).expanduser()
    return Path(name)


def _unknown(key: str, known: tuple[str, ...]) -> tuple[str, str]:
    from floorctl.models.site.part import instead

    return "知らない項目です", instead(key, known)


def _one_of(values: dict[str, Any], key: str, words: tuple[str, ...], faults: list[Fault]) -> str | None:
    word = values.get(key)
    if word is None or (isinstance(word, str) and word in words):
        return word
    faults.append(((key,), "書けない値です", f"{'、'.join(words)} のどれかを引用符で囲んで書いてください"))
    return None


def _table(values: dict[str, Any], key: str, faults: list[Fault]) -> dict[str, Any]:
    found = values.get(key, {})
    if isinstance(found, dict):
        return found
    faults.append(((key,), "表ではありません", f"[{key}] の行の下に、1行に1つずつ書いてください"))
    return {}


def _sizes(values: dict[str, Any], faults: list[Fault]) -> Iterator[tuple[str, int]]:
    for key, value in values.items():
        rule = SIZES.get(key)
        if rule is None:
            faults.append((("sizes", key), *_unknown(key, tuple(SIZES))))
        elif type(value) is not int or not rule.low <= value <= rule.high:
            faults.append((("sizes", key), "書けない値です", f"{rule.low} から {rule.high} までの整数を書いてください"))
        else:
            yield key, value


def _keys(values: dict[str, Any], faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    if not values:
        return {}
    from floorctl.console.keys import BY_ID
    from floorctl.console.own_keys import resolved

    wished = dict[str, list[str]]()
    for action, value in values.items():
        listed = [value] if isinstance(value, str) else value
        if action not in BY_ID:
            wished[action] = []
        elif isinstance(listed, list) and all(isinstance(x, str) for x in listed):
            wished[action] = listed
        else:
            do = '"w" のように引用符で囲むか、["w", "F11"] のように並べてください'
            faults.append((("keys", action), "キーは文字で書きます", do))
    own, wrong = resolved(wished)
    for f in wrong:
        several = f.n is not None and isinstance(values[f.action], list)
        faults.append((("keys", f.action, *([f.n] if several and f.n is not None else [])), f.why, f.do))
    return own


def example(theme: str = "") -> str:
    """Return a file that says all that can be set, each line a remark until its ``#`` is removed; ``theme`` counts."""
    words = "、".join(f"{word} {said}" for word, said in THEMES.items())
    bells = "、".join(f"{word} {said}" for word, said in BELLS.items())
    lines = [
        "# floorctl の自分の設定",
        "# 行の頭の # を消すと、次に盤面を開いたときから効きます。確かめるのは floorctl settings check です。",
        "",
        f"# 配色: {words}、site 会場設定のとおり。F10 で変えると、ここに書き残します。",
        f'theme = "{theme}"' if theme else '# theme = "dark"',
        "",
        f"# ベル: {bells}",
        '# bell = "urgent"',
        "",
        "# マウスを使うか",
        "# mouse = true",
        "",
        "# 会場のページのファイル（省くと書き出しません）",
        '# hall_page = "hall.html"',
        "",
        "[sizes]",
    ]
    for key, value in (("left_percent", 47), ("upper_rows", 10), ("third_column_from", 150)):
        rule = SIZES[key]
        lines += [f"# {rule.word}（{rule.low} から {rule.high}。省くと {rule.usual}）", f"# {key} = {value}"]
    lines += [
        "",
        "[keys]",
        "# 操作の名 = キー、またはキーの並び。操作の名は floorctl settings keys で分かります。",
        '# theme = "ctrl+t"',
        '# undo = ["u", "ctrl+u"]',
        "",
    ]
    return "\n".join(lines)
