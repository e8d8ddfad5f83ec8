"""Loans (応援) as they are proposed: which terminal, when, with what effect; beside a move, and what must come before them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from floorctl.advice.advise import Adviser
from floorctl.advice.best_move import Option
from floorctl.advice.forecast import Forecaster
from floorctl.advice.futures import SOON_S, Futures
from floorctl.advice.lending import Return
from floorctl.advice.loans import (
    contradict,
    loan_now,
    loan_proposal,
    loan_reasons,
    loan_to_ask,
    return_reason,
    returns_due,
)
from floorctl.advice.other_proposals import others
from floorctl.advice.proposal import Key, Proposal, first
from floorctl.advice.standing import Standing
from floorctl.commands.context import Context
from floorctl.commands.decide import decide
from floorctl.commands.fold import DayFold, apply, fold, fold_register
from floorctl.commands.last_desk import need_lanes_kept
from floorctl.intake.demand_table import demand_table
from floorctl.intake.feed import parse_line
from floorctl.models.board.grounds import grounds
from floorctl.models.board.loan_limits import LoanLimits
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.registers import Slot
from floorctl.models.register.register import Register
from floorctl.models.site.advice_constants import AdviceConstants, LendingConstants
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from tests import halls
from tests.other_sites import DAY, site_of
from tests.story import MONDAY, Story, instant, kumagaya

TABLE = demand_table()


class Hall:
    """A hall at an instant as those who ask for loans see it."""

    def __init__(self, story: Story, at: str, slots: Sequence[Slot] = ()) -> None:
        self.now, self.floor = instant(at), story.floor(at)
        facts = [e for e in story.entries() if e.fact.at <= self.now]
        self.register: Register = fold_register(
            e for e in facts if e.kind in ev.REGISTER_KINDS or e.kind == "retracted"
        )
        if slots:
            self.register.appointments[MONDAY] = tuple(slots)
        self.forecaster = Forecaster(kumagaya(), MONDAY, TABLE)
        times, demand = (
            self.forecaster.times(self.floor, self.now),
            self.forecaster.demand(self.floor, self.register, self.now),
        )
        known = grounds(self.floor, self.register, self.now)
        self.adviser = Adviser(self.floor, times, demand, self.now, known=known)
        self.limits = LoanLimits(self.floor, self.register, self.now)

    def loan(self, *stood: Key) -> Proposal | None:
        lend = loan_to_ask(self.adviser.view, self.limits, stood)
        futures = self.adviser.futures
        return loan_proposal(lend, self.limits, futures) if lend is not None and futures is not None else None

    def others(self, advised: Option | None = None) -> list[Proposal]:
        closings = self.forecaster.closings(self.floor, self.register, self.now)
        return others(self.adviser, self.register, closings, (), advised, loan=self.loan())

    @property
    def returns(self) -> list[Return]:
        return returns_due(self.adviser.view, self.limits)


def about(p: Proposal | None) -> tuple[str, str, str] | None:
    return None if p is None else (p.terminal, p.origin, p.lane)


def morning(*, free: bool = True, served: str = "10:20", waits: int = 14) -> Story:
    """Half past ten: T1 to T3 for cards with nobody waiting, T3 or all of them busy; the renewals are many."""
    story = halls.queue(halls.opened(issuance=3, certificate=5), "B", 5 + waits, "10:00")
    for n, t in enumerate(range(4, 9), 1):
        story.calls(f"B{n:03d}", f"T{t}", f"10:2{n}")
    for n, t in enumerate((3,) if free else (1, 2, 3), 1):
        story.issues(f"A{n:03d}", "card_issuance", served).calls(f"A{n:03d}", f"T{t}", served)
    return story


# ---- which, and when


def test_a_free_terminal_with_nobody_to_serve_helps_and_says_what_it_brings() -> None:
    loan = Hall(morning(), "10:30").loan()
    assert loan is not None and about(loan) == ("T1", "issuance", "certificate")
    assert loan.what == "T1 を電子証明書の応援に"
    assert loan.note == "交付に待つ人なし、要るときに戻る"
    assert loan.change.after < loan.change.before and loan.soon and loan.clear
    (step,) = loan.takes
    assert (step.kind, dict(step.fields)) == (
        "terminal.lent",
        {"terminal": "T1", "lane": "certificate", "reason": "電子証明書に14人、交付に待つ人なし"},
    )


def test_what_home_pays_is_told_and_stays_when_it_is_lent() -> None:
    """The lane that lends has its terminal back after the hour: before the key and behind it alike."""
    offered = Hall(morning(), "10:30").loan()
    assert offered is not None and offered.cost is not None
    assert offered.text().count("分から") == 2
    assert f"  交付 {offered.cost.figures[0]}分から{offered.cost.figures[1]}分" in offered.text()
    lent = morning().lends(offered.terminal, offered.lane, "10:30")
    futures = Hall(lent, "10:30").adviser.futures
    assert futures is not None
    assert abs(futures.longest((), "", SOON_S)["issuance"] - offered.cost.after) < 60


def test_it_is_offered_before_the_terminal_is_free() -> None:
    loan = Hall(morning(free=False, served="10:16"), "10:30").loan()
    assert loan is not None
    assert loan.what == f"{loan.terminal} をこの方のあと、待つ人がいなければ電子証明書の応援に"


def test_it_is_not_offered_while_somebody_is_likely_to_come_before() -> None:
    """They were called ten minutes ago and are done in five: a third of a person is expected for cards until then."""
    assert Hall(morning(free=False, served="10:20"), "10:30").loan() is None


def test_a_gain_that_is_hardly_seen_is_not_worth_a_key_but_keeps_what_was_proposed() -> None:
    hall = Hall(morning(), "10:30")
    lend = loan_to_ask(hall.adviser.view, hall.limits)
    assert lend is not None

    class Shorter(Futures):
        """Futures in which the loan shortens the longest wait by a minute."""

        def loan(self, terminal: str, to: str) -> dict[str, float]:
            return {lane: s - 60 * (lane == to) for lane, s in self.longest((), "", SOON_S).items()}

    futures = Shorter(hall.adviser.view)
    assert loan_proposal(lend, hall.limits, futures) is None
    assert loan_proposal(lend, hall.limits, futures, [lend.key]) is not None


@pytest.mark.parametrize("trouble", ["somebody waits at home", "one at home", "few wait", "declined", "not open"])
def test_no_loan(trouble: str) -> None:
    story, at = morning(), "10:30"
    match trouble:
        case "somebody waits at home":
            story.issues("A009", "card_issuance", "10:29")
        case "one at home":
            story.tells("terminal.paused", "10:28", terminal="T2").tells("terminal.paused", "10:28", terminal="T3")
        case "few wait":
            story = morning(waits=1)
        case "declined":
            story.tells("advice.declined", "10:29", "console", terminal="T2", lane="certificate", about="lend")
        case _:
            story.closes("10:29")
    assert Hall(story, at).loan() is None


def test_what_was_declined_comes_again_after_half_an_hour() -> None:
    """Within it only what saves half as much again; the figures are those of the line that was declined."""
    story = morning().issues("B900", "cert_renewal", "10:57")
    saved = Hall(story, "10:57:30").loan()
    assert saved is not None
    told = {"terminal": "T1", "lane": "certificate", "about": "lend", "gain_s": saved.gain_s}
    story.tells("advice.declined", "10:29", "console", **told)
    assert Hall(story, "10:57:30").loan() is None
    assert about(Hall(story, "10:59").loan()) == ("T1", "issuance", "certificate")


def test_who_may_go_without_asking_is_not_asked_for() -> None:
    hall = Hall(morning().tells("lending.permitted", "08:30", "console", terminals=["T1"]), "10:30")
    lend = loan_now(hall.adviser.view, hall.limits)
    assert lend is not None and lend.terminal == "T1"
    assert hall.loan() is None
    other = Hall(morning().tells("lending.permitted", "08:30", "console", terminals=["T3"]), "10:30")
    assert loan_now(other.adviser.view, other.limits) is None, "it serves somebody"
    assert about(other.loan()) == ("T1", "issuance", "certificate")


# ---- what must come before: the reception, appointments, breaks


def test_before_its_reception_a_lane_lends_all_but_its_usual_split() -> None:
    """仕様書 7(4): cards from nine. One case, the ways and two minutes must fit before, where fewer than two would stay."""
    story = halls.at_the_doors(24).lends("T1", "certificate", "08:31").calls("B010", "T1", "08:33:30")
    loan = Hall(story, "08:34").loan()
    assert about(loan) == ("T2", "issuance", "certificate")
    assert loan is not None and loan.note == "交付の受付は 9:00 から、間に合うように戻る"
    assert Hall(story, "08:45").loan() is None, "too late to be back at nine"


def test_before_its_reception_all_of_them_may_go() -> None:
    story = halls.at_the_doors(40).lends("T1", "certificate", "08:31").lends("T2", "certificate", "08:31")
    story.calls("B010", "T1", "08:33:30").calls("B011", "T2", "08:33:31")
    assert about(Hall(story, "08:35").loan()) == ("T3", "issuance", "certificate")


def test_an_appointment_is_not_made_to_wait() -> None:
    """Two are booked at a quarter to, T1 and T2 stand free: without T1 one of them would wait."""
    two, one = [Slot(time="10:45", cards=1, count=2)], [Slot(time="10:45", cards=1, count=1)]
    assert Hall(morning(), "10:30", two).loan() is None
    assert about(Hall(morning(), "10:30", one).loan()) == ("T1", "issuance", "certificate")


def test_who_is_late_is_still_waited_for() -> None:
    late = [Slot(time="16:30", cards=1, count=2)]
    assert about(Hall(halls.after_the_cards(), "16:33").loan()) == ("T1", "issuance", "certificate")
    assert Hall(halls.after_the_cards(), "16:33", late).loan() is None
    assert Hall(halls.after_the_cards(), "16:36", late).loan() is not None


def test_after_its_reception_the_last_one_helps_too() -> None:
    story = halls.after_the_cards().lends("T1", "certificate", "16:31").calls("B019", "T1", "16:33:10")
    loan = Hall(story, "16:34").loan()
    assert about(loan) == ("T2", "issuance", "certificate")
    assert loan is not None and loan.note == "交付の受付は 16:30 で終わり"


@pytest.mark.parametrize(("rested", "goes"), [((1, 2, 3, 4, 5, 6, 7, 8), "T1"), ((2, 3, 4, 5, 6, 7, 8), "T2")])
def test_a_break_that_is_due_is_not_put_off(rested: tuple[int, ...], goes: str) -> None:
    """S01 has worked since twenty past eight without one: in a quarter of an hour it will have been five hours."""
    story = morning().finishes("A001", "T3", "12:45").issues("B900", "cert_renewal", "13:04")
    story.issues("A900", "card_issuance", "12:50").calls("A900", "T3", "12:51")
    for n, t in enumerate(range(4, 9), 1):
        story.finishes(f"B{n:03d}", f"T{t}", "12:40").calls(f"B{n + 5:03d}", f"T{t}", f"12:4{n}")
    for n in rested:
        story.tells("staff.changed", "11:00", staff=f"S{n:02d}", status="on_break")
        story.tells("staff.changed", "12:00", staff=f"S{n:02d}", status="present")
    assert about(Hall(story, "13:05").loan()) == (goes, "issuance", "certificate")


def test_no_loan_reaches_into_a_planned_break() -> None:
    """T1 would go; its person has a break planned before it could be back."""
    planned = [{"staff": "S01", "start": "10:40", "minutes": 60}]
    assert about(Hall(morning(), "10:30").loan()) == ("T1", "issuance", "certificate")
    kept = Hall(morning().tells("breaks.planned", "10:00", "console", breaks=planned), "10:30").loan()
    assert kept is None or kept.terminal != "T1"


def test_a_lane_in_an_outage_lends_and_keeps_one() -> None:
    story = halls.queue(halls.queue(halls.opened(), "A", 20, "10:00"), "B", 6, "10:00")
    for n in (1, 2):
        story.calls(f"A{n:03d}", f"T{n}", "10:25")
    story.tells("incident.opened", "10:28", "console", incident="I-1", category="system_outage", summary="障害",
                services=["cert_renewal"], occurred_at=instant("10:20").isoformat())  # fmt: skip
    loan = Hall(story, "10:30").loan()
    assert about(loan) == ("T3", "certificate", "issuance")
    assert loan is not None and loan.note == "電子証明書は障害中（10:20 から）"


# ---- calm


def test_a_loan_that_is_proposed_stays_while_half_of_it_is_there() -> None:
    """Two waiting are needed for it to appear; one is enough for it to stay, none is not."""
    one, nobody = Hall(morning(waits=1), "10:30"), Hall(morning(waits=0), "10:30")
    stood = [("lend", "certificate", "T1")]
    assert loan_to_ask(one.adviser.view, one.limits) is None
    stays = loan_to_ask(one.adviser.view, one.limits, stood)
    assert stays is not None and stays.terminal == "T1"
    assert loan_to_ask(nobody.adviser.view, nobody.limits, stood) is None


def test_the_terminal_that_was_named_stays_named() -> None:
    hall = Hall(morning(), "10:30")
    assert about(hall.loan()) == ("T1", "issuance", "certificate")
    assert about(hall.loan(("lend", "certificate", "T2"))) == ("T2", "issuance", "certificate")
    assert about(hall.loan(("lend", "certificate", "T3"))) == ("T1", "issuance", "certificate"), "T1 stands free"


# ---- beside a move


def move(terminal: str, origin: str, to: str) -> Option:
    return Option((terminal,), origin, to, 9000.0)


def test_a_loan_and_a_move_that_contradict_are_never_both_proposed() -> None:
    hall = Hall(morning(), "10:30")
    loan = hall.loan()
    assert loan is not None
    for advised, contrary in (
        (move("T1", "issuance", "certificate"), True),
        (move("T5", "certificate", "issuance"), True),
        (move("T3", "issuance", "certificate"), False),
    ):
        assert contradict(loan, advised) == contrary
        assert ("lend" in {p.kind for p in hall.others(advised)}) != contrary


def test_a_loan_at_once_comes_before_a_move_and_in_the_place_of_a_contrary_one() -> None:
    hall = Hall(morning(), "10:30")
    loan, stands = hall.loan(), Standing("T1", "issuance", "certificate")
    assert hall.adviser.standing(stands).option is not None
    assert hall.adviser.standing(stands, loan).option is None
    shown = first(hall.others(), moves=True)
    assert shown is not None and shown.kind == "lend"


def test_one_that_begins_later_comes_after_a_move() -> None:
    """Nobody comes for cards after half past four; cases take a quarter of an hour: who was called a minute ago is not done soon."""
    story = halls.after_the_cards()
    for n, t in enumerate((1, 2), 1):
        story.issues(f"A{n:03d}", "card_issuance", "16:29").calls(f"A{n:03d}", f"T{t}", "16:32")
    hall = Hall(story, "16:33")
    loan = hall.loan()
    assert loan is not None and not loan.soon
    assert first(hall.others(), moves=True) is None
    assert first(hall.others(), moves=False) == loan


def test_what_costs_nothing_comes_before_a_loan() -> None:
    story = (
        morning().finishes("B005", "T8", "10:27").tells("terminal.paused", "10:28", terminal="T8", reason="用紙の補充")
    )
    kinds = [p.kind for p in Hall(halls.queue(story, "B", 40, "10:06"), "10:32").others()]
    assert kinds[0] == "resume" and "lend" in kinds


# ---- the offer, the command and the return agree


def test_what_is_offered_is_not_refused_and_not_called_back_as_it_arrives() -> None:
    """A simulated surge with an appointment every twenty minutes, looked at each minute."""
    site, register = kumagaya(), Register()
    register.appointments[MONDAY] = tuple(
        Slot(time=f"{h:02d}:{m:02d}", cards=1, count=1) for h in range(9, 16) for m in (0, 20, 40)
    )
    lines = simulated_feed(site, MONDAY, 41, "surge").splitlines()
    facts = sorted((parse_line(line, site) for line in lines), key=lambda f: f.at)
    day, forecaster, given = DayFold(site, MONDAY, []), Forecaster(site, MONDAY, TABLE), 0
    info, offered = register.calendar(site).day_info(MONDAY), 0
    learned = None
    for minute in range(8 * 60 + 30, 17 * 60, 1):
        now = instant(f"{minute // 60:02d}:{minute % 60:02d}")
        new = [f for f in facts[given:] if f.at <= now]
        day.add([Entry(given + n, "feed", f.at, "feed", f) for n, f in enumerate(new, 1)])
        given += len(new)
        if learned is None or minute % 10 == 0:
            learned = forecaster.times(day.floor, now), forecaster.demand(day.floor, register, now)
        known = grounds(day.floor, register, now)
        v = Adviser(day.floor, *learned, now, known=known).view
        lend = loan_to_ask(v, LoanLimits(day.floor, register, now))
        if lend is None:
            continue
        c = Context(day.floor, register, info, now)
        asked = {"terminal": lend.terminal, "lane": lend.to}
        assert need_lanes_kept(c, decide(c, "terminal.lent", asked)) and not c.warnings
        offered += 1
        if not lend.after_present and offered % 5 == 0:
            then = fold(site, MONDAY, day.floor.entries)
            apply(then, Entry(99_999, "console", now, "console", ev.TerminalLent(id="x", at=now, **asked)))
            helping = Adviser(then, *learned, now, known=grounds(then, register, now)).view
            assert returns_due(helping, LoanLimits(then, register, now)) == []
    assert offered > 20


# ---- its effect


def test_a_loan_helps_for_an_hour_and_no_longer() -> None:
    """More than nothing, and less than the move of the same terminal to the end of the day."""
    hall = Hall(halls.queue(morning(), "B", 60, "10:29"), "10:40")
    futures = hall.adviser.futures
    assert futures is not None
    before, lent = futures.longest((), "", SOON_S), futures.loan("T1", "certificate")
    moved = futures.longest(("T1",), "certificate", SOON_S)
    assert moved["certificate"] < lent["certificate"] < before["certificate"]
    assert before["issuance"] <= lent["issuance"] <= moved["issuance"]


def test_a_loan_of_a_terminal_that_helps_nobody_changes_nothing() -> None:
    hall = Hall(morning(waits=0), "10:30")
    futures = Futures(hall.adviser.view)
    assert futures.loan("T1", "certificate")["certificate"] <= futures.longest((), "", SOON_S)["certificate"]


# ---- returns


def test_the_returns_that_are_due_say_why() -> None:
    story = morning().lends("T1", "certificate", "10:31")
    assert Hall(story, "10:40").returns == []
    for n in range(12):
        story.issues(f"A1{n:02d}", "card_issuance", f"10:41:{n:02d}")
    story.calls("A100", "T2", "10:42")
    hall = Hall(story, "10:43")
    (r,) = hall.returns
    assert (r.terminal, r.home, r.helped, r.why) == ("T1", "issuance", "certificate", "home_waits")
    assert return_reason(r, hall.adviser.view, hall.limits) == "交付の列に11人"


def test_the_reasons_of_a_loan_name_both_lanes_and_when_it_comes_home() -> None:
    hall = Hall(morning(), "10:30")
    lend = loan_to_ask(hall.adviser.view, hall.limits)
    assert lend is not None
    heads, texts = zip(*loan_reasons(lend, hall.adviser.view, hall.limits), strict=True)
    assert heads == ("応援", "応援先", "本来の窓口", "戻る")
    assert "待ち14人 5台" in texts[1] and "ほかに2台" in texts[2]


# ---- another site


def other_site(site: Site, told: list[dict[str, object]], at: str) -> Proposal | None:
    day_opened: dict[str, object] = {
        "id": "open", "at": f"{DAY}T08:20:00+09:00", "kind": "day.opened", "officials": 1,
        "allocation": {t.code: t.lane for t in site.terminals},
    }  # fmt: skip
    facts = [parse_line(json.dumps(line).encode(), site) for line in (day_opened, *told)]
    floor = fold(site, DAY, [Entry(n, "feed", fact.at, "feed", fact) for n, fact in enumerate(facts, 1)])
    now = datetime.fromisoformat(f"{DAY}T{at}:00+09:00")
    register, forecaster = Register(), Forecaster(site, DAY, demand_table(site))
    adviser = Adviser(floor, forecaster.times(floor, now), forecaster.demand(floor, register, now), now)
    limits = LoanLimits(floor, register, now)
    lend = loan_to_ask(adviser.view, limits)
    return loan_proposal(lend, limits, Futures(adviser.view)) if lend is not None else None


def test_of_three_lanes_the_one_that_waits_longest_is_helped() -> None:
    """A lane that receives from nine helps the third as well as the second."""
    site = site_of("mitsuba")
    people = {"Z": ("s_gamma", 24), "Y": ("s_beta", 7)}
    told: list[dict[str, object]] = [
        {"id": f"{letter}{n}", "at": f"{DAY}T08:30:{n:02d}+09:00", "kind": "ticket.issued",
         "ticket": f"{letter}{n:03d}", "service": service}
        for letter, (service, many) in people.items() for n in range(1, many + 1)
    ]  # fmt: skip
    calls = [("Z", "gamma"), ("Y", "beta")]
    for letter, lane in calls:
        for n, t in enumerate((t for t in site.terminals if t.lane == lane), 1):
            told.append({"id": f"c{letter}{n}", "at": f"{DAY}T08:31:{n:02d}+09:00", "kind": "ticket.called",
                         "ticket": f"{letter}{n:03d}", "terminal": t.code})  # fmt: skip
    assert about(other_site(site, told, "08:33")) == ("W1", "alpha", "gamma")


def test_the_constants_of_the_site_file_decide() -> None:
    """Ask for no loan, and let a console make none of itself, where a loan is to be worth ten hours of wait."""
    given = AdviceConstants(lending=LendingConstants(relief_s=36_000, alone_s=36_000))
    hall = Hall(morning(), "10:30")
    assert hall.loan() is not None
    hall.floor.site = replace(kumagaya(), advice=given)
    assert hall.loan() is None
    hall.floor.lend_permit = frozenset({"T1", "T2"})
    assert loan_now(hall.adviser.view, hall.limits) is None
    hall.floor.site = kumagaya()
    assert loan_now(hall.adviser.view, hall.limits) is not None
