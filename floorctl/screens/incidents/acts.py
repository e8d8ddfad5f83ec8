"""What the actions on incidents and on the equipment do: the form of ten seconds, and its completion later."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from floorctl.common.clock import JST, business_day
from floorctl.common.incident_policies import FAILED_EQUIPMENT, INCIDENT_POLICIES, RESTORABLE_WORDS
from floorctl.common.words import EQUIPMENT_STATES, INCIDENT_CATEGORIES, INCIDENT_SHORT, OUTAGE_CAUSES, wareki
from floorctl.console.keys import BY_ID
from floorctl.console.port import Console
from floorctl.models.register.equipment import units
from floorctl.models.register.incident import Incident
from floorctl.models.register.incident_deadline import minutes_due, report_clock
from floorctl.screens.asking import ACTS, act, choose, dated_back, first_fact, send
from floorctl.screens.frame import ScreenConsole

# Keys of the fields of an incident, and the actions that complete them.
FIELDS = {
    "1": "incident_report",
    "2": "incident_occurred",
    "3": "incident_found",
    "4": "incident_measures",
    "5": "incident_prevention",
    "6": "incident_services",
    "7": "incident_terminals",
    "8": "incident_police",
    "9": "incident_restored",
    "s": "incident_serious",
    "d": "incident_damage",
    "f": "incident_cause",
    "a": "incident_category",
    "x": "incident_summary",
    "n": "incident_note",
    "p": "incident_meeting",
    "z": "incident_close",
}
_DATED = re.compile(r"(?:(\d{1,2})[/-](\d{1,2})\s+)?(\d{1,2}):?(\d{2})")
WHEN = "9:40 か 0940、-10（10分前）、今。別の日は 9/13 15:20"


def instant_of(text: str, now: datetime, day: date) -> datetime | None:
    """The instant that was typed: 9:40, 0940, -10 (minutes ago), 今, 9/13 15:20; times without a date are of ``day``."""
    folded = unicodedata.normalize("NFKC", text).strip().replace("ー", "-").replace("−", "-").replace("時", ":")
    folded = folded.removesuffix("分").removesuffix("まで")
    if folded in ("今", "いま", "0", "-0"):
        return now
    if folded.startswith("-") and folded[1:].isascii() and folded[1:].isdigit() and len(folded) <= 5:
        return now - timedelta(minutes=int(folded[1:]))
    found = _DATED.fullmatch(folded)
    if found is None or not folded.isascii():
        return None
    month, of_month, hour, minute = found.groups()
    try:
        if month is not None:
            day = day.replace(month=int(month), day=int(of_month))
            # In January 12/28 is that of the year before.
            if day > business_day(now):
                day = day.replace(year=day.year - 1)
        return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=JST)
    except ValueError:
        return None


def whom_and_when(text: str, now: datetime) -> tuple[str, datetime | None]:
    """監督員 9:40 is (監督員, 9:40 of today); without a time at its end the time is None: now."""
    words = unicodedata.normalize("NFKC", text).split()
    for last in (2, 1):
        if len(words) > last:
            at = instant_of(" ".join(words[-last:]), now, business_day(now))
            if at is not None:
                return " ".join(words[:-last]), at
    return text.strip(), None


def _chosen(app: Console) -> Incident:
    assert app.state.register is not None
    return app.state.register.incidents[app.state.incident]


def _amend(app: Console, label: str, fields: dict[str, Any], then: Callable[[], None] | None = None) -> None:
    code = app.state.incident
    send(app, f"{code} {label}", "incident.amended", {"incident": code, **fields}, then=then)


def _ask_when(app: Console, title: str, day: date, then: Callable[[datetime], None]) -> None:
    def typed(text: str) -> None:
        at = instant_of(text, app.state.now, day)
        if at is None:
            app.state.say(f"時刻を読めません（{WHEN}）", "warn")
            app.redraw()
        else:
            then(at)

    app.ask_text(f"{app.state.incident} {title}", WHEN, typed)


# ---- the form of ten seconds -----------------------------------------------------------------------------------------


@act("incident")
def _incident(app: Console) -> None:
    site, terminal = app.state.floor.site, app.state.terminal
    options = []
    for code, words in INCIDENT_CATEGORIES.items():
        rule = site.incident_reports.get(code)
        options.append((code, f"{words}{f'（{rule.word}）' if rule else ''}"))

    def with_category(category: str) -> None:
        ask_summary(app, category, [terminal] if terminal else [])

    choose(app, "事案の分類", options, with_category, f"端末 {terminal}" if terminal else "")


def ask_summary(app: Console, category: str, terminals: list[str], value: str = "") -> None:
    """One line of text, and the incident stands."""

    def with_summary(summary: str) -> None:
        fields: dict[str, Any] = {"category": category, "summary": summary}
        if terminals:
            fields["terminals"] = terminals
        # An incident is dated back by when it occurred; it is recorded now.
        more = "F5 で報告と、止まった業務" if INCIDENT_POLICIES[category].asks_services else "F5 で報告"
        at, label = dated_back(app, lambda es: f"{first_fact(es).incident} を記録しました（{more}）")
        if at is not None:
            fields["occurred_at"] = at
        app.engine.act(label, "incident.opened", fields)

    prompt = "何が起きたか1行で。氏名・番号などの個人情報は書きません"
    app.ask_text(f"事案: {INCIDENT_CATEGORIES[category]}", prompt, with_summary, value=value)


# ---- its completion --------------------------------------------------------------------------------------------------


@act("incident_menu")
def _menu(app: Console) -> None:
    i = _chosen(app)
    able = [(key, BY_ID[name]) for key, name in FIELDS.items() if not BY_ID[name].why_not(app.state)]
    options = [(a.id, a.label) for _, a in able]
    choose(
        app,
        f"{i.code} {INCIDENT_SHORT[i.category]}",
        options,
        app.perform,
        i.summary,
        keys="".join(key for key, _ in able),
    )


@act("incident_report")
def _report(app: Console) -> None:
    i, state = _chosen(app), app.state
    assert state.register is not None
    clock = report_clock(i, state.floor.site, state.register.calendar(state.floor.site))
    owed = f"{clock.word}（{clock.left(state.now)}）  " if clock else ""

    def with_whom(text: str) -> None:
        whom, at = whom_and_when(text, state.now)
        minutes, state.backdate_min = state.backdate_min, 0
        if at is None and minutes:
            at = state.now - timedelta(minutes=minutes)
        fields: dict[str, Any] = {"incident": i.code, "to": whom}
        if at is not None:
            fields["reported_at"] = at
        when = f" {at:%m/%d %H:%M}" if at is not None else ""
        send(app, f"{i.code} 市へ報告{when}", "incident.reported", fields)

    app.ask_text(
        f"{i.code} 誰に報告しましたか",
        f"{owed}役職で（監督員 など）。今でなければ後に -10 か 9:40。氏名は書きません",
        with_whom,
    )


def _time(name: str, title: str, field: str, *, own_day: bool) -> None:
    """An action that asks for a time and amends a field; ``own_day``: a time alone is of the incident's day."""

    def ask(app: ScreenConsole) -> None:
        i = _chosen(app)
        day = business_day(i.occurred_at if own_day else app.state.now)
        _ask_when(app, title, day, lambda at: _amend(app, f"{title} {at:%m/%d %H:%M}", {field: at}))

    ACTS[name] = ask


_time("incident_occurred", "発生", "occurred_at", own_day=True)
_time("incident_found", "発見", "found_at", own_day=True)
_time("incident_police", "警察へ通報", "police_at", own_day=False)


def _text(name: str, title: str, field: str, prompt: str) -> None:
    def ask(app: ScreenConsole) -> None:
        value = str(getattr(_chosen(app), field))
        app.ask_text(f"{app.state.incident} {title}", prompt, lambda t: _amend(app, title, {field: t}), value=value)

    ACTS[name] = ask


_text("incident_measures", "応急処置", "measures", "何をしたか。個人情報は書きません")
_text("incident_prevention", "再発防止", "prevention", "何を変えるか。個人情報は書きません")
_text("incident_summary", "概要", "summary", "何が起きたか1行で。前の概要は経過に残ります")


@act("incident_restored")
def _restored(app: Console) -> None:
    i = _chosen(app)
    if not i.policy.restorable:
        app.state.say(f"{INCIDENT_SHORT[i.category]}の事案には復旧がありません（{RESTORABLE_WORDS}だけ）", "warn")
        return

    def at_time(at: datetime) -> None:
        label = f"{i.code} 復旧 {at:%m/%d %H:%M}"
        send(app, label, "incident.restored", {"incident": i.code, "restored_at": at})

    _ask_when(app, "復旧", business_day(app.state.now), at_time)


@act("incident_services")
def _services(app: Console) -> None:
    site, i = app.state.floor.site, _chosen(app)
    groups = {}
    for lane in site.lanes:
        own = [s.code for s in site.services if s.lane == lane.code]
        if len(own) > 1:
            groups[lane.letter.lower()] = (f"{lane.name} すべて", own)
    _several(
        app,
        f"{i.code} 関わる業務（止まった業務）",
        [(s.code, s.name) for s in site.services],
        set(i.services),
        lambda codes: _amend(app, f"業務 {len(codes)}件", {"services": codes}),
        groups,
    )


@act("incident_terminals")
def _terminals(app: Console) -> None:
    i, site = _chosen(app), app.state.floor.site
    options = [(t.code, f"{t.code} {t.name}") for t in site.terminals]
    done = lambda codes: _amend(app, f"端末 {' '.join(codes) or 'なし'}", {"terminals": codes})  # noqa: E731
    _several(app, f"{i.code} 関わる端末", options, set(i.terminals), done)


def _several(
    app: Console,
    title: str,
    options: list[tuple[str, str]],
    held: set[str],
    then: Callable[[list[str]], None],
    groups: dict[str, tuple[str, list[str]]] | None = None,
) -> None:
    """Several of a list: a key puts one in or takes it out, 0 (or Enter) is done."""
    keys = "123456789cdefghijklmnop"[: len(options)] + "".join(groups or {}) + "0"
    rows = [(code, f"{'済' if code in held else '  '} {words}") for code, words in options]
    rows += [(f"*{key}", f"   {words}") for key, (words, _) in (groups or {}).items()]
    rows.append(("", "決める"))

    def answered(answer: str) -> None:
        if not answer:
            then([code for code, _ in options if code in held])
            return
        codes = set((groups or {})[answer[1:]][1]) if answer[0] == "*" else {answer}
        _several(app, title, options, held - codes if codes <= held else held | codes, then, groups)

    choose(app, title, rows, answered, "数字で入れる・外す。0 か Enter で決める", keys=keys, at=len(rows) - 1)


@act("incident_category")
def _category(app: Console) -> None:
    i = _chosen(app)
    names = list(INCIDENT_CATEGORIES)
    choose(
        app,
        f"{i.code} 分類",
        list(INCIDENT_CATEGORIES.items()),
        lambda c: _amend(app, f"分類 {INCIDENT_SHORT[c]}", {"category": c}),
        at=names.index(i.category),
    )


@act("incident_cause")
def _cause(app: Console) -> None:
    options = list(OUTAGE_CAUSES.items())
    choose(
        app,
        f"{app.state.incident} 障害の原因",
        options,
        lambda c: _amend(app, f"原因 {OUTAGE_CAUSES[c]}", {"cause": c}),
        "受託者の責めによらない停止は月次報告に分数と原因で出ます（仕様書 12(9)）",
    )


@act("incident_damage")
def _damage(app: Console) -> None:
    i = _chosen(app)
    word = "被害なし" if i.damage else "被害あり"
    if not i.damage and i.policy.police:
        word += "（直ちに市へ報告、被害届を速やかに 仕様書 12(8)ウ）"
    _amend(app, word, {"damage": not i.damage})


@act("incident_serious")
def _serious(app: Console) -> None:
    i = _chosen(app)
    if i.serious:
        _amend(app, "重大を外しました", {"serious": False})
        return

    def offer() -> None:
        options = [("now", "緊急会議を開いた（議事録が要ります）"), ("later", "あとで記録する（p）")]
        choose(
            app,
            f"{i.code} 重大な事案です（仕様書 9）",
            options,
            lambda a: app.perform("incident_meeting") if a == "now" else None,
            at=1,
        )

    _amend(app, "重大", {"serious": True}, offer)


@act("incident_meeting")
def _meeting(app: Console) -> None:
    """The emergency meeting of clause 9, whose minutes are due after three open days."""
    i, state = _chosen(app), app.state
    assert state.register is not None
    today = business_day(state.now)
    due = minutes_due(today, state.register.calendar(state.floor.site))
    by = f"議事録は {wareki(due)} まで" if due else "議事録が要ります"

    def held(answer: str) -> None:
        if answer == "no":
            return
        fields = {"form": "emergency", "held_on": today, "incident": i.code, "heads": [i.summary]}
        label = lambda es: f"{first_fact(es).meeting} 緊急会議 {i.code}  {by}"  # noqa: E731 - names the number given
        send(app, label, "meeting.held", fields)

    options = [("yes", "今日、緊急会議を開いた"), ("no", "いいえ")]
    choose(app, f"{i.code} 緊急会議（仕様書 9）", options, held, f"{by}（3開場日）  出席者の数は会議の画面で補えます")


@act("incident_note")
def _note(app: Console) -> None:
    code = app.state.incident
    note = lambda text: send(app, f"{code} 追記", "incident.noted", {"incident": code, "text": text})  # noqa: E731
    app.ask_text(f"{code} 追記", "個人情報は書きません", note)


@act("incident_close")
def _close(app: Console) -> None:
    i = _chosen(app)

    def close(text: str = "") -> None:
        send(app, f"{i.code} 終結", "incident.closed", {"incident": i.code, "text": text})

    if i.policy.police and i.police_at is None:
        app.ask_text(
            f"{i.code} 警察に通報しない理由", "通報したなら Esc でやめて 8 で時刻を入れます（仕様書 12(8)）", close
        )
    else:
        close()


# ---- equipment -------------------------------------------------------------------------------------------------------


def _change_unit(app: Console, state: str) -> None:
    site = app.state.floor.site
    code, _, number = app.state.unit.partition(":")
    item, unit = site.equipment_by_code[code], int(number)
    label = f"{item.name} {unit} {EQUIPMENT_STATES[state]}"
    fields: dict[str, Any] = {"equipment": code, "unit": unit, "state": state}

    def write(reason: str) -> None:
        then = (lambda: _offer_incident(app, f"{item.name} {unit} {reason}".rstrip())) if state == "failed" else None
        send(app, label, "equipment.changed", {**fields, "reason": reason}, then=then)

    def with_reason(answer: str) -> None:
        if answer == "+":
            app.ask_text(f"{label} 理由", "個人情報は書きません", write)
        else:
            write(answer)

    if state == "ok":
        write("")
        return
    reasons = {"failed": ["紙詰まり", "印字不良", "応答なし"], "stopped": ["点検・調整", "用紙・リボン切れ"]}[state]
    options = [("", "理由なし"), *((r, r) for r in reasons), ("+", "ほかの理由を書く")]
    choose(app, label, options, with_reason)


for _state in EQUIPMENT_STATES:
    ACTS[f"unit_{_state}"] = lambda app, state=_state: _change_unit(app, state)  # type: ignore[misc]


@act("unit_more")
def _unit_more(app: Console) -> None:
    """The next piece of the kind stands in the list: it works, until said otherwise."""
    state = app.state
    assert state.register is not None
    code = state.unit.partition(":")[0]
    unit = max(u.unit for u in units(state.floor.site, state.register) if u.equipment.code == code) + 1
    item = state.floor.site.equipment_by_code[code]
    if unit > item.high:
        state.say(f"{item.name} は {item.high}台までです（仕様書 15(4)）", "warn")
        return
    fields = {"equipment": code, "unit": unit, "state": "ok", "reason": "追加"}
    send(app, f"{item.name} {unit} を一覧に入れました", "equipment.changed", fields)


def _offer_incident(app: Console, summary: str) -> None:
    options = [("yes", f"{INCIDENT_CATEGORIES[FAILED_EQUIPMENT]}の事案として記録する"), ("no", "いいえ")]
    yes = lambda a: ask_summary(app, FAILED_EQUIPMENT, [], summary) if a == "yes" else None  # noqa: E731
    choose(app, "事案として記録しますか", options, yes, summary, at=1)
