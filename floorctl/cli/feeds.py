"""Commands ``simulate`` and ``ingest``: feeds of a ticket machine, made and taken in."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from floorctl.cli.base import (
    PATH,
    VOLUMES,
    Day,
    Seed,
    Settings,
    command,
    end_with,
    note_done,
    pass_settings,
    pass_settings_and_json,
    print_json,
    warn,
    write_stdout,
)
from floorctl.common.errors import FloorctlError, ToldToEnd, UsageError

if TYPE_CHECKING:
    from floorctl.simulation.monthly_demand import Volume


@command()
@click.option("--date", "day", type=Day(), required=True, help="模擬する日")
@click.option("--seed", type=Seed(), required=True, help="同じ数なら同じ一日")
@click.option("--volume", type=VOLUMES, default="normal", show_default=True, help="混み具合")
@click.option("-o", "out", type=PATH, help="書き出すファイル（省くと標準出力）")
@pass_settings
def simulate(settings: Settings, day: date, seed: int, volume: Volume, out: Path | None) -> None:
    """模擬の一日を、発券機の記録の形で書き出す"""
    from floorctl.rehearsal.simulated_feed import simulated_feed

    data = simulated_feed(settings.site(), day, seed, volume)
    if out is None:
        write_stdout(data)
        return
    from floorctl.common.output_file import write_file

    warn(write_file(out, data, settings.reserved()).notes)


@command()
@click.argument("file", default="-")
@click.option("--follow", is_flag=True, help="ファイルが伸びるのを待ち続ける（Ctrl-C で終わる）")
@click.option("--source", default="feed", show_default=True, help="入力元の名前")
@pass_settings_and_json
def ingest(settings: Settings, file: str, follow: bool, source: str, as_json: bool) -> None:
    """発券機の記録（1行1件の JSON）を取り込む"""
    from floorctl.common.privacy import find
    from floorctl.common.privacy import warn as doubt
    from floorctl.intake.feed import Intake, Tail, lines, open_feed
    from floorctl.models.facts.fields import SOURCE_PATTERN
    from floorctl.usecases.session import SOURCE

    if not SOURCE_PATTERN.fullmatch(source):
        raise UsageError("--source が正しくありません", "英数字と . _ : - の64字までです")
    if find(source) is not None:  # it is stored with every fact: a personal number must not be
        raise UsageError("--source が正しくありません", "番号が含まれています", "入力元の名前にしてください")
    if source == SOURCE:
        raise UsageError("--source に console は使えません", "手で入れた記録の入力元です", "別の名前にしてください")
    warn([f"--source に{warning}"] if (warning := doubt(source)) else [])
    stream = None
    if file == "-" and sys.stdin is None:
        do = "発券機の記録のファイルを指定するか、標準入力につないでください"
        raise FloorctlError("標準入力を読めません", "閉じられています", do)
    if file != "-" and not follow:
        stream = open_feed(Path(file))
    session = settings.session(write=True, hold=True)

    def refused(n: int, why: str) -> None:
        click.echo(f"{n}行目: {why}", err=True)

    intake = Intake(session.store, session.site, source, session.clock, refused)
    try:
        if follow and file != "-":
            _follow(Tail(Path(file)), intake)
        else:
            for batch in lines(stream or sys.stdin.buffer):  # type: ignore[arg-type]
                intake.take(batch)
    except (KeyboardInterrupt, ToldToEnd):
        if not follow:
            raise
    except FloorctlError:
        if intake.totals.accepted:
            note_done(f"{intake.totals.accepted}件は取り込みました")
        raise
    finally:
        if stream is not None:
            stream.close()
        session.close()
    t = intake.totals
    if t.accepted:
        note_done("取り込みました")
    if t.refused and not follow:
        end_with(1)
    if as_json:
        print_json({"accepted": t.accepted, "duplicate": t.duplicate, "refused": t.refused})
    else:
        click.echo(f"取り込み {t.accepted}件  重複 {t.duplicate}件  拒否 {t.refused}件")


def _follow(tail: Any, intake: Any) -> NoReturn:
    """Ingest a growing feed file until interrupted, polling every 50 ms. Raise FloorctlError if it is not regular."""
    from floorctl.intake.feed import no_regular_file

    while True:
        found = tail.poll()
        if tail.irregular:
            raise no_regular_file(tail.path)
        if found:
            intake.take(found)
        else:
            time.sleep(0.05)
