"""Random keys for the console: what a hand, a cat or a terminal that is set up wrongly may send, thousands of them.

By hand, over a surge morning in a real terminal:

    python -m tests.random_keys [--seed 1] [--seeds 3] [--keys 20000] [--volume surge] [--site FILE]

prints what was sent last for every end of the console that nobody asked for, every traceback on the screen, every key
that was not answered and every terminal that was not given back. Exit status 1 where there was one. The suite presses a
few hundred (screens/test_random_keys.py).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from floorctl.console.keys import ACTIONS
from tests.reliability.terminal import LEAVES_ALTERNATE_SCREEN, ROOT, SHOWS_CURSOR, Terminal, environment

LEAVE = "ctrl+q"
_F = ("OP", "OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~", "[24~")
SEQUENCES = {
    "enter": b"\r", "escape": b"\x1b", "tab": b"\t", "shift+tab": b"\x1b[Z", "backspace": b"\x7f", "space": b" ",
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "home": b"\x1b[H", "end": b"\x1b[F",
    "pageup": b"\x1b[5~", "pagedown": b"\x1b[6~", "delete": b"\x1b[3~", "insert": b"\x1b[2~",
    **{f"f{n}": f"\x1b{s}".encode() for n, s in enumerate(_F, 1)},
}  # fmt: skip
BOUND = tuple(sorted({k for a in ACTIONS for k in a.keys if a.id != "quit"}))
TEXTS = (
    "１",
    "２３",
    "９",
    "ａ",
    "ｒ",
    "休止",
    "かな",
    "カ",
    "ー",
    "𠮷",
    "か\u3099",
    "👨‍👩‍👧",
    "9:05",
    "9/20",
    "-5",
    "11",
    "99999",
    "[red]x[/]",
    "é",
    "\u202e",
)
WILD = (
    b"\xff", b"\x80", b"\xfe\xff", b"\xc3", b"\xe3\x81", b"\xf0\x9f", b"\xed\xa0\x80", "表".encode("shift_jis"), "休止".encode("euc-jp"),
    "ア".encode("shift_jis"), b"\x1b[M \xe9\xf0", b"\x1b[M#\xff\x21", b"\x1b[M", b"\x1b[48;0;0;0;0t", b"\x1b[48;36;120;0;0t",
    b"\x1b[48;99999;99999;1;1t", b"\x1b[?2048;1$y", b"\x1b[?2048;2$y", b"\x1b[?2026;2$y", b"\x1b[<0;0;0M", b"\x1b[<0;999999999;5M",
    b"\x1b[<64;-5;7M", b"\x1b[1;1R", b"\x1b[I", b"\x1b[O", b"\x1b[99999999999u", b"\x1b[201~", b"\x1b[", b"\x1bO", b"\x1b]0;x\x07",
    b"\x1b[?62;22c", b"\x1bP+r\x1b\\", b"\x00", b"\x03", b"\x1a", b"\x1c", b"\x04", b"\x1b\x1b\x1b", b"\x9b31m", b"\x1b[200~",
)  # fmt: skip


def key_bytes(key: str) -> bytes:
    """A key by its name, as a terminal sends it."""
    return SEQUENCES.get(key) or key.encode()


def key(r: random.Random, columns: int = 120, rows: int = 36) -> bytes:
    """One key, click, paste or accident, the likely ones most often; never the one that ends the console."""
    kind = r.random()
    if kind < 0.45:
        return key_bytes(r.choice(BOUND))
    if kind < 0.58:
        return str(r.randrange(10)).encode()
    if kind < 0.68:
        return b"\r"
    if kind < 0.75:
        return b"\x1b"
    if kind < 0.80:
        return key_bytes(r.choice(tuple(SEQUENCES)))
    if kind < 0.85:
        return r.choice(TEXTS).encode()
    if kind < 0.92:
        x, y, wheel = r.randint(1, columns), r.randint(1, rows), r.choice((0, 0, 0, 2, 35, 64, 65))
        return b"\x1b[<%d;%d;%dM" % (wheel, x, y) + (b"\x1b[<%d;%d;%dm" % (wheel, x, y) if wheel < 32 else b"")
    if kind < 0.94:
        inside = r.choice((*TEXTS, "x" * 3000, "1\r2\r3\r", "\x1b[A", "")).encode()
        return b"\x1b[200~" + inside + (b"\x1b[201~" if r.random() < 0.95 else b"")
    if kind < 0.97:
        return r.choice([chr(c).encode() for c in range(1, 128) if c != 0x11])
    if kind < 0.99:
        return r.choice(WILD)
    return bytes(c for c in r.randbytes(r.randint(1, 12)) if c != 0x11)


def keys(seed: int, n: int) -> Iterator[bytes]:
    r = random.Random(seed)
    return (key(r) for _ in range(n))


# ---- in a real terminal

PROBES = 5
# Said, with status 1, of acts that were refused, or wait for their reason, while the console is being left.
UNRECORDED = "件を記録できませんでした"
# Says where a fault of ours was; the console itself says only of what kind it was.
_SCRIPT = """
import sys, traceback
import floorctl.screens.launch
from textual.app import App
from floorctl.screens.app import FloorApp
def told(where):
    def tell(self, *args, **more):
        with open({faults!r}, "a") as f:
            f.write(f"\\n{{where.__name__}} {{args}}\\n")
            traceback.print_exc(file=f)
        return where(self, *args, **more)
    return tell
FloorApp._handle_exception = told(FloorApp._handle_exception)
App.panic = told(App.panic)
from floorctl.__main__ import main
main()
"""


class Trouble(AssertionError):
    """What must not happen."""


class Hand:
    """Presses keys in a console over ``db`` and looks whether it still answers; opens it anew where a key has left it."""

    def __init__(self, db: Path, now: str, *more: str) -> None:
        self.db, self.faults = db, db.with_suffix(".faults")
        self._args = ("--db", db, "--now", now, *more, "console")
        self.opened = 0
        self._open()

    def _open(self) -> None:
        script = _SCRIPT.format(faults=str(self.faults))
        self.console = Terminal(*self._args, script=script, HOME=str(self.db.parent))
        self.before = termios.tcgetattr(self.console.fd)
        self.opened += 1
        self.console.until("職員").quiet()

    def send(self, sent: bytes) -> None:
        """Writes what was pressed while reading what is painted: neither side may wait for the other."""
        end = time.monotonic() + 60
        os.set_blocking(self.console.fd, False)
        while sent:
            if time.monotonic() > end:
                raise Trouble("nobody takes the keys")
            self._ended()
            try:
                sent = sent[os.write(self.console.fd, sent) :]
            except BlockingIOError:
                self.console.read(0.05)
            except OSError:
                time.sleep(0.1)
        while select.select([self.console.fd], [], [], 0)[0] and self.console.read(0):
            pass

    def _ended(self) -> None:
        status = self.console.process.poll()
        if status is None:
            return
        while self.console.read(0.05):
            pass
        words = self.console.text()[-3000:]
        told = status == 1 and UNRECORDED in words
        if (status and not told) or "Traceback" in words or self.faults.exists():
            raise Trouble(f"ended with status {status}: {words[-300:]}\n{self.said()}")
        self._given_back()
        self.console.hang_up()
        self._open()

    def said(self) -> str:
        return self.faults.read_text() if self.faults.exists() else ""

    def _given_back(self) -> None:
        if LEAVES_ALTERNATE_SCREEN not in self.console.seen[-4000:] or SHOWS_CURSOR not in self.console.seen[-4000:]:
            raise Trouble("the terminal was not given back")

    def look(self, within_s: float = 5.0) -> float:
        """Whether a known key is answered: seconds until it was. Raises Trouble where it is not."""
        began = time.monotonic()
        for _ in range(PROBES):
            for _ in range(8):  # whatever is open: each takes an Esc
                self.send(b"\x1b")
                time.sleep(0.06)
            self.console.quiet()
            seen, end = len(self.console.seen), time.monotonic() + within_s
            self.send(key_bytes("f10"))  # other colours: it is said, and everything is painted anew
            while time.monotonic() < end and "配色" not in self.console.text(seen):
                self._ended()
                self.console.read(0.02)
            if "配色" in self.console.text(seen):
                if b"Traceback" in self.console.seen or self.faults.exists():
                    raise Trouble(f"a traceback: {self.said()}")
                self.console.seen = self.console.seen[-20_000:]
                return time.monotonic() - began
        raise Trouble(f"a key was not answered: {self.console.text()[-500:]}")

    def leave(self, within_s: float = 5.0) -> None:
        """Leaves it, and looks whether the terminal is as it was."""
        self.look(within_s)
        for _ in range(PROBES):
            if self.console.process.poll() is None:
                self.send(b"\x11")
            end = time.monotonic() + within_s
            while time.monotonic() < end and self.console.process.poll() is None:
                self.console.read(0.02)
        if self.console.process.poll() is None:
            raise Trouble("it cannot be left")
        if self.console.ended() and UNRECORDED not in self.console.text()[-3000:]:
            raise Trouble(f"left with status {self.console.process.returncode}: {self.console.text()[-300:]}")
        self._given_back()
        if termios.tcgetattr(self.console.fd)[:4] != self.before[:4]:
            raise Trouble("the terminal is in another mode than before")

    def close(self) -> None:
        self.console.__exit__()


NOW, SUNDAY = "2026-09-14T10:30", "2026-09-13T10:30"


def morning(folder: Path, volume: str = "surge", *, whole: bool = False) -> Path:
    """A file with the day of a simulated rush until now, or ``whole``: with all of it, as somebody looks back on it."""
    db, feed = folder / "floor.db", folder / "feed.jsonl"
    _floorctl(folder, "simulate", "--date", NOW[:10], "--seed", "1", "--volume", volume, "-o", str(feed))
    if not whole:
        lines = feed.read_text(encoding="utf-8").splitlines(keepends=True)
        feed.write_text("".join(x for x in lines if json.loads(x)["at"][:16] < NOW), encoding="utf-8")
    _floorctl(folder, "--db", str(db), "--now", NOW, "ingest", str(feed))
    return db


def _floorctl(folder: Path, *args: str) -> None:
    command = [sys.executable, "-m", "floorctl", *args]
    subprocess.run(command, check=True, cwd=ROOT, env=environment(HOME=str(folder)), stdout=subprocess.DEVNULL)


def locked(db: Path, seconds: float) -> threading.Thread:
    """Somebody else has the file for themselves for so long, from now on."""

    def hold() -> None:
        with closing(sqlite3.connect(db, isolation_level=None, timeout=5)) as conn, suppress(sqlite3.Error):
            conn.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)
            conn.execute("ROLLBACK")

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    return thread


class Run:
    """``n`` keys of a seed; the file is put back to its morning now and then, for a random key soon closes the day.

    Now and then the day is over, closed or a Sunday, and somebody else holds the file.
    """

    EVERY, MORNINGS = 400, 2000

    def __init__(self, seed: int, n: int, volume: str = "surge", more: Sequence[str] = ()) -> None:
        self.seed, self.n, self.more = seed, n, more
        self.troubles: list[str] = []
        self.opened, self.slowest_s, self.took_s = 0, 0.0, 0.0
        with tempfile.TemporaryDirectory() as name:
            for part in ("open", "whole", "closed"):
                (Path(name) / part).mkdir()
            present = morning(Path(name) / "open", volume)
            whole = morning(Path(name) / "whole", volume, whole=True)
            closed = Path(shutil.copy(present, Path(name) / "closed"))
            _floorctl(closed.parent, "--db", str(closed), "--now", NOW, "do", "day.closed")
            self._mornings = [(present, NOW), (closed, NOW), (whole, NOW), (present, SUNDAY)]
            self._folder = Path(name)
            self._press()

    def _open(self, part: int) -> Hand:
        folder = self._folder / f"{self.opened}"
        folder.mkdir()
        self.opened += 1
        file, now = self._mornings[(self.seed - 1 + part) % len(self._mornings)]
        return Hand(Path(shutil.copy(file, folder)), now, *self.more)

    def _press(self) -> None:
        r, last, began = random.Random(self.seed), list[bytes](), time.monotonic()
        locks: list[threading.Thread] = []
        hand = self._open(0)
        for i in range(self.n):
            sent = key(r)
            last = [*last[-60:], sent]
            try:
                hand.send(sent)
                # Mostly as fast as a hand, sometimes as fast as a stuck key or a paste into the wrong window.
                if r.random() < 0.5:
                    hand.console.read(r.choice((0.001, 0.003, 0.01, 0.03)))
                if r.random() < 0.002:
                    hand.console.resize(r.randint(20, 200), r.randint(5, 60))
                if r.random() < 0.001:
                    locks = [x for x in locks if x.is_alive()] or [locked(hand.db, r.choice((0.2, 2, 6)))]
                if i % self.EVERY == self.EVERY - 1:
                    for lock in locks:  # what is pressed meanwhile is refused, and may be asked again
                        lock.join()
                    hand.console.resize(120, 36)
                    self.slowest_s = max(self.slowest_s, hand.look())
                if i % self.MORNINGS == self.MORNINGS - 1:
                    hand.leave()
                    hand.close()
                    hand = self._open((i + 1) // self.MORNINGS)
            except AssertionError as e:
                self._note(f"key {i}: {e}\n  the last keys: {last!r}")
                hand.close()
                hand = self._open(i // self.MORNINGS)
        try:
            hand.console.resize(120, 36)
            hand.leave()
        except AssertionError as e:
            self._note(f"at the end: {e}")
        hand.close()
        self.took_s = time.monotonic() - began

    def _note(self, trouble: str) -> None:
        self.troubles.append(f"seed {self.seed}, {trouble}")
        print(self.troubles[-1], flush=True)

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.n} keys in {self.took_s:.0f} s, slowest look {self.slowest_s:.1f} s, "
            f"{len(self.troubles)} troubles"
        )


def main() -> None:
    options = argparse.ArgumentParser(description="random keys for the console")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--seeds", type=int, default=1, help="so many seeds, from --seed on")
    options.add_argument("--keys", type=int, default=20_000)
    options.add_argument("--volume", default="surge")
    options.add_argument("--site", default="")
    given = options.parse_args()
    bad = 0
    for seed in range(given.seed, given.seed + given.seeds):
        done = Run(seed, given.keys, given.volume, ["--site", given.site] if given.site else [])
        bad += len(done.troubles)
        print(done, flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
