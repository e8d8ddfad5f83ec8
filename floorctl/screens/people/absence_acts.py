"""A person is known to be away on a day ahead, or comes after all."""

from __future__ import annotations

from datetime import date

from floorctl.common.words import short_day
from floorctl.screens.asking import Ask, act


@act("plan_absence")
async def _plan_absence(ask: Ask) -> None:
    """Ask for the day, the next open one first; of a day that is planned already the absence is taken back."""
    day, register, code = ask.state.day, ask.state.day.register, ask.state.chosen.person
    following = register.calendar(day.site).next_open_day(day.floor.day)
    title = f"{day.who(code)} が休むと分かっている日"
    prompt = "9/24 か 2026-09-24 のように。もう予定にある日を入れると取りやめます"
    on = date.fromisoformat(await ask.day(title, prompt, value=following.isoformat() if following else ""))
    held = code in register.absences.get(on, ())
    word = "欠勤の予定を取りやめました" if held else "欠勤の予定を入れました"
    fields = {"staff": code, "date": on, "absent": not held}
    await ask.record(f"{day.who(code)} {short_day(on)} {word}", "absence.planned", fields)
