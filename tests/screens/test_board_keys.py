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


# ---- the state of a terminal


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
