"""Memos: what a typed line means, when one comes up."""

from __future__ import annotations

import pytest

from floorctl.models.board.memo_alerts import memo_alerts
from floorctl.models.board.memo_line import MemoLine, read_memo
from floorctl.models.board.memos import open_memos, owner_of
from tests.story import a_day, instant

NOW = instant("10:05")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("10:30 C1に折り返し", MemoLine("C1に折り返し", "10:30")),
        ("１０：３０　Ｃ１に折り返し", MemoLine("Ｃ１に折り返し", "10:30")),
        ("10時半に電話", MemoLine("電話", "10:30")),
        ("13時 S03 掲示を外す", MemoLine("掲示を外す", "13:00", "S03")),
        ("13時05分 掲示を外す s03", MemoLine("掲示を外す", "13:05", "S03")),
        ("20分後 C1に折り返し", MemoLine("C1に折り返し", "10:25")),
        ("11:00まで待つ人がいる", MemoLine("11:00まで待つ人がいる", "11:00")),
        ("10:30", MemoLine("", "10:30")),
        ("午後1時 C1に折り返し", MemoLine("C1に折り返し", "13:00")),
        ("正午に放送", MemoLine("放送", "12:00")),
        ("１時間半後 C1に折り返し", MemoLine("C1に折り返し", "11:35")),
        ("15時10分前に放送", MemoLine("放送", "14:50")),
        ("10:30前に電話", MemoLine("10:30前に電話", "10:30")),
        ("S03 10:30 電話", MemoLine("電話", "10:30", "S03")),
        ("10:30、B-2、電話", MemoLine("電話", "10:30", "b-2")),
        ("10:30 S03 に電話", MemoLine("S03 に電話", "10:30")),
        # What is no reminder stays as it was typed.
        ("9:30 電源を入れた", MemoLine("9:30 電源を入れた", past="09:30")),
        ("10:30-11:00 会議", MemoLine("10:30-11:00 会議")),
        ("3時間待ちの人", MemoLine("3時間待ちの人")),
        ("S03 掲示を外す", MemoLine("S03 掲示を外す")),
        ("1030 枚を数えた", MemoLine("1030 枚を数えた")),
        ("机を10:30に動かす", MemoLine("机を10:30に動かす")),
    ],
)
def test_a_line_is_read_as_it_is_meant(typed: str, wanted: MemoLine) -> None:
    assert read_memo(typed, NOW, {"S03", "S04", "b-2"}) == wanted


def test_a_surname_of_the_roster_is_the_owner_and_leaves_the_text() -> None:
    names = {"S03": "岡崎", "S04": "林", "b-2": "林"}
    for typed in ("10:30 岡崎 電話", "10:30 電話 岡崎", "岡崎さん 10:30 電話"):
        assert read_memo(typed, NOW, names.keys(), names) == MemoLine("電話", "10:30", "S03")
    assert read_memo("10:30 林 電話", NOW, names.keys(), names).owner is None, "two have this surname"


def test_a_memo_comes_up_before_its_time_moves_and_is_done() -> None:
    def told(at: str) -> list[tuple[str, str]]:
        return [(a.severity, a.text) for a in memo_alerts(story.floor(at), instant(at), str)]

    story = a_day().opens("08:30").tells("charge.taken", "08:40", "console", charge="site_manager", staff="S00")
    story.tells("memo.written", "09:00", "console", text="折り返し", due="10:30")
    assert told("10:24") == []
    assert told("10:25") == [("info", "10:30 折り返し")]
    assert told("10:32") == [("warning", "10:30 折り返し（2分過ぎ）")]
    (memo,) = open_memos(story.floor("10:32"))
    assert owner_of(story.floor("10:32"), memo) == "S00", "without an owner it is for whoever holds the charge"
    story.tells("memo.moved", "10:33", "console", memo=memo.key[1], due="10:50", owner="S03")
    assert told("10:40") == []
    assert told("10:50") == [("warning", "10:50 S03 折り返し")]
    story.tells("memo.done", "10:51", "console", memo=memo.key[1])
    assert (told("10:52"), story.anomalies()) == ([], {})


def test_what_became_of_a_memo_in_the_instant_in_which_it_was_written_holds() -> None:
    story = a_day().tells("memo.written", "09:00", "console", text="折り返し", due="10:30")
    story.tells("memo.done", "09:00", "console", memo="f-00001")
    assert (open_memos(story.floor()), story.anomalies()) == ([], {})
