"""What the advice would have done in a month: replayed once, kept, never for another day, and said whichever way it goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from floorctl.advice.month_study import (
    FEW,
    DayStudy,
    MonthStudy,
    Waited,
    Way,
    month_study,
    too_little,
    unlike,
)
from floorctl.advice.person_minutes import Measured, measured
from floorctl.advice.study import ADVICE, AS_WAS, POOLED, policies
from floorctl.common.clock import seconds_between
from floorctl.documents.period.advice_study import STUDY_FACTS, STUDY_TABLES, minutes_sentence, sentence, study_facts
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.records_json import to_json
from floorctl.documents.period.workbook import period_xlsx
from floorctl.intake.demand_table import demand_table
from floorctl.simulation.recorded_day import record
from floorctl.simulation.replay import ReplayHall
from floorctl.usecases import kept_studies as studies
from floorctl.usecases import period_reports as reports
from floorctl.usecases.session import Session
from tests import halls
from tests.screens.harness import ingest
from tests.story import HandClock, Story, a_day, instant, kumagaya
from tests.xlsx import Xlsx

ONE, TWO, BY_HAND = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 16)


def busy(day: date, prefix: str, people: int) -> Story:
    """Three terminals, two lanes: everybody comes for a certificate between nine and ten."""
    lanes = {"T1": "issuance", "T2": "issuance", "T3": "certificate"}
    story = a_day(day, prefix=prefix).opens("08:30", **lanes)
    for n, t in enumerate(lanes, 1):
        story.staffs(t, f"S{n:02d}", "08:31")
    for n in range(people):
        at = instant("09:00", day) + timedelta(minutes=2 * n)
        called = instant("09:01", day) + timedelta(minutes=10 * n)
        story.issues(f"B{n + 1:03d}", "cert_renewal", at)  # type: ignore[arg-type]
        story.calls(f"B{n + 1:03d}", "T3", called)  # type: ignore[arg-type]
        story.finishes(f"B{n + 1:03d}", "T3", called + timedelta(minutes=9))  # type: ignore[arg-type]
    return story


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "floor.db"
    clock = HandClock(datetime.fromisoformat("2026-09-30T18:00:00+09:00"))
    by_hand = a_day(BY_HAND, prefix="c").tells("work.counted", "10:00", item="photo", count=40)
    for story in (busy(ONE, "a", 30), busy(TWO, "b", 24), by_hand):
        ingest(path, kumagaya(), story.lines, clock)
    return path


@pytest.fixture
def session(file: Path) -> Iterator[Session]:
    clock = HandClock(datetime.fromisoformat("2026-09-30T18:00:00+09:00"))
    found = Session(kumagaya(), file, clock=clock)
    yield found
    found.close()


def told_of(session: Session) -> tuple[PeriodRecord, list[date]]:
    said: list[date] = []
    found = reports.record_of(session, reports.month_of(ONE))
    return reports.studied(session, found, lambda n, most, day: said.append(day)), said


def test_the_figures_are_those_of_the_study(session: Session) -> None:
    found, _ = told_of(session)
    assert found.study is not None
    assert found.study.days == (ONE, TWO)
    assert found.study.left_out == ((BY_HAND, "no_arrivals"),)
    for name in (AS_WAS, ADVICE, POOLED):
        waits: list[int] = []
        by_day: list[Measured] = []
        for day in (ONE, TWO):
            recorded = record(session.site, day, session.floor(day).entries)
            outcome = ReplayHall(recorded, policies(session.site, demand_table())[name](recorded)).run()
            waits += outcome.all_waits
            by_day.append(measured(outcome))
        way = found.study.ways[name]
        assert (way.all.n, way.all.mean_s, way.all.max_s, way.by_day) == (
            len(waits),
            sum(waits) // len(waits),
            max(waits),
            tuple(by_day),
        )
    was, advised = (found.study.ways[x].all.mean_s for x in (AS_WAS, ADVICE))
    assert was is not None and advised is not None
    assert advised < was, "two terminals stood idle beside a queue"
    assert "短くなっていた見込みです" in sentence(found.study, kumagaya())


def test_a_day_is_replayed_once(session: Session, file: Path) -> None:
    """Kept or made anew, the report has the same bytes; what was kept of another day, or was changed, is not used."""
    kept = file.parent / "studies" / "floor.json"
    kept.unlink(missing_ok=True)
    first, said = told_of(session)
    assert said == [ONE, TWO, BY_HAND]
    again, said = told_of(session)
    assert said == []
    assert period_xlsx(again, session.site) == period_xlsx(first, session.site)
    assert "rows" not in kept.read_text() and kept.stat().st_mode & 0o777 == 0o600

    held = json.loads(kept.read_text())
    held[str(ONE)]["ways"][AS_WAS]["measure"][0] = "viele"
    held[str(TWO)]["key"] = "0" * 64
    kept.write_text(json.dumps(held))
    anew, said = told_of(session)
    assert said == [ONE, TWO]
    assert anew.study == first.study
    kept.write_bytes(b"\xff not json")
    assert told_of(session)[1] == [ONE, TWO, BY_HAND]


def test_a_late_fact_makes_its_day_anew(tmp_path: Path) -> None:
    path, clock = tmp_path / "floor.db", HandClock(datetime.fromisoformat("2026-09-30T18:00:00+09:00"))
    ingest(path, kumagaya(), busy(ONE, "a", 22).lines, clock)
    session = Session(kumagaya(), path, clock=clock)
    assert told_of(session)[1] == [ONE]
    late = a_day(ONE, prefix="late").issues("B900", "cert_renewal", "09:30")
    ingest(path, kumagaya(), late.lines, clock)
    session.refresh()
    assert told_of(session)[1] == [ONE]
    session.close()


def test_a_folder_that_cannot_be_written_costs_time_alone(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Path("/proc/none/studies/floor.json")
    monkeypatch.setattr(studies, "_path", lambda data: nowhere)
    first, said = told_of(session)
    assert said == [ONE, TWO, BY_HAND] == told_of(session)[1]
    assert first.study is not None


def test_the_report_says_it_in_a_sentence_and_a_table(session: Session) -> None:
    found, _ = told_of(session)
    assert found.study is not None
    text = [v for _, row in Xlsx(period_xlsx(found, session.site)).cells("月次報告書") for v in row.values()]
    words = " ".join(map(str, text)).replace("\n", "")
    assert sentence(found.study, kumagaya())[:30] in words
    assert "R8.9.16（来庁の時刻の記録がない" in words
    table = STUDY_TABLES["advised"].make(found, session.site)
    assert [row["name"] for row in table.rows] == ["電子証明書", "全体"]
    document = to_json(found, session.site)["study"]
    assert document["days"] == ["2026-09-14", "2026-09-15"]
    assert document["left_out"] == [{"day": "2026-09-16", "reason": "no_arrivals"}]
    assert document["policies"][AS_WAS]["mean_s"] == table.rows[-1]["as_was"]
    assert minutes_sentence(found.study)[:20] in words
    rows = STUDY_TABLES["advised_minutes"].make(found, session.site).rows
    assert [row["name"] for row in rows] == ["実際の配分", "提案どおり", "全台共用"]
    for row, figures in zip(rows, document["policies"].values(), strict=True):
        assert (row["person_min"], row["days_worse"], row["worst"]) == (
            figures["person_min"],
            figures["days_worse"],
            figures["worst_day_min"],
        )
    assert document["policies"][POOLED]["gap_closed"] == 1.0


# ---- what is said


def study_of(was: Waited, advised: Waited) -> MonthStudy:
    ways = {
        AS_WAS: Way({"certificate": was}, (Measured(was.total_s, 2),)),
        ADVICE: Way({"certificate": advised}, (Measured(advised.total_s, 5),)),
        POOLED: Way({"certificate": advised}, (Measured(advised.total_s),)),
    }
    return month_study(kumagaya(), [DayStudy(ONE, "", ways)])


def minutes_of(*days: tuple[float, float, float], idle: int = 0) -> MonthStudy:
    """Days with the hours that all waited: as it was, as advised, pooled. ``idle``: of the ten cases of each."""

    def way(hours: float) -> Way:
        return Way({"certificate": Waited(10, 6000, 900)}, (Measured(int(3600 * hours), 1, 2, 5),))

    found = [
        DayStudy(date(2026, 9, 14 + n), "", dict(zip((AS_WAS, ADVICE, POOLED), map(way, d), strict=True)), 10, idle)
        for n, d in enumerate(days)
    ]
    return month_study(kumagaya(), found)


@pytest.mark.parametrize(("advised", "words"), [
    (3000, "平均待ち時間は、電子証明書は10分から5分に短くなっていた見込みです。"),
    (9000, "平均待ち時間は、電子証明書は10分から15分に長くなっていた見込みです。"),
    (6020, "平均待ち時間は、どの窓口もほとんど変わらなかった見込みです。"),
])  # fmt: skip
def test_the_effect_is_said_whichever_way_it_goes(advised: int, words: str) -> None:
    assert words in sentence(study_of(Waited(10, 6000, 900), Waited(10, advised, 900)), kumagaya())


@pytest.mark.parametrize(("days", "words"), [
    ([(10, 7, 4), (5, 5, 5)], "待ちの合計は、試算に用いた2日で900人分から720人分に減っていた見込みです。"
     "全台共用の場合との差の50％にあたります。60人分を超えて増えた日はありません。"),
    ([(10, 7, 4), (5, 10, 5)], "待ちの合計は、試算に用いた2日で900人分から1,020人分に増えていた見込みです。"
     "全台共用の場合との差は縮まりません。60人分を超えて増えた日は1日で、最も増えた日は300人分の増です。"),
    ([(2, 1.5, 1.2)], "待ちの合計は、試算に用いた1日で120人分から90人分に減っていた見込みです。60人分を超えて増えた日はありません。"),
    ([(2, 2, 1)], "待ちの合計は、試算に用いた1日で120人分のままの見込みです。60人分を超えて増えた日はありません。"),
])  # fmt: skip
def test_person_minutes_are_said_whichever_way_they_go(days: list[tuple[float, float, float]], words: str) -> None:
    assert minutes_sentence(minutes_of(*days)) == words


def test_orders_and_changes_of_lane_are_told_a_day() -> None:
    facts = study_facts(minutes_of((10, 7, 4), (5, 5, 5)), kumagaya())
    assert (facts["moves_advised"], facts["orders_advised"], facts["lane_changes_advised"]) == ("1.0", "3.0", "5.0")


def test_lengths_with_idle_time_are_told() -> None:
    """Tell in the report where a fifth of the cases ended by the next call while nobody waited; with fewer nothing."""
    assert study_facts(minutes_of((10, 7, 4), idle=1), kumagaya())["advised_lengths"] == ""
    assert "応対の20％は" in str(study_facts(minutes_of((10, 7, 4), idle=2), kumagaya())["advised_lengths"])


def test_without_evidence_nothing_is_invented() -> None:
    nothing = month_study(kumagaya(), [DayStudy(ONE, "no_arrivals", {})])
    assert "試算していません" in sentence(nothing, kumagaya())
    facts = study_facts(nothing, kumagaya())
    assert facts["moves_advised"] == "" and facts["advised_days"] == 0
    assert nothing.to_json()["policies"] == {}
    assert study_facts(None, kumagaya()).keys() == STUDY_FACTS.keys()


def test_too_few_people_say_nothing() -> None:
    assert too_little(a_day().opens("08:30").floor()) == "no_arrivals"
    story = halls.queue(halls.opened(), "B", FEW, "09:00")
    few = halls.work(story, "B", [3, 4, 5], "09:05", 10, 1).floor()
    assert too_little(few) == "few"
    assert too_little(busy(ONE, "a", FEW).floor()) == ""


def test_a_day_that_the_replay_does_not_resemble_is_left_out() -> None:
    """An outage without an end, or terminals that worked unrecorded: its figures would be sure and wrong."""
    floor = busy(ONE, "a", 30).floor()
    waits = [seconds_between(t.wait_from, t.called_at) for t in floor.tickets.values() if t.wait_from and t.called_at]
    assert not unlike(floor, waits)
    assert not unlike(floor, [w * 3 // 4 for w in waits])
    assert unlike(floor, [0] * len(waits))
    assert unlike(floor, [2 * w for w in waits])


NO_WAY = {"lanes": {}, "measure": [1, 2, 3, 4]}
WAYS = {name: {"lanes": {"certificate": [1, 2, 2]}, "measure": [1, 2, 3, 4]} for name in (AS_WAS, ADVICE, POOLED)}


@pytest.mark.parametrize("wrong", [
    {},
    {"why": "", "ways": {}},
    {"why": "few", "ways": {AS_WAS: NO_WAY}},
    {"why": "odd", "ways": {}},
    {"ways": {**WAYS, ADVICE: {"lanes": {"certificate": [1, True, 2]}, "measure": [1, 2, 3, 4]}}},
    {"ways": {**WAYS, ADVICE: {"lanes": {}, "measure": [1, 2, -3, 4]}}},
    {"ways": {**WAYS, ADVICE: {"lanes": {}, "measure": [1, 2, 3, 4, 5]}}},
    {"ways": {**WAYS, ADVICE: {"lanes": {}, "moves": 2}}},  # as an earlier version kept it
    {"ways": {AS_WAS: WAYS[AS_WAS], ADVICE: WAYS[ADVICE]}},
    {"cases": None},
])  # fmt: skip
def test_what_is_kept_is_checked(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"why": "", "ways": WAYS, "cases": 10, "idle": 2}
    assert DayStudy.from_json(ONE, good).to_json() == good
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        DayStudy.from_json(ONE, (good | wrong) if wrong else {})
