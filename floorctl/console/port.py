"""What acts and views need of the running console, without Textual and without the application's class."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from floorctl.console.state import ConsoleState

if TYPE_CHECKING:
    from floorctl.console.engine import Engine


class Console(Protocol):
    """State, worker and questions. What also opens a view or a dialog takes ``screens.frame.ScreenConsole``."""

    state: ConsoleState
    engine: Engine
    palette_name: str

    def next_palette(self) -> None:
        """Changes to the next theme."""

    def perform(self, action_id: str) -> None:
        """Runs an action of the registry by its id, or says why it is not possible now."""

    def pose(self, question: Callable[[], object], /) -> None:
        """Shows a question: at once for a key; for the engine once nothing else is asked and the hand rests."""

    def redraw(self) -> None:
        """Redraws what is shown."""

    def ask_text(
        self, title: str, prompt: str, then: Callable[[str], None], *, digits: bool = False, value: str = ""
    ) -> None:
        """Asks for a line of text (or digits); Esc asks nothing further."""

    def ask_time(self, title: str, then: Callable[[str], None]) -> None:
        """Asks for a time of day, HH:MM."""
