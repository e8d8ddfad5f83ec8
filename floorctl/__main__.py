"""``python -m floorctl`` and the installed command: a process that leaves no trace of what was typed."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import NoReturn

# What the imports and the facts build stays until the end: searching it for garbage every 700 objects is a tenth of
# a short command.
gc.set_threshold(200_000, 20, 20)

from floorctl.cli import ToldToEnd, say, unforeseen  # noqa: E402
from floorctl.cli import main as run  # noqa: E402


def _leave_no_trace() -> None:
    """No fault shows what somebody has typed: no traceback of any thread, no memory image (仕様書 12).

    ``cli.main`` turns what goes wrong in a command into a sentence; this is for what goes wrong outside it.
    """
    sys.excepthook = lambda kind, error, trace: say(unforeseen(error).sentence)
    threading.excepthook = lambda args: None if args.exc_value is None else say(unforeseen(args.exc_value).sentence)
    sys.unraisablehook = lambda args: None
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit: docs/security.md
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _end(number: int, _: FrameType | None) -> NoReturn:
    """An order to end unwinds the process as Ctrl-C does: the transaction under way is taken back, a sentence is said."""
    raise ToldToEnd(128 + number)


def _obey_orders_to_end() -> None:
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, ValueError):  # Windows has no SIGHUP; only a main thread may set handlers
            # Who starts it with nohup wants it to outlive the terminal.
            if signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:
                signal.signal(getattr(signal, name), _end)


def main() -> None:
    """The entry point of the installed command."""
    _leave_no_trace()
    _obey_orders_to_end()
    try:
        run()
    finally:
        # As it ends Python searches all that there is for garbage, twice, though all of it goes: a fifth of a command.
        gc.freeze()


if __name__ == "__main__":
    main()
