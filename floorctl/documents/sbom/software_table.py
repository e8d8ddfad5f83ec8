"""The list as a table in Japanese, for the paper of the permit: on the screen, or as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from floorctl.common.spreadsheet_text import guarded
from floorctl.documents.sbom.component import USES, Component, Files

HEADINGS = ("部品", "版", "許諾", "floorctl との関係", "ファイルの照合", "何をするものか（部品の説明）")


def ordered(components: Sequence[Component]) -> list[Component]:
    """Return components by their use, then by name."""
    uses = list(USES)
    return sorted(components, key=lambda c: (uses.index(c.use), c.name.lower(), c.version))


def row(component: Component) -> tuple[str, ...]:
    """Return the cells of a component, in the order of ``HEADINGS``."""
    return (
        component.name,
        component.version or "不明",
        component.licence.said,
        USES[component.use],
        files_said(component.files, component.damaged),
        component.summary,
    )


def files_said(files: Files | None, damaged: bool = False) -> str:
    """Return in words whether the files on the disk are those that were installed."""
    if damaged:
        return "入れたときの情報が壊れている"
    if files is None:
        return "一覧なし"
    if files.unlisted:
        return f"一覧にないもの {files.unlisted}件"
    if files.as_installed:
        return f"{files.listed}件 一致"
    wrong = [f"{n}件が{word}" for n, word in ((files.changed, "違う"), (files.missing, "ない")) if n]
    return f"{files.listed}件のうち {'、'.join(wrong)}"


def table_csv(components: Sequence[Component]) -> bytes:
    """Return the table as spreadsheets read it: UTF-8 with BOM, CRLF, no cell that would be a formula, a date or a number."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for component in ordered(components):
        name, version, *others = row(component)
        # A spreadsheet makes 5月1日 of 8.5.1, and 2026.1 of 2026.10.
        version = f"{version}版" if component.version else version
        writer.writerow([guarded(cell) for cell in (name, version, *others)])
    return out.getvalue().encode("utf-8-sig")
