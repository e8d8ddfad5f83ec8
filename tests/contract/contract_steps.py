"""Change a file (a feed taken in, an act) and read it (status, log, incidents, doctor) in tests."""

from __future__ import annotations

import re
from pathlib import Path

from contract_cli import DAY, Json, Result, run
from contract_facts import Fact, jsonl


def ingest(db: Path, lines: bytes, *options: str, now: str | None = None) -> Result:
    """``ingest - --json`` of these bytes, whatever becomes of them."""
    return run("ingest", "-", "--json", *options, db=db, now=now, stdin=lines)


def feed(db: Path, *facts: Fact, source: str | None = None) -> None:
    """Takes in facts that must all be accepted."""
    result = ingest(db, jsonl(*facts), *(["--source", source] if source else []))
    assert result.json == {"accepted": len(facts), "duplicate": 0, "refused": 0}, result
    assert result.status == 0


def totals(result: Result) -> tuple[int, int, int]:
    document = result.json
    return document["accepted"], document["duplicate"], document["refused"]


def do(db: Path, now: str, kind: str, *pairs: str, reason: str | None = None) -> Json:
    """An act that must be done; the facts that it printed."""
    result = try_to(db, now, kind, *pairs, reason=reason)
    assert result.status == 0, result
    return result.json


def try_to(db: Path, now: str, kind: str, *pairs: str, reason: str | None = None) -> Result:
    return run("do", kind, *pairs, *(["--reason", reason] if reason is not None else []), "--json", db=db, now=now)


def status(db: Path, now: str) -> Json:
    result = run("status", "--json", db=db, now=now)
    assert result.status == 0, result
    return result.json


def lane(document: Json, code: str) -> Json:
    return next(x for x in document["lanes"] if x["lane"] == code)


def terminal(document: Json, code: str) -> Json:
    return next(x for x in document["terminals"] if x["terminal"] == code)


def service(document: Json, code: str) -> Json:
    return next(x for x in document["services"] if x["service"] == code)


def log(db: Path, day: str = DAY) -> Json:
    result = run("log", "--date", day, "--json", db=db)
    assert result.status == 0, result
    return result.json


def entry(db: Path, seq: int, day: str = DAY) -> Json:
    """The journal's line of a fact."""
    return next(x for x in log(db, day) if x["seq"] == seq)


def incidents(db: Path, now: str | None = None) -> Json:
    result = run("incident", "list", "--json", db=db, now=now)
    assert result.status == 0, result
    return result.json


def doctor(db: Path) -> Json:
    return run("doctor", "--json", db=db).json


def facts_in(db: Path) -> int:
    return int(doctor(db)["facts"])


def fields(document: Json, *names: str) -> None:
    """The document has at least these fields (the contract allows additions, nothing else)."""
    assert set(names) <= set(document), f"missing: {set(names) - set(document)}"


def is_instant(value: Json) -> bool:
    """ISO 8601 with an offset, in whole seconds."""
    return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", value))
