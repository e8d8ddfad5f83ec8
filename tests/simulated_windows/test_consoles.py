"""What a command prints on a Japanese Windows: to a console, into a file, into a pipe, and into one that has closed."""

from __future__ import annotations

import errno
import json
import select
import signal
from pathlib import Path

import pytest

from floorctl.cli.streams import OutputLost
from tests.simulated_windows.conftest import DAY, EVENING
from tests.simulated_windows.consoles import ClosedPipe, Output
from tests.simulated_windows.faults import Refuses
from tests.simulated_windows.system import Windows

BOM = b"\xef\xbb\xbf"
# What cp932 lacks, has twice, or has under another number: dashes, wave dash, circled digits, rare kanji, emoji.
WORDS = "髙い棚〜から①𠮷の札—と☕"


@pytest.fixture
def noted(windows: Windows, db: Path) -> Path:
    said = windows.say("do", "memo.written", f"text={WORDS}", db=db, now=EVENING, encoding="utf-8")
    assert said.status == 0, said
    return db


def test_an_old_console_writes_what_it_can(windows: Windows, noted: Path) -> None:
    """A console of code page 932: nothing stops the command, the frame stays Japanese."""
    out = Output(tty=True)
    said = windows.say("log", db=noted, now=EVENING, out=out)
    assert said.status == 0 and said.err == "", said
    text = bytes(out.data).decode("cp932")
    assert "髙い棚" in text and "①" in text and "☕" not in text


def test_a_console_of_code_page_65001_gets_everything(windows: Windows, noted: Path) -> None:
    out = Output(tty=True)
    said = windows.say("log", db=noted, now=EVENING, out=out, encoding="utf-8")
    assert said.status == 0 and WORDS in bytes(out.data).decode()


@pytest.mark.parametrize("encoding", ["", "utf-8-sig", "cp932"])
def test_a_pipe_and_a_file_get_what_was_asked_for(
    windows: Windows, noted: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setenv("FLOORCTL_ENCODING", encoding)
    said = windows.say("log", "--json", db=noted, now=EVENING)
    assert said.status == 0, said
    assert said.raw.startswith(BOM) == (encoding == "utf-8-sig")
    text = said.raw.removeprefix(BOM).decode(encoding or "utf-8")
    assert WORDS in json.dumps(json.loads(text), ensure_ascii=False)
    assert text.endswith("\n") and "\r" not in text


@pytest.mark.parametrize("after", [0, 1, 200])
@pytest.mark.parametrize(
    "args", [("log",), ("log", "--json"), ("status",), ("help", "options"), ("simulate", "--date", DAY, "--seed", "1")]
)
def test_a_reader_that_has_seen_enough(windows: Windows, noted: Path, after: int, args: tuple[str, ...]) -> None:
    """``floorctl log | more``, closed: no sentence, no fault at the end, status 0; Windows calls it EINVAL."""
    said = windows.say(*args, db=noted, now=EVENING, out=ClosedPipe(after))
    assert (said.status, said.err) == (0, ""), said


def test_what_was_done_is_told_where_its_answer_cannot_be(windows: Windows, noted: Path) -> None:
    said = windows.say("do", "memo.written", "text=二つ目", db=noted, now=EVENING, out=ClosedPipe())
    assert said.status == 0
    assert "記録しました" in said.sentence and "もう一度実行しないでください" in said.sentence
    said = windows.say("close", "--date", DAY, db=noted, now=EVENING, out=ClosedPipe())
    assert said.status == 0 and "締めました" in said.err, said
    assert windows.say("log", db=noted, now=EVENING).out.count("二つ目") == 1


def test_einval_is_a_closed_pipe_on_windows_alone(windows: Windows) -> None:
    assert OutputLost(OSError(errno.EINVAL, "x")).closed
    assert not OutputLost(OSError(errno.EIO, "x")).closed


def test_einval_elsewhere_is_a_fault_of_the_disk() -> None:
    assert not OutputLost(OSError(errno.EINVAL, "x")).closed
    assert OutputLost(OSError(errno.EPIPE, "x")).closed


def test_ctrl_c_while_a_file_is_held(windows: Windows, noted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded is told, and nothing is left half done."""
    windows.disk.add(Refuses("rename", DAY, times=99, part="target"))
    monkeypatch.setattr("time.sleep", _pressed)
    said = windows.say("close", "--date", DAY, db=noted, now=EVENING)
    assert said.status == 130
    assert "記録しました" in said.err and "中断しました" in said.err, said
    assert [x.name for x in noted.parent.rglob(".*tmp")] == []


def test_the_watch_needs_nothing_of_unix(windows: Windows, noted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``status --watch`` has no Ctrl+Z and cannot ask a pipe whether it is read; Ctrl-C ends it."""
    assert not hasattr(signal, "SIGTSTP") and not hasattr(select, "poll")
    monkeypatch.setattr("time.sleep", _pressed)
    said = windows.say("status", "--watch", db=noted)
    assert said.status == 0, said
    assert "職員" in said.out or "受付" in said.out, said.out


def _pressed(_: float) -> None:
    raise KeyboardInterrupt
