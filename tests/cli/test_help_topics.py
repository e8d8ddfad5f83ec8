"""``floorctl help``: commands, kinds of facts and topics, in lines that fit, and what was meant by a mistyped word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from rich.cells import cell_len

from floorctl.cli.help_pages import PAGES
from floorctl.cli.main import COMMANDS, cli
from floorctl.cli.typed_fields import kinds_by_hand
from tests.contract.contract_cli import ROOT, run


def test_without_a_topic_it_lists_commands_and_topics() -> None:
    out = run("help").out
    assert [name for name in (*COMMANDS, *PAGES) if f"\n  {name} " not in out] == []


@pytest.mark.parametrize("topic", [*PAGES, "incident.opened", "ticket.finished", "calendar.outage"])
def test_a_page_is_there_and_fits_in_80_cells(topic: str) -> None:
    done = run("help", topic)
    assert done.status == 0
    assert len(done.out.splitlines()) > 4
    assert [line for line in done.out.splitlines() if cell_len(line) > 80] == []


@pytest.mark.parametrize("words", [("status",), ("incident", "add"), ("roster", "shifts", "export")])
def test_a_command_is_explained_as_by_its_own_option(words: tuple[str, ...]) -> None:
    assert run("help", *words).out == run(*words, "-h").out == run(*words, "--help").out


def commands(group: click.Group, above: click.Context) -> Iterator[click.Context]:
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        assert command is not None
        yield (context := click.Context(command, parent=above, info_name=name))
        if isinstance(command, click.Group):
            yield from commands(command, context)


def test_the_help_of_every_command_fits_in_80_cells() -> None:
    root = click.Context(cli, info_name="floorctl")
    said = {c.command_path: c.get_help().splitlines() for c in (root, *commands(cli, root))}
    assert len(said) > 50
    assert [(path, line) for path, lines in said.items() for line in lines if cell_len(line) > 80] == []
    assert "  一日・一月・年度・契約全体の文書を書き出す" in said["floorctl export"]
    assert "  --encoding [utf-8|cp932]      CSV の文字コード（cp932 にない文字があれば断る）" in said["floorctl export"]


def test_every_kind_that_do_takes_is_listed_and_has_a_page() -> None:
    listed = run("help", "facts").out
    assert [kind for kind in kinds_by_hand() if f"  {kind} " not in listed] == []
    assert run("help", "terminal.paused").out == (
        "terminal.paused  休止\n\n"
        "  at=              時刻（省くと今）\n"
        "  terminal=  必須  会場設定のコード\n"
        "  reason=          理由\n\n"
        "  floorctl do terminal.paused 項目=値 …　（項目と値は Tab キーで補えます）\n"
    )
    number = next(line for line in run("help", "incident.opened").out.splitlines() if "incident=" in line)
    assert "必須" not in number, "floorctl gives the number"


def test_every_variable_of_the_environment_is_on_its_page() -> None:
    sources = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "floorctl").rglob("*.py"))
    named = set(re.findall(r"(?<![A-Z_])FLOORCTL_[A-Z_]+", sources))
    assert named <= set(re.findall(r"FLOORCTL_[A-Z_]+", PAGES["environment"].text))


def test_every_file_beside_the_data_file_is_on_its_page() -> None:
    from floorctl.common import data_file_names as names

    text = PAGES["files"].text
    assert [end for end in (names.HEADS, names.WRITTEN, names.SITE) if f"floor.db{end}" not in text] == []
    assert names.BACKUPS in text


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("fed", "feed"),
        ("statsu", "status"),
        ("terminal.pausd", "terminal.paused"),
        ("exitstatus", "exit-status"),
        ("exit", "exit-status"),
    ],
)
def test_a_mistyped_topic_is_answered_by_the_one_that_was_meant(words: str, meant: str) -> None:
    done = run("help", words)
    assert (done.status, done.out) == (2, "")
    assert (
        done.err
        == f"その説明はありません（もしかして {meant}）。floorctl help でコマンドと項目の一覧を見てください。\n"
    )


def test_below_a_group_its_own_commands_are_meant() -> None:
    assert "（もしかして import）" in run("help", "roster", "shifts", "imprt").err
    assert "もしかして" not in run("help", "status", "statu").err


def test_help_needs_no_file_and_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("help", "files").status == 0
    assert list(tmp_path.iterdir()) == []
    assert set(COMMANDS) == set(cli.list_commands(None))  # type: ignore[arg-type]
