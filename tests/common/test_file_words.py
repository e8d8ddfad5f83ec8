"""Names of files and sources on the board: a long one keeps its beginning and its end."""

from __future__ import annotations

import pytest

from floorctl.common.words import file_word


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("kiosk", "kiosk"),
        ("log_20260914_2nd.csv", "log_20260914_2nd.csv"),
        ("ticket-machine-of-the-main-hall-1", "ticket-ma…in-hall-1"),
        ("窓口待ち状況(2026-09-14).csv", "窓口待ち…9-14).csv"),
    ],
)
def test_a_long_name_loses_its_middle(name: str, word: str) -> None:
    assert file_word(name) == word
