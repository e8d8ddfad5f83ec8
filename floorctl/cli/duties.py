"""Command ``duties``: deliverables, minutes and notices owed to the city, with their due dates (contract 1)."""

from __future__ import annotations

from datetime import date

import click

from floorctl.cli.base import Day, Settings, command, pass_settings_and_json, print_json


@command()
@click.option("--until", type=Day(), help="この日までに期限が来るものだけ（省くと契約期間のすべて）")
@pass_settings_and_json
def duties(settings: Settings, until: date | None, as_json: bool) -> None:
    """市へ提出するものと期限

    提出は floorctl do duty.submitted duty=… key=…、会議は do meeting.held、協議事項の決定は do ruling.made で記録します。
    """
    from floorctl.models.register.duties import duties as duties_of

    session = settings.session()
    register = session.register()
    found = duties_of(session.site, register, register.calendar(session.site), session.today)
    shown = [d for d in found if until is None or d.due <= until]
    if as_json:
        print_json([d.to_json() for d in shown])
    else:
        from floorctl.cli.text import duties_text

        click.echo(duties_text(shown, session.began(), session.today))
