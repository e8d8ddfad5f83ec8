"""What the actions on F8 do: submissions and approvals, meetings with their heads, rulings on the open questions."""

from __future__ import annotations

from datetime import date
from typing import Any

from floorctl.common.words import MEETING_FORMS, WEEKDAYS
from floorctl.console.port import Console
from floorctl.models.register.duties import APPROVED, Duty, meetings_to_hold, reading
from floorctl.screens.asking import act, ask_day, choose, send
from floorctl.screens.frame import ScreenConsole


def _md(day: date) -> str:
    return f"{day.month}/{day.day}({WEEKDAYS[day.weekday()]})"


def chosen_duty(app: Console) -> Duty | None:
    """The duty on whose row the cursor stands; a meeting stands for its minutes."""
    what, _, rest = app.state.chosen.duty.partition(" ")
    key = rest if what == "d" else f"minutes {rest}" if what == "m" else ""
    return next((d for d in app.state.day.duties() if f"{d.duty} {d.key}" == key), None)


def open_row(app: ScreenConsole, key: str) -> None:
    """Enter on a row: what can be done with a duty, a meeting or a question."""
    app.state.chosen.duty = key
    what, _, rest = key.partition(" ")
    if what == "q":
        make_ruling(app, rest)
    elif what == "h":
        form, _, about = rest.partition(" ")
        hold_meeting(app, form, about if form == "emergency" else None)
    elif (duty := chosen_duty(app)) is not None:
        _duty_menu(app, duty)


def _duty_menu(app: ScreenConsole, d: Duty) -> None:
    again = "もう一度提出した（差し替え・更新）" if d.versions else "提出した"
    options = [("duty_submit", f"{again}  今日 {_md(app.state.day.floor.day)}"), ("duty_on", f"{again}  ほかの日")]
    if d.versions or d.duty in APPROVED:
        options += [
            ("duty_approve", f"承認された  今日 {_md(app.state.day.floor.day)}"),
            ("approved_on", "承認された  ほかの日"),
        ]
    if d.question:
        options.append(("duty_ruling", f"期限の数え方を決める（協議事項 {d.question}）"))

    def answered(answer: str) -> None:
        if answer == "approved_on":
            ask_day(app, f"{d.name} が承認された日", d.about, lambda day: _approve(app, d, day), past=True)
        else:
            app.perform(answer)

    at = 2 if d.awaits_approval else 0
    choose(app, f"{d.name} {d.about}", options, answered, f"期限 {_md(d.due)}  {d.rule}", at=at)


def _submit(app: Console, d: Duty, day: str | None) -> None:
    """``day``: ISO text; None is today, or the day of the minutes that were typed before (-N)."""
    fields: dict[str, Any] = {"duty": d.duty, "key": d.key}
    if day is not None:
        fields["submitted_on"] = day
    when = _md(date.fromisoformat(day)) if day else "今日"
    send(app, f"{d.name} {d.about} 提出 {when}", "duty.submitted", fields)


def _approve(app: Console, d: Duty, day: str) -> None:
    fields = {"duty": d.duty, "key": d.key, "approved_on": day}
    send(app, f"{d.name} {d.about} 承認 {_md(date.fromisoformat(day))}", "duty.submitted", fields)


@act("duty_menu")
def _menu(app: ScreenConsole) -> None:
    open_row(app, app.state.chosen.duty)


@act("duty_submit")
def _submitted(app: Console) -> None:
    if (d := chosen_duty(app)) is not None:
        _submit(app, d, None)


@act("duty_on")
def _submitted_on(app: ScreenConsole) -> None:
    if (d := chosen_duty(app)) is not None:
        duty = d
        prompt = f"{d.about}  期限 {_md(d.due)}  9/24 か 2026-09-24 のように"
        ask_day(app, f"{d.name} を提出した日", prompt, lambda day: _submit(app, duty, day), past=True)


@act("duty_approve")
def _approved(app: Console) -> None:
    if (d := chosen_duty(app)) is not None:
        _approve(app, d, app.state.day.floor.day.isoformat())


# ---- meetings (仕様書 9) ----------------------------------------------------------------------------------------------


@act("duty_meeting")
def _meeting(app: ScreenConsole) -> None:
    """A meeting that was held; where one is called for, the cursor stands on it."""
    state = app.state
    if state.chosen.duty.startswith("h "):
        open_row(app, state.chosen.duty)
        return
    hold = meetings_to_hold(state.day.floor.site, state.day.register, state.day.floor.day)
    wanted = hold[0].form if hold else "operations"
    forms = list(MEETING_FORMS.items())
    at = [k for k, _ in forms].index(wanted)
    choose(app, "開催した会議", forms, lambda form: hold_meeting(app, form, None), "議事録は開催後3開庁日以内", at=at)


def hold_meeting(app: ScreenConsole, form: str, incident: str | None) -> None:
    """Asks for what the record of a meeting needs: the incident, the day, the supervisors, the heads."""
    name = MEETING_FORMS[form]
    fields: dict[str, Any] = {"form": form}

    def with_incident(code: str) -> None:
        if code:
            fields["incident"] = code
        today = app.state.day.floor.day
        options = [("", f"今日 {_md(today)}"), ("+", "ほかの日")]
        choose(app, f"{name} を開催した日", options, with_day, fields.get("incident", ""))

    def with_day(day: str) -> None:
        if day == "+":
            ask_day(app, f"{name} を開催した日", "9/24 か 2026-09-24 のように", with_day, past=True)
            return
        fields["held_on"] = day or app.state.day.floor.day.isoformat()
        if form == "operations":
            numbers = [(str(n), f"{n}名") for n in (1, 2, 3, 4, 5)]
            choose(app, "出席した監督員（1名以上 仕様書 9）", [*numbers, ("0", "なし")], with_supervisors, name)
        else:
            done()

    def with_supervisors(n: str) -> None:
        fields["supervisors"] = int(n)
        heads = app.state.day.floor.site.duties.meeting_heads
        options = [("", "すべて取り上げた"), *((h, f"{h} だけ取り上げていない") for h in heads)]
        choose(app, f"{len(heads)}項目（{'・'.join(heads)}）", options, with_heads, "仕様書 9")

    def with_heads(left_out: str) -> None:
        fields["heads"] = tuple(h for h in app.state.day.floor.site.duties.meeting_heads if h != left_out)
        done()

    def done() -> None:
        send(app, lambda es: f"{es[0].fact.meeting} {name} を記録しました（議事録の期限は F8）", "meeting.held", fields)  # type: ignore[attr-defined]

    register = app.state.day.register
    if form == "emergency" and incident is None and register.open_incidents():
        found = sorted(register.open_incidents(), key=lambda i: not i.serious)
        options = [(i.code, f"{i.code} {'重大 ' if i.serious else ''}{i.summary}") for i in found[:12]]
        choose(app, "どの事案の緊急会議ですか", [*options, ("", "事案によらない")], with_incident)
    else:
        with_incident(incident or "")


# ---- the open questions (仕様書 16(7)) --------------------------------------------------------------------------------


@act("duty_ruling")
def _ruling(app: ScreenConsole) -> None:
    what, _, rest = app.state.chosen.duty.partition(" ")
    if what == "q":
        make_ruling(app, rest)
        return
    d = chosen_duty(app)
    if d is not None and d.question in app.state.day.floor.site.question_by_code:
        make_ruling(app, d.question)
        return
    questions = app.state.day.floor.site.questions
    if questions:
        choose(
            app, "協議事項", [(q.code, f"{q.code} {q.name}") for q in questions], lambda code: make_ruling(app, code)
        )
    else:
        app.state.line.say("サイト設定に協議事項（questions）がありません", "warn")


def make_ruling(app: ScreenConsole, code: str) -> None:
    """The reading by digit, then from when it holds."""
    state = app.state
    site, register, today = state.day.floor.site, state.day.register, state.day.floor.day
    question = site.question_by_code[code]
    now = reading(site, register, code, today)
    codes = [r.code for r in question.readings]

    def with_reading(chosen: str) -> None:
        words = question.reading_name(chosen)

        def with_day(day: str) -> None:
            if day == "+":
                prompt = "この日の分から（報告する日・会議の日・月末）。前の分の期限は変わりません"
                ask_day(app, f"{code} {words}: いつの分から", prompt, with_day)
                return
            fields = {"question": code, "reading": chosen, "from_on": day}
            send(app, f"{code} {words} {day} の分から", "ruling.made", fields)

        start = site.contract.start
        options = [
            (today.isoformat(), f"今日 {_md(today)} の分から"),
            ("+", "日付を入れる"),
            (start.isoformat(), f"契約の初め {_md(start)} から"),
        ]
        choose(app, f"{code} {words}", options, with_day, "これより前の分の期限は変わりません")

    options = [(r.code, f"{r.name}{'  いま' if r.code == now else ''}") for r in question.readings]
    choose(
        app,
        f"{code} {question.name}",
        options,
        with_reading,
        f"仕様書 {question.clause}  監督員と協議した読み",
        at=codes.index(now),
    )
