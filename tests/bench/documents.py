"""How long the end of a day, a month and the contract take, after one day, one month and two years: ``python -m tests.bench.documents``.

Each figure is the median of whole processes (``--runs``), from start to exit, with the clock at the evening of the last
day; ``close`` and the export of a fresh day run on a copy that no one has read before. The files are made once and kept
in the folder of ``--cache`` (about ten minutes, 1 GB). What this version of floorctl does not know is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as wall
from pathlib import Path
from statistics import median

from floorctl.clock import JST
from tests.bench import two_years

ROOT = Path(__file__).parent.parent.parent
LIMITS = {"export --date": 1.5, "export --month": 3.0, "export --contract": 15.0}  # seconds, of the issue
# The clock stands in the evening of the last day; nothing else differs from ``python -m floorctl``.
AT = """
import sys
from datetime import datetime
import floorctl.clock
at = datetime.fromisoformat(sys.argv[1])
floorctl.clock.system_clock = lambda: at
from floorctl.cli import main
main(sys.argv[2:])
"""
LOAD = """
import sys, time
began = time.perf_counter()
from datetime import datetime
from pathlib import Path
import floorctl.clock
at = datetime.fromisoformat(sys.argv[1])
floorctl.clock.system_clock = lambda: at
from floorctl.session import Session
from floorctl.sites import load_site
session = Session(load_site(), Path(sys.argv[2]))
session.floor(), session.register()
print(time.perf_counter() - began)
"""


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

    def seconds(self, work: Path, *args: str) -> float | None:
        """How long a command takes as a process; None where this version does not know it."""
        command = [sys.executable, "-c", AT, self.at, "--db", str(work / "floor.db"), *args]
        began = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        took = time.perf_counter() - began
        if done.returncode == 2:
            return None
        if done.returncode:
            raise RuntimeError(f"{args}: {done.stderr}")
        return took

    def each(self, *args: str) -> float | None:
        """The median of a command that finds everything as it was left by the one before; the first is not counted."""
        with self.copy() as work:
            found = [self.seconds(work, *args, *_out(args, work)) for _ in range(self.runs + 1)]
        taken = [t for t in found[1:] if t is not None]
        return median(taken) if taken else None

    def fresh(self, *args: str) -> float | None:
        """The median of a command whose every run has a copy of its own."""
        found = []
        for _ in range(self.runs):
            with self.copy() as work:
                found.append(self.seconds(work, *args, *_out(args, work)))
        taken = [t for t in found if t is not None]
        return median(taken) if taken else None

    def load(self) -> float:
        """The day load of the console: a session on the file, its Floor and its Register, from a cold process."""
        found = []
        for _ in range(self.runs):
            command = [sys.executable, "-c", LOAD, self.at, str(self.folder / "floor.db")]
            found.append(float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout))
        return median(found)

    def figures(self) -> dict[str, float | None]:
        day, month = str(self.day), f"{self.day:%Y-%m}"
        size = (self.folder / "floor.db").stat().st_size / 1e6
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
            "file, MB": size,
        }


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
    print(f"{'':26}" + "".join(f"{name:>10}" for name in names) + "     limit")
    passed = 0
    for row in table[names[0]]:
        values = [table[name][row] for name in names]
        limit = LIMITS.get(row.split(",")[0])
        passed += any(v is not None and limit is not None and v > limit for v in values)
        cells = "".join(f"{'-' if v is None else f'{v:.2f}':>10}" for v in values)
        print(f"{row:26}{cells}" + (f"{limit:>10.1f}" if limit else ""))
    print(growth(json.loads((options.cache / f"v{two_years.VERSION}" / "closes.json").read_text())))
    return 1 if passed else 0


if __name__ == "__main__":
    sys.exit(main())
