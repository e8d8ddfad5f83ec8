"""Start the console. Textual is imported by this module and its screens only."""

from __future__ import annotations

import gc
import os
import signal
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from floorctl.common.clock import frozen_clock, system_clock
from floorctl.common.cloud_folder import console_note, service_of_file

# Kitty's key protocol splits what an IME commits; Textual reads this when it is first imported.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
# Textual's aids for developers write every key to a log file or send it to a socket (仕様書 12(1)イ).
for _name in ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "TEXTUAL_DRIVER", "TEXTUAL_PRESS", "TEXTUAL_SCREENSHOT"):
    os.environ.pop(_name, None)
# How long a lone Esc is held in case a longer sequence follows (ms); Textual would wait 100.
os.environ.setdefault("ESCDELAY", "25")

if TYPE_CHECKING:
    from floorctl.rehearsal.drill import Drill
    from floorctl.screens.app import FloorApp
    from floorctl.simulation.monthly_demand import Volume
    from floorctl.usecases.session import Session


def _hold_garbage() -> None:
    """Switch garbage collection off for the start: it would take a third of the time and find nothing.

    FloorApp switches it on once the board is painted.
    """
    gc.disable()


def _run(app: FloorApp, mouse: bool) -> None:
    """Show the console until it is left; ``mouse``: unless the user's own settings want none. Raise the error that ended it."""
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio takes Ctrl-C over from this one alone
    app.run(mouse=mouse and app.own.mouse is not False)
    if app.fatal is not None:
        raise app.fatal


def run_console(
    path: Path,
    site_file: Path | None,
    frozen: datetime | None,
    feeds: tuple[Path, ...],
    *,
    source_file: Path | None = None,
    make_folder: bool = False,
    mouse: bool = True,
    read_only: bool = False,
    hall_page: Path | None = None,
    own_page: bool = True,
) -> None:
    """Run the manager's console on a file until it is left. Raise FloorctlError if the file cannot be used.

    ``source_file``: describes further sources, which are followed beside those of the site. ``read_only``: nothing is
    written, no lock is held, no feed is followed. ``hall_page``: file of the hall's page, which this console keeps;
    with ``own_page`` that of the user's settings, if none is given.
    """
    _hold_garbage()
    from floorctl.console.own_settings import own_settings
    from floorctl.screens.app import FloorApp

    def open_session() -> Session:
        # Heavy imports happen here, in the worker thread, while the frame is already on the screen.
        from floorctl.intake.site_file import load_site
        from floorctl.usecases.session import Session

        site = load_site(site_file, path, keep=not read_only)
        if source_file is not None:
            from floorctl.intake.sources.source_file import all_sources

            site = replace(site, sources=all_sources(site, source_file))
        if read_only:
            return Session(site, path, frozen=frozen, actor="console", read_only=True)
        return Session(site, path, frozen=frozen, actor="console", create=True, make_folder=make_folder, hold=True)

    clock = frozen_clock(frozen) if frozen else system_clock
    own = own_settings()
    service = service_of_file(path)
    note = console_note(service) if service else ""
    app = FloorApp(open_session, feeds=feeds, clock=clock, read_only=read_only, own=own, place_note=note)
    if frozen is not None:
        app.state.settings.frozen, app.state.settings.banner = True, "時刻固定"
    # The page of the settings is the real hall's: what was, what is only tried, or another file is not shown there.
    if hall_page is None and own_page and not read_only and frozen is None:
        hall_page = own.hall_page
    if hall_page is None:
        _run(app, mouse)
        return
    from floorctl.console.hall_page import HallPageKeeper

    reserved = [x for x in (path, site_file, *feeds, source_file) if x is not None]
    app.hall_page = HallPageKeeper(hall_page, reserved, clock)
    try:
        _run(app, mouse)
    finally:
        app.hall_page.stop()


def run_demo(
    site_file: Path | None, *, speed: float, volume: Volume, seed: int, start: datetime | None, mouse: bool = True
) -> None:
    """Run the console on a temporary file with a simulated day that arrives live and follows the manager's acts."""
    _hold_garbage()
    from floorctl.console.own_settings import own_settings
    from floorctl.rehearsal.demo import Demo
    from floorctl.screens.app import FloorApp

    with tempfile.TemporaryDirectory(prefix="floorctl-demo-", ignore_cleanup_errors=True) as folder:
        demo = Demo(Path(folder) / "demo.db", site_file, speed=speed, volume=volume, seed=seed, start=start)
        app = FloorApp(
            demo.open_session, clock=demo.clock, on_ready=demo.start, on_facts=demo.react, own=own_settings()
        )
        app.state.settings.banner, app.state.settings.speed = f"模擬 {speed:g}倍速", speed
        try:
            _run(app, mouse)
        finally:
            demo.stop()


def run_drill(drill: Drill, *, mouse: bool = True) -> None:
    """Run the console on a prepared rehearsal until the trainee leaves it."""
    _hold_garbage()
    from floorctl.console.own_settings import own_settings
    from floorctl.screens.app import FloorApp

    app = FloorApp(
        drill.open_session, clock=drill.clock, on_ready=drill.start, on_facts=drill.react, own=own_settings()
    )
    app.state.settings.banner, app.state.settings.speed = f"演習 {drill.speed:g}倍速", drill.speed
    drill.tell = app.tell
    try:
        _run(app, mouse)
    finally:
        drill.stop()
