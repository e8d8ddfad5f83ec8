"""Panel at the foot of F8: the chosen row in full."""

from __future__ import annotations

from collections import Counter
from datetime import date

from rich.cells import cell_len

from floorctl.common.action_keys import keyed
from floorctl.common.clock import month_end
from floorctl.common.words import BEFORE_RECORDS, BEFORE_RECORDS_NAME, short_day
from floorctl.console.possible import chosen_duty
from floorctl.console.state import ConsoleState
from floorctl.models.board.reception_hours import under_way
from floorctl.models.register.duties import reading, ruling
from floorctl.models.register.duty import Duty
from floorctl.models.register.meetings import agenda
from floorctl.models.register.pressing_duties import before_records
from floorctl.screens.drawing.canvas import wrap
from floorctl.screens.drawing.panel import cells
from floorctl.screens.drawing.rows import Words


def on(day: date | None) -> str:
    """Return a date of a list; a hyphen for None."""
    return short_day(day) if day else "-"


def before_began(state: ConsoleState) -> list[Duty]:
    """Return the overdue duties of which the records can show nothing: from before they were begun."""
    return before_records(state.day.duties(), state.day.began, state.day.floor.day)


def detail(state: ConsoleState, key: str, width: int) -> list[Words]:
    """Return the chosen row in full: a duty with its versions, what was due before the records, a question, a meeting."""
    what, _, rest = key.partition(" ")
    if what == "q":
        return _question_detail(state, rest, width)
    if what == "h" and rest.startswith("operations"):
        return _agenda(state)
    if what == "b":
        return _before_detail(state, width)
    if what == "h":
        return [[("緊急会議 ", "strong"), (rest.removeprefix("emergency "), "text")], [("Enter で開催を記録すると、議事録の期限（3開庁日以内）が出ます", "dim")]]  # fmt: skip
    d = chosen_duty(state)
    if d is None:
        return [[("", "dim")]]
    lines = _duty_detail(state, d, width)
    m = state.day.register.meetings.get(d.key) if state.day.register and d.duty == "minutes" else None
    if m is not None and m.heads:
        lines.append([("取り上げた項目 ", "dim"), ("・".join(m.heads), "text")])
    return lines


def _before_detail(state: ConsoleState, width: int) -> list[Words]:
    found = before_began(state)
    if not found:
        return [[(BEFORE_RECORDS_NAME, "strong"), ("  提出済にしました", "dim")]]
    named = Counter(d.name for d in found)
    said = "  ".join(f"{name}{n}件" for name, n in named.items())
    first = on(state.day.began or state.day.floor.day)
    return [
        [
            (f"{BEFORE_RECORDS_NAME} {len(found)}件  ", "strong"),
            (f"{first} より前  提出したかは記録から分かりません", "dim"),
        ],
        *([(part, "text")] for part in wrap(said, width)[:2]),
        [(keyed("{duty_submit} まとめて提出済にする（理由を書く）   Enter 1件ずつ見る"), "dim")],
    ]


def _duty_detail(state: ConsoleState, d: Duty, width: int) -> list[Words]:
    lines: list[Words] = [
        [(f"{d.name} ", "strong"), (f"{d.about}  ", "text"), (f"対象 {d.key}", "dim")],
        *_rule(d, width),
    ]
    site, register = state.day.floor.site, state.day.register
    question = site.question_by_code.get(d.question)
    if question is not None:
        held = ruling(site, register, d.question, d.base)
        since = (
            f"{short_day(held.from_on)} から（{held.agreed_with}と協議）" if held else "既定の扱い（協議が調うまで）"
        )
        asked: Words = [(f"{d.question} {question.name}", "dim")]
        held_now: Words = [(since, "text"), (keyed("  {duty_ruling} で決める"), "dim")]
        beside = cells(asked) + 2 + cells(held_now) <= width
        lines += [[*asked, ("  ", "text"), *held_now]] if beside else [asked, held_now]
    if d.outdated:
        lines.append([(d.outdated_text, "bad")])
        today = d.duty == "daily_report" and d.key == state.day.floor.day.isoformat()
        how = keyed("締め（{close}）の {close_export}") if today else d.export_command
        lines.append(
            [(how, "text"), (keyed(" で作り直し、再提出したら {duty_submit} 今日   {duty_on} ほかの日"), "dim")]
        )
    versions = d.handed_in
    for n, v in enumerate(versions[-3:], max(1, len(versions) - 2)):
        approved = f"  承認 {on(v.approved_on)}" if v.approved_on else ""
        if v.duty == BEFORE_RECORDS:
            lines.append([("記録開始前に提出済み  ", "text"), (v.note, "dim")])
            continue
        lines.append([(f"{n}回目 ", "dim"), (f"提出 {on(v.submitted_on)} {v.by}{approved}  {v.note}".rstrip(), "text")])
    if not d.versions:
        floor = state.day.floor
        lines += _planned(state, d) if d.duty == "shift_table" else []
        early = d.too_early(floor.day, under_way=under_way(floor, state.day.now))
        keys = (
            f"提出できるのは {d.earliest_text}"
            if early
            else keyed("{duty_submit} 今日提出した   {duty_on} ほかの日に提出した")
        )
        lines.append([(f"まだ提出していません   {keys}", "dim")])
    return lines


def _planned(state: ConsoleState, d: Duty) -> list[Words]:
    """Return how many open days of the month of シフト表 have shifts, and the command that writes it."""
    register, first = state.day.register, d.base.replace(day=1)
    days = [x.date for x in register.calendar(state.day.site).between(first, month_end(first)) if x.open]
    held = sum(bool(register.shifts.get(day)) for day in days)
    role = "text" if held == len(days) else "warn"
    return [[(f"勤務表のある開場日 {held}／{len(days)}日  ", role), (d.export_command, "text"), (" で作る", "dim")]]


def _question_detail(state: ConsoleState, code: str, width: int) -> list[Words]:
    site, register = state.day.floor.site, state.day.register
    question = site.question_by_code.get(code)
    if question is None:
        return []
    now = reading(site, register, code, state.day.floor.day)
    lines: list[Words] = [[(f"{code} {question.name} ", "strong"), (f"仕様書 {question.clause}", "dim")]]
    words = "  ".join(f"{'● ' if r.code == now else ''}{r.name}" for r in question.readings)
    lines += [[(part, "text")] for part in wrap(words, width)[:2]]
    made = [r for r in register.rulings if r.question == code]
    history = "  ".join(f"{short_day(r.from_on)}から {question.reading_name(r.reading)}" for r in made[-3:])
    lines.append([("決定 ", "dim"), (history or "まだありません（既定の扱い）。Enter で決める", "text")])
    if question.setting:
        lines.append([("扱い ", "dim"), (f"決定は記録だけ: {question.setting}", "text")])
    return lines


def _agenda(state: ConsoleState) -> list[Words]:
    site, register = state.day.floor.site, state.day.register
    heads = state.day.once(
        "agenda",
        lambda: agenda(site, register, register.calendar(site), state.day.floor.day),
        by_time=False,
    )
    return [[("業務運営会議 ", "strong"), ("5項目と、記録から分かること   Enter 開催を記録", "dim")]] + [
        [(f"{head}  ", "text"), (words, "dim")] for head, words in heads
    ]


def _rule(d: Duty, width: int) -> list[Words]:
    """Return a due date and how it was counted, on lines of its own where they do not fit beside each other."""
    due: Words = [("期限 ", "dim"), (on(d.due), "strong"), ("  数え方 ", "dim")]
    if cells(due) + cell_len(d.rule) <= width:
        return [[*due, (d.rule, "text")]]
    return [due[:2], *([(line, "text")] for line in wrap(f"数え方 {d.rule}", width))]
