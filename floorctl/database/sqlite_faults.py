"""Known faults of SQLite library versions, as ``doctor`` tells them: whether this PC's version has them, and whether
floorctl's way of using SQLite can meet them at all. Sources: sqlite.org/wal.html, sqlite.org/changes.html, the CVE list.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Version = tuple[int, ...]


class Fault(NamedTuple):
    """A fault of the versions from ``since`` to before ``fixed``; ``backports`` have it mended in their own line."""

    code: str
    since: Version
    fixed: Version
    backports: tuple[Version, ...]
    name: str
    unmet: str  # why floorctl does not meet it

    def has(self, version: Version) -> bool:
        mended = any(version[:2] == b[:2] and version >= b for b in self.backports)
        return self.since <= version < self.fixed and not mended


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
    """The part ``sqlite`` of the document of ``doctor --json``; ``concerns``: floorctl can meet the fault on this file."""
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
    """Of these faults only the one of WAL depends on the file: another program may have switched it over."""
    return fault.code == "wal_reset" and journal_mode == "wal"


def words(document: dict[str, Any]) -> list[str]:
    """The same in lines for the eye."""
    mode, sync = document["journal_mode"].upper(), document["synchronous"].upper()
    faults = document["faults"]
    return [
        f"SQLite {document['version']}（{mode}・{sync} で使用）  この版の既知の不具合 {len(faults)}件",
        *(f"  {f['code']}（{f['fixed_in']} で修正）: {f['text']}" for f in faults),
    ]
