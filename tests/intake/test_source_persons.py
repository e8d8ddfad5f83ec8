"""Refuse rows of a machine that tell of persons: nobody reads them before they are stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.models.site.site import Site
from tests.sources import Machine

NUMBERED = """
heading = false
columns = { time = 1, ticket = 2, service = 3 }
facts = [{ kind = "ticket.issued" }]
"""

NOTED = """
heading = false
columns = { time = 1, escalation = 2, note = 3 }
facts = [{ kind = "escalation.raised", matter = { value = "fee" } }]
"""

WITH_ID = """
heading = false
columns = { time = 1, ticket = 2, service = 3, id = 4 }
facts = [{ kind = "ticket.issued" }]
"""

PERSONS = "個人情報は記録できません"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("小鳥遊花子", "番号に数字がありません"),
        ("佐藤", f"番号に氏名らしい語が含まれています。{PERSONS}"),
        ("サイトウサチコ", "番号に数字がありません"),
        ("YAMADA TARO", "番号に数字がありません"),
        ("熊谷市宮町二丁目47番地1", f"番号に住所らしい語が含まれています。{PERSONS}"),
        ("昭和45年3月1日", f"番号に生年月日らしい語が含まれています。{PERSONS}"),
    ],
)
def test_a_machine_that_writes_one_column_more_stores_no_names_as_numbers(
    site: Site, tmp_path: Path, cell: str, why: str
) -> None:
    machine = Machine(NUMBERED, site, tmp_path)
    assert machine.said(f"2026-09-14 9:00,{cell},other\n") == [(1, f"2列目：{why}")]


@pytest.mark.parametrize("cell", ["B041", "7", "交付12", "あ-3", "予約023番", "窓1"])
def test_numbers_of_tickets_in_any_script_are_numbers(site: Site, tmp_path: Path, cell: str) -> None:
    assert len(Machine(NUMBERED, site, tmp_path).facts(f"2026-09-14 9:00,{cell},other\n")) == 1


def test_notes_of_a_machine_have_no_names(site: Site, tmp_path: Path) -> None:
    machine = Machine(NOTED, site, tmp_path)
    said = f"3列目：メモに氏名らしい語が含まれています。{PERSONS}"
    assert machine.said(
        "2026-09-14 9:00,E-1,佐藤様の手数料\n2026-09-14 9:01,E-2,手数料の確認\n2026-09-14 9:02,佐藤,手数料\n"
    ) == [
        (1, said),
        (3, f"2列目：氏名らしい語が含まれています。{PERSONS}"),
    ]


def test_a_name_is_no_number_of_a_row(site: Site, tmp_path: Path) -> None:
    machine = Machine(WITH_ID, site, tmp_path)
    assert machine.said(
        "2026-09-14 9:00,1,other,小鳥遊花子\n2026-09-14 9:01,2,other,佐藤様1\n2026-09-14 9:02,3,other,受付-3\n"
    ) == [
        (1, "4列目：行の番号に数字がありません"),
        (2, f"4列目：氏名らしい語が含まれています。{PERSONS}"),
    ]
