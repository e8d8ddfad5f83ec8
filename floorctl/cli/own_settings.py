"""Commands ``settings …``: show, check and begin the user's own settings, and list the keys in force."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floorctl.cli.base import (
    Settings,
    end_with,
    group,
    note_done,
    pass_settings,
    pass_settings_and_json,
    print_json,
    print_paths,
    say,
    shown,
)
from floorctl.cli.option_types import PATH
from floorctl.common.errors import FloorctlError, Refused

if TYPE_CHECKING:
    from floorctl.console.own_settings import OwnSettings

Row = tuple[str, str, str, Any, str]  # key of the file, its word, the value in words, the value, where it comes from


@group(invoke_without_command=True)
@click.pass_context
@pass_settings_and_json
def settings(settings: Settings, ctx: click.Context, as_json: bool) -> None:
    """自分の設定（配色・ベル・マウス・枠の大きさ・キー）の値と、どこから来たか

    ファイルは settings.toml です（環境変数 FLOORCTL_CONFIG で変えられます）。
    """
    if ctx.invoked_subcommand is not None:
        return
    from floorctl.console.own_settings import own_settings

    own = own_settings()
    rows = [*_rows(own, settings)]
    if as_json:
        print_json(
            {
                "path": str(own.path) if own.path else None,
                "exists": own.there,
                "values": {key: {"value": value, "from": _ORIGINS[origin]} for key, _, _, value, origin in rows},
                "keys": {action: list(keys) for action, keys in own.keys.items()},
                "faults": list(own.faults),
            }
        )
        return
    click.echo(
        f"自分の設定 {shown(own.path) if own.path else '（場所が分かりません）'}{'' if own.there else '（まだありません）'}"
    )
    for key, word, said, _, origin in rows:
        click.echo(f"  {key:<24} {word}: {said}（{origin}）")
    click.echo(f"  {'keys':<24} 変えたキー: {_keys_in_words(own) or 'なし'}")
    for fault in own.faults:
        say(fault)


OWN, SITE, USUAL, NO_COLOR, NO_MOUSE = (
    "自分の設定",
    "会場設定",
    "初めからの値",
    "環境変数 NO_COLOR",
    "環境変数 FLOORCTL_NO_MOUSE",
)
_ORIGINS = {OWN: "own", SITE: "site", USUAL: "default", NO_COLOR: "NO_COLOR", NO_MOUSE: "FLOORCTL_NO_MOUSE"}


def _rows(own: OwnSettings, settings: Settings) -> Iterator[Row]:
    """Yield each setting with the value that a console would have, and where it comes from."""
    from floorctl.console.own_settings import BELLS, THEMES
    from floorctl.console.own_sizes import SIZES

    board = settings.site().board
    theme, origin = (own.theme, OWN) if own.theme else (board.theme, SITE)
    if os.environ.get("NO_COLOR"):
        theme, origin = "mono", NO_COLOR
    yield "theme", "配色", THEMES[theme], theme, origin
    bell = own.bell or ("urgent" if board.bell else "off")
    yield "bell", "ベル", BELLS[bell], bell, OWN if own.bell else SITE
    mouse, origin = (own.mouse, OWN) if own.mouse is not None else (True, USUAL)
    if os.environ.get("FLOORCTL_NO_MOUSE"):
        mouse, origin = False, NO_MOUSE
    yield "mouse", "マウス", "使う" if mouse else "使わない", mouse, origin
    page = str(own.hall_page) if own.hall_page else None
    yield "hall_page", "会場のページ", page or "書き出さない", page, OWN if page else USUAL
    for key, rule in SIZES.items():
        value = getattr(own.sizes, key)
        word = rule.word.partition("。")[0]
        yield f"sizes.{key}", word, rule.usual if value is None else str(value), value, USUAL if value is None else OWN


def _keys_in_words(own: OwnSettings) -> str:
    from floorctl.console.key_names import key_name
    from floorctl.console.keys import BY_ID

    return "、".join(f"{BY_ID[a].label}（{a}）{'・'.join(map(key_name, keys))}" for a, keys in own.keys.items())


@settings.command()
@click.argument("file", type=PATH, required=False, metavar="[FILE.toml]")
@pass_settings_and_json
def check(settings: Settings, file: Path | None, as_json: bool) -> None:
    """自分の設定の誤りを、行とともにすべて挙げる（誤りがあれば終了コード 1）

    誤りのあるところは使われません。ほかは効き、盤面はいつでも開きます。
    """
    from floorctl.console.own_settings import own_settings

    if file is not None and not file.exists():
        raise FloorctlError(f"{file.name} を確かめられません", "ファイルがありません", "場所を確かめてください")
    own = own_settings(file)
    if own.faults:
        end_with(1)
    if as_json:
        print_json({"ok": not own.faults, "faults": list(own.faults)})
    elif own.faults:
        say(f"自分の設定に誤りが{len(own.faults)}件あります。そこは使われません。")
        for fault in own.faults:
            say(fault)
    elif not own.there:
        click.echo("自分の設定のファイルはまだありません（floorctl settings init で見本を書き出せます）。")
    else:
        click.echo(f"自分の設定に誤りはありません。変えたキー {len(own.keys)}。")


@settings.command()
@click.option("--html", type=PATH, metavar="FILE.html", help="自分のキーのキーカード（A4 1枚）を書き出す")
@pass_settings_and_json
def keys(settings: Settings, html: Path | None, as_json: bool) -> None:
    """操作の名・いまのキー・言葉の一覧、または自分のキーカード"""
    from floorctl.console.action import remap
    from floorctl.console.key_card import card_html
    from floorctl.console.key_names import key_name
    from floorctl.console.keys import ACTIONS, where
    from floorctl.console.own_keys import free_keys, is_fixed
    from floorctl.console.own_settings import own_settings

    own, site = own_settings(), settings.site()
    remap(own.keys)
    try:
        if html is not None:
            from floorctl.common.output_file import write_file

            done = write_file(html, card_html(site).encode(), settings.reserved())
            print_paths(done.paths, done.notes)
        elif as_json:
            print_json(
                [
                    {
                        "action": a.id,
                        "keys": list(a.keys),
                        "label": a.at(site).label,
                        "help": a.at(site).help,
                        "where": where(a),
                        "own": a.id in own.keys,
                        "fixed": is_fixed(a),
                    }
                    for a in ACTIONS
                ]
            )
        else:
            for a in ACTIONS:
                mark = "自分の設定" if a.id in own.keys else "変えられません" if is_fixed(a) else ""
                click.echo(
                    f"{a.id:<20} {a.at(site).cap:<10} {a.at(site).label}　{where(a) or 'どこでも'}　{mark}".rstrip(
                        "　 "
                    )
                )
            click.echo(f"\nどの画面でも空いているキー: {' '.join(map(key_name, free_keys()))}")
    finally:
        remap({})
    for fault in own.faults:
        say(fault)


@settings.command()
@pass_settings
def init(settings: Settings) -> None:
    """書けることの見本を、自分の設定のファイルとして書き出す"""
    from floorctl.common.output_file import failed, write_file
    from floorctl.console.kept_theme import put, theme_alone
    from floorctl.console.own_settings import example, file_bytes, settings_path

    path = settings_path()
    try:
        held = (file_bytes(path) or b"").decode("utf-8", "replace") if path.is_file() else ""
    except OSError as error:
        raise failed(path, error, "") from error
    theme = theme_alone(held)
    if held and not theme:
        do = "そのファイルを直すか、名前を変えてから、もう一度実行してください"
        raise Refused(f"{path.name} には書き出しません", "自分の設定がもうあります", do)
    if theme:  # F10 alone has written it
        try:
            put(path, example(theme).encode())
        except OSError as error:
            raise failed(path, error, "") from error
        note_done("書き出しました")
        click.echo(shown(path))
        return
    done = write_file(path, example().encode(), settings.reserved(), make_folder=True)
    print_paths(done.paths, done.notes)
