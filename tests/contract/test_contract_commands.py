"""Contract 1 assign and do: any act of the console from the command line, by the same rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from contract_cli import DAY, Result, at, refuses, run
from contract_facts import Fact, called, fact, finished, issued, left, no_show, opened
from contract_steps import do, entry, facts_in, feed, fields, incidents, lane, log, service, status, terminal, try_to
from contract_words import MY_NUMBER

ALLOCATION = '{"T1":"issuance","T2":"issuance","T3":"certificate"}'


def assign(db: Path, now: str, *args: str) -> Result:
    return run("assign", *args, "--json", db=db, now=now)


# ---- assign ----------------------------------------------------------------------------------------------------------


def test_assign_moves_a_terminal(db: Path) -> None:
    """«moves a terminal, by the same rules as the console»"""
    feed(db, opened())
    result = assign(db, "10:00", "T3", "issuance")
    assert result.status == 0
    (written,) = result.json
    fields(written, "seq", "id", "kind")
    assert written["kind"] == "terminal.assigned"
    assert terminal(status(db, "10:00"), "T3")["lane"] == "issuance"
    journal = entry(db, written["seq"])
    assert (journal["data"]["terminal"], journal["data"]["lane"], journal["anomaly"]) == ("T3", "issuance", None)


def test_assign_without_json(db: Path) -> None:
    """The same, told in words."""
    feed(db, opened())
    result = run("assign", "T3", "issuance", db=db, now="10:00")
    assert (result.status, result.err) == (0, "")
    assert terminal(status(db, "10:00"), "T3")["lane"] == "issuance"


def test_assign_to_its_present_lane(db: Path) -> None:
    """«to its present lane: exit 0, no fact»"""
    feed(db, opened())
    before = db.read_bytes()
    assert (assign(db, "10:00", "T3", "certificate").status, run("assign", "A1", "application", db=db).status) == (0, 0)
    assert assign(db, "10:00", "T1", "issuance").json == []
    assert db.read_bytes() == before


def test_the_band_needs_no_reason_within(db: Path) -> None:
    """By the rules of the console: 2 to 3 issuance, 5 to 6 certificate as you like (3/5 does not ask)."""
    feed(db, opened())
    assert assign(db, "10:00", "T3", "issuance").status == 0
    assert assign(db, "10:05", "T3", "certificate").status == 0


@pytest.mark.parametrize(("moves", "last"), [(["T3"], "T4"), ([], "T1")])
def test_outside_the_band_a_reason_is_needed(db: Path, moves: list[str], last: str) -> None:
    """«1 refused (a rule)»: 4/4 and 1/7 are outside the band and allowed with a reason."""
    feed(db, opened())
    for code in moves:
        assert assign(db, "10:00", code, "issuance").status == 0
    to = "certificate" if last == "T1" else "issuance"
    before = facts_in(db)
    refuses(assign(db, "10:01", last, to))
    refuses(assign(db, "10:01", last, to, "--reason", "  "))
    assert facts_in(db) == before
    result = assign(db, "10:02", last, to, "--reason", "予約が少ない")
    assert result.status == 0, result
    assert terminal(status(db, "10:02"), last)["lane"] == to
    assert entry(db, result.json[0]["seq"])["data"]["reason"] == "予約が少ない"


@pytest.mark.parametrize("args", [("T9", "issuance"), ("T3", "kitchen"), ("A1", "issuance"), ("T3", "application")])
def test_assign_refuses(db: Path, args: tuple[str, str]) -> None:
    """«1 refused (a rule, an unknown terminal)»; T1 to T8 serve issuance or certificate, A1 application alone."""
    feed(db, opened())
    refuses(assign(db, "10:00", *args, "--reason", "混雑"))
    assert facts_in(db) == 1


def test_assign_a_busy_terminal(db: Path) -> None:
    """«A terminal told to change lane while it serves keeps `lane` until its ticket is finished»"""
    feed(db, opened(), issued("09:00", "B001"), called("09:05", "B001"))
    assert assign(db, "09:10", "T3", "issuance").status == 0
    found = terminal(status(db, "09:10"), "T3")
    assert (found["lane"], found["next_lane"], found["ticket"]) == ("certificate", "issuance", "B001")
    do(db, "09:20", "ticket.finished", "ticket=B001", "terminal=T3")
    found = terminal(status(db, "09:20"), "T3")
    assert (found["lane"], found["next_lane"], found["ticket"]) == ("issuance", None, None)


def test_assign_refuses_personal_data(db: Path) -> None:
    """«personal data in any free text», by the same rules; not repeated, not in the file."""
    feed(db, opened())
    assert MY_NUMBER not in refuses(assign(db, "10:00", "T3", "issuance", "--reason", f"番号 {MY_NUMBER}"))
    assert MY_NUMBER.encode() not in db.read_bytes()


def test_do_assigned_is_the_same(db: Path) -> None:
    """«any act of the console … by the same rules»"""
    feed(db, opened())
    do(db, "10:00", "terminal.assigned", "terminal=T3", "lane=issuance")
    refuses(try_to(db, "10:01", "terminal.assigned", "terminal=T4", "lane=issuance"))
    do(db, "10:02", "terminal.assigned", "terminal=T4", "lane=issuance", reason="混雑")
    assert lane(status(db, "10:03"), "issuance")["terminals"] == ["T1", "T2", "T3", "T4"]


# ---- do: each kind ---------------------------------------------------------------------------------------------------

BUSY = [opened(), issued("09:00", "B001"), called("09:05", "B001")]
RAISED = [opened(), fact("09:00", "escalation.raised", escalation="X1", matter="fee")]
TOLD = [opened(), fact("09:00", "reception.stopped", service="cert_issue")]

# What was before, what is typed and what the fact then has, by the kind.
ACTS: dict[str, tuple[list[Fact], list[str], dict]] = {
    "day.opened": ([], [f"allocation={ALLOCATION}", "officials=2"], {"officials": 2}),
    "day.closed": (BUSY[:1], [], {}),
    "ticket.issued": (
        BUSY[:1],
        ["service=card_issuance", "cards=2", "appointment=10:30", "assist=true"],
        {"ticket": "A001", "service": "card_issuance", "cards": 2, "appointment": "10:30", "assist": True},
    ),
    "ticket.issued with a number": (
        BUSY[:1],
        ["service=cert_issue", "ticket=B041"],
        {"ticket": "B041", "service": "cert_issue", "cards": 1, "appointment": None, "assist": False},
    ),
    "ticket.called": (BUSY[:2], ["ticket=B001", "terminal=T3"], {"ticket": "B001", "terminal": "T3"}),
    "ticket.finished": (
        BUSY,
        ["ticket=B001", "terminal=T3", "outcome=desk3", 'work={"cert_copy":1}'],
        {"ticket": "B001", "terminal": "T3", "outcome": "desk3", "work": {"cert_copy": 1}},
    ),
    "ticket.no_show": (BUSY, ["ticket=B001"], {"ticket": "B001"}),
    "ticket.left": (BUSY[:2], ["ticket=B001"], {"ticket": "B001"}),
    "ticket.requeued": ([*BUSY, no_show("09:10", "B001")], ["ticket=B001"], {"ticket": "B001"}),
    "ticket.transferred": (
        BUSY[:2],
        ["ticket=B001", "service=card_issuance"],
        {"ticket": "B001", "service": "card_issuance"},
    ),
    "queue.counted": (BUSY[:1], ["lane=issuance", "waiting=6"], {"lane": "issuance", "waiting": 6}),
    "terminal.staffed": (BUSY[:1], ["terminal=T3", "staff=S01"], {"terminal": "T3", "staff": "S01"}),
    "terminal.lent": (
        BUSY[:1],
        ["terminal=T3", "lane=issuance", "reason=混雑"],
        {"terminal": "T3", "lane": "issuance", "reason": "混雑"},
    ),
    "terminal.returned": (
        [opened(), fact("09:00", "terminal.lent", terminal="T3", lane="issuance")],
        ["terminal=T3", "reason=更新で待つ人"],
        {"terminal": "T3", "reason": "更新で待つ人"},
    ),
    "lending.permitted": ([], ['terminals=["T3","T2"]'], {"terminals": ["T2", "T3"]}),
    "terminal.paused": (BUSY[:1], ["terminal=T3", "reason=休憩"], {"terminal": "T3", "reason": "休憩"}),
    "terminal.resumed": (
        [opened(), fact("09:00", "terminal.paused", terminal="T3")],
        ["terminal=T3"],
        {"terminal": "T3"},
    ),
    "terminal.failed": (BUSY[:1], ["terminal=T3", "fault=紙づまり"], {"terminal": "T3", "fault": "紙づまり"}),
    "terminal.repaired": (
        [opened(), fact("09:00", "terminal.failed", terminal="T3")],
        ["terminal=T3"],
        {"terminal": "T3"},
    ),
    "escalation.raised": (
        BUSY,
        ["matter=identity", "terminal=T3", "ticket=B001", "note=写真"],
        {"matter": "identity", "terminal": "T3", "ticket": "B001", "note": "写真"},
    ),
    "escalation.taken": (RAISED, ["escalation=X1", "official=C1"], {"escalation": "X1", "official": "C1"}),
    "escalation.settled": (
        RAISED,
        ["escalation=X1", "outcome=declined", "official=C1"],
        {"escalation": "X1", "outcome": "declined", "official": "C1"},
    ),
    "reception.stopped": (
        BUSY[:1],
        ["service=cert_issue", "reason=国システム停止"],
        {"service": "cert_issue", "reason": "国システム停止"},
    ),
    "reception.resumed": (TOLD, ["service=cert_issue"], {"service": "cert_issue"}),
    "officials.changed": (BUSY[:1], ["present=1"], {"present": 1}),
    "staff.changed": (
        BUSY[:1],
        ["staff=S01", "status=on_break", "until=12:30"],
        {"staff": "S01", "status": "on_break", "until": "12:30"},
    ),
    "inquiry.counted": (BUSY[:1], ["topic=駐車場", "count=2"], {"topic": "駐車場", "count": 2}),
    "work.counted": (
        [opened(), fact("09:00", "work.counted", item="photo", count=2)],
        ["item=photo", "count=-1"],
        {"item": "photo", "count": -1},
    ),
    "visitors.counted": (BUSY[:1], ["persons=31"], {"persons": 31}),
    "memo.written": ([], ["text=明日は雨"], {"text": "明日は雨"}),
    "advice.taken": (
        BUSY[:1],
        ["terminal=T1", "lane=certificate", "text=待ちが長い"],
        {"terminal": "T1", "lane": "certificate"},
    ),
    "advice.declined": (
        BUSY[:1],
        ["terminal=T4", "lane=certificate", "reason=予約に備える"],
        {"reason": "予約に備える"},
    ),
    "day.reopened": ([opened(), fact("09:30", "day.closed")], ["reason=押し間違い"], {"reason": "押し間違い"}),
}


@pytest.mark.parametrize("act", ACTS)
def test_do_each_kind(db: Path, act: str) -> None:
    """«`do KIND FIELD=VALUE…`: any act of the console (the kinds of 2, and …); prints the facts written»"""
    before, pairs, data = ACTS[act]
    kind = act.split()[0]
    if before:
        feed(db, *before)
    printed = do(db, "10:00", kind, *pairs)
    (written,) = [x for x in printed if x["kind"] == kind]
    fields(written, "seq", "id", "kind")
    journal = entry(db, written["seq"])
    assert (journal["id"], journal["kind"], journal["at"]) == (written["id"], kind, at("10:00"))
    assert journal["data"] == {**journal["data"], **data}
    assert all(x["anomaly"] is None for x in log(db))
    assert facts_in(db) == len(before) + len(printed)


def test_do_without_json_prints_the_facts_too(db: Path) -> None:
    """«prints the facts written as [{"seq","id","kind",…}]»"""
    (written,) = run("do", "memo.written", "text=x", db=db, now="10:00").json
    assert (written["seq"], written["kind"]) == (1, "memo.written")


def test_do_with_reason(db: Path) -> None:
    """«[--reason TEXT]»"""
    feed(db, opened())
    (written,) = do(db, "10:00", "terminal.paused", "terminal=T3", reason="休憩")
    assert entry(db, written["seq"])["data"]["reason"] == "休憩"


def test_do_takes_values_with_equal_signs_and_spaces(db: Path) -> None:
    """«FIELD=VALUE»: the first = parts them."""
    (written,) = do(db, "10:00", "memo.written", "text=a = b == c")
    assert entry(db, written["seq"])["data"]["text"] == "a = b == c"


def test_incident_kinds(db: Path) -> None:
    """«`incident.*`» by `do`"""
    do(db, "10:00", "incident.opened", "category=system_outage", "summary=カード管理システム停止")
    do(db, "10:05", "incident.noted", "incident=I-1", "text=再起動した")
    do(db, "10:10", "incident.reported", "incident=I-1")
    assert [(i["state"], i["reported_at"]) for i in incidents(db)] == [("reported", at("10:10"))]
    do(db, "10:20", "incident.closed", "incident=I-1")
    assert [i["state"] for i in incidents(db)] == ["closed"]


def test_retracted_takes_a_fact_back(db: Path) -> None:
    """«`retracted`»: a fact that takes back a fact; both stay in the journal."""
    do(db, "08:20", "day.opened")
    (mistake,) = do(db, "09:00", "ticket.issued", "service=cert_issue")
    assert lane(status(db, "09:01"), "certificate")["waiting"] == 1
    do(db, "09:02", "retracted", f"seq={mistake['seq']}", reason="押し間違い")
    document = status(db, "09:03")
    assert (lane(document, "certificate")["waiting"], document["anomalies"]) == (0, 0)
    assert [x["kind"] for x in log(db)] == ["day.opened", "ticket.issued", "retracted"]


def test_reopening(db: Path) -> None:
    """«`day.reopened`»"""
    do(db, "08:20", "day.opened")
    do(db, "09:00", "day.closed")
    assert status(db, "09:01")["open"] is False
    do(db, "09:02", "day.reopened", reason="押し間違い")
    assert status(db, "09:03")["open"] is True
    assert service(status(db, "09:03"), "card_issuance")["accepting"] is True


# ---- do: refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        "ticket.called ticket=B999 terminal=T3",
        "ticket.called ticket=B001 terminal=T9",
        "ticket.finished ticket=B999 terminal=T3",
        "ticket.left ticket=B999",
        "ticket.requeued ticket=B002",
        "ticket.transferred ticket=B999 service=other",
        "ticket.transferred ticket=B002 service=haircut",
        "ticket.issued service=haircut",
        "ticket.issued service=other ticket=B001",
        "terminal.paused terminal=T9",
        "terminal.staffed terminal=T9 staff=S01",
        "queue.counted lane=kitchen waiting=1",
        "escalation.raised matter=weather",
        "escalation.taken escalation=X9",
        "escalation.settled escalation=X9 outcome=withdrawn",
        "escalation.settled escalation=X1 outcome=approved",
        "escalation.settled escalation=X1 outcome=declined official=",
        "work.counted item=haircut",
        "reception.stopped service=haircut",
        "incident.closed incident=I-77",
        "incident.reported incident=I-77",
        "day.opened",
    ],
)
def test_do_refuses_what_cannot_be(db: Path, act: str) -> None:
    """«1 refused or failed (a rule, an unknown terminal …)»; «only the city decides»"""
    feed(db, *BUSY, issued("09:00", "B002"), fact("09:00", "escalation.raised", escalation="X1", matter="fee"))
    before = facts_in(db)
    refuses(try_to(db, "10:00", *act.split()))
    assert facts_in(db) == before


@pytest.mark.parametrize(
    "act",
    [
        ("ticket.exploded",),
        ("terminal.paused", "terminal=T3", "colour=red"),
        ("terminal.paused",),
        ("officials.changed", "present=two"),
        ("officials.changed", "present=2.0"),
        ("ticket.issued", "service=other", "assist=maybe"),
        ("ticket.issued", "service=other", "appointment=25:00"),
        ("staff.changed", "staff=S01", "status=asleep"),
        ("day.opened", "allocation=T1"),
        ("day.opened", 'allocation={"T9":"issuance"}'),
    ],
    ids=" ".join,
)
def test_do_refuses_what_is_no_fact(db: Path, act: tuple[str, ...]) -> None:
    """«1 refused or failed · 2 wrong usage»: unknown kinds and fields, wrong types, codes that do not exist."""
    if act[0] != "day.opened":
        feed(db, opened())
    result = try_to(db, "10:00", *act)
    assert result.status in (1, 2), result
    refuses(result, result.status)
    assert [x["kind"] for x in log(db)] == ["day.opened"] * (act[0] != "day.opened")


@pytest.mark.parametrize(
    "act",
    [
        ("memo.written", "text=番号 %s"),
        ("terminal.paused", "terminal=T3", "reason=%s"),
        ("terminal.failed", "terminal=T3", "fault=%s"),
        ("escalation.raised", "matter=fee", "note=%s"),
        ("reception.stopped", "service=other", "reason=%s"),
        ("staff.changed", "staff=S01", "status=late", "reason=%s"),
        ("inquiry.counted", "topic=%s"),
        ("incident.opened", "category=other", "summary=%s"),
        ("incident.noted", "incident=I-1", "text=%s"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("text", [MY_NUMBER, "taro.yamada@example.jp"])
def test_do_refuses_personal_data(db: Path, act: tuple[str, ...], text: str) -> None:
    """Free text by the same rules: refused, not repeated, nowhere in the file."""
    feed(db, opened())
    do(db, "09:00", "incident.opened", "category=other", "summary=x")
    assert text not in refuses(try_to(db, "10:00", *[x.replace("%s", text) for x in act]))
    assert text.encode() not in db.read_bytes()
    assert facts_in(db) == 2


# ---- numbers ---------------------------------------------------------------------------------------------------------


def ticket_by_hand(db: Path, now: str, of: str) -> str:
    (written,) = do(db, now, "ticket.issued", f"service={of}")
    return entry(db, written["seq"], at(now)[:10])["data"]["ticket"]


def test_numbers_given_by_hand(db: Path) -> None:
    """«Numbers given by hand: the letter and 3 digits»: A issuance, B certificate, C application, D registration."""
    do(db, "08:20", "day.opened")
    services = ["card_issuance", "cert_issue", "pin_reset", "other", "application_support", "registration_support"]
    given = [ticket_by_hand(db, f"09:0{n}", s) for n, s in enumerate([*services, "card_issuance"])]
    assert given == ["A001", "B001", "B002", "B003", "C001", "D001", "A002"]


def test_the_next_unused_that_day_over_all_sources(db: Path) -> None:
    """«… the next unused that day over all sources»"""
    feed(db, opened(), issued("09:00", "B001"), source="machine")
    feed(db, issued("09:01", "B002", "pin_reset"), source="desk")
    assert ticket_by_hand(db, "09:05", "cert_renewal") == "B003"
    feed(db, issued("09:06", "B004"))
    assert ticket_by_hand(db, "09:07", "cert_renewal") == "B005"
    assert status(db, "10:00")["anomalies"] == 0
    tomorrow = "2026-09-15T09:00:00+09:00"
    do(db, tomorrow, "day.opened")
    assert ticket_by_hand(db, tomorrow, "cert_renewal") == "B001", "the next day begins anew"


def test_numbers_are_not_used_twice(db: Path) -> None:
    """«the next unused that day»: a ticket that has gone keeps its number."""
    feed(db, opened(), issued("09:00", "A001", "card_issuance"), left("09:01", "A001"))
    assert ticket_by_hand(db, "09:05", "card_issuance") == "A002"


def test_escalations_count_over_the_whole_file(db: Path) -> None:
    """«the console's escalations `E-<n>` … count over the whole file»"""

    def raised(now: str) -> str:
        (written,) = do(db, now, "escalation.raised", "matter=identity")
        return entry(db, written["seq"], at(now)[:10])["data"]["escalation"]

    feed(db, opened(), fact("2026-09-15T08:20:00+09:00", "day.opened"))
    assert [raised("09:00"), raised("09:01")] == ["E-1", "E-2"]
    assert raised("2026-09-15T09:00:00+09:00") == "E-3"


def test_escalations_never_meet_those_of_a_feed(db: Path) -> None:
    """«repeated … escalation» would be an anomaly: a number that a feed has used is not given."""
    feed(db, opened(), fact("09:00", "escalation.raised", escalation="E-1", matter="fee"))
    do(db, "09:05", "escalation.raised", "matter=fee")
    document = status(db, "09:06")
    assert (len(document["escalations"]), document["anomalies"]) == (2, 0)


# ---- a day by hand ---------------------------------------------------------------------------------------------------


def test_a_day_by_hand(db: Path, tmp_path: Path) -> None:
    """A day from opening to export without any feed, on tickets, head counts, tallies and moves alone."""
    do(db, "08:20", "day.opened", f"allocation={ALLOCATION}", "officials=1")
    do(db, "09:00", "queue.counted", "lane=issuance", "waiting=4")
    number = ticket_by_hand(db, "09:05", "cert_renewal")
    do(db, "09:10", "ticket.called", f"ticket={number}", "terminal=T3")
    do(db, "09:20", "ticket.finished", f"ticket={number}", "terminal=T3")
    do(db, "10:00", "work.counted", "item=issuance_new", "count=7")
    do(db, "11:00", "work.counted", "item=issuance_new", "count=-1")
    do(db, "11:30", "inquiry.counted", "topic=駐車場")
    do(db, "12:00", "queue.counted", "lane=issuance", "waiting=2")
    document = status(db, "12:01")
    assert document["anomalies"] == 0
    assert [lane(document, "issuance")["waiting"], lane(document, "certificate")["served"]] == [2, 1]
    do(db, "17:15", "day.closed")
    assert run("export", "--date", DAY, "--out", tmp_path, db=db).status == 0
    record = json.loads((tmp_path / DAY / f"records_{DAY}.json").read_text("utf-8"))
    assert (record["work"]["issuance_new"], record["counts"]["cert_renewal"], record["inquiries"]) == (
        6,
        1,
        {"駐車場": 1},
    )


def test_tickets_finished_by_hand_and_by_feed_agree(tmp_path: Path) -> None:
    """One act, one meaning: the same day by feed and by hand looks the same."""
    by_feed, by_hand = tmp_path / "feed.db", tmp_path / "hand.db"
    feed(by_feed, *BUSY, finished("09:10", "B001", work={"cert_copy": 2}))
    do(by_hand, "08:20", "day.opened", "allocation=" + json.dumps(BUSY[0]["allocation"]), "officials=2")
    do(by_hand, "09:00", "ticket.issued", "ticket=B001", "service=cert_renewal")
    do(by_hand, "09:05", "ticket.called", "ticket=B001", "terminal=T3")
    do(by_hand, "09:10", "ticket.finished", "ticket=B001", "terminal=T3", 'work={"cert_copy":2}')
    a, b = status(by_feed, "09:30"), status(by_hand, "09:30")
    assert {**a, "head": None, "alerts": None} == {**b, "head": None, "alerts": None}
