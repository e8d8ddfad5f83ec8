"""Commands ``roster shifts``: the shifts planned for each day, imported as a list or a matrix (仕様書 10 シフト表)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path

import click

from floorctl.cli.base import (
    Month,
    Settings,
    csv_argument,
    day_option,
    group,
    note_done,
    pass_settings_and_json,
    print_json,
    warn,
)
from floorctl.common.clock import business_day
from floorctl.common.errors import UsageError


@group()
def shifts() -> None:
    """日ごとの勤務予定（勤務表）"""


@shifts.command(name="import")
@csv_argument
@pass_settings_and_json
def shifts_import(settings: Settings, file: Path, as_json: bool) -> None:
    """勤務表（CSV）を取り込む。1人1日1行の一覧でも、日を横に並べた表でもよい

    一覧の見出し: staff 職員コード / date 日付 / start 開始 / end 終了 / break 休憩（分） / code 勤務区分（早、休） / deleted 削除。
    横に並べた表: 職員コードと、14、14(月)、9/14 などの日の見出し。年月は見出しの上の行から（令和8年9月）。
    欄には会場設定の shift_codes の記号か、8:15-17:15 を書きます。氏名などほかの列は読みません。
    ファイルにある日の予定は、その日の分をすべて置き換えます。1行でも誤りがあれば何も取り込みません。
    Excel が書いたままの表の読み方は docs/manual/tables.md にあります。
    """
    from floorctl.intake.csv_reading import left_out_words
    from floorctl.intake.csv_shifts import read_shifts
    from floorctl.intake.csv_text import read_bytes
    from floorctl.usecases.imports import import_shifts

    table = read_shifts(read_bytes(file), settings.site())
    days = {x.day for x in table.lines} | table.days
    session = settings.session(write=True)
    done = import_shifts(session, [(x.line, x.day, x.fields) for x in table.lines], days)
    note_done("勤務予定を取り込みました")
    contract = session.site.contract
    outside = sum(not contract.start <= day <= contract.end for day in days)
    warn([*left_out_words(table.left_out), *session.warnings])
    if table.blank:
        warn(
            [
                f"空の欄が {table.blank}か所あります。名簿の勤務時間のままにしました。休みなら休みの記号を書いてください。"
            ]
        )
    if outside:
        warn([f"契約期間の外の日が {outside}日あります。取り込みましたが、年月を確かめてください。"])
    off, unchanged = sum(x.fields["starts"] is None for x in table.lines), len(days) - done.written
    if as_json:
        print_json(
            {
                "days": len(days),
                "shifts": len(table.lines),
                "off": off,
                "unchanged": unchanged,
                "columns_not_read": table.unread,
            }
        )
        return
    click.echo(
        f"勤務予定 {len(days)}日 {len(table.lines)}件（うち休み {off}件、置き換え {done.written}日 変わりなし {unchanged}日）"
    )
    if table.unread:
        click.echo(f"読まなかった列 {table.unread}列")


@shifts.command(name="list")
@day_option
@click.option("--month", type=Month(), help="月（--date の代わり）")
@pass_settings_and_json
def shifts_list(settings: Settings, day: date | None, month: date | None, as_json: bool) -> None:
    """取り込んだ勤務予定の一覧"""
    if day is not None and month is not None:
        raise UsageError("勤務予定を出せません", "--date と --month の両方があります", "どちらか一方にしてください")
    session = settings.session()
    first = month or day or business_day(settings.now())
    last = first.replace(day=monthrange(first.year, first.month)[1]) if month else first
    planned = session.register().shifts
    found = [
        {"date": on.isoformat(), **x.everything(), "off": x.starts is None}
        for on in sorted(planned)
        if first <= on <= last
        for x in planned[on].values()
    ]
    if as_json:
        print_json(found)
    else:
        from floorctl.cli.text import shifts_text

        click.echo(shifts_text(found))
