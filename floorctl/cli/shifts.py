"""Commands ``roster shifts``: the shifts planned for each day, imported as a list or a matrix (仕様書 10 シフト表)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import (
    Settings,
    csv_argument,
    day_option,
    group,
    note_done,
    pass_settings,
    pass_settings_and_json,
    print_json,
    print_paths,
    warn,
)
from floorctl.cli.day_span import day_span
from floorctl.cli.option_types import PATH, Day, Month
from floorctl.common.clock import business_day
from floorctl.common.errors import UsageError
from floorctl.common.words import more_word, shift_word

if TYPE_CHECKING:
    from floorctl.intake.csv_shift_table import ShiftLine

_MOST_WORDS = 12


@group()
def shifts() -> None:
    """日ごとの勤務予定（勤務表）"""


@shifts.command(name="import")
@csv_argument
@click.option("--blank-off", is_flag=True, help="横に並べた表の空の欄を休みとする（省くと名簿の勤務時間のまま）")
@pass_settings_and_json
def shifts_import(settings: Settings, file: Path, blank_off: bool, as_json: bool) -> None:
    """勤務表（CSV）を取り込む。1人1日1行の一覧でも、日を横に並べた表でもよい

    一覧の見出し: staff 職員コード / date 日付 / start 開始 / end 終了 / break 休憩（分） / code 勤務区分（早、休） / deleted 削除。
    横に並べた表: 職員コードと、14、14(月)、9/14 などの日の見出し。年月は見出しの上の行から（令和8年9月）。
    欄には会場設定の shift_codes の記号か、8:15-17:15 を書きます。表の凡例（早：8:15〜17:15）の時刻は会場設定より先です。
    「市職員」の行の人数は、市職員の予定になります。氏名などほかの列は読みません。
    ファイルにある日の予定は、その日の分をすべて置き換えます。1行でも誤りがあれば何も取り込みません。
    Excel が書いたままの表の読み方は docs/manual/tables.md にあります。
    """
    from floorctl.intake.csv_reading import left_out_words
    from floorctl.intake.csv_shifts import read_shifts
    from floorctl.intake.csv_text import read_bytes
    from floorctl.usecases.imports import import_shifts

    table = read_shifts(read_bytes(file), settings.site())
    taken = [*table.lines, *(table.blanks if blank_off else ())]
    days = {x.day for x in taken} | table.days
    session = settings.session(write=True)
    done = import_shifts(session, [(x.line, x.day, x.fields) for x in taken], days, table.officials)
    note_done("勤務予定を取り込みました")
    contract = session.site.contract
    outside = sum(not contract.start <= day <= contract.end for day in days)
    warn([*left_out_words(table.left_out), *session.warnings])
    if table.legend:
        warn([f"表の凡例の時刻で取り込みました: {'、'.join(table.legend)}。"])
    if table.blank and not blank_off:
        warn(
            [
                f"空の欄が {table.blank}か所あります。名簿の勤務時間のままにしました。休みなら --blank-off を付けて取り込み直してください。"
            ]
        )
    if outside:
        warn([f"契約期間の外の日が {outside}日あります。取り込みましたが、年月を確かめてください。"])
    off, unchanged = sum(x.fields["starts"] is None for x in taken), len(days) - done.written
    if as_json:
        print_json(
            {
                "days": len(days),
                "shifts": len(taken),
                "off": off,
                "unchanged": unchanged,
                "columns_not_read": table.unread,
                "officials": done.officials,
            }
        )
        return
    click.echo(
        f"勤務予定 {len(days)}日 {len(taken)}件（うち休み {off}件、置き換え {done.written}日 変わりなし {unchanged}日）"
    )
    click.echo(_by_hours(taken))
    if done.officials:
        click.echo(f"市職員の予定 {done.officials}日")
    if table.unread:
        click.echo(f"読まなかった列 {table.unread}列")


def _by_hours(lines: Iterable[ShiftLine]) -> str:
    """Return how often each abbreviation was taken, with the hours that it got, so that wrong ones are seen."""
    found = Counter((x.fields["code"], x.fields["starts"], x.fields["ends"]) for x in lines)
    named = sorted(found.items(), key=lambda x: (x[0][1] is None, -x[1], x[0][0]))
    words = [
        f"{shift_word(code, (starts, ends) if starts and ends else None)} {n}件" for (code, starts, ends), n in named
    ]
    return f"内訳 {'、'.join(words[:_MOST_WORDS])}{more_word(len(words) - _MOST_WORDS, '通り')}"


@shifts.command(name="export")
@click.option("--month", type=Month(), help="月（2026-09）")
@click.option("--week", type=Day(), help="この日のある週（月曜から日曜）")
@click.option("--out", type=PATH, default=Path(), help="書き出すフォルダー（省くと今のフォルダー）")
@pass_settings
def shifts_export(settings: Settings, month: date | None, week: date | None, out: Path) -> None:
    """シフト表（xlsx と CSV）を書き出す。月は記号、週は時刻の表（仕様書 10。様式・頻度は市と協議）"""
    from floorctl.usecases.shift_tables import export_shift_table, table_of_month, table_of_week

    if (month is None) == (week is None):
        why = "--month と --week のどちらの表か決まりません"
        raise UsageError("シフト表を書き出せません", why, "どちらか一方を付けてください")
    session = settings.session()
    table = table_of_month(session, month) if month is not None else table_of_week(session, week or session.today)
    print_paths(*export_shift_table(session, table, out))


@shifts.command(name="list")
@day_option
@click.option("--month", type=Month(), help="月（--date の代わり）")
@pass_settings_and_json
def shifts_list(settings: Settings, day: date | None, month: date | None, as_json: bool) -> None:
    """取り込んだ勤務予定と、欠勤の予定の一覧"""
    from floorctl.models.facts.shifts import PlannedShift

    first, last = day_span("勤務予定を出せません", day, month, business_day(settings.now()))
    session = settings.session()
    planned, away = session.register().shifts, session.register().absences
    found = []
    for on in sorted({*planned, *away}):
        if first <= on <= last:
            held = dict(planned.get(on, {}))
            held |= {c: PlannedShift(staff=c, code=held[c].code if c in held else "") for c in away.get(on, ())}
            found += [
                {"date": on.isoformat(), **x.everything(), "off": x.starts is None, "absent": c in away.get(on, ())}
                for c, x in sorted(held.items())
            ]
    if as_json:
        print_json(found)
    else:
        from floorctl.cli.text import shifts_text

        click.echo(shifts_text(found))
