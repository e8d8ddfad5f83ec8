"""Eligibility of the team and its devices: what people lack, which permits hold (仕様書 5(2), 8, 12(4))."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from floorctl.common.words import month_day
from floorctl.models.day.staff import PLEDGE, Person
from floorctl.models.facts.duties import DevicePermitted
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

ELIGIBILITY = {"pledge": "誓約書", "authority": "操作者権限", "vein": "静脈登録"}


class Lack(NamedTuple):
    """Missing eligibility of a person: parts of the training by code, and keys of ``ELIGIBILITY``."""

    person: Person
    training: tuple[str, ...]
    eligibility: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what ``floorctl register missing --json`` prints."""
        return {
            "staff": self.person.code,
            "role": self.person.role,
            "training": list(self.training),
            "lacks": list(self.eligibility),
        }


def not_eligible(register: Register, staff: str, day: date, *, terminal: bool = False) -> str:
    """Return why a person may not work on ``day``, in words; "" if they may, or if the roster is empty (仕様書 7(2), 10).

    Nobody works before the pledge; ``terminal``: at an integrated terminal, which asks for authority and vein as well.
    """
    if not register.people:
        return ""
    person = register.people.get(staff)
    if person is None:
        return "名簿にありません"
    if not person.here_on(day):
        assert person.left_on is not None
        return f"退職日 {month_day(person.left_on)} を過ぎています"
    missing = [x for x in person.lacks(day) if terminal or x == PLEDGE]
    return f"{'・'.join(missing)}がありません" if missing else ""


def permit_holds(permit: DevicePermitted, day: date) -> bool:
    """Return whether a device may be in the hall on ``day``."""
    return permit.permitted_on <= day and (permit.ends_on is None or day <= permit.ends_on)


def missing(register: Register, site: Site, day: date) -> list[Lack]:
    """Return everybody of the team who lacks something on ``day``, by code (SPEC 13, 61).

    Training counts from its day on. 統括責任者 works at no terminal and needs neither authority nor vein registration.
    """
    found = []
    for person in register.team(day):
        done = {item for (staff, item), days in register.training.items() if staff == person.code and min(days) <= day}
        training = tuple(x.code for x in site.training if x.code not in done)
        lacks = set(person.lacks(day))
        needs = ("pledge",) if person.role == "general_manager" else tuple(ELIGIBILITY)
        eligibility = tuple(key for key in needs if ELIGIBILITY[key] in lacks)
        if training or eligibility:
            found.append(Lack(person, training, eligibility))
    return found
