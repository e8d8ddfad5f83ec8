"""The whole life of a day on sites that are not Kumagaya: simulated, taken in, looked at, advised, closed, reported."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from floorctl.advice.policies import AsWas, Static
from floorctl.cli.main import cli
from floorctl.console.keys import BY_ID
from floorctl.intake.demand_table import demand_table
from floorctl.intake.site_file import load_site
from floorctl.rehearsal.scenario_files import shipped
from floorctl.simulation.monthly_demand import day_load
from floorctl.simulation.recorded_day import record
from floorctl.simulation.replay import ReplayHall
from floorctl.simulation.service_kinds import groups
from floorctl.usecases.session import Session
from tests.contract.contract_cli import run
from tests.other_sites import DAY, KUMAGAYA_WORDS, OTHERS, feed, path_of, site_of

EVENING = f"{DAY}T21:30"


class Desk:
    """The command line on one data file of one site, in this process."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.db = folder, name, folder / "floor.db"
        self.site = path_of(name)

    def __call__(self, *args: str | Path, now: str = EVENING, status: int = 0) -> str:
        options = ["--db", self.db, "--site", self.site, "--now", now]
        result = CliRunner().invoke(cli, [str(a) for a in (*options, *args)])
        told = getattr(result.exception, "sentence", result.output)
        assert result.exception is None or isinstance(result.exception, SystemExit) or told != result.output, args
        assert getattr(result.exception, "exit_status", result.exit_code) == status, (args, told)
        return result.stdout if status == 0 else str(told)

    def json(self, *args: str | Path, now: str = EVENING) -> Any:
        return json.loads(self(*args, "--json", now=now))


@pytest.fixture(params=OTHERS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    found = Desk(tmp_path, request.param)
    (tmp_path / "day.jsonl").write_bytes(feed(request.param))
    result = CliRunner().invoke(
        cli, ["--db", str(found.db), "--site", str(found.site), "ingest", str(tmp_path / "day.jsonl"), "--json"]
    )
    told = json.loads(result.stdout)
    assert (told["refused"], told["accepted"]) == (0, len(feed(request.param).splitlines()))
    return found


def words_of(folder: Path) -> str:
    """Every text of the workbooks and of the other files below a folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found += [book.read(n).decode() for n in book.namelist() if n.endswith((".xml", ".rels"))]
        elif path.is_file():
            found.append(path.read_text(encoding="utf-8-sig"))
    return "\n".join(found)


def test_a_day_from_its_first_ticket_to_its_reports(desk: Desk) -> None:
    site, out = site_of(desk.name), desk.folder / "out"
    noon = f"{DAY}T14:30"
    board = desk.json("status", now=noon)
    assert [x["lane"] for x in board["lanes"]] == [x.code for x in site.lanes]
    assert [x["terminal"] for x in board["terminals"]] == [x.code for x in site.terminals]
    assert board["seats"]["capacity"] == site.seats.capacity
    assert board["open"]
    advice = desk.json("advise", now=noon)
    assert set(advice["effect"]) == set(site.movable_lanes)

    desk("do", "ticket.issued", f"service={site.services[-1].code}", now=noon)
    desk("do", "escalation.raised", f"matter={site.matters[0].code}", now=noon)
    desk("do", "escalation.settled", "escalation=E-1", "outcome=desk3", now=noon)
    assert f"{site.other_desk.short}へ案内" in desk("log", "--date", str(DAY))
    desk("incident", "add", "--category", "complaint", "--summary", "大声", now=noon)

    desk("close", "--date", str(DAY), "--out", out)
    for period in (
        ["--month", "2026-09"],
        ["--fiscal-year", "2026"],
        ["--contract"],
        ["--date", str(DAY), "--fallback"],
    ):
        desk("export", *period, "--out", out)
    written = words_of(out)
    for words in (site.contract.title, site.contract.client, site.venues[0].name, *(x.name for x in site.services)):
        assert words in written
    for words in KUMAGAYA_WORDS:
        if len(words) > 2 and words != "統合端末":  # the clause's own word for the terminals stays in the reports
            assert words not in written, words
    record = json.loads((out / str(DAY) / f"records_{DAY}.json").read_text(encoding="utf-8"))
    assert list(record["counts"]) == [s.code for s in site.services]
    assert list(record["work"]) == [w.code for w in site.work_items]
    done = [s for s in record["counts"].values() if s]
    assert sum(done) == sum(x["served"] for x in desk.json("status")["lanes"]) > 5

    assert desk.json("doctor", "--full")["ok"]
    assert desk.json("duties")
    assert desk.json("calendar", "--from", str(DAY), "--to", str(DAY))[0]["services"].keys() == {
        s.code for s in site.services
    }
    desk("backup", desk.folder / "copy.db")
    desk("backtest", desk.folder / "day.jsonl")
    forecast = desk("forecast")
    assert ("按分" in forecast) == bool(site.demand)


def test_the_study_splits_what_the_site_has(desk: Desk) -> None:
    site = site_of(desk.name)
    found = desk.json("study", desk.folder / "day.jsonl")["policies"]
    assert set(found) == {"as_was", "static_2_6", "static_3_5", "advice", "pooled"}
    for policy in found.values():
        assert list(policy["lanes"]) == [x.code for x in site.lanes]
    n = {name: sum(x["n"] for x in policy["lanes"].values()) for name, policy in found.items()}
    assert min(n.values()) > 0
    assert found["pooled"]["mean_s"] <= min(p["mean_s"] for p in found.values()) + 60


@pytest.mark.parametrize("name", OTHERS)
def test_a_simulated_day_keeps_to_the_site(name: str) -> None:
    site = site_of(name)
    lines = [json.loads(line) for line in feed(name).splitlines()]
    opens = min(site.hours(s.code, DAY.weekday())[0] for s in site.services)
    issued: Counter[str] = Counter()
    for line in lines:
        if line["kind"] == "ticket.issued":
            first, last = site.hours(line["service"], DAY.weekday())
            assert f"{first}" <= line["at"][11:19] <= f"{last}"
            issued[line["service"]] += 1
        if line["kind"] == "day.opened":
            assert f"{opens.hour - 1:02d}:55" <= line["at"][11:16] <= f"{opens}"
    assert set(issued) == {s.code for s in site.services}
    assert lines[-1]["kind"] == "day.closed"
    staffed = {line["terminal"] for line in lines if line["kind"] == "terminal.staffed"}
    assert len(staffed) >= len(site.terminals) - 1  # somebody may be absent
    come = groups(site)
    told = [*come.cards, *(s for mix in (come.certificates, come.applications, come.registrations) for s, _ in mix)]
    assert sorted(told) == sorted(s.code for s in site.services)


def test_the_demand_of_a_site_is_the_spread_of_its_own_totals() -> None:
    minami, small = demand_table(site_of("minami")), demand_table(site_of("hitotsu"))
    shipped = {r.month: r for r in demand_table()}
    assert demand_table(load_site()) == demand_table()
    for r in minami:
        if r.month < "2028-04":  # the site's last totals are those of the fiscal year 2027
            own, whole = (9000, 22000) if r.month < "2027-04" else (12000, 35000)
            assert r.cert_renewals == shipped[r.month].cert_renewals * own // whole
    assert all(a.cert_renewals == shipped[a.month].cert_renewals * 2 // 8 for a in small)
    assert day_load(DAY, "normal", minami).certificates < day_load(DAY, "normal", demand_table()).certificates


@pytest.mark.parametrize(
    ("staffed", "split"), [(8, (2, 3, 3)), (6, (2, 2, 2)), (5, (1, 2, 2)), (3, (1, 1, 1)), (2, (0, 1, 1))]
)
def test_a_fixed_split_leaves_no_lane_without_a_terminal(staffed: int, split: tuple[int, ...]) -> None:
    """The lane of the cards first, wherever the site names it; the others share what is left."""
    day = record(site_of("mitsuba"), DAY, [])
    hall = ReplayHall(replace(day, movable=("beta", "alpha", "gamma")), AsWas())
    assert Static(2, 6).wanted(hall, staffed) == dict(zip(("alpha", "beta", "gamma"), split, strict=True))


# ---- one file, one site


def test_a_file_is_opened_with_its_own_site_alone(desk: Desk) -> None:
    other = next(name for name in OTHERS if name != desk.name)
    wrong = Desk(desk.folder, other)
    before = desk.db.read_bytes()
    for command in (
        ["status"],
        ["status", "--json"],
        ["log"],
        ["advise"],
        ["export", "--out", desk.folder / "x"],
        ["export", "--month", "2026-09", "--out", desk.folder / "x"],
        ["duties"],
        ["do", "memo.written", "text=鍵"],
        ["ingest", desk.folder / "day.jsonl"],
        ["close", "--out", desk.folder / "x"],
        ["doctor"],
        ["backup", desk.folder / "copy.db"],
    ):
        said = wrong(*command, status=3)
        if command[0] != "doctor":
            assert site_of(desk.name).name in said, command
            assert site_of(other).name in said, command
            assert "--site" in said
            assert ".copy" not in said, "the name of a temporary file tells nobody anything"
    assert desk.db.read_bytes() == before
    assert not (desk.folder / "x").exists()
    assert not (desk.folder / "copy.db").exists()


def test_every_code_of_a_day_is_the_sites(desk: Desk) -> None:
    session = Session(site_of(desk.name), desk.db)
    for e in session.store.facts_after(0):
        assert all(code in getattr(session.site, table) for _, table, code in e.fact.named_codes()), e
    session.close()


# ---- the site file


FAULTS = {  # words of the sentence: (what stands in the file, what is put there)
    "services 1番目 pickup の like": ('like = "card_issuance"', 'like = "kard"'),
    "like": ('like = "cert_signature_renewal"', 'like = "cert"'),
    "other_desk の name": ('[other_desk]\nname = "戸籍住民課2番カウンター"', "[other_desk]\nname = 2"),
    "X1 の lane": ('lanes = ["handout", "renew"]\nlane = "handout"', 'lanes = ["handout"]\nlane = "renew"'),
    "17:30）より前": ("opens = 10:30:00\ncloses = 17:30:00", "opens = 17:30:00\ncloses = 10:30:00"),
    "renw が lanes にありません": ('lane = "renew"\nlow = 3', 'lane = "renw"\nlow = 3'),
    "英大文字": ('letter = "K"', 'letter = "kk"'),
    "[seats] の表がありません": ("[seats]\nlow = 12\nhigh = 14\ncapacity = 12\n", ""),
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_fault_in_another_site_file_is_one_sentence(tmp_path: Path, words: str) -> None:
    old, new = FAULTS[words]
    text = path_of("minami").read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "site.toml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = CliRunner().invoke(cli, ["--site", str(broken), "--db", str(tmp_path / "f.db"), "status"])
    said = str(getattr(result.exception, "sentence", ""))
    assert words in said
    assert getattr(result.exception, "exit_status", 0) == 2
    assert re.search(r"の\d+行目に誤り", said) or "がありません" in said


def test_what_a_part_means_is_told_or_its_own_code() -> None:
    minami, kumagaya, silent = site_of("minami"), load_site(), site_of("mitsuba")
    assert minami.services_like("cert_renewal") == ["renewal5"]
    assert minami.item_by_meaning["issuance_renewal"] == "cards_out"
    assert minami.lane_meanings == {"handout": "issuance", "renew": "certificate"}
    assert kumagaya.lane_meanings == {x.code: x.code for x in kumagaya.lanes}
    assert silent.card_services == ("s_alpha",)
    assert set(silent.lane_meanings.values()) == {""}
    assert silent.other_desk.short == "市の窓口"
    assert kumagaya.decision_word("desk3") == "3番窓口へ案内"
    assert kumagaya.terminal_by_digit == {str(n): f"T{n}" for n in range(1, 9)}
    assert minami.terminal_by_digit == {str(n): f"X{n}" for n in range(1, 6)}
    one = replace(minami, terminals=minami.terminals[:1])
    assert [x.terminal_digits for x in (kumagaya, minami, one)] == ["1-8", "1-5", "1"]
    assert [BY_ID["choose"].at(x).cap for x in (None, kumagaya, minami, one)] == ["1-8", "1-8", "1-5", "1"]


def test_the_example_of_the_page_runs_as_it_stands(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sites.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    path = tmp_path / "minami.toml"
    path.write_text(example[1], encoding="utf-8")
    site = load_site(path)
    assert site.lane_meanings == {"handout": "issuance", "renew": "certificate"}
    result = CliRunner().invoke(cli, ["--site", str(path), "simulate", "--date", str(DAY), "--seed", "1"])
    assert result.exit_code == 0
    assert '"ticket.issued"' in result.stdout


# ---- rehearsals


def test_a_scenario_that_does_not_fit_the_site_says_why_and_the_others_play() -> None:
    found, unfit = shipped(site_of("minami"))
    assert {"lost-card", "power-cut"} <= found.keys()
    assert "T6" in unfit["surge"] and "会場設定にありません" in unfit["surge"]
    assert unfit["quiet"] == "starts：8:20〜9:30 に受付をする業務がありません", (
        "it ends before this site receives anybody"
    )


def test_a_site_whose_trainings_are_called_otherwise_rehearses_all_the_same(tmp_path: Path) -> None:
    site = site_of("minami")
    found, _ = shipped(site)
    assert found["lost-card"].training not in site.training_by_code
    assert site.training_name(found["lost-card"].training) == "研修"
    told = run("--site", path_of("minami"), "rehearse", "lost-card", "--no-console", "--record", "--staff", "S01")
    assert told.status == 1 and "[[training]]" in told.err
