"""What the actions on the calendar do: an extra day, a closure, a planned outage, asked step by step; a withdrawal."""

from __future__ import annotations

from datetime import date, datetime, time

from floorctl.common.clock import JST, business_day
from floorctl.common.words import wareki
from floorctl.console.port import Console
from floorctl.console.state import ConsoleState
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.screens.asking import act, ask_day, choose, send
from floorctl.screens.frame import ScreenConsole


def agreed_on_day(state: ConsoleState, day: date) -> list[Entry]:
    """What of the file's agreements touches a day and stands."""
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


@act("agree_extra")
def _extra(app: ScreenConsole) -> None:
    _agree(app, "追加就業日", "calendar.extra")


@act("agree_closure")
def _closure(app: ScreenConsole) -> None:
    _agree(app, "臨時休止", "calendar.closed")


def _agree(app: ScreenConsole, word: str, kind: str) -> None:
    """Date, reason, day of the agreement."""

    def with_date(day: str) -> None:
        on = wareki(date.fromisoformat(day))

        def with_reason(reason: str) -> None:
            def with_agreement(agreed: str) -> None:
                fields = {
                    "date": date.fromisoformat(day),
                    "reason": reason,
                    "agreed_on": date.fromisoformat(agreed),
                }
                send(app, f"{word} {on} {reason}", kind, fields)

            prompt = "監督員と協議した日。9/1 か 2026-09-01 のように"
            ask_day(app, f"{word} {on}: 協議した日", prompt, with_agreement, past=True)

        app.ask_text(f"{word} {on}: 理由", "暦と報告書に出ます。個人情報は書きません", with_reason)

    ask_day(app, f"{word}の日付", "9/20 か 2026-09-20 のように", with_date, value=app.state.chosen.date)


@act("plan_outage")
def _outage(app: ScreenConsole) -> None:
    """Which services, the day, from when until when, why."""
    site = app.state.day.floor.site
    groups = {"すべての業務": [s.code for s in site.services]}
    for lane in site.lanes:
        own = [s.code for s in site.services if s.lane == lane.code]
        if len(own) > 1:
            groups[f"{lane.name}の業務すべて"] = own
    groups |= {s.name: [s.code] for s in site.services}

    def with_services(name: str) -> None:
        def with_date(day: str) -> None:
            on = date.fromisoformat(day)

            def with_start(start: str) -> None:
                def with_end(end: str) -> None:
                    def with_reason(reason: str) -> None:
                        fields = {
                            "services": groups[name],
                            "from_at": datetime.combine(on, time.fromisoformat(start), JST),
                            "until_at": datetime.combine(on, time.fromisoformat(end), JST),
                            "reason": reason,
                        }
                        send(app, f"計画停止 {on.month}/{on.day} {start}〜{end} {name}", "calendar.outage", fields)

                    app.ask_text("計画停止の理由", "国の保守など", with_reason)

                app.ask_time(f"計画停止 {wareki(on)} {start} から何時まで", with_end)

            app.ask_time(f"計画停止 {wareki(on)} 何時から", with_start)

        ask_day(app, f"計画停止 {name}: 日付", "9/20 か 2026-09-20 のように", with_date, value=app.state.chosen.date)

    choose(app, "計画停止する業務", [(name, name) for name in groups], with_services, "数日に続くときは1日ずつ入れます")


# ---- a line of the calendar


def open_day_line(app: Console, day: date) -> None:
    """Enter on a day: takes back what was agreed on it, or offers what may be agreed."""
    state = app.state
    entries = agreed_on_day(state, day)
    if len(entries) == 1:
        _withdraw(app, entries[0])
        return
    if entries:
        by_key = {f"{e.source} {e.fact.id}": e for e in entries}
        options = [(key, f"取り消す: {e.fact.sentence(state.day.floor.site)}") for key, e in by_key.items()]
        choose(app, wareki(day), options, lambda key: _withdraw(app, by_key[key]))
        return
    info = state.day.register.calendar(state.day.floor.site).day_info(day)
    if info.kind in ("extra", "closed_emergency"):
        state.line.say("サイト設定（calendar.overrides）に書かれた日です。ここでは取り消せません", "warn")
    elif info.kind == "outside_contract":
        state.line.say(info.reason)
    else:
        first = ("agree_closure", "臨時休止にする") if info.open else ("agree_extra", "追加就業日にする")
        options = [first, ("plan_outage", "業務の計画停止を入れる")]
        choose(app, wareki(day), options, app.perform, info.reason)


def _withdraw(app: Console, entry: Entry) -> None:
    what = entry.fact.sentence(app.state.day.floor.site)

    def with_reason(reason: str) -> None:
        target = {"target": entry.fact.id, "target_source": entry.source, "reason": reason}
        app.engine.retract(f"取り消しました: {what}", target)

    app.ask_text("この登録を取り消す理由", what, with_reason)
