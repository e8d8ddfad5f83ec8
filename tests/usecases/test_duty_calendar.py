"""Duties as a calendar file: RFC 5545 by its letter, ids that stay, and nothing that somebody typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from floorctl.documents.duties_ics import duties_ics
from floorctl.usecases.duty_calendar import duty_events
from tests.contract.contract_cli import run
from tests.story import Desk, kumagaya

UNTIL = date(2026, 10, 16)
Event = dict[str, list[str]]


def calendar(desk: Desk) -> bytes:
    return duties_ics(kumagaya(), duty_events(desk.session, UNTIL))


def events(data: bytes) -> dict[str, Event]:
    """Each event by its summary, read as RFC 5545 3.1 and 3.6 say: lines unfolded, alarms as lists of triggers."""
    lines: list[str] = data.decode().replace("\r\n ", "").split("\r\n")
    found: dict[str, Event] = {}
    held: Event = {}
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            held = {}
        elif line == "END:VEVENT":
            found[held["SUMMARY"][0]] = held
        else:
            held.setdefault(name.partition(";")[0], []).append(value)
    return found


def only(found: dict[str, Event], words: str) -> Event:
    [event] = [e for summary, e in found.items() if words in summary]
    return event


def test_the_file_is_written_as_the_standard_has_it(desk: Desk) -> None:
    data = calendar(desk)
    assert data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//floorctl//duties//JA\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    for line in data.split(b"\r\n"):
        line.decode()  # no character is cut in two
    found = events(data)
    assert all(len(e[name]) == 1 for e in found.values() for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS"))  # fmt: skip
    assert len({e["UID"][0] for e in found.values()}) == len(found) == data.count(b"BEGIN:VEVENT")


def test_a_duty_is_a_whole_day_with_an_alarm_at_nine_the_day_before(desk: Desk) -> None:
    found = events(calendar(desk))
    report = only(found, "日次報告書（9/28（月）分）")
    assert report["SUMMARY"] == ["期限 日次報告書（9/28（月）分）"]
    assert (report["DTSTART"], report["DTEND"]) == (["20260929"], ["20260930"])
    assert report["TRIGGER"] == ["-PT15H"]


def test_after_a_closed_day_the_last_open_one_has_an_alarm_too(desk: Desk) -> None:
    """Due on Monday 28 September: nobody is there on Sunday."""
    assert only(events(calendar(desk)), "日次報告書（9/26（土）分）")["TRIGGER"] == ["-P1DT15H", "-PT15H"]


def test_the_same_duties_give_the_same_bytes(desk: Desk) -> None:
    first = calendar(desk.opens())
    desk.at("11:00").does("memo.written", text="雨")
    assert calendar(desk) == first


def test_what_is_handed_in_keeps_its_id_and_has_no_alarm(desk: Desk) -> None:
    words = "シフト表（2026年10月分）"
    before = only(events(calendar(desk.opens())), words)
    desk.at("12:00").does("duty.submitted", duty="shift_table", key="2026-10", submitted_on=date(2026, 9, 14), note="窓口で渡した")  # fmt: skip
    data = calendar(desk)
    after = only(events(data), words)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"][0]) > int(before["SEQUENCE"][0])
    assert (after["SUMMARY"], "TRIGGER" in after) == ([f"提出済 {words}"], False)
    assert "渡した" not in data.decode().replace("\r\n ", "")
    desk.at("12:05").session.undo()
    back = only(events(calendar(desk)), words)
    assert (back["SUMMARY"], back["UID"]) == ([f"期限 {words}"], before["UID"])
    assert int(back["SEQUENCE"][0]) > int(after["SEQUENCE"][0]), "a calendar drops what is older than it has"


def test_the_report_of_a_day_that_was_closed_is_called_off(desk: Desk) -> None:
    before = only(events(calendar(desk.opens())), "9/28（月）分")
    desk.at("12:00").does("calendar.closed", date=date(2026, 9, 28), reason="台風", agreed_on=date(2026, 9, 14))
    found = events(calendar(desk))
    gone, moved, other = only(found, "9/28（月）分"), only(found, "9/26（土）分"), only(found, "9/29（火）分")
    assert (gone["SUMMARY"], gone["STATUS"], gone["UID"]) == (["取りやめ 日次報告書（9/28（月）分）"], ["CANCELLED"], before["UID"])  # fmt: skip
    assert moved["DTSTART"] == ["20260929"]
    assert int(gone["SEQUENCE"][0]) == int(moved["SEQUENCE"][0]) > 0
    assert other["SEQUENCE"] == ["0"], "what it did not touch is not changed"


def test_minutes_of_a_meeting_that_was_taken_back_are_called_off(desk: Desk) -> None:
    desk.opens().at("12:00").does(
        "meeting.held", meeting="K-山田", form="operations", held_on=date(2026, 9, 14), supervisors=1
    )
    data = calendar(desk)
    assert only(events(data), "議事録")["STATUS"] == ["CONFIRMED"]
    assert "山田" not in data.decode().replace("\r\n ", "")
    desk.at("12:05").session.undo()
    assert only(events(calendar(desk)), "議事録")["STATUS"] == ["CANCELLED"]


def test_no_code_of_a_person_leaves_the_file(desk: Desk) -> None:
    desk.opens().does("staff.registered", staff="S01", role="worker", pledge_on=date(2026, 7, 1))
    desk.does("staff.registered", staff="S77", role="worker", pledge_on=date(2026, 11, 2))
    data = calendar(desk)
    assert only(events(data), "着任")["DTSTART"] == ["20261002"]
    assert b"S77" not in data


def test_a_day_of_coming_that_was_corrected_calls_the_first_notice_off(desk: Desk) -> None:
    desk.opens().does("staff.registered", staff="S01", role="worker", pledge_on=date(2026, 7, 1))
    desk.does("staff.registered", staff="S77", role="worker", pledge_on=date(2026, 11, 2))
    before = only(events(calendar(desk)), "着任")
    desk.does("staff.registered", staff="S77", role="worker", pledge_on=date(2026, 11, 10))
    found = events(calendar(desk))
    first, second = only(found, "11/2（月） 着任"), only(found, "11/10（火） 着任")
    assert (first["UID"], first["STATUS"], "TRIGGER" in first) == (before["UID"], ["CANCELLED"], False)
    assert int(first["SEQUENCE"][0]) > int(before["SEQUENCE"][0])
    assert (second["STATUS"], second["DTSTART"]) == (["CONFIRMED"], ["20261010"])
    assert sum("着任" in summary for summary in found) == 2


def test_the_command_replaces_its_own_file_and_no_other(tmp_path: Path) -> None:
    db, file = tmp_path / "floor.db", tmp_path / "duties.ics"
    run("do", "day.opened", "officials=2", db=db, now="08:30")
    assert run("duties", "--ics", file, "--until", "2026-10-01", db=db, now="09:00").status == 0
    first = file.read_bytes()
    assert run("duties", "--ics", file, db=db, now="09:00").status == 0
    assert len(file.read_bytes()) > len(first)
    file.write_bytes(first.replace("日次".encode(), "手で".encode()))
    done = run("duties", "--ics", file, db=db, now="09:00")
    assert done.status == 1
    assert "floorctl が書き出したままの同じ種類のファイルではないものがもうあります" in done.err


@pytest.mark.parametrize("args", [("--ics", "x.ics", "--json"), ("--ics",), ("--ics", "x.ics", "--until", "soon")])
def test_wrong_usage(args: tuple[str, ...], tmp_path: Path) -> None:
    assert run("duties", *args, db=tmp_path / "floor.db").status == 2
    assert list(tmp_path.iterdir()) == []
