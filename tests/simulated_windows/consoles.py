"""Commands in this process with the streams of Windows: a console, a file, a pipe, and a pipe whose reader has gone."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from floorctl.cli.base import begin_command
from floorctl.cli.main import main
from tests.contract.contract_cli import Result


class Said(Result):
    """Output of a command on the simulated system, and its exit status."""

    @property
    def sentence(self) -> str:
        """The one line on stderr."""
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()


class Output(io.RawIOBase):
    """Sink of a stream's bytes. ``tty``: a console, which says itself what it takes."""

    def __init__(self, *, tty: bool = False) -> None:
        self.data, self._tty = bytearray(), tty

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._tty

    def write(self, data: Any) -> int:
        self.data += bytes(data)
        return len(bytes(data))


class ClosedPipe(Output):
    """A pipe whose reader has gone after so many bytes: Windows calls every further write an invalid argument.

    It has a handle, as a stream of the interpreter has: once that leads nowhere, writing to it is harmless.
    """

    def __init__(self, after: int = 0) -> None:
        super().__init__()
        self._after = after
        self._read, self._handle = os.pipe()
        os.close(self._read)

    def fileno(self) -> int:
        return self._handle

    def write(self, data: Any) -> int:
        if len(self.data) < self._after:
            return super().write(data)
        try:
            return os.write(self._handle, bytes(data))
        except BrokenPipeError:
            raise OSError(errno.EINVAL, "Invalid argument") from None

    def close(self) -> None:
        if not self.closed:
            os.close(self._handle)
        super().close()


def stream(raw: io.RawIOBase, encoding: str) -> io.TextIOWrapper:
    """Return a text stream as the interpreter makes its own."""
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, errors="strict", newline="\n")


@contextmanager
def _streams(out: io.TextIOWrapper, err: io.TextIOWrapper, stdin: bytes) -> Iterator[None]:
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"), out, err
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


def run(
    *args: str | Path,
    db: Path | None = None,
    now: str | None = None,
    stdin: bytes = b"",
    out: io.RawIOBase | None = None,
    encoding: str = "cp932",
) -> Said:
    """Run one command; its streams have the encoding of a Japanese Windows until floorctl says another."""
    before = (["--db", str(db)] if db else []) + (["--now", now] if now else [])
    raw, told = out or Output(), Output()
    streams = stream(raw, encoding), stream(told, encoding)
    with _streams(*streams, stdin):
        try:
            main([*before, *map(str, args)])
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    begin_command()
    for each in streams:
        each.flush()  # as the interpreter does when it ends: an error here would be printed after everything
    said = Said(status, bytes(getattr(raw, "data", b"")), told.data.decode(streams[1].encoding))
    assert "Traceback" not in said.err and "予期しない" not in said.err, said.err
    return said
