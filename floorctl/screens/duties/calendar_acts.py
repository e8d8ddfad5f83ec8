"""Acts on the calendar: an extra day, a closure, a planned outage, asked step by step; a withdrawal."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial

from floorctl.common.clock import JST, business_day
from floorctl.common.words import month_day, wareki
from floorctl.console.state import ConsoleState
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.screens.asking import Ask, act


def agreed_on_day(state: ConsoleState, day: date) -> list[Entry]:
    """Return the agreements of the file that touch a day and have not been taken back."""
    gone = state.day.register.gone
    return [e for e in state.day.register_facts() if e.key not in gone and _touches(e, day)]


def _touches(e: Entry, day: date) -> bool:
    match e.fact:
        case ev.CalendarExtra() | ev.CalendarClosed() as f:
            return f.date == day
        case ev.CalendarOutage() as f:
            return business_day(f.from_at) <= day and datetime.combine(day, time(), JST) < f.until_at
    return False


# ---- agreeing


async def _agree(ask: Ask, *, word: str, kind: str) -> None:
    """Agree on a day: its date, the reason, the day of the agreement."""
    day = date.fromisoformat(
        await ask.day(f"{word}の日付", "9/20 か 2026-09-20 のように", value=ask.state.chosen.date),
    )
    on = wareki(day)
    reason = await ask.text(f"{word} {on}: 理由", "暦と報告書に出ます。個人情報は書きません")
    prompt = "監督員と協議した日。9/1 か 2026-09-01 のように"
    agreed = await ask.day(f"{word} {on}: 協議した日", prompt, past=True)
    fields = {"date": day, "reason": reason, "agreed_on": date.fromisoformat(agreed)}
    await ask.record(f"{word} {on} {reason}", kind, fields)


act("agree_extra")(partial(_agree, word="追加就業日", kind="calendar.extra"))
act("agree_closure")(partial(_agree, word="臨時休止", kind="calendar.closed"))


@act("plan_outage")
async def _outage(ask: Ask) -> None:
    """Plan an outage: which services, the day, from when until when, why."""
    site = ask.state.day.floor.site
    groups = {"すべての業務": [s.code for s in site.services]}
    for lane in site.lanes:
        own = [s.code for s in site.services if s.lane == lane.code]
        if len(own) > 1:
            groups[f"{lane.name}の業務すべて"] = own
    groups |= {s.name: [s.code] for s in site.services}
    name = await ask.choice("計画停止する業務", [(x, x) for x in groups], "数日に続くときは1日ずつ入れます")
    day = await ask.day(f"計画停止 {name}: 日付", "9/20 か 2026-09-20 のように", value=ask.state.chosen.date)
    on = date.fromisoformat(day)
    start = await ask.time(f"計画停止 {wareki(on)} 何時から")
    end = await ask.time(f"計画停止 {wareki(on)} {start} から何時まで")
    reason = await ask.text("計画停止の理由", "国の保守など")
    fields = {
        "services": groups[name],
        "from_at": datetime.combine(on, time.fromisoformat(start), JST),
        "until_at": datetime.combine(on, time.fromisoformat(end), JST),
        "reason": reason,
    }
    await ask.record(f"計画停止 {month_day(on)} {start}〜{end} {name}", "calendar.outage", fields)


# ---- a line of the calendar


async def open_day_line(ask: Ask, day: date) -> None:
    """Enter on a day: take back what was agreed on it, or offer what may be agreed."""
    state = ask.state
    by_key = {f"{e.source} {e.fact.id}": e for e in agreed_on_day(state, day)}
    if by_key:
        options = [(key, f"取り消す: {e.fact.sentence(state.day.floor.site)}") for key, e in by_key.items()]
        await _withdraw(ask, by_key[options[0][0] if len(options) == 1 else await ask.choice(wareki(day), options)])
        return
    info = state.day.register.calendar(state.day.floor.site).day_info(day)
    if info.kind in ("extra", "closed_emergency"):
        state.line.say("会場設定（calendar.overrides）に書かれた日です。ここでは取り消せません", "warn")
    elif info.kind == "outside_contract":
        state.line.say(info.reason)
    else:
        first = ("agree_closure", "臨時休止にする") if info.open else ("agree_extra", "追加就業日にする")
        options = [first, ("plan_outage", "業務の計画停止を入れる")]
        ask.app.perform(await ask.choice(wareki(day), options, info.reason))


async def _withdraw(ask: Ask, entry: Entry) -> None:
    what = entry.fact.sentence(ask.state.day.floor.site)
    reason = await ask.text("この登録を取り消す理由", what)
    await ask.retract(f"取り消しました: {what}", entry, reason)
