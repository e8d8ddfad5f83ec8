"""Contract 2: facts out of order, clocks that differ, facts that do not fit, closed days, head counts."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from contract_cli import DAY, at, refuses, run
from contract_facts import (
    LEAST,
    Fact,
    called,
    cases,
    fact,
    finished,
    issued,
    jsonl,
    left,
    no_show,
    opened,
    requeued,
    transferred,
)
from contract_steps import do, facts_in, feed, ingest, lane, log, service, status, terminal, totals, try_to
from contract_wild import wild_facts


def a_full_day() -> list[Fact]:
    """Every kind of 2, some facts that do not fit, and many at the same instant."""
    return [
        opened("08:20"),
        *[fact("08:20", "terminal.staffed", terminal=f"T{n}", staff=f"S0{n}") for n in range(1, 8)],
        *[issued(f"09:{n:02}", f"B{n:03}", "cert_renewal") for n in range(1, 20)],
        *[issued("09:00", f"A{n:03}", "card_issuance", appointment="09:30", cards=2) for n in range(1, 6)],
        called("09:05", "B001", "T3"),
        finished("09:12", "B001", "T3", work={"cert_signature_renewal": 1, "furigana_print": 1}),
        called("09:12", "B002", "T3"),
        called("09:20", "B003", "T3"),  # busy: B002 ends as incomplete
        finished("09:25", "B002", "T3"),  # does not fit any more
        finished("09:30", "B003", "T3", outcome="desk3"),
        called("09:05", "B004", "T4"),
        no_show("09:08", "B004"),
        requeued("09:20", "B004"),
        left("09:21", "B005"),
        transferred("09:22", "A005", "pin_reset"),
        called("09:30", "A001", "T1"),
        called("09:31", "A002", "T4"),  # T4 serves another lane
        called("09:31", "B077", "T5"),  # unknown
        called("08:58:30", "B006", "T5"),  # the desk's clock is behind: 7 minutes, too much
        called("09:06", "B007", "T6"),  # one minute before its issue: fits
        fact("09:40", "terminal.assigned", terminal="T1", lane="certificate", reason="混雑"),
        finished("09:45", "A001", "T1"),
        fact("09:45", "terminal.paused", terminal="T2", reason="休憩"),
        fact("09:50", "terminal.resumed", terminal="T2"),
        fact("09:41", "terminal.failed", terminal="T7", fault="紙づまり"),
        fact("09:55", "terminal.repaired", terminal="T7"),
        fact("09:33", "escalation.raised", escalation="X1", matter="identity", terminal="T1", ticket="A001"),
        fact("09:35", "escalation.taken", escalation="X1", official="C1"),
        fact("09:39", "escalation.settled", escalation="X1", outcome="approved", official="C1"),
        fact("09:50", "escalation.raised", escalation="X2", matter="fee"),
        fact("09:50", "reception.stopped", service="cert_issue", reason="国システム停止"),
        fact("09:10", "officials.changed", present=1),
        fact("08:40", "staff.changed", staff="S08", status="late", until="09:30"),
        fact("09:20", "inquiry.counted", topic="駐車場", count=2),
        fact("09:20", "work.counted", item="photo", count=3),
        fact("09:15", "visitors.counted", persons=30),
        fact("09:36", "queue.counted", lane="certificate", waiting=8),
        issued("09:37", "B040"),
    ]


def without_head(document: dict) -> dict:
    return {k: v for k, v in document.items() if k != "head"}


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_facts_give_the_same_floor(tmp_path: Path, seed: int) -> None:
    """«Facts may arrive late and out of order; the Floor depends on the facts, not on their arrival.»"""
    facts = a_full_day()
    feed(tmp_path / "ordered.db", *facts)
    random.Random(seed).shuffle(facts)
    shuffled = tmp_path / "shuffled.db"
    cut = len(facts) // 3
    for part in (facts[:cut], facts[cut : 2 * cut], facts[2 * cut :]):
        feed(shuffled, *part)
    for now in ("09:04", "09:20:30", "09:34", "09:36:30", "10:00"):
        expected = without_head(status(tmp_path / "ordered.db", now))
        assert without_head(status(shuffled, now)) == expected
    journal = {x["id"]: x["anomaly"] for x in log(tmp_path / "ordered.db")}
    assert {x["id"]: x["anomaly"] for x in log(shuffled)} == journal


@pytest.mark.parametrize("seed", range(10))
def test_facts_that_hardly_fit_give_the_same_floor_in_any_order(tmp_path: Path, seed: int) -> None:
    """«the Floor depends on the facts, not on their arrival»: nor do anomalies and records; no count is ever below 0."""
    facts = wild_facts(seed, 60)
    ordered, shuffled = tmp_path / "ordered.db", tmp_path / "shuffled.db"
    feed(ordered, *facts)
    random.Random(seed).shuffle(facts)
    feed(shuffled, *facts[:20])
    feed(shuffled, *facts[20:])
    for now in ("09:10", "09:20:15", "09:30", "12:00"):
        document = status(ordered, now)
        assert without_head(status(shuffled, now)) == without_head(document)
        assert all((x["longest_wait_s"] or 0) >= 0 <= x["waiting"] for x in document["lanes"])
    anomalies = {x["id"]: x["anomaly"] for x in log(ordered)}
    assert {x["id"]: x["anomaly"] for x in log(shuffled)} == anomalies
    assert status(ordered, "12:00")["anomalies"] == sum(code is not None for code in anomalies.values())
    found = [records(ordered, tmp_path / "a"), records(shuffled, tmp_path / "b")]
    assert len({str({**r, "head": None, "revision": None}) for r in found}) == 1


@pytest.mark.parametrize("seed", range(10, 14))
def test_as_it_was_then_is_a_file_that_ends_then(tmp_path: Path, seed: int) -> None:
    """«everything is seen as it was then: facts with `at` <= TIME»: what came later leaves no trace."""
    facts = wild_facts(seed, 60)
    feed(tmp_path / "whole.db", *facts)
    for n, now in enumerate(("09:08", "09:15:30", "09:33")):
        part = tmp_path / f"part-{n}.db"
        feed(part, *[f for f in facts if f["at"] <= at(now)])
        assert without_head(status(tmp_path / "whole.db", now)) == without_head(status(part, now))


def test_repeated_feeds_give_the_same_floor(db: Path) -> None:
    """«a duplicate … changes nothing»"""
    facts = a_full_day()
    feed(db, *facts)
    before = status(db, "10:00")
    assert totals(ingest(db, jsonl(*facts[::2], *facts))) == (0, len(facts) + len(facts[::2]), 0)
    assert status(db, "10:00") == before


# ---- order at the same instant ---------------------------------------------------------------------------------------


def both_ways(tmp_path: Path, *facts: Fact) -> list[dict]:
    """The status when facts come in as given and in reverse."""
    documents = []
    for name, order in (("a", facts), ("b", facts[::-1])):
        feed(tmp_path / f"{name}.db", *order)
        documents.append(status(tmp_path / f"{name}.db", "10:00"))
    assert without_head(documents[0]) == without_head(documents[1])
    return documents


ONE_INSTANT = cases("""
    opened before issued: 09:00 opened; 09:00 issued B001
    opened before staffed before called: 08:59 issued A001 card_issuance;
        09:00 day.opened allocation={"T3":"issuance"}; 09:00 terminal.staffed terminal=T3 staff=S01; 09:00 called A001
    assigned before called: 08:20 opened; 08:59 issued A001 card_issuance;
        09:00 terminal.assigned terminal=T3 lane=issuance; 09:00 called A001
    issued before called: 08:20 opened; 09:00 issued B001; 09:00 called B001
    transferred before called: 08:20 opened; 08:59 issued A001 card_issuance; 09:00 transferred A001 pin_reset;
        09:00 called A001
    issued before transferred: 08:20 opened; 09:00 issued A001 card_issuance; 09:00 transferred A001 pin_reset
    issued before left: 08:20 opened; 09:00 issued B001; 09:00 left B001
    no_show before requeued: 08:20 opened; 08:50 issued B001; 08:55 called B001; 09:00 no_show B001;
        09:00 requeued B001
    no_show before called of the next: 08:20 opened; 08:50 issued B001; 08:50 issued B002; 08:55 called B001;
        09:00 no_show B001; 09:00 called B002
    requeued before called again: 08:20 opened; 08:50 issued B001; 08:55 called B001; 08:58 no_show B001;
        09:00 requeued B001; 09:00 called B001 T4
    finished before called: 08:20 opened; 08:50 issued B001; 08:50 issued B002; 08:55 called B001;
        09:00 finished B001; 09:00 called B002
    raised before settled, by name: 08:20 opened; 09:00 escalation.raised escalation=X1 matter=fee;
        09:00 escalation.settled escalation=X1 outcome=withdrawn
    day.closed last: 08:20 opened; 08:50 issued B001; 08:55 called B001; 09:00 finished B001; 09:00 day.closed
""")


@pytest.mark.parametrize("facts", ONE_INSTANT.values(), ids=ONE_INSTANT)
def test_the_order_of_kinds_at_one_instant(tmp_path: Path, facts: list[Fact]) -> None:
    """«Order: `at` as an instant, then kind (`day.opened`, …, `ticket.called`, others by name, `day.closed`)»"""
    assert both_ways(tmp_path, *facts)[0]["anomalies"] == 0


def test_the_journal_is_in_the_order_of_the_contract(db: Path) -> None:
    """«Order: `at` as an instant, then kind (…, others by name, `day.closed`)»: one of each kind at one instant."""
    facts = [fact("09:00", kind, id=f"z{99 - n}", **LEAST[kind]) for n, kind in enumerate(LEAST)]
    random.Random(1).shuffle(facts)
    feed(db, *facts)
    assert [x["kind"] for x in log(db)] == list(LEAST)


def test_finish_and_next_call_at_one_instant(tmp_path: Path) -> None:
    """«… `ticket.finished`, `ticket.called` …»: the first is served, not cut off as incomplete."""
    document = both_ways(tmp_path, *ONE_INSTANT["finished before called"])[0]
    assert (lane(document, "certificate")["served"], lane(document, "certificate")["incomplete"]) == (1, 0)
    assert terminal(document, "T3")["ticket"] == "B002"


def test_a_finish_at_the_instant_of_closing_counts(tmp_path: Path) -> None:
    """«… others by name, `day.closed`»"""
    document = both_ways(tmp_path, *ONE_INSTANT["day.closed last"])[0]
    assert lane(document, "certificate")["served"] == 1


def test_then_source_then_id(db: Path) -> None:
    """«Order: `at`, then kind, then source, then id»"""
    last = fact("09:00", "officials.changed", present=1, id="b")
    feed(db, last, source="machine-b")
    feed(db, fact("09:00", "officials.changed", present=2, id="z"), source="machine-a")
    assert status(db, "10:00")["officials"] == 1, "the later source has the last word"
    feed(db, fact("09:00", "officials.changed", present=3, id="c"), source="machine-b")
    assert status(db, "10:00")["officials"] == 3, "the later id has the last word"
    feed(db, fact("09:00", "officials.changed", present=4, id="a"), source="machine-b")
    assert status(db, "10:00")["officials"] == 3


def test_instants_not_texts_are_ordered(db: Path) -> None:
    """«`at` as an instant»: 00:30Z is later than 09:00+09:00."""
    feed(
        db,
        fact("2026-09-14T00:30:00Z", "officials.changed", present=5),
        fact("09:00", "officials.changed", present=2),
        fact("2026-09-13T23:59:00-01:00", "officials.changed", present=7),  # 09:59 in Tokyo
    )
    assert status(db, "10:00")["officials"] == 7
    assert status(db, "09:45")["officials"] == 5


# ---- clocks that differ ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("early", ["09:59:59", "09:58:30", "09:55:00"])
def test_a_call_up_to_5_minutes_before_its_issue_fits(db: Path, early: str) -> None:
    """«Clocks differ: a call or finish up to 5 minutes before its issue fits.»"""
    feed(db, opened(), called(early, "B001"), issued("10:00", "B001"))
    document = status(db, "10:01")
    assert document["anomalies"] == 0
    assert lane(document, "certificate")["waiting"] == 0
    assert terminal(document, "T3")["ticket"] == "B001"


def test_a_finish_up_to_5_minutes_before_its_issue_fits(db: Path) -> None:
    """«Clocks differ: a call or finish up to 5 minutes before its issue fits.»"""
    feed(db, opened(), called("09:56", "B001"), finished("09:58", "B001"), issued("10:00", "B001"))
    document = status(db, "10:01")
    assert document["anomalies"] == 0
    assert (lane(document, "certificate")["waiting"], lane(document, "certificate")["served"]) == (0, 1)
    assert terminal(document, "T3")["state"] == "free"


def test_a_call_more_than_5_minutes_before_its_issue_does_not(db: Path) -> None:
    """«… up to 5 minutes …»"""
    feed(db, opened(), called("09:54:59", "B001"), issued("10:00", "B001"))
    assert status(db, "10:01")["anomalies"] >= 1


# ---- facts that do not fit -------------------------------------------------------------------------------------------

SERVED = [opened(), issued("09:00", "B001"), called("09:05", "B001"), finished("09:10", "B001")]
DO_NOT_FIT = cases("""
    call of an unknown ticket: 08:20 opened; 09:30 called B999
    finish of an unknown ticket: 08:20 opened; 09:30 finished B999
    no_show of an unknown ticket: 08:20 opened; 09:30 no_show B999
    left of an unknown ticket: 08:20 opened; 09:30 left B999
    requeue of an unknown ticket: 08:20 opened; 09:30 requeued B999
    transfer of an unknown ticket: 08:20 opened; 09:30 transferred B999 other
    a repeated ticket: 08:20 opened; 09:00 issued B001; 09:30 issued B001
    a repeated ticket after its end: 08:20 opened; 09:00 issued B001; 09:05 called B001; 09:10 finished B001;
        09:30 issued B001
    taken, of an unknown escalation: 08:20 opened; 09:30 escalation.taken escalation=X9
    settled, of an unknown escalation: 08:20 opened; 09:30 escalation.settled escalation=X9 outcome=withdrawn
    a repeated escalation: 08:20 opened; 09:00 escalation.raised escalation=X1 matter=fee;
        09:30 escalation.raised escalation=X1 matter=fee
    taken after settled: 08:20 opened; 09:00 escalation.raised escalation=X1 matter=fee;
        09:05 escalation.settled escalation=X1 outcome=withdrawn; 09:30 escalation.taken escalation=X1
    settled twice: 08:20 opened; 09:00 escalation.raised escalation=X1 matter=fee;
        09:05 escalation.settled escalation=X1 outcome=withdrawn; 09:30 escalation.settled escalation=X1 outcome=desk3
    finish of a ticket that waits: 08:20 opened; 09:00 issued B001; 09:30 finished B001
    finish twice: 08:20 opened; 09:00 issued B001; 09:05 called B001; 09:10 finished B001; 09:30 finished B001
    finish at another terminal: 08:20 opened; 09:00 issued B001; 09:05 called B001; 09:30 finished B001 T4
    call after the finish: 08:20 opened; 09:00 issued B001; 09:05 called B001; 09:10 finished B001;
        09:30 called B001 T4
    call after it left: 08:20 opened; 09:00 issued B001; 09:05 left B001; 09:30 called B001
    no_show after the finish: 08:20 opened; 09:00 issued B001; 09:05 called B001; 09:10 finished B001;
        09:30 no_show B001
    left after the finish: 08:20 opened; 09:00 issued B001; 09:05 called B001; 09:10 finished B001; 09:30 left B001
    left twice: 08:20 opened; 09:00 issued B001; 09:05 left B001; 09:30 left B001
    transfer after the finish: 08:20 opened; 09:00 issued B001; 09:05 called B001; 09:10 finished B001;
        09:30 transferred B001 other
    requeue of a ticket that waits: 08:20 opened; 09:00 issued B001; 09:30 requeued B001
    call at a terminal of another lane: 08:20 opened; 09:00 issued B001; 09:30 called B001 T1
    call at a terminal that cannot: 08:20 opened; 09:00 issued B001; 09:30 called B001 A1
    call at an unstaffed terminal: 08:20 opened; 08:30 terminal.staffed terminal=T4 staff=S01; 09:00 issued B001;
        09:30 called B001
    call at a terminal left by its staff: 08:20 opened; 08:30 terminal.staffed terminal=T3 staff=S01;
        08:40 terminal.staffed terminal=T3 staff=null; 09:00 issued B001; 09:30 called B001
    call at a busy terminal: 08:20 opened; 09:00 issued B001; 09:00 issued B002; 09:05 called B001; 09:30 called B002
    call of a ticket that is being served: 08:20 opened; 09:00 issued B001; 09:05 called B001; 09:30 called B001 T4
""")


@pytest.mark.parametrize("facts", DO_NOT_FIT.values(), ids=DO_NOT_FIT)
def test_anomalies(db: Path, facts: list[Fact]) -> None:
    """«A fact that does not fit is kept, counted as an anomaly. Anomalies: unknown or repeated ticket or escalation, …»"""
    assert totals(ingest(db, jsonl(*facts))) == (len(facts), 0, 0)
    assert status(db, "10:00")["anomalies"] == 1
    assert {x["id"] for x in log(db) if x["anomaly"] is not None} == {facts[-1]["id"]}
    assert run("doctor", "--json", db=db).json["anomalies"] == 1


FITS = cases("""
    before the reception hours: 07:00 opened; 07:10 issued B001; 07:20 called B001
    after the reception hours: 08:20 opened; 09:30 issued B001; 18:30 called B001; 18:40 finished B001
    staff not on the roster: 08:20 opened; 08:30 terminal.staffed terminal=T3 staff=S99
    a day without day.opened: 09:00 issued B001; 09:01 called B001
    an issue while the service is stopped: 08:20 opened; 09:00 reception.stopped service=cert_issue; 09:01 issued B001
""")


@pytest.mark.parametrize("facts", FITS.values(), ids=FITS)
def test_no_anomalies(db: Path, facts: list[Fact]) -> None:
    """«No anomalies: tickets outside reception hours, a day outside the calendar, staff not on the roster.»"""
    feed(db, *facts)
    assert status(db, "19:00")["anomalies"] == 0
    assert [x["anomaly"] for x in log(db)] == [None] * len(facts)


TROUBLED = cases("""
    failed: 09:01 terminal.failed terminal=T3
    paused: 09:01 terminal.paused terminal=T3
    unstaffed: 09:01 terminal.staffed terminal=T4 staff=S01
    of another lane: 09:01 terminal.assigned terminal=T3 lane=issuance
    busy: 08:50 issued B000; 08:55 called B000
""")


@pytest.mark.parametrize("before", TROUBLED.values(), ids=TROUBLED)
def test_a_call_ends_the_wait_whatever_the_terminals_state(db: Path, before: list[Fact]) -> None:
    """«a call of a waiting ticket ends its wait whatever the terminal's state»"""
    feed(db, opened(), issued("09:00", "B001"), *before, called("09:05", "B001"))
    assert lane(status(db, "09:04"), "certificate")["waiting"] == 1
    document = status(db, "09:06")
    assert lane(document, "certificate")["waiting"] == 0
    assert lane(document, "certificate")["longest_wait_s"] is None


def test_a_call_at_a_busy_terminal_ends_the_ticket_there(db: Path) -> None:
    """«a call at a busy terminal ends the ticket there as `incomplete`»"""
    feed(db, *DO_NOT_FIT["call at a busy terminal"])
    document = status(db, "09:31")
    assert lane(document, "certificate")["incomplete"] == 1
    assert lane(document, "certificate")["served"] == 0
    assert (terminal(document, "T3")["ticket"], terminal(document, "T3")["since"]) == ("B002", at("09:30"))


# ---- after day.closed ------------------------------------------------------------------------------------------------


def records(db: Path, folder: Path) -> dict:
    assert run("export", "--date", DAY, "--out", folder, db=db).status == 0
    return json.loads((folder / DAY / f"records_{DAY}.json").read_text("utf-8"))


CLOSED = [*SERVED, issued("09:20", "B002"), fact("17:15", "day.closed")]


def test_after_closing_later_facts_change_no_count(db: Path, tmp_path: Path) -> None:
    """«After `day.closed` facts with later `at` are kept and do not change the counts»"""
    feed(db, *CLOSED)
    before, recorded = status(db, "17:16"), records(db, tmp_path / "a")
    feed(db, issued("17:20", "B003"), called("17:21", "B002"), finished("17:22", "B002", work={"cert_copy": 1}))
    feed(db, fact("17:23", "work.counted", item="photo"), fact("17:23", "inquiry.counted", topic="駐車場"))
    after = status(db, "17:30")
    assert facts_in(db) == len(CLOSED) + 5
    assert len(log(db)) == len(CLOSED) + 5
    counts = ("waiting", "served", "incomplete", "desk3", "no_show", "left")
    assert [[x[c] for c in counts] for x in after["lanes"]] == [[x[c] for c in counts] for x in before["lanes"]]
    again = records(db, tmp_path / "b")
    for name in ("counts", "work", "waits", "inquiries"):
        assert again[name] == recorded[name]


def test_after_closing_earlier_facts_count(db: Path) -> None:
    """«… earlier ones that arrive late count»"""
    feed(db, *CLOSED)
    feed(db, called("09:30", "B002"), finished("09:40", "B002"))
    assert lane(status(db, "17:30"), "certificate")["served"] == 2


def test_after_closing_earlier_facts_raise_the_revision(db: Path, tmp_path: Path) -> None:
    """«… and raise the report's revision»"""
    feed(db, *CLOSED[:-1])
    do(db, "17:15", "day.closed")
    first = records(db, tmp_path / "a")["revision"]
    assert records(db, tmp_path / "b")["revision"] == first
    assert ingest(db, jsonl(called("09:30", "B002"), finished("09:40", "B002")), now="18:00").status == 0
    second = records(db, tmp_path / "c")
    assert second["revision"] > first
    assert second["counts"]["cert_renewal"] == 2


def test_a_closed_reception(db: Path) -> None:
    """«From a feed it ends the reception only»; `open`: «… and not closed»."""
    feed(db, *CLOSED)
    assert status(db, "17:00")["open"] is True
    document = status(db, "17:15")
    assert document["open"] is False
    assert {s["state"] for s in document["services"]} == {"closed"}
    assert not any(s["accepting"] for s in document["services"])


def test_opening_a_closed_day_by_command_is_refused(db: Path) -> None:
    """«opening a closed day by command is refused»: Sunday, training day, holiday, outside the contract."""
    for day in ("2026-09-13", "2026-07-02", "2026-09-22", "2026-06-30", "2028-07-01", "2026-12-31", "2026-09-19"):
        refuses(try_to(db, f"{day}T08:20:00+09:00", "day.opened"))
    assert not any(log(db, day) for day in ("2026-09-13", "2026-07-02", "2026-09-22"))
    do(db, "08:20", "day.opened")
    assert status(db, "08:21")["open"] is True


# ---- head counts -----------------------------------------------------------------------------------------------------


def counted(clock: str, waiting: int, of: str = "certificate") -> Fact:
    return fact(clock, "queue.counted", lane=of, waiting=waiting)


THREE = [opened(), issued("09:00", "B001"), issued("09:05", "B002"), issued("09:10", "B003")]


def waiting(db: Path, now: str, of: str = "certificate") -> int:
    return lane(status(db, now), of)["waiting"]


def test_a_head_count_is_the_number_waiting(db: Path) -> None:
    """«a head count; from then waiting = count + later issues − later calls»"""
    feed(db, *THREE, counted("09:20", 5))
    assert (waiting(db, "09:19"), waiting(db, "09:20")) == (3, 5)
    feed(db, issued("09:21", "B004"), issued("09:22", "B005"), called("09:23", "B001"), called("09:24", "B005", "T4"))
    assert [waiting(db, f"09:2{n}") for n in (1, 2, 3, 4)] == [6, 7, 6, 5]
    assert status(db, "10:00")["anomalies"] == 0
    assert waiting(db, "10:00", "issuance") == 0


def test_missing_persons_are_counted_without_a_ticket(db: Path) -> None:
    """«missing persons are counted without a ticket»"""
    feed(db, opened(), counted("09:20", 4), issued("09:21", "B001"))
    document = status(db, "09:22")
    assert lane(document, "certificate")["waiting"] == 5
    assert lane(document, "certificate")["left"] == 0
    assert document["anomalies"] == 0


def test_surplus_tickets_leave_from_the_oldest(db: Path) -> None:
    """«Surplus tickets leave from the oldest»"""
    feed(db, *THREE, counted("09:20", 1))
    now = lane(status(db, "09:20"), "certificate")
    assert (now["waiting"], now["left"], now["counted_out"]) == (1, 0, 2)
    assert now["longest_wait_s"] == 600, "B003 of 09:10 is still there"


def test_calls_after_a_head_count_reduce_it(db: Path) -> None:
    """«from then waiting = count + later issues − later calls»: whoever it is that is called."""
    feed(db, *THREE, counted("09:20", 2), called("09:21", "B003"), called("09:22", "B002", "T4"))
    assert [waiting(db, f"09:{n}") for n in (20, 21, 22)] == [2, 1, 0]


def test_a_call_of_a_ticket_that_was_counted_out_reduces_it_too(db: Path) -> None:
    """«from then waiting = count + later issues − later calls»: the one called was among those counted."""
    feed(db, *THREE, counted("09:20", 2), called("09:21", "B001"))
    assert waiting(db, "09:21") == 1


def test_a_call_of_a_person_without_ticket(db: Path) -> None:
    """«from then waiting = count + later issues − later calls», never below 0."""
    feed(db, opened(), counted("09:20", 1), called("09:21", "B801"), called("09:22", "B802", "T4"))
    assert [waiting(db, f"09:{n}") for n in (20, 21, 22)] == [1, 0, 0]


def test_leaving_after_a_head_count(db: Path) -> None:
    """«`waiting`: tickets … not yet called, gone or left»"""
    feed(db, *THREE, counted("09:20", 3), left("09:21", "B002"))
    assert waiting(db, "09:21") == 2


def test_a_head_count_of_nobody(db: Path) -> None:
    """«Surplus tickets leave»: all of them."""
    feed(db, *THREE, counted("09:20", 0))
    now = lane(status(db, "09:20"), "certificate")
    assert (now["waiting"], now["longest_wait_s"], now["predicted_wait_s"]) == (0, None, None)


def test_the_later_count_stands(db: Path) -> None:
    """«from then»"""
    feed(db, *THREE, counted("09:30", 4), counted("09:20", 9), counted("09:25", 0))
    assert [waiting(db, f"09:{n}") for n in (20, 25, 30)] == [9, 0, 4]


def test_a_late_issue_from_before_the_count_changes_nothing(db: Path) -> None:
    """«waiting = count + later issues − later calls»: an issue of before the count was among those counted."""
    feed(db, opened(), counted("09:20", 2))
    feed(db, issued("09:10", "B001"))
    assert waiting(db, "09:21") == 2


def test_each_lane_has_its_own_count(db: Path) -> None:
    """«`lane`, `waiting`: a head count»"""
    feed(db, *THREE, issued("09:00", "A001", "card_issuance"), counted("09:20", 7, "issuance"))
    document = status(db, "09:21")
    assert [x["waiting"] for x in document["lanes"]] == [7, 3, 0, 0]


def test_reception_of_one_service_alone(db: Path) -> None:
    """«`reception.stopped` · `reception.resumed` (受付打切り, one service alone)»"""
    feed(
        db,
        opened(),
        fact("10:00", "reception.stopped", service="cert_issue", reason="国システム停止"),
        fact("11:00", "reception.resumed", service="cert_issue"),
    )
    stopped = [s["service"] for s in status(db, "10:30")["services"] if s["state"] == "stopped"]
    assert stopped == ["cert_issue"]
    assert service(status(db, "10:30"), "cert_issue")["accepting"] is False
    assert service(status(db, "10:30"), "cert_renewal")["accepting"] is True
    assert service(status(db, "11:00"), "cert_issue")["state"] == "open"
