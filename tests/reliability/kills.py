"""Kills writers (-9) at random points, and looks at what they leave: every verb that writes, and the console in a terminal.

The harness is one process without threads, with everything imported; each writer is a fork of it that runs floorctl's
own command line, so that a kill costs milliseconds. A writer dies either just before its n-th step on the disk (n by
chance; disk.py) or when its time is up (by chance too). What its transactions were told stands in a file of its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import pty
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from floorctl.cli.main import main as floorctl
from floorctl.common.clock import business_day, system_clock
from floorctl.database.store import Store
from floorctl.models.site.site import Site
from floorctl.usecases import daily_backup as backups
from tests.reliability import acks, audit, days, disk
from tests.reliability.audit import Verdict
from tests.reliability.disk import Disk
from tests.reliability.terminal import set_size
from tests.story import MONDAY, Desk, a_day, busy_day, fact, feed_of

FEED, ANSWERS, TOLD = "day.jsonl", "answers.toml", "told.txt"
NOW = "2026-09-14T17:20:00"
# What the close is told; docs/closing.md.
ANSWERS_TOML = 'weather = "晴れ"\nremarks = "なし"\nproblems = "なし"\n'


@dataclass
class Job:
    """A writer: what it finds, what it does, and that doing it again completes it ('' or what is wrong)."""

    name: str
    share: int
    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    again: Callable[[Path], str] = lambda folder: ""
    console: bool = False
    beside: Callable[[Path], None] | None = None  # what another program goes on doing, which nobody kills
    steps: int = 0  # of an undisturbed run
    seconds: float = 0.0


@dataclass
class Row:
    """A line of the table."""

    kills: int = 0
    by_step: int = 0
    verdict: Verdict = field(default_factory=Verdict)


# ---- the writers


def verb(folder: Path, *args: str, now: str | None = None) -> None:
    """A command of floorctl in this process; fails where it fails."""
    before = ["--db", str(folder / days.NAME), *(["--now", now] if now else [])]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            floorctl([*before, *args])
        except SystemExit as left:
            if left.code:
                raise AssertionError(f"floorctl {' '.join(args)}: {left.code}: {said.getvalue()}") from None


def nothing(folder: Path) -> None:
    """The writer begins without a file."""


class Templates:
    """Files that many writers begin with, made once."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site = site
        self.day = busy_day(tickets=220)
        self.feed = feed_of(self.day)
        self.open_day = folder / "open"
        self.open_day.mkdir()
        (self.open_day / FEED).write_bytes(feed_of(busy_day(tickets=60)))
        verb(self.open_day, "ingest", str(self.open_day / FEED))
        (self.open_day / ANSWERS).write_text(ANSWERS_TOML)
        self.old = folder / "old"
        self.old.mkdir()
        days.make_old(self.old)
        self.closed = folder / "closed"
        shutil.copytree(self.open_day, self.closed)
        close_day(self.closed)
        self.documents = tree(self.closed / "reports")
        self.head = head(self.closed)

    def copy(self, name: str) -> Callable[[Path], None]:
        def copied(folder: Path) -> None:
            shutil.copytree(getattr(self, name), folder, dirs_exist_ok=True)

        return copied


def tree(folder: Path) -> dict[str, bytes]:
    """Every whole file by its name; not what a killed writer has left for the next one to clear away."""
    files = [p for p in folder.rglob("*") if p.is_file() and ".floorctl-tmp" not in str(p)]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def head(folder: Path) -> Any:
    with closing(Store(folder / days.NAME)) as store:
        return store.head()


def close_day(folder: Path) -> None:
    verb(folder, "close", "--answers", str(folder / ANSWERS), "--out", str(folder / "reports"), now=NOW)


def memo(code: str) -> Any:
    """A fact that is as good as any other."""
    return fact({"id": code, "at": NOW + "+09:00", "kind": "memo.written", "text": "x"})


def jobs(templates: Templates) -> list[Job]:
    """Every verb that writes. ``share``: how many of a hundred kills it gets."""
    ids = [line["id"] for line in templates.day]

    def write_feed(folder: Path) -> None:
        (folder / FEED).write_bytes(templates.feed)

    def ingest(folder: Path) -> None:
        with days.small_batches():
            verb(folder, "ingest", str(folder / FEED))

    def ingested(folder: Path) -> str:
        verb(folder, "ingest", str(folder / FEED))
        with closing(Store(folder / days.NAME)) as store:
            found = [e.fact.id for e in store.facts_after(0, 1_000_000)]
        return "" if found == ids else f"the feed taken in again gives {len(found)} facts of {len(ids)}"

    def acts(folder: Path) -> None:
        desk = Desk(folder / days.NAME, templates.site, "10:00")
        for n in range(40):
            desk.does("ticket.issued", service="cert_renewal")
            desk.does("inquiry.counted", topic="procedure", count=1)
            if n % 5 == 0:
                desk.does("incident.opened", category="complaint", summary="順番の苦情")
            if n % 7 == 0:
                desk.undoes()
        desk.close()

    def closed(folder: Path) -> str:
        close_day(folder)
        if head(folder) != templates.head:
            return "closed again, the file is another than one that was closed at once"
        return "" if tree(folder / "reports") == templates.documents else "closed again, the documents are others"

    def export(folder: Path) -> None:
        verb(folder, "export", "--date", str(MONDAY), "--out", str(folder / "reports"), now=NOW)
        verb(folder, "export", "--month", f"{MONDAY:%Y-%m}", "--out", str(folder / "reports"), now=NOW)

    def exported(folder: Path) -> str:
        export(folder)
        found = tree(folder / "reports")
        same = {name: found.get(name) for name in templates.documents} == templates.documents
        return "" if same and f"{MONDAY:%Y-%m}" in {n.split("/")[0] for n in found} else "exported again, it is another"

    def keep(folder: Path) -> None:
        with closing(Store(folder / days.NAME)) as store:
            for n in range(4):
                with store.write() as pen:
                    pen.append(memo(f"k{n}-{pen.head.seq}"), "feed", "feed", system_clock())
                backups.keep(store)

    def migrate(folder: Path) -> None:
        verb(folder, "do", "memo.written", "text=x", now="2026-09-14T12:00")

    def go_on(folder: Path) -> None:
        with closing(Store(folder / days.NAME)) as store:
            for n in range(60):
                with store.write() as pen:
                    pen.append(memo(f"b{n}"), "beside", "beside", system_clock())

    def write_beside(folder: Path) -> None:
        templates.copy("open_day")(folder)
        write_feed(folder)

    found = [
        Job("ingest", 30, write_feed, ingest, ingested),
        Job("acts", 16, templates.copy("open_day"), acts),
        Job("close", 10, templates.copy("open_day"), close_day, closed),
        Job("export", 6, templates.copy("closed"), export, exported),
        Job("backup at close", 6, templates.copy("open_day"), keep),
        Job("one of two", 8, write_beside, ingest, beside=go_on),
        Job("migration", 7, templates.copy("old"), migrate),
        Job("new file", 5, nothing, migrate),
        Job("console", 8, lambda folder: write_today(folder), console, console=True),
    ]
    if find_spec("floorctl.cli.backup") is not None:
        found += [
            Job("backup", 3, templates.copy("open_day"), lambda f: verb(f, "backup", str(f / "copy.db")), backed_up),
            Job("restore", 3, with_copy(templates), restore, restored),
        ]
    return found


def backed_up(folder: Path) -> str:
    verb(folder, "backup", str(folder / "copy.db"))
    with closing(Store(folder / "copy.db")) as copy:
        return "" if copy.head() == head(folder) and not copy.verify_chain() else "backed up again, it is another"


def with_copy(templates: Templates) -> Callable[[Path], None]:
    def prepared(folder: Path) -> None:
        shutil.copytree(templates.open_day, folder, dirs_exist_ok=True)
        verb(folder, "backup", str(folder / "copy.db"))

    return prepared


def restore(folder: Path) -> None:
    verb(folder, "restore", str(folder / "copy.db"))


def restored(folder: Path) -> str:
    restore(folder)
    with closing(Store(folder / "copy.db")) as copy:
        return "" if copy.head() == head(folder) else "restored again, it is another"


# ---- the console


def today() -> date:
    return business_day(system_clock())


def write_today(folder: Path) -> None:
    """A feed of the real present day: a console on the system's clock shows no other."""
    lines = a_day(today(), prefix="o").opens("00:00").lines
    lines += [x for x in busy_day(day=today(), tickets=120) if x["kind"] != "day.opened"]
    (folder / FEED).write_bytes(feed_of(lines))


def console(folder: Path) -> None:
    with days.small_batches(20):
        floorctl(["--db", str(folder / days.NAME), "console", "--feed", str(folder / FEED)])


def press_keys(fd: int, pid: int, chance: random.Random, until: float) -> None:
    """Reads the screen and presses keys that record something, until the writer is gone or its time is up."""
    seen, pressed = b"", 0.0
    while time.monotonic() < until:
        ready, _, _ = select.select([fd], [], [], 0.02)
        if ready:
            try:
                came = os.read(fd, 65536)
            except OSError:
                return
            if not came:
                return
            seen = (seen + came)[-4000:]
            if b"\x1b[?2026$p" in came:
                os.write(fd, b"\x1b[?2026;2$y")
        if time.monotonic() - pressed > 0.05 and "操作一覧" in seen.decode("utf-8", "replace"):
            pressed = time.monotonic()
            with contextlib.suppress(OSError):
                os.write(fd, chance.choice((b"t3", b"t1", b"4", b"\x1b[C", b"\x1b[D", b"n", b"u", b"s", b"w1")))
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return


# ---- killing


def writer(job: Job, folder: Path, told: Path, kill_at: int | None) -> None:
    """In the child: runs the job and is gone, before its ``kill_at``-th step if it is given; never returns."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    status = 1
    try:
        if not job.console:
            quiet = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(quiet, fd)
        out = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        seen = Disk(folder, record=False)

        def before(step: disk.Step) -> int:
            if kill_at is not None and seen.count >= kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return disk.OK

        seen.before = before
        with seen.watched() if disk.available else contextlib.nullcontext(), acks.telling(lambda x: note(out, x)):
            job.run(folder)
        os.write(out, b"done %d\n" % seen.count)
        status = 0
    except SystemExit as left:
        status = int(bool(left.code))
    except BaseException as error:
        with told.with_suffix(".error").open("a") as file:
            file.write(f"{job.name}: {error!r}\n")
    finally:
        os._exit(status)


def note(fd: int, said: bytes) -> None:
    os.write(fd, said)


def terminal_streams() -> None:
    """In a child: the streams of the harness may be files; those of the console are its terminal."""
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115


def die_with_parent() -> None:
    """In a child: a harness that is killed leaves no writers behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def fork(job: Job, folder: Path, told: Path, kill_at: int | None) -> tuple[int, int]:
    """The child's number, and its terminal (-1 for none)."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid, fd = pty.fork() if job.console else (os.fork(), -1)
    if pid == 0:
        die_with_parent()
        if job.console:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            set_size(0, 120, 36)
            terminal_streams()
        writer(job, folder, told, kill_at)
    return pid, fd


def reap(job: Job, pid: int, fd: int, seconds: float, chance: random.Random) -> int:
    """Lets the writer live for at most ``seconds``, then kills it; how it ended (-9: killed)."""
    end = time.monotonic() + seconds
    if job.console:
        press_keys(fd, pid, chance, end)
    while True:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            break
        if time.monotonic() >= end:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.0005)
    if fd >= 0:
        os.close(fd)
    return os.waitstatus_to_exitcode(status)


def measure(job: Job, folder: Path, chance: random.Random) -> None:
    """An undisturbed run: how many steps on the disk it takes, and how long."""
    where, told = folder / "measured", folder / TOLD
    where.mkdir()
    job.prepare(where)
    began = time.monotonic()
    pid, fd = fork(job, where, told, None)
    status = reap(job, pid, fd, 2.5 if job.console else 120, chance)
    job.seconds = time.monotonic() - began
    said = told.read_bytes().splitlines() if told.exists() else []
    if job.console:
        job.steps = 400
    else:
        error = told.with_suffix(".error")
        assert status == 0, f"{job.name}: {status} {error.read_text() if error.exists() else ''}"
        job.steps = int(next(line for line in said if line.startswith(b"done")).split()[1])
    shutil.rmtree(where)
    told.unlink(missing_ok=True)


def kill_once(job: Job, folder: Path, site: Site, chance: random.Random) -> tuple[bool, bool, Verdict]:
    """(whether it was killed and did not end first, whether at a step of the disk, what it left)."""
    where, told = folder / "killed", folder / TOLD
    where.mkdir()
    try:
        job.prepare(where)
        path = where / days.NAME
        stood: list[bytes] = []
        if path.exists():
            acks.tell_what_stands(path, stood.append)
        by_step = disk.available and chance.random() < 0.6
        kill_at = chance.randint(1, job.steps) if by_step else None
        seconds = (4.0 if job.console else 120.0) if by_step else chance.uniform(0, 1.05 * job.seconds)
        other = Job("beside", 0, job.prepare, job.beside) if job.beside is not None else None
        others = told.with_suffix(".beside")
        neighbour = fork(other, where, others, None)[0] if other is not None else 0
        pid, fd = fork(job, where, told, kill_at)
        killed = reap(job, pid, fd, seconds, chance) == -signal.SIGKILL
        lines = told.read_bytes().splitlines(keepends=True) if told.exists() else []
        undisturbed = other is None or os.waitstatus_to_exitcode(os.waitpid(neighbour, 0)[1]) == 0
        if other is not None:
            # In the order in which the file has them, whoever wrote them.
            lines = sorted(x for x in [*lines, *others.read_bytes().splitlines(keepends=True)] if x.endswith(b"\n"))
            lines.sort(key=lambda x: (int(x.split()[1]), x.startswith(b"have")))
        expected = acks.read([*stood, *(x for x in lines if x.startswith((b"want", b"have")))], days.NAME)
        if job.name == "restore":
            expected.have = expected.have[:1] + [h for h in expected.have[1:] if h.seq <= len(stood)]
        found = audit.look(path, site, expected, then=False)
        found.acknowledged -= len(stood)
        reports = where / "reports"
        found.add(audit.look_at_documents(reports))
        if not undisturbed:
            found.stuck += 1
            found.says.append("the program beside it could not go on")
        left = audit.leftovers(where)
        if left:
            found.stuck += 1
            found.says.append(f"left behind: {left}")
        try:
            wrong = job.again(where)
        except Exception as error:
            wrong = f"the same command again: {error!r}"
        if wrong:
            found.stuck += 1
            found.says.append(wrong)
        if path.exists():
            found.add(_next_start(path, site))
        found.says = [
            f"{job.name}, killed {f'before step {kill_at}' if by_step else f'after {seconds:.3f} s'}: {s}"
            for s in found.says
        ]
        return killed, by_step, found
    finally:
        shutil.rmtree(where)
        for left_over in folder.glob(f"{told.stem}.*"):
            left_over.unlink(missing_ok=True)


def _next_start(path: Path, site: Site) -> Verdict:
    found = Verdict()
    audit.go_on(path, site, found)
    return found


def kill_many(
    kills: int,
    facts: int,
    seed: int,
    site: Site,
    say: Callable[[str], None] = lambda text: None,
    disk_folder: str | None = None,
) -> dict[str, Row]:
    """At least ``kills`` kills over all writers by their shares, and more ingests until ``facts`` were acknowledged."""
    chance = random.Random(seed)
    rows: dict[str, Row] = {}
    with tempfile.TemporaryDirectory(prefix="floorctl-kills-", dir=disk_folder) as name:
        folder = Path(name)
        templates = Templates(folder, site)
        found = jobs(templates)
        total = sum(j.share for j in found)
        for job in found:
            measure(job, folder, chance)
            row = rows[job.name] = Row()
            wanted = max(1, round(kills * job.share / total))
            while row.kills < wanted:
                _add(row, job, folder, site, chance)
            say(f"{job.name}: {row.kills}")
        ingest = found[0]
        while sum(r.kills for r in rows.values()) < kills or sum(r.verdict.acknowledged for r in rows.values()) < facts:
            _add(rows[ingest.name], ingest, folder, site, chance)
    return rows


def _add(row: Row, job: Job, folder: Path, site: Site, chance: random.Random) -> None:
    killed, by_step, found = kill_once(job, folder, site, chance)
    row.verdict.add(found)
    row.kills += killed
    row.by_step += killed and by_step
