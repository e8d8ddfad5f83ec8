"""The review of a rehearsal: figures made by hand, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

from floorctl.advice import played_waits as w
from floorctl.advice import review as r
from floorctl.advice.expectations import Met, hand_offs, judge
from floorctl.common.clock import JST
from floorctl.documents.training.words import (
    acts_text,
    duties,
    hand_offs_text,
    met_word,
    no_record,
    verdict,
    waits_rows,
)
from floorctl.models.register.register import Register
from floorctl.models.site.scenario import Expectation
from floorctl.simulation.live import Visit
from floorctl.simulation.replay import figures
from tests.rehearsal.test_rehearsals import DONE_ON, scenario
from tests.story import MONDAY, Desk, a_day, instant, kumagaya


def visit(ticket: str, came: int, called: int | None, ended: int | None, state: str = "finished", **more: Any) -> Visit:
    fields = {"service": "cert_renewal", "lane": "certificate", "start": came, "between_s": 20} | more
    return Visit(ticket=ticket, came=came, called=called, ended=ended, state=state, **fields)  # type: ignore[arg-type]


def test_the_course_of_a_hand_made_hour() -> None:
    visits = [
        visit("B001", 100, 900, 1500, who=1),  # called before the play began: not of it
        visit("B002", 500, 1600, 2000, who=2),  # waited as it began
        visit("B003", 1200, 1300, 1900, who=3),
        visit("B004", 1500, None, 2400, "left", who=4),
        visit("A001", 1000, 2500, 2900, lane="issuance", start=1900, who=5),  # an appointment
        visit("B005", 2900, 9000, 9500, who=6),  # called long after the end: its wait is told whole
        visit("B006", 3000, 3100, 3200, who=7),  # came as it ended
    ]
    away = [(999, "other"), (1000, "other"), (2999, "other"), (3000, "other")]
    people = w.compared(visits, visits, 1000, 3000)
    c = w.course(kumagaya(), visits, away, 1000, 3000, people)
    assert (c.all.n, c.all.mean_s, c.all.max_s) == (4, (1100 + 100 + 600 + 6100) / 4, 6100)
    assert (c.lanes["certificate"].n, c.lanes["certificate"].max_s) == (3, 6100)
    assert (c.lanes["issuance"].mean_s, c.lanes["application"].n) == (600, 0)
    assert (c.called, c.left, c.turned_away, c.unheld) == (4, 1, 2, 0)
    # With the manager's acts one number is other, one visitor leaves, one is called late, and a number is nobody's.
    acted = [
        *visits[:1],
        visit("Z002", 500, 2600, 3000, who=2),
        visit("B003", 1200, None, 1900, "left", who=3),
        *visits[3:],
        visit("Z009", 1300, 1400, 1600, "no_show"),
    ]
    people = w.compared(acted, visits, 1000, 3000)
    assert people == {2: "certificate", 5: "issuance", 6: "certificate"}
    c = w.course(kumagaya(), acted, [], 1000, 3000, people)
    assert (c.all.n, c.all.mean_s, c.called, c.left, c.unheld) == (3, (2100 + 600 + 6100) / 3, 3, 2, 1)
    assert w.course(kumagaya(), visits, [], 1000, 3000, people).all.mean_s == (1100 + 600 + 6100) / 3


def reviewed(played: w.Course, none: w.Course, name: str = "surge", **more: Any) -> r.Review:
    """A review of waits alone."""
    s = scenario(name)
    span = (datetime.combine(s.day, s.starts, JST), datetime.combine(s.day, s.ends, JST))
    courses = {"played": played, "no_action": none, "advice": none, "pooled": none}
    acts = {"memo.written": 1}
    fields = {"hand_offs": [], "met": [], "reports": [], "moves": [], "acts": acts, "left_open": []} | more
    return r.Review(name, s, "", DONE_ON, 1, *span, courses=courses, **fields)


def test_what_is_said_of_the_waits() -> None:
    """Who stops the reception has short queues, who gives numbers to nobody long ones: the sentence says so."""
    none = w.Course(figures([600, 900]), {}, 2, 1, 0)
    review = reviewed(w.Course(figures([60, 60]), {}, 2, 3, 4), none)
    assert review.against_none_s == -690
    assert verdict(review, kumagaya()) == (
        "来てから呼ばれるまでを同じ2人で比べると、平均待ちは、何もしないときより11.5分短くなりました。"
        "提案どおりの計算より11.5分短い待ちです。ただし、待たずに帰った人が2人、受付を断った人が4人多くなりました。"
    )
    closed = w.Course(figures([600, 900]), {}, 2, 0, 0)
    told = verdict(reviewed(closed, replace(closed, called=40, left=2)), kumagaya())
    assert told.endswith("ただし、ほかに呼ばれなかった人が40人多くなりました。"), (
        "nobody turned those away, nobody served them"
    )
    longer = reviewed(w.Course(figures([900, 900]), {}, 2, 1, 0), w.Course(figures([60, 60]), {}, 3, 0, 0))
    assert verdict(longer, kumagaya()).endswith("また、待たずに帰った人が1人多くなりました。")
    same = "平均待ちは、何もしないときとほぼ同じです。提案どおりの計算との差は、計算の誤差（1割ほど）の内です。"
    assert verdict(reviewed(none, none), kumagaya()).endswith(same)
    assert verdict(reviewed(none, none, acts={}), kumagaya()).startswith(
        "操作の記録がないので、待ち時間は「何もしない」と同じです。"
    )
    sent = replace(none, called=none.called - 1, sent_off=3, sent_off_uncalled=1)
    told = verdict(reviewed(sent, none), kumagaya())
    assert "停電の間に応対を終えたと記録した人が3人います" in told and "呼ばれなかった人" not in told
    assert "持つ人のいない番号を3枚出しました" in verdict(reviewed(replace(none, unheld=3), none), kumagaya())
    nobody = w.Course(figures([]), {}, 0, 0, 0)
    assert verdict(reviewed(nobody, nobody), kumagaya()) == "この時間に待った人はいません。"
    assert verdict(reviewed(replace(nobody, left=1), replace(nobody, called=1)), kumagaya()).startswith(
        "どちらでも呼ばれた人がいない"
    )


def test_a_lane_that_went_another_way_than_all_is_said() -> None:
    """Terminals taken from one lane shorten the mean of all: those who wait in that lane are not passed over."""

    def course(issuance: int, certificate: int) -> w.Course:
        lanes = {x.code: figures([]) for x in kumagaya().lanes}
        lanes |= {"issuance": figures([issuance]), "certificate": figures([certificate] * 4)}
        return w.Course(figures([issuance, *[certificate] * 4]), lanes, 5, 0, 0)

    told = verdict(reviewed(course(1200, 300), course(120, 1500)), kumagaya())
    assert "12.4分短くなりました。列ごとの平均では、交付は2.0分から20.0分に長くなりました。" in told
    told = verdict(reviewed(course(120, 1500), course(1200, 300)), kumagaya())
    assert "12.4分長くなりました。列ごとの平均では、交付は20.0分から2.0分に短くなりました。" in told
    told = verdict(reviewed(course(500, 200), course(100, 300)), kumagaya())
    assert (
        "ほぼ同じです。列ごとの平均では、交付は1.7分から8.3分に長く、電子証明書は5.0分から3.3分に短くなりました。"
        in told
    )
    assert "列ごと" not in verdict(reviewed(course(60, 300), course(120, 1500)), kumagaya())
    fewer = replace(course(60, 300), all=figures([60]))
    apart = replace(
        reviewed(course(60, 900), course(60, 900)),
        courses={"played": course(60, 900), "no_action": course(60, 900), "advice": fewer, "pooled": fewer},
    )
    assert "提案どおり" not in verdict(apart, kumagaya()), "not the same people"
    assert [row[3] for row in waits_rows(apart, kumagaya())[:4]] == ["--"] * 4


def test_what_nobody_recorded_is_no_good_value(tmp_path: Path) -> None:
    """Without an incident there is no report that could be late: that is said, not «none late»."""
    course = w.Course(figures([]), {}, 0, 0, 0)
    wanted = [Met(expects("incident.reported", where={"category": "disaster"}), "missed", instant("09:00"))]
    first = "市への報告が要る想定ですが、報告の記録がありません（事案の記録 0件）"
    assert duties(reviewed(course, course, met=wanted)) == [first, "終わりに盤面に残っていた重大な注意 0件"]
    (first, _) = duties(reviewed(course, course))
    assert first == "対象の事案 0件、報告 0件（記録された事案がないので、遅れの有無は分かりません）"
    desk = Desk(tmp_path / "f.db", kumagaya(), "08:30").opens()
    desk.at("09:02").does("incident.opened", category="personal_info", summary="見当たらない")
    desk.does("incident.opened", category="equipment", summary="紙詰まり")
    desk.at("09:06").does("incident.reported", incident="I-1")
    register = desk.session.register()
    desk.close()
    known = r.reports(register, kumagaya(), instant("09:10"))
    assert duties(reviewed(course, course, reports=known, left_open=["溢れ"])) == [
        "対象の事案 2件: 市へ報告した事案 1件、期限に遅れた事案 0件",
        "I-2 機器故障: 速やかに（期限 9/15 17:15）。報告の記録がありません。期限は演習の終わりの後",
        "終わりに盤面に残っていた重大な注意 1件",
        "終わりに: 溢れ",
    ]
    told = duties(reviewed(course, course, reports=known, met=wanted))
    assert "災害・停電: 市への報告が要る想定ですが、事案の記録がありません" in told
    assert "事案の期限は記録した発見の時刻からです。想定が求めた報告はできず 1件" in told
    late = duties(reviewed(course, course, reports=known[:1], met=[wanted[0]._replace(state="late")]))
    assert late[0].endswith("期限に遅れた事案 0件") and "報告は遅れた 1件" in late[2], "recorded late, then reported"
    assert acts_text(reviewed(course, course, acts={}), kumagaya()) == "操作の記録は0件です"
    sent_on = acts_text(reviewed(course, course, acts={"escalation.settled": 2}), kumagaya())
    assert sent_on == "引継ぎの結果 2件", "the trainee sent people on; no decision of the city is among these acts"


def test_only_the_whole_scenario_makes_a_record() -> None:
    course = w.Course(figures([]), {}, 0, 0, 0)
    whole = reviewed(course, course, "outage")
    assert no_record(whole) == ""
    begun_late = no_record(replace(whole, since=whole.since.replace(hour=11, minute=0)))
    assert begun_late == "想定の出来事が演習の時間に収まっていません（始まる前 8件）"
    nothing_before = replace(whole, since=whole.since.replace(hour=10, minute=20))
    assert no_record(nothing_before) == "想定の始まり（10:15）より後の10:20から始めました"
    left = replace(whole, until=whole.until.replace(hour=10, minute=40))
    assert no_record(left).endswith("（終わりの後か、判断の前に終わったもの 5件）")
    told_last = replace(whole.scenario, messages=(replace(whole.scenario.messages[0], at=whole.scenario.ends),))
    assert no_record(replace(whole, scenario=told_last)) == "", "the last message is told as the play ends"
    undecided = [Met(e, "open", whole.since) for e in whole.scenario.expectations[:2]]
    assert no_record(replace(whole, met=undecided)).endswith("2件）")
    beyond = Met(expects("memo.written", at="11:20", within=30), "open", whole.since)
    assert no_record(replace(whole, met=[beyond])) == "", "the scenario itself ends before it is decided"


def test_hand_offs_are_timed_from_the_case_to_its_beginning() -> None:
    story = a_day().opens("08:30")
    for n, at in enumerate(("09:00", "09:10", "09:20", "10:00"), 1):
        story.tells("escalation.raised", at, escalation=f"E-{n}", matter="fee")
    story.tells("escalation.taken", "09:04", escalation="E-1").tells("escalation.taken", "09:16", escalation="E-2")
    found = hand_offs(story.floor(), instant("09:05"), instant("09:30"), 300)
    assert [(h.escalation, h.seconds, h.late) for h in found] == [("E-2", 360, True), ("E-3", 600, True)]
    assert hand_offs(story.floor(), instant("09:00"), instant("09:01"), 300)[0].seconds == 60
    told = hand_offs_text(found, kumagaya()).split("\n")
    assert told[0] == "2件  対応 1件（平均 6.0分、最長 6.0分）  終わりに対応待ち 1件  5分を超えたもの 2件"
    assert told[2].endswith("10.0分たっても未対応")
    assert hand_offs_text([], kumagaya()) == "この時間に生じた案件は0件です"
    assert "平均" not in hand_offs_text([found[1]], kumagaya()), "nobody knows yet how long it takes"
    sent = a_day().opens("08:30").tells("escalation.raised", "09:00", escalation="E-1", matter="fee")
    sent.tells("escalation.settled", "09:08", escalation="E-1", outcome="desk3")
    (gone,) = hand_offs(sent.floor(), instant("08:50"), instant("09:30"), 300)
    assert (gone.taken_at, gone.seconds, gone.late, gone.outcome) == (None, 480, True, "desk3")
    assert hand_offs_text([gone], kumagaya()) == "\n".join(
        ("1件  3番窓口へ案内 1件  5分を超えたもの 1件", "9:00  E-1 手数料  8.0分後に3番窓口へ案内")
    ), "nobody here has begun with it"
    (undecided,) = judge(
        [expects("hand_off.taken", at="10:00", within=5)],
        [],
        story.floor(),
        Register(),
        instant("09:00"),
        instant("10:02"),
    )
    assert (undecided.state, undecided.note) == ("open", "1件とも対応待ち")


def test_hand_offs_that_the_hall_settled_by_itself_are_no_merit(tmp_path: Path) -> None:
    """A trainee who did unrelated acts alone: nothing to judge. Late ones stay late."""
    desk = Desk(tmp_path / "f.db", kumagaya(), "08:30").opens()
    desk.at("09:02").does("memo.written", text="連絡した")
    desk.at("09:10").does("officials.changed", present=1)
    acts = desk.session.store.day_facts(MONDAY)
    memo, counted = ([a for a in acts if a.kind == kind] for kind in ("memo.written", "officials.changed"))
    desk.close()
    story = a_day().opens("08:30").tells("escalation.raised", "09:00", escalation="E-1", matter="fee")
    story.tells("escalation.taken", "09:04", escalation="E-1")
    for within, own, state, note in (
        (5, memo, "none", "引継ぎの操作なし、1件のうち1件"),
        (5, counted, "met", "1件のうち1件"),
        (2, memo, "late", "1件のうち0件"),
    ):
        asked = [expects("hand_off.taken", at="08:50", within=within)]
        (met,) = judge(asked, own, story.floor(), Register(), instant("08:50"), instant("09:30"))
        assert (met.state, met.note) == (state, note)


def expects(*kinds: str, at: str = "09:00", within: int = 15, **more: Any) -> Expectation:
    return Expectation(text="x", clause="8", at=time.fromisoformat(at), within=within, kinds=kinds, **more)


def test_what_was_put_right_or_done_early_is_told(tmp_path: Path) -> None:
    """A wrong category corrected in time is no miss; what was recorded before its time is said beside it."""
    desk = Desk(tmp_path / "f.db", kumagaya(), "08:30").opens()
    desk.at("09:02").does("incident.opened", category="injury", summary="停電")
    desk.at("09:04").does("incident.amended", incident="I-1", category="disaster")
    acts, floor, register = desk.session.store.day_facts(MONDAY), desk.session.floor(), desk.session.register()
    desk.close()
    asked = [
        expects("incident.opened", where={"category": "disaster"}, within=5),
        expects("incident.opened", where={"category": "injury"}, within=5),
        expects("incident.amended", at="09:10"),
    ]
    judged = judge(asked, acts, floor, register, instant("08:50"), instant("09:30"))
    assert [(m.state, m.seconds, m.note) for m in judged] == [
        ("met", 241, ""),
        ("missed", None, ""),
        ("missed", None, "9:04 に記録"),
    ]


def test_each_expectation_is_judged_by_its_clock(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "f.db", kumagaya(), "08:30").opens()
    desk.at("09:02").does("incident.opened", category="personal_info", summary="見当たらない")
    desk.at("09:03").does("incident.opened", category="equipment", summary="紙詰まり")
    desk.at("09:20").does("incident.reported", incident="I-1")
    desk.at("09:21").does("reception.stopped", service="cert_issue", reason="障害")
    desk.does("reception.stopped", service="cert_renewal", reason="障害")
    desk.at("09:24").does("memo.written", text="連絡した")
    session = desk.session
    acts, floor, register = session.store.day_facts(MONDAY), session.floor(), session.register()
    both = {"service": ("cert_issue", "cert_renewal", "pin_reset")}
    asked = [
        expects("incident.opened", where={"category": "personal_info"}, within=5),
        expects("incident.reported", where={"category": "personal_info"}),
        expects("incident.reported", where={"category": "equipment"}),
        expects("reception.stopped", where=both, count=2, within=30),
        expects("reception.stopped", where=both, count=3, within=20),
        expects("memo.written", "incident.noted", within=60),
        expects("queue.counted", within=60),
        expects("memo.written", at="09:40"),  # begins after the end
        expects("memo.written", at="08:00"),  # began before the play
        expects("hand_off.taken", within=5),
        expects("memo.written", within=20, never=True),
        expects("memo.written", within=30, never=True),
    ]
    judged = judge(asked, acts, floor, register, instant("08:50"), instant("09:30"))
    assert [(m.state, m.note) for m in judged] == [
        ("met", ""),
        ("late", ""),
        ("missed", ""),
        ("met", ""),
        ("missed", "2／3"),
        ("met", ""),
        ("open", ""),
        ("none", "引継ぎ 0件"),
        ("met", "記録 0件"),
        ("missed", "した"),
    ]
    assert met_word(judged).endswith("、対象なし 1件")
    later = [
        expects("incident.reported", within=60, after=("incident.amended",)),
        expects("incident.reported", within=60, after=("incident.opened",)),
        expects("incident.opened", within=60, where={"summary": "*"}),
        expects("incident.opened", within=60, where={"services": "*"}),
    ]
    then = judge(later, acts, floor, register, instant("08:50"), instant("10:30"))
    assert [m.state for m in then] == ["missed", "met", "met", "missed"]
    idle = judge([expects("memo.written", never=True)], [], floor, register, instant("08:50"), instant("09:30"))
    assert [(m.state, m.note) for m in idle] == [("none", "操作なし、記録 0件")]
    assert [m.seconds for m in judged[:2]] == [121, 1201]
    first, second = r.reports(register, kumagaya(), instant("09:30"))
    assert (first.incident, first.word, first.due, first.late) == ("I-1", "直ちに", instant("09:17:01"), True)
    assert not second.late and second.reported_at is None
    desk.close()
