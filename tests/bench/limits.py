"""Where a hall or a file becomes too large: ``python -m tests.bench limits [--quick] [CASE…]``.

Each case is held against a small day (four lanes, twelve terminals, 300 tickets) in time of the processor of whole
processes, measured in turns, so that other load falls on both: many tickets, terminals, lanes, years, and the first three
together. A file of ten years is made of one day told again on each open day, taken in, closed and derived as a console
does (half an hour on two cores, 1 GB; kept in the folder of ``--cache``); ``--quick`` is content with one year.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from floorctl.commands.context import Context, Wish
from floorctl.commands.decide import decide
from floorctl.intake.feed import Intake
from floorctl.intake.site_file import load_site
from floorctl.usecases import day_tables as derived
from floorctl.usecases.session import Session
from tests.bench import two_years
from tests.bench.big_halls import Size, as_bytes, feed, site_text
from tests.bench.watched import CONSOLE, Watched

VERSION = 1  # of what is made here: files of another version are made anew
DAY = date(2026, 9, 14)
CASES = {
    "small": Size(),
    "5,000 tickets": Size(tickets=5000),
    "64 terminals": Size(terminals=64),
    "12 lanes": Size(lanes=12, terminals=16),
    "together": Size(lanes=12, terminals=64, tickets=5000),
}
YEARS = {"10 years": 2746, "1 year": 273}  # open days of the file
# A manager feels it beyond this: of a command, a close, a key or a fact to the screen; seconds of the processor.
FELT_S = {
    "close": 5.0,
    "a key": 0.1,
    "a fact to the screen": 0.1,
    "a month": 5.0,
    "a year": 15.0,
    "the contract": 60.0,
    "study of the day": 15.0,
}
PATIENCE_S = 900.0  # a command that takes longer is given up, and told
COMMAND_S, TIMES = 1.0, 2.0  # of any other; so many times the small day is said to bend


class Timer(threading.Timer):
    """Calls a function after so many seconds, unless its block has ended before; ``rang``: it did."""

    rang = False

    def __enter__(self) -> Timer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.rang = self.finished.is_set()
        self.cancel()


@dataclass(frozen=True)
class Figure:
    """What one sample took: seconds of the processor, and MiB of memory at most (0: not told)."""

    seconds: float
    mib: float = 0.0


@dataclass(frozen=True)
class Files:
    """A folder with a site, a day as a feed, its file until 14:00, and its file of the whole day (not closed)."""

    folder: Path
    day: date

    @property
    def site(self) -> Path:
        return self.folder / "site.toml"

    def db(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def run(self, *args: object) -> Figure:
        """Run ``floorctl`` on the site of the folder. Raise RuntimeError where it fails."""
        command = [sys.executable, "-m", "floorctl", "--site", str(self.site), *map(str, args)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert process.stdout is not None
        with Timer(PATIENCE_S, process.kill) as over:
            said = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            why = f"not done within {PATIENCE_S:.0f} s" if over.rang else said.decode(errors="replace")[-400:]
            raise RuntimeError(f"{args}: {why}")
        return Figure(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

    def at(self, clock: str) -> str:
        return f"{self.day}T{clock}:00+09:00"


# ---- what is made


def hall(folder: Path, size: Size) -> Files:
    """Make the files of one day of a hall, or find them."""
    files = Files(folder, DAY)
    if (folder / "made").exists():
        return files
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files.site.write_text(site_text(size), encoding="utf-8")
    lines = feed(load_site(files.site), size, DAY)
    (folder / "day.jsonl").write_bytes(b"\n".join(as_bytes(lines)) + b"\n")
    part = [x for x in lines if x["at"] <= files.at("14:00")]
    (folder / "until.jsonl").write_bytes(b"\n".join(as_bytes(part)) + b"\n")
    for name, told in (("until", "until.jsonl"), ("whole", "day.jsonl")):
        files.run("--db", files.db(name), "ingest", folder / told)
    (folder / "made").touch()
    return files


def years(folder: Path, days: int, say: Callable[[str], None]) -> Files:
    """Make a file of so many closed days (the last one is not closed), or find it."""
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "site.toml").write_text(site_text(Size()), encoding="utf-8")
        (folder / "made").write_text(str(_told_again(folder, days, say)))
    return Files(folder, date.fromisoformat((folder / "made").read_text()))


def _told_again(folder: Path, days: int, say: Callable[[str], None]) -> date:
    site, clock, began = load_site(folder / "site.toml"), two_years.Hand(), date(2026, 7, 4)
    clock.at = two_years.instant(site.contract.start, "08:00")
    session = Session(site, folder / "whole.db", clock=clock, actor="console", create=True)
    two_years.prepare(session)
    lines = as_bytes(feed(site, Size(), began))
    (folder / "day.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    told = 0
    try:
        for n, day in enumerate(two_years.open_days(site)[:days], 1):
            two_years.morning(session, clock, day, n)
            clock.at = two_years.instant(day, "17:12")
            of_day = (
                (str(began).encode(), str(day).encode()),
                (f"b{began:%y%m%d}-".encode(), f"b{day:%y%m%d}-".encode()),
            )
            raw = [(k, x.replace(*of_day[0]).replace(*of_day[1])) for k, x in enumerate(lines, 1)]
            told += Intake(session.store, site, "feed", clock, lambda k, why: say(f"{k}: {why}")).take(raw).accepted
            session.refresh()
            if n < days:
                _close(session, clock, day, n)
            for earlier in two_years.open_days(site)[max(0, n - 3) : n - 2]:
                session.forget(earlier)
            if n % 100 == 0:
                say(f"{n} days, {told} facts")
    finally:
        session.close()
    return day


def _close(session: Session, clock: two_years.Hand, day: date, n: int) -> None:
    """Close the day with its derived rows; a backup of each would fill the disk."""
    clock.at = two_years.instant(day, "17:15")
    wishes = two_years.answers_of(session, day, n).wishes

    def decision(c: Context) -> list[Wish]:
        return [*(wish for kind, fields in wishes for wish in decide(c, kind, fields)), *decide(c, "day.closed", {})]

    session.run(decision, lambda pen: derived.write_day(session, pen, day), day=day)


# ---- what is measured

Measure = Callable[[Files, Path], Figure]


def _command(*args: str, at: str = "14:00", db: str = "until") -> Measure:
    """A command on a file that it does not change; ``OUT`` and ``DAY``, ``MONTH`` … stand for what they say."""

    def run(files: Files, scratch: Path) -> Figure:
        shutil.rmtree(scratch / "out", ignore_errors=True)
        d = files.day
        words = {
            "OUT": scratch / "out",
            "DAY": d,
            "MONTH": f"{d:%Y-%m}",
            "YEAR": d.year - (d.month < 4),
            "FEED": files.folder / "day.jsonl",
        }
        given = [words.get(x, x) for x in args]
        return files.run("--db", files.db(db if files.db(db).exists() else "whole"), "--now", files.at(at), *given)

    return run


def _on_a_copy(*args: str, fed: bool = False) -> Measure:
    """A command on a copy of the whole day, or on a new file."""

    def run(files: Files, scratch: Path) -> Figure:
        db = scratch / "floor.db"
        for old in (*scratch.glob("floor*"), *scratch.glob("copy.db*"), *scratch.glob("out")):
            old.unlink() if old.is_file() else shutil.rmtree(old)
        if not fed:
            shutil.copy(files.db("whole"), db)
        words = {"OUT": scratch / "out", "FEED": files.folder / "day.jsonl", "COPY": scratch / "copy.db"}
        if "restore" in args:
            files.run("--db", db, "backup", words["COPY"])
        clock = () if args[0] in ("ingest", "backup", "restore", "doctor") else ("--now", files.at("19:00"))
        return files.run("--db", db, *clock, *(words.get(x, x) for x in args))

    return run


def _console(files: Files, scratch: Path) -> tuple[Figure, Figure, Figure, Figure]:
    """Start of the console to its last byte, a key, a fact of another program to the screen; memory after them."""
    from floorctl.common.clock import frozen_clock
    from floorctl.database.store import Store

    db, at = scratch / "live.db", files.at("14:05")
    shutil.copy(files.db("until" if files.db("until").exists() else "whole"), db)
    site, store = load_site(files.site), Store(db)
    intake = Intake(store, site, "live", frozen_clock(datetime.fromisoformat(at)), lambda k, why: None)
    try:
        with Watched(CONSOLE, "--site", files.site, "--db", db, "--now", at) as app:

            def spent(act: Callable[[int], object], times: int) -> float:
                before = app.resident()["cpu_s"]
                for n in range(times):
                    act(n)
                    app.settle(0.5)
                return (app.resident()["cpu_s"] - before) / times

            def told(n: int) -> None:
                line = {"id": f"l{n}", "at": files.at("14:04"), "kind": "ticket.issued", "ticket": f"A9{n:02d}"}
                line["service"] = site.services[0].code
                intake.take([(n, json.dumps(line).encode())])

            app.wait("注意")
            if app.shown_ms("注意") is None:
                raise RuntimeError("the board did not come")
            app.settle(3.0)
            begun = app.resident()["cpu_s"]
            facts = spent(told, 8)
            key = spent(lambda n: app.key_ms(b"1234"[n % 4 : n % 4 + 1]), 12)
            return Figure(begun), Figure(key), Figure(facts), Figure(0, app.resident()["rss"])
    finally:
        store.close()


MEASURES: dict[str, Measure] = {
    "ingest of the day": _on_a_copy("ingest", "FEED", fed=True),
    "status at 14:00": _command("status", "--json"),
    "advise at 14:00": _command("advise", "--json"),
    "staffing of a month": _command("staffing", "--month", "MONTH"),
    "export of the day": _command("export", "--date", "DAY", "--out", "OUT", at="19:00", db="whole"),
    "close": _on_a_copy("close", "--out", "OUT"),
    "a month": _command("export", "--month", "MONTH", "--out", "OUT", at="19:00", db="whole"),
    "a year": _command("export", "--fiscal-year", "YEAR", "--out", "OUT", at="19:00", db="whole"),
    "study of the day": _command("study", "FEED", db="whole"),
    "backup": _on_a_copy("backup", "COPY"),
    "restore": _on_a_copy("restore", "COPY"),
    "doctor": _command("doctor", at="19:00", db="whole"),
    "the contract": _command("export", "--contract", "--out", "OUT", at="19:00", db="whole"),
}


CONSOLE_WORD = "console"  # asks for the measures of `_console`
CONSOLE_FIGURES = ("console to its last byte", "a key", "a fact to the screen", "console, memory")


def measured(
    files: dict[str, Files], runs: int, wanted: Sequence[str], say: Callable[[str], None]
) -> dict[tuple[str, str], Figure]:
    """Return the medians by (measure, case): one sample of each case in turn."""
    samples: dict[tuple[str, str], list[Figure]] = {}
    lost: set[tuple[str, str]] = set()  # what failed once is not tried again: on a long file that takes minutes

    def sample(name: str, case: str, act: Callable[[], dict[str, Figure]]) -> None:
        if (name, case) in lost:
            return
        try:
            found = act()
        except (RuntimeError, OSError, IndexError) as e:
            lost.add((name, case))
            say(f"{name}, {case}: {type(e).__name__}: {e}")
            return
        for what, figure in found.items():
            samples.setdefault((what, case), []).append(figure)
            say(f"{what}, {case}: " + (f"{figure.seconds:.3f} s" if figure.seconds else f"{figure.mib:.0f} MiB"))

    with tempfile.TemporaryDirectory(prefix="floorctl-limits-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        for _ in range(runs):
            for name, measure in MEASURES.items():
                for case, found in files.items() if name in wanted else ():

                    def of_command(n: str = name, m: Measure = measure, f: Files = found) -> dict[str, Figure]:
                        return {n: m(f, scratch)}

                    sample(name, case, of_command)
            for case, found in files.items() if CONSOLE_WORD in wanted else ():

                def of_console(f: Files = found) -> dict[str, Figure]:
                    return dict(zip(CONSOLE_FIGURES, _console(f, scratch), strict=True))

                sample(CONSOLE_WORD, case, of_console)
    for case, found in files.items():
        samples["size of the file", case] = [Figure(0, found.db("whole").stat().st_size / 2**20)]
    return {k: Figure(median(f.seconds for f in v), median(f.mib for f in v)) for k, v in samples.items()}


def bends(name: str, figure: Figure, small: Figure) -> str:
    """Say where a figure bends: more than a manager bears, or more than twice what the small day takes; "" for neither."""
    if not figure.seconds:
        return ""
    if figure.seconds > FELT_S.get(name, COMMAND_S) > small.seconds:
        return "felt"
    return f"x{figure.seconds / small.seconds:.1f}" if figure.seconds > TIMES * small.seconds else ""


def table(found: dict[tuple[str, str], Figure], cases: Sequence[str]) -> Table:
    """Return the table: seconds of the processor (of a key and a fact: ms; of memory and size: MiB) and where each bends."""
    made = Table(title=f"{date.today()}  seconds of the processor", title_justify="left")
    made.add_column("what", no_wrap=True)
    for case in cases:
        made.add_column(case, justify="right")
    for name in dict.fromkeys(name for name, _ in found):
        row = []
        for case in cases:
            figure, small = found.get((name, case)), found.get((name, cases[0]))
            if figure is None:  # it failed, which was told as it did
                row.append("-")
                continue
            said = bends(name, figure, small) if small is not None else ""
            told = f"{figure.seconds:.2f}" if figure.seconds else f"{figure.mib:.0f} MiB"
            row.append(f"{told} {said}".strip())
        made.add_row(name, *row)
    return made


def main(argv: Sequence[str]) -> int:
    """Print the table; exit 2 for an unknown case."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench limits", description=__doc__)
    every = {**CASES, **YEARS}
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(every)}; small is always there")
    parser.add_argument("--quick", action="store_true", help="one sample of each, and one year instead of ten")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "floorctl-bench")
    parser.add_argument("--only", nargs="+", metavar="WHAT", default=[*MEASURES, CONSOLE_WORD], help="measures by name")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    if unknown := set(asked.cases) - every.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    usual = [*CASES, "1 year" if asked.quick else "10 years"]
    cases = ["small", *(x for x in asked.cases or usual if x != "small")]

    def say(text: str) -> None:
        print(f"  … {text}", file=sys.stderr, flush=True)

    root = asked.cache / f"limits-v{VERSION}"
    files = {
        x: years(root / x.replace(" ", "-"), YEARS[x], say) if x in YEARS else hall(root / CASES[x].name, CASES[x])
        for x in cases
    }
    found = measured(files, 1 if asked.quick else asked.runs, asked.only, say)
    if asked.json:
        rows = [{"what": k[0], "case": k[1], "seconds": f.seconds, "mib": f.mib} for k, f in found.items()]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        Console(width=170).print(table(found, cases))
    return 0
