"""floorctl with the lowest versions that pyproject.toml states: ``python -m tests.lowest`` (needs a package index).

A bound that was never tried is a guess. An environment of its own gets exactly the lower bound of every direct
dependency, or with ``--newest`` the newest version that the upper one admits, whatever requirements.lock says; in it the
smoke part runs: each kind of command once, and the console through its first screens.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from floorctl.documents.sbom.component import name_of

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
        (["sbom", "--format", "json"], 0),
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


class Failed(Exception):
    """What was tried does not install, or does not do what it has to do."""


def run(*command: object, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(x) for x in command], capture_output=True, text=True, encoding="utf-8", check=False, **more
    )


def new_environment(base: Path | str, folder: Path, *install: object) -> Path:
    """An environment of this Python with what pip is asked to install; returns its Python. Raises Failed."""
    made = run(base, "-m", "venv", folder)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not made.returncode:
        made = run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *install)
    if made.returncode:
        raise Failed((made.stderr or made.stdout)[-2000:])
    return python


def versions(python: Path, names: list[str]) -> str:
    """``name==version`` of these packages, as they were installed."""
    told = json.loads(run(python, "-m", "pip", "list", "--format", "json", "--disable-pip-version-check").stdout)
    there = {name_of(x["name"]): x["version"] for x in told}
    return " ".join(f"{name}=={there[name_of(name)]}" for name in names)


def smoke(python: Path, folder: Path) -> int:
    """Return how many steps of the smoke part were done as they have to be. Raise Failed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FLOORCTL_", "PYTHON"))}
    steps = [(["-m", "floorctl", *args], status) for args, status in commands(folder)]
    steps.append((["-c", SCREENS, str(folder / "low.db")], 0))
    for args, wanted in steps:
        done = run(python, *args, cwd=folder, env=environment, timeout=240)
        if done.returncode != wanted or "Traceback" in done.stderr or "予期しない" in done.stderr:
            raise Failed(f"exit {done.returncode}, not {wanted}: {args}\n{done.stderr[-2000:]}")
    return len(steps)


def tried(base: Path | str, newest: bool) -> tuple[int, str]:
    """The steps done with one end of the bounds on this Python, and the versions that were installed. Raises Failed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory(prefix="floorctl-bounds-") as scratch:
        folder = Path(scratch)
        python = new_environment(base, folder / "venv", *([] if newest else lowest(project)), ROOT)
        names = [re.split(r"[<>=!~ \[]", line, maxsplit=1)[0] for line in project["dependencies"]]
        return smoke(python, folder), versions(python, names)


def main(argv: list[str] | None = None) -> int:
    """Builds the environment, runs the smoke part; 1 and what went wrong where something did."""
    parser = argparse.ArgumentParser(description="floorctl with one end of the bounds of its dependencies")
    parser.add_argument("--newest", action="store_true", help="the newest that the bounds admit, not the lowest")
    newest = parser.parse_args(argv).newest
    try:
        done, held = tried(sys.executable, newest)
    except Failed as error:
        print(error, flush=True)
        return 1
    print(f"{'newest' if newest else 'lowest'}: {held}\n{done} passed, 0 failed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
