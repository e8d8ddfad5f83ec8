"""Commands ``close`` (the end of a day) and ``export`` (the documents; contract 1, 5)."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import (
    Settings,
    command,
    day_option,
    end_with,
    note_again,
    note_done,
    pass_settings,
    print_paths,
    shown,
    warn,
    warn_of_cloud,
)
from floorctl.cli.option_types import PATH, FiscalYear, Month, OneOf
from floorctl.common.errors import FloorctlError, UsageError
from floorctl.common.words import month_day

if TYPE_CHECKING:
    from floorctl.models.site.site import Site
    from floorctl.usecases.period_reports import Span
    from floorctl.usecases.session import Session


_AGAIN = "close をもう一度実行すると、{}ができます（締めと記録は済んでいます）"


@command()
@day_option
@click.option("--out", type=PATH, help="文書を書き出すフォルダー（省くとデータファイルの横の reports）")
@click.option("--answers", type=PATH, help="答えのファイル（TOML。docs/closing.md）")
@pass_settings
def close(settings: Settings, day: date | None, out: Path | None, answers: Path | None) -> None:
    """一日を締める（閉場・控え・文書の書き出し）

    答えのない欄は「未記入」のまま出て、標準エラーに並びます。締めた日にもう一度使うと、文書を書き出し直します。
    """
    from floorctl.usecases.closing import close as close_day
    from floorctl.usecases.closing import read_answers

    given = read_answers(answers) if answers is not None else None
    session = settings.session(write=True)
    note_again(_AGAIN.format("控えと文書"))
    done = close_day(session, day or session.today, given, out)
    note_done("締めました")
    warn(done.notes)
    if done.unanswered:
        click.echo(f"未記入: {'、'.join(done.unanswered)}", err=True)
    if done.trouble is not None:
        missing = [word for word, made in (("文書", done.paths), ("控え", done.backup)) if not made]
        end_with(_half(done.trouble, "と".join(missing)))
    for path in done.paths:
        click.echo(shown(path))
    warn_of_cloud(done.paths, settings.path if out is None else None)
    if done.backup is not None:
        click.echo(f"控え: {shown(done.backup)}")
    if done.next_due:
        click.echo(done.next_due)


def _half(trouble: FloorctlError, missing: str) -> FloorctlError:
    """Return the error of a close that closed the day but made no ``missing`` (文書, 控え): close again for these."""
    again = f"そのあと {_AGAIN.format(missing)}"
    found = FloorctlError(trouble.what, trouble.why, f"{trouble.do}。{again}" if trouble.do else again)
    found.exit_status = trouble.exit_status
    return found


@command()
@day_option
@click.option("--month", type=Month(), help="月次報告書を書き出す月（YYYY-MM）")
@click.option("--fiscal-year", "year", type=FiscalYear(), help="年度業務実績報告書を書き出す年度（4月の西暦年）")
@click.option("--contract", is_flag=True, help="業務引継書（契約期間の全体）を書き出す")
@click.option("--out", type=PATH, default=Path(), help="書き出すフォルダー（省くと今のフォルダー）")
@click.option(
    "--encoding",
    type=OneOf(["utf-8", "cp932"]),
    default="utf-8",
    show_default=True,
    help="CSV の文字コード（cp932 にない文字があれば断る）",
)
@click.option("--fallback", is_flag=True, help="文書の代わりに、紙で続けるための運用票（印刷用）を書き出す")
@click.option(
    "--format",
    "form",
    type=OneOf(["documents", "parquet"]),
    default="documents",
    show_default=True,
    help="parquet: 文書の代わりに、本部が会場をまとめて読む表を、月（--date は日）ごとに書き出す（docs/head_office.md）",
)
@pass_settings
def export(
    settings: Settings,
    day: date | None,
    month: date | None,
    year: int | None,
    contract: bool,
    out: Path,
    encoding: str,
    fallback: bool,
    form: str,
) -> None:
    """一日・一月・年度・契約全体の文書を書き出す

    --date・--month・--fiscal-year・--contract のどれか1つを使います。どれもなければ今日の文書です。
    """
    from floorctl.usecases.closing import export as export_day

    _need_one_period(day, month, year, contract, fallback, encoding)
    if form == "parquet" and (option := _day_only(fallback, encoding)):
        what = f"{option} は --format parquet と一緒に使えません"
        raise UsageError(what, "文書のためのものです", "どちらかを外してください")
    session = settings.session()
    span = _span(session.site, month, year, contract)
    day = day or session.today
    if form == "parquet":
        _export_parquet(session, span, day, out)
    elif span is not None:
        from floorctl.usecases.period_reports import export_period

        print_paths(*export_period(session, span, out, _Progress()))
    elif fallback:
        from floorctl.common.written_files import WrittenFiles
        from floorctl.documents.day.export import export_fallback

        written = WrittenFiles(session.path)
        print_paths(*export_fallback(session.floor(day), session.ticket_numbers(day), out, written))
    else:
        from floorctl.usecases.day_tables import Derived

        print_paths(*export_day(session, day, out, "cp932" if encoding == "cp932" else None))
        Derived(session, day, day)  # brings the derived rows of the day up to date


class _Progress:
    """Progress line on stderr while days are read, from two seconds on; on a terminal it is rewritten in place.

    ``after``: words behind the line, where it is printed once.
    """

    PATIENCE_S = 2.0

    def __init__(
        self, what: str = "提案による試算のため過ぎた日を再現しています", after: str = "。次からは要りません"
    ) -> None:
        self.what, self.after = what, after
        self.since = monotonic()
        self.printed = False

    def __call__(self, n: int, total: int, day: date) -> None:
        """Report that day ``n`` of ``total`` is about to be replayed."""
        moving = sys.stderr.isatty()
        if monotonic() - self.since >= self.PATIENCE_S and (moving or not self.printed):
            self.printed = True
            last = n == total
            text = f"{self.what} {n}／{total}日（{month_day(day)}）"
            click.echo(f"\r{text}" if moving else f"{text}{self.after}", nl=last or not moving, err=True)


def _span(site: Site, month: date | None, year: int | None, contract: bool) -> Span | None:
    """Return the period that the options name, None for a single day."""
    if month is None and year is None and not contract:
        return None
    from floorctl.usecases import period_reports as reports

    if month is not None:
        return reports.month_of(month)
    return reports.fiscal_year_of(year) if year is not None else reports.contract_of(site)


def _export_parquet(session: Session, span: Span | None, day: date, out: Path) -> None:
    """Write a day, or a period by month, as Parquet; days without facts give nothing."""
    from floorctl.usecases.parquet_export import export_partitions
    from floorctl.usecases.parquet_months import days_with_records

    first, last = (span.first, span.last) if span is not None else (day, day)
    days = days_with_records(session, first, last)
    paths, notes = export_partitions(
        session, days, out, by_month=span is not None, progress=_Progress("表を書き出しています", "")
    )
    print_paths(paths, notes if days else ["この期間に記録のある日がありません。書き出すものはありませんでした。"])


def _need_one_period(
    day: date | None, month: date | None, year: int | None, contract: bool, fallback: bool, encoding: str
) -> None:
    """Raise UsageError if the options name two periods, or documents that the period does not have."""
    options = {"--date": day, "--month": month, "--fiscal-year": year, "--contract": contract}
    named = [name for name, value in options.items() if value]
    if len(named) > 1:
        what = f"{' と '.join(named)} は一緒に使えません"
        raise UsageError(what, "文書の期間が決まりません", "どれか1つにしてください")
    day_only = _day_only(fallback, encoding)
    if named not in ([], ["--date"]) and day_only:
        what = f"{day_only} は {named[0]} と一緒に使えません"
        raise UsageError(what, "一日の文書のためのものです", "--date と使ってください")


def _day_only(fallback: bool, encoding: str) -> str:
    """Return the option that only the documents of one day have, "" if none is used."""
    return "--fallback" if fallback else "--encoding" if encoding != "utf-8" else ""
