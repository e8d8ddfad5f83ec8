"""One alert, the order in which alerts are read, and how those of one thing are said once. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from floorctl.common.action_keys import own_name

_REMARK = re.compile(r"（[^（）]{4,}）")  # a weekday is none
_NAMED = 3  # so many people are named, the others counted
# Keys that no action of their own names.
_FIXED = ("", "Enter")
SEVERITIES = ("critical", "warning", "info")
# What decides now comes first. Within a severity: the safety of the hall and the rules of the city, then what can be
# acted on at once, then what comes, then the records themselves. Codes that are not here come last.
ORDER = (
    *("file_trouble", "stopped", "seats_over", "incident_unreported", "incident_serious", "escalation_overdue"),
    *("no_officials", "no_site_manager", "not_opened", "service_outage", "lane_unstaffed", "escalation_waiting"),
    *("memo_due", "remark_due"),
    *("terminal_failed", "equipment_down", "feed_silent", "feed_missing", "feed_unfit", "hall_page", "passed_over"),
    *("wait_over_target", "vacancy"),
    *("not_eligible", "unskilled", "shift_missing", "not_back", "break_over", "break_overdue", "paused_back"),
    *("break_plan_late",),
    *(
        "post_uncovered",
        "unused_back",
        "person_idle",
        "terminals_idle",
        "newcomer_alone",
        "no_guidance",
        "post_change",
        "break_plan_soon",
    ),
    *("reception_stopped", "last_call", "not_all_served", "past_closing", "wait_forecast", "appointments_crowded"),
    *(
        "officials_below",
        "officials_change",
        "appointments_late",
        "planned_outage",
        "shift_over",
        "outside_band",
        "duty_overdue",
        "duty_outdated",
    ),
    *("memo_left", "day_not_closed", "day_not_open", "duty_due", "handover_period"),
    *(
        "clock_behind",
        "clock_skew",
        "feed_refused",
        "numbers_alike",
        "called_nowhere",
        "records_partial",
        "facts_doubtful",
    ),
)
# Each of these is a row of a panel already (cases, incidents, terminals, people): the box says them in one line.
_IN_A_PANEL = {
    "escalation_overdue": "件",
    "escalation_waiting": "件",
    "incident_unreported": "件",
    "incident_serious": "件",
    "terminal_failed": "台",
    "vacancy": "名",
}


class Alert(NamedTuple):
    """Alert of a rule ``code``; ``word`` comes before the text on the board.

    ``key`` answers it; ``answer`` is the id of its action (keys.ACTIONS), of ``people`` that of one of them: the first is
    named first. ``many``: the number of things that it tells of.
    """

    code: str
    severity: str
    word: str
    text: str
    key: str = ""
    terminal: str | None = None
    answer: str = ""
    red: bool = False  # red on the board, though nothing in the hall depends on it
    many: int = 1
    short: str = ""  # where there is little room; "" is made of the text
    about: str = ""  # what its answer acts on: a number, the source and id of a memo, a lane
    people: tuple[str, ...] = ()  # codes

    @property
    def key_now(self) -> str:
        """Return the key that answers it, as it is pressed: the user's own where the action has been remapped."""
        return own_name(self.answer) if own_name(self.answer) and self.key not in _FIXED else self.key

    @property
    def by_enter(self) -> bool:
        """Return whether Enter on the board answers it: it is about people or a memo, which have no key of their own there."""
        return self.key == "Enter" and self.code != "not_opened"

    def wordings(self) -> list[str]:
        """Return the text and ever shorter wordings of whole words: without its remark, then without its last words."""
        found = [self.text]
        if self.short:
            found.append(self.short)
        said = _REMARK.sub(" ", self.short or self.text).split()
        while said:
            found.append(" ".join(said))
            items, _, last = said[-1].rpartition("・")
            # A list of numbers grows shorter by its last one.
            said = [*said[:-1], f"{items}ほか"] if items and last.isascii() and not last.endswith("ほか") else said[:-1]
            if said and said[-1].endswith("ほか"):
                found.append(" ".join(said))
                head = said[-1].removesuffix("ほか").rpartition("・")[0]
                while head:
                    found.append(" ".join([*said[:-1], f"{head}ほか"]))
                    head = head.rpartition("・")[0]
                said = said[:-1]
        return found


def people_words(codes: Iterable[str], who: Callable[[str], str], most: int = _NAMED) -> str:
    """Return people by name, the others counted: 高橋・渡辺・伊藤ほか2名."""
    named = [who(code) for code in codes]
    return "・".join(named[:most]) + (f"ほか{len(named) - most}名" if len(named) > most else "")


def in_order(found: Iterable[Alert]) -> list[Alert]:
    """Return alerts as they are read: what decides now first."""
    return sorted(found, key=_place)


def said_once(found: Iterable[Alert]) -> list[Alert]:
    """Return alerts in their order for a board beside whose panels they stand: what a panel lists in one line."""
    once: dict[tuple[str, str, int], Alert] = {}
    for n, a in enumerate(found):
        key = (a.code, a.severity, 0 if a.code in _IN_A_PANEL else n)
        held = once.get(key)
        once[key] = a if held is None else held._replace(many=held.many + 1)
    return [a if a.many == 1 else _with_rest(a, f" ほか{a.many - 1}{_IN_A_PANEL[a.code]}") for a in once.values()]


def _with_rest(a: Alert, rest: str) -> Alert:
    return a._replace(text=f"{a.text}{rest}", short=f"{a.short}{rest}" if a.short else "")


def _place(a: Alert) -> tuple[int, int]:
    return SEVERITIES.index(a.severity), ORDER.index(a.code) if a.code in ORDER else len(ORDER)
