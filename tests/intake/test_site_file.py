"""Site files: the shipped one, and broken ones, whose errors name the file and the line in Japanese."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floorctl.common.errors import UsageError
from floorctl.intake.site_file import data_dir, load_site
from floorctl.intake.toml_lines import line_index
from floorctl.intake.written_text import MAX_BYTES

SHIPPED = (data_dir() / "kumagaya.toml").read_text(encoding="utf-8")
LINES = SHIPPED.split("\n")
CLIENT = 'client = "熊谷市長"'


def refusal(tmp_path: Path, content: str | bytes) -> UsageError:
    """The error that a file with this content gives."""
    path = tmp_path / "test.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UsageError) as caught:
        load_site(path)
    return caught.value


def named_line(error: UsageError) -> int:
    found = re.search(r"test\.toml の(\d+)行目", error.sentence)
    assert found, error.sentence
    return int(found[1])


# ---- the shipped site


def test_the_shipped_site_is_the_contract_of_kumagaya() -> None:
    site = load_site()
    assert site.contract.title == "熊谷市個人番号カード交付等関連業務委託"
    assert (site.contract.start, site.contract.end) == (date(2026, 7, 1), date(2028, 6, 30))
    assert (site.hall.opens, site.hall.closes) == (time(8, 30), time(17, 15))
    assert [(x.code, x.letter) for x in site.lanes] == [
        ("issuance", "A"),
        ("certificate", "B"),
        ("application", "C"),
        ("registration", "D"),
    ]
    assert [s.code for s in site.services if (s.opens, s.closes) == (time(9), time(16, 30))] == [
        "card_issuance",
        "application_support",
        "registration_support",
    ]
    assert {(s.opens, s.closes) for s in site.services if s.opens != time(9)} == {(time(8, 30), time(17))}
    assert [t.code for t in site.terminals] == [*(f"T{n}" for n in range(1, 9)), "A1", "A2", "P1", "P2"]
    assert [m.code for m in site.matters if m.reserved] == ["identity", "cert_decision", "pin_entry", "proxy", "fee"]
    assert len(site.work_items) == 24
    assert site.calendar.saturdays_nth == (2, 4, 5)


@pytest.mark.parametrize("change", [lambda t: t, lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), str.rstrip])
def test_bom_windows_lines_and_a_missing_last_newline_are_no_faults(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    path = tmp_path / "会場.toml"
    path.write_bytes(change(SHIPPED).encode())
    assert load_site(path) == load_site()


# ---- broken files: (what stands in the shipped file, what is put there, where the error must point, words of it)
# The place is a line that the broken file has; None is line 1.

BROKEN = {
    # TOML itself
    "time without seconds": ("opens = 08:30:00", "opens = 08:30", "opens = 08:30", "08:30:00"),
    "no quotes": (CLIENT, "client = 熊谷市長", "client = 熊谷市長", "引用符"),
    "full-width quotes": (CLIENT, "client = “a”", "client = “a”", "引用符"),
    "quote left open": (CLIENT, 'client = "熊谷市長', 'client = "熊谷市長', "引用符"),
    "literal left open": (CLIENT, "client = '熊谷市長", "client = '熊谷市長", "引用符"),
    "long string left open": (CLIENT, 'client = """熊谷市長', 'client = """熊谷市長', "引用符"),
    "wrong escape": (CLIENT, r'client = "C:\data"', r'client = "C:\data"', "/ か"),
    "control character": (CLIENT, 'client = "a\x01b"', 'client = "a\x01b"', "使えない文字"),
    "no equals sign": (CLIENT, 'client "熊谷市長"', 'client "熊谷市長"', "項目 = 値"),
    "no value": (CLIENT, "client =", "client =", "値の書き方"),
    "no key": (CLIENT, "= 1", "= 1", "項目名"),
    "key twice": (CLIENT, f"{CLIENT}\nclient = 'b'", "client = 'b'", "2度"),
    "table twice": ("[board]\n", "[hall]\n", "[hall]  # second", "2度"),
    "no such day": ("start = 2026-07-01\nend", "start = 2026-02-30\nend", "start = 2026-02-30", "ありえない"),
    "list left open": ("saturdays_nth = [2, 4, 5]", "saturdays_nth = [2, 4, 5", "saturdays_nth = [2, 4, 5", "かっこ"),
    "list left open at the end": ('theme = "dark"', "theme = [\n1,\n", "theme = [", "かっこ"),
    "inline table left open": (
        'injury = { word = "直ちに", minutes = 15 }',
        "injury = { word = 1",
        "injury = {",
        "かっこ",
    ),
    "header left open": ("[seats]", "[seats", "[seats", "かっこ"),
    "endless number": (CLIENT, f"client = {'9' * 5000}", "client = 999", "長すぎ"),
    "endless nesting": (CLIENT, f"client = {'[' * 5000}", "client = [[[", "入れ子"),
    # types
    "text for a time": ("opens = 08:30:00", 'opens = "08:30"', 'opens = "08:30"', "hall の opens：時刻"),
    "moment for a date": (
        "end = 2028-06-30",
        "end = 2028-06-30T00:00:00",
        "end = 2028-06-30T",
        "contract の end：日付",
    ),
    "number for text": (CLIENT, "client = 1", "client = 1", "contract の client"),
    "text for a number": ("low = 12", 'low = "12"', 'low = "12"', "equipment 8番目 desk の low：整数"),
    "float for a number": ("low = 12", "low = 12.0", "low = 12.0", "整数"),
    "true for a number": ("low = 12", "low = true", "low = true", "整数"),
    "number for true": ("appointment = true", "appointment = 1", "appointment = 1", "true か false"),
    "number for a list": ("[2, 4, 5]", "2", "saturdays_nth = 2", "並び"),
    "text in a list of numbers": ("[2, 4, 5]", '[2,\n4,\n"5"]', '"5"]', "saturdays_nth 3番目：整数"),
    "table for a list of tables": ("[[venues]] #", "[venues] #", "[venues] #", "[[ ]]"),
    "list of tables for a table": ("[seats]", "[[seats]]", "[[seats]]", "[ ] で始まる表"),
    "text for a table": ("[board]\n", "[boards]\n", "[boards]", "boards：このような項目はありません）。board のこと"),
    "one of a pair": (
        "appointment = true",
        'weekday_hours."土" = [09:00:00]',
        'weekday_hours."土"',
        "土 2番目：この項目がありません",
    ),
    "three of a pair": (
        "appointment = true",
        'weekday_hours = { "土" = [09:00:00, 10:00:00, 11:00:00] }',
        "weekday_hours =",
        "2つまで",
    ),
    "no weekday": (
        "appointment = true",
        'weekday_hours = { "土曜" = [09:00:00, 10:00:00] }',
        "weekday_hours =",
        "月、火、水、木、金、土、日",
    ),
    # values
    "empty": (CLIENT, 'client = ""', 'client = ""', "空"),
    "too long": (CLIENT, f'client = "{"長" * 81}"', 'client = "長', "80字"),
    "line break in a name": (CLIENT, r'client = "a\nb"', r'client = "a\nb"', "使えない文字"),
    "bad code": ('code = "T5"', 'code = "端末"', 'code = "端末"', "terminals 5番目 の code"),
    "bad letter": ('letter = "C"', 'letter = "Ｃ"', 'letter = "Ｃ"', "英大文字"),
    "no such choice": ('theme = "dark"', 'theme = "fancy"', 'theme = "fancy"', "dark、light、mono"),
    "6th Saturday": ("[2, 4, 5]", "[2, 4, 6]", "saturdays_nth = [2, 4, 6]", "5以下"),
    "negative": ("capacity = 40", "capacity = -1", "capacity = -1", "1以上"),
    "no such month-day": ('"12-29"', '"12-32"', 'year_end_from = "12-32"', "12-29"),
    "full-width month-day": ('"12-29"', '"１２-29"', 'year_end_from = "１２-29"', "12-29"),
    "empty list": ('lanes = ["application"]', "lanes = []", "lanes = []", "1つ以上"),
    "inline table": ('disaster = { word = "直ちに"', "disaster = { word = 3", "disaster =", "disaster の word"),
    # keys
    "unknown key": ("appointment = true", "apointment = true", "apointment = true", "apointment：このような項目"),
    "misspelt key": ('client = "熊', 'cliant = "熊', 'cliant = "熊', "client のこと"),
    "unknown dotted key": ('city = "熊谷市"', 'city = "熊谷市"\nfoo.bar = 1', "foo.bar = 1", "foo：このような項目"),
    "unknown quoted key": (CLIENT, f'{CLIENT}\n"a\\u202eb" = 1', '"a\\u202eb" = 1', "a?b：このような項目"),
    "unknown table": ("[board]", "[bord]", "[bord]", "bord：このような項目"),
    "unknown nested table": (
        "[board]",
        "[calendar.peak]\nx = 1\n[board]",
        "[calendar.peak]",
        "calendar の peak：このような",
    ),
    "missing in a table": (CLIENT + "\n", "", "[contract]", "contract の client：この項目がありません"),
    "missing at the top": ('code = "kumagaya"\n', "", None, "code：この項目がありません"),
    "missing in a list": ('code = "T4"\n', "", "[[terminals]]  # 4th", "terminals 4番目 の code：この項目がありません"),
    "missing inline": (
        'injury = { word = "直ちに", ',
        "injury = { ",
        "injury =",
        "injury の word：この項目がありません",
    ),
    "missing table": ("[hall]", "[hull]", "[hull]", "hall のことであれば"),
    # rules between keys
    "code twice": ('code = "T6"', 'code = "T5"', 'code = "T5"  # second', "T5 が2度"),
    "lane of a service": (
        'lane = "application"\nopens',
        'lane = "aplication"\nopens',
        'lane = "aplication"',
        "aplication",
    ),
    "lane of a terminal": ('lanes = ["registration"]', 'lanes = ["none"]', 'lanes = ["none"]', "none が lanes に"),
    "lane not its own": (
        'lanes = ["application"]\nlane = "application"',
        'lanes = ["application"]\nlane = "issuance"  # here',
        'lane = "issuance"  # here',
        "issuance がこの端末の lanes にありません",
    ),
    "contract ends before it starts": (
        "end = 2028-06-30",
        "end = 2025-06-30",
        "end = 2025-06-30",
        "始まりの日（2026-07-01）より前",
    ),
    "hall closes before it opens": (
        "closes = 17:15:00",
        "closes = 07:15:00",
        "closes = 07:15:00",
        "始まりの時刻（8:30）より前",
    ),
    "low above high": ("low = 5\nhigh = 6", "low = 5\nhigh = 4", "high = 4", "low の5"),
    "hours turned round": (
        "appointment = true",
        'weekday_hours = { "土" = [12:00:00, 09:00:00] }',
        "weekday_hours =",
        "終わりが始まりより前",
    ),
    "extra day without agreement": (
        "[board]",
        '[[calendar.overrides]]\ndate = 2026-10-03\nkind = "extra"\nreason = "混雑"\n[board]',
        "[[calendar.overrides]]",
        "agreed_on：この項目がありません",
    ),
    "extra day agreed on after it": (
        "[board]",
        '[[calendar.overrides]]\ndate = 2026-10-03\nkind = "extra"\nreason = "混雑"\nagreed_on = 2026-10-04\n[board]',
        "agreed_on = 2026-10-04",
        "date 以前の日",
    ),
}


def line_of(text: str, mark: str | None) -> int:
    """The line of the broken file that starts with ``mark``; ``# second`` and ``# 4th`` count repeated lines."""
    if mark is None:
        return 1
    mark, _, note = mark.partition("  # ") if "  # here" not in mark else (mark, "", "")
    nth = {"": 1, "second": 2, "4th": 4}[note]
    return [n for n, row in enumerate(text.split("\n"), 1) if row.startswith(mark)][nth - 1]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    old, new, mark, words = BROKEN[name]
    assert old in SHIPPED
    text = SHIPPED.replace(old, new, 1)
    error = refusal(tmp_path, text)
    assert named_line(error) == line_of(text, mark)
    assert words in error.sentence
    assert error.exit_status == 2
    assert error.do
    assert "\n" not in error.sentence
    assert len(error.sentence) < 200
    # No English of the libraries: the Latin words left are keys, codes and examples, never a sentence.
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", error.sentence)


# ---- files that cannot be read at all


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SHIPPED.encode("cp932"), "文字コードが Shift_JIS"),
        (SHIPPED.encode("utf-16"), "文字コードが UTF-16"),
        (SHIPPED.encode()[:60] + b"\n\n\xff\xfe", "UTF-8"),
        (b"# ok\n\n# \x82\xa0\n", "文字コードが Shift_JIS"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "1行目"),
        (bytes(1000), "1行目"),
        (b"a" * (MAX_BYTES + 1), "大きすぎます"),
        (b"#" * MAX_BYTES, "1行目"),
        (b"", "がありません"),
        (b"{}", "1行目"),
    ],
    ids=["cp932", "utf-16", "bad end", "bad 3rd line", "program", "zeros", "huge", "comment", "empty", "json"],
)
def test_what_is_no_site_file_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    error = refusal(tmp_path, content)
    assert words in error.sentence
    assert error.do
    assert len(error.sentence) < 300


def test_missing_files_folders_and_odd_paths_are_refused_in_words(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "none.toml", "ファイルがありません"),
        (tmp_path, "ファイルではない"),
        (tmp_path / "none" / "x.toml", "ファイルがありません"),
        (Path("a\0b"), "ません"),
        (Path("x" * 5000), "ません"),
    ):
        with pytest.raises(UsageError) as caught:
            load_site(path)
        assert words in caught.value.sentence
        assert len(caught.value.sentence) < 400


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "mkfifo"), reason="no pipes as files")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(UsageError, match="ファイルではない"):
        load_site(tmp_path / "pipe.toml")


# ---- the whole file, line by line


def table_line(n: int) -> int:
    """The line (from 1) of the header above index ``n``; 1 at the top of the file."""
    return next((m + 1 for m in range(n - 1, -1, -1) if LINES[m].startswith("[")), 1)


KEY_LINES = [n for n, row in enumerate(LINES) if re.match(r"\w+ = ", row)]
OPTIONAL = re.compile(
    r"(appointment|inquiry_topics|watched|serves|all_down|first_minutes|further_card_minutes|minutes|bell|theme|source|wait_target_s|\w+ = \{|"
    r"accommodations|referrals|authority|typical_minutes|hint|setting|ledger|shown_by|appointment_late_s|last_call_s|break_due_s|break_over_s|break_minutes|clock_skew_s|most_in_lane|passed_over|memo_ahead_s|until|off|also)"
)


def optional_table(n: int) -> bool:
    """Return whether the line is of a table of which every key has a value of its own where it is left out."""
    return LINES[table_line(n) - 1].startswith(("[other_desk]", "[city_codes]", "[duties]"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(n=st.sampled_from(KEY_LINES))
def test_a_value_that_fits_nowhere_is_found_on_its_line(tmp_path: Path, n: int) -> None:
    rows = LINES.copy()
    rows[n] = f"{rows[n].split(' = ')[0]} = 1979-05-27T07:32:00Z"
    assert named_line(refusal(tmp_path, "\n".join(rows))) == n + 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(n=st.sampled_from([n for n in KEY_LINES if not OPTIONAL.match(LINES[n]) and not optional_table(n)]))
def test_a_line_left_out_is_missed_at_its_table(tmp_path: Path, n: int) -> None:
    error = refusal(tmp_path, "\n".join(LINES[:n] + LINES[n + 1 :]))
    assert "がありません" in error.sentence
    assert named_line(error) == table_line(n)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_gives_anything_but_a_usage_error(tmp_path: Path, data: st.DataObject) -> None:
    """Lines dropped, doubled, cut and filled with TOML's own marks: the file loads or is refused in words."""
    rows = LINES.copy()
    for _ in range(data.draw(st.integers(1, 3))):
        n = data.draw(st.integers(0, len(rows) - 1))
        match data.draw(st.sampled_from(["drop", "double", "cut", "fill"])):
            case "drop":
                del rows[n]
            case "double":
                rows.insert(n, rows[n])
            case "cut":
                rows[n] = rows[n][: data.draw(st.integers(0, len(rows[n])))]
            case _:
                rows[n] = data.draw(st.text("[]{}=.,'\"#\\\n\r a1é\u3000", max_size=20))
    path = tmp_path / "test.toml"
    path.write_bytes("\n".join(rows).encode())
    try:
        assert load_site(path).code
    except UsageError as error:
        assert named_line(error) <= "\n".join(rows).count("\n") + 1
        assert error.why


# ---- where each key stands


def test_every_form_of_key_has_its_line() -> None:
    text = (
        r'''# comment with [brackets] = "and quotes
top = 1
[a]            # [no]
"quoted.key" = "]"
'literal' = """
x = [1]
[not.a.table]
"""
dotted.key = '\'
numbers = [
  1, # one, two
  [2.5, 1979-05-27 07:32:00],
  { deep = "}" },
]
[[a.list]]
x = { y = 1, z.w = [1, 2] }
[a.list.sub]
x = 1
[[a.list]]
x = """a\""""
[[a.list.inner]]
[[a.list.inner]]
x = '''
        "quoted"
        """
["b c".d]
last = 3"""
    )
    lines = line_index(text)
    assert {
        (): 1,
        ("top",): 2,
        ("a",): 3,
        ("a", "quoted.key"): 4,
        ("a", "literal"): 5,
        ("a", "dotted"): 9,
        ("a", "dotted", "key"): 9,
        ("a", "numbers"): 10,
        ("a", "numbers", 0): 11,
        ("a", "numbers", 1): 12,
        ("a", "numbers", 1, 1): 12,
        ("a", "numbers", 2): 13,
        ("a", "numbers", 2, "deep"): 13,
        ("a", "list"): 15,
        ("a", "list", 0): 15,
        ("a", "list", 0, "x"): 16,
        ("a", "list", 0, "x", "y"): 16,
        ("a", "list", 0, "x", "z", "w", 1): 16,
        ("a", "list", 0, "sub"): 17,
        ("a", "list", 0, "sub", "x"): 18,
        ("a", "list", 1): 19,
        ("a", "list", 1, "x"): 20,
        ("a", "list", 1, "inner", 0): 21,
        ("a", "list", 1, "inner", 1): 22,
        ("a", "list", 1, "inner", 1, "x"): 23,
        ("b c", "d"): 24,
        ("b c", "d", "last"): 25,
    }.items() <= lines.items()
    assert ("a", "not") not in lines
    assert max(lines.values()) == 25


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("most_in_lane = 300", "most_in_lane = 10_000"),
        ("most_in_lane = 300", "most_in_lane = 0"),
        ("capacity = 40", f"capacity = {10**30}"),
        ("overtaken = ", "overtaken = 1000 # "),
        ("cert_renewals = ", "cert_renewals = 1_000_000 # "),
        ("population = ", f"population = {10**20} # "),
    ],
)
def test_a_number_beyond_any_hall_is_found_on_its_line(tmp_path: Path, old: str, new: str) -> None:
    n = next(n for n, row in enumerate(LINES) if row.startswith(old))
    rows = [*LINES[:n], LINES[n].replace(old, new), *LINES[n + 1 :]]
    error = refusal(tmp_path, "\n".join(rows))
    assert named_line(error) == n + 1
    assert "以下にします" in error.sentence or "以上にします" in error.sentence


@pytest.mark.parametrize(("table", "most"), [("terminals", 99), ("lanes", 26)])
def test_a_hall_has_so_many_parts_at_most(tmp_path: Path, table: str, most: int) -> None:
    head = f"[[{table}]]"
    start = LINES.index(head)
    part = LINES[start : LINES.index("", start)]
    more = [row.replace(part[1], f'code = "z{n}"') for n in range(most) for row in [*part, ""]]
    error = refusal(tmp_path, "\n".join([*LINES[:start], *more, *LINES[start:]]))
    assert f"{most}" in error.sentence
