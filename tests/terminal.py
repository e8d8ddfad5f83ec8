"""A console over a folder's file in a real terminal, with a fault of ours in it, or an eye on what it does."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":

    class Terminal:
        """There is none to be had."""

        def __init__(self, *_: object, **__: object) -> None:
            pytest.skip("needs a pseudo-terminal")

else:
    from tests.reliability.terminal import LEAVES_ALTERNATE_SCREEN, Terminal

ROOT = Path(__file__).parent.parent
_TAKES_ALTERNATE_SCREEN = b"\x1b[?1049h"

# A fault of ours while a text is looked at: in the screen's thread, or in the worker that records it.
_FAULTS = {
    "": "",
    "check": """
import floorctl.screens.dialogs as dialogs
def check(text, field):
    typed = text
    raise ValueError(f"{text} {typed}")
dialogs.check = check
""",
    "worker": """
import floorctl.usecases.session as session
def act(self, kind, fields):
    typed = fields
    raise ValueError(f"{fields} {typed}")
session.Session.act = act
""",
}


class Console(Terminal):
    """``floorctl ARGS`` over ``folder/floor.db``. ``fault``: of _FAULTS; ``before``: Python that is run before it."""

    def __init__(
        self, folder: Path, *args: str, fault: str = "", before: str = "", env: dict[str, str] | None = None
    ) -> None:
        script = (
            f"{before}\nimport floorctl.screens.launch\n{_FAULTS[fault]}\nfrom floorctl.__main__ import main\nmain()"
        )
        given = ["--db", folder / "floor.db", "--now", "2026-09-14T10:00", *args]
        super().__init__(*given, script=script, cwd=folder, HOME=str(folder), **(env or {}))

    def after_the_screen(self) -> str:
        """What stands on the terminal once the alternate screen is left, with all that was written before it began."""
        before, _, rest = self.seen.partition(_TAKES_ALTERNATE_SCREEN)
        assert rest, "the console never took the alternate screen"
        _, _, after = rest.rpartition(LEAVES_ALTERNATE_SCREEN)
        text = (before + after).decode(errors="replace")
        return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[78=>]", "", text)
