"""The pages name every key of a site file and of a scenario with its unit, its bounds and its default, as the model has them."""

from __future__ import annotations

import pytest

from tests.keys_page import DOCS, PAGES, renewed


@pytest.mark.parametrize("name", PAGES)
def test_the_tables_of_keys_are_those_of_the_model(name: str) -> None:
    """Where they differ, ``python -m tests.keys_page`` writes them anew."""
    page = (DOCS / name).read_text(encoding="utf-8")
    assert page == renewed(page, *PAGES[name])
