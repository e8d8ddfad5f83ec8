"""Contract 1: ``duties`` lists what is owed to the city; submissions, meetings and rulings go by ``do``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from contract_cli import JAPANESE, refuses, run
from contract_facts import opened
from contract_steps import do, feed, status, try_to
from rich.cells import cell_len

CODES = {
    "daily_report", "minutes", "monthly_report", "annual_report", "handover_document", "plan", "manual", "pledges",
    "training_plan", "training_record", "staff_change", "bcp", "shift_table",
}  # fmt: skip
NOW = "2026-09-24T10:00:00+09:00"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "floor.db"


def duties(db: Path, now: str = NOW, *options: str) -> list[dict[str, Any]]:
    result = run("duties", "--json", *options, db=db, now=now)
    assert (result.status, result.err) == (0, ""), result
    return result.json  # type: ignore[no-any-return]


def one(db: Path, duty: str, key: str, now: str = NOW) -> dict[str, Any]:
    (found,) = [d for d in duties(db, now) if (d["duty"], d["for"]) == (duty, key)]
    return found


def test_the_whole_contract_of_an_empty_file(db: Path) -> None:
    found = duties(db)
    assert not db.exists()
    assert {d["duty"] for d in found} == CODES - {"minutes", "staff_change"}
    for d in found:
        assert list(d) == ["duty", "for", "due", "rule", "state"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", d["due"]) and JAPANESE.search(d["rule"])
        assert d["state"] == ("overdue" if d["due"] < "2026-09-24" else "open")
    assert [d["due"] for d in found] == sorted(d["due"] for d in found)
    assert sum(d["duty"] == "daily_report" for d in found) == 546
    assert sum(d["duty"] == "monthly_report" for d in found) == 24
    assert len({(d["duty"], d["for"]) for d in found}) == len(found)


def test_until_ends_the_list_by_due_date(db: Path) -> None:
    whole = duties(db)
    until = duties(db, NOW, "--until", "2026-10-09")
    assert until == [d for d in whole if d["due"] <= "2026-10-09"]
    assert until[-1]["due"] == "2026-10-09" and {"monthly_report", "daily_report"} <= {d["duty"] for d in until}
    assert duties(db, NOW, "--until", "2026-01-01") == []


@pytest.mark.parametrize(
    ("duty", "key", "due", "reading"),
    [
        ("daily_report", "2026-09-18", "2026-09-24", "A1"),
        ("daily_report", "2026-12-28", "2027-01-04", "A1"),
        ("monthly_report", "2026-10", "2026-11-06", "A3"),
        ("handover_document", "2028-06-30", "2028-04-28", "A5"),
        ("annual_report", "FY2026", "2027-03-31", ""),
        ("annual_report", "FY2028", "2028-06-30", "A6"),
        ("plan", "2026-07-01", "2026-06-17", "A4"),
    ],
)
def test_named_days(db: Path, duty: str, key: str, due: str, reading: str) -> None:
    found = one(db, duty, key)
    assert found["due"] == due and reading in found["rule"]


def test_a_submission_is_seen_from_its_time_on(db: Path) -> None:
    assert one(db, "daily_report", "2026-09-18")["state"] == "open"
    assert one(db, "daily_report", "2026-09-18", "2026-09-25T08:00:00+09:00")["state"] == "overdue"
    (written,) = do(db, NOW, "duty.submitted", "duty=daily_report", "key=2026-09-18")
    assert written["data"]["submitted_on"] == "2026-09-24"
    assert one(db, "daily_report", "2026-09-18")["state"] == "submitted"
    assert one(db, "daily_report", "2026-09-18", "2026-09-24T09:59:00+09:00")["state"] == "open"
    assert do(db, NOW, "duty.submitted", "duty=daily_report", "key=2026-09-18") == []


def test_on_a_closed_day_too(db: Path) -> None:
    sunday = "2026-09-20T10:00:00+09:00"
    do(db, sunday, "duty.submitted", "duty=manual", "key=2026-07-01", "submitted_on=2026-06-16", "by=S01")
    do(db, sunday, "duty.submitted", "duty=manual", "key=2026-07-01", "approved_on=2026-06-24")
    do(db, sunday, "ruling.made", "question=A2", "reading=hall_days", "from_on=2026-08-01")
    do(db, sunday, "meeting.held", "form=operations", "held_on=2026-08-28", "supervisors=1")
    assert one(db, "manual", "2026-07-01")["state"] == "submitted"
    assert one(db, "minutes", "M-1")["due"] == "2026-09-02"


def test_minutes_of_a_meeting(db: Path) -> None:
    (written,) = do(db, NOW, "meeting.held", "form=operations", "held_on=2026-08-28", "supervisors=1")
    assert written["data"]["meeting"] == "M-1"
    found = one(db, "minutes", "M-1")
    assert (found["due"], found["state"]) == ("2026-09-01", "overdue") and "A2" in found["rule"]


def test_a_ruling_changes_what_comes_after_it(db: Path) -> None:
    before = {(d["duty"], d["for"]): d["due"] for d in duties(db)}
    do(db, NOW, "ruling.made", "question=A1", "reading=weekday", "from_on=2026-10-10")
    after = {(d["duty"], d["for"]): d["due"] for d in duties(db)}
    changed = sorted(key for (duty, key), due in before.items() if after[duty, key] != due)
    assert changed[:2] == ["2026-10-23", "2026-10-30"] and "2026-10-09" not in changed
    assert after["daily_report", "2026-10-09"] == "2026-10-10"
    assert after["daily_report", "2026-10-23"] == "2026-10-26"
    assert "A1" in one(db, "daily_report", "2026-10-23")["rule"]


def test_staff_changes_from_the_roster(db: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("code,role,pledge\nS01,業務従事者,2026-06-20\nS02,業務従事者,2026-06-20\n", "utf-8")
    assert run("roster", "import", roster, db=db, now=NOW).status == 0
    assert not [d for d in duties(db) if d["duty"] == "staff_change"]
    roster.write_text(
        "code,pledge,left\nS01,2026-06-20,2027-03-31\nS02,2026-06-20,2026-10-31\nS03,2027-01-04,\n", "utf-8"
    )
    assert run("roster", "import", roster, db=db, now=NOW).status == 0
    found = [(d["for"], d["due"], d["state"]) for d in duties(db) if d["duty"] == "staff_change"]
    assert found == [
        ("S02:2026-10-31", "2026-09-30", "open"),
        ("S03:2027-01-04", "2026-12-04", "open"),
        ("S01:2027-03-31", "2027-02-28", "open"),
    ]
    do(db, NOW, "duty.submitted", "duty=staff_change", "key=S02:2026-10-31")
    assert one(db, "staff_change", "S02:2026-10-31")["state"] == "submitted"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("duty.submitted", ["duty=weekly", "key=2026-09-18"]),
        ("duty.submitted", ["duty=daily_report", "key=2026-09-19"]),
        ("duty.submitted", ["duty=daily_report", "key=2026-10-01"]),
        ("duty.submitted", ["duty=daily_report", "key=2026-09-18", "submitted_on=2026-09-30"]),
        ("ruling.made", ["question=A1", "reading=never", "from_on=2026-10-01"]),
        ("ruling.made", ["question=A16", "reading=weekday", "from_on=2026-10-01"]),
        ("meeting.held", ["form=operations", "held_on=2026-09-30"]),
    ],
)
def test_what_is_refused(db: Path, kind: str, fields: list[str]) -> None:
    refuses(try_to(db, NOW, kind, *fields))
    assert not [d for d in duties(db) if d["state"] == "submitted" or d["duty"] == "minutes"]


def test_printed_overdue_first(db: Path) -> None:
    # What was due before the first day recorded by hand is one line.
    listed = run("duties", "--until", "2026-09-24", db=db, now=NOW).out.splitlines()
    assert any(x.startswith("記録開始前の期限 ") for x in listed) and "期限切れ" not in "".join(listed)
    do(db, "2026-06-10T09:00:00+09:00", "memo.written", "text=x")
    do(db, NOW, "duty.submitted", "duty=plan", "key=2026-07-01", "submitted_on=2026-06-16", "by=S01")
    lines = run("duties", "--until", "2026-09-24", db=db, now=NOW).out.splitlines()
    assert lines[0].split() == ["状態", "期限", "提出物", "対象", "提出"]
    assert lines[1].startswith("!  期限切れ  2026-06-17（水）  業務マニュアル")
    end = lines.index("")
    assert "未提出    2026-09-24（木）  日次報告書" in lines[end - 2]
    assert "提出済" in lines[end - 1] and "2026-06-16 S01" in lines[end - 1]
    assert lines[end + 1] == "期限の数え方" and all(cell_len(line) <= 80 for line in lines)


def test_wrong_use(db: Path) -> None:
    refuses(run("duties", "--until", "tomorrow", db=db, now=NOW), 2)


def test_the_board_counts_from_the_first_day_recorded_by_hand(db: Path) -> None:
    def said(now: str) -> dict[str, tuple[str, str]]:
        found = status(db, now)["alerts"]
        return {a["code"]: (a["severity"], a["text"]) for a in found if a["code"].startswith("duty")}

    do(db, "2026-09-18T08:20:00+09:00", "day.opened", "officials=2")
    assert said("2026-09-18T12:00:00+09:00") == {}
    assert said("2026-09-24T12:00:00+09:00") == {"duty_due": ("info", "今日まで 日次報告書 9/18（金）分")}
    severity, text = said("2026-09-25T12:00:00+09:00")["duty_overdue"]
    assert severity == "warning" and "9/18" in text
    do(db, "2026-09-25T12:00:00+09:00", "duty.submitted", "duty=daily_report", "key=2026-09-18")
    assert "duty_overdue" not in said("2026-09-25T12:01:00+09:00")


def test_the_end_of_the_contract_on_the_board(db: Path) -> None:
    """仕様書 11: announced before the document is due, a banner from two months before the end; the days left always."""

    def said(now: str) -> tuple[dict[str, Any], list[str]]:
        found = status(db, now)
        return found["contract"], [a["text"] for a in found["alerts"] if a["code"] == "handover_period"]

    ends = {"end": "2028-06-30", "handover_from": "2028-04-30"}
    assert said(NOW) == ({**ends, "days_left": 645, "handing_over": False}, [])
    contract, (text,) = said("2028-04-03T10:00:00+09:00")
    assert not contract["handing_over"] and "4/30（日）から" in text and "4/28（金）まで" in text
    contract, (text,) = said("2028-05-01T10:00:00+09:00")
    assert contract == {**ends, "days_left": 60, "handing_over": True} and "あと60日" in text
    # Handed in two years early it is recorded with a warning, and announced all the same.
    words = ("do", "duty.submitted", "duty=handover_document", "key=2028-06-30")
    assert "ずっと前の業務引継書" in run(*words, db=db, now=NOW).err
    assert "提出済" in said("2028-04-03T10:00:00+09:00")[1][0]
    assert said("2028-05-01T10:00:00+09:00")[1] == ["引継ぎ期間 あと60日"]
    assert "契約 あと645日" in run("status", db=db, now=NOW).out


def test_days_from_a_feed_alone_owe_nothing_on_the_board(db: Path) -> None:
    """Take in old days to look at them: their reports are not reported as missing."""
    feed(db, opened("08:30"))
    found = status(db, "2026-10-30T12:00:00+09:00")["alerts"]
    assert not [a for a in found if a["code"].startswith("duty")]
