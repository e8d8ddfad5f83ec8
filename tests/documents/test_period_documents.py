"""A period's record against an independent recount of the raw facts, and what its drafts say and when they say nothing."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.words import PERIOD_HEADS
from floorctl.documents.layout.plain import era, month_ja, month_short
from floorctl.documents.layout.template_file import layout_of
from floorctl.documents.period.drafts import BY_CONTRACTOR, BY_RECORDS, DRAFTS, operators, sentences
from floorctl.documents.period.evidence import LONGEST_GAP_S, evidence
from floorctl.documents.period.proposals import basis_of_days, proposals
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.records_json import to_json
from floorctl.documents.period.sentences import PERIOD_FACTS, period_facts
from floorctl.documents.period.workbook import PERIOD_DATA, PERIOD_TABLES, period_xlsx
from floorctl.intake.feed import Intake
from floorctl.intake.site_file import load_site
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.usecases import period_reports as reports
from floorctl.usecases.session import Session
from tests.printed_pages import prints_well
from tests.story import Desk, a_day, instant, numbered
from tests.xlsx import Xlsx

DAYS = (date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 28))
SEPTEMBER = reports.month_of(DAYS[0])


@pytest.fixture(scope="module")
def feeds() -> dict[date, bytes]:
    """Three simulated days, one of them too full."""
    volumes = ("normal", "normal", "surge")
    return {d: simulated_feed(load_site(), d, n, v) for n, (d, v) in enumerate(zip(DAYS, volumes, strict=True))}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def session(feeds: dict[date, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    found = Session(load_site(), tmp_path_factory.mktemp("period") / "floor.db", create=True)
    for data in feeds.values():
        Intake(found.store, found.site, "feed", found.clock, lambda n, why: pytest.fail(f"{n}: {why}")).take(
            numbered(data)
        )
    yield found
    found.close()


@pytest.fixture(scope="module")
def record(session: Session) -> PeriodRecord:
    return reports.record_of(session, SEPTEMBER)


# ---- figures: those of the days are compared with a recount of the facts in house/test_recount_periods.py


def test_hours_weekdays_days_and_terminals_add_up_to_the_whole(record: PeriodRecord) -> None:
    assert record.issued > 300
    assert sum(c.issued for c in record.cells) == sum(d.issued for d in record.days) == record.issued
    assert sum(d.done for d in record.days) == record.served == sum(sum(d.served.values()) for d in record.days)
    called = sum(w.n for w in record.waits.values())
    assert sum(c.called for c in record.cells) == sum(t.called for t in record.terminals) == called
    weekdays = PERIOD_TABLES["weekdays"].make(record, load_site()).rows
    assert [row["weekday"] for row in weekdays] == ["月", "金", "土"]
    assert sum(int(str(row["issued"])) for row in weekdays) == record.issued
    rows = PERIOD_TABLES["terminals"].make(record, load_site()).rows
    assert [row["terminal"] for row in rows][:2] == ["T1", "T2"]
    assert all(0 < float(str(row["load"])) < 1 for row in rows if row["load"] is not None)


def test_the_period_is_the_sum_of_its_daily_documents(session: Session, record: PeriodRecord) -> None:
    from floorctl.usecases.day_tables import record_of

    days = [record_of(session, d).to_json() for d in DAYS]
    assert record.counts == {s: sum(d["counts"][s] for d in days) for s in days[0]["counts"]}
    assert {c: w.total for c, w in record.work.items()} == {i: sum(d["work"][i] for d in days) for i in days[0]["work"]}
    assert sum(m.n for m in record.moves) == sum(len(d["moves"]) for d in days)
    assert record.staffing.person_days == sum(d.attended for d in record.days) > 20
    assert (record.seq, record.hash) == max((d["head"]["seq"], d["head"]["hash"]) for d in days)


def test_open_days_without_facts_are_named_as_far_as_the_records_go(record: PeriodRecord) -> None:
    assert record.as_of == DAYS[-1]
    assert len(record.missing) == 16  # of the open days from 1 to 28 September three have facts
    assert date(2026, 9, 24) in record.missing
    assert date(2026, 9, 29) not in record.missing  # it had not come when the last fact was recorded
    assert record.unplanned == ()
    rows = PERIOD_TABLES["days"].make(record, load_site()).rows
    assert sum(row["state"] == "記録なし" for row in rows) == 16


def test_the_json_ties_with_the_record(session: Session, record: PeriodRecord) -> None:
    document = to_json(record, session.site)
    keys = "period revision revisions days open_days missing issued counts work waits targets moves escalations incidents outages outage_doubt inquiries staff duties"
    assert list(document) == [*keys.split(), "forecast", "texts", "head"]
    assert document["period"] == {"key": "2026-09", "from": "2026-09-01", "to": "2026-09-30"}
    assert sum(d["served"] for d in document["days"]) == sum(document["counts"].values())
    assert list(document["waits"]["issuance"]) == ["n", "mean_s", "p90_s", "max_s"]
    assert document["head"] == {"seq": record.seq, "hash": record.hash}
    assert [m["month"] for m in document["forecast"]["months"]] == ["2026-07", "2026-08", "2026-09"]
    assert document["forecast"]["months"][2]["actual"]["cert_renewals"] == record.counts["cert_renewal"]
    assert list(document["texts"]) == list(DRAFTS["month"])


def test_an_empty_file_still_makes_every_document(tmp_path: Path, site: Site) -> None:
    """Reading commands on a file that does not exist behave as on an empty one (contract 1)."""
    session = Session(site, tmp_path / "none.db")
    for span in (SEPTEMBER, reports.fiscal_year_of(2026), reports.contract_of(site)):
        record = reports.record_of(session, span)
        assert (record.issued, record.days, record.seq, record.missing) == (0, (), 0, ())
        prints_well(Xlsx(period_xlsx(record, site)))
        facts = period_facts(record, site)
        assert (facts["crew"], facts["charge_vacant"], facts["none_lacking"]) == (
            "記録なし",
            "記録なし",
            "名簿の記録がありません",
        ), "what nobody recorded is no good value"
    assert not (tmp_path / "none.db").exists()


def test_every_fact_and_every_table_can_be_made_of_any_period(session: Session, record: PeriodRecord) -> None:
    assert list(period_facts(record, session.site)) == list(PERIOD_FACTS)
    for name, spec in PERIOD_TABLES.items():
        stems = {key.removesuffix("*") for key in spec.keys if key.endswith("*")}
        for row in spec.make(record, session.site).rows:
            loose = [k for k in row if k not in spec.keys and k != "total" and not any(k.startswith(s) for s in stems)]
            assert loose == [], f"{name} gives keys that a layout cannot know: {loose}"


def test_a_frozen_clock_sees_the_period_as_it_was(session: Session, feeds: dict[date, bytes]) -> None:
    then = Session(session.site, session.path, frozen=instant("12:00", DAYS[1]))
    record = reports.record_of(then, SEPTEMBER)
    assert [d.day for d in record.days] == list(DAYS[:2])
    noon = instant("12:00", DAYS[1])
    lines = [json.loads(x) for d in DAYS[:2] for x in feeds[d].splitlines()]
    came = [x for x in lines if x["kind"] == "ticket.issued" and datetime.fromisoformat(x["at"]) <= noon]
    assert record.issued == len(came)
    then.close()


# ---- words


def told(record: PeriodRecord, site: Site, head: str) -> str:
    return "\n".join(s.text for s in sentences(record, site, head))


def tells(record: PeriodRecord, site: Site, head: str, *parts: str) -> None:
    """Each of these parts stands in the text under a head."""
    text = told(record, site, head)
    for part in parts:
        assert part in text, text


def test_own_words_come_first_drafts_are_marked_and_none_is_none(desk: Desk) -> None:
    desk.opens()
    desk.does("ticket.issued", service="cert_renewal")
    desk.does("period.written", of="2026-09", head="improvements", lines=["記入台を増やす"], none=False)
    desk.does("period.written", of="2026-09", head="issues", lines=[], none=True)
    record = reports.record_of(desk.session, SEPTEMBER)
    first = sentences(record, desk.site, "improvements")[0]
    assert (first.text, first.by) == ("記入台を増やす", BY_CONTRACTOR)
    assert [s.text for s in sentences(record, desk.site, "issues")] == ["特になし"]
    assert {s.by for s in sentences(record, desk.site, "next_month")} == {BY_RECORDS}


def test_every_head_has_a_draft_a_table_and_a_word(site: Site) -> None:
    """What is written under a head is found again in the document; one that it does not have is refused."""
    for sort, heads in PERIOD_HEADS.items():
        assert list(DRAFTS[sort]) == list(heads)
        document, *_ = layout_of(site, sort, PERIOD_DATA)  # type: ignore[arg-type]
        shown = {section.table for sheet in document.sheets for section in sheet.sections}
        assert {f"words_{head}" for head in heads} <= shown


@pytest.mark.parametrize(
    ("of", "head"), [("2026-09", "plan"), ("FY2026", "next_month"), ("2026", "issues"), ("x", "y")]
)
def test_words_under_a_head_that_nobody_prints_are_refused(desk: Desk, of: str, head: str) -> None:
    desk.refused(lambda: desk.does("period.written", of=of, head=head, lines=["本文"]), "報告書の記載")


def test_the_plan_counts_the_next_month_by_the_calendar(desk: Desk) -> None:
    desk.opens()
    desk.does("calendar.extra", date="2026-10-18", reason="更新の混雑", agreed_on="2026-09-14", agreed_with="監督員")
    desk.does(
        "calendar.outage",
        services=["cert_renewal"],
        from_at="2026-10-14T13:00:00+09:00",
        until_at="2026-10-14T17:00:00+09:00",
        reason="国のシステム保守",
    )
    record = reports.record_of(desk.session, SEPTEMBER)
    tells(
        record, desk.site, "next_month",
        "開場は25日（うち土曜3日", "追加就業日 10月18日（日）", "電子証明書更新1,656件", "10月31日（土）", "10月14日（水）午後1時",
    )  # fmt: skip
    # September is followed by October; the month before silver week has the day after it ahead.
    ahead = reports.record_of(desk.session, reports.month_of(date(2026, 8, 1))).ahead
    assert ahead is not None
    assert ahead.after_break == ((date(2026, 9, 24), 5),)


@pytest.mark.parametrize(
    ("day", "span"),
    [
        (date(2027, 1, 30), reports.month_of(date(2027, 1, 30))),  # a 5th Saturday; the 31st is a Sunday
        (date(2026, 12, 28), reports.month_of(date(2026, 12, 28))),  # 年末年始
        (date(2026, 9, 30), SEPTEMBER),
        (date(2027, 3, 31), reports.fiscal_year_of(2026)),
        (date(2028, 6, 30), reports.contract_of(load_site())),
    ],
)
def test_a_period_is_final_with_the_close_of_its_last_open_day(desk: Desk, day: date, span: reports.Span) -> None:
    def interim() -> bool:
        return reports.record_of(desk.session, span).interim

    desk.at("9:00", day - timedelta(days=1)).does("memo.written", text="前日")
    assert interim()
    desk.at("9:00", day).opens()
    assert interim()
    desk.at("17:20").does("day.closed")
    assert not interim()


def test_an_agreed_day_keeps_the_month_open(desk: Desk) -> None:
    desk.does("calendar.extra", date="2027-01-31", reason="繁忙", agreed_on="2026-09-10")
    desk.at("9:00", date(2027, 1, 30)).opens().does("day.closed")
    assert reports.record_of(desk.session, reports.month_of(desk.day)).interim


def test_a_day_of_counts_alone_is_no_day_without_visitors(desk: Desk) -> None:
    """Nobody knows how many came: such a day lowers no mean of visitors, and its row has no 0."""
    desk.at("08:30", date(2026, 9, 14)).opens()
    desk.hears(a_day(date(2026, 9, 14)).issues("B001", at="09:00").issues("B002", at="09:05"))
    for day in (15, 28):
        desk.at("16:00", date(2026, 9, day)).does("work.counted", item="issuance_new", count=6)
    found = reports.record_of(desk.session, SEPTEMBER)
    assert "受付2人、完了0人。" in told(found, desk.site, "progress"), "no mean over three days"
    rows = {str(r["date"]): r for r in PERIOD_TABLES["days"].make(found, desk.site).rows}
    assert str(rows["2026-09-15"]["state"]).endswith("件数のみ") and "issued" not in rows["2026-09-15"]
    assert [r["per_day"] for r in PERIOD_TABLES["weekdays"].make(found, desk.site).rows] == [2.0]
    assert [x.weekday for x in operators(found, desk.site)] == [0]
    assert [(c.recorded, c.unnumbered) for c in found.compared if c.month == SEPTEMBER.key] == [(3, 2)]


def test_a_month_of_counts_alone_has_no_zero_visitors(desk: Desk) -> None:
    desk.at("16:00", date(2026, 9, 14)).does("work.counted", item="issuance_new", count=6)
    found = reports.record_of(desk.session, SEPTEMBER)
    (row,) = PERIOD_TABLES["months"].make(found, desk.site).rows
    assert row["days"] == 1 and "issued" not in row
    facts = period_facts(found, desk.site)
    assert [facts[key] for key in ("issued", "done", "cards", "came", "walk_in")] == [""] * 5
    assert [PERIOD_TABLES[name].make(found, desk.site).rows for name in ("services", "waits", "terminals")] == [()] * 3
    assert sum(int(str(r["together"])) for r in PERIOD_TABLES["work"].make(found, desk.site).rows) == 6
    assert ["記録なし"] in Xlsx(period_xlsx(found, desk.site)).under("月次報告書", "待ち時間")


def test_troubles_late_duties_and_differences_are_issues(desk: Desk) -> None:
    desk.opens()
    desk.does("incident.opened", category="complaint", summary="順番の案内の苦情")
    desk.does("work.counted", item="photo", count=3)
    desk.does("total.read", item="photo", count=5, note="再撮影2件")
    desk.does("report.written", head="problems", lines=["プリンタ1が紙詰まりで15分停止"], none=False)
    desk.at("9:00", date(2026, 9, 17))
    desk.does("duty.submitted", duty="daily_report", key="2026-09-14")
    desk.opens()
    desk.does("report.written", head="problems", lines=["プリンタ1が紙詰まりで20分停止"], none=False)
    record = reports.record_of(desk.session, SEPTEMBER)
    tells(
        record, desk.site, "issues",
        "I-1 苦情", "差の内訳（台帳・端末 − 記録）: 写真撮影 +2件", "15分停止（9月14日（月））、プリンタ1が紙詰まりで20分停止（9月17日（木））", "期限後の提出: 日次報告書 1件",
    )  # fmt: skip
    duties = {row["name"]: row for row in PERIOD_TABLES["duties"].make(record, desk.site).rows}
    assert duties["日次報告書"]["late"] == 1
    # What is owed of the 15th was due on the 16th, and the file goes on to the 17th.
    assert duties["日次報告書"]["overdue"] == 1
    assert record.as_of == date(2026, 9, 17)


def test_the_successor_is_told_of_open_cases_questions_and_the_chain(desk: Desk) -> None:
    desk.opens()
    desk.does("incident.opened", category="equipment", summary="追記欄印字プリンタの故障")
    desk.does("ruling.made", question="A7", reading="contract_months", from_on="2026-09-14", agreed_with="監督員")
    record = reports.record_of(desk.session, reports.contract_of(desk.site))
    assert "追記欄印字プリンタの故障" in told(record, desk.site, "open_cases")
    remarks = told(record, desk.site, "remarks")
    assert "floorctl doctor --full --head" in remarks
    questions = {row["code"]: row for row in PERIOD_TABLES["questions"].make(record, desk.site).rows}
    assert len(questions) == 15
    assert "監督員" in str(questions["A7"]["settled"])
    assert questions["A1"]["settled"] == "未協議（既定の扱い）"
    facts = period_facts(record, desk.site)
    assert (facts["population"], facts["holders"], facts["rate"]) == (189_342, 155_267, "81.3％")  # quoted, SPEC 100


def test_operators_follow_arrivals_and_service_times(session: Session, record: PeriodRecord) -> None:
    found = {n.weekday: n for n in operators(record, session.site)}
    assert sorted(found) == [0, 4, 5]
    monday, friday = found[0], found[4]
    assert sum(monday.persons) > sum(friday.persons)  # the full day
    assert max(monday.operators) > max(friday.operators) > 0


# ---- proposals from evidence


def hall(rows: list[tuple[Any, ...]], outages: Sequence[tuple[str, int]] = ()) -> Any:
    """A query over tickets (day, ticket, lane, terminal, issued, called, finished) and outages (day, minutes) alone."""
    conn = sqlite3.connect(":memory:")
    conn.execute(
        "CREATE TABLE tickets (day, ticket, lane, terminal, issued_at, appointment, called_at, finished_at, wait_s, service_s, fate)"
    )
    conn.execute("CREATE TABLE outages (day, minutes)")
    conn.executemany("INSERT INTO outages VALUES (?, ?)", outages)
    for day, ticket, lane, terminal, *times in rows:
        issued, called, finished = (datetime.fromisoformat(f"{day}T{t}:00+09:00") for t in times)
        wait, service = int((called - issued).total_seconds()), int((finished - called).total_seconds())
        at = [x.isoformat() for x in (issued, called, finished)]
        conn.execute(
            "INSERT INTO tickets VALUES (?,?,?,?,?,NULL,?,?,?,?,'done')",
            (day, ticket, lane, terminal, *at, wait, service),
        )
    return lambda sql, *args: conn.execute(sql, args).fetchall()


IDLE_HALL = [
    # Two issuance terminals free between 9:15 and 9:30, while the certificate lane waits from 9:00 to 9:25.
    ("2026-09-14", "A1", "issuance", "T1", "09:00", "09:00", "09:15"),
    ("2026-09-14", "A2", "issuance", "T1", "09:30", "09:30", "09:45"),
    ("2026-09-14", "A3", "issuance", "T2", "09:00", "09:05", "09:20"),
    ("2026-09-14", "A4", "issuance", "T2", "09:32", "09:32", "09:40"),
    ("2026-09-14", "B1", "certificate", "T3", "09:00", "09:25", "09:40"),
]


def test_idle_time_is_that_of_one_lane_while_another_waits(site: Site) -> None:
    found = evidence(hall(IDLE_HALL), site, [date(2026, 9, 14)])
    # T1 from 9:15 and T2 from 9:20, both until the certificate lane's visitor is called at 9:25.
    assert found.lanes["issuance"].idle_s == {"certificate": (10 + 5) * 60}
    assert found.lanes["certificate"].idle_s == {"issuance": 0}


def test_a_day_of_an_outage_is_no_evidence(record: PeriodRecord, site: Site) -> None:
    """Terminals of the other lane are free beside the queue, and nobody could have served it."""
    days = [date(2026, 9, n) for n in (14, 15, 16)]
    rows = [(str(day), *row[1:]) for day in days for row in IDLE_HALL]
    found = evidence(hall(rows, [("2026-09-15", 30), ("2026-09-16", 0)]), site, days)
    assert (found.days, found.left_out) == ((days[0], days[2]), 1)
    assert found.lanes["issuance"].idle_s == {"certificate": 2 * (10 + 5) * 60}
    told = basis_of_days(dataclasses.replace(record, evidence=found))
    assert (
        told
        == "次の数値は、番号札のある直近の2日（9月14日から9月16日まで、障害・計画停止のあった1日を除く）の実績による。"
    )
    assert evidence(hall(rows, [("2026-09-14", 5)]), site, days[:1]).n == 0


def test_a_long_gap_is_a_break_and_a_change_of_lane_no_idle_time(site: Site) -> None:
    minutes = LONGEST_GAP_S // 60
    rows = [
        ("2026-09-14", "A1", "issuance", "T1", "09:00", "09:00", "09:10"),
        ("2026-09-14", "A2", "issuance", "T1", "09:31", "09:31", "09:40"),
        ("2026-09-14", "A3", "issuance", "T2", "09:00", "09:00", "09:10"),
        ("2026-09-14", "B2", "certificate", "T2", "09:00", "09:20", "09:30"),
        ("2026-09-14", "B1", "certificate", "T3", "09:00", "10:00", "10:10"),
    ]
    assert minutes == 20
    assert evidence(hall(rows), site, [date(2026, 9, 14)]).lanes["issuance"].idle_s["certificate"] == 0


def test_fewer_slots_are_proposed_with_figures_where_terminals_idle_while_the_other_lane_waits(
    record: PeriodRecord, site: Site
) -> None:
    """仕様書 7(4)※: the contractor may propose fewer appointments; the wait must pass the target."""
    tickets = (("A", "issuance", "T1", "00", "00", "15"), ("C", "issuance", "T1", "30", "30", "45"), ("B", "certificate", "T3", "00", "40", "55"))  # fmt: skip
    rows = [
        (f"2026-09-{day:02d}", f"{letter}{hour}", lane, terminal, *(f"{hour:02d}:{minute}" for minute in minutes))
        for day in range(1, 15)
        for hour in range(9, 15)
        for letter, lane, terminal, *minutes in tickets
    ]
    days = [date(2026, 9, d) for d in range(1, 15)]
    slow = dataclasses.replace(record, evidence=evidence(hall(rows), site, days), matters=(), inquiries={})
    found = list(proposals(slow, site))
    assert len([x for x in found if "予約枠の縮小" in x]) == 1
    # From :15 to :30 of six hours, while the other lane's visitor waits until :40; from :45 on nobody waits.
    assert "1日平均90分" in found[0]
    assert "1日9枠（1枠10分）縮小" in found[0]
    assert "目標の20分を超えた" in found[0]
    quick = [
        (d, t, lane, terminal, i, (i if lane == "certificate" else c), f) for d, t, lane, terminal, i, c, f in rows
    ]
    calm = dataclasses.replace(record, evidence=evidence(hall(quick), site, days), matters=(), inquiries={})
    assert [x for x in proposals(calm, site) if "予約枠" in x or "端末" in x] == []


def test_without_records_nothing_is_proposed(tmp_path: Path, site: Site) -> None:
    record = reports.record_of(Session(site, tmp_path / "none.db"), SEPTEMBER)
    assert list(proposals(record, site)) == []
    assert sentences(record, site, "improvements") == []


# ---- words of time


def test_months_and_years_are_written_in_reiwa() -> None:
    assert month_ja("2026-09") == "令和8年9月"
    assert month_short("2027-01") == "R9.1"
    assert era("2026年9月分、2019年、2018年") == "令和8年9月分、令和元年、2018年"


def test_every_total_is_the_sum_of_its_rows(session: Session, record: PeriodRecord) -> None:
    """Counts of a row of sums; its means, longest waits and rates are of all rows together."""
    of_all = ("taken", "settled", "mean", "max", "rate", "as_was", "advised", "difference")
    for name, spec in PERIOD_TABLES.items():
        rows = list(spec.make(record, session.site).rows)
        for n, row in enumerate(rows):
            if not row.get("total"):
                continue
            for key, value in row.items():
                if isinstance(value, int) and key != "total" and not any(x in key for x in of_all):
                    assert value == sum(int(r[key] or 0) for r in rows[:n]), (name, key)  # type: ignore[call-overload]


def test_every_period_prints_in_one_size(session: Session, record: PeriodRecord, site: Site) -> None:
    prints_well(Xlsx(period_xlsx(record, site)))
    for span in (reports.fiscal_year_of(2026), reports.contract_of(site)):
        prints_well(Xlsx(period_xlsx(reports.record_of(session, span), site)))
