"""The charge of 現場責任者 (仕様書 5(1)): who may hold it, handing it over, and what whoever takes it has to know."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from floorctl.common.words import CHARGES
from floorctl.console.port import Console
from floorctl.screens.asking import act, ask_text, choose, send
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.people.handover_brief import BriefView, since_last_held


def staff_options(app: Console, codes: list[str]) -> list[tuple[str, str]]:
    """People by code and, where there is one, surname, with where they stand."""
    state = app.state
    at = {t.staff: t.code for t in state.floor.terminals.values() if t.staff}
    named = [(c, f"{c} {state.names[c]}" if c in state.names else c) for c in codes]
    return [(c, f"{words}  {at.get(c, '')}".rstrip()) for c, words in named]


def ask_code(app: Console, title: str, then: Callable[[str], None]) -> None:
    """A person by a code that is typed, as an IME or a hurried hand writes it."""

    def typed(text: str) -> None:
        code = unicodedata.normalize("NFKC", text).strip()
        then(code.upper() if code.upper() in app.state.staff_codes() else code)

    ask_text(app, title, "氏名ではなくコード（S01 など）", typed)


def eligible(app: Console) -> list[str]:
    """Who may take the charge of 現場責任者 now; without a roster everybody who is here."""
    state = app.state
    assert state.register is not None
    floor = state.floor
    here = [c for c in state.staff_codes() if (s := floor.staff.get(c)) is None or s.at_work]
    if not state.register.people:
        return here
    return [c for c in here if (p := state.register.people.get(c)) is not None and p.may_hold("site_manager")]


@act("hand_over")
def _hand_over(app: ScreenConsole) -> None:
    state = app.state
    holder = state.floor.holder()
    options = [
        (f"site_manager {c}", words) for c, words in staff_options(app, [c for c in eligible(app) if c != holder])
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
            ask_code(app, "現場責任者の職務を持つ職員のコード", lambda c: take("site_manager", c))
        else:
            charge, _, staff = answer.partition(" ")
            take(charge, staff)

    now = f"いま {state.who(holder)}" if holder else "いま 誰も持っていません"
    # Back from a break: the cursor stands on who held it before.
    before = [h.staff for h in state.floor.handovers if h.charge == "site_manager" and h.staff != holder]
    at = next((n for n, (x, _) in enumerate(options) if before and x == f"site_manager {before[-1]}"), 0)
    choose(app, "現場責任者の職務を引き継ぐ", options, chosen, now, at=at)


def show_brief(app: ScreenConsole, staff: str) -> None:
    """What whoever takes over has not seen."""
    said, role = app.state.message, app.state.message_role
    app.frame.show(BriefView(app, since_last_held(app.state.floor, staff)))
    app.state.say(said, role)
