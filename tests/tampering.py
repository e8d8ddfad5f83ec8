"""Changes the rows of a file as a forger would who knows SQLite and not the program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def tamper(path: Path, *statements: str) -> None:
    """Runs SQL behind the program's back: the triggers are taken away and put back word by word."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            db.execute(statement)
        for _, sql in triggers:
            db.execute(sql)
