"""Files of whole days as machines write them, each described in a few lines, against what happened.

A day of visits is written in each form; the facts that come out of its file must tell each visit as it was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from floorctl.common.clock import JST
from floorctl.intake.feed import Intake
from floorctl.intake.sources.reader import SourceReader
from floorctl.models.site.site import Site
from tests.sources import TODAY, described
from tests.story import Desk

MOST_LINES = 25


class Visit(NamedTuple):
    number: str
    service: str
    issued: datetime
    called: datetime | None
    desk: str
    ended: datetime | None


def day(*, minutes: bool = False, visits: int = 60) -> list[Visit]:
    """Return visits of three desks, one after the other; the last ones still wait or are served."""
    random, free = Random(14), {"T3": 0, "T4": 0, "T5": 0}
    found = []
    step = 60 if minutes else 1
    start = datetime(2026, 9, 14, 8, 30, tzinfo=JST)
    for n in range(visits):
        issued = n * 97 // step * step
        desk = min(free, key=lambda d: free[d])
        called = (max(free[desk], issued) + 60 + random.randrange(300)) // step * step
        ended = (called + 120 + random.randrange(600)) // step * step
        free[desk] = ended + step
        told = n < visits - 4
        found.append(
            Visit(
                f"{'AB'[n % 2]}{n + 1:03d}",
                ("card_issuance", "cert_renewal")[n % 2],
                start + timedelta(seconds=issued),
                start + timedelta(seconds=called) if told else None,
                desk,
                start + timedelta(seconds=ended),
            )
        )
    last = {v.desk: v for v in found if v.called}
    return [v if v.called and last[v.desk] is not v else v._replace(ended=None) for v in found]


def events(visits: list[Visit]) -> list[tuple[datetime, str, Visit]]:
    """Return what happened in the order of its times."""
    told = [(at, what, v) for v in visits for what, at in (("0", v.issued), ("1", v.called), ("2", v.ended)) if at]
    return sorted(told, key=lambda x: x[:2])


def semicolons(path: Path) -> None:
    """A European machine: semicolons, day before month, its own zone, an event a row."""
    name = {"0": "Ausgabe", "1": "Aufruf", "2": "Ende"}
    service = {"card_issuance": "Ausweis", "cert_renewal": "Zertifikat"}
    lines = ["Zeit;Ereignis;Nummer;Anliegen;Schalter;Bearbeiter"]
    for at, what, v in events(day()):
        there = at.astimezone(UTC) + timedelta(hours=2)
        lines.append(f"{there:%d.%m.%Y %H:%M:%S};{name[what]};{v.number};{service[v.service]};{v.desk[1]};Müller")
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")


SEMICOLONS = """
separator = ";"
zone = "Europe/Berlin"
dates = "dmy"
personal = ["Bearbeiter"]
columns = { time = "Zeit", event = "Ereignis", ticket = "Nummer", service = "Anliegen", terminal = "Schalter" }
facts = [
  { kind = "ticket.issued", when = { event = "Ausgabe" } },
  { kind = "ticket.called", when = { event = "Aufruf" } },
  { kind = "ticket.finished", when = { event = "Ende" } },
]
[sources.codes]
service = { "Ausweis" = "card_issuance", "Zertifikat" = "cert_renewal" }
terminal = { "3" = "T3", "4" = "T4", "5" = "T5" }
"""


def fixed(path: Path) -> None:
    """A mainframe's list: Shift_JIS, fixed width, full-width names, page heads, one row a visit, empty times."""
    lines = ["受付一覧表　　令和８年９月１４日", "-" * 40]
    for n, v in enumerate(day()):
        service = {"card_issuance": "カード交付", "cert_renewal": "証明更新　"}[v.service]
        times = [f"{at:%H%M%S}" if at else " " * 6 for at in (v.issued, v.called, v.ended)]
        lines.append(
            f"{n + 1:5d}{v.number:6}{service}{times[0]}{times[1]}{times[2]}{v.desk[1] if v.called else ' '}番山田太郎"
        )
    lines.append("合計" + " " * 42)
    path.write_bytes("\r\n".join(lines).encode("cp932") + b"\r\n\x1a")


FIXED = """
form = "fixed"
encoding = "cp932"
skip_lines = 2
leave_out = [{ ticket = "" }]
[sources.columns]
ticket = "6-11"
service = "12-21"
issued = "22-27"
called = "28-33"
ended = "34-39"
terminal = "40"
[sources.codes]
service = { "カード交付" = "card_issuance", "証明更新" = "cert_renewal" }
terminal = { "3" = "T3", "4" = "T4", "5" = "T5" }
[[sources.facts]]
kind = "ticket.issued"
at = "issued"
[[sources.facts]]
kind = "ticket.called"
at = "called"
[[sources.facts]]
kind = "ticket.finished"
at = "ended"
"""


def nested(path: Path) -> None:
    """Events of a queue service: JSON Lines, nested, UTC with milliseconds, others in between."""
    name = {"0": "TICKET_CREATED", "1": "TICKET_CALLED", "2": "TICKET_CLOSED"}
    lines = []
    for n, (at, what, v) in enumerate(events(day())):
        ticket = {"label": v.number, "queue": {"id": {"card_issuance": 11, "cert_renewal": 12}[v.service]}}
        counter = {"name": f"Counter {v.desk[1]}"} if what != "0" else None
        stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.250Z")
        data = {"ticket": ticket, "counter": counter, "user": {"name": "山田", "phone": "090-0000-0000"}}
        lines += [
            {"eventId": f"e{n:06d}", "type": name[what], "ts": stamp, "data": data},
            {"type": "HEARTBEAT", "ts": stamp},
        ]
    path.write_text("".join(json.dumps(x) + "\n" for x in lines), encoding="utf-8")


NESTED = """
form = "jsonl"
personal = ["data.user"]
[sources.columns]
id = "eventId"
time = "ts"
ticket = "data.ticket.label"
service = "data.ticket.queue.id"
terminal = "data.counter.name"
[sources.codes]
service = { "11" = "card_issuance", "12" = "cert_renewal" }
terminal = { "Counter 3" = "T3", "Counter 4" = "T4", "Counter 5" = "T5" }
[[sources.facts]]
kind = "ticket.issued"
when = { type = "TICKET_CREATED" }
[[sources.facts]]
kind = "ticket.called"
when = { type = "TICKET_CALLED" }
[[sources.facts]]
kind = "ticket.finished"
when = { type = "TICKET_CLOSED" }
"""


def kiosk(path: Path) -> None:
    """The file of a kiosk: a table of SQLite, letters and numbers apart, milliseconds of the epoch, 0 for nothing."""

    def epoch(at: datetime | None) -> int:
        return int(at.timestamp() * 1000) + 7 if at else 0

    with closing(sqlite3.connect(path)) as conn:
        conn.execute(
            "CREATE TABLE t_ticket (rowno INTEGER PRIMARY KEY, dept INT, num TEXT, t0 INT, t1 INT, t2 INT, desk INT, memo BLOB)"
        )
        conn.executemany(
            "INSERT INTO t_ticket (dept, num, t0, t1, t2, desk, memo) VALUES (?, ?, ?, ?, ?, ?, x'00ff')",
            [
                (
                    {"A": 1, "B": 2}[v.number[0]],
                    v.number[1:],
                    epoch(v.issued),
                    epoch(v.called),
                    epoch(v.ended),
                    int(v.desk[1]),
                )
                for v in day()
            ],
        )
        conn.commit()


KIOSK = """
form = "sqlite"
table = "t_ticket"
columns = { id = "rowno", prefix = "dept", service = "dept", ticket = "num", t0 = "t0", t1 = "t1", t2 = "t2", terminal = "desk" }
facts = [
  { kind = "ticket.issued", at = "t0" },
  { kind = "ticket.called", at = "t1", unless = { t1 = 0 } },
  { kind = "ticket.finished", at = "t2", unless = { t2 = 0 } },
]
[sources.codes]
prefix = { "1" = "A", "2" = "B" }
service = { "1" = "card_issuance", "2" = "cert_renewal" }
terminal = { "3" = "T3", "4" = "T4", "5" = "T5" }
"""


def minutes(path: Path) -> None:
    """A log for years: Shift_JIS, no heading, whole minutes, codes; the day before stands in it, too."""
    lines = ["20260913,17:12,1,01,A001,3"]
    for at, what, v in events(day(minutes=True)):
        code = {"card_issuance": "01", "cert_renewal": "02"}[v.service]
        lines.append(f"{at:%Y%m%d},{at:%H:%M},{what},{code},{v.number},{v.desk[1] if what != '0' else ''}")
    path.write_bytes("\r\n".join([*lines, ",,合計,,,"]).encode("cp932"))


MINUTES = """
heading = false
days = "today"
columns = { day = 1, time = 2, event = 3, service = 4, ticket = 5, terminal = 6 }
leave_out = [{ event = "合計" }]
facts = [
  { kind = "ticket.issued", when = { event = 0 } },
  { kind = "ticket.called", when = { event = 1 } },
  { kind = "ticket.finished", when = { event = 2 } },
]
[sources.codes]
service = { "01" = "card_issuance", "02" = "cert_renewal" }
terminal = { "3" = "T3", "4" = "T4", "5" = "T5" }
"""


def spreadsheet(path: Path) -> None:
    """A table saved by a spreadsheet as Unicode text: UTF-16, tabs, title lines, serial numbers, texts as formulas."""

    def serial(at: datetime | None) -> str:
        return repr((at.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1)) if at else ""

    lines = ["窓口別受付記録\t\t", "", "番号\t手続\t発券\t呼出→終了\t窓口\t氏名"]
    for v in day():
        name = {"card_issuance": "カード交付", "cert_renewal": "電子証明書"}[v.service]
        both = f"{serial(v.called)}→{serial(v.ended)}" if v.called else "→"
        lines.append(f'="{v.number}"\t{name}\t{serial(v.issued)}\t{both}\t{v.desk[1]} 番\t山田')
    lines.append(f"合計\t\t{len(day())}件\t\t\t")
    path.write_bytes("\r\n".join(lines).encode("utf-16"))


SPREADSHEET = """
form = "tsv"
personal = ["氏名"]
leave_out = [{ ticket = "合計" }]
[sources.columns]
ticket = "番号"
service = "手続"
issued = "発券"
called = { column = "呼出→終了", split = "→", part = 1 }
ended = { column = "呼出→終了", split = "→", part = 2 }
terminal = "窓口"
[sources.codes]
service = { "カード交付" = "card_issuance", "電子証明書" = "cert_renewal" }
terminal = { "3 番" = "T3", "4 番" = "T4", "5 番" = "T5" }
[[sources.facts]]
kind = "ticket.issued"
at = "issued"
[[sources.facts]]
kind = "ticket.called"
at = "called"
[[sources.facts]]
kind = "ticket.finished"
at = "ended"
"""

FORMS = {
    "semicolons": (semicolons, SEMICOLONS, "tickets.csv"),
    "fixed": (fixed, FIXED, "20260914.txt"),
    "nested": (nested, NESTED, "events.jsonl"),
    "kiosk": (kiosk, KIOSK, "kiosk.db"),
    "minutes": (minutes, MINUTES, "log.csv"),
    "spreadsheet": (spreadsheet, SPREADSHEET, "記録.txt"),
}


@pytest.mark.parametrize(("write", "text", "name"), FORMS.values(), ids=FORMS)
def test_a_day_is_told_as_it_was(
    site: Site, tmp_path: Path, desk: Desk, write: Callable[[Path], None], text: str, name: str
) -> None:
    assert text.strip().count("\n") + 2 <= MOST_LINES
    path = tmp_path / name
    write(path)
    source, said = described(text, site, tmp_path), list[str]()
    reader = SourceReader(source, site)
    desk.at("17:00")
    intake = Intake(desk.session.store, site, source.name, desk.clock, lambda n, why: said.append(f"{n} {why}"))
    totals = intake.take(reader.read(path, TODAY))
    visits = day(minutes=write is minutes)
    told = {v.number: (v.service, v.issued, v.called, v.desk if v.called else None, v.ended) for v in visits}
    tickets = desk.floor.tickets.values()
    found = {
        t.number: (t.service, t.issued_at, t.called_at, t.terminal if t.called_at else None, t.ended_at)
        for t in tickets
    }
    assert said == []
    assert found == told
    assert (totals.accepted, totals.duplicate, totals.refused) == (len(events(visits)), 0, 0)
    again = Intake(desk.session.store, site, source.name, desk.clock, lambda n, why: said.append(why))
    totals = again.take(SourceReader(source, site).read(path, TODAY))
    assert (totals.accepted, totals.duplicate, totals.refused, said) == (0, len(events(visits)), 0, [])


@pytest.mark.parametrize(("write", "text", "name"), FORMS.values(), ids=FORMS)
def test_its_file_may_grow_meanwhile(
    site: Site, tmp_path: Path, write: Callable[[Path], None], text: str, name: str
) -> None:
    """Looked at in the midst of rows, then whole: the same facts, each once."""
    path = tmp_path / name
    write(path)
    source = described(text, site, tmp_path)
    whole = [x.found for x in SourceReader(source, site).read(path, TODAY)]
    reader, found = SourceReader(source, site), []
    raw = path.read_bytes()
    if source.form != "sqlite":
        for part in range(1, 8):
            path.write_bytes(raw[: len(raw) * part // 8])
            found += reader.read(path, TODAY, growing=True)
    path.write_bytes(raw)
    found += [*reader.read(path, TODAY, growing=True), *reader.read(path, TODAY, growing=True, still=True)]
    assert [x.found for x in found] == whole


@pytest.mark.parametrize(("write", "text", "name"), FORMS.values(), ids=FORMS)
def test_where_its_bytes_are_cut_for_reading_changes_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None], text: str, name: str
) -> None:
    path = tmp_path / name
    write(path)
    source = described(text, site, tmp_path)
    whole = [*SourceReader(source, site).read(path, TODAY)]
    for size in (10, 97, 1000):
        monkeypatch.setattr("floorctl.intake.sources.lines.BLOCK", size)
        assert [*SourceReader(source, site).read(path, TODAY)] == whole
