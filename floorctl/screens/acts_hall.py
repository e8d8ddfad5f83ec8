"""What the actions on terminals, city staff and queues do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from floorctl.screens.asking import ACTS, act, choose, first_fact, send, send_many

if TYPE_CHECKING:
    from floorctl.app import FloorApp
    from floorctl.models.events import Entry


# ---- terminals -------------------------------------------------------------------------------------------------------


def _move(app: FloorApp, step: int) -> None:
    state = app.state
    site, t = state.floor.site, state.floor.terminals[state.terminal]
    lanes = [x.code for x in site.lanes if x.code in site.terminal_by_code[t.code].lanes]
    at = lanes.index(t.next_lane or t.lane) + step
    name = site.lane_by_code[t.next_lane or t.lane].name
    if not 0 <= at < len(lanes):
        state.say(f"{t.code} はすでに {name} です", "dim")
        return
    to = site.lane_by_code[lanes[at]].name
    label = f"{t.code} を {to} へ移しました"
    if t.ticket and lanes[at] != t.lane:
        label = f"{t.code} は {t.ticket} が終わりしだい {to} へ移ります"
    send(app, label, "terminal.assigned", {"terminal": t.code, "lane": lanes[at]}, needs_reason=True)


ACTS["left"] = lambda app: _move(app, -1)
ACTS["right"] = lambda app: _move(app, +1)


@act("next")
def _next(app: FloorApp) -> None:
    from floorctl.commands.queue import next_visitor

    floor, terminal = app.state.floor, app.state.terminal
    t = floor.terminals[terminal]
    lane = t.next_lane or t.lane

    def said(entries: list[Entry]) -> str:
        """What really happened: somebody may have been called first by another console."""
        facts = {e.kind: e.fact for e in entries}
        parts = []
        if (done := facts.get("ticket.finished")) is not None:
            parts.append(f"{done.ticket} 完了")  # type: ignore[attr-defined]
        called = facts.get("ticket.called")
        parts.append(f"{called.ticket} を呼びました" if called is not None else "待っている人はいません")  # type: ignore[attr-defined]
        return f"{terminal} {'  '.join(parts)}"

    def go(service: str | None) -> None:
        send_many(app, said, lambda c: next_visitor(c, terminal, service))

    services = [s for s in floor.site.services if s.lane == lane]
    counted_only = floor.next_ticket(lane, app.state.now) is None and floor.lanes[lane].uncounted
    if counted_only and len(services) > 1 and floor.state(terminal) in ("free", "serving"):
        # Nobody knows what a counted person came for: it is asked, not guessed.
        choose(app, f"{terminal} 次の人の用件", [(s.code, s.name) for s in services], go)
    else:
        go(None)


@act("finish")
def _finish(app: FloorApp) -> None:
    terminal = app.state.terminal
    ticket = app.state.floor.terminals[terminal].ticket
    send(app, f"{terminal} {ticket} 完了", "ticket.finished", {"ticket": ticket, "terminal": terminal})


@act("no_show")
def _no_show(app: FloorApp) -> None:
    ticket = app.state.floor.terminals[app.state.terminal].ticket
    send(app, f"{ticket} 不在", "ticket.no_show", {"ticket": ticket})


@act("pause")
def _pause(app: FloorApp) -> None:
    t = app.state.floor.terminals[app.state.terminal]
    kind, word = ("terminal.resumed", "再開") if t.paused else ("terminal.paused", "休止")
    send(app, f"{t.code} {word}", kind, {"terminal": t.code})


@act("fail")
def _fail(app: FloorApp) -> None:
    t = app.state.floor.terminals[app.state.terminal]
    kind, word = ("terminal.repaired", "復旧") if t.failed else ("terminal.failed", "故障")
    send(app, f"{t.code} {word}", kind, {"terminal": t.code})


@act("staff")
def _staff(app: FloorApp) -> None:
    state = app.state
    code = state.terminal
    at = {t.staff: t.code for t in state.floor.terminals.values() if t.staff}
    options = [(s, f"{s}  {at.get(s, '')}".rstrip()) for s in state.staff_codes()]
    options += [("+", "ほかの職員のコードを入れる"), ("", "誰もいない（担当なし）")]

    def put(staff: str) -> None:
        label = f"{code} 担当 {staff}" if staff else f"{code} 担当なし"
        if staff in at and at[staff] != code:
            label = f"{staff} を {at[staff]} から {code} へ（{at[staff]} は担当なし）"
        send(app, label, "terminal.staffed", {"terminal": code, "staff": staff or None})

    def chosen(answer: str) -> None:
        if answer == "+":
            app.ask_text(f"{code} に立つ職員のコード", "氏名ではなくコード（S01 など）", put)
        else:
            put(answer)

    if state.floor.staff:
        choose(app, f"{code} に立つのは", options, chosen)
    else:
        chosen("+")


def change_person(app: FloorApp, code: str) -> None:
    """A person's status by digit."""
    from floorctl.words import STAFF_STATUSES

    options = [(k, v) for k, v in STAFF_STATUSES.items() if k != "expected"]
    held = app.state.floor.staff.get(code)

    def with_status(status: str) -> None:
        send(app, f"{code} {STAFF_STATUSES[status]}", "staff.changed", {"staff": code, "status": status})

    choose(app, f"{code} の状況", options, with_status, f"いま {STAFF_STATUSES[held.status]}" if held else "")


# ---- city staff ------------------------------------------------------------------------------------------------------


@act("escalate")
def _escalate(app: FloorApp) -> None:
    state = app.state
    terminal = state.terminal or None
    ticket = state.floor.terminals[terminal].ticket if terminal else None
    where = f"{terminal} {ticket or ''}".strip() if terminal else "端末なし（会場）"

    def with_matter(matter: str) -> None:
        name = state.floor.site.matter_by_code[matter].short
        fields = {"matter": matter, "terminal": terminal, "ticket": ticket}
        send(app, f"{where} 市職員へ引継ぎ {name}", "escalation.raised", fields)

    options = [(m.code, m.name) for m in state.floor.site.matters]
    choose(app, "市職員へ引き継ぐ事項", options, with_matter, where)


def open_case(app: FloorApp, code: str) -> None:
    """A case: who of the city has turned to it, or what the city has decided."""
    from floorctl.words import DECISIONS

    state = app.state
    e = state.floor.escalations[code]
    assert state.info is not None
    officials = [f"C{n}" for n in range(1, max(1, state.floor.officials) + 1)]
    warn = "" if state.info.hall_open else "本庁舎は閉庁日: 3番窓口は開いていないおそれがあります"

    def with_official(then: Callable[[str], None]) -> None:
        options = [(o, f"市職員 {o}") for o in officials] + [("+", "ほかのコードを入れる")]

        def chosen(answer: str) -> None:
            if answer == "+":
                app.ask_text("市職員のコード", "氏名ではなくコード", then)
            else:
                then(answer)

        if len(officials) == 1 and state.floor.officials == 1:
            then(officials[0])
        else:
            choose(app, "どの市職員ですか", options, chosen)

    def chosen(answer: str) -> None:
        if answer == "taken":
            with_official(
                lambda o: send(
                    app, f"{code} 市職員 {o} 対応中", "escalation.taken", {"escalation": code, "official": o}
                )
            )
            return
        label = f"{code} {DECISIONS[answer]}"
        fields = {"escalation": code, "outcome": answer}
        if answer in ("approved", "declined") and not e.official:
            with_official(lambda o: send(app, label, "escalation.settled", {**fields, "official": o}))
        else:
            send(app, label, "escalation.settled", fields)

    options = [(k, f"決定 {v}") for k, v in DECISIONS.items()]
    if e.state == "raised":
        options = [("taken", "市職員が対応を始めた"), *options]
    name = state.floor.site.matter_by_code[e.matter].name if e.matter else ""
    choose(app, f"{code} {name}", options, chosen, warn or f"{e.terminal or '端末なし'} {e.ticket or ''}")


# ---- waiting ---------------------------------------------------------------------------------------------------------


@act("count")
def _count(app: FloorApp) -> None:
    state = app.state
    site = state.floor.site
    ordered = [*site.movable_lanes, *(x.code for x in site.lanes if x.code not in site.movable_lanes)]
    fields = [(x, site.lane_by_code[x].name, state.floor.lanes[x].waiting) for x in ordered]

    def answered(numbers: dict[str, int] | None) -> None:
        if not numbers:
            return
        label = "待ち人数 " + "  ".join(f"{site.lane_by_code[x].name} {n}人" for x, n in numbers.items())
        send_many(app, label, lambda c: [("queue.counted", {"lane": x, "waiting": n}) for x, n in numbers.items()])
        app.redraw()

    from floorctl.screens.dialogs import NumbersDialog

    dialog = NumbersDialog(
        "待っている人を数えた数", fields, "薄い字はいまの記録の人数", main=len(site.movable_lanes) or None
    )
    app.push_screen(dialog, answered)


@act("seats")
def _seats(app: FloorApp) -> None:
    capacity = app.state.floor.site.seats.capacity
    app.ask_text(
        "会場にいる人の数",
        f"付添いの人も含めて数えます（椅子 {capacity}脚）",
        lambda n: send(app, f"会場 {n}人", "visitors.counted", {"persons": int(n)}),
        digits=True,
    )


@act("issue")
def _issue(app: FloorApp) -> None:
    site = app.state.floor.site

    def with_service(service: str) -> None:
        name = site.service_by_code[service].short
        send(app, lambda es: f"{first_fact(es).ticket} を発券しました（{name}）", "ticket.issued", {"service": service})

    choose(app, "番号を出す業務", [(s.code, s.name) for s in site.services], with_service)


@act("reception")
def _reception(app: FloorApp) -> None:
    floor = app.state.floor
    site = floor.site
    options = [
        (s.code, f"{s.name}  {'打切り中（再開する）' if s.code in floor.stopped else '受付中'}") for s in site.services
    ]

    def with_service(service: str) -> None:
        name = site.service_by_code[service].short
        if service in floor.stopped:
            send(app, f"{name} 受付再開", "reception.resumed", {"service": service})
        else:
            app.ask_text(
                f"{name} の受付を打ち切る理由",
                "",
                lambda r: send(app, f"{name} 受付打切り", "reception.stopped", {"service": service, "reason": r}),
            )

    choose(app, "受付を打ち切る・再開する業務", options, with_service)
