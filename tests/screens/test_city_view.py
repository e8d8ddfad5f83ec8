"""F3: cases handed to the resident officials, from the first second to the city's answer; and who of the city is there."""

from __future__ import annotations

from pathlib import Path

from floorctl.models.site.site import Site
from floorctl.screens.cases.view import CityView
from tests.screens.harness import Console, console, joined, open_day
from tests.story import Story


def customers() -> Story:
    """B041 is served at T6, A001 at T1."""
    story = Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01")
    return story.issues("A001", "card_issuance", at="09:02").calls("A001", "T1", "09:03")


def shown(c: Console, code: str) -> dict[str, tuple[str, str]]:
    """A row of the table by the titles of its columns: (words, role)."""
    view = c.frame.view
    assert isinstance(view, CityView)
    cells = next(r.cells for r in view.rows(c.state) if r.key == code)
    return {col.title: cell for col, cell in zip(view.columns, cells, strict=True)}


# ---- three instants, two intervals, an age from the first second


async def test_the_age_runs_from_the_first_second_with_amber_and_red_of_the_site(tmp_path: Path, site: Site) -> None:
    async with console(tmp_path, joined(open_day(), customers()), at="09:04") as c:
        await c.press("6", "e", "3", "f3")
        assert shown(c, "E-1")["待ち"] == ("0:00", "strong")
        th = site.thresholds
        assert (th.escalation_amber_s, th.escalation_red_s) == (180, 300)
        for at, words, role in (
            ("09:04:01", "0:00", "strong"),  # the hand took a few milliseconds
            ("09:04:08", "0:07", "strong"),
            ("09:07:00", "2:59", "strong"),
            ("09:07:01", "3:00", "warn"),
            ("09:09:00", "4:59", "warn"),
            ("09:09:01", "5:00", "bad"),
            ("10:09:01", "1:05:00", "bad"),
        ):
            await c.at(at)
            assert shown(c, "E-1")["待ち"] == (words, role), at
            c.sees(words)
        c.sees("3分で注意 5分で超過")
