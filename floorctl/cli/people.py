"""Commands ``roster`` (the contractor's staff) and ``appointments`` (counts alone; contract 1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from floorctl.cli.absences import absence, officials
from floorctl.cli.base import (
    Settings,
    csv_argument,
    day_option,
    group,
    note_done,
    pass_settings_and_json,
    print_json,
    warn,
)
from floorctl.cli.shifts import shifts
from floorctl.common.clock import business_day


@group()
def roster() -> None:
    """職員名簿"""


@roster.command(name="import")
@csv_argument
@pass_settings_and_json
def roster_import(settings: Settings, file: Path, as_json: bool) -> None:
    """名簿（CSV）を取り込む

    見出し: code 職員コード（必須） / surname 氏 / role 役割 / deputy 代行 / authority 操作者権限 / vein 静脈登録 /
    pledge 誓約書 / shift 勤務時間 / left 退職日 / direct_employee 直接雇用 / experience 業務経験 /
    skills できる業務 / newcomer 新人。順は自由です。
    役割は 業務従事者（空も）・現場責任者・統括責任者。代行・直接雇用・業務経験は ○ か ×。操作者権限・静脈登録・誓約書・退職日は
    その日付（2026-07-01）。勤務時間は 08:15-17:15。できる業務は会場設定の [[skills]] の言葉を 交付・電子証明書 のように並べるか、
    技能の名を見出しにした列ごとに ○ か ×。欄が空の人は、どの窓口にも立てるものとして扱います。新人は ○ か ×。
    1行でも誤りがあれば何も取り込みません。ファイルにない項目と人、空の欄は、前のまま残ります（消すときは「なし」）。
    Excel が書いたままの表の読み方は docs/manual/tables.md にあります。
    """
    from floorctl.intake.csv_registers import read_roster
    from floorctl.intake.csv_text import read_bytes
    from floorctl.usecases.imports import import_roster

    notes: list[str] = []
    lines = read_roster(read_bytes(file), notes, settings.site().skills)
    session = settings.session(write=True)
    names = {x.fields["staff"]: x.surname for x in lines if x.surname is not None}
    done = import_roster(session, [x.fields for x in lines], names, [x.empty for x in lines])
    note_done("名簿を取り込みました")
    warn([*notes, *session.warnings])
    registered = done.new + done.changed
    if as_json:
        counts = {"registered": registered, "unchanged": done.unchanged, "missing": done.missing, "names": done.names}
        print_json(counts)
        return
    click.echo(f"名簿 {len(lines)}名（新規 {done.new} 変更 {done.changed} 変わりなし {done.unchanged}）")
    if done.missing:
        click.echo(f"ファイルにない人が {done.missing}名います（前のまま残しました。辞めた人は退職日を入れてください）")


@roster.command(name="list")
@click.option("--names", is_flag=True, help="氏も出す（省くとコードだけ）")
@pass_settings_and_json
def roster_list(settings: Settings, names: bool, as_json: bool) -> None:
    """名簿の一覧"""
    session = settings.session()
    today = business_day(settings.now())
    surnames = session.store.surnames() if names else {}
    found = []
    for _, p in sorted(session.register().people.items()):
        surname = {"surname": surnames.get(p.code) if p.here_on(today) else None} if names else {}
        found.append(p.to_json() | surname)
    if as_json:
        print_json(found)
    else:
        from floorctl.cli.text import roster_text

        click.echo(roster_text(found, settings.site()))


@roster.command(name="erase-names")
@pass_settings_and_json
def roster_erase_names(settings: Settings, as_json: bool) -> None:
    """職員の氏をすべて消す（記録はコードのまま残る）"""
    from floorctl.usecases.backup_restore import erase_names_aside

    session = settings.session()
    erased = session.store.erase_surnames() if session.store.exists else 0
    if erased:
        note_done("氏を消しました")
    unopened = erase_names_aside(settings.path)
    if unopened:
        warn([f"控えから戻したときに残したファイルのうち {unopened}個は開けません。要らなければ消してください。"])
    if as_json:
        print_json({"erased": erased})
    else:
        click.echo(f"氏を {erased}名分 消しました" if erased else "消す氏はありません")


roster.add_command(shifts)
roster.add_command(absence)
roster.add_command(officials)


@group()
def appointments() -> None:
    """予約（件数だけ）"""


@appointments.command(name="import")
@csv_argument
@pass_settings_and_json
def appointments_import(settings: Settings, file: Path, as_json: bool) -> None:
    """予約の件数（CSV）か、予約1件1行の一覧（CSV）を取り込む

    見出し: date 日付 / time 時刻 / cards 枚数（空は1枚） / count 件数。順は自由です。
    件数の列がなく、予約番号・予約日時・手続・状態などの列がある表は、1行を予約1件として、日時と枚数ごとに数えます。
    取消・キャンセルの行は除きます。ほかの列（氏名、電話、備考など）は読みません。
    ファイルにある日の予約は、その日の分をすべて置き換えます。1行でも誤りがあれば何も取り込みません。
    Excel が書いたままの表の読み方は docs/manual/tables.md にあります。
    """
    from floorctl.intake.csv_appointments import CANCELLED, read_table, slots_by_day, unusual
    from floorctl.intake.csv_reading import left_out_words
    from floorctl.intake.csv_text import read_bytes
    from floorctl.usecases.imports import import_appointments

    table = read_table(read_bytes(file), settings.site())
    lines, days = table.lines, slots_by_day(table.lines, table.days)
    session = settings.session(write=True)
    written = import_appointments(session, days)
    warn(
        [
            *left_out_words({word: n for word, n in table.left_out.items() if word != CANCELLED}),
            *session.warnings,
            *unusual(lines, session.calendar),
        ]
    )
    unchanged = len(days) - len(written)
    slots, booked = sum(map(len, days.values())), sum(x.count for x in lines)
    if as_json:
        single = {"cancelled": table.cancelled, "columns_not_read": table.unread} if table.single else {}
        print_json({"days": len(days), "slots": slots, "appointments": booked, "unchanged": unchanged} | single)
        return
    click.echo(f"予約 {len(days)}日 {booked}件（置き換え {len(written)}日 変わりなし {unchanged}日）")
    if table.single:
        click.echo(f"1行を予約1件として数えました。取消 {table.cancelled}件、読まなかった列 {table.unread}列")


@appointments.command(name="list")
@day_option
@pass_settings_and_json
def appointments_list(settings: Settings, day: date | None, as_json: bool) -> None:
    """一日の予約の件数"""
    session = settings.session()
    slots = session.register().slots(day or business_day(settings.now()))
    found = [{"time": s.time, "cards": s.cards, "count": s.count} for s in slots]
    if as_json:
        print_json(found)
    else:
        from floorctl.cli.text import slots_text

        click.echo(slots_text(found))
