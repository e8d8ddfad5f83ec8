"""What people can do, as a roster has it: one cell of words, or a column of marks for each skill of the site."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from floorctl.common.errors import Refused
from floorctl.intake.csv_registers import RosterLine, read_roster
from tests.story import kumagaya

SKILLS = kumagaya().skills


def read(*lines: str) -> list[RosterLine]:
    return read_roster("\r\n".join(lines).encode("utf-8-sig"), skills=SKILLS)


def skills(heading: str, *cells: str) -> list[Any]:
    return [x.fields.get("skills", "kept") for x in read(heading, *(f"S{n},{c}" for n, c in enumerate(cells, 1)))]


@pytest.mark.parametrize(
    "cell",
    [
        "交付・電子証明書",
        "電子証明書／交付",
        "issuance/certificate",
        '"交付、電子証明書"',
        "交付 電子証明書",
        "交付･電子証明書",
        "交付、証明書",
        "証明／交付",
    ],
)
def test_a_cell_of_words(cell: str) -> None:
    assert skills("職員コード,できる業務", cell) == [("issuance", "certificate")]


def test_the_word_for_everything_is_every_skill_and_a_part_of_two_names_is_none() -> None:
    assert skills("code,skills", "全業務", "すべて") == [tuple(x.code for x in SKILLS)] * 2
    two = (replace(SKILLS[0], name="交付窓口"), replace(SKILLS[1], name="証明窓口"))
    with pytest.raises(Refused, match="会場設定にない技能です"):
        read_roster("code,skills\nS1,窓口".encode(), skills=two)


def test_an_empty_cell_keeps_and_the_word_erases() -> None:
    assert skills("code,skills", "案内", "", "なし") == [("guidance",), "kept", None]
    assert read("code,技能", "S1,")[0].empty == {"skills"}


def test_a_column_of_marks_for_each_skill() -> None:
    heading = "職員コード,交付,電子証明書,申請サポート,案内,新人"
    found = read(heading, "S1,○,×,,○,", "S2,,,,,○", "S3,1,◎,●,☑,×")
    assert [x.fields.get("skills", "kept") for x in found] == [
        ("issuance", "guidance"),
        "kept",
        ("issuance", "certificate", "application", "guidance"),
    ]
    assert [x.fields.get("newcomer", "kept") for x in found] == ["kept", True, False]


def test_a_column_may_be_headed_by_a_part_of_the_name() -> None:
    assert read("職員コード,交付,証明書,申請", "S1,○,○,")[0].fields["skills"] == ("issuance", "certificate")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("code,skills", "S1,交付", "S2,溶接"), "3行目を取り込めません: 会場設定にない技能です"),
        (("code,skills", "S1,・"), "2行目のできる業務を取り込めません"),
        (("code,交付,案内", "S1,×,×"), "2行目を取り込めません: 技能の列のどれにも○がありません"),
        (("code,交付", "S1,できる"), "2行目の交付を取り込めません"),
        (("code,skills,交付", "S1,交付,○"), "できる業務の列と、技能ごとの○の列の両方があります"),
    ],
)
def test_a_mistake_is_told_by_its_line_without_the_cell(lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(Refused) as refused:
        read(*lines)
    assert words.split(": ")[-1] in refused.value.sentence
    assert words.split(": ")[0] in refused.value.sentence
    assert "溶接" not in refused.value.sentence


def test_a_site_without_skills_says_so() -> None:
    with pytest.raises(Refused, match="会場設定に技能がありません"):
        read_roster(b"code,skills\r\nS1,\xe4\xba\xa4\xe4\xbb\x98\r\n")
