"""``floorctl source try``: a file is read as a description says, and nothing is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.contract.contract_cli import Result, run

LOG = """日付,時刻,区分,業務,番号,窓口,備考
2026/9/14,9:03:10,発券,03,B041,,氏名は山田太郎
2026/9/14,9:04:00,発券,01,A001,,
2026/9/14,9:18:44,呼出,03,B041,窓口4,
2026/9/14,24:10:00,呼出,01,A001,窓口5,
2026/9/14,9:30:02,終了,03,B041,窓口4,
2026/9/14,9:10:00,発券,07,B042,,
2026/9/13,9:10:00,呼出,03,B077,窓口9,
"""
DESCRIBED = """[[sources]]
name = "kiosk"
files = "log*.csv"
personal = ["備考"]
columns = { day = "日付", time = "時刻", event = "区分", service = "業務", ticket = "番号", terminal = "窓口" }
facts = [
  { kind = "ticket.issued", when = { event = "発券" } },
  { kind = "ticket.called", when = { event = "呼出" } },
  { kind = "ticket.finished", when = { event = "終了" } },
]
[sources.codes]
service = { "01" = "card_issuance", "03" = "cert_renewal" }
terminal = { "窓口4" = "T4", "窓口5" = "T5" }
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log20260914.csv"
    path.write_bytes(LOG.encode("cp932"))
    (tmp_path / "kiosk.toml").write_text(DESCRIBED, encoding="utf-8")
    return path


def tried(path: Path, *more: str | Path) -> Result:
    return run("source", "try", path, "--source-file", path.parent / "kiosk.toml", *more, db=path.parent / "no.db")


def test_rows_stand_beside_the_facts_they_become(log: Path) -> None:
    said = tried(log).out
    assert "   2行  2026/9/14 | 9:03:10 | 発券 | 03 | B041 | -\n        → 9/14 9:03:10  B041 発券 証明書更新\n" in said
    assert "        → 9/14 9:18:44  T4 呼出し B041\n" in said
    assert "種類        発券 2  呼出し 1  終了 1\n" in said


def test_nothing_is_written(log: Path) -> None:
    before = sorted(log.parent.iterdir())
    tried(log)
    tried(log, "--json")
    run("source", "try", log, db=log.parent / "no.db")
    assert sorted(log.parent.iterdir()) == before


def test_what_is_not_understood_is_told_by_column_with_its_rows(log: Path) -> None:
    result = tried(log)
    assert result.status == 1
    assert "・時刻  1件（5行目）  時刻として読めません（例 24:10:00）" in result.out.replace("\n  ", "")
    assert '[sources.codes.service]\n"07" = "?"  # 1行\n' in result.out
    assert '[sources.codes.terminal]\n"窓口9" = "?"  # 1行\n' in result.out
    assert result.out.splitlines()[-1].startswith("コード表（codes.service・codes.terminal）を書き足して")


def test_a_personal_column_is_never_shown(log: Path) -> None:
    for result in (tried(log), tried(log, "--json"), run("source", "try", log)):
        assert "山田" not in result.out + result.err


def test_what_the_guard_finds_in_a_used_column_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    (tmp_path / "kiosk.toml").write_text(DESCRIBED, encoding="utf-8")
    path.write_text(
        "日付,時刻,区分,業務,番号,窓口,備考\n2026/9/14,9:03,発券,090-1234-5678,B041,,\n2026/9/14,9:04,発券,山田太郎様,B042,,\n"
    )
    result = tried(path)
    assert result.status == 1
    for secret in ("1234", "山田"):
        assert secret not in result.out + tried(path, "--json").out
    assert "# 個人情報らしい値" in result.out


def test_a_column_with_several_names_is_hidden_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    (tmp_path / "kiosk.toml").write_text(DESCRIBED, encoding="utf-8")
    people = ("山田太郎様", "佐藤花子様", "勅使河原翔")
    rows = "".join(f"2026/9/14,9:0{n},発券,{who},B04{n},,\n" for n, who in enumerate(people))
    path.write_text(f"日付,時刻,区分,業務,番号,窓口,備考\n{rows}")
    for result in (tried(path), tried(path, "--json")):
        assert "勅使河原" not in result.out
        assert "B042" in result.out


def test_a_description_that_fits_can_be_taken_in(log: Path) -> None:
    good = [line for n, line in enumerate(LOG.splitlines(keepends=True)) if n in (0, 1, 3, 5)]
    log.write_text("".join(good), encoding="utf-8")
    result = tried(log)
    assert (result.status, result.out.splitlines()[-1]) == (0, "このまま取り込めます。")


def test_the_same_is_told_as_json(log: Path) -> None:
    told = tried(log, "--json").json
    assert (told["rows"], told["facts"], told["refused"], told["rows_refused"]) == (7, 4, 3, 3)
    assert told["kinds"] == {"ticket.issued": 2, "ticket.called": 1, "ticket.finished": 1}
    assert told["missing_codes"] == {"service": {"07": 1}, "terminal": {"窓口9": 1}}
    assert told["first_rows"][0]["found"][0]["ticket"] == "B041"
    assert told["numbers"]["issued_never_called"] == 1


def test_numbers_that_do_not_add_up_are_told(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    (tmp_path / "kiosk.toml").write_text(DESCRIBED, encoding="utf-8")
    rows = [
        "9:00,発券,03,B001,", "9:05,呼出,03,B001,窓口4", "9:10,発券,03,B001,", "9:02,発券,03,B002,",
        "9:20,呼出,03,B003,窓口4", "9:21,呼出,03,B003,窓口4",
    ]  # fmt: skip
    path.write_text("日付,時刻,区分,業務,番号,窓口,備考\n" + "".join(f"2026/9/14,{x},\n" for x in rows))
    said = tried(path).out.replace("\n  ", "")
    for words in (
        "時刻が前の行より早い行  1行（最大 8分）",
        "同じ日に2回以上発券された番号（数え直す機械なら wraps = true）  1（B001）",
        "発券がなく呼び出された番号  1（B003）",
        "発券のあと呼出しも帰宅もない番号（待ち人数に残ります）  1（B002）",
        "発券より多く呼び出された番号（再呼出しとみます）  1（B003）",
    ):
        assert words in said
    assert "取り込めます。その前に" in said.splitlines()[-1]


def test_another_letter_at_the_desk_than_at_the_machine_is_pointed_out(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    (tmp_path / "kiosk.toml").write_text(DESCRIBED, encoding="utf-8")
    rows = "2026/9/14,9:00,発券,03,A111,,\n2026/9/14,9:05,呼出,03,B111,窓口4,\n"
    path.write_text(f"日付,時刻,区分,業務,番号,窓口,備考\n{rows}")
    assert "1（A111 と B111）" in tried(path).out.replace("\n  ", "")
    assert tried(path, "--json").json["numbers"]["other_letters"] == 1


def test_every_line_fits_in_eighty_columns(log: Path) -> None:
    long = LOG.replace("番号", "とても長い見出しの整理券番号の列").replace("窓口4", "市民課特設会場の4番窓口カウンター")
    log.write_text(long, encoding="utf-8")
    described = DESCRIBED.replace('ticket = "番号"', 'ticket = "とても長い見出しの整理券番号の列"')
    (log.parent / "kiosk.toml").write_text(described, encoding="utf-8")
    lines = tried(log).out.splitlines()[:-1] + run("source", "try", log).out.splitlines()
    wide = [line for line in lines if cell_len(line) > 80 and (line.startswith("#") or "=" not in line)]
    wide = [line for line in wide if not line.startswith("#   floorctl ")]  # a command, to be copied
    assert not wide


def test_nothing_in_a_cell_is_obeyed(log: Path) -> None:
    log.write_text(LOG.replace("B041", "B0\x1b[31m41").replace("07", "\x1b]0;x\x07[red]7[/]"), encoding="utf-8")
    said = tried(log).out
    assert all(c.isprintable() or c == "\n" for c in said)
    assert "B0\ufffd[31m41" in said  # a value that is refused does not look as if it were right


def test_a_fault_of_the_description_is_told_with_its_line(log: Path) -> None:
    described = log.parent / "kiosk.toml"
    described.write_text(DESCRIBED.replace("cert_renewal", "?"), encoding="utf-8")
    result = tried(log)
    assert result.status == 2
    assert "12行目" in result.err
    assert not result.out


def test_which_description_is_meant(log: Path) -> None:
    path = log.parent / "kiosk.toml"
    path.write_text(DESCRIBED + DESCRIBED.replace('"kiosk"', '"other"').replace("log*", "x*"), encoding="utf-8")
    assert "入力元 kiosk" in tried(log).out  # by the name of the file
    assert "入力元 other" in tried(log, "--source", "other").out
    elsewhere = log.rename(log.parent / "y.csv")
    assert tried(elsewhere).status == 2
    unknown = tried(elsewhere, "--source", "none")
    assert (unknown.status, "kiosk、other" in unknown.err) == (2, True)


def test_the_own_form_is_named_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    line = (
        '{{"id":"m{0}","at":"2026-09-14T09:0{0}:00+09:00","kind":"ticket.issued","ticket":"B00{0}","service":"{1}"}}\n'
    )
    path.write_text(line.format(1, "cert_renewal") + line.format(2, "nothing"), encoding="utf-8")
    result = run("source", "try", path)
    assert result.status == 1
    assert "説明は要りません" in result.err
    assert "種類        発券 1\n" in result.out
    assert "2行目" in result.out


@pytest.mark.parametrize("what", ["missing", "folder", "empty", "workbook", "pdf"])
def test_a_file_that_cannot_be_read_is_told(what: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    if what == "folder":
        path.mkdir()
    elif what == "empty":
        path.touch()
    elif what in ("workbook", "pdf"):
        path.write_bytes({"workbook": b"PK\x03\x04\x14\x00", "pdf": b"%PDF-1.7\n1 0 obj\n"}[what])
    result = run("source", "try", path)
    assert (result.status, result.out) == (1, "")
    assert re.fullmatch(r".+。\n", result.err)


def test_a_proposal_is_written_beside_what_is_there(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(log.parent)
    out = Path("new.toml")
    assert run("source", "try", log.name, "--out", out).status == 0
    written = out.read_text(encoding="utf-8").splitlines()
    assert f"#   floorctl source try {log.name} --source-file new.toml" in written
    assert written[:-2] == run("source", "try", log.name).out.splitlines()[:-2]
    kept = log.parent / "kiosk.toml"
    assert run("source", "try", log, "--out", kept).status == 1
    assert kept.read_text(encoding="utf-8") == DESCRIBED


def test_a_proposal_finds_its_file_from_where_it_is_written(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(log.parent)
    Path("out").mkdir()
    moved = log.rename(Path("out", log.name))
    for file, out, files in (
        (moved, "new.toml", "out/log{YYYY}{MM}{DD}.csv"),
        (moved, "out/new.toml", "log{YYYY}{MM}{DD}.csv"),
        (moved.absolute(), "here.toml", "out/log{YYYY}{MM}{DD}.csv"),
    ):
        assert run("source", "try", file, "--out", out).status == 0
        assert f'files = "{files}"' in Path(out).read_text(encoding="utf-8")
    assert 'files = "out/log{YYYY}{MM}{DD}.csv"' in run("source", "try", moved).out


def test_calls_whose_end_nobody_tells_are_pointed_out_with_the_rule_that_fits(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    heading, row = (
        "日付,時刻,区分,業務,番号,窓口,備考\n",
        "2026/9/14,9:00,発券,03,B001,,\n2026/9/14,9:05,呼出,03,B001,窓口4,\n",
    )
    path.write_text(heading + row, encoding="utf-8")
    for rule, told in (("", True), ('ends = "next_call"\n', False)):
        described = DESCRIBED.replace('name = "kiosk"\n', f'name = "kiosk"\n{rule}', 1)
        (tmp_path / "kiosk.toml").write_text(described, encoding="utf-8")
        said = tried(path).out.replace("\n  ", "")
        assert ('ほかの入力元が言わなければ ends = "next_call" とします' in said) is told
