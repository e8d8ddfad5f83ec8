"""docs/architecture.md explains the house that stands: each file that it names is there, each room and each own file is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "floorctl"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PAGES = ("architecture", "decisions", "engineers")


def section(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its first two lines."""
    text = PAGE.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def place(name: str) -> Path:
    """A file of the page: below the project, or below the package."""
    return next((p for p in (ROOT / name, PACKAGE / name) if p.exists()), PACKAGE / name)


def test_it_stays_one_page() -> None:
    assert PAGE.count("\n") <= 120
    assert 15 <= len(section("CONCEPTS")) <= 20
    assert len(section("Where do I change")) == 12


def test_every_room_has_its_sentence() -> None:
    rooms = {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").is_file()}
    assert {quoted(row[0])[0].rstrip("/") for row in section("Rooms")} == rooms
    assert len(rooms) <= 15
    loose = {p.name for p in PACKAGE.iterdir() if p.is_file()}
    assert loose == {"__init__.py", "__main__.py", "floorctl.tcss", "py.typed"}


@pytest.mark.parametrize("heading", ["CONCEPTS", "Where do I change"])
def test_every_answer_is_a_file_that_opens(heading: str) -> None:
    for row in section(heading):
        files = quoted(row[-1])
        assert files, row
        for name in files:
            assert place(name).is_file(), name
            assert place(name).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_is_there(page: str) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./*]+\.(?:py|toml|md))`", text)) - {"screens/records/lost.py", "my.toml"}
    assert len(named) > 10
    gone = [
        n for n in named if not (list(PACKAGE.glob(n)) or list(ROOT.glob(n)) or ("/" not in n and list(ROOT.rglob(n))))
    ]
    assert gone == []


def test_what_is_our_own_is_all_that_stands_in_these_rooms() -> None:
    listed: dict[Path, None] = {}
    for row in section("What is our own"):
        names = quoted(row[0])
        room = names[0].rpartition("/")[0]
        files = [
            p for n in names for p in PACKAGE.glob(f"{n if '/' in n else f'{room}/{n}'}.py") if p.name != "__init__.py"
        ]
        lines = sum(p.read_text(encoding="utf-8").count("\n") for p in files)
        assert 0.85 * lines <= int(row[1].replace(",", "")) <= 1.15 * lines, (row[0], lines)
        listed |= dict.fromkeys(files)
    rooms = ("common", "database", "intake", "intake/sources", "intake/sources/proposal", "screens/drawing")
    there = {p for room in rooms for p in (PACKAGE / room).glob("*.py") if p.name != "__init__.py"}
    assert set(listed) == there
