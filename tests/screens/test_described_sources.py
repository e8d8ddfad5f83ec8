"""A machine's own file on the board: it grows, the board follows; it stops fitting its description, the board says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from floorctl.intake.sources import follow, watched_file
from floorctl.intake.sources.source_file import load_sources
from tests.screens.harness import Console, console, open_day
from tests.story import kumagaya

KIOSK = """
[[sources]]
name = "kiosk"
files = "log_{YYYY}{MM}{DD}.csv"
encoding = "cp932"
[sources.columns]
time = "時刻"
event = "区分"
service = "業務"
ticket = "番号"
terminal = "窓口"
[sources.codes.service]
"証明" = "cert_renewal"
[sources.codes.terminal]
"4" = "T4"
[[sources.facts]]
kind = "ticket.issued"
when = { event = "発券" }
[[sources.facts]]
kind = "ticket.called"
when = { event = "呼出" }
"""
COUNTS = """
[[sources]]
name = "counts"
files = "queues.json"
form = "json"
rows = "queues"
[sources.columns]
time = "/lastUpdated"
lane = "code"
waiting = "customersWaiting"
[sources.codes.lane]
"A" = "issuance"
[[sources.facts]]
kind = "queue.counted"
"""
HEADING = "時刻,区分,業務,番号,窓口\n"


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("cp932"))


def append(path: Path, text: str) -> None:
    with path.open("ab") as file:
        file.write(text.encode("cp932"))


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AbstractAsyncContextManager[Console]]:
    """A console with the descriptions; what passes by itself is said after a moment."""
    monkeypatch.setattr(follow, "PATIENCE_S", 0.05)
    monkeypatch.setattr(follow, "_AWAY_S", 0.05)
    monkeypatch.setattr(watched_file, "STILL_S", 0.05)
    monkeypatch.setattr(watched_file, "RECHECK_S", 0.1)
    (tmp_path / "sources.toml").write_text(KIOSK + COUNTS, encoding="utf-8")
    (tmp_path / "queues.json").write_text('{"lastUpdated":"2026-09-14T08:50:00+09:00","queues":[]}', encoding="utf-8")

    def running(**more: object) -> AbstractAsyncContextManager[Console]:
        site = replace(kumagaya(), sources=load_sources(tmp_path / "sources.toml", kumagaya()))
        return console(tmp_path, open_day(), at="09:05", site=site, **more)

    return running


async def test_the_board_follows_the_file_of_a_machine(
    tmp_path: Path, hall: Callable[..., AbstractAsyncContextManager[Console]]
) -> None:
    log = tmp_path / "log_20260914.csv"
    async with hall() as c:
        await c.until(lambda: "kiosk のファイルがまだありません log_20260914.csv" in c.text(), "the missing file")
        write(log, HEADING + "9:01,発券,証明,198,\n9:02,発券,証明,199,\n")
        await c.until(lambda: c.floor.waiting == 2, "the rows that were there")
        assert "まだありません" not in c.text()
        append(log, "9:04,呼出,証明,198,4\n9:05,発券,")
        await c.until(lambda: c.floor.terminals["T4"].ticket == "198", "the call")
        append(log, "証明,200,\n")
        await c.until(lambda: c.floor.waiting == 2, "the row once it is whole")
        (tmp_path / "queues.json").write_text(
            '{"lastUpdated":"2026-09-14T09:05:00+09:00","queues":[{"code":"A","customersWaiting":7}]}', encoding="utf-8"
        )
        await c.until(lambda: c.floor.lanes["issuance"].waiting == 7, "the count of the snapshot")
        assert {e.source for e in c.facts() if e.source != "feed"} == {"kiosk", "counts"}
        log.rename(tmp_path / "log_old.csv")
        await c.until(
            lambda: "kiosk のファイルがなくなりました log_20260914.csv" in c.text(), "the file that went away"
        )


async def test_a_heading_that_changes_is_said_until_it_fits_again_and_stops_no_other_source(
    tmp_path: Path, hall: Callable[..., AbstractAsyncContextManager[Console]]
) -> None:
    log = tmp_path / "log_20260914.csv"
    write(log, HEADING + "9:01,発券,証明,198,\n")
    async with hall(size=(160, 40)) as c:
        await c.until(lambda: c.floor.waiting == 1, "the row that was there")
        write(log, HEADING.replace("番号", "受付番号") + "9:01,発券,証明,198,\n9:02,発券,証明,199,\n")
        await c.until(lambda: "入力元 kiosk 説明に合いません" in c.text(), "what does not fit")
        assert c.message.startswith("入力元 kiosk のファイルを読めません（見出しに「番号」の列がありません）")
        assert "docs/sources.md" in c.message and "floorctl source try" in c.message
        (tmp_path / "queues.json").write_text(
            '{"lastUpdated":"2026-09-14T09:05:00+09:00","queues":[{"code":"A","customersWaiting":7}]}', encoding="utf-8"
        )
        await c.until(lambda: c.floor.lanes["issuance"].waiting == 7, "the count of the other source")
        for width in (60, 80, 120, 160):
            await c.pilot.resize_terminal(width, 40)
            await c.settle()
            c.sees("kiosk")
            c.clean()
        write(log, HEADING + "9:01,発券,証明,198,\n9:02,発券,証明,199,\n")
        await c.until(lambda: c.floor.waiting == 9, "the row, once its file fits again")
        await c.until(lambda: "入力元 kiosk" not in c.text(), "nothing to say")


async def test_rows_that_are_refused_are_counted_and_where_all_are_it_is_said(
    tmp_path: Path, hall: Callable[..., AbstractAsyncContextManager[Console]]
) -> None:
    log = tmp_path / "log_20260914.csv"
    write(log, HEADING + "9:01,発券,証明,198,\n9:02,発券,住基,199,\n")
    async with hall(size=(160, 40)) as c:
        await c.until(lambda: "kiosk で受け付けなかった行 1件" in c.text(), "the count of refused rows")
        await c.until(lambda: c.floor.waiting == 1, "the row that is taken")
        append(log, "".join(f"9:0{n},発券,住基,20{n},\n" for n in range(5)))
        await c.until(lambda: "kiosk 説明に合いません" in c.text(), "that nothing is taken")
        append(log, "9:05,発券,証明,210,\n")
        await c.until(lambda: c.floor.waiting == 2, "a row that is taken")
        await c.until(lambda: "説明に合いません" not in c.text(), "nothing to say")


async def test_a_machine_that_falls_silent_is_named_and_times_of_whole_minutes_are_no_late_clock(
    tmp_path: Path, hall: Callable[..., AbstractAsyncContextManager[Console]]
) -> None:
    log = tmp_path / "log_20260914.csv"
    write(log, HEADING)
    async with hall(size=(160, 40)) as c:
        for n in range(6, 14):
            await c.at(f"09:{n:02d}:50")
            append(log, f"9:{n:02d},発券,証明,{n:03d},\n")
            await c.until(lambda n=n: f"{n:03d}" in c.floor.tickets, "the row")
        assert "時計" not in c.text()
        await c.at("09:24")
        await c.until(lambda: "kiosk から 11分間 記録なし" in c.text(), "the silence")
        c.sees("kiosk 11分前")


async def test_a_share_that_does_not_answer_holds_up_nobody(
    tmp_path: Path, hall: Callable[..., AbstractAsyncContextManager[Console]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, find = threading.Event(), follow.matching

    def hanging(files: str, day: date) -> list[Path]:
        if "log_" in files:
            answers.wait(20)
        return find(files, day)

    monkeypatch.setattr(follow, "matching", hanging)
    (tmp_path / "queues.json").write_text(
        '{"lastUpdated":"2026-09-14T09:05:00+09:00","queues":[{"code":"A","customersWaiting":7}]}', encoding="utf-8"
    )
    write(tmp_path / "log_20260914.csv", HEADING + "9:01,発券,証明,198,\n")
    async with hall() as c:
        await c.until(lambda: c.floor.lanes["issuance"].waiting == 7, "the count of the other source")
        await c.press("4", "right")
        assert c.kinds() == ["terminal.assigned"]
        answers.set()
        await c.until(lambda: c.floor.waiting == 8, "the row, once the share answers")
