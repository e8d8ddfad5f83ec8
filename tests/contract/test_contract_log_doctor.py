"""Contract 1: log and doctor."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from contract_cli import DAY, JAPANESE, at, run
from contract_facts import called, finished, issued, jsonl, opened
from contract_steps import do, doctor, feed, fields, ingest, is_instant, log, status

from tests.tampering import tamper

# ---- log -------------------------------------------------------------------------------------------------------------


def test_fields(db: Path) -> None:
    """«[{"seq","id","source","at","recorded_at","actor","kind","data","anomaly":null|code}]»"""
    feed(db, opened(id="o-1"), issued("09:00", "B001", id="i-1"), source="machine")
    do(db, "09:30", "memo.written", "text=x")
    entries = log(db)
    for x in entries:
        fields(x, "seq", "id", "source", "at", "recorded_at", "actor", "kind", "data", "anomaly")
        assert type(x["seq"]) is int
        assert is_instant(x["at"])
        assert is_instant(x["recorded_at"])
        assert x["anomaly"] is None
    assert [(x["seq"], x["id"], x["source"]) for x in entries[:2]] == [(1, "o-1", "machine"), (2, "i-1", "machine")]
    assert [x["kind"] for x in entries] == ["day.opened", "ticket.issued", "memo.written"]
    assert entries[1]["data"] == {**entries[1]["data"], "ticket": "B001", "service": "cert_renewal"}
    assert entries[2]["data"]["text"] == "x"
    assert entries[2]["source"] != "machine"


def test_a_fact_that_does_not_fit_carries_a_code(db: Path) -> None:
    """«"anomaly":null|code»"""
    feed(db, opened(), called("09:00", "B999"))
    code = log(db)[1]["anomaly"]
    assert isinstance(code, str)
    assert code


def test_the_journal_of_a_day(db: Path) -> None:
    """«`log [--date D]`: the journal of a day»: that day alone; by default the present one."""
    feed(db, issued("09:00", "B001"), issued("2026-09-15T09:00:00+09:00", "B002"))
    assert [x["data"]["ticket"] for x in log(db)] == ["B001"]
    assert [x["data"]["ticket"] for x in log(db, "2026-09-15")] == ["B002"]
    assert [x["data"]["ticket"] for x in run("log", "--json", db=db, now="12:00").json] == ["B001"]
    assert log(db, "2026-09-16") == []


def test_the_order_of_the_journal(db: Path) -> None:
    """The order of the facts, not of their arrival."""
    feed(db, issued("09:10", "B002"), called("09:00", "B001"), issued("09:00", "B001"), opened())
    assert [x["kind"] for x in log(db)] == ["day.opened", "ticket.issued", "ticket.called", "ticket.issued"]


def test_without_json(db: Path) -> None:
    """For the eye: every fact with its number."""
    feed(db, opened(), issued("09:00", "B041"), called("09:05", "B041"))
    result = run("log", "--date", DAY, db=db)
    assert result.status == 0
    assert "B041" in result.out
    assert len(result.out.splitlines()) >= 3


# ---- doctor ----------------------------------------------------------------------------------------------------------


def a_file(db: Path) -> None:
    feed(
        db, opened(), issued("09:00", "B001"), called("09:05", "B001"), finished("09:10", "B001"), called("09:20", "B9")
    )


def test_a_sound_file(db: Path) -> None:
    """«{"ok":bool,"findings":[{"code","text"}],"facts":n,"anomalies":n,"head":{…}}», exit 0."""
    a_file(db)
    for options in ([], ["--full"]):
        result = run("doctor", "--json", *options, db=db)
        assert result.status == 0
        found = result.json
        fields(found, "ok", "findings", "facts", "anomalies", "head")
        assert (found["ok"], found["findings"], found["facts"], found["anomalies"]) == (True, [], 5, 1)
        assert found["head"] == status(db, "10:00")["head"]
    assert run("doctor", db=db).status == 0


def test_the_anomalies_of_all_days(db: Path) -> None:
    """`anomalies`: of the file, as `status` counts them by day."""
    feed(
        db, called("09:00", "B9"), called("2026-09-15T09:00:00+09:00", "B9"), called("2026-09-16T09:00:00+09:00", "B9")
    )
    assert doctor(db)["anomalies"] == 3
    assert status(db, "10:00")["anomalies"] == 1


def test_the_head_that_was_printed(db: Path) -> None:
    """«`--head SEQ:HASH`»: one of the file, the last or an earlier one."""
    a_file(db)
    first = doctor(db)["head"]
    feed(db, issued("09:30", "B002"))
    for head in (first, doctor(db)["head"]):
        assert run("doctor", "--head", f"{head['seq']}:{head['hash']}", db=db).status == 0


def test_a_head_that_is_not_in_the_file(db: Path, tmp_path: Path) -> None:
    """«Exit 3 and the finding where not»: another hash, or a file that has lost its last facts."""
    a_file(db)
    older = tmp_path / "older.db"
    shutil.copy(db, older)
    feed(db, issued("09:30", "B002"))
    head = doctor(db)["head"]
    for path, claim in ((older, f"{head['seq']}:{head['hash']}"), (db, f"{head['seq']}:{'0' * 64}")):
        result = run("doctor", "--json", "--head", claim, db=path)
        assert result.status == 3
        assert result.json["ok"] is False
        assert result.json["findings"]


@pytest.mark.parametrize("claim", ["5", "x:y", ":", "5:", "-1:00"])
def test_a_head_that_is_none(db: Path, claim: str) -> None:
    """«2 wrong usage», or a finding; never fine."""
    a_file(db)
    result = run("doctor", "--head", claim, db=db)
    assert result.status in (1, 2, 3)
    assert JAPANESE.search(result.err)


def is_found(db: Path, *options: str) -> list[str]:
    """Doctor finds something: exit 3, a finding with code and text, and the text on stderr without --json."""
    result = run("doctor", "--json", *options, db=db)
    assert result.status == 3, result
    assert result.json["ok"] is False
    assert result.json["findings"]
    for finding in result.json["findings"]:
        fields(finding, "code", "text")
        assert JAPANESE.search(finding["text"])
    told = run("doctor", *options, db=db)
    assert told.status == 3
    assert JAPANESE.search(told.err)
    return [finding["code"] for finding in result.json["findings"]]


@pytest.mark.parametrize(
    "statement",
    [
        "update event set data = replace(data, 'B001', 'B002') where seq = 2",
        "update event set at = '2026-09-14T09:00:01+09:00' where seq = 2",
        "update event set actor = 'somebody' where seq = 3",
        "update event set recorded_at = '2026-09-14T10:00:00+09:00' where seq = 3",
        "update event set hash = '00' where seq = 5",
        "delete from event where seq = 3",
        "update event set id = 'other' where seq = 4",
    ],
)
def test_the_hash_chain(db: Path, statement: str) -> None:
    """«hash chain»: what was changed behind the program's back is found."""
    a_file(db)
    tamper(db, statement)
    assert is_found(db)


def test_the_schema_text(db: Path) -> None:
    """«schema text and migrations against this version»"""
    a_file(db)
    connection = sqlite3.connect(db)
    (name,) = connection.execute("select name from sqlite_master where type = 'trigger' limit 1").fetchone()
    connection.execute(f'drop trigger "{name}"')
    connection.commit()
    connection.close()
    assert is_found(db)


def test_doctor_changes_nothing(db: Path) -> None:
    """A reading command."""
    a_file(db)
    before = db.read_bytes()
    doctor(db)
    run("doctor", "--full", db=db)
    assert db.read_bytes() == before


def test_the_file_refuses_to_be_changed(db: Path) -> None:
    """Append-only: an update, a deletion or an insertion out of order is refused by the file itself."""
    a_file(db)
    connection = sqlite3.connect(db)
    for statement in (
        "update event set actor = 'x'",
        "delete from event",
        "insert or replace into event select * from event",
    ):
        with pytest.raises(sqlite3.DatabaseError):
            connection.execute(statement)
    connection.close()
    assert doctor(db)["ok"] is True


def test_the_journal_records_when_and_by_whom(db: Path) -> None:
    """`recorded_at`, `actor`"""
    assert ingest(db, jsonl(issued("09:00", "B001")), now="12:00").status == 0
    assert run("do", "memo.written", "text=x", db=db, now="12:01").status == 0
    first, second = log(db)
    assert (first["recorded_at"], second["recorded_at"]) == (at("12:00"), at("12:01"))
    assert isinstance(second["actor"], str)
    assert second["actor"]


def test_a_late_fact_keeps_its_place_in_the_file(db: Path) -> None:
    """`seq` is the order of arrival, the journal the order of events."""
    feed(db, issued("09:10", "B001"))
    feed(db, issued("09:00", "B002"))
    assert [(x["seq"], x["data"]["ticket"]) for x in log(db)] == [(2, "B002"), (1, "B001")]
