"""Commands ``console`` and ``demo``, which open the board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import (
    PATH,
    VOLUMES,
    Seed,
    Settings,
    command,
    need_terminal,
    no_mouse_option,
    pass_settings,
    source_file_option,
)

if TYPE_CHECKING:
    from floorctl.simulation.monthly_demand import Volume


@command()
@click.option("--feed", type=PATH, multiple=True, help="動いている間に取り込む発券機の記録（何度でも）")
@source_file_option
@no_mouse_option
@click.option("--hall-page", type=PATH, metavar="FILE.html", help="待合の画面に出す会場のページを書き続けるファイル")
@pass_settings
def console(
    settings: Settings, feed: tuple[Path, ...], source_file: Path | None, no_mouse: bool, hall_page: Path | None
) -> None:
    """現場責任者の盤面を開く"""
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
        hall_page=hall_page,
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
