"""What the actions on the contractor's people do: presence, breaks, places, the charge of 現場責任者, vacancies."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from floorctl.screens.asking import ACTS, act, choose, send, send_many
from floorctl.words import CHARGES, STAFF_STATUSES

if TYPE_CHECKING:
    from floorctl.app import FloorApp

# No word on health: the reason of an absence is whether it was announced (仕様書 5(3)⑥, 12).
_NOTICES = (
    ("本人から連絡", "本人から連絡があった"),
    ("連絡なし", "連絡がない"),
    ("交通", "交通の遅れ"),
    ("+", "ほかの理由を書く"),
)
_BREAKS = (60, 45, 30, 15)


def _staff_options(app: FloorApp, codes: list[str]) -> list[tuple[str, str]]:
    """People by code and, where there is one, surname, with where they stand."""
    state = app.state
    at = {t.staff: t.code for t in state.floor.terminals.values() if t.staff}
    named = [(c, f"{c} {state.names[c]}" if c in state.names else c) for c in codes]
    return [(c, f"{words}  {at.get(c, '')}".rstrip()) for c, words in named]


# ---- presence --------------------------------------------------------------------------------------------------------


def change_person(app: FloorApp, code: str) -> None:
    """A person's status by digit."""
    app.state.person = code
    options = [(f"is_{k}", v) for k, v in STAFF_STATUSES.items() if k != "expected"]
    held = app.state.floor.staff.get(code)
    prompt = f"いま {STAFF_STATUSES[held.status]}" if held else "まだ状況がありません"
    choose(app, f"{app.state.who(code)} の状況", options, app.perform, prompt)


def _change(app: FloorApp, status: str, **fields: Any) -> None:
    """Records a status; who holds the charge of 現場責任者 is asked for a deputy first (仕様書 5(1))."""
    from floorctl.commands.staff import leave_with_deputy
    from floorctl.models.hours import receiving

    state, code = app.state, app.state.person
    label = f"{state.who(code)} {STAFF_STATUSES[status]}" + (f" 〜{fields['until']}" if fields.get("until") else "")
    wish = {"staff": code, "status": status, **fields}
    if status == "present" or state.floor.holder() != code or not receiving(state.floor, state.now):
        send(app, label, "staff.changed", wish, needs_reason=True)
        return

    def with_deputy(deputy: str) -> None:
        if deputy == "":
            send(app, label, "staff.changed", wish, needs_reason=True)
        else:
            send_many(
                app, f"{label}  責任者は {state.who(deputy)} へ", lambda c: leave_with_deputy(c, wish, deputy),
                then=lambda: show_brief(app, deputy),
            )  # fmt: skip

    options = _staff_options(app, [c for c in _eligible(app) if c != code])
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
        state.say(f"{state.who(code)} を休憩にできません: 代行者になれる人がいません（仕様書 5(1)）", "warn")


def _eligible(app: FloorApp) -> list[str]:
    """Who may take the charge of 現場責任者 now; without a roster everybody who is here."""
    state = app.state
    assert state.register is not None
    floor = state.floor
    here = [c for c in state.staff_codes() if (s := floor.staff.get(c)) is None or s.at_work]
    if not state.register.people:
        return here
    return [c for c in here if (p := state.register.people.get(c)) is not None and p.may_hold("site_manager")]


def _plain(status: str) -> None:
    ACTS[f"is_{status}"] = lambda app: _change(app, status)


_plain("present")
_plain("gone")


@act("is_late")
def _late(app: FloorApp) -> None:
    state = app.state
    now = state.now
    options = [
        (f"{now + timedelta(minutes=m):%H:%M}", f"{m}分後（{now + timedelta(minutes=m):%H:%M}）")
        for m in (10, 20, 30, 60)
    ]
    options.append(("+", "来る時刻を入れる"))

    def with_time(until: str) -> None:
        if until == "+":
            app.ask_time(f"{state.who(state.person)} が来る時刻", lambda at: _change(app, "late", until=at))
        else:
            _change(app, "late", until=until)

    choose(app, f"{state.who(state.person)} は何時に来ますか", options, with_time, "連絡の時刻は -N で遡れます")


@act("is_absent")
def _absent(app: FloorApp) -> None:
    """An absence, and the vacancy that it opens, as one act (仕様書 5(4)②)."""
    state, code = app.state, app.state.person

    def with_reason(reason: str) -> None:
        if reason == "+":
            app.ask_text("欠勤の理由", "病名などは書きません", with_reason)
            return
        if state.floor.holder() == code:
            _change(app, "absent", reason=reason)
            return
        from floorctl.commands.staff import absence

        send_many(app, f"{state.who(code)} 欠勤（欠員を記録）", lambda c: absence(c, code, reason))

    choose(app, f"{state.who(code)} の欠勤", list(_NOTICES), with_reason, "連絡の時刻は -N で遡れます")


@act("is_on_break")
def _on_break(app: FloorApp) -> None:
    from floorctl.screens.people import breaks_of

    state = app.state
    b = breaks_of(state).get(state.person)
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
def _away(app: FloorApp) -> None:
    now = app.state.now
    options = [
        (f"{now + timedelta(minutes=m):%H:%M}", f"{m}分（{now + timedelta(minutes=m):%H:%M} まで）")
        for m in (5, 10, 20, 30)
    ]
    options.append(("", "戻りは分からない"))
    choose(
        app, f"{app.state.who(app.state.person)} の離席", options,
        lambda until: _change(app, "away", **({"until": until} if until else {})),
    )  # fmt: skip


@act("roll_call")
def _roll_call(app: FloorApp) -> None:
    from floorctl.commands.staff import roll_call

    send_many(app, lambda es: f"点呼 {sum(e.kind == 'staff.changed' for e in es)}名 在席", roll_call)


# ---- places ----------------------------------------------------------------------------------------------------------


@act("staff")
def _staff(app: FloorApp) -> None:
    """Who stands at the chosen terminal."""
    state = app.state
    code = state.terminal
    at = {t.staff: t.code for t in state.floor.terminals.values() if t.staff}
    options = _staff_options(app, state.staff_codes())
    options += [("+", "ほかの職員のコードを入れる"), ("", "誰もいない（担当なし）")]

    def put(staff: str) -> None:
        label = f"{code} 担当 {state.who(staff)}" if staff else f"{code} 担当なし"
        if staff in at and at[staff] != code:
            label = f"{state.who(staff)} を {at[staff]} から {code} へ（{at[staff]} は担当なし）"
        send(app, label, "terminal.staffed", {"terminal": code, "staff": staff or None}, needs_reason=True)

    def chosen(answer: str) -> None:
        if answer == "+":
            app.ask_text(f"{code} に立つ職員のコード", "氏名ではなくコード（S01 など）", put)
        else:
            put(answer)

    if state.staff_codes():
        choose(app, f"{code} に立つのは", options, chosen)
    else:
        chosen("+")


@act("stand")
def _stand(app: FloorApp) -> None:
    """At which terminal the chosen person stands."""
    state, code = app.state, app.state.person
    floor = state.floor
    options = []
    for t in floor.terminals.values():
        held = f"いま {state.who(t.staff)}" if t.staff else "担当なし"
        options.append((t.code, f"{t.code} {floor.site.lane_by_code[t.lane].name}  {held}"))

    def put(terminal: str) -> None:
        label = f"{terminal} 担当 {state.who(code)}"
        send(app, label, "terminal.staffed", {"terminal": terminal, "staff": code}, needs_reason=True)

    choose(app, f"{state.who(code)} が立つ端末", options, put)


@act("post")
def _post(app: FloorApp) -> None:
    state, code = app.state, app.state.person
    posts = state.floor.site.posts
    options = [(p.code, p.name) for p in posts] + [("", "持ち場なし")]

    def put(post: str) -> None:
        name = next((p.name for p in posts if p.code == post), "持ち場なし")
        send(app, f"{state.who(code)} {name}", "staff.posted", {"staff": code, "post": post or None})

    choose(app, f"{state.who(code)} の持ち場（会場案内）", options, put)


@act("vacancy")
def _vacancy(app: FloorApp) -> None:
    state, code = app.state, app.state.person
    if state.floor.open_vacancy(code) is None:
        send(app, f"{state.who(code)} の欠員を記録しました", "vacancy.opened", {"staff": code})
        return
    here = [c for c in state.staff_codes() if c != code and (s := state.floor.staff.get(c)) is not None and s.at_work]
    options = [("", "本人が来た"), *_staff_options(app, here), ("+", "ほかの職員のコードを入れる")]

    def filled(by: str) -> None:
        if by == "+":
            app.ask_text("代わりに入る職員のコード", "氏名ではなくコード（S01 など）", filled)
            return
        label = f"{state.who(code)} の欠員が終わりました" + (f"（{state.who(by)}）" if by else "")
        send(app, label, "vacancy.filled", {"staff": code, "substitute": by or None})

    choose(app, f"{state.who(code)} の欠員に誰が入りますか", options, filled)


# ---- the charge of 現場責任者 -----------------------------------------------------------------------------------------


@act("hand_over")
def _hand_over(app: FloorApp) -> None:
    state = app.state
    holder = state.floor.holder()
    options = [
        (f"site_manager {c}", words) for c, words in _staff_options(app, [c for c in _eligible(app) if c != holder])
    ]
    assert state.register is not None
    acting = state.floor.holder("general_manager")
    if holder is not None and acting != holder:
        options.append((f"general_manager {holder}", f"{state.who(holder)} が統括責任者の職務も代理する"))
    if acting is not None:
        options.append(("general_manager ", "統括責任者の代理を終える"))
    options.append(("+", "ほかの職員のコードを入れる"))

    def take(charge: str, staff: str) -> None:
        to = state.who(staff) if staff else "なし"
        send(
            app, f"{CHARGES[charge]} {to}", "charge.taken", {"charge": charge, "staff": staff or None},
            needs_reason=True, then=(lambda: show_brief(app, staff)) if charge == "site_manager" else None,
        )  # fmt: skip

    def chosen(answer: str) -> None:
        if answer == "+":
            app.ask_text(
                "現場責任者の職務を持つ職員のコード",
                "氏名ではなくコード（S01 など）",
                lambda c: take("site_manager", c),
            )
        else:
            charge, _, staff = answer.partition(" ")
            take(charge, staff)

    now = f"いま {state.who(holder)}" if holder else "いま 誰も持っていません"
    choose(app, "現場責任者の職務を引き継ぐ", options, chosen, now)


def show_brief(app: FloorApp, staff: str) -> None:
    """What whoever takes over has not seen."""
    from floorctl.screens.brief import BriefView, since_last_held

    said, role = app.state.message, app.state.message_role
    app.frame.show(BriefView(app, since_last_held(app.state.floor, staff)))
    app.state.say(said, role)
