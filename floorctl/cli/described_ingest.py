"""Parts of ``ingest`` for described sources: the source that is meant, its rows, and refusals in bounded output."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from floorctl.cli.input_files import regular_file, unreadable
from floorctl.common.errors import FloorctlError, UsageError
from floorctl.common.words import month_day

if TYPE_CHECKING:
    from floorctl.intake.feed import Intake
    from floorctl.intake.sources.follow import SourceFollower
    from floorctl.intake.sources.found import FromRow
    from floorctl.intake.sources.reader import SourceReader
    from floorctl.models.site.site import Site
    from floorctl.models.site.source import Source

_EACH = 20  # most refused rows that are shown of one reason
_REASONS = 200
POLL_S = 0.05


def source_meant(site: Site, file: str | None, name: str | None, source_file: Path | None) -> Source | None:
    """Return the described source that a file is read by; None where it is a feed of JSON Lines.

    Without a name: the one source whose ``files`` fits the file's name, or the only one of ``source_file``. Raise UsageError
    where ``source_file`` describes none of them.
    """
    from floorctl.intake.sources.file_names import fits
    from floorctl.intake.sources.source_file import all_sources, load_sources

    own = load_sources(source_file, site) if source_file is not None else ()
    every = all_sources(site, source_file)
    if name is not None:
        found = next((x for x in every if x.name == name), None)
        if found is None and source_file is not None:
            raise UsageError(
                "--source の入力元は説明されていません", f"あるのは {_names(every)} です", "名前を確かめてください"
            )
        return found
    fitting = [x for x in every if file not in (None, "-") and x.files and fits(x.files, Path(str(file)))]
    if len(fitting) == 1:
        return fitting[0]
    if len(own) == 1 and not fitting:
        return own[0]
    if own or fitting:
        why = "ファイル名に合う説明が1つに決まりません"
        raise UsageError(
            "どの入力元か分かりません", why, f"--source で {_names(fitting or own)} のどれかを指定してください"
        )
    return None


def _names(sources: tuple[Source, ...] | list[Source]) -> str:
    return "・".join(x.name for x in sources)


class SourceRows:
    """Rows of a file, of standard input (``-``), or, where no file is named, of the source's own files of the day."""

    def __init__(self, source: Source, site: Site, file: str | None, now: datetime) -> None:
        """Raise FloorctlError if there is no file."""
        self.source, self.site, self._now = source, site, now
        self._readers: list[SourceReader] = []
        self._paths = [] if file == "-" else _paths(source, file, now.date())

    def __iter__(self) -> Iterator[FromRow]:
        from floorctl.common.pages import with_page
        from floorctl.intake.sources.table import DoesNotFit

        day = self._now.date()
        try:
            for path in self._paths:
                try:
                    yield from self._reader().read(path, day)
                except OSError as error:
                    raise unreadable(path, error) from None
            if not self._paths:
                yield from self._reader().read_data(_standard_input(self.source), Path(), self._now, day)
        except DoesNotFit as error:
            raise with_page(error) from None

    @property
    def left_out(self) -> int:
        """Rows that the description has left out so far."""
        return sum(x.left_out for x in self._readers)

    def _reader(self) -> SourceReader:
        from floorctl.intake.sources.reader import SourceReader

        self._readers.append(SourceReader(self.source, self.site))
        return self._readers[-1]


def _paths(source: Source, file: str | None, day: date) -> list[Path]:
    from floorctl.intake.sources.file_names import on_day
    from floorctl.intake.sources.follow import files_of

    found = [Path(file)] if file is not None else files_of(source, day)
    if not found:
        where = Path(on_day(source.files, day))
        do = (
            f"探した場所は {where.parent} です。入力元の files と、{month_day(day)}のファイルがあるかを確かめてください"
        )
        raise FloorctlError(f"{where.name} を読めません", "ファイルがありません", do)
    for path in found[:1]:
        try:
            regular_file(path)
        except OSError as error:
            raise unreadable(path, error) from None
    return found


def _standard_input(source: Source) -> bytes:
    from floorctl.intake.sources.rows import need_size
    from floorctl.intake.sources.table import MOST_BYTES

    if source.form == "sqlite":
        raise UsageError("標準入力からは読めません", "SQLite のファイルです", "ファイルを指定してください")
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    need_size(source, len(data))
    return data


def follow_source(follower: SourceFollower, intake: Intake) -> NoReturn:
    """Ingest the files of a source as they grow until interrupted; what does not fit is said once, and goes on."""
    from floorctl.cli.base import say

    said = ""
    while True:
        found = follower.poll()
        trouble = follower.trouble
        now = trouble.sentence if trouble is not None else ""
        if follower.missing:
            now = f"{follower.path.name} を待っています"
        if now and now != said:
            say(now)
        said = now
        if found:
            intake.take(found)
        else:
            time.sleep(POLL_S)


class FeedRefusals:
    """Refused lines of a feed and doubts on stderr, a line each; the first refusal names the page on what a line holds."""

    def __init__(self, refused: Callable[[], int]) -> None:
        """Take the number of lines that were ``refused`` so far."""
        self._refused, self._told = refused, False

    def __call__(self, number: int, why: str) -> None:
        from floorctl.common.pages import SEE_SOURCES

        first = not self._told and self._refused() > 0
        self._told = self._told or first
        click.echo(f"{number}行目: {why}{f'。{SEE_SOURCES}' if first else ''}", err=True)


class Refusals:
    """Refused rows and doubts on stderr: each with its number, up to 20 of one reason; of the others the number at the end."""

    def __init__(self) -> None:
        self._said: Counter[str] = Counter()

    def __call__(self, number: int, why: str) -> None:
        why = why if why in self._said or len(self._said) < _REASONS else "ほかの理由"
        self._said[why] += 1
        if self._said[why] <= _EACH:
            click.echo(f"{number}行目 {why}", err=True)

    def sum_up(self, refused: int) -> None:
        """Print how many more there were of each reason and, where rows were ``refused``, the page on descriptions."""
        from floorctl.common.pages import SEE_SOURCES

        for why, n in self._said.items():
            if n > _EACH:
                click.echo(f"ほか{n - _EACH}行 {why}", err=True)
        if refused:
            click.echo(f"{refused}行を受け付けませんでした。{SEE_SOURCES}。", err=True)
