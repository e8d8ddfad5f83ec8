"""Known faults of SQLite versions for ``doctor``: whether this PC's version has them and floorctl can meet them.

Sources: sqlite.org/wal.html, sqlite.org/changes.html, the CVE list.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Version = tuple[int, ...]


class Fault(NamedTuple):
    """Fault of the versions from ``since`` to before ``fixed``, except ``backports`` and later ones of their branch."""

    code: str
    since: Version
    fixed: Version
    backports: tuple[Version, ...]
    name: str
    unmet: str  # reason why floorctl cannot meet it

    def has(self, version: Version) -> bool:
        """Return whether a version has the fault."""
        backported = any(version[:2] == b[:2] and version >= b for b in self.backports)
        return self.since <= version < self.fixed and not backported


FAULTS = (
    Fault(
        "wal_reset",
        (3, 7, 0),
        (3, 51, 3),
        ((3, 44, 6), (3, 50, 7)),
        "WAL リセットの競合で確定した記録が失われる",
        "WAL を使わない",
    ),
    Fault(
        "savepoint_memory",
        (3, 35, 0),
        (3, 37, 2),
        (),
        "一時領域がメモリのとき SAVEPOINT の取消しで壊れる",
        "書込みに SAVEPOINT を使わない",
    ),
    Fault(
        "CVE-2025-6965",
        (0,),
        (3, 50, 2),
        (),
        "集計の項が多い SQL でメモリが壊れる",
        "外から来た SQL を実行しない",
    ),
    Fault(
        "CVE-2026-11822",
        (3, 9, 0),
        (3, 53, 2),
        (),
        "細工された全文検索の表でメモリが壊れる",
        "全文検索を使わず、表の定義がこの版と違うファイルは doctor が示す",
    ),
)


def report(version: Version, journal_mode: str, synchronous: str) -> dict[str, Any]:
    """Return the part ``sqlite`` of ``doctor --json``; ``concerns``: floorctl can meet the fault with this file."""
    return {
        "version": ".".join(map(str, version)),
        "journal_mode": journal_mode,
        "synchronous": synchronous,
        "faults": [
            {
                "code": f.code,
                "fixed_in": ".".join(map(str, f.fixed)),
                "concerns": concerned(f, journal_mode),
                "text": f"{f.name}（{'影響があります' if concerned(f, journal_mode) else f'影響なし: {f.unmet}'}）",
            }
            for f in FAULTS
            if f.has(version)
        ],
    }


def concerned(fault: Fault, journal_mode: str) -> bool:
    """Return whether floorctl can meet a fault: only that of WAL, if another program has switched the file to WAL."""
    return fault.code == "wal_reset" and journal_mode == "wal"


def words(document: dict[str, Any]) -> list[str]:
    """Return the report as lines of text."""
    mode, sync = document["journal_mode"].upper(), document["synchronous"].upper()
    faults = document["faults"]
    return [
        f"SQLite {document['version']}（{mode}・{sync} で使用）  この版の既知の不具合 {len(faults)}件",
        *(f"  {f['code']}（{f['fixed_in']} で修正）: {f['text']}" for f in faults),
    ]
