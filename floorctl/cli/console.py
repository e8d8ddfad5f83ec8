"""Commands ``console`` and ``demo``, which open the board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import (
    Settings,
    command,
    need_terminal,
    no_mouse_option,
    pass_settings,
    source_file_option,
)
from floorctl.cli.option_types import PATH, VOLUMES, Seed
from floorctl.common.errors import UsageError

if TYPE_CHECKING:
    from floorctl.simulation.monthly_demand import Volume


@command()
@click.option("--feed", type=PATH, multiple=True, help="動いている間に取り込む発券機の記録（何度でも）")
@source_file_option
@click.option("--read-only", is_flag=True, help="見るだけの盤面を開く（記録せず、ファイルを作らず、取り込まない）")
@no_mouse_option
@click.option("--hall-page", type=PATH, metavar="FILE.html", help="待合の画面に出す会場のページを書き続けるファイル")
@pass_settings
def console(
    settings: Settings,
    feed: tuple[Path, ...],
    source_file: Path | None,
    read_only: bool,
    no_mouse: bool,
    hall_page: Path | None,
) -> None:
    """現場責任者の盤面を開く"""
    if read_only and (feed or source_file is not None):
        given = "--feed" if feed else "--source-file"
        do = f"取り込むなら --read-only を、見るだけなら {given} を外してください"
        raise UsageError(f"--read-only と {given} は一緒に使えません", "見るだけの盤面は何も取り込みません", do)
    need_terminal()
    from floorctl.screens.launch import run_console

    if hall_page is not None:
        from floorctl.usecases.hall_page_writer import need_page

        need_page(hall_page)
    make_folder = settings.db is None
    run_console(
        settings.path,
        settings.site_file,
        settings.frozen,
        feed,
        source_file=source_file,
        make_folder=make_folder,
        mouse=not no_mouse,
        read_only=read_only,
        hall_page=hall_page,
        own_page="db" not in settings.written,
    )


@command()
@click.option("--speed", type=click.FloatRange(0.1, 3600), default=60.0, show_default=True, help="何倍の速さで進めるか")
@click.option("--volume", type=VOLUMES, default="surge", show_default=True, help="混み具合")
@click.option("--seed", type=Seed(), default=1, show_default=True, help="同じ数なら同じ一日")
@no_mouse_option
@pass_settings
def demo(settings: Settings, speed: float, volume: Volume, seed: int, no_mouse: bool) -> None:
    """一時ファイルの上で、模擬の一日を盤面に流す"""
    need_terminal()
    from floorctl.screens.launch import run_demo

    run_demo(settings.site_file, speed=speed, volume=volume, seed=seed, start=settings.frozen, mouse=not no_mouse)
