"""Nothing is proposed that asks somebody to serve a lane which they have not learnt, and the basis says of whom that is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from floorctl.advice.advise import Adviser
from floorctl.advice.forecast import Forecaster
from floorctl.advice.loans import loan_to_ask
from floorctl.advice.unattended import free_people, unattended
from floorctl.commands.fold import fold_register
from floorctl.intake.demand_table import demand_table
from floorctl.models.board.grounds import grounds
from floorctl.models.board.loan_limits import LoanLimits
from floorctl.models.register.register import Register
from tests.advice.test_best_move import opened, swamped
from tests.story import MONDAY, Story, a_day, instant, kumagaya

ABLE: dict[str, Any] = {"pledge_on": "2026-06-01", "authority_on": "2026-07-01", "vein_on": "2026-07-01"}
TABLE = demand_table()


def team(*codes: str, **skills: list[str]) -> Register:
    story = Story(source="console", prefix="r")
    for code in codes:
        known = {"skills": skills[code]} if code in skills else {}
        story.tells("staff.registered", "07:00", staff=code, **ABLE, **known)
    return fold_register(story.entries())


def adviser(story: Story, at: str, register: Register) -> Adviser:
    floor, now = story.floor(at), instant(at)
    forecaster = Forecaster(kumagaya(), MONDAY, TABLE)
    times, demand = forecaster.times(floor, now), forecaster.demand(floor, register, now)
    return Adviser(floor, times, demand, now, known=grounds(floor, register, now))


EIGHT = [f"S{n}" for n in range(1, 9)]


def test_a_move_goes_to_a_terminal_whose_person_can_serve_there() -> None:
    at = "10:06"
    assert adviser(swamped(), at, team(*EIGHT)).verdict().to_json(0)["moves"][0]["terminal"] == "T1"
    one = adviser(swamped(), at, team(*EIGHT, S1=["issuance", "guidance"]))
    told = one.verdict().to_json(0)
    assert told["moves"][0]["terminal"] == "T2"
    assert told["basis"]["unskilled"] == {"T1": ["certificate"]}
    nobody = {code: ["issuance"] for code in ("S1", "S2", "S3")}
    none = adviser(swamped(), at, team(*EIGHT, **nobody))
    assert none.verdict().keep
    assert none.of_move("T1", "certificate") is None, "no forecast of what cannot be advised"


def test_no_loan_is_asked_of_who_has_not_learnt_the_lane() -> None:
    at = "10:06"

    def asked(register: Register) -> str:
        a = adviser(swamped(), at, register)
        lend = loan_to_ask(a.view, LoanLimits(a.floor, register, a.now))
        return lend.terminal if lend is not None else ""

    assert asked(team(*EIGHT)) == "T1"
    assert asked(team(*EIGHT, S1=["issuance"])) == "T2"
    assert asked(team(*EIGHT, **{code: ["issuance"] for code in ("S1", "S2", "S3")})) == ""


def test_a_lane_with_nobody_is_staffed_by_who_can_serve_it_and_before_all_by_experience() -> None:
    story = a_day().opens("08:25")
    for code in ("S1", "S2", "S3"):
        story.tells("staff.changed", "08:20", staff=code, status="present")
    register = team("S1", "S2", "S3", S1=["certificate"])
    register.people["S2"] = replace(register.people["S2"], newcomer=True)
    floor = story.floor()
    assert free_people(floor, register, "issuance") == ["S3", "S2"]
    assert free_people(floor, register, "certificate") == ["S1", "S3", "S2"]
    now = instant("09:10")
    story.staffs("T8", "S3", "09:00").issues("A001", "card_issuance", "09:05")
    floor = story.floor()
    (issuance,) = [p for p in unattended(floor, register, grounds(floor, register, now), now) if p.lane == "issuance"]
    assert (issuance.kind, issuance.staff) == ("open", "S2")


def test_without_a_roster_everybody_can_do_everything() -> None:
    assert adviser(opened(), "10:00", Register()).basis()["unskilled"] == {}
