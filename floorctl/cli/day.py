"""Commands of a running day: feeds, board, single acts, incidents, log, calendar and ``doctor``."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from floorctl.cli.base import (
    PATH,
    VOLUMES,
    Day,
    Instant,
    Seed,
    Settings,
    command,
    day_option,
    end_with,
    group,
    json_option,
    note_done,
    pass_settings,
    pass_settings_and_json,
    print_json,
    warn,
    write_stdout,
)
from floorctl.common.clock import business_day, iso
from floorctl.common.errors import FloorctlError, Refused, ToldToEnd, UsageError
from floorctl.common.incident_policies import INCIDENT_POLICIES

if TYPE_CHECKING:
    from floorctl.models.facts.entry import Entry
    from floorctl.simulation.monthly_demand import Volume

# ---- feeds -----------------------------------------------------------------------------------------------------------


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
@click.argument("file", default="-")
@click.option("--follow", is_flag=True, help="ファイルが伸びるのを待ち続ける（Ctrl-C で終わる）")
@click.option("--source", default="feed", show_default=True, help="入力元の名前")
@pass_settings_and_json
def ingest(settings: Settings, file: str, follow: bool, source: str, as_json: bool) -> None:
    """発券機の記録（1行1件の JSON）を取り込む"""
    from floorctl.common.privacy import find
    from floorctl.common.privacy import warn as doubt
    from floorctl.intake.feed import Intake, Tail, lines, open_feed
    from floorctl.models.facts.fields import SOURCE_PATTERN
    from floorctl.usecases.session import SOURCE

    if not SOURCE_PATTERN.fullmatch(source):
        raise UsageError("--source が正しくありません", "英数字と . _ : - の64字までです")
    if find(source) is not None:  # it is stored with every fact: a personal number must not be
        raise UsageError("--source が正しくありません", "番号が含まれています", "入力元の名前にしてください")
    if source == SOURCE:
        raise UsageError("--source に console は使えません", "手で入れた記録の入力元です", "別の名前にしてください")
    warn([f"--source に{warning}"] if (warning := doubt(source)) else [])
    stream = None
    if file == "-" and sys.stdin is None:
        do = "発券機の記録のファイルを指定するか、標準入力につないでください"
        raise FloorctlError("標準入力を読めません", "閉じられています", do)
    if file != "-" and not follow:
        stream = open_feed(Path(file))
    session = settings.session(write=True, hold=True)

    def refused(n: int, why: str) -> None:
        click.echo(f"{n}行目: {why}", err=True)

    intake = Intake(session.store, session.site, source, session.clock, refused)
    try:
        if follow and file != "-":
            _follow(Tail(Path(file)), intake)
        else:
            for batch in lines(stream or sys.stdin.buffer):  # type: ignore[arg-type]
                intake.take(batch)
    except (KeyboardInterrupt, ToldToEnd):
        if not follow:
            raise
    except FloorctlError:
        if intake.totals.accepted:
            note_done(f"{intake.totals.accepted}件は取り込みました")
        raise
    finally:
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
        click.echo(f"取り込み {t.accepted}件  重複 {t.duplicate}件  拒否 {t.refused}件")


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


# ---- the day ---------------------------------------------------------------------------------------------------------


@command()
@pass_settings_and_json
def status(settings: Settings, as_json: bool) -> None:
    """盤面を1度だけ表示する"""
    from floorctl.models.board.status import status as status_of

    session = settings.session()
    now = session.clock()
    day = business_day(now)
    floor = session.floor(day)
    predicted, ahead = None, None
    if floor.waiting:
        from floorctl.usecases.forecasting import outlook

        predicted, ahead = outlook(session, floor, now)
    head, began = session.head(), session.began()
    document = status_of(floor, session.register(), session.info(day), now, head, began, predicted, ahead)
    if as_json:
        print_json(document)
    else:
        from floorctl.cli.text import status_text

        click.echo(status_text(document, session.site))


@command()
@click.argument("terminal")
@click.argument("lane")
@click.option("--reason", default="", help="理由（通常の幅を外れるときは必要）")
@pass_settings_and_json
def assign(settings: Settings, terminal: str, lane: str, reason: str, as_json: bool) -> None:
    """端末を別の列へ移す"""
    session = settings.session(write=True)
    written = session.act("terminal.assigned", {"terminal": terminal, "lane": lane, "reason": reason})
    warn(session.warnings)
    if as_json:
        print_json([_fact_json(e) for e in written])
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
@click.argument("kind")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]…")
@click.option("--reason", help="理由")
@click.option("--date", "day", type=Day(), help="過去の営業日に書く（再開と、締めるまでの集計・報告文）")
@click.option("--json", "as_json", is_flag=True, help="JSON で出す（省いても同じ）")
@pass_settings
def do_(
    settings: Settings, kind: str, fields: tuple[str, ...], reason: str | None, day: date | None, as_json: bool
) -> None:
    """コンソールと同じ規則で1つの操作を記録する

    KIND は day.opened ticket.issued terminal.paused escalation.settled incident.reported memo.written retracted など。
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
    print_json([_fact_json(e) for e in written])


@group()
def incident() -> None:
    """事案（事故・障害）"""


@incident.command(name="add")
@click.option(
    "--category",
    required=True,
    help=f"分類: {' '.join(INCIDENT_POLICIES)}",
)
@click.option("--summary", required=True, help="1行の概要（個人情報は書かない）")
@click.option("--occurred", type=Instant(), help="発生の時刻（省くと今）")
@click.option("--found", type=Instant(), help="発見の時刻（省くと今）")
@click.option("--terminal", "terminals", multiple=True, help="関わる端末（何度でも）")
@click.option("--service", "services", multiple=True, help="関わる業務（何度でも）")
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
        print_json([_fact_json(e) for e in written])
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
        print_json([_fact_json(e) for e in written])
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


@command()
@day_option
@pass_settings_and_json
def log(settings: Settings, day: date | None, as_json: bool) -> None:
    """一日の記録を順に出す"""
    session = settings.session()
    floor = session.floor(day or session.today)
    if as_json:
        print_json([_fact_json(e) | {"anomaly": floor.anomalies.get(e.key)} for e in floor.entries])
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
    from floorctl.usecases.doctor import examine, remarks

    report = examine(settings.path, settings.site(), full=full, claimed=claimed, make_folder=settings.db is None)
    for finding in report["findings"]:
        click.echo(finding["text"], err=True)
    if not report["ok"]:
        end_with(3)
    if as_json:
        print_json(report)
    else:
        click.echo("異常はありません" if report["ok"] else "異常があります")
        click.echo(
            f"記録 {report['facts']}件  合わない記録 {report['anomalies']}件  照合値 {report['head']['seq']}:{report['head']['hash']}"
        )
        for line in remarks(report):
            click.echo(line)
        if report["sqlite"] is not None:
            from floorctl.database.sqlite_faults import words

            click.echo("\n".join(words(report["sqlite"])))


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _fact_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as the contract's JSON object (contract 4): its metadata and, under ``data``, its own fields."""
    data = json.loads(entry.fact.payload())
    return {
        "seq": entry.seq,
        "id": entry.fact.id,
        "source": entry.source,
        "at": iso(entry.fact.at),
        "recorded_at": iso(entry.recorded_at),
        "actor": entry.actor,
        "kind": entry.kind,
        "data": data,
    }
