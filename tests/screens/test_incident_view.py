"""F5: the form of ten seconds, its completion by one key a field, filters, history; equipment; 200 incidents at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


async def fill(c: Console, key: str, text: str) -> tuple[str, dict[str, Any]]:
    """A field of the incident on the screen, filled anew."""
    await c.press(key, "ctrl+u" if key in "45x" else "home")
    await c.enters(text)
    [(kind, fields)] = c.wrote()
    return kind, {k: v for k, v in fields.items() if v is not None and k != "incident"}


async def test_an_incident_is_done_in_three_keys_and_completed_later(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="10:00") as c:
        await opened(c, "3", "国のシステムが応答しない")
        assert c.pressed == 3
        await c.press("f5", "enter")
        c.sees("システム障害", "市へ速やかに", "9/15 17:15まで", "経過", "1件")
        assert await fill(c, "2", "9:12") == ("incident.amended", {"occurred_at": instant("9:12")})
        assert set((await fill(c, "3", "-5"))[1]) == {"found_at"}
        assert f"{c.told()[1].incidents['I-1'].found_at:%H:%M}" == "09:55"
        assert await fill(c, "4", "別の端末で確かめた") == ("incident.amended", {"measures": "別の端末で確かめた"})
        assert await fill(c, "5", "手順を掲示する") == ("incident.amended", {"prevention": "手順を掲示する"})
        await c.press("6", "2", "3", "0")
        assert c.wrote()[0][1]["services"] == ("cert_issue", "cert_renewal")
        await c.press("7", "3", "4", "enter")
        assert c.wrote()[0][1]["terminals"] == ("T3", "T4")
        await c.press("f", "1")
        assert c.wrote()[0][1]["cause"] == "national"
        await c.press("d", "a", "5", "x")
        await c.enters("落雷で停電")
        assert (await fill(c, "9", "今"))[0] == "incident.restored"
        kind, fields = await fill(c, "1", "監督員 -2")
        assert (kind, fields["to"], f"{fields['reported_at']:%H:%M}") == ("incident.reported", "監督員", "09:58")
        i = c.told()[1].incidents["I-1"]
        assert (i.category, i.damage, i.state) == ("disaster", True, "reported")
        c.sees("報告済", "国のシステム", "T3 T4", "別の端末で確かめた")
        await c.press("end")
        c.sees("市へ報告 監督員")
        c.clean()
        await c.press("z", "escape")
        assert isinstance(c.frame.view, IncidentView)
        c.sees("終結")


async def test_filters_by_state_category_and_words(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="10:00") as c:
        for digit, text in (("2", "順番の苦情"), ("2", "騒音"), ("6", "転倒")):
            await opened(c, digit, text)
        other = c.beside()
        other.act("incident.reported", {"incident": "I-2"})
        other.act("incident.closed", {"incident": "I-3"})
        other.close()
        await c.until(lambda: c.state.day.register.incidents["I-3"].closed_at, "the close")
        await c.press("f5")

        def shown() -> list[str]:
            view = c.frame.view
            assert isinstance(view, IncidentView)
            return sorted(r.key for r in view.rows(c.state))

        found = []
        for _ in range(4):
            found.append(shown())
            await c.press("tab")
        assert found == [["I-1", "I-2", "I-3"], ["I-1"], ["I-2"], ["I-3"]]
        await c.press("right", "right")
        assert shown() == ["I-1", "I-2"]
        c.sees("苦情だけ")
        await c.press("escape", "/")
        await c.enters("転倒")
        assert shown() == ["I-3"]
        await c.press("escape")
        assert len(shown()) == 3


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
