"""Drafts of a longer document beside its figures: each kind once, with its days and minutes, and nothing unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from floorctl.advice.month_study import MonthStudy, Waited, Way
from floorctl.advice.person_minutes import Measured
from floorctl.advice.study import ADVICE, AS_WAS
from floorctl.commands.fold import fold_register
from floorctl.documents.day.record import Waits
from floorctl.documents.period.advice_study import sentence
from floorctl.documents.period.drafts import days_so_far, improvements, plan, progress, staffing
from floorctl.documents.period.from_tables import _duties as duties_of
from floorctl.documents.period.next_month import ahead_of
from floorctl.documents.period.record import PeriodRecord, Staffing
from floorctl.documents.period.sums import Cell, MatterSum, StopSum, WorkSum
from floorctl.documents.period.troubles import issues, open_cases, troubles
from floorctl.documents.period.workbook import PERIOD_TABLES
from floorctl.intake.site_file import load_site
from floorctl.models.register.demand_forecast import Compared, Forecast, MonthForecast, realised
from floorctl.models.register.outages import OutageMinutes
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.usecases import period_reports as reports
from floorctl.usecases.session import Session
from tests.story import a_day, instant


def september(day: int) -> date:
    return date(2026, 9, day)


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site()


@pytest.fixture(scope="module")
def nothing(site: Site, tmp_path_factory: pytest.TempPathFactory) -> PeriodRecord:
    """September without any record; ``as_of`` is its end."""
    session = Session(site, tmp_path_factory.mktemp("none") / "none.db")
    return replace(reports.record_of(session, reports.month_of(september(1))), as_of=september(30))


def test_a_kind_is_told_once_with_its_days_number_and_minutes(nothing: PeriodRecord, site: Site) -> None:
    stops = (
        StopSum("terminal", "T3", 4, 14_520, tuple(map(september, (2, 3, 9, 14)))),
        StopSum("terminal", "T8", 1, 1_500, (september(3),)),
        *(StopSum("reception", s.code, 2, 4_000, (september(7), september(9))) for s in site.services if s.lane == "certificate"),
    )  # fmt: skip
    problems = (
        (september(2), "端末 T3 が午後1時16分から午後1時50分まで故障しました。受付時間のうち34分、使えませんでした。"),
        (september(3), "端末 T8 が午前10時から午前10時25分まで故障しました。受付時間のうち25分、使えませんでした。"),
        *((september(n), "市への報告がまだの事案が1件あります（I-6 苦情）。") for n in range(1, 6)),
        (september(8), "会場の人数が椅子（40脚）を超えました（最大77人、午後2時41分）。"),
        (september(9), "会場の人数が椅子（40脚）を超えました（最大51人、午前11時）。"),
        (september(9), "通用口の鍵の不調"),
        (september(10), "通用口の鍵の不調"),
    )
    matters = (MatterSum("fee", 9, {}, (30, 400, 1_052), ()),)
    record = replace(
        nothing, stops=stops, matters=matters, texts={**nothing.texts, "problems": problems}, missing=(), lost={}
    )
    assert list(troubles(record, site)) == [
        "電子証明書の全用件の受付の打切りが2回、2日（9月7日（月）、9月9日（水））、受付時間のうち計1時間07分。",
        "端末の故障が5回、4日（9月2日（水）、9月3日（木）、9月9日（水）、9月14日（月））。端末ごとの回数と受付時間中の長さ: "
        "T3 4回 4時間02分、T8 1回 25分。",
        "市職員への引継ぎ9件のうち、対応の開始まで5分を超えたものが2件（最長17分32秒）。",
        "日次報告書の問題点によれば、会場の人数が椅子を超えた日が2日（9月8日（火）、9月9日（水））。",
        "日次報告書の問題点に2日繰り返した事項: 通用口の鍵の不調（9月9日（水）、9月10日（木））。",
    ]


def test_ledger_differences_are_one_item_and_opposite_ones_do_not_vanish(nothing: PeriodRecord, site: Site) -> None:
    photo = WorkSum("photo", 9, 0, 3, 9, 9, ((september(2), 1, ""), (september(4), -1, "")))
    renewal = WorkSum("issuance_renewal", 9, 0, 3, 8, 9, ((september(4), -1, ""),))
    record = replace(nothing, work={w.item: w for w in (photo, renewal)}, missing=())
    assert list(issues(record, site)) == [
        "台帳・端末の件数と記録に差のある日が2日（9月2日（水）、9月4日（金））。差の内訳（台帳・端末 − 記録）: "
        "写真撮影 +1件 -1件（2日）、交付 更新 -1件。"
    ]


def test_waits_over_the_target_are_told_as_the_table_writes_them(nothing: PeriodRecord, site: Site) -> None:
    waits = {**nothing.waits, "certificate": Waits(200, 700, 1_238, 1_790), "issuance": Waits(90, 300, 1_200, 1_300)}
    over = {"certificate": (21, 3), "issuance": (4, 1)}
    assert list(troubles(replace(nothing, waits=waits, over=over), site)) == [
        "電子証明書の待ち時間の90％値が20分38秒で、目標の20分を超えた（最大29分50秒）。目標を超えて待った人は200人のうち21人（3日）。"
    ]


# ---- days


@pytest.mark.parametrize(
    ("as_of", "recorded", "text"),
    [
        (september(30), range(21), "開場日21日のすべてに記録がある"),
        (september(30), range(1, 21), "開場日21日のうち記録のある日は20日"),
        (september(9), range(7), "開場日21日のうち9月9日（水）までに7日、記録のある日は7日"),
        (date(2026, 8, 31), range(0), "開場日21日はすべてこれから"),
        (september(30), range(0), "開場日21日のうち記録のある日は0日"),
    ],
)
def test_days_to_come_are_not_days_without_a_record(
    nothing: PeriodRecord, as_of: date, recorded: range, text: str
) -> None:
    class Day:
        def __init__(self, day: date) -> None:
            self.day = day

    days: Any = tuple(Day(nothing.open_days[n].date) for n in recorded)
    assert days_so_far(replace(nothing, as_of=as_of, days=days)) == text


def test_without_a_record_nothing_is_averaged_compared_or_proposed(nothing: PeriodRecord, site: Site) -> None:
    assert list(progress(replace(nothing, missing=()), site)) == [
        "開場日21日のうち記録のある日は0日。受付・完了の記録はない。"
    ]
    assert list(improvements(nothing, site)) == []
    # The plan names the forecast, and that nobody knows how much of it will come.
    words = list(plan(nothing, site))
    assert "比べられる月がない" in words[1]
    assert "これまでの割合" not in "".join(words)
    assert list(staffing(nothing, site)) == ["期間中の来庁者の記録がないため、必要な操作者の数は示さない。"]


# ---- forecast


def month(number: int, expected: int, came: int | None, days: tuple[int, int, int]) -> Compared:
    actual = (
        None if came is None else {"cert_renewals": came, "card_renewals": came, "new_and_reissued": 0, "cards": came}
    )
    name = f"2026-{number:02d}"
    return Compared(name, MonthForecast(name, expected, expected, 0), actual, *days)


THREE = (month(7, 1000, 600, (20, 20, 20)), month(8, 1000, 400, (20, 20, 16)), month(9, 1200, 300, (24, 6, 6)))


def test_the_realised_share_counts_recorded_days_and_has_an_interval() -> None:
    found = realised(THREE, "cert_renewals")
    assert found is not None
    # 1,000 + 800 (16 of 20 days) + 300 (6 of 24 days) were expected of the recorded days.
    assert (round(found.share, 3), found.months) == (round(1300 / 2100, 3), 3)
    assert (found.low, found.high) == (0.5, 1.0)
    assert realised([month(7, 1000, 30, (20, 20, 3)), month(8, 1000, None, (20, 20, 0))], "cert_renewals") is None
    counted = month(7, 1000, 300, (20, 20, 20))._replace(unnumbered=10)
    shares = {name: realised([counted], name) for name in ("cert_renewals", "cards", "card_renewals")}
    assert [s and s.share for s in shares.values()] == [0.6, 0.6, 0.3], "days of counts alone say nothing of tickets"
    one = realised(THREE[:1], "cards")
    assert one is not None
    assert not one.spread


def test_operators_follow_the_realised_share_and_say_so(nothing: PeriodRecord, site: Site) -> None:
    class Day:
        day, issued, done, attended, cards, served = september(14), 350, 300, 8, 300, {"issuance": 100}

    cells = tuple(
        Cell(september(14), lane, hour, issued=25) for lane in ("issuance", "certificate") for hour in range(9, 16)
    )
    days: Any = (Day(),)
    fates = {**nothing.fates, "cert_renewal": {"done": 100}}
    record = replace(nothing, days=days, cells=cells, fates=fates, compared=THREE, as_of=september(30))
    first = next(iter(staffing(record, site)))
    assert "見込みにこれまで3か月の実績の割合を掛けると、" in first
    assert "10日のうち8日は" in first
    unknown = next(iter(staffing(replace(record, compared=()), site)))
    assert "見込みに対する実績の割合が分からないため、見込みどおりの来庁者とすると、" in unknown
    words = "".join(plan(record, site))
    assert "これまで3か月の実績は見込みの交付62％（月により50〜100％）、電子証明書62％（月により50〜100％）。" in words
    assert "見込みどおりなら" in words
    assert "1か月だけのため、幅は示せない" in "".join(plan(replace(record, compared=THREE[:1]), site))
    few = replace(record, compared=(month(8, 100_000, 400, (20, 20, 20)),))
    assert "電子証明書1％未満" in "".join(plan(few, site)), "few came, not none"
    # Every half day needs one operator: the one with the most visitors is named.
    light = (Cell(september(14), "certificate", 9, issued=1), Cell(september(15), "certificate", 14, issued=5))
    two: Any = (Day(), SimpleNamespace(**{**vars(Day), "day": september(15)}))
    assert record.ahead is not None
    told = next(iter(staffing(replace(record, days=two, cells=light, ahead=replace(record.ahead, months=())), site)))
    assert "見込みの伸びが分からないため、期間中と同じ来庁者とすると、" in told
    assert "火曜日の午後が最も多く1人を要する見込み" in told
    assert told.endswith("水・木・金・土曜日は、期間中の記録がないため示さない。")


def test_a_rate_is_the_quotient_of_what_is_printed(nothing: PeriodRecord, site: Site) -> None:
    to_come = month(10, 900, None, (24, 0, 0))
    rows = PERIOD_TABLES["forecast"].make(replace(nothing, compared=(*THREE, to_come)), site).rows
    assert [row["label"] for row in rows] == ["R8.7", "R8.8（記録16日）", "R8.9（6日分）", "計"]
    for row in rows:
        assert row["cert_renewals_rate"] == pytest.approx(row["cert_renewals_actual"] / row["cert_renewals_expected"])  # type: ignore[operator]
    assert rows[-1]["cert_renewals_expected"] == sum(int(str(r["cert_renewals_expected"])) for r in rows[:-1]) == 2300


def test_a_month_of_which_no_open_day_is_left_is_not_ahead(site: Site) -> None:
    """December 2026 is over for the hall on the 28th; a hand-over made then looks ahead from the 29th on."""
    rows = tuple(MonthForecast(month, 1_000, 500, 0) for month in ("2026-12", "2027-01", "2027-02"))
    register = Register()
    ahead = ahead_of(
        *(site, register, register.calendar(site), Forecast(rows, "", "")),
        *(date(2026, 12, 29), date(2027, 2, 28), date(2026, 12, 28)),
    )
    assert ahead is not None
    assert [m.month for m in ahead.months] == ["2027-01", "2027-02"]


def test_days_of_counts_alone_are_told_where_tickets_are_compared(nothing: PeriodRecord, site: Site) -> None:
    counted = THREE[0]._replace(unnumbered=8)
    words = list(progress(replace(nothing, compared=(counted,), days=(one_day(),), missing=()), site))
    assert words[1].endswith("（開場日20日のうち番号札のある日は12日。その日数に按分した見込み600件に対し100.0％）。")
    assert words[2] == "交付（更新）は実績600件、見込み1,000件に対し60.0％。"
    none = counted._replace(unnumbered=20)
    words = list(progress(replace(nothing, compared=(none,), days=(one_day(),), missing=()), site))
    assert not any("電子証明書更新" in s for s in words)
    (row,) = PERIOD_TABLES["forecast"].make(replace(nothing, compared=(none,)), site).rows
    assert (row["label"], row["cert_renewals_actual"], row["card_renewals_actual"]) == ("R8.7（番号札0日）", None, 600)


def test_days_without_a_record_are_not_days_without_visitors(nothing: PeriodRecord, site: Site) -> None:
    record = replace(nothing, compared=THREE[:2], days=(one_day(),), missing=())
    assert any(
        "実績1,000件、見込み2,000件に対し50.0％"
        "（開場日40日のうち記録のある日は36日。その日数に按分した見込み1,800件に対し55.6％）。" in s
        for s in progress(record, site)
    )
    assert PERIOD_TABLES["terminals"].make(replace(nothing, days=()), site).rows == ()
    row = PERIOD_TABLES["months"].make(replace(nothing, missing=(september(1),)), site).rows[0]
    assert row["days"] == 0 and "issued" not in row and "person_days" not in row


def test_a_document_of_two_years_names_them(nothing: PeriodRecord, site: Site) -> None:
    gone = (september(30), date(2027, 9, 1), date(2027, 9, 2))
    found = next(iter(open_cases(replace(nothing, key="contract", missing=gone), site)))
    assert "（令和8年9月30日（水）、令和9年9月1日（水）、9月2日（木））" in found
    assert "（9月30日（水）、9月1日（水）、" in next(iter(open_cases(replace(nothing, missing=gone), site)))


def test_an_outage_that_nobody_ended_is_told_as_doubtful(nothing: PeriodRecord, site: Site) -> None:
    outage = OutageMinutes("I-4", "cert_renewal", 6_000, "原因未記入", instant("09:55", september(1)), None)
    lost = {"cert_renewal": 6_000}
    record = replace(nothing, outages=(outage,), lost=lost, missing=(), served_in_outage=(958, 14))
    assert next(iter(troubles(record, site))).endswith(
        "ただし、停止の記録の間に完了した番号札が958枚（14日）あるため、停止の時刻を確かめる必要がある。"
    )
    record = replace(record, missing=(september(3),), served_in_outage=(0, 0))
    assert "ただし、記録のない開場日1日を含むため、" in next(iter(troubles(record, site)))


def test_problems_are_listed_by_kind_and_own_words_as_written(nothing: PeriodRecord, site: Site) -> None:
    problems = (
        *((september(n), f"端末 T3 が{n}回故障しました。受付時間のうち計34分、使えませんでした。") for n in (2, 3)),
        (september(3), "通用口の鍵の不調"),
        (september(4), "欠勤が1人ありました（S05）。"),
    )
    rows = (
        PERIOD_TABLES["daily_problems"].make(replace(nothing, texts={**nothing.texts, "problems": problems}), site).rows
    )
    assert [(row["text"], row["dates"]) for row in rows] == [
        ("端末の故障（記載 2回）", "9/2、9/3"),
        ("通用口の鍵の不調", "9/3"),
        ("欠勤が1人ありました（S05）。", "9/4"),
    ]


# ---- moves as advised


def waited(**means: int) -> Way:
    return Way({lane: Waited(10, 10 * s, s) for lane, s in means.items()}, (Measured(),))


def test_a_lane_that_waits_longer_is_never_hidden_by_the_whole(site: Site) -> None:
    lanes = {"application": 60, "registration": 60}
    ways = {
        AS_WAS: waited(issuance=391, certificate=1_721, **lanes),
        ADVICE: waited(issuance=782, certificate=1_000, **lanes),
    }
    study = MonthStudy((september(1),), (), ways)
    assert sentence(study, site) == (
        "提案のとおりに端末を動かしていた場合、平均待ち時間は、交付は6分31秒から13分02秒に長く、電子証明書は28分41秒から16分40秒に短く"
        "なっていた見込みです（申請サポート・登録支援はほとんど変わらず）。全体では9分18秒から7分55秒です。"
    )
    same = {**ways, ADVICE: ways[AS_WAS]}
    assert sentence(MonthStudy(study.days, (), same), site).endswith("どの窓口もほとんど変わらなかった見込みです。")


def one_day() -> Any:
    """Return what the sentences read of a day."""
    return SimpleNamespace(day=september(14), issued=30, done=28, attended=8, anomalies=0, reported=True)


def test_one_day_is_told_as_one(nothing: PeriodRecord, site: Site) -> None:
    staff = Staffing(8, ((september(14), "S05", ""),), (), (), (), None, None)

    days: Any = (one_day(),)
    fates = {**nothing.fates, "cert_renewal": {"done": 28, "left": 2}}
    record = replace(
        nothing, days=days, fates=fates, staffing=staff, missing=(), as_of=september(14) + timedelta(days=16)
    )
    assert "受付30人、完了28人。" in next(iter(progress(record, site)))  # no mean of one day
    assert "欠勤1件（予定した延べ9人日の11.1％）" in "".join(staffing(record, site))


def test_the_minutes_of_a_meeting_are_owed_in_one_month_alone(site: Site) -> None:
    """A meeting on the last day of a month is owed in the report of that month."""
    met = a_day(date(2026, 8, 31)).tells(
        "meeting.held", "11:00", "console", meeting="M-1", form="operations", held_on="2026-08-31", heads=["進捗"]
    )
    register = fold_register(met.entries())

    def owed(first: date, last: date) -> list[str]:
        calendar = register.calendar(site)
        found = duties_of(site, register, calendar, first, last, f"{first:%Y-%m}", september(30), date(2026, 8, 1))
        return [d.about for d in found if d.duty == "minutes"]

    assert len(owed(date(2026, 8, 1), date(2026, 8, 31))) == 1
    assert owed(september(1), september(30)) == []
