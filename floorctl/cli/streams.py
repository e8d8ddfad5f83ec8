"""Standard output and standard error as a command sees them: what cannot be written ends no command in the middle.

What has been recorded stands whether or not anybody could read the answer, so a failing output must never look like a
failing command, which would be given again and count twice.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import Any


class OutputLost(Exception):
    """Standard output takes nothing more. ``closed``: its reader has gone, as ``head`` does when it has enough."""

    def __init__(self, error: Exception) -> None:
        number = getattr(error, "errno", None)
        # Windows calls a pipe without a reader an invalid argument.
        self.closed = number == errno.EPIPE or (number == errno.EINVAL and sys.platform == "win32")
        self.full = number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        super().__init__()


class Stream:
    """A text stream in the place of another one (None: it was closed before the program began).

    ``strict``: what cannot be written raises OutputLost; otherwise it is dropped.
    """

    def __init__(self, stream: Any, *, strict: bool) -> None:
        self._stream, self._strict = stream, strict
        self._lost: OutputLost | None = None

    def write(self, text: str) -> int:
        """Writes, and returns how many characters."""
        return int(self._try(lambda: self._there().write(text), len(text)))

    def flush(self) -> None:
        self._try(lambda: self._there().flush() if self._stream is not None else None, None)

    def isatty(self) -> bool:
        with suppress(OSError, ValueError, AttributeError):
            return bool(self._stream.isatty())
        return False

    @property
    def buffer(self) -> Any:
        """The same for bytes, where the stream has any."""
        if self._stream is not None and not hasattr(self._stream, "buffer"):
            raise AttributeError("buffer")
        return _Bytes(self)

    def write_bytes(self, data: bytes) -> int:
        """Writes bytes, and returns how many."""
        return int(self._try(lambda: self._there().buffer.write(data), len(data)))

    def flush_bytes(self) -> None:
        self._try(lambda: self._there().buffer.flush(), None)

    def _there(self) -> Any:
        if self._stream is None:
            raise OSError(errno.EBADF, "closed")
        return self._stream

    def _try(self, act: Any, instead: Any) -> Any:
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
        """Sends what is still held to nowhere: as it ends, the interpreter would try once more and complain."""
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Bytes:
    def __init__(self, stream: Stream) -> None:
        self.write, self.flush = stream.write_bytes, stream.flush_bytes
