"""What is measured, part by part; each part gives rows of the table (figures.py). Only ``histories`` needs the files of two_years.py."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from floorctl.common.clock import JST, frozen_clock
from floorctl.database.store import Store
from floorctl.intake.site_file import load_site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.usecases.session import Session
from tests.bench import needs, two_years
from tests.bench.documents import AT as STANDING
from tests.bench.documents import Bench
from tests.bench.figures import Row, in_turns, row
from tests.bench.peers import beside
from tests.bench.subject import Subject
from tests.bench.watched import CONSOLE, LIMIT_S, PLAIN, Watched, process_ms

DAY = date(2026, 9, 14)
AT = "2026-09-14T11:00"
LATE = "2026-09-14T15:00"
BOARD = "注意"  # a heading that only a board with its data has
FRAME = "操作一覧"  # the help key at the foot, on every frame
BATCH = 1500


class Bed:
    """``folder``: to work in; ``db``: a file with a simulated surge day; ``cache``: the files of two_years.py."""

    def __init__(self, folder: Path, cache: Path, runs: int, idle_s: float) -> None:
        self.folder, self.cache, self.runs, self.idle_s = folder, cache, runs, idle_s
        self.feed = folder / "day.jsonl"
        self.feed.write_bytes(simulated_feed(load_site(), DAY, 1, "surge"))
        self.db = folder / "floor.db"
        process_ms("--db", str(self.db), "ingest", str(self.feed))

    def until(self, hour: str) -> Path:
        """A file with the facts of the day up to an hour."""
        db, end = self.folder / f"until-{hour[:2]}.db", f"{DAY}T{hour}:00+09:00"
        if not db.exists():
            lines = [x for x in self.feed.read_text("utf-8").splitlines() if json.loads(x)["at"] <= end]
            part = self.folder / "part.jsonl"
            part.write_text("".join(f"{x}\n" for x in lines), "utf-8")
            process_ms("--db", str(db), "ingest", str(part))
        return db

    def console(self, at: str = AT, db: Path | None = None) -> Watched:
        """The console as it comes: whoever measures may have settings of the own."""
        return Watched(CONSOLE, "--db", db or self.db, "--now", at, FLOORCTL_CONFIG=str(self.folder / "none.toml"))

    def own_keys(self) -> Watched:
        """The console with a theme and a key of the user's own."""
        own = self.folder / "own.toml"
        own.write_text('theme = "light"\n[keys]\ntheme = "ctrl+t"\n', "utf-8")
        return Watched(CONSOLE, "--db", self.db, "--now", AT, FLOORCTL_CONFIG=str(own))


# ---- the console -------------------------------------------------------------------------------------------------------


def start(bed: Bed) -> list[Row]:
    """From the start of the process to what is seen first, to the board with its data, and to the last byte."""
    plain = Subject(lambda: Watched(PLAIN), "PLAIN", "PLAIN")
    console = Subject(bed.console, FRAME, BOARD)
    own = Subject(bed.own_keys, FRAME, BOARD)
    in_turns(bed.runs, {"plain": plain.sample, "console": console.sample, "own": own.sample})
    note = "a bare Textual app shows its text"
    rows = [
        row("start", "the frame stands", console.frames[1:], "ms", plain.contents[1:], note, 1.15),
        row("start", "the board with its data", console.contents[1:], "ms", plain.contents[1:], note, 1.6),
        row("start", "forecasts and advice too (last byte)", console.last[1:], "ms", plain.contents[1:], note),
    ]
    note = "processor of a bare Textual app until its text"
    rows += [
        row("start", "processor: the frame", console.framed[1:], "ms", plain.worked[1:], note, 1.25),
        row("start", "processor: the board", console.worked[1:], "ms", plain.worked[1:], note, 1.6),
    ]
    note = "processor of a console without a setting until its frame"
    return [
        *rows,
        row("start", "processor: the frame, own theme and key", own.framed[1:], "ms", console.framed[1:], note),
    ]


KEYS = (b"1", b"2", b"3", b"4", b"\x1bOS", b"\x1bOQ")  # a terminal is chosen, its neighbours, a view and back


def keys(bed: Bed) -> list[Row]:
    """From a key to the bytes that it changes."""
    took: dict[str, list[tuple[float, float]]] = {"plain": [], "console": []}
    with Watched(PLAIN) as plain, bed.console() as console:
        for app, words in ((plain, "PLAIN"), (console, BOARD)):
            app.wait(words)
            app.settle(1.0)
        for _ in range(max(2, bed.runs)):
            for key in KEYS:
                for name, app in (("plain", plain), ("console", console)):
                    found = app.key_ms(key)
                    if found is not None:
                        took[name].append(found)
    first, last = ([pair[n] for pair in took["console"]] for n in (0, 1))
    note = "a bare Textual app changes a line"
    return [
        row("keys", "key to first byte", first, "ms", [p[0] for p in took["plain"]], note),
        row("keys", "key to last byte", last, "ms", [p[1] for p in took["plain"]], note),
    ]


def peers(bed: Bed) -> list[Row]:
    """Other consoles made with Textual."""
    return beside(Subject(bed.console, FRAME, BOARD, KEYS), bed.cache, bed.folder, min(bed.runs, 9), bed.idle_s)


def across(bed: Bed) -> list[Row]:
    """From the COMMIT of another process to the words on the screen of this console."""
    db = bed.folder / "across.db"
    process_ms("--db", str(db), "--now", AT, "do", "day.opened", "officials=2")
    session = Session(load_site(), db, clock=frozen_clock(datetime.fromisoformat(f"{AT}:00+09:00")), create=True)
    took: list[float] = []
    try:
        with bed.console(db=db) as app:
            app.wait(BOARD)
            app.settle()
            for n in range(3 * bed.runs):
                words, seen = f"雨量{n:03d}", len(app.seen)
                session.act("memo.written", {"text": words})
                at = time.perf_counter()
                while words not in app.text(seen) and time.perf_counter() - at < LIMIT_S:
                    app.read(0.01)
                took.append((time.perf_counter() - at) * 1000)
                app.settle(0.1 + 0.037 * (n % 5))  # not always at the same point of the console's round
    finally:
        session.close()
    return [row("across", "fact of another process to the screen", took[1:], "ms")]


def resident(bed: Bed) -> list[Row]:
    """Memory and processor of a console that is left alone, beside a bare Textual app."""
    with Watched(PLAIN) as plain, bed.console() as console:
        for app, words in ((plain, "PLAIN"), (console, BOARD)):
            app.wait(words)
        end = time.perf_counter() + 5  # until what the first keys need has been loaded too
        while time.perf_counter() < end:
            plain.read(0.02), console.read(0.02)
        before, at = (console.resident(), plain.resident()), time.perf_counter()
        while time.perf_counter() - at < bed.idle_s:
            plain.read(0.05), console.read(0.05)
        lasted, after = time.perf_counter() - at, (console.resident(), plain.resident())
    idle = [100 * (b["cpu_s"] - a["cpu_s"]) / lasted for a, b in zip(before, after, strict=True)]
    note = "a bare Textual app, nobody at it"
    return [
        row("resident", "memory (shared pages in part)", [after[0]["pss"]], "MiB", [after[1]["pss"]], note),
        row("resident", "memory (whole)", [after[0]["rss"]], "MiB", [after[1]["rss"]], note),
        Row(
            "resident", f"processor over {bed.idle_s:.0f} s", idle[0], "%", None, f"a bare Textual app: {idle[1]:.2f} %"
        ),
    ]


# ---- commands ----------------------------------------------------------------------------------------------------------


def intake(bed: Bed) -> list[Row]:
    """A feed taken in, checked, sealed and committed; beside it the same lines into a plain table of SQLite, unchecked."""
    lines = bed.feed.read_bytes().splitlines(keepends=True)
    many = [line for n in range(5) for line in (x.replace(b'"id":"', b'"id":"%d-' % n, 1) for x in lines)]
    # One day cannot hold a ticket twice: each copy is a day of its own, a week apart.
    days = [str(DAY + timedelta(days=7 * n)).encode() for n in range(5)]
    many = [line.replace(str(DAY).encode(), days[i // len(lines)]) for i, line in enumerate(many)]
    feed = bed.folder / "many.jsonl"
    feed.write_bytes(b"".join(many))

    def ours() -> float:
        db = bed.folder / "intake.db"
        Store(db, create=True).close()
        try:
            return len(many) / (process_ms("--db", str(db), "ingest", str(feed)) / 1000)
        finally:
            for path in bed.folder.glob("intake.db*"):
                path.unlink()

    script = f"""
import json, os, sqlite3
db = sqlite3.connect({str(bed.folder / "plain.db")!r}, isolation_level=None)
db.execute("PRAGMA journal_mode = TRUNCATE"); db.execute("PRAGMA synchronous = FULL")
db.execute("CREATE TABLE line (id TEXT PRIMARY KEY, at TEXT, kind TEXT, data TEXT)")
rows = [(x["id"], x["at"], x["kind"], json.dumps(x)) for x in map(json.loads, open({str(feed)!r}, "rb"))]
for n in range(0, len(rows), {BATCH}):
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO line VALUES (?, ?, ?, ?)", rows[n:n + {BATCH}])
    db.execute("COMMIT")
"""

    def plain() -> float:
        try:
            return len(many) / (process_ms(script=script) / 1000)
        finally:
            (bed.folder / "plain.db").unlink()

    found = in_turns(bed.runs, {"ours": ours, "plain": plain})
    note = "the same lines, unchecked, into a plain table"
    return [
        row("intake", f"facts a second, {len(many)} lines, whole process", found["ours"], "/s", found["plain"], note)
    ]


def commands(bed: Bed) -> list[Row]:
    """``status`` and ``export`` as whole processes beside a Python that only loads what they need from others.

    The file holds the day up to that hour, and the clock stands there: what the manager would find.
    """
    out = ("export", "--date", str(DAY), "--out", str(bed.folder / "out"))
    wanted = {
        "status before the doors open": ("08:00", ("status", "--json"), 1.6),
        "status at 11:00": ("11:00", ("status", "--json"), 1.9),
        "status at 15:00": ("15:00", ("status", "--json"), 2.3),
        "export of the day": ("19:00", out, 2.3),
    }
    rows = []
    for name, (hour, args, limit) in wanted.items():
        db, at = bed.until(hour), f"{DAY}T{hour}:00+09:00"
        script = needs.alone(at, "--db", str(db), *args)
        found = in_turns(
            bed.runs,
            {
                "ours": lambda db=db, at=at, args=args: process_ms(at, "--db", str(db), *args, script=STANDING),  # type: ignore[misc]
                "alone": lambda script=script: process_ms(script=script),  # type: ignore[misc]
            },
        )
        note = "python -c pass and the imports from outside"
        rows.append(row("commands", name, found["ours"], "ms", found["alone"], note, limit))
    return rows


def advice(bed: Bed) -> list[Row]:
    """What a piece of advice costs once the day is in hand (``took_ms``), beside the folding of that day."""
    site = load_site()
    session = Session(site, bed.db, frozen=datetime.fromisoformat(f"{LATE}:00+09:00"))
    entries = session.store.day_facts(DAY)
    session.close()
    from floorctl.commands.fold import fold

    def folded() -> float:
        began = time.perf_counter()
        fold(site, DAY, entries)
        return (time.perf_counter() - began) * 1000

    rows = []
    for at in (AT, LATE):

        def asked(at: str = at) -> float:
            command = [sys.executable, "-m", "floorctl", "--db", str(bed.db), "--now", at, "advise", "--json"]
            return float(json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["took_ms"])

        found = in_turns(bed.runs, {"ours": asked, "fold": folded})
        note = f"the fold of the day's {len(entries)} facts"
        rows.append(row("advice", f"advice at {at[-5:]}", found["ours"], "ms", found["fold"], note))
    return rows


# ---- history -----------------------------------------------------------------------------------------------------------


def histories(bed: Bed) -> list[Row]:
    """Commands and the console's start on files of one day, one month and two years: each beside the one of a day."""
    if not two_years.made(bed.cache):
        two_years.make(bed.cache)
    benches = {name: Bench(two_years.folder_of(bed.cache, name), bed.runs) for name in two_years.HISTORIES}
    rows = []
    for what, limit, measure in (
        ("status at 15:00", 1.3, _status),
        ("export of the open day", 1.3, _export),
        ("close", 1.3, _close),
        ("console: the board", 1.4, _board),
    ):
        samples: dict[str, Callable[[], float | None]] = {}
        folders = {}
        for name, bench in benches.items():
            copy = folders[name] = bench.copy()
            samples[name] = measure(bed, bench, copy.__enter__())
        try:
            found = in_turns(max(3, bed.runs // 2), samples)
        finally:
            for copy in folders.values():
                copy.__exit__(None, None, None)
        base = found["1日"]
        rows.append(row("histories", f"{what}, 1 day", base, "ms"))
        for name, english in (("1か月", "1 month"), ("2年", "2 years")):
            rows.append(row("histories", f"{what}, {english}", found[name], "ms", base, "a file of one day", limit))
    return rows


def _at(bench: Bench, hour: int) -> str:
    return datetime(bench.day.year, bench.day.month, bench.day.day, hour, tzinfo=JST).isoformat()


def _status(bed: Bed, bench: Bench, work: Path) -> Callable[[], float]:
    return lambda: process_ms("--db", str(work / "floor.db"), "--now", _at(bench, 15), "status", "--json")


def _timed(bench: Bench, work: Path, *args: str) -> float | None:
    took = bench.seconds(work, *args, "--out", str(work / "out"))
    return None if took is None else took[0] * 1000


def _export(bed: Bed, bench: Bench, work: Path) -> Callable[[], float | None]:
    return lambda: _timed(bench, work, "export", "--date", str(bench.day))


def _close(bed: Bed, bench: Bench, work: Path) -> Callable[[], float | None]:
    return lambda: _timed(bench, work, "close")


def _board(bed: Bed, bench: Bench, work: Path) -> Callable[[], float | None]:
    def once() -> float | None:
        with bed.console(_at(bench, 11), work / "floor.db") as app:
            app.wait(BOARD)
            return app.shown_ms(BOARD)

    return once


PARTS: dict[str, Callable[[Bed], list[Row]]] = {
    "start": start,
    "keys": keys,
    "peers": peers,
    "across": across,
    "resident": resident,
    "intake": intake,
    "commands": commands,
    "advice": advice,
    "histories": histories,
}


def machine() -> str:
    """What a table was measured on."""
    return (
        f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processors, "
        f"load {os.getloadavg()[0]:.1f}"
    )
