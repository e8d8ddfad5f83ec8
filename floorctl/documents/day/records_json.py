"""Writes ``records_D.json``: the day for programs (contract 5)."""

from __future__ import annotations

import json

from floorctl.documents.day.record import DayRecord


def records_json(record: DayRecord) -> bytes:
    """UTF-8 JSON in the key order of the contract, indented, with a newline at the end.

    Text stands as it was recorded (JSON escapes control characters); half of a surrogate pair becomes ``?``.
    """
    text = json.dumps(record.to_json(), ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode(errors="replace")
