"""Shared by the commands: global options, Japanese help, printing and the exit status.

A command imports what it needs inside its function, so that every other command starts without it.
"""

from __future__ import annotations

import errno
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floorctl.cli.option_types import PATH, Day, Instant
from floorctl.common import patience
from floorctl.common.clock import iso, system_clock
from floorctl.common.errors import FloorctlError, StoreError, UsageError, at_command, not_loaded

if TYPE_CHECKING:
    from floorctl.models.facts.entry import Entry
    from floorctl.models.site.site import Site
    from floorctl.usecases.session import Session

_PACKAGE = Path(__file__).parent.parent


@dataclass
class Settings:
    """Options of every command: data file, site file and the time at which the clock is frozen.

    ``written``: those that stand on the command line, by name; the others come from the environment.
    """

    db: Path | None
    site_file: Path | None
    frozen: datetime | None
    written: dict[str, Any] = field(default_factory=dict)
    _site: Site | None = None

    def take(self, name: str, value: Any) -> None:
        """Take an option that stands after the command. Raise UsageError if another value stands before it.

        Which of two data files was meant cannot be guessed.
        """
        if self.written.setdefault(name, value) != value:
            raise UsageError(f"--{name} が2つあり、値が違います", "", "どちらか1つにしてください")
        setattr(self, {"db": "db", "site": "site_file", "now": "frozen"}[name], value)

    @property
    def path(self) -> Path:
        """The data file: ``--db``, or ``floor.db`` in the user's data folder.

        Raise StoreError if it is on a network share or cannot be a file.
        """
        if self.db is not None:
            from floorctl.database.network_share import refuse_share

            refuse_share(self.db)
            return _usable(self.db)
        from floorctl.common.data_file_names import default_data_file

        return default_data_file()

    def reserved(self) -> list[Path]:
        """Return the input files of this run (data file, site file), which no output may replace."""
        return [path for path in (self.path, self.site_file) if path is not None]

    def now(self) -> datetime:
        """Return the time of ``--now``, or the system clock's."""
        return self.frozen or system_clock()

    def site(self) -> Site:
        """Load the site file, or the shipped site. Raise UsageError if the file is wrong."""
        from floorctl.intake.site_file import load_site

        return load_site(self.site_file)

    def site_of_file(self) -> Site:
        """As ``site``, once for this run: a record beside the data file may tell that it was checked."""
        from floorctl.intake.site_file import load_site

        if self._site is None:
            self._site = load_site(self.site_file, self.path)
        return self._site

    def session(
        self, *, write: bool = False, hold: bool = False, read_only: bool = False, actor: str = "cli"
    ) -> Session:
        """Open the data file; with ``write`` create it if it is missing, with ``hold`` lock it until closed.

        With ``read_only`` nothing is written to it or beside it, whatever it is like: neither a migration nor a journal.
        It may be missing all the same.

        Facts that the session appends are noted as done (``done_so_far``).
        """
        from floorctl.usecases.session import Session

        own, path = self.db is None, self.path  # the default place: its folder may be made
        session = Session(
            self.site_of_file(), path, frozen=self.frozen, actor=actor, create=write, make_folder=own, hold=hold,
            read_only=read_only and path.exists(),
        )  # fmt: skip
        _DONE.append(lambda: "記録しました" if session.recorded else "")
        return session


def completed(values: str, *of: Any) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return the completion of a value by the function of this name in ``completion_values``; ``of``: its arguments."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from floorctl.cli import completion_values

        found = getattr(completion_values, values)
        return list((found(*of) if of else found)(ctx, param, incomplete))

    return complete


# What this command has done and must not do again, in words, the last entry first: printed when its answer is lost.
_DONE: list[Callable[[], str]] = []


def note_done(sentence: str) -> None:
    """Note that something was recorded or written, so that a lost output does not make the user repeat it."""
    _DONE.append(lambda: sentence)


def done_so_far() -> str:
    """Return what this command has recorded or written, in words; "" if nothing. The last note counts."""
    return next((sentence for done in reversed(_DONE) if (sentence := done())), "")


_AGAIN: list[str] = []  # what a command does that is used again, if that does no harm


def note_again(sentence: str) -> None:
    """Note what is gained by using the command again, once it has recorded something: nothing is counted twice."""
    _AGAIN.append(sentence)


def again_or_not() -> str:
    """Return whether to use the command again after it has recorded something, in words without a full stop."""
    return _AGAIN[-1] if _AGAIN else "もう一度実行しないでください"


def begin_command() -> None:
    """Forget the notes and the exit status of an earlier command of this process."""
    _DONE.clear()
    _AGAIN.clear()
    _ENDS.clear()


# Exit statuses, and errors still to be printed, of a command that did its work but not all of it. Kept here, so that a
# lost output does not change the exit status.
_ENDS: list[FloorctlError | int] = []


def end_with(end: FloorctlError | int) -> None:
    """Set the exit status, or the error to print last, of a command that still prints its answer."""
    _ENDS.append(end)


def finish() -> int:
    """Print the errors noted by ``end_with`` and return the exit status (contract 1): the highest noted, else 0."""
    for noted in _ENDS:
        if isinstance(noted, FloorctlError):
            print_failure(noted)
    return max((noted.exit_status if isinstance(noted, FloorctlError) else noted for noted in _ENDS), default=0)


def print_failure(error: FloorctlError) -> None:
    """Print an error on stderr, preceded by what the command had recorded before it failed."""
    done = done_so_far()
    first, *rest = error.lines
    for line in (f"{done}。ただし、{first}" if done else first, *rest):
        say(line)


def _usable(path: Path) -> Path:
    """Return a path for the data file, which need not exist yet. Raise StoreError if no file can be there."""
    what, do = f"{path.name or path} は使えません", "--db で正しいファイルを指定してください"
    try:
        mode = patience.patiently(path.stat).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return path  # whoever opens it raises
    except PermissionError:
        why = "ほかのプログラムが使っているか、フォルダーの中を見ることが許されていません"
        raise StoreError(what, why, "少し待ってやり直し、続くときはフォルダーの権限を確かめてください") from None
    except (OSError, ValueError) as error:
        loop = getattr(error, "errno", None) == errno.ELOOP
        raise StoreError(what, "リンクが循環しています" if loop else "その場所は開けません", do) from None
    if stat.S_ISDIR(mode):
        raise StoreError(what, "フォルダーです", do)
    if not stat.S_ISREG(mode):
        raise StoreError(what, "ファイルではないものです", do)
    return path


_USAGE = {
    "[OPTIONS]": "[オプション]",
    "[COMMAND] [ARGS]...": "[コマンド] [引数]",
    "COMMAND [ARGS]...": "コマンド [引数]",
}


def _everywhere(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is None:
        return
    if isinstance(ctx.obj, Settings):
        ctx.obj.take(str(param.name), value)
    else:  # completion reads a line and runs nothing
        ctx.find_root().params[str(param.name)] = value


def _after_the_command(name: str, kind: click.ParamType[Any]) -> click.Option:
    return click.Option([f"--{name}"], type=kind, expose_value=False, hidden=True, callback=_everywhere)


class _Japanese:
    """Mixin for click commands: help text and headings in Japanese, the options of every command after it too."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        own: list[click.Parameter] = super().get_params(ctx)  # type: ignore[misc]
        return own if ctx.parent is None else [*own, *_EVERYWHERE]

    def get_help(self, ctx: click.Context) -> str:
        from floorctl.cli.help_layout import HelpLayout

        formatter = HelpLayout()
        self.format_help(ctx, formatter)  # type: ignore[attr-defined]
        return formatter.getvalue().rstrip("\n")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if ctx.parent is not None:
            formatter.write_paragraph()
            formatter.write_text("どのコマンドにも --db、--site、--now が使えます（floorctl help options）。")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "この説明を表示する（-h も同じ）"
        return option  # type: ignore[no-any-return]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(_USAGE.get(p, p) for p in pieces), prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [r for p in self.get_params(ctx) if (r := p.get_help_record(ctx)) is not None]
        records = [
            (names.replace("-h, --", "--"), text.replace("[default: ", "[省略時 ").replace("[required]", "[必須]"))
            for names, text in found
        ]
        if records:
            with formatter.section("オプション"):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class JapaneseCommand(_Japanese, click.Command):
    """Command whose help is in Japanese."""


class JapaneseGroup(_Japanese, click.Group):
    """Group of commands whose help is in Japanese; its commands are listed in the order of their declaration."""

    command_class = JapaneseCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(n, c.get_short_help_str(80)) for n in self.list_commands(ctx) if (c := self.get_command(ctx, n))]
        with formatter.section("コマンド"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


JapaneseGroup.group_class = JapaneseGroup


def commands_of(ctx: click.Context | None) -> list[str]:
    """Return the names of the commands of a group; [] of any other command."""
    return ctx.command.list_commands(ctx) if ctx and isinstance(ctx.command, click.Group) else []


_EVERYWHERE = (_after_the_command("db", PATH), _after_the_command("site", PATH), _after_the_command("now", Instant()))
csv_argument = click.argument("file", type=PATH, metavar="FILE.csv")
day_option = click.option("--date", "day", type=Day(), help="営業日（省くと今日）")
json_option = click.option("--json", "as_json", is_flag=True, help="JSON で1つの文書として出す")
no_mouse_option = click.option("--no-mouse", is_flag=True, envvar="FLOORCTL_NO_MOUSE", help="マウスを使わない")
source_file_option = click.option(
    "--source-file", type=PATH, metavar="FILE.toml", help="入力元の説明のファイル（会場設定の説明に加えて使う）"
)
pass_settings = click.pass_obj


def pass_settings_and_json(function: Callable[..., Any]) -> Callable[..., Any]:
    """Declare ``--json`` as the last option and pass the Settings first; the function takes ``as_json``."""
    return json_option(pass_settings(function))


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    import json

    from floorctl.cli.output_encoding import escaped

    text = json.dumps(document, ensure_ascii=False)
    click.echo(escaped(text) if _piped_encoding() == "cp932" else text)


def fact_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as the contract's JSON object (contract 4): its metadata and, under ``data``, its own fields."""
    import json

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


def shown(path: Path) -> str:
    """Return a path for stdout: without control characters on a terminal, unchanged for a program that reads it."""
    from floorctl.common.clean_text import clean

    return clean(str(path)) if sys.stdout.isatty() else str(path)


def warn(sentences: Iterable[str]) -> None:
    """Print warnings of a command that was done on stderr, one line each."""
    for sentence in sentences:
        say(at_command(sentence))


def print_paths(paths: Sequence[Path], warnings: Iterable[str]) -> None:
    """Print the files that were written, one line each, and the warnings on stderr; note that they are written."""
    note_done("書き出しました")
    for path in paths:
        click.echo(shown(path))
    warn(warnings)
    warn_of_cloud(paths)


def warn_of_cloud(paths: Sequence[Path], beside: Path | None = None) -> None:
    """Warn on stderr if the files of a command, which all lie below one folder, are kept in step with a cloud.

    ``beside``: the data file, if nobody named the folder and it is beside that: then both are to be moved.
    """
    from floorctl.common.cloud_folder import data_file_note, output_note, service_of_file

    if beside is not None:
        warn(map(data_file_note, filter(None, (service_of_file(beside),))))
        return
    warn(filter(None, (output_note(path.absolute().parent) for path in paths[:1])))


def write_stdout(data: bytes) -> None:
    """Write UTF-8 bytes to standard output, in the encoding that is asked of a pipe, and flush it."""
    from floorctl.cli.output_encoding import encoded

    sys.stdout.buffer.write(encoded(data, _piped_encoding()))
    sys.stdout.buffer.flush()


def _piped_encoding() -> str:
    from floorctl.cli.output_encoding import asked

    return "utf-8" if sys.stdout.isatty() else asked()


def command(name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """Declare a command with Japanese help; without ``name`` it is called as its function."""
    return click.command(name, cls=JapaneseCommand)


def group(name: str | None = None, **more: Any) -> Callable[[Callable[..., Any]], JapaneseGroup]:
    """Declare a group of commands with Japanese help."""
    return click.group(name, cls=JapaneseGroup, **more)


def say(sentence: str) -> None:
    """Print one sentence on stderr, on one line and without control characters (it may contain a path)."""
    from floorctl.common.clean_text import clean

    click.echo(clean(sentence), err=True)


def need_terminal() -> None:
    """Raise FloorctlError unless stdin and stdout are a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        do = "端末で実行するか、floorctl status を使ってください"
        raise FloorctlError("盤面を開けません", "端末（コンソール画面）がありません", do)


def unforeseen(error: BaseException) -> FloorctlError:
    """Return the sentence for an unexpected exception: its type, and file and line of the last frame in floorctl.

    Message and variables of the exception are never printed or kept: they may contain what somebody typed.
    """
    if isinstance(error, ImportError):
        return not_loaded(error)
    where, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.name.startswith("<frozen importlib"):
            return not_loaded(error)
        if file.is_relative_to(_PACKAGE):
            where = f" {file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    done = done_so_far()
    what, do = "予期しない不具合です", "記録はファイルに残っています。もう一度実行し、直らなければ "
    if done:
        what, do = f"{done}。そのあとに{what}", f"{again_or_not()}。"
    return FloorctlError(what, f"{type(error).__name__}{where}", f"{do}floorctl doctor で調べてください")
