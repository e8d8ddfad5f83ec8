"""Contract 3: every field of ``status --json``."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_cli import DAY, at, run
from contract_facts import (
    IN_THE_BAND,
    Fact,
    called,
    fact,
    finished,
    issued,
    left,
    no_show,
    opened,
    requeued,
    transferred,
)
from contract_steps import doctor, facts_in, feed, fields, incidents, is_instant, lane, status, terminal
from contract_words import LANES, SERVICES, TERMINALS

COUNTS = ("waiting", "served", "incomplete", "desk3", "no_show", "left")

CAME_AFTER_ALL = [
    opened(), issued("09:00", "B001"), called("09:10", "B001"), no_show("09:13", "B001"), requeued("09:20", "B001")
]  # fmt: skip


def counts(document: dict, of: str = "certificate") -> dict[str, int]:
    return {c: lane(document, of)[c] for c in COUNTS if lane(document, of)[c]}


def staffed(clock: str, code: str, staff: str | None) -> Fact:
    return fact(clock, "terminal.staffed", terminal=code, staff=staff)


# ---- the document ----------------------------------------------------------------------------------------------------


def a_lively_hall(db: Path) -> dict:
    feed(
        db,
        opened(),
        *[issued(f"09:{n:02}", f"B{n:03}") for n in range(1, 45)],
        called("09:50", "B001"),
        fact("09:40", "escalation.raised", escalation="X1", matter="identity", terminal="T3", ticket="B001"),
        fact("09:40", "escalation.raised", escalation="X2", matter="fee"),
        fact("09:41", "escalation.taken", escalation="X2", official="C1"),
        fact("08:40", "staff.changed", staff="S01", status="late", until="09:30"),
        staffed("08:30", "T3", "S02"),
    )
    assert run("incident", "add", "--category", "complaint", "--summary", "順番", db=db, now="09:45").status == 0
    return status(db, "10:00")


def test_the_document_has_all_its_fields(db: Path) -> None:
    """The block of 3, field by field."""
    document = a_lively_hall(db)
    fields(document, "day", "now", "open", "last_fact_at", "services", "lanes", "terminals", "escalations", "officials")
    fields(document, "seats", "staff", "incidents", "alerts", "anomalies", "head")
    for x in document["services"]:
        fields(x, "service", "lane", "accepting", "state", "from", "to")
    for x in document["lanes"]:
        fields(x, "lane", "longest_wait_s", "predicted_wait_s", "terminals", *COUNTS)
    for x in document["terminals"]:
        fields(x, "terminal", "lane", "next_lane", "state", "ticket", "staff", "since")
    for x in document["escalations"]:
        fields(x, "escalation", "matter", "terminal", "ticket", "state", "age_s", "overdue")
    for x in document["staff"]:
        fields(x, "staff", "role", "status", "until")
    for x in document["alerts"]:
        fields(x, "code", "severity", "text")
    fields(document["seats"], "capacity", "waiting")
    fields(document["head"], "seq", "hash")


def test_the_fields_have_their_types(db: Path) -> None:
    """Bools, whole numbers, instants with offset, null where there is nothing."""
    document = a_lively_hall(db)
    assert (document["day"], document["now"]) == (DAY, at("10:00"))
    assert document["open"] is True
    assert document["last_fact_at"] == at("09:50")
    whole = [document["officials"], document["anomalies"], document["head"]["seq"], *document["seats"].values()]
    whole += [x[c] for x in document["lanes"] for c in COUNTS] + [e["age_s"] for e in document["escalations"]]
    assert all(type(n) is int for n in whole)
    assert all(type(s["accepting"]) is bool for s in document["services"])
    assert all(type(e["overdue"]) is bool for e in document["escalations"])
    assert all(t["since"] is None or is_instant(t["since"]) for t in document["terminals"])
    for x in document["lanes"]:
        assert x["longest_wait_s"] is None or type(x["longest_wait_s"]) is int
        assert x["predicted_wait_s"] is None or {"p50", "p90"} <= set(x["predicted_wait_s"])


def test_services_lanes_and_terminals_are_all_of_the_site(db: Path) -> None:
    """«Services, lanes and terminals: all of the site, in its order.»"""
    feed(db, opened())
    for document in (status(db, "10:00"), status(db, "2026-09-13T10:00:00+09:00")):
        assert [(s["service"], s["lane"], s["from"], s["to"]) for s in document["services"]] == SERVICES
        assert [x["lane"] for x in document["lanes"]] == LANES
        assert [t["terminal"] for t in document["terminals"]] == TERMINALS


def test_the_lanes_of_terminals(db: Path) -> None:
    """`terminals` of a lane and `lane` of a terminal say the same; A1 A2 application, P1 P2 registration."""
    feed(db, opened())
    document = status(db, "10:00")
    assert [" ".join(x["terminals"]) for x in document["lanes"]] == ["T1 T2", "T3 T4 T5 T6 T7 T8", "A1 A2", "P1 P2"]
    for x in document["lanes"]:
        assert x["terminals"] == [t["terminal"] for t in document["terminals"] if t["lane"] == x["lane"]]


def test_the_allocation_of_the_opening(db: Path) -> None:
    """«`day.opened` `allocation` {terminal: lane}»"""
    feed(db, opened(allocation={**IN_THE_BAND, "T8": "issuance"}))
    assert lane(status(db, "10:00"), "issuance")["terminals"] == ["T1", "T2", "T8"]


@pytest.mark.parametrize("now", ["2026-09-13T10:00:00+09:00", "10:00", "2030-01-01T10:00:00+09:00"])
def test_a_day_that_is_not_open_or_without_facts(db: Path, now: str) -> None:
    """«On a day that is not open, or with no facts: exit 0, `open` false.»"""
    document = status(db, now)
    assert document["open"] is False
    assert document["last_fact_at"] is None
    assert not any(s["accepting"] for s in document["services"])
    assert [x[c] for x in document["lanes"] for c in COUNTS] == [0] * 24
    assert [x["longest_wait_s"] for x in document["lanes"]] == [None] * 4
    assert (document["escalations"], document["staff"], document["incidents"], document["anomalies"]) == ([], [], [], 0)
    assert run("status", db=db, now=now).status == 0


def test_open(db: Path) -> None:
    """«`open`: opened (or a first fact of the day) and not closed.»"""
    feed(db, opened("08:20"), fact("17:15", "day.closed"))
    seen = [status(db, t)["open"] for t in ("08:19:59", "08:20", "12:00", "17:14:59", "17:15")]
    assert seen == [False, True, True, True, False]


def test_a_first_fact_opens(db: Path) -> None:
    """«`open`: opened (or a first fact of the day)»"""
    feed(db, issued("09:00", "B001"))
    assert [status(db, t)["open"] for t in ("08:59", "09:00")] == [False, True]


def test_the_board_as_text(db: Path) -> None:
    """«`status`: the board, printed once»"""
    a_lively_hall(db)
    result = run("status", db=db, now="10:00")
    assert result.status == 0
    for word in ("交付", "電子証明書", "申請サポート", "登録支援", "T1", "T8", "43"):
        assert word in result.out


# ---- services --------------------------------------------------------------------------------------------------------


AROUND_THE_HOURS = [
    "08:29:59", "08:30:00", "08:59:59", "09:00:00", "16:29:59", "16:31:00", "16:59:59", "17:01:00", "23:00:00",
]  # fmt: skip


@pytest.mark.parametrize("now", AROUND_THE_HOURS)
def test_the_state_of_services(db: Path, now: str) -> None:
    """«`state`: before|open|stopped|after|closed», «`from`, `to`»: each service has its own hours."""
    feed(db, opened("08:00"))
    hours = {code: (start, end) for code, _, start, end in SERVICES}
    for x in status(db, now)["services"]:
        start, end = hours[x["service"]]
        assert x["state"] == ("before" if now < start else "open" if now < end else "after")
        assert x["accepting"] is (x["state"] == "open")


# ---- waiting ---------------------------------------------------------------------------------------------------------


def test_waiting(db: Path) -> None:
    """«`waiting`: tickets issued or requeued and not yet called, gone or left»"""
    feed(
        db,
        opened(),
        *[issued("09:00", f"B00{n}") for n in range(1, 6)],
        called("09:01", "B001"),
        left("09:02", "B002"),
        called("09:03", "B003", "T4"),
        no_show("09:06", "B003"),
        requeued("09:08", "B003"),
    )
    seen = [lane(status(db, f"09:0{n}"), "certificate")["waiting"] for n in range(9)]
    assert seen == [5, 4, 3, 2, 2, 2, 2, 2, 3]


def test_waiting_is_by_the_lane_of_the_present_service(db: Path) -> None:
    """«… by the lane of their present service»"""
    feed(
        db,
        opened(),
        *[issued("09:00", f"N{n}", s) for n, (s, *_) in enumerate(SERVICES)],
        transferred("09:10", "N0", "registration_support"),
    )
    assert [x["waiting"] for x in status(db, "09:05")["lanes"]] == [1, 5, 1, 1]
    assert [x["waiting"] for x in status(db, "09:10")["lanes"]] == [0, 5, 1, 2]


NOON_CARD = issued("09:00", "A001", "card_issuance", appointment="09:30")
LONGEST: dict[str, tuple[list[Fact], str, dict[str, int | None]]] = {  # the facts; the lane; seconds by the time of asking
    "since issue, of the one who has waited longest; null where nobody waits": (
        [issued("09:00", "B001"), issued("09:10", "B002"), called("09:20", "B001")],
        "certificate", {"08:59": None, "09:19:30": 19 * 60 + 30, "09:20": 600},
    ),
    "or since the appointment if that is later, never below 0": ([NOON_CARD], "issuance", {"09:20": 0, "09:50": 1200}),
    "here the issue is later": (
        [issued("09:40", "A001", "card_issuance", appointment="09:30")], "issuance", {"09:50": 600}
    ),
    "one who came early for a late appointment has waited less than a later comer without one": (
        [issued("09:00", "A001", "card_issuance", appointment="10:00"), issued("09:30", "A002", "card_issuance")],
        "issuance", {"10:10": 2400},
    ),
    "a transfer keeps it": (
        [issued("09:00", "A001", "card_issuance"), transferred("09:20", "A001", "cert_renewal")],
        "certificate", {"09:10": None, "09:30": 1800},
    ),
    "a requeued ticket waits since issue": (CAME_AFTER_ALL[1:], "certificate", {"09:30": 1800}),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "of", "expected"), LONGEST.values(), ids=LONGEST)
def test_longest_wait(db: Path, facts: list[Fact], of: str, expected: dict[str, int | None]) -> None:
    """«`longest_wait_s`: since issue, or since the appointment if that is later; a transfer keeps it»"""
    feed(db, opened(), *facts)
    assert {now: lane(status(db, now), of)["longest_wait_s"] for now in expected} == expected


def test_seconds_are_whole_and_floored(db: Path) -> None:
    """«Seconds are whole, floored, never below 0.»"""
    feed(
        db,
        opened(),
        issued("2026-09-14T09:00:00.400+09:00", "B001"),
        fact("2026-09-14T09:00:00.400+09:00", "escalation.raised", escalation="X1", matter="fee"),
    )
    document = status(db, "09:01:00")
    assert lane(document, "certificate")["longest_wait_s"] == 59
    assert document["escalations"][0]["age_s"] == 59


def test_no_prediction_where_nobody_waits(db: Path) -> None:
    """«`predicted_wait_s`: … null where nobody waits»"""
    feed(db, opened(), issued("09:00", "B001"))
    assert [x["predicted_wait_s"] is None for x in status(db, "09:05")["lanes"]] == [True, False, True, True]


# ---- what became of tickets ------------------------------------------------------------------------------------------


BECAME: dict[
    str, tuple[list[Fact], dict[str, dict[str, int]]]
] = {  # the facts; counts of 電子証明書 by the time of asking
    **{
        field: (
            [issued("09:00", "B001"), called("09:05", "B001"), finished("09:10", "B001", outcome=outcome)],
            {"09:09": {}, "09:10": {field: 1}},
        )
        for outcome, field in (("done", "served"), ("incomplete", "incomplete"), ("desk3", "desk3"))
    },
    "A requeue takes back a no_show.": (CAME_AFTER_ALL[1:], {"09:13": {"no_show": 1}, "09:20": {"waiting": 1}}),
    "left": ([issued("09:00", "B001"), left("09:10", "B001")], {"09:09": {"waiting": 1}, "09:10": {"left": 1}}),
}


@pytest.mark.parametrize(("facts", "expected"), BECAME.values(), ids=BECAME)
def test_what_became_of_tickets(db: Path, facts: list[Fact], expected: dict[str, dict[str, int]]) -> None:
    """«`served`: finished as `done`», `incomplete`, `desk3`, `no_show`, `left`, each in its lane alone."""
    feed(db, opened(), *facts)
    assert {now: counts(status(db, now)) for now in expected} == expected
    assert counts(status(db, "10:00"), "issuance") == {}


def test_served_is_by_the_lane_at_the_finish(db: Path) -> None:
    """«`served`: … by the lane of the service at the finish»"""
    feed(
        db,
        opened(),
        issued("09:00", "A001", "card_issuance"),
        transferred("09:05", "A001", "pin_reset"),
        called("09:10", "A001", "T3"),
        finished("09:20", "A001", "T3"),
    )
    document = status(db, "09:30")
    assert (counts(document, "certificate"), counts(document, "issuance")) == ({"served": 1}, {})
    assert document["anomalies"] == 0


# ---- terminals -------------------------------------------------------------------------------------------------------


def state(db: Path, now: str, code: str = "T3") -> tuple[str, str | None]:
    found = terminal(status(db, now), code)
    return found["state"], found["since"]


STATES: dict[
    str, tuple[list[Fact], dict[str, tuple[str, str | None]]]
] = {  # the facts; state and since by the time of asking
    "serving": (
        [issued("09:00", "B001"), called("09:05", "B001"), finished("09:10", "B001")],
        {"09:06": ("serving", at("09:05")), "09:12": ("free", at("09:10"))},
    ),
    "no_show": (CAME_AFTER_ALL[1:], {"09:13": ("free", at("09:13"))}),
    "paused before unstaffed": (
        [staffed("08:30", "T4", "S01"), fact("09:00", "terminal.paused", terminal="T3")],
        {"09:10": ("paused", at("09:00"))},
    ),
    **{
        state: (
            [fact("09:05", f"terminal.{state}", terminal="T3"), fact("09:15", f"terminal.{end}", terminal="T3")],
            {"09:06": (state, at("09:05")), "09:20": ("free", at("09:15"))},
        )
        for state, end in (("paused", "resumed"), ("failed", "repaired"))
    },
}


@pytest.mark.parametrize(("facts", "expected"), STATES.values(), ids=STATES)
def test_the_state_of_a_terminal(db: Path, facts: list[Fact], expected: dict[str, tuple[str, str | None]]) -> None:
    """«failed, serving, paused, unstaffed, free. `since`: the start of that state.»"""
    feed(db, opened(), *facts)
    assert {now: state(db, now) for now in expected} == expected
    assert terminal(status(db, "09:06"), "T3")["ticket"] == ("B001" if ("serving", at("09:05")) in expected.values() else None)  # fmt: skip


def test_an_unstaffed_terminal(db: Path) -> None:
    """«unstaffed (once the day has any `terminal.staffed`)»"""
    feed(db, opened(), staffed("09:00", "T3", "S01"), staffed("09:30", "T3", None))
    before, after, left = (status(db, t) for t in ("08:59", "09:00", "09:30"))
    assert {t["state"] for t in before["terminals"]} == {"free"}
    assert (terminal(after, "T3")["state"], terminal(after, "T3")["staff"]) == ("free", "S01")
    assert {t["state"] for t in after["terminals"] if t["terminal"] != "T3"} == {"unstaffed"}
    assert (terminal(left, "T3")["state"], terminal(left, "T3")["staff"]) == ("unstaffed", None)
    assert terminal(left, "T3")["since"] == at("09:30")


def test_the_first_state_that_holds(db: Path) -> None:
    """«Terminal state, the first that holds: failed, serving, paused, unstaffed …, free.»"""
    feed(
        db,
        opened(),
        staffed("08:30", "T4", "S01"),
        issued("08:40", "B001"),
        fact("09:00", "terminal.paused", terminal="T3"),
        called("09:01", "B001"),
        fact("09:02", "terminal.failed", terminal="T3"),
        fact("09:03", "terminal.repaired", terminal="T3"),
        finished("09:04", "B001"),
        fact("09:05", "terminal.resumed", terminal="T3"),
        staffed("09:06", "T3", "S02"),
    )
    states = [state(db, t)[0] for t in ("08:50", "09:00", "09:01", "09:02", "09:03", "09:04", "09:05", "09:06")]
    assert states == ["unstaffed", "paused", "serving", "failed", "serving", "paused", "unstaffed", "free"]
    assert state(db, "09:02")[1] == at("09:02")


def test_a_terminal_told_to_move_while_it_serves(db: Path) -> None:
    """«A terminal told to change lane while it serves keeps `lane` until its ticket is finished; `next_lane` …»"""
    feed(
        db,
        opened(),
        issued("09:00", "B001"),
        called("09:05", "B001"),
        fact("09:10", "terminal.assigned", terminal="T3", lane="issuance"),
        finished("09:20", "B001"),
    )
    moving, moved = status(db, "09:15"), status(db, "09:20")
    assert (terminal(moving, "T3")["lane"], terminal(moving, "T3")["next_lane"]) == ("certificate", "issuance")
    assert "T3" in lane(moving, "certificate")["terminals"]
    assert (terminal(moved, "T3")["lane"], terminal(moved, "T3")["next_lane"]) == ("issuance", None)
    assert "T3" in lane(moved, "issuance")["terminals"]
    assert lane(moved, "certificate")["served"] == 1
    assert moved["anomalies"] == 0


def test_a_free_terminal_moves_at_once(db: Path) -> None:
    """`next_lane` is null for one that is there already."""
    feed(db, opened(), fact("09:10", "terminal.assigned", terminal="T3", lane="issuance"))
    found = terminal(status(db, "09:10"), "T3")
    assert (found["lane"], found["next_lane"]) == ("issuance", None)


# ---- the rest --------------------------------------------------------------------------------------------------------


def test_escalations(db: Path) -> None:
    """«`escalations`: … open ones», raised or taken, with their age."""
    feed(
        db,
        opened(),
        issued("09:00", "B001"),
        called("09:01", "B001"),
        fact("09:10", "escalation.raised", escalation="X1", matter="identity", terminal="T3", ticket="B001"),
        fact("09:12", "escalation.taken", escalation="X1", official="C1"),
        fact("09:20", "escalation.settled", escalation="X1", outcome="approved", official="C1"),
    )
    (raised,) = status(db, "09:11:30")["escalations"]
    assert raised == {**raised, "escalation": "X1", "matter": "identity", "terminal": "T3", "ticket": "B001"}
    assert (raised["state"], raised["age_s"], raised["overdue"]) == ("raised", 90, False)
    (taken,) = status(db, "09:12:30")["escalations"]
    assert (taken["state"], taken["age_s"]) == ("taken", 150)
    assert status(db, "09:20")["escalations"] == []


def test_an_escalation_without_place_is_overdue_after_5_minutes(db: Path) -> None:
    """«`terminal`=null, `ticket`=null»; `overdue`: red at 5 minutes (site file)."""
    feed(db, opened(), fact("09:10", "escalation.raised", escalation="X1", matter="inquiry"))
    (raised,), (late,) = (status(db, t)["escalations"] for t in ("09:14:59", "09:15:01"))
    assert (raised["terminal"], raised["ticket"], raised["overdue"], late["overdue"]) == (None, None, False, True)


def test_officials(db: Path) -> None:
    """«`officials` (city staff present)», `officials.changed` `present`"""
    feed(db, opened(officials=2), fact("12:00", "officials.changed", present=0))
    assert [status(db, t)["officials"] for t in ("10:00", "12:00")] == [2, 0]


def test_seats_by_the_last_count_of_visitors(db: Path) -> None:
    """«`seats.waiting`: the last `visitors.counted` moved by arrivals and departures since, else all waiting»"""
    feed(
        db,
        opened(),
        *[issued("09:00", f"B00{n}") for n in range(1, 5)],
        fact("09:10", "visitors.counted", persons=10),
        issued("09:20", "B005"),
        left("09:30", "B001"),
        called("09:40", "B002"),
        finished("09:45", "B002"),
        fact("09:50", "visitors.counted", persons=6),
    )
    seen = [status(db, t)["seats"]["waiting"] for t in ("09:05", "09:10", "09:20", "09:30", "09:45", "09:50")]
    assert seen == [4, 10, 11, 10, 9, 6]
    assert status(db, "10:00")["seats"]["capacity"] == 40


def test_staff(db: Path) -> None:
    """«`staff`: [{staff, role, status, until}]»"""
    feed(
        db,
        opened(),
        fact("08:40", "staff.changed", staff="S01", status="late", reason="電車遅延", until="09:30"),
        fact("09:25", "staff.changed", staff="S01", status="present"),
        fact("09:25", "staff.changed", staff="S02", status="absent"),
    )
    (late,) = status(db, "09:00")["staff"]
    assert (late["staff"], late["status"], late["until"]) == ("S01", "late", "09:30")
    assert {x["staff"]: x["status"] for x in status(db, "09:30")["staff"]} == {"S01": "present", "S02": "absent"}


def test_open_incidents(db: Path) -> None:
    """«`incidents`: […as in incident list…] # open ones»"""
    assert run("incident", "add", "--category", "equipment", "--summary", "印刷機", db=db, now="10:00").status == 0
    assert run("incident", "add", "--category", "complaint", "--summary", "順番", db=db, now="10:01").status == 0
    assert run("do", "incident.reported", "incident=I-1", db=db, now="10:02").status == 0
    assert run("do", "incident.closed", "incident=I-1", db=db, now="10:03").status == 0
    assert status(db, "10:10")["incidents"] == [incidents(db)[1]]
    assert [i["incident"] for i in status(db, "10:10")["incidents"]] == ["I-2"]


def test_alerts(db: Path) -> None:
    """«`alerts`: [{code, severity: info|warning|critical, text}]»: more people than chairs, a case that is overdue."""
    alerts = a_lively_hall(db) and status(db, "10:00")["alerts"]
    assert alerts
    assert {a["severity"] for a in alerts} <= {"info", "warning", "critical"}
    assert all(isinstance(a["code"], str) and a["code"] and not a["text"].isascii() for a in alerts)


def test_head(db: Path) -> None:
    """«`head`: {seq, hash}»: the last fact in the file, as `doctor` says."""
    feed(db, opened(), issued("09:00", "B001"))
    first = status(db, "10:00")["head"]
    assert first == doctor(db)["head"]
    assert first["seq"] == facts_in(db) == 2
    feed(db, issued("09:01", "B002"))
    assert status(db, "10:00")["head"] == doctor(db)["head"] != first
