"""What a writer has been told: every transaction says where it will end before its COMMIT, and that it stands after it.

A fact counts as acknowledged from the moment in which ``Store.write`` has returned: before that no caller, no screen and
no exit status can have told anybody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.models.facts.entry import Head

Tell = Callable[[bytes], None]


@contextmanager
def telling(tell: Tell) -> Iterator[None]:
    """While inside, every write transaction tells ``want SEQ HASH FILE`` before and ``have SEQ HASH FILE`` after it."""
    original = Store.write

    @contextmanager
    def write(store: Store) -> Iterator[Writer]:
        with original(store) as pen:
            yield pen
            said = f"{pen.head.seq} {pen.head.hash} {store.path.name}\n"
            tell(b"want " + said.encode())
        tell(b"have " + said.encode())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "write", write)
        yield


def tell_what_stands(path: Path, tell: Tell) -> None:
    """Says of every fact of a file that it stands, before any writer is let loose; floorctl does not touch the file."""
    with closing(sqlite3.connect(path)) as db:
        for seq, sealed in db.execute("SELECT seq, hash FROM event ORDER BY seq"):
            tell(f"have {seq} {sealed} {path.name}\n".encode())


@dataclass
class Told:
    """What was told about one file, in order."""

    have: list[Head] = field(default_factory=lambda: [Head(0, "")])
    want: Head | None = None  # a transaction whose COMMIT nobody has heard of

    @property
    def ends(self) -> set[int]:
        """Where the file may end: after the last transaction that was acknowledged, or the one that was under way."""
        return {self.have[-1].seq, *([self.want.seq] if self.want else [])}


def read(lines: Iterable[bytes], name: str) -> Told:
    """From what was told (a last line that a kill has cut short is no word) to what may be expected of a file."""
    told = Told()
    for line in lines:
        parts: list[Any] = line.decode().split(" ", 3)
        if not line.endswith(b"\n") or parts[3].rstrip("\n") != name:
            continue
        head = Head(int(parts[1]), parts[2])
        if parts[0] == "want":
            told.want = head
        else:
            told.have.append(head)
            told.want = None
    return told
