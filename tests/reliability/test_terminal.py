"""The terminal goes away, shrinks or is told to end: one sentence where anybody can read it, the facts in the file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from floorctl.database.store import Store
from floorctl.models.site.site import Site
from floorctl.usecases.doctor import examine

if os.name != "posix":
    pytest.skip("pseudo-terminals and signals of POSIX", allow_module_level=True)

from tests.reliability.terminal import LEAVES_ALTERNATE_SCREEN, ROOT, SHOWS_CURSOR, Terminal, environment, wait_until

READY = "操作一覧"


def memos(path: Path) -> int:
    with closing(Store(path)) as store:
        return sum(e.kind == "memo.written" for e in store.facts_after(0, 10_000))


def a_console(path: Path, **more: bool) -> Terminal:
    """A console with its file open; one memo has been recorded."""
    terminal = Terminal("--db", path, "console", **more)
    terminal.until("今日の記録はまだありません")
    write_memo(terminal)
    terminal.until(lambda: memos(path) == 1)
    return terminal


def write_memo(terminal: Terminal) -> None:
    """On a busy PC the field may be seen before it has the keys: typed until it stands there, then entered."""
    mark = len(terminal.seen)
    terminal.press("m").until("個人情報は書きません", mark).quiet()
    for _ in range(20):
        mark = len(terminal.seen)
        terminal.press("xx").quiet()
        if "x" in terminal.text(mark):
            break
    terminal.press("\r")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_told_to_end_the_console_gives_the_terminal_back_and_says_why(
    tmp_path: Path, site: Site, number: signal.Signals
) -> None:
    path = tmp_path / "floor.db"
    with a_console(path) as terminal:
        mark = len(terminal.seen)
        terminal.process.send_signal(number)
        assert terminal.ended() == 1
        last = terminal.seen[mark:]
        assert LEAVES_ALTERNATE_SCREEN in last and SHOWS_CURSOR in last
        words = last[last.index(LEAVES_ALTERNATE_SCREEN) :].decode()
        assert "外部から終了を求められました" in words and "開き直してください" in words
        assert "Traceback" not in terminal.text()
    assert examine(path, site)["ok"]
    assert memos(path) == 1


def test_told_to_end_while_the_terminal_stands_still_the_console_ends_with_what_was_pressed(
    tmp_path: Path, site: Site
) -> None:
    """A frozen window reads nothing more: whoever waits for it to take the last repaint waits for ever."""
    path = tmp_path / "floor.db"
    with a_console(path) as terminal:
        for _ in range(60):  # nobody reads what is painted from here on
            os.write(terminal.fd, b"\x1b[21~")
            time.sleep(0.005)
        os.write(terminal.fd, b"m")  # with the text in one read it would be a barcode reader's word
        time.sleep(0.2)
        os.write(terminal.fd, b"still")
        for _ in range(2):  # the first would be a barcode reader's, were it in one read with the text
            time.sleep(0.2)
            os.write(terminal.fd, b"\r")
        time.sleep(0.2)
        began = time.monotonic()
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.process.wait(timeout=14) == 1
        assert time.monotonic() - began < 12
    assert memos(path) == 2
    assert examine(path, site)["ok"]


@pytest.mark.parametrize("hang_up_is_told", [True, False])
def test_a_closed_window_or_a_cut_line_ends_the_console_and_keeps_the_facts(
    tmp_path: Path, site: Site, hang_up_is_told: bool
) -> None:
    """Nobody is left to read a sentence: the process must end, not stand still, even where no signal tells it."""
    path = tmp_path / "floor.db"
    with a_console(path, controlling=hang_up_is_told) as terminal:
        write_memo(terminal)  # at the last moment: its repaint meets no terminal
        terminal.hang_up()
        assert terminal.ended() == 1
    assert examine(path, site)["ok"]
    assert memos(path) >= 1
    assert [p.name for p in tmp_path.iterdir() if p.stat().st_size] == ["floor.db"]


def test_what_a_barcode_reader_sends_presses_no_key(tmp_path: Path) -> None:
    path = tmp_path / "floor.db"
    with a_console(path) as terminal:
        for code, said in ((b"u1m2u", "番号札の番号ではありません"), (b"U012", "今日の番号にありません")):
            mark = len(terminal.seen)
            os.write(terminal.fd, code + b"\r")
            terminal.until(said, mark)
        assert memos(path) == 1, "u would have taken it back"
        write_memo(terminal)
        terminal.until(lambda: memos(path) == 2)


def test_a_terminal_of_20x5_shows_one_sentence_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "floor.db"
    with a_console(path) as terminal:
        for columns, rows in ((20, 5), (8, 3), (1, 1)):
            mark = len(terminal.seen)
            terminal.resize(columns, rows)
            terminal.until("画", mark) if columns > 1 else terminal.read(0.2)
            if columns == 20:
                terminal.until("画面が小さすぎます。", mark).until("80x24以上に広げてく", mark).until("います。", mark)
        for between in ((), (40, 10), (8, 3)):  # a window that shrinks and grows between two looks is painted anew
            mark = len(terminal.seen)
            if between:
                terminal.resize(*between)
            terminal.resize(120, 36)
            terminal.until(READY, mark)
        write_memo(terminal)
        terminal.until(lambda: memos(path) == 2)
        assert terminal.process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_told_to_end_a_command_says_one_sentence_and_leaves_nothing_half(
    tmp_path: Path, site: Site, number: signal.Signals
) -> None:
    path = tmp_path / "floor.db"
    line = '{"id":"a","at":"2026-09-14T09:00:00+09:00","kind":"ticket.issued","ticket":"B001","service":"other"}\n'
    command = [sys.executable, "-m", "floorctl", "--db", str(path), "ingest", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stderr is not None
        process.stdin.write(line)
        process.stdin.flush()
        wait_until(lambda: examine(path, site)["facts"] == 1, "the fact")
        process.send_signal(number)
        said = process.stderr.read()
        assert process.wait(30) == 128 + number
    assert said.count("\n") == 1 and "中断しました" in said and "もう一度" in said
    report = examine(path, site)
    assert report["ok"] and report["facts"] == 1


def test_a_process_that_was_started_with_nohup_outlives_its_terminal(tmp_path: Path, site: Site) -> None:
    feed, path = tmp_path / "feed.jsonl", tmp_path / "floor.db"
    command = [sys.executable, "-m", "floorctl", "--db", str(path), "ingest", str(feed), "--follow"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=ROOT, env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    ) as process:  # fmt: skip
        wait_until(path.exists, "the file")
        process.send_signal(signal.SIGHUP)
        feed.write_text(
            '{"id":"a","at":"2026-09-14T09:00:00+09:00","kind":"ticket.issued","ticket":"B001","service":"other"}\n'
        )
        wait_until(lambda: examine(path, site)["facts"] == 1, "the fact")
        process.terminate()
        assert process.wait(30) == 0
    assert examine(path, site)["facts"] == 1
