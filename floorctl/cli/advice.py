"""Commands ``study`` (replays of past days) and ``advise`` (which terminal to move now; contract 1, 4)."""

from __future__ import annotations

import time
from pathlib import Path

import click

from floorctl.cli.base import Settings, command, pass_settings_and_json, print_json
from floorctl.cli.option_types import PATH
from floorctl.common.clock import business_day
from floorctl.common.errors import FloorctlError


@command()
@click.argument("feeds", nargs=-1, metavar="[FEED]…", type=PATH)
@click.option("--own", is_flag=True, help="自分のファイルの日も加える（FEED を省けば自分のファイルの日だけ）")
@click.option("--net", is_flag=True, help="端末が空いていた時間を応対時間から除いて比べる（次の呼出しで終わる記録）")
@pass_settings_and_json
def study(settings: Settings, feeds: tuple[Path, ...], own: bool, net: bool, as_json: bool) -> None:
    """同じ来庁者で、別の配分ならどうだったかを比べる"""
    from floorctl.advice.net_lengths import Lengths
    from floorctl.advice.study import study as study_of
    from floorctl.intake.demand_table import demand_table
    from floorctl.usecases.study_days import days_of_feed, ready

    site, lengths = settings.site(), Lengths(net=net)
    days = []
    for path in feeds:
        days += days_of_feed(site, path, lambda text: click.echo(text, err=True), lengths.of)
    if own or not feeds:
        session = settings.session()
        store = session.store
        days += ready(site, ((day, session.seen(store.day_facts(day))) for day in store.days()), lengths.of)
        session.close()
    if not days:
        do = "発券機の記録か、データファイルを指定してください"
        raise FloorctlError("比べる日がありません", "番号の記録がありません", do)
    found = study_of(site, days, demand_table(site))
    if as_json:
        print_json(found.to_json() | ({"lengths": "net"} if net else {}))
    else:
        from floorctl.cli.text_study import study_text

        click.echo(study_text(found, site, lengths))


@command()
@click.option("--why", is_flag=True, help="理由を項目に分けて添える")
@pass_settings_and_json
def advise(settings: Settings, why: bool, as_json: bool) -> None:
    """いまの提案（どの端末を応援に出すか、移すか、そうするとどうなるか）"""
    from floorctl.advice.advise import Adviser
    from floorctl.advice.loans import loan_now, loan_proposal, loan_to_ask, return_reason, returns_due
    from floorctl.advice.other_proposals import others
    from floorctl.advice.staffing import lane_choices
    from floorctl.cli.text_advice import Loans, advice_json, advice_text, beside_text, first_text, loans_text
    from floorctl.models.board.grounds import grounds
    from floorctl.models.board.loan_limits import LoanLimits
    from floorctl.usecases.forecasting import new_forecaster
    from floorctl.usecases.period_reports import slot_cuts

    session = settings.session()
    now = session.clock()
    floor, register = session.floor(business_day(now)), session.register()
    forecaster = new_forecaster(session, floor.day)
    # ``took_ms`` is the time of a decision on a folded day, without opening the file.
    began = time.monotonic()
    adviser = Adviser(
        floor,
        forecaster.times(floor, now),
        forecaster.demand(floor, register, now),
        now,
        known=grounds(floor, register, now),
    )
    limits = LoanLimits(floor, register, now)
    asked = loan_to_ask(adviser.view, limits)
    loan = loan_proposal(asked, limits, adviser.futures) if asked is not None and adviser.futures is not None else None
    verdict = adviser.standing(forecaster.standing(floor, register, now), loan)
    took_ms = (time.monotonic() - began) * 1000
    closings = forecaster.closings(floor, register, now) if floor.is_open else []
    more = others(adviser, register, closings, slot_cuts(session), verdict.option, loan=loan)
    choices = lane_choices(adviser)
    loans = Loans(
        [x for x in (loan_now(adviser.view, limits), asked if loan in more else None) if x is not None],
        [(x, return_reason(x, adviser.view, limits)) for x in returns_due(adviser.view, limits)],
        adviser.loan_effect(loan) if loan is not None and loan in more else {},
    )
    if as_json:
        print_json(advice_json(verdict, more, choices, session.site, took_ms, loans))
    else:
        parts = [
            first_text(verdict, more),
            advice_text(verdict, more, session.site, why=why),
            loans_text(loans, adviser.view, limits, why=why),
            beside_text(verdict, more, choices, session.site),
        ]
        click.echo("\n\n".join(x for x in parts if x))
