"""The documents of a day: their figures against a day worked out by hand, their bytes, and how they are put in place."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floorctl.commands.fold import fold, fold_register
from floorctl.common.clock import JST
from floorctl.common.errors import FloorctlError
from floorctl.common.lengths import span
from floorctl.common.spreadsheet_text import guarded
from floorctl.common.written_files import WrittenFiles
from floorctl.documents.day import export as export
from floorctl.documents.day.record import DayRecord, Waits, day_record, records_json, waits_of
from floorctl.documents.day.tables_csv import tables_csv
from floorctl.documents.day.workbook import DAY_TABLES, day_xlsx
from floorctl.documents.layout.plain import short_date, when
from floorctl.intake.site_file import load_site
from floorctl.models.facts.checked import parse_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.kinds import REGISTER_KINDS
from floorctl.models.site.site import Site

SITE = load_site()
DAY = date(2026, 9, 14)
HOSTILE = "=cmd|' /C calc'!A0 [/red] \x1b[31m㐂𠮷 _x0041_ ]]> & < \x00\ufffe \u202e" + "待" * 400


class Head(NamedTuple):
    seq: int
    hash: str


class Facts:
    """A day told fact by fact."""

    def __init__(self, day: date = DAY) -> None:
        self.day, self.entries = day, list[Entry]()

    def add(self, at: str, kind: str, **fields: Any) -> Facts:
        seq = len(self.entries) + 1
        instant = at if "T" in at else f"{self.day}T{at if at.count(':') == 2 else at + ':00'}+09:00"
        fact = parse_fact(json.dumps({"id": f"f{seq}", "at": instant, "kind": kind, **fields}))
        source = "console" if kind in REGISTER_KINDS else "feed"
        self.entries.append(Entry(seq, source, datetime(2026, 9, 14, tzinfo=JST), "test", fact))
        return self

    def ticket(self, number: str, service: str, issued: str, called: str, finished: str, **more: Any) -> Facts:
        """Issued, called at a terminal of its lane and finished; an empty time leaves the fact out."""
        terminal = more.pop("terminal", "T1" if service == "card_issuance" else "T3")
        end = {k: more.pop(k) for k in ("outcome", "work") if k in more}
        self.add(issued, "ticket.issued", ticket=number, service=service, **more)
        if called:
            self.add(called, "ticket.called", ticket=number, terminal=terminal)
        if finished:
            self.add(finished, "ticket.finished", ticket=number, terminal=terminal, **end)
        return self

    def record(self, *, revision: int = 1, head: Head | None = None, site: Site | None = None) -> DayRecord:
        today = [e for e in self.entries if e.fact.at.date() == self.day]
        register = fold_register(e for e in self.entries if e.kind in REGISTER_KINDS)
        return day_record(fold(site or SITE, self.day, today), register, head, revision=revision)


def full_day() -> Facts:
    """A day with something under every heading."""
    day = Facts().add("08:30", "day.opened", officials=2)
    day.ticket("A001", "card_issuance", "09:00", "09:04:30", "09:20", cards=2, work={"issuance_new": 2})
    day.ticket("A002", "card_issuance", "09:10", "09:40", "09:55", appointment="09:30")  # waited 10 min
    day.ticket("A003", "card_issuance", "09:50", "09:55", "10:10", appointment="10:00")  # early: waited 0
    renewal = {"cert_signature_renewal": 1, "cert_user_auth_renewal": 1, "furigana_print": 1}
    day.ticket("B001", "cert_renewal", "08:31", "08:33:20", "08:50", work=renewal, assist=True)
    day.ticket("B002", "cert_renewal", "08:40", "08:50", "09:05", outcome="desk3")
    day.ticket("B003", "pin_reset", "09:00", "09:06", "")
    day.add("09:12", "ticket.transferred", ticket="B003", service="cert_issue")
    day.add("09:20", "ticket.finished", ticket="B003", terminal="T3", work={"cert_signature_new": 1})
    day.ticket("B004", "cert_renewal", "09:30", "09:31", "")
    day.add("09:34", "ticket.no_show", ticket="B004")
    day.ticket("B005", "other", "10:00", "", "").add("10:20", "ticket.left", ticket="B005")
    day.add("10:05", "terminal.assigned", terminal="T2", lane="certificate", reason="更新の待ちが長いため")
    day.add("10:30", "terminal.assigned", terminal="T2", lane="issuance")
    day.add("11:10", "terminal.lent", terminal="T5", lane="issuance", reason="予約が重なるため")
    day.add("11:40", "terminal.returned", terminal="T5").add("11:45", "terminal.lent", terminal="T6", lane="issuance")
    day.add("09:01", "escalation.raised", escalation="E-2", matter="proxy", terminal="T1", ticket="A001")
    day.add("09:02", "escalation.taken", escalation="E-2", official="C1")
    day.add("09:11", "escalation.settled", escalation="E-2", outcome="approved", official="C1")
    day.add("09:01", "escalation.raised", escalation="E-1", matter="inquiry")
    day.add("08:20", "staff.changed", staff="S01", status="present")
    day.add("08:25", "staff.changed", staff="S02", status="absent", reason="欠勤の連絡")
    day.add("12:00", "staff.changed", staff="S01", status="on_break", until="12:45")
    day.add("08:29", "terminal.staffed", terminal="T1", staff="S03")
    for number in range(2, 9):
        day.add("08:29", "terminal.staffed", terminal=f"T{number}", staff="S01")
    day.add("12:00", "officials.changed", present=0).add("12:20:30", "officials.changed", present=1)
    day.add("11:00", "inquiry.counted", topic="必要書類", count=3).add("11:05", "inquiry.counted", topic="駐車場")
    day.add("16:40", "work.counted", item="issuance_new", count=30)
    day.add("16:41", "work.counted", item="insurance_signup", count=4)
    day.add("16:42", "work.counted", item="issuance_new", count=-1)
    day.add("13:00", "reception.stopped", service="cert_renewal", reason="システム障害")
    day.add("13:40", "reception.resumed", service="cert_renewal")
    day.add("13:05", "incident.opened", incident="I-1", category="system_outage", summary="更新ができない")
    day.add("13:10", "incident.reported", incident="I-1")
    return day.add("17:10", "day.closed")


# ---- figures


def test_a_negative_total_is_kept_and_doubted() -> None:
    record = Facts().add("16:00", "work.counted", item="pin_change", count=-2).record()
    assert record.work["pin_change"] == -2
    assert any("暗証番号 変更" in doubt for doubt in record.doubts)


def test_waits_are_floored_to_whole_seconds() -> None:
    day = Facts().ticket("A001", "card_issuance", "09:00:00.900", "09:00:10.800", "09:10")
    assert day.record().waits["issuance"] == Waits(1, 9, 9, 9)


@given(st.lists(st.integers(0, 30_000), min_size=1))
def test_waits_lie_in_order(seconds: list[int]) -> None:
    w = waits_of(seconds)
    assert w.n == len(seconds)
    assert w.p90_s in seconds
    assert w.mean_s is not None and w.p90_s is not None and w.max_s is not None
    assert min(seconds) <= w.mean_s <= w.max_s
    assert sum(s <= w.p90_s for s in seconds) * 10 >= 9 * w.n  # nine in ten waited no longer
    assert sum(s < w.p90_s for s in seconds) * 10 < 9 * w.n  # and it is the least such wait


def test_what_the_report_says_beside_the_records() -> None:
    record = full_day().record()
    assert record.attended == ("S01", "S03")
    assert (record.officials_max, record.officials_absent_s) == (2, 20 * 60 + 30)
    assert record.allocation["T2"] == "issuance"
    assert [t.fate for t in record.tickets if t.ticket in ("B002", "B004", "B005")] == ["desk3", "no_show", "left"]


def test_city_staff_never_recorded_is_no_absence() -> None:
    assert Facts().ticket("A001", "card_issuance", "09:00", "09:01", "09:10").record().officials_absent_s is None


def test_a_ticket_without_issue_is_no_count_and_is_doubted() -> None:
    record = (
        Facts()
        .add("09:00", "ticket.called", ticket="X1", terminal="T1")
        .add("09:10", "ticket.finished", ticket="X1", terminal="T1")
        .record()
    )
    assert sum(record.counts.values()) == 0
    assert any("用件の分からない番号札が1枚" in doubt for doubt in record.doubts)


def test_the_record_is_a_snapshot() -> None:
    day = full_day()
    register = fold_register(e for e in day.entries if e.kind in REGISTER_KINDS)
    floor = fold(SITE, DAY, day.entries)
    record = day_record(floor, register, None, revision=1)
    before = records_json(record)
    floor.escalations["E-1"].outcome = "declined"
    register.incidents["I-1"].closed_at = datetime(2026, 9, 14, 18, tzinfo=JST)
    floor.inquiries["駐車場"] += 5
    assert records_json(record) == before


# ---- records_D.json


def test_records_json_has_the_keys_of_the_contract_in_their_order() -> None:
    """Their values are those of the recount and of the contract; here the form alone."""
    data = records_json(full_day().record(revision=3, head=Head(41, "ab" * 32)))
    assert data.endswith(b"}\n")
    assert "更新の待ち".encode() in data
    d = json.loads(data)
    assert (
        " ".join(d) == "day revision counts work waits targets moves lends escalations incidents inquiries staff head"
    )
    assert (d["revision"], d["head"]) == (3, {"seq": 41, "hash": "ab" * 32})
    assert [
        " ".join(x) for x in (d["waits"]["issuance"], d["moves"][0], d["lends"][0], d["escalations"][1], d["staff"][0])
    ] == [
        "n mean_s p90_s max_s",
        "at terminal from to reason",
        "at terminal home to went back reason",
        "escalation matter raised_at taken_at settled_at outcome",
        "staff status at reason",
    ]
    assert [e["escalation"] for e in d["escalations"]] == ["E-1", "E-2"], "by the time raised, then by code"
    assert d["incidents"][0]["state"] == "reported"


def test_loans_are_no_moves() -> None:
    """T5 helps for half an hour, T6 until the close; T7 never goes, since somebody waits at home."""
    day = full_day().ticket("B007", "cert_renewal", "11:44", "11:45", "")
    day.add("11:46", "terminal.lent", terminal="T3", lane="issuance").ticket("B008", "cert_renewal", "11:47", "", "")
    day.add("11:48", "ticket.finished", ticket="B007", terminal="T3").add("12:00", "ticket.left", ticket="B008")
    record = day.record()
    assert [(x.terminal, x.home, x.to, x.ended, x.helped_s) for x in record.lends] == [
        ("T5", "certificate", "issuance", "returned", 30 * 60),
        ("T6", "certificate", "issuance", "closed", 5 * 3600 + 25 * 60),
        ("T3", "certificate", "issuance", "lapsed", None),
    ]
    assert [m.terminal for m in record.moves] == ["T2", "T2"] and record.allocation["T6"] == "certificate"
    assert record.to_json()["lends"][0] == {
        "at": "2026-09-14T11:10:00+09:00", "terminal": "T5", "home": "certificate", "to": "issuance",
        "went": "2026-09-14T11:10:00+09:00", "back": "2026-09-14T11:40:00+09:00", "reason": "予約が重なるため",
    }  # fmt: skip
    told = rows(tables_csv(record)["lends.csv"])
    assert [r[1] for r in told[1:]] == ["T5", "T6", "T3"] and told[3][4:6] == ["", ""]
    (row,) = DAY_TABLES["lends"].make(record, SITE).rows
    assert (row["course"], row["terminals"], row["n"]) == ("電子証明書→交付", "T5・T6", 2)
    assert (row["helped"], row["longest"]) == (30 * 60 + 5 * 3600 + 25 * 60, 5 * 3600 + 25 * 60)


def test_a_case_of_a_lent_terminal_is_of_the_lane_that_it_helped() -> None:
    day = full_day()
    for n, at in enumerate(("11:00", "11:20", "11:50"), 4):
        day.add(at, "escalation.raised", escalation=f"E-{n}", matter="fee", terminal="T5")
    found = DAY_TABLES["lane_escalations"].make(day.record(), SITE).rows
    assert {(r["lane"], r["count"]) for r in found if r["matter"] == "fee"} == {("certificate", 2), ("issuance", 1)}


def test_times_are_those_of_tokyo_in_whole_seconds() -> None:
    day = Facts().add("2026-09-14T01:00:00.999Z", "terminal.assigned", terminal="T1", lane="certificate")
    assert json.loads(records_json(day.record()))["moves"][0]["at"] == "2026-09-14T10:00:00+09:00"


# ---- CSV


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_tables_have_the_field_names_of_the_contract_and_more() -> None:
    assert {name: ",".join(rows(data)[0]) for name, data in tables_csv(full_day().record()).items()} == {
        "tickets.csv": "ticket,service,lane,cards,appointment,assist,issued_at,called_at,terminal,finished_at,outcome,state,"
        "nth,recalls,carried_from",
        "moves.csv": "at,terminal,from,to,reason",
        "lends.csv": "at,terminal,home,to,went,back,reason",
        "escalations.csv": "escalation,matter,terminal,ticket,raised_at,taken_at,settled_at,outcome,official",
        "incidents.csv": "incident,category,summary,occurred_at,found_at,reported_at,state,services,terminals,"
        "measures,prevention,handed_over_at,handed_over_to,notes",
        "staff.csv": "staff,status,at,reason,until",
        "inquiries.csv": "topic,count",
    }


def test_rows_of_the_tables() -> None:
    tables = tables_csv(full_day().record())
    tickets = {row[0]: row for row in rows(tables["tickets.csv"])}
    at = "2026-09-14T"
    assert tickets["A002"] == [
        *("A002", "card_issuance", "issuance", "1", "09:30", "false", f"{at}09:10:00+09:00", f"{at}09:40:00+09:00"),
        *("T1", f"{at}09:55:00+09:00", "done", "finished", "1", "0", ""),
    ]
    assert tickets["B005"][7:] == ["", "", f"{at}10:20:00+09:00", "", "left", "1", "0", ""]
    assert rows(tables["staff.csv"])[3] == ["S01", "on_break", f"{at}12:00:00+09:00", "", "12:45"]
    assert rows(tables["inquiries.csv"]) == [["topic", "count"], ["必要書類", "3"], ["駐車場", "1"]]
    assert rows(tables["escalations.csv"])[2][-1] == "C1"


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+81", "-2", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", "﹦1", "﹣1"),
        *("  =1", "　＝1", "\t=1", "\tx", "\rx", "\n=1", "'=1", '"=1', "“=1", "\ufeff=1", "\x00=1", "\x1b[0m=1"),
    ],
)
def test_text_is_never_a_formula(text: str) -> None:
    assert guarded(text).startswith("'")
    assert guarded(text).isprintable() or "　" in text


@pytest.mark.parametrize("text", ["", "更新", "A-1", "3+4", "(=1)", "ー", "−1", "㐂𠮷", "1枚", "a\tb"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text.replace("\t", " ")


@given(st.text())
def test_guard_for_any_text(text: str) -> None:
    cell = guarded(text)
    assert not re.match(r"[\s\"]*[=+\-@＝＋－＠]", cell)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", cell)


def test_a_negative_count_is_a_number_not_a_text() -> None:
    tables = tables_csv(Facts().add("11:00", "inquiry.counted", topic="-税", count=-3).record())
    assert rows(tables["inquiries.csv"])[1] == ["'-税", "-3"]


def hostile_day() -> Facts:
    day = Facts().add("09:00", "terminal.assigned", terminal="T1", lane="certificate", reason=HOSTILE)
    day.add("09:01", "incident.opened", incident="I-1", category="complaint", summary=HOSTILE[:400])
    day.add("09:02", "inquiry.counted", topic=HOSTILE[:400])
    day.add("09:02", "staff.changed", staff="S1", status="late", reason="理" * 1000)
    day.add("09:03", "terminal.failed", terminal="T3", fault='a,"b"\r\n;c')
    return day.add("09:04", "ticket.issued", ticket="-1", service="other")


def test_hostile_text_in_tables_and_json() -> None:
    record = hostile_day().record()
    tables = tables_csv(record)
    moves = rows(tables["moves.csv"])
    assert len(moves) == 2
    assert moves[1][4].startswith("'=cmd|")
    assert "[/red] 㐂𠮷" in moves[1][4]
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f]", b"".join(tables.values()))
    assert rows(tables["tickets.csv"])[1][0] == "'-1"
    assert json.loads(records_json(record))["moves"][0]["reason"] == HOSTILE


# ---- the same facts give the same bytes


def test_same_facts_same_bytes_in_another_process_and_place(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import hashlib, tests.documents.test_day_documents as t\n"
        "record = t.full_day().record(head=t.Head(3, 'cd'))\n"
        "for data in (t.day_xlsx(record, t.SITE), t.records_json(record), *t.tables_csv(record).values()):\n"
        "    print(hashlib.sha256(data).hexdigest())\n"
    )
    root = Path(__file__).parents[2]
    outputs = []
    for folder, zone, seed in ((tmp_path, "UTC", "1"), (root, "America/New_York", "2")):
        env = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", script, str(root)]
        outputs.append(subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True, text=True).stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0].split()) == 9


def test_order_of_arrival_does_not_matter() -> None:
    day, late = full_day(), full_day()
    late.entries.reverse()
    assert day_xlsx(day.record(), SITE) == day_xlsx(late.record(), SITE)
    assert records_json(day.record()) == records_json(late.record())
    assert tables_csv(day.record()) == tables_csv(late.record())


# ---- putting them in place


NAMES = [
    "日次報告書_2026-09-14.xlsx",
    "records_2026-09-14.json",
    *(f"csv/{n}.csv" for n in ("tickets", "moves", "lends", "escalations", "incidents", "staff", "inquiries")),
]


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_export_again_changes_nothing(tmp_path: Path) -> None:
    export.export_day(full_day().record(), SITE, tmp_path)
    before, times = files(tmp_path), {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.*")}
    export.export_day(full_day().record(), SITE, tmp_path)
    assert files(tmp_path) == before
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.*")} == times


def test_a_failing_writer_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export.export_day(Facts().record(), SITE, tmp_path)
    before = files(tmp_path)

    def broken(*_: object) -> bytes:
        raise RuntimeError("no bytes")

    with monkeypatch.context() as m, pytest.raises(RuntimeError):
        m.setattr(export, "tables_csv", broken)
        export.export_day(full_day().record(), SITE, tmp_path)
    assert files(tmp_path) == before


def test_a_file_open_in_excel_gets_a_numbered_neighbour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: WrittenFiles
) -> None:
    locked = tmp_path / "2026-09-14" / NAMES[0]
    export.export_day(Facts().record(), SITE, tmp_path, written=written)
    old, replace = locked.read_bytes(), os.replace

    def guarded_replace(source: Path, target: Path) -> None:
        if target == locked:
            raise PermissionError(errno.EACCES, "in use", str(target))
        replace(source, target)

    monkeypatch.setattr("os.replace", guarded_replace)
    second = locked.with_name("日次報告書_2026-09-14_2.xlsx")
    for record, where in (
        (full_day().record(), second),
        (full_day().record(), second),  # the same again: no third copy
        (full_day().record(revision=2), locked.with_name("日次報告書_2026-09-14_3.xlsx")),
    ):
        paths, notes = export.export_day(record, SITE, tmp_path, written=written)
        assert paths[0] == where
        assert where.read_bytes() == day_xlsx(record, SITE)
        assert len(notes) == 1
        assert where.name in notes[0]
    assert locked.read_bytes() == old
    assert not list(tmp_path.rglob("*tmp"))


def test_a_folder_in_the_place_of_a_file_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "2026-09-14" / NAMES[1]).mkdir(parents=True)
    with pytest.raises(FloorctlError):
        export.export_day(Facts().record(), SITE, tmp_path)
    assert not list(tmp_path.rglob("*tmp"))


# ---- words of the tables


def test_words_of_the_tables() -> None:
    at = datetime(2026, 9, 14, 13, 5, tzinfo=JST)
    assert (when(at, DAY), when(at, date(2026, 9, 15)), when(None, DAY)) == ("午後1:05", "R8.9.14 午後1:05", "-")
    assert when(at, date(2026, 9, 15), short=True) == "R8.9.14"
    assert short_date(date(2019, 4, 30)) == "2019.4.30"
    assert [span(s) for s in (None, 0, 59, 725, 3720)] == ["-", "0秒", "59秒", "12分05秒", "1時間02分"]
