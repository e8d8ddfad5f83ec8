"""Other consoles made with Textual, beside ours: ``python -m tests.bench peers`` (the first time it needs a package index).

Each has an environment of its own below the ``--cache``, since it pins another Textual; a bare app of that version is
measured too. They are as they come, with one request or one table to show, in a home of their own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.figures import Row, in_turns, row
from tests.bench.subject import Subject
from tests.bench.watched import PLAIN, Watched

_REQUEST = "name: BELEG\nmethod: GET\nurl: http://127.0.0.1:9/\n"
_TABLE = "import duckdb\nduckdb.connect('beleg.duckdb').execute('CREATE TABLE beleg (n INTEGER)')"
_LOADS_S = 4.0


@dataclass(frozen=True)
class Peer:
    """A program of others: what is installed, how it is started, the words of its first frame and of what it shows."""

    name: str
    requires: tuple[str, ...]
    script: str
    args: tuple[str, ...]
    frame: str
    content: str


PEERS = (
    Peer(
        "posting",
        # Its Textual's highlighter ends with a fault of memory under the next tree-sitter.
        ("posting==2.11.1", "tree-sitter==0.25.2"),
        "from posting.__main__ import cli\ncli()",
        ("--collection", "requests"),
        "Posting",
        "BELEG",
    ),
    Peer(
        "harlequin",
        ("harlequin==2.17.0",),
        "from harlequin.cli import harlequin\nharlequin()",
        ("--locale", "C", "beleg.duckdb"),
        "Data Catalog",
        "beleg",
    ),
)


def environment(cache: Path, peer: Peer) -> Path:
    """The Python of an environment in which a peer is installed; made where it is not. Raises RuntimeError."""
    folder = cache / "peers" / peer.name
    python, made = folder / "bin" / "python", folder / "made"
    wanted = "\n".join(peer.requires)
    if not made.exists() or made.read_text() != wanted:
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *peer.requires],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(f"{peer.name} cannot be installed: {done.stderr.strip()[-300:]}")
        made.write_text(wanted)
    return python


def versions(python: Path, *names: str) -> list[str]:
    """The versions of packages in an environment."""
    script = f"import json\nfrom importlib.metadata import version\nprint(json.dumps([version(x) for x in {names!r}]))"
    found: list[str] = json.loads(subprocess.run([python, "-c", script], capture_output=True, check=True).stdout)
    return found


def home(folder: Path, python: Path, peer: Peer) -> Path:
    """A home in which a peer finds one thing to show."""
    place = folder / f"home-{peer.name}"
    (place / "requests").mkdir(parents=True)
    (place / "requests" / "beleg.posting.yaml").write_text(_REQUEST)
    if peer.name == "harlequin":
        subprocess.run([python, "-c", _TABLE], cwd=place, check=True)
    return place


def measured(subjects: dict[str, Subject], runs: int, idle_s: float) -> None:
    """Fill in what is measured: starts in turns, then all of them at once left alone, then keys in turns."""
    in_turns(runs, {name: s.sample for name, s in subjects.items()})
    for s in subjects.values():
        del s.frames[:1], s.contents[:1], s.worked[:1]  # of the first round
    with _all(subjects) as apps:
        before, at = {name: app.resident() for name, app in apps.items()}, time.perf_counter()
        _read(apps, idle_s)
        lasted = time.perf_counter() - at
        for name, app in apps.items():
            after = app.resident()
            subjects[name].memory = after["pss"]
            subjects[name].idle = 100 * (after["cpu_s"] - before[name]["cpu_s"]) / lasted
        for _ in range(max(2, runs // 2)):
            for n in range(6):
                for name, app in apps.items():
                    took = app.key_ms(subjects[name].keys[n])
                    if took is not None:
                        subjects[name].answers.append(took[1])


@contextmanager
def _all(subjects: dict[str, Subject]) -> Iterator[dict[str, Watched]]:
    """Every program at once, with all that it loads after its start."""
    with ExitStack() as stack:
        apps = {name: stack.enter_context(s.start()) for name, s in subjects.items()}
        for name, app in apps.items():
            app.wait(subjects[name].content)
        _read(apps, _LOADS_S)
        yield apps


def _read(apps: dict[str, Watched], seconds: float) -> None:
    """Take what they write, so that none waits for its terminal."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for app in apps.values():
            app.read(0.02)


def beside(ours: Subject, cache: Path, folder: Path, runs: int, idle_s: float) -> list[Row]:
    """The rows of every peer. ``cache``: where their environments are kept, ``folder``: to work in."""
    subjects = {"ours": ours}
    told = {}
    for peer in PEERS:
        python = environment(cache, peer)
        place = home(folder, python, peer)
        how: dict[str, Any] = {"python": str(python), "cwd": place, "HOME": str(place), "PYTHONPATH": ""}

        def start(peer: Peer = peer, how: dict[str, Any] = how) -> Watched:
            return Watched(peer.script, *peer.args, **how)

        def plain(how: dict[str, Any] = how) -> Watched:
            return Watched(PLAIN, **how)

        version, textual = versions(python, peer.name, "textual")
        told[peer.name] = (f"{peer.name} {version}", f"bare Textual {textual}")
        subjects[peer.name] = Subject(start, peer.frame, peer.content)
        subjects[f"{peer.name}, bare"] = Subject(plain, "PLAIN", "PLAIN")
    measured(subjects, runs, idle_s)
    return [x for peer in PEERS for x in _rows(peer.name, *told[peer.name], subjects)]


def _rows(peer: str, name: str, bare: str, subjects: dict[str, Subject]) -> list[Row]:
    ours, other, plain = subjects["ours"], subjects[peer], subjects[f"{peer}, bare"]

    def note(values: list[float], unit: str) -> str:
        middle = sorted(values)[len(values) // 2] if values else 0.0
        return f"{name} ({bare}: {middle:.{middle < 10:d}f} {unit})"

    def line(what: str, key: Callable[[Subject], list[float]], unit: str, limit: float | None = None) -> Row:
        return row(f"beside {peer}", what, key(ours), unit, key(other), note(key(plain), unit), limit)

    return [
        line("the frame stands", lambda s: s.frames, "ms", 0.5),
        line("what is to be seen", lambda s: s.contents, "ms", 0.6),
        line("processor until then", lambda s: s.worked, "ms", 0.6),
        line("memory (shared pages in part)", lambda s: [s.memory], "MiB", 1.0),
        line("idle processor", lambda s: [s.idle], "%"),
        line("key to last byte", lambda s: s.answers, "ms", 0.8),
    ]
