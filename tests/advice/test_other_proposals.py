"""Other advice: terminals more, idle ones, a reception stopped in time, fewer slots; each with its effect, none without."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from floorctl.advice.advise import HELPS_S, Adviser
from floorctl.advice.best_move import Option
from floorctl.advice.forecast import Forecaster
from floorctl.advice.other_proposals import EVIDENCE_DAYS, FEWEST, SlotCut, others
from floorctl.advice.proposal import Proposal
from floorctl.advice.staffing import FAR_S, lane_choices
from floorctl.commands.fold import fold
from floorctl.common.lengths import length_word
from floorctl.intake.demand_table import demand_table
from floorctl.intake.feed import parse_line
from floorctl.intake.site_file import load_site
from floorctl.models.day.staff import Person
from floorctl.models.facts.checked import parse_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.usecases.day_tables import Derived
from floorctl.usecases.period_reports import slot_cuts
from floorctl.usecases.session import Session
from tests import halls
from tests.advice.test_best_move import crowd, opened
from tests.other_sites import DAY, path_of
from tests.screens.harness import ingest
from tests.story import MONDAY, HandClock, Story, a_day, instant, kumagaya

TABLE = demand_table()
CUT = SlotCut("issuance", "certificate", EVIDENCE_DAYS, 4, 10, 2880.0, 52.0, 4.0, 1920, 1200)


def adviser(story: Story, at: str, register: Register) -> Adviser:
    now, forecaster = instant(at), Forecaster(kumagaya(), MONDAY, TABLE)
    floor = story.floor(at)
    return Adviser(floor, forecaster.times(floor, now), forecaster.demand(floor, register, now), now)


def proposed(
    story: Story,
    at: str,
    register: Register | None = None,
    cuts: Sequence[SlotCut] = (),
    advised: Option | None = None,
) -> list[Proposal]:
    register = register or Register()
    found = adviser(story, at, register)
    closings = Forecaster(kumagaya(), MONDAY, TABLE).closings(found.floor, register, found.now)
    return others(found, register, closings, cuts, advised)


def kinds(found: list[Proposal]) -> list[str]:
    return [p.kind for p in found]


# ---- a terminal more


def test_the_first_terminal_of_a_lane_is_told_as_one_at_work() -> None:
    """Before the doors open nobody works for certificates yet: no wait of hours that one terminal would shorten."""
    story = a_day().opens("08:25", T1="issuance", T2="issuance", **{f"T{n}": "certificate" for n in range(3, 9)})
    for n in (1, 2, 3):
        story.tells("staff.changed", "08:20", staff=f"S{n:02d}", status="present")
    story.staffs("T1", "S01", "08:25").staffs("T2", "S02", "08:25")
    found = proposed(story, "08:26")
    assert [(p.kind, p.terminal, p.change.of, p.change.before, p.change.after) for p in found] == [
        ("open", "T3", "terminals", 0, 1)
    ]


def test_a_terminal_more_in_three_ways() -> None:
    """Paused though its person is at work; a break that has lasted longer than the law owes; somebody at no terminal."""
    found = {p.kind: p for p in proposed(halls.short_of_terminals(), "10:55")}
    assert list(found) == ["resume", "open", "recall"], "what costs nothing comes first"
    assert [(p.terminal, p.staff) for p in found.values()] == [("T7", ""), ("T8", "S09"), ("T8", "S08")]
    for p in found.values():
        assert p.lane == "certificate"
        assert p.change.after <= p.change.before - 300
        assert p.clear
    assert [(s.kind, dict(s.fields)) for s in found["resume"].takes] == [("terminal.resumed", {"terminal": "T7"})]
    assert [s.kind for s in found["open"].takes] == ["terminal.staffed"]
    assert found["recall"].takes == (), "a person fetches them"
    assert "法定の60分は済み" in found["recall"].text()
    assert (
        found["open"].text(lambda code: "小林").startswith("手の空いた 小林 を T8 へ  電子証明書の1時間内の最大待ち ")
    )


def test_a_long_reason_of_a_pause_leaves_room_for_the_answer() -> None:
    """The answer is a fact with the whole text; more than a thousand characters would be refused."""
    story = halls.short_of_terminals()
    for line in story.lines:
        if line["kind"] == "terminal.paused":
            line["reason"] = "紙" * 1000
    (resume,) = [p for p in proposed(story, "10:55") if p.kind == "resume"]
    declined = {
        "kind": "advice.declined",
        "id": "d",
        "at": "2026-09-14T10:55:00+09:00",
        "lane": resume.lane,
        "text": resume.text(),
    }
    assert parse_fact(json.dumps(declined)).fields()["text"].startswith("休止中の T7 を再開")


@pytest.mark.parametrize(("since", "until", "called"), [("09:50", None, True), ("10:00", None, False),
    ("09:50", "11:30", True), ("09:50", "10:57", False)])  # fmt: skip
def test_a_break_that_the_law_owes_is_left_alone(since: str, until: str | None, called: bool) -> None:
    """8.5 hours have 60 minutes (労基法34); and who is back in five minutes anyway need not be fetched."""
    story = halls.short_of_terminals()
    for line in story.lines:
        if line.get("staff") == "S08" and line.get("status") == "on_break":
            line |= {"at": instant(since).isoformat(), "until": until}
        elif line["kind"] == "terminal.staffed" and line["terminal"] == "T8" and line["staff"] is None:
            line["at"] = instant(since).isoformat()
    assert ("recall" in kinds(proposed(story, "10:55"))) == called


@pytest.mark.parametrize(("reason", "taken", "resumed"), [("", False, False), ("昼休憩", False, False), ("", True, True),
    ("昼休憩", True, True), ("用紙の補充", False, True)])  # fmt: skip
def test_a_pause_that_may_be_a_break_is_left_alone(reason: str, taken: bool, resumed: bool) -> None:
    """The key pauses a terminal and says no reason: as long as its person is owed a break, it may be that."""
    story = halls.short_of_terminals()
    for line in story.lines:
        if line["kind"] == "terminal.paused":
            line["reason"] = reason
    if taken:
        story.tells("staff.changed", "08:40", staff="S07", status="on_break")
        story.tells("staff.changed", "09:41", staff="S07", status="present")
    assert ("resume" in kinds(proposed(story, "10:55"))) == resumed


def test_who_may_not_stand_there_is_not_proposed() -> None:
    """With a roster: the pledge, the authority, the vein registration (仕様書 7(2), 10); and nobody from a post of guidance."""
    register, day = Register(), date(2026, 6, 1)
    able = Person("S09", "worker", False, day, day, day, "08:15", "17:15", None, None, None)
    register.people["S09"] = able
    assert "open" in kinds(proposed(halls.short_of_terminals(), "10:55", register))
    register.people["S09"] = replace(able, vein_on=None)
    assert "open" not in kinds(proposed(halls.short_of_terminals(), "10:55", register))
    register.people["S09"] = replace(able, skills=("guidance",))
    assert "open" not in kinds(proposed(halls.short_of_terminals(), "10:55", register))
    posted = halls.short_of_terminals().tells("staff.posted", "10:40", "console", staff="S09", post="reception")
    assert "open" not in kinds(proposed(posted, "10:55"))


def test_nothing_where_nobody_waits_long() -> None:
    story = halls.opened(staffed=7).tells("terminal.paused", "09:00", terminal="T7")
    assert proposed(halls.queue(story, "B", 3, "09:30"), "09:31") == []
    assert proposed(halls.short_of_terminals().closes("10:56"), "10:57") == []


def test_what_was_declined_is_silent_for_half_an_hour() -> None:
    story = halls.short_of_terminals()
    gain = next(p.gain_s for p in proposed(story, "10:55"))
    story.tells("advice.declined", "10:55", "console", terminal="T7", lane="certificate", about="resume", gain_s=gain)
    assert kinds(proposed(story, "10:56")) == ["open", "recall"]


# ---- other sites


def elsewhere(site: Site, told: list[dict[str, object]], at: str) -> tuple[Adviser, list[Proposal]]:
    """The adviser of another site's morning, and what it proposes."""
    day_opened: dict[str, object] = {
        "id": "open", "at": f"{DAY}T08:20:00+09:00", "kind": "day.opened", "officials": 1,
        "allocation": {t.code: t.lane for t in site.terminals},
    }  # fmt: skip
    facts = [parse_line(json.dumps(line).encode(), site) for line in (day_opened, *told)]
    floor = fold(site, DAY, [Entry(n, "feed", fact.at, "feed", fact) for n, fact in enumerate(facts, 1)])
    now = datetime.fromisoformat(f"{DAY}T{at}:00+09:00")
    register, forecaster = Register(), Forecaster(site, DAY, demand_table(site))
    found = Adviser(floor, forecaster.times(floor, now), forecaster.demand(floor, register, now), now)
    return found, others(found, register, forecaster.closings(floor, register, now))


def issued(service: str, letter: str, people: int) -> list[dict[str, object]]:
    return [
        {"id": f"{letter}{n}", "at": f"{DAY}T08:30:{n:02d}+09:00", "kind": "ticket.issued",
         "ticket": f"{letter}{n:03d}", "service": service}
        for n in range(1, people + 1)
    ]  # fmt: skip


def test_a_terminal_that_serves_in_a_lane_of_no_service_may_be_told_to_move(tmp_path: Path) -> None:
    """A feed may call anybody anywhere: where nobody has a pace, the case counts by the lane that it goes to."""
    text = path_of("mitsuba").read_text(encoding="utf-8")
    spare = '[[lanes]]\ncode = "spare"\nname = "ぬるを"\ntitle = "ぬるを窓口"\nletter = "V"\n\n[[services]]'
    text = text.replace("[[services]]", spare, 1)
    text = text.replace(
        'lanes = ["beta", "gamma"]\nlane = "beta"', 'lanes = ["beta", "gamma", "spare"]\nlane = "spare"'
    )
    (tmp_path / "spare.toml").write_text(text, encoding="utf-8")
    told: list[dict[str, object]] = [
        *issued("s_beta", "Y", 9),
        {"id": "c", "at": f"{DAY}T08:31:00+09:00", "kind": "ticket.called", "ticket": "Y001", "terminal": "W6"},
        {"id": "m", "at": f"{DAY}T08:32:00+09:00", "kind": "terminal.assigned", "terminal": "W6", "lane": "beta"},
    ]
    adviser, _ = elsewhere(load_site(tmp_path / "spare.toml"), told, "08:33")
    assert adviser.floor.terminals["W6"].next_lane == "beta"
    assert "W6" in adviser.verdict().basis["terminals"]["beta"]


# ---- the reception


def test_a_reception_is_stopped_only_where_even_the_fewest_are_too_many() -> None:
    story = halls.too_many_before_the_end()
    register = Register()
    found = adviser(story, "15:45", register)
    closings = Forecaster(kumagaya(), MONDAY, TABLE).closings(found.floor, register, found.now)
    stop = {p.lane: p for p in others(found, register, closings) if p.kind == "stop"}
    assert set(stop) == {"issuance", "certificate"}
    p, c = stop["certificate"], next(c for c in closings if c.lane == "certificate")
    assert c.waiting + c.low - c.servable >= FEWEST
    assert p.change.before == round(c.waiting + c.coming) - c.servable
    assert p.change.after == c.waiting - c.servable < p.change.before
    assert [s.fields["service"] for s in p.takes] == [s.code for s in kumagaya().services if s.lane == "certificate"]
    fewer = [replace(c, low=0, waiting=c.servable) for c in closings]
    assert [x for x in others(found, register, fewer) if x.kind == "stop"] == [], "if few come, all are served"


def test_a_stop_ahead_says_from_when_and_is_taken_then() -> None:
    story = halls.too_many_before_the_end()
    register = Register()
    found = adviser(story, "15:45", register)
    closings = Forecaster(kumagaya(), MONDAY, TABLE).closings(found.floor, register, found.now)
    at = instant("16:00")
    room = [replace(c, servable=c.waiting + 5, stop_at=at) if c.lane == "certificate" else c for c in closings]
    (p,) = [x for x in others(found, register, room) if x.kind == "stop" and x.lane == "certificate"]
    assert "の受付を 16:00" in p.what and p.takes == ()
    assert p.change.after < p.change.before


def test_no_stop_without_evidence() -> None:
    """Nothing within two hours of the opening, and nothing once the reception is stopped or over."""
    assert "stop" not in kinds(proposed(halls.at_the_doors(30), "08:46"))
    story = halls.too_many_before_the_end()
    for service in kumagaya().services:
        story.tells("reception.stopped", "15:44", service=service.code)
    assert "stop" not in kinds(proposed(story, "15:45"))
    assert "stop" not in kinds(proposed(halls.too_many_before_the_end(), "17:02"))


# ---- slots


def test_fewer_slots_rest_on_fourteen_days() -> None:
    quiet = halls.opened()
    (p,) = proposed(quiet, "10:00", cuts=[CUT])
    assert (p.kind, p.lane, p.clear, p.takes) == ("slots", "issuance", False, ())
    assert p.text() == (
        "交付の予約枠を1日4枠減らすよう市に提案  電子証明書 1日の応対 52人から56人"
        "（直近の開場14日 交付の空き 1日48分、電子証明書の待ち 9割の人が32分以内（目標 20分））"
    )
    assert proposed(quiet, "10:00", cuts=[replace(CUT, days=EVIDENCE_DAYS - 1)]) == []
    assert proposed(quiet, "10:00", cuts=[replace(CUT, more=None)]) == [], "without its effect nothing is said"


def idle_for_cards(day: date) -> Story:
    """Cards every quarter of an hour, ten minutes of it free, while a queue waits for certificates all morning."""
    story = a_day(day, prefix=f"d{day:%m%d}").opens("08:30", T1="issuance", T3="certificate")
    story.staffs("T1", "S01", "08:31").staffs("T3", "S03", "08:31")
    start = instant("09:00", day)
    for n in range(12):
        at = start + timedelta(minutes=15 * n)
        story.issues(f"A{n + 1:03d}", "card_issuance", at).calls(f"A{n + 1:03d}", "T1", at)  # type: ignore[arg-type]
        story.finishes(f"A{n + 1:03d}", "T1", at + timedelta(minutes=5))  # type: ignore[arg-type]
    for n in range(14):
        at = start + timedelta(minutes=13 * n)
        story.issues(f"B{n + 1:03d}", "cert_renewal", start + timedelta(seconds=n))  # type: ignore[arg-type]
        story.calls(f"B{n + 1:03d}", "T3", at).finishes(f"B{n + 1:03d}", "T3", at + timedelta(minutes=12))  # type: ignore[arg-type]
    return story


def test_the_slots_of_the_own_file(tmp_path: Path) -> None:
    """Thirteen open days before today say nothing; fourteen do, and today is none of them."""
    open_days = [d.date for d in Calendar(kumagaya()).between(date(2026, 9, 1), date(2026, 9, 30)) if d.open][:15]
    path, clock = tmp_path / "floor.db", HandClock(instant("12:00", open_days[13]))
    for day in open_days[:14]:
        ingest(path, kumagaya(), idle_for_cards(day).lines, clock)
    session = Session(kumagaya(), path, clock=clock)
    assert slot_cuts(session) == (), "their rows are not made yet"
    Derived(session, open_days[0], open_days[12])
    assert slot_cuts(session) == (), "thirteen before today"
    clock.at = instant("12:00", open_days[14])
    Derived(session, open_days[0], open_days[13])
    (cut,) = slot_cuts(session)
    session.close()
    assert (cut.lane, cut.other, cut.days, cut.slot_minutes) == ("issuance", "certificate", EVIDENCE_DAYS, 10)
    assert cut.idle_s == 110 * 60, "eleven gaps of ten minutes"
    assert cut.slots == 11 and cut.served == 14
    assert cut.more is not None and round(cut.more, 2) == round(110 / 12, 2)


# ---- the lane at staffing


def test_an_empty_terminal_goes_where_the_longest_wait_falls_by_half_an_hour() -> None:
    """Three people before the one terminal for cards are not far more than nobody, but they wait for an hour."""
    story = crowd(opened(issuance=1, certificate=5).staffs("T6", None, "09:00"), 4, letter="A")
    story.calls("A001", "T1", "10:01").issues("B900", "cert_renewal", "10:14").calls("B900", "T2", "10:14")
    choice, *_ = lane_choices(adviser(story, "10:15", Register()))
    assert (choice.terminal, choice.present, choice.lane) == ("T6", "certificate", "issuance")
    gained, kept = choice.effects["issuance"], choice.effects["certificate"]
    assert gained.shorter_s >= FAR_S and kept.shorter_s < HELPS_S


def test_an_empty_terminal_opens_where_more_is_waited() -> None:
    story = halls.opened(issuance=3, certificate=5).staffs("T3", None, "09:00")
    halls.work(halls.queue(story, "B", 40, "10:00"), "B", [4, 5, 6, 7, 8], "10:01", 12, 1)
    (choice,) = lane_choices(adviser(story, "10:15", Register()))
    assert (choice.terminal, choice.lane, choice.present, choice.changes) == ("T3", "certificate", "issuance", True)
    e = choice.effects["certificate"]
    assert e.after_s < e.before_s
    assert choice.text(kumagaya()).startswith(
        f"T3 は電子証明書で  電子証明書の1時間内の最大待ち {length_word(round(e.before_s / 60))}から"
    )


def test_without_a_clear_gain_it_keeps_its_lane() -> None:
    story = halls.opened(issuance=3, certificate=5).staffs("T8", None, "09:25")
    found = lane_choices(adviser(story, "09:30", Register()))
    assert [(c.terminal, c.lane) for c in found] == [("T8", "certificate")]
    assert lane_choices(adviser(story.closes("09:31"), "09:32", Register())) == []


def test_a_paused_terminal_stands_before_a_move_that_would_do_little_more() -> None:
    """Its resumption is worth less than five minutes: too few on its own, but a move takes a terminal from another lane."""
    story = a_day().opens("08:25", T1="issuance", T2="issuance", **{f"T{n}": "certificate" for n in range(3, 9)})
    story.tells("terminal.paused", "08:26", terminal="T7", reason="清掃")
    story.tells("terminal.paused", "08:26", terminal="T8", reason="清掃")
    for n in range(28):
        story.issues(f"B{n:03d}", "cert_renewal", instant("10:00") + timedelta(seconds=30 * n))  # type: ignore[arg-type]
    move = Option(("T1",), "issuance", "certificate", 9000.0)
    assert [p.kind for p in proposed(story, "10:18")] == []
    assert [(p.kind, p.terminal) for p in proposed(story, "10:18", advised=move)] == [("resume", "T7")]
