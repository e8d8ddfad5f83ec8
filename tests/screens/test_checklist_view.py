"""c and Enter: what is seen to before the doors open, how the day is opened, and what still waits at its end."""

from __future__ import annotations

from pathlib import Path

from floorctl.models.site.site import Site
from floorctl.screens.cases.view import CityView
from floorctl.screens.closing.checklist import CheckView
from floorctl.screens.tickets.view import QueueView
from tests.screens.harness import Console, console, joined, open_day
from tests.screens.team import write_team
from tests.story import Story, instant


def digit(site: Site, code: str) -> str:
    """The key of an item, as it stands in its list."""
    which = site.checklist_by_code[code].list
    return str([i.code for i in site.checklist if i.list == which].index(code) + 1)


def state_of(c: Console, code: str) -> str:
    """済 or 未 of an item, with what is said beside."""
    view = c.frame.view
    assert isinstance(view, CheckView)
    cells = next(r.cells for r in view.rows(c.state) if r.key == code)
    return f"{cells[2][0]} {cells[3][0]}".strip()


# ---- before the doors open


async def test_enter_opens_the_day_with_the_number_of_officials_that_is_known(tmp_path: Path, site: Site) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at="08:25") as c:
        await c.press("o", "3", "enter", "enter")
        c.sees("開場します。会場にいる市職員は何名ですか", "3名", "点検 未")
        assert c.state.pending.choice.options[c.state.pending.choice.at][0] == "3"
        await c.press("escape")
        assert not c.told()[0].opened_by_fact
        await c.at("08:29")
        await c.press("enter", "enter")
        floor = c.told()[0]
        assert floor.opened_by_fact and floor.officials == 3
        assert floor.opened_at is not None and floor.opened_at.replace(microsecond=0) == instant("08:29")
        c.sees("開場 8:29")
        await c.press("enter")
        assert c.state.pending.choice is None or "開場します" not in c.state.pending.choice.title  # it is open already


async def test_another_number_of_officials_by_its_digit_and_dated_back(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:34") as c:
        await c.press("o", "2", "enter", "-", "4", "enter", "enter", "1")
        floor = c.told()[0]
        assert floor.officials == 2  # two were counted after the opening
        assert floor.opened_at is not None and floor.opened_at.replace(microsecond=0) == instant("08:30")
        assert [n for _, n in floor.officials_history] == [1, 2]


async def test_when_everything_is_seen_to_the_opening_says_so(tmp_path: Path, site: Site) -> None:
    async with console(tmp_path, at="08:15") as c:
        await c.press("o", "2", "enter", "c")
        for item in (i for i in site.checklist if i.list == "opening" and i.code != "officials"):
            await c.press(digit(site, item.code))
        left = [i.name for i in site.checklist if i.list == "opening" and state_of(c, i.code).startswith("未")]
        await c.press("f2", "enter")
        assert (left[0] if left else "点検はすべて済み") in c.state.pending.choice.prompt


# ---- the end of the day


def evening() -> list[dict[str, object]]:
    """B041 waits, a case is open."""
    story = Story(prefix="t").issues("B041", at="16:58")
    return joined(
        open_day(), story, Story(prefix="e").tells("escalation.raised", "16:50", escalation="E-1", matter="fee")
    )


async def test_at_the_end_the_other_list_says_what_still_waits(tmp_path: Path, site: Site) -> None:
    async with console(tmp_path, evening(), at="17:05") as c:
        await c.press("c")
        c.sees("閉場前の点検", *(i.name for i in site.checklist if i.list == "closing"))
        assert (state_of(c, "queue_empty"), state_of(c, "cases_settled")) == ("未 待ち 1人", "未 1件 F3")
        await c.press(digit(site, "queue_empty"))
        assert isinstance(c.frame.view, QueueView)
        await c.press("c", digit(site, "cases_settled"))
        assert isinstance(c.frame.view, CityView)
        await c.press("enter", "5", "c")
        assert state_of(c, "cases_settled").startswith("済")
