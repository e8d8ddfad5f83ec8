"""Input that means to harm, at every door: made by hypothesis, judged by what must never happen.

The suite tries a few hundred cases (house/test_hostile_input.py). The long form, 10,000 cases and lines of a gigabyte:

    python -m tests.hostile [--cases 10000] [--seed 1]

prints a table of the doors with what was taken in and refused, and the counts of the guard's corpus. Exit status 1
where anything happened that must not: a crash, a traceback, a control character, a number of a person that was kept.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import random
import shutil
import sys
import tempfile
import time
import traceback
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from floorctl.cli.text import log_text, status_text
from floorctl.commands.decide import DECIDE, decide
from floorctl.commands.fold import fold, fold_register
from floorctl.common.clock import business_day
from floorctl.common.errors import FloorctlError, Refused, UsageError
from floorctl.common.privacy import find
from floorctl.documents.day.export import export_day
from floorctl.documents.day.record import day_record, records_json
from floorctl.documents.day.tables_csv import tables_csv
from floorctl.intake import csv_appointments as appointments
from floorctl.intake import csv_registers as registers
from floorctl.intake import csv_shifts as shifts
from floorctl.intake import feed as feed
from floorctl.intake.feed import Intake, Splitter
from floorctl.intake.site_file import data_dir, load_site
from floorctl.models.board.status import status
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import free_texts
from floorctl.usecases import closing as closing
from tests.contract.contract_cli import run
from tests.story import MONDAY, Desk, a_day, instant, kumagaya

ROOT = Path(__file__).parent.parent
OUT = "OUT"  # stands for a folder of the case's own
NOON = instant("12:00")

# ---- what comes in

NASTY = (
    "\x1b[2J", "\x1b]0;題\x07", "\x9b31m", "\x1b", "\x00", "\x07", "\x08", "\x7f", "\r\n", "\t", "\u2028", "\u202e", "\u2066", "\u200b",
    "\ufeff", "\ud800", "\U000e0041", "\ufffe", "[/red]", "[@click=app.quit]x[/]", "[", "]", "\\", "'", '"', '"""', "`", "$(id)",
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", "'=1", "%s%n{0}{x.__class__}", "../../etc/passwd", "NaN",
    "621498320257", "六二一四九八三二〇二五七", "1234 5678 9018", "taro@example.jp", "暗証番号1234", "𠮷髙㐂", "か\u3099", "ก้", "👨‍👩‍👧",
    "１２", "٣", "²", "½", "9" * 400, "あ" * 500, "\u0301" * 300, "null", "true", "-0", "1e999", "{}", "[[", "[" * 3000, "{\"a\":" * 2000, "\n[x]\n", "<a>&", "NULL",
    "'); DROP TABLE event; --", "A041", "T3", "cert_renewal", "2026-09-14", "2026-09-14T09:00:00+09:00", "99:99", "0000-00-00",
)  # fmt: skip
WILD = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=30),
    st.lists(st.sampled_from(NASTY), max_size=5).map("".join),
    st.builds(lambda c, n: c * n, st.characters(), st.integers(0, 3000)),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    WILD,
    st.sampled_from([0, 1, -1, 2**63]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WILD, inner, max_size=3), max_leaves=8
)
PLAIN: dict[str, Any] = {
    "ticket": "B001", "terminal": "T3", "lane": "issuance", "service": "cert_renewal", "matter": "fee", "staff": "S01",
    "escalation": "E-1", "outcome": "desk3", "status": "late", "present": 2, "item": "photo", "count": 1, "topic": "場所",
    "persons": 10, "waiting": 3, "reason": "混雑", "allocation": {"T3": "issuance"}, "officials": 2, "cards": 1, "fault": "紙",
    "note": "雨", "work": {"photo": 1}, "appointment": "09:30", "assist": True, "until": "10:30", "official": "C1",
    "incident": "I-1", "category": "other", "summary": "雨漏り", "text": "雨", "head": "remarks", "lines": ["一行"], "of": "2026-09",
}  # fmt: skip


TOLD = sorted(set(ev.KINDS) - ev.COMMAND_KINDS)
WRITTEN = [(kind, field) for kind in sorted(DECIDE) for field in free_texts(kind)]
NOTED = [
    ("memo.written", "text"), ("terminal.paused", "reason"), ("inquiry.counted", "topic"), ("incident.opened", "summary"),
    ("report.written", "lines"), ("total.read", "note"), ("staff.changed", "reason"),
]  # fmt: skip


@st.composite
def feed_lines(draw: st.DrawFn) -> bytes:
    """A line of a feed: a fact with some of it replaced, broken JSON, or no JSON at all."""
    shape = draw(st.integers(0, 9))
    if shape == 0:
        return draw(st.binary(max_size=200)).replace(b"\n", b"")
    if shape == 1:
        mark = draw(st.sampled_from([b"[", b'{"a":', b'"', b"\\", b"\x00", b"-", b"9"]))
        return mark * draw(st.sampled_from([1, 100, 5000, 60_000, 66_000]))
    kind = draw(st.sampled_from(sorted(ev.KINDS) if draw(st.integers(0, 5)) == 0 else TOLD))
    own = [f for f in ev.KINDS[kind].names() if f not in ("id", "at")]
    hour, minute = draw(st.integers(7, 18)), draw(st.integers(0, 59))
    line: dict[str, Any] = {
        "id": f"x-{draw(st.integers(0, 10**9))}",
        "at": f"2026-09-14T{hour:02}:{minute:02}:00+09:00",
    }
    line |= {"kind": kind, **{f: PLAIN[f] for f in own if f in PLAIN}}
    if draw(st.booleans()):
        for name in draw(st.lists(st.sampled_from(["id", "at", "kind", *own, *own]), max_size=2)):
            line[name] = draw(VALUES)
    else:
        line |= {name: draw(WILD) for name in free_texts(kind) if name in ("reason", "fault", "note", "topic")}
    if draw(st.integers(0, 9)) == 0:
        line[draw(WILD)] = draw(VALUES)
    raw = json.dumps(line, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass").replace(b"\n", b"")
    if draw(st.integers(0, 5)) == 0:
        at = draw(st.integers(0, len(raw)))
        raw = raw[:at] + draw(st.binary(max_size=6)).replace(b"\n", b"") + raw[at + draw(st.integers(0, 6)) :]
    return raw


@cache
def shipped_site() -> list[str]:
    return (data_dir() / "kumagaya.toml").read_text(encoding="utf-8").split("\n")


@st.composite
def changed(draw: st.DrawFn, lines: list[str]) -> bytes:
    """A text file with a few of its lines changed, moved or lost, or with bytes that are no text."""
    rows = list(lines)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, max(0, len(rows) - 1)))
        match draw(st.integers(0, 6)):
            case 0:
                del rows[at : at + draw(st.integers(1, 3))]
            case 1:
                rows.insert(at, draw(WILD))
            case 2 if rows:
                name, equals, _ = rows[at].partition("=")
                rows[at] = f"{name}{equals} {json.dumps(draw(VALUES), ensure_ascii=False)}"
            case 3 if rows:
                name, equals, _ = rows[at].partition("=")
                rows[at] = f"{name}{equals} {draw(WILD)}"
            case 4 if rows:
                rows.insert(draw(st.integers(0, len(rows))), rows[at])
            case 5 if rows:
                cut = draw(st.integers(0, len(rows[at])))
                rows[at] = rows[at][:cut] + draw(WILD) + rows[at][cut:]
            case _:
                rows.append(
                    draw(
                        st.sampled_from(
                            [
                                "[",
                                "{",
                                "x = [" * 50,
                                "x = " + "[" * 3000,
                                "a.b.c = 1",
                                "[[services]]",
                                "é = 1",
                                "[a]\n[a]",
                            ]
                        )
                    )
                )
    raw = "\n".join(rows).encode("utf-8", "surrogatepass")
    return raw + draw(st.binary(max_size=5)) if draw(st.integers(0, 7)) == 0 else raw


TABLES: dict[str, tuple[Callable[[bytes], Any], list[str], list[list[str]]]] = {
    "roster": (
        registers.read_roster,
        ["code", "surname", "role", "deputy", "authority", "vein", "pledge", "shift", "left", "direct_employee", "experience"],
        [["S01", "熊谷", "業務従事者", "○", "2026-07-01", "R8.7.1", "2026/7/1", "08:15-17:15", "", "1", ""]],
    ),
    "appointments": (appointments.read_appointments, ["date", "time", "cards", "count"], [["2026-09-14", "09:30", "1", "2"]]),
    "bookings": (
        lambda raw: appointments.read_table(raw, kumagaya()).lines,
        ["予約番号", "予約日時", "手続", "枚数", "状態", "備考"],
        [["000123", "2026/09/14 09:00", "カード受取", "1", "確定", ""], ["000124", "2026/09/14 09:10", "カード受取", "2", "取消", "x"]],
    ),
    "shifts": (
        lambda raw: shifts.read_shifts(raw, kumagaya()).lines,
        ["ID", "スタッフコード", "日付", "勤務区分", "開始", "終了", "休憩", "削除"],
        [["", "S01", "2026/9/14", "", "08:15", "17:15", "60", "0"], ["", "S02", "46279", "休", "", "", "", ""]],
    ),
    "month": (
        lambda raw: shifts.read_shifts(raw, kumagaya()).lines,
        ["職員コード", "令和8年9月", "14(月)", "15(火)", "9/16"],
        [["S01", "", "休", "8:15-17:15", ""], ["合計", "", "1", "1", ""]],
    ),
    "training": (
        lambda raw: registers.read_training(raw, kumagaya().training),
        ["staff", "item", "done_on"],
        [["S01", "1", "2026-07-01"]],
    ),
    "pledges": (registers.read_pledges, ["staff", "pledge_on"], [["S01", "2026-07-01"]]),
    "devices": (registers.read_devices, ["device", "purpose", "permitted_on", "ends_on"], [["PC-1", "翻訳", "2026-07-01", ""]]),
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, bytes]:
    name = draw(st.sampled_from(sorted(TABLES)))
    _, headings, rows = TABLES[name]
    grid = [list(headings), *(list(r) for r in rows)]
    for _ in range(draw(st.integers(0, 2))):
        row = draw(st.sampled_from(grid))
        row[draw(st.integers(0, len(row) - 1))] = draw(WILD)
    if name == "devices" and draw(st.booleans()):
        grid[1:] = [["PC-1", draw(WILD), "2026-07-01", ""]]
    if draw(st.integers(0, 6)) == 0:
        grid.append([draw(WILD) for _ in range(draw(st.integers(0, 20)))])
    out = io.StringIO()
    csv.writer(out, quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))).writerows(grid)
    text = out.getvalue()
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-8"]))
    raw = text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    return name, draw(st.sampled_from([raw, raw, raw, raw + b'"', raw.replace(b",", b"\x00"), raw[: len(raw) // 2]]))


ANSWERS = [
    'weather = "雨"', 'inquiries = ["場所の質問 3件"]', 'problems = "下書き"', 'remarks = ["引継ぎなし"]', "[totals]", "photo = 3",
    'issuance_new = { count = 2, note = "台帳で確認" }', "[topics]", '"場所" = 3', "[cards]", "received = 1", "issued = 1", "returned = 0",
    "left = 0",
]  # fmt: skip

# ---- what must never happen


def obeyed(text: str, *, lines: bool = False) -> list[str]:
    """The characters of a text that a terminal would obey. ``lines``: line ends are wanted."""
    wanted = "\n" if lines else ""
    return [hex(ord(c)) for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in wanted]


def is_a_sentence(error: FloorctlError, *given: str) -> None:
    """What is said is for a person, and repeats nothing long of what was given."""
    assert obeyed(error.sentence) == [], error.sentence
    assert len(error.sentence) < 600
    assert not [g for g in given if len(g) > 11 and g in error.sentence]


class Doors:
    """Each method is a door: one case from hypothesis, counted by what became of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.site, self.counts = folder, kumagaya(), Counter[str]()
        self._files = 0
        self.desk = self._new()

    def _new(self) -> Desk:
        self._files += 1
        desk = Desk(self.folder / f"floor-{self._files}.db", self.site).opens()
        desk.hears(a_day(prefix="own").issues("B001", at="08:40"))
        desk.at("10:00")
        desk.does("incident.opened", category="other", summary="雨漏り")
        return desk

    def close(self) -> None:
        self.desk.close()

    # ---- feeds

    def feed(self, lines: list[bytes]) -> None:
        if self.desk.session.head().seq > 5000:
            self.desk.close()
            self.desk = self._new()
        store, said = self.desk.session.store, list[str]()
        before = store.head().seq
        intake = Intake(store, self.site, "m", self.desk.clock, lambda n, why: said.append(why))
        totals = intake.take(enumerate([x if len(x) <= feed.MAX_LINE else None for x in lines], 1))
        assert totals.accepted + totals.duplicate + totals.refused == sum(bool(x.strip()) for x in lines)
        assert [s for s in said if obeyed(s) or len(s) > 200] == []
        self.counts["taken in"] += totals.accepted + totals.duplicate
        self.counts["refused"] += totals.refused
        came = store.facts_after(before)
        assert len(came) == totals.accepted
        self._look_at(came)

    def _look_at(self, came: list[Entry]) -> None:
        """The day as every screen and document sees it, of these facts alone."""
        for entry in came:
            for field in free_texts(entry.kind):
                text = getattr(entry.fact, field) or ""
                for one in (text,) if isinstance(text, str) else text:
                    assert obeyed(one) == []
                    assert find(one) is None
        for day in {business_day(e.fact.at) for e in came}:
            floor = fold(self.site, day, came)
            register = fold_register(came)
            info = register.calendar(self.site).day_info(day)
            now = datetime.combine(day, NOON.timetz())
            document = status(floor, register, info, now, self.desk.session.head())
            json.dumps(document)
            assert obeyed(status_text(document, self.site), lines=True) == []
            assert obeyed(log_text(floor), lines=True) == []
            record = day_record(floor, register, self.desk.session.head(), revision=1)
            json.loads(records_json(record))
            for data in tables_csv(record).values():
                assert [c for c in data.decode("utf-8-sig") if c not in "\r\n" and obeyed(c)] == []

    def pieces(self, data: bytes, cuts: list[int]) -> None:
        """However a stream is cut, its lines are the same, and no more of it is held than a line may be long."""
        with patch.object(feed, "MAX_LINE", 40):
            whole = Splitter()
            expected = whole.feed(data) + whole.end()
            parts, found, at = Splitter(), list[feed.Line](), 0
            for cut in [*sorted(c % (len(data) + 1) for c in cuts), len(data)]:
                found += parts.feed(data[at:cut])
                at = cut
                assert len(parts._held) <= 40
            found += parts.end()
        assert found == expected
        self.counts["taken in"] += 1

    # ---- files

    def site_file(self, raw: bytes) -> None:
        path = self.folder / "site.toml"
        path.write_bytes(raw)
        try:
            site = load_site(path)
        except UsageError as e:
            is_a_sentence(e)
            self.counts["refused"] += 1
            return
        self.counts["taken in"] += 1
        floor, register = fold(site, MONDAY, []), fold_register([])
        info = register.calendar(site).day_info(MONDAY)
        document = status(floor, register, info, NOON, self.desk.session.head())
        assert obeyed(status_text(document, site), lines=True) == []

    def table(self, name_and_raw: tuple[str, bytes]) -> None:
        name, raw = name_and_raw
        try:
            lines = TABLES[name][0](raw)
        except Refused as e:
            is_a_sentence(e, *raw.decode("utf-8", "replace").split(","))
            self.counts["refused"] += 1
            return
        self.counts["taken in"] += 1
        for line in lines:
            values = line.fields.values() if hasattr(line, "fields") else (line.date, line.time, line.cards, line.count)
            for text in (v for v in (*values, getattr(line, "surname", None)) if isinstance(v, str)):
                assert obeyed(text) == []
                assert find(text) is None

    def answers(self, raw: bytes) -> None:
        path = self.folder / "answers.toml"
        path.write_bytes(raw)
        before = self.desk.session.head()
        try:
            given = closing.read_answers(path)
            # Decided as the close does it, in its transaction; nothing is written.
            self.desk.session.run(lambda c: [w for kind, fields in given.wishes for w in decide(c, kind, fields)][:0])
            self.counts["taken in"] += 1
        except FloorctlError as e:
            is_a_sentence(e)
            self.counts["refused"] += 1
        assert self.desk.session.head() == before

    # ---- the command line

    def command(self, args: list[str]) -> None:
        db = self.folder / "cli.db"
        if not db.exists():
            Desk(db, self.site).opens().close()
        args = [str(self.folder / "out") if a == OUT else a for a in args]
        result = run(*args, db=db, now="2026-09-14T10:00")  # fails by itself where a fault of ours escapes
        assert result.status in (0, 1, 2, 3), result
        assert obeyed(result.err, lines=True) == [], result.err
        if args[0] != "register":
            assert obeyed(result.out, lines=True) == [], result.out
        if result.status:
            assert result.out == "" or args[0] in ("doctor", "ingest")
            assert len(result.err.strip().split("\n")) == 1 or args[0] in ("doctor", "ingest"), result.err
        self.counts["refused" if result.status else "taken in"] += 1

    # ---- documents

    def documents(self, texts: list[str]) -> None:
        """Texts that slipped past every guard (a file that somebody has changed) still harm no spreadsheet."""
        entries = facts_with(texts)
        floor, register = fold(self.site, MONDAY, entries), fold_register(entries)
        record = day_record(floor, register, None, revision=1)
        shutil.rmtree(self.folder / "out", ignore_errors=True)  # what another record has left is not to be replaced
        done = export_day(record, self.site, self.folder / "out")
        for path in done.paths:
            if path.suffix == ".xlsx":
                is_a_harmless_workbook(path)
            elif path.suffix == ".csv":
                is_a_harmless_table(path)
            else:
                json.loads(path.read_bytes())
        assert obeyed(log_text(floor), lines=True) == []
        self.counts["taken in"] += 1

    # ---- the console

    def keys(self, presses: list[tuple[str, str]]) -> None:
        """A console over a day in the middle, and hands that press anything."""
        from textual import events

        from tests.screens.harness import console

        async def play() -> None:
            self._files += 1
            folder = self.folder / f"console-{self._files}"
            folder.mkdir()
            async with console(
                folder, a_day(prefix="k").opens("08:30").issues("B001").issues("A001", "card_issuance")
            ) as c:
                for kind, text in presses:
                    if kind == "paste":
                        c.app.post_message(events.Paste(text))
                    elif kind == "type":
                        for char in text[:20]:
                            c.app.post_message(events.Key(char, char))
                    else:
                        c.app.post_message(events.Key(text, text if len(text) == 1 else None))
                    await c.settle()
                    c.clean()
                for entry in c.facts():
                    for field in free_texts(entry.kind):
                        text = getattr(entry.fact, field) or ""
                        for one in (text,) if isinstance(text, str) else text:
                            assert obeyed(one) == []
                            assert find(one) is None

        asyncio.run(play())
        self.counts["taken in"] += len(presses)


def facts_with(texts: list[str]) -> list[Entry]:
    """A day of facts that hold these texts as they are, past every check."""
    story = a_day().opens("08:30").issues("B001", at="08:40")
    entries = story.entries()
    rows: list[tuple[str, dict[str, Any]]] = []
    for n, text in enumerate(texts):
        rows += [
            ("terminal.assigned", {"terminal": f"T{n % 8 + 1}", "lane": "certificate", "reason": text}),
            ("inquiry.counted", {"topic": text, "count": 1}),
            ("incident.opened", {"incident": f"I-{n + 1}", "category": "other", "summary": text, "services": (), "terminals": (),
                                 "occurred_at": None, "found_at": None}),
            ("staff.changed", {"staff": "S01", "status": "late", "reason": text, "until": None}),
            ("escalation.raised", {"escalation": f"E-{n + 1}", "matter": "fee", "terminal": None, "ticket": None, "note": text}),
            ("report.written", {"head": "remarks", "lines": (text,), "none": False}),
            ("total.read", {"item": "photo", "count": 3, "note": text}),
            ("memo.written", {"text": text}),
        ]  # fmt: skip
    for n, (kind, fields) in enumerate(rows):
        at = instant("09:00") + timedelta(seconds=n)
        fact = ev.KINDS[kind](id=f"w-{n}", at=at, **fields)
        entries.append(Entry(len(entries) + 1, "console", at, "console", fact))
    return entries


def is_a_harmless_workbook(path: Path) -> None:
    """Every part is well-formed, no cell is a formula, and no text has a character that is obeyed."""
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            data = book.read(name)
            if not name.endswith((".xml", ".rels")):
                continue
            tree = ElementTree.fromstring(data)
            if name.startswith("xl/worksheets/"):
                formulas = [e.text for e in tree.iter() if e.tag.endswith("}f") and e.text]
                assert [f for f in formulas if not f.startswith("SUM(")] == [], (name, formulas)
            if name == "xl/sharedStrings.xml":
                texts = [e.text or "" for e in tree.iter() if e.tag.endswith("}t")]
                assert [t for t in texts if obeyed(t, lines=True) or "_x00" in t.lower()] == []


def is_a_harmless_table(path: Path) -> None:
    raw = path.read_bytes().decode("utf-8-sig")
    for row in csv.reader(io.StringIO(raw, newline=""), strict=True):
        for cell in row:
            assert obeyed(cell) == [], cell
            first = unicodedata.normalize("NFKC", cell.lstrip(" 　"))[:1]
            number = cell.lstrip("-").replace(".", "", 1).isascii() and cell.lstrip("-").replace(".", "", 1).isdigit()
            assert first not in ("=", "+", "-", "@") or number or cell == "-", cell


# ---- the doors and their cases

KEYS = st.one_of(
    st.tuples(st.just("key"), st.sampled_from([
        *(f"f{n}" for n in range(1, 13)), "up", "down", "left", "right", "tab", "shift+tab", "enter", "escape", "backspace", "delete",
        "pageup", "pagedown", "home", "end", "ctrl+a", "ctrl+z", "ctrl+c", "space", *map(str, range(10)), *"abcdefghijklmnopqrstuvwxyz",
        *"[]-,.;/?", "あ", "ｒ", "６", "ア", "！", "～",
    ])),
    st.tuples(st.just("paste"), WILD),
    st.tuples(st.just("type"), WILD),
)  # fmt: skip
FIELDS = sorted({f for m in ev.KINDS.values() for f in m.names()} | {"at", "seq", "kind", "id"})
ARGS = st.one_of(
    st.builds(
        lambda kind, pairs: ["do", kind, *(f"{n}={v}" for n, v in pairs)],
        st.sampled_from(sorted(ev.KINDS)),
        st.lists(st.tuples(st.sampled_from(FIELDS) | WILD, WILD | st.sampled_from([str(v) for v in PLAIN.values()])), max_size=5),
    ),
    st.builds(
        lambda kind_field, value: [
            "do",
            kind_field[0],
            *(f"{n}={v}" for n, v in PLAIN.items() if n in ev.KINDS[kind_field[0]].names() and isinstance(v, str | int)),
            f"{kind_field[1]}={value}",
        ],
        st.sampled_from(WRITTEN) | st.sampled_from(NOTED),
        WILD,
    ),
    st.builds(lambda text: ["do", "memo.written", f"text={text}"], WILD),
    st.builds(lambda text: ["do", "inquiry.counted", f"topic=場所{text}"], WILD),
    st.builds(lambda a, b, c: ["assign", a, b, "--reason", c], WILD, WILD, WILD),
    st.builds(lambda a: ["assign", "T4", "certificate", "--reason", a], WILD),
    st.builds(lambda a, b: ["incident", "add", "--category", a, "--summary", b], st.just("other") | WILD, WILD),
    st.builds(lambda a: ["incident", "show", a], WILD),
    st.builds(lambda a: ["log", "--date", a], WILD),
    st.builds(lambda a: ["export", "--date", a, "--out", OUT], WILD),
    st.builds(
        lambda field, a: ["do", "ticket.finished", "ticket=B001", "terminal=T3", f"{field}={a}"],
        st.sampled_from(["work", "outcome", "ticket"]),
        WILD | st.sampled_from(["[" * 3000, '{"a":' * 3000, '{"photo":1e999}', '{"photo":NaN}', '{"photo":' + "9" * 5000 + "}"]),
    ),
    st.builds(lambda a, b: ["calendar", "--from", a, "--to", b], WILD, WILD | st.just("2026-09-14")),
    st.builds(lambda a: ["ingest", "-", "--source", a], WILD),
    st.builds(lambda a: ["doctor", "--head", a], WILD),
    st.builds(lambda a: ["duties", "--until", a], WILD),
    st.builds(lambda a, b: [a, b], WILD.filter(bool), WILD),
).filter(lambda args: args[0] not in ("console", "demo") and not any("\x00" in a for a in args))  # fmt: skip

# Each door: its share of the cases, how its cases are made, and how many of them the suite tries.
CASES: dict[str, tuple[float, st.SearchStrategy[Any], int]] = {
    "feed": (0.40, st.lists(feed_lines(), min_size=1, max_size=6), 150),
    "pieces": (0.08, st.tuples(st.binary(max_size=300) | st.lists(st.sampled_from([b"\n", b"x" * 39, b"\xef\xbb\xbf", b"ab", b"y" * 90])).map(b"".join), st.lists(st.integers(0, 300), max_size=20)), 150),
    "site_file": (0.08, st.deferred(lambda: changed(shipped_site())), 100),
    "table": (0.16, tables(), 150),
    "answers": (0.10, st.deferred(lambda: changed(ANSWERS)), 80),
    "command": (0.14, ARGS, 60),
    "documents": (0.03, st.lists(WILD.map(lambda t: t[:400]), min_size=1, max_size=4), 8),
    "keys": (0.01, st.lists(KEYS, min_size=5, max_size=40), 3),
}  # fmt: skip


# What chance would seldom hit, or only in the long form.
NUMBER = "621498320257"
KNOWN: dict[str, list[Any]] = {
    "feed": [[b'{"a":' * 13_000], [b"[" * 65_536], [b"\xff\xfe" * 20], [b'{"id":"x","at":"9999-12-31T23:59:59-14:00","kind":"day.opened"}']],
    "site_file": [b"x = " + b"[" * 5000, b"x = " + b"9" * 5000, b"a = 1\n" * 100_000, b"\xff", b"x" * 1_000_001],
    "answers": [b"x = " + b"[" * 5000, b"x = " + b"9" * 5000, b"\xff\xfe", b'problems = "' + b"9" * 150_000 + b'"'],
    "table": [
        *(("devices", f"device,purpose,permitted_on\nPC-1,{x},2026-07-01\n".encode()) for x in (NUMBER, "=1+1", "\x1b[2J翻訳")),
        ("roster", b"code\n" + b"S01,\n" * 3), ("roster", b'code\n"S01\n'), ("pledges", b"staff,pledge_on\nS01,R99.9.9\n"),
        ("appointments", b"date,time,count\n9999-99-99,09:00,1\n"), ("roster", b"code\n" + b'"' * 200_000),
    ],
    "command": [
        ["do", "ticket.finished", "ticket=B001", "terminal=T3", f"work={x}"]
        for x in ("[" * 5000, '{"a":' * 5000, '{"photo":1e999}', '{"photo":NaN}', '{"photo":' + "9" * 5000 + "}", f'{{"{NUMBER}":1}}')
    ] + [["do", "queue.counted", "lane=issuance", "waiting=" + "9" * 5000], ["do", "memo.written", "at=0001-01-01T00:00", "text=雨"]],
}  # fmt: skip


KNOWN["keys"] = [
    [("type", "".join(map(chr, [0xAD, 0xA0, 0x85, 0x1B, 0x200B, 0x202E, 0x2028, 0xFEFF, 0xE0041, 0xD800])))]
]


def try_door(name: str, doors: Doors, cases: int, chance: int | None = None) -> None:
    """So many cases at one door; raises what the worst of them raised."""
    _, strategy, _ = CASES[name]
    act = getattr(doors, name)

    def one(case: Any) -> None:
        act(*case) if name == "pieces" else act(case)

    for case in KNOWN.get(name, ()):
        one(case)

    limits = settings(
        max_examples=cases, deadline=None, database=None, derandomize=chance is None, suppress_health_check=list(HealthCheck),
        phases=[p for p in Phase if p is not Phase.shrink or name != "keys"],  # a console a try: it would take an hour
    )  # fmt: skip
    test = limits(given(strategy)(one))
    (test if chance is None else seed(chance)(test))()


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--megabytes", type=int, default=1024, help="of the line without an end")
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}, {wanted.cases} cases")
    print(f"{'door':<12}{'cases':>8}{'taken in':>10}{'refused':>9}{'faults':>8}{'s':>7}")
    bad = 0
    with tempfile.TemporaryDirectory(prefix="floorctl-hostile-") as folder:
        for name, (share, _, _) in CASES.items():
            doors, cases, began = Doors(_made(Path(folder) / name)), round(wanted.cases * share), time.monotonic()
            fault = ""
            try:
                try_door(name, doors, cases, wanted.seed)
            except BaseException as e:
                if isinstance(e, KeyboardInterrupt):
                    raise
                fault = "".join(traceback.format_exception(e))
            doors.close()
            n = doors.counts
            print(
                f"{name:<12}{cases:>8}{n['taken in']:>10}{n['refused']:>9}{int(bool(fault)):>8}{time.monotonic() - began:>7.0f}",
                flush=True,
            )
            if fault:
                bad += 1
                print(fault)
        from tests.house.test_hostile_input import peak_of_a_long_line

        for way in ("file", "stdin", "follow", "console"):
            grown = peak_of_a_long_line(_made(Path(folder) / f"line-{way}"), way, wanted.megabytes)
            print(f"a line of {wanted.megabytes} MB by {way}: memory grew by {grown} MB")
            bad += grown > 64
    from tests.common.test_privacy import corpus_counts
    from tests.guard_corpus import by_rule, judge, table

    counts = corpus_counts(random.Random(wanted.seed), 40)
    print(
        f"guard: {counts.numbers} numbers, {len(counts.missed)} missed; {counts.harmless} harmless texts, {len(counts.refused)} refused"
    )
    judged = judge(by_rule(str(wanted.seed), 60))
    print(table(judged))
    wrong = sum(len(j.wrong) for (verdict, _), j in judged.items() if verdict != "warn")
    return 1 if bad or wrong or counts.missed or counts.refused else 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main())
