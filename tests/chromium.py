"""A headless Chromium for tests, driven over a pipe: no port, no network, a profile of its own."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge")
_SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    *("--disable-dev-shm-usage", "--remote-debugging-pipe"),
)
# Addresses that lead nowhere: what a page asks for outside is seen, and never sent.
_NOWHERE = ("--proxy-server=127.0.0.1:9", "--host-resolver-rules=MAP * ~NOTFOUND")


def found() -> str | None:
    """The command of a Chromium on this PC; None without one, and on Windows, where the pipe is another one."""
    return None if os.name == "nt" else next((x for name in NAMES if (x := shutil.which(name))), None)


class Chromium:
    """One browser with one page. Every wait ends after ``patience`` seconds with an AssertionError."""

    def __init__(self, profile: Path, size: tuple[int, int] = (1280, 720), patience: float = 20.0) -> None:
        self.patience, self.events = patience, list[dict[str, Any]]()
        command = found()
        assert command is not None
        read_there, self._write = os.pipe()
        self._read, write_there = os.pipe()

        def pipes() -> None:
            # A number that is 3 or 4 already must not be closed by the other.
            there, back = os.dup2(read_there, 103), os.dup2(write_there, 104)
            os.dup2(there, 3)
            os.dup2(back, 4)

        switches = (*_SWITCHES, *_NOWHERE, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}")
        self._process = subprocess.Popen(
            [command, *switches, "about:blank"],
            preexec_fn=pipes,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(read_there)
        os.close(write_there)
        self._left, self._number = b"", 0
        targets = self._ask("Target.getTargets")["targetInfos"]
        page = next(x["targetId"] for x in targets if x["type"] == "page")
        self._session = self._ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.do(f"{domain}.enable")
        self.size(*size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, AssertionError):
            self._send("Browser.close")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(5)
        os.close(self._read)
        os.close(self._write)

    # ---- what a test does

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command to the page."""
        return self._ask(method, self._session, **parameters)

    def size(self, width: int, height: int) -> None:
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, file: Path) -> None:
        """Opens a file and waits until it is parsed."""
        self.events.clear()
        self.do("Page.navigate", url=file.as_uri())
        self.until(lambda: self.value("document.readyState") == "complete" and "file:" in self.value("location.href"))

    def value(self, expression: str) -> Any:
        """The value of an expression in the page."""
        found = self.do("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, holds: Callable[[], object], seconds: float | None = None) -> None:
        """Waits until something holds."""
        end = time.monotonic() + (seconds or self.patience)
        while not holds():
            assert time.monotonic() < end, "the browser did not get there"
            time.sleep(0.03)

    def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode(self.do("Page.captureScreenshot", format="png")["data"])

    def complaints(self) -> list[str]:
        """What the browser has said against the page: errors, refused contents, exceptions."""
        self._hear()
        found = []
        for x in self.events:
            entry = x.get("params", {})
            if x["method"] == "Log.entryAdded" and entry["entry"]["level"] in ("error", "warning"):
                found.append(entry["entry"]["text"])
            elif x["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(entry["exceptionDetails"]))
            elif x["method"] == "Runtime.consoleAPICalled":
                found.append(json.dumps(entry["args"]))
        return found

    def asked_for(self) -> list[str]:
        """Every address that the page has asked for."""
        self._hear()
        return [x["params"]["request"]["url"] for x in self.events if x["method"] == "Network.requestWillBeSent"]

    # ---- the pipe

    def _ask(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        number = self._send(method, session, **parameters)
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            said = self._next(end)
            if said is not None and said.get("id") == number:
                assert "error" not in said, said["error"]
                return dict(said["result"])
            if said is not None:
                self.events.append(said)
        raise AssertionError(f"no answer to {method}")

    def _hear(self) -> None:
        """Takes in what the browser has said meanwhile."""
        self.value("0")

    def _send(self, method: str, session: str | None = None, **parameters: Any) -> int:
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            said["sessionId"] = session
        data = json.dumps(said).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        return self._number

    def _next(self, end: float) -> dict[str, Any] | None:
        while b"\0" not in self._left:
            ready, _, _ = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return None
            came = os.read(self._read, 1 << 20)
            assert came, "the browser has ended"
            self._left += came
        line, _, self._left = self._left.partition(b"\0")
        return dict(json.loads(line))
