"""docs/head_office/load.py: a lake goes into other tables month by month, and what has not changed is left alone."""

from __future__ import annotations

import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.engines.engines import PAGE, page_views, questions
from tests.engines.made_days import made, working_days
from tests.engines.made_lake import MadeLake


class Target:
    """Tables in memory: by table and month the digest and the rows."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], tuple[str, Any]] = {}

    def __call__(self, table: str) -> tuple[dict[str, str], Any]:
        known = {month: digest for (own, month), (digest, _) in self.held.items() if own == table}

        def put(month: str, rows: Any, digest: str) -> None:
            self.held[table, month] = digest, rows

        return known, put


def test_only_months_that_changed_are_loaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PAGE))
    load = import_module("load").load
    lake, target = MadeLake(tmp_path, tables=("days", "hours")), Target()
    august, september = working_days(date(2026, 8, 3), 2), working_days(date(2026, 9, 1), 2)
    lake.month("minami", "2026-08", [(d, made(0, d)) for d in august])
    lake.days("minami", [(d, made(0, d)) for d in september])
    assert load(tmp_path, target) == 4
    assert load(tmp_path, target) == 0
    lake.month("kita", "2026-08", [(d, made(1, d)) for d in august])
    lake.month("minami", "2026-09", [(d, made(0, d)) for d in september])  # the same days, now as a month
    assert load(tmp_path, target) == 2
    _, hours = target.held["hours", "2026-08"]
    assert hours.num_rows == len([r for r in lake.counted["hours"] if r["day"] in august]) == 64
    assert set(hours["site"].to_pylist()) == {"kita", "minami"}
    assert set(hours["month"].to_pylist()) == {"2026-08"}
    for name in ("load", "views"):
        monkeypatch.delitem(sys.modules, name)


def test_one_command_asks(tmp_path: Path) -> None:
    MadeLake(tmp_path).month("minami", "2026-09", [(date(2026, 9, 1), made(0, date(2026, 9, 1)))])
    lines = page_views().answer(tmp_path, questions()["01"]).splitlines()
    assert lines[0] == "site\thour\tarrivals\tcalled\tmean_s\tlongest_s"
    assert lines[1].startswith("minami\t9\t")


def test_a_question_needs_only_the_views_that_it_names(tmp_path: Path) -> None:
    MadeLake(tmp_path)
    text = page_views().duckdb_sql(tmp_path, questions()["01"])
    assert "VIEW hours " in text
    assert "VIEW forecasts " not in text


def test_a_copy_is_held_against_the_manifest(tmp_path: Path) -> None:
    lake = MadeLake(tmp_path)
    lake.month("minami", "2026-09", [(date(2026, 9, 1), made(0, date(2026, 9, 1)))])
    assert page_views().unlike(tmp_path) == []
    cut, gone = (tmp_path / t / "site=minami" / "month=2026-09" / "part-0.parquet" for t in ("days", "hours"))
    cut.write_bytes(cut.read_bytes()[:-1])
    gone.unlink()
    assert page_views().unlike(tmp_path) == [cut, gone]


def test_what_is_wrong_on_the_command_line_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacks(*_: str) -> str:
        raise ModuleNotFoundError(name="deltalake")

    (tmp_path / "schema.json").write_text("{}", encoding="utf-8")
    for words, status, said in (
        ([], 2, "使い方: python load.py"),
        (["sparkle", str(tmp_path), "out"], 2, "使い方: python load.py"),
        (["delta", str(tmp_path / "none"), "out"], 1, "schema.json がありません"),
        (["delta", str(tmp_path), "out"], 1, "deltalake が入っていません"),
    ):
        monkeypatch.setattr(sys, "argv", ["load.py", *words])
        assert page_views().command("load.py delta|iceberg LAKE TARGET", {"delta": range(1, 2)}, lacks) == status
        told = capsys.readouterr()
        assert (told.out, told.err.count("\n")) == ("", 1) and said in told.err
