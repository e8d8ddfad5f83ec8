"""The two tables from a spreadsheet: encodings, headings, cells, and that no refusal repeats what stands in a cell."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floorctl.common.errors import Refused
from floorctl.intake.csv_appointments import AppointmentLine, read_appointments, slots_by_day, unusual
from floorctl.intake.csv_registers import read_roster
from floorctl.intake.csv_text import MAX_BYTES, read_bytes
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def fields_of(*lines: str) -> list[dict[str, Any]]:
    return [x.fields for x in read_roster(table(*lines))]


def field(heading: str, cell: str, key: str) -> Any:
    """What a cell under a heading comes to."""
    (found,) = fields_of(f"code,{heading}", f"S01,{cell}")
    return found[key]


def refused(raw: bytes, *words: str, read: Any = read_roster) -> str:
    with pytest.raises(Refused) as e:
        read(raw)
    sentence = e.value.sentence
    assert "\n" not in sentence
    assert sentence.endswith("。")
    for word in words:
        assert word in sentence, sentence
    return sentence


# ---- the file


WHOLE = "職員コード,氏,役割\r\nS01,髙﨑,現場責任者\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_as_spreadsheets_write_it(encoding: str, end: str) -> None:
    (line,) = read_roster(WHOLE.replace("\r\n", end).encode(encoding))
    assert (line.line, line.fields, line.surname) == (2, {"staff": "S01", "role": "site_manager"}, "髙﨑")


@pytest.mark.parametrize(
    "raw", [WHOLE.encode("utf-16-le"), "コード,氏".encode("euc-jp"), b"code\n\xff\xfd\x80", b"code\nS\x0001"]
)
def test_another_encoding_is_refused(raw: bytes) -> None:
    refused(raw)


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    refused(table("", "code,role", "S01,worker", "", ",,,", '"S02","wor', 'k"'), "6行目の役割")
    refused(table("code,surname", 'S01,"岡', ""), "2行目を読めません", "引用符")
    refused(table("code,surname", "S01,岡", 'S02,"原"田'), "3行目を読めません")


def test_lines_without_anything_and_cells_left_away() -> None:
    found = fields_of("code,role,vein,", "S01", "", " ,　, ,", "S02,,R8.7.1,")
    assert found == [
        {"staff": "S01"},  # an empty cell says nothing
        {"staff": "S02", "vein_on": date(2026, 7, 1)},
    ]


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\r\n , \r\n", b"code,role\r\n", b"code\n,,\n"])
def test_nothing_to_take_in(raw: bytes) -> None:
    refused(raw)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_bytes(b"code\n" + b"S" * MAX_BYTES)
    for path, word in ((big, "1MB"), (tmp_path, "開けません"), (tmp_path / "none.csv", "ありません")):
        with pytest.raises(Refused, match=word):
            read_bytes(path)
    big.write_bytes(b"x" * MAX_BYTES)
    assert len(read_bytes(big)) == MAX_BYTES


# ---- headings


@pytest.mark.parametrize(
    "names",
    [
        "code,surname,role,deputy,authority,vein,pledge,shift,left,direct_employee,experience",
        "Staff Code,Family Name,ROLE,Deputy-Eligible,operator_authority_on,vein_registration_date,pledge_on,Shift,left_on,Direct Employee,experience",
        "コード,氏,役割,代行,操作者権限,静脈登録,誓約書,勤務,退職日,直接雇用,業務経験",
        "ＳＴＡＦＦ, 姓 ,役職,代行可,terminal_operator,vein_registered,誓約書提出日,勤務時間,退職日,direct,経験",
        "職員 コード,名字,区分,代行者,操作者権限付与日,静脈登録日,pledge_date,シフト,left_date,直接雇用,経験",
    ],
)
def test_headings_in_both_languages(names: str) -> None:
    (line,) = read_roster(table(names, "S01,岡,worker,○,2026-07-01,2026-07-02,2026-06-15,8:15-17:15,2027-03-31,1,0"))
    assert line.surname == "岡"
    assert line.fields == {
        "staff": "S01",
        "role": "worker",
        "deputy": True,
        "authority_on": date(2026, 7, 1),
        "vein_on": date(2026, 7, 2),
        "pledge_on": date(2026, 6, 15),
        "shift_from": "08:15",
        "shift_to": "17:15",
        "left_on": date(2027, 3, 31),
        "direct_employee": True,
        "experience": False,
    }


def test_any_order_and_only_what_the_file_speaks_of() -> None:
    assert fields_of("終業,code,始業", "17:15,S01,8:15") == [
        {"staff": "S01", "shift_from": "08:15", "shift_to": "17:15"}
    ]
    (line,) = read_roster(table("code", "S01"))
    assert (line.fields, line.surname) == ({"staff": "S01"}, None)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("code,tel", ["1行目の2列目", "知らない見出し"]),
        ("code,surname,電話番号", ["3列目", "知らない見出し"]),
        ("code,氏名", ["2列目", "氏だけ"]),
        ("code,full name", ["2列目", "氏だけ"]),
        ("code,surname,staff", ["3列目", "もうあります"]),
        ("code,権限,authority", ["3列目", "もうあります"]),
        ("surname,role", ["職員コード"]),
        ("code,shift,start,end", ["どちらか一方"]),
        ("S01,岡", ["1列目", "知らない見出し"]),
    ],
)
def test_headings_that_are_refused(names: str, words: list[str]) -> None:
    sentence = refused(table(names, "S01,1,2,3"), *words)
    assert not re.search("tel|電話|full name|S01|岡", sentence)


# ---- cells


@pytest.mark.parametrize(
    ("cell", "role"),
    [("general_manager", "general_manager"), ("Site Manager", "site_manager"), ("ＷＯＲＫＥＲ", "worker"), ("なし", "worker"),
     ("統括責任者", "general_manager"), ("現場責任者", "site_manager"), ("業務従事者", "worker"), (" 従事者 ", "worker")],
)  # fmt: skip
def test_roles(cell: str, role: str) -> None:
    assert field("role", cell, "role") == role


@pytest.mark.parametrize("cell", ["代行者", "manager", "1"])
def test_there_are_three_roles(cell: str) -> None:
    """仕様書 5(1)."""
    refused(table("code,role", f"S01,{cell}"), "general_manager", "site_manager", "worker")


def test_yes_and_no() -> None:
    for cell in ("1", "true", "YES", "y", "○", "〇", "可", "はい", "１"):
        assert field("deputy", cell, "deputy") is True, cell
    for cell in ("なし", "0", "False", "no", "Ｎ", "×", "不可", "いいえ"):
        assert field("deputy", cell, "deputy") is False, cell
    assert fields_of("code,direct_employee", "S01,") == [{"staff": "S01"}]  # not known is not no
    for cell in ("2", "△", "たぶん"):
        refused(table("code,deputy", f"S01,{cell}"), "2行目の代行")


@pytest.mark.parametrize(
    "cell",
    ["2026-07-01", "2026/7/1", "2026.7.1", "2026年7月1日", "R8.7.1", "r8/07/01", "Ｒ８．７．１", "令和8年7月1日",
     "令和 8.7.1"],
)  # fmt: skip
def test_dates(cell: str) -> None:
    assert field("vein", cell, "vein_on") == date(2026, 7, 1)


def test_more_dates() -> None:
    assert field("left", "令和元年5月1日", "left_on") == date(2019, 5, 1)
    assert field("left", "なし", "left_on") is None
    for cell in (
        "2026-02-30",
        "R8.13.1",
        "7/1",
        "26-07-01",
        "2026-07",
        "R99.7.1",
        "2026/7-1",
        "○",
        "1985-01-01",
        "99999",
        "2026-07-01 25:00",
        "2026/7/1(木)",
    ):
        refused(table("code,vein", f"S01,{cell}"), "2行目の静脈登録")


@pytest.mark.parametrize("cell", ["08:15-17:15", "8:15〜17:15", "08:15~17:15", "０８：１５－１７：１５", "8:15 ー 17:15", "8:15:00–17:15:00"])  # fmt: skip
def test_shifts(cell: str) -> None:
    (found,) = fields_of("code,勤務", f"S01,{cell}")
    assert found == {"staff": "S01", "shift_from": "08:15", "shift_to": "17:15"}


def test_shifts_that_are_none() -> None:
    assert field("勤務", "なし", "shift_from") is None
    assert fields_of("code,勤務", "S01,") == [{"staff": "S01"}]
    for cell in ("8:15", "早番", "8:15-25:00", "17:15-8:15", "9:00-9:00"):
        refused(table("code,勤務", f"S01,{cell}"), "2行目")
    refused(table("code,始業,終業", "S01,8:15,"), "片方")


def test_surnames() -> None:
    def surname(cell: str) -> str | None:
        return read_roster(table("code,surname", f"S01,{cell}"))[0].surname

    assert surname("　佐々木 ") == "佐々木"
    assert surname("ｻﾄｳ") == "サトウ"
    assert surname("辻\U000e0100") == "辻"
    assert surname("Nguyen") == "Nguyen"
    assert surname("") == ""
    for cell, word in (
        ("山田 太郎", "氏だけにしてください"),
        ("山田　太郎", "氏だけにしてください"),
        ("勅使河原勅使河原勅使河原", "10字"),
        ("山田2", "文字でない"),
        ("山田_", "文字でない"),
        ("=山田", "文字でない"),
    ):
        assert cell not in refused(table("code,surname", f"S01,{cell}"), "2行目の氏", word)


def test_codes() -> None:
    assert fields_of("code", "Ｓ０１", "a.b-c_1") == [{"staff": "S01"}, {"staff": "a.b-c_1"}]
    for cell in ("岡", "S 01", "S0123456789012345"):
        refused(table("code,role", f"{cell},worker"), "2行目の職員コード")
    refused(table("code,role", ",worker"), "2行目の職員コード", "空です")
    refused(table("code", "S01", "S02", "s01"), "4行目", "同じコードが2行目")


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("code,surname", "090-1234-5678,岡"),
        ("code,surname", "AB1234567,岡"),
        ("code,surname", "S01,岡 taro@example.jp"),
        ("code,surname", "S01,〇九〇一二三四五六七八"),
        ("code,pledge", "S01,621498320257"),
        ("code,shift", "S01,048-524-1111"),
        ("code,", "S01,048-524-1111"),
        ("code", "S01,048-524-1111"),
    ],
)
def test_personal_data_is_refused_in_any_cell(names: str, cells: str) -> None:
    """仕様書 12(4)."""
    sentence = refused(table(names, cells), "2行目", "個人情報")
    assert not any(c in sentence for c in cells.split(",") if c)


def test_a_cell_without_a_heading_is_refused() -> None:
    refused(table("code,role,", "S01,worker,早番"), "2行目の3列目", "見出しのない列")
    refused(table("code,role", "S01,worker,早番"), "2行目の3列目")


def test_the_first_bad_line_and_how_many_more() -> None:
    raw = table("code,role,vein", "S01,worker,", "S02,boss,zz", "S03,worker,zz", "S04,,", "S05,x,")
    refused(raw, "3行目の役割", "ほかの2行")
    assert "ほかの" not in refused(table("code,role", "S01,worker", "S02,boss"), "3行目の役割")


# ---- appointments


def test_appointments() -> None:
    lines = read_appointments(
        table("件数,日付,時刻,枚数", "3,2026-09-15,9:00,", "1,R8.9.15,09:00,2", "0,2026/9/14,16:20:00,1")
    )
    assert lines == [
        AppointmentLine(2, date(2026, 9, 15), "09:00", 1, 3),
        AppointmentLine(3, date(2026, 9, 15), "09:00", 2, 1),
        AppointmentLine(4, date(2026, 9, 14), "16:20", 1, 0),
    ]
    assert slots_by_day(lines) == {
        date(2026, 9, 14): [],
        date(2026, 9, 15): [{"time": "09:00", "cards": 1, "count": 3}, {"time": "09:00", "cards": 2, "count": 1}],
    }


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["date,time,cards", "2026-09-15,09:00,1"], ["「件数」の列がありません"]),
        (["date,time,cards,count,name", "2026-09-15,09:00,1,1,x"], ["5列目"]),
        (["date,time,cards,count", "2026-09-15,09:00,1,"], ["2行目の件数"]),
        (["date,time,cards,count", "2026-09-15,09:00,1,1000"], ["2行目の件数"]),
        (["date,time,cards,count", "2026-09-15,09:00,0,1"], ["2行目の枚数"]),
        (["date,time,cards,count", "2026-09-15,09:00,1,2.0"], ["2行目の件数"]),
        (["date,time,cards,count", "2026-09-15,09:00,1,-1"], ["2行目の件数"]),
        (["date,time,cards,count", "2026-09-15,朝,1,1"], ["2行目の時刻"]),
        (["date,time,cards,count", ",09:00,1,1"], ["2行目の日付", "空です"]),
        (["date,time,cards,count", "2026-09-15,,1,1"], ["2行目の時刻", "空です"]),
        (["date,time,cards,count", "2026-09-15,09:00,1,1", "2026-09-15,9:00,,2"], ["3行目", "2行目にあります"]),
    ],
)
def test_appointments_that_are_refused(lines: list[str], words: list[str]) -> None:
    refused(table(*lines), *words, read=read_appointments)


def test_unusual_appointments_are_said(site: Site) -> None:
    calendar = Calendar(site)

    def said(*lines: str) -> list[str]:
        return unusual(read_appointments(table("date,time,cards,count", *lines)), calendar)

    assert said("2026-09-14,09:00,1,1", "2026-09-14,16:30,1,1", "2026-09-13,07:00,1,0") == []
    (closed,) = said("2026-09-14,09:00,1,1", "2026-09-13,10:00,1,1", "2026-09-13,11:00,1,1", "2026-07-01,10:00,1,1")
    assert "2日分" in closed
    assert "3行目" in closed
    (outside,) = said("2026-09-14,08:50,1,1", "2026-09-14,16:40,1,1")
    assert "2行あります" in outside
    assert "9:00〜16:30" in outside


# ---- no refusal repeats a cell


MARK = "鑫䨺ゑξ"  # in no sentence of ours
_secret = st.one_of(
    st.builds(lambda a, m, b: f"{a}{m}{b}", st.text(max_size=4), st.sampled_from(MARK), st.text(max_size=4)),
    st.from_regex(r"[0-9]{5,16}", fullmatch=True),
    st.sampled_from(["090-1234-5678", "taro@example.jp", "621498320257", "S01", "worker", "2026-07-01", "○", ""]),
)
_headings = st.lists(
    st.sampled_from(
        ["code", "氏", "role", "deputy", "vein", "shift", "date", "time", "cards", "count", "", f"x{MARK}"]
    ),
    min_size=1,
    max_size=6,
)


@given(
    names=st.one_of(_headings, st.just(["code", "氏", "role", "vein"]), st.just(["date", "time", "cards", "count"])),
    rows=st.lists(st.lists(_secret, max_size=6), max_size=5),
)
def test_no_refusal_repeats_a_cell(names: list[str], rows: list[list[str]]) -> None:
    raw = "\r\n".join(",".join(row) for row in [names, *rows]).encode("utf-8", "replace")
    for read in (read_roster, read_appointments):
        try:
            read(raw)
        except Refused as e:
            shown = f"{e.sentence} {e!r} {e.__context__ if not e.__suppress_context__ else ''}"
            assert not set(MARK) & set(shown), shown
            for number in re.findall(r"\d{5,}", " ".join(c for row in rows for c in row)):
                assert number not in shown
            assert "1234" not in shown
            assert "example" not in shown


@given(
    raw=st.binary(max_size=80),
    start=st.sampled_from([b"", b"code,role\n", b"date,time,cards,count\n", "コード,氏\n".encode("cp932")]),
)
def test_whatever_the_bytes_a_table_is_read_or_refused(raw: bytes, start: bytes) -> None:
    for read in (read_roster, read_appointments):
        try:
            read(start + raw)
        except Refused as e:
            assert "\n" not in e.sentence
