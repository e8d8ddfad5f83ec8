"""Contract 5: the documents of a day, whose figures tie with the facts."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from contract_cli import DAY, at, run
from contract_facts import Fact, called, fact, finished, issued, left, no_show, opened, transferred
from contract_steps import do, facts_in, feed, log, status
from contract_words import LANES, SERVICES

TABLES = {
    "tickets": ["ticket", "service"],
    "moves": ["at", "terminal", "from", "to", "reason"],
    "escalations": ["escalation", "matter", "raised_at", "taken_at", "settled_at", "outcome"],
    "incidents": ["incident", "category", "summary", "occurred_at", "found_at", "reported_at", "state"],
    "staff": ["staff", "status", "at", "reason"],
    "inquiries": ["topic", "count"],
}
NO_WAITS = {"n": 0, "mean_s": None, "p90_s": None, "max_s": None}


def export(db: Path, folder: Path, day: str = DAY, now: str | None = None) -> Path:
    """The folder that `export --date` wrote."""
    result = run("export", "--date", day, "--out", folder, db=db, now=now)
    assert result.status == 0, result
    return folder / day


def records(db: Path, folder: Path, day: str = DAY, now: str | None = None) -> dict:
    return json.loads((export(db, folder, day, now) / f"records_{day}.json").read_text("utf-8"))


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "csv" / f"{name}.csv").read_text("utf-8-sig"), newline="")))


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def a_day_of_work(db: Path) -> list[Fact]:
    """Ten tickets with every fate, moves, cases, inquiries, staff and an incident."""
    facts = [
        opened(),
        fact("08:40", "staff.changed", staff="S01", status="late", reason="電車遅延"),
        issued("09:00", "A001", "card_issuance", appointment="09:10"),
        called("09:12", "A001", "T1"),
        finished("09:25", "A001", "T1", work={"issuance_new": 1}),
        issued("09:05", "A002", "card_issuance"),
        called("09:30", "A002", "T2"),
        finished("09:35", "A002", "T2", outcome="incomplete"),
        issued("09:50", "A003", "card_issuance"),
        transferred("09:55", "A003", "cert_renewal"),
        called("10:00", "A003", "T6"),
        finished("10:10", "A003", "T6"),
        issued("09:00", "B001", "cert_renewal"),
        called("09:01", "B001", "T3"),
        finished("09:10", "B001", "T3", work={"cert_signature_renewal": 2, "furigana_print": 1}),
        issued("09:02", "B002", "cert_issue"),
        called("09:12", "B002", "T3"),
        finished("09:15", "B002", "T3", outcome="desk3"),
        issued("09:03", "B003", "pin_reset"),
        called("09:05", "B003", "T4"),
        finished("09:20", "B003", "T4", work={"pin_reset": 1}),
        issued("09:04", "B004"),
        left("09:30", "B004"),
        issued("09:10", "B005"),
        called("09:40", "B005", "T5"),
        no_show("09:45", "B005"),
        issued("16:50", "B006"),
        fact("10:30", "terminal.assigned", terminal="T4", lane="issuance", reason="混雑"),
        fact("09:02", "escalation.raised", escalation="X1", matter="identity", terminal="T3"),
        fact("09:03", "escalation.taken", escalation="X1", official="C1"),
        fact("09:05", "escalation.settled", escalation="X1", outcome="approved", official="C1"),
        fact("09:50", "escalation.raised", escalation="X2", matter="fee"),
        fact("10:00", "inquiry.counted", topic="駐車場"),
        fact("11:00", "inquiry.counted", topic="駐車場", count=2),
        fact("11:00", "work.counted", item="photo", count=3),
        fact("11:05", "work.counted", item="photo", count=-1),
        fact("11:10", "work.counted", item="issuance_new", count=4),
    ]
    feed(db, *facts)
    options = [
        "--category",
        "equipment",
        "--summary",
        "印刷機が止まった",
        "--occurred",
        at("10:50"),
        "--terminal",
        "T1",
    ]
    assert run("incident", "add", *options, db=db, now="11:00").status == 0
    return facts


# ---- files -----------------------------------------------------------------------------------------------------------


def test_the_files_of_a_day_have_the_same_bytes_whenever_they_are_made(db: Path, tmp_path: Path) -> None:
    """«`export --date D --out DIR` writes into `DIR/D/`: `日次報告書_D.xlsx` · `records_D.json` · `csv/` …»; «no date: the
    present business day»; «The same facts give the same bytes»; nothing is added to the file."""
    a_day_of_work(db)
    before = facts_in(db)
    first = everything(export(db, tmp_path / "a", now="18:00"))
    assert {f"日次報告書_{DAY}.xlsx", f"records_{DAY}.json", *(f"csv/{name}.csv" for name in TABLES)} <= set(first)
    assert [p.name for p in (tmp_path / "a").iterdir()] == [DAY]
    assert everything(export(db, tmp_path / "b", now="2027-03-03T03:03:03+09:00")) == first
    assert run("export", "--out", tmp_path / "c", db=db, now="18:00").status == 0
    assert everything(tmp_path / "c" / DAY) == first
    assert everything(export(db, tmp_path / "c")) == first, "over itself too"
    assert facts_in(db) == before


def test_no_document_carries_the_time_of_export(db: Path, tmp_path: Path) -> None:
    """«no document carries the time of export»: also inside the workbook."""
    a_day_of_work(db)
    today = datetime.now(timezone(timedelta(hours=9))).date()
    marks = [today.isoformat().encode(), (today - timedelta(1)).isoformat().encode()]
    with zipfile.ZipFile(export(db, tmp_path) / f"日次報告書_{DAY}.xlsx") as book:
        inside = {i.filename: book.read(i) for i in book.infolist()}
        assert all(i.date_time[:3] != (today.year, today.month, today.day) for i in book.infolist())
    assert not [name for name, data in inside.items() if any(mark in data for mark in marks)]


def test_a_day_without_facts(db: Path, tmp_path: Path) -> None:
    """«Every code is present, with 0»; «behave as on an empty one»"""
    found = records(db, tmp_path)
    assert set(found["counts"].values()) == set(found["work"].values()) == {0}
    assert [found[x] for x in ("moves", "escalations", "incidents", "inquiries", "staff")] == [[], [], [], {}, []]
    assert not db.exists()


def test_an_unusable_folder(db: Path, tmp_path: Path) -> None:
    """«1 refused or failed …, one plain Japanese sentence»"""
    a_day_of_work(db)
    (tmp_path / "file").write_text("x")
    result = run("export", "--date", DAY, "--out", tmp_path / "file", db=db)
    assert result.status == 1, result
    assert result.err.strip()
    assert not result.err.isascii()


# ---- records ---------------------------------------------------------------------------------------------------------


def test_the_records_of_a_day(db: Path, tmp_path: Path) -> None:
    """«{"day","revision":n,"counts","work","waits","moves","escalations","incidents","inquiries","staff","head"}»"""
    a_day_of_work(db)
    found = records(db, tmp_path)
    assert found["day"] == DAY
    assert type(found["revision"]) is int
    # «`counts`: tickets finished as `done`, by final service. … Every code is present, with 0.»
    expected = {code: 0 for code, *_ in SERVICES} | {"card_issuance": 1, "cert_renewal": 2, "pin_reset": 1}
    assert found["counts"] == expected
    # «Hand tallies (`work.counted`) add to `work`»; every item of the contract is present.
    assert len(found["work"]) == 24
    work = {"issuance_new": 5, "cert_signature_renewal": 2, "furigana_print": 1, "pin_reset": 1, "photo": 2}
    assert {k: v for k, v in found["work"].items() if v} == work
    # «`waits`: tickets called; call − issue (or appointment if later), p90 by nearest rank; null where n is 0.»
    # 60 B001, 600 B002, 120 B003, 1800 B005 who did not come, 600 A003 who was transferred
    assert list(found["waits"]) == LANES
    assert found["waits"] == {
        "issuance": {"n": 2, "mean_s": 810, "p90_s": 1500, "max_s": 1500},
        "certificate": {"n": 5, "mean_s": 636, "p90_s": 1800, "max_s": 1800},
        "application": NO_WAITS,
        "registration": NO_WAITS,
    }
    (move,) = found["moves"]
    moved = {"at": at("10:30"), "terminal": "T4", "from": "certificate", "to": "issuance", "reason": "混雑"}
    assert move == {**move, **moved}
    assert [[e[n] for n in TABLES["escalations"]] for e in found["escalations"]] == [
        ["X1", "identity", at("09:02"), at("09:03"), at("09:05"), "approved"],
        ["X2", "fee", at("09:50"), None, None, None],
    ]
    assert [i["incident"] for i in found["incidents"]] == ["I-1"]
    assert found["inquiries"] == {"駐車場": 3}
    assert [[x[n] for n in TABLES["staff"]] for x in found["staff"]] == [["S01", "late", at("08:40"), "電車遅延"]]


def test_p90_by_nearest_rank(db: Path, tmp_path: Path) -> None:
    """«p90 by nearest rank»: of ten the ninth; the mean is floored to whole seconds."""
    facts = [opened()]
    for n in range(1, 11):
        facts += [issued("09:00", f"B{n:03}"), called(f"09:{n:02}", f"B{n:03}"), finished(f"09:{n:02}:30", f"B{n:03}")]
    facts += [issued("10:00", "A001", "card_issuance"), called("10:00:10", "A001", "T1")]
    facts += [issued("10:00", "A002", "card_issuance"), called("10:00:15", "A002", "T2")]
    feed(db, *facts)
    waits = records(db, tmp_path)["waits"]
    assert waits["certificate"] == {"n": 10, "mean_s": 330, "p90_s": 540, "max_s": 600}
    assert waits["issuance"] == {"n": 2, "mean_s": 12, "p90_s": 15, "max_s": 15}


def test_waits_are_never_negative(db: Path, tmp_path: Path) -> None:
    """«Seconds are … never below 0»: a call before its issue, a call before the appointment."""
    early = issued("10:00", "A001", "card_issuance", appointment="10:30")
    feed(db, opened(), called("09:59", "B001"), issued("10:00", "B001"), early, called("10:20", "A001", "T1"))
    waits = records(db, tmp_path)["waits"]
    assert [waits[x] for x in ("issuance", "certificate")] == [{"n": 1, "mean_s": 0, "p90_s": 0, "max_s": 0}] * 2


def test_head(db: Path, tmp_path: Path) -> None:
    """«`head`: the last fact in the file whose day is D»"""
    a_day_of_work(db)
    head = status(db, "18:00")["head"]
    feed(db, issued("2026-09-15T09:00:00+09:00", "B001"))
    assert records(db, tmp_path / "a")["head"] == head
    assert records(db, tmp_path / "a")["head"]["seq"] == max(x["seq"] for x in log(db))
    feed(db, issued("08:59", "B900"))
    assert records(db, tmp_path / "b")["head"]["seq"] == facts_in(db)


# ---- tables ----------------------------------------------------------------------------------------------------------


def test_the_form_of_tables(db: Path, tmp_path: Path) -> None:
    """«(UTF-8 with BOM, CRLF, a header line with the field names of this page …)»"""
    a_day_of_work(db)
    folder = export(db, tmp_path)
    for name, columns in TABLES.items():
        data = (folder / "csv" / f"{name}.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
        header = data.decode("utf-8-sig").split("\r\n")[0].replace('"', "").split(",")
        assert set(columns) <= set(header)
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in header)


def test_tables_tie_with_the_records(db: Path, tmp_path: Path) -> None:
    """The same day in both forms."""
    facts = a_day_of_work(db)
    folder = export(db, tmp_path)
    found = records(db, tmp_path)
    tickets = {x["ticket"]: x["service"] for x in table(folder, "tickets")}
    assert sorted(tickets) == sorted(f["ticket"] for f in facts if f["kind"] == "ticket.issued")
    assert tickets["A003"] == "cert_renewal"
    for name in ("moves", "escalations", "staff"):
        rows = [[x[n] for n in TABLES[name]] for x in table(folder, name)]
        assert rows == [["" if x[n] is None else x[n] for n in TABLES[name]] for x in found[name]]
    assert [(x["topic"], x["count"]) for x in table(folder, "inquiries")] == [("駐車場", "3")]
    (incident,) = table(folder, "incidents")
    assert (incident["incident"], incident["summary"], incident["state"]) == ("I-1", "印刷機が止まった", "open")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(0)", "\t=1", "\r=1", "＝1+1"])
def test_text_is_never_a_formula(db: Path, tmp_path: Path, text: str) -> None:
    """«text never a formula»"""
    feed(
        db,
        opened(),
        fact("10:00", "inquiry.counted", topic=text),
        fact("10:00", "terminal.assigned", terminal="T3", lane="issuance", reason=text),
        fact("10:00", "staff.changed", staff="S01", status="late", reason=text),
    )
    do(db, "10:00", "incident.opened", "category=other", f"summary={text}")
    folder = export(db, tmp_path)
    cells = [table(folder, "inquiries")[0]["topic"], table(folder, "moves")[0]["reason"]]
    cells += [table(folder, "staff")[0]["reason"], table(folder, "incidents")[0]["summary"]]
    for cell in cells:
        assert cell, "the text itself is kept"
        assert cell[0] not in "=+-@\t\r"
    with zipfile.ZipFile(folder / f"日次報告書_{DAY}.xlsx") as book:
        assert not [
            n for n in book.namelist() if n.startswith("xl/worksheets/") and re.search(rb"<f[ >]", book.read(n))
        ]


def test_commas_quotes_and_line_breaks_stay_in_their_cell(db: Path, tmp_path: Path) -> None:
    """A table that a spreadsheet reads as it was meant."""
    feed(db, opened(), fact("10:00", "staff.changed", staff="S01", status="late", reason='遅延, "運休"'))
    (row,) = table(export(db, tmp_path), "staff")
    assert row["reason"] == '遅延, "運休"'


# ---- the report ------------------------------------------------------------------------------------------------------


def test_the_report_is_a_workbook_on_a4(db: Path, tmp_path: Path) -> None:
    """«`日次報告書_D.xlsx` (the report to submit, print-ready on A4, with the three count sheets of clause 7(3))»"""
    a_day_of_work(db)
    with zipfile.ZipFile(export(db, tmp_path) / f"日次報告書_{DAY}.xlsx") as book:
        assert book.testzip() is None
        sheets = [book.read(n).decode() for n in book.namelist() if re.match(r"xl/worksheets/[^/]+\.xml", n)]
        text = "".join(book.read(n).decode() for n in book.namelist() if n.startswith("xl/") and n.endswith(".xml"))
    assert len(sheets) >= 3
    assert all('paperSize="9"' in sheet for sheet in sheets)
    for word in ("熊谷市個人番号カード交付等関連業務委託", "印刷機が止まった", "駐車場"):
        assert word in text


# ---- ties with the journal -------------------------------------------------------------------------------------------


def test_the_records_tie_with_the_journal(db: Path, tmp_path: Path) -> None:
    """Counts and tallies recomputed from `log --json` alone."""
    a_day_of_work(db)
    service_of: dict[str, str] = {}
    counts: dict[str, int] = {}
    for x in sorted(log(db), key=lambda x: x["at"]):
        data = x["data"]
        if x["kind"] in ("ticket.issued", "ticket.transferred"):
            service_of[data["ticket"]] = data["service"]
        if x["kind"] == "ticket.finished" and data["outcome"] == "done":
            final = service_of[data["ticket"]]
            counts[final] = counts.get(final, 0) + 1
    found = records(db, tmp_path)
    assert {k: v for k, v in found["counts"].items() if v} == counts
    served = {x["lane"]: x["served"] for x in status(db, "18:00")["lanes"]}
    lanes = {code: lane for code, lane, *_ in SERVICES}
    assert served == {lane: sum(n for s, n in counts.items() if lanes[s] == lane) for lane in LANES}
