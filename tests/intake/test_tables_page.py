"""The page of the tables: each of its examples is taken in by the command beside it, with the settings of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from floorctl.cli.main import cli

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "manual" / "tables.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"`floorctl ([^`]*) import [^`]*`[^\n]*\n\n```csv\n(.*?)```", PAGE, re.DOTALL)
SETTINGS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A file with the roster of the first day's page, and the shipped site file with the settings of this page."""
    shipped = (DOCS.parent / "data" / "kumagaya.toml").read_text(encoding="utf-8")
    (tmp_path / "site.toml").write_text("\n".join([shipped, *SETTINGS]), encoding="utf-8")
    (found,) = re.findall(
        r"```\n(職員コード.*?)```", (DOCS / "manual" / "first-day.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert runs(tmp_path, "roster import", found).exit_code == 0
    return tmp_path


def runs(folder: Path, command: str, text: str) -> Result:
    path = folder / "in.csv"
    path.write_text(text, encoding="utf-8")
    options = ["--db", str(folder / "f.db"), "--site", str(folder / "site.toml"), "--now", "2026-09-14T08:00"]
    return CliRunner().invoke(cli, [*options, *command.replace(" import", "").split(), "import", str(path)])


def test_every_example_of_the_page_is_taken_in(office: Path) -> None:
    said = {}
    for command, text in EXAMPLES:
        done = runs(office, command, text)
        assert done.exit_code == 0, (command, done.exception)
        said[command, text.splitlines()[0]] = done.stdout.splitlines()[0]
    assert list(said.values()) == [
        "予約 1日 4件（置き換え 1日 変わりなし 0日）",
        "予約 1日 2件（置き換え 1日 変わりなし 0日）",
        "名簿 2名（新規 0 変更 2 変わりなし 0）",
        "勤務予定 2日 2件（うち休み 0件、置き換え 2日 変わりなし 0日）",
        "勤務予定 3日 6件（うち休み 1件、置き換え 3日 変わりなし 0日）",
    ]


def test_every_way_of_writing_that_the_page_names_is_read(office: Path) -> None:
    (dates,) = re.findall(r"\*\*日付\*\*: (.*?)。年のない", PAGE)
    (times,) = re.findall(r"\*\*時刻\*\*: (.*?)。秒は", PAGE)
    for day in re.findall("`([^`]*)`", dates):
        assert runs(office, "roster", f"code,誓約書\nS03,{day}\n").exit_code == 0, day
    for at in re.findall("`([^`]*)`", times):
        assert runs(office, "appointments", f"日付,時刻,件数\n2026-09-14,{at},1\n").exit_code == 0, at
