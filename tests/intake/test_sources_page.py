"""docs/sources.md: each example is read by its description as the page prints, and its tables are those of the program."""

from __future__ import annotations

import re

from floorctl.common.pages import SEE_SOURCES, SOURCES
from tests.contract.contract_cli import run
from tests.sources_page import PAGE, blocks, renewed

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_prints_what_the_program_says() -> None:
    """Where it differs, ``python -m tests.sources_page`` writes it anew."""
    assert renewed(TEXT) == TEXT


def test_each_form_has_an_example_that_is_short() -> None:
    descriptions = [b.text for _, b in blocks(TEXT) if b.language == "toml" and not b.name]
    assert len(descriptions) >= 10
    assert max(x.count("\n") for x in descriptions) <= 25
    forms = {form for x in descriptions for form in re.findall(r'^form = "(\w+)"', x, re.M)}
    assert forms == {"tsv", "fixed", "jsonl", "json", "sqlite", "floorctl"}


def test_the_program_points_to_the_page_and_prints_it() -> None:
    assert SOURCES in SEE_SOURCES and PAGE.name in SOURCES
    assert run("source", "page").out == TEXT
    for command in (["source"], ["source", "kinds"], ["ingest"]):
        assert SOURCES in run(*command, "--help").out or "floorctl source page" in run(*command, "--help").out
