"""Keys of the board for terminals and tickets: what was pressed stands in the file afterwards, as a fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.harness import console, joined, open_day
from tests.story import Story, kumagaya

DAY = open_day()


def waiting(*tickets: str, at: str = "09:00") -> Story:
    """Tickets that wait: A numbers for a card, B numbers for a certificate."""
    story = Story(prefix="w")
    for ticket in tickets:
        story.issues(ticket, "card_issuance" if ticket.startswith("A") else "cert_renewal", at)
    return story


def serving(terminal: str, ticket: str, at: str = "09:01") -> Story:
    """A ticket at a terminal."""
    story = waiting(ticket)
    story.prefix = f"s{terminal}"
    for line in story.lines:
        line["id"] = f"i{terminal}"
    return story.calls(ticket, terminal, at)


# ---- moving a terminal


async def test_a_free_terminal_moves_at_once(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("4", "right")
        assert c.wrote() == [("terminal.assigned", {"terminal": "T4", "lane": "certificate", "reason": ""})]
        assert f"{c.last().fact.at:%H:%M}" == "09:05"
        floor, _ = c.told()
        assert (floor.terminals["T4"].lane, floor.terminals["T4"].next_lane) == ("certificate", None)
        assert c.message == "T4 を 電子証明書 へ移しました   u 取消"
        c.sees("個人番号カード交付   2台", "電子証明書   6台")
        await c.press("left")
        assert c.told()[0].terminals["T4"].lane == "issuance"
        c.sees("個人番号カード交付   3台", "T4 を 交付 へ移しました")


async def test_a_serving_terminal_moves_after_its_ticket(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, serving("T4", "A001")), at="09:05") as c:
        await c.press("4", "right")
        t = c.told()[0].terminals["T4"]
        assert (t.lane, t.next_lane, t.ticket) == ("issuance", "certificate", "A001")
        assert c.message.startswith("T4 は A001 が終わりしだい 電子証明書 へ移ります")
        c.sees("個人番号カード交付   3台", "次 電子証")
        await c.press("d")
        t = c.told()[0].terminals["T4"]
        assert (t.lane, t.next_lane, t.ticket) == ("certificate", None, None)
        c.sees("個人番号カード交付   2台", "電子証明書   6台")
        assert "次 電子証" not in c.text()


async def test_a_move_that_has_not_happened_yet_is_taken_back_by_the_other_arrow(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, serving("T4", "A001")), at="09:05") as c:
        await c.press("4", "right", "left")
        t = c.told()[0].terminals["T4"]
        assert (t.lane, t.next_lane) == ("issuance", None)
        assert "次 電子証" not in c.text()


async def test_outside_the_band_the_reason_is_asked_and_kept(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("3", "left")
        assert c.kinds() == []
        c.sees("理由", "電子証明書が4台になります", "交付が4台になります")
        await c.type("予約が重なる")
        await c.press("enter")
        expected = {"terminal": "T3", "lane": "issuance", "reason": "予約が重なる"}
        assert c.wrote() == [("terminal.assigned", expected)]
        c.sees("個人番号カード交付   4台", "配分")


async def test_without_a_reason_nothing_moves(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("3", "left", "enter")
        c.sees("空です。入れるか、Esc でやめてください")
        await c.press("escape")
        assert c.kinds() == []
        assert c.told()[0].terminals["T3"].lane == "certificate"


async def test_the_reason_keeps_the_minutes_that_were_typed_before(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:25") as c:
        await c.press("3", "-", "1", "0", "left")
        await c.type("応援")
        await c.press("enter")
        assert f"{c.last().fact.at:%H:%M}" == "09:15"
        assert c.wrote()[0][1]["reason"] == "応援"


async def test_at_the_edge_and_where_nothing_can_move_the_key_says_so(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("1", "left")
        assert c.message == "T1 はすでに 交付 です"
        await c.press("escape", "down", "up")
        assert c.state.chosen.terminal == "P2"
        await c.press("right")
        assert "P2 は列を移らない端末です" in c.message
        assert c.kinds() == []


# ---- the state of a terminal


async def test_pause_and_resume(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("5", "s")
        assert c.told()[0].state("T5") == "paused"
        c.sees("T5 休止", "休止")
        await c.press("s")
        assert c.told()[0].state("T5") == "free"
        assert c.kinds() == ["terminal.paused", "terminal.resumed"]


@pytest.mark.parametrize(
    ("keys", "text", "expected"),
    [
        ("9", "", [("T4", None), ("A1", None), ("T4", "S09")]),  # the ninth of the list stood at A1
        ("c", "", [("P2", None), ("T4", "S12")]),
        ("d", "S31", [("T4", "S31")]),  # another code
        ("e", "", [("T4", None)]),  # nobody
    ],
)
async def test_who_stands_here(tmp_path: Path, keys: str, text: str, expected: list[tuple[str, str | None]]) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("4", "p", *keys)
        if text:
            await c.type(text)
            await c.press("enter")
        wrote = [(f["terminal"], f["staff"]) for _, f in c.wrote(3)]
        assert wrote == [x for x in expected if x != ("T4", None) or len(expected) == 1]
        floor, _ = c.told()
        assert floor.terminals["T4"].staff == expected[-1][1]


async def test_a_name_in_place_of_a_code_is_refused(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("4", "p", "d")
        await c.type("熊谷 花子")
        await c.press("enter")
        assert c.kinds() == []
        assert "記録できません" in c.message and "花子" not in c.message


# ---- tickets


async def test_next_calls_the_next_and_finishes_the_one_before(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, waiting("B001", "B002")), at="09:05") as c:
        await c.press("3", "n")
        assert c.wrote() == [("ticket.called", {"ticket": "B001", "terminal": "T3"})]
        assert c.message == "T3 B001 を呼びました   u 取消"
        await c.press("n")
        finish, call = c.wrote(2)
        assert (finish[0], finish[1]["ticket"], finish[1]["outcome"]) == ("ticket.finished", "B001", "done")
        assert call == ("ticket.called", {"ticket": "B002", "terminal": "T3"})
        assert c.message == "T3 B001 完了  B002 を呼びました   u 取消"
        await c.press("n")
        assert [k for k, _ in c.wrote(4)].count("ticket.called") == 2
        assert c.message == "T3 B002 完了  待っている人はいません   u 取消"
        assert c.told()[0].terminals["T3"].ticket is None


async def test_next_where_nobody_waits_says_what_to_do(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("3", "n")
        assert c.kinds() == []
        assert "T3 で呼ぶ人がいません" in c.message and "w で人数を" in c.message


async def test_next_in_a_lane_of_head_counts_gives_a_number_by_hand(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("w", "enter", "7", "enter", "3", "n")
        c.sees("T3 次の人の用件", "電子証明書更新")
        await c.press("escape")
        assert c.kinds() == ["queue.counted"], "what a counted person came for is not guessed"
        await c.press("n", "2")
        assert c.message == "T3 B001 を呼びました   u 取消"
        assert c.told()[0].tickets["B001"].service == "cert_renewal"
        assert [(k, f.get("ticket")) for k, f in c.wrote(3)] == [
            ("ticket.issued", "B001"),
            ("ticket.called", "B001"),
            ("queue.counted", None),
        ]
        floor, _ = c.told()
        assert floor.lanes["certificate"].waiting == 6
        assert floor.terminals["T3"].ticket == "B001"


async def test_a_chosen_terminal_names_the_number_that_comes_next(tmp_path: Path) -> None:
    early = Story(prefix="e").issues("A002", "card_issuance", at="09:00", appointment="09:40")
    async with console(tmp_path, joined(DAY, early), at="09:05") as c:
        await c.press("1")
        assert c.message == "T1 交付 空き  次の番号 A002"
        await c.hears(Story(prefix="l").issues("A003", "card_issuance", at="09:05"))
        await c.press("2")
        assert c.message == "T2 交付 空き  次の番号 A003", "who has no appointment comes before an early one"
        await c.press("3")
        assert c.message == "T3 電子証明書 空き"


async def test_issue_by_digit_numbers_by_lane(tmp_path: Path) -> None:
    last = {"issuance": 7, "certificate": 41, "application": 0, "registration": 0}
    async with console(tmp_path, joined(DAY, waiting("A007", "B041")), at="09:05") as c:
        for n, service in enumerate(kumagaya().services, 1):
            await c.press("t", str(n))
            last[service.lane] += 1
            number = f"{kumagaya().lane_by_code[service.lane].letter}{last[service.lane]:03d}"
            [(kind, fields)] = c.wrote()
            assert (kind, fields["ticket"], fields["service"]) == ("ticket.issued", number, service.code)
            assert c.message == f"{number} を発券しました（{service.short}）   u 取消"
        floor, _ = c.told()
        assert [floor.lanes[lane].waiting for lane in last] == [2, 6, 1, 1]


# ---- head counts


async def test_both_lanes_are_counted_in_six_keys(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("w", "4", "enter", "2", "7", "enter")
        assert c.pressed == 6
        assert c.wrote(2) == [
            ("queue.counted", {"lane": "issuance", "waiting": 4}),
            ("queue.counted", {"lane": "certificate", "waiting": 27}),
        ]
        floor, _ = c.told()
        assert [floor.lanes[x].waiting for x in ("issuance", "certificate")] == [4, 27]
        assert c.message == "待ち人数 交付 4人  電子証明書 27人   u 取消"
        await c.press("u")
        assert c.told()[0].waiting == 0


async def test_an_empty_field_is_not_counted_and_the_other_lanes_are_reached_by_tab(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("w", "tab", "tab", "3", "tab", "1", "enter")
        assert [f["lane"] for _, f in c.wrote(4)] == ["application", "registration"]
        await c.press("w", "enter", "enter")
        assert len(c.kinds()) == 2


async def test_a_count_that_is_no_number_is_asked_again(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("w")
        await c.type("四人")
        await c.press("enter")
        c.sees("数字で入れてください")
        await c.press("escape")
        assert c.kinds() == []


async def test_full_width_digits_count(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("w")
        await c.type("１２")
        await c.press("enter", "enter")
        assert c.wrote() == [("queue.counted", {"lane": "issuance", "waiting": 12})]
