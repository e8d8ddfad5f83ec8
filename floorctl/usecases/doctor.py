"""``floorctl doctor``: what can be proved about the file without changing it.

A file of an older version stays one. Its schema is compared with that of its own version, its chain is recomputed, its
facts are folded, and its derived rows are proved where it has any; the rest comes with the version that it is brought to.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from floorctl.commands.fold import fold
from floorctl.common.data_file_names import HEADS
from floorctl.common.errors import StoreError, UsageError
from floorctl.database import heads as heads
from floorctl.database import sqlite_faults as known_faults
from floorctl.database.file import SCHEMA_VERSION
from floorctl.database.hash_chain import GENESIS
from floorctl.database.head_histories import Compared, compare
from floorctl.database.site_of_file import need_same_site
from floorctl.database.store import DERIVED_SINCE, UNREADABLE, WAL, Finding, Store
from floorctl.models.facts.day_facts import Head
from floorctl.models.site.site import Site
from floorctl.usecases import day_tables as derived

RECENT = 7  # days whose derived rows are proved without --full
_WAL = "ほかのプログラムがファイルの方式（WAL）を変えました。そのプログラムを終えてください。次に floorctl で開くと元に戻ります"


def examine(
    path: Path, site: Site, *, full: bool = False, claimed: str | None = None, make_folder: bool = False
) -> dict[str, Any]:
    """The contract's document of ``doctor --json``. ``full``: the derived rows of every day are proved, else of the
    last ``RECENT``. ``sqlite``: the library and its known faults (database/sqlite_faults.py), ``schema``: the version of the file's
    schema; None where the file did not open. ``heads``: how the noted heads compare (database/heads.py)."""
    findings: list[Finding] = []
    facts = anomalies = 0
    head = Head(0, GENESIS)
    wanted = _claim(claimed)
    sqlite, schema = None, None
    noted = heads.read(path)
    compared = Compared(0, 0, 0, [])
    try:
        store = Store(path, make_folder=make_folder, examine=True)
    except StoreError as e:
        findings.append(Finding("unusable", e.sentence))
    else:
        try:
            sqlite = known_faults.report(*store.library())
            schema = store.version
            if sqlite["journal_mode"] == WAL:
                findings.append(Finding("wal", _WAL))
            findings += store.integrity()
            if not any(f.code == UNREADABLE for f in findings):
                # Else what answers under the name of a table is somebody else's: nothing is asked of it.
                findings += store.verify_chain()
                findings += store.changed_places() if not findings else []
                facts, head = store.count(), store.head()
                if wanted is not None and store.hash_at(wanted.seq) != wanted.hash:
                    text = f"通し番号 {wanted.seq} の値がファイルと合いません（報告の後に変えられた記録があります）"
                    findings.append(Finding("head", text))
                compared = compare(noted, store.hash_at)
                findings += [Finding("head", text) for text in compared.differing]
                if not any(f.code in ("damaged", "chain", "changed") for f in findings):
                    # What somebody has changed may be no fact at all: nothing can be told from it but that.
                    strange = _of_another_site(store, site)
                    anomalies, wrong = _days(store, site, full=full) if not strange else (0, strange)
                    findings += wrong
        except StoreError as e:
            findings.append(Finding("damaged", e.sentence))
        finally:
            store.close()
    return {
        "ok": not findings,
        "findings": [{"code": f.code, "text": f.text} for f in findings],
        "facts": facts,
        "anomalies": anomalies,
        "head": {"seq": head.seq, "hash": head.hash},
        "sqlite": sqlite,
        "schema": {"file": schema, "floorctl": SCHEMA_VERSION},
        "heads": {
            "same": compared.same,
            "differing": compared.differing_heads,
            "before_restore": compared.before_restore,
            "unreadable": noted.unreadable,
        },
    }


def remarks(report: dict[str, Any]) -> list[str]:
    """What is to be said beside findings: a file of an older version, and what the noted heads came to."""
    found, version, noted = [], report["schema"]["file"], report["heads"]
    if version is not None and version < SCHEMA_VERSION:
        found.append(
            f"前の版の floorctl のファイルです（形式 {version}、この版は {SCHEMA_VERSION}）。調べただけで、変えていません。"
            "次に盤面やほかのコマンドで開くと新しい形式になります"
        )
    if noted["same"] or noted["differing"]:
        found.append(
            f"報告書と控えの先頭の覚え書き（{HEADS}）: {noted['same'] + noted['differing']}件のうち {noted['same']}件が一致"
        )
    if noted["before_restore"]:
        found.append(
            f"控えから戻す前の先頭 {noted['before_restore']}件は、今のファイルにない記録のものなので照らしていません"
        )
    if noted["unreadable"]:
        found.append(f"先頭の覚え書きに読めない行が {noted['unreadable']}行あります（書きかけで終わった行は残ります）")
    return found


def _of_another_site(store: Store, site: Site) -> list[Finding]:
    """The file was written for another site: what its days came to cannot be judged by this one."""
    try:
        need_same_site(store, site)
    except StoreError as e:
        return [Finding("site", e.sentence)]
    return []


def _days(store: Store, site: Site, *, full: bool) -> tuple[int, list[Finding]]:
    """Anomalies of all days, and the derived rows that are not what a rebuild up to their fact gives.

    Days that were never built are no finding. Of a day that is not proved the anomalies are those of its rows, where
    these know every fact of it: folding two years takes longer than anybody waits at a counter.
    """
    built = derived.built(store) if store.version >= DERIVED_SINCE else {}
    proved = set(built if full else list(built)[-RECENT:])
    told = {date.fromisoformat(day): seq for day, seq in store.last_seqs(date.min, date.max)}
    register = store.register_facts()
    anomalies, findings = 0, []
    for day in sorted(told.keys() | proved):
        rows = None
        if day in proved:
            rows = derived.rebuilt(store, site, day, register, built[day])
            if not derived.same(derived.held(store, day), rows):
                text = f"{day} の集計表が記録と合いません（floorctl export で作り直せます）"
                findings.append(Finding("derived", text))
        if day not in told or told[day] <= built.get(day, -1):
            anomalies += derived.anomalies_of(rows or derived.held(store, day))
        else:
            anomalies += len(fold(site, day, store.day_facts(day)).anomalies)
    return anomalies, findings


def _claim(text: str | None) -> Head | None:
    if text is None:
        return None
    seq, colon, digest = text.partition(":")
    if not colon or not seq.isdigit() or not digest:
        raise UsageError("--head の形が違います", "", "報告書にある 通し番号:値 をそのまま書いてください")
    return Head(int(seq), digest.strip().lower())
