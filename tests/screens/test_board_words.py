"""The board in whole words at every width: states, terminals, figures and numbers; and rows that stay where they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from functools import cache

import pytest
from textual.geometry import Region

from floorctl.advice.forecast import Forecaster
from floorctl.common.words import AT_CITY, TERMINAL_STATES
from floorctl.console.messages import Loaded, Taught
from floorctl.console.state import ConsoleState
from floorctl.console.state_parts import Settings
from floorctl.intake.demand_table import demand_table
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.screens.board.picture import draw_board
from floorctl.screens.board.tiles import shape
from floorctl.screens.drawing.canvas import Canvas, tail, whole
from floorctl.screens.drawing.palette import Palette
from tests import other_sites
from tests.screens.halls import lopsided
from tests.story import MONDAY, Story, entries_of, instant, kumagaya

WIDTHS = (60, 66, 72, 80, 90, 100, 109, 110, 112, 120, 132, 149, 150, 160)
SMALL, USUAL, LARGE = (80, 24), (120, 36), (160, 45)
STATES = {*TERMINAL_STATES.values(), AT_CITY}


@cache
def surge() -> list[Entry]:
    return entries_of(map(json.loads, simulated_feed(kumagaya(), MONDAY, 8, "surge").splitlines()))


def hall(
    entries: Iterable[Entry], at: str, *, site: Site | None = None, day: date = MONDAY, roster: Iterable[Entry] = ()
) -> ConsoleState:
    """Return the console's state of a day at a time, with its forecasts."""
    where, now = site or kumagaya(), instant(at, day)
    state = ConsoleState(Settings(clock=lambda: now, frozen=True, pace_s=0))
    past = [e for e in sorted(entries, key=lambda e: e.fact.at) if e.fact.at <= now]
    state.load(Loaded(where, day, Register().calendar(where).day_info(day), past, list(roster), {}))
    state.learn(Taught(day, Forecaster(where, day, demand_table(where))))
    return state


@cache
def surge_at(at: str) -> ConsoleState:
    return hall(surge(), at)


@cache
def before_opening() -> ConsoleState:
    return hall([], "08:20")


@cache
def every_state() -> ConsoleState:
    """Return a surge in which the terminals are in every state that there is."""
    told = Story(source="console", prefix="x")
    told.tells("terminal.failed", "10:00", terminal="T6").tells("terminal.paused", "10:00", terminal="T4")
    told.staffs("T7", None, "10:00").tells("terminal.assigned", "10:05", terminal="T3", lane="issuance")
    told.tells("escalation.raised", "10:19", escalation="E-91", matter="cert_decision", terminal="T5")
    told.tells("officials.changed", "10:02", present=0)
    return hall([*surge(), *told.entries()], "10:20")


@cache
def moved(number: int, lane: str) -> ConsoleState:
    """Return a quiet hall, so many of whose terminals stand in the certificate lane."""
    allocation = {f"T{n}": lane if n <= number else "issuance" for n in range(1, 9)}
    return hall(Story(source="console", prefix="o").opens("08:30", **allocation).entries(), "09:30")


def drawn(state: ConsoleState, width: int, height: int) -> Canvas:
    canvas = Canvas(width, height)
    draw_board(canvas, state)
    return canvas


def tiles(canvas: Canvas) -> dict[str, str]:
    """Return the words of each terminal's tile."""
    found = ((r, m.partition(":")[2]) for r, m in canvas.targets if m.startswith("terminal:"))
    return {code: canvas.text(region) for region, code in found}


def height(width: int) -> int:
    return 24 if width < 110 else 36 if width < 150 else 45


@pytest.mark.parametrize("width", WIDTHS)
def test_every_tile_says_its_terminal_and_its_state(width: int) -> None:
    state = every_state()
    said = tiles(drawn(state, width, height(width)))
    assert said.keys() == state.day.floor.terminals.keys()
    for code, words in said.items():
        assert code in words
    fixed = {t.code for lane in ("application", "registration") for t in state.day.floor.terminals_of(lane)}
    for code in said.keys() - fixed:  # of those beside each other the state may be said once
        assert any(word in said[code] for word in STATES), (width, code, said[code])
    assert AT_CITY in said["T5"] and "故障" in said["T6"] and "休止" in said["T4"] and "担当なし" in said["T7"]
    whole_board = drawn(state, width, height(width)).text()
    assert all(word in whole_board for word in ("A1", "A2", "P1", "P2"))


@pytest.mark.parametrize("number", range(9))
@pytest.mark.parametrize("size", [SMALL, (100, 30), (110, 34), USUAL, LARGE], ids=str)
def test_any_number_of_terminals_of_a_lane_is_seen(number: int, size: tuple[int, int]) -> None:
    said = tiles(drawn(moved(number, "certificate"), *size))
    assert all(any(w in words for w in STATES) for code, words in said.items() if code.startswith("T")), said
    assert len(said) == 12


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=str)
def test_rows_stay_where_they_are_as_terminals_move_and_alerts_come(size: tuple[int, int]) -> None:
    def places(state: ConsoleState) -> list[tuple[int, str]]:
        rows = drawn(state, *size).text().split("\n")
        heads = ("申請サポート ", "決定待ち ", "在席 ", "記録 ")
        return [(y, head) for y, row in enumerate(rows) for head in heads if f" {row}".find(f" {head}") >= 0]

    calm = places(moved(6, "certificate"))
    assert len(calm) >= 4
    for number in (2, 3, 5, 8):
        assert places(moved(number, "certificate")) == calm
    troubled = [place for place in places(every_state()) if place in calm]
    assert troubled == calm


@pytest.mark.parametrize("size", [SMALL, (100, 24), USUAL], ids=str)
def test_both_lanes_tell_the_same_figures(size: tuple[int, int]) -> None:
    """What is most needed, the predicted and the longest wait, stands in the crowded lane and in the quiet one."""
    text = drawn(surge_at("10:20"), *size).text()
    assert len(re.findall("最長 ", text.partition("決定待ち")[0])) >= 2
    assert re.search("最後の人 約", text) and re.search("(いま来た人|予約(のある人|あり)) ", text)


@cache
def with_a_move() -> ConsoleState:
    return hall(entries_of(lopsided()), "10:14")


@pytest.mark.parametrize("width", range(60, 161, 4))
def test_the_advice_keeps_what_a_move_gains_and_what_it_costs(width: int) -> None:
    state = with_a_move()
    line = drawn(state, width, height(width)).text().split("\n")[3]
    said = state.forecasts.advice()
    assert said is not None and said.option is not None and said.option.moves[0] in line
    wait = "(?:[0-9]+時間)?[0-9]+分"
    assert len(re.findall(f"{wait}から{wait}", line)) == 2, line


def cuts(canvas: Canvas) -> list[str]:
    """Return the rows with a cut word; of the journal, in which people write, only what stands beside it."""
    rows = canvas.text().split("\n")
    for region, meaning in canvas.targets:
        if meaning.startswith("journal:"):
            rows[region.y] = canvas.text(Region(0, region.y, region.x, 1))
    return [row for row in rows if re.search(r"[^ 0-9.]\.\.|…", row)]


@pytest.mark.parametrize("width", WIDTHS[2:])
def test_no_word_of_the_board_is_cut(width: int) -> None:
    for state in (every_state(), surge_at("10:20"), surge_at("16:50"), moved(8, "certificate"), before_opening()):
        assert cuts(drawn(state, width, height(width))) == []


@pytest.mark.parametrize("name", other_sites.OTHERS)
@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=str)
def test_no_word_of_another_site_is_cut(name: str, size: tuple[int, int]) -> None:
    site = other_sites.site_of(name)
    told = entries_of(map(json.loads, other_sites.feed(name).splitlines()))
    for at in ("08:20", "11:10", "15:10"):
        state = hall(told, at, site=site, day=other_sites.DAY)
        canvas = drawn(state, *size)
        assert cuts(canvas) == []
        assert tiles(canvas).keys() == state.day.floor.terminals.keys()


def test_a_lane_of_twenty_terminals_is_seen_as_far_as_there_is_room() -> None:
    for number in range(1, 21):
        for width in range(38, 161):
            for rows, cards in ((6, True), (6, False), (4, False)):
                form = shape(number, width, rows, cards=cards)
                each = (width + 1) // form.columns - 1
                assert each >= 7 and form.columns * (rows // form.rows) >= form.shown
                assert form.shown == number or form.rows == 1
                assert form.shown == number or number > 2 * rows, (number, width, rows, form)


def test_numbers_are_told_apart_where_there_is_little_room() -> None:
    story = Story(prefix="l").opens("08:30", **{f"T{n}": "certificate" for n in range(3, 9)})
    numbers = [f"20260914-更新-{n:03d}" for n in range(6)]
    for n, number in enumerate(numbers):
        story.issues(number, at=f"08:4{n}").calls(number, f"T{n + 3}", f"08:5{n}")
    state = hall(story.entries(), "09:00")
    for size in (SMALL, USUAL, LARGE):
        said = tiles(drawn(state, *size))
        assert all(f"-{n:03d}" in said[f"T{n + 3}"] for n in range(6)), said
        journal = drawn(state, *size).text().partition("記録 ")[2]
        assert all(f"-{n:03d}" in journal for n in (3, 4, 5))


def test_a_number_is_cut_at_its_front_and_a_sentence_between_words() -> None:
    assert tail("20260914-更新-005", 8) == "..新-005" and tail("B041", 8) == "B041"
    assert whole("受付終了 交付・申請サポート 16:30", 12) == "受付終了"
    assert whole("メモ 記載台の鉛筆を三本補充して戻した", 20) == "メモ 記載台の鉛筆.."
    assert whole("応援 電子証明書に10人、交付に待つ人なし", 21) == "応援 電子証明書に.."


def row_with(words: str, shown: str) -> str:
    return next(row for row in shown.split("\n") if words in row)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
def test_the_rest_of_a_window_is_a_length_of_time(size: tuple[int, int]) -> None:
    shown = drawn(hall(surge(), "13:20"), *size).text()
    assert "あと3時間10分" in shown and "あと3時間40分" in shown


@pytest.mark.parametrize("size", [(76, 24), (80, 24), (120, 36)])
def test_a_third_window_cuts_nothing_of_the_others(size: tuple[int, int]) -> None:
    stop = Story(source="console", prefix="s").tells("reception.stopped", "10:00", service="cert_renewal")
    row = drawn(hall([*surge(), *stop.entries()], "10:20"), *size).text().split("\n")[1]
    assert "証明書更新  打切り" in row or row.rstrip().endswith(" ほか"), row
    assert not re.search("あと[0-9時間]*$|[0-9] ほか", row.rstrip()), row


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_after_the_reception_nobody_is_told_a_wait(size: tuple[int, int]) -> None:
    shown = drawn(hall(surge(), "17:10"), *size).text()
    assert "いま来た人" not in shown and "予約なし" not in shown
    assert shown.count("受付終了") >= 4  # the two windows, and the lanes that say the same


def test_the_terminals_of_a_lane_say_alike_how_long() -> None:
    story = Story(prefix="l").opens("08:30", 2)
    for n in range(3, 9):
        story.issues(f"B{n:03d}", at="08:31").calls(f"B{n:03d}", f"T{n}", "08:45")
    state = hall(story.entries(), "11:05")
    for width in range(112, 130):
        row = row_with("応対中", drawn(state, width, 36).text())
        said = re.findall("応対中 ?2時間", row)
        assert len(said) == 6 and len({*said}) == 1, (width, row)


def test_a_hall_that_counts_heads_has_served_an_unknown_number() -> None:
    story = Story(prefix="l").opens("08:30", 2)
    for n in range(1, 6):
        story.issues(f"B{n:03d}", at=f"08:3{n}")
    shown = drawn(hall(story.counts("certificate", 2, "08:50").entries(), "08:55"), *SMALL).text()
    assert "待ち 2人  完了 -" in shown


def test_what_came_of_a_half_hour_after_the_last_record_of_a_silent_source_is_unknown() -> None:
    story = Story(prefix="l").opens("08:30", 2).issues("B001", at="08:31").calls("B001", "T3", "08:45")
    shown = drawn(hall(story.entries(), "11:05"), *LARGE).text()
    assert re.search(r" 8:30 +- +- +1 +-", shown) and re.search(r"10:30 +- +- +- +-", shown), shown


def test_the_windows_of_one_lane_have_different_names() -> None:
    site = other_sites.site_of("mitsuba")
    state = hall(entries_of(other_sites.lines("mitsuba", "11:00")), "11:00", site=site, day=other_sites.DAY)
    row = drawn(state, *LARGE).text().split("\n")[1]
    assert row.count("とちり") == 1 and "他  受付前" in row, row


def test_a_fixed_terminal_stands_beside_its_state_on_any_width() -> None:
    state = hall(surge(), "13:20")
    for width in range(60, 81):
        rows = [row.strip() for row in drawn(state, width, 24).text().split("\n")]
        assert not any(
            re.search("[AP][12]$", row) and "空き" in "".join(rows[n + 1 : n + 2])[:4] for n, row in enumerate(rows)
        ), rows


def test_who_works_without_a_record_is_not_denied() -> None:
    story = Story(prefix="l").opens("08:30", 2).issues("B001", at="08:31").calls("B001", "T3", "08:45")
    shown = drawn(hall(story.entries(), "08:50"), *SMALL).text()
    assert "在席の記録なし" in shown and "まだ誰もいません" not in shown


def test_no_word_is_grey_on_a_reversed_line() -> None:
    palette = Palette("mono")
    assert palette.style("dim", "panel").dim and not palette.style("dim", "card_on").dim


@pytest.mark.parametrize("size", [USUAL, LARGE], ids=str)
def test_rows_stay_where_they_are_as_the_doors_open(size: tuple[int, int]) -> None:
    def place(state: ConsoleState) -> list[int]:
        return [y for y, row in enumerate(drawn(state, *size).text().split("\n")) if row.startswith(" 在席 ")]

    assert place(before_opening()) == place(moved(6, "certificate")) != []


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=str)
def test_a_lane_known_by_head_counts_alone_says_that_its_calls_are_not_recorded(size: tuple[int, int]) -> None:
    told = Story(source="console", prefix="h").opens("08:30")
    for n in range(6):
        told.issues(f"B{n:03d}", "cert_renewal", f"09:0{n}")
    told.tells("queue.counted", "09:30", lane="certificate", waiting=2)
    said = tiles(drawn(hall(told.entries(), "10:20"), *size))
    assert "呼出" in said["T8"] and "記録なし" in said["T8"] and "時間" not in said["T8"]
    assert "記録なし" not in said["T1"]


def test_a_service_wider_than_its_card_stands_on_two_lines() -> None:
    told = Story(source="console", prefix="w").opens("08:30", **{f"T{n}": "certificate" for n in range(3, 9)})
    told.issues("B001", "reissue_application", "10:10").calls("B001", "T5", "10:11")
    said = tiles(drawn(hall(told.entries(), "10:20"), *USUAL))["T5"]
    assert "申請書" in said and "再発行" in said and ".." not in said
