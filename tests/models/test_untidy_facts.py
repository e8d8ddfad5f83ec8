"""Facts are untidy: real days with each fault alone. The number waiting stays true, and the manager sees what is not."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from floorctl.commands.fold import DayFold, fold
from floorctl.common.clock import JST
from floorctl.models.board import alerts
from floorctl.models.board.grounds import grounds
from floorctl.models.board.passed_over import overtaken
from floorctl.models.day.floor import Floor, LaneQueue
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from tests.story import Desk, busy_day, entries_of, feed_of, instant, kumagaya, numbered, plain

SITE = kumagaya()
REAL = Path(__file__).parents[3] / "shared" / "real"
NAMES = ["bielany-2020-01-08", "bielany-2020-01-13", "mokotow-2020-01-08", "mokotow-2020-01-13", "mokotow-2020-01-15"]
SYNTHETIC = "synthetic"
Lines = list[dict[str, Any]]
Waiting = dict[str, int]  # by lane


def doubts(floor: Floor, at: datetime) -> str:
    return alerts.doubts(floor, at, grounds(floor, Register(), at))


def at_of(line: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(line["at"])


class Day(NamedTuple):
    """A clean day with its truth: who waits at every full minute."""

    lines: Lines
    date: date
    instants: list[datetime]
    truth: list[Waiting]
    floor: Floor

    @property
    def still_waiting(self) -> set[str]:
        return waiting_tickets(self.floor)


def waiting_tickets(floor: Floor) -> set[str]:
    return {n for n, t in floor.tickets.items() if t.state == "waiting"}


@cache
def clean(name: str) -> Day:
    """A day of ``shared/real`` (where that is there), or the one that is made here."""
    if name == SYNTHETIC:
        lines = busy_day()
    elif not (REAL / f"{name}.jsonl").is_file():
        pytest.skip(f"the real days are not here ({REAL})")
    else:
        lines = [json.loads(raw) for raw in (REAL / f"{name}.jsonl").read_text("utf-8").splitlines()]
    start, end = at_of(lines[0]), max(map(at_of, lines))
    day = start.astimezone(JST).date()
    instants = [start + timedelta(minutes=n) for n in range(int((end - start).total_seconds() // 60) + 2)]
    floor = fold(SITE, day, entries_of(lines))
    return Day(lines, day, instants, [waiting_at(floor, at) for at in instants], floor)


def waiting_at(floor: Floor, at: datetime) -> Waiting:
    """Waiting by lane as the history of a folded day has it."""

    def value(queue: LaneQueue) -> int:
        return next((n for changed, n in reversed(queue.history) if changed <= at), 0)

    return {lane: value(queue) for lane, queue in floor.lanes.items()}


class Seen(NamedTuple):
    """What the manager saw live: waiting at every minute, the doubtful line at every tenth, the Floor at the end."""

    waiting: list[Waiting]
    lines: list[str]
    floor: Floor

    @property
    def last_line(self) -> str:
        return self.lines[-1]


def live(day: Day, lines: Lines, recorded: list[datetime] | None = None) -> Seen:
    """Plays the lines as they are recorded: at each minute only those are known that were recorded by then."""
    arrivals = sorted(zip(recorded or list(map(at_of, lines)), entries_of(lines), strict=True), key=lambda a: a[0])
    fold_ = DayFold(SITE, day.date)
    waiting, said, n = [], [], 0
    for minute, at in enumerate(day.instants):
        came = []
        while n < len(arrivals) and arrivals[n][0] <= at:
            came.append(arrivals[n][1])
            n += 1
        fold_.add(came)
        waiting.append({lane: q.waiting for lane, q in fold_.floor.lanes.items()})
        if minute % 10 == 0:
            said.append(doubts(fold_.floor, at))
    fold_.add([entry for _, entry in arrivals[n:]])
    said.append(doubts(fold_.floor, day.instants[-1]))
    return Seen(waiting, said, fold_.floor)


def stays_true(day: Day, seen: list[Waiting]) -> None:
    """Waiting in every lane is within 2 of the truth at 95 % of the instants."""
    off = [
        f"{at:%H:%M} {lane} {got[lane]} instead of {want[lane]}"
        for at, got, want in zip(day.instants, seen, day.truth, strict=True)
        for lane in want
        if abs(got[lane] - want[lane]) > 2
    ]
    assert len({o[:5] for o in off}) <= 0.05 * len(day.instants), off[:10]


def nobody_waits_for_ever(day: Day, floor: Floor) -> None:
    """Who waits at the end waits in the clean day too, or is named."""
    line = doubts(floor, day.instants[-1])
    named = {t.number for lane in floor.lanes for t in overtaken(floor)[lane]}
    assert waiting_tickets(floor) - day.still_waiting - named == set(), line
    for number in sorted(waiting_tickets(floor) & named)[:1]:
        assert number in line or "ほか" in line


def doubtless(day: Day, line: str) -> bool:
    """Nothing is doubtful but who is still waiting after closing time, for whom the feed knows no end either."""
    if not day.still_waiting or not line:
        return line == ""
    return line == f"閉庁後も待ち {'・'.join(sorted(day.still_waiting))}（人数を数える w）"


def one_line(line: str) -> None:
    assert line
    assert "\n" not in line
    assert len(line) < 200


days = pytest.mark.parametrize("name", [*NAMES, SYNTHETIC])


# ---- without a fault


@days
def test_a_clean_day_has_no_doubts(name: str) -> None:
    day = clean(name)
    seen = live(day, day.lines)
    assert seen.waiting == day.truth
    assert [line for line in seen.lines if not doubtless(day, line)] == []
    assert seen.lines[: len(seen.lines) * 3 // 4] == [""] * (len(seen.lines) * 3 // 4)
    assert seen.floor.anomalies == {}
    assert max(max(w.values()) for w in day.truth) >= 3, "nobody waits on this day: nothing is tested"


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_fold_agrees_with_the_census_at_every_instant(name: str) -> None:
    day = clean(name)
    with (REAL / f"{name}.truth.csv").open(encoding="utf-8", newline="") as f:
        census = list(csv.DictReader(f))
    assert len(census) > 100
    off = [
        row
        for row in census
        if waiting_at(day.floor, datetime.fromisoformat(row["at"]))[row["lane"]] != int(row["waiting"])
    ]
    assert off == []


def test_the_history_of_a_day_is_what_was_seen_then() -> None:
    """``waiting_at`` looks at one fold of the whole day; a fold up to the instant says the same."""
    day = clean(SYNTHETIC)
    known = DayFold(SITE, day.date, entries_of(day.lines))
    for at in day.instants[::30]:
        assert {lane: q.waiting for lane, q in known.until(at).lanes.items()} == waiting_at(day.floor, at)


# ---- 2 % of the lines are lost


@days
@pytest.mark.parametrize("seed", range(3))
def test_two_in_a_hundred_lines_are_lost(name: str, seed: int) -> None:
    day, chance = clean(name), random.Random(seed)
    kept = [line for line in day.lines if chance.random() >= 0.02]
    assert len(kept) < len(day.lines)
    seen = live(day, kept)
    stays_true(day, seen.waiting)
    nobody_waits_for_ever(day, seen.floor)
    one_line(seen.last_line)
    assert "合わない記録" in seen.last_line


@days
def test_somebody_whose_call_and_finish_are_lost_is_named(name: str) -> None:
    """Each visitor in turn: nothing is known of him after the issue, so he seems to wait. By the end he is named."""
    day = clean(name)
    entries = entries_of(day.lines)
    evening = max(instant("17:15", day.date), day.instants[-1])
    unnamed = []
    for number in sorted(day.floor.tickets.keys() - day.still_waiting):
        lost = fold(
            SITE,
            day.date,
            [e for e in entries if e.kind == "ticket.issued" or getattr(e.fact, "ticket", "") != number],
        )
        assert lost.tickets[number].state == "waiting"
        passed = {t.number for t in overtaken(lost)[lost.lane_of(lost.tickets[number])]}
        if number not in passed and number not in doubts(lost, evening):
            unnamed.append(number)
    assert unnamed == []


# ---- 5 % of the lines come 10 minutes late


@days
@pytest.mark.parametrize("seed", range(2))
def test_five_in_a_hundred_lines_come_ten_minutes_late(name: str, seed: int) -> None:
    day, chance = clean(name), random.Random(seed)
    late = [chance.random() < 0.05 for _ in day.lines]
    recorded = [at_of(line) + timedelta(minutes=10) * slow for line, slow in zip(day.lines, late, strict=True)]
    seen = live(day, day.lines, recorded)
    stays_true(day, seen.waiting)
    for line in filter(None, seen.lines):
        one_line(line)
    assert any(seen.lines), "while lines are missing the manager sees that something is"
    # In the end everything is there, and nothing is doubtful any more.
    assert doubtless(day, seen.last_line)
    assert plain(seen.floor) == plain(day.floor)


# ---- the ticket machine's clock is 90 s ahead


def machine_ahead(day: Day) -> Lines:
    ahead = timedelta(seconds=90)
    return [
        {**line, "at": (at_of(line) + ahead).isoformat()} if line["kind"] == "ticket.issued" else line
        for line in day.lines
    ]


@days
def test_the_ticket_machines_clock_is_ahead(name: str) -> None:
    day = clean(name)
    seen = live(day, machine_ahead(day), [at_of(line) for line in day.lines])
    stays_true(day, seen.waiting)
    nobody_waits_for_ever(day, seen.floor)
    # A call up to 5 minutes before its issue fits (contract 2): no false alarm. Who left before may be one.
    assert set(seen.floor.anomalies.values()) <= {"unknown_ticket"}
    assert len(seen.floor.anomalies) <= 2


@days
def test_the_ticket_machines_clock_is_ahead_seen_with_now(name: str) -> None:
    """``--now TIME``: facts with at <= TIME, so that the tickets of the last 90 s are not there yet."""
    day = clean(name)
    floor = fold(SITE, day.date, entries_of(machine_ahead(day)))
    stays_true(day, [waiting_at(floor, at) for at in day.instants])


# ---- the finishes of one desk are missing


@days
@pytest.mark.parametrize("which", [0, -1])
def test_the_finishes_of_one_desk_are_missing(name: str, which: int) -> None:
    """The busiest desk and the quietest."""
    day = clean(name)
    desks = Counter(line["terminal"] for line in day.lines if line["kind"] == "ticket.finished").most_common()
    desk = desks[which][0]
    kept = [x for x in day.lines if not (x["kind"] == "ticket.finished" and x["terminal"] == desk)]
    seen = live(day, kept)
    stays_true(day, seen.waiting)
    nobody_waits_for_ever(day, seen.floor)
    one_line(seen.last_line)
    assert "終了" in seen.last_line
    assert set(seen.floor.anomalies.values()) == {"busy_terminal"}
    # The others lose nothing.
    others = [t.outcome for t in seen.floor.tickets.values() if t.terminal not in (desk, None)]
    assert set(others) <= {"done", None}


# ---- a restart at noon


@days
def test_a_restart_at_noon_reads_the_whole_file_again(name: str, tmp_path: Path, site: Site) -> None:
    day = clean(name)
    noon = instant("12:00", day.date)
    morning = [line for line in day.lines if at_of(line) <= noon]
    path = tmp_path / "floor.db"

    def starts(lines: Lines) -> tuple[Desk, int, int]:
        from floorctl.intake.feed import Intake

        desk = Desk(path, site, "12:00", day.date)
        intake = Intake(desk.session.store, site, "feed", desk.clock, lambda n, why: pytest.fail(f"{n}: {why}"))
        totals = intake.take(numbered(feed_of(lines)))
        return desk, totals.accepted, totals.duplicate

    before, accepted, duplicate = starts(morning)
    assert (accepted, duplicate) == (len(morning), 0)
    assert {lane: q.waiting for lane, q in before.floor.lanes.items()} == waiting_at(day.floor, noon)
    seen = plain(before.floor)
    before.close()

    again, accepted, duplicate = starts(morning)
    assert (accepted, duplicate) == (0, len(morning))
    assert plain(again.floor) == seen
    again.close()

    after, accepted, duplicate = starts(day.lines)
    assert (accepted, duplicate) == (len(day.lines) - len(morning), len(morning))
    stays_true(day, [waiting_at(after.floor, at) for at in day.instants])
    assert doubtless(day, doubts(after.floor, day.instants[-1]))
    assert plain(after.floor.tickets) == plain(day.floor.tickets)
    after.close()
