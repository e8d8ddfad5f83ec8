"""Values that no single cell holds: a date in three columns, a desk in the name of a file, an end told as a length."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from floorctl.common.errors import UsageError
from floorctl.intake.sources.lengths import BadLength, Unit, parse_length
from floorctl.intake.sources.reader import SourceReader
from tests.sources import MODIFIED, TODAY, Machine, briefly, described
from tests.story import kumagaya

APART = """
[sources.columns]
day = { columns = ["年", "月", "日"], join = "/" }
called = { columns = ["時", "分"], join = ":" }
issued = { columns = ["時", "分"], join = ":", minus = "待ち" }
ended = { columns = ["時", "分"], join = ":", plus = "応対", unit = "m" }
ticket = { columns = ["記号", "番号"] }
service = { value = "cert_renewal" }
[[sources.facts]]
kind = "ticket.issued"
at = "issued"
[[sources.facts]]
kind = "ticket.called"
at = "called"
[[sources.facts]]
kind = "ticket.finished"
at = "ended"
"""
HEADING = "年,月,日,時,分,記号,番号,待ち,応対\n"


def test_parts_of_a_time_are_put_together_and_moved_by_lengths(tmp_path: Path) -> None:
    machine = Machine(APART, kumagaya(), tmp_path)
    assert briefly(machine.facts(HEADING + "2026,9,14,9,5,Ｂ,041,0:03:10,12\n")) == [
        "ticket.issued B041 09:01:50",
        "ticket.called B041 09:05:00",
        "ticket.finished B041 09:17:00",
    ]


def test_no_length_is_no_fact_and_a_bad_one_is_refused_without_its_value(tmp_path: Path) -> None:
    machine = Machine(APART, kumagaya(), tmp_path)
    assert briefly(machine.facts(HEADING + "2026,9,14,9,5,B,041,,\n")) == ["ticket.called B041 09:05:00"]
    said = machine.said(HEADING + "2026,9,14,9,5,B,041,tanaka,\n")
    assert said == [(2, "待ち：時間の長さとして読めません")]


def test_seconds_since_the_machine_was_switched_on(tmp_path: Path) -> None:
    text = """
heading = false
columns = { time = { value = "8:30", plus = 1 }, ticket = 2, service = 3 }
facts = [{ kind = "ticket.issued" }]
"""
    machine = Machine(text, kumagaya(), tmp_path, "log20260914.csv")
    assert briefly(machine.facts("0,B041,cert_renewal\n3605,B042,cert_renewal\n,B043,cert_renewal\n")) == [
        "ticket.issued B041 08:30:00",
        "ticket.issued B042 09:30:05",
    ]


def test_an_empty_time_stays_no_fact(tmp_path: Path) -> None:
    assert Machine(APART, kumagaya(), tmp_path).facts(HEADING + "2026,9,14,,,B,041,5,5\n") == []


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("125", "s", 125),
        ("125.9", "s", 125),
        ("12", "m", 720),
        ("2:05", "s", 125),
        ("2:05", "m", 7500),
        ("0:02:05", "m", 125),
        ("12分", "s", 720),
        ("12分30秒", "m", 750),
        ("1時間5分", "s", 3900),
        ("90秒", "m", 90),
        ("5 min", "s", 300),
        ("PT12M30.5S", "s", 750),
    ],
)
def test_lengths_as_machines_write_them(text: str, unit: Unit, seconds: int) -> None:
    assert parse_length(text, unit) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "-5", "12:60", "1:60:00", "PT", "100000", "5人", "９９９時間", "1e9"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(BadLength):
        parse_length(text)


DESK = """
files = "out/desk*.csv"
which = "all"
arrivals = "call"
heading = false
columns = { time = 1, ticket = 2, service = 3, terminal = { file = "name", split = "_", part = 1 } }
facts = [{ kind = "ticket.called" }]
codes.terminal = { "desk1" = "T1", "desk2" = "T2" }
"""


def test_the_name_of_a_file_tells_the_desk(tmp_path: Path) -> None:
    source = described(DESK, kumagaya(), tmp_path)
    reader = SourceReader(source, kumagaya())
    row = b"9:05,B041,cert_renewal\n"
    for name, terminal in (("desk1_20260914.csv", "T1"), ("desk2_20260914.csv", "T2")):
        _, called = (x.found for x in reader.read_data(row, tmp_path / name, MODIFIED, TODAY))
        assert (getattr(called, "terminal", ""), called.id if hasattr(called, "id") else "") == (
            terminal,
            f"20260914.B041.{name[:5]}.called.090500",
        )


def test_the_name_of_a_folder_tells_the_desk(tmp_path: Path) -> None:
    text = DESK.replace('{ file = "name", split = "_", part = 1 }', '{ file = "folder" }')
    reader = SourceReader(described(text, kumagaya(), tmp_path), kumagaya())
    rows = reader.read_data(b"9:05,B041,cert_renewal\n", tmp_path / "desk2" / "a.csv", MODIFIED, date(2026, 9, 14))
    assert [x.found.why for x in rows if hasattr(x.found, "why")] == [
        "日付が分かりません（day の列も、ファイルの名前や見出しの上の日付もありません）"
    ]
    rows = reader.read_data(b"2026-09-14 9:05,B041,cert_renewal\n", tmp_path / "desk2" / "a.csv", MODIFIED, TODAY)
    assert [getattr(x.found, "terminal", "-") for x in rows] == ["-", "T2"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("{ column = 1, columns = [1, 2] }", "column もあります"),
        ('{ columns = [1, 2], split = "-" }', "columns には使えません"),
        ('{ column = 1, join = "-" }', "column には使えません"),
        ("{ file = 'name', plus = 2 }", "file には使えません"),
        ("{ column = 1, plus = 2, minus = 3 }", "plus もあります"),
        ('{ column = 1, unit = "m" }', "plus も minus もありません"),
        ("{ split = '-' }", "column も value もありません"),
    ],
)
def test_a_value_has_one_origin(tmp_path: Path, cell: str, said: str) -> None:
    text = f"""
heading = false
columns = {{ time = {cell}, ticket = 2, service = 3 }}
facts = [{{ kind = "ticket.issued" }}]
"""
    with pytest.raises(UsageError, match=said):
        described(text, kumagaya(), tmp_path)


def test_a_length_moves_times_alone(tmp_path: Path) -> None:
    text = """
heading = false
columns = { time = 1, ticket = { column = 2, plus = 3 }, service = 3 }
facts = [{ kind = "ticket.issued" }]
"""
    with pytest.raises(UsageError, match="plus と minus は、記録の時刻（at）だけに使えます"):
        described(text, kumagaya(), tmp_path)


def test_a_personal_column_is_no_part_of_a_value(tmp_path: Path) -> None:
    text = """
personal = ["氏名"]
columns = { time = "時刻", ticket = { columns = ["番号", "氏名"] }, service = "業務" }
facts = [{ kind = "ticket.issued" }]
"""
    with pytest.raises(UsageError, match="読まない列"):
        described(text, kumagaya(), tmp_path)
