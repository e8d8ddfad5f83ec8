"""Read the rows of a described file: of separated cells, of fixed width, of JSON Lines, of a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from floorctl.intake.sources.columns import Columns
from floorctl.intake.sources.decoding import SAVE_AS, found_encoding, no_text
from floorctl.intake.sources.fixed_rows import fixed_table
from floorctl.intake.sources.json_rows import document_table, json_lines_table
from floorctl.intake.sources.lines import Resume
from floorctl.intake.sources.separated_rows import separated_table
from floorctl.intake.sources.table import MOST_BYTES, MOST_JSON_BYTES, DoesNotFit, Place, Table, cannot_read
from floorctl.models.site.source import Source


def read_rows(
    source: Source,
    data: bytes,
    places: Sequence[Place] | None = None,
    *,
    growing: bool = False,
    resume: Resume | None = None,
) -> Table:
    """Return the table of a file in any form but ``sqlite``; ``places``: columns that ``pick`` returns, as described.

    ``growing``: a last row without its end is withheld. ``resume``: go on below rows that were read before.
    Raise DoesNotFit.
    """
    need_size(source, len(data))
    if kind := no_text(data):
        do = "form を sqlite にしてください" if kind.startswith("SQLite") else SAVE_AS
        raise DoesNotFit(cannot_read(source), f"{kind}です", do)
    wanted = Columns(source).places if places is None else tuple(places)
    codec = resume.encoding if resume and resume.encoding else found_encoding(data, source.encoding)
    if source.form == "json":
        return document_table(source, data, codec, wanted)
    if source.form == "fixed":
        table = fixed_table(source, data, codec, wanted, growing=growing, resume=resume)
    elif source.form in ("jsonl", "floorctl"):
        table = json_lines_table(source, data, codec, wanted, growing=growing, resume=resume)
    else:
        table = separated_table(source, data, codec, wanted, growing=growing, resume=resume)
    table.encoding = codec
    return table


def need_size(source: Source, size: int) -> None:
    """Raise DoesNotFit for a file that is larger than can be read at once."""
    most = MOST_JSON_BYTES if source.form == "json" else MOST_BYTES
    if size > most:
        raise DoesNotFit(
            cannot_read(source),
            f"大きすぎます（{most // 1_000_000} MB まで）",
            "日ごとに分けるなど、小さいファイルにしてください",
        )
