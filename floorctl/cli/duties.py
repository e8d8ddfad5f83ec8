"""Command ``duties``: deliverables, minutes and notices owed to the city, with their due dates (contract 1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from floorctl.cli.base import Settings, command, pass_settings_and_json, print_json, print_paths
from floorctl.cli.option_types import PATH, Day
from floorctl.common.errors import UsageError


@command()
@click.option("--until", type=Day(), help="この日までに期限が来るものだけ（省くと契約期間のすべて）")
@click.option("--ics", type=PATH, metavar="FILE.ics", help="一覧の代わりに、予定表のファイル（iCalendar）を書き出す")
@pass_settings_and_json
def duties(settings: Settings, until: date | None, ics: Path | None, as_json: bool) -> None:
    """市へ提出するものと期限

    提出は floorctl do duty.submitted duty=… key=…、会議は do meeting.held、協議事項の決定は do ruling.made で記録します。
    """
    if ics is not None:
        if as_json:
            raise UsageError("--ics と --json は一緒に使えません", "", "どちらか一方にしてください")
        _write_calendar(settings, ics, until)
        return
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


def _write_calendar(settings: Settings, file: Path, until: date | None) -> None:
    from floorctl.common.output_file import to_stdout, write_file
    from floorctl.common.written_files import WrittenFiles
    from floorctl.documents.duties_ics import duties_ics
    from floorctl.usecases.duty_calendar import duty_events

    session = settings.session()
    data = duties_ics(session.site, duty_events(session, until))
    result = write_file(file, data, settings.reserved(), written=WrittenFiles(settings.path))
    if not to_stdout(str(file)):
        print_paths(*result)
