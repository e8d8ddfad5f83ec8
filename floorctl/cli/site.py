"""Command ``site check``: check a site file, scenarios of it and descriptions of sources, and do nothing with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import (
    Settings,
    end_with,
    group,
    pass_settings_and_json,
    print_json,
    source_file_option,
)
from floorctl.cli.option_types import PATH
from floorctl.common.errors import UsageError

if TYPE_CHECKING:
    from floorctl.models.site.site import Site
    from floorctl.models.site.source import Source


@group()
def site() -> None:
    """会場設定・自分の想定・入力元の説明を、何もせずに確かめる"""


@site.command()
@click.argument("file", type=PATH, required=False, metavar="[FILE.toml]")
@click.option("--scenario", "scenarios", type=PATH, multiple=True, help="この会場の想定ファイル（いくつでも）")
@source_file_option
@pass_settings_and_json
def check(
    settings: Settings, file: Path | None, scenarios: tuple[Path, ...], source_file: Path | None, as_json: bool
) -> None:
    """会場設定（省くと --site のもの）・想定・入力元の説明の誤りを、行とともにすべて挙げる

    データファイルには触れません。誤りがあれば終了コードは 2 です。「確かめる点」は誤りではありません。
    """
    from floorctl.intake.sources.source_file import load_sources
    from floorctl.rehearsal.scenario_files import doubts, load_scenario

    notes: list[str] = []
    errors: list[UsageError] = []
    found = None
    try:
        found, notes = _site(file or settings.site_file)
    except UsageError as error:
        errors.append(error)
    if found:
        for path in scenarios:
            try:
                notes += doubts(load_scenario(str(path), found)[1])
            except UsageError as error:
                errors.append(error)
        described = found.sources
        if source_file:
            try:
                described += load_sources(source_file, found)
            except UsageError as error:
                errors.append(error)
        notes += _missing_folders(described)
    for noted in errors:
        end_with(noted)
    if as_json:
        print_json({"ok": not errors, "faults": [line for e in errors for line in e.lines], "cautions": notes})
        return
    if found:
        click.echo(_summary(found, described))
    for note in notes:
        click.echo(f"確かめる点: {note}")
    if scenarios and not errors:
        click.echo(f"想定 {len(scenarios)}つに誤りはありません。")
    if (scenarios or source_file) and not found:
        click.echo("想定と入力元の説明は、会場設定を直してから確かめます。")


def _site(path: Path | None) -> tuple[Site, list[str]]:
    """Return the checked site of a file, and what is worth a look in it. Raise UsageError with all faults."""
    from floorctl.documents.day.workbook import check_layout
    from floorctl.documents.period.workbook import check_layouts
    from floorctl.intake.site_file import SITE_FILE, data_dir, load_site
    from floorctl.intake.toml_model import told
    from floorctl.intake.written_text import read_text
    from floorctl.models.site.site_rules import cautions

    found = load_site(path)
    check_layout(found)
    check_layouts(found)
    text = read_text(path or data_dir() / "kumagaya.toml", SITE_FILE)
    return found, told(cautions(found), text)


def _missing_folders(sources: Sequence[Source]) -> Iterator[str]:
    """Yield a sentence for each source whose folder is not there: mistyped, or a share that is away."""
    for source in sources:
        folder = Path(source.files).parent
        if source.files and not set("*?{") & set(str(folder)) and not folder.is_dir():
            yield f"入力元 {source.name} の files：フォルダーがありません。パスか、共有フォルダーのつながりを確かめてください。"


def _summary(site: Site, sources: Sequence[Source]) -> str:
    """Return what was read, so that a file that was meant otherwise is noticed."""
    from floorctl.models.site.calendar import Calendar

    start, end = site.contract.start, site.contract.end
    facts = sum(len(x.facts) for x in sources)
    told = f"\n入力元 {len(sources)}  1行から読む記録 {facts}" if sources else ""
    days = sum(day.open for day in Calendar(site).between(start, end))
    return (
        f"会場設定（{site.name}）に誤りはありません。\n"
        f"窓口 {len(site.lanes)}  業務 {len(site.services)}  端末 {len(site.terminals)}  "
        f"契約期間 {start}〜{end}（開場日 {days}日）{told}"
    )
