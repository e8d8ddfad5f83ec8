"""`predicted_wait_s` (contract 3): how long the person now last in the lane has still to wait; and `backtest`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from contract_cli import run
from contract_facts import called, fact, finished, issued, opened
from contract_steps import feed, lane, status

DESKS = tuple(fact("08:31", "terminal.staffed", terminal=t, staff=f"S{n}") for n, t in enumerate(("T3", "T5", "T6"), 1))


def waits(db: Path, now: str, code: str = "certificate") -> dict[str, int] | None:
    found = lane(status(db, now), code)["predicted_wait_s"]
    assert found is None or set(found) == {"p50", "p90"}
    return found


def queue(n: int, start: int = 0) -> list[dict[str, object]]:
    return [issued(f"09:{start + i:02d}", f"B{start + i:03d}") for i in range(n)]


def test_whole_seconds_and_p90_is_no_shorter(db: Path) -> None:
    feed(db, opened(), *DESKS, *queue(6))
    found = waits(db, "09:06")
    assert found is not None
    assert all(type(x) is int and x >= 0 for x in found.values())
    assert found["p50"] <= found["p90"]
    assert all(waits(db, "09:06", code) is None for code in ("issuance", "application", "registration"))


def test_it_is_of_the_last_person_and_grows_with_the_queue(db: Path) -> None:
    feed(db, opened(), *DESKS, *queue(20))
    told = [waits(db, f"09:{m:02d}:30") for m in (3, 9, 19)]
    p50 = [x["p50"] for x in told if x is not None]
    assert len(p50) == 3 and p50 == sorted(p50) and p50[2] > 2 * p50[0]


def test_null_once_the_last_is_called(db: Path) -> None:
    feed(db, opened(), *DESKS, issued("09:00", "B001"), called("09:02", "B001"), finished("09:10", "B001"))
    assert waits(db, "09:01") is not None
    assert waits(db, "09:03") is None


def test_null_where_no_desk_is_at_work(db: Path) -> None:
    """Nothing is made up: who waits before a lane that nobody serves is told nothing."""
    feed(db, opened(), fact("08:31", "terminal.staffed", terminal="T1", staff="S1"), *queue(3))
    assert waits(db, "09:05") is None


def test_facts_after_now_change_nothing(db: Path, tmp_path: Path) -> None:
    later = [called(f"09:{10 + i}", f"B{i:03d}") for i in range(3)]
    feed(db, opened(), *DESKS, *queue(6))
    before = waits(db, "09:06")
    feed(db, *later)
    assert waits(db, "09:06") == before


def test_the_text_names_it(db: Path) -> None:
    feed(db, opened(), *DESKS, *queue(6))
    said = run("status", db=db, now="2026-09-14T09:06")
    assert said.status == 0
    assert "見込み" in said.out and "9割" in said.out


# ---- backtest


@pytest.fixture
def day(tmp_path: Path) -> Path:
    path = tmp_path / "day.jsonl"
    assert run("simulate", "--date", "2026-09-14", "--seed", "3", "-o", path).status == 0
    return path


def test_backtest_prints_a_table_and_json(day: Path) -> None:
    said = run("backtest", day)
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[-1].startswith("全体")
    document = json.loads(run("backtest", day, day, "--json").out)
    assert [x["feed"] for x in document["days"]] == ["day", "day"]
    assert document["all"]["n"] == 2 * document["days"][0]["n"] > 20
    assert {"ratio", "covered", "plain_s", "p50_s", "under_p50", "own_mean_ratio", "arrivals_within"} <= set(
        document["all"]
    )


def test_backtest_refuses_what_is_no_day(tmp_path: Path) -> None:
    said = run("backtest", tmp_path / "none.jsonl")
    assert said.status == 1 and "none.jsonl" in said.err and said.out == ""
    assert run("backtest").status == 2
