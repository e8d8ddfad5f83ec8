"""Entry point of ``python -m floorctl`` and the installed command, which leaves no trace of what was typed.

Signal handlers come first: until the command runs, an order to end is obeyed at once, with a sentence.
"""

# All of these are loaded already, or built into Python. ``signal``, ``typing`` and ``contextlib`` are milliseconds in which
# Ctrl-C would show a traceback.
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_signal: "Any" = __import__("_signal")

_INTERRUPTED = 130
_STOPPED = "中断しました。まだ何も記録していません。もう一度同じ操作をしてください。"
_BROKEN = "floorctl を動かせません（ファイルが足りないか壊れています）。記録には触れていません。docs/install.md のとおりに入れ直してください。"
_ORDERS = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP


def _say(sentence: str) -> None:
    """Write a sentence to stderr with nothing but the file descriptor, which works at any moment."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    try:
        os.write(2, f"{sentence}\n".encode(encoding, "replace"))
    except OSError:
        return


def _before(number: int, _: object) -> "NoReturn":
    """Exit at once: nothing has begun, so there is nothing to unwind."""
    _say(_STOPPED)
    os._exit(128 + number)


def _during(number: int, _: object) -> "NoReturn":
    """Unwind the process as Ctrl-C does: the transaction is rolled back and a sentence printed."""
    from floorctl.common.errors import Orders, ToldToEnd

    Orders.status = 128 + number
    raise ToldToEnd(128 + number)


def _interrupted(number: int, frame: "Any") -> None:
    """Raise KeyboardInterrupt, as Python's own handler does, and note the order."""
    from floorctl.common.errors import Orders

    Orders.status = _INTERRUPTED
    _signal.default_int_handler(number, frame)


def _obey(handler: "Any", interrupt: "Any") -> None:
    """Set ``handler`` for the orders to end and ``interrupt`` for Ctrl-C; a signal that was ignored stays so."""
    for name in ("SIGINT", *_ORDERS):
        number = getattr(_signal, name, None)
        # Ignored, as nohup does: to outlive the terminal.
        if number is None or _signal.getsignal(number) == _signal.SIG_IGN:
            continue
        try:
            _signal.signal(number, interrupt if name == "SIGINT" else handler)
        except ValueError:  # only a main thread may set handlers
            return


def _obey_orders_to_end() -> None:
    """Handle orders to end while a command runs; the console gives Ctrl-C back to Python's own handler."""
    _obey(_during, _interrupted)


def _over(status: int) -> None:
    """Let an order to end exit at once with ``status``: everything is done."""

    def end(_: int, __: object) -> "NoReturn":
        os._exit(status)

    _obey(end, end)


def _keep_streams() -> None:
    """Open the null device for a closed stdin, stdout or stderr, whose number the data file would get otherwise."""
    for handle in (0, 1, 2):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _leave_no_trace() -> None:
    """Keep typed text out of every fault: no traceback of any thread, no memory image (仕様書 12).

    ``cli.main`` turns errors of a command into a sentence; this is for errors outside it.
    """
    import threading
    import time
    from _thread import interrupt_main, start_new_thread
    from contextlib import suppress

    from floorctl.cli.base import say, unforeseen
    from floorctl.common.errors import ToldToEnd

    def again(number: "Any") -> None:
        time.sleep(0.01)
        interrupt_main(number)

    def unraisable(args: "Any") -> None:
        # An order to end that met Python where it raises nothing is given again, once it is out of there.
        if issubclass(args.exc_type, KeyboardInterrupt):
            start_new_thread(again, (_signal.SIGINT,))
        elif issubclass(args.exc_type, ToldToEnd):
            start_new_thread(again, (args.exc_value.status - 128,))

    sys.excepthook = lambda kind, error, trace: say(unforeseen(error).sentence)
    threading.excepthook = lambda args: None if args.exc_value is None else say(unforeseen(args.exc_value).sentence)
    sys.unraisablehook = unraisable
    if sys.platform == "win32":
        return  # Windows has no such limit: docs/security.md
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _loaded() -> "Any":
    """Import and return the command line; print a sentence and return None if a part cannot be loaded."""
    try:
        from floorctl.cli import main as cli

        _leave_no_trace()
    except Exception as error:
        try:
            from floorctl.common.errors import not_loaded
        except Exception:
            _say(_BROKEN)
        else:
            _say(not_loaded(error).sentence)
        return None
    return cli


def _run() -> int:
    """Run the command and return its exit status."""
    cli = _loaded()
    if cli is None:
        return 1
    try:
        _obey_orders_to_end()
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as error:
        from floorctl.cli.base import say, unforeseen
        from floorctl.common.errors import Orders, ToldToEnd

        if Orders.status:
            raise ToldToEnd(Orders.status) from None
        say(unforeseen(error).sentence)
        return 1
    return 0


def main() -> None:
    """Run the installed command and exit."""
    _obey(_before, _before)
    # What the imports and the facts build stays until the end: searching it for garbage every 700 objects is a tenth of
    # a short command.
    gc.set_threshold(200_000, 20, 20)
    _keep_streams()
    status = 1
    try:
        status = _run()
    except BaseException as order:  # Ctrl-C, or an order to end, just before or after the command's own net
        status = getattr(order, "status", _INTERRUPTED)
        _say("中断しました。済んだ記録はファイルに残っています。記録を確かめてから続けてください。")
    finally:
        _over(status)
        # As it ends Python searches all that there is for garbage, twice, though all of it goes: a fifth of a command.
        gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    main()
