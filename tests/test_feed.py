"""Feeds: how bytes become lines, whole or as they grow, what each line must be, and how they go into the file."""

from __future__ import annotations

import io
import json
import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.commands.fold import fold
from floorctl.common.errors import FloorctlError
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.intake import feed as feed_module
from floorctl.intake.feed import (
    BATCH_FACTS,
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
from tests.story import MONDAY, a_day, busy_day, entries_of, feed_of, instant, kumagaya, numbered, plain

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


def test_lines_are_numbered_from_1_without_their_ends() -> None:
    assert split(b"a\nb\n\nc") == [(1, b"a"), (2, b"b"), (3, b""), (4, b"c")]
    assert split(b"a\n") == [(1, b"a")]
    assert split(b"") == []


def test_a_last_line_without_newline_counts_unless_it_is_blank() -> None:
    assert split(b"a\nb") == [(1, b"a"), (2, b"b")]
    assert split(b"a\n  \t") == [(1, b"a")]


def test_a_bom_is_skipped_at_the_beginning_alone() -> None:
    assert split(BOM + b"a\n" + BOM + b"b") == [(1, b"a"), (2, BOM + b"b")]


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
        while len(self.held) < n:
            self.held += self.line
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


def test_a_file_that_is_deleted_and_made_again(growing: Path) -> None:
    tail = Tail(growing)
    growing.write_bytes(b"a\n")
    tail.poll()
    growing.unlink()
    assert tail.poll() == []
    assert tail.missing
    growing.write_bytes(b"a\nb\n")
    assert raws(tail.poll()) == [b"a", b"b"]
    tail.close()


def test_a_path_that_becomes_a_folder(growing: Path) -> None:
    tail = Tail(growing)
    growing.mkdir()
    assert tail.poll() == []
    assert tail.missing
    growing.rmdir()
    growing.write_bytes(b"a\n")
    assert raws(tail.poll()) == [b"a"]
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


def test_a_good_line() -> None:
    fact = parse_line(line(), SITE)
    assert (fact.id, fact.at, fact.kind) == ("m1-000123", instant("09:03:10"), "ticket.issued")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "at",
    [
        "2026-09-14T00:03:10Z",
        "2026-09-14T00:03:10+00:00",
        "2026-09-13T19:03:10-05:00",
        "2026-09-14T09:03:10.000+09:00",
        "2026-09-14T09:03:10+0900",
    ],
)
def test_an_instant_is_an_instant_in_any_offset(at: str) -> None:
    assert parse_line(line(at=at), SITE).at == instant("09:03:10")


@pytest.mark.parametrize("kind", list(dict.fromkeys(e["kind"] for e in busy_day(tickets=40))))
def test_the_kinds_of_a_day_pass(kind: str) -> None:
    made = next(e for e in busy_day(tickets=40) if e["kind"] == kind)
    assert parse_line(json.dumps(made).encode(), SITE).id == made["id"]


@pytest.mark.parametrize(
    "raw",
    [
        of("day.opened", allocation={"T1": "issuance"}, officials=2),
        of("day.opened"),
        of("day.closed"),
        of("ticket.finished", ticket="B1", terminal="T3", outcome="desk3", work={"photo": 0}),
        of("ticket.transferred", ticket="B1", service="other"),
        of("queue.counted", lane="issuance", waiting=0),
        of("terminal.assigned", terminal="T3", lane="issuance", reason="混雑"),
        of("terminal.staffed", terminal="T3", staff=None),
        of("terminal.failed", terminal="T3", fault="紙詰まり"),
        of("escalation.raised", escalation="E-9", matter="fee", terminal=None, ticket=None),
        of("escalation.taken", escalation="E-9"),
        of("escalation.settled", escalation="E-9", outcome="withdrawn", official=""),
        of("escalation.settled", escalation="E-9", outcome="approved", official="C1"),
        of("reception.stopped", service="other"),
        of("staff.changed", staff="S1", status="late", until="09:30"),
        of("inquiry.counted", topic="持ち物"),
        of("work.counted", item="photo", count=-3),
        of("visitors.counted", persons=0),
        line(ticket="交付-12", appointment="09:00", cards=3, assist=True),
        b"  " + line() + b" \r",
    ],
)
def test_lines_that_pass(raw: bytes) -> None:
    assert parse_line(raw, SITE)


SECRET = "Zq7"  # stands in every value that must not be echoed
REFUSED: dict[str, bytes] = {
    "no JSON": b"Zq7 not json",
    "half an object": line()[:-5],
    "no object": b'["Zq7"]',
    "a number": b"12",
    "null": b"null",
    "two objects": line() + line(),
    "no UTF-8": line().replace(b"B041", b"\xff\xfe"),
    "a lone surrogate": line().replace(b"B041", b"\\ud800"),
    "NaN": line(cards=1).replace(b'"cards": 1', b'"cards": NaN'),
    "nested without end": b'{"id":' + b"[" * 5000,
    "no kind": line(kind=...),
    "an unknown kind": line(kind="ticket.Zq7"),
    "a kind that is no text": line(kind=3),
    "no id": line(id=...),
    "an empty id": line(id=""),
    "an id with a space": line(id="Zq7 1"),
    "an id with a newline": line(id="Zq7\n"),
    "an id of 65": line(id="Zq7" + "x" * 62),
    "an id in Japanese": line(id="Zq7号"),
    "an id that is a number": line(id=12),
    "no at": line(at=...),
    "a time without offset": line(at="2026-09-14T09:03:10"),
    "a date alone": line(at="2026-09-14"),
    "a time that does not exist": line(at="2026-09-14T25:03:10+09:00"),
    "a day that does not exist": line(at="2026-02-30T09:03:10+09:00"),
    "seconds since 1970": line(at=1789344190),
    "a time in words": line(at="Zq7"),
    "an absurd offset": line(at="2026-09-14T09:03:10+99:99"),
    "a year far away": line(at="9999-12-31T23:59:59-12:00"),
    "the first year": line(at="0001-01-01T00:00:00+09:00"),
    "a week date": line(at="2026-W38-1T09:03:10+09:00"),
    "full-width digits": line(at="２０２６-09-14T09:03:10+09:00"),
    "an unknown field": line(Zq7="x"),
    "an unknown field of another kind": line(lane="issuance"),
    "no ticket": line(ticket=...),
    "a ticket that is a number": line(ticket=41),
    "an empty ticket": line(ticket=""),
    "a ticket with a space": line(ticket="Zq7 041"),
    "a ticket with an escape": line(ticket="\x1b[31mZq7"),
    "a ticket of 25": line(ticket="Zq7" + "0" * 22),
    "a ticket that is null": line(ticket=None),
    "an unknown service": line(service="Zq7"),
    "a service in another case": line(service="Other"),
    "cards as text": line(cards="2"),
    "cards as a float": line(cards=2.0),
    "cards as a truth": line(cards=True),
    "no cards": line(cards=0),
    "cards that are null": line(cards=None),
    "assist as text": line(assist="yes"),
    "assist as a number": line(assist=1),
    "an appointment without a zero": line(appointment="9:00"),
    "an appointment that does not exist": line(appointment="24:00"),
    "an appointment with seconds": line(appointment="09:00:00"),
    "an unknown terminal": of("ticket.called", ticket="B1", terminal="Zq7"),
    "an unknown outcome": of("ticket.finished", ticket="B1", terminal="T3", outcome="Zq7"),
    "an unknown work item": of("ticket.finished", ticket="B1", terminal="T3", work={"Zq7": 1}),
    "negative work": of("ticket.finished", ticket="B1", terminal="T3", work={"photo": -1}),
    "work as a list": of("ticket.finished", ticket="B1", terminal="T3", work=["Zq7"]),
    "work counted in text": of("ticket.finished", ticket="B1", terminal="T3", work={"photo": "Zq7"}),
    "an unknown lane": of("queue.counted", lane="Zq7", waiting=1),
    "a negative head count": of("queue.counted", lane="issuance", waiting=-1),
    "a head count with a fraction": of("queue.counted", lane="issuance", waiting=1.5),
    "an allocation to an unknown lane": of("day.opened", allocation={"T1": "Zq7"}),
    "an allocation of an unknown terminal": of("day.opened", allocation={"Zq7": "issuance"}),
    "an unknown matter": of("escalation.raised", escalation="E-1", matter="Zq7"),
    "an unknown terminal of a case": of("escalation.raised", escalation="E-1", matter="fee", terminal="Zq7"),
    "approved by nobody": of("escalation.settled", escalation="Zq7", outcome="approved"),
    "declined by nobody": of("escalation.settled", escalation="Zq7", outcome="declined", official=""),
    "an official with a name": of("escalation.settled", escalation="E-1", outcome="approved", official="Zq7 太郎"),
    "an unknown decision": of("escalation.settled", escalation="E-1", outcome="Zq7"),
    "an unknown status": of("staff.changed", staff="S1", status="Zq7"),
    "staff by name": of("staff.changed", staff="Zq7太郎", status="present"),
    "staff missing": of("terminal.staffed", terminal="T3"),
    "an unknown item": of("work.counted", item="Zq7"),
    "an empty topic": of("inquiry.counted", topic=""),
    "a topic of invisible characters": of("inquiry.counted", topic="\u200b\u202e"),
    "an endless reason": of("terminal.paused", terminal="T3", reason="Zq7" * 2000),
    "an incident": of("incident.opened", incident="I-1", category="other", summary="Zq7"),
    "a report of an incident": of("incident.reported", incident="I-1"),
    "a retraction": of("retracted", target="Zq7"),
    "a reopening": of("day.reopened", reason="Zq7"),
    "a memo": of("memo.written", text="Zq7"),
    "an advice taken": of("advice.taken", terminal="T3", lane="issuance", text="Zq7"),
    "an advice declined": of("advice.declined", terminal="T3", lane="issuance", reason="Zq7"),
    "a My Number in a reason": of("terminal.paused", terminal="T3", reason="Zq7 621498320257"),
    "a phone number in a fault": of("terminal.failed", terminal="T3", fault="Zq7 090-1234-5678"),
    "an address in a note": of("escalation.raised", escalation="E-1", matter="fee", note="Zq7@example.jp"),
    "a My Number in a topic": of("inquiry.counted", topic="Zq7 6214-9832-0257"),
    "a My Number as a ticket": line(ticket="621498320257"),
    "a My Number as a case": of("escalation.raised", escalation="621498320257", matter="fee"),
    "a My Number in a move": of(
        "terminal.assigned", terminal="T3", lane="issuance", reason="Zq7 ６２１４９８３２０２５７"
    ),
    "a PIN in a stop": of("reception.stopped", service="other", reason="Zq7 暗証番号1234"),
    "a residence card in a change": of("staff.changed", staff="S1", status="away", reason="AB12345678CD Zq7"),
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


def test_the_guard_does_not_look_at_ids_and_codes() -> None:
    assert parse_line(line(id="621498320257"), SITE)
    assert parse_line(of("escalation.taken", escalation="E-1", official="C621498320257"[:16]), SITE)


def test_text_is_taken_in_clean() -> None:
    fact = parse_line(of("terminal.paused", terminal="T3", reason="\x1b[2J昼休み\u202e\u200b\n交代\x07 "), SITE)
    assert fact.reason == "昼休み 交代"  # type: ignore[attr-defined]


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


def test_the_same_id_of_another_source_is_another_fact(store: Store) -> None:
    feed = feed_of(busy_day(tickets=20))
    one, two = intake(store, Said()), intake(store, Said(), source="second")
    one.take(numbered(feed))
    two.take(numbered(feed))
    assert counts(two) == (feed.count(b"\n"), 0, 0)


def test_a_bad_line_never_stops_the_rest(store: Store) -> None:
    said = Said()
    i = intake(store, said)
    good = feed_of(a_day().opens("08:30").issues("B001").calls("B001").lines).split(b"\n")[:3]
    i.take(list(enumerate([good[0], b"", b"nonsense", good[1], b"   \r", line(service="Zq7"), good[2]], 1)))
    assert counts(i) == (3, 0, 2)
    assert [n for n, _ in said] == [3, 6]
    assert SECRET not in str(said)


def test_a_line_that_is_too_long_is_refused(store: Store) -> None:
    said = Said()
    i = intake(store, said)
    i.take([(1, None), (2, line())])
    assert counts(i) == (1, 0, 1)
    assert said[0][0] == 1
    assert "長" in said[0][1]


def test_the_same_id_with_other_content_is_said_and_the_first_stands(store: Store) -> None:
    said = Said()
    i = intake(store, said)
    i.take([(1, line()), (2, line()), (3, line(service="pin_reset")), (4, line(at="2026-09-14T09:03:11+09:00"))])
    assert counts(i) == (1, 3, 0)
    assert [n for n, _ in said] == [3, 4]
    assert "内容が違い" in said[0][1]
    assert store.facts_after(0)[0].fact.service == "other"  # type: ignore[attr-defined]
    again = intake(store, said)
    again.take([(9, line(kind="ticket.left", service=...))])
    assert counts(again) == (0, 1, 0)
    assert said[-1][0] == 9


def test_the_same_instant_written_otherwise_is_no_difference(store: Store) -> None:
    said = Said()
    i = intake(store, said)
    i.take([(1, line()), (2, line(at="2026-09-14T00:03:10Z", cards=1, assist=False, appointment=None))])
    assert (counts(i), said) == ((1, 1, 0), [])


def batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many facts each transaction writes, from now on."""
    sizes: list[int] = []
    write, put = Store.write, Writer.append

    def counting_write(self: Store) -> Any:
        sizes.append(0)
        return write(self)

    def counting_append(self: Writer, *args: Any) -> Any:
        sizes[-1] += 1
        return put(self, *args)

    monkeypatch.setattr(Store, "write", counting_write)
    monkeypatch.setattr(Writer, "append", counting_append)
    return sizes


def test_batches_are_of_at_most_500_facts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = batches(store, monkeypatch)
    monkeypatch.setattr(feed_module, "BATCH_S", 1e9)
    feed = feed_of(busy_day(tickets=400))
    intake(store, Said()).take(numbered(feed))
    assert sizes == [BATCH_FACTS] * (feed.count(b"\n") // BATCH_FACTS) + [feed.count(b"\n") % BATCH_FACTS]


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
    put = Writer.append

    def failing(self: Writer, *args: Any) -> Any:
        if self.head.seq == 700:
            raise OSError("disk")
        return put(self, *args)

    monkeypatch.setattr(Writer, "append", failing)
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


def test_a_feed_in_any_order_and_in_pieces_gives_the_same_floor(tmp_path: Path, site: Site) -> None:
    feed = feed_of(busy_day()).splitlines(keepends=True)
    floors = []
    for n in range(3):
        with_chance = feed if n == 0 else random.Random(n).sample(feed, len(feed))
        store = Store(tmp_path / f"{n}.db", create=True)
        i = intake(store, Said())
        for at in range(0, len(with_chance), 97):
            i.take(numbered(b"".join(with_chance[at : at + 120])))
        assert i.totals.accepted == len(feed)
        assert i.totals.duplicate > 0
        dump = plain(fold(site, MONDAY, [e._replace(seq=0) for e in store.day_facts(MONDAY)]))
        floors.append(dump)
        store.close()
    assert floors[0] == floors[1] == floors[2]


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
