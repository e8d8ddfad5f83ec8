"""F4, as the site manager with a full hall uses it: roll call, late and absent, the charge, places, breaks, vacancies."""

from __future__ import annotations

from pathlib import Path

from tests.screens.harness import Console, console
from tests.screens.team import CODES, NAMES, at_work, write_team


async def take_charge(c: Console, code: str = "S00") -> None:
    """Somebody has the charge of 現場責任者, recorded beside."""
    session = c.beside("console")
    session.act("charge.taken", {"staff": code})
    session.close()
    await c.until(lambda: c.floor.holder() == code, "the charge")
    await c.settle()


# ---- names


async def test_names_are_shown_where_kept_and_gone_when_erased_beside(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="10:00") as c:
        await take_charge(c)
        await c.press("f4")
        c.sees(*(f"{code} {name}" for code, name in NAMES.items()), "現場責任者 田島")
        session = c.beside()
        assert session.store.erase_surnames() == 13
        session.close()
        await c.until(lambda: not c.state.day.names, "the erasure")
        await c.settle()
        c.sees(*CODES, "現場責任者 S00")
        for view in ("f4", "f2", ";", "f3"):
            await c.press(view)
            assert not [name for name in NAMES.values() if name in c.text()], view
        # No name is in any fact.
        assert not [n for n in NAMES.values() if any(n in e.fact.payload() for e in c.facts())]


# ---- the screen itself
