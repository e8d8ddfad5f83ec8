"""The group of all commands; every failure becomes one Japanese sentence and an exit status here (contract 1)."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from floorctl import __version__
from floorctl.cli.base import (
    JapaneseGroup,
    Settings,
    again_or_not,
    begin_command,
    commands_of,
    done_so_far,
    finish,
    print_failure,
    say,
    unforeseen,
)
from floorctl.cli.option_types import PATH, FilePath, Instant, OneOf, Written
from floorctl.cli.output_encoding import asked, lacking, set_encoding
from floorctl.cli.streams import OutputLost, Stream
from floorctl.common.did_you_mean import perhaps
from floorctl.common.errors import FloorctlError, Orders, ToldToEnd, UsageError

# The files with their commands, in the order of the list of commands.
_FILES = (
    ("console", ("console", "demo")),
    ("feeds", ("simulate", "ingest")),
    ("sources", ("source",)),
    ("hall", ("hall",)),
    ("day", ("status", "assign", "do")),
    ("incidents", ("incident",)),
    ("day", ("log", "calendar", "doctor")),
    ("advice", ("study", "advise")),
    ("backup", ("backup", "restore")),
    ("closing", ("close", "export")),
    ("backtest", ("backtest",)),
    ("fit", ("fit",)),
    ("duties", ("duties",)),
    ("people", ("roster", "appointments")),
    ("registers", ("register",)),
    ("rehearsal", ("rehearse",)),
    ("forecast", ("forecast",)),
    ("staffing", ("staffing",)),
    ("site", ("site",)),
    ("own_settings", ("settings",)),
    ("sbom", ("sbom",)),
    ("help", ("help",)),
    ("completion", ("completion",)),
)
COMMANDS = {command: file for file, commands in _FILES for command in commands}
_TAKEN = frozenset({"do"})  # no name for a function


class Root(JapaneseGroup):
    """Group of all commands that imports the file of a command only when it is used or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def _main_shell_completion(self, ctx_args: Any, prog_name: str, complete_var: str | None = None) -> None:
        """Answer a shell that asks what may stand at the cursor; click calls this before anything else."""
        if os.environ.get("_FLOORCTL_COMPLETE"):
            from floorctl.cli.completion_shells import answer

            answer(self, prog_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, flush its answer, then exit with the status it noted."""
        begin_command()
        super().invoke(ctx)
        sys.stdout.flush()
        if said := lacking():
            say(said)
        if status := finish():
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


@click.group(cls=Root, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--db", type=PATH, envvar="FLOORCTL_DB", help="データファイル（SQLite 1つ）")
@click.option("--site", type=PATH, envvar="FLOORCTL_SITE", help="会場設定（TOML）")
@click.option("--now", type=Instant(), envvar="FLOORCTL_NOW", help="この時刻のこととして見る・記録する")
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="版を表示する")
@click.pass_context
def cli(ctx: click.Context, db: Path | None, site: Path | None, now: datetime | None) -> None:
    """個人番号カード窓口の会場運営コンソール。コマンドを省くと盤面を開きます。説明は floorctl help。"""
    line = click.core.ParameterSource.COMMANDLINE
    ctx.obj = Settings(db, site, now, {k: v for k, v in ctx.params.items() if ctx.get_parameter_source(k) is line})
    if ctx.invoked_subcommand is None:
        from floorctl.cli.console import console

        # A context of its own, so that its options are read from the environment too.
        with console.make_context("console", [], parent=ctx) as own:
            console.invoke(own)


_OPTION = re.compile(r"--?[a-z-]{1,20}")  # anything else may be text and is not repeated

_CLICK_WORDS: tuple[tuple[type[click.ClickException], Callable[[Any], str]], ...] = (
    (click.NoSuchOption, lambda e: _unknown_option(e)),
    (click.NoSuchCommand, lambda e: f"知らないコマンドです{perhaps(e.command_name, commands_of(e.ctx))}"),
    (click.MissingParameter, lambda e: f"{_param(e)}がありません"),
    (click.BadParameter, lambda e: f"{_param(e)}が正しくありません"),
    (click.BadOptionUsage, lambda e: f"{e.option_name} の使い方が正しくありません"),
    (click.FileError, lambda e: "ファイルを開けません"),
)


def _unknown_option(e: click.NoSuchOption) -> str:
    name = f"（{e.option_name}）" if _OPTION.fullmatch(e.option_name) else ""
    known = [opt for p in e.ctx.command.get_params(e.ctx) for opt in p.opts if opt.startswith("--")] if e.ctx else []
    near = perhaps(e.option_name, known) if e.option_name.startswith("--") else ""
    return f"知らないオプションです{name}{near}"


def _param(e: Any) -> str:
    """Return what an error is about, with the blank that parts a name from Japanese."""
    if e.param is None:
        return "引数"
    if e.ctx is not None and e.ctx.get_parameter_source(e.param.name) is click.core.ParameterSource.ENVIRONMENT:
        return f"{e.param.envvar} "  # what stands there was not typed
    if e.param.param_type_name == "option":
        return f"{e.param.opts[0]} "
    # The usage line calls an argument that is one of a few words by these: bash|zsh.
    return "引数" if isinstance(e.param.type, OneOf) else f"{e.param.human_readable_name} "


def _detail(e: click.ClickException) -> str:
    """Return what a value has to be, in Japanese; click's own messages are English and repeat the value."""
    kind = e.param.type if isinstance(e, click.BadParameter) and e.param else None
    if isinstance(kind, OneOf) and isinstance(e, click.MissingParameter):
        return f"：{kind.form}"
    if isinstance(kind, Written | OneOf | FilePath) and e.message:
        return f"：{e.message}"
    if isinstance(kind, click.IntRange | click.FloatRange):
        return f"：{kind.min:g} から {kind.max:g} までの数で書いてください"
    return ""


def _usage_sentence(e: click.ClickException) -> str:
    """Return a usage error in Japanese, without the value that was typed."""
    for kind, words in _CLICK_WORDS:
        if isinstance(e, kind):
            return f"{words(e)}{_detail(e)}。--help で使い方を確かめてください。"
    return "使い方が正しくありません。--help で確かめてください。"


def _exit_interrupted(status: int) -> NoReturn:
    """Report what is recorded although the command was interrupted, then exit with ``status``."""
    done = done_so_far()
    if done:
        say(f"{done}。そのあとで中断しました。{again_or_not()}。")
    else:
        say("中断しました。済んだ記録はファイルに残っています。もう一度同じ操作をしてください。")
    sys.exit(status)


def _exit_output_lost(lost: OutputLost) -> NoReturn:
    """Report that the answer could not be printed, and what was recorded nevertheless, then exit.

    The status is that of the command; 0 if it has recorded something or the reader closed the pipe, else 1.
    """
    why = (
        "出力を受け取るプログラムが終わりました"
        if lost.closed
        else "空きがありません"
        if lost.full
        else "出力先に書けません"
    )
    done = done_so_far()
    if done:
        say(FloorctlError(f"{done}。結果は表示できませんでした", why, again_or_not()).sentence)
    elif not lost.closed:  # a reader that closed the pipe has read enough
        say(FloorctlError("結果を表示できませんでした", why, "出力先を確かめて、もう一度実行してください").sentence)
    sys.exit(finish() or (0 if done or lost.closed else 1))


def main(args: list[str] | None = None) -> None:
    """Run the command line: every failure prints one Japanese sentence and exits with the contract's status."""
    begin_command()
    plain = sys.stdout, sys.stderr
    for stream in plain:
        set_encoding(stream, "utf-8")
    sys.stdout, sys.stderr = Stream(plain[0], strict=True), Stream(plain[1], strict=False)
    try:
        _run(args, plain)
    finally:
        sys.stdout, sys.stderr = plain


def _run(args: list[str] | None, streams: tuple[Any, Any]) -> None:
    try:
        encoding = asked()
        if encoding != "utf-8":
            for stream in streams:
                set_encoding(stream, encoding)
        if any("\0" in arg for arg in args or ()):  # no name has one; click would look for such a file
            raise UsageError("引数が正しくありません", "使えない文字があります", "--help で使い方を確かめてください")
        if status := cli.main(args=args, prog_name="floorctl", standalone_mode=False):
            sys.exit(status)
    except OutputLost as e:
        _exit_output_lost(e)
    except FloorctlError as e:
        if Orders.status and not done_so_far():
            _exit_interrupted(Orders.status)
        print_failure(e)
        sys.exit(e.exit_status)
    except click.exceptions.Exit as e:
        sys.exit(e.exit_code)
    except ToldToEnd as e:
        _exit_interrupted(e.status)
    except (click.Abort, KeyboardInterrupt):
        _exit_interrupted(130)
    except click.ClickException as e:
        say(_usage_sentence(e))
        sys.exit(2)
    except Exception as e:
        if Orders.status:
            _exit_interrupted(Orders.status)
        say(unforeseen(e).sentence)
        sys.exit(1)
