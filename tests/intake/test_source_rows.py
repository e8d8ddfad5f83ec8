"""Rows of described files: a damaged one is refused by itself, and no file takes more than bounded time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floorctl.common.errors import FloorctlError
from floorctl.intake.sources.table import MOST_BYTES, DoesNotFit
from floorctl.models.site.site import Site
from tests.sources import PLAIN, TODAY, Machine, briefly

HEADED = """
columns = { time = "発券時刻", ticket = "番号", service = "業務" }
facts = [{ kind = "ticket.issued" }]
"""
ROW = "2026-09-14 09:0{n}:00,B00{n},cert_renewal"


def rows(*numbers: int, end: str = "\n") -> str:
    return "".join(ROW.format(n=n) + end for n in numbers)


@pytest.fixture
def plain(site: Site, tmp_path: Path) -> Machine:
    return Machine(PLAIN, site, tmp_path)


@pytest.fixture
def headed(site: Site, tmp_path: Path) -> Machine:
    return Machine(HEADED, site, tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le"])
def test_the_encoding_is_found(headed: Machine, encoding: str) -> None:
    """In UTF-8 with and without a mark, in Shift_JIS, in UTF-16: the same facts."""
    text = "発券時刻,番号,業務\r\n" + rows(1, 2, end="\r\n")
    assert briefly(headed.facts(text, encoding)) == ["ticket.issued B001 09:01:00", "ticket.issued B002 09:02:00"]


@pytest.mark.parametrize("encoding", ["cp932", "utf-16", "euc-jp", "utf-8"])
def test_a_named_encoding_is_read(site: Site, tmp_path: Path, encoding: str) -> None:
    machine = Machine(f'encoding = "{encoding}"\n{HEADED}', site, tmp_path)
    assert len(machine.facts("発券時刻,番号,業務\n" + rows(1, 2), encoding)) == 2


@pytest.mark.parametrize(("encoding", "bad"), [("utf-8", b"\xe3\x81"), ("cp932", b"\x85\x7f"), ("euc-jp", b"\xa4")])
def test_a_byte_that_is_no_character_spoils_its_row_alone(
    site: Site, tmp_path: Path, encoding: str, bad: bytes
) -> None:
    machine = Machine(f'encoding = "{encoding}"\n{HEADED}', site, tmp_path)
    head = "発券時刻,番号,業務\n".encode(encoding)
    raw = head + rows(1).encode() + ROW.format(n=2).encode() + b",\x20" + bad + b"\n" + rows(3).encode()
    assert briefly(machine.found(raw)) == [
        "ticket.issued B001 09:01:00",
        "行 3 文字コードにない文字があります",
        "ticket.issued B003 09:03:00",
    ]


def test_one_bad_byte_does_not_change_the_encoding_that_is_found(headed: Machine) -> None:
    raw = "発券時刻,番号,業務\n".encode() + "2026-09-14 09:01:00,B001,cert_renewal,受付\n".encode() * 20
    assert headed.said(raw + b"2026-09-14 09:02:00,B002,cert_renewal,\xe5\x8f\n") == [
        (22, "文字コードにない文字があります")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way(plain: Machine, end: str) -> None:
    assert len(plain.facts(rows(1, 2, 3, end=end))) == 3


def test_quoted_cells_hold_separators_quotes_and_line_breaks(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        'heading = false\ncolumns = { time = 2, ticket = 3, service = 4 }\nfacts = [{ kind = "ticket.issued" }]',
        site,
        tmp_path,
    )
    text = '"a,\n""b""\n",2026-09-14 09:01:00,"B001","cert_renewal"\n,2026-09-14 09:02:00,="B002",cert_renewal\n'
    found = machine.found(text)
    assert briefly(found) == ["ticket.issued B001 09:01:00", "ticket.issued B002 09:02:00"]
    assert [x.number for x in found] == [1, 4]


def test_a_quote_that_is_never_closed_spoils_its_row_alone(plain: Machine) -> None:
    text = rows(1) + '2026-09-14 09:02:00,"B002,cert_renewal\n' + rows(3, 4, 5)
    assert briefly(plain.found(text)) == [
        "ticket.issued B001 09:01:00",
        '行 2 引用符（"）が閉じていません',
        *(f"ticket.issued B00{n} 09:0{n}:00" for n in (3, 4, 5)),
    ]


def test_blank_rows_and_preallocated_space_say_nothing(plain: Machine) -> None:
    text = "\n" + rows(1) + "\n , ,\n,,\n　,\n" + "\0" * 200 + "\n" + rows(2) + "\0" * 500
    assert briefly(plain.found(text)) == ["ticket.issued B001 09:01:00", "ticket.issued B002 09:02:00"]


def test_a_control_character_inside_is_refused(plain: Machine) -> None:
    assert plain.said("2026-09-14 09:01:00,B0\x0001,cert_renewal\n") == [(1, "使えない制御文字があります")]


def test_cells_missing_at_the_end_are_empty(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        "heading = false\ncolumns = { time = 1, ticket = 2, service = 3, cards = 65 }\n"
        'facts = [{ kind = "ticket.issued" }]',
        site,
        tmp_path,
    )
    full = ROW.format(n=2) + "," * 62 + "2枚"
    assert [f.fields()["cards"] for f in machine.facts(ROW.format(n=1) + "\n" + full)] == [1, 2]
    assert machine.said("2026-09-14 09:01:00\n") == [(1, "2列目：番号が空です")]


# ---- headings --------------------------------------------------------------------------------------------------------


def test_title_lines_stand_above_the_heading(headed: Machine) -> None:
    text = '窓口状況\n\n2026年9月14日(月)\n\n 発券時刻 ,番号,"業\n務",備考\n9:01,B001,cert_renewal,\n'
    headed_in_two = text.replace('"業\n務"', "業務")
    assert briefly(headed.facts(headed_in_two)) == ["ticket.issued B001 09:01:00"]


def test_a_heading_in_full_width_or_with_spaces_is_the_same(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        'columns = { time = "Time (1)", ticket = "No", service = "業務" }\nfacts = [{ kind = "ticket.issued" }]',
        site,
        tmp_path,
    )
    assert len(machine.facts("Ｔｉｍｅ （1）, Ｎｏ ,業務\n" + rows(1))) == 1


def test_a_heading_that_comes_again_is_no_row(headed: Machine) -> None:
    text = ("発券時刻,番号,業務\n" + rows(1)) * 2
    assert briefly(headed.found(text)) == ["ticket.issued B001 09:01:00"] * 2


def test_a_missing_heading_refuses_the_file_in_one_sentence(headed: Machine) -> None:
    with pytest.raises(DoesNotFit) as refused:
        headed.found("発券時刻,整理番号,業務\n" + rows(1))
    assert str(refused.value) == (
        "入力元 machine のファイルを読めません（見出しに「番号」の列がありません）。"
        "ファイルの見出しと入力元の説明（columns など）を合わせてください。"
    )


def test_a_heading_that_stands_twice_is_refused_only_where_it_is_used(headed: Machine) -> None:
    assert len(headed.facts("発券時刻,番号,業務,備考,備考\n" + rows(1))) == 1
    with pytest.raises(DoesNotFit, match="「番号」の列が2つあります"):
        headed.found("発券時刻,番号,業務,番号\n" + rows(1))


def test_columns_may_change_their_order_under_a_heading(headed: Machine) -> None:
    one = headed.facts("発券時刻,番号,業務\n" + rows(1))
    other = headed.facts("備考,業務,番号,発券時刻\n,cert_renewal,B001,2026-09-14 09:01:00\n")
    assert one == other


def test_a_bad_byte_in_the_heading_of_another_column_is_nobody_s_trouble(headed: Machine) -> None:
    raw = "発券時刻,番号,業務,備考".encode() + b"\xe3\n" + rows(1).encode()
    assert briefly(headed.found(raw)) == ["ticket.issued B001 09:01:00"]
    spoilt = "発券時刻,番号".encode() + b"\xe3" + ",業務\n".encode() + rows(1).encode()
    with pytest.raises(DoesNotFit, match="見出しに「番号」の列がありません"):
        headed.found(spoilt)


def test_an_empty_file_says_nothing(headed: Machine) -> None:
    assert headed.grown("") == []
    assert headed.grown("\n") == []


# ---- other forms -----------------------------------------------------------------------------------------------------


def test_cells_of_fixed_width_are_counted_in_bytes(site: Site, tmp_path: Path) -> None:
    """Full-width characters take two bytes in Shift_JIS; a cell that cuts one in two is refused."""
    machine = Machine(
        'form = "fixed"\nencoding = "cp932"\nskip_lines = 1\n'
        'columns = { day = "1-8", time = "9-14", service = "15-24", ticket = "25-28" }\n'
        'facts = [{ kind = "ticket.issued" }]\ncodes.service = { "証明更新" = "cert_renewal" }',
        site,
        tmp_path,
    )
    text = "見出し\r\n20260914090100証明更新  B001\r\n20260914090200Ａ証明更新 B002\r\n\r\n20260914 90300証明更新  B003\r\n"
    assert briefly(machine.found(text, "cp932")) == [
        "ticket.issued B001 09:01:00",
        "行 3 15-24：コード表（codes.service）にも会場設定にもない値です",
        "ticket.issued B003 09:03:00",
    ]
    cut = "見出し\r\n20260914090100証明更新 証B01\r\n".encode("cp932")
    assert machine.said(cut) == [(2, "15-24：文字コードにない文字があります")]


def test_tabs_and_semicolons_separate(site: Site, tmp_path: Path) -> None:
    tsv = Machine(f'form = "tsv"\n{PLAIN}', site, tmp_path)
    assert len(tsv.facts(rows(1, 2).replace(",", "\t"))) == 2
    semicolon = Machine(f'separator = ";"\n{PLAIN}', site, tmp_path)
    assert len(semicolon.facts(rows(1, 2).replace(",", ";"))) == 2


# ---- bounds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("," * 1_000_000, id="a million columns"),
        pytest.param('"' + "a" * 5_000_000, id="a cell without end"),
        pytest.param('"\n' * 100_000, id="quotes that are never closed"),
        pytest.param('"a\n' * 100_001, id="open quotes in each line"),
        pytest.param("2026-09-14 09:01:00," + "9" * 10_000_000 + ",cert_renewal", id="a number of ten million digits"),
        pytest.param("9" * 60_000 + ",B001,cert_renewal", id="a time of many digits"),
        pytest.param("ﷺ" * 60_000 + ",B001,cert_renewal", id="a cell that grows eighteenfold"),
    ],
)
def test_no_row_is_without_bound(plain: Machine, text: str) -> None:
    began = time.process_time()
    found = plain.found(text + "\n" + rows(1))
    assert time.process_time() - began < 8
    assert briefly(found)[-1] == "ticket.issued B001 09:01:00"
    assert all(len(said) < 200 for said in briefly(found))


def test_a_file_beyond_the_bound_is_refused_unread(plain: Machine) -> None:
    with plain.path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(FloorctlError, match="大きすぎます（128 MB まで）"):
        next(plain.reader.read(plain.path, TODAY))


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_sentence(site: Site, tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for text in (PLAIN, HEADED, f'form = "tsv"\n{PLAIN}'):
        try:
            found = Machine(text, site, folder).found(raw)
        except DoesNotFit as e:
            assert str(e)
        else:
            assert all(x.number > 0 for x in found)


@pytest.mark.parametrize("size", [1, 20, 60])
def test_a_quoted_row_over_the_end_of_a_block_is_one(
    plain: Machine, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    text = (
        rows(1)
        + '2026-09-14 09:02:00,B002,cert_renewal,"a\nb\nc"\n'
        + rows(3)
        + '2026-09-14 09:04:00,"B004\n'
        + rows(5)
    )
    whole = plain.found(text)
    monkeypatch.setattr("floorctl.intake.sources.lines.BLOCK", size)
    assert plain.found(text) == whole
    assert [x.number for x in whole] == [1, 2, 5, 6, 7]
