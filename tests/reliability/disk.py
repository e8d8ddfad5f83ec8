"""Everything that a program asks of the disk, seen one step at a time: recorded, stopped by a kill, or made to fail.

SQLite's own steps are seen by hooking the table of functions of its file system layer (https://sqlite.org/vfs.html)
through ctypes: nothing is added to floorctl, and no library is preloaded. Python's steps (link, rename, unlink, mkdir,
fsync of a file or a folder) are seen by wrapping the functions of ``os``.

``available`` is False where this is not Linux (the names of open files come from /proc), or where SQLite is built into
the interpreter in a way that hides its functions.
"""

# Names of files come and go as SQLite and os hand them over, as text.
# ruff: noqa: PTH100, PTH110, PTH112, PTH115, PTH120
from __future__ import annotations

import ctypes
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

OK, FULL, IOERR_WRITE = 0, 13, 778
_MAIN_DB, _MAIN_JOURNAL, _CREATE = 0x100, 0x800, 0x4


class Step(NamedTuple):
    """One thing asked of the disk. ``path``: the file. ``to``: the new name. ``at``: offset, or the size of a truncate.

    kinds: create write truncate sync unlink link rename mkdir rmdir folder_sync; and ``mark``, which asks nothing: the
    program says something (``data``), such as that facts up to here are acknowledged.
    """

    kind: str
    path: str
    at: int = 0
    data: bytes = b""
    to: str = ""


# Called before each step; returns OK, or an error code of SQLite that the step is answered with instead.
Before = Callable[[Step], int]

_P, _I, _L = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_CLOSE = ctypes.CFUNCTYPE(_I, _P)
_WRITE = ctypes.CFUNCTYPE(_I, _P, _P, _I, _L)
_TRUNCATE = ctypes.CFUNCTYPE(_I, _P, _L)
_SYNC = ctypes.CFUNCTYPE(_I, _P, _I)
_OPEN = ctypes.CFUNCTYPE(_I, _P, _P, _P, _I, ctypes.POINTER(_I))
_DELETE = ctypes.CFUNCTYPE(_I, _P, ctypes.c_char_p, _I)


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", _I),
        ("close", _CLOSE),
        ("read", _P),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("others", _P * 13),
    )


class _File(ctypes.Structure):
    _fields_ = (("methods", ctypes.POINTER(_Methods)),)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", _I),
        ("file_size", _I),
        ("most_path", _I),
        ("next", _P),
        ("name", ctypes.c_char_p),
        ("data", _P),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("others", _P * 14),
    )


def _library() -> ctypes.CDLL | None:
    """The SQLite that Python's sqlite3 uses: its functions seen from the extension module that is linked to it."""
    import _sqlite3

    for name in (getattr(_sqlite3, "__file__", None), None):
        try:
            found = ctypes.CDLL(name)
            found.sqlite3_libversion.restype = ctypes.c_char_p
            if found.sqlite3_libversion().decode() != sqlite3.sqlite_version:
                continue
            found.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
            found.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
            found.sqlite3_vfs_register.argtypes = [ctypes.POINTER(_Vfs), _I]
            found.sqlite3_vfs_unregister.argtypes = [ctypes.POINTER(_Vfs)]
            return found
        except (OSError, AttributeError):
            continue
    return None


# A connection that outlives its Disk still calls these.
_KEEP: list[Any] = []
_LIBRARY = _library() if sys.platform == "linux" else None
available = _LIBRARY is not None


class Disk:
    """Sees the steps below ``folder`` while ``watched``; ``steps`` is the record, ``before`` may stop or refuse one."""

    def __init__(self, folder: Path, before: Before | None = None, *, record: bool = True) -> None:
        self.folder, self.before, self.record = f"{folder.resolve()}{os.sep}", before, record
        self.steps: list[Step] = []
        self.count = 0
        self.begin = 0  # the steps before are no steps of the day
        self._files: dict[int, tuple[str, _Methods]] = {}
        self._tables: dict[int, _Methods] = {}
        self._new: set[str] = set()  # journals whose place in the folder is not yet on the disk

    # ---- what is seen

    def step(self, kind: str, path: str, at: int = 0, data: bytes = b"", to: str = "") -> int:
        """Before a step is done: OK to do it."""
        if not f"{path}{os.sep}".startswith(self.folder):
            return OK
        step = Step(kind, path, at, data, to)
        self.count += 1
        answer = self.before(step) if self.before is not None else OK
        if answer == OK and self.record:
            self.steps.append(step)
        return answer

    def mark(self, data: bytes) -> None:
        """What the program says at this moment."""
        if self.record:
            self.steps.append(Step("mark", "", 0, data))

    @contextmanager
    def watched(self) -> Iterator[Disk]:
        """While inside, every file that SQLite opens, and every call of ``os``, is seen."""
        assert _LIBRARY is not None
        ours = self._hooked(_LIBRARY.sqlite3_vfs_find(None))
        assert _LIBRARY.sqlite3_vfs_register(ctypes.byref(ours), 1) == OK
        kept = self._wrap_os()
        try:
            yield self
        finally:
            for name, function in kept.items():
                setattr(os, name, function)
            _LIBRARY.sqlite3_vfs_unregister(ctypes.byref(ours))

    # ---- SQLite

    def _hooked(self, original: Any) -> _Vfs:
        theirs = original.contents
        ours = _Vfs.from_buffer_copy(theirs)
        ours.name = b"seen"
        open_theirs, delete_theirs = theirs.open, theirs.delete

        def open_(vfs: int, name: int | None, file: int, flags: int, out: Any) -> int:
            # The name itself is passed on: SQLite keeps the pointer, and reads options behind the name's end.
            path = ctypes.string_at(name).decode() if name else ""
            new = bool(flags & _CREATE) and path.startswith(self.folder) and not os.path.exists(path)
            if new and self.step("create", path) != OK:
                return FULL
            answer: int = open_theirs(ctypes.addressof(theirs), name, file, flags, out)
            if answer == OK and flags & (_MAIN_DB | _MAIN_JOURNAL) and path.startswith(self.folder):
                held = ctypes.cast(file, ctypes.POINTER(_File)).contents
                if held.methods:
                    if new and flags & _MAIN_JOURNAL:
                        self._new.add(path)
                    self._files[file] = (path, held.methods.contents)
                    held.methods = ctypes.pointer(self._methods(held.methods.contents))
            return answer

        def delete(vfs: int, name: bytes, sync_folder: int) -> int:
            path = name.decode()
            if os.path.exists(path):
                answer = self.step("unlink", path)
                if answer != OK:
                    return answer
            done: int = delete_theirs(ctypes.addressof(theirs), name, sync_folder)
            if sync_folder:
                self.step("folder_sync", os.path.dirname(path))
            return done

        ours.open, ours.delete = _OPEN(open_), _DELETE(delete)
        _KEEP.extend((ours, open_theirs, delete_theirs, self))
        return ours

    def _methods(self, theirs: _Methods) -> _Methods:
        """The functions of an open file, ours in front of theirs; one table for all files of a kind."""
        key = ctypes.addressof(theirs)
        if key in self._tables:
            return self._tables[key]
        ours = _Methods.from_buffer_copy(theirs)

        def close(file: int) -> int:
            _, methods = self._files.pop(file)
            answer: int = methods.close(file)
            return answer

        def write(file: int, data: int, length: int, at: int) -> int:
            path, methods = self._files[file]
            answer = self.step("write", path, at, ctypes.string_at(data, length))
            return answer if answer != OK else int(methods.write(file, data, length, at))

        def truncate(file: int, size: int) -> int:
            path, methods = self._files[file]
            answer = self.step("truncate", path, size)
            return answer if answer != OK else int(methods.truncate(file, size))

        def sync(file: int, flags: int) -> int:
            path, methods = self._files[file]
            answer = self.step("sync", path)
            if answer != OK:
                return answer
            done = int(methods.sync(file, flags))
            if path in self._new:  # with the first sync of a new journal SQLite syncs its folder
                self._new.discard(path)
                self.step("folder_sync", os.path.dirname(path))
            return done

        ours.close, ours.write, ours.truncate, ours.sync = (
            _CLOSE(close),
            _WRITE(write),
            _TRUNCATE(truncate),
            _SYNC(sync),
        )
        self._tables[key] = ours
        return ours

    # ---- Python

    def _wrap_os(self) -> dict[str, Any]:
        kept = {
            name: getattr(os, name)
            for name in ("link", "unlink", "remove", "rename", "replace", "mkdir", "rmdir", "fsync")
        }

        def seen(name: str, kind: str, two: bool) -> Callable[..., Any]:
            original = kept[name]

            def wrapped(path: Any, *more: Any, **options: Any) -> Any:
                if options.get("dir_fd") is None:
                    to = os.path.abspath(os.fspath(more[0])) if two else ""
                    here = os.path.abspath(os.fspath(path))
                    if os.path.lexists(here) or kind == "mkdir":
                        self._refused(self.step(kind, here, to=to))
                return original(path, *more, **options)

            return wrapped

        def fsync(fd: int) -> None:
            path = os.readlink(f"/proc/self/fd/{fd}")
            if os.path.isdir(path):
                self._refused(self.step("folder_sync", path))
            elif path.startswith(self.folder):
                # How Python wrote it is not seen; what matters is what it holds when it is made safe.
                self._refused(self.step("create", path))
                self._refused(self.step("truncate", path, 0))
                self._refused(self.step("write", path, 0, Path(path).read_bytes()))
                self._refused(self.step("sync", path))
            kept["fsync"](fd)

        for name in ("link", "rename", "replace"):
            setattr(os, name, seen(name, "link" if name == "link" else "rename", True))
        for name in ("unlink", "remove", "mkdir", "rmdir"):
            setattr(os, name, seen(name, "unlink" if name == "remove" else name, False))
        os.fsync = fsync
        return kept

    @staticmethod
    def _refused(answer: int) -> None:
        if answer != OK:
            raise OSError(28, "No space left on device")
