"""docs/sources.md: each example is read by its description as the page prints, and its tables are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

from floorctl.common.pages import SEE_SOURCES, SOURCES
from floorctl.intake.site_file import data_dir
from floorctl.intake.sources.source_file import load_sources
from floorctl.models.facts.kinds import COMMAND_KINDS, KINDS
from floorctl.models.site.site import Site
from tests.contract.contract_cli import run
from tests.sources_page import PAGE, blocks, renewed

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_prints_what_the_program_says() -> None:
    """Compare with the page; where it differs, ``python -m tests.sources_page`` writes it anew."""
    assert renewed(TEXT) == TEXT


def test_each_form_has_an_example_that_is_short() -> None:
    descriptions = [b.text for _, b in blocks(TEXT) if b.language == "toml" and not b.name]
    assert len(descriptions) >= 10
    assert max(x.count("\n") for x in descriptions) <= 25
    forms = {form for x in descriptions for form in re.findall(r'^form = "(\w+)"', x, re.M)}
    assert forms == {"tsv", "fixed", "jsonl", "json", "sqlite", "floorctl"}


def test_the_kinds_are_listed_from_their_declarations() -> None:
    listed = {x["kind"]: x for x in run("source", "kinds", "--json").json["kinds"]}
    assert listed.keys() == KINDS.keys() - COMMAND_KINDS
    text = run("source", "kinds").out
    for kind, told in listed.items():
        assert f"\n{kind}  {KINDS[kind].word}\n" in text
        assert [x["field"] for x in told["fields"]] == [n for n in KINDS[kind].names() if n not in ("id", "at")]
        assert {x["field"] for x in told["fields"] if x["needed"]} == {*KINDS[kind].required()} - {"id", "at"}
    issued = {x["field"]: x for x in listed["ticket.issued"]["fields"]}
    assert issued["service"]["table"] == "services" and issued["service"]["given"] == "column"
    assert issued["cards"]["default"] == 1 and issued["wraps"]["given"] == "source"


def test_the_example_in_the_site_file_is_a_right_one(tmp_path: Path, site: Site) -> None:
    text = (data_dir() / "kumagaya.toml").read_text(encoding="utf-8")
    example = text[text.index("# [[sources]]") :].partition("\n\n")[0]
    (tmp_path / "own.toml").write_text(re.sub("^# ?", "", example, flags=re.M), encoding="utf-8")
    (source,) = load_sources(tmp_path / "own.toml", site)
    assert len(source.facts) == 3 and source.ends == "next_call"


def test_the_program_points_to_the_page_and_prints_it() -> None:
    assert SOURCES in SEE_SOURCES and PAGE.name in SOURCES
    assert run("source", "page").out == TEXT
    for command in (["source"], ["source", "kinds"], ["ingest"]):
        assert SOURCES in run(*command, "--help").out or "floorctl source page" in run(*command, "--help").out
