"""Command ``backtest``: predictions of past days against the waits that came."""

from __future__ import annotations

from pathlib import Path

import click

from floorctl.cli.base import Settings, command, pass_settings_and_json, print_json
from floorctl.cli.option_types import PATH


@command()
@click.argument("feeds", nargs=-1, required=True, metavar="FEED…", type=PATH)
@pass_settings_and_json
def backtest(settings: Settings, feeds: tuple[Path, ...], as_json: bool) -> None:
    """過ぎた日を、その時々の記録だけから予測し直して確かめる

    FEED と同じ場所に NAME.truth.csv（at,lane,waiting,desks,wait_s）があればそれと、なければ記録の呼出しと比べます。
    """
    from floorctl.usecases.backtest import backtest as run
    from floorctl.usecases.backtest import summary

    site = settings.site()
    results = [run(path, site) for path in feeds]
    days = [{"feed": r.feed, "day": r.day.isoformat(), **summary([r])} for r in results]
    document = {"days": days, "all": summary(results)}
    if as_json:
        print_json(document)
    else:
        from floorctl.cli.text import backtest_text

        click.echo(backtest_text(document))
