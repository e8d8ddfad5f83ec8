"""Alert of numbers that many later ones have passed: their holders are called, or the numbers ended. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from floorctl.common.action_keys import key_of
from floorctl.models.board.alert import Alert
from floorctl.models.board.grounds import Grounds
from floorctl.models.day.floor import Floor

_FEW_LOST = 3  # numbers of a lane that are looked for one by one


def passed_alerts(floor: Floor, g: Grounds) -> Iterator[Alert]:
    """Yield the numbers that many later ones have passed; where many seem to be lost their calls are, and the records are doubtful."""
    found = {
        number: n
        for lane, passed in g.passed.items()
        for number, n in passed.items()
        if number not in g.never_called(lane) or len(g.never_called(lane)) <= _FEW_LOST
    }
    if found:
        first, *rest = sorted(found, key=lambda x: (-found[x], x))
        many = f"・ほか{len(rest)}枚" if rest else ""
        text = f"{first} 後の番号が {found[first]}人 先に呼ばれています{many}（{key_of('ticket_call')} 呼ぶ・いなければ {key_of('ticket_never_called')}）"
        brief = f"{first} {found[first]}人に先を越されています"
        yield Alert("passed_over", "warning", "番号", text, "b", None, "queue", short=brief, about=first)
