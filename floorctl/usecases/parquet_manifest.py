"""The manifest of a site in a head office's lake: which months are complete. It is the seal of their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from floorctl.common.errors import Refused
from floorctl.common.output_file import Seal
from floorctl.usecases.parquet_files import pyarrow, table_bytes
from floorctl.usecases.parquet_rows import Row
from floorctl.usecases.parquet_tables import EVERY, MANIFEST, TABLES

FILE = "part-0.parquet"


class Manifest:
    """Rows of the manifest of one site, by month."""

    def __init__(self, out: Path, site: str) -> None:
        """Read the manifest in the lake ``out``; none has no month. Raise Refused if the file is not floorctl's."""
        self.path = out / MANIFEST / f"site={site}" / FILE
        self._months: dict[str, list[Row]] = {}
        for row in self._rows():
            self._months.setdefault(str(row[0]), []).append(row)

    def _rows(self) -> list[Row]:
        if not self.path.exists() or not self.path.stat().st_size:
            return []
        names = [c.name for c in EVERY[MANIFEST]]
        try:
            engine = pyarrow()
            found = engine.parquet.ParquetFile(self.path).read(columns=names)
            return list(zip(*(found[name].to_pylist() for name in names), strict=True))
        except (OSError, ValueError, LookupError) as error:
            raise Refused(
                f"{self.path} を読めません",
                "floorctl が書き出した一覧ではないか、壊れています",
                "そのファイルを消してから、会場の全期間（--contract）を書き出し直してください",
            ) from error

    def __contains__(self, month: str) -> bool:
        """Return whether a month is complete."""
        return month in self._months

    def seal(self) -> Seal:
        """Return the manifest as it is, for a lake that has none yet."""
        data = self._bytes(self._months)
        return Seal(self.path, data, data)

    def seal_of(self, month: str, rows: Sequence[Row]) -> Seal:
        """Return the seal of a month: the manifest without it while its files change, then with these rows of it."""
        others = {m: held for m, held in self._months.items() if m != month}
        return Seal(self.path, self._bytes(others | {month: rows}), self._bytes(others))

    def put(self, month: str, rows: Sequence[Row]) -> None:
        """Note that the month is complete."""
        self._months[month] = list(rows)

    def _bytes(self, months: Mapping[str, Sequence[Row]]) -> bytes:
        return table_bytes(MANIFEST, [row for month in sorted(months) for row in months[month]], month=False)


def rows_of(month: str, days: Sequence[date], open_days: int, files: Mapping[str, tuple[int, bytes]]) -> list[Row]:
    """Return the rows of a month. ``files``: of each table, how many rows its file has, and its bytes."""
    span = (days[0], days[-1])
    return [
        (month, table, len(days), *span, open_days, files[table][0], len(files[table][1]), sha256(files[table][1]).hexdigest())
        for table in TABLES
    ]  # fmt: skip
