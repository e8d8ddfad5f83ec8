"""``os``, ``open`` and SQLite as they are on Windows, for the paths below one folder; all others stay as they are."""

from __future__ import annotations

import builtins
import io
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote
from weakref import WeakSet

import pytest

from tests.simulated_windows import names
from tests.simulated_windows.faults import DELETE, READ, WRITE, Fault, Touch
from tests.simulated_windows.waits import Waits
from tests.simulated_windows.winerrors import winerror

F = TypeVar("F", bound=Fault)
_HANDLES = 256
_BINARY = 0x8000_0000  # a bit that no system uses for opening
_SQLITE_PATIENCE_S = 1.375  # SQLite on Windows opens a file that is held again, ten times in all


class Disk:
    """The disk of a simulated Windows. ``long_paths``: LongPathsEnabled; ``hard_links``: NTFS has them, FAT has none."""

    def __init__(self, root: Path, waits: Waits) -> None:
        self.root, self.waits = Path(os.path.realpath(root)), waits
        self.long_paths, self.hard_links = True, True
        self.faults: list[Fault] = []
        self.refusals: list[tuple[str, str, int]] = []  # act, name and number of each refusal of a fault
        self._connections: WeakSet[sqlite3.Connection] = WeakSet()
        self._pending: dict[str, float] = {}  # deleted names, and until when they stay
        self.shared: set[int] = set()  # handles that let others rename and remove their file
        self._text: set[int] = set()  # handles that write CR LF for LF
        self._real: Any = None

    def add(self, fault: F) -> F:
        """Let a fault be asked before every act; return it."""
        self.faults.append(fault)
        return fault

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """Let no fault refuse anything in the block: it is the test that looks."""
        faults, self.faults = self.faults, []
        try:
            yield
        finally:
            self.faults = faults

    def delete_pending(self, path: Path, seconds: float) -> None:
        """Let a name be one that somebody has deleted and that a reader still has open for some seconds."""
        self._pending[self._place(os.fspath(path))] = self.waits.now + seconds

    def _gone(self, place: str) -> None:
        """Remove a deleted name whose reader has gone; raise what Windows says while it has not."""
        if self._pending.get(place, 0) > self.waits.now:
            raise winerror(5, place)
        if self._pending.pop(place, None) is not None:
            self._real.unlink(place)

    # ---- names

    def _covers(self, path: Any) -> str:
        """Return the absolute form of a path below the root; "" if it lies elsewhere or is a handle."""
        if isinstance(path, int):
            return ""
        text = os.fspath(path)
        if not isinstance(text, str):
            return ""
        if not text.startswith("/"):
            text = f"{os.getcwd()}/{text}"
        root = str(self.root)
        return text if text == root or text.startswith(f"{root}/") else ""

    def _place(self, text: str) -> str:
        """Return the real path for one below the root; raise what Windows says of its names."""
        parts = os.path.normpath(text)[len(str(self.root)) :].strip("/").split("/")
        parts = [x for x in parts if x]
        names.need_names(parts, text)
        most = names.LONGEST_WITH_LONG_PATHS if self.long_paths else names.LONGEST
        if len(text) > most:
            raise winerror(3, text)
        found = str(self.root)
        for name in parts:
            found = f"{found}/{names.spelled(found, names.as_written(name), self._real)}"
        if parts and names.device(parts[-1]):
            raise winerror(2, text)
        if self._pending and self._pending.get(found, self.waits.now + 1) <= self.waits.now:
            self._gone(found)
        return found

    # ---- who has a file

    def _touch(self, act: str, path: str, need: str, part: str = "source") -> None:
        self._gone(path)
        touch = Touch(act, path, need, part, os.path.lexists(path))
        for fault in self.faults:
            if code := fault.refuses(touch, self.waits):
                self.refusals.append((act, touch.name, code))
                raise winerror(code, path)

    def is_open(self, path: str) -> bool:
        """Return whether this process has a file open: Python's handles, and SQLite's, do not share the removal."""
        try:
            wanted = self._real.stat(path)
        except OSError:
            return False
        for handle in set(range(3, _HANDLES)) - self.shared:
            try:
                found = os.fstat(handle)
            except OSError:
                continue
            if (found.st_ino, found.st_dev) == (wanted.st_ino, wanted.st_dev):
                return True
        return False

    def _need_removable(self, act: str, path: str, part: str = "source") -> None:
        """Raise what Windows says where a file, or a folder with all that it holds, cannot get another name."""
        denied = 5 if part == "target" else 32
        if os.path.isdir(path) and not os.path.islink(path):
            if os.getcwd() == path or os.getcwd().startswith(f"{path}/"):
                raise winerror(32, path)
            self._touch(act, path, DELETE, part)
            for inside in _files(path):
                try:
                    self._touch(act, inside, DELETE, "inside")
                except PermissionError:
                    raise winerror(5, path) from None
                if self.is_open(inside):
                    raise winerror(5, path)
            return
        self._touch(act, path, DELETE, part)
        if self.is_open(path):
            raise winerror(denied, path)

    # ---- the functions

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Replace the functions of ``os`` and ``open`` until the test ends."""
        self._real = _Kept()
        for name in (
            "stat",
            "lstat",
            "listdir",
            "scandir",
            "chmod",
            "utime",
            "access",
            "readlink",
            "chdir",
            "truncate",
        ):
            patch.setattr(os, name, self._plain(getattr(os, name)))
        for name in ("replace", "rename", "unlink", "rmdir", "mkdir", "open", "link", "symlink"):
            patch.setattr(os, name, getattr(self, f"_{name}"))
        patch.setattr(os, "remove", self._unlink)
        patch.setattr(os, "write", self._write)
        patch.setattr(os, "close", self._close)
        patch.setattr(os, "O_BINARY", _BINARY, raising=False)
        patch.setattr(io, "open", self._open_file)
        patch.setattr(builtins, "open", self._open_file)
        patch.setattr(sqlite3, "connect", self._connect)
        patch.setattr(shutil, "_use_fd_functions", False)  # Windows has none of the functions by handle

    def _plain(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of one path that nothing but its name keeps from working."""

        def act(path: Any = ".", *args: Any, **more: Any) -> Any:
            text = "" if more.get("dir_fd") is not None else self._covers(path)
            return function(self._place(text) if text else path, *args, **more)

        return act

    def _replace(self, source: Any, target: Any, **more: Any) -> None:
        self._move("replace", source, target)

    def _rename(self, source: Any, target: Any, **more: Any) -> None:
        self._move("rename", source, target)

    def _move(self, act: str, source: Any, target: Any) -> None:
        from_, to = self._covers(source), self._covers(target)
        if not from_ or not to:
            getattr(self._real, act)(source, target)
            return
        old, new = self._place(from_), self._place(to)
        if not os.path.lexists(old):
            raise winerror(2, from_, to)
        there = os.path.lexists(new)
        same = there and os.path.samefile(old, new)
        if there and act == "rename" and not same:
            raise winerror(183, from_, to)
        self._need_removable(act, old)
        if there and not same:
            if os.path.isdir(new) or not os.stat(new).st_mode & stat.S_IWUSR:
                raise winerror(5, from_, to)
            self._need_removable(act, new, "target")
        elif not same:
            self._touch(act, new, WRITE, "target")
        if same:  # only the case is another
            new = f"{os.path.dirname(new)}/{names.as_written(os.path.basename(to))}"
        self._real.replace(old, new)

    def _unlink(self, path: Any, **more: Any) -> None:
        text = self._covers(path)
        if not text or more.get("dir_fd") is not None:
            self._real.unlink(path, **more)
            return
        place = self._place(text)
        if not os.path.lexists(place):
            raise winerror(2, text)
        if os.path.isdir(place) or not os.lstat(place).st_mode & stat.S_IWUSR:
            raise winerror(5, text)
        self._need_removable("unlink", place)
        self._real.unlink(place)

    def _rmdir(self, path: Any, **more: Any) -> None:
        text = self._covers(path)
        if not text or more.get("dir_fd") is not None:
            self._real.rmdir(path, **more)
            return
        place = self._place(text)
        if os.path.isdir(place) and self._real.listdir(place):
            raise winerror(145, text)
        if os.path.isdir(place):
            self._need_removable("rmdir", place)
        self._real.rmdir(place)

    def _mkdir(self, path: Any, mode: int = 0o777, **more: Any) -> None:
        text = self._covers(path)
        place = self._place(text) if text else path
        if text and not self.long_paths and len(text) > names.LONGEST - 12:
            raise winerror(206, text)  # a folder must have room for a name of 8.3
        self._real.mkdir(place, mode, **more)

    def _open(self, path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
        text = "" if more.get("dir_fd") is not None else self._covers(path)
        if not text:
            return int(self._real.open(path, flags & ~_BINARY, mode, **more))
        place = self._place(text)
        if os.path.isdir(place):
            raise winerror(5, text)
        writes = flags & (os.O_WRONLY | os.O_RDWR)
        if os.path.lexists(place):
            self._touch("open", place, WRITE if writes else READ)
            if flags & os.O_RDWR:
                self._touch("open", place, READ)
        handle = int(self._real.open(place, flags & ~_BINARY, mode))
        if not flags & _BINARY:
            self._text.add(handle)
        return handle

    def _write(self, handle: int, data: Any) -> int:
        """Write as the C library does: a handle that was opened without O_BINARY is one of text."""
        if handle not in self._text:
            return int(self._real.write(handle, data))
        self._real.write(handle, bytes(data).replace(b"\n", b"\r\n"))
        return len(data)

    def _close(self, handle: int) -> None:
        self._text.discard(handle)
        self.shared.discard(handle)
        self._real.close(handle)

    def _open_file(self, file: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
        if isinstance(file, int):
            self._text.discard(file)  # a file object makes its handle one of bytes
        text = self._covers(file)
        if not text:
            return self._real.open_file(file, mode, *args, **more)
        place = self._place(text)
        if os.path.isdir(place):
            raise winerror(5, text)
        if os.path.lexists(place):
            self._touch("open", place, WRITE if set(mode) & set("wax+") else READ)
        return self._real.open_file(place, mode, *args, **more)

    def _link(self, source: Any, target: Any, **more: Any) -> None:
        from_, to = self._covers(source), self._covers(target)
        if not from_ or not to:
            self._real.link(source, target, **more)
            return
        if not self.hard_links:
            raise winerror(1, from_, to)
        old, new = self._place(from_), self._place(to)
        if os.path.lexists(new):
            raise winerror(183, from_, to)
        self._touch("link", old, READ)
        self._real.link(old, new)

    def _symlink(self, source: Any, target: Any, *args: Any, **more: Any) -> None:
        """A user without the right to make links, which is the usual one."""
        if self._covers(target):
            error = OSError(1, "A required privilege is not held by the client", os.fspath(target))
            error.winerror = 1314  # type: ignore[attr-defined]
            raise error
        self._real.symlink(source, target, *args, **more)

    def _connect(self, database: Any, *args: Any, **more: Any) -> sqlite3.Connection:
        connect: Callable[..., sqlite3.Connection] = self._real.connect
        if not (isinstance(database, str) and database.startswith("file:///")):
            return connect(database, *args, **more)
        path, _, rest = database.removeprefix("file://").partition("?")
        text = self._covers(unquote(path))
        if not text:
            return connect(database, *args, **more)
        try:
            place = self._place(text)
            if os.path.lexists(place):
                self._wait_as_sqlite(place, READ)
                if "mode=ro" not in rest:
                    self._wait_as_sqlite(place, WRITE)
            if "mode=ro" not in rest:
                self._place(f"{text}-journal")
        except OSError:
            raise _unopened() from None
        conn = connect(f"file://{quote(place)}?{rest}", *args, factory=_Connection, **more)
        self._connections.add(conn)
        return conn

    @contextmanager
    def process(self) -> Iterator[None]:
        """Close at the end of the block what SQLite has opened in it, as the end of a command's process does."""
        before = set(self._connections)
        try:
            yield
        finally:
            for conn in set(self._connections) - before:
                conn.close()

    def _wait_as_sqlite(self, place: str, need: str) -> None:
        try:
            self._touch("sqlite", place, need)
        except PermissionError:
            self.waits.now += _SQLITE_PATIENCE_S
            self._touch("sqlite", place, need)


class _Connection(sqlite3.Connection):
    """One to which a weak reference may be kept."""


class _Kept:
    """The functions as they were before."""

    def __init__(self) -> None:
        self.replace, self.unlink, self.rmdir, self.mkdir = os.replace, os.unlink, os.rmdir, os.mkdir
        self.open, self.open_file, self.link, self.symlink = os.open, io.open, os.link, os.symlink
        self.write, self.close = os.write, os.close
        self.stat, self.lstat, self.listdir, self.connect, self.rename = (
            os.stat,
            os.lstat,
            os.listdir,
            sqlite3.connect,
            os.rename,
        )


def _files(folder: str) -> Iterator[str]:
    for place, _, files in os.walk(folder):
        yield from (f"{place}/{name}" for name in files)


def _unopened() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode, error.sqlite_errorname = 14, "SQLITE_CANTOPEN"
    return error
