"""Rules of memos: which can be done or moved, and those of the days before."""

from __future__ import annotations

from datetime import date

from floorctl.usecases.memos_before import memos_before
from tests.story import Desk


def test_only_an_open_memo_is_done_or_moved(desk: Desk) -> None:
    (plain,) = desk.does("memo.written", text="雨")
    (asked,) = desk.does("memo.written", text="折り返し", due="15:00")
    for kind, more in (("memo.done", {}), ("memo.moved", {"due": "15:30"})):
        desk.refused(lambda k=kind, m=more: desk.does(k, memo=plain.fact.id, **m), "メモではありません")
    desk.does("memo.done", memo=asked.fact.id)
    desk.refused(lambda: desk.does("memo.done", memo=asked.fact.id), "済んでいます")


def test_a_time_that_is_over_is_refused_but_an_overdue_memo_gets_another_owner(desk: Desk) -> None:
    desk.at("09:00").refuses("memo.written", "8:30 は過ぎています", text="折り返し", due="08:30")
    (asked,) = desk.does("memo.written", text="折り返し", due="09:30")
    desk.at("10:00").refuses("memo.moved", "9:40 は過ぎています", memo=asked.fact.id, due="09:40")
    assert desk.does("memo.moved", memo=asked.fact.id, due="09:30", owner="S01")


def test_an_owner_stands_on_the_roster_where_there_is_one(desk: Desk) -> None:
    (asked,) = desk.does("memo.written", text="折り返し", due="15:00", owner="S99")
    desk.does("staff.registered", staff="S01")
    desk.refuses("memo.written", "名簿にない", text="掲示", owner="S99")
    desk.refuses("memo.moved", "名簿にない", memo=asked.fact.id, due="15:30", owner="S98")
    desk.does("memo.moved", memo=asked.fact.id, due="15:30", owner="S01")


def test_a_memo_that_was_left_open_is_found_on_a_later_day_and_done_there(desk: Desk) -> None:
    (asked,) = desk.opens().does("memo.written", text="折り返し", due="16:00")
    wednesday = date(2026, 9, 16)
    desk.at("08:20", wednesday)
    left = memos_before(desk.session.store, desk.site, wednesday)
    assert [m.text for m in left.values()] == ["折り返し"]
    desk.refused(lambda: desk.does("memo.moved", memo=asked.fact.id, due="09:30"), "前の日のメモ")
    assert memos_before(desk.session.store, desk.site, date(2026, 9, 28)).keys() == left.keys(), (
        "the hall may be closed for ten days"
    )
    desk.does("memo.done", memo=asked.fact.id)
    assert [*desk.floor.settled_before] == [asked.key]
    desk.refused(lambda: desk.does("memo.done", memo=asked.fact.id), "済んでいます")
    assert memos_before(desk.session.store, desk.site, date(2026, 9, 17)) == {}
