"""``python -m floorctl`` and the installed command: a process that leaves no trace of what was typed."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress

from floorctl.cli import main as run
from floorctl.cli import say, unforeseen


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


def main() -> None:
    """The entry point of the installed command."""
    _leave_no_trace()
    run()


if __name__ == "__main__":
    main()
