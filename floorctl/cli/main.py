"""The command line (contract 1): the group of all commands, and how each of its failures becomes one sentence."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from floorctl import __version__
from floorctl.cli.base import (
    Day,
    Instant,
    JapaneseGroup,
    Settings,
    TimeOfDay,
    end,
    nothing_stands,
    say,
    say_failed,
    standing,
    unforeseen,
)
from floorctl.cli.streams import OutputLost, Stream
from floorctl.common.errors import FloorctlError, ToldToEnd, UsageError

# Each command and the file that holds it.
COMMANDS = {
    "console": "console",
    "demo": "console",
    "simulate": "day",
    "ingest": "day",
    "status": "day",
    "assign": "day",
    "do": "day",
    "incident": "day",
    "log": "day",
    "calendar": "day",
    "doctor": "day",
    "study": "advice",
    "advise": "advice",
    "backup": "backup",
    "restore": "backup",
    "close": "closing",
    "export": "closing",
    "backtest": "backtest",
    "duties": "duties",
    "roster": "people",
    "appointments": "people",
    "register": "registers",
    "rehearse": "rehearsal",
    "forecast": "forecast",
}
_TAKEN = frozenset({"do"})  # no name for a function


class Root(JapaneseGroup):
    """A command's file is loaded when the command is named or listed: each starts without the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)  # in the order of the day, not of the alphabet

    def invoke(self, ctx: click.Context) -> Any:
        """Ends with what the command has noted, once its answer has been printed."""
        nothing_stands()
        super().invoke(ctx)
        sys.stdout.flush()
        if status := end():
            ctx.exit(status)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"floorctl.cli.{COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, f"{cmd_name}_" if cmd_name in _TAKEN else cmd_name)
        return found


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
        from floorctl.cli.console import console

        # A context of its own, so that its options are read from the environment too.
        with console.make_context("console", [], parent=ctx) as own:
            console.invoke(own)


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
    done = standing()
    if done:
        say(f"{done}。そのあとで中断しました。もう一度実行しないでください。")
    else:
        say("中断しました。済んだ記録はファイルに残っています。もう一度同じ操作をしてください。")
    sys.exit(status)


def _say_lost(lost: OutputLost) -> NoReturn:
    """The end of a command whose output could not be written: what it has done stands, and is not to be done again."""
    why = "読む相手がいなくなりました" if lost.closed else "空きがありません" if lost.full else "出力先に書けません"
    done = standing()
    if done:
        say(FloorctlError(f"{done}。結果は表示できませんでした", why, "もう一度実行しないでください").sentence)
    elif not lost.closed:  # who has read enough of it misses nothing
        say(FloorctlError("結果を表示できませんでした", why, "出力先を確かめて、もう一度実行してください").sentence)
    sys.exit(end() or (0 if done or lost.closed else 1))


def main(args: list[str] | None = None) -> None:
    """The entry point: every failure becomes one Japanese sentence and the exit status of the contract."""
    nothing_stands()
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
        if status := cli.main(args=args, prog_name="floorctl", standalone_mode=False):
            sys.exit(status)
    except OutputLost as e:
        _say_lost(e)
    except FloorctlError as e:
        say_failed(e)
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
