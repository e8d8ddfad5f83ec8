"""The long form: ``python -m tests.reliability [kills] [cuts] [together]`` prints a table (docs/reliability.md)."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
import time
from dataclasses import asdict
from typing import Any

from floorctl.intake.site_file import load_site

PARTS = ("kills", "cuts", "together")


def main(argv: list[str] | None = None) -> int:
    """Runs the parts, prints the table (or, with --json, one document); 0 where nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; none: all")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--facts", type=int, default=100_000, help="acknowledged facts under the kills, at least")
    parser.add_argument("--cuts", type=int, default=2000, help="simulated power cuts")
    parser.add_argument("--minutes", type=float, default=60, help="simulated minutes of several writers at once")
    parser.add_argument("--speed", type=float, default=20, help="how many times faster than the clock they pass")
    parser.add_argument("--seed", type=int, default=20260914)
    parser.add_argument(
        "--folder", help="where to work: on the disk that is to be tried (default: the temporary folder)"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    parts = asked.parts or PARTS
    say = (lambda text: None) if asked.json else lambda text: print(f"  … {text}", file=sys.stderr, flush=True)
    began, found = time.monotonic(), dict[str, Any]()
    if "kills" in parts:
        found["kills"] = _kills(asked, say)
    if "cuts" in parts:
        found["cuts"] = _cuts(asked)
    if "together" in parts:
        from tests.reliability.together import hour

        found["together"] = hour(load_site(), asked.minutes, asked.speed, asked.seed, asked.folder)
    found["seconds"] = round(time.monotonic() - began)
    if asked.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _print(found)
    return int(any(part.get("wrong", 0) for part in found.values() if isinstance(part, dict)))


def _kills(asked: argparse.Namespace, say: Any) -> dict[str, Any]:
    from tests.reliability.kills import kill_many

    rows = kill_many(asked.kills, asked.facts, asked.seed, load_site(), say, asked.folder)
    table = [
        {"writer": name, "kills": r.kills, "at_a_step": r.by_step, **asdict(r.verdict)} for name, r in rows.items()
    ]
    return {"rows": table, **_sum(table)}


def _cuts(asked: argparse.Namespace) -> dict[str, Any]:
    from tests.reliability import disk
    from tests.reliability.cuts import cut_power

    if not disk.available:
        return {"rows": [], "wrong": 0, "says": ["not done: this Python hides SQLite's file functions"]}
    table = [
        {"writer": "power cuts", "kills": 0, "at_a_step": 0, **asdict(cut_power(asked.cuts, asked.seed, load_site()))}
    ]
    return {"rows": table, **_sum(table)}


def _sum(table: list[dict[str, Any]]) -> dict[str, Any]:
    bad = ("lost", "half", "damaged", "stuck", "documents")
    return {"wrong": sum(row[b] for row in table for b in bad), "says": [s for row in table for s in row["says"]]}


_HEADS = ("writer", "states", "kills", "at_a_step", "acknowledged", "lost", "half", "damaged", "stuck", "documents")


def _print(found: dict[str, Any]) -> None:
    print(
        f"{platform.platform()}  Python {platform.python_version()}  SQLite {sqlite3.sqlite_version}  {os.cpu_count()} cores"
    )
    rows = [row for part in ("kills", "cuts") for row in found.get(part, {}).get("rows", [])]
    if rows:
        print("| " + " | ".join(_HEADS) + " |")
        print("|" + "---|" * len(_HEADS))
        for row in rows:
            print("| " + " | ".join(f"{row[h]:,}" if isinstance(row[h], int) else row[h] for h in _HEADS) + " |")
        whole = {h: sum(r[h] for r in rows) for h in _HEADS[1:]}
        print("| total | " + " | ".join(f"{whole[h]:,}" for h in _HEADS[1:]) + " |")
    if "together" in found:
        for name, value in found["together"].items():
            print(f"together: {name}: {value}")
    for part in ("kills", "cuts", "together"):
        for said in found.get(part, {}).get("says", []):
            print(f"WRONG {part}: {said}")
    print(f"{found['seconds']} s")


if __name__ == "__main__":
    sys.exit(main())
