"""Imports that stand inside functions, each with its reason: all others stand at the top of their file.

A row: the place that imports, what it imports, why it waits. A name stands for a module and all below it.
"""

from __future__ import annotations

COMMAND = "a command loads what it needs when it runs: --help, --version and the other commands start without it"
FRAME = "pydantic comes with it (50 ms): the board's frame is painted first, the worker loads it meanwhile"
RULES = "reading commands and the first paint do without the rules"
ASKED = "only who asks for it"

LAZY: tuple[tuple[str, str, str], ...] = (
    ("floorctl.__main__", "floorctl", "the net against Ctrl-C stands before anything is loaded"),
    ("floorctl.__main__", "contextlib", "as above: milliseconds in which an order to end would show a traceback"),
    ("floorctl.__main__", "threading", "as above"),
    ("floorctl.__main__", "time", "as above"),
    ("floorctl.__main__", "_thread", "as above"),
    ("floorctl.__main__", "resource", "Windows has none"),
    ("floorctl.cli", "floorctl", COMMAND),
    ("floorctl.cli.base", "platformdirs", "24 ms; not where --db is given"),
    ("floorctl.cli.base", "json", ASKED + " as JSON"),
    ("floorctl.cli.rehearsal", "pydantic", COMMAND),
    ("floorctl.common.output_file", "zipfile", "only where a workbook stands in the place already"),
    ("floorctl.models.site.calendar", "jpholiday", "20 ms; a command without a calendar does without"),
    ("floorctl.database.file", "sqlite_utils", "80 ms; a file that is up to date never needs it"),
    ("floorctl.database.file", "floorctl.database.migrations", "sqlite_utils comes with it"),
    ("floorctl.database.network_share", "ctypes", "Windows alone asks it"),
    ("floorctl.documents.layout.sheet", "xlsxwriter", "32 ms; only who writes a workbook"),
    ("floorctl.documents.day.export", "floorctl.documents.day.paper_sheets_xlsx", "only export --fallback"),
    ("floorctl.advice.forecast", "floorctl.advice.demand", "status asks for waits alone"),
    ("floorctl.advice.forecast", "floorctl.advice.last_call", "status asks for waits alone"),
    ("floorctl.usecases.session", "floorctl.commands", RULES),
    ("floorctl.usecases.session", "floorctl.database.file_lock", "only who has the file open for long"),
    ("floorctl.usecases.session", "floorctl.advice.forecast", ASKED),
    ("floorctl.usecases.session", "floorctl.intake.demand_table", ASKED),
    ("floorctl.usecases.closing", "floorctl.commands", "the board asks it for the days that are not closed alone"),
    ("floorctl.usecases.closing", "floorctl.documents.day", "the board asks it for the days that are not closed alone"),
    (
        "floorctl.usecases.closing",
        "floorctl.models.register.duties",
        "the board asks it for the days that are not closed",
    ),
    ("floorctl.usecases.period_reports", "floorctl.documents.period.export", "the advice asks it for slots alone"),
    ("floorctl.console.day_in_hand", "floorctl.models", FRAME),
    ("floorctl.console.state", "floorctl.models", FRAME),
    ("floorctl.console.forecasts", "floorctl.advice", "not before the day has been watched"),
    ("floorctl.console.engine", "floorctl.usecases.closing", "loaded by the worker, after the first paint"),
    ("floorctl.console.engine", "floorctl.intake.feed", "loaded by the worker, after the first paint"),
    ("floorctl.rehearsal.demo", "floorctl.simulation.live", "loaded by the worker, after the first paint"),
    ("floorctl.rehearsal.demo", "floorctl.intake", "loaded by the worker, after the first paint"),
    ("floorctl.rehearsal.drill", "floorctl.advice.review", "only at the end of the play"),
    ("floorctl.screens.launch", "floorctl.screens.app", "no garbage is searched for while Textual loads"),
    ("floorctl.screens.launch", "floorctl.rehearsal.demo", "only the demo"),
    ("floorctl.screens.launch", "floorctl.usecases.session", FRAME),
    ("floorctl.screens.launch", "floorctl.intake.site_file", FRAME),
    ("floorctl.screens.app", "floorctl.models.facts.fields", FRAME),
    (
        "floorctl.screens.app",
        "floorctl.screens",
        "Textual's Input comes with it; loaded while nobody has pressed a key yet",
    ),
    ("floorctl.screens.board.view", "floorctl.screens.board.picture", FRAME),
    ("floorctl.screens.drawing.head_line", "floorctl.models.board.reception_hours", FRAME),
    ("floorctl.screens.frame", "floorctl.models.board", FRAME),
    ("floorctl.screens.results", "floorctl.usecases.period_reports", "a quarter of a second; only F6 and F7 ask it"),
    ("floorctl.screens.results.view", "floorctl.screens.results.cards", "plotille comes with it; only F7 draws it"),
    ("floorctl.screens.results.view", "floorctl.screens.drawing.plots", "plotille comes with it; only F7 draws it"),
    ("floorctl.screens.tickets.acts", "floorctl.commands.queue", RULES),
)
