"""Rehearsals: scenarios and their mishaps, the play against the same day otherwise managed, the review and its record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from floorctl.advice import played_waits as w
from floorctl.advice.advise import Adviser
from floorctl.advice.policies import AsWas
from floorctl.advice.review import Review
from floorctl.cli.text_review import list_text, review_text
from floorctl.common.clock import JST
from floorctl.console.lending import OwnLoans
from floorctl.documents.training.record import document, record_files
from floorctl.documents.training.words import waits_rows
from floorctl.intake.demand_table import demand_table
from floorctl.intake.feed import parse_line
from floorctl.intake.site_file import data_dir
from floorctl.models.facts.entry import Entry
from floorctl.models.site.scenario import WAITING, Expectation, Message, MishapPlan, Scenario
from floorctl.rehearsal.drill import SOURCE, Drill
from floorctl.rehearsal.scenario_files import load_scenario, mishaps_of, shipped
from floorctl.simulation.live import LiveHall
from floorctl.simulation.mishaps import Mishap
from floorctl.simulation.recorded_day import record
from floorctl.simulation.replay import ReplayHall
from floorctl.usecases.forecasting import new_forecaster
from floorctl.usecases.session import Session
from tests.contract.contract_cli import run
from tests.printed_pages import prints_well
from tests.rehearsal.plays import played_by_hand
from tests.story import kumagaya
from tests.xlsx import Xlsx

HOUR = 3600
NAMES = ("quiet", "surge", "outage", "printers", "officials", "lost-card", "power-cut")
DONE_ON = date(2026, 11, 24)


def scenario(name: str) -> Scenario:
    return load_scenario(name, kumagaya())[1]


def drill(folder: Path, name: str, **more: Any) -> Drill:
    return Drill(folder / "drill.db", None, name, scenario(name), **more)


# ---- scenario files


def test_every_shipped_scenario_is_whole_and_listed_on_a_line() -> None:
    found, unfit = shipped(kumagaya())
    assert (tuple(found), unfit) == (NAMES, {})
    lines = list_text(found).split("\n")
    assert len(lines) == 1 + len(NAMES)
    for name, s in found.items():
        assert s.expectations, name
        last = max(e.at for e in s.expectations)
        assert s.starts <= min(e.at for e in s.expectations) <= last < s.ends, name
        assert all(s.starts <= m.at < s.ends for m in (*s.messages, *s.mishaps)), name
    assert [m.kind for s in found.values() for m in s.mishaps] == ["failure", "outage", "slow", "officials", "power"]


def test_another_site_has_the_scenarios_that_fit_it(tmp_path: Path) -> None:
    """A counter without a terminal T6 cannot rehearse its failure: that is said, and the others are there."""
    site = (data_dir() / "kumagaya.toml").read_text(encoding="utf-8").replace('code = "T6"', 'code = "T9"')
    path = tmp_path / "site.toml"
    path.write_text(site, encoding="utf-8")
    told = run("--site", path, "rehearse")
    assert told.status == 0 and "できない想定\n  surge: " in told.out and "T6" in told.out and "\noutage " in told.out
    told = run("--site", path, "rehearse", "surge", "--no-console")
    assert told.status == 2 and "surge.toml の" in told.err and "会場設定にありません" in told.err


PAGE = (data_dir().parent / "docs" / "rehearsal.md").read_text(encoding="utf-8")


def test_the_page_for_trainers_is_right(tmp_path: Path) -> None:
    """Its example is a scenario, and it names every key, every kind of mishap, every shipped scenario and every option."""
    path = tmp_path / "example.toml"
    path.write_text(PAGE.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert load_scenario(str(path), kumagaya())[1].expectations
    keys = {k for m in (Scenario, Message, MishapPlan, Expectation) for k in m.__dataclass_fields__}
    kinds = set(get_args(get_type_hints(MishapPlan)["kind"]))
    assert {k for k in keys | kinds if k not in PAGE} == set()
    assert {n for n in NAMES if f"| `{n}` |" not in PAGE} == set()
    options = {o for o in run("rehearse", "--help").out.split() if re.fullmatch("--[a-z-]+", o)}
    assert {o for o in options if o not in PAGE} == {"--help", "--list", "--no-mouse"}


# ---- what goes wrong in the hall


def lines_of(
    *mishaps: Mishap, acts: Callable[[LiveHall], None] | None = None, at: int = 0, **more: bool
) -> tuple[LiveHall, list[Any]]:
    """A whole normal day with these mishaps; ``acts`` once ``at`` (second of the day) has come."""
    day = date(2027, 2, 15)
    hall = LiveHall(kumagaya(), day, 5, "normal", demand_table(), manager_moves=True, mishaps=mishaps, **more)
    lines = []
    if acts is not None:
        lines += hall.advance(datetime.combine(day, time(at // HOUR, at % HOUR // 60), JST))
        acts(hall)
    return hall, lines + hall.advance(datetime.combine(day, time(23, 59), JST))


def within(lines: list[Any], since: str, until: str, kind: str) -> list[Any]:
    return [x for x in lines if since <= x["at"][11:16] < until and x["kind"] == kind]


CERTIFICATES = ("cert_issue", "cert_renewal", "pin_reset")


def test_an_outage_stops_its_services_alone() -> None:
    hall, lines = lines_of(Mishap("outage", 10 * HOUR + 1800, 11 * HOUR, CERTIFICATES))
    service = {v.ticket: v.service for v in hall.visits()}
    called = [service[x["ticket"]] for x in within(lines, "10:30", "11:00", "ticket.called")]
    assert "card_issuance" in called
    assert not set(CERTIFICATES) & set(called)
    unfinished = [x for x in within(lines, "10:30", "10:35", "ticket.finished") if x.get("outcome") == "incomplete"]
    assert len(unfinished) >= 3
    assert {service[x["ticket"]] for x in within(lines, "11:00", "11:05", "ticket.called")} & set(CERTIFICATES)


def test_without_power_nothing_is_told_and_nobody_is_served() -> None:
    """«ticket machine silent»: numbers are drawn again, and what was in hand goes on, when the power is back."""
    hall, lines = lines_of(Mishap("power", 10 * HOUR, 10 * HOUR + 1800))
    assert [x["at"] for x in lines if x["kind"] in ("ticket.issued", "ticket.called", "ticket.finished")
            and "10:00:01" <= x["at"][11:19] < "10:30:00"] == []  # fmt: skip
    waited = [v for v in hall.visits() if 10 * HOUR < v.came < 10 * HOUR + 1800]
    assert len(waited) >= 8, "they came, though no fact says so before"
    first = {x["ticket"]: x["at"][11:16] for x in lines if x["kind"] == "ticket.issued"}
    assert {first[v.ticket] for v in waited} == {"10:30"}


def test_a_number_by_hand_goes_to_who_stands_there() -> None:
    """The manager's ticket is that of the visitor who came first for that service; nobody is invented."""

    def by_hand(hall: LiveHall) -> None:
        stands = [service for _, service in hall.without_number]
        assert stands
        hall.react({"kind": "ticket.issued", "id": "x", "ticket": "Z900", "service": stands[0]})
        assert len(hall.without_number) == len(stands) - 1

    power = Mishap("power", 10 * HOUR, 10 * HOUR + 1800)
    hall, _ = lines_of(power, acts=by_hand, at=10 * HOUR + 1200)
    plain, _ = lines_of(power)
    assert len(hall.visits()) == len(plain.visits())
    (given,) = [v for v in hall.visits() if v.ticket == "Z900"]
    assert 10 * HOUR < given.came < 10 * HOUR + 1200
    assert given.came in {v.came for v in plain.visits()}


@pytest.mark.parametrize("service", ["cert_renewal", "card_issuance", "other"])
def test_numbers_by_hand_change_who_comes_by_nobody(service: str) -> None:
    """Ten numbers at once, before anybody stands there and of one service: held by those who come, and no wait grows."""

    def by_hand(hall: LiveHall) -> None:
        for n in range(10):
            hall.react({"kind": "ticket.issued", "id": f"x{n}", "ticket": f"Z{n:03d}", "service": service})

    power, at = Mishap("power", 10 * HOUR, 10 * HOUR + 1800), 10 * HOUR + 60
    hall, _ = lines_of(power, acts=by_hand, at=at, nobody_invented=True)
    plain, _ = lines_of(power)
    since, until = 10 * HOUR, 11 * HOUR
    people = w.compared(hall.visits(), plain.visits(), since, until)
    played, none = (w.course(kumagaya(), h.visits(), [], since, until, people) for h in (hall, plain))
    assert (played.all.n, played.called, played.unheld) == (none.all.n, none.called, 0)
    assert played.all.mean_s == pytest.approx(none.all.mean_s, rel=0.02)


def test_calls_at_dead_terminals_shorten_no_wait() -> None:
    """Who is called without power waits until it is back; who is sent home before was not called."""
    power, at = Mishap("power", 10 * HOUR, 10 * HOUR + 1800), 10 * HOUR + 300

    def call(hall: LiveHall) -> None:
        person = next(v for v in hall.visits() if v.state == "waiting")
        desk = next(t for t, x in hall.snapshot()["terminals"].items() if x["lane"] == person.lane and x["staff"])
        hall.react({"kind": "ticket.called", "id": "x", "ticket": person.ticket, "terminal": desk})

    def call_and_finish(hall: LiveHall) -> None:
        number = next(v.ticket for v in hall.visits() if v.state == "waiting")
        call(hall)
        hall.react({"kind": "ticket.finished", "id": "y", "ticket": number})

    called, _ = lines_of(power, acts=call, at=at)
    finished, _ = lines_of(power, acts=call_and_finish, at=at)
    sent = [v for v in finished.visits() if v.called is None and v.state == "finished"]
    assert [v.ended for v in sent] == [at]
    assert [v.called for v in called.visits() if v.ticket == sent[0].ticket] == [power.until]
    for hall in (called, finished):
        course = w.course(kumagaya(), hall.visits(), [], 10 * HOUR, 11 * HOUR, {}, [power])
        # The call ended the case at the desk, too.
        assert (course.sent_off, course.sent_off_uncalled) == ((1, 0) if hall is called else (2, 1))
        assert not [v for v in hall.visits() if v.called is not None and power.at < v.called < power.until]


def test_a_number_for_nobody_is_called_in_vain_and_said(tmp_path: Path) -> None:
    def by_hand(hall: LiveHall) -> None:
        hall.react({"kind": "ticket.issued", "id": "x", "ticket": "Z900", "service": "cert_renewal"})

    hall, lines = lines_of(acts=by_hand, at=10 * HOUR, nobody_invented=True)
    (given,) = [v for v in hall.visits() if v.who is None]
    assert (given.ticket, given.state) == ("Z900", "no_show")
    assert [x["kind"] for x in lines if x.get("ticket") == "Z900"] == ["ticket.called", "ticket.no_show"]
    hall, _ = lines_of(acts=by_hand, at=10 * HOUR)
    (given,) = [v for v in hall.visits() if v.who is None]
    assert given.state == "finished", "in the demo somebody unexpected holds it"


def test_a_wrong_head_count_sends_nobody_away() -> None:
    """In a rehearsal no wait gets shorter by counting fewer than stand there."""

    def counts(hall: LiveHall) -> None:
        assert hall.snapshot()["waiting"]["certificate"] > 0
        hall.react({"kind": "queue.counted", "id": "x", "lane": "certificate", "waiting": 0})

    outage, at = Mishap("outage", 10 * HOUR, 11 * HOUR, CERTIFICATES), 10 * HOUR + 1800
    hall, _ = lines_of(outage, acts=counts, at=at, nobody_invented=True)
    plain, _ = lines_of(outage)
    assert [(v.ticket, v.state, v.called) for v in hall.visits()] == [
        (v.ticket, v.state, v.called) for v in plain.visits()
    ]


def test_absent_officials_take_nothing_until_they_are_back() -> None:
    _, lines = lines_of(Mishap("officials", 10 * HOUR, 12 * HOUR + 1800, present=0))
    assert within(lines, "10:00", "12:30", "escalation.raised")
    assert within(lines, "10:02", "12:30", "escalation.taken") == []
    assert [x["present"] for x in within(lines, "10:00", "12:31", "officials.changed")] == [0, 1]
    assert within(lines, "12:30", "12:40", "escalation.taken")


def test_terminals_fail_and_are_repaired_and_cases_take_longer() -> None:
    failure = Mishap("failure", 10 * HOUR, 11 * HOUR, terminals=("T5",), fault="応答なし")
    _, lines = lines_of(failure)
    failed = [x for x in lines if x["kind"] == "terminal.failed" and x["terminal"] == "T5"]
    assert failed and failed[0]["at"][11:13] == "10"
    assert [x for x in within(lines, "11:00", "11:01", "terminal.repaired") if x["terminal"] == "T5"]
    assert not [x for x in within(lines, failed[0]["at"][11:16], "11:00", "ticket.called") if x["terminal"] == "T5"]
    slow, _ = lines_of(Mishap("slow", 9 * HOUR, 17 * HOUR, CERTIFICATES, seconds=300))
    plain, _ = lines_of()
    first = next(v for v in plain.visits() if v.service == "cert_renewal" and v.came > 9 * HOUR)
    (longer,) = [v for v in slow.visits() if v.ticket == first.ticket]
    assert first.ended and first.called and longer.ended and longer.called
    assert (longer.ended - longer.called) - (first.ended - first.called) == 300


# ---- the play


def test_a_play_in_which_nobody_acts_is_the_day_without_action(tmp_path: Path) -> None:
    """With a power cut, numbers that nobody gives, late facts and all."""
    played = drill(tmp_path, "power-cut", ends=time(14, 10))
    told: list[str] = []
    played.tell = lambda notice: told.append(notice.title)
    played.prepare()
    assert told == []
    played.play_out()
    review = played.review("S05", DONE_ON)
    assert review.courses["played"] == review.courses["no_action"]
    assert review.courses["played"].all.n > 20
    assert review.against_none_s == 0 and review.acts == {} and review.moves == []
    assert [m.state for m in review.met] == ["missed", "missed", "missed", "missed", "open", "open"]
    assert told[0] == "会場案内" and "受付案内" in told
    session = Session(kumagaya(), played.path)
    floor = session.floor(played.scenario.day)
    session.close()
    assert floor.anomalies == {}
    assert sum("停電です" in str(e.fact) for e in floor.entries) == 1
    assert not any(WAITING in str(e.fact) for e in floor.entries)


def test_a_play_may_begin_before_anybody_is_there(tmp_path: Path) -> None:
    d = drill(tmp_path, "quiet", starts=time(7, 0), ends=time(7, 1))
    d.prepare()
    assert d.clock() == d.starts
    d.play_out()
    review = d.review("", DONE_ON)
    assert review.courses["played"].all.n == 0
    assert "この時間に待った人はいません" in review_text(review, kumagaya())


def test_the_hall_and_the_replay_of_it_agree() -> None:
    """The bounds are replays: of the day as it was the same replay says what the hall itself says, five seconds before.

    One call on the edge of a break may go to another terminal: on the day of the power cut it does.
    """
    for name, within_s in (("surge", 6), ("outage", 6), ("power-cut", 60)):
        s = scenario(name)
        d = Drill(Path("none.db"), None, name, s)
        hall = d._new_hall()
        lines = [parse_line(json.dumps(x).encode(), kumagaya()) for x in hall.advance(d._midnight())]
        entries = [Entry(n, SOURCE, f.at, SOURCE, f) for n, f in enumerate(lines, 1)]
        since, until = (x.hour * HOUR + x.minute * 60 for x in (s.starts, s.ends))
        visits = hall.visits()
        day = w.replayable(record(kumagaya(), s.day, entries), kumagaya(), visits, mishaps_of(s))
        numbers = {v.ticket: v for v in w.waiting_within(visits, since, until)}
        people = w.compared(visits, visits, since, until)
        live = w.course(kumagaya(), visits, [], since, until, people)
        again = w.replayed(kumagaya(), day, AsWas(), numbers, people)
        assert (again.all.n, again.left, again.called) == (live.all.n, live.left, live.called)
        assert w.replayed(kumagaya(), day, AsWas(), numbers, people, ReplayHall(day, AsWas()).run().called) == replace(
            live, turned_away=None
        )
        assert again.all.mean_s == pytest.approx(live.all.mean_s, abs=within_s)


def test_who_took_everything_back_has_acted(tmp_path: Path) -> None:
    """The hall had followed the act meanwhile: that nothing was done and the waits are those of nobody is not said."""
    d = drill(tmp_path, "quiet", starts=time(9, 15), ends=time(9, 18))
    d.prepare()
    session = Session(d.site, d.path, clock=d.clock, actor="console")

    def takes_it_back(at: datetime) -> None:
        if at.minute == 16 and not at.second:
            d.react(session.act("terminal.assigned", {"terminal": "T2", "lane": "certificate"}))
        if at.minute == 17 and not at.second:
            d.react(session.undo())

    d.play_out(takes_it_back)
    session.close()
    review = d.review("S05", DONE_ON)
    assert review.acts == {"retracted": 1} and review.moves == []
    assert "操作の記録がない" not in review_text(review, d.site) and "取消し 1件" in review_text(review, d.site)


def test_every_column_is_of_the_same_people(tmp_path: Path) -> None:
    """Who waits beyond the end is served in the pooled course too, whatever its terminals called last."""
    courses = drill(tmp_path, "power-cut", seed=1)._courses()
    assert len({c.all.n for c in courses.values()}) == 1 and courses["played"].all.n > 30


def test_a_trainee_who_takes_the_advice_shortens_the_waits(tmp_path: Path) -> None:
    d = drill(tmp_path, "surge")
    d.prepare()
    session = Session(d.site, d.path, clock=d.clock, actor="console")
    forecaster, loans = new_forecaster(session, session.today), OwnLoans(session, session.today)

    def takes_the_advice(at: datetime) -> None:
        if at.second:
            return
        session.refresh()
        if not session.floor().lend_permit:
            d.react(session.act("lending.permitted", {"terminals": ["T1", "T2", "T3"]}))
        if (done := loans.look(at)) is not None:
            d.react(done.entries)
        if at.minute % 3:
            return
        floor, register, now = session.floor(), session.register(), session.clock()
        verdict = Adviser(floor, forecaster.times(floor, now), forecaster.demand(floor, register, now), now).verdict()
        for terminal in verdict.option.moves if verdict.option is not None else ():
            fields = {"terminal": terminal, "lane": verdict.option.to, "reason": "提案"}
            d.react(session.act("terminal.assigned", fields))

    d.play_out(takes_the_advice)
    session.close()
    review = d.review("S05", DONE_ON)
    change, courses = review.against_none_s, review.courses
    assert review.moves and change is not None and change <= -120
    assert courses["played"].all.mean_s == pytest.approx(courses["advice"].all.mean_s, rel=0.35)
    assert courses["played"].turned_away == 0
    (moved, *_) = review.met
    assert moved.state == "met" and moved.expectation.kinds == ("terminal.assigned", "terminal.lent")
    assert_told(review)


def assert_told(review: Review) -> None:
    """The text, the sheet and the JSON say the same figures; the record knows a code and no name."""
    site = kumagaya()
    text = review_text(review, site)
    files = record_files(review, site, datetime(2026, 11, 24, 10, 30, tzinfo=JST))
    assert files == record_files(review, site, datetime(2026, 11, 24, 10, 30, tzinfo=JST))
    assert [Path(n).name for n in files] == [f"研修記録_2026-11-24_1030_surge_S05.{x}" for x in ("xlsx", "json")]
    sheet, raw = files.values()
    prints_well(Xlsx(sheet))
    cells = [str(v) for _, row in Xlsx(sheet).cells("研修記録") for v in row.values()]
    for row in waits_rows(review, site):
        assert row[0] in cells and all(figure in text for figure in row)
        assert all(figure in cells for figure in row)
    found = json.loads(raw)
    assert found == document(review)
    mean = review.courses["played"].all.mean_s
    assert mean is not None and found["waits"]["played"]["mean_s"] == int(mean)
    assert found["waits"]["advice"]["turned_away"] is None
    assert "S05" in text and any("S05" in c for c in cells) and found["staff"] == "S05"
    for surname in ("佐藤", "田島", "伊藤"):
        assert surname not in text + raw.decode() + "".join(cells)


# ---- the command


def test_the_list_is_there_without_a_name(tmp_path: Path) -> None:
    for args in ((), ("--list",)):
        told = run("rehearse", *args)
        assert told.status == 0
        assert all(f"\n{name} " in told.out for name in NAMES)
    listed = json.loads(run("rehearse", "--list", "--json").out)
    assert [x["scenario"] for x in listed] == list(NAMES)


def test_without_a_console_the_review_is_that_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--record`` alone touches the real file, by the rules of the training register."""
    db, out = tmp_path / "f.db", tmp_path / "out"
    play = ("rehearse", "quiet", "--staff", "S05", "--out", out, "--json")
    first = run(*play, "--no-console", db=db, now="2026-11-24T10:30")
    assert first.status == 0 and not db.exists()
    said = json.loads(first.out)
    assert (said["recorded"], said["by_hand"], said["done_on"]) == (False, False, "2026-11-24")
    assert said["waits"]["played"] == said["waits"]["no_action"]
    assert sorted(p.name for p in out.iterdir()) == sorted(Path(p).name for p in said["paths"])
    told = run(*play, "--no-console", "--record", db=db, now="2026-11-24T10:40")
    assert told.status == 2 and "受講者が操作しません" in told.err and not db.exists()
    played_by_hand(monkeypatch)
    again = json.loads(run(*play, "--record", db=db, now="2026-11-24T10:40").out)
    assert again["recorded"] is True
    register = run("register", "export", "training", db=db, now="2026-11-24T11:00").out
    assert "S05" in register and "procedures" in register and "2026-11-24" in register
    told = run(*(x for x in play if x != "--json"), "--record", db=db, now="2026-11-24T10:50").out
    assert "台帳には同じ日の記録があります" in told and "操作の記録が0件です。研修をしたことにするかは" in told


def test_a_part_of_a_scenario_makes_no_record(tmp_path: Path) -> None:
    """Begun when all that matters is over: there is a review, and nothing to sign."""
    play = ("rehearse", "quiet", "--from", "09:15", "--until", "09:20", "--out", tmp_path / "out")
    told = run(*play, "--no-console", db=tmp_path / "f.db", now="2026-11-24T10:30")
    assert told.status == 0 and not (tmp_path / "out").exists()
    assert "研修記録は作りません" in told.err and "training.recorded" not in told.out
    assert "作りません。想定の出来事が演習の時間に収まっていません（始まる前 11件）" in told.out
    told = run(*play, "--record", "--staff", "S05", db=tmp_path / "f.db", now="2026-11-24T10:30")
    assert told.status == 2 and "始まる前に11件" in told.err
    # Nothing was missed, and it is no whole scenario all the same.
    late = ("rehearse", "lost-card", "--from", "14:05", "--record", "--staff", "S05")
    told = run(*late, db=tmp_path / "f.db", now="2026-11-24T10:30")
    assert told.status == 2 and "想定の始まり（14:00）より後から始めます" in told.err


def test_a_folder_that_cannot_be_written_takes_nothing_of_the_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has played for a quarter of an hour: what it came to is told, and the training recorded, all the same."""
    played_by_hand(monkeypatch)
    (tmp_path / "out").touch()
    args = ("--staff", "S05", "--record", "--out", tmp_path / "out" / "x")
    told = run("rehearse", "quiet", *args, db=tmp_path / "f.db", now="2026-11-24T10:30")
    assert told.status == 1 and "書き出せません" in told.err
    assert "待ち時間" in told.out
    register = run("register", "export", "training", db=tmp_path / "f.db", now="2026-11-24T11:00").out
    assert "S05" in register and "procedures" in register


def test_who_is_to_be_recorded_is_known_before_the_play(tmp_path: Path) -> None:
    db = tmp_path / "f.db"
    (tmp_path / "roster.csv").write_text("code\nS01\n", encoding="utf-8")
    run("roster", "import", tmp_path / "roster.csv", db=db, now="2026-11-24T09:00")
    for args, status, words in (
        (("--record",), 2, "--staff"),
        (("--staff", "佐藤"), 2, "職員コードが正しくありません"),
        (("--staff", "S09", "--record"), 1, "名簿にありません"),
        (("--from", "10:00", "--until", "9:00"), 2, "終わりが始まりより前"),
        (("--from", "10"), 2, "10:15 の形"),
    ):
        told = run("rehearse", "quiet", "--no-console", *args, db=db, now="2026-11-24T10:00")
        assert told.status == status and words in told.err, (args, told.err)
    told = run("rehearse", "quiet", db=db)
    assert told.status == 1 and "端末" in told.err
