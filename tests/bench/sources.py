"""Measure the intake of described files, by hand: ``python -m tests.bench.sources [ROWS]``; medians of whole intakes.

Each case writes its file, reads it by its description and appends the facts to a new data file. Facts a second by the
clock, and by the time of the processor (the same on a machine that has other work); then of the reading alone. At last the
file grows by ten rows, and the same reader looks at it once more: milliseconds of the clock and of the processor.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

from floorctl.common.clock import JST
from floorctl.database.store import Store
from floorctl.intake.feed import Intake
from floorctl.intake.site_file import load_site
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.source_file import load_sources
from floorctl.models.site.site import Site

RUNS = 3
TODAY = date(2026, 9, 14)
NOON = datetime(2026, 9, 14, 12, tzinfo=JST)
_CODES = """
[sources.codes.service]
"03" = "cert_renewal"
"51" = "card_issuance"
[sources.codes.terminal]
"4" = "T4"
"5" = "T5"
"""


def _at(n: int) -> datetime:
    """Spread rows over many days, as a log of years does."""
    return datetime(2026, 9, 14, 8, 30) + timedelta(days=n // 900, seconds=n % 900 * 30)


def _log(path: Path, rows: range, encoding: str = "cp932") -> None:
    text = "".join(f"{_at(n):%Y%m%d},{_at(n):%H:%M},{n % 3},03,{n % 900 + 1:03d}\r\n" for n in rows)
    with path.open("ab") as file:
        file.write(text.encode(encoding))


def _wide(path: Path, rows: range) -> None:
    def row(n: int) -> str:
        cells = [""] * 65
        at = _at(n)
        cells[0], cells[4], cells[9] = f"{at:%Y%m%d}", f"{at:%H%M%S}", "51"
        cells[39], cells[40] = f"{at + timedelta(minutes=9):%H%M%S}", f"{at + timedelta(minutes=20):%H%M%S}"
        cells[52], cells[60], cells[63] = str(4 + n % 2), "個人番号カード交付", f"{n % 900:04d}"
        return ",".join(cells) + "\r\n"

    with path.open("ab") as file:
        file.write("".join(map(row, rows)).encode("cp932"))


def _visits(path: Path, rows: range) -> None:
    new = not path.exists()
    with path.open("a", encoding="utf-8") as file:
        if new:
            file.write("visit_id,ticket,service,issued,called,ended,desk\n")
        for n in rows:
            at = _at(n)
            called, ended = at + timedelta(minutes=9), at + timedelta(minutes=20)
            file.write(f"{n},B{n % 900:03d},03,{at},{called},{ended},{4 + n % 2}\n")


def _drawn(path: Path, rows: range) -> None:
    """Write rows with what took longest to be found nobody's number: an id drawn by lot, and a new ticket in each."""
    new = not path.exists()
    with path.open("a", encoding="utf-8") as file:
        if new:
            file.write("id,ticket,service,issued,called,desk\n")
        for n in rows:
            at = _at(n)
            drawn = UUID(bytes=blake2b(str(n).encode(), digest_size=16).digest(), version=4)
            file.write(f"{drawn},A-{n:06d},03,{at},{at + timedelta(minutes=9)},{4 + n % 2}\n")


def _jsonl(path: Path, rows: range) -> None:
    with path.open("a", encoding="utf-8") as file:
        for n in rows:
            at = f"{_at(n).isoformat()}+09:00"
            event = {"type": "issued", "data": {"ticket": {"no": f"B{n % 900:03d}"}, "queue": "03"}, "at": at}
            file.write(json.dumps(event) + "\n")


def _sqlite(path: Path, rows: range) -> None:
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS kiosk (no TEXT, dept TEXT, issued TEXT)")
        conn.executemany("INSERT INTO kiosk VALUES (?,?,?)", ((f"B{n % 900:03d}", "03", str(_at(n))) for n in rows))
    conn.close()


CASES: dict[str, tuple[str, str, Callable[[Path, range], None]]] = {
    "log, 5 columns": (
        "log.csv",
        """heading = false
columns = { day = 1, time = 2, event = 3, service = 4, ticket = 5 }
facts = [
  { kind = "ticket.issued", when = { event = "0" } },
  { kind = "ticket.called", when = { event = "1" } },
  { kind = "ticket.no_show", when = { event = "2" } },
]""",
        _log,
    ),
    "65 columns, cp932": (
        "cd.csv",
        """heading = false
columns = { day = 1, issued = 5, service = 10, called = 40, ended = 41, terminal = 53, ticket = 64 }
facts = [
  { kind = "ticket.issued", at = "issued" },
  { kind = "ticket.called", at = "called" },
  { kind = "ticket.finished", at = "ended" },
]""",
        _wide,
    ),
    "visits, 3 facts a row": (
        "visits.csv",
        """columns = { id = "visit_id", ticket = "ticket", service = "service", issued = "issued", called = "called", ended = "ended", terminal = "desk" }
facts = [
  { kind = "ticket.issued", at = "issued" },
  { kind = "ticket.called", at = "called" },
  { kind = "ticket.finished", at = "ended" },
]""",
        _visits,
    ),
    "ids drawn by lot": (
        "drawn.csv",
        """columns = { id = "id", ticket = "ticket", service = "service", issued = "issued", called = "called", terminal = "desk" }
facts = [
  { kind = "ticket.issued", at = "issued" },
  { kind = "ticket.called", at = "called" },
]""",
        _drawn,
    ),
    "events, jsonl": (
        "events.jsonl",
        """form = "jsonl"
columns = { ticket = "data.ticket.no", service = "data.queue", time = "at" }
facts = [{ kind = "ticket.issued", when = { type = "issued" } }]""",
        _jsonl,
    ),
    "kiosk, sqlite": (
        "kiosk.db",
        """form = "sqlite"
table = "kiosk"
columns = { ticket = "no", service = "dept", time = "issued" }
facts = [{ kind = "ticket.issued" }]""",
        _sqlite,
    ),
}


class Watch:
    """Seconds of the clock and of the processor since it was made."""

    def __init__(self) -> None:
        self.clock, self.processor = time.perf_counter(), time.process_time()

    def __call__(self) -> tuple[float, float]:
        return time.perf_counter() - self.clock, time.process_time() - self.processor


def measured(site: Site, name: str, rows: int) -> tuple[int, list[tuple[float, float]]]:
    """Return the facts of a case, and the seconds of reading alone, of intake, and of a look at the grown file."""
    file, text, write = CASES[name]
    with tempfile.TemporaryDirectory(prefix="floorctl-bench-") as folder:
        path, toml = Path(folder, file), Path(folder, "s.toml")
        codes = _CODES if "terminal = " in text else _CODES.partition("[sources.codes.terminal]")[0]
        toml.write_text(f'[[sources]]\nname = "m"\n{text}\n{codes}', encoding="utf-8")
        (source,) = load_sources(toml, site)
        write(path, range(rows))
        watch = Watch()
        facts = sum(1 for _ in SourceReader(source, site).read(path, TODAY))
        spent = [watch()]
        store = Store(Path(folder, "floor.db"), create=True)
        intake = Intake(store, site, "m", lambda: NOON, lambda n, why: print(n, why))
        reader = SourceReader(source, site)
        watch = Watch()
        intake.take(reader.read(path, TODAY, growing=True))
        spent.append(watch())
        write(path, range(rows, rows + 10))
        watch = Watch()
        totals = intake.take(reader.read(path, TODAY, growing=True))
        spent.append(watch())
        store.close()
        if totals.accepted != facts // rows * (rows + 10):
            raise RuntimeError(f"{name}: {totals}")
    return facts, spent


def main(rows: int = 100_000) -> None:
    """Print a line for each case."""
    site = load_site()
    for name in CASES:
        runs = [measured(site, name, rows) for _ in range(RUNS)]
        facts = runs[0][0]
        read, taken, grown = (
            tuple(statistics.median(run[1][part][of] for run in runs) for of in (0, 1)) for part in range(3)
        )
        print(
            f"{name:24}{facts:7} facts  {facts / taken[0]:6.0f} ({facts / taken[1]:6.0f}) facts/s"
            f" | reading {facts / read[0]:6.0f} ({facts / read[1]:6.0f})"
            f" | grown {grown[0] * 1000:5.0f} ({grown[1] * 1000:5.0f}) ms",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
