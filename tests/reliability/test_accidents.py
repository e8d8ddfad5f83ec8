"""Accidents of the disk and of the PC: each ends in one Japanese sentence with what to do, and an intact file."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from floorctl.common.data_file_names import HEADS
from floorctl.common.errors import FloorctlError, StoreError
from floorctl.database import network_share as places
from floorctl.models.board.alerts import alerts
from floorctl.models.site.site import Site
from floorctl.usecases.closing import close
from floorctl.usecases.doctor import examine
from tests.contract.contract_cli import JAPANESE, Result, run
from tests.reliability import days, disk
from tests.reliability.cuts import memory
from tests.reliability.disk import Disk, Step
from tests.story import MONDAY, Desk, busy_day

HOOKED = pytest.mark.skipif(not disk.available, reason="SQLite's file functions cannot be reached here")
POSIX = pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
NOW = "2026-09-14T12:00"
# Every way in which a command meets the file: it reads, writes, proves, copies.
VERBS: dict[str, list[str]] = {
    "status": ["status", "--json"],
    "log": ["log"],
    "doctor": ["doctor"],
    "do": ["do", "memo.written", "text=x"],
    "assign": ["assign", "T4", "certificate"],
    "close": ["close"],
    "duties": ["duties"],
    "incidents": ["incident", "list"],
    "backup": ["backup", "copy.db"],
}


@pytest.fixture
def path(tmp_path: Path, site: Site) -> Path:
    """A file of an open day with some facts."""
    desk = Desk(tmp_path / "floor.db", site)
    desk.opens()
    days.take_in(desk.session.store, site, busy_day(tickets=20))
    desk.close()
    return desk.path


def command(path: Path, verb: list[str], cwd: Path | None = None) -> Result:
    before = Path.cwd()
    os.chdir(cwd or path.parent)
    try:
        return run("--db", str(path), "--now", NOW, *verb)
    finally:
        os.chdir(before)


def one_sentence(said: str) -> str:
    """What happened and what to do, for a person, on one line."""
    assert said.count("\n") == 1 and said.endswith("。\n"), said
    assert JAPANESE.search(said)
    assert said.count("。") >= 2, f"what to do is not said: {said}"
    return said


# ---- a file that is not what it should be


def bit_flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    at = data.index(b"terminal.staffed") + 4
    data[at] ^= 0x20
    path.write_bytes(data)


def in_the_schema(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(b"CREATE TABLE event")] ^= 0x01
    path.write_bytes(data)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE customers (name)")


BAD: dict[str, Callable[[Path], object]] = {
    "0 bytes": lambda p: p.write_bytes(b""),
    "text": lambda p: p.write_text("窓口の覚え\n" * 100),
    "one byte": lambda p: p.write_bytes(b"S"),
    "its head alone": lambda p: p.write_bytes(p.read_bytes()[:100]),
    "cut short": lambda p: p.write_bytes(p.read_bytes()[:9000]),
    "the schema changed": in_the_schema,
    "newer": newer,
    "foreign": foreign,
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_used_is_said_by_every_command(
    path: Path, spoil: Callable[[Path], object], verb: list[str]
) -> None:
    spoil(path)
    before = path.read_bytes()
    result = command(path, verb)
    assert result.status == 3, result
    one_sentence(result.err)
    assert path.read_bytes() == before
    assert not (path.parent / "copy.db").exists()


def test_a_flipped_bit_in_a_fact_is_found_and_the_rest_can_be_read(path: Path) -> None:
    bit_flipped(path)
    before = path.read_bytes()
    result = command(path, VERBS["doctor"])
    assert result.status == 3 and "通し番号" in result.err
    for verb in ("log", "status"):
        result = command(path, VERBS[verb])
        assert result.status in (0, 3)
        assert "Traceback" not in result.err
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    for name, verb in VERBS.items():
        result = command(tmp_path / "none" / "floor.db", verb, tmp_path)
        assert result.status == (1 if name == "backup" else 3)
        assert "フォルダー" in one_sentence(result.err) or name == "backup"
    assert list(tmp_path.iterdir()) == []


# ---- 0 bytes beside its own journal


def journal_of(data: bytes, page_size: int, pages: int | None = None) -> bytes:
    """The journal of a transaction that has touched every page of a file of this content (sqlite.org/fileformat2, 3)."""
    count = len(data) // page_size
    nonce, sector = 0x1234, 512
    head = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + struct.pack(
        ">IIIII", count if pages is None else pages, nonce, count, sector, page_size
    )
    out = bytearray(head.ljust(sector, b"\0"))
    for n in range(count if pages is None else pages):
        page = data[n * page_size : (n + 1) * page_size]
        check = nonce + sum(page[at] for at in range(page_size - 200, 0, -200))
        out += struct.pack(">I", n + 1) + page + struct.pack(">I", check & 0xFFFFFFFF)
    return bytes(out)


def page_size(data: bytes) -> int:
    return int.from_bytes(data[16:18], "big")


@pytest.mark.parametrize("verb", [VERBS["status"], VERBS["do"]], ids=["reading", "writing"])
def test_a_file_of_0_bytes_beside_its_journal_is_played_back(path: Path, site: Site, verb: list[str]) -> None:
    """SQLite alone would throw the journal away and call the file empty."""
    data = path.read_bytes()
    before = examine(path, site)
    path.write_bytes(b"")
    Path(f"{path}-journal").write_bytes(journal_of(data, page_size(data)))
    result = command(path, verb)
    assert (result.status, result.err) == (0, ""), result
    after = examine(path, site, claimed=f"{before['head']['seq']}:{before['head']['hash']}")
    assert after["ok"] and after["facts"] == before["facts"] + (verb is VERBS["do"])
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in path.parent.iterdir() if p.name.endswith((".new", ".new-journal"))] == []


def test_a_journal_that_cannot_give_all_back_is_kept_and_said(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(b"")
    journal = Path(f"{path}-journal")
    journal.write_bytes(journal_of(data, page_size(data), pages=3))
    kept = journal.read_bytes()
    for name, verb in VERBS.items():
        result = command(path, verb)
        assert result.status == 3
        assert "backups" in one_sentence(result.err) or name == "backup"
        assert (path.read_bytes(), journal.read_bytes()) == (b"", kept)


def test_a_file_that_was_never_made_is_made(tmp_path: Path, site: Site) -> None:
    """The journal says that the file had no page before: whatever was making it was killed, and nothing is lost."""
    path = tmp_path / "floor.db"
    path.write_bytes(b"")
    Path(f"{path}-journal").write_bytes(journal_of(b"", 4096))
    assert command(path, VERBS["status"]).status == 0
    assert path.stat().st_size == 0, "reading makes nothing"
    assert command(path, VERBS["do"]).status == 0
    assert examine(path, site)["facts"] == 1


# ---- a share


@pytest.mark.parametrize(
    "where", [r"\\server\share\floor.db", "//server/share/floor.db", r"\\?\UNC\server\share\floor.db"]
)
def test_a_network_share_is_refused_by_every_command(tmp_path: Path, where: str) -> None:
    for verb in VERBS.values():
        result = command(Path(where), verb, tmp_path)
        assert result.status == 3
        assert "共有フォルダー" in one_sentence(result.err)
    assert list(tmp_path.iterdir()) == []


def test_what_is_a_share_and_what_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (r"C:\floor.db", r"\\?\C:\floor.db", "/srv/floor.db", "floor.db", "./a//b.db"):
        assert not places.is_unc(text)
    mounts = tmp_path / "mounts"
    monkeypatch.setattr(places, "_MOUNTS", mounts)
    real = Path(os.path.realpath(tmp_path))
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nnas:/x {real} nfs4 rw 0 0\n")
    with pytest.raises(StoreError, match="共有フォルダー"):
        places.refuse_share(tmp_path / "floor.db")
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nnas:/x {real} nfs4 rw 0 0\n/dev/b {real} ext4 rw 0 0\n")
    places.refuse_share(tmp_path / "floor.db")
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nnas:/x {real}/share cifs rw 0 0\n")
    places.refuse_share(tmp_path / "shared.db")
    mounts.unlink()
    places.refuse_share(tmp_path / "floor.db")


# ---- a disk that is full


@contextmanager
def full_after(folder: Path, steps: int) -> Iterator[list[bool]]:
    """The disk takes so many steps, then nothing that needs more room; ``[0] = False`` makes room. Each refusal adds one."""
    full = [True]

    def before(step: Step) -> int:
        path = Path(step.path)
        longer = step.kind == "write" and (not path.exists() or step.at + len(step.data) > path.stat().st_size)
        # What Python wrote is there already when it is made safe: it fails as a late ENOSPC does.
        safe = step.kind == "write" and ("reports" in step.path or step.path.endswith(HEADS))
        needs = longer or safe or step.kind in ("create", "mkdir")
        if not (full[0] and needs and seen.count > steps):
            return disk.OK
        full.append(True)
        return disk.FULL

    seen = Disk(folder, before, record=False)
    with seen.watched():
        yield full


@HOOKED
def test_a_disk_that_is_full_at_any_step_of_an_act_is_said_and_costs_nothing(path: Path, site: Site) -> None:
    said = set()
    for steps in range(0, 30, 2):
        before = examine(path, site)["head"]
        with full_after(path.parent, steps) as full:
            desk = Desk(path, site, "12:00")
            try:
                desk.does("memo.written", text="x")
            except StoreError as e:
                assert e.exit_status == 3
                said.add(e.sentence)
                assert desk.session.head()._asdict() == before
                full[0] = False
                desk.does("memo.written", text="x")  # the same desk goes on once there is room
            desk.close()
        report = examine(path, site, claimed=f"{before['seq']}:{before['hash']}")
        assert report["ok"] and report["head"]["seq"] == before["seq"] + 1
    assert len(said) == 1 and "ディスクの空きがありません" in said.pop()


@HOOKED
def test_a_disk_that_is_full_while_a_feed_is_taken_in(tmp_path: Path, site: Site) -> None:
    path, lines = tmp_path / "floor.db", busy_day(tickets=60)
    feed = tmp_path / "day.jsonl"
    feed.write_bytes(days.feed_of(lines))
    counting = Disk(tmp_path, record=False)
    with days.small_batches(), counting.watched():
        command(path, ["ingest", str(feed)])
    path.unlink()
    held = []
    for steps in (0, counting.count // 3, counting.count // 2):
        with days.small_batches(), full_after(tmp_path, steps):
            result = command(path, ["ingest", str(feed)])
        assert result.status == 3
        assert "空き" in one_sentence(result.err)
        if path.exists():
            report = examine(path, site)
            assert report["ok"] and report["facts"] % 40 == 0, "whole batches"
            held.append(report["facts"])
    assert held and held[-1] > 0
    result = command(path, ["ingest", str(feed), "--json"])
    assert result.json == {"accepted": len(lines) - held[-1], "duplicate": held[-1], "refused": 0}


@HOOKED
def test_a_disk_that_is_full_at_any_step_of_a_close(path: Path, site: Site) -> None:
    """The day is open, or closed; what could not be written is said, and closing again completes it."""
    shutil.copytree(path.parent, template := path.parent.with_name("template"))
    counting = Disk(path.parent, record=False)
    with counting.watched():
        desk = Desk(path, site, "17:30")
        close(desk.session, MONDAY)
        desk.close()
    whole = documents(path.parent)
    assert len(whole) == len(days.DOCUMENTS)
    outcomes = set()
    chance = random.Random(3)
    early, late = range(counting.count // 8), range(counting.count // 3, counting.count)
    for steps in [*chance.sample(early, 3), *chance.sample(late, 5)]:
        shutil.rmtree(path.parent)
        shutil.copytree(template, path.parent)
        with full_after(path.parent, steps) as full:
            desk = Desk(path, site, "17:30")
            try:
                done = close(desk.session, MONDAY)
                told = [done.trouble.sentence] if done.trouble else done.notes  # its head alone may be unnoted
                outcomes.add("closed")
            except StoreError as e:
                told = [e.sentence]
                outcomes.add("open")
                assert desk.floor.report_closed_at is None
            met = [said for said in told if "空き" in said or "作れません" in said or "一覧" in said]
            assert bool(met) == (len(full) > 1), (steps, told)
            assert set(documents(path.parent)) in (set(), set(whole)), "half a set of documents"
            full[0] = False
            assert close(desk.session, MONDAY).trouble is None
            desk.close()
        assert examine(path, site, full=True)["ok"]
        assert documents(path.parent) == whole
    assert outcomes == {"open", "closed"}


def documents(folder: Path) -> dict[str, bytes]:
    reports = folder / "reports"
    return {str(p.relative_to(reports)): p.read_bytes() for p in reports.rglob("*") if p.is_file()}


FAILS = {"write": 778, "sync": 1034, "truncate": 1546}  # SQLITE_IOERR_WRITE, _FSYNC, _TRUNCATE


@HOOKED
@pytest.mark.parametrize("kind", FAILS)
def test_a_disk_that_fails_once_is_said_and_what_is_said_is_so(path: Path, site: Site, kind: str) -> None:
    """At each of the steps of an act: the fact stands and its manager was told so, or it does not and was told so."""
    told = []
    for nth in range(1, 60):
        seen, before = [0], examine(path, site)["head"]["seq"]

        def fails(step: Step, seen: list[int] = seen, nth: int = nth) -> int:
            seen[0] += step.kind == kind
            return FAILS[kind] if step.kind == kind and seen[0] == nth else disk.OK

        with Disk(path.parent, fails, record=False).watched():
            desk = Desk(path, site, "12:00")
            sentence = ""
            try:
                desk.does("memo.written", text="x")
            except StoreError as e:
                sentence = e.sentence
            desk.close()
        report = examine(path, site)
        assert report["ok"]
        stands = report["head"]["seq"] == before + 1
        assert stands == (not sentence or "書きましたが" in sentence), (nth, sentence)
        if seen[0] < nth:
            break
        told.append(sentence)
    assert all(told) and len(told) == {"write": len(told), "sync": 4, "truncate": 1}[kind]
    assert kind != "sync" or "確かめられません" in told[-1]


# ---- a file or a folder that may not be written


@contextmanager
def anybody() -> Iterator[None]:
    """For root everything may be written: the test is done as somebody else."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def theirs(path: Path, site: Site) -> Iterator[Path]:
    """The file in a folder that anybody may enter, owned by the one who tries."""
    folder = Path(tempfile.mkdtemp(dir=memory()))
    copy = folder / "floor.db"
    shutil.copy(path, copy)
    for p in (folder, copy):
        with suppress(PermissionError):
            os.chown(p, 65534 if os.geteuid() == 0 else os.getuid(), -1)
    # Whatever a command imports late is imported now: somebody else may not read this Python's folders.
    for verb in VERBS.values():
        command(path, verb)
    yield copy
    folder.chmod(0o700)
    shutil.rmtree(folder)


@POSIX
@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_what_may_not_be_written_is_said_and_can_be_read(theirs: Path, what: str) -> None:
    before = theirs.read_bytes()
    if what != "folder":
        theirs.chmod(0o400)
    if what != "file":
        theirs.parent.chmod(0o500)
    with anybody():
        assert command(theirs, VERBS["status"], Path("/")).status == 0
        assert command(theirs, VERBS["log"], Path("/")).status == 0
        assert command(theirs, VERBS["doctor"], Path("/")).status == 0
        for verb in ("do", "assign", "close"):
            result = command(theirs, VERBS[verb], Path("/"))
            assert result.status == 3, (verb, result)
            assert "書き込みが許されていません" in one_sentence(result.err)
    assert theirs.read_bytes() == before


@POSIX
def test_a_new_file_in_a_folder_that_may_not_be_written(theirs: Path) -> None:
    theirs.unlink()
    theirs.parent.chmod(0o500)
    with anybody():
        result = command(theirs, VERBS["do"], Path("/"))
    assert result.status == 3
    assert "書き込みが許されていません" in one_sentence(result.err)
    assert list(theirs.parent.iterdir()) == []


@POSIX
def test_a_file_that_may_not_be_read(theirs: Path) -> None:
    theirs.chmod(0)
    with anybody():
        for verb in ("status", "log", "doctor", "do"):
            result = command(theirs, VERBS[verb], Path("/"))
            assert result.status == 3, (verb, result)
            one_sentence(result.err)


# ---- the clock of the PC


def test_a_clock_that_is_moved_back_changes_no_order_and_is_said(path: Path, site: Site) -> None:
    desk = Desk(path, site, "12:00")
    odd = dict(desk.floor.anomalies)
    (issued,) = desk.does("ticket.issued", service="cert_renewal")
    number = issued.fact.ticket  # type: ignore[attr-defined]
    desk.does("ticket.called", ticket=number, terminal=free(desk))
    desk.at("09:30")  # two and a half hours back
    called = desk.floor.tickets[number]
    desk.does("ticket.finished", ticket=number, terminal=called.terminal)
    facts = [e.fact.at for e in desk.facts() if getattr(e.fact, "ticket", None) == number]
    assert facts == sorted(facts), "a finish is never before its call"
    assert desk.floor.tickets[number].state == "finished"
    assert desk.floor.anomalies == odd
    told = alerts(desk.floor, desk.session.register(), desk.session.info(MONDAY), desk.clock())
    (behind,) = [a for a in told if a.code == "clock_behind"]
    assert behind.key == "F12" and "先" in behind.text
    desk.close()
    assert examine(path, site)["ok"]


def free(desk: Desk) -> str:
    return next(t for t in ("T3", "T4", "T5", "T6", "T7") if desk.floor.state(t) in ("free",))


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=400), timedelta(days=-4000)], ids=str)
def test_a_clock_that_jumps_to_another_day_finds_its_way_back(path: Path, site: Site, jump: timedelta) -> None:
    """What is recorded on the wrong day stands there; with the right time the day goes on as it was."""
    desk = Desk(path, site, "12:00")
    before = len(desk.floor.entries)
    desk.clock.at += jump
    with suppress(FloorctlError):
        desk.does("memo.written", text="時計が違う")
    desk.at("12:05", MONDAY)
    desk.does("memo.written", text="時計を直した")
    assert len(desk.floor.entries) == before + 1
    assert desk.floor.is_open
    desk.close()
    assert examine(path, site, full=True)["ok"]
