"""Every output path of every command, pointed at what it must never replace; and what it does replace, whole."""

from __future__ import annotations

import errno
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from floorctl.cli.main import cli
from floorctl.common import output_file as output_file
from floorctl.common.errors import FloorctlError, Refused
from floorctl.common.written_files import WrittenFiles
from floorctl.intake.site_file import data_dir
from floorctl.usecases import installed_software
from floorctl.usecases.parquet_export import FILE, SEAL
from floorctl.usecases.parquet_tables import TABLES
from tests.contract.contract_cli import JAPANESE, run
from tests.story import Desk, kumagaya

DAY, NOW = "2026-09-14", "2026-09-14T17:20"

# How each output option of the command line is given a file of our choice: arguments, and where the file would be.
# ``{}`` is the file itself; a folder gets the file at the name that the command would write there.
WAYS: dict[tuple[str, str], list[tuple[list[str], str]]] = {
    ("simulate", "out"): [(["simulate", "--date", DAY, "--seed", "1", "-o", "{}"], "")],
    ("register export", "out"): [(["register", "export", "devices", "--out", "{}"], "")],
    ("roster shifts export", "out"): [
        (["roster", "shifts", "export", "--month", "2026-09", "--out", "{}"], "2026-09/シフト表_2026-09.xlsx"),
        (["roster", "shifts", "export", "--week", DAY, "--out", "{}"], f"W{DAY}/週間シフト表_{DAY}.csv"),
    ],
    ("duties", "ics"): [(["duties", "--until", "2026-10-01", "--ics", "{}"], "")],
    ("backup", "file"): [(["backup", "{}"], "")],
    ("export", "out"): [
        (["export", "--out", "{}"], f"{DAY}/日次報告書_{DAY}.xlsx"),
        (["export", "--out", "{}"], f"{DAY}/records_{DAY}.json"),
        (["export", "--out", "{}"], f"{DAY}/csv/tickets.csv"),
        (["export", "--out", "{}", "--encoding", "cp932"], f"{DAY}/csv/staff.csv"),
        (["export", "--out", "{}", "--fallback"], f"{DAY}/紙の運用票_{DAY}.xlsx"),
        (["export", "--out", "{}", "--month", "2026-09"], "2026-09/月次報告書_2026-09.xlsx"),
        (["export", "--out", "{}", "--month", "2026-09"], "2026-09/records_2026-09.json"),
        (["export", "--out", "{}", "--format", "parquet"], f"hours/site=kumagaya/day={DAY}/{FILE}"),
        (["export", "--out", "{}", "--format", "parquet"], f"days/site=kumagaya/day={DAY}/{FILE}"),
        (["export", "--out", "{}", "--format", "parquet"], f"manifest/site=kumagaya/{FILE}"),
        (["export", "--out", "{}", "--format", "parquet"], "schema.json"),
    ],
    ("hall", "out"): [(["hall", "--once", "--out", "{}/hall.html"], "hall.html")],
    # Needs a terminal; what the console itself does: tests/screens/test_hall_page_kept.py.
    ("console", "hall_page"): [(["console", "--hall-page", "{}/hall.html"], "hall.html")],
    ("close", "out"): [(["close", "--out", "{}"], f"{DAY}/日次報告書_{DAY}.xlsx")],
    ("rehearse", "out"): [
        (["rehearse", "quiet", "--no-console", "--until", "09:30", "--out", "{}"], "研修記録_2026-09-14_1720_quiet.xlsx"),
    ],
    ("settings keys", "html"): [(["settings", "keys", "--html", "{}"], "")],
    ("sbom", "out"): [(["sbom", "--format", "csv", "--out", "{}"], "")],
    ("source try", "out"): [(["source", "try", str(data_dir() / "demand.csv"), "--out", "{}"], "")],
}  # fmt: skip
# What is read, or names the file that the command works on.
INPUTS = {"db", "site", "feed", "feeds", "answers", "scenarios", "source_file"}
READ = {
    "restore",
    "ingest",
    "roster import",
    "roster shifts import",
    "roster officials import",
    "appointments import",
    "register import",
    "forecast import",
    "settings check",
    "site check",
}


def options(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Parameter]]:
    """Every parameter of every command, with the command's words."""
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        assert command is not None
        if isinstance(command, click.Group):
            yield from options(command, f"{name} {word}".strip())
        yield from ((f"{name} {word}".strip(), p) for p in command.params)


def test_every_output_of_the_command_line_is_tried() -> None:
    """Whoever adds an option that names a file says here whether it is written, and how."""
    found = {
        (command, p.name)
        for command, p in options(cli)
        if (isinstance(p.type, click.Path) or p.name in ("out", "output", "file")) and p.name not in INPUTS
        if command not in READ and (command, p.name) != ("source try", "file")
    }
    assert found == set(WAYS)


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A data file with a day that has been opened."""
    path = tmp_path / "floor.db"
    Desk(path, kumagaya()).opens().close()
    return path


def saved_again(book: Path, place: Path) -> None:
    """A workbook of ours as a spreadsheet leaves it: with the time and the name of whoever saved it."""
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(place, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(modified[^>]*>)[^<]*<", rb"\g<1>2026-09-14T08:20:11Z<", data)
                assert data != old.read(name)
            new.writestr(name, data)


def make(kind: str, place: Path, hall: Path) -> None:
    """Something that no command has made at ``place``."""
    place.parent.mkdir(parents=True, exist_ok=True)
    match kind:
        case "data file":
            Desk(place, kumagaya(), "09:00").opens(officials=2).close()
        case "this data file":
            os.link(hall, place)
        case "link to this data file":
            place.symlink_to(hall)
        case "sqlite":
            with closing(sqlite3.connect(place)) as db:
                db.execute("CREATE TABLE theirs (x)")
        case "text":
            place.write_text("大事な表,2026\n1,2\n", encoding="utf-8")
        case "edited workbook":
            run("export", "--out", place.parent / "made", db=hall, now=NOW)
            saved_again(place.parent / "made" / DAY / f"日次報告書_{DAY}.xlsx", place)
        case "feed":
            place.write_text('{"id":"m1-1","at":"2026-09-14T09:03:10+09:00","kind":"day.opened"}\n', encoding="utf-8")


KINDS = ["data file", "this data file", "link to this data file", "sqlite", "text", "edited workbook", "feed"]
EVERY = [(args, below) for ways in WAYS.values() for args, below in ways]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and not p.name.endswith("-journal") and "backups" not in p.parts
    }


@pytest.mark.parametrize(("args", "below"), EVERY, ids=[f"{a[0]} {b}".strip() for a, b in EVERY])
def test_no_output_replaces_what_its_command_has_not_made(
    hall: Path, tmp_path: Path, args: list[str], below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unchanged to the byte, exit 1, one sentence, nothing left lying about."""
    monkeypatch.setattr(
        installed_software, "held_files", lambda _: None
    )  # of an environment for development: gigabytes
    for n, kind in enumerate(KINDS):
        folder = tmp_path / str(n)
        place = folder / below if below else folder / "there.bin"
        make(kind, place, hall)
        facts, before = hall.read_bytes(), contents(folder)
        told = [a.replace("{}", str(folder if below else place)) for a in args]
        done = run(*told, db=hall, now=NOW)
        assert done.status == 1, (kind, done)
        assert JAPANESE.search(done.err), kind
        assert len([x for x in done.err.splitlines() if "未記入" not in x]) == 1, done.err
        assert (args[0] == "close") == ("締めました。ただし" in done.err)
        if args[0] == "close" and "this data file" in kind:  # which has closed the day
            assert place.samefile(hall)
        else:
            assert contents(folder) == before, kind
        if args[0] != "close":
            assert hall.read_bytes() == facts
        assert not list(folder.rglob(".*floorctl-tmp"))


def test_the_data_file_of_the_run_is_no_output_even_before_it_exists(tmp_path: Path) -> None:
    for name in ("new.db", "NEW.db", "./x/../new.db"):
        done = run("simulate", "--date", DAY, "--seed", "1", "-o", tmp_path / name, db=tmp_path / "new.db", now=NOW)
        assert (done.status, "データファイル" in done.err) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["floor.db-journal", "floor.db-WAL", ".floor.db.lock"])
@pytest.mark.parametrize("way", ["simulate", "backup"])
def test_nothing_is_written_where_sqlite_would_look_for_it(hall: Path, tmp_path: Path, name: str, way: str) -> None:
    args = (
        ["backup", tmp_path / name]
        if way == "backup"
        else ["simulate", "--date", DAY, "--seed", "1", "-o", tmp_path / name]
    )
    done = run(*args, db=hall, now=NOW)
    assert (done.status, "データファイルの横" in done.err) == (1, True)
    assert not (tmp_path / name).exists() or name.endswith("journal")


def test_a_data_file_that_was_cut_to_nothing_keeps_its_name(tmp_path: Path) -> None:
    """All that is left of it stands in its journal."""
    (tmp_path / "cut.db").touch()
    (tmp_path / "cut.db-journal").write_bytes(b"all that is left")
    with pytest.raises(Refused):
        output_file.write_file(tmp_path / "cut.db", b'{"id":"sim-1"}\n')


def fed(*ids: str) -> bytes:
    return b"".join(b'{"id":"%s","at":"2026-09-14T09:00:00+09:00","kind":"day.closed"}\n' % x.encode() for x in ids)


FEEDS = (fed("sim-a"), fed("sim-b", "sim-c"))
TABLES_AND_DOCUMENTS = {
    "table": (b"\xef\xbb\xbfstaff,item\r\nS1,a\r\n", b"\xef\xbb\xbfstaff,item,done_on\r\n"),
    "document": (b'{"day":1,"head":{}}', b'{"day":2,"head":{},"more":3}'),
}


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"", FEEDS[0]), FEEDS, *TABLES_AND_DOCUMENTS.values()],
    ids=["empty", "feed", *TABLES_AND_DOCUMENTS],
)
def test_its_own_kind_is_replaced_with_the_rights_it_had(
    tmp_path: Path, written: WrittenFiles, old: bytes, new: bytes
) -> None:
    target, link = tmp_path / "there", tmp_path / "link"
    written.note([old])
    target.write_bytes(old)
    target.chmod(0o640)
    link.symlink_to(target)
    output_file.write_file(link, new, written=written)
    assert target.read_bytes() == new
    assert target.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link", "there"]


PERSONS_WORK = {
    "a column more": (b"\xef\xbb\xbfstaff,item,done_on,mine\r\nS1,a,,x\r\n", TABLES_AND_DOCUMENTS["table"][1]),
    "a table of one's own": (b"staff,item,done_on\nS99,a,2026-09-01\n", TABLES_AND_DOCUMENTS["table"][1]),
    "no line yet": (b"staff,item,done_on\n", TABLES_AND_DOCUMENTS["table"][1]),
    "a document": (b'{"day":"mine"}', TABLES_AND_DOCUMENTS["document"][1]),
    "a line between": (fed("sim-a", "m1-1", "sim-b"), FEEDS[1]),
    "a line that is no fact": (fed("sim-a") + b'{"id":"sim-office-1","note":"my"}\n', FEEDS[1]),
    "no kind": (b'{"id":"sim-office-1","note":"my"}\n', FEEDS[1]),
    "no line": (b"\n\n", FEEDS[1]),
}


@pytest.mark.parametrize(("old", "new"), PERSONS_WORK.values(), ids=PERSONS_WORK)
def test_what_only_looks_like_its_own_kind_stays(tmp_path: Path, written: WrittenFiles, old: bytes, new: bytes) -> None:
    target = tmp_path / "there"
    target.write_bytes(old)
    with pytest.raises(Refused, match="名前を変えるか"):
        output_file.write_file(target, new, written=written)
    assert target.read_bytes() == old


def test_documents_are_replaced_until_somebody_has_changed_them(hall: Path, tmp_path: Path) -> None:
    """After a late fact, in a folder that was moved, and never with a word changed by hand."""
    out = tmp_path / "out"
    assert run("export", "--out", out, db=hall, now=NOW).status == 0
    run("do", "ticket.issued", "service=cert_renewal", db=hall, now="2026-09-14T09:30")
    out.rename(tmp_path / "moved")
    out = tmp_path / "moved"
    before = contents(out)
    assert run("export", "--out", out, db=hall, now=NOW).status == 0
    assert contents(out) != before
    for name in ("csv/tickets.csv", f"records_{DAY}.json"):
        place = out / DAY / name
        ours = place.read_bytes()
        place.write_bytes(ours.replace(b"B", b"C").replace(b'"day"', b'"day" '))
        run("do", "ticket.issued", "service=cert_renewal", db=hall, now="2026-09-14T09:40")
        edited = contents(out)
        refused = run("export", "--out", out, db=hall, now=NOW)
        assert (refused.status, contents(out)) == (1, edited) and "フォルダーの名前を変えるか" in refused.err
        place.write_bytes(ours)
        assert run("export", "--out", out, db=hall, now=NOW).status == 0
    if os.name != "nt":
        assert (tmp_path / "floor.db.written").stat().st_mode & 0o077 == 0


def test_digests_that_cannot_be_noted_are_said_and_stop_nothing(hall: Path, tmp_path: Path) -> None:
    (tmp_path / "floor.db.written").mkdir()
    done = run("export", "--out", tmp_path / "out", db=hall, now=NOW)
    assert (done.status, "floor.db.written に書けません" in done.err) == (0, True)
    assert (tmp_path / "out" / DAY / f"records_{DAY}.json").exists()


OF_A_DATA_FILE = [
    "floor.db.heads", "FLOOR.DB.Heads", "floor.db.written", "floor.db.site", "floor.db-wal", "floor.db-SHM", "x.db.heads. ",
    "floor-before-restore-20260914-173000.db", ".floor.db.lock", ".floor.db.12-34.copy", ".floor.db.1.new",
    "backups/floor-a.db", "Backups/floor-B.db", "studies/floor.json",
]  # fmt: skip


@pytest.mark.parametrize("name", OF_A_DATA_FILE)
def test_no_output_takes_a_name_of_a_data_file(hall: Path, tmp_path: Path, name: str) -> None:
    """By name, and by a link that leads to it; whether it is there or not."""
    place, link = tmp_path / name, tmp_path / "link"
    place.parent.mkdir(exist_ok=True)
    link.symlink_to(place)
    for target in (place, link):
        for args in (
            ["simulate", "--date", DAY, "--seed", "1", "-o"],
            ["register", "export", "devices", "--out"],
            ["backup"],
        ):
            done = run(*args, target, db=hall, now=NOW)
            assert (done.status, "データファイルの横で使う名前" in done.err) == (1, True), (args, done)
    assert not place.exists() and link.is_symlink()


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()], ids=["full", "Ctrl-C"])
def test_nothing_is_left_of_what_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    (tmp_path / "x.jsonl").write_bytes(FEEDS[0])

    def fail(_: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((FloorctlError, KeyboardInterrupt)):
        output_file.write_file(tmp_path / "x.jsonl", FEEDS[1])
    assert contents(tmp_path) == {"x.jsonl": FEEDS[0]}


def test_a_disk_that_is_full_leaves_nothing_of_a_real_run(tmp_path: Path) -> None:
    """A limit on the size of files stands for it; bytecode that it would cut short must not stay."""
    done = subprocess.run(
        [sys.executable, "-m", "floorctl", "simulate", "--date", DAY, "--seed", "1", "-o", "x.jsonl"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(Path(output_file.__file__).parents[1])},
        preexec_fn=lambda: (resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)),
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_devices_and_pipes_take_it_as_it_comes(tmp_path: Path) -> None:
    for device in ("/dev/null", "/dev/full"):
        before = Path(device).stat()
        done = run("simulate", "--date", DAY, "--seed", "1", "-o", device)
        assert done.status == (device == "/dev/full")
        assert (Path(device).stat().st_rdev, Path(device).stat().st_ino) == (before.st_rdev, before.st_ino)
    assert run("simulate", "--date", DAY, "--seed", "1", "-o", "/dev/stdout").raw.startswith(b'{"id":"sim-')
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert run("simulate", "--date", DAY, "--seed", "1", "-o", pipe).status == 1  # nobody reads
    held: list[bytes] = []
    reader = threading.Thread(target=lambda: held.append(pipe.read_bytes()))
    reader.start()
    while run("simulate", "--date", DAY, "--seed", "1", "-o", pipe).status:
        pass
    reader.join()
    assert held[0].endswith(b'"kind":"day.closed"}\n')
    assert pipe.is_fifo()


def test_paths_that_lead_nowhere_are_one_sentence(hall: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for place in (loop, tmp_path / ("x" * 300), hall / "below", tmp_path / "a\0b"):
        for args in (
            ["simulate", "--date", DAY, "--seed", "1", "-o", place],
            ["register", "export", "devices", "--out", place],
            ["backup", place],
            ["restore", place],
            ["export", "--out", place],
            ["ingest", place],
            ["study", place],
            ["backtest", place],
            ["roster", "import", place],
            ["close", "--answers", place],
        ):
            done = run(*args, db=hall, now=NOW)
            assert done.status in (1, 2), (args, done)
            assert len(done.err.splitlines()) == 1, (args, done)
        assert run("status", db=place, now=NOW).status in (2, 3)
        site = run("--site", place, "status", db=hall, now=NOW)
        assert (site.status, len(site.err.splitlines())) == (2, 1)
    assert loop.is_symlink()


# ---- partitions: a set is there or not

KILLED = """
import os, signal, sys
import floorctl.__main__ as m
at, seen = int(sys.argv.pop(1)), 0
def watched(name):
    real = getattr(os, name)
    def act(*args, **more):
        global seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    setattr(os, name, act)
for name in ("replace", "unlink", "mkdir"):
    watched(name)
m.main()
"""


def lake(folder: Path) -> dict[str, bytes]:
    return {t: p.read_bytes() for t in TABLES if (p := folder / t / "site=kumagaya" / f"day={DAY}" / FILE).exists()}


def test_a_killed_export_of_partitions_shows_a_whole_day_or_none(hall: Path, tmp_path: Path) -> None:
    """Whoever reads the days that ``days`` has (docs/head_office.md) sees all tables of one state of the facts."""
    pytest.importorskip("pyarrow")
    args = ["--db", str(hall), "--now", NOW, "export", "--format", "parquet", "--date", DAY, "--out"]
    env = {**os.environ, "PYTHONPATH": str(Path(output_file.__file__).parents[1])}
    run(*args[4:], tmp_path / "old", db=hall, now=NOW)
    run("do", "ticket.issued", "service=cert_renewal", db=hall, now="2026-09-14T09:30")
    run(*args[4:], tmp_path / "new", db=hall, now=NOW)
    old, new = lake(tmp_path / "old"), lake(tmp_path / "new")
    assert len(old) == len(new) == len(TABLES)
    assert len([t for t in old if old[t] != new[t]]) > 2
    seen = set()
    for at in (5, 16, 17, 20, 21, 60):
        out = tmp_path / f"at{at}"
        subprocess.run(["cp", "-r", tmp_path / "old", out], check=True)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(at), *args, str(out)], env=env, check=False, capture_output=True
        )
        held = lake(out)
        state = "none" if SEAL not in held else "old" if held == old else "new" if held == new else "mixed"
        assert state != "mixed", at
        seen.add((state, done.returncode == -signal.SIGKILL))
        run(*args[4:], out, db=hall, now=NOW)
        assert lake(out) == new
    assert {("old", True), ("none", True)} <= seen


def test_kept_studies_replace_nothing_but_kept_studies(hall: Path) -> None:
    run("do", "ticket.issued", "service=cert_renewal", db=hall, now="2026-09-14T09:30")
    place = hall.parent / "studies" / "floor.json"
    place.parent.mkdir()
    place.write_text("大事な表", encoding="utf-8")
    month = ["export", "--month", "2026-09", "--out", hall.parent / "out"]
    assert run(*month, db=hall, now="2026-09-15T10:00").status == 0
    assert place.read_text(encoding="utf-8") == "大事な表"
    place.unlink()
    assert run(*month, db=hall, now="2026-09-15T10:00").status == 0
    assert place.exists(), "nothing is kept: nothing is tested"
