"""A number first met on a later day keeps its service; its wait is told apart (contract 6)."""

from __future__ import annotations

from datetime import date

import pytest

from floorctl.console.day_reader import DayReader
from floorctl.console.loaded_day import LoadedDay
from floorctl.console.state_parts import Settings
from floorctl.documents.day.tables_csv import tables_csv
from floorctl.models.board.status import lane_counts
from floorctl.models.day.floor import Floor
from floorctl.usecases.day_tables import behind, held, rebuilt, record_of, same, write_day
from tests.story import MONDAY, Desk, Story, a_day, instant

TUESDAY, WEDNESDAY = date(2026, 9, 15), date(2026, 9, 16)
LANE = "certificate"


def monday() -> Story:
    """B160 waits at the end of the day, for what it was transferred to; B001 was finished."""
    story = a_day().opens("08:30").issues("B001").calls("B001").finishes("B001")
    return story.issues("B160", "card_issuance", "16:50").transfers("B160", "pin_reset", "16:51")


def tuesday() -> Story:
    return a_day(TUESDAY, prefix="t").opens("08:30", T4=LANE)


def on_tuesday(desk: Desk, story: Story) -> Floor:
    desk.at("20:00").hears(monday())
    desk.at("20:00", TUESDAY).hears(story)
    return desk.floor


def test_a_number_of_the_day_before_keeps_its_service_and_adds_no_wait(desk: Desk) -> None:
    floor = on_tuesday(desk, tuesday().calls("B160", "T3", "08:31").finishes("B160", "T3", "08:41"))
    t = floor.tickets["B160"]
    assert (t.service, t.carried_from, t.wait_from, floor.anomalies) == ("pin_reset", instant("16:50"), None, {})
    record = record_of(desk.session, TUESDAY)
    assert (record.counts["pin_reset"], record.waits[LANE].n) == (1, 0)
    assert tables_csv(record)["tickets.csv"].decode("utf-8-sig").splitlines()[1].endswith(",2026-09-14T16:50:00+09:00")
    assert any("前日から持ち越した番号札が1枚" in line and "B160" in line for line in record.doubts)


@pytest.mark.parametrize(
    ("story", "states"),
    [
        (tuesday().leaves("B160", "08:31"), {"B160": "left"}),
        (tuesday().calls("B160", "T3", "08:31").misses("B160", "08:31"), {"B160": "no_show"}),
        (tuesday().requeues("B160", "08:31"), {"B160": "waiting"}),
        (tuesday().transfers("B160", "cert_issue", "08:31"), {"B160": "waiting"}),
        # The machine begins again: the number is issued once the carried one has gone.
        (
            tuesday().calls("B160", "T3", "08:31").finishes("B160", "T3", "08:41").issues("B160", at="10:00"),
            {"B160": "waiting", "B160 1": "finished"},
        ),
    ],
)
def test_whatever_names_it_first(desk: Desk, story: Story, states: dict[str, str]) -> None:
    floor = on_tuesday(desk, story)
    assert ({n: t.state for n, t in floor.tickets.items()}, floor.anomalies) == (states, {})
    assert floor.lanes[LANE].waiting == list(states.values()).count("waiting")


def test_one_that_is_issued_just_after_its_call_is_of_today(desk: Desk) -> None:
    floor = on_tuesday(desk, tuesday().calls("B160", "T3", "08:58").issues("B160", "cert_renewal", "09:00"))
    t = floor.tickets["B160"]
    assert (t.service, t.carried_from, t.nth, floor.anomalies) == ("cert_renewal", None, 1, {})


def test_a_finished_or_unheard_number_is_unknown_as_before(desk: Desk) -> None:
    floor = on_tuesday(desk, tuesday().calls("B001", "T3").calls("B777", "T4"))
    assert set(floor.anomalies.values()) == {"unknown_ticket"}
    assert [t.service for t in floor.tickets.values()] == [None, None]


def test_a_call_of_a_carried_number_reduces_a_head_count(desk: Desk) -> None:
    floor = on_tuesday(desk, tuesday().counts(LANE, 3, "08:31").calls("B160", "T3", "08:32"))
    assert floor.lanes[LANE].waiting == 2


def test_the_derived_rows_are_those_of_a_rebuild_and_follow_the_day_before(desk: Desk) -> None:
    on_tuesday(desk, tuesday().calls("B160", "T3", "08:31").finishes("B160", "T3", "08:41"))
    s = desk.session
    with s.store.write() as pen:
        write_day(s, pen, TUESDAY)
    assert same(held(s.store, TUESDAY), rebuilt(s.store, desk.site, TUESDAY, [], s.head().seq))
    desk.hears(a_day(prefix="late").transfers("B160", "cert_issue", "16:55"))
    assert behind(s, MONDAY, TUESDAY) == [MONDAY, TUESDAY]
    assert behind(s, TUESDAY, TUESDAY) == [TUESDAY]  # a period that begins with it, too


def test_a_day_without_issues_hides_no_late_fact_of_the_day_before(desk: Desk) -> None:
    desk.at("20:00").hears(monday(), tuesday())
    wednesday = a_day(WEDNESDAY, prefix="w").opens("08:30").calls("B160", "T3", "08:31")
    desk.at("20:00", WEDNESDAY).hears(wednesday)
    with desk.session.store.write() as pen:
        for day in (MONDAY, TUESDAY, WEDNESDAY):
            write_day(desk.session, pen, day)
    assert behind(desk.session, MONDAY, WEDNESDAY) == []
    desk.hears(a_day(prefix="late").transfers("B160", "cert_issue", "16:55"))
    assert WEDNESDAY in behind(desk.session, WEDNESDAY, WEDNESDAY)


def test_a_number_is_carried_over_several_days(desk: Desk) -> None:
    on_tuesday(desk, tuesday().calls("B160", "T3", "08:31").misses("B160", "08:35").issues("B500", at="09:00"))
    desk.at("20:00", WEDNESDAY).hears(a_day(WEDNESDAY, prefix="w").calls("B160", "T3", "08:31"))
    t = desk.floor.tickets["B160"]
    assert (t.service, t.carried_from, desk.floor.anomalies) == ("pin_reset", instant("16:50"), {})


def test_the_console_meets_it_too(desk: Desk) -> None:
    desk.at("20:00").hears(monday())
    desk.at("08:40", TUESDAY).hears(tuesday())
    reader = DayReader(desk.session)
    day = LoadedDay(reader.load(), Settings(clock=desk.clock, frozen=False))
    desk.hears(a_day(TUESDAY, prefix="u").calls("B160", "T3", "08:31"))
    arrived = reader.news()
    assert arrived is not None
    day.take(arrived)
    assert (day.floor.tickets["B160"].service, lane_counts(day.floor)[LANE].recalls) == ("pin_reset", 0)
