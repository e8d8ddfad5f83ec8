"""The morning of a day: half an hour after it opened, before anybody goes on a break."""

from __future__ import annotations

from pathlib import Path

from floorctl.models.board.morning import morning_at, morning_of
from floorctl.usecases.last_morning import last_morning
from tests.story import MONDAY, Desk, a_day, instant, kumagaya


def test_the_morning_is_half_an_hour_after_opening_and_before_the_first_break() -> None:
    story = (
        a_day().opens("08:40").staffs("T1", "S01", "08:30").staffs("T3", "S03", "08:50").staffs("T3", "S04", "09:20")
    )
    assert morning_at(story.floor()) == instant("09:10")
    story.tells("staff.changed", "09:05", staff="S01", status="on_break")
    at = morning_at(story.floor())
    assert instant("09:04") < at < instant("09:05")
    found = morning_of(story.floor("09:04"), at)
    assert found.places == {"S01": "T1", "S03": "T3"}
    assert found.lanes["T1"] == "issuance"


def test_a_day_that_no_fact_opened_begins_with_its_reception() -> None:
    assert morning_at(a_day().issues("B001", at="08:35").floor()) == instant("09:00")


def test_the_last_morning_skips_days_that_tell_no_places(tmp_path: Path) -> None:
    friday, thursday = MONDAY.replace(day=11), MONDAY.replace(day=10)
    desk = Desk(tmp_path / "floor.db", kumagaya(), day=thursday)
    try:
        assert last_morning(desk.session) is None
        desk.opens().does("terminal.staffed", terminal="T3", staff="S03")
        desk.does("ticket.issued", service="cert_renewal")
        desk.at("11:00").does("terminal.staffed", terminal="T3", staff="S05")
        desk.at("08:30", friday).opens().does("ticket.issued", service="cert_renewal")
        desk.at("08:30", MONDAY)
        found = last_morning(desk.session)
        assert found is not None
        assert (found.day, found.places) == (thursday, {"S03": "T3"})
    finally:
        desk.close()
