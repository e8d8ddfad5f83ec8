"""Measure acts while a described file is followed, by hand: ``python -m tests.bench.followed [DAYS [ROWS [SECONDS]]]``.

The engine of the console alone: a file of ROWS rows over DAYS days without a close grows by ten rows a second. Milliseconds
from a row to the message that brings it and of an act, and seconds of the processor by part of the engine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from floorctl.console.engine import Engine
from floorctl.console.messages import Arrived, Done
from floorctl.intake.feed import Intake
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.source_file import load_sources
from floorctl.usecases.session import Session
from tests.story import MONDAY, HandClock, instant, kumagaya

DESCRIPTION = """
[[sources]]
name = "kiosk"
files = "log.csv"
heading = false
columns = { day = 1, time = 2, event = 3, service = 4, ticket = 5 }
facts = [
  { kind = "ticket.issued", when = { event = "0" } },
  { kind = "ticket.no_show", when = { event = "1" } },
]
codes = { service = { "03" = "cert_renewal" } }
"""
PARTS = ("_load", "_find_unclosed", "_find_reissued", "_fold_late", "_news", "_poll_feeds", "_work")


class Parts:
    """Seconds of the processor in each part of the engine: all of them, and the most at once."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = defaultdict(list)
        for name in PARTS:
            setattr(Engine, name, self._timed(name, getattr(Engine, name)))

    def _timed(self, name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any) -> Any:
            began = time.thread_time()
            try:
                return run(*args)
            finally:
                self.spent[name].append(time.thread_time() - began)

        return timed

    def told(self) -> str:
        return "  ".join(f"{name} {sum(s):.2f} (max {max(s):.3f})" for name, s in self.spent.items())


def row(day: date, second: int, event: int, ticket: str) -> str:
    at = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return f"{day:%Y%m%d},{at},{event},03,{ticket}\n"


def main(days: int = 250, rows: int = 100_000, seconds: int = 20) -> None:
    """Print the figures of one run."""
    parts, per = Parts(), rows // days
    with tempfile.TemporaryDirectory(prefix="floorctl-bench-") as folder:
        toml, log = Path(folder, "s.toml"), Path(folder, "log.csv")
        toml.write_text(DESCRIPTION, encoding="utf-8")
        with log.open("w") as file:
            for ago in range(days - 1, -1, -1):
                step = (28_800 if ago else 5_000) / per
                for n in range(per):
                    file.write(row(MONDAY - timedelta(days=ago), 30_600 + int(n * step), n % 2, f"B{n // 2:04d}"))
        clock = HandClock(instant("08:00") - timedelta(days=days))
        site = replace(kumagaya(), sources=load_sources(toml, kumagaya()))

        def opened() -> Session:
            return Session(site, Path(folder, "floor.db"), clock=clock, actor="console", create=True)

        first = opened()
        first.act("memo.written", {"text": "ここから"})
        clock.at = instant("10:00")
        Intake(first.store, site, "kiosk", clock, print).take(SourceReader(site.sources[0], site).read(log, MONDAY))
        first.close()
        came, done = dict[str, float](), list[float]()

        def post(said: object) -> None:
            arrived = said if isinstance(said, Arrived) else getattr(said, "arrived", None)
            for e in arrived.entries if arrived is not None else ():
                came[getattr(e.fact, "ticket", "")] = time.monotonic()
            if isinstance(said, Done):
                done.append(time.monotonic())

        engine = Engine(opened, (), post)
        engine.painted.set()
        began = time.monotonic()
        engine.start()
        while not engine._followed or engine._followed[0].intake.totals.duplicate < per * days:
            time.sleep(0.1)
        print(f"read again {time.monotonic() - began:.1f} s  {parts.told()}")
        time.sleep(2)
        parts.spent.clear()
        written, acts, end = dict[str, float](), list[float](), time.monotonic() + seconds

        def grow() -> None:
            while time.monotonic() < end:
                ticket = f"N{len(written)}"
                with log.open("a") as file:
                    file.write(row(MONDAY, 35_700, 0, ticket))
                written[ticket] = time.monotonic()
                time.sleep(0.1)

        growing = threading.Thread(target=grow)
        growing.start()
        worked = time.process_time()
        while time.monotonic() < end:
            pressed, before = time.monotonic(), len(done)
            engine.act("メモ", "memo.written", {"text": f"メモ {before}"})
            while len(done) == before:
                time.sleep(0.0005)
            acts.append(done[-1] - pressed)
            time.sleep(0.25)
        growing.join()
        time.sleep(1)
        engine.stop()
        for name, found in (("row", [came[t] - at for t, at in written.items() if t in came]), ("act", acts)):
            at = sorted(found)
            middle, late = statistics.median(at), at[int(0.95 * len(at))]
            print(
                f"{name}: median {middle * 1000:.0f} ms  p95 {late * 1000:.0f}  max {at[-1] * 1000:.0f}  of {len(at)}"
            )
        print(f"processor {(time.process_time() - worked) / seconds:.1%}  {parts.told()}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
