"""Contract 1: the options before the command, exit statuses, the database file."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from contract_cli import DAY, JAPANESE, ROOT, at, refuses, run
from contract_facts import called, finished, issued, jsonl, opened
from contract_steps import do, facts_in, feed, ingest, status, try_to
from contract_words import MY_NUMBER

READING = [
    ("status", "--json"),
    ("status",),
    ("log", "--json"),
    ("log",),
    ("incident", "list", "--json"),
    ("incident", "list"),
    ("doctor", "--json"),
]
WRITING = [
    ("do", "memo.written", "text=x"),
    ("incident", "add", "--category", "other", "--summary", "x"),
    ("ingest", "-"),
    ("assign", "T3", "issuance"),
]


def a_busy_file(db: Path) -> None:
    """Some hundred facts, so that the file has many pages."""
    facts = [opened()]
    for n in range(1, 150):
        clock = f"{9 + n // 40:02}:{n % 40 + 10:02}"
        facts += [issued("08:40", f"B{n:03}"), called(clock, f"B{n:03}"), finished(clock + ":30", f"B{n:03}")]
    feed(db, *facts)


def written_files(db: Path) -> list[str]:
    """The files in the database's folder that hold anything; SQLite leaves a journal of 0 bytes beside it."""
    return sorted(p.name for p in db.parent.iterdir() if p.is_file() and p.stat().st_size)


# ---- --db ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [*READING, ("export",), ("calendar", "--from", DAY, "--to", DAY)])
def test_reading_a_missing_file_creates_nothing(db: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    """«Reading commands on a file that does not exist behave as on an empty one and create nothing.»"""
    out = ["--out", str(tmp_path / "out")] if command[0] == "export" else []
    assert run(*command, *out, db=db, now="10:00").status == 0
    assert list(db.parent.iterdir()) == []


def test_a_missing_file_reads_as_an_empty_one(db: Path) -> None:
    """«Reading commands on a file that does not exist behave as on an empty one.»"""
    assert status(db, "10:00")["open"] is False
    assert run("log", "--json", db=db).json == []
    assert run("incident", "list", "--json", db=db).json == []
    assert facts_in(db) == 0


@pytest.mark.parametrize("command", [c for c in WRITING if c[0] != "assign"])
def test_writing_commands_create_the_file(db: Path, command: tuple[str, ...]) -> None:
    """«Writing commands create it.»"""
    assert run(*command, db=db, now="10:00", stdin=jsonl(opened())).status == 0
    assert written_files(db) == ["floor.db"]
    assert facts_in(db) == 1


def test_the_database_from_the_environment(db: Path) -> None:
    """«`--db` (or `FLOORCTL_DB`)»"""
    assert run("do", "memo.written", "text=x", now="10:00", FLOORCTL_DB=str(db)).status == 0
    assert facts_in(db) == 1


def foreign(db: Path) -> None:
    connection = sqlite3.connect(db)
    connection.execute("create table notes (text)")
    connection.execute("pragma application_id = 77")
    connection.commit()
    connection.close()


def foreign_without_a_mark(db: Path) -> None:
    connection = sqlite3.connect(db)
    connection.execute("create table event (id)")
    connection.commit()
    connection.close()


def newer(db: Path) -> None:
    do(db, "10:00", "memo.written", "text=x")
    connection = sqlite3.connect(db)
    connection.execute("pragma user_version = 9999")
    connection.commit()
    connection.close()


def damaged_first_page(db: Path) -> None:
    a_busy_file(db)
    data = bytearray(db.read_bytes())
    data[100:2000] = b"\xff" * 1900
    db.write_bytes(data)


def damaged_pages(db: Path) -> None:
    a_busy_file(db)
    data = bytearray(db.read_bytes())
    data[4096:] = b"\x55" * (len(data) - 4096)
    db.write_bytes(data)


def nothing_in_it(db: Path) -> None:
    db.write_bytes(b"")


def text(db: Path) -> None:
    db.write_text("これはデータベースではありません\n" * 500)


def folder(db: Path) -> None:
    db.mkdir()


@pytest.mark.parametrize("command", [*READING, *WRITING], ids=" ".join)
@pytest.mark.parametrize(
    "spoil",
    [foreign, foreign_without_a_mark, newer, damaged_first_page, damaged_pages, nothing_in_it, text, folder],
)
def test_a_file_that_cannot_be_used(db: Path, spoil, command: tuple[str, ...]) -> None:
    """«3 the database file cannot be used (foreign, newer, damaged, folder missing)»; «nothing is ever half done»."""
    spoil(db)
    before = None if db.is_dir() else db.read_bytes()
    result = run(*command, db=db, now="10:00", stdin=jsonl(opened()))
    assert result.status == 3, result
    assert JAPANESE.search(result.err)
    if command[0] != "doctor":  # whose finding is a document of its own
        refuses(result, 3)
    assert before is None or db.read_bytes() == before
    assert written_files(db) == ([] if spoil in (nothing_in_it, folder) else ["floor.db"])


@pytest.mark.parametrize("command", [*READING, *WRITING], ids=" ".join)
def test_a_missing_folder(tmp_path: Path, command: tuple[str, ...]) -> None:
    """«3 the database file cannot be used (…, folder missing)»"""
    result = run(*command, db=tmp_path / "nowhere" / "floor.db", now="10:00", stdin=jsonl(opened()))
    assert result.status == 3, result
    assert JAPANESE.search(result.err)
    assert list(tmp_path.iterdir()) == []


# ---- --site ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def another_site(tmp_path: Path) -> Path:
    """Kumagaya with its eighth terminal called X8."""
    site = tmp_path / "another.toml"
    site.write_text((ROOT / "data" / "kumagaya.toml").read_text("utf-8").replace('"T8"', '"X8"'), "utf-8")
    return site


@pytest.mark.parametrize("by_option", [True, False])
def test_codes_come_from_the_site_file(db: Path, another_site: Path, by_option: bool) -> None:
    """«Codes of services, lanes, terminals … come from the site file and are checked against it»; FLOORCTL_SITE."""
    before = ["--site", str(another_site)] if by_option else []
    env = {} if by_option else {"FLOORCTL_SITE": str(another_site)}
    lines = jsonl(issued("09:00", "B001"), called("09:01", "B001", "T8"), called("09:01", "B001", "X8"))
    result = run(*before, "ingest", "-", "--json", db=db, stdin=lines, **env)
    assert result.json == {"accepted": 2, "duplicate": 0, "refused": 1}
    document = run(*before, "status", "--json", db=db, now="09:02", **env).json
    assert [t["terminal"] for t in document["terminals"]][7] == "X8"
    assert ingest(db, jsonl(called("09:03", "B001", "X8"))).json["refused"] == 1, "the site shipped knows no X8"


@pytest.mark.parametrize("content", [None, "code = [\n", 'code = "x"\n'])
def test_a_site_file_that_cannot_be_read(db: Path, tmp_path: Path, content: str | None) -> None:
    """«1 refused or failed …, one plain Japanese sentence (what, why, what to do) on stderr, no traceback»"""
    site = tmp_path / "site.toml"
    if content is not None:
        site.write_text(content)
    result = run("--site", str(site), "status", db=db)
    assert result.status in (1, 2), result
    assert JAPANESE.search(result.err)
    assert result.out == ""


# ---- exit statuses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("frobnicate",),
        ("status", "--frobnicate"),
        ("assign", "T3"),
        ("do",),
        ("do", "terminal.paused", "T3"),
        ("ingest", "a", "b"),
        ("incident",),
        ("incident", "add", "--category", "other"),
        ("calendar", "--from", DAY),
        ("calendar", "--from", DAY, "--to", "2026-13-01"),
        ("log", "--date", "today"),
        ("export", "--date", "2026-02-30"),
        ("simulate", "--date", DAY),
        ("simulate", "--date", DAY, "--seed", "1", "--volume", "huge"),
        ("simulate", "--date", DAY, "--seed", "one"),
        ("--now", "soon", "status"),
        ("--now", "2026-09-14", "status"),
        ("--now",),
    ],
    ids=" ".join,
)
def test_wrong_usage(db: Path, command: tuple[str, ...]) -> None:
    """«2 wrong usage»"""
    assert not refuses(run(*command, db=db), 2).isascii()
    assert not db.exists()


@pytest.mark.parametrize(
    "command",
    [
        ("assign", "T9", "issuance"),
        ("assign", "T3", "kitchen"),
        ("do", "terminal.paused", "terminal=T9"),
        ("do", "ticket.called", "ticket=B777", "terminal=T3"),
        ("ingest", "no-such-file.jsonl"),
        ("ingest", "."),
        ("simulate", "--date", "2026-09-13", "--seed", "1"),
        ("console",),
        ("demo",),
        (),
    ],
    ids=" ".join,
)
def test_refusals(db: Path, command: tuple[str, ...]) -> None:
    """«1 refused or failed (a rule, an unknown terminal, a missing feed), one plain Japanese sentence on stderr»"""
    feed(db, opened())
    refuses(run(*command, db=db, now="10:00"))
    assert facts_in(db) == 1


def test_console_needs_a_terminal(db: Path) -> None:
    """«Needs a terminal; without one: exit 1 and a sentence»"""
    assert "端末" in refuses(run(db=db)) + refuses(run("console", db=db))
    assert not db.exists()


def test_a_refused_act_changes_nothing(db: Path) -> None:
    """«Nothing is ever half done.»"""
    feed(db, opened(), issued("09:00", "B001"))
    before = db.read_bytes()
    refuses(try_to(db, "10:00", "ticket.called", "ticket=B001", "terminal=T9"))
    refuses(try_to(db, "10:00", "terminal.paused", "terminal=T3", reason=f"番号 {MY_NUMBER}"))
    assert db.read_bytes() == before
    assert written_files(db) == ["floor.db"]


def test_a_copied_file_is_the_whole_file(db: Path, tmp_path: Path) -> None:
    """«`--db`: the one SQLite file»: nothing of it stands beside it."""
    feed(db, opened(), issued("09:00", "B001"))
    copy = tmp_path / "copy.db"
    shutil.copy(db, copy)
    assert status(copy, "10:00") == status(db, "10:00")


# ---- help ------------------------------------------------------------------------------------------------------------

COMMANDS = [
    (),
    ("console",),
    ("demo",),
    ("rehearse",),
    ("simulate",),
    ("ingest",),
    ("status",),
    ("assign",),
    ("do",),
    ("incident",),
    ("incident", "add"),
    ("incident", "list"),
    ("export",),
    ("log",),
    ("calendar",),
    ("doctor",),
]
BOILERPLATE = ["Usage", "Options", "Commands", "Arguments", "Show this", "Show the", "default", "required", "OPTIONS"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_japanese_at_every_level(command: tuple[str, ...]) -> None:
    """«`--help` at every level in Japanese»"""
    result = run(*command, "--help")
    assert result.status == 0
    assert JAPANESE.search(result.out)
    assert [word for word in BOILERPLATE if word in result.out] == []


@pytest.mark.parametrize("command", [c for c in COMMANDS if c], ids=" ".join)
def test_help_explains_every_option(command: tuple[str, ...]) -> None:
    """«`--help` at every level in Japanese»: each option with a word of Japanese."""
    lines = [line.strip() for line in run(*command, "--help").out.splitlines()]
    told = " ".join(lines)
    for line in (line for line in lines if line.startswith("-")):
        after = told[told.index(line) :].split(" -", 1)[0]
        assert JAPANESE.search(after), line


def test_help_names_every_command() -> None:
    """The table of commands."""
    out = run("--help").out
    assert [c[0] for c in COMMANDS if c and f" {c[0]} " not in out] == []


def test_version() -> None:
    """«`--version`»"""
    result = run("--version")
    assert result.status == 0
    assert any(part[:1].isdigit() and "." in part for part in result.out.split())


# ---- zones -----------------------------------------------------------------------------------------------------------


def test_a_time_without_offset_is_tokyo(db: Path) -> None:
    """«A time without offset in an option is Asia/Tokyo.»"""
    assert status(db, f"{DAY}T10:05:00")["now"] == at("10:05")
    assert status(db, f"{DAY}T01:05:00+00:00")["day"] == DAY


def test_a_business_day_is_a_date_in_tokyo(db: Path) -> None:
    """«A business day is a date in Asia/Tokyo»"""
    assert status(db, "2026-09-13T15:00:00+00:00")["day"] == DAY
    assert status(db, "2026-09-13T14:59:59+00:00")["day"] == "2026-09-13"
    feed(db, issued("2026-09-13T23:50:00Z", "B001"), issued("2026-09-14T11:59:00-03:00", "B002"))
    assert [x["data"]["ticket"] for x in run("log", "--date", DAY, "--json", db=db).json] == ["B001", "B002"]
