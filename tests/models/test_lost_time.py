"""Minutes of today's reception that were lost: by service, by outage and by terminal, running ones to the minute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from floorctl.models.board.lost_time import LostTime, lost_today
from tests.story import Desk, instant, kumagaya


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    d = Desk(tmp_path / "floor.db", kumagaya(), at="08:30").opens()
    yield d
    d.close()


def lost(desk: Desk, now: str) -> LostTime:
    return lost_today(desk.floor, desk.session.register(), instant(now))


def outage(desk: Desk, since: str, **fields: object) -> None:
    desk.does("incident.opened", category="system_outage", summary="停止", occurred_at=instant(since), **fields)


def test_a_running_outage_grows_and_overlaps_count_once(desk: Desk) -> None:
    desk.at("11:00")
    outage(desk, "10:00", services=("cert_issue",))
    outage(desk, "10:20", services=("cert_issue", "cert_renewal"))
    assert [(o.incident, o.service, o.minutes) for o in lost(desk, "10:30").outages] == [
        ("I-1", "cert_issue", 30),
        ("I-2", "cert_issue", 10),
        ("I-2", "cert_renewal", 10),
    ]
    found = lost(desk, "10:45")
    assert (found.services["cert_issue"], found.services["cert_renewal"]) == (45, 25)
    assert found.alike() == [(["cert_issue"], 45), (["cert_renewal"], 25)]
    assert lost(desk, "23:00").services["cert_issue"] == 420, "reception ends at five"


def test_a_planned_outage_is_marked_and_counts_once_it_has_begun(desk: Desk) -> None:
    fields = {"services": ("cert_issue",), "reason": "保守"}
    desk.does("calendar.outage", from_at=instant("12:00"), until_at=instant("13:00"), **fields)
    assert not lost(desk, "12:00")
    (one,) = lost(desk, "12:20").outages
    assert (one.incident, one.minutes, one.cause) == ("", 20, "計画停止 保守")
    assert lost(desk, "14:00").services["cert_issue"] == 60


def test_terminals_lose_time_by_failures_and_by_incidents(desk: Desk) -> None:
    desk.at("09:00").does("terminal.failed", terminal="T6", fault="印字しない")
    desk.at("09:30").does("terminal.repaired", terminal="T6")
    desk.at("10:10")
    outage(desk, "10:00", terminals=("T3", "T6"))
    found = {t.terminal: (t.minutes, t.until) for t in lost(desk, "10:15").terminals}
    assert found == {"T3": (15, None), "T6": (45, None)}
    desk.does("incident.restored", incident="I-1", restored_at=instant("10:05"))
    assert {t.terminal: t.minutes for t in lost(desk, "12:00").terminals} == {"T3": 5, "T6": 35}
    assert lost(desk, "12:00").to_json()["terminals"] == {"T3": 5, "T6": 35}
