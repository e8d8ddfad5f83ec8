"""The simulated hall: plausible days that fit the contract, and a live hall that obeys the manager."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from floorctl.commands.fold import DayFold, fold
from floorctl.common.clock import JST
from floorctl.intake.site_file import data_dir, load_site
from floorctl.models.day.floor import Floor
from floorctl.simulation.live import LiveHall, simulate_day
from floorctl.simulation.monthly_demand import WEEKDAY_FACTORS, day_load, parse_demand
from floorctl.simulation.visitors import draw_visitors, hall_open
from tests import work
from tests.story import entries_of

SITE = load_site()
DEMAND = parse_demand((data_dir() / "demand.csv").read_text(encoding="utf-8"))
MONDAY, TUESDAY = date(2026, 9, 14), date(2026, 9, 15)
FIFTH_SATURDAY = date(2026, 10, 31)
VOLUMES = ("low", "normal", "surge")
Line = dict[str, Any]


@lru_cache(maxsize=400)
def a_day(seed: int, volume: str = "normal", day: date = TUESDAY) -> tuple[Line, ...]:
    return tuple(simulate_day(SITE, day, seed, volume, DEMAND))  # type: ignore[arg-type]


def as_bytes(lines: Iterable[Line]) -> bytes:
    return "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines).encode()


def of(lines: Iterable[Line], *kinds: str) -> list[Line]:
    return [x for x in lines if x["kind"] in kinds]


def at(line: Line) -> datetime:
    return datetime.fromisoformat(line["at"])


def clock(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST)


@lru_cache(maxsize=100)
def floor_of(seed: int, volume: str = "normal", day: date = TUESDAY) -> Floor:
    return fold(SITE, day, entries_of(a_day(seed, volume, day)))


def waits(floor: Floor, lane: str) -> list[float]:
    """Seconds from the issue, or a later appointment, to the call."""
    mine = [t for t in floor.tickets.values() if t.called_at and floor.lane_of(t) == lane]
    return [max(0.0, (t.called_at - t.wait_from).total_seconds()) for t in mine if t.called_at]


def most(floor: Floor, lane: str) -> int:
    return max(n for _, n in floor.lanes[lane].history)


# --- the feed


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    """Two processes with different PYTHONHASHSEED; the same run shows that the simulation loads nothing heavy."""
    code = (
        "import sys, json, hashlib, datetime as d\n"
        "from floorctl.simulation.live import simulate_day\n"
        "from floorctl.simulation.monthly_demand import parse_demand\n"
        "assert not {'textual', 'sqlite3', 'sqlite_utils', 'click', 'rich'} & set(sys.modules)\n"
        "from floorctl.intake.site_file import data_dir, load_site\n"
        "rows = parse_demand((data_dir() / 'demand.csv').read_text(encoding='utf-8'))\n"
        "lines = simulate_day(load_site(), d.date(2026, 9, 15), 7, 'surge', rows)\n"
        "print(hashlib.sha256(json.dumps(lines).encode()).hexdigest())\n"
    )
    root = Path(__file__).parents[2]
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=root, env={**os.environ, "PYTHONHASHSEED": n}, stdout=subprocess.PIPE
        )
        for n in ("1", "2")
    ]
    outputs = [run.communicate(timeout=30)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert outputs[0] == outputs[1]


def test_numbers_are_the_letter_and_three_digits_in_order_of_issue() -> None:
    seen: dict[str, int] = defaultdict(int)
    for x in of(a_day(3, "surge"), "ticket.issued"):
        letter = SITE.lane_by_code[SITE.service_by_code[x["service"]].lane].letter
        seen[letter] += 1
        assert x["ticket"] == f"{letter}{seen[letter]:03d}"


def test_the_day_runs_from_the_roll_call_to_the_close() -> None:
    for volume in VOLUMES:
        lines = a_day(5, volume)
        opened, closed = of(lines, "day.opened"), of(lines, "day.closed")
        assert [x["at"][11:16] for x in opened] == ["08:25"]
        assert opened[0]["allocation"] == {t.code: t.lane for t in SITE.terminals} and opened[0]["officials"] == 2
        assert lines[-1] is closed[0] and len(closed) == 1
        assert clock(17, 15) <= at(closed[0]) <= clock(18)
        assert "08:15" <= lines[0]["at"][11:16] <= "08:20" and lines[0]["kind"] == "staff.changed"
        assert [x["present"] for x in of(lines, "officials.changed")] == [1, 2, 1]


def test_nobody_draws_a_ticket_outside_the_window_of_the_service() -> None:
    for volume in VOLUMES:
        for seed in range(10):
            for x in of(a_day(seed, volume), "ticket.issued", "ticket.transferred"):
                opens, closes = SITE.hours(x["service"], TUESDAY.weekday())
                assert opens <= at(x).time() < closes


def test_some_wait_at_the_door_when_it_opens() -> None:
    first = [sum(x["at"][11:] < "08:32" for x in of(a_day(s, "surge"), "ticket.issued")) for s in range(10)]
    assert mean(first) >= 2


@pytest.mark.parametrize("volume", VOLUMES)
def test_a_fold_of_the_feed_finds_nothing_odd(volume: str) -> None:
    """No call at a busy, paused, failed, unstaffed or other lane's terminal; every ticket and case comes to its end."""
    for day in (MONDAY, TUESDAY, FIFTH_SATURDAY):
        for seed in range(8):
            floor = floor_of(seed, volume, day)
            assert floor.anomalies == {}
            assert {t.state for t in floor.tickets.values()} <= {"finished", "no_show", "left"}
            assert {e.state for e in floor.escalations.values()} <= {"settled"}


def test_nobody_stands_at_two_terminals_and_no_lane_is_without_a_working_one_in_its_hours() -> None:
    for volume in VOLUMES:
        for seed in range(12):
            day = DayFold(SITE, TUESDAY)
            for entry in entries_of(a_day(seed, volume)):
                day.add([entry])
                places = [t for t in day.floor.terminals.values() if t.staff]
                assert len({t.staff for t in places}) == len(places)
                manned = {t.lane for t in places if not t.paused and not t.failed}
                now = entry.fact.at.time()
                lanes = {s.lane for s in SITE.services if s.opens <= now < s.closes}
                assert lanes <= manned, (volume, seed, entry)


def test_everyone_takes_a_lunch_break_of_an_hour_around_noon() -> None:
    for seed in range(12):
        lines = of(a_day(seed, "surge"), "staff.changed")
        absent = {x["staff"] for x in lines if x["status"] == "absent"}
        short_time = {x["staff"] for x in lines if x["status"] == "gone"}
        breaks: dict[str, datetime] = {}
        for x in lines:
            if x["status"] == "on_break":
                assert x["reason"] == "昼休憩" and "11:00" <= x["at"][11:16] <= "14:45" and x["staff"] not in breaks
                breaks[x["staff"]] = at(x)
            elif x["staff"] in breaks:
                assert x["status"] == "present"
                assert timedelta(minutes=59) <= at(x) - breaks[x["staff"]] <= timedelta(minutes=61)
        assert set(breaks) == {f"S{n:02d}" for n in range(1, 12)} - absent
        assert short_time == {"S12"}


def test_one_terminal_fails_on_most_days_and_is_repaired() -> None:
    days = [of(a_day(s), "terminal.failed", "terminal.repaired") for s in range(20)]
    assert sum(bool(d) for d in days) >= 12
    for failed, repaired in (d for d in days if d):
        assert failed["terminal"] == repaired["terminal"] and failed["fault"] == "カードR/W応答なし"
        assert timedelta(minutes=20) <= at(repaired) - at(failed) <= timedelta(minutes=41)


def test_no_desk_3_on_a_fifth_saturday() -> None:
    """The venue opens, the main building does not (仕様書 6): nobody is sent there."""
    assert hall_open(SITE, date(2026, 9, 12)) and hall_open(SITE, TUESDAY) and not hall_open(SITE, FIFTH_SATURDAY)
    lines = [x for s in range(20) for x in a_day(s, "surge", FIFTH_SATURDAY)]
    assert not [x for x in lines if x.get("outcome") == "desk3"]
    assert [x for s in range(20) for x in a_day(s, "surge") if x.get("outcome") == "desk3"]


def test_cases_for_the_city_have_all_matters_and_take_their_time() -> None:
    lines = [x for s in range(20) for x in a_day(s, "surge")]
    services = len(of(lines, "ticket.finished"))
    raised = of(lines, "escalation.raised")
    assert {x["matter"] for x in raised} == set(SITE.matter_by_code)
    assert 0.06 < len(raised) / services < 0.12
    outcomes = Counter(x["outcome"] for x in of(lines, "escalation.settled"))
    assert outcomes["approved"] > sum(outcomes.values()) * 0.7
    for seed in range(5):
        stages = defaultdict(list)
        for x in of(a_day(seed, "surge"), "escalation.raised", "escalation.taken", "escalation.settled"):
            stages[x["escalation"]].append(at(x))
        assert all(a < b < c for a, b, c in stages.values())


# --- how many, when, how long


def test_the_demand_table_covers_the_contract() -> None:
    assert len(DEMAND) == 24 and DEMAND[0].month == "2026-07" and DEMAND[-1].month == "2028-06"
    assert max(DEMAND, key=lambda r: r.certificates).month == "2027-05"


def test_the_level_of_a_day() -> None:
    tuesday = day_load(TUESDAY, "normal", DEMAND)
    assert (tuesday.certificates, tuesday.issuances) == (66.1, 35.6)
    assert day_load(MONDAY, "normal", DEMAND).certificates == pytest.approx(66.1 * WEEKDAY_FACTORS[0])
    assert day_load(TUESDAY, "normal", DEMAND, after_break=True).certificates == pytest.approx(66.1 * 1.3)
    assert day_load(TUESDAY, "low", DEMAND).issuances == pytest.approx(35.6 * 0.6)
    assert day_load(TUESDAY, "surge", DEMAND).certificates == pytest.approx(188.8 * 1.1)
    assert day_load(date(2030, 1, 8), "normal", DEMAND).certificates == DEMAND[-1].certificates
    with pytest.raises(ValueError, match="no rows"):
        day_load(TUESDAY, "normal", ())


@pytest.mark.parametrize(("volume", "expected"), [("low", 0.6 * 101.7), ("normal", 101.7), ("surge", 1.1 * 239.7)])
def test_as_many_come_as_the_level_says(volume: str, expected: float) -> None:
    """Certificates and cards over 20 seeds: the mean near the level, each day within a Poisson count's reach."""
    load = day_load(TUESDAY, volume, DEMAND)  # type: ignore[arg-type]
    counts = []
    for seed in range(20):
        visitors = draw_visitors(SITE, TUESDAY, load, seed)
        counts.append(sum(SITE.service_by_code[v.service].lane in SITE.movable_lanes for v in visitors))
    assert mean(counts) == pytest.approx(expected, rel=0.06)
    assert all(abs(n - expected) < 4.5 * expected**0.5 for n in counts)
    assert len(set(counts)) > 5


def test_the_shape_of_the_day_has_its_peak_at_ten() -> None:
    hours: Counter[int] = Counter()
    for seed in range(20):
        hours.update(v.arrives // 3600 for v in draw_visitors(SITE, TUESDAY, day_load(TUESDAY, "surge", DEMAND), seed))
    assert hours.most_common(1)[0][0] == 10
    certificates: Counter[int] = Counter()
    for seed in range(20):
        issued = of(a_day(seed), "ticket.issued")
        certificates.update(at(x).hour for x in issued if SITE.service_by_code[x["service"]].lane == "certificate")
    assert certificates.most_common(1)[0][0] == 10
    assert certificates[12] < certificates[11] and certificates[12] < certificates[14]


def test_waits_are_those_of_such_a_hall() -> None:
    """Certificates: minutes on a normal day of September 2026, far more at the surge, and a queue before noon."""
    wait, queue = {}, {}
    for volume in VOLUMES:
        floors = [floor_of(s, volume) for s in range(8)]
        wait[volume] = median(mean(waits(x, "certificate")) for x in floors)
        queue[volume] = median(most(x, "certificate") for x in floors)
        assert median(mean(waits(x, "issuance")) for x in floors) < 1200
    assert wait["low"] <= wait["normal"] < 1200 < wait["surge"] < 4500
    assert queue["normal"] < 12 and 20 <= queue["surge"] <= 50


def test_littles_law_holds() -> None:
    """Mean number waiting = arrivals a second times mean wait, from two separate readings of the same hall."""
    hall = LiveHall(SITE, TUESDAY, 11, "surge", DEMAND)
    lines: list[Line] = []
    seen = []
    now, end, step = clock(8, 30), clock(18, 30), timedelta(seconds=20)
    while now < end:
        lines += hall.advance(now)
        seen.append(hall.snapshot()["waiting"]["certificate"])
        now += step
    begun, waited = {}, 0.0
    for x in lines:
        if x["kind"] == "ticket.issued" and x["ticket"].startswith("B"):
            begun[x["ticket"]] = at(x)
        elif x["kind"] in ("ticket.called", "ticket.left", "ticket.transferred") and x["ticket"] in begun:
            waited += (at(x) - begun.pop(x["ticket"])).total_seconds()
    assert mean(seen) == pytest.approx(waited / (end - clock(8, 30)).total_seconds(), rel=0.05)
    assert max(seen) > 15


def test_the_stand_in_for_the_manager_moves_terminals_now_and_then() -> None:
    moves = [of(a_day(s, "surge"), "terminal.assigned") for s in range(10)]
    by_day = [sum(at(x) < clock(16, 30) for x in day) for day in moves]
    assert max(by_day) <= 2 and sum(by_day) >= 8
    assert all(1 <= len(day) <= 6 and all(x["reason"] for x in day) for day in moves)


def test_a_surge_day_is_little_work_to_simulate() -> None:
    assert work.lines(lambda: simulate_day(SITE, MONDAY, 1, "surge", DEMAND)) < 400_000


# --- the live hall


class Live:
    """A hall under the manager's hand, with all its lines and the board that they make."""

    def __init__(self, seed: int = 4, volume: str = "surge", day: date = TUESDAY, **more: Any) -> None:
        self.hall = LiveHall(SITE, day, seed, volume, DEMAND, manager_moves=True, **more)  # type: ignore[arg-type]
        self.day, self.lines, self.facts = day, [], 0  # type: date, list[Line], int

    def until(self, hour: int, minute: int = 0, second: int = 0) -> list[Line]:
        new = self.hall.advance(clock(hour, minute, self.day) + timedelta(seconds=second))
        self.lines += new
        return new

    def does(self, kind: str, **fields: Any) -> Line:
        self.facts += 1
        moment = self.hall.now - timedelta(seconds=2)
        fact = {"id": f"c{self.facts}", "at": moment.isoformat(), "kind": kind, **fields}
        self.hall.react(fact)
        return fact

    def takes_back(self, fact: Line) -> None:
        self.hall.react({"kind": "retracted", "undone": fact})

    def terminal(self, code: str) -> dict[str, Any]:
        return self.hall.snapshot()["terminals"][code]

    def calls(self, code: str, lines: list[Line]) -> list[Line]:
        return [x for x in of(lines, "ticket.called") if x["terminal"] == code]


def test_advancing_step_by_step_gives_the_simulated_day() -> None:
    hall, lines, now = LiveHall(SITE, TUESDAY, 9, "surge", DEMAND), [], clock(8)
    while not hall.over:
        now += timedelta(seconds=37)
        new = hall.advance(now)
        assert all(at(x) <= now == hall.now for x in new)
        lines += new
    assert as_bytes(lines) == as_bytes(a_day(9, "surge"))
    assert hall.advance(now + timedelta(hours=1)) == []


def test_a_terminal_whose_stand_in_has_a_break_to_take_is_handed_back_first() -> None:
    """Seed 1: the guide stands in for S08 when the own break is due; the terminal was left paused for the afternoon."""
    live = Live(1, day=date(2026, 12, 1))
    live.until(17)
    paused = [x["terminal"] for x in of(live.lines, "terminal.paused")]
    assert sorted(paused) == sorted(x["terminal"] for x in of(live.lines, "terminal.resumed"))
    assert not [code for code, t in live.hall.snapshot()["terminals"].items() if t["paused"]]


def test_breaks_are_taken_when_the_manager_plans_them() -> None:
    live, usual = Live(), Live()
    usual.until(16)
    begun = {x["staff"]: at(x) for x in of(usual.lines, "staff.changed") if x["status"] == "on_break"}
    moved, dropped, taken_back = sorted(begun, key=lambda s: begun[s])[-3:]
    live.until(9)
    live.does("breaks.planned", breaks=[{"staff": moved, "start": "10:00", "minutes": 45}], removed=[dropped])
    live.takes_back(live.does("breaks.planned", breaks=[{"staff": taken_back, "start": "09:30", "minutes": 60}]))
    live.until(16)
    breaks = {x["staff"]: x for x in of(live.lines, "staff.changed") if x["status"] == "on_break"}
    assert clock(10) <= at(breaks[moved]) <= clock(10, 40)
    assert at(breaks[taken_back]) > clock(11)
    assert dropped not in breaks


def test_whom_the_manager_has_sent_on_a_break_comes_back_at_its_end_and_goes_no_second_time() -> None:
    live = Live()
    live.until(10)
    live.does("staff.changed", staff="S01", status="on_break", until="10:45")
    live.until(16)
    mine = [(x["status"], x["at"][11:16]) for x in of(live.lines, "staff.changed") if x["staff"] == "S01"]
    assert mine[1:] == [("present", "10:45")]


def test_a_moved_terminal_serves_the_other_lane_after_its_ticket() -> None:
    """T4 goes to 電子証明書: its present ticket ends first, the switch takes its time, then only B numbers come."""
    live = Live()
    live.until(10, 45)
    while live.terminal("T4")["ticket"] is None:
        live.until(live.hall.now.hour, live.hall.now.minute + 1)
    move = live.does("terminal.assigned", terminal="T4", lane="certificate")
    assert live.terminal("T4")["lane"] == "issuance" and live.terminal("T4")["next_lane"] == "certificate"
    later = live.until(16, 30)
    calls = live.calls("T4", later)
    assert len(calls) > 10 and all(x["ticket"].startswith("B") for x in calls)
    ended = next(x for x in of(later, "ticket.finished", "ticket.no_show") if x.get("terminal", "T4") == "T4")
    assert at(calls[0]) - at(ended) >= timedelta(seconds=SITE.thresholds.switch_s)
    assert fold(SITE, TUESDAY, entries_of([*live.lines, {**move, "id": "z"}])).anomalies == {}
    assert not of(live.lines, "terminal.assigned", "reception.stopped")


def test_a_lent_terminal_helps_and_comes_home() -> None:
    """T4 goes to 電子証明書 once nobody waits for cards, serves B numbers, and hands cards over again once returned."""
    live = Live()
    live.until(9, 5)
    live.does("terminal.lent", terminal="T4", lane="certificate")
    while live.terminal("T4")["lane"] == "issuance" and live.terminal("T4")["next_lane"]:
        live.until(live.hall.now.hour, live.hall.now.minute + 1)
    if live.terminal("T4")["lane"] == "issuance":  # it has lapsed: somebody waited for cards
        while live.hall.snapshot()["waiting"]["issuance"] or live.terminal("T4")["ticket"]:
            live.until(live.hall.now.hour, live.hall.now.minute + 1)
        live.does("terminal.lent", terminal="T4", lane="certificate")
    assert live.terminal("T4")["lane"] == "certificate"
    away = live.calls("T4", live.until(10, 45))
    assert away and all(x["ticket"].startswith("B") for x in away)
    live.does("terminal.returned", terminal="T4")
    live.until(11, 15)
    assert live.terminal("T4")["lane"] == "issuance"
    at_home = live.calls("T4", live.until(14))
    assert at_home and all(x["ticket"].startswith("A") for x in at_home)


def test_a_loan_lapses_where_somebody_waits_for_cards() -> None:
    live = Live()
    live.until(9, 30)
    while live.terminal("T4")["ticket"] is None or not live.hall.snapshot()["waiting"]["issuance"]:
        live.until(live.hall.now.hour, live.hall.now.minute + 1)
    for other in ("T1", "T2"):  # nobody else calls who waits
        live.does("terminal.paused", terminal=other)
    live.does("terminal.lent", terminal="T4", lane="certificate")
    assert live.terminal("T4")["next_lane"] == "certificate"
    ticket = live.terminal("T4")["ticket"]
    while live.terminal("T4")["ticket"] == ticket:
        live.until(live.hall.now.hour, live.hall.now.minute + 1)
    assert (live.terminal("T4")["lane"], live.terminal("T4")["next_lane"]) == ("issuance", None)
    assert all(x["ticket"].startswith("A") for x in live.calls("T4", live.until(10, 30)))


def test_moving_an_idle_terminal_melts_the_queue() -> None:
    """At the surge 15 to 35 wait before noon with 3 and 5 terminals; with T4 moved the queue is a third shorter by 13."""
    before, stay, moved = [], [], []
    for seed in range(8):
        for move, at_one in ((False, stay), (True, moved)):
            live = Live(seed)
            live.until(10, 45)
            if move:
                live.does("terminal.assigned", terminal="T4", lane="certificate", reason="混雑")
            live.until(11, 30)
            if not move:
                before.append(live.hall.snapshot()["waiting"]["certificate"])
            live.until(13)
            at_one.append(live.hall.snapshot()["waiting"]["certificate"])
    assert 15 <= mean(before) <= 35
    assert mean(moved) < 0.67 * mean(stay)


def test_a_move_changes_no_visitor() -> None:
    issued = []
    for lane in ("issuance", "certificate"):
        live = Live()
        live.until(10)
        live.does("terminal.assigned", terminal="T4", lane=lane)
        live.until(16)
        issued.append([(x["at"], x["service"]) for x in of(live.lines, "ticket.issued")])
    assert issued[0] == issued[1]


@pytest.mark.parametrize(
    ("stop", "go"), [("terminal.paused", "terminal.resumed"), ("terminal.failed", "terminal.repaired")]
)
def test_a_paused_or_failed_terminal_calls_nobody_until_it_is_back(stop: str, go: str) -> None:
    live = Live()
    live.until(9, 30)
    live.does(stop, terminal="T3")
    assert live.calls("T3", live.until(10, 30)) == []
    live.does(go, terminal="T3")
    assert live.calls("T3", live.until(10, 50))


def test_undo_gives_back_lane_and_state() -> None:
    live = Live()
    live.until(10)
    facts = [
        live.does("terminal.assigned", terminal="T4", lane="certificate"),
        live.does("terminal.paused", terminal="T5"),
        live.does("terminal.failed", terminal="T6"),
        live.does("terminal.staffed", terminal="T7", staff=None),
        live.does("reception.stopped", service="cert_renewal"),
    ]
    for fact in reversed(facts):
        live.takes_back(fact)
    later = live.until(10, 50)
    assert all(x["ticket"].startswith("A") for x in live.calls("T4", later))
    assert all(live.calls(t, later) for t in ("T5", "T6", "T7"))
    assert any(x["service"] == "cert_renewal" for x in of(later, "ticket.issued"))


def test_an_unstaffed_terminal_waits_for_somebody() -> None:
    live = Live()
    live.until(9, 30)
    live.does("terminal.staffed", terminal="T8", staff=None)
    assert live.calls("T8", live.until(10)) == []
    live.does("terminal.staffed", terminal="T8", staff="S11")
    assert live.calls("T8", live.until(10, 30))


def test_a_stopped_reception_ends_the_arrivals_of_that_service_alone() -> None:
    live = Live()
    live.until(10)
    live.does("reception.stopped", service="cert_renewal", reason="混雑")
    services = Counter(x["service"] for x in of(live.until(11), "ticket.issued"))
    assert services["cert_renewal"] == 0 and services["pin_reset"] > 0
    live.does("reception.resumed", service="cert_renewal")
    assert any(x["service"] == "cert_renewal" for x in of(live.until(11, 30), "ticket.issued"))


def test_a_case_holds_the_service_until_the_manager_settles_it() -> None:
    """The manager raises a case where no official is present: the service waits, and goes on once it is settled."""
    live = Live()
    live.until(10)
    live.does("officials.changed", present=0)
    ticket = next(t["ticket"] for t in live.hall.snapshot()["terminals"].values() if t["ticket"])
    code = next(c for c, t in live.hall.snapshot()["terminals"].items() if t["ticket"] == ticket)
    raised = live.does("escalation.raised", escalation="E-1", matter="proxy", terminal=code, ticket=ticket)
    live.until(11)
    assert live.terminal(code)["ticket"] == ticket
    live.does("escalation.settled", escalation="E-1", outcome="approved", official="C1")
    live.until(12)
    assert live.terminal(code)["ticket"] != ticket
    live.takes_back(raised)  # too late to matter, and harmless


def test_officials_take_the_managers_case() -> None:
    live = Live()
    live.until(10)
    live.does("escalation.raised", escalation="E-1", matter="identity")
    stages = [x["kind"] for x in live.until(11) if x.get("escalation") == "E-1"]
    assert stages == ["escalation.taken", "escalation.settled"]


def test_officials_leave_each_step_of_the_managers_case_to_a_learner_for_a_while() -> None:
    live = Live(city_waits_s=45 * 60)
    live.until(10)
    live.does("escalation.raised", escalation="E-1", matter="identity")
    assert not [x for x in live.until(10, 45) if x.get("escalation") == "E-1"]
    [taken] = [x for x in live.until(11) if x.get("escalation") == "E-1"]
    assert taken["kind"] == "escalation.taken"
    live.does("escalation.raised", escalation="E-2", matter="identity")
    live.does("escalation.taken", escalation="E-2", official="C1")
    assert not [x for x in live.until(11, 45) if x.get("escalation") == "E-2"]
    assert [x["kind"] for x in live.until(13) if x.get("escalation") == "E-2"] == ["escalation.settled"]


def test_the_manager_calls_finishes_and_issues_by_hand() -> None:
    """What the console does to tickets is done in the hall: the called one is served, and its number never comes again."""
    live = Live(volume="normal")
    live.until(9, 30)
    live.does("terminal.paused", terminal="T3")
    live.until(10, 20)
    number = f"B{1 + sum(x['ticket'].startswith('B') for x in of(live.lines, 'ticket.issued')):03d}"
    live.does("ticket.issued", ticket=number, service="pin_reset")
    live.does("ticket.called", ticket=number, terminal="T3")
    assert live.terminal("T3")["ticket"] == number
    live.does("ticket.finished", ticket=number, terminal="T3")
    assert live.terminal("T3")["ticket"] is None
    later = live.until(12)
    assert number not in [x["ticket"] for x in of(later, "ticket.issued", "ticket.called", "ticket.finished")]


def test_a_head_count_sends_the_surplus_away_from_the_oldest() -> None:
    live = Live()
    live.until(11)
    waiting = live.hall.snapshot()["waiting"]["certificate"]
    live.does("queue.counted", lane="certificate", waiting=waiting - 5)
    assert live.hall.snapshot()["waiting"]["certificate"] == waiting - 5
    ended = {x["ticket"] for x in of(live.lines, "ticket.called", "ticket.left")}
    issued = [x["ticket"] for x in of(live.lines, "ticket.issued") if x["ticket"].startswith("B")]
    gone = [t for t in issued if t not in ended][:5]
    live.until(17, 10)
    assert not set(gone) & {x["ticket"] for x in of(live.lines, "ticket.called")}


def test_tickets_that_leave_come_back_or_change_their_service() -> None:
    live = Live()
    live.until(11)
    ended = {x["ticket"] for x in of(live.lines, "ticket.called", "ticket.left")}
    first, second = [
        t for t in (x["ticket"] for x in of(live.lines, "ticket.issued")) if t.startswith("B") and t not in ended
    ][-2:]
    waiting = live.hall.snapshot()["waiting"]
    live.takes_back(live.does("ticket.left", ticket=first))
    live.does("ticket.transferred", ticket=second, service="registration_support")
    assert live.hall.snapshot()["waiting"] == {
        **waiting,
        "certificate": waiting["certificate"] - 1,
        "registration": waiting["registration"] + 1,
    }
    live.until(16)
    called = {x["ticket"]: x["terminal"] for x in of(live.lines, "ticket.called")}
    assert called[second] == "P1"


def test_a_closed_day_stands_still_until_it_is_opened_again() -> None:
    live = Live()
    live.until(10)
    live.does("day.closed")
    assert live.hall.over and live.until(10, 30) == []
    live.does("day.reopened", reason="誤操作")
    later = live.until(11)
    assert later and all(at(x) >= clock(10, 30) for x in later)
    assert len(of(later, "ticket.issued")) < 60
    live.until(23)
    assert live.lines[-1]["kind"] == "day.closed" and at(live.lines[-1]) >= clock(17, 15)


def test_the_manager_opens_the_day_before_the_feed_does() -> None:
    live = Live()
    live.until(8, 20)
    live.does("day.opened", allocation={**{t.code: t.lane for t in SITE.terminals}, "T4": "certificate"}, officials=1)
    lines = live.until(9, 30)
    assert of(lines, "day.opened") == []
    assert live.calls("T4", lines) and all(x["ticket"].startswith("B") for x in live.calls("T4", lines))


def test_what_does_not_fit_is_ignored() -> None:
    plain, live = Live(), Live()
    for x in (plain, live):
        x.until(10)
    for fact in (
        {"kind": "memo.written", "text": "x"},
        {"kind": "nonsense"},
        {"kind": "terminal.assigned", "terminal": "T9", "lane": "issuance"},
        {"kind": "terminal.assigned", "terminal": "A1", "lane": "issuance"},
        {"kind": "terminal.paused"},
        {"kind": "ticket.called", "ticket": "Z999", "terminal": "T1"},
        {"kind": "ticket.finished", "ticket": "Z999", "terminal": "T1"},
        {"kind": "escalation.settled", "escalation": "none", "outcome": "approved"},
        {"kind": "retracted"},
        {"kind": "retracted", "undone": {"kind": "ticket.called", "ticket": "Z999"}},
    ):
        live.hall.react(fact)
    assert as_bytes(live.until(12)) == as_bytes(plain.until(12))
