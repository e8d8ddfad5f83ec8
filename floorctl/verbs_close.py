"""The commands of the end of the day: close, and the documents (contract §1, §5)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from floorctl.cli import Day, Settings, cli, pass_settings, shown, warn


@cli.command()
@click.option("--date", "day", type=Day(), help="営業日（省くと今日）")
@click.option(
    "--out", type=click.Path(path_type=Path), help="文書を書き出すフォルダ（省くとデータファイルの横の reports）"
)
@click.option("--answers", type=click.Path(path_type=Path), help="答えのファイル（TOML。docs/closing.md）")
@pass_settings
def close(settings: Settings, day: date | None, out: Path | None, answers: Path | None) -> None:
    """一日を締める（閉場・控え・文書の書き出し）

    答えのない欄は「未記入」のまま出て、標準エラーに並びます。締めた日にもう一度使うと、文書を書き出し直します。
    """
    from floorctl.closing import close as close_day
    from floorctl.closing import read_answers

    given = read_answers(answers) if answers is not None else None
    session = settings.session(write=True)
    done = close_day(session, day or session.today, given, out)
    for path in done.paths:
        click.echo(shown(path))
    warn(done.notes)
    if done.unanswered:
        click.echo(f"未記入: {'、'.join(done.unanswered)}", err=True)
    if done.trouble is not None:
        raise done.trouble
    if done.backup is not None:
        click.echo(f"控え: {shown(done.backup)}")
    if done.next_due:
        click.echo(done.next_due)


@cli.command()
@click.option("--date", "day", type=Day(), help="営業日（省くと今日）")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="書き出すフォルダ（省くと今のフォルダ）")
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "cp932"]),
    default="utf-8",
    show_default=True,
    help="CSV の文字コード（cp932 にない文字があれば断る）",
)
@click.option("--fallback", is_flag=True, help="文書の代わりに、紙で続けるための運用票（印刷用）を書き出す")
@pass_settings
def export(settings: Settings, day: date | None, out: Path, encoding: str, fallback: bool) -> None:
    """一日の文書を書き出す"""
    from floorctl.closing import export as export_day

    session = settings.session()
    day = day or session.today
    if fallback:
        from floorctl.documents.export import export_fallback

        result = export_fallback(session.floor(day), session.ticket_numbers(day), out)
    else:
        result = export_day(session, day, out, "cp932" if encoding == "cp932" else None)
        session.derived(day, day)
    for path in result.paths:
        click.echo(shown(path))
    warn(result.notes)
