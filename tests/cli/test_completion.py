"""What the Tab key offers, in each shell's own words; it changes nothing and prints no error."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from floorctl.cli.completion_shells import SHELLS, script
from floorctl.cli.main import main
from tests.contract.contract_cli import ROOT, run

Items = list[list[str]]


def asked(monkeypatch: pytest.MonkeyPatch, shell: str, *words: str, **env: str) -> Items:
    """The answer to the words of a line, the last of which is at the cursor: each item as its parts."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setenv("_FLOORCTL_COMPLETE", f"{shell}_complete")
        for name, value in {"_FLOORCTL_WORDS": "\x1f".join(("floorctl", *words)), **env}.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as end:
            main([])
    assert (end.value.code, err.buffer.getvalue()) == (0, b"")  # type: ignore[attr-defined]
    return [line.split("\t") for line in out.buffer.getvalue().decode().splitlines() if line]  # type: ignore[attr-defined]


def values(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    return [item[1] for item in asked(monkeypatch, "zsh", *words)]


@pytest.fixture
def minami(tmp_path: Path) -> Path:
    """A site whose terminals are called X1 to X8."""
    site = tmp_path / "minami.toml"
    site.write_text((ROOT / "data" / "kumagaya.toml").read_text("utf-8").replace('"T', '"X'), "utf-8")
    return site


def test_commands_options_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert values(monkeypatch, "sta") == ["status", "staffing"]
    assert values(monkeypatch, "incident", "") == ["add", "amend", "list", "show"]
    assert values(monkeypatch, "status", "--") == ["--watch", "--interval", "--json", "--help"]
    assert values(monkeypatch, "simulate", "--volume", "") == ["low", "normal", "surge"]
    assert values(monkeypatch, "completion", "p") == ["powershell"]
    assert values(monkeypatch, "help", "incident", "") == ["add", "amend", "list", "show"]
    assert {"feed", "incident", "incident.opened"} <= set(values(monkeypatch, "help", ""))
    assert values(monkeypatch, "rehearse", "p") == ["power-cut", "printers"]


def test_a_value_behind_the_equals_sign_of_its_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shells replace the whole word; only bash replaces what is behind the sign."""
    assert values(monkeypatch, "simulate", "--volume=su") == ["--volume=surge"]
    assert values(monkeypatch, "incident", "add", "--category=inj") == ["--category=injury"]
    assert asked(monkeypatch, "fish", "status", "--db=fl") == [["file", "fl", ""]]
    line = "floorctl simulate --volume=su"
    assert asked(monkeypatch, "bash", _FLOORCTL_LINE=line, _FLOORCTL_BREAKS="=:") == [["plain", "surge"]]
    assert asked(monkeypatch, "bash", _FLOORCTL_LINE=line, _FLOORCTL_BREAKS="") == [["plain", "--volume=surge"]]


def test_codes_of_the_site_with_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert values(monkeypatch, "assign", "T") == [f"T{n}" for n in range(1, 9)]
    assert values(monkeypatch, "assign", "t3") == ["T3"]
    assert asked(monkeypatch, "fish", "assign", "T3", "cert") == [["plain", "certificate", "電子証明書"]]
    assert values(monkeypatch, "incident", "add", "--service", "cert_") == ["cert_issue", "cert_renewal"]
    assert asked(monkeypatch, "zsh", "incident", "add", "--category", "inj") == [["plain", "injury", "急病・けが"]]


def test_kinds_fields_and_values_of_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, "zsh", "do", "terminal.pau") == [["plain", "terminal.paused", "休止"]]
    assert asked(monkeypatch, "zsh", "do", "terminal.paused", "") == [
        ["open", f"{x}=", ""] for x in ("at", "terminal", "reason")
    ]
    assert values(monkeypatch, "do", "terminal.paused", "terminal=T3", "") == ["at=", "reason="]
    assert values(monkeypatch, "do", "terminal.paused", "terminal=T") == [f"terminal=T{n}" for n in range(1, 9)]
    assert values(monkeypatch, "do", "ticket.finished", "outcome=") == [
        "outcome=done",
        "outcome=incomplete",
        "outcome=desk3",
    ]
    assert values(monkeypatch, "do", "incident.opened", "terminals=T1,T2,T3") == ["terminals=T1,T2,T3"]
    assert values(monkeypatch, "do", "incident.amended", "damage=") == ["damage=true", "damage=false"]
    assert values(monkeypatch, "do", "duty.submitted", "duty=da") == ["duty=daily_report"]
    assert values(monkeypatch, "do", "no.such", "x") == values(monkeypatch, "do", "memo.written", "no=") == []


def test_the_site_and_the_file_of_the_line_are_asked(
    monkeypatch: pytest.MonkeyPatch, minami: Path, tmp_path: Path
) -> None:
    wanted = [f"X{n}" for n in range(1, 9)]
    assert values(monkeypatch, "--site", str(minami), "assign", "X") == wanted
    assert values(monkeypatch, "assign", "--site", str(minami), "X") == wanted
    assert [x[1] for x in asked(monkeypatch, "zsh", "assign", "X", FLOORCTL_SITE=str(minami))] == wanted
    db = tmp_path / "floor.db"
    run("do", "staff.registered", "staff=S01", "role=worker", db=db, now="2026-09-14T08:00")
    run("do", "staff.registered", "staff=S02", "role=worker", db=db, now="2026-09-14T08:01")
    assert values(monkeypatch, "--db", str(db), "roster", "absence", "") == ["S01", "S02"]
    assert values(monkeypatch, "do", "--db", str(db), "terminal.staffed", "staff=S") == ["staff=S01", "staff=S02"]


def test_files_are_left_to_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("ingest", "da"), ("--db", "da"), ("status", "--db", "da"), ("duties", "--ics", "da"), ("register", "export", "pledges", "--out", "da")):  # fmt: skip
        assert asked(monkeypatch, "zsh", *words) == [["file", "da", ""]], words


def test_nothing_is_made_and_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[[terminals", "utf-8")
    (tmp_path / "text.db").write_text("x" * 5000, "utf-8")
    before = sorted(tmp_path.iterdir())
    for site in (bad, tmp_path / "none.toml", tmp_path):
        assert values(monkeypatch, "--site", str(site), "assign", "") == []
    for db in (tmp_path / "text.db", tmp_path / "none.db", tmp_path, tmp_path / "no" / "such.db"):
        assert values(monkeypatch, "--db", str(db), "roster", "absence", "") == []
    assert values(monkeypatch, "no", "such", "--words", "'") == []
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("line", "breaks", "said"),
    [
        ("floorctl assign T3 cer", "=:", [["plain", "certificate"]]),
        ("floorctl do terminal.paused terminal=T3", "=:", [["plain", "T3"]]),
        ("floorctl do terminal.paused terminal=T3", "", [["plain", "terminal=T3"]]),
        ("floorctl do terminal.paused ter", "=:", [["open", "terminal="]]),
        ("floorctl do terminal.paused terminal=T3 rea", "=:", [["open", "reason="]]),
        ("floorctl --site 'no such.toml' sta", "=:", [["plain", "status"], ["plain", "staffing"]]),
        ("floorctl incident ", "=:", [["plain", x] for x in ("add", "amend", "list", "show")]),
    ],
)
def test_bash_gets_what_is_behind_its_own_word_breaks(
    monkeypatch: pytest.MonkeyPatch, line: str, breaks: str, said: Items
) -> None:
    assert asked(monkeypatch, "bash", _FLOORCTL_LINE=line, _FLOORCTL_BREAKS=breaks) == said


def test_powershell_hands_over_whole_words(monkeypatch: pytest.MonkeyPatch, minami: Path) -> None:
    """Backslashes and blanks of a path of Windows are not touched."""
    assert asked(monkeypatch, "powershell", "assign", "T3", "cert") == [["plain", "certificate", "電子証明書"]]
    assert asked(monkeypatch, "powershell", "--db", r"C:\会場 1\floor.db", "assign", "T3") == [
        ["plain", "T3", "統合端末3"]
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_printed_as_it_is(shell: str) -> None:
    done = run("completion", shell, FLOORCTL_ENCODING="utf-8-sig")
    assert (done.status, done.raw) == (0, script(shell).encode("ascii"))
    assert f"_FLOORCTL_COMPLETE{' = ' if shell == 'powershell' else '='}" in done.out.replace("'", "")
    assert f"{shell}_complete" in done.out


def test_the_script_of_powershell_is_of_version_5() -> None:
    """It runs in Windows PowerShell 5.1: no operator and no encoding that came later; the encoding is put back."""
    text = script("powershell")
    assert "Register-ArgumentCompleter -Native -CommandName floorctl, floorctl.exe, floorctl.cmd" in text
    assert not [word for word in ("??", "?.", "&&", "||", "-AsUTF8", "utf8NoBOM") if word in text]
    assert text.count("[Console]::OutputEncoding = ") == 2
    assert text.count("{") == text.count("}") and text.count("(") == text.count(")")
