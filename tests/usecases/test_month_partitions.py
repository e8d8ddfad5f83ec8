"""Months in a head office's lake: whole or not there whatever happens, byte-equal, and no day counted twice."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from floorctl.common.clock import JST
from floorctl.common.derived_tables import DERIVED
from floorctl.common.errors import FloorctlError, Refused
from floorctl.common.output_kinds import sealed_schema
from floorctl.intake.site_file import data_dir
from floorctl.usecases import parquet_export, parquet_months, parquet_rows, parquet_schema
from floorctl.usecases.parquet_export import export_partitions
from floorctl.usecases.parquet_files import table_bytes
from floorctl.usecases.parquet_manifest import FILE, Manifest
from floorctl.usecases.parquet_months import days_with_records
from floorctl.usecases.parquet_schema import write_schema
from floorctl.usecases.parquet_tables import EVERY, TABLES, element_id, field_id, file_columns
from floorctl.usecases.retraction import retract
from floorctl.usecases.session import Session
from tests.other_sites import site_of
from tests.story import HandClock

SEPTEMBER, OCTOBER = [date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30)], [date(2026, 10, 1)]
EVER = (date(2026, 1, 1), date(2027, 12, 31))


class Site:
    """A site with a file, a clock and a lake. Each day has a ticket, a case and an inquiry."""

    def __init__(self, folder: Path, code: str = "a") -> None:
        self.out, self.clock = folder / "lake", HandClock(evening(SEPTEMBER[0]))
        site = replace(site_of("minami"), code=code)
        self.session = Session(site, folder / f"{code}.db", clock=self.clock, create=True)

    def works(self, *days: date) -> None:
        for day in days:
            self.clock.at = evening(day, 11)
            self.session.act("day.opened", {"officials": 1})
            self.session.act("ticket.issued", {"service": "pickup"})
            self.session.act("inquiry.counted", {"topic": "必要書類", "count": 7})
        self.clock.at = evening(days[-1])

    def exports(self, *, by_month: bool = True, first: date = EVER[0], last: date = EVER[1]) -> list[str]:
        """Export the days with records; return the notes."""
        days = days_with_records(self.session, first, last)
        return export_partitions(self.session, days, self.out, by_month=by_month).notes

    def counted(self) -> dict[date, int]:
        """The inquiries of each day as a reader sees them, which checks that whatever is seen is whole."""
        return {
            day: sum(n for _, n in rows["inquiries"]) for day, rows in seen(self.out, self.session.site.code).items()
        }


def evening(day: date, hour: int = 20) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=JST)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    found = Site(tmp_path)
    yield found
    found.session.close()


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in pq.ParquetFile(path).read().to_pylist()]


def seen(out: Path, code: str = "a") -> dict[date, dict[str, list[tuple[Any, ...]]]]:
    """What a reader may count (docs/head_office.md): of each day the rows of every table."""
    place = f"site={code}"
    found: dict[date, dict[str, list[tuple[Any, ...]]]] = {}
    whole: dict[str, dict[str, tuple[Any, ...]]] = {}
    if (out / "manifest" / place / FILE).exists():
        for month, name, *told in rows_of(out / "manifest" / place / FILE):
            whole.setdefault(month, {})[name] = tuple(told)
    for month, told in whole.items():
        assert set(told) == set(TABLES)
        for name, (_, _, _, _, n, size, digest) in told.items():
            path = out / name / place / f"month={month}" / FILE
            data, rows = path.read_bytes(), rows_of(path)
            assert (len(rows), len(data), sha256(data).hexdigest()) == (n, size, digest)
            for day, *row in rows:
                found.setdefault(day, {t: [] for t in TABLES})[name].append(tuple(row))
        own = sorted(d for d in found if f"{d:%Y-%m}" == month)
        assert {t[:3] for t in told.values()} == {(len(own), own[0], own[-1])}
    for path in (out / "days" / place).glob(f"day=*/{FILE}"):
        day = date.fromisoformat(path.parent.name.removeprefix("day="))
        if f"{day:%Y-%m}" not in whole:
            found[day] = {t: rows_of(out / t / place / path.parent.name / FILE) for t in TABLES}
    return dict(sorted(found.items()))


def files(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name[0] != "."}


# ---- what is written


def test_a_month_that_has_ended_is_one_file_a_table_and_the_running_one_stays_days(site: Site) -> None:
    site.works(*SEPTEMBER, *OCTOBER)
    (note,) = site.exports()
    assert "2026-10 はまだ終わっていない" in note
    assert set(files(site.out)) == {
        *(f"{t}/site=a/month=2026-09/{FILE}" for t in TABLES),
        *(f"{t}/site=a/day=2026-10-01/{FILE}" for t in TABLES),
        f"manifest/site=a/{FILE}",
        "schema.json",
    }
    assert site.counted() == dict.fromkeys([*SEPTEMBER, *OCTOBER], 7)
    month, day = (
        [f.name for f in pq.read_schema(site.out / "hours" / "site=a" / p / FILE)]
        for p in ("month=2026-09", "day=2026-10-01")
    )
    assert month == ["day", *day]
    told = rows_of(site.out / "manifest" / "site=a" / FILE)
    assert [(m, name, n, opened) for m, name, n, _, _, opened, *_ in told] == [("2026-09", t, 3, 3) for t in TABLES]


def test_a_month_gives_the_same_rows_as_its_days(site: Site, tmp_path: Path) -> None:
    site.works(*SEPTEMBER)
    site.exports()
    by_day = seen(site.out)
    assert not list(site.out.rglob("month=*")), "on its last day a month goes on"
    site.clock.at = evening(OCTOBER[0])
    assert site.exports() == []
    assert seen(site.out) == by_day
    assert not list(site.out.rglob("day=*")), "its days went"


def test_a_repeated_export_changes_no_byte_and_a_new_fact_replaces_the_month(site: Site) -> None:
    site.works(*SEPTEMBER, *OCTOBER)
    site.exports()
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in site.out.rglob("*") if p.is_file()}
    held = files(site.out)
    site.exports()
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in site.out.rglob("*") if p.is_file()} == before
    take_back(site, SEPTEMBER[1])
    site.exports()
    assert site.counted() == {**dict.fromkeys([*SEPTEMBER, *OCTOBER], 7), SEPTEMBER[1]: 0}
    changed = {name for name, data in files(site.out).items() if data != held[name]}
    tables = {name.split("/")[0] for name in changed}
    assert tables >= {"days", "inquiries", "manifest"} and not tables & {"tickets", "lanes", "services", "schema.json"}


def take_back(site: Site, day: date) -> None:
    """The inquiries of a day, as of its evening; the file learns it later than the days after."""
    now, site.clock.at = site.clock.at, evening(day, 21)
    entry = [e for e in site.session.floor(day).entries if e.kind == "inquiry.counted"][-1]
    retract(site.session, {"seq": entry.seq, "reason": "数え間違い"})
    site.session.forget(day)
    site.clock.at = now


def test_a_day_of_a_whole_month_rewrites_the_month(site: Site) -> None:
    site.works(*SEPTEMBER, *OCTOBER)
    site.exports()
    take_back(site, SEPTEMBER[1])
    (note,) = site.exports(by_month=False, first=SEPTEMBER[0], last=SEPTEMBER[0])
    assert "2026-09" in note and "その月を書き直しました" in note
    assert not list(site.out.rglob("day=2026-09-*"))
    assert site.counted()[SEPTEMBER[1]] == 0


def test_a_month_without_records_gives_nothing_and_takes_nothing(site: Site, tmp_path: Path) -> None:
    site.works(*SEPTEMBER, *OCTOBER)
    assert site.exports(first=date(2026, 8, 1), last=date(2026, 8, 31)) == []
    assert not site.out.exists()
    site.exports()
    (tmp_path / "next").mkdir()
    successor = Site(tmp_path / "next")  # the site's file of the next year: what the lake has of before stays
    successor.out = site.out
    successor.works(date(2026, 11, 2))
    successor.clock.at = evening(date(2026, 12, 1))
    successor.exports()
    assert [f"{d:%m-%d}" for d in successor.counted()] == ["09-28", "09-29", "09-30", "10-01", "11-02"]
    successor.session.close()


def test_a_frozen_clock_writes_what_was_known_then(site: Site) -> None:
    site.works(*SEPTEMBER, *OCTOBER)
    path = site.session.store.path
    then = Session(site.session.site, path, clock=HandClock(evening(SEPTEMBER[1])), frozen=evening(SEPTEMBER[1]))
    days = days_with_records(then, *EVER)
    assert days == SEPTEMBER[:2]
    export_partitions(then, days, site.out, by_month=True)
    then.close()
    assert list(seen(site.out)) == SEPTEMBER[:2]


def test_equal_rows_give_equal_bytes_and_every_column_its_number() -> None:
    day = SEPTEMBER[0]
    rows = [(day, "必要書類", 7), (day, "その他", 1)]
    assert table_bytes("inquiries", rows, month=True) == table_bytes("inquiries", list(rows), month=True)
    ids = {t: [field_id(t, c.name) for c in file_columns(t, month=t != "manifest")] for t in EVERY}
    assert ids == {t: list(range(1 + (t == "manifest"), len(EVERY[t]) + 2)) for t in EVERY}
    # Fixed for ever: a reader knows a column by it. New columns come last.
    assert (
        field_id("tickets", "unserved_wait_s"),
        field_id("days", "counted_out"),
        field_id("hours", "terminals"),
    ) == (20, 26, 12)
    assert element_id("incidents", "terminals") == 1009


def test_the_schema_file_tells_what_the_files_are(site: Site) -> None:
    site.works(*SEPTEMBER, *OCTOBER)
    site.exports()
    told = json.loads((site.out / "schema.json").read_bytes())
    assert [t["name"] for t in told["tables"]] == list(EVERY)
    kinds = {"string": "STRING", "list<string>": "LIST", "int32": "INT32", "int64": "INT64", "double": "DOUBLE",
             "boolean": "BOOLEAN", "timestamp[us, UTC]": "TIMESTAMP", "date": "DATE"}  # fmt: skip
    for table in told["tables"]:
        folder = "" if table["name"] == "manifest" else "day=2026-10-01"
        found = pq.read_schema(site.out / table["name"] / "site=a" / folder / FILE)
        for told_column, field in zip(table["columns"], found, strict=True):
            assert told_column["name"] == field.name
            assert told_column["id"] == int(field.metadata[b"PARQUET:field_id"])
            assert told_column["nullable"] == field.nullable
            assert str(field.type).startswith(
                told_column["type"].split("[")[0].split("<")[0].replace("boolean", "bool").replace("date", "date32")
            ), told_column
            assert told_column["type"] in kinds
            assert told_column["ja"] and told_column["en"]


def test_a_column_has_the_words_of_the_same_column_in_the_data_file() -> None:
    page = (Path(__file__).parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
    told = tomllib.loads((data_dir() / parquet_schema.MEANINGS).read_text(encoding="utf-8"))
    assert list(told) == list(EVERY)
    for table in TABLES.keys() & DERIVED.keys():
        section = page.split(f"### {table}\n")[1].split("\n### ")[0]
        words = dict(re.findall(r"^\| (\w+) \| [^|]* \| (.*) \|$", section, re.MULTILINE))
        for c in (c for c in TABLES[table] if c in DERIVED[table].columns):
            assert told[table][c.name][0] == words[c.name].removesuffix("（空白区切り）"), (table, c.name)


def test_the_schema_of_a_later_version_stays(tmp_path: Path) -> None:

    path = write_schema(tmp_path)
    ours = path.read_bytes()
    later = json.loads(ours)
    del later["sha256"]
    older = {**later, "tables": later["tables"][:-1]}
    path.write_bytes(sealed_schema(older))
    assert write_schema(tmp_path).read_bytes() == ours
    later["tables"][0]["columns"].append(later["tables"][0]["columns"][0])
    path.write_bytes(sealed_schema(later))
    parquet_schema.need_schema_place(tmp_path)
    assert write_schema(tmp_path).read_bytes() == sealed_schema(later)
    path.write_bytes(ours.replace(b"int32", b"int64", 1))
    with pytest.raises(Refused, match="書き出したまま"):
        write_schema(tmp_path)


# ---- whatever happens


class Killed(BaseException):
    pass


def kill_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Callable[[], int]:
    """Let the process die before the ``step``-th change of a name, and change nothing after; return how many came."""
    count = 0

    def watched(name: str) -> None:
        real = getattr(os, name)

        def act(*args: Any, **more: Any) -> Any:
            nonlocal count
            if str(args[0]).endswith(".lock"):
                return real(*args, **more)  # the system frees a lock of the dead
            count += 1
            if count >= step:
                raise Killed
            return real(*args, **more)

        monkeypatch.setattr(os, name, act)

    for name in ("replace", "rename", "unlink", "rmdir", "remove"):
        watched(name)
    return lambda: count


def killed_everywhere(site: Site, start: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> list[dict[date, int]]:
    """Export from a lake again and again, dead at each step in turn; return what a reader saw then, the last run's last."""
    rows = {day: parquet_months.day_rows(site.session, day) for day in SEPTEMBER}
    monkeypatch.setattr(parquet_months, "day_rows", lambda session, day: rows[day])
    found: list[dict[date, int]] = []
    for step in range(1, 200):
        put(site.out, start)
        with monkeypatch.context() as patch:
            kill_at(patch, step)
            try:
                site.exports()
                done = True
            except Killed:
                done = False
        found.append(site.counted())
        if done:
            return found
        if step % 7 == 0:
            site.exports()
            assert site.counted() == dict.fromkeys(SEPTEMBER, 7) | {SEPTEMBER[1]: 0}
    raise AssertionError("it never ended")


def put(out: Path, held: dict[str, bytes]) -> None:
    for path in sorted(out.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name, data in held.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)


@pytest.fixture
def few_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    for table in TABLES.keys() - {"days", "hours", "inquiries"}:
        monkeypatch.delitem(TABLES, table)
    monkeypatch.setattr(parquet_rows, "_DERIVED", ("days", "inquiries"))


@pytest.mark.usefixtures("few_tables")
def test_a_killed_export_leaves_days_or_the_month(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.works(*SEPTEMBER)
    site.exports()
    start, old = files(site.out), site.counted()
    take_back(site, SEPTEMBER[1])
    site.clock.at = evening(OCTOBER[0])
    new = {**old, SEPTEMBER[1]: 0}
    states = killed_everywhere(site, start, monkeypatch)
    assert all(state in (old, new) for state in states)
    assert states[0] == old and states[-1] == new
    assert len(states) > len(TABLES) + 1 + len(SEPTEMBER) * len(TABLES)
    assert not list(site.out.rglob("day=*"))


@pytest.mark.usefixtures("few_tables")
def test_a_killed_export_leaves_the_old_month_none_or_the_new_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.works(*SEPTEMBER)
    site.exports()
    days = files(site.out)
    site.clock.at = evening(OCTOBER[0])
    site.exports()
    start, old = days | files(site.out), site.counted()  # its days lie there too, as if it had been killed before
    take_back(site, SEPTEMBER[1])
    states = killed_everywhere(site, start, monkeypatch)
    new = {**old, SEPTEMBER[1]: 0}
    assert all(state in (old, {}, new) for state in states)
    assert {} in states and states[-1] == new
    assert files(site.out).keys() == (start.keys() - days.keys()) | {"schema.json", f"manifest/site=a/{FILE}"}


def test_two_exports_at_once_do_not_meet(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.works(*SEPTEMBER)
    refused = []

    def meanwhile(session: Session, day: date) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(parquet_export, "day_rows", real)
            with pytest.raises(Refused, match="別の書き出しが進んで") as told:
                site.exports()
            refused.append(told)
        return real(session, day)

    real = parquet_export.day_rows
    monkeypatch.setattr(parquet_export, "day_rows", meanwhile)
    site.exports()
    assert len(refused) == 3
    assert not list(site.out.rglob("*.lock"))


def test_a_lake_of_the_first_version_counts_no_day_twice(site: Site) -> None:
    """Its days have the files that they had; a month takes their place."""
    site.works(*SEPTEMBER)
    site.exports()
    (site.out / "manifest" / "site=a" / FILE).unlink()
    (site.out / "schema.json").unlink()
    site.clock.at = evening(OCTOBER[0])
    site.exports()
    assert site.counted() == dict.fromkeys(SEPTEMBER, 7)
    assert not list(site.out.rglob("day=*"))


def test_what_is_somebody_elses_stays(site: Site) -> None:
    site.works(*SEPTEMBER)
    site.exports()
    theirs = site.out / "hours" / "site=a" / f"day={SEPTEMBER[0]}" / "note.txt"
    theirs.write_text("大事な表", encoding="utf-8")
    site.clock.at = evening(OCTOBER[0])
    site.exports()
    assert [p.name for p in site.out.rglob("day=*/*")] == ["note.txt"]
    manifest = site.out / "manifest" / "site=a" / FILE
    manifest.write_text("大事な表", encoding="utf-8")
    held = files(site.out)
    with pytest.raises(FloorctlError, match="読めません"):
        site.exports()
    assert files(site.out) == held


def test_twins_in_case_are_refused(site: Site, tmp_path: Path) -> None:
    site.works(*SEPTEMBER)
    site.exports()
    twin = Site(tmp_path, "A")
    twin.works(SEPTEMBER[0])
    held = files(site.out)
    with pytest.raises(Refused, match="会場 a があり、大文字と小文字しか違いません"):
        twin.exports()
    twin.session.close()
    assert files(site.out) == held


def test_the_manifest_keeps_the_months_that_are_not_written(site: Site) -> None:
    site.works(*SEPTEMBER, *OCTOBER)
    site.clock.at = evening(date(2026, 11, 1))
    site.exports()
    september = [r for r in rows_of(site.out / "manifest" / "site=a" / FILE) if r[0] == "2026-09"]
    site.exports(first=OCTOBER[0])
    told = rows_of(site.out / "manifest" / "site=a" / FILE)
    assert told[: len(TABLES)] == september
    assert [r[0] for r in told] == ["2026-09"] * len(TABLES) + ["2026-10"] * len(TABLES)
    manifest = Manifest(site.out, "a")
    assert ("2026-09" in manifest, "2026-08" in manifest) == (True, False)
