"""Contract 1: simulate writes a day as a feed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from contract_cli import DAY, refuses, run
from contract_steps import doctor, ingest, lane, status, totals


@cache
def simulated(day: str = DAY, seed: int = 1, volume: str = "normal") -> bytes:
    result = run("simulate", "--date", day, "--seed", str(seed), "--volume", volume)
    assert (result.status, result.err) == (0, "")
    return result.raw


def facts(feed: bytes) -> list[dict]:
    return [json.loads(line) for line in feed.splitlines()]


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """«same seed, same bytes»; «[-o FILE]»; normal is the default volume here."""
    file = tmp_path / "day.jsonl"
    result = run("simulate", "--date", DAY, "--seed", "1", "-o", file)
    assert (result.status, result.out) == (0, "")
    assert file.read_bytes() == simulated()
    assert run("simulate", "--date", DAY, "--seed", "1").raw == simulated()


def test_another_seed_another_day() -> None:
    """Seeds and dates differ."""
    assert simulated(seed=2) != simulated()
    assert simulated("2026-09-15") != simulated()


def test_ids_contain_date_and_seed() -> None:
    """«ids contain date and seed»: days and seeds never meet in one file."""
    found = facts(simulated(seed=4711))
    assert all(DAY in f["id"] and "4711" in f["id"] for f in found)
    assert len({f["id"] for f in found}) == len(found)


def test_two_days_and_two_seeds_are_no_duplicates(db: Path) -> None:
    """«ids contain date and seed»"""
    parts = [simulated(), simulated(seed=2), simulated("2026-09-15")]
    results = [totals(ingest(db, part)) for part in parts]
    assert results == [(len(facts(part)), 0, 0) for part in parts]


def test_all_of_it_is_of_that_day() -> None:
    """«writes a simulated day»"""
    found = facts(simulated())
    assert {f["at"][:10] for f in found} == {DAY}
    assert {f["at"][-6:] for f in found} == {"+09:00"}
    assert {"day.opened", "ticket.issued", "ticket.called", "ticket.finished"} <= {f["kind"] for f in found}


@pytest.mark.parametrize("day", ["2026-09-13", "2026-07-01", "2026-09-22", "2026-09-19", "2026-06-30", "2028-07-01"])
def test_a_closed_day(tmp_path: Path, day: str) -> None:
    """«a closed day: exit 1»; nothing is written."""
    refuses(run("simulate", "--date", day, "--seed", "1"))
    refuses(run("simulate", "--date", day, "--seed", "1", "-o", tmp_path / "day.jsonl"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("volume", ["low", "normal", "surge"])
@pytest.mark.parametrize(("day", "seed"), [(DAY, 1), ("2027-05-12", 7), ("2026-08-29", 3)])
def test_it_is_a_feed_without_anomalies(db: Path, day: str, seed: int, volume: str) -> None:
    """«a simulated day as a feed (2)»: every line accepted, every fact fits, nobody is left waiting."""
    feed = simulated(day, seed, volume)
    result = ingest(db, feed)
    assert totals(result) == (len(facts(feed)), 0, 0)
    assert result.err == ""
    assert doctor(db)["anomalies"] == 0
    end = status(db, f"{day}T23:59:59+09:00")
    assert [x["waiting"] for x in end["lanes"]] == [0, 0, 0, 0]
    assert lane(end, "certificate")["served"] > 0
    assert {t["ticket"] for t in end["terminals"]} == {None}


def test_volumes() -> None:
    """«[--volume low|normal|surge]»"""
    tickets = [
        sum(f["kind"] == "ticket.issued" for f in facts(simulated(volume=v))) for v in ("low", "normal", "surge")
    ]
    assert tickets[0] < tickets[1] < tickets[2]


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    """«1 … failed, one plain Japanese sentence»"""
    refuses(run("simulate", "--date", DAY, "--seed", "1", "-o", tmp_path / "nowhere" / "day.jsonl"))
