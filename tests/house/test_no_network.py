"""No command opens a socket to anywhere: every verb under an audit hook, and the console in a terminal (仕様書 12(1)イ)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from floorctl.cli.main import cli
from tests.terminal import ROOT, Console

# What a socket may be made for at all: the loop of the console wakes itself through a pair inside its own process
# (socketpair of family UNIX). Anything that names another party is an event of its own.
HOOK = """
import json, sys

SAID, OWN = [], {1}
def watch(event, args):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "ssl.", "webbrowser.")):
        if event != "socket.__new__" or int(args[1]) not in OWN:
            SAID.append([event, repr(args[1:])])
sys.addaudithook(watch)
"""
VERBS = (
    HOOK
    + """
import contextlib, io
from floorctl.cli.main import main
import socket
done = {}
OWN.clear()  # a command needs no loop
for args in json.loads(sys.argv[1]):
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            main(["--db", "f.db", "--now", "2026-09-14T10:00", *args])
            status = 0
        except SystemExit as e:
            status = e.code
    done[" ".join(args)] = [status, err.getvalue()]
watched = len(SAID)
socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
print(json.dumps({"done": done, "said": SAID[:watched], "works": len(SAID) > watched}))
"""
)
# Each verb in the order of a day, so that each finds something to do; the console and the demo need a terminal.
COMMANDS: list[list[str]] = [
    ["simulate", "--date", "2026-09-14", "--seed", "1", "-o", "day.jsonl"],
    ["do", "day.opened", "officials=2"],
    ["ingest", "day.jsonl"],
    ["roster", "import", "roster.csv"],
    ["roster", "list", "--names"],
    ["roster", "erase-names"],
    ["roster", "shifts", "import", "shifts.csv"],
    ["roster", "shifts", "list"],
    ["roster", "shifts", "export", "--month", "2026-09", "--out", "out"],
    ["roster", "absence", "S01", "2026-09-24"],
    ["roster", "officials", "import", "officials.csv"],
    ["roster", "officials", "set", "2026-09-15", "8:30=2"],
    ["roster", "officials", "list"],
    ["appointments", "import", "slots.csv"],
    ["appointments", "list"],
    ["register", "import", "pledges", "pledges.csv"],
    ["register", "export", "pledges"],
    ["register", "missing"],
    ["forecast", "import", "forecast.csv"],
    ["forecast"],
    ["staffing", "--month", "2026-10"],
    ["backtest", "day.jsonl"],
    ["advise"],
    ["study", "day.jsonl"],
    ["fit", "day.jsonl"],
    ["rehearse", "quiet", "--no-console", "--until", "08:30", "--out", "out"],
    ["status"],
    ["hall", "--out", "hall.html", "--once"],
    ["assign", "T4", "certificate", "--reason", "混雑"],
    ["incident", "add", "--category", "other", "--summary", "雨漏り"],
    ["incident", "list"],
    ["incident", "show", "I-1"],
    ["incident", "amend", "I-1", "--occurred", "2026-09-14T08:40:00"],
    ["log"],
    ["calendar", "--from", "2026-09-01", "--to", "2026-09-30"],
    ["duties"],
    ["duties", "--ics", "duties.ics"],
    ["completion", "powershell"],
    ["sbom", "--out", "sbom.json"],
    ["help", "keys"],
    ["backup", "copy.db"],
    ["close", "--out", "out"],
    ["export", "--out", "out"],
    ["export", "--fallback", "--out", "out"],
    ["export", "--month", "2026-09", "--out", "out"],
    ["export", "--contract", "--out", "out"],
    ["doctor", "--full"],
    ["site", "check"],
    ["settings", "check"],
    ["settings", "keys", "--html", "keys.html"],
    ["settings", "init"],
    ["source", "kinds"],
    ["source", "page"],
    ["source", "try", "roster.csv"],
    ["restore", "copy.db"],
]
TOO_FEW = {"fit day.jsonl"}  # one day where ten are needed: it ends with 1 after the day was read and replayed
IN_A_TERMINAL = {"console", "demo"}


def verbs(command: click.Command = cli, names: tuple[str, ...] = ()) -> set[str]:
    """Every command that there is, as it is typed."""
    if not isinstance(command, click.Group):
        return {" ".join(names)}
    context = click.Context(command)
    found: set[str] = set()
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        found |= verbs(inner, (*names, name))
    return found


def tables(folder: Path) -> None:
    (folder / "roster.csv").write_text("code,surname\nS01,籠原\n", encoding="utf-8")
    (folder / "shifts.csv").write_text("code,date,start,end\nS01,2026-09-15,8:15,17:15\n", encoding="utf-8")
    (folder / "officials.csv").write_text("date,start,present\n2026-09-24,8:30,2\n", encoding="utf-8")
    (folder / "slots.csv").write_text("date,time,count\n2026-09-15,09:30,2\n", encoding="utf-8")
    months = "month,cert_renewals,card_renewals,new_and_reissued\n2026-09,1,1,1\n"
    (folder / "forecast.csv").write_text(months, encoding="utf-8")
    (folder / "pledges.csv").write_text("staff,pledge_on\nS01,2026-07-01\n", encoding="utf-8")


def test_every_verb_is_watched() -> None:
    """A new command must be given its line above."""
    covered = {v for v in verbs() for c in COMMANDS if " ".join(c).startswith(f"{v} ") or " ".join(c) == v}
    assert verbs() - IN_A_TERMINAL - covered == set()


def test_no_verb_opens_a_socket(tmp_path: Path) -> None:
    tables(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", VERBS, json.dumps(COMMANDS)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["works"], "the hook sees nothing: nothing is tested"
    failed = {args: said for args, said in found["done"].items() if said[0] != (args in TOO_FEW)}
    assert failed == {}
    assert found["said"] == []


def test_the_console_opens_no_socket_and_the_demo_neither(tmp_path: Path) -> None:
    """With a memo, a close of the day and its documents; what an editor's settings ask of Textual is not done."""
    for name, args in {"console": (), "demo": ("demo", "--speed", "600")}.items():
        seen = tmp_path / f"{name}.json"
        before = f"{HOOK}\nimport atexit\natexit.register(lambda: open({str(seen)!r}, 'w').write(json.dumps(SAID)))"
        with Console(tmp_path, *args, before=before, env={"TEXTUAL": "devtools"}) as console:
            console.until("注意")
            if name == "console":
                console.press("m")
                console.until("個人情報は書きません")
                console.press(f"雨{chr(13)}")
                console.until("メモを残しました")
            console.press("\x11")
            assert console.ended() == 0
        assert json.loads(seen.read_text()) == []
