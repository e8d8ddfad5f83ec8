"""Puts the documents of a day into a folder: each file whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from floorctl.clock import system_clock
from floorctl.documents.day import DayRecord
from floorctl.documents.day_xlsx import day_xlsx
from floorctl.documents.records_json import records_json
from floorctl.documents.tables_csv import UTF8, tables_csv
from floorctl.errors import FloorctlError
from floorctl.models.floor import Floor
from floorctl.models.number import Numbers
from floorctl.models.site import Site

MOST_NUMBERED = 99
_TMP = ".floorctl-tmp"  # ends the names of files that are being written
LEFT_S = 60  # a temporary file that is older than this was left by a process that was killed


class Exported(NamedTuple):
    """Where the documents are now, in the order of the contract, and Japanese sentences the user should be told."""

    paths: list[Path]
    notes: list[str]


def export_day(record: DayRecord, site: Site, out: Path, *, encoding: str = UTF8) -> Exported:
    """Writes the documents of a day into ``out/D/`` (contract §5); the same facts give the same bytes.

    ``encoding`` of the tables is ``utf-8-sig`` or ``cp932``; what it cannot write is refused, never replaced.

    A file that cannot be replaced because it is open in another program is written beside it as ``…_2`` and noted.
    Raises FloorctlError when the folder cannot be written to; then the documents that stood there are unchanged.
    """
    day = record.day.isoformat()
    files = {f"日次報告書_{day}.xlsx": day_xlsx(record, site), f"records_{day}.json": records_json(record)}
    files |= {f"csv/{name}": data for name, data in tables_csv(record, encoding).items()}
    return write_files(out / day, files)


def export_fallback(floor: Floor, used: Numbers, out: Path) -> Exported:
    """Writes ``out/D/紙の運用票_D.xlsx``, as ``export_day`` writes (仕様書 12(13))."""
    from floorctl.documents.fallback_xlsx import fallback_xlsx

    day = floor.day.isoformat()
    return write_files(out / day, {f"紙の運用票_{day}.xlsx": fallback_xlsx(floor, used)})


def folder_ready(folder: Path) -> None:
    """Makes a folder with those above it. Raises FloorctlError where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise _failed(folder, error) from error


def write_files(folder: Path, files: Mapping[str, bytes]) -> Exported:
    """Writes ``files`` (path below ``folder``: content). A folder that is new appears whole, by one renaming.

    In a folder that is there all are written under temporary names first, then each is put in place: so a full disk
    leaves the old files as they were. A file that has its content already is not touched.
    """
    done = Exported([], [])
    try:
        _sweep(folder)
        if not folder.exists() and (paths := _new_folder(folder, files)):
            done.paths.extend(paths)
        else:
            _into_folder(folder, files, done)
    except (OSError, ValueError) as error:
        raise _failed(folder, error) from error
    return done


def _new_folder(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """The whole folder made beside its place, then put there; [] where somebody else was faster."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = folder.with_name(f".{secrets.token_hex(6)}{_TMP}")
    try:
        for name, data in files.items():
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            _write(staged / name, data)
        try:
            staged.rename(folder)
        except OSError:
            if folder.is_dir():
                return []
            raise
    finally:
        rmtree(staged, ignore_errors=True)
    return [folder / name for name in files]


def _into_folder(folder: Path, files: Mapping[str, bytes], done: Exported) -> None:
    staged: list[tuple[Path, Path]] = []
    try:
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.append((_stage(target, data), target))
        for temporary, target in staged:
            done.paths.append(_put_in_place(temporary, target, done.notes))
    finally:
        for temporary, _ in staged:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Removes what a killed export has left; what another one is writing right now is younger."""
    for left in [*folder.parent.glob(f".*{_TMP}"), *folder.glob(f".*{_TMP}"), *folder.glob(f"*/.*{_TMP}")]:
        with suppress(OSError):
            if system_clock().timestamp() - left.stat().st_mtime > LEFT_S:
                rmtree(left) if left.is_dir() else left.unlink()


def _stage(target: Path, data: bytes) -> Path:
    """``data`` safe on the disk under a temporary name beside ``target``."""
    temporary = target.with_name(f".{secrets.token_hex(6)}{_TMP}")
    try:
        _write(temporary, data)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(temporary: Path, target: Path, notes: list[str]) -> Path:
    if _same(temporary, target):
        return target
    try:
        temporary.replace(target)
    except PermissionError:
        beside = _numbered(temporary, target)
        notes.append(
            f"{target.name} は他のプログラムで開かれているため置き換えられず、{beside.name} に書き出しました。"
            "閉じてからもう一度書き出すと元の名前になります。"
        )
        return beside
    return target


def _numbered(temporary: Path, target: Path) -> Path:
    """``temporary`` put beside ``target`` under the first free number; never over a file of other content."""
    for n in range(2, MOST_NUMBERED + 1):
        beside = target.with_name(f"{target.stem}_{n}{target.suffix}")
        if _same(temporary, beside):
            return beside
        if not beside.exists():
            temporary.replace(beside)
            return beside
    raise PermissionError(errno.EACCES, "no free name", str(target))


def _same(temporary: Path, target: Path) -> bool:
    """Whether ``target`` has the content already. A file that cannot be read is another one."""
    try:
        return target.read_bytes() == temporary.read_bytes()
    except OSError:
        return False


_REASONS = {
    errno.ENOSPC: ("ディスクの空きがありません", "空きを作って、もう一度書き出してください"),
    errno.EDQUOT: ("使えるディスクの容量を超えます", "空きを作って、もう一度書き出してください"),
    errno.EACCES: (
        "書き込む権限がないか、他のプログラムで開かれています",
        "書き込めるフォルダーを --out で指定してください",
    ),
    errno.EPERM: ("書き込む権限がありません", "書き込めるフォルダーを --out で指定してください"),
    errno.EROFS: ("書き込みのできないディスクです", "書き込めるフォルダーを --out で指定してください"),
    errno.ENOENT: ("フォルダーがありません", "--out で指定したフォルダーを確かめてください"),
    errno.ENOTDIR: ("フォルダーの場所に同じ名前のファイルがあります", "ほかのフォルダーを --out で指定してください"),
    errno.EEXIST: ("フォルダーの場所に同じ名前のファイルがあります", "ほかのフォルダーを --out で指定してください"),
    errno.EISDIR: ("書類の場所に同じ名前のフォルダーがあります", "ほかのフォルダーを --out で指定してください"),
    errno.ENAMETOOLONG: ("フォルダーの名前が長すぎます", "ほかのフォルダーを --out で指定してください"),
}


def _failed(folder: Path, error: Exception) -> FloorctlError:
    number = error.errno if isinstance(error, OSError) and error.errno is not None else 0
    why, do = _REASONS.get(number, ("書き込めません", "--out で指定したフォルダーを確かめてください"))
    shown = "".join(c if c.isprintable() else "?" for c in str(folder))
    return FloorctlError(f"書類を {shown} に書き出せませんでした", why, do)
