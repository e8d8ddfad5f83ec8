"""Real days of real counters (../shared/real, beside the project): the board agrees with the census of that day."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from pathlib import Path

import pytest
from contract_cli import ROOT, run
from contract_steps import ingest, status, totals
from contract_words import LANES

REAL = ROOT.parent / "shared" / "real"
NAMES = ["bielany-2020-01-08", "bielany-2020-01-13", "mokotow-2020-01-08", "mokotow-2020-01-13", "mokotow-2020-01-15"]

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real days are not here ({REAL})")


def truth(name: str) -> dict[str, dict[str, int]]:
    """Instant → lane → number waiting."""
    instants: dict[str, dict[str, int]] = defaultdict(dict)
    with (REAL / f"{name}.truth.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            instants[row["at"]][row["lane"]] = int(row["waiting"])
    return instants


def sample(name: str, number: int) -> list[str]:
    """Instants spread over the day, the fullest one among them."""
    instants = truth(name)
    all_of_them = sorted(instants)
    fullest = max(all_of_them, key=lambda t: sum(instants[t].values()))
    return sorted({*all_of_them[:: max(1, len(all_of_them) // number)], fullest})


def waiting(db: Path, now: str) -> dict[str, int]:
    return {x["lane"]: x["waiting"] for x in status(db, now)["lanes"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_real_day(db: Path, name: str) -> None:
    """Every line is accepted, the number waiting agrees at every instant, a second run finds all duplicate."""
    file = REAL / f"{name}.jsonl"
    lines = len(file.read_bytes().splitlines())
    assert totals(run("ingest", file, "--json", db=db)) == (lines, 0, 0)
    instants = truth(name)
    chosen = sample(name, 24)
    assert len(chosen) >= 20
    for now in chosen:
        expected = dict.fromkeys(LANES, 0) | instants[now]
        assert waiting(db, now) == expected, now
    second = run("ingest", file, "--json", db=db)
    assert (totals(second), second.status) == ((0, lines, 0), 0)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_day_shuffled(tmp_path: Path, name: str) -> None:
    """The same file shuffled line by line gives the same status except `head`."""
    lines = (REAL / f"{name}.jsonl").read_bytes().splitlines(keepends=True)
    ordered, shuffled = tmp_path / "ordered.db", tmp_path / "shuffled.db"
    assert ingest(ordered, b"".join(lines)).status == 0
    random.Random(name).shuffle(lines)
    assert ingest(shuffled, b"".join(lines)).status == 0
    for now in sample(name, 2):
        assert {**status(shuffled, now), "head": None} == {**status(ordered, now), "head": None}


def test_all_days_in_one_file(db: Path) -> None:
    """Two offices of one date are two sources; days do not touch one another."""
    alone = "mokotow-2020-01-13"
    assert run("ingest", REAL / f"{alone}.jsonl", db=db).status == 0
    (now,) = sample(alone, 24)[10:11]
    before = status(db, now)
    for name in ("bielany-2020-01-08", "mokotow-2020-01-15"):
        assert run("ingest", REAL / f"{name}.jsonl", db=db).status == 0
    assert {**status(db, now), "head": None} == {**before, "head": None}
