"""Writers killed with -9, in short: the same harness as the long form, in a process of its own (it forks)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from floorctl.database.store import Store
from floorctl.models.facts.entry import Head
from floorctl.models.site.site import Site
from tests.reliability import acks, audit
from tests.reliability.acks import Told
from tests.reliability.cuts import memory
from tests.story import Desk

if os.name != "posix":
    pytest.skip("forks, and the signals of POSIX", allow_module_level=True)

ROOT = Path(__file__).parents[2]


def test_kills_lose_nothing_and_leave_nothing_half_done() -> None:
    command = [sys.executable, "-m", "tests.reliability", "kills", "--kills", "30", "--facts", "1500", "--json"]
    folder = memory()
    done = subprocess.run(
        [*command, *(["--folder", folder] if folder else [])],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=300,
    )  # fmt: skip
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)["kills"]
    assert found["says"] == []
    assert (found["wrong"], done.returncode) == (0, 0)
    rows = {row["writer"]: row for row in found["rows"]}
    assert {"ingest", "acts", "close", "export", "migration", "console", "backup", "restore"} <= set(rows)
    assert sum(row["kills"] for row in rows.values()) >= 30
    assert all(row["kills"] for row in rows.values())
    assert sum(row["acknowledged"] for row in rows.values()) >= 1500


# ---- the auditor itself


@pytest.fixture
def file(tmp_path: Path, site: Site) -> Path:
    desk = Desk(tmp_path / "floor.db", site)
    desk.opens()
    for n in range(4):
        desk.does("memo.written", text=f"その{n}")
    desk.close()
    return desk.path


def heads(file: Path) -> list[Head]:
    with closing(Store(file)) as store:
        return [Head(seq, store.hash_at(seq) or "") for seq in range(1, 6)]


def test_the_auditor_is_content_with_a_file_as_it_was_told(file: Path, site: Site) -> None:
    told = Told([Head(0, ""), *heads(file)])
    assert audit.look(file, site, told).clean
    told = Told([Head(0, ""), *heads(file)][:4], heads(file)[4])
    assert audit.look(file, site, told, then=False).half == 1, "the memo of the look before is no transaction's end"


def test_the_auditor_sees_a_fact_that_is_lost_or_another(file: Path, site: Site) -> None:
    there = heads(file)
    assert audit.look(file, site, Told([Head(0, ""), *there, Head(6, "f" * 64)])).lost == 1
    assert audit.look(file, site, Told([Head(0, ""), *there[:4], Head(5, "f" * 64)])).lost == 1
    assert audit.look(file.with_name("gone.db"), site, Told([Head(0, ""), *there])).lost == 5


def test_the_auditor_sees_half_a_transaction(file: Path, site: Site) -> None:
    there = heads(file)
    assert audit.look(file, site, Told([Head(0, ""), *there[:3]], Head(7, "f" * 64))).half == 1
    assert audit.look(file, site, Told([Head(0, ""), *there[:3]], Head(6, "f" * 64)), then=False).half == 0


def test_the_auditor_sees_damage_and_a_start_that_does_not_work(file: Path, site: Site) -> None:
    data = bytearray(file.read_bytes())
    at = data.index("その2".encode())
    data[at] ^= 1
    file.write_bytes(data)
    assert audit.look(file, site, Told()).damaged == 1
    file.write_bytes(b"x" * 5000)
    assert audit.look(file, site, Told()).stuck == 1


def test_the_auditor_sees_half_a_document(tmp_path: Path) -> None:
    day = tmp_path / "2026-09-14"
    (day / "csv").mkdir(parents=True)
    (day / "records.json").write_text('{"day": "2026-')
    (day / "report.xlsx").write_bytes(b"PK\x03\x04")
    (day / "csv" / "tickets.csv").write_bytes("﻿ticket\r\nB0".encode())
    (day / "csv" / ".0123.floorctl-tmp").write_bytes(b"half, but under no document's name")
    assert audit.look_at_documents(tmp_path).documents == 3
    (tmp_path / "strange").write_bytes(b"")
    assert audit.leftovers(tmp_path) == ["strange"]


def test_a_word_that_was_cut_short_is_no_word() -> None:
    lines = [b"want 3 aa floor.db\n", b"have 3 aa floor.db\n", b"want 5 bb floor.db\n", b"have 5 b"]
    told = acks.read(lines, "floor.db")
    assert (told.have[-1], told.want, told.ends) == (Head(3, "aa"), Head(5, "bb"), {3, 5})
    assert acks.read(lines, "other.db").ends == {0}
