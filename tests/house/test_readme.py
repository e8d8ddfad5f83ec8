"""The README and the manual say what the code does, and show what the console shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from floorctl.console import key_card
from tests import keycard
from tests.captures import CAPTURES, FOLDER, OF_A_BROWSER, Capture, seal, sealed, shown
from tests.story import kumagaya

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
# What a stranger sees first; the others are compared by ``python -m tests.captures --check``.
FRONT = [x for x in CAPTURES if f"pictures/{x.name}.png" in README]


@pytest.mark.parametrize("name", keycard.FILES)
def test_the_pages_of_keys_are_the_registry(name: str) -> None:
    assert (keycard.MANUAL / name).read_text(encoding="utf-8") == keycard.FILES[name](), "run: python -m tests.keycard"


def test_every_action_stands_on_the_card_but_for_the_cursor() -> None:
    on_card = [key for _, keys in keycard.parts() for key, _ in keys]
    named = {(a.cap, a.at(kumagaya()).label) for a in keycard.ACTIONS if a.id not in key_card.CURSOR}
    assert named <= {pair for _, keys in keycard.parts() for pair in keys}
    assert len(on_card) < 165, "one A4 page holds no more: 4 columns of 55 lines, and 20 titles"


def test_ci_runs_the_second_command_as_written() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, flags=re.M)
    assert len(commands) == 2
    assert commands[0].endswith("floorctl demo")
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_and_picture_is_there(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), (page.name, target)


def test_every_page_of_the_manual_is_reached_from_its_index() -> None:
    index = (keycard.MANUAL / "README.md").read_text(encoding="utf-8")
    assert {p.name for p in keycard.MANUAL.glob("*.md")} - {"README.md"} <= set(LINK.findall(index))


def test_every_picture_is_used_and_they_are_small() -> None:
    used = {name for page in PAGES for name in re.findall(r"pictures/([\w-]+)\.png", page.read_text(encoding="utf-8"))}
    there = {p.stem for p in FOLDER.glob("*.png")}
    assert used == there == {x.name for x in CAPTURES} | OF_A_BROWSER
    assert sum(p.stat().st_size for p in FOLDER.glob("*.png")) < 2_000_000


@pytest.mark.parametrize("capture", FRONT, ids=lambda x: x.name)
def test_the_front_page_shows_the_console_of_today(capture: Capture) -> None:
    """Each picture carries the seal of the cells that it was drawn from."""
    assert sealed(FOLDER / f"{capture.name}.png") == seal(shown(capture)), "run: python -m tests.captures"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_row_stands_in_its_table(page: Path) -> None:
    """A blank line ends a table: what follows would be shown as text with bars."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    tables = [block.splitlines() for block in re.findall(r"(?:^\|.*\n)+", prose, flags=re.M)]
    assert [t[0] for t in tables if len(t) < 2 or not re.fullmatch(r"[|\-: ]+", t[1])] == []
