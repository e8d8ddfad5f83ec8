"""The lesson of ten minutes and the first day play as their pages say: fast or slowly, with the demo's hall going on meanwhile."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from floorctl.database.store import Store
from floorctl.intake.csv_registers import read_roster
from floorctl.intake.site_file import load_site
from floorctl.rehearsal.demo import SOURCE
from floorctl.usecases.imports import import_roster
from floorctl.usecases.session import Session
from tests.rehearsal.test_demo_day import DAY, DemoDay
from tests.screens.harness import Console, console
from tests.screens.page_steps import MANUAL, steps_of
from tests.screens.steps import advised
from tests.story import instant, kumagaya

LESSON = [(heading, list(steps)) for heading, steps in groupby(steps_of("lesson.md"), lambda step: step.heading)]
ANSWERED = ("3分目", "5分目")  # minutes in which the hall answers what is done
OF_A_STEP = timedelta(minutes=2)  # of the demo's day: two seconds of the reader's


class PlayedDemo(DemoDay):
    """A demo whose hall goes on while a console stands over its file."""

    async def goes_on(self, c: Console, until: datetime) -> None:
        """Let the hall follow what the console has recorded, up to this time, and the console see it."""
        seen, entries = getattr(self, "seen", 0), c.facts()
        self.demo.react([e for e in entries[seen:] if e.actor == "console"])
        self.demo._apply_acts(self.hall)
        self.seen = len(entries)
        self.clock.at = c.clock.at = until
        lines = [] if c.state.looking_back else self.hall.advance(until)
        with closing(Store(self.demo.path)) as store:
            self.demo._ingester(store, load_site())(lines)
        c.app.call_later(c.app.tick)
        keys = {(SOURCE, line["id"]) for line in lines}
        await c.until(lambda: keys <= {e.key for e in c.floor.entries}, "the hall's facts")
        await c.settle()


def test_the_page_has_its_steps() -> None:
    assert [heading.partition("分目")[0] for heading, _ in LESSON] == ["3", "5", "7", "8", "9", "10"]
    assert sum(len(steps) for _, steps in LESSON) == 32
    assert all(step.keys and step.words for _, steps in LESSON for step in steps)


@pytest.mark.parametrize("slower", [-2, 2])
async def test_each_minute_of_the_lesson_shows_what_its_page_says(tmp_path: Path, slower: int) -> None:
    """``slower``: minutes of the reader's, each an hour of the demo's day; who is fast plays what the hall answers alone."""
    day, begin = PlayedDemo(tmp_path), instant("08:20", DAY)
    async with console(tmp_path, at="08:20", day=DAY, name="demo.db") as c:
        for heading, steps in LESSON:
            if slower < 0 and not heading.startswith(ANSWERED):
                continue
            minute = int(heading.partition("分目")[0]) + slower
            await day.goes_on(c, max(c.clock.at, begin + timedelta(minutes=60 * minute - 30)))
            for step in steps:
                await step.play(c)
                if heading.startswith(ANSWERED):
                    await day.goes_on(c, c.clock.at + OF_A_STEP)


async def test_the_first_day_goes_as_its_page_says(tmp_path: Path) -> None:
    page = (MANUAL / "first-day.md").read_text(encoding="utf-8")
    table = re.search(r"```\n(職員コード.*?)```", page, re.DOTALL)
    assert table is not None
    with closing(Session(kumagaya(), tmp_path / "floor.db", clock=lambda: instant("08:20"), create=True)) as session:
        people = read_roster(table[1].encode())
        import_roster(session, [p.fields for p in people], {p.fields["staff"]: p.surname or "" for p in people})
    async with console(tmp_path, at="08:25") as c:
        steps = list(steps_of("first-day.md"))
        assert len(steps) == 14
        for n, step in enumerate(steps, 1):
            if n == 11:
                await c.at("08:31")  # the reception has begun
            await step.play(c)
            if c.floor.opened_by_fact:
                await advised(c)
    assert [kind for kind, _ in c.wrote(5)] == ["terminal.staffed"] * 2 + [
        "ticket.issued",
        "ticket.called",
        "ticket.finished",
    ]
