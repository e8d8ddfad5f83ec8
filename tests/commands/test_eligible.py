"""Refuse who may not work today (誓約書, 退職日, 名簿; 仕様書 7(2), 10): no verb takes them without a word, and the roll call follows
the shifts."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.commands.people import comes, roll_call
from floorctl.common.errors import NeedsReason
from floorctl.models.board.alerts import alerts
from floorctl.models.board.presence import presence
from tests.story import Desk, a_day

ABLE = {"pledge_on": "2026-06-01", "authority_on": "2026-07-01", "vein_on": "2026-07-01"}
VERBS: list[tuple[str, dict[str, Any]]] = [
    ("staff.changed", {"staff": "S5", "status": "present"}),
    ("staff.changed", {"staff": "S5", "status": "late"}),
    ("staff.posted", {"staff": "S5", "post": "reception"}),
    ("terminal.staffed", {"staff": "S5", "terminal": "A1"}),
    ("charge.taken", {"staff": "S5"}),
    ("vacancy.filled", {"staff": "S3", "substitute": "S5"}),
]


@pytest.fixture
def hall(desk: Desk) -> Desk:
    """S1 現場責任者, S2 comes at 13:00, S3 is missing, S5 has not pledged, S6 has left; nine o'clock."""
    people: dict[str, dict[str, Any]] = {
        "S1": {"role": "site_manager", "shift_from": "08:15", "shift_to": "17:15"},
        "S2": {"shift_from": "13:00", "shift_to": "17:15"},
        "S3": {"shift_from": "08:45", "shift_to": "17:15"},
        "S5": {"deputy": True, "pledge_on": None},
        "S6": {"left_on": "2026-09-13"},
    }
    for staff, fields in people.items():
        desk.does("staff.registered", staff=staff, **(ABLE | fields))
    desk.opens().does("vacancy.opened", staff="S3")
    return desk.at("09:00")


def told(desk: Desk) -> list[str]:
    session = desk.session
    session.refresh()
    found = alerts(session.floor(), session.register(), session.info(desk.day), session.clock())
    return [a.text for a in found if a.code == "not_eligible"]


@pytest.mark.parametrize(("kind", "fields"), VERBS)
def test_nobody_without_a_pledge_is_taken_without_a_word(hall: Desk, kind: str, fields: dict[str, Any]) -> None:
    assert isinstance(hall.refuses(kind, "誓約書がありません", "--reason", **fields), NeedsReason)
    assert hall.does(kind, **fields, reason="本日提出の予定")
    assert any("誓約書がありません" in x for x in hall.session.warnings)
    if kind != "vacancy.filled":
        assert "誓約書がありません" in told(hall)[0]


@pytest.mark.parametrize(("kind", "fields"), [v for v in VERBS if v[0] != "charge.taken"])
def test_who_has_left_is_told_by_the_right_reason(hall: Desk, kind: str, fields: dict[str, Any]) -> None:
    given = {k: "S6" if v == "S5" else v for k, v in fields.items()}
    assert isinstance(hall.refuses(kind, "退職日 9/13 を過ぎています", **given), NeedsReason)


def test_the_charge_is_never_with_who_has_left(hall: Desk) -> None:
    assert not isinstance(hall.refuses("charge.taken", "退職日 9/13", staff="S6"), NeedsReason)


def test_who_is_back_from_a_break_was_told_of_already(hall: Desk) -> None:
    hall.does("staff.changed", staff="S5", status="present", reason="本日提出の予定")
    hall.does("staff.changed", staff="S5", status="on_break")
    assert hall.does("staff.changed", staff="S5", status="present")


def test_a_stranger_to_the_roster_is_present_with_a_warning(hall: Desk) -> None:
    assert hall.does("staff.changed", staff="S77", status="present")
    assert "名簿にありません" in "".join(hall.session.warnings)


def test_a_person_who_comes_carries_the_reason_of_the_act(hall: Desk) -> None:
    def decision(c: Any) -> Any:
        c.reason = "本日提出の予定"
        return comes(c, "S5")

    assert hall.runs(decision)[0].fact.reason == "本日提出の予定"  # type: ignore[attr-defined]


def test_a_feed_is_believed_and_an_alert_stands(hall: Desk) -> None:
    hall.hears(a_day().staffs("A1", "S5", "09:01").tells("staff.changed", staff="S6", status="present"))
    assert told(hall.at("09:10")) == ["S5 A1・S6 誓約・権限などがそろっていません"]
    assert hall.floor.anomalies == {}


def test_the_roll_follows_the_shifts_and_leaves_out_who_has_not_pledged(hall: Desk) -> None:
    written = hall.runs(roll_call)
    assert [e.fact.staff for e in written if e.kind == "staff.changed"] == ["S1", "S3"]  # type: ignore[attr-defined]
    said = "".join(hall.session.warnings)
    assert "S5 は誓約書がないため在席にしていません" in said
    assert "S2 は勤務の時間ではないため予定のままです" in said
    here = presence(hall.floor, hall.session.register(), hall.clock())
    assert (here.unseen, here.later) == (["S5"], ("S2",))
    hall.at("12:45")
    assert [e.fact.staff for e in hall.runs(roll_call)] == ["S2"]  # type: ignore[attr-defined]


def test_who_was_on_an_early_shift_is_not_called_up_after_it(desk: Desk) -> None:
    desk.does("staff.registered", staff="S1", **ABLE, shift_from="08:15", shift_to="12:00")
    desk.opens().at("13:00")
    assert desk.runs(roll_call) == []
