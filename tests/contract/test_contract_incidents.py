"""Contract 1: incident add and list."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_cli import Result, at, refuses, run
from contract_facts import issued
from contract_steps import do, facts_in, feed, fields, incidents, is_instant, log
from contract_words import CATEGORIES, MY_NUMBER


def add(db: Path, now: str, *options: str, category: str = "complaint", summary: str = "順番の苦情") -> Result:
    return run("incident", "add", "--category", category, "--summary", summary, *options, db=db, now=now)


def test_the_list_has_its_fields(db: Path) -> None:
    """«the list is [{"incident","category","summary","occurred_at","found_at","reported_at","state",…}]»"""
    options = [
        "--occurred",
        "2026-09-14T09:40",
        "--terminal",
        "T3",
        "--service",
        "cert_issue",
        "--service",
        "pin_reset",
    ]
    assert add(db, "10:00", *options).status == 0
    (found,) = incidents(db)
    fields(found, "incident", "category", "summary", "occurred_at", "found_at", "reported_at", "state")
    assert (found["incident"], found["category"], found["summary"]) == ("I-1", "complaint", "順番の苦情")
    assert (found["occurred_at"], found["found_at"], found["reported_at"]) == (at("09:40"), at("10:00"), None)
    assert (found["services"], found["terminals"], found["state"]) == (["cert_issue", "pin_reset"], ["T3"], "open")


def test_an_incident_of_now(db: Path) -> None:
    """«[--occurred TIME]» may be left out, as may terminals and services."""
    assert add(db, "10:00").status == 0
    (found,) = incidents(db)
    assert found["occurred_at"] == at("10:00")
    assert (found["services"], found["terminals"]) == ([], [])


@pytest.mark.parametrize(
    "now",
    [
        "2026-09-13T03:00:00+09:00",
        "2026-07-01T23:59:59+09:00",
        "2026-06-01T00:00:00+09:00",
        "2030-01-01T12:00:00+09:00",
    ],
)
def test_on_any_day_and_hour(db: Path, now: str) -> None:
    """«records an incident on any day and hour»: Sundays, training days, before and after the contract."""
    assert add(db, now).status == 0
    assert [i["found_at"] for i in incidents(db)] == [now]


@pytest.mark.parametrize("category", CATEGORIES)
def test_categories(db: Path, category: str) -> None:
    """«Incident categories: `personal_info` …»"""
    assert add(db, "10:00", category=category).status == 0
    assert [i["category"] for i in incidents(db)] == [category]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--category", "weather", "--summary", "x"],
        ["--category", "other", "--summary", "x", "--terminal", "T9"],
        ["--category", "other", "--summary", "x", "--service", "haircut"],
        ["--category", "other", "--summary", ""],
        ["--category", "other", "--summary", "x", "--occurred", "yesterday"],
    ],
    ids=" ".join,
)
def test_what_is_no_incident(db: Path, wrong: list[str]) -> None:
    """«1 refused …, 2 wrong usage»: codes are checked against the site."""
    result = run("incident", "add", *wrong, db=db, now="10:00")
    assert result.status in (1, 2), result
    refuses(result, result.status)
    assert incidents(db) == []


def test_no_personal_data(db: Path) -> None:
    """The guard: refused, not repeated, nowhere in the file."""
    assert add(db, "09:00").status == 0
    assert MY_NUMBER not in refuses(add(db, "10:00", summary=f"番号 {MY_NUMBER} の方"))
    assert len(incidents(db)) == 1
    assert MY_NUMBER.encode() not in db.read_bytes()


def test_numbers_count_over_the_whole_file(db: Path) -> None:
    """«incidents `I-<n>` count over the whole file»"""
    for now in ("10:00", "2026-09-15T10:00:00+09:00", "2026-12-01T10:00:00+09:00"):
        assert add(db, now).status == 0
    assert sorted(i["incident"] for i in incidents(db)) == ["I-1", "I-2", "I-3"]


def test_states(db: Path) -> None:
    """«"state":"open|reported|closed"», `reported_at`"""
    for now in ("10:00", "10:01", "10:02"):
        assert add(db, now).status == 0
    for n in (2, 3):
        do(db, "11:00", "incident.reported", f"incident=I-{n}")
    do(db, "12:00", "incident.closed", "incident=I-3")
    found = {i["incident"]: (i["state"], i["reported_at"]) for i in incidents(db)}
    assert found == {"I-1": ("open", None), "I-2": ("reported", at("11:00")), "I-3": ("closed", at("11:00"))}


def test_without_json(db: Path) -> None:
    """`incident list` for the eye."""
    assert add(db, "10:00").status == 0
    result = run("incident", "list", db=db)
    assert result.status == 0
    assert "I-1" in result.out
    assert "順番の苦情" in result.out


def test_an_incident_stands_in_the_journal(db: Path) -> None:
    """«`log`: the journal of a day»"""
    feed(db, issued("09:00", "B001"))
    assert add(db, "10:00").status == 0
    assert [x["kind"] for x in log(db)] == ["ticket.issued", "incident.opened"]
    assert facts_in(db) == 2
    assert is_instant(log(db)[1]["recorded_at"])
