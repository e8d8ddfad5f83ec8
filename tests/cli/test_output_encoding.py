"""What a pipe gets: UTF-8, or what FLOORCTL_ENCODING asks for; nothing that cp932 lacks stops a command."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from floorctl.cli.main import main
from floorctl.cli.output_encoding import encoded, escaped

BOM = b"\xef\xbb\xbf"
NOW = "2026-09-14T10:00"


def piped(monkeypatch: pytest.MonkeyPatch, db: Path, *args: str, encoding: str = "") -> tuple[int, bytes, bytes]:
    """Exit status, stdout and stderr of a command whose streams are pipes of a Japanese Windows."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="cp932", newline="") for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("FLOORCTL_ENCODING", encoding)
    status = 0
    try:
        main(["--db", str(db), "--now", NOW, *args])
    except SystemExit as end:
        status = int(end.code or 0)
    out.flush()
    err.flush()
    return status, out.buffer.getvalue(), err.buffer.getvalue()  # type: ignore[attr-defined]


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "floor.db"
    assert piped(monkeypatch, path, "do", "memo.written", "text=𠮷の札を髙い棚へ〜—")[0] == 0
    return path


def test_a_pipe_gets_plain_utf_8_unless_it_asks(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = piped(monkeypatch, db, "log")
    assert (status, err) == (0, b"")
    assert "𠮷の札を髙い棚へ〜—" in out.decode()
    assert not out.startswith(BOM)


def test_a_bom_stands_once_at_the_beginning_where_it_is_asked_for(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows PowerShell 5 then reads the pipe as UTF-8."""
    for command in (["log"], ["log", "--json"], ["register", "export", "pledges"], ["simulate", "--date", "2026-09-14", "--seed", "1"]):  # fmt: skip
        status, out, _ = piped(monkeypatch, db, *command, encoding="utf-8-sig")
        assert status == 0
        assert out.count(BOM) == 1, command
        assert out.startswith(BOM), command


@pytest.mark.parametrize("name", ["cp932", "Shift_JIS"])
def test_what_cp932_lacks_is_a_geta_and_one_sentence(db: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    status, out, err = piped(monkeypatch, db, "log", encoding=name)
    assert status == 0
    assert "〓の札を髙い棚へ～―" in out.decode("cp932")
    said = err.decode("cp932").splitlines()
    assert len(said) == 1
    assert said[0].startswith("cp932 にない文字 1字を 〓 と書きました。")


def test_json_in_cp932_loses_nothing(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = piped(monkeypatch, db, "log", "--json", encoding="cp932")
    assert (status, err) == (0, b"")
    [fact] = json.loads(out.decode("cp932"))
    assert fact["data"]["text"] == "𠮷の札を髙い棚へ〜—"


def test_an_unknown_encoding_is_wrong_usage(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = piped(monkeypatch, db, "log", encoding="latin-1")
    assert (status, out) == (2, b"")
    assert err.decode().strip() == (
        "FLOORCTL_ENCODING が正しくありません。utf-8、utf-8-sig、cp932 のどれかにしてください。"
    )


def test_a_refusal_is_in_that_encoding_too(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = piped(monkeypatch, db, "assign", "T99", "issuance", encoding="cp932")
    assert (status, out) == (1, b"")
    assert "コードが会場設定にありません" in err.decode("cp932")


def test_a_table_and_json_lines_are_written_anew() -> None:
    table = BOM + "氏,札\r\n𠮷,1\r\n".encode()
    assert encoded(table, "utf-8") == encoded(table, "utf-8-sig") == table
    assert encoded(table, "cp932").decode("cp932") == "氏,札\r\n〓,1\r\n"
    lines = '{"a":"𠮷"}\n{"a":"札"}\n'.encode()
    assert encoded(lines, "cp932").decode("cp932") == '{"a":"\\ud842\\udfb7"}\n{"a":"札"}\n'
    assert escaped("札") == "札"
