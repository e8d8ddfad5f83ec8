"""The first use is by hand: no feed, a whole day by keys alone, at most six presses in each quarter of an hour.

Every press counts, those that open and close the day too. What a quarter takes: a head count of both lanes (w 4 Enter
2 7 Enter) six, two items of the tally grid and back to the board (k 3 Enter 2 Enter Esc) six, one of two digits (k 1 2
Enter Esc) five, a move (4 and an arrow) two, a case handed to city staff (6 e 4) three, the opening (Enter 2) two,
closing and export (F9 1 Esc 2 F9 1) six. Where both lanes have ten persons or more a count of both takes seven: then one
lane is counted now (w 1 2 Enter Enter) and the other a quarter later.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

from click.testing import CliRunner

from floorctl.cli.main import cli
from tests.screens.harness import Console, console
from tests.story import MONDAY, kumagaya
from tests.xlsx import Xlsx

MOST = 6


class Hand:
    """Presses the keys of a quarter and keeps what it has typed, on paper so to say."""

    def __init__(self, c: Console) -> None:
        self.c = c
        site = kumagaya()
        self.items = [w.code for lane in site.lanes for w in site.work_items if w.lane == lane.code]
        self.cursor = 0
        self.work: Counter[str] = Counter()
        self.waiting = {"issuance": 0, "certificate": 0}
        self.peaks = {"issuance": 0, "certificate": 0}
        self.moves: list[tuple[str, str, str, str]] = []
        self.presses: dict[str, int] = {}

    async def quarter(self, at: str, *keys: str) -> None:
        """One quarter of an hour: the clock moves, then these keys and no others are pressed."""
        await self.c.at(at)
        before = self.c.pressed
        await self.c.press(*keys)
        self.presses[at] = self.c.pressed - before
        assert self.presses[at] <= MOST, (at, keys)

    async def counts(self, at: str, issuance: int | None, certificate: int | None) -> None:
        typed = {"issuance": issuance, "certificate": certificate}
        fields = [[*str(n), "enter"] if n is not None else ["enter"] for n in typed.values()]
        await self.quarter(at, "w", *fields[0], *fields[1])
        for lane, n in typed.items():
            if n is not None:
                self.waiting[lane] = n
                self.peaks[lane] = max(self.peaks[lane], n)
        shown = {lane: self.c.floor.lanes[lane].waiting for lane in self.waiting}
        assert shown == self.waiting, at

    async def tallies(self, at: str, *numbers: int) -> None:
        """Type numbers for the items from where the grid's cursor was left; of referrals the number alone."""
        keys = ["k"]
        for n in numbers:
            keys += [*str(n), "enter"]
            keys += ["enter"] * (self.items[self.cursor] == "other_desk_referral")
            self.work[self.items[self.cursor]] += n
            self.cursor = (self.cursor + 1) % len(self.items)
        await self.quarter(at, *keys, "escape")
        done = self.c.floor.work_done()
        assert {k: v for k, v in done.items() if v} == {k: v for k, v in self.work.items() if v}, at

    async def moves_to(self, at: str, terminal: str, arrow: str, *more: str) -> None:
        before = self.c.floor.terminals[terminal].lane
        await self.quarter(at, terminal[1:], arrow, *more)
        after = self.c.floor.terminals[terminal].lane
        assert after != before
        self.moves.append((at, terminal, before, after))


async def whole_day(c: Console) -> Hand:
    hand = Hand(c)
    await hand.quarter("8:25", "enter", "2")
    await hand.counts("8:30", None, 3)
    await hand.counts("8:45", None, 8)
    await hand.counts("9:00", 4, 11)
    await hand.tallies("9:15", 12)
    await hand.counts("9:30", 6, 19)
    await hand.tallies("9:45", 3, 2)
    await hand.moves_to("10:00", "T4", "right")
    await hand.counts("10:15", 9, 27)
    await hand.tallies("10:30", 9, 8)
    await hand.quarter("10:45", "6", "e", "4", "escape")
    await hand.counts("11:00", 8, 31)
    await hand.tallies("11:15", 25)
    await hand.quarter("11:30", "f3", "enter", "2", "1", "f2")
    await hand.tallies("11:45", 4, 1)
    await hand.counts("12:00", 12, None)
    await hand.tallies("12:15", 7, 6)
    await hand.moves_to("12:30", "T4", "left", "o", "1", "enter")
    await hand.counts("12:45", 3, 22)
    await hand.tallies("13:00", 5, 2)
    await hand.counts("13:15", 5, 17)
    await hand.tallies("13:30", 14)
    await hand.tallies("13:45", 3, 1)
    await hand.counts("14:00", 4, 14)
    await hand.tallies("14:15", 2, 8)
    await hand.tallies("14:30", 9, 4)
    await hand.counts("14:45", 2, 12)
    await hand.tallies("15:00", 30)
    await hand.tallies("15:15", 6, 1)
    await hand.counts("15:30", 3, 9)
    await hand.counts("15:45", 2, 8)
    await hand.tallies("16:00", 18)
    await hand.counts("16:15", 1, 7)
    await hand.tallies("16:30", 3)
    await hand.counts("16:45", 0, 5)
    await hand.counts("17:00", 0, 0)
    await hand.quarter("17:15", "f9", "z", "2")
    return hand


async def test_a_day_by_hand_from_opening_to_export(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:20", size=(80, 24)) as c:
        assert c.facts() == []
        hand = await whole_day(c)
        # Every quarter from 8:15 to 17:30 has its turn, none takes more than six presses.
        assert len(hand.presses) == 37
        assert max(hand.presses.values()) == MOST
        assert hand.cursor == 0 and len(hand.work) == len(hand.items), "every item has been tallied"
        assert {e.source for e in c.facts()} == {"console"}
        assert c.floor.anomalies == {}
        head = c.last().seq
    folder = tmp_path / "reports" / f"{MONDAY}"

    record = json.loads((folder / f"records_{MONDAY}.json").read_text("utf-8"))
    assert record["day"] == f"{MONDAY}" and record["revision"] == 1
    assert record["work"] == hand.work
    assert set(record["counts"].values()) == {0}  # no number was given: nothing is made up
    assert all(w["n"] == 0 and w["mean_s"] is None for w in record["waits"].values())
    moves = [(m["at"][11:16], m["terminal"], m["from"], m["to"]) for m in record["moves"]]
    assert moves == [(at.zfill(5), *rest) for at, *rest in hand.moves]
    [case] = record["escalations"]
    assert (case["matter"], case["raised_at"][11:16], case["settled_at"][11:16], case["outcome"]) == (
        "proxy",
        "10:45",
        "11:30",
        "approved",
    )
    assert record["head"]["seq"] == head

    book = Xlsx((folder / f"日次報告書_{MONDAY}.xlsx").read_bytes())
    sheets = {
        "issuance": "交付件数",
        "certificate": "電子証明書件数",
        "application": "申請サポート件数",
        "registration": "日次報告書",
    }
    for item in kumagaya().work_items:
        n = hand.work[item.code]
        shown = ["行き先の記録なし 18件"] if item.code == "other_desk_referral" else [0, n, n]
        assert book.row(sheets[item.lane], item.name)[1:4] == shown
    for lane, peak in hand.peaks.items():
        name = kumagaya().lane_by_code[lane].name
        [row] = [r for r in book.rows("日次報告書") if r[:1] == [name] and len(r) == 7]
        assert row[1] == 0 and row[-2] == peak  # nobody was called by number; the most persons that were counted

    tables = {p.stem: list(csv.DictReader(io.StringIO(p.read_text("utf-8-sig")))) for p in (folder / "csv").iterdir()}
    assert [(m["terminal"], m["from"], m["to"]) for m in tables["moves"]] == [m[1:] for m in hand.moves]
    assert [(e["escalation"], e["outcome"], e["official"]) for e in tables["escalations"]] == [
        ("E-1", "approved", "C1")
    ]
    assert tables["tickets"] == [] == tables["incidents"]

    # The command line says the same, byte for byte.
    again = tmp_path / "again"
    given = ["--db", str(tmp_path / "floor.db"), "export", "--date", f"{MONDAY}", "--out", str(again)]
    assert CliRunner().invoke(cli, given, catch_exceptions=False).exit_code == 0
    for path in folder.rglob("*.*"):
        assert (again / f"{MONDAY}" / path.relative_to(folder)).read_bytes() == path.read_bytes()


async def test_what_was_typed_wrong_is_put_right_within_the_six(tmp_path: Path) -> None:
    """A tally too many: one key back and a minus; a wrong head count: undo, or simply the right one."""
    async with console(tmp_path, at="08:25") as c:
        hand = Hand(c)
        await hand.quarter("8:25", "enter", "1")
        await hand.quarter("8:30", "k", "1", "3", "enter", "escape")
        await hand.quarter("8:45", "k", "up", "-", "1", "enter", "escape")
        assert c.floor.work_done()["issuance_new"] == 12
        await hand.quarter("9:00", "w", "9", "enter", "enter", "u")
        assert c.floor.waiting == 0


async def test_persons_are_served_by_hand_from_a_count_alone(tmp_path: Path) -> None:
    """A head count, then n and a digit a visitor at the chosen terminal: numbers are given, waiting falls, it ends in
    完了."""
    async with console(tmp_path, at="08:25") as c:
        await c.press("enter", "2", "w", "enter", "3", "enter", "3", "n", "1")
        assert c.floor.lanes["certificate"].waiting == 3
        assert "番号は出せません（受付は 8:30 からです）" in c.message
        await c.at("8:30")
        await c.press("n", "1")
        assert c.floor.lanes["certificate"].waiting == 2
        await c.at("8:40")
        await c.press("n", "1")
        await c.at("8:50")
        await c.press("n", "2", "d")
        floor, _ = c.told()
        assert floor.waiting == 0
        assert [(t.number, t.outcome) for t in floor.tickets.values()] == [
            ("B001", "done"),
            ("B002", "done"),
            ("B003", "done"),
        ]
        services = [s.code for s in kumagaya().services if s.lane == "certificate"]
        assert [t.service for t in floor.tickets.values()] == [services[0], services[0], services[1]]
        c.sees("完了 3人")
