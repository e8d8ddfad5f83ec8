"""Numbers in the data: each has a bound, and beyond it none makes work. Counted in steps, not by the clock."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from floorctl.advice import lane_scene, run_forward
from floorctl.advice.advise import Adviser
from floorctl.advice.calibration import Watch
from floorctl.advice.forecast import Forecaster
from floorctl.advice.hall_view import DRAWN
from floorctl.advice.known_ahead import Ahead
from floorctl.advice.lane_scene import scene
from floorctl.advice.waits import Trust, lane_waits
from floorctl.cli.main import cli
from floorctl.commands.calling import next_visitor
from floorctl.commands.fold import DayFold
from floorctl.common.errors import FloorctlError, StoreError
from floorctl.intake.feed import BadLine, parse_line
from floorctl.models.facts.fields import MOST
from floorctl.models.facts.stored_fact import stored_fact
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from tests import work
from tests.story import MONDAY, Desk, a_day, instant, kumagaya

NOW = instant("10:35")


def put(desk: Desk, kind: str, at: str = "10:00", **fields: Any) -> None:
    """A fact past every check, as an older version or another tool may have left it."""
    with desk.session.store.write() as pen:
        fact = stored_fact(f"x-{pen.head.seq}", instant(at).isoformat(), kind, json.dumps(fields))
        pen.append(fact, "other", "other", instant(at))
    desk.session.refresh()


def counted(path: Path, waiting: int, lane: str = "issuance") -> Desk:
    """A hall in which some are served, and then somebody has counted ``waiting`` heads."""
    desk = Desk(path, kumagaya()).opens().at("09:00")
    for n in range(6):
        put(desk, "ticket.issued", "09:00", ticket=f"A{n:03d}", service="card_issuance")
    put(desk, "ticket.called", "09:05", ticket="A000", terminal="T1")
    put(desk, "ticket.finished", "09:20", ticket="A000", terminal="T1")
    put(desk, "queue.counted", "10:00", lane=lane, waiting=waiting)
    put(desk, "ticket.issued", "10:30", ticket="A100", service="card_issuance")
    return desk.at("10:35")


def told(desk: Desk) -> None:
    """Compute all that status, the advice and the board ask of a day."""
    floor, register = desk.floor, Register()
    forecaster = Forecaster(desk.site, MONDAY)
    forecaster.waits(floor, register, NOW)
    forecaster.closings(floor, register, NOW)
    demand = forecaster.demand(floor, register, NOW)
    Adviser(floor, forecaster.times(floor, NOW), demand, NOW).verdict()
    assert DayFold(desk.site, MONDAY, floor.entries).floor.waiting == floor.waiting


# ---- work


@pytest.mark.parametrize("lane", ["issuance", "certificate"])
def test_no_count_makes_more_work_than_a_full_hall(tmp_path: Path, lane: str) -> None:
    steps = []
    for waiting in (250, 99_999):
        desk = counted(tmp_path / f"{waiting}.db", waiting, lane)
        told(desk)  # what is made once and kept is made here
        with work.steps() as found:
            told(desk)
        steps.append(found["lines"])
        desk.close()
    few, many = steps
    assert few > 1000
    assert many <= few * 1.2


def test_so_many_are_run_forward_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    before = run_forward._lengths

    def lengths(cases: list[tuple[float, float]], factor: float, k: int) -> list[float]:
        drawn.append(len(cases))
        return before(cases, factor, k)

    monkeypatch.setattr(run_forward, "_lengths", lengths)
    desk = counted(tmp_path / "floor.db", 99_999, "certificate")
    told(desk)
    assert drawn
    assert max(drawn) == DRAWN + 1 == lane_scene.DRAWN + 1  # and who comes now
    desk.close()


def test_who_stands_behind_is_told_by_the_pace(tmp_path: Path) -> None:
    """Exact for the first 200; behind them a straight line."""
    p50, each = {}, {}
    for waiting in (100, 190, 400, 800, 4000):
        desk = counted(tmp_path / f"{waiting}.db", waiting, "certificate")
        put(desk, "ticket.issued", "10:30", ticket="B100", service="cert_renewal")
        times = Forecaster(desk.site, MONDAY).times(desk.floor, NOW)
        said = lane_waits(scene(desk.floor, times, "certificate", NOW, Ahead()), Trust())
        assert said.last is not None and said.coming is not None
        p50[waiting], each[waiting] = said.last.p50_s, said.each["B100"]
        assert said.coming.p50_s >= said.last.p50_s
        assert each[waiting] == said.last
        desk.close()
    assert p50[100] < p50[190] < p50[400] < p50[4000]
    assert (p50[4000] - p50[400]) / (p50[800] - p50[400]) == pytest.approx(9, rel=0.1)


def test_up_to_two_hundred_nothing_is_left_to_the_pace(tmp_path: Path) -> None:
    desk = counted(tmp_path / "floor.db", DRAWN - 2, "certificate")
    forecaster = Forecaster(desk.site, MONDAY)

    seen = scene(desk.floor, forecaster.times(desk.floor, NOW), "certificate", NOW, Ahead())
    assert (seen.beyond, len(seen.people), seen.waiting) == (0, DRAWN - 2, DRAWN - 2)
    assert lane_waits(seen, Trust()).last is not None
    desk.close()


def test_a_head_count_takes_off_ten_thousand_numbers_at_once(tmp_path: Path, site: Site) -> None:
    """Linear in the numbers: each is looked at a few times, not once for every other."""
    steps = []
    for many in (500, 2000):
        story = a_day().opens("08:30")
        for n in range(many):
            story.issues(f"B{n:05d}", at="09:00")
        story.tells("queue.counted", "09:30", lane="certificate", waiting=0)
        for n in range(many, 2 * many):
            story.issues(f"B{n:05d}", at="09:40")
        for n in range(many):
            story.calls(f"X{n:05d}", "T3", "09:50")  # each takes the oldest off
        entries = story.entries()
        with work.steps() as found:
            floor = DayFold(site, MONDAY, entries).floor
        assert floor.lanes["certificate"].waiting == 0
        assert sum(t.state == "counted_out" for t in floor.tickets.values()) == 2 * many
        steps.append(found["lines"])
    assert steps[1] <= steps[0] * 4.4


def test_a_day_is_watched_to_its_end_and_no_further(desk: Desk) -> None:
    desk.opens().at("09:00")
    watch = Watch(desk.site, MONDAY)
    watch.trust(desk.floor, Register(), NOW + timedelta(days=36_500))
    assert len(watch._learned) <= 24 * 12


# ---- what stands in the file


@pytest.mark.parametrize("waiting", [99_999, 10**12, 10**30])
def test_a_giant_in_the_file_is_read_and_can_be_put_right(tmp_path: Path, waiting: int) -> None:
    desk = counted(tmp_path / "floor.db", waiting, "certificate")
    assert desk.floor.lanes["certificate"].uncounted <= MOST
    put(desk, "visitors.counted", persons=waiting)
    put(desk, "ticket.issued", ticket="A900", service="card_issuance", cards=waiting)
    put(desk, "work.counted", item="photo", count=-waiting)
    put(desk, "inquiry.counted", topic="予約", count=waiting)
    put(desk, "officials.changed", present=waiting)
    put(
        desk,
        "equipment.changed",
        equipment=next(e.code for e in desk.site.equipment if e.watched),
        unit=waiting,
        state="ok",
    )
    put(desk, "clock.set", ahead_s=waiting)
    put(desk, "appointments.imported", date="2026-09-14", slots=[{"time": "11:30", "cards": waiting, "count": waiting}])
    desk.close()
    for command in (["status", "--json"], ["advise", "--json"], ["log", "--json"], ["export", "--out", str(tmp_path)]):
        result = CliRunner().invoke(cli, ["--db", str(desk.path), "--now", "2026-09-14T11:00", *command])
        assert result.exit_code == 0, (command, result.output)
    again = Desk(desk.path, kumagaya(), at="11:05", frozen=instant("11:05"))
    again.runs(next_visitor, "T3")
    again.does("queue.counted", lane="certificate", waiting=3)
    assert again.floor.lanes["certificate"].waiting == 3
    again.close()


@pytest.mark.parametrize("value", ["NaN", "1e999", "2.0", '"2"', "true", "9" * 5000])
def test_what_is_no_number_is_a_damaged_row_and_no_crash(value: str) -> None:
    with pytest.raises(ValueError):
        stored_fact("x", NOW.isoformat(), "queue.counted", f'{{"lane":"certificate","waiting":{value}}}')
    assert issubclass(StoreError, FloorctlError)


# ---- every door


@pytest.mark.parametrize(
    ("kind", "field", "most", "more"),
    [
        ("queue.counted", "waiting", 300, {"lane": "certificate"}),
        ("visitors.counted", "persons", 1200, {}),
        ("officials.changed", "present", 999, {}),
        ("ticket.issued", "cards", 999, {"service": "other", "ticket": "B001"}),
        ("work.counted", "count", 99_999, {"item": "photo"}),
        ("inquiry.counted", "count", 99_999, {"topic": "予約"}),
    ],
)
def test_each_number_has_a_bound_at_every_door(
    desk: Desk, kind: str, field: str, most: int, more: dict[str, Any]
) -> None:
    desk.opens().at("09:00")
    for n in (most + 1, 10**30):
        desk.refuses(kind, **more, **{field: n})
        line = json.dumps({"id": "a", "at": NOW.isoformat(), "kind": kind, **more, field: n}).encode()
        with pytest.raises(BadLine) as refused:
            parse_line(line, desk.site)
        assert f"{field} が大きすぎます" in str(refused.value)
        assert str(n) not in str(refused.value)
    line = json.dumps({"id": "a", "at": NOW.isoformat(), "kind": kind, **more, field: most}).encode()
    assert getattr(parse_line(line, desk.site), field) == most
    desk.does(kind, **more, **{field: most})


def test_the_bound_is_the_sites(tmp_path: Path) -> None:
    site = kumagaya()
    small = replace(site, seats=replace(site.seats, most_in_lane=20))
    desk = Desk(tmp_path / "floor.db", small).opens().at("09:00")
    desk.does("queue.counted", lane="certificate", waiting=20)
    refused = desk.refuses("queue.counted", lane="certificate", waiting=21)
    assert "20人まで" in refused.sentence and "21" not in refused.sentence
    for n in range(25):
        put(desk, "ticket.issued", "09:30", ticket=f"B{n:03d}", service="other")
    desk.at("09:40").does("queue.counted", lane="certificate", waiting=25)  # as many as have numbers
    desk.close()


@pytest.mark.parametrize(
    "line",
    [
        b'{"id":"a","at":"2026-09-14T10:00:00+09:00","kind":"day.opened","allocation":' + b"[" * 30_000,
        b'{"id":"a","at":"2026-09-14T10:00:00+09:00","kind":"day.opened","allocation":'
        + b'{"a":' * 8_000
        + b"1"
        + b"}" * 8_001,
        b'{"id":"a","at":"2026-09-14T10:00:00+09:00","kind":"visitors.counted","persons":' + b"9" * 5_000 + b"}",
        b'{"id":"a","at":"2026-09-14T10:00:00+09:00","kind":"visitors.counted","persons":1e999}',
        b'{"id":"a","at":"9999-12-31T10:00:00+09:00","kind":"visitors.counted","persons":1}',
        b'{"id":"a","at":"1900-01-01T10:00:00+09:00","kind":"visitors.counted","persons":1}',
    ],
)
def test_wild_lines_are_refused_in_words(line: bytes, site: Site) -> None:
    with pytest.raises(BadLine):
        parse_line(line, site)


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["do", "retracted", f"seq={10**30}"], 1),
        (["doctor", "--head", f"{10**30}:{'0' * 64}"], 3),
        (["simulate", "--date", "2026-09-14", "--seed", str(10**30)], 2),
        (["do", "queue.counted", "lane=certificate", "waiting=1e999"], 2),
        (["do", "queue.counted", "lane=certificate", f"waiting={'9' * 5000}"], 2),
    ],
)
def test_wild_numbers_on_the_command_line_are_refused_in_words(desk: Desk, args: list[str], status: int) -> None:
    desk.opens()
    result = CliRunner().invoke(cli, ["--db", str(desk.path), "--now", "2026-09-14T11:00", *args])
    told = result.exception
    assert isinstance(told, FloorctlError | SystemExit) or told is None or hasattr(told, "exit_code"), repr(told)
    assert getattr(told, "exit_status", result.exit_code) == status


def test_the_order_of_calling_is_learned_at_the_same_cost_on_any_day(site: Site) -> None:
    """Appointments and walk-ins are told apart by the last of each, not by every pair of the day."""
    steps = []
    for many in (400, 1600):
        story = a_day().opens("08:30")
        for n in range(many):
            more = {"appointment": "09:00"} if n % 2 else {}
            story.issues(f"A{n:05d}", "card_issuance", at="09:00", **more)
            story.calls(f"A{n:05d}", "T1", "09:30")
        floor = DayFold(site, MONDAY, story.entries()).floor
        times = Forecaster(site, MONDAY).times(floor, NOW)
        with work.steps() as found:
            scene(floor, times, "issuance", NOW, Ahead())
        steps.append(found["lines"])
    assert steps[1] <= steps[0] * 2
