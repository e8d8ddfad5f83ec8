"""Contract 1: --now freezes the clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from contract_cli import DAY, at, run
from contract_facts import called, fact, finished, issued, jsonl, opened
from contract_steps import do, entry, facts_in, feed, incidents, ingest, lane, log, status, terminal, try_to

TOKYO = timezone(timedelta(hours=9))


def test_everything_is_seen_as_it_was_then(db: Path) -> None:
    """«everything is seen as it was then: facts with `at` <= TIME»"""
    feed(db, opened(), issued("09:00", "B001"), issued("09:10", "B002"), called("09:20", "B001"))
    assert lane(status(db, "09:09:59"), "certificate")["waiting"] == 1
    assert lane(status(db, "09:10:00"), "certificate")["waiting"] == 2, "at the instant itself too"
    assert lane(status(db, "09:20:00"), "certificate")["waiting"] == 1
    assert status(db, "08:19:59")["open"] is False
    assert status(db, "09:15")["last_fact_at"] == at("09:10")


def test_whenever_recorded(db: Path) -> None:
    """«facts with `at` <= TIME, whenever recorded»"""
    feed(db, opened(), issued("09:10", "B002"))
    late = ingest(db, jsonl(issued("09:00", "B001")), now="18:00")
    assert late.status == 0
    assert lane(status(db, "09:05"), "certificate")["waiting"] == 1


def test_incidents_too(db: Path) -> None:
    """«… incidents and duties too»"""
    assert run("incident", "add", "--category", "complaint", "--summary", "順番の苦情", db=db, now="11:00").status == 0
    do(db, "12:00", "incident.reported", "incident=I-1")
    do(db, "13:00", "incident.closed", "incident=I-1")
    assert incidents(db, "10:59:59") == []
    assert [i["state"] for i in incidents(db, "11:00")] == ["open"]
    assert [i["state"] for i in incidents(db, "12:30")] == ["reported"]
    assert [i["state"] for i in incidents(db, "13:00")] == ["closed"]
    assert status(db, "10:00")["incidents"] == []
    assert [i["incident"] for i in status(db, "11:30")["incidents"]] == ["I-1"]
    assert status(db, "13:30")["incidents"] == []


def test_the_log_as_it_was_then(db: Path) -> None:
    """«everything is seen as it was then»"""
    feed(db, opened(), issued("09:00", "B001"), issued("10:00", "B002"))
    assert [x["kind"] for x in run("log", "--json", db=db, now="09:30").json] == ["day.opened", "ticket.issued"]


def test_it_never_filters_ingest(db: Path) -> None:
    """«It never filters `ingest`.»"""
    result = ingest(
        db, jsonl(opened(), issued("15:00", "B001"), issued("2026-12-01T10:00:00+09:00", "B001")), now="09:00"
    )
    assert result.json == {"accepted": 3, "duplicate": 0, "refused": 0}
    assert facts_in(db) == 3


def test_commands_write_at_that_time(db: Path) -> None:
    """«Commands that write do so with at = recorded_at = TIME.»"""
    feed(db, opened())
    seqs = [
        do(db, "10:00", "memo.written", "text=x")[0]["seq"],
        do(db, "10:01", "officials.changed", "present=1")[0]["seq"],
    ]
    assert run("incident", "add", "--category", "other", "--summary", "x", db=db, now="10:02").status == 0
    assert run("assign", "T3", "issuance", db=db, now="10:03").status == 0
    written = [entry(db, seqs[0]), entry(db, seqs[1]), *log(db)[-2:]]
    assert [x["at"] for x in written] == [at(f"10:0{n}") for n in range(4)]
    assert [x["recorded_at"] for x in written] == [x["at"] for x in written]


def test_ingest_records_at_that_time(db: Path) -> None:
    """«Commands that write do so with … recorded_at = TIME»: for a feed the line's own `at` stands."""
    ingest(db, jsonl(issued("09:00", "B001")), now="11:00")
    (only,) = log(db)
    assert (only["at"], only["recorded_at"]) == (at("09:00"), at("11:00"))


def test_now_from_the_environment(db: Path) -> None:
    """«`--now` (or `FLOORCTL_NOW`)»"""
    assert run("status", "--json", db=db, FLOORCTL_NOW=at("10:07")).json["now"] == at("10:07")


def test_without_it_the_whole_present_day_is_folded(db: Path) -> None:
    """«Without it the whole present day is folded.»"""
    today = datetime.now(TOKYO).date().isoformat()
    feed(db, issued(f"{today}T00:00:01+09:00", "B001"), issued(f"{today}T23:59:58+09:00", "B002"))
    document = run("status", "--json", db=db).json
    if document["day"] == today:  # not at midnight
        assert lane(document, "certificate")["waiting"] == 2
        assert document["last_fact_at"] == f"{today}T23:59:58+09:00"
        assert len(run("log", "--json", db=db).json) == 2


def test_a_commands_fact_is_never_earlier_than_the_last_of_its_terminal(db: Path) -> None:
    """«A command's fact is never earlier than the last fact of its ticket or terminal»: here the feed's clock is ahead."""
    now = datetime.now(TOKYO).replace(microsecond=0)
    ahead = now + timedelta(seconds=90)
    feed(db, issued(now.isoformat(), "B001"), called(ahead.isoformat(), "B001"))
    result = run("do", "ticket.finished", "ticket=B001", "terminal=T3", "--json", db=db)
    if ahead.date() == datetime.now(TOKYO).date():  # not at midnight
        assert result.status == 0, result
        (written,) = result.json
        assert entry(db, written["seq"], ahead.date().isoformat())["at"] >= ahead.isoformat()
        document = run("status", "--json", db=db).json
        assert document["anomalies"] == 0
        assert lane(document, "certificate")["served"] == 1


def test_a_frozen_command_never_writes_at_another_time(db: Path) -> None:
    """«at = recorded_at = TIME», also where the file knows of a later fact of the ticket: it is so, or it is refused."""
    feed(db, opened(), issued("09:00", "B001"), called("09:10", "B001"), finished("09:30", "B001"))
    result = try_to(db, "09:20", "ticket.finished", "ticket=B001", "terminal=T3")
    assert result.status in (0, 1), result
    assert [x["at"] for x in log(db) if x["seq"] > 4] == [at("09:20")] * (1 - result.status)


def test_the_state_then(db: Path) -> None:
    """«everything is seen as it was then»: terminals, officials, escalations."""
    feed(
        db,
        opened(),
        fact("09:00", "terminal.failed", terminal="T3"),
        fact("09:30", "terminal.repaired", terminal="T3"),
        fact("09:10", "escalation.raised", escalation="X1", matter="identity"),
        fact("09:20", "escalation.settled", escalation="X1", outcome="withdrawn"),
        fact("09:40", "officials.changed", present=0),
    )
    then, later = status(db, "09:15"), status(db, "09:45")
    assert terminal(then, "T3")["state"] == "failed"
    assert terminal(later, "T3")["state"] == "free"
    assert (then["officials"], later["officials"]) == (2, 0)
    assert ([e["escalation"] for e in then["escalations"]], later["escalations"]) == (["X1"], [])
    assert then["day"] == DAY
