"""Note the digests of written tables and JSON documents in ``floor.db.written`` beside the data file.

A CSV or JSON document does not reveal later changes. A file whose digest is noted is as floorctl left it, wherever it
lies now, and may be replaced. One SHA-256 per line, append-only. It may be deleted at any time: such files are then not
replaced until they are moved away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from floorctl.common import durable, patience
from floorctl.common.data_file_names import WRITTEN


class WrittenFiles:
    """Digests noted beside a data file; none if there is no data file."""

    def __init__(self, data_file: Path) -> None:
        self._data_file = data_file.resolve()
        self.place = self._data_file.with_name(f"{self._data_file.name}{WRITTEN}")

    def has(self, data: bytes) -> bool:
        """Return whether this content is noted. Raise PermissionError while another program holds the list (on Windows)."""
        return _digest(data) in self._held()

    def has_as(self, name: str, data: bytes) -> bool:
        """Return whether this content was noted under this very name (`note_as`)."""
        return _digest(_named(name, data)) in self._held()

    def note_as(self, name: str, data: bytes) -> str:
        """Note content with the name that it gets: nobody's copy of it is taken for this file. As `note` otherwise."""
        return self.note([_named(name, data)])

    def note(self, files: Iterable[bytes]) -> str:
        """Add new digests and wait until they are on the disk; to be called before the files are in place.

        Return '' or, if that fails, a warning.
        """
        if not self._data_file.is_file():
            return ""
        try:
            held = self._held()
            fresh = [d for d in dict.fromkeys(map(_digest, files)) if d not in held]
            if fresh:
                # Every line begins with a line feed, too: a torn one is then ended in any case.
                durable.append(self.place, "".join(f"\n{digest}" for digest in fresh).encode() + b"\n")
        except OSError:
            return (
                f"書き出しの一覧 {self.place.name} に書けません。データファイルのフォルダーの権限を確かめてください。"
                "次に違う内容を書き出すとき、今回の CSV と JSON は置き換えられません。"
            )
        return ""

    def _held(self) -> set[str]:
        try:
            if not self.place.is_file():  # a pipe of that name would block
                return set()
            return set(patience.read_bytes(self.place).decode("ascii", errors="replace").split())
        except OSError as error:
            if patience.is_held(error):  # it tells nothing now: that is not to say that nothing is noted
                raise
            return set()


def _named(name: str, data: bytes) -> bytes:
    return name.encode("utf-8", "surrogatepass") + b"\0" + data


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
