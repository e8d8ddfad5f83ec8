"""The charge of 現場責任者 (仕様書 5(1)): who may hold it, handing it over, and what whoever takes it has to know."""

from __future__ import annotations

import unicodedata

from floorctl.common.words import CHARGES
from floorctl.console.port import Console
from floorctl.models.register.eligibility import not_eligible
from floorctl.screens.asking import Ask, act
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.people.handover_brief import BriefView, since_last_held
from floorctl.screens.people.staff_choice import staff_options


async def ask_code(ask: Ask, title: str) -> str:
    """Return a person's code as it was typed, by an IME or a hurried hand."""
    text = await ask.text(title, "氏名ではなくコード（S01 など）")
    code = unicodedata.normalize("NFKC", text).strip()
    return code.upper() if code.upper() in ask.state.day.staff_codes() else code


def eligible(app: Console) -> list[str]:
    """Return the codes of those who may take the charge of 現場責任者 now; without a roster everybody who is here."""
    state = app.state
    floor = state.day.floor
    here = [c for c in state.day.staff_codes() if (s := floor.staff.get(c)) is None or s.at_work]
    if not state.day.register.people:
        return here
    register, day = state.day.register, floor.day
    able = {p.code for p in register.team(day) if p.may_hold("site_manager")}
    return [c for c in here if c in able and not not_eligible(register, c, day)]


@act("hand_over")
async def _hand_over(ask: Ask) -> None:
    state = ask.state
    holder, acting = state.day.floor.holder(), state.day.floor.holder("general_manager")
    others = staff_options(ask.app, [c for c in eligible(ask.app) if c != holder])
    options = [(f"site_manager {c}", words) for c, words in others]
    person = state.day.register.people.get(holder or "")
    if holder is not None and acting != holder and (person is None or person.may_hold("general_manager")):
        options.append((f"general_manager {holder}", f"{state.day.who(holder)} が統括責任者の職務も代理する"))
    if acting is not None:
        options.append(("general_manager ", "統括責任者の代理を終える"))
    options.append(("+", "ほかの職員のコードを入れる"))
    now = f"いま {state.day.who(holder)}" if holder else "いま 誰も持っていません"
    # Back from a break: the cursor begins on who held it before.
    before = [h.staff for h in state.day.floor.charge_log() if h.staff != holder]
    at = next((n for n, (x, _) in enumerate(options) if before and x == f"site_manager {before[-1]}"), 0)
    answer = await ask.choice("現場責任者の職務を引き継ぐ", options, now, at=at)
    if answer == "+":
        charge, staff = "site_manager", await ask_code(ask, "現場責任者の職務を持つ職員のコード")
    else:
        charge, _, staff = answer.partition(" ")
    label = f"{CHARGES[charge]} {state.day.who(staff) if staff else 'なし'}"
    await ask.record_with_reason(label, "charge.taken", {"charge": charge, "staff": staff or None})
    if charge == "site_manager":
        show_brief(ask.app, staff)


def show_brief(app: ScreenConsole, staff: str) -> None:
    """Show what has happened since a person last held the charge."""
    app.state.day.past = None
    said, role = app.state.line.text, app.state.line.role
    app.frame.show(BriefView(app, since_last_held(app.state.day.floor, staff)))
    app.state.line.say(said, role)
