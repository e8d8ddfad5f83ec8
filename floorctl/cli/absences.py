"""Commands ``roster absence`` and ``roster officials``: who is known to be away, and the city's planned numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from floorctl.cli.base import (
    Settings,
    command,
    completed,
    csv_argument,
    day_option,
    group,
    note_done,
    pass_settings,
    pass_settings_and_json,
    print_json,
    warn,
)
from floorctl.cli.day_span import day_span
from floorctl.cli.option_types import Day, Month
from floorctl.common.clock import business_day
from floorctl.common.errors import UsageError
from floorctl.common.words import hm, month_day, short_day


@command()
@click.argument("staff", metavar="STAFF", shell_complete=completed("staff"))
@click.argument("day", type=Day(), metavar="DATE")
@click.option("--until", type=Day(), help="この日まで（その間の開場日）")
@click.option("--reason", default="", help="理由（氏名や病名は書かない）")
@click.option("--cancel", is_flag=True, help="欠勤の予定を取りやめる（来ることになった）")
@pass_settings
def absence(settings: Settings, staff: str, day: date, until: date | None, reason: str, cancel: bool) -> None:
    """前から分かっている欠勤（1日の休み）を入れる

    その日の勤務表より先です。あとで勤務表を取り込み直しても、欠勤の予定は残ります。
    """
    from floorctl.usecases.imports import plan_absence

    last = until or day
    if last < day:
        raise UsageError("欠勤の予定を入れられません", "--until が始めの日より前です", "日付を確かめてください")
    session = settings.session(write=True)
    found = plan_absence(session, staff, day, last, absent=not cancel, reason=reason)
    warn(session.warnings)
    done = "取りやめました" if cancel else "入れました"
    days = "、".join(short_day(x) for e in found if (x := getattr(e.fact, "date", None)) is not None)
    click.echo(f"欠勤の予定を{done}（{days}）" if found else "変わりはありません")


@group()
def officials() -> None:
    """会場にいる市職員の予定の人数"""


@officials.command(name="set")
@click.argument("day", type=Day(), metavar="DATE")
@click.argument("steps", nargs=-1, metavar="TIME=N...")
@pass_settings
def officials_set(settings: Settings, day: date, steps: tuple[str, ...]) -> None:
    """一日の予定を入れる（例: 2026-09-14 8:30=2 12:00=1）。時刻を書かなければ、会場設定のふだんの予定に戻す"""
    from floorctl.intake.csv_times import time_in

    found = []
    for step in steps:
        at, _, n = step.partition("=")
        starts = time_in(at)
        if starts is None or not n.isdecimal():
            raise UsageError("市職員の予定を入れられません", "時刻と人数が読めません", "8:30=2 の形で書いてください")
        found.append({"starts": starts, "present": int(n)})
    session = settings.session(write=True)
    written = session.act("officials.planned", {"date": day, "steps": found})
    warn(session.warnings)
    click.echo(written[0].fact.sentence(session.site) if written else "変わりはありません")


@officials.command(name="import")
@csv_argument
@pass_settings_and_json
def officials_import(settings: Settings, file: Path, as_json: bool) -> None:
    """市職員の予定（CSV）を取り込む。勤務表の「市職員」の行は roster shifts import で一緒に入る

    見出し: date 日付 / start 時刻（何時から） / present 人数。1日に何行でも。ファイルにある日は、その日の分をすべて置き換えます。
    過ぎた日は変えません。
    """
    from floorctl.intake.csv_officials import read_city_hours
    from floorctl.intake.csv_text import read_bytes
    from floorctl.usecases.imports import import_officials

    notes: list[str] = []
    days = read_city_hours(read_bytes(file), notes)
    session = settings.session(write=True)
    written = import_officials(session, days)
    note_done("市職員の予定を取り込みました")
    past = sum(day < session.today for day in days)
    warn([*notes, *session.warnings, *([f"過ぎた日の {past}日分は変えていません。"] if past else [])])
    if as_json:
        print_json({"days": len(days), "written": len(written), "past": past})
    else:
        click.echo(f"市職員の予定 {len(days)}日（置き換え {len(written)}日）")


@officials.command(name="list")
@day_option
@click.option("--month", type=Month(), help="月（--date の代わり）")
@pass_settings_and_json
def officials_list(settings: Settings, day: date | None, month: date | None, as_json: bool) -> None:
    """市職員の予定の一覧（開場日）"""
    from floorctl.models.board.officials_plan import planned_officials

    first, last = day_span("予定を出せません", day, month, business_day(settings.now()))
    session = settings.session()
    register = session.register()
    calendar = register.calendar(session.site)
    span = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
    plans = {x: planned_officials(session.site, register, x) for x in span if calendar.is_open(x)}
    if as_json:
        print_json(
            [
                {"date": x.isoformat(), "steps": [{"starts": f"{s.starts:%H:%M}", "present": s.present} for s in plan]}
                for x, plan in plans.items()
                if plan
            ]
        )
        return
    from floorctl.cli.text import table

    rows = [
        [month_day(x), " ".join(f"{hm(s.starts)} {s.present}名" for s in plan)] for x, plan in plans.items() if plan
    ]
    click.echo(table(("日付", "市職員の予定"), rows, "市職員の予定はありません"))
