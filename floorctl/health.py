"""``floorctl doctor``: what can be proved about the file without changing it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from floorctl import derived, known_faults
from floorctl.errors import StoreError, UsageError
from floorctl.models.events import Head
from floorctl.models.fold import fold
from floorctl.models.site import Site
from floorctl.origin import need_same_site
from floorctl.store import GENESIS, Finding, Store

RECENT = 7  # days whose derived rows are proved without --full


def examine(
    path: Path, site: Site, *, full: bool = False, claimed: str | None = None, make_folder: bool = False
) -> dict[str, Any]:
    """The contract's document of ``doctor --json``. ``full``: the derived rows of every day are proved, else of the
    last ``RECENT``. ``sqlite``: the library and its known faults (known_faults.py); None where the file did not open."""
    findings: list[Finding] = []
    facts = anomalies = 0
    head = Head(0, GENESIS)
    wanted = _claim(claimed)
    sqlite = None
    try:
        store = Store(path, make_folder=make_folder)
    except StoreError as e:
        findings.append(Finding("unusable", e.sentence))
    else:
        try:
            sqlite = known_faults.report(*store.library())
            findings += store.integrity()
            findings += store.verify_chain()
            findings += store.changed_places() if not findings else []
            facts, head = store.count(), store.head()
            if wanted is not None and store.hash_at(wanted.seq) != wanted.hash:
                findings.append(
                    Finding(
                        "head",
                        f"通し番号 {wanted.seq} の値がファイルと合いません（報告の後に変えられた記録があります）",
                    )
                )
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
    }


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
    built = derived.built(store)
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
