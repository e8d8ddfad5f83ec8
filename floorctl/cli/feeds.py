"""Commands ``simulate`` and ``ingest``: feeds of a ticket machine, made and taken in."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from floorctl.cli.base import (
    Settings,
    command,
    completed,
    end_with,
    note_done,
    pass_settings,
    pass_settings_and_json,
    print_json,
    say,
    source_file_option,
    warn,
    write_stdout,
)
from floorctl.cli.option_types import PATH, VOLUMES, Day, Seed
from floorctl.common.errors import FloorctlError, ToldToEnd, UsageError

if TYPE_CHECKING:
    from floorctl.intake.sources.follow import SourceFollower
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
@click.argument("file", required=False, shell_complete=completed("files"))
@click.option("--follow", is_flag=True, help="ファイルが伸びるのを待ち続ける（Ctrl-C で終わる）")
@click.option("--source", "name", show_default="feed", help="入力元の名前。説明のある名前なら、その説明のとおりに読む")
@source_file_option
@pass_settings_and_json
def ingest(
    settings: Settings, file: str | None, follow: bool, name: str | None, source_file: Path | None, as_json: bool
) -> None:
    """発券機の記録（1行1件の JSON）や、説明のある入力元のファイルを取り込む

    ほかの形のファイル（CSV など）の読み方の書き方は docs/sources.md（floorctl source page でも読めます）にあります。
    """
    from floorctl.cli.described_ingest import FeedRefusals, Refusals, SourceRows, follow_source, source_meant
    from floorctl.common.privacy import find
    from floorctl.common.privacy import warn as doubt
    from floorctl.intake.feed import Intake, Tail, open_feed
    from floorctl.models.facts.fields import SOURCE_PATTERN
    from floorctl.usecases.session import SOURCE

    source = "feed" if name is None else name
    if not SOURCE_PATTERN.fullmatch(source):
        raise UsageError("--source が正しくありません", "英数字と . _ : - の64字までです")
    if find(source) is not None:  # it is stored with every fact: a personal number must not be
        raise UsageError("--source が正しくありません", "番号が含まれています", "入力元の名前にしてください")
    if source == SOURCE:
        raise UsageError("--source に console は使えません", "手で入れた記録の入力元です", "別の名前にしてください")
    warn([f"--source に{warning}"] if (warning := doubt(source)) else [])
    described = source_meant(settings.site_of_file(), file, name, source_file)
    if described is None or not described.files:
        file = file or "-"
    if file == "-" and sys.stdin is None:
        do = "発券機の記録のファイルを指定するか、標準入力につないでください"
        raise FloorctlError("標準入力を読めません", "閉じられています", do)
    stream = open_feed(Path(str(file))) if described is None and file != "-" and not follow else None
    rows: SourceRows | SourceFollower | None = None
    if described is not None and (not follow or file == "-"):
        rows = SourceRows(described, settings.site_of_file(), file, settings.now())
    session = settings.session(write=True, hold=True)
    refusals = Refusals()

    said = FeedRefusals(lambda: intake.totals.refused) if described is None else refusals
    intake = Intake(session.store, session.site, described.name if described else source, session.clock, said)
    try:
        if isinstance(rows, SourceRows):
            intake.take(rows)
        elif described is not None:
            from floorctl.intake.sources.follow import SourceFollower

            path = Path(file) if file is not None else None
            rows = SourceFollower(described, session.site, lambda: session.today, path=path)
            follow_source(rows, intake)
        elif follow and file != "-":
            _follow(Tail(Path(str(file))), intake)
        else:
            _take_lines(stream or sys.stdin.buffer, intake)
    except (KeyboardInterrupt, ToldToEnd):
        if not follow:
            raise
    except FloorctlError:
        if intake.totals.accepted:
            note_done(f"{intake.totals.accepted}件は取り込みました")
        raise
    finally:
        if described is not None:
            refusals.sum_up(intake.totals.refused)
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
        left_out = f"  読みとばし {rows.left_out}行" if rows is not None else ""
        click.echo(f"取り込み {t.accepted}件  重複 {t.duplicate}件  拒否 {t.refused}件{left_out}")


def _take_lines(stream: Any, intake: Any) -> None:
    """Ingest a feed to its end; of a file that is none at all say that it can be described."""
    from floorctl.common.pages import SEE_SOURCES
    from floorctl.intake.feed import lines

    first = b""
    for batch in lines(stream):
        first = first or next((raw.strip() for _, raw in batch if raw and raw.strip()), b"")
        intake.take(batch)
    if intake.totals.refused and not (intake.totals.accepted or intake.totals.duplicate) and first[:1] != b"{":
        say(
            "発券機の記録（1行1件の JSON）ではないようです。機械や事務のファイル（CSV など）は、読み方を説明すると取り込めます。"
            f"floorctl source try で試せます。{SEE_SOURCES}。"
        )


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
