"""Commands of a running day: board, single acts, log, calendar and ``doctor``."""

from __future__ import annotations

from datetime import date

import click

from floorctl.cli.base import (
    Settings,
    command,
    completed,
    day_option,
    end_with,
    fact_json,
    json_option,
    pass_settings,
    pass_settings_and_json,
    print_json,
    warn,
)
from floorctl.cli.option_types import Day
from floorctl.common.errors import UsageError


@command()
@click.option(
    "--watch", "watched", is_flag=True, help="Ctrl+C まで、記録のたびに描き直す（--json なら変わるたびに1行）"
)
@click.option(
    "--interval", type=click.IntRange(1, 3600), metavar="SECONDS", help="描き直す間隔（省くと5秒。--watch のとき）"
)
@pass_settings_and_json
def status(settings: Settings, watched: bool, interval: int | None, as_json: bool) -> None:
    """盤面を1度だけ表示する（--watch なら表示し続ける）"""
    if watched:
        if settings.frozen is not None:
            raise UsageError(
                "--watch と --now は一緒に使えません", "止めた時刻は進みません", "どちらか一方にしてください"
            )
        from floorctl.cli.watch import Lines, Screen, draws, watch

        every = interval or 5
        watch(settings, every, Screen(every) if draws() and not as_json else Lines(as_json=as_json))
        return
    if interval is not None:
        raise UsageError("--interval は --watch と一緒に使います", "", "--watch も付けてください")
    from floorctl.usecases.status_now import status_now

    session = settings.session()
    document = status_now(session)
    if as_json:
        print_json(document)
    else:
        from floorctl.cli.text import status_text

        click.echo(status_text(document, session.site))


@command()
@click.argument("terminal", shell_complete=completed("codes_of", "terminals"))
@click.argument("lane", shell_complete=completed("codes_of", "lanes"))
@click.option("--reason", default="", help="理由（通常の幅を外れるときは必要）")
@pass_settings_and_json
def assign(settings: Settings, terminal: str, lane: str, reason: str, as_json: bool) -> None:
    """端末を別の列へ移す"""
    session = settings.session(write=True)
    written = session.act("terminal.assigned", {"terminal": terminal, "lane": lane, "reason": reason})
    warn(session.warnings)
    if as_json:
        print_json([fact_json(e) for e in written])
        return
    state, name = session.floor().terminals[terminal], session.site.lane_by_code[lane].name
    if not written:
        click.echo(f"{terminal} はすでに {name} です")
    elif state.next_lane is None:
        click.echo(f"{terminal} を {name} へ移しました")
    else:
        click.echo(f"{terminal} は {state.ticket} が終わりしだい {name} へ移ります")


# Kinds that may be backdated to an earlier business day, whose report was closed with an error or not at all.
_OF_AN_EARLIER_DAY = ("day.reopened", "total.read", "report.written", "work.counted", "inquiry.counted")


@command(name="do")
@click.argument("kind", shell_complete=completed("kinds"))
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]…", shell_complete=completed("fields"))
@click.option("--reason", help="理由")
@click.option("--date", "day", type=Day(), help="過去の営業日に書く（再開と、締めるまでの集計・報告文）")
@click.option("--json", "as_json", is_flag=True, help="JSON で出す（省いても同じ）")
@pass_settings
def do_(
    settings: Settings, kind: str, fields: tuple[str, ...], reason: str | None, day: date | None, as_json: bool
) -> None:
    """コンソールと同じ規則で1つの操作を記録する

    KIND は day.opened ticket.issued terminal.paused escalation.settled incident.reported memo.written retracted など。
    すべての種類は floorctl help facts、その項目は floorctl help KIND で出ます。
    """
    from floorctl.cli.typed_fields import parse_fields
    from floorctl.models.board.furigana import furigana_item, to_ask
    from floorctl.usecases.retraction import retract

    given = parse_fields(kind, fields, reason)
    if day is not None and kind not in _OF_AN_EARLIER_DAY:
        do = f"使えるのは {'、'.join(_OF_AN_EARLIER_DAY)} です"
        raise UsageError(f"{kind} に --date は使えません", "その日のうちに書くものです", do)
    session = settings.session(write=True)
    written = retract(session, given) if kind == "retracted" else session.act(kind, given, day=day)
    warn(session.warnings)
    if to_ask(session.floor(day), written):
        item = furigana_item(session.site)
        warn([f"振り仮名も印字しましたか（証明書とセット 仕様書 7(1)ウ）。したら floorctl do work.counted item={item}"])
    print_json([fact_json(e) for e in written])


@command()
@day_option
@pass_settings_and_json
def log(settings: Settings, day: date | None, as_json: bool) -> None:
    """一日の記録を順に出す"""
    session = settings.session()
    floor = session.floor(day or session.today)
    if as_json:
        print_json([fact_json(e) | {"anomaly": floor.anomalies.get(e.key)} for e in floor.entries])
    else:
        from floorctl.cli.text import log_text

        click.echo(log_text(floor), nl=False)


@command()
@click.option("--from", "start", type=Day(), required=True, help="初めの日")
@click.option("--to", "end", type=Day(), required=True, help="終わりの日（含む）")
@pass_settings_and_json
def calendar(settings: Settings, start: date, end: date, as_json: bool) -> None:
    """開場日と受付時間"""
    if end < start:
        raise UsageError("期間が正しくありません", "--to が --from より前です", "順を確かめてください")
    if (end - start).days > 20_000:
        raise UsageError("期間が長すぎます", "一度に出せるのは約50年までです", "期間を短くしてください")
    days = settings.session().calendar.between(start, end)
    if as_json:
        print_json([d.to_json() for d in days])
    else:
        from floorctl.cli.text import calendar_text

        click.echo(calendar_text(days))


@command()
@json_option
@click.option("--full", is_flag=True, help="すべての日を検査する")
@click.option("--head", "claimed", metavar="SEQ:HASH", help="報告書に印刷された値と照らす")
@pass_settings
def doctor(settings: Settings, as_json: bool, full: bool, claimed: str | None) -> None:
    """記録の検査（後から変えられていないか）"""
    from floorctl.usecases.doctor import BUSY, examine, remarks

    report = examine(settings.path, settings.site(), full=full, claimed=claimed, make_folder=settings.db is None)
    for finding in report["findings"]:
        click.echo(finding["text"], err=True)
    if not report["ok"]:
        end_with(3)
    if as_json:
        print_json(report)
    elif all(finding["code"] != BUSY for finding in report["findings"]):
        click.echo("異常はありません" if report["ok"] else "異常があります")
        click.echo(
            f"記録 {report['facts']}件  合わない記録 {report['anomalies']}件  照合値 {report['head']['seq']}:{report['head']['hash']}"
        )
        for line in remarks(report):
            click.echo(line)
        if report["sqlite"] is not None:
            from floorctl.database.sqlite_faults import words

            click.echo("\n".join(words(report["sqlite"])))
