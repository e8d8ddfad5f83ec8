"""The commands about copies of the data file: backup and restore (contract 1)."""

from __future__ import annotations

from pathlib import Path

import click

from floorctl.cli.base import Settings, command, json_option, pass_settings, print_json, shown, stands, warn
from floorctl.common.errors import Refused


@command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@json_option
@pass_settings
def backup(settings: Settings, file: Path | None, as_json: bool) -> None:
    """控えを作る（会場が開いていてもよい）

    FILE を省くと、データファイルの横の backups に日付と時刻の名前で作ります。フォルダを書くとその中に作ります。
    作った控えは、記録の鎖と集計表まで確かめてから置きます。職員の氏は入りません。
    """
    from floorctl.common.output_file import need_name
    from floorctl.usecases.backup_restore import back_up

    if file is not None:
        need_name(file)
    done = back_up(settings.path, settings.site(), file, settings.now())
    stands("控えを作りました")
    warn([done.note] if done.note else [])
    if done.rebuilt:
        warn([f"記録と合わない集計表が {done.rebuilt}日分あり、控えの中では作り直しました。"])
    if as_json:
        print_json(
            {"path": str(done.path), "facts": done.head.seq, "head": done.head._asdict(), "rebuilt": done.rebuilt}
        )
        return
    click.echo(f"控え: {shown(done.path)}")
    click.echo(f"記録 {done.head.seq}件  先頭 {done.head.seq}:{done.head.hash}")


@command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@pass_settings
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
    stands("控えから戻しました")
    warn([said for said in (done.note, done.doubt) if said])
    if done.rebuilt:
        warn([f"記録と合わない集計表が {done.rebuilt}日分あり、作り直しました。"])
    if not done.names_kept:
        warn(
            [
                f"残したファイル（…-{ASIDE}-…）は開けません。職員の氏が残っているかもしれないので、要らなくなれば消してください。"
            ]
        )
    if as_json:
        aside = str(done.aside) if done.aside else None
        print_json(
            {
                "path": str(done.path),
                "facts": done.head.seq,
                "head": done.head._asdict(),
                "aside": aside,
                "newer": done.newer,
            }
        )
        return
    click.echo(f"{shown(done.path)} を控えに戻しました（記録 {done.head.seq}件）")
    if done.aside is not None:
        click.echo(f"今までのファイル: {shown(done.aside)}")
    if done.newer:
        click.echo(f"控えより後の記録 {done.newer}件は、今までのファイルにだけあります")
