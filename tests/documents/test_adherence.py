"""The plan of each person beside what was recorded, in the day's documents."""

from __future__ import annotations

from floorctl.documents.day.people import adherence
from tests.documents.test_day_documents import SITE, Facts


def test_the_plan_stands_beside_what_was_recorded() -> None:
    day = Facts()
    day.add("08:30", "day.opened", officials=2, allocation={})
    early = {"shift_from": "08:15", "shift_to": "12:00", "skills": ["guidance", "issuance"], "newcomer": True}
    day.add("2026-07-01T09:00:00+09:00", "staff.registered", staff="S1", **early)
    day.add("2026-07-01T09:00:00+09:00", "staff.registered", staff="S2", shift_from="08:15", shift_to="17:15")
    day.add("2026-07-01T09:00:00+09:00", "staff.registered", staff="S3")
    planned = [{"staff": "S2", "code": "遅", "starts": "10:00", "ends": "16:00"}]
    day.add("2026-07-01T09:00:00+09:00", "shifts.planned", date="2026-09-14", shifts=planned)
    for staff, at in (("S1", "08:10:30"), ("S2", "10:12:20"), ("S3", "08:30")):
        day.add(at, "staff.changed", staff=staff, status="present")
    day.add("12:31", "staff.changed", staff="S1", status="gone")
    rows = {r["staff"]: r for r in adherence(day.record(), SITE)}
    assert set(rows) == {"S1", "S2"}, "of S3 nothing was planned"
    assert (rows["S1"]["skills"], rows["S1"]["hours"]) == ("交付・案内・新人", "8:15〜12:00")
    assert (rows["S1"]["came_late"], rows["S1"]["gone_late"]) == ("-4", "+31")
    assert (rows["S2"]["hours"], rows["S2"]["came_late"], rows["S2"]["gone_late"]) == ("10:00〜16:00", "+12", "")
