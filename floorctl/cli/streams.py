"""Standard output and error as a command sees them: a failing write ends no command halfway.

Facts are recorded whether or not the answer can be printed. A lost output must not look like a failed command, which
would be repeated and counted twice.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import Any

from floorctl.common.patience import on_windows


class OutputLost(Exception):
    """Standard output cannot be written any more.

    ``closed``: its reader has closed the pipe, as ``head`` does; ``full``: the disk or its quota is full.
    """

    def __init__(self, error: Exception) -> None:
        number = getattr(error, "errno", None)
        # Windows calls a pipe without a reader an invalid argument.
        self.closed = number == errno.EPIPE or (number == errno.EINVAL and on_windows())
        self.full = number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        super().__init__()


class Stream:
    """Text stream that wraps another one (None if it was closed before the program began).

    A write that fails raises OutputLost if ``strict``, else it is dropped.
    """

    def __init__(self, stream: Any, *, strict: bool) -> None:
        self._stream, self._strict = stream, strict
        self._lost: OutputLost | None = None

    def write(self, text: str) -> int:
        """Write text and return the number of characters."""
        return int(self._try(lambda: self._there().write(text), len(text)))

    def flush(self) -> None:
        self._try(lambda: self._there().flush() if self._stream is not None else None, None)

    def isatty(self) -> bool:
        with suppress(OSError, ValueError, AttributeError):
            return bool(self._stream.isatty())
        return False

    @property
    def buffer(self) -> Any:
        """The same stream for bytes. Raise AttributeError if the wrapped stream takes none."""
        if self._stream is not None and not hasattr(self._stream, "buffer"):
            raise AttributeError("buffer")
        return _Bytes(self)

    def write_bytes(self, data: bytes) -> int:
        """Write bytes and return their number."""
        return int(self._try(lambda: self._there().buffer.write(data), len(data)))

    def flush_bytes(self) -> None:
        self._try(lambda: self._there().buffer.flush(), None)

    def _there(self) -> Any:
        if self._stream is None:
            raise OSError(errno.EBADF, "closed")
        return self._stream

    def _try(self, act: Any, instead: Any) -> Any:
        """Call ``act``; once it has failed, return ``instead`` or raise OutputLost (``strict``) on every call."""
        if self._lost is not None:
            if self._strict:
                raise self._lost
            return instead
        try:
            return act()
        except (OSError, ValueError) as error:
            self._lost = OutputLost(error)
            self._drop()
            if self._strict:
                raise self._lost from None
            return instead

    def _drop(self) -> None:
        """Redirect the file descriptor to the null device: at exit the interpreter would flush it and complain."""
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Bytes:
    """Binary view of a Stream."""

    def __init__(self, stream: Stream) -> None:
        self.write, self.flush = stream.write_bytes, stream.flush_bytes
