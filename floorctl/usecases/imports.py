"""Imports of whole tables into an open file: a roster, the appointments of days, a register; all lines or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from floorctl.commands import imports as rules
from floorctl.commands.context import Context, Wish
from floorctl.commands.imports import RegisterImport, RosterImport, ShiftImport
from floorctl.common.words import month_day, more_word
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
    session: Session,
    lines: Sequence[tuple[int, date, Mapping[str, Any]]],
    days: Collection[date] = (),
    officials: Mapping[date, Sequence[Mapping[str, Any]]] | None = None,
) -> ShiftImport:
    """Replace the planned shifts of each day as a whole; lines and ``days`` as in ``commands.imports``. Raise Refused.

    ``officials``: planned numbers of the city's staff by day, of which past days are left as they are.
    """
    done = ShiftImport()

    def both(c: Context) -> list[Wish]:
        wishes = rules.import_shifts(c, lines, days, done)
        city = rules.import_officials(c, officials or {})
        done.officials = len(city)
        return [*wishes, *city]

    session.run(both)
    warnings = []
    if done.away:
        code, day = done.away[0]
        more = more_word(len(done.away) - 1, "件")
        warnings.append(
            f"欠勤の予定がある日に勤務が入っています（{code} {month_day(day)}{more}）。欠勤の予定のままにしました。"
            f"来ることになったら floorctl roster absence {code} {day} --cancel で取りやめてください。"
        )
    if done.dropped:
        warnings.append(f"前に取り込んだ勤務予定のうち {done.dropped}件は、ファイルにないので消しました。")
    if done.past:
        warnings.append(f"過ぎた日の勤務予定も {done.past}日分 置き換えました。締めた日の報告は変わりません。")
    if done.gone:
        warnings.append(
            f"退職日を過ぎた人の勤務予定が {len(done.gone)}件あります（初めは{done.gone[0]}行目）。名簿の退職日を確かめてください。"
        )
    session.warnings += warnings
    return done


def import_officials(session: Session, days: Mapping[date, Sequence[Mapping[str, Any]]]) -> list[Entry]:
    """Replace the planned numbers of the city's staff of each day from today on; return a fact for each that changed."""
    return session.run(lambda c: rules.import_officials(c, days))


def plan_absence(
    session: Session, staff: str, first: date, last: date, *, absent: bool = True, reason: str = ""
) -> list[Entry]:
    """Plan a person's absence of the open days from ``first`` to ``last``, or take it back; of one day, whatever it is.

    Return a fact for each day that changed. Raise Refused.
    """
    span = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    days = span if len(span) == 1 else [day for day in span if session.calendar.is_open(day)]
    return session.run(lambda c: rules.plan_absence(c, staff, days, absent, reason))
