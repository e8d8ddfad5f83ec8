"""The digests of the tables and JSON documents that floorctl has written: ``floor.db.written`` beside the data file.

A CSV or a JSON document does not show whether somebody has changed it since. Whatever has a digest that stands here is
as floorctl left it, wherever it lies now, and may be replaced. One SHA-256 a line; lines are only added. It may be
deleted at any time: then such files are replaced no more until they are moved away.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from floorctl.common.data_file_names import WRITTEN


class WrittenFiles:
    """The digests noted beside a data file; nothing is noted where there is no data file."""

    def __init__(self, data_file: Path) -> None:
        self._data_file = data_file.resolve()
        self._place = self._data_file.with_name(f"{self._data_file.name}{WRITTEN}")

    def has(self, data: bytes) -> bool:
        return _digest(data) in self._held()

    def note(self, files: Iterable[bytes]) -> str:
        """Adds what is not there yet, and waits until it is on the disk; to be done before the files are in place.

        Returns '' or, where that cannot be done, a sentence.
        """
        if not self._data_file.is_file():
            return ""
        try:
            held = self._held()
            fresh = [d for d in dict.fromkeys(map(_digest, files)) if d not in held]
            if fresh:
                self._append(fresh)
        except OSError:
            return (
                f"書き出しの覚え書き {self._place.name} に書けません。データファイルのフォルダの権限を確かめてください。"
                "次に違う内容を書き出すとき、今回の CSV と JSON は置き換えられません。"
            )
        return ""

    def _append(self, fresh: list[str]) -> None:
        if self._place.exists() and not self._place.is_file():
            raise IsADirectoryError(self._place)
        handle = os.open(self._place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # A line that a kill has torn is ended first.
            data = "".join(f"\n{digest}" for digest in fresh).encode() + b"\n"
            if os.write(handle, data) != len(data):
                raise OSError("no space left")
            os.fsync(handle)
        finally:
            os.close(handle)

    def _held(self) -> set[str]:
        try:
            if not self._place.is_file():  # whatever else has that name is not waited for
                return set()
            return set(self._place.read_text("ascii", errors="replace").split())
        except OSError:
            return set()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
