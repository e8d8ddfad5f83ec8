"""Command ``forecast``: monthly demand forecast against actual counts, and its import from the city's CSV (仕様書 15)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floorctl.cli.base import Settings, csv_argument, group, json_option, pass_settings_and_json, print_json, warn

if TYPE_CHECKING:
    from floorctl.usecases.session import Session


@group(invoke_without_command=True)
@json_option
@click.pass_context
def forecast(context: click.Context, as_json: bool) -> None:
    """件数の見込みと実績（月別）

    市から月別の件数が示されたら forecast import で取り込みます。取り込まない月は、仕様書の年度件数を按分した見込みです。
    """
    if context.invoked_subcommand is not None:
        return
    settings = context.ensure_object(Settings)
    session = settings.session()
    document = _document(session)
    if as_json:
        print_json(document)
    else:
        click.echo(_text(document))


@forecast.command(name="import")
@csv_argument
@pass_settings_and_json
def forecast_import(settings: Settings, file: Path, as_json: bool) -> None:
    """見込み（CSV）を取り込む

    見出し: month 年月 / cert_renewals 電子証明書更新 / card_renewals カード更新 / new_and_reissued 新規・再交付（月の合計件数）。
    順は自由です。ファイルにない月は前のまま残ります。1行でも誤りがあれば何も取り込みません。
    """
    from floorctl.intake.csv_registers import read_demand
    from floorctl.intake.csv_text import read_bytes

    notes: list[str] = []
    lines = read_demand(read_bytes(file), notes)
    session = settings.session(write=True)
    held = session.register().demand
    changed = sum(
        held.get(x.fields["month"]) is None or held[x.fields["month"]].everything() != x.fields for x in lines
    )
    session.act("demand.imported", {"months": [x.fields for x in lines]})
    contract = session.site.contract
    outside = sum(not f"{contract.start:%Y-%m}" <= x.fields["month"] <= f"{contract.end:%Y-%m}" for x in lines)
    warn([*notes, *session.warnings])
    if outside:
        warn([f"契約期間の外の月が{outside}か月あります。取り込みましたが、年月を確かめてください。"])
    if as_json:
        print_json({"months": len(lines), "changed": changed})
    else:
        click.echo(f"見込み {len(lines)}か月（取り込み {changed} 変わりなし {len(lines) - changed}）")


def _document(session: Session) -> dict[str, Any]:
    """Return the forecast of each month of the contract, with the actual counts of months that have facts, as JSON."""
    from floorctl.models.register.demand_forecast import DEMANDS
    from floorctl.usecases.period_reports import compare

    found, compared, open_days = compare(session)
    return {
        "reading": found.reading,
        "method": found.method,
        "months": [
            {
                "month": c.month,
                "open_days": open_days.get(c.month, 0),
                **{name: getattr(c.forecast, name) if c.forecast else None for name in DEMANDS},
                "imported": c.forecast is not None and c.forecast.imported,
                "actual": dict(c.actual) if c.actual is not None else None,
            }
            for c in compared
        ],
    }


def _text(document: dict[str, Any]) -> str:
    from floorctl.cli.text import columns
    from floorctl.models.register.demand_forecast import DEMANDS

    rows = [["年月", "開場日", "電子証明書更新", "実績", "カード更新", "実績", "新規・再交付", "実績", "根拠"]]
    for m in document["months"]:
        row = [m["month"], str(m["open_days"])]
        for name in DEMANDS:
            expected, actual = m[name], (m["actual"] or {}).get(name)
            row += ["-" if expected is None else f"{expected:,}", "-" if actual is None else f"{actual:,}"]
        rows.append([*row, "市" if m["imported"] else "按分" if m["cert_renewals"] is not None else "-"])
    return f"{columns(rows)}\n{document['method']}"
