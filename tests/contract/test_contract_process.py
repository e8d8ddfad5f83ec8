"""Contract 1 through real processes: exit statuses, streams, the environment, --follow and Ctrl-C."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from contract_cli import DAY, JAPANESE, at, following, interrupt, process_environment, refuses, run, spawn, wait_for
from contract_facts import Fact, issued, jsonl, opened
from contract_steps import doctor, facts_in, feed, lane, log, status
from contract_words import MY_NUMBER

TOKYO = timezone(timedelta(hours=9))


# ---- streams and statuses --------------------------------------------------------------------------------------------


def test_stdin_stdout_and_status(db: Path) -> None:
    """«`python -m floorctl` is the same»; «With `--json`, one JSON document on stdout and nothing else there.»"""
    lines = jsonl(opened(), issued("09:00", "B001")) + f'{{"note": "{MY_NUMBER}"}}\n'.encode()
    result = spawn("ingest", "-", "--json", db=db, stdin=lines)
    assert (result.status, result.json) == (1, {"accepted": 2, "duplicate": 0, "refused": 1})
    assert "3" in result.err
    assert MY_NUMBER not in result.err
    assert JAPANESE.search(result.err)
    board = spawn("status", "--json", db=db, now="10:00")
    assert (board.status, board.err) == (0, "")
    assert board.json == status(db, "10:00")


@pytest.mark.parametrize(
    ("command", "expected"),
    [(("assign", "T9", "issuance"), 1), (("assign",), 2), (("frobnicate",), 2), (("console",), 1), ((), 1)],
)
def test_exit_statuses(db: Path, command: tuple[str, ...], expected: int) -> None:
    """«1 refused or failed, one plain Japanese sentence on stderr, no traceback · 2 wrong usage»"""
    feed(db, opened())
    refuses(spawn(*command, db=db, now="10:00"), expected)


def test_exit_status_3(db: Path) -> None:
    """«3 the database file cannot be used»"""
    db.write_text("これはデータベースではありません" * 100)
    refuses(spawn("status", "--json", db=db), 3)


def test_version_and_help() -> None:
    """«`--help` at every level in Japanese; `--version`»"""
    assert spawn("--version").status == 0
    for level in ((), ("incident",), ("incident", "add")):
        result = spawn(*level, "--help")
        assert result.status == 0
        assert JAPANESE.search(result.out)


def test_a_console_that_lacks_a_character_is_no_obstacle(db: Path) -> None:
    """«no traceback»: text that the console's encoding lacks does not stop a command."""
    feed(db, opened())
    result = spawn("do", "memo.written", "text=㐂𠮷", db=db, now="10:00", PYTHONIOENCODING="cp932")
    assert result.status == 0, result.err
    assert [x["data"]["text"] for x in log(db)[1:]] == ["㐂𠮷"]


def test_a_reader_that_goes_away(db: Path) -> None:
    """`floorctl log | head -1`: no traceback."""
    feed(db, opened(), *[issued("09:00", f"B{n:04}") for n in range(2000)])
    command = f'"{sys.executable}" -m floorctl --db "{db}" log --date {DAY} --json | head -c 10'
    done = subprocess.run(["sh", "-c", command], capture_output=True, env=process_environment({}))
    assert len(done.stdout) == 10
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


# ---- the environment -------------------------------------------------------------------------------------------------


def test_the_environment(db: Path) -> None:
    """«`--db` (or `FLOORCTL_DB`)», «`--now` (or `FLOORCTL_NOW`)»"""
    feed(db, opened(), issued("09:00", "B001"))
    result = spawn("status", "--json", FLOORCTL_DB=str(db), FLOORCTL_NOW=f"{DAY}T09:05")
    assert result.json == status(db, "09:05")


@pytest.mark.skipif(sys.platform != "linux", reason="the folder has other names elsewhere")
def test_the_default_file(tmp_path: Path) -> None:
    """«Default: `floor.db` in the user's data folder for floorctl (platformdirs)»; reading creates nothing."""
    home = {"XDG_DATA_HOME": str(tmp_path / "share"), "HOME": str(tmp_path)}
    assert run("status", "--json", now="10:00", **home).status == 0
    assert list(tmp_path.iterdir()) == []
    assert spawn("do", "memo.written", "text=x", now="10:00", **home).status == 0
    assert facts_in(tmp_path / "share" / "floorctl" / "floor.db") == 1


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_whatever_the_pcs_zone(db: Path, zone: str) -> None:
    """«a business day is a date in Asia/Tokyo, whatever the PC's zone»; «a time without offset … is Asia/Tokyo»."""
    feed(db, opened(), issued("09:00", "B001"))
    assert spawn("status", "--json", db=db, now=f"{DAY}T09:05:00", TZ=zone).json == status(db, "09:05")
    before = datetime.now(TOKYO).date().isoformat()
    assert spawn("status", "--json", db=db, TZ=zone).json["day"] in (before, datetime.now(TOKYO).date().isoformat())


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_the_file_is_the_users_own(db: Path) -> None:
    """DESIGN 3: mode 0600, whatever the umask."""
    assert spawn("do", "memo.written", "text=x", db=db, now="10:00").status == 0
    assert db.stat().st_mode & 0o777 == 0o600


def test_two_writers_at_once(db: Path) -> None:
    """Two feeds and a hand at the same file: every fact is in, the chain holds."""
    feed(db, opened())
    parts = [jsonl(*[issued("09:00", f"{letter}{n:03}", "other") for n in range(400)]) for letter in "XY"]
    command = [sys.executable, "-m", "floorctl", "--db", str(db), "ingest", "-", "--json"]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=process_environment({}))
        for _ in parts
    ]
    for process, part in zip(processes, parts, strict=True):
        assert process.stdin
        process.stdin.write(part)
        process.stdin.close()
    assert spawn("do", "memo.written", "text=x", db=db, now="10:00").status == 0
    assert [process.wait(30) for process in processes] == [0, 0]
    for process in processes:
        assert process.stdout
        assert json.loads(process.stdout.read())["accepted"] == 400
        process.stdout.close()
    assert facts_in(db) == 802
    assert doctor(db)["ok"] is True


# ---- --follow --------------------------------------------------------------------------------------------------------


def append(file: Path, data: bytes) -> None:
    with file.open("ab") as stream:
        stream.write(data)


def has(db: Path, facts: int) -> None:
    """Waits until the file holds so many facts; never more."""
    wait_for(lambda: db.exists() and facts_in(db) >= facts)
    assert facts_in(db) == facts


def tickets(*numbers: str) -> list[Fact]:
    return [issued("09:00", n, id=f"id-{n}") for n in numbers]


def test_follow_waits_for_the_end_of_a_line(db: Path, tmp_path: Path) -> None:
    """«a last line without newline counts, except under `--follow`, which waits for its end»; Ctrl-C: totals, exit 0."""
    file = tmp_path / "feed.jsonl"
    (half,) = tickets("B003")
    line = jsonl(half)
    file.write_bytes(jsonl(*tickets("B001", "B002")) + line[:40])
    with following("ingest", file, "--follow", "--json", db=db) as process:
        has(db, 2)
        append(file, line[40:-1])
        append(file, b"\n")
        has(db, 3)
        append(file, jsonl(*tickets("B004"))[:-1])
        result = interrupt(process)
    assert (result.status, result.err) == (0, "")
    assert result.json == {"accepted": 3, "duplicate": 0, "refused": 0}
    assert facts_in(db) == 3, "the line without its end is not in"


def test_follow_survives_rotation_and_a_file_that_is_not_there_yet(db: Path, tmp_path: Path) -> None:
    """«`--follow`»: like tail -F, from before the file is there, through its rotation."""
    file = tmp_path / "feed.jsonl"
    with following("ingest", file, "--follow", "--json", "--source", "machine", db=db) as process:
        wait_for(lambda: db.exists())
        append(file, jsonl(*tickets("B001")))
        has(db, 1)
        file.rename(tmp_path / "feed.jsonl.1")
        append(tmp_path / "feed.jsonl.1", jsonl(*tickets("B002")))
        has(db, 2)
        file.write_bytes(jsonl(*tickets("B003")))
        has(db, 3)
        append(file, jsonl(*tickets("B003", "B004")))
        has(db, 4)
        result = interrupt(process)
    assert (result.status, result.json) == (0, {"accepted": 4, "duplicate": 1, "refused": 0})
    assert {x["source"] for x in log(db)} == {"machine"}


def test_follow_survives_a_file_that_is_cut(db: Path, tmp_path: Path) -> None:
    """Rotation by copying and cutting the file in place."""
    file = tmp_path / "feed.jsonl"
    file.write_bytes(jsonl(*tickets("B001", "B002")))
    with following("ingest", file, "--follow", "--json", db=db) as process:
        has(db, 2)
        file.write_bytes(jsonl(*tickets("B003")))
        has(db, 3)
        assert interrupt(process).json == {"accepted": 3, "duplicate": 0, "refused": 0}


def test_follow_goes_on_after_a_refused_line(db: Path, tmp_path: Path) -> None:
    """«Ctrl-C under `--follow`: totals, exit 0»; refused lines are told with their number, the next line is read."""
    file = tmp_path / "feed.jsonl"
    file.write_bytes(b"himitsu\n" + jsonl(*tickets("B001")))
    with following("ingest", file, "--follow", "--json", db=db) as process:
        has(db, 1)
        append(file, b"himitsu\n" + jsonl(*tickets("B002")))
        has(db, 2)
        result = interrupt(process)
    assert (result.status, result.json) == (0, {"accepted": 2, "duplicate": 0, "refused": 2})
    said = result.err.splitlines()
    assert ["1" in said[0], "3" in said[1], len(said)] == [True, True, 2]
    assert "himitsu" not in result.err


def test_follow_and_commands_together(db: Path, tmp_path: Path) -> None:
    """A hand and a followed feed write into one file."""
    file = tmp_path / "feed.jsonl"
    file.write_bytes(jsonl(opened(), *tickets("B001")))
    with following("ingest", file, "--follow", "--json", db=db) as process:
        has(db, 2)
        assert spawn("do", "ticket.called", "ticket=B001", "terminal=T3", db=db, now="09:05").status == 0
        append(file, jsonl(*tickets("B002")))
        has(db, 4)
        assert interrupt(process).status == 0
    assert lane(status(db, "09:06"), "certificate")["waiting"] == 1
    assert log(db)[-1]["at"] == at("09:05")


def test_ctrl_c_without_totals_in_words(db: Path, tmp_path: Path) -> None:
    """«Ctrl-C under `--follow`: totals, exit 0», without --json in words."""
    file = tmp_path / "feed.jsonl"
    file.write_bytes(jsonl(*tickets("B001", "B002")))
    with following("ingest", file, "--follow", db=db) as process:
        has(db, 2)
        result = interrupt(process)
    assert result.status == 0
    assert "2" in result.out
    assert JAPANESE.search(result.out)
