"""Compare the head office's nine answers over engines: ``python -m tests.engines`` (docs/head_office.md).

Makes a lake (or takes one), asks every engine that is installed, and compares each answer with a plain recount of the
rows. Prints time, rows and bytes; exits 1 at any difference or refusal.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.engines.engines import ENGINES, Ask, plain, questions, spark
from tests.engines.made_lake import ASKED, large, small
from tests.engines.read_lake import bytes_of, rows_that_count
from tests.engines.recount import RECOUNTS, Answer
from tests.engines.spark_cluster import cluster

MODULES = {"spark": "pyspark"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the comparison; return 0 if all answers agree."""
    options = _options()
    asked = options.parse_args(argv)
    names = asked.engines.split(",") if asked.engines else [n for n in ENGINES if _installed(n)]
    if unknown := [n for n in names if n not in ENGINES]:
        options.error(f"no such engine: {', '.join(unknown)} (of {', '.join(ENGINES)})")
    if asked.engines and (lacking := [MODULES.get(n, n) for n in names if not _installed(n)]):
        options.error(f"not installed: pip install {' '.join(lacking)}")
    if asked.lake and not (asked.lake / "schema.json").exists() and asked.lake.exists() and any(asked.lake.iterdir()):
        options.error(f"{asked.lake} is no lake (no schema.json), and not empty: nothing is made there")
    with ExitStack() as stack:
        root = asked.lake or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if asked.lake is None or not (root / "schema.json").exists():
            started = time.perf_counter()
            small(root) if asked.traps else large(root, asked.sites, asked.days, alike=asked.alike)
            print(f"lake made: {time.perf_counter() - started:.1f} s")
        sql = questions()
        size = {n: bytes_of(root, text) for n, text in sql.items()}
        want = (
            {}
            if asked.no_recount
            else {n: f(rows) for rows in [rows_that_count(root, ASKED)] for n, f in RECOUNTS.items()}
        )
        print(f"{sum(1 for _ in root.rglob('*.parquet'))} files in {root}")
        good = True
        for name in names:
            try:
                good &= _ask(name, root, sql, size, want, asked.spark)
            except Exception as error:  # an engine that does not even open the lake; the others are still asked
                print(f"{name:<11} REFUSED the lake {type(error).__name__}: {str(error)[:200]}")
                good = False
    print("all answers agree" if good else "ANSWERS DIFFER")
    return 0 if good else 1


def _ask(name: str, root: Path, sql: dict[str, str], size: dict[str, int], want: dict[str, Answer], how: str) -> bool:
    """Ask one engine all questions; without a recount its answers become what the others are held against."""
    good, started = True, time.perf_counter()
    with _opened(name, root, how) as ask:
        print(f"{name:<11} opened {time.perf_counter() - started:6.2f} s")
        for n, text in sql.items():
            started = time.perf_counter()
            try:
                rows = plain(ask(text))
            except Exception as error:
                print(f"{name:<11} {n} REFUSED {type(error).__name__}: {str(error)[:200]}")
                good = False
                continue
            took, same = time.perf_counter() - started, rows == want.setdefault(n, rows)
            print(
                f"{name:<11} {n} {took:7.2f} s {len(rows):>7} rows {size[n] / 1e6:8.1f} MB {'agrees' if same else 'DIFFERS'}"
            )
            if not same:
                for got, wanted in [(a, b) for a, b in zip(rows, want[n], strict=False) if a != b][:3]:
                    print(f"    {got} instead of {wanted}")
            good &= same
    return good


@contextmanager
def _opened(name: str, root: Path, how: str) -> Iterator[Ask]:
    if name == "spark" and how == "standalone":
        with cluster() as master, spark(root, master) as ask:
            yield ask
    else:
        with ENGINES[name](root) as ask:
            yield ask


def _installed(name: str) -> bool:
    return importlib.util.find_spec(MODULES.get(name, name)) is not None


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.engines", description=__doc__)
    parser.add_argument("--engines", default="", help=f"of {','.join(ENGINES)}; default: all that are installed")
    parser.add_argument(
        "--lake",
        type=Path,
        help="a lake of yours; if there is no such folder, or it is empty, one is made in it and stays",
    )
    parser.add_argument("--sites", type=int, default=24, help="sites of the lake that is made")
    parser.add_argument("--days", type=int, default=20, help="days of a site; two more of the month that runs")
    parser.add_argument("--alike", type=int, default=0, help="only so many sites have days of their own")
    parser.add_argument("--traps", action="store_true", help="the small lake with every trap")
    parser.add_argument(
        "--spark",
        choices=["local", "standalone"],
        default="local",
        help="standalone: a master and two workers on this machine (needs java 17 or later)",
    )
    parser.add_argument("--no-recount", action="store_true", help="compare the engines with one another alone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
