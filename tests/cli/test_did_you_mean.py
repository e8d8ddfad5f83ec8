"""A mistyped word is answered by the one that was meant, never repeated; options of every command stand before or after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from floorctl.cli.base import Settings
from floorctl.common.did_you_mean import nearest, perhaps
from floorctl.common.errors import UsageError
from tests.contract.contract_cli import run

NOW = "2026-09-14T10:00"


@pytest.mark.parametrize(
    ("line", "status", "meant"),
    [
        ("statsu", 2, "status"),
        ("incident ad", 2, "add"),
        ("roster shifts lst", 2, "list"),
        ("status --jsn", 2, "--json"),
        ("simulate --date 2026-09-14 --seed 1 --volume srge", 2, "surge"),
        ("register export traning", 2, "training"),
        ("export --encoding cp923", 2, "cp932"),
        ("completion powershel", 2, "powershell"),
        ("do terminal.pausd terminal=T3", 2, "terminal.paused"),
        ("do terminal.paused termnal=T3", 2, "terminal"),
        ("do ticket.finished ticket=B001 terminal=T1 outcome=dne", 1, "done"),
        ("do reception.stopped service=cert_renewl", 1, "cert_renewal"),
        ("assign T3 certifcate", 1, "certificate"),
        ("incident add --category equipmnt --summary x", 1, "equipment"),
        ("incident add --category other --summary x --service cert_renewl", 1, "cert_renewal"),
        ("rehearse srge", 2, "surge"),
    ],
)
def test_what_was_meant_is_said(line: str, status: int, meant: str, tmp_path: Path) -> None:
    done = run(*line.split(), db=tmp_path / "floor.db", now=NOW)
    assert (done.status, done.out) == (status, "")
    assert f"（もしかして {meant}）" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("completion tcsh", "引数が正しくありません：bash、zsh、fish、powershell のどれかにしてください"),
        ("completion", "引数がありません：bash、zsh、fish、powershell のどれかにしてください"),
        ("register export lectures", "引数が正しくありません：training、pledges、devices のどれかにしてください"),
        ("simulate --volume vast", "--volume が正しくありません：low、normal、surge のどれかにしてください"),
    ],
)
def test_a_word_of_a_list_is_told_the_words_and_never_a_name_made_of_them(line: str, said: str) -> None:
    assert (done := run(*line.split())).status == 2
    assert done.err == f"{said}。--help で使い方を確かめてください。\n"


@pytest.mark.parametrize(
    "line", ["山田太郎", "incident 090-1234-5678", "do 山田太郎", "assign T3 09012345678", "status --山田"]
)
def test_what_was_typed_is_never_repeated(line: str, tmp_path: Path) -> None:
    done = run(*line.split(), db=tmp_path / "floor.db", now=NOW)
    assert done.status in (1, 2)
    assert "山田" not in done.err and "1234" not in done.err
    assert "もしかして" not in done.err


def test_case_counts_the_same_and_far_words_are_not_guessed() -> None:
    assert nearest("STATSU", ["status", "log"]) == "status"
    assert nearest("t3", ["T1", "T3"]) == "T3"
    assert perhaps("kitchen", ["issuance", "certificate"]) == ""
    assert perhaps("x" * 100_000, ["status"]) == ""


# ---- options of every command


def test_options_of_every_command_may_stand_after_it(tmp_path: Path) -> None:
    db = str(tmp_path / "floor.db")
    after = run("do", "memo.written", "text=雨", "--db", db, "--now", NOW)
    assert (after.status, after.json[0]["at"]) == (0, "2026-09-14T10:00:00+09:00")
    before = run("--db", db, "--now", NOW, "status", "--json")
    between = run("--db", db, "status", "--json", "--now", NOW)
    assert before.raw == between.raw == run("status", "--json", f"--now={NOW}", f"--db={db}").raw
    assert json.loads(before.raw)["head"]["seq"] == 1
    inner = run("incident", "--db", db, "list", "--json")
    assert (inner.status, inner.json) == (0, [])


def test_two_values_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    done = run("--db", one, "do", "memo.written", "text=雨", "--db", two)
    assert (done.status, done.err) == (2, "--db が2つあり、値が違います。どちらか1つにしてください。\n")
    assert list(tmp_path.iterdir()) == []
    assert run("--db", one, "status", "--db", one).status == 0


def test_the_line_wins_over_the_environment(tmp_path: Path) -> None:
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    run("do", "memo.written", "text=雨", db=two, now=NOW)
    done = run("status", "--json", "--db", two, FLOORCTL_DB=str(one), FLOORCTL_NOW=NOW)
    assert (done.json["head"]["seq"], done.json["now"]) == (1, "2026-09-14T10:00:00+09:00")


def test_an_empty_name_is_no_file(tmp_path: Path) -> None:
    for args in (("status", "--db="), ("status", "--site="), ("duties", "--ics="), ("backup", "")):
        done = run(*args)
        assert (done.status, done.err) == (2, done.err.partition(" ")[0] + " が正しくありません：名前が空です。--help で使い方を確かめてください。\n")  # fmt: skip


def test_a_faulty_value_of_the_environment_is_called_by_its_name() -> None:
    assert run("status", FLOORCTL_NOW="soon").err.startswith("FLOORCTL_NOW が正しくありません：時刻は ")


def test_the_site_after_the_command_is_the_site(tmp_path: Path) -> None:
    done = run("site", "check", "--site", tmp_path / "none.toml")
    assert done.status in (1, 2)
    assert "none.toml" in done.err + done.out
    settings = Settings(None, None, None)
    settings.take("site", Path("a.toml"))
    assert settings.site_file == Path("a.toml")
    with pytest.raises(UsageError):
        settings.take("site", Path("b.toml"))
