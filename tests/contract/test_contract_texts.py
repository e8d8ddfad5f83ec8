"""Contract 2 free text: markup, escape sequences, rare characters and long text go through without harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from contract_cli import DAY, at, run
from contract_facts import Fact, fact, opened
from contract_steps import do, feed, incidents, log, status

NASTY = "[/red] [@click=app.quit]x [b]太 㐂𠮷 \x1b[31m赤\x1b[0m \x1b]0;題\x07 \u202e逆 \x00\x08終"
KEPT = ["[/red]", "[@click=app.quit]x", "[b]太", "㐂𠮷", "赤", "逆", "終"]
CONTROLS = ["\x1b", "\x07", "\x00", "\x08", "\u202e"]
LONG = "長い文" * 133 + "終"  # 400 characters
assert len(LONG) == 400

BY_FEED: dict[str, tuple[str, Fact]] = {
    "terminal.assigned": ("reason", {"terminal": "T3", "lane": "issuance"}),
    "terminal.paused": ("reason", {"terminal": "T3"}),
    "terminal.resumed": ("reason", {"terminal": "T3"}),
    "terminal.failed": ("fault", {"terminal": "T3"}),
    "terminal.repaired": ("fault", {"terminal": "T3"}),
    "escalation.raised": ("note", {"escalation": "X1", "matter": "fee"}),
    "reception.stopped": ("reason", {"service": "cert_issue"}),
    "reception.resumed": ("reason", {"service": "cert_issue"}),
    "staff.changed": ("reason", {"staff": "S01", "status": "late"}),
    "inquiry.counted": ("topic", {}),
}
BEFORE = [
    opened(),
    fact("08:50", "terminal.paused", terminal="T4"),
    fact("08:50", "terminal.failed", terminal="T5"),
    fact("08:50", "reception.stopped", service="pin_reset"),
]
BY_COMMAND: dict[str, list[str]] = {
    "terminal.assigned": ["terminal=T3", "lane=issuance", "reason=%s"],
    "terminal.paused": ["terminal=T3", "reason=%s"],
    "terminal.resumed": ["terminal=T4", "reason=%s"],
    "terminal.failed": ["terminal=T6", "fault=%s"],
    "terminal.repaired": ["terminal=T5", "fault=%s"],
    "escalation.raised": ["matter=fee", "note=%s"],
    "reception.stopped": ["service=cert_issue", "reason=%s"],
    "reception.resumed": ["service=pin_reset", "reason=%s"],
    "staff.changed": ["staff=S01", "status=late", "reason=%s"],
    "inquiry.counted": ["topic=%s"],
    "memo.written": ["text=%s"],
    "incident.opened": ["category=other", "summary=%s"],
}


def everything_that_is_printed(db: Path, folder: Path) -> list[str]:
    """Return all that a person or a program may read after the text came in: outputs as text and as JSON, and the CSVs."""
    commands = [
        ("status",),
        ("status", "--json"),
        ("log", "--date", DAY),
        ("log", "--date", DAY, "--json"),
        ("incident", "list"),
        ("incident", "list", "--json"),
        ("doctor",),
    ]
    results = [run(*c, db=db, now="10:00") for c in commands]
    assert [r.status for r in results] == [0] * len(results)
    assert run("export", "--date", DAY, "--out", folder, db=db).status == 0
    documents = [p.read_text("utf-8-sig") for p in (folder / DAY).rglob("*") if p.suffix in (".json", ".csv")]
    return [r.out for r in results] + documents


def is_harmless(db: Path, folder: Path) -> None:
    for text in everything_that_is_printed(db, folder):
        assert [c for c in CONTROLS if c in text] == []
        if text.startswith(("{", "[")):
            whole = json.dumps(json.loads(text), ensure_ascii=False)
            assert [c for c in ("\\u001b", "\\u0007", "\\u0000", "\\b") if c in whole] == []


def texts_of(db: Path, field_of: dict[str, str]) -> dict[str, str]:
    """Return the free text of each kind as the journal holds it."""
    return {
        x["kind"]: x["data"][field_of[x["kind"]]] for x in log(db) if x["kind"] in field_of and x["seq"] > len(BEFORE)
    }


def by_feed(db: Path, text: str) -> dict[str, str]:
    feed(db, *BEFORE)
    feed(db, *[fact("09:00", kind, **others, **{field: text}) for kind, (field, others) in BY_FEED.items()])
    return texts_of(db, {kind: field for kind, (field, _) in BY_FEED.items()})


def by_command(db: Path, text: str) -> dict[str, str]:
    feed(db, *BEFORE)
    for kind, pairs in BY_COMMAND.items():
        do(db, "09:00", kind, *[p.replace("%s", text) for p in pairs])
    return texts_of(db, {kind: pairs[-1].split("=")[0] for kind, pairs in BY_COMMAND.items()})


def test_nasty_text_by_feed(db: Path, tmp_path: Path) -> None:
    """User text is never markup, escape sequences never reach a terminal, and the rest of the text is kept."""
    found = by_feed(db, NASTY)
    assert set(found) == set(BY_FEED)
    assert {kind: lost for kind, text in found.items() if (lost := [k for k in KEPT if k not in text])} == {}
    is_harmless(db, tmp_path)


def test_nasty_text_by_command(db: Path, tmp_path: Path) -> None:
    """The same by `do`; what a command line cannot carry (NUL) left out."""
    found = by_command(db, NASTY.replace("\x00", ""))
    assert set(found) == set(BY_COMMAND)
    assert {kind: lost for kind, text in found.items() if (lost := [k for k in KEPT if k not in text])} == {}
    is_harmless(db, tmp_path)


def test_long_text_by_feed(db: Path, tmp_path: Path) -> None:
    """400 characters in every free-text field."""
    assert by_feed(db, LONG) == dict.fromkeys(BY_FEED, LONG)
    everything_that_is_printed(db, tmp_path)


def test_long_text_by_command(db: Path, tmp_path: Path) -> None:
    """400 characters in every free-text field."""
    assert by_command(db, LONG) == dict.fromkeys(BY_COMMAND, LONG)
    everything_that_is_printed(db, tmp_path)


@pytest.mark.parametrize("text", [NASTY.replace("\x00", ""), LONG], ids=["nasty", "long"])
def test_text_of_incidents(db: Path, tmp_path: Path, text: str) -> None:
    """«`incident add --summary TEXT`», notes and the end of an incident, and the reasons of `retracted` and reopening."""
    assert run("incident", "add", "--category", "other", "--summary", text, db=db, now="09:00").status == 0
    do(db, "09:01", "incident.noted", "incident=I-1", f"text={text}")
    do(db, "09:02", "incident.reported", "incident=I-1")
    (memo,) = do(db, "09:03", "memo.written", "text=x")
    do(db, "09:04", "retracted", f"seq={memo['seq']}", reason=text)
    do(db, "09:05", "day.opened")
    do(db, "09:06", "day.closed")
    do(db, "09:07", "day.reopened", reason=text)
    assert run("assign", "T5", "issuance", "--reason", text, db=db, now="09:08").status == 0
    kept = [LONG] if text == LONG else KEPT
    assert [k for k in kept if k not in incidents(db)[0]["summary"]] == []
    assert status(db, "09:30")["incidents"] == incidents(db)
    is_harmless(db, tmp_path)


def test_only_controls_is_no_summary(db: Path) -> None:
    """Take a text that is empty after cleaning for no text."""
    result = run("incident", "add", "--category", "other", "--summary", "\x1b\x07 ", db=db, now="09:00")
    assert result.status in (1, 2)
    assert incidents(db) == []


def test_the_lines_of_the_journal_stay_lines(db: Path) -> None:
    """A line break in a text breaks no line of the journal."""
    feed(db, opened(), fact("09:00", "terminal.paused", terminal="T3", reason="一行目\n二行目\r三行目\u2028四"))
    journal = run("log", "--date", DAY, db=db).out
    assert sum(line.startswith(at("09:00")[11:16]) or "T3" in line for line in journal.split("\n")) == 1
    assert len(journal.splitlines()) == 2
