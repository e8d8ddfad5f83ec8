"""Every door for free text: what looks like a name is told there, on stderr, without an echo, and kept; a number is refused.

That nothing of a refused text stays anywhere is test_personal_data_leaks.py; what is told in the console's dialogs, screens/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from floorctl.cli.main import cli
from floorctl.commands.fact_checks import doubts, make_fact
from floorctl.common.privacy import PersonalData
from floorctl.database.store import Store
from floorctl.intake.site_file import data_dir
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.fact import free_texts
from floorctl.models.site.site import Site
from floorctl.usecases.imports import import_roster
from tests.contract.contract_cli import run
from tests.house.test_personal_data_leaks import put, strings
from tests.story import Desk, instant

NAMED = "大槻様より苦情"  # looks like a name
TOLD = "氏名らしい語があります"
OPEN = sorted((k, f) for k, m in ev.KINDS.items() for f, form in strings(m) if form is None and f in free_texts(k))


@pytest.mark.parametrize(("kind", "field"), OPEN)
def test_every_field_of_every_kind_is_looked_at_by_both(kind: str, field: str, site: Site) -> None:
    """Also where a list of lines holds the text: it is told by the field's word, and a number is refused."""
    fact = make_fact(kind, put(kind, field, NAMED), "x", instant("10:00"), site)
    assert [said for said in doubts(fact) if said.startswith(f"{free_texts(kind)[field]}に{TOLD}")]
    assert not any("大槻" in said for said in doubts(fact))
    with pytest.raises(PersonalData):
        make_fact(kind, put(kind, field, "連絡先 048-523-7781"), "x", instant("10:00"), site)


# What a command takes as text or as a file. Of the first each is told of a name (the tests below, the console's feeds:
# screens/test_live_file.py; of described files, cli/test_described_ingest.py); the second take a code, a number or a path, or a file that no text is kept of.
DOORS = {
    "assign reason", "roster absence reason", "do fields", "do reason", "incident add summary", "ingest name", "ingest file", "ingest source_file",
    "close answers", "register import file", "rehearse scenario", "console feed", "console source_file",
}  # fmt: skip
NO_TEXT = {
    "assign terminal", "assign lane", "do kind", "incident add category", "incident add terminals", "incident add services",
    "incident show number", "incident amend number", "doctor claimed", "rehearse staff", "register export out", "simulate out", "study feeds", "fit feeds",
    "backtest feeds", "backup file", "restore file", "close out", "export out", "rehearse out", "roster import file", "roster shifts import file",
    "roster shifts export out", "roster absence staff", "roster officials set steps", "roster officials import file",
    "appointments import file", "forecast import file", "site check file", "site check scenarios", "site check source_file",
    "source try file", "source try name", "source try source_file", "source try out", "settings check file", "settings keys html",
    "hall out", "console hall_page", "duties ics", "sbom out", "help words", "db", "site",
}  # fmt: skip


def test_no_door_of_the_command_line_is_unknown() -> None:
    assert set(_doors(cli, ())) == DOORS | NO_TEXT


def _doors(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None
            yield from _doors(found, (*path, name))
    yield from (" ".join((*path, p.name or "")) for p in command.params if p.type.name in ("text", "path", "filename"))


@pytest.fixture
def counter(tmp_path: Path, site: Site) -> Path:
    desk = Desk(tmp_path / "floor.db", site).opens()
    import_roster(desk.session, [{"staff": "S01"}], {})
    desk.close()
    return tmp_path


LINE = {"id": "m-1", "at": "2026-09-14T09:30:00+09:00", "kind": "terminal.failed", "terminal": "T3"}
FILES = {
    ("close", "--answers"): f'remarks = ["{NAMED}"]',
    ("register", "import", "devices"): f"device,purpose,permitted_on\nPC-1,{NAMED},2026-07-01\n",
    ("ingest",): json.dumps(LINE | {"fault": NAMED}, ensure_ascii=False),
}


@pytest.mark.parametrize("args", [
    ("assign", "T4", "certificate", "--reason", NAMED),
    ("do", "memo.written", f"text={NAMED}"),
    ("do", "terminal.paused", "terminal=T3", "--reason", NAMED),
    ("do", "equipment.changed", "equipment=integrated_terminal", "unit=1", "state=failed", f"reason={NAMED}"),
    ("incident", "add", "--category", "complaint", "--summary", NAMED),
    ("roster", "absence", "S01", "2026-09-24", "--reason", NAMED),
    *FILES,
], ids=lambda args: " ".join(args[:2]))  # fmt: skip
def test_every_door_tells_it_on_stderr_and_keeps_the_fact(counter: Path, args: tuple[str, ...]) -> None:
    if args in FILES:
        (counter / "handed").write_text(FILES[args], encoding="utf-8")
        args = (*args, str(counter / "handed"))
    before = _facts(counter)
    done = run(*args, db=counter / "floor.db", now="2026-09-14T10:00")
    assert (done.status, TOLD in done.err) == (0, True), done
    assert "大槻" not in done.err
    assert _facts(counter) > before


def test_a_feed_tells_the_line_and_only_of_what_it_took_in(counter: Path) -> None:
    lines = [LINE, LINE | {"id": "m-2", "fault": NAMED}, LINE | {"id": "m-3", "fault": "紙"}]
    feed = "\n".join(json.dumps(x, ensure_ascii=False) for x in lines).encode()
    first = run("ingest", "-", db=counter / "floor.db", now="2026-09-14T10:00", stdin=feed)
    assert [x for x in first.err.splitlines() if x] == [f"2行目: 故障の内容に{TOLD}。氏名は書かないでください。"]
    again = run("ingest", "-", db=counter / "floor.db", now="2026-09-14T10:00", stdin=feed)
    assert (again.status, again.err) == (0, "")


def test_the_name_of_a_source_is_looked_at_too(counter: Path) -> None:
    line = (json.dumps(LINE) + "\n").encode()
    told = run("ingest", "-", "--source", "Otsuki-san", db=counter / "floor.db", now="2026-09-14T10:00", stdin=line)
    assert (told.status, TOLD in told.err, "Otsuki" in told.err) == (0, True, False)


def test_a_scenario_is_told_by_its_key(counter: Path) -> None:
    own = counter / "own.toml"
    shipped = (data_dir() / "scenarios" / "quiet.toml").read_text(encoding="utf-8")
    own.write_text(shipped.replace('summary = "', f'summary = "{NAMED}。', 1), encoding="utf-8")
    done = run("rehearse", str(own), "--no-console", db=counter / "floor.db", now="2026-09-14T10:00")
    assert f"想定ファイルの summary に{TOLD}" in done.err
    quiet = run("rehearse", "quiet", "--no-console", db=counter / "floor.db", now="2026-09-14T10:00")
    assert TOLD not in quiet.err


def _facts(folder: Path) -> int:
    store = Store(folder / "floor.db")
    try:
        return store.count()
    finally:
        store.close()
