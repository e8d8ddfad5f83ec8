"""floorctl with the lowest versions that pyproject.toml states: ``python -m tests.lowest`` (needs a package index).

A bound that was never tried is a guess. An environment of its own gets exactly the lower bound of every direct
dependency; in it the smoke part runs: each kind of command once, and the console through its first screens.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
DAY = "2026-09-14"
# The console's first screens without a terminal: the board, a choice over it, a list, a text, the leave question.
SCREENS = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
import floorctl.__main__
from floorctl.common.clock import frozen_clock, parse_time
import floorctl.screens.launch
from floorctl.screens.app import FloorApp
from floorctl.usecases.session import Session
from floorctl.intake.site_file import load_site

now = parse_time("2026-09-14T10:30")
app = FloorApp(lambda: Session(load_site(None), Path(sys.argv[1]), frozen=now, hold=True), clock=frozen_clock(now))

async def look():
    async with app.run_test(size=(120, 36)) as pilot:
        for _ in range(200):
            await pilot.pause(0.05)
            if app.state.ready:
                break
        for keys in (["4"], ["escape"], ["f1"], ["escape"], *[[f"f{n}"] for n in range(3, 10)], ["f2"], ["m"], [*"memo"], ["enter"]):
            await pilot.press(*keys)
            await pilot.pause(0.1)
    assert app.state.ready and app._exception is None and app.fatal is None, app.fatal
asyncio.run(look())
"""


def lowest(project: dict[str, list[str]]) -> list[str]:
    """``name==lowest`` for each direct dependency of the project. Raises ValueError where one states no lower bound."""
    pins = []
    for line in project["dependencies"]:
        name, bound, rest = line.partition(">=")
        if not bound:
            raise ValueError(f"no lower bound: {line}")
        pins.append(f"{name}=={rest.partition(',')[0].partition(';')[0].strip()}")
    return pins


def commands(folder: Path) -> list[tuple[list[str], int]]:
    """One command of each kind with the exit status that it has to have."""
    db, feed = str(folder / "low.db"), str(folder / "day.jsonl")
    at = ["--db", db, "--now", f"{DAY}T10:30"]
    return [
        (["--version"], 0),
        (["--help"], 0),
        (["simulate", "--date", DAY, "--seed", "1", "--volume", "surge", "-o", feed], 0),
        (["--db", db, "ingest", feed], 0),
        ([*at, "status"], 0),
        ([*at, "status", "--json"], 0),
        ([*at, "advise", "--json"], 0),
        ([*at, "do", "memo.written", "text=確認"], 0),
        ([*at, "do", "memo.written", "text=090-1234-5678"], 1),
        ([*at, "do", "no.such"], 2),
        ([*at, "status", "--no-such"], 2),
        ([*at, "incident", "add", "--category", "equipment", "--summary", "プリンタ停止"], 0),
        ([*at, "log"], 0),
        (["--db", db, "calendar", "--from", DAY, "--to", DAY], 0),
        (["--db", db, "duties", "--until", "2026-10-31"], 0),
        (["--db", db, "duties", "--ics", str(folder / "duties.ics")], 0),
        (["study", feed], 0),
        (["--db", db, "--now", f"{DAY}T18:00", "close", "--out", str(folder / "reports")], 0),
        (["--db", db, "--now", f"{DAY}T18:00", "export", "--month", "2026-09", "--out", str(folder / "reports")], 0),
        (["--db", db, "backup", str(folder / "copy.db")], 0),
        (["--db", db, "doctor", "--full"], 0),
    ]


def main() -> int:
    """Builds the environment, runs the smoke part; 1 and what went wrong where something did."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory(prefix="floorctl-lowest-") as scratch:
        folder = Path(scratch)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        pins = lowest(project)
        print("lowest:", " ".join(pins), flush=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins, str(ROOT)]
        made = subprocess.run(install, capture_output=True, text=True, encoding="utf-8", check=False)
        if made.returncode:
            print(made.stderr[-2000:], flush=True)
            return 1
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("FLOORCTL_", "PYTHON"))}
        runs = [(["-m", "floorctl", *args], status) for args, status in commands(folder)]
        for args, wanted in [*runs, (["-c", SCREENS, str(folder / "low.db")], 0)]:
            done = subprocess.run(
                [str(python), *args], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8",
                check=False, timeout=120,
            )  # fmt: skip
            if done.returncode != wanted or "Traceback" in done.stderr or "予期しない" in done.stderr:
                print(f"exit {done.returncode}, not {wanted}: {args}\n{done.stderr[-2000:]}", flush=True)
                return 1
        print(f"{len(runs) + 1} passed, 0 failed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
