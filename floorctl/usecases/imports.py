"""Imports of whole tables into an open file: a roster, the appointments of days, a register; all lines or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from floorctl.commands import imports as rules
from floorctl.commands.imports import RegisterImport, RosterImport, ShiftImport
from floorctl.database.writer import Writer
from floorctl.models.facts.entry import Entry
from floorctl.usecases.session import Session


def import_roster(
    session: Session,
    lines: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    empty: Sequence[frozenset[str]] = (),
) -> RosterImport:
    """Import ``lines`` (fields of ``staff.registered``) and surnames by code ("" erases one). Raise Refused.

    ``empty``: columns of each line without a value. What they have left as it was and what the team then lacks is added
    to the session's ``warnings``.
    """
    done = RosterImport()

    def write_names(pen: Writer) -> None:
        held = session.store.surnames()
        for code, given in names.items():
            # People who have left are shown by code alone (仕様書 12(1)エ).
            name = "" if code in done.gone else given
            done.names += bool(name)
            if held.get(code, "") != name:
                pen.name(code, name)

    session.run(lambda c: rules.import_roster(c, lines, done, empty), write_names)
    session.warnings += rules.kept_words(done.kept)
    session.warnings += rules.team_gaps(session.register(), session.today)
    return done


def import_appointments(session: Session, days: Mapping[date, Sequence[Mapping[str, Any]]]) -> list[Entry]:
    """Replace the appointments of each day as a whole; return a fact for each day that changed. Raise Refused."""
    return session.run(lambda c: rules.import_appointments(c, days))


def import_register(session: Session, kind: str, lines: Sequence[tuple[int, Mapping[str, Any]]]) -> RegisterImport:
    """Import the lines of a register (line number, fields of a fact of ``kind``). Raise Refused."""
    done = RegisterImport()
    session.run(lambda c: rules.import_register(c, kind, lines, done))
    session.warnings += rules.kept_words(done.kept)
    if done.strangers:
        session.warnings.append(f"名簿にない職員コードが {len(done.strangers)}人分あります。コードを確かめてください。")
    return done


def import_shifts(
    session: Session, lines: Sequence[tuple[int, date, Mapping[str, Any]]], days: Collection[date] = ()
) -> ShiftImport:
    """Replace the planned shifts of each day as a whole; lines and ``days`` as in ``commands.imports``. Raise Refused."""
    done = ShiftImport()
    session.run(lambda c: rules.import_shifts(c, lines, days, done))
    warnings = []
    if done.dropped:
        warnings.append(f"前に取り込んだ勤務予定のうち {done.dropped}件は、ファイルにないので消しました。")
    if done.gone:
        warnings.append(
            f"退職日を過ぎた人の勤務予定が {len(done.gone)}件あります（初めは{done.gone[0]}行目）。名簿の退職日を確かめてください。"
        )
    session.warnings += warnings
    return done
