"""Coroutine tests run under asyncio.run; pictures live in snapshots/ at the top of the project."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.location import PyTestLocation
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

ROOT = Path(__file__).parents[2]


def _dirname(cls: type[SVGImageExtension], *, test_location: PyTestLocation) -> str:
    """``snapshots/<test module>/``, whatever folder the test stands in."""
    return str(ROOT / "snapshots" / Path(test_location.filepath).stem)


SVGImageExtension.dirname = classmethod(_dirname)


_READ: dict[tuple[Any, ...], list[RuleSet]] = {}
_read = Stylesheet._parse_rules


def _read_once(self: Stylesheet, css: str, read_from: CSSLocation, *where: Any, **more: Any) -> list[RuleSet]:
    """Read a style sheet once for each set of variables: a suite starts a thousand consoles with the same sheets."""
    key = (css, read_from, where, *more.items(), *self._variables.items())
    if key not in _READ:
        _READ[key] = _read(self, css, read_from, *where, **more)
    return _READ[key]


Stylesheet._parse_rules = _read_once  # type: ignore[method-assign]


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    """One test by its name leaves the other pictures unused; syrupy looks for them beside the tests and would fail."""
    if any("::" in arg for arg in config.args):
        config.option.warn_unused_snapshots = True


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """An ``async def`` test is run to its end on a loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture(autouse=True)
def _no_terminal_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours and glyphs do not depend on the terminal in which the suite runs."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TEXTUAL_THEME", "TEXTUAL_FILTERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
