"""F5: the form of ten seconds, its completion by one key a field, filters, history; equipment; 200 incidents at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from floorctl.common.words import INCIDENT_CATEGORIES
from floorctl.screens.drawing.canvas import Canvas
from floorctl.screens.incidents.view import IncidentDetailView, IncidentView
from tests import work
from tests.screens.harness import Console, console, open_day
from tests.story import MONDAY, Desk, instant, kumagaya

DAY = open_day()


async def opened(c: Console, digit: str, text: str) -> None:
    await c.press("i", digit)
    await c.enters(text)


async def test_200_incidents_over_two_years_open_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "floor.db", kumagaya(), at="08:00")
    names = list(INCIDENT_CATEGORIES)

    def many(_: object) -> list[tuple[str, dict[str, Any]]]:
        wishes: list[tuple[str, dict[str, Any]]] = []
        for n in range(200):
            code, at = f"I-{n + 1}", instant("09:00", MONDAY.replace(year=2026, month=7, day=1))
            at = at.fromordinal(at.toordinal() + n // 3).replace(hour=9, minute=n % 60, tzinfo=at.tzinfo)
            fields = {
                "incident": code,
                "category": names[n % 9],
                "summary": f"事案 {n}",
                "occurred_at": at,
                "found_at": at,
            }
            wishes.append(("incident.opened", fields))
            for k in range(3):
                wishes.append(("incident.noted", {"incident": code, "text": f"追記 {n}-{k}"}))
            if n % 4 == 0:
                wishes.append(("incident.reported", {"incident": code, "reported_at": at}))
        return wishes

    desk.runs(many)
    desk.close()
    async with console(tmp_path, DAY, at="10:00") as c:
        await c.press("f5")
        c.sees("200件")
        canvas = Canvas(120, 36)
        c.state.changed()  # nothing is remembered
        view = IncidentView(c.app)
        assert work.lines(lambda: view.draw_body(canvas, c.state)) < 80_000
        await c.press("end", "enter")
        view_of = c.frame.view
        assert isinstance(view_of, IncidentDetailView)
        code = int(view_of.code[2:]) - 1
        said = view_of.said(c.state)
        notes = sorted(s.text for s in said if s.kind == "incident.noted")
        assert notes == [f"事案の追記 追記 {code}-{k}" for k in range(3)]
        assert len(said) == 4 + (code % 4 == 0)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)], ids=str)
async def test_before_any_incident_the_categories_say_what_report_they_ask_for(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with console(tmp_path, open_day(), at="10:00", size=size) as c:
        await c.press("f5")
        c.sees(*(f"{rule.word}" for rule in c.site.incident_reports.values()), *INCIDENT_CATEGORIES.values())


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_what_has_stood_still_today_stands_under_the_list_and_grows(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    desk = Desk(tmp_path / "floor.db", kumagaya(), at="09:00").opens()
    outage = {"category": "system_outage", "summary": "応答なし", "services": ("cert_issue", "cert_renewal")}
    desk.at("10:38:30").does("terminal.failed", terminal="T6", fault="印字しない")
    desk.at("10:40").does("incident.opened", occurred_at=instant("10:30"), **outage)
    desk.close()
    async with console(tmp_path, at="10:50", size=size) as c:
        await c.press("f5")
        c.sees("今日 止まった受付時間", "証明書発行・証明書更新 20分", "10:30〜  20分", "続いています", "T6 11分")
        await c.at("11:35")
        c.sees("証明書発行・証明書更新 1時間05分", "T6 56分")
