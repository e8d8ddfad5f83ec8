"""The command line (contract 1). A verb imports what it needs inside itself, so that each starts as fast as it can."""

from __future__ import annotations

import errno
import re
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from floorctl import __version__
from floorctl.cli.streams import OutputLost, Stream
from floorctl.common.clock import parse_time, system_clock
from floorctl.common.errors import FloorctlError, StoreError, ToldToEnd, UsageError, not_loaded

if TYPE_CHECKING:
    from floorctl.models.site.site import Site
    from floorctl.simulation.demand import Volume
    from floorctl.usecases.session import Session


_HERE = Path(__file__).parent.parent


@dataclass
class Settings:
    """What the options before the command say."""

    db: Path | None
    site_file: Path | None
    frozen: datetime | None

    @property
    def path(self) -> Path:
        """The data file. Raises StoreError where it would lie on a network share; a copy of it may lie there."""
        if self.db is not None:
            from floorctl.database.network_share import refuse_share

            refuse_share(self.db)
            return _usable(self.db)
        from platformdirs import user_data_path

        return user_data_path("floorctl", appauthor=False) / "floor.db"

    def reserved(self) -> list[Path]:
        """The files of this run, which no output may be, whether they exist yet or not."""
        return [path for path in (self.path, self.site_file) if path is not None]

    def now(self) -> datetime:
        return self.frozen or system_clock()

    def site(self) -> Site:
        from floorctl.intake.site_file import load_site

        return load_site(self.site_file)

    def session(self, *, write: bool = False, hold: bool = False, actor: str = "cli") -> Session:
        from floorctl.usecases.session import Session

        session = Session(
            self.site(),
            self.path,
            frozen=self.frozen,
            actor=actor,
            create=write,
            make_folder=self.db is None,
            hold=hold,
        )
        _STANDS.append(lambda: "記録しました" if session.recorded else "")
        return session


# What this command has done that stands, in words: asked for where its answer cannot be printed.
_STANDS: list[Callable[[], str]] = []


def stands(sentence: str) -> None:
    """Notes that something is done and stays done, whether or not it can be printed."""
    _STANDS.append(lambda: sentence)


# How this command ends once all is said, where it has done its work and yet is not wholly well: a status alone, or what
# is still to be said. Kept here, so that a lost output makes no other end of it.
_ENDS: list[FloorctlError | int] = []


def ends_with(end: FloorctlError | int) -> None:
    """Notes how the command will end, before it prints its answer: it ends so whether or not that can be printed."""
    _ENDS.append(end)


def _end() -> int:
    """Says what is still to be said, and returns the exit status of the contract."""
    for end in _ENDS:
        if isinstance(end, FloorctlError):
            _say_failed(end)
    return max((end.exit_status if isinstance(end, FloorctlError) else end for end in _ENDS), default=0)


def _usable(path: Path) -> Path:
    """The path of a data file that may not exist yet. Raises StoreError where no file can ever be there."""
    what, do = f"{path.name} は使えません", "--db で正しいファイルを指定してください"
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return path  # told by whoever opens it
    except (OSError, ValueError) as error:
        loop = getattr(error, "errno", None) == errno.ELOOP
        raise StoreError(what, "リンクが輪になっています" if loop else "その場所は開けません", do) from None
    if stat.S_ISDIR(mode):
        raise StoreError(what, "フォルダーです", do)
    if not stat.S_ISREG(mode):
        raise StoreError(what, "ファイルではないものです", do)
    return path


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


class Month(click.ParamType[date]):
    """A month, YYYY-MM, as its first day."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if re.fullmatch(r"2[01][0-9]{2}-(0[1-9]|1[0-2])", value, re.ASCII) is None:
            self.fail("月は 2026-09 の形で書いてください", param, ctx)
        return date.fromisoformat(f"{value}-01")


class FiscalYear(click.ParamType[int]):
    """The year in whose April a fiscal year begins, YYYY."""

    name = "YYYY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if re.fullmatch(r"2[01][0-9]{2}", value, re.ASCII) is None:
            self.fail("年度は、4月の西暦年を 2026 の形で書いてください", param, ctx)
        return int(value)


class Seed(click.ParamType[int]):
    """A seed of chance: a whole number of at most nine digits, since the ids of a simulated day contain it."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if re.fullmatch(r"-?[0-9]{1,9}", value, re.ASCII) is None:
            self.fail("9桁までの整数で書いてください", param, ctx)
        return int(value)


class TimeOfDay(click.ParamType[time]):
    """A time of day, HH:MM."""

    name = "HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        if isinstance(value, time):
            return value
        if re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value, re.ASCII) is None:
            self.fail("時刻は 10:15 の形で書いてください", param, ctx)
        return time.fromisoformat(value.zfill(5))


class _Japanese:
    """Help and headings in Japanese for a click command."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "この説明を表示する"
        return option  # type: ignore[no-any-return]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        words = {
            "[OPTIONS]": "[オプション]",
            "[COMMAND] [ARGS]...": "[コマンド] [引数]",
            "COMMAND [ARGS]...": "コマンド [引数]",
        }
        formatter.write_usage(ctx.command_path, " ".join(words.get(p, p) for p in pieces), prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [r for p in self.get_params(ctx) if (r := p.get_help_record(ctx)) is not None]  # type: ignore[attr-defined]
        records = [
            (names, text.replace("[default: ", "[省略時 ").replace("[required]", "[必須]")) for names, text in found
        ]
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


class Root(JapaneseGroup):
    """The console starts without the other verbs; they are loaded when one is named or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        import floorctl.cli.advice
        import floorctl.cli.backtest
        import floorctl.cli.backup
        import floorctl.cli.closing
        import floorctl.cli.day
        import floorctl.cli.duties
        import floorctl.cli.forecast
        import floorctl.cli.people
        import floorctl.cli.registers
        import floorctl.cli.rehearsal  # noqa: F401

        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands:
            self.list_commands(ctx)
        return super().get_command(ctx, cmd_name)


JapaneseGroup.group_class = JapaneseGroup
pass_settings = click.pass_obj
json_option = click.option("--json", "as_json", is_flag=True, help="JSON で1つの文書として出す")


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    import json

    click.echo(json.dumps(document, ensure_ascii=False))


def shown(path: Path) -> str:
    """A path for a person: as it is for a program that reads on, with nothing that a terminal would obey for a person."""
    from floorctl.common.privacy import clean

    return clean(str(path)) if sys.stdout.isatty() else str(path)


def warn(sentences: Iterable[str]) -> None:
    """What is to be said beside a command that was done: on stderr, a line each."""
    for text in sentences:
        say(text)


no_mouse_option = click.option("--no-mouse", is_flag=True, envvar="FLOORCTL_NO_MOUSE", help="マウスを使わない")


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"floorctl {__version__}")
        ctx.exit()


@click.group(cls=Root, invoke_without_command=True, context_settings={"help_option_names": ["--help"]})
@click.option("--db", type=click.Path(path_type=Path), envvar="FLOORCTL_DB", help="データファイル（SQLite 1つ）")
@click.option("--site", type=click.Path(path_type=Path), envvar="FLOORCTL_SITE", help="サイト設定（TOML）")
@click.option("--now", type=Instant(), envvar="FLOORCTL_NOW", help="この時刻のこととして見る・記録する")
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="版を表示する")
@click.pass_context
def cli(ctx: click.Context, db: Path | None, site: Path | None, now: datetime | None) -> None:
    """個人番号カード窓口の会場運営コンソール。コマンドを省くと盤面を開きます。"""
    ctx.obj = Settings(db, site, now)
    if ctx.invoked_subcommand is None:
        # A context of its own, so that its options are read from the environment too.
        with console.make_context("console", [], parent=ctx) as own:
            console.invoke(own)


# ---- the console -----------------------------------------------------------------------------------------------------


def need_terminal() -> None:
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
@no_mouse_option
@pass_settings
def console(settings: Settings, feed: tuple[Path, ...], no_mouse: bool) -> None:
    """現場責任者の盤面を開く"""
    need_terminal()
    from floorctl.screens.launch import run_console

    make_folder = settings.db is None
    run_console(settings.path, settings.site_file, settings.frozen, feed, make_folder=make_folder, mouse=not no_mouse)


@cli.command()
@click.option("--speed", type=click.FloatRange(0.1, 3600), default=60.0, show_default=True, help="何倍の速さで進めるか")
@click.option(
    "--volume", type=click.Choice(["low", "normal", "surge"]), default="surge", show_default=True, help="混み具合"
)
@click.option("--seed", type=Seed(), default=1, show_default=True, help="同じ数なら同じ一日")
@no_mouse_option
@pass_settings
def demo(settings: Settings, speed: float, volume: Volume, seed: int, no_mouse: bool) -> None:
    """一時ファイルの上で、模擬の一日を盤面に流す"""
    need_terminal()
    from floorctl.screens.launch import run_demo

    run_demo(settings.site_file, speed=speed, volume=volume, seed=seed, start=settings.frozen, mouse=not no_mouse)


_OPTION = re.compile(r"--?[a-z-]{1,20}")  # what an option looks like: anything else may be text, and is not repeated


_CLICK_WORDS: tuple[tuple[type[click.ClickException], Callable[[Any], str]], ...] = (
    (
        click.NoSuchOption,
        lambda e: "知らないオプションです" + (f"（{e.option_name}）" if _OPTION.fullmatch(e.option_name) else ""),
    ),
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
            # click's own messages repeat the value; those of our types do not.
            ours = isinstance(e, click.BadParameter) and e.param and isinstance(e.param.type, Instant | Day | TimeOfDay)
            own = e.message if ours else ""
            return f"{text}{'：' + own if own else ''}。--help で使い方を確かめてください。"
    if e.message.startswith("No such command"):
        return "知らないコマンドです。--help でコマンドの一覧を見てください。"
    return "使い方が正しくありません。--help で確かめてください。"


def _say_interrupted(status: int) -> NoReturn:
    done = _standing()
    if done:
        say(f"{done}。そのあとで中断しました。もう一度実行しないでください。")
    else:
        say("中断しました。済んだ記録はファイルに残っています。もう一度同じ操作をしてください。")
    sys.exit(status)


def _standing() -> str:
    """The last that was noted: it says more than what was noted before it."""
    return next((said for asked in reversed(_STANDS) if (said := asked())), "")


def _say_failed(error: FloorctlError) -> None:
    """A failure: with what was done before it, where that stands, so that nobody does it again."""
    done = _standing()
    say(f"{done}。ただし、{error.sentence}" if done else error.sentence)


def _say_lost(lost: OutputLost) -> NoReturn:
    """The end of a command whose output could not be written: what it has done stands, and is not to be done again."""
    why = "読む相手がいなくなりました" if lost.closed else "空きがありません" if lost.full else "出力先に書けません"
    done = _standing()
    if done:
        say(FloorctlError(f"{done}。結果は表示できませんでした", why, "もう一度実行しないでください").sentence)
    elif not lost.closed:  # who has read enough of it misses nothing
        say(FloorctlError("結果を表示できませんでした", why, "出力先を確かめて、もう一度実行してください").sentence)
    sys.exit(_end() or (0 if done or lost.closed else 1))


def unforeseen(error: BaseException) -> FloorctlError:
    """One sentence for a fault of ours: what kind, and where in floorctl, for whoever mends it.

    Nothing else of the fault is ever shown or kept: its message and its variables may hold what somebody has typed.
    """
    if isinstance(error, ImportError):
        return not_loaded(error)
    where, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.name.startswith("<frozen importlib"):
            return not_loaded(error)
        if file.is_relative_to(_HERE):
            where = f" {file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    done = _standing()
    do = "もう一度実行しないでください" if done else "記録はファイルに残っています。もう一度実行し、直らなければ"
    return FloorctlError(
        f"{done}。そのあとに思いがけない不具合です" if done else "思いがけない不具合です",
        f"{type(error).__name__}{where}",
        f"{do}。floorctl doctor で調べてください" if done else f"{do} floorctl doctor で調べてください",
    )


def say(sentence: str) -> None:
    """On stderr, on one line, with nothing in it that a terminal would obey: a path may hold anything."""
    from floorctl.common.privacy import clean

    click.echo(clean(sentence), err=True)


def main(args: list[str] | None = None) -> None:
    """The entry point: every failure becomes one Japanese sentence and the exit status of the contract."""
    _STANDS.clear()
    _ENDS.clear()
    plain = sys.stdout, sys.stderr
    for stream in plain:
        # A pipe on a Japanese Windows is cp932, which has no 𠮷; what cannot be shown must not stop the command.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with suppress(OSError, ValueError):
                reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    sys.stdout, sys.stderr = Stream(plain[0], strict=True), Stream(plain[1], strict=False)
    try:
        _run(args)
    finally:
        sys.stdout, sys.stderr = plain


def _run(args: list[str] | None) -> None:
    try:
        if any("\0" in arg for arg in args or ()):  # no name has one; click would look for such a file
            raise UsageError("引数が正しくありません", "使えない文字があります", "--help で使い方を確かめてください")
        cli.main(args=args, prog_name="floorctl", standalone_mode=False)
        sys.stdout.flush()
        if status := _end():
            sys.exit(status)
    except OutputLost as e:
        _say_lost(e)
    except FloorctlError as e:
        _say_failed(e)
        sys.exit(e.exit_status)
    except click.exceptions.Exit as e:
        sys.exit(e.exit_code)
    except ToldToEnd as e:
        _say_interrupted(e.status)
    except (click.Abort, KeyboardInterrupt):
        _say_interrupted(130)
    except click.ClickException as e:
        say(_usage_sentence(e))
        sys.exit(2)
    except Exception as e:
        say(unforeseen(e).sentence)
        sys.exit(1)
