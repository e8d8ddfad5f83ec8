"""What the figures of a lane may rest on: outages, a lane with nobody at it, silent sources, numbers nobody holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from floorctl.advice.advise import Adviser, Verdict
from floorctl.advice.forecast import Forecaster
from floorctl.advice.other_proposals import others
from floorctl.advice.proposal import Proposal
from floorctl.commands.fold import fold_register
from floorctl.documents.day.record import day_record
from floorctl.documents.day.sentences import day_facts
from floorctl.models.board.alert import Alert
from floorctl.models.board.alerts import alerts
from floorctl.models.board.flow import flows
from floorctl.models.board.grounds import Grounds, grounds
from floorctl.models.board.longest import Longest
from floorctl.models.board.outlook import entrance_lines, last_call, waiting_ahead
from floorctl.models.board.status import longest_wait
from floorctl.models.facts import kinds as ev
from floorctl.models.register.register import Register
from tests.halls import lost, opened, queue
from tests.story import MONDAY, Story, a_day, instant, kumagaya

SITE = kumagaya()
AT = "10:45"


class Hall:
    """A hall at an instant: what its figures rest on, and what is told of it."""

    def __init__(self, story: Story, at: str = AT) -> None:
        self.now, self.floor = instant(at), story.floor(at)
        facts = [e for e in story.entries() if e.fact.at <= self.now]
        self.register: Register = fold_register(
            e for e in facts if e.kind in ev.REGISTER_KINDS or e.kind == "retracted"
        )
        self.forecaster = Forecaster(SITE, MONDAY)

    @property
    def g(self) -> Grounds:
        return grounds(self.floor, self.register, self.now)

    def code(self, lane: str = "certificate") -> str:
        said = self.g.withheld.get(lane)
        return said.code if said is not None else ""

    def told(self, lane: str = "certificate") -> bool:
        """Return whether the wait of the last person is predicted."""
        return self.forecaster.waits(self.floor, self.register, self.now)[lane].last is not None

    @property
    def adviser(self) -> Adviser:
        times, demand = (
            self.forecaster.times(self.floor, self.now),
            self.forecaster.demand(self.floor, self.register, self.now),
        )
        return Adviser(self.floor, times, demand, self.now, known=self.g)

    @property
    def verdict(self) -> Verdict:
        return self.adviser.verdict()

    @property
    def proposals(self) -> list[Proposal]:
        return others(self.adviser, self.register, self.forecaster.closings(self.floor, self.register, self.now))

    def alert(self, code: str) -> Alert | None:
        info = self.register.calendar(SITE).day_info(MONDAY)
        return next((a for a in alerts(self.floor, self.register, info, self.now) if a.code == code), None)

    @property
    def entrance(self) -> str:
        return next(iter(entrance_lines(self.floor, flows(self.floor, self.now), self.now, None, self.g)), "")


def busy(*, issuance: int = 0, certificate: int = 24, at: str = "10:30") -> Story:
    """Eight at work; so many wait in each lane, the first of them at the desks."""
    story = queue(queue(opened(), "A", issuance, at), "B", certificate, at)
    for n in range(min(6, certificate)):
        story.calls(f"B{n + 1:03d}", f"T{n + 3}", "10:40")
    return story


def outage(story: Story, *services: str, at: str = "10:20", told: str = "10:42", **fields: Any) -> Story:
    return story.tells(
        "incident.opened", told, "console", incident="I-1", category=fields.pop("category", "system_outage"),
        summary="障害", services=list(services), occurred_at=instant(at).isoformat(), **fields,
    )  # fmt: skip


# ---- an outage that is recorded


def test_nobody_is_lent_to_a_lane_whose_reception_is_over() -> None:
    late = busy(at="16:20").tells("visitors.counted", "16:31", persons=30)
    said = Hall(outage(late, "cert_renewal", "cert_issue", at="16:25", told="16:32"), "16:33").verdict
    assert said.text.startswith("電子証明書 障害中（16:25 から）  交付の")


def test_what_waits_for_a_standing_service_has_no_wait_and_draws_no_terminal() -> None:
    before, hall = (
        Hall(busy(issuance=1, certificate=30)),
        Hall(outage(busy(issuance=1, certificate=30), "cert_renewal", "cert_issue")),
    )
    assert before.told() and before.verdict.option is not None and before.verdict.option.to == "certificate"
    assert (hall.code(), hall.told(), hall.g.withheld["certificate"].since) == ("outage", False, instant("10:20"))
    said = hall.verdict
    assert said.keep and "certificate" not in said.effect
    assert said.text.startswith("電子証明書 障害中（10:20 から）  端末は交付の応援に出せます")
    assert said.basis["withheld"]["certificate"]["code"] == "outage"
    assert "電子証明書 障害中" in hall.entrance and "このままで良い" not in said.text
    assert hall.adviser.of_move("T1", "certificate") is None


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("incident.restored", {"incident": "I-1", "restored_at": "2026-09-14T10:43:00+09:00"}),
        ("incident.closed", {"incident": "I-1", "text": "復旧"}),
        ("incident.amended", {"incident": "I-1", "services": []}),
        ("incident.amended", {"incident": "I-1", "category": "complaint"}),
    ],
)
def test_the_end_of_an_outage_opens_the_lane_again_at_once(kind: str, fields: dict[str, Any]) -> None:
    ended = outage(busy(), "cert_renewal").tells(kind, "10:44", "console", **fields)
    assert Hall(ended, "10:43").code() == "outage"
    assert (Hall(ended).code(), Hall(ended).told()) == ("", True)


def test_of_a_lane_that_stands_in_part_those_who_can_be_served_have_a_wait() -> None:
    mixed = busy().issues("B101", "pin_reset", "10:41")
    hall = Hall(outage(mixed, "cert_renewal"))
    waits = hall.forecaster.waits(hall.floor, hall.register, hall.now)["certificate"]
    assert hall.code() == "" and set(waits.each) == {"B101"}
    assert hall.adviser.view.count["certificate"] == 1
    assert hall.floor.lanes["certificate"].waiting == 19  # who waits is counted all the same


def test_an_outage_of_terminals_alone_holds_them_up() -> None:
    own = tuple(f"T{n}" for n in range(3, 9))
    assert Hall(outage(busy(), terminals=own)).code() == "outage"
    some = Hall(outage(busy(), terminals=own[:4]))
    assert (some.code(), some.g.desks(some.floor, "certificate")) == ("", 2)
    assert some.told() and {s.code for s in some.adviser.view.of("certificate")} == {"T7", "T8"}
    # Where a service is named the terminals only say where it was seen; a broken one stands once its cause is known.
    assert Hall(outage(busy(), "furigana", terminals=own, category="equipment")).code() == ""
    assert Hall(outage(busy(), terminals=own, category="equipment")).code() == ""
    broken = outage(busy(), terminals=own, category="equipment")
    assert (
        Hall(broken.tells("incident.amended", "10:43", "console", incident="I-1", cause="equipment")).code() == "outage"
    )


def test_a_planned_outage_holds_up_from_its_beginning_to_its_end() -> None:
    planned = busy().tells(
        "calendar.outage", "08:00", "console", services=["cert_renewal", "cert_issue"], reason="国の保守",
        from_at="2026-09-14T10:35:00+09:00", until_at="2026-09-14T10:50:00+09:00",
    )  # fmt: skip
    assert [Hall(planned, at).code() for at in ("10:35", "10:49", "10:50")] == ["outage", "outage", ""]
    assert "電子証明書 停止中" in Hall(planned, "10:35").entrance


def test_who_comes_shortly_before_a_planned_outage_is_not_served_before_it() -> None:
    """No wait is told, no terminal goes there; those that serve until then stay."""
    story = queue(queue(opened(), "A", 20, "10:00"), "B", 8, "10:10").tells(
        "calendar.outage", "08:00", "console", services=["cert_renewal"], reason="国の保守",
        from_at="2026-09-14T10:25:00+09:00", until_at="2026-09-14T10:50:00+09:00",
    )  # fmt: skip
    assert (Hall(story, "10:14").code(), Hall(story, "10:16").code(), Hall(story, "10:16").told()) == (
        "",
        "outage",
        False,
    )
    hall = Hall(story, "10:16")
    assert hall.verdict.keep and hall.verdict.text.startswith("電子証明書 10:25 から計画停止")
    assert "応援" not in hall.verdict.text
    assert "電子証明書 10:25から停止" in hall.entrance


def test_an_outage_of_terminals_alone_is_an_alert_and_critical_where_a_lane_stands() -> None:
    some, every = (Hall(outage(busy(), terminals=[f"T{n}" for n in range(3, end)])) for end in (5, 9))
    for hall, severity, names in ((some, "warning", "T3・T4"), (every, "critical", "T3・T4・T5・T6・T7・T8")):
        alert = hall.alert("service_outage")
        assert alert is not None and alert.severity == severity and alert.text.startswith(f"{names} 障害 10:20から")


def test_an_outage_of_both_lanes_and_one_that_is_not_yet() -> None:
    both = Hall(outage(busy(issuance=5), "cert_renewal", "card_issuance"))
    assert (both.code(), both.code("issuance"), both.verdict.keep, both.verdict.effect) == (
        "outage",
        "outage",
        True,
        {},
    )
    assert both.verdict.text == "交付・電子証明書 障害中（10:20 から）"
    assert Hall(outage(busy(), "cert_renewal", told="10:46")).code() == ""


def test_cards_in_custody_are_a_count() -> None:
    floor = a_day().opens().tells("custody.counted", taken=5).tells("custody.counted", returned=2).floor()
    record = day_record(floor, Register(), None, revision=1)
    assert day_facts(record, SITE)["custody"] == "障害の間に預かったカード 5枚　返却 2枚"
    assert any("預かったカードのうち3枚に、返却の記録がありません" in doubt for doubt in record.doubts)


# ---- a silent source


def test_a_source_that_is_silent_in_reception_says_no_wait_but_when_it_last_spoke() -> None:
    story = busy(issuance=5)
    assert (Hall(story, "10:49").code(), Hall(story, "10:49").told()) == ("", True)
    hall = Hall(story, "13:00")
    assert {hall.code(lane) for lane in hall.floor.lanes} == {"silent"}
    assert not hall.told() and hall.verdict.keep and hall.verdict.effect == {} and hall.proposals == []
    assert hall.verdict.text == "交付・電子証明書 10:40 から記録がありません"
    assert dict(hall.verdict.reasons)["確かさ"] == hall.verdict.text
    assert hall.entrance == "ただいまの待ち（いま来た人）  交付 10:40から記録なし  電子証明書 10:40から記録なし"
    found = hall.alert("wait_over_target")
    assert found is not None and "10:40 の記録" in found.text
    assert (
        waiting_ahead(hall.floor, "certificate", flows(hall.floor, hall.now)["certificate"], hall.now, hall.g) is None
    )


def test_a_feed_that_speaks_again_tells_again() -> None:
    back = busy().issues("B101", "cert_renewal", "13:00")
    assert (Hall(back, "12:59").code(), Hall(back, "13:00").code(), Hall(back, "13:00").told()) == ("silent", "", True)


def test_only_the_lane_whose_source_is_silent_is_withheld() -> None:
    two = queue(opened(), "A", 3, "10:30")
    for n in range(8):
        two.tells("ticket.issued", f"10:{40 + n}", "other", ticket=f"B{n:03d}", service="cert_renewal")
    assert [Hall(two, "10:48").code(lane) for lane in ("issuance", "certificate")] == ["silent", ""]


def test_a_lane_kept_by_hand_is_past_after_an_hour_and_a_half_and_hands_take_over_from_a_machine() -> None:
    by_hand = a_day(source="console").opens("08:25").issues("B001", "cert_renewal", "09:00")
    assert (Hall(by_hand, "10:30").code(), Hall(by_hand, "10:30").told()) == ("", True)
    assert (Hall(by_hand, "12:00").code(), Hall(by_hand, "12:00").told()) == ("silent", False)
    counted = a_day(source="console").opens("08:25").counts("certificate", 15, "09:10")
    assert (Hall(counted, "10:40").code(), Hall(counted, "10:41").code()) == ("", "silent")
    assert Hall(counted.counts("certificate", 15, "10:40"), "12:00").code() == ""
    by_hand.calls("B001", "T3", "09:05")
    # Nobody waits: the lane may only be quiet while somebody writes, whatever it is; after that nothing is known of it.
    assert (Hall(by_hand, "10:30").code(), Hall(by_hand, "12:00").code()) == ("", "silent")
    assert Hall(by_hand.issues("A001", "card_issuance", "11:00"), "12:00").code() == ""
    machine = busy()
    for n in range(3):
        assert Hall(machine, "11:30").code() == "silent"
        machine.tells("ticket.issued", f"11:2{n}", "console", ticket=f"B20{n}", service="cert_renewal")
    assert Hall(machine, "11:30").code() == "silent"  # nobody is called
    machine.tells("ticket.called", "11:23", "console", ticket="B007", terminal="T3")
    assert Hall(machine, "11:30").code() == ""


def test_the_end_of_a_long_service_is_a_record_of_its_lane() -> None:
    """Who serves one visitor for an hour by hand has not gone away, though somebody waits and nobody is called."""
    by_hand = (
        a_day(source="console").opens("08:25").issues("B001", "cert_renewal", "09:00").calls("B001", "T3", "09:05")
    )
    by_hand.issues("B002", "cert_renewal", "09:06")
    assert (Hall(by_hand, "10:36").code(), Hall(by_hand, "10:37").code()) == ("", "silent")
    by_hand.finishes("B001", "T3", "10:20")
    assert (Hall(by_hand, "11:50").code(), Hall(by_hand, "11:51").code()) == ("", "silent")


def test_calls_that_have_stopped_make_the_waits_unknown_too() -> None:
    story = opened()
    for n in range(30):
        story.issues(f"B{n:03d}", "cert_renewal", instant("10:00") + timedelta(minutes=n))  # type: ignore[arg-type]
        if n < 4:
            story.tells("ticket.called", f"10:0{n + 1}", "desks", ticket=f"B{n:03d}", terminal=f"T{n + 3}")
    assert (Hall(story, "10:13").code(), Hall(story, "10:29").code()) == ("", "silent")


def test_a_feed_that_has_fallen_silent_before_anybody_came_is_silent_too() -> None:
    """Nothing is said of an empty hall by a source that writes nothing; of cards from 9:00 on."""
    assert Hall(opened(), "08:40").g.withheld == {}
    for at, severity in (("08:41", "info"), ("08:51", "warning")):  # a hall where nobody waits may be quiet for so long
        alert = Hall(opened(), at).alert("feed_silent")
        assert alert is not None and alert.severity == severity
    assert (Hall(opened(), "08:41").code(), Hall(opened(), "08:41").code("issuance")) == ("silent", "")
    assert Hall(opened(), "09:01").code("issuance") == "silent"
    assert "8:30から記録なし" in Hall(opened(), "09:01").entrance
    beside = opened().tells("visitors.counted", "09:00", "other", persons=0)
    assert Hall(beside, "09:01").g.withheld == {}
    served = queue(opened(), "B", 4, "08:32")
    assert Hall(served, "09:01").code("issuance") == "silent"  # the same source, silent since 8:32
    assert Hall(a_day(source="console").opens("08:25"), "10:00").g.withheld == {}


def test_nothing_is_silent_outside_the_reception() -> None:
    early = opened().tells("visitors.counted", "08:20", persons=0)
    assert Hall(early, "08:38").code() == ""  # since 8:30 less than ten minutes
    late = queue(opened(), "B", 3, "16:50")
    assert Hall(late, "17:10").code() == ""
    assert Hall(busy(), "17:10").code() == "silent" and Hall(busy(), "17:10").alert("feed_silent") is None
    assert Hall(busy().closes("12:00"), "13:00").g.withheld == {}


# ---- numbers that nobody holds


def test_numbers_nobody_holds_stand_in_no_figure_but_the_number_waiting() -> None:
    hall = Hall(lost(), "10:40")
    assert hall.g.never_called("certificate") == {"B001", "B002", "B003"}
    assert hall.floor.lanes["certificate"].waiting == 5
    longest = longest_wait(hall.floor, "certificate", hall.now, hall.g)
    assert longest is not None and longest[0].number == "B200"
    told = hall.forecaster.waits(hall.floor, hall.register, hall.now)["certificate"]
    assert set(told.each) == {"B200", "B201"}
    assert (hall.adviser.view.count["certificate"], hall.verdict.basis["never_called"]) == (2, {"certificate": 3})
    assert hall.alert("wait_over_target") is None
    found = hall.alert("facts_doubtful")
    assert found is not None and "呼ばれないまま B001・B002・B003" in found.text


@pytest.mark.parametrize("restored", [False, True])
def test_who_waits_for_a_standing_service_is_overtaken_by_nobody(restored: bool) -> None:
    story = busy(certificate=0).issues("B001", "cert_issue", "09:50")
    story.issues("B002", at="09:51")
    for n in range(3, 12):
        story.issues(f"B{n:03d}", at=f"10:{n:02d}")
    outage(story, "cert_issue", at="10:15")
    for n in range(3, 9):
        story.calls(f"B{n:03d}", "T3", f"10:{40 + n}").finishes(f"B{n:03d}", "T3", f"10:{40 + n}")
    if restored:
        story.tells("incident.restored", "10:55", "console", incident="I-1")
    assert Hall(story, "10:59").g.never_called("certificate") == {"B002"}


def test_where_nobody_else_waits_they_have_no_wait_at_all() -> None:
    story = lost().calls("B200", "T3", "10:37").calls("B201", "T4", "10:38")
    hall = Hall(story, "10:40")
    assert not hall.told() and longest_wait(hall.floor, "certificate", hall.now, hall.g) is None
    near = Hall(story.tells("visitors.counted", "16:50", persons=3), "16:50")
    call = last_call(near.floor, "certificate", flows(near.floor, near.now)["certificate"], near.now, None, near.g)
    assert call is not None and call.waiting == 0


def test_a_number_issued_by_mistake_was_never_a_visitor() -> None:
    story = lost().tells("ticket.left", "10:41", "console", ticket="B003", mistaken=True)
    floor = story.floor()
    assert "B003" not in floor.tickets and floor.lanes["certificate"].waiting == 4
    assert floor.mistaken == ["B003"] and not floor.anomalies
    later = Hall(story.issues("B202", "cert_renewal", "10:50"), "10:56")
    assert later.told()  # also where its wait had been predicted
    story.lines.pop(), story.sources.pop()
    assert "B003" in story.takes_back(story.last_id, "10:42", "console").floor().lanes["certificate"].tickets


def test_a_number_taken_for_a_mistake_that_is_called_was_held_after_all() -> None:
    story = lost().tells("ticket.left", "10:41", "console", ticket="B003", mistaken=True)
    issued = lost().floor().tickets["B003"].issued_at
    floor = story.calls("B003", "T8", "10:45").finishes("B003", "T8", "10:50").floor()
    t = floor.tickets["B003"]
    assert (t.service, t.issued_at, t.outcome) == ("cert_renewal", issued, "done")
    assert (floor.mistaken, list(floor.anomalies.values())) == ([], ["impossible"])
    # Issued anew, the number is a new one.
    again = lost().tells("ticket.left", "10:41", "console", ticket="B003", mistaken=True).issues("B003", at="10:43")
    floor = again.calls("B003", "T8", "10:45").floor()
    assert (floor.mistaken, floor.tickets["B003"].issued_at, floor.anomalies) == (["B003"], instant("10:43"), {})


# ---- a lane with nobody at it


@pytest.mark.parametrize("how", ["staff", "pause", "fail", "break", "move"])
def test_a_lane_with_nobody_at_it_is_staffed_first(how: str) -> None:
    story = queue(opened(issuance=1, certificate=7), "A", 4, "10:30")
    if how == "staff":
        story.staffs("T1", None, "10:31")
    elif how == "pause":
        story.tells("terminal.paused", "10:31", terminal="T1", reason="用紙の補充")
    elif how == "fail":
        story.tells("terminal.failed", "10:31", terminal="T1", fault="紙詰まり")
    elif how == "break":
        story.tells("staff.changed", "10:31", staff="S01", status="on_break", until="11:15")
    else:
        story.moves("T1", "certificate", "10:31", "例外")
    hall = Hall(story, "10:35")
    assert (hall.code("issuance"), hall.told("issuance")) == ("nobody", False)
    assert hall.verdict.keep and "交付 受けられません（動いている端末なし）" in hall.verdict.text
    assert "交付 受けられません" in hall.entrance
    first = hall.proposals[0]
    assert (first.kind, first.lane, first.urgent, first.change.text) == (
        {"pause": "resume", "staff": "open"}.get(how, "staff"),
        "issuance",
        True,
        "交付で動く端末 0台から1台",
    )
    assert first.takes and first.takes[0].kind == {
        "staff": "terminal.staffed", "pause": "terminal.resumed",
    }.get(how, "terminal.assigned")  # fmt: skip
    found = hall.alert("lane_unstaffed")
    assert found is not None and found.severity == "critical"


def test_who_moves_away_after_the_present_ticket_leaves_a_lane_alone_at_once() -> None:
    """The ticket is finished there, and nobody calls the next."""
    story = queue(queue(opened(), "A", 6, "10:30"), "B", 3, "10:30").calls("A001", "T1", "10:31")
    story.moves("T1", "certificate", "10:32").moves("T2", "certificate", "10:33")
    hall = Hall(story, "10:35")
    assert hall.floor.terminals["T1"].next_lane == "certificate"
    assert (hall.code("issuance"), hall.told("issuance"), hall.alert("lane_unstaffed") is not None) == (
        "nobody",
        False,
        True,
    )
    assert hall.proposals[0].urgent and hall.proposals[0].lane == "issuance"


def test_one_person_is_not_named_for_two_lanes() -> None:
    story = opened(staffed=0).staffs("T1", "S01", "08:30").staffs("T1", None, "08:40")
    story.tells("staff.changed", "08:41", staff="S01", status="present")
    hall = Hall(queue(queue(story, "A", 6, "09:30"), "B", 6, "09:30"), "09:35")
    urgent = [p for p in hall.proposals if p.urgent]
    assert [(p.lane, p.staff) for p in urgent] == [("issuance", "S01"), ("certificate", "")]


def test_with_nobody_known_it_is_said_all_the_same_what_to_do() -> None:
    split = {f"T{n}": "issuance" if n < 3 else "certificate" for n in range(1, 9)}
    story = queue(a_day().opens("08:25", **split), "B", 4, "10:30")
    for n in range(1, 9):
        story.tells("terminal.failed" if n < 3 else "terminal.paused", "10:31", terminal=f"T{n}")
    story.staffs("T3", None, "10:32")
    hall = Hall(story, "10:35")
    first = {p.lane: p for p in hall.proposals}
    assert first["issuance"].what == "故障の T1 を復旧するか、代わりの端末を開ける" and first["issuance"].by_hand
    assert first["certificate"].kind == "staff" and first["certificate"].text()


def test_days_without_staff_have_somebody_at_every_terminal_and_the_end_of_reception_is_calm() -> None:
    assert Hall(queue(a_day().opens("08:25"), "B", 4, "10:30"), "10:35").g.withheld == {}
    empty = opened(issuance=1, certificate=7).staffs("T1", None, "16:00").tells("visitors.counted", "16:20", persons=0)
    hall = Hall(empty, "16:25")
    found = hall.alert("lane_unstaffed")
    assert found is not None and found.severity == "critical"  # before somebody waits
    over = Hall(empty.tells("visitors.counted", "16:35", persons=0), "16:35")
    assert (over.code("issuance"), over.alert("lane_unstaffed")) == ("", None)


def test_there_is_no_lower_bound_below_a_minute() -> None:
    at = instant("10:00")
    assert [Longest("", s, at).word for s in (0, 59, 60)] == ["1分未満", "1分未満", "1分以上"]


def test_a_head_count_after_a_feed_fell_silent_is_a_record_of_its_lane() -> None:
    """The figures rest on the count, for as long as they would on a record of the feed; the other lane has none."""
    story = busy(issuance=3)
    assert Hall(story, "11:10").code() == "silent"
    counted = busy(issuance=3).tells("queue.counted", "11:08", "console", lane="certificate", waiting=12)
    hall = Hall(counted, "11:10")
    assert (hall.code(), hall.told(), hall.g.withheld["issuance"].code) == ("", True, "silent")
    late = Hall(counted, "11:40").g.withheld["certificate"]
    assert (late.code, late.since) == ("silent", instant("11:08"))
