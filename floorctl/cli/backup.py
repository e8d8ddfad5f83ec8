"""Commands ``backup`` and ``restore`` of the data file (contract 1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from floorctl.cli.base import (
    Settings,
    command,
    note_done,
    pass_settings_and_json,
    print_json,
    shown,
    warn,
    warn_of_cloud,
)
from floorctl.cli.option_types import PATH
from floorctl.common.errors import Refused
from floorctl.models.facts.entry import Head


@command()
@click.argument("file", type=PATH, required=False)
@pass_settings_and_json
def backup(settings: Settings, file: Path | None, as_json: bool) -> None:
    """控えを作る（会場が開いていてもよい）

    FILE を省くと、データファイルの横の backups に日付と時刻の名前で作ります。フォルダーを書くとその中に作ります。
    作った控えは、記録のつながりと集計表まで確かめてから置きます。職員の氏は入りません。
    """
    from floorctl.common.output_file import need_name
    from floorctl.usecases.backup_restore import back_up

    if file is not None:
        need_name(file)
    done = back_up(settings.path, settings.site(), file, settings.now())
    note_done("控えを作りました")
    warn([done.note] if done.note else [])
    warn_of_cloud([done.path], settings.path if file is None else None)
    if done.rebuilt:
        warn([f"記録と合わない集計表が {done.rebuilt}日分あり、控えの中では作り直しました。"])
    if as_json:
        print_json(_copy_json(done.path, done.head) | {"rebuilt": done.rebuilt})
        return
    click.echo(f"控え: {shown(done.path)}")
    click.echo(f"記録 {done.head.seq}件  照合値 {done.head.seq}:{done.head.hash}")


@command()
@click.argument("file", type=PATH)
@pass_settings_and_json
def restore(settings: Settings, file: Path, as_json: bool) -> None:
    """控えから戻す（今のファイルは別の名前で残る）

    盤面と ingest を終えてから使います。今のファイルの職員の氏は、読めるかぎり引き継ぎます。
    """
    from floorctl.common.data_file_names import ASIDE
    from floorctl.usecases.backup_restore import restore as put_back

    try:
        file.exists()
    except (OSError, ValueError):
        raise Refused("控えから戻せません", "その名前は使えません", "控えのファイルを指定してください") from None
    done = put_back(settings.path, settings.site(), file, settings.now(), may_make_folder=settings.db is None)
    note_done("控えから戻しました")
    warn([sentence for sentence in (done.note, done.doubt) if sentence])
    if done.rebuilt:
        warn([f"記録と合わない集計表が {done.rebuilt}日分あり、作り直しました。"])
    if not done.names_kept:
        unopened = f"残したファイル（…-{ASIDE}-…）は開けません。"
        warn([f"{unopened}職員の氏が残っているかもしれないので、要らなくなれば消してください。"])
    if as_json:
        aside = str(done.aside) if done.aside else None
        print_json(_copy_json(done.path, done.head) | {"aside": aside, "newer": done.newer})
        return
    click.echo(f"{shown(done.path)} を控えに戻しました（記録 {done.head.seq}件）")
    if done.aside is not None:
        click.echo(f"今までのファイル: {shown(done.aside)}")
    if done.newer:
        click.echo(f"控えより後の記録 {done.newer}件は、今までのファイルにだけあります")


def _copy_json(path: Path, head: Head) -> dict[str, Any]:
    """Return the JSON fields of a verified copy: its path, its number of facts and its head."""
    return {"path": str(path), "facts": head.seq, "head": head._asdict()}
