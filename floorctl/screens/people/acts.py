"""Acts on the contractor's people: presence, breaks, places, vacancies (the charge: charge_acts.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from floorctl.commands.context import Context, Wish
from floorctl.commands.people import comes, leave_with_deputy, roll_call, stays_away
from floorctl.commands.posts import rests_relieved
from floorctl.common.action_keys import key_of, keyed
from floorctl.common.words import STAFF_STATUSES, hm
from floorctl.console.port import Console
from floorctl.console.state import ConsoleState
from floorctl.models.board.assignable import at_place, objections, rank, said, unqualified
from floorctl.models.board.break_alerts import stage
from floorctl.models.board.posts_plan import place_name, places_now
from floorctl.models.board.reception_hours import receiving
from floorctl.models.day.staff import StaffState
from floorctl.models.register.eligibility import not_eligible
from floorctl.screens.asking import Ask, act
from floorctl.screens.people.candidates import candidates
from floorctl.screens.people.charge_acts import ask_code, eligible, show_brief
from floorctl.screens.people.staff_choice import staff_options
from floorctl.screens.people.staffing_acts import put_at
from floorctl.screens.running import Dismissed

# No word on health: the reason of an absence is whether it was announced (仕様書 5(3)⑥, 12).
_NOTICES = (
    ("本人から連絡", "本人から連絡があった"),
    ("連絡なし", "連絡がない"),
    ("交通", "交通の遅れ"),
    ("+", "ほかの理由を書く"),
)
_BREAKS = (60, 45, 30, 15)


# ---- presence --------------------------------------------------------------------------------------------------------


async def change_person(ask: Ask, code: str, first: str = "") -> None:
    """Change a person's status by digit; the cursor begins on the action ``first``."""
    state = ask.state
    state.chosen.person = code
    options = [(f"is_{k}", v) for k, v in STAFF_STATUSES.items() if k != "expected"]
    held = state.day.floor.staff.get(code)
    prompt = f"いま {STAFF_STATUSES[held.status]}" if held else "まだ状況がありません"
    at = next((n for n, (x, _) in enumerate(options) if x == first), 0)
    ask.app.perform(await ask.choice(f"{state.day.who(code)} の状況", options, prompt, at=at))


async def _change(ask: Ask, status: str, **fields: Any) -> None:
    """Record a status; for the holder of the charge of 現場責任者 ask for a deputy first (仕様書 5(1))."""
    state, code = ask.state, ask.state.chosen.person
    _refuse_contradicted(ask.app, status)
    until = fields.get("until")
    label = f"{state.day.who(code)} {STAFF_STATUSES[status]}" + (f" 〜{hm(until)}" if until else "") + _stands(ask.app)
    wish = {"staff": code, "status": status, **fields}
    if state.day.floor.holder() == code and receiving(state.day.floor, state.day.now):
        deputy = await _deputy(ask, code, status)
        if deputy:
            label = f"{label}  責任者は {state.day.who(deputy)} へ"
            await ask.record_all(label, partial(_leaves, wish=wish, deputy=deputy))
            show_brief(ask.app, deputy)
            return
        why = await ask.text("代行者を置けない理由", "受付中は現場責任者が会場に常駐します（仕様書 5(1)）")
        wish["reason"] = "、".join(x for x in (fields.get("reason", ""), why) if x)
    reason = wish.setdefault("reason", "")
    if status == "absent":
        await ask.record_all(f"{label}（欠員を記録）", lambda c: stays_away(c, code, reason))
    else:
        await ask.record_with_reason(label, "staff.changed", wish)


def _leaves(c: Context, *, wish: dict[str, Any], deputy: str) -> list[Wish]:
    """Return the facts of somebody who leaves the charge to a deputy."""
    if wish["status"] == "absent":
        return stays_away(c, wish["staff"], wish["reason"], deputy)
    return leave_with_deputy(c, wish, deputy)


async def _deputy(ask: Ask, code: str, status: str) -> str:
    """Return who takes over the charge of 現場責任者; '' where nobody does."""
    state = ask.state
    options = staff_options(ask.app, [c for c in eligible(ask.app) if c != code])
    if status != "on_break":
        options.append(("", "代行者なし（理由を書く）"))
    if not options:
        state.pending.backdate_min = 0
        state.line.say(f"{state.day.who(code)} を休憩にできません: 代行者になれる人がいません（仕様書 5(1)）", "warn")
        raise Dismissed
    prompt = f"{state.day.who(code)} は{STAFF_STATUSES[status]}"
    return await ask.choice("現場責任者の職務を誰に引き継ぎますか", options, prompt)


def _later(app: Console) -> StaffState | None:
    """Return what is recorded of the chosen person after the instant that the minutes typed before an act mean."""
    state = app.state
    held = state.day.floor.staff.get(state.chosen.person)
    at = state.day.now - timedelta(minutes=state.pending.backdate_min)
    return held if held is not None and state.pending.backdate_min and held.since > at else None


def _refuse_contradicted(app: Console, status: str) -> None:
    """Refuse an absence before a record that the person was there: that record would go on to hold."""
    held = _later(app)
    if held is None or status not in ("absent", "gone") or held.status in ("expected", "absent", "gone"):
        return
    app.state.pending.backdate_min = 0
    app.state.line.say(
        f"{app.state.day.who(held.code)} には後に {hm(held.since)} {STAFF_STATUSES[held.status]} の記録があります"
        f"（誤りなら {key_of('journal')} で取り消してから）",
        "warn",
    )
    raise Dismissed


def _stands(app: Console) -> str:
    """Return what goes on to hold where an act is dated back to before the last record of the person."""
    held = _later(app)
    return f"（{hm(held.since)} からの{STAFF_STATUSES[held.status]}は変わりません）" if held is not None else ""


act("is_gone")(partial(_change, status="gone"))


@act("is_present")
async def _present(ask: Ask) -> None:
    """Record a presence: it ends the person's vacancy; where a deputy holds their charge, name the key that takes it back."""
    state, code = ask.state, ask.state.chosen.person
    at = state.day.now - timedelta(minutes=state.pending.backdate_min)
    holder = state.day.floor.holder()
    label = f"{state.day.who(code)} {STAFF_STATUSES['present']}{_stands(ask.app)}"
    if state.day.floor.open_vacancy(code) is not None:
        label += "（欠員は終わり）"
    if holder not in (None, code) and any(h.staff == code for h in state.day.floor.charge_log()):
        label += f"  責任者は {state.day.who(holder or '')}（{key_of('hand_over')} で受け取る）"
    await ask.record_all(label, lambda c: comes(c, code, at))


def _from_now(app: Console, lengths: Sequence[int], words: str) -> list[tuple[str, str]]:
    """Return a choice of times so many minutes from now; ``words`` says one, of the time ``at``."""
    ats = [(m, f"{app.state.day.now + timedelta(minutes=m):%H:%M}") for m in lengths]
    return [(at, f"{m}分{words.format(at=hm(at))}") for m, at in ats]


@act("is_late")
async def _late(ask: Ask) -> None:
    who = ask.state.day.who(ask.state.chosen.person)
    options = [*_from_now(ask.app, (10, 20, 30, 60), "後（{at}）"), ("+", "来る時刻を入れる")]
    until = await ask.choice(f"{who} は何時に来ますか", options, keyed("連絡の時刻は {backdate}N で遡れます"))
    await _change(ask, "late", until=await ask.time(f"{who} が来る時刻") if until == "+" else until)


@act("is_absent")
async def _absent(ask: Ask) -> None:
    """Record an absence, and the vacancy that it opens, as one act (仕様書 5(4)②)."""
    _refuse_contradicted(ask.app, "absent")
    title = f"{ask.state.day.who(ask.state.chosen.person)} の欠勤"
    reason = await ask.choice(title, list(_NOTICES), keyed("連絡の時刻は {backdate}N で遡れます"))
    await _change(
        ask, "absent", reason=await ask.text("欠勤の理由", "病名などは書きません") if reason == "+" else reason
    )


@act("is_on_break")
async def _on_break(ask: Ask) -> None:
    state = ask.state
    b = state.day.breaks().get(state.chosen.person)
    due = -(-b.short_s // 60) if b is not None else 60
    lengths = [*([due] if due and due not in _BREAKS else []), *_BREAKS]
    at = lengths.index(due) if due in lengths else 0
    prompt = f"今日 {b.taken_s // 60}分とり、あと {due}分" if b is not None and b.owed_s else ""
    options = _from_now(ask.app, lengths, "（{at} まで）")
    await _change(
        ask, "on_break", until=await ask.choice(f"{state.day.who(state.chosen.person)} の休憩", options, prompt, at=at)
    )


@act("break_tick")
async def _tick(ask: Ask) -> None:
    """Record that the chosen person goes on the planned break, or is back from it; without a plan ask how long."""
    state = ask.state
    code = state.chosen.person
    held, planned = state.day.floor.staff.get(code), state.day.floor.planned_breaks.get(code)
    if held is not None and held.status == "on_break":
        await _present(ask)
    elif planned is None or stage(state.day.floor, state.day.breaks().get(code), planned, state.day.now) == "taken":
        await _on_break(ask)  # a second break is none of the plan
    else:
        at = state.day.now - timedelta(minutes=state.pending.backdate_min)
        until = f"{at + timedelta(minutes=planned.minutes):%H:%M}"
        if (instead := _relief(state, code)) is not None and await _relieved(ask, *instead, until):
            return
        await _change(ask, "on_break", until=until)


def _relief(state: ConsoleState, code: str) -> tuple[str, str] | None:
    """Return who stands in by the plan and where: the person stands alone there, and the other may come now."""
    day, place = state.day, places_now(state.day.floor).get(code)
    turn = next((t for t in state.forecasts.break_plan().turns if t.staff == code), None)
    if turn is None or not turn.relief or place is None or day.floor.holder() == code:
        return None
    against = objections(day.floor, day.register, day.now, turn.relief, **at_place(day.floor, place))
    return None if any(x.blocks for x in against) else (turn.relief, place)


async def _relieved(ask: Ask, relief: str, place: str, until: str) -> bool:
    """Offer the person who stands in by the plan; return whether both have been recorded, as one act."""
    state, code = ask.state, ask.state.chosen.person
    day, at = state.day, places_now(state.day.floor).get(relief)
    name = place_name(day.site, place)
    left = f"（{place_name(day.site, at)} から）" if at is not None else ""
    options = [("+", f"{day.who(relief)} が {name} に入る{left}"), ("", "交替を置かない")]
    if not await ask.choice(f"{day.who(code)} の休憩  {name}  の交替", options):
        return False
    label = f"{day.who(code)} 休憩 〜{hm(until)}  {name} は {day.who(relief)}"
    fields = {"staff": code, "status": "on_break", "until": until}
    await ask.record_all(label, partial(rests_relieved, fields=fields, relief=relief, place=place))
    return True


@act("is_away")
async def _away(ask: Ask) -> None:
    options = [*_from_now(ask.app, (5, 10, 20, 30), "（{at} まで）"), ("", "戻りは分からない")]
    until = await ask.choice(f"{ask.state.day.who(ask.state.chosen.person)} の離席", options)
    await _change(ask, "away", **({"until": until} if until else {}))


def _may_come(state: ConsoleState, code: str) -> bool:
    """Return whether the roll call may make a person present: who has not pledged comes by a reason of their own."""
    return not not_eligible(state.day.register, code, state.day.floor.day)


@act("roll_call")
async def _roll_call(ask: Ask) -> None:
    """Take the roll: whoever is missing is named by one key each; everybody else is there."""
    state = ask.state
    holder = state.day.floor.holder()
    while unseen := [x for x in state.day.presence().unseen if _may_come(state, x)]:
        options = [*staff_options(ask.app, unseen), ("", f"残りの全員がいる（{len(unseen)}名を在席にする）")]
        code = await ask.choice("点呼  いない人はいますか", options, f"未点呼 {len(unseen)}名", at=len(unseen))
        if not code:
            break
        state.chosen.person = code
        ways = [("absent", "欠勤"), ("late", "遅刻（来る時刻を入れる）")]
        way = await ask.choice(f"{state.day.who(code)} は", ways, keyed("連絡の時刻は {backdate}N で遡れます"))
        await (_late(ask) if way == "late" else _absent(ask))
        state.day.past = None
        if state.day.floor.holder() != holder:
            return  # the deputy's brief is open
    await ask.record_all(lambda es: f"点呼 {sum(e.kind == 'staff.changed' for e in es)}名 在席", roll_call)


@act("people_plan")
def _plan(app: Console) -> None:
    app.perform("day_plan")


# ---- places ----------------------------------------------------------------------------------------------------------


@act("staff")
async def _staff(ask: Ask) -> None:
    """Put somebody at the chosen terminal."""
    state = ask.state
    code = state.chosen.terminal
    staff = "+"
    if state.day.staff_codes():
        options = candidates(state, state.day.staff_codes(), terminal=code)
        options += [("+", "ほかの職員のコードを入れる"), ("", "誰もいない（担当なし）")]
        staff = await ask.choice(f"{code} に立つのは", options)
    if staff == "+":
        staff = await ask_code(ask, f"{code} に立つ職員のコード")
    label = f"{code} 担当 {state.day.who(staff)}" if staff else f"{code} 担当なし"
    at = {t.staff: t.code for t in state.day.floor.terminals.values() if t.staff}
    if staff in at and at[staff] != code:
        label = f"{state.day.who(staff)} を {at[staff]} から {code} へ（{at[staff]} は担当なし）"
    await put_at(ask, code, staff, label)


@act("stand")
async def _stand(ask: Ask) -> None:
    """Put the chosen person at a terminal."""
    state, code = ask.state, ask.state.chosen.person
    floor = state.day.floor
    options: list[tuple[int, str, str]] = []
    for t in floor.terminals.values():
        held = f"いま {state.day.who(t.staff)}" if t.staff else "担当なし"
        lacks = unqualified(floor, state.day.register, code, terminal=t.code)
        words = f"{t.code} {floor.site.lane_by_code[t.lane].name}  {held}  {said(lacks)}".rstrip()
        options.append((rank(lacks), t.code, words))
    options.sort(key=lambda x: x[0])  # where the person can stand comes first
    terminal = await ask.choice(f"{state.day.who(code)} が立つ端末", [x[1:] for x in options])
    await put_at(ask, terminal, code, f"{terminal} 担当 {state.day.who(code)}")


@act("post")
async def _post(ask: Ask) -> None:
    state, code = ask.state, ask.state.chosen.person
    names = {p.code: p.name for p in state.day.floor.site.posts} | {"": "持ち場なし"}
    title = f"{state.day.who(code)} の持ち場（会場案内）"
    lacks = said(unqualified(state.day.floor, state.day.register, code, post=next(iter(names))))
    post = await ask.choice(title, list(names.items()), lacks)
    fields = {"staff": code, "post": post or None}
    await ask.record_with_reason(f"{state.day.who(code)} {names[post]}", "staff.posted", fields)


@act("vacancy")
async def _vacancy(ask: Ask) -> None:
    state, code = ask.state, ask.state.chosen.person
    held = state.day.floor.staff.get(code)
    if state.day.floor.open_vacancy(code) is None:
        if held is not None and held.at_work:
            state.pending.backdate_min = 0
            state.line.say(f"{state.day.who(code)} は在席です（欠員は欠勤・退勤の人に記録します）", "warn")
        else:
            await ask.record(f"{state.day.who(code)} の欠員を記録しました", "vacancy.opened", {"staff": code})
        return
    here = [
        c
        for c in state.day.staff_codes()
        if c != code and (s := state.day.floor.staff.get(c)) is not None and s.at_work
    ]
    lane = state.day.floor.last_lane.get(code, "")  # where the missing person stood, if they did
    options = [("", "本人が来た"), *candidates(state, here, lane=lane), ("+", "ほかの職員のコードを入れる")]
    by = await ask.choice(f"{state.day.who(code)} の欠員に誰が入りますか", options)
    if by == "+":
        by = await ask_code(ask, "代わりに入る職員のコード")
    if by == "":
        await _present(ask)
        return
    label = f"{state.day.who(code)} の欠員が終わりました（{state.day.who(by)}）"
    await ask.record_with_reason(label, "vacancy.filled", {"staff": code, "substitute": by})
