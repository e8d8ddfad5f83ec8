"""Write a site's days as Parquet into a head office's lake: by month, and by day while the month goes on.

Files in several folders cannot be renamed at once, so each set has a seal, broken before the first file changes and made
whole last. A day counts only while its file of ``days`` exists, and while its month is not in the manifest; a month
(``parquet_months``) counts only while it is in the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from floorctl.common import patience
from floorctl.common.errors import Refused
from floorctl.common.output_file import Exported, Seal, failed, write_set
from floorctl.database.file_lock import Busy, Hold, hold, lock_file
from floorctl.usecases.parquet_files import pyarrow, table_bytes
from floorctl.usecases.parquet_manifest import FILE, Manifest
from floorctl.usecases.parquet_months import write_month
from floorctl.usecases.parquet_rows import day_rows
from floorctl.usecases.parquet_schema import need_schema_place, write_schema
from floorctl.usecases.parquet_tables import MANIFEST
from floorctl.usecases.session import Session

SEAL = "days"
Progress = Callable[[int, int, date], None]


def export_partitions(
    session: Session, days: Sequence[date], out: Path, *, by_month: bool = False, progress: Progress | None = None
) -> Exported:
    """Write days, in their order, into the lake ``out``; a file with the same content is not touched.

    ``by_month``: a month that has ended is written whole, with its other days. So is a month that the lake has
    whole already: a file of one of its days would not count. ``progress``: told of
    each day before it is read, with its number and how many there are. Raise FloorctlError if pyarrow is missing, another export
    of this site is at work, or a file cannot be written.
    """
    pyarrow()  # missing, it is said before anything is read
    done = Exported([], [])
    if not days:
        return done
    site = session.site.code
    _need_no_twin(out, site)
    held = _alone(out, site)
    try:
        manifest = Manifest(out, site)
        need_schema_place(out)
        count = 0

        def tell(day: date) -> None:
            nonlocal count
            count = min(count + 1, len(days))  # a month that is written whole may have more
            if progress is not None:
                progress(count, len(days), day)

        for month, own in groupby(days, _month):
            if month in manifest or (by_month and month < _month(session.today)):
                done.paths.extend(write_month(session, month, out, manifest, done.notes, tell))
                if not by_month:
                    done.notes.append(f"{month} は月ごとのファイルになっているので、その月を書き直しました。")
            else:
                for day in own:
                    tell(day)
                    done.paths.extend(_write_day(session, day, out))
                if by_month:
                    done.notes.append(
                        f"{month} はまだ終わっていないので、日ごとのファイルにしました。"
                        "月が変わってからもう一度書き出すと、月ごとのファイルになります。"
                    )
        # Also a site without a month has a manifest: readers find one wherever they look.
        done.paths.extend((*write_set({}, manifest.seal()), write_schema(out)))
    finally:
        if held is not None:
            held.close()
    return done


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _write_day(session: Session, day: date, out: Path) -> list[Path]:
    place = Path(f"site={session.site.code}") / f"day={day}" / FILE
    files = {out / t / place: table_bytes(t, rows, month=False) for t, rows in day_rows(session, day).items()}
    if day != session.today:
        session.forget(day)
    seal = out / SEAL / place
    write_set({path: data for path, data in files.items() if path != seal}, Seal(seal, files[seal]))
    return list(files)


def _alone(out: Path, site: str) -> Hold | None:
    """Take the lock of a site in a lake; None where the disk has no locks. Raise Refused if another export has it."""
    place = out / MANIFEST / f"site={site}" / FILE
    try:
        patience.make_folder(place.parent)
        return hold(lock_file(place))
    except OSError as error:
        raise failed(out, error) from error
    except Busy:
        raise Refused(
            f"会場 {site} の表を書き出せません",
            "同じ会場の別の書き出しが進んでいます",
            "それが終わってから、もう一度実行してください",
        ) from None


def _need_no_twin(out: Path, site: str) -> None:
    """Raise Refused if the lake has a site whose code differs only in case: one folder on Windows, two elsewhere."""
    try:
        there = {p.name.removeprefix("site=") for table in (MANIFEST, SEAL) for p in (out / table).glob("site=*")}
    except OSError as error:
        raise failed(out, error) from error
    for other in sorted(there - {site}):
        if other.casefold() == site.casefold():
            raise Refused(
                f"会場 {site} の表を書き出せません",
                f"書き出す先に会場 {other} があり、大文字と小文字しか違いません",
                "会場設定の code を、ほかの会場と重ならないものにしてください",
            )
