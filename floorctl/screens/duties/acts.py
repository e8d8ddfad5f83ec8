"""Acts of F8: submissions and approvals, meetings with their heads, rulings on the open questions."""

from __future__ import annotations

from datetime import date
from typing import Any

from floorctl.common.action_keys import key_of
from floorctl.common.words import BEFORE_RECORDS, BEFORE_RECORDS_NAME, MEETING_FORMS, short_day
from floorctl.console.port import Console
from floorctl.console.possible import BEFORE_ROW, chosen_duty
from floorctl.models.register.duties import reading
from floorctl.models.register.duty import Duty
from floorctl.models.register.meetings import meetings_to_hold
from floorctl.screens.asking import Ask, act, first_fact, own_keys, send
from floorctl.screens.frame import ScreenConsole


async def open_row(ask: Ask, key: str) -> None:
    """Enter on a row: what can be done with a duty, a meeting or a question."""
    ask.state.chosen.duty = key
    what, _, rest = key.partition(" ")
    if what == "q":
        await make_ruling(ask, rest)
    elif what == "h":
        form, _, about = rest.partition(" ")
        await hold_meeting(ask, form, about if form == "emergency" else None)
    elif (duty := chosen_duty(ask.state)) is not None:
        await _duty_menu(ask, duty)


_DUTY_MENU = ("duty_submit", "duty_on", "duty_approve", "approved_on", "duty_ruling")


async def _duty_menu(ask: Ask, d: Duty) -> None:
    today = short_day(ask.state.day.floor.day)
    again = "再提出した（差し替え・更新）" if d.versions else "提出した"
    options = [("duty_submit", f"{again}  今日 {today}"), ("duty_on", f"{again}  ほかの日")]
    if not d.not_approvable:
        options += [("duty_approve", f"承認された  今日 {today}"), ("approved_on", "承認された  ほかの日")]
    if d.question:
        options.append(("duty_ruling", f"期限の数え方を決める（協議事項 {d.question}）"))
    prompt = f"期限 {short_day(d.due)}  {d.rule}"
    keys = own_keys((answer for answer, _ in options), _DUTY_MENU)
    answer = await ask.choice(f"{d.name} {d.about}", options, prompt, keys=keys, at=2 if d.awaits_approval else 0)
    if answer == "approved_on":
        _approve(ask.app, d, await ask.day(f"{d.name} が承認された日", d.about, past=True))
    else:
        ask.app.perform(answer)


def _submit(app: Console, d: Duty, day: str | None) -> None:
    """Record a submission. ``day``: ISO text; None is today, or the day of the minutes that were typed before (-N)."""
    fields: dict[str, Any] = {"duty": d.duty, "key": d.key}
    if day is not None:
        fields["submitted_on"] = day
    when = short_day(date.fromisoformat(day)) if day else "今日"
    send(app, f"{d.name} {d.about} 提出 {when}", "duty.submitted", fields)


def _approve(app: Console, d: Duty, day: str) -> None:
    fields = {"duty": d.duty, "key": d.key, "approved_on": day}
    send(app, f"{d.name} {d.about} 承認 {short_day(date.fromisoformat(day))}", "duty.submitted", fields)


@act("duty_menu")
async def _menu(ask: Ask) -> None:
    await open_row(ask, ask.state.chosen.duty)


async def clear_before_records(ask: Ask) -> None:
    """Record for a reason that everything due before the first recorded day was handed in."""
    first = ask.state.day.began or ask.state.day.floor.day
    prompt = f"{short_day(first)} より前が期限のもの。理由は提出の記録に残ります"
    why = await ask.text(f"{BEFORE_RECORDS_NAME}を提出済にする理由", prompt, value="floorctl を使い始める前に提出済み")
    fields = {"duty": BEFORE_RECORDS, "key": first.isoformat(), "note": why}
    await ask.record(f"{BEFORE_RECORDS_NAME} 提出済", "duty.submitted", fields)


@act("duty_submit")
def _submitted(app: ScreenConsole) -> None:
    if app.state.chosen.duty == BEFORE_ROW:
        app.start(clear_before_records(Ask(app)))
    elif (d := chosen_duty(app.state)) is not None:
        _submit(app, d, None)


@act("duty_on")
async def _submitted_on(ask: Ask) -> None:
    if (d := chosen_duty(ask.state)) is not None:
        prompt = f"{d.about}  期限 {short_day(d.due)}  9/24 か 2026-09-24 のように"
        _submit(ask.app, d, await ask.day(f"{d.name} を提出した日", prompt, past=True))


@act("duty_approve")
def _approved(app: Console) -> None:
    if (d := chosen_duty(app.state)) is not None:
        _approve(app, d, app.state.day.floor.day.isoformat())


# ---- meetings (仕様書 9) ----------------------------------------------------------------------------------------------


@act("duty_meeting")
async def _meeting(ask: Ask) -> None:
    """Record a meeting that was held; where one is due, the cursor begins on it."""
    state = ask.state
    if state.chosen.duty.startswith("h "):
        await open_row(ask, state.chosen.duty)
        return
    hold = meetings_to_hold(state.day.floor.site, state.day.register, state.day.floor.day)
    at = list(MEETING_FORMS).index(hold[0].form if hold else "operations")
    form = await ask.choice("開催した会議", list(MEETING_FORMS.items()), "議事録は開催後3開庁日以内", at=at)
    await hold_meeting(ask, form, None)


async def hold_meeting(ask: Ask, form: str, incident: str | None) -> None:
    """Ask for what the record of a meeting needs: the incident, the day, the supervisors, the heads."""
    state, name = ask.state, MEETING_FORMS[form]
    fields: dict[str, Any] = {"form": form}
    if form == "emergency" and incident is None:
        incident = await _incident_of_meeting(ask)
    if incident:
        fields["incident"] = incident
    today = state.day.floor.day
    options = [("", f"今日 {short_day(today)}"), ("+", "ほかの日")]
    day = await ask.choice(f"{name} を開催した日", options, incident or "")
    if day == "+":
        day = await ask.day(f"{name} を開催した日", "9/24 か 2026-09-24 のように", past=True)
    fields["held_on"] = day or state.day.floor.day.isoformat()
    if form == "operations":
        numbers = [*((str(n), f"{n}名") for n in (1, 2, 3, 4, 5)), ("0", "なし")]
        fields["supervisors"] = int(await ask.choice("出席した監督員（1名以上 仕様書 9）", numbers, name))
        heads = state.day.floor.site.duties.meeting_heads
        options = [("", "すべて取り上げた"), *((h, f"{h} だけ取り上げていない") for h in heads)]
        left_out = await ask.choice(f"{len(heads)}項目（{'・'.join(heads)}）", options, "仕様書 9")
        fields["heads"] = tuple(h for h in heads if h != left_out)
    said = f"{name} を記録しました（議事録の期限は {key_of('duties')}）"
    await ask.record(lambda es: f"{first_fact(es).meeting} {said}", "meeting.held", fields)


async def _incident_of_meeting(ask: Ask) -> str:
    """Return the incident that an emergency meeting is about; '' where it is about none."""
    register = ask.state.day.register
    found = sorted(register.open_incidents(), key=lambda i: not i.serious)
    if not found:
        return ""
    options = [(i.code, f"{i.code} {'重大 ' if i.serious else ''}{i.summary}") for i in found[:12]]
    return await ask.choice("どの事案の緊急会議ですか", [*options, ("", "事案によらない")])


# ---- the open questions (仕様書 16(7)) --------------------------------------------------------------------------------


@act("duty_ruling")
async def _ruling(ask: Ask) -> None:
    state = ask.state
    what, _, code = state.chosen.duty.partition(" ")
    if what != "q":
        d, site = chosen_duty(ask.state), state.day.floor.site
        if d is not None and d.question in site.question_by_code:
            code = d.question
        elif site.questions:
            code = await ask.choice("協議事項", [(q.code, f"{q.code} {q.name}") for q in site.questions])
        else:
            state.line.say("会場設定に協議事項（questions）がありません", "warn")
            return
    await make_ruling(ask, code)


async def make_ruling(ask: Ask, code: str) -> None:
    """Ask for the reading by digit, then from when it holds."""
    state = ask.state
    site, register, today = state.day.floor.site, state.day.register, state.day.floor.day
    question = site.question_by_code[code]
    now = reading(site, register, code, today)
    chosen = await ask.choice(
        f"{code} {question.name}",
        [(r.code, f"{r.name}{'  いま' if r.code == now else ''}") for r in question.readings],
        f"仕様書 {question.clause}  監督員と協議した扱い",
        at=[r.code for r in question.readings].index(now),
    )
    words, start = question.reading_name(chosen), site.contract.start
    options = [
        (today.isoformat(), f"今日 {short_day(today)} の分から"),
        ("+", "日付を入れる"),
        (start.isoformat(), f"契約の初め {short_day(start)} から"),
    ]
    day = await ask.choice(f"{code} {words}", options, "これより前の分の期限は変わりません")
    if day == "+":
        prompt = "この日の分から（報告する日・会議の日・月末）。前の分の期限は変わりません"
        day = await ask.day(f"{code} {words}: いつの分から", prompt)
    fields = {"question": code, "reading": chosen, "from_on": day}
    await ask.record(f"{code} {words} {day} の分から", "ruling.made", fields)
