"""A lake of made days as floorctl's export lays it out, with the traps of a real one; and the rows of it that count."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from dateutil.relativedelta import relativedelta

from floorctl.usecases.parquet_files import table_bytes
from floorctl.usecases.parquet_rows import Row
from floorctl.usecases.parquet_schema import write_schema
from floorctl.usecases.parquet_tables import MANIFEST, TABLES
from tests.engines.made_days import Made, made, working_days

FILE = "part-0.parquet"
# What the questions read; the traps are in these tables too.
ASKED = ("days", "lanes", "services", "hours", "escalations", "incidents", "duties", "outages", "forecasts")
Held = dict[str, Any]


@dataclass
class MadeLake:
    """A folder, and by table the rows that count, each as a dict with ``site`` and ``day``. ``sites`` have days in it."""

    root: Path
    counted: dict[str, list[Held]] = field(default_factory=lambda: {table: [] for table in TABLES})
    sites: int = 0
    keeps: bool = True
    tables: Sequence[str] = tuple(TABLES)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        write_schema(self.root)

    def month(self, site: str, month: str, days: Sequence[tuple[date, Made]], *, sealed: bool = True) -> None:
        """Write a month's files and, if it is ``sealed``, its rows of the manifest; without, nothing of it counts."""
        seal: list[Row] = []
        for table in self.tables:
            rows = [(day, *row) for day, told in days for row in told[table]]
            data = table_bytes(table, rows, month=True)
            self.put(table, site, f"month={month}", data)
            span = (len(days), days[0][0], days[-1][0], 0, len(rows), len(data), hashlib.sha256(data).hexdigest())
            seal.append((month, table, *span))
        if sealed:
            before = (
                pq.read_table(p).to_pylist() if (p := self.root / MANIFEST / f"site={site}" / FILE).exists() else []
            )
            self.put(
                MANIFEST, site, "", table_bytes(MANIFEST, [*(tuple(r.values()) for r in before), *seal], month=False)
            )
            self.count(site, days)

    def days(self, site: str, days: Sequence[tuple[date, Made]], *, sealed: bool = True, counts: bool = True) -> None:
        """Write day files; ``sealed``: with that of ``days``; ``counts`` False: a month's files stand for them."""
        for day, told in days:
            for table in self.tables:
                if sealed or table != "days":
                    self.put(table, site, f"day={day}", table_bytes(table, told[table], month=False))
        if sealed and counts:
            self.count(site, days)

    def put(self, table: str, site: str, part: str, data: bytes) -> Path:
        """Write a file of the lake."""
        path = self.root / table / f"site={site}" / part / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def count(self, site: str, days: Iterable[tuple[date, Made]]) -> None:
        """Keep rows for the recount."""
        for day, told in days if self.keeps else ():
            for table, rows in told.items():
                names = [c.name for c in TABLES[table]]
                held = self.counted[table]
                held += [{"site": site, "day": day, **dict(zip(names, row, strict=True))} for row in rows]


def large(root: Path, sites: int, days: int, *, first: date = date(2026, 9, 1), alike: int = 0) -> MadeLake:
    """Write whole months of many sites and two days of the month that runs.

    ``alike``: so many sites have days of their own and all others repeat them (a lake for measuring alone: no recount).
    """
    lake = MadeLake(root, sites=sites, keeps=not alike, tables=ASKED)
    months: dict[str, list[date]] = {}
    for day in working_days(first, days):
        months.setdefault(f"{day:%Y-%m}", []).append(day)
    running = working_days(max(d for own in months.values() for d in own).replace(day=1) + relativedelta(months=1), 2)
    for n in range(min(sites, alike or sites)):
        code = f"s{n:04d}"
        for month, its in months.items():
            lake.month(code, month, [(d, made(n, d)) for d in its])
        lake.days(code, [(d, made(n, d)) for d in running])
    for n in range(alike or sites, sites):
        like = f"site=s{n % alike:04d}"
        for path in sorted(root.glob(f"*/{like}/**/{FILE}")):
            to = Path(*(f"site=s{n:04d}" if part == like else part for part in path.parts))
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())
    return lake


def small(root: Path) -> MadeLake:
    """Write a few sites with every trap that we know; what may not count is beside what counts."""
    lake = MadeLake(root, sites=7)
    september, october = working_days(date(2026, 9, 1), 8), working_days(date(2026, 10, 1), 4)

    def told(site: int, days: Sequence[date], **how: bool) -> list[tuple[date, Made]]:
        return [(d, made(site, d, **how)) for d in days]

    # A site with a closed month and days of the running one, and a day file that the month's files stand for.
    lake.month("minami", "2026-09", told(0, september))
    lake.days("minami", told(0, october))
    lake.days("minami", told(90, september[:1]), counts=False)
    # Lanes in Japanese; a later month, with a gap of a month.
    lake.month("kita", "2026-07", told(1, working_days(date(2026, 7, 1), 5)))
    lake.month("kita", "2026-09", told(1, september))
    # Three lanes, one without a meaning; a month whose files stand and that the manifest does not name.
    lake.month("nishi", "2026-08", told(2, working_days(date(2026, 8, 3), 5)))
    lake.month("nishi", "2026-09", told(91, september), sealed=False)
    # Days alone: one of them without its file of `days`; nobody came on any.
    lake.days("quiet", told(3, october[:3], quiet=True))
    lake.days("quiet", told(92, october[3:]), sealed=False)
    # Files of an older version, without the columns that came later; all that they lack is null.
    older = [(d, without_later(made(4, d))) for d in september]
    lake.month("older", "2026-09", older)
    for table, names in LATER.items():
        path = root / table / "site=older" / "month=2026-09" / FILE
        path.write_bytes(lacking(path.read_bytes(), names))
    # A month without any row but those of `days`, and nothing but nulls in one table.
    none = [
        (d, {t: rows if t == "days" else [] for t, rows in m.items()}) for d, m in told(5, september[:2], quiet=True)
    ]
    lake.month("empty", "2026-09", none)
    nulls = [(d, {**m, "escalations": [_untaken(r) for r in m["escalations"]]}) for d, m in told(6, september)]
    lake.month("nulls", "2026-09", nulls)
    # Files that are being written.
    for table in ("hours", "days"):
        for name in (f".{FILE}", f".{FILE}.floorctl-tmp", f"{FILE}.floorctl-tmp"):
            (root / table / "site=minami" / "month=2026-09" / name).write_bytes(b"PAR1 half written")
    return lake


# Columns that came after the first files of this layout.
LATER = {
    "lanes": ("target_within", "target_of", "target_unknown"),
    "hours": ("service_n", "service_sum_s"),
    "escalations": ("to_taken_s", "to_settled_s"),
}


def without_later(told: Made) -> Made:
    """Return a day as a reader sees the files of before: later columns are null."""
    found = dict(told)
    for table, names in LATER.items():
        own = [c.name for c in TABLES[table]]
        found[table] = [tuple(None if n in names else v for n, v in zip(own, row, strict=True)) for row in told[table]]
    return found


def lacking(data: bytes, names: Sequence[str]) -> bytes:
    """Return a file without some columns; the others keep their field ids."""
    held = BytesIO()
    pq.write_table(pq.read_table(BytesIO(data)).drop_columns(list(names)), held, version="2.6", store_schema=False)
    return held.getvalue()


def _untaken(row: Row) -> Row:
    names = [c.name for c in TABLES["escalations"]]
    gone = {"taken_at", "settled_at", "to_taken_s", "to_settled_s"}
    return tuple(None if n in gone else v for n, v in zip(names, row, strict=True))
