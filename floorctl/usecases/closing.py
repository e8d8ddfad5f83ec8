"""The end of a day: answers, close and derived tables in one transaction, then backup, documents and heads.

A kill at any moment leaves the day open, or closed with the rest to be done by a second run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.commands.context import Context, Wish
from floorctl.commands.fold import fold
from floorctl.common.errors import FloorctlError, UsageError
from floorctl.common.words import NOTHING, REPORT_HEADS
from floorctl.common.written_files import WrittenFiles
from floorctl.database import heads as heads
from floorctl.documents.day.record import DayRecord, day_record
from floorctl.documents.layout.plain import md
from floorctl.intake.toml_lines import line_index
from floorctl.intake.toml_text import parsed
from floorctl.intake.written_text import Kind, in_a_row, read_text, shown
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry, Head
from floorctl.models.register.duties import duties
from floorctl.models.register.duty import Duty
from floorctl.models.site.part import Place
from floorctl.usecases import daily_backup as backups
from floorctl.usecases import day_tables as derived
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.common.output_file import Exported

REPORTS = "reports"
MAX_BYTES = 200_000
DRAFT = "下書き"
_FILE = Kind("答えのファイル", "--answers で指定したファイル")
_KEYS = {*REPORT_HEADS, "totals", "topics", "cards"}


@dataclass(frozen=True)
class Answers:
    """Answers given at the close, as facts to record. ``problems_from_draft``: write 問題点 as drafted."""

    wishes: list[Wish] = field(default_factory=list)
    problems_from_draft: bool = False


class Closed(NamedTuple):
    """Result of a close. ``trouble``: error after the day had been closed; a second run does the rest.

    ``again``: the day was closed before, and only its backup and its documents are new.
    """

    paths: list[Path]
    notes: list[str]
    unanswered: list[str]
    next_due: str
    backup: Path | None
    trouble: FloorctlError | None = None
    again: bool = False


# ---- the answers


def read_answers(path: Path) -> Answers:
    """Return the answers of a TOML file (docs/closing.md). Raise FloorctlError with all faults, naming keys, never values."""
    try:
        text = read_text(path, _FILE, MAX_BYTES)
        given = parsed(text, path, _FILE)
    except UsageError as error:  # the fault is in the file, not in the command line
        raise FloorctlError(error.what, error.why, error.do) from None
    asked = _Given(given)
    found = _answers(asked)
    if asked.faults:
        lines = line_index(text)
        told = sorted({(lines.get(place, 1), why) for place, why in asked.faults})
        (line, why), *others = told
        more = in_a_row([f"{n}行目 {x}" for n, x in others])
        do = f"docs/closing.md の例に合わせてください{f'（ほかの誤り: {more}）' if others else ''}"
        raise FloorctlError(f"答えのファイル {shown(path.name)} の{line}行目が正しくありません", why, do)
    return found


class _Given:
    """Values of the answers, with the faults found in them. A key below the known ones is free text and never repeated."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.faults: list[tuple[Place, str]] = []
        for key in values.keys() - _KEYS:
            self.wrong((key,), f"知らない項目があります。使えるのは {'、'.join(sorted(_KEYS))} です")

    def wrong(self, place: Place, why: str) -> None:
        self.faults.append((place, why))

    def table(self, key: str) -> dict[str, Any]:
        table = self.values.get(key, {})
        if isinstance(table, dict):
            return table
        self.wrong((key,), f"{key} が表（[…]）ではありません")
        return {}

    def count(self, value: object, *place: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(place, f"{place[0]} に整数ではない値があります")
        return 0

    def text(self, value: object, *place: str | int) -> str:
        if isinstance(value, str):
            return value
        self.wrong(place, f"{place[0]} に文字列ではない値があります")
        return ""

    def lines(self, head: str) -> tuple[str, ...]:
        """Return one text or a list of texts as a tuple."""
        value = self.values[head]
        found = [value] if isinstance(value, str) else value
        if isinstance(found, list) and found:
            return tuple(self.text(line, head) for line in found)
        self.wrong((head,), f"{head} が文字列か、文字列の並びではありません")
        return ()


def _answers(given: _Given) -> Answers:
    wishes: list[Wish] = []
    from_draft = given.values.get("problems") == DRAFT
    for head in REPORT_HEADS:
        if head in given.values and not (head == "problems" and from_draft):
            lines = given.lines(head)
            none = lines == (NOTHING,)
            wishes.append(("report.written", {"head": head, "lines": () if none else lines, "none": none}))
    for item, value in given.table("totals").items():
        place = ("totals", item)
        count, note = (value.get("count"), value.get("note", "")) if isinstance(value, dict) else (value, "")
        if isinstance(value, dict) and value.keys() - {"count", "note"}:
            given.wrong(place, "totals に count と note のほかの項目があります")
        total = {"item": item, "count": given.count(count, *place), "note": given.text(note, *place)}
        wishes.append(("total.read", total))
    for topic, n in given.table("topics").items():
        wishes.append(("inquiry.counted", {"topic": topic, "count": given.count(n, "topics", topic)}))
    if "cards" in given.values:
        wishes.append(("cards.counted", {k: given.count(n, "cards", k) for k, n in given.table("cards").items()}))
    return Answers(wishes, from_draft)


# ---- the close


def export(session: Session, day: date, out: Path, encoding: str | None = None) -> Exported:
    """Write the documents of a day (contract 5). Raise FloorctlError."""
    from floorctl.documents.day.export import export_day
    from floorctl.documents.day.revisions import rows
    from floorctl.documents.day.tables_csv import UTF8
    from floorctl.usecases.day_editions import editions_of
    from floorctl.usecases.outdated_documents import outdated

    written = WrittenFiles(session.path)
    editions = tuple(rows(editions_of(session, day)))
    record = replace(derived.record_of(session, day), editions=editions)
    done = export_day(record, session.site, out, encoding=encoding or UTF8, written=written)
    return done._replace(notes=[*done.notes, *outdated(session, day, out)]) if editions else done


def reports_folder(session: Session) -> Path:
    """Return the default folder of documents, beside the data file."""
    return session.path.resolve().parent / REPORTS


def close(session: Session, day: date, answers: Answers | None = None, out: Path | None = None) -> Closed:
    """Close a day, back it up and write its documents into ``out`` (by default beside the data file).

    A day whose report is closed is backed up and written again; answers to it are dropped with a note. Raise Refused,
    or UsageError for a wrong layout (nothing was written); a later error is returned as ``trouble``.
    """
    from floorctl.documents.day.workbook import check_layout

    check_layout(session.site)
    again, notes = _close_facts(session, day, answers or Answers())
    trouble: FloorctlError | None = None
    kept: Path | None = None
    paths: list[Path] = []
    carried: list[heads.Note] = []
    try:
        copy = backups.keep(session.store)
        kept = copy.path
        carried.append(heads.backup(session.clock(), copy.head, copy.path.name))
    except FloorctlError as error:
        trouble = error
    try:
        done = export(session, day, out or reports_folder(session))
        paths, notes = done.paths, notes + done.notes
        record = derived.record_of(session, day)
        carried.append(heads.report(session.clock(), day, record.revision, Head(record.seq, record.hash)))
    except FloorctlError as error:
        if trouble is not None:
            notes.append(trouble.as_note)
        trouble = error
    unnoted = heads.add(session.path, *carried)
    notes += [unnoted] if unnoted else []
    record = derived.record_of(session, day)
    notes += _untold(record)
    return Closed(paths, notes, unanswered(record), next_due(session, day), kept, trouble, again)


def _untold(record: DayRecord) -> list[str]:
    """Return the open incidents that the city must be told of and was not, as a sentence; [] if there is none."""
    owed = [i for i in record.incidents if i.untold and i.closed_at is None and i.policy.unreported != "free"]
    names = "・".join(f"{i.code} {i.policy.short}" for i in owed)
    return [f"市への報告がまだの事案があります: {names}（報告したら記録してください 仕様書 12）。"] if owed else []


def _close_facts(session: Session, day: date, answers: Answers) -> tuple[bool, list[str]]:
    """Record answers, close and derived rows in one transaction; return whether it was closed before, and the warnings."""
    notes: list[str] = []
    again = False

    def decision(c: Context) -> list[Wish]:
        nonlocal again
        from floorctl.commands.decide import decide

        again = c.floor.report_closed_at is not None
        if again:
            if answers.wishes or answers.problems_from_draft:
                notes.append("締めた後の日です。答えは記録していません（直すときは再開してから締めてください）。")
            return []
        found = [wish for kind, fields in answers.wishes for wish in decide(c, kind, fields)]
        problems = _problems(c, found, answers.problems_from_draft)
        if problems is not None:
            found = [w for w in found if w[0] != "report.written" or w[1]["head"] != "problems"]
            found += decide(c, "report.written", {"head": "problems", "lines": problems, "none": not problems})
        return [*found, *decide(c, "day.closed", {})]

    try:
        session.run(decision, lambda pen: derived.write_day(session, pen, day), day=day)
    except UsageError as error:
        # The fault is in the answers, not in the command line.
        raise FloorctlError(error.what, error.why, "答えのファイルを docs/closing.md の例に合わせてください") from None
    return again, notes + session.warnings


def _problems(c: Context, wishes: list[Wish], from_draft: bool) -> tuple[str, ...] | None:
    """Return the 問題点 lines to write, or None if the answers already contain them.

    They are the draft, if that was asked for; else the answers with a line for each ledger difference without a note.
    """
    from floorctl.documents.day.problems_draft import (
        MOST_LINES,
        difference_lines,
        difference_text,
        draft_problems,
        unexplained,
    )

    floor = _floor_after(c, wishes)
    record = day_record(floor, c.register, None, revision=1, now=c.now)
    if from_draft:
        return tuple(draft_problems(record, floor, c.register))
    held = floor.report.get("problems")
    lines = held.lines if held else ()
    missing = [tie for tie in unexplained(record) if difference_text(tie, floor) not in lines]
    added = difference_lines(missing, floor, MOST_LINES - len(lines))
    return (*lines, *added)[:MOST_LINES] if added else None


def _floor_after(c: Context, wishes: list[Wish]) -> Floor:
    """Return the Floor as it is once the wishes are facts."""
    from floorctl.commands.fact_checks import make_fact

    entries = list(c.floor.entries)
    for n, (kind, fields) in enumerate(wishes):
        given = dict(fields)
        fact = make_fact(kind, given, f"close.{n:04d}", given.pop("at", c.now), c.site, c.stands)
        entries.append(Entry(10**9 + n, "console", c.now, c.actor, fact))
    return fold(c.site, c.floor.day, entries, c.floor.carried)


def _answered(record: DayRecord, head: str) -> bool:
    """Return whether a head of the report is written; the weather has no 特になし."""
    written = record.report.get(head)
    return written is not None and (head != "weather" or bool(written.lines))


def unanswered(record: DayRecord) -> list[str]:
    """Return the heads that will print 未記入, and the number of unread ledgers, in words."""
    missing = {head: word for head, word in REPORT_HEADS.items() if not _answered(record, head)}
    weather = missing.pop("weather", None)
    unread = sum(tie.read is None for tie in record.ties)
    return [*missing.values(), *([f"台帳との照合 {unread}項目"] if unread else []), *([weather] if weather else [])]


def next_due(session: Session, day: date) -> str:
    """Return the next duty once the day is closed, in words: its own report, else the earliest; "" if none is open."""
    register = session.register()
    calendar = register.calendar(session.site)

    def owed(wanted: Callable[[str, str, date], bool] | None = None) -> Iterator[Duty]:
        found = duties(session.site, register, calendar, session.today, wanted)
        return (d for d in found if d.state != "submitted")

    # The day's own report first: the list of all duties asks the calendar for every day of the contract.
    own = owed(lambda duty, key, _: duty == "daily_report" and key == str(day))
    return next((_due_words(d) for d in own), "") or next((_due_words(d) for d in owed() if d.due >= day), "")


def _due_words(d: Duty) -> str:
    return f"{d.name}（{d.about}）の提出期限は {md(d.due)}"
