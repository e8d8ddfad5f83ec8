"""Rename, replace and remove files patiently: Windows refuses while another program, such as a virus scanner, has one open.

Every rename, replacement and removal of floorctl goes through here. Elsewhere than on Windows each is tried once.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
# Seconds of pauses before a refusal counts; where the thread of the screen waits.
SECONDS, BRIEF_S = 5.0, 0.3
# For a new name, which is refused for want of a permission more often than by another program.
NEW_S = 1.0
_FIRST_S, _LONGEST_S = 0.01, 0.5  # pauses double from the first to the longest
_AFTER_S = 0.1  # for each further file, once a whole patience was in vain
# Access denied (also a name whose removal is pending), sharing and lock violation, removal pending, mapped by a program.
_HELD = frozenset((5, 32, 33, 303, 1224))


def on_windows() -> bool:
    """Return whether the system is Windows; asked at each call, so that a test can stand for it."""
    return os.name == "nt" or sys.platform == "win32"


def is_held(error: BaseException | None) -> bool:
    """Return whether Windows refused something that it may allow once another program has closed a file."""
    if not on_windows() or not isinstance(error, OSError):
        return False
    number = getattr(error, "winerror", None)
    return number in _HELD if number else isinstance(error, PermissionError) and error.errno != errno.EPERM


def is_read_only(path: Path) -> bool:
    """Return whether a file has the attribute for which Windows never replaces or removes it."""
    with suppress(OSError, ValueError):
        return on_windows() and not path.stat().st_mode & stat.S_IWUSR
    return False


class _Shared:
    """Seconds of patience left to one piece of work: in all, and for each act."""

    def __init__(self, seconds: float) -> None:
        self.each, self.left = seconds, 3 * seconds


_shared: ContextVar[_Shared | None] = ContextVar("_shared", default=None)


@contextmanager
def together(seconds: float = SECONDS) -> Iterator[None]:
    """Share one patience among all that the block does: once a file was refused for ``seconds``, others hardly wait.

    In a block that shares one already, that one holds.
    """
    if _shared.get() is not None:
        yield
        return
    token = _shared.set(_Shared(seconds))
    try:
        yield
    finally:
        _shared.reset(token)


def patiently(
    act: Callable[[], T], seconds: float = SECONDS, *, passing: Callable[[BaseException], bool] = is_held
) -> T:
    """Run ``act``; on Windows run it again after growing pauses, some ``seconds`` in all, while it fails ``passing``.

    Raise its last error. ``act`` must do nothing, or all that it is to do, if it fails.
    """
    shared = _shared.get()
    left = seconds if shared is None else min(seconds, shared.each, shared.left)
    brief = shared is not None and seconds < shared.each  # its end says nothing of what a whole patience reaches
    pause = _FIRST_S
    while True:
        try:
            return act()
        except Exception as error:
            if not on_windows() or not passing(error):
                raise
            if left <= 0:
                if shared is not None and not brief:
                    shared.each = min(shared.each, _AFTER_S)
                raise
        now = min(pause, left)
        time.sleep(now)  # counted by pauses: work that is slow by itself takes nothing from the patience
        left, pause = left - now, min(2 * pause, _LONGEST_S)
        if shared is not None:
            shared.left -= now


def each(acts: Sequence[Callable[[], T]], seconds: float = SECONDS) -> list[T | OSError]:
    """Run every act; on Windows run those that another program refuses again, all of them after each pause.

    Return what each returned, or its last refusal: what is held at one time is waited for once. Raise other errors.
    """
    found: dict[int, T | OSError] = {}
    waiting = list(range(len(acts)))

    def in_turn() -> None:
        refusals = []
        token = _shared.set(_Shared(0))  # no act waits alone
        try:
            for n in waiting.copy():
                try:
                    found[n] = acts[n]()
                    waiting.remove(n)
                except OSError as error:
                    if not is_held(error):
                        raise
                    found[n] = error
                    refusals.append(error)
        finally:
            _shared.reset(token)
        for refusal in refusals[:1]:
            raise refusal

    try:
        patiently(in_turn, seconds)
    except OSError as error:
        if not is_held(error):
            raise
    return [found[n] for n in range(len(acts))]


def replace(source: Path, target: Path, seconds: float = SECONDS) -> None:
    """Rename a file to a name that may exist. Raise OSError; then both are as they were."""
    patiently(lambda: _moved(os.replace, source, target), 0 if is_read_only(target) else seconds)


def rename(source: Path, target: Path, seconds: float = SECONDS) -> None:
    """Rename a file or a folder to a new name; on Windows that name must not exist. Raise OSError."""
    patiently(lambda: _moved(os.rename, source, target), seconds)


def _moved(move: Callable[[Path, Path], None], source: Path, target: Path) -> None:
    """Move a file. A disk that is not in this PC may lose only the answer: what has moved has not been refused."""
    try:
        move(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        if not on_windows() or os.path.lexists(source) or not os.path.lexists(target):
            raise


def link(source: Path, target: Path, seconds: float = SECONDS) -> None:
    """Give a file a second name. Raise OSError: many disks have none."""

    def linked() -> None:
        try:
            os.link(source, target)
        except OSError:
            if not (on_windows() and os.path.lexists(target) and os.path.samefile(source, target)):
                raise

    patiently(linked, seconds)


def unlink(path: Path, missing_ok: bool = False, seconds: float = SECONDS) -> None:
    """Remove a file. Raise OSError."""

    def removed() -> None:
        try:
            os.unlink(path)
        except FileNotFoundError:
            raise
        except OSError:
            if not on_windows() or os.path.lexists(path):
                raise  # else only the answer was lost

    try:
        patiently(removed, 0 if is_read_only(path) else seconds)
    except FileNotFoundError:
        if not missing_ok:
            raise


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it, that may be there already. Raise OSError."""
    # Windows refuses the name of a folder whose removal is pending.
    patiently(lambda: path.mkdir(mode, parents=True, exist_ok=True), NEW_S)


def remove_folder(path: Path, seconds: float = SECONDS) -> None:
    """Remove an empty folder. Raise OSError; ENOTEMPTY where something is in it."""
    patiently(lambda: os.rmdir(path), seconds)


def remove_tree(path: Path, seconds: float = SECONDS) -> None:
    """Remove a folder with all that is in it; one that is not there is none. Raise OSError; then the rest has gone."""
    import shutil

    def removed() -> None:
        refusals: list[BaseException] = []
        shutil.rmtree(path, onerror=lambda _, __, found: refusals.append(found[1]))
        for error in refusals:
            if not isinstance(error, FileNotFoundError):
                raise error

    patiently(removed, seconds, passing=_not_yet_empty)


def _not_yet_empty(error: BaseException) -> bool:
    """Return whether a folder still lists what is being removed from it."""
    return is_held(error) or (isinstance(error, OSError) and error.errno == errno.ENOTEMPTY)


def open_to_read(path: Path, seconds: float = SECONDS) -> BufferedReader:
    """Return a file opened for reading. Raise OSError."""
    # Windows refuses to open a folder in the same words as a file that is in use.
    return patiently(lambda: path.open("rb"), seconds if path.is_file() else 0)


def read_bytes(path: Path, seconds: float = SECONDS) -> bytes:
    """Return what a file holds. Raise OSError."""
    with open_to_read(path, seconds) as file:
        return file.read()
