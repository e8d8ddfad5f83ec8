"""``floorctl settings``: the values and where they come from, faults, keys, the example; other commands never read the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from floorctl.cli.main import main
from floorctl.console.own_settings import example


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "conf" / "settings.toml"
    monkeypatch.setenv("FLOORCTL_CONFIG", str(path))
    monkeypatch.setenv("FLOORCTL_DB", str(tmp_path / "floor.db"))
    for name in ("NO_COLOR", "FLOORCTL_NO_MOUSE"):
        monkeypatch.delenv(name, raising=False)
    return path


def test_each_value_tells_where_it_comes_from(
    own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["settings"])
    assert capsys.readouterr().out.startswith(f"自分の設定 {own}（まだありません）\n")
    own.parent.mkdir()
    own.write_text('theme = "light"\nbell = "off"\n[sizes]\nupper_rows = 12\n[keys]\nmemo = "F11"\n', encoding="utf-8")
    main(["settings"])
    said = capsys.readouterr().out
    assert "配色: 明るい（自分の設定）" in said and "マウス: 使う（初めからの値）" in said
    assert "変えたキー: メモ（memo）F11" in said
    monkeypatch.setenv("NO_COLOR", "1")
    main(["settings", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["values"]["theme"] == {"value": "mono", "from": "NO_COLOR"}
    assert found["values"]["bell"] == {"value": "off", "from": "own"}
    assert found["values"]["sizes.upper_rows"] == {"value": 12, "from": "own"}
    assert found["keys"] == {"memo": ["f11"]} and found["exists"]


def test_check_tells_every_fault_and_ends_with_1(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["settings", "check"])
    assert "まだありません" in capsys.readouterr().out
    own.parent.mkdir()
    own.write_text('theme = "red"\n[keys]\nmemo = "w"\n', encoding="utf-8")
    with pytest.raises(SystemExit, match="1"):
        main(["settings", "check"])
    assert capsys.readouterr().err.splitlines() == [
        "自分の設定に誤りが2件あります。そこは使われません。",
        "1行目 theme：書けない値です。dark、light、mono、site のどれかを引用符で囲んで書いてください。",
        "3行目 keys.memo：w は「待ち人数」（count、どの画面でも）のキーです。ほかのキーにするか、count も別のキーにしてください。",
    ]
    own.write_text('[keys]\nmemo = "F11"\n', encoding="utf-8")
    main(["settings", "check"])
    assert capsys.readouterr().out == "自分の設定に誤りはありません。変えたキー 1。\n"
    with pytest.raises(SystemExit, match="1"):
        main(["settings", "check", str(own.with_name("no.toml"))])
    assert capsys.readouterr().err == "no.toml を確かめられません（ファイルがありません）。場所を確かめてください。\n"


def test_the_keys_and_the_card_are_the_users(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own.parent.mkdir()
    own.write_text('[keys]\nundo = "F11"\nqueue = "%"\n', encoding="utf-8")
    main(["settings", "keys", "--json"])
    found = {a["action"]: a for a in json.loads(capsys.readouterr().out)}
    assert (found["undo"]["keys"], found["undo"]["own"], found["help"]["fixed"]) == (["f11"], True, True)
    assert found["ticket_call"]["where"] == "番号の画面（%）"
    card = own.with_name("card.html")
    main(["settings", "keys", "--html", str(card)])
    html = card.read_text(encoding="utf-8")
    assert (
        "間違えたら F11（取消）" in html and "<h2>番号の画面（%）</h2>" in html and "<dt>F11</dt><dd>取消</dd>" in html
    )
    capsys.readouterr()
    main(["status"])
    assert capsys.readouterr().err == ""


def test_init_writes_the_example_and_replaces_nothing(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["settings", "init"])
    assert own.read_text(encoding="utf-8") == example()
    with pytest.raises(SystemExit, match="1"):
        main(["settings", "init"])
    assert "自分の設定がもうあります" in capsys.readouterr().err
    head = "# floorctl の自分の設定です。書けることの見本は floorctl settings init で書き出せます。\n"
    own.write_text(f'{head}theme = "light"\n', encoding="utf-8")  # by F10 alone
    main(["settings", "init"])
    assert own.read_text(encoding="utf-8") == example("light")


def test_other_commands_do_not_read_the_file(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> None:
        raise AssertionError

    monkeypatch.setattr("floorctl.console.own_settings.own_settings", read)
    main(["site", "check"])
    main(["status"])


def test_a_place_that_cannot_be_is_told(
    own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOORCTL_CONFIG", str(own.with_name("x" * 300)))
    with pytest.raises(SystemExit, match="1"):
        main(["settings", "init"])
    assert "名前が長すぎます" in capsys.readouterr().err


def test_the_keys_of_the_program_are_told_with_their_screens(capsys: pytest.CaptureFixture[str]) -> None:
    main(["help", "keys"])
    said = capsys.readouterr().out
    assert "盤面（F2）" in said and "紙の入力（j p）" in said and "{" not in said


def test_the_page_of_the_keys_follows_the_users_own(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["help", "keys"])
    assert "  u 取消" in capsys.readouterr().out
    own.parent.mkdir(exist_ok=True)
    own.write_text('[keys]\nundo = "ctrl+u"\n', encoding="utf-8")
    main(["help", "keys"])
    said = capsys.readouterr().out
    assert "Ctrl+U 取消" in said and "  u 取消" not in said
    own.unlink()
    main(["help", "keys"])
    assert "  u 取消" in capsys.readouterr().out
