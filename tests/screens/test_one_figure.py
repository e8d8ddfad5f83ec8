"""One figure, one source: at several moments of a surge the panels, screens, documents and `status` tell the same."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import pytest
from textual.geometry import Size

from floorctl.advice.forecast import Forecaster
from floorctl.common.lengths import length_word
from floorctl.common.words import AFTER_CLOSING, wait_word
from floorctl.console.forecasts import SLOT_CUTS
from floorctl.console.messages import Loaded, Taught
from floorctl.console.state import ConsoleState
from floorctl.console.state_parts import Settings
from floorctl.documents.day.record import day_record
from floorctl.intake.demand_table import demand_table
from floorctl.models.board.hall_page import hall_page
from floorctl.models.board.outlook import entrance_lines
from floorctl.models.board.status import status
from floorctl.models.facts.entry import Entry, Head
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.screens.board.picture import draw_board
from floorctl.screens.drawing.canvas import Canvas
from floorctl.screens.drawing.panel import Line, lay_line
from floorctl.screens.people.handover_brief import BriefView
from floorctl.screens.people.view import PeopleView
from floorctl.screens.results.cards import today_cards
from floorctl.screens.results.day_record import end_of_day
from floorctl.screens.results.forecast import ForecastView
from floorctl.screens.tickets.view import QueueView, minutes_cell
from tests.screens.team import line as roster_line
from tests.story import MONDAY, Story, entries_of, instant, kumagaya

MOMENTS = ("08:50", "10:20", "12:10", "14:20", "16:45")


@cache
def surge() -> tuple[list[Entry], list[Entry]]:
    """The facts of a surge, in which nobody is in charge twice, a place is vacant and somebody comes late; and the roster."""
    site = kumagaya()
    feed = entries_of(map(json.loads, simulated_feed(site, MONDAY, 8, "surge").splitlines()))
    told = Story(source="console", prefix="o")
    told.tells("charge.taken", "08:40", charge="site_manager", staff="S00")
    told.tells("staff.changed", "10:10", staff="S00", status="away", reason="急用")
    told.tells("staff.changed", "10:50", staff="S00", status="present")
    told.tells("charge.taken", "10:50", charge="site_manager", staff="S00")
    told.tells("vacancy.opened", "08:10", staff="S20", reason="連絡なし")
    told.tells("staff.changed", "09:20", staff="S21", status="late")
    told.tells("staff.changed", "12:00", staff="S00", status="away", reason="急用")
    roster = Story(source="console", prefix="r")
    for code in (f"S{n:02d}" for n in range(14)):
        roster.tells("staff.registered", "07:00", **roster_line(code))
    return sorted([*feed, *told.entries()], key=lambda e: e.fact.at), roster.entries()


@dataclass
class App:
    """Stand in for the console, as far as a screen asks it for its rows."""

    state: ConsoleState
    size: Size


class Hall:
    """The console's state at a moment, and the words of its screens."""

    def __init__(self, at: str) -> None:
        site, (entries, roster), self.now = kumagaya(), surge(), instant(at)
        self.state = ConsoleState(Settings(clock=lambda: self.now, frozen=True, pace_s=0))
        self.forecaster = Forecaster(site, MONDAY, demand_table(site))
        info = site_info()
        past = [e for e in entries if e.fact.at <= self.now]
        self.state.load(Loaded(site, MONDAY, info, past, roster, {}))
        self.state.questions.answers[SLOT_CUTS] = ()
        self.state.learn(Taught(MONDAY, self.forecaster))
        self.app = cast(Any, App(self.state, Size(160, 45)))
        self.floor, self.register = self.state.day.floor, self.state.day.register
        canvas = Canvas(160, 45)
        draw_board(canvas, self.state)
        self.board = canvas.text()
        waits = self.state.forecasts.waits()
        predicted = {lane: (w.last.p50_s, w.last.p90_s) for lane, w in waits.items() if w.last is not None}
        foreseen = self.state.forecasts.foreseen()
        self.status = status(
            self.floor, self.register, info, self.now, Head(0, ""), predicted=predicted, ahead=foreseen
        )
        self.record = day_record(self.floor, self.register, None, revision=1, now=self.now)
        self.brief = [tuple(text for text, _ in row.cells) for row in BriefView(self.app).rows(self.state)]

    def said(self, what: str) -> dict[str, str]:
        """The lines of the hand-over about the present, of one kind: whom, and what is said."""
        return {whom: text for when, word, whom, text in self.brief if when == "いま" and word == what}

    @property
    def people(self) -> str:
        """The head and the side of F4."""
        view = PeopleView(self.app)
        canvas = Canvas(60, 40)
        view.draw_side(canvas, self.state, 0, 0, 60, 40)
        return " ".join(text for text, _ in view.summary(self.state)) + "\n" + canvas.text()

    @property
    def results(self) -> str:
        """The cards of F7."""
        cards = today_cards(self.floor, end_of_day(self.state).record, self.now, None, 0)
        lines = [words for card in cards for words in card.words]
        canvas = Canvas(120, len(lines))
        for y, words in enumerate(lines):
            lay_line(canvas, words if isinstance(words, Line) else Line(words), 0, y, 120)
        return canvas.text()

    @property
    def forecast(self) -> str:
        """The last calls of F6."""
        canvas = Canvas(60, 40)
        ForecastView(self.app).draw_side(canvas, self.state, 0, 0, 60, 40)
        return canvas.text()


@cache
def site_info() -> Any:
    from floorctl.models.register.register import Register

    return Register().calendar(kumagaya()).day_info(MONDAY)


@cache
def hall(at: str) -> Hall:
    return Hall(at)


@pytest.mark.parametrize("at", MOMENTS)
def test_who_waits(at: str) -> None:
    h = hall(at)
    for lane in h.status["lanes"]:
        name, n = kumagaya().lane_by_code[lane["lane"]].name, lane["waiting"]
        assert h.said("待ち")[name].startswith(f"待ち {n}人 ")
        assert f"{name} いま {n}人" in h.results
        assert re.search(rf"{name} .*\n *待ち {n}人", h.forecast) or name not in h.forecast


@pytest.mark.parametrize("at", MOMENTS)
def test_the_totals_of_the_day(at: str) -> None:
    h = hall(at)
    issued, served = len(h.floor.tickets), sum(lane["served"] for lane in h.status["lanes"])
    assert f"本日計 {issued}人" in h.board
    assert f"計 発券 {issued:,}  完了 {served:,}" in h.results
    assert issued == len(h.record.tickets) and served == sum(h.record.counts.values())
    for lane in kumagaya().movable_lanes:
        own = h.state.day.counts()[lane]
        assert re.search(rf"完了 {own.served}人(?:  発券 {own.issued}枚)?", h.board)
        assert f"{kumagaya().lane_by_code[lane].name} {own.served}／{own.issued}" in h.results


@pytest.mark.parametrize("at", MOMENTS)
def test_who_is_here(at: str) -> None:
    h = hall(at)
    n = sum(s.at_work for s in h.floor.staff.values())
    assert f"在席 {n}名" in h.board and f"在席 {n}" in h.people and f"{n}名" in h.said("在席")
    away = [s["staff"] for s in h.status["staff"] if s["status"] in ("on_break", "away", "absent")]
    assert set(h.said("休憩")) | set(h.said("離席")) | set(h.said("欠勤")) == set(away)
    if at != "08:50":
        assert "S21" not in h.said("遅刻") and "S21" in h.record.attended, "who came late is here"


@pytest.mark.parametrize("at", MOMENTS)
def test_the_minutes_of_a_vacancy(at: str) -> None:
    h = hall(at)
    minutes = {"08:50": 10, "10:20": 20, "12:10": 60, "14:20": 190, "16:45": 335}[at]
    said = f"{minutes}分" if minutes < 60 else f"{minutes // 60}時間{minutes % 60:02d}分"
    assert h.record.charge_vacant_s == 60 * minutes
    assert f"受付中の不在 {said}" in h.people
    if h.floor.holder() is None:
        (alert,) = [a["text"] for a in h.status["alerts"] if a["code"] == "no_site_manager"]
        assert f"受付中の不在 {said}" in alert and h.said("現場責任者") == {"不在": f"受付中の不在 {said}"}
    (uncovered,) = [v.uncovered_s // 60 for v in h.record.vacancies]
    since = f"{uncovered}分" if uncovered < 60 else f"{uncovered // 60}時間{uncovered % 60:02d}分"
    (vacancy,) = [a["text"] for a in h.status["alerts"] if a["code"] == "vacancy"]
    assert vacancy.startswith(f"S20 {since} ") and h.said("欠員")["S20"].endswith(f" {since}")
    assert re.search(rf"S20 8:10〜 *{since}", h.people)


@pytest.mark.parametrize("at", MOMENTS)
def test_whose_wait_it_is(at: str) -> None:
    """The last person's on the board, in `status` and in b; of who arrives now at the entrance, of both kinds if both come."""
    h = hall(at)
    rows = {row.key: [text for text, _ in row.cells] for row in QueueView(h.app).rows(h.state)}
    for lane in h.status["lanes"]:
        told, w = lane["predicted_wait_s"], h.state.forecasts.waits()[lane["lane"]]
        if told is None:
            continue
        if lane["lane"] in kumagaya().movable_lanes:
            assert f"最後の人 {wait_word(told['p50'])}" in h.board
        if w.last_ticket:
            assert minutes_cell(told["p50"]) in rows[w.last_ticket] and "最後の人" in rows[w.last_ticket][-1]
    coming = {lane: w.arrivals for lane, w in h.state.forecasts.waits().items()}
    full, short = entrance_lines(h.floor, h.state.day.flows(), h.now, coming, h.state.day.grounds())
    assert full.startswith("ただいまの待ち（いま来た人）") and short.startswith("いま来た人")
    both = "issuance" in coming and coming["issuance"].both and " 交付 " in full and "交付 受付" not in full
    assert both == ("予約のある人" in full) == ("予約のない人" in full)


@pytest.mark.parametrize("at", MOMENTS)
def test_visitors_read_on_their_page_what_is_read_aloud_at_the_entrance(at: str) -> None:
    """The waits of both kinds, and which lanes receive nobody any more."""
    h, day = hall(at), hall(at).state.day
    coming = {lane: w.arrivals for lane, w in h.state.forecasts.waits().items()}
    full = entrance_lines(h.floor, day.flows(), h.now, coming, day.grounds())[0]
    page = hall_page(
        h.floor, day.register, day.info, day.register.calendar(day.site), day.grounds(), coming, {}, h.now
    )  # fmt: skip
    kinds = {"with_appointment": "予約のある人 ", "without": "予約のない人 ", "all": ""}
    compared = 0
    for lane in page.lanes:
        name = kumagaya().lane_by_code[lane.code].name
        for w in lane.waits if lane.code in kumagaya().movable_lanes and f" {name} " in full else ():
            said = {"soon": "待ちなし", "beyond_closing": AFTER_CLOSING}.get(w.kind, "")
            if w.kind == "minutes" and w.minutes is not None:
                said = f"約{length_word(w.minutes[0])}"
            compared += w.kind not in ("not_known", "not_received")
            assert f"{kinds[w.who]}{said}" in full.partition(f" {name} ")[2], (full, lane)
    assert compared or "受付を終了" in full


@pytest.mark.parametrize("at", MOMENTS)
def test_the_end_of_the_day(at: str) -> None:
    """The last call of a lane, the alert and F6 reckon with the same people and the same stop."""
    h = hall(at)
    alerts = {a["code"]: a["text"] for a in h.status["alerts"]}
    for closing in h.state.forecasts.closings():
        name = kumagaya().lane_by_code[closing.lane].name
        if name in alerts.get("not_all_served", ""):
            assert f"約{closing.short}人" in alerts["not_all_served"] and f"約{closing.short}人" in h.forecast
            assert f"発券はあと{closing.may_give}枚" in alerts["not_all_served"] or not closing.may_give
        if name in alerts.get("last_call", ""):
            assert f"閉庁までに約{closing.servable}人" in alerts["last_call"]
            assert f"閉庁までに 約{closing.servable}人" in h.board


def test_the_hours_to_come_have_no_figures_yet() -> None:
    h = hall("12:10")
    plot = today_cards(h.floor, end_of_day(h.state).record, h.now, None, 0)[0].plot
    assert plot is not None and {"12", "13"} <= set(plot.ticks)
    for series in plot.series:
        assert [v is None for v in series.values] == [int(hour) > 12 for hour in plot.ticks]
