"""Command ``sbom``: a table on the screen, CSV and CycloneDX by the name of the file, and files that are not as installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from floorctl import __version__
from floorctl.documents.sbom.component import Component, Files
from floorctl.documents.sbom.licences import Licence
from floorctl.usecases import installed_software
from tests.contract.contract_cli import run

OWN = Component("floorctl-console", __version__, Licence("MIT"), "own", needs=("rich",), program="ab" * 32)
RICH = Component("rich", "15.0.0", Licence("MIT"), "direct", files=Files(5, 0, 0, "cd" * 32))


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> list[Component]:
    others = [RICH]
    monkeypatch.setattr(installed_software, "installed_software", lambda: (OWN, others))
    return others


def test_the_table_stands_on_the_screen() -> None:
    said = run("sbom")
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].split() == ["部品", "版", "許諾", "floorctl", "との関係", "ファイルの照合"]
    assert lines[2].split() == ["rich", "15.0.0", "MIT", "直接使う部品", "5件", "一致"]
    assert lines[-1].endswith(f"floorctl {__version__} のプログラムの照合値（同じ版なら同じ）: {'ab' * 32}")


def test_the_name_of_the_file_chooses_the_form(tmp_path: Path) -> None:
    for name in ("list.json", "list.cdx", "list.csv"):
        said = run("--db", tmp_path / "f.db", "sbom", "--out", tmp_path / name)
        assert (said.status, said.out) == (0, f"{tmp_path / name}\n"), said.err
    assert json.loads((tmp_path / "list.json").read_bytes())["components"][0]["purl"] == "pkg:pypi/rich@15.0.0"
    assert (tmp_path / "list.cdx").read_bytes() == (tmp_path / "list.json").read_bytes()
    assert (tmp_path / "list.csv").read_bytes().startswith("\ufeff部品,版,".encode())
    assert not (tmp_path / "f.db").exists()


def test_a_name_that_no_form_has_is_refused_unless_the_form_is_told(tmp_path: Path) -> None:
    for name in ("list.xlsx", "list.csv.gz", "list", "list.pdf"):
        said = run("--db", tmp_path / "f.db", "sbom", "--out", tmp_path / name)
        assert (said.status, said.out) == (2, "")
        assert said.err == (
            f"{name} に書き出す形が分かりません（名前の終わりが .csv でも .json でも .txt でもありません）。"
            "名前の終わりをそのどれかにするか、--format を指定してください。\n"
        )
    assert [*tmp_path.iterdir()] == []
    run("--db", tmp_path / "f.db", "sbom", "--format", "csv", "--out", tmp_path / "list")
    assert (tmp_path / "list").read_bytes().startswith("\ufeff部品,版,".encode())


def test_a_dash_is_the_output_and_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for form in (["--format", "csv"], []):
        assert run("sbom", *form, "--out", "-").out == run("sbom", *form).out
    assert not Path("-").exists()


def test_the_form_can_be_chosen_by_name_and_goes_to_a_pipe() -> None:
    assert run("sbom", "--format", "json").json["bomFormat"] == "CycloneDX"
    assert run("sbom", "--format", "csv").out.startswith("\ufeff部品,")
    said = run("sbom", "--format", "cvs")
    assert (said.status, said.out) == (2, "") and "csv" in said.err


def test_somebody_elses_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text('{"own": 1}')
    said = run("--db", tmp_path / "f.db", "sbom", "--out", tmp_path / "list.json")
    assert (said.status, said.out) == (1, "") and "list.json には書き出せません" in said.err
    assert (tmp_path / "list.json").read_text() == '{"own": 1}'


def test_files_that_are_not_as_installed_are_pointed_out(held: list[Component]) -> None:
    added = Component("handmade.py", "", Licence(), "unlisted", files=Files(0, 0, 0, "ab", 1))
    held[:] = [RICH._replace(files=Files(5, 1, 0, "")), RICH._replace(name="torn", damaged=True), added]
    said = run("sbom")
    assert said.status == 0 and "5件のうち 1件が違う" in said.out
    assert said.out.splitlines()[-3].split() == [
        "handmade.py",
        "不明",
        "記載なし",
        "不明（どの部品のものでもない）",
        "一覧にないもの",
        "1件",
    ]
    assert said.err == (
        "入れたときと違うファイルがあります: rich、torn、handmade.py。覚えがなければ docs/install.md の 3 で入れ直してください。\n"
    )
