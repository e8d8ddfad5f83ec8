"""The commands of the end of the day: close, and the documents (contract 1, 5)."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from floorctl.cli.base import Day, FiscalYear, Month, Settings, command, ends_with, pass_settings, shown, stands, warn
from floorctl.common.errors import FloorctlError, UsageError

if TYPE_CHECKING:
    from floorctl.common.output_file import Exported
    from floorctl.models.site.site import Site
    from floorctl.usecases.period_reports import Span
    from floorctl.usecases.session import Session


@command()
@click.option("--date", "day", type=Day(), help="営業日（省くと今日）")
@click.option(
    "--out", type=click.Path(path_type=Path), help="文書を書き出すフォルダ（省くとデータファイルの横の reports）"
)
@click.option("--answers", type=click.Path(path_type=Path), help="答えのファイル（TOML。docs/closing.md）")
@pass_settings
def close(settings: Settings, day: date | None, out: Path | None, answers: Path | None) -> None:
    """一日を締める（閉場・控え・文書の書き出し）

    答えのない欄は「未記入」のまま出て、標準エラーに並びます。締めた日にもう一度使うと、文書を書き出し直します。
    """
    from floorctl.usecases.closing import close as close_day
    from floorctl.usecases.closing import read_answers

    given = read_answers(answers) if answers is not None else None
    session = settings.session(write=True)
    done = close_day(session, day or session.today, given, out)
    stands("締めました")
    warn(done.notes)
    if done.unanswered:
        click.echo(f"未記入: {'、'.join(done.unanswered)}", err=True)
    if done.trouble is not None:
        missing = [word for word, made in (("文書", done.paths), ("控え", done.backup)) if not made]
        ends_with(_half(done.trouble, "と".join(missing)))
    for path in done.paths:
        click.echo(shown(path))
    if done.backup is not None:
        click.echo(f"控え: {shown(done.backup)}")
    if done.next_due:
        click.echo(done.next_due)


def _half(trouble: FloorctlError, missing: str) -> FloorctlError:
    """The trouble of a close whose day is closed all the same, with what makes that which is missing."""
    again = f"そのあと close をもう一度実行すると、{missing}ができます（締めと記録は済んでいます）"
    found = FloorctlError(trouble.what, trouble.why, f"{trouble.do}。{again}" if trouble.do else again)
    found.exit_status = trouble.exit_status
    return found


@command()
@click.option("--date", "day", type=Day(), help="営業日（省くと今日）")
@click.option("--month", type=Month(), help="月次報告書を書き出す月（YYYY-MM）")
@click.option("--fiscal-year", "year", type=FiscalYear(), help="年度業務実績報告書を書き出す年度（4月の西暦年）")
@click.option("--contract", is_flag=True, help="業務引継書（契約期間の全体）を書き出す")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="書き出すフォルダ（省くと今のフォルダ）")
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "cp932"]),
    default="utf-8",
    show_default=True,
    help="CSV の文字コード（cp932 にない文字があれば断る）",
)
@click.option("--fallback", is_flag=True, help="文書の代わりに、紙で続けるための運用票（印刷用）を書き出す")
@click.option(
    "--format",
    "form",
    type=click.Choice(["documents", "parquet"]),
    default="documents",
    show_default=True,
    help="parquet: 文書の代わりに、サイトと日ごとの表を書き出す（docs/head_office.md）",
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

    --date・--month・--fiscal-year・--contract のどれか1つを使います。どれも無ければ今日の文書です。
    """
    from floorctl.usecases.closing import export as export_day

    _need_one_period(day, month, year, contract, fallback, encoding)
    if form == "parquet" and (fallback or encoding != "utf-8"):
        option = "--fallback" if fallback else "--encoding"
        raise UsageError(
            f"{option} は --format parquet と一緒に使えません", "文書のためのものです", "どちらかを外してください"
        )
    session = settings.session()
    span = _span(session.site, month, year, contract)
    if form == "parquet":
        _export_parquet(session, span, day or session.today, out)
        return
    if span is not None:
        from floorctl.usecases import period_reports as reports

        result = reports.export_period(session, span, out, _Progress())
        _tell(result)
        return
    day = day or session.today
    if fallback:
        from floorctl.documents.day.export import export_fallback

        result = export_fallback(session.floor(day), session.ticket_numbers(day), out)
    else:
        from floorctl.usecases.day_tables import Derived

        result = export_day(session, day, out, "cp932" if encoding == "cp932" else None)
        _tell(result)
        Derived(session, day, day)
        return
    _tell(result)


def _tell(result: Exported) -> None:
    stands("書き出しました")
    for path in result.paths:
        click.echo(shown(path))
    warn(result.notes)


class _Progress:
    """One line on stderr for the days that have to be replayed, once that has taken a while; on a terminal it moves."""

    PATIENCE_S = 2.0

    def __init__(self) -> None:
        self.since = monotonic()
        self.told = False

    def __call__(self, n: int, most: int, day: date) -> None:
        """``n`` of ``most`` is about to begin."""
        moving = sys.stderr.isatty()
        if monotonic() - self.since >= self.PATIENCE_S and (moving or not self.told):
            self.told = True
            last = n == most
            text = f"提案による試算のため過ぎた日を再現しています {n}／{most}日（{day.month}/{day.day}）"
            click.echo(f"\r{text}" if moving else f"{text}。次からは要りません", nl=last or not moving, err=True)


def _span(site: Site, month: date | None, year: int | None, contract: bool) -> Span | None:
    """The longer period that the options name; None for a day."""
    if month is None and year is None and not contract:
        return None
    from floorctl.usecases import period_reports as reports

    if month is not None:
        return reports.month_of(month)
    return reports.fiscal_year_of(year) if year is not None else reports.contract_of(site)


def _export_parquet(session: Session, span: Span | None, day: date, out: Path) -> None:
    """The partitions of the days of a period that have facts; of a day that has none nothing is written."""
    from floorctl.usecases.parquet_export import export_partitions

    first, last = (span.first, span.last) if span is not None else (day, day)
    last = min(last, session.today) if session.frozen else last
    days = [date.fromisoformat(told) for told, _ in session.store.last_seqs(first, last)]
    result = export_partitions(session, days, out)
    stands("書き出しました")
    for path in result.paths:
        click.echo(shown(path))
    warn(result.notes if days else ["この期間に記録のある日がありません。書き出すものはありませんでした。"])


def _need_one_period(
    day: date | None, month: date | None, year: int | None, contract: bool, fallback: bool, encoding: str
) -> None:
    """Raises UsageError where the options name two periods, or one that has no such documents."""
    longer = [n for n, given in (("--month", month), ("--fiscal-year", year), ("--contract", contract)) if given]
    named = [*(["--date"] if day else []), *longer]
    if len(named) > 1:
        raise UsageError(
            f"{' と '.join(named)} は一緒に使えません", "文書の期間が決まりません", "どれか1つにしてください"
        )
    if longer and (fallback or encoding != "utf-8"):
        option = "--fallback" if fallback else "--encoding"
        raise UsageError(
            f"{option} は {longer[0]} と一緒に使えません", "一日の文書のためのものです", "--date と使ってください"
        )
