"""The advice: what it moves, what it leaves, what it says, and that it is quick and always the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from floorctl.advice import service_times
from floorctl.advice.advise import Adviser, Effect, Verdict
from floorctl.advice.arrivals import forecast
from floorctl.advice.best_move import RULES, Option, Rules, however_late, lane_for, options, rates, uneven, waiting_s
from floorctl.advice.hall_view import View
from floorctl.cli.text_advice import advice_text
from floorctl.commands.fold import apply
from floorctl.common.lengths import length_word
from floorctl.common.words import NOT_SERVED
from floorctl.intake.demand_table import demand_table
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from tests import work
from tests.story import Story, a_day, busy_day, entries_of, instant, kumagaya

TABLE = demand_table()


def adviser(floor: Floor, at: str, rules: Rules = RULES) -> Adviser:
    now = instant(at)
    demand = forecast(floor, Register(), TABLE, now)
    return Adviser(floor, service_times.learn(floor, now), demand, now, rules)


def told(story: Story, at: str) -> Verdict:
    return adviser(story.floor(at), at).verdict()


def opened(*, issuance: int = 3, certificate: int = 5) -> Story:
    """Eight terminals staffed at half past eight, each lane with so many."""
    lanes = ["issuance"] * issuance + ["certificate"] * certificate
    story = a_day().opens("08:25", **{f"T{n}": lane for n, lane in enumerate(lanes, 1)})
    for n in range(1, len(lanes) + 1):
        story.staffs(f"T{n}", f"S{n}", "08:30")
    return story


def crowd(story: Story, people: int, at: str = "10:00", letter: str = "B") -> Story:
    """So many come within minutes; the certificate terminals, T4 on, have each begun with one of them."""
    start = instant(at)
    service = "cert_renewal" if letter == "B" else "card_issuance"
    for n in range(people):
        story.issues(f"{letter}{n + 1:03d}", service, start + timedelta(seconds=5 * n))  # type: ignore[arg-type]
    return story


def swamped(**lanes: int) -> Story:
    """Thirty wait for certificates, nobody for a card."""
    story = crowd(opened(**lanes), 35)
    first = lanes.get("issuance", 3) + 1
    for n in range(first, 9):
        story.calls(f"B{n - first + 1:03d}", f"T{n}", "10:04")
    return story


# ---- what is moved


def test_a_free_terminal_goes_where_many_wait() -> None:
    verdict = told(swamped(), "10:06")
    assert not verdict.keep
    assert verdict.option is not None
    assert (verdict.option.origin, verdict.option.to) == ("issuance", "certificate")
    assert verdict.option.moves[0] in ("T1", "T2", "T3")
    before, after = verdict.effect["certificate"].before_s, verdict.effect["certificate"].after_s
    assert after < before - 300
    assert verdict.effect["issuance"].after_s >= verdict.effect["issuance"].before_s


def test_an_empty_hall_is_left_as_it_is() -> None:
    verdict = told(opened().tells("visitors.counted", "09:25", persons=0), "09:30")
    assert verdict.keep
    assert verdict.text.startswith("このままで良い  交付の1時間内の最大待ち ")
    assert all(e.before_s == e.after_s for e in verdict.effect.values())


def test_a_day_that_is_not_open_has_no_advice() -> None:
    said = told(opened().closes("10:00"), "10:06")
    assert said.keep and (said.text, said.effect) == ("このままで良い（開場していません）", {})


def test_after_the_closing_of_the_hall_no_figure_goes_on() -> None:
    story = opened()
    for n in range(6):
        story.issues(f"B{n}", "cert_renewal", "16:50")
    assert told(story, "17:14").effect and told(story, "17:15").effect == {}
    assert told(story, "17:15").text == "17:15 に閉庁しました"


def test_the_last_terminal_of_a_lane_that_receives_stays() -> None:
    """仕様書 7(1): both lanes come first; neither is left without a terminal for the other's sake."""
    assert told(swamped(issuance=1, certificate=7), "10:06").keep


def test_after_the_reception_its_last_terminal_helps() -> None:
    """SPEC finding 4: a terminal for cards is idle from 16:30 on."""
    story = crowd(opened(issuance=1, certificate=4), 30, "16:20")
    for n in range(2, 6):
        story.calls(f"B{n - 1:03d}", f"T{n}", "16:25")
    verdict = told(story, "16:32")
    assert verdict.option is not None
    assert (verdict.option.moves, verdict.option.to) == (("T1",), "certificate")


def test_a_small_queue_moves_nothing() -> None:
    """A terminal is moved for a clear gain, not for two people."""
    story = crowd(opened(), 6)
    for n in range(4, 9):
        story.calls(f"B{n - 3:03d}", f"T{n}", "10:04")
    assert told(story, "10:06").keep


def test_queues_are_compared_by_persons_a_terminal() -> None:
    """Twelve before six terminals are two a terminal; nobody before two, one of which would stay: worth no move."""

    def view(cards: int, certificates: int) -> View:
        v = adviser(opened(issuance=2, certificate=6).floor("10:06"), "10:06").view
        v.count = {"issuance": cards, "certificate": certificates}
        return v

    assert not uneven(view(0, 12), "issuance", "certificate")
    assert uneven(view(0, 13), "issuance", "certificate")
    assert not uneven(view(2, 24), "issuance", "certificate"), (
        "two before the one that stays: four a terminal are asked"
    )
    assert uneven(view(2, 25), "issuance", "certificate")
    assert not uneven(view(2, 25), "certificate", "issuance")


def test_no_move_back_within_the_hour() -> None:
    story = swamped(issuance=2, certificate=6)
    story.moves("T8", "issuance", "09:25").issues("B900", "cert_renewal", "10:24")
    assert [o.to for o in options(adviser(story.floor("10:06"), "10:06").view)] == []
    assert [o.to for o in options(adviser(story.floor("10:26"), "10:26").view)] == ["certificate"]


def test_a_move_back_within_the_hour_where_the_hall_has_changed_says_what() -> None:
    story = (
        swamped(issuance=2, certificate=6)
        .moves("T8", "issuance", "09:25")
        .tells("terminal.failed", "10:00", terminal="T7")
    )
    verdict = told(story, "10:06")
    assert verdict.option is not None and verdict.option.because == "10:00 T7 が故障"
    assert verdict.text.endswith("（10:00 T7 が故障）")
    before = (
        swamped(issuance=2, certificate=6)
        .tells("terminal.failed", "09:45", terminal="T7")
        .moves("T8", "issuance", "09:50")
    )
    assert told(before, "10:06").keep, "that was so when it was moved"


def test_a_move_by_hand_that_was_in_vain_may_be_undone_after_twenty_minutes() -> None:
    """Nobody waits for cards, seven at each certificate terminal: the hour is not waited for, and the line says why."""
    story = crowd(opened(issuance=3, certificate=5).moves("T8", "issuance", "09:50"), 32)
    for n in range(4, 8):
        story.calls(f"B{n - 3:03d}", f"T{n}", "10:04")
    story.issues("B900", "cert_renewal", "10:08")
    early, later = (told(story, at) for at in ("10:09", "10:11"))
    assert early.keep and later.option is not None and later.option.to == "certificate"
    assert later.text.endswith("（1台に7人待ち）")


def test_no_move_within_a_quarter_of_an_hour_of_the_last() -> None:
    story = swamped().moves("T1", "certificate", "10:05").issues("B900", "cert_renewal", "10:21")
    assert [bool(options(adviser(story.floor(at), at).view, however_late(RULES))) for at in ("10:19", "10:21")] == [
        False,
        True,
    ]


PLAIN = replace(RULES, long_s=1e12)


def test_waiting_is_the_area_under_the_queue_worked_out_by_hand() -> None:
    """Ten wait, nobody comes, one terminal takes one person each 600 s from the first second on: half a person at once,
    so that 10 fall to 9 in the first 300 s and by half a person in each further step."""
    assert waiting_s(10, [0.0] * 3, [0.0], 600.0, PLAIN) == pytest.approx(300 * (9.5 + 8.75 + 8.25))
    assert waiting_s(0, [0.01] * 2, [], 600.0, PLAIN) == pytest.approx(300 * (1.5 + 4.5)), "no terminal: all wait"
    assert waiting_s(1, [0.0] * 3, [0.0, 0.0], 600.0, PLAIN) == pytest.approx(150.0), "an empty queue stays empty"
    late = waiting_s(4, [0.0] * 2, [300.0], 600.0, PLAIN)
    assert late == pytest.approx(300 * (4 + 3.5)), "a busy terminal takes nobody before it is free"


def test_who_waits_long_counts_more() -> None:
    """Twelve people before one terminal of ten minutes each: two hours, half of what counts twice."""
    plain, weighed = (waiting_s(12, [1 / 600], [9000.0, 0.0], 600.0, rules) for rules in (PLAIN, RULES))
    queue = 12 + 0.5 - 0.5 - 0.5
    assert plain == pytest.approx(300 * (12 + queue) / 2)
    assert weighed == pytest.approx(plain * (1 + (12 + queue) / 2 * 600 / RULES.long_s))


def test_what_comes_is_the_expected_drawn_towards_what_has_come() -> None:
    v = adviser(swamped().floor("10:06"), "10:06").view
    v.coming["certificate"].spells = [(0.0, 600.0, 6.0)]
    v.came, v.came_s = {"certificate": 36}, 1800.0
    assert rates(v, "certificate", RULES, 900) == pytest.approx([0.02 / 3 + 0.02 / 3] * 2 + [0.0]), "then nobody"
    v.came_s = 0.0
    assert rates(v, "certificate", RULES, 600) == pytest.approx([0.01, 0.01]), "before anybody came: as expected"


def test_the_pace_is_that_of_the_terminals() -> None:
    """The site file's minutes as six cases; a case left open counts for forty minutes at most."""
    story = swamped().finishes("B001", "T4", "10:24")  # 20 minutes
    v = adviser(story.floor("10:25"), "10:25").view
    demand = forecast(story.floor("10:25"), Register(), TABLE, instant("10:25"))
    mix = demand.lanes["certificate"].mix
    site = kumagaya()
    usual = sum(w * 60 * site.service_by_code[s].typical_minutes for s, w in mix.items()) / sum(mix.values())
    assert v.pace["certificate"] == pytest.approx((6 * usual + 1200) / 7)
    long = swamped().finishes("B001", "T4", "12:30")
    v = adviser(long.floor("12:31"), "12:31").view
    assert v.pace["certificate"] == pytest.approx((6 * usual + 2400) / 7, rel=0.02)


def test_who_is_on_a_break_is_not_sent() -> None:
    story = swamped()
    for n in (1, 2, 3):
        story.tells("terminal.paused", "10:05", terminal=f"T{n}")
    assert told(story, "10:06").keep


def test_the_lane_of_a_terminal_that_is_staffed_now() -> None:
    """That of the split, unless far more people a terminal wait in the other, or nobody is at work there."""
    both = ("issuance", "certificate")
    v = adviser(swamped().floor("10:06"), "10:06").view
    v.stations = [s for s in v.stations if s.code != "T3"]
    assert lane_for(v, "T3", "issuance", both) == "certificate"
    v.count = {"issuance": 0, "certificate": 12}
    assert lane_for(v, "T3", "issuance", both) == "issuance", "two a terminal"
    v.stations = [s for s in v.stations if s.lane != "issuance"]
    v.count["certificate"] = 30
    assert lane_for(v, "T3", "issuance", both) == "issuance", "nobody else would be there"
    v.count["issuance"] = 1
    assert lane_for(v, "T4", "certificate", both) == "issuance", "somebody waits there before nobody"
    assert lane_for(v, "T4", "application", both) == "certificate", "its own lane is none of them"


def test_the_advice_is_always_the_same() -> None:
    floor = swamped().floor("10:06")
    one, two = adviser(floor, "10:06").verdict(), adviser(floor, "10:06").verdict()
    assert one == two


# ---- what it says


def test_one_line_and_five_reasons() -> None:
    verdict = told(swamped(), "10:06")
    assert verdict.option is not None
    e, o = verdict.effect, verdict.option
    words = {lane: (length_word(round(x.before_s / 60)), length_word(round(x.after_s / 60))) for lane, x in e.items()}
    assert verdict.text == (
        f"{o.moves[0]} 交付から電子証明書へ  電子証明書の1時間内の最大待ち "
        f"{words['certificate'][0]}から{words['certificate'][1]}  "
        f"交付 {words['issuance'][0]}から{words['issuance'][1]}"
    )
    assert [head for head, _ in verdict.reasons] == ["来庁", "端末", "予約", "前提", "確かさ"]
    reasons = dict(verdict.reasons)
    assert "待ち30人" in reasons["来庁"]
    assert "交付 3台  電子証明書 5台" in reasons["端末"]
    assert "切替 2分" in reasons["前提"]
    assert "分減、" in reasons["確かさ"]


def test_where_no_move_helps_though_a_target_is_exceeded_that_is_said() -> None:
    """このままで良い beside a wait of an hour would be no word for it."""
    two = told(swamped(issuance=1, certificate=7), "10:06")
    assert two.keep and two.effect["certificate"].before_s > 1200
    assert (two.kept, two.text.split("  ")[0]) == ("いま移す端末はありません",) * 2
    both = crowd(crowd(opened(), 30, "10:00"), 12, "10:00", "A")
    assert told(both, "10:06").kept == "いま移す端末はありません"
    moved = swamped().moves("T1", "certificate", "10:05")
    assert told(moved, "10:06").kept == "いま移す端末はありません"
    assert told(opened(), "08:40").kept == "このままで良い"


def test_a_move_that_leaves_the_longest_wait_as_it_is_says_what_it_gains() -> None:
    """The first in the queue has waited for 90 minutes already: that is not shortened, but the wait of all behind."""
    story = crowd(opened(issuance=3, certificate=5), 25, "10:50").issues("B900", "cert_renewal", "09:30")
    found = adviser(story.floor("11:00"), "11:00")
    verdict = found.verdict()
    assert verdict.option is not None and found.futures is not None
    e = verdict.effect["certificate"]
    saved = found.futures.saved(verdict.option.moves, "certificate", 3600.0)
    assert not e.seen and verdict.gain == f"待ちの合計 {length_word(round(saved / 60))}減"
    assert verdict.text.endswith(verdict.gain) and verdict.gain in dict(verdict.reasons)["確かさ"]
    assert told(swamped(), "10:06").gain == ""


def test_the_forecast_of_a_move_by_hand() -> None:
    found = adviser(swamped().floor("10:06"), "10:06")
    verdict = found.of_move("T1", "certificate")
    assert verdict is not None
    assert verdict.effect["certificate"].after_s < verdict.effect["certificate"].before_s
    back = found.of_move("T4", "issuance")
    assert back is not None
    assert back.effect["certificate"].after_s > back.effect["certificate"].before_s
    assert found.of_move("T1", "issuance") is None, "it is there"
    assert found.of_move("A1", "certificate") is None
    assert found.of_move("T99", "certificate") is None


# ---- declined


@pytest.mark.parametrize(("at", "keep"), [("10:08", True), ("10:12", True)])
def test_what_was_declined_does_not_come_back(at: str, keep: bool) -> None:
    story = swamped()
    verdict = told(story, "10:06")
    assert verdict.option is not None
    gain = int(verdict.option.gain)
    story.tells(
        "advice.declined", "10:07", "console", terminal="T1", lane="certificate", reason="予約に備える", gain_s=gain
    )
    floor = story.floor(at)
    assert [(a.origin, a.to, a.taken, a.reason) for a in floor.answers] == [
        ("issuance", "certificate", False, "予約に備える")
    ]
    assert told(story, at).keep is keep


def test_it_comes_back_when_it_has_become_more_pressing() -> None:
    story = swamped().issues("B900", "cert_renewal", "10:12")
    story.tells("advice.declined", "10:07", "console", terminal="T1", lane="certificate", reason="x", gain_s=10)
    held = told(story, "10:16")
    assert held.keep and held.text.startswith("見送り中（10:17まで）"), "not within ten minutes, whatever it would save"
    assert not told(story, "10:18").keep


def test_what_was_declined_is_not_proposed_by_another_terminal() -> None:
    story = swamped().tells("terminal.paused", "10:07", terminal="T1").issues("B900", "cert_renewal", "10:12")
    story.tells("advice.declined", "10:07", "console", terminal="T1", lane="certificate", reason="x", gain_s=10)
    assert [told(story, at).keep for at in ("10:07", "10:16", "10:18")] == [True, True, False]


# ---- quick


def test_an_advice_on_a_day_of_four_hundred_tickets_is_quick() -> None:
    """Each decision in at most 50 ms (contract 4), as lines that are run."""
    site = kumagaya()
    lines = busy_day(seed=3, tickets=400)
    until = instant("12:00")
    floor = Floor(site, until.date())
    for e in entries_of(lines):
        if e.fact.at <= until:
            apply(floor, e)
    assert len(floor.tickets) > 150

    adviser(floor, "12:00").verdict()
    assert work.lines(lambda: adviser(floor, "12:00").verdict()) < 200_000


def test_now_is_handed_in() -> None:
    verdict = told(opened(), "09:30")
    assert verdict.now == instant("09:30")
    assert isinstance(verdict.now, datetime)


def test_a_hall_of_a_thousand_is_no_trouble() -> None:
    """A head count may be anything; it is read as it stands."""
    story = opened().counts("certificate", 1000, "10:00")
    assert told(story, "10:01").option is not None


def test_a_line_keeps_its_figures_while_they_hardly_change() -> None:
    def verdict(at: str, minutes: int, move: Option | None = None) -> Verdict:
        effect = {"certificate": Effect(60 * minutes, 60 * minutes - 600)}
        return Verdict(instant(at), move, effect, f"{minutes}分", (("来庁", at),))

    shown, move = verdict("10:00", 40), Option(("T4",), "issuance", "certificate", 1.0)
    near = verdict("10:05", 44).as_shown(shown)
    assert (near.text, near.effect, near.reasons) == (shown.text, shown.effect, (("来庁", "10:05"),))
    for other in (verdict("10:05", 55), verdict("10:05", 40, move), verdict("10:05", 30)):
        assert other.as_shown(shown) is other


def test_a_lane_that_nobody_is_left_to_serve_has_no_wait_in_the_table_either() -> None:
    effect = {"certificate": Effect(2400, 600), "issuance": Effect(300, 9000, nobody=True)}
    verdict = Verdict(instant("10:00"), Option(("T1",), "issuance", "certificate", 1.0), effect, "x", ())
    assert [line.split() for line in advice_text(verdict, [], kumagaya()).split("\n")[3:]] == [
        ["電子証明書", "40分", "10分"],
        ["交付", "5分", NOT_SERVED],
    ]
