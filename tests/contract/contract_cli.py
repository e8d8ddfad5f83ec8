"""Runs floorctl as its users do and reads what it prints; nothing here knows the inside of the program."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from floorctl.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-09-14"  # a Monday in the middle of the contract, an ordinary opening day
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")

Json = Any


@dataclass(frozen=True)
class Result:
    status: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()

    @property
    def json(self) -> Json:
        """The one JSON document on stdout; json.loads refuses anything else beside it."""
        return json.loads(self.out)


def at(clock: str, day: str = DAY) -> str:
    """``09:03`` or ``09:03:10`` of the day as an instant of Tokyo; what is longer stands as it is."""
    if len(clock) > 12:
        return clock
    return f"{day}T{clock}{':00' if len(clock) == 5 else ''}+09:00"


def run(*args: str | Path, db: Path | None = None, now: str | None = None, stdin: bytes = b"", **env: str) -> Result:
    """One command in this process, with fresh standard streams and no FLOORCTL_* but those given."""
    argv = _argv(args, db, now)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"), out, err
    try:
        with _environment(env):
            try:
                main(argv)
                status = 0
            except SystemExit as leaving:
                status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
            except Exception as escaped:
                raise AssertionError(f"a traceback for the user: floorctl {' '.join(argv)}: {escaped!r}") from escaped
        out.flush()
        err.flush()
        result = Result(status, out.buffer.getvalue(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept
    assert "Traceback" not in result.err, result.err
    assert "予期しない" not in result.err, f"a fault of ours: floorctl {' '.join(argv)}: {result.err}"
    return result


def spawn(*args: str | Path, db: Path | None = None, now: str | None = None, stdin: bytes = b"", **env: str) -> Result:
    """The same through a real process, ``python -m floorctl``."""
    done = subprocess.run(_command(args, db, now), input=stdin, capture_output=True, env=process_environment(env))
    return Result(done.returncode, done.stdout, done.stderr.decode())


@contextlib.contextmanager
def following(*args: str | Path, db: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that keeps running, e.g. ``ingest --follow``; killed if the test leaves it behind."""
    process = subprocess.Popen(
        _command(args, db, None),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=process_environment({}),
        # A test run started in the background of a shell hands down an ignored SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def interrupt(process: subprocess.Popen[bytes]) -> Result:
    """Ctrl-C, and what the process says as it ends."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    return Result(process.returncode, out, err.decode())


def wait_for(happened: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.03)


def _argv(args: tuple[str | Path, ...], db: Path | None, now: str | None) -> list[str]:
    before = (["--db", str(db)] if db else []) + (["--now", at(now)] if now else [])
    return before + [str(a) for a in args]


def _command(args: tuple[str | Path, ...], db: Path | None, now: str | None) -> list[str]:
    return [sys.executable, "-m", "floorctl", *_argv(args, db, now)]


def process_environment(env: dict[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FLOORCTL_")}
    return {**kept, "PYTHONPATH": str(ROOT), **env}


@contextlib.contextmanager
def _environment(env: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    for name in [n for n in os.environ if n.startswith("FLOORCTL_")]:
        del os.environ[name]
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def refuses(result: Result, status: int = 1) -> str:
    """The refusal in due form: the exit status, nothing on stdout, one Japanese sentence on stderr, which is returned."""
    assert result.status == status, result
    assert result.raw == b"", result
    sentence = result.err.strip()
    assert sentence, "no sentence on stderr"
    assert "\n" not in sentence, sentence
    assert JAPANESE.search(sentence), sentence
    return sentence
