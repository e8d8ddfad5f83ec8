"""Command ``rehearse``: a training scenario played on a temporary file, its review and its training record (仕様書 8)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import (
    Settings,
    command,
    completed,
    json_option,
    need_terminal,
    no_mouse_option,
    note_done,
    pass_settings,
    print_json,
    shown,
    warn,
)
from floorctl.cli.option_types import PATH, Seed, TimeOfDay
from floorctl.cli.streams import OutputLost
from floorctl.common.errors import Refused, UsageError
from floorctl.common.words import hm

if TYPE_CHECKING:
    from floorctl.advice.review import Review
    from floorctl.models.site.scenario import Scenario
    from floorctl.models.site.site import Site
    from floorctl.rehearsal.drill import Drill

FOLDER = "研修"  # in the folder of the reports
CANNOT_RECORD = "研修の台帳に記録できません"


@command()
@click.argument("scenario", required=False, metavar="[想定]", shell_complete=completed("scenarios"))
@click.option("--list", "listed", is_flag=True, help="想定の一覧（想定を省いても同じ）")
@click.option("--speed", type=click.FloatRange(0.1, 3600), help="何倍の速さで進めるか（省くと想定の値）")
@click.option("--seed", type=Seed(), help="同じ数なら同じ一日（省くと想定の値）")
@click.option("--from", "starts", type=TimeOfDay(), help="この時刻から操作する（省くと想定の値）")
@click.option("--until", "ends", type=TimeOfDay(), help="この時刻で終える（省くと想定の値）")
@click.option(
    "--staff",
    default="",
    metavar="CODE",
    shell_complete=completed("staff"),
    help="受講者の職員コード（氏名は書かない）",
)
@click.option("--out", type=PATH, help="研修記録を書き出すフォルダー（省くと reports の下の研修）")
@click.option("--record", is_flag=True, help="終わりに、研修の台帳へ実施日を記録する（--staff が要る）")
@click.option("--no-console", is_flag=True, help="盤面を開かず、誰も操作しない一日として見直しを出す")
@json_option
@no_mouse_option
@pass_settings
def rehearse(
    settings: Settings,
    scenario: str | None,
    listed: bool,
    speed: float | None,
    seed: int | None,
    starts: time | None,
    ends: time | None,
    staff: str,
    out: Path | None,
    record: bool,
    no_console: bool,
    as_json: bool,
    no_mouse: bool,
) -> None:
    """想定（混雑・障害・停電など）で演習し、終わりに見直しと研修記録を出す

    一時ファイルの上で進むので、本当の記録には触れません。想定は名前か、自分で書いた想定ファイル（.toml）で選びます。
    """
    site = settings.site()
    if listed or scenario is None:
        _list(site, as_json)
        return
    _check_staff(settings, staff, record)
    from floorctl.rehearsal.scenario_files import doubts, load_scenario

    name, chosen = load_scenario(scenario, site)
    warn(doubts(chosen))
    if record and chosen.training not in site.training_by_code:
        why = f"会場設定に、この想定の研修の項目（{chosen.training}）がありません"
        do = "会場設定の [[training]] に書き足すか、--record を付けずに演習してください"
        raise Refused(CANNOT_RECORD, why, do)
    if (ends or chosen.ends) <= (starts or chosen.starts):
        do = "--from と --until を確かめてください"
        raise UsageError("演習の時間が正しくありません", "終わりが始まりより前です", do)
    _check_record(chosen, starts or chosen.starts, ends or chosen.ends, record=record, no_console=no_console)
    if not no_console:
        need_terminal()
        from floorctl.cli.text_review import briefing_text
        from floorctl.console.action import remap
        from floorctl.console.own_settings import own_settings

        remap(own_settings().keys)  # the trainee reads it for the console that follows
        click.echo(briefing_text(chosen), err=as_json)
    from floorctl.rehearsal.drill import Drill

    with tempfile.TemporaryDirectory(prefix="floorctl-rehearse-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "rehearse.db"
        drill = Drill(path, settings.site_file, name, chosen, speed=speed, seed=seed, starts=starts, ends=ends)
        done_at = settings.now()
        _play(drill, no_console=no_console, mouse=not no_mouse, err=as_json)
        review = drill.review(staff, done_at.date(), by_hand=not no_console)
    _report(settings, review, site, done_at, out, record=record, as_json=as_json)


def _list(site: Site, as_json: bool) -> None:
    from floorctl.rehearsal.scenario_files import shipped

    found, unfit = shipped(site)
    if as_json:
        print_json([{"scenario": n, "title": s.title, "summary": s.summary} for n, s in found.items()])
        return
    from floorctl.cli.text_review import list_text

    if found:
        click.echo(list_text(found))
    if unfit:
        click.echo("\nこの会場ではできない想定" if found else "備え付けの想定は、どれもこの会場ではできません")
        for scenario, why in unfit.items():
            click.echo(f"  {scenario}: {why}")
        click.echo("この会場の端末・業務・時間で、自分の想定を書けます（docs/rehearsal.md）。")
    example = "outage" if "outage" in found else next(iter(found), "自分の想定.toml")
    click.echo(f"\n例: floorctl rehearse {example} --staff S05")


def _check_staff(settings: Settings, staff: str, record: bool) -> None:
    """Check the trainee's code before the scenario is played.

    Raise UsageError if it is missing or malformed, Refused if the training will be recorded and the code is not on the roster.
    """
    from floorctl.models.facts.fields import PERSON_CODE

    if record and not staff:
        raise UsageError(CANNOT_RECORD, "受講者が分かりません", "--staff に職員コードを書いてください")
    if not staff:
        return
    if not PERSON_CODE.fullmatch(staff):
        do = "氏名ではなくコードを書いてください"
        raise UsageError("職員コードが正しくありません", "英数字と . _ - で16字までです", do)
    if record:
        session = settings.session()
        known = {p.code for p in session.register().team(session.today)}
        session.close()
        if known and staff not in known:
            do = "コードを確かめてください（floorctl roster list）"
            raise Refused(CANNOT_RECORD, "その職員コードは名簿にありません", do)


def _check_record(s: Scenario, starts: time, ends: time, *, record: bool, no_console: bool) -> None:
    """Raise UsageError if the training will be recorded, but nobody acts or the time leaves out a part of the scenario.

    Without ``record``, warn of the latter.
    """
    from floorctl.advice.review import outside

    if record and no_console:
        why = "盤面を開かない演習では、受講者が操作しません"
        raise UsageError(CANNOT_RECORD, why, "--no-console を付けずに演習してください")
    before, after = outside(s, starts, ends)
    if before or after:
        why = f"想定の出来事のうち、始まる前に{before}件、終わりの後に{after}件あります"
    elif starts > s.starts:
        why = f"想定の始まり（{hm(s.starts)}）より後から始めます"
    else:
        return
    if record:
        raise UsageError(CANNOT_RECORD, why, "--from と --until を付けずに、想定のすべてを演習してください")
    warn([f"研修記録は作りません: {why}"])


def _play(drill: Drill, *, no_console: bool, mouse: bool, err: bool) -> None:
    """Play the scenario with the console, or with nobody acting; ``err`` prints the messages on stderr."""
    if no_console:
        drill.prepare()
        drill.play_out()
        return
    click.echo("演習の会場を準備しています。できたら盤面が開きます。", err=err)
    drill.prepare()
    click.prompt("Enter で始めます（Ctrl+C でやめる）", default="", show_default=False, prompt_suffix=" ", err=err)
    from floorctl.screens.launch import run_drill

    run_drill(drill, mouse=mouse)
    click.echo("見直しを作っています。\n", err=err)


def _report(
    settings: Settings, review: Review, site: Site, at: datetime, out: Path | None, *, record: bool, as_json: bool
) -> None:
    """Print the review, record the training if wanted, then write the training record.

    In this order, since the play cannot be repeated if the folder cannot be written; a lost output is raised last. A play
    of a part of the scenario makes no record.
    """
    from floorctl.cli.text_review import review_text, wrapped
    from floorctl.common.output_file import write_files
    from floorctl.common.written_files import WrittenFiles
    from floorctl.documents.training.record import document, record_files
    from floorctl.documents.training.words import no_record
    from floorctl.usecases.closing import REPORTS

    lost: OutputLost | None = None
    if not as_json:
        try:
            click.echo(review_text(review, site))
        except OutputLost as error:
            lost = error
    why_not = no_record(review)
    recorded = _record(settings, review) if record and not why_not else False
    paths: Sequence[Path] = ()
    if not why_not:
        folder = out or settings.path.absolute().parent / REPORTS / FOLDER
        done = write_files(folder, record_files(review, site, at), WrittenFiles(settings.path))
        paths = done.paths
        warn(done.notes)
        note_done("記録しました" if recorded else "研修記録を書き出しました")
    if lost is not None:
        raise lost
    if as_json:
        print_json({**document(review), "paths": [str(p) for p in paths], "recorded": recorded})
        return
    click.echo("\n研修記録")
    if why_not:
        click.echo(wrapped(f"  作りません。{why_not}", 2))
        click.echo("  台帳にも入れません。想定の始めから終わりまでを演習してください。")
        return
    for path in paths:
        click.echo(f"  {shown(path)}")
    item = review.scenario.training
    if review.by_hand and not review.acts:
        click.echo("  操作の記録が0件です。研修をしたことにするかは、講師が確かめてください")
    if not review.by_hand:
        click.echo("  誰も操作していないので、研修の台帳には入れません")
    elif recorded:
        click.echo(f"  {review.staff} の {site.training_name(item)} を台帳に記録しました")
    elif record:
        click.echo("  台帳には同じ日の記録があります")
    elif item in site.training_by_code:
        staff = review.staff or "職員コード"
        click.echo("研修の台帳に入れるには")
        click.echo(f"  floorctl do training.recorded staff={staff} item={item} done_on={review.done_on}")


def _record(settings: Settings, review: Review) -> bool:
    """Append ``training.recorded`` to the real data file; return False if it has the same date already."""
    session = settings.session(write=True)
    fields = {"staff": review.staff, "item": review.scenario.training, "done_on": review.done_on.isoformat()}
    written = session.act("training.recorded", fields)
    warn(session.warnings)
    session.close()
    return bool(written)
