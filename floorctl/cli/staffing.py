"""Command ``staffing``: windows and people that a month ahead needs, beside the planned shifts (仕様書 10)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from floorctl.cli.base import Settings, command, pass_settings_and_json, print_json
from floorctl.cli.option_types import Month

if TYPE_CHECKING:
    from floorctl.advice.day_needs import DayNeed, LaneDay
    from floorctl.advice.window_runs import HalfKept
    from floorctl.models.site.site import Site
    from floorctl.usecases.staffing_ahead import StaffMonth


@command()
@click.option("--month", type=Month(), required=True, help="月（2027-05）")
@pass_settings_and_json
def staffing(settings: Settings, month: date, as_json: bool) -> None:
    """月の要員の見込み（必要な窓口と人数、勤務予定との差）

    10人のうち9人の待ちが目標以内となる最も少ない窓口の数を、開場日ごと・30分ごとに求めます。幅は10日のうち8日がおさまる
    範囲です。来庁は月別の件数の見込み（forecast）と、これまでの実績の割合・曜日・時間帯によります。
    """
    from floorctl.usecases.staffing_ahead import staffing_month

    session = settings.session()
    found = staffing_month(session, month)
    if as_json:
        print_json(_document(found, session.site))
    else:
        from floorctl.cli.text_staffing import staffing_text

        click.echo(staffing_text(found, session.site))


def _document(found: StaffMonth, site: Site) -> dict[str, Any]:
    """Return the month as JSON (docs/additions.md)."""
    recorded = found.recorded
    return {
        "month": found.month,
        "basis": {
            "forecast": None
            if found.forecast is None
            else {
                "cert_renewals": found.forecast.cert_renewals,
                "cards": found.forecast.cards,
                "imported": found.forecast.imported,
            },
            "realised": {x.lane: round(x.share.share, 3) for x in found.lanes if x.share is not None},
            "by_forecast": [x.lane for x in found.lanes if x.by_forecast],
            "recorded": None
            if recorded is None
            else {"days": recorded[0], "from": recorded[1].isoformat(), "to": recorded[2].isoformat()},
            "service_s": {x.lane: round(x.mean_s) for x in found.lanes},
            "interval": 0.8,
        },
        "days": [
            {
                "date": d.day.isoformat(),
                "after_break": d.after_break,
                **_need(d.need, site),
                "planned": None
                if d.planned is None
                else {"people": d.planned.people, "lacking": d.planned.lacking, "short_at": list(d.planned.short_at)},
            }
            for d in found.days
        ],
        "weekdays": [
            {"weekday": weekday, **_need(need, site), "lanes": [_lane(x, halves=True) for x in need.lanes]}
            for weekday, need in found.weekdays.items()
        ],
    }


def _need(need: DayNeed, site: Site) -> dict[str, Any]:
    from floorctl.documents.period.staff_needs import terminals_lacking

    return {
        "persons": round(need.persons, 1),
        "people": {"needed": need.people, "low": need.low, "high": need.high},
        "terminals_lacking": terminals_lacking(need, site),
        "lanes": [_lane(x, halves=False) for x in need.lanes],
    }


def _lane(x: LaneDay, *, halves: bool) -> dict[str, Any]:
    needed, low, high = x.peak()
    found: dict[str, Any] = {
        "lane": x.lane,
        "persons": round(x.persons, 1),
        "windows": {"most": needed, "low": low, "high": high, "short": any(h.short for h in x.halves)},
    }
    if not halves:
        return found
    from floorctl.advice.day_needs import clock

    return found | {
        "needed": _kept(x.with_needed),
        "one_more": _kept(x.with_more),
        "one_less": _kept(x.with_less) if x.with_less is not None else None,
        "halves": [
            {
                "from": f"{clock(h.start_s):%H:%M}",
                "persons": round(h.persons, 1),
                "windows": h.needed,
                "low": h.low,
                "high": h.high,
                "short": h.short,
            }
            for h in x.halves
        ],
    }


def _kept(kept: HalfKept) -> dict[str, Any]:
    return {"within": round(kept.within, 3), "p90_s": round(kept.p90_s)}
