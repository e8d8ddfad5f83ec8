"""Command ``register``: training, pledges and device permits as CSV, and who lacks what (仕様書 5(2), 5(3)⑧, 8, 10)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floorctl.cli.base import (
    Settings,
    completed,
    csv_argument,
    group,
    pass_settings,
    pass_settings_and_json,
    print_json,
    print_paths,
    warn,
    write_stdout,
)
from floorctl.cli.option_types import OneOf
from floorctl.common.clock import business_day

if TYPE_CHECKING:
    from floorctl.models.register.register import Register
    from floorctl.models.site.site import Site
    from floorctl.usecases.session import Session

REGISTERS = ("training", "pledges", "devices")
_WORDS = {"training": "研修", "pledges": "誓約書", "devices": "持込み許可"}
_KINDS = {"training": "training.recorded", "pledges": "staff.registered", "devices": "device.permitted"}
which_argument = click.argument("which", type=OneOf(REGISTERS), metavar="training|pledges|devices")


@group()
def register() -> None:
    """研修・誓約書・持込み許可の台帳"""


@register.command(name="import")
@which_argument
@csv_argument
@pass_settings_and_json
def register_import(settings: Settings, which: str, file: Path, as_json: bool) -> None:
    """台帳（CSV）を取り込む

    見出し: training は staff 職員コード / item 研修（コードか番号） / done_on 実施日。pledges は staff / pledge_on 誓約書。
    devices は device 機器 / purpose 用途 / permitted_on 許可日 / ends_on 期限（空は前のまま、「なし」は期限なし）。順は自由です。
    日付とコードだけで、書類は取り込みません。1行でも誤りがあれば何も取り込みません。
    """
    from floorctl.intake.csv_registers import read_devices, read_pledges, read_training
    from floorctl.intake.csv_text import read_bytes
    from floorctl.usecases.imports import import_register

    raw, site = read_bytes(file), settings.site()
    notes: list[str] = []
    if which == "training":
        lines = read_training(raw, site.training, notes)
    else:
        lines = read_pledges(raw, notes) if which == "pledges" else read_devices(raw, notes)
    session = settings.session(write=True)
    done = import_register(session, _KINDS[which], [(x.line, x.fields) for x in lines])
    warn([*notes, *session.warnings])
    if as_json:
        print_json({"recorded": done.recorded, "unchanged": done.unchanged})
    else:
        click.echo(f"{_WORDS[which]} {len(lines)}行（記録 {done.recorded} 変わりなし {done.unchanged}）")


@register.command(name="export")
@which_argument
@click.option(
    "--out", default="-", metavar="FILE|-", shell_complete=completed("files"), help="書き出すファイル（省くと標準出力）"
)
@pass_settings
def register_export(settings: Settings, which: str, out: str) -> None:
    """台帳を CSV で書き出す（Excel 用の UTF-8。同じ記録からは同じファイルになる）"""
    from floorctl.documents.day.tables_csv import csv_bytes

    session = settings.session()
    header, rows = _table(which, session)
    data = csv_bytes(header.split(), rows)
    if out == "-":
        write_stdout(data)
        return
    from floorctl.common.output_file import to_stdout, write_file
    from floorctl.common.written_files import WrittenFiles

    written = WrittenFiles(settings.path)
    result = write_file(Path(out), data, settings.reserved(), written=written, make_folder=True)
    if not to_stdout(out):
        print_paths(*result)


def _table(which: str, session: Session) -> tuple[str, Iterable[Iterable[str]]]:
    """Return the header (words separated by spaces) and the rows of a register, sorted."""
    register, today = session.register(), session.today
    if which == "pledges":
        team = register.team(today)
        return "staff pledge_on", [(p.code, p.pledge_on.isoformat() if p.pledge_on else "") for p in team]
    if which == "devices":
        return "device purpose permitted_on ends_on", [
            (d.device, d.purpose, d.permitted_on.isoformat(), d.ends_on.isoformat() if d.ends_on else "")
            for _, d in sorted(register.devices.items())
        ]
    return "staff item done_on", _training(register, session.site)


def _training(register: Register, site: Site) -> list[tuple[str, str, str]]:
    """Return (staff, item, date) of every training, by person, then in the site's order of the items, then by date."""
    order = {x.code: n for n, x in enumerate(site.training)}
    found = sorted(register.training.items(), key=lambda x: (x[0][0], order.get(x[0][1], len(order)), x[0][1]))
    return [(staff, item, day.isoformat()) for (staff, item), days in found for day in sorted(days)]


@register.command(name="missing")
@pass_settings_and_json
def register_missing(settings: Settings, as_json: bool) -> None:
    """研修・誓約書・権限・静脈登録のそろっていない人の一覧"""
    from floorctl.models.register.eligibility import missing

    session = settings.session()
    found = missing(session.register(), session.site, business_day(settings.now()))
    document = [x.to_json() for x in found]
    if as_json:
        print_json(document)
    else:
        click.echo(_missing_text(document, session.site))


def _missing_text(found: list[dict[str, Any]], site: Site) -> str:
    from floorctl.cli.text import table
    from floorctl.common.words import ROLES
    from floorctl.models.register.eligibility import ELIGIBILITY

    rows = []
    for x in found:
        lacks = "・".join(ELIGIBILITY[k] for k in x["lacks"]) or "-"
        items = " ".join(site.training_by_code[t].name.split()[0] for t in x["training"]) or "-"
        training = "すべて" if len(x["training"]) == len(site.training) else items
        rows.append([x["staff"], ROLES[x["role"]], lacks, training])
    head = ("コード", "役割", "そろっていないもの", f"研修（{len(site.training)}項目のうち）")
    return table(head, rows, "全員そろっています（名簿にいる人）")
