"""Acts on the remarks of a number, and the number that an alert is about."""

from __future__ import annotations

from floorctl.common.words import hm
from floorctl.models.board.remarks import remark_words
from floorctl.screens.asking import Ask, act


@act("ticket_remark")
async def _remark(ask: Ask) -> None:
    """Put a remark on the chosen number, or take off one that it has."""
    site, t = ask.state.day.floor.site, ask.state.day.floor.tickets[ask.state.chosen.ticket]
    options = []
    for x in site.remarks:
        has = x.code in t.remarks
        until = f" {hm(t.remarks[x.code] or '')}まで" if has and t.remarks[x.code] else ""
        more = "を外す" if has else "（何時まで）" if x.until else ""
        options.append((x.code, f"{x.name}{until}{more}"))
    now = " ".join(remark_words(site, t))
    prompt = f"いま {now}" if now else "本人のことは書きません"
    code = await ask.choice(f"{t.number} の印", options, prompt, nothing="印が会場設定にありません（remarks）")
    fields: dict[str, object] = {"ticket": t.number, "remark": code}
    if code in t.remarks:
        await ask.record(f"{t.number} の印を外しました", "ticket.remarked", {**fields, "removed": True})
        return
    remark = site.remark_by_code[code]
    if remark.until:
        fields["until"] = await ask.time(f"{t.number} 何時まで")
    said = f"{hm(str(fields['until']))}まで" if remark.until else remark.name
    await ask.record(f"{t.number} に印を付けました  {said}", "ticket.remarked", fields)


async def show_number(ask: Ask, number: str) -> None:
    """Show a number in the list of numbers."""
    ask.state.chosen.ticket = number  # where the list begins
    ask.app.perform("queue")
