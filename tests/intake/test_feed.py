"""Feeds: how bytes become lines, whole or as they grow, what each line must be, and how they go into the file."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.common.errors import FloorctlError
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.intake import feed as feed_module
from floorctl.intake.feed import (
    BOM,
    MAX_LINE,
    BadLine,
    Intake,
    Line,
    Splitter,
    Tail,
    lines,
    open_feed,
    parse_line,
)
from floorctl.models.site.site import Site
from tests.story import Desk, busy_day, entries_of, feed_of, instant, kumagaya, numbered

SITE = kumagaya()


def split(data: bytes, *sizes: int) -> list[Line]:
    """The lines of ``data`` that comes in chunks of these sizes, the last one until the end."""
    splitter, found, at = Splitter(), [], 0
    for size in (*sizes, len(data)):
        if data[at : at + size]:
            found += splitter.feed(data[at : at + size])
        at += size
    return found + splitter.end()


# ---- bytes to lines


def test_of_a_line_that_is_too_long_only_its_number_is_kept() -> None:
    longest, too_long = b"x" * MAX_LINE, b"x" * (MAX_LINE + 1)
    for data in (
        longest + b"\n" + too_long + b"\nb\n" + too_long,
        longest + b"\n" + too_long * 40 + b"\nb\n" + too_long,
    ):
        assert split(data) == [(1, longest), (2, None), (3, b"b"), (4, None)]
        assert split(data, *[60_000] * 200) == split(data)


ALPHABET = st.sampled_from(["a", "窓", "𠮷", "\n", "\r\n", " ", '{"id":"x"}', "\ufeff", "\x00", "\x85", "\u2028"])


@given(
    st.lists(ALPHABET, max_size=30).map("".join),
    st.booleans(),
    st.lists(st.integers(0, 7), max_size=40),
)
@settings(max_examples=250)
def test_where_the_chunks_are_cut_changes_nothing(text: str, bom: bool, sizes: list[int]) -> None:
    """Cuts inside a character, inside the BOM, inside CRLF."""
    data = (BOM if bom else b"") + text.encode()
    assert split(data, *sizes) == split(data)
    body = data.removeprefix(BOM)
    expected = [(n, piece) for n, piece in enumerate(body.split(b"\n"), 1)]
    if not expected[-1][1].strip():
        expected.pop()
    assert split(data) == expected


class Generated(io.RawIOBase):
    """A stream that is made as it is read."""

    def __init__(self, total: int, line: bytes) -> None:
        self.left, self.line, self.held = total, line, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        n = min(len(buffer), self.left)
        self.held += self.line * max(0, -(-(n - len(self.held)) // len(self.line)))
        buffer[:n] = self.held[:n]
        self.held = self.held[n:]
        self.left -= n
        return n


@pytest.mark.parametrize(
    ("line", "readable"),
    [(b"x" * 1_000_000 + b"\n", False), (b'{"id":"x"}' + b" " * 190 + b"\n", True), (b"x" * 1_000_000, False)],
    ids=["lines of 1 MB", "short lines", "one line of 50 MB"],
)
def test_50_mb_are_read_in_flat_memory(line: bytes, readable: bool) -> None:
    stream = io.BufferedReader(Generated(50_000_000, line))
    tracemalloc.start()
    try:
        n = good = 0
        for some in lines(stream):
            n += len(some)
            good += sum(raw is not None for _, raw in some)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert n == (-(-50_000_000 // len(line)) if line.endswith(b"\n") else 1)
    assert good == (n if readable else 0)
    assert peak < 4_000_000, f"{peak:,} bytes"


# ---- a growing file


@pytest.fixture
def growing(tmp_path: Path) -> Path:
    return tmp_path / "machine.jsonl"


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as f:
        f.write(data)


def raws(found: list[Line]) -> list[bytes | None]:
    return [raw for _, raw in found]


def test_a_file_that_is_not_there_yet(growing: Path) -> None:
    tail = Tail(growing)
    assert tail.poll() == []
    assert tail.missing
    growing.write_bytes(b"a\n")
    assert tail.poll() == [(1, b"a")]
    assert not tail.missing
    assert tail.poll() == []
    tail.close()


def test_lines_come_whole_as_the_file_grows(growing: Path) -> None:
    tail = Tail(growing)
    data = "窓口𠮷\nB001\r\n".encode()
    growing.touch()
    seen = []
    for n in range(len(data)):
        append(growing, data[n : n + 1])
        seen += tail.poll()
    assert seen == [(1, "窓口𠮷".encode()), (2, b"B001\r")]
    append(growing, b"half a line")
    assert tail.poll() == []  # waits for its end
    append(growing, b", whole now\n")
    assert tail.poll() == [(3, b"half a line, whole now")]
    tail.close()


def test_a_bom_that_is_written_by_and_by(growing: Path) -> None:
    tail = Tail(growing)
    seen = []
    for n in range(3):
        append(growing, BOM[n : n + 1])
        seen += tail.poll()
    append(growing, b"a\n")
    assert seen + tail.poll() == [(1, b"a")]
    tail.close()


def test_what_is_no_regular_file_is_never_waited_for(growing: Path) -> None:
    tail = Tail(growing)
    growing.mkdir()
    assert tail.poll() == [] and tail.irregular and tail.missing
    growing.rmdir()
    growing.write_bytes(b"a\n")
    assert raws(tail.poll()) == [b"a"] and not tail.irregular
    if hasattr(os, "mkfifo"):
        growing.unlink()
        os.mkfifo(growing)
        assert tail.poll() == [] and tail.irregular  # nobody writes to it: to open it would wait for ever
        with pytest.raises(OSError):
            tail._open()  # it came after it was looked at
    tail.close()


def test_a_file_that_is_rotated_away(growing: Path) -> None:
    tail = Tail(growing)
    growing.write_bytes(b"a\nb\n")
    assert raws(tail.poll()) == [b"a", b"b"]
    append(growing, b"c\nlast, without newline")  # the machine's last words before it turns the file over
    growing.rename(growing.with_suffix(".1"))
    assert raws(tail.poll()) == [b"c"]  # the new one is not there yet; the old one may still be written
    assert tail.missing
    growing.write_bytes(b"d\n")
    assert raws(tail.poll()) == [b"last, without newline", b"d"]
    assert not tail.missing
    append(growing, b"e\n")
    assert raws(tail.poll()) == [b"e"]
    tail.close()


def test_the_rest_of_a_long_file_is_read_though_it_was_rotated_away(growing: Path) -> None:
    many = [f"{n:06d}".encode() for n in range(30_000)]
    growing.write_bytes(b"\n".join(many) + b"\n")
    tail = Tail(growing)
    seen = tail.poll()
    assert 0 < len(seen) < len(many), "read at one go: nothing is tested"
    growing.rename(growing.with_suffix(".1"))
    growing.write_bytes(b"new\n")
    for _ in range(100):
        seen += tail.poll()
    assert raws(seen) == [*many, b"new"]
    tail.close()


@pytest.mark.parametrize("before", [b"a\nb\n", b"a\nb\nhalf"])
def test_a_file_that_is_cut_and_begun_anew(growing: Path, before: bytes) -> None:
    tail = Tail(growing)
    growing.write_bytes(before)
    assert raws(tail.poll()) == [b"a", b"b"]
    growing.write_bytes(b"")
    ended = raws(tail.poll())
    assert ended == ([b"half"] if b"half" in before else [])
    append(growing, b"c\n")
    assert raws(tail.poll()) == [b"c"]
    tail.close()


def test_a_file_that_is_cut_to_something_shorter(growing: Path) -> None:
    tail = Tail(growing)
    growing.write_bytes(b"a long first line\n")
    tail.poll()
    growing.write_bytes(b"b\n")
    assert tail.poll() == [(1, b"b")]
    tail.close()


STEPS = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=12).map(lambda b: ("grow", b)), st.sampled_from([("turn", b""), ("look", b"")])
    ),
    max_size=25,
)


@given(STEPS)
def test_however_a_file_grows_and_turns_no_line_is_lost(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, bytes]]
) -> None:
    path = tmp_path_factory.mktemp("tail") / "feed"
    path.touch()
    tail, written, seen = Tail(path), [b""], []
    tail.poll()
    for step, data in steps:
        if step == "grow":
            append(path, data)
            written[-1] += data
        elif step == "turn":
            seen += tail.poll()
            path.rename(path.with_suffix(f".{len(written)}"))
            path.touch()
            written.append(b"")
        seen += tail.poll()
    append(path, b"\n")
    written[-1] += b"\n"
    seen += tail.poll()
    tail.close()
    expected: list[bytes | None] = []
    for data in written:
        pieces = data.removeprefix(BOM).split(b"\n")
        expected += pieces if pieces[-1].strip() else pieces[:-1]
    assert raws(seen) == expected


def test_a_feed_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(FloorctlError, match="ファイルがありません") as caught:
        open_feed(tmp_path / "none.jsonl")
    assert caught.value.exit_status == 1
    with pytest.raises(FloorctlError, match="開けません"):
        open_feed(tmp_path)
    (tmp_path / "feed").write_bytes(b"a\n")
    with open_feed(tmp_path / "feed") as stream:
        assert stream.read() == b"a\n"


# ---- lines to facts

GOOD = {
    "id": "m1-000123",
    "at": "2026-09-14T09:03:10+09:00",
    "kind": "ticket.issued",
    "ticket": "B041",
    "service": "other",
}


def line(**changes: Any) -> bytes:
    """A good line with these fields changed; ``...`` takes a field away."""
    return json.dumps({k: v for k, v in {**GOOD, **changes}.items() if v is not ...}, ensure_ascii=False).encode()


def of(kind: str, **fields: Any) -> bytes:
    return json.dumps({"id": "x", "at": GOOD["at"], "kind": kind, **fields}, ensure_ascii=False).encode()


SECRET = "Zq7"  # stands in every value that must not be echoed
REFUSED: dict[str, bytes] = {  # beside what the contract's tests refuse (contract/test_contract_feed_lines.py)
    "a lone surrogate": line().replace(b"B041", b"\\ud800"),
    "an id with a newline": line(id="Zq7\n"),
    "an absurd offset": line(at="2026-09-14T09:03:10+99:99"),
    "a week date": line(at="2026-W38-1T09:03:10+09:00"),
    "full-width digits": line(at="２０２６-09-14T09:03:10+09:00"),
    "a ticket of spaces": line(ticket="　 "),
    "a ticket with an escape": line(ticket="\x1b[31mZq7"),
    "a ticket of 25": line(ticket="Zq7" + "0" * 22),
    "no cards": line(cards=0),
    "negative work": of("ticket.finished", ticket="B1", terminal="T3", work={"photo": -1}),
    "a negative head count": of("queue.counted", lane="issuance", waiting=-1),
    "declined by nobody": of("escalation.settled", escalation="Zq7", outcome="declined", official=""),
    "an official with a name": of("escalation.settled", escalation="E-1", outcome="approved", official="Zq7 太郎"),
    "an official of the contractor": of("escalation.taken", escalation="E-1", official="S0127"),
    "an official by surname": of("escalation.settled", escalation="E-1", outcome="declined", official="Zq7Tanaka"),
    "staff by name": of("staff.changed", staff="Zq7太郎", status="present"),
    "an empty topic": of("inquiry.counted", topic=""),
    "a topic of invisible characters": of("inquiry.counted", topic="\u200b\u202e"),
    "an endless reason": of("terminal.paused", terminal="T3", reason="Zq7" * 2000),
    "an advice taken": of("advice.taken", terminal="T3", lane="issuance", text="Zq7"),
    "an advice declined": of("advice.declined", terminal="T3", lane="issuance", reason="Zq7"),
    "a My Number as a ticket": line(ticket="621498320257"),
    "a My Number as a case": of("escalation.raised", escalation="621498320257", matter="fee"),
    "a My Number in a topic": of("inquiry.counted", topic="Zq7 6214-9832-0257"),
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_lines_that_are_refused_without_an_echo(raw: bytes) -> None:
    with pytest.raises(BadLine) as caught:
        parse_line(raw, SITE)
    reason = str(caught.value)
    assert reason
    assert not reason.isascii(), "said in Japanese"
    assert "\n" not in reason
    for value in (SECRET, "B041", "6214", "9832", "1789344190", "09:03", "12345"):
        assert value not in reason, reason
    assert caught.value.__cause__ is None
    shown = None if caught.value.__suppress_context__ else caught.value.__context__
    assert shown is None, "a traceback would show the values"


def test_who_stands_on_the_roster_is_no_official(desk: Desk) -> None:
    desk.does("staff.registered", staff="C9", role="worker")
    said: list[str] = []
    intake = Intake(desk.session.store, SITE, "feed", desk.clock, lambda _, why: said.append(why))
    raised = [of("escalation.raised", escalation=f"E-{n}", matter="fee") for n in (1, 2)]
    taken = [of("escalation.taken", escalation=f"E-{n}", official=who) for n, who in ((1, "c9"), (2, "C2"))]
    lines = [raw.replace(b'"x"', b'"x%d"' % n) for n, raw in enumerate([*raised, *taken])]
    totals = intake.take(enumerate(lines, 1))
    assert (totals.accepted, totals.refused) == (3, 1)
    assert said == ["official は受託者の名簿のコードです（決めるのは市職員だけです）"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([json.loads(r) for r in (line(), of("work.counted", item="photo"))]), st.data())
@settings(max_examples=200)
def test_any_line_is_a_fact_or_a_bad_line(good: dict[str, Any], data: st.DataObject) -> None:
    """Nothing else comes out, whatever goes in."""
    changed = {**good, data.draw(st.sampled_from([*good, "note", "work"])): data.draw(JSON)}
    raw = json.dumps(changed).encode()
    cut = data.draw(st.integers(0, len(raw)))
    for attempt in (raw, raw[:cut], raw[cut:], data.draw(st.binary(max_size=30))):
        try:
            assert parse_line(attempt, SITE).id
        except BadLine as e:
            assert str(e)


# ---- facts into the file


class Said(list[tuple[int, str]]):
    def __call__(self, number: int, why: str) -> None:
        self.append((number, why))


@pytest.fixture
def store(tmp_path: Path) -> Any:
    store = Store(tmp_path / "floor.db", create=True)
    yield store
    store.close()


def intake(store: Store, say: Callable[[int, str], None], site: Site = SITE, source: str = "feed") -> Intake:
    return Intake(store, site, source, lambda: instant("12:00"), say)


def counts(i: Intake) -> tuple[int, int, int]:
    return (i.totals.accepted, i.totals.duplicate, i.totals.refused)


def test_a_feed_goes_in_once(store: Store) -> None:
    said = Said()
    feed = feed_of(busy_day())
    n = feed.count(b"\n")
    first, second = intake(store, said), intake(store, said)
    first.take(numbered(feed))
    second.take(numbered(feed))
    assert (counts(first), counts(second), said) == ((n, 0, 0), (0, n, 0), [])
    assert store.count() == n
    assert [e.fact for e in store.facts_after(0)] == [e.fact for e in entries_of(busy_day())]
    assert {(e.source, e.actor, e.recorded_at) for e in store.facts_after(0)} == {("feed", "feed", instant("12:00"))}


def test_a_line_that_is_too_long_is_refused(store: Store) -> None:
    said = Said()
    i = intake(store, said)
    i.take([(1, None), (2, line())])
    assert counts(i) == (1, 0, 1)
    assert said[0][0] == 1
    assert "長" in said[0][1]


def test_the_same_instant_written_otherwise_is_no_difference(store: Store) -> None:
    said = Said()
    i = intake(store, said)
    i.take([(1, line()), (2, line(at="2026-09-14T00:03:10Z", cards=1, assist=False, appointment=None))])
    assert (counts(i), said) == ((1, 1, 0), [])


def batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many facts each transaction writes, from now on."""
    sizes: list[int] = []
    write, put = Store.write, Writer.append_all

    def counting_write(self: Store) -> Any:
        sizes.append(0)
        return write(self)

    def counting_append(self: Writer, *args: Any) -> Any:
        entries = put(self, *args)
        sizes[-1] += len(entries)
        return entries

    monkeypatch.setattr(Store, "write", counting_write)
    monkeypatch.setattr(Writer, "append_all", counting_append)
    return sizes


def test_batches_are_of_at_most_so_many_facts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = batches(store, monkeypatch)
    monkeypatch.setattr(feed_module, "BATCH_S", 1e9)
    monkeypatch.setattr(feed_module, "BATCH_FACTS", 500)
    feed = feed_of(busy_day(tickets=400))
    intake(store, Said()).take(numbered(feed))
    assert sizes == [500] * (feed.count(b"\n") // 500) + [feed.count(b"\n") % 500]


def test_batches_are_of_at_most_50_ms(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for the file: with a slow source the batches are small."""
    sizes = batches(store, monkeypatch)
    now = [0.0]

    def slow() -> float:
        now[0] += 0.004
        return now[0]

    monkeypatch.setattr(feed_module.time, "monotonic", slow)
    intake(store, Said()).take(numbered(feed_of(busy_day(tickets=60))))
    assert max(sizes) <= 15
    assert sum(sizes) == store.count()


def test_totals_count_only_what_stands_in_the_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "BATCH_S", 1e9)
    monkeypatch.setattr(feed_module, "BATCH_FACTS", 500)
    put = Writer._next

    def failing(self: Writer, row: Any) -> Any:
        if self.head.seq == 700:
            raise OSError("disk")
        return put(self, row)

    monkeypatch.setattr(Writer, "_next", failing)
    i = intake(store, Said())
    with pytest.raises(OSError, match="disk"):
        i.take(numbered(feed_of(busy_day(tickets=400))))
    assert counts(i) == (500, 0, 0)
    assert store.count() == 500


def test_memory_does_not_grow_with_the_feed(store: Store) -> None:
    once = feed_of(busy_day(tickets=120)).splitlines()

    def many(copies: range) -> Any:
        return ((n, raw.replace(b"busy-", b"busy-%d-" % c)) for c in copies for n, raw in enumerate(once))

    i = intake(store, Said())
    i.take(many(range(2)))
    tracemalloc.start()
    try:
        i.take(many(range(2, 4)))
        tracemalloc.reset_peak()
        i.take(many(range(4, 12)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert store.count() == 12 * len(once)
    assert peak < 3_000_000, f"{peak:,} bytes"


def test_a_growing_file_goes_in_as_it_grows(store: Store, growing: Path) -> None:
    """Ten thousand bytes at a time, turned over in the middle."""
    feed = feed_of(busy_day())
    tail, i = Tail(growing), intake(store, Said())
    for at in range(0, len(feed), 10_000):
        if at == 50_000:
            growing.rename(growing.with_suffix(".1"))
        append(growing, feed[at : at + 10_000])
        i.take(tail.poll())
    tail.close()
    # The cut in the middle went through a line: two halves, each refused; nothing else is lost.
    assert i.totals.accepted >= feed.count(b"\n") - 1
    assert i.totals.refused in (0, 2)


def test_bytes_on_a_pipe_come_as_they_come(store: Store) -> None:
    read, write = os.pipe()
    feed = BOM + feed_of(busy_day(tickets=30))
    for at in range(0, len(feed), 1000):
        os.write(write, feed[at : at + 1000])
    os.close(write)
    i = intake(store, Said())
    with os.fdopen(read, "rb") as stream:
        for some in lines(stream):
            i.take(some)
    assert counts(i) == (feed.count(b"\n"), 0, 0)
