"""The user's own settings: what is right counts, what is wrong is told with its line; keys that clash, and keys that stay."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from floorctl.common import action_keys
from floorctl.common.action_keys import key_of, keyed
from floorctl.common.errors import FloorctlError, by_door, on_console
from floorctl.console.action import remap
from floorctl.console.kept_theme import keep_theme
from floorctl.console.key_names import key_name
from floorctl.console.keys import ACTIONS, BY_ID, actions_for
from floorctl.console.own_keys import canonical, free_keys, is_fixed, resolved
from floorctl.console.own_settings import BELLS, OwnSettings, example, own_settings, read_settings
from floorctl.console.own_sizes import SIZES, Sizes

PATH = Path("/own/settings.toml")


def read(text: str) -> OwnSettings:
    return read_settings(text.encode(), PATH)


def fault(text: str) -> str:
    """The only fault of a file."""
    (told,) = read(text).faults
    return told


# ---- the file


def test_a_file_says_what_it_may() -> None:
    own = read(
        'theme = "light"\nbell = "all"\nmouse = false\nhall_page = "hall.html"\n'
        "[sizes]\nleft_percent = 40\nupper_rows = 12\nthird_column_from = 0\n"
        '[keys]\nissue = "F11"\nundo = ["u", "Ctrl+U"]\n'
    )
    assert own == OwnSettings(
        PATH,
        "light",
        "all",
        False,
        PATH.parent / "hall.html",
        Sizes(40, 12, 0),
        {"issue": ("f11",), "undo": ("u", "ctrl+u")},
    )


def test_the_example_is_right_with_and_without_its_signs() -> None:
    plain = "\n".join(line.removeprefix("# ") if " = " in line else line for line in example().split("\n"))
    plain = "\n".join(x for x in plain.split("\n") if not x.startswith("操作の名"))
    own = read(plain)
    assert own.faults == ()
    assert (own.theme, own.bell, own.mouse, own.sizes) == ("dark", "urgent", True, Sizes(47, 10, 150))
    assert own.keys == {"theme": ("ctrl+t",), "undo": ("u", "ctrl+u")}
    assert read(example()) == OwnSettings(PATH)
    assert read(example("mono")) == OwnSettings(PATH, "mono")


def test_every_fault_is_told_with_its_line_and_the_rest_counts() -> None:
    own = read(
        'theme = "lihgt"\nbell = "all"\nmouse = "no"\nbels = 1\n[sizes]\nleft_percent = 90\nupper_rows = 12\n'
        '[keys]\nnxt = "N"\nqueue = 3\nmemo = ["M", "ほ"]\ntally = "F11"\n[colours]\n'
    )
    assert own.faults == (
        "1行目 theme：書けない値です。dark、light、mono、site のどれかを引用符で囲んで書いてください。",
        "3行目 mouse：true でも false でもありません。引用符なしで true か false と書いてください。",
        "4行目 bels：知らない項目です。bell のことであれば、直してください。",
        "6行目 sizes.left_percent：書けない値です。35 から 60 までの整数を書いてください。",
        "9行目 keys.nxt：そのような操作はありません。next のことであれば、直してください。",
        '10行目 keys.queue：キーは文字で書きます。"w" のように引用符で囲むか、["w", "F11"] のように並べてください。',
        "11行目 keys.memo：そのようなキーはありません。英字・記号1文字、F2 から F12、Ctrl+Y のように書いてください。",
        "13行目 colours：知らない項目です。theme、bell、mouse、hall_page、sizes、keys のどれかにしてください。",
    )
    assert (own.theme, own.bell, own.mouse, own.sizes) == (None, "all", None, Sizes(upper_rows=12))
    assert own.keys == {"tally": ("f11",)}
    assert own.warning == (
        "自分の設定: 1行目 theme：書けない値です。dark、light、mono、site のどれかを引用符で囲んで書いてください。"
        "ほかに7件。そこは使わずに始めました（floorctl settings check）"
    )


def test_a_row_that_is_no_toml_leaves_the_others() -> None:
    own = read('theme = "light"\nmouse = yes\n[keys]\nmemo = F11\ntally = "F11"\n')
    assert own.theme == "light"
    assert own.keys == {"tally": ("f11",)}
    assert [x.partition("：")[0] for x in own.faults] == ["2行目 mouse", "4行目 memo"]


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfet\x00", "配色 = 明".encode("cp932"), b"[" * 50_000, b"a." * 60_000 + b"b = 1", b"x" * 100_001, b"[keys", b"keys = 1"],
    ids=["utf-16", "shift-jis", "nested", "dots", "large", "no end", "no table"],
)  # fmt: skip
def test_no_file_keeps_anybody_from_the_console(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(data)
    own = own_settings(path)
    assert own.faults and own.there
    assert all("。" in x and "\n" not in x for x in own.faults)
    assert (own.theme, own.keys) == (None, {})


def test_the_file_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOORCTL_CONFIG", str(tmp_path / "mine.toml"))
    assert own_settings() == OwnSettings(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_text('\ufefftheme = "mono"\r\n', encoding="utf-8")
    assert own_settings() == OwnSettings(tmp_path / "mine.toml", "mono", there=True)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("FLOORCTL_CONFIG", "~/mine.toml")
    assert own_settings().path == tmp_path / "mine.toml"
    monkeypatch.setenv("FLOORCTL_CONFIG", str(tmp_path))
    assert own_settings().faults == ("ファイルを読めません。場所と権限を確かめてください。",)


def test_the_sizes_and_bells_have_their_words() -> None:
    assert set(SIZES) == set(Sizes.__dataclass_fields__)
    assert list(BELLS) == ["off", "urgent", "all"]


# ---- keys


@pytest.mark.parametrize(
    ("written", "key"),
    [("w", "w"), ("W", "w"), ("ｗ", "w"), ("Ｗ", "w"), ("F11", "f11"), ("Ｆ１１", "f11"), ("ctrl + Y", "ctrl+y"), ("Ctrl-Y", "ctrl+y"),
     ("¥", "\\"), ("￥", "\\"), ("\\", "\\"), ("「", "["), ("ー", "-"), ("％", "%"), ("Esc", "escape"), ("Enter", "enter"), ("　", "space"),
     (" ", "space"), ("７", "7"), ("PageUp", "pageup"),
     ("ほ", ""), ("", ""), ("f13", ""), ("ctrl+i", ""), ("ctrl+m", ""), ("ctrl+s", ""), ("alt+x", ""), ("xx", ""), ("\x1b", "")],
)  # fmt: skip
def test_a_key_has_one_name_however_it_is_written(written: str, key: str) -> None:
    assert canonical(written) == key


def test_the_programs_own_table_has_no_clash() -> None:
    """The test of the test: every action wished as it is declared is right, and nothing is remapped by it."""
    assert resolved({a.id: a.declared for a in ACTIONS if not is_fixed(a)}) == ({}, [])


def test_actions_of_different_screens_share_a_key_and_two_may_change_theirs() -> None:
    own, faults = resolved({"duty_submit": ["z"], "next": ["z"], "no_show": ["n"], "brief": ["¥"], "day_plan": [";"]})
    assert faults == []
    assert own == {"duty_submit": ("z",), "next": ("z",), "no_show": ("n",), "brief": ("\\", "¥"), "day_plan": (";",)}


def test_the_two_that_share_a_key_by_their_conditions_may_share_another() -> None:
    assert resolved({"lend": ["%"], "lend_permit": ["%"]}) == ({"lend": ("%",), "lend_permit": ("%",)}, [])
    assert resolved({"lend": ["%"]})[1] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('memo = "w"', "memo：w は「待ち人数」（count、どの画面でも）のキーです。ほかのキーにするか、count も別のキーにしてください。"),
        ('memo = "n"', "memo：n は「次へ」（next、盤面（F2））、ほか6つの操作のキーです。ほかのキーにしてください。"),
        ('check = "h"', "check：h は「責任者」（hand_over、どの画面でも）のキーです。ほかのキーにするか、hand_over も別のキーにしてください。"),
        ('places = ["=", "s"]', "places：s は「休止/再開」（pause、盤面（F2））のキーです。ほかのキーにするか、pause も別のキーにしてください。"),
        ('pause = "h"', "pause：h は「責任者」（hand_over、どの画面でも）のキーです。ほかのキーにするか、hand_over も別のキーにしてください。"),
        ('memo = "Esc"', "memo：Esc は、どの画面でも決まった働きをするキーです。ほかのキーにしてください。"),
        ('memo = "F1"', "memo：F1 は、どの画面でも決まった働きをするキーです。ほかのキーにしてください。"),
        ('memo = "Ctrl+C"', "memo：Ctrl+C は、どの画面でも決まった働きをするキーです。ほかのキーにしてください。"),
        ('memo = "４"', "memo：数字は、端末と答えを選ぶキーです。ほかのキーにしてください。"),
        ("memo = []", 'memo：キーがありません。キーを1つは書くか（例 "w"）、この行を消してください。'),
        ('choose = "w"', "choose：「端末」（1-8）は数字で選ぶ操作で、キーを変えられません。この行を消してください。"),
        ('help = "F11"', "help：「操作一覧」（F1）はどの画面でも同じキーの操作で、変えられません。この行を消してください。"),
        ('left = "F11"', "left：「左の列へ移す」（左）はどの画面でも同じキーの操作で、変えられません。この行を消してください。"),
        ('undo = "z"', "undo：z は、手受付の画面（j）で入力に使うキーです。ほかのキーにしてください。"),
        ('backdate = "!"\nmemo = "-"', "memo：- は、件数・問い合わせ・紙の画面で入力に使うキーです。ほかのキーにしてください。"),
        ('paper_write = "."', "paper_write：. は、紙の入力（j p）で入力に使うキーです。ほかのキーにしてください。"),
        ('memo = "F11"\ntally = "F11"', "tally：F11 は「メモ」（memo、どの画面でも）のキーです。ほかのキーにするか、memo も別のキーにしてください。"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(text: str, told: str) -> None:
    line = 1 + len(text.split("\n"))
    assert fault(f"[keys]\n{text}\n") == f"{line}行目 keys.{told}"


def test_who_loses_a_clash_keeps_its_own_key_and_that_is_looked_at_again() -> None:
    """memo cannot have w, so it stays on m, which tally wanted."""
    own, faults = resolved({"memo": ["w"], "tally": ["m"], "brief": ["F11"]})
    assert own == {"brief": ("f11",)}
    assert [x.action for x in faults] == ["memo", "tally"]


def test_a_free_key_can_be_anybodys() -> None:
    free = free_keys()
    assert {"f11", "ctrl+t", "%"} <= set(free) and not {"f1", "u", "ctrl+y", "¥"} & set(free)
    remap({"backdate": ("%",)})
    assert "-" not in free_keys()  # of the screens that count
    remap({})
    for key in free:
        for action in ("memo", "next", "undo", "check", "close_add", "paper"):
            assert resolved({action: [key]}) == ({action: (key,)}, [])


# ---- what is told


def test_a_key_in_force_is_found_and_told() -> None:
    remap({"undo": ("f11",), "backdate": ("%",), "day_plan": (";",), "brief": ("\\", "¥")})
    assert [a.id for a in actions_for("f11")] == ["undo"]
    assert actions_for("u") == []
    assert (BY_ID["undo"].cap, BY_ID["backdate"].cap, BY_ID["brief"].cap) == ("F11", "%N", "\\・¥")
    assert keyed("{undo} と {memo} と {nothing}") == "F11 と m と {nothing}"
    assert BY_ID["backdate"].help.endswith("（% のあとに分）")
    assert on_console(by_door("（{undo} で戻す）", "（floorctl do）")) == "（F11 で戻す）"
    remap({})
    assert (BY_ID["undo"].cap, BY_ID["backdate"].cap, key_of("undo")) == ("u", "-N", "u")


def test_the_keys_that_lower_rooms_name_are_the_registrys() -> None:
    source = Path(action_keys.__file__).read_text(encoding="utf-8")
    named = {}
    exec(source[source.index("_NAMED") : source.index("_own")], named)  # as the file says, before anybody added to it
    assert named["_NAMED"] == {a: key_name(BY_ID[a].declared[0]) for a in named["_NAMED"]}


# ---- F10


def test_f10_keeps_everything_else_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.toml"
    keep_theme(path, "light")
    assert own_settings(path) == OwnSettings(path, "light", there=True)
    text = '# mine\r\nbell = "all"  # loud\r\ntheme  = \'dark\' # old\r\n\r\n[keys]\r\nmemo = "F11"\r\n'
    path.write_bytes(text.encode())
    keep_theme(path, "mono")
    assert path.read_bytes().decode() == text.replace("'dark'", '"mono"')
    path.write_text('[keys]\nmemo = "F11" # mine\n')
    keep_theme(path, "light")
    assert path.read_text() == 'theme = "light"\n\n[keys]\nmemo = "F11" # mine\n'
    path.write_text(example())
    keep_theme(path, "mono")
    assert path.read_text() == example("mono")
    assert [x.name for x in path.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('bell = "all"', 'bell = "all"\ntheme = "mono"\n'),
        ('hall_page = """\n# theme = "dark"\n"""\n', 'hall_page = """\n# theme = "dark"\n"""\ntheme = "mono"\n'),
        ('# a\r\ntheme = "dark"\n[keys]\r\n', '# a\r\ntheme = "mono"\n[keys]\r\n'),
    ],
    ids=["no end of line", "a text of several lines", "both ends of lines"],
)
def test_f10_writes_the_theme_where_it_counts(tmp_path: Path, was: str, now: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(was.encode())
    keep_theme(path, "mono")
    assert path.read_bytes().decode() == now


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (Path.mkdir, "書類の場所に同じ名前のフォルダーがあります"),
        (lambda x: os.mkfifo(x), "受け取るプログラムのないパイプか、使えない装置です"),
        (lambda x: x.write_bytes(b"#" * 100_001), "自分の設定のファイルに誤りがあります"),
        (lambda x: (x.write_text('theme = "dark"'), x.chmod(0o400)), "書き込む権限がないか"),
    ],
    ids=["folder", "pipe", "large", "read-only"],
)
def test_f10_replaces_no_other_thing(tmp_path: Path, make: Callable[[Path], object], why: str) -> None:
    path = tmp_path / "settings.toml"
    make(path)
    kind = path.stat().st_mode
    with pytest.raises(FloorctlError, match=why):
        keep_theme(path, "mono")
    assert path.stat().st_mode == kind


def test_f10_leaves_a_file_that_it_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("theme = light\n")
    with pytest.raises(FloorctlError, match="自分の設定のファイルに誤りがあります"):
        keep_theme(path, "mono")
    assert path.read_text() == "theme = light\n"
    (tmp_path / "file").write_text("")
    with pytest.raises(FloorctlError, match="フォルダーの場所に同じ名前のファイルがあります"):
        keep_theme(tmp_path / "file" / "settings.toml", "mono")
