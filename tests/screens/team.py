"""The contractor's team in a file: thirteen people of a roster, as a counter of this size has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from floorctl.console.keys import ACTIONS, BY_ID
from floorctl.screens.acts import VIEWS
from floorctl.usecases.imports import import_roster
from floorctl.usecases.session import Session
from tests.screens.harness import Console
from tests.story import MONDAY, HandClock, Story, instant, kumagaya

# S00 is 現場責任者; S01 and S05 may stand in; S09 and S10 have neither authority nor vein registration.
NAMES = dict(
    zip(
        [f"S{n:02d}" for n in range(13)],
        ["田島", "佐藤", "鈴木", "高橋", "渡辺", "伊藤", "山本", "中村", "小林", "加藤", "吉田", "斎藤", "松本"],
        strict=True,
    )
)
CODES = list(NAMES)
STANDS_IN = ("S01", "S05")
WITHOUT_AUTHORITY = ("S09", "S10")


def line(code: str, **more: Any) -> dict[str, Any]:
    """One person's line of the roster."""
    able = code not in WITHOUT_AUTHORITY
    return {
        "staff": code,
        "role": "site_manager" if code == "S00" else "worker",
        "deputy": code in STANDS_IN,
        "pledge_on": "2026-06-15",
        "authority_on": "2026-06-22" if able else None,
        "vein_on": "2026-06-24" if able else None,
        "shift_from": "08:15",
        "shift_to": "17:15",
        **more,
    }


def write_team(
    folder: Path, codes: Iterable[str] = CODES, names: Mapping[str, str] = NAMES, day: date = MONDAY, **more: Any
) -> None:
    """The roster, in the file that the console of ``folder`` opens; ``more`` for everybody."""
    session = Session(kumagaya(), folder / "floor.db", clock=HandClock(instant("07:00", day)), actor="cli", create=True)
    import_roster(session, [line(c, **more) for c in codes], {c: names[c] for c in codes if c in names})
    session.close()


def at_work(officials: int = 2, at: str = "08:20", stands: Mapping[str, str] | None = None) -> Story:
    """Everybody is there, the manager has the charge of nothing yet, S01 to S08 stand at T1 to T8, S09 and S10 at A1
    and P1; the day opens at 8:30."""
    story = Story(prefix="w")
    for code in CODES:
        story.tells("staff.changed", at, staff=code, status="present")
    places = stands or {f"T{n}": f"S{n:02d}" for n in range(1, 9)} | {"A1": "S09", "P1": "S10"}
    story.opens("08:30", officials)
    for terminal, staff in places.items():
        story.staffs(terminal, staff, "08:30")
    return story


async def person(c: Console, code: str) -> None:
    """On the screen of people, the cursor on somebody."""
    await c.press("f4", "home", *["down"] * c.state.day.staff_codes().index(code))
    assert c.state.chosen.person == code


async def silent_keys(c: Console, opens: str) -> list[str]:
    """Keys that neither act nor say why on the screen that ``opens`` opens. (Other screens' openers do act.)"""
    elsewhere = {k for x in (*VIEWS, "board", "help", "theme", "quit") for k in BY_ID[x].keys}
    # Where the cursor stands at an end already these do nothing, and need not say so.
    moves = {"up", "down", "home", "end", "pageup", "pagedown"}
    keys = sorted({k for a in ACTIONS for k in a.keys} - elsewhere - moves | {"0", "9", "@"})
    view, silent = type(c.frame.view), []
    for key in keys:
        if type(c.frame.view) is not view:
            await c.press(opens)
        before = (len(c.facts()), c.frame.view, c.frame.view.heading, len(c.app.screen_stack))
        c.state.line.text = ""
        await c.press(key)
        asked = (
            c.state.pending.choice is not None or c.state.pending.typing_backdate is not None or c.state.looking_back
        )
        after = (len(c.facts()), c.frame.view, c.frame.view.heading, len(c.app.screen_stack))
        if not asked and after == before and not c.message:
            silent.append(key)
        while (
            c.state.pending.choice is not None
            or c.state.pending.typing_backdate is not None
            or len(c.app.screen_stack) > 1
        ):
            await c.press("escape")
        if c.state.looking_back:
            await c.press("escape")
    assert len(keys) > 30
    return silent
