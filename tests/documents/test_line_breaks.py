"""Names are broken between their words, never in the middle of one where the words can be told."""

from __future__ import annotations

import pytest

from floorctl.documents.layout.line_breaks import balanced, broken


@pytest.mark.parametrize(
    ("name", "width", "lines"),
    [
        ("電子証明書", 8, ["電子", "証明書"]),
        ("申請サポート", 8, ["申請", "サポート"]),
        ("人数合わせ", 8, ["人数", "合わせ"]),
        ("呼出し（人）", 8, ["呼出し", "（人）"]),
        ("マイナ・アシスト2", 14, ["マイナ・", "アシスト2"]),
        ("個人情報の漏えい・紛失・目的外使用", 14, ["個人情報の", "漏えい・紛失・", "目的外使用"]),
        ("電子証明書発行・更新の可否判断", 24, ["電子証明書発行・更新の", "可否判断"]),
        ("R8.7.30 午後2:12", 12, ["R8.7.30", "午後2:12"]),
        ("登録支援", 8, ["登録支援"]),
        ("提案どおり", 8, ["提案", "どおり"]),
    ],
)
def test_names_are_broken_between_words(name: str, width: float, lines: list[str]) -> None:
    assert list(broken(name, width)) == lines
    assert set(balanced(name, 8).split("\n")) <= set(lines) or width > 8


def test_a_sentence_fills_its_lines_and_a_word_too_long_is_cut() -> None:
    assert list(broken("電子証明書の待ちが長い、と言われた。", 16)) == ["電子証明書の待ち", "が長い、と言われ", "た。"]
    assert next(broken("救急隊に引き継いだ　追記: R8.9.15 異状なし", 24)).endswith("追記:")
    assert list(broken("平均待ちは、2.5分短く", 16)) == ["平均待ちは、", "2.5分短く"], "a number keeps its unit"
    assert list(broken("アシスタントセンター", 8)) == ["アシスタ", "ントセン", "ター"]


def test_a_colon_begins_no_line_and_a_sign_stays_with_its_figure() -> None:
    assert list(broken("件数の違い 対象: T3", 14)) == ["件数の違い 対", "象: T3"]
    assert list(broken("追記、三件の対象: T3、窓口", 16)) == ["追記、三件の対象:", " T3、窓口"]
    assert list(broken("署名用電子証明 +2件", 15)) == ["署名用電子証明", "+2件"]


@pytest.mark.parametrize("width", [0.3, 1, 1.9])
def test_a_column_narrower_than_a_sign_has_one_on_each_line(width: float) -> None:
    assert balanced("受付", width) == "受\n付"
