"""Command ``hall``: the page for the waiting hall, kept fresh in one file beside the console."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import Settings, command, note_done, pass_settings, print_paths, say
from floorctl.cli.option_types import PATH
from floorctl.cli.streams import OutputLost
from floorctl.common.clock import frozen_clock, system_clock
from floorctl.common.errors import FloorctlError, ToldToEnd

if TYPE_CHECKING:
    from floorctl.usecases.hall_page_source import HallPageSource
    from floorctl.usecases.hall_page_writer import HallPageWriter

_LOOK_S = 0.5  # between two looks at the data file


@command()
@click.option("--out", type=PATH, required=True, metavar="FILE.html", help="会場のページのファイル")
@click.option("--once", is_flag=True, help="1度だけ書いて終わる")
@pass_settings
def hall(settings: Settings, out: Path, once: bool) -> None:
    """待合の画面に出す会場のページを書き続ける（Ctrl-C で終わる）

    呼び出した番号・待ち時間・受付時間を、やさしい日本語と会場設定の言語で出します。2台目の画面のブラウザーで開いておくと、
    自動で新しくなります（docs/manual/hall-page.md）。記録はしません。
    """
    from floorctl.usecases.hall_page_source import HallPageSource
    from floorctl.usecases.hall_page_writer import HallPageWriter, need_page

    need_page(out)
    # With --now nothing is of the present: the stamp stands still, so that a browser says that the page has stopped.
    clock = frozen_clock(settings.frozen) if settings.frozen else system_clock
    writer = HallPageWriter(out, settings.reserved(), clock=clock)
    source = HallPageSource(partial(settings.session, read_only=True))
    try:
        writer.write(source.page(), source.site)
        if once:
            print_paths([out], [])
            return
        with suppress(OutputLost):  # nobody reads where the page is: it is kept all the same
            print_paths([out], [])
        _keep(source, writer)
    finally:
        source.close()


def _keep(source: HallPageSource, writer: HallPageWriter) -> None:
    """Write the page until interrupted, whatever goes wrong meanwhile; tell each trouble once."""
    told = ""
    try:
        while True:
            time.sleep(_LOOK_S)
            if not writer.due():
                continue
            try:
                writer.show(source.page(), source.site)
                trouble = writer.trouble
            except FloorctlError as e:  # the data file cannot be read at present
                trouble = e.sentence
            if trouble and trouble != told:
                say(trouble)
            told = trouble
    except (KeyboardInterrupt, ToldToEnd):
        pass
    finally:
        writer.end()
        note_done("会場のページを止めました")
