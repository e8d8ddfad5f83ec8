"""What may stand in the schema of a data file: exactly what the migrations of its version make, and nothing beside it.

Any other object may act on what is written (a trigger that ignores an insert) or on what is read (a view under the name
of a table), so the whole of ``sqlite_master`` is compared, whatever an object is called. The digests stand here, spelled
out, since making a file to compare with takes longer than a command may take to start.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Rows = list[tuple[object, ...]]

SCHEMA_SQL = "SELECT type, name, tbl_name, sql FROM main.sqlite_master"
MIGRATED_SQL = "SELECT migration_set, name FROM main._sqlite_migrations ORDER BY id"
MIGRATION_SET = "floorctl"
# The migrations that make each version: the first one version 1, and so on.
MIGRATION_NAMES = ("0001_event", "0002_people", "0003_derived", "0004_no_replace", "0005_origin")
# Of the schema by version, as sqlite-utils 4.2 to 4.2.1 have it; 0 is a file in which nothing was ever made.
DIGESTS = {
    0: "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
    1: "9d61cc4a1e654789b9b5a27fcc0e71bdf4c42dd39fc5ddc4bf874c0be9cc8063",
    2: "1ce6130c9dee3f321a6c7e757d19570c8154e69c26634c53108f5668673a0ee9",
    3: "ac719bb8cf4b064eaf57a4a7d47f97996a1d51b728376dec63ad701af23e0d82",
    4: "af1c30e0045e9388bb8cde95cfcd3de472e6686dc46feabfcf8c68bca0efa595",
    5: "64976ad48009fcc00ff220629ccd704b68915cc4ee6c285cc15727d5704476ba",
}
# What SQLite keeps for itself (ANALYZE, AUTOINCREMENT): no program of ours asks for it, and it changes no fact.
_SQLITES_OWN = frozenset(
    {
        ("table", "sqlite_sequence", "sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)"),
        ("table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
        ("table", "sqlite_stat4", "sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
    }
)
# Before version 3 the kinds in it grew from month to month; the next migration makes it anew.
_GREW = ("index", "event_register", "event")
_GREW_BEFORE = 3
_WORDS = {"table": "表", "index": "索引", "trigger": "トリガー", "view": "ビュー"}


class Difference(NamedTuple):
    """``text``: what differs, in words, by sort and number; the names are somebody's own words and are not repeated.

    ``readable``: every table is as it should be, so that what is read is what stands in it.
    """

    text: str
    readable: bool


def relevant(rows: Iterable[Sequence[object]], version: int) -> Rows:
    """Rows of ``SCHEMA_SQL`` in a fixed order, without what is SQLite's own."""
    kept = [tuple(row) for row in rows]
    kept = [row for row in kept if row not in _SQLITES_OWN and not (version < _GREW_BEFORE and row[:3] == _GREW)]
    return sorted(kept, key=repr)


def digest(rows: Iterable[Sequence[object]], version: int) -> str:
    """SHA-256 of a schema as ``DIGESTS`` holds it."""
    return hashlib.sha256(repr(relevant(rows, version)).encode()).hexdigest()


def difference(found: Iterable[Sequence[object]], made: Iterable[Sequence[object]], version: int) -> Difference | None:
    """How a schema differs from the one that the migrations make; None where it does not."""
    here, there = relevant(found, version), relevant(made, version)
    if here == there:
        return None
    names, wanted = Counter(row[:2] for row in here), Counter(row[:2] for row in there)
    unknown, missing = names - wanted, wanted - names
    changed = [row[:2] for row in there if row[:2] in names and row not in here]
    said = [
        f"{word}{_WORDS.get(str(sort), 'もの')}{n}つ"
        for word, group in (("知らない", unknown), ("足りない", missing), ("書き換えられた", Counter(changed)))
        for sort, n in sorted(Counter(str(key[0]) for key in group.elements()).items())
    ]
    tables = [row for row in there if row[0] == "table"]
    return Difference("、".join(said) or "並びの違い", all(row in here for row in tables))


def wrong_migrations(applied: Sequence[tuple[object, ...]], version: int) -> str:
    """How the notes of the migrations differ from those of a version, in words; '' where they do not."""
    wanted: Rows = [(MIGRATION_SET, name) for name in MIGRATION_NAMES[:version]]
    if list(applied) == wanted:
        return ""
    held = Counter(applied)
    missing, unknown = sum((Counter(wanted) - held).values()), sum((held - Counter(wanted)).values())
    said = [f"{word}{n}件" for word, n in (("足りない", missing), ("知らない", unknown)) if n]
    return "、".join(said) or "順序の違い"
