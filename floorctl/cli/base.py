"""What the commands of the command line share: the options before them, types of options, how they print.

A command imports what it needs inside itself, so that each starts as fast as it can.
"""

from __future__ import annotations

import errno
import re
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from floorctl.common.clock import parse_time, system_clock
from floorctl.common.errors import FloorctlError, StoreError, not_loaded
from floorctl.common.typed import hour_minute

if TYPE_CHECKING:
    from floorctl.models.site.site import Site
    from floorctl.usecases.session import Session

T = TypeVar("T")
_PACKAGE = Path(__file__).parent.parent


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
        from floorctl.intake.site_file import load_site
        from floorctl.usecases.session import Session

        path = self.path
        session = Session(
            load_site(self.site_file, path),
            path,
            frozen=self.frozen,
            actor=actor,
            create=write,
            make_folder=self.db is None,
            hold=hold,
        )
        _STANDS.append(lambda: "記録しました" if session.recorded else "")
        return session


# What this command has done that stands: asked for where its answer cannot be printed.
_STANDS: list[Callable[[], str]] = []


def stands(sentence: str) -> None:
    """Notes that something is done and stays done, whether or not it can be printed."""
    _STANDS.append(lambda: sentence)


def standing() -> str:
    """What this command has done that stands, in words; '' where nothing. The last noted says more than those before."""
    return next((said for asked in reversed(_STANDS) if (said := asked())), "")


def nothing_stands() -> None:
    """Begins a command: nothing has been done yet."""
    _STANDS.clear()
    _ENDS.clear()


# How this command ends once all is said, where it has done its work and yet is not wholly well: a status alone, or what
# is still to be said. Kept here, so that a lost output makes no other end of it.
_ENDS: list[FloorctlError | int] = []


def ends_with(end: FloorctlError | int) -> None:
    """Notes how the command will end, before it prints its answer: it ends so whether or not that can be printed."""
    _ENDS.append(end)


def end() -> int:
    """Says what is still to be said, and returns the exit status of the contract."""
    for noted in _ENDS:
        if isinstance(noted, FloorctlError):
            say_failed(noted)
    return max((noted.exit_status if isinstance(noted, FloorctlError) else noted for noted in _ENDS), default=0)


def say_failed(error: FloorctlError) -> None:
    """A failure: with what was done before it, where that stands, so that nobody does it again."""
    done = standing()
    say(f"{done}。ただし、{error.sentence}" if done else error.sentence)


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


class Written(click.ParamType[T]):
    """A value that is written in one form: ``form`` says which, ``read`` reads it or raises ValueError or OverflowError."""

    made: type[Any]
    form: str

    def read(self, text: str) -> T:
        raise NotImplementedError

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        if isinstance(value, self.made):
            return value  # type: ignore[no-any-return]
        try:
            return self.read(value)
        except (ValueError, OverflowError):
            self.fail(self.form, param, ctx)


def _need(pattern: str, text: str) -> str:
    if re.fullmatch(pattern, text) is None:
        raise ValueError(pattern)
    return text


class Instant(Written[datetime]):
    """ISO 8601; without an offset it is Asia/Tokyo."""

    name, made = "TIME", datetime
    form = "時刻は 2026-09-14T10:05 または 2026-09-14T10:05:30+09:00 の形で書いてください"

    def read(self, text: str) -> datetime:
        return parse_time(text)


class Day(Written[date]):
    """A date, YYYY-MM-DD."""

    name, made, form = "DATE", date, "日付は 2026-09-14 の形で書いてください"

    def read(self, text: str) -> date:
        return date.fromisoformat(_need(".{10}", text))


class Month(Written[date]):
    """A month, YYYY-MM, as its first day."""

    name, made, form = "YYYY-MM", date, "月は 2026-09 の形で書いてください"

    def read(self, text: str) -> date:
        return date.fromisoformat(f"{_need('2[01][0-9]{2}-(0[1-9]|1[0-2])', text)}-01")


class FiscalYear(Written[int]):
    """The year in whose April a fiscal year begins, YYYY."""

    name, made, form = "YYYY", int, "年度は、4月の西暦年を 2026 の形で書いてください"

    def read(self, text: str) -> int:
        return int(_need("2[01][0-9]{2}", text))


class Seed(Written[int]):
    """A seed of chance: a whole number of at most nine digits, since the ids of a simulated day contain it."""

    name, made, form = "N", int, "9桁までの整数で書いてください"

    def read(self, text: str) -> int:
        return int(_need("-?[0-9]{1,9}", text))


class TimeOfDay(Written[time]):
    """A time of day, HH:MM."""

    name, made, form = "HH:MM", time, "時刻は 10:15 の形で書いてください"

    def read(self, text: str) -> time:
        return time.fromisoformat(hour_minute(text) or "")


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


def command(name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with its help in Japanese; named after its function where no name is given."""
    return click.command(name, cls=JapaneseCommand)


def group(name: str | None = None, **more: Any) -> Callable[[Callable[..., Any]], JapaneseGroup]:
    """A group of commands, as ``command``."""
    return click.group(name, cls=JapaneseGroup, **more)


def say(sentence: str) -> None:
    """On stderr, on one line, with nothing in it that a terminal would obey: a path may hold anything."""
    from floorctl.common.privacy import clean

    click.echo(clean(sentence), err=True)


def need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise FloorctlError(
            "盤面を開けません",
            "端末（コンソール画面）がありません",
            "端末で実行するか、floorctl status を使ってください",
        )


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
        if file.is_relative_to(_PACKAGE):
            where = f" {file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    done = standing()
    do = "もう一度実行しないでください" if done else "記録はファイルに残っています。もう一度実行し、直らなければ"
    return FloorctlError(
        f"{done}。そのあとに思いがけない不具合です" if done else "思いがけない不具合です",
        f"{type(error).__name__}{where}",
        f"{do}。floorctl doctor で調べてください" if done else f"{do} floorctl doctor で調べてください",
    )
