"""The forecast by month: what is shipped, what the city gives, how A7 reads the annual totals (仕様書 15(2), 15(3))."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from floorctl.cli.main import cli
from floorctl.common.errors import FloorctlError, Refused
from floorctl.documents.period.from_tables import compared
from floorctl.intake.csv_registers import read_demand
from floorctl.intake.demand_table import demand_table
from floorctl.intake.site_file import load_site
from floorctl.models.facts.registers import DemandMonth
from floorctl.models.register.demand_forecast import DEMANDS, Forecast, MonthForecast, forecast, year_of
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.usecases import period_reports as reports
from tests.story import Desk, instant

DAY = date(2026, 9, 30)
HEAD = "month,open_days,cert_renewals,card_renewals,new_and_reissued\n"


def totals(found: Forecast, year: int) -> tuple[int, ...]:
    own = [m for m in found.months if year_of(m.month) == year]
    return tuple(sum(getattr(m, name) for m in own) for name in DEMANDS)


def ruled(desk: Desk, from_on: str = "2026-09-14") -> Register:
    desk.does("ruling.made", question="A7", reading="contract_months", from_on=from_on, agreed_with="監督員")
    return desk.session.register()


# ---- A7


def test_by_default_the_totals_are_of_full_years_and_the_contract_has_its_part(site: Site) -> None:
    found = forecast(demand_table(), site, Register(), DAY)
    assert found.reading == "full_year"
    assert [m.month for m in found.months][:1] == ["2026-07"]
    assert len(found.months) == 24
    # July to March and April to June are less than the years' totals, the full year in between comes to them.
    assert totals(found, 2026)[0] < 22_000
    assert totals(found, 2028)[0] < 12_000
    assert abs(totals(found, 2027)[0] - 35_000) < 10
    assert "年度全体の件数" in found.method


def test_as_contract_months_each_year_comes_to_its_totals_in_the_same_proportion(desk: Desk) -> None:
    before = forecast(demand_table(), desk.site, Register(), DAY)
    found = forecast(demand_table(), desk.site, ruled(desk), DAY)
    assert found.reading == "contract_months"
    assert totals(found, 2026) == (22_000, 6_700, 3_000)
    assert totals(found, 2027) == (35_000, 9_300, 1_000)
    assert totals(found, 2028) == (12_000, 3_500, 1_000)
    scale = 22_000 / totals(before, 2026)[0]
    for old, new in zip(before.months[:9], found.months[:9], strict=True):
        assert abs(new.cert_renewals - old.cert_renewals * scale) <= 1
    assert "契約月だけの件数" in found.method


def test_a_ruling_holds_from_its_day_on(desk: Desk) -> None:
    register = ruled(desk, "2026-10-01")
    assert forecast(demand_table(), desk.site, register, DAY).reading == "full_year"
    assert forecast(demand_table(), desk.site, register, date(2026, 10, 31)).reading == "contract_months"


def test_a_report_of_before_the_ruling_keeps_its_forecast(desk: Desk) -> None:
    desk.opens()
    ruled(desk, "2026-10-01")
    september = reports.record_of(desk.session, reports.month_of(DAY))
    assert september.forecast.reading == "full_year"
    assert september.compared[-1].forecast == september.forecast.of("2026-09")


def test_a_year_without_totals_or_without_months_stays_as_it_is(site: Site) -> None:
    rows = [MonthForecast("2027-04", 0, 0, 0), MonthForecast("2027-05", 0, 7, 1)]
    register = Register()
    from floorctl.models.facts.calendar import RulingMade

    register.rulings.append(
        RulingMade(id="x", at=instant("09:00"), question="A7", reading="contract_months", from_on=date(2026, 7, 1))
    )
    found = forecast(rows, site, register, DAY)
    assert totals(found, 2027) == (0, 9_300, 1_000)  # nothing is spread over months that have no weight
    assert forecast([], site, Register(), DAY).months == ()


# ---- the city's months


def test_the_citys_months_stand_as_given_and_the_others_stay(desk: Desk) -> None:
    desk.does(
        "demand.imported",
        months=[DemandMonth(month="2026-10", cert_renewals=9, card_renewals=8, new_and_reissued=7).everything()],
    )
    found = forecast(demand_table(), desk.site, ruled(desk), DAY)
    october = found.of("2026-10")
    assert october == MonthForecast("2026-10", 9, 8, 7, imported=True)
    assert found.of("2026-11") is not None
    assert not found.months[0].imported
    assert "市から示された月別の件数（1か月分）はそのまま" in found.method


def test_a_file_is_read_in_japanese_and_english_whatever_excel_makes_of_it() -> None:
    english = f"{HEAD}2026-09,21,1388,498,250\n2026-10,24,1656,503,250\n"
    japanese = '年月,電子証明書更新,カード更新,新規・再交付\nR8.9,"1,388",498,250\n2026/10/1,1656,503,250\n'
    wanted = [
        {"month": "2026-09", "cert_renewals": 1388, "card_renewals": 498, "new_and_reissued": 250},
        {"month": "2026-10", "cert_renewals": 1656, "card_renewals": 503, "new_and_reissued": 250},
    ]
    for raw in (english.encode(), english.encode("utf-8-sig"), japanese.encode("utf-8-sig"), japanese.encode("cp932")):
        assert [x.fields for x in read_demand(raw)] == wanted
    shipped = Path(__file__).parents[2] / "data" / "demand.csv"
    assert len(read_demand(shipped.read_bytes())) == 24


@pytest.mark.parametrize(
    "month", ["2026-09", "2026/9", "2026年9月", "令和8年9月", "R8.9", "r8/9", "2026-09-01", "２０２６年９月"]
)
def test_a_month_may_be_written_as_people_do(month: str) -> None:
    assert read_demand(f"{HEAD}{month},,1,2,3\n".encode())[0].fields["month"] == "2026-09"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("2026-13,,1,2,3", "年月"),
        ("2026-09-15,,1,2,3", "年月"),
        (",,1,2,3", "年月"),
        ("2026-09,,-1,2,3", "電子証明書更新"),
        ("2026-09,,1.5,2,3", "電子証明書更新"),
        ("2026-09,,1,,3", "カード更新"),
        ("2026-09,,1,2,100000", "新規・再交付"),
        ("2026-09,,1,2,約300", "新規・再交付"),
    ],
)
def test_a_bad_line_is_refused_whole_and_says_nothing_of_the_cell(line: str, word: str) -> None:
    with pytest.raises(Refused) as refused:
        read_demand(f"{HEAD}2026-08,,1,2,3\n{line}\n".encode())
    assert "3行目" in refused.value.sentence
    assert word in refused.value.sentence
    assert "約300" not in refused.value.sentence


def test_a_month_twice_or_a_column_missing_is_refused() -> None:
    for raw, word in (
        (f"{HEAD}2026-08,,1,2,3\nR8.8,,4,5,6\n", "2行目"),
        ("month,cert_renewals\n2026-08,1\n", "カード更新"),
        (f"{HEAD}", "行がありません"),
    ):
        with pytest.raises(FloorctlError) as refused:
            read_demand(raw.encode())
        assert word in refused.value.sentence


# ---- forecast against what came


def test_tickets_done_are_compared_with_renewals_and_work_with_cards(desk: Desk) -> None:
    desk.opens().at("9:30")
    for number, service, terminal, work in (
        ("B001", "cert_renewal", "T3", {"cert_signature_renewal": 1, "cert_user_auth_renewal": 1}),
        ("B002", "cert_issue", "T3", {"cert_signature_new": 1}),
        ("A001", "card_issuance", "T1", {"issuance_renewal": 1, "issuance_new": 1}),
    ):
        desk.does("ticket.issued", ticket=number, service=service, cards=2 if number == "A001" else 1)
        desk.does("terminal.staffed", terminal=terminal, staff=f"S0{terminal[1]}")
        desk.does("ticket.called", ticket=number, terminal=terminal)
        desk.does("ticket.finished", ticket=number, terminal=terminal, work=work)
    found, rows, open_days = reports.compare(desk.session)
    september = next(c for c in rows if c.month == "2026-09")
    assert september.actual == {"cert_renewals": 1, "card_renewals": 1, "new_and_reissued": 1, "cards": 2}
    assert september.forecast == found.of("2026-09")
    assert open_days["2026-09"] == 21
    assert [c.actual for c in rows if c.month == "2026-10"] == [None]


def test_a_month_that_nobody_forecast_is_shown_with_what_came() -> None:
    rows = [("2026-05", "cert_renewal", 3, 3, "certificate")]
    site, nothing = load_site(), Forecast((), "full_year", "")
    found = compared(lambda sql, *a: rows if "tickets" in sql else [], nothing, DAY, DAY, site, Calendar(site), DAY)
    assert [(c.month, c.forecast, c.actual["cert_renewals"]) for c in found if c.actual] == [("2026-05", None, 3)]


# ---- the command


def test_the_command_imports_shows_and_creates_nothing_by_looking(tmp_path: Path) -> None:
    db, file = tmp_path / "floor.db", tmp_path / "見込み.csv"

    def run(*args: str) -> str:
        result = CliRunner().invoke(cli, ["--db", str(db), "--now", "2026-09-14T10:00", *args])
        assert result.exit_code == 0, result.output
        return result.output

    document = json.loads(run("forecast", "--json"))
    assert not db.exists()
    assert (document["reading"], len(document["months"])) == ("full_year", 24)
    assert document["months"][2] == {
        "month": "2026-09",
        "open_days": 21,
        "cert_renewals": 1388,
        "card_renewals": 498,
        "new_and_reissued": 250,
        "imported": False,
        "actual": None,
    }
    file.write_text(f"{HEAD}2026-09,21,1500,400,200\n2028-09,21,1,2,3\n")
    assert json.loads(run("forecast", "import", str(file), "--json").splitlines()[-1]) == {"months": 2, "changed": 2}
    assert "変わりなし 2" in run("forecast", "import", str(file))
    september = json.loads(run("forecast", "--json"))["months"][2]
    assert (september["cert_renewals"], september["imported"]) == (1500, True)
    text = run("forecast")
    assert re.search(r"^2026-09 +21 +1,500 ", text, re.MULTILINE)
    assert "按分" in text
