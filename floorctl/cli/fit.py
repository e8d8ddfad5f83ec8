"""Command ``fit``: constants of loans and moves chosen on the counter's own days, beside the shipped ones."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic

import click

from floorctl.cli.base import Settings, command, pass_settings_and_json, print_json, say
from floorctl.cli.option_types import PATH
from floorctl.common.clock import business_day
from floorctl.common.errors import FloorctlError


@command()
@click.argument("feeds", nargs=-1, metavar="[FEED]…", type=PATH)
@click.option("--own", is_flag=True, help="自分のファイルの日も加える（FEED を省けば自分のファイルの日だけ）")
@pass_settings_and_json
def fit(settings: Settings, feeds: tuple[Path, ...], own: bool, as_json: bool) -> None:
    """応援と配分変更の提案の定数を、過ぎた日から決めて備え付けと比べる

    何も変えません。決めた定数を使うには、示された行を会場設定に貼ります。
    """
    from floorctl.advice.fit_days import MOST, NEEDED, Replayable
    from floorctl.advice.fit_days import fit as fit_of
    from floorctl.advice.month_study import REASONS
    from floorctl.intake.demand_table import demand_table
    from floorctl.usecases.study_days import days_of_feed, ready

    site, replayable = settings.site(), Replayable()
    for path in feeds:
        days_of_feed(site, path, say, replayable.of)
    if own or not feeds:
        session = settings.session()
        today = business_day(session.clock())
        past = [day for day in session.store.days() if day < today]
        ready(site, ((day, session.store.day_facts(day)) for day in past), replayable.of)
        session.close()
    days = sorted(replayable.days, key=lambda day: day.day)[-MOST:]
    if len(days) < NEEDED:
        reasons = "、".join(dict.fromkeys(REASONS[why] for _, why in replayable.left_out))
        why = f"使える日が{len(days)}日で、{NEEDED}日要ります" + (f"。使えない日：{reasons}" if reasons else "")
        do = "締めた日が増えてから、もう一度実行してください。それまでは備え付けの定数のままで良いです"
        raise FloorctlError("日が足りず、定数を決められません", why, do)
    found = fit_of(site, days, demand_table(site), _Progress())
    from floorctl.cli.text_fit import fit_text, verdict

    if as_json:
        left_out = [{"day": day.isoformat(), "reason": why} for day, why in replayable.left_out]
        print_json({**found.to_json(), "left_out": left_out, "text": verdict(found)})
    else:
        click.echo(fit_text(found, [(day, REASONS[why]) for day, why in replayable.left_out]))


class _Progress:
    """Progress line on stderr while days are replayed, from two seconds on; on a terminal it is rewritten in place."""

    PATIENCE_S = 2.0

    def __init__(self) -> None:
        self.since = self.told = monotonic()
        self.printed = False

    def __call__(self, n: int, total: int, replays: int) -> None:
        """Report the search and the number of replays so far, at most once a second."""
        now, moving = monotonic(), sys.stderr.isatty()
        if now - self.since >= self.PATIENCE_S and now - self.told >= 1 and (moving or not self.printed):
            self.printed, self.told = True, now
            text = f"過ぎた日をくり返し再現しています {n}／{total}（{replays:,}回）"
            click.echo(f"\r{text}" if moving else f"{text}。数分かかります", nl=not moving, err=True)
