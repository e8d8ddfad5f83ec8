"""``status --watch``: what is drawn when, and how it ends. The clock is moved by hand."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from floorctl.cli.base import Settings
from floorctl.cli.streams import OutputLost
from floorctl.cli.watch import LOOK_S, Lines, Screen, essence, frame, watch
from floorctl.common.errors import Busy
from floorctl.models.site.site import Site
from floorctl.usecases.session import Session
from tests.contract.contract_cli import run
from tests.story import MONDAY, Desk, instant
from tests.terminal import Terminal

NOON = instant("12:00", MONDAY)


class Hand:
    """A clock that stands still but for the pauses of the program, before each of which something may be done."""

    def __init__(self, *acts: Callable[[], object] | None) -> None:
        self.acts, self.s = list(acts), 0.0

    def pause(self, seconds: float) -> None:
        self.s += seconds
        if not self.acts:
            raise KeyboardInterrupt
        if act := self.acts.pop(0):
            act()


class Shown:
    def __init__(self) -> None:
        self.heads: list[int] = []
        self.ended = 0

    def show(self, document: dict[str, Any], site: Site) -> None:
        self.heads.append(document["head"]["seq"])

    def stale(self) -> bool:
        return False

    def unread(self) -> bool:
        return False

    def end(self) -> None:
        self.ended += 1


def watched(path: Path, every_s: float, *acts: Callable[[], object] | None) -> Shown:
    shown, hand = Shown(), Hand(*acts)
    watch(Settings(path, None, None), every_s, shown, pause=hand.pause, clock=lambda: hand.s)
    assert shown.ended == 1
    return shown


def test_it_is_drawn_at_each_change_and_every_few_seconds(desk: Desk) -> None:
    desk.opens()
    waits = [None] * int(2 / LOOK_S)
    shown = watched(desk.session.path, 2.0, None, lambda: desk.does("memo.written", text="雨"), None, *waits, None)
    assert shown.heads == [1, 2, 2], "at once, at the change, two seconds after that"


def test_a_file_that_comes_goes_or_is_replaced_is_followed(tmp_path: Path) -> None:
    path, other = tmp_path / "floor.db", tmp_path / "other.db"
    for n in range(2):
        run("do", "memo.written", f"text={n}", db=other, now="10:00")
    shown = watched(
        path, 1000,
        lambda: run("do", "memo.written", "text=雨", db=path, now="10:00"), None,
        lambda: other.replace(path), None, path.unlink, None,
    )  # fmt: skip
    assert shown.heads == [0, 1, 2, 0]
    assert not [x for x in tmp_path.iterdir() if x.stat().st_size], "nothing was made"


def test_a_busy_file_is_looked_at_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.opens()
    read, busy = Session.refresh, [True, True]

    def refresh(self: Session) -> None:
        if busy and busy.pop():
            raise Busy("使用中です")
        read(self)

    monkeypatch.setattr(Session, "refresh", refresh)
    assert watched(desk.session.path, 5, None, None, None).heads == [1]


def document(at: str = "12:00", seq: int = 1, wait: int = 60) -> dict[str, Any]:
    return {
        "now": at, "head": {"seq": seq}, "lanes": [{"lane": "issuance", "longest_wait_s": wait, "waiting": 1}],
        "alerts": [{"code": "x", "text": f"{wait // 60}分"}],
    }  # fmt: skip


def test_time_alone_is_no_change() -> None:
    assert essence(document()) == essence(document("12:01", wait=120))
    assert essence(document()) != essence(document(seq=2))


def test_json_has_a_line_for_each_change(capsys: pytest.CaptureFixture[str], site: Site) -> None:
    lines = Lines(as_json=True)
    for shown in (document(), document("12:01"), document("12:02", 2)):
        lines.show(shown, site)
    said = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["now"] for line in said] == ["12:00", "12:02"]


def test_text_in_a_pipe_is_separated(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    lines, seen = Lines(as_json=False), desk.opens().session
    from floorctl.usecases.status_now import status_now

    lines.show(status_now(seen), seen.site)
    desk.does("officials.changed", present=3)
    lines.show(status_now(seen), seen.site)
    lines.end()
    first, second = capsys.readouterr().out.split(f"\n{'-' * 40}\n\n")
    assert "市職員 2名" in first
    assert "市職員 3名" in second
    assert "\x1b" not in first + second


def test_a_frame_is_drawn_over_the_last_one_without_clearing_or_scrolling() -> None:
    drawn = frame("列  待ち\n交付  3人\nあ\nい", "終わり", 7, 4)
    assert drawn == "\x1b[H列  待 \x1b[K\n交付  3\x1b[K\n…（窓を\x1b[K\n終わり\x1b[K\x1b[J"
    assert frame("a", "終", 10, 3) == "\x1b[Ha\x1b[K\n\x1b[K\n終\x1b[K\x1b[J"
    assert frame("a\nb", "終", 10, 1) == "\x1b[H…（窓を高 \x1b[K\x1b[J"


def test_a_low_window_drops_blank_lines_then_the_hours_of_services() -> None:
    text = "頭\n\n業務1\n業務2\n\n列\n\n注意"

    def rows(height: int) -> list[str]:
        return [
            x.removeprefix("\x1b[H")
            for x in frame(text, "足", 80, height).replace("\x1b[K", "").removesuffix("\x1b[J").split("\n")
        ]

    assert rows(9) == [*text.split("\n"), "足"]
    assert rows(6) == ["頭", "業務1", "業務2", "列", "注意", "足"]
    assert rows(4) == ["頭", "列", "注意", "足"]
    assert rows(3) == ["頭", "…（窓を高くすると続きが出ます）", "足"]


def test_the_screen_gives_the_cursor_back_and_leaves_the_last_status(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from floorctl.usecases.status_now import status_now

    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    screen = Screen(5)
    screen.show(status_now(desk.opens().session), desk.session.site)
    screen.show(status_now(desk.session), desk.session.site)
    screen.end()
    screen.end()
    drawn = out.getvalue()
    assert drawn.count("\x1b[?1049h") == drawn.count("\x1b[?1049l") == drawn.count("\x1b[?25h") == 1
    assert drawn.count("\x1b[2J") == 1, "cleared once, at the beginning"
    assert drawn.rpartition("\x1b[?1049l")[2].startswith("熊谷市 交付特設会場")


def test_another_size_of_the_window_is_drawn_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    out, sizes = io.StringIO(), [(80, 24)]
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr("floorctl.cli.watch._size", lambda: os.terminal_size(sizes[-1]))
    watch(
        Settings(desk.opens().session.path, None, None), 60, Screen(60),
        pause=Hand(lambda: sizes.append((30, 9)), None, None).pause, clock=lambda: 0.0,
    )  # fmt: skip
    assert out.getvalue().count("\x1b[H") == 2
    assert out.getvalue().count("\x1b[?1049h") == 1


def test_a_reader_that_goes_away_ends_it(desk: Desk) -> None:
    class Gone(Shown):
        def show(self, document: dict[str, Any], site: Site) -> None:
            raise OutputLost(BrokenPipeError(32, "pipe"))

    with pytest.raises(OutputLost):
        watch(Settings(desk.opens().session.path, None, None), 5, Gone(), pause=Hand().pause, clock=lambda: 0.0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot ask a pipe")
def test_a_pipe_whose_reader_has_gone_ends_it_although_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert Lines(as_json=True).unread() is False
        os.close(reader)
        assert Lines(as_json=True).unread() is True


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--now", "2026-09-14T10:00", "status", "--watch"), "--watch と --now は一緒に使えません"),
        (("status", "--interval", "3"), "--interval は --watch と一緒に使います"),
        (("status", "--watch", "--interval", "0"), "1 から 3600 までの数"),
    ],
)
def test_wrong_usage(args: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run(*args, db=tmp_path / "floor.db")
    assert (done.status, said in done.err) == (2, True)


LEFT = b"\x1b[?25h\x1b[?1049l"


def test_in_a_terminal_it_steps_aside_by_ctrl_z_and_ends_by_ctrl_c_with_0(tmp_path: Path) -> None:
    with Terminal("--db", tmp_path / "floor.db", "status", "--watch", size=(100, 40)) as terminal:
        terminal.until("Ctrl+C で終わります")
        os.kill(terminal.process.pid, signal.SIGTSTP)
        assert os.WIFSTOPPED(os.waitpid(terminal.process.pid, os.WUNTRACED)[1])
        terminal.until(lambda: terminal.seen.endswith(LEFT))
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.until(lambda: terminal.seen.partition(LEFT)[2].endswith(b"\x1b[K\x1b[J"))
        os.kill(terminal.process.pid, signal.SIGINT)
        terminal.until(lambda: b"P2" in terminal.seen.rpartition(LEFT)[2] and terminal.seen.count(LEFT) == 2)
        assert terminal.process.wait(30) == 0
        assert terminal.seen.rpartition(LEFT)[2].decode("utf-8", "replace").startswith("熊谷市 交付特設会場")
        assert "中断" not in terminal.text()
    assert list(tmp_path.iterdir()) == []
