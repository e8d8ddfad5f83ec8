"""Protocol of the running console for acts and views, without Textual and without the application's class."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from floorctl.console.state import ConsoleState

if TYPE_CHECKING:
    from floorctl.console.engine import Engine


class Console(Protocol):
    """State, worker and questions. What also opens a view or a dialog takes ``screens.frame.ScreenConsole``."""

    state: ConsoleState
    engine: Engine
    palette_name: str

    def next_palette(self) -> None:
        """Change to the next theme."""

    def keep_palette(self) -> str:
        """Keep the theme for the next start; return a sentence on what came of it, "" where nothing is kept."""

    def perform(self, action_id: str) -> None:
        """Run an action of the registry by its id, or say why it is not possible now."""

    def pose(self, question: Callable[[], object], /) -> None:
        """Open a question: at once for a key; for the engine once no other question is open and no key was pressed for a moment."""

    def redraw(self) -> None:
        """Redraw what is shown."""

    def start(self, act: Coroutine[Any, Any, None], /) -> None:
        """Run an act up to its first question or record."""
