"""Command ``sbom``: the list of the software that is on this PC, for the permit and for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import Settings, command, pass_settings, print_paths, say, write_stdout
from floorctl.cli.option_types import PATH, OneOf
from floorctl.common.errors import UsageError

if TYPE_CHECKING:
    from floorctl.documents.sbom.component import Component

FORMATS = ("text", "csv", "json")
_ENDS = {".csv": "csv", ".txt": "text", ".json": "json", ".cdx": "json"}


@command()
@click.option("--out", type=PATH, metavar="FILE", help="ファイルに書き出す（.csv、.json、.txt。省くと画面に出す）")
@click.option("--format", "form", type=OneOf(FORMATS), help="text: 表、csv: 表計算用の表、json: CycloneDX 1.6")
@pass_settings
def sbom(settings: Settings, out: Path | None, form: str | None) -> None:
    """このPCに入っているソフトウェアの一覧（SBOM: 部品・版・許諾・照合）

    12(4) の許可に添える表（--out FILE.csv）、既知の欠陥を調べるプログラムのための CycloneDX（--out FILE.json）になります。
    同じものが入っていれば同じ内容です。通信はしません。
    """
    from floorctl.documents.sbom.cyclonedx import cyclonedx
    from floorctl.documents.sbom.software_table import table_csv
    from floorctl.usecases.installed_software import installed_software

    form = form or _form(out)
    own, others = installed_software()
    if form == "json":
        data = cyclonedx(own, others, "operations")
    elif form == "csv":
        data = table_csv([own, *others])
    else:
        data = _text([own, *others]).encode()
    if out is None:
        write_stdout(data)
    else:
        _write(settings, out, data)
    if wrong := [c.name for c in (own, *others) if not c.as_installed]:
        say(
            f"入れたときと違うファイルがあります: {'、'.join(wrong)}。覚えがなければ docs/install.md の 3 で入れ直してください。"
        )


def _form(out: Path | None) -> str:
    """Return the format that a name asks for by its end. Raise UsageError where no format is called so."""
    if out is None or str(out) == "-":
        return "text"
    if form := _ENDS.get(out.suffix.lower()):
        return form
    raise UsageError(
        f"{out.name} に書き出す形が分かりません",
        "名前の終わりが .csv でも .json でも .txt でもありません",
        "名前の終わりをそのどれかにするか、--format を指定してください",
    )


def _write(settings: Settings, out: Path, data: bytes) -> None:
    from floorctl.common.output_file import to_stdout, write_file
    from floorctl.common.written_files import WrittenFiles

    result = write_file(out, data, settings.reserved(), written=WrittenFiles(settings.path))
    if not to_stdout(str(out)):
        print_paths(*result)


def _text(components: list[Component]) -> str:
    from floorctl.cli.text import columns
    from floorctl.documents.sbom.software_table import HEADINGS, ordered, row

    most = HEADINGS[:-1]  # the descriptions are in English, and in the CSV
    rows = [most, *(row(c)[: len(most)] for c in ordered(components))]
    own = components[0]
    return f"{columns(rows)}\n\nfloorctl {own.version} のプログラムの照合値（同じ版なら同じ）: {own.program}\n"
