"""The auditor: looks at what a kill or a power cut has left, as the next start finds it, and counts what is wrong.

Nothing is repaired by hand: the file is opened by floorctl's own verbs and goes on being written to.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from floorctl.common.errors import FloorctlError
from floorctl.database.store import Store
from floorctl.models.site.site import Site
from floorctl.usecases import daily_backup as backups
from floorctl.usecases.doctor import examine
from tests.reliability.acks import Told
from tests.story import fact, instant

# What a kill may leave beside the files, until the next start clears it away.
_LEFT = (".new", ".new-journal", "-journal", ".floorctl-tmp", ".bad", ".copy", ".copy-journal", ".lock")


@dataclass
class Verdict:
    """Counts over many states; ``says`` holds a sentence for each that is wrong."""

    states: int = 0
    acknowledged: int = 0
    lost: int = 0
    half: int = 0
    damaged: int = 0
    stuck: int = 0  # the next start did not work
    documents: int = 0  # half documents, or half sets of them
    says: list[str] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        for name in ("states", "acknowledged", "lost", "half", "damaged", "stuck", "documents"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.says += other.says

    @property
    def clean(self) -> bool:
        return not (self.lost or self.half or self.damaged or self.stuck or self.documents)


def look(path: Path, site: Site, told: Told, *, then: bool = True) -> Verdict:
    """The data file against what its writers were told; then one more act, and a backup, as the next start would."""
    found = Verdict(states=1, acknowledged=told.have[-1].seq)
    last = told.have[-1]
    if not path.exists():
        if last.seq:
            found.lost += last.seq
            found.says.append(f"{path.name}: gone, with {last.seq} acknowledged facts")
        return found
    report = examine(path, site, full=True)
    if not report["ok"]:
        codes = [f["code"] for f in report["findings"]]
        setattr(found, "stuck" if codes in (["unusable"], ["busy"]) else "damaged", 1)
        found.says.append(f"{path.name}: {report['findings']}")
        return found
    with closing(Store(path)) as store:
        head = store.head()
        missing = [h.seq for h in told.have if h.seq and store.hash_at(h.seq) != h.hash]
        if missing:
            found.lost += last.seq - min(missing) + 1
            found.says.append(f"{path.name}: acknowledged facts are not there or are others, from {min(missing)}")
        elif head.seq not in told.ends:
            found.half += 1
            found.says.append(f"{path.name}: ends at {head.seq}, no transaction did (of {sorted(told.ends)})")
    if then:
        go_on(path, site, found)
    return found


def go_on(path: Path, site: Site, found: Verdict) -> None:
    """The next start, without repair by hand: one more act, and the backup of a close."""
    try:
        with closing(Store(path)) as store:
            with store.write() as pen:
                line = {"id": f"next-{pen.head.seq}", "at": instant("16:00").isoformat(), "kind": "memo.written"}
                pen.append(fact({**line, "text": "次の起動"}), "audit", "audit", instant("16:00"))
            kept = backups.keep(store)
            with closing(Store(kept.path)) as backup:
                if backup.head() != store.head() or backup.verify_chain() or backup.integrity():
                    found.damaged += 1
                    found.says.append(f"{kept.path.name}: the backup made next is not the file")
    except FloorctlError as e:
        found.stuck += 1
        found.says.append(f"{path.name}: the next start: {e.sentence}")


def look_at_documents(
    folder: Path, whole: set[str] | None = None, known: Mapping[str, set[bytes]] | None = None
) -> Verdict:
    """Every file under its final name is a whole document. ``whole``: the names that a set has, where there is one;
    ``known``: by name the contents that were ever meant to stand there."""
    found = Verdict()
    if not folder.exists():
        return found
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if path.is_dir() or any(part.endswith(_LEFT) for part in inside.parts):
            continue
        data = path.read_bytes()
        good = _opens(path.suffix, data) and (known is None or data in known.get(inside.as_posix(), {data}))
        if not good:
            found.documents += 1
            found.says.append(f"{inside}: no whole document ({len(data)} bytes)")
    for day in folder.iterdir():
        if whole is not None and day.is_dir() and not day.name.endswith(_LEFT):
            there = {p.relative_to(day).as_posix() for p in day.rglob("*") if p.is_file()}
            if not whole <= there:
                found.documents += 1
                found.says.append(f"{day.name}: without {sorted(whole - there)}")
    return found


def _opens(suffix: str, data: bytes) -> bool:
    with suppress(ValueError, zipfile.BadZipFile):
        if suffix == ".xlsx":
            with zipfile.ZipFile(BytesIO(data)) as book:
                return book.testzip() is None
        if suffix == ".json":
            return isinstance(json.loads(data), dict)
        return data.endswith(b"\n")
    return False


def leftovers(folder: Path) -> list[str]:
    """Files that nobody would clear away."""
    usual = {".db", ".heads", ".written", ".site", ".xlsx", ".json", ".csv", ".jsonl", ".toml"}
    return sorted(
        p.name for p in folder.rglob("*") if p.is_file() and p.suffix not in usual and not p.name.endswith(_LEFT)
    )
