"""Compare the schema of a data file with what the migrations of its version make.

Any other object may affect what is written (a trigger that ignores an insert) or read (a view with the name of a
table), so that the whole of ``sqlite_master`` is compared. The digests are literals,
because making a reference file takes longer than a command may take to start.
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
# The nth migration makes version n.
MIGRATION_NAMES = (
    "0001_event", "0002_people", "0003_derived", "0004_no_replace", "0005_origin", "0006_tickets", "0007_editions",
    "0008_one_minute", "0009_shifts", "0010_lends", "0011_day_plan",
)  # fmt: skip
# Digests of the schema by version, as sqlite-utils 4.2 to 4.2.1 make it; 0 is an empty file.
DIGESTS = {
    0: "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
    1: "9d61cc4a1e654789b9b5a27fcc0e71bdf4c42dd39fc5ddc4bf874c0be9cc8063",
    2: "1ce6130c9dee3f321a6c7e757d19570c8154e69c26634c53108f5668673a0ee9",
    3: "ac719bb8cf4b064eaf57a4a7d47f97996a1d51b728376dec63ad701af23e0d82",
    4: "af1c30e0045e9388bb8cde95cfcd3de472e6686dc46feabfcf8c68bca0efa595",
    5: "64976ad48009fcc00ff220629ccd704b68915cc4ee6c285cc15727d5704476ba",
    6: "be1271ffa66a30bf1004fc89b485a707a042d20abb29e58376cd2b72926ab1b3",
    7: "be1271ffa66a30bf1004fc89b485a707a042d20abb29e58376cd2b72926ab1b3",  # rows alone
    8: "be1271ffa66a30bf1004fc89b485a707a042d20abb29e58376cd2b72926ab1b3",
    9: "837b8898514d63635efc3ddd966427f0f918b40f98e066f6b5025a174d3ccc39",
    10: "4957f81571affb126d5acade0913c13d9ec38b6ba2673a0fd2b337665fc1714c",
    11: "0108e78f5446420a83b5bcb8f4dcf320251304987e1f1df79407cad8335a26b7",
}
# SQLite's own tables (ANALYZE, AUTOINCREMENT): floorctl creates none, and they change no fact.
_SQLITES_OWN = frozenset(
    {
        ("table", "sqlite_sequence", "sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)"),
        ("table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
        ("table", "sqlite_stat4", "sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
    }
)
# Before version 3 the kinds in this index grew without a migration; the next migration recreates it.
_GREW = ("index", "event_register", "event")
_GREW_BEFORE = 3
_WORDS = {"table": "表", "index": "索引", "trigger": "トリガー", "view": "ビュー"}


class Difference(NamedTuple):
    """Difference of a schema. ``text``: in words, by type and number, without the foreign names.

    ``readable``: every table is as expected, so that what is read is what is stored.
    """

    text: str
    readable: bool


def relevant(rows: Iterable[Sequence[object]], version: int) -> Rows:
    """Return rows of ``SCHEMA_SQL`` in a fixed order, without SQLite's own tables."""
    kept = [tuple(row) for row in rows]
    kept = [row for row in kept if row not in _SQLITES_OWN and not (version < _GREW_BEFORE and row[:3] == _GREW)]
    return sorted(kept, key=repr)


def digest(rows: Iterable[Sequence[object]], version: int) -> str:
    """Return the SHA-256 of a schema as in ``DIGESTS``."""
    return hashlib.sha256(repr(relevant(rows, version)).encode()).hexdigest()


def difference(found: Iterable[Sequence[object]], made: Iterable[Sequence[object]], version: int) -> Difference | None:
    """Return how a schema differs from the one that the migrations make; None if it does not."""
    here, there = relevant(found, version), relevant(made, version)
    if here == there:
        return None
    names, wanted = Counter(row[:2] for row in here), Counter(row[:2] for row in there)
    unknown, missing = names - wanted, wanted - names
    changed = [row[:2] for row in there if row[:2] in names and row not in here]
    parts = [
        f"{word}{_WORDS.get(str(sort), 'もの')}{n}つ"
        for word, group in (("知らない", unknown), ("足りない", missing), ("書き換えられた", Counter(changed)))
        for sort, n in sorted(Counter(str(key[0]) for key in group.elements()).items())
    ]
    tables = [row for row in there if row[0] == "table"]
    return Difference("、".join(parts) or "並びの違い", all(row in here for row in tables))


def wrong_migrations(applied: Sequence[tuple[object, ...]], version: int) -> str:
    """Return how the migration records differ from those of a version, in words; '' if they do not."""
    wanted: Rows = [(MIGRATION_SET, name) for name in MIGRATION_NAMES[:version]]
    if list(applied) == wanted:
        return ""
    held = Counter(applied)
    missing, unknown = sum((Counter(wanted) - held).values()), sum((held - Counter(wanted)).values())
    parts = [f"{word}{n}件" for word, n in (("足りない", missing), ("知らない", unknown)) if n]
    return "、".join(parts) or "順序の違い"
