"""An hour of a busy hall with everybody at it: two consoles in terminals, a followed feed, and commands, on one file.

Each program is a fork that runs floorctl's own command line; all of them see the same clock, which runs ``speed`` times
as fast as the PC's. What is counted: acknowledged acts that are not in the file, numbers given twice, acts that do not
fit (a decision on a Floor that was no longer so), any word of a locked file, boards that differ at the end, and the time
from a COMMIT to the moment in which each console has drawn it.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import pty
import random
import select
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from floorctl import __main__ as entry
from floorctl.cli.main import main as floorctl
from floorctl.commands.fold import fold
from floorctl.common import clock as clock_module
from floorctl.common.clock import iso
from floorctl.database.store import Store
from floorctl.models.site.site import Site
from floorctl.usecases.doctor import examine
from tests.reliability import acks, days
from tests.reliability.kills import die_with_parent, terminal_streams
from tests.reliability.terminal import DEADLINE_S, set_size, wait_until
from tests.story import MONDAY, a_day, feed_of, instant, plain

START = instant("10:00")
# Words that a person at a desk must never meet while everything is well.
_TROUBLE = ("使い続けています", "locked", "予期しない", "Traceback", "記録できません（ほかの")
_LEFT, _RIGHT = b"\x1b[D", b"\x1b[C"


class FastClock:
    """The module datetime's ``datetime`` for floorctl.common.clock: ``now`` runs ``speed`` times as fast, from START."""

    def __init__(self, began: float, speed: float) -> None:
        self._began, self._speed = began, speed

    def now(self, zone: Any = None) -> datetime:
        return (START + timedelta(seconds=(time.monotonic() - self._began) * self._speed)).astimezone(zone)

    def __getattr__(self, name: str) -> Any:
        return getattr(datetime, name)


@dataclass
class Writer:
    """A program that runs; ``fd`` is its terminal."""

    name: str
    pid: int
    fd: int = -1
    seen: bytearray = field(default_factory=bytearray)
    answered: int = 0  # how much it had painted when it was last given keys

    def read(self) -> bool:
        """Takes what it has painted; False once there is nothing more."""
        try:
            came = os.read(self.fd, 65536)
        except OSError:
            return False
        self.seen += came
        if b"\x1b[?2026$p" in came:
            os.write(self.fd, b"\x1b[?2026;2$y")
        return bool(came)


# ---- in the children


def start(
    name: str, folder: Path, began: float, speed: float, work: Callable[[Path], None], *, terminal: bool
) -> Writer:
    sys.stdout.flush()
    pid, fd = pty.fork() if terminal else (os.fork(), -1)
    if pid:
        return Writer(name, pid, fd)
    status = 1
    try:
        die_with_parent()
        clock_module.datetime = FastClock(began, speed)  # type: ignore[misc,assignment]
        if terminal:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            set_size(0, 120, 36)
            terminal_streams()
        else:
            out = os.open(folder / f"{name}.out", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            for n in (1, 2):
                os.dup2(out, n)
        entry._obey_orders_to_end()
        told = os.open(folder / f"{name}.told", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with acks.telling(lambda said: note(told, said)):
            work(folder)
        status = 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except BaseException as error:
        (folder / f"{name}.out").open("a").write(repr(error))
    finally:
        os._exit(status)


def note(fd: int, said: bytes) -> None:
    """What was acknowledged, and when by the one clock that all processes share."""
    os.write(fd, b"%.6f " % time.monotonic() + said)


def a_console(number: int) -> Callable[[Path], None]:
    """The console as it is, which also notes when it has drawn what, and its board when it ends."""

    def work(folder: Path) -> None:
        from floorctl.screens.app import FloorApp

        shown, last, busy = -1, 0, False
        original = FloorApp.redraw

        def redraw(app: Any) -> None:
            nonlocal shown, last, busy
            original(app)
            if app.state.ready:
                if shown < 0:  # that the file is there tells the harness that the console is
                    shown = os.open(folder / f"console{number}.shown", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                newest = max(last, max((e.seq for e in app.state.day.floor.entries[-40:]), default=0))
                waiting = app.engine._jobs.qsize()
                if newest > last or bool(waiting) != busy:
                    last, busy = newest, bool(waiting)
                    os.write(shown, b"%.6f %d %d\n" % (time.monotonic(), newest, waiting))

        def ended(app: Any) -> None:
            (folder / f"console{number}.board").write_bytes(pickle.dumps(plain(app.state.day.floor)))
            unmount(app)

        unmount, FloorApp.on_unmount = FloorApp.on_unmount, ended  # type: ignore[method-assign]
        FloorApp.redraw = redraw  # type: ignore[method-assign]
        floorctl(["--db", str(folder / days.NAME), "console", "--feed", str(folder / "none.jsonl")])

    return work


def follow(folder: Path) -> None:
    floorctl(
        ["--db", str(folder / days.NAME), "ingest", str(folder / "machine.jsonl"), "--follow", "--source", "machine"]
    )


def commands(seed: int) -> Callable[[Path], None]:
    """A program that gives commands one after the other until it is told to end."""

    def work(folder: Path) -> None:
        chance = random.Random(seed)
        end = folder / "end"
        while not end.exists():
            kind = chance.choice(
                (
                    ["inquiry.counted", "topic=procedure"],
                    ["inquiry.counted", "topic=procedure"],
                    ["memo.written", f"text=覚え {seed}"],
                    ["work.counted", "item=photo"],
                    ["ticket.issued", "service=card_issuance"],
                )
            )
            with contextlib.redirect_stdout(io.StringIO()):
                floorctl(["--db", str(folder / days.NAME), "do", *kind])
            time.sleep(chance.uniform(0.02, 0.2))

    return work


# ---- the hall


def hour(site: Site, minutes: float, speed: float, seed: int, where: str | None = None) -> dict[str, Any]:
    """Runs the hall for some simulated minutes; what was found, ``wrong`` first."""
    writers: list[Writer] = []
    with tempfile.TemporaryDirectory(prefix="floorctl-together-", dir=where) as name:
        try:
            return _hour(Path(name), site, minutes, speed, seed, writers)
        finally:
            for w in writers:
                with contextlib.suppress(ProcessLookupError, ChildProcessError):
                    if os.waitpid(w.pid, os.WNOHANG)[0] == 0:
                        os.kill(w.pid, signal.SIGKILL)
                        os.waitpid(w.pid, 0)


def _hour(folder: Path, site: Site, minutes: float, speed: float, seed: int, writers: list[Writer]) -> dict[str, Any]:
    chance = random.Random(seed)
    path, feed = folder / days.NAME, folder / "machine.jsonl"
    opening = a_day().opens("08:30")
    for n, terminal in enumerate(site.terminals, 1):
        opening.staffs(terminal.code, f"S{n:02d}", "08:30")
    for n in range(20):
        opening.issues(f"B{900 + n}", at="09:50")
    feed.write_bytes(opening.feed())
    began = time.monotonic()
    others = [start("follow", folder, began, speed, follow, terminal=False)]
    writers += others
    wait_until(lambda: path.exists() and _facts(path) == _opening(site), "the opening of the day")
    consoles = [start(f"console{n}", folder, began, speed, a_console(n), terminal=True) for n in (1, 2)]
    commanders = [start(f"commands{n}", folder, began, speed, commands(seed + n), terminal=False) for n in (1, 2)]
    others += commanders
    writers += [*consoles, *commanders]
    _until_shown(folder, consoles)  # the programs have started before the hour does
    told, ready_at = 0, time.monotonic()
    ends = ready_at + minutes * 60 / speed
    issued = iter(_arrivals(chance, START + timedelta(seconds=(ready_at - began) * speed), minutes))
    coming = next(issued, None)
    pressed = dict.fromkeys((c.name for c in consoles), ready_at)
    with feed.open("ab") as out:
        while time.monotonic() < ends:
            ready, _, _ = select.select([c.fd for c in consoles], [], [], 0.01)
            for c in consoles:
                if c.fd in ready:
                    c.read()
            now = START + timedelta(seconds=(time.monotonic() - began) * speed)
            while coming is not None and coming[0] <= now:
                out.write(feed_of([coming[1]]))
                out.flush()
                told += 1
                coming = next(issued, None)
            for c in consoles:
                # A manager presses the next key once the last one has been answered; no queue of keys grows.
                waited = time.monotonic() - pressed[c.name]
                if waited > chance.uniform(0.06, 0.5) and len(c.seen) > c.answered:
                    pressed[c.name] = time.monotonic()
                    _press(c, consoles, chance)
    return _end(folder, site, consoles, others, told, minutes, path)


def _facts(path: Path) -> int:
    with closing(Store(path)) as store:
        return store.count()


def _until_shown(folder: Path, consoles: list[Writer]) -> None:
    """Until every console has drawn the day that is in the file."""
    end = time.monotonic() + 4 * DEADLINE_S  # on a machine that has other things to do
    while not all((folder / f"{c.name}.shown").exists() for c in consoles):
        assert time.monotonic() < end, [bytes(c.seen[-500:]) for c in consoles]
        _drain(consoles, 0.1)


def _arrivals(chance: random.Random, start: datetime, minutes: float) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """A ticket machine: a number every 20 seconds or so."""
    at, n = start, 0
    while at < start + timedelta(minutes=minutes):
        at += timedelta(seconds=chance.expovariate(1 / 20))
        n += 1
        service = chance.choice(("cert_renewal", "cert_renewal", "cert_issue"))
        yield (
            at,
            {"id": f"m-{n:05d}", "at": iso(at), "kind": "ticket.issued", "ticket": f"M{n:03d}", "service": service},
        )


def _press(console: Writer, consoles: list[Writer], chance: random.Random) -> None:
    """What a manager does; now and then both do the same thing at the same moment."""
    kind = chance.random()
    if kind < 0.12:  # the same move on both
        keys = [str(chance.randint(1, 8)).encode(), chance.choice((_LEFT, _RIGHT)), b"\x1b"]
        for c in chance.sample(consoles, 2):
            _send(c, keys)
    elif kind < 0.3:  # the next visitor to the same terminal, on both
        keys = [str(chance.randint(1, 8)).encode(), b"n", b"\x1b"]
        for c in chance.sample(consoles, 2):
            _send(c, keys)
    elif kind < 0.8:
        _send(console, [str(chance.randint(1, 8)).encode(), chance.choice((b"n", b"n", b"d")), b"\x1b"])
    elif kind < 0.9:
        _send(console, [b"t", str(chance.randint(2, 4)).encode()])
    else:
        _send(console, [b"u"])


def _send(console: Writer, keys: list[bytes]) -> None:
    console.answered = len(console.seen)
    for key in keys:
        os.write(console.fd, key)
        time.sleep(0.03 if key == b"\x1b" else 0.002)  # a lone Esc is told from the start of a sequence by time


def _end(
    folder: Path, site: Site, consoles: list[Writer], others: list[Writer], told: int, minutes: float, path: Path
) -> dict[str, Any]:
    (folder / "end").touch()
    _until(consoles, lambda: _taken(path, "machine") == told + _opening(site))
    statuses = {}
    for w in others:
        if w.name == "follow":
            os.kill(w.pid, signal.SIGTERM)
        statuses[w.name] = os.waitstatus_to_exitcode(os.waitpid(w.pid, 0)[1])
    _until_all_is_drawn(folder, consoles, path)
    for c in consoles:
        for _ in range(8):  # questions for a reason that are still to be asked, one after the other
            os.write(c.fd, b"\x1b")
            _drain([c], 0.25)
        os.write(c.fd, b"\x11")  # Ctrl+Q
        end = time.monotonic() + 15
        while not os.waitid(os.P_PID, c.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if time.monotonic() > end:
                os.kill(c.pid, signal.SIGKILL)
            if select.select([c.fd], [], [], 0.05)[0]:
                c.read()
        statuses[c.name] = os.waitstatus_to_exitcode(os.waitpid(c.pid, 0)[1])
        os.close(c.fd)
    return _judge(folder, site, consoles, others, told, statuses, minutes, path)


def _until_all_is_drawn(folder: Path, consoles: list[Writer], path: Path) -> None:
    """Until every key has been answered and both consoles have drawn the last fact."""
    last = -1

    def drawn() -> bool:
        nonlocal last
        _drain(consoles, 2.0)
        before, last = last, _facts(path)
        shown = [(folder / f"{c.name}.shown").read_text().splitlines()[-1].split() for c in consoles]
        # Keys that are refused write nothing: a console is done once it has nothing more to ask its file.
        return before == last and all(int(seq) >= last and waiting == "0" for _, seq, waiting in shown)

    _until(consoles, drawn)


def _until(consoles: list[Writer], holds: Callable[[], bool]) -> None:
    """Waits, at most for two minutes; what has not come by then is found by the judge."""
    end = time.monotonic() + 2 * DEADLINE_S
    while not holds() and time.monotonic() < end:
        _drain(consoles, 0.1)


def _taken(path: Path, source: str) -> int:
    with closing(Store(path)) as store:
        return sum(e.source == source for e in store.facts_after(0, 1_000_000))


def _drain(consoles: list[Writer], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for fd in select.select([c.fd for c in consoles], [], [], 0.05)[0]:
            next(c for c in consoles if c.fd == fd).read()


def _judge(
    folder: Path,
    site: Site,
    consoles: list[Writer],
    others: list[Writer],
    told: int,
    statuses: dict[str, int],
    minutes: float,
    path: Path,
) -> dict[str, Any]:
    says: list[str] = []
    report = examine(path, site, full=True)
    if not report["ok"]:
        says.append(f"the file: {report['findings']}")
    with closing(Store(path)) as store:
        entries = store.facts_after(0, 1_000_000)
        lost, committed = 0, {}
        for w in [*consoles, *others]:
            for line in (folder / f"{w.name}.told").read_text().splitlines():
                at, word, seq, sealed, _ = line.split(" ", 4)
                if word == "have" and int(seq):
                    committed.setdefault(int(seq), float(at))
                    lost += store.hash_at(int(seq)) != sealed
    floor = fold(site, MONDAY, entries)
    by_source = Counter(e.source for e in entries)
    wanted = sum(e.kind == "inquiry.counted" for e in entries)
    counted = sum(floor.inquiries.values())
    if lost:
        says.append(f"{lost} acknowledged transactions are not in the file")
    if by_source["machine"] != told + _opening(site):
        says.append(f"the feed told {told + _opening(site)} facts, {by_source['machine']} are in the file")
    if counted != wanted:
        says.append(f"{wanted} inquiries counted make {counted}")
    given = Counter(e.fact.ticket for e in entries if e.kind == "ticket.issued")  # type: ignore[attr-defined]
    twice = [number for number, n in given.items() if n > 1]
    if twice:
        says.append(f"numbers given twice: {twice}")
    if floor.anomalies:
        says.append(f"acts that did not fit: {floor.anomalies}")
    painted = {c.name: c.seen.decode("utf-8", "replace") for c in consoles}
    for name, status in statuses.items():
        if status:
            says.append(f"{name} ended with {status}: {_out(folder, name) or painted.get(name, '')[-200:]}")
    for name, text in [*painted.items(), *((w.name, _out(folder, w.name)) for w in others)]:
        says += [f"{name} shows {word}" for word in _TROUBLE if word in text]
    for c in consoles:
        board = folder / f"{c.name}.board"
        if not board.exists():
            says.append(f"{c.name} has left no board")
            continue
        differing = list(_differing(pickle.loads(board.read_bytes()), plain(floor)))
        if differing:
            says.append(f"the board of {c.name} is not what the file says: {differing[:4]} and {len(differing)} in all")
    # A hundred paints overlap: what a screen said is found among its words, whatever stands between them.
    refused = sum(text.count("すでにその状態です") + text.count("ません（") for text in painted.values())
    late = _delays(folder, committed)
    return {
        "wrong": len(says),
        "simulated minutes": minutes,
        "facts": report["facts"],
        "by source": dict(by_source),
        "transactions": len(committed),
        "told that somebody was faster, or that a rule says no": refused,
        "COMMIT to drawn, ms": late,
        "says": says,
    }


def _differing(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """The places in which two pieces of plain data differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _differing(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from _differing(a, b, f"{where}[{n}]")
    elif one != other:
        yield f"{where}: {str(one)[:80]} / {str(other)[:80]}"


def _opening(site: Site) -> int:
    return 1 + len(site.terminals) + 20


def _out(folder: Path, name: str) -> str:
    path = folder / f"{name}.out"
    return path.read_text(errors="replace")[-500:] if path.exists() else ""


def _delays(folder: Path, committed: dict[int, float]) -> dict[str, Any]:
    """From each COMMIT to the first drawing, on each console, that holds its last fact; milliseconds."""
    found: dict[str, Any] = {}
    for n in (1, 2):
        path = folder / f"console{n}.shown"
        shown = (
            [(float(a), int(s)) for a, s, _ in (line.split() for line in path.read_text().splitlines())]
            if path.exists()
            else []
        )
        first = shown[0][0] if shown else 0.0
        delays, at = [], 0
        for seq, when in sorted(committed.items()):
            while at < len(shown) and shown[at][1] < seq:
                at += 1
            if at < len(shown) and when > first:
                delays.append((shown[at][0] - when) * 1000)
        if len(delays) > 1:
            cut = statistics.quantiles(delays, n=100, method="inclusive")
            found[f"console{n}"] = {
                "n": len(delays), "p50": round(cut[49]), "p95": round(cut[94]), "p99": round(cut[98]), "max": round(max(delays)),
                "over 200": sum(d > 200 for d in delays),
            }  # fmt: skip
    return found
