"""``ingest`` of files that a description tells how to read: which description, which files, what is said of their rows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from floorctl.database.store import Store
from tests.contract.contract_cli import following, interrupt, run, wait_for
from tests.terminal import ROOT

NOW = "2026-09-14T10:00"
KIOSK = """
[[sources]]
name = "kiosk"
files = "out/log_{YYYY}{MM}{DD}*.csv"
heading = false
[sources.columns]
day = 1
time = 2
event = 3
service = 4
ticket = 5
terminal = 6
[sources.codes.service]
"03" = "cert_renewal"
"04" = "card_issuance"
[sources.codes.terminal]
"4" = "T4"
[[sources.facts]]
kind = "ticket.issued"
when = { event = "0" }
[[sources.facts]]
kind = "ticket.called"
when = { event = "1" }
"""
GATE = """
[[sources]]
name = "gate"
files = "gate.tsv"
form = "tsv"
leave_out = [{ persons = "合計" }]
[sources.columns]
time = "日時"
persons = "人数"
[[sources.facts]]
kind = "visitors.counted"
"""
DAY = "20260914,08:31,0,03,198\n20260914,08:33,0,03,199\n20260914,08:40,1,03,198,4\n"


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A folder with two descriptions and the kiosk's file of the day."""
    (tmp_path / "sources.toml").write_text(KIOSK + GATE, encoding="utf-8")
    (tmp_path / "kiosk.toml").write_text(KIOSK, encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "log_20260914.csv").write_text(DAY, encoding="cp932")
    return tmp_path


def ingest(hall: Path, *args: str, stdin: bytes = b"") -> tuple[int, str, str]:
    result = run("ingest", *args, db=hall / "floor.db", now=NOW, stdin=stdin)
    return result.status, result.out, result.err


def told(hall: Path) -> list[tuple[str, str, str]]:
    """Source, kind and time of each fact of the file."""
    found = run("log", "--date", "2026-09-14", "--json", db=hall / "floor.db").json
    return [(x["source"], x["kind"], x["at"][11:16]) for x in found]


KIOSK_FACTS = [
    ("kiosk", "ticket.issued", "08:31"),
    ("kiosk", "ticket.issued", "08:33"),
    ("kiosk", "ticket.called", "08:40"),
]


@pytest.mark.parametrize(
    "args",
    [
        ["--source", "kiosk", "--source-file", "sources.toml"],  # its own files
        ["out/log_20260914.csv", "--source", "kiosk", "--source-file", "sources.toml"],
        ["out/log_20260914.csv", "--source-file", "sources.toml"],  # whose name fits one of several
        ["copy.txt", "--source-file", "kiosk.toml"],  # one description alone
        ["--source-file", "kiosk.toml"],
        ["-", "--source", "kiosk", "--source-file", "sources.toml"],
    ],
    ids=" ".join,
)
def test_a_file_is_read_as_it_is_described(hall: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]) -> None:
    monkeypatch.chdir(hall)
    (hall / "copy.txt").write_text(DAY, encoding="utf-8")
    status, out, err = ingest(hall, *args, stdin=DAY.encode() if args[0] == "-" else b"")
    assert (status, out, err) == (0, "取り込み 3件  重複 0件  拒否 0件  読みとばし 0行\n", "")
    assert told(hall) == KIOSK_FACTS
    assert ingest(hall, *args, stdin=DAY.encode())[1] == "取り込み 0件  重複 3件  拒否 0件  読みとばし 0行\n"


def test_a_site_file_describes_its_sources(hall: Path) -> None:
    site = hall / "site.toml"
    site.write_text((ROOT / "data" / "kumagaya.toml").read_text(encoding="utf-8") + KIOSK, encoding="utf-8")
    found = run("--site", str(site), "ingest", "--source", "kiosk", "--json", db=hall / "floor.db", now=NOW)
    assert (found.status, found.json) == (0, {"accepted": 3, "duplicate": 0, "refused": 0})


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["copy.txt", "--source-file", "sources.toml"], 2, "--source で kiosk・gate のどれかを指定してください"),
        (["--source-file", "sources.toml"], 2, "--source で kiosk・gate のどれかを指定してください"),
        (["copy.txt", "--source", "x", "--source-file", "sources.toml"], 2, "あるのは kiosk・gate です"),
        (
            ["none.csv", "--source", "kiosk", "--source-file", "kiosk.toml"],
            1,
            "none.csv を読めません（ファイルがありません）",
        ),
        (["--source", "gate", "--source-file", "sources.toml"], 1, "gate.tsv を読めません（ファイルがありません）"),
        (["--source", "gate", "--source-file", "sources.toml"], 1, "9/14のファイルがあるか"),
        (["copy.txt", "--source-file", "none.toml"], 2, "none.toml を読めません"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, list) else "",
)
def test_what_cannot_be_read_is_one_sentence(
    hall: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], status: int, said: str
) -> None:
    monkeypatch.chdir(hall)
    (hall / "copy.txt").write_text(DAY, encoding="utf-8")
    ended, out, err = ingest(hall, *args)
    assert (ended, out) == (status, "") and said in err and err.count("\n") == 1, err
    assert not (hall / "floor.db").exists()


def test_rows_that_are_refused_and_left_out(hall: Path) -> None:
    rows = ["日時\t人数", "2026/9/14 9:00\t12人", "2026/9/14 いつか\t13人", "2026/9/14 9:30\tたくさん", "\t合計"]
    (hall / "gate.tsv").write_text("\n".join(rows), encoding="utf-8")
    status, out, err = ingest(hall, "--source", "gate", "--source-file", str(hall / "sources.toml"))
    assert (status, out) == (1, "取り込み 1件  重複 0件  拒否 2件  読みとばし 1行\n")
    *each, page = err.splitlines()
    assert [line.split("：")[0] for line in each] == ["3行目 日時", "4行目 人数"]
    assert page.startswith("2行を受け付けませんでした。") and "docs/sources.md" in page
    assert "いつか" not in err and "たくさん" not in err


FAULTS = """
[[sources]]
name = "faults"
files = "faults.csv"
[sources.columns]
time = "日時"
terminal = "端末"
fault = "内容"
[[sources.facts]]
kind = "terminal.failed"
"""


def test_a_name_in_a_text_is_refused(hall: Path) -> None:
    (hall / "faults.toml").write_text(FAULTS, encoding="utf-8")
    rows = "日時,端末,内容\n2026/9/14 9:00,T3,大槻様の指摘\n2026/9/14 9:05,T3,紙詰まり\n"
    (hall / "faults.csv").write_text(rows, encoding="cp932")
    status, out, err = ingest(hall, "--source-file", str(hall / "faults.toml"))
    assert (status, out) == (1, "取り込み 1件  重複 0件  拒否 1件  読みとばし 0行\n")
    assert err.startswith("2行目 内容：故障の内容に氏名らしい語が含まれています") and "大槻" not in err


def test_a_row_that_comes_late_twice_or_rewritten(hall: Path) -> None:
    args = ("-", "--source-file", str(hall / "kiosk.toml"))
    ingest(hall, *args, stdin=DAY.encode())
    again = DAY.replace("0,03,199", "0,04,199") + "20260914,08:05,0,03,150\n"
    status, out, err = ingest(hall, *args, stdin=again.encode())
    assert (status, out) == (0, "取り込み 1件  重複 3件  拒否 0件  読みとばし 0行\n")
    assert err == "2行目 同じ id の記録がすでにあり、内容が違います。先の記録を残しました\n"
    assert sorted(told(hall), key=lambda x: x[2]) == [("kiosk", "ticket.issued", "08:05"), *KIOSK_FACTS]


def test_many_refusals_of_one_reason_are_summed_up(hall: Path) -> None:
    rows = "".join(f"20260914,08:{n % 60:02d},0,99,{n}\n" for n in range(500))
    status, out, err = ingest(hall, "-", "--source-file", str(hall / "kiosk.toml"), stdin=(DAY + rows).encode())
    assert (status, out) == (1, "取り込み 3件  重複 0件  拒否 500件  読みとばし 0行\n")
    said = err.splitlines()
    assert len(said) == 22 and said[0].startswith("4行目 ") and said[-2].startswith("ほか480行 ")


@pytest.mark.parametrize("first", ["20260914,08:31,0,03,198\n", "受付番号\t時刻\n"], ids=["CSV", "TSV"])
def test_a_file_that_is_no_feed_can_be_described(hall: Path, first: str) -> None:
    status, out, err = ingest(hall, "-", stdin=(first * 3).encode())
    assert (status, out) == (1, "取り込み 0件  重複 0件  拒否 3件\n")
    assert err.startswith("1行目: ") and "docs/sources.md" in err and "floorctl source try" in err
    status, out, err = ingest(hall, "-", stdin=b'{"id":1}\n')
    assert status == 1 and "floorctl source try" not in err, "a feed with a fault is one"
    assert err == "1行目: kind がありません。書き方は docs/sources.md（floorctl source page でも読めます）\n"


def test_follow_reads_its_own_file_from_before_it_is_there_and_goes_on_after_a_bad_row(hall: Path) -> None:
    db, gate = hall / "floor.db", hall / "gate.tsv"
    command = ("ingest", "--source", "gate", "--source-file", hall / "sources.toml", "--follow", "--json")
    with following(*command, db=db) as process:
        wait_for(lambda: db.exists())
        gate.write_text("日時\t人数\n2026/9/14 9:00\t12人\n", encoding="utf-8")
        wait_for(lambda: len(ids(db)) == 1)
        with gate.open("a", encoding="utf-8") as file:
            file.write("いつか\t13\n2026/9/14 9:10\t14\n")
        wait_for(lambda: len(ids(db)) == 2)
        gate.rename(hall / "gate.1.tsv")
        gate.write_text("日時\t人数\n2026/9/14 9:20\t15人\n2026/9/14 9:00\t12人\n", encoding="utf-8")
        wait_for(lambda: len(ids(db)) == 3)
        result = interrupt(process)
    assert (result.status, result.json) == (0, {"accepted": 3, "duplicate": 1, "refused": 1})
    assert "3行目 日時：" in result.err and "いつか" not in result.err


def ids(db: Path) -> list[str]:
    if not db.exists():
        return []
    store = Store(db)
    try:
        return [e.fact.id for e in store.facts_after(0, 1_000_000)]
    finally:
        store.close()


def test_ingest_that_is_killed_and_run_again_ends_as_one_that_was_not(hall: Path) -> None:
    rows = "".join(f"20260914,{8 + n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d},0,03,{n}\n" for n in range(6000))
    (hall / "out" / "log_20260914.csv").write_text(rows, encoding="utf-8")
    db, args = hall / "floor.db", ["ingest", "--source", "kiosk", "--source-file", str(hall / "sources.toml")]
    killed = subprocess.Popen([sys.executable, "-m", "floorctl", "--db", str(db), "--now", NOW, *args], cwd=ROOT)
    end = time.monotonic() + 20
    while time.monotonic() < end and not ids(db):
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    before = ids(db)
    assert 0 < len(before) < 6000, "killed too early or too late: nothing is tested"
    assert (
        ingest(hall, *args[1:])[1]
        == f"取り込み {6000 - len(before)}件  重複 {len(before)}件  拒否 0件  読みとばし 0行\n"
    )
    assert run(*args, db=hall / "whole.db", now=NOW).status == 0
    assert ids(db) == ids(hall / "whole.db")


def test_what_is_no_table_of_text_is_named(hall: Path) -> None:
    for name, data, what in (
        ("a.csv", b"PK\x03\x04....", "Excel のブックか、圧縮されたファイルです"),
        ("b.csv", b"\xd0\xcf\x11\xe0....", "古い Excel のブックです"),
        ("c.csv", b"SQLite format 3\0....", "SQLite のファイルです）。form を sqlite に"),
    ):
        (hall / name).write_bytes(data)
        status, out, err = ingest(hall, str(hall / name), "--source-file", str(hall / "kiosk.toml"))
        assert (status, out) == (1, "") and what in err and "kiosk" in err


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_folder_or_a_pipe_is_no_missing_file(hall: Path) -> None:
    os.mkfifo(hall / "pipe.csv")
    (hall / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        status, out, err = ingest(hall, str(hall / name), "--source-file", str(hall / "kiosk.toml"))
        assert (status, out) == (1, "") and err.startswith(f"{name} を読めません（フォルダーなど、ファイルではない")
