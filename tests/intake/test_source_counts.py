"""Machines that count who waits by service: the board knows lanes, so that the services of a lane are added up."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from floorctl.intake.sources.found import FromRow
from floorctl.intake.sources.trial import try_source
from floorctl.models.facts import kinds as ev
from tests.sources import MODIFIED, TODAY, Machine
from tests.story import kumagaya

BY_SERVICE = """
columns = { time = "時刻", lane = "業務", waiting = "人数" }
facts = [{ kind = "queue.counted" }]
[sources.codes.lane]
"交付" = "issuance"
"発行" = "certificate"
"更新" = "certificate"
"案内" = ""
"""
HEADING = "2026/9/14 待ち人数\n時刻,業務,人数\n"
MINUTE = "9:00,交付,3\n9:00,発行,2\n9:00,更新,8人\n9:00,案内,5\n"


def waiting(found: list[FromRow]) -> list[tuple[str, str, int]]:
    """Return the head counts as (time, lane, persons)."""
    counts = [x.found for x in found if isinstance(x.found, ev.QueueCounted)]
    assert len(counts) == len(found)
    return [(f"{x.at:%H:%M}", x.lane, x.waiting) for x in counts]


def test_the_services_of_a_lane_are_added_up(tmp_path: Path) -> None:
    machine = Machine(BY_SERVICE, kumagaya(), tmp_path)
    found = machine.found(HEADING + MINUTE + MINUTE.replace("9:00", "9:01").replace("8人", "9人"))
    assert sorted(waiting(found)) == [
        ("09:00", "certificate", 10),
        ("09:00", "issuance", 3),
        ("09:01", "certificate", 11),
        ("09:01", "issuance", 3),
    ]


def test_the_counts_of_a_minute_that_is_being_written_are_waited_for(tmp_path: Path) -> None:
    machine = Machine(BY_SERVICE, kumagaya(), tmp_path)
    text = HEADING + MINUTE
    assert machine.grown(text) == []
    assert machine.reader.waits
    text += "9:01,交付,4\n9:01,発行,2\n"
    assert sorted(waiting(machine.grown(text))) == [("09:00", "certificate", 10), ("09:00", "issuance", 3)]
    text += "9:01,更新,1\n"
    assert machine.grown(text) == []
    assert sorted(waiting(machine.grown(text, still=True))) == [("09:01", "certificate", 3), ("09:01", "issuance", 4)]
    assert machine.grown(text, still=True) == []


def test_a_total_has_the_same_id_however_it_is_read(tmp_path: Path) -> None:
    machine = Machine(BY_SERVICE, kumagaya(), tmp_path)
    turned = HEADING + "".join(reversed(MINUTE.splitlines(keepends=True)))
    first, again = machine.facts(HEADING + MINUTE), machine.facts(turned)
    assert {x.id: x.payload() for x in first} == {x.id: x.payload() for x in again}
    assert sorted(x.id for x in first) == ["20260914.certificate.counted.090000", "20260914.issuance.counted.090000"]


def test_columns_of_one_lane_are_added_up(tmp_path: Path) -> None:
    text = """
columns = { time = "時刻", issue = "発行", renew = "更新" }
facts = [
  { kind = "queue.counted", lane = { value = "certificate" }, waiting = "issue" },
  { kind = "queue.counted", lane = { value = "certificate" }, waiting = "renew" },
]
"""
    machine = Machine(text, kumagaya(), tmp_path)
    found = machine.found("2026/9/14\n時刻,発行,更新\n9:00,2,8\n9:01,0,7\n")
    assert waiting(found) == [("09:00", "certificate", 10), ("09:01", "certificate", 7)]


def test_queues_with_times_of_their_own_are_of_one_state(tmp_path: Path) -> None:
    text = """
form = "json"
rows = "queues"
columns = { at = "changed", lane = "*", waiting = "n" }
facts = [{ kind = "queue.counted" }]
[sources.codes.lane]
"issue" = "certificate"
"renew" = "certificate"
"""
    machine = Machine(text, kumagaya(), tmp_path, "queues.json")

    def state(issue: tuple[str, int], renew: tuple[str, int]) -> str:
        queues = {"issue": issue, "renew": renew}
        return json.dumps({"queues": {k: {"changed": f"2026-09-14T{at}", "n": n} for k, (at, n) in queues.items()}})

    assert waiting(machine.grown(state(("09:00", 2), ("09:03", 8)))) == [("09:03", "certificate", 10)]
    later = MODIFIED + timedelta(minutes=1)
    assert waiting(machine.grown(state(("09:05", 1), ("09:03", 8)), modified=later)) == [("09:05", "certificate", 9)]
    assert machine.grown(state(("09:05", 1), ("09:03", 8)), modified=later) == []


def test_a_trial_shows_which_rows_are_added_to_another(tmp_path: Path) -> None:
    machine = Machine(BY_SERVICE, kumagaya(), tmp_path)
    machine.path.write_text(HEADING + MINUTE, encoding="utf-8")
    trial = try_source(machine.source, machine.path, kumagaya(), TODAY, 9)
    assert (trial.rows, trial.facts, trial.left_out, trial.untold, trial.added) == (4, 2, 1, 0, {4})
    assert [(x.number, len(x.found)) for x in trial.first_rows] == [(3, 1), (4, 0), (5, 1), (6, 0)]


def test_a_total_beyond_the_hall_is_refused(tmp_path: Path) -> None:
    machine = Machine(BY_SERVICE, kumagaya(), tmp_path)
    said = machine.said(HEADING + "9:00,発行,200\n9:00,更新,200\n")
    assert [(number, "大きすぎます" in why) for number, why in said] == [(4, True)]
