"""``python -m floorctl``, and the command ``floorctl``: what belongs to the process as a whole."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from floorctl import cli


def _end(number: int, _: FrameType | None) -> NoReturn:
    """An order to end becomes the exception of Ctrl-C: the transaction under way is taken back, one sentence is said."""
    raise cli.ToldToEnd(128 + number)


def main() -> None:
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, ValueError):  # Windows has no SIGHUP; only a main thread may set handlers
            # Who starts it with nohup wants it to outlive the terminal.
            if signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:
                signal.signal(getattr(signal, name), _end)
    try:
        cli.main()
    except Exception as error:
        if sys.flags.dev_mode:  # python -X dev shows where
            raise
        sys.stderr.write(
            f"思いがけない不具合です（{type(error).__name__}）。記録はファイルに残っています。"
            "floorctl doctor でファイルを調べてください。\n"
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
