"""The command line (contract §1). A verb imports what it needs inside itself, so that each starts as fast as it can."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from floorctl import __version__
from floorctl.clock import business_day, frozen_clock, iso, parse_time, system_clock
from floorctl.errors import FloorctlError, UsageError

if TYPE_CHECKING:
    from floorctl.models.events import Entry
    from floorctl.models.site import Site
    from floorctl.session import Session
    from floorctl.simulation.demand import Volume


@dataclass
class Settings:
    """What the options before the command say."""

    db: Path | None
    site_file: Path | None
    frozen: datetime | None

    @property
    def path(self) -> Path:
        if self.db is not None:
            return self.db
        from platformdirs import user_data_path

        return user_data_path("floorctl", appauthor=False) / "floor.db"

    def now(self) -> datetime:
        return self.frozen or system_clock()

    def site(self) -> Site:
        from floorctl.sites import load_site

        return load_site(self.site_file)

    def session(self, *, write: bool = False, actor: str = "cli") -> Session:
        from floorctl.session import Session

        return Session(
            self.site(), self.path, frozen=self.frozen, actor=actor, create=write, make_folder=self.db is None
        )


class Instant(click.ParamType[datetime]):
    """ISO 8601; without an offset it is Asia/Tokyo."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return parse_time(value)
        except (ValueError, OverflowError):
            self.fail("時刻は 2026-09-14T10:05 または 2026-09-14T10:05:30+09:00 の形で書いてください", param, ctx)


class Day(click.ParamType[date]):
    """A date, YYYY-MM-DD."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if len(value) != 10:
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail("日付は 2026-09-14 の形で書いてください", param, ctx)


class _Japanese:
    """Help and headings in Japanese for a click command."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "この説明を表示する"
        return option  # type: ignore[no-any-return]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [r for p in self.get_params(ctx) if (r := p.get_help_record(ctx)) is not None]  # type: ignore[attr-defined]
        if records:
            with formatter.section("オプション"):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class JapaneseCommand(_Japanese, click.Command):
    pass


class JapaneseGroup(_Japanese, click.Group):
    command_class = JapaneseCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(n, c.get_short_help_str(80)) for n in self.list_commands(ctx) if (c := self.get_command(ctx, n))]
        with formatter.section("コマンド"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of the day, not of the alphabet


JapaneseGroup.group_class = JapaneseGroup
pass_settings = click.pass_obj
json_option = click.option("--json", "as_json", is_flag=True, help="JSON で1つの文書として出す")


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"floorctl {__version__}")
        ctx.exit()


@click.group(cls=JapaneseGroup, invoke_without_command=True, context_settings={"help_option_names": ["--help"]})
@click.option("--db", type=click.Path(path_type=Path), envvar="FLOORCTL_DB", help="データファイル（SQLite 1つ）")
@click.option("--site", type=click.Path(path_type=Path), envvar="FLOORCTL_SITE", help="サイト設定（TOML）")
@click.option("--now", type=Instant(), envvar="FLOORCTL_NOW", help="この時刻のこととして見る・記録する")
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="版を表示する")
@click.pass_context
def cli(ctx: click.Context, db: Path | None, site: Path | None, now: datetime | None) -> None:
    """熊谷市 個人番号カード窓口の会場運営コンソール。コマンドを省くと盤面を開きます。"""
    ctx.obj = Settings(db, site, now)
    if ctx.invoked_subcommand is None:
        ctx.invoke(console, feed=())


# ---- the console -----------------------------------------------------------------------------------------------------


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise FloorctlError(
            "盤面を開けません",
            "端末（コンソール画面）がありません",
            "端末で実行するか、floorctl status を使ってください",
        )


@cli.command()
@click.option(
    "--feed", type=click.Path(path_type=Path), multiple=True, help="動いている間に取り込むフィード（何度でも）"
)
@pass_settings
def console(settings: Settings, feed: tuple[Path, ...]) -> None:
    """現場責任者の盤面を開く"""
    _need_terminal()
    from floorctl.launch import run_console

    run_console(settings.path, settings.site_file, settings.frozen, feed, make_folder=settings.db is None)


@cli.command()
@click.option("--speed", type=click.FloatRange(0.1, 3600), default=60.0, show_default=True, help="何倍の速さで進めるか")
@click.option(
    "--volume", type=click.Choice(["low", "normal", "surge"]), default="surge", show_default=True, help="混み具合"
)
@click.option("--seed", type=int, default=1, show_default=True, help="同じ数なら同じ一日")
@pass_settings
def demo(settings: Settings, speed: float, volume: Volume, seed: int) -> None:
    """一時ファイルの上で、模擬の一日を盤面に流す"""
    _need_terminal()
    from floorctl.launch import run_demo

    run_demo(settings.site_file, speed=speed, volume=volume, seed=seed, start=settings.frozen)


# ---- feeds -----------------------------------------------------------------------------------------------------------


@cli.command()
@click.option("--date", "day", type=Day(), required=True, help="模擬する日")
@click.option("--seed", type=int, required=True, help="同じ数なら同じ一日")
@click.option(
    "--volume", type=click.Choice(["low", "normal", "surge"]), default="normal", show_default=True, help="混み具合"
)
@click.option("-o", "out", type=click.Path(path_type=Path), help="書き出すファイル（省くと標準出力）")
@pass_settings
def simulate(settings: Settings, day: date, seed: int, volume: Volume, out: Path | None) -> None:
    """模擬の一日をフィードとして書き出す"""
    from floorctl.rehearsal import simulated_feed

    data = simulated_feed(settings.site(), day, seed, volume)
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        temporary = out.with_name(f".{out.name}.{os.getpid()}.new")
        temporary.write_bytes(data)
        temporary.replace(out)
    except OSError:
        raise FloorctlError(f"{out} に書けません", "場所か権限に問題があります", "別の場所を指定してください") from None


@cli.command()
@click.argument("file", default="-")
@click.option("--follow", is_flag=True, help="ファイルが伸びるのを待ち続ける（Ctrl-C で終わる）")
@click.option("--source", default="feed", show_default=True, help="出どころの名前")
@json_option
@pass_settings
def ingest(settings: Settings, file: str, follow: bool, source: str, as_json: bool) -> None:
    """フィード（1行1件の JSON）を取り込む"""
    from floorctl.feed import Intake, Tail, lines, open_feed
    from floorctl.models.events import SOURCE_PATTERN
    from floorctl.session import SOURCE

    if not SOURCE_PATTERN.fullmatch(source):
        raise UsageError("--source が正しくありません", "英数字と . _ : - の64字までです")
    if source == SOURCE:
        raise UsageError("--source に console は使えません", "手で入れた記録の出どころです", "別の名前にしてください")
    stream = None
    if file != "-" and not follow:
        stream = open_feed(Path(file))
    session = settings.session(write=True)
    clock = frozen_clock(settings.frozen) if settings.frozen else system_clock
    intake = Intake(session.store, session.site, source, clock, lambda n, why: click.echo(f"{n}行目: {why}", err=True))
    try:
        if follow and file != "-":
            _follow(Tail(Path(file)), intake)
        else:
            for some in lines(stream or sys.stdin.buffer):  # type: ignore[arg-type]
                intake.take(some)
    except KeyboardInterrupt:
        if not follow:
            raise
    finally:
        if stream is not None:
            stream.close()
        session.close()
    t = intake.totals
    if as_json:
        _print_json({"accepted": t.accepted, "duplicate": t.duplicate, "refused": t.refused})
    else:
        click.echo(f"取り込み {t.accepted}件  重複 {t.duplicate}件  拒否 {t.refused}件")
    if t.refused and not follow:
        sys.exit(1)


def _follow(tail: Any, intake: Any) -> NoReturn:
    import signal
    import time

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    while True:
        found = tail.poll()
        if found:
            intake.take(found)
        else:
            time.sleep(0.05)


# ---- the day ---------------------------------------------------------------------------------------------------------


@cli.command()
@json_option
@pass_settings
def status(settings: Settings, as_json: bool) -> None:
    """盤面を1度だけ表示する"""
    from floorctl.models.status import Head
    from floorctl.models.status import status as status_of

    session = settings.session()
    now = settings.now()
    day = business_day(now)
    head = session.head()
    document = status_of(session.floor(day), session.register(), session.info(day), now, Head(head.seq, head.hash))
    if as_json:
        _print_json(document)
    else:
        from floorctl.printing import status_text

        click.echo(status_text(document, session.site))


@cli.command()
@click.argument("terminal")
@click.argument("lane")
@click.option("--reason", default="", help="理由（通常の幅を外れるときは必要）")
@json_option
@pass_settings
def assign(settings: Settings, terminal: str, lane: str, reason: str, as_json: bool) -> None:
    """端末を別の列へ移す"""
    session = settings.session(write=True)
    written = session.act("terminal.assigned", {"terminal": terminal, "lane": lane, "reason": reason})
    _warn(session.warnings)
    if as_json:
        _print_json([_fact_json(e) for e in written])
    elif written:
        click.echo(f"{terminal} を {session.site.lane_by_code[lane].name} へ移しました")
    else:
        click.echo(f"{terminal} はすでに {session.site.lane_by_code[lane].name} です")


@cli.command(name="do")
@click.argument("kind")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]…")
@click.option("--reason", help="理由")
@click.option("--json", "as_json", is_flag=True, help="JSON で出す（省いても同じ）")
@pass_settings
def do_(settings: Settings, kind: str, fields: tuple[str, ...], reason: str | None, as_json: bool) -> None:
    """コンソールと同じ規則で1つの操作を記録する

    KIND は day.opened ticket.issued terminal.paused escalation.settled incident.reported memo.written retracted など。
    """
    from floorctl.wishes import parse_fields

    given = parse_fields(kind, fields, reason)
    session = settings.session(write=True)
    written = session.retract(given) if kind == "retracted" else session.act(kind, given)
    _warn(session.warnings)
    _print_json([_fact_json(e) for e in written])


@cli.group()
def incident() -> None:
    """事案（事故・障害）"""


@incident.command(name="add")
@click.option(
    "--category",
    required=True,
    help="personal_info complaint system_outage equipment disaster injury labour_accident undue_intervention other",
)
@click.option("--summary", required=True, help="1行の概要（個人情報は書かない）")
@click.option("--occurred", type=Instant(), help="発生の時刻（省くと今）")
@click.option("--terminal", "terminals", multiple=True, help="関わる端末（何度でも）")
@click.option("--service", "services", multiple=True, help="関わる業務（何度でも）")
@json_option
@pass_settings
def incident_add(
    settings: Settings,
    category: str,
    summary: str,
    occurred: datetime | None,
    terminals: tuple[str, ...],
    services: tuple[str, ...],
    as_json: bool,
) -> None:
    """事案を記録する（どの日、どの時刻でも）"""
    session = settings.session(write=True)
    fields: dict[str, Any] = {"category": category, "summary": summary, "terminals": terminals, "services": services}
    if occurred is not None:
        fields["occurred_at"] = occurred
    written = session.act("incident.opened", fields)
    if as_json:
        _print_json([_fact_json(e) for e in written])
    else:
        click.echo(f"{written[0].fact.incident} として記録しました")  # type: ignore[attr-defined]


@incident.command(name="list")
@json_option
@pass_settings
def incident_list(settings: Settings, as_json: bool) -> None:
    """事案の一覧"""
    session = settings.session()
    found = [i.to_json() for i in session.register().incidents.values()]
    if as_json:
        _print_json(found)
    else:
        from floorctl.printing import incidents_text

        click.echo(incidents_text(found))


@cli.command()
@click.option("--date", "day", type=Day(), help="営業日（省くと今日）")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="書き出すフォルダ（省くと今のフォルダ）")
@pass_settings
def export(settings: Settings, day: date | None, out: Path) -> None:
    """一日の文書を書き出す"""
    from floorctl.documents.day import day_record
    from floorctl.documents.export import export_day

    session = settings.session()
    day = day or business_day(settings.now())
    floor = session.floor(day)
    record = day_record(floor, session.register(), session.head(day), revision=floor.revision)
    result = export_day(record, session.site, out)
    for path in result.paths:
        click.echo(str(path))
    for note in result.notes:
        click.echo(note, err=True)


@cli.command()
@click.option("--date", "day", type=Day(), help="営業日（省くと今日）")
@json_option
@pass_settings
def log(settings: Settings, day: date | None, as_json: bool) -> None:
    """一日の記録を順に出す"""
    session = settings.session()
    floor = session.floor(day or business_day(settings.now()))
    if as_json:
        _print_json([_fact_json(e) | {"anomaly": floor.anomalies.get(e.key)} for e in floor.entries])
    else:
        from floorctl.printing import log_text

        click.echo(log_text(floor), nl=False)


@cli.command()
@click.option("--from", "start", type=Day(), required=True, help="初めの日")
@click.option("--to", "end", type=Day(), required=True, help="終わりの日（含む）")
@json_option
@pass_settings
def calendar(settings: Settings, start: date, end: date, as_json: bool) -> None:
    """開場日と受付時間"""
    from floorctl.models.calendar import Calendar

    if end < start:
        raise UsageError("期間が正しくありません", "--to が --from より前です", "順を確かめてください")
    if (end - start).days > 20_000:
        raise UsageError("期間が長すぎます", "一度に出せるのは約50年までです", "期間を短くしてください")
    days = Calendar(settings.site()).between(start, end)
    if as_json:
        _print_json([d.to_json() for d in days])
    else:
        from floorctl.printing import calendar_text

        click.echo(calendar_text(days))


@cli.command()
@json_option
@click.option("--full", is_flag=True, help="すべての日を検査する")
@click.option("--head", "claimed", metavar="SEQ:HASH", help="報告書に印刷された値と照らす")
@pass_settings
def doctor(settings: Settings, as_json: bool, full: bool, claimed: str | None) -> None:
    """ファイルの健康診断"""
    from floorctl.health import examine

    report = examine(settings.path, settings.site(), full=full, claimed=claimed, make_folder=settings.db is None)
    if as_json:
        _print_json(report)
    else:
        click.echo("異常はありません" if report["ok"] else "異常があります")
        click.echo(
            f"記録 {report['facts']}件  合わない記録 {report['anomalies']}件  先頭 {report['head']['seq']}:{report['head']['hash']}"
        )
    for finding in report["findings"]:
        click.echo(finding["text"], err=True)
    if not report["ok"]:
        sys.exit(3)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _fact_json(entry: Entry) -> dict[str, Any]:
    data = json.loads(entry.fact.model_dump_json(exclude={"id", "at", "kind"}))
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


def _print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))


def _warn(warnings: Iterable[str]) -> None:
    for text in warnings:
        click.echo(text, err=True)


_CLICK_WORDS: tuple[tuple[type[click.ClickException], Callable[[Any], str]], ...] = (
    (click.NoSuchOption, lambda e: f"知らないオプションです（{e.option_name}）"),
    (click.MissingParameter, lambda e: f"{_param(e)} がありません"),
    (click.BadParameter, lambda e: f"{_param(e)} が正しくありません"),
    (click.BadOptionUsage, lambda e: f"{e.option_name} の使い方が正しくありません"),
    (click.FileError, lambda e: "ファイルを開けません"),
)


def _param(e: Any) -> str:
    if e.param is None:
        return "引数"
    return str(e.param.opts[0] if e.param.param_type_name == "option" else e.param.human_readable_name)


def _usage_sentence(e: click.ClickException) -> str:
    for kind, words in _CLICK_WORDS:
        if isinstance(e, kind):
            text = words(e)
            own = e.message if isinstance(e, click.BadParameter) and not e.message.isascii() else ""
            return f"{text}{'：' + own if own else ''}。--help で使い方を確かめてください。"
    if e.message.startswith("No such command"):
        return "知らないコマンドです。--help でコマンドの一覧を見てください。"
    return "使い方が正しくありません。--help で確かめてください。"


def main(args: list[str] | None = None) -> None:
    """The entry point: every failure becomes one Japanese sentence and the exit status of the contract."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe on a Japanese Windows is cp932, which has no 𠮷; what cannot be shown must not stop the command.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        cli.main(args=args, prog_name="floorctl", standalone_mode=False)
    except FloorctlError as e:
        click.echo(e.sentence, err=True)
        sys.exit(e.exit_status)
    except click.exceptions.Exit as e:
        sys.exit(e.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("中断しました。", err=True)
        sys.exit(130)
    except click.ClickException as e:
        click.echo(_usage_sentence(e), err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
