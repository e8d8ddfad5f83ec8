"""An order to end at any moment, a part that cannot be loaded, and the ends of time: one sentence, never a traceback."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from floorctl import __main__ as entry
from floorctl.cli import main as command_line
from floorctl.common.errors import Orders, UsageError
from tests.contract.contract_cli import JAPANESE, run
from tests.story import Desk, kumagaya
from tests.terminal import ROOT

DAY, NOW = "2026-09-14", "2026-09-14T10:00"
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}

# Says when the net stands: before the first import of the command. What comes before belongs to Python.
READY = """
import floorctl.__main__ as m
keep = m._keep_streams
m._keep_streams = lambda: (print("ready", flush=True), keep())
m.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such orders there")
@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_an_order_to_end_at_any_moment_is_obeyed_in_words(tmp_path: Path, order: signal.Signals) -> None:
    """From the first milliseconds (the imports) to the last ones (the end of the interpreter)."""
    chance, statuses = random.Random(4), set()
    for n in range(16):
        process = subprocess.Popen(
            [sys.executable, "-c", READY, "--db", "f.db", "--now", NOW, "status"],
            cwd=tmp_path, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.random() * 0.4 if n % 4 else n / 400)
        process.send_signal(order)
        _, err = process.communicate(timeout=60)
        said = err.decode()
        assert "Traceback" not in said
        assert "不具合" not in said
        if process.returncode == -order:  # Python has given its handlers back: it was done, and nothing of ours runs
            assert said == ""
            continue
        assert len(said.split()) == (process.returncode != 0)  # click ends the line of ^C first
        assert process.returncode in (0, 128 + order)
        statuses.add(process.returncode)
    assert 128 + order in statuses


LATE = """
import sys, floorctl.cli.base as base, floorctl.cli.main as cli, floorctl.__main__ as m
import os, signal
from time import sleep
where = sys.argv.pop(1)
if where == "saying":
    base.say = lambda text, say=base.say: (os.kill(os.getpid(), signal.SIGINT), sleep(0.01), say(text))
elif where == "unraisable":
    class Torn:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGTERM)
            sleep(0.01)
    def main():
        torn = Torn()
        del torn
        for _ in range(100):
            sleep(0.01)
        print("went on")
    cli.main = main
elif where == "over":
    import atexit
    atexit.register(lambda: (os.kill(os.getpid(), signal.SIGINT), sleep(0.01), print("late")))
m.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such orders there")
@pytest.mark.parametrize(("where", "status"), [("saying", 130), ("unraisable", 143), ("over", 1)])
def test_an_order_to_end_outside_the_command_is_obeyed_too(tmp_path: Path, where: str, status: int) -> None:
    """While a sentence is said; where Python ignores what is raised; when all is done and only the interpreter ends."""
    done = subprocess.run(
        [sys.executable, "-c", LATE, where, "--db", "f.db", "assign", "T9", "issuance"],
        cwd=tmp_path, env=ENV, capture_output=True, encoding="utf-8", check=False, timeout=60,
        # A suite that runs in the background ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert done.returncode == status, done
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "went on" not in done.stdout
    assert "late" not in done.stdout
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("part", "text", "command"),
    [
        ("click", "raise ImportError('no such thing')", "status"),
        ("click", "class ParamType: ...\nclass Group: ...\nclass Command: ...", "status"),  # an older one
        ("dateutil", "relativedelta = None", "status"),
        ("platformdirs", "", "doctor"),
    ],
)
def test_a_part_that_cannot_be_loaded_is_one_sentence(tmp_path: Path, part: str, text: str, command: str) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / f"{part}.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "floorctl", command], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env={**ENV, "PYTHONPATH": f"{tmp_path / 'parts'}{os.pathsep}{ROOT}"}, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done
    assert "読み込めません" in done.stderr
    assert "入れ直して" in done.stderr


def test_the_net_itself_loads_next_to_nothing(tmp_path: Path) -> None:
    """Each module before it is time in which Ctrl-C shows a traceback."""
    script = "import sys; before = set(sys.modules); import floorctl.__main__; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", script], env=ENV, cwd=tmp_path, capture_output=True, text=True, check=True)  # fmt: skip
    assert set(done.stdout.split()) <= {"floorctl", "floorctl.__main__", "gc", "_signal"}


# ---- the ends of time

INSTANTS = [
    "0001-01-01T00:00", "0001-01-01T00:00+14:00", "0001-01-01T23:59-14:00", "0001-01-02T00:00", "1899-12-31T23:59",
    "1900-01-01T00:00", "2999-12-31T23:59", "3000-01-01T00:00", "9999-12-30T10:00", "9999-12-31T23:59",
    "9999-12-31T23:59:59.999999", "9999-12-31T23:59-14:00", "9999-12-31T00:00+14:00",
]  # fmt: skip
DATES = ["0001-01-01", "0001-01-08", "1999-12-31", "2999-12-31", "9999-12-24", "9999-12-31"]
SEEN = [
    "status", "status --json", "log", "doctor", "duties", "advise --why", "incident list", "forecast", "register missing",
    "roster list", "appointments list", "export --out o", "export --fallback --out o", "export --month 2026-09 --out o",
    "study --own", "assign T1 issuance", "do memo.written text=x", "do day.opened officials=1", "close --out o",
]  # fmt: skip
DATED = [
    "log --date D", "export --date D --out o", "export --date D --fallback --out o", "close --date D --out o", "duties --until D",
    "appointments list --date D", "simulate --date D --seed 1", "do report.written head=problems lines=x --date D",
    "do day.reopened --date D --reason x", "calendar --from D --to D", "calendar --from D --to 9999-12-31",
    "calendar --from 0001-01-01 --to D", "do calendar.extra date=D reason=x agreed_on=D", "do calendar.closed date=D reason=x",
    "do duty.submitted duty=daily_report key=D submitted_on=D", "do meeting.held form=operations held_on=D",
    "do training.recorded staff=S01 item=x done_on=D", "do device.permitted device=x purpose=y permitted_on=D ends_on=D",
]  # fmt: skip
TIMED = [
    "incident add --category other --summary x --occurred T", "do memo.written text=x at=T",
    "do ticket.issued service=cert_renewal at=T", "do incident.opened category=other summary=x occurred_at=T found_at=T",
    "do calendar.outage services=cert_renewal from_at=T until_at=T reason=x",
]  # fmt: skip


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ends") / "floor.db"
    Desk(path, kumagaya()).opens().close()
    return path


def ends_in_words(command: str, db: Path, now: str) -> int:
    """The status; ``run`` fails where a fault of ours is said."""
    done = run(*[w if w != "o" else str(db.parent / "o") for w in command.split()], db=db, now=now)
    assert done.status in (0, 1, 2), (command, now, done)
    assert done.status == 0 or JAPANESE.search(done.err), (command, now, done)
    return done.status


@pytest.mark.parametrize("now", INSTANTS)
def test_no_command_fails_at_the_ends_of_time(hall: Path, now: str) -> None:
    """Wrong usage, or it works."""
    reachable = 1900 <= int(now[:4]) < 3000
    for command in SEEN:
        assert (ends_in_words(command, hall, now) == 2) != reachable, command
    for command in TIMED:
        ends_in_words(command.replace("T", now).replace(f"o{now}her", "other"), hall, NOW)


@pytest.mark.parametrize("day", DATES)
def test_no_option_fails_at_the_ends_of_time(hall: Path, day: str) -> None:
    for command in DATED:
        ends_in_words(command.replace("D", day), hall, NOW)
    ends_in_words(f"export --month {day[:7]} --out o", hall, NOW)
    ends_in_words(f"export --fiscal-year {day[:4]} --out o", hall, NOW)


def test_months_and_years_up_to_the_last_that_an_option_takes(hall: Path) -> None:
    for month in ("2100-01", "2199-12"):
        assert ends_in_words(f"export --month {month} --out o", hall, NOW) == 0
    assert ends_in_words("export --fiscal-year 2199 --out o", hall, NOW) == 0


@pytest.mark.parametrize(("handler", "status"), [(entry._during, 143), (entry._interrupted, 130)])
@pytest.mark.parametrize("what", ["makes a class", "swallows the order"])
def test_an_order_that_comes_while_a_library_works_is_obeyed(
    handler: Callable[[int, object], None],
    status: int,
    what: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Python 3.11 makes a RuntimeError of what ``__set_name__`` raises; pydantic takes it for a value that does not fit."""

    class Field:
        def __set_name__(self, owner: type, name: str) -> None:
            handler(status - 128, None)

    def load(**_: object) -> None:
        if what == "makes a class":
            type("Made", (), {"field": Field()})
        with suppress(BaseException):
            handler(status - 128, None)
        raise UsageError("会場設定の58行目に誤りがあります", "", "")

    monkeypatch.setattr(Orders, "status", 0)
    monkeypatch.setattr(command_line.cli, "main", load)
    with pytest.raises(SystemExit) as end:
        command_line.main(["status"])
    assert end.value.code == status
    said = capsys.readouterr().err
    assert "中断しました" in said and "不具合" not in said and "誤り" not in said


def test_an_order_while_a_closed_day_is_written_asks_to_close_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day is closed then; closing again counts nothing twice, and makes what is missing."""
    path = tmp_path / "f.db"
    desk = Desk(path, kumagaya())
    desk.opens().close()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("floorctl.usecases.daily_backup.keep", interrupted)
    ended = run("close", "--date", DAY, db=path)
    assert ended.status == 130
    assert ended.err.strip() == (
        "記録しました。そのあとで中断しました。close をもう一度実行すると、控えと文書ができます（締めと記録は済んでいます）。"
    )
