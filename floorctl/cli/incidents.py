"""Commands ``incident …``: accidents and outages, their times and their history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from floorctl.cli.base import Settings, completed, fact_json, group, pass_settings_and_json, print_json, warn
from floorctl.cli.option_types import Instant
from floorctl.common.errors import Refused, UsageError
from floorctl.common.incident_policies import INCIDENT_POLICIES


@group()
def incident() -> None:
    """事案（事故・障害）"""


@incident.command(name="add")
@click.option(
    "--category",
    required=True,
    help=f"分類: {' '.join(INCIDENT_POLICIES)}",
    shell_complete=completed("categories"),
)
@click.option("--summary", required=True, help="1行の概要（個人情報は書かない）")
@click.option("--occurred", type=Instant(), help="発生の時刻（省くと今）")
@click.option("--found", type=Instant(), help="発見の時刻（省くと今）")
@click.option(
    "--terminal",
    "terminals",
    multiple=True,
    help="関わる端末（何度でも）",
    shell_complete=completed("codes_of", "terminals"),
)
@click.option(
    "--service",
    "services",
    multiple=True,
    help="関わる業務（何度でも）",
    shell_complete=completed("codes_of", "services"),
)
@pass_settings_and_json
def incident_add(
    settings: Settings,
    category: str,
    summary: str,
    occurred: datetime | None,
    found: datetime | None,
    terminals: tuple[str, ...],
    services: tuple[str, ...],
    as_json: bool,
) -> None:
    """事案を記録する（どの日、どの時刻でも）"""
    session = settings.session(write=True)
    fields: dict[str, Any] = {"category": category, "summary": summary, "terminals": terminals, "services": services}
    fields |= {k: at for k, at in (("occurred_at", occurred), ("found_at", found)) if at is not None}
    written = session.act("incident.opened", fields)
    warn(session.warnings)
    if as_json:
        print_json([fact_json(e) for e in written])
    else:
        click.echo(f"{written[0].fact.incident} として記録しました")  # type: ignore[attr-defined]


@incident.command(name="amend")
@click.argument("number")
@click.option("--occurred", "occurred_at", type=Instant(), help="発生")
@click.option("--found", "found_at", type=Instant(), help="発見")
@click.option("--reported", "reported_at", type=Instant(), help="市へ報告（記録した報告の時刻を直す）")
@click.option("--followed-up", "followed_up_at", type=Instant(), help="応急処置後の報告（同じく）")
@click.option("--handed-over", "handed_over_at", type=Instant(), help="市へ引継ぎ")
@click.option("--police", "police_at", type=Instant(), help="警察へ通報")
@click.option("--restored", "restored_at", type=Instant(), help="復旧（記録した復旧の時刻を直す）")
@pass_settings_and_json
def incident_amend(settings: Settings, number: str, as_json: bool, **times: datetime | None) -> None:
    """事案の時刻を、いくつでも一緒に直す（前後はすべてそろえて確かめます）

    ほかの項目は floorctl do incident.amended で直します。
    """
    given = {name: at for name, at in times.items() if at is not None}
    if not given:
        raise UsageError(
            "直す時刻がありません", "時刻が1つも書かれていません", "--found 2026-09-14T09:40 などを付けてください"
        )
    session = settings.session(write=True)
    written = session.act("incident.amended", {"incident": number, **given})
    warn(session.warnings)
    if as_json:
        print_json([fact_json(e) for e in written])
    else:
        click.echo(written[0].fact.sentence(session.site) if written else "変わりはありません（すでにその時刻です）")


@incident.command(name="list")
@pass_settings_and_json
def incident_list(settings: Settings, as_json: bool) -> None:
    """事案の一覧"""
    session = settings.session()
    found = [i.to_json() for i in session.register().incidents.values()]
    if as_json:
        print_json(found)
    else:
        from floorctl.cli.text import incidents_text

        click.echo(incidents_text(found))


@incident.command(name="show")
@click.argument("number")
@pass_settings_and_json
def incident_show(settings: Settings, number: str, as_json: bool) -> None:
    """事案1つのすべてと、その経過（いつ何を記録したか）"""
    from floorctl.cli.text import incident_text
    from floorctl.models.board.incident_history import history

    session = settings.session()
    found = session.register().incidents.get(number)
    if found is None:
        raise Refused("その事案はありません", "記録にない番号です", "floorctl incident list で番号を確かめてください")
    sentences = history(session.register_facts(), number, session.site)
    if as_json:
        print_json(found.to_json() | found.details() | {"history": [s.to_json() for s in sentences]})
    else:
        click.echo(incident_text(found, sentences, session.site))
