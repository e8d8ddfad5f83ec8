"""Who is still to come: the table and the weekday before the day, the day's own arrivals through it, appointments by name."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from statistics import fmean

import pytest

from floorctl.advice.arrivals import Demand, forecast
from floorctl.advice.known_ahead import look_ahead
from floorctl.advice.last_call import closing
from floorctl.advice.peak_hour import peak_hour
from floorctl.advice.service_times import learn
from floorctl.commands.fold import apply
from floorctl.intake.demand_table import demand_table
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.register.register import Register
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.simulation.monthly_demand import Volume, day_load
from tests.story import MONDAY, Story, a_day, entries_of, instant, kumagaya

TABLE = demand_table()


def demand(floor: Floor, at: str, register: Register | None = None) -> Demand:
    return forecast(floor, register or Register(), TABLE, instant(at))


def open_day() -> Story:
    return a_day().opens("08:30")


def test_before_anybody_has_come_it_is_the_table_and_the_weekday() -> None:
    found = demand(open_day().floor(), "08:30")
    load = day_load(MONDAY, "normal", TABLE)
    assert found.lanes["certificate"].rest == pytest.approx(load.certificates, rel=0.01)
    assert found.lanes["issuance"].rest == pytest.approx(load.issuances, rel=0.01)
    assert found.lanes["certificate"].factor == 1.0
    tuesday = forecast(
        Floor(kumagaya(), MONDAY + timedelta(days=1)), Register(), TABLE, instant("08:00", date(2026, 9, 15))
    )
    assert tuesday.lanes["certificate"].rest < found.lanes["certificate"].rest


def test_the_day_has_two_humps_and_ends_with_the_reception() -> None:
    halves = {f"{h.start:%H:%M}": h.expected for h in demand(open_day().floor(), "08:30").lanes["certificate"].halves}
    assert halves["10:00"] > halves["12:00"] < halves["14:00"]
    assert (min(halves), max(halves)) == ("08:30", "16:30")
    assert demand(open_day().floor(), "08:30").lanes["issuance"].halves[0].start == instant("09:00")


def test_the_busiest_hour_stays_where_it_was_expected_while_no_tickets_are_recorded() -> None:
    assert peak_hour(demand(open_day().floor(), "08:30")) == (instant("10:00"), instant("11:00"))
    assert peak_hour(demand(open_day().floor(), "11:10")) == (instant("10:00"), instant("11:00"))
    told = arrivals(open_day(), 40, "10:00", 60)
    assert peak_hour(demand(arrivals(told, 60, "11:00", 60).floor(), "12:10")) == (instant("11:00"), instant("12:00"))


def arrivals(story: Story, n: int, start: str, minutes: int, service: str = "cert_renewal", letter: str = "B") -> Story:
    first = instant(start)
    for i in range(n):
        story.issues(f"{letter}{len(story.lines):03d}", service, first + timedelta(minutes=minutes * i / n))
    return story


def test_a_busy_morning_raises_the_rest_and_a_quiet_one_lowers_it() -> None:
    usual = demand(open_day().floor(), "08:30").lanes["certificate"].between(instant("11:00"), instant("17:00"))
    rest = {n: demand(arrivals(open_day(), n, "08:31", 148).floor(), "11:00").lanes["certificate"] for n in (5, 28, 60)}
    assert rest[5].rest < rest[28].rest < rest[60].rest
    assert rest[5].rest < usual < rest[60].rest
    assert rest[28].rest == pytest.approx(usual, rel=0.3)
    assert rest[60].rest < usual * 60 / 28, "what was expected still counts"


def test_intervals_hold_what_is_expected_and_narrow_as_the_day_goes() -> None:
    floor = arrivals(open_day(), 28, "08:31", 148).floor()
    early, late = demand(open_day().floor(), "08:30"), demand(floor, "11:00")
    for found in (early, late):
        for lane in found.lanes.values():
            for h in lane.halves:
                assert h.low <= h.expected + 1 and h.high >= int(h.expected)
            assert lane.rest_low <= lane.rest <= lane.rest_high
    afternoon = [next(h for h in d.lanes["certificate"].halves if h.start.hour == 14) for d in (early, late)]
    assert afternoon[1].high - afternoon[1].low <= afternoon[0].high - afternoon[0].low
    gone = [h for h in late.lanes["certificate"].halves if h.end <= instant("11:00")]
    assert all(h.expected == h.low == h.high == 0 for h in gone)
    assert sum(h.came for h in late.lanes["certificate"].halves) == 28


def test_nobody_is_expected_where_the_reception_is_stopped_or_the_day_closed() -> None:
    stopped = open_day().tells("reception.stopped", "10:00", service="card_issuance").floor()
    assert demand(stopped, "10:01").lanes["issuance"].rest == 0
    assert demand(stopped, "10:01").lanes["certificate"].rest > 0
    part = open_day().tells("reception.stopped", "10:00", service="cert_renewal").floor()
    assert (
        0 < demand(part, "10:01").lanes["certificate"].rest < 0.5 * demand(stopped, "10:01").lanes["certificate"].rest
    )
    closed = open_day().closes("15:00").floor()
    assert all(lane.rest == 0 for lane in demand(closed, "15:01").lanes.values())
    assert demand(open_day().floor(), "17:30").lanes["certificate"].rest == 0


def booked(*slots: tuple[str, int, int]) -> Register:
    register = Register()
    register.appointments[MONDAY] = tuple(ev.Slot(time=t, cards=c, count=n) for t, c, n in slots)
    return register


def test_appointments_are_counted_one_by_one() -> None:
    register = booked(("10:00", 1, 4), ("14:00", 1, 6))
    before = demand(open_day().floor(), "09:00", register).lanes["issuance"]
    two_pm = next(h for h in before.halves if h.start <= instant("13:54") < h.end)
    assert two_pm.booked == pytest.approx(6 * 0.92, rel=0.05)
    story = open_day()
    for n in range(4):
        story.issues(f"A{n:03d}", "card_issuance", f"09:5{n}", appointment="10:00")
    after = demand(story.floor(), "10:05", register).lanes["issuance"]
    assert sum(h.booked for h in after.halves) == pytest.approx(6 * 0.93, rel=0.05), "the four of ten o'clock are here"
    late = demand(open_day().floor(), "10:40", register).lanes["issuance"]
    assert sum(h.booked for h in late.halves) < 6, (
        "who is 40 minutes late hardly comes any more, and fewer keep the next"
    )


def test_what_is_left_of_a_half_hour_is_counted_from_now() -> None:
    lane = demand(open_day().floor(), "10:15").lanes["certificate"]
    half = next(h for h in lane.halves if h.start == instant("10:00"))
    assert lane.between(instant("10:15"), instant("10:30")) == pytest.approx(half.expected)
    assert lane.between(instant("10:15"), instant("17:00")) == pytest.approx(lane.rest)


def test_intervals_are_honest_on_simulated_days() -> None:
    """Of the half hours ahead, forecast at full hours, eight of ten and hardly more than all lie within."""
    within = []
    days: tuple[tuple[int, Volume], ...] = ((11, "normal"), (12, "normal"), (13, "surge"))
    for seed, volume in days:
        lines = simulated_feed(kumagaya(), MONDAY, seed, volume).decode().splitlines()
        entries = entries_of(json.loads(line) for line in lines)
        came = [(e.fact.at, e.fact.service) for e in entries if isinstance(e.fact, ev.TicketIssued)]
        for hour in (9, 11, 13, 15):
            floor = Floor(kumagaya(), MONDAY)
            for e in entries:
                if e.fact.at <= instant(f"{hour}:00"):
                    apply(floor, e)
            lane = demand(floor, f"{hour}:00").lanes["certificate"]
            services = kumagaya().service_by_code
            for h in lane.halves:
                if h.start >= instant(f"{hour}:00"):
                    n = sum(h.start <= at < h.end and services[s].lane == "certificate" for at, s in came)
                    within.append(h.low <= n <= h.high)
    assert 0.75 <= fmean(within) <= 1.0


# ---- the last call


def last_call(story: Story, at: str) -> tuple[int, int, datetime | None]:
    floor, now = story.floor(), instant(at)
    found = closing(floor, learn(floor, now), demand(floor, at), look_ahead(floor, Register(), now), "certificate", now)
    assert found is not None
    return found.short, found.short_at_most, found.stop_at


def staffed(n: int) -> Story:
    story = open_day()
    for i in range(n):
        story.staffs(f"T{8 - i}", f"S{i}", "08:31")
    return story


def test_all_can_be_served_where_there_are_desks_enough() -> None:
    assert last_call(staffed(6), "15:00")[::2] == (0, None)


def test_who_comes_too_late_is_told_with_the_time() -> None:
    short, at_most, stop_at = last_call(arrivals(staffed(1), 15, "14:00", 50), "15:00")
    assert short > 10 and at_most >= short
    assert stop_at == instant("15:00"), "those who wait already fill the day"
    short, _, stop_at = last_call(staffed(1), "08:32")
    assert 5 < short < 60, "one desk for a whole Monday"
    assert stop_at is not None and instant("11:00") < stop_at < instant("15:00")


def test_a_closed_day_has_no_last_call() -> None:
    floor, now = open_day().closes("17:00").floor(), instant("17:05")
    assert (
        closing(
            floor, learn(floor, now), demand(floor, "17:05"), look_ahead(floor, Register(), now), "certificate", now
        )
        is None
    )
