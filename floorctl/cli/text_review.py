"""Plain text of a rehearsal's briefing and review, and the list of scenarios; at most 79 cells wide."""

from __future__ import annotations

from collections.abc import Mapping

from floorctl.advice.expectations import Met
from floorctl.advice.review import Review
from floorctl.cli.text import columns
from floorctl.common.action_keys import keyed
from floorctl.common.clock import day_seconds
from floorctl.common.words import COURSES, hm, wareki
from floorctl.documents.layout.line_breaks import broken
from floorctl.documents.layout.plain import cells
from floorctl.documents.training.words import acts_text, duties, hand_offs_text, met_rows, met_word, verdict, waits_rows
from floorctl.models.site.scenario import Scenario
from floorctl.models.site.site import Site

WIDTH = 79
STATE = 10  # cells of the result before each expectation


def list_text(found: Mapping[str, Scenario]) -> str:
    """Return a line for each scenario: name, real time in minutes, title and summary."""
    rows = []
    for name, s in found.items():
        length = (day_seconds(s.ends) - day_seconds(s.starts)) / 60 / s.speed
        rows.append([name, f"{length:.0f}分", s.title, s.summary])
    return columns([["名前", "時間", "想定", "内容"], *rows])


def briefing_text(s: Scenario) -> str:
    """Return what the trainee reads before the play: title, purpose and tasks."""
    purpose = wrapped(f"ねらい  {s.purpose}", 8)
    tasks = "\n".join(wrapped(f"  {n}. {keyed(task)}", 5) for n, task in enumerate(s.tasks, 1))
    return f"演習  {s.title}\n\n{purpose}\n\nすること\n{tasks}\n"


def wrapped(text: str, indent: int = 0) -> str:
    """Break a line to the width; continuation lines are indented by ``indent`` cells."""
    first, *rest = broken(text, WIDTH - indent)
    return "\n".join([first.rstrip(), *(" " * indent + part.strip() for part in rest)])


def review_text(review: Review, site: Site) -> str:
    """Return the review as it is printed after the console has closed."""
    s = review.scenario
    staff = f"  職員コード {review.staff}" if review.staff else ""
    head = [
        f"演習の見直し  {s.title}",
        f"{wareki(s.day)} {hm(review.since)}〜{hm(review.until)} の想定{staff}",
        site.training_name(s.training),
    ]
    parts = ["\n".join(head), _section("1 待ち時間", waits_text(review, site), verdict(review, site))]
    parts.append(_section("2 市職員への引継ぎ（対応の開始まで）", hand_offs_text(review.hand_offs, site)))
    parts.append(_section(f"3 期待されたこと（{met_word(review.met)}）", _met_text(review.met)))
    parts.append(_section("4 市への報告、終わりに残っていた注意", "\n".join(duties(review))))
    parts.append(_section("5 した操作", acts_text(review, site)))
    return "\n\n".join(parts)


def _section(title: str, *texts: str) -> str:
    lines = [line for text in texts if text for line in text.split("\n")]
    return "\n".join([title, *(wrapped(f"  {line}".rstrip(), 2) for line in lines)])


def waits_text(review: Review, site: Site) -> str:
    """Return the waits as a table: a row a figure, a column a course (as played, nobody acting, advised, bound)."""
    return columns([["", *COURSES.values()], *waits_rows(review, site)])


def _met_text(met: list[Met]) -> str:
    lines = []
    for state, since, took, within, text, clause in met_rows(met):
        lines.append(wrapped(f"{state}{' ' * (STATE - cells(state))}{text}", STATE))
        how = f"{' ' * STATE}{since}から{within}以内{'' if took == '-' else f': {took}'}"
        where = f"（仕様書 {clause}）"
        fits = cells(how + where) <= WIDTH - 2  # what ``_section`` sets before it
        lines += [how + where] if fits else [how, f"{' ' * STATE}{where}"]
    return "\n".join(lines) or "この時間に期待されたことはありません"
