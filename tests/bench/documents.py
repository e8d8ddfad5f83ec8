"""How long the end of a day, a month and the contract take, after one day, one month and two years: ``python -m tests.bench.documents``.

Each figure is the median of whole processes (``--runs``), from start to exit, and behind the stroke what of it is time of
the processor (the same on a machine that has other work), with the clock at the evening of the last day; ``close`` and the export of a fresh day run on a copy that no one has read before. The files are made once and kept
in the folder of ``--cache`` (about ten minutes, 1 GB). What this version of floorctl does not know is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as wall
from pathlib import Path
from statistics import median

from floorctl.common.clock import JST
from tests.bench import two_years

ROOT = Path(__file__).parent.parent.parent
LIMITS = {"export --date": 1.5, "export --month": 3.0, "export --contract": 15.0}  # seconds, of the issue
# The clock stands in the evening of the last day; nothing else differs from ``python -m floorctl``.
AT = """
import sys
from datetime import datetime
import floorctl.common.clock
at = datetime.fromisoformat(sys.argv[1])
floorctl.common.clock.system_clock = lambda: at
from floorctl.__main__ import main
sys.argv[1:] = sys.argv[2:]
main()
"""
LOAD = """
import sys, time
began, spent = time.perf_counter(), time.process_time()
from datetime import datetime
from pathlib import Path
import floorctl.common.clock
at = datetime.fromisoformat(sys.argv[1])
floorctl.common.clock.system_clock = lambda: at
from floorctl.usecases.session import Session
from floorctl.intake.site_file import load_site
session = Session(load_site(), Path(sys.argv[2]))
session.floor(), session.register()
print(time.perf_counter() - began, time.process_time() - spent)
"""


Took = tuple[float, float]  # seconds by the wall, and of the processor


class Bench:
    """One history: a file whose last day has its facts and is not closed."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs = folder, runs
        self.day = two_years.last_day(folder)
        self.at = datetime.combine(self.day, wall(19), JST).isoformat()

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """A copy of the folder, to be written in."""
        with tempfile.TemporaryDirectory(dir=self.folder.parent) as scratch:
            work = Path(scratch) / "work"
            shutil.copytree(self.folder, work)
            # The copying itself must not be waited for by the first write that is measured.
            os.sync()
            yield work

    def seconds(self, work: Path, *args: str) -> Took | None:
        """How long a command takes as a process; None where this version does not know it."""
        command = [sys.executable, "-c", AT, self.at, "--db", str(work / "floor.db"), *args]
        began, spent = time.perf_counter(), _spent()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        took = (time.perf_counter() - began, _spent() - spent)
        if done.returncode == 2:
            return None
        if done.returncode:
            raise RuntimeError(f"{args}: {done.stderr}")
        return took

    def each(self, *args: str) -> Took | None:
        """The median of a command that finds everything as it was left by the one before; the first is not counted."""
        with self.copy() as work:
            found = [self.seconds(work, *args, *_out(args, work)) for _ in range(self.runs + 1)]
        return _median(found[1:])

    def fresh(self, *args: str) -> Took | None:
        """The median of a command whose every run has a copy of its own."""
        found = []
        for _ in range(self.runs):
            with self.copy() as work:
                found.append(self.seconds(work, *args, *_out(args, work)))
        return _median(found)

    def load(self) -> Took:
        """The day load of the console: a session on the file, its Floor and its Register, from a cold process."""
        found = []
        for _ in range(self.runs):
            command = [sys.executable, "-c", LOAD, self.at, str(self.folder / "floor.db")]
            said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
            wall_s, cpu_s = map(float, said.split())
            found.append((wall_s, cpu_s))
        return _median(found) or (0.0, 0.0)

    def figures(self) -> dict[str, Took | None]:
        day, month = str(self.day), f"{self.day:%Y-%m}"
        return {
            "export --date": self.each("export", "--date", day),
            "export --date, first": self.fresh("export", "--date", day),
            "export --month": self.each("export", "--month", month),
            "export --month, first": self.fresh("export", "--month", month),
            "export --contract": self.each("export", "--contract"),
            "status --json": self.each("status", "--json"),
            "close": self.fresh("close"),
            "close, again": self.each("close"),
            "doctor": self.fresh("doctor"),
            "Floor and Register": self.load(),
        }


def _spent() -> float:
    """Processor seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _median(found: Sequence[Took | None]) -> Took | None:
    taken = [t for t in found if t is not None]
    return (median(t[0] for t in taken), median(t[1] for t in taken)) if taken else None


def _cell(took: Took | None) -> str:
    return "-" if took is None else f"{took[0]:.2f} / {took[1]:.2f}"


def _out(args: tuple[str, ...], work: Path) -> list[str]:
    return ["--out", str(work / "out")] if args[0] in ("export", "close") else []


def growth(took: list[float]) -> str:
    """The cost of the facts, rows and backup of a close as the file grew: medians of its first and last 50 days."""
    first, last = median(took[:50]) * 1000, median(took[-50:]) * 1000
    return f"a close without documents, one process: {first:.0f} ms in the first 50 days, {last:.0f} ms in the last 50"


def main() -> int:
    """Prints the table; exit 1 where a limit of the issue is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "floorctl-bench")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=[*two_years.HISTORIES], action="append")
    options = parser.parse_args()
    if not two_years.made(options.cache):
        two_years.make(options.cache)
    names = options.only or list(two_years.HISTORIES)
    table = {}
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        table[name] = Bench(two_years.folder_of(options.cache, name), options.runs).figures()
    print(f"{date.today()}  median of {options.runs}, seconds of the whole process")
    print(f"{'':26}" + "".join(f"{name:>15}" for name in names) + "     limit")
    passed = 0
    for row in table[names[0]]:
        values = [table[name][row] for name in names]
        limit = LIMITS.get(row.split(",")[0])
        passed += any(v is not None and limit is not None and v[0] > limit for v in values)
        cells = "".join(f"{_cell(v):>15}" for v in values)
        print(f"{row:26}{cells}" + (f"{limit:>10.1f}" if limit else ""))
    sizes = ((two_years.folder_of(options.cache, name) / "floor.db").stat().st_size / 1e6 for name in names)
    print(f"{'file, MB':26}" + "".join(f"{size:>15.1f}" for size in sizes))
    print(growth(json.loads((options.cache / f"v{two_years.VERSION}" / "closes.json").read_text())))
    return 1 if passed else 0


if __name__ == "__main__":
    sys.exit(main())
