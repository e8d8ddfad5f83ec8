"""kill -9 at any moment of a close: the day is open and nothing is there, or a second run leaves everything done.

A helper process loads floorctl once and forks for every close; a fork counts what it does to the disk (statements of
SQLite, files written, synced, renamed) and kills itself at the n-th, before it or right after. What happens inside
SQLite's own writes is met by a limit on the size of files whose signal kills.

``KILL_POINTS=all`` takes every moment, ``KILL_POINTS=200`` so many; without it a few.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from floorctl.database.store import Store
from floorctl.models.site.site import Site
from floorctl.usecases.doctor import examine
from tests.contract.contract_words import TOPICS_AND_CARDS
from tests.story import a_day

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system knows no fork")

ROOT = Path(__file__).parents[2]
DAY = "2026-09-14"
FEW = 4
ANSWERS = f"""
problems = "昼に待ち時間が延びた"
remarks = "特になし"
inquiries = ["予約の取り方"]
[totals]
photo = 1
furigana_print = 0
{TOPICS_AND_CARDS}"""
HELPER = """
import contextlib, io, json, os, resource, signal, sqlite3, sys
import floorctl.usecases.closing, floorctl.documents.day.export, floorctl.cli.closing, floorctl.commands.decide, xlsxwriter
from floorctl.cli.main import main

FILES = ("fsync", "rename", "replace", "mkdir", "unlink", "link", "rmdir")
at = seen = committed = 0

def moment():
    global seen
    seen += 1
    if seen == at:
        os.kill(os.getpid(), signal.SIGKILL)

def watched(function):
    def wrapped(*args, **more):
        global committed
        if args[1:2] == ("COMMIT",):
            committed = committed or seen + 1
        moment()
        try:
            return function(*args, **more)
        finally:
            moment()
    return wrapped

class Connection(sqlite3.Connection):
    execute, executemany = watched(sqlite3.Connection.execute), watched(sqlite3.Connection.executemany)
    close = watched(sqlite3.Connection.close)

connect = sqlite3.connect
sqlite3.connect = lambda *args, **more: connect(*args, factory=Connection, **more)
for name in FILES:
    setattr(os, name, watched(getattr(os, name)))

def run(job):
    global at
    at = job["at"]
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    with open(job["said"], "w") as said:
        os.dup2(said.fileno(), 2)
    if job["size"]:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["size"], job["size"]))
    status = 0
    try:
        main(job["argv"])
    except SystemExit as leaving:
        status = leaving.code or 0
    with open(job["count"], "w") as count:
        count.write(f"{committed} {seen}")
    os._exit(status)

with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(json.loads(sys.stdin.readline()))
print(committed, flush=True)
committed = seen = 0
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        run(json.loads(line))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Closer:
    """Closes the day of a folder, maybe killed on the way.

    The helper first closes the day of ``sample`` itself: what a close loads is loaded once, not in every fork.
    """

    def __init__(self, scratch: Path, sample: Path) -> None:
        self.scratch = scratch
        self.process = subprocess.Popen(
            [sys.executable, "-c", HELPER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(self._argv(sample, "17:30")) + "\n")
        self.process.stdin.flush()
        assert int(self.process.stdout.readline()) > 0, "the sample was not closed"

    @staticmethod
    def _argv(folder: Path, now: str) -> list[str]:
        named = ["--db", str(folder / "floor.db"), "--now", f"{DAY}T{now}:00+09:00"]
        return [*named, "close", "--out", str(folder / "out"), "--answers", str(folder / "answers.toml")]

    def run(self, folder: Path, *, at: int = 0, size: int = 0, now: str = "17:30") -> int:
        """The exit status, negative where a signal ended it. ``at``: the moment of the kill; ``size``: of the largest file."""
        assert self.process.stdin and self.process.stdout
        (self.scratch / "count").unlink(missing_ok=True)
        job = {"argv": self._argv(folder, now), "at": at, "size": size}
        job |= {"said": str(self.scratch / "said"), "count": str(self.scratch / "count")}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def moments(self) -> tuple[int, int]:
        """Of the last run, which was not killed: the moment before the day was closed, and how many there were."""
        committed, seen = map(int, (self.scratch / "count").read_text().split())
        return committed, seen

    def said(self) -> str:
        return (self.scratch / "said").read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def unclosed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file whose day is to be closed for the first time."""
    folder = tmp_path_factory.mktemp("unclosed")
    story = a_day().opens("08:25")
    for n in range(1, 61):
        at = f"{8 + n // 10}:{n % 10 * 5:02d}"
        story.issues(f"B{n:03d}", at=at).calls(f"B{n:03d}", at=f"{at}:20").finishes(
            f"B{n:03d}", at=f"{at}:50", work={"photo": 1}
        )
    feed = folder / "day.jsonl"
    feed.write_bytes(story.feed())
    (folder / "answers.toml").write_text(ANSWERS, encoding="utf-8")
    command = [sys.executable, "-m", "floorctl", "--db", str(folder / "floor.db"), "ingest", str(feed)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def closer(unclosed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closer]:
    sample = tmp_path_factory.mktemp("sample") / "day"
    shutil.copytree(unclosed, sample)
    found = Closer(tmp_path_factory.mktemp("closer"), sample)
    yield found
    assert found.process.stdin
    found.process.stdin.close()
    found.process.wait(timeout=20)


@pytest.fixture(scope="module")
def reopened(unclosed: Path, closer: Closer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents and a backup of the first close, and a day that was reopened and has more to say."""
    folder = tmp_path_factory.mktemp("reopened") / "day"
    shutil.copytree(unclosed, folder)
    assert closer.run(folder) == 0
    for kind, field in (("day.reopened", "reason=追記"), ("work.counted", "item=photo")):
        command = ["--db", str(folder / "floor.db"), "--now", f"{DAY}T17:40:00+09:00", "do", kind, field]
        subprocess.run([sys.executable, "-m", "floorctl", *command], cwd=ROOT, check=True, capture_output=True)
    (folder / "answers.toml").write_text(ANSWERS.replace("昼に", "夕方に"), encoding="utf-8")
    return folder


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Through a connection that may roll a killed writer's journal back, as every reader of floorctl's does."""
    conn = sqlite3.connect(path)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def documents(folder: Path) -> dict[str, bytes]:
    """What a person sees in the folder of documents: names with a dot before them are in the making."""
    found = {p.relative_to(folder / "out"): p for p in (folder / "out").rglob("*") if p.is_file()}
    return {
        str(name): p.read_bytes() for name, p in found.items() if not any(part.startswith(".") for part in name.parts)
    }


def left(folder: Path) -> list[Path]:
    """What a killed process has left in the folder of documents."""
    return [p for p in (folder / "out").rglob(".*") if p.exists()] + list(folder.glob("out/.*"))


def whole(folder: Path, before: Path, after: Path) -> None:
    """After a kill: every document is the old one or the new one, and the day open as before or closed as after."""
    old, new = documents(before), documents(after)
    for name, data in documents(folder).items():
        assert data in (old.get(name), new[name]), name
    if not old:
        assert documents(folder).keys() in (set(), new.keys()), "a new folder appears whole"
    facts, tables = rows(folder / "floor.db", "SELECT * FROM event"), rows(folder / "floor.db", "SELECT * FROM days")
    closed = (rows(after / "floor.db", "SELECT * FROM event"), rows(after / "floor.db", "SELECT * FROM days"))
    if facts == rows(before / "floor.db", "SELECT * FROM event"):
        assert tables == rows(before / "floor.db", "SELECT * FROM days")
        assert documents(folder) == old
    else:
        assert (facts, tables) == closed


def done(folder: Path, after: Path, site: Site) -> None:
    """Everything is as it is after a close that nobody disturbed."""
    path = folder / "floor.db"
    assert documents(folder) == documents(after)
    for table in ("event", "days", "tickets", "work", "report_lines", "lane_days"):
        assert rows(path, f"SELECT * FROM {table}") == rows(after / "floor.db", f"SELECT * FROM {table}"), table
    assert examine(path, site, full=True)["findings"] == []
    heads = []
    for backup in sorted((folder / "backups").glob("*.db")):
        assert examine(backup, site, full=True)["findings"] == [], backup.name
        store = Store(backup)
        heads.append(store.head())
        store.close()
    store = Store(path)
    assert store.head() in heads, "no backup has it all"
    store.close()
    for p in left(folder):
        # Once it is certain that nobody is writing it any more, the next run clears it away.
        os.utime(p, (time.time() - 3600,) * 2)


def spread(first: int, last: int, number: int) -> list[int]:
    """``number`` of the moments from ``first`` to ``last``, both among them."""
    if number > last - first:
        return list(range(first, last + 1))
    return sorted({first + (last - first) * n // max(1, number - 1) for n in range(number)})


def points(committed: int, moments: int) -> list[int]:
    """Moments up to the commit that closes the day, and as many of what follows it."""
    wanted = os.environ.get("KILL_POINTS", "")
    number = moments if wanted == "all" else int(wanted or FEW)
    return spread(1, committed, number - number // 2) + spread(committed + 1, moments, number // 2)


@pytest.mark.parametrize("which", ["unclosed", "reopened"])
def test_killed_at_any_moment(
    which: str, closer: Closer, tmp_path: Path, site: Site, request: pytest.FixtureRequest
) -> None:
    before: Path = request.getfixturevalue(which)
    after = tmp_path / "after"
    shutil.copytree(before, after)
    now = "17:30" if which == "unclosed" else "17:50"
    assert closer.run(after, now=now) == 0, closer.said()
    committed, moments = closer.moments()
    assert 50 < committed < moments - 50
    states = set()
    for at in points(committed, moments):
        folder = tmp_path / f"at-{at}"
        shutil.copytree(before, folder)
        assert closer.run(folder, at=at, now=now) == -signal.SIGKILL, at
        whole(folder, before, after)
        states.add(len(rows(folder / "floor.db", "SELECT seq FROM event")))
        assert closer.run(folder, now=now) == 0, (at, closer.said())
        done(folder, after, site)
        if left(folder):
            assert closer.run(folder, now=now) == 0, (at, closer.said())
        assert left(folder) == [], at
        shutil.rmtree(folder)
    assert len(states) == 2, "killed too early or too late every time: nothing is tested"


def test_killed_inside_a_write(unclosed: Path, closer: Closer, tmp_path: Path, site: Site) -> None:
    """In the middle of SQLite's writing: a page of the journal, of the file or of the backup is the last one."""
    after = tmp_path / "after"
    shutil.copytree(unclosed, after)
    assert closer.run(after) == 0
    size, page = (unclosed / "floor.db").stat().st_size, 4096
    few = [3 * page, 12 * page, size - page, size + page, size + 3 * page]
    many = [n * page for n in range(1, (after / "floor.db").stat().st_size // page)]
    met = 0
    for limit in many if os.environ.get("KILL_POINTS") == "all" else few:
        folder = tmp_path / f"size-{limit}"
        shutil.copytree(unclosed, folder)
        status = closer.run(folder, size=limit)
        assert status in (0, -signal.SIGXFSZ), closer.said()
        met += status != 0
        whole(folder, unclosed, after)
        assert closer.run(folder) == 0, (limit, closer.said())
        done(folder, after, site)
        shutil.rmtree(folder)
    assert met >= 3, "no write was met: nothing is tested"
