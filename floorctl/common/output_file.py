"""Write the files that commands produce: decide what may be replaced, replace it atomically, explain a refusal.

An existing name is replaced only if its file is empty, or of the same kind and as floorctl left it. A simulated feed, a
workbook never saved since and a Parquet file of floorctl prove that themselves; for a CSV or JSON document the digest
noted beside the data file does (common/written_files.py). So no name, link or spelling of a name overwrites a data file
or somebody's work.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from floorctl.common import durable, patience
from floorctl.common.data_file_names import JOURNALS, belongs
from floorctl.common.errors import FloorctlError, Refused
from floorctl.common.output_kinds import is_ours, is_silent
from floorctl.common.windows_names import is_too_long, why_no_name
from floorctl.common.written_files import WrittenFiles

MOST_NUMBERED = 99
_TMP = ".floorctl-tmp"  # suffix of files that are being written
# Seconds for the rename of a new folder, which Windows refuses while any file in it is open: each file can be moved, too.
_FOLDER_S = 1.0
_STREAMS = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}


class Exported(NamedTuple):
    """Paths of the written files in the order given, and Japanese notes for the user."""

    paths: list[Path]
    notes: list[str]


# ---- what may be replaced


def need_place(target: Path, data: bytes, reserved: Iterable[Path] = (), written: WrittenFiles | None = None) -> None:
    """Raise Refused if ``data`` must not be written to ``target``, OSError if that cannot be determined.

    ``reserved``: files of this run (data file, site file) that may not exist yet. ``written``: digests of tables and
    JSON documents written before; without them such a file is replaced only by identical content.
    """
    if not is_free(target, reserved) and not is_ours(target, data, written):
        what, _ = _refusal(target)
        raise Refused(
            what,
            "floorctl が書き出したままの同じ種類のファイルではないものがもうあります",
            "そのファイルかフォルダーの名前を変えるか、別の場所を指定してください",
        )


def is_free(target: Path, reserved: Iterable[Path] = ()) -> bool:
    """Return whether a name is unused or an empty file; False: the existing file has to be checked (`is_ours`).

    Raise Refused if the name must not be used for any output, OSError if that cannot be determined.
    """
    what, do = _refusal(target)
    _need_name(target)
    if any(_same_place(target, x) for x in reserved):
        raise Refused(what, "データファイルか会場設定の場所です", do)
    try:
        found = target.stat()
    except FileNotFoundError:
        return True
    if not stat.S_ISREG(found.st_mode):
        raise Refused(what, "ファイルではないものがあります", do)
    if found.st_size == 0 and any(Path(f"{os.path.realpath(target)}{end}").exists() for end in JOURNALS):
        raise Refused(what, "データファイルの書きかけです", do)
    return found.st_size == 0


def need_name(target: Path) -> None:
    """Raise FloorctlError if a name belongs to a data file or cannot name a file."""
    try:
        _need_name(target)
    except OSError as error:
        raise failed(target, error, "") from error


def _need_name(target: Path) -> None:
    """Do as `need_name`; raise OSError if another program holds what has the name."""
    what, do = _refusal(target)
    if belongs(target):
        raise Refused(what, "データファイルの横で使う名前です", do)
    if why := why_no_name(target.name):
        raise Refused(what, why, do)
    try:
        patience.patiently(target.stat)
    except (FileNotFoundError, NotADirectoryError):
        return  # creating it reports that
    except (OSError, ValueError) as error:
        if patience.is_held(error):
            raise
        raise failed(target, error, "") from error


def _refusal(target: Path) -> tuple[str, str]:
    return f"{_shown(target)} には書き出せません", "別の名前を指定してください"


def _same_place(target: Path, other: Path) -> bool:
    """Return whether two names are one file, or would be on a case-insensitive disk."""
    with suppress(OSError):
        if target.samefile(other):
            return True
    return os.path.realpath(target).casefold() == os.path.realpath(other).casefold()


# ---- writing


def write_file(
    target: Path,
    data: bytes,
    reserved: Iterable[Path] = (),
    *,
    written: WrittenFiles | None = None,
    make_folder: bool = False,
) -> Exported:
    """Write ``data`` to a file that the user named; a device or a pipe receives it as a stream.

    Raise FloorctlError if it cannot or must not be written.
    """
    try:
        if to_stdout(str(target)):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return Exported([target], [])
        if _is_stream(target):
            _pour(target, data)
            return Exported([target], [])
        with patience.together():
            _unknown({target: data}, reserved, written)
            if not make_folder and not target.parent.is_dir():
                raise FileNotFoundError(errno.ENOENT, "no such folder")
            return _written(target.parent, {target.name: data}, target, written)
    except (OSError, ValueError) as error:
        raise failed(target, error, "") from error


def rewrite_file(target: Path, data: bytes, reserved: Iterable[Path] = (), seconds: float = patience.SECONDS) -> None:
    """Write a file that others read again and again, by one rename; it never gets another name.

    Raise FloorctlError if it cannot or must not be replaced in ``seconds``; then it is as it was.
    """
    try:
        with patience.together(seconds):
            need_place(target, data, reserved)
            if not target.parent.is_dir():
                raise FileNotFoundError(errno.ENOENT, "no such folder")
            with _Staged() as staged:
                patience.replace(staged.add(target, data), _real(target))
    except (OSError, ValueError) as error:
        raise failed(target, error, "") from error


def clear_left(folder: Path) -> None:
    """Remove what killed processes left of files that they were writing to a folder."""
    for left in folder.glob(f".*{_TMP}"):
        with suppress(OSError):
            if durable.is_left(left):
                _remove(left)


def to_stdout(target: str) -> bool:
    """Return whether a name means standard output; reopening it would truncate a redirected file."""
    return target in _STREAMS


def write_files(folder: Path, files: Mapping[str, bytes], written: WrittenFiles | None = None) -> Exported:
    """Write ``files`` (path below ``folder``: content). A new folder appears complete, by one rename.

    In an existing folder all are written under temporary names first and then renamed, so that a full disk leaves the
    old files as they were. A file with equal content is left untouched; one that is open in another program is kept,
    and the new one is written beside it as ``…_2`` with a note, until it can be replaced: then those beside it go, if
    they are as they were written. ``written``: see ``need_place``; new digests are added. Raise FloorctlError.
    """
    with patience.together():
        return _written(folder, files, folder, written)


class Seal(NamedTuple):
    """File that says that others are whole: ``whole`` once they are, ``broken`` while they change (None: no file)."""

    path: Path
    whole: bytes
    broken: bytes | None = None


def write_set(files: Mapping[Path, bytes], seal: Seal) -> list[Path]:
    """Write files that are valid only together: the seal says so only while all of them are there.

    It is broken before the first of them changes and made whole last. Equal files are not touched. Raise FloorctlError.
    """
    every = {**files, seal.path: seal.whole}
    try:
        with patience.together():
            _write_set(files, seal, every)
    except (OSError, ValueError) as error:
        raise failed(seal.path.parent, error) from error
    return list(every)


def _break(seal: Seal, staged: _Staged) -> None:
    if seal.broken is None:
        patience.unlink(seal.path, missing_ok=True)
    elif not _has(seal.path, seal.broken):
        patience.replace(staged.add(seal.path, seal.broken), seal.path)
    _flush(seal.path.parent)


def remove_files(files: Iterable[Path], like: bytes) -> list[Path]:
    """Remove files of the kind of ``like`` as floorctl left them, and their folders once empty; return those that stay.

    Somebody else's file stays. So does one that is open in another program.
    """
    stay = []
    for path in files:
        try:
            if path.exists() and not is_ours(path, like, None):
                stay.append(path)
                continue
            patience.unlink(path, missing_ok=True)
            _sweep(path.parent)
            _flush(path.parent)
            with suppress(OSError):  # somebody's file is in it
                patience.remove_folder(path.parent, seconds=patience.BRIEF_S)
        except OSError:
            stay.append(path)
    return stay


def _write_set(files: Mapping[Path, bytes], seal: Seal, every: Mapping[Path, bytes]) -> None:
    for folder in {path.parent for path in every}:
        patience.make_folder(folder)
        _sweep(folder)
    for path, unknown in _unknown(every, (), None).items():
        raise PermissionError(errno.EACCES, str(unknown), str(path))
    changed = [path for path, data in files.items() if not _has(path, data)]
    if not changed and _has(seal.path, seal.whole):
        return
    with _Staged() as staged, _Staged() as before:
        for path in changed:
            staged.add(path, files[path])
        whole = staged.add(seal.path, seal.whole)
        if changed:
            _break(seal, before)
        moves = [partial(patience.replace, staged.of(path), path) for path in changed]
        for refusal in filter(None, patience.each(moves)):
            raise refusal
        for path in changed:
            _flush(path.parent)
        patience.replace(whole, seal.path)
        _flush(seal.path.parent)


def _written(folder: Path, files: Mapping[str, bytes], named: Path, written: WrittenFiles | None) -> Exported:
    done = Exported([], [])
    try:
        _sweep(folder)
        _unknown({folder / name: data for name, data in files.items()}, (), written)
        silent = [data for data in files.values() if is_silent(data)]
        if silent and written is not None and (note := written.note(silent)):
            done.notes.append(note)
        if not folder.exists() and (paths := _new_folder(folder, files)):
            done.paths.extend(paths)
        else:
            _into_folder(folder, files, done, written)
    except (OSError, ValueError) as error:
        raise failed(named, error) from error
    return done


def _new_folder(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write a whole folder under a temporary name and rename it; return [] if another process was faster."""
    patience.make_folder(folder.parent)
    staged = folder.with_name(f".{secrets.token_hex(6)}{_TMP}")
    try:
        for name, data in files.items():
            patience.make_folder((staged / name).parent)
            durable.write_new(staged / name, data)
        try:
            patience.rename(staged, folder, _FOLDER_S)
        except OSError as error:
            if folder.is_dir() or patience.is_held(error):  # Windows renames no folder of which a file is open
                return []
            raise
    finally:
        with suppress(OSError):
            patience.remove_tree(staged)
    _flush(folder.parent)
    return [folder / name for name in files]


def _into_folder(folder: Path, files: Mapping[str, bytes], done: Exported, written: WrittenFiles | None) -> None:
    wanted = {folder / name: data for name, data in files.items()}
    unknown = _unknown(wanted, (), written)  # again, because another process may have made the folder meanwhile
    right = {target for target, data in wanted.items() if target not in unknown and _has(target, data)}
    with _Staged() as staged:
        for target, data in wanted.items():
            if target not in right:
                patience.make_folder(target.parent)
                staged.add(target, data)
        known = [target for target in wanted if target not in unknown and target not in right]
        moves = [partial(_put_in_place, staged.of(target), target) for target in known]
        placed = dict(zip(known, patience.each(moves), strict=True))
        right.update(target for target, refusal in placed.items() if refusal is True)
        for target, data in wanted.items():
            if target in right:
                done.paths.append(target)
                continue
            if isinstance(refusal := placed.get(target), OSError) and not target.exists():
                raise refusal
            done.paths.append(_put_beside(staged.of(target), target, data, done.notes, written))
        for place in {target.parent for target in wanted}:
            _flush(place)
    if written is not None:
        _clear_numbered([target for target in wanted if target in right], done.notes, written)


def _unknown(
    files: Mapping[Path, bytes], reserved: Iterable[Path], written: WrittenFiles | None
) -> dict[Path, OSError]:
    """Return the places whose files another program lets nobody read; raise as ``need_place`` for those that it must."""
    checks = [partial(need_place, target, data, reserved, written) for target, data in files.items()]
    found = {target: error for target, error in zip(files, patience.each(checks), strict=True) if error is not None}
    for target, error in found.items():
        if written is not None and error.filename == str(written.place):  # it would be taken for somebody else's
            raise FloorctlError(
                f"書類を {_shown(target)} に書き出せませんでした",
                f"書き出しの一覧 {written.place.name} をほかのプログラムが開いています",
                "閉じるか少し待って、もう一度書き出してください",
            )
    return found


class _Staged:
    """Files written durably under temporary names; those not renamed are removed at the end."""

    def __init__(self) -> None:
        self._held: dict[Path, Path] = {}

    def __enter__(self) -> _Staged:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            patience.each([partial(patience.unlink, temporary, missing_ok=True) for temporary in self._held.values()])

    def add(self, target: Path, data: bytes) -> Path:
        """Write ``data`` under a temporary name with the permissions of ``target``; return that name."""
        temporary = _real(target).with_name(f".{secrets.token_hex(6)}{_TMP}")
        self._held[target] = temporary  # before it is created, because an interrupt may come at any moment
        durable.write_new(temporary, data)
        if not patience.on_windows():  # it has only the read-only attribute, with which nothing is replaced
            with suppress(OSError):
                temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        return temporary

    def of(self, target: Path) -> Path:
        """Return the temporary name for ``target``."""
        return self._held[target]


def _real(target: Path) -> Path:
    """Return the file that a link leads to, so that the link is kept."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _sweep(folder: Path) -> None:
    """Remove temporary files left by killed processes; younger ones may be in use."""
    for left in [*folder.parent.glob(f".*{_TMP}"), *folder.glob(f".*{_TMP}"), *folder.glob(f"*/.*{_TMP}")]:
        with suppress(OSError):
            if durable.is_left(left):
                _remove(left)


def _remove(left: Path) -> None:
    """Remove what a killed process has left; one that is open waits for the next time."""
    if left.is_dir():
        patience.remove_tree(left, 0)
    else:
        patience.unlink(left, seconds=0)


def _flush(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, if the system can do that."""
    with suppress(OSError):
        durable.sync(folder)


def _put_in_place(temporary: Path, target: Path) -> bool:
    """Rename the temporary file; return False if ``target`` cannot be replaced, also later. Raise OSError."""
    if patience.is_read_only(target):
        return False
    try:
        patience.replace(temporary, _real(target))
    except PermissionError as error:
        if patience.is_held(error) or not target.exists():
            raise
        return False
    return True


def _put_beside(temporary: Path, target: Path, data: bytes, notes: list[str], written: WrittenFiles | None) -> Path:
    """Rename ``temporary`` to ``target`` with the first free number, never replacing other content, and say so."""
    for beside in map(target.with_name, _numbered(target)):
        if not _has(beside, data):
            if beside.exists():
                continue
            if written is not None:
                written.note_as(beside.name, data)
            patience.rename(temporary, beside)
        why, do = (
            ("読み取り専用になっている", "読み取り専用を解いて")
            if patience.is_read_only(target)
            else ("ほかのプログラムで開かれている", "閉じて")
        )
        notes.append(
            f"{target.name} は{why}ため置き換えられず、{beside.name} に書き出しました。"
            f"{do}からもう一度書き出すと元の名前になります。"
        )
        return beside
    raise PermissionError(errno.EACCES, "no free name", str(target))


def _numbered(target: Path) -> list[str]:
    """Return the names that a file gets where ``target`` cannot be replaced."""
    return [f"{target.stem}_{n}{target.suffix}" for n in range(2, MOST_NUMBERED + 1)]


def _clear_numbered(targets: Iterable[Path], notes: list[str], written: WrittenFiles) -> None:
    """Remove the numbered files that were written for ``targets`` earlier and are as they were written.

    One that is open goes next time.
    """
    there: dict[Path, set[str]] = {}
    gone = []
    for target in targets:
        if target.parent not in there:
            there[target.parent] = set()
            with suppress(OSError):  # all documents are written: what is beside them goes next time
                there[target.parent] = {x.name for x in target.parent.iterdir()}
        for name in there[target.parent].intersection(_numbered(target)):
            beside = target.with_name(name)
            with suppress(OSError):
                if beside.is_file() and written.has_as(name, patience.read_bytes(beside, patience.BRIEF_S)):
                    patience.unlink(beside, seconds=patience.BRIEF_S)
                    gone.append(name)
    if gone:
        names = "、".join(sorted(gone))
        notes.append(f"前に横に書き出した {names} は、元の名前の文書ができたので消しました。")


def _has(target: Path, data: bytes) -> bool:
    """Return whether ``target`` has this content; False if it cannot be read."""
    try:
        return patience.read_bytes(target) == data
    except OSError:
        return False


# ---- devices and pipes


def _is_stream(target: Path) -> bool:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return False
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)


def _pour(target: Path, data: bytes) -> None:
    """Write to a device or a pipe."""
    # Without O_NONBLOCK opening a pipe without a reader would block for ever.
    unblocked = getattr(os, "O_NONBLOCK", 0)  # Windows has none, and no way to set it before Python 3.12
    handle = os.open(target, os.O_WRONLY | unblocked | getattr(os, "O_NOCTTY", 0))
    with os.fdopen(handle, "wb", buffering=0) as file:
        if sys.platform != "win32":  # there it was opened blocking, and Python before 3.12 has no such call
            os.set_blocking(handle, True)
        left = memoryview(data)
        while left:
            left = left[file.write(left) or 0 :]


# ---- error messages

_ELSEWHERE = "書き込める場所を指定してください"
_REASONS = {
    errno.ENOSPC: ("ディスクの空きがありません", "空きを作って、もう一度書き出してください"),
    errno.EDQUOT: ("使えるディスクの容量を超えます", "空きを作って、もう一度書き出してください"),
    errno.EFBIG: ("書けるファイルの大きさを超えます", _ELSEWHERE),
    errno.EACCES: ("書き込む権限がないか、ほかのプログラムで開かれています", _ELSEWHERE),
    errno.EPERM: ("書き込む権限がありません", _ELSEWHERE),
    errno.EROFS: ("書き込みのできないディスクです", _ELSEWHERE),
    errno.ENOENT: ("フォルダーがありません", "指定した場所を確かめてください"),
    errno.ENOTDIR: ("フォルダーの場所に同じ名前のファイルがあります", "別の場所を指定してください"),
    errno.EEXIST: ("フォルダーの場所に同じ名前のファイルがあります", "別の場所を指定してください"),
    errno.EISDIR: ("書類の場所に同じ名前のフォルダーがあります", "別の場所を指定してください"),
    errno.ENAMETOOLONG: ("名前が長すぎます", "短い名前のフォルダーを指定してください"),
    errno.ELOOP: ("リンクが循環しています", "別の場所を指定してください"),
    errno.ENXIO: ("受け取るプログラムのないパイプか、使えない装置です", "別の場所を指定してください"),
    errno.EPIPE: ("出力を受け取るプログラムが終わりました", "もう一度書き出してください"),
}


def failed(target: Path, error: Exception, what: str = "書類を ") -> FloorctlError:
    """Return the error for a failure of the disk."""
    number = error.errno if isinstance(error, OSError) and error.errno is not None else 0
    if number == errno.ENOENT and is_too_long(getattr(error, "filename", None) or target):
        number = errno.ENAMETOOLONG
    if number == errno.EINVAL and (no_name := why_no_name(target.name)):
        return FloorctlError(f"{what}{_shown(target)} に書き出せませんでした", no_name, "別の名前を指定してください")
    why, do = _REASONS.get(number, ("書き込めません", "指定した場所を確かめてください"))
    return FloorctlError(f"{what}{_shown(target)} に書き出せませんでした", why, do)


def _shown(path: Path) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(path))
