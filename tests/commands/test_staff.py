"""The contractor's people by the rules of the console: presence, the charge of 現場責任者, vacancies, posts, authority,
and what is kept beside the hall's work; each told on a real file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from floorctl.commands.calling import next_visitor
from floorctl.commands.people import leave_with_deputy, roll_call, stays_away
from floorctl.common.errors import NeedsReason
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.checked import checked_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.registers import Slot
from floorctl.models.register.register import Register
from floorctl.usecases.session import Session
from tests.story import MONDAY, Desk, Story, a_day, instant

SUNDAY = date(2026, 9, 13)
ABLE = {"pledge_on": "2026-06-01", "authority_on": "2026-07-01", "vein_on": "2026-07-01"}


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """The day is open since 8:30, it is nine, nobody is known."""
    return desk.opens().at("09:00")


@pytest.fixture
def team(desk: Desk) -> Desk:
    """A roster of 現場責任者 S1, deputy S2, workers S3 and S4, 統括責任者 S9; open, nine o'clock, no roll call yet."""
    return with_roster(desk).opens().at("09:00")


def with_roster(desk: Desk) -> Desk:
    for staff, fields in {
        "S1": {"role": "site_manager"},
        "S2": {"deputy": True},
        "S3": {},
        "S4": {},
        "S9": {"role": "general_manager"},
    }.items():
        desk.does("staff.registered", staff=staff, **(ABLE | fields))
    return desk


def register(desk: Desk) -> Register:
    desk.session.refresh()
    return desk.session.register()


def kinds(written: list[Entry]) -> list[str]:
    return [e.kind for e in written]


def says(desk: Desk, staff: str, status: str, **more: Any) -> list[Entry]:
    return desk.does("staff.changed", staff=staff, status=status, **more)


def stands(desk: Desk, **places: str) -> Desk:
    """Return who stands where, by terminal: ``stands(desk, T3="S1")``."""
    for terminal, staff in places.items():
        desk.does("terminal.staffed", terminal=terminal, staff=staff)
    return desk


def handovers(desk: Desk, charge: str = "site_manager") -> list[tuple[str | None, str]]:
    """Return the holders of a charge with the reasons of the changes, in their order."""
    return [(h.staff, h.reason) for h in desk.floor.handovers if h.charge == charge]


# ---- presence and breaks


def test_the_last_of_the_certificates_has_no_break(open_desk: Desk) -> None:
    """仕様書 7(4)※, SPEC 57."""
    stands(open_desk, T3="S1", T1="S2")
    refusal = open_desk.refuses("staff.changed", "電子証明書", "7(4)", staff="S1", status="on_break")
    assert isinstance(refusal, NeedsReason)
    assert open_desk.floor.terminals["T3"].staff == "S1"


def test_one_of_two_goes_and_the_terminal_is_empty_in_the_same_act(open_desk: Desk) -> None:
    stands(open_desk, T3="S1", T5="S2")
    written = says(open_desk, "S1", "on_break", until="13:00")
    assert kinds(written) == ["staff.changed", "terminal.staffed"]
    assert len({e.fact.at for e in written}) == 1
    assert (open_desk.floor.state("T3"), open_desk.floor.staff["S1"].until) == ("unstaffed", "13:00")
    open_desk.refuses("staff.changed", "電子証明書", staff="S2", status="on_break")
    stands(open_desk, T3="S3")  # somebody stands in
    assert kinds(says(open_desk, "S2", "on_break")) == ["staff.changed", "terminal.staffed"]


@pytest.mark.parametrize(
    ("status", "more"),
    [("away", {}), ("absent", {}), ("gone", {}), ("late", {"until": "10:30"}), ("expected", {})],
)
def test_what_cannot_be_helped_is_recorded_and_nobody_stands_there(
    open_desk: Desk, status: str, more: dict[str, str]
) -> None:
    """With a reason the last of a lane may go, and the board shows what that means."""
    stands(open_desk, T3="S1").does("staff.posted", staff="S2", post="reception")
    assert kinds(says(open_desk, "S1", status, reason="急病", **more)) == ["staff.changed", "terminal.staffed"]
    says(open_desk, "S2", status, **more)
    assert (open_desk.floor.state("T3"), open_desk.floor.posts) == ("unstaffed", {})


def test_who_comes_late_stays_where_they_stand(open_desk: Desk) -> None:
    stands(open_desk, T3="S1")
    assert kinds(says(open_desk, "S1", "late", reason="電車")) == ["staff.changed"]
    assert open_desk.floor.terminals["T3"].staff == "S1"


def test_a_call_in_sick_before_the_opening_is_recorded_afterwards(open_desk: Desk) -> None:
    (written,) = says(open_desk, "S1", "absent", at="07:30", reason="本人から連絡")
    assert written.fact.at == instant("07:30")
    floor = open_desk.floor
    assert (floor.opened_at, floor.staff["S1"].since) == (instant("08:30:01"), instant("07:30"))
    assert not floor.anomalies
    open_desk.refuses("terminal.paused", "開場", terminal="T3", at="07:30")  # the hall's own work is not


def test_a_break_that_began_earlier_than_was_recorded(open_desk: Desk) -> None:
    says(open_desk, "S1", "present")
    says(open_desk.at("12:10"), "S1", "on_break")
    assert says(open_desk, "S1", "on_break") == []
    (earlier,) = says(open_desk.at("12:20"), "S1", "on_break", at="12:00")
    assert earlier.fact.at == instant("12:00")
    assert [s.since for s in open_desk.floor.presence["S1"]][1:] == [instant("12:00"), instant("12:10:01")]


def test_after_the_closing_nobody_goes_on_a_break(open_desk: Desk) -> None:
    open_desk.at("17:20").does("day.closed")
    open_desk.refuses("staff.changed", "閉場", staff="S1", status="on_break")


# ---- who holds the charge of 現場責任者


def test_the_holder_of_the_charge_leaves_only_a_deputy_behind(team: Desk) -> None:
    """仕様書 5(1), SPEC 8: no break at all, else with a reason, and said."""
    team.runs(roll_call)
    refusal = team.refuses("staff.changed", "現場責任者", "代行者", staff="S1", status="on_break", reason="昼休憩")
    assert not isinstance(refusal, NeedsReason)
    for status in ("away", "absent", "gone", "expected"):
        assert isinstance(team.refuses("staff.changed", "理由", staff="S1", status=status), NeedsReason)
    assert isinstance(team.refuses("staff.changed", staff="S1", status="late", until="10:00"), NeedsReason)
    says(team, "S1", "away", reason="市役所の会議")
    assert "代行者" in "".join(team.session.warnings)
    assert team.floor.holder() is None


@pytest.mark.parametrize(("at", "free"), [("08:29", True), ("08:30", False), ("16:59", False), ("17:01", True)])
def test_outside_the_reception_hours_the_charge_may_rest(desk: Desk, at: str, free: bool) -> None:
    with_roster(desk.at("08:00")).opens().does("charge.taken", staff="S1")
    desk.at(at)
    if free:
        assert says(desk, "S1", "on_break")
    else:
        desk.refuses("staff.changed", "現場責任者", staff="S1", status="on_break")


def test_the_charge_and_the_leaving_are_one_act(team: Desk) -> None:
    team.runs(roll_call)
    stands(team, T3="S1", T5="S3")
    written = team.runs(leave_with_deputy, {"staff": "S1", "status": "on_break", "until": "13:00"}, "S2")
    assert kinds(written) == ["charge.taken", "staff.changed", "terminal.staffed"]
    assert (team.floor.holder(), team.floor.staff["S1"].status) == ("S2", "on_break")
    assert handovers(team) == [("S1", ""), ("S2", "")]  # at no instant nobody
    assert len(team.undoes()) == 3
    assert team.floor.holder() == "S1"


def test_leaving_with_a_deputy_obeys_both_rules(team: Desk) -> None:
    team.runs(roll_call)
    stands(team, T3="S1")
    wish = {"staff": "S1", "status": "on_break"}
    team.refused(lambda: team.runs(leave_with_deputy, wish, "S3"), "代行者")
    team.refused(lambda: team.runs(leave_with_deputy, wish, "S1"), "同じ")
    team.refused(lambda: team.runs(leave_with_deputy, wish, "S2"), "電子証明書")
    assert team.floor.holder() == "S1"


def test_who_may_hold_the_charge(team: Desk) -> None:
    """仕様書 5(1): 現場責任者, or who was chosen as deputy; 統括責任者 does not stand in the hall."""
    team.refuses("charge.taken", "代行者として", staff="S3")
    team.refuses("charge.taken", "代行者として", staff="S9")
    team.refuses("charge.taken", "名簿", staff="S7")
    team.does("charge.taken", staff="S2")
    assert team.does("charge.taken", staff="S2") == []
    team.does("charge.taken", staff="S1", reason="戻った")
    assert team.floor.holder() == "S1"


def test_who_may_act_as_the_general_manager(team: Desk) -> None:
    team.refuses("charge.taken", "代理できるのは現場責任者です", charge="general_manager", staff="S2")
    team.does("charge.taken", charge="general_manager", staff="S1")
    assert (team.floor.holder("general_manager"), team.floor.holder()) == ("S1", None)
    team.does("charge.taken", charge="general_manager", staff="S9")
    team.does("charge.taken", charge="general_manager", staff=None)  # nobody need act
    assert handovers(team, "general_manager") == [("S1", ""), ("S9", ""), (None, "")]
    assert handovers(team) == []
    assert team.floor.presence == {}, "the charge of 統括責任者 brings nobody into the hall"


def test_who_has_left_the_team_holds_nothing(team: Desk) -> None:
    team.does("staff.registered", staff="S2", deputy=True, left_on="2026-09-13", **ABLE)
    team.refuses("charge.taken", "名簿", staff="S2")
    team.does("staff.registered", staff="S2", deputy=True, left_on="2026-09-14", **ABLE)  # the last day counts
    assert team.does("charge.taken", staff="S2")


@pytest.mark.parametrize(
    ("status", "word", "more"),
    [
        ("absent", "欠勤", {}),
        ("gone", "退勤", {}),
        ("on_break", "休憩", {}),
        ("away", "離席", {}),
        ("late", "遅刻", {"until": "10:00"}),
    ],
)
def test_who_is_not_there_takes_nothing_over(team: Desk, status: str, word: str, more: dict[str, str]) -> None:
    says(team, "S2", status, **more)
    team.refuses("charge.taken", word, staff="S2")
    team.refuses("staff.posted", word, staff="S2", post="reception")


def test_the_holder_who_is_away_must_come_back_first(team: Desk) -> None:
    team.does("charge.taken", staff="S1")
    says(team, "S1", "away", reason="会議")
    team.refuses("charge.taken", "離席", staff="S1")
    assert isinstance(team.refuses("charge.taken", "理由", staff=None), NeedsReason)
    says(team, "S1", "present")
    assert team.does("charge.taken", staff="S1") == []


def test_who_was_only_expected_and_takes_something_is_there(team: Desk) -> None:
    for staff in ("S1", "S3"):
        says(team, staff, "expected")
    team.does("charge.taken", staff="S1")
    team.does("staff.posted", staff="S3", post="reception")
    assert [team.floor.staff[s].status for s in ("S1", "S3")] == ["present", "present"]
    assert team.floor.holder() == "S1"


def test_the_charge_is_given_up_only_with_a_reason(team: Desk) -> None:
    assert team.does("charge.taken", staff=None) == []  # nobody holds it
    team.does("charge.taken", staff="S1")
    assert isinstance(team.refuses("charge.taken", "理由", staff=None), NeedsReason)
    team.does("charge.taken", staff=None, reason="急病")
    assert handovers(team) == [("S1", ""), (None, "急病")]
    team.does("charge.taken", staff="S2")
    assert team.at("17:05").does("charge.taken", staff=None)  # the reception has ended


def test_who_really_holds_the_charge_is_written_down(team: Desk) -> None:
    """Away the charge is nobody's, back it is theirs again, also by standing at a terminal; what is the same is no line."""
    team.does("charge.taken", staff="S1")
    says(team, "S1", "away", reason="会議")
    says(team, "S1", "absent", reason="会議が延びた")
    says(team, "S1", "present")
    says(team, "S2", "present")
    says(team, "S1", "away", reason="書類")
    stands(team, T3="S1", T5="S3")
    team.does("charge.taken", staff="S2", reason="昼")
    says(team, "S1", "on_break")
    assert handovers(team) == [("S1", ""), (None, "会議"), ("S1", ""), (None, "書類"), ("S1", ""), ("S2", "昼")]


def test_the_holder_is_who_was_named_and_is_there() -> None:
    def holder(story: Story) -> str | None:
        return story.floor().holder()

    def named(staff: str | None = "S1") -> Story:
        return a_day(source="console").opens("08:30").tells("charge.taken", "08:31", staff=staff)

    assert holder(a_day().opens("08:30")) is None
    assert holder(named()) == "S1"  # no word of their presence: they took it, so they are there
    assert named().floor().staff["S1"].status == "present"
    assert holder(named(None)) is None
    assert holder(named().tells("staff.changed", staff="S1", status="late")) == "S1"
    assert holder(named().tells("staff.changed", staff="S1", status="late", until="10:00")) is None
    for status in ("absent", "gone", "on_break", "away", "expected"):
        assert holder(named().tells("staff.changed", staff="S1", status=status)) is None
    told = named().tells("staff.changed", "09:00", staff="S1", status="gone").staffs("T3", "S1", "09:30")
    guides = (
        named().tells("staff.changed", staff="S1", status="expected").tells("staff.posted", staff="S1", post="writing")
    )
    assert [h.staff for h in guides.floor().handovers] == ["S1", None, "S1"]
    assert [(h.at, h.staff) for h in told.floor().handovers] == [
        (instant("08:31"), "S1"),
        (instant("09:00"), None),
        (instant("09:30"), "S1"),
    ]


def test_a_charge_that_is_taken_back_was_never_taken(team: Desk) -> None:
    team.does("charge.taken", staff="S1")
    (second,) = team.does("charge.taken", staff="S2")
    team.takes_back(second)
    assert (team.floor.holder(), handovers(team)) == ("S1", [("S1", "")])


# ---- roll call


def test_the_roll_is_called_once(team: Desk) -> None:
    """Who has a status keeps it; 現場責任者 takes the charge; a second call writes nothing."""
    team.does("staff.registered", staff="S5", left_on="2026-09-11", **ABLE)  # who has left is not called
    says(team, "S3", "absent", reason="本人から連絡")
    says(team, "S4", "late", until="09:30")
    says(team, "S2", "expected")
    written = team.runs(roll_call)
    assert kinds(written) == ["staff.changed"] * 3 + ["charge.taken"]
    found = [f"{s} {x.status}" for s, x in sorted(team.floor.staff.items())]
    assert found == ["S1 present", "S2 present", "S3 absent", "S4 late", "S9 present"]
    assert team.floor.holder() == "S1"
    team.does("charge.taken", staff="S2")
    assert team.runs(roll_call) == [], "a charge that somebody holds stays theirs"


def test_without_the_manager_nobody_takes_the_charge_by_roll_call(team: Desk) -> None:
    says(team, "S1", "absent")
    team.runs(roll_call)
    assert (team.floor.holder(), team.floor.charges) == (None, {})
    assert team.runs(roll_call) == []
    says(team, "S1", "present")  # came after all
    assert kinds(team.runs(roll_call)) == ["charge.taken"]


def test_there_is_no_roll_without_a_roster_and_no_roll_call_on_a_closed_day(desk: Desk) -> None:
    desk.refused(lambda: desk.runs(roll_call), "名簿")
    with_roster(desk).at("08:20", SUNDAY)
    desk.refused(lambda: desk.runs(roll_call), "開場日")
    desk.refused(lambda: desk.runs(stays_away, "S1", "連絡"), "開場日")
    desk.refused(lambda: desk.runs(leave_with_deputy, {"staff": "S1", "status": "gone"}, "S2"), "開場日")
    assert not desk.floor.is_open  # by its first fact the day would be
    assert desk.at("08:20", MONDAY).runs(roll_call)


# ---- vacancies


def test_a_vacancy_lasts_until_somebody_stands_in(team: Desk) -> None:
    """仕様書 5(4)②."""
    team.does("vacancy.opened", staff="S3", reason="急な欠勤")
    team.refuses("vacancy.opened", "9:00", staff="S3")
    says(team, "S4", "gone")
    team.refuses("vacancy.filled", "退勤", staff="S3", substitute="S4")
    team.at("10:15").does("vacancy.filled", staff="S3", substitute="S7")
    (vacancy,) = team.floor.vacancies
    assert (vacancy.staff, vacancy.reason, vacancy.substitute) == ("S3", "急な欠勤", "S7")
    assert (vacancy.opened_at, vacancy.closed_at) == (instant("09:00:01"), instant("10:15:01"))
    assert team.floor.open_vacancy("S3") is None


def test_a_vacancy_ends_also_without_a_substitute_and_may_come_again(team: Desk) -> None:
    team.does("vacancy.opened", staff="S3", at="07:40")
    team.does("vacancy.filled", staff="S3")
    team.refuses("vacancy.filled", "ありません", staff="S3")
    team.does("vacancy.opened", staff="S3")
    assert [v.substitute for v in team.floor.vacancies] == [None, None]
    assert [v.closed_at is None for v in team.floor.vacancies] == [False, True]
    assert not team.floor.anomalies


def test_who_comes_after_all_ends_the_vacancy_whatever_says_so(team: Desk) -> None:
    team.does("vacancy.opened", staff="S3")
    assert kinds(team.does("staff.changed", staff="S3", status="present")) == ["staff.changed", "vacancy.filled"]
    team.does("vacancy.opened", staff="S4")
    assert "vacancy.filled" in kinds(team.runs(roll_call))
    assert team.floor.open_vacancy("S4") is None


def test_no_vacancy_ends_before_it_began(team: Desk) -> None:
    team.does("vacancy.opened", staff="S3")
    team.at("09:30").refuses("vacancy.filled", "9:00", staff="S3", at="08:50")
    team.refuses("vacancy.filled", staff="S4")
    assert team.floor.open_vacancy("S3")


def test_an_absence_opens_the_vacancy_in_the_same_act(team: Desk) -> None:
    stands(team, T3="S3")
    assert kinds(team.runs(stays_away, "S3", "本人から連絡")) == ["staff.changed", "terminal.staffed", "vacancy.opened"]
    assert team.runs(stays_away, "S3", "本人から連絡") == []


def test_what_does_not_fit_of_vacancies_is_an_anomaly() -> None:
    twice = a_day(source="console").tells("vacancy.opened", staff="S1").tells("vacancy.opened", staff="S1")
    assert (list(twice.anomalies().values()), len(twice.floor().vacancies)) == (["impossible"], 1)
    none = a_day(source="console").tells("vacancy.filled", staff="S1")
    assert list(none.anomalies().values()) == ["impossible"]


# ---- guidance


def test_who_guides_leaves_the_terminal_and_the_other_way_round(team: Desk) -> None:
    """仕様書 7(1)ア."""
    stands(team, T3="S3", T6="S4")
    assert kinds(team.does("staff.posted", staff="S3", post="reception")) == ["terminal.staffed", "staff.posted"]
    assert (team.floor.terminals["T3"].staff, team.floor.posts) == (None, {"S3": "reception"})
    assert team.does("staff.posted", staff="S3", post="reception") == []
    team.does("staff.posted", staff="S3", post="writing")
    assert team.floor.posts == {"S3": "writing"}
    assert kinds(team.does("terminal.staffed", terminal="T5", staff="S3")) == ["staff.posted", "terminal.staffed"]
    assert (team.floor.terminals["T5"].staff, team.floor.posts) == ("S3", {})


def test_a_post_is_left_by_word_by_a_break_and_by_a_feed(team: Desk) -> None:
    team.does("staff.posted", staff="S3", post="reception")
    assert team.does("staff.posted", staff="S4", post=None) == []
    team.does("staff.posted", staff="S3", post=None)
    team.does("staff.posted", staff="S3", post="reception")
    assert kinds(says(team, "S3", "on_break")) == ["staff.changed", "staff.posted"]
    assert team.floor.posts == {}
    says(team, "S3", "present")
    for staff in ("S3", "S4"):
        team.does("staff.posted", staff=staff, post="reception")
    feed = a_day().staffs("T3", "S3", "09:20").tells("staff.changed", staff="S4", status="gone")
    team.at("09:30").hears(feed)
    assert team.floor.posts == {}


# ---- authority at a terminal


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, "誓約書・操作者権限・静脈登録"),
        ({**ABLE, "pledge_on": None}, "誓約書"),
        ({**ABLE, "authority_on": "2026-09-15"}, "操作者権限"),  # from tomorrow
        ({**ABLE, "vein_on": "2027-01-04"}, "静脈登録"),
        ({**ABLE, "left_on": "2026-09-13"}, "退職日 9/13 を過ぎています"),
    ],
)
def test_who_lacks_something_is_put_at_no_integrated_terminal(
    desk: Desk, fields: dict[str, str | None], missing: str
) -> None:
    """仕様書 7(2), 10: by date; in a case of need with a reason, which the fact keeps."""
    desk.does("staff.registered", staff="S1", **fields)
    desk.opens()
    refusal = desk.refuses("terminal.staffed", f"（{missing}", staff="S1", terminal="T3")
    assert isinstance(refusal, NeedsReason)
    (written,) = desk.does("terminal.staffed", staff="S1", terminal="T3", reason="市と協議して許可")
    assert isinstance(written.fact, ev.TerminalStaffed)
    assert written.fact.reason == "市と協議して許可"
    assert missing in "".join(desk.session.warnings)
    assert desk.floor.terminals["T3"].staff == "S1"


def test_what_was_given_today_counts_today(desk: Desk) -> None:
    desk.does("staff.registered", staff="S1", pledge_on="2026-09-14", authority_on="2026-09-14", vein_on="2026-09-14")
    desk.does("staff.registered", staff="S2", left_on="2026-09-14", **ABLE)
    stands(desk.opens(), T3="S1", T5="S2")
    assert desk.session.warnings == []
    assert [desk.floor.terminals[t].staff for t in ("T3", "T5")] == ["S1", "S2"]


@pytest.mark.parametrize("terminal", ["A1", "P1"])
def test_elsewhere_the_pledge_is_enough(desk: Desk, terminal: str) -> None:
    """仕様書 7(2) is about 統合端末; 10 about everybody on duty."""
    desk.does("staff.registered", staff="S1", pledge_on="2026-06-01")
    desk.does("staff.registered", staff="S2", **{**ABLE, "pledge_on": None})
    stands(desk.opens(), **{terminal: "S1"})
    assert desk.floor.terminals[terminal].staff == "S1"
    desk.refuses("terminal.staffed", "（誓約書が", staff="S2", terminal=terminal)


def test_a_feed_says_where_people_stand_whatever_the_roster_says(team: Desk) -> None:
    team.hears(a_day().staffs("T3", "S77", "08:45"))
    assert (team.floor.terminals["T3"].staff, team.floor.anomalies) == ("S77", {})


# ---- the windows of the reception


@pytest.mark.parametrize(
    ("service", "opens"), [("cert_renewal", "08:30"), ("card_issuance", "09:00"), ("application_support", "09:00")]
)
def test_no_number_is_given_before_the_reception_begins(desk: Desk, service: str, opens: str) -> None:
    """仕様書 7(4), SPEC 53, 54."""
    before = instant(opens).replace(second=0)
    desk.at("08:20").opens()
    desk.clock.at = before.replace(hour=before.hour - (before.minute == 0), minute=(before.minute - 1) % 60, second=58)
    desk.refuses("ticket.issued", opens.lstrip("0"), service=service)  # one second before
    desk.at(opens).does("ticket.issued", service=service)
    assert desk.session.warnings == []


def test_after_the_end_a_number_is_given_with_a_warning(open_desk: Desk) -> None:
    """A8: who has come by the closing minute is received."""
    for at, service, late in (
        ("16:30:58", "card_issuance", False),
        ("16:30:59", "card_issuance", True),
        ("17:00:30", "other", False),
        ("17:01", "other", True),
    ):
        open_desk.at(at).does("ticket.issued", service=service)  # one second after that
        assert bool(open_desk.session.warnings) is late, at
        assert not late or "7(4)" in open_desk.session.warnings[0]


def test_whoever_is_known_only_by_a_head_count_gets_no_number_early_either(desk: Desk) -> None:
    desk.opens().at("08:50").does("queue.counted", lane="issuance", waiting=4)
    desk.does("queue.counted", lane="certificate", waiting=2)
    desk.refused(lambda: desk.runs(next_visitor, "T1"), "9:00")
    assert "ticket.called" in kinds(desk.runs(next_visitor, "T3"))
    assert "ticket.called" in kinds(desk.at("09:00").runs(next_visitor, "T1"))


def test_what_a_machine_has_printed_is_printed(open_desk: Desk) -> None:
    early_and_late = a_day().issues("B001", at="08:10").issues("A001", "card_issuance", "08:40")
    open_desk.at("18:00").hears(early_and_late.issues("A002", "card_issuance", "16:50").issues("B002", at="17:30"))
    assert set(open_desk.floor.tickets) == {"B001", "A001", "A002", "B002"}
    assert not open_desk.floor.anomalies


# ---- beside the hall's work


def test_the_checklist_is_ticked_and_unticked(desk: Desk) -> None:
    desk.at("08:20").does("checklist.checked", item="name_tags")
    assert desk.floor.checked == {"name_tags": instant("08:20:01")}
    assert desk.does("checklist.checked", item="name_tags") == []
    desk.does("checklist.checked", item="name_tags", done=False)
    assert desk.floor.checked == {}
    assert desk.does("checklist.checked", item="name_tags", done=False) == []
    desk.refuses("checklist.checked", item="photo")  # a work item is no item of a checklist


@pytest.mark.parametrize(
    ("kind", "field", "item", "words"),
    [
        ("accommodation.given", "means", "accommodation", ("筆談", "車いす", "翻訳機")),
        ("referral.given", "desk", "other_desk_referral", ("税", "福祉", "総合案内")),
    ],
)
def test_what_is_counted_by_a_word_is_work_as_well(
    open_desk: Desk, kind: str, field: str, item: str, words: tuple[str, str, str]
) -> None:
    """仕様書 12(6), 7(1), contract 2: each adds to its work item."""
    one, two, never = words

    def does(word: str, count: int) -> list[Entry]:
        return open_desk.does(kind, **{field: word}, count=count)

    does(one, 1)
    does(two, 2)
    assert does(one, 0) == []
    counted = open_desk.floor.accommodations + open_desk.floor.referrals
    assert (dict(counted), open_desk.floor.work_done()[item]) == ({one: 1, two: 2}, 3)
    does(two, -1)
    open_desk.refuses(kind, "0件", **{field: two}, count=-2)
    open_desk.refuses(kind, "0件", **{field: never}, count=-1)
    assert open_desk.floor.work_done()[item] == 2


def test_accommodations_and_their_work_item_never_fall_below_nothing_together(open_desk: Desk) -> None:
    open_desk.does("accommodation.given", means="筆談", count=2)
    open_desk.does("work.counted", item="accommodation", count=-2)
    open_desk.refuses("accommodation.given", "0件", means="筆談", count=-1)
    open_desk.does("work.counted", item="accommodation", count=1)
    open_desk.does("accommodation.given", means="筆談", count=-1)
    assert open_desk.floor.work_done()["accommodation"] == 0


def test_the_clock_is_set_against_the_right_time(desk: Desk) -> None:
    assert desk.does("clock.set", ahead_s=0) == []
    desk.does("clock.set", ahead_s=-95)
    assert register(desk).clock_ahead_s == -95
    assert desk.does("clock.set", ahead_s=-95) == []
    desk.refuses("clock.set", ahead_s=86_401)
    desk.at("08:30", date(2026, 9, 15)).does("clock.set", ahead_s=30)  # it outlives the day
    assert register(desk).clock_ahead_s == 30


def test_a_line_of_the_roster_is_replaced_by_a_later_one(desk: Desk) -> None:
    desk.does("staff.registered", staff="S1", deputy=True, shift_from="08:30", shift_to="17:15", **ABLE)
    again = {"deputy": True, "shift_from": "08:30", "shift_to": "17:15", **ABLE}
    assert desk.does("staff.registered", staff="S1", **again) == []
    desk.does("staff.registered", staff="S1", role="site_manager")
    person = register(desk).people["S1"]
    assert (person.role, person.deputy, person.pledge_on, person.shift_from) == ("site_manager", False, None, None)
    desk.refuses("staff.registered", "勤務", staff="S2", shift_from="17:15", shift_to="08:30")
    desk.refuses("staff.registered", staff="S2", role="boss")  # SPEC 6: exactly three roles


def test_what_outlives_the_day_is_taken_back_on_any_day(desk: Desk) -> None:
    desk.does("staff.registered", staff="S1", **ABLE)
    (second,) = desk.does("staff.registered", staff="S1", deputy=True, **ABLE)
    (slots,) = desk.does("appointments.imported", date=MONDAY, slots=[{"time": "09:00", "count": 3}])
    desk.at("10:00", date(2026, 9, 16))
    for entry in (second, slots):
        desk.takes_back(entry)
    assert not register(desk).people["S1"].deputy
    assert register(desk).slots(MONDAY) == ()


# ---- before the doors open


def test_who_comes_before_the_opening_does_not_open_the_doors(desk: Desk) -> None:
    with_roster(desk.at("08:00"))
    assert not desk.floor.preparing or desk.floor.opened_at is None
    desk.runs(roll_call)
    desk.does("officials.changed", present=2)
    stands(desk, T3="S3")
    assert desk.floor.preparing
    desk.at("08:30").opens()
    assert (desk.floor.preparing, desk.floor.opened_at) == (False, instant("08:30:01"))
    assert desk.floor.holder() == "S1"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("charge.taken", {"staff": "S1"}),
        ("checklist.checked", {"item": "name_tags"}),
        ("memo.written", {"text": "雨"}),
        ("staff.posted", {"staff": "S1", "post": "reception"}),
        ("vacancy.opened", {"staff": "S1"}),
        ("clock.set", {"ahead_s": 5}),
    ],
)
def test_preparations_do_not_open_the_day(desk: Desk, kind: str, fields: dict[str, Any]) -> None:
    desk.at("08:00").does(kind, **fields)
    assert (desk.floor.opened_at, desk.floor.is_open, desk.floor.preparing) == (None, False, True)


def test_the_first_visitor_opens_the_doors_whatever_was_prepared() -> None:
    told = a_day().tells("staff.changed", "08:10", staff="S1", status="present")
    assert told.floor().preparing
    assert not told.issues("B001", at="08:31").floor().preparing
    assert not a_day().opens("08:30").floor().preparing


# ---- in the file


NEW_KINDS: list[tuple[str, dict[str, Any]]] = [
    ("staff.registered", {"staff": "S1", "role": "site_manager", "deputy": True, **ABLE, "shift_from": "08:30",
        "shift_to": "17:15", "left_on": "2028-06-30", "direct_employee": True, "experience": False}),
    ("staff.registered", {"staff": "S2"}),
    ("appointments.imported", {"date": "2026-09-15", "slots": [
        {"time": "09:00", "count": 3}, {"time": "09:10", "cards": 4, "count": 0}]}),
    ("appointments.imported", {"date": "2026-09-15", "slots": []}),
    ("clock.set", {"ahead_s": -42}),
    ("staff.posted", {"staff": "S1", "post": "reception"}),
    ("staff.posted", {"staff": "S1", "post": None}),
    ("charge.taken", {"staff": "S1", "reason": "朝"}),
    ("charge.taken", {"charge": "general_manager", "staff": "S1"}),
    ("charge.taken", {"staff": None, "reason": "急病"}),
    ("vacancy.opened", {"staff": "S3", "reason": "欠勤"}),
    ("vacancy.filled", {"staff": "S3", "substitute": "S4"}),
    ("vacancy.opened", {"staff": "S3"}),
    ("vacancy.filled", {"staff": "S3"}),
    ("checklist.checked", {"item": "name_tags"}),
    ("checklist.checked", {"item": "name_tags", "done": False}),
    ("accommodation.given", {"means": "筆談", "count": 2}),
    ("referral.given", {"desk": "税", "count": 2}),
    ("terminal.staffed", {"terminal": "T3", "staff": "S2", "reason": "許可"}),
    ("terminal.staffed", {"terminal": "T3", "staff": None, "reason": "許可"}),
]  # fmt: skip


def test_every_new_kind_is_read_back_as_it_was_written(open_desk: Desk) -> None:
    """Dates are dates, slots are slots, and what was left out is what it would be."""
    written = [e for kind, fields in NEW_KINDS for e in open_desk.does(kind, **fields)]
    assert [e.kind for e in written if e.kind != "staff.changed"] == [kind for kind, _ in NEW_KINDS]
    other = Session(open_desk.site, open_desk.path, clock=open_desk.clock)
    read = [e for e in other.store.facts_after(0, 1000) if e.kind != "day.opened"]
    assert read == written
    by_kind: dict[str, list[Any]] = {}
    for e in read:
        by_kind.setdefault(e.kind, []).append(e.fact)
        assert type(e.fact) is ev.KINDS[e.kind]
        assert e.fact == checked_fact(e.kind, e.fact.everything())
    one, two = by_kind["staff.registered"]
    assert (one.pledge_on, one.left_on, one.direct_employee) == (date(2026, 6, 1), date(2028, 6, 30), True)
    assert (two.pledge_on, two.role, two.experience) == (None, "worker", None)
    full, empty = by_kind["appointments.imported"]
    assert (full.date, full.slots, empty.slots) == (
        date(2026, 9, 15),
        (Slot(time="09:00", count=3), Slot(time="09:10", cards=4, count=0)),
        (),
    )
    assert all(type(s) is Slot for s in full.slots)
    assert other.store.verify_chain() == []
    assert other.register().people == open_desk.session.register().people
    other.close()
