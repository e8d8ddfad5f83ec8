"""A full, closed or vanished output: what was recorded stands once and is said so; what was only asked for fails in words."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.contract_cli import JAPANESE, run
from tests.rehearsal.plays import played_by_hand
from tests.story import Desk, kumagaya
from tests.terminal import ROOT

DAY, NOW = "2026-09-14", "2026-09-14T10:00"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shell's own redirections")


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    path = tmp_path / "floor.db"
    Desk(path, kumagaya()).opens().close()
    for name, text in {
        "day.jsonl": '{"id":"m1","at":"2026-09-14T09:03:10+09:00","kind":"ticket.issued","ticket":"B041","service":"cert_renewal"}\n',
        "roster.csv": "code,surname,role\nS01,山田,\n",
        "devices.csv": "device,purpose,permitted_on,ends_on\nPC-1,点検,2026-09-01,\n",
        "slots.csv": "date,time,cards,count\n2026-09-15,10:00,1,2\n",
        "months.csv": "month,cert_renewals,card_renewals,new_and_reissued\n2026-09,10,20,30\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run("backup", tmp_path / "copy.db", db=path, now=NOW)
    return path


def through(shell: str, command: str, db: Path) -> subprocess.CompletedProcess[str]:
    """``command`` as a real process, its streams as the shell is told to leave them."""
    words = [sys.executable, "-m", "floorctl", "--db", str(db), "--now", NOW, *shlex.split(command)]
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {shlex.join(words)} {shell}"],
        cwd=db.parent, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


def facts(db: Path) -> int:
    return len(run("log", "--date", DAY, "--json", db=db).json)


WRITING: dict[str, Callable[[Path], object]] = {
    "do memo.written text=雨": lambda db: facts(db),
    "assign T1 certificate --reason 混雑": lambda db: facts(db),
    "incident add --category other --summary x": lambda db: len(run("incident", "list", "--json", db=db).json),
    "ingest day.jsonl": lambda db: facts(db),
    "roster import roster.csv": lambda db: len(run("roster", "list", "--json", db=db).json),
    "register import devices devices.csv": lambda db: len(run("register", "export", "devices", db=db).out.splitlines()),
    "appointments import slots.csv": lambda db: len(run("appointments", "list", "--date", "2026-09-15", "--json", db=db).json),
    "forecast import months.csv": lambda db: sum(m["imported"] for m in run("forecast", "--json", db=db).json["months"]),
    "close --out out": lambda db: (db.parent / "out" / DAY / f"records_{DAY}.json").exists(),
    "backup new.db": lambda db: (db.parent / "new.db").exists(),
    "restore copy.db": lambda db: len(list(db.parent.glob("*before-restore*"))),
    "export --out out": lambda db: (db.parent / "out" / DAY / f"records_{DAY}.json").exists(),
    "register export devices --out out.csv": lambda db: (db.parent / "out.csv").exists(),
    "rehearse quiet --no-console --out out": lambda db: len(list((db.parent / "out").glob("*.json"))),
}  # fmt: skip


@pytest.mark.parametrize("command", WRITING)
def test_what_is_done_is_said_to_be_done(hall: Path, command: str) -> None:
    looked = WRITING[command]
    before = looked(hall) if "rehearse" not in command else 0
    done = through(">/dev/full", command, hall)
    assert done.returncode == 0, done
    assert looked(hall) == int(before) + 1  # type: ignore[call-overload]
    [said] = [x for x in done.stderr.splitlines() if "表示できませんでした" in x]
    # A close may be run again, and gives what is missing; all else would be recorded twice.
    assert ("close をもう一度実行すると" if "close" in command else "もう一度実行しないでください") in said
    assert "不具合" not in done.stderr


@pytest.mark.parametrize(
    ("shell", "status"),
    [(">&-", 0), (">&- 2>&-", 0), (">/dev/full 2>/dev/full", 0), ("2>&-", 0), ("<&-", 0), ("| true", 0), ("<&- >&- 2>&-", 0)],
)  # fmt: skip
def test_the_fact_stands_once_however_the_streams_are(hall: Path, shell: str, status: int) -> None:
    before = facts(hall)
    done = through(shell, "do memo.written text=雨", hall)
    assert done.returncode == status, done
    assert facts(hall) == before + 1
    assert "不具合" not in done.stderr + done.stdout
    assert "Exception ignored" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
    assert run("doctor", "--full", db=hall).status == 0


@pytest.mark.parametrize("command", ["status", "status --json", "--help", "log", f"simulate --date {DAY} --seed 1", "register export devices"])  # fmt: skip
@pytest.mark.parametrize(
    ("shell", "status"), [(">/dev/full", 1), (">&-", 1), (">&- 2>&-", 1), ("| head -c 1 >/dev/null", 0)]
)
def test_what_was_only_asked_for_fails_in_words(hall: Path, command: str, shell: str, status: int) -> None:
    done = through(shell, command, hall)
    assert done.returncode == status, done
    assert len(done.stderr.splitlines()) == (status == 1 and "2>" not in shell)
    assert not done.stderr or JAPANESE.search(done.stderr)
    assert "不具合" not in done.stderr


def test_a_closed_input_is_one_sentence(hall: Path) -> None:
    done = through("<&-", "ingest -", hall)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "標準入力" in done.stderr


def test_complaints_that_nobody_can_read_stop_no_feed(hall: Path) -> None:
    """A bad line between good ones, and a stderr that is full."""
    feed = hall.parent / "bad.jsonl"
    good = (hall.parent / "day.jsonl").read_text(encoding="utf-8")
    feed.write_text("{}\n" + good + "{}\n" + good.replace("m1", "m2").replace("B041", "B042"), encoding="utf-8")
    before = facts(hall)
    done = through("2>/dev/full", "ingest bad.jsonl", hall)
    assert (done.returncode, facts(hall)) == (1, before + 2)
    assert "取り込み 2件" in done.stdout


# ---- done, but not wholly well: the status that the command would have had

ENDS = {
    "ingest bad.jsonl": (1, "取り込み"),
    "ingest only-bad.jsonl": (1, ""),
    "close --out taken": (1, "締めました。ただし、"),
    "doctor --head 1:abc": (3, "通し番号 1"),
}


@pytest.mark.parametrize("command", ENDS)
@pytest.mark.parametrize("shell", ["", ">/dev/full", ">&-", "| true"])
def test_a_lost_output_changes_no_status(hall: Path, command: str, shell: str) -> None:
    good = (hall.parent / "day.jsonl").read_text(encoding="utf-8")
    (hall.parent / "bad.jsonl").write_text(f"{good}{{}}\n", encoding="utf-8")
    (hall.parent / "only-bad.jsonl").write_text("{}\n", encoding="utf-8")
    (hall.parent / "taken").write_text("x", encoding="utf-8")
    status, says = ENDS[command]
    done = through(shell, command, hall)
    assert done.returncode == status, done
    assert says in done.stderr + done.stdout
    assert "不具合" not in done.stderr


def test_a_close_whose_documents_fail_says_that_the_day_is_closed(hall: Path) -> None:
    (hall.parent / "taken").write_text("x", encoding="utf-8")
    done = run("close", "--out", hall.parent / "taken", db=hall, now=NOW)
    said = done.err.splitlines()[-1]
    assert done.status == 1 and "控え: " in done.out
    assert said.startswith("締めました。ただし、書類を") and "close をもう一度実行すると、文書ができます" in said
    again = run("close", "--out", hall.parent / "out", db=hall, now=NOW)
    assert again.status == 0 and f"records_{DAY}.json" in again.out


def test_a_close_whose_backup_fails_says_so_too(hall: Path) -> None:
    (hall.parent / "backups").write_text("x", encoding="utf-8")
    done = run("close", "--out", hall.parent / "out", db=hall, now=NOW)
    said = done.err.splitlines()[-1]
    assert done.status == 3 and f"records_{DAY}.json" in done.out
    assert said.startswith("締めました。ただし、控えを") and "控えができます" in said


def test_a_failure_after_a_training_was_recorded_says_that_it_was(hall: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played_by_hand(monkeypatch)
    (hall.parent / "taken").write_text("x", encoding="utf-8")
    run("roster", "import", hall.parent / "roster.csv", db=hall, now=NOW)
    done = run("rehearse", "quiet", "--staff", "S01", "--record", "--out", hall.parent / "taken", db=hall, now=NOW)
    assert done.status == 1 and done.err.splitlines()[-1].startswith("記録しました。ただし、書類を")
