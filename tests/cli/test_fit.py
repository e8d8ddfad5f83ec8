"""Fitted constants on the command line: too few days, the comparison, the lines to paste, and what uses them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from floorctl.advice.best_move import RULES, move_rules
from floorctl.advice.fit import SHIPPED, Constants, Trial
from floorctl.advice.fit_days import NEEDED, Fit
from floorctl.advice.lending import LEND_RULES, lend_rules
from floorctl.advice.person_minutes import Measured
from floorctl.cli import fit as module
from floorctl.cli.text_fit import fit_text, lines_to_paste, verdict
from floorctl.intake.site_file import load_site
from tests.contract.contract_cli import run
from tests.other_sites import path_of

HOUR = 3600
CHOSEN = Constants(replace(LEND_RULES, relief_s=400, heads_more=1.0), replace(RULES, lasts_s=1200))


def found(hours: float, chosen: Constants = CHOSEN, present: float | None = None) -> Fit:
    """Ten days of ten hours of waiting, seven with the shipped constants, ``hours`` with those of other days; five are the best."""

    def days(after: float) -> tuple[Trial, ...]:
        trial = Trial(Measured(10 * HOUR), Measured(int(after * HOUR), 1, 3, 7), Measured(5 * HOUR))
        return (trial,) * 10

    dates = tuple(date(2026, 9, 14) + timedelta(days=n) for n in range(10))
    return Fit(dates, days(7), None if present is None else days(present), days(hours), chosen)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fit") / "day.jsonl"
    assert run("simulate", "--date", "2026-09-14", "--seed", "3", "-o", path).status == 0
    return path


def test_too_few_days_are_refused_with_the_number_that_is_needed(day: Path) -> None:
    said = run("fit", day)
    assert (said.status, said.out) == (1, "")
    assert said.err.count("\n") == 1
    assert "使える日が1日" in said.err and f"{NEEDED}日要ります" in said.err


def test_a_day_that_does_not_count_is_told_with_its_reason(tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text(
        json.dumps({"id": "1", "at": "2026-09-14T09:00:00+09:00", "kind": "ticket.issued", "ticket": "B001", "service": "cert_renewal"}),
        encoding="utf-8",
    )  # fmt: skip
    said = run("fit", few)
    assert said.status == 1 and "呼び出した人が20人に満たない" in said.err


def test_an_own_day_that_is_not_over_does_not_count(day: Path, tmp_path: Path) -> None:
    db = tmp_path / "own.db"
    assert run("ingest", day, db=db, now="2026-09-14T18:00:00+09:00").status == 0
    assert "使える日が0日" in run("fit", db=db, now="2026-09-14T18:00:00+09:00").err
    assert "使える日が1日" in run("fit", db=db, now="2026-09-15T08:00:00+09:00").err


def test_ten_days_are_compared_in_json(day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("floorctl.advice.fit_days.NEEDED", 1)
    monkeypatch.setattr("floorctl.advice.fit_days.CHOICES", ())
    monkeypatch.setattr("floorctl.advice.fit.CHOICES", ())
    document = run("fit", day, "--json").json
    assert document["days"] == ["2026-09-14"] and document["left_out"] == [] and document["present"] is None
    assert document["shipped"] == document["fitted"], "there was nothing to choose from"
    assert {*document["shipped"]} == {
        "person_min", "gap_closed", "days_worse", "worst_day_min", "orders_per_day", "lane_changes_per_day",
    }  # fmt: skip
    assert document["better"] is False and document["text"].startswith("このままで良いです")
    assert {*document["constants"]} == {"lending", "moves"}


def test_the_last_days_alone_are_looked_at(day: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    second = tmp_path / "second.jsonl"
    assert run("simulate", "--date", "2026-09-15", "--seed", "4", "-o", second).status == 0
    for name, value in (("NEEDED", 1), ("MOST", 1)):
        monkeypatch.setattr(f"floorctl.advice.fit_days.{name}", value)
    monkeypatch.setattr("floorctl.advice.fit.CHOICES", ())
    assert run("fit", second, day, "--json").json["days"] == ["2026-09-15"]


# ---- what is printed


def row(text: str, name: str) -> list[str]:
    (line,) = [x.split() for x in text.splitlines() if x.split()[:1] == [name]]
    return line[1:]


def test_better_constants_are_printed_as_lines_of_the_site_file_which_then_uses_them(tmp_path: Path) -> None:
    text = fit_text(found(6), [])
    assert row(text, "備え付け") == ["4,200人分", "60％", "0日", "なし", "4.0", "7.0"]
    assert row(text, "この会場") == ["3,600人分", "80％", "0日", "なし", "4.0", "7.0"]
    pasted = text[text.index("[advice.lending]") :]
    assert pasted.split() == [
        "[advice.lending]",
        "relief_s",
        "=",
        "400",
        "heads_more",
        "=",
        "1",
        "[advice.moves]",
        "lasts_s",
        "=",
        "1200",
    ]
    own = tmp_path / "own.toml"
    own.write_text(path_of("minami").read_text(encoding="utf-8") + "\n" + pasted, encoding="utf-8")
    site = load_site(own)
    assert Constants(lend_rules(site), move_rules(site)) == CHOSEN


def test_constants_that_are_not_better_are_not_printed() -> None:
    text = fit_text(found(7), [(date(2026, 9, 11), "呼び出した人が20人に満たない")])
    assert "このままで良いです" in text and "[advice" not in text
    assert "使わなかった日1日（9/11 呼び出した人が20人に満たない）" in text


def test_a_site_that_is_better_off_with_the_shipped_ones_is_told_to_take_its_own_out() -> None:
    better = found(6, SHIPPED, present=8)
    assert row(fit_text(better, []), "いまの会場設定")[1] == "40％"
    assert "消してください" in verdict(better) and lines_to_paste(better) == ""


def test_advise_tells_whose_constants_it_uses(tmp_path: Path) -> None:
    db, now = tmp_path / "a.db", "2026-09-14T10:00:00+09:00"
    own = tmp_path / "own.toml"
    own.write_text(
        path_of("minami").read_text(encoding="utf-8") + "\n[advice.moves]\nlasts_s = 1200\n", encoding="utf-8"
    )
    for site, said in ((path_of("minami"), "shipped"), (own, "site")):
        assert run("--site", site, "do", "day.opened", db=db, now=now).status in (0, 1)
        assert run("--site", site, "advise", "--json", db=db, now=now).json["basis"]["constants"] == said


def test_the_progress_waits_two_seconds_and_is_one_line_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: clock[0])
    progress = module._Progress()
    for at, n in ((1.5, 30), (2.5, 60), (9.0, 400)):
        clock[0] = at
        progress(1, 11, n)
    assert capsys.readouterr().err.splitlines() == ["過ぎた日をくり返し再現しています 1／11（60回）。数分かかります"]
