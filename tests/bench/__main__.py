"""All measurements in one table: ``python -m tests.bench [PART]…``; what each means stands in docs/performance.md.

``python -m tests.bench limits``: how large a hall and a file may become (limits.py).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from datetime import date
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Prints each line as it comes and the table (or, with --json, one document); exit 1 where a ratio is beyond its limit."""
    if sys.platform != "linux":
        print("these measurements need a pseudo-terminal and /proc: Linux", file=sys.stderr)
        return 2
    _with_byte_code()
    given = sys.argv[1:] if argv is None else argv
    if given[:1] == ["limits"]:
        from tests.bench import limits

        return limits.main(given[1:])
    from tests.bench.parts import PARTS, Bed, machine
    from tests.bench.table import line, printed

    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; none: all")
    parser.add_argument("--runs", type=int, default=15, help="samples of each subject (default 15)")
    parser.add_argument("--quick", action="store_true", help="5 samples, and no file of two years is made")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "floorctl-bench")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    runs = 5 if asked.quick else asked.runs
    wanted = asked.parts or [p for p in PARTS if not (asked.quick and p == "histories")]
    rows, failed = [], list[str]()
    with tempfile.TemporaryDirectory(prefix="floorctl-bench-") as folder:
        bed = Bed(Path(folder), asked.cache, runs, 5.0 if asked.quick else 20.0)
        for part in wanted:
            print(f"  … {part}", file=sys.stderr, flush=True)
            try:
                found = PARTS[part](bed)
            except Exception as e:  # the others may still be measured
                failed.append(f"{part}: {type(e).__name__}: {e}")
                print(failed[-1], file=sys.stderr, flush=True)
                continue
            rows += found
            for one in found:  # a run that is broken off has told what it had
                print(line(one), file=sys.stderr if asked.json else sys.stdout, flush=True)
    if asked.json:
        print(json.dumps({"machine": machine(), "rows": [r.to_json() for r in rows]}, ensure_ascii=False))
    else:
        printed(rows, f"{date.today()}  {machine()}  medians of {runs}")
    for text in failed:
        print(text, file=sys.stderr)
    return int(bool(failed) or any(not r.within for r in rows))


def _with_byte_code() -> None:
    """As after an installation: byte code is written once, in a folder of its own, whatever the shell says of it."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "floorctl-bench-pyc"))


if __name__ == "__main__":
    sys.exit(main())
