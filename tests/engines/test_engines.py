"""docs/head_office/*.sql: the same nine answers on DuckDB, Polars and DataFusion, and those of a plain recount."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.engines.__main__ import main
from tests.engines.engines import ENGINES, Ask, page_views, plain, questions
from tests.engines.made_days import made, working_days
from tests.engines.made_lake import ASKED, MadeLake, small
from tests.engines.read_lake import rows_that_count
from tests.engines.recount import RECOUNTS

SUITE = ("duckdb", "polars", "datafusion")
SQL = questions()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> MadeLake:
    return small(tmp_path_factory.mktemp("the head's office") / "lake")


@pytest.fixture(scope="module")
def asked(lake: MadeLake) -> Iterator[dict[str, Ask]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(ENGINES[name](lake.root)) for name in SUITE}


@pytest.mark.parametrize("number", RECOUNTS)
def test_every_engine_answers_as_the_recount(asked: dict[str, Ask], lake: MadeLake, number: str) -> None:
    want = RECOUNTS[number](lake.counted)
    assert want
    for name, ask in asked.items():
        assert plain(ask(SQL[number])) == want, name


def test_what_counts_is_read_from_the_files_alone(lake: MadeLake) -> None:
    read = rows_that_count(lake.root, ASKED)
    for number, recount in RECOUNTS.items():
        assert recount(read) == recount(lake.counted), number
    for table in ASKED:
        assert len(read[table]) == len(lake.counted[table]), table


def test_nothing_counts_that_is_not_sealed(asked: dict[str, Ask]) -> None:
    held = "SELECT site, count(*) AS n, min(day) AS first_day, max(day) AS last_day FROM {} GROUP BY site ORDER BY site"
    september, october = working_days(date(2026, 9, 1), 8), working_days(date(2026, 10, 1), 4)
    want = [
        ("empty", 2, september[0], september[1]),
        ("kita", 13, date(2026, 7, 1), september[-1]),
        ("minami", 12, september[0], october[-1]),  # the day file beside the month is not counted twice
        ("nishi", 5, date(2026, 8, 3), date(2026, 8, 7)),  # its September is not in the manifest
        ("nulls", 8, september[0], september[-1]),
        ("older", 8, september[0], september[-1]),
        ("quiet", 3, october[0], october[2]),  # of its last day the file of `days` is missing
    ]
    for name, ask in asked.items():
        assert plain(ask(held.format("days"))) == want, name
        hours = {site: n for site, n, *_ in ask(held.format("hours"))}
        assert hours == {site: n * (24 if site == "nishi" else 16) for site, n, *_ in want if site != "empty"}, name


def test_every_table_is_there_with_its_columns(asked: dict[str, Ask], lake: MadeLake) -> None:
    for name, ask in asked.items():
        for table, rows in lake.counted.items():
            assert len(ask(f"SELECT * FROM {table}")) == len(rows), (name, table)


@pytest.mark.parametrize("name", SUITE)
@pytest.mark.parametrize("part", ["months", "days", "nothing"])
def test_a_lake_with_one_kind_of_files_or_none(tmp_path: Path, name: str, part: str) -> None:
    lake, days = MadeLake(tmp_path), working_days(date(2026, 9, 1), 2)
    told = [(d, made(0, d)) for d in days]
    if part == "months":
        lake.month("minami", "2026-09", told)
    else:
        lake.days("minami", told, sealed=part == "days")
    with ENGINES[name](tmp_path) as ask:
        for number in ("01", "04", "08"):
            assert plain(ask(SQL[number])) == RECOUNTS[number](lake.counted), number
        assert bool(ask(SQL["01"])) == (part != "nothing")


def test_the_questions_keep_to_what_engines_share() -> None:
    assert list(SQL) == list(RECOUNTS)
    for number, text in SQL.items():
        sql = re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)
        assert re.search(r"\nORDER BY [^\n]+$", sql), number
        assert not re.search(r"\b(round|avg|median|quantile\w*|date_\w+|strftime|substr)\s*\(", sql), number
        for divisor in re.findall(r"/ (.*)", sql):  # nothing that may be zero
            assert re.match(r"(\((2|720) \* )?CASE WHEN|\d|\(3600000 \* t\.target_s\)", divisor), (number, divisor)


def test_the_program_tells_a_difference(
    lake: MadeLake, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ENGINES["duckdb"]

    @contextmanager
    def other(root: Path) -> Iterator[Ask]:
        with own(root) as ask:
            yield lambda sql: [(*row[:-1], 7) for row in ask(sql)] if sql == SQL["04"] else ask(sql)

    @contextmanager
    def closed(root: Path) -> Iterator[Ask]:
        raise OSError("cannot open")
        yield

    monkeypatch.setitem(ENGINES, "duckdb", other)
    monkeypatch.setitem(ENGINES, "polars", closed)
    assert main(["--engines", "polars,duckdb", "--lake", str(lake.root)]) == 1
    said = capsys.readouterr().out
    assert (said.count("agrees"), said.count("DIFFERS\n")) == (8, 1)
    assert "instead of ('nishi', 'daily_report'" in said
    assert "REFUSED the lake OSError: cannot open" in said


def test_the_program_touches_no_folder_that_is_not_a_lake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for asked, why in (
        (["--lake", str(tmp_path)], "is no lake"),
        (["--engines", "duckbd"], "no such engine: duckbd"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(asked)
        assert ended.value.code == 2
        assert why in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["lake [1]", "{lake}", "la*ke"])
def test_a_folder_whose_name_is_a_pattern_is_refused(tmp_path: Path, name: str) -> None:
    """Engines would find no file in it, and answer with no row."""
    MadeLake(tmp_path / name)
    for ask in (ENGINES[e] for e in SUITE):
        with pytest.raises(SystemExit, match="別の名前のフォルダー"), ask(tmp_path / name):
            pass


def test_what_is_no_lake_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own, lake = page_views(), str(tmp_path)

    def status(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["views.py", *words])
        return own.main()

    assert status("duckdb", lake) == 1
    assert "schema.json がありません" in capsys.readouterr().err
    MadeLake(tmp_path)
    assert status("ask", lake, "missing.sql") == 1
    assert "missing.sql を読み書きできません" in capsys.readouterr().err
    for wrong in ([], ["ask", lake], ["oracle", lake], ["duckdb", lake, "more"]):
        assert status(*wrong) == 2
        assert "使い方" in capsys.readouterr().err
    assert status("check", lake) == 0
    assert capsys.readouterr().out == "ok\n"
