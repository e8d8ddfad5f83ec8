"""What the actions on the contractor's people do: presence, breaks, places, vacancies. (The charge: charge_acts.py.)"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from floorctl.commands.context import Context, Wish
from floorctl.commands.people import comes, leave_with_deputy, roll_call, stays_away
from floorctl.common.words import STAFF_STATUSES, hm
from floorctl.console.port import Console
from floorctl.models.board.reception_hours import receiving
from floorctl.models.day.staff import StaffState
from floorctl.screens.asking import ACTS, act, choose, send, send_many
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.people.charge_acts import ask_code, eligible, show_brief, staff_options
from floorctl.screens.people.staffing_acts import put_at

# No word on health: the reason of an absence is whether it was announced (仕様書 5(3)⑥, 12).
_NOTICES = (
    ("本人から連絡", "本人から連絡があった"),
    ("連絡なし", "連絡がない"),
    ("交通", "交通の遅れ"),
    ("+", "ほかの理由を書く"),
)
_BREAKS = (60, 45, 30, 15)


# ---- presence --------------------------------------------------------------------------------------------------------


def change_person(app: Console, code: str) -> None:
    """A person's status by digit."""
    app.state.person = code
    options = [(f"is_{k}", v) for k, v in STAFF_STATUSES.items() if k != "expected"]
    held = app.state.floor.staff.get(code)
    prompt = f"いま {STAFF_STATUSES[held.status]}" if held else "まだ状況がありません"
    choose(app, f"{app.state.who(code)} の状況", options, app.perform, prompt)


def _change(app: ScreenConsole, status: str, *, then: Callable[[], None] | None = None, **fields: Any) -> None:
    """Records a status; who holds the charge of 現場責任者 is asked for a deputy first (仕様書 5(1))."""

    state, code = app.state, app.state.person
    if _contradicted(app, status):
        return
    until = fields.get("until")
    label = f"{state.who(code)} {STAFF_STATUSES[status]}" + (f" 〜{until}" if until else "") + _stands(app)
    wish = {"staff": code, "status": status, **fields}

    def without_deputy(why: str = "") -> None:
        reason = "、".join(x for x in (fields.get("reason", ""), why) if x)
        if status == "absent":
            send_many(app, f"{label}（欠員を記録）", lambda c: stays_away(c, code, reason), then=then)
        else:
            wish["reason"] = reason
            send(app, label, "staff.changed", wish, needs_reason=True, then=then)

    if state.floor.holder() != code or not receiving(state.floor, state.now):
        without_deputy()
        return

    def with_deputy(deputy: str) -> None:
        if deputy == "":
            app.ask_text("代行者を置けない理由", "受付中は現場責任者が会場に常駐します（仕様書 5(1)）", without_deputy)
            return

        def wishes(c: Context) -> list[Wish]:
            if status == "absent":
                return stays_away(c, code, fields["reason"], deputy)
            return leave_with_deputy(c, wish, deputy)

        send_many(app, f"{label}  責任者は {state.who(deputy)} へ", wishes, then=lambda: show_brief(app, deputy))

    options = staff_options(app, [c for c in eligible(app) if c != code])
    if status != "on_break":
        options.append(("", "代行者なし（理由を書く）"))
    if options:
        choose(
            app,
            "現場責任者の職務を誰に引き継ぎますか",
            options,
            with_deputy,
            f"{state.who(code)} は{STAFF_STATUSES[status]}",
        )
    else:
        app.state.backdate_min = 0
        state.say(f"{state.who(code)} を休憩にできません: 代行者になれる人がいません（仕様書 5(1)）", "warn")


def _later(app: Console) -> StaffState | None:
    """What is recorded of the chosen person after the instant that the minutes typed before an act mean."""
    state = app.state
    held = state.floor.staff.get(state.person)
    at = state.now - timedelta(minutes=state.backdate_min)
    return held if held is not None and state.backdate_min and held.since > at else None


def _contradicted(app: Console, status: str) -> bool:
    """Refuses an absence before a record that the person was there: that record would go on to hold."""
    held = _later(app)
    if held is None or status not in ("absent", "gone") or held.status in ("expected", "absent", "gone"):
        return False
    app.state.backdate_min = 0
    app.state.say(
        f"{app.state.who(held.code)} には後に {hm(held.since)} {STAFF_STATUSES[held.status]} の記録があります"
        "（誤りなら l で取り消してから）",
        "warn",
    )
    return True


def _stands(app: Console) -> str:
    """What goes on to hold where an act is dated back to before the last record of the person."""
    held = _later(app)
    return f"（{hm(held.since)} からの{STAFF_STATUSES[held.status]}は変わりません）" if held is not None else ""


ACTS["is_gone"] = lambda app: _change(app, "gone")


@act("is_present")
def _present(app: Console) -> None:
    """Who comes ends the vacancy that waited for them; whose charge a deputy holds is told how to take it back."""
    state, code = app.state, app.state.person
    at = state.now - timedelta(minutes=state.backdate_min)
    holder = state.floor.holder()
    label = f"{state.who(code)} {STAFF_STATUSES['present']}{_stands(app)}"
    if state.floor.open_vacancy(code) is not None:
        label += "（欠員は終わり）"
    if holder not in (None, code) and any(h.staff == code for h in state.floor.handovers):
        label += f"  責任者は {state.who(holder or '')}（h で受け取る）"
    send_many(app, label, lambda c: comes(c, code, at))


def _late(app: ScreenConsole, then: Callable[[], None] | None = None) -> None:
    state = app.state
    now = state.now
    options = [
        (f"{now + timedelta(minutes=m):%H:%M}", f"{m}分後（{now + timedelta(minutes=m):%H:%M}）")
        for m in (10, 20, 30, 60)
    ]
    options.append(("+", "来る時刻を入れる"))

    def with_time(until: str) -> None:
        if until == "+":
            app.ask_time(f"{state.who(state.person)} が来る時刻", lambda at: _change(app, "late", then=then, until=at))
        else:
            _change(app, "late", then=then, until=until)

    choose(app, f"{state.who(state.person)} は何時に来ますか", options, with_time, "連絡の時刻は -N で遡れます")


ACTS["is_late"] = _late


def _absent(app: ScreenConsole, then: Callable[[], None] | None = None) -> None:
    """An absence, and the vacancy that it opens, as one act (仕様書 5(4)②)."""
    state, code = app.state, app.state.person
    if _contradicted(app, "absent"):
        return

    def with_reason(reason: str) -> None:
        if reason == "+":
            app.ask_text("欠勤の理由", "病名などは書きません", with_reason)
        else:
            _change(app, "absent", then=then, reason=reason)

    choose(app, f"{state.who(code)} の欠勤", list(_NOTICES), with_reason, "連絡の時刻は -N で遡れます")


ACTS["is_absent"] = _absent


@act("is_on_break")
def _on_break(app: ScreenConsole) -> None:
    state = app.state
    b = state.breaks().get(state.person)
    due = -(-b.short_s // 60) if b is not None else 60
    lengths = [*([due] if due and due not in _BREAKS else []), *_BREAKS]
    now = state.now
    options = [
        (f"{now + timedelta(minutes=m):%H:%M}", f"{m}分（{now + timedelta(minutes=m):%H:%M} まで）") for m in lengths
    ]
    at = lengths.index(due) if due in lengths else 0
    prompt = f"きょう {b.taken_s // 60}分とり、あと {due}分" if b is not None and b.owed_s else ""
    choose(
        app,
        f"{state.who(state.person)} の休憩",
        options,
        lambda until: _change(app, "on_break", until=until),
        prompt,
        at=at,
    )


@act("is_away")
def _away(app: ScreenConsole) -> None:
    now = app.state.now
    options = [
        (f"{now + timedelta(minutes=m):%H:%M}", f"{m}分（{now + timedelta(minutes=m):%H:%M} まで）")
        for m in (5, 10, 20, 30)
    ]
    options.append(("", "戻りは分からない"))
    choose(
        app, f"{app.state.who(app.state.person)} の離席", options,
        lambda until: _change(app, "away", until=until) if until else _change(app, "away"),
    )  # fmt: skip


@act("roll_call")
def _roll_call(app: ScreenConsole) -> None:
    """Whoever is missing is named by one key each; everybody else is there."""
    state = app.state
    assert state.register is not None
    team = [p.code for p in state.register.team(state.floor.day)]
    unseen = [c for c in team if (s := state.floor.staff.get(c)) is None or s.status == "expected"]

    def all_here() -> None:
        send_many(app, lambda es: f"点呼 {sum(e.kind == 'staff.changed' for e in es)}名 在席", roll_call)

    def chosen(code: str) -> None:
        if not code:
            all_here()
            return
        state.person = code
        again = partial(_roll_call, app)
        ways = [("absent", "欠勤"), ("late", "遅刻（来る時刻を入れる）")]
        choose(
            app,
            f"{state.who(code)} は",
            ways,
            lambda way: _late(app, again) if way == "late" else _absent(app, again),
            "連絡の時刻は -N で遡れます",
        )

    if not unseen:
        all_here()
        return
    options = [*staff_options(app, unseen), ("", f"残りの全員がいる（{len(unseen)}名を在席にする）")]
    choose(app, "点呼  いない人はいますか", options, chosen, f"未点呼 {len(unseen)}名", at=len(unseen))


# ---- places ----------------------------------------------------------------------------------------------------------


@act("staff")
def _staff(app: Console) -> None:
    """Who stands at the chosen terminal."""
    state = app.state
    code = state.terminal
    at = {t.staff: t.code for t in state.floor.terminals.values() if t.staff}
    options = staff_options(app, state.staff_codes())
    options += [("+", "ほかの職員のコードを入れる"), ("", "誰もいない（担当なし）")]

    def put(staff: str) -> None:
        label = f"{code} 担当 {state.who(staff)}" if staff else f"{code} 担当なし"
        if staff in at and at[staff] != code:
            label = f"{state.who(staff)} を {at[staff]} から {code} へ（{at[staff]} は担当なし）"
        put_at(app, code, staff, label)

    def chosen(answer: str) -> None:
        if answer == "+":
            ask_code(app, f"{code} に立つ職員のコード", put)
        else:
            put(answer)

    if state.staff_codes():
        choose(app, f"{code} に立つのは", options, chosen)
    else:
        chosen("+")


@act("stand")
def _stand(app: Console) -> None:
    """At which terminal the chosen person stands."""
    state, code = app.state, app.state.person
    floor = state.floor
    options = []
    for t in floor.terminals.values():
        held = f"いま {state.who(t.staff)}" if t.staff else "担当なし"
        options.append((t.code, f"{t.code} {floor.site.lane_by_code[t.lane].name}  {held}"))

    def put(terminal: str) -> None:
        put_at(app, terminal, code, f"{terminal} 担当 {state.who(code)}")

    choose(app, f"{state.who(code)} が立つ端末", options, put)


@act("post")
def _post(app: Console) -> None:
    state, code = app.state, app.state.person
    posts = state.floor.site.posts
    options = [(p.code, p.name) for p in posts] + [("", "持ち場なし")]

    def put(post: str) -> None:
        name = next((p.name for p in posts if p.code == post), "持ち場なし")
        send(app, f"{state.who(code)} {name}", "staff.posted", {"staff": code, "post": post or None})

    choose(app, f"{state.who(code)} の持ち場（会場案内）", options, put)


@act("vacancy")
def _vacancy(app: ScreenConsole) -> None:
    state, code = app.state, app.state.person
    held = state.floor.staff.get(code)
    if state.floor.open_vacancy(code) is None:
        if held is not None and held.at_work:
            state.backdate_min = 0
            state.say(f"{state.who(code)} は在席です（欠員は欠勤・退勤の人に記録します）", "warn")
            return
        send(app, f"{state.who(code)} の欠員を記録しました", "vacancy.opened", {"staff": code})
        return
    here = [c for c in state.staff_codes() if c != code and (s := state.floor.staff.get(c)) is not None and s.at_work]
    options = [("", "本人が来た"), *staff_options(app, here), ("+", "ほかの職員のコードを入れる")]

    def filled(by: str) -> None:
        if by == "":
            _present(app)
        elif by == "+":
            ask_code(app, "代わりに入る職員のコード", filled)
        else:
            label = f"{state.who(code)} の欠員が終わりました（{state.who(by)}）"
            send(app, label, "vacancy.filled", {"staff": code, "substitute": by})

    choose(app, f"{state.who(code)} の欠員に誰が入りますか", options, filled)
