"""Acts on incidents: the form of ten seconds, and its completion later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from floorctl.common.action_keys import keyed
from floorctl.common.clock import business_day
from floorctl.common.errors import Contradiction
from floorctl.common.incident_policies import INCIDENT_POLICIES, RESTORABLE_WORDS
from floorctl.common.typed import instant_of, whom_and_when
from floorctl.common.words import (
    INCIDENT_CATEGORIES,
    INCIDENT_SHORT,
    INCIDENT_TIMES,
    OUTAGE_CAUSES,
    md_hm,
    wareki,
)
from floorctl.console.keys import BY_ID
from floorctl.console.port import Console
from floorctl.models.register.incident import Incident
from floorctl.models.register.incident_deadline import minutes_due, report_clock
from floorctl.screens.asking import Ask, act, dated_back, first_fact, one_letter_each
from floorctl.screens.dialogs import TimesDialog
from floorctl.screens.running import Dismissed

# Keys of the fields of an incident, and the actions that complete them.
FIELDS = {
    "1": "incident_report",
    "h": "incident_hand_over",
    "2": "incident_occurred",
    "3": "incident_found",
    "=": "incident_times",
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
# Times that a record of its own tells.
_TOLD_BY = {"incident.reported": ("reported_at", "followed_up_at"), "incident.restored": ("restored_at",)}
WHEN = "9:40 か 0940、-10（10分前）、今。別の日は 9/13 15:20"


def _chosen(app: Console) -> Incident:
    return app.state.day.register.incidents[app.state.chosen.incident]


async def _amend(ask: Ask, code: str, label: str, fields: dict[str, Any]) -> None:
    await ask.record(f"{code} {label}", "incident.amended", {"incident": code, **fields})


async def _when(ask: Ask, title: str, day: date) -> datetime:
    """Return an instant that is typed; a time alone is of ``day``."""
    at = instant_of(await ask.text(title, WHEN), ask.state.day.now, day)
    if at is None:
        ask.state.line.say(f"時刻を読めません（{WHEN}）", "warn")
        raise Dismissed
    return at


async def _dated_amend(ask: Ask, code: str, label: str, fields: dict[str, Any]) -> None:
    """Amend times; where they contradict others, ask for all of them together."""
    try:
        await _amend(ask, code, label, fields)
    except Contradiction as refused:
        await _set_times(ask, code, refused.why, fields)


async def _dated_record(ask: Ask, code: str, label: str, kind: str, fields: dict[str, Any]) -> None:
    """Record what has a time; where it contradicts another of the incident, ask for those first and record again."""
    try:
        await ask.record(label, kind, fields)
    except Contradiction as refused:
        await _set_times(ask, code, refused.why, {}, but=_TOLD_BY.get(kind, ()))
        await ask.record(label, kind, fields)


async def _set_times(ask: Ask, code: str, why: str, typed: dict[str, datetime], *, but: Sequence[str] = ()) -> None:
    """Ask for the times of an incident together, until they agree with each other."""
    while True:
        i = ask.state.day.register.incidents[code]
        day, asked = business_day(i.occurred_at), {**i.times(), **typed}
        fields = [
            (name, INCIDENT_TIMES[name], md_hm(at) if at else "")
            for name, at in asked.items()
            if name not in but and at is not None and name in INCIDENT_TIMES
        ]
        read = partial(instant_of, now=ask.state.day.now, day=day)
        prompt = why or "違うものだけ入れ直します。前後はそろえて確かめます"
        typed |= await ask.dialog(TimesDialog(f"{code} 時刻", fields, prompt, read, f"時刻を読めません（{WHEN}）"))
        try:
            label = "  ".join(f"{INCIDENT_TIMES[x]} {md_hm(at)}" for x, at in typed.items() if x in INCIDENT_TIMES)
            await _amend(ask, code, label, typed)
        except Contradiction as refused:
            why = refused.why
        else:
            return


@act("incident_times")
async def _times(ask: Ask) -> None:
    await _set_times(ask, ask.state.chosen.incident, "", {})


# ---- the form of ten seconds -----------------------------------------------------------------------------------------


@act("incident")
async def _incident(ask: Ask) -> None:
    rules, terminal = ask.state.day.floor.site.incident_reports, ask.state.chosen.terminal
    options = [
        (code, f"{words}（{rules[code].word}）" if rules.get(code) else words)
        for code, words in INCIDENT_CATEGORIES.items()
    ]
    category = await ask.choice("事案の分類", options, f"端末 {terminal}" if terminal else "")
    await ask_summary(ask, category, [terminal] if terminal else [])


async def ask_summary(ask: Ask, category: str, terminals: list[str], value: str = "") -> None:
    """Ask for one line of text and record the incident."""
    prompt = "何が起きたか1行で。氏名・番号などの個人情報は書きません"
    summary = await ask.text(f"事案: {INCIDENT_CATEGORIES[category]}", prompt, value=value)
    fields: dict[str, Any] = {"category": category, "summary": summary}
    if terminals:
        fields["terminals"] = terminals
    # An incident is dated back by when it occurred; it is recorded now.
    more = (
        keyed("{incidents} で報告と、止まった業務")
        if INCIDENT_POLICIES[category].asks_services
        else keyed("{incidents} で報告")
    )
    at, label = dated_back(ask.app, lambda es: f"{first_fact(es).incident} を記録しました（{more}）")
    if at is not None:
        fields["occurred_at"] = at
    await ask.record_now(label, "incident.opened", fields)


# ---- its completion --------------------------------------------------------------------------------------------------


@act("incident_menu")
async def _menu(ask: Ask) -> None:
    i = _chosen(ask.app)
    able = [BY_ID[name] for name in FIELDS.values() if not BY_ID[name].why_not(ask.state)]
    title = f"{i.code} {INCIDENT_SHORT[i.category]}"
    keys = one_letter_each([a.keys for a in able])
    ask.app.perform(await ask.choice(title, [(a.id, a.label) for a in able], i.summary, keys=keys))


@act("incident_report")
async def _report(ask: Ask) -> None:
    i, state = _chosen(ask.app), ask.state
    clock = report_clock(i, state.day.floor.site, state.day.register.calendar(state.day.floor.site))
    owed = f"{clock.word}（{clock.left(state.day.now)}）  " if clock else ""
    text = await ask.text(
        f"{i.code} 誰に報告しましたか",
        f"{owed}役職で（監督員 など）。今でなければ後に -10 か 9:40。氏名は書きません",
    )
    whom, at = _dated(ask, text)
    fields: dict[str, Any] = {"incident": i.code, "to": whom}
    if at is not None:
        fields["reported_at"] = at
    when = f" {md_hm(at)}" if at is not None else ""
    await _dated_record(ask, i.code, f"{i.code} 市へ報告{when}", "incident.reported", fields)


def _dated(ask: Ask, text: str) -> tuple[str, datetime | None]:
    """Return whom and when (``whom_and_when``); the minutes that were typed before the act count where no time was."""
    whom, at = whom_and_when(text, ask.state.day.now)
    minutes, ask.state.pending.backdate_min = ask.state.pending.backdate_min, 0
    return whom, ask.state.day.now - timedelta(minutes=minutes) if at is None and minutes else at


@act("incident_hand_over")
async def _hand_over(ask: Ask) -> None:
    """Record that the city deals with it from now on (仕様書 12(11)); its report is another record."""
    code, prompt = ask.state.chosen.incident, "役職で（監督員 など）。今でなければ後に -10 か 9:40。氏名は書きません"
    text = await ask.text(f"{code} 対応を市の誰に引き継ぎましたか", prompt)
    whom, at = _dated(ask, text)
    at = at or ask.state.day.now
    await _dated_amend(ask, code, f"市へ引継ぎ {md_hm(at)}", {"handed_over_at": at, "handed_over_to": whom})


async def _time(ask: Ask, *, title: str, field: str, own_day: bool) -> None:
    """Ask for a time and amend a field. ``own_day``: a time alone is of the incident's day."""
    i = _chosen(ask.app)
    at = await _when(ask, f"{i.code} {title}", business_day(i.occurred_at if own_day else ask.state.day.now))
    await _dated_amend(ask, i.code, f"{title} {md_hm(at)}", {field: at})


act("incident_occurred")(partial(_time, title="発生", field="occurred_at", own_day=True))
act("incident_found")(partial(_time, title="発見", field="found_at", own_day=True))
act("incident_police")(partial(_time, title="警察へ通報", field="police_at", own_day=False))


async def _text(ask: Ask, *, title: str, field: str, prompt: str) -> None:
    i = _chosen(ask.app)
    text = await ask.text(f"{i.code} {title}", prompt, value=str(getattr(i, field)))
    await _amend(ask, i.code, title, {field: text})


for _name, _title, _prompt in (
    ("measures", "応急処置", "何をしたか。個人情報は書きません"),
    ("prevention", "再発防止", "何を変えるか。個人情報は書きません"),
    ("summary", "概要", "何が起きたか1行で。前の概要は経過に残ります"),
):
    act(f"incident_{_name}")(partial(_text, title=_title, field=_name, prompt=_prompt))


@act("incident_restored")
async def _restored(ask: Ask) -> None:
    i = _chosen(ask.app)
    if not i.policy.restorable:
        ask.state.line.say(f"{INCIDENT_SHORT[i.category]}の事案には復旧がありません（{RESTORABLE_WORDS}だけ）", "warn")
        return
    at = await _when(ask, f"{i.code} 復旧", business_day(ask.state.day.now))
    label = f"{i.code} 復旧 {md_hm(at)}"
    await _dated_record(ask, i.code, label, "incident.restored", {"incident": i.code, "restored_at": at})


@act("incident_services")
async def _services(ask: Ask) -> None:
    site, i = ask.state.day.floor.site, _chosen(ask.app)
    groups = {}
    for lane in site.lanes:
        own = [s.code for s in site.services if s.lane == lane.code]
        if len(own) > 1:
            groups[lane.letter.lower()] = (f"{lane.name} すべて", own)
    title, options = f"{i.code} 関わる業務（止まった業務）", [(s.code, s.name) for s in site.services]
    codes = await _several(ask, title, options, set(i.services), groups)
    await _amend(ask, i.code, f"業務 {len(codes)}件", {"services": codes})


@act("incident_terminals")
async def _terminals(ask: Ask) -> None:
    i, site = _chosen(ask.app), ask.state.day.floor.site
    options = [(t.code, f"{t.code} {t.name}") for t in site.terminals]
    codes = await _several(ask, f"{i.code} 関わる端末", options, set(i.terminals), {})
    await _amend(ask, i.code, f"端末 {' '.join(codes) or 'なし'}", {"terminals": codes})


async def _several(
    ask: Ask, title: str, options: list[tuple[str, str]], held: set[str], groups: dict[str, tuple[str, list[str]]]
) -> list[str]:
    """Return several of a list: a key puts one in or takes it out (a group's key its ``groups``), 0 or Enter ends it."""
    keys = "123456789cdefghijklmnop"[: len(options)] + "".join(groups) + "0"
    while True:
        rows = [(code, f"{'済' if code in held else '  '} {words}") for code, words in options]
        rows += [(f"*{key}", f"   {words}") for key, (words, _) in groups.items()]
        rows.append(("", "決める"))
        prompt = "数字で入れる・外す。0 か Enter で決める"
        answer = await ask.choice(title, rows, prompt, keys=keys, at=len(rows) - 1)
        if not answer:
            return [code for code, _ in options if code in held]
        codes = set(groups[answer[1:]][1]) if answer[0] == "*" else {answer}
        held = held - codes if codes <= held else held | codes


@act("incident_category")
async def _category(ask: Ask) -> None:
    i = _chosen(ask.app)
    at = list(INCIDENT_CATEGORIES).index(i.category)
    category = await ask.choice(f"{i.code} 分類", list(INCIDENT_CATEGORIES.items()), at=at)
    await _amend(ask, i.code, f"分類 {INCIDENT_SHORT[category]}", {"category": category})


@act("incident_cause")
async def _cause(ask: Ask) -> None:
    prompt = "受託者の責めによらない停止は月次報告に分数と原因で出ます（仕様書 12(9)）"
    code = ask.state.chosen.incident
    cause = await ask.choice(f"{code} 障害の原因", list(OUTAGE_CAUSES.items()), prompt)
    await _amend(ask, code, f"原因 {OUTAGE_CAUSES[cause]}", {"cause": cause})


@act("incident_damage")
async def _damage(ask: Ask) -> None:
    i = _chosen(ask.app)
    word = "被害なし" if i.damage else "被害あり"
    if not i.damage and i.policy.police:
        word += "（直ちに市へ報告、被害届を速やかに 仕様書 12(8)ウ）"
    await _amend(ask, i.code, word, {"damage": not i.damage})


@act("incident_serious")
async def _serious(ask: Ask) -> None:
    i = _chosen(ask.app)
    if i.serious:
        await _amend(ask, i.code, "重大を外しました", {"serious": False})
        return
    await _amend(ask, i.code, "重大", {"serious": True})
    if not i.policy.meeting:
        return
    options = [
        ("now", "緊急会議を開いた（議事録が要ります）"),
        ("later", keyed("あとで記録する（{incident_meeting}）")),
    ]
    if await ask.choice(f"{i.code} 重大な事案です（仕様書 9）", options, at=1) == "now":
        ask.app.perform("incident_meeting")


@act("incident_meeting")
async def _meeting(ask: Ask) -> None:
    """Record the emergency meeting of clause 9, whose minutes are due after three open days."""
    i, state = _chosen(ask.app), ask.state
    today = business_day(state.day.now)
    due = minutes_due(today, state.day.register.calendar(state.day.floor.site))
    by = f"議事録は {wareki(due)} まで" if due else "議事録が要ります"
    options = [("yes", "今日、緊急会議を開いた"), ("no", "いいえ")]
    prompt = f"{by}（3開場日）  出席者の数は会議の画面で補えます"
    if await ask.choice(f"{i.code} 緊急会議（仕様書 9）", options, prompt) == "yes":
        fields = {"form": "emergency", "held_on": today, "incident": i.code, "heads": [i.summary]}
        await ask.record(lambda es: f"{first_fact(es).meeting} 緊急会議 {i.code}  {by}", "meeting.held", fields)


@act("incident_note")
async def _note(ask: Ask) -> None:
    code = ask.state.chosen.incident
    text = await ask.text(f"{code} 追記", "個人情報は書きません")
    await ask.record(f"{code} 追記", "incident.noted", {"incident": code, "text": text})


@act("custody")
async def _custody(ask: Ask) -> None:
    """Count cards taken into custody while a service stands still, or given back; nothing of whose they are."""
    floor = ask.state.day.floor
    so_far = f"今日 預かり {floor.custody_taken}枚  返却 {floor.custody_returned}枚"
    options = [("taken", "預かった"), ("returned", "返した")]
    how = await ask.choice("障害の間のカードの預かり", options, so_far)
    n = await ask.digits("預かったカードの枚数" if how == "taken" else "返したカードの枚数", "枚数だけを残します")
    word = "預かりました" if how == "taken" else "返しました"
    await ask.record(f"カード {n}枚を{word}", "custody.counted", {how: n})


@act("incident_close")
async def _close(ask: Ask) -> None:
    i, fields = _chosen(ask.app), {"incident": ask.state.chosen.incident}
    if i.policy.asks_measures and not i.untold:
        for name, word in (("measures", "応急処置"), ("prevention", "再発防止策")):
            if not getattr(i, name):
                text = await ask.text(f"{i.code} {word}", f"終結には{word}の記録が要ります。個人情報は書きません")
                await _amend(ask, i.code, word, {name: text})
    if i.policy.police and i.police_at is None:
        prompt = "通報したなら Esc でやめて 8 で時刻を入れます（仕様書 12(8)）"
        fields["text"] = await ask.text(f"{i.code} 警察に通報しない理由", prompt)
    if i.untold and i.unreported == "reason":
        prompt = f"報告したなら Esc でやめて 1 で入れます（仕様書 {i.asked_by.clause}）。理由は日次報告書に載ります"
        fields["reason"] = await ask.text(f"{i.code} 市に報告しない理由", prompt)
    await ask.record(f"{i.code} 終結", "incident.closed", fields)
