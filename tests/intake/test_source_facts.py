"""Facts out of rows: cases, codes, defaults, cells of two values, what a source cannot tell, and what is refused."""

from __future__ import annotations

import logging
import traceback
from datetime import date, timedelta
from pathlib import Path

import pytest

from floorctl.intake.sources.found import BadRow
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.table import DoesNotFit
from floorctl.models.facts import kinds as ev
from floorctl.models.site.site import Site
from tests.sources import MODIFIED, PLAIN, TODAY, Machine, briefly

EVENTS = """
heading = false
columns = { time = 1, event = 2, ticket = 3, service = 4, terminal = 5 }
leave_out = [{ event = "9" }, { ticket = ["合計", "小計"] }]
facts = [
  { kind = "ticket.issued", when = { event = ["0", "発券"] } },
  { kind = "ticket.called", when = { event = 1, terminal = "*" } },
  { kind = "ticket.called", when = { event = 1, terminal = "" }, terminal = { value = "T3" } },
  { kind = "ticket.left", when = { event = "2" }, unless = { terminal = "*" } },
]
[sources.codes]
service = { "03" = "cert_renewal", "60" = "", "*" = "other" }
"""


@pytest.fixture
def events(site: Site, tmp_path: Path) -> Machine:
    return Machine(EVENTS, site, tmp_path)


def day(text: str) -> str:
    """Put the day before each line's time."""
    return "".join(f"2026-09-14 {line}\n" for line in text.split())


def test_cases_say_which_facts_a_row_tells(events: Machine) -> None:
    """One of several values, an empty cell, one that is not; a row of no case tells nothing."""
    text = "9:00,0,A1,03, 9:01,発券,A2,7, 9:02,1,A1,03,T4 9:03,１,A2,7, 9:04,2,A3,03, 9:05,2,A4,03,T4 9:06,5,A5,03,"
    assert [(f.kind, getattr(f, "service", None), getattr(f, "terminal", None)) for f in events.facts(day(text))] == [
        ("ticket.issued", "cert_renewal", None),
        ("ticket.issued", "other", None),
        ("ticket.called", None, "T4"),
        ("ticket.called", None, "T3"),
        ("ticket.left", None, None),
    ]


def test_a_beginning_of_a_cell_may_decide(site: Site, tmp_path: Path) -> None:
    """The letter of the number tells the service, the first word of a message the event; the longest beginning counts."""
    machine = Machine(
        """
heading = false
columns = { time = 1, event = 2, ticket = 3, service = 3 }
facts = [{ kind = "ticket.issued", when = { event = ["ISSUE*", "*"] }, unless = { event = "ISSUE TEST*" } }]
codes.service = { "A*" = "card_issuance", "AB*" = "", "AB7" = "pin_reset", "*" = "other" }
""",
        site,
        tmp_path,
    )
    rows = "ISSUE ok,A041 ISSUE_TEST,A042 x,AB1 x,AB7 x,C1 x*,A* ,A043"
    text = "".join(f"2026-09-14 9:00,{x.replace('_', ' ')}\n" for x in rows.replace("ISSUE ok", "ISSUE_ok").split(" "))
    found = [(f.fields()["ticket"], f.fields()["service"]) for f in machine.facts(text.replace("A*", "A9"))]
    assert found == [("A041", "card_issuance"), ("AB7", "pin_reset"), ("C1", "other"), ("A9", "card_issuance")]


def test_rows_are_left_out_by_a_case_and_by_an_empty_code(events: Machine) -> None:
    """Code "" leaves out the whole row, also where its fact needs no code."""
    rows = day("9:00,9,A1,03, 9:00,0,合計,03, 9:01,0,A2,60, 9:02,2,A2,60, 9:03,0,A3,03,")
    reader = SourceReader(events.source, events.site)
    found = [*reader.read_data(rows.encode(), Path("out.csv"), MODIFIED, TODAY)]
    assert briefly(found) == ["ticket.issued A3 09:03:00"]
    assert (reader.left_out, reader.rows) == (4, 5)


def test_rows_are_left_out_wherever_the_code_is_read_from(site: Site, tmp_path: Path) -> None:
    """A code table with the name of the field serves a column with another name; no fact of the row is told."""
    machine = Machine(
        """
columns = { time = "時刻", ticket = "番号" }
facts = [
  { kind = "ticket.issued", when = { "区分" = "0" }, service = "業務" },
  { kind = "ticket.called", when = { "区分" = "1" } },
]
codes.service = { "60" = "", "*" = "other" }
""",
        site,
        tmp_path,
    )
    rows = "時刻,区分,番号,業務\n2026-09-14 9:00,0,A1,60\n2026-09-14 9:01,1,A1,60\n2026-09-14 9:02,1,A2,61\n"
    assert briefly(machine.found(rows)) == ["ticket.called A2 09:02:00"]


def test_an_empty_service_is_no_other_service(events: Machine) -> None:
    """``*`` is every other code, not a cell in which nothing stands."""
    assert events.said(day("9:00,0,A1,,")) == [(1, "4列目：業務が空です")]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("9:99,0,A1,03,", "1列目：時刻として読めません"),
        ("9:00,0,,03,", "3列目：番号が空です"),
        ("9:00,0,A$1,03,", "3列目：番号の形が違います"),
        ("9:00,1,A1,03,T99", "5列目：会場設定にないコードです"),
        ("9:00,0,090-1234-5678,03,", "3列目：番号に7桁以上の番号が含まれています"),
    ],
)
def test_a_refusal_names_the_column_and_the_reason_never_the_value(events: Machine, row: str, why: str) -> None:
    ((_, said),) = events.said(day(row))
    assert said.startswith(why) or (why.endswith("コードです") and "会場設定にもない" in said)
    assert row.split(",")[2] not in said or not row.split(",")[2]


def test_one_bad_fact_of_a_row_does_not_refuse_the_others(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        """
columns = { ticket = "番号", service = "業務", issued = "発券", called = "呼出", ended = "終了", terminal = "窓口" }
facts = [
  { kind = "ticket.issued", at = "issued" },
  { kind = "ticket.called", at = "called" },
  { kind = "ticket.finished", at = "ended" },
]
codes.terminal = { "4" = "T4" }
codes.service = { "51" = "card_issuance" }
""",
        site,
        tmp_path,
        "20260914.csv",
    )
    text = (
        "番号,業務,発券,呼出,終了,窓口\nA1,51,083512,085040,090115,4\nA2,51,084003,,,\nA3,51,084100,085500,090000,7\n"
    )
    assert briefly(machine.found(text)) == [
        "ticket.issued A1 08:35:12",
        "ticket.called A1 08:50:40",
        "ticket.finished A1 09:01:15",
        "ticket.issued A2 08:40:03",
        "ticket.issued A3 08:41:00",
        "行 4 窓口：コード表（codes.terminal）にも会場設定にもない値です",
    ]


def test_cells_of_two_values(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        """
[sources.columns]
ticket = "番号"
issued = { column = "発券時刻→呼出時刻", split = "→", part = 1 }
called = { column = "発券時刻→呼出時刻", split = "→", part = 2 }
[[sources.facts]]
kind = "ticket.issued"
at = "issued"
service = { value = "other" }
[[sources.facts]]
kind = "ticket.called"
at = "called"
unless = { called = "(キャンセル)" }
[[sources.facts]]
kind = "ticket.left"
at = "issued"
when = { called = "（キャンセル）" }
""",
        site,
        tmp_path,
    )
    text = "令和8年9月14日の窓口\n番号,発券時刻→呼出時刻\n101,09:03→09:16\n102,09:05→（キャンセル）\n103,09:06→\n104,9:07\n"
    assert briefly(machine.found(text)) == [
        "ticket.issued 101 09:03:00",
        "ticket.called 101 09:16:00",
        "ticket.issued 102 09:05:00",
        "ticket.left 102 09:05:00",
        "ticket.issued 103 09:06:00",
        "ticket.issued 104 09:07:00",
    ]


def test_types_of_fields(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        """
heading = false
columns = { time = 1, ticket = 2, service = 3, cards = 4, appointment = 5, assist = 6 }
facts = [{ kind = "ticket.issued" }]
""",
        site,
        tmp_path,
    )
    (fact,) = machine.facts("2026/9/14 9:00,Ｂ０４１番,card_issuance,２ 枚,午前10時30分,○\n")
    assert fact.fields() == {
        "ticket": "B041", "service": "card_issuance", "cards": 2, "appointment": "10:30", "assist": True,
    }  # fmt: skip
    (bare,) = machine.facts("2026/9/14 9:00,B042,other,,,\n")
    assert (bare.fields()["cards"], bare.fields()["appointment"], bare.fields()["assist"]) == (1, None, False)
    assert machine.said(
        "2026/9/14 9:00,B1,other,2.5,,\n2026/9/14 9:00,B1,other,1000,,\n2026/9/14 9:00,B1,other,,,多分\n"
    ) == [
        (1, "4列目：整数として読めません"),
        (2, "4列目：カードの枚数が大きすぎます"),
        (3, "6列目：はい・いいえのどちらでもありません"),
    ]


@pytest.mark.parametrize(
    ("text", "waiting"), [("8人", 8), ("1,0", None), ("12 名", 12), ("8.0", 8), ("-1", None), ("301", None)]
)
def test_head_counts(site: Site, tmp_path: Path, text: str, waiting: int | None) -> None:
    machine = Machine(
        'form = "tsv"\nheading = false\ncolumns = { waiting = 1, lane = { value = "certificate" } }\n'
        'facts = [{ kind = "queue.counted", at = "file" }]',
        site,
        tmp_path,
    )
    (found,) = machine.found(f"{text}\n")
    if waiting is None:
        assert isinstance(found.found, BadRow)
    else:
        assert isinstance(found.found, ev.QueueCounted)
        assert (found.found.waiting, found.found.at) == (waiting, MODIFIED.replace(microsecond=0))


def test_letters_before_the_number(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        """
heading = false
columns = { time = 1, prefix = 2, ticket = 3 }
facts = [{ kind = "ticket.left" }]
codes.prefix = { "03" = "A", "04" = "" }
""",
        site,
        tmp_path,
    )
    rows = "2026-09-14 9:00,03,198\n2026-09-14 9:00,04,198\n2026-09-14 9:00,05,198\n"
    found = machine.found(rows)
    assert briefly(found) == [
        "ticket.left A198 09:00:00",
        "ticket.left 198 09:00:00",
        "行 3 3列目：コード表（codes.prefix）にない値です",
    ]
    assert len({x.found.id for x in found[:2]}) == 2  # type: ignore[union-attr]


def test_what_a_source_cannot_tell_is_carried_by_its_facts(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        """
heading = false
ends = "next_call"
arrivals = "call"
wraps = true
columns = { time = 1, ticket = 2, service = 3, terminal = 4 }
facts = [{ kind = "ticket.called" }]
""",
        site,
        tmp_path,
    )
    issued, called = machine.facts("2026-09-14 9:00,198,other,T4\n")
    assert isinstance(issued, ev.TicketIssued)
    assert isinstance(called, ev.TicketCalled)
    assert (issued.no_arrival, issued.wraps, issued.service, issued.at) == (True, True, "other", called.at)
    assert called.ends == "next_call"


def test_own_lines_take_the_rules_of_their_source(site: Site, tmp_path: Path) -> None:
    machine = Machine('form = "floorctl"\nends = "next_call"\nwraps = true\ndays = "today"', site, tmp_path)
    lines = (
        '{"id":"1","at":"2026-09-14T09:00:00+09:00","kind":"ticket.issued","ticket":"A1","service":"other"}\n'
        '{"id":"2","at":"2026-09-14T09:05:00+09:00","kind":"ticket.called","ticket":"A1","terminal":"T4"}\n'
        '{"id":"3","at":"2026-09-13T09:05:00+09:00","kind":"ticket.called","ticket":"A1","terminal":"T4"}\n'
        '{"id":"4","at":"2026-09-14T09:05:00+09:00","kind":"retracted","target":"1"}\n'
        "{\n"
    )
    found = machine.found(lines)
    assert [getattr(x.found, "ends", None) or getattr(x.found, "wraps", None) for x in found[:2]] == [True, "next_call"]
    assert briefly(found[2:]) == ["行 4 発券機の記録では受け付けない種類です", "行 5 JSON として読めません"]


def test_an_empty_cell_may_mean_nobody(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        'heading = false\ncolumns = { day = 1, time = 2, terminal = 3, staff = 4 }\nfacts = [{ kind = "terminal.staffed" }]',
        site,
        tmp_path,
    )
    found = machine.facts("9月,,,\n20260914,0900,T4,S01\n20260914,0930,T4,\n")
    assert [f.fields()["staff"] for f in found] == ["S01", None]
    assert machine.said("9月,0900,T4,S01\n") == [(1, "1列目：日付として読めません")]


def test_only_the_present_day_of_a_log_of_years(site: Site, tmp_path: Path) -> None:
    machine = Machine(f'days = "today"\n{PLAIN}', site, tmp_path)
    rows = "".join(f"{TODAY - timedelta(days=n)} 9:00,B1,other\n" for n in (2, 1, 0))
    reader = SourceReader(machine.source, site)
    found = [*reader.read_data(rows.encode(), Path("log.csv"), MODIFIED, TODAY)]
    assert briefly(found) == ["ticket.issued B1 09:00:00"]
    assert reader.left_out == 2


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ("log_{YYYY}{MM}{DD}*.csv", "log_20260914_2.csv"),
        ("CD{YY}{MM}{DD}*.csv", "CD26091400001.csv"),
        ("*.csv", "x(2026-09-14).csv"),
    ],
)
def test_the_day_stands_in_the_name_of_the_file(site: Site, tmp_path: Path, files: str, name: str) -> None:
    machine = Machine(f'files = "{files}"\n{PLAIN}', site, tmp_path, name)
    (fact,) = machine.facts("9:03,B1,other\n")
    assert fact.at.date() == date(2026, 9, 14)


def test_a_time_without_any_day_is_said(site: Site, tmp_path: Path) -> None:
    machine = Machine(PLAIN, site, tmp_path)
    assert machine.said("9:03,B1,other\n") == [
        (1, "1列目：日付が分かりません（day の列も、ファイルの名前や見出しの上の日付もありません）")
    ]


# ---- personal data ---------------------------------------------------------------------------------------------------

SECRET = "田中花子"
PERSONAL = """
personal = ["氏名", "電話"]
columns = { time = "時刻", ticket = "番号", service = "業務" }
facts = [{ kind = "ticket.issued" }]
"""


def test_personal_columns_never_leave_the_reader(site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not in facts, ids, sentences or logs, whatever else is wrong with the row; nor is anything kept of them."""
    machine = Machine(PERSONAL, site, tmp_path)
    caplog.set_level(logging.DEBUG)
    rows = f"時刻,番号,業務,氏名,電話\n2026-09-14 9:00,B1,other,{SECRET},090-1234-5678\n9:99,B2,other,{SECRET},\nx,,,{SECRET},\n"
    found = machine.grown(rows)
    said = repr([(x, x.found) for x in found]) + caplog.text + repr(machine.reader.__dict__)
    assert len(found) == 3
    assert SECRET not in said
    assert "1234" not in said
    other = rows.replace(SECRET, "佐藤太郎")
    assert machine.grown(other) == []


def test_a_file_that_does_not_fit_says_nothing_of_its_cells(site: Site, tmp_path: Path) -> None:
    machine = Machine(PERSONAL, site, tmp_path)
    with pytest.raises(Exception) as refused:
        machine.found(f"時刻,番号,氏名\n9:00,B1,{SECRET}\n")
    assert SECRET not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (
            'personal = ["氏名"]\ncolumns = { time = "時刻", ticket = 3, service = "業務" }',
            "時刻,業務,氏名\n9:00,other,田中\n",
        ),
        ('form = "json"\npersonal = ["who"]\ncolumns = { time = "t", ticket = "/who/n", service = "s" }', "[]"),
    ],
)
def test_a_personal_column_is_not_read_under_another_name(site: Site, tmp_path: Path, text: str, data: str) -> None:
    machine = Machine(f'{text}\nfacts = [{{ kind = "ticket.issued" }}]', site, tmp_path)
    with pytest.raises(DoesNotFit, match="個人情報の列"):
        machine.found(data)


@pytest.mark.parametrize("number", ["090-1234-5678", "123456789018", "0311112222"])
def test_the_number_of_a_person_is_no_number_of_a_row(site: Site, tmp_path: Path, number: str) -> None:
    machine = Machine(PLAIN.replace("service = 3", "service = 3, id = 4"), site, tmp_path)
    ((_, said),) = machine.said(f"2026-09-14 9:00,B1,other,{number}\n")
    assert said.startswith("4列目：")
    assert "個人情報" in said
    assert number not in said


@pytest.mark.parametrize(
    "number", ["90113", "00012345", "20260914000123", "260914-0001", "550e8400-e29b-41d4-a716-446655440000"]
)
def test_numbers_of_rows_are_read(site: Site, tmp_path: Path, number: str) -> None:
    machine = Machine(PLAIN.replace("service = 3", "service = 3, id = 4"), site, tmp_path)
    (fact,) = machine.facts(f"2026-09-14 9:00,B1,other,{number}\n")
    assert fact.id == f"20260914.{number}.issued"


def test_a_number_of_a_person_stands_in_no_id_behind_a_code(site: Site, tmp_path: Path) -> None:
    """A cell that any code stands for is looked at, since it is part of the id."""
    machine = Machine(
        'heading = false\ncolumns = { time = 1, lane = 2, waiting = 3 }\nfacts = [{ kind = "queue.counted" }]\n'
        'codes.lane = { "*" = "certificate" }',
        site,
        tmp_path,
    )
    ((_, said),) = machine.said("2026-09-14 9:00,09012345678,3\n")
    assert "個人情報" in said
