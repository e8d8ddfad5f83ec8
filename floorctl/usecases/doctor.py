"""``floorctl doctor``: verify the data file without changing it.

The schema is compared with that of the file's own version, the chain is recomputed, the facts are folded, and the
derived rows are compared with a rebuild, if the version has any. A file of an older version is not migrated.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from floorctl.common.cloud_folder import data_file_note, service_of_file
from floorctl.common.data_file_names import HEADS
from floorctl.common.errors import Busy, StoreError, UsageError
from floorctl.database import heads as heads
from floorctl.database import sqlite_faults as known_faults
from floorctl.database.file import SCHEMA_VERSION
from floorctl.database.hash_chain import GENESIS
from floorctl.database.head_histories import Compared, compare
from floorctl.database.site_of_file import need_same_site
from floorctl.database.store import DERIVED_SINCE, UNREADABLE, WAL, Finding, Store
from floorctl.models.facts.entry import Head
from floorctl.models.site.site import Site
from floorctl.usecases import day_tables as derived
from floorctl.usecases.carried_numbers import stored_floor

RECENT = 7  # days whose derived rows are verified without --full
BUSY = "busy"  # code of the finding that the file could not be examined now
_WAL = "ほかのプログラムがファイルの方式（WAL）を変えました。そのプログラムを終えてください。次に floorctl で開くと元に戻ります"


def examine(
    path: Path, site: Site, *, full: bool = False, claimed: str | None = None, make_folder: bool = False
) -> dict[str, Any]:
    """Return the document of ``doctor --json`` (contract 1).

    Derived rows are verified for the last ``RECENT`` days, with ``full`` for all. ``claimed``: a printed head,
    SEQ:HASH, to compare. ``sqlite``: the library and its known faults; ``schema``: version of the file (None if it did
    not open); ``heads``: comparison with the noted heads. A file that another program holds is not examined: its only
    finding is ``busy``, and no figure of it is known. ``cloud``: the service that keeps its folder in step, or None.
    """
    findings: list[Finding] = []
    facts = anomalies = 0
    head = Head(0, GENESIS)
    wanted = _claim(claimed)
    sqlite, schema = None, None
    noted = heads.read(path)
    compared = Compared(0, 0, 0, [])
    try:
        store = Store(path, make_folder=make_folder, examine=True)
    except Busy:
        findings.append(_held(path))
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
                # Otherwise the tables are foreign, and nothing is read from them.
                findings += store.verify_chain()
                findings += store.changed_places() if not findings else []
                facts, head = store.count(), store.head()
                if wanted is not None and store.hash_at(wanted.seq) != wanted.hash:
                    text = f"通し番号 {wanted.seq} の値がファイルと合いません（報告の後に変えられた記録があります）"
                    findings.append(Finding("head", text))
                compared = compare(noted, store.hash_at)
                findings += [Finding("head", text) for text in compared.differing]
                if not any(f.code in ("damaged", "chain", "changed") for f in findings):
                    # Changed rows may be no facts at all: nothing is computed from them.
                    strange = _of_another_site(store, site)
                    anomalies, wrong = _days(store, site, full=full) if not strange else (0, strange)
                    findings += wrong
        except Busy:  # taken meanwhile: half an examination tells nothing
            findings, compared = [_held(path)], Compared(0, 0, 0, [])
            facts, anomalies, head = 0, 0, Head(0, GENESIS)
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
        "cloud": service_of_file(path) or None,
    }


def remarks(report: dict[str, Any]) -> list[str]:
    """Return remarks beside the findings: a file of an older version, and the result for the noted heads, a cloud."""
    found, version, noted = [], report["schema"]["file"], report["heads"]
    if version is not None and version < SCHEMA_VERSION:
        found.append(
            f"前の版の floorctl のファイルです（形式 {version}、この版は {SCHEMA_VERSION}）。調べただけで、変えていません。"
            "次に盤面やほかのコマンドで開くと新しい形式になります"
        )
    if noted["same"] or noted["differing"]:
        found.append(
            f"報告書と控えの照合値の一覧（{HEADS}）: {noted['same'] + noted['differing']}件のうち {noted['same']}件が一致"
        )
    if noted["before_restore"]:
        found.append(
            f"控えから戻す前の照合値 {noted['before_restore']}件は、今のファイルにない記録のものなので照らしていません"
        )
    if noted["unreadable"]:
        found.append(f"照合値の一覧に読めない行が {noted['unreadable']}行あります（書きかけで終わった行は残ります）")
    if report["cloud"]:
        found.append(f"注意: {data_file_note(report['cloud'])}")
    return found


def _held(path: Path) -> Finding:
    """Return the finding of a file that another program keeps locked: no fault of the file."""
    what, why = f"{path.name} は今調べられません", "ほかのプログラムがファイルを使い続けています"
    do = "そのプログラムを終えるか、少し待ってから、もう一度 floorctl doctor を実行してください"
    return Finding(BUSY, StoreError(what, why, do).sentence)


def _of_another_site(store: Store, site: Site) -> list[Finding]:
    """Return a finding if the file was written for another site, by which its days cannot be judged."""
    try:
        need_same_site(store, site)
    except Busy:
        raise
    except StoreError as e:
        return [Finding("site", e.sentence)]
    return []


def _days(store: Store, site: Site, *, full: bool) -> tuple[int, list[Finding]]:
    """Return the number of anomalies of all days, and a finding for each day whose derived rows differ from a rebuild.

    Days without rows are no finding. For a day that is not verified, the anomalies are read from its rows if these are
    up to date: folding two years would take too long.
    """
    built = derived.built(store) if store.version >= DERIVED_SINCE else {}
    verified = set(built if full else list(built)[-RECENT:])
    last_seqs = {date.fromisoformat(day): seq for day, seq in store.last_seqs(date.min, date.max)}
    register = store.register_facts()
    anomalies, findings = 0, []
    for day in sorted(last_seqs.keys() | verified):
        rows = None
        if day in verified:
            rows = derived.rebuilt(store, site, day, register, built[day])
            if not derived.same(derived.held(store, day), rows):
                text = f"{day} の集計表が記録と合いません（floorctl export で作り直せます）"
                findings.append(Finding("derived", text))
        if day not in last_seqs or last_seqs[day] <= built.get(day, -1):
            anomalies += derived.anomalies_of(rows or derived.held(store, day))
        else:
            anomalies += len(stored_floor(store, site, day).anomalies)
    return anomalies, findings


def _claim(text: str | None) -> Head | None:
    """Parse a printed head SEQ:HASH. Raise UsageError."""
    if text is None:
        return None
    seq, colon, digest = text.partition(":")
    if not colon or not seq.isdigit() or not digest:
        raise UsageError("--head の形が違います", "", "報告書にある 通し番号:ハッシュ値 をそのまま書いてください")
    return Head(int(seq), digest.strip().lower())
