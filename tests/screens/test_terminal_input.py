"""Make keys of whatever a terminal sends: nothing raises, nothing is made up, nothing grows without bound."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from floorctl.screens import terminal_input as module
from floorctl.screens.terminal_input import (
    BACKLOG,
    BURST_S,
    PASTE_CHARACTERS,
    PASTE_PAUSE_S,
    READ_BYTES,
    TOO_MUCH,
    UNENDED,
    UNREADABLE,
    Burst,
    Letters,
    Parser,
    listening,
)
from tests.random_keys import key


class Ears:
    """The two layers of a driver, over a clock that is moved by hand."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.now = 0.0
        self.letters = Letters(self.lost.append)
        self.parser = Parser(self.lost.append, lambda: self.now)

    def hear(self, *chunks: bytes) -> list[Message]:
        return [m for c in chunks for m in self.parser.feed(self.letters.text(c))]

    def wait(self, seconds: float) -> list[Message]:
        """So long comes nothing."""
        self.now += seconds
        if self.parser._timeout_time is not None:
            self.parser._timeout_time = 0.0
        heard = [m for _ in range(int(seconds * 10)) for m in self.parser.feed(self.letters.idle())]
        return [*heard, *self.parser.tick()]

    def keys(self, *chunks: bytes) -> list[str]:
        return keys([*self.hear(*chunks), *self.wait(0.1)])


def keys(heard: Iterable[Message]) -> list[str]:
    return [m.key for m in heard if isinstance(m, events.Key)]


def pasted(heard: Iterable[Message]) -> list[str]:
    return [m.text for m in heard if isinstance(m, events.Paste)]


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        (b"\xff1", ["1"]),
        (b"1\x80\x81 2", ["1", "space", "2"]),
        (b"\xed\xa0\x802", ["2"]),
        ("１".encode(), ["１"]),
        # The second byte of a Shift_JIS character is no key: ソ ends in a backslash, ア in an A.
        ("ソア休止".encode("shift_jis") + b"\r", ["enter"]),
        ("案内".encode("euc-jp") + b"1", ["1"]),
        (b"\xe3\x1b[A", ["up"]),
        (b"\xe3q", []),
        # Reports of an old mouse are neither text nor a loss.
        (b"\x1b[M \xe9\xf01", ["1"]),
        (b"\x1b[M#!\x00\x1b[M\xff\xff\xff1", ["1"]),
    ],
)
def test_what_is_no_utf_8_presses_no_key(sent: bytes, heard: list[str]) -> None:
    ears = Ears()
    assert ears.keys(sent) == heard
    assert bool(ears.lost) == (b"\x1b[M" not in sent and sent != "１".encode())
    assert ears.keys(b"2") == ["2"]


def test_a_letter_and_a_mouse_report_that_come_in_parts() -> None:
    ears = Ears()
    assert keys(ears.hear("待".encode()[:1], "待".encode()[1:])) == ["待"]
    assert ears.keys(b"\x1b[M \xe9", b"\xf01") == ["1"]
    assert ears.keys(b"\x1b[M \xe9") == [], "the rest never comes"
    assert ears.lost == []
    assert ears.keys(b"\xe3") == []
    assert ears.wait(2.0) == []
    assert ears.lost == [UNREADABLE], "half a letter is given up after a second"
    assert ears.keys(b"q") == ["q"]
    full = b"1" * (READ_BYTES - 2) + b"\x1b["
    assert set(ears.keys(full, b"M \xe9\xf02")) == {"1", "2"}, "cut by the end of a read"


@pytest.mark.parametrize("size", ["0;0;0;0", "36;120;0;0", "0;120;360;0", "36;120;1;1", "99999;99999;1;1"])
def test_a_report_of_the_size_stops_no_mouse(size: str) -> None:
    report, click = f"\x1b[48;{size}t".encode(), b"\x1b[<0;5;7M"
    ears = Ears()
    (down,) = [m for m in ears.hear(report, click) if isinstance(m, events.MouseDown)]
    assert (down.x, down.y, ears.lost) == (4, 6, [])
    if ";0" in size or size.startswith("0"):
        with pytest.raises(ZeroDivisionError):
            parser = XTermParser()
            list(parser.feed((report + click).decode()))


def test_a_click_outside_of_every_screen_is_none() -> None:
    assert Ears().hear(b"\x1b[<0;999999999;5M", b"\x1b[<0;5;999999999M", b"\x1b[<0;0;-3M") == []


def test_a_fault_of_the_parser_costs_what_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: XTermParser, code: str) -> None:
        raise OverflowError(code)

    ears = Ears()
    with monkeypatch.context() as patch:
        patch.setattr(XTermParser, "parse_mouse_code", fails)
        assert ears.keys(b"\x1b[<0;5;7M") == []
    assert ears.lost == [UNREADABLE]
    assert ears.keys(b"1\x1b[A") == ["1", "up"]


def test_pastes_whole_in_parts_and_with_keys_round_them() -> None:
    ears = Ears()
    whole = b"1\x1b[200~a\rb\x00\x1b[A\x1b[201~2"
    for cut in range(1, len(whole)):
        heard = ears.hear(whole[:cut], whole[cut:])
        assert (keys(heard), pasted(heard)) == (["1", "2"], ["a\rb\x1b[A"]), cut
    assert ears.lost == []


def test_a_paste_has_a_bound_and_an_end() -> None:
    ears = Ears()
    heard = ears.hear(b"\x1b[200~", *[b"x" * READ_BYTES] * 200)
    assert heard == []
    heard = ears.hear(b"x\x1b[201~1")
    assert (keys(heard), [len(t) for t in pasted(heard)]) == (["1"], [PASTE_CHARACTERS])
    # The end never comes: after a pause, or where only single keys come, these are keys again.
    assert ears.hear(b"\x1b[200~abc") == []
    assert pasted(ears.wait(PASTE_PAUSE_S + 0.1)) == ["abc"]
    assert ears.hear(b"\x1b[200~abc") == []
    heard = []
    for _ in range(30):
        ears.now += 0.2
        heard += ears.hear(b"2")
    assert 10 < len(keys(heard)) < 30
    assert len(pasted(heard)) == 1


def test_nothing_of_a_grammar_of_accidents_raises() -> None:
    r, ears = random.Random(14), Ears()
    for _ in range(3000):
        ears.now += 0.05
        ears.hear(b"".join(key(r) for _ in range(r.randint(1, 3))))
        if r.random() < 0.2:
            ears.wait(0.1)
    ears.wait(PASTE_PAUSE_S + 1)
    assert ears.keys(b"q") == ["q"]


def test_a_loss_is_told_once_while_it_lasts() -> None:
    told: list[str] = []
    now = 0.0
    burst = Burst(told.append, lambda: now)
    for _ in range(1000):
        now += BURST_S / 2
        burst("a")
    assert told == ["a"]
    now += BURST_S + 1
    burst("a")
    burst("b")
    assert told == ["a", "a", "b"]

    def gone(words: str) -> None:
        raise RuntimeError("the loop is closed")

    Burst(gone)("a")


# ---- the drivers


class Plain:
    """Stand in for the part of Textual's driver that is used."""

    __module__ = "some_driver"

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.exit_event, self.input_tty = threading.Event(), True
        self._app: Any = SimpleNamespace(
            focused=None, keys=[], screen_stack=[SimpleNamespace(message_queue_size=0)], message_queue_size=0
        )

    def process_message(self, message: Message) -> None:
        self.got.append(message)


def driver(monkeypatch: pytest.MonkeyPatch, said: list[str], gone: list[str], **more: Any) -> Any:
    home = ModuleType("some_driver")
    vars(home).update(more)
    monkeypatch.setitem(module.sys.modules, "some_driver", home)
    return listening(Plain, said.append, lambda: gone.append("gone"))()


def test_the_thread_reads_on_and_tells_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said, gone = list[str](), list[str]()
    d = driver(monkeypatch, said, gone)
    d.fileno, outside = os.pipe()
    thread = threading.Thread(target=d.run_input_thread)
    thread.start()
    os.write(outside, b"\xff\xfe\x80" * 100 + b"\x1b[48;36;120;0;0t\x1b[<0;5;7M1")
    os.close(outside)  # nobody is at the other end any more
    thread.join(10)
    os.close(d.fileno)
    assert not thread.is_alive()
    assert (keys(d.got), said, gone) == (["1"], [UNREADABLE], ["gone"])
    assert not any(isinstance(m, events.Resize) for m in d.got), "the kernel tells the size, not the terminal"


def test_a_fault_behind_the_parser_stops_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()
    d = driver(monkeypatch, said, [])
    d.fileno, outside = os.pipe()
    first = iter([True])

    def process(message: Message) -> None:
        if next(first, False):
            raise ValueError
        d.got.append(message)

    d.process_message = process
    thread = threading.Thread(target=d.run_input_thread)
    thread.start()
    for sent in (b"1", b"2"):
        os.write(outside, sent)
        while said == [] and sent == b"1":
            thread.join(0.01)
    os.close(outside)
    thread.join(10)
    os.close(d.fileno)
    assert (keys(d.got), said) == (["2"], [UNREADABLE])


def test_a_flood_is_dropped_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()
    d = driver(monkeypatch, said, [])
    d._loop, posted = None, list[Message]()
    futures: list[Any] = []

    def post(message: Message, loop: None) -> Any:
        posted.append(message)
        futures.append(SimpleNamespace(add_done_callback=lambda done: futures.append(done)))
        return futures[-1]

    monkeypatch.setattr(module, "run_coroutine_threadsafe", post)
    d._app._post_message = lambda message: message
    for _ in range(BACKLOG * 3):
        d.send_message(events.Key("1", "1"))
    assert (len(posted), said) == (BACKLOG, [TOO_MUCH])
    for done in [f for f in futures if callable(f)]:
        done(None)
    d.send_message(events.Key("2", "2"))
    assert keys(posted)[-1] == "2", "what has been answered makes room"
    d._app.screen_stack[-1].message_queue_size = BACKLOG
    d.send_message(events.Key("3", "3"))
    assert keys(posted)[-1] == "2", "what waits before the screen counts too"
    d._app.screen_stack[-1].message_queue_size, d._app.keys = 0, ["1"] * BACKLOG
    d.send_message(events.Key("4", "4"))
    assert keys(posted)[-1] == "2", "what waits for its question counts too"


def test_a_sequence_that_a_dropped_flood_cuts_presses_no_key() -> None:
    ears = Ears()
    ears.parser.skip("1" * 100 + "\x1b[<0;5")
    assert keys(ears.hear(b";7M")) == []
    ears.parser.skip("1" * 100)
    assert ears.keys(b"2") == ["2"]


def test_the_second_byte_of_a_shift_jis_letter_is_no_key_though_it_comes_in_the_next_read() -> None:
    ears = Ears()
    assert ears.keys(b"\x89") == [] and ears.keys(b"m", b"n") == ["n"]
    assert ears.keys(b"\x89", b"\r") == ["enter"], "no second byte"
    assert ears.keys(b"\x89") == []
    ears.wait(1.5)
    assert ears.keys(b"m") == ["m"], "a key after a pause is a key"
    assert set(ears.lost) == {UNREADABLE}
    heard = ears.hear("休".encode()[:2], "休".encode()[2:], b"m")
    assert [m.character for m in heard if isinstance(m, events.Key)] == ["休", "m"], "a letter of UTF-8 in two reads"


def test_a_paste_without_its_end_is_told() -> None:
    ears = Ears()
    ears.hear(b"\x1b[200~ab", b"m")
    assert pasted(ears.wait(PASTE_PAUSE_S + 0.1)) == ["abm"]
    assert ears.lost == [UNENDED]


def test_on_windows_half_a_character_ends_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's thread for Windows ends with half a pair of UTF-16, and says so only to a log that nobody reads."""
    turns: list[str] = []

    class EventMonitor:
        def __init__(self) -> None:
            self.exit_event = threading.Event()

        def run(self) -> None:
            turns.append("run")
            if len(turns) == 3:
                self.exit_event.set()

    win32 = SimpleNamespace(EventMonitor=EventMonitor, XTermParser=XTermParser)
    for _ in range(2):  # a second console in one process wraps nothing twice
        turns.clear()
        said = list[str]()
        driver(monkeypatch, said, [], win32=win32)
        win32.EventMonitor().run()
        assert turns == ["run"] * 3
        assert said == [UNREADABLE]
    parser = win32.XTermParser(debug=False)
    assert isinstance(parser, Parser)
    assert keys(parser.feed("1")) == ["1"]
